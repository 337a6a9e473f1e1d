//! What a site holds in memory: faces and grants, by weight.

use std::sync::Arc;

use quick_cache::Weighter;
use quick_cache::sync::Cache;

use crate::face::{FACE_WEIGHT, Face, Granted, Store};
use crate::key::Key;
use crate::negotiate::Coding;

/// What is held.
#[derive(Debug, Clone)]
pub(crate) enum Held {
    Face(Arc<Face>),
    Granted(Arc<Granted>),
}

/// A place in the cache. A new change of a path has a new place, so nothing is ever out of date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Place {
    pub key: Key,
    pub change: u64,
    pub slot: Slot,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Slot {
    Face(Coding),
    Granted,
    /// The number of the rendition in its grant.
    Picture(usize),
}

/// Weighs by bytes. A face whose body is in a file weighs so much that no more files are open than may be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scales {
    file: u64,
}

impl Weighter<Place, Held> for Scales {
    fn weight(&self, _: &Place, held: &Held) -> u64 {
        match held {
            Held::Face(face) if matches!(face.body, Store::File(..)) => self.file,
            Held::Face(face) => face.weight(),
            Held::Granted(granted) => granted.weight(),
        }
    }
}

pub(crate) type Memory = Cache<Place, Held, Scales>;

/// A cache of `bytes`, with at most `files` files open.
pub(crate) fn memory(bytes: u64, files: u64) -> Memory {
    let places = usize::try_from(bytes / (8 * 1024)).unwrap_or(usize::MAX).max(64);
    let file = (bytes / files.max(1)).max(FACE_WEIGHT);
    Cache::with_weighter(places, bytes, Scales { file })
}

/// How many files the process may have open, or `wanted` if that is less; half of them are left to connections.
pub(crate) fn files_allowed(wanted: u64) -> u64 {
    let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile);
    limit.current.map_or(wanted, |limit| wanted.min(limit / 2))
}

/// Lets go of all that is held for one change of a path.
pub(crate) fn forget(memory: &Memory, key: Key, change: u64) {
    let place = |slot| Place { key, change, slot };
    for coding in [Coding::Brotli, Coding::Gzip, Coding::Identity] {
        memory.remove(&place(Slot::Face(coding)));
    }
    if let Some((_, Held::Granted(granted))) = memory.remove(&place(Slot::Granted)) {
        for number in 0..granted.grant.renditions.len() {
            memory.remove(&place(Slot::Picture(number)));
        }
    }
}
