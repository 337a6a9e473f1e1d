//! `halftone doctor`, `migrate`, `reprint`, `backup` and `restore`.

use std::path::Path;

use serde_json::json;
use store::{
    ActError, Asked, BackupError, Copied, StoreError, Survey, Tx, backup as copy_out, restore as copy_in,
    survey,
};

use super::args::{DoctorArgs, ReprintArgs};
use super::report::{Outcome, Report};
use super::session::{Ended, Session};
use crate::actions::reprint::{reprint_all, reprint_story};
use crate::app::{App, Clock, DATABASE_FILE, SystemClock, database};
use crate::config::{Config, Place};
use crate::doctor::{self, Finding};
use crate::jobs::PRINTER;
use crate::telemetry::chain;

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
    let copied = copy_out(app.store(), app.blobs(), to, app.now()).await.map_err(ended)?;
    if let Ok(settings) = std::fs::read(app.data().join(crate::config::FILE_NAME)) {
        crate::app::keep_file(&to.join(crate::config::FILE_NAME), &settings)
            .map_err(|error| Ended::machine("the settings could not be copied", error))?;
    }
    Ok(tell_copied(session.report, "Backed up", &copied))
}

pub async fn restore(place: &Place, from: &Path, report: Report) -> Result<Outcome, Ended> {
    let data = place.data.as_path();
    let copied = copy_in(from, &data.join(DATABASE_FILE), data).await.map_err(ended)?;
    if let Ok(settings) = std::fs::read(from.join(crate::config::FILE_NAME)) {
        crate::app::keep_file(&data.join(crate::config::FILE_NAME), &settings)
            .map_err(|error| Ended::machine("the settings could not be copied", error))?;
    }
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
