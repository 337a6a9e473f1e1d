//! A tree, or pictures, in a bucket.

use std::fs::File;
use std::io;
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use serve::{Blobs, Keep, Listed};
use store::{Bucket, StoreError};
use tokio::runtime::{Builder, Runtime};

use super::disk_cache::DiskCache;

/// How long a reader waits for an object.
const PATIENCE: Duration = Duration::from_secs(10);

/// The threads that speak with the bucket. Whoever waits for an answer blocks a thread of its own, never one of these.
static THREADS: LazyLock<io::Result<Runtime>> = LazyLock::new(|| {
    Builder::new_multi_thread().worker_threads(2).thread_name("bucket").enable_all().build()
});

/// Objects below a folder of a bucket. Calls block.
pub(super) struct BucketKeep {
    bucket: Bucket,
    folder: Option<&'static str>,
    cache: Option<Arc<DiskCache>>,
}

impl BucketKeep {
    /// Objects below this folder, or all of them.
    pub fn new(bucket: Bucket, folder: Option<&'static str>, cache: Option<Arc<DiskCache>>) -> Self {
        Self { bucket, folder, cache }
    }

    fn whole(&self, name: &str) -> String {
        self.folder.map_or_else(|| name.to_owned(), |folder| format!("{folder}/{name}"))
    }

    /// The name below the folder.
    fn own<'n>(&self, name: &'n str) -> Option<&'n str> {
        match self.folder {
            Some(folder) => name.strip_prefix(folder)?.strip_prefix('/'),
            None => Some(name),
        }
    }

    /// What never changes under its name, and is read again and again.
    fn is_kept(&self, whole: &str) -> bool {
        self.cache.is_some() && (whole.starts_with("tree/pages/") || whole.starts_with("public/"))
    }

    /// The object on this machine's disk, brought there first where it is not. `Ok(None)` where it cannot be kept there,
    /// `Ok(Some(false))` where there is no such object.
    fn bring(&self, whole: &str) -> io::Result<Option<bool>> {
        let Some(cache) = self.cache.as_ref().filter(|_| self.is_kept(whole)) else { return Ok(None) };
        cache
            .hold(whole, |file| {
                let (bucket, name, file) = (self.bucket.clone(), whole.to_owned(), file.to_path_buf());
                wait(async move {
                    let fetched = async { bucket.fetch(&name, &file).await.map_err(of_store) };
                    tokio::time::timeout(PATIENCE, fetched)
                        .await
                        .unwrap_or(Err(io::ErrorKind::TimedOut.into()))
                })
            })
            .map(Some)
    }

    fn get_whole(&self, whole: &str) -> io::Result<Option<Bytes>> {
        let (bucket, name) = (self.bucket.clone(), whole.to_owned());
        wait(async move { bucket.get(&name).await.map_err(of_store) })
    }

    fn read_part(&self, name: &str, from: u64, at_most: usize) -> io::Result<Option<Bytes>> {
        let whole = self.whole(name);
        if let Some(cache) = &self.cache {
            match self.bring(&whole)? {
                Some(false) => return Ok(None),
                Some(true) => {
                    if let Some(bytes) = cache.read(&whole, from, at_most)? {
                        return Ok(Some(bytes));
                    }
                }
                None => {}
            }
        }
        let Some(bytes) = self.get_whole(&whole)? else { return Ok(None) };
        let from = usize::try_from(from).unwrap_or(usize::MAX).min(bytes.len());
        Ok(Some(bytes.slice(from..bytes.len().min(from.saturating_add(at_most)))))
    }

    fn open(&self, name: &str) -> io::Result<Option<Arc<File>>> {
        let whole = self.whole(name);
        let Some(cache) = &self.cache else { return Ok(None) };
        match self.bring(&whole)? {
            Some(true) => cache.file(&whole),
            _ => Ok(None),
        }
    }

    fn is_here(&self, name: &str) -> bool {
        self.cache.as_ref().is_some_and(|cache| cache.holds(&self.whole(name)))
    }

    fn drop_copy(&self, name: &str) {
        if let Some(cache) = &self.cache {
            cache.let_go(&self.whole(name));
        }
    }

    fn send(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let (bucket, whole, bytes) = (self.bucket.clone(), self.whole(name), Bytes::copy_from_slice(bytes));
        self.drop_copy(name);
        wait(async move { bucket.put(&whole, bytes).await.map_err(of_store) })
    }

    /// Names and times below a folder, and after a name where one is given.
    fn listing(&self, prefix: &str, after: Option<&str>) -> io::Result<Vec<Listed>> {
        let (bucket, folder) = (self.bucket.clone(), self.whole(prefix));
        let after = after.map(|after| self.whole(after));
        let found = wait(async move {
            let mut found = Vec::new();
            let folder = folder.trim_end_matches('/');
            // A folder's own name comes before all in it, and is no object's.
            let after =
                after.as_deref().map(|after| after.trim_end_matches('/')).filter(|after| *after != folder);
            bucket.list(folder, after, |entry| found.push(entry)).await.map_err(of_store)?;
            Ok(found)
        })?;
        let listed = found.into_iter().filter_map(|entry| {
            let micros = u64::try_from(entry.modified.as_micros()).unwrap_or(0);
            let written = SystemTime::UNIX_EPOCH + Duration::from_micros(micros);
            Some(Listed { name: self.own(&entry.name)?.to_owned(), written })
        });
        let mut listed: Vec<Listed> = listed.collect();
        listed.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(listed)
    }
}

