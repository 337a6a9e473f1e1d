//! Lines to paragraphs. Extractors leave a paragraph as one line, or wrap it at a width; some break it at a link.

use std::ops::Range;

use super::lines::{Line, limited};
use super::markers::Marker;
use super::tags;
use super::words::{JOINTS, is_one_of};

/// Lines that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unit {
    /// Its lines, as indices into the page's.
    pub lines: Range<usize>,
    /// Its text, tidied.
    pub text: String,
    /// The text passed the limit of a field.
    pub cut: bool,
}

/// How the page breaks its paragraphs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wrap {
    /// The width at which lines were wrapped, in characters, where they were.
    width: Option<usize>,
}

/// Lines shorter than this are not thought to be broken inside a sentence.
const SHORT: usize = 40;
/// No program wraps text wider than this.
const WIDEST: usize = 160;
/// At least so many lines must be broken in mid-sentence before a page counts as wrapped.
const EVIDENCE: usize = 3;

/// Programs differ in what they count as a character; a line may be shorter by so much than it had to be.
const SLACK: usize = 3;

/// The lines that prove the width need not be the widest; one wider by a word is still wrapped, in characters.
const WORD: usize = 12;

impl Wrap {
    /// Finds the width: in wrapped text many lines stop in mid-sentence, all near the same width, and each because
    /// the next word would not have fitted.
    pub fn of(lines: &[Line], markers: &[Option<Marker>]) -> Self {
        let pairs = lines.iter().zip(lines.iter().zip(markers).skip(1));
        let broken: Vec<(usize, usize)> = pairs
            .filter(|(above, (below, marker))| {
                marker.is_none() && !below.after_gap && above.width >= SHORT && !ends_sentence(&above.text)
            })
            .map(|(above, (below, _))| (above.width, above.width + 1 + first_word(below)))
            .filter(|(width, _)| *width <= WIDEST)
            .collect();
        let mut widths: Vec<usize> = broken.iter().map(|(width, _)| *width).collect();
        widths.sort_unstable();
        // The widest may be a stray line, so the next widths are tried too.
        let width = widths.iter().rev().take(EVIDENCE).copied().find(|width| {
            let fitting = broken.iter().filter(|(own, with_next)| own <= width && with_next + SLACK > *width);
            let fitting = fitting.count();
            fitting >= EVIDENCE && fitting * 3 >= broken.len() * 2
        });
        Self { width }
    }

    /// Whether `below` goes on with the text of `above`, the line directly before it.
    pub fn continues(self, above: &Line, below: &Line) -> bool {
        super::effort::spend(1);
        if below.after_gap {
            return false;
        }
        let ended = ends_sentence(&above.text);
        let slack = if ended { 0 } else { SLACK };
        let full =
            |width: usize| above.width <= width + WORD && above.width + 1 + first_word(below) + slack > width;
        if self.width.is_some_and(full) {
            return true;
        }
        if ended {
            return false;
        }
        // Outside wrapped text a line of tags is as likely to begin with a small letter.
        let may_be_broken =
            above.width >= SHORT && (self.width.is_some() || tags::list(&below.text).is_none());
        (may_be_broken && starts_lower(&below.text)) || goes_on(&below.text)
    }

    /// The paragraph that begins at line `first` and ends before line `end` at the latest.
    pub fn paragraph(self, lines: &[Line], first: usize, end: usize) -> Unit {
        let mut last = first + 1;
        while last < end && continues_at(self, lines, last) {
            last += 1;
        }
        join(lines, first..last)
    }

    /// All paragraphs of a range.
    pub fn paragraphs(self, lines: &[Line], range: Range<usize>) -> Vec<Unit> {
        let mut units = Vec::new();
        let mut at = range.start;
        while at < range.end {
            let unit = self.paragraph(lines, at, range.end);
            at = unit.lines.end;
            units.push(unit);
        }
        units
    }
}

/// Whether the line at `index` goes on with the one before it.
pub(super) fn continues_at(wrap: Wrap, lines: &[Line], index: usize) -> bool {
    let above = index.checked_sub(1).and_then(|above| lines.get(above));
    above.zip(lines.get(index)).is_some_and(|(above, below)| wrap.continues(above, below))
}

