//! What the beginning of a file tells before its end is there.

use std::fs::File;
use std::io::Write;
use std::num::NonZeroUsize;
use std::time::Duration;

use darkroom::meta::FileKind;
use darkroom::worker::{Answer, Glancing, Keeper, Request};
use darkroom::{Glance, Limits, cut_out, inspect};

use super::made::{field, fixture, jpeg, oriented, plain_png, with_segment};

/// A JPEG of this size, small enough for a segment.
fn small(size: (u32, u32)) -> Vec<u8> {
    jpeg(size, field(size))
}

/// A photo that stands on its side, with a caption (IIM) and two small pictures in its segments.
fn photo() -> Vec<u8> {
    let caption = b"\x1c\x01Z\0\x03\x1b%G\x1c\x02x\0\x0eFloods in Doel";
    let mut block = b"Photoshop 3.0\08BIM\x04\x04\0\0\0\0\0\x1b".to_vec();
    block.extend(caption);
    let thumbnail = [[0; 28].as_slice(), &small((40, 30))].concat();
    block.extend(b"\08BIM\x04\x0c\0\0");
    block.extend((thumbnail.len() as u32).to_be_bytes());
    block.extend(thumbnail);
    let photo = with_segment(&jpeg((640, 480), field((640, 480))), 0xED, &block);
    let maker = [b"Exif\0\0none of a TIFF".as_slice(), &small((16, 12)), b"behind it"].concat();
    oriented(&with_segment(&photo, 0xE2, &maker), 6)
}

fn glance(bytes: &[u8]) -> Glance {
    darkroom::glance(bytes, &["en"], &Limits::default())
}

#[test]
fn the_head_of_a_jpeg_tells_its_facts_without_a_problem_once_the_picture_data_begin() {
    let photo = photo();
    let data = photo.windows(2).rposition(|two| two == [0xFF, 0xDA]).unwrap();
    let told = glance(&photo[..data + 2]);
    assert!(told.whole && told.reading.kind == FileKind::Jpeg);
    let caption = told.reading.facts.description.unwrap().value;
    assert_eq!(caption, "Floods in Doel");
    assert_eq!((told.reading.problems, told.reading.facts.orientation.unwrap().value), (vec![], 6));
    for cut in [2, 300, data - 1, data] {
        assert!(!glance(&photo[..cut]).whole, "{cut} bytes");
    }
}

#[test]
fn the_head_of_a_png_lacks_nothing_but_its_end() {
    let png = plain_png((64, 48), &field((64, 48)));
    let data = png.windows(4).position(|four| four == b"IDAT").unwrap();
    let told = glance(&png[..data + 4]);
    assert!(told.whole);
    assert_eq!(told.reading.problems, []);
    assert!(!glance(&png[..data]).whole);
}

#[test]
fn the_largest_small_picture_is_cut_out_whole_and_stands_as_the_photo_does() {
    let photo = photo();
    let found = glance(&photo[..photo.len() / 2]).preview.unwrap();
    assert_eq!((found.width, found.height), (40, 30));
    let cut = cut_out(&photo, &found).unwrap();
    let header = inspect(&cut, &Limits::default()).unwrap();
    assert_eq!((header.width, header.height, header.orientation), (40, 30, 6));
    let plain = glance(&oriented(&small((64, 48)), 1));
    assert_eq!(plain.preview, None, "the photo itself is none");
}

#[test]
fn a_small_picture_that_breaks_off_or_is_none_is_passed_over() {
    let thumbnail = small((40, 30));
    let cut = &thumbnail[..thumbnail.len() - 9];
    for payload in [cut, b"Exif\0\0\xff\xd8\xff\xd8\xff\xd9".as_slice(), &[0xff, 0xd8, 0xff].repeat(9_000)] {
        let hostile = with_segment(&fixture("baseline-420.jpg"), 0xE1, payload);
        assert_eq!(glance(&hostile).preview, None);
    }
}

#[test]
fn the_worker_glances_at_no_more_than_it_is_told_to() {
    let photo = photo();
    let mut file: File = tempfile::tempfile().unwrap();
    file.write_all(&photo).unwrap();
    let program = env!("CARGO_BIN_EXE_darkroom-worker");
    let keeper = Keeper::new(program.into(), Vec::new(), Limits::default(), NonZeroUsize::MIN);
    for (at_most, whole) in [(photo.len() as u64, true), (300, false), (0, false)] {
        let request = Request::Glance(Glancing { languages: Vec::new(), at_most });
        let answer = keeper.ask(&request, &file, None, Duration::from_secs(60)).unwrap();
        let Answer::Glanced(told) = answer else { panic!("another answer") };
        assert_eq!((told.whole, told.preview.is_some()), (whole, whole), "{at_most}");
    }
}
