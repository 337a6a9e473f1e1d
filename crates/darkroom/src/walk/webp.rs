//! WebP chunks (RFC 9649): size, alpha, animation, and whether the file is as long as it says.

use std::ops::Range;

use super::{ExifHints, exif_hints, le24, le32};
use crate::fault::InputFault;
use crate::header::{Format, Header};

/// What the chunks say.
pub(crate) struct Structure {
    pub width: u32,
    pub height: u32,
    pub alpha: bool,
    pub lossless: bool,
    pub frames: u32,
    pub exif: Option<Range<usize>>,
}

fn damaged(detail: impl Into<String>) -> InputFault {
    InputFault::damaged(Format::Webp, detail)
}

/// Walks the chunks to the length that the RIFF header states.
pub(crate) fn walk(source: &[u8]) -> Result<Structure, InputFault> {
    let stated = le32(source, 4).ok_or_else(|| damaged("its header is too short"))?;
    let end = stated as usize + 8;
    if end > source.len() {
        let missing = end - source.len();
        return Err(InputFault::truncated(Format::Webp, format!("{missing} of its {end} bytes are missing")));
    }
    let mut found = Structure { width: 0, height: 0, alpha: false, lossless: false, frames: 0, exif: None };
    let mut at = 12;
    while at + 8 <= end {
        let length = le32(source, at + 4).unwrap_or(0) as usize;
        let body = at + 8..(at + 8).saturating_add(length);
        if body.end > end {
            return Err(damaged("a chunk reaches beyond the end of the file"));
        }
        let kind = source.get(at..at + 4).unwrap_or_default();
        chunk(&mut found, kind, source.get(body.clone()).unwrap_or_default(), body.clone())?;
        at = body.end + (length & 1);
    }
    if found.frames == 0 {
        return Err(damaged("it has no picture data"));
    }
    Ok(found)
}

fn chunk(found: &mut Structure, kind: &[u8], bytes: &[u8], body: Range<usize>) -> Result<(), InputFault> {
    let short = || damaged("a header in it is too short");
    match kind {
        b"VP8X" => {
            found.alpha = bytes.first().ok_or_else(short)? & 0x10 != 0;
            found.width = le24(bytes, 4).ok_or_else(short)? + 1;
            found.height = le24(bytes, 7).ok_or_else(short)? + 1;
        }
        b"ANMF" => found.frames += 1,
        b"EXIF" => found.exif = Some(body),
        b"VP8 " | b"VP8L" => {
            let (width, height, alpha) = bitstream(kind, bytes).ok_or_else(short)?;
            if found.width == 0 {
                (found.width, found.height, found.alpha) = (width, height, alpha);
            }
            found.lossless = kind == b"VP8L";
            found.frames += 1;
        }
        _ => {}
    }
    Ok(())
}

/// Width, height and alpha of a bare picture chunk.
fn bitstream(kind: &[u8], bytes: &[u8]) -> Option<(u32, u32, bool)> {
    if kind == b"VP8L" {
        let bits = le32(bytes, 1)?;
        return Some(((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, bits >> 28 & 1 == 1));
    }
    let size = le32(bytes, 6)?;
    Some((size & 0x3FFF, size >> 16 & 0x3FFF, false))
}

impl Structure {
    pub(crate) fn hints(&self, source: &[u8]) -> ExifHints {
        let Some(block) = self.exif.clone().and_then(|range| source.get(range)) else {
            return ExifHints::default();
        };
        // Some writers put JPEG's prefix before the TIFF header.
        exif_hints(block.strip_prefix(b"Exif\0\0").unwrap_or(block))
    }
}

/// Header and structural check.
pub(crate) fn header(source: &[u8]) -> Result<Header, InputFault> {
    let structure = walk(source)?;
    let pixels = u64::from(structure.width) * u64::from(structure.height);
    // Animated: the canvas and the frame, four bytes a pixel each. Lossless: four bytes a pixel before alpha goes.
    // Lossy: three planes at three bytes for two pixels, and a plane for alpha.
    let beside = match (structure.frames > 1, structure.lossless) {
        (true, _) => 8 * pixels,
        (false, true) => 4 * pixels,
        (false, false) => pixels * 5 / 2,
    };
    Ok(Header {
        format: Format::Webp,
        width: structure.width,
        height: structure.height,
        channels: if structure.alpha { 4 } else { 3 },
        depth: 8,
        progressive: false,
        scans: 1,
        frames: structure.frames,
        orientation: structure.hints(source).orientation,
        decoder_bytes: beside,
    })
}
