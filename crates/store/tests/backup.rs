//! Backup and restore.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking and says aloud what it skips")]

use std::fs;
use std::path::{Path, PathBuf};

use newsroom::facts::PhotoFacts;
use newsroom::id::{PhotoId, SlideId, StaffId, StoryId, UploadId};
use newsroom::moment::Moment;
use newsroom::published::PixelSize;
use newsroom::story::Story;
use store::{
    ActError, BackupError, BlobKey, BlobName, Blobs, By, Copied, Database, Incoming, Kept, MoveFault, Moving,
    NewUpload, Original, Photo, Rendition, Store, StoreError, Tx, View, backup, restore,
};

/// A data folder with a store, and room for its backups.
struct Site {
    folder: tempfile::TempDir,
    store: Store,
    blobs: Blobs,
}

fn moment(n: i64) -> Moment {
    Moment::from_micros(n * 1_000_000)
}

impl Site {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (store, blobs) = open(&folder.path().join("data")).await;
        Self { folder, store, blobs }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Takes in a photo with a sidecar and one rendition, and writes it down.
    async fn add_photo(&self, n: u8) {
        take_photo(&self.store, &self.blobs, self.folder.path(), n).await;
    }

    async fn back_up(&self, to: &str) -> Result<Copied, BackupError> {
        backup(&self.store, &self.blobs, &self.path(to), moment(9)).await
    }

    async fn restore(&self, from: &str, to: &str) -> Result<Copied, BackupError> {
        let data = self.path(to);
        restore(&self.path(from), &data.join("records.sqlite"), &data).await
    }
}

async fn open(data: &Path) -> (Store, Blobs) {
    let blobs = Blobs::open(data).await.unwrap();
    let database = Database::Sqlite { path: data.join("records.sqlite") };
    (Store::open(&database, moment(0)).await.unwrap(), blobs)
}

fn write(path: &Path, bytes: &[u8]) {
    std::io::Write::write_all(&mut fs::File::create(path).unwrap(), bytes).unwrap();
}

async fn take_photo(store: &Store, blobs: &Blobs, folder: &Path, n: u8) {
    let id = PhotoId::new(moment(i64::from(n)), [n; 10]);
    let (picture, sidecar) = (folder.join(format!("{n}.jpg")), folder.join(format!("{n}.xmp")));
    write(&picture, &vec![n; 10_000]);
    write(&sidecar, &[n; 10]);
    let taken = blobs.take_in(Incoming::Original, &picture, u64::MAX).await.unwrap();
    let beside = blobs.take_in(Incoming::Sidecar, &sidecar, u64::MAX).await.unwrap();
    let size = PixelSize { width: 320, height: 200 };
    let rendition = Rendition { photo: id, name: BlobName::parse("r1").unwrap(), size, bytes: 3 };
    blobs.put(&rendition.rendition_key(), bytes::Bytes::from_static(b"jpg")).await.unwrap();
    let photo = Photo {
        id,
        picture_hash: format!("{n}"),
        created_at: moment(i64::from(n)),
        name: format!("{n}.jpg"),
        taken_key: None,
        size,
        facts: PhotoFacts::default(),
        report: "{}".to_owned(),
        developed_at: None,
        colour: None,
        measured: None,
        refused: None,
        withdrawn: None,
    };
    let original = Original {
        sha256: taken.sha256,
        photo: id,
        bytes: taken.bytes,
        media_type: "image/jpeg".to_owned(),
        added_at: moment(i64::from(n)),
        name: format!("{n}.jpg"),
        sidecar: Some(beside.sha256),
    };
    let kept: Result<(), ActError<()>> = store
        .act(async |tx: &mut Tx| {
            tx.insert_photo(&photo).await?;
            tx.insert_original(&original).await?;
            Ok(tx.put_rendition(&rendition).await?)
        })
        .await;
    kept.unwrap();
}

async fn originals(store: &Store) -> Vec<Original> {
    let found: Result<_, StoreError> =
        store.view(async |view: &mut View| view.originals_after(None, 1000).await).await;
    found.unwrap()
}

