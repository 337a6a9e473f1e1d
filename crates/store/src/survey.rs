//! What a database holds, told without opening it for work: whether this program could take it over, and what is under
//! way in it. Nothing is written, no migration runs.

use std::path::Path;

use newsroom::moment::Moment;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions};

use crate::action::{BEGIN_VIEW, View};
use crate::database::{Database, PATIENCE, postgres_options};
use crate::error::StoreError;
use crate::migration::{Migration, still_to_apply};
use crate::statement::{Sql, statements};
use crate::value::binds;

/// What was found in a database that this program may take over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Survey {
    /// The highest migration that was applied.
    pub schema: i64,
    /// The migrations that [`crate::Store::open`] would apply, in order.
    pub missing: Vec<i64>,
    /// Jobs that wait, due now or later.
    pub waiting: u64,
    /// Jobs that a worker has claimed and whose lease stands.
    pub running: u64,
    /// Processes, serving or working, that were heard of lately.
    pub nodes: u64,
    /// Pages of an older printer than the one asked for.
    pub older_pages: u64,
    /// Pages of a newer printer.
    pub newer_pages: u64,
}

/// What a survey is asked with.
#[derive(Debug, Clone, Copy)]
pub struct Asked {
    /// This moment.
    pub now: Moment,
    /// Processes count that were heard of at this moment or later.
    pub heard_since: Moment,
    /// The version of this program's printer.
    pub printer: u32,
}

statements! { "schema_migrations";
    APPLIED = "SELECT version, checksum FROM schema_migrations ORDER BY version";
    BEGUN = "SELECT applied_at FROM schema_migrations WHERE version = 1";
    // All of it stands in the first migration, so that it can be asked of every release's database.
    UNDER_WAY = "SELECT
        (SELECT COUNT(*) FROM jobs WHERE failed_at IS NULL AND (lease_until IS NULL OR lease_until <= $1)) AS waiting,
        (SELECT COUNT(*) FROM jobs WHERE failed_at IS NULL AND lease_until > $1) AS running,
        (SELECT COUNT(*) FROM nodes WHERE seen_at >= $2) AS nodes,
        (SELECT COUNT(*) FROM pages WHERE printer < $3) AS older_pages,
        (SELECT COUNT(*) FROM pages WHERE printer > $3) AS newer_pages";
}

/// These two ask the catalogue of one database each, and are therefore not among the listed statements.
pub(crate) const THERE_SQLITE: Sql = Sql {
    table: "sqlite_master",
    name: "THERE",
    text: "SELECT COUNT(*) AS there FROM sqlite_master WHERE type = 'table' AND name = 'schema_migrations'",
};
pub(crate) const THERE_POSTGRES: Sql = Sql {
    table: "pg_tables",
    name: "THERE",
    text: "SELECT COUNT(*) AS there FROM pg_tables
        WHERE schemaname = ANY (current_schemas(false)) AND tablename = 'schema_migrations'",
};

/// Looks at a database. `None` where there is none, or nothing of Halftone's in it.
///
/// # Errors
/// As [`crate::Store::open`]: [`StoreError::NewerSchema`] and [`StoreError::MigrationChanged`] where this program could
/// not take it over, [`StoreError::Unavailable`], [`StoreError::Damaged`].
pub async fn survey(database: &Database, asked: Asked) -> Result<Option<Survey>, StoreError> {
    match database {
        Database::Sqlite { path } if !path.exists() => Ok(None),
        Database::Sqlite { path } => survey_sqlite(path, asked).await,
        Database::Postgres { url } => survey_postgres(postgres_options(url)?, asked).await,
    }
}

async fn survey_sqlite(path: &Path, asked: Asked) -> Result<Option<Survey>, StoreError> {
    let options = options_to_read(path);
    let pool =
        SqlitePoolOptions::new().max_connections(1).acquire_timeout(PATIENCE).connect_with(options).await?;
    let mut view = View::of_sqlite(pool.begin().await?);
    let found = look(&mut view, THERE_SQLITE, |migration| migration.sqlite, asked).await;
    view.end().await;
    pool.close().await;
    found
}

/// How a file is opened that is only read.
pub(crate) fn options_to_read(path: &Path) -> SqliteConnectOptions {
    // Nobody has a file open that has no log beside it. Read as one that does not change it needs no log either; else
    // SQLite would make one, which a reader cannot take away again (<https://sqlite.org/wal.html>, section 5).
    let alone = !log_of(path).exists();
    SqliteConnectOptions::new().filename(path).read_only(true).immutable(alone).busy_timeout(PATIENCE)
}

pub(crate) fn log_of(path: &Path) -> std::path::PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-wal");
    name.into()
}

async fn survey_postgres(options: PgConnectOptions, asked: Asked) -> Result<Option<Survey>, StoreError> {
    let pool =
        PgPoolOptions::new().max_connections(1).acquire_timeout(PATIENCE).connect_with(options).await?;
    let mut view = View::of_postgres(pool.begin_with(BEGIN_VIEW).await?);
    let found = look(&mut view, THERE_POSTGRES, |migration| migration.postgres, asked).await;
    view.end().await;
    pool.close().await;
    found
}

impl View {
    /// When these records were made.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn begun_at(&mut self) -> Result<Moment, StoreError> {
        let row = self.row(BEGUN, vec![]).await?;
        row.map_or(Ok(Moment::from_micros(0)), |row| row.moment("applied_at"))
    }
}

async fn look(
    view: &mut View,
    there: Sql,
    text: fn(&Migration) -> &'static str,
    asked: Asked,
) -> Result<Option<Survey>, StoreError> {
    let tables = view.row(there, vec![]).await?.map_or(Ok(0), |row| row.int("there"))?;
    if tables == 0 {
        return Ok(None);
    }
    let rows = view.rows(APPLIED, vec![]).await?;
    let applied: Vec<(i64, String)> = rows
        .iter()
        .map(|row| Ok((row.int("version")?, row.text("checksum")?)))
        .collect::<Result<_, StoreError>>()?;
    let Some((schema, _)) = applied.last() else { return Ok(None) };
    let missing = still_to_apply(&applied, text)?.map(|migration| migration.version).collect();
    let Some(row) = view.row(UNDER_WAY, binds![asked.now, asked.heard_since, asked.printer]).await? else {
        return Ok(None);
    };
    Ok(Some(Survey {
        schema: *schema,
        missing,
        waiting: row.count("waiting")?,
        running: row.count("running")?,
        nodes: row.count("nodes")?,
        older_pages: row.count("older_pages")?,
        newer_pages: row.count("newer_pages")?,
    }))
}
