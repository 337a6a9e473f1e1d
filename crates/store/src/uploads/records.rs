//! The rows of uploads; what they mean: `uploads/mod.rs`.

use newsroom::id::{PhotoId, StaffId, StoryId, UploadId};
use newsroom::moment::Moment;
use uuid::Uuid;

use super::{
    AppendRefusal, Appending, Durable, FinishRefusal, Finished, Finishing, KeptUpload, NewUpload, Parts,
    Upload, UploadOutcome,
};
use crate::action::{Tx, View};
use crate::error::StoreError;
use crate::hash::Sha256;
use crate::statement::statements;
use crate::value::{Row, as_int, as_json, binds};

statements! { "uploads";
    INSERT = "INSERT INTO uploads (id, owner, name, metadata, story, bytes, received, fence, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, 0, 0, $7, $8)";
    BY_ID = "SELECT id, owner, name, metadata, story, bytes, received, created_at, expires_at, finished_at, sha256,
        photo, refused
        FROM uploads WHERE id = $1 AND closed_at IS NULL";
    OF_OWNER = "SELECT id, owner, name, metadata, story, bytes, received, created_at, expires_at, finished_at, sha256,
        photo, refused
        FROM uploads WHERE owner = $1 AND id > $2 AND closed_at IS NULL ORDER BY id LIMIT $3";
    REFUSED = "SELECT id, owner, name, metadata, story, bytes, received, created_at, expires_at, finished_at, sha256,
        photo, refused
        FROM uploads WHERE owner = $1 AND refused IS NOT NULL AND closed_at IS NULL ORDER BY id DESC LIMIT $2";
    STATE = "SELECT id, closed_at, finished_at, parts FROM uploads WHERE id = $1";
    /// Whoever had a lower number is fenced off from here on.
    FENCE = "UPDATE uploads SET fence = fence + 1 WHERE id = $1 AND closed_at IS NULL AND finished_at IS NULL
        RETURNING fence, parts";
    PROLONG = "UPDATE uploads SET expires_at = $2 WHERE id = $1";
    ADVANCE = "UPDATE uploads SET received = $3, expires_at = $4
        WHERE id = $1 AND fence = $2 AND received <= $3 AND bytes >= $3 AND closed_at IS NULL AND finished_at IS NULL";
    NOTE_PARTS = "UPDATE uploads SET parts = $3
        WHERE id = $1 AND fence = $2 AND closed_at IS NULL AND finished_at IS NULL";
    FINISH = "UPDATE uploads SET finished_at = $3, sha256 = $4, photo = $5, parts = NULL
        WHERE id = $1 AND fence = $2 AND closed_at IS NULL AND finished_at IS NULL";
    /// Nothing of it came, and nothing need come.
    FINISH_KNOWN = "UPDATE uploads SET received = bytes, finished_at = $2, sha256 = $3, photo = $4, fence = fence + 1
        WHERE id = $1 AND received = 0 AND closed_at IS NULL AND finished_at IS NULL";
    REFUSE = "UPDATE uploads SET finished_at = $2, refused = $3, fence = fence + 1
        WHERE id = $1 AND received = bytes AND closed_at IS NULL AND finished_at IS NULL";
    /// All of its bytes are there, and whoever was to take them in has not for a while.
    WHOLE = "SELECT id FROM uploads WHERE received = bytes AND expires_at < $1 AND closed_at IS NULL
        AND finished_at IS NULL ORDER BY expires_at, id LIMIT $2";
    UNDER_WAY = "SELECT COUNT(*) AS files, CAST(COALESCE(SUM(bytes), 0) AS BIGINT) AS bytes FROM uploads
        WHERE owner = $1 AND finished_at IS NULL AND closed_at IS NULL";
    CLOSE = "UPDATE uploads SET closed_at = $2, expires_at = $2, fence = fence + 1 WHERE id = $1 AND closed_at IS NULL";
    /// Those that were closed before and are still there come again: who closed them did not clear them.
    CLOSE_EXPIRED = "UPDATE uploads SET closed_at = COALESCE(closed_at, $1), fence = fence + 1
        WHERE id IN (SELECT id FROM uploads WHERE expires_at <= $1 ORDER BY expires_at, id LIMIT $2) AND expires_at <= $1
        RETURNING id";
    FORGET = "DELETE FROM uploads WHERE id = $1 AND closed_at IS NOT NULL";
}

/// How an upload stands for whoever clears up.
pub(super) enum Standing {
    /// There is no row.
    Unknown,
    /// Bytes are coming.
    UnderWay,
    /// Its bytes are a blob.
    Finished,
    /// It was given up.
    Closed { parts: Option<Parts> },
}

