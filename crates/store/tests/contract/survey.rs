//! Looking at a database without opening it for work.

use std::collections::BTreeSet;

use newsroom::moment::Moment;
use sha2::{Digest as _, Sha256};
use store::{Asked, Database, Page, Store, StoreError, Survey, Tx, survey};

use crate::site::{Site, on_both, second};

const PRINTER: u32 = 7;

fn asked() -> Asked {
    Asked { now: second(100), heard_since: second(95), printer: PRINTER }
}

/// The first migration alone, remembered as the first release did.
fn first_release(database: &Database) -> String {
    let (text, number, kind) = match database {
        Database::Sqlite { .. } => {
            (include_str!("../../migrations/sqlite/0001_first.sql"), "INTEGER", ") STRICT")
        }
        Database::Postgres { .. } => {
            (include_str!("../../migrations/postgres/0001_first.sql"), "BIGINT", ")")
        }
    };
    let sum: String = Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect();
    format!(
        "CREATE TABLE schema_migrations (version {number} NOT NULL PRIMARY KEY, checksum TEXT NOT NULL,
            applied_at {number} NOT NULL{kind};
        INSERT INTO schema_migrations VALUES (1, '{sum}', 0); {text}"
    )
}

fn page(path: &str, printer: u32) -> Page {
    Page {
        path: path.to_owned(),
        page_key: path.to_owned(),
        change: 1,
        status: 200,
        etag: "etag".to_owned(),
        printed_at: Moment::from_micros(0),
        printer,
    }
}

on_both! {
    async fn a_database_of_this_release_lacks_nothing(site) {
        let found = survey(&site.database, asked()).await.unwrap().unwrap();
        assert!(found.schema >= 3 && found.missing.is_empty(), "{found:?}");
    }

    async fn what_is_under_way_is_counted(site) {
        crate::samples::act(&site.store, async |tx: &mut Tx| {
            for (n, printer) in [(1, PRINTER - 1), (2, PRINTER), (3, PRINTER + 1), (4, PRINTER + 1)] {
                tx.record_page(&page(&format!("/{n}"), printer), &BTreeSet::new()).await?;
            }
            for (id, seen) in [("old", 94), ("new", 95)] {
                let node = store::Node {
                    id: id.to_owned(), started_at: second(0), seen_at: second(seen), role: store::Role::Serve, applied_change: 0,
                    version: String::new(), machine: String::new(), disks: Vec::new(),
                };
                tx.save_node(&node).await?;
            }
            for (n, kind) in [(1, "waits"), (2, "waits"), (3, "runs")] {
                tx.enqueue(&crate::samples::job(n, kind, &format!("{kind}:{n}"), 0)).await?;
            }
            Ok(())
        }).await;
        let claim = site.store.claim_job(&["runs"], "worker", second(100), 10).await.unwrap();
        assert!(claim.is_some());
        let found = survey(&site.database, asked()).await.unwrap().unwrap();
        let counted = Survey { schema: found.schema, missing: vec![], waiting: 2, running: 1, nodes: 1, older_pages: 1, newer_pages: 2 };
        assert_eq!(found, counted);
    }

    async fn a_database_of_the_first_release_is_looked_at_and_left_as_it_is(site) {
        let fresh = site.empty_again().await;
        run_sql(&fresh, &first_release(&fresh)).await;
        for _ in 0..2 {
            let found = survey(&fresh, asked()).await.unwrap().unwrap();
            assert_eq!((found.schema, &found.missing[..2]), (1, &[2, 3][..]));
        }
        Store::open(&fresh, second(1)).await.unwrap().close().await;
        let found = survey(&fresh, asked()).await.unwrap().unwrap();
        assert!(found.schema >= 3 && found.missing.is_empty(), "{found:?}");
    }

    async fn an_empty_database_is_none_and_stays_empty(site) {
        let fresh = site.empty_again().await;
        assert_eq!(survey(&fresh, asked()).await.unwrap(), None);
        if let Database::Sqlite { path } = &fresh {
            assert!(!path.exists());
        }
    }

    async fn what_a_newer_or_another_program_made_is_told_as_opening_does(site) {
        site.run_sql("UPDATE schema_migrations SET checksum = 'x' WHERE version = 1").await;
        let other = survey(&site.database, asked()).await;
        assert!(matches!(other, Err(StoreError::MigrationChanged { version: 1 })), "{other:?}");
        site.run_sql("INSERT INTO schema_migrations (version, checksum, applied_at) VALUES (999, 'x', 0)").await;
        let newer = survey(&site.database, asked()).await;
        assert!(matches!(newer, Err(StoreError::NewerSchema { found: 999, .. })), "{newer:?}");
    }
}

async fn run_sql(database: &Database, sql: &str) {
    use sqlx::{AssertSqlSafe, Connection as _};
    match database {
        Database::Sqlite { path } => {
            let url = format!("sqlite://{}?mode=rwc", path.display());
            let mut connection = sqlx::SqliteConnection::connect(&url).await.unwrap();
            sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.unwrap();
            connection.close().await.unwrap();
        }
        Database::Postgres { url } => {
            let mut connection = sqlx::PgConnection::connect(url).await.unwrap();
            sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut connection).await.unwrap();
            connection.close().await.unwrap();
        }
    }
}

/// Every file of a folder with its bytes.
fn files(folder: &std::path::Path) -> Vec<(std::ffi::OsString, Vec<u8>)> {
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name(), std::fs::read(entry.path()).unwrap()))
        .collect();
    files.sort();
    files
}

#[tokio::test]
async fn looking_at_a_file_that_nobody_has_open_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let database = Database::Sqlite { path: folder.path().join("records.sqlite") };
    Store::open(&database, second(0)).await.unwrap().close().await;
    let before = files(folder.path());
    assert!(survey(&database, asked()).await.unwrap().is_some());
    assert_eq!(files(folder.path()), before);
}

#[tokio::test]
async fn what_stands_only_in_the_log_of_an_open_file_is_seen() {
    let site = Site::sqlite().await.unwrap();
    crate::samples::act(&site.store, async |tx: &mut Tx| {
        tx.record_page(&page("/1", PRINTER - 1), &BTreeSet::new()).await.map(|_| ())
    })
    .await;
    assert_eq!(survey(&site.database, asked()).await.unwrap().unwrap().older_pages, 1);
    site.close().await;
}
