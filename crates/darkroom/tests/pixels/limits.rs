//! Limits are checked before pixels are allocated.

use darkroom::{InputFault, Limits, inspect};
use png::{BitDepth, ColorType};

use super::made::{field, fixture, jpeg, jpeg_in_passes, plain_png, png};

/// A PNG header that states this size, with a byte of picture data.
fn claim(width: u32, height: u32) -> Vec<u8> {
    let mut source = png((1, 1), (ColorType::Grayscale, BitDepth::Eight), &[0], |_| {});
    source[16..20].copy_from_slice(&width.to_be_bytes());
    source[20..24].copy_from_slice(&height.to_be_bytes());
    source
}

fn code(source: &[u8], limits: &Limits) -> &'static str {
    inspect(source, limits).err().map_or("accepted", |fault| fault.code())
}

#[test]
fn each_limit_refuses_with_its_own_code() {
    let limits = Limits::default();
    assert_eq!(code(&claim(0, 5), &limits), "no_pixels");
    assert_eq!(code(&claim(65_501, 1), &limits), "side_too_long");
    assert_eq!(code(&claim(65_500, 1), &limits), "accepted");
    assert_eq!(code(&claim(30_000, 30_000), &limits), "too_many_pixels");
    assert_eq!(code(&claim(u32::MAX, u32::MAX), &limits), "side_too_long");
    let small = fixture("baseline-420.jpg");
    assert_eq!(code(&small, &Limits { file: 100, ..limits }), "too_many_bytes");
    assert_eq!(code(&small, &Limits { memory: 1_000_000, ..limits }), "too_much_memory");
    assert_eq!(code(&fixture("progressive-420.jpg"), &Limits { scans: 3, ..limits }), "unsupported");
}

#[test]
fn a_progressive_picture_needs_more_memory_than_a_plain_one() {
    let limit = |memory| Limits { memory, ..Limits::default() };
    let needs = |source: &[u8]| match inspect(source, &limit(1)) {
        Err(InputFault::TooMuchMemory { needed, .. }) => needed,
        other => panic!("{other:?}"),
    };
    let size = (2400, 1600);
    let plain = jpeg(size, field(size));
    let progressive = jpeg_in_passes(size, &field(size), true);
    assert!(needs(&progressive) > needs(&plain) + 5, "{}", needs(&progressive));
}

#[test]
fn a_refusal_is_one_sentence_that_names_the_limit() {
    let fault = inspect(&claim(30_000, 30_000), &Limits::default()).unwrap_err();
    assert_eq!(
        fault.to_string(),
        "The picture is 30000 x 30000 pixels; pictures of up to 120 megapixels are accepted."
    );
    let source = plain_png((20, 20), &[9; 1200]);
    let sentence =
        |less: usize| inspect(&source[..source.len() - less], &Limits::default()).unwrap_err().to_string();
    assert_eq!(sentence(6), "The PNG is cut off: its end mark is missing. A complete file is accepted.");
    assert_eq!(
        sentence(12 + 9),
        "The PNG is cut off: at least 9 bytes are missing, before its picture data is complete. A complete file is accepted."
    );
}

#[test]
fn an_avif_that_its_encoder_has_no_memory_for_is_refused_and_with_memory_for_one_all_are_made() {
    use darkroom::{Encoding, Recipe, Scratch, Set, develop};
    let source = jpeg((1600, 1200), field((1600, 1200)));
    let made = |encoding, memory| {
        let limits = Limits { memory, ..Limits::default() };
        develop(&source, &[Recipe::new(Set::Ladder, encoding)], &limits, &mut Scratch::new())
    };
    let tight = 60_000_000;
    assert!(made(Encoding::JPEG, tight).is_ok());
    assert_eq!(made(Encoding::AVIF, tight).unwrap_err().code(), "too_much_memory");
    // One after the other gives the same files as two at a time.
    let one = made(Encoding::AVIF, 81_000_000).unwrap();
    assert_eq!(one.sets, made(Encoding::AVIF, 512_000_000).unwrap().sets);
}
