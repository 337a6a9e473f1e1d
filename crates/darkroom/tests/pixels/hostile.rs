//! Cut and damaged files: never a panic, never a picture with a part made up.

use darkroom::{InputFault, Limits, Recipe, Scratch, develop, inspect};
use tiff::encoder::{Compression, colortype};

use super::made::{SIZE, field, fixture, plain_png, tiff, webp};

/// Name and bytes of one file a format and variety, and how many bytes at its end hold no picture.
fn files() -> Vec<(&'static str, Vec<u8>, usize)> {
    let jpegs = [
        "baseline-420.jpg",
        "baseline-422-restarts.jpg",
        "one-scan-a-component-420.jpg",
        "progressive-420.jpg",
        "progressive-444-restarts.jpg",
        "grey.jpg",
        "rgb.jpg",
    ];
    let mut files: Vec<_> = jpegs.into_iter().map(|name| (name, fixture(name), 2)).collect();
    let samples = field((40, 30));
    files.push(("png", plain_png((40, 30), &samples), 0));
    files.push(("webp", webp((40, 30), &samples, image_webp::ColorType::Rgb8), 0));
    files.push(("tiff", tiff::<colortype::RGB8>((40, 30), &samples, Compression::Lzw), 0));
    files
}

fn try_develop(source: &[u8], scratch: &mut Scratch) -> Result<(), InputFault> {
    develop(source, &Recipe::default(), &Limits::default(), scratch).map(|_| ())
}

#[test]
fn every_cut_is_refused_the_same_on_each_run() {
    let mut scratch = Scratch::new();
    for (name, source, tail) in files() {
        for length in 0..source.len() - tail {
            let cut = &source[..length];
            let fault = try_develop(cut, &mut scratch);
            assert!(fault.is_err(), "{name} cut to {length} of {} bytes is taken", source.len());
            assert_eq!(fault, try_develop(cut, &mut scratch), "{name} cut to {length}");
        }
    }
}

#[test]
fn a_cut_jpeg_is_refused_even_with_an_end_mark_put_behind_it() {
    let mut scratch = Scratch::new();
    for (name, source, _) in files().into_iter().filter(|(name, ..)| name.ends_with("jpg")) {
        for length in (200..source.len() - 3).step_by(7) {
            let mut cut = source[..length].to_vec();
            cut.extend([0xFF, 0xD9]);
            let outcome = try_develop(&cut, &mut scratch);
            // A progressive picture that ends between two passes is whole, only coarser.
            let whole = name.starts_with("progressive") && outcome.is_ok();
            assert!(outcome.is_err() || whole, "{name} cut to {length} is taken");
        }
    }
}

#[test]
fn a_cut_jpeg_says_how_many_rows_are_missing() {
    let source = fixture("baseline-422-restarts.jpg");
    let fault = try_develop(&source[..source.len() * 3 / 4], &mut Scratch::new()).unwrap_err();
    assert_eq!(fault.code(), "truncated");
    let sentence = fault.to_string();
    assert!(sentence.contains(" of 8 rows of blocks are missing"), "{sentence}");
}

#[test]
fn a_missing_restart_interval_is_damage() {
    let source = fixture("baseline-422-restarts.jpg");
    let first = source.windows(2).position(|pair| pair == [0xFF, 0xD0]).unwrap();
    let second = source.windows(2).position(|pair| pair == [0xFF, 0xD1]).unwrap();
    let cut = [&source[..first], &source[second..]].concat();
    let fault = try_develop(&cut, &mut Scratch::new()).unwrap_err();
    assert_eq!(fault.code(), "damaged");
}

#[test]
fn no_changed_byte_makes_anything_panic() {
    let mut scratch = Scratch::new();
    let limits = Limits { pixels: 1_000_000, ..Limits::default() };
    for (name, source, _) in files() {
        for at in 0..source.len() {
            for change in [0x01, 0x80, 0xFF] {
                let mut damaged = source.clone();
                damaged[at] ^= change;
                let inspected = inspect(&damaged, &limits);
                let developed = develop(&damaged, &Recipe::default(), &limits, &mut scratch);
                // What is refused without decoding stays refused with it.
                assert!(inspected.is_ok() || developed.is_err(), "{name} {at} {change:x}");
                let undeveloped = matches!(developed, Err(InputFault::Undeveloped { .. }));
                assert!(!undeveloped, "{name} {at} {change:x}: {developed:?}");
            }
        }
    }
}

#[test]
fn a_picture_whose_colour_channel_never_comes_is_damaged() {
    let source = fixture("one-scan-a-component-420.jpg");
    let scans: Vec<usize> = source
        .windows(2)
        .enumerate()
        .filter_map(|(at, pair)| (pair == [0xFF, 0xDA]).then_some(at))
        .collect();
    let two_of_three = [&source[..scans[2]], &[0xFF, 0xD9]].concat();
    let fault = try_develop(&two_of_three, &mut Scratch::new()).unwrap_err();
    assert_eq!(fault.code(), "damaged");
    assert!(fault.to_string().contains("colour channels is missing"), "{fault}");
    assert_eq!(SIZE, (83, 61));
}
