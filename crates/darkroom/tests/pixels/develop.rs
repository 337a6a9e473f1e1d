//! The whole job from outside.

use darkroom::{Developed, Limits, Recipe, Scratch, Set, develop};

use super::made::{
    cmyk_jpeg, decode, difference, eight, field, fixture, jpeg, oriented, plain_png, png, with_segment,
};

fn developed(source: &[u8]) -> Developed {
    develop(source, &[Recipe::default()], &Limits::default(), &mut Scratch::new()).unwrap()
}

#[test]
fn a_large_photo_gets_the_whole_ladder() {
    let size = (3000, 2000);
    let photo = developed(&jpeg(size, field(size)));
    assert_eq!(photo.upright, size);
    let sizes: Vec<_> = photo.sets[0].iter().map(|one| (one.width, one.height)).collect();
    assert_eq!(sizes, [(2560, 1707), (1920, 1280), (1280, 853), (960, 640), (640, 427), (320, 213)]);
    assert_eq!(sizes, Set::Ladder.sizes(size));
    for rendition in &photo.sets[0] {
        let decoded = decode(&rendition.bytes).unwrap().pixels;
        assert_eq!((decoded.width, decoded.height), (rendition.width, rendition.height));
    }
    let small = decode(&photo.sets[0][5].bytes).unwrap().pixels;
    let expected = shrunk(size, (320, 213));
    // The wave of the blue is too short for this size.
    let warm =
        |samples: &[u8]| -> Vec<u8> { samples.chunks(3).flat_map(|pixel| [pixel[0], pixel[1]]).collect() };
    assert!(difference(&warm(eight(&small)), &warm(&expected)) < 10.0);
}

/// The field at another size, each pixel the mean of those that it stands for.
fn shrunk(size: (u32, u32), to: (u32, u32)) -> Vec<u8> {
    let large = field(size);
    let mut samples = Vec::new();
    for y in 0..to.1 {
        for x in 0..to.0 {
            let (left, right) = (x * size.0 / to.0, (x + 1) * size.0 / to.0);
            let (top, bottom) = (y * size.1 / to.1, (y + 1) * size.1 / to.1);
            for channel in 0..3 {
                let mut sum = 0;
                for row in top..bottom {
                    for column in left..right {
                        sum += u32::from(large[((row * size.0 + column) * 3 + channel) as usize]);
                    }
                }
                samples.push((sum / ((right - left) * (bottom - top))) as u8);
            }
        }
    }
    samples
}

#[test]
fn a_small_photo_is_never_enlarged() {
    let photo = developed(&jpeg((400, 100), field((400, 100))));
    let sizes: Vec<_> = photo.sets[0].iter().map(|one| (one.width, one.height)).collect();
    assert_eq!(sizes, [(400, 100), (320, 80)]);
    let photo = developed(&plain_png((1, 1), &[200, 100, 50]));
    assert_eq!((photo.sets[0].len(), photo.colour.as_str()), (1, "#c86432"));
}

#[test]
fn the_same_bytes_develop_to_the_same_renditions() {
    let source = fixture("progressive-420.jpg");
    assert_eq!(developed(&source), developed(&source));
}

#[test]
fn buffers_of_one_photo_do_not_show_in_the_next() {
    let mut scratch = Scratch::new();
    let (recipe, limits) = (Recipe::default(), Limits::default());
    let small = fixture("baseline-420.jpg");
    let alone = develop(&small, &[recipe], &limits, &mut scratch).unwrap();
    let large = jpeg((2700, 300), field((2700, 300)));
    develop(&large, &[recipe], &limits, &mut scratch).unwrap();
    assert_eq!(develop(&small, &[recipe], &limits, &mut scratch).unwrap(), alone);
}

#[test]
fn each_orientation_stands_upright() {
    // Upper left, upper right, lower left, lower right of the stored picture.
    let (red, green, blue, white) = ([230, 20, 20], [20, 200, 20], [20, 20, 230], [250, 250, 250]);
    let (width, height) = (64, 32);
    let mut samples = Vec::new();
    for y in 0..height {
        for x in 0..width {
            samples.extend(match (y < height / 2, x < width / 2) {
                (true, true) => red,
                (true, false) => green,
                (false, true) => blue,
                (false, false) => white,
            });
        }
    }
    let stored = jpeg((width, height), samples);
    let table = [
        (1, [red, green, blue, white]),
        (2, [green, red, white, blue]),
        (3, [white, blue, green, red]),
        (4, [blue, white, red, green]),
        (5, [red, blue, green, white]),
        (6, [blue, red, white, green]),
        (7, [white, green, blue, red]),
        (8, [green, white, red, blue]),
        (0, [red, green, blue, white]),
        (9, [red, green, blue, white]),
    ];
    for (orientation, corners) in table {
        let photo = developed(&oriented(&stored, orientation));
        let turned = (5..=8).contains(&orientation);
        let size = if turned { (32, 64) } else { (64, 32) };
        assert_eq!(photo.upright, size, "orientation {orientation}");
        let upright = decode(&photo.sets[0][0].bytes).unwrap().pixels;
        assert_eq!((upright.width, upright.height), size, "orientation {orientation}");
        let (across, down) = (size.0 as usize, size.1 as usize);
        let places = [(4, 4), (across - 5, 4), (4, down - 5), (across - 5, down - 5)];
        for ((x, y), corner) in places.into_iter().zip(corners) {
            let at = (y * across + x) * 3;
            let pixel = &eight(&upright)[at..at + 3];
            assert!(difference(pixel, &corner) < 12.0, "{orientation}: {x},{y} is {pixel:?}");
        }
    }
}

