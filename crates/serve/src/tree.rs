//! The map of the tree: which change of each path holds, and how that is written down.
//!
//! - `pages/<ab>/<key>.<change>`: the objects. The first two digits of the key make 256 folders; a folder for each page
//!   would cost an inode and a block more a page.
//! - `log/<change / 256>/<change>-<checksum>`: what one change set, as JSON that a person can read. The checksum in the
//!   name keeps two jobs that print for the same change from overwriting each other; the folders let a node look at
//!   the newest changes without reading the names of all.
//! - `map/<change>`: snapshots, 24 bytes a path, so that a node starts without the log from the beginning.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

use serde::{Deserialize, Serialize};

use crate::frame::{self, Torn};
use crate::key::Key;
use crate::object::PrintFault;

const LOG_MAGIC: [u8; 4] = *b"HTl1";
const MAP_MAGIC: [u8; 4] = *b"HTm1";

/// Where log entries lie.
pub(crate) const LOG: &str = "log/";
/// Where snapshots lie.
pub(crate) const MAP: &str = "map/";
/// Where objects lie.
pub(crate) const PAGES: &str = "pages/";

/// The highest change number that the map can hold.
pub const HIGHEST_CHANGE: u64 = (1 << 48) - 1;

/// The unit of [`Entry::reach`], in bytes.
pub(crate) const REACH_UNIT: usize = 256;
const LONGEST_REACH: u16 = (1 << 10) - 1;

/// What lies under a path. At the same change, what stands lower in this list wins: a farewell beats a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A page, feed or asset.
    Page,
    /// The grant of a photo.
    Grant,
    /// A tombstone: nothing lies here any more, 404.
    Missing,
    /// A tombstone: it lies elsewhere.
    Redirect,
    /// A tombstone: withdrawn, 410, with the general page for that.
    Gone,
    /// A tombstone: withdrawn, 410, with a page of its own.
    Farewell,
}

impl Kind {
    const ALL: [Self; 6] =
        [Self::Page, Self::Grant, Self::Missing, Self::Redirect, Self::Gone, Self::Farewell];

    /// Whether it takes something away.
    #[must_use]
    pub fn is_tombstone(self) -> bool {
        self >= Self::Missing
    }

    /// Whether an object lies under its name.
    #[must_use]
    pub fn has_object(self) -> bool {
        !matches!(self, Self::Missing | Self::Gone)
    }
}

/// What the map holds of a path, in eight bytes: 48 bits of change, 4 of kind, 2 of codings, 10 of reach. The greater
/// mark wins: the higher change, then the tombstone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Mark(u64);

impl Mark {
    fn new(entry: &Entry) -> Result<Self, PrintFault> {
        if entry.change > HIGHEST_CHANGE {
            return Err(PrintFault::Change(entry.change));
        }
        let kind = (entry.kind as u64) << 12;
        let codings = u64::from(entry.codings & 3) << 10;
        Ok(Self(entry.change << 16 | kind | codings | u64::from(entry.reach.min(LONGEST_REACH))))
    }

    /// The mark as one number, for keeping it elsewhere.
    #[must_use]
    pub const fn to_bits(self) -> u64 {
        self.0
    }

    /// The mark of a number; None where no mark has that number.
    #[must_use]
    pub fn from_bits(bits: u64) -> Option<Self> {
        Kind::ALL.get((bits >> 12 & 0xf) as usize).map(|_| Self(bits))
    }

    /// The change that set the path.
    #[must_use]
    pub const fn change(self) -> u64 {
        self.0 >> 16
    }

    /// What lies there.
    #[must_use]
    pub fn kind(self) -> Kind {
        Kind::ALL.get((self.0 >> 12 & 0xf) as usize).copied().unwrap_or(Kind::Missing)
    }

    /// Bit 0: Brotli, bit 1: gzip.
    pub(crate) const fn codings(self) -> u8 {
        (self.0 >> 10 & 3) as u8
    }

    /// Bytes of the object up to the end of its first body, roughly; 0 where that is not known.
    pub(crate) const fn reach(self) -> usize {
        (self.0 & LONGEST_REACH as u64) as usize * REACH_UNIT
    }
}

/// One path as a change set it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The canonical path.
    pub path: String,
    /// The change.
    pub change: u64,
    /// What lies there from then on.
    pub kind: Kind,
    /// Bit 0: Brotli, bit 1: gzip.
    #[serde(default)]
    pub codings: u8,
    /// How far the first body reaches into the object, in units of 256 bytes, rounded up: what a miss reads. 0 where
    /// that is not known.
    #[serde(default)]
    pub reach: u16,
}

impl Entry {
    /// The mark for the map.
    ///
    /// # Errors
    /// [`PrintFault::Change`] for a change over [`HIGHEST_CHANGE`].
    pub fn mark(&self) -> Result<Mark, PrintFault> {
        Mark::new(self)
    }
}

/// Keys are hashes already.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct KeyHasher(u64);

impl Hasher for KeyHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for eight in bytes.chunks_exact(8) {
            self.0 ^= eight.first_chunk().map_or(0, |eight| u64::from_le_bytes(*eight));
        }
    }
}

/// Path key to mark, 25 bytes a path in memory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Map {
    marks: HashMap<Key, Mark, BuildHasherDefault<KeyHasher>>,
    highest: u64,
}

impl Map {
    /// Takes a mark if it beats what is known. Marks may come in any order and more than once. Gives the mark that was
    /// beaten.
    pub fn set(&mut self, key: Key, mark: Mark) -> Option<Mark> {
        self.highest = self.highest.max(mark.change());
        let known = self.marks.entry(key).or_insert(mark);
        (mark > *known).then(|| std::mem::replace(known, mark))
    }

