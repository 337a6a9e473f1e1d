//! What the beginning of a file tells while the rest is still on its way: facts, and the small picture that cameras and
//! programs put before the large one. Nothing here decodes, and no byte is asked to be there.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::limits::Limits;
use crate::meta::{self, FileKind, Headers, ProblemCode, Reading};
use crate::walk;

/// Small pictures that are looked at: a maker's notes may hold one or two beside the thumbnail.
const MOST_PICTURES: usize = 32;

/// What the beginning of a file tells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Glance {
    /// Whether all that stands before the picture data is there: what is told of a JPEG is all that there is then, of a
    /// PNG what it has before its data. Never so of a TIFF or WebP, which may have their metadata anywhere.
    pub whole: bool,
    /// What was read; an incomplete one has problems that the rest of the file would mend.
    pub reading: Reading,
    /// The largest small picture that is whole.
    pub preview: Option<Embedded>,
}

/// A JPEG inside a file's metadata.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Embedded {
    /// Where it lies in the file, in bytes.
    pub place: Range<usize>,
    /// Width in pixels, as it is stored.
    pub width: u32,
    /// Height in pixels, as it is stored.
    pub height: u32,
    /// EXIF orientation, 1 to 8, of the photo around it, where it states none itself.
    pub orientation: Option<u8>,
}

/// Looks at the beginning of a file. `languages` as for [`meta::read`].
pub fn glance(bytes: &[u8], languages: &[&str], limits: &Limits) -> Glance {
    let mut reading = meta::read(bytes, None, languages);
    let headers = meta::headers(bytes, reading.kind);
    if headers.whole && reading.kind == FileKind::Png {
        // Its end is missing; that is no fault of it here.
        reading.problems.retain(|problem| problem.code != ProblemCode::ContainerDamaged);
    }
    let preview = largest_picture(bytes, &headers, reading.orientation(), limits);
    Glance { whole: headers.whole, reading, preview }
}

/// The largest JPEG in the headers that is whole and within the limits.
fn largest_picture(bytes: &[u8], headers: &Headers, orientation: u8, limits: &Limits) -> Option<Embedded> {
    let places = headers.parts.iter().flat_map(|part| starts(bytes, part)).take(MOST_PICTURES);
    let pictures = places.filter_map(|place| picture(bytes, place, orientation, limits));
    pictures.max_by_key(|picture| u64::from(picture.width) * u64::from(picture.height))
}

/// Where a JPEG may begin inside a part, up to the part's end: SOI and the first byte of another marker.
fn starts<'a>(bytes: &'a [u8], part: &Range<usize>) -> impl Iterator<Item = Range<usize>> + use<'a> {
    let (start, end) = (part.start, part.end);
    let inside = bytes.get(start..end).unwrap_or_default();
    memchr::memmem::find_iter(inside, b"\xff\xd8\xff").map(move |at| start + at..end)
}

fn picture(bytes: &[u8], place: Range<usize>, orientation: u8, limits: &Limits) -> Option<Embedded> {
    let inside = bytes.get(place.clone())?;
    let structure = walk::jpeg::walk(inside, limits).ok().filter(|structure| structure.ended)?;
    let header = structure.header(inside);
    limits.check(&header, structure.end as u64).ok()?;
    Some(Embedded {
        place: place.start..place.start + structure.end,
        width: header.width,
        height: header.height,
        orientation: structure.exif.is_none().then_some(orientation),
    })
}

/// The JPEG at its place of a file's beginning, standing as the photo does: told by a block of EXIF where it does not say
/// itself. `None` where the bytes are not there.
pub fn cut_out(bytes: &[u8], embedded: &Embedded) -> Option<Vec<u8>> {
    let picture = bytes.get(embedded.place.clone())?;
    let mut cut = Vec::with_capacity(picture.len() + TURN.len());
    match embedded.orientation.filter(|orientation| *orientation > 1) {
        Some(orientation) => {
            cut.extend_from_slice(picture.get(..2)?);
            cut.extend_from_slice(&TURN);
            // The value of the only entry, in the order of the block.
            let value = cut.len() - 8;
            *cut.get_mut(value + 1)? = orientation;
            cut.extend_from_slice(picture.get(2..)?);
        }
        None => cut.extend_from_slice(picture),
    }
    Some(cut)
}

/// An APP1 segment with an EXIF block whose only entry is the orientation (Exif 2.3, 4.6.4): a short at its end but for the
/// two bytes that fill the value, and the four that name no further directory.
const TURN: [u8; 36] = [
    0xff, 0xe1, 0, 34, b'E', b'x', b'i', b'f', 0, 0, b'M', b'M', 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3,
    0, 0, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0,
];
