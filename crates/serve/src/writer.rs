//! The writing side of the tree: objects first, then the log entry that makes them known, now and then a snapshot.

use std::collections::HashSet;
use std::io;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use thiserror::Error;

use crate::frame::Torn;
use crate::grant::Grant;
use crate::keep::Keep;
use crate::key::{GONE_PAGE, Key, MISSING_PAGE, canonical};
use crate::object::{PrintFault, Printed};
use crate::tree::{self, Entry, Kind, LogId, Map};

/// Why something was not written to the tree.
#[derive(Debug, Error)]
pub enum WriteFault {
    /// It cannot be expressed in the tree.
    #[error(transparent)]
    Print(#[from] PrintFault),
    /// The store refused.
    #[error("the tree's store does not answer")]
    Store(#[from] io::Error),
    /// A log entry could not be expressed as JSON.
    #[error("a log entry cannot be written down")]
    Log(#[from] serde_json::Error),
}

/// What a path becomes when it is taken away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tombstone {
    /// 404 with the site's page for that.
    Missing,
    /// 410 with the site's page for that ([`GONE_PAGE`]).
    Gone,
    /// 410 with a page of its own.
    Farewell(Printed),
    /// Sent on; see [`Printed::redirect`].
    Redirect(Printed),
}

/// What was found when a tree was read from its store.
#[derive(Debug, Default)]
pub struct Reading {
    /// Everything that was read.
    pub map: Map,
    /// Names that are damaged, and how. Their paths must be printed again.
    pub torn: Vec<(String, Torn)>,
    /// What need not be read again.
    pub(crate) known: Known,
}

/// What of a tree was read before.
#[derive(Debug, Default, Clone)]
pub(crate) struct Known {
    logs: HashSet<LogId>,
    map: Option<String>,
    highest: u64,
    looks: u32,
}

/// How far behind the highest change a log entry is looked for each time. Changes are numbered when a print begins
/// and logged when it ends, so they come a little out of order.
const STRAGGLERS: u64 = 1024;

/// After so many short looks the whole log is looked through, for entries that came later still.
const SHORT_LOOKS: u32 = 64;

/// How much [`TreeWriter::prune`] took away.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Superseded objects.
    pub objects: u64,
    /// Log entries.
    pub logs: u64,
    /// Snapshots.
    pub maps: u64,
    /// Files that a writer began and did not finish.
    pub unfinished: u64,
}

/// Writes a tree. All calls block.
#[derive(Clone)]
pub struct TreeWriter {
    keep: Arc<dyn Keep>,
}

impl TreeWriter {
    /// A writer for the tree in `keep`.
    #[must_use]
    pub fn new(keep: Arc<dyn Keep>) -> Self {
        Self { keep }
    }

    /// Whether its objects lie on another machine, so that writing one takes its time.
    #[must_use]
    pub fn is_far(&self) -> bool {
        self.keep.is_far()
    }

    /// Writes the object of a page, feed or asset. Nobody sees it before the entry is handed to [`Self::log`] and to
    /// the sites.
    ///
    /// # Errors
    /// [`WriteFault::Print`] for a path or value that cannot stand in a tree, [`WriteFault::Store`].
    pub fn put(&self, path: &str, printed: &Printed, change: u64) -> Result<Entry, WriteFault> {
        self.write(path, Some(printed), change, Kind::Page)
    }

    /// Writes a grant under [`crate::grant_path`].
    ///
    /// # Errors
    /// As [`Self::put`].
    pub fn put_grant(&self, token: &str, grant: &Printed, change: u64) -> Result<Entry, WriteFault> {
        self.write(&crate::grant_path(token), Some(grant), change, Kind::Grant)
    }

    /// As [`Self::put`], of a page that is not compressed yet, over the object of the change `before`: one with the same
    /// body lends its compressed forms, and one with the same bytes gets a second name.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub fn put_over(
        &self,
        path: &str,
        printed: Printed,
        change: u64,
        before: Option<u64>,
    ) -> Result<Entry, WriteFault> {
        self.write_over(path, printed, (change, Kind::Page), before)
    }

