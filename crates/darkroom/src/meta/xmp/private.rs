//! What an XMP packet holds that must not be published (R45) or is for the desk only (R11).

use super::tree::Tree;
use super::values::Value;
use crate::meta::facts::{Fact, Facts, Packet};
use crate::meta::private::{PrivateKind, Privates};
use crate::meta::problem::Problems;
use crate::meta::text::Texts;

const TEXTS: [(PrivateKind, &str); 9] = [
    (PrivateKind::SerialNumber, "aux:SerialNumber"),
    (PrivateKind::SerialNumber, "exifEX:BodySerialNumber"),
    (PrivateKind::SerialNumber, "aux:LensSerialNumber"),
    (PrivateKind::SerialNumber, "exifEX:LensSerialNumber"),
    (PrivateKind::OwnerName, "aux:OwnerName"),
    (PrivateKind::OwnerName, "exifEX:CameraOwnerName"),
    (PrivateKind::OriginalFileName, "xmpMM:PreservedFileName"),
    (PrivateKind::OriginalFileName, "crs:RawFileName"),
    (PrivateKind::OriginalFileName, "GettyImagesGIFT:OriginalFilename"),
];
const POSITIONS: [&str; 2] = ["exif:GPSLatitude", "exif:GPSLongitude"];
const PLACES: [&str; 2] = ["Iptc4xmpExt:LocationCreated", "Iptc4xmpExt:LocationShown"];

/// Notes what is there.
pub(super) fn note(
    tree: &Tree,
    packet: Packet,
    facts: &Facts,
    problems: &mut Problems,
    privates: &mut Privates,
) {
    for (kind, property) in TEXTS {
        let text = tree.values(property).find_map(Value::text);
        if let Some(text) = text.and_then(|text| Texts::new(problems).clean(text, "private")) {
            privates.note(kind, packet, property, Some(text));
        }
    }
    for property in POSITIONS {
        if tree.values(property).any(|value| value.text().is_some()) {
            privates.note(PrivateKind::Gps, packet, property, None);
        }
    }
    for property in PLACES {
        let mut entries = tree.values(property).flat_map(Value::entries);
        if entries.any(|place| POSITIONS.iter().any(|position| place.field(position).is_some())) {
            privates.note(PrivateKind::Gps, packet, property, None);
        }
    }
    if tree.values("xmp:Thumbnails").next().is_some() {
        privates.note(PrivateKind::Thumbnail, packet, "xmp:Thumbnails", None);
    }
    note_desk_only(&facts.instructions, PrivateKind::Instructions, "photoshop:Instructions", privates);
    note_desk_only(
        &facts.description_writer,
        PrivateKind::DescriptionWriter,
        "photoshop:CaptionWriter",
        privates,
    );
}

fn note_desk_only(
    fact: &Option<Fact<String>>,
    kind: PrivateKind,
    property: &'static str,
    privates: &mut Privates,
) {
    if let Some(fact) = fact {
        privates.note(kind, fact.source.packet, property, Some(fact.value.clone()));
    }
}
