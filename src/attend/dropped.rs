//! The watched folder: what agencies' servers, FTP and SFTP, and sync programs drop is taken in once it is finished.
//!
//! It is looked through every two seconds, rather than waiting for the system to tell of changes: network file systems tell
//! nothing, and what was dropped while nobody watched must be found as well. A file is finished when it was left alone for
//! some seconds; one that ends early is given more time. What became of each stands in the records, before it is moved.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use newsroom::id::StaffId;
use newsroom::moment::Moment;
use store::{StoreError, Tx, View, WatchedFile, WatchedState};
use tokio::sync::watch;
use tokio::time::Instant;

use super::pause;
use crate::actions::take_dropped::{Fate, as_they_stand, destination_of, take_dropped, tell, told_of};
use crate::app::{App, keep_file_as};
use crate::config::{Then, WatchConfig};
use crate::exchange::dropped::{
    Dropped, Lying, REFUSED, REPORT, Stamp, TAKEN, is_unchanged, lying_in, put_among,
};
use crate::jobs::Context;
use crate::telemetry::chain;

/// How often the folder is looked through.
const LOOK: Duration = Duration::from_secs(2);
/// Looking through a large folder on a slow disk takes a twentieth of the time at most, but is done once a minute.
const REST: u32 = 20;
const LONGEST_REST: Duration = Duration::from_secs(60);
/// Files taken in before looking again, and how many of one first folder at least, where several have some.
const AT_ONCE: usize = 1000;
const LEAST: usize = 50;
/// Files that are looked at, placed and moved together.
const TOGETHER: usize = 50;
/// How long what is not a file's own fault is waited for, first and at most.
const AGAIN: Duration = Duration::from_secs(30);
const AGAIN_AT_MOST: Duration = Duration::from_secs(1800);
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
    let mut watcher = Watcher {
        context: Context::new(app),
        folder,
        known: HashMap::new(),
        unreadable: BTreeSet::new(),
        reports: BTreeMap::new(),
        rest: LOOK,
        stop,
    };
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
    /// How long it was waited for last.
    waited: Duration,
}

struct Watcher {
    context: Context,
    folder: PathBuf,
    known: HashMap<String, Seen>,
    /// Folders inside that cannot be read, which was told.
    unreadable: BTreeSet<PathBuf>,
    /// First folders of which there is news, or will be, and when their reports are written.
    reports: BTreeMap<String, Instant>,
    /// How long to wait before the next look.
    rest: Duration,
    stop: watch::Receiver<bool>,
}

impl Watcher {
    async fn run(&mut self) {
        let mut tidied: Option<Instant> = None;
        let mut told = String::new();
        while !*self.stop.borrow() {
            self.rest = LOOK;
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
            pause(&mut self.stop, self.rest).await;
        }
    }

    fn set(&self) -> &WatchConfig {
        &self.context.app.config().watch
    }

    async fn look(&mut self) -> Result<(), StoreError> {
        let began = Instant::now();
        let Lying { files, unreadable } = lying_in(&self.folder).map_err(of_io)?;
        self.rest = LOOK.max(began.elapsed().saturating_mul(REST).min(LONGEST_REST));
        self.tell_unreadable(unreadable);
        let ready = self.ready(files);
        let due = ready.len();
        let ready = by_turns(ready);
        if ready.len() < due {
            self.rest = Duration::ZERO;
        }
        let mut groups: BTreeMap<String, Vec<Dropped>> = BTreeMap::new();
        for file in ready {
            match told_of(&self.context, &file).await? {
                // What was refused and lies here is sent again, or never was moved: it is tried once more.
                Some(row) if ![WatchedState::Waiting, WatchedState::Refused].contains(&row.state) => {
                    // Told before a process ended that was about to move it.
                    self.put_away(&file, row.state);
                    self.reports.insert(row.name.folder().to_owned(), Instant::now());
                }
                _ => {
                    let folder = file.name.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
                    groups.entry(folder).or_default().push(file);
                }
            }
        }
        let mut outcome = Ok(());
        for (folder, files) in groups {
            if *self.stop.borrow() {
                return outcome;
            }
            // A folder that cannot be dealt with holds up no other one.
            outcome = outcome.and(self.take(&folder, files).await);
        }
        outcome.and(self.write_reports().await)
    }

