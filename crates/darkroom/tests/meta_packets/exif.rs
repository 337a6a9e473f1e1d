//! EXIF, and what it holds that must not be published.

use darkroom::meta::{CameraTime, PrivateKind, ProblemCode, read};

use crate::asking::{codes, facts, privates, problems};
use crate::made::{ascii, directory, exif, jpeg_with_exif, long, riff, short};

#[test]
fn exif_texts_are_utf8_or_latin() {
    let artist = |bytes: &[u8]| {
        let block = exif(&[(0x013b, 2, [bytes, &[0]].concat())], &[]);
        facts(&jpeg_with_exif(&block)).creators.unwrap().value
    };
    assert_eq!(artist("Bjørn; Łukasz".as_bytes()), ["Bjørn", "Łukasz"]);
    assert_eq!(artist(b"Bj\xf8rn"), ["Bjørn"]);
}

#[test]
fn exif_description_is_a_proposal_and_no_caption() {
    let block = exif(&[(0x010e, 2, ascii("A real description"))], &[]);
    let facts = facts(&jpeg_with_exif(&block));
    assert_eq!(facts.description, None);
    assert_eq!(facts.proposed_description.unwrap().value, "A real description");
}

#[test]
fn texts_that_cameras_write_are_no_proposal() {
    for text in ["OLYMPUS DIGITAL CAMERA         ", "SONY DSC", "<KENOX S760  / Samsung S760>", "X100V"] {
        let block = exif(&[(0x010e, 2, ascii(text)), (0x0110, 2, ascii("X100V"))], &[]);
        assert_eq!(facts(&jpeg_with_exif(&block)).proposed_description, None, "{text}");
    }
}

#[test]
fn windows_tags_are_read() {
    let ucs2 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).chain([0, 0]).collect::<Vec<u8>>();
    let block =
        exif(&[(0x9c9b, 1, ucs2("Заголовок")), (0x9c9d, 1, ucs2("A;B")), (0x9c9e, 1, ucs2("x; y"))], &[]);
    let facts = facts(&jpeg_with_exif(&block));
    assert_eq!(facts.title.unwrap().value, "Заголовок");
    assert_eq!(facts.creators.unwrap().value, ["A", "B"]);
    assert_eq!(facts.keywords.unwrap().value, ["x", "y"]);
}

#[test]
fn exif_time_has_its_fraction_and_offset() {
    let sub =
        [(0x9003, 2, ascii("2021:01:02 15:04:05")), (0x9291, 2, ascii("25")), (0x9011, 2, ascii("+05:30"))];
    let taken = facts(&jpeg_with_exif(&exif(&[], &sub))).taken.unwrap().value;
    let expected = CameraTime {
        year: 2021,
        month: 1,
        day: 2,
        hour: 15,
        minute: 4,
        second: 5,
        nanosecond: 250_000_000,
        offset_minutes: Some(330),
    };
    assert_eq!(taken, expected);
}

#[test]
fn an_orientation_outside_its_range_is_one_and_told() {
    for stated in [0, 9, 65_535] {
        let reading = read(&jpeg_with_exif(&exif(&[(0x0112, 3, short(stated))], &[])), None, &[]);
        assert_eq!(reading.orientation(), 1);
        assert_eq!(codes(&reading), [ProblemCode::ExifOrientation]);
    }
    for stated in 1..=8 {
        let reading = read(&jpeg_with_exif(&exif(&[(0x0112, 3, short(stated))], &[])), None, &[]);
        assert_eq!(u16::from(reading.orientation()), stated);
    }
}

#[test]
fn what_must_not_be_published_is_found() {
    let main = [(0x8825, 4, long(600)), (0x010d, 2, ascii("DSC_0001.NEF"))];
    let sub = [
        (0x927c, 7, vec![1; 20]),
        (0xa430, 2, ascii("Jane Doe")),
        (0xa431, 2, ascii("12345")),
        (0xa435, 2, ascii("678")),
    ];
    let mut block = exif(&main, &sub);
    let gps = directory(600, &[(0, 1, vec![2, 2, 0, 0]), (1, 2, ascii("N"))]);
    block[600..600 + gps.len()].copy_from_slice(&gps);
    let expected = [
        PrivateKind::Gps,
        PrivateKind::MakerNote,
        PrivateKind::OwnerName,
        PrivateKind::SerialNumber,
        PrivateKind::SerialNumber,
        PrivateKind::OriginalFileName,
    ];
    assert_eq!(privates(&jpeg_with_exif(&block)), expected);
}

#[test]
fn a_gps_block_with_its_version_alone_is_no_position() {
    let mut block = exif(&[(0x8825, 4, long(600))], &[]);
    let gps = directory(600, &[(0, 1, vec![2, 2, 0, 0])]);
    block[600..600 + gps.len()].copy_from_slice(&gps);
    assert_eq!(privates(&jpeg_with_exif(&block)), []);
}

#[test]
fn exif_that_points_at_itself_or_outside_is_told() {
    let mut block = exif(&[(0x013b, 2, ascii("Jane Doe"))], &[]);
    let pointer = block.windows(2).position(|two| two == [0x69, 0x87]).unwrap();
    block[pointer + 8..pointer + 12].copy_from_slice(&long(8));
    assert_eq!(facts(&jpeg_with_exif(&block)).creators.unwrap().value, ["Jane Doe"]);
    block[pointer + 8..pointer + 12].copy_from_slice(&long(u32::MAX));
    assert_eq!(problems(&jpeg_with_exif(&block)), [ProblemCode::ExifDamaged]);
}

#[test]
fn directories_that_overlap_cost_no_more_than_their_bytes() {
    // 60,000 pointers to directories that begin one byte apart and claim 65,278 entries each: followed one by one
    // they would be billions of entries.
    let count = 60_000_u32;
    let start = 14 + count * 12;
    let mut block = b"II*\0\x08\0\0\0".to_vec();
    block.extend(60_000_u16.to_le_bytes());
    for index in 0..count {
        block.extend([0x69, 0x87, 4, 0, 1, 0, 0, 0]);
        block.extend((start + index).to_le_bytes());
    }
    block.resize(2_000_000, 0xfe);
    let reading = read(&riff(&[(b"EXIF", block)]), None, &[]);
    assert_eq!(codes(&reading), [ProblemCode::ExifDamaged]);
}
