//! Where a picture draws the eye, for cuts whose focus nobody has set. A simple measure, the same on each run:
//!
//! - A pixel weighs as much as its brightness differs from that of its right and lower neighbours. What is less than
//!   [`NOISE`] counts as none: sensors' grain draws nobody's eye.
//! - Strong colour makes it weigh up to half more, a hue as skin has, light or dark, half more again.
//! - The corners weigh half of the middle: photographers put what matters nearer to it.
//! - Of all squares of two thirds of the shorter side that is taken in which the weights' sum is greatest; of equal ones
//!   that which lies nearest to the middle of the picture. The focus is where its weights lie in the mean. A flat
//!   picture's focus is its centre.

use std::cmp::Reverse;

use super::fingerprint::grey;
use crate::pixels::Srgb;
use crate::recipe::Focus;

/// Differences of brightness, in levels, that count as noise.
const NOISE: i64 = 12;

/// The point that draws attention. Best taken of the smallest rendition: fine grain is gone there.
pub fn attention(picture: &Srgb) -> Focus {
    let (width, height) = (picture.width as usize, picture.height as usize);
    let weights = weights(picture);
    let sums = Sums::new(width, height, &weights);
    let square = (width.min(height) * 2).div_ceil(3).max(1);
    let mut best = None;
    for top in 0..=height.saturating_sub(square) {
        for left in 0..=width.saturating_sub(square) {
            let off = off_centre(left, square, width).pow(2) + off_centre(top, square, height).pow(2);
            best = best.max(Some((sums.of(left, top, square), Reverse(off), left, top)));
        }
    }
    match best {
        Some((1.., _, left, top)) => mean(&weights, (width, height), (left, top), square),
        _ => Focus::CENTRE,
    }
}

/// Twice the distance of the square's middle from that of the side.
fn off_centre(begin: usize, square: usize, side: usize) -> i64 {
    (2 * begin + square) as i64 - side as i64
}

/// Where the weights of a square lie in the mean.
fn mean(
    weights: &[u64],
    (width, height): (usize, usize),
    (left, top): (usize, usize),
    square: usize,
) -> Focus {
    let (mut whole, mut across, mut down) = (0u64, 0u64, 0u64);
    for (y, row) in weights.chunks_exact(width.max(1)).enumerate().skip(top).take(square) {
        for (x, weight) in row.iter().enumerate().skip(left).take(square) {
            whole += weight;
            across += weight * (2 * x as u64 + 1);
            down += weight * (2 * y as u64 + 1);
        }
    }
    let thousandths = |sum: u64, side: usize| {
        let share = sum * 500 / (whole * side as u64).max(1);
        u16::try_from(share.min(1000)).unwrap_or(1000)
    };
    Focus::new(thousandths(across, width), thousandths(down, height)).unwrap_or(Focus::CENTRE)
}

/// The weight of each pixel, row by row.
fn weights(picture: &Srgb) -> Vec<u64> {
    let (width, height) = (picture.width as usize, picture.height as usize);
    let levels: Vec<i64> = picture.samples.chunks_exact(3).map(|pixel| (grey(pixel) / 1000) as i64).collect();
    let mut weights = Vec::with_capacity(levels.len());
    for (at, pixel) in picture.samples.chunks_exact(3).enumerate() {
        let (x, y) = (at % width.max(1), at / width.max(1));
        let here = levels.get(at).copied().unwrap_or_default();
        let step = |inside: bool, next: usize| {
            let beside = if inside { levels.get(next).copied().unwrap_or(here) } else { here };
            ((beside - here).abs() - NOISE).max(0) as u64
        };
        let edge = step(x + 1 < width, at + 1) + step(y + 1 < height, at + width);
        weights.push(edge * colourful(pixel) * central((x, width), (y, height)));
    }
    weights
}

/// 256 for grey, up to 384 for the strongest colours, 128 more for hues that skin has.
fn colourful(pixel: &[u8]) -> u64 {
    let [red, green, blue] = [0, 1, 2].map(|channel| pixel.get(channel).copied().map_or(0, u64::from));
    let strength = red.max(green).max(blue) - red.min(green).min(blue);
    // Shares of red and green in the whole: skin of every colour differs in brightness far more than in these.
    let whole = red + green + blue;
    let skin = whole > 90
        && (36 * whole..55 * whole).contains(&(100 * red))
        && (28 * whole..36 * whole).contains(&(100 * green))
        && red > green + 8;
    256 + strength / 2 + if skin { 128 } else { 0 }
}

