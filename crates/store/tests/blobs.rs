//! Blobs on the local disk.

#![expect(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a test fails by panicking and says aloud what it skips"
)]

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;

use bytes::Bytes;
use newsroom::id::PhotoId;
use newsroom::moment::Moment;
use store::{
    BlobEntry, BlobKey, BlobKind, BlobName, Blobs, Incoming, Sha256, StoreError, TakeInError, TreeName,
};

async fn blobs() -> (tempfile::TempDir, Blobs) {
    let folder = tempfile::tempdir().unwrap();
    let blobs = Blobs::open(&folder.path().join("data")).await.unwrap();
    (folder, blobs)
}

fn file(folder: &Path, name: &str, bytes: &[u8]) -> std::path::PathBuf {
    let path = folder.join(name);
    File::create(&path).and_then(|mut file| file.write_all(bytes)).unwrap();
    path
}

/// Where a blob lies in the data folder.
fn at(folder: &tempfile::TempDir, key: &BlobKey) -> std::path::PathBuf {
    folder.path().join("data").join(key.to_string())
}

fn rendition(width: u32) -> BlobKey {
    let photo = PhotoId::new(Moment::from_micros(1_000_000), [1; 10]);
    BlobKey::Rendition { photo, recipe: BlobName::parse("r1").unwrap(), width }
}

fn tree(name: &str) -> BlobKey {
    BlobKey::Tree(TreeName::parse(name).unwrap())
}

async fn keys(blobs: &Blobs, kind: BlobKind) -> Vec<(BlobKey, u64)> {
    let mut found: Vec<BlobEntry> = Vec::new();
    let strangers = blobs.list(kind, |entry| found.push(entry)).await.unwrap();
    assert_eq!(strangers, Vec::<String>::new());
    let mut keys: Vec<_> = found.into_iter().map(|entry| (entry.key, entry.bytes)).collect();
    keys.sort();
    keys
}

#[tokio::test]
async fn a_blob_comes_back_is_replaced_and_deleted() {
    let (folder, blobs) = blobs().await;
    let key = tree("pages/ab/7");
    assert_eq!(blobs.get(&key).await.unwrap(), None);
    blobs.put(&key, Bytes::from_static(b"one")).await.unwrap();
    blobs.put(&key, Bytes::from_static(b"three")).await.unwrap();
    assert_eq!(blobs.get(&key).await.unwrap().as_deref(), Some(&b"three"[..]));
    assert_eq!(blobs.length(&key).await.unwrap(), Some(5));
    let three = vec![tree("pages/ab/8"), key.clone(), tree("pages/ab/7/below")];
    assert_eq!(blobs.lengths(three).await.unwrap(), [None, Some(5), None]);
    assert_eq!(fs::read(at(&folder, &key)).unwrap(), b"three");
    assert!(blobs.delete(&key).await.unwrap());
    assert!(!blobs.delete(&key).await.unwrap());
    assert_eq!((blobs.get(&key).await.unwrap(), blobs.length(&key).await.unwrap()), (None, None));
}

#[tokio::test]
async fn a_file_is_taken_in_byte_for_byte_under_its_hash() {
    let (folder, blobs) = blobs().await;
    let bytes: Vec<u8> = (0..700_001_u32).map(|n| n.to_le_bytes()[0] ^ n.to_le_bytes()[1]).collect();
    let source = file(folder.path(), "a.jpg", &bytes);
    let taken = blobs.take_in(Incoming::Original, &source, u64::MAX).await.unwrap();
    assert_eq!((taken.sha256, taken.bytes, taken.known), (Sha256::of(&bytes), bytes.len() as u64, false));
    assert_eq!(taken.key, BlobKey::Original(taken.sha256));
    assert_eq!(fs::read(at(&folder, &taken.key)).unwrap(), bytes);
    assert_eq!(fs::read_dir(blobs.incoming()).unwrap().count(), 0);
}

