//! Links by which somebody without an account looks at a draft, and who found it good. The secret in a link is not kept, only its
//! SHA-256.

use newsroom::approval::{Approval, LookedOver, Share};
use newsroom::id::StoryId;
use newsroom::moment::Moment;

use crate::action::{Tx, View};
use crate::error::StoreError;
use crate::hash::Sha256;
use crate::statement::statements;
use crate::value::{Row, binds};

statements! { "shares";
    BY_DIGEST = "SELECT story, name, made_by, made_at, valid_until, revoked_at FROM shares WHERE digest = $1";
    OF_STORY = "SELECT digest, name, made_by, made_at, valid_until, revoked_at FROM shares
        WHERE story = $1 ORDER BY made_at, digest LIMIT $2";
    INSERT = "INSERT INTO shares (digest, story, name, made_by, made_at, valid_until, revoked_at)
        VALUES ($1, $2, $3, $4, $5, $6, NULL)";
    REVOKE = "UPDATE shares SET revoked_at = $2 WHERE digest = $1 AND revoked_at IS NULL";
    REVOKE_ALL = "UPDATE shares SET revoked_at = $2 WHERE story = $1 AND revoked_at IS NULL AND valid_until > $2";
    REVOKE_BY = "UPDATE shares SET revoked_at = $2 WHERE made_by = $1 AND revoked_at IS NULL AND valid_until > $2";
    FORGET = "DELETE FROM shares WHERE valid_until < $1";
    APPROVALS = "SELECT approved_at, who, name, revision, looked_over, remark FROM approvals
        WHERE story = $1 ORDER BY approved_at DESC, who DESC LIMIT $2";
    APPROVE = "INSERT INTO approvals (story, approved_at, who, name, revision, looked_over, remark)
        VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING";
}

impl View {
    /// The link of this secret's digest with its story, also one that is over.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn share(&mut self, digest: Sha256) -> Result<Option<(StoryId, Share)>, StoreError> {
        let row = self.row(BY_DIGEST, binds![digest.to_string()]).await?;
        row.map(|row| Ok((row.id("story", StoryId::from_uuid)?, share(&row)?))).transpose()
    }

    /// The links to a story, the first made first, also those that are over; at most `limit`.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn shares(&mut self, story: StoryId, limit: u32) -> Result<Vec<(Sha256, Share)>, StoreError> {
        let rows = self.rows(OF_STORY, binds![story, limit]).await?;
        rows.iter().map(|row| Ok((row.parsed("digest", |text| text.parse().ok())?, share(row)?))).collect()
    }

    /// Who found a story good, newest first; at most `limit`.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn approvals(&mut self, story: StoryId, limit: u32) -> Result<Vec<Approval>, StoreError> {
        self.rows(APPROVALS, binds![story, limit]).await?.iter().map(approval).collect()
    }
}

impl Tx {
    /// Keeps a new link to a story.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn insert_share(
        &mut self,
        digest: Sha256,
        story: StoryId,
        new: &Share,
    ) -> Result<(), StoreError> {
        let values = binds![
            digest.to_string(),
            story,
            new.name.as_str(),
            new.made_by.as_str(),
            new.made_at,
            new.valid_until
        ];
        self.run(INSERT, values).await.map(|_| ())
    }

    /// Takes a link back. `false` when that was done before, or there is none.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn revoke_share(&mut self, digest: Sha256, at: Moment) -> Result<bool, StoreError> {
        self.changes_any(REVOKE, binds![digest.to_string(), at]).await
    }

    /// Takes all links to a story back that are still good; gives how many.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn revoke_shares(&mut self, story: StoryId, at: Moment) -> Result<u64, StoreError> {
        self.run(REVOKE_ALL, binds![story, at]).await
    }

    /// Takes all links back that somebody made and that are still good; gives how many.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn revoke_shares_by(&mut self, made_by: &str, at: Moment) -> Result<u64, StoreError> {
        self.run(REVOKE_BY, binds![made_by, at]).await
    }

    /// Forgets links that were over before this moment, taken back or not; gives how many.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn forget_shares_before(&mut self, before: Moment) -> Result<u64, StoreError> {
        self.run(FORGET, binds![before]).await
    }

    /// Notes that somebody found a story good.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn approve(&mut self, story: StoryId, new: &Approval) -> Result<(), StoreError> {
        let values = binds![
            story,
            new.at,
            new.who.as_str(),
            new.name.as_str(),
            new.revision,
            new.of.as_str(),
            new.remark.as_str()
        ];
        self.run(APPROVE, values).await.map(|_| ())
    }
}

fn share(row: &Row) -> Result<Share, StoreError> {
    Ok(Share {
        name: row.text("name")?,
        made_by: row.text("made_by")?,
        made_at: row.moment("made_at")?,
        valid_until: row.moment("valid_until")?,
        revoked_at: row.maybe_moment("revoked_at")?,
    })
}

fn approval(row: &Row) -> Result<Approval, StoreError> {
    Ok(Approval {
        revision: row.int("revision")?,
        at: row.moment("approved_at")?,
        who: row.text("who")?,
        name: row.text("name")?,
        of: row.parsed("looked_over", LookedOver::parse)?,
        remark: row.text("remark")?,
    })
}
