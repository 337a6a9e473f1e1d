//! Words as they are compared: without case, accents and punctuation.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The folded words of a text, in order.
pub(crate) fn words(text: &str) -> Vec<String> {
    let plain = folded(text);
    plain.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Whether `wanted` stands in `text` as consecutive words; no words stand nowhere.
pub(crate) fn contain(text: &[String], wanted: &[String]) -> bool {
    !wanted.is_empty() && text.windows(wanted.len()).any(|window| window == wanted)
}

fn folded(text: &str) -> String {
    if text.is_ascii() {
        // What has no accents needs no decomposing: captions are compared often.
        return text.chars().filter(|c| *c != '\'').map(|c| c.to_ascii_lowercase()).collect();
    }
    let bare = text
        .nfkd()
        .filter(|c| !is_combining_mark(*c) && !matches!(c, '\u{640}' | '\u{ad}' | '\'' | '\u{2019}'));
    bare.flat_map(char::to_lowercase).nfc().collect()
}
