//! The encodings that an XMP packet may have (ISO 16684-1, 7.1): UTF-8, UTF-16 and UTF-32 of both orders.

use std::borrow::Cow;

use crate::meta::problem::{ProblemCode, Problems};

/// The packet's text. Bytes that are no UTF-8 are replaced, and told.
pub(super) fn decode<'a>(bytes: &'a [u8], problems: &mut Problems) -> Option<Cow<'a, str>> {
    let text = match bytes {
        [0, 0, 0xfe, 0xff, ..] | [0, 0, 0, b'<', ..] => utf32(bytes, u32::from_be_bytes),
        [0xff, 0xfe, 0, 0, ..] | [b'<', 0, 0, 0, ..] => utf32(bytes, u32::from_le_bytes),
        [0xfe, 0xff, ..] | [0, b'<', ..] => encoding_rs::UTF_16BE.decode_with_bom_removal(bytes).0,
        [0xff, 0xfe, ..] | [b'<', 0, ..] => encoding_rs::UTF_16LE.decode_with_bom_removal(bytes).0,
        _ => utf8(bytes, problems),
    };
    // Packets are padded with blanks and, by some writers, zeros.
    let start = text.find('<');
    let Some(start) = start else {
        if !text.trim_matches(['\0', '\u{feff}', ' ', '\n', '\r', '\t']).is_empty() {
            problems
                .note(ProblemCode::XmpEncoding, "The XMP packet is no XML in an encoding that XMP allows.");
        }
        return None;
    };
    let end = text.rfind('>').map_or(text.len(), |end| end.saturating_add(1));
    Some(match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.get(start..end)?),
        Cow::Owned(text) => Cow::Owned(text.get(start..end)?.to_owned()),
    })
}

fn utf8<'a>(bytes: &'a [u8], problems: &mut Problems) -> Cow<'a, str> {
    let text = String::from_utf8_lossy(bytes);
    if matches!(text, Cow::Owned(_)) {
        problems.note(
            ProblemCode::XmpEncoding,
            "The XMP packet holds bytes that are no UTF-8; they were replaced.",
        );
    }
    text
}

fn utf32<'a>(bytes: &[u8], number: fn([u8; 4]) -> u32) -> Cow<'a, str> {
    let characters = bytes
        .chunks_exact(4)
        .filter_map(|four| four.try_into().ok())
        .map(|four| char::from_u32(number(four)).filter(|character| *character != '\u{feff}').unwrap_or(' '));
    Cow::Owned(characters.collect())
}
