//! The watched folder: what agencies' servers, FTP and SFTP, and sync programs drop is taken in once it is finished.
//!
//! It is looked through every two seconds, rather than waiting for the system to tell of changes: network file systems tell
//! nothing, and what was dropped while nobody watched must be found as well. A file is finished when it was left alone for
//! some seconds; one that ends early is given more time. What became of each stands in the records, before it is moved.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::File;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use store::{StoreError, Tx, View, WatchedFile, WatchedState};
use tokio::sync::watch;
use tokio::time::Instant;

use super::pause;
use crate::actions::take_dropped::{Fate, as_they_stand, destination_of, take_dropped, tell, told_of};
use crate::app::{App, keep_file};
use crate::config::{Then, WatchConfig};
use crate::exchange::dropped::{Dropped, REFUSED, REPORT, Stamp, TAKEN, lying_in, put_among};
use crate::jobs::Context;
use crate::telemetry::chain;

/// How often the folder is looked through.
const LOOK: Duration = Duration::from_secs(2);
/// A large folder on a slow disk takes a twentieth of the time at most.
const REST: u32 = 20;
/// Files taken in before looking again.
const AT_ONCE: usize = 1000;
/// How long what is not a file's own fault is waited for.
const AGAIN: Duration = Duration::from_secs(30);
/// How often what is known of files that are gone is tidied up.
const TIDY: Duration = Duration::from_secs(3600);
/// How long it is kept what became of a file that is gone, in seconds.
const KEPT: i64 = 30 * 24 * 3600;
/// Rows that are tidied up at once.
const ROWS: u32 = 1000;
/// Files that a report tells of.
const REPORTED: u32 = 1000;
/// Held by the one process of this data folder that watches.
const LOCK: &str = "watch.lock";

/// Watches the folder of the settings until it is told to stop; nothing where none is set.
pub(super) async fn watch_folder(app: App, mut stop: watch::Receiver<bool>) {
    let Some(folder) = app.config().watch.folder.clone() else { return };
    let lock = loop {
        match take_turn(app.data()) {
            Ok(Some(lock)) => break lock,
            // Another process of this machine watches; it may end.
            Ok(None) => {}
            Err(error) => tracing::error!(%error, "it cannot be found out whether another process watches"),
        }
        pause(&mut stop, AGAIN).await;
        if *stop.borrow() {
            return;
        }
    };
    tracing::info!(folder = %folder.display(), "watching");
    let here = tokio::runtime::Handle::current();
    let mut watcher = Watcher { context: Context::new(app), folder, known: HashMap::new(), stop };
    // On a thread of its own: it waits for the disk, and its futures may not go from thread to thread.
    let watched = tokio::task::spawn_blocking(move || here.block_on(watcher.run()));
    if let Err(error) = watched.await {
        tracing::error!(%error, "the folder is watched no more");
    }
    drop(lock);
}

/// The right to watch, until the file is closed. `None` where another process has it.
fn take_turn(data: &Path) -> io::Result<Option<File>> {
    let lock = File::options().create(true).truncate(false).write(true).open(data.join(LOCK))?;
    match lock.try_lock() {
        Ok(()) => Ok(Some(lock)),
        Err(std::fs::TryLockError::WouldBlock) => Ok(None),
        Err(std::fs::TryLockError::Error(error)) => Err(error),
    }
}

/// A file as it was seen.
struct Seen {
    stamp: Stamp,
    /// Since when it stands so.
    since: Instant,
    /// When it is to be looked at; never again where there is nothing to do.
    next: Option<Instant>,
}

struct Watcher {
    context: Context,
    folder: PathBuf,
    known: HashMap<String, Seen>,
    stop: watch::Receiver<bool>,
}

impl Watcher {
    async fn run(&mut self) {
        let mut tidied: Option<Instant> = None;
        let mut told = String::new();
        while !*self.stop.borrow() {
            let began = Instant::now();
            let looked = async {
                if tidied.is_none_or(|at| at.elapsed() >= TIDY) {
                    self.tidy().await?;
                    tidied = Some(Instant::now());
                }
                self.look().await
            };
            match looked.await {
                Ok(()) => told.clear(),
                Err(error) => {
                    let sentence = chain(&error).to_string();
                    // A folder that is away for a night is told of once.
                    if sentence != told {
                        tracing::error!(folder = %self.folder.display(), error = sentence, "the watched folder could not be looked through; it is tried again");
                        told = sentence;
                    }
                }
            }
            let rest = LOOK.max(began.elapsed().saturating_mul(REST).min(TIDY / 60));
            pause(&mut self.stop, rest).await;
        }
    }

