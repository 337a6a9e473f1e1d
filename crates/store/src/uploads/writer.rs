//! Whoever appends to an upload.

use bytes::Bytes;
use newsroom::id::UploadId;

use super::Durable;
use super::checksum::Running;
use super::file_sink::FileSink;
use super::object_sink::ObjectSink;
use super::pieces::Piece;
use crate::error::StoreError;

/// Why bytes were not taken. What was acknowledged before stays.
#[derive(Debug, thiserror::Error)]
pub enum AppendFault {
    /// More bytes came than the upload was to have. These were not taken; those before may still be kept.
    #[error("more came than the {total} bytes that were announced")]
    TooLong {
        /// How many it was to have.
        total: u64,
    },
    /// The bytes have another hash than their sender said. None of them was kept.
    #[error("the bytes that came are not those that were sent: their hash is another one")]
    WrongChecksum,
    /// The disk or the bucket failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Where the bytes go.
pub(super) enum Sink {
    File(FileSink),
    Objects(ObjectSink),
}

impl Sink {
    async fn take(&mut self, bytes: &[u8]) -> Result<(), StoreError> {
        match self {
            Self::File(sink) => sink.take(bytes).await,
            Self::Objects(sink) => sink.take(bytes).await,
        }
    }

    /// Pieces that became durable without waiting for them, since they were asked for last.
    async fn news(&mut self) -> Result<Vec<Piece>, StoreError> {
        match self {
            Self::File(sink) => sink.news().await,
            Self::Objects(sink) => sink.news(),
        }
    }

    /// Makes all bytes durable; gives the pieces since they were asked for last.
    async fn sync(&mut self) -> Result<Vec<Piece>, StoreError> {
        match self {
            Self::File(sink) => sink.sync().await,
            Self::Objects(sink) => sink.sync().await,
        }
    }

    /// Takes away what was written.
    async fn discard(self) -> Result<(), StoreError> {
        match self {
            Self::File(sink) => sink.discard().await,
            Self::Objects(sink) => sink.discard().await,
        }
    }
}

/// Appends to an upload, in constant memory: about 1 MiB where the blobs are files, at most 8 MiB where they lie in a
/// bucket.
///
/// Dropped at whatever moment, it leaves the upload at the offset that was acknowledged last; so does a call that fails
/// or is not waited for, and the writer takes nothing more then.
#[must_use = "nothing is acknowledged before UploadWriter::end"]
pub struct UploadWriter {
    upload: UploadId,
    fence: u64,
    total: u64,
    /// The place after the last byte that was taken.
    taken: u64,
    checksum: Option<Running>,
    /// Not there once a call failed or was given up: what lies in the sink then nobody knows.
    sink: Option<Sink>,
}

impl UploadWriter {
    pub(super) fn new(
        (upload, fence): (UploadId, u64),
        (taken, total): (u64, u64),
        checksum: Option<Running>,
        sink: Sink,
    ) -> Self {
        Self { upload, fence, total, taken, checksum, sink: Some(sink) }
    }

    /// Takes the next bytes. Now and then it gives what has become durable meanwhile, which may be acknowledged; never
    /// while a checksum is to be met.
    ///
    /// # Errors
    /// [`AppendFault`].
    pub async fn write(&mut self, bytes: Bytes) -> Result<Option<Durable>, AppendFault> {
        let end = self.taken.saturating_add(bytes.len() as u64);
        if end > self.total {
            return Err(AppendFault::TooLong { total: self.total });
        }
        let mut sink = self.sink()?;
        if let Some(running) = &mut self.checksum {
            running.update(&bytes);
        }
        sink.take(&bytes).await?;
        self.taken = end;
        // What must be discarded whole cannot be acknowledged in part.
        let news = if self.checksum.is_some() { Vec::new() } else { sink.news().await? };
        self.sink = Some(sink);
        Ok(if news.is_empty() { None } else { Some(self.durable(news)) })
    }

    /// Makes all bytes that were taken durable: for a sender who is slow, so that he loses little. `None` while a checksum
    /// is to be met.
    ///
    /// # Errors
    /// [`AppendFault::Store`].
    pub async fn sync(&mut self) -> Result<Option<Durable>, AppendFault> {
        if self.checksum.is_some() {
            return Ok(None);
        }
        let mut sink = self.sink()?;
        let news = sink.sync().await?;
        self.sink = Some(sink);
        Ok(Some(self.durable(news)))
    }

    /// Makes the rest durable, also where fewer bytes came than were announced: with the connection gone, what came may be
    /// kept, unless a checksum was to be met. Then the writer is to be dropped instead.
    ///
    /// # Errors
    /// [`AppendFault`]; after [`AppendFault::WrongChecksum`] nothing of what was taken is there.
    pub async fn end(mut self) -> Result<Durable, AppendFault> {
        let mut sink = self.sink()?;
        if self.checksum.take().is_some_and(|running| !running.meets()) {
            if let Err(error) = sink.discard().await {
                // Whoever appends next, or clears the upload, takes it away.
                tracing::debug!(%error, upload = %self.upload, "bytes with a wrong hash stay behind for now");
            }
            return Err(AppendFault::WrongChecksum);
        }
        let news = sink.sync().await?;
        Ok(self.durable(news))
    }

    fn sink(&mut self) -> Result<Sink, StoreError> {
        self.sink.take().ok_or_else(|| StoreError::fault("a writer whose last call failed was asked again"))
    }

    fn durable(&self, pieces: Vec<Piece>) -> Durable {
        // Without news nothing came since the last time, and all that was taken is known.
        let received = pieces.last().map_or(self.taken, Piece::ends_at);
        Durable { upload: self.upload, fence: self.fence, received, pieces }
    }
}
