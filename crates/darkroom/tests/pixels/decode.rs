//! Every kind of sample that is taken in comes out as it was put in.

use darkroom::{Header, Layout, Limits, Samples, inspect};
use png::{BitDepth, ColorType};
use tiff::encoder::{Compression, DeflateLevel, colortype};

use super::made::{
    SIZE, cmyk_jpeg, decode, difference, eight, field, fixture, jpeg, plain_png, png, tiff, webp,
    with_segment, without_segment,
};

fn header(source: &[u8]) -> Header {
    inspect(source, &Limits::default()).unwrap()
}

#[test]
fn every_sampling_and_order_of_scans_gives_the_same_picture() {
    let expected = field(SIZE);
    for name in [
        "baseline-420.jpg",
        "baseline-422-restarts.jpg",
        "baseline-411.jpg",
        "baseline-440.jpg",
        "one-scan-a-component-420.jpg",
        "progressive-420.jpg",
        "progressive-444-restarts.jpg",
        "rgb.jpg",
    ] {
        let decoded = decode(&fixture(name)).unwrap();
        assert_eq!((decoded.pixels.width, decoded.pixels.height), SIZE, "{name}");
        assert_eq!(decoded.pixels.layout, Layout::Rgb, "{name}");
        let off = difference(eight(&decoded.pixels), &expected);
        assert!(off < 4.0, "{name} is {off} levels off");
    }
}

#[test]
fn the_header_of_a_jpeg_tells_its_passes() {
    let plain = header(&fixture("baseline-420.jpg"));
    assert_eq!((plain.width, plain.height, plain.channels, plain.scans), (83, 61, 3, 1));
    assert!(!plain.progressive);
    let progressive = header(&fixture("progressive-420.jpg"));
    assert!(progressive.progressive && progressive.scans > 3);
    assert_eq!(header(&fixture("one-scan-a-component-420.jpg")).scans, 3);
}

#[test]
fn a_grey_jpeg_has_one_sample_a_pixel() {
    let decoded = decode(&fixture("grey.jpg")).unwrap();
    assert_eq!(decoded.pixels.layout, Layout::Gray);
    assert_eq!(eight(&decoded.pixels).len(), 83 * 61);
}

#[test]
fn an_arithmetic_coded_jpeg_is_refused_by_name() {
    let fault = decode(&fixture("arithmetic.jpg")).unwrap_err();
    assert_eq!(fault.code(), "unsupported");
    assert!(fault.to_string().contains("arithmetic-coded"), "{fault}");
}

#[test]
fn bytes_after_the_end_of_a_jpeg_do_no_harm() {
    let mut source = fixture("baseline-420.jpg");
    source.extend(fixture("grey.jpg"));
    assert!(difference(eight(&decode(&source).unwrap().pixels), &field(SIZE)) < 4.0);
}

#[test]
fn a_jpeg_that_lacks_only_its_end_mark_is_taken() {
    for name in ["baseline-420.jpg", "progressive-420.jpg", "one-scan-a-component-420.jpg"] {
        let source = fixture(name);
        let decoded = decode(&source[..source.len() - 2]).unwrap();
        assert!(difference(eight(&decoded.pixels), &field(SIZE)) < 4.0, "{name}");
    }
}

#[test]
fn ink_amounts_come_out_whether_stored_as_cmyk_or_ycck() {
    let inks = [200, 120, 40, 10];
    for space in [jpegli::ColorSpace::JCS_CMYK, jpegli::ColorSpace::JCS_YCCK] {
        let source = cmyk_jpeg(inks, space);
        assert_eq!(header(&source).channels, 4);
        let decoded = decode(&source).unwrap();
        assert_eq!(decoded.pixels.layout, Layout::Cmyk);
        for pixel in eight(&decoded.pixels).chunks(4) {
            assert!(difference(pixel, &inks) < 4.0, "{pixel:?}");
        }
    }
}

#[test]
fn ink_amounts_without_adobes_mark_are_not_turned_round() {
    let source = without_segment(&cmyk_jpeg([200, 120, 40, 10], jpegli::ColorSpace::JCS_CMYK), 0xEE);
    let decoded = decode(&source).unwrap();
    assert!(difference(&eight(&decoded.pixels)[..4], &[55, 135, 215, 245]) < 4.0);
}

#[test]
fn a_profile_in_parts_is_put_together_by_number() {
    let source = fixture("baseline-420.jpg");
    let part = |number: u8, text: &[u8]| [b"ICC_PROFILE\0", &[number, 2][..], text].concat();
    // The later insertion comes first in the file.
    let source = with_segment(&source, 0xE2, &part(1, b"one"));
    let source = with_segment(&source, 0xE2, &part(2, b"two"));
    assert_eq!(decode(&source).unwrap().tags.icc.as_deref(), Some(&b"onetwo"[..]));
}

