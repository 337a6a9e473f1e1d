//! Compressing bodies when they are printed: Brotli at 5 and gzip at 6, so that no reader waits for it.

use std::io::Write as _;

use bytes::Bytes;

/// Bodies below this many bytes travel in one packet whether compressed or not.
const WORTH_PRESSING: usize = 512;

/// Brotli's window, as a power of two: 4 MB, its usual one, within what every browser accepts.
const BROTLI_WINDOW: u32 = 22;
const BROTLI_QUALITY: u32 = 5;
const GZIP_LEVEL: u32 = 6;

/// Whether a content type is text at heart; pictures, fonts in WOFF2 and archives are compressed already.
pub(crate) fn compressible(content_type: &str) -> bool {
    let media = content_type.split(';').next().unwrap_or("").trim();
    let named =
        ["application/json", "application/javascript", "application/xml", "application/wasm", "font/ttf"];
    media.starts_with("text/")
        || media.ends_with("+xml")
        || media.ends_with("+json")
        || named.contains(&media)
}

/// The Brotli and the gzip form of a body, each only where it is smaller than the plain one.
pub fn press(content_type: &str, plain: &[u8]) -> (Option<Bytes>, Option<Bytes>) {
    if plain.len() < WORTH_PRESSING || !compressible(content_type) {
        return (None, None);
    }
    let smaller =
        |pressed: Option<Vec<u8>>| pressed.filter(|bytes| bytes.len() < plain.len()).map(Bytes::from);
    (smaller(brotli(plain)), smaller(gzip(plain)))
}

fn brotli(plain: &[u8]) -> Option<Vec<u8>> {
    let mut writer = brotli::CompressorWriter::new(Vec::new(), 32 * 1024, BROTLI_QUALITY, BROTLI_WINDOW);
    writer.write_all(plain).ok()?;
    writer.flush().ok()?;
    Some(writer.into_inner())
}

fn gzip(plain: &[u8]) -> Option<Vec<u8>> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(GZIP_LEVEL));
    writer.write_all(plain).ok()?;
    writer.finish().ok()
}
