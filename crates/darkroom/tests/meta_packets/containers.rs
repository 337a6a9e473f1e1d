//! Each container and each packet in it.

use darkroom::meta::{Facts, FileKind, ProblemCode, TEXT_CHARACTERS, read};
use md5::{Digest, Md5};

use crate::asking::{codes, description, facts, problems};
use crate::made::{
    CAPTION, ascii, dataset, deflated, directory, exif, extension_segment, hexadecimal_profile, jpeg,
    jpeg_with_xmp, packet, photoshop_segment, png, resource, riff, segment, short, wrapped, xmp_segment,
};

#[test]
fn jpeg_xmp_is_found() {
    let reading = read(&jpeg_with_xmp(CAPTION), None, &[]);
    assert_eq!(reading.kind, FileKind::Jpeg);
    let fact = reading.facts.description.unwrap();
    assert_eq!((fact.value.as_str(), fact.source.to_string().as_str()), ("A caption", "XMP dc:description"));
    assert_eq!(reading.packets.stored_size, Some((40, 30)));
    assert_eq!(reading.problems, []);
}

#[test]
fn jpeg_fill_bytes_before_a_marker_are_passed() {
    let filled = [vec![0xff, 0xff, 0xff], xmp_segment(&packet(CAPTION))[1..].to_vec()].concat();
    assert_eq!(description(&jpeg(&[filled])).as_deref(), Some("A caption"));
}

#[test]
fn jpeg_iim_that_goes_on_in_a_second_segment_is_read() {
    let block = resource(0x0404, &dataset(2, 120, "long ".repeat(100).as_bytes()));
    let (one, two) = block.split_at(200);
    let bytes = jpeg(&[photoshop_segment(one), photoshop_segment(two)]);
    assert_eq!(description(&bytes).unwrap().len(), 499);
    assert_eq!(problems(&bytes), []);
}

#[test]
fn photoshop_resources_with_names_and_missing_padding_are_passed() {
    let named = [&b"8BIM\x04\x00\x03abc\x00\x00\x00\x03"[..], b"odd"].concat();
    let block = [named, resource(0x0404, &dataset(2, 120, b"behind"))].concat();
    assert_eq!(description(&jpeg(&[photoshop_segment(&block)])).as_deref(), Some("behind"));
}

#[test]
fn extended_xmp_is_put_together_whatever_its_order() {
    let long = "wörd".repeat(30_000);
    let extension = wrapped(&format!(
        "<rdf:Description><dc:description><rdf:Alt><rdf:li xml:lang='x-default'>{long}</rdf:li></rdf:Alt>\
         </dc:description></rdf:Description>"
    ));
    let guid: String = Md5::digest(&extension).iter().map(|byte| format!("{byte:02X}")).collect();
    let main = packet(&format!("<xmpNote:HasExtendedXMP>{guid}</xmpNote:HasExtendedXMP>"));
    let mut parts: Vec<_> = extension.as_bytes().chunks(60_000).enumerate().collect();
    parts.reverse();
    let mut segments = vec![xmp_segment(&main)];
    for (index, part) in parts {
        segments.push(extension_segment(&guid, extension.len(), index * 60_000, part));
    }
    let reading = read(&jpeg(&segments), None, &[]);
    assert_eq!(reading.facts.description.unwrap().value.chars().count(), TEXT_CHARACTERS);
    assert_eq!(reading.packets.xmp_extension.unwrap().len(), extension.len());
    assert_eq!(
        reading.problems.iter().map(|problem| problem.code).collect::<Vec<_>>(),
        [ProblemCode::TextCut]
    );
}

#[test]
fn extended_xmp_with_a_gap_is_told_and_not_read() {
    let guid = "0123456789ABCDEF0123456789ABCDEF";
    let main = packet(&format!("{CAPTION}<xmpNote:HasExtendedXMP>{guid}</xmpNote:HasExtendedXMP>"));
    let bytes = jpeg(&[xmp_segment(&main), extension_segment(guid, 4_000_000_000, 50, b"<x/>")]);
    assert_eq!(description(&bytes).as_deref(), Some("A caption"));
    assert_eq!(problems(&bytes), [ProblemCode::XmpExtension]);
}

#[test]
fn extended_xmp_of_another_packet_is_not_read() {
    let guid = "0123456789ABCDEF0123456789ABCDEF";
    let bytes = jpeg(&[xmp_segment(&packet("")), extension_segment(guid, 4, 0, b"<x/>")]);
    assert_eq!(problems(&bytes), [ProblemCode::XmpExtension]);
    assert_eq!(read(&bytes, None, &[]).packets.xmp_extension, None);
}

#[test]
fn a_segment_that_lies_about_its_length_keeps_what_stands_before() {
    let mut bytes = vec![0xff, 0xd8];
    bytes.extend(xmp_segment(&packet(CAPTION)));
    bytes.extend([0xff, 0xed, 0xff, 0xff, 1, 2, 3]);
    assert_eq!(description(&bytes).as_deref(), Some("A caption"));
    assert_eq!(problems(&bytes), [ProblemCode::ContainerDamaged]);
}

#[test]
fn presence_of_icc_c2pa_and_thumbnails_is_noted() {
    let jumbf = [b"JP\0\x01\0\0\0\x01\0\0\0\x40jumb".to_vec(), b"....c2pa\0".to_vec()].concat();
    let jfif = [b"JFIF\0\x01\x02\0\0\x01\0\x01\x01\x01".to_vec(), vec![0; 3]].concat();
    let bytes = jpeg(&[segment(0xe0, &jfif), segment(0xe2, b"ICC_PROFILE\0\x01\x01"), segment(0xeb, &jumbf)]);
    let packets = read(&bytes, None, &[]).packets;
    assert!(packets.has_icc && packets.has_c2pa && packets.has_thumbnail);
    let bare = read(&jpeg(&[]), None, &[]).packets;
    assert!(!bare.has_icc && !bare.has_c2pa && !bare.has_thumbnail);
}

