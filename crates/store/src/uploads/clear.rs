//! Taking away what is left of uploads that came to an end, or whose end nobody saw.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::Path;
use std::time::UNIX_EPOCH;

use newsroom::id::UploadId;
use newsroom::moment::Moment;

use super::pieces::{UPLOADS, folder_of};
use super::records::Standing;
use crate::action::{Tx, View};
use crate::blobs::{Blobs, Home, absent, blocking, of_io};
use crate::bucket::{Bucket, BucketEntry};
use crate::database::Store;
use crate::error::{ActError, StoreError};

/// What lies in an upload's folder: names below the root, and when each was written.
type Left = BTreeMap<UploadId, Vec<(String, Moment)>>;

impl Blobs {
    /// Takes away what an upload left that was finished or given up: its pieces, what was begun in the bucket, and of one
    /// that was given up its row, last. Cut short, it is to be done again. `false` where the upload is still under way:
    /// nothing changes.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn clear_upload(&self, store: &Store, id: UploadId) -> Result<bool, StoreError> {
        let look = async |view: &mut View| view.standing_of(id).await;
        match store.view(look).await? {
            Standing::UnderWay => return Ok(false),
            Standing::Unknown | Standing::Finished => self.delete_pieces(id).await?,
            Standing::Closed { parts } => {
                if let (Home::Bucket(bucket), Some(parts)) = (&self.inner.home, parts) {
                    bucket.abort_parts(&parts.name, &parts.id).await?;
                }
                self.delete_pieces(id).await?;
                let forgotten =
                    store.act(async |tx: &mut Tx| Ok::<_, ActError<()>>(tx.forget_upload(id).await?)).await;
                if let Err(ActError::Fault(fault)) = forgotten {
                    return Err(fault);
                }
            }
        }
        Ok(true)
    }

    async fn delete_pieces(&self, id: UploadId) -> Result<(), StoreError> {
        match &self.inner.home {
            Home::Folder(folder) => {
                let folder = folder.of_upload(id);
                blocking(move || match fs::remove_dir_all(&folder) {
                    // Somebody who was overtaken writes into it: swept later.
                    Err(error) if error.kind() == io::ErrorKind::DirectoryNotEmpty => Ok(()),
                    outcome => outcome.or_else(|error| absent(error).map(|_: Option<()>| ())).map_err(of_io),
                })
                .await
            }
            Home::Bucket(bucket) => {
                let mut names = Vec::new();
                bucket.list(&folder_of(id), None, |entry| names.push(entry.name)).await?;
                for name in &names {
                    bucket.delete(name).await?;
                }
                Ok(())
            }
        }
    }

    /// Takes away pieces that were written before this moment and belong to no upload that is under way or still to be
    /// cleared: of requests that came after the end, and of a finished one that nobody cleared. Gives how many there were.
    ///
    /// # Errors
    /// A fault of the store; what was taken away before it stays so.
    pub async fn sweep_uploads(&self, store: &Store, before: Moment) -> Result<u64, StoreError> {
        let left = match &self.inner.home {
            Home::Folder(folder) => {
                let root = folder.root.clone();
                blocking(move || left_in_folder(&root).map_err(of_io)).await?
            }
            Home::Bucket(bucket) => left_in_bucket(bucket).await?,
        };
        let mut swept = 0;
        for (id, names) in left {
            // An upload stands in the records before its first piece is written, and no id comes twice: one that was
            // listed and stands there no more is gone for good.
            match store.view(async |view: &mut View| view.standing_of(id).await).await? {
                Standing::UnderWay | Standing::Closed { .. } => continue,
                Standing::Unknown | Standing::Finished => {}
            }
            let old: Vec<String> =
                names.into_iter().filter(|(_, at)| *at < before).map(|(name, _)| name).collect();
            swept += old.len() as u64;
            self.delete_names(id, old).await?;
        }
        Ok(swept)
    }

    async fn delete_names(&self, id: UploadId, names: Vec<String>) -> Result<(), StoreError> {
        match &self.inner.home {
            Home::Folder(folder) => {
                let (root, of_upload) = (folder.root.clone(), folder.of_upload(id));
                let gone = |error| absent(error).map(|_: Option<()>| ());
                blocking(move || {
                    for name in &names {
                        fs::remove_file(root.join(name)).or_else(gone).map_err(of_io)?;
                    }
                    // It stays while something newer lies in it.
                    let removed = fs::remove_dir(of_upload);
                    if let Err(error) = removed {
                        tracing::debug!(%error, "the folder of an upload stays");
                    }
                    Ok(())
                })
                .await
            }
            Home::Bucket(bucket) => {
                for name in &names {
                    bucket.delete(name).await?;
                }
                Ok(())
            }
        }
    }
}

fn left_in_folder(root: &Path) -> io::Result<Left> {
    let mut left = Left::new();
    let Some(folders) = fs::read_dir(root.join(UPLOADS)).map(Some).or_else(absent)? else { return Ok(left) };
    for folder in folders {
        let folder = folder?;
        let Some(id) = folder.file_name().to_str().and_then(|name| name.parse::<UploadId>().ok()) else {
            continue;
        };
        let Some(pieces) = fs::read_dir(folder.path()).map(Some).or_else(absent)? else { continue };
        let names = left.entry(id).or_default();
        for piece in pieces {
            let piece = piece?;
            let (Some(about), Some(name)) =
                (piece.metadata().map(Some).or_else(absent)?, piece.file_name().to_str().map(str::to_owned))
            else {
                continue;
            };
            let age = about.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default();
            let at = Moment::from_micros(i64::try_from(age.as_micros()).unwrap_or(i64::MAX));
            names.push((format!("{}/{name}", folder_of(id)), at));
        }
    }
    Ok(left)
}

async fn left_in_bucket(bucket: &Bucket) -> Result<Left, StoreError> {
    let mut left = Left::new();
    let sort = |BucketEntry { name, modified, .. }: BucketEntry| {
        let id = name.strip_prefix(UPLOADS).and_then(|rest| rest.strip_prefix('/'));
        if let Some(id) = id.and_then(|rest| rest.split('/').next()).and_then(|id| id.parse().ok()) {
            left.entry(id).or_default().push((name, modified));
        }
    };
    bucket.list(UPLOADS, None, sort).await?;
    Ok(left)
}
