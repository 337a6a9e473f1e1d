//! Where the tree and the pictures lie: the two traits that a store implements, and the local folder.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::SystemTime;

use bytes::Bytes;
use quick_cache::sync::Cache;
use rustix::buffer::spare_capacity;
use rustix::fs::OFlags;
use rustix::io::Errno;

/// A name in a listing, with the moment when it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The whole name, from the root of the keep.
    pub name: String,
    /// When it was written, by the clock of the store.
    pub written: SystemTime,
}

/// Keeps the objects of a published tree under names such as `log/0000000000000000007-1f2e3d4c`. Calls block; the
/// site calls a slow keep on a thread for blocking work only.
pub trait Keep: Send + Sync + 'static {
    /// At most `at_most` bytes from `from` on; fewer where the object ends before. `Ok(None)` where there is no such
    /// object.
    ///
    /// # Errors
    /// What the store says.
    fn read(&self, name: &str, from: u64, at_most: usize) -> io::Result<Option<Bytes>>;

    /// The open file of an object, where the store keeps objects in files; large bodies are then sent by the kernel.
    ///
    /// # Errors
    /// What the store says.
    fn file(&self, name: &str) -> io::Result<Option<Arc<fs::File>>> {
        let _ = name;
        Ok(None)
    }

    /// Writes a whole object in place of what was there, so that no reader ever sees half of it while the machine
    /// runs. It need not be durable when the call returns: a torn object is seen when it is read.
    ///
    /// # Errors
    /// What the store says.
    fn put(&self, name: &str, bytes: &[u8]) -> io::Result<()>;

    /// As [`Self::put`] under a name that nobody asks for yet, which may be cheaper.
    ///
    /// # Errors
    /// What the store says.
    fn put_new(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.put(name, bytes)
    }

    /// Gives an object a second name, which nobody asks for yet, where the store can do that for less than a write;
    /// whether it did. Both names are removed on their own.
    fn name_again(&self, name: &str, again: &str) -> bool {
        let _ = (name, again);
        false
    }

    /// As [`Self::put`], and durable when the call returns, the name too: for what nobody would miss if it were lost,
    /// such as the word that a page was taken away.
    ///
    /// # Errors
    /// What the store says.
    fn put_durably(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.put(name, bytes)
    }

    /// Every name that begins with `prefix`, which ends with `/`.
    ///
    /// # Errors
    /// What the store says.
    fn list(&self, prefix: &str) -> io::Result<Vec<Listed>>;

    /// The names that begin with `prefix`, which ends with `/`, and come after `after` in the order of bytes. The whole
    /// listing does; a store that can begin in the middle should.
    ///
    /// # Errors
    /// What the store says.
    fn names_after(&self, prefix: &str, after: &str) -> io::Result<Vec<String>> {
        let names = self.list(prefix)?.into_iter().map(|listed| listed.name);
        Ok(names.filter(|name| name.as_str() > after).collect())
    }

    /// Removes an object; one that is not there is no error.
    ///
    /// # Errors
    /// What the store says.
    fn delete(&self, name: &str) -> io::Result<()>;

    /// Removes what writers that were killed before `before` left unfinished; says how much. Nothing where a store has
    /// no such thing.
    ///
    /// # Errors
    /// What the store says.
    fn sweep(&self, before: SystemTime) -> io::Result<u64> {
        let _ = before;
        Ok(0)
    }

    /// Told that an object was not what it should be: what is held of it is to be read anew.
    fn forget(&self, name: &str) {
        let _ = name;
    }

    /// Whether a small read of this object is cheaper than handing it to another thread, as it is in a local folder.
    fn quick(&self, _name: &str) -> bool {
        false
    }

    /// Whether the names are kept on another machine, so that asking for them takes its time.
    fn is_far(&self) -> bool {
        false
    }

    /// The whole object.
    ///
    /// # Errors
    /// What the store says.
    fn get(&self, name: &str) -> io::Result<Option<Bytes>> {
        self.read(name, 0, usize::MAX)
    }
}

