//! Commas, full stops, brackets, quotation marks and words that stand twice (R9).

use std::ops::Range;

use super::finding::{Desk, Finding};
use super::reading::{Kind, Reading, Token};

pub(super) fn check(desk: &mut Desk<'_, '_>) {
    let reading = desk.reading;
    let mut found = doubled(reading);
    found.extend(spacing(reading, &found));
    found.extend(bracket_unpaired(reading.text));
    found.extend(quote_unpaired(reading.text));
    found.extend(word_doubled(reading));
    found.extend(stop_missing(reading));
    for finding in found {
        desk.warn(finding);
    }
    if let Some(warning) = two_blanks(desk) {
        desk.report.warnings.push(warning);
    }
}

/// `,,`, `..`, `,.`, with or without blanks between them; three full stops are an ellipsis.
fn doubled(reading: &Reading<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut last = 0;
    for (index, token) in reading.tokens.iter().enumerate() {
        if token.start < last || !is_stop(token) {
            continue;
        }
        let run: Vec<&Token<'_>> =
            reading.tokens.iter().skip(index).take_while(|token| is_stop(token)).collect();
        let Some(end) = run.last().map(|token| token.end) else { continue };
        last = end;
        let signs: String = run.iter().map(|token| token.text).collect();
        let put = match signs.as_str() {
            // The full stop of an abbreviation, then a comma.
            _ if run.len() < 2 || signs.starts_with("...") => continue,
            ".," | ".;" | ".:" => continue,
            ".." => ".",
            signs if signs.starts_with(',') && signs.ends_with('.') => ".",
            signs if signs.starts_with(',') => ",",
            signs => signs.get(..1).unwrap_or_default(),
        };
        let at = token.start..end;
        let seen = reading.slice(at.clone());
        let sentence = format!("\"{seen}\" is one sign too many.");
        found.push(Finding::new("sign_doubled", "R9", sentence).at(at.clone()).fix(at, put));
    }
    found
}

fn is_stop(token: &Token<'_>) -> bool {
    matches!(token.kind, Kind::Sign(',' | '.' | ';' | ':'))
}

/// A blank where none belongs, or none where one does.
fn spacing(reading: &Reading<'_>, doubled: &[Finding]) -> Vec<Finding> {
    let mut found = Vec::new();
    for pair in reading.tokens.windows(2) {
        let [one, next] = pair else { continue };
        let at = one.end..next.start;
        let told = doubled.iter().filter_map(|finding| finding.at.as_ref());
        if told.clone().any(|told| told.start <= at.start && at.end <= told.end) {
            continue;
        }
        let blank = reading.slice(at.clone());
        if matches!(
            (one.kind, next.kind),
            (Kind::Sign('('), Kind::Sign(')')) | (Kind::Sign('['), Kind::Sign(']'))
        ) {
            continue;
        }
        let spaced = !blank.is_empty() && !blank.contains('\n');
        let behind = reading.slice(next.end..reading.text.len());
        let (sentence, put) = match (one.kind, next.kind) {
            (_, Kind::Sign(',')) if spaced => ("A blank stands before a comma.", ""),
            (_, Kind::Sign('.'))
                if spaced && !behind.starts_with(|c: char| c == '.' || c.is_alphanumeric()) =>
            {
                ("A blank stands before a full stop.", "")
            }
            (_, Kind::Sign(')' | ']')) if spaced => ("A blank stands before a closing bracket.", ""),
            (Kind::Sign('(' | '['), _) if spaced => ("A blank stands behind an opening bracket.", ""),
            (Kind::Sign(','), _) if blank.is_empty() && wants_blank(reading, one, next) => {
                ("No blank stands behind a comma.", " ")
            }
            (Kind::Sign('.'), Kind::Word) if blank.is_empty() && parts_sentences(reading, one, next) => {
                ("No blank stands behind a full stop.", " ")
            }
            (Kind::Number, Kind::Sign(_)) | (_, _) => continue,
        };
        found.push(Finding::new("sign_spacing", "R9", sentence).at(one.start..next.end).fix(at, put));
    }
    found.extend(figures_without_blank(reading));
    found
}

fn wants_blank(reading: &Reading<'_>, comma: &Token<'_>, next: &Token<'_>) -> bool {
    let before = reading.slice(0..comma.start).chars().next_back();
    matches!(next.kind, Kind::Word | Kind::Number) && before.is_some_and(|c| !c.is_whitespace() && c != ',')
}

/// `Airport.Iraq`: a word in small letters, a full stop, a word with a capital; not `St.Petersburg`'s address of a site.
fn parts_sentences(reading: &Reading<'_>, stop: &Token<'_>, next: &Token<'_>) -> bool {
    let before = reading.slice(0..stop.start).chars().next_back();
    let small = before.is_some_and(|c| c.is_lowercase() || c.is_ascii_digit() || matches!(c, ')' | '”'));
    let mut chars = next.text.chars();
    let capital = chars.next().is_some_and(char::is_uppercase);
    small && capital && chars.next().is_some_and(char::is_alphabetic)
}

