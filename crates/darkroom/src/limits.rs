//! Limits that a photo must keep (R41), all checked before its pixels are allocated.

use serde::{Deserialize, Serialize};

use crate::fault::InputFault;
use crate::header::Header;
use crate::recipe::{Encoding, LARGEST, Recipe};
use crate::steps::{cut, ladder, shrink};

/// Bytes a pixel of the largest rendition that the later steps take, a byte a sample: the picture in source space, in
/// sRGB, upright, the sizes below it, and the encoder's own rows.
const LADDER_BYTES: u64 = 12;

/// Bytes a pixel that the AVIF encoder takes while it works, beside the picture: 16.3 to 17.9 were measured, and 0.3
/// more where it searches.
pub(crate) const AVIF_BYTES: u64 = 19;

/// What the program takes before it sees a photo: its heap, stacks and tables.
const PROGRAM_BYTES: u64 = 20_000_000;

/// What a photo may cost. The defaults are those of R41.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Limits {
    /// Memory for one photo in bytes: decoded pixels, the decoder's own buffers, the ladder, the file.
    pub memory: u64,
    /// Bytes a file.
    pub file: u64,
    /// Pixels a picture.
    pub pixels: u64,
    /// Pixels a side.
    pub side: u32,
    /// Passes over a progressive picture; each pass costs as much time as a whole picture.
    pub scans: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { memory: 512_000_000, file: 200_000_000, pixels: 120_000_000, side: 65_500, scans: 100 }
    }
}

impl Limits {
    /// Checks what a header promises.
    ///
    /// # Errors
    /// The first limit that is passed, in the order side, pixels, memory.
    pub fn check(&self, header: &Header, file_bytes: u64) -> Result<(), InputFault> {
        self.check_size(header)?;
        let needed = cost(header, file_bytes);
        if needed > self.memory {
            return Err(self.too_much(header, needed));
        }
        Ok(())
    }

    /// Checks that the files of these recipes can be encoded, and gives how many at a time: two, or one where the memory
    /// is too small for two.
    ///
    /// # Errors
    /// [`InputFault::TooMuchMemory`] when it is too small for one.
    pub(crate) fn check_encoding(
        &self,
        header: &Header,
        file_bytes: u64,
        recipes: &[Recipe],
    ) -> Result<usize, InputFault> {
        if recipes.iter().all(|recipe| matches!(recipe.encoding, Encoding::Jpeg { .. })) {
            return Ok(2);
        }
        let needed = [2, 1].map(|at_once| (at_once, encoding_cost(header, file_bytes, at_once)));
        match needed.into_iter().find(|(_, bytes)| *bytes <= self.memory) {
            Some((at_once, _)) => Ok(at_once),
            None => Err(self.too_much(header, encoding_cost(header, file_bytes, 1))),
        }
    }

    fn too_much(&self, header: &Header, needed: u64) -> InputFault {
        InputFault::TooMuchMemory {
            width: header.width,
            height: header.height,
            needed: needed.div_ceil(1_000_000),
            most: self.memory / 1_000_000,
        }
    }

    fn check_size(&self, header: &Header) -> Result<(), InputFault> {
        let (width, height) = (header.width, header.height);
        if width == 0 || height == 0 {
            return Err(InputFault::NoPixels { format: header.format, width, height });
        }
        if width > self.side || height > self.side {
            return Err(InputFault::SideTooLong { width, height, most: self.side });
        }
        if u64::from(width) * u64::from(height) > self.pixels {
            return Err(InputFault::TooManyPixels { width, height, most: self.pixels / 1_000_000 });
        }
        Ok(())
    }

    pub(crate) fn check_file(&self, bytes: u64) -> Result<(), InputFault> {
        match bytes {
            0 => Err(InputFault::Empty),
            bytes if bytes > self.file => Err(InputFault::TooManyBytes { bytes, most: self.file }),
            _ => Ok(()),
        }
    }
}

/// Bytes that developing takes, from the header alone: decoded pixels, the decoder's own buffers, the first resize's
/// half-way buffer, the ladder and the file itself.
pub(crate) fn cost(header: &Header, file_bytes: u64) -> u64 {
    let (width, height) = (u64::from(header.width), u64::from(header.height));
    let pixel = u64::from(header.channels) * u64::from(header.depth / 8);
    let decoded = width.saturating_mul(height).saturating_mul(pixel);
    let (narrow, low) = shrink::fit(header.width, header.height, LARGEST);
    let (narrow, low) = (u64::from(narrow), u64::from(low));
    let halfway = if narrow < width { narrow * height * pixel } else { 0 };
    let ladder = narrow * low * LADDER_BYTES * u64::from(header.depth / 8);
    let (across, down) = cut::basis(header.width, header.height);
    // Of a long and narrow picture more is kept for cuts.
    let cuts = (u64::from(across) * u64::from(down)).saturating_sub(narrow * low) * (3 + pixel);
    [decoded, header.decoder_bytes, halfway, ladder, cuts, file_bytes, PROGRAM_BYTES]
        .into_iter()
        .fold(0, u64::saturating_add)
}

/// Bytes that encoding AVIF takes once the decoded pixels are given back: the ladder, the largest pictures that are
/// encoded at the same time, and the file itself.
fn encoding_cost(header: &Header, file_bytes: u64, at_once: usize) -> u64 {
    let (width, height) = header.upright();
    let pixels = |(width, height): (u32, u32)| u64::from(width) * u64::from(height);
    let sizes = ladder::sizes(width, height);
    let encoders: u64 = sizes.iter().take(at_once).map(|size| pixels(*size) * AVIF_BYTES).sum();
    let pictures = sizes.first().map_or(0, |largest| pixels(*largest) * LADDER_BYTES);
    encoders + pictures + file_bytes + PROGRAM_BYTES
}
