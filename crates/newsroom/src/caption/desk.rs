//! Text inside captions that is the desk's alone (R11), and where it begins and ends.

use std::ops::Range;

/// From one of these to the end everything is the desk's (R11).
const TAILS: &[&str] = &["ATTENTION EDITORS", "ATTENTION: EDITORS", "ATTENTION, EDITORS", "NOTE TO EDITORS"];

/// Notes to editors: at the beginning they end with their line or sentence, in brackets with them, elsewhere they go on
/// to the sign-off.
const NOTES: &[&str] = &["EDITORS NOTE", "EDITOR'S NOTE", "EDITORS' NOTE", "EDITOR NOTE", "EDS:", "EDS NOTE"];

/// What agencies write before a caption that was sent again, in capitals.
#[rustfmt::skip]
const PREFIXES: &[&str] = &[
    "CORRECTS", "CORRECTION", "CORRECTED", "CORRECTING", "ADDS", "ADDITION", "UPDATES", "RECROP", "RECROPPED",
    "RETRANSMISSION", "RETRANSMITTED", "RETRANSMITTING", "REFILE", "RPT", "REPEATING", "ALTERNATE CROP",
    "ALTERNATIVE CROP", "ALTERNATE CROP OF", "TOPSHOTS", "TOPSHOT", "ADVISORY", "TPX IMAGES OF THE DAY", "NOT FOR PUBLICATION",
];

/// Labels that stand anywhere.
const LABELS: &[&str] =
    &["TPX IMAGES OF THE DAY", "TPX IMAGE OF THE DAY", "EPASELECT", "TOPSHOTS", "TOPSHOT"];

/// Restrictions, which run on in capitals (R12).
#[rustfmt::skip]
const SHOUTS: &[&str] = &[
    "RESTRICTED TO", "FOR EDITORIAL USE", "EDITORIAL USE ONLY", "MANDATORY CREDIT", "NO SALES", "NO RESALES", "NO RESALE",
    "NO ARCHIVE", "NO ARCHIVES", "NO ARCHIVING", "NO LICENSING", "NO COMMERCIAL", "NO THIRD PARTY", "NO CROPPING",
    "NO MARKETING", "NO ADVERTISING", "NO USE", "NOT FOR PUBLICATION", "NOT FOR SALE", "ONE TIME USE", "CLIENTS ONLY",
    "MAGS OUT", "MAGAZINES OUT", "TV OUT", "ONLINE OUT", "THIS IMAGE HAS BEEN SUPPLIED", "THIS IMAGE WAS PROVIDED",
    "THIS IMAGE HAS BEEN PROVIDED", "THIS PICTURE HAS BEEN SUPPLIED", "THIS PICTURE WAS PROVIDED",
    "THIS PICTURE HAS BEEN PROVIDED", "THIS PICTURE IS DISTRIBUTED", "THIS HANDOUT", "HANDOUT EDITORIAL", "HANDOUT HANDOUT",
    "BEST QUALITY AVAILABLE", "DISTRIBUTED AS A SERVICE", "SEARCH \"", "SEARCH “", "SEARCH '", "ADVISORY",
    "AUSTRALIA OUT", "AUSTRALIA AND NEW ZEALAND OUT", "NEW ZEALAND OUT", "GERMANY OUT", "AUSTRIA OUT", "SWITZERLAND OUT",
    "UK OUT", "USA OUT", "FRANCE OUT", "ITALY OUT", "SPAIN OUT", "PORTUGAL OUT", "NETHERLANDS OUT", "BELGIUM OUT",
    "DENMARK OUT", "NORWAY OUT", "SWEDEN OUT", "FINLAND OUT", "POLAND OUT", "HUNGARY OUT", "CROATIA OUT", "SERBIA OUT",
    "SLOVENIA OUT", "RUSSIA OUT", "UKRAINE OUT", "TURKEY OUT", "ISRAEL OUT", "IRAN OUT", "IRAQ OUT", "SYRIA OUT",
    "LEBANON OUT", "EGYPT OUT", "CHINA OUT", "TAIWAN OUT", "HONG KONG OUT", "JAPAN OUT", "SOUTH KOREA OUT", "KOREA OUT",
    "INDIA OUT", "PAKISTAN OUT", "BRAZIL OUT", "ARGENTINA OUT", "MEXICO OUT", "CHILE OUT", "COLOMBIA OUT", "PERU OUT",
    "CANADA OUT", "IRELAND OUT", "GREECE OUT", "CZECH REPUBLIC OUT", "SLOVAKIA OUT", "ROMANIA OUT", "BULGARIA OUT",
];

