//! Putting the rights into a JPEG that we encoded ourselves.

use super::iim::iim_block;
use super::record::RightsRecord;
use super::xmp;
use crate::meta::container::jpeg_segment;

const XMP_NAME: &[u8] = b"http://ns.adobe.com/xap/1.0/\0";
const PHOTOSHOP_NAME: &[u8] = b"Photoshop 3.0\0";
/// What a segment holds besides the two bytes of its length (T.81, B.1.1.4).
const SEGMENT: usize = 65_533;
/// Lengths to which long texts are cut, in bytes, until the packet fits into one segment.
const TEXT_LENGTHS: [usize; 7] = [usize::MAX, 16_000, 8_000, 4_000, 2_000, 500, 0];

/// Why rights were not put into a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MuxError {
    /// The bytes are no JPEG up to their first scan.
    #[error("the file is not a whole JPEG")]
    NotJpeg,
    /// The bytes are no AVIF of exactly the form that this program writes, so that what it would publish is not known.
    #[error("the file is not an AVIF as it was encoded here")]
    NotOurAvif,
    /// The file holds segments besides those of a bare picture, so that what it would publish is not known.
    #[error("the file already carries metadata (marker 0x{0:02X})")]
    CarriesMetadata(u8),
    /// Creators, credit and copyright, which are never cut, do not fit into one segment of 64 KB of a JPEG, or into the
    /// 4 GB of an AVIF.
    #[error("creators, credit and copyright are longer than the file can hold")]
    TooLong,
}

/// Puts the rights into a JPEG without metadata: an APP1 segment with XMP and an APP13 segment with IIM behind the
/// JFIF header, and nothing else. The picture's bytes stay as they are. `largest` is width and height in pixels of the
/// largest picture that is published.
///
/// A packet over 64 KB is not spread over several segments, since few readers put them together: first the caption,
/// alt text and usage terms are cut, never creators, credit or copyright.
///
/// # Errors
/// The file is no JPEG, already carries metadata, or the rights are too long for a segment.
pub fn mux_jpeg(plain_jpeg: &[u8], rights: &RightsRecord, largest: (u32, u32)) -> Result<Vec<u8>, MuxError> {
    let at = place(plain_jpeg)?;
    let (head, picture) = plain_jpeg.split_at_checked(at).ok_or(MuxError::NotJpeg)?;
    let room = SEGMENT.saturating_sub(XMP_NAME.len());
    let packet = TEXT_LENGTHS
        .iter()
        .map(|length| xmp::packet(rights, largest, *length))
        .find(|packet| packet.len() <= room)
        .ok_or(MuxError::TooLong)?;
    let iim = iim_block(rights);
    let mut muxed = Vec::with_capacity(plain_jpeg.len().saturating_add(packet.len()).saturating_add(512));
    muxed.extend_from_slice(head);
    push(&mut muxed, 0xe1, &[XMP_NAME, &packet])?;
    push(&mut muxed, 0xed, &[PHOTOSHOP_NAME, &iim])?;
    muxed.extend_from_slice(picture);
    Ok(muxed)
}

/// Where the segments belong: behind SOI and JFIF, which must stand first (T.871, 10.1). The rest of the headers is
/// checked for metadata on the way.
fn place(jpeg: &[u8]) -> Result<usize, MuxError> {
    if !jpeg.starts_with(b"\xff\xd8\xff") {
        return Err(MuxError::NotJpeg);
    }
    let mut place = 2;
    let mut at = 2;
    while let Some(segment) = jpeg_segment(jpeg, at).map_err(|()| MuxError::NotJpeg)? {
        match segment.marker {
            0xe0 if segment.data.starts_with(b"JFIF\0") && segment.data.len() == 14 && at == 2 => {
                place = segment.next;
            }
            0xe2 if segment.data.starts_with(b"ICC_PROFILE\0") => {}
            0xee if segment.data.starts_with(b"Adobe") => {}
            marker @ (0xe0..=0xef | 0xfe) => return Err(MuxError::CarriesMetadata(marker)),
            _ => {}
        }
        at = segment.next;
    }
    // The headers end at a scan; a file without one holds no picture.
    let scan = jpeg.get(at..).unwrap_or_default().iter().find(|byte| **byte != 0xff);
    if scan == Some(&0xda) { Ok(place) } else { Err(MuxError::NotJpeg) }
}

fn push(jpeg: &mut Vec<u8>, marker: u8, parts: &[&[u8]]) -> Result<(), MuxError> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let length = u16::try_from(length.saturating_add(2)).map_err(|_| MuxError::TooLong)?;
    jpeg.extend([0xff, marker]);
    jpeg.extend(length.to_be_bytes());
    for part in parts {
        jpeg.extend_from_slice(part);
    }
    Ok(())
}
