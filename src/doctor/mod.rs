//! Checks a deployment: what is wrong, and what to do.

mod upgrade;

use std::path::Path;

use darkroom::worker::Worker;
use newsroom::published::PublishedStory;
use serve::{Key, Kind};
use store::{BlobKey, BlobKind, FailedJob, Listing, Part, StoreError, StoryLine, View};

pub use upgrade::before_upgrade;

use crate::app::App;
use crate::config::{Config, MailTls, Then};
use crate::jobs::mail_server::try_out;
use crate::jobs::{MAIL_FOLDER, limits};
use crate::keeps;
use crate::pages::address;
use crate::telemetry::chain;

/// Seconds within which a process says that it is there.
const HEARD: i64 = 10;
/// Photos and originals whose presence is checked, newest first.
const SAMPLE: u32 = 500;
/// Withdrawn stories whose photos are looked for one by one.
const LOOKED_THROUGH: usize = 20;
/// Originals that are read and hashed.
const HASHED: usize = 20;
/// Newest published stories whose pages and pictures are checked.
const STORIES: u32 = 200;

/// What one check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What was checked, in a word.
    pub about: &'static str,
    /// What was found.
    pub sentence: String,
    /// What to do about it, where it is wrong.
    pub trouble: Option<String>,
}

impl Finding {
    /// All is well.
    pub fn good(about: &'static str, sentence: impl Into<String>) -> Self {
        Self { about, sentence: sentence.into(), trouble: None }
    }

    /// Something is wrong.
    pub fn wrong(about: &'static str, sentence: impl Into<String>, advice: impl Into<String>) -> Self {
        Self { about, sentence: sentence.into(), trouble: Some(advice.into()) }
    }

    /// Whether something is wrong.
    pub fn is_wrong(&self) -> bool {
        self.trouble.is_some()
    }
}

/// Checks what needs no records: the folder, its disk, the settings, the worker.
pub fn machine(data: &Path, config: &Config) -> Vec<Finding> {
    let mut findings = vec![folder(data)];
    findings.extend(room(data, config.alerts.free_bytes));
    let local = ["//127.", "//localhost", "//[::1]"].iter().any(|host| config.site.url.contains(host));
    findings.push(if local && !config.serve.listen.ip().is_loopback() {
        Finding::wrong(
            "site.url",
            format!(
                "The site answers on {} but its own address is {}.",
                config.serve.listen, config.site.url
            ),
            "Set site.url to the address that readers use, then run: halftone reprint --all",
        )
    } else {
        Finding::good("site.url", config.site.url.clone())
    });
    findings.extend(watched(config));
    findings.push(worker(config));
    findings
}

fn folder(data: &Path) -> Finding {
    match std::fs::create_dir_all(data).and_then(|()| tempfile::tempfile_in(data)) {
        Ok(_) => Finding::good("data folder", format!("{} can be written.", data.display())),
        Err(error) => Finding::wrong(
            "data folder",
            format!("{} cannot be written: {error}.", data.display()),
            "Give the folder to the user that runs Halftone, or name another one with --data.",
        ),
    }
}

fn room(data: &Path, little: u64) -> Option<Finding> {
    let disk = rustix::fs::statvfs(data).ok()?;
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    Some(if free < little {
        Finding::wrong(
            "disk",
            format!("Less than {} GB are free.", gigabytes(free) + 1),
            "Make room: a full disk refuses new photos.",
        )
    } else {
        Finding::good("disk", format!("{} GB are free.", gigabytes(free)))
    })
}

/// Whether what is dropped into the watched folder can be read, and moved where it is to be.
fn watched(config: &Config) -> Option<Finding> {
    let folder = config.watch.folder.as_ref()?;
    let name = folder.display();
    let able = std::fs::read_dir(folder).and_then(|_| match config.watch.then {
        Then::Move => tempfile::tempfile_in(folder).map(|_| ()),
        Then::Leave => Ok(()),
    });
    Some(match able {
        Ok(()) => Finding::good("watched folder", format!("{name} can be used.")),
        Err(error) => Finding::wrong(
            "watched folder",
            format!("{name} cannot be used: {error}; nothing is taken from there, or moved."),
            "Make the folder, and let the user that Halftone runs as read and write there; or name another one in watch.folder.",
        ),
    })
}

