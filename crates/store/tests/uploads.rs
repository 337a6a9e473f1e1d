//! Uploads in a folder and in a bucket of a real S3-compatible store; the latter needs `HALFTONE_TEST_S3` and its two keys,
//! as `./dev` sets them. What the records alone decide is in `contract/uploads.rs`.
#![expect(clippy::unwrap_used, reason = "the helpers of these tests end a test that cannot go on")]
#![expect(clippy::print_stderr, reason = "a test that is skipped says so")]
#![expect(clippy::disallowed_methods, reason = "tests read the environment")]

use std::fs;
use std::io::{Read as _, Write as _};
use std::path::PathBuf;

use bytes::Bytes;
use newsroom::id::{StaffId, UploadId};
use newsroom::moment::Moment;
use store::{
    ActError, AppendFault, Appending, Beside, BlobKey, Blobs, Bucket, BucketPlace, Checksum, Database,
    Durable, Finishing, Incoming, NewUpload, Sha256, Store, StoreError, TakenIn, Tx, Upload, UploadWriter,
    View,
};

const MIB: usize = 1 << 20;

/// The records, and the same blobs opened twice, as two processes have them.
struct Rig {
    folder: tempfile::TempDir,
    bucket: Option<Bucket>,
    store: Store,
    blobs: Blobs,
    other: Blobs,
}

/// The photo that all bytes of this file are said to be.
fn photo() -> newsroom::id::PhotoId {
    newsroom::id::PhotoId::new(moment(0), [9; 10])
}

fn moment(n: i64) -> Moment {
    Moment::from_micros(n * 1_000_000)
}

fn id(n: u8) -> UploadId {
    UploadId::new(moment(i64::from(n)), [n; 10])
}

/// Bytes that differ from those of another seed nearly everywhere.
fn bytes(seed: u32, length: usize) -> Vec<u8> {
    (0..length as u32).map(|n| ((n ^ seed).wrapping_mul(2_654_435_761) >> 24) as u8).collect()
}

/// What a handler waits for: its future must be free to go on in another thread.
fn anywhere<F: Future + Send>(waited_for: F) -> F {
    waited_for
}