/// Where the text that is the desk's to the end begins. A first line for editors with a caption below it is a
/// prefix, so the search goes on behind it.
pub(super) fn tail(text: &str) -> Option<usize> {
    let start = text.len() - text.trim_start().len();
    let first_line = text.get(start..)?;
    let addressed = TAILS.iter().any(|marker| starts_with_folded(first_line, marker));
    let line = first_line
        .find('\n')
        .filter(|end| addressed && !first_line.get(*end..).unwrap_or_default().trim().is_empty());
    let from = line.map_or(0, |end| start + end);
    let rest = text.get(from..)?;
    TAILS.iter().filter_map(|marker| find_folded(rest, marker)).min().map(|at| from + at)
}

/// The length of desk-only text at the beginning of a caption, with what parts it from the caption.
pub(super) fn prefix(text: &str) -> Option<usize> {
    let blank = text.len() - text.trim_start_matches(super::is_separator).len();
    let body = text.get(blank..)?;
    if let Some(length) = epa_id(body).or_else(|| label_at(body)) {
        return Some(blank + length + separators(body.get(length..)?));
    }
    let open = body.strip_prefix('(').unwrap_or(body);
    let addressed = TAILS.iter().any(|marker| starts_with_folded(open, marker));
    if !addressed && !PREFIXES.iter().chain(NOTES).any(|marker| starts_with_marker(open, marker)) {
        return None;
    }
    let line = body.find('\n').filter(|_| addressed);
    let length = line.or_else(|| prefix_end(body))?;
    Some(blank + length + separators(body.get(length..)?))
}

/// A prefix in brackets ends with them, else with its line, else with the first dash, else where its capitals end.
fn prefix_end(body: &str) -> Option<usize> {
    if body.starts_with('(') {
        return body.find(')').map(|at| at + 1);
    }
    let line = body.find('\n').unwrap_or(body.len());
    let head = body.get(..line)?;
    let dash = [" - ", " – ", " — ", " / ", "--"].iter().filter_map(|mark| head.find(mark)).min();
    let colon = head.find(": ").filter(|at| *at > 0 && !NOTES.iter().any(|note| note.len() >= *at));
    if let Some(at) = dash.filter(|at| *at <= 200) {
        return Some(at);
    }
    if line < body.len() {
        return Some(line);
    }
    let note = NOTES.iter().any(|note| starts_with_marker(body, note));
    let sentence = crate::sentences::sentences(head)
        .first()
        .map(|range| range.end)
        .filter(|end| note && *end < head.len());
    let end = sentence.or(colon.filter(|at| *at <= 200)).unwrap_or_else(|| shouted(head));
    (end > 0).then_some(end)
}

/// Desk-only text inside a caption: labels, ids, notes, and restrictions as far as they run on in capitals.
pub(super) fn inside(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut from = 0;
    for (at, _) in text.char_indices() {
        let rest = text.get(at..).unwrap_or_default();
        if at < from || !may_open(rest) || !begins_word(text, at) {
            continue;
        }
        let length =
            epa_id(rest).or_else(|| label_at(rest)).or_else(|| note_at(rest)).or_else(|| shout_at(rest));
        if let Some(length) = length.filter(|_| !is_quoted(text, at)) {
            from = at + length;
            found.push(at..from);
        }
    }
    found
}

/// Whether a text begins as labels, ids, notes and restrictions do: with two capitals, with a bracket, or with `epa`.
fn may_open(text: &str) -> bool {
    match text.as_bytes() {
        [b'(' | b'[', ..] | [b'e', b'p', b'a', ..] => true,
        [first, second, ..] => first.is_ascii_uppercase() && second.is_ascii_uppercase(),
        _ => false,
    }
}

/// Whether desk-only text begins here: a name in a sign-off ends before it.
pub(super) fn opens_at(text: &str) -> bool {
    let markers = SHOUTS.iter().chain(LABELS).chain(TAILS).chain(NOTES);
    epa_id(text).is_some() || markers.clone().any(|marker| starts_with_marker(text, marker))
}

/// `epa08912345` (R8).
fn epa_id(text: &str) -> Option<usize> {
    let digits = text.strip_prefix("epa").or_else(|| text.strip_prefix("EPA"))?;
    let count = digits.bytes().take_while(u8::is_ascii_digit).count();
    let ends = !digits.get(count..)?.starts_with(char::is_alphanumeric);
    (count >= 6 && ends).then_some(3 + count)
}

