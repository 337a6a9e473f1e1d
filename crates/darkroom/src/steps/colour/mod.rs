//! To sRGB, whatever the file's colours were. What a file says is believed in the order of PNG's third edition:
//! code points (cICP), ICC profile, sRGB mark, gamma and chromaticities; then EXIF's mark for Adobe RGB; a file that
//! says nothing is sRGB, or, where it has four inks, coated offset paper ([`press`]). A profile that cannot be used is
//! reported, and the file treated as if it had none.

mod press;
mod tagged;

use moxcms::{ColorProfile, DataColorSpace, TransformExecutor, TransformOptions};

use crate::fault::Note;
use crate::pixels::{ColourTags, Layout, Pixels, Samples, Srgb};

/// Converts a picture. Nothing fails here: what cannot be believed is left out and noted.
pub fn to_srgb(pixels: Pixels, tags: &ColourTags, notes: &mut Vec<Note>) -> Srgb {
    let (width, height) = (pixels.width, pixels.height);
    let pixels = match tagged::profile(pixels.layout, tags, notes) {
        Some(profile) => match convert(pixels, &profile) {
            Ok(samples) => return Srgb { width, height, samples },
            Err((pixels, reason)) => {
                notes.push(Note::new(
                    "profile_broken",
                    format!("The colour profile cannot be used ({reason}); the picture is treated as if it had none."),
                ));
                pixels
            }
        },
        None => pixels,
    };
    Srgb { width, height, samples: untagged(pixels) }
}

/// Without a profile: sRGB as it is, grey spread to three channels, inks as printed on coated paper.
fn untagged(pixels: Pixels) -> Vec<u8> {
    let layout = pixels.layout;
    let eight = match pixels.samples {
        Samples::Eight(samples) => samples,
        Samples::Sixteen(samples) => samples.into_iter().map(to_eight).collect(),
    };
    match layout {
        Layout::Rgb => eight,
        Layout::Gray => spread(&eight),
        Layout::Cmyk => press::to_srgb(&eight),
    }
}

fn to_eight(sample: u16) -> u8 {
    ((u32::from(sample) * 255 + 32_767) / 65_535) as u8
}

/// One grey sample to three.
fn spread<T: Copy>(samples: &[T]) -> Vec<T> {
    samples.iter().flat_map(|sample| [*sample; 3]).collect()
}

/// Converts by profile; gives the picture back with a reason when the profile cannot be used.
fn convert(pixels: Pixels, profile: &ColorProfile) -> Result<Vec<u8>, (Pixels, String)> {
    if pixels.layout == Layout::Rgb && is_srgb(profile) {
        return Ok(untagged(pixels));
    }
    let pixels = match (pixels.layout, profile.color_space) {
        // Grey samples in a file with an RGB profile are that profile's greys.
        (Layout::Gray, DataColorSpace::Rgb) => spread_pixels(pixels),
        _ => pixels,
    };
    let layout = match pixels.layout {
        Layout::Gray => moxcms::Layout::Gray,
        Layout::Rgb => moxcms::Layout::Rgb,
        Layout::Cmyk => moxcms::Layout::Rgba,
    };
    let target = ColorProfile::new_srgb();
    let outcome = match &pixels.samples {
        Samples::Eight(source) => profile
            .create_transform_8bit(layout, &target, moxcms::Layout::Rgb, options())
            .and_then(|transform| by_rows(&*transform, source, &pixels)),
        Samples::Sixteen(source) => profile
            .create_transform_16bit(layout, &target, moxcms::Layout::Rgb, options())
            .and_then(|transform| by_rows(&*transform, source, &pixels))
            .map(|samples| samples.into_iter().map(to_eight).collect()),
    };
    outcome.map_err(|error| (pixels, error.to_string()))
}

/// Steps a channel of the grid of colours by which a profile is told to be sRGB.
const GRID: u16 = 9;

/// Whether converting by this profile moves no colour of the grid by more than half a level of 8 bits: the many profiles that are
/// sRGB by another name. Their pictures are left as they are, which is exact and costs nothing.
fn is_srgb(profile: &ColorProfile) -> bool {
    let level = |step: u16| (u32::from(step) * 65_535 / u32::from(GRID - 1)) as u16;
    let mut grid = Vec::new();
    for red in 0..GRID {
        for green in 0..GRID {
            grid.extend((0..GRID).flat_map(|blue| [level(red), level(green), level(blue)]));
        }
    }
    let rgb = moxcms::Layout::Rgb;
    let transform = profile.create_transform_16bit(rgb, &ColorProfile::new_srgb(), rgb, options()).ok();
    let mut converted = vec![0; grid.len()];
    transform.is_some_and(|transform| transform.transform(&grid, &mut converted).is_ok())
        && grid.iter().zip(&converted).all(|(before, after)| before.abs_diff(*after) <= 128)
}

fn options() -> TransformOptions {
    TransformOptions { prefer_fixed_point: false, ..TransformOptions::default() }
}

fn spread_pixels(pixels: Pixels) -> Pixels {
    let samples = match pixels.samples {
        Samples::Eight(samples) => Samples::Eight(spread(&samples)),
        Samples::Sixteen(samples) => Samples::Sixteen(spread(&samples)),
    };
    Pixels { layout: Layout::Rgb, samples, ..pixels }
}

/// Runs a transform row by row, so that source and target stay in the cache.
fn by_rows<T: Copy + Default>(
    transform: &(impl TransformExecutor<T> + ?Sized),
    source: &[T],
    pixels: &Pixels,
) -> Result<Vec<T>, moxcms::CmsError> {
    let width = (pixels.width as usize).max(1);
    let mut target = vec![T::default(); width * pixels.height as usize * 3];
    let rows = source.chunks_exact(width * pixels.layout.channels());
    for (from, to) in rows.zip(target.chunks_exact_mut(width * 3)) {
        transform.transform(from, to)?;
    }
    Ok(target)
}