#[tokio::test]
async fn the_same_bytes_again_leave_the_first_file_alone() {
    let (folder, blobs) = blobs().await;
    let source = file(folder.path(), "a.jpg", b"picture");
    let first = blobs.take_in(Incoming::Original, &source, 100).await.unwrap();
    let path = at(&folder, &first.key);
    let modified = fs::metadata(&path).unwrap().modified().unwrap();
    let again = blobs.take_in(Incoming::Original, &source, 100).await.unwrap();
    assert!(again.known && again.key == first.key);
    assert_eq!(fs::metadata(&path).unwrap().modified().unwrap(), modified);
    let sidecar = blobs.take_in(Incoming::Sidecar, &source, 100).await.unwrap();
    assert!(!sidecar.known, "an original is no sidecar");
    assert_eq!(fs::read_dir(blobs.incoming()).unwrap().count(), 0);
}

#[tokio::test]
async fn a_torn_original_is_mended_by_its_bytes() {
    let (folder, blobs) = blobs().await;
    let source = file(folder.path(), "a.jpg", b"picture");
    let first = blobs.take_in(Incoming::Original, &source, 100).await.unwrap();
    File::create(at(&folder, &first.key)).unwrap();
    let again = blobs.take_in(Incoming::Original, &source, 100).await.unwrap();
    assert!(!again.known);
    assert_eq!(fs::read(at(&folder, &first.key)).unwrap(), b"picture");
}

#[tokio::test]
async fn a_file_that_is_too_long_or_not_there_leaves_nothing() {
    let (folder, blobs) = blobs().await;
    let source = file(folder.path(), "a.jpg", b"picture");
    let long = blobs.take_in(Incoming::Original, &source, 6).await;
    assert!(matches!(long, Err(TakeInError::TooLong { at_most: 6 })), "{long:?}");
    let missing = blobs.take_in(Incoming::Original, &folder.path().join("b.jpg"), 6).await;
    assert!(matches!(missing, Err(TakeInError::Source(_))), "{missing:?}");
    let not_a_file = blobs.take_in(Incoming::Original, folder.path(), 6).await;
    assert!(matches!(not_a_file, Err(TakeInError::Source(_))), "{not_a_file:?}");
    assert_eq!(keys(&blobs, BlobKind::Original).await, []);
    assert_eq!(fs::read_dir(blobs.incoming()).unwrap().count(), 0);
}

#[tokio::test]
async fn bytes_are_not_kept_under_another_s_hash() {
    let (_folder, blobs) = blobs().await;
    let outcome = blobs.put(&BlobKey::Original(Sha256::of(b"a")), Bytes::from_static(b"b")).await;
    assert!(matches!(outcome, Err(StoreError::Fault(_))), "{outcome:?}");
    assert_eq!(keys(&blobs, BlobKind::Original).await, []);
}

#[tokio::test]
async fn what_a_worker_made_is_moved_to_its_names() {
    let (_folder, blobs) = blobs().await;
    let workshop = blobs.incoming().join("worker-1");
    fs::create_dir(&workshop).unwrap();
    let made = vec![
        (file(&workshop, "320.jpg", b"small"), rendition(320)),
        (file(&workshop, "640.jpg", b"larger"), rendition(640)),
    ];
    blobs.move_in(made).await.unwrap();
    assert_eq!(keys(&blobs, BlobKind::Rendition).await, [(rendition(320), 5), (rendition(640), 6)]);
    assert_eq!(fs::read_dir(&workshop).unwrap().count(), 0);
}

#[tokio::test]
async fn the_blobs_of_one_photo_go_without_those_of_another_or_of_another_kind() {
    let (_folder, blobs) = blobs().await;
    let (photo, other) = (
        PhotoId::new(Moment::from_micros(1_000_000), [1; 10]),
        PhotoId::new(Moment::from_micros(1), [2; 10]),
    );
    let public = |photo, version: &str| BlobKey::PublicFile {
        photo,
        version: BlobName::parse(version).unwrap(),
        width: 320,
    };
    for key in [public(photo, "v1"), public(photo, "v2"), public(other, "v1"), rendition(320)] {
        blobs.put(&key, Bytes::from_static(b"jpg")).await.unwrap();
    }
    assert_eq!(blobs.delete_of_photo(BlobKind::PublicFile, photo).await.unwrap(), 2);
    assert_eq!(blobs.delete_of_photo(BlobKind::PublicFile, photo).await.unwrap(), 0);
    assert_eq!(keys(&blobs, BlobKind::PublicFile).await, [(public(other, "v1"), 3)]);
    assert_eq!(keys(&blobs, BlobKind::Rendition).await, [(rendition(320), 3)]);
}

