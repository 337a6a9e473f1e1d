//! WebP to pixels; of an animation, its first frame.

use image_webp::{DecodingError, WebPDecoder};

use super::{Decoded, flatten_eight};
use crate::fault::InputFault;
use crate::header::Format;
use crate::limits::Limits;
use crate::pixels::{ColourTags, Layout, Pixels, Samples, Scratch};
use crate::walk;

fn fault(error: DecodingError) -> InputFault {
    match error {
        DecodingError::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            InputFault::truncated(Format::Webp, "its picture data stops early")
        }
        DecodingError::UnsupportedFeature(what) => InputFault::unsupported(
            Format::Webp,
            format!("of a kind that is not read ({what})"),
            "lossy and lossless WebP pictures are accepted",
        ),
        other => InputFault::damaged(Format::Webp, format!("it cannot be decoded ({other})")),
    }
}

pub(super) fn decode(source: &[u8], limits: &Limits, scratch: &mut Scratch) -> Result<Decoded, InputFault> {
    let structure = walk::webp::walk(source)?;
    let mut decoder = WebPDecoder::new(walk::cursor(source)).map_err(fault)?;
    decoder.set_memory_limit(usize::try_from(limits.memory).unwrap_or(usize::MAX));
    let (width, height) = decoder.dimensions();
    if (width, height) != (structure.width, structure.height) {
        return Err(InputFault::damaged(Format::Webp, "it states two sizes"));
    }
    let channels = if decoder.has_alpha() { 4 } else { 3 };
    let mut samples = scratch.take_eight(width as usize * height as usize * channels);
    decoder.read_image(&mut samples).map_err(fault)?;
    if channels == 4 {
        flatten_eight(&mut samples, channels);
    }
    let tags = ColourTags {
        // A profile that cannot be read is reported by the colour step as any broken one is.
        icc: decoder.icc_profile().unwrap_or_default(),
        adobe_rgb: structure.hints(source).adobe_rgb,
        ..ColourTags::default()
    };
    let pixels = Pixels { width, height, layout: Layout::Rgb, samples: Samples::Eight(samples) };
    Ok(Decoded { pixels, tags })
}
