//! Grants: one key a photo, under which readers get its public files while a published story shows it. A revoked
//! token never comes back; publishing again takes a new one.

use newsroom::id::PhotoId;
use newsroom::moment::Moment;

use crate::action::{Tx, View};
use crate::blob_key::BlobName;
use crate::error::StoreError;
use crate::statement::statements;
use crate::value::{Row, binds};

/// The grant of one photo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Grant {
    /// The photo.
    pub photo: PhotoId,
    /// The random part of its public address; unique.
    pub token: String,
    /// The version of its public files that readers get.
    pub version: BlobName,
    /// When it was given.
    pub granted_at: Moment,
    /// When it was taken back.
    pub revoked_at: Option<Moment>,
}

statements! { "grants";
    OF_PHOTO = "SELECT photo, token, version, granted_at, revoked_at FROM grants WHERE photo = $1";
    OF_TOKEN = "SELECT photo, token, version, granted_at, revoked_at FROM grants WHERE token = $1";
    PUT = "INSERT INTO grants (photo, token, version, granted_at, revoked_at) VALUES ($1, $2, $3, $4, NULL)
        ON CONFLICT (photo) DO UPDATE SET token = excluded.token, version = excluded.version,
        granted_at = excluded.granted_at, revoked_at = NULL
        WHERE grants.revoked_at IS NULL OR grants.token <> excluded.token";
    REVOKED = "SELECT photo, token, version, granted_at, revoked_at FROM grants
        WHERE revoked_at IS NOT NULL AND photo > $1 ORDER BY photo LIMIT $2";
    REVOKE = "UPDATE grants SET revoked_at = $2 WHERE photo = $1 AND revoked_at IS NULL";
}

impl View {
    /// The grant of a photo, standing or revoked.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn grant(&mut self, photo: PhotoId) -> Result<Option<Grant>, StoreError> {
        self.row(OF_PHOTO, binds![photo]).await?.map(|row| grant(&row)).transpose()
    }

    /// The grant with this token, standing or revoked.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn grant_of_token(&mut self, token: &str) -> Result<Option<Grant>, StoreError> {
        self.row(OF_TOKEN, binds![token]).await?.map(|row| grant(&row)).transpose()
    }

    /// The grants that were taken back, by photo, at most `limit` after `after`.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn revoked_grants(
        &mut self,
        after: Option<PhotoId>,
        limit: u32,
    ) -> Result<Vec<Grant>, StoreError> {
        let after = after.unwrap_or(PhotoId::from_uuid(uuid::Uuid::nil()));
        self.rows(REVOKED, binds![after, limit]).await?.iter().map(grant).collect()
    }
}

impl Tx {
    /// Gives a photo its grant, in place of the one before. `false` when the token is one that was revoked: draw
    /// another. `revoked_at` is not kept: a grant that is given stands.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn put_grant(&mut self, grant: &Grant) -> Result<bool, StoreError> {
        let values = binds![grant.photo, &grant.token, grant.version.as_str(), grant.granted_at];
        self.changes_any(PUT, values).await
    }

    /// Takes a photo's grant back. `false` when none stands.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn revoke_grant(&mut self, photo: PhotoId, at: Moment) -> Result<bool, StoreError> {
        self.changes_any(REVOKE, binds![photo, at]).await
    }
}

fn grant(row: &Row) -> Result<Grant, StoreError> {
    Ok(Grant {
        photo: row.id("photo", PhotoId::from_uuid)?,
        token: row.text("token")?,
        version: row.parsed("version", |text| BlobName::parse(text).ok())?,
        granted_at: row.moment("granted_at")?,
        revoked_at: row.maybe_moment("revoked_at")?,
    })
}
