//! From bytes to text (R1), and what is never kept of a text: control characters and what passes its limit (R41).

use std::borrow::Cow;

use super::bounds::TEXT_CHARACTERS;
use super::problem::{ProblemCode, Problems};

/// Bytes that are decoded of a text: more than its characters can take, so that what is cut here is told as cut.
const TEXT_BYTES: usize = 64 * 1024;

/// Cleans texts and tells what was wrong with them.
#[derive(Debug)]
pub(crate) struct Texts<'p> {
    problems: &'p mut Problems,
}

impl<'p> Texts<'p> {
    /// Writes what it finds into `problems`.
    pub fn new(problems: &'p mut Problems) -> Self {
        Self { problems }
    }

    /// A text without control characters, with line breaks as `\n`, without white space around it and not over
    /// 10,000 characters. `None` when nothing is left. `field` names it in problems.
    pub fn clean(&mut self, text: &str, field: &str) -> Option<String> {
        let text = text.trim_matches(is_padding);
        let mut kept = String::with_capacity(text.len().min(TEXT_CHARACTERS.saturating_mul(4)));
        let mut dropped = false;
        let mut characters = 0_usize;
        let mut before = ' ';
        for character in text.chars() {
            if characters == TEXT_CHARACTERS {
                let sentence =
                    format!("The text is longer than {TEXT_CHARACTERS} characters; the rest was cut.");
                self.problems.note_field(ProblemCode::TextCut, field, sentence);
                break;
            }
            match shown(character, before) {
                Some(shown) => {
                    kept.push(shown);
                    characters = characters.saturating_add(1);
                }
                // The second half of a line break of two is no loss.
                None => dropped |= character != '\n',
            }
            before = character;
        }
        if dropped {
            let sentence = "The text held control characters, which were dropped.";
            self.problems.note_field(ProblemCode::ControlCharacters, field, sentence);
        }
        let kept = kept.trim();
        (!kept.is_empty()).then(|| kept.to_owned())
    }

    /// The text of bytes that are UTF-8 or, failing that, Windows-1252.
    pub fn latin_or_utf8(&mut self, bytes: &[u8], field: &str) -> Option<String> {
        let bounded = bytes.get(..TEXT_BYTES).unwrap_or(bytes);
        let text = match std::str::from_utf8(bounded) {
            Ok(text) => Cow::Borrowed(text),
            // The bound itself may have cut a character.
            Err(fault) if bounded.len() < bytes.len() && fault.error_len().is_none() => {
                String::from_utf8_lossy(bounded.get(..fault.valid_up_to()).unwrap_or_default())
            }
            Err(_) => windows_1252(bounded),
        };
        self.clean(&text, field)
    }

    /// The text of an IIM dataset (R1): valid UTF-8 wins; else Windows-1252. A UTF-8 text whose last character was
    /// cut at the byte limit of its dataset is still UTF-8.
    pub fn iim(&mut self, bytes: &[u8], names_utf8: bool, field: &str) -> Option<String> {
        let Err(fault) = std::str::from_utf8(bytes) else {
            return self.clean(&String::from_utf8_lossy(bytes), field);
        };
        let valid = bytes.get(..fault.valid_up_to()).unwrap_or_default();
        if fault.error_len().is_none() && (names_utf8 || !valid.is_ascii()) {
            self.problems.note_field(ProblemCode::TextCut, field, "The text breaks off within a character.");
            return self.clean(&String::from_utf8_lossy(valid), field);
        }
        if names_utf8 {
            let sentence = "The IIM block says UTF-8, but this text is not; it was read as Windows-1252.";
            self.problems.note_field(ProblemCode::IimCharset, field, sentence);
        }
        self.clean(&windows_1252(bytes), field)
    }

    /// The text of UTF-16 bytes, least significant first, as Windows writes it into EXIF.
    pub fn ucs2(&mut self, bytes: &[u8], field: &str) -> Option<String> {
        let bounded = bytes.get(..TEXT_BYTES).unwrap_or(bytes);
        let (text, _) = encoding_rs::UTF_16LE.decode_without_bom_handling(bounded);
        self.clean(&text, field)
    }
}

