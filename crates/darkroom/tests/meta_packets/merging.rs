//! The order of R2, and what is told when packets differ.

use darkroom::meta::{Packet, PartialDate, ProblemCode, Reading, read};
use md5::{Digest, Md5};

use crate::asking::{facts, problems};
use crate::made::{CAPTION, ascii, dataset, exif, jpeg, packet, segment, with_all, xmp_segment};

#[test]
fn the_order_is_sidecar_xmp_iim() {
    let bytes = with_all(
        "<photoshop:Credit>X</photoshop:Credit><photoshop:Source>X</photoshop:Source>",
        &[dataset(2, 110, b"I"), dataset(2, 115, b"I"), dataset(2, 105, b"I")],
        None,
    );
    let sidecar = packet("<photoshop:Credit>S</photoshop:Credit>");
    let facts = read(&bytes, Some(sidecar.as_bytes()), &[]).facts;
    let credit = facts.credit_line.unwrap();
    assert_eq!((credit.value.as_str(), credit.source.packet), ("S", Packet::Sidecar));
    let others: Vec<_> =
        credit.others.iter().map(|(source, value)| (source.packet, value.as_str())).collect();
    assert_eq!(others, [(Packet::Xmp, "X"), (Packet::Iim, "I")]);
    assert_eq!(facts.source.unwrap().source.packet, Packet::Xmp);
    assert_eq!(facts.headline.unwrap().source.packet, Packet::Iim);
}

#[test]
fn values_that_differ_only_in_blanks_and_composition_agree() {
    let bytes = with_all(
        "<photoshop:Credit>Zu\u{308}rich  News</photoshop:Credit>",
        &[dataset(2, 110, "Zürich News".as_bytes())],
        None,
    );
    assert_eq!(problems(&bytes), []);
}

#[test]
fn a_long_xmp_caption_is_not_cut_to_its_iim_copy() {
    let long = "Слово ".repeat(300);
    let copy = &long.as_bytes()[..2_000];
    let bytes = with_all(&format!("<dc:description>{long}</dc:description>"), &[dataset(2, 120, copy)], None);
    let fact = facts(&bytes).description.unwrap();
    assert_eq!((fact.value.as_str(), fact.others.len()), (long.trim(), 0));
    // The copy was cut within a letter, which is told; that the two differ is not.
    assert_eq!(problems(&bytes), [ProblemCode::TextCut]);
}

#[test]
fn iim_that_is_newer_than_xmp_is_told() {
    let iim = [dataset(2, 110, b"mended")];
    let xmp = "<photoshop:Credit>old</photoshop:Credit>";
    let newer = [ProblemCode::ValuesDiffer, ProblemCode::IimNewer];
    assert_eq!(problems(&with_all(xmp, &iim, Some([7; 16]))), newer);
    let matching: [u8; 16] = Md5::digest(iim.concat()).into();
    assert_eq!(problems(&with_all(xmp, &iim, Some(matching))), [ProblemCode::ValuesDiffer]);
    assert_eq!(problems(&with_all(xmp, &iim, None)), [ProblemCode::ValuesDiffer]);
}

#[test]
fn iim_with_another_digest_that_says_the_same_is_no_problem() {
    let xmp = "<photoshop:Credit>same</photoshop:Credit>";
    assert_eq!(problems(&with_all(xmp, &[dataset(2, 110, b"same")], Some([7; 16]))), []);
}

#[test]
fn a_date_takes_the_fraction_that_only_exif_knows() {
    let block = exif(&[], &[(0x9003, 2, ascii("2021:01:02 15:04:05")), (0x9291, 2, ascii("5"))]);
    let xmp = packet("<photoshop:DateCreated>2021-01-02T15:04:05+01:00</photoshop:DateCreated>");
    let bytes = jpeg(&[xmp_segment(&xmp), segment(0xe1, &[b"Exif\0\0", &block[..]].concat())]);
    let reading = read(&bytes, None, &[]);
    let taken = reading.facts.taken.unwrap();
    assert_eq!((taken.value.nanosecond, taken.value.offset_minutes), (500_000_000, Some(60)));
    assert_eq!((taken.source.packet, reading.problems.len()), (Packet::Xmp, 0));
}

#[test]
fn a_partial_date_and_a_whole_one_agree() {
    let bytes =
        with_all("<photoshop:DateCreated>2021</photoshop:DateCreated>", &[dataset(2, 55, b"20210102")], None);
    let reading = read(&bytes, None, &[]);
    assert_eq!(reading.facts.date_created.unwrap().value, PartialDate { year: 2021, month: None, day: None });
    assert_eq!(reading.problems, []);
}

#[test]
fn a_reading_survives_json() {
    let reading = read(&with_all(CAPTION, &[dataset(2, 110, b"Agency")], None), None, &[]);
    let json = serde_json::to_string(&reading).unwrap();
    let again: Reading = serde_json::from_str(&json).unwrap();
    assert_eq!((again.facts, again.picture_hash), (reading.facts, reading.picture_hash));
    assert_eq!(again.packets.xmp, None);
}
