//! The hash of what a file shows, without what it says: the same picture with mended metadata has the same hash, and
//! is an update of the same photo (ARCHITECTURE.md, invariant 5).
//!
//! Hashed are the coded picture data as they stand, and what changes how they look: colour profile and colour chunks,
//! orientation, EXIF's Adobe RGB, Adobe's transform marker. A picture that was encoded again is another one. A TIFF is hashed whole,
//! since its picture and metadata point at each other by offsets that move together; so is everything that is no photo.

use sha2::{Digest, Sha256};

use super::container::{jpeg_segment, png_chunk, riff_chunk};
use super::exif;
use super::kind::FileKind;
use super::octets::{from, slice};

/// The hash of the picture in `bytes`, which are of the given kind. `exif` is the photo's EXIF block, for its orientation and colour space.
pub fn picture_hash(bytes: &[u8], kind: FileKind, exif: Option<&[u8]>) -> [u8; 32] {
    let mut hash = Sha256::new();
    match kind {
        FileKind::Jpeg => jpeg(bytes, &mut hash),
        FileKind::Png => png(bytes, &mut hash),
        FileKind::WebP => webp(bytes, &mut hash),
        _ => hash.update(bytes),
    }
    if kind != FileKind::Tiff
        && let Some(block) = exif
    {
        let look = exif::look(block);
        // An EXIF block that says nothing about it is as good as none.
        if look.orientation != 1 || look.adobe_rgb {
            hash.update([look.orientation, u8::from(look.adobe_rgb)]);
        }
    }
    hash.finalize().into()
}

/// A part with its name and length, so that parts cannot run into each other.
fn part(hash: &mut Sha256, name: &[u8], data: &[u8]) {
    hash.update(name);
    hash.update(u64::try_from(data.len()).unwrap_or(u64::MAX).to_be_bytes());
    hash.update(data);
}

/// Tables, frames, scans and what colours them. Application segments and comments are left out, but for ICC (APP2)
/// and Adobe's transform (APP14); so is what stands behind the end of the picture.
fn jpeg(bytes: &[u8], hash: &mut Sha256) {
    let mut at = 2;
    loop {
        match jpeg_segment(bytes, at) {
            Ok(Some(segment)) => {
                let counts = match segment.marker {
                    0xe2 => segment.data.starts_with(b"ICC_PROFILE\0"),
                    0xee => segment.data.starts_with(b"Adobe"),
                    0xe0..=0xef | 0xfe => false,
                    _ => true,
                };
                if counts {
                    part(hash, &[segment.marker], segment.data);
                }
                at = segment.next;
            }
            Ok(None) => match scan(bytes, at, hash) {
                Some(next) => at = next,
                None => return,
            },
            Err(()) => return hash.update(from(bytes, at)),
        }
    }
}

/// A scan's header and its coded data. Where the segment behind it stands; `None` at the end of the picture.
fn scan(bytes: &[u8], at: usize, hash: &mut Sha256) -> Option<usize> {
    let fill = from(bytes, at).iter().take_while(|byte| **byte == 0xff).count();
    let start = at.checked_add(fill)?;
    if bytes.get(start)? != &0xda {
        return None;
    }
    let coded = from(bytes, start);
    let length = end_of_scan(coded);
    hash.update(coded.get(..length)?);
    start.checked_add(length).filter(|next| *next < bytes.len())
}

/// Where the next marker stands that is neither a stuffed zero nor a restart.
fn end_of_scan(coded: &[u8]) -> usize {
    let mut at = 0;
    while let Some(found) = memchr::memchr(0xff, from(coded, at)) {
        let marker = at.saturating_add(found);
        match coded.get(marker.saturating_add(1)) {
            Some(0 | 0xd0..=0xd7) => at = marker.saturating_add(2),
            Some(0xff) => at = marker.saturating_add(1),
            Some(_) => return marker,
            None => return coded.len(),
        }
    }
    coded.len()
}

fn png(bytes: &[u8], hash: &mut Sha256) {
    const COUNT: [&[u8]; 11] =
        [b"IHDR", b"PLTE", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"cICP", b"sBIT", b"mDCV", b"cLLI"];
    let mut at = 8;
    while let Some(chunk) = png_chunk(bytes, at) {
        match chunk.name {
            // How the data are cut into chunks is no part of the picture.
            b"IDAT" => hash.update(chunk.data),
            b"IEND" => return,
            name if COUNT.contains(&name) => part(hash, name, chunk.data),
            _ => {}
        }
        at = chunk.next;
    }
    hash.update(from(bytes, at));
}

fn webp(bytes: &[u8], hash: &mut Sha256) {
    const COUNT: [&[u8]; 6] = [b"VP8 ", b"VP8L", b"ALPH", b"ICCP", b"ANIM", b"ANMF"];
    let mut at = 12;
    while let Some(chunk) = riff_chunk(bytes, at) {
        match chunk.name {
            // The canvas counts; the flags also say which metadata there are.
            b"VP8X" => part(hash, b"VP8X", slice(chunk.data, 4, 6).unwrap_or_default()),
            name if COUNT.contains(&name) => part(hash, name, chunk.data),
            _ => {}
        }
        at = chunk.next;
    }
    hash.update(from(bytes, at));
}
