//! A fingerprint by which a picture is known again, resized, recompressed or slightly cut: 64 bits, each of which says
//! whether of two neighbours in a grey picture of 9 x 8 the right one is darker (a difference hash).

use crate::pixels::Srgb;

const ACROSS: u64 = 9;
const DOWN: u64 = 8;

/// The fingerprint of a picture, best taken of the smallest rendition. Row by row, the first comparison is the highest
/// bit. Copies differ in few bits ([`distance`]): resized or recompressed ones in at most 4, slightly cut ones in at
/// most 16, other photos in more than 20.
pub fn fingerprint(picture: &Srgb) -> u64 {
    let grey = shrunk(picture);
    let mut bits = 0;
    for row in grey.chunks_exact(ACROSS as usize) {
        for pair in row.windows(2) {
            bits = bits << 1 | u64::from(pair.first() > pair.last());
        }
    }
    bits
}

/// Bits in which two fingerprints differ, 0 to 64.
pub fn distance(one: u64, other: u64) -> u32 {
    (one ^ other).count_ones()
}

/// Sums of grey over the cells of a grid, row by row. A pixel on the edge of a cell counts in parts, so that pictures
/// smaller than the grid have a fingerprint, too. All cells are of one area: sums compare as means do.
fn shrunk(picture: &Srgb) -> Vec<u64> {
    let width = u64::from(picture.width).max(1);
    let height = u64::from(picture.height).max(1);
    let mut rows = vec![0; (ACROSS * DOWN) as usize];
    for (y, row) in (0..).zip(picture.samples.chunks_exact(width as usize * 3)) {
        let mut cells = [0; ACROSS as usize];
        for (x, pixel) in (0..).zip(row.chunks_exact(3)) {
            for (cell, share) in parts(x, width, ACROSS) {
                if let Some(sum) = cells.get_mut(cell) {
                    *sum += grey(pixel) * share;
                }
            }
        }
        for (line, share) in parts(y, height, DOWN) {
            let sums = rows.iter_mut().skip(line * ACROSS as usize);
            for (sum, cell) in sums.zip(cells) {
                *sum += cell * share;
            }
        }
    }
    rows
}

/// Which of `cells` cells a pixel of a side of `side` pixels lies in, and with how much of itself, in parts of `cells`.
fn parts(pixel: u64, side: u64, cells: u64) -> impl Iterator<Item = (usize, u64)> {
    let (begin, end) = (pixel * cells, (pixel + 1) * cells);
    (begin / side..=(end - 1) / side).map(move |cell| {
        let share = end.min((cell + 1) * side) - begin.max(cell * side);
        (cell as usize, share)
    })
}

/// Brightness of a pixel in thousandths of a level (BT.601).
pub(super) fn grey(pixel: &[u8]) -> u64 {
    pixel.iter().zip([299, 587, 114]).map(|(sample, share)| u64::from(*sample) * share).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(width: u32, height: u32, level: impl Fn(u32, u32) -> u8) -> Srgb {
        let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        Srgb { width, height, samples: pixels.flat_map(|(x, y)| [level(x, y); 3]).collect() }
    }

    #[test]
    fn a_picture_that_darkens_to_the_right_sets_every_bit() {
        for (width, height) in [(320, 213), (9, 8), (18, 8), (83, 61)] {
            let darker = picture(width, height, |x, _| 255 - (x * 255 / width) as u8);
            assert_eq!(fingerprint(&darker), u64::MAX, "{width} x {height}");
            let lighter = picture(width, height, |x, _| (x * 255 / width) as u8);
            assert_eq!(fingerprint(&lighter), 0, "{width} x {height}");
        }
    }

    #[test]
    fn each_pixel_counts_once_however_the_grid_lies() {
        for side in [1, 2, 7, 8, 9, 10, 213, 320] {
            for cells in [ACROSS, DOWN] {
                let mut sums = vec![0; cells as usize];
                for pixel in 0..side {
                    parts(pixel, side, cells).for_each(|(cell, share)| sums[cell] += share);
                }
                assert!(sums.iter().all(|sum| *sum == side), "{side} {cells}: {sums:?}");
            }
        }
    }

    #[test]
    fn pictures_smaller_than_the_grid_have_a_fingerprint() {
        assert_eq!(fingerprint(&picture(1, 1, |_, _| 9)), 0);
        let halves = picture(2, 1, |x, _| if x == 0 { 200 } else { 0 });
        // One step down, in the middle, on each of the eight rows. The fifth cell lies half in the dark.
        assert_eq!(fingerprint(&halves), 0x1818_1818_1818_1818);
    }
}