#[test]
fn png_samples_come_out_whatever_their_depth() {
    let samples = field(SIZE);
    assert_eq!(eight(&decode(&plain_png(SIZE, &samples)).unwrap().pixels), samples);

    let sixteen: Vec<u8> = samples.iter().flat_map(|sample| [*sample, 7]).collect();
    let source = png(SIZE, (ColorType::Rgb, BitDepth::Sixteen), &sixteen, |_| {});
    assert_eq!(header(&source).depth, 16);
    let Samples::Sixteen(got) = decode(&source).unwrap().pixels.samples else { panic!("16 bits become 8") };
    assert!(got.iter().zip(&samples).all(|(got, put)| *got == u16::from(*put) << 8 | 7));

    let one_bit = png((9, 2), (ColorType::Grayscale, BitDepth::One), &[0xA5, 0x80, 0, 0], |_| {});
    let decoded = decode(&one_bit).unwrap();
    assert_eq!(decoded.pixels.layout, Layout::Gray);
    assert_eq!(eight(&decoded.pixels)[..9], [255, 0, 255, 0, 0, 255, 0, 255, 255]);

    let palette = png((2, 1), (ColorType::Indexed, BitDepth::Eight), &[1, 0], |encoder| {
        encoder.set_palette(vec![1, 2, 3, 40, 50, 60]);
    });
    assert_eq!(eight(&decode(&palette).unwrap().pixels), [40, 50, 60, 1, 2, 3]);
}

#[test]
fn transparency_is_laid_on_white_in_every_format_that_has_it() {
    let rgba = [10, 20, 30, 255, 10, 20, 30, 0];
    let white = [10, 20, 30, 255, 255, 255];
    let in_png = png((2, 1), (ColorType::Rgba, BitDepth::Eight), &rgba, |_| {});
    let in_webp = webp((2, 1), &rgba, image_webp::ColorType::Rgba8);
    let in_tiff = tiff::<colortype::RGBA8>((2, 1), &rgba, Compression::Uncompressed);
    for source in [in_png, in_webp, in_tiff] {
        assert_eq!(eight(&decode(&source).unwrap().pixels), white);
    }
    let grey =
        png((2, 1), (ColorType::GrayscaleAlpha, BitDepth::Sixteen), &[1, 2, 255, 255, 1, 2, 0, 0], |_| {});
    let Samples::Sixteen(got) = decode(&grey).unwrap().pixels.samples else { panic!("8 bits") };
    assert_eq!(got, [0x0102, 0xFFFF]);
}

#[test]
fn webp_samples_come_out() {
    let samples = field(SIZE);
    let source = webp(SIZE, &samples, image_webp::ColorType::Rgb8);
    assert_eq!(eight(&decode(&source).unwrap().pixels), samples);
}

#[test]
fn tiff_samples_come_out_whatever_their_packing() {
    let samples = field(SIZE);
    for compression in [
        Compression::Uncompressed,
        Compression::Lzw,
        Compression::Deflate(DeflateLevel::Fast),
        Compression::Packbits,
    ] {
        let source = tiff::<colortype::RGB8>(SIZE, &samples, compression);
        assert_eq!(eight(&decode(&source).unwrap().pixels), samples);
    }
    let grey: Vec<u16> = (0..200).map(|value| value * 300).collect();
    let source = tiff::<colortype::Gray16>((20, 10), &grey, Compression::Lzw);
    let pixels = decode(&source).unwrap().pixels;
    assert_eq!((pixels.layout, pixels.samples), (Layout::Gray, Samples::Sixteen(grey)));
    let inks = [200, 120, 40, 10].repeat(4);
    let source = tiff::<colortype::CMYK8>((2, 2), &inks, Compression::Uncompressed);
    let pixels = decode(&source).unwrap().pixels;
    assert_eq!((pixels.layout, eight(&pixels)), (Layout::Cmyk, inks.as_slice()));
}

#[test]
fn a_lab_tiff_is_refused_by_name() {
    let mut source = tiff::<colortype::RGB8>((2, 2), &[7; 12], Compression::Uncompressed);
    // PhotometricInterpretation, SHORT, 1 value: RGB (2) becomes CIELab (8).
    let entry = [0x06, 0x01, 0x03, 0x00, 0x01, 0x00, 0x00, 0x00, 0x02, 0x00];
    let at = source.windows(10).position(|window| window == entry).unwrap();
    source[at + 8] = 8;
    let fault = decode(&source).unwrap_err();
    assert!(fault.to_string().contains("in Lab colour"), "{fault}");
}

#[test]
fn an_animation_gives_its_first_picture() {
    let first = field((20, 10));
    let source = png((20, 10), (ColorType::Rgb, BitDepth::Eight), &first, |_| {});
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 20, 10);
    encoder.set_color(ColorType::Rgb);
    encoder.set_animated(2, 0).unwrap();
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&first).unwrap();
    writer.write_image_data(&vec![0; first.len()]).unwrap();
    writer.finish().unwrap();
    assert_eq!(header(&bytes).frames, 2);
    assert_eq!(decode(&bytes).unwrap().pixels, decode(&source).unwrap().pixels);
}

#[test]
fn a_photo_is_known_by_its_content() {
    let limits = Limits::default();
    for (bytes, words) in [
        (&b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..], "an SVG drawing"),
        (b"GIF89a\x01\0\x01\0\0\0\0", "a GIF picture"),
        (b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf", "an AVIF picture"),
    ] {
        let fault = inspect(bytes, &limits).unwrap_err();
        assert_eq!(fault.code(), "wrong_kind");
        assert!(fault.to_string().contains(words), "{fault}");
    }
    assert_eq!(inspect(b"", &limits).unwrap_err().code(), "empty");
    assert!(inspect(&jpeg((8, 8), vec![9; 192]), &limits).is_ok());
}
