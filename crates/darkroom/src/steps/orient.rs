//! Turns and mirrors a picture as its EXIF orientation asks, so that row one is its upper edge.

use crate::pixels::Srgb;

/// Squares of this many pixels are copied at a time, so that source and target both stay in the cache.
const TILE: usize = 32;

/// The picture standing upright. `orientation` is EXIF's, 1 to 8; anything else counts as 1.
pub fn orient(picture: Srgb, orientation: u8) -> Srgb {
    let (width, height) = (picture.width as usize, picture.height as usize);
    match orientation {
        2 => mirrored(picture),
        3 => turned_round(picture),
        4 => turned_round(mirrored(picture)),
        5 => transposed(&picture, |x, y| (x, y)),
        6 => transposed(&picture, |x, y| (x, height - 1 - y)),
        7 => transposed(&picture, |x, y| (width - 1 - x, height - 1 - y)),
        8 => transposed(&picture, |x, y| (width - 1 - x, y)),
        _ => picture,
    }
}

fn mirrored(mut picture: Srgb) -> Srgb {
    for row in picture.samples.chunks_exact_mut(picture.width as usize * 3) {
        reverse_pixels(row);
    }
    picture
}

fn turned_round(mut picture: Srgb) -> Srgb {
    reverse_pixels(&mut picture.samples);
    picture
}

fn reverse_pixels(samples: &mut [u8]) {
    samples.reverse();
    for pixel in samples.chunks_exact_mut(3) {
        pixel.swap(0, 2);
    }
}

/// Rows become columns; `target` gives the row and column in the new picture for a pixel at x, y in the old one.
fn transposed(picture: &Srgb, target: impl Fn(usize, usize) -> (usize, usize)) -> Srgb {
    let (width, height) = (picture.width as usize, picture.height as usize);
    let mut samples = vec![0; picture.samples.len()];
    for top in (0..height).step_by(TILE) {
        for left in (0..width).step_by(TILE) {
            for y in top..(top + TILE).min(height) {
                for x in left..(left + TILE).min(width) {
                    let (row, column) = target(x, y);
                    let from = (y * width + x) * 3;
                    let to = (row * height + column) * 3;
                    if let (Some(place), Some(pixel)) =
                        (samples.get_mut(to..to + 3), picture.samples.get(from..from + 3))
                    {
                        place.copy_from_slice(pixel);
                    }
                }
            }
        }
    }
    Srgb { width: picture.height, height: picture.width, samples }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two across, three down: a b / c d / e f, each pixel its letter three times.
    fn letters(width: u32, rows: &str) -> Srgb {
        let samples: Vec<u8> = rows.bytes().flat_map(|letter| [letter, letter + 1, letter + 2]).collect();
        Srgb { width, height: rows.len() as u32 / width, samples }
    }

    #[test]
    fn each_orientation_puts_the_first_row_at_the_top() {
        // EXIF 2.32, tag 274: what the stored picture of an upright "ab cd ef" looks like for each value.
        let stored = [
            (1, 2, "abcdef"),
            (2, 2, "badcfe"),
            (3, 2, "fedcba"),
            (4, 2, "efcdab"),
            (5, 3, "acebdf"),
            (6, 3, "bdface"),
            (7, 3, "fdbeca"),
            (8, 3, "ecafdb"),
        ];
        for (orientation, width, rows) in stored {
            let upright = orient(letters(width, rows), orientation);
            assert_eq!(upright, letters(2, "abcdef"), "orientation {orientation}");
        }
    }

    #[test]
    fn an_unknown_orientation_leaves_the_picture_alone() {
        assert_eq!(orient(letters(2, "abcdef"), 0), letters(2, "abcdef"));
        assert_eq!(orient(letters(2, "abcdef"), 9), letters(2, "abcdef"));
    }
}
