//! Blobs in a bucket of a real S3-compatible store. Needs `HALFTONE_TEST_S3` and its two keys, as `./dev` sets them.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "the helpers of these tests end a test that cannot go on"
)]
#![expect(clippy::print_stderr, reason = "a test that is skipped says so")]
#![expect(clippy::disallowed_methods, reason = "tests read the environment")]

use std::fs;
use std::path::PathBuf;

use bytes::Bytes;
use newsroom::id::PhotoId;
use newsroom::moment::Moment;
use store::{
    BlobKey, BlobKind, BlobName, Blobs, Bucket, BucketPlace, Incoming, Sha256, StoreError, TakeInError,
};

/// A prefix of the test's own; `None`, after saying so aloud, where there is no store.
fn place(prefix: &str) -> Option<BucketPlace> {
    let said = |name: &str| std::env::var(name).ok();
    let found =
        said("HALFTONE_TEST_S3").zip(said("HALFTONE_TEST_S3_KEY")).zip(said("HALFTONE_TEST_S3_SECRET"));
    let Some(((endpoint, access_key), secret_key)) = found else {
        eprintln!("SKIPPED: HALFTONE_TEST_S3 is not set; this test needs an S3-compatible store");
        return None;
    };
    Some(BucketPlace {
        bucket: "halftone".to_owned(),
        prefix: format!("store-{}/{prefix}", std::process::id()),
        endpoint: Some(endpoint),
        region: "garage".to_owned(),
        access_key,
        secret_key,
    })
}

struct Rig {
    folder: tempfile::TempDir,
    bucket: Bucket,
    blobs: Blobs,
}

impl Rig {
    async fn new(prefix: &str) -> Option<Self> {
        let bucket = Bucket::new(&place(prefix)?).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let blobs = Blobs::in_bucket(bucket.clone(), &folder.path().join("data")).await.unwrap();
        Some(Self { folder, bucket, blobs })
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        std::io::Write::write_all(&mut fs::File::create(&path).unwrap(), bytes).unwrap();
        path
    }

    /// Files on this machine, which are to be none when nothing is under way.
    fn left(&self) -> usize {
        fs::read_dir(self.blobs.incoming()).unwrap().count()
    }
}

fn photo(n: u8) -> PhotoId {
    PhotoId::new(Moment::from_micros(1_000_000), [n; 10])
}

fn public(n: u8, width: u32) -> BlobKey {
    BlobKey::PublicFile { photo: photo(n), version: BlobName::parse("v1").unwrap(), width }
}

fn read(mut file: fs::File) -> Vec<u8> {
    let mut bytes = Vec::new();
    std::io::Read::read_to_end(&mut file, &mut bytes).unwrap();
    bytes
}

#[tokio::test]
async fn what_is_put_is_got_whole_and_goes() {
    let Some(rig) = Rig::new("whole").await else { return };
    let key = public(1, 640);
    assert_eq!(rig.blobs.get(&key).await.unwrap(), None);
    assert_eq!(rig.blobs.length(&key).await.unwrap(), None);
    rig.blobs.put(&key, Bytes::from_static(b"first")).await.unwrap();
    rig.blobs.put(&key, Bytes::from_static(b"second")).await.unwrap();
    assert_eq!(rig.blobs.get(&key).await.unwrap().unwrap(), "second");
    assert_eq!(rig.blobs.lengths(vec![public(2, 9), key.clone()]).await.unwrap(), [None, Some(6)]);
    assert_eq!(read(rig.blobs.open_file(&key).await.unwrap().unwrap()), b"second");
    assert!(rig.blobs.open_file(&public(2, 9)).await.unwrap().is_none());
    assert!(rig.blobs.delete(&key).await.unwrap());
    assert!(!rig.blobs.delete(&key).await.unwrap());
    assert_eq!(rig.blobs.get(&key).await.unwrap(), None);
    assert_eq!(rig.left(), 0);
}

