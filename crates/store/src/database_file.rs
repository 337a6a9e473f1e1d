//! Whether the SQLite file that is open is still the one at its path.
//!
//! An open file stays usable after it was moved away or replaced, and SQLite in WAL mode does not look: what is written
//! then is lost without a word (<https://sqlite.org/howtocorrupt.html>, section 4.4). So whoever writes looks first.

use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::StoreError;

/// A path and what was found there when the store was opened.
#[derive(Debug, Clone)]
pub(crate) struct DatabaseFile {
    path: Arc<PathBuf>,
    device: u64,
    inode: u64,
}

impl DatabaseFile {
    /// The file that was just opened at `path`.
    pub(crate) fn opened(path: &Path) -> Result<Self, StoreError> {
        let found = std::fs::metadata(path).map_err(unavailable)?;
        Ok(Self { path: Arc::new(path.to_owned()), device: found.dev(), inode: found.ino() })
    }

    /// [`StoreError::Unavailable`] when the path is empty or holds another file.
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        let found = std::fs::metadata(self.path.as_path()).map_err(unavailable)?;
        if (found.dev(), found.ino()) == (self.device, self.inode) {
            return Ok(());
        }
        Err(StoreError::unavailable("the database file was replaced by another one"))
    }
}

fn unavailable(error: io::Error) -> StoreError {
    StoreError::Unavailable(Arc::new(error))
}