/// `Jan. 29,2008` and `2021,People`: a figure that swallowed a comma.
fn figures_without_blank(reading: &Reading<'_>) -> Vec<Finding> {
    let glued = reading.tokens.iter().filter_map(|token| {
        let (kind, comma) = (token.kind, token.text.find(',')?);
        let (head, tail) = (token.text.get(..comma)?, token.text.get(comma + 1..)?);
        let year = tail.len() == 4 && tail.bytes().all(|b| b.is_ascii_digit()) && head.len() <= 2;
        (kind == Kind::Number && year).then(|| {
            let at = token.start + comma + 1;
            Finding::new("sign_spacing", "R9", "No blank stands behind a comma.")
                .at(token.start..token.end)
                .fix(at..at, " ")
        })
    });
    glued.collect()
}

/// Two blanks in what the desk wrote; of a file's caption none is left.
fn two_blanks(desk: &Desk<'_, '_>) -> Option<super::Warning> {
    let own = desk.checked.slide.caption.as_deref()?;
    let trimmed = own.trim_end();
    let start = own.len() - own.trim_start().len();
    let at = trimmed.get(start..)?.find("  ").map(|at| at + start)?;
    let run = own.get(at..)?.len() - own.get(at..)?.trim_start_matches(' ').len();
    let finding = Finding::new("sign_spacing", "R9", "Two blanks stand side by side.");
    let text = super::reading::Text::plain(own, own);
    let warning = finding.at(at..at + run).fix(at..at + run, " ");
    Some(warning.warning("caption", Some(desk.place()), &text))
}

const BRACKETS: [(char, char); 3] = [('(', ')'), ('[', ']'), ('{', '}')];

fn bracket_unpaired(text: &str) -> Option<Finding> {
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut wrong = None;
    for (at, c) in text.char_indices() {
        if BRACKETS.iter().any(|(opening, _)| *opening == c) {
            open.push((at, c));
        } else if let Some((opening, _)) = BRACKETS.iter().find(|(_, closing)| *closing == c) {
            if open.last().is_some_and(|(_, last)| last == opening) {
                open.pop();
            } else if !is_label(text, at) {
                wrong.get_or_insert((at, c));
            }
        }
    }
    let (at, sign) = wrong.or_else(|| open.first().copied())?;
    let what = if wrong.is_some() { "was not opened" } else { "is not closed" };
    let sentence = format!("The bracket \"{sign}\" {what}.");
    Some(Finding::new("bracket_unpaired", "R9", sentence).at(at..at + sign.len_utf8()))
}

/// `1)` and `a)`, which number what follows.
fn is_label(text: &str, at: usize) -> bool {
    let mut before = text.get(..at).unwrap_or_default().chars().rev();
    let label = before.next().is_some_and(|c| c.is_ascii_digit() || c.is_ascii_lowercase());
    label && before.next().is_none_or(char::is_whitespace)
}

/// Quotation marks: straight ones by their number, others by their pairs, whichever language's they are.
fn quote_unpaired(text: &str) -> Option<Finding> {
    let mut open: Option<(usize, char)> = None;
    let mut straight: Option<usize> = None;
    let mut wrong: Option<(usize, char)> = None;
    let mut before = ' ';
    let broken = if text.is_ascii() { Vec::new() } else { super::letters::misread(text) };
    for (at, c) in text.char_indices() {
        // What was misread is another finding.
        if broken.iter().any(|(range, _)| range.contains(&at)) {
            continue;
        }
        match c {
            // Inches and seconds are no quotation marks.
            '"' if before.is_ascii_digit() && straight.is_none() => {}
            '"' => straight = if straight.is_some() { None } else { Some(at) },
            '„' | '«' | '»' | '“' | '”' => match open {
                Some((_, opening)) if closes(opening, c) => open = None,
                Some((first, opening)) => {
                    wrong.get_or_insert((first, opening));
                    open = Some((at, c));
                }
                None if c == '”' && !before.is_whitespace() && before != '(' => {
                    wrong.get_or_insert((at, c));
                }
                None => open = Some((at, c)),
            },
            _ => {}
        }
        before = c;
    }
    let (at, sign) = wrong.or(open).or(straight.map(|at| (at, '"'))).or_else(|| single_unpaired(text))?;
    let sentence = format!("The quotation mark \"{sign}\" stands without its other half.");
    Some(Finding::new("quote_unpaired", "R9", sentence).at(at..at + sign.len_utf8()))
}

