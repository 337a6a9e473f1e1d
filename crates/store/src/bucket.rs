//! A bucket of an S3-compatible store, or the part of one below a prefix: whole objects by name.
//!
//! Nothing is asked for that some stores lack: no conditional writes, access lists, versions or tags.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt as _, TryStreamExt as _};
use newsroom::moment::Moment;
use object_store::aws::{AmazonS3, AmazonS3Builder};
use object_store::multipart::MultipartStore as _;
use object_store::path::Path as ObjectPath;
use object_store::{
    BackoffConfig, ClientOptions, Error, ObjectMeta, ObjectStore, ObjectStoreExt as _, RetryConfig,
    WriteMultipart,
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::error::{Because, StoreError};

/// Longer files are sent in parts of this many bytes; S3 takes no smaller ones than 5 MB, and 10,000 of them.
const PART: usize = 16 << 20;
/// Parts of a file that are on the way at once.
const PARTS_AT_ONCE: usize = 4;
/// The same where many files are sent at once, each with one part in memory.
pub(crate) const SMALL_PART: usize = 8 << 20;
/// How long a connection may take to stand.
const CONNECT: Duration = Duration::from_secs(5);
/// How long the store may be silent in the middle of an answer.
const SILENCE: Duration = Duration::from_secs(15);
/// How long one request may take, with its body.
const REQUEST: Duration = Duration::from_secs(120);
/// After this time a request that failed is not tried again.
const TRYING: Duration = Duration::from_secs(20);
/// Attempts after the first.
const ATTEMPTS: usize = 6;

/// Where a bucket is and who asks.
#[derive(Clone, PartialEq, Eq)]
pub struct BucketPlace {
    /// The bucket's name.
    pub bucket: String,
    /// What all names begin with, without slashes at its ends; empty for the whole bucket.
    pub prefix: String,
    /// `https://…` of the store; Amazon's own for the region when not set.
    pub endpoint: Option<String>,
    /// The store's region.
    pub region: String,
    /// Who asks.
    pub access_key: String,
    /// The proof.
    pub secret_key: String,
}

impl fmt::Debug for BucketPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "s3://{}/{}", self.bucket, self.prefix)
    }
}

/// A bucket. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Bucket {
    objects: Arc<AmazonS3>,
    prefix: ObjectPath,
}

/// An object that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketEntry {
    /// Its name, without the bucket's prefix.
    pub name: String,
    /// How many bytes.
    pub bytes: u64,
    /// When it was written, by the store's clock.
    pub modified: Moment,
}

