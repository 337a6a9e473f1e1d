//! The pieces of uploads: their rows, and their names in the folder or bucket.

use newsroom::id::UploadId;

use super::Durable;
use crate::action::{Tx, View};
use crate::error::StoreError;
use crate::statement::statements;
use crate::value::{Row, as_int, binds};

/// The folder of all uploads, beside those of the blobs.
pub(super) const UPLOADS: &str = "uploads";

/// Some bytes of an upload that lie together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Piece {
    /// The place of its first byte in the whole file.
    pub(crate) starts_at: u64,
    /// Who wrote it.
    pub(crate) fence: u64,
    /// How many bytes; what the piece has beyond them is no part of the file.
    pub(crate) bytes: u64,
}

impl Piece {
    /// The place after its last byte.
    pub(super) fn ends_at(&self) -> u64 {
        self.starts_at.saturating_add(self.bytes)
    }

    /// Its file's name, the same while the file grows.
    pub(super) fn file_name(&self) -> String {
        format!("{}-{}", self.starts_at, self.fence)
    }

    /// Its object's name: another for each content, because an object is written whole.
    pub(super) fn object_name(&self) -> String {
        format!("{}-{}-{}", self.starts_at, self.fence, self.bytes)
    }
}

/// The folder of an upload, below the root of the blobs.
pub(super) fn folder_of(upload: UploadId) -> String {
    format!("{UPLOADS}/{upload}")
}

/// Who wrote a piece, by its name.
pub(super) fn fence_in(name: &str) -> Option<u64> {
    name.split('-').nth(1)?.parse().ok()
}

statements! { "upload_pieces";
    OF_UPLOAD = "SELECT starts_at, fence, bytes FROM upload_pieces WHERE upload = $1 ORDER BY starts_at";
    BEFORE = "SELECT starts_at, fence, bytes FROM upload_pieces WHERE upload = $1 AND starts_at < $2 ORDER BY starts_at";
    LAST = "SELECT starts_at, fence, bytes FROM upload_pieces WHERE upload = $1 ORDER BY starts_at DESC LIMIT 1";
    PUT = "INSERT INTO upload_pieces (upload, starts_at, fence, bytes) VALUES ($1, $2, $3, $4)
        ON CONFLICT (upload, starts_at) DO UPDATE SET fence = excluded.fence, bytes = excluded.bytes";
    FORGET = "DELETE FROM upload_pieces WHERE upload = $1";
}

fn piece(row: &Row) -> Result<Piece, StoreError> {
    Ok(Piece { starts_at: row.count("starts_at")?, fence: row.count("fence")?, bytes: row.count("bytes")? })
}

impl View {
    /// The pieces of an upload in their order.
    pub(super) async fn pieces_of(&mut self, upload: UploadId) -> Result<Vec<Piece>, StoreError> {
        self.rows(OF_UPLOAD, binds![upload]).await?.iter().map(piece).collect()
    }

    /// Those of its pieces that begin before this byte.
    pub(super) async fn pieces_before(
        &mut self,
        upload: UploadId,
        byte: u64,
    ) -> Result<Vec<Piece>, StoreError> {
        self.rows(BEFORE, binds![upload, as_int(byte)]).await?.iter().map(piece).collect()
    }
}

impl Tx {
    /// Lists what became durable. The pieces must go on where those listed end, or take the place of the last one.
    pub(super) async fn list_pieces(&mut self, durable: &Durable) -> Result<(), StoreError> {
        let last = self.row(LAST, binds![durable.upload]).await?.map(|row| piece(&row)).transpose()?;
        let mut end = last.map_or(0, |last| last.ends_at());
        for piece in &durable.pieces {
            let grows =
                last.is_some_and(|last| last.starts_at == piece.starts_at && last.bytes <= piece.bytes);
            if piece.starts_at != end && !grows {
                return Err(StoreError::fault(format!(
                    "bytes of the upload {} from {} on are given, and those before end at {end}",
                    durable.upload, piece.starts_at
                )));
            }
            let values =
                binds![durable.upload, as_int(piece.starts_at), as_int(piece.fence), as_int(piece.bytes)];
            self.run(PUT, values).await?;
            end = piece.ends_at();
        }
        if end == durable.received {
            Ok(())
        } else {
            Err(StoreError::fault(format!("the pieces of the upload {} end at {end}", durable.upload)))
        }
    }

    pub(super) async fn forget_pieces(&mut self, upload: UploadId) -> Result<(), StoreError> {
        self.run(FORGET, binds![upload]).await.map(|_| ())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_s_name_tells_who_wrote_it() {
        let piece = Piece { starts_at: 0, fence: 17, bytes: 5 };
        assert_eq!((fence_in(&piece.file_name()), fence_in(&piece.object_name())), (Some(17), Some(17)));
        assert_eq!(fence_in("stranger"), None);
    }
}