#[tokio::test]
async fn a_restored_store_has_every_record_and_every_byte() {
    let site = Site::new().await;
    site.add_photo(1).await;
    site.add_photo(2).await;
    let copied = site.back_up("backup").await.unwrap();
    assert_eq!((copied.files, copied.missing), (7, vec![]));
    let brought = site.restore("backup", "restored").await.unwrap();
    assert_eq!((brought.files, brought.bytes), (7, copied.bytes));
    let (store, blobs) = open(&site.path("restored")).await;
    assert_eq!(originals(&store).await, originals(&site.store).await);
    for original in originals(&store).await {
        let key = store::BlobKey::Original(original.sha256);
        assert_eq!(blobs.get(&key).await.unwrap(), site.blobs.get(&key).await.unwrap());
    }
    store.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_taken_while_others_write_is_whole() {
    let site = Site::new().await;
    site.add_photo(1).await;
    let (store, blobs, folder) = (site.store.clone(), site.blobs.clone(), site.folder.path().to_owned());
    let (started, begun) = tokio::sync::oneshot::channel();
    let mut writing = tokio::task::JoinSet::new();
    writing.spawn(async move {
        take_photo(&store, &blobs, &folder, 2).await;
        started.send(()).unwrap();
        for n in 3..60 {
            take_photo(&store, &blobs, &folder, n).await;
        }
    });
    begun.await.unwrap();
    let copied = site.back_up("backup").await.unwrap();
    writing.join_all().await;
    assert_eq!(copied.missing, []);
    site.restore("backup", "restored").await.unwrap();
    let (store, blobs) = open(&site.path("restored")).await;
    let there = originals(&store).await;
    assert!(there.len() >= 2 && there.len() as u64 * 3 + 1 == copied.files, "{} photos", there.len());
    for original in there {
        assert!(blobs.get(&store::BlobKey::Original(original.sha256)).await.unwrap().is_some());
    }
    assert_eq!(store.check().await.unwrap().problems, Vec::<String>::new());
    store.close().await;
}

#[tokio::test]
async fn a_folder_with_anything_in_it_is_left_alone() {
    let site = Site::new().await;
    site.add_photo(1).await;
    fs::create_dir(site.path("full")).unwrap();
    write(&site.path("full/letter.txt"), b"mine");
    let onto = site.back_up("full").await;
    assert!(matches!(onto, Err(BackupError::NotEmpty(_))), "{onto:?}");
    site.back_up("backup").await.unwrap();
    let onto = site.restore("backup", "full").await;
    assert!(matches!(onto, Err(BackupError::NotEmpty(_))), "{onto:?}");
    let onto = site.restore("backup", "data").await;
    assert!(matches!(onto, Err(BackupError::NotEmpty(_))), "{onto:?}");
    assert_eq!(fs::read_dir(site.path("full")).unwrap().count(), 1);
}

#[tokio::test]
async fn a_backup_with_one_changed_byte_is_refused_by_name() {
    let site = Site::new().await;
    site.add_photo(1).await;
    site.back_up("backup").await.unwrap();
    let original = originals(&site.store).await.remove(0);
    let path = site.path("backup/blobs").join(store::BlobKey::Original(original.sha256).to_string());
    let mut bytes = fs::read(&path).unwrap();
    bytes[5000] ^= 1;
    write(&path, &bytes);
    let outcome = site.restore("backup", "restored").await;
    assert!(matches!(&outcome, Err(BackupError::Differs(at)) if *at == path), "{outcome:?}");
    assert!(!site.path("restored/records.sqlite").exists(), "no records, so no store");
}

#[tokio::test]
async fn an_unfinished_backup_is_none() {
    let site = Site::new().await;
    site.add_photo(1).await;
    site.back_up("backup").await.unwrap();
    fs::remove_file(site.path("backup/manifest.jsonl")).unwrap();
    let outcome = site.restore("backup", "restored").await;
    assert!(matches!(outcome, Err(BackupError::NotABackup(_))), "{outcome:?}");
}

#[tokio::test]
async fn a_manifest_cannot_write_outside_the_data_folder() {
    let site = Site::new().await;
    site.back_up("backup").await.unwrap();
    let manifest = site.path("backup/manifest.jsonl");
    write(&site.path("evil"), b"evil");
    let text = fs::read_to_string(&manifest).unwrap();
    let hash = store::Sha256::of(b"evil");
    let line = format!("{{\"path\":\"blobs/../../evil\",\"bytes\":4,\"sha256\":\"{hash}\"}}\n");
    write(&manifest, (text + &line).as_bytes());
    let outcome = site.restore("backup", "restored").await;
    assert!(matches!(outcome, Err(BackupError::NotABackup(_))), "{outcome:?}");
}

#[tokio::test]
async fn a_blob_that_the_store_lost_or_spoiled_is_named_by_the_backup() {
    let site = Site::new().await;
    for n in 1..=3 {
        site.add_photo(n).await;
    }
    let all = originals(&site.store).await;
    let (lost, spoiled) = (store::BlobKey::Original(all[0].sha256), store::BlobKey::Original(all[1].sha256));
    fs::remove_file(site.path("data").join(lost.to_string())).unwrap();
    write(&site.path("data").join(spoiled.to_string()), &vec![9; 10_000]);
    let copied = site.back_up("backup").await.unwrap();
    assert_eq!(copied.missing, [lost, spoiled]);
    assert_eq!(copied.files, 8);
}

#[tokio::test]
async fn uploads_under_way_are_neither_backed_up_nor_moved() {
    let site = Site::new().await;
    site.add_photo(1).await;
    let id = UploadId::new(moment(1), [1; 10]);
    let upload = NewUpload {
        id,
        owner: StaffId::new(moment(1), [1; 10]),
        name: "zxgoesx.jpg".to_owned(),
        metadata: String::new(),
        story: None,
        bytes: 5,
        created_at: moment(1),
        expires_at: moment(200),
    };
    let begun: Result<_, ActError<()>> = site
        .store
        .act(async |tx: &mut Tx| {
            tx.insert_upload(&upload).await?;
            Ok(tx.begin_append(id, 0, moment(200)).await?)
        })
        .await;
    let mut writer = site.blobs.append_upload(begun.unwrap().unwrap(), None).await.unwrap();
    writer.write(bytes::Bytes::from_static(b"half")).await.unwrap();
    let half = writer.end().await.unwrap();
    let kept: Result<_, ActError<()>> =
        site.store.act(async |tx: &mut Tx| Ok(tx.advance_upload(&half, moment(200)).await?)).await;
    assert!(kept.unwrap());
    site.back_up("backup").await.unwrap();
    let copy = fs::read(site.path("backup/records.sqlite")).unwrap();
    assert!(!copy.windows(7).any(|some| some == b"zxgoesx"), "the backup tells of it");
    site.restore("backup", "restored").await.unwrap();
    let (mut moving, blobs) = move_begun(&site).await;
    moving.blobs(&site.blobs, &blobs, |_| {}).await.unwrap();
    moving.finish(moment(101)).await.unwrap();
    for place in ["restored", "moved"] {
        let (store, _) = open(&site.path(place)).await;
        let there: Result<_, StoreError> = store.view(async |view: &mut View| view.upload(id).await).await;
        assert_eq!(there.unwrap(), None, "{place}");
        assert!(!site.path(place).join("uploads").exists(), "{place}");
        assert_eq!(originals(&store).await.len(), 1, "{place}");
    }
}

#[tokio::test]
async fn what_a_draft_was_comes_along_with_a_backup_and_with_a_move() {
    let site = Site::new().await;
    let id = StoryId::new(moment(1), [1; 10]);
    let slide = SlideId::new([1; 5]);
    let story: Story = serde_json::from_value(serde_json::json!({
        "id": id, "slug": "one", "short_code": "s1", "revision": 1, "section": "Photo", "headline": "As it was",
        "lede": "", "body": "", "bylines": [], "tags": [], "language": "en", "direction": "ltr",
        "slides": [{ "id": slide, "caption": "A caption" }],
        "moments": { "created": moment(1), "changed": moment(1) }, "kept_lines": [],
        "offsets": { "comments": 0, "views": 0 },
    }))
    .unwrap();
    let by = By { at: moment(2), who: "staff 1", verb: "put_story" };
    let kept: Result<_, ActError<()>> = site
        .store
        .act(async |tx: &mut Tx| {
            tx.insert_story(&story, &by).await?;
            Ok(tx.save_story(&Story { headline: "As it is".to_owned(), ..story.clone() }, &by).await?)
        })
        .await;
    assert_eq!(kept.unwrap(), Kept::As { revision: 2 });
    site.back_up("backup").await.unwrap();
    site.restore("backup", "restored").await.unwrap();
    let (mut moving, blobs) = move_begun(&site).await;
    moving.blobs(&site.blobs, &blobs, |_| {}).await.unwrap();
    moving.finish(moment(101)).await.unwrap();
    for place in ["restored", "moved"] {
        let (store, _) = open(&site.path(place)).await;
        let found: Result<_, StoreError> = store
            .view(async |view: &mut View| {
                Ok((view.story_at(id, 1).await?, view.revisions(id, i64::MAX, 9).await?.len()))
            })
            .await;
        assert_eq!(found.unwrap(), (Some(story.clone()), 2), "{place}");
    }
}

/// Another place beside a site, and a move to it that has brought all rows.
async fn move_begun(site: &Site) -> (Moving, Blobs) {
    let from = Database::Sqlite { path: site.path("data").join("records.sqlite") };
    let blobs = Blobs::open(&site.path("moved")).await.unwrap();
    let to = Database::Sqlite { path: site.path("moved").join("records.sqlite") };
    let mut moving = Moving::begin(&from, &to, Some(&blobs), moment(100)).await.unwrap();
    moving.records(|_| {}).await.unwrap();
    (moving, blobs)
}

#[tokio::test]
async fn a_move_that_goes_on_remembers_what_the_source_lacked() {
    let site = Site::new().await;
    for n in 1..=3 {
        site.add_photo(n).await;
    }
    let kept = originals(&site.store).await;
    let lost = BlobKey::Original(kept[0].sha256);
    assert!(site.blobs.delete(&lost).await.unwrap());
    let torn =
        BlobKey::Rendition { photo: kept[1].photo, recipe: BlobName::parse("r1").unwrap(), width: 320 };
    site.blobs.put(&torn, bytes::Bytes::from_static(b"longer")).await.unwrap();
    let (mut moving, blobs) = move_begun(&site).await;
    let first = moving.blobs(&site.blobs, &blobs, |_| {}).await.unwrap();
    assert_eq!(first.missing, [lost, torn]);
    // Originals and renditions of two, sidecars of all three.
    assert_eq!((first.blobs, first.bytes), (7, 2 * 10_000 + 2 * 3 + 3 * 10));
    drop(moving);
    let (mut moving, _) = move_begun(&site).await;
    assert_eq!(moving.blobs(&site.blobs, &blobs, |_| {}).await.unwrap(), first);
    moving.finish(moment(101)).await.unwrap();
}

#[tokio::test]
async fn a_source_that_is_worked_with_during_a_move_is_told_at_its_end() {
    let site = Site::new().await;
    site.add_photo(1).await;
    let (mut moving, blobs) = move_begun(&site).await;
    moving.blobs(&site.blobs, &blobs, |_| {}).await.unwrap();
    let done: Result<i64, ActError<()>> =
        site.store.act(async |tx: &mut Tx| Ok(tx.next_change().await?)).await;
    done.unwrap();
    assert!(matches!(moving.finish(moment(101)).await, Err(MoveFault::Differs { .. })));
    let moved = Database::Sqlite { path: site.path("moved").join("records.sqlite") };
    let moved = Store::open(&moved, moment(0)).await.unwrap();
    let unfinished: Result<bool, StoreError> =
        moved.view(async |view: &mut View| view.is_being_moved_to().await).await;
    assert!(unfinished.unwrap());
}

#[tokio::test]
async fn a_move_brings_nothing_to_where_another_site_was_printed() {
    let site = Site::new().await;
    site.add_photo(1).await;
    let from = Database::Sqlite { path: site.path("data").join("records.sqlite") };
    let to = Database::Sqlite { path: site.path("moved").join("records.sqlite") };
    let blobs = Blobs::open(&site.path("moved")).await.unwrap();
    let page = "tree/log/1".parse::<BlobKey>().unwrap();
    blobs.put(&page, bytes::Bytes::from_static(b"a page")).await.unwrap();
    let begun = Moving::begin(&from, &to, Some(&blobs), moment(100)).await;
    assert!(matches!(begun, Err(MoveFault::NotEmpty { what }) if what == "printed pages"));
    assert!(blobs.delete(&page).await.unwrap());
    Moving::begin(&from, &to, Some(&blobs), moment(100)).await.unwrap();
}
