//! `halftone doctor`, `migrate`, `reprint`, `backup` and `restore`.

use std::path::Path;

use serde_json::json;
use store::{
    ActError, Asked, BackupError, Copied, LastBackup, StoreError, Survey, Tx, backup as copy_out,
    restore as copy_in, survey,
};

use super::args::{DoctorArgs, ReprintArgs};
use super::report::{Outcome, Report};
use super::session::{Ended, Session};
use crate::actions::note_backup::note_backup;
use crate::actions::reprint::{reprint_all, reprint_story};
use crate::app::{App, Clock, DATABASE_FILE, SystemClock, database};
use crate::config::{Config, FILE_NAME, Place};
use crate::doctor::{self, Finding};
use crate::jobs::PRINTER;
use crate::telemetry::chain;

/// The settings of a backup, where a restored site has others.
const AS_IT_WAS: &str = "halftone.toml.backed-up";

pub async fn reprint(session: &Session, args: &ReprintArgs) -> Result<Outcome, Ended> {
    let (stories, about) = match &args.story {
        Some(name) => {
            let id = session.story(name).await?;
            reprint_story(session.app(), id).await?;
            (1, vec![id.to_string()])
        }
        None => (reprint_all(session.app()).await?, Vec::new()),
    };
    let outcome = session.print(&about).await?;
    let sentence = if outcome == Outcome::Done {
        format!("Printed {stories} stories again, and the lists.")
    } else {
        format!("Of {stories} stories and the lists NOT all could be printed again.")
    };
    session.report.say(&sentence, json!({ "printed_again": stories, "printed": outcome == Outcome::Done }));
    Ok(outcome)
}

pub async fn migrate(place: &Place, report: Report) -> Result<Outcome, Ended> {
    let (config, data) = (Config::read(place)?, place.data.as_path());
    let now = SystemClock.now();
    let asked = Asked { now, heard_since: now, printer: PRINTER };
    let before = survey(&database(data, &config), asked).await?;
    let app = App::open(data, config).await?;
    app.store().close().await;
    let new = before.is_none();
    let (sentence, applied) = match before {
        None => ("There were no records; they were made new.".to_owned(), Vec::new()),
        Some(Survey { schema, missing, .. }) if missing.is_empty() => {
            (format!("Nothing was to be done: the records have schema {schema}."), missing)
        }
        Some(Survey { schema, missing, .. }) => {
            let newest = missing.last().copied().unwrap_or(schema);
            (format!("The records had schema {schema} and have schema {newest} now."), missing)
        }
    };
    report.say(&sentence, json!({ "applied": applied, "new": new }));
    Ok(Outcome::Done)
}

pub async fn doctor(place: &Place, args: &DoctorArgs, report: Report) -> Result<Outcome, Ended> {
    let config = match Config::read(place) {
        Ok(config) => config,
        Err(wrong) => {
            for fault in &wrong.faults {
                tell(
                    report,
                    &Finding::wrong(
                        "configuration",
                        fault.to_string(),
                        "Mend halftone.toml; docs/settings.md tells what each setting takes.",
                    ),
                );
            }
            return Ok(Outcome::Refused);
        }
    };
    let data = place.data.as_path();
    let findings = if args.before_upgrade {
        doctor::before_upgrade(data, &config, SystemClock.now()).await
    } else {
        checked(data, config).await
    };
    for finding in &findings {
        tell(report, finding);
    }
    let wrong = findings.iter().filter(|finding| finding.is_wrong()).count();
    report.say(
        &format!("{} checks, {wrong} wrong.", findings.len()),
        json!({ "checks": findings.len(), "wrong": wrong }),
    );
    Ok(if wrong == 0 { Outcome::Done } else { Outcome::Refused })
}

async fn checked(data: &Path, config: Config) -> Vec<Finding> {
    let mut findings = doctor::machine(data, &config);
    let advice = if config.database.url.is_some() || config.blobs.bucket.is_some() {
        "Check database.url and blobs.url, and that both servers run and are reached from this machine."
    } else {
        "Check that the data folder is right (--data) and that nothing else changed it; else restore a backup."
    };
    match App::open(data, config).await {
        Ok(app) => {
            findings.extend(doctor::deployment(&app).await);
            app.store().close().await;
        }
        Err(error) => findings.push(Finding::wrong("records", chain(&error), advice)),
    }
    findings
}

fn tell(report: Report, finding: &Finding) {
    let sentence = match &finding.trouble {
        None => format!("ok     {:<14} {}", finding.about, finding.sentence),
        Some(advice) => {
            format!("WRONG  {:<14} {}\n       {:<14} {advice}", finding.about, finding.sentence, "")
        }
    };
    report.say(&sentence, json!({ "check": finding.about, "says": finding.sentence, "do": finding.trouble }));
}

