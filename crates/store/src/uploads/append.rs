//! Opening an upload for whoever appends, and reading its beginning before its end is there.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use bytes::{Bytes, BytesMut};
use newsroom::id::UploadId;

use super::Appending;
use super::checksum::{Checksum, Running};
use super::file_sink::{FileSink, SHORT};
use super::object_sink::{self, ObjectSink, PIECE};
use super::pieces::{Piece, fence_in, folder_of};
use super::writer::{Sink, UploadWriter};
use crate::action::View;
use crate::blobs::{Blobs, Folder, Home, absent, blocking, of_io};
use crate::bucket::Bucket;
use crate::database::Store;
use crate::error::StoreError;
use crate::files;

/// How often a reader looks again whose piece was replaced by a longer one.
const LOOKS: usize = 4;

impl Folder {
    pub(super) fn of_upload(&self, upload: UploadId) -> PathBuf {
        self.root.join(folder_of(upload))
    }
}

impl Blobs {
    /// Opens an upload for whoever has the right to append; what others left that was never acknowledged goes. `expected`
    /// is the hash that all bytes of this writer together must have.
    ///
    /// # Errors
    /// A fault of the store, also where somebody else has begun to append meanwhile.
    pub async fn append_upload(
        &self,
        appending: Appending,
        expected: Option<Checksum>,
    ) -> Result<UploadWriter, StoreError> {
        let Appending { upload, fence, received, total, pieces } = appending;
        let last = pieces.last().copied();
        let sink = match &self.inner.home {
            Home::Folder(folder) => {
                let folder = folder.of_upload(upload);
                Sink::File(
                    blocking(move || open_file(&folder, &pieces, (received, fence)).map_err(of_io)).await?,
                )
            }
            Home::Bucket(bucket) => {
                tidy_bucket(bucket, upload, &pieces, fence).await?;
                let tail = match last.filter(|last| last.bytes < PIECE as u64) {
                    Some(last) => (last.starts_at, piece_in_bucket(bucket, upload, &last).await?),
                    None => (received, Bytes::new()),
                };
                Sink::Objects(ObjectSink::new(bucket.clone(), (upload, fence), tail))
            }
        };
        Ok(UploadWriter::new((upload, fence), (received, total), expected.map(Running::new), sink))
    }

    /// The first bytes of an upload that is not finished, at most `at_most` and no more than are acknowledged: enough to
    /// tell what a photo is before all of it is there. `None` when there is no such upload.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn read_upload_head(
        &self,
        store: &Store,
        id: UploadId,
        at_most: usize,
    ) -> Result<Option<Bytes>, StoreError> {
        for _ in 0..LOOKS {
            let look = async |view: &mut View| -> Result<_, StoreError> {
                let there = view.upload(id).await?.is_some_and(|upload| upload.finished.is_none());
                Ok(if there { Some(view.pieces_before(id, at_most as u64).await?) } else { None })
            };
            let Some(pieces) = store.view(look).await? else { return Ok(None) };
            if let Some(head) = self.read_pieces(id, &pieces, at_most).await? {
                return Ok(Some(head));
            }
        }
        Err(lost(id))
    }

    /// `None` where a piece is not there (any more).
    async fn read_pieces(
        &self,
        upload: UploadId,
        pieces: &[Piece],
        at_most: usize,
    ) -> Result<Option<Bytes>, StoreError> {
        let mut head = BytesMut::new();
        for piece in pieces {
            let left = at_most - head.len();
            let bytes = match &self.inner.home {
                Home::Folder(folder) => {
                    let path = folder.of_upload(upload).join(piece.file_name());
                    let length = piece.bytes.min(left as u64);
                    blocking(move || read_start(&path, length).or_else(absent).map_err(of_io)).await?
                }
                Home::Bucket(bucket) => bucket.get(&object_sink::name(upload, piece)).await?,
            };
            let Some(bytes) = bytes else { return Ok(None) };
            head.extend_from_slice(bytes.get(..left).unwrap_or(&bytes));
        }
        Ok(Some(head.freeze()))
    }
}

pub(super) fn lost(upload: UploadId) -> StoreError {
    StoreError::fault(format!("a piece of the upload {upload} is not there"))
}

/// A whole piece out of a bucket.
pub(super) async fn piece_in_bucket(
    bucket: &Bucket,
    upload: UploadId,
    piece: &Piece,
) -> Result<Bytes, StoreError> {
    let bytes = bucket.get(&object_sink::name(upload, piece)).await?;
    bytes.filter(|bytes| bytes.len() as u64 == piece.bytes).ok_or_else(|| lost(upload))
}

fn read_start(path: &Path, length: u64) -> io::Result<Option<Bytes>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(length).read_to_end(&mut bytes)?;
    Ok(Some(bytes.into()))
}

fn open_file(folder: &Path, pieces: &[Piece], (received, fence): (u64, u64)) -> io::Result<FileSink> {
    files::make_folder(folder)?;
    let listed: BTreeSet<String> = pieces.iter().map(Piece::file_name).collect();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let stray = |name: &str| fence_in(name).is_some_and(|of| of < fence) && !listed.contains(name);
        if name.to_str().is_some_and(stray) {
            fs::remove_file(entry.path()).or_else(|error| absent(error).map(|_: Option<()>| ()))?;
        }
    }
    let short = pieces.last().copied().filter(|last| last.bytes < SHORT);
    let sink = FileSink::create(folder, (received, fence), short)?;
    files::sync_folder(folder)?;
    Ok(sink)
}

async fn tidy_bucket(
    bucket: &Bucket,
    upload: UploadId,
    pieces: &[Piece],
    fence: u64,
) -> Result<(), StoreError> {
    let listed: BTreeSet<String> = pieces.iter().map(|piece| object_sink::name(upload, piece)).collect();
    let mut strays = Vec::new();
    let sort = |entry: crate::bucket::BucketEntry| {
        let older = entry.name.rsplit('/').next().and_then(fence_in).is_some_and(|of| of < fence);
        if older && !listed.contains(&entry.name) {
            strays.push(entry.name);
        }
    };
    bucket.list(&folder_of(upload), None, sort).await?;
    for stray in &strays {
        bucket.delete(stray).await?;
    }
    Ok(())
}