    /// Takes what a change set; gives what was beaten. An entry whose change is out of range is left out; no writer
    /// makes one.
    pub fn set_all(&mut self, entries: &[Entry]) -> Vec<(Key, Mark)> {
        let marks = entries.iter().filter_map(|entry| Some((Key::of(&entry.path), entry.mark().ok()?)));
        marks.filter_map(|(key, mark)| Some((key, self.set(key, mark)?))).collect()
    }

    /// Takes everything that another map knows; gives what was beaten.
    pub fn merge(&mut self, other: &Self) -> Vec<(Key, Mark)> {
        self.marks.reserve(other.marks.len().saturating_sub(self.marks.len()));
        let marks = other.marks.iter();
        marks.filter_map(|(key, mark)| Some((*key, self.set(*key, *mark)?))).collect()
    }

    /// What is known of a path.
    #[must_use]
    pub fn get(&self, key: &Key) -> Option<Mark> {
        self.marks.get(key).copied()
    }

    /// Everything that is known, in no order.
    pub fn marks(&self) -> impl Iterator<Item = (Key, Mark)> {
        self.marks.iter().map(|(key, mark)| (*key, *mark))
    }

    /// How many paths are known, tombstones included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.marks.len()
    }

    /// Whether no path is known.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.marks.is_empty()
    }

    /// The highest change that was taken.
    #[must_use]
    pub const fn highest(&self) -> u64 {
        self.highest
    }

    /// The bytes of a snapshot, in the order of keys.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let mut marks: Vec<_> = self.marks.iter().collect();
        marks.sort_unstable();
        let mut body = Vec::with_capacity(marks.len() * 24);
        for (key, mark) in marks {
            body.extend_from_slice(key.as_bytes());
            body.extend_from_slice(&mark.0.to_le_bytes());
        }
        frame::wrap(MAP_MAGIC, &body, 0)
    }

    /// Reads a snapshot.
    ///
    /// # Errors
    /// [`Torn`] says how the bytes differ from what was written.
    pub fn decode(bytes: &[u8]) -> Result<Self, Torn> {
        let (body, rest) = frame::unwrap(MAP_MAGIC, bytes)?;
        let (marks, odd) = body.as_chunks::<24>();
        if !rest.is_empty() || !odd.is_empty() {
            return Err(Torn::Long);
        }
        let mut map = Self::default();
        map.marks.reserve(marks.len());
        for one in marks {
            let mut key = [0; 16];
            let mut bits = [0; 8];
            key.copy_from_slice(&one[..16]);
            bits.copy_from_slice(&one[16..]);
            map.set(Key::from_bytes(key), Mark::from_bits(u64::from_le_bytes(bits)).ok_or(Torn::Head)?);
        }
        Ok(map)
    }
}

/// The bytes of a log entry.
pub(crate) fn encode_log(entries: &[Entry]) -> Result<Vec<u8>, serde_json::Error> {
    Ok(frame::wrap(LOG_MAGIC, &serde_json::to_vec(entries)?, 0))
}

/// Reads a log entry.
pub(crate) fn decode_log(bytes: &[u8]) -> Result<Vec<Entry>, Torn> {
    let (json, rest) = frame::unwrap(LOG_MAGIC, bytes)?;
    if !rest.is_empty() {
        return Err(Torn::Long);
    }
    serde_json::from_slice(json).map_err(|_| Torn::Head)
}

/// The name of an object.
pub(crate) fn object_name(key: Key, change: u64) -> String {
    // Written digit by digit: this is on the way of every miss, and formatting costs more than the rest of it.
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = |byte: u8| [byte >> 4, byte & 15].map(|half| char::from(DIGITS[usize::from(half)]));
    let mut name = String::with_capacity(PAGES.len() + 56);
    name.push_str(PAGES);
    name.extend(digits(key.as_bytes()[0]));
    name.push('/');
    key.as_bytes().iter().for_each(|byte| name.extend(digits(*byte)));
    name.push('.');
    let mut unit = 10_000_000_000_000_000_000;
    while unit > 0 {
        name.push(char::from(DIGITS[(change / unit % 10) as usize]));
        unit /= 10;
    }
    name
}

/// The key and the change in the name of an object.
pub(crate) fn parse_object_name(name: &str) -> Option<(Key, u64)> {
    let (_, file) = name.strip_prefix(PAGES)?.split_once('/')?;
    let (key, change) = file.split_once('.')?;
    Some((Key::from_hex(key)?, change.parse().ok()?))
}

/// The change and the checksum of a log entry: what tells it from all others.
pub(crate) type LogId = (u64, u32);

/// The name of a log entry.
pub(crate) fn log_name((change, checksum): LogId) -> String {
    format!("{LOG}{:018}/{change:020}-{checksum:08x}", change >> 8)
}

/// The name before which all log entries of smaller changes lie.
pub(crate) fn log_name_before(change: u64) -> String {
    format!("{LOG}{:018}/{change:020}", change >> 8)
}

/// The change and the checksum in the name of a log entry.
pub(crate) fn parse_log_name(name: &str) -> Option<LogId> {
    let (_, file) = name.strip_prefix(LOG)?.split_once('/')?;
    let (change, checksum) = file.split_once('-')?;
    Some((change.parse().ok()?, u32::from_str_radix(checksum, 16).ok()?))
}

/// The name of a snapshot.
pub(crate) fn map_name(change: u64) -> String {
    format!("{MAP}{change:020}")
}

/// The folders of objects.
pub(crate) fn object_folders() -> impl Iterator<Item = String> {
    (0..=u8::MAX).map(|first| format!("{PAGES}{first:02x}/"))
}

#[cfg(test)]
#[path = "tree_tests.rs"]
mod tests;
