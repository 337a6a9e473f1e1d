//! Answers to requests that carry a key, so that one which is sent again is answered again and not carried out again.

use newsroom::id::StaffId;
use newsroom::moment::Moment;

use crate::action::{Tx, View};
use crate::error::StoreError;
use crate::hash::Sha256;
use crate::statement::statements;
use crate::value::{Row, binds};

/// A request that came with a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyedAnswer {
    /// Of the account and the key.
    pub key: Sha256,
    /// Of path and body.
    pub request: Sha256,
    /// Whose request it was.
    pub staff: StaffId,
    /// When it came.
    pub began_at: Moment,
    /// The answer; `None` while it is carried out, and for good where the process died meanwhile.
    pub answer: Option<KeptAnswer>,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAnswer {
    /// Its status.
    pub status: u16,
    /// Where what was made lies.
    pub location: Option<String>,
    /// Its entity tag.
    pub etag: Option<String>,
    /// Its body, JSON.
    pub body: String,
}

statements! { "answers";
    BY_KEY = "SELECT key_digest, request, staff, began_at, status, location, etag, body FROM answers WHERE key_digest = $1";
    BEGIN = "INSERT INTO answers (key_digest, request, staff, began_at) VALUES ($1, $2, $3, $4)
        ON CONFLICT (key_digest) DO NOTHING";
    END = "UPDATE answers SET status = $2, location = $3, etag = $4, body = $5 WHERE key_digest = $1 AND status IS NULL";
    FORGET = "DELETE FROM answers WHERE key_digest = $1";
    FORGET_BEFORE = "DELETE FROM answers WHERE began_at < $1";
}

impl View {
    /// The request that came with this key.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn keyed_answer(&mut self, key: Sha256) -> Result<Option<KeyedAnswer>, StoreError> {
        self.row(BY_KEY, binds![key.to_string()]).await?.map(|row| keyed(&row)).transpose()
    }
}

impl Tx {
    /// Notes a request with a key before it is carried out. `false` when one with this key came before.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn begin_answer(&mut self, new: &KeyedAnswer) -> Result<bool, StoreError> {
        self.changes_any(BEGIN, binds![new.key.to_string(), new.request.to_string(), new.staff, new.began_at])
            .await
    }

    /// Keeps the answer.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn end_answer(&mut self, key: Sha256, answer: &KeptAnswer) -> Result<bool, StoreError> {
        let values = binds![
            key.to_string(),
            i64::from(answer.status),
            answer.location.clone(),
            answer.etag.clone(),
            &answer.body,
        ];
        self.changes_any(END, values).await
    }

    /// Forgets a request that did nothing.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn forget_answer(&mut self, key: Sha256) -> Result<(), StoreError> {
        self.run(FORGET, binds![key.to_string()]).await.map(|_| ())
    }

    /// Forgets requests that came before a moment; gives how many.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn forget_answers_before(&mut self, moment: Moment) -> Result<u64, StoreError> {
        self.run(FORGET_BEFORE, binds![moment]).await
    }
}

fn keyed(row: &Row) -> Result<KeyedAnswer, StoreError> {
    let answer = match row.maybe_int("status")? {
        None => None,
        Some(_) => Some(KeptAnswer {
            status: row.count("status")?,
            location: row.maybe_text("location")?,
            etag: row.maybe_text("etag")?,
            body: row.text("body")?,
        }),
    };
    Ok(KeyedAnswer {
        key: row.parsed("key_digest", |text| text.parse().ok())?,
        request: row.parsed("request", |text| text.parse().ok())?,
        staff: row.id("staff", StaffId::from_uuid)?,
        began_at: row.moment("began_at")?,
        answer,
    })
}
