//! TIFF to pixels: the first page, planes put together, bits and YCbCr expanded.

use tiff::decoder::DecodingResult;
use tiff::tags::{CompressionMethod, Tag};

use super::{Decoded, flatten_eight, flatten_sixteen};
use crate::fault::InputFault;
use crate::header::Format;
use crate::limits::Limits;
use crate::pixels::{ColourTags, Layout, Pixels, Samples, Scratch};
use crate::walk::tiff::{self as walk, Opened, Samples as Stored, Structure};

pub(super) fn decode(source: &[u8], limits: &Limits, _scratch: &mut Scratch) -> Result<Decoded, InputFault> {
    let structure = walk::walk(source, limits)?;
    let mut decoder = walk::open(source, limits)?;
    let tags = ColourTags { icc: decoder.get_tag_u8_vec(Tag::IccProfile).ok(), ..ColourTags::default() };
    check_jpegs(source, limits, &mut decoder)?;
    let mut result = DecodingResult::U8(Vec::new());
    decoder.read_image_to_buffer(&mut result).map_err(walk::fault)?;
    let mut samples = match result {
        DecodingResult::U8(samples) => Samples::Eight(samples),
        DecodingResult::U16(samples) => Samples::Sixteen(samples),
        _ => {
            return Err(InputFault::unsupported(
                Format::Tiff,
                "of signed or floating-point samples",
                "TIFFs of up to 16 bits a sample are accepted",
            ));
        }
    };
    let pixels = structure.width as usize * structure.height as usize;
    let channels = usize::from(structure.samples.channels());
    samples = match samples {
        Samples::Eight(packed) if structure.bits < 8 => Samples::Eight(unpack(&packed, &structure)),
        Samples::Eight(samples) if structure.planar => Samples::Eight(join(&samples, channels)),
        Samples::Sixteen(samples) if structure.planar => Samples::Sixteen(join(&samples, channels)),
        other => other,
    };
    let count = match &samples {
        Samples::Eight(samples) => samples.len(),
        Samples::Sixteen(samples) => samples.len(),
    };
    if count != pixels * channels {
        return Err(InputFault::damaged(Format::Tiff, "it decodes to another size than it states"));
    }
    let layout = flatten(&mut samples, structure.samples);
    let pixels = Pixels { width: structure.width, height: structure.height, layout, samples };
    Ok(Decoded { pixels, tags })
}

/// Strips and tiles that are JPEGs have to be complete, as a JPEG file has: their decoder fills what is missing.
fn check_jpegs(source: &[u8], limits: &Limits, decoder: &mut Opened<'_>) -> Result<(), InputFault> {
    let compression = decoder.find_tag_unsigned::<u16>(Tag::Compression).map_err(walk::fault)?;
    if compression != Some(CompressionMethod::ModernJPEG.to_u16()) {
        return Ok(());
    }
    let tables = decoder.get_tag_u8_vec(Tag::JPEGTables).unwrap_or_default();
    // Without its end mark.
    let tables = tables.get(..tables.len().saturating_sub(2)).unwrap_or_default();
    for range in walk::chunk_ranges(decoder)? {
        let Some(strip) = source.get(range).filter(|strip| !strip.is_empty()) else { continue };
        let joined;
        let jpeg = if tables.is_empty() {
            strip
        } else {
            joined = [tables, strip.get(2..).unwrap_or_default()].concat();
            &joined
        };
        let complete = crate::walk::jpeg::walk(jpeg, limits)
            .and_then(|structure| super::jpeg::check_entropy(jpeg, &structure));
        complete.map_err(|fault| match fault {
            InputFault::Truncated { missing, .. } => {
                InputFault::truncated(Format::Tiff, format!("in a strip, {missing}"))
            }
            InputFault::Damaged { detail, .. } => {
                InputFault::damaged(Format::Tiff, format!("in a strip, {detail}"))
            }
            other => other,
        })?;
    }
    Ok(())
}

