//! Cut and damaged files: never a panic, never a picture with a part made up.

use darkroom::{InputFault, Limits, Recipe, Scratch, develop, inspect};
use tiff::encoder::{Compression, colortype};

use super::made::{field, fixture, jpeg, plain_png, png, tiff, webp};

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
    develop(source, &[Recipe::default()], &Limits::default(), scratch).map(|_| ())
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
                let developed = develop(&damaged, &[Recipe::default()], &limits, &mut scratch);
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
    let scans: Vec<usize> =
        source.windows(2).enumerate().filter_map(|(at, pair)| (pair == [0xFF, 0xDA]).then_some(at)).collect();
    let two_of_three = [&source[..scans[2]], &[0xFF, 0xD9]].concat();
    let fault = try_develop(&two_of_three, &mut Scratch::new()).unwrap_err();
    assert_eq!(fault.code(), "damaged");
    assert!(fault.to_string().contains("colour channels is missing"), "{fault}");
}

/// CRC-32 of a PNG chunk's kind and data.
fn crc(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let body = [kind, data].concat();
    [&(data.len() as u32).to_be_bytes()[..], &body, &crc(&body).to_be_bytes()].concat()
}

fn deflated(data: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn a_whole_png_with_too_few_rows_inside_is_refused() {
    let whole = plain_png((10, 10), &[7; 300]);
    let rows = |count: usize| {
        let data = [&[0][..], &[7; 30]].concat().repeat(count);
        [&whole[..33], &chunk(b"IDAT", &deflated(&data)), &chunk(b"IEND", b"")].concat()
    };
    let mut scratch = Scratch::new();
    assert_eq!(try_develop(&rows(10), &mut scratch), Ok(()));
    assert!(try_develop(&rows(9), &mut scratch).is_err());
    assert!(try_develop(&rows(0), &mut scratch).is_err());
}

#[test]
fn a_wrong_checksum_is_damage() {
    let mut source = plain_png((10, 10), &[7; 300]);
    let end = source.len() - 12;
    source[end - 1] ^= 1;
    assert_eq!(try_develop(&source, &mut Scratch::new()).unwrap_err().code(), "damaged");
}

#[test]
fn text_that_swells_like_a_bomb_is_refused_and_ordinary_text_is_not() {
    let whole = plain_png((10, 10), &[7; 300]);
    let with_text = |text: &[u8]| {
        let packed = [b"Comment\0\0", deflated(text).as_slice()].concat();
        [&whole[..33], &chunk(b"zTXt", &packed), &whole[33..]].concat()
    };
    let mut scratch = Scratch::new();
    let fault = try_develop(&with_text(&vec![b'a'; 3_000_000]), &mut scratch).unwrap_err();
    assert_eq!(fault.code(), "bomb");
    let words: String = (0..300_000).map(|number| format!("{number} words, ")).collect();
    assert_eq!(try_develop(&with_text(words.as_bytes()), &mut scratch), Ok(()));
    assert_eq!(try_develop(&with_text(&vec![b'a'; 900_000]), &mut scratch), Ok(()));
}

/// A TIFF of one strip that is a JPEG.
fn jpeg_in_tiff((width, height): (u16, u16), strip: &[u8]) -> Vec<u8> {
    let entries: [(u16, u16, u32, u32); 10] = [
        (256, 3, 1, width.into()),
        (257, 3, 1, height.into()),
        (258, 3, 3, 134),
        (259, 3, 1, 7),
        (262, 3, 1, 6),
        (273, 4, 1, 140),
        (277, 3, 1, 3),
        (278, 3, 1, height.into()),
        (279, 4, 1, strip.len() as u32),
        (284, 3, 1, 1),
    ];
    let mut bytes = b"II*\0\x08\0\0\0\x0a\0".to_vec();
    for (tag, kind, count, value) in entries {
        bytes.extend(tag.to_le_bytes());
        bytes.extend(kind.to_le_bytes());
        bytes.extend(count.to_le_bytes());
        bytes.extend(value.to_le_bytes());
    }
    bytes.extend([0; 4]);
    bytes.extend([8, 0, 8, 0, 8, 0]);
    bytes.extend(strip);
    bytes
}

#[test]
fn a_cut_jpeg_inside_a_tiff_is_refused() {
    let strip = jpeg((48, 40), field((48, 40)));
    let mut scratch = Scratch::new();
    assert_eq!(try_develop(&jpeg_in_tiff((48, 40), &strip), &mut scratch), Ok(()));
    let fault = try_develop(&jpeg_in_tiff((48, 40), &strip[..strip.len() / 2]), &mut scratch);
    assert_eq!(fault.unwrap_err().code(), "truncated");
}

#[test]
fn a_webp_that_is_cut_and_tells_a_shorter_length_is_refused() {
    let whole = webp((40, 30), &field((40, 30)), image_webp::ColorType::Rgb8);
    let mut scratch = Scratch::new();
    assert_eq!(try_develop(&whole, &mut scratch), Ok(()));
    for length in (30..whole.len() - 16).step_by(50).map(|length| length & !1) {
        let mut cut = whole[..length].to_vec();
        cut[4..8].copy_from_slice(&(length as u32 - 8).to_le_bytes());
        cut[16..20].copy_from_slice(&(length as u32 - 20).to_le_bytes());
        assert!(try_develop(&cut, &mut scratch).is_err(), "{length} of {}", whole.len());
    }
}

#[test]
fn an_interlaced_png_states_its_passes() {
    let source = png((4, 4), (png::ColorType::Grayscale, png::BitDepth::Eight), &[9; 16], |_| {});
    let header = |source: &[u8]| inspect(source, &Limits::default()).unwrap();
    assert!(!header(&source).progressive);
    let mut interlaced = source.clone();
    interlaced[28] = 1;
    assert!(header(&interlaced).progressive);
    // The checksum of the header no longer fits.
    assert!(try_develop(&interlaced, &mut Scratch::new()).is_err());
}
