//! What a photo carries that must not be published (R45) or is for the desk only (R11). The public files carry none of
//! it, because their metadata is made from the published record alone; this list is for the desk's eyes.

use serde::{Deserialize, Serialize};

use super::facts::{Packet, Source};

/// More findings than this are not listed.
const MOST: usize = 64;

/// Kinds of private or desk-only metadata.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PrivateKind {
    /// A position.
    Gps,
    /// A serial number of camera or lens.
    SerialNumber,
    /// The camera owner's name.
    OwnerName,
    /// The camera maker's own block.
    MakerNote,
    /// A smaller copy of the picture, which may show what was cropped away.
    Thumbnail,
    /// The name of the original file.
    OriginalFileName,
    /// Instructions to the desk (R11).
    Instructions,
    /// Who wrote the caption (for the desk only).
    DescriptionWriter,
}

impl PrivateKind {
    /// Its name for a person.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gps => "GPS position",
            Self::SerialNumber => "serial number",
            Self::OwnerName => "owner name",
            Self::MakerNote => "maker note",
            Self::Thumbnail => "embedded thumbnail",
            Self::OriginalFileName => "original file name",
            Self::Instructions => "instructions",
            Self::DescriptionWriter => "description writer",
        }
    }
}

/// One thing that must not be published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrivateFinding {
    /// What it is.
    pub kind: PrivateKind,
    /// Where it stands; `None` where it stands in the container itself (a JFIF or Photoshop thumbnail).
    pub source: Option<Source>,
    /// Its text, for serial numbers, names and instructions.
    pub text: Option<String>,
}

/// The list that the readers write into.
#[derive(Debug, Default)]
pub(crate) struct Privates {
    list: Vec<PrivateFinding>,
}

impl Privates {
    /// Notes a finding in a packet.
    pub fn note(&mut self, kind: PrivateKind, packet: Packet, property: &'static str, text: Option<String>) {
        let source = Some(Source { packet, property: property.into() });
        self.push(PrivateFinding { kind, source, text });
    }

    /// Notes a thumbnail that stands in the container itself.
    pub fn note_container_thumbnail(&mut self) {
        self.push(PrivateFinding { kind: PrivateKind::Thumbnail, source: None, text: None });
    }

    fn push(&mut self, finding: PrivateFinding) {
        if self.list.len() < MOST && !self.list.contains(&finding) {
            self.list.push(finding);
        }
    }

    /// The finished list.
    pub fn into_list(self) -> Vec<PrivateFinding> {
        self.list
    }
}
