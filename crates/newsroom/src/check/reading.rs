//! A caption read once for all checks: its words and signs, its sentences, its dates.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::ops::Range;

use super::CheckedSlide;
use crate::caption::caption_places;
use crate::dates::{FoundDate, find_dates};
use crate::refusal::Span;
use crate::words::words;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters, with the hyphens, apostrophes and inner full stops (`U.S.`) of a word.
    Word,
    /// Digits, with the signs inside a figure.
    Number,
    /// Any other sign.
    Sign(char),
}

/// A word, figure or sign and where it stands, in bytes.
#[derive(Debug, Clone)]
pub(super) struct Token<'t> {
    pub(super) kind: Kind,
    pub(super) text: &'t str,
    low: Cow<'t, str>,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Token<'_> {
    /// Stands where a date was taken out.
    pub(super) const COMMA: Token<'static> =
        Token { kind: Kind::Sign(','), text: ",", low: Cow::Borrowed(""), start: 0, end: 0 };

    /// In small letters; empty for signs.
    pub(super) fn low(&self) -> &str {
        &self.low
    }

    pub(super) fn is_word(&self) -> bool {
        self.kind == Kind::Word
    }

    pub(super) fn is(&self, sign: char) -> bool {
        self.kind == Kind::Sign(sign)
    }

    pub(super) fn is_capital(&self) -> bool {
        self.text.chars().next().is_some_and(char::is_uppercase)
    }
}

/// A text as readers see it beside the text as the desk has it.
#[derive(Debug)]
pub(super) struct Text<'t> {
    shown: &'t str,
    own: &'t str,
    /// Whether the firewall may have parted something from it (R11).
    parted: bool,
    /// The code points of the own text that are no blanks, where they had to be looked for.
    places: OnceCell<Vec<usize>>,
}

impl<'t> Text<'t> {
    /// A text that is shown as it is, but for the blanks around it.
    pub(super) fn plain(shown: &'t str, own: &'t str) -> Self {
        Self { shown, own, parted: false, places: OnceCell::new() }
    }

    fn of_caption(shown: &'t str, own: &'t str) -> Self {
        Self { shown, own, parted: true, places: OnceCell::new() }
    }

    /// Bytes of the shown text as code points of the desk's.
    pub(super) fn span(&self, at: &Range<usize>) -> Span {
        let before = self.shown.get(..at.start).unwrap_or_default();
        let inside = self.shown.get(at.clone()).unwrap_or_default();
        if self.shown == self.own {
            let start = before.chars().count();
            return Span { start, end: start + inside.chars().count() };
        }
        // Most often what is shown is one piece of the desk's text.
        if let Some(offset) = self.own.find(self.shown) {
            let start = self.own.get(..offset).unwrap_or_default().chars().count() + before.chars().count();
            return Span { start, end: start + inside.chars().count() };
        }
        let places = self.places.get_or_init(|| {
            if self.parted {
                return caption_places(self.own);
            }
            let solid = self.own.chars().enumerate().filter(|(_, c)| !c.is_whitespace());
            solid.map(|(at, _)| at).collect()
        });
        let solid = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
        let (first, length) = (solid(before), solid(inside));
        let behind = |at: usize| at.checked_sub(1).and_then(|at| places.get(at)).map_or(0, |at| at + 1);
        if length == 0 {
            let start = behind(first);
            let end = if inside.is_empty() { start } else { places.get(first).copied().unwrap_or(start) };
            return Span { start, end: end.max(start) };
        }
        let mut start = places.get(first).copied().unwrap_or_default();
        let mut end = behind(first + length).max(start);
        if inside.starts_with(char::is_whitespace) {
            start = behind(first);
        }
        if inside.ends_with(char::is_whitespace) {
            end = places.get(first + length).copied().unwrap_or(end);
        }
        Span { start, end }
    }

    /// The same, where that part reads the same in both texts: only there a correction fits.
    pub(super) fn exactly(&self, at: &Range<usize>) -> Option<Span> {
        let span = self.span(at);
        let own: String = self.own.chars().skip(span.start).take(span.end - span.start).collect();
        (own == self.shown.get(at.clone())?).then_some(span)
    }
}

/// A caption, read.
#[derive(Debug)]
pub(super) struct Reading<'t> {
    /// As readers see it.
    pub(super) text: &'t str,
    /// Where the desk sees it.
    pub(super) desk: Text<'t>,
    pub(super) tokens: Vec<Token<'t>>,
    folded: OnceCell<Vec<String>>,
    /// In bytes.
    pub(super) sentences: Vec<Range<usize>>,
    pub(super) dates: Vec<FoundDate>,
    /// The first subtag of its language, in small letters.
    pub(super) language: String,
}

impl<'t> Reading<'t> {
    /// The caption of a slide.
    pub(super) fn of(slide: &'t CheckedSlide<'_>, story_language: &str) -> Self {
        let text = slide.shown.caption.text.as_str();
        let language = slide.shown.language.as_deref().unwrap_or(story_language);
        let own = slide.slide.caption.as_deref().unwrap_or(text);
        let mut reading = Self::with_dates(text, language, find_dates(text));
        reading.desk = Text::of_caption(text, own);
        reading
    }

    /// A text whose dates nobody asks for.
    pub(super) fn undated(text: &'t str, language: &str) -> Self {
        Self::with_dates(text, language, Vec::new())
    }

    fn with_dates(text: &'t str, language: &str, dates: Vec<FoundDate>) -> Self {
        let language = language.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase();
        Self {
            text,
            desk: Text::plain(text, text),
            tokens: tokens(text),
            folded: OnceCell::new(),
            sentences: crate::sentences::sentences(text),
            dates,
            language,
        }
    }

