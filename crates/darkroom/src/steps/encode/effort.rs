//! For which pictures libaom searches. Its fastest speed loses most on two kinds of picture, and on these a search saves a
//! fifth to two fifths of the bytes for the same score, on others a twentieth (`docs/quality.md`):
//!
//! - **Smooth** ones: blurred backgrounds, skies. How long the quick file is tells them, and how little a search will cost.
//! - **Colourful** ones, whose edges are of colour as much as of brightness: the quick file shows them visibly worse.

use super::aom::Effort;
use super::yuv::Planes;

/// A picture is smooth up to so many bits, times the two-thirds power of its pixels.
///
/// Bits a pixel would not do: they grow as a photo is scaled down, because its edges stay while its flat parts go. By
/// this power a smooth photo of 640 pixels and the same of 2560 come to about the same.
const SMOOTH: u128 = 34;

/// A picture is colourful from so many hundredths of a level on, by which the two colour differences together change
/// from one sample to the next ...
const COLOURFUL: u64 = 320;

/// ... if brightness, between the same places, changes by no more than so many times as much. Grain and leaves change
/// in colour, too, but far more in brightness.
const BRIGHTER: u64 = 3;

/// Pixels of the largest picture that is searched. The largest rendition of a large photo is encoded beside the others: a
/// search of it would take longer than all of them, with the memory of both.
const LARGEST: u64 = 3_000_000;

/// What a picture is worth whose quick file has so many bytes.
pub(super) fn effort(planes: &Planes, bytes: usize) -> Effort {
    let pixels = u64::from(planes.width) * u64::from(planes.height);
    if pixels > LARGEST {
        return Effort::Quick;
    }
    if smooth(pixels, bytes as u64) || colourful(planes) { Effort::Searching } else { Effort::Quick }
}

fn smooth(pixels: u64, bytes: u64) -> bool {
    // Both sides to the third power, so that no root is needed.
    let (bits, pixels) = (u128::from(bytes) * 8, u128::from(pixels));
    bits.saturating_pow(3) <= SMOOTH.pow(3).saturating_mul(pixels * pixels)
}

fn colourful(planes: &Planes) -> bool {
    let (across, _) = planes.sides();
    let (brightness, colours) = planes.split();
    // Blue's and red's rows are all of one length: what differs between the two planes' ends is one step in thousands.
    let colour: u64 = colours.chunks_exact(across / 2).map(steps).sum();
    let bright: u64 = brightness.chunks_exact(across * 2).map(|pair| paired_steps(pair, across)).sum();
    let samples = (colours.len() / 2) as u64;
    colour * 100 >= COLOURFUL * samples && colour * BRIGHTER >= bright
}

/// Sum of the steps from each sample of a row to the next.
fn steps(row: &[u8]) -> u64 {
    row.iter().zip(row.iter().skip(1)).map(|(one, next)| u64::from(one.abs_diff(*next))).sum()
}

/// The same of brightness, at the places of the colour: of two rows the upper, of which each two samples are one.
fn paired_steps(rows: &[u8], across: usize) -> u64 {
    let upper = rows.get(..across).unwrap_or_default();
    let (pairs, _) = upper.as_chunks::<2>();
    let sum = |[one, next]: [u8; 2]| u16::from(one) + u16::from(next);
    let twice: u64 = pairs
        .iter()
        .zip(pairs.iter().skip(1))
        .map(|(one, next)| u64::from(sum(*one).abs_diff(sum(*next))))
        .sum();
    twice / 2
}

#[cfg(test)]
mod tests {
    use super::super::{aom, yuv};
    use super::*;
    use crate::pixels::Srgb;

    /// A square of 320 pixels.
    fn planes(pixel: impl Fn(u32, u32) -> [u8; 3]) -> Planes {
        let places = (0..320).flat_map(|y| (0..320).map(move |x| (x, y)));
        yuv::planes(&Srgb {
            width: 320,
            height: 320,
            samples: places.flat_map(|(x, y)| pixel(x, y)).collect(),
        })
    }

    fn chosen(planes: &mut Planes) -> Effort {
        let quick = aom::encode(planes, 14, Effort::Quick).unwrap();
        effort(planes, quick.len())
    }

    /// The same for each place, without order; 0 to 255.
    fn grain(x: u32, y: u32) -> u32 {
        let mixed = (x * 7919 + y * 104_729).wrapping_mul(2_654_435_761);
        (mixed ^ mixed >> 15).wrapping_mul(2_246_822_519) >> 24
    }

    #[test]
    fn slow_changes_of_colour_are_searched() {
        let mut sky = planes(|x, y| [(40 + y / 4) as u8, (90 + y / 3) as u8, (150 + x / 6) as u8]);
        assert_eq!(chosen(&mut sky), Effort::Searching);
    }

    #[test]
    fn grain_is_not_searched_be_it_grey_or_of_weak_colour() {
        let mut grey = planes(|x, y| [(80 + grain(x, y) / 3) as u8; 3]);
        assert_eq!(chosen(&mut grey), Effort::Quick);
        let weak = |x, y| (80 + grain(x, y) / 3) as u8;
        let mut weak =
            planes(|x, y| [weak(x, y).saturating_add((grain(y, x) / 32) as u8), weak(x, y), weak(x, y)]);
        assert_eq!(chosen(&mut weak), Effort::Quick);
    }

    #[test]
    fn edges_of_strong_colour_are_searched_even_in_grain() {
        let mut flags = planes(|x, y| {
            let noise = (grain(x, y) / 12) as u8;
            if (x / 5 + y / 7) % 2 == 0 { [200 + noise, 30, 30 + noise] } else { [30, 90 + noise, 200] }
        });
        assert!(!smooth(320 * 320, aom::encode(&mut flags, 14, Effort::Quick).unwrap().len() as u64));
        assert_eq!(chosen(&mut flags), Effort::Searching);
    }

    #[test]
    fn smoothness_asks_the_same_of_a_photo_at_each_of_its_sizes() {
        // 1000 x 1000 pixels: 34 x 10,000 bits are 42,500 bytes. Of eight times the pixels four times as much.
        for (pixels, bytes) in [(1_000_000, 42_500), (8_000_000, 170_000)] {
            assert!(smooth(pixels, bytes), "{pixels}");
            assert!(!smooth(pixels, bytes + 1), "{pixels}");
        }
    }

    #[test]
    fn the_largest_rendition_of_a_large_photo_is_not_searched() {
        for (width, height, wanted) in [(1920, 1280, Effort::Searching), (2560, 1707, Effort::Quick)] {
            let samples = vec![200; (width * height * 3) as usize];
            assert_eq!(effort(&yuv::planes(&Srgb { width, height, samples }), 100), wanted, "{width}");
        }
    }

    #[test]
    fn pictures_of_a_pixel_or_a_line_are_judged() {
        for (width, height) in [(1, 1), (2, 1), (1, 2), (3, 1), (1, 2559), (2559, 1)] {
            let samples = vec![200; (width * height * 3) as usize];
            let planes = yuv::planes(&Srgb { width, height, samples });
            assert!(!colourful(&planes), "{width} x {height}");
        }
    }
}
