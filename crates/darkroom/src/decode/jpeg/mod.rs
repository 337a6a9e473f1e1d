//! JPEG to pixels. The entropy-coded data is walked first, so that a decoder only ever sees complete pictures; then
//! zune-jpeg decodes what it is known to decode rightly, and jpeg-decoder, slower and with a thread a component, the
//! rest: baseline pictures with one scan a component (zune-jpeg 0.5.15 makes garbage of them), RGB, unusual sampling, and
//! those whose end mark is missing.

mod entropy;
mod huffman;

use std::io::Read;

use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_core::options::DecoderOptions;

use super::Decoded;
use crate::fault::InputFault;
use crate::header::Format;
use crate::limits::Limits;
use crate::pixels::{ColourTags, Layout, Pixels, Samples, Scratch};
use crate::walk::jpeg::{Structure, walk};

pub(crate) use entropy::check as check_entropy;

/// How components become colours, by the rules that libjpeg made common: JFIF, then Adobe's mark, then component names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Transform {
    Gray,
    Ycbcr,
    Rgb,
    Cmyk,
    Ycck,
}

fn transform(structure: &Structure) -> Transform {
    let ids: Vec<u8> = structure.frame.components.iter().map(|component| component.id).collect();
    match (ids.len(), structure.adobe) {
        (1, _) => Transform::Gray,
        (3, _) if structure.jfif => Transform::Ycbcr,
        (3, Some(0)) => Transform::Rgb,
        (3, None) if ids == *b"RGB" => Transform::Rgb,
        (3, _) => Transform::Ycbcr,
        (_, Some(2)) => Transform::Ycck,
        _ => Transform::Cmyk,
    }
}

/// Whether zune-jpeg 0.5.15 is known to decode it rightly.
fn zune_is_right(structure: &Structure) -> bool {
    let frame = &structure.frame;
    let interleaved =
        structure.scans.first().is_some_and(|scan| scan.takings.len() == frame.components.len());
    let in_one_go = frame.progressive() || (interleaved && structure.scans.len() == 1);
    let usual = match frame.components.as_slice() {
        [only] => (only.horizontal, only.vertical) == (1, 1),
        [luma, red, blue] => {
            luma.horizontal <= 2
                && luma.vertical <= 2
                && [red, blue].iter().all(|one| (one.horizontal, one.vertical) == (1, 1))
        }
        four => four.iter().all(|one| (one.horizontal, one.vertical) == (1, 1)),
    };
    in_one_go && usual && structure.ended && transform(structure) != Transform::Rgb
}

/// Bytes that walking and decoding take beside the decoded picture.
pub(crate) fn decoder_bytes(structure: &Structure) -> u64 {
    let samples = entropy::padded_samples(&structure.frame);
    let walked = samples / 8;
    match (structure.frame.progressive(), zune_is_right(structure)) {
        (true, true) => samples * 2 + walked,
        // Planes, and rows of coefficients that wait for jpeg-decoder's threads.
        (true, false) => samples * 4 + walked,
        (false, true) => 4_000_000,
        (false, false) => samples * 2,
    }
}

pub(crate) fn decode(source: &[u8], limits: &Limits, scratch: &mut Scratch) -> Result<Decoded, InputFault> {
    let structure = walk(source, limits)?;
    entropy::check(source, &structure)?;
    let tags = ColourTags {
        icc: structure.icc.clone(),
        adobe_rgb: structure.hints(source).adobe_rgb,
        ..ColourTags::default()
    };
    let fast = if zune_is_right(&structure) { by_zune(source, &structure, scratch) } else { None };
    let pixels = match fast {
        Some(pixels) => pixels,
        None => by_jpeg_decoder(source, &structure)?,
    };
    Ok(Decoded { pixels, tags })
}

