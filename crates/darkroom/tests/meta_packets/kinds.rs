//! What a file is, by its content (R40).

use darkroom::meta::{FileKind, kind};

use crate::made::{directory, long};

#[test]
fn files_are_known_by_their_content() {
    let cases: [(&[u8], FileKind); 31] = [
        (b"\xff\xd8\xff\xe0", FileKind::Jpeg),
        (b"\x89PNG\r\n\x1a\n", FileKind::Png),
        (b"RIFF\0\0\0\0WEBPVP8 ", FileKind::WebP),
        (b"II*\0\x08\0\0\0", FileKind::Tiff),
        (b"MM\0*\0\0\0\x08", FileKind::Tiff),
        (b"MM\0\x2b\0\x08\0\0", FileKind::BigTiff),
        (b"II*\0\x10\0\0\0CR\x02\0", FileKind::Raw),
        (b"FUJIFILMCCD-RAW 0201", FileKind::Raw),
        (b"\0\0\0\x18ftypcrx \0\0\0\x01crx isom", FileKind::Raw),
        (b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf", FileKind::Avif),
        (b"\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf", FileKind::Avif),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", FileKind::Heic),
        (b"\0\0\0\x14ftypqt  \0\0\0\0qt  ", FileKind::Video),
        (b"\0\0\0\x08wide\0\0\0\0mdat", FileKind::Video),
        (b"\x1a\x45\xdf\xa3\x01\0\0\0", FileKind::Video),
        (b"GIF89a", FileKind::Gif),
        (b"BM\x36\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0", FileKind::Bmp),
        (b"BMW is a car", FileKind::Text),
        (b"\0\0\x01\0\x01\0\x10\x10\0\0\x01\0\x01\0\xb0\0\0\0\x16\0\0\0", FileKind::Ico),
        (b"\0\0\x02\0\0\0\0\0\0\0\0\0\x01\0\x01\0\x18\0", FileKind::Unknown),
        (b"8BPS\0\x01", FileKind::Psd),
        (b"%PDF-1.7", FileKind::Pdf),
        (b"PK\x03\x04", FileKind::Archive),
        (b"  <!DOCTYPE HTML><svg>", FileKind::Html),
        (b"\xef\xbb\xbf<?xml version='1.0'?><!-- c --><svg xmlns='...'>", FileKind::Svg),
        (b"<?xpacket begin='' id=''?><x:xmpmeta>", FileKind::Xmp),
        (b"<?xml version='1.0'?><rss>", FileKind::Xml),
        (b"push graphic-context\nviewbox 0 0 640 480\n", FileKind::Text),
        (b"<?php phpinfo(); ?>", FileKind::Text),
        (b"", FileKind::Empty),
        (b"\x7fELF\x02\x01\x01\0", FileKind::Unknown),
    ];
    for (bytes, expected) in cases {
        assert_eq!(kind(bytes), expected, "{}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn a_raw_file_that_is_a_tiff_inside_is_known() {
    let nef =
        [b"II*\0\x08\0\0\0".to_vec(), directory(8, &[(0x00fe, 4, long(1)), (0x014a, 4, long(99))])].concat();
    let dng = [b"II*\0\x08\0\0\0".to_vec(), directory(8, &[(0xc612, 1, vec![1, 4, 0, 0])])].concat();
    let tiff =
        [b"II*\0\x08\0\0\0".to_vec(), directory(8, &[(0x00fe, 4, long(0)), (0x0100, 4, long(99))])].concat();
    assert_eq!([kind(&nef), kind(&dng), kind(&tiff)], [FileKind::Raw, FileKind::Raw, FileKind::Tiff]);
}