impl Bucket {
    /// A bucket; nothing is asked of it yet.
    ///
    /// # Errors
    /// [`StoreError::Bucket`] where the place makes no sense.
    pub fn new(place: &BucketPlace) -> Result<Self, StoreError> {
        // The first provider stays: every bucket installs the same one.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let retry = RetryConfig {
            backoff: BackoffConfig {
                init_backoff: Duration::from_millis(100),
                max_backoff: Duration::from_secs(5),
                base: 2.0,
            },
            max_retries: ATTEMPTS,
            retry_timeout: TRYING,
        };
        let client = ClientOptions::new()
            .with_allow_http(true)
            .with_connect_timeout(CONNECT)
            .with_read_timeout(SILENCE)
            .with_timeout(REQUEST);
        let mut builder = AmazonS3Builder::new()
            .with_bucket_name(&place.bucket)
            .with_region(&place.region)
            .with_access_key_id(&place.access_key)
            .with_secret_access_key(&place.secret_key)
            .with_disable_tagging(true)
            // Of a list of objects a store tells faults inside an answer of success, which nobody tries again.
            .with_disable_bulk_delete(true)
            .with_client_options(client)
            .with_retry(retry);
        if let Some(endpoint) = &place.endpoint {
            builder = builder.with_endpoint(endpoint.trim_end_matches('/'));
        }
        let objects = Arc::new(builder.build().map_err(of_bucket)?);
        let prefix = ObjectPath::parse(&place.prefix).map_err(|cause| StoreError::Fault(Arc::new(cause)))?;
        Ok(Self { objects, prefix })
    }

    fn path(&self, name: &str) -> Result<ObjectPath, StoreError> {
        let whole =
            if self.prefix.as_ref().is_empty() { name.to_owned() } else { format!("{}/{name}", self.prefix) };
        ObjectPath::parse(whole).map_err(|cause| StoreError::Fault(Arc::new(cause)))
    }

    /// A whole object; `None` where there is none.
    ///
    /// # Errors
    /// [`StoreError::Bucket`].
    pub async fn get(&self, name: &str) -> Result<Option<Bytes>, StoreError> {
        let Some(found) = there(self.objects.get(&self.path(name)?).await)? else { return Ok(None) };
        found.bytes().await.map(Some).map_err(of_bucket)
    }

    /// Writes a whole object into a file, in place of what it had, a piece at a time. `false` where there is none.
    ///
    /// # Errors
    /// [`StoreError::Bucket`]; a part of the file may stand then.
    pub async fn fetch(&self, name: &str, to: &Path) -> Result<bool, StoreError> {
        let Some(found) = there(self.objects.get(&self.path(name)?).await)? else { return Ok(false) };
        let expected = found.meta.size;
        let mut file = tokio::fs::File::create(to).await.map_err(crate::blobs::of_io)?;
        let mut pieces = found.into_stream();
        let mut written = 0;
        while let Some(piece) = pieces.try_next().await.map_err(of_bucket)? {
            file.write_all(&piece).await.map_err(crate::blobs::of_io)?;
            written += piece.len() as u64;
        }
        file.flush().await.map_err(crate::blobs::of_io)?;
        if written == expected {
            Ok(true)
        } else {
            Err(StoreError::fault(format!("of {name} {written} bytes came, and {expected} were promised")))
        }
    }

    /// Keeps these bytes under this name, whole, in place of what had it.
    ///
    /// # Errors
    /// [`StoreError::Bucket`].
    pub async fn put(&self, name: &str, bytes: Bytes) -> Result<(), StoreError> {
        self.objects.put(&self.path(name)?, bytes.into()).await.map(|_| ()).map_err(of_bucket)
    }

    /// As [`Self::put`] with the bytes of a file, in constant memory.
    ///
    /// # Errors
    /// [`StoreError::Bucket`], a fault of the disk.
    pub async fn put_file(&self, name: &str, from: &Path) -> Result<(), StoreError> {
        let mut file = tokio::fs::File::open(from).await.map_err(crate::blobs::of_io)?;
        let length = file.metadata().await.map_err(crate::blobs::of_io)?.len();
        if length <= PART as u64 {
            let mut bytes = Vec::with_capacity(usize::try_from(length).unwrap_or(PART));
            file.read_to_end(&mut bytes).await.map_err(crate::blobs::of_io)?;
            return self.put(name, bytes.into()).await;
        }
        let upload = self.objects.put_multipart(&self.path(name)?).await.map_err(of_bucket)?;
        let mut parts = WriteMultipart::new_with_chunk_size(upload, PART);
        let mut piece = vec![0; 1 << 20];
        loop {
            let read = match file.read(&mut piece).await {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) => {
                    // The first error is the one to tell; the store drops unfinished uploads in time.
                    let _ = parts.abort().await;
                    return Err(crate::blobs::of_io(error));
                }
            };
            if let Err(error) = parts.wait_for_capacity(PARTS_AT_ONCE).await {
                let _ = parts.abort().await;
                return Err(of_bucket(error));
            }
            parts.write(piece.get(..read).unwrap_or_default());
        }
        parts.finish().await.map(|_| ()).map_err(of_bucket)
    }

    /// Begins to put an object together from parts. Its id is to be kept until [`Self::put_parts`] or
    /// [`Self::abort_parts`]: the parts of one that nobody knows of lie in the store for good.
    ///
    /// # Errors
    /// [`StoreError::Bucket`].
    pub(crate) async fn begin_parts(&self, name: &str) -> Result<String, StoreError> {
        self.objects.create_multipart(&self.path(name)?).await.map_err(of_bucket)
    }

    /// Puts an object together from the bytes of a file, one part in memory at a time.
    ///
    /// # Errors
    /// [`StoreError::Bucket`], a fault of the disk. The parts stay until they are aborted.
    pub(crate) async fn put_parts(
        &self,
        name: &str,
        id: &str,
        file: std::fs::File,
    ) -> Result<(), StoreError> {
        let (path, id) = (self.path(name)?, id.to_owned());
        let mut file = tokio::fs::File::from_std(file);
        let mut parts = Vec::new();
        loop {
            let mut part = Vec::with_capacity(SMALL_PART);
            let mut some = (&mut file).take(SMALL_PART as u64);
            some.read_to_end(&mut part).await.map_err(crate::blobs::of_io)?;
            if part.is_empty() {
                break;
            }
            let put = self.objects.put_part(&path, &id, parts.len(), part.into()).await;
            parts.push(put.map_err(of_bucket)?);
        }
        self.objects.complete_multipart(&path, &id, parts).await.map(|_| ()).map_err(of_bucket)
    }

    /// Takes the parts of an object away that was not put together. One that was, or was aborted, is no error.
    ///
    /// # Errors
    /// [`StoreError::Bucket`].
    pub(crate) async fn abort_parts(&self, name: &str, id: &str) -> Result<(), StoreError> {
        there(self.objects.abort_multipart(&self.path(name)?, &id.to_owned()).await).map(|_| ())
    }

    /// How many bytes an object has; `None` where there is none.
    ///
    /// # Errors
    /// [`StoreError::Bucket`].
    pub async fn length(&self, name: &str) -> Result<Option<u64>, StoreError> {
        Ok(there(self.objects.head(&self.path(name)?).await)?.map(|meta| meta.size))
    }

    /// Removes an object; one that is not there is no error.
    ///
    /// # Errors
    /// [`StoreError::Bucket`].
    pub async fn delete(&self, name: &str) -> Result<(), StoreError> {
        there(self.objects.delete(&self.path(name)?).await).map(|_| ())
    }

    /// Every object below a folder (no slash at its end; empty for all), and after `after` in the order of bytes where
    /// that is given.
    ///
    /// # Errors
    /// [`StoreError::Bucket`].
    pub async fn list(
        &self,
        folder: &str,
        after: Option<&str>,
        mut visit: impl FnMut(BucketEntry) + Send,
    ) -> Result<(), StoreError> {
        let prefix = if folder.is_empty() { self.prefix.clone() } else { self.path(folder)? };
        let prefix = Some(&prefix).filter(|prefix| !prefix.as_ref().is_empty());
        let mut entries = match after {
            Some(after) => self.objects.list_with_offset(prefix, &self.path(after)?),
            None => self.objects.list(prefix),
        };
        while let Some(entry) = entries.next().await.transpose().map_err(of_bucket)? {
            visit(self.entry(&entry));
        }
        Ok(())
    }

    /// Whether anything lies here, found with one request.
    ///
    /// # Errors
    /// [`StoreError::Bucket`].
    pub async fn is_empty(&self) -> Result<bool, StoreError> {
        let prefix = Some(&self.prefix).filter(|prefix| !prefix.as_ref().is_empty());
        Ok(self.objects.list(prefix).next().await.transpose().map_err(of_bucket)?.is_none())
    }

    fn entry(&self, meta: &ObjectMeta) -> BucketEntry {
        let whole = meta.location.as_ref();
        let name = whole.strip_prefix(self.prefix.as_ref()).unwrap_or(whole).trim_start_matches('/');
        let modified = Moment::from_micros(meta.last_modified.timestamp_micros());
        BucketEntry { name: name.to_owned(), bytes: meta.size, modified }
    }
}

