//! The printed object: one page, feed, asset, redirect, farewell or grant as finished bytes with a small head.
//!
//! Layout: the frame of [`crate::frame`] around a [`crate::head::Head`], then the bodies in the order Brotli, gzip, plain, so that
//! the one most readers want lies right behind the head and a miss is one read. The head gives place, length and CRC-32
//! of each body, so a reader checks only the body it wants; [`Printed::decode`] checks them all. A large body begins at
//! a multiple of [`PAGE`], after zeros: then it fills the fewest pages of memory, and the kernel sends it in the fewest
//! packets (measured: 64 KB in one and not three, at half the cost).

use bytes::Bytes;
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::frame::{self, PREFIX, Torn};
use crate::grant::Grant;
use crate::head::{Head, Part};
use crate::key::address;
use crate::negotiate::Coding;
use crate::policy::Policy;
use crate::press;

/// Names an object and its format version.
pub(crate) const MAGIC: [u8; 4] = *b"HTp1";

/// What large bodies are aligned to, in bytes.
const PAGE: usize = 4096;

/// Bodies longer than this may be sent from their file, and are aligned for it.
pub(crate) const LARGE: usize = 24 * 1024;

/// The only statuses that are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// 200, a page, feed, asset or grant.
    Ok,
    /// 301, the same thing under another address.
    MovedPermanently,
    /// 308, as 301, for other methods than GET too.
    PermanentRedirect,
    /// 404, the page for whatever is not there.
    NotFound,
    /// 410, withdrawn.
    Gone,
}

impl Status {
    /// The number in the answer.
    #[must_use]
    pub const fn number(self) -> u16 {
        match self {
            Self::Ok => 200,
            Self::MovedPermanently => 301,
            Self::PermanentRedirect => 308,
            Self::NotFound => 404,
            Self::Gone => 410,
        }
    }

    const fn from_number(number: u16) -> Option<Self> {
        match number {
            200 => Some(Self::Ok),
            301 => Some(Self::MovedPermanently),
            308 => Some(Self::PermanentRedirect),
            404 => Some(Self::NotFound),
            410 => Some(Self::Gone),
            _ => None,
        }
    }
}

/// Why something cannot be printed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PrintFault {
    /// The value of a header field holds something else than visible ASCII and single spaces.
    #[error("{field} cannot stand in a header: {value:?}")]
    Header {
        /// Which one.
        field: &'static str,
        /// What was handed in.
        value: String,
    },
    /// A body of four gigabytes or more.
    #[error("a body of {0} bytes is too long for the tree")]
    TooLong(usize),
    /// A text of the head is longer than 65,535 bytes, or there are more keys than that.
    #[error("what is said of the object is too long for its head")]
    LongHead,
    /// The path could never be asked for; see [`crate::canonical`].
    #[error("no reader could ask for the path {0:?}")]
    Path(String),
    /// Change numbers have 48 bits.
    #[error("the change number {0} is out of range")]
    Change(u64),
}

/// A printed object before it is written, or after it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// Status of the answer.
    pub status: Status,
    /// `Content-Type`.
    pub content_type: String,
    /// Version of the templates that printed it; an upgrade reprints older ones.
    pub printer: u32,
    /// Life in caches.
    pub policy: Policy,
    /// Keys under which content networks purge it: visible ASCII without comma.
    pub keys: Vec<String>,
    /// `Location` of a redirect, percent-encoded.
    pub location: Option<String>,
    /// `Last-Modified`, in seconds since 1970 UTC.
    pub modified: Option<i64>,
    /// `Link`, such as preloads and the canonical address.
    pub link: Option<String>,
    /// `Content-Language`.
    pub language: Option<String>,
    /// Base of the ETag: the first 20 hexadecimal digits of the SHA-256 of the plain body.
    pub hash: String,
    /// The body as it is.
    pub plain: Bytes,
    /// The body in Brotli, where that is smaller.
    pub brotli: Option<Bytes>,
    /// The body in gzip, where that is smaller.
    pub gzip: Option<Bytes>,
}

impl Printed {
    /// A page, feed or asset; compresses the body where that helps. `printer` is the version of the templates.
    #[must_use]
    pub fn new(status: Status, content_type: &str, body: impl Into<Bytes>, printer: u32) -> Self {
        Self::unpressed(status, content_type, body, printer).pressed(None)
    }

