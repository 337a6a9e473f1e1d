//! Blobs: bytes by name, in a folder of this machine or in a bucket. Files from outside are taken in by own code, which
//! hashes while it copies, in constant memory; into a bucket they go through a file of this machine.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use bytes::Bytes;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use newsroom::id::PhotoId;
use newsroom::moment::Moment;
use object_store::local::LocalFileSystem;
use object_store::path::Path as ObjectPath;
use object_store::{ObjectStore, ObjectStoreExt as _};

use crate::blob_key::{BlobKey, BlobKind, Durability};
use crate::bucket::{Bucket, BucketEntry};
use crate::error::StoreError;
use crate::files::{self, CopyFault, Draft};
use crate::hash::Sha256;

/// Where files lie before they have their names, beside the kinds' folders.
const INCOMING: &str = "incoming";

/// Requests to a bucket that are on the way at once.
const AT_ONCE: usize = 16;

/// The blobs. Cheap to clone; all clones are one store.
#[derive(Debug, Clone)]
pub struct Blobs {
    pub(crate) inner: Arc<Inner>,
}

#[derive(Debug)]
pub(crate) struct Inner {
    pub(crate) incoming: PathBuf,
    pub(crate) home: Home,
}

/// Where the blobs are.
#[derive(Debug)]
pub(crate) enum Home {
    Folder(Folder),
    Bucket(Bucket),
}

#[derive(Debug)]
pub(crate) struct Folder {
    pub(crate) root: PathBuf,
    synced: LocalFileSystem,
    atomic: LocalFileSystem,
}

/// What came in from outside: kept under the hash of its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Incoming {
    /// A photo's file.
    Original,
    /// The .xmp file beside one.
    Sidecar,
}

impl Incoming {
    pub(crate) fn key(self, sha256: Sha256) -> BlobKey {
        match self {
            Self::Original => BlobKey::Original(sha256),
            Self::Sidecar => BlobKey::Sidecar(sha256),
        }
    }
}

/// A file that was taken in, copied, hashed and synced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenIn {
    /// Its name.
    pub key: BlobKey,
    /// Of its bytes.
    pub sha256: Sha256,
    /// How many bytes.
    pub bytes: u64,
    /// Whether these bytes were there already.
    pub known: bool,
}

/// Why a file was not taken in. Nothing was kept.
#[derive(Debug, thiserror::Error)]
pub enum TakeInError {
    /// The file given could not be read.
    #[error("the file cannot be read")]
    Source(#[source] io::Error),
    /// The file given has more bytes than allowed.
    #[error("the file has more than {at_most} bytes")]
    TooLong {
        /// The limit in bytes.
        at_most: u64,
    },
    /// The copy could not be kept.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A blob that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlobEntry {
    /// Its name.
    pub key: BlobKey,
    /// How many bytes.
    pub bytes: u64,
    /// When it was written.
    pub modified: Moment,
}

impl Blobs {
    /// Opens the blobs below this folder, and makes it when it is missing.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`], [`StoreError::Full`].
    pub async fn open(root: &Path) -> Result<Self, StoreError> {
        let incoming = make_incoming(root).await?;
        let local = || LocalFileSystem::new_with_prefix(root).map_err(of_object_store);
        let (synced, atomic) = (local()?.with_fsync(true), local()?);
        let home = Home::Folder(Folder { root: root.to_owned(), synced, atomic });
        Ok(Self { inner: Arc::new(Inner { incoming, home }) })
    }

    /// The blobs of a bucket; what comes in and goes out passes through files below the folder `scratch`.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`], [`StoreError::Full`] for the folder. The bucket is not asked yet.
    pub async fn in_bucket(bucket: Bucket, scratch: &Path) -> Result<Self, StoreError> {
        let incoming = make_incoming(scratch).await?;
        Ok(Self { inner: Arc::new(Inner { incoming, home: Home::Bucket(bucket) }) })
    }

    /// A blob's bytes.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn get(&self, key: &BlobKey) -> Result<Option<Bytes>, StoreError> {
        let folder = match &self.inner.home {
            Home::Folder(folder) => folder,
            Home::Bucket(bucket) => return bucket.get(&key.to_string()).await,
        };
        let found = match folder.objects(key.kind()).get(&object_path(key)?).await {
            Ok(found) => found,
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(of_object_store(error)),
        };
        found.bytes().await.map(Some).map_err(of_object_store)
    }