/// `None` when it refuses, for a header that it is stricter about than others are.
fn by_zune(source: &[u8], structure: &Structure, scratch: &mut Scratch) -> Option<Pixels> {
    let (layout, space) = match transform(structure) {
        Transform::Gray => (Layout::Gray, ColorSpace::Luma),
        // Four components come out as they are stored.
        Transform::Cmyk => (Layout::Cmyk, ColorSpace::CMYK),
        Transform::Ycck => (Layout::Cmyk, ColorSpace::YCCK),
        _ => (Layout::Rgb, ColorSpace::RGB),
    };
    let (width, height) = (structure.frame.width, structure.frame.height);
    let options = DecoderOptions::new_fast()
        .set_max_width(width as usize)
        .set_max_height(height as usize)
        .jpeg_set_max_scans(structure.scans.len() + 1)
        .jpeg_set_out_colorspace(space);
    let mut decoder = zune_jpeg::JpegDecoder::new_with_options(ZCursor::new(source), options);
    let mut samples = scratch.take_eight(Pixels::count(width, height, layout));
    decoder.decode_headers().ok()?;
    if layout == Layout::Cmyk && decoder.input_colorspace() != Some(space) {
        return None;
    }
    if decoder.dimensions() != Some((width as usize, height as usize))
        || decoder.output_buffer_size() != Some(samples.len())
    {
        return None;
    }
    decoder.decode_into(&mut samples).ok()?;
    if layout == Layout::Cmyk {
        inks(&mut samples, space == ColorSpace::YCCK, structure.adobe.is_some());
    }
    Some(Pixels { width, height, layout, samples: Samples::Eight(samples) })
}

/// Stored components to amounts of ink. Adobe's programs store 255 for no ink, and the complement of it as YCbCr.
fn inks(samples: &mut [u8], ycck: bool, adobe: bool) {
    for pixel in samples.chunks_exact_mut(4) {
        let [first, second, third, black] = pixel else { continue };
        if ycck {
            let (luma, blue, red) =
                (f32::from(*first), f32::from(*second) - 128.0, f32::from(*third) - 128.0);
            // Red, green and blue here are what is left of white, which the stored inks are the complement of.
            *first = 255 - (luma + 1.402 * red).round() as u8;
            *second = 255 - (luma - 0.344_14 * blue - 0.714_14 * red).round() as u8;
            *third = 255 - (luma + 1.772 * blue).round() as u8;
        }
        if adobe {
            for stored in [first, second, third, black] {
                *stored = 255 - *stored;
            }
        }
    }
}

/// The end mark (EOI).
const END: [u8; 2] = [0xFF, 0xD9];

fn by_jpeg_decoder(source: &[u8], structure: &Structure) -> Result<Pixels, InputFault> {
    use jpeg_decoder::{ColorTransform, Decoder};
    let (layout, rule) = match transform(structure) {
        Transform::Gray => (Layout::Gray, ColorTransform::Grayscale),
        Transform::Ycbcr => (Layout::Rgb, ColorTransform::YCbCr),
        Transform::Rgb => (Layout::Rgb, ColorTransform::RGB),
        Transform::Cmyk => (Layout::Cmyk, ColorTransform::CMYK),
        Transform::Ycck => (Layout::Cmyk, ColorTransform::YCCK),
    };
    let (width, height) = (structure.frame.width, structure.frame.height);
    // An end mark that the file lacks is put behind it: the walk has shown that the picture is complete.
    let mut decoder = Decoder::new(source.chain(&END[..]));
    decoder.set_color_transform(rule);
    let fault = |error| InputFault::damaged(Format::Jpeg, format!("it cannot be decoded ({error})"));
    let mut samples = decoder.decode().map_err(fault)?;
    if samples.len() != Pixels::count(width, height, layout) {
        return Err(InputFault::damaged(Format::Jpeg, "it decodes to another size than it states"));
    }
    if layout == Layout::Cmyk && structure.adobe.is_none() {
        // jpeg-decoder turns the values round, which is right for Adobe's files only.
        samples.iter_mut().for_each(|sample| *sample = 255 - *sample);
    }
    Ok(Pixels { width, height, layout, samples: Samples::Eight(samples) })
}