#[tokio::test]
async fn a_list_holds_one_kind_and_names_strangers() {
    let (home, blobs) = blobs().await;
    blobs.put(&tree("a/b"), Bytes::from_static(b"1")).await.unwrap();
    blobs.put(&rendition(320), Bytes::from_static(b"22")).await.unwrap();
    assert_eq!(keys(&blobs, BlobKind::Tree).await, [(tree("a/b"), 1)]);
    assert_eq!(keys(&blobs, BlobKind::PublicFile).await, []);
    let folder = at(&home, &rendition(320)).parent().unwrap().to_owned();
    file(&folder, "note.txt", b"hello");
    let mut found = 0;
    let strangers = blobs.list(BlobKind::Rendition, |_| found += 1).await.unwrap();
    assert_eq!((found, strangers.len()), (1, 1));
    assert!(strangers[0].ends_with("/r1/note.txt"), "{strangers:?}");
}

#[tokio::test]
async fn what_a_killed_process_left_is_swept_when_it_is_old() {
    let (_folder, blobs) = blobs().await;
    file(blobs.incoming(), "99-1", b"half a photo");
    fs::create_dir(blobs.incoming().join("worker-9")).unwrap();
    assert_eq!(blobs.sweep_incoming(Moment::from_micros(1)).await.unwrap(), 0);
    let far = Moment::parse("2999-01-01T00:00:00Z").unwrap();
    assert_eq!(blobs.sweep_incoming(far).await.unwrap(), 2);
    assert_eq!(fs::read_dir(blobs.incoming()).unwrap().count(), 0);
}

/// A disk of one megabyte, when this machine lets us mount one.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mounted = std::process::Command::new("mount")
            .args(["-t", "tmpfs", "-o", "size=1m", "tmpfs"])
            .arg(folder.path())
            .output();
        if mounted.is_ok_and(|output| output.status.success()) {
            return Some(Self(folder));
        }
        eprintln!("SKIPPED: this user may not mount a small disk to fill");
        None
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let status = std::process::Command::new("umount").arg(self.0.path()).status().unwrap();
        assert!(
            status.success() || std::thread::panicking(),
            "someone still has a file open on the small disk"
        );
    }
}

#[tokio::test]
async fn a_full_disk_is_called_full_and_leaves_no_half_original() {
    let Some(disk) = SmallDisk::mount() else { return };
    let elsewhere = tempfile::tempdir().unwrap();
    let blobs = Blobs::open(&disk.0.path().join("data")).await.unwrap();
    let source = file(elsewhere.path(), "a.jpg", &vec![1; 2_000_000]);
    let taken = blobs.take_in(Incoming::Original, &source, u64::MAX).await;
    assert!(matches!(taken, Err(TakeInError::Store(StoreError::Full(_)))), "{taken:?}");
    let put = blobs.put(&tree("a"), vec![1; 2_000_000].into()).await;
    assert!(matches!(put, Err(StoreError::Full(_))), "{put:?}");
    assert_eq!(keys(&blobs, BlobKind::Original).await, []);
    assert_eq!(fs::read_dir(blobs.incoming()).unwrap().count(), 0);
    let small = file(elsewhere.path(), "b.jpg", b"fits");
    assert!(blobs.take_in(Incoming::Original, &small, u64::MAX).await.is_ok(), "there is room again");
}

#[tokio::test]
async fn a_database_on_a_full_disk_says_so_and_keeps_what_it_had() {
    let Some(disk) = SmallDisk::mount() else { return };
    let database = store::Database::Sqlite { path: disk.0.path().join("records.sqlite") };
    let store = store::Store::open(&database, Moment::from_micros(0)).await.unwrap();
    let set = async |name: &str, value: &str| -> Result<(), store::ActError<()>> {
        store.act(async |tx: &mut store::Tx| Ok(tx.set_setting(name, Some(value)).await?)).await
    };
    set("small", "kept").await.unwrap();
    let outcome = set("large", &"x".repeat(2_000_000)).await;
    assert!(matches!(outcome, Err(store::ActError::Fault(StoreError::Full(_)))), "{outcome:?}");
    let all: Result<_, StoreError> = store.view(async |view: &mut store::View| view.settings().await).await;
    assert_eq!(all.unwrap(), [("small".to_owned(), "kept".to_owned())]);
    set("after", "works").await.unwrap();
    store.close().await;
}