    fn set(&self) -> &WatchConfig {
        &self.context.app.config().watch
    }

    async fn look(&mut self) -> Result<(), StoreError> {
        let lying = lying_in(&self.folder).map_err(of_io)?;
        let ready = self.ready(lying);
        let mut groups: BTreeMap<String, Vec<Dropped>> = BTreeMap::new();
        let mut touched = BTreeSet::new();
        for file in ready.into_iter().take(AT_ONCE) {
            match told_of(&self.context, &file).await? {
                Some(row) if row.state != WatchedState::Waiting => {
                    // Told before a process ended that was about to move it.
                    self.put_away(&file, row.state);
                }
                _ => {
                    let folder = file.name.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
                    groups.entry(folder).or_default().push(file);
                }
            }
        }
        for (folder, files) in groups {
            if *self.stop.borrow() {
                return Ok(());
            }
            let first = folder.split('/').next().unwrap_or_default().to_owned();
            if self.take(&folder, files).await? {
                touched.insert(first);
            }
        }
        for first in touched {
            self.report(&first).await?;
        }
        Ok(())
    }

    /// Those that were left alone for long enough and are not done with. What is gone is forgotten.
    fn ready(&mut self, lying: Vec<Dropped>) -> Vec<Dropped> {
        let (now, settled) = (Instant::now(), self.set().settled);
        let mut before = std::mem::take(&mut self.known);
        let mut ready = Vec::new();
        for file in lying {
            let seen = match before.remove(&file.name) {
                Some(seen) if seen.stamp == file.stamp => seen,
                _ => Seen { stamp: file.stamp, since: now, next: Some(now + settled) },
            };
            let due = seen.next.is_some_and(|next| next <= now);
            self.known.insert(file.name.clone(), seen);
            if due {
                ready.push(file);
            }
        }
        ready
    }

    /// Takes in the files of one folder. `false` where nothing new was found out.
    async fn take(&mut self, folder: &str, files: Vec<Dropped>) -> Result<bool, StoreError> {
        let (owner, fates) = match destination_of(&self.context, folder).await? {
            Ok(to) => {
                let stop = self.stop.clone();
                let fates = take_dropped(&self.context, &to, files, || *stop.borrow()).await?;
                (to.owner(), fates)
            }
            Err(sentence) => {
                let waits = files.into_iter().map(|file| (file, Fate::Waiting(sentence.clone())));
                (None, waits.collect())
            }
        };
        let mut news = Vec::with_capacity(fates.len());
        for (file, fate) in fates {
            let fate = self.in_time(&file, fate);
            let known = told_of(&self.context, &file).await?;
            let is_new = !matches!((&known, &fate), (Some(row), Fate::Waiting(sentence) | Fate::Unfinished(sentence)) if row.sentence.as_ref() == Some(sentence));
            if is_new {
                news.push((file, fate));
            }
        }
        tell(&self.context, owner, &news).await?;
        for (file, fate) in &news {
            log(file, fate);
            match fate {
                Fate::In { .. } => self.put_away(file, WatchedState::Taken),
                Fate::Refused(_) => self.put_away(file, WatchedState::Refused),
                Fate::LeftAlone(_) => self.done(file),
                Fate::Waiting(_) | Fate::Unfinished(_) => {}
            }
        }
        Ok(!news.is_empty())
    }

    /// What ends early is refused once its time is over; when it is looked at again is noted.
    fn in_time(&mut self, file: &Dropped, fate: Fate) -> Fate {
        let unfinished = self.set().unfinished;
        let Some(seen) = self.known.get_mut(&file.name) else { return fate };
        match fate {
            Fate::Unfinished(sentence) if seen.since.elapsed() >= unfinished => Fate::Refused(sentence),
            Fate::Unfinished(_) => {
                seen.next = Some(seen.since + unfinished);
                fate
            }
            Fate::Waiting(_) => {
                seen.next = Some(Instant::now() + AGAIN);
                fate
            }
            fate => fate,
        }
    }