/// Whole gigabytes (of 2^30 bytes), as a person is told them.
fn gigabytes(bytes: u64) -> u64 {
    bytes >> 30
}

fn worker(config: &Config) -> Finding {
    let started =
        std::env::current_exe().and_then(|program| Worker::spawn(&program, &["worker"], &limits(config)));
    match started {
        Ok(_) => Finding::good("worker", "A worker process can be started."),
        Err(error) => Finding::wrong(
            "worker",
            format!("No worker process can be started: {error}."),
            "Photos cannot be read without one. Check the user's limits (ulimit -a) and that the program file may be executed.",
        ),
    }
}

/// Checks the records against the bytes and the printed tree.
pub async fn deployment(app: &App) -> Vec<Finding> {
    let mut findings: Vec<Finding> = bucket(app).await.into_iter().collect();
    findings.push(mail(app).await);
    findings.push(set_at_desk(app));
    let checks = [
        jobs(app).await,
        processes(app).await,
        originals(app).await,
        arrivals(app).await,
        published(app).await,
        withdrawn(app).await,
    ];
    for check in checks {
        findings.push(check.unwrap_or_else(|error| {
            Finding::wrong(
                "records",
                format!("A check could not be made: {error}."),
                "Restore a backup if this stays.",
            )
        }));
    }
    findings
}

/// Whether all that Halftone does in a bucket may be done there.
async fn bucket(app: &App) -> Option<Finding> {
    let tried = match keeps::bucket(app.config()) {
        Ok(None) => return None,
        Ok(Some(bucket)) => keeps::try_out(&bucket).await,
        Err(error) => Err(error),
    };
    Some(match tried {
        Ok(()) => Finding::good("bucket", "Objects can be written, read, listed and deleted."),
        Err(error) => Finding::wrong(
            "bucket",
            format!("{}.", chain(&error)),
            "Mend what it says, in halftone.toml or at the store; nothing was changed.",
        ),
    })
}

/// Whether the mail server can be reached, is the one that it says, and takes mails from us.
async fn mail(app: &App) -> Finding {
    let set = &app.config().mail;
    let Some(server) = &set.server else {
        let folder = app.data().join(MAIL_FOLDER);
        let sentence = format!("No mail server is set; mails are written into {}.", folder.display());
        return Finding::good("mail", sentence);
    };
    let at = format!("{}:{}", server.host, server.port);
    let kept = match server.tls {
        MailTls::None => "on this machine",
        MailTls::Implicit | MailTls::StartTls => "its certificate is right",
    };
    match try_out(set, server).await {
        Ok(()) => Finding::good("mail", format!("The mail server {at} can be reached, {kept}.")),
        Err(fault) => Finding::wrong(
            "mail",
            format!("The mail server {at} cannot be used: {}.", fault.sentence.trim_end_matches('.')),
            "Mend what it says, in [mail] of halftone.toml or at the server; mails wait for three days.",
        ),
    }
}

/// What holds in place of what the file says: whoever reads the file alone would be misled.
fn set_at_desk(app: &App) -> Finding {
    let names = app.known().set.names();
    Finding::good(
        "site",
        if names.is_empty() {
            "Nothing is set at the desk; halftone.toml holds.".to_owned()
        } else {
            let names = names.join(", ");
            format!("Set at the desk, in place of what halftone.toml says: {names} (halftone site get).")
        },
    )
}

