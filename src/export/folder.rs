//! The folder of an export: what lies there of ours, and how something is written there, whole or not at all.

use std::collections::HashSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use bytes::Bytes;

use super::ExportFault;
use super::list::{self, Entries, Entry, Kept, LIST, NOTED, PART};

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Put {
    /// It was written.
    Written,
    /// It lay there already.
    Same,
    /// Something lies there that no export wrote; it stays.
    InTheWay,
    /// The picture is not there, or not as long as it should be.
    NoSuchPicture,
}

/// A folder that nobody else exports into while this lives.
pub(super) struct Folder {
    root: PathBuf,
    /// Holds the lock.
    _own: File,
    noted: File,
    /// Places where ours may lie in whatever state.
    unsure: HashSet<String>,
}

impl Folder {
    /// Opens the folder, which is made where it is not there, and gives what exports wrote before.
    ///
    /// # Errors
    /// [`ExportFault`] says why nothing can be exported to there.
    pub fn open(root: &Path, data: &Path, site: &str) -> Result<(Self, Entries), ExportFault> {
        apart(root, data)?;
        fs::create_dir_all(root).map_err(|source| ExportFault::at(root, source))?;
        apart(root, data)?;
        let at = |source| ExportFault::at(root, source);
        let own = File::open(root).map_err(at)?;
        own.try_lock().map_err(|_| ExportFault::Busy(root.to_path_buf()))?;
        let entries = match list::read(root, site) {
            Ok(Some(entries)) => entries,
            Ok(None) if is_empty(root).map_err(at)? => {
                // From here on the folder is ours, also when this export is cut short.
                list::write(root, site, std::iter::empty()).map_err(at)?;
                Entries::new()
            }
            Ok(None) => return Err(ExportFault::NotOurs(root.to_path_buf())),
            Err(error)
                if matches!(error.kind(), io::ErrorKind::InvalidData | io::ErrorKind::UnexpectedEof) =>
            {
                return Err(ExportFault::Unreadable(root.join(LIST)));
            }
            Err(error) => return Err(at(error)),
        };
        let unsure = list::noted(root).map_err(at)?;
        let mut noted = OpenOptions::new().append(true).create(true).open(root.join(NOTED)).map_err(at)?;
        // Behind a line that was cut, the next one begins anew.
        noted.write_all(b"\n").map_err(at)?;
        Ok((Self { root: root.to_path_buf(), _own: own, noted, unsure }, entries))
    }

    /// Whether a file lies there as the list says.
    pub fn holds(&self, file: &Kept) -> bool {
        let about = fs::symlink_metadata(self.root.join(&file.0));
        !self.unsure.contains(&file.0) && about.is_ok_and(|about| about.is_file() && about.len() == file.1)
    }

    /// Writes a file, unless it lies there; `before` is what the list says of it.
    ///
    /// # Errors
    /// What the system says.
    pub fn put(&mut self, file: &Kept, bytes: &[u8], before: Option<&Kept>) -> io::Result<Put> {
        let lies_there = before == Some(file) && self.holds(file);
        // After an export that was cut short only the bytes tell.
        let noted = self.unsure.contains(&file.0);
        if lies_there || (noted && fs::read(self.root.join(&file.0)).is_ok_and(|there| there == bytes)) {
            return Ok(Put::Same);
        }
        self.place(file, before, |part| {
            let mut out = File::create(part)?;
            out.write_all(bytes)
        })
    }

    /// Puts a picture there, unless it lies there: as another name of the same file where the system has that, else
    /// as a copy. Blobs are never written again in place, so a name is as good as a copy.
    ///
    /// # Errors
    /// What the system says.
    pub fn put_picture(&mut self, file: &Kept, from: &Path, before: Option<&Kept>) -> io::Result<Put> {
        if before == Some(file) && self.holds(file) {
            return Ok(Put::Same);
        }
        if fs::metadata(from).map(|about| about.len()).ok() != Some(file.1) {
            return Ok(Put::NoSuchPicture);
        }
        self.place(file, before, |part| match fs::hard_link(from, part) {
            Ok(()) => Ok(()),
            Err(_) => fs::copy(from, part).map(drop),
        })
    }

    /// Puts a picture there that `read` brings from elsewhere, unless it lies there.
    ///
    /// # Errors
    /// What the system or `read` says.
    pub fn put_read(
        &mut self,
        file: &Kept,
        before: Option<&Kept>,
        read: impl FnOnce() -> io::Result<Option<Bytes>>,
    ) -> io::Result<Put> {
        if before == Some(file) && self.holds(file) {
            return Ok(Put::Same);
        }
        match read()? {
            Some(bytes) if bytes.len() as u64 == file.1 => self.put(file, &bytes, before),
            _ => Ok(Put::NoSuchPicture),
        }
    }