    /// As [`Self::new`], without its compressed forms: for whoever can tell [`Self::pressed`] what stands at its path.
    #[must_use]
    pub fn unpressed(status: Status, content_type: &str, body: impl Into<Bytes>, printer: u32) -> Self {
        let plain = body.into();
        let policy = if status == Status::Ok { Policy::Page } else { Policy::Fault };
        Self {
            status,
            content_type: content_type.to_owned(),
            printer,
            policy,
            keys: Vec::new(),
            location: None,
            modified: None,
            link: None,
            language: None,
            hash: content_hash(&plain),
            plain,
            brotli: None,
            gzip: None,
        }
    }

    /// With the compressed forms of its body, where these are smaller. Those of `standing`, an object with the same
    /// body, are taken over: compressing costs more than all else of a print.
    #[must_use]
    pub fn pressed(mut self, standing: Option<&Self>) -> Self {
        if self.brotli.is_some() || self.gzip.is_some() {
            return self;
        }
        let same = |one: &&Self| one.plain == self.plain && one.content_type == self.content_type;
        (self.brotli, self.gzip) = match standing.filter(same) {
            Some(standing) => (standing.brotli.clone(), standing.gzip.clone()),
            None => press::press(&self.content_type, &self.plain),
        };
        self
    }

    /// A redirect (301 where `status` is not a redirect) to a path or an absolute address, with a short body for the
    /// few programs that show it.
    #[must_use]
    pub fn redirect(status: Status, to: &str, printer: u32) -> Self {
        let status = if status == Status::PermanentRedirect { status } else { Status::MovedPermanently };
        let location = address(to);
        let body = format!("Moved to {location}\n");
        let mut printed = Self::new(status, "text/plain; charset=utf-8", body, printer);
        printed.policy = Policy::Short;
        printed.location = Some(location);
        printed
    }

    /// A grant for the pictures of one photo; never sent to readers.
    ///
    /// # Errors
    /// None today: a grant is always expressible; the signature leaves serde's own.
    pub fn grant(grant: &Grant, printer: u32) -> Result<Self, serde_json::Error> {
        let printed = Self::unpressed(Status::Ok, "application/json", serde_json::to_vec(grant)?, printer);
        Ok(printed.with_policy(Policy::Picture))
    }

    /// Sets the life in caches.
    #[must_use]
    pub const fn with_policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Sets the keys under which content networks purge it.
    #[must_use]
    pub fn with_keys<K: Into<String>>(mut self, keys: impl IntoIterator<Item = K>) -> Self {
        self.keys = keys.into_iter().map(Into::into).collect();
        self
    }

    /// Sets `Last-Modified`, in seconds since 1970 UTC.
    #[must_use]
    pub const fn with_modified(mut self, seconds: i64) -> Self {
        self.modified = Some(seconds);
        self
    }

    /// Sets `Link`.
    #[must_use]
    pub fn with_link(mut self, link: impl Into<String>) -> Self {
        self.link = Some(link.into());
        self
    }

    /// Sets `Content-Language`.
    #[must_use]
    pub fn with_language(mut self, language: impl Into<String>) -> Self {
        self.language = Some(language.into());
        self
    }

    /// Which codings the object has besides the plain one, as the map keeps them.
    pub(crate) fn codings(&self) -> u8 {
        u8::from(self.brotli.is_some()) | u8::from(self.gzip.is_some()) << 1
    }

    /// The object as it is written for `path`.
    ///
    /// # Errors
    /// [`PrintFault::Header`] for a value that cannot stand in a header, [`PrintFault::TooLong`] from 4 GB on.
    pub fn encode(&self, path: &str) -> Result<Vec<u8>, PrintFault> {
        self.encode_with_reach(path).map(|(bytes, _)| bytes)
    }

    /// The object, and where its first body ends in it.
    pub(crate) fn encode_with_reach(&self, path: &str) -> Result<(Vec<u8>, usize), PrintFault> {
        self.check()?;
        let bodies = [(Coding::Brotli, &self.brotli), (Coding::Gzip, &self.gzip)]
            .into_iter()
            .filter_map(|(coding, body)| body.as_ref().map(|body| (coding, body)))
            .chain([(Coding::Identity, &self.plain)]);
        let bodies: Vec<(Coding, &Bytes)> = bodies.collect();
        let mut head = self.head(path, &bodies);
        // The places of the bodies depend on the length of the head, which does not depend on the places.
        let behind = PREFIX + head.encode().ok_or(PrintFault::LongHead)?.len();
        let mut end = behind;
        for (part, (_, body)) in head.bodies.iter_mut().zip(&bodies) {
            let begin = if body.len() > LARGE { end.next_multiple_of(PAGE) } else { end };
            end = begin + body.len();
            let number = |place: usize| u32::try_from(place).map_err(|_| PrintFault::TooLong(body.len()));
            (part.begin, part.length) = (number(begin)?, number(body.len())?);
            number(end)?;
        }
        let reach = head.bodies.first().map_or(behind, Part::end);
        let encoded = head.encode().ok_or(PrintFault::LongHead)?;
        let mut out = frame::wrap(MAGIC, &encoded, end - behind);
        for (part, (_, body)) in head.bodies.iter().zip(&bodies) {
            out.resize(part.begin as usize, 0);
            out.extend_from_slice(body);
        }
        Ok((out, reach))
    }

