//! What the picture's hash sees.

use darkroom::meta::{FileKind, picture_hash, read};

use crate::made::{
    CAPTION, ascii, dataset, exif, jpeg, jpeg_with_exif, packet, png, riff, segment, short, with_all,
};

fn hash(bytes: &[u8]) -> [u8; 32] {
    read(bytes, None, &[]).picture_hash
}

#[test]
fn mended_metadata_leaves_the_picture_hash() {
    let jfif = segment(0xe0, b"JFIF\0\x01\x02\0\0\x01\0\x01\0\0");
    let upright = segment(0xe1, &[b"Exif\0\0", &exif(&[(0x013b, 2, ascii("Jane"))], &[])[..]].concat());
    let bare = hash(&jpeg(&[]));
    assert_eq!(hash(&jpeg(&[jfif])), bare);
    assert_eq!(hash(&jpeg(&[upright])), bare);
    assert_eq!(hash(&with_all(CAPTION, &[dataset(2, 110, b"x")], None)), bare);
    assert_eq!(hash(&jpeg(&[segment(0xfe, b"comment")])), bare);
    assert_eq!(hash(&[jpeg(&[]), b"behind the end".to_vec()].concat()), bare);
}

#[test]
fn what_changes_the_look_changes_the_picture_hash() {
    let bare = jpeg(&[]);
    let mut scan = bare.clone();
    let at = scan.len() - 3;
    scan[at] ^= 1;
    let turned = jpeg_with_exif(&exif(&[(0x0112, 3, short(6))], &[]));
    let adobe_rgb = jpeg_with_exif(&exif(&[], &[(0xa001, 3, short(2))]));
    let profile = jpeg(&[segment(0xe2, b"ICC_PROFILE\0\x01\x01profile")]);
    let transform = jpeg(&[segment(0xee, b"Adobe\0\x64\0\0\0\0\x01")]);
    let table = jpeg(&[segment(0xdb, &[0; 65])]);
    let all = [&bare, &scan, &turned, &adobe_rgb, &profile, &transform, &table].map(|bytes| hash(bytes));
    let different: std::collections::HashSet<_> = all.iter().collect();
    assert_eq!(different.len(), all.len());
}

#[test]
fn png_and_webp_hashes_leave_out_metadata_alone() {
    let text = || (b"tEXt", b"Comment\0x".to_vec());
    assert_eq!(hash(&png(&[text()])), hash(&png(&[])));
    assert_ne!(hash(&png(&[(b"gAMA", vec![0, 0, 1, 1])])), hash(&png(&[])));
    let canvas = |flags: u8| (b"VP8X", vec![flags, 0, 0, 0, 39, 0, 0, 29, 0, 0]);
    let picture = || (b"VP8 ", vec![1, 2, 3]);
    let xmp = (b"XMP ", packet(CAPTION).into_bytes());
    assert_eq!(hash(&riff(&[canvas(4), picture(), xmp])), hash(&riff(&[canvas(0), picture()])));
    assert_ne!(hash(&riff(&[canvas(0), (b"VP8 ", vec![1, 2, 4])])), hash(&riff(&[canvas(0), picture()])));
}

#[test]
fn other_files_are_hashed_whole() {
    assert_ne!(picture_hash(b"II*\0a", FileKind::Tiff, None), picture_hash(b"II*\0b", FileKind::Tiff, None));
}