#[test]
fn renditions_carry_no_metadata() {
    let source = oriented(&jpeg((400, 300), field((400, 300))), 6);
    let source = with_segment(&source, 0xFE, b"a comment");
    for rendition in &developed(&source).sets[0] {
        let mut at = 2;
        while rendition.bytes[at + 1] != 0xDA {
            let marker = rendition.bytes[at + 1];
            let known = matches!(marker, 0xE0 | 0xC0..=0xC2 | 0xC4 | 0xDB | 0xDD);
            assert!(known, "segment {marker:02x}");
            at += 2 + usize::from(u16::from_be_bytes([rendition.bytes[at + 2], rendition.bytes[at + 3]]));
        }
    }
}

#[test]
fn small_files_come_coarse_to_fine_and_large_ones_in_one_pass() {
    let photo = developed(&jpeg((1300, 900), field((1300, 900))));
    let passes: Vec<(u32, bool)> = photo.sets[0]
        .iter()
        .map(|one| (one.width, darkroom::inspect(&one.bytes, &Limits::default()).unwrap().progressive))
        .collect();
    assert_eq!(passes, [(1300, false), (1280, false), (960, true), (640, true), (320, true)]);
}

#[test]
fn a_broken_profile_is_reported_and_the_photo_developed_as_srgb() {
    let plain = fixture("baseline-420.jpg");
    let broken = with_segment(&plain, 0xE2, b"ICC_PROFILE\0\x01\x01this is no profile");
    let photo = developed(&broken);
    assert_eq!(photo.notes.len(), 1);
    assert_eq!(photo.notes[0].code, "profile_broken");
    assert_eq!(photo.sets[0], developed(&plain).sets[0]);
}

#[test]
fn inks_without_a_profile_look_like_print() {
    let photo = developed(&cmyk_jpeg([0; 4], jpegli::ColorSpace::JCS_CMYK));
    assert_eq!(photo.colour, "#ffffff");
    let photo = developed(&cmyk_jpeg([255, 0, 0, 0], jpegli::ColorSpace::JCS_CMYK));
    let blue = u8::from_str_radix(&photo.colour[5..], 16).unwrap();
    let red = u8::from_str_radix(&photo.colour[1..3], 16).unwrap();
    assert!(red < 30 && blue > 180, "{}", photo.colour);
}

#[test]
fn a_gamma_of_one_makes_the_picture_lighter() {
    let grey = |gamma: Option<f32>| {
        let source = png((4, 4), (png::ColorType::Rgb, png::BitDepth::Eight), &[100; 48], |encoder| {
            if let Some(gamma) = gamma {
                encoder.set_source_gamma(png::ScaledFloat::new(gamma));
            }
        });
        developed(&source).colour
    };
    assert_eq!(grey(None), "#646464");
    assert_eq!(grey(Some(0.45455)), "#646464");
    // Linear 100/255 is 0.392, which sRGB codes as 168.
    let linear = u8::from_str_radix(&grey(Some(1.0))[1..3], 16).unwrap();
    assert!(linear.abs_diff(168) <= 2, "{linear}");
}

/// A photo with a gain map behind it, whose headers say that it is so many bytes long.
fn with_gain_map(plain: &[u8], length: u32) -> Vec<u8> {
    let xmp =
        b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta xmlns:hdrgm=\"http://ns.adobe.com/hdr-gain-map/1.0/\"/>";
    let entry =
        |offset: u32, length: u32| [[0; 4], length.to_be_bytes(), offset.to_be_bytes(), [0; 4]].concat();
    let head = b"MPF\0MM\0*\0\0\0\x08\0\x01\xb0\x02\0\x07\0\0\0\x20\0\0\0\x1a\0\0\0\0";
    let index = [&head[..], &entry(0, plain.len() as u32), &entry(plain.len() as u32, length)].concat();
    let base = with_segment(&with_segment(plain, 0xE2, &index), 0xE1, xmp);
    [base, jpeg((20, 15), field((20, 15)))].concat()
}

#[test]
fn a_gain_map_is_left_out_and_said_to_be_whatever_length_it_claims() {
    let plain = jpeg((400, 300), field((400, 300)));
    let map = jpeg((20, 15), field((20, 15))).len() as u32;
    for length in [map, 0, 7, u32::MAX] {
        let photo = developed(&with_gain_map(&plain, length));
        assert_eq!(photo.sets, developed(&plain).sets, "{length}");
        let codes: Vec<&str> = photo.notes.iter().map(|note| note.code.as_str()).collect();
        assert_eq!(codes, ["gain_map_left_out"]);
    }
    assert!(developed(&plain).notes.is_empty());
}

#[test]
fn heic_is_refused_with_the_way_to_send_jpeg() {
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\x08mdat";
    let fault = develop(heic, &[Recipe::default()], &Limits::default(), &mut Scratch::new()).unwrap_err();
    assert_eq!(fault.code(), "heic");
    assert!(fault.to_string().contains("Most Compatible"), "{fault}");
}
