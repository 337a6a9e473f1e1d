//! `halftone export`: the published site as plain files. The records are not opened.

use std::path::Path;

use serde_json::json;
use tokio::sync::watch;

use super::progress::Progress;
use super::report::{Outcome, Report, name_of};
use super::session::Ended;
use crate::config::{Config, Held, KeptSettings, Place};
use crate::export::{Counts, ExportFault, Source, Trouble, Watch, export};
use crate::jobs::site_of;
use crate::keeps;
use crate::telemetry::chain;

pub async fn run(place: &Place, to: &Path, report: Report) -> Result<Outcome, Ended> {
    crate::telemetry::start(report.is_json(), "warn");
    let config = Config::read(place)?;
    let stop = super::stopping::listen();
    let (data, to) = (place.data.clone(), to.to_path_buf());
    let work = tokio::task::spawn_blocking(move || {
        let mut told = Told { report, stop, progress: None, outcome: Outcome::Done };
        let counts = write(&data, &to, &config, &mut told)?;
        Ok(told.end(&to, counts))
    });
    match work.await {
        Ok(ended) => ended.map_err(ended_by),
        Err(error) => Err(Ended::machine("the export ended", error)),
    }
}

fn write(data: &Path, to: &Path, config: &Config, told: &mut Told) -> Result<Counts, ExportFault> {
    let at = |error| ExportFault::at(data, std::io::Error::other(chain(&error)));
    let tree = keeps::tree(data, config).map_err(at)?;
    let pictures =
        config.blobs.bucket.is_some().then(|| keeps::pictures(data, config)).transpose().map_err(at)?;
    let source = Source {
        data,
        afar: pictures.as_deref(),
        tree: &tree,
        site: &site_of(&Held::of(config, KeptSettings::default())),
    };
    export(&source, to, told)
}

fn ended_by(fault: ExportFault) -> Ended {
    let sentence = chain(&fault);
    if fault.is_wrong_use() { Ended::WrongUse(format!("{sentence}.")) } else { Ended::Fault(sentence) }
}

/// Shows how far an export is, and says what could not be exported.
struct Told {
    report: Report,
    stop: watch::Receiver<bool>,
    progress: Option<Progress>,
    outcome: Outcome,
}

impl Watch for Told {
    fn begins(&mut self, total: usize) {
        self.progress = Some(Progress::new(self.report, "exported", total));
    }

    fn one_more(&mut self) {
        if let Some(progress) = &mut self.progress {
            progress.one_more();
        }
    }

    fn trouble(&mut self, trouble: Trouble) {
        let named = |place: &str| name_of(Path::new(place));
        let (sentence, outcome) = match &trouble {
            Trouble::InTheWay(place) => (
                format!("Not written: {} is in the way and no export wrote it; move it away.", named(place)),
                Outcome::Refused,
            ),
            Trouble::Name(place) => {
                (format!("Not written: the system takes no file named {}.", named(place)), Outcome::Refused)
            }
            Trouble::Damaged(place) => (
                format!("Not written: what is printed for {} is damaged; halftone doctor.", named(place)),
                Outcome::Fault,
            ),
        };
        self.outcome = self.outcome.max(outcome);
        self.report.complain(&sentence);
    }

    fn stopped(&self) -> bool {
        *self.stop.borrow()
    }
}

impl Told {
    fn end(mut self, to: &Path, counts: Counts) -> Outcome {
        if let Some(progress) = self.progress.take() {
            progress.finish();
        }
        let Counts { written, same, removed, whole } = counts;
        self.report.say(
            &format!("Exported to {}: {written} files written, {same} the same, {removed} removed.", name_of(to)),
            json!({ "exported": to.display().to_string(), "written": written, "same": same, "removed": removed, "whole": whole }),
        );
        if !whole {
            self.report.complain("Stopped before all of it was exported; the same command goes on.");
            return Outcome::Fault;
        }
        self.outcome
    }
}
