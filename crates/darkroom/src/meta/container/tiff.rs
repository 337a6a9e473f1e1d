//! Metadata tags of a TIFF file (TIFF 6.0; XMP part 3, 1.1.5; DNG 1.6 for the IIM and Photoshop tags). Its EXIF is the
//! file itself.

use super::{Gathering, photoshop};
use crate::meta::ifd::Tiff;

const WIDTH: u16 = 0x0100;
const HEIGHT: u16 = 0x0101;
const XMP: u16 = 700;
const IIM: u16 = 33_723;
const PHOTOSHOP: u16 = 34_377;
const ICC: u16 = 34_675;
const C2PA: u16 = 52_545;

/// Finds the packets in the first directory.
pub(super) fn gather(bytes: &[u8], gathering: &mut Gathering<'_>) {
    let Some(tiff) = Tiff::new(bytes) else {
        gathering.damaged("The TIFF's header breaks off.");
        return;
    };
    let first = tiff.directory(tiff.first);
    if first.damaged {
        gathering.damaged("The TIFF's first directory breaks off or points outside the file.");
    }
    if let (Some(width), Some(height)) = (first.number(WIDTH), first.number(HEIGHT)) {
        gathering.packets.stored_size = Some((width, height));
    }
    gathering.packets.has_icc = first.get(ICC).is_some();
    gathering.packets.has_c2pa = first.get(C2PA).is_some();
    if let Some(entry) = first.get(XMP) {
        gathering.keep_xmp(entry.bytes);
    }
    if let Some(entry) = first.get(PHOTOSHOP) {
        photoshop::read(entry.bytes, gathering);
    }
    // Both places are usual; the Photoshop one is kept up to date by more programs. The tag's type is often "long",
    // but its content are bytes all the same.
    if gathering.packets.iim.is_none()
        && let Some(entry) = first.get(IIM)
    {
        gathering.keep_iim(entry.bytes);
    }
}
