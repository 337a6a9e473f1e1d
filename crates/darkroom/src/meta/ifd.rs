//! TIFF directories, which EXIF blocks and TIFF files are made of (TIFF 6.0, section 2). Only the directories that are
//! asked for are read, each once, so that neither loops nor directories that overlap can multiply the work.

use super::octets::{Order, slice, u16_at, u32_at};

/// Entries read of one directory. Real ones have fewer than a hundred; a TIFF file's perhaps some hundreds.
const MOST_ENTRIES: usize = 4_096;

/// A TIFF structure: an EXIF block or a TIFF file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tiff<'a> {
    bytes: &'a [u8],
    /// Byte order.
    pub order: Order,
    /// Where the first directory stands.
    pub first: usize,
}

/// One entry of a directory. Its bytes are those that are really there.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Entry<'a> {
    /// Tag number.
    pub tag: u16,
    /// Type code (TIFF 6.0, section 2; 129 is EXIF 3.0's UTF-8).
    pub kind: u16,
    /// The value's bytes in the structure's order.
    pub bytes: &'a [u8],
    order: Order,
}

/// A directory.
#[derive(Debug, Default)]
pub(crate) struct Directory<'a> {
    /// Its entries in the order of the file.
    pub entries: Vec<Entry<'a>>,
    /// Where the next directory stands; 0 for none.
    pub next: usize,
    /// It breaks off, or an entry points outside.
    pub damaged: bool,
}

impl<'a> Tiff<'a> {
    /// Reads the header: byte order, 42, offset of the first directory. `None` when it is none.
    pub fn new(bytes: &'a [u8]) -> Option<Self> {
        let order = match slice(bytes, 0, 2)? {
            b"II" => Order::Little,
            b"MM" => Order::Big,
            _ => return None,
        };
        // 42; makers of raw files put others there, which are no TIFF for us.
        if u16_at(bytes, 2, order)? != 42 {
            return None;
        }
        let first = usize::try_from(u32_at(bytes, 4, order)?).ok()?;
        Some(Self { bytes, order, first })
    }

    /// Reads the directory at `at`.
    pub fn directory(&self, at: usize) -> Directory<'a> {
        let mut directory = Directory::default();
        let Some(count) = u16_at(self.bytes, at, self.order).map(usize::from) else {
            directory.damaged = true;
            return directory;
        };
        let start = at.saturating_add(2);
        for index in 0..count.min(MOST_ENTRIES) {
            let Some(record) = slice(self.bytes, start.saturating_add(index.saturating_mul(12)), 12) else {
                directory.damaged = true;
                return directory;
            };
            match self.entry(record, start.saturating_add(index.saturating_mul(12))) {
                Some(entry) => directory.entries.push(entry),
                None => directory.damaged = true,
            }
        }
        directory.damaged |= count > MOST_ENTRIES;
        let end = start.saturating_add(count.saturating_mul(12));
        directory.next =
            u32_at(self.bytes, end, self.order).and_then(|next| usize::try_from(next).ok()).unwrap_or(0);
        directory
    }

    fn entry(&self, record: &[u8], at: usize) -> Option<Entry<'a>> {
        let tag = u16_at(record, 0, self.order)?;
        let kind = u16_at(record, 2, self.order)?;
        let count = usize::try_from(u32_at(record, 4, self.order)?).ok()?;
        let length = count.checked_mul(width(kind)?)?;
        let position = if length <= 4 {
            at.checked_add(8)?
        } else {
            usize::try_from(u32_at(record, 8, self.order)?).ok()?
        };
        let bytes = slice(self.bytes, position, length)?;
        Some(Entry { tag, kind, bytes, order: self.order })
    }
}

impl<'a> Directory<'a> {
    /// The first entry with this tag.
    pub fn get(&self, tag: u16) -> Option<&Entry<'a>> {
        self.entries.iter().find(|entry| entry.tag == tag)
    }

    /// The first number of the entry with this tag.
    pub fn number(&self, tag: u16) -> Option<u32> {
        self.get(tag).and_then(Entry::number)
    }

    /// The place that the entry with this tag points to.
    pub fn offset(&self, tag: u16) -> Option<usize> {
        self.number(tag).and_then(|number| usize::try_from(number).ok()).filter(|at| *at > 0)
    }
}

impl Entry<'_> {
    /// Its first value where that is a byte, short or long.
    pub fn number(&self) -> Option<u32> {
        match self.kind {
            1 | 6 | 7 => self.bytes.first().map(|byte| u32::from(*byte)),
            3 | 8 => u16_at(self.bytes, 0, self.order).map(u32::from),
            4 | 9 | 13 => u32_at(self.bytes, 0, self.order),
            _ => None,
        }
    }

    /// Its first value where that is a ratio of two numbers without signs.
    pub fn ratio(&self) -> Option<f64> {
        let part = |at| u32_at(self.bytes, at, self.order).map(f64::from);
        let (over, under) = (part(0)?, part(4)?);
        (self.kind == 5 && under > 0.0).then(|| over / under)
    }
}

/// Bytes of one value of a type; `None` for types that TIFF and EXIF do not know.
fn width(kind: u16) -> Option<usize> {
    match kind {
        1 | 2 | 6 | 7 | 129 => Some(1),
        3 | 8 => Some(2),
        4 | 9 | 11 | 13 => Some(4),
        5 | 10 | 12 => Some(8),
        _ => None,
    }
}
