//! Migrations: numbered SQL texts, one folder a dialect, applied in order and remembered with their SHA-256, so that
//! an older program on a newer database, and a database of another build, are told apart from a working one.

use newsroom::moment::Moment;
use sha2::{Digest as _, Sha256};
use sqlx::postgres::PgConnection;
use sqlx::sqlite::SqliteConnection;

use crate::error::StoreError;

pub(crate) struct Migration {
    pub(crate) version: i64,
    pub(crate) sqlite: &'static str,
    pub(crate) postgres: &'static str,
}

const MIGRATIONS: &[Migration] = &[
    Migration {
        version: 1,
        sqlite: include_str!("../migrations/sqlite/0001_first.sql"),
        postgres: include_str!("../migrations/postgres/0001_first.sql"),
    },
    Migration {
        version: 2,
        sqlite: include_str!("../migrations/sqlite/0002_cleared.sql"),
        postgres: include_str!("../migrations/postgres/0002_cleared.sql"),
    },
    Migration {
        version: 3,
        sqlite: include_str!("../migrations/sqlite/0003_finding.sql"),
        postgres: include_str!("../migrations/postgres/0003_finding.sql"),
    },
    Migration {
        version: 4,
        sqlite: include_str!("../migrations/sqlite/0004_failed_renditions.sql"),
        postgres: include_str!("../migrations/postgres/0004_failed_renditions.sql"),
    },
    Migration {
        version: 5,
        sqlite: include_str!("../migrations/sqlite/0005_month_parts.sql"),
        postgres: include_str!("../migrations/postgres/0005_month_parts.sql"),
    },
    Migration {
        version: 6,
        sqlite: include_str!("../migrations/sqlite/0006_roles.sql"),
        postgres: include_str!("../migrations/postgres/0006_roles.sql"),
    },
    Migration {
        version: 7,
        sqlite: include_str!("../migrations/sqlite/0007_staff.sql"),
        postgres: include_str!("../migrations/postgres/0007_staff.sql"),
    },
    Migration {
        version: 8,
        sqlite: include_str!("../migrations/sqlite/0008_uploads.sql"),
        postgres: include_str!("../migrations/postgres/0008_uploads.sql"),
    },
    Migration {
        version: 9,
        sqlite: include_str!("../migrations/sqlite/0009_library.sql"),
        postgres: include_str!("../migrations/postgres/0009_library.sql"),
    },
    Migration {
        version: 10,
        sqlite: include_str!("../migrations/sqlite/0010_passkeys.sql"),
        postgres: include_str!("../migrations/postgres/0010_passkeys.sql"),
    },
    Migration {
        version: 11,
        sqlite: include_str!("../migrations/sqlite/0011_watched.sql"),
        postgres: include_str!("../migrations/postgres/0011_watched.sql"),
    },
    Migration {
        version: 12,
        sqlite: include_str!("../migrations/sqlite/0012_revisions.sql"),
        postgres: include_str!("../migrations/postgres/0012_revisions.sql"),
    },
    Migration {
        version: 13,
        sqlite: include_str!("../migrations/sqlite/0013_plans.sql"),
        postgres: include_str!("../migrations/postgres/0013_plans.sql"),
    },
    Migration {
        version: 14,
        sqlite: include_str!("../migrations/sqlite/0014_shares.sql"),
        postgres: include_str!("../migrations/postgres/0014_shares.sql"),
    },
    Migration {
        version: 15,
        sqlite: include_str!("../migrations/sqlite/0015_around.sql"),
        postgres: include_str!("../migrations/postgres/0015_around.sql"),
    },
    Migration {
        version: 16,
        sqlite: include_str!("../migrations/sqlite/0016_sign_in_links.sql"),
        postgres: include_str!("../migrations/postgres/0016_sign_in_links.sql"),
    },
];

// These four run before the first migration and are therefore not among the listed statements.
const REMEMBER_SQLITE: &str = "CREATE TABLE IF NOT EXISTS schema_migrations (
  version INTEGER NOT NULL PRIMARY KEY, checksum TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT";
const REMEMBER_POSTGRES: &str = "CREATE TABLE IF NOT EXISTS schema_migrations (
  version BIGINT NOT NULL PRIMARY KEY, checksum TEXT COLLATE \"C\" NOT NULL, applied_at BIGINT NOT NULL)";
