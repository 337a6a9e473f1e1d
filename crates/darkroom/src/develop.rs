//! The whole job: a file's bytes in, its renditions out.

use std::sync::Arc;

use fast_image_resize::Resizer;
use serde::{Deserialize, Serialize};

pub use crate::decode::Decoded;
use crate::encodes::{Encoded, Order, encode_all};
use crate::fault::{InputFault, Note};
use crate::header::{Header, inspect};
use crate::limits::{Limits, cost};
use crate::meta;
use crate::pixels::{Scratch, Srgb};
use crate::recipe::{Encoding, Focus, LARGEST, Recipe, Set};
use crate::steps::{attention, colour, cut, fingerprint, ladder, orient, shrink};

/// One size of a photo as a file: a JPEG or AVIF in sRGB without any metadata.
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
    /// For each recipe, in the order asked for, its files, large to small.
    pub sets: Vec<Vec<Rendition>>,
    /// Mean colour, `#rrggbb`.
    pub colour: String,
    /// The point that draws attention ([`steps::attention`](crate::steps::attention)).
    pub attention: Focus,
    /// By which copies of the picture are known ([`steps::fingerprint`](crate::steps::fingerprint)).
    pub fingerprint: u64,
    /// What was put right or left out on the way.
    pub notes: Vec<Note>,
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
    let decoded = decode_inspected(&header, source, limits, scratch)?;
    Ok((header, decoded))
}

fn decode_inspected(
    header: &Header,
    source: &[u8],
    limits: &Limits,
    scratch: &mut Scratch,
) -> Result<Decoded, InputFault> {
    scratch.make_room(limits.memory.saturating_sub(cost(header, source.len() as u64)));
    crate::decode::decode(header.format, source, limits, scratch)
}

/// Makes the sets of a photo from one decode. The same bytes, recipe and limits give the same files on each run, whatever
/// other recipes stand beside it.
///
/// # Errors
/// What is refused, as one sentence; see [`InputFault`].
pub fn develop(
    source: &[u8],
    recipes: &[Recipe],
    limits: &Limits,
    scratch: &mut Scratch,
) -> Result<Developed, InputFault> {
    let header = inspect(source, limits)?;
    let at_once = limits.check_encoding(&header, source.len() as u64, recipes)?;
    let decoded = decode_inspected(&header, source, limits, scratch)?;
    let mut notes = Vec::new();
    if meta::has_gain_map(source) {
        let sentence =
            "The file holds a gain map for bright screens, which is left out; its base picture is shown.";
        notes.push(Note::new("gain_map_left_out", sentence));
    }
    let upright = header.upright();
    let basis = basis(&header, &decoded, recipes, scratch)?;
    let small = shrink::shrink(decoded.pixels, LARGEST, scratch)?;
    let srgb = colour::to_srgb(small, &decoded.tags, &mut notes);
    let largest = Arc::new(orient::orient(srgb, header.orientation));
    let prints = Prints { upright, recipes, basis: basis.unwrap_or_else(|| Arc::clone(&largest)), largest };
    if recipes.iter().any(|recipe| matches!(recipe.encoding, Encoding::Avif { .. })) {
        // The AVIF encoder needs as much as the decoded picture took.
        scratch.make_room(0);
    }
    let [resizer, _] = &mut scratch.resizers;
    let (traits, encoded) = encode_all(prints.largest_of_ladders(), at_once > 1, || prints.others(resizer))?;
    let Traits { colour, attention, fingerprint } = traits;
    let sets = sorted(recipes.len(), encoded);
    Ok(Developed { header, upright, sets, colour, attention, fingerprint, notes })
}

/// The picture that cuts are made from, where a cut is asked for and it is not the largest rendition.
fn basis(
    header: &Header,
    decoded: &Decoded,
    recipes: &[Recipe],
    scratch: &mut Scratch,
) -> Result<Option<Arc<Srgb>>, InputFault> {
    let upright = header.upright();
    let size = cut::basis(upright.0, upright.1);
    let ladders = recipes.iter().all(|recipe| recipe.set == Set::Ladder);
    if ladders || size == shrink::fit(upright.0, upright.1, LARGEST) {
        return Ok(None);
    }
    let stored = if upright == (header.width, header.height) { size } else { (size.1, size.0) };
    let pixels = shrink::shrink_copy(&decoded.pixels, stored, scratch)?;
    // What there is to note is noted for the largest rendition.
    let srgb = colour::to_srgb(pixels, &decoded.tags, &mut Vec::new());
    Ok(Some(Arc::new(orient::orient(srgb, header.orientation))))
}

/// What the smallest rendition tells.
struct Traits {
    colour: String,
    attention: Focus,
    fingerprint: u64,
}

/// The pictures of a set of cuts around a focus.
type Cut = ((Set, Focus), Vec<Arc<Srgb>>);

/// What all files of a photo are made of.
struct Prints<'a> {
    upright: (u32, u32),
    recipes: &'a [Recipe],
    largest: Arc<Srgb>,
    basis: Arc<Srgb>,
}

impl Prints<'_> {
    /// Half of all encoding is the largest picture's: it is begun before the others are scaled.
    fn largest_of_ladders(&self) -> Vec<Order> {
        let ladders = self.recipes.iter().enumerate().filter(|(_, recipe)| recipe.set == Set::Ladder);
        ladders.map(|(at, recipe)| order((at, 0), &self.largest, recipe.encoding)).collect()
    }

    /// All files but those, and what the smallest rendition tells.
    fn others(&self, resizer: &mut Resizer) -> Result<(Traits, Vec<Order>), InputFault> {
        let sizes = ladder::sizes(self.upright.0, self.upright.1);
        let below: Vec<_> =
            ladder::below(&self.largest, &sizes, resizer)?.into_iter().map(Arc::new).collect();
        let smallest = below.last().unwrap_or(&self.largest);
        let traits = Traits {
            colour: ladder::mean_colour(smallest),
            attention: attention::attention(smallest),
            fingerprint: fingerprint::fingerprint(smallest),
        };
        let mut cuts: Vec<Cut> = Vec::new();
        let mut orders = Vec::new();
        for (at, recipe) in self.recipes.iter().enumerate() {
            if recipe.set == Set::Ladder {
                let places = below.iter().enumerate();
                orders
                    .extend(places.map(|(place, picture)| order((at, place + 1), picture, recipe.encoding)));
                continue;
            }
            let key = (recipe.set, recipe.focus.unwrap_or(traits.attention));
            if !cuts.iter().any(|(cut, _)| *cut == key) {
                let made = cut::cut(&self.basis, key.0, self.upright, key.1, resizer)?;
                cuts.push((key, made.into_iter().map(Arc::new).collect()));
            }
            let made = cuts.iter().filter(|(cut, _)| *cut == key).flat_map(|(_, made)| made).enumerate();
            orders.extend(made.map(|(place, picture)| order((at, place), picture, recipe.encoding)));
        }
        Ok((traits, orders))
    }
}

fn order((recipe, place): (usize, usize), picture: &Arc<Srgb>, encoding: Encoding) -> Order {
    Order { recipe, place, picture: Arc::clone(picture), encoding }
}

/// The files by recipe, and within it large to small.
fn sorted(recipes: usize, mut encoded: Vec<Encoded>) -> Vec<Vec<Rendition>> {
    encoded.sort_by_key(|one| (one.recipe, one.place));
    let mut sets: Vec<_> = (0..recipes).map(|_| Vec::new()).collect();
    for one in encoded {
        if let Some(set) = sets.get_mut(one.recipe) {
            set.push(one.rendition);
        }
    }
    sets
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