/// The lines of a range as one text.
pub(super) fn join(lines: &[Line], range: Range<usize>) -> Unit {
    let mut text = String::new();
    for line in lines.get(range.clone()).unwrap_or_default() {
        super::effort::spend(line.text.len());
        append(&mut text, &line.text);
    }
    let (text, cut) = limited(text);
    Unit { lines: range, text, cut }
}

/// Puts a line's text behind a text: with a space, or without after a word divided at the line's end.
pub(super) fn append(text: &mut String, line: &str) {
    if text.ends_with('\u{ad}') {
        text.pop();
    } else if !(text.is_empty() || (ends_with_hyphen(text) && !is_joint(line))) {
        text.push(' ');
    }
    text.push_str(line);
}

/// Whether a line begins with a word that only joins two: then a hyphen before it stands for a word's end
/// (`Alt- und Jungvögel`).
fn is_joint(line: &str) -> bool {
    is_one_of(JOINTS, line.split(' ').next().unwrap_or_default())
}

fn ends_with_hyphen(text: &str) -> bool {
    let mut end = text.chars().rev();
    end.next() == Some('-') && end.next().is_some_and(char::is_alphabetic)
}

fn first_word(line: &Line) -> usize {
    line.text.split(' ').next().unwrap_or_default().chars().count()
}

/// Whether a text ends as a sentence does; closing quotes, brackets and typed marks aside.
pub(super) fn ends_sentence(text: &str) -> bool {
    let text = text.trim_end_matches(|c: char| "\"'”“’»«›)]*†‡٭＊".contains(c) || c.is_whitespace());
    text.ends_with(['.', '!', '?', '…', ':', '؟', '۔', '。', '！', '？', '।'])
}

/// Whether a text begins with a small letter.
pub(super) fn starts_lower(text: &str) -> bool {
    text.chars().next().is_some_and(char::is_lowercase)
}

/// Whether a text begins with what only goes on.
fn goes_on(text: &str) -> bool {
    text.starts_with([',', ';', ':', ')', '»', '”', '،', '؛'])
}

#[cfg(test)]
mod tests {
    use super::super::lines::split;
    use super::super::markers::marker;
    use super::*;

    fn paragraphs(page: &str) -> Vec<String> {
        let (lines, _) = split(page);
        let markers: Vec<_> = lines.iter().map(|line| marker(&line.text)).collect();
        let units = Wrap::of(&lines, &markers).paragraphs(&lines, 0..lines.len());
        units.into_iter().map(|unit| unit.text).collect()
    }

    #[test]
    fn wrapped_lines_become_paragraphs() {
        let page = "The harbour was quiet this morning when the first\n\
                    Boats came in with the catch of the night, and it\n\
                    stayed quiet until the market opened at seven. In\n\
                    March the days are short.\n\
                    Another paragraph follows without an empty line to\n\
                    tell it apart.\n";
        assert_eq!(paragraphs(page).len(), 2, "{:?}", paragraphs(page));
    }

    #[test]
    fn long_lines_stay_paragraphs_of_their_own() {
        let page = format!(
            "{} end\n{} end\nHeading\n{} end.",
            "A word".repeat(30),
            "B word".repeat(20),
            "C".repeat(50)
        );
        assert_eq!(paragraphs(&page).len(), 4);
    }

    #[test]
    fn a_sentence_broken_at_a_link_is_whole_again() {
        let page =
            "The committee met on Friday with members of the\nlocal fishing council\n, who had asked for it.";
        assert_eq!(paragraphs(page).len(), 1);
    }

    #[test]
    fn a_divided_word_is_joined() {
        let mut text = "in Wadi al-".to_owned();
        append(&mut text, "Salam");
        assert_eq!(text, "in Wadi al-Salam");
        let mut text = "inter\u{ad}".to_owned();
        append(&mut text, "national");
        assert_eq!(text, "international");
        let mut text = "a handout -".to_owned();
        append(&mut text, "and");
        assert_eq!(text, "a handout - and");
        let mut text = "Alt-".to_owned();
        append(&mut text, "und Jungvögel");
        assert_eq!(text, "Alt- und Jungvögel");
    }
}