/// Rows of 1, 2 or 4 bits a sample, each row beginning on a byte, to 8 bits a sample.
fn unpack(packed: &[u8], structure: &Structure) -> Vec<u8> {
    let (width, bits) = (structure.width as usize, usize::from(structure.bits));
    let row_bytes = (width * bits).div_ceil(8);
    let most = (1u16 << bits) - 1;
    let mut samples = Vec::with_capacity(width * structure.height as usize);
    for row in packed.chunks_exact(row_bytes.max(1)) {
        for place in 0..width {
            let byte = row.get(place * bits / 8).copied().unwrap_or(0);
            let shift = 8 - bits - place * bits % 8;
            let value = u16::from(byte >> shift) & most;
            samples.push((value * 255 / most) as u8);
        }
    }
    samples
}

/// Planes one after the other to samples side by side.
fn join<T: Copy>(planes: &[T], channels: usize) -> Vec<T> {
    let pixels = planes.len() / channels.max(1);
    let mut samples = Vec::with_capacity(planes.len());
    for pixel in 0..pixels {
        for channel in 0..channels {
            samples.extend(planes.get(channel * pixels + pixel));
        }
    }
    samples
}

fn flatten(samples: &mut Samples, stored: Stored) -> Layout {
    let alpha = |samples: &mut Samples, channels| match samples {
        Samples::Eight(samples) => flatten_eight(samples, channels),
        Samples::Sixteen(samples) => flatten_sixteen(samples, channels),
    };
    match stored {
        Stored::Gray => Layout::Gray,
        Stored::Rgb => Layout::Rgb,
        Stored::Cmyk => Layout::Cmyk,
        Stored::GrayAlpha => {
            alpha(samples, 2);
            Layout::Gray
        }
        Stored::RgbAlpha => {
            alpha(samples, 4);
            Layout::Rgb
        }
        Stored::CmykAlpha => {
            drop_alpha(samples);
            Layout::Cmyk
        }
        Stored::Ycbcr => {
            ycbcr(samples);
            Layout::Rgb
        }
    }
}

/// CMYK with alpha: white paper is no ink, so ink is scaled by alpha.
fn drop_alpha(samples: &mut Samples) {
    match samples {
        Samples::Eight(samples) => {
            let inked = samples.as_chunks().0.iter().flat_map(|&[c, m, y, k, alpha]| {
                [c, m, y, k].map(|ink| ((u32::from(ink) * u32::from(alpha) + 127) / 255) as u8)
            });
            *samples = inked.collect();
        }
        Samples::Sixteen(samples) => {
            let inked = samples.as_chunks().0.iter().flat_map(|&[c, m, y, k, alpha]| {
                let share = |ink| (u64::from(ink) * u64::from(alpha) + 32_767) / 65_535;
                [c, m, y, k].map(|ink: u16| share(ink) as u16)
            });
            *samples = inked.collect();
        }
    }
}

/// YCbCr to RGB with the coefficients of Rec. 601, the TIFF default.
fn ycbcr(samples: &mut Samples) {
    let convert = |pixel: [f32; 3], most: f32| {
        let half = (most + 1.0) / 2.0;
        let (luma, blue, red) = (pixel[0], pixel[1] - half, pixel[2] - half);
        [luma + 1.402 * red, luma - 0.344_136 * blue - 0.714_136 * red, luma + 1.772 * blue]
            .map(|value| value.round().clamp(0.0, most))
    };
    match samples {
        Samples::Eight(samples) => {
            for pixel in samples.as_chunks_mut().0 {
                *pixel = convert(pixel.map(f32::from), 255.0).map(|value| value as u8);
            }
        }
        Samples::Sixteen(samples) => {
            for pixel in samples.as_chunks_mut().0 {
                *pixel = convert(pixel.map(f32::from), 65_535.0).map(|value| value as u16);
            }
        }
    }
}
