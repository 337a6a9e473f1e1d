//! Whether this program can take over what another release left. Asked with the new program before the old one is
//! replaced: it reads and changes nothing.

use std::path::{Path, PathBuf};

use newsroom::moment::Moment;
use rustix::fs::Access;
use serve::Key;
use store::{Asked, Database, StoreError, Survey};

use super::{Finding, gigabytes, worker};
use crate::app::{DATABASE_FILE, database};
use crate::config::Config;
use crate::jobs::PRINTER;
use crate::keeps::{self, tree_folder};
use crate::pages::address;
use crate::telemetry::chain;

/// Seconds for which a serving process counts as at work after its last word; it gives one a second.
const HEARD: i64 = 5;
/// Bytes that come in while it is upgraded and tried out.
const AN_HOURS_WORK: u64 = 2 << 30;

/// Checks whether this program can take over a data folder.
pub async fn before_upgrade(data: &Path, config: &Config, now: Moment) -> Vec<Finding> {
    let mut findings = vec![folder(data)];
    if findings.iter().any(Finding::is_wrong) {
        return findings;
    }
    findings.push(worker(config));
    let records = database(data, config);
    let asked = Asked { now, heard_since: now.plus_seconds(-HEARD), printer: PRINTER };
    let surveyed = store::survey(&records, asked).await;
    let again = match surveyed {
        Ok(Some(survey)) => {
            findings.push(schema(&survey, &records));
            findings.extend([jobs(&survey), processes(&survey), pages(&survey)]);
            survey.older_pages > 0
        }
        Ok(None) => {
            findings.push(no_records(data, &records));
            false
        }
        Err(error) => {
            findings.push(foreign(&error));
            false
        }
    };
    findings.push(tree(data, config));
    findings.extend(room(data, &records, again));
    findings
}

fn folder(data: &Path) -> Finding {
    let name = data.display();
    let right =
        "Name the data folder of the installed Halftone with --data, and ask as the user that it runs as.";
    if !data.is_dir() {
        return Finding::wrong("data folder", format!("{name} is not a folder."), right);
    }
    match rustix::fs::access(data, Access::READ_OK | Access::WRITE_OK | Access::EXEC_OK) {
        Ok(()) => Finding::good("data folder", format!("{name} can be written.")),
        Err(error) => Finding::wrong("data folder", format!("{name} cannot be written: {error}."), right),
    }
}

fn schema(survey: &Survey, records: &Database) -> Finding {
    let schema = survey.schema;
    let Some((last, others)) = survey.missing.split_last() else {
        return Finding::good(
            "records",
            format!("They have schema {schema}, this program's: nothing in them will change."),
        );
    };
    let copy = match records {
        Database::Sqlite { .. } => "halftone backup FOLDER, with the program that is installed",
        Database::Postgres { .. } => "pg_dump",
    };
    let first: String = others.iter().map(|number| format!("{number}, ")).collect();
    Finding::good(
        "records",
        format!(
            "They have schema {schema}. When it first opens them this program adds to them (migrations: {first}{last}), \
             all or nothing. Earlier releases refuse them from then on, so the way back is a copy made before: {copy}."
        ),
    )
}

fn jobs(survey: &Survey) -> Finding {
    let sentence =
        format!("{} wait and {} run; this program goes on with them.", survey.waiting, survey.running);
    Finding::good("jobs", sentence)
}

fn processes(survey: &Survey) -> Finding {
    let sentence = match survey.nodes {
        0 => format!("No process was heard of in the last {HEARD} seconds."),
        nodes => format!(
            "{nodes} serving or working at this moment (halftone nodes). Readers are answered until those that serve \
             are stopped; stop all of them before this program is started in their place."
        ),
    };
    Finding::good("processes", sentence)
}

fn pages(survey: &Survey) -> Finding {
    let sentence = match (survey.older_pages, survey.newer_pages) {
        (0, 0) => "All were printed as this program prints.".to_owned(),
        (older, 0) => format!(
            "An earlier release printed {older}; this program prints all again in the background, and readers get \
             the earlier ones meanwhile."
        ),
        (_, newer) => {
            format!("A later release printed {newer}; they stay until you run: halftone reprint --all")
        }
    };
    Finding::good("pages", sentence)
}

