//! Paths of the tree and their keys.
//!
//! A path is kept as a reader would say it: decoded UTF-8 in NFC, beginning with `/`. Its key is the first half of its
//! SHA-256; the map and the object names use keys only, so no path that a stranger sends ever reaches a file name.

use std::borrow::Cow;
use std::fmt;

use sha2::{Digest, Sha256};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// The longest path in bytes of decoded UTF-8; longer ones are not in any tree.
pub const LONGEST_PATH: usize = 2048;

/// Under this name lies the page that is shown with 404. It has no leading `/`, so nobody can ask for it.
pub const MISSING_PAGE: &str = "missing";

/// Under this name lies the page that is shown with 410 where a tombstone has no page of its own.
pub const GONE_PAGE: &str = "gone";

/// What a path is called in the map and in object names: the first 16 bytes of the SHA-256 of its UTF-8.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key([u8; 16]);

impl Key {
    /// The key of a canonical path (see [`canonical`]) or of [`MISSING_PAGE`] and [`GONE_PAGE`].
    #[must_use]
    pub fn of(path: &str) -> Self {
        let digest = Sha256::digest(path.as_bytes());
        let mut key = [0; 16];
        key.copy_from_slice(&digest[..16]);
        Self(key)
    }

    /// The key as it stands in a snapshot of the map.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The sixteen bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// Reads 32 hexadecimal digits.
    #[must_use]
    pub fn from_hex(text: &str) -> Option<Self> {
        (text.len() == 32 && text.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(())?;
        u128::from_str_radix(text, 16).ok().map(|number| Self(number.to_be_bytes()))
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", u128::from_be_bytes(self.0))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({self})")
    }
}

/// The canonical form of a decoded path, or None where no tree may hold it: it begins with one `/`, is in NFC, has no
/// control character, no backslash, no empty, `.` or `..` segment (a trailing `/` is kept) and at most
/// [`LONGEST_PATH`] bytes.
#[must_use]
pub fn canonical(path: &str) -> Option<Cow<'_, str>> {
    if path.len() > LONGEST_PATH || path.bytes().any(|byte| byte < 0x20 || byte == 0x7f || byte == b'\\') {
        return None;
    }
    let inner = path.strip_prefix('/')?;
    let segments = inner.strip_suffix('/').unwrap_or(inner);
    let plain = |segment: &str| !matches!(segment, "" | "." | "..");
    if !(inner.is_empty() || segments.split('/').all(plain)) {
        return None;
    }
    if path.is_ascii() || is_nfc_quick(path.chars()) == IsNormalized::Yes {
        return Some(Cow::Borrowed(path));
    }
    let normal: String = path.nfc().collect();
    (normal.len() <= LONGEST_PATH).then_some(Cow::Owned(normal))
}

/// What the path of a request turned out to be.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Asked<'r> {
    /// A canonical path; whether the tree holds it is another question.
    Path(Cow<'r, str>),
    /// Well formed, but no tree holds such a path; a live route may.
    Elsewhere,
    /// Broken percent-encoding, or bytes that are not UTF-8, or control characters.
    Malformed,
}

/// Reads the path of a request target as it came over the wire.
pub(crate) fn asked(raw: &str) -> Asked<'_> {
    if !raw.as_bytes().contains(&b'%') {
        return canonical(raw).map_or(Asked::Elsewhere, Asked::Path);
    }
    let Some(decoded) = decode(raw) else { return Asked::Malformed };
    // An encoded question mark would make a second address of an edition (`/story/x?light`).
    if decoded.contains('?') {
        return Asked::Elsewhere;
    }
    // An encoded slash would make two addresses of one page and confuse proxies that decode it.
    if decoded.bytes().filter(|byte| *byte == b'/').count()
        != raw.bytes().filter(|byte| *byte == b'/').count()
    {
        return Asked::Elsewhere;
    }
    canonical(&decoded).map_or(Asked::Elsewhere, |path| Asked::Path(Cow::Owned(path.into_owned())))
}

/// The path of the tree that a root-relative address leads to, `?edition` included where it names one; None for an
/// address that no tree can hold.
#[must_use]
pub fn path_of(address: &str) -> Option<String> {
    let (path, edition) =
        address.split_once('?').map_or((address, None), |(path, edition)| (path, Some(edition)));
    let Asked::Path(path) = asked(path) else { return None };
    Some(edition.map_or_else(|| path.clone().into_owned(), |edition| format!("{path}?{edition}")))
}

/// Undoes percent-encoding (RFC 3986 section 2.1). None for a broken triplet, a control character, or what is not UTF-8.
fn decode(raw: &str) -> Option<String> {
    let mut out = Vec::with_capacity(raw.len());
    let mut bytes = raw.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            out.push(byte);
            continue;
        }
        let high = char::from(bytes.next()?).to_digit(16)?;
        let low = char::from(bytes.next()?).to_digit(16)?;
        out.push(u8::try_from(high * 16 + low).ok()?);
    }
    let text = String::from_utf8(out).ok()?;
    (!text.bytes().any(|byte| byte < 0x20 || byte == 0x7f)).then_some(text)
}

/// Whether a byte may stand unencoded in an address (RFC 3986 appendix A).
pub(crate) fn stands_in_an_address(byte: u8) -> bool {
    byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte)
}

/// A path or address as it may stand in a header or a link: whatever is not printable ASCII, and `"<>\^`{|}`, is
/// percent-encoded; what is encoded already stays as it is.
#[must_use]
pub fn address(path: &str) -> String {
    use std::fmt::Write as _;
    let mut out = String::with_capacity(path.len() + 16);
    for byte in path.bytes() {
        if stands_in_an_address(byte) {
            out.push(char::from(byte));
        } else {
            // Writing into a String cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
#[path = "key_tests.rs"]
mod tests;
