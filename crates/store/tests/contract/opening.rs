//! Opening what is there already, or is not Halftone's.

use store::{Database, Store, StoreError, View};

use crate::samples::BY;
use crate::site::{on_both, second};

on_both! {
    async fn opening_again_changes_nothing(site) {
        let other = Store::open(&site.database, second(1)).await.unwrap();
        let settings: Result<_, StoreError> = other.view(async |view: &mut View| view.settings().await).await;
        assert_eq!(settings.unwrap(), []);
        other.close().await;
    }

    async fn a_new_database_can_be_opened_by_many_at_once(site) {
        let fresh = site.empty_again().await;
        let mut openers = tokio::task::JoinSet::new();
        for _ in 0..6 {
            let fresh = fresh.clone();
            openers.spawn(async move {
                let store = Store::open(&fresh, second(1)).await.unwrap();
                assert_eq!(store.current_change().await.unwrap(), 0);
                store.close().await;
            });
        }
        openers.join_all().await;
    }

    async fn a_database_of_a_newer_program_is_left_alone(site) {
        site.run_sql("INSERT INTO schema_migrations (version, checksum, applied_at) VALUES (999, 'x', 0)").await;
        let outcome = Store::open(&site.database, second(1)).await.map(|_| ());
        assert!(matches!(outcome, Err(StoreError::NewerSchema { found: 999, .. })), "{outcome:?}");
    }

    async fn a_database_of_another_build_is_left_alone(site) {
        site.run_sql("UPDATE schema_migrations SET checksum = 'x' WHERE version = 1").await;
        let outcome = Store::open(&site.database, second(1)).await.map(|_| ());
        assert!(matches!(outcome, Err(StoreError::MigrationChanged { version: 1 })), "{outcome:?}");
    }

    async fn a_value_that_cannot_be_read_is_named_by_table_column_and_row(site) {
        crate::samples::act(&site.store, async |tx: &mut store::Tx| {
            tx.insert_story(&crate::samples::story(1), &BY).await
        }).await;
        site.run_sql("UPDATE stories SET tags = 'no json'").await;
        let id = crate::samples::story_id(1);
        let outcome: Result<_, StoreError> = site.store.view(async |view: &mut View| view.story(id).await).await;
        let Err(StoreError::Corrupt { table, column, row, .. }) = outcome else { panic!("{outcome:?}") };
        assert_eq!((table, column.as_str(), row), ("stories", "tags", id.to_string()));
    }
}

#[tokio::test]
async fn a_file_that_is_no_database_is_called_so() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("records.sqlite");
    let text = "This is a letter and no database. ".repeat(100);
    std::io::Write::write_all(&mut std::fs::File::create(&path).unwrap(), text.as_bytes()).unwrap();
    let outcome = Store::open(&Database::Sqlite { path }, second(0)).await.map(|_| ());
    assert!(matches!(outcome, Err(StoreError::Damaged(_))), "{outcome:?}");
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_called_unavailable() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("nowhere/records.sqlite");
    let outcome = Store::open(&Database::Sqlite { path }, second(0)).await.map(|_| ());
    assert!(matches!(outcome, Err(StoreError::Unavailable(_))), "{outcome:?}");
}

#[tokio::test]
async fn nothing_is_written_to_a_file_that_was_moved_away_or_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("records.sqlite");
    let store = Store::open(&Database::Sqlite { path: path.clone() }, second(0)).await.unwrap();
    let write = async || {
        let story = crate::samples::story(1);
        let wrote = store.act(async |tx: &mut store::Tx| {
            tx.insert_story(&story, &BY).await.map_err(store::ActError::<StoreError>::Fault)
        });
        wrote.await.map(|_| ())
    };
    for replaced in [false, true] {
        let away = folder.path().join("away.sqlite");
        std::fs::rename(&path, &away).unwrap();
        if replaced {
            std::fs::copy(&away, &path).unwrap();
        }
        let wrote = write().await;
        assert!(
            matches!(wrote, Err(store::ActError::Fault(StoreError::Unavailable(_)))),
            "{replaced}: {wrote:?}"
        );
        assert!(matches!(store.current_change().await, Err(StoreError::Unavailable(_))), "{replaced}");
        std::fs::rename(&away, &path).unwrap();
    }
    write().await.unwrap();
}

#[tokio::test]
async fn a_server_that_is_not_there_is_called_unavailable() {
    let url = "postgres://nobody@127.0.0.1:1/none".to_owned();
    let outcome = Store::open(&Database::Postgres { url }, second(0)).await.map(|_| ());
    assert!(matches!(outcome, Err(StoreError::Unavailable(_))), "{outcome:?}");
}

#[test]
fn a_database_s_address_is_not_shown() {
    let database = Database::Postgres { url: "postgres://user:secret@host/db".to_owned() };
    assert_eq!(format!("{database:?}"), "Postgres");
}
