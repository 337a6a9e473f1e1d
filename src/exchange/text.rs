//! Bytes of text files as text. UTF-8 is expected; what the desk edits must be it, what strangers made may be Windows-1252
//! (R1).

use std::borrow::Cow;

use serde::Serialize;

/// Where a text stops being UTF-8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotText {
    /// Line, from 1.
    pub line: usize,
    /// Byte inside the line, from 1.
    pub column: usize,
}

/// How a text was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Encoding {
    /// UTF-8.
    #[serde(rename = "utf-8")]
    Utf8,
    /// Windows-1252.
    #[serde(rename = "windows-1252")]
    Windows1252,
}

/// The text of UTF-8 bytes.
///
/// # Errors
/// The place of the first byte that does not belong there.
pub fn utf8(bytes: &[u8]) -> Result<&str, NotText> {
    std::str::from_utf8(bytes).map_err(|error| {
        let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
        let line_start = valid.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let line = 1 + valid.iter().filter(|byte| **byte == b'\n').count();
        NotText { line, column: valid.len() - line_start + 1 }
    })
}

/// The text of UTF-8 bytes, and of others as Windows-1252, which takes every byte (R1).
pub fn decode(bytes: &[u8]) -> (Cow<'_, str>, Encoding) {
    match utf8(bytes) {
        Ok(text) => (Cow::Borrowed(text), Encoding::Utf8),
        Err(_) => (bytes.iter().map(|byte| windows_1252(*byte)).collect(), Encoding::Windows1252),
    }
}

/// 0x80 to 0x9F of Windows-1252 (WHATWG Encoding, index windows-1252: the five bytes without a character stay controls).
#[rustfmt::skip]
const FROM_80: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
    '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

fn windows_1252(byte: u8) -> char {
    let special = byte.checked_sub(0x80).and_then(|at| FROM_80.get(usize::from(at)));
    special.copied().unwrap_or(char::from(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_byte_that_is_not_utf_8_is_named_by_line_and_byte() {
        assert_eq!(utf8("Café\n".as_bytes()), Ok("Café\n"));
        assert_eq!(utf8(b"one\ntwo\nCaf\xe9 \xff"), Err(NotText { line: 3, column: 4 }));
        assert_eq!(utf8(b"\xe9"), Err(NotText { line: 1, column: 1 }));
    }

    #[test]
    fn r1_what_is_not_utf_8_is_read_as_windows_1252() {
        assert_eq!(decode("Café €".as_bytes()), ("Café €".into(), Encoding::Utf8));
        let (text, encoding) = decode(b"\x93Caf\xe9\x94 \x96 5 \x80");
        assert_eq!((text.as_ref(), encoding), ("“Café” – 5 €", Encoding::Windows1252));
    }
}
