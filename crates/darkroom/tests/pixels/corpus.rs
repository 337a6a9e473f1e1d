//! The shared corpus: every photo and every hostile file meets what its row expects.

use std::io::Read;
use std::path::PathBuf;

use darkroom::{InputFault, Limits, Recipe, Scratch, develop};

use super::made::{decode, difference, eight};

/// The corpus, where the environment names it.
fn corpora() -> Option<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "tests find the shared corpus by this variable")]
    let shared = std::env::var_os("HALFTONE_SHARED");
    if shared.is_none() {
        eprintln!("SKIPPED: HALFTONE_SHARED is not set, the shared corpus is not tested");
    }
    Some(PathBuf::from(shared?).join("corpora"))
}

fn outcome(source: &[u8], scratch: &mut Scratch) -> Result<usize, InputFault> {
    let developed = develop(source, &[Recipe::default()], &Limits::default(), scratch)?;
    Ok(developed.sets[0].len())
}

#[test]
fn every_row_of_the_index_meets_its_expectation() {
    let Some(corpora) = corpora() else { return };
    let index = std::fs::read_to_string(corpora.join("INDEX.tsv")).unwrap();
    let mut scratch = Scratch::new();
    let (mut seen, mut wrong) = (0, Vec::new());
    for row in index.lines().skip(1) {
        let fields: Vec<&str> = row.split('\t').collect();
        let (name, expect) = (fields[0], fields[4]);
        let ours = name.starts_with("photos/") || name.starts_with("hostile/");
        if !ours || !matches!(expect, "accept" | "refuse" | "either") {
            continue;
        }
        seen += 1;
        let source = std::fs::read(corpora.join(name)).unwrap();
        let outcome = outcome(&source, &mut scratch);
        let expect = if name.ends_with(".avif") { "refuse" } else { expect };
        let met = match (expect, &outcome) {
            ("accept", outcome) => outcome.as_ref().is_ok_and(|renditions| *renditions > 0),
            ("refuse", outcome) => outcome.is_err(),
            _ => true,
        };
        if !met {
            wrong.push(format!("{name}: {expect}, but {outcome:?}"));
        }
        if let Err(fault) = outcome {
            let sentence = fault.to_string();
            assert!(sentence.ends_with('.') && !sentence.contains('\n'), "{name}: {sentence}");
        }
    }
    assert!(seen > 90, "only {seen} rows");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_eight_orientations_of_one_photo_look_alike() {
    let Some(corpora) = corpora() else { return };
    let upright = |number: u8| {
        let name = format!("photos/orientation/landscape_{number}.jpg");
        let source = std::fs::read(corpora.join(name)).unwrap();
        let photo = develop(&source, &[Recipe::default()], &Limits::default(), &mut Scratch::new()).unwrap();
        let smallest = photo.sets[0].last().unwrap();
        decode(&smallest.bytes).unwrap().pixels
    };
    let first = upright(1);
    for number in 2..=8 {
        let other = upright(number);
        assert_eq!((other.width, other.height), (first.width, first.height), "{number}");
        let off = difference(eight(&first), eight(&other));
        assert!(off < 12.0, "orientation {number} is {off} levels off");
    }
}

#[test]
fn the_small_fuzzed_jpegs_are_bounded() {
    let Some(corpora) = corpora() else { return };
    let packed = std::fs::read(corpora.join("hostile/fuzz/afl-jpeg-edges.tar.gz")).unwrap();
    let mut archive = Vec::new();
    flate2::read::GzDecoder::new(packed.as_slice()).read_to_end(&mut archive).unwrap();
    let (mut at, mut files, mut scratch) = (0, 0, Scratch::new());
    // Headers of 512 bytes: name at 0, size in octal at 124, kind at 156.
    while archive.get(at).is_some_and(|byte| *byte != 0) {
        let octal = std::str::from_utf8(&archive[at + 124..at + 135]).unwrap();
        let size = usize::from_str_radix(octal.trim_matches([' ', '\0']), 8).unwrap();
        if matches!(archive[at + 156], b'0' | 0) {
            let first = outcome(&archive[at + 512..at + 512 + size], &mut scratch);
            let again = outcome(&archive[at + 512..at + 512 + size], &mut scratch);
            assert_eq!(first, again);
            files += 1;
        }
        at += 512 + size.div_ceil(512) * 512;
    }
    assert!(files >= 80, "{files}");
}