    fn done(&mut self, file: &Dropped) {
        if let Some(seen) = self.known.get_mut(&file.name) {
            seen.next = None;
        }
    }

    /// Moves a file that was dealt with, where files are moved.
    fn put_away(&mut self, file: &Dropped, state: WatchedState) {
        self.done(file);
        let kept = match state {
            WatchedState::Taken | WatchedState::Known => TAKEN,
            WatchedState::Refused => REFUSED,
            WatchedState::Waiting | WatchedState::LeftAlone => return,
        };
        if self.set().then == Then::Leave {
            return;
        }
        for path in &file.came {
            if let Err(error) = put_among(&self.folder, path, kept) {
                tracing::warn!(file = %path.display(), %error, "a file that was dealt with cannot be moved; it stays where it is");
            }
        }
    }

    /// Writes what became of the files of one first folder into a file beside them; what the records say, newest first.
    async fn report(&self, first: &str) -> Result<(), StoreError> {
        let app = &self.context.app;
        let rows = app
            .store()
            .view(async |view: &mut View| {
                let found = view.watched_files_in(first, REPORTED).await?;
                as_they_stand(view, found).await
            })
            .await?;
        let zone = &app.config().site.time_zone;
        let mut text = "What became of the files that were dropped here, newest first. None is touched before it has been left alone for some seconds.\n\n".to_owned();
        for row in &rows {
            text.push_str(&line(row, first, zone));
        }
        let folder = if first.is_empty() { self.folder.clone() } else { self.folder.join(first) };
        let path = folder.join(REPORT);
        let written = keep_file(&path, text.as_bytes())
            .and_then(|()| std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)));
        if let Err(error) = written {
            tracing::warn!(file = %path.display(), %error, "the report of a watched folder cannot be written");
        }
        Ok(())
    }

    /// Forgets what is known of files that are gone: of those that waited at once, of others after some weeks.
    async fn tidy(&self) -> Result<(), StoreError> {
        let app = &self.context.app;
        let before = app.now().plus_seconds(-KEPT);
        let rows = app
            .store()
            .view(async |view: &mut View| {
                let mut rows = view.watched_files_waiting(ROWS).await?;
                rows.extend(view.watched_files_before(before, ROWS).await?);
                Ok::<_, StoreError>(rows)
            })
            .await?;
        let lying: HashMap<String, Stamp> =
            lying_in(&self.folder).map_err(of_io)?.into_iter().map(|file| (file.name, file.stamp)).collect();
        let stands = |row: &WatchedFile| {
            lying
                .get(&row.name.path)
                .is_some_and(|stamp| stamp.bytes == row.name.bytes && stamp.modified == row.name.modified_at)
        };
        let gone: Vec<WatchedFile> = rows.into_iter().filter(|row| !stands(row)).collect();
        app.store()
            .write(async |tx: &mut Tx| {
                for row in &gone {
                    tx.forget_watched_file(&row.name).await?;
                }
                Ok(())
            })
            .await
    }
}

fn line(row: &WatchedFile, first: &str, zone: &jiff::tz::TimeZone) -> String {
    let at = row.told_at.as_timestamp().to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S");
    let below = row.name.path.strip_prefix(first).unwrap_or(&row.name.path).trim_start_matches('/');
    let more = match (&row.sentence, row.photo) {
        (Some(sentence), _) => format!("  {sentence}"),
        (None, Some(photo)) => format!("  photo {photo}"),
        (None, None) => String::new(),
    };
    format!("{at}  {:<10}  {below}{more}\n", row.state.as_str())
}

fn log(file: &Dropped, fate: &Fate) {
    match fate {
        Fate::In { photo, known } => {
            tracing::info!(file = file.name, %photo, known, "taken from the watched folder")
        }
        Fate::Refused(why) => {
            tracing::warn!(file = file.name, why, "a file of the watched folder is refused")
        }
        Fate::Waiting(why) | Fate::Unfinished(why) => {
            tracing::info!(file = file.name, why, "a file of the watched folder waits")
        }
        Fate::LeftAlone(why) => {
            tracing::debug!(file = file.name, why, "a file of the watched folder is left alone")
        }
    }
}

fn of_io(error: io::Error) -> StoreError {
    StoreError::Fault(std::sync::Arc::new(error))
}