/// Gives the bytes of picture files by the keys that grants name.
pub trait Blobs: Send + Sync + 'static {
    /// At most `at_most` bytes from `from` on; `Ok(None)` where there is no such blob.
    ///
    /// # Errors
    /// What the store says.
    fn read(&self, key: &str, from: u64, at_most: usize) -> io::Result<Option<Bytes>>;

    /// As [`Keep::file`].
    ///
    /// # Errors
    /// What the store says.
    fn file(&self, key: &str) -> io::Result<Option<Arc<fs::File>>> {
        let _ = key;
        Ok(None)
    }

    /// As [`Keep::quick`].
    fn quick(&self, _key: &str) -> bool {
        false
    }

    /// Told that nobody may have this any more: what is held of it goes.
    fn let_go(&self, _key: &str) {}
}

/// A tree in a local folder; a folder of picture files too.
#[derive(Debug)]
pub struct FolderKeep {
    root: PathBuf,
    /// Files that were read lately and stay open. What has a name never changes, so an open file is as good as its name.
    open: Option<Cache<String, Arc<fs::File>>>,
    /// Whether this process has made the folders down to the root durable.
    root_synced: AtomicBool,
}

/// Numbers unfinished files, so that writers of one process rarely try the same name.
static UNFINISHED_FILES: AtomicU64 = AtomicU64::new(0);

/// Reads up to this many bytes are done without asking for the length of the file.
const SMALL: usize = 256 * 1024;

/// O_NOATIME, as the standard library takes flags.
const NO_ACCESS_TIME: i32 = OFlags::NOATIME.bits().cast_signed();

/// The folder in which files are written before they are renamed to their places.
const UNFINISHED: &str = "unfinished";

/// What a write promises when it returns.
#[derive(Clone, Copy)]
enum Durability {
    /// Nobody sees half of it while the machine runs.
    Atomic,
    /// It is there also after a power cut.
    Synced,
}

