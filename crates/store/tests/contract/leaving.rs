//! What can be deleted leaves nothing of itself behind, in whatever table. Stories, photos, notices, the states
//! that drafts had and what is in the audit log are not deleted: they are withdrawn, removed or kept.

use newsroom::published::PixelSize;
use newsroom::slide::Slide;
use sqlx::{AssertSqlSafe, Connection as _};
use store::{Blobs, Claim, Database, Decision, Node, Rendition, Role, Tx};

use crate::samples::{BY, act, job, name, photo, photo_id, record, slug, story, story_id};
use crate::site::{Site, on_both, second};
use crate::uploads::{announced, upload_id};

const COLUMNS: &str = "SELECT t.name, c.name FROM sqlite_master t JOIN pragma_table_info(t.name) c
    WHERE t.type = 'table' AND c.type = 'TEXT' ORDER BY t.name, c.name";
const COLUMNS_POSTGRES: &str =
    "SELECT c.table_name::text, c.column_name::text FROM information_schema.columns c
    WHERE c.table_schema = current_schema() AND c.data_type = 'text' ORDER BY 1, 2";

/// A text that stands nowhere else.
const TRACE: &str = "zxgoesx";

/// The columns in which a text stands somewhere, the audit log aside.
async fn traces(site: &Site, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let count = |table: &str, column: &str| {
        AssertSqlSafe(format!("SELECT COUNT(*) FROM {table} WHERE {column} LIKE '%{text}%'"))
    };
    macro_rules! search {
        ($connection:expr, $columns:expr) => {{
            let mut connection = $connection;
            let columns: Vec<(String, String)> =
                sqlx::query_as($columns).fetch_all(&mut connection).await.unwrap();
            assert!(columns.len() > 50);
            for (table, column) in columns.iter().filter(|(table, _)| table != "audit") {
                let there: i64 =
                    sqlx::query_scalar(count(table, column)).fetch_one(&mut connection).await.unwrap();
                if there > 0 {
                    found.push(format!("{table}.{column}"));
                }
            }
            connection.close().await.unwrap();
        }};
    }
    match &site.database {
        Database::Sqlite { path } => {
            let url = format!("sqlite://{}", path.display());
            search!(sqlx::SqliteConnection::connect(&url).await.unwrap(), COLUMNS);
        }
        Database::Postgres { url } => {
            search!(sqlx::PgConnection::connect(url).await.unwrap(), COLUMNS_POSTGRES);
        }
    }
    found
}

/// Demands that a text stands in these columns, and nowhere after `leave`.
async fn leaves(site: &Site, text: &str, stands_in: &[&str], leave: impl AsyncFnOnce()) {
    assert_eq!(traces(site, text).await, stands_in, "{text} before");
    leave().await;
    assert_eq!(traces(site, text).await, Vec::<String>::new(), "{text} after");
}

fn file(version: &str) -> Rendition {
    Rendition {
        photo: photo_id(1),
        name: name(version),
        size: PixelSize { width: 320, height: 213 },
        bytes: 1000,
    }
}

