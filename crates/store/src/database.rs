//! Opening: which database, its settings, its pools.

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use newsroom::moment::Moment;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{ConnectOptions as _, Connection as _};
use tokio::sync::{Mutex, RwLock, watch};

use crate::database_file::DatabaseFile;
use crate::error::{OLDEST_POSTGRES, StoreError};
use crate::migration;
use crate::writer::Writer;

/// How long a statement waits for another process that writes (SQLite) and for a free connection (both).
pub(crate) const PATIENCE: Duration = Duration::from_secs(10);
/// Connections for reading on SQLite, and in all on PostgreSQL.
const CONNECTIONS: u32 = 8;
/// The write-ahead log is cut back to this many bytes after a checkpoint.
const LOG_BYTES: &str = "67108864";

/// The server's major release. It is asked before a migration, and therefore not among the listed statements.
const SIZE_SQLITE: &str = "SELECT page_count.page_count * page_size.page_size FROM pragma_page_count() AS page_count, pragma_page_size() AS page_size";
const SIZE_POSTGRES: &str = "SELECT pg_database_size(current_database())";
const RELEASE: &str = "SELECT current_setting('server_version_num')::bigint / 10000";
/// The server's clock, in microseconds since 1970.
const CLOCK: &str = "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000000 AS BIGINT)";

/// Which database holds the records.
#[derive(Clone, PartialEq, Eq)]
pub enum Database {
    /// One file; it and its folder's `-wal` and `-shm` companions belong to Halftone.
    Sqlite {
        /// The file, made when it is missing; its folder must be there.
        path: PathBuf,
    },
    /// A PostgreSQL 15 or newer database of its own.
    Postgres {
        /// `postgres://user:password@host/database`.
        url: String,
    },
}

impl fmt::Debug for Database {
    /// Without the address of a PostgreSQL database, which may hold a password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite { path } => f.debug_struct("Sqlite").field("path", path).finish(),
            Self::Postgres { .. } => f.write_str("Postgres"),
        }
    }
}

/// The records. Cheap to clone; all clones are one store.
#[derive(Clone)]
pub struct Store {
    pub(crate) inner: Arc<Inner>,
}

pub(crate) struct Inner {
    pub(crate) pools: Pools,
    /// Held by actions while they run: shared, and alone by one that others kept from committing.
    pub(crate) turns: RwLock<()>,
    pub(crate) changes: watch::Sender<i64>,
    pub(crate) jobs: watch::Sender<u64>,
}

/// In what the records lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatabaseKind {
    /// A file.
    Sqlite,
    /// A server.
    Postgres,
}

impl DatabaseKind {
    /// As a person is told it.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

pub(crate) enum Pools {
    Sqlite(SqlitePools),
    Postgres(PgPool),
}

pub(crate) struct SqlitePools {
    pub(crate) path: PathBuf,
    pub(crate) writer: Writer,
    pub(crate) readers: SqlitePool,
    /// Watches for commits of other connections and processes; see `changes.rs`.
    pub(crate) watcher: Mutex<Watcher>,
}

/// The last answer of `PRAGMA data_version` on a connection that never writes, and the change number read after it.
pub(crate) struct Watcher {
    pub(crate) file: DatabaseFile,
    /// `None` when the store is closed.
    pub(crate) connection: Option<SqliteConnection>,
    pub(crate) seen: Option<(i64, i64)>,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.inner.pools {
            Pools::Sqlite(_) => "Sqlite",
            Pools::Postgres(_) => "Postgres",
        };
        f.debug_struct("Store").field("database", &kind).finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the database, makes it when it is not there, and brings its schema up to this program's.
    ///
    /// Needs a running tokio runtime. `now` is written beside the migrations that are applied.
    ///
    /// # Errors
    /// [`StoreError::Unavailable`] when it cannot be reached, [`StoreError::NewerSchema`] when a newer program made it,
    /// [`StoreError::MigrationChanged`], [`StoreError::Damaged`].
    pub async fn open(database: &Database, now: Moment) -> Result<Self, StoreError> {
        let pools = match database {
            Database::Sqlite { path } => Pools::Sqlite(open_sqlite(path, now).await?),
            Database::Postgres { url } => Pools::Postgres(open_postgres(url, now).await?),
        };
        let inner = Inner {
            pools,
            turns: RwLock::new(()),
            changes: watch::Sender::new(0),
            jobs: watch::Sender::new(0),
        };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// The database server's clock; `None` for SQLite, which has no other than this machine's. Leases and the presence of
    /// processes are told by each machine's own clock.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn server_clock(&self) -> Result<Option<Moment>, StoreError> {
        match &self.inner.pools {
            Pools::Sqlite(_) => Ok(None),
            Pools::Postgres(pool) => {
                let there: i64 = sqlx::query_scalar(CLOCK).fetch_one(pool).await?;
                Ok(Some(Moment::from_micros(there)))
            }
        }
    }

