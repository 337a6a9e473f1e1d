//! The parts that stand before a file's picture data, and whether they are all there.

use std::ops::Range;

use super::container::{FIRST_PNG_CHUNK, jpeg_segment, png_chunk};
use super::kind::FileKind;
use super::octets::{from, slice};

/// What stands before the picture data.
#[derive(Debug, Default)]
pub(crate) struct Headers {
    /// Where the contents of the parts lie, in bytes: segments of a JPEG, chunks of a PNG.
    pub parts: Vec<Range<usize>>,
    /// Whether the picture data begins within the bytes.
    pub whole: bool,
}

/// The parts of a JPEG or PNG; other kinds have their metadata anywhere, and none is told.
pub(crate) fn headers(bytes: &[u8], kind: FileKind) -> Headers {
    match kind {
        FileKind::Jpeg => of_jpeg(bytes),
        FileKind::Png => of_png(bytes),
        _ => Headers::default(),
    }
}

fn of_jpeg(bytes: &[u8]) -> Headers {
    let (mut headers, mut at) = (Headers::default(), 2);
    while let Ok(segment) = jpeg_segment(bytes, at) {
        let Some(segment) = segment else {
            // Its end, or its first scan; or where the bytes break off between two segments.
            headers.whole = !from(bytes, at).is_empty();
            break;
        };
        headers.parts.push(segment.next.saturating_sub(segment.data.len())..segment.next);
        at = segment.next;
    }
    headers
}

fn of_png(bytes: &[u8]) -> Headers {
    let (mut headers, mut at) = (Headers::default(), FIRST_PNG_CHUNK);
    loop {
        // The data need not be there, its name tells enough.
        if slice(bytes, at.saturating_add(4), 4) == Some(b"IDAT") {
            headers.whole = true;
            return headers;
        }
        let Some(chunk) = png_chunk(bytes, at) else { return headers };
        // A chunk's checksum stands behind its content.
        let end = chunk.next.saturating_sub(4);
        headers.parts.push(end.saturating_sub(chunk.data.len())..end);
        at = chunk.next;
    }
}