/// Has the bucket's threads do something, and waits for it.
fn wait<T: Send + 'static>(work: impl Future<Output = io::Result<T>> + Send + 'static) -> io::Result<T> {
    let threads = THREADS.as_ref().map_err(|error| io::Error::new(error.kind(), error.to_string()))?;
    let (tell, told) = sync_channel(1);
    threads.spawn(async move {
        // Whoever asked may have gone.
        let _ = tell.send(work.await);
    });
    told.recv().map_err(io::Error::other)?
}

fn of_store(error: StoreError) -> io::Error {
    io::Error::other(crate::telemetry::chain(&error))
}

impl Keep for BucketKeep {
    fn read(&self, name: &str, from: u64, at_most: usize) -> io::Result<Option<Bytes>> {
        self.read_part(name, from, at_most)
    }

    fn file(&self, name: &str) -> io::Result<Option<Arc<File>>> {
        self.open(name)
    }

    fn put(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.send(name, bytes)
    }

    /// A copy costs the store as much as a write.
    fn name_again(&self, _name: &str, _again: &str) -> bool {
        false
    }

    /// What the store has answered for is durable.
    fn put_durably(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.send(name, bytes)
    }

    fn list(&self, prefix: &str) -> io::Result<Vec<Listed>> {
        self.listing(prefix, None)
    }

    fn names_after(&self, prefix: &str, after: &str) -> io::Result<Vec<String>> {
        let listed = self.listing(prefix, Some(after))?;
        Ok(listed.into_iter().map(|listed| listed.name).filter(|name| name.as_str() > after).collect())
    }

    fn delete(&self, name: &str) -> io::Result<()> {
        self.drop_copy(name);
        let (bucket, whole) = (self.bucket.clone(), self.whole(name));
        wait(async move { bucket.delete(&whole).await.map_err(of_store) })
    }

    fn forget(&self, name: &str) {
        self.drop_copy(name);
    }

    fn quick(&self, name: &str) -> bool {
        self.is_here(name)
    }

    fn is_far(&self) -> bool {
        true
    }
}

impl Blobs for BucketKeep {
    fn read(&self, key: &str, from: u64, at_most: usize) -> io::Result<Option<Bytes>> {
        self.read_part(key, from, at_most)
    }

    fn file(&self, key: &str) -> io::Result<Option<Arc<File>>> {
        self.open(key)
    }

    fn quick(&self, key: &str) -> bool {
        self.is_here(key)
    }

    fn let_go(&self, key: &str) {
        self.drop_copy(key);
    }
}
