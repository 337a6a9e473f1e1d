//! Cards and social pictures: the largest part of a wanted shape around a point of the picture, never enlarged.

use fast_image_resize::Resizer;

use super::shrink::{fit, shrink_part};
use crate::fault::InputFault;
use crate::pixels::Srgb;
use crate::recipe::{CARDS, Focus, LARGEST, SOCIAL, Set};

/// A picture that is cut has at most this many pixels: as many as the largest square on the ladder.
const MOST_PIXELS: u64 = LARGEST as u64 * LARGEST as u64;

/// Size of the picture that cuts are made from, for a photo of this upright size. It is that of the largest rendition,
/// but for pictures so long and narrow that a cut of that would be smaller than the original allows: of these more is
/// kept, up to the pixels of a square ladder.
pub fn basis(width: u32, height: u32) -> (u32, u32) {
    let largest = fit(width, height, LARGEST);
    let (long, short) = (u64::from(width.max(height)).max(1), u64::from(width.min(height)).max(1));
    // The widest card needs its height in a picture that lies, its width in one that stands.
    let widest = CARDS.iter().copied().max().unwrap_or(LARGEST);
    let needed = if width >= height { (u64::from(widest) * 2).div_ceil(3) } else { u64::from(widest) };
    let edge = (long * needed).div_ceil(short).min(long);
    let most = (MOST_PIXELS * long / short).isqrt();
    let edge = u32::try_from(edge.min(most)).unwrap_or(LARGEST);
    if edge > LARGEST { fit(width, height, edge) } else { largest }
}

/// The shape of a set's cuts: width to height.
fn shape(set: Set) -> (u32, u32) {
    if set == Set::Social { (16, 9) } else { (3, 2) }
}

/// Width and height of the largest part of this shape, in pixels of the picture that is cut.
fn window(width: u32, height: u32, (across, down): (u32, u32)) -> (u32, u32) {
    let scaled = |side: u32, by: u32, to: u32| {
        let scaled = u64::from(side) * u64::from(by) / u64::from(to);
        u32::try_from(scaled).unwrap_or(u32::MAX).max(1)
    };
    (width.min(scaled(height, across, down)), height.min(scaled(width, down, across)))
}

/// Sizes of the set's files for a photo of this upright size, large to small.
pub fn sizes(set: Set, upright: (u32, u32)) -> Vec<(u32, u32)> {
    let (width, height) = basis(upright.0, upright.1);
    let part = window(width, height, shape(set));
    if set == Set::Social {
        let fits = part.0 >= SOCIAL.0 && part.1 >= SOCIAL.1;
        return vec![if fits { SOCIAL } else { part }];
    }
    let own = part.0.min(CARDS.iter().copied().max().unwrap_or(part.0));
    let mut widths: Vec<u32> = CARDS.iter().copied().filter(|width| *width < own).collect();
    widths.push(own);
    let high = |wide: u32| ((wide * 2 + 1) / 3).clamp(1, part.1);
    widths.iter().rev().map(|wide| (*wide, high(*wide))).collect()
}

/// Makes the set's pictures from `picture`, which has the size that [`basis`] says for this upright size.
///
/// # Errors
/// [`InputFault::Undeveloped`], which no picture leads to.
pub fn cut(
    picture: &Srgb,
    set: Set,
    upright: (u32, u32),
    focus: Focus,
    resizer: &mut Resizer,
) -> Result<Vec<Srgb>, InputFault> {
    let part = window(picture.width, picture.height, shape(set));
    let corner = (corner(picture.width, part.0, focus.x()), corner(picture.height, part.1, focus.y()));
    sizes(set, upright).into_iter().map(|size| shrink_part(picture, (corner, part), size, resizer)).collect()
}

/// Where the part begins along one side, so that the focus is as near to its middle as the picture's edges allow.
fn corner(side: u32, part: u32, thousandths: u16) -> u32 {
    let begin = (u64::from(side) * u64::from(thousandths) + 500).saturating_sub(u64::from(part) * 500) / 1000;
    u32::try_from(begin).unwrap_or(0).min(side.saturating_sub(part))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_have_the_sizes_of_their_set_and_never_enlarge() {
        type Size = (u32, u32);
        let whole: &[Size] = &[(1280, 853), (960, 640), (640, 427), (320, 213)];
        let table: [(Size, &[Size], Size); 11] = [
            ((6000, 4000), whole, (1200, 675)),
            ((4000, 6000), whole, (1200, 675)),
            ((2988, 5312), whole, (1200, 675)),
            // A panorama: its whole height is needed, not only that of the largest rendition.
            ((12_000, 1500), whole, (1200, 675)),
            ((1200, 675), &[(1012, 675), (960, 640), (640, 427), (320, 213)], (1200, 675)),
            ((1199, 675), &[(1012, 675), (960, 640), (640, 427), (320, 213)], (1199, 674)),
            ((300, 300), &[(300, 200)], (300, 168)),
            ((20_000, 10), &[(15, 10)], (17, 10)),
            ((1, 5000), &[(1, 1)], (1, 1)),
            ((5000, 1), &[(1, 1)], (1, 1)),
            ((1, 1), &[(1, 1)], (1, 1)),
        ];
        for (upright, cards, social) in table {
            assert_eq!(sizes(Set::Cards, upright), cards, "{upright:?}");
            assert_eq!(sizes(Set::Social, upright), [social], "{upright:?}");
        }
    }

    #[test]
    fn what_is_cut_is_never_more_than_a_square_ladder() {
        for (width, height) in [(65_500, 1800), (1800, 65_500), (30_000, 4000), (10_900, 10_900), (65_500, 1)]
        {
            let (across, down) = basis(width, height);
            assert!(u64::from(across) * u64::from(down) <= MOST_PIXELS + 65_500, "{across} x {down}");
        }
    }

    #[test]
    fn the_focus_lies_in_the_cut_and_the_cut_in_the_picture() {
        for (side, part) in [(1000, 300), (3, 1), (1, 1), (2560, 2560)] {
            for thousandths in [0, 1, 499, 500, 999, 1000] {
                let begin = corner(side, part, thousandths);
                let point = (side * u32::from(thousandths) / 1000).min(side - 1);
                assert!(begin + part <= side, "{side} {part} {thousandths}");
                assert!((begin..begin + part).contains(&point), "{side} {part} {thousandths}: {begin}");
            }
        }
    }

    #[test]
    fn a_cut_shows_what_lies_around_its_focus() {
        // A red stripe at the left of a grey picture, a blue one at its right.
        let (width, height) = (300, 100);
        let colour = |x| match x {
            0..20 => [255, 0, 0],
            280.. => [0, 0, 255],
            _ => [128; 3],
        };
        let samples = (0..height).flat_map(|_| (0..width).flat_map(colour)).collect();
        let picture = Srgb { width, height, samples };
        let at = |x| {
            let focus = Focus::new(x, 500).unwrap();
            let cards = cut(&picture, Set::Cards, (width, height), focus, &mut Resizer::new()).unwrap();
            cards.into_iter().next().unwrap()
        };
        let (left, middle, right) = (at(0), at(500), at(1000));
        assert_eq!((left.width, left.height), (150, 100));
        assert_eq!(left.samples[..3], [255, 0, 0]);
        assert!(middle.samples.iter().all(|sample| *sample == 128));
        assert!(right.samples.ends_with(&[0, 0, 255]));
    }
}
