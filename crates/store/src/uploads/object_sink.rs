//! The pieces of an upload as objects of a bucket, one after the other.

use std::sync::Arc;

use bytes::Bytes;
use newsroom::id::UploadId;
use tokio::task::{JoinError, JoinSet};

use super::pieces::{Piece, folder_of};
use crate::bucket::Bucket;
use crate::error::StoreError;

/// Bytes of a whole piece. One is filled while another is on its way.
pub(super) const PIECE: usize = 4 << 20;

pub(super) struct ObjectSink {
    bucket: Bucket,
    upload: UploadId,
    fence: u64,
    /// Where the piece that is being filled begins.
    starts_at: u64,
    buffer: Vec<u8>,
    /// How much of it lies in the bucket, as a piece that is to be followed by a longer one.
    kept: usize,
    /// At most one, so that pieces become durable in their order.
    sending: JoinSet<Result<Piece, StoreError>>,
    durable: Vec<Piece>,
}

impl ObjectSink {
    /// Goes on behind `tail`, the bytes of the last piece from `starts_at` on.
    pub(super) fn new(
        bucket: Bucket,
        (upload, fence): (UploadId, u64),
        (starts_at, tail): (u64, Bytes),
    ) -> Self {
        let (kept, buffer) = (tail.len(), Vec::from(tail));
        Self { bucket, upload, fence, starts_at, buffer, kept, sending: JoinSet::new(), durable: Vec::new() }
    }

    pub(super) async fn take(&mut self, mut bytes: &[u8]) -> Result<(), StoreError> {
        while !bytes.is_empty() {
            if self.buffer.capacity() < PIECE {
                self.buffer.reserve_exact(PIECE.saturating_sub(self.buffer.len()));
            }
            let (now, later) = bytes.split_at(bytes.len().min(PIECE.saturating_sub(self.buffer.len())));
            self.buffer.extend_from_slice(now);
            bytes = later;
            if self.buffer.len() >= PIECE {
                self.wait().await?;
                let piece = self.piece();
                let whole = Bytes::from(std::mem::take(&mut self.buffer));
                (self.starts_at, self.kept) = (piece.ends_at(), 0);
                self.sending.spawn(send(self.bucket.clone(), self.upload, piece, whole));
            }
        }
        Ok(())
    }

    fn piece(&self) -> Piece {
        Piece { starts_at: self.starts_at, fence: self.fence, bytes: self.buffer.len() as u64 }
    }

    async fn wait(&mut self) -> Result<(), StoreError> {
        while let Some(sent) = self.sending.join_next().await {
            self.durable.push(arrived(sent)?);
        }
        Ok(())
    }

    pub(super) fn news(&mut self) -> Result<Vec<Piece>, StoreError> {
        while let Some(sent) = self.sending.try_join_next() {
            self.durable.push(arrived(sent)?);
        }
        Ok(std::mem::take(&mut self.durable))
    }

    pub(super) async fn sync(&mut self) -> Result<Vec<Piece>, StoreError> {
        self.wait().await?;
        if self.buffer.len() > self.kept {
            let (piece, bytes) = (self.piece(), Bytes::copy_from_slice(&self.buffer));
            self.durable.push(send(self.bucket.clone(), self.upload, piece, bytes).await?);
            self.kept = self.buffer.len();
        }
        Ok(std::mem::take(&mut self.durable))
    }

    pub(super) async fn discard(mut self) -> Result<(), StoreError> {
        self.wait().await?;
        for piece in &self.durable {
            self.bucket.delete(&name(self.upload, piece)).await?;
        }
        Ok(())
    }
}

/// The object of a piece.
pub(super) fn name(upload: UploadId, piece: &Piece) -> String {
    format!("{}/{}", folder_of(upload), piece.object_name())
}

async fn send(bucket: Bucket, upload: UploadId, piece: Piece, bytes: Bytes) -> Result<Piece, StoreError> {
    bucket.put(&name(upload, &piece), bytes).await.map(|()| piece)
}

fn arrived(sent: Result<Result<Piece, StoreError>, JoinError>) -> Result<Piece, StoreError> {
    sent.unwrap_or_else(|stopped| Err(StoreError::Fault(Arc::new(stopped))))
}