impl View {
    /// An upload that is under way or finished.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn upload(&mut self, id: UploadId) -> Result<Option<Upload>, StoreError> {
        self.row(BY_ID, binds![id]).await?.map(|row| upload(&row)).transpose()
    }

    /// A person's uploads that are under way or finished, oldest first: at most `limit` after `after`.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn uploads_of(
        &mut self,
        owner: StaffId,
        after: Option<UploadId>,
        limit: u32,
    ) -> Result<Vec<Upload>, StoreError> {
        let after = after.map_or(Uuid::nil(), UploadId::as_uuid);
        self.rows(OF_OWNER, binds![owner, after, limit]).await?.iter().map(upload).collect()
    }

    /// A person's uploads that were refused, newest first: at most `limit`.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn refused_uploads(&mut self, owner: StaffId, limit: u32) -> Result<Vec<Upload>, StoreError> {
        self.rows(REFUSED, binds![owner, limit]).await?.iter().map(upload).collect()
    }

    /// How many files a person is sending, and how many bytes those will have together.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn uploads_under_way(&mut self, owner: StaffId) -> Result<(u64, u64), StoreError> {
        let Some(row) = self.row(UNDER_WAY, binds![owner]).await? else { return Ok((0, 0)) };
        Ok((row.count("files")?, row.count("bytes")?))
    }

    /// Uploads all of whose bytes are there and that nobody has finished, of those whose time runs out before `before`, which
    /// tells when the last bytes came; at most `limit`.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn whole_uploads(&mut self, before: Moment, limit: u32) -> Result<Vec<UploadId>, StoreError> {
        let rows = self.rows(WHOLE, binds![before, limit]).await?;
        rows.iter().map(|row| row.id("id", UploadId::from_uuid)).collect()
    }

    pub(super) async fn standing_of(&mut self, id: UploadId) -> Result<Standing, StoreError> {
        let Some(row) = self.row(STATE, binds![id]).await? else { return Ok(Standing::Unknown) };
        Ok(if row.maybe_moment("closed_at")?.is_some() {
            Standing::Closed { parts: parts(&row)? }
        } else if row.maybe_moment("finished_at")?.is_some() {
            Standing::Finished
        } else {
            Standing::UnderWay
        })
    }
}

