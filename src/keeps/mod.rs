//! Where the bytes lie: in the data folder, or in a bucket, which serving processes read through a part of their disk.

mod bucket_keep;
mod disk_cache;
mod identity;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serve::{FolderKeep, Keep, TreeWriter};
use store::{Blobs, Bucket, BucketPlace, StoreError};

use crate::config::{BucketConfig, Config};
use bucket_keep::BucketKeep;
use disk_cache::DiskCache;
pub use identity::{Stranger, meet, try_out};

/// The printed tree's folder, in the data folder and in a bucket.
const TREE: &str = "tree";

/// What readers are answered from.
pub struct Shelves {
    /// The printed tree.
    pub tree: Arc<dyn Keep>,
    /// The pictures.
    pub pictures: Arc<dyn serve::Blobs>,
}

/// Where the printed tree of a data folder lies, where it lies there.
pub fn tree_folder(data: &Path) -> PathBuf {
    data.join(TREE)
}

/// The bucket that a configuration names.
///
/// # Errors
/// [`StoreError::Bucket`] where that makes no sense; nothing is asked of it.
pub fn bucket(config: &Config) -> Result<Option<Bucket>, StoreError> {
    config.blobs.bucket.as_ref().map(|bucket| Bucket::new(&place(bucket))).transpose()
}

fn place(bucket: &BucketConfig) -> BucketPlace {
    BucketPlace {
        bucket: bucket.name.clone(),
        prefix: bucket.prefix.clone(),
        endpoint: bucket.endpoint.clone(),
        region: bucket.region.clone(),
        access_key: bucket.access_key.clone(),
        secret_key: bucket.secret_key.clone(),
    }
}

/// The blobs, for actions and jobs.
///
/// # Errors
/// The folder cannot be made, or the bucket's place makes no sense.
pub async fn blobs(data: &Path, config: &Config) -> Result<Blobs, StoreError> {
    match bucket(config)? {
        Some(bucket) => Blobs::in_bucket(bucket, data).await,
        None => Blobs::open(data).await,
    }
}

/// The printed tree, for actions, jobs and checks.
///
/// # Errors
/// The bucket's place makes no sense, or the machine gives no threads.
pub fn tree(data: &Path, config: &Config) -> Result<TreeWriter, StoreError> {
    let keep: Arc<dyn Keep> = match bucket(config)? {
        Some(bucket) => Arc::new(BucketKeep::new(bucket, Some(TREE), None)),
        None => Arc::new(FolderKeep::new(tree_folder(data))),
    };
    Ok(TreeWriter::new(keep))
}

/// The pictures, for whoever copies them out.
///
/// # Errors
/// As [`tree`].
pub fn pictures(data: &Path, config: &Config) -> Result<Arc<dyn serve::Blobs>, StoreError> {
    Ok(match bucket(config)? {
        Some(bucket) => Arc::new(BucketKeep::new(bucket, None, None)),
        None => Arc::new(FolderKeep::new(data)),
    })
}

/// Tree and pictures for readers, with up to `open` files kept open.
///
/// # Errors
/// The bucket's place makes no sense, or the disk gives no room for the cache.
pub fn shelves(data: &Path, config: &Config, open: usize) -> io::Result<Shelves> {
    let Some(bucket) = bucket(config).map_err(io::Error::other)? else {
        return Ok(Shelves {
            tree: Arc::new(FolderKeep::new(tree_folder(data)).with_open_files(open)),
            pictures: Arc::new(FolderKeep::new(data)),
        });
    };
    let cache = Arc::new(DiskCache::begin(&data.join("cache"), config.blobs.cache_bytes, open)?);
    Ok(Shelves {
        tree: Arc::new(BucketKeep::new(bucket.clone(), Some(TREE), Some(Arc::clone(&cache)))),
        pictures: Arc::new(BucketKeep::new(bucket, None, Some(cache))),
    })
}
