//! TIFF's first directory: size, samples, and whether every strip or tile lies inside the file.

use std::io::Cursor;
use std::ops::Range;

use tiff::decoder::Decoder;
use tiff::tags::{CompressionMethod, PhotometricInterpretation, SampleFormat, Tag};
use tiff::{ColorType, TiffError};

use crate::fault::InputFault;
use crate::header::{Format, Header};
use crate::limits::Limits;

/// Most pages that are counted; only the first is used.
const PAGES_COUNTED: u32 = 1000;

/// How the first page's samples are to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Samples {
    Gray,
    GrayAlpha,
    Rgb,
    RgbAlpha,
    Cmyk,
    CmykAlpha,
    Ycbcr,
}

/// What the first directory says.
pub(crate) struct Structure {
    pub width: u32,
    pub height: u32,
    pub samples: Samples,
    /// Bits a sample as stored: 1, 2, 4, 8 or 16.
    pub bits: u8,
    pub planar: bool,
    pub orientation: u8,
    /// Bytes of the largest strip or tile as stored.
    pub largest_chunk: u64,
    pub pages: u32,
}

const ACCEPTED: &str = "grey, RGB and CMYK TIFFs of up to 16 bits are accepted";

fn unsupported(variety: impl Into<String>) -> InputFault {
    InputFault::unsupported(Format::Tiff, variety, ACCEPTED)
}

/// A decoder that stands on a page.
pub(crate) type Opened<'a> = Decoder<Cursor<&'a [u8]>>;

/// What a fault of the decoder means for the sender.
pub(crate) fn fault(error: TiffError) -> InputFault {
    match error {
        TiffError::UnsupportedError(what) => unsupported(format!("of a kind that is not read ({what})")),
        TiffError::LimitsExceeded => {
            InputFault::damaged(Format::Tiff, "its directory states more data than a picture needs")
        }
        TiffError::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            InputFault::truncated(Format::Tiff, "it ends inside data that its directory points to")
        }
        other => InputFault::damaged(Format::Tiff, format!("it cannot be read ({other})")),
    }
}

/// A decoder standing on the first page, with its own limits set.
pub(crate) fn open<'a>(source: &'a [u8], limits: &Limits) -> Result<Opened<'a>, InputFault> {
    let mut own = tiff::decoder::Limits::default();
    let memory = usize::try_from(limits.memory).unwrap_or(usize::MAX);
    own.decoding_buffer_size = memory;
    own.intermediate_buffer_size = memory;
    own.ifd_value_size = 16_000_000;
    let decoder = Decoder::new(super::cursor(source)).map_err(fault)?;
    Ok(decoder.with_limits(own))
}

/// Reads the first directory.
pub(crate) fn walk(source: &[u8], limits: &Limits) -> Result<Structure, InputFault> {
    let mut decoder = open(source, limits)?;
    let (width, height) = decoder.dimensions().map_err(fault)?;
    refuse_by_name(&mut decoder)?;
    let (samples, bits) = samples(&mut decoder)?;
    let orientation = match number(&mut decoder, Tag::Orientation) {
        Some(value @ 1..=8) => value as u8,
        _ => 1,
    };
    let planar = number(&mut decoder, Tag::PlanarConfiguration) == Some(2);
    let largest_chunk = chunks(&mut decoder, source.len())?;
    let mut pages = 1;
    while decoder.more_images() && pages < PAGES_COUNTED && decoder.next_image().is_ok() {
        pages += 1;
    }
    Ok(Structure { width, height, samples, bits, planar, orientation, largest_chunk, pages })
}

fn number(decoder: &mut Opened<'_>, tag: Tag) -> Option<u16> {
    decoder.find_tag_unsigned(tag).ok().flatten()
}

/// The kinds that people do send and that are not read, each by its own name.
fn refuse_by_name(decoder: &mut Opened<'_>) -> Result<(), InputFault> {
    let photometric = number(decoder, Tag::PhotometricInterpretation);
    match photometric.and_then(PhotometricInterpretation::from_u16) {
        Some(
            PhotometricInterpretation::CIELab
            | PhotometricInterpretation::IccLab
            | PhotometricInterpretation::ItuLab,
        ) => return Err(unsupported("in Lab colour")),
        Some(PhotometricInterpretation::RGBPalette) => return Err(unsupported("in palette colour")),
        _ => {}
    }
    let compression = number(decoder, Tag::Compression);
    let named = match compression.map(CompressionMethod::from_u16_exhaustive) {
        Some(CompressionMethod::JPEG) => "compressed as old-style JPEG",
        Some(CompressionMethod::WebP) => "compressed as WebP",
        Some(CompressionMethod::ZSTD) => "compressed as Zstandard",
        _ => return Ok(()),
    };
    Err(unsupported(named))
}