    /// The head, its bodies without places yet.
    fn head<'p>(&'p self, path: &'p str, bodies: &[(Coding, &Bytes)]) -> Head<'p> {
        let part = |(coding, body): &(Coding, &Bytes)| {
            let crc = crc32fast::hash(body);
            Part { coding: *coding, begin: 0, length: 0, crc }
        };
        Head {
            status: self.status.number(),
            printer: self.printer,
            policy: self.policy,
            modified: self.modified,
            bodies: bodies.iter().map(part).collect(),
            path,
            content_type: &self.content_type,
            hash: &self.hash,
            location: self.location.as_deref(),
            link: self.link.as_deref(),
            language: self.language.as_deref(),
            keys: self.keys.iter().map(String::as_str).collect(),
        }
    }

    fn check(&self) -> Result<(), PrintFault> {
        let fields = [
            ("Content-Type", Some(&self.content_type)),
            ("Location", self.location.as_ref()),
            ("Link", self.link.as_ref()),
            ("Content-Language", self.language.as_ref()),
        ];
        for (field, value) in fields {
            if let Some(value) = value.filter(|value| !fit(value)) {
                return Err(PrintFault::Header { field, value: value.clone() });
            }
        }
        let key_fits = |key: &&String| !fit(key) || key.contains([',', ' ']);
        self.keys
            .iter()
            .find(key_fits)
            .map_or(Ok(()), |key| Err(PrintFault::Header { field: "a key", value: key.clone() }))
    }

    /// Reads an object back, with the path it was printed for, and checks all of it.
    ///
    /// # Errors
    /// [`Torn`] says how the bytes differ from what was written.
    pub fn decode(bytes: &[u8]) -> Result<(String, Self), Torn> {
        let (head, rest) = frame::unwrap(MAGIC, bytes)?;
        let mut end = bytes.len() - rest.len();
        let head = Head::parse(head)?;
        for part in &head.bodies {
            let gap = bytes.get(end..part.begin as usize).ok_or(Torn::Short)?;
            part.check(bytes.get(part.begin as usize..part.end()).ok_or(Torn::Short)?)?;
            if gap.iter().any(|byte| *byte != 0) {
                return Err(Torn::Body);
            }
            end = part.end();
        }
        if bytes.len() > end {
            return Err(Torn::Long);
        }
        let take = |coding| {
            let part = head.body(coding)?;
            bytes.get(part.begin as usize..part.end()).map(Bytes::copy_from_slice)
        };
        let (brotli, gzip) = (take(Coding::Brotli), take(Coding::Gzip));
        let plain = take(Coding::Identity).ok_or(Torn::Head)?;
        let printed = Self {
            status: Status::from_number(head.status).ok_or(Torn::Head)?,
            content_type: head.content_type.to_owned(),
            printer: head.printer,
            policy: head.policy,
            keys: head.keys.iter().copied().map(str::to_owned).collect(),
            location: head.location.map(str::to_owned),
            modified: head.modified,
            link: head.link.map(str::to_owned),
            language: head.language.map(str::to_owned),
            hash: head.hash.to_owned(),
            plain,
            brotli,
            gzip,
        };
        Ok((head.path.to_owned(), printed))
    }
}

/// Whether a text may stand in a header field: visible ASCII and spaces (RFC 9110 section 5.5, without its history).
pub(crate) fn fit(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic() || byte == b' ')
}

/// The first 20 hexadecimal digits of the SHA-256 of `body`: eighty bits, enough for two versions of one page.
fn content_hash(body: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(body).iter().take(10).fold(String::with_capacity(20), |mut hex, byte| {
        // Writing into a String cannot fail.
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
#[path = "object_tests.rs"]
mod tests;
