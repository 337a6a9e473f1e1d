//! The published site as plain files for any static host: read from the printed tree and the public pictures alone, so
//! it works while the records are away.
//!
//! Pictures come before the pages that show them, and what is no longer published goes last, so that a reader of the
//! folder finds no page whose pictures are still to come. Tombstones leave nothing: static hosts have no 410.

use std::io;
use std::path::{Path, PathBuf};

use serve::{Blobs, Key, Kind, Map, Mark, Torn, TreeWriter};

use crate::pages::{self, Site};

mod folder;
mod links;
mod list;
mod place;
mod sheet;

use folder::{Folder, Put};
use list::{Entries, Entry, Kept};
use sheet::{Content, Sheet, sheet};

/// Why nothing was exported, or not all.
#[derive(Debug, thiserror::Error)]
pub enum ExportFault {
    /// Nothing was ever printed.
    #[error("nothing was published from the data folder {}; name the right one with --data", .0.display())]
    NothingPublished(PathBuf),
    /// The target is a file.
    #[error("{} is not a folder; name one that is empty, or that an export wrote", .0.display())]
    NoFolder(PathBuf),
    /// The target and the data folder lie in each other.
    #[error("{} and the data folder lie in each other; export to a folder apart from it", .0.display())]
    DataFolder(PathBuf),
    /// The target holds something else.
    #[error("{} is not empty and no export wrote it; name a new or an empty folder", .0.display())]
    NotOurs(PathBuf),
    /// Another process exports to the same folder.
    #[error("another export is writing to {}; wait for its end", .0.display())]
    Busy(PathBuf),
    /// The list of what exports wrote is damaged.
    #[error("{} cannot be read, so nobody knows what exports wrote; export to a new folder", .0.display())]
    Unreadable(PathBuf),
    /// The tree's own log is damaged: what was withdrawn may be missing from it.
    #[error("the printed tree is damaged ({name}: {torn}), and nothing was exported: halftone reprint --all")]
    Tree {
        /// What is damaged.
        name: String,
        /// How.
        torn: Torn,
    },
    /// The system.
    #[error("{} cannot be used", .place.display())]
    System {
        /// What.
        place: PathBuf,
        /// Why.
        #[source]
        source: io::Error,
    },
    /// A page could not be made.
    #[error(transparent)]
    Page(#[from] pages::PrintError),
}

impl ExportFault {
    /// A fault at a place, as the system tells it.
    pub fn at(place: &Path, source: io::Error) -> Self {
        Self::System { place: place.to_path_buf(), source }
    }

    /// Whether another folder would have been right.
    #[must_use]
    pub fn is_wrong_use(&self) -> bool {
        matches!(self, Self::NothingPublished(_) | Self::NoFolder(_) | Self::DataFolder(_) | Self::NotOurs(_))
    }
}

/// What could not be exported while the rest could.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trouble {
    /// Something that no export wrote lies at this place.
    InTheWay(String),
    /// The system takes no file of this name.
    Name(String),
    /// A page (its path or, where that is not known, its key) or a picture is damaged or lost.
    Damaged(String),
}

/// What an export did, in files.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// New or changed.
    pub written: u64,
    /// As they were.
    pub same: u64,
    /// No longer published.
    pub removed: u64,
    /// Whether all was looked at; the next export goes on where this one was stopped.
    pub whole: bool,
}

/// What is exported.
pub struct Source<'a> {
    /// The data folder; public pictures lie there under the keys that grants name.
    pub data: &'a Path,
    /// The pictures, where they lie on another machine.
    pub afar: Option<&'a dyn Blobs>,
    /// The printed tree of that folder.
    pub tree: &'a TreeWriter,
    /// The site, for pages of redirects.
    pub site: &'a Site,
}

/// Told while an export runs.
pub trait Watch {
    /// It begins, with so many things to look at.
    fn begins(&mut self, total: usize);
    /// One of them is done.
    fn one_more(&mut self);
    /// Something could not be exported.
    fn trouble(&mut self, trouble: Trouble);
    /// Whether to stop here; the next export goes on.
    fn stopped(&self) -> bool;
}

/// Exports the published site to a folder. Blocks.
///
/// # Errors
/// [`ExportFault`]; what was written until then is whole, and the next export goes on.
pub fn export(source: &Source<'_>, to: &Path, watch: &mut impl Watch) -> Result<Counts, ExportFault> {
    let reading = source.tree.read().map_err(|error| ExportFault::at(source.data, error))?;
    if let Some((name, torn)) = reading.torn.into_iter().next() {
        return Err(ExportFault::Tree { name, torn });
    }
    if reading.map.is_empty() {
        return Err(ExportFault::NothingPublished(source.data.to_path_buf()));
    }
    let (folder, before) = Folder::open(to, source.data, &source.site.url)?;
    let (map, counts) = (&reading.map, Counts::default());
    Run { source, map, folder, to, before, after: Entries::new(), counts, watch }.all()
}

