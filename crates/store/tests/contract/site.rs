//! A fresh database for one test, on either kind.

use std::sync::atomic::{AtomicU32, Ordering};

use newsroom::moment::Moment;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection};
use store::{Database, Store, StoreError, View};

/// One test's database, opened.
pub struct Site {
    /// The store under test.
    pub store: Store,
    /// How to open it once more.
    pub database: Database,
    folder: Option<tempfile::TempDir>,
    schema: Option<(String, String)>,
}

static SITES: AtomicU32 = AtomicU32::new(0);

/// A moment so many seconds after an arbitrary first one.
pub fn second(n: i64) -> Moment {
    Moment::from_micros(1_609_687_920_000_000).plus_seconds(n)
}

impl Site {
    /// On SQLite, in a folder of its own.
    pub async fn sqlite() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::Sqlite { path: folder.path().join("records.sqlite") };
        Some(Self::open(database, Some(folder), None).await)
    }

    /// On PostgreSQL, in a schema of its own; `None`, said aloud, when there is no server to test on.
    pub async fn postgres() -> Option<Self> {
        #[expect(clippy::disallowed_methods, reason = "tests find their server through the environment")]
        let Ok(url) = std::env::var("HALFTONE_TEST_POSTGRES") else {
            eprintln!("SKIPPED: HALFTONE_TEST_POSTGRES is not set, so this test ran on SQLite only");
            return None;
        };
        let schema = format!("test_{}_{}", std::process::id(), SITES.fetch_add(1, Ordering::Relaxed));
        let anew = format!("DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}");
        run_on_postgres(&url, anew).await;
        let mark = if url.contains('?') { '&' } else { '?' };
        let database = Database::Postgres { url: format!("{url}{mark}options[search_path]={schema}") };
        Some(Self::open(database, None, Some((url, schema))).await)
    }

    async fn open(
        database: Database,
        folder: Option<tempfile::TempDir>,
        schema: Option<(String, String)>,
    ) -> Self {
        let store = Store::open(&database, second(0)).await.unwrap();
        Self { store, database, folder, schema }
    }

    /// Looks through a view; a fault fails the test.
    pub async fn look<T>(&self, look: impl AsyncFnOnce(&mut View) -> Result<T, StoreError>) -> T {
        self.store.view(look).await.unwrap()
    }

    /// Runs SQL of the test's own on a connection beside the store.
    pub async fn run_sql(&self, sql: &str) {
        match &self.database {
            Database::Sqlite { path } => {
                let url = format!("sqlite://{}", path.display());
                let mut connection = sqlx::SqliteConnection::connect(&url).await.unwrap();
                sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.unwrap();
                connection.close().await.unwrap();
            }
            Database::Postgres { url } => run_on_postgres(url, sql.to_owned()).await,
        }
    }

    /// Another database beside this one, in which nothing is yet.
    pub async fn empty_again(&self) -> Database {
        match (&self.database, &self.schema) {
            (Database::Sqlite { path }, _) => Database::Sqlite { path: path.with_extension("fresh") },
            (Database::Postgres { url }, Some((_, schema))) => {
                self.store.close().await;
                run_on_postgres(url, format!("DROP SCHEMA {schema} CASCADE; CREATE SCHEMA {schema}")).await;
                self.database.clone()
            }
            (Database::Postgres { .. }, None) => panic!("a test on PostgreSQL has a schema of its own"),
        }
    }

    /// Ends the test: closes the store and takes its database away.
    pub async fn close(self) {
        self.store.close().await;
        if let Some((url, schema)) = self.schema {
            run_on_postgres(&url, format!("DROP SCHEMA {schema} CASCADE")).await;
        }
        drop(self.folder);
    }
}

async fn run_on_postgres(url: &str, sql: String) {
    let mut connection = PgConnection::connect(url).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}

/// `on_both! { async fn a_sentence(site) { ... } }`: the body as a test on SQLite and as one on PostgreSQL.
macro_rules! on_both {
    ($(async fn $name:ident($site:ident) $body:block)*) => {$(
        async fn $name($site: &crate::site::Site) $body

        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                if let Some(site) = crate::site::Site::sqlite().await {
                    super::$name(&site).await;
                    site.close().await;
                }
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                if let Some(site) = crate::site::Site::postgres().await {
                    super::$name(&site).await;
                    site.close().await;
                }
            }
        }
    )*};
}
pub(crate) use on_both;
