//! The reading side of the tree: the map in memory, and a cache of bounded size for what readers ask for.

use std::borrow::Cow;
use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use thiserror::Error;
use tokio::sync::Semaphore;

use crate::cache::{self, Memory};
use crate::frame::Torn;
use crate::keep::{Blobs, Keep};
use crate::key::Key;
use crate::meters::Meters;
use crate::policy::Network;
use crate::readings::Readings;
use crate::tree::{Entry, Kind, Map, Mark, object_name};
use crate::writer::{self, Known};

/// Reads of a slow store at once.
const SLOW_READS: usize = 64;

/// Letters of the name of an edition, at most.
const LONGEST_EDITION: usize = 16;

/// What a site holds in memory and where its damage is told.
pub struct SiteOptions {
    /// Bytes of objects and pictures held in memory.
    pub cache_bytes: u64,
    /// Files that are kept open, of which the kernel sends large bodies; never more than half of what the process may
    /// have open.
    pub open_files: u64,
    /// In a store without files, pictures up to this many bytes are held in memory; larger ones are read for each
    /// reader.
    pub largest_picture: u64,
    /// The content network before the site.
    pub network: Network,
    /// Told each time an object or a picture cannot be given. It is called on the thread that answers readers, so it
    /// hands on and returns.
    pub on_damage: Box<dyn Fn(&Damage) + Send + Sync>,
}

impl Default for SiteOptions {
    fn default() -> Self {
        Self {
            cache_bytes: 24 * 1024 * 1024,
            open_files: 4096,
            largest_picture: 256 * 1024,
            network: Network::Direct,
            on_damage: Box::new(
                |damage| tracing::error!(name = damage.name, cause = %damage.cause, "damaged"),
            ),
        }
    }
}

/// An object or a picture that cannot be given.
#[derive(Debug)]
pub struct Damage {
    /// The name in the keep, or the key of the blob.
    pub name: String,
    /// The path that was asked for; empty while a tree is opened.
    pub path: String,
    /// The change of the object; 0 while a tree is opened.
    pub change: u64,
    /// What is wrong.
    pub cause: Cause,
}

/// What is wrong with an object.
#[derive(Debug, Error)]
pub enum Cause {
    /// It is not what was written, so it must be printed again.
    #[error(transparent)]
    Torn(#[from] Torn),
    /// The map knows it but the store does not, so it must be printed again.
    #[error("it is not there")]
    Lost,
    /// The store does not answer; it may later.
    #[error("it cannot be read: {0}")]
    Unreadable(#[from] io::Error),
}

/// A published tree as readers see it. Cheap to share; all methods take `&self`.
pub struct Site {
    map: RwLock<Map>,
    pub(crate) memory: Memory,
    pub(crate) keep: Arc<dyn Keep>,
    pub(crate) blobs: Arc<dyn Blobs>,
    known: Mutex<Known>,
    pub(crate) options: SiteOptions,
    meters: Arc<Meters>,
    pub(crate) readings: Readings,
    /// Reads of a slow store that are on their way at once: it holds up no more readers, and no more threads.
    pub(crate) turns: Arc<Semaphore>,
}

impl fmt::Debug for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Site").field("paths", &self.len()).finish_non_exhaustive()
    }
}

impl Site {
    /// Reads the newest snapshot and the log and is ready; needs no database. Blocks.
    ///
    /// # Errors
    /// What the store says. Damaged snapshots and log entries are no error: they are told to
    /// [`SiteOptions::on_damage`].
    pub fn open(keep: Arc<dyn Keep>, blobs: Arc<dyn Blobs>, options: SiteOptions) -> io::Result<Self> {
        let site = Self {
            map: RwLock::default(),
            memory: cache::memory(options.cache_bytes, cache::files_allowed(options.open_files)),
            keep,
            blobs,
            known: Mutex::default(),
            options,
            meters: Arc::default(),
            readings: Readings::default(),
            turns: Arc::new(Semaphore::new(SLOW_READS)),
        };
        site.catch_up()?;
        Ok(site)
    }

    /// Takes what a change set. Entries may come in any order, late, and more than once; the highest change of a path
    /// wins, and at the same change a tombstone.
    pub fn apply(&self, entries: &[Entry]) {
        let beaten = self.map.write().unwrap_or_else(PoisonError::into_inner).set_all(entries);
        self.forget(beaten);
    }

