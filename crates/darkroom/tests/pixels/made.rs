//! Pictures made in code, and the fixtures beside them.

use std::io::Cursor;

use darkroom::{Decoded, InputFault, Limits, Pixels, Samples, Scratch};

/// Size of the fixtures.
pub const SIZE: (u32, u32) = (83, 61);

/// The computed field of colour that the fixtures show.
pub fn field((width, height): (u32, u32)) -> Vec<u8> {
    let mut samples = Vec::new();
    for y in 0..height {
        for x in 0..width {
            let (fx, fy) = (f64::from(x), f64::from(y));
            let red = 255.0 * fx / f64::from(width - 1);
            let green = 255.0 * fy / f64::from(height - 1);
            let blue = 128.0 + 100.0 * (fx / 5.0).sin() * (fy / 7.0).cos();
            samples.extend([red, green, blue].map(|value| value as u8));
        }
    }
    samples
}

/// A fixture's bytes.
pub fn fixture(name: &str) -> Vec<u8> {
    let path = format!("{}/tests/fixtures/{name}", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(path).unwrap()
}

/// Decodes with the default limits.
pub fn decode(source: &[u8]) -> Result<Decoded, InputFault> {
    let decoded = darkroom::decode(source, &Limits::default(), &mut Scratch::new());
    decoded.map(|(_, decoded)| decoded)
}

/// 8-bit samples of a picture.
pub fn eight(pixels: &Pixels) -> &[u8] {
    match &pixels.samples {
        Samples::Eight(samples) => samples,
        Samples::Sixteen(_) => panic!("16 bits"),
    }
}

/// Mean difference of two sample buffers, in levels.
pub fn difference(one: &[u8], other: &[u8]) -> f64 {
    assert_eq!(one.len(), other.len());
    let sum: u64 = one.iter().zip(other).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / one.len() as f64
}

/// A JPEG of these RGB samples, in one pass.
pub fn jpeg(size: (u32, u32), samples: Vec<u8>) -> Vec<u8> {
    jpeg_in_passes(size, &samples, false)
}

/// A JPEG of these RGB samples, in one pass or coarse to fine.
pub fn jpeg_in_passes((width, height): (u32, u32), samples: &[u8], progressive: bool) -> Vec<u8> {
    let mut compress = jpegli::Compress::new(jpegli::ColorSpace::JCS_RGB);
    compress.set_size(width as usize, height as usize);
    compress.set_quality(92.0);
    compress.set_chroma_sampling_pixel_sizes((2, 2), (2, 2));
    compress.set_optimize_coding(true);
    if progressive {
        compress.set_progressive_mode();
    }
    let mut started = compress.start_compress(Vec::new()).unwrap();
    started.write_scanlines(samples).unwrap();
    started.finish().unwrap()
}

/// A PNG; `before` may set chunks.
pub fn png(
    (width, height): (u32, u32),
    (colour, depth): (png::ColorType, png::BitDepth),
    data: &[u8],
    before: impl FnOnce(&mut png::Encoder<'_, &mut Vec<u8>>),
) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(colour);
    encoder.set_depth(depth);
    before(&mut encoder);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(data).unwrap();
    writer.finish().unwrap();
    bytes
}

/// An RGB PNG of 8 bits without any mark.
pub fn plain_png(size: (u32, u32), samples: &[u8]) -> Vec<u8> {
    png(size, (png::ColorType::Rgb, png::BitDepth::Eight), samples, |_| {})
}

/// A lossless WebP.
pub fn webp((width, height): (u32, u32), samples: &[u8], kind: image_webp::ColorType) -> Vec<u8> {
    let mut bytes = Vec::new();
    image_webp::WebPEncoder::new(&mut bytes).encode(samples, width, height, kind).unwrap();
    bytes
}

/// A TIFF.
pub fn tiff<C: tiff::encoder::colortype::ColorType>(
    (width, height): (u32, u32),
    samples: &[C::Inner],
    compression: tiff::encoder::Compression,
) -> Vec<u8>
where
    [C::Inner]: tiff::encoder::TiffValue,
{
    let mut bytes = Cursor::new(Vec::new());
    let mut encoder = tiff::encoder::TiffEncoder::new(&mut bytes).unwrap().with_compression(compression);
    encoder.write_image::<C>(width, height, samples).unwrap();
    bytes.into_inner()
}

/// The same JPEG with an EXIF block after its first marker that states this orientation.
pub fn oriented(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let mut block = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    block.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    with_segment(jpeg, 0xE1, &block)
}

/// The same JPEG with one more segment after its first marker.
pub fn with_segment(jpeg: &[u8], marker: u8, payload: &[u8]) -> Vec<u8> {
    let mut bytes = jpeg[..2].to_vec();
    bytes.extend([0xFF, marker]);
    bytes.extend((payload.len() as u16 + 2).to_be_bytes());
    bytes.extend(payload);
    bytes.extend(&jpeg[2..]);
    bytes
}

/// The same JPEG without its segments of this marker.
pub fn without_segment(jpeg: &[u8], marker: u8) -> Vec<u8> {
    let mut bytes = jpeg[..2].to_vec();
    let mut at = 2;
    while jpeg[at + 1] != 0xDA {
        let end = at + 2 + usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
        if jpeg[at + 1] != marker {
            bytes.extend(&jpeg[at..end]);
        }
        at = end;
    }
    bytes.extend(&jpeg[at..]);
    bytes
}

/// A four-ink JPEG of one colour, stored and marked as Adobe's programs do: 255 is no ink.
pub fn cmyk_jpeg(inks: [u8; 4], stored_as: jpegli::ColorSpace) -> Vec<u8> {
    let transform = if stored_as == jpegli::ColorSpace::JCS_YCCK { 2 } else { 0 };
    let mut compress = jpegli::Compress::new(jpegli::ColorSpace::JCS_CMYK);
    compress.set_size(32, 32);
    compress.set_color_space(stored_as);
    compress.set_quality(95.0);
    let mut started = compress.start_compress(Vec::new()).unwrap();
    let pixels: Vec<u8> = inks.map(|ink| 255 - ink).repeat(32 * 32);
    started.write_scanlines(&pixels).unwrap();
    let plain = without_segment(&started.finish().unwrap(), 0xEE);
    with_segment(&plain, 0xEE, &[b"Adobe\0\x64\0\0\0\0", &[transform][..]].concat())
}