    /// Keeps these bytes under this name, whole, in place of what had it. Originals and sidecars are named by their
    /// bytes: others under their name are refused as a fault.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn put(&self, key: &BlobKey, bytes: Bytes) -> Result<(), StoreError> {
        if let BlobKey::Original(sha256) | BlobKey::Sidecar(sha256) = key
            && Sha256::of(&bytes) != *sha256
        {
            return Err(StoreError::fault(format!("the bytes given are not those of {key}")));
        }
        match &self.inner.home {
            Home::Folder(folder) => {
                let put = folder.objects(key.kind()).put(&object_path(key)?, bytes.into()).await;
                put.map(|_| ()).map_err(of_object_store)
            }
            Home::Bucket(bucket) => bucket.put(&key.to_string(), bytes).await,
        }
    }

    /// A blob as an open file, read from its beginning: its own, or a copy without a name where it lies in a bucket.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn open_file(&self, key: &BlobKey) -> Result<Option<File>, StoreError> {
        let bucket = match &self.inner.home {
            Home::Folder(folder) => {
                let path = folder.path(key);
                return blocking(move || File::open(&path).map(Some).or_else(absent).map_err(of_io)).await;
            }
            Home::Bucket(bucket) => bucket,
        };
        let folder = self.inner.incoming.clone();
        let copy = blocking(move || files::Unnamed::in_folder(&folder).map_err(of_io)).await?;
        if bucket.fetch(&key.to_string(), copy.path()).await? {
            blocking(move || copy.open().map(Some).map_err(of_io)).await
        } else {
            Ok(None)
        }
    }

    /// Takes in a file from outside, at most `at_most` bytes: copied and hashed in one go, synced, then named by its
    /// hash. When this answers, a power cut does not lose it. Bytes that are there already stay as they are.
    ///
    /// # Errors
    /// [`TakeInError`].
    pub async fn take_in(&self, kind: Incoming, source: &Path, at_most: u64) -> Result<TakenIn, TakeInError> {
        let source = source.to_owned();
        let file = blocking(move || File::open(source).map_err(TakeInError::Source)).await?;
        self.take_in_file(kind, file, at_most).await
    }

    /// The same of an open file, read from where it stands.
    ///
    /// # Errors
    /// [`TakeInError`].
    pub async fn take_in_file(
        &self,
        kind: Incoming,
        source: File,
        at_most: u64,
    ) -> Result<TakenIn, TakeInError> {
        let blobs = self.clone();
        let taken = blocking(move || blobs.copy_in(kind, source, at_most)).await?;
        let Copy { draft, key, sha256, bytes } = taken;
        let known = match &self.inner.home {
            Home::Folder(folder) => {
                let path = folder.path(&key);
                blocking(move || name_draft(draft, &path, bytes)).await.map_err(TakeInError::Store)?
            }
            Home::Bucket(bucket) => {
                let name = key.to_string();
                let known = bucket.length(&name).await? == Some(bytes);
                if !known {
                    bucket.put_file(&name, draft.path()).await?;
                }
                known
            }
        };
        Ok(TakenIn { key, sha256, bytes, known })
    }

    fn copy_in(&self, kind: Incoming, mut source: File, at_most: u64) -> Result<Copy, TakeInError> {
        let mut draft = Draft::in_folder(&self.inner.incoming).map_err(of_io)?;
        let (bytes, sha256) = draft.fill(&mut source, at_most).map_err(|fault| match fault {
            CopyFault::Source(error) => TakeInError::Source(error),
            CopyFault::TooLong => TakeInError::TooLong { at_most },
            CopyFault::Target(error) => TakeInError::Store(of_io(error)),
        })?;
        let key = kind.key(sha256);
        Ok(Copy { draft, key, sha256, bytes })
    }

    /// Moves files that a worker made to their names, each whole. The worker must have written them below
    /// [`Blobs::incoming`], which is on the same disk. Kinds that must survive a power cut are synced, and each folder
    /// once.
    ///
    /// # Errors
    /// A fault of the store. Those moved before it stay: the names are the same when the work is done again.
    pub async fn move_in(&self, made: Vec<(PathBuf, BlobKey)>) -> Result<(), StoreError> {
        let bucket = match &self.inner.home {
            Home::Folder(folder) => {
                let root = folder.root.clone();
                return blocking(move || move_in_now(&root, &made).map_err(of_io)).await;
            }
            Home::Bucket(bucket) => bucket,
        };
        let sent = stream::iter(made.into_iter().map(|(file, key)| async move {
            bucket.put_file(&key.to_string(), &file).await?;
            blocking(move || std::fs::remove_file(&file).map_err(of_io)).await
        }));
        sent.buffer_unordered(AT_ONCE).try_collect().await
    }

    /// Deletes a blob. `false` when it was not there.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn delete(&self, key: &BlobKey) -> Result<bool, StoreError> {
        let folder = match &self.inner.home {
            Home::Folder(folder) => folder,
            Home::Bucket(bucket) => {
                let name = key.to_string();
                let there = bucket.length(&name).await?.is_some();
                bucket.delete(&name).await?;
                return Ok(there);
            }
        };
        match folder.objects(key.kind()).delete(&object_path(key)?).await {
            Ok(()) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(of_object_store(error)),
        }
    }

    /// How many blobs of a kind are of this photo, those that no record names among them.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn count_of_photo(&self, kind: BlobKind, photo: PhotoId) -> Result<u64, StoreError> {
        let below = format!("{}/{photo}", kind.folder());
        let mut count = 0;
        match &self.inner.home {
            Home::Folder(folder) => {
                let below = ObjectPath::from(below);
                let mut entries = folder.objects(kind).list(Some(&below));
                while entries.try_next().await.map_err(of_object_store)?.is_some() {
                    count += 1;
                }
            }
            Home::Bucket(bucket) => bucket.list(&below, None, |_| count += 1).await?,
        }
        Ok(count)
    }

    /// Deletes every blob of a kind that is of this photo, also one that no record names. Gives how many there were.
    ///
    /// # Errors
    /// A fault of the store; what was deleted before it stays deleted.
    pub async fn delete_of_photo(&self, kind: BlobKind, photo: PhotoId) -> Result<u64, StoreError> {
        let below = format!("{}/{photo}", kind.folder());
        let home = match &self.inner.home {
            Home::Folder(folder) => folder,
            Home::Bucket(bucket) => {
                let mut names = Vec::new();
                bucket.list(&below, None, |entry| names.push(entry.name)).await?;
                for name in &names {
                    bucket.delete(name).await?;
                }
                return Ok(names.len() as u64);
            }
        };
        let folder = ObjectPath::from(below);
        let objects = home.objects(kind);
        let found: Vec<_> = objects.list(Some(&folder)).try_collect().await.map_err(of_object_store)?;
        for entry in &found {
            match objects.delete(&entry.location).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(of_object_store(error)),
            }
        }
        Ok(found.len() as u64)
    }

    /// How many bytes a blob has; `None` when it is not there.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn length(&self, key: &BlobKey) -> Result<Option<u64>, StoreError> {
        Ok(self.lengths(vec![key.clone()]).await?.pop().flatten())
    }

    /// How many bytes each of these blobs has, in their order: asked in one go, since a print asks for hundreds.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn lengths(&self, keys: Vec<BlobKey>) -> Result<Vec<Option<u64>>, StoreError> {
        let bucket = match &self.inner.home {
            Home::Folder(folder) => {
                let paths: Vec<PathBuf> = keys.iter().map(|key| folder.path(key)).collect();
                return blocking(move || paths.iter().map(|path| length_now(path).map_err(of_io)).collect())
                    .await;
            }
            Home::Bucket(bucket) => bucket,
        };
        let asked =
            stream::iter(keys.into_iter().map(|key| async move { bucket.length(&key.to_string()).await }));
        asked.buffered(AT_ONCE).try_collect().await
    }

    /// How many bytes a blob has and what their hash is, all of them read; `None` when it is not there.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn length_and_hash(&self, key: &BlobKey) -> Result<Option<(u64, Sha256)>, StoreError> {
        let Some(mut file) = self.open_file(key).await? else { return Ok(None) };
        blocking(move || files::hash(&mut file).map(Some).map_err(of_io)).await
    }

    /// Shows every blob of a kind to `visit`, in no order. Gives the names in the kind's folder that are no blob's.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn list(
        &self,
        kind: BlobKind,
        mut visit: impl FnMut(BlobEntry) + Send,
    ) -> Result<Vec<String>, StoreError> {
        let mut strangers = Vec::new();
        let folder = match &self.inner.home {
            Home::Folder(folder) => folder,
            Home::Bucket(bucket) => {
                let sort = |BucketEntry { name, bytes, modified }| match name.parse::<BlobKey>() {
                    Ok(key) => visit(BlobEntry { key, bytes, modified }),
                    Err(_) => strangers.push(name),
                };
                bucket.list(kind.folder(), None, sort).await?;
                return Ok(strangers);
            }
        };
        let mut entries = folder.objects(kind).list(Some(&ObjectPath::from(kind.folder())));
        while let Some(entry) = entries.try_next().await.map_err(of_object_store)? {
            match entry.location.as_ref().parse::<BlobKey>() {
                Ok(key) => {
                    let modified = Moment::from_micros(entry.last_modified.timestamp_micros());
                    visit(BlobEntry { key, bytes: entry.size, modified });
                }
                Err(_) => strangers.push(entry.location.to_string()),
            }
        }
        Ok(strangers)
    }

    /// The folder where files are made before they have their names.
    pub fn incoming(&self) -> &Path {
        &self.inner.incoming
    }

    /// Deletes what killed processes left in [`Blobs::incoming`] before this moment, files and workers' folders.
    /// Gives how many there were.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn sweep_incoming(&self, before: Moment) -> Result<u64, StoreError> {
        let folder = self.inner.incoming.clone();
        blocking(move || sweep(&folder, before).map_err(of_io)).await
    }
}

