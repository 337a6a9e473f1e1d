//! Cards and social pictures, and what the picture itself says of its focus.

use darkroom::{Developed, Encoding, Focus, Limits, Recipe, Scratch, Set, develop};
use png::{BitDepth, ColorType};

use super::made::{decode, eight, field, fixture, jpeg, oriented, plain_png, png};

const CARDS: Recipe = Recipe { set: Set::Cards, encoding: Encoding::JPEG, focus: None };
const SOCIAL: Recipe = Recipe { set: Set::Social, encoding: Encoding::JPEG, focus: None };
const AVIF_CARDS: Recipe = Recipe { set: Set::Cards, encoding: Encoding::AVIF, focus: None };

fn developed(source: &[u8], recipes: &[Recipe]) -> Developed {
    develop(source, recipes, &Limits::default(), &mut Scratch::new()).unwrap()
}

fn sizes(photo: &Developed, at: usize) -> Vec<(u32, u32)> {
    photo.sets[at].iter().map(|one| (one.width, one.height)).collect()
}

/// A grey picture with a chequered patch of 200 x 200 pixels around this point.
fn with_patch((width, height): (u32, u32), (across, down): (u32, u32)) -> Vec<u8> {
    let mut samples = Vec::new();
    for y in 0..height {
        for x in 0..width {
            let patch = x.abs_diff(across) < 100 && y.abs_diff(down) < 100;
            samples.extend(match (patch, (x / 20 + y / 20) % 2) {
                (true, 0) => [250, 200, 40],
                (true, _) => [120, 30, 20],
                _ => [110, 112, 115],
            });
        }
    }
    samples
}

#[test]
fn one_decode_makes_all_sets_and_each_as_if_it_were_alone() {
    let source = jpeg((2000, 1500), field((2000, 1500)));
    let all = [CARDS, Recipe::default(), SOCIAL, AVIF_CARDS];
    let photo = developed(&source, &all);
    for (at, recipe) in all.iter().enumerate() {
        assert_eq!(sizes(&photo, at), recipe.set.sizes((2000, 1500)));
        let alone = developed(&source, &[*recipe]);
        assert_eq!(photo.sets[at], alone.sets[0], "{}", recipe.name());
        assert_eq!((photo.attention, photo.fingerprint), (alone.attention, alone.fingerprint));
    }
}

#[test]
fn a_bright_detailed_object_lies_inside_the_cut() {
    for (size, middle) in [((900, 1600), (300, 200)), ((900, 1600), (600, 1400)), ((2400, 800), (2200, 400))]
    {
        let photo = developed(&plain_png(size, &with_patch(size, middle)), &[CARDS, SOCIAL]);
        for set in &photo.sets {
            let cut = decode(&set[0].bytes).unwrap().pixels;
            let patch = eight(&cut).chunks(3).filter(|pixel| pixel[0] > pixel[2] + 60).count() as f64;
            let scale = f64::from(cut.width) / f64::from(size.0.min(size.1 * cut.width / cut.height));
            let whole = 200.0 * 200.0 * scale * scale;
            assert!(patch > whole * 0.9, "{size:?} {middle:?}: {patch} of {whole}");
        }
    }
}

#[test]
fn a_focus_that_is_set_wins_over_what_the_picture_says() {
    let source = plain_png((900, 1600), &with_patch((900, 1600), (300, 200)));
    let below = Recipe { focus: Focus::new(500, 1000).ok(), ..CARDS };
    let photo = developed(&source, &[below, CARDS]);
    let patch = |set: usize| {
        let cut = decode(&photo.sets[set][0].bytes).unwrap().pixels;
        eight(&cut).chunks(3).filter(|pixel| pixel[0] > pixel[2] + 60).count()
    };
    assert_eq!(patch(0), 0);
    assert!(patch(1) > 30_000);
}

#[test]
fn the_focus_belongs_to_the_picture_standing_upright() {
    let stored = jpeg((1600, 900), with_patch((1600, 900), (200, 450)));
    // Turned by a quarter to the right, its left end stands above.
    let photo = developed(&oriented(&stored, 6), &[CARDS]);
    assert_eq!(photo.upright, (900, 1600));
    assert!(photo.attention.y() < 250, "{:?}", photo.attention);
    assert!(photo.attention.x().abs_diff(500) < 30, "{:?}", photo.attention);
}

#[test]
fn extreme_pictures_are_cut_to_at_least_a_pixel() {
    let grey = |width: u32, height: u32| {
        let rows = (width as usize).div_ceil(8) * height as usize;
        png((width, height), (ColorType::Grayscale, BitDepth::One), &vec![0xAA; rows], |_| {})
    };
    let clear = png((50, 40), (ColorType::Rgba, BitDepth::Eight), &[0; 8000], |_| {});
    let table = [
        (grey(1, 5000), (1, 5000)),
        (grey(5000, 1), (5000, 1)),
        (grey(20_000, 10), (20_000, 10)),
        (grey(10, 20_000), (10, 20_000)),
        (grey(1, 1), (1, 1)),
        (grey(333, 222), (333, 222)),
        (clear, (50, 40)),
        (fixture("grey.jpg"), (83, 61)),
    ];
    for (source, size) in table {
        let recipes = [CARDS, SOCIAL, AVIF_CARDS, Recipe::new(Set::Ladder, Encoding::AVIF)];
        let photo = developed(&source, &recipes);
        for (at, recipe) in recipes.iter().enumerate() {
            assert_eq!(sizes(&photo, at), recipe.set.sizes(size), "{size:?}");
        }
        let cut = decode(&photo.sets[0][0].bytes).unwrap().pixels;
        assert_eq!((cut.width, cut.height), sizes(&photo, 0)[0]);
    }
}

#[test]
fn a_panorama_is_cut_from_its_own_pixels() {
    // A chequer that the largest rendition, which is less than half as high, no longer shows.
    let size = (6000, 1000);
    let chequer = |x: u32, y: u32| if (x / 2 + y / 2).is_multiple_of(2) { 60 } else { 190 };
    let samples: Vec<u8> =
        (0..size.1).flat_map(|y| (0..size.0).flat_map(move |x| [chequer(x, y); 3])).collect();
    let photo = developed(&plain_png(size, &samples), &[CARDS]);
    assert_eq!(sizes(&photo, 0)[0], (1280, 853));
    let cut = decode(&photo.sets[0][0].bytes).unwrap().pixels;
    let levels = eight(&cut);
    let mean = levels.iter().map(|level| f64::from(*level)).sum::<f64>() / levels.len() as f64;
    let spread =
        levels.iter().map(|level| (f64::from(*level) - mean).abs()).sum::<f64>() / levels.len() as f64;
    assert!(spread > 25.0, "{spread}");
}
