//! Finding the metadata packets in each container. Every length is checked against what is really there.

mod inflate;
mod jpeg;
mod photoshop;
mod png;
mod tiff;
mod webp;

pub(crate) use jpeg::segment as jpeg_segment;
pub(crate) use png::{FIRST_CHUNK as FIRST_PNG_CHUNK, chunk as png_chunk};
pub(crate) use webp::chunk as riff_chunk;

use super::bounds::{Allowance, COMMENTS};
use super::kind::FileKind;
use super::packets::{Comment, Packets};
use super::private::Privates;
use super::problem::{ProblemCode, Problems};
use super::text::Texts;

/// What is being gathered from one photo.
#[derive(Debug)]
pub(crate) struct Gathering<'p> {
    /// The packets found so far.
    pub packets: Packets,
    /// What may still be kept.
    pub allowance: Allowance,
    /// Where faults are told.
    pub problems: &'p mut Problems,
    /// Where findings that must not be published are told.
    pub privates: &'p mut Privates,
}

/// Finds the packets of a photo. Kinds that are refused have none.
pub(crate) fn gather(
    bytes: &[u8],
    kind: FileKind,
    problems: &mut Problems,
    privates: &mut Privates,
) -> Packets {
    let packets = Packets::default();
    let mut gathering = Gathering { packets, allowance: Allowance::new(), problems, privates };
    match kind {
        FileKind::Jpeg => jpeg::gather(bytes, &mut gathering),
        FileKind::Png => png::gather(bytes, &mut gathering),
        FileKind::WebP => webp::gather(bytes, &mut gathering),
        FileKind::Tiff => tiff::gather(bytes, &mut gathering),
        _ => {}
    }
    gathering.packets
}

impl Gathering<'_> {
    /// Notes a fault of the container.
    fn damaged(&mut self, sentence: &str) {
        self.problems.note(ProblemCode::ContainerDamaged, sentence);
    }

    /// Keeps an EXIF block, with or without the prefix that JPEG needs; the first one is read.
    fn keep_exif(&mut self, block: &[u8]) {
        let block = block.strip_prefix(b"Exif\0\0").unwrap_or(block);
        if self.packets.exif.is_none() && self.allowance.take(block.len(), "EXIF block", self.problems) {
            self.packets.exif = Some(block.to_vec());
        }
    }

    /// Keeps an IIM block; further ones are appended, since their datasets stand by themselves.
    fn keep_iim(&mut self, block: &[u8]) {
        if self.allowance.take(block.len(), "IIM block", self.problems) {
            self.packets.iim.get_or_insert_default().extend_from_slice(block);
        }
    }

    /// Keeps an XMP packet.
    fn keep_xmp(&mut self, packet: &[u8]) {
        let packet = packet.strip_prefix(jpeg::XMP_NAME).unwrap_or(packet);
        if self.allowance.take(packet.len(), "XMP packet", self.problems) {
            self.packets.keep_xmp(packet.to_vec());
        }
    }

    /// Keeps a comment.
    fn keep_comment(&mut self, keyword: Option<String>, bytes: &[u8]) {
        if self.packets.comments.len() >= COMMENTS {
            return;
        }
        if let Some(text) = Texts::new(self.problems).latin_or_utf8(bytes, "comment") {
            self.packets.comments.push(Comment { keyword, text });
        }
    }

    /// Notes a smaller copy of the picture that stands in the container itself.
    fn note_thumbnail(&mut self) {
        self.packets.has_thumbnail = true;
        self.privates.note_container_thumbnail();
    }
}
