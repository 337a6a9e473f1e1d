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
    let ((above, odd_above), (below, odd_below)) = (upper.as_chunks::<6>(), lower.as_chunks::<6>());
    // An odd row's last pixel counts twice. The other squares have one length that the compiler knows.
    if let (Ok([r, g, b]), Ok([r2, g2, b2])) =
        (<[u8; 3]>::try_from(odd_above), <[u8; 3]>::try_from(odd_below))
        && let (Some(blue), Some(red)) = (blues.last_mut(), reds.last_mut())
    {
        (*blue, *red) = differences(&[r, g, b, r, g, b], &[r2, g2, b2, r2, g2, b2]);
    }
    let places = blues.iter_mut().zip(reds);
    for ((above, below), (blue, red)) in above.iter().zip(below).zip(places) {
        (*blue, *red) = differences(above, below);
    }
}

/// Blue's and red's difference of a square: two pixels above, two below.
fn differences(above: &[u8; 6], below: &[u8; 6]) -> (u8, u8) {
    let [r, g, b, r2, g2, b2] = above.map(i32::from);
    let [r3, g3, b3, r4, g4, b4] = below.map(i32::from);
    let (r, g, b) = (r + r2 + r3 + r4, g + g2 + g3 + g4, b + b2 + b3 + b4);
    // Four pixels are summed: the shift is by two more.
    let difference = |red: i32, green: i32, blue: i32| {
        let sum = red * r + green * g + blue * b + (128 << 18) + (1 << 17);
        (sum >> 18).clamp(0, 255) as u8
    };
    (difference(-11_058, -21_710, 32_768), difference(32_768, -27_439, -5_329))
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
