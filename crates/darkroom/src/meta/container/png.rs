//! Metadata chunks of a PNG (W3C PNG third edition, 11.3; XMP part 3, 1.1.4) and the text chunks in which ImageMagick
//! keeps profiles in hexadecimal.

use super::inflate::{Inflated, inflate};
use super::{Gathering, photoshop};
use crate::meta::bounds::COMMENT_BYTES;
use crate::meta::octets::{be32, slice};
use crate::meta::problem::ProblemCode;

/// A chunk of a PNG.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Chunk<'a> {
    /// Its four letters.
    pub name: &'a [u8],
    /// Its content.
    pub data: &'a [u8],
    /// Where the next chunk stands.
    pub next: usize,
}

/// The chunk at `at`; `None` when there is none or it breaks off.
pub(crate) fn chunk(bytes: &[u8], at: usize) -> Option<Chunk<'_>> {
    let length = usize::try_from(be32(bytes, at)?).ok()?;
    let name = slice(bytes, at.checked_add(4)?, 4)?;
    let start = at.checked_add(8)?;
    let data = slice(bytes, start, length)?;
    Some(Chunk { name, data, next: start.checked_add(length)?.checked_add(4)? })
}

/// Where the first chunk of a PNG stands.
pub(crate) const FIRST_CHUNK: usize = 8;

/// Finds the packets.
pub(super) fn gather(bytes: &[u8], gathering: &mut Gathering<'_>) {
    let mut at = FIRST_CHUNK;
    loop {
        let Some(chunk) = chunk(bytes, at) else {
            gathering.damaged("A chunk of the PNG breaks off, or its end is missing.");
            return;
        };
        match chunk.name {
            b"IHDR" => keep_size(chunk.data, gathering),
            b"eXIf" => gathering.keep_exif(chunk.data),
            b"iCCP" => gathering.packets.has_icc = true,
            b"caBX" => gathering.packets.has_c2pa = true,
            b"tEXt" => keep_text(chunk.data, gathering),
            b"zTXt" => keep_compressed(chunk.data, gathering),
            b"iTXt" => keep_international(chunk.data, gathering),
            b"IEND" => return,
            _ => {}
        }
        at = chunk.next;
    }
}

fn keep_size(data: &[u8], gathering: &mut Gathering<'_>) {
    if let (Some(width), Some(height)) = (be32(data, 0), be32(data, 4)) {
        gathering.packets.stored_size = Some((width, height));
    }
}

/// Splits at the first zero byte.
fn split(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = bytes.iter().position(|byte| *byte == 0)?;
    let (before, rest) = bytes.split_at_checked(at)?;
    Some((before, rest.get(1..)?))
}

/// A chunk's keyword, which has 1 to 79 bytes, and what stands behind it.
fn keyword(data: &[u8]) -> Option<(&[u8], &[u8])> {
    split(data).filter(|(keyword, _)| (1..=79).contains(&keyword.len()))
}

fn keep_text(data: &[u8], gathering: &mut Gathering<'_>) {
    if let Some((keyword, text)) = keyword(data) {
        keep_keyword(keyword, text, gathering);
    }
}

fn keep_compressed(data: &[u8], gathering: &mut Gathering<'_>) {
    if let Some((keyword, [0, stream @ ..])) = keyword(data)
        && let Some(text) = inflated(keyword, stream, gathering)
    {
        keep_keyword(keyword, &text, gathering);
    }
}

fn keep_international(data: &[u8], gathering: &mut Gathering<'_>) {
    let Some((keyword, [compressed, method, rest @ ..])) = keyword(data) else { return };
    let Some((_language, rest)) = split(rest) else { return };
    let Some((_translated, text)) = split(rest) else { return };
    match (compressed, method) {
        (0, _) => keep_keyword(keyword, text, gathering),
        (1, 0) => {
            if let Some(text) = inflated(keyword, text, gathering) {
                keep_keyword(keyword, &text, gathering);
            }
        }
        _ => gathering.damaged("A text chunk of the PNG is compressed in an unknown way."),
    }
}