impl FolderKeep {
    /// A keep with this folder as its root; folders are made when something is put.
    #[must_use]
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), open: None, root_synced: AtomicBool::new(false) }
    }

    /// Keeps up to this many files open, so that reading again spares the way through the folders, a third of the cost.
    /// The process must be allowed as many descriptors beside those of its connections.
    #[must_use]
    pub fn with_open_files(self, files: usize) -> Self {
        Self { open: Some(Cache::new(files)), ..self }
    }

    /// A new file of nobody else's, be it another process on another machine that shares the folder.
    fn begin(&self) -> io::Result<(PathBuf, fs::File)> {
        let folder = self.root.join(UNFINISHED);
        loop {
            let number = UNFINISHED_FILES.fetch_add(1, Ordering::Relaxed);
            let path = folder.join(format!("{}-{number}", std::process::id()));
            match fs::OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(file) => return Ok((path, file)),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
                Err(error) if error.kind() == io::ErrorKind::NotFound => fs::create_dir_all(&folder)?,
                Err(error) => return Err(error),
            }
        }
    }

    fn put_as(&self, name: &str, bytes: &[u8], durability: Durability) -> io::Result<()> {
        let file = self.place(name)?;
        let (unfinished, mut out) = self.begin()?;
        let synced = |out: &fs::File| match durability {
            Durability::Atomic => Ok(()),
            Durability::Synced => out.sync_all(),
        };
        let mut made = false;
        let written = out.write_all(bytes).and_then(|()| synced(&out)).and_then(|()| {
            fs::rename(&unfinished, &file).or_else(|error| match file.parent() {
                Some(folder) if error.kind() == io::ErrorKind::NotFound => {
                    made = true;
                    fs::create_dir_all(folder)?;
                    fs::rename(&unfinished, &file)
                }
                _ => Err(error),
            })
        });
        if written.is_err() {
            // The first error is the one to tell; what is left here is swept away later.
            let _ = fs::remove_file(&unfinished);
        }
        self.forget(name);
        written?;
        match durability {
            Durability::Atomic => Ok(()),
            Durability::Synced => self.sync_folders(&file, made),
        }
    }

    /// Makes the name of a file durable: its folder, and the first time those above it, which may be new, up to the
    /// one that the root lies in.
    fn sync_folders(&self, file: &Path, made: bool) -> io::Result<()> {
        let first = made || !self.root_synced.load(Ordering::Relaxed);
        let above = self.root.parent().and_then(Path::parent);
        let folders = file.ancestors().skip(1).take_while(|folder| Some(*folder) != above);
        for folder in folders.take(if first { usize::MAX } else { 1 }) {
            fs::File::open(folder)?.sync_all()?;
        }
        self.root_synced.store(true, Ordering::Relaxed);
        Ok(())
    }

    fn open(&self, name: &str) -> io::Result<Option<Arc<fs::File>>> {
        let Some(open) = &self.open else { return self.open_anew(name) };
        if let Some(file) = open.get(name) {
            return Ok(Some(file));
        }
        let file = self.open_anew(name).or_else(|_| {
            // Perhaps there are no descriptors left: then those that are held for speed only must go first.
            open.clear();
            self.open_anew(name)
        })?;
        if let Some(file) = &file {
            open.insert(name.to_owned(), Arc::clone(file));
        }
        Ok(file)
    }

    fn open_anew(&self, name: &str) -> io::Result<Option<Arc<fs::File>>> {
        let place = self.place(name)?;
        // When a file was read last is nobody's business, and the kernel need not look whether to write it down. Only
        // the owner of a file may ask for that.
        let quietly = fs::OpenOptions::new().read(true).custom_flags(NO_ACCESS_TIME).open(&place);
        let file = match quietly {
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => fs::File::open(&place),
            opened => opened,
        };
        file.map(|file| Some(Arc::new(file))).or_else(absent)
    }

    fn read_part(&self, name: &str, from: u64, at_most: usize) -> io::Result<Option<Bytes>> {
        self.open(name)?.map(|file| read_part(&file, from, at_most)).transpose()
    }

    /// The path of a name. Names come from the tree and from grants, never from a request; one that would leave the
    /// folder all the same is refused.
    fn place(&self, name: &str) -> io::Result<PathBuf> {
        let fits = |part: &str| !part.is_empty() && !part.starts_with('.') && !part.contains(['\\', '\0']);
        if name.split('/').all(fits) {
            Ok(self.root.join(name))
        } else {
            Err(io::Error::new(io::ErrorKind::InvalidInput, format!("not a name in a folder: {name:?}")))
        }
    }
}

fn absent<T>(error: io::Error) -> io::Result<Option<T>> {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Ok(None),
        _ => Err(error),
    }
}

/// At most `at_most` bytes of a file from `from` on.
pub(crate) fn read_part(file: &fs::File, from: u64, at_most: usize) -> io::Result<Bytes> {
    // A small read saves the question for the length; a large one must not reserve more than there is.
    let room = if at_most > SMALL {
        usize::try_from(file.metadata()?.len().saturating_sub(from)).unwrap_or(usize::MAX).min(at_most)
    } else {
        at_most
    };
    let mut bytes = Vec::with_capacity(room);
    while bytes.len() < room {
        let at = from + bytes.len() as u64;
        match rustix::io::pread(file, spare_capacity(&mut bytes), at) {
            Ok(0) => break,
            Ok(_) | Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
        }
    }
    bytes.truncate(room);
    Ok(Bytes::from(bytes))
}

/// Goes through a folder and those in it, and gives each file's name to `found`. Folders for which `enter` says no are
/// passed by.
fn walk(
    folder: &Path,
    prefix: &str,
    enter: &dyn Fn(&str) -> bool,
    found: &mut dyn FnMut(String, &fs::DirEntry) -> io::Result<()>,
) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => return absent::<()>(error).map(|_| ()),
    };
    for entry in entries {
        let entry = entry?;
        let Ok(name) = entry.file_name().into_string() else { continue };
        if entry.file_type()?.is_dir() {
            let inside = format!("{prefix}{name}/");
            if enter(&inside) {
                walk(&entry.path(), &inside, enter, found)?;
            }
        } else {
            found(format!("{prefix}{name}"), &entry)?;
        }
    }
    Ok(())
}

