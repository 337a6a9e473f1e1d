//! Checks of a caption's wording (R9, R38).

use unicode_normalization::is_nfc;

use super::SlideDesk;
use crate::credit::contains_credit;
use crate::facts::{PhotoFacts, Place};
use crate::places::stated_place;
use crate::words::{contain, words};

pub(super) fn check(desk: &mut SlideDesk<'_, '_, '_>) {
    let caption = desk.checked.shown.caption.text.clone();
    if caption.is_empty() {
        return;
    }
    check_signs(desk, "caption", &caption);
    if let Some(found) = placeholder(&caption) {
        desk.warn("placeholder", "caption", "R9", format!("\"{found}\" looks like a placeholder."));
    }
    let sentences = crate::sentences::sentences(&caption).len();
    if sentences > 2 {
        let sentence = format!("The caption has {sentences} sentences; two are usual.");
        desk.warn("long_caption", "caption", "R9", sentence);
    }
    if let Some(found) = agency_mark(&caption) {
        desk.warn(
            "agency_mark",
            "caption",
            "R9",
            format!("The agency's mark \"{found}\" is left in the caption."),
        );
    }
    let credit = desk.checked.shown.credit.text.clone();
    if words(&credit).len() > 1 && contains_credit(&caption, &credit) {
        desk.warn(
            "credit_in_caption",
            "caption",
            "R9",
            format!("The credit \"{credit}\" stands in the caption too."),
        );
    }
    if let Some(facts) = desk.checked.facts {
        check_place(desk, facts, &caption);
        check_persons(desk, facts, &caption);
    }
}

/// Signs that were broken on their way, and accents that are typed apart.
pub(super) fn check_signs(desk: &mut SlideDesk<'_, '_, '_>, field: &'static str, text: &str) {
    if let Some(found) = mojibake(text) {
        desk.warn(
            "broken_letters",
            field,
            "R9",
            format!("\"{found}\" looks like letters read in a wrong encoding."),
        );
    }
    if !is_nfc(text) {
        let sentence = "The text has accents apart from their letters (it is not NFC).".to_owned();
        desk.warn("not_nfc", field, "R9", sentence);
    }
}

/// `XXX`, `TK`, `NAME`, `name to come`, empty brackets.
fn placeholder(text: &str) -> Option<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let is_x =
        |word: &str| word.len() >= 3 && word.bytes().all(|b| b.eq_ignore_ascii_case(&b'x')) && word != "xxx";
    let mut known = words.filter(|word| {
        is_x(word) || ["TK", "TKTK", "TKTKTK", "NAME", "LASTNAME", "FIRSTNAME", "TBC", "TBD"].contains(word)
    });
    if let Some(word) = known.next() {
        return Some(word.to_owned());
    }
    let low = text.to_lowercase();
    let phrases = ["name to come", "names to come", "caption to come", "id to come", "lorem ipsum", "????"];
    if let Some(phrase) = phrases.into_iter().find(|phrase| low.contains(phrase)) {
        return Some(phrase.to_owned());
    }
    let dense: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    ["()", "[]", "(?)", "<>"].into_iter().find(|empty| dense.contains(empty)).map(str::to_owned)
}

/// What the firewall takes out where it stands by the agencies' rules, but not inside a sentence (`Epaselect`).
fn agency_mark(text: &str) -> Option<&str> {
    text.split(|c: char| !c.is_alphanumeric()).find(|word| {
        let low = word.to_lowercase();
        let id = low
            .strip_prefix("epa")
            .is_some_and(|rest| rest.len() >= 6 && rest.bytes().all(|b| b.is_ascii_digit()));
        id || ["epaselect", "topshot", "topshots", "tpx"].contains(&low.as_str())
    })
}

/// Windows-1252 signs of the bytes 0x80 to 0x9f; the five unused bytes stand for themselves.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

fn as_windows_1252(c: char) -> Option<u8> {
    if let Some(at) = WINDOWS_1252.iter().position(|known| *known == c) {
        return u8::try_from(at + 0x80).ok();
    }
    u8::try_from(u32::from(c)).ok().filter(|byte| *byte >= 0xa0)
}

/// A run of signs that are UTF-8 read as Windows-1252 (`Ã©` for `é`), or the replacement sign.
fn mojibake(text: &str) -> Option<String> {
    if text.contains('\u{fffd}') {
        return Some('\u{fffd}'.to_string());
    }
    let mut run = String::new();
    let mut bytes = Vec::new();
    for c in text.chars().chain([' ']) {
        if let Some(byte) = as_windows_1252(c) {
            run.push(c);
            bytes.push(byte);
            continue;
        }
        if bytes.len() > 1 && std::str::from_utf8(&bytes).is_ok() {
            return Some(run);
        }
        run.clear();
        bytes.clear();
    }
    None
}

/// The place that the caption states against the places of the facts: some name of theirs must stand in the caption.
fn check_place(desk: &mut SlideDesk<'_, '_, '_>, facts: &PhotoFacts, caption: &str) {
    let Some(stated) = stated_place(caption) else { return };
    let places = facts.locations_shown.iter().chain(&facts.location_created).chain([&facts.place]);
    let names: Vec<&String> = places.flat_map(names_of).filter(|name| !words(name).is_empty()).collect();
    let in_caption = words(caption);
    if names.is_empty() || names.iter().any(|name| contain(&in_caption, &words(name))) {
        return;
    }
    let known = names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(", ");
    let sentence = format!("The caption says \"{}\", the file says \"{known}\".", stated.line);
    desk.warn("place_differs", "caption", "R9", sentence);
}

fn names_of(place: &Place) -> impl Iterator<Item = &String> {
    [&place.sublocation, &place.city, &place.state, &place.country].into_iter().flatten()
}

/// How alike (Jaro-Winkler) surnames and whole names are that are one name spelled twice.
const SAME_SURNAME: f64 = 0.85;
const SAME_NAME: f64 = 0.78;

fn check_persons(desk: &mut SlideDesk<'_, '_, '_>, facts: &PhotoFacts, caption: &str) {
    let in_caption = words(caption);
    for person in &facts.persons {
        let name = words(person);
        let surname: Vec<String> = name.last().into_iter().cloned().collect();
        if name.is_empty() || contain(&in_caption, &name) || contain(&in_caption, &surname) {
            continue;
        }
        let alike_to = |window: &&[String]| {
            let surnames = window.last().zip(name.last());
            surnames.is_some_and(|(one, other)| strsim::jaro_winkler(one, other) >= SAME_SURNAME)
                && strsim::jaro_winkler(&window.join(" "), &name.join(" ")) >= SAME_NAME
        };
        let alike = in_caption.windows(name.len()).find(alike_to).map(|window| window.join(" "));
        let (code, sentence) = match alike {
            Some(other) => (
                "person_spelled_differently",
                format!("The file spells \"{person}\", the caption \"{other}\"."),
            ),
            None => ("person_missing", format!("The file names \"{person}\", the caption does not.")),
        };
        desk.warn(code, "caption", "R9", sentence);
    }
}
