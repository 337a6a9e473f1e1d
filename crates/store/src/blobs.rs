//! Blobs: bytes by name. Small ones go through an object store, so that an S3 store can stand in its place; files of
//! this machine are taken in by own code, which hashes while it copies, in constant memory.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use bytes::Bytes;
use futures_util::TryStreamExt as _;
use newsroom::id::PhotoId;
use newsroom::moment::Moment;
use object_store::local::LocalFileSystem;
use object_store::path::Path as ObjectPath;
use object_store::{ObjectStore, ObjectStoreExt as _};

use crate::blob_key::{BlobKey, BlobKind, Durability};
use crate::error::StoreError;
use crate::files::{self, CopyFault, Draft};
use crate::hash::Sha256;

/// Where files lie before they have their names, beside the kinds' folders.
const INCOMING: &str = "incoming";

/// The blobs. Cheap to clone; all clones are one store.
#[derive(Debug, Clone)]
pub struct Blobs {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    root: PathBuf,
    incoming: PathBuf,
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
        let incoming = root.join(INCOMING);
        let folder = incoming.clone();
        blocking(move || files::make_folder(&folder).map_err(of_io)).await?;
        let local = || LocalFileSystem::new_with_prefix(root).map_err(of_object_store);
        let (synced, atomic) = (local()?.with_fsync(true), local()?);
        Ok(Self { inner: Arc::new(Inner { root: root.to_owned(), incoming, synced, atomic }) })
    }

    /// A blob's bytes.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn get(&self, key: &BlobKey) -> Result<Option<Bytes>, StoreError> {
        let found = match self.objects(key.kind()).get(&object_path(key)?).await {
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
        let put = self.objects(key.kind()).put(&object_path(key)?, bytes.into()).await;
        put.map(|_| ()).map_err(of_object_store)
    }

    /// Takes in a file from outside, at most `at_most` bytes: copied and hashed in one go, synced, then named by its
    /// hash. When this answers, a power cut does not lose it. Bytes that are there already stay as they are.
    ///
    /// # Errors
    /// [`TakeInError`].
    pub async fn take_in(&self, kind: Incoming, source: &Path, at_most: u64) -> Result<TakenIn, TakeInError> {
        let (blobs, source) = (self.clone(), source.to_owned());
        blocking(move || blobs.take_in_now(kind, &source, at_most)).await
    }

    fn take_in_now(&self, kind: Incoming, source: &Path, at_most: u64) -> Result<TakenIn, TakeInError> {
        let mut source = File::open(source).map_err(TakeInError::Source)?;
        let mut draft = Draft::in_folder(&self.inner.incoming).map_err(of_io)?;
        let (bytes, sha256) = draft.fill(&mut source, at_most).map_err(|fault| match fault {
            CopyFault::Source(error) => TakeInError::Source(error),
            CopyFault::TooLong => TakeInError::TooLong { at_most },
            CopyFault::Target(error) => TakeInError::Store(of_io(error)),
        })?;
        let key = match kind {
            Incoming::Original => BlobKey::Original(sha256),
            Incoming::Sidecar => BlobKey::Sidecar(sha256),
        };
        let path = self.local_path(&key);
        let known = std::fs::metadata(&path).is_ok_and(|there| there.is_file() && there.len() == bytes);
        if known {
            // Another process may have named it a moment ago and not have synced the folder yet.
            files::folder_of(&path).and_then(files::sync_folder).map_err(of_io)?;
        } else {
            draft.publish(&path).map_err(of_io)?;
        }
        Ok(TakenIn { key, sha256, bytes, known })
    }

    /// Moves files that a worker made to their names, each whole. The worker must have written them below
    /// [`Blobs::incoming`], which is on the same disk. Kinds that must survive a power cut are synced, and each folder
    /// once.
    ///
    /// # Errors
    /// A fault of the store. Those moved before it stay: the names are the same when the work is done again.
    pub async fn move_in(&self, made: Vec<(PathBuf, BlobKey)>) -> Result<(), StoreError> {
        let blobs = self.clone();
        blocking(move || blobs.move_in_now(&made).map_err(of_io)).await
    }

    fn move_in_now(&self, made: &[(PathBuf, BlobKey)]) -> io::Result<()> {
        let mut folders = Vec::new();
        for (file, key) in made {
            let to = self.local_path(key);
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

    /// Deletes a blob. `false` when it was not there.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn delete(&self, key: &BlobKey) -> Result<bool, StoreError> {
        match self.objects(key.kind()).delete(&object_path(key)?).await {
            Ok(()) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(of_object_store(error)),
        }
    }

    /// Deletes every blob of a kind that is of this photo, also one that no record names. Gives how many there were.
    ///
    /// # Errors
    /// A fault of the store; what was deleted before it stays deleted.
    pub async fn delete_of_photo(&self, kind: BlobKind, photo: PhotoId) -> Result<u64, StoreError> {
        let folder = ObjectPath::from(format!("{}/{photo}", kind.folder()));
        let objects = self.objects(kind);
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
        let blobs = self.clone();
        blocking(move || keys.iter().map(|key| blobs.length_now(key).map_err(of_io)).collect()).await
    }

    fn length_now(&self, key: &BlobKey) -> io::Result<Option<u64>> {
        match std::fs::metadata(self.local_path(key)) {
            Ok(about) => Ok(about.is_file().then_some(about.len())),
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
                Ok(None)
            }
            Err(error) => Err(error),
        }
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
        let mut entries = self.objects(kind).list(Some(&ObjectPath::from(kind.folder())));
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

    /// Where a blob lies on this machine, for a worker that reads it through a file descriptor, and for the server.
    pub fn local_path(&self, key: &BlobKey) -> PathBuf {
        self.inner.root.join(key.to_string())
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

    fn objects(&self, kind: BlobKind) -> &LocalFileSystem {
        match kind.durability() {
            Durability::Synced => &self.inner.synced,
            Durability::Atomic => &self.inner.atomic,
        }
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
    match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => StoreError::Full(Arc::new(error)),
        _ => StoreError::Unavailable(Arc::new(error)),
    }
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