async fn jobs(app: &App) -> Result<Finding, StoreError> {
    let now = app.now();
    let (failed, counts) = app
        .store()
        .view(async |view: &mut View| {
            Ok::<_, StoreError>((view.failed_jobs(3).await?, view.job_counts(now).await?))
        })
        .await?;
    let waiting: u64 = counts.iter().map(|count| count.waiting).sum();
    let advice =
        "Mend what it names, then run: halftone reprint --all, or the command that asked for it again.";
    Ok(match failed.first() {
        None => Finding::good("jobs", format!("{waiting} wait, none failed.")),
        Some(FailedJob { failed_at: None, dedupe, last_error, .. }) => Finding::wrong(
            "jobs",
            format!("At least one job failed and is tried again: {dedupe}, {last_error}."),
            advice,
        ),
        Some(job) => Finding::wrong(
            "jobs",
            format!("At least one job was given up: {}, {}.", job.dedupe, job.last_error),
            advice,
        ),
    })
}

/// Whether anybody does the background work, where readers are answered.
async fn processes(app: &App) -> Result<Finding, StoreError> {
    let since = app.now().plus_seconds(-HEARD);
    let nodes = app.store().view(async |view: &mut View| view.nodes_seen_since(since).await).await?;
    let serving = nodes.iter().filter(|node| node.role.serves()).count();
    let working = nodes.iter().filter(|node| node.role.works()).count();
    Ok(if serving > 0 && working == 0 {
        Finding::wrong(
            "processes",
            format!("{serving} answer readers and none does the background work."),
            "Start `halftone work`, or `halftone serve` without --no-work.",
        )
    } else {
        Finding::good("processes", format!("{serving} answer readers, {working} do the background work."))
    })
}

async fn originals(app: &App) -> Result<Finding, StoreError> {
    let sample = app.store().view(async |view: &mut View| view.originals_after(None, SAMPLE).await).await?;
    let keys: Vec<BlobKey> = sample.iter().map(|original| BlobKey::Original(original.sha256)).collect();
    let lengths = app.blobs().lengths(keys.clone()).await?;
    let mut missing = Vec::new();
    for ((original, key), length) in sample.iter().zip(&keys).zip(lengths) {
        if length != Some(original.bytes) {
            missing.push(key.to_string());
        }
    }
    // All of them would take as long as a backup.
    for (original, key) in sample.iter().zip(&keys).take(HASHED) {
        let there = app.blobs().length_and_hash(key).await?;
        if there.is_some_and(|(length, hash)| length == original.bytes && hash != original.sha256) {
            missing.push(key.to_string());
        }
    }
    Ok(if missing.is_empty() {
        let hashed = sample.len().min(HASHED);
        let sentence = format!(
            "{} were looked for and found, {hashed} of them read and compared by hash.",
            sample.len()
        );
        Finding::good("originals", sentence)
    } else {
        Finding::wrong(
            "originals",
            format!("{} of {} are missing or changed: {}.", missing.len(), sample.len(), missing.join(", ")),
            "Put them back from a backup; their names are the SHA-256 of their bytes.",
        )
    })
}

/// Photos that were looked at and whose files never came, because the ingest was cut short.
async fn arrivals(app: &App) -> Result<Finding, StoreError> {
    let names = app.store().view(async |view: &mut View| view.photos_without_original(SAMPLE).await).await?;
    Ok(if names.is_empty() {
        Finding::good("arrivals", "Every photo of a draft has its file.")
    } else {
        Finding::wrong(
            "arrivals",
            format!(
                "{} photos have places in drafts, but their files are not in: {}.",
                names.len(),
                names.join(", ")
            ),
            "Ingest them again: the same command goes on where it stopped.",
        )
    })
}

/// The newest published stories: page in the tree, public files of each photo.
async fn published(app: &App) -> Result<Finding, StoreError> {
    let newest = app
        .store()
        .view(async |view: &mut View| view.published(Listing::All, Part::newest(STORIES)).await)
        .await?;
    let mut wrong = Vec::new();
    for publication in &newest {
        if let Some(what) = page_trouble(app, &publication.record).await? {
            wrong.push(format!("{}: {what}", publication.record.slug));
        }
    }
    Ok(if wrong.is_empty() {
        Finding::good(
            "printed site",
            format!("{} newest stories have their pages and pictures.", newest.len()),
        )
    } else {
        Finding::wrong("printed site", wrong.join("; "), "Run: halftone reprint --all")
    })
}

