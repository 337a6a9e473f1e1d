//! The head of a printed object: what is said of its bodies, in a form that a miss reads without a thought.
//!
//! Numbers are little endian. First the numbers of fixed length: status (2 bytes), printer (4), policy (1), the moment
//! of the last change (8, the smallest number where there is none), the count of bodies (1). Then each body: coding
//! (1), where it begins in the object (4), length (4), CRC-32 (4). Then the texts, each as its length (2 bytes) and its UTF-8: path, content type, hash,
//! location, link, language (empty where there is none), the count of keys as two bytes, the keys. Nothing follows.

use std::fs::File;

use crate::frame::Torn;
use crate::keep::read_part;
use crate::negotiate::Coding;
use crate::policy::Policy;
use crate::site::Cause;

const NO_MOMENT: i64 = i64::MIN;

/// One body as the head describes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Part {
    pub coding: Coding,
    pub begin: u32,
    pub length: u32,
    pub crc: u32,
}

impl Part {
    /// Where it ends in the object.
    pub(crate) const fn end(&self) -> usize {
        self.begin as usize + self.length as usize
    }

    /// Checks the bytes of the body.
    pub(crate) fn check(&self, body: &[u8]) -> Result<(), Torn> {
        match body.len() {
            length if length < self.length as usize => Err(Torn::Short),
            _ if crc32fast::hash(body) == self.crc => Ok(()),
            _ => Err(Torn::Body),
        }
    }

    /// Checks the body in the object's file, without holding it.
    pub(crate) fn check_file(&self, file: &File) -> Result<(), Cause> {
        const STRETCH: usize = 64 * 1024;
        let mut hasher = crc32fast::Hasher::new();
        let (mut from, mut left) = (u64::from(self.begin), self.length as usize);
        while left > 0 {
            let bytes = read_part(file, from, left.min(STRETCH))?;
            if bytes.is_empty() {
                return Err(Torn::Short.into());
            }
            hasher.update(&bytes);
            from += bytes.len() as u64;
            left -= bytes.len();
        }
        if hasher.finalize() == self.crc { Ok(()) } else { Err(Torn::Body.into()) }
    }
}

/// The head as it stands in an object, its texts borrowed from there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Head<'h> {
    pub status: u16,
    pub printer: u32,
    pub policy: Policy,
    pub modified: Option<i64>,
    /// In the order in which they follow the head.
    pub bodies: Vec<Part>,
    pub path: &'h str,
    pub content_type: &'h str,
    pub hash: &'h str,
    pub location: Option<&'h str>,
    pub link: Option<&'h str>,
    pub language: Option<&'h str>,
    pub keys: Vec<&'h str>,
}

impl<'h> Head<'h> {
    /// The bytes; None where a text is longer than 65,535 bytes or there are more keys than that.
    pub(crate) fn encode(&self) -> Option<Vec<u8>> {
        let mut out = Vec::with_capacity(512);
        out.extend_from_slice(&self.status.to_le_bytes());
        out.extend_from_slice(&self.printer.to_le_bytes());
        out.push(self.policy.number());
        out.extend_from_slice(&self.modified.unwrap_or(NO_MOMENT).to_le_bytes());
        out.push(u8::try_from(self.bodies.len()).ok()?);
        for part in &self.bodies {
            out.push(part.coding.number());
            for number in [part.begin, part.length, part.crc] {
                out.extend_from_slice(&number.to_le_bytes());
            }
        }
        let optional = [self.location, self.link, self.language].map(Option::unwrap_or_default);
        for text in [self.path, self.content_type, self.hash].into_iter().chain(optional) {
            put_text(&mut out, text)?;
        }
        out.extend_from_slice(&u16::try_from(self.keys.len()).ok()?.to_le_bytes());
        for key in &self.keys {
            put_text(&mut out, key)?;
        }
        Some(out)
    }

    /// Reads a head whose checksum was right.
    pub(crate) fn parse(bytes: &'h [u8]) -> Result<Self, Torn> {
        let mut rest = Rest(bytes);
        let head = Self::take(&mut rest).ok_or(Torn::Head)?;
        if rest.0.is_empty() { Ok(head) } else { Err(Torn::Head) }
    }

