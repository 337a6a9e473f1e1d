//! The fixed sizes of a photo, each made from a larger one, never enlarged.

use fast_image_resize::Resizer;

use super::shrink::{fit, shrink_srgb};
use crate::fault::InputFault;
use crate::pixels::Srgb;
use crate::recipe::LADDER;

/// Sizes that a picture of this upright size gets, large to small, in pixels: the steps of the ladder below its long
/// edge, and the edge itself where the ladder goes further.
pub fn sizes(width: u32, height: u32) -> Vec<(u32, u32)> {
    let edge = width.max(height);
    let largest = LADDER.iter().copied().max().unwrap_or(edge);
    let own = edge.min(largest);
    let mut edges: Vec<u32> = LADDER.iter().copied().filter(|step| *step < own).collect();
    edges.push(own);
    edges.iter().rev().map(|long| fit(width, height, *long)).collect()
}

/// Pictures of the given sizes, which go from large to small, but for the first, which is that of `largest`. A size is
/// made from the smallest larger one that is at least twice as long, else from the largest.
///
/// # Errors
/// [`InputFault::Undeveloped`], which no picture leads to.
pub fn below(largest: &Srgb, sizes: &[(u32, u32)], resizer: &mut Resizer) -> Result<Vec<Srgb>, InputFault> {
    let mut made: Vec<Srgb> = Vec::with_capacity(sizes.len());
    for &(width, height) in sizes.iter().skip(1) {
        let twice = width.max(height).saturating_mul(2);
        let source = made.iter().rev().find(|picture| picture.width.max(picture.height) >= twice);
        let next = shrink_srgb(source.unwrap_or(largest), (width, height), resizer)?;
        made.push(next);
    }
    Ok(made)
}

/// Mean colour as `#rrggbb`, for the space that a page keeps free before the picture is there.
pub fn mean_colour(picture: &Srgb) -> String {
    let mut sums = [0u64; 3];
    for pixel in picture.samples.chunks_exact(3) {
        for (sum, sample) in sums.iter_mut().zip(pixel) {
            *sum += u64::from(*sample);
        }
    }
    let pixels = (picture.samples.len() as u64 / 3).max(1);
    let [red, green, blue] = sums.map(|sum| (sum + pixels / 2) / pixels);
    format!("#{red:02x}{green:02x}{blue:02x}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_follow_the_long_edge_and_never_enlarge() {
        type Size = (u32, u32);
        let table: [(Size, &[Size]); 7] = [
            ((6000, 4000), &[(2560, 1707), (1920, 1280), (1280, 853), (960, 640), (640, 427), (320, 213)]),
            ((2988, 5312), &[(1440, 2560), (1080, 1920), (720, 1280), (540, 960), (360, 640), (180, 320)]),
            ((1000, 500), &[(1000, 500), (960, 480), (640, 320), (320, 160)]),
            ((960, 960), &[(960, 960), (640, 640), (320, 320)]),
            ((320, 200), &[(320, 200)]),
            ((17, 5), &[(17, 5)]),
            ((60_000, 1), &[(2560, 1), (1920, 1), (1280, 1), (960, 1), (640, 1), (320, 1)]),
        ];
        for ((width, height), expected) in table {
            assert_eq!(sizes(width, height), expected, "{width} x {height}");
        }
    }

    #[test]
    fn each_step_of_the_ladder_has_its_size_and_keeps_an_even_colour() {
        let grey = Srgb { width: 1000, height: 500, samples: vec![77; 1_500_000] };
        let sizes = sizes(1000, 500);
        let made = below(&grey, &sizes, &mut Resizer::new()).unwrap();
        let got: Vec<_> = made.iter().map(|one| (one.width, one.height)).collect();
        assert_eq!(got, sizes[1..]);
        assert!(made.iter().all(|one| one.samples.iter().all(|sample| *sample == 77)));
        assert_eq!(mean_colour(made.last().unwrap()), "#4d4d4d");
    }
}
