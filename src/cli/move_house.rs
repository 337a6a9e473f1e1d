//! `halftone move`: a whole site from one place to another.

use std::path::Path;

use serde_json::json;
use store::{Blobs, Brought, Database, MoveFault, Moving, Step, Store, StoreError};

use super::args::MoveArgs;
use super::report::{Outcome, Report, name_of};
use super::session::Ended;
use crate::app::{Clock, SystemClock, database, new_word};
use crate::config::{Config, Place};
use crate::keeps;
use crate::telemetry::chain;

/// Rows and blobs after which a line is said.
const SAID_EACH: u64 = 10_000;

/// One end of a move.
struct End {
    place: Place,
    config: Config,
    database: Database,
}

impl End {
    fn at(folder: &Path) -> Result<Self, Ended> {
        std::fs::create_dir_all(folder)
            .map_err(|error| Ended::machine(&format!("{} cannot be made", name_of(folder)), error))?;
        let data = folder
            .canonicalize()
            .map_err(|error| Ended::machine(&format!("{} cannot be read", name_of(folder)), error))?;
        let place = Place { data, database: None, blobs: None };
        let config = Config::read(&place)?;
        let database = database(&place.data, &config);
        Ok(Self { place, config, database })
    }

    /// Its blobs; what has to be copied on the way lies in the folder `scratch`, so that a source is only read.
    async fn blobs(&self, scratch: &Path) -> Result<Blobs, StoreError> {
        let at = if self.config.blobs.bucket.is_some() { scratch } else { &self.place.data };
        keeps::blobs(at, &self.config).await
    }

    /// Whether both have their bytes in one place.
    fn shares_blobs_with(&self, other: &Self) -> bool {
        match (&self.config.blobs.bucket, &other.config.blobs.bucket) {
            (None, None) => self.place.data == other.place.data,
            (Some(one), Some(two)) => {
                (&one.endpoint, &one.name, &one.prefix) == (&two.endpoint, &two.name, &two.prefix)
            }
            _ => false,
        }
    }
}

pub async fn run(place: &Place, args: &MoveArgs, report: Report) -> Result<Outcome, Ended> {
    crate::telemetry::start(report.is_json(), "warn");
    if place.database.is_some() || place.blobs.is_some() {
        return Err(Ended::WrongUse(
            "A move has two ends: name database and blobs in the halftone.toml of each folder.".to_owned(),
        ));
    }
    if !args.from.is_dir() {
        return Err(Ended::WrongUse(format!("{} is no folder.", name_of(&args.from))));
    }
    let (from, to) = (End::at(&args.from)?, End::at(&args.to)?);
    if from.database == to.database {
        return Err(Ended::WrongUse(
            "Both folders have the same records: name another database in the halftone.toml of the second."
                .to_owned(),
        ));
    }
    let now = SystemClock.now();
    let blobs = if from.shares_blobs_with(&to) {
        None
    } else {
        Some((from.blobs(&to.place.data).await?, to.blobs(&to.place.data).await?))
    };
    let bytes = blobs.as_ref().map(|(_, here)| here);
    let mut moving = Moving::begin(&from.database, &to.database, bytes, now).await.map_err(ended)?;
    if let Some(bucket) = keeps::bucket(&to.config)? {
        let records = Store::open(&to.database, now).await?;
        let met = keeps::meet(&bucket, &records, &new_word()).await;
        records.close().await;
        met.map_err(|error| Ended::Fault(chain(&error)))?;
    }
    let mut told = Told { report, count: 0 };
    let rows = moving.records(|step| told.note(&step)).await.map_err(ended)?;
    report.complain(&format!("{rows} rows are there and compared."));
    let brought = match &blobs {
        None => None,
        Some((there, here)) => Some(moving.blobs(there, here, |step| told.note(&step)).await.map_err(ended)?),
    };
    moving.finish(SystemClock.now()).await.map_err(ended)?;
    Ok(tell(report, args, rows, brought))
}

fn tell(report: Report, args: &MoveArgs, rows: u64, brought: Option<Brought>) -> Outcome {
    let Brought { blobs, bytes, missing } = brought.clone().unwrap_or_default();
    let what = match brought {
        Some(_) => format!("{rows} rows and {blobs} files, {bytes} bytes, each compared by its hash"),
        None => format!("{rows} rows, compared by their hash; the files stay in the bucket that both name"),
    };
    let sentence = format!(
        "Moved {what}. {} is as it was; start with --data {}",
        name_of(&args.from),
        name_of(&args.to)
    );
    let missing: Vec<String> = missing.iter().map(ToString::to_string).collect();
    report.say(&sentence, json!({ "rows": rows, "files": blobs, "bytes": bytes, "missing": missing }));
    for key in &missing {
        report.complain(&format!("Missing or damaged at the source, and lacking now as well: {key}."));
    }
    if missing.is_empty() { Outcome::Done } else { Outcome::Fault }
}

/// Says from time to time how far it is.
struct Told {
    report: Report,
    count: u64,
}

impl Told {
    fn note(&mut self, step: &Step) {
        let (before, what) = (
            self.count,
            match step {
                Step::Rows { table, count } => {
                    self.count += count;
                    format!("rows of {table}")
                }
                Step::Blob(key) => {
                    self.count += 1;
                    key.kind().folder().to_owned()
                }
            },
        );
        if before / SAID_EACH != self.count / SAID_EACH {
            self.report.complain(&format!("{} rows and files are there; now {what}", self.count));
        }
    }
}

fn ended(fault: MoveFault) -> Ended {
    match fault {
        MoveFault::Store(fault) => {
            Ended::Fault(format!("{}; the same command goes on where it was", chain(&fault)))
        }
        MoveFault::Differs { .. } => Ended::Fault(fault.to_string()),
        MoveFault::NoSource
        | MoveFault::OldSource
        | MoveFault::HalfSource
        | MoveFault::InUse(_)
        | MoveFault::NotEmpty { .. } => {
            let sentence = fault.to_string();
            let mut letters = sentence.chars();
            let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
            Ended::WrongUse(format!("{first}{}.", letters.as_str()))
        }
    }
}
