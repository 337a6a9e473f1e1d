//! A printed object as one kind of reader gets it: one coding, with its whole head as bytes, so that a hit copies
//! reference counts and nothing else.

use std::fs::File;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use hyper::StatusCode;
use hyper::header::{HeaderMap, HeaderName, HeaderValue};

use crate::conditional::http_date;
use crate::frame::Torn;
use crate::grant::{Grant, Rendition};
use crate::head::Head;
use crate::negotiate::Coding;
use crate::object::fit;
use crate::policy::{Network, Policy};

/// No page of ours connects to anything; tools that judge a page ask for `robots.txt` in its name (Lighthouse).
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; img-src 'self' data:; style-src 'self'; \
     script-src 'self'; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Roughly what a face costs beside its body.
pub(crate) const FACE_WEIGHT: u64 = 2048;

/// Where the bytes of a body are.
#[derive(Debug, Clone)]
pub(crate) enum Store {
    /// Here.
    Memory(Bytes),
    /// In an open file, from this place on. The kernel sends them from its own memory, without a copy through ours.
    File(Arc<File>, u64),
    /// Too large to be held, and in a store without files: they are read piece by piece.
    Blobs,
}

impl Store {
    pub(crate) fn length(&self) -> u64 {
        match self {
            Self::Memory(bytes) => bytes.len() as u64,
            Self::File(..) | Self::Blobs => 0,
        }
    }
}

/// One coding of one object.
#[derive(Debug)]
pub(crate) struct Face {
    pub status: StatusCode,
    /// The head as it goes over the wire: the status line, then a line for each field, all but `Date` and the empty line.
    pub head: Bytes,
    pub etag: HeaderValue,
    pub modified: Option<i64>,
    /// Whether byte ranges are given: pictures and the plain coding.
    pub ranges: bool,
    pub length: u64,
    pub body: Store,
    fields: OnceLock<HeaderMap>,
}

impl Face {
    /// A face of a page, feed, asset, redirect or farewell.
    pub(crate) fn page(
        head: &Head<'_>,
        coding: Coding,
        (body, length): (Store, u64),
        network: Network,
    ) -> Result<Self, Torn> {
        let status = StatusCode::from_u16(head.status).map_err(|_| Torn::Head)?;
        let ok = status == StatusCode::OK;
        let etag = ["\"", head.hash, coding.suffix(), "\""].concat();
        let mut lines = Lines::of(status);
        lines.add("content-type", head.content_type);
        lines.add("content-length", &length.to_string());
        if let Some(name) = coding.name() {
            lines.add_ours("content-encoding", name);
        }
        if head.bodies.len() > 1 {
            lines.add_ours("vary", "Accept-Encoding");
        }
        lines.add_some("etag", ok.then_some(&*etag));
        lines.add_some("last-modified", head.modified.filter(|_| ok).and_then(http_date).as_deref());
        let ranges = ok && coding == Coding::Identity;
        if ranges {
            lines.add_ours("accept-ranges", "bytes");
        }
        lines.add_some("location", head.location);
        lines.add_some("link", head.link);
        lines.add_some("content-language", head.language);
        lines.add_cache(head.policy, &head.keys, network);
        lines.add_protection(head.content_type);
        let (head, etag, modified) = (lines.finish()?, value(&etag)?, head.modified);
        Ok(Self { status, head, etag, modified, ranges, length, body, fields: OnceLock::new() })
    }

    /// A face of a picture.
    pub(crate) fn picture(
        granted: &Granted,
        rendition: &Rendition,
        body: Store,
        network: Network,
    ) -> Result<Self, Torn> {
        let content_type = rendition.content_type().ok_or(Torn::Head)?;
        let etag = format!("\"{}\"", rendition.etag);
        let mut lines = Lines::of(StatusCode::OK);
        lines.add_ours("content-type", content_type);
        lines.add("content-length", &rendition.bytes.to_string());
        lines.add("etag", &etag);
        lines.add_ours("accept-ranges", "bytes");
        lines.add_cache(Policy::Picture, &granted.keys, network);
        lines.add_protection(content_type);
        Ok(Self {
            status: StatusCode::OK,
            head: lines.finish()?,
            etag: value(&etag)?,
            modified: None,
            ranges: true,
            length: rendition.bytes,
            body,
            fields: OnceLock::new(),
        })
    }

