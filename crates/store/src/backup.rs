//! Backup of a store with its blobs, while others write.
//!
//! The records are copied first, as a SQLite file whatever database they lie in, and of one moment (`VACUUM INTO`, or row by
//! row out of one look at PostgreSQL), then the blobs that this copy names: a blob is
//! always kept before the row that names it. Each file is hashed as it is copied and listed in `manifest.jsonl`, which
//! is written last: a folder without it is no backup. The printed tree is not copied. Its pages are numbered by
//! changes, and pages newer than the records would never be followed; it is printed anew from the records. Uploads under
//! way are not copied either.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::pin::pin;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use newsroom::moment::Moment;
use serde::{Deserialize, Serialize};
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions as _, Connection as _};

use crate::blob_key::BlobKey;
use crate::blobs::{Blobs, blocking, of_io};
use crate::database::{Pools, Store};
use crate::error::StoreError;
use crate::files::{self, CopyFault, Draft};
use crate::hash::Sha256;
use crate::moving::{self, MoveFault};
use crate::survey::log_of;
use crate::value::as_json;

pub(crate) const MANIFEST: &str = "manifest.jsonl";
pub(crate) const RECORDS: &str = "records.sqlite";
pub(crate) const BLOBS: &str = "blobs";
pub(crate) const FORMAT: u32 = 1;
/// Blobs that are copied in one go.
const BATCH: usize = 64;
/// Blobs that are fetched ahead of the one that is copied, where they lie in a bucket.
const AHEAD: usize = 8;

const COPY: &str = "VACUUM INTO $1";
/// Uploads are not kept: their pieces are not, and whoever restores a backup sends such a file again. What is deleted is
/// written over, so that no backup tells of them.
const LEAVE_OUT: &str =
    "PRAGMA secure_delete = ON; BEGIN; DELETE FROM upload_pieces; DELETE FROM uploads; COMMIT";
const WHOLE: &str = "PRAGMA integrity_check";
/// Every blob that the records name. Originals and sidecars are named by hash alone.
const NAMED: &str = "SELECT 'original' AS kind, sha256 AS name, bytes FROM originals
    UNION ALL SELECT DISTINCT 'sidecar', sidecar, NULL FROM originals WHERE sidecar IS NOT NULL
    UNION ALL SELECT 'blob', blob, bytes FROM renditions
    UNION ALL SELECT 'blob', blob, bytes FROM public_files";

/// Why there is no backup, or nothing was restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The folder to write to has something in it.
    #[error("{} is not empty: name a folder that is empty or not there yet", .0.display())]
    NotEmpty(PathBuf),
    /// The folder to read from holds no finished backup.
    #[error("{} is not a finished backup: it has no readable manifest.jsonl", .0.display())]
    NotABackup(PathBuf),
    /// A file is not what it was when it was backed up, or not there.
    #[error("{} is missing or is not what was backed up", .0.display())]
    Differs(PathBuf),
    /// The copy of the records is damaged.
    #[error("the copy of the records is damaged: {0}")]
    Damaged(String),
    /// The disk or the database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What was copied.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Copied {
    /// Files, the records among them.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Blobs that the records name and that were not there, or had another length or hash. After a backup: the store
    /// itself lacks them. Anything here needs a person.
    pub missing: Vec<BlobKey>,
}

/// The manifest's first line.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Head {
    pub(crate) halftone_backup: u32,
    pub(crate) at: Moment,
}

/// One file of a backup; its path is below the backup's folder.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Line {
    pub(crate) path: String,
    pub(crate) bytes: u64,
    pub(crate) sha256: Sha256,
}

struct Named {
    key: BlobKey,
    bytes: Option<u64>,
}

/// Copies records and blobs into the folder `to`, which must be empty or not there; others may write meanwhile.
///
/// # Errors
/// [`BackupError`]. What was copied before it stays, without a manifest.
pub async fn backup(store: &Store, blobs: &Blobs, to: &Path, now: Moment) -> Result<Copied, BackupError> {
    make_empty(to).await?;
    let records = to.join(RECORDS);
    match &store.inner.pools {
        Pools::Sqlite(pools) => copy_records(&pools.path, &records).await?,
        Pools::Postgres(pool) => {
            let copied = moving::copy_records(&pool.connect_options(), &records, now).await;
            copied.map_err(|fault| match fault {
                MoveFault::Store(fault) => BackupError::Store(fault),
                other => BackupError::Damaged(other.to_string()),
            })?;
            if log_of(&records).exists() {
                return Err(BackupError::Damaged("a part of it still stands in its log".to_owned()));
            }
        }
    }
    let mut copy = open_copy(&records).await?;
    check_copy(&mut copy).await?;
    let mut ledger = Ledger::begin(to, now)?;
    {
        let mut rows = sqlx::query_as::<_, (String, String, Option<i64>)>(NAMED).fetch(&mut copy);
        let mut batch = Vec::new();
        while let Some((kind, name, bytes)) = rows.try_next().await.map_err(StoreError::from)? {
            batch.push(named(&kind, &name, bytes)?);
            if batch.len() == BATCH {
                ledger = ledger.copy_all(blobs, std::mem::take(&mut batch)).await?;
            }
        }
        ledger = ledger.copy_all(blobs, batch).await?;
    }
    copy.close().await.map_err(StoreError::from)?;
    blocking(move || ledger.finish()).await
}

impl Copied {
    pub(crate) fn count(&mut self, bytes: u64) {
        self.files += 1;
        self.bytes += bytes;
    }
}

pub(crate) async fn make_empty(folder: &Path) -> Result<(), BackupError> {
    let folder = folder.to_owned();
    blocking(move || {
        if files::has_entries(&folder).map_err(of_io)? {
            return Err(BackupError::NotEmpty(folder));
        }
        files::make_folder(&folder).map_err(|error| of_io(error).into())
    })
    .await
}