    /// Takes what the store's log and snapshots say and this site has not read yet; returns the highest change that
    /// is known now. For nodes whose database is away or that have none. Blocks.
    ///
    /// # Errors
    /// What the store says.
    pub fn catch_up(&self) -> io::Result<u64> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let reading = writer::read(&*self.keep, &known)?;
        let beaten = self.map.write().unwrap_or_else(PoisonError::into_inner).merge(&reading.map);
        self.forget(beaten);
        *known = reading.known;
        drop(known);
        for (name, torn) in reading.torn {
            self.damaged(name, "", 0, torn.into());
        }
        Ok(self.applied())
    }

    /// The highest change that this site has taken.
    #[must_use]
    pub fn applied(&self) -> u64 {
        self.map.read().unwrap_or_else(PoisonError::into_inner).highest()
    }

    /// How many paths the map knows, tombstones included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.map.read().unwrap_or_else(PoisonError::into_inner).len()
    }

    /// Whether nothing was ever published.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What is known of a canonical path.
    #[must_use]
    pub fn mark(&self, path: &str) -> Option<Mark> {
        self.mark_of(&Key::of(path))
    }

    /// The path of the edition of a page that a query asks for by its name, one word of lower-case letters, where one
    /// was printed beside the page (`/story/x?light`, kept under exactly that path); else the page's own path.
    pub(crate) fn edition<'p>(&self, path: Cow<'p, str>, query: Option<&str>) -> Cow<'p, str> {
        let is_name = |query: &&str| {
            (1..=LONGEST_EDITION).contains(&query.len())
                && query.bytes().all(|byte| byte.is_ascii_lowercase())
        };
        let Some(query) = query.filter(is_name) else { return path };
        let edition = format!("{path}?{query}");
        if self.mark(&edition).is_some() { Cow::Owned(edition) } else { path }
    }

    /// A copy of the map, for [`crate::TreeWriter::snapshot`].
    #[must_use]
    pub fn map(&self) -> Map {
        self.map.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What this site and the server before it count.
    #[must_use]
    pub fn meters(&self) -> &Arc<Meters> {
        &self.meters
    }

    /// The paths of pages that were read most since this was asked last, most read first, at most 1,024: a sample.
    #[must_use]
    pub fn most_read(&self) -> Vec<String> {
        self.readings.take()
    }

    /// What nobody can ask for any more takes no memory, no file of it stays open, and a store that is elsewhere holds
    /// none of it here.
    fn forget(&self, beaten: Vec<(Key, Mark)>) {
        for (key, mark) in beaten {
            cache::forget(&self.memory, key, mark.change());
            if self.keep.is_far() {
                self.forget_copies(key, mark);
            }
        }
    }

    fn forget_copies(&self, key: Key, mark: Mark) {
        let name = object_name(key, mark.change());
        let withdrawn = self.mark_of(&key).is_some_and(|now| now.kind().is_tombstone());
        if mark.kind() == Kind::Grant && withdrawn {
            match writer::grant_in(&*self.keep, &name) {
                Ok(grant) => grant.renditions.iter().for_each(|one| self.blobs.let_go(&one.blob)),
                Err(error) => {
                    tracing::warn!(%error, name, "pictures that were withdrawn stay on this disk, unasked for")
                }
            }
        }
        self.keep.forget(&name);
    }

    pub(crate) fn mark_of(&self, key: &Key) -> Option<Mark> {
        self.map.read().unwrap_or_else(PoisonError::into_inner).get(key)
    }

    /// Empties the memory, and so closes every file that is open for readers.
    pub(crate) fn let_go(&self) {
        self.memory.clear();
    }

    pub(crate) fn damaged(&self, name: String, path: &str, change: u64, cause: Cause) {
        self.meters.damaged.add(1);
        self.keep.forget(&name);
        (self.options.on_damage)(&Damage { name, path: path.to_owned(), change, cause });
    }
}

/// A path of the tree that is being answered.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target<'p> {
    pub path: &'p str,
    pub key: Key,
    pub mark: Mark,
}

impl Target<'_> {
    pub(crate) fn object_name(&self) -> String {
        object_name(self.key, self.mark.change())
    }
}

#[cfg(test)]
#[path = "site_tests.rs"]
mod tests;