    /// The fields of the head, for answers that are not the whole of it.
    pub(crate) fn fields(&self) -> &HeaderMap {
        self.fields.get_or_init(|| {
            let line = |line: &[u8]| {
                let colon = line.iter().position(|byte| *byte == b':')?;
                let name = HeaderName::from_bytes(&line[..colon]).ok()?;
                let value = HeaderValue::from_maybe_shared(self.head.slice_ref(&line[colon + 2..])).ok()?;
                Some((name, value))
            };
            self.head
                .split(|byte| *byte == b'\n')
                .skip(1)
                .filter_map(|one| line(one.trim_ascii_end()))
                .collect()
        })
    }

    pub(crate) fn weight(&self) -> u64 {
        FACE_WEIGHT + self.body.length()
    }
}

/// A grant as it is held in memory, with the keys under which its pictures are purged.
#[derive(Debug)]
pub(crate) struct Granted {
    pub grant: Grant,
    pub keys: Vec<String>,
}

impl Granted {
    pub(crate) fn weight(&self) -> u64 {
        FACE_WEIGHT + 192 * self.grant.renditions.len() as u64
    }
}

fn value(text: &str) -> Result<HeaderValue, Torn> {
    HeaderValue::from_str(text).map_err(|_| Torn::Head)
}

/// A head in the making. A value that cannot stand in one spoils the whole.
struct Lines {
    text: String,
    spoilt: bool,
}

impl Lines {
    fn of(status: StatusCode) -> Self {
        let mut text = String::with_capacity(1024);
        text.push_str("HTTP/1.1 ");
        text.push_str(status.as_str());
        text.push(' ');
        text.push_str(status.canonical_reason().unwrap_or_default());
        text.push_str("\r\n");
        Self { text, spoilt: false }
    }

    fn add(&mut self, name: &'static str, value: &str) {
        self.spoilt |= !fit(value);
        self.push(name, value);
    }

    /// A value of our own, which needs no look.
    fn add_ours(&mut self, name: &'static str, value: &'static str) {
        self.push(name, value);
    }

    fn push(&mut self, name: &str, value: &str) {
        self.text.push_str(name);
        self.text.push_str(": ");
        self.text.push_str(value);
        self.text.push_str("\r\n");
    }

    fn add_some(&mut self, name: &'static str, value: Option<&str>) {
        if let Some(value) = value {
            self.add(name, value);
        }
    }

    fn add_cache<K: AsRef<str>>(&mut self, policy: Policy, keys: &[K], network: Network) {
        self.add_ours("cache-control", policy.browsers());
        let (life, name, between) = match network {
            Network::Direct => return,
            Network::SurrogateKey => ("surrogate-control", "surrogate-key", " "),
            Network::CacheTag => ("cdn-cache-control", "cache-tag", ","),
        };
        // What has no key could not be called back, so nobody may keep it for longer.
        if !keys.is_empty() {
            let keys: Vec<&str> = keys.iter().map(AsRef::as_ref).collect();
            self.add(name, &keys.join(between));
            self.add_some(life, policy.networks());
        }
    }

    fn add_protection(&mut self, content_type: &str) {
        for (name, value) in protection(content_type) {
            self.add_ours(name, value);
        }
    }

    fn finish(self) -> Result<Bytes, Torn> {
        if self.spoilt { Err(Torn::Head) } else { Ok(Bytes::from(self.text)) }
    }
}

/// The fields that keep browsers from being used against readers. Pictures and feeds may be shown by other sites
/// (readers of feeds do); pages, styles and scripts may not be built into them.
pub fn protection(content_type: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let html = content_type.starts_with("text/html");
    let ours = html || content_type.starts_with("text/css") || content_type.contains("javascript");
    let always = [
        ("x-content-type-options", "nosniff"),
        ("cross-origin-resource-policy", if ours { "same-origin" } else { "cross-origin" }),
    ];
    let pages = [
        ("content-security-policy", CONTENT_SECURITY_POLICY),
        ("referrer-policy", "strict-origin-when-cross-origin"),
    ];
    always.into_iter().chain(pages.into_iter().filter(move |_| html))
}