    fn take(rest: &mut Rest<'h>) -> Option<Self> {
        let status = u16::from_le_bytes(rest.fixed()?);
        let printer = u32::from_le_bytes(rest.fixed()?);
        let policy = Policy::from_number(rest.byte()?)?;
        let moment = i64::from_le_bytes(rest.fixed()?);
        let mut bodies = Vec::with_capacity(3);
        for _ in 0..rest.byte()? {
            let coding = Coding::from_number(rest.byte()?)?;
            let mut number = || rest.fixed().map(u32::from_le_bytes);
            bodies.push(Part { coding, begin: number()?, length: number()?, crc: number()? });
        }
        let some = |text: &'h str| (!text.is_empty()).then_some(text);
        Some(Self {
            status,
            printer,
            policy,
            modified: (moment != NO_MOMENT).then_some(moment),
            bodies,
            path: rest.text()?,
            content_type: rest.text()?,
            hash: rest.text()?,
            location: some(rest.text()?),
            link: some(rest.text()?),
            language: some(rest.text()?),
            keys: (0..u16::from_le_bytes(rest.fixed()?)).map(|_| rest.text()).collect::<Option<_>>()?,
        })
    }

    /// What is said of the body in a coding, if there is one.
    pub(crate) fn body(&self, wanted: Coding) -> Option<Part> {
        self.bodies.iter().find(|part| part.coding == wanted).copied()
    }
}

fn put_text(out: &mut Vec<u8>, text: &str) -> Option<()> {
    out.extend_from_slice(&u16::try_from(text.len()).ok()?.to_le_bytes());
    out.extend_from_slice(text.as_bytes());
    Some(())
}

/// What of a head is not read yet.
struct Rest<'h>(&'h [u8]);

impl<'h> Rest<'h> {
    fn fixed<const N: usize>(&mut self) -> Option<[u8; N]> {
        let (first, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(*first)
    }

    fn byte(&mut self) -> Option<u8> {
        self.fixed::<1>().map(|[byte]| byte)
    }

    fn text(&mut self) -> Option<&'h str> {
        let length = u16::from_le_bytes(self.fixed()?);
        let (text, rest) = self.0.split_at_checked(usize::from(length))?;
        self.0 = rest;
        std::str::from_utf8(text).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::{Head, Part};
    use crate::Policy;
    use crate::negotiate::Coding;

    fn full() -> Head<'static> {
        Head {
            status: 410,
            printer: 7,
            policy: Policy::Hashed,
            modified: Some(-5),
            bodies: vec![
                Part { coding: Coding::Brotli, begin: 4, length: 9, crc: 1 },
                Part { coding: Coding::Gzip, begin: 13, length: 10, crc: 2 },
                Part { coding: Coding::Identity, begin: 4096, length: u32::MAX, crc: 3 },
            ],
            path: "/фото",
            content_type: "text/html",
            hash: "abc",
            location: Some("/a"),
            link: Some("</a>"),
            language: Some("ru"),
            keys: vec!["story:1", "photo:2"],
        }
    }

    #[test]
    fn a_head_is_read_back_full_or_bare() {
        let bare =
            Head { modified: None, location: None, link: None, language: None, keys: Vec::new(), ..full() };
        for head in [full(), bare] {
            assert_eq!(Head::parse(&head.encode().unwrap()), Ok(head));
        }
    }

    #[test]
    fn no_cut_and_no_tail_is_taken_for_a_head() {
        let mut bytes = full().encode().unwrap();
        for length in 0..bytes.len() {
            assert!(Head::parse(&bytes[..length]).is_err(), "{length}");
        }
        bytes.push(0);
        assert!(Head::parse(&bytes).is_err());
    }

    #[test]
    fn a_text_that_is_too_long_is_refused() {
        let long = "a".repeat(65_536);
        assert_eq!(Head { link: Some(&long), ..full() }.encode(), None);
    }
}
