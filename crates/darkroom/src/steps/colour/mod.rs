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
    let options = TransformOptions {
        prefer_fixed_point: false,
        ..TransformOptions::default()
    };
    let outcome = match &pixels.samples {
        Samples::Eight(source) => profile
            .create_transform_8bit(layout, &target, moxcms::Layout::Rgb, options)
            .and_then(|transform| by_rows(&*transform, source, &pixels)),
        Samples::Sixteen(source) => profile
            .create_transform_16bit(layout, &target, moxcms::Layout::Rgb, options)
            .and_then(|transform| by_rows(&*transform, source, &pixels))
            .map(|samples| samples.into_iter().map(to_eight).collect()),
    };
    outcome.map_err(|error| (pixels, error.to_string()))
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
