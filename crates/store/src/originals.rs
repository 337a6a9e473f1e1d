//! Originals: the files as they came, named by their SHA-256. Several may be of one photo (the same picture with
//! mended metadata); the newest is the current one.

use newsroom::id::PhotoId;
use newsroom::moment::Moment;

use crate::action::{Tx, View};
use crate::error::StoreError;
use crate::hash::Sha256;
use crate::statement::statements;
use crate::value::{Row, as_int, binds};

/// An original.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Original {
    /// Of its bytes; unique.
    pub sha256: Sha256,
    /// The photo that it is of.
    pub photo: PhotoId,
    /// How many bytes it has.
    pub bytes: u64,
    /// `image/jpeg`, by content (R40).
    pub media_type: String,
    /// When it came in.
    pub added_at: Moment,
    /// Its file name as it came; never published (R45).
    pub name: String,
    /// The .xmp file that came beside it.
    pub sidecar: Option<Sha256>,
}

statements! { "originals";
    BY_HASH = "SELECT sha256, photo, bytes, media_type, added_at, name, sidecar FROM originals WHERE sha256 = $1";
    OF_PHOTO = "SELECT sha256, photo, bytes, media_type, added_at, name, sidecar FROM originals WHERE photo = $1
        ORDER BY added_at DESC, sha256 DESC";
    INSERT = "INSERT INTO originals (sha256, photo, bytes, media_type, added_at, name, sidecar)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (sha256) DO NOTHING";
    SET_SIDECAR = "UPDATE originals SET sidecar = $2 WHERE sha256 = $1";
    AFTER = "SELECT sha256, photo, bytes, media_type, added_at, name, sidecar FROM originals WHERE sha256 > $1
        ORDER BY sha256 LIMIT $2";
}

impl View {
    /// The original with these bytes.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn original(&mut self, sha256: Sha256) -> Result<Option<Original>, StoreError> {
        self.row(BY_HASH, binds![sha256.to_string()]).await?.map(|row| original(&row)).transpose()
    }

    /// The originals of a photo, newest first: the first is the current one.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn originals_of(&mut self, photo: PhotoId) -> Result<Vec<Original>, StoreError> {
        self.rows(OF_PHOTO, binds![photo]).await?.iter().map(original).collect()
    }

    /// Originals by hash, at most `limit` after `after`: a walk over all of them for checking.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn originals_after(
        &mut self,
        after: Option<Sha256>,
        limit: u32,
    ) -> Result<Vec<Original>, StoreError> {
        let after = after.map(|sha256| sha256.to_string()).unwrap_or_default();
        self.rows(AFTER, binds![after, limit]).await?.iter().map(original).collect()
    }
}

impl Tx {
    /// Keeps a new original. `false` when these bytes are kept already; nothing changes then.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn insert_original(&mut self, original: &Original) -> Result<bool, StoreError> {
        let values = binds![
            original.sha256.to_string(),
            original.photo,
            as_int(original.bytes),
            &original.media_type,
            original.added_at,
            &original.name,
            original.sidecar.map(|sha256| sha256.to_string()),
        ];
        self.changes_any(INSERT, values).await
    }

    /// Takes a newer sidecar for an original. `false` when the original is not there.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn set_sidecar(
        &mut self,
        original: Sha256,
        sidecar: Option<Sha256>,
    ) -> Result<bool, StoreError> {
        let values = binds![original.to_string(), sidecar.map(|sha256| sha256.to_string())];
        self.changes_any(SET_SIDECAR, values).await
    }
}

fn original(row: &Row) -> Result<Original, StoreError> {
    let sidecar = row.maybe_text("sidecar")?;
    Ok(Original {
        sha256: row.parsed("sha256", |text| text.parse().ok())?,
        photo: row.id("photo", PhotoId::from_uuid)?,
        bytes: row.count("bytes")?,
        media_type: row.text("media_type")?,
        added_at: row.moment("added_at")?,
        name: row.text("name")?,
        sidecar: sidecar.map(|_| row.parsed("sidecar", |text| text.parse().ok())).transpose()?,
    })
}
