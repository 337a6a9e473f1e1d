//! The reading side of the tree: the map in memory, and a cache of bounded size for what readers ask for.

use std::fmt;
use std::io;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use bytes::Bytes;
use quick_cache::Weighter;
use quick_cache::sync::{Cache, GuardResult};
use thiserror::Error;

use crate::face::{Face, Granted};
use crate::frame::{PREFIX, Torn, head_length, unwrap};
use crate::grant::Rendition;
use crate::head::Head;
use crate::keep::{Blobs, Keep};
use crate::key::Key;
use crate::meters::Meters;
use crate::negotiate::Coding;
use crate::object::MAGIC;
use crate::policy::Network;
use crate::tree::{Entry, Map, Mark, object_name};
use crate::writer::{self, Known};

/// How much is read of an object whose mark does not say how far its first body reaches.
const FIRST_READ: usize = 16 * 1024;

/// How much may be held in memory along with a body without being used, before the body is copied out.
const SLACK: usize = 4 * 1024;

/// What a site holds in memory and where its damage is told.
pub struct SiteOptions {
    /// Bytes of objects and pictures held in memory.
    pub cache_bytes: u64,
    /// Pictures up to this many bytes are held in memory, larger ones are read for each reader.
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

/// What is held in the cache.
#[derive(Debug, Clone)]
enum Held {
    Face(Arc<Face>),
    Granted(Arc<Granted>),
}

/// A place in the cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Place {
    key: Key,
    change: u64,
    slot: Slot,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Slot {
    Face(Coding),
    Granted,
    /// The number of the rendition in its grant.
    Picture(usize),
}

#[derive(Debug, Clone, Copy)]
struct ByBytes;

impl Weighter<Place, Held> for ByBytes {
    fn weight(&self, _: &Place, held: &Held) -> u64 {
        match held {
            Held::Face(face) => face.weight(),
            Held::Granted(granted) => granted.weight(),
        }
    }
}

/// A published tree as readers see it. Cheap to share; all methods take `&self`.
pub struct Site {
    map: RwLock<Map>,
    cache: Cache<Place, Held, ByBytes>,
    keep: Arc<dyn Keep>,
    pub(crate) blobs: Arc<dyn Blobs>,
    known: Mutex<Known>,
    pub(crate) options: SiteOptions,
    meters: Arc<Meters>,
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
        let places = usize::try_from(options.cache_bytes / (12 * 1024)).unwrap_or(usize::MAX).max(64);
        let site = Self {
            map: RwLock::default(),
            cache: Cache::with_weighter(places, options.cache_bytes, ByBytes),
            keep,
            blobs,
            known: Mutex::default(),
            options,
            meters: Arc::default(),
        };
        site.catch_up()?;
        Ok(site)
    }

    /// Takes what a change set. Entries may come in any order, late, and more than once; the highest change of a path
    /// wins, and at the same change a tombstone.
    pub fn apply(&self, entries: &[Entry]) {
        self.map.write().unwrap_or_else(PoisonError::into_inner).set_all(entries);
    }

    /// Takes what the store's log and snapshots say and this site has not read yet; returns the highest change that
    /// is known now. For nodes whose database is away or that have none. Blocks.
    ///
    /// # Errors
    /// What the store says.
    pub fn catch_up(&self) -> io::Result<u64> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let reading = writer::read(&*self.keep, &known)?;
        self.map.write().unwrap_or_else(PoisonError::into_inner).merge(&reading.map);
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

    pub(crate) fn mark_of(&self, key: &Key) -> Option<Mark> {
        self.map.read().unwrap_or_else(PoisonError::into_inner).get(key)
    }

    /// The object of a path in a coding that its mark names.
    pub(crate) async fn face(&self, asked: &Target<'_>, coding: Coding) -> Result<Arc<Face>, Cause> {
        let place = Place { key: asked.key, change: asked.mark.change(), slot: Slot::Face(coding) };
        if let Some(Held::Face(face)) = self.hit(&place) {
            return Ok(face);
        }
        let (network, mark, path) = (self.options.network, asked.mark, asked.path.to_owned());
        let load = move |keep: &dyn Keep| {
            read_object(keep, &Target { path: &path, key: place.key, mark }, coding, |head, body| {
                Ok(Held::Face(Arc::new(Face::page(&head, coding, body, network)?)))
            })
        };
        match self.held(place, load).await? {
            Held::Face(face) => Ok(face),
            Held::Granted(_) => Err(Torn::Head.into()),
        }
    }

    /// The grant under a path.
    pub(crate) async fn granted(&self, asked: &Target<'_>) -> Result<Arc<Granted>, Cause> {
        let place = Place { key: asked.key, change: asked.mark.change(), slot: Slot::Granted };
        if let Some(Held::Granted(granted)) = self.hit(&place) {
            return Ok(granted);
        }
        let (mark, path) = (asked.mark, asked.path.to_owned());
        let load = move |keep: &dyn Keep| {
            read_object(
                keep,
                &Target { path: &path, key: place.key, mark },
                Coding::Identity,
                |head, body| {
                    let grant = serde_json::from_slice(&body).map_err(|_| Torn::Body)?;
                    Ok(Held::Granted(Arc::new(Granted {
                        grant,
                        keys: head.keys.into_iter().map(str::to_owned).collect(),
                    })))
                },
            )
        };
        match self.held(place, load).await? {
            Held::Granted(granted) => Ok(granted),
            Held::Face(_) => Err(Torn::Head.into()),
        }
    }