pub async fn backup(session: &Session, to: &Path) -> Result<Outcome, Ended> {
    let app = session.app();
    let begun = app.now();
    let copied = copy_out(app.store(), app.blobs(), to, begun).await.map_err(ended)?;
    if let Ok(settings) = std::fs::read(app.data().join(FILE_NAME)) {
        crate::app::keep_file(&to.join(FILE_NAME), &settings)
            .map_err(|error| Ended::machine("the settings could not be copied", error))?;
    }
    let outcome = tell_copied(session.report, "Backed up", &copied);
    if outcome == Outcome::Done {
        let folder = to.canonicalize().unwrap_or_else(|_| to.to_owned()).display().to_string();
        let note = LastBackup { at: begun, to: folder, files: copied.files, bytes: copied.bytes };
        if let Err(error) = note_backup(app, &session.who, &note).await {
            session.report.complain(&format!(
                "The backup is whole, but that could not be noted in the records: {}.",
                chain(&error)
            ));
        }
    }
    Ok(outcome)
}

pub async fn restore(place: &Place, from: &Path, report: Report) -> Result<Outcome, Ended> {
    let data = place.data.as_path();
    if place.database.is_some() || place.blobs.is_some() {
        return Err(Ended::WrongUse(
            "A backup is put back into a folder; from there halftone move brings it to servers.".to_owned(),
        ));
    }
    let copied = copy_in(from, &data.join(DATABASE_FILE), data).await.map_err(ended)?;
    put_settings_back(from, data, report)?;
    let session = Session::open(place, report).await?;
    forget_processes(&session).await?;
    reprint_all(session.app()).await?;
    let printed = session.print(&[]).await?;
    let at = SystemClock.now();
    let sentence = if printed == Outcome::Done {
        format!("Restored and printed again at {at}.")
    } else {
        format!("Restored at {at}, but NOT all could be printed again: halftone reprint --all")
    };
    report.say(&sentence, json!({ "restored": true, "printed": printed == Outcome::Done }));
    session.close().await;
    Ok(printed.max(tell_copied(report, "Restored", &copied)))
}

/// Settings as they were, except for where records and bytes lie: all of it lies in this folder now, and the servers that
/// the site had may still be in use.
fn put_settings_back(from: &Path, data: &Path, report: Report) -> Result<(), Ended> {
    let keep = |name: &str, text: &str| {
        crate::app::keep_file(&data.join(name), text.as_bytes())
            .map_err(|error| Ended::machine("the settings could not be copied", error))
    };
    let Ok(settings) = std::fs::read_to_string(from.join(FILE_NAME)) else { return Ok(()) };
    let mut document: toml_edit::DocumentMut = settings
        .parse()
        .map_err(|error| Ended::machine("the settings of the backup cannot be read", error))?;
    let removed = ["database", "blobs"].map(|section| {
        document.get_mut(section).and_then(|section| section.as_table_like_mut()?.remove("url"))
    });
    if removed.iter().all(Option::is_none) {
        return keep(FILE_NAME, &settings);
    }
    keep(FILE_NAME, &document.to_string())?;
    keep(AS_IT_WAS, &settings)?;
    report.complain(&format!(
        "The site had servers of its own; it lies in this folder now. Its settings as they were: {AS_IT_WAS}. halftone move brings it to servers again."
    ));
    Ok(())
}

/// The processes that stood in the records when they were copied are not of here.
async fn forget_processes(session: &Session) -> Result<(), Ended> {
    let app = session.app();
    let now = app.now();
    let forgotten = app
        .store()
        .act(async |tx: &mut Tx| Ok::<_, ActError<StoreError>>(tx.forget_nodes_before(now).await?))
        .await;
    forgotten.map(drop).map_err(|error| match error {
        ActError::Refused(fault) | ActError::Fault(fault) => Ended::from(fault),
    })
}

fn ended(error: BackupError) -> Ended {
    match error {
        BackupError::Store(fault) => fault.into(),
        BackupError::Differs(_) | BackupError::Damaged(_) => Ended::Fault(chain(&error)),
        refused => Ended::WrongUse(format!("{refused}.")),
    }
}

fn tell_copied(report: Report, verb: &str, copied: &Copied) -> Outcome {
    let sentence =
        format!("{verb} {} files, {} bytes, each compared by its hash.", copied.files, copied.bytes);
    let missing: Vec<String> = copied.missing.iter().map(ToString::to_string).collect();
    report.say(&sentence, json!({ "files": copied.files, "bytes": copied.bytes, "missing": missing }));
    for key in &missing {
        report.complain(&format!("Missing or damaged: {key}."));
    }
    if missing.is_empty() { Outcome::Done } else { Outcome::Fault }
}
