//! Walks over containers that look at structure only: what the header says, where the picture data lies, and whether
//! the file is all there. Nothing here inflates or decodes, so a walk costs a millisecond for a photo of 8 MB.

#![deny(clippy::indexing_slicing, clippy::string_slice)]

pub(crate) mod jpeg;
pub(crate) mod png;
pub(crate) mod tiff;
pub(crate) mod webp;

use std::io::Cursor;

use crate::fault::InputFault;
use crate::header::{Format, Header};
use crate::limits::Limits;
use crate::meta::{self, FileKind};

/// Knows a photo by its content, never by its name or declared type (R40).
pub(crate) fn sniff(source: &[u8], limits: &Limits) -> Result<Format, InputFault> {
    limits.check_file(source.len() as u64)?;
    match meta::kind(source) {
        FileKind::Jpeg => Ok(Format::Jpeg),
        FileKind::Png => Ok(Format::Png),
        FileKind::WebP => Ok(Format::Webp),
        FileKind::Tiff => Ok(Format::Tiff),
        FileKind::Heic => Err(InputFault::Heic),
        other => Err(InputFault::WrongKind { found: other.name().to_owned() }),
    }
}

/// The header of a file of a known format, with the check that the file is all there.
pub(crate) fn header(format: Format, source: &[u8], limits: &Limits) -> Result<Header, InputFault> {
    match format {
        Format::Jpeg => jpeg::header(source, limits),
        Format::Png => png::header(source),
        Format::Webp => webp::header(source),
        Format::Tiff => tiff::header(source, limits),
    }
}

/// Big-endian 16 bits at `at`.
pub(crate) fn be16(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

/// Big-endian 32 bits at `at`.
pub(crate) fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

/// Little-endian 32 bits at `at`.
pub(crate) fn le32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

/// Little-endian 24 bits at `at`.
pub(crate) fn le24(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at.checked_add(3)?)?;
    Some(bytes.iter().rev().fold(0, |value, byte| value << 8 | u32::from(*byte)))
}

/// What EXIF says about how the picture is to be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ExifHints {
    /// 1 to 8.
    pub orientation: u8,
    /// DCF's mark for Adobe RGB: ColorSpace 2, or Uncalibrated with interoperability index R03.
    pub adobe_rgb: bool,
}

impl Default for ExifHints {
    fn default() -> Self {
        Self { orientation: 1, adobe_rgb: false }
    }
}

/// Reads the hints out of an EXIF block that begins with its TIFF header; what cannot be read counts as not said.
pub(crate) fn exif_hints(block: &[u8]) -> ExifHints {
    let look = meta::look(block);
    ExifHints { orientation: look.orientation, adobe_rgb: look.adobe_rgb }
}

/// A cursor, for the decoders that read from a stream.
pub(crate) fn cursor(source: &[u8]) -> Cursor<&[u8]> {
    Cursor::new(source)
}
