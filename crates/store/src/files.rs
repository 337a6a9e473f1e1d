//! Files of this machine: copied while hashing, synced, and moved to their names whole. Everything here blocks.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::hash::{Hasher, Sha256};

/// Bytes a read takes; a copy holds this much in memory.
const PIECE: usize = 256 * 1024;

/// Why a copy came to nothing.
#[derive(Debug)]
pub(crate) enum CopyFault {
    /// The source could not be read.
    Source(io::Error),
    /// The source has more bytes than allowed.
    TooLong,
    /// The copy could not be written.
    Target(io::Error),
}

/// A file under a temporary name. It goes when this is dropped before [`Draft::publish`].
#[derive(Debug)]
pub(crate) struct Draft {
    path: Option<PathBuf>,
    file: File,
}

static DRAFTS: AtomicU64 = AtomicU64::new(0);

impl Draft {
    /// A new empty file in this folder, which must be on the disk of the file's later name.
    pub(crate) fn in_folder(folder: &Path) -> io::Result<Self> {
        loop {
            let name = format!("{}-{}", std::process::id(), DRAFTS.fetch_add(1, Ordering::Relaxed));
            let path = folder.join(name);
            match OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(file) => return Ok(Self { path: Some(path), file }),
                // Left behind by a killed process that had the same number.
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// Copies at most `at_most` bytes from `source` while hashing them. Gives how many there were, and their hash.
    pub(crate) fn fill(&mut self, source: &mut File, at_most: u64) -> Result<(u64, Sha256), CopyFault> {
        let mut hasher = Hasher::default();
        let mut piece = vec![0; PIECE];
        let mut length: u64 = 0;
        loop {
            let read = match source.read(&mut piece) {
                Ok(0) => return Ok((length, hasher.finish())),
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(CopyFault::Source(error)),
            };
            length += read as u64;
            if length > at_most {
                return Err(CopyFault::TooLong);
            }
            let bytes = piece.get(..read).unwrap_or_default();
            hasher.update(bytes);
            self.file.write_all(bytes).map_err(CopyFault::Target)?;
        }
    }

    /// Where it lies until it has its name.
    pub(crate) fn path(&self) -> &Path {
        self.path.as_deref().unwrap_or(Path::new(""))
    }

    /// Writes these bytes.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)
    }

    /// Leaves the file where it is, for whoever gives it its name.
    pub(crate) fn leave(mut self) -> PathBuf {
        self.path.take().unwrap_or_default()
    }

    /// Gives the file its name, whole and on the disk, in place of whatever had that name.
    pub(crate) fn publish(mut self, to: &Path) -> io::Result<()> {
        self.file.sync_all()?;
        let folder = folder_of(to)?;
        make_folder(folder)?;
        if let Some(path) = self.path.take()
            && let Err(error) = fs::rename(&path, to)
        {
            self.path = Some(path);
            return Err(error);
        }
        sync_folder(folder)
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if let Some(path) = self.path.take()
            && let Err(error) = fs::remove_file(&path)
        {
            tracing::warn!(%error, path = %path.display(), "a temporary file stays behind");
        }
    }
}

/// A name in a folder for a file that somebody else writes and that goes when it is open, or when this is dropped.
#[derive(Debug)]
pub(crate) struct Unnamed(PathBuf);

impl Unnamed {
    pub(crate) fn in_folder(folder: &Path) -> io::Result<Self> {
        Ok(Self(Draft::in_folder(folder)?.leave()))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Opens it; the name goes.
    pub(crate) fn open(self) -> io::Result<File> {
        File::open(&self.0)
    }
}

impl Drop for Unnamed {
    fn drop(&mut self) {
        match fs::remove_file(&self.0) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                tracing::warn!(%error, path = %self.0.display(), "a temporary file stays behind");
            }
            _ => {}
        }
    }
}

/// The folder that a file lies in.
pub(crate) fn folder_of(path: &Path) -> io::Result<&Path> {
    path.parent().ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "a file lies in a folder"))
}

/// Makes a folder and those above it, each on the disk when this returns.
pub(crate) fn make_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    let above = folder_of(folder)?;
    make_folder(if above.as_os_str().is_empty() { Path::new(".") } else { above })?;
    match fs::create_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        outcome => outcome?,
    }
    sync_folder(if above.as_os_str().is_empty() { Path::new(".") } else { above })
}

/// Puts a folder's names on the disk.
pub(crate) fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Length and hash of a file.
pub(crate) fn hash_file(path: &Path) -> io::Result<(u64, Sha256)> {
    hash(&mut File::open(path)?)
}

/// Length and hash of what is still to be read of a file.
pub(crate) fn hash(file: &mut File) -> io::Result<(u64, Sha256)> {
    let mut hasher = Hasher::default();
    let mut piece = vec![0; PIECE];
    let mut length = 0;
    loop {
        let read = match file.read(&mut piece) {
            Ok(0) => return Ok((length, hasher.finish())),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            read => read?,
        };
        length += read as u64;
        hasher.update(piece.get(..read).unwrap_or_default());
    }
}

/// Whether a folder is there and has anything in it.
pub(crate) fn has_entries(folder: &Path) -> io::Result<bool> {
    match fs::read_dir(folder) {
        Ok(mut entries) => Ok(entries.next().transpose()?.is_some()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(folder: &Path, bytes: &[u8]) -> File {
        let path = folder.join("source");
        File::create(&path).and_then(|mut file| file.write_all(bytes)).unwrap();
        File::open(path).unwrap()
    }

    #[test]
    fn a_draft_appears_whole_under_its_name_or_not_at_all() {
        let folder = tempfile::tempdir().unwrap();
        let bytes = vec![7; PIECE * 2 + 5];
        let to = folder.path().join("a/b/c");
        let mut draft = Draft::in_folder(folder.path()).unwrap();
        let (length, hash) = draft.fill(&mut source(folder.path(), &bytes), u64::MAX).unwrap();
        assert!(!to.exists());
        draft.publish(&to).unwrap();
        assert_eq!((length, hash), (bytes.len() as u64, Sha256::of(&bytes)));
        assert_eq!(hash_file(&to).unwrap(), (length, hash));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn a_source_longer_than_allowed_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let mut from = source(folder.path(), &[1; 100]);
        let mut draft = Draft::in_folder(folder.path()).unwrap();
        assert!(matches!(draft.fill(&mut from, 99), Err(CopyFault::TooLong)));
        drop(draft);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
