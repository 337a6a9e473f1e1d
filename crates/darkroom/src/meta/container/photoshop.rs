//! Photoshop image resources (8BIM blocks), which carry IIM in JPEG, TIFF and, through ImageMagick, in PNG.

use super::Gathering;
use crate::meta::octets::{be16, be32, from, slice};

/// Resource numbers of Adobe's file format specification.
const IIM: u16 = 0x0404;
const IIM_DIGEST: u16 = 0x0425;
const ICC: u16 = 0x040f;
const EXIF: u16 = 0x0422;
const XMP: u16 = 0x0424;
const THUMBNAILS: [u16; 2] = [0x0409, 0x040c];

/// Reads the resources of a block, whose header (`Photoshop 3.0\0`) is gone.
pub(super) fn read(block: &[u8], gathering: &mut Gathering<'_>) {
    let mut at = 0;
    while at < block.len() {
        let Some((resource, next)) = resource(block, at) else {
            // Some writers pad the end with zeros.
            if from(block, at).iter().any(|byte| *byte != 0) {
                gathering.damaged("The Photoshop block breaks off or lies about a length.");
            }
            return;
        };
        keep(resource, gathering);
        at = next;
    }
}

/// A resource's number and data.
#[derive(Clone, Copy)]
struct Resource<'a> {
    id: u16,
    data: &'a [u8],
}

/// The resource at `at` and where the next one stands.
fn resource(block: &[u8], at: usize) -> Option<(Resource<'_>, usize)> {
    if !is_signature(slice(block, at, 4)?) {
        return None;
    }
    let id = be16(block, at.checked_add(4)?)?;
    // The name is a length and that many bytes, made even by a zero.
    let name = usize::from(*block.get(at.checked_add(6)?)?);
    let size_at = at.checked_add(6)?.checked_add((name | 1).checked_add(1)?)?;
    let size = usize::try_from(be32(block, size_at)?).ok()?;
    let data_at = size_at.checked_add(4)?;
    let data = slice(block, data_at, size)?;
    let end = data_at.checked_add(size)?;
    Some((Resource { id, data }, padded(block, end)))
}

/// Data of odd length has a zero behind it, which some writers leave out.
fn padded(block: &[u8], end: usize) -> usize {
    let follows = |at: usize| slice(block, at, 4).is_some_and(is_signature);
    if end % 2 == 1 && !follows(end) { end.saturating_add(1) } else { end }
}

fn is_signature(four: &[u8]) -> bool {
    matches!(four, b"8BIM" | b"AgHg" | b"DCSR" | b"MeSa" | b"PHUT")
}

fn keep(resource: Resource<'_>, gathering: &mut Gathering<'_>) {
    match resource.id {
        IIM => gathering.keep_iim(resource.data),
        IIM_DIGEST => gathering.packets.iim_digest = resource.data.try_into().ok(),
        ICC => gathering.packets.has_icc = true,
        EXIF => gathering.keep_exif(resource.data),
        XMP => gathering.keep_xmp(resource.data),
        id if THUMBNAILS.contains(&id) => gathering.note_thumbnail(),
        _ => {}
    }
}
