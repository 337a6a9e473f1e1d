//! The end of an upload: all of it is read and hashed, and its bytes become a blob.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _};
use std::path::{Path, PathBuf};

use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use newsroom::id::UploadId;

use super::append::{lost, piece_in_bucket};
use super::pieces::Piece;
use super::{Finishing, Parts};
use crate::action::Tx;
use crate::blobs::{Blobs, Home, Incoming, TakenIn, blocking, is_known, name_draft, of_io};
use crate::bucket::{Bucket, SMALL_PART};
use crate::database::Store;
use crate::error::{ActError, StoreError};
use crate::files::{self, CopyFault, Draft};
use crate::hash::{Hasher, Sha256};

/// Pieces that are fetched ahead of the one that is written.
const AHEAD: usize = 2;

/// An upload read as a whole: it can be looked at before it is kept. Dropped, it leaves the upload as it was.
#[derive(Debug)]
pub struct Gathered {
    finishing: Finishing,
    whole: Whole,
    sha256: Sha256,
}

/// Where all bytes lie as one file of this machine.
#[derive(Debug)]
enum Whole {
    /// The only piece, which nobody writes any more: who wrote it has written all bytes there are to be.
    Piece(PathBuf),
    Copy(Draft),
}

impl Gathered {
    /// The hash of all bytes.
    #[must_use]
    pub fn sha256(&self) -> Sha256 {
        self.sha256
    }

    /// How many bytes.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.finishing.total
    }

    /// The whole as an open file, read from its beginning.
    ///
    /// # Errors
    /// A fault of the disk.
    pub async fn open(&self) -> Result<File, StoreError> {
        let path = self.whole.path().to_owned();
        blocking(move || File::open(path).map_err(of_io)).await
    }
}

impl Whole {
    fn path(&self) -> &Path {
        match self {
            Self::Piece(path) => path,
            Self::Copy(draft) => draft.path(),
        }
    }
}

/// An upload whose bytes are a blob, and of which the records do not know that yet.
#[derive(Debug)]
#[must_use = "the upload is not finished before it was given to Tx::finish_upload"]
pub struct KeptUpload {
    pub(super) upload: UploadId,
    pub(super) fence: u64,
    taken: TakenIn,
}

impl KeptUpload {
    /// The blob, and whether it was there already.
    #[must_use]
    pub fn taken(&self) -> &TakenIn {
        &self.taken
    }
}

impl Blobs {
    /// Reads all bytes of an upload and hashes them, in constant memory.
    ///
    /// # Errors
    /// A fault of the store, also where the upload was finished or given up meanwhile.
    pub async fn gather_upload(&self, finishing: Finishing) -> Result<Gathered, StoreError> {
        let (upload, total) = (finishing.upload, finishing.total);
        if finishing.pieces.iter().map(|piece| piece.bytes).sum::<u64>() != total {
            return Err(lost(upload));
        }
        let (pieces, incoming) = (finishing.pieces.clone(), self.inner.incoming.clone());
        let (whole, sha256) = match &self.inner.home {
            Home::Folder(folder) => {
                let folder = folder.of_upload(upload);
                blocking(move || join_files(&folder, &pieces, &incoming).map_err(of_io)).await?
            }
            Home::Bucket(bucket) => join_objects(bucket, upload, pieces, &incoming).await?,
        };
        Ok(Gathered { finishing, whole, sha256 })
    }

    /// The same upload with other bytes in some places; each is the place of the first one and as many as take their place.
    /// They are in order and do not reach past the end.
    ///
    /// # Errors
    /// A fault of the disk.
    pub async fn patch_gathered(
        &self,
        gathered: Gathered,
        patches: Vec<(u64, Vec<u8>)>,
    ) -> Result<Gathered, StoreError> {
        let incoming = self.inner.incoming.clone();
        blocking(move || {
            let Gathered { finishing, whole, .. } = gathered;
            let mut draft = Draft::in_folder(&incoming).map_err(of_io)?;
            let sha256 = copy_patched(whole.path(), &mut draft, &patches).map_err(of_io)?;
            Ok(Gathered { finishing, whole: Whole::Copy(draft), sha256 })
        })
        .await
    }