    fn place(
        &mut self,
        file: &Kept,
        before: Option<&Kept>,
        make: impl FnOnce(&Path) -> io::Result<()>,
    ) -> io::Result<Put> {
        let (to, part) = (self.root.join(&file.0), self.root.join(PART));
        let ours = before.is_some() || self.unsure.contains(&file.0);
        let about = fs::symlink_metadata(&to);
        if about.is_ok_and(|about| !ours || !about.is_file()) {
            return Ok(Put::InTheWay);
        }
        remove(&part)?;
        make(&part)?;
        // Before its folders are made too: an export that is killed here leaves none that nobody knows of.
        self.note(&file.0)?;
        let folder = to.parent().unwrap_or(&self.root);
        match fs::create_dir_all(folder) {
            Err(error)
                if matches!(error.kind(), io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists) =>
            {
                return Ok(Put::InTheWay);
            }
            made => made?,
        }
        fs::rename(&part, &to)?;
        // Two names of one file are left as they are.
        remove(&part)?;
        Ok(Put::Written)
    }

    fn note(&mut self, place: &str) -> io::Result<()> {
        let mut line = serde_json::to_string(place)?;
        line.push('\n');
        self.noted.write_all(line.as_bytes())
    }

    /// Removes a file of ours, and the folders that are empty without it; says whether it was there. An export that was
    /// killed may have made the folders alone.
    ///
    /// # Errors
    /// What the system says.
    pub fn remove(&self, place: &str) -> io::Result<bool> {
        let file = self.root.join(place);
        let was_there = fs::symlink_metadata(&file).is_ok_and(|about| about.is_file());
        if was_there {
            fs::remove_file(&file)?;
        }
        for folder in file.ancestors().skip(1).take_while(|folder| *folder != self.root) {
            match fs::remove_dir(folder) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                // One that still holds something is not removed.
                Err(_) => break,
                Ok(()) => {}
            }
        }
        Ok(was_there)
    }

    /// The places of an export that was cut short which are not in `entries`.
    pub fn left_over(&self, entries: &Entries) -> HashSet<String> {
        let mut left = self.unsure.clone();
        if !left.is_empty() {
            for file in entries.values().flat_map(Entry::files) {
                left.remove(&file.0);
            }
        }
        left
    }

    /// Writes the list, after everything that it names is durable.
    ///
    /// # Errors
    /// What the system says.
    pub fn finish(self, site: &str, entries: &Entries) -> io::Result<()> {
        rustix::fs::syncfs(&self._own)?;
        let mut sorted: Vec<_> = entries.iter().collect();
        sorted.sort_unstable_by_key(|(key, _)| **key);
        list::write(&self.root, site, sorted.into_iter())?;
        remove(&self.root.join(PART))?;
        remove(&self.root.join(NOTED))
    }
}

/// Removes a file; one that is not there is no fault.
fn remove(file: &Path) -> io::Result<()> {
    match fs::remove_file(file) {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            Ok(())
        }
        removed => removed,
    }
}

/// Whether nothing but what an export began lies in a folder.
fn is_empty(folder: &Path) -> io::Result<bool> {
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name();
        if ![LIST, NOTED, PART].iter().any(|own| name.as_os_str() == *own) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Refuses a folder that is none, lies in the data folder or holds it.
fn apart(root: &Path, data: &Path) -> Result<(), ExportFault> {
    let settled = |path: &Path| settled(path).map_err(|source| ExportFault::at(path, source));
    let (to, data) = (settled(root)?, settled(data)?);
    if to.exists() && !to.is_dir() {
        return Err(ExportFault::NoFolder(root.to_path_buf()));
    }
    if to.starts_with(&data) || data.starts_with(&to) {
        return Err(ExportFault::DataFolder(root.to_path_buf()));
    }
    Ok(())
}

/// A path as the system will find it: links followed as far as it is there.
fn settled(path: &Path) -> io::Result<PathBuf> {
    let path = std::path::absolute(path)?;
    let there = path.ancestors().find(|above| above.exists()).unwrap_or(&path);
    let rest = path.strip_prefix(there).unwrap_or(Path::new(""));
    // Each part by itself: an empty rest would put a slash behind a file.
    Ok(rest.components().fold(there.canonicalize()?, |path, part| path.join(part)))
}