    /// Its words as they are compared ([`words`]).
    pub(super) fn folded(&self) -> &[String] {
        self.folded.get_or_init(|| words(self.text))
    }

    pub(super) fn is_english(&self) -> bool {
        self.language == "en"
    }

    /// The tokens that lie in a range of bytes.
    pub(super) fn tokens_in(&self, range: &Range<usize>) -> &[Token<'t>] {
        let first = self.tokens.partition_point(|token| token.start < range.start);
        let past = self.tokens.partition_point(|token| token.start < range.end);
        self.tokens.get(first..past.max(first)).unwrap_or_default()
    }

    /// The date that stands at a byte.
    pub(super) fn date_at(&self, byte: usize) -> Option<&FoundDate> {
        self.dates.iter().find(|date| date.start <= byte && byte < date.end)
    }

    /// A part of it.
    pub(super) fn slice(&self, range: Range<usize>) -> &'t str {
        self.text.get(range).unwrap_or_default()
    }

    /// Whether these words, in small letters and in this order, stand in it; where they do.
    pub(super) fn find_words(&self, wanted: &[&str]) -> Option<Range<usize>> {
        let mut windows = self.tokens.windows(wanted.len().max(1));
        let window =
            windows.find(|window| window.iter().zip(wanted).all(|(token, word)| token.low() == *word))?;
        Some(window.first()?.start..window.last()?.end)
    }
}

/// Splits a text into words, figures and signs.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut found = Vec::with_capacity(text.len() / 5);
    let mut chars = text.char_indices().peekable();
    while let Some((start, c)) = chars.next() {
        if c.is_whitespace() {
            continue;
        }
        let mut end = start + c.len_utf8();
        let kind = if is_letter(c) && !is_unseen(c) {
            Kind::Word
        } else if c.is_numeric() {
            Kind::Number
        } else {
            Kind::Sign(c)
        };
        if !matches!(kind, Kind::Sign(_)) {
            while let Some((at, next)) = chars.peek().copied() {
                let own = is_letter(next) || next.is_numeric();
                if !own && !joins(text, kind, end, at, next) {
                    break;
                }
                end = at + next.len_utf8();
                chars.next();
            }
        }
        let word = text.get(start..end).unwrap_or_default();
        let low = if matches!(kind, Kind::Sign(_)) { Cow::Borrowed("") } else { lower(word) };
        found.push(Token { kind, text: word, low, start, end });
    }
    found
}

fn lower(word: &str) -> Cow<'_, str> {
    if word.is_ascii() {
        let small = !word.bytes().any(|b| b.is_ascii_uppercase());
        return if small { Cow::Borrowed(word) } else { Cow::Owned(word.to_ascii_lowercase()) };
    }
    let seen = word.chars().filter(|c| !is_unseen(*c)).flat_map(char::to_lowercase);
    Cow::Owned(seen.map(|c| if c == '\u{2019}' { '\'' } else { c }).collect())
}

/// Signs that nobody sees and that part no word.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

fn is_letter(c: char) -> bool {
    c.is_alphabetic() || is_unseen(c) || unicode_normalization::char::is_combining_mark(c) || c == '\u{640}'
}

/// Whether a sign stands inside a word (`Sana'a`, `one-year`, `U.S`) or a figure (`3,000`, `10:30`).
fn joins(text: &str, kind: Kind, end: usize, at: usize, sign: char) -> bool {
    if at != end {
        return false;
    }
    let next = text.get(at + sign.len_utf8()..).and_then(|rest| rest.chars().next());
    let letter = next.is_some_and(is_letter);
    let digit = next.is_some_and(char::is_numeric);
    match (kind, sign) {
        (Kind::Word, '-' | '\'' | '\u{2019}' | '\u{2010}' | '\u{2011}') => letter || digit,
        // Capital letters with full stops between them.
        (Kind::Word, '.') => letter && is_initials(text, end),
        (Kind::Number, ',' | '.' | ':') => digit,
        (Kind::Number, '-') => letter,
        _ => false,
    }
}

/// `U` of `U.S`, `U.S` of `U.S.A`, `p` of `p.m`: single letters with full stops so far.
fn is_initials(text: &str, end: usize) -> bool {
    let mut before = text.get(..end).unwrap_or_default().chars().rev();
    let single = before.next().is_some_and(char::is_alphabetic);
    single && before.next().is_none_or(|c| !c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_keep_their_hyphens_and_initials_and_figures_their_signs() {
        let texts: Vec<&str> =
            tokens("U.S.-led Sana'a, p.m. 3,000 (C). Iraq’s 5-year").iter().map(|token| token.text).collect();
        assert_eq!(
            texts,
            [
                "U.S", ".", "-", "led", "Sana'a", ",", "p.m", ".", "3,000", "(", "C", ")", ".", "Iraq’s",
                "5-year"
            ]
        );
    }

    #[test]
    fn a_place_in_the_shown_text_is_found_in_the_desks_own() {
        let own = "CORRECTS date: People  wave flags. (AP Photo/Jane Doe)";
        let shown = crate::caption::read_caption(own).caption;
        let text = Text::of_caption(&shown, own);
        let at = shown.find("flags").map(|at| at..at + 5).unwrap();
        let span = text.exactly(&at).unwrap();
        let seen: String = own.chars().skip(span.start).take(span.end - span.start).collect();
        assert_eq!(seen, "flags");
        let end = shown.len()..shown.len();
        assert_eq!(text.span(&end).start, own.find(" (AP").unwrap());
    }
}