impl Folder {
    pub(crate) fn path(&self, key: &BlobKey) -> PathBuf {
        self.root.join(key.to_string())
    }

    fn objects(&self, kind: BlobKind) -> &LocalFileSystem {
        match kind.durability() {
            Durability::Synced => &self.synced,
            Durability::Atomic => &self.atomic,
        }
    }
}

/// A copy of a file from outside that has no name yet.
struct Copy {
    draft: Draft,
    key: BlobKey,
    sha256: Sha256,
    bytes: u64,
}

async fn make_incoming(root: &Path) -> Result<PathBuf, StoreError> {
    let incoming = root.join(INCOMING);
    let folder = incoming.clone();
    blocking(move || files::make_folder(&folder).map_err(of_io)).await?;
    Ok(incoming)
}

/// Gives a copy its name; whether the bytes were there already.
pub(crate) fn name_draft(draft: Draft, path: &Path, bytes: u64) -> Result<bool, StoreError> {
    let known = is_known(path, bytes)?;
    if !known {
        draft.publish(path).map_err(of_io)?;
    }
    Ok(known)
}

/// Whether a file named by its hash is there, whole and on the disk.
pub(crate) fn is_known(path: &Path, bytes: u64) -> Result<bool, StoreError> {
    let known = std::fs::metadata(path).is_ok_and(|there| there.is_file() && there.len() == bytes);
    if known {
        // Another process may have named it a moment ago and not have synced the folder yet.
        files::folder_of(path).and_then(files::sync_folder).map_err(of_io)?;
    }
    Ok(known)
}

