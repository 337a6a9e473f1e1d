//! Finds terms as whole words in any script.
//!
//! Texts are compared sign by sign, a sign being a letter with its combining marks, in NFC, so that it does not matter
//! how accents were typed; invisible signs (soft hyphens, joiners, direction marks) and the Arabic stretching stroke are
//! passed over. A word ends where a letter, digit or mark ends; scripts without spaces between words have no such ends,
//! so there a term is found wherever it stands.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::Notice;

/// A mention, in bytes of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) notice: usize,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// One letter with its marks.
#[derive(Debug)]
struct Sign {
    exact: String,
    folded: String,
    start: usize,
    end: usize,
}

#[derive(Debug)]
struct Pattern {
    notice: usize,
    signs: Vec<String>,
    exact: bool,
}

/// The terms and variants of several notices, by the folded form of their first sign.
#[derive(Debug)]
pub(super) struct Matcher {
    patterns: HashMap<String, Vec<Pattern>>,
}

impl Matcher {
    pub(super) fn new<'n>(notices: impl IntoIterator<Item = (usize, &'n Notice)>) -> Self {
        let mut patterns: HashMap<String, Vec<Pattern>> = HashMap::new();
        for (notice, rule) in notices {
            for variant in std::iter::once(&rule.term).chain(&rule.variants) {
                let exact = is_all_capitals(variant);
                let signs = signs(variant.trim());
                let Some(first) = signs.first().map(|sign| sign.folded.clone()) else { continue };
                let signs =
                    signs.into_iter().map(|sign| if exact { sign.exact } else { sign.folded }).collect();
                patterns.entry(first).or_default().push(Pattern { notice, signs, exact });
            }
        }
        // Longest first, so that the first one that fits is the one that wins.
        for same in patterns.values_mut() {
            same.sort_by_key(|pattern| std::cmp::Reverse(pattern.signs.len()));
        }
        Self { patterns }
    }

    /// All mentions, in order, without overlaps.
    pub(super) fn find(&self, text: &str) -> Vec<Found> {
        if self.patterns.is_empty() {
            return Vec::new();
        }
        let signs = signs(text);
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(sign) = signs.get(at) {
            let patterns = self.patterns.get(&sign.folded);
            match patterns.and_then(|patterns| patterns.iter().find(|pattern| pattern.fits(&signs, at))) {
                Some(pattern) => {
                    let past = at + pattern.signs.len();
                    let end = signs.get(past - 1).map_or(sign.end, |last| last.end);
                    found.push(Found { notice: pattern.notice, start: sign.start, end });
                    at = past;
                }
                None => at += 1,
            }
        }
        found
    }
}

impl Pattern {
    fn fits(&self, signs: &[Sign], at: usize) -> bool {
        let past = at + self.signs.len();
        let Some(window) = signs.get(at..past) else { return false };
        let same = window
            .iter()
            .zip(&self.signs)
            .all(|(sign, wanted)| if self.exact { sign.exact == *wanted } else { sign.folded == *wanted });
        let begins = at.checked_sub(1).is_none_or(|before| is_border(signs.get(before), signs.get(at)));
        let ends = past.checked_sub(1).is_none_or(|last| is_border(signs.get(last), signs.get(past)));
        same && begins && ends
    }
}

/// Whether a word may end between two signs.
fn is_border(left: Option<&Sign>, right: Option<&Sign>) -> bool {
    let (Some(left), Some(right)) = (left, right) else { return true };
    !(is_wordlike(left) && is_wordlike(right)) || is_unspaced(left) || is_unspaced(right)
}

fn is_wordlike(sign: &Sign) -> bool {
    sign.exact.chars().next().is_some_and(|c| c.is_alphanumeric() || is_combining_mark(c) || c == '_')
}

/// Scripts whose words are not parted by spaces: Han, kana, Thai, Lao, Myanmar, Khmer.
fn is_unspaced(sign: &Sign) -> bool {
    sign.exact.chars().next().is_some_and(|c| {
        matches!(c,
            '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{3040}'..='\u{30ff}'
            | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{323af}')
    })
}

/// Has letters with a case, and all of them are capitals (`IS`, `R.I.`).
fn is_all_capitals(variant: &str) -> bool {
    variant.chars().any(char::is_uppercase) && !variant.chars().any(char::is_lowercase)
}

fn signs(text: &str) -> Vec<Sign> {
    let mut signs: Vec<Sign> = Vec::new();
    let mut raw = String::new();
    for (at, c) in text.char_indices() {
        let end = at + c.len_utf8();
        let passed_over = is_passed_over(c);
        match signs.last_mut() {
            Some(last) if passed_over => {
                // Belongs to the letter before it, so that a mark is never set between them.
                if last.end == at && is_combining_mark(c) {
                    last.end = end;
                }
            }
            Some(last) if is_combining_mark(c) => {
                last.end = end;
                // No letter has more marks than this; a heap of them would be composed again and again.
                if raw.len() < 32 {
                    raw.push(c);
                    set_forms(last, &raw);
                }
            }
            _ if passed_over => {}
            _ => {
                raw.clear();
                raw.push(c);
                let mut sign = Sign { exact: String::new(), folded: String::new(), start: at, end };
                set_forms(&mut sign, &raw);
                signs.push(sign);
            }
        }
    }
    signs
}

fn set_forms(sign: &mut Sign, raw: &str) {
    sign.exact = raw.nfc().map(plain).collect();
    sign.folded = sign.exact.chars().flat_map(char::to_lowercase).collect();
}

/// Spaces, apostrophes and hyphens come in many forms that mean one thing.
fn plain(c: char) -> char {
    match c {
        c if c.is_whitespace() => ' ',
        '\u{2019}' | '\u{2018}' | '\u{2bc}' => '\'',
        '\u{2010}' | '\u{2011}' | '\u{2013}' => '-',
        other => other,
    }
}

/// Signs that readers do not see as letters: soft hyphen, joiners, direction marks, the Arabic vowel signs and stroke.
fn is_passed_over(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}' | '\u{2066}'..='\u{2069}'
        | '\u{feff}' | '\u{640}' | '\u{61c}' | '\u{64b}'..='\u{652}' | '\u{670}')
}
