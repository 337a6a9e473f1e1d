//! What a caption says that nobody should read: placeholders, agencies' marks, the credit again, words that say nothing
//! (R7-R9).

use std::ops::Range;

use super::finding::{Desk, Finding};
use super::reading::{Kind, Reading, Token};
use crate::style::HouseStyle;
use crate::words::{contain, words};

pub(super) fn check(desk: &mut Desk<'_, '_>, style: &HouseStyle) {
    let reading = desk.reading;
    let mut found: Vec<Finding> = Vec::new();
    if let Some(at) = placeholder(reading) {
        let seen = reading.slice(at.clone());
        found.push(Finding::new("placeholder", "R9", format!("\"{seen}\" looks like a placeholder.")).at(at));
    }
    found.extend(long_caption(reading, style));
    found.extend(agency_mark(reading));
    found.extend(credit_in_caption(reading, &desk.checked.shown.credit.text));
    if style.worn_words && reading.is_english() {
        found.extend(worn_words(reading));
    }
    for finding in found {
        desk.warn(finding);
    }
}

/// `XXX`, `TK`, `NAME`, `name to come`, `TBC`, `???`, empty brackets, `[city]`.
fn placeholder(reading: &Reading<'_>) -> Option<Range<usize>> {
    let word =
        reading.tokens.iter().enumerate().find(|(index, token)| is_placeholder(reading, *index, token));
    if let Some((_, token)) = word {
        return Some(token.start..token.end);
    }
    let phrases: [&[&str]; 7] = [
        &["name", "to", "come"],
        &["names", "to", "come"],
        &["caption", "to", "come"],
        &["id", "to", "come"],
        &["details", "to", "come"],
        &["lorem", "ipsum"],
        &["no", "name", "given"],
    ];
    if let Some(at) = phrases.iter().find_map(|phrase| reading.find_words(phrase)) {
        return Some(at);
    }
    reading.text.find("???").map(|at| at..at + 3).or_else(|| empty_brackets(&reading.tokens))
}

fn is_placeholder(reading: &Reading<'_>, index: usize, token: &Token<'_>) -> bool {
    if !token.is_word() || !token.is_capital() {
        return false;
    }
    if token.text.len() >= 3 && token.text.bytes().all(|b| b == b'X') {
        // Roman numbers: Super Bowl XXX, the Games of the XXX Olympiad.
        let beside = [index.checked_sub(1), Some(index + 1)].into_iter().flatten();
        let mut beside = beside.filter_map(|at| reading.tokens.get(at));
        return !beside.any(|near| {
            near.low() == "bowl" || near.low().starts_with("olymp") || near.low() == "wrestlemania"
        });
    }
    let known = ["TK", "TKTK", "TKTKTK", "NAME", "LASTNAME", "FIRSTNAME", "SURNAME", "TBC", "TBD", "TBA"];
    let shop = reading.tokens.get(index + 1).is_some_and(|next| next.low() == "maxx");
    known.contains(&token.text) && !shop
}

/// What desks put in square brackets until they know better.
const TO_FILL: &[&str] = &[
    "city",
    "country",
    "name",
    "names",
    "date",
    "day",
    "place",
    "location",
    "state",
    "age",
    "title",
    "rank",
    "month",
    "year",
    "photographer",
    "caption",
    "number",
    "team",
    "score",
    "venue",
    "surname",
    "check",
    "tk",
    "town",
    "street",
    "agency",
    "event",
    "organisation",
    "organization",
    "position",
    "insert",
    "credit",
    "weekday",
];