fn label_at(text: &str) -> Option<usize> {
    let known = LABELS.iter().find(|label| {
        let head = text.get(..label.len()).unwrap_or_default();
        // Agencies write the labels in capitals, epa its own in small letters.
        let written = head == **label || (head == "epaselect" && **label == "EPASELECT");
        written && ends_word(text, label.len())
    })?;
    Some(known.len())
}

/// `(EDITORS NOTE: ...)` to its bracket, `EDITORS NOTE: ...` to the end.
fn note_at(text: &str) -> Option<usize> {
    let inner = text.strip_prefix(['(', '[']).unwrap_or(text);
    if !NOTES.iter().any(|marker| starts_with_marker(inner, marker)) {
        return None;
    }
    let bracket = text.find([')', ']']).filter(|_| inner.len() < text.len());
    Some(bracket.map_or(text.len(), |at| at + 1))
}

fn shout_at(text: &str) -> Option<usize> {
    let known = SHOUTS.iter().any(|marker| starts_with_marker(text, marker));
    known.then(|| shouted(text))
}

/// How far a text runs on in capitals: to its last full stop before a word with small letters, else to that word.
/// Quoted words are passed over (`MANDATORY CREDIT "Jane Doe"`).
fn shouted(text: &str) -> usize {
    let (mut end, mut stop, mut before_last) = (0, 0, 0);
    let mut quoted = false;
    let mut at = 0;
    for word in text.split_inclusive(char::is_whitespace) {
        let bare = word.trim_end();
        let quotes = bare.chars().filter(|c| matches!(c, '"' | '“' | '”' | '«' | '»')).count();
        let opens = bare.starts_with(['"', '“', '«']);
        let small = bare.chars().any(char::is_lowercase);
        if small && !quoted && !opens {
            return before_prose(text, end, stop, before_last);
        }
        if quotes % 2 == 1 {
            quoted = !quoted;
        }
        if !bare.is_empty() {
            before_last = end;
        }
        at += word.len();
        end = at - (word.len() - bare.len());
        if bare.ends_with(['.', '!', ';', '=']) {
            stop = end;
        }
    }
    // A quotation that never closes would swallow the caption.
    if quoted { text.find(['"', '“', '«']).unwrap_or(end) } else { end }
}

/// The first words of the prose behind may be capitals too (`US President`, `A man`).
fn before_prose(text: &str, end: usize, stop: usize, before_last: usize) -> usize {
    let behind_stop = text.get(stop..).unwrap_or_default().trim_start();
    if stop > 0 && !opens_at(behind_stop) {
        return stop;
    }
    let last = text.get(before_last..end).unwrap_or_default().trim();
    if before_last > 0 && last.chars().count() == 1 { before_last } else { end }
}

fn separators(text: &str) -> usize {
    let rest = text.trim_start_matches(super::is_separator);
    text.len() - rest.len()
}

fn starts_with_marker(text: &str, marker: &str) -> bool {
    text.starts_with(marker) && ends_word(text, marker.len())
}

fn ends_word(text: &str, at: usize) -> bool {
    let last = text.get(..at).and_then(|head| head.chars().next_back());
    let open = last.is_some_and(char::is_alphanumeric);
    !(open && text.get(at..).is_some_and(|rest| rest.starts_with(char::is_alphanumeric)))
}

fn begins_word(text: &str, at: usize) -> bool {
    let before = text.get(..at).and_then(|head| head.chars().next_back());
    !before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '\'' | '’' | '#' | '@'))
}

/// `a banner reading "NO SALES"`: what the picture shows, not what the agency asks.
fn is_quoted(text: &str, at: usize) -> bool {
    text.get(..at).is_some_and(|head| head.ends_with(['"', '“', '«', '‘', '\'', '„']))
}

fn find_folded(text: &str, marker: &str) -> Option<usize> {
    let first = marker.chars().next()?;
    let places = text.char_indices().filter(|(_, c)| c.eq_ignore_ascii_case(&first)).map(|(at, _)| at);
    places.filter(|at| begins_word(text, *at)).find(|at| {
        let rest = text.get(*at..).unwrap_or_default();
        starts_with_folded(rest, marker)
    })
}

fn starts_with_folded(text: &str, marker: &str) -> bool {
    text.get(..marker.len()).is_some_and(|head| head.eq_ignore_ascii_case(marker))
        && ends_word(text, marker.len())
}
