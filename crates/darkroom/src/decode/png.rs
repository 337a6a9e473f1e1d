//! PNG to pixels, with checksums verified; of an animation, its first picture.

use std::borrow::Cow;

use png::{BitDepth, ColorType, Decoder, DecodingError, Transformations};

use super::{Decoded, flatten_eight, flatten_sixteen};
use crate::fault::InputFault;
use crate::header::Format;
use crate::limits::Limits;
use crate::pixels::{ColourTags, Layout, Pixels, Samples, Scratch};
use crate::walk;

/// Bytes that the decoder may take beside the picture: a profile, a row, a chunk.
const BESIDE: usize = 64_000_000;

fn fault(error: DecodingError) -> InputFault {
    match error {
        DecodingError::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            InputFault::truncated(Format::Png, "its picture data stops early")
        }
        other => InputFault::damaged(Format::Png, format!("it cannot be decoded ({other})")),
    }
}

pub(super) fn decode(source: &[u8], _limits: &Limits, scratch: &mut Scratch) -> Result<Decoded, InputFault> {
    let structure = walk::png::walk(source)?;
    let mut decoder = Decoder::new_with_limits(walk::cursor(source), png::Limits { bytes: BESIDE });
    decoder.set_ignore_text_chunk(true);
    decoder.set_transformations(Transformations::EXPAND);
    let mut reader = decoder.read_info().map_err(fault)?;
    let mut tags = tags(reader.info());
    tags.adobe_rgb = structure.hints(source).adobe_rgb;
    let (colour, depth) = reader.output_color_type();
    let (channels, layout) = match colour {
        ColorType::Grayscale => (1, Layout::Gray),
        ColorType::GrayscaleAlpha => (2, Layout::Gray),
        ColorType::Rgba => (4, Layout::Rgb),
        ColorType::Rgb | ColorType::Indexed => (3, Layout::Rgb),
    };
    let (width, height) = (structure.width, structure.height);
    let count = width as usize * height as usize * channels;
    let alpha = channels > layout.channels();
    let samples = if depth == BitDepth::Sixteen {
        let mut samples = scratch.take_sixteen(count);
        let bytes: &mut [u8] = bytemuck::cast_slice_mut(&mut samples);
        reader.next_frame(bytes).map_err(fault)?;
        samples.iter_mut().for_each(|sample| *sample = u16::from_be(*sample));
        if alpha {
            flatten_sixteen(&mut samples, channels);
        }
        Samples::Sixteen(samples)
    } else {
        let mut samples = scratch.take_eight(count);
        reader.next_frame(&mut samples).map_err(fault)?;
        if alpha {
            flatten_eight(&mut samples, channels);
        }
        Samples::Eight(samples)
    };
    Ok(Decoded { pixels: Pixels { width, height, layout, samples }, tags })
}

fn tags(info: &png::Info<'_>) -> ColourTags {
    let cicp = info.coding_independent_code_points.map(|points| {
        let full = u8::from(points.is_video_full_range_image);
        [points.color_primaries, points.transfer_function, points.matrix_coefficients, full]
    });
    let point =
        |(x, y): (png::ScaledFloat, png::ScaledFloat)| (f64::from(x.into_value()), f64::from(y.into_value()));
    ColourTags {
        icc: info.icc_profile.as_ref().map(|profile| Cow::into_owned(profile.clone())),
        cicp,
        srgb: info.srgb.is_some(),
        gamma: info.gama_chunk.map(|gamma| f64::from(gamma.into_value())),
        chromaticities: info
            .chrm_chunk
            .map(|chrm| [point(chrm.white), point(chrm.red), point(chrm.green), point(chrm.blue)]),
        adobe_rgb: false,
    }
}
