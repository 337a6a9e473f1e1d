//! A printed object as one kind of reader gets it: one coding, with every header value made beforehand, so that a hit
//! copies reference counts and nothing else.

use bytes::Bytes;
use hyper::StatusCode;
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};

use crate::conditional::http_date;
use crate::frame::Torn;
use crate::grant::{Grant, Rendition};
use crate::negotiate::Coding;
use crate::object::Head;
use crate::policy::{Network, Policy};

const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; img-src 'self' data:; style-src 'self'; \
     script-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const CDN_CACHE_CONTROL: HeaderName = HeaderName::from_static("cdn-cache-control");
const SURROGATE_CONTROL: HeaderName = HeaderName::from_static("surrogate-control");
const SURROGATE_KEY: HeaderName = HeaderName::from_static("surrogate-key");
const CACHE_TAG: HeaderName = HeaderName::from_static("cache-tag");
const CORP: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// Roughly what a face costs beside its body.
const FACE_WEIGHT: u64 = 1536;

/// One coding of one object.
#[derive(Debug)]
pub(crate) struct Face {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub etag: HeaderValue,
    pub modified: Option<i64>,
    /// Whether byte ranges are given: pictures and the plain coding.
    pub ranges: bool,
    pub length: u64,
    /// None where it is too large to be held and is read piece by piece.
    pub body: Option<Bytes>,
}

impl Face {
    /// A face of a page, feed, asset, redirect or farewell.
    pub(crate) fn page(head: &Head, coding: Coding, body: Bytes, network: Network) -> Result<Self, Torn> {
        let mut headers = HeaderMap::with_capacity(20);
        headers.insert(header::CONTENT_TYPE, value(&head.content_type)?);
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
        if let Some(name) = coding.name() {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
        }
        if head.bodies.len() > 1 {
            headers.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
        }
        let etag = value(&format!("\"{}{}\"", head.hash, coding.suffix()))?;
        let ranges = coding == Coding::Identity && head.status == 200;
        if head.status == 200 {
            headers.insert(header::ETAG, etag.clone());
            if let Some(date) = head.modified.and_then(http_date) {
                headers.insert(header::LAST_MODIFIED, value(&date)?);
            }
        }
        if ranges {
            headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        }
        let optional = [
            (header::LOCATION, &head.location),
            (header::LINK, &head.link),
            (header::CONTENT_LANGUAGE, &head.language),
        ];
        for (name, text) in optional {
            if let Some(text) = text {
                headers.insert(name, value(text)?);
            }
        }
        cache(&mut headers, head.policy, &head.keys, network)?;
        protect(&mut headers, &head.content_type);
        let status = StatusCode::from_u16(head.status).map_err(|_| Torn::Head)?;
        let length = body.len() as u64;
        Ok(Self { status, headers, etag, modified: head.modified, ranges, length, body: Some(body) })
    }

    /// A face of a picture. `body` is None where it is to be read piece by piece.
    pub(crate) fn picture(
        granted: &Granted,
        rendition: &Rendition,
        body: Option<Bytes>,
        network: Network,
    ) -> Result<Self, Torn> {
        let content_type = rendition.content_type().ok_or(Torn::Head)?;
        let mut headers = HeaderMap::with_capacity(12);
        let etag = value(&format!("\"{}\"", rendition.etag))?;
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        headers.insert(header::CONTENT_LENGTH, HeaderValue::from(rendition.bytes));
        headers.insert(header::ETAG, etag.clone());
        headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
        cache(&mut headers, Policy::Picture, &granted.keys, network)?;
        protect(&mut headers, content_type);
        let status = StatusCode::OK;
        Ok(Self { status, headers, etag, modified: None, ranges: true, length: rendition.bytes, body })
    }

    pub(crate) fn weight(&self) -> u64 {
        FACE_WEIGHT + self.body.as_ref().map_or(0, |body| body.len() as u64)
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

fn cache(headers: &mut HeaderMap, policy: Policy, keys: &[String], network: Network) -> Result<(), Torn> {
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(policy.browsers()));
    let (life, name, joined) = match network {
        Network::Direct => return Ok(()),
        Network::SurrogateKey => (SURROGATE_CONTROL, SURROGATE_KEY, keys.join(" ")),
        Network::CacheTag => (CDN_CACHE_CONTROL, CACHE_TAG, keys.join(",")),
    };
    // What has no key could not be called back, so nobody may keep it for longer.
    if !keys.is_empty() {
        headers.insert(name, value(&joined)?);
        if let Some(networks) = policy.networks() {
            headers.insert(life, HeaderValue::from_static(networks));
        }
    }
    Ok(())
}

/// The headers that keep browsers from being used against readers. Pictures and feeds may be shown by other sites
/// (readers of feeds do); pages, styles and scripts may not be built into them.
pub(crate) fn protect(headers: &mut HeaderMap, content_type: &str) {
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    let html = content_type.starts_with("text/html");
    let ours = html || content_type.starts_with("text/css") || content_type.contains("javascript");
    headers.insert(CORP, HeaderValue::from_static(if ours { "same-origin" } else { "cross-origin" }));
    if html {
        let policy = HeaderValue::from_static(CONTENT_SECURITY_POLICY);
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
        let referrer = HeaderValue::from_static("strict-origin-when-cross-origin");
        headers.insert(header::REFERRER_POLICY, referrer);
    }
}