    /// As [`Self::put_grant`], over the object of the change `before`.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub fn put_grant_over(
        &self,
        token: &str,
        grant: Printed,
        change: u64,
        before: Option<u64>,
    ) -> Result<Entry, WriteFault> {
        self.write_over(&crate::grant_path(token), grant, (change, Kind::Grant), before)
    }

    fn write_over(
        &self,
        path: &str,
        printed: Printed,
        (change, kind): (u64, Kind),
        before: Option<u64>,
    ) -> Result<Entry, WriteFault> {
        let before = before.map(|change| tree::object_name(Key::of(path), change));
        // What stands spares work and is not needed: a damaged disk must not keep a page from being replaced.
        let there = before.as_ref().and_then(|name| self.keep.get(name).ok().flatten());
        let standing = there.as_ref().and_then(|bytes| Printed::decode(bytes).ok());
        let standing = standing.as_ref().map(|(_, printed)| printed);
        let printed = if kind == Kind::Page { printed.pressed(standing) } else { printed };
        // What is torn does not decode, and is never given another name.
        let same = standing.is_some_and(|standing| *standing == printed);
        self.write_as(path, Some(&printed), (change, kind), before.filter(|_| same))
    }

    /// Takes a path away. A grant is taken away under its [`crate::grant_path`], and all its pictures with it.
    ///
    /// # Errors
    /// As [`Self::put`].
    pub fn tombstone(&self, path: &str, tombstone: &Tombstone, change: u64) -> Result<Entry, WriteFault> {
        match tombstone {
            Tombstone::Missing => self.write(path, None, change, Kind::Missing),
            Tombstone::Gone => self.write(path, None, change, Kind::Gone),
            Tombstone::Farewell(printed) => self.write(path, Some(printed), change, Kind::Farewell),
            Tombstone::Redirect(printed) => self.write(path, Some(printed), change, Kind::Redirect),
        }
    }

    fn write(
        &self,
        path: &str,
        printed: Option<&Printed>,
        change: u64,
        kind: Kind,
    ) -> Result<Entry, WriteFault> {
        self.write_as(path, printed, (change, kind), None)
    }

    /// `same` names an object with the same bytes.
    fn write_as(
        &self,
        path: &str,
        printed: Option<&Printed>,
        (change, kind): (u64, Kind),
        same: Option<String>,
    ) -> Result<Entry, WriteFault> {
        let reserved = [MISSING_PAGE, GONE_PAGE].contains(&path);
        if !reserved && canonical(path).as_deref() != Some(path) {
            return Err(PrintFault::Path(path.to_owned()).into());
        }
        let mut entry = Entry { path: path.to_owned(), change, kind, codings: 0, reach: 0 };
        entry.mark()?;
        if let Some(printed) = printed {
            let (bytes, reach) = printed.encode_with_reach(path)?;
            entry.codings = printed.codings();
            entry.reach = u16::try_from(reach.div_ceil(tree::REACH_UNIT)).unwrap_or(u16::MAX);
            let name = tree::object_name(Key::of(path), change);
            if !same.is_some_and(|same| self.keep.name_again(&same, &name)) {
                self.keep.put_new(&name, &bytes)?;
            }
        }
        Ok(entry)
    }

    /// Makes entries known to nodes that start or catch up later. One call for everything that a change printed, after
    /// all its objects are written; calling twice for one change is fine. It is durable when the call returns: a torn
    /// object is seen when it is read, but an entry that is lost would leave what was withdrawn where it was.
    ///
    /// # Errors
    /// [`WriteFault::Store`].
    pub fn log(&self, entries: &[Entry]) -> Result<(), WriteFault> {
        let Some(change) = entries.iter().map(|entry| entry.change).max() else { return Ok(()) };
        let bytes = tree::encode_log(entries)?;
        Ok(self.keep.put_durably(&tree::log_name((change, crc32fast::hash(&bytes))), &bytes)?)
    }

    /// Reads an object back, whole and checked, for instance to compare before printing again. `Ok(None)` where there
    /// is none.
    ///
    /// # Errors
    /// [`WriteFault::Store`].
    pub fn get(&self, path: &str, change: u64) -> Result<Option<Result<Printed, Torn>>, WriteFault> {
        Ok(self.object(Key::of(path), change)?.map(|read| read.map(|(_, printed)| printed)))
    }

    /// As [`Self::get`], for whoever goes through the map and has a key only: the path it was printed for, and the
    /// object.
    ///
    /// # Errors
    /// What the store says.
    pub fn object(&self, key: Key, change: u64) -> io::Result<Option<Result<(String, Printed), Torn>>> {
        let Some(bytes) = self.keep.get(&tree::object_name(key, change))? else { return Ok(None) };
        let read = Printed::decode(&bytes);
        Ok(Some(read.and_then(|read| if Key::of(&read.0) == key { Ok(read) } else { Err(Torn::Path) })))
    }

    /// Everything that the store knows: all snapshots' and log entries' marks together.
    ///
    /// # Errors
    /// What the store says.
    pub fn read(&self) -> io::Result<Reading> {
        read(&*self.keep, &Known::default())
    }

    /// Writes a snapshot of everything that the store and `map` know. Returns the change it stands for.
    ///
    /// # Errors
    /// [`WriteFault::Store`].
    pub fn snapshot(&self, map: &Map) -> Result<u64, WriteFault> {
        let mut all = self.read()?.map;
        all.merge(map);
        let (name, bytes) = (tree::map_name(all.highest()), all.encode());
        // Written again, an idle tree's snapshot would never grow old enough to prune by.
        if self.keep.get(&name)?.is_none_or(|there| there != bytes) {
            self.keep.put(&name, &bytes)?;
        }
        Ok(all.highest())
    }

    /// Takes away what every node has left behind: judged by the newest snapshot that is at least `grace` old at `now`,
    /// so nodes must catch up more often than that. Goes: objects that this snapshot supersedes, log entries that it
    /// holds, older snapshots. A log entry that came late and is not in the snapshot stays.
    ///
    /// # Errors
    /// What the store says; what was taken away until then stays away.
    pub fn prune(&self, now: SystemTime, grace: Duration) -> io::Result<Pruned> {
        let unfinished = now.checked_sub(grace).map_or(Ok(0), |before| self.keep.sweep(before))?;
        let mut pruned = Pruned { unfinished, ..Pruned::default() };
        let maps = self.keep.list(tree::MAP)?;
        let old = |written| now.duration_since(written).is_ok_and(|age| age >= grace);
        let mut settled = None;
        for listed in maps.iter().rev().filter(|listed| old(listed.written)) {
            let read = self.keep.get(&listed.name)?.and_then(|bytes| Map::decode(&bytes).ok());
            if let Some(map) = read {
                settled = Some((listed, map));
                break;
            }
        }
        let Some((settled, map)) = settled else { return Ok(pruned) };
        for folder in tree::object_folders() {
            for name in self.keep.names_after(&folder, &folder)? {
                let Some((key, change)) = tree::parse_object_name(&name) else { continue };
                if map.get(&key).is_some_and(|mark| change < mark.change()) {
                    self.keep.delete(&name)?;
                    pruned.objects += 1;
                }
            }
        }
        for listed in self.keep.list(tree::LOG)?.into_iter().filter(|listed| old(listed.written)) {
            if self.keep.get(&listed.name)?.is_some_and(|bytes| holds(&map, &bytes)) {
                self.keep.delete(&listed.name)?;
                pruned.logs += 1;
            }
        }
        for listed in maps.iter().filter(|listed| listed.name < settled.name) {
            self.keep.delete(&listed.name)?;
            pruned.maps += 1;
        }
        Ok(pruned)
    }
}

