//! Copies of a photo are known by their fingerprints, other photos are not taken for copies.

use std::path::PathBuf;

use darkroom::steps::fingerprint::distance;
use darkroom::{Encoding, Limits, Pixels, Recipe, Scratch, Set, Srgb, develop, steps::encode::encode};

use super::made::{decode, eight};

/// The project's own photographs.
fn samples() -> Vec<(String, Vec<u8>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../samples");
    let mut photos: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "jpg" || end == "png"))
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), std::fs::read(path).unwrap()))
        .collect();
    photos.sort();
    photos
}

/// The fingerprint, and the file 640 pixels long at a low quality.
fn developed(source: &[u8]) -> (u64, Vec<u8>) {
    let low = Encoding::Jpeg { quality: 40 };
    let recipe = Recipe::new(Set::Ladder, low);
    let photo = develop(source, &[recipe], &Limits::default(), &mut Scratch::new()).unwrap();
    let small = photo.sets[0].iter().find(|one| one.width.max(one.height) <= 640).unwrap();
    (photo.fingerprint, small.bytes.clone())
}

/// The picture without a twentieth of its width and height, half of it at each side.
fn cropped(pixels: &Pixels) -> Vec<u8> {
    let (across, down) = (pixels.width / 40, pixels.height / 40);
    let (width, height) = (pixels.width - 2 * across, pixels.height - 2 * down);
    let channels = pixels.layout.channels();
    let rows = eight(pixels).chunks(pixels.width as usize * channels);
    let rows = rows.skip(down as usize).take(height as usize);
    let kept = rows.flat_map(|row| &row[across as usize * channels..][..width as usize * channels]);
    let samples: Vec<u8> = match channels {
        1 => kept.flat_map(|level| [*level; 3]).collect(),
        _ => kept.copied().collect(),
    };
    encode(&Srgb { width, height, samples }, Encoding::JPEG).unwrap()
}

#[test]
fn copies_are_near_and_other_photos_far() {
    let mut all: Vec<(String, u64)> = Vec::new();
    for (name, source) in samples() {
        let (whole, small) = developed(&source);
        let (of_small, _) = developed(&small);
        assert!(distance(whole, of_small) <= 4, "{name}, smaller: {}", distance(whole, of_small));
        let (of_part, _) = developed(&cropped(&decode(&small).unwrap().pixels));
        assert!(distance(whole, of_part) <= 16, "{name}, cropped: {}", distance(whole, of_part));
        for (other, fingerprint) in &all {
            let between = distance(whole, *fingerprint);
            assert!(between > 20, "{name} and {other}: {between}");
        }
        all.push((name, whole));
    }
    assert!(all.len() >= 14, "{} photos", all.len());
}
