//! Notices at a page's foot and the marks in its text that point to them (R34).

use std::ops::Range;

use super::captured::CapturedNotice;
use super::words::{COPULAS, is_one_of};

/// A sign, and how many of it: `*`, `**`, `†`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    sign: char,
    count: usize,
}

/// More notices than this are not looked for on one page.
pub(super) const MOST_NOTICES: usize = 20;
/// So many marked places are enough to learn a term and its forms.
const MOST_PLACES: usize = 64;
/// A term has no more words.
const LONGEST_TERM: usize = 8;
/// A note names its term within its first words.
const NOTE_WORDS: usize = 40;
/// A note longer than this is looked at only so far, in bytes.
const REACH: usize = 1_000;
const MOST_SIGNS: usize = 5;

fn is_sign(c: char) -> bool {
    matches!(c, '*' | '＊' | '٭' | '∗' | '†' | '‡')
}

/// The mark that a text begins with, and the text after it.
pub(super) fn leading_mark(text: &str) -> Option<(Mark, &str)> {
    let open = text.trim_start_matches(['(', '[']);
    let sign = open.chars().next().filter(|c| is_sign(*c))?;
    let rest = open.trim_start_matches(sign);
    let count = (open.len() - rest.len()) / sign.len_utf8();
    let note = rest.trim_start_matches([')', ']', ':', ' ']);
    (count <= MOST_SIGNS && note.chars().any(char::is_alphabetic)).then_some((Mark { sign, count }, note))
}

/// A marked place: the words before the mark, the nearest last.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Place {
    mark: Mark,
    before: String,
    words: Vec<Range<usize>>,
}

/// The marked places of a page's texts.
#[derive(Debug, Default)]
pub(super) struct Places(Vec<Place>);

impl Places {
    /// Collects the places of one more text.
    pub fn add(&mut self, text: &str) {
        super::effort::spend(text.len());
        for (mark, at) in marks(text) {
            if self.0.iter().filter(|place| place.mark == mark).take(MOST_PLACES).count() < MOST_PLACES {
                self.0.push(place(mark, text, at));
            }
        }
    }

    /// The notice that a note gives with its mark, when the page's texts have marked places for it, or at least
    /// name what it begins with.
    pub fn notice(&self, mark: Mark, note: &str, texts: &[&str]) -> Option<CapturedNotice> {
        let found = self.readings(mark, note);
        let best = found.iter().max_by_key(|reading| (reading.rank, reading.length));
        let term = match best {
            Some(reading) => reading.term.clone(),
            None => named_term(note, texts)?,
        };
        let mut variants: Vec<String> = Vec::new();
        for form in found.into_iter().map(|reading| reading.form) {
            if form.to_lowercase() != term.to_lowercase() && !variants.contains(&form) {
                variants.push(form);
            }
        }
        Some(CapturedNotice { term, variants, text: note.to_owned() })
    }

    /// A note that names, at its beginning or later, what carries its mark in the text.
    pub fn is_note(&self, text: &str) -> bool {
        let Some((mark, note)) = leading_mark(text) else { return false };
        self.readings(mark, note).iter().any(|reading| reading.rank > Rank::Unrelated)
    }

