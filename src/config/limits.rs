//! `[limits]`: what is too large (R41). All are checked before pixels are allocated.

use super::reading::SectionReader;

/// The limits for what a stranger may send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LimitsConfig {
    /// Memory that developing one photo may take, in bytes, from what its header promises.
    pub memory_bytes: u64,
    /// Size of one file, in bytes.
    pub file_bytes: u64,
    /// Pixels of one picture.
    pub pixels: u64,
    /// Pixels a side.
    pub side: u32,
}

impl LimitsConfig {
    pub(super) fn read(section: &mut SectionReader) -> Self {
        Self {
            memory_bytes: section.number("memory_megabytes", 512, 32, 65_536) << 20,
            file_bytes: section.number("file_megabytes", 200, 1, 4096) << 20,
            pixels: section.number("megapixels", 120, 1, 4000) * 1_000_000,
            side: u32::try_from(section.number("side_pixels", 65_500, 16, 65_535)).unwrap_or(65_500),
        }
    }
}