fn no_records(data: &Path, records: &Database) -> Finding {
    let place = match records {
        Database::Sqlite { path } => path.display().to_string(),
        Database::Postgres { .. } => "the database that database.url names".to_owned(),
    };
    let (sentence, advice) = if tree_folder(data).exists() {
        (
            format!("There are none in {place}, although pages were printed from some."),
            "Put them back, or restore a backup into a new folder. Check database.url in halftone.toml.",
        )
    } else {
        (
            format!("There are none in {place}: there is nothing to take over."),
            "Name the data folder with --data.",
        )
    };
    Finding::wrong("records", sentence, advice)
}

fn foreign(error: &StoreError) -> Finding {
    let advice = match error {
        StoreError::NewerSchema { .. } => {
            "Keep the program that is installed, or restore a backup that was made before it was."
        }
        StoreError::MigrationChanged { .. } => {
            "Keep the program that is installed: this one was built from another source."
        }
        StoreError::Damaged(_) | StoreError::Corrupt { .. } => "Restore a backup before you upgrade.",
        _ => "Mend what it names, then ask again.",
    };
    Finding::wrong("records", format!("{}.", chain(error)), advice)
}

/// The printed tree: its log or its newest snapshot, and the home page, are in a form that this program reads.
fn tree(data: &Path, config: &Config) -> Finding {
    let about = "printed site";
    let unread = |error: String| {
        let advice = "Ask as the user that Halftone runs as; check the disk, or the bucket's settings.";
        Finding::wrong(about, format!("It cannot be read: {error}."), advice)
    };
    let tree = match keeps::tree(data, config) {
        Ok(tree) => tree,
        Err(error) => return unread(chain(&error)),
    };
    let reading = match tree.read() {
        Ok(reading) => reading,
        Err(error) => return unread(error.to_string()),
    };
    if reading.map.is_empty() && reading.torn.is_empty() {
        return Finding::good(about, "There is none: `halftone serve` prints all of it.");
    }
    let mark = reading.map.get(&Key::of(address::HOME));
    let home = mark.map(|mark| tree.get(address::HOME, mark.change()));
    let damaged = reading.torn.len();
    if !matches!(home, Some(Ok(Some(Ok(_))))) {
        return Finding::wrong(
            about,
            format!("This program finds no home page in it ({damaged} of its lists cannot be used)."),
            "Choose a quiet hour: `halftone serve` prints all of it again when it starts, and until then readers do \
             not find everything.",
        );
    }
    Finding::good(
        about,
        match damaged {
            0 => "Its lists and its home page can be read by this program.".to_owned(),
            _ => format!(
                "{damaged} of its lists are damaged; what they named is printed again by `halftone serve`."
            ),
        },
    )
}

/// Room for twice the records (a migration may write all of them into SQLite's log, and the way back is a copy), for
/// the printed site once more where it is printed again (superseded pages stay for an hour), and for an hour's work.
fn room(data: &Path, records: &Database, again: bool) -> Option<Finding> {
    let disk = rustix::fs::statvfs(data).ok()?;
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    let printed = if again { bytes_below(tree_folder(data)) } else { 0 };
    let wanted =
        records_bytes(data, records).saturating_mul(2).saturating_add(printed).saturating_add(AN_HOURS_WORK);
    let told =
        format!("{} GB are free, the upgrade may take {} GB.", gigabytes(free), gigabytes(wanted).max(1));
    Some(if free < wanted {
        Finding::wrong("disk", told, "Make room first.")
    } else {
        Finding::good("disk", told)
    })
}

fn records_bytes(data: &Path, records: &Database) -> u64 {
    let length = |name: String| std::fs::metadata(data.join(name)).map_or(0, |file| file.len());
    match records {
        Database::Sqlite { .. } => length(DATABASE_FILE.to_owned()) + length(format!("{DATABASE_FILE}-wal")),
        Database::Postgres { .. } => 0,
    }
}

/// Bytes of all files below a folder, as far as they can be seen.
fn bytes_below(folder: PathBuf) -> u64 {
    let mut bytes = 0_u64;
    let mut left = vec![folder];
    while let Some(folder) = left.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            match entry.metadata() {
                Ok(file) if file.is_dir() => left.push(entry.path()),
                Ok(file) => bytes = bytes.saturating_add(file.len()),
                Err(_) => {}
            }
        }
    }
    bytes
}
