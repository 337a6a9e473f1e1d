//! Metadata chunks of a WebP (RFC 9649, section 2.7).

use super::Gathering;
use crate::meta::octets::{from, le32, slice};

/// A chunk of a RIFF file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chunk<'a> {
    /// Its four letters.
    pub name: &'a [u8],
    /// Its content.
    pub data: &'a [u8],
    /// Where the next chunk stands.
    pub next: usize,
}

/// The chunk at `at`; `None` when there is none or it breaks off.
pub(crate) fn chunk(bytes: &[u8], at: usize) -> Option<Chunk<'_>> {
    let name = slice(bytes, at, 4)?;
    let length = usize::try_from(le32(bytes, at.checked_add(4)?)?).ok()?;
    let start = at.checked_add(8)?;
    let data = slice(bytes, start, length)?;
    // Chunks are padded to an even length.
    let next = start.checked_add(length)?.checked_add(length % 2)?;
    Some(Chunk { name, data, next })
}

/// Where the first chunk of a WebP stands.
pub(crate) const FIRST_CHUNK: usize = 12;

/// Finds the packets.
pub(super) fn gather(bytes: &[u8], gathering: &mut Gathering<'_>) {
    let mut at = FIRST_CHUNK;
    while at < bytes.len() {
        let Some(chunk) = chunk(bytes, at) else {
            if from(bytes, at).len() > 1 {
                gathering.damaged("A chunk of the WebP breaks off.");
            }
            return;
        };
        match chunk.name {
            b"EXIF" => gathering.keep_exif(chunk.data),
            b"XMP " => gathering.keep_xmp(chunk.data),
            b"ICCP" => gathering.packets.has_icc = true,
            b"C2PA" => gathering.packets.has_c2pa = true,
            b"VP8X" => keep_canvas(chunk.data, gathering),
            b"VP8 " => keep_lossy_size(chunk.data, gathering),
            b"VP8L" => keep_lossless_size(chunk.data, gathering),
            _ => {}
        }
        at = chunk.next;
    }
}

fn keep_canvas(data: &[u8], gathering: &mut Gathering<'_>) {
    if let Some([w0, w1, w2, h0, h1, h2]) = slice(data, 4, 6) {
        let width = u32::from_le_bytes([*w0, *w1, *w2, 0]).saturating_add(1);
        let height = u32::from_le_bytes([*h0, *h1, *h2, 0]).saturating_add(1);
        gathering.packets.stored_size = Some((width, height));
    }
}

/// A lossy frame's header (RFC 6386, 9.1): 14 bits each.
fn keep_lossy_size(data: &[u8], gathering: &mut Gathering<'_>) {
    if let Some([0x9d, 0x01, 0x2a, w0, w1, h0, h1]) = slice(data, 3, 7) {
        let width = u32::from(u16::from_le_bytes([*w0, *w1]) & 0x3fff);
        let height = u32::from(u16::from_le_bytes([*h0, *h1]) & 0x3fff);
        gathering.packets.stored_size.get_or_insert((width, height));
    }
}

/// A lossless frame's header (RFC 9649, 3.4): 14 bits each, less one.
fn keep_lossless_size(data: &[u8], gathering: &mut Gathering<'_>) {
    if data.first() == Some(&0x2f)
        && let Some(bits) = le32(data, 1)
    {
        let size = ((bits & 0x3fff).saturating_add(1), (bits >> 14 & 0x3fff).saturating_add(1));
        gathering.packets.stored_size.get_or_insert(size);
    }
}
