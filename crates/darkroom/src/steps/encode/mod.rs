//! sRGB pixels to a file without metadata. The encoders are C and C++; they see only pixels made here.

mod aom;
mod avif;
mod effort;
mod jpeg;
mod yuv;

use crate::fault::InputFault;
use crate::pixels::Srgb;
use crate::recipe::Encoding;

/// Encodes a picture.
///
/// # Errors
/// [`InputFault::Undeveloped`] when the encoder gives up, which no picture within the limits leads to.
pub fn encode(picture: &Srgb, encoding: Encoding) -> Result<Vec<u8>, InputFault> {
    match encoding {
        Encoding::Jpeg { quality } => jpeg::encode(picture, quality),
        Encoding::Avif { quality } => avif::encode(picture, quality),
    }
}

/// What an encoder that unwinds is answered with.
pub(crate) fn gave_up() -> InputFault {
    InputFault::Undeveloped { reason: "the encoder gave up".to_owned() }
}
