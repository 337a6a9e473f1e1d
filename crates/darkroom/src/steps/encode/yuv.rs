//! RGB to brightness and two colour differences, as AV1 takes them: BT.601, full range, 8 bits, 4:2:0.

use crate::pixels::Srgb;

/// The three planes of a picture, one behind the other. Sides are rounded up to even numbers; what is added repeats the
/// last column and row. A row of colour differences is half as long as one of brightness, and there are half as many.
pub(super) struct Planes {
    /// Width of the picture in pixels.
    pub width: u32,
    /// Height of the picture in pixels.
    pub height: u32,
    /// Brightness, then blue's difference, then red's.
    pub samples: Vec<u8>,
}

impl Planes {
    /// Samples that a picture of this size has.
    pub fn count(width: u32, height: u32) -> usize {
        let (across, down) = (even(width), even(height));
        across * down / 2 * 3
    }

    /// Samples in a row of brightness, and such rows.
    pub fn sides(&self) -> (usize, usize) {
        (even(self.width), even(self.height))
    }

    /// Brightness, and both colour differences.
    pub fn split(&self) -> (&[u8], &[u8]) {
        let (across, down) = self.sides();
        self.samples.split_at_checked(across * down).unwrap_or_default()
    }
}

fn even(side: u32) -> usize {
    (side as usize).next_multiple_of(2)
}

/// Fixed point of the shares below.
const ONE: i32 = 1 << 16;

/// Converts a picture.
pub(super) fn planes(picture: &Srgb) -> Planes {
    let (across, down) = (even(picture.width), even(picture.height));
    let mut samples = vec![0; Planes::count(picture.width, picture.height)];
    let (brightness, colour) = samples.split_at_mut(across * down);
    let (blue, red) = colour.split_at_mut(across * down / 4);
    let row = picture.width as usize * 3;
    let pairs = brightness.chunks_exact_mut(across * 2);
    let colours = blue.chunks_exact_mut(across / 2).zip(red.chunks_exact_mut(across / 2));
    for ((source, target), (blue, red)) in picture.samples.chunks(row * 2).zip(pairs).zip(colours) {
        let (upper, lower) = source.split_at(row.min(source.len()));
        let lower = if lower.is_empty() { upper } else { lower };
        let (above, below) = target.split_at_mut(across);
        brighten(upper, above);
        brighten(lower, below);
        colour_of(upper, lower, blue, red);
    }
    Planes { width: picture.width, height: picture.height, samples }
}

/// Brightness of a row; an odd row's last pixel stands twice.
fn brighten(row: &[u8], target: &mut [u8]) {
    let (pixels, _) = row.as_chunks::<3>();
    for (pixel, place) in pixels.iter().zip(target.iter_mut()) {
        let [red, green, blue] = pixel.map(i32::from);
        *place = ((19_595 * red + 38_470 * green + 7_471 * blue + ONE / 2) >> 16) as u8;
    }
    if let [.., last, added] = target
        && row.len() / 3 % 2 == 1
    {
        *added = *last;
    }
}

/// Colour differences of the mean of each square of four pixels.
fn colour_of(upper: &[u8], lower: &[u8], blues: &mut [u8], reds: &mut [u8]) {
    let squares = upper.chunks(6).zip(lower.chunks(6));
    for ((above, below), (blue, red)) in squares.zip(blues.iter_mut().zip(reds)) {
        let mut sums = [0i32; 3];
        for pixels in [above, below] {
            // An odd row's last pixel counts twice.
            let (left, right) = pixels.split_at(3);
            let right = if right.is_empty() { left } else { right };
            for (sum, (one, other)) in sums.iter_mut().zip(left.iter().zip(right)) {
                *sum += i32::from(*one) + i32::from(*other);
            }
        }
        let [r, g, b] = sums;
        // Four pixels are summed: the shift is by two more.
        let difference = |red: i32, green: i32, blue: i32| {
            let sum = red * r + green * g + blue * b + (128 << 18) + (1 << 17);
            (sum >> 18).clamp(0, 255) as u8
        };
        *blue = difference(-11_058, -21_710, 32_768);
        *red = difference(32_768, -27_439, -5_329);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(colour: [u8; 3]) -> [u8; 3] {
        let planes = planes(&Srgb { width: 1, height: 1, samples: colour.to_vec() });
        assert_eq!(planes.samples.len(), 6);
        assert_eq!(planes.samples[..4], [planes.samples[0]; 4]);
        [planes.samples[0], planes.samples[4], planes.samples[5]]
    }

    #[test]
    fn colours_become_what_the_standard_says() {
        // ITU-T T.871, section 7.
        let exact = |[r, g, b]: [f64; 3]| {
            let brightness = 0.299 * r + 0.587 * g + 0.114 * b;
            [brightness, (b - brightness) / 1.772 + 128.0, (r - brightness) / 1.402 + 128.0]
        };
        for red in (0..=255).step_by(51) {
            for green in (0..=255).step_by(51) {
                for blue in (0..=255u8).step_by(51) {
                    let made = one([red, green, blue]);
                    let wanted = exact([red, green, blue].map(f64::from));
                    for (made, wanted) in made.into_iter().zip(wanted) {
                        let off = (f64::from(made) - wanted.min(255.0)).abs();
                        assert!(off <= 0.51, "{red} {green} {blue}: {made} for {wanted}");
                    }
                }
            }
        }
    }

    #[test]
    fn odd_sides_repeat_their_last_pixels() {
        // Black and white over grey, three wide and three high.
        let samples: Vec<u8> =
            [0, 0, 255, 0, 0, 255, 99, 99, 99].iter().flat_map(|level| [*level; 3]).collect();
        let planes = planes(&Srgb { width: 3, height: 3, samples });
        let wanted = [0, 0, 255, 255, 0, 0, 255, 255, 99, 99, 99, 99, 99, 99, 99, 99];
        assert_eq!(planes.samples[..16], wanted);
        assert_eq!(planes.samples[16..], [128; 8]);
    }
}
