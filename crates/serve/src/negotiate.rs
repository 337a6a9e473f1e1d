//! Which coding a reader gets (RFC 9110 section 12.5.3).

/// The codings that are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Coding {
    Brotli,
    Gzip,
    Identity,
}

impl Coding {
    /// What stands for it in an object.
    pub(crate) const fn number(self) -> u8 {
        match self {
            Self::Identity => 0,
            Self::Brotli => 1,
            Self::Gzip => 2,
        }
    }

    pub(crate) const fn from_number(number: u8) -> Option<Self> {
        match number {
            0 => Some(Self::Identity),
            1 => Some(Self::Brotli),
            2 => Some(Self::Gzip),
            _ => None,
        }
    }

    /// What is put behind the content hash, so that each coding has its own ETag.
    pub(crate) const fn suffix(self) -> &'static str {
        match self {
            Self::Brotli => "-br",
            Self::Gzip => "-gz",
            Self::Identity => "",
        }
    }

    /// The value of `Content-Encoding`.
    pub(crate) const fn name(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Identity => None,
        }
    }
}

/// The best coding for a reader, by the values of `Accept-Encoding`, among those that an object has (bit 0: Brotli, bit 1: gzip; plain always). The plain
/// one is given too where a reader refuses everything: a page is better than a 406.
pub(crate) fn choose<'v>(accept_encoding: impl Iterator<Item = &'v [u8]>, codings: u8) -> Coding {
    if codings == 0 {
        return Coding::Identity;
    }
    let mut wishes = Wishes::default();
    accept_encoding.for_each(|value| wishes.read(value));
    wishes.best(codings)
}

/// Quality values in thousandths, as far as they were said.
#[derive(Debug, Default)]
struct Wishes {
    brotli: Option<u16>,
    gzip: Option<u16>,
    identity: Option<u16>,
    rest: Option<u16>,
}

impl Wishes {
    fn read(&mut self, value: &[u8]) {
        for item in value.split(|byte| *byte == b',') {
            let mut parts = item.split(|byte| *byte == b';').map(<[u8]>::trim_ascii);
            let name = parts.next().unwrap_or_default();
            let quality = parts.find_map(quality).unwrap_or(1000);
            if name.eq_ignore_ascii_case(b"br") {
                self.brotli = Some(quality);
            } else if name.eq_ignore_ascii_case(b"gzip") || name.eq_ignore_ascii_case(b"x-gzip") {
                self.gzip = Some(quality);
            } else if name.eq_ignore_ascii_case(b"identity") {
                self.identity = Some(quality);
            } else if name == b"*" {
                self.rest = Some(quality);
            }
        }
    }

    fn best(&self, codings: u8) -> Coding {
        let brotli = if codings & 1 != 0 { self.brotli.or(self.rest).unwrap_or(0) } else { 0 };
        let gzip = if codings & 2 != 0 { self.gzip.or(self.rest).unwrap_or(0) } else { 0 };
        let identity = self.identity.unwrap_or(0);
        if brotli > 0 && brotli >= gzip && brotli >= identity {
            Coding::Brotli
        } else if gzip > 0 && gzip >= identity {
            Coding::Gzip
        } else {
            Coding::Identity
        }
    }
}

/// Reads `q=0.5` as 500. None for another parameter; a quality that cannot be read is 0, as if refused.
fn quality(part: &[u8]) -> Option<u16> {
    let (name, value) = part.split_at_checked(2)?;
    if !name.eq_ignore_ascii_case(b"q=") {
        return None;
    }
    let text = std::str::from_utf8(value).ok()?;
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let well = fraction.len() <= 3 && fraction.bytes().all(|byte| byte.is_ascii_digit());
    Some(match whole {
        "1" if well => 1000,
        "0" if well => {
            let padded = fraction.bytes().chain(std::iter::repeat(b'0')).take(3);
            padded.fold(0, |sum, digit| sum * 10 + u16::from(digit - b'0'))
        }
        _ => 0,
    })
}

#[cfg(test)]
#[path = "negotiate_tests.rs"]
mod tests;