async fn copy_records(from: &Path, to: &Path) -> Result<(), BackupError> {
    let target =
        to.to_str().ok_or_else(|| StoreError::fault("the backup's folder has a name that is not UTF-8"))?;
    let mut source = SqliteConnectOptions::new()
        .filename(from)
        .disable_statement_logging()
        .connect()
        .await
        .map_err(StoreError::from)?;
    sqlx::query(COPY).bind(target).execute(&mut source).await.map_err(StoreError::from)?;
    source.close().await.map_err(StoreError::from)?;
    let mut copy = SqliteConnectOptions::new().filename(to).connect().await.map_err(StoreError::from)?;
    sqlx::raw_sql(LEAVE_OUT).execute(&mut copy).await.map_err(StoreError::from)?;
    copy.close().await.map_err(StoreError::from)?;
    let to = to.to_owned();
    // SQLite leaves the copy to the system's cache.
    blocking(move || File::open(&to).and_then(|file| file.sync_all()).map_err(|error| of_io(error).into()))
        .await
}

async fn open_copy(records: &Path) -> Result<SqliteConnection, BackupError> {
    let options = SqliteConnectOptions::new()
        .filename(records)
        .read_only(true)
        .immutable(true)
        .disable_statement_logging();
    Ok(options.connect().await.map_err(StoreError::from)?)
}

async fn check_copy(copy: &mut SqliteConnection) -> Result<(), BackupError> {
    let found: Vec<String> = sqlx::query_scalar(WHOLE).fetch_all(copy).await.map_err(StoreError::from)?;
    match found.as_slice() {
        [line] if line == "ok" => Ok(()),
        lines => Err(BackupError::Damaged(lines.join("; "))),
    }
}

fn named(kind: &str, name: &str, bytes: Option<i64>) -> Result<Named, StoreError> {
    let hash = || name.parse::<Sha256>().ok();
    let key = match kind {
        "original" => hash().map(BlobKey::Original),
        "sidecar" => hash().map(BlobKey::Sidecar),
        _ => name.parse().ok(),
    };
    let key = key
        .ok_or_else(|| StoreError::fault(format!("the records name a blob \"{name}\", which is no name")))?;
    Ok(Named { key, bytes: bytes.and_then(|bytes| u64::try_from(bytes).ok()) })
}

/// The backup's folder and its manifest as it grows.
struct Ledger {
    folder: PathBuf,
    manifest: Draft,
    copied: Copied,
}

impl Ledger {
    fn begin(folder: &Path, now: Moment) -> Result<Self, BackupError> {
        let mut ledger = Self {
            folder: folder.to_owned(),
            manifest: Draft::in_folder(folder).map_err(of_io)?,
            copied: Copied::default(),
        };
        ledger.write(&Head { halftone_backup: FORMAT, at: now })?;
        Ok(ledger)
    }

    async fn copy_all(mut self, blobs: &Blobs, batch: Vec<Named>) -> Result<Self, BackupError> {
        let opened = stream::iter(batch.into_iter().map(|named| async move {
            let source = blobs.open_file(&named.key).await?;
            Ok::<_, BackupError>((named, source))
        }));
        let mut opened = pin!(opened.buffered(AHEAD));
        while let Some((named, source)) = opened.try_next().await? {
            let Some(source) = source else {
                self.copied.missing.push(named.key);
                continue;
            };
            self = blocking(move || self.copy(named, source).map(|()| self)).await?;
        }
        Ok(self)
    }

    fn copy(&mut self, named: Named, mut source: File) -> Result<(), BackupError> {
        let mut draft = Draft::in_folder(&self.folder).map_err(of_io)?;
        let (bytes, sha256) = draft.fill(&mut source, u64::MAX).map_err(|fault| match fault {
            CopyFault::Source(error) | CopyFault::Target(error) => BackupError::Store(of_io(error)),
            CopyFault::TooLong => BackupError::Differs(PathBuf::from(named.key.to_string())),
        })?;
        if !named.fits(bytes, sha256) {
            self.copied.missing.push(named.key);
            return Ok(());
        }
        let path = format!("{BLOBS}/{}", named.key);
        draft.publish(&self.folder.join(&path)).map_err(of_io)?;
        self.write(&Line { path, bytes, sha256 })?;
        self.copied.count(bytes);
        Ok(())
    }

    /// Lists the records, closes the manifest and gives it its name: from here on it is a backup.
    fn finish(mut self) -> Result<Copied, BackupError> {
        let (bytes, sha256) = files::hash_file(&self.folder.join(RECORDS)).map_err(of_io)?;
        self.write(&Line { path: RECORDS.to_owned(), bytes, sha256 })?;
        self.copied.count(bytes);
        self.manifest.publish(&self.folder.join(MANIFEST)).map_err(of_io)?;
        Ok(self.copied)
    }

    fn write(&mut self, line: &impl Serialize) -> Result<(), BackupError> {
        let mut text = as_json(line)?;
        text.push('\n');
        Ok(self.manifest.write(text.as_bytes()).map_err(of_io)?)
    }
}

impl Named {
    /// Whether these bytes are the blob's: a name by hash says which they are, a row says how many.
    fn fits(&self, bytes: u64, sha256: Sha256) -> bool {
        let same = match &self.key {
            BlobKey::Original(own) | BlobKey::Sidecar(own) => *own == sha256,
            BlobKey::Rendition { .. } | BlobKey::PublicFile { .. } | BlobKey::Tree(_) => true,
        };
        same && self.bytes.is_none_or(|own| own == bytes)
    }
}