fn closes(opening: char, c: char) -> bool {
    match opening {
        '„' => matches!(c, '“' | '”'),
        '“' => c == '”',
        '”' => c == '”',
        '«' => c == '»',
        '»' => matches!(c, '«' | '»'),
        _ => false,
    }
}

/// An opening single mark after which no closing one comes; apostrophes open nothing.
fn single_unpaired(text: &str) -> Option<(usize, char)> {
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let rest = text.get(at + c.len_utf8()..).unwrap_or_default();
        let letter = rest.starts_with(char::is_alphabetic);
        let begins = before.is_whitespace() || matches!(before, '(' | '[' | '"' | '“');
        if matches!(c, '‘' | '\'') && begins && letter && !is_shortened(rest) {
            let other = if c == '‘' { '’' } else { '\'' };
            let closed = rest.match_indices(other).any(|(close, _)| {
                let behind = rest.get(close + other.len_utf8()..).unwrap_or_default();
                !behind.starts_with(char::is_alphanumeric)
            });
            if !closed {
                return Some((at, c));
            }
        }
        before = c;
    }
    None
}

/// `'tis`, `'em`, `'s Gravenhage`: an apostrophe at the beginning of a word.
fn is_shortened(rest: &str) -> bool {
    let word: String = rest.chars().take_while(|c| c.is_alphabetic()).collect();
    ["tis", "twas", "em", "til", "cause", "n", "s", "t", "round", "bout"]
        .contains(&word.to_lowercase().as_str())
}

/// Words that an English sentence may well have twice.
const TWICE_ENGLISH: &[&str] =
    &["had", "that", "very", "no", "bye", "so", "really", "far", "ha", "many", "now", "there", "her", "is"];

/// Words that sentences of other languages may have twice.
#[rustfmt::skip]
const TWICE_OTHERS: &[&str] = &[
    "nous", "vous", "die", "der", "das", "sie", "dem", "den", "dass", "dat", "que", "se", "si", "lo", "la", "le", "les", "tout",
    "не", "что", "как", "to", "co",
];

/// Languages that say a word twice by their grammar, or whose words are not parted by blanks.
const REDUPLICATING: &[&str] = &[
    "tr", "az", "id", "ms", "jv", "hi", "bn", "ta", "te", "th", "zh", "ja", "ko", "vi", "tl", "fil", "sw",
    "hu",
];

/// `the the`; not a name of two like parts.
fn word_doubled(reading: &Reading<'_>) -> Vec<Finding> {
    if REDUPLICATING.contains(&reading.language.as_str()) {
        return Vec::new();
    }
    let may = if reading.is_english() { TWICE_ENGLISH } else { TWICE_OTHERS };
    let twice = reading.tokens.windows(2).filter_map(|pair| {
        let [one, next] = pair else { return None };
        let gap = reading.slice(one.end..next.start);
        let words = one.is_word() && next.is_word() && one.low() == next.low();
        let parted = !gap.is_empty() && gap.chars().all(char::is_whitespace);
        let name = one.is_capital() && next.is_capital();
        (words && parted && !name && !may.contains(&one.low())).then(|| {
            let sentence = format!("\"{}\" stands twice.", one.text);
            Finding::new("word_doubled", "R9", sentence).at(one.start..next.end).fix(one.end..next.end, "")
        })
    });
    twice.collect()
}

/// Scripts and languages that end a sentence without a sign.
const WITHOUT_STOPS: &[&str] = &["th", "lo", "km", "my", "bo", "dz"];

/// The end of the caption says that its last sentence is over.
fn stop_missing(reading: &Reading<'_>) -> Option<Finding> {
    if WITHOUT_STOPS.contains(&reading.language.as_str()) {
        return None;
    }
    let bare = |text: &str| text.trim_end().trim_end_matches([')', ']', '"', '\'', '”', '’', '»', '“']).len();
    let end = reading.text.trim_end().len();
    let inner = bare(reading.text);
    let ended = |at: usize| {
        let last = reading.slice(0..at).trim_end().chars().next_back();
        last.is_none_or(|c| {
            matches!(c, '.' | '!' | '?' | '…' | '。' | '！' | '？' | '।' | '॥' | '؟' | '۔' | '։' | '።' | '*')
        })
    };
    if ended(end) || ended(inner) {
        return None;
    }
    let last = reading.tokens.last()?;
    let trailing = matches!(last.kind, Kind::Sign(',' | ';' | ':' | '-' | '–'));
    let finding = Finding::new("stop_missing", "R9", "The caption ends without a full stop.");
    let stop = if matches!(reading.language.as_str(), "zh" | "ja") { "。" } else { "." };
    let range: Range<usize> = if trailing { last.start..end } else { end..end };
    Some(finding.at(last.start..end).fix(range, stop))
}