fn windows_1252(bytes: &[u8]) -> Cow<'_, str> {
    encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes).0
}

/// What surrounds a text without belonging to it: white space, zeros and byte order marks.
fn is_padding(character: char) -> bool {
    character.is_whitespace() || matches!(character, '\0' | '\u{feff}')
}

/// What stays of a character. Line breaks of other systems become `\n`, a tab a space.
fn shown(character: char, before: char) -> Option<char> {
    match character {
        '\n' if before == '\r' => None,
        '\r' | '\n' => Some('\n'),
        '\t' => Some(' '),
        control if control.is_control() => None,
        character => Some(character),
    }
}

/// Cuts a text to at most `bytes` bytes on a character boundary.
pub(crate) fn cut(text: &str, bytes: usize) -> &str {
    if text.len() <= bytes {
        return text;
    }
    let end = (0..=bytes).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleaned(text: &str) -> (Option<String>, Vec<ProblemCode>) {
        let mut problems = Problems::default();
        let text = Texts::new(&mut problems).clean(text, "description");
        (text, problems.into_list().into_iter().map(|problem| problem.code).collect())
    }

    fn iim(bytes: &[u8], names_utf8: bool) -> (Option<String>, Vec<ProblemCode>) {
        let mut problems = Problems::default();
        let text = Texts::new(&mut problems).iim(bytes, names_utf8, "description");
        (text, problems.into_list().into_iter().map(|problem| problem.code).collect())
    }

    #[test]
    fn line_breaks_of_all_systems_become_one() {
        assert_eq!(cleaned("a\r\nb\rc\nd").0.as_deref(), Some("a\nb\nc\nd"));
    }

    #[test]
    fn line_breaks_are_no_problem() {
        assert_eq!(cleaned("a\r\nb").1, []);
    }

    #[test]
    fn control_characters_are_dropped_and_told() {
        assert_eq!(cleaned("a\0b\u{7}c"), (Some("abc".into()), vec![ProblemCode::ControlCharacters]));
    }

    #[test]
    fn padding_alone_is_no_text() {
        assert_eq!(cleaned(" \0\0 \n"), (None, vec![]));
    }

    #[test]
    fn a_long_text_is_cut_at_ten_thousand_characters_and_told() {
        let (text, problems) = cleaned(&"ü".repeat(10_001));
        assert_eq!(text.unwrap().chars().count(), 10_000);
        assert_eq!(problems, [ProblemCode::TextCut]);
        assert_eq!(cleaned(&"ü".repeat(10_000)).1, []);
    }

    #[test]
    fn iim_without_a_charset_is_utf8_where_it_is_valid() {
        assert_eq!(iim("Zürich – Łódź".as_bytes(), false).0.as_deref(), Some("Zürich – Łódź"));
    }

    #[test]
    fn iim_that_is_no_utf8_is_windows_1252() {
        assert_eq!(iim(b"\x93Caf\xe9\x94 \x96 now", false).0.as_deref(), Some("“Café” – now"));
        assert_eq!(iim(b"Caf\xe9", false), (Some("Café".into()), vec![]));
    }

    #[test]
    fn iim_that_names_utf8_falsely_is_told() {
        assert_eq!(iim(b"Caf\xe9 now", true), (Some("Café now".into()), vec![ProblemCode::IimCharset]));
    }

    #[test]
    fn iim_cut_within_a_character_stays_utf8() {
        assert_eq!(iim(b"\xd0\x9c\xd0", false), (Some("М".into()), vec![ProblemCode::TextCut]));
    }

    #[test]
    fn text_encoded_twice_stays_as_it_is() {
        assert_eq!(iim("ZÃ¼rich".as_bytes(), true), (Some("ZÃ¼rich".into()), vec![]));
    }

    #[test]
    fn a_cut_never_splits_a_character() {
        assert_eq!(cut("aü", 2), "a");
        assert_eq!(cut("aü", 3), "aü");
    }
}