impl Rig {
    async fn in_folder() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let data = folder.path().join("data");
        let (blobs, other) = (Blobs::open(&data).await.unwrap(), Blobs::open(&data).await.unwrap());
        Self { store: records(&folder).await, folder, bucket: None, blobs, other }
    }

    /// `None`, after saying so aloud, where there is no store.
    async fn in_bucket(test: &str) -> Option<Self> {
        let said = |name: &str| std::env::var(name).ok();
        let found =
            said("HALFTONE_TEST_S3").zip(said("HALFTONE_TEST_S3_KEY")).zip(said("HALFTONE_TEST_S3_SECRET"));
        let Some(((endpoint, access_key), secret_key)) = found else {
            eprintln!("SKIPPED: HALFTONE_TEST_S3 is not set; this test needs an S3-compatible store");
            return None;
        };
        let bucket = Bucket::new(&BucketPlace {
            bucket: "halftone".to_owned(),
            prefix: format!("store-{}/{test}", std::process::id()),
            endpoint: Some(endpoint),
            region: "garage".to_owned(),
            access_key,
            secret_key,
        })
        .unwrap();
        let folder = tempfile::tempdir().unwrap();
        let scratch = |name: &str| folder.path().join(name);
        let blobs = Blobs::in_bucket(bucket.clone(), &scratch("one")).await.unwrap();
        let other = Blobs::in_bucket(bucket.clone(), &scratch("two")).await.unwrap();
        Some(Self { store: records(&folder).await, folder, bucket: Some(bucket), blobs, other })
    }

    async fn announce(&self, n: u8, length: usize) {
        let upload = NewUpload {
            id: id(n),
            owner: StaffId::new(moment(1), [1; 10]),
            name: "a.jpg".to_owned(),
            metadata: String::new(),
            story: None,
            bytes: length as u64,
            created_at: moment(1),
            expires_at: moment(100),
        };
        self.act(async |tx: &mut Tx| tx.insert_upload(&upload).await).await;
    }

    async fn act<T>(&self, action: impl AsyncFnOnce(&mut Tx) -> Result<T, StoreError> + Clone) -> T {
        self.try_act(action).await.unwrap()
    }

    async fn try_act<T>(
        &self,
        action: impl AsyncFnOnce(&mut Tx) -> Result<T, StoreError> + Clone,
    ) -> Result<T, ActError<()>> {
        self.store.act(async |tx: &mut Tx| Ok((action.clone())(tx).await?)).await
    }

    async fn upload(&self, n: u8) -> Option<Upload> {
        let looked: Result<_, StoreError> =
            self.store.view(async |view: &mut View| view.upload(id(n)).await).await;
        looked.unwrap()
    }

    async fn received(&self, n: u8) -> u64 {
        self.upload(n).await.unwrap().received
    }

    /// The right to append where the upload stands.
    async fn begin(&self, n: u8) -> Appending {
        let at = self.received(n).await;
        self.act(async |tx: &mut Tx| tx.begin_append(id(n), at, moment(200)).await).await.unwrap()
    }

    async fn open(&self, n: u8, checksum: Option<Checksum>) -> UploadWriter {
        self.blobs.append_upload(self.begin(n).await, checksum).await.unwrap()
    }

    async fn advance(&self, durable: &Durable) -> bool {
        self.act(async |tx: &mut Tx| tx.advance_upload(durable, moment(300)).await).await
    }

    /// Sends bytes as one request, through one of the processes.
    async fn send(&self, through: &Blobs, n: u8, bytes: &[u8]) {
        let mut writer = anywhere(through.append_upload(self.begin(n).await, None)).await.unwrap();
        for some in bytes.chunks(70_001) {
            if let Some(durable) = anywhere(writer.write(Bytes::copy_from_slice(some))).await.unwrap() {
                assert!(self.advance(&durable).await);
            }
        }
        assert!(self.advance(&anywhere(writer.end()).await.unwrap()).await);
    }

    async fn begin_finish(&self, n: u8) -> Finishing {
        self.act(async |tx: &mut Tx| tx.begin_finish(id(n)).await).await.unwrap()
    }

    async fn finish(&self, n: u8) -> TakenIn {
        let gathered = anywhere(self.other.gather_upload(self.begin_finish(n).await)).await.unwrap();
        let kept = anywhere(self.other.keep_upload(&self.store, gathered, Incoming::Original)).await;
        let kept = kept.unwrap().unwrap();
        assert!(self.act(async |tx: &mut Tx| tx.finish_upload(&kept, photo(), moment(5)).await).await);
        assert!(anywhere(self.blobs.clear_upload(&self.store, id(n))).await.unwrap());
        kept.taken().clone()
    }

    /// Demands that the upload becomes an original of these bytes and leaves nothing else.
    async fn becomes(&self, n: u8, bytes: &[u8]) {
        let taken = self.finish(n).await;
        assert_eq!((taken.sha256, taken.bytes), (Sha256::of(bytes), bytes.len() as u64));
        let outcome = store::UploadOutcome::Kept { sha256: taken.sha256, photo: photo() };
        assert_eq!(self.upload(n).await.unwrap().finished.unwrap().outcome, outcome);
        let mut kept = Vec::new();
        let file = self.blobs.open_file(&BlobKey::Original(taken.sha256)).await.unwrap();
        file.unwrap().read_to_end(&mut kept).unwrap();
        assert!(kept == bytes, "the original has other bytes");
        assert_eq!(self.left().await, Vec::<String>::new());
        for blobs in [&self.blobs, &self.other] {
            assert_eq!(fs::read_dir(blobs.incoming()).unwrap().count(), 0);
        }
    }

    /// Everything that lies where uploads do, folders among it.
    async fn left(&self) -> Vec<String> {
        let mut names = Vec::new();
        if let Some(bucket) = &self.bucket {
            bucket.list("uploads", None, |entry| names.push(entry.name)).await.unwrap();
        } else if let Ok(folders) = fs::read_dir(self.folder.path().join("data/uploads")) {
            let mut below: Vec<PathBuf> = folders.map(|entry| entry.unwrap().path()).collect();
            while let Some(path) = below.pop() {
                if path.is_dir() {
                    below.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
                }
                names.push(path.to_str().unwrap().to_owned());
            }
        }
        names.sort();
        names
    }
}

