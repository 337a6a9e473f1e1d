//! Putting the rights into an AVIF that we encoded ourselves.

use super::jpeg::MuxError;
use super::record::RightsRecord;
use super::xmp::xmp_packet;
use crate::avif::{read_own, write};

/// Puts the rights into an AVIF without metadata: an XMP item that describes the picture (HEIF, 6.10), and nothing else.
/// Neither EXIF nor IIM has a place in public files of this kind. The AV1 bytes stay as they are. `largest` is width and
/// height in pixels of the largest picture that is published. Unlike in a JPEG, no text is ever cut.
///
/// # Errors
/// The file is not one that was encoded here and has no rights yet: it may hold anything then.
pub fn mux_avif(plain_avif: &[u8], rights: &RightsRecord, largest: (u32, u32)) -> Result<Vec<u8>, MuxError> {
    let still = read_own(plain_avif).ok_or(MuxError::NotOurAvif)?;
    write(&still, Some(&xmp_packet(rights, largest))).ok_or(MuxError::TooLong)
}