impl Tx {
    /// Announces an upload. The id must be a new one.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn insert_upload(&mut self, upload: &NewUpload) -> Result<(), StoreError> {
        let values = binds![
            upload.id,
            upload.owner,
            &upload.name,
            &upload.metadata,
            upload.story,
            as_int(upload.bytes),
            upload.created_at,
            upload.expires_at,
        ];
        self.run(INSERT, values).await.map(|_| ())
    }

    /// Takes the right to append at this offset, from whoever has it. The upload is given up at `expires_at` then,
    /// unless something is appended before.
    ///
    /// # Errors
    /// A fault of the store; the refusal inside says why nothing can be appended, and then nothing is changed.
    pub async fn begin_append(
        &mut self,
        id: UploadId,
        offset: u64,
        expires_at: Moment,
    ) -> Result<Result<Appending, AppendRefusal>, StoreError> {
        let Some(upload) = self.upload(id).await? else { return Ok(Err(AppendRefusal::Gone)) };
        let Upload { about, received, finished } = upload;
        if let Some(finished) = finished {
            return Ok(Err(AppendRefusal::Finished(finished)));
        }
        if offset != received {
            return Ok(Err(AppendRefusal::Offset { received }));
        }
        let Some(row) = self.row(FENCE, binds![id]).await? else { return Ok(Err(AppendRefusal::Gone)) };
        self.run(PROLONG, binds![id, expires_at]).await?;
        let pieces = self.pieces_of(id).await?;
        let fence = row.count("fence")?;
        Ok(Ok(Appending { upload: id, fence, received, total: about.bytes, pieces }))
    }

    /// Acknowledges bytes that are durable. The upload is given up at `expires_at` then. `false` where the right to
    /// append was taken, or the upload is finished or gone: nothing changes, and the bytes are not part of the file.
    ///
    /// # Errors
    /// A fault of the store, also where an earlier [`Durable`] of the same writer was not given here.
    pub async fn advance_upload(
        &mut self,
        durable: &Durable,
        expires_at: Moment,
    ) -> Result<bool, StoreError> {
        let Durable { upload, fence, received, .. } = durable;
        let values = binds![*upload, as_int(*fence), as_int(*received), expires_at];
        let ours = self.changes_any(ADVANCE, values).await?;
        if ours {
            self.list_pieces(durable).await?;
        }
        Ok(ours)
    }

    /// Takes the right to finish an upload, from whoever has it or appends.
    ///
    /// # Errors
    /// A fault of the store; the refusal inside says why it cannot be finished, and then nothing is changed.
    pub async fn begin_finish(
        &mut self,
        id: UploadId,
    ) -> Result<Result<Finishing, FinishRefusal>, StoreError> {
        let Some(upload) = self.upload(id).await? else { return Ok(Err(FinishRefusal::Gone)) };
        let Upload { about, received, finished } = upload;
        if let Some(finished) = finished {
            return Ok(Err(FinishRefusal::Finished(finished)));
        }
        if received != about.bytes {
            return Ok(Err(FinishRefusal::Incomplete { received }));
        }
        let Some(row) = self.row(FENCE, binds![id]).await? else { return Ok(Err(FinishRefusal::Gone)) };
        let pieces = self.pieces_of(id).await?;
        let (fence, parts) = (row.count("fence")?, parts(&row)?);
        Ok(Ok(Finishing { upload: id, fence, total: about.bytes, pieces, parts }))
    }

    /// Keeps what is being put together in the bucket, for whoever has to take it away. `false` where the right to
    /// finish was taken.
    pub(super) async fn note_parts(
        &mut self,
        (upload, fence): (UploadId, u64),
        parts: Option<&Parts>,
    ) -> Result<bool, StoreError> {
        let parts = parts.map(as_json).transpose()?;
        self.changes_any(NOTE_PARTS, binds![upload, as_int(fence), parts]).await
    }

    /// Finishes an upload whose bytes are kept: in the transaction that writes down what they are. Its pieces are to be
    /// taken away after it by [`Blobs::clear_upload`](crate::Blobs::clear_upload). `false` where the right to finish was
    /// taken, or the upload is finished or gone: nothing changes.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn finish_upload(
        &mut self,
        kept: &KeptUpload,
        photo: PhotoId,
        now: Moment,
    ) -> Result<bool, StoreError> {
        let sha256 = kept.taken().sha256.to_string();
        let values = binds![kept.upload, as_int(kept.fence), now, sha256, photo];
        let ours = self.changes_any(FINISH, values).await?;
        if ours {
            self.forget_pieces(kept.upload).await?;
        }
        Ok(ours)
    }

    /// Finishes an upload of which no byte came, because a photo's original has its bytes already. `false` where bytes came, or it
    /// is finished or gone: nothing changes.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn finish_known_upload(
        &mut self,
        id: UploadId,
        (sha256, photo): (Sha256, PhotoId),
        now: Moment,
    ) -> Result<bool, StoreError> {
        self.changes_any(FINISH_KNOWN, binds![id, now, sha256.to_string(), photo]).await
    }

    /// Refuses an upload all of whose bytes came: they are no photo that is taken in. Its pieces are to be taken away after it
    /// by [`Blobs::clear_upload`](crate::Blobs::clear_upload); the reason stays until the upload's time runs out. `false`
    /// where it is finished already, or gone.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn refuse_upload(
        &mut self,
        id: UploadId,
        reason: &str,
        now: Moment,
    ) -> Result<bool, StoreError> {
        let ours = self.changes_any(REFUSE, binds![id, now, reason]).await?;
        if ours {
            self.forget_pieces(id).await?;
        }
        Ok(ours)
    }

    /// Gives an upload up: from here on it is not there. Its bytes and its row are to be taken away after it by
    /// [`Blobs::clear_upload`](crate::Blobs::clear_upload). Of a finished one the blob stays. `false` when it was not
    /// there.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn close_upload(&mut self, id: UploadId, now: Moment) -> Result<bool, StoreError> {
        self.changes_any(CLOSE, binds![id, now]).await
    }

    /// Gives up the uploads whose time has run out, those longest ago first, at most `limit`. Gives them, and those that
    /// were given up before and are not cleared yet: all of them are to be cleared by
    /// [`Blobs::clear_upload`](crate::Blobs::clear_upload).
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn close_expired_uploads(
        &mut self,
        now: Moment,
        limit: u32,
    ) -> Result<Vec<UploadId>, StoreError> {
        let rows = self.rows(CLOSE_EXPIRED, binds![now, limit]).await?;
        rows.iter().map(|row| row.id("id", UploadId::from_uuid)).collect()
    }

    /// Forgets an upload that was given up.
    pub(super) async fn forget_upload(&mut self, id: UploadId) -> Result<(), StoreError> {
        self.forget_pieces(id).await?;
        self.run(FORGET, binds![id]).await.map(|_| ())
    }
}

fn upload(row: &Row) -> Result<Upload, StoreError> {
    let finished = match row.maybe_moment("finished_at")? {
        Some(at) => Some(Finished {
            at,
            outcome: match row.maybe_text("refused")? {
                Some(reason) => UploadOutcome::Refused(reason),
                None => UploadOutcome::Kept {
                    sha256: row.parsed("sha256", |text| text.parse().ok())?,
                    photo: row.id("photo", PhotoId::from_uuid)?,
                },
            },
        }),
        None => None,
    };
    let about = NewUpload {
        id: row.id("id", UploadId::from_uuid)?,
        owner: row.id("owner", StaffId::from_uuid)?,
        name: row.text("name")?,
        metadata: row.text("metadata")?,
        story: row.maybe_id("story", StoryId::from_uuid)?,
        bytes: row.count("bytes")?,
        created_at: row.moment("created_at")?,
        expires_at: row.moment("expires_at")?,
    };
    Ok(Upload { about, received: row.count("received")?, finished })
}

fn parts(row: &Row) -> Result<Option<Parts>, StoreError> {
    row.maybe_text("parts")?.map(|_| row.json("parts")).transpose()
}