const APPLIED: &str = "SELECT version, checksum FROM schema_migrations ORDER BY version";
const APPLY: &str = "INSERT INTO schema_migrations (version, checksum, applied_at) VALUES ($1, $2, $3)";
/// One program at a time migrates; the number is arbitrary and belongs to Halftone. Held to the end of the transaction.
const LOCK_POSTGRES: &str = "SELECT pg_advisory_xact_lock(4817213340998812)";

macro_rules! run_migrations {
    ($connection:expr, $remember:expr, $dialect:ident, $now:expr) => {{
        let connection = $connection;
        sqlx::raw_sql($remember).execute(&mut *connection).await?;
        let applied: Vec<(i64, String)> = sqlx::query_as(APPLIED).fetch_all(&mut *connection).await?;
        for migration in still_to_apply(&applied, |migration| migration.$dialect)? {
            sqlx::raw_sql(migration.$dialect).execute(&mut *connection).await?;
            sqlx::query(APPLY)
                .bind(migration.version)
                .bind(checksum(migration.$dialect))
                .bind($now.as_micros())
                .execute(&mut *connection)
                .await?;
        }
        Ok(())
    }};
}

/// Brings a SQLite database up to this program's schema, all or nothing.
pub(crate) async fn migrate_sqlite(connection: &mut SqliteConnection, now: Moment) -> Result<(), StoreError> {
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut *connection).await?;
    let outcome: Result<(), StoreError> = apply_sqlite(connection, now).await;
    let end = if outcome.is_ok() { "COMMIT" } else { "ROLLBACK" };
    let ended = sqlx::raw_sql(end).execute(&mut *connection).await;
    outcome.and_then(|()| ended.map(|_| ()).map_err(StoreError::from))
}

async fn apply_sqlite(connection: &mut SqliteConnection, now: Moment) -> Result<(), StoreError> {
    run_migrations!(connection, REMEMBER_SQLITE, sqlite, now)
}

/// Brings a PostgreSQL database up to this program's schema, all or nothing; `connection` is in a transaction that
/// the caller commits.
pub(crate) async fn migrate_postgres(connection: &mut PgConnection, now: Moment) -> Result<(), StoreError> {
    sqlx::raw_sql(LOCK_POSTGRES).execute(&mut *connection).await?;
    run_migrations!(connection, REMEMBER_POSTGRES, postgres, now)
}

/// The migrations that the database lacks, after checking those that it has.
pub(crate) fn still_to_apply(
    applied: &[(i64, String)],
    text: fn(&Migration) -> &'static str,
) -> Result<impl Iterator<Item = &'static Migration>, StoreError> {
    let known = MIGRATIONS.last().map_or(0, |migration| migration.version);
    let found = applied.last().map_or(0, |(version, _)| *version);
    if found > known {
        return Err(StoreError::NewerSchema { found, known });
    }
    for (version, sum) in applied {
        let same = MIGRATIONS.iter().any(|ours| ours.version == *version && checksum(text(ours)) == *sum);
        if !same {
            return Err(StoreError::MigrationChanged { version: *version });
        }
    }
    Ok(MIGRATIONS.iter().filter(move |migration| migration.version > found))
}

fn checksum(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migrations_are_numbered_from_one_without_gaps() {
        let numbers: Vec<i64> = MIGRATIONS.iter().map(|migration| migration.version).collect();
        let expected: Vec<i64> = (1..).take(MIGRATIONS.len()).collect();
        assert_eq!(numbers, expected);
    }

    #[test]
    fn every_file_of_a_migration_is_carried_out() {
        for folder in ["sqlite", "postgres"] {
            let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(folder);
            assert_eq!(std::fs::read_dir(path).unwrap().count(), MIGRATIONS.len(), "{folder}");
        }
    }

    #[test]
    fn migrations_after_the_first_only_add() {
        for migration in MIGRATIONS.iter().filter(|migration| migration.version > 1) {
            for text in [migration.sqlite, migration.postgres] {
                let code: String =
                    text.lines().filter(|line| !line.starts_with("--")).collect::<Vec<_>>().join(" ");
                for statement in code.split(';').map(str::trim).filter(|statement| !statement.is_empty()) {
                    let adds = ["CREATE TABLE ", "CREATE INDEX ", "CREATE UNIQUE INDEX "];
                    let column = statement.starts_with("ALTER TABLE ") && statement.contains(" ADD COLUMN ");
                    let kept = column || adds.iter().any(|words| statement.starts_with(words));
                    assert!(
                        kept,
                        "{}: `halftone doctor --before-upgrade` says that they only add: {statement}",
                        migration.version
                    );
                }
            }
        }
    }
}
