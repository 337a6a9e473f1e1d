//! PNG chunks (W3C PNG, third edition): header, whether the file reaches IEND, and where its EXIF lies.

use std::io::Read;
use std::ops::Range;

use super::{ExifHints, be16, be32, exif_hints};
use crate::fault::InputFault;
use crate::header::{Format, Header};

const SIGNATURE: usize = 8;

/// What the chunks say.
pub(crate) struct Structure {
    pub width: u32,
    pub height: u32,
    pub bits: u8,
    pub colour: u8,
    pub interlaced: bool,
    pub frames: u32,
    pub transparent: bool,
    pub exif: Option<Range<usize>>,
}

fn damaged(detail: impl Into<String>) -> InputFault {
    InputFault::damaged(Format::Png, detail)
}

/// Walks the chunks to IEND.
pub(crate) fn walk(source: &[u8]) -> Result<Structure, InputFault> {
    let mut structure = ihdr(source)?;
    let mut at = SIGNATURE;
    let (mut data, mut inflated) = (0u64, 0u64);
    loop {
        let Some(length) = be32(source, at) else { return Err(cut(source, at, data)) };
        let kind = source.get(at + 4..at + 8).ok_or_else(|| cut(source, at, data))?;
        let body = at + 8..(at + 8).saturating_add(length as usize);
        if length > i32::MAX as u32 {
            return Err(damaged(format!("a chunk states the length {length}")));
        }
        if body.end.saturating_add(4) > source.len() {
            return Err(cut(source, body.end.saturating_add(4), data));
        }
        match kind {
            b"IDAT" => data += u64::from(length),
            b"IEND" => break,
            b"zTXt" | b"iTXt" | b"iCCP" => {
                look_for_bomb(source.get(body.clone()).unwrap_or_default(), &mut inflated)?;
            }
            b"tRNS" => structure.transparent = true,
            b"acTL" => structure.frames = be32(source, body.start).unwrap_or(1).max(1),
            b"eXIf" => structure.exif = Some(body.clone()),
            _ => {}
        }
        at = body.end + 4;
    }
    if data == 0 {
        return Err(damaged("it has a header but no picture data"));
    }
    Ok(structure)
}

/// Compressed text, or a profile, that swells beyond both of these is a bomb: text shrinks to a tenth, hardly to a
/// hundredth.
const SWOLLEN_TIMES: u32 = 200;
const SWOLLEN_BYTES: u64 = 1_000_000;

/// Bytes that are inflated altogether before looking stops; more than the limit for metadata (R41), so that the reader
/// of metadata stops earlier.
const LOOKED_AT: u64 = 20_000_000;

/// Inflates what follows the first zlib header in a text chunk, far enough to tell.
fn look_for_bomb(chunk: &[u8], inflated: &mut u64) -> Result<(), InputFault> {
    let most = SWOLLEN_BYTES.max(chunk.len() as u64 * u64::from(SWOLLEN_TIMES));
    // Deflate's best is 1 to 1032, and a short chunk cannot reach the size.
    if (chunk.len() as u64) * 1032 <= SWOLLEN_BYTES || *inflated >= LOOKED_AT {
        return Ok(());
    }
    // Keyword, zero, then one byte of method, or in iTXt flags and two more texts.
    let starts =
        (0..1000).filter(|start| be16(chunk, *start).is_some_and(|head| head >> 8 == 0x78 && head % 31 == 0));
    for start in starts.take(4) {
        let body = chunk.get(start..).unwrap_or_default();
        let mut reader = flate2::read::ZlibDecoder::new(body).take(most + 1);
        let got = std::io::copy(&mut reader, &mut std::io::sink());
        let got = got.unwrap_or_else(|_| most + 1 - reader.limit());
        *inflated += got;
        if got > most {
            return Err(InputFault::Bomb { format: Format::Png, times: SWOLLEN_TIMES });
        }
    }
    Ok(())
}

fn ihdr(source: &[u8]) -> Result<Structure, InputFault> {
    let head = source.get(SIGNATURE..SIGNATURE + 25).ok_or_else(|| cut(source, 33, 0))?;
    if head.get(..8) != Some(b"\0\0\0\x0DIHDR") {
        return Err(damaged("it does not begin with its header"));
    }
    let bad = || damaged("its header is not valid");
    let [bits, colour, compression, filter, interlace] = *head.get(16..21).ok_or_else(bad)? else {
        return Err(bad());
    };
    let known = match colour {
        0 => matches!(bits, 1 | 2 | 4 | 8 | 16),
        3 => matches!(bits, 1 | 2 | 4 | 8),
        2 | 4 | 6 => matches!(bits, 8 | 16),
        _ => false,
    };
    if !known || compression != 0 || filter != 0 || interlace > 1 {
        return Err(bad());
    }
    Ok(Structure {
        width: be32(head, 8).ok_or_else(bad)?,
        height: be32(head, 12).ok_or_else(bad)?,
        bits,
        colour,
        interlaced: interlace == 1,
        frames: 1,
        transparent: false,
        exif: None,
    })
}

/// The chunk at hand would end at `wanted`, or the next one begin there.
fn cut(source: &[u8], wanted: usize, data: u64) -> InputFault {
    let missing = match wanted.saturating_sub(source.len()) {
        0 => "its end mark is missing".to_owned(),
        bytes if data == 0 => {
            format!("at least {bytes} bytes are missing, before its picture data is complete")
        }
        bytes => format!("at least {bytes} bytes of its last chunk are missing"),
    };
    InputFault::truncated(Format::Png, missing)
}

impl Structure {
    pub(crate) fn hints(&self, source: &[u8]) -> ExifHints {
        let block = self.exif.clone().and_then(|range| source.get(range));
        block.map(exif_hints).unwrap_or_default()
    }

    /// Samples a pixel once palettes and transparency are expanded.
    fn channels(&self) -> u8 {
        let alpha = u8::from(self.transparent);
        match self.colour {
            0 => 1 + alpha,
            4 => 2,
            6 => 4,
            _ => 3 + alpha,
        }
    }
}

/// Header and structural check.
pub(crate) fn header(source: &[u8]) -> Result<Header, InputFault> {
    let structure = walk(source)?;
    Ok(Header {
        format: Format::Png,
        width: structure.width,
        height: structure.height,
        channels: structure.channels(),
        depth: if structure.bits == 16 { 16 } else { 8 },
        progressive: structure.interlaced,
        scans: 1,
        frames: structure.frames,
        orientation: structure.hints(source).orientation,
        // Inflate window, two rows and their filters.
        decoder_bytes: 1_000_000,
    })
}
