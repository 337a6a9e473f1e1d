//! From a file's bytes to pixels in the file's own colour space, one file a format. Decoding is strict: what the file
//! does not hold is never made up (R41), it is a fault.

#![deny(clippy::indexing_slicing, clippy::string_slice)]

pub(crate) mod jpeg;
mod png;
mod tiff;
mod webp;

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::fault::InputFault;
use crate::header::Format;
use crate::limits::Limits;
use crate::pixels::{ColourTags, Pixels, Scratch};

/// A decoded picture, not yet upright, and what its file says about colour.
#[derive(Debug, Clone, PartialEq)]
pub struct Decoded {
    /// The first picture of the file, flattened on white.
    pub pixels: Pixels,
    /// What the file says about its colours.
    pub tags: ColourTags,
}

/// Decodes the first picture of the file, flattened on white.
pub(crate) fn decode(
    format: Format,
    source: &[u8],
    limits: &Limits,
    scratch: &mut Scratch,
) -> Result<Decoded, InputFault> {
    let decoder = match format {
        Format::Jpeg => jpeg::decode,
        Format::Png => png::decode,
        Format::Webp => webp::decode,
        Format::Tiff => tiff::decode,
    };
    // The decoders are other people's safe code; where one asserts what a damaged file breaks, that is the file's
    // fault, and the buffers are made anew.
    match catch_unwind(AssertUnwindSafe(|| decoder(source, limits, scratch))) {
        Ok(result) => result,
        Err(_) => {
            *scratch = Scratch::new();
            Err(InputFault::damaged(format, "its decoder gave up on it"))
        }
    }
}

/// Lays pixels with alpha as their last sample on white, in place; `channels` counts the alpha.
pub(crate) fn flatten_eight(samples: &mut Vec<u8>, channels: usize) {
    let colours = channels - 1;
    let pixels = samples.len() / channels;
    for pixel in 0..pixels {
        let alpha = u32::from(samples.get(pixel * channels + colours).copied().unwrap_or(255));
        for sample in 0..colours {
            let value = u32::from(samples.get(pixel * channels + sample).copied().unwrap_or(255));
            let mixed = (value * alpha + 255 * (255 - alpha) + 127) / 255;
            if let Some(place) = samples.get_mut(pixel * colours + sample) {
                *place = mixed as u8;
            }
        }
    }
    samples.truncate(pixels * colours);
}

/// The same for 16 bits.
pub(crate) fn flatten_sixteen(samples: &mut Vec<u16>, channels: usize) {
    let colours = channels - 1;
    let pixels = samples.len() / channels;
    for pixel in 0..pixels {
        let alpha = u64::from(samples.get(pixel * channels + colours).copied().unwrap_or(65_535));
        for sample in 0..colours {
            let value = u64::from(samples.get(pixel * channels + sample).copied().unwrap_or(65_535));
            let mixed = (value * alpha + 65_535 * (65_535 - alpha) + 32_767) / 65_535;
            if let Some(place) = samples.get_mut(pixel * colours + sample) {
                *place = mixed as u16;
            }
        }
    }
    samples.truncate(pixels * colours);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clear_pixel_becomes_white_and_an_opaque_one_stays() {
        let mut samples = vec![10, 20, 30, 0, 10, 20, 30, 255, 0, 0, 0, 128];
        flatten_eight(&mut samples, 4);
        assert_eq!(samples, [255, 255, 255, 10, 20, 30, 127, 127, 127]);
        let mut samples = vec![100, 0, 100, 65_535, 0, 32_768];
        flatten_sixteen(&mut samples, 2);
        assert_eq!(samples, [65_535, 100, 32_767]);
    }
}
