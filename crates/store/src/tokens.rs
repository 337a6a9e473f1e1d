//! Tokens with which programs ask. The secret is not kept, only its SHA-256. A token that ended stays in the list of the
//! person who made it, so that a leak can be looked into.

use newsroom::id::{StaffId, TokenId};
use newsroom::moment::Moment;
use newsroom::staff::policy::Scope;

use crate::action::{Tx, View};
use crate::error::StoreError;
use crate::hash::Sha256;
use crate::statement::statements;
use crate::value::{Row, as_json, binds};

/// A token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Its name in lists; lets nobody in.
    pub id: TokenId,
    /// Of its secret.
    pub digest: Sha256,
    /// Whose it is.
    pub staff: StaffId,
    /// What its owner calls it.
    pub name: String,
    /// What it is for.
    pub scopes: Vec<Scope>,
    /// When it was made.
    pub made_at: Moment,
    /// When it ends.
    pub valid_until: Moment,
    /// When it was used last, to some minutes.
    pub used_at: Option<Moment>,
    /// When it was taken back.
    pub ended_at: Option<Moment>,
}

macro_rules! columns {
    () => {
        "id, digest, staff, name, scopes, made_at, valid_until, used_at, ended_at"
    };
}

statements! { "tokens";
    BY_DIGEST = concat!("SELECT ", columns!(), " FROM tokens WHERE digest = $1");
    OF_STAFF = concat!("SELECT ", columns!(), " FROM tokens WHERE staff = $1 ORDER BY made_at, id");
    INSERT = concat!("INSERT INTO tokens (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)");
    USED = "UPDATE tokens SET used_at = $2 WHERE id = $1";
    END = "UPDATE tokens SET ended_at = $3 WHERE id = $1 AND staff = $2 AND ended_at IS NULL";
    END_ALL = "UPDATE tokens SET ended_at = $2 WHERE staff = $1 AND ended_at IS NULL";
}

impl View {
    /// The token of this secret's digest, also one that ended.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn token(&mut self, digest: Sha256) -> Result<Option<Token>, StoreError> {
        self.row(BY_DIGEST, binds![digest.to_string()]).await?.map(|row| token(&row)).transpose()
    }

    /// A person's tokens, oldest first.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn tokens_of(&mut self, staff: StaffId) -> Result<Vec<Token>, StoreError> {
        self.rows(OF_STAFF, binds![staff]).await?.iter().map(token).collect()
    }
}

impl Tx {
    /// Keeps a new token.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn insert_token(&mut self, new: &Token) -> Result<(), StoreError> {
        let values = binds![
            new.id,
            new.digest.to_string(),
            new.staff,
            &new.name,
            as_json(&new.scopes)?,
            new.made_at,
            new.valid_until,
            new.used_at,
            new.ended_at,
        ];
        self.run(INSERT, values).await.map(|_| ())
    }

    /// Notes that a token was used.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn use_token(&mut self, id: TokenId, at: Moment) -> Result<(), StoreError> {
        self.run(USED, binds![id, at]).await.map(|_| ())
    }

    /// Takes a token of this person back. `false` when they have no such token that is good.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn end_token(&mut self, staff: StaffId, id: TokenId, at: Moment) -> Result<bool, StoreError> {
        self.changes_any(END, binds![id, staff, at]).await
    }

    /// Takes all tokens of a person back; gives how many.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn end_tokens(&mut self, staff: StaffId, at: Moment) -> Result<u64, StoreError> {
        self.run(END_ALL, binds![staff, at]).await
    }
}

fn token(row: &Row) -> Result<Token, StoreError> {
    Ok(Token {
        id: row.id("id", TokenId::from_uuid)?,
        digest: row.parsed("digest", |text| text.parse().ok())?,
        staff: row.id("staff", StaffId::from_uuid)?,
        name: row.text("name")?,
        scopes: row.json("scopes")?,
        made_at: row.moment("made_at")?,
        valid_until: row.moment("valid_until")?,
        used_at: row.maybe_moment("used_at")?,
        ended_at: row.maybe_moment("ended_at")?,
    })
}
