//! A photo's metadata: read from every container that can hold it, merged into facts (R1-R3), and written anew into
//! public files (R5). Reading is bounded (R41), memory-safe, and never fails a photo: what is wrong stands beside the
//! facts (ARCHITECTURE.md, invariant 11).

#![deny(clippy::indexing_slicing, clippy::string_slice)]

mod bounds;
mod container;
mod dates;
mod exif;
mod facts;
mod gain_map;
mod headers;
mod ifd;
mod iim;
mod kind;
mod listing;
mod merge;
mod octets;
mod packets;
mod picture_hash;
mod position;
mod private;
mod problem;
mod text;
mod write;
mod xmp;

use serde::{Deserialize, Serialize};

pub use bounds::{KEYWORDS, METADATA_BYTES, TEXT_CHARACTERS, XMP_LEVELS};
pub use exif::{Look, look};
pub use facts::{
    CameraTime, Fact, Facts, ImageRegion, Licensor, Packet, PartialDate, Place, PlaceFacts, Source,
};
pub(crate) use gain_map::has_gain_map;
pub(crate) use headers::{Headers, headers};
pub use kind::{FileKind, kind};
pub use listing::Listed;
pub use packets::{Comment, Packets};
pub use picture_hash::picture_hash;
pub use position::{Patch, PositionStays, sidecar_without_position, without_position};
pub use private::{PrivateFinding, PrivateKind};
pub use problem::{Problem, ProblemCode};
pub use write::{MuxError, RightsRecord, iim_block, mux_avif, mux_jpeg, xmp_packet};

use private::Privates;
use problem::Problems;

/// What was read of one file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// What the file is, by its content.
    pub kind: FileKind,
    /// The facts, each with its source.
    pub facts: Facts,
    /// What was wrong, in plain sentences.
    pub problems: Vec<Problem>,
    /// What must not be published.
    pub private: Vec<PrivateFinding>,
    /// The packets as they stand in the file. Their bytes are not serialised.
    pub packets: Packets,
    /// SHA-256 of the picture without its metadata; see [`picture_hash`].
    pub picture_hash: [u8; 32],
}

impl Reading {
    /// How the stored picture must be turned: EXIF Orientation, 1 to 8; 1 when nothing valid is stated.
    pub fn orientation(&self) -> u8 {
        self.facts.orientation.as_ref().map_or(1, |fact| fact.value)
    }
}

/// Reads a file and, where there is one, the `.xmp` file beside it. `languages` are the site's (BCP 47), best first:
/// they decide between the texts of a language alternative that has no default (R2).
///
/// Never fails and never takes more than some 16 MB of metadata; a file that is no photo has no facts.
pub fn read(bytes: &[u8], sidecar: Option<&[u8]>, languages: &[&str]) -> Reading {
    let mut problems = Problems::default();
    let mut privates = Privates::default();
    let kind = kind(bytes);
    let mut packets = container::gather(bytes, kind, &mut problems, &mut privates);
    let exif_block = if kind == FileKind::Tiff { Some(bytes) } else { packets.exif.as_deref() };
    let picture_hash = picture_hash(bytes, kind, exif_block);
    let setting = xmp::Setting { packet: Packet::Xmp, languages, stored_size: packets.stored_size };

    let mut sources = Vec::new();
    if let Some(bytes) = sidecar {
        sources.push(read_sidecar(bytes, setting, &mut problems, &mut privates));
    }
    let embedded = [packets.xmp.as_deref(), packets.xmp_extension.as_deref()];
    if packets.xmp.is_some() {
        sources.push(xmp::read(embedded, setting, &mut problems, &mut privates));
    }
    if let Some(block) = &packets.iim {
        sources.push(iim::read(block, &mut problems, &mut privates));
    }
    if let Some(block) = exif_block {
        sources.push(exif::read(block, kind == FileKind::Tiff, &mut problems, &mut privates));
    }
    let facts = merge::merge(sources, &mut problems);
    note_newer_iim(&packets, &facts, &mut problems);
    let private = privates.into_list();
    packets.has_thumbnail |= private.iter().any(|finding| finding.kind == PrivateKind::Thumbnail);
    Reading { kind, facts, problems: problems.into_list(), private, packets, picture_hash }
}

fn read_sidecar(
    bytes: &[u8],
    setting: xmp::Setting<'_>,
    problems: &mut Problems,
    privates: &mut Privates,
) -> Facts {
    if !bounds::Allowance::new().take(bytes.len(), "sidecar", problems) {
        return Facts::default();
    }
    let setting = xmp::Setting { packet: Packet::Sidecar, ..setting };
    xmp::read([Some(bytes), None], setting, problems, privates)
}

/// The digest beside the IIM block was taken when IIM and XMP last agreed. Where it does not match and they differ,
/// the IIM was changed by a program that left the XMP alone, and only the desk can tell which is right (R2).
fn note_newer_iim(packets: &Packets, facts: &Facts, problems: &mut Problems) {
    use md5::Digest;

    let (Some(iim), Some(stated), Some(_)) = (&packets.iim, packets.iim_digest, &packets.xmp) else { return };
    // A program that knows of no agreement writes zeros.
    if stated == [0; 16] || md5::Md5::digest(iim).as_slice() == stated || !merge::iim_differs(facts) {
        return;
    }
    problems.note(
        ProblemCode::IimNewer,
        "The IIM texts were changed after the XMP texts and differ from them; XMP was taken, the desk chooses.",
    );
}