    /// Makes an upload's bytes a blob under their hash; bytes that are there already stay as they are. When this answers,
    /// a power cut does not lose them. `None` where the right to finish was taken.
    ///
    /// # Errors
    /// A fault of the store. Nothing is lost: finish the upload again.
    pub async fn keep_upload(
        &self,
        store: &Store,
        gathered: Gathered,
        kind: Incoming,
    ) -> Result<Option<KeptUpload>, StoreError> {
        let Gathered { finishing, whole, sha256 } = gathered;
        let (upload, fence, bytes) = (finishing.upload, finishing.fence, finishing.total);
        let key = kind.key(sha256);
        let known = match &self.inner.home {
            Home::Folder(folder) => {
                let (to, incoming) = (folder.path(&key), self.inner.incoming.clone());
                blocking(move || match whole {
                    Whole::Copy(draft) => name_draft(draft, &to, bytes),
                    Whole::Piece(piece) => name_piece(&piece, &to, bytes, &incoming),
                })
                .await?
            }
            Home::Bucket(bucket) => {
                if let Some(Parts { name, id }) = &finishing.parts {
                    // Of one who was cut short; the row forgets it when the upload is finished.
                    bucket.abort_parts(name, id).await?;
                }
                let name = key.to_string();
                let known = bucket.length(&name).await? == Some(bytes);
                if !known && !put_whole(bucket, store, &finishing, &whole, &name).await? {
                    return Ok(None);
                }
                known
            }
        };
        Ok(Some(KeptUpload { upload, fence, taken: TakenIn { key, sha256, bytes, known } }))
    }
}

/// All pieces as one file, and its hash.
fn join_files(folder: &Path, pieces: &[Piece], incoming: &Path) -> io::Result<(Whole, Sha256)> {
    if let [only] = pieces {
        let path = folder.join(only.file_name());
        let (bytes, sha256) = files::hash_file(&path)?;
        if bytes == only.bytes {
            return Ok((Whole::Piece(path), sha256));
        }
    }
    let (mut draft, mut hasher) = (Draft::in_folder(incoming)?, Hasher::default());
    let mut some = vec![0; 256 * 1024];
    for piece in pieces {
        let mut file = File::open(folder.join(piece.file_name()))?.take(piece.bytes);
        let mut length = 0;
        loop {
            let read = match file.read(&mut some) {
                Ok(0) => break,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                read => read?,
            };
            let bytes = some.get(..read).unwrap_or_default();
            hasher.update(bytes);
            draft.write(bytes)?;
            length += read as u64;
        }
        if length != piece.bytes {
            return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "a piece of an upload is too short"));
        }
    }
    Ok((Whole::Copy(draft), hasher.finish()))
}

fn copy_patched(from: &Path, draft: &mut Draft, patches: &[(u64, Vec<u8>)]) -> io::Result<Sha256> {
    let (mut file, mut hasher) = (File::open(from)?, Hasher::default());
    let mut pass = |bytes: &[u8]| {
        hasher.update(bytes);
        draft.write(bytes)
    };
    let mut some = vec![0; 256 * 1024];
    let mut at = 0;
    for (place, bytes) in patches {
        copy_some(&mut file, place.saturating_sub(at), &mut some, &mut pass)?;
        file.seek_relative(i64::try_from(bytes.len()).map_err(io::Error::other)?)?;
        pass(bytes)?;
        at = place + bytes.len() as u64;
    }
    copy_some(&mut file, u64::MAX, &mut some, &mut pass)?;
    Ok(hasher.finish())
}

/// Passes on so many bytes, or all that are left.
fn copy_some(
    file: &mut File,
    most: u64,
    some: &mut [u8],
    pass: &mut impl FnMut(&[u8]) -> io::Result<()>,
) -> io::Result<()> {
    let mut rest = file.take(most);
    loop {
        match rest.read(some) {
            Ok(0) => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            read => pass(some.get(..read?).unwrap_or_default())?,
        }
    }
}

