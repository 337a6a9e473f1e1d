//! What can go wrong with everything durable, sorted by what a caller can do about it.

use std::error::Error as StdError;
use std::sync::Arc;

/// The cause under a [`StoreError`], shared so that one failed commit can answer several actions.
pub type Cause = Arc<dyn StdError + Send + Sync>;

/// A fault of the store. "Not there" is never one: it is `Ok(None)`.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// The disk (or the database's table space) is full; nothing was changed.
    #[error("there is no room left on the disk that holds the data: free some space and try again")]
    Full(#[source] Cause),
    /// Someone else holds what was needed for longer than the store waits (10 s on SQLite).
    #[error("the database is busy with other work: try again")]
    Busy(#[source] Cause),
    /// Two actions met on PostgreSQL and this one has to start again (SQLSTATE 40001, 40P01).
    /// [`crate::Store::act`] does so by itself, up to five times.
    #[error("another action changed the same rows at the same time: try again")]
    Conflict(#[source] Cause),
    /// The database cannot be reached or opened.
    #[error("the database cannot be reached or opened")]
    Unavailable(#[source] Cause),
    /// The bucket that holds originals, pictures and pages cannot be used.
    #[error("the store of the bucket cannot be used: {advice}")]
    Bucket {
        /// Why, and what to do.
        advice: &'static str,
        /// What it said.
        #[source]
        cause: Cause,
    },
    /// One value in the database is not what the program wrote there.
    #[error("the database holds a value that cannot be read: table {table}, column {column}, row {row}")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The column.
        column: String,
        /// The row's first column, as text.
        row: String,
        /// What was wrong with the value.
        #[source]
        cause: Cause,
    },
    /// The database file itself is damaged, or is no database.
    #[error("the database file is damaged or is not a database: restore a backup")]
    Damaged(#[source] Cause),
    /// The database was made by a newer release.
    #[error(
        "the database has schema {found}, this program knows schemas up to {known}: use the newer program"
    )]
    NewerSchema {
        /// The highest migration in the database.
        found: i64,
        /// The highest migration of this program.
        known: i64,
    },
    /// A migration that was applied here is not the one that this program carries.
    #[error("migration {version} in the database differs from this program's: it was made by another build")]
    MigrationChanged {
        /// The migration's number.
        version: i64,
    },
    /// PostgreSQL of a release that lacks something that is needed.
    #[error(
        "the database server is PostgreSQL {found}; {OLDEST_POSTGRES} or newer is needed: nothing was changed"
    )]
    OldServer {
        /// Its major release.
        found: i64,
    },
    /// A text with the character U+0000, which PostgreSQL cannot keep and SQLite therefore may not.
    #[error("a text with the character U+0000 cannot be kept")]
    NulInText,
    /// Anything else: a fault of the program.
    #[error("the store failed")]
    Fault(#[source] Cause),
}

/// The oldest major release of PostgreSQL that will do.
pub(crate) const OLDEST_POSTGRES: i64 = 15;

/// A plain sentence as a [`Cause`], where no library has one.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Because(pub(crate) String);

impl StoreError {
    /// Something that went wrong here, told by a sentence.
    #[must_use]
    pub fn fault(sentence: impl Into<String>) -> Self {
        Self::Fault(Arc::new(Because(sentence.into())))
    }

    /// What a disk said.
    #[must_use]
    pub fn of_disk(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => {
                Self::Full(Arc::new(error))
            }
            _ => Self::Unavailable(Arc::new(error)),
        }
    }

    pub(crate) fn unavailable(sentence: impl Into<String>) -> Self {
        Self::Unavailable(Arc::new(Because(sentence.into())))
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        use sqlx::Error;
        let kind = match &error {
            Error::Database(database) => of_database(database.as_ref()),
            Error::Io(_)
            | Error::Tls(_)
            | Error::Protocol(_)
            | Error::Configuration(_)
            | Error::PoolTimedOut
            | Error::PoolClosed
            | Error::WorkerCrashed => Self::Unavailable,
            _ => Self::Fault,
        };
        kind(Arc::new(error))
    }
}

fn of_database(error: &dyn sqlx::error::DatabaseError) -> fn(Cause) -> StoreError {
    let code = error.code().unwrap_or_default();
    if error.try_downcast_ref::<sqlx::sqlite::SqliteError>().is_some() {
        of_sqlite(code.parse().unwrap_or_default())
    } else {
        of_postgres(&code)
    }
}

/// By the primary result code (<https://sqlite.org/rescode.html>), the low byte of an extended one.
fn of_sqlite(extended: i32) -> fn(Cause) -> StoreError {
    match extended & 0xff {
        5 | 6 => StoreError::Busy,
        13 => StoreError::Full,
        8 | 10 | 14 => StoreError::Unavailable,
        11 | 26 => StoreError::Damaged,
        _ => StoreError::Fault,
    }
}

/// By SQLSTATE (PostgreSQL 15 manual, appendix A).
fn of_postgres(state: &str) -> fn(Cause) -> StoreError {
    match state {
        // A unique violation under SERIALIZABLE is a race that the action's own look-up could not see: the
        // statements here never insert a known duplicate without ON CONFLICT.
        "40001" | "40P01" | "23505" => StoreError::Conflict,
        "53100" => StoreError::Full,
        "55P03" | "57014" => StoreError::Busy,
        "53200" | "53300" | "57P01" | "57P02" | "57P03" | "25006" => StoreError::Unavailable,
        "XX001" | "XX002" => StoreError::Damaged,
        // Class 08: the connection; 28: the password; 3D: no such database.
        state if ["08", "28", "3D"].iter().any(|class| state.starts_with(class)) => StoreError::Unavailable,
        _ => StoreError::Fault,
    }
}

/// Why an action came to nothing. Either way nothing was changed.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ActError<R> {
    /// The action's own rules say no.
    #[error("refused")]
    Refused(R),
    /// The store failed.
    #[error(transparent)]
    Fault(#[from] StoreError),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cause() -> Cause {
        Arc::new(Because("test".to_owned()))
    }

    #[test]
    fn a_full_disk_is_told_apart_from_a_busy_or_damaged_database() {
        assert!(matches!(of_sqlite(13)(cause()), StoreError::Full(_)));
        assert!(matches!(of_sqlite(5 | (1 << 8))(cause()), StoreError::Busy(_)));
        assert!(matches!(of_sqlite(11)(cause()), StoreError::Damaged(_)));
        assert!(matches!(of_sqlite(14)(cause()), StoreError::Unavailable(_)));
        assert!(matches!(of_postgres("53100")(cause()), StoreError::Full(_)));
        assert!(matches!(of_postgres("40P01")(cause()), StoreError::Conflict(_)));
        assert!(matches!(of_postgres("08006")(cause()), StoreError::Unavailable(_)));
        assert!(matches!(of_postgres("42P01")(cause()), StoreError::Fault(_)));
    }
}