/// The stories that were withdrawn last: nothing of them in the tree.
async fn withdrawn(app: &App) -> Result<Finding, StoreError> {
    let lines = app.store().view(async |view: &mut View| view.stories_by_change(None, STORIES).await).await?;
    let tree = app.tree().clone();
    let read = tokio::task::spawn_blocking(move || tree.read());
    let map = match read.await.map_err(std::io::Error::other).flatten() {
        Ok(reading) => reading.map,
        Err(error) => {
            let sentence = format!("The printed tree cannot be read: {error}.");
            return Ok(Finding::wrong("withdrawn", sentence, "Check the disk that holds the data folder."));
        }
    };
    let withdrawn = lines.iter().filter(|line| line.moments.withdrawn.is_some());
    let standing: Vec<&str> = withdrawn
        .clone()
        .filter(|line| {
            let mark = map.get(&Key::of(address::story(&line.slug).path()));
            mark.is_some_and(|mark| mark.kind() == Kind::Page)
        })
        .map(|line| line.slug.as_str())
        .collect();
    if !standing.is_empty() {
        let sentence = format!("Withdrawn, but still in the printed tree: {}.", standing.join(", "));
        return Ok(Finding::wrong("withdrawn", sentence, "Run: halftone reprint --all"));
    }
    let mut left = Vec::new();
    for line in withdrawn.clone().take(LOOKED_THROUGH) {
        left.extend(files_left(app, line).await?);
    }
    Ok(if left.is_empty() {
        let sentence =
            format!("Of {} stories withdrawn lately nothing is left for readers.", withdrawn.count());
        Finding::good("withdrawn", sentence)
    } else {
        let sentence = format!("Withdrawn, but files of these photos are still there: {}.", left.join(", "));
        Finding::wrong("withdrawn", sentence, "Run: halftone reprint --all")
    })
}

/// Photos of a withdrawn story whose public files are there, though no other story shows them.
async fn files_left(app: &App, line: &StoryLine) -> Result<Vec<String>, StoreError> {
    let shown = app.store().view(async |view: &mut View| view.shown_photos(line.id).await).await?;
    let mut left = Vec::new();
    for (photo, shown) in shown {
        let granted = shown.grant.is_some_and(|grant| grant.revoked_at.is_none());
        if !granted && app.blobs().count_of_photo(BlobKind::PublicFile, photo).await? > 0 {
            left.push(photo.to_string());
        }
    }
    Ok(left)
}

async fn page_trouble(app: &App, story: &PublishedStory) -> Result<Option<String>, StoreError> {
    let path = address::story(&story.slug);
    let page = app.store().view(async |view: &mut View| view.page(path.path()).await).await?;
    let Some(page) = page else { return Ok(Some("its page was not printed".to_owned())) };
    let change = u64::try_from(page.change).unwrap_or(0);
    match app.tree().get(path.path(), change) {
        Ok(Some(Ok(_))) => {}
        Ok(Some(Err(torn))) => return Ok(Some(format!("its page is damaged ({torn})"))),
        Ok(None) if page.status == 200 => return Ok(Some("its page is not in the tree".to_owned())),
        Ok(None) => {}
        Err(error) => return Ok(Some(format!("its page cannot be read ({error})"))),
    }
    for photo in story.slides.iter().filter_map(|slide| slide.photo) {
        let files = app
            .store()
            .view(async |view: &mut View| {
                match view.grant(photo).await?.filter(|grant| grant.revoked_at.is_none()) {
                    Some(grant) => view.public_files(photo, &grant.version).await,
                    None => Ok(Vec::new()),
                }
            })
            .await?;
        for file in files {
            if app.blobs().length(&file.public_key()).await? != Some(file.bytes) {
                return Ok(Some(format!(
                    "a picture is missing or has another length ({})",
                    file.public_key()
                )));
            }
        }
    }
    Ok(None)
}