async fn join_objects(
    bucket: &Bucket,
    upload: UploadId,
    pieces: Vec<Piece>,
    incoming: &Path,
) -> Result<(Whole, Sha256), StoreError> {
    let incoming = incoming.to_owned();
    let mut whole = blocking(move || {
        Ok::<_, StoreError>((Draft::in_folder(&incoming).map_err(of_io)?, Hasher::default()))
    })
    .await?;
    let fetched = stream::iter(
        pieces.into_iter().map(|piece| async move { piece_in_bucket(bucket, upload, &piece).await }),
    );
    let mut fetched = std::pin::pin!(fetched.buffered(AHEAD));
    while let Some(bytes) = fetched.try_next().await? {
        let (mut draft, mut hasher) = whole;
        whole = blocking(move || {
            hasher.update(&bytes);
            draft.write(&bytes).map_err(of_io)?;
            Ok::<_, StoreError>((draft, hasher))
        })
        .await?;
    }
    Ok((Whole::Copy(whole.0), whole.1.finish()))
}

/// Gives the only piece a second name, so that no byte is written twice and the upload stays whole until the records say
/// that it is finished. Whether the bytes were there already.
fn name_piece(piece: &Path, to: &Path, bytes: u64, incoming: &Path) -> Result<bool, StoreError> {
    if is_known(to, bytes)? {
        return Ok(true);
    }
    let between = Draft::in_folder(incoming).map_err(of_io)?.leave();
    let named = fs::remove_file(&between).and_then(|()| fs::hard_link(piece, &between));
    if let Err(error) = named {
        tracing::debug!(%error, "the disk gives no second names, so the upload is copied");
        let mut draft = Draft::in_folder(incoming).map_err(of_io)?;
        let mut source = File::open(piece).map_err(of_io)?;
        draft.fill(&mut source, bytes).map_err(|fault| match fault {
            CopyFault::Source(error) | CopyFault::Target(error) => of_io(error),
            CopyFault::TooLong => StoreError::fault("a piece of an upload that is finished grows"),
        })?;
        return name_draft(draft, to, bytes);
    }
    let put = || {
        let folder = files::folder_of(to)?;
        files::make_folder(folder)?;
        fs::rename(&between, to)?;
        // Where both were names of this file already, renaming does nothing.
        fs::remove_file(&between).or_else(|error| crate::blobs::absent(error).map(|_: Option<()>| ()))?;
        files::sync_folder(folder)
    };
    put().map_err(of_io)?;
    Ok(false)
}

/// `false` where the right to finish was taken.
async fn put_whole(
    bucket: &Bucket,
    store: &Store,
    finishing: &Finishing,
    whole: &Whole,
    name: &str,
) -> Result<bool, StoreError> {
    if finishing.total <= SMALL_PART as u64 {
        bucket.put_file(name, whole.path()).await?;
        return Ok(true);
    }
    let parts = Parts { name: name.to_owned(), id: bucket.begin_parts(name).await? };
    if !note(store, finishing, Some(&parts)).await? {
        bucket.abort_parts(name, &parts.id).await?;
        return Ok(false);
    }
    let path = whole.path().to_owned();
    let file = blocking(move || File::open(path).map_err(of_io)).await?;
    let put = bucket.put_parts(name, &parts.id, file).await;
    if put.is_err()
        && let Err(error) = bucket.abort_parts(name, &parts.id).await
    {
        tracing::debug!(%error, name, "parts stay for whoever finishes or clears the upload");
    }
    put.map(|()| true)
}

async fn note(store: &Store, finishing: &Finishing, parts: Option<&Parts>) -> Result<bool, StoreError> {
    let of = (finishing.upload, finishing.fence);
    let noted = store.act(async |tx: &mut Tx| Ok::<_, ActError<()>>(tx.note_parts(of, parts).await?)).await;
    match noted {
        Ok(ours) => Ok(ours),
        Err(ActError::Fault(fault)) => Err(fault),
        Err(ActError::Refused(())) => Ok(false),
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "tests read the environment")]
mod tests {
    use bytes::Bytes;
    use newsroom::id::StaffId;
    use newsroom::moment::Moment;

    use super::*;
    use crate::bucket::BucketPlace;
    use crate::database::Database;
    use crate::uploads::{Finishing, NewUpload};

    const BYTES: usize = 9 << 20;

    fn moment(n: i64) -> Moment {
        Moment::from_micros(n * 1_000_000)
    }

    async fn act<T>(store: &Store, action: impl AsyncFnOnce(&mut Tx) -> Result<T, StoreError> + Clone) -> T {
        let done: Result<T, ActError<()>> =
            store.act(async |tx: &mut Tx| Ok((action.clone())(tx).await?)).await;
        done.unwrap()
    }

