//! Shrinks with Lanczos3 in the space that the samples are in; never enlarges.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

use crate::fault::InputFault;
use crate::pixels::{Layout, Pixels, Samples, Scratch, Srgb};

/// Width and height whose long edge is `long`, in the proportions of `width` and `height`, in pixels; the size itself
/// where it is not longer than that.
pub fn fit(width: u32, height: u32, long: u32) -> (u32, u32) {
    let edge = width.max(height);
    if edge <= long {
        return (width, height);
    }
    let scale = |side: u32| {
        let scaled = (u64::from(side) * u64::from(long) + u64::from(edge) / 2) / u64::from(edge);
        (scaled as u32).max(1)
    };
    (scale(width), scale(height))
}

/// Shrinks a decoded picture to a long edge of at most `long` pixels. The buffer that it came in goes back to
/// `scratch`.
///
/// # Errors
/// [`InputFault::Undeveloped`], which no picture leads to.
pub fn shrink(pixels: Pixels, long: u32, scratch: &mut Scratch) -> Result<Pixels, InputFault> {
    let (width, height) = fit(pixels.width, pixels.height, long);
    if (width, height) == (pixels.width, pixels.height) {
        return Ok(pixels);
    }
    let count = Pixels::count(width, height, pixels.layout);
    let resizer = &mut scratch.resizer;
    let from = (pixels.width, pixels.height);
    let samples = match &pixels.samples {
        Samples::Eight(source) => {
            let kind = match pixels.layout {
                Layout::Gray => PixelType::U8,
                Layout::Rgb => PixelType::U8x3,
                Layout::Cmyk => PixelType::U8x4,
            };
            let mut samples = vec![0; count];
            resample(resizer, kind, (from, source), ((width, height), &mut samples))?;
            Samples::Eight(samples)
        }
        Samples::Sixteen(source) => {
            let kind = match pixels.layout {
                Layout::Gray => PixelType::U16,
                Layout::Rgb => PixelType::U16x3,
                Layout::Cmyk => PixelType::U16x4,
            };
            let mut samples = vec![0u16; count];
            let bytes: &mut [u8] = bytemuck::cast_slice_mut(&mut samples);
            resample(resizer, kind, (from, bytemuck::cast_slice(source)), ((width, height), bytes))?;
            Samples::Sixteen(samples)
        }
    };
    scratch.give_back(pixels.samples);
    Ok(Pixels { width, height, layout: pixels.layout, samples })
}

/// Shrinks an sRGB picture to exactly this size.
///
/// # Errors
/// [`InputFault::Undeveloped`], which no picture leads to.
pub fn shrink_srgb(source: &Srgb, size: (u32, u32), resizer: &mut Resizer) -> Result<Srgb, InputFault> {
    let mut samples = vec![0; Pixels::count(size.0, size.1, Layout::Rgb)];
    let from = ((source.width, source.height), source.samples.as_slice());
    resample(resizer, PixelType::U8x3, from, (size, &mut samples))?;
    Ok(Srgb { width: size.0, height: size.1, samples })
}

type Size = (u32, u32);

fn resample(
    resizer: &mut Resizer,
    kind: PixelType,
    (from, source): (Size, &[u8]),
    (to, target): (Size, &mut [u8]),
) -> Result<(), InputFault> {
    let source = ImageRef::new(from.0, from.1, source, kind).map_err(fault)?;
    let mut target = Image::from_slice_u8(to.0, to.1, target, kind).map_err(fault)?;
    let options =
        ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3)).use_alpha(false);
    resizer.resize(&source, &mut target, &options).map_err(fault)
}

fn fault(error: impl std::fmt::Display) -> InputFault {
    InputFault::Undeveloped { reason: error.to_string() }
}
