//! What was wrong with a photo's metadata. A problem is told beside the facts and never fails the photo.

use serde::{Deserialize, Serialize};

/// More problems than this are counted as one `more_problems`: a hostile file must not fill the log.
const MOST: usize = 100;

/// A problem's stable code; serialised in snake case (`iim_newer`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// The container's structure breaks off or lies about a length.
    ContainerDamaged,
    /// Metadata passes 16 MB after inflation (R41); what lies beyond was not read.
    MetadataTooLarge,
    /// A compressed text cannot be inflated.
    InflateFailed,
    /// The EXIF block breaks off or points outside itself.
    ExifDamaged,
    /// EXIF Orientation outside 1 to 8; read as 1.
    ExifOrientation,
    /// An EXIF date that is no date.
    ExifDate,
    /// The IIM block breaks off or lies about a length.
    IimDamaged,
    /// IIM names UTF-8 but holds bytes that are not; read as Windows-1252 (R1).
    IimCharset,
    /// An IIM date or time that is none.
    IimDate,
    /// The digest beside the IIM block says that it was changed after the XMP (R2); the desk chooses.
    IimNewer,
    /// The XMP packet is not well-formed; what stands before the fault was read.
    XmpDamaged,
    /// The XMP packet is in no encoding that XMP allows.
    XmpEncoding,
    /// The XMP packet is nested deeper than 64 levels (R41).
    XmpTooDeep,
    /// The XMP packet has more elements than a photo needs.
    XmpTooLarge,
    /// The XMP packet has a document type or an entity of its own; neither is read (R42).
    XmpEntity,
    /// The extension of the XMP packet is incomplete or does not match its checksum.
    XmpExtension,
    /// An XMP date that is none.
    XmpDate,
    /// A text was longer than 10,000 characters (R41) or broke off within a character; the rest is missing.
    TextCut,
    /// A text held control characters, which were dropped (R1).
    ControlCharacters,
    /// More than 2,000 keywords (R41); the first were kept.
    TooManyKeywords,
    /// More entries of a list than are kept.
    TooManyEntries,
    /// Two places state different values; the first by R2 was taken.
    ValuesDiffer,
    /// More problems than are listed.
    MoreProblems,
}

impl ProblemCode {
    /// The code as it stands in JSON and logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ContainerDamaged => "container_damaged",
            Self::MetadataTooLarge => "metadata_too_large",
            Self::InflateFailed => "inflate_failed",
            Self::ExifDamaged => "exif_damaged",
            Self::ExifOrientation => "exif_orientation",
            Self::ExifDate => "exif_date",
            Self::IimDamaged => "iim_damaged",
            Self::IimCharset => "iim_charset",
            Self::IimDate => "iim_date",
            Self::IimNewer => "iim_newer",
            Self::XmpDamaged => "xmp_damaged",
            Self::XmpEncoding => "xmp_encoding",
            Self::XmpTooDeep => "xmp_too_deep",
            Self::XmpTooLarge => "xmp_too_large",
            Self::XmpEntity => "xmp_entity",
            Self::XmpExtension => "xmp_extension",
            Self::XmpDate => "xmp_date",
            Self::TextCut => "text_cut",
            Self::ControlCharacters => "control_characters",
            Self::TooManyKeywords => "too_many_keywords",
            Self::TooManyEntries => "too_many_entries",
            Self::ValuesDiffer => "values_differ",
            Self::MoreProblems => "more_problems",
        }
    }
}

impl std::fmt::Display for ProblemCode {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.as_str())
    }
}

/// One thing that is wrong with a photo's metadata.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Stable code.
    pub code: ProblemCode,
    /// One plain sentence for the desk.
    pub sentence: String,
    /// The field of [`super::Facts`] concerned, where there is one (`description`, `place.city`).
    pub field: Option<String>,
}

/// The list that the readers write into.
#[derive(Debug, Default)]
pub(crate) struct Problems {
    list: Vec<Problem>,
    more: usize,
}

impl Problems {
    /// Notes a problem of the whole photo or packet.
    pub fn note(&mut self, code: ProblemCode, sentence: impl Into<String>) {
        self.push(code, sentence.into(), None);
    }

    /// Notes a problem of one field.
    pub fn note_field(&mut self, code: ProblemCode, field: &str, sentence: impl Into<String>) {
        self.push(code, sentence.into(), Some(field.to_owned()));
    }

    fn push(&mut self, code: ProblemCode, sentence: String, field: Option<String>) {
        let problem = Problem { code, sentence, field };
        if self.list.contains(&problem) {
            return;
        }
        if self.list.len() < MOST {
            self.list.push(problem);
        } else {
            self.more = self.more.saturating_add(1);
        }
    }

    /// The finished list.
    pub fn into_list(mut self) -> Vec<Problem> {
        if self.more > 0 {
            let sentence = format!("{} more problems are not listed.", self.more);
            self.list.push(Problem { code: ProblemCode::MoreProblems, sentence, field: None });
        }
        self.list
    }
}
