//! AVIF by libaom: one still picture, all intra, with quantisation matrices. Each picture is encoded at the fastest speed,
//! where the matrices save a third of the bytes. What [`effort`] finds worth it is encoded once more, with a search.

use std::alloc::{Layout, handle_alloc_error};

use super::aom::{self, Effort};
use super::{effort, gave_up, yuv};
use crate::avif::{Still, write};
use crate::fault::InputFault;
use crate::limits::AVIF_BYTES;
use crate::pixels::Srgb;

/// Quality on libavif's scale, 0 to 100, to libaom's quantiser, 63 to 0.
fn quantiser(quality: u8) -> u8 {
    (((100 - u16::from(quality.min(100))) * 63 + 50) / 100) as u8
}

/// Encodes a picture.
///
/// # Errors
/// [`InputFault::Undeveloped`] when the encoder gives up. Memory that it cannot have ends the process, as it does
/// everywhere else: that is no fault of the picture.
pub(super) fn encode(picture: &Srgb, quality: u8) -> Result<Vec<u8>, InputFault> {
    let (width, height) = (picture.width, picture.height);
    let mut planes = yuv::planes(picture);
    let encoded = av1(&mut planes, quantiser(quality));
    drop(planes);
    match encoded {
        Ok(bytes) => {
            let (av1c, av1) = configuration(&bytes).ok_or_else(gave_up)?;
            write(&Still { width, height, av1c, av1 }, None).ok_or_else(gave_up)
        }
        Err(aom::NO_MEMORY) => {
            let pixels = width as usize * height as usize;
            handle_alloc_error(
                Layout::array::<u8>(pixels * AVIF_BYTES as usize).unwrap_or(Layout::new::<u8>()),
            )
        }
        Err(code) => Err(InputFault::Undeveloped { reason: format!("libaom says {code}") }),
    }
}

/// The picture as libaom writes it.
fn av1(planes: &mut yuv::Planes, quantiser: u8) -> Result<Vec<u8>, aom::Code> {
    let quick = aom::encode(planes, quantiser, Effort::Quick)?;
    if quantiser == 0 {
        // Without loss, libaom 3.11 takes another transform, and weighing by matrices gives noise for a picture.
        return Ok(quick);
    }
    match effort::effort(planes, quick.len()) {
        Effort::Quick => Ok(quick),
        Effort::Searching => aom::encode(planes, quantiser, Effort::Searching),
    }
}

/// Temporal delimiter: begins a frame of a film, has no place in a picture (AV1 in ISO media files, 2.5).
const DELIMITER: [u8; 2] = [0x12, 0];

/// First byte of a sequence header that states its length.
const SEQUENCE: u8 = 0x0a;

/// The decoder's configuration as the file states it (AV1 in ISO media files, 2.3.3), and the AV1 data that belong into
/// the file. `None` when it is not one still picture of 8 bits with the short header.
fn configuration(bytes: &[u8]) -> Option<([u8; 4], &[u8])> {
    let av1 = bytes.strip_prefix(&DELIMITER).unwrap_or(bytes);
    // The header is short: its length fits into one byte.
    let [SEQUENCE, 0..0x80, first, second, ..] = av1 else { return None };
    // Three bits of profile, one for a still picture, one for the short header, five of level (AV1, 5.5.1).
    if first >> 3 != 0b0_0011 {
        return None;
    }
    let level = (first & 0b111) << 2 | second >> 6;
    // Marker and version; profile 0 and level; 8 bits, three planes, colour halved both ways, its place not stated.
    Some(([0x81, level, 0b0000_1100, 0], av1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn qualities_span_the_quantisers() {
        assert_eq!([0, 50, 78, 100, 255].map(quantiser), [63, 32, 14, 0, 0]);
    }

    #[test]
    fn what_is_no_still_picture_has_no_configuration() {
        let still = [0x12, 0, 0x0a, 6, 0b0001_1010, 0b0100_0000, 0];
        assert_eq!(configuration(&still), Some(([0x81, 0b0_1001, 0x0c, 0], &still[2..])));
        assert_eq!(configuration(&still[..5]), None);
        assert_eq!(configuration(&[0x0a, 6, 0b0001_0010, 0]), None, "a long header");
        assert_eq!(configuration(&[0x0a, 6, 0b0011_1010, 0]), None, "another profile");
    }
}
