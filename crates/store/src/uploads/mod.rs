//! Files that are sent in pieces and may be cut short at any moment: rows in the records, bytes beside the blobs.
//!
//! **What is acknowledged is durable.** A row says how many bytes are. They lie in pieces, `uploads/<upload>/<piece>`: on
//! a disk a file for each time that somebody appended, in a bucket objects of some megabytes. The records list the pieces;
//! a piece, or the end of one, that is not listed is no part of the file.
//!
//! **Whoever appends has a number of his own, the fence.** [`Tx::begin_append`](crate::Tx::begin_append) gives the next one
//! in a transaction. The names of the pieces that he writes hold it, so that nobody else writes under them, and
//! [`Tx::advance_upload`](crate::Tx::advance_upload) lists pieces and moves the offset only where his number is still the
//! newest. So one who was overtaken, at whatever step, can neither move the offset nor spoil a listed byte. In a bucket the
//! name holds the length as well: no object is ever written with two contents, however late a request arrives.
//!
//! **Short pieces do not pile up.** Who appends to a short last piece takes its bytes over into a piece of his own, which
//! takes its place when the offset moves. What is not listed and is of a lower number than his can never be listed any
//! more; he takes it away when he begins.
//!
//! **What is sent beside the bytes**, a preview and an .xmp file, lies in the upload's folder under names that are no piece's
//! ([`Beside`]), and goes with it.
//!
//! The way of an upload:
//!
//! 1. [`Tx::insert_upload`](crate::Tx::insert_upload).
//! 2. For each request: [`Tx::begin_append`](crate::Tx::begin_append), [`Blobs::append_upload`](crate::Blobs::append_upload),
//!    [`UploadWriter::write`] and at last [`UploadWriter::end`]; each [`Durable`] that these two give goes to
//!    [`Tx::advance_upload`](crate::Tx::advance_upload), in their order, before anybody is told of it.
//! 3. When all is there: [`Tx::begin_finish`](crate::Tx::begin_finish),
//!    [`Blobs::gather_upload`](crate::Blobs::gather_upload), which reads and hashes the whole and lets it be looked at,
//!    [`Blobs::keep_upload`](crate::Blobs::keep_upload), [`Tx::finish_upload`](crate::Tx::finish_upload) in the transaction
//!    that writes down what the file is, and [`Blobs::clear_upload`](crate::Blobs::clear_upload). Cut short anywhere, these
//!    are done again from the first.
//! 4. Given up: [`Tx::close_upload`](crate::Tx::close_upload) or
//!    [`Tx::close_expired_uploads`](crate::Tx::close_expired_uploads), then [`Blobs::clear_upload`](crate::Blobs::clear_upload).
//! 5. From time to time [`Blobs::sweep_uploads`](crate::Blobs::sweep_uploads), for what a request left that came after the end.

mod append;
mod beside;
mod checksum;
mod clear;
mod file_sink;
mod gather;
mod object_sink;
pub(crate) mod pieces;
pub(crate) mod records;
mod writer;

use newsroom::id::{PhotoId, StaffId, StoryId, UploadId};
use newsroom::moment::Moment;

use crate::hash::Sha256;
pub use beside::Beside;
pub use checksum::Checksum;
pub use gather::{Gathered, KeptUpload};
use pieces::Piece;
pub use writer::{AppendFault, UploadWriter};

/// What is known of an upload when it is announced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUpload {
    /// Its id.
    pub id: UploadId,
    /// Who sends it.
    pub owner: StaffId,
    /// The file's name as its sender gave it.
    pub name: String,
    /// What else the sender said of it, as it came.
    pub metadata: String,
    /// The story that it is for.
    pub story: Option<StoryId>,
    /// How many bytes it will have; 0 is a file like any other.
    pub bytes: u64,
    /// When it was announced.
    pub created_at: Moment,
    /// When it is given up, unless something is appended before.
    pub expires_at: Moment,
}

/// An upload, under way or finished.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// What was announced; `expires_at` as it is by now.
    pub about: NewUpload,
    /// How many bytes are durable: where the next ones belong.
    pub received: u64,
    /// What became of it.
    pub finished: Option<Finished>,
}

/// An upload that came to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    /// Since when.
    pub at: Moment,
    /// What became of its bytes.
    pub outcome: UploadOutcome,
}

/// What became of an upload's bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UploadOutcome {
    /// They are a photo's original.
    Kept {
        /// The hash of all bytes, which names the blob.
        sha256: Sha256,
        /// The photo.
        photo: PhotoId,
    },
    /// They were no photo that is taken in, for this reason.
    Refused(String),
}

/// The right to append to an upload, until somebody else takes it. It cannot be copied: one right, one writer.
#[derive(Debug)]
pub struct Appending {
    pub(crate) upload: UploadId,
    pub(crate) fence: u64,
    pub(crate) received: u64,
    pub(crate) total: u64,
    pub(crate) pieces: Vec<Piece>,
}

impl Appending {
    /// The upload.
    #[must_use]
    pub fn upload(&self) -> UploadId {
        self.upload
    }

    /// How many bytes are still to come.
    #[must_use]
    pub fn missing(&self) -> u64 {
        self.total.saturating_sub(self.received)
    }
}

/// Bytes that are durable and that the records do not know of yet.
#[derive(Debug, PartialEq, Eq)]
#[must_use = "no byte of it is acknowledged before it was given to Tx::advance_upload"]
pub struct Durable {
    pub(crate) upload: UploadId,
    pub(crate) fence: u64,
    pub(crate) received: u64,
    pub(crate) pieces: Vec<Piece>,
}

impl Durable {
    /// The offset that may be acknowledged once the records have it.
    #[must_use]
    pub fn received(&self) -> u64 {
        self.received
    }
}

/// The right to finish an upload, until somebody else takes it.
#[derive(Debug)]
pub struct Finishing {
    pub(crate) upload: UploadId,
    pub(crate) fence: u64,
    pub(crate) total: u64,
    pub(crate) pieces: Vec<Piece>,
    /// What another began to put together in the bucket and did not end.
    pub(crate) parts: Option<Parts>,
}

/// An object of a bucket that is being put together from parts.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub(crate) struct Parts {
    pub(crate) name: String,
    pub(crate) id: String,
}

/// Why nothing can be appended.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AppendRefusal {
    /// There is no such upload, or no longer.
    #[error("there is no such upload, or it was given up")]
    Gone,
    /// The next bytes belong elsewhere.
    #[error("the upload goes on at byte {received}")]
    Offset {
        /// Where.
        received: u64,
    },
    /// All bytes are there, and a blob by now.
    #[error("the upload is finished")]
    Finished(Finished),
}

/// Why an upload cannot be finished.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FinishRefusal {
    /// There is no such upload, or no longer.
    #[error("there is no such upload, or it was given up")]
    Gone,
    /// Bytes are missing.
    #[error("only {received} bytes of the upload are there")]
    Incomplete {
        /// How many are there.
        received: u64,
    },
    /// It is finished.
    #[error("the upload is finished")]
    Finished(Finished),
}
