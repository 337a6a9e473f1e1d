//! What a serving process has read from a bucket, on its own disk: bounded, empty at its start, gone at its end.
//!
//! It starts empty so that nothing that was withdrawn while the process was down can lie in it.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use bytes::Bytes;
use quick_cache::sync::{Cache, GuardResult};
use quick_cache::{DefaultHashBuilder, OptionsBuilder, Weighter};
use serve::{Blobs, FolderKeep, Keep};
use tempfile::TempDir;

/// The file in a cache's folder that its process holds locked as long as it lives.
const LOCK: &str = "in-use";
/// How long one waits for what another fetches.
const LONGEST_WAIT: Duration = Duration::from_secs(15);
/// Who has waited so long and got nothing does not fetch it again.
const LONG: Duration = Duration::from_secs(1);
/// Bytes that a file is expected to have, to begin with.
const EXPECTED: u64 = 64 << 10;

/// Files by their names in the bucket.
pub(super) struct DiskCache {
    files: Arc<FolderKeep>,
    held: Cache<String, u64, Bytes64, DefaultHashBuilder, Leaving>,
    fetched: AtomicU64,
    root: PathBuf,
    _lock: File,
    _folder: TempDir,
}

#[derive(Clone)]
struct Bytes64;

impl Weighter<String, u64> for Bytes64 {
    fn weight(&self, _name: &String, bytes: &u64) -> u64 {
        *bytes
    }
}

/// Removes the file of what leaves.
#[derive(Clone)]
struct Leaving(Arc<FolderKeep>);

impl quick_cache::Lifecycle<String, u64> for Leaving {
    type RequestState = ();

    fn on_evict(&self, _state: &mut Self::RequestState, name: String, _bytes: u64) {
        remove(&self.0, &name);
    }
}

fn remove(files: &FolderKeep, name: &str) {
    if let Err(error) = files.delete(name) {
        tracing::warn!(%error, name, "a file of the cache stays behind");
    }
}

impl DiskCache {
    /// A new folder in `folder`, for up to `bytes` bytes, of which up to `open` files are kept open. Folders of
    /// processes that ended go.
    ///
    /// # Errors
    /// What the system says.
    pub fn begin(folder: &Path, bytes: u64, open: usize) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        sweep(folder)?;
        let own = tempfile::Builder::new().prefix("serve-").tempdir_in(folder)?;
        let lock = File::create_new(own.path().join(LOCK))?;
        lock.try_lock().map_err(io::Error::from)?;
        let root = own.path().join("files");
        let files = Arc::new(FolderKeep::new(&root).with_open_files(open));
        let options = OptionsBuilder::new()
            .estimated_items_capacity(usize::try_from(bytes / EXPECTED).unwrap_or(1).clamp(64, 1 << 20))
            .weight_capacity(bytes)
            .build()
            .map_err(io::Error::other)?;
        let leaving = Leaving(Arc::clone(&files));
        let held = Cache::with_options(options, Bytes64, DefaultHashBuilder::default(), leaving);
        Ok(Self { files, held, fetched: AtomicU64::new(0), root, _lock: lock, _folder: own })
    }

    /// Whether it is here.
    pub fn holds(&self, name: &str) -> bool {
        self.held.peek(name).is_some()
    }

    /// Has it here: `fetch` writes it into the file it is given where it is not, and says whether there was anything
    /// to write. One fetches while the others wait.
    ///
    /// # Errors
    /// What `fetch` says.
    pub fn hold(&self, name: &str, fetch: impl FnOnce(&Path) -> io::Result<bool>) -> io::Result<bool> {
        let asked = Instant::now();
        let guard = match self.held.get_value_or_guard(name, Some(LONGEST_WAIT)) {
            GuardResult::Value(_) => return Ok(true),
            GuardResult::Guard(guard) if asked.elapsed() < LONG => guard,
            // Another one has tried in vain meanwhile. If each who waited tried in its turn, the last would wait for hours.
            GuardResult::Guard(_) | GuardResult::Timeout => return Err(io::ErrorKind::TimedOut.into()),
        };
        let number = self.fetched.fetch_add(1, Ordering::Relaxed);
        let fetched = self.root.join(format!("fetched/{number}"));
        fs::create_dir_all(self.root.join("fetched"))?;
        let place = self.root.join(name);
        let moved = fetch(&fetched).and_then(|there| {
            if !there {
                return Ok(None);
            }
            let bytes = fs::metadata(&fetched)?.len();
            if let Some(folder) = place.parent() {
                fs::create_dir_all(folder)?;
            }
            fs::rename(&fetched, &place)?;
            Ok(Some(bytes))
        });
        let moved = moved.inspect_err(|_| {
            // The first error is the one to tell.
            let _ = fs::remove_file(&fetched);
        })?;
        let Some(bytes) = moved else { return Ok(false) };
        if guard.insert(bytes).is_err() {
            // It was let go of while it was fetched.
            remove(&self.files, name);
        }
        Ok(true)
    }

    /// A part of what is here.
    ///
    /// # Errors
    /// What the system says.
    pub fn read(&self, name: &str, from: u64, at_most: usize) -> io::Result<Option<Bytes>> {
        Keep::read(&*self.files, name, from, at_most)
    }

    /// The open file of what is here.
    ///
    /// # Errors
    /// What the system says.
    pub fn file(&self, name: &str) -> io::Result<Option<Arc<File>>> {
        Blobs::file(&*self.files, name)
    }

    /// Lets go of it: its file goes.
    pub fn let_go(&self, name: &str) {
        if self.held.remove(name).is_some() {
            remove(&self.files, name);
        }
    }
}

