//! Slugs: the part of an address that names a story, section or tag. Every script is kept.

use std::fmt;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

/// At most this many characters.
pub const MAX_CHARS: usize = 80;

/// Lower-case letters, digits and marks of any script (NFC), with single hyphens between; 1 to 80 characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Slug(String);

impl Slug {
    /// Makes a slug of any text; `None` when the text holds no letter or digit.
    pub fn from_text(text: &str) -> Option<Self> {
        let mut slug = String::new();
        let mut gap = false;
        for c in text.nfc().flat_map(char::to_lowercase) {
            let kept = c.is_alphanumeric() || is_mark(c);
            if kept && (!slug.is_empty() || !is_mark(c)) {
                if gap && !slug.is_empty() {
                    slug.push('-');
                }
                slug.push(c);
                gap = false;
            } else if !matches!(c, '\'' | '\u{2019}' | '\u{200c}' | '\u{200d}') {
                gap = true;
            }
        }
        let slug: String = slug.nfc().collect();
        let cut = cut_at_word(&slug, MAX_CHARS);
        (!cut.is_empty()).then(|| Self(cut.to_owned()))
    }

    /// Takes a text that already is a slug; `None` when it is not.
    pub fn parse(text: &str) -> Option<Self> {
        Self::from_text(text).filter(|slug| slug.0 == text)
    }

    /// The same slug with a number behind it (`slug-2`), still within the length.
    #[must_use]
    pub fn numbered(&self, number: u32) -> Self {
        let tail = format!("-{number}");
        let room = MAX_CHARS.saturating_sub(tail.chars().count());
        Self(format!("{}{tail}", cut_at_word(&self.0, room)))
    }

    /// The slug's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

fn cut_at_word(slug: &str, max: usize) -> &str {
    let Some((end, _)) = slug.char_indices().nth(max) else { return slug };
    let head = slug.get(..end).unwrap_or(slug);
    match head.rfind('-') {
        Some(at) if at > head.len() / 2 => head.get(..at).unwrap_or(head),
        _ => head.trim_end_matches('-'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn slug(text: &str) -> String {
        Slug::from_text(text).map(|s| s.to_string()).unwrap_or_default()
    }

    #[test]
    fn keeps_every_script() {
        assert_eq!(slug("Iran Commemorates: General's Death!"), "iran-commemorates-generals-death");
        assert_eq!(slug("Фото дня — Москва"), "фото-дня-москва");
        assert_eq!(slug("صور: القاهرة ٢٠٢١"), "صور-القاهرة-٢٠٢١");
        assert_eq!(slug("हिन्दी समाचार"), "हिन्दी-समाचार");
        assert_eq!(slug("cafe\u{301}"), "café");
        assert_eq!(Slug::from_text("…!?"), None);
    }

    #[test]
    fn cuts_at_a_word_within_eighty_characters() {
        let long = slug(&"wort ".repeat(40));
        assert!(long.chars().count() <= MAX_CHARS && !long.ends_with('-'), "{long}");
        assert!(
            Slug::from_text(&"x".repeat(200)).unwrap().numbered(12).as_str().chars().count() <= MAX_CHARS
        );
    }

    #[test]
    fn a_slug_of_a_slug_is_itself() {
        for text in ["a-b", "фото-дня", "İstanbul'da"] {
            let once = slug(text);
            assert_eq!(slug(&once), once);
        }
    }
}
