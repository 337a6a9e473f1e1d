//! The whole job: a file's bytes in, its renditions out.

use fast_image_resize::Resizer;
use serde::{Deserialize, Serialize};

pub use crate::decode::Decoded;
use crate::fault::{InputFault, Note};
use crate::header::{Header, inspect};
use crate::limits::{Limits, cost};
use crate::pixels::{Scratch, Srgb};
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
    // Half of all encoding is the largest picture's: it is done beside the others.
    let (first, rest) = std::thread::scope(|scope| {
        let encoder = std::thread::Builder::new().spawn_scoped(scope, || rendition(&largest, recipe));
        let [resizer, _] = &mut scratch.resizers;
        let rest = smaller(&largest, &sizes, recipe, resizer);
        let first = match encoder {
            Ok(encoder) => encoder.join().unwrap_or_else(|_| Err(encode::gave_up())),
            // The machine has no thread to give.
            Err(_) => rendition(&largest, recipe),
        };
        (first, rest)
    });
    let (rest, colour) = rest?;
    let renditions = std::iter::once(first?).chain(rest).collect();
    Ok(Developed { header, upright, renditions, colour, notes })
}

/// The renditions below the largest, and the mean colour.
fn smaller(
    largest: &Srgb,
    sizes: &[(u32, u32)],
    recipe: &Recipe,
    resizer: &mut Resizer,
) -> Result<(Vec<Rendition>, String), InputFault> {
    let pictures = ladder::below(largest, sizes, resizer)?;
    let colour = ladder::mean_colour(pictures.last().unwrap_or(largest));
    let renditions = pictures.iter().map(|picture| rendition(picture, recipe)).collect::<Result<_, _>>()?;
    Ok((renditions, colour))
}

fn rendition(picture: &Srgb, recipe: &Recipe) -> Result<Rendition, InputFault> {
    let bytes = encode::encode(picture, recipe)?;
    Ok(Rendition { width: picture.width, height: picture.height, bytes })
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