    fn readings(&self, mark: Mark, note: &str) -> Vec<Reading> {
        let note = note.get(..floor(note, REACH)).unwrap_or_default();
        let note_words: Vec<Range<usize>> = words(note).take(NOTE_WORDS).collect();
        let places = self.0.iter().filter(|place| place.mark == mark && !place.words.is_empty());
        places.map(|place| reading(place, note, &note_words)).collect()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// The note does not hold the marked words.
    Unrelated,
    /// It holds them after its beginning.
    Inside,
    /// It begins with them.
    Head,
}

/// How a marked place fits a note.
#[derive(Debug)]
struct Reading {
    rank: Rank,
    /// Words of the term.
    length: usize,
    /// The term as the note has it, else as the text has it.
    term: String,
    /// The term as the text has it.
    form: String,
}

fn reading(place: &Place, note: &str, note_words: &[Range<usize>]) -> Reading {
    super::effort::spend(note_words.len());
    let text_word =
        |at: usize| place.words.get(at).and_then(|range| place.before.get(range.clone())).unwrap_or_default();
    let note_word =
        |at: usize| note_words.get(at).and_then(|range| note.get(range.clone())).unwrap_or_default();
    for length in (1..=place.words.len().min(note_words.len())).rev() {
        let first = place.words.len() - length;
        let fits =
            |start: usize| (0..length).all(|at| is_same_word(text_word(first + at), note_word(start + at)));
        let starts = 0..=note_words.len() - length;
        let Some(start) = starts.clone().find(|start| fits(*start)) else { continue };
        // Only a note's first words may bring small words with them; elsewhere `in Russia` is not a term.
        if start > 0 && length > 1 && super::wrap::starts_lower(text_word(first)) {
            continue;
        }
        let rank = if start == 0 { Rank::Head } else { Rank::Inside };
        let term = phrase(note, note_words.get(start..start + length).unwrap_or_default());
        let form = phrase(&place.before, place.words.get(first..).unwrap_or_default());
        return Reading { rank, length, term, form };
    }
    let form = name_at_end(place);
    Reading { rank: Rank::Unrelated, length: 0, term: form.clone(), form }
}

/// The words of a phrase with what stands between them, and the quote that closes one opened inside.
fn phrase(text: &str, words: &[Range<usize>]) -> String {
    let (Some(first), Some(last)) = (words.first(), words.last()) else { return String::new() };
    let phrase = text.get(first.start..last.end).unwrap_or_default();
    let closing = text.get(last.end..).and_then(|rest| rest.chars().next());
    let opened = [('«', '»'), ('“', '”'), ('„', '“'), ('(', ')')]
        .into_iter()
        .find(|(open, close)| phrase.contains(*open) && !phrase.contains(*close) && closing == Some(*close));
    opened.map_or_else(|| phrase.to_owned(), |(_, close)| format!("{phrase}{close}"))
}

/// The name at the end of a marked place: what is in quotes, else the last words that begin with capitals, else the
/// last word.
fn name_at_end(place: &Place) -> String {
    let text = place.before.trim_end();
    for (open, close) in [('«', '»'), ('“', '”'), ('„', '“'), ('"', '"')] {
        let inside = text.strip_suffix(close).and_then(|head| head.rsplit_once(open));
        if let Some((_, name)) = inside.filter(|(_, name)| words(name).next().is_some()) {
            return name.to_owned();
        }
    }
    let is_name = |range: &&Range<usize>| {
        let word = place.before.get((*range).clone()).unwrap_or_default();
        word.chars().next().is_some_and(char::is_uppercase)
    };
    let capitals = place.words.iter().rev().take_while(is_name).count().max(1);
    let first = place.words.len().saturating_sub(capitals);
    phrase(&place.before, place.words.get(first..).unwrap_or_default())
}

/// What a note without marked places begins with, when the story names it: `Daesh (also known as ...)`.
fn named_term(note: &str, texts: &[&str]) -> Option<String> {
    let note = note.get(..floor(note, REACH)).unwrap_or_default();
    let end = note.find(['(', '–', '—', ',', ':', '،']).unwrap_or(note.len());
    let head = note.get(..end)?;
    let is_small = |range: &Range<usize>| {
        is_one_of(COPULAS, head.get(range.clone()).unwrap_or_default().to_lowercase().as_str())
    };
    let term: Vec<Range<usize>> =
        words(head).take_while(|word| !is_small(word)).take(LONGEST_TERM + 1).collect();
    let ended = term.len() <= LONGEST_TERM && (end < note.len() || term.len() < words(head).count());
    let term = phrase(head, &term);
    let named = texts.iter().any(|text| {
        super::effort::spend(text.len());
        holds(text, &term)
    });
    (ended && term.chars().count() > 1 && named).then_some(term)
}

/// Whether a text holds a phrase as whole words.
fn holds(text: &str, phrase: &str) -> bool {
    !phrase.is_empty()
        && text.match_indices(phrase).any(|(at, _)| {
            let before = text.get(..at).and_then(|head| head.chars().next_back());
            let after = text.get(at + phrase.len()..).and_then(|rest| rest.chars().next());
            !before.is_some_and(is_word_sign) && !after.is_some_and(is_word_sign)
        })
}

/// The marks of a text that hang on a word: where each run of signs begins.
fn marks(text: &str) -> Vec<(Mark, usize)> {
    let mut found: Vec<(Mark, usize)> = Vec::new();
    let mut run: Option<(Mark, usize)> = None;
    let mut before: Option<char> = None;
    for (at, c) in text.char_indices() {
        match &mut run {
            Some((mark, _)) if mark.sign == c => mark.count += 1,
            _ if is_sign(c) && before.is_some_and(|before| !before.is_whitespace() && !is_sign(before)) => {
                found.extend(run.take());
                run = Some((Mark { sign: c, count: 1 }, at));
            }
            // A sign inside a word or a sum is no mark.
            _ if c.is_alphanumeric() => run = None,
            _ => found.extend(run.take()),
        }
        before = Some(c);
    }
    found.extend(run);
    found.retain(|(mark, _)| mark.count <= MOST_SIGNS);
    found
}

/// The text without the marks of these notices.
pub(super) fn without_marks(text: &str, printed: &[Mark]) -> String {
    super::effort::spend(text.len());
    let mut kept = String::with_capacity(text.len());
    let mut from = 0;
    for (mark, at) in marks(text) {
        if printed.contains(&mark) {
            kept.push_str(text.get(from..at).unwrap_or_default());
            from = at + mark.count * mark.sign.len_utf8();
        }
    }
    kept.push_str(text.get(from..).unwrap_or_default());
    kept
}

/// The text without any mark that hangs on a word, for comparing.
pub(super) fn unmarked(text: &str) -> String {
    let all: Vec<Mark> = marks(text).into_iter().map(|(mark, _)| mark).collect();
    if all.is_empty() {
        text.to_owned()
    } else {
        without_marks(text, all.get(..all.len().min(8)).unwrap_or_default())
    }
}

fn place(mark: Mark, text: &str, at: usize) -> Place {
    const REACH_BACK: usize = 240;
    let mut from = at.saturating_sub(REACH_BACK);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let before = text.get(from..at).unwrap_or_default().to_owned();
    let mut words: Vec<Range<usize>> = words(&before).collect();
    let surplus = words.len().saturating_sub(LONGEST_TERM);
    words.drain(..surplus);
    Place { mark, before, words }
}

/// The words of a text, as ranges of bytes.
fn words(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        let start = from + text.get(from..)?.find(char::is_alphanumeric)?;
        let rest = text.get(start..)?;
        let end = start + rest.find(|c| !is_word_sign(c)).unwrap_or(rest.len());
        from = end;
        let trimmed = text.get(start..end)?.trim_end_matches(['-', '\'', '’']).len();
        Some(start..start + trimmed)
    })
}