fn samples(decoder: &mut Opened<'_>) -> Result<(Samples, u8), InputFault> {
    let format = decoder.find_tag_unsigned_vec::<u16>(Tag::SampleFormat).ok().flatten();
    let unsigned = SampleFormat::Uint.to_u16();
    if format.is_some_and(|formats| formats.iter().any(|format| *format != unsigned)) {
        return Err(unsupported("of signed or floating-point samples"));
    }
    let colour = decoder.colortype().map_err(fault)?;
    let samples = match colour {
        ColorType::Gray(_) => Samples::Gray,
        ColorType::GrayA(_) | ColorType::Multiband { num_samples: 2, .. } => Samples::GrayAlpha,
        ColorType::RGB(_) => Samples::Rgb,
        ColorType::RGBA(_) => Samples::RgbAlpha,
        ColorType::CMYK(_) => Samples::Cmyk,
        ColorType::CMYKA(_) => Samples::CmykAlpha,
        ColorType::YCbCr(_) => Samples::Ycbcr,
        other => return Err(unsupported(format!("in {} channels", other.num_samples()))),
    };
    let bits = colour.bit_depth();
    match (samples, bits) {
        (_, 8 | 16) | (Samples::Gray, 1 | 2 | 4) => Ok((samples, bits)),
        _ => Err(unsupported(format!("of {bits} bits a sample"))),
    }
}

/// Where the strips and tiles lie in the file, as it states.
pub(crate) fn chunk_ranges(decoder: &mut Opened<'_>) -> Result<Vec<Range<usize>>, InputFault> {
    let pairs = [(Tag::StripOffsets, Tag::StripByteCounts), (Tag::TileOffsets, Tag::TileByteCounts)];
    let mut ranges = Vec::new();
    for (offsets, counts) in pairs {
        let Some(offsets) = decoder.find_tag_unsigned_vec::<u64>(offsets).map_err(fault)? else {
            continue;
        };
        let counts = decoder.find_tag_unsigned_vec::<u64>(counts).map_err(fault)?.unwrap_or_default();
        let place = |value: u64| usize::try_from(value).unwrap_or(usize::MAX);
        ranges.extend(
            offsets
                .iter()
                .zip(&counts)
                .map(|(offset, count)| place(*offset)..place(offset.saturating_add(*count))),
        );
    }
    Ok(ranges)
}

/// The largest strip or tile in bytes; a fault when one lies outside the file.
fn chunks(decoder: &mut Opened<'_>, length: usize) -> Result<u64, InputFault> {
    let ranges = chunk_ranges(decoder)?;
    let outside = ranges.iter().map(|range| range.end).filter(|end| *end > length);
    let (parts, farthest) = outside.fold((0, 0), |(parts, far), end| (parts + 1, end.max(far)));
    if parts > 0 {
        return Err(InputFault::truncated(
            Format::Tiff,
            format!(
                "{parts} of its {} parts lie beyond its end, {} bytes are missing",
                ranges.len(),
                farthest - length
            ),
        ));
    }
    Ok(ranges.iter().map(|range| range.len() as u64).max().unwrap_or(0))
}

impl Samples {
    pub(crate) fn channels(self) -> u8 {
        match self {
            Self::Gray => 1,
            Self::GrayAlpha => 2,
            Self::Rgb | Self::Ycbcr => 3,
            Self::RgbAlpha | Self::Cmyk => 4,
            Self::CmykAlpha => 5,
        }
    }
}

/// Header and structural check.
pub(crate) fn header(source: &[u8], limits: &Limits) -> Result<Header, InputFault> {
    let structure = walk(source, limits)?;
    let channels = structure.samples.channels();
    let depth = if structure.bits == 16 { 16 } else { 8 };
    let pixels = u64::from(structure.width).saturating_mul(u64::from(structure.height));
    // Planes are put together into a second buffer; a strip is read beside the picture.
    let planes =
        if structure.planar { pixels.saturating_mul(u64::from(channels) * u64::from(depth / 8)) } else { 0 };
    Ok(Header {
        format: Format::Tiff,
        width: structure.width,
        height: structure.height,
        channels,
        depth,
        progressive: false,
        scans: 1,
        frames: structure.pages,
        orientation: structure.orientation,
        decoder_bytes: planes.saturating_add(structure.largest_chunk).saturating_add(1_000_000),
    })
}
