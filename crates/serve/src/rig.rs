//! A site over a real folder, for tests.

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::Body as _;
use hyper::{Request, Response};
use tempfile::TempDir;

use crate::{
    Body, Damage, Entry, FolderKeep, Grant, Keep, Listed, Printed, Rendition, Site, SiteOptions, Status,
    Tombstone, TreeWriter,
};

pub(crate) const HTML: &str = "text/html; charset=utf-8";

/// What was told about damage: name, path, cause.
pub(crate) type Told = Arc<Mutex<Vec<(String, String, String)>>>;

pub(crate) struct Rig {
    pub folder: TempDir,
    pub keep: Arc<FolderKeep>,
    pub writer: TreeWriter,
    pub site: Site,
    pub told: Told,
}

pub(crate) fn telling(told: &Told) -> SiteOptions {
    let told = told.clone();
    let on_damage = Box::new(move |damage: &Damage| {
        told.lock().unwrap().push((damage.name.clone(), damage.path.clone(), damage.cause.to_string()));
    });
    SiteOptions { on_damage, largest_picture: 1000, ..SiteOptions::default() }
}

impl Rig {
    pub fn new() -> Self {
        Self::with(|_| {})
    }

    pub fn with(change: impl FnOnce(&mut SiteOptions)) -> Self {
        let folder = TempDir::new().unwrap();
        let keep = Arc::new(FolderKeep::new(folder.path()));
        let told = Told::default();
        let mut options = telling(&told);
        change(&mut options);
        let site = Site::open(keep.clone(), keep.clone(), options).unwrap();
        Self { folder, writer: TreeWriter::new(keep.clone()), keep, site, told }
    }

    /// Another node over the same folder.
    pub fn reopened(&self) -> Site {
        Site::open(self.keep.clone(), self.keep.clone(), telling(&self.told)).unwrap()
    }

    pub fn publish(&self, path: &str, printed: &Printed, change: u64) -> Entry {
        let entry = self.writer.put(path, printed, change).unwrap();
        self.take(entry)
    }

    pub fn page(&self, path: &str, text: &str, change: u64) -> Entry {
        self.publish(path, &Printed::new(Status::Ok, HTML, text.to_owned(), 1), change)
    }

    pub fn bury(&self, path: &str, tombstone: &Tombstone, change: u64) -> Entry {
        let entry = self.writer.tombstone(path, tombstone, change).unwrap();
        self.take(entry)
    }

    /// Grants `/i/tok/v2/small.jpg` of 10 bytes and `/i/tok/v2/large.jpg` of 300,000.
    pub fn grant(&self, change: u64) -> Entry {
        self.keep.put("pictures/small", b"0123456789").unwrap();
        self.keep.put("pictures/large", &large()).unwrap();
        let rendition = |name: &str, bytes| Rendition {
            file: format!("{name}.jpg"),
            blob: format!("pictures/{name}"),
            bytes,
            etag: format!("{name}-hash"),
        };
        let renditions = vec![rendition("small", 10), rendition("large", 300_000)];
        let printed = Printed::grant(&Grant { version: "v2".to_owned(), renditions }, 1).unwrap();
        let entry = self.writer.put_grant("tok", &printed.with_keys(["photo:7"]), change).unwrap();
        self.take(entry)
    }

    fn take(&self, entry: Entry) -> Entry {
        self.writer.log(std::slice::from_ref(&entry)).unwrap();
        self.site.apply(std::slice::from_ref(&entry));
        entry
    }

    pub fn ask(&self, method: &str, target: &str, headers: &[(&str, &str)]) -> Option<Answer> {
        ask(&self.site, method, target, headers)
    }

    pub fn get(&self, target: &str) -> Answer {
        self.ask("GET", target, &[]).unwrap()
    }
}

pub(crate) fn large() -> Vec<u8> {
    (0..300_000_u32).map(|n| (n % 251) as u8).collect()
}

/// An answer whose body was taken.
#[derive(Debug)]
pub(crate) struct Answer {
    pub status: u16,
    pub response: Response<()>,
    pub body: Result<Bytes, String>,
}

impl Answer {
    pub fn header(&self, name: &str) -> &str {
        self.response.headers().get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(self.body.as_ref().unwrap()).unwrap()
    }
}

pub(crate) fn request(method: &str, target: &str, headers: &[(&str, &str)]) -> Request<()> {
    let mut request = Request::builder().method(method).uri(target);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(()).unwrap()
}

pub(crate) fn wait<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

pub(crate) async fn finish(response: Response<Body>) -> Answer {
    let (parts, body) = response.into_parts();
    let announced = body.size_hint().exact().unwrap();
    let mut body = std::pin::pin!(body);
    let mut bytes = Vec::new();
    let mut fault = None;
    while let Some(frame) = std::future::poll_fn(|cx| body.as_mut().poll_frame(cx)).await {
        match frame {
            Ok(frame) => bytes.extend_from_slice(frame.data_ref().unwrap()),
            Err(error) => {
                fault = Some(error.to_string());
                break;
            }
        }
    }
    if fault.is_none() {
        assert_eq!(bytes.len() as u64, announced, "the body has the length that it announced");
    }
    let body = fault.map_or(Ok(Bytes::from(bytes)), Err);
    Answer { status: parts.status.as_u16(), response: Response::from_parts(parts, ()), body }
}

pub(crate) fn ask(site: &Site, method: &str, target: &str, headers: &[(&str, &str)]) -> Option<Answer> {
    let request = request(method, target, headers);
    wait(async { Some(finish(site.answer(&request).await?).await) })
}

/// A folder that says it is slow, so that it is read on other threads, and counts its reads. One that is far has its objects
/// here, and says so, from the middle of its first read on.
pub(crate) struct SlowKeep {
    pub inner: Arc<FolderKeep>,
    pub reads: AtomicUsize,
    pub is_far: bool,
}

impl Keep for SlowKeep {
    fn read(&self, name: &str, from: u64, at_most: usize) -> io::Result<Option<Bytes>> {
        let read = Keep::read(&*self.inner, name, from, at_most);
        if self.reads.fetch_add(1, Ordering::SeqCst) == 0 && self.is_far {
            std::thread::sleep(Duration::from_millis(100));
        }
        read
    }

    fn quick(&self, _name: &str) -> bool {
        self.is_far && self.reads.load(Ordering::SeqCst) > 0
    }

    fn is_far(&self) -> bool {
        self.is_far
    }

    fn put(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.inner.put(name, bytes)
    }

    fn list(&self, prefix: &str) -> io::Result<Vec<Listed>> {
        self.inner.list(prefix)
    }

    fn delete(&self, name: &str) -> io::Result<()> {
        self.inner.delete(name)
    }
}

impl crate::Blobs for SlowKeep {
    fn read(&self, key: &str, from: u64, at_most: usize) -> io::Result<Option<Bytes>> {
        Keep::read(self, key, from, at_most)
    }
}