fn is_word_sign(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '‑' | '\'' | '’' | '\u{300}'..='\u{36f}' | '\u{64b}'..='\u{652}')
}

/// The same word, perhaps in another inflection: a common stem of most of the longer one; or with an Arabic
/// particle written in front.
fn is_same_word(a: &str, b: &str) -> bool {
    let (a, b) = (a.to_lowercase(), b.to_lowercase());
    if a == b {
        return !a.is_empty();
    }
    let common = a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count();
    let (longer, shorter) = if a.len() >= b.len() { (&a, &b) } else { (&b, &a) };
    let length = longer.chars().count();
    let particle = length.saturating_sub(shorter.chars().count());
    let is_arabic = shorter.chars().all(|c| matches!(c, '\u{600}'..='\u{6ff}'));
    let joined = is_arabic
        && (1..=3).contains(&particle)
        && shorter.chars().count() >= 3
        && longer.ends_with(shorter.as_str());
    joined || (common >= 3 && common * 5 >= length * 3)
}

fn floor(text: &str, most: usize) -> usize {
    let mut end = text.len().min(most);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn notice(note: &str, texts: &[&str]) -> Option<CapturedNotice> {
        let mut places = Places::default();
        texts.iter().for_each(|text| places.add(text));
        let (mark, note) = leading_mark(note)?;
        places.notice(mark, note, texts)
    }

    fn term(note: &str, texts: &[&str]) -> Option<String> {
        notice(note, texts).map(|notice| notice.term)
    }

    #[test]
    fn the_term_is_what_the_note_begins_with_and_the_text_marks() {
        assert_eq!(
            term("* Daesh (also known as IS) is banned", &["war against Daesh* and"]).as_deref(),
            Some("Daesh")
        );
        let texts = ["members of Marea Salobre**, who", "emitida por Vozolar*."];
        assert_eq!(term("** Marea Salobre (MS) es una peña", &texts).as_deref(), Some("Marea Salobre"));
        assert_eq!(term("*Vozolar (red social)", &texts).as_deref(), Some("Vozolar"));
    }

    #[test]
    fn an_inflected_term_keeps_its_first_form_and_the_texts_form_as_a_variant() {
        let found = notice("* «Вольный берег» (ВБ) — союз", &["лагерь «Вольного берега»* у моря"]);
        let found = found.map(|found| (found.term, found.variants));
        assert_eq!(found, Some(("Вольный берег".to_owned(), vec!["Вольного берега".to_owned()])));
    }

    #[test]
    fn a_note_that_does_not_name_its_term_takes_the_marked_words() {
        let note = "* организация запрещена решением суда";
        assert_eq!(term(note, &["лагерь «Вольный берег»* у моря"]).as_deref(), Some("Вольный берег"));
        assert_eq!(
            term("* banned by a court", &["camp of the Free Shore* by the sea"]).as_deref(),
            Some("Free Shore")
        );
    }

    #[test]
    fn a_note_whose_mark_is_nowhere_needs_its_term_in_the_text() {
        let note = "* Daesh (also known as IS) is banned";
        assert_eq!(term(note, &["war against Daesh and others"]).as_deref(), Some("Daesh"));
        assert_eq!(term(note, &["war against Daeshing"]), None);
        assert_eq!(term("* All prices include tax", &["The price"]), None);
    }

    #[test]
    fn each_mark_belongs_to_its_own_note() {
        let text = "Daesh** and Vozolar*";
        assert_eq!(term("* Vozolar is a network", &[text]).as_deref(), Some("Vozolar"));
        assert_eq!(term("** Daesh is banned", &[text]).as_deref(), Some("Daesh"));
    }

    #[test]
    fn marks_are_removed_only_where_they_hang_on_a_word() {
        let star = [Mark { sign: '*', count: 1 }];
        assert_eq!(without_marks("Daesh*, «Daesh»* 5*3 * note A**", &star), "Daesh, «Daesh» 5*3 * note A**");
    }
}
