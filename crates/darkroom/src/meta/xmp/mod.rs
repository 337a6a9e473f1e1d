//! XMP (ISO 16684-1): an RDF reader over quick-xml that knows no DTD, no entities of a document's own and no network
//! (R42), and the properties that are read.

mod encoding;
mod names;
mod private;
mod properties;
mod regions;
mod tree;
mod values;

use super::facts::{Facts, Packet};
use super::private::Privates;
use super::problem::Problems;
use tree::Tree;

/// What a reader of XMP must know besides the packet.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Setting<'a> {
    /// Whether it is the photo's own packet or a sidecar.
    pub packet: Packet,
    /// The site's languages (BCP 47), best first.
    pub languages: &'a [&'a str],
    /// Width and height in pixels as stored, for regions that are given in pixels.
    pub stored_size: Option<(u32, u32)>,
}

/// Reads a packet and its extension.
pub(crate) fn read(
    packets: [Option<&[u8]>; 2],
    setting: Setting<'_>,
    problems: &mut Problems,
    privates: &mut Privates,
) -> Facts {
    let mut tree = Tree::default();
    for bytes in packets.into_iter().flatten() {
        if let Some(text) = encoding::decode(bytes, problems) {
            tree.read(&text, problems);
        }
    }
    let facts = properties::facts(&tree, setting, problems);
    private::note(&tree, setting.packet, &facts, problems, privates);
    facts
}