/// Whether a map knows all that a log entry says, or better. A torn one says nothing; every node that read it has
/// reported it.
fn holds(map: &Map, log: &[u8]) -> bool {
    let held = |entry: &Entry| entry.mark().is_ok_and(|mark| map.get(&Key::of(&entry.path)) >= Some(mark));
    tree::decode_log(log).map_or(true, |entries| entries.iter().all(held))
}

/// The grant in an object.
pub(crate) fn grant_in(keep: &dyn Keep, name: &str) -> io::Result<Grant> {
    let bytes = keep.get(name)?.ok_or(io::ErrorKind::NotFound)?;
    let (_, printed) = Printed::decode(&bytes).map_err(io::Error::other)?;
    serde_json::from_slice(&printed.plain).map_err(io::Error::other)
}

/// Reads the log entries and the newest whole snapshot, except what is known. The log is listed before the snapshots:
/// what is pruned from the log in between is in a snapshot that is listed after.
pub(crate) fn read(keep: &dyn Keep, known: &Known) -> io::Result<Reading> {
    let mut reading = Reading::default();
    let whole = known.looks.is_multiple_of(SHORT_LOOKS);
    let from = if whole { 0 } else { known.highest.saturating_sub(STRAGGLERS) };
    reading.known.looks = known.looks.wrapping_add(1);
    if !whole {
        // After a long look only what is still there is remembered.
        reading.known.logs.clone_from(&known.logs);
    }
    for name in keep.names_after(tree::LOG, &tree::log_name_before(from))? {
        let Some(id) = tree::parse_log_name(&name) else { continue };
        reading.known.logs.insert(id);
        if known.logs.contains(&id) {
            continue;
        }
        let Some(bytes) = keep.get(&name)? else { continue };
        match tree::decode_log(&bytes) {
            Ok(entries) => drop(reading.map.set_all(&entries)),
            Err(torn) => reading.torn.push((name, torn)),
        }
    }
    read_snapshot(keep, known, &mut reading)?;
    reading.known.highest = known.highest.max(reading.map.highest());
    Ok(reading)
}

fn read_snapshot(keep: &dyn Keep, known: &Known, reading: &mut Reading) -> io::Result<()> {
    reading.known.map.clone_from(&known.map);
    let after = known.map.as_deref().unwrap_or(tree::MAP);
    for name in keep.names_after(tree::MAP, after)?.into_iter().rev() {
        let Some(bytes) = keep.get(&name)? else { continue };
        match Map::decode(&bytes) {
            Ok(map) => {
                reading.map.merge(&map);
                reading.known.map = Some(name);
                break;
            }
            Err(torn) => reading.torn.push((name, torn)),
        }
    }
    Ok(())
}

#[cfg(test)]
#[path = "writer_tests.rs"]
mod tests;
