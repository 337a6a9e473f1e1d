//! Sessions of people who have signed in. The secret that a browser holds is not kept, only its SHA-256.

use newsroom::id::StaffId;
use newsroom::moment::Moment;

use crate::action::{Tx, View};
use crate::error::StoreError;
use crate::hash::Sha256;
use crate::statement::statements;
use crate::value::{Row, binds};

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Of its secret; also its name in lists, which lets nobody in.
    pub digest: Sha256,
    /// Whose it is.
    pub staff: StaffId,
    /// What the browser calls itself, shortened.
    pub agent: String,
    /// When it began.
    pub started_at: Moment,
    /// When it was used last, to some minutes.
    pub seen_at: Moment,
    /// When it ends unless it is used.
    pub valid_until: Moment,
}

statements! { "sessions";
    BY_DIGEST = "SELECT digest, staff, agent, started_at, seen_at, valid_until FROM sessions WHERE digest = $1";
    OF_STAFF = "SELECT digest, staff, agent, started_at, seen_at, valid_until FROM sessions
        WHERE staff = $1 ORDER BY started_at, digest";
    INSERT = "INSERT INTO sessions (digest, staff, agent, started_at, seen_at, valid_until)
        VALUES ($1, $2, $3, $4, $5, $6)";
    SEEN = "UPDATE sessions SET seen_at = $2, valid_until = $3 WHERE digest = $1";
    END = "DELETE FROM sessions WHERE digest = $1 AND staff = $2";
    END_OTHERS = "DELETE FROM sessions WHERE staff = $1 AND digest <> $2";
    END_ALL = "DELETE FROM sessions WHERE staff = $1";
    END_BEFORE = "DELETE FROM sessions WHERE valid_until <= $1";
}

impl View {
    /// The session of this secret's digest, also one that is over.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn session(&mut self, digest: Sha256) -> Result<Option<Session>, StoreError> {
        self.row(BY_DIGEST, binds![digest.to_string()]).await?.map(|row| session(&row)).transpose()
    }

    /// A person's sessions, oldest first.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn sessions_of(&mut self, staff: StaffId) -> Result<Vec<Session>, StoreError> {
        self.rows(OF_STAFF, binds![staff]).await?.iter().map(session).collect()
    }
}

impl Tx {
    /// Keeps a new session.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn insert_session(&mut self, new: &Session) -> Result<(), StoreError> {
        let values = binds![
            new.digest.to_string(),
            new.staff,
            &new.agent,
            new.started_at,
            new.seen_at,
            new.valid_until,
        ];
        self.run(INSERT, values).await.map(|_| ())
    }

    /// Notes that a session was used, and until when it is good now.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn see_session(&mut self, digest: Sha256, at: Moment, until: Moment) -> Result<(), StoreError> {
        self.run(SEEN, binds![digest.to_string(), at, until]).await.map(|_| ())
    }

    /// Ends a session of this person. `false` when they have none of this name.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn end_session(&mut self, staff: StaffId, digest: Sha256) -> Result<bool, StoreError> {
        self.changes_any(END, binds![digest.to_string(), staff]).await
    }

    /// Ends all sessions of a person but one, or all of them; gives how many.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn end_sessions(&mut self, staff: StaffId, but: Option<Sha256>) -> Result<u64, StoreError> {
        match but {
            Some(but) => self.run(END_OTHERS, binds![staff, but.to_string()]).await,
            None => self.run(END_ALL, binds![staff]).await,
        }
    }

    /// Forgets sessions that are over; gives how many.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn forget_sessions_before(&mut self, moment: Moment) -> Result<u64, StoreError> {
        self.run(END_BEFORE, binds![moment]).await
    }
}

fn session(row: &Row) -> Result<Session, StoreError> {
    Ok(Session {
        digest: row.parsed("digest", |text| text.parse().ok())?,
        staff: row.id("staff", StaffId::from_uuid)?,
        agent: row.text("agent")?,
        started_at: row.moment("started_at")?,
        seen_at: row.moment("seen_at")?,
        valid_until: row.moment("valid_until")?,
    })
}