    /// Once for each folder, as long as it stays so.
    fn tell_unreadable(&mut self, unreadable: Vec<(PathBuf, io::Error)>) {
        let before = std::mem::take(&mut self.unreadable);
        for (folder, error) in unreadable {
            if !before.contains(&folder) {
                tracing::warn!(folder = %folder.display(), %error, "a folder inside the watched one cannot be read");
            }
            self.unreadable.insert(folder);
        }
    }

    /// Those that were left alone for long enough and are not done with. What is gone is forgotten.
    fn ready(&mut self, lying: Vec<Dropped>) -> Vec<Dropped> {
        let (now, settled) = (Instant::now(), self.set().settled);
        let mut before = std::mem::take(&mut self.known);
        let mut ready = Vec::new();
        for file in lying {
            let seen = match before.remove(&file.name) {
                Some(seen) if seen.stamp == file.stamp => seen,
                _ => {
                    let (stamp, next) = (file.stamp.clone(), Some(now + settled));
                    Seen { stamp, since: now, next, waited: Duration::ZERO }
                }
            };
            let due = seen.next.is_some_and(|next| next <= now);
            self.known.insert(file.name.clone(), seen);
            if due {
                ready.push(file);
            }
        }
        ready
    }

    /// Takes in the files of one folder.
    async fn take(&mut self, folder: &str, files: Vec<Dropped>) -> Result<(), StoreError> {
        let (context, stop) = (self.context.clone(), self.stop.clone());
        let to = match destination_of(&context, folder).await? {
            Ok(to) => to,
            Err(sentence) => {
                let waits = files.into_iter().map(|file| (file, Fate::Waiting(sentence.clone())));
                return self.settle(None, waits.collect()).await;
            }
        };
        for together in files.chunks(TOGETHER) {
            let fates = take_dropped(&context, &to, together.to_vec(), || *stop.borrow()).await?;
            self.settle(to.owner(), fates).await?;
        }
        Ok(())
    }

    /// Writes down what became of files, then moves them.
    async fn settle(
        &mut self,
        owner: Option<StaffId>,
        fates: Vec<(Dropped, Fate)>,
    ) -> Result<(), StoreError> {
        let mut news = Vec::with_capacity(fates.len());
        for (file, fate) in fates {
            let fate = self.in_time(&file, fate);
            if let Fate::Waiting(sentence) | Fate::NotYet(sentence) = &fate {
                let known = told_of(&self.context, &file).await?;
                if known.is_some_and(|row| row.sentence.as_ref() == Some(sentence)) {
                    continue;
                }
            }
            news.push((file, fate));
        }
        tell(&self.context, owner, &news).await?;
        for (file, fate) in &news {
            log(file, fate);
            let first = file.name.split_once('/').map_or("", |(first, _)| first);
            self.reports.insert(first.to_owned(), Instant::now());
            match fate {
                Fate::In { .. } => self.put_away(file, WatchedState::Taken),
                Fate::Refused(_) => self.put_away(file, WatchedState::Refused),
                Fate::LeftAlone(_) => self.done(file),
                Fate::Waiting(_) | Fate::NotYet(_) => {}
            }
        }
        Ok(())
    }