/// `()`, `(?)`, `[city]`, `<>`.
fn empty_brackets(tokens: &[Token<'_>]) -> Option<Range<usize>> {
    for (index, open) in tokens.iter().enumerate() {
        let close = match open.kind {
            Kind::Sign('(') => ')',
            Kind::Sign('[') => ']',
            Kind::Sign('<') => '>',
            _ => continue,
        };
        let inside: Vec<&Token<'_>> =
            tokens.iter().skip(index + 1).take_while(|token| !token.is(close)).collect();
        let Some(end) = tokens.get(index + 1 + inside.len()) else { continue };
        let questions = inside.iter().all(|token| token.is('?') || token.is('.') || token.is('…'));
        let asks = close != ')'
            && inside.len() <= 3
            && inside.iter().any(|token| TO_FILL.contains(&token.low()))
            && !inside.iter().any(|token| token.is_capital() && token.text.chars().any(char::is_lowercase));
        if questions || asks {
            return Some(open.start..end.end);
        }
    }
    None
}

fn long_caption(reading: &Reading<'_>, style: &HouseStyle) -> Option<Finding> {
    let (has, may) = (reading.sentences.len(), style.sentences);
    let first_beyond = reading.sentences.get(may)?.clone();
    let usual = match may {
        1 => "one is".to_owned(),
        2 => "two are".to_owned(),
        more => format!("{more} are"),
    };
    let sentence = format!("The caption has {has} sentences; {usual} usual.");
    Some(Finding::new("long_caption", "R6, R7", sentence).at(first_beyond.start..reading.text.len()))
}

/// What the firewall takes out where it stands by the agencies' rules, but not inside a sentence (`Epaselect`).
fn agency_mark(reading: &Reading<'_>) -> Option<Finding> {
    let token = reading.tokens.iter().find(|token| {
        let id = token
            .low()
            .strip_prefix("epa")
            .is_some_and(|rest| rest.len() >= 6 && rest.bytes().all(|b| b.is_ascii_digit()));
        id || ["epaselect", "topshot", "topshots", "tpx"].contains(&token.low())
    })?;
    let sentence = format!("The agency's mark \"{}\" is left in the caption.", token.text);
    let before = reading.slice(0..token.start);
    let behind = reading.slice(token.end..reading.text.len());
    let blanks = behind.len() - behind.trim_start_matches([' ', ':', '-', '–']).len();
    let lonely = before.trim_end().len();
    let fix = if behind.trim_start().is_empty() || behind.starts_with(['.', ',', ')']) {
        lonely..token.end
    } else {
        token.start..token.end + blanks
    };
    Some(Finding::new("agency_mark", "R8", sentence).at(token.start..token.end).fix(fix, ""))
}

/// A credit without the words that introduce it, which a caption may leave out.
fn named(credit: &str) -> &str {
    let labels =
        ["Photo by ", "Photos by ", "AP Photo/", "Photo: ", "Foto: ", "Handout photo by ", "Pool photo by "];
    labels.iter().find_map(|label| credit.strip_prefix(label)).unwrap_or(credit)
}

/// The credit is taken away where it closes the caption; inside a sentence somebody has to look.
fn credit_in_caption(reading: &Reading<'_>, credit: &str) -> Option<Finding> {
    let credit = named(credit);
    let text = reading.text;
    let wanted = words(credit);
    if wanted.len() < 2 || !contain(reading.folded(), &wanted) {
        return None;
    }
    let sentence = format!("The credit \"{credit}\" stands in the caption too.");
    let finding = Finding::new("credit_in_caption", "R9", sentence);
    let Some(start) = text.find(credit) else { return Some(finding) };
    let end = start + credit.len();
    let before = text.get(..start).unwrap_or_default().trim_end();
    let behind = text.get(end..).unwrap_or_default().trim();
    let closing = ["", ".", ")", ").", "]"].contains(&behind);
    let opened = before.ends_with(['(', '[']);
    let head = before.trim_end_matches(['(', '[']).trim_end();
    let apart = head.ends_with(['.', '!', '?']) && opened == behind.starts_with([')', ']']);
    let finding = finding.at(start..end);
    Some(if closing && apart { finding.fix(head.len()..text.len(), "") } else { finding })
}

/// Words that the style calls worn.
const WORN: &[&[&str]] = &[
    &["a", "general", "view"],
    &["general", "view"],
    &["a", "view"],
    &["is", "seen"],
    &["are", "seen"],
    &["poses"],
    &["pose"],
    &["looks", "on"],
    &["look", "on"],
];

fn worn_words(reading: &Reading<'_>) -> Vec<Finding> {
    let mut found: Vec<Finding> = Vec::new();
    let mut past = 0;
    for (index, token) in reading.tokens.iter().enumerate() {
        if token.start < past {
            continue;
        }
        let rest = reading.tokens.get(index..).unwrap_or_default();
        let worn = WORN.iter().find(|worn| {
            rest.len() >= worn.len() && rest.iter().zip(**worn).all(|(token, word)| token.low() == *word)
        });
        let Some(last) = worn.and_then(|worn| rest.get(worn.len() - 1)) else { continue };
        // "a pose" is a noun.
        let noun = token.low() == "pose"
            && index.checked_sub(1).and_then(|at| reading.tokens.get(at)).is_some_and(|before| {
                ["a", "the", "this", "one", "his", "her", "yoga"].contains(&before.low())
            });
        if noun {
            continue;
        }
        past = last.end;
        let seen = reading.slice(token.start..last.end);
        let sentence = format!("\"{seen}\" says nothing that the picture does not show.");
        found.push(Finding::new("worn_words", "R7", sentence).at(token.start..last.end));
    }
    found
}
