//! One end of a move: a connection of its own to either database, on which texts of SQL run that are made at run time.

use sqlx::postgres::{PgArguments, PgConnectOptions, PgConnection, PgRow};
use sqlx::sqlite::{SqliteArguments, SqliteConnection, SqliteRow};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Row as _};
use uuid::Uuid;

use super::shape::Kind;
use crate::action::{BEGIN_VIEW, arguments};
use crate::database::{Database, PATIENCE, postgres_options, sqlite_options};
use crate::error::StoreError;
use crate::migration::Migration;
use crate::survey::{THERE_POSTGRES, THERE_SQLITE, options_to_read};
use crate::value::Value;

pub(super) enum End {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

macro_rules! value {
    ($row:expr, $place:expr, $kind:expr) => {
        match $kind {
            Kind::Int => Value::Int($row.try_get($place)?),
            Kind::Text => Value::Text($row.try_get($place)?),
            Kind::Id => Value::Id($row.try_get::<Option<Uuid>, _>($place)?),
        }
    };
}

fn of_sqlite(row: &SqliteRow, kinds: &[Kind]) -> Result<Vec<Value>, sqlx::Error> {
    kinds.iter().enumerate().map(|(place, kind)| Ok(value!(row, place, kind))).collect()
}

fn of_postgres(row: &PgRow, kinds: &[Kind]) -> Result<Vec<Value>, sqlx::Error> {
    kinds.iter().enumerate().map(|(place, kind)| Ok(value!(row, place, kind))).collect()
}

impl End {
    /// An end that is only read, as it is at one moment. `None` where there is no database.
    pub(super) async fn to_read(database: &Database) -> Result<Option<Self>, StoreError> {
        Ok(Some(match database {
            Database::Sqlite { path } if !path.exists() => return Ok(None),
            Database::Sqlite { path } => {
                let mut connection = options_to_read(path).disable_statement_logging().connect().await?;
                sqlx::raw_sql("BEGIN").execute(&mut connection).await?;
                Self::Sqlite(connection)
            }
            Database::Postgres { url } => Self::of_postgres(&postgres_options(url)?).await?,
        }))
    }

    /// The same of a PostgreSQL database.
    pub(super) async fn of_postgres(options: &PgConnectOptions) -> Result<Self, StoreError> {
        let door = tokio::time::timeout(PATIENCE, options.connect()).await;
        let mut connection = door.map_err(|_| StoreError::unavailable("the server does not answer"))??;
        sqlx::raw_sql(BEGIN_VIEW).execute(&mut connection).await?;
        Ok(Self::Postgres(connection))
    }

    /// An end that is written.
    pub(super) async fn to_write(database: &Database) -> Result<Self, StoreError> {
        Ok(match database {
            Database::Sqlite { path } => Self::Sqlite(sqlite_options(path).connect().await?),
            Database::Postgres { url } => Self::Postgres(postgres_options(url)?.connect().await?),
        })
    }

    pub(super) fn dialect(&self) -> fn(&Migration) -> &'static str {
        match self {
            Self::Sqlite(_) => |migration| migration.sqlite,
            Self::Postgres(_) => |migration| migration.postgres,
        }
    }

    /// Whether there is anything of Halftone's.
    pub(super) async fn has_records(&mut self) -> Result<bool, StoreError> {
        let there = match self {
            Self::Sqlite(_) => THERE_SQLITE,
            Self::Postgres(_) => THERE_POSTGRES,
        };
        Ok(self.number(there.text, vec![]).await? > 0)
    }

    pub(super) async fn begin(&mut self) -> Result<(), StoreError> {
        self.run("BEGIN", vec![]).await.map(drop)
    }

    pub(super) async fn commit(&mut self) -> Result<(), StoreError> {
        self.run("COMMIT", vec![]).await.map(drop)
    }

    /// Rows of so many columns, by their kinds.
    pub(super) async fn rows(
        &mut self,
        text: &str,
        values: Vec<Value>,
        kinds: &[Kind],
    ) -> Result<Vec<Vec<Value>>, StoreError> {
        let text = AssertSqlSafe(text.to_owned());
        let read: Result<Vec<_>, sqlx::Error> = match self {
            Self::Sqlite(connection) => {
                let asked = sqlx::query_with(text, arguments::<SqliteArguments>(values)?);
                asked.fetch_all(connection).await?.iter().map(|row| of_sqlite(row, kinds)).collect()
            }
            Self::Postgres(connection) => {
                let asked = sqlx::query_with(text, arguments::<PgArguments>(values)?);
                asked.fetch_all(connection).await?.iter().map(|row| of_postgres(row, kinds)).collect()
            }
        };
        Ok(read?)
    }

    /// Rows of so many texts.
    pub(super) async fn texts(
        &mut self,
        text: &str,
        values: Vec<Value>,
        columns: usize,
    ) -> Result<Vec<Vec<Option<String>>>, StoreError> {
        let rows = self.rows(text, values, &vec![Kind::Text; columns]).await?;
        let text = |value| match value {
            Value::Text(text) => text,
            Value::Int(_) | Value::Id(_) => None,
        };
        Ok(rows.into_iter().map(|row| row.into_iter().map(text).collect()).collect())
    }

    /// The one number of an answer; 0 where there is none.
    pub(super) async fn number(&mut self, text: &str, values: Vec<Value>) -> Result<i64, StoreError> {
        let rows = self.rows(text, values, &[Kind::Int]).await?;
        Ok(match rows.first().map(Vec::as_slice) {
            Some([Value::Int(number)]) => number.unwrap_or(0),
            _ => 0,
        })
    }

    pub(super) async fn run(&mut self, text: &str, values: Vec<Value>) -> Result<u64, StoreError> {
        let text = AssertSqlSafe(text.to_owned());
        Ok(match self {
            Self::Sqlite(connection) => {
                let asked = sqlx::query_with(text, arguments::<SqliteArguments>(values)?);
                asked.execute(connection).await?.rows_affected()
            }
            Self::Postgres(connection) => {
                let asked = sqlx::query_with(text, arguments::<PgArguments>(values)?);
                asked.execute(connection).await?.rows_affected()
            }
        })
    }

    /// Closes it; all that was written into a SQLite file is in that file alone then.
    pub(super) async fn close(self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(mut connection) => {
                // One that is only read has nothing to cut back, and says so.
                let cut = sqlx::raw_sql("PRAGMA wal_checkpoint(TRUNCATE)").execute(&mut connection).await;
                if let Err(error) = cut {
                    tracing::debug!(%error, "no log was cut back");
                }
                connection.close().await?;
            }
            Self::Postgres(connection) => connection.close().await?,
        }
        Ok(())
    }
}
