//! Gain maps of "Ultra HDR" photos: a second JPEG behind the first, which bright screens make the lights brighter by.

use super::container::jpeg_segment;

/// Adobe's namespace of gain maps, in the XMP of the first picture.
const ADOBE: &[u8] = b"http://ns.adobe.com/hdr-gain-map/";

/// ISO 21496-1's mark.
const ISO: &[u8] = b"urn:iso:std:iso:ts:21496:-1";

/// Whether the headers of a JPEG say that a gain map belongs to it. What they say of its place and length is not
/// looked at: nothing behind the first picture is read.
pub(crate) fn has_gain_map(file: &[u8]) -> bool {
    if !file.starts_with(b"\xff\xd8\xff") {
        return false;
    }
    let mut at = 2;
    while let Ok(Some(segment)) = jpeg_segment(file, at) {
        let says = |mark: &[u8]| memchr::memmem::find(segment.data, mark).is_some();
        if segment.marker == 0xe1 && says(ADOBE) || segment.marker == 0xe2 && segment.data.starts_with(ISO) {
            return true;
        }
        at = segment.next;
    }
    false
}