/// One export.
struct Run<'a, W> {
    source: &'a Source<'a>,
    map: &'a Map,
    folder: Folder,
    to: &'a Path,
    before: Entries,
    after: Entries,
    counts: Counts,
    watch: &'a mut W,
}

impl<W: Watch> Run<'_, W> {
    fn all(mut self) -> Result<Counts, ExportFault> {
        let mut marks: Vec<(u8, Key, Mark)> =
            self.map.marks().filter_map(|(key, mark)| Some((turn(mark.kind())?, key, mark))).collect();
        marks.sort_unstable();
        self.watch.begins(marks.len());
        for (_, key, mark) in marks {
            if self.watch.stopped() {
                // The list stays as it was, and so does what was noted of this export: the next one goes on.
                return Ok(self.counts);
            }
            self.one(key, mark)?;
            self.watch.one_more();
        }
        for entry in std::mem::take(&mut self.before).into_values() {
            self.remove(entry.files().iter().map(|file| file.0.as_str()))?;
        }
        let left_over = self.folder.left_over(&self.after);
        self.remove(left_over.iter().map(String::as_str))?;
        let finished = self.folder.finish(&self.source.site.url, &self.after);
        finished.map_err(|error| ExportFault::at(self.to, error))?;
        Ok(Counts { whole: true, ..self.counts })
    }

    fn one(&mut self, key: Key, mark: Mark) -> Result<(), ExportFault> {
        let before = self.before.remove(&key).unwrap_or_default();
        let lay_there = before.files();
        // Whether a redirect has a page depends on what it leads to.
        let unchanged = mark.kind() != Kind::Redirect && before.change == mark.change();
        if unchanged && lay_there.iter().all(|file| self.folder.holds(file)) {
            self.counts.same += lay_there.len() as u64;
            self.after.insert(key, before);
            return Ok(());
        }
        let files = match sheet(self.source, self.map, key, mark)? {
            Sheet::Files(files) => files,
            Sheet::Nothing => Vec::new(),
            Sheet::Damaged => {
                let name = lay_there.first().map_or_else(|| key.to_string(), |file| file.0.clone());
                self.watch.trouble(Trouble::Damaged(name));
                if !lay_there.is_empty() {
                    self.after.insert(key, Entry::of(0, &lay_there));
                }
                return Ok(());
            }
        };
        let (mut change, mut lie_there) = (mark.change(), Vec::with_capacity(files.len()));
        for (file, content) in files {
            let known = lay_there.iter().find(|known| known.0 == file.0);
            if self.put(&file, &content, known)? {
                lie_there.push(file);
            } else {
                change = 0;
            }
        }
        let stale = lay_there.iter().filter(|old| lie_there.iter().all(|new: &Kept| new.0 != old.0));
        self.remove(stale.map(|file| file.0.as_str()))?;
        if !lie_there.is_empty() {
            self.after.insert(key, Entry::of(change, &lie_there));
        }
        Ok(())
    }

    /// Whether the file lies there now.
    fn put(&mut self, file: &Kept, content: &Content, known: Option<&Kept>) -> Result<bool, ExportFault> {
        let put = match content {
            Content::Bytes(bytes) => self.folder.put(file, bytes, known),
            Content::Picture(key) => match self.source.afar {
                Some(pictures) => self.folder.put_read(file, known, || pictures.read(key, 0, usize::MAX)),
                None => self.folder.put_picture(file, &self.source.data.join(key), known),
            },
        };
        let trouble = match put {
            Ok(Put::Written) => {
                self.counts.written += 1;
                return Ok(true);
            }
            Ok(Put::Same) => {
                self.counts.same += 1;
                return Ok(true);
            }
            Ok(Put::InTheWay) => Trouble::InTheWay(file.0.clone()),
            Ok(Put::NoSuchPicture) => Trouble::Damaged(file.0.clone()),
            Err(error) if error.kind() == io::ErrorKind::InvalidFilename => Trouble::Name(file.0.clone()),
            Err(error) => return Err(ExportFault::at(&self.to.join(&file.0), error)),
        };
        self.watch.trouble(trouble);
        Ok(false)
    }

    fn remove<'p>(&mut self, places: impl Iterator<Item = &'p str>) -> Result<(), ExportFault> {
        for place in places {
            let removed = self.folder.remove(place);
            self.counts.removed +=
                u64::from(removed.map_err(|error| ExportFault::at(&self.to.join(place), error))?);
        }
        Ok(())
    }
}

/// When something has its turn: pictures, pages, redirects; `None` for what readers cannot fetch.
fn turn(kind: Kind) -> Option<u8> {
    match kind {
        Kind::Grant => Some(0),
        Kind::Page => Some(1),
        Kind::Redirect => Some(2),
        Kind::Missing | Kind::Gone | Kind::Farewell => None,
    }
}