/// Removes the folders whose process has ended: nobody holds their lock.
fn sweep(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let own = entry?.path();
        let ended = match File::open(own.join(LOCK)) {
            Ok(lock) => lock.try_lock().is_ok(),
            // Another process is about to make it, or to remove all of it.
            Err(_) => false,
        };
        if ended {
            fs::remove_dir_all(&own)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cache(folder: &Path, bytes: u64) -> DiskCache {
        DiskCache::begin(folder, bytes, 8).unwrap()
    }

    fn write(file: &Path, bytes: &[u8]) -> io::Result<()> {
        io::Write::write_all(&mut File::create(file)?, bytes)
    }

    fn put(cache: &DiskCache, name: &str, bytes: &[u8]) {
        assert!(cache.hold(name, |file| write(file, bytes).map(|()| true)).unwrap());
    }

    fn files(folder: &Path) -> usize {
        let mut count = 0;
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            count += if path.is_dir() { files(&path) } else { usize::from(!path.ends_with(LOCK)) };
        }
        count
    }

    #[test]
    fn what_was_fetched_once_is_read_here() {
        let folder = tempfile::tempdir().unwrap();
        let cache = cache(folder.path(), 1 << 20);
        put(&cache, "public/a/b.jpg", b"0123456789");
        assert!(cache.holds("public/a/b.jpg"));
        assert!(cache.hold("public/a/b.jpg", |_| panic!("fetched again")).unwrap());
        assert_eq!(cache.read("public/a/b.jpg", 2, 3).unwrap().unwrap(), "234");
        assert!(cache.file("public/a/b.jpg").unwrap().is_some());
    }

    #[test]
    fn what_is_let_go_of_leaves_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let cache = cache(folder.path(), 1 << 20);
        put(&cache, "public/a/b.jpg", b"a picture");
        cache.let_go("public/a/b.jpg");
        assert!(!cache.holds("public/a/b.jpg") && cache.read("public/a/b.jpg", 0, 9).unwrap().is_none());
        assert_eq!(files(folder.path()), 0);
    }

    #[test]
    fn it_never_holds_more_than_it_may() {
        let folder = tempfile::tempdir().unwrap();
        let cache = cache(folder.path(), 1 << 20);
        for number in 0..200 {
            put(&cache, &format!("public/{number}"), &[7; 64 << 10]);
        }
        assert!(files(folder.path()) <= 16, "{}", files(folder.path()));
        assert!(files(folder.path()) >= 8, "{}", files(folder.path()));
    }

    #[test]
    fn what_is_not_there_or_fails_is_asked_for_again() {
        let folder = tempfile::tempdir().unwrap();
        let cache = cache(folder.path(), 1 << 20);
        assert!(!cache.hold("public/a", |_| Ok(false)).unwrap());
        assert!(cache.hold("public/a", |_| Err(io::ErrorKind::TimedOut.into())).is_err());
        put(&cache, "public/a", b"a");
        assert_eq!(files(folder.path()), 1);
    }

    #[test]
    fn the_files_of_an_ended_process_go_and_those_of_a_living_one_stay() {
        let folder = tempfile::tempdir().unwrap();
        let living = cache(folder.path(), 1 << 20);
        put(&living, "public/a", b"a");
        let dead = folder.path().join("serve-dead");
        fs::create_dir(&dead).unwrap();
        write(&dead.join(LOCK), b"").unwrap();
        let _third = cache(folder.path(), 1 << 20);
        assert!(!dead.exists());
        assert_eq!(living.read("public/a", 0, 9).unwrap().unwrap(), "a");
    }
}
