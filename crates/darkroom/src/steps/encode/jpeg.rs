//! JPEG by jpegli.

use std::panic::{AssertUnwindSafe, catch_unwind};

use jpegli::{ColorSpace, Compress};

use super::gave_up;
use crate::fault::InputFault;
use crate::pixels::Srgb;
use crate::recipe::LARGEST_PROGRESSIVE;

/// JFIF, 4:2:0, optimised Huffman codes; coarse to fine where the picture is small.
pub(super) fn encode(picture: &Srgb, quality: u8) -> Result<Vec<u8>, InputFault> {
    // The encoder's own way to report a fault is to unwind.
    let outcome = catch_unwind(AssertUnwindSafe(|| compress(picture, quality)));
    match outcome {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(error)) => Err(InputFault::Undeveloped { reason: error.to_string() }),
        Err(_) => Err(gave_up()),
    }
}

fn compress(picture: &Srgb, quality: u8) -> std::io::Result<Vec<u8>> {
    let (width, height) = (picture.width as usize, picture.height as usize);
    let mut compress = Compress::new(ColorSpace::JCS_RGB);
    compress.set_size(width, height);
    compress.set_quality(f32::from(quality.clamp(1, 100)));
    compress.set_chroma_sampling_pixel_sizes((2, 2), (2, 2));
    compress.set_optimize_coding(true);
    if picture.width.max(picture.height) <= LARGEST_PROGRESSIVE {
        compress.set_progressive_mode();
    }
    let mut started = compress.start_compress(Vec::with_capacity(width * height / 4))?;
    started.write_scanlines(&picture.samples)?;
    started.finish()
}
