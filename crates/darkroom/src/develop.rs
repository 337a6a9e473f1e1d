//! The whole job: a file's bytes in, its renditions out.

use serde::{Deserialize, Serialize};

pub use crate::decode::Decoded;
use crate::fault::{InputFault, Note};
use crate::header::{Header, inspect};
use crate::limits::{Limits, cost};
use crate::pixels::Scratch;
use crate::recipe::{LARGEST, Recipe};
use crate::steps::{colour, encode, ladder, orient, shrink};

/// One size of a photo as a file: a JPEG in sRGB without any metadata.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendition {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// The file.
    pub bytes: Vec<u8>,
}

/// A developed photo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Developed {
    /// What the file said about its picture.
    pub header: Header,
    /// Width and height of the original in pixels, standing upright.
    pub upright: (u32, u32),
    /// Large to small; the first is the largest.
    pub renditions: Vec<Rendition>,
    /// Mean colour, `#rrggbb`.
    pub colour: String,
    /// What was put right or left out on the way.
    pub notes: Vec<Note>,
}

/// Sizes that a photo of this upright size in pixels gets, large to small, without making them: known before anything
/// is shown.
pub fn rendition_sizes(upright: (u32, u32)) -> Vec<(u32, u32)> {
    ladder::sizes(upright.0, upright.1)
}

/// Checks and decodes a file, not yet upright and in its own colours.
///
/// # Errors
/// What is refused, as one sentence.
pub fn decode(
    source: &[u8],
    limits: &Limits,
    scratch: &mut Scratch,
) -> Result<(Header, Decoded), InputFault> {
    let header = inspect(source, limits)?;
    scratch.make_room(limits.memory.saturating_sub(cost(&header, source.len() as u64)));
    let decoded = crate::decode::decode(header.format, source, limits, scratch)?;
    Ok((header, decoded))
}

/// Makes the renditions of a photo. The same bytes, recipe and limits give the same answer on each run.
///
/// # Errors
/// What is refused, as one sentence; see [`InputFault`].
pub fn develop(
    source: &[u8],
    recipe: &Recipe,
    limits: &Limits,
    scratch: &mut Scratch,
) -> Result<Developed, InputFault> {
    let (header, decoded) = decode(source, limits, scratch)?;
    let mut notes = Vec::new();
    let small = shrink::shrink(decoded.pixels, LARGEST, scratch)?;
    let srgb = colour::to_srgb(small, &decoded.tags, &mut notes);
    let largest = orient::orient(srgb, header.orientation);
    let upright = header.upright();
    let sizes = ladder::sizes(upright.0, upright.1);
    let mut pictures = ladder::ladder(largest, &sizes, &mut scratch.resizer)?;
    let colour = pictures.last().map(ladder::mean_colour).unwrap_or_default();
    let mut renditions = Vec::with_capacity(pictures.len());
    for picture in pictures.drain(..) {
        let bytes = encode::encode(&picture, recipe)?;
        renditions.push(Rendition { width: picture.width, height: picture.height, bytes });
    }
    Ok(Developed { header, upright, renditions, colour, notes })
}

/// One rendition that lies in a file of a folder, as the worker answers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RenditionFile {
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Name of the file inside the folder that was asked for.
    pub name: String,
    /// Its length in bytes.
    pub bytes: u64,
}