/// 256 in the middle, 128 in the corners.
fn central((x, width): (usize, usize), (y, height): (usize, usize)) -> u64 {
    // The square of the distance from the middle in shares of a half side, in 64ths: 0 to 64 a side.
    let off = |at: usize, side: usize| {
        let twice = (2 * at + 1).abs_diff(side) as u64;
        twice * twice * 64 / (side as u64 * side as u64).max(1)
    };
    256 - off(x, width) - off(y, height)
}

/// Sums of the weights of everything above and to the left of a point.
struct Sums {
    width: usize,
    sums: Vec<u64>,
}

impl Sums {
    fn new(width: usize, height: usize, weights: &[u64]) -> Self {
        let mut sums = vec![0; width + 1];
        sums.reserve((width + 1) * height);
        for row in weights.chunks_exact(width.max(1)) {
            let above = sums.len() - width;
            let mut left = 0;
            sums.push(0);
            for (x, weight) in row.iter().enumerate() {
                left += weight;
                sums.push(sums.get(above + x).copied().unwrap_or_default() + left);
            }
        }
        Self { width: width + 1, sums }
    }

    /// Sum of a square, or of what of it lies in the picture.
    fn of(&self, left: usize, top: usize, square: usize) -> u64 {
        let at = |x: usize, y: usize| {
            let last = self.sums.len() / self.width - 1;
            let place = y.min(last) * self.width + x.min(self.width - 1);
            self.sums.get(place).copied().unwrap_or_default()
        };
        let (right, bottom) = (left + square, top + square);
        (at(right, bottom) + at(left, top)).saturating_sub(at(right, top) + at(left, bottom))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(width: u32, height: u32, colour: impl Fn(u32, u32) -> [u8; 3]) -> Srgb {
        let pixels = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        Srgb { width, height, samples: pixels.flat_map(|(x, y)| colour(x, y)).collect() }
    }

    #[test]
    fn a_flat_picture_draws_the_eye_to_its_centre() {
        for (width, height) in [(320, 213), (180, 320), (1, 1), (1, 320), (320, 1), (2, 3), (17, 17)] {
            let focus = attention(&picture(width, height, |_, _| [90, 120, 60]));
            assert_eq!(focus, Focus::CENTRE, "{width} x {height}");
        }
    }

    #[test]
    fn grain_alone_draws_no_eye() {
        let grain = |x: u32, y: u32| [(120 + (x * 7919 + y * 104_729) % 11) as u8; 3];
        let left = picture(320, 213, |x, y| if x < 100 { grain(x, y) } else { [125; 3] });
        assert_eq!(attention(&left), Focus::CENTRE);
    }

    #[test]
    fn a_bright_object_with_details_lies_near_the_focus() {
        for (middle_x, middle_y) in [(40, 40), (280, 60), (160, 180), (60, 170), (270, 180)] {
            let object = |x: u32, y: u32| x.abs_diff(middle_x) < 25 && y.abs_diff(middle_y) < 25;
            let made = picture(320, 213, |x, y| match (object(x, y), (x / 4 + y / 4) % 2) {
                (true, 0) => [250, 210, 40],
                (true, _) => [120, 30, 20],
                _ => [60, 70, 80],
            });
            let focus = attention(&made);
            let (x, y) = (u32::from(focus.x()) * 320 / 1000, u32::from(focus.y()) * 213 / 1000);
            let near = x.abs_diff(middle_x) <= 10 && y.abs_diff(middle_y) <= 10;
            assert!(near, "{middle_x}, {middle_y}: {focus:?}");
        }
    }

    #[test]
    fn of_two_alike_that_of_the_colour_of_skin_is_taken() {
        let made = |left: [u8; 3], right: [u8; 3]| {
            let stripes = |x: u32| x.is_multiple_of(6);
            picture(300, 100, |x, _| match x {
                20..80 if stripes(x) => left,
                220..280 if stripes(x) => right,
                _ => [40, 40, 40],
            })
        };
        for skin in [[236, 188, 160], [160, 110, 85], [90, 60, 46]] {
            let grey = [((299 * u32::from(skin[0]) + 587 * u32::from(skin[1]) + 114 * u32::from(skin[2]))
                / 1000) as u8; 3];
            assert!(attention(&made(skin, grey)).x() < 500, "{skin:?}");
            assert!(attention(&made(grey, skin)).x() > 500, "{skin:?}");
        }
    }
}
