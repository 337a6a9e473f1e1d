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
    let size = fit(pixels.width, pixels.height, long);
    if size == (pixels.width, pixels.height) {
        return Ok(pixels);
    }
    let small = shrink_copy(&pixels, size, scratch)?;
    scratch.give_back(pixels.samples);
    Ok(small)
}

/// Shrinks a decoded picture to exactly this size and leaves it standing.
///
/// # Errors
/// [`InputFault::Undeveloped`], which no picture leads to.
pub fn shrink_copy(pixels: &Pixels, size: Size, scratch: &mut Scratch) -> Result<Pixels, InputFault> {
    let (width, height) = size;
    let count = Pixels::count(width, height, pixels.layout);
    let resizers = &mut scratch.resizers;
    let from = (pixels.width, pixels.height);
    let samples = match &pixels.samples {
        Samples::Eight(source) => {
            let kind = match pixels.layout {
                Layout::Gray => PixelType::U8,
                Layout::Rgb => PixelType::U8x3,
                Layout::Cmyk => PixelType::U8x4,
            };
            let mut samples = vec![0; count];
            in_halves(resizers, kind, (from, source), ((width, height), &mut samples))?;
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
            in_halves(resizers, kind, (from, bytemuck::cast_slice(source)), ((width, height), bytes))?;
            Samples::Sixteen(samples)
        }
    };
    Ok(Pixels { width, height, layout: pixels.layout, samples })
}

/// Shrinks an sRGB picture to exactly this size.
///
/// # Errors
/// [`InputFault::Undeveloped`], which no picture leads to.
pub fn shrink_srgb(source: &Srgb, size: (u32, u32), resizer: &mut Resizer) -> Result<Srgb, InputFault> {
    shrink_part(source, ((0, 0), (source.width, source.height)), size, resizer)
}

/// Shrinks a part of an sRGB picture, which begins at the first pair of pixels and is as large as the second, to
/// exactly this size.
///
/// # Errors
/// [`InputFault::Undeveloped`], which no part of the picture leads to.
pub fn shrink_part(
    source: &Srgb,
    (corner, part): (Size, Size),
    size: Size,
    resizer: &mut Resizer,
) -> Result<Srgb, InputFault> {
    let mut samples = vec![0; Pixels::count(size.0, size.1, Layout::Rgb)];
    let from = ((source.width, source.height), source.samples.as_slice());
    let part = [corner.0, corner.1, part.0, part.1].map(f64::from);
    resample(resizer, PixelType::U8x3, from, (size, &mut samples), part)?;
    Ok(Srgb { width: size.0, height: size.1, samples })
}

type Size = (u32, u32);

/// Rows that each half makes beyond its end: more than a Lanczos3 kernel reaches, so that where the halves meet nothing
/// is seen of it.
const BEYOND: u32 = 8;

/// Scales the upper half of the picture on a thread of its own, beside the lower.
fn in_halves(
    [upper, lower]: &mut [Resizer; 2],
    kind: PixelType,
    (from, source): (Size, &[u8]),
    (to, target): (Size, &mut [u8]),
) -> Result<(), InputFault> {
    let (width, height) = to;
    let row = width as usize * kind.size();
    let cut = height / 2;
    if cut <= BEYOND {
        return resample(upper, kind, (from, source), (to, target), whole(from));
    }
    let scale = f64::from(from.1) / f64::from(height);
    // Rows of the target from `begin` to before `end`.
    let rows = |resizer: &mut Resizer, begin: u32, end: u32| {
        let mut made = vec![0; (end - begin) as usize * row];
        let (top, high) = (f64::from(begin) * scale, f64::from(end - begin) * scale);
        let of_source = [0.0, top, f64::from(from.0), high.min(f64::from(from.1) - top)];
        let to = ((width, end - begin), made.as_mut_slice());
        resample(resizer, kind, (from, source), to, of_source).map(|()| made)
    };
    let (above, below) = std::thread::scope(|scope| {
        let above = std::thread::Builder::new().spawn_scoped(scope, || rows(&mut *upper, 0, cut + BEYOND));
        let below = rows(lower, cut - BEYOND, height);
        (above.map(std::thread::ScopedJoinHandle::join), below)
    });
    let above = match above {
        Ok(joined) => joined.unwrap_or_else(|_| Err(fault("the resizer gave up")))?,
        // The machine has no thread to give.
        Err(_) => rows(upper, 0, cut + BEYOND)?,
    };
    let below = below?;
    let (top, bottom) = target.split_at_mut(cut as usize * row);
    let beyond = BEYOND as usize * row;
    top.copy_from_slice(above.get(..top.len()).unwrap_or_default());
    bottom.copy_from_slice(below.get(beyond..).unwrap_or_default());
    Ok(())
}

/// A whole picture of this size, as [`resample`] takes it.
fn whole(size: Size) -> [f64; 4] {
    [0.0, 0.0, f64::from(size.0), f64::from(size.1)]
}

/// Scales a part of the source: left, top, width and height in pixels and fractions of them.
fn resample(
    resizer: &mut Resizer,
    kind: PixelType,
    (from, source): (Size, &[u8]),
    (to, target): (Size, &mut [u8]),
    [left, top, width, height]: [f64; 4],
) -> Result<(), InputFault> {
    let source = ImageRef::new(from.0, from.1, source, kind).map_err(fault)?;
    let mut target = Image::from_slice_u8(to.0, to.1, target, kind).map_err(fault)?;
    let options = ResizeOptions::new()
        .resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3))
        .use_alpha(false)
        .crop(left, top, width, height);
    resizer.resize(&source, &mut target, &options).map_err(fault)
}

fn fault(error: impl std::fmt::Display) -> InputFault {
    InputFault::Undeveloped { reason: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_scaled_in_halves_is_the_picture_scaled_whole() {
        for (from, to) in [((601, 401), (257, 171)), ((400, 1000), (128, 321)), ((300, 40), (299, 39))] {
            let samples = (0..from.0 * from.1 * 3).map(|n: u32| (n.wrapping_mul(2_654_435_761) >> 24) as u8);
            let source: Vec<u8> = samples.collect();
            let count = (to.0 * to.1 * 3) as usize;
            let (mut whole, mut halves) = (vec![0; count], vec![0; count]);
            let all = super::whole(from);
            resample(&mut Resizer::new(), PixelType::U8x3, (from, &source), (to, &mut whole), all).unwrap();
            let mut resizers = [Resizer::new(), Resizer::new()];
            in_halves(&mut resizers, PixelType::U8x3, (from, &source), (to, &mut halves)).unwrap();
            let worst = whole.iter().zip(&halves).map(|(a, b)| a.abs_diff(*b)).max();
            assert!(worst <= Some(1), "{from:?} to {to:?}: {worst:?}");
        }
    }
}
