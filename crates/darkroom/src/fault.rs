//! Why a photo is refused. Each fault prints as one plain sentence that says what is wrong and what would be accepted
//! (R44), and has a stable code for machines.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::header::Format;

/// A photo that cannot be taken in, and why. The sentence is the same on each run for the same bytes (R41).
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum InputFault {
    /// Nothing was sent.
    #[error("The file is empty (0 bytes); a JPEG, PNG, WebP or TIFF photo is accepted.")]
    Empty,
    /// Known by its content to be something else, or not known at all (R40).
    #[error("This is {found}, which is not accepted; JPEG, PNG, WebP and TIFF photos are.")]
    WrongKind {
        /// What the content is, with its article (`an AVIF picture`).
        found: String,
    },
    /// HEIC, which no free decoder reads safely. Phones write it unless they are told otherwise.
    #[error(
        "This is a HEIC picture, which is not accepted; JPEG, PNG, WebP and TIFF photos are. A phone takes JPEGs when its camera's format is set to \"Most Compatible\"."
    )]
    Heic,
    /// More bytes than a file may have.
    #[error("The file has {bytes} bytes; files of up to {most} bytes are accepted.")]
    TooManyBytes {
        /// Bytes in the file.
        bytes: u64,
        /// The limit.
        most: u64,
    },
    /// Width or height is zero.
    #[error("The {format} says it is {width} x {height} pixels, which is no picture.")]
    NoPixels {
        /// Its format.
        format: Format,
        /// Stated width.
        width: u32,
        /// Stated height.
        height: u32,
    },
    /// A side is longer than allowed.
    #[error("The picture is {width} x {height} pixels; sides of up to {most} pixels are accepted.")]
    SideTooLong {
        /// Stated width.
        width: u32,
        /// Stated height.
        height: u32,
        /// The limit, in pixels.
        most: u32,
    },
    /// More pixels than allowed.
    #[error("The picture is {width} x {height} pixels; pictures of up to {most} megapixels are accepted.")]
    TooManyPixels {
        /// Stated width.
        width: u32,
        /// Stated height.
        height: u32,
        /// The limit, in millions of pixels.
        most: u64,
    },
    /// The header promises more memory than the worker may use.
    #[error(
        "Developing this picture of {width} x {height} pixels would take {needed} MB of memory; up to {most} MB are accepted."
    )]
    TooMuchMemory {
        /// Stated width.
        width: u32,
        /// Stated height.
        height: u32,
        /// What it would take, in millions of bytes.
        needed: u64,
        /// The limit, in millions of bytes.
        most: u64,
    },
    /// The file ends before the picture does.
    #[error("The {format} is cut off: {missing}. A complete file is accepted.")]
    Truncated {
        /// Its format.
        format: Format,
        /// How much is missing, as a clause (`12 of its 40 rows of blocks are missing`).
        missing: String,
    },
    /// The bytes contradict themselves.
    #[error("The {format} is damaged: {detail}. An undamaged file is accepted.")]
    Damaged {
        /// Its format.
        format: Format,
        /// What is wrong, as a clause.
        detail: String,
    },
    /// A kind of its format that is not read.
    #[error("The {format} is {variety}, which is not supported; {accepted}.")]
    Unsupported {
        /// Its format.
        format: Format,
        /// What it is (`arithmetic-coded`).
        variety: String,
        /// What would be accepted, as a clause.
        accepted: String,
    },
    /// Compressed data that swells as no honest file's does.
    #[error(
        "The {format} holds a text that swells to more than {times} times its size, as decompression bombs do; ordinary pictures are accepted."
    )]
    Bomb {
        /// Its format.
        format: Format,
        /// The ratio that it passes.
        times: u32,
    },
    /// Its sender wants its position left out, which cannot be done without changing something else.
    #[error(
        "The position at which this {format} was taken cannot be left out: it stands in compressed or divided metadata. A {format} without it is accepted, or this one with it."
    )]
    PositionStays {
        /// Its format.
        format: Format,
    },
    /// A step after decoding could not be done; no known input leads here.
    #[error("The picture was read but could not be developed ({reason}).")]
    Undeveloped {
        /// What the step said.
        reason: String,
    },
}

impl InputFault {
    /// Stable code of the fault, for the API and for tests.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::WrongKind { .. } => "wrong_kind",
            Self::Heic => "heic",
            Self::TooManyBytes { .. } => "too_many_bytes",
            Self::NoPixels { .. } => "no_pixels",
            Self::SideTooLong { .. } => "side_too_long",
            Self::TooManyPixels { .. } => "too_many_pixels",
            Self::TooMuchMemory { .. } => "too_much_memory",
            Self::Truncated { .. } => "truncated",
            Self::Damaged { .. } => "damaged",
            Self::Unsupported { .. } => "unsupported",
            Self::Bomb { .. } => "bomb",
            Self::PositionStays { .. } => "position_stays",
            Self::Undeveloped { .. } => "undeveloped",
        }
    }

    pub(crate) fn damaged(format: Format, detail: impl Into<String>) -> Self {
        Self::Damaged { format, detail: detail.into() }
    }

    pub(crate) fn truncated(format: Format, missing: impl Into<String>) -> Self {
        Self::Truncated { format, missing: missing.into() }
    }

    pub(crate) fn unsupported(
        format: Format,
        variety: impl Into<String>,
        accepted: impl Into<String>,
    ) -> Self {
        Self::Unsupported { format, variety: variety.into(), accepted: accepted.into() }
    }
}

/// A thing that was put right or left out on the way, for the desk to see; it never stops a photo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Stable code (`profile_broken`).
    pub code: String,
    /// One plain sentence.
    pub sentence: String,
}

impl Note {
    pub(crate) fn new(code: &str, sentence: impl Into<String>) -> Self {
        Self { code: code.to_owned(), sentence: sentence.into() }
    }
}
