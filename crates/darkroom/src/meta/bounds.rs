//! Limits of R41 for metadata. They are held before memory is taken, so that a hostile file costs what an honest one
//! costs.

use super::problem::{ProblemCode, Problems};

/// Bytes of metadata of one photo, all packets together, after inflation (R41).
pub const METADATA_BYTES: usize = 16 * 1024 * 1024;
/// Levels of nesting in an XMP packet (R41).
pub const XMP_LEVELS: usize = 64;
/// Keywords (R41).
pub const KEYWORDS: usize = 2_000;
/// Characters of a text field (R41).
pub const TEXT_CHARACTERS: usize = 10_000;
/// Entries of the other lists: creators, persons, places, regions.
pub(crate) const LIST_ENTRIES: usize = 200;
/// Elements and attributes kept of an XMP packet. The fullest press photos have a few hundred.
pub(crate) const XMP_NODES: usize = 100_000;
/// Attributes of one XMP element.
pub(crate) const XMP_ATTRIBUTES: usize = 2_000;
/// Namespaces that an XMP packet may have in use at one place.
pub(crate) const XMP_NAMESPACES: usize = 256;
/// Bytes that are inflated of one photo. Profiles stand in two digits a byte, so this is twice the metadata.
const INFLATED_BYTES: usize = 2 * METADATA_BYTES + 1024 * 1024;
/// Comments of a container that are kept.
pub(crate) const COMMENTS: usize = 32;
/// Bytes read of a comment.
pub(crate) const COMMENT_BYTES: usize = 64 * 1024;

/// What is left of [`METADATA_BYTES`] and of inflation while a photo is read.
#[derive(Debug)]
pub(crate) struct Allowance {
    left: usize,
    inflation: usize,
}

impl Allowance {
    /// The whole allowance of one photo.
    pub fn new() -> Self {
        Self { left: METADATA_BYTES, inflation: INFLATED_BYTES }
    }

    /// Bytes that may still be kept.
    pub fn left(&self) -> usize {
        self.left
    }

    /// Bytes that may still be inflated.
    pub fn inflation(&self) -> usize {
        self.inflation
    }

    /// Counts what was inflated, kept or not: many small bombs must not take longer than one.
    pub fn spend_inflation(&mut self, bytes: usize) {
        self.inflation = self.inflation.saturating_sub(bytes);
    }

    /// Takes `bytes` from the allowance; false, and a problem noted, when they are not left.
    pub fn take(&mut self, bytes: usize, what: &str, problems: &mut Problems) -> bool {
        if bytes > self.left {
            problems.note(
                ProblemCode::MetadataTooLarge,
                format!("The {what} passes the limit of 16 MB of metadata and was not read."),
            );
            return false;
        }
        self.left = self.left.saturating_sub(bytes);
        true
    }
}
