//! What stands around the gallery in words: cover caption, lede, body, tags (R32, R33, R35).

use std::collections::HashMap;

use super::captured::Field;
use super::notices::{leading_mark, unmarked};
use super::sheet::Sheet;
use super::tags::{claims_rights, is_furniture, is_label, labelled, list};
use super::wrap::{Unit, Wrap, ends_sentence, join};

/// The captions of the slides, to know the cover's by.
#[derive(Debug, Default)]
pub(super) struct Captions {
    /// Each different caption, and the first slide that has it.
    first: HashMap<String, usize>,
    /// The longest, in bytes.
    longest: usize,
}

impl Captions {
    /// From the captions in order.
    pub fn new<'a>(captions: impl Iterator<Item = &'a str>) -> Self {
        let mut known = Self::default();
        for (slide, caption) in captions.enumerate() {
            let key = key(caption);
            known.longest = known.longest.max(key.len());
            known.first.entry(key).or_insert(slide);
        }
        known
    }

    /// The first slide with this caption.
    pub fn slide(&self, text: &str) -> Option<usize> {
        // Marks and a missing full stop can only make the text longer by little.
        (text.len() <= self.longest + 64).then(|| self.first.get(&key(text)).copied())?
    }

    /// The caption that lines from `first` on make together, perhaps wrapped, perhaps with no empty line after it.
    pub fn at(&self, sheet: &Sheet, first: usize, end: usize) -> Option<Unit> {
        let mut length = 0;
        for last in first..end {
            let line = sheet.lines.get(last)?;
            length += line.text.len() + 1;
            if length > self.longest + 64 || (last > first && line.after_gap) {
                return None;
            }
            let unit = join(&sheet.lines, first..last + 1);
            if self.slide(&unit.text).is_some() {
                return Some(unit);
            }
        }
        None
    }
}

/// A caption for comparing: without typed marks, white space tidied, without a last full stop.
pub(super) fn key(caption: &str) -> String {
    let text = unmarked(&super::lines::tidy(caption));
    text.trim_end_matches(['.', ' ']).to_owned()
}

/// The paragraphs of a range, a repeated caption always as one of its own.
pub(super) fn paragraphs(
    sheet: &Sheet,
    wrap: Wrap,
    range: std::ops::Range<usize>,
    captions: &Captions,
) -> Vec<Unit> {
    /// A cover's caption stands near the gallery.
    const NEAR: usize = 12;
    let mut units = Vec::new();
    let mut at = range.start;
    while at < range.end {
        let cover = if units.len() < NEAR { captions.at(sheet, at, range.end.min(at + NEAR)) } else { None };
        let unit = cover.unwrap_or_else(|| wrap.paragraph(&sheet.lines, at, range.end));
        at = unit.lines.end;
        units.push(unit);
    }
    units
}

/// The story's words.
#[derive(Debug, Default)]
pub(super) struct Prose {
    /// The lede.
    pub lede: Option<Unit>,
    /// The body's paragraphs.
    pub body: Vec<Unit>,
    /// The tags.
    pub tags: Vec<String>,
    /// Paragraphs that begin with a mark: perhaps notices.
    pub notes: Vec<Unit>,
}

/// Reads the units around the gallery that nothing else took, in the page's order.
pub(super) fn read(sheet: &mut Sheet, units: &[Unit]) -> Prose {
    let mut prose = Prose::default();
    let open: Vec<&Unit> = units.iter().filter(|unit| sheet.is_open(unit)).collect();
    let tags = tags(&open);
    if let Some((at, count, tags)) = &tags {
        for unit in open.iter().skip(*at).take(*count) {
            sheet.claim(unit, Field::Tags);
        }
        prose.tags.clone_from(tags);
    }
    let mut paragraphs: Vec<&Unit> = Vec::new();
    let mut is_foot = false;
    for (at, unit) in open.iter().enumerate() {
        is_foot |= tags.as_ref().is_some_and(|(tags, ..)| at >= *tags) || claims_rights(&unit.text);
        if !sheet.is_open(unit) {
            continue;
        }
        if leading_mark(&unit.text).is_some() {
            prose.notes.push((*unit).clone());
        } else if (!is_foot || paragraphs.is_empty()) && is_prose(&unit.text) {
            paragraphs.push(unit);
        }
    }
    let mut paragraphs = paragraphs.into_iter().cloned().peekable();
    prose.lede = paragraphs.next_if(|unit| is_lede(&unit.text));
    prose.body = paragraphs.collect();
    if let Some(unit) = &prose.lede {
        sheet.claim(unit, Field::Lede);
    }
    for unit in &prose.body {
        sheet.claim(unit, Field::Body);
    }
    prose
}