#[test]
fn png_xmp_is_found_plain_and_compressed() {
    let start = b"XML:com.adobe.xmp\0".to_vec();
    let plain = [start.clone(), vec![0, 0, 0, 0], packet(CAPTION).into_bytes()].concat();
    let compressed = [start, vec![1, 0, 0, 0], deflated(packet(CAPTION).as_bytes())].concat();
    assert_eq!(description(&png(&[(b"iTXt", plain)])).as_deref(), Some("A caption"));
    assert_eq!(description(&png(&[(b"iTXt", compressed)])).as_deref(), Some("A caption"));
}

#[test]
fn png_profiles_of_imagemagick_are_read_in_each_text_chunk() {
    let block = resource(0x0404, &dataset(2, 120, b"from IIM"));
    let text = hexadecimal_profile("iptc", &block);
    let plain = [b"Raw profile type iptc\0", &text[..]].concat();
    let compressed = [b"Raw profile type 8bim\0\0".to_vec(), deflated(&text)].concat();
    let raw = hexadecimal_profile("iptc", &dataset(2, 120, b"bare IIM"));
    let bare = [b"Raw profile type iptc\0", &raw[..]].concat();
    assert_eq!(description(&png(&[(b"tEXt", plain)])).as_deref(), Some("from IIM"));
    assert_eq!(description(&png(&[(b"zTXt", compressed)])).as_deref(), Some("from IIM"));
    assert_eq!(description(&png(&[(b"tEXt", bare)])).as_deref(), Some("bare IIM"));
}

#[test]
fn png_exif_is_found_in_its_chunk_and_in_a_profile() {
    let block = exif(&[(0x013b, 2, ascii("Jane Doe"))], &[]);
    let profile = hexadecimal_profile("exif", &[b"Exif\0\0", &block[..]].concat());
    let text = [b"Raw profile type APP1\0", &profile[..]].concat();
    for bytes in [png(&[(b"eXIf", block)]), png(&[(b"tEXt", text)])] {
        assert_eq!(facts(&bytes).creators.unwrap().value, ["Jane Doe"]);
    }
}

#[test]
fn png_comments_are_no_caption() {
    let reading = read(&png(&[(b"tEXt", b"Description\0Not a caption".to_vec())]), None, &[]);
    assert_eq!(reading.facts, Facts::default());
    assert_eq!(reading.packets.comments[0].text, "Not a caption");
}

#[test]
fn png_text_that_inflates_without_end_is_left_out() {
    let bomb = deflated(&vec![b'0'; 40_000_000]);
    let text = [b"Raw profile type exif\0\0".to_vec(), bomb].concat();
    let reading = read(&png(&[(b"zTXt", text)]), None, &[]);
    assert_eq!(codes(&reading), [ProblemCode::MetadataTooLarge]);
}

#[test]
fn png_without_an_end_keeps_what_it_has() {
    let mut bytes = png(&[(b"iTXt", [b"XML:com.adobe.xmp\0\0\0\0\0", packet(CAPTION).as_bytes()].concat())]);
    bytes.truncate(bytes.len() - 12);
    assert_eq!(description(&bytes).as_deref(), Some("A caption"));
    assert_eq!(problems(&bytes), [ProblemCode::ContainerDamaged]);
}

#[test]
fn webp_exif_is_found_with_and_without_its_prefix() {
    let block = exif(&[(0x0112, 3, short(6))], &[]);
    let prefixed = [b"Exif\0\0", &block[..]].concat();
    for data in [block, prefixed] {
        assert_eq!(read(&riff(&[(b"EXIF", data)]), None, &[]).orientation(), 6);
    }
}

#[test]
fn webp_xmp_size_and_manifest_are_found() {
    let canvas = vec![0, 0, 0, 0, 39, 0, 0, 29, 0, 0];
    let bytes = riff(&[(b"VP8X", canvas), (b"XMP ", packet(CAPTION).into_bytes()), (b"C2PA", vec![1])]);
    let reading = read(&bytes, None, &[]);
    assert_eq!(reading.facts.description.unwrap().value, "A caption");
    assert_eq!(reading.packets.stored_size, Some((40, 30)));
    assert!(reading.packets.has_c2pa);
}

#[test]
fn tiff_tags_for_xmp_iim_and_photoshop_are_read() {
    let file =
        |entries: &[(u16, u16, Vec<u8>)]| [b"II*\0\x08\0\0\0".to_vec(), directory(8, entries)].concat();
    let mut iim = dataset(2, 120, b"from IIM");
    iim.resize(iim.len().next_multiple_of(4), 0);
    let xmp = file(&[(700, 1, packet(CAPTION).into_bytes())]);
    let as_long = file(&[(33_723, 4, iim)]);
    let photoshop = file(&[(34_377, 7, resource(0x0404, &dataset(2, 120, b"from IRB")))]);
    assert_eq!(description(&xmp).as_deref(), Some("A caption"));
    assert_eq!(description(&as_long).as_deref(), Some("from IIM"));
    assert_eq!(description(&photoshop).as_deref(), Some("from IRB"));
}

#[test]
fn a_refused_kind_has_no_facts() {
    let reading = read(b"GIF89a\x01\0\x01\0", None, &[]);
    assert_eq!((reading.kind, reading.facts), (FileKind::Gif, Facts::default()));
}