/// Inflates a text within what its keyword deserves.
fn inflated(keyword: &[u8], stream: &[u8], gathering: &mut Gathering<'_>) -> Option<Vec<u8>> {
    let is_packet = keyword == XMP_KEYWORD || keyword.starts_with(PROFILE_KEYWORD);
    // A profile stands in two digits a byte.
    let bound = if is_packet { gathering.allowance.left().saturating_mul(2) } else { COMMENT_BYTES };
    let inflated = inflate(stream, bound.min(gathering.allowance.inflation()));
    if let Inflated::Whole(text) | Inflated::Cut(text) = &inflated {
        gathering.allowance.spend_inflation(text.len());
    }
    match inflated {
        Inflated::Whole(text) => Some(text),
        Inflated::Cut(text) if !is_packet => Some(text),
        Inflated::Cut(_) => {
            let name = String::from_utf8_lossy(keyword).into_owned();
            gathering.problems.note(
                ProblemCode::MetadataTooLarge,
                format!("The text chunk {name:?} inflates to more than 16 MB of metadata and was not read."),
            );
            None
        }
        Inflated::Broken => {
            gathering
                .problems
                .note(ProblemCode::InflateFailed, "A compressed text chunk of the PNG is broken.");
            None
        }
    }
}

const XMP_KEYWORD: &[u8] = b"XML:com.adobe.xmp";
const PROFILE_KEYWORD: &[u8] = b"Raw profile type ";

fn keep_keyword(keyword: &[u8], text: &[u8], gathering: &mut Gathering<'_>) {
    if keyword == XMP_KEYWORD {
        gathering.keep_xmp(text);
    } else if let Some(profile) = keyword.strip_prefix(PROFILE_KEYWORD) {
        match hexadecimal(text, gathering.allowance.left()) {
            Some(bytes) => keep_profile(profile, &bytes, gathering),
            None => gathering.damaged("A profile in a text chunk of the PNG breaks off or is too long."),
        }
    } else {
        let keyword = String::from_utf8_lossy(keyword).into_owned();
        gathering.keep_comment(Some(keyword), text.get(..COMMENT_BYTES).unwrap_or(text));
    }
}

fn keep_profile(name: &[u8], bytes: &[u8], gathering: &mut Gathering<'_>) {
    match name.to_ascii_lowercase().as_slice() {
        b"exif" => gathering.keep_exif(bytes),
        b"xmp" => gathering.keep_xmp(bytes),
        b"app1" if bytes.starts_with(super::jpeg::XMP_NAME) => gathering.keep_xmp(bytes),
        b"app1" => gathering.keep_exif(bytes),
        b"icc" | b"icm" => gathering.packets.has_icc = true,
        b"iptc" | b"8bim" => match bytes.strip_prefix(b"Photoshop 3.0\0").unwrap_or(bytes) {
            iim @ [0x1c, ..] => gathering.keep_iim(iim),
            block => photoshop::read(block, gathering),
        },
        _ => {}
    }
}

/// A profile of at most `most` bytes as ImageMagick writes it: a line with its name, a line with its length in bytes, then digits in lines.
fn hexadecimal(text: &[u8], most: usize) -> Option<Vec<u8>> {
    let mut lines = text.trim_ascii_start().splitn(3, |byte| *byte == b'\n');
    let _name = lines.next()?;
    let length: usize = std::str::from_utf8(lines.next()?).ok()?.trim().parse().ok()?;
    let digits = lines.next()?;
    if length > most || length > digits.len() {
        return None;
    }
    let mut nibbles = digits.iter().filter_map(|byte| char::from(*byte).to_digit(16));
    let mut bytes = Vec::with_capacity(length);
    for _ in 0..length {
        let (high, low) = (nibbles.next()?, nibbles.next()?);
        bytes.push(u8::try_from(high << 4 | low).ok()?);
    }
    Some(bytes)
}
