//! A piece of an upload as a file that grows.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::task::JoinHandle;

use super::pieces::Piece;
use crate::blobs::{blocking, of_io};
use crate::error::StoreError;

/// Bytes that are collected before they are written.
const CHUNK: usize = 1 << 20;
/// Bytes after which the disk is asked to keep them, while more come.
const SYNC_EVERY: u64 = 16 << 20;
/// Bytes that may wait for the disk.
const UNSYNCED: u64 = 4 * SYNC_EVERY;
/// A last piece that is shorter is taken over into the next one.
pub(super) const SHORT: u64 = 1 << 20;

pub(super) struct FileSink {
    file: Arc<File>,
    path: PathBuf,
    starts_at: u64,
    fence: u64,
    buffer: Vec<u8>,
    /// Places in the whole upload: after what was written, after what the disk keeps, after what was told of that.
    written: u64,
    durable: u64,
    told: u64,
    syncing: Option<(u64, JoinHandle<io::Result<()>>)>,
}

impl FileSink {
    /// A new file for the bytes from `received` on, behind those of `carried`, which are copied. Blocks.
    pub(super) fn create(
        folder: &Path,
        (received, fence): (u64, u64),
        carried: Option<Piece>,
    ) -> io::Result<Self> {
        let starts_at = carried.map_or(received, |carried| carried.starts_at);
        let path = folder.join(Piece { starts_at, fence, bytes: 0 }.file_name());
        let mut file = OpenOptions::new().write(true).create_new(true).open(&path)?;
        if let Some(carried) = carried {
            let before = File::open(folder.join(carried.file_name()))?;
            // Its end may be of one who was cut short.
            if io::copy(&mut before.take(carried.bytes), &mut file)? != carried.bytes {
                return Err(io::Error::new(
                    io::ErrorKind::UnexpectedEof,
                    "a piece of an upload is too short",
                ));
            }
        }
        let (durable, told) = (received, received);
        let (file, buffer) = (Arc::new(file), Vec::new());
        Ok(Self { file, path, starts_at, fence, buffer, written: received, durable, told, syncing: None })
    }

    pub(super) async fn take(&mut self, mut bytes: &[u8]) -> Result<(), StoreError> {
        while !bytes.is_empty() {
            self.buffer.reserve_exact(CHUNK - self.buffer.len());
            let (now, later) = bytes.split_at(bytes.len().min(CHUNK - self.buffer.len()));
            self.buffer.extend_from_slice(now);
            bytes = later;
            if self.buffer.len() == CHUNK {
                self.write().await?;
                self.have_synced().await?;
            }
        }
        Ok(())
    }

    async fn write(&mut self) -> Result<(), StoreError> {
        let (file, buffer) = (self.file.clone(), std::mem::take(&mut self.buffer));
        self.buffer = blocking(move || {
            file.as_ref().write_all(&buffer).map_err(of_io)?;
            Ok::<_, StoreError>(buffer)
        })
        .await?;
        self.written += self.buffer.len() as u64;
        self.buffer.clear();
        Ok(())
    }

    /// Lets the disk work while more comes, and waits for it only where it falls behind.
    async fn have_synced(&mut self) -> Result<(), StoreError> {
        let waiting = self.written - self.durable;
        if self.syncing.as_ref().is_some_and(|(_, done)| done.is_finished() || waiting >= UNSYNCED) {
            self.collect().await?;
        }
        if self.syncing.is_none() && self.written - self.durable >= SYNC_EVERY {
            let file = self.file.clone();
            self.syncing = Some((self.written, tokio::task::spawn_blocking(move || file.sync_data())));
        }
        Ok(())
    }

    async fn collect(&mut self) -> Result<(), StoreError> {
        if let Some((until, done)) = self.syncing.take() {
            done.await.map_err(|stopped| StoreError::Fault(Arc::new(stopped)))?.map_err(of_io)?;
            self.durable = until;
        }
        Ok(())
    }

    pub(super) async fn news(&mut self) -> Result<Vec<Piece>, StoreError> {
        if self.syncing.as_ref().is_some_and(|(_, done)| done.is_finished()) {
            self.collect().await?;
        }
        Ok(self.tell())
    }

    pub(super) async fn sync(&mut self) -> Result<Vec<Piece>, StoreError> {
        if !self.buffer.is_empty() {
            self.write().await?;
        }
        self.collect().await?;
        if self.durable < self.written {
            let file = self.file.clone();
            blocking(move || file.sync_data().map_err(of_io)).await?;
            self.durable = self.written;
        }
        Ok(self.tell())
    }

    /// The piece as far as it is durable, where that is further than was told.
    fn tell(&mut self) -> Vec<Piece> {
        if self.durable == self.told {
            return Vec::new();
        }
        self.told = self.durable;
        vec![Piece { starts_at: self.starts_at, fence: self.fence, bytes: self.durable - self.starts_at }]
    }

    pub(super) async fn discard(self) -> Result<(), StoreError> {
        blocking(move || std::fs::remove_file(&self.path).map_err(of_io)).await
    }
}