/// The units of the tag list (where it begins, how many units it has) and its tags: a labelled list, else the last
/// line of short pieces.
fn tags(open: &[&Unit]) -> Option<(usize, usize, Vec<String>)> {
    if let Some((at, tags)) = open.iter().enumerate().find_map(|(at, unit)| Some((at, labelled(&unit.text)?)))
    {
        return Some((at, 1, tags));
    }
    if let Some(at) = open.iter().position(|unit| is_label(&unit.text)) {
        // Under its label a list may stand as one line, or as a line for each tag.
        let below = open.get(at + 1..).unwrap_or_default();
        if let Some(tags) = below.first().and_then(|unit| list(&unit.text)) {
            return Some((at, 2, tags));
        }
        let tags: Vec<String> = below.iter().map_while(|unit| single_tag(&unit.text)).take(50).collect();
        return (!tags.is_empty()).then(|| (at, tags.len() + 1, tags));
    }
    open.iter().enumerate().rev().find_map(|(at, unit)| Some((at, 1, list(&unit.text)?)))
}

fn single_tag(text: &str) -> Option<String> {
    let short = text.chars().count() <= 48 && text.split(' ').count() <= 4;
    (short && !ends_sentence(text) && !is_furniture(text)).then(|| text.to_owned())
}

/// A paragraph: it ends as a sentence, or is too long for anything else.
fn is_prose(text: &str) -> bool {
    const LONG: usize = 120;
    const FEWEST_WORDS: usize = 3;
    if claims_rights(text) || is_furniture(text) {
        return false;
    }
    let words = text.split(' ').take(FEWEST_WORDS).count();
    // Scripts without spaces have no words to count.
    let unspaced = text
        .chars()
        .any(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}' | '\u{e00}'..='\u{eff}'));
    let long = text.chars().take(LONG).count() == LONG;
    (ends_sentence(text) && (words == FEWEST_WORDS || unspaced)) || long
}

/// One to three sentences (R33).
fn is_lede(text: &str) -> bool {
    const LONGEST: usize = 700;
    const MOST_SENTENCES: usize = 3;
    text.chars().take(LONGEST + 1).count() <= LONGEST && sentences(text) <= MOST_SENTENCES
}

/// Sentences, roughly: a stop after a word of more than three letters and before a capital (abbreviations such as
/// `Gen.` are shorter, R38).
fn sentences(text: &str) -> usize {
    let words: Vec<&str> = text.split(' ').collect();
    let stops = words.windows(2).filter(|pair| {
        let [word, next] = pair else { return false };
        let begins = next.chars().find(|c| c.is_alphanumeric()).is_some_and(|c| !c.is_lowercase());
        ends_sentence(word)
            && !word.ends_with(':')
            && word.chars().filter(|c| c.is_alphabetic()).count() > 3
            && begins
    });
    stops.count() + 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_paragraph_is_told_from_a_button() {
        assert!(is_prose("No se registraron incidentes."));
        for text in ["Show more", "Subscribe now!", "© 2022 Nordlicht. All rights reserved.", "A second life"]
        {
            assert!(!is_prose(text), "{text}");
        }
    }

    #[test]
    fn a_lede_has_at_most_three_sentences() {
        assert!(is_lede("Snow fell. Gen. Smith saw it. It melted again."));
        assert!(!is_lede("Snow fell early. Nobody slept there. Water froze again. Ferries stopped."));
    }

    #[test]
    fn captions_compare_without_marks_and_last_stop() {
        assert_eq!(key("A view of  Daesh*."), key("A view of Daesh"));
    }
}