    /// In what the records lie.
    #[must_use]
    pub fn kind(&self) -> DatabaseKind {
        match &self.inner.pools {
            Pools::Sqlite(_) => DatabaseKind::Sqlite,
            Pools::Postgres(_) => DatabaseKind::Postgres,
        }
    }

    /// Bytes that the records take on disk: of SQLite without its log, of PostgreSQL with the indexes.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn bytes_on_disk(&self) -> Result<u64, StoreError> {
        let bytes: i64 = match &self.inner.pools {
            Pools::Sqlite(pools) => sqlx::query_scalar(SIZE_SQLITE).fetch_one(&pools.readers).await?,
            Pools::Postgres(pool) => sqlx::query_scalar(SIZE_POSTGRES).fetch_one(pool).await?,
        };
        Ok(u64::try_from(bytes).unwrap_or(0))
    }

    /// Waits for the actions that are under way and closes every connection. Later calls are answered with
    /// [`StoreError::Unavailable`].
    pub async fn close(&self) {
        match &self.inner.pools {
            Pools::Sqlite(pools) => {
                pools.writer.stop().await;
                pools.readers.close().await;
                pools.watcher.lock().await.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }
}

/// How often a file that others hold is opened again, and the pause before that: five seconds in all.
const OPENINGS: u32 = 100;
const BETWEEN_OPENINGS: Duration = Duration::from_millis(50);
/// More than there are statements.
const STATEMENTS: usize = 512;
/// Rows that the thread of a connection reads ahead of who asked for them.
const ROWS_AHEAD: usize = 1024;

pub(crate) fn sqlite_options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(PATIENCE)
        .foreign_keys(true)
        .pragma("journal_size_limit", LOG_BYTES)
        // All statements stay prepared, and a print's hundreds of rows come over in one go instead of fifty at a time.
        .statement_cache_capacity(STATEMENTS)
        .row_buffer_size(ROWS_AHEAD)
        .disable_statement_logging()
}

/// Opens the file, again while others make or leave it: SQLite tells whoever switches a new file to its write-ahead log at
/// the same time that it is locked, without waiting for as long as it was told to.
async fn open_sqlite(path: &Path, now: Moment) -> Result<SqlitePools, StoreError> {
    for _ in 0..OPENINGS {
        match open_sqlite_once(path, now).await {
            Err(StoreError::Busy(_)) => tokio::time::sleep(BETWEEN_OPENINGS).await,
            outcome => return outcome,
        }
    }
    open_sqlite_once(path, now).await
}

async fn open_sqlite_once(path: &Path, now: Moment) -> Result<SqlitePools, StoreError> {
    let options = sqlite_options(path);
    let mut connection = options.connect().await?;
    migration::migrate_sqlite(&mut connection, now).await?;
    let file = DatabaseFile::opened(path)?;
    let again = options.create_if_missing(false);
    let reading = again.clone().pragma("query_only", "ON");
    let watcher =
        Mutex::new(Watcher { file: file.clone(), connection: Some(reading.connect().await?), seen: None });
    let readers = SqlitePoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(PATIENCE)
        .connect_with(reading)
        .await?;
    let writer = Writer::start(file, again, connection);
    Ok(SqlitePools { path: path.to_owned(), writer, readers, watcher })
}

pub(crate) fn postgres_options(url: &str) -> Result<PgConnectOptions, StoreError> {
    Ok(PgConnectOptions::from_str(url)?.application_name("halftone").disable_statement_logging())
}

async fn open_postgres(url: &str, now: Moment) -> Result<PgPool, StoreError> {
    let options = postgres_options(url)?;
    // A pool goes on trying until its patience is at an end, and then says only that.
    let door = tokio::time::timeout(PATIENCE, options.connect()).await;
    let mut door = door.map_err(|_| StoreError::unavailable("the server does not answer"))??;
    let found: i64 = sqlx::query_scalar(RELEASE).fetch_one(&mut door).await?;
    door.close().await?;
    if found < OLDEST_POSTGRES {
        return Err(StoreError::OldServer { found });
    }
    let pool = PgPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(PATIENCE)
        .connect_with(options)
        .await?;
    let mut transaction = pool.begin().await?;
    migration::migrate_postgres(&mut transaction, now).await?;
    transaction.commit().await?;
    Ok(pool)
}