    /// What ends early is refused once its time is over; when it is looked at again is noted.
    fn in_time(&mut self, file: &Dropped, fate: Fate) -> Fate {
        let unfinished = self.set().unfinished;
        let Some(seen) = self.known.get_mut(&file.name) else { return fate };
        match fate {
            Fate::NotYet(sentence) if seen.since.elapsed() >= unfinished => Fate::Refused(sentence),
            Fate::NotYet(_) => {
                seen.next = Some(seen.since + unfinished);
                fate
            }
            Fate::Waiting(_) => {
                seen.waited = (seen.waited * 2).clamp(AGAIN, AGAIN_AT_MOST);
                seen.next = Some(Instant::now() + seen.waited);
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
        if !is_unchanged(file) {
            // Sent anew meanwhile, under the same name: the next look sees another file.
            return;
        }
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

    /// Writes the reports of which there is news; again, where photos of them are still to be developed.
    async fn write_reports(&mut self) -> Result<(), StoreError> {
        let now = Instant::now();
        let due: Vec<String> =
            self.reports.iter().filter(|(_, at)| **at <= now).map(|(first, _)| first.clone()).collect();
        for first in due {
            if self.report(&first).await? {
                self.reports.remove(&first);
            } else {
                self.reports.insert(first, now + AGAIN);
            }
        }
        Ok(())
    }

    /// Writes what became of the files of one first folder into a file beside them; what the records say, newest first. `false`
    /// where that is not the last word.
    async fn report(&self, first: &str) -> Result<bool, StoreError> {
        let app = &self.context.app;
        let standing = app
            .store()
            .view(async |view: &mut View| {
                let found = view.watched_files_in(first, REPORTED).await?;
                as_they_stand(view, found).await
            })
            .await?;
        let held = app.known();
        let zone = &held.site.time_zone;
        let mut text = "What became of the files that were dropped here, newest first. None is touched before it has been left alone for some seconds.\n\n".to_owned();
        for row in &standing.files {
            text.push_str(&line(row, first, zone));
        }
        let folder = if first.is_empty() { self.folder.clone() } else { self.folder.join(first) };
        let path = folder.join(REPORT);
        // For whoever sends files there to read.
        let written = keep_file_as(&path, text.as_bytes(), 0o644);
        if let Err(error) = written {
            tracing::warn!(file = %path.display(), %error, "the report of a watched folder cannot be written");
        }
        Ok(standing.settled)
    }

    /// Forgets what is known of files that are gone: of those that waited at once, of others after some weeks.
    async fn tidy(&self) -> Result<(), StoreError> {
        let store = self.context.app.store();
        let before = self.context.app.now().plus_seconds(-KEPT);
        let lying: HashMap<String, Stamp> = lying_in(&self.folder)
            .map_err(of_io)?
            .files
            .into_iter()
            .map(|file| (file.name, file.stamp))
            .collect();
        let stands = |row: &WatchedFile| {
            lying
                .get(&row.name.path)
                .is_some_and(|stamp| stamp.bytes == row.name.bytes && stamp.modified == row.name.modified_at)
        };
        let forget = async |rows: &[WatchedFile]| {
            store
                .write(async |tx: &mut Tx| {
                    for row in rows.iter().filter(|row| !stands(row)) {
                        tx.forget_watched_file(&row.name).await?;
                    }
                    Ok(())
                })
                .await
        };
        let mut after = String::new();
        loop {
            let rows =
                store.view(async |view: &mut View| view.watched_files_waiting(&after, ROWS).await).await?;
            forget(&rows).await?;
            let Some(last) = rows.last().filter(|_| rows.len() == ROWS as usize) else { break };
            after.clone_from(&last.name.path);
        }
        let mut after = (Moment::from_micros(i64::MIN), String::new());
        loop {
            let from = (after.0, after.1.as_str());
            let rows = store
                .view(async |view: &mut View| view.watched_files_before(before, from, ROWS).await)
                .await?;
            forget(&rows).await?;
            let Some(last) = rows.last().filter(|_| rows.len() == ROWS as usize) else { return Ok(()) };
            after = (last.told_at, last.name.path.clone());
        }
    }
}

/// As many files as are taken in before looking again; where several first folders have some, each has its share.
fn by_turns(ready: Vec<Dropped>) -> Vec<Dropped> {
    let first = |file: &Dropped| file.name.split_once('/').map_or("", |(first, _)| first).to_owned();
    let mut counts: BTreeMap<String, usize> = ready.iter().map(first).map(|folder| (folder, 0)).collect();
    let share = (AT_ONCE / counts.len().max(1)).max(LEAST);
    let has_turn = |file: &Dropped| {
        let count = counts.entry(first(file)).or_default();
        *count += 1;
        *count <= share
    };
    ready.into_iter().filter(has_turn).collect()
}

fn line(row: &WatchedFile, first: &str, zone: &jiff::tz::TimeZone) -> String {
    let at = row.told_at.as_timestamp().to_zoned(zone.clone()).strftime("%Y-%m-%d %H:%M:%S");
    let below = row.name.path.strip_prefix(first).unwrap_or(&row.name.path).trim_start_matches('/');
    let photo = row.photo.map(|photo| format!("  photo {photo}")).unwrap_or_default();
    let more = row.sentence.as_ref().map(|sentence| format!("  {sentence}")).unwrap_or_default();
    format!("{at}  {:<10}  {below}{photo}{more}\n", row.state.as_str())
}

fn log(file: &Dropped, fate: &Fate) {
    match fate {
        Fate::In { photo, known, news } => {
            tracing::info!(file = file.name, %photo, known, news, "taken from the watched folder")
        }
        Fate::Refused(why) => {
            tracing::warn!(file = file.name, why, "a file of the watched folder is refused")
        }
        Fate::Waiting(why) | Fate::NotYet(why) => {
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