async fn records(folder: &tempfile::TempDir) -> Store {
    let database = Database::Sqlite { path: folder.path().join("records.sqlite") };
    Store::open(&database, moment(0)).await.unwrap()
}

/// `in_both! { async fn a_sentence(rig) { ... } }`: the body as a test in a folder and as one in a bucket.
macro_rules! in_both {
    ($(async fn $name:ident($rig:ident) $body:block)*) => {$(
        async fn $name($rig: &Rig) $body

        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn in_a_folder() {
                super::$name(&super::Rig::in_folder().await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn in_a_bucket() {
                if let Some(rig) = super::Rig::in_bucket(stringify!($name)).await {
                    super::$name(&rig).await;
                }
            }
        }
    )*};
}

in_both! {
    async fn pieces_of_any_size_come_together_through_two_processes(rig) {
        let sizes = [1, 5 * MIB - 1, 1, 1, 8 * MIB + 3, 4 * MIB, 70_000, 0, 3 * MIB];
        let whole = bytes(1, sizes.iter().sum());
        rig.announce(1, whole.len()).await;
        let mut at = 0;
        for (turn, size) in sizes.into_iter().enumerate() {
            let through = if turn % 2 == 0 { &rig.blobs } else { &rig.other };
            rig.send(through, 1, &whole[at..at + size]).await;
            at += size;
            assert_eq!(rig.received(1).await, at as u64);
        }
        rig.becomes(1, &whole).await;
    }

    async fn what_was_written_or_synced_but_not_acknowledged_is_no_part_of_the_file(rig) {
        let (whole, wrong) = (bytes(2, 6 * MIB), bytes(3, 6 * MIB));
        rig.announce(1, whole.len()).await;
        for known in [0, 1, 3 * MIB, 5 * MIB] {
            let at = usize::try_from(rig.received(1).await).unwrap();
            rig.send(&rig.blobs, 1, &whole[at..known]).await;
            let mut killed = rig.open(1, None).await;
            killed.write(Bytes::copy_from_slice(&wrong[known..])).await.unwrap();
            drop(killed);
            let mut killed = rig.open(1, None).await;
            killed.write(Bytes::copy_from_slice(&wrong[known..known + 5])).await.unwrap();
            let _ = killed.sync().await.unwrap().unwrap();
            killed.write(Bytes::copy_from_slice(&wrong[known + 5..])).await.unwrap();
            let _ = killed.end().await.unwrap();
            assert_eq!(rig.received(1).await, known as u64);
        }
        rig.send(&rig.other, 1, &whole[5 * MIB..]).await;
        rig.becomes(1, &whole).await;
    }

    async fn one_who_was_overtaken_at_whatever_step_moves_nothing_and_leaves_no_byte(rig) {
        let (whole, wrong) = (bytes(4, 6 * MIB), bytes(5, 6 * MIB));
        rig.announce(1, whole.len()).await;
        for (step, at) in [0, MIB / 2, 2 * MIB, 2 * MIB + 11, 5 * MIB].into_iter().enumerate() {
            let begun = usize::try_from(rig.received(1).await).unwrap();
            rig.send(&rig.blobs, 1, &whole[begun..at]).await;
            // Whose number is older, having come to this step before he is overtaken.
            let late = rig.begin(1).await;
            let lie = Bytes::copy_from_slice(&wrong[at..]);
            let next = &whole[at..at + 9];
            let durable = if step == 0 {
                rig.send(&rig.other, 1, next).await;
                match rig.blobs.append_upload(late, None).await {
                    Ok(mut writer) => {
                        writer.write(lie).await.unwrap();
                        writer.end().await.ok()
                    }
                    Err(_) => None,
                }
            } else {
                let mut writer = rig.blobs.append_upload(late, None).await.unwrap();
                if step > 1 {
                    writer.write(lie.slice(..lie.len() - 1)).await.unwrap();
                }
                if step > 2 {
                    let _ = writer.sync().await.unwrap();
                }
                if step > 3 {
                    let synced = writer.end().await.unwrap();
                    rig.send(&rig.other, 1, next).await;
                    Some(synced)
                } else {
                    rig.send(&rig.other, 1, next).await;
                    writer.write(lie.slice(lie.len() - 1..)).await.unwrap();
                    Some(writer.end().await.unwrap())
                }
            };
            if let Some(durable) = durable {
                assert!(!rig.advance(&durable).await, "step {step}");
            }
            assert_eq!(rig.received(1).await, at as u64 + 9, "step {step}");
        }
        rig.send(&rig.blobs, 1, &whole[5 * MIB + 9..]).await;
        rig.becomes(1, &whole).await;
    }

    async fn one_who_opens_after_others_went_on_spoils_nothing(rig) {
        let whole = bytes(6, 700_000);
        rig.announce(1, whole.len()).await;
        rig.send(&rig.blobs, 1, &whole[..10]).await;
        let late = rig.begin(1).await;
        rig.send(&rig.other, 1, &whole[10..20]).await;
        rig.send(&rig.other, 1, &whole[20..30]).await;
        // The piece that he would go on with was replaced and is gone.
        assert!(rig.blobs.append_upload(late, None).await.is_err());
        rig.send(&rig.blobs, 1, &whole[30..]).await;
        rig.becomes(1, &whole).await;
    }

    async fn bytes_with_a_wrong_checksum_are_discarded_whole(rig) {
        let whole = bytes(7, 9 * MIB);
        let (first, second) = whole.split_at(MIB);
        rig.announce(1, whole.len()).await;
        rig.send(&rig.blobs, 1, first).await;
        let before = rig.left().await;
        let wrong = Checksum::Sha256(Sha256::of(first));
        let mut writer = rig.open(1, Some(wrong)).await;
        for some in second.chunks(MIB) {
            assert!(writer.write(Bytes::copy_from_slice(some)).await.unwrap().is_none());
        }
        assert!(writer.sync().await.unwrap().is_none(), "no part of it may be acknowledged");
        assert!(matches!(writer.end().await, Err(AppendFault::WrongChecksum)));
        assert_eq!(rig.left().await, before);
        assert_eq!(rig.received(1).await, MIB as u64);
        let mut writer = rig.open(1, Some(Checksum::Sha256(Sha256::of(second)))).await;
        writer.write(Bytes::copy_from_slice(second)).await.unwrap();
        assert!(rig.advance(&writer.end().await.unwrap()).await);
        rig.becomes(1, &whole).await;
    }

    async fn a_file_without_bytes_and_one_that_is_known_become_originals(rig) {
        rig.announce(1, 0).await;
        rig.becomes(1, b"").await;
        for (n, known) in [(2, false), (3, true)] {
            rig.announce(n, 5).await;
            rig.send(&rig.blobs, n, b"bytes").await;
            let taken = rig.finish(n).await;
            assert_eq!((taken.known, taken.sha256), (known, Sha256::of(b"bytes")));
        }
        assert_eq!(rig.left().await, Vec::<String>::new());
    }

    async fn the_head_is_read_before_the_rest_is_there(rig) {
        let whole = bytes(8, 9 * MIB);
        rig.announce(1, whole.len()).await;
        let head = async |at_most| anywhere(rig.other.read_upload_head(&rig.store, id(1), at_most)).await.unwrap();
        assert_eq!(head(10).await.unwrap(), Bytes::new());
        rig.send(&rig.blobs, 1, &whole[..3]).await;
        assert_eq!(head(10).await.unwrap(), whole[..3]);
        rig.send(&rig.blobs, 1, &whole[3..8 * MIB]).await;
        let mut writer = rig.open(1, None).await;
        writer.write(Bytes::copy_from_slice(&whole[8 * MIB..])).await.unwrap();
        assert!(head(20 * MIB).await.unwrap() == whole[..8 * MIB], "only what is acknowledged");
        assert!(head(5 * MIB).await.unwrap() == whole[..5 * MIB]);
        assert!(rig.advance(&writer.end().await.unwrap()).await);
        rig.becomes(1, &whole).await;
        assert_eq!(head(10).await, None);
    }

    async fn what_is_sent_beside_a_file_stays_while_its_bytes_come_and_goes_with_them(rig) {
        let file = |bytes: &[u8]| {
            let mut file = tempfile::tempfile().unwrap();
            file.write_all(bytes).unwrap();
            file
        };
        let beside = async |n, what| {
            let found = anywhere(rig.other.open_beside_upload(id(n), what)).await.unwrap();
            found.map(|mut file| {
                let mut bytes = Vec::new();
                file.read_to_end(&mut bytes).unwrap();
                bytes
            })
        };
        for n in [1, 2] {
            rig.announce(n, 100).await;
            assert_eq!(beside(n, Beside::Preview).await, None);
            for picture in [b"first".as_slice(), b"second"] {
                anywhere(rig.blobs.put_beside_upload(id(n), Beside::Preview, file(picture))).await.unwrap();
            }
            rig.send(&rig.other, n, &[1; 40]).await;
            rig.blobs.put_beside_upload(id(n), Beside::Sidecar, file(b"<x:xmpmeta/>")).await.unwrap();
            rig.send(&rig.blobs, n, &[1; 10]).await;
            assert_eq!(beside(n, Beside::Preview).await.unwrap(), b"second");
            assert_eq!(beside(n, Beside::Sidecar).await.unwrap(), b"<x:xmpmeta/>");
        }
        assert!(rig.act(async |tx: &mut Tx| tx.close_upload(id(2), moment(4)).await).await);
        assert!(rig.other.clear_upload(&rig.store, id(2)).await.unwrap());
        rig.send(&rig.blobs, 1, &[1; 50]).await;
        rig.becomes(1, &[[1; 50], [1; 50]].concat()).await;
        for n in [1, 2] {
            assert_eq!((beside(n, Beside::Preview).await, beside(n, Beside::Sidecar).await), (None, None));
        }
        assert_eq!(rig.left().await, Vec::<String>::new());
    }

    async fn more_than_was_announced_is_not_taken_and_what_came_before_may_be_kept(rig) {
        rig.announce(1, 5).await;
        let mut writer = rig.open(1, None).await;
        writer.write(Bytes::from_static(b"byt")).await.unwrap();
        let long = writer.write(Bytes::from_static(b"es!")).await;
        assert!(matches!(long, Err(AppendFault::TooLong { total: 5 })), "{long:?}");
        assert!(rig.advance(&writer.end().await.unwrap()).await);
        rig.send(&rig.blobs, 1, b"es").await;
        rig.becomes(1, b"bytes").await;
    }

    async fn an_upload_that_is_given_up_leaves_nothing_and_late_bytes_are_swept(rig) {
        rig.announce(1, 9 * MIB).await;
        rig.announce(2, 100).await;
        rig.send(&rig.blobs, 1, &bytes(9, 5 * MIB)).await;
        rig.send(&rig.blobs, 2, &[2; 50]).await;
        let under_way = rig.left().await.into_iter().filter(|name| name.contains(&id(2).to_string())).count();
        let (mut late, later) = (rig.open(1, None).await, rig.begin(1).await);
        assert!(!rig.blobs.clear_upload(&rig.store, id(1)).await.unwrap(), "it is under way");
        assert!(rig.act(async |tx: &mut Tx| tx.close_upload(id(1), moment(4)).await).await);
        assert_eq!(rig.upload(1).await, None);
        assert!(rig.other.clear_upload(&rig.store, id(1)).await.unwrap());
        let of_the_first = async || {
            let left = rig.left().await;
            left.into_iter().filter(|name| name.contains(&id(1).to_string())).collect::<Vec<_>>()
        };
        assert_eq!(of_the_first().await, Vec::<String>::new());
        let mut durable = Vec::new();
        if let Ok(mut later) = rig.blobs.append_upload(later, None).await {
            later.write(Bytes::from(bytes(9, 4 * MIB))).await.unwrap();
            durable.push(later.end().await.unwrap());
        }
        late.write(Bytes::from(bytes(9, 4 * MIB))).await.unwrap();
        durable.push(late.end().await.unwrap());
        for durable in &durable {
            assert!(!rig.advance(durable).await);
        }
        assert_ne!(of_the_first().await, Vec::<String>::new());
        assert_eq!(rig.other.sweep_uploads(&rig.store, moment(9)).await.unwrap(), 0, "it is not old");
        let far = Moment::parse("2999-01-01T00:00:00Z").unwrap();
        assert!(anywhere(rig.other.sweep_uploads(&rig.store, far)).await.unwrap() > 0);
        assert_eq!(of_the_first().await, Vec::<String>::new());
        let still = rig.left().await.into_iter().filter(|name| name.contains(&id(2).to_string())).count();
        assert_eq!(still, under_way, "what is under way stays");
        rig.send(&rig.blobs, 2, &[2; 50]).await;
        rig.becomes(2, &[2; 100]).await;
    }

    async fn a_finish_that_is_cut_short_is_done_again_and_only_the_last_one_counts(rig) {
        let whole = bytes(10, 20 * MIB);
        rig.announce(1, whole.len()).await;
        rig.send(&rig.blobs, 1, &whole).await;
        let looked_at = rig.blobs.gather_upload(rig.begin_finish(1).await).await.unwrap();
        let mut seen = Vec::new();
        looked_at.open().await.unwrap().read_to_end(&mut seen).unwrap();
        assert!(seen == whole && looked_at.sha256() == Sha256::of(&whole), "it can be looked at");
        assert_eq!(looked_at.bytes(), whole.len() as u64);
        drop(looked_at);
        let slow = rig.blobs.gather_upload(rig.begin_finish(1).await).await.unwrap();
        let kept = rig.other.gather_upload(rig.begin_finish(1).await).await.unwrap();
        let kept = rig.other.keep_upload(&rig.store, kept, Incoming::Original).await.unwrap().unwrap();
        assert!(!kept.taken().known);
        let slow = rig.blobs.keep_upload(&rig.store, slow, Incoming::Original).await.unwrap().unwrap();
        assert!(slow.taken().known, "the bytes are there");
        assert!(!rig.act(async |tx: &mut Tx| tx.finish_upload(&slow, photo(), moment(5)).await).await);
        drop(kept);
        rig.becomes(1, &whole).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_offset_does_not_move_over_a_piece_that_the_records_do_not_know() {
    let Some(rig) = Rig::in_bucket("hole").await else { return };
    rig.announce(1, 13 * MIB).await;
    let mut writer = rig.open(1, None).await;
    let first = writer.write(Bytes::from(bytes(1, 12 * MIB))).await.unwrap();
    assert!(first.is_some(), "two pieces are durable before the third is sent");
    drop(first);
    let rest = writer.end().await.unwrap();
    let outcome = rig.try_act(async |tx: &mut Tx| tx.advance_upload(&rest, moment(9)).await).await;
    assert!(matches!(outcome, Err(ActError::Fault(StoreError::Fault(_)))), "{outcome:?}");
    assert_eq!(rig.received(1).await, 0);
}

/// The most memory that this process ever had, in KiB.
fn most_memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_megabytes_pass_through_constant_memory_and_are_acknowledged_on_the_way() {
    let rig = Rig::in_folder().await;
    rig.announce(1, 200 * MIB).await;
    let frame = Bytes::from(bytes(11, MIB));
    let before = most_memory();
    let mut writer = rig.open(1, None).await;
    let mut on_the_way = 0;
    for _ in 0..200 {
        if let Some(durable) = writer.write(frame.clone()).await.unwrap() {
            assert!(rig.advance(&durable).await);
            on_the_way += 1;
        }
    }
    assert!(rig.advance(&writer.end().await.unwrap()).await);
    assert!(on_the_way > 0);
    let taken = rig.finish(1).await;
    assert_eq!(taken.bytes, 200 << 20);
    let more = most_memory() - before;
    assert!(more < 24 << 10, "{more} KiB");
}