fn move_in_now(root: &Path, made: &[(PathBuf, BlobKey)]) -> io::Result<()> {
    let mut folders = Vec::new();
    for (file, key) in made {
        let to = root.join(key.to_string());
        let folder = files::folder_of(&to)?.to_owned();
        files::make_folder(&folder)?;
        let synced = key.kind().durability() == Durability::Synced;
        if synced {
            File::open(file)?.sync_all()?;
        }
        std::fs::rename(file, &to)?;
        if synced && !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    folders.iter().try_for_each(|folder| files::sync_folder(folder))
}

fn length_now(path: &Path) -> io::Result<Option<u64>> {
    match std::fs::metadata(path) {
        Ok(about) => Ok(about.is_file().then_some(about.len())),
        Err(error) => absent(error),
    }
}

pub(crate) fn absent<T>(error: io::Error) -> io::Result<Option<T>> {
    match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => Ok(None),
        _ => Err(error),
    }
}

fn sweep(folder: &Path, before: Moment) -> io::Result<u64> {
    let mut swept = 0;
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let about = entry.metadata()?;
        let age = about.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
        if age.as_micros() >= u128::try_from(before.as_micros()).unwrap_or(0) {
            continue;
        }
        if about.is_dir() {
            std::fs::remove_dir_all(entry.path())?;
        } else {
            std::fs::remove_file(entry.path())?;
        }
        swept += 1;
    }
    Ok(swept)
}

/// Runs what blocks on a thread for it.
pub(crate) async fn blocking<T, E>(work: impl FnOnce() -> Result<T, E> + Send + 'static) -> Result<T, E>
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    match tokio::task::spawn_blocking(work).await {
        Ok(outcome) => outcome,
        Err(stopped) => Err(E::from(StoreError::Fault(Arc::new(stopped)))),
    }
}

/// A fault of the disk.
pub(crate) fn of_io(error: io::Error) -> StoreError {
    StoreError::of_disk(error)
}

fn of_object_store(error: object_store::Error) -> StoreError {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(&error);
    let mut full = false;
    while let Some(next) = cause {
        if let Some(io) = next.downcast_ref::<io::Error>() {
            full |= matches!(io.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded);
        }
        cause = next.source();
    }
    if full { StoreError::Full(Arc::new(error)) } else { StoreError::Unavailable(Arc::new(error)) }
}

fn object_path(key: &BlobKey) -> Result<ObjectPath, StoreError> {
    ObjectPath::parse(key.to_string()).map_err(|cause| StoreError::Fault(Arc::new(cause)))
}
