//! Conditional requests and byte ranges (RFC 9110 sections 13 and 14).

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use hyper::header::{self, HeaderMap, HeaderValue};

/// Seconds since 1970 of an HTTP date, or None where it cannot be read.
fn seconds(value: &HeaderValue) -> Option<i64> {
    let moment = httpdate::parse_http_date(value.to_str().ok()?).ok()?;
    i64::try_from(moment.duration_since(UNIX_EPOCH).ok()?.as_secs()).ok()
}

/// An HTTP date; None before 1970.
pub(crate) fn http_date(seconds: i64) -> Option<String> {
    let since = Duration::from_secs(u64::try_from(seconds).ok()?);
    SystemTime::UNIX_EPOCH.checked_add(since).map(httpdate::fmt_http_date)
}

/// Whether the sender asked for another state of it than there is (RFC 9110 section 13.2.2, the first two steps):
/// `If-Match` by strong comparison, else `If-Unmodified-Since`.
pub(crate) fn precondition_failed(headers: &HeaderMap, etag: &HeaderValue, modified: Option<i64>) -> bool {
    let mut tags = headers.get_all(header::IF_MATCH).iter().peekable();
    if tags.peek().is_some() {
        return !tags.any(|value| names_strongly(value.as_bytes(), etag.as_bytes()));
    }
    let since = headers.get(header::IF_UNMODIFIED_SINCE).and_then(seconds);
    matches!((modified, since), (Some(modified), Some(since)) if modified > since)
}

/// Whether the reader has it already: `If-None-Match` by weak comparison, else `If-Modified-Since`.
pub(crate) fn not_modified(headers: &HeaderMap, etag: &HeaderValue, modified: Option<i64>) -> bool {
    let mut tags = headers.get_all(header::IF_NONE_MATCH).iter().peekable();
    if tags.peek().is_some() {
        return tags.any(|value| names(value.as_bytes(), etag.as_bytes()));
    }
    let since = headers.get(header::IF_MODIFIED_SINCE).and_then(seconds);
    matches!((modified, since), (Some(modified), Some(since)) if modified <= since)
}

/// Whether a list of entity tags names `etag` (in quotes, strong), or anything by `*`, by weak comparison.
fn names(list: &[u8], etag: &[u8]) -> bool {
    tags(list).any(|tag| tag == b"*" || tag.strip_prefix(b"W/").unwrap_or(tag) == etag)
}

/// The same by strong comparison: a weak tag names nothing.
fn names_strongly(list: &[u8], etag: &[u8]) -> bool {
    tags(list).any(|tag| tag == b"*" || tag == etag)
}

/// The tags of a list. No tag of ours holds a comma.
fn tags(list: &[u8]) -> impl Iterator<Item = &[u8]> {
    list.split(|byte| *byte == b',').map(<[u8]>::trim_ascii)
}

/// What part of a body is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// All of it, because nothing else was asked for in a way that is understood.
    Whole,
    /// From the first to the last byte, both included.
    Part { first: u64, last: u64 },
    /// No byte of the body lies in the range.
    Nothing,
}

/// Reads `Range`, with `If-Range`, for a body of `length` bytes. Several ranges, other units and what cannot be read
/// give the whole body (RFC 9110 section 14.2).
pub(crate) fn wanted(headers: &HeaderMap, length: u64, etag: &HeaderValue, modified: Option<i64>) -> Wanted {
    let Some(range) = headers.get(header::RANGE) else { return Wanted::Whole };
    if let Some(condition) = headers.get(header::IF_RANGE) {
        let dated = || modified.is_some() && seconds(condition) == modified;
        if condition != etag && !dated() {
            return Wanted::Whole;
        }
    }
    range.to_str().ok().and_then(|range| parse(range, length)).unwrap_or(Wanted::Whole)
}

fn parse(range: &str, length: u64) -> Option<Wanted> {
    let (unit, range) = range.split_once('=')?;
    let (first, last) = range.trim().split_once('-')?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !unit.trim().eq_ignore_ascii_case("bytes") || !digits(first) || !digits(last) {
        return None;
    }
    // A number too long for 64 bits is still a number, and beyond the end.
    let number = |text: &str| text.parse().unwrap_or(u64::MAX);
    let (first, last) = match (first, last) {
        ("", "") => return None,
        ("", suffix) => {
            (length.saturating_sub(number(suffix)), if number(suffix) == 0 { 0 } else { u64::MAX })
        }
        (first, "") => (number(first), u64::MAX),
        (first, last) if number(last) < number(first) => return None,
        (first, last) => (number(first), number(last)),
    };
    let empty_suffix = range.trim() == "-0";
    if first >= length || empty_suffix {
        return Some(Wanted::Nothing);
    }
    Some(Wanted::Part { first, last: last.min(length - 1) })
}

#[cfg(test)]
#[path = "conditional_tests.rs"]
mod tests;
