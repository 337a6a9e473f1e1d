//! What a file says about its picture before a pixel is decoded: size, samples, passes, orientation, colour.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::fault::InputFault;
use crate::limits::Limits;
use crate::walk;

/// A container that is taken in (R40), known by its content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// JPEG (ISO 10918-1).
    Jpeg,
    /// PNG (W3C), animated ones by their first picture.
    Png,
    /// WebP, animated ones by their first frame.
    Webp,
    /// TIFF 6.0 and BigTIFF, by their first page.
    Tiff,
}

impl fmt::Display for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::Webp => "WebP",
            Self::Tiff => "TIFF",
        })
    }
}

/// Facts about a picture that its container states, read without decoding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Container.
    pub format: Format,
    /// Stored width in pixels, before orientation.
    pub width: u32,
    /// Stored height in pixels, before orientation.
    pub height: u32,
    /// Samples a pixel once decoded, alpha included (palette colours count as three).
    pub channels: u8,
    /// Bits a sample once decoded: 8 or 16.
    pub depth: u8,
    /// Whether the picture comes in several passes (progressive JPEG, interlaced PNG).
    pub progressive: bool,
    /// Passes over the picture data: JPEG scans, else 1.
    pub scans: u32,
    /// Pictures in the file: animation frames, TIFF pages; only the first is used.
    pub frames: u32,
    /// EXIF orientation, 1 to 8; anything else in the file counts as 1.
    pub orientation: u8,
    /// Bytes the decoder needs beside its output.
    pub decoder_bytes: u64,
}

impl Header {
    /// Width and height in pixels once the picture stands upright.
    pub fn upright(&self) -> (u32, u32) {
        if self.orientation >= 5 { (self.height, self.width) } else { (self.width, self.height) }
    }
}

/// Reads the header, checks it against the limits (R41) and looks whether the file is all there, without decoding:
/// JPEG markers up to the end of the picture, PNG chunks to IEND, RIFF length, TIFF strips inside the file.
///
/// # Errors
/// What is refused, as one sentence; see [`InputFault`].
pub fn inspect(source: &[u8], limits: &Limits) -> Result<Header, InputFault> {
    let format = walk::sniff(source, limits)?;
    let header = walk::header(format, source, limits)?;
    limits.check(&header, source.len() as u64)?;
    Ok(header)
}