/// What is there: a missing object is `None`, a missing bucket is not.
fn there<T>(outcome: Result<T, Error>) -> Result<Option<T>, StoreError> {
    match outcome {
        Ok(found) => Ok(Some(found)),
        Err(error @ Error::NotFound { .. }) => {
            if told(&error).contains("NoSuchBucket") {
                Err(of_bucket(error))
            } else {
                Ok(None)
            }
        }
        Err(error) => Err(of_bucket(error)),
    }
}

/// What the store says, and what to do about it: codes of the S3 API's error answers.
const ADVICE: [(&str, &str); 7] = [
    ("NoSuchBucket", "there is no such bucket: make it, or mend blobs.url"),
    ("InvalidAccessKeyId", "it does not know the access key: mend blobs.access_key"),
    ("SignatureDoesNotMatch", "the secret key is wrong: mend blobs.secret_key"),
    ("RequestTimeTooSkewed", "this machine's clock differs from its own: set the clock"),
    ("AuthorizationHeaderMalformed", "it is in another region: mend blobs.region"),
    ("NotImplemented", "it is too old, or lacks a part of S3 that is needed: use a newer one"),
    (
        "AccessDenied",
        "the access key is wrong, or may not do this: it has to read, write, list and delete in this bucket",
    ),
];

fn advice(said: &str) -> Option<&'static str> {
    ADVICE.iter().find(|(code, _)| said.contains(code)).map(|(_, advice)| *advice)
}

fn of_bucket(error: Error) -> StoreError {
    let said = told(&error);
    let advice =
        advice(&said).unwrap_or("it does not answer as it should; what is wanted of it will be tried again");
    // The whole address of a request is of no use to who reads this, and its answer is XML.
    tracing::debug!(error = said, "the bucket");
    StoreError::Bucket { advice, cause: Arc::new(Because(short(&said))) }
}

/// An error with its causes.
fn told(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        let more = next.to_string();
        if !text.contains(&more) {
            text.push_str(": ");
            text.push_str(&more);
        }
        cause = next.source();
    }
    text
}

/// The store's own message out of its XML, or the beginning of what is there.
fn short(said: &str) -> String {
    let message = said.split_once("<Message>").and_then(|(_, rest)| rest.split_once("</Message>"));
    message.map_or(said, |(message, _)| message).chars().take(300).collect()
}