#[tokio::test]
async fn an_original_of_many_parts_is_taken_in_once_and_comes_back_as_it_was() {
    let Some(rig) = Rig::new("parts").await else { return };
    let bytes: Vec<u8> = (0..40_000_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let source = rig.file("long.tif", &bytes);
    let first = rig.blobs.take_in(Incoming::Original, &source, u64::MAX).await.unwrap();
    assert_eq!((first.sha256, first.bytes, first.known), (Sha256::of(&bytes), 40_000_000, false));
    let again = rig.blobs.take_in(Incoming::Original, &source, u64::MAX).await.unwrap();
    assert!(again.known && again.key == first.key);
    assert!(read(rig.blobs.open_file(&first.key).await.unwrap().unwrap()) == bytes);
    let long = rig.blobs.take_in(Incoming::Original, &source, 1000).await;
    assert!(matches!(long, Err(TakeInError::TooLong { at_most: 1000 })));
    assert_eq!(rig.left(), 0);
}

#[tokio::test]
async fn what_a_worker_made_is_moved_in_and_all_of_a_photo_goes_at_once() {
    let Some(rig) = Rig::new("moved").await else { return };
    let made: Vec<(PathBuf, BlobKey)> = (0..40)
        .map(|n| (rig.file(&format!("{n}"), format!("picture {n}").as_bytes()), public(1, n)))
        .collect();
    rig.blobs.move_in(made.clone()).await.unwrap();
    assert!(made.iter().all(|(file, _)| !file.exists()));
    rig.blobs.put(&public(2, 1), Bytes::from_static(b"another photo's")).await.unwrap();
    assert_eq!(rig.blobs.get(&public(1, 7)).await.unwrap().unwrap(), "picture 7");
    assert_eq!(rig.blobs.delete_of_photo(BlobKind::PublicFile, photo(1)).await.unwrap(), 40);
    let mut left = Vec::new();
    let strangers = rig.blobs.list(BlobKind::PublicFile, |entry| left.push((entry.key, entry.bytes))).await;
    assert_eq!(strangers.unwrap(), Vec::<String>::new());
    assert_eq!(left, [(public(2, 1), 15)]);
}

#[tokio::test]
async fn names_are_listed_below_a_folder_and_after_a_name() {
    let Some(rig) = Rig::new("listed").await else { return };
    assert!(rig.bucket.is_empty().await.unwrap());
    for name in ["log/1/a", "log/1/b", "log/2/a", "logs/1", "map/1"] {
        rig.bucket.put(name, Bytes::from_static(b"x")).await.unwrap();
    }
    let listed = async |folder: &str, after: Option<&str>| {
        let mut names = Vec::new();
        rig.bucket.list(folder, after, |entry| names.push(entry.name)).await.unwrap();
        names.sort();
        names
    };
    assert_eq!(listed("log", None).await, ["log/1/a", "log/1/b", "log/2/a"]);
    assert_eq!(listed("log", Some("log/1/a")).await, ["log/1/b", "log/2/a"]);
    assert_eq!(listed("", None).await.len(), 5);
    assert!(!rig.bucket.is_empty().await.unwrap());
}

async fn refusal(place: &BucketPlace) -> String {
    let bucket = Bucket::new(place).unwrap();
    let Err(StoreError::Bucket { advice, .. }) = bucket.get("halftone.json").await else {
        panic!("{place:?} was not refused")
    };
    let put = bucket.put("x", Bytes::from_static(b"x")).await;
    assert!(put.is_err(), "{place:?} takes what is put");
    advice.to_owned()
}

#[tokio::test]
async fn a_missing_bucket_and_wrong_keys_are_told_apart_and_are_no_missing_object() {
    let Some(place) = place("refused") else { return };
    let missing = BucketPlace { bucket: "no-such-bucket".to_owned(), ..place.clone() };
    assert!(refusal(&missing).await.contains("no such bucket"));
    let unknown = BucketPlace { access_key: format!("GK{}", "0".repeat(24)), ..place.clone() };
    assert!(refusal(&unknown).await.contains("access key"));
    let secret = BucketPlace { secret_key: "0".repeat(64), ..place.clone() };
    assert!(refusal(&secret).await.contains("key is wrong"), "{}", refusal(&secret).await);
    let region = BucketPlace { region: "elsewhere".to_owned(), ..place.clone() };
    assert!(refusal(&region).await.contains("region"), "{}", refusal(&region).await);
    assert!(!format!("{place:?}").contains(&place.secret_key));
}

#[tokio::test]
async fn a_store_that_is_not_there_is_an_answer_within_moments() {
    let Some(place) = place("away") else { return };
    let nobody = BucketPlace { endpoint: Some("http://127.0.0.1:9".to_owned()), ..place };
    let bucket = Bucket::new(&nobody).unwrap();
    let begun = std::time::Instant::now();
    assert!(matches!(bucket.length("x").await, Err(StoreError::Bucket { .. })));
    assert!(begun.elapsed().as_secs() < 30, "{:?}", begun.elapsed());
}