/// The folder that a prefix names.
fn folder_of(prefix: &str) -> io::Result<&str> {
    prefix.strip_suffix('/').ok_or_else(|| io::ErrorKind::InvalidInput.into())
}

impl Keep for FolderKeep {
    fn read(&self, name: &str, from: u64, at_most: usize) -> io::Result<Option<Bytes>> {
        self.read_part(name, from, at_most)
    }

    fn file(&self, name: &str) -> io::Result<Option<Arc<fs::File>>> {
        self.open(name)
    }

    fn put(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.put_as(name, bytes, Durability::Atomic)
    }

    /// In its place at once: renaming costs as much as all else of writing a small file. A half that a killed writer
    /// leaves is an object that the log does not name.
    fn put_new(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let place = self.place(name)?;
        let begin = || fs::OpenOptions::new().write(true).create_new(true).open(&place);
        let begun = begin().or_else(|error| match place.parent() {
            Some(folder) if error.kind() == io::ErrorKind::NotFound => {
                fs::create_dir_all(folder)?;
                begin()
            }
            _ => Err(error),
        });
        let mut out = match begun {
            Ok(out) => out,
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return self.put(name, bytes),
            Err(error) => return Err(error),
        };
        out.write_all(bytes).inspect_err(|_| {
            // The first error is the one to tell.
            let _ = fs::remove_file(&place);
        })
    }

    fn name_again(&self, name: &str, again: &str) -> bool {
        let named = |name| self.place(name);
        named(name).and_then(|name| fs::hard_link(name, named(again)?)).is_ok()
    }

    fn put_durably(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.put_as(name, bytes, Durability::Synced)
    }

    fn sweep(&self, before: SystemTime) -> io::Result<u64> {
        let mut swept = 0;
        for listed in
            self.list(&format!("{UNFINISHED}/"))?.into_iter().filter(|listed| listed.written < before)
        {
            self.delete(&listed.name)?;
            swept += 1;
        }
        Ok(swept)
    }

    fn list(&self, prefix: &str) -> io::Result<Vec<Listed>> {
        let mut listing = Vec::new();
        walk(&self.place(folder_of(prefix)?)?, prefix, &|_| true, &mut |name, entry| {
            // What was removed since the folder was read is not there.
            if let Some(about) = entry.metadata().map(Some).or_else(absent)? {
                listing.push(Listed { name, written: about.modified()? });
            }
            Ok(())
        })?;
        listing.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(listing)
    }

    fn names_after(&self, prefix: &str, after: &str) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        // A folder may hold a later name unless its own already differs and comes before.
        let enter = |inside: &str| inside > after || after.starts_with(inside);
        walk(&self.place(folder_of(prefix)?)?, prefix, &enter, &mut |name, _| {
            if name.as_str() > after {
                names.push(name);
            }
            Ok(())
        })?;
        names.sort_unstable();
        Ok(names)
    }

    fn forget(&self, name: &str) {
        if let Some(open) = &self.open {
            open.remove(name);
        }
    }

    fn delete(&self, name: &str) -> io::Result<()> {
        self.forget(name);
        fs::remove_file(self.place(name)?).or_else(|error| absent::<()>(error).map(|_| ()))
    }

    fn quick(&self, _name: &str) -> bool {
        true
    }
}

impl Blobs for FolderKeep {
    fn read(&self, key: &str, from: u64, at_most: usize) -> io::Result<Option<Bytes>> {
        self.read_part(key, from, at_most)
    }

    fn file(&self, key: &str) -> io::Result<Option<Arc<fs::File>>> {
        self.open(key)
    }

    fn quick(&self, _name: &str) -> bool {
        true
    }
}

#[cfg(test)]
#[path = "keep_tests.rs"]
mod tests;