on_both! {
    async fn a_process_a_setting_and_a_job_go_whole(site) {
        let node = Node {
            id: TRACE.to_owned(), started_at: second(1), seen_at: second(2), role: Role::Serve, applied_change: 3,
            version: String::new(), machine: String::new(), disks: Vec::new(),
        };
        act(&site.store, async |tx: &mut Tx| tx.save_node(&node).await).await;
        leaves(site, TRACE, &["nodes.id"], async || {
            act(&site.store, async |tx: &mut Tx| tx.forget_node(TRACE).await).await;
        }).await;
        act(&site.store, async |tx: &mut Tx| tx.set_setting(TRACE, Some(TRACE)).await).await;
        leaves(site, TRACE, &["settings.name", "settings.value"], async || {
            act(&site.store, async |tx: &mut Tx| tx.set_setting(TRACE, None).await).await;
        }).await;
        let asked = job(1, "kind", TRACE, 1);
        act(&site.store, async |tx: &mut Tx| tx.enqueue(&asked).await).await;
        leaves(site, TRACE, &["jobs.dedupe"], async || {
            let claims: Vec<Claim> =
                site.store.claim_jobs(&["kind"], |_| 1, "worker", second(2), 10).await.unwrap();
            assert!(act(&site.store, async |tx: &mut Tx| tx.finish_job(&claims[0]).await).await);
        }).await;
    }

    async fn an_upload_that_is_given_up_goes_whole(site) {
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::open(folder.path()).await.unwrap();
        let (id, mut upload) = (upload_id(1), announced(1, 5));
        (upload.name, upload.metadata) = (TRACE.to_owned(), TRACE.to_owned());
        let appending = act(&site.store, async |tx: &mut Tx| {
            tx.insert_upload(&upload).await?;
            tx.begin_append(id, 0, second(9)).await
        }).await;
        let mut writer = blobs.append_upload(appending.unwrap(), None).await.unwrap();
        writer.write(bytes::Bytes::from_static(b"byte")).await.unwrap();
        let durable = writer.end().await.unwrap();
        assert!(act(&site.store, async |tx: &mut Tx| tx.advance_upload(&durable, second(9)).await).await);
        leaves(site, TRACE, &["uploads.metadata", "uploads.name"], async || {
            assert!(act(&site.store, async |tx: &mut Tx| tx.close_upload(id, second(5)).await).await);
            assert!(blobs.clear_upload(&site.store, id).await.unwrap());
        }).await;
        assert_eq!(std::fs::read_dir(folder.path().join("uploads")).unwrap().count(), 0);
    }

    async fn files_of_a_photo_go_with_what_is_known_of_them(site) {
        act(&site.store, async |tx: &mut Tx| {
            tx.insert_photo(&photo(1)).await?;
            tx.put_rendition(&file(TRACE)).await?;
            tx.put_failed_recipe(photo_id(1), &name(TRACE), second(1), "It failed.").await
        }).await;
        leaves(site, TRACE, &["failed_renditions.recipe", "renditions.blob", "renditions.recipe"], async || {
            act(&site.store, async |tx: &mut Tx| tx.remove_renditions(photo_id(1)).await).await;
        }).await;
        act(&site.store, async |tx: &mut Tx| tx.put_public_file(&file(TRACE)).await).await;
        leaves(site, TRACE, &["public_files.blob", "public_files.version"], async || {
            act(&site.store, async |tx: &mut Tx| tx.remove_public_files(photo_id(1), &name(TRACE)).await).await;
        }).await;
    }

    async fn a_slide_and_a_slug_that_is_taken_back_go_whole(site) {
        let mut with = story(1);
        with.slides.push(Slide { caption: Some(TRACE.to_owned()), ..Slide::empty(crate::samples::slide_id(9)) });
        act(&site.store, async |tx: &mut Tx| tx.insert_story(&with, &BY).await).await;
        assert_eq!(traces(site, TRACE).await, ["revisions.slides", "slides.caption"]);
        let mut without = site.look(async |view: &mut store::View| view.story(story_id(1)).await).await.unwrap();
        without.slides.clear();
        act(&site.store, async |tx: &mut Tx| tx.save_story(&without, &BY).await).await;
        // The desk can read again what it had, and bring it back.
        assert_eq!(traces(site, TRACE).await, ["revisions.slides"]);
        site.run_sql("DELETE FROM revisions").await;
        let renamed = async |to: &str| {
            let mut kept = site.look(async |view: &mut store::View| view.story(story_id(1)).await).await.unwrap();
            kept.slug = slug(to);
            act(&site.store, async |tx: &mut Tx| tx.save_story(&kept, &BY).await).await;
        };
        renamed(TRACE).await;
        renamed("another").await;
        // Its old address leads on for good, unless the story takes it back and leaves it under another name.
        assert_eq!(traces(site, TRACE).await, ["old_slugs.slug", "revisions.head"]);
        renamed(TRACE).await;
        assert_eq!(traces(site, TRACE).await, ["revisions.head", "stories.slug"]);
    }

    async fn a_text_that_a_slide_or_a_file_lost_leaves_no_term_behind(site) {
        let facts = |text: &str| newsroom::facts::PhotoFacts { headline: Some(text.to_owned()), ..Default::default() };
        let shelve = async || {
            while act(&site.store, async |tx: &mut Tx| tx.shelve("en").await).await != store::Shelved::All {}
        };
        act(&site.store, async |tx: &mut Tx| {
            tx.insert_photo(&store::Photo { facts: facts(TRACE), ..photo(1) }).await
        }).await;
        shelve().await;
        leaves(site, TRACE, &["photo_postings.term", "photo_shelf.terms", "photos.facts"], async || {
            let update = store::PhotoUpdate {
                name: "a.jpg".to_owned(), taken_key: None, facts: facts("Another"), report: "{}".to_owned(),
            };
            act(&site.store, async |tx: &mut Tx| tx.update_photo_facts(photo_id(1), &update).await).await;
            shelve().await;
        }).await;
    }

    async fn a_withdrawn_story_is_found_by_nothing(site) {
        let published = record(1, "News", &[TRACE], &[], 5);
        act(&site.store, async |tx: &mut Tx| {
            tx.insert_story(&story(1), &BY).await?;
            tx.put_publication(&published, 1, second(5)).await?;
            tx.put_search_words(story_id(1), &[TRACE.to_owned()].into()).await
        }).await;
        let before = traces(site, TRACE).await;
        assert!(before.contains(&"publication_tags.tag".to_owned()), "{before:?}");
        assert!(before.contains(&"search_words.word".to_owned()), "{before:?}");
        let decision = Decision { at: second(6), reason: "A test.".to_owned() };
        act(&site.store, async |tx: &mut Tx| {
            tx.withdraw_publication(story_id(1), &decision).await?;
            tx.put_search_words(story_id(1), &std::collections::BTreeSet::new()).await
        }).await;
        // What was published stays with the desk, and so does how a tag was written.
        assert_eq!(traces(site, TRACE).await, ["publications.record", "published_names.name", "published_names.slug"]);
    }

    async fn a_session_and_a_link_go_whole(site) {
        act(&site.store, async |tx: &mut Tx| {
            tx.insert_account(&crate::staff::account(1)).await?;
            tx.insert_session(&store::Session { agent: TRACE.to_owned(), ..crate::staff::session(1, 1) }).await
        }).await;
        leaves(site, TRACE, &["sessions.agent"], async || {
            assert_eq!(act(&site.store, async |tx: &mut Tx| tx.end_sessions(crate::staff::staff_id(1), None).await).await, 1);
        }).await;
        let passkey = store::Passkey { name: TRACE.to_owned(), ..crate::passkeys::passkey(1, 1) };
        act(&site.store, async |tx: &mut Tx| tx.insert_passkey(&passkey).await).await;
        leaves(site, TRACE, &["passkeys.name"], async || {
            assert!(act(&site.store, async |tx: &mut Tx| tx.remove_passkey(passkey.staff, passkey.id).await).await);
        }).await;
        let ceremony = store::Ceremony { state: TRACE.to_owned(), ..crate::passkeys::ceremony(1) };
        act(&site.store, async |tx: &mut Tx| tx.begin_ceremony(&ceremony).await).await;
        leaves(site, TRACE, &["ceremonies.state"], async || {
            assert!(act(&site.store, async |tx: &mut Tx| tx.take_ceremony(ceremony.digest).await).await.is_some());
        }).await;
        let key = store::Sha256::of(b"key");
        let keyed = store::KeyedAnswer {
            key, request: key, staff: crate::staff::staff_id(1), began_at: second(1), answer: None,
        };
        let answer = store::KeptAnswer { status: 200, location: None, etag: None, body: TRACE.to_owned() };
        act(&site.store, async |tx: &mut Tx| {
            tx.begin_answer(&keyed).await?;
            tx.end_answer(key, &answer).await
        }).await;
        leaves(site, TRACE, &["answers.body"], async || {
            act(&site.store, async |tx: &mut Tx| tx.forget_answer(key).await).await;
        }).await;
        let address = newsroom::staff::EmailAddress::parse(&format!("{TRACE}@house.example")).unwrap();
        let link = store::Link {
            digest: store::Sha256::of(b"secret"), address: Some(address.clone()), role: None, staff: None, made_by: None,
            made_at: second(1), valid_until: second(2), signs_in: false,
        };
        act(&site.store, async |tx: &mut Tx| tx.insert_link(&link).await).await;
        leaves(site, TRACE, &["links.address"], async || {
            assert_eq!(act(&site.store, async |tx: &mut Tx| tx.forget_links_before(second(2)).await).await, 1);
        }).await;
    }
}