    fn bucket() -> Option<Bucket> {
        let said = |name: &str| std::env::var(name).ok();
        let found =
            said("HALFTONE_TEST_S3").zip(said("HALFTONE_TEST_S3_KEY")).zip(said("HALFTONE_TEST_S3_SECRET"));
        let Some(((endpoint, access_key), secret_key)) = found else {
            eprintln!("SKIPPED: HALFTONE_TEST_S3 is not set; this test needs an S3-compatible store");
            return None;
        };
        let place = BucketPlace {
            bucket: "halftone".to_owned(),
            prefix: format!("store-{}/parts", std::process::id()),
            endpoint: Some(endpoint),
            region: "garage".to_owned(),
            access_key,
            secret_key,
        };
        Some(Bucket::new(&place).unwrap())
    }

    async fn sent(store: &Store, blobs: &Blobs, id: UploadId) {
        let upload = NewUpload {
            id,
            owner: StaffId::new(moment(1), [1; 10]),
            name: String::new(),
            metadata: String::new(),
            story: None,
            bytes: BYTES as u64,
            created_at: moment(1),
            expires_at: moment(9),
        };
        let appending = act(store, async |tx: &mut Tx| {
            tx.insert_upload(&upload).await?;
            tx.begin_append(id, 0, moment(9)).await
        });
        let mut writer = blobs.append_upload(appending.await.unwrap(), None).await.unwrap();
        let on_the_way = writer.write(Bytes::from(vec![7; BYTES])).await.unwrap();
        for durable in on_the_way.into_iter().chain([writer.end().await.unwrap()]) {
            assert!(act(store, async |tx: &mut Tx| tx.advance_upload(&durable, moment(9)).await).await);
        }
    }

    /// Parts that somebody began, wrote down and left.
    async fn left(bucket: &Bucket, store: &Store, finishing: &Finishing) -> Parts {
        let name = "originals/left".to_owned();
        let parts = Parts { id: bucket.begin_parts(&name).await.unwrap(), name };
        assert!(note(store, finishing, Some(&parts)).await.unwrap());
        parts
    }

    /// Whether parts can be added still.
    async fn stand(bucket: &Bucket, parts: &Parts) -> bool {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::io::Write::write_all(&mut file.as_file(), b"more").unwrap();
        bucket.put_parts(&parts.name, &parts.id, file.reopen().unwrap()).await.is_ok()
    }

    #[tokio::test]
    async fn what_was_begun_in_a_bucket_and_left_is_aborted_by_who_finishes_or_clears_the_upload() {
        let Some(bucket) = bucket() else { return };
        let folder = tempfile::tempdir().unwrap();
        let database = Database::Sqlite { path: folder.path().join("records.sqlite") };
        let store = Store::open(&database, moment(0)).await.unwrap();
        let blobs = Blobs::in_bucket(bucket.clone(), folder.path()).await.unwrap();
        for n in [1, 2] {
            let id = UploadId::new(moment(n), [1; 10]);
            sent(&store, &blobs, id).await;
            let begin = async || act(&store, async |tx: &mut Tx| tx.begin_finish(id).await).await.unwrap();
            let killed = begin().await;
            let parts = left(&bucket, &store, &killed).await;
            if n == 1 {
                let gathered = blobs.gather_upload(begin().await).await.unwrap();
                assert!(!note(&store, &killed, Some(&parts)).await.unwrap(), "the right was taken");
                let kept = blobs.keep_upload(&store, gathered, Incoming::Original).await.unwrap().unwrap();
                assert!(
                    act(&store, async |tx: &mut Tx| tx
                        .finish_upload(&kept, newsroom::id::PhotoId::new(moment(0), [9; 10]), moment(3))
                        .await)
                    .await
                );
            } else {
                assert!(act(&store, async |tx: &mut Tx| tx.close_upload(id, moment(3)).await).await);
            }
            assert!(blobs.clear_upload(&store, id).await.unwrap());
            assert!(!stand(&bucket, &parts).await, "nothing can be added to what was aborted");
        }
        let standing = bucket.begin_parts("originals/left").await.unwrap();
        assert!(stand(&bucket, &Parts { name: "originals/left".to_owned(), id: standing }).await);
    }
}