    /// The picture with number `number` in its grant; its body is there only where it is small enough to be held.
    pub(crate) async fn picture(
        &self,
        asked: &Target<'_>,
        granted: &Granted,
        number: usize,
        rendition: &Rendition,
    ) -> Result<Arc<Face>, Cause> {
        let place = Place { key: asked.key, change: asked.mark.change(), slot: Slot::Picture(number) };
        if let Some(Held::Face(face)) = self.hit(&place) {
            return Ok(face);
        }
        self.meters.misses.add(1);
        let body = if rendition.bytes <= self.options.largest_picture {
            Some(self.blob(rendition).await?)
        } else {
            None
        };
        let face = Arc::new(Face::picture(granted, rendition, body, self.options.network)?);
        self.cache.insert(place, Held::Face(face.clone()));
        Ok(face)
    }

    async fn blob(&self, rendition: &Rendition) -> Result<Bytes, Cause> {
        let length = usize::try_from(rendition.bytes).map_err(|_| Torn::Head)?;
        // One byte more than it should have tells a longer file from the right one.
        let read = if self.blobs.quick() {
            self.blobs.read(&rendition.blob, 0, length + 1)?
        } else {
            let (blobs, key) = (self.blobs.clone(), rendition.blob.clone());
            let reading = tokio::task::spawn_blocking(move || blobs.read(&key, 0, length + 1));
            reading.await.map_err(io::Error::other)??
        };
        let bytes = read.ok_or(Cause::Lost)?;
        match bytes.len() {
            found if found < length => Err(Torn::Short.into()),
            found if found > length => Err(Torn::Long.into()),
            _ => Ok(bytes),
        }
    }

    fn hit(&self, place: &Place) -> Option<Held> {
        let held = self.cache.get(place)?;
        self.meters.hits.add(1);
        Some(held)
    }

    /// Loaded by one reader while the others wait for it.
    async fn held(
        &self,
        place: Place,
        load: impl FnOnce(&dyn Keep) -> Result<Held, Cause> + Send + 'static,
    ) -> Result<Held, Cause> {
        if self.keep.quick() {
            return match self.cache.get_value_or_guard(&place, None) {
                GuardResult::Value(held) => {
                    self.meters.hits.add(1);
                    Ok(held)
                }
                GuardResult::Guard(guard) => {
                    self.meters.misses.add(1);
                    let held = load(&*self.keep)?;
                    // Refused only where the mark was superseded and the place cleared meanwhile.
                    let _ = guard.insert(held.clone());
                    Ok(held)
                }
                GuardResult::Timeout => Err(io::Error::from(io::ErrorKind::TimedOut).into()),
            };
        }
        match self.cache.get_value_or_guard_async(&place).await {
            Ok(held) => {
                self.meters.hits.add(1);
                Ok(held)
            }
            Err(guard) => {
                self.meters.misses.add(1);
                let keep = self.keep.clone();
                let loading = tokio::task::spawn_blocking(move || load(&*keep));
                let held = loading.await.map_err(io::Error::other)??;
                let _ = guard.insert(held.clone());
                Ok(held)
            }
        }
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

/// Reads one body of an object and hands it on with the head: one read for the first body, two for another.
fn read_object(
    keep: &dyn Keep,
    target: &Target<'_>,
    coding: Coding,
    make: impl FnOnce(Head<'_>, Bytes) -> Result<Held, Torn>,
) -> Result<Held, Cause> {
    let name = target.object_name();
    let first = if target.mark.reach() > 0 { target.mark.reach() } else { FIRST_READ };
    let mut begin = keep.read(&name, 0, first)?.ok_or(Cause::Lost)?;
    let bodies = PREFIX + head_length(MAGIC, &begin)?;
    if bodies > begin.len() && begin.len() == first {
        begin = keep.read(&name, 0, bodies)?.ok_or(Cause::Lost)?;
    }
    let (head, rest) = unwrap(MAGIC, &begin)?;
    let head = Head::parse(head)?;
    if head.path != target.path {
        return Err(Torn::Path.into());
    }
    let (offset, part) = head.place(coding).ok_or(Torn::Head)?;
    let length = part.length as usize;
    let body = if rest.len() < offset + length {
        keep.read(&name, (bodies + offset) as u64, length)?.ok_or(Cause::Lost)?
    } else if begin.len() - length > SLACK {
        Bytes::copy_from_slice(&rest[offset..offset + length])
    } else {
        begin.slice(bodies + offset..bodies + offset + length)
    };
    part.check(&body)?;
    Ok(make(head, body)?)
}

#[cfg(test)]
#[path = "site_tests.rs"]
mod tests;
