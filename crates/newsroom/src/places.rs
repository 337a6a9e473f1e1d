//! The place that an agency's caption states before its date (R6-R8): `in Baghdad, Iraq, 2 January 2021`,
//! `City, Region, Country, 01 September 2021. EPA-EFE/NAME`, `WASHINGTON, DC - JANUARY 02: ...`.
//!
//! There is no list of the world's places here, so a place is read only where the grammar leaves little doubt:
//! capitalised words behind a preposition of place, or a sentence that is nothing but place and date. Everything
//! else is `None`, because a wrong place line is worse than an empty one. Languages that inflect the names of places
//! behind a preposition (Russian: `в Багдаде`) are read in the second form only.

use crate::dates::{FoundDate, find_dates};

/// A place and where it stands in the caption, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatedPlace {
    /// Where it begins.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// The place line, such as `Baghdad, Iraq`; a dateline's capitals are lowered (`Washington, DC`).
    pub line: String,
}

/// The place of a caption: the one stated before its first date that has one.
pub fn stated_place(caption: &str) -> Option<StatedPlace> {
    find_dates(caption).iter().find_map(|date| place_before(caption, date))
}

/// The place stated directly before a date.
pub fn place_before(caption: &str, date: &FoundDate) -> Option<StatedPlace> {
    let head = caption.get(..date.start)?;
    if let Some(place) = dateline(caption, head, date) {
        return Some(place);
    }
    let (head, linked) = before_link(head);
    let (skipped, near) = head.split_at_checked(window_start(head))?;
    let sentence = last_sentence(near);
    let german = caption.get(date.start..date.end).is_some_and(has_day_with_stop) || linked == "am";
    let read = read_backwards(near, sentence);
    let place = read.filter(|place| !german || place.parts > 1)?;
    let line = near.get(place.start..)?.to_owned();
    Some(StatedPlace { start: skipped.len() + place.start, end: head.len(), line })
}

/// No place line is longer than this, in bytes; what stands before is not looked at, however long the text.
const WINDOW: usize = 400;

fn window_start(head: &str) -> usize {
    let mut start = head.len().saturating_sub(WINDOW);
    while !head.is_char_boundary(start) {
        start += 1;
    }
    start
}

/// Prepositions that a place follows and that are no part of its name.
const IN: &[&str] = &["in", "at", "im", "à", "au", "aux", "en", "em", "no", "na", "a", "inside"];
/// Prepositions that belong to the place line: the picture was not made in the place itself.
const NEAR: &[&str] = &["near", "outside"];
/// Arabic prepositions of place.
const IN_ARABIC: &[&str] = &["في", "قرب"];
/// Words between place and date (`in Najaf, on 2 January`).
const BEFORE_DATE: &[&str] = &["on", "am", "le", "el", "em", "на", "في", "يوم", "op"];
/// Small words inside the names of places (`Rio de Janeiro`, `Asaib al-Haq`, `Isle of Man`).
const PARTICLES: &[&str] = &[
    "of", "de", "del", "la", "las", "los", "le", "les", "the", "do", "da", "dos", "das", "di", "sur", "am",
    "an", "der",
];
/// Nouns whose `of` introduces a name (`in the holy city of Najaf`, `in his hometown of Kerman`).
const SETTLEMENTS: &[&str] = &[
    "city",
    "town",
    "village",
    "hometown",
    "capital",
    "province",
    "district",
    "suburb",
    "outskirts",
    "island",
    "region",
    "state",
    "county",
    "port",
    "neighborhood",
    "neighbourhood",
    "borough",
    "governorate",
    "municipality",
    "department",
    "resort",
    "center",
    "centre",
    "streets",
];
struct Place {
    start: usize,
    parts: usize,
}

/// Getty's dateline at the very beginning: `CITY, ST - MONTH D: ...` (R38).
fn dateline(caption: &str, head: &str, date: &FoundDate) -> Option<StatedPlace> {
    if head.len() > 120 {
        return None;
    }
    let place = head.trim_end().strip_suffix(['-', '–', '—'])?.trim();
    let closed = caption.get(date.end..)?.trim_start().starts_with([':', ',', '-', '–', '—']);
    let shouted = place.chars().any(char::is_alphabetic) && !place.chars().any(char::is_lowercase);
    if !closed || !shouted || place.chars().any(|c| c.is_ascii_digit() || c == ':') {
        return None;
    }
    let start = head.find(place)?;
    Some(StatedPlace { start, end: start + place.len(), line: lowered(place) })
}

/// `NEW YORK, NY` as `New York, NY`: words of two letters in a part of their own are codes and stay.
fn lowered(place: &str) -> String {
    let parts = place.split(", ").enumerate().map(|(number, part)| {
        if number > 0 && part.chars().filter(|c| c.is_alphabetic()).count() <= 3 {
            return part.to_owned();
        }
        let words = part.split(' ').enumerate().map(|(at, word)| {
            let low = word.to_lowercase();
            if at > 0 && PARTICLES.contains(&low.as_str()) { low } else { capitalised(&low) }
        });
        words.collect::<Vec<_>>().join(" ")
    });
    parts.collect::<Vec<_>>().join(", ")
}

/// Capital at the beginning and behind each hyphen.
fn capitalised(low: &str) -> String {
    let mut capital = true;
    let mut name = String::with_capacity(low.len());
    for c in low.chars() {
        if capital {
            name.extend(c.to_uppercase());
        } else {
            name.push(c);
        }
        capital = c == '-';
    }
    name
}

/// The text without the comma and the small word that join it to the date, and that word.
fn before_link(head: &str) -> (&str, &str) {
    let mut rest = trim_comma(head);
    let mut linked = "";
    while let Some((before, word)) = rest.rsplit_once(char::is_whitespace)
        && BEFORE_DATE.contains(&word)
    {
        linked = word;
        rest = trim_comma(before);
    }
    (rest, linked)
}

fn trim_comma(text: &str) -> &str {
    text.trim_end().trim_end_matches([',', '،']).trim_end()
}

/// Where the last sentence of a text begins, in bytes; what follows a colon or semicolon counts as one.
fn last_sentence(head: &str) -> usize {
    let sentence = crate::sentences::last_start(head);
    head.rfind([';', ':', '\n']).map_or(sentence, |at| sentence.max(at + 1))
}

/// Reads place parts from the end of `head` back to the preposition before them; `sentence` is where to stop.
fn read_backwards(head: &str, sentence: usize) -> Option<Place> {
    let mut end = head.len();
    let mut parts = 0;
    loop {
        let comma = head.get(sentence..end)?.rfind([',', '،']).map(|at| sentence + at);
        let begin = comma.map_or(sentence, |at| {
            at + head.get(at..).and_then(|s| s.chars().next()).map_or(1, char::len_utf8)
        });
        let part = head.get(begin..end)?;
        parts += 1;
        match read_part(part) {
            Part::Name if parts > 4 => return None,
            Part::Name => {}
            Part::Ending(offset) => return Some(Place { start: begin + offset, parts }),
            Part::Prose => return None,
        }
        let Some(comma) = comma else {
            // The sentence is nothing but names: a place when it has two parts or follows another sentence.
            let start = begin + part.len() - part.trim_start().len();
            let alone = sentence > 0 && head.get(..sentence)?.trim_end().ends_with(['.', '!', '?']);
            return alone.then_some(Place { start, parts });
        };
        end = comma;
    }
}

/// What stands between two commas.
enum Part {
    /// Nothing but a name.
    Name,
    /// A preposition and a name, or prose that ends with them: where the name begins.
    Ending(usize),
    /// Something else.
    Prose,
}

fn read_part(part: &str) -> Part {
    let words: Vec<(usize, &str)> = words(part);
    let Some((last, _)) = words.split_last() else { return Part::Prose };
    if last.1.chars().any(is_caseless) {
        return read_caseless(&words);
    }
    let mut name_from = None;
    for (index, (at, word)) in words.iter().enumerate().rev() {
        if words.len() - index > 7 {
            return Part::Prose;
        }
        if is_name(word) {
            name_from = Some(*at);
        } else if PARTICLES.contains(word) && name_from.is_some() && is_inner(&words, index) {
            if *word == "of" && is_settlement(&words, index) {
                return name_from.map_or(Part::Prose, Part::Ending);
            }
        } else if NEAR.contains(word) {
            return name_from.map_or(Part::Prose, |_| Part::Ending(*at));
        } else {
            let place = IN.contains(word) || is_article_of_place(&words, index);
            return name_from.filter(|_| place).map_or(Part::Prose, Part::Ending);
        }
    }
    name_from.map_or(Part::Prose, |_| Part::Name)
}

/// Arabic and other scripts without capitals: `في بغداد`, or a part of at most two words.
fn read_caseless(words: &[(usize, &str)]) -> Part {
    let preposition = words.iter().rposition(|(_, word)| IN_ARABIC.contains(word));
    match preposition {
        Some(index) if (1..=3).contains(&(words.len() - index - 1)) => {
            words.get(index + 1).map_or(Part::Prose, |(at, _)| Part::Ending(*at))
        }
        None if words.len() <= 2 => Part::Name,
        _ => Part::Prose,
    }
}

fn words(part: &str) -> Vec<(usize, &str)> {
    let base = part.as_ptr() as usize;
    part.split_whitespace().map(|word| (word.as_ptr() as usize - base, word)).collect()
}

fn is_caseless(c: char) -> bool {
    c.is_alphabetic() && !c.is_lowercase() && !c.is_uppercase()
}

/// A capitalised word without digits; the Arabic article before a capital counts (`al-Salam`).
fn is_name(word: &str) -> bool {
    let bare = word.trim_start_matches(['"', '\'', '‘', '“', '(']);
    let bare = ["al-", "el-", "ad-", "as-", "ash-", "an-", "ar-", "at-", "az-"]
        .iter()
        .find_map(|article| bare.strip_prefix(article))
        .unwrap_or(bare);
    let capital = bare.chars().next().is_some_and(char::is_uppercase);
    capital && !bare.chars().any(|c| c.is_numeric() || matches!(c, '(' | ')' | '[' | ']' | '/' | '*' | '@'))
}

/// A particle counts inside a name only: a name stands on both sides, or `of` behind a settlement.
fn is_inner(words: &[(usize, &str)], index: usize) -> bool {
    let Some((_, before)) = index.checked_sub(1).and_then(|at| words.get(at)) else { return false };
    is_name(before) || PARTICLES.contains(before) || is_settlement(words, index)
}

fn is_settlement(words: &[(usize, &str)], index: usize) -> bool {
    index.checked_sub(1).and_then(|at| words.get(at)).is_some_and(|(_, word)| SETTLEMENTS.contains(word))
}

/// `in the Gaza Strip`: the article behind a preposition of place.
fn is_article_of_place(words: &[(usize, &str)], index: usize) -> bool {
    let article =
        words.get(index).is_some_and(|(_, word)| ["the", "der", "den", "la", "el", "o"].contains(word));
    let before = index.checked_sub(1).and_then(|at| words.get(at));
    article && before.is_some_and(|(_, word)| IN.contains(word))
}

/// `12. März`: the German way of writing a day; all nouns have capitals there, so one capitalised word is no place.
fn has_day_with_stop(date: &str) -> bool {
    let mut chars = date.chars().skip_while(|c| !c.is_ascii_digit()).skip_while(char::is_ascii_digit);
    chars.next() == Some('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(caption: &str) -> Option<String> {
        stated_place(caption).map(|place| place.line)
    }

    #[test]
    fn reads_the_place_before_the_date() {
        for (caption, expected) in [
            ("People wave flags in a US attack, in Baghdad, Iraq, 2 January 2021.", "Baghdad, Iraq"),
            ("A vigil in Sioux City, Iowa, Tuesday, Jan. 29, 2008. (AP Photo/X)", "Sioux City, Iowa"),
            (
                "A woman carries a portrait of Qasem Soleimani at Baghdad Airport, Baghdad, 2 January 2021, at the site",
                "Baghdad Airport, Baghdad",
            ),
            ("People mourn, in his hometown of Kerman, Iran, 2 January 2021.", "Kerman, Iran"),
            ("in the Wadi al-Salam cemetery, in the holy city of Najaf, on 2 January 2021", "Najaf"),
            (
                "They protest at Baghdad's International Airport on Saturday, 2 January 2021, for",
                "Baghdad's International Airport",
            ),
            ("A man walks. Kyiv, Ukraine, May 2, 2022. REUTERS/X", "Kyiv, Ukraine"),
            ("An attack at Baghdad Airport. Iraq, 2 January 2021.", "Iraq"),
            ("Smoke rises in Rio de Janeiro, Brazil, on 3 May 2020", "Rio de Janeiro, Brazil"),
            ("Soldiers near Bakhmut, Ukraine, 3 March 2023", "near Bakhmut, Ukraine"),
            ("A view of tents in the Gaza Strip, 4 May 2024", "Gaza Strip"),
            ("WASHINGTON, DC - JANUARY 02: People march", "Washington, DC"),
            ("RIO DE JANEIRO, BRAZIL - MAY 3, 2020: People", "Rio de Janeiro, Brazil"),
            ("Menschen in Bagdad, Irak, am 12. März 2022", "Bagdad, Irak"),
            ("Des gens à Paris, France, le 2 janvier 2021", "Paris, France"),
            ("مشيعون في بغداد، العراق، ٢ يناير ٢٠٢١", "بغداد، العراق"),
        ] {
            assert_eq!(place(caption).as_deref(), Some(expected), "{caption}");
        }
    }

    #[test]
    fn is_silent_where_it_would_guess() {
        for caption in [
            "Joe Biden meets Ali Khamenei, 2 January 2021",
            "Joe Biden, 2 January 2021",
            "shakes hands with Joe Biden, Kamala Harris, 2 January 2021",
            "of the first anniversary, 2 January 2021",
            "Die Polizei in Uniform am 2. Januar 2022",
            "Люди в Багдаде, 2 января 2021",
            "on 2 January 2021",
            "2 January 2021",
            "no date in Baghdad, Iraq",
        ] {
            assert_eq!(place(caption), None, "{caption}");
        }
    }

    #[test]
    fn the_position_is_that_of_the_place_in_the_caption() {
        let caption = "Trauer in Köln, Deutschland, 12.03.2022";
        let found = stated_place(caption).unwrap();
        assert_eq!(&caption[found.start..found.end], "Köln, Deutschland");
    }

    #[test]
    fn any_cut_of_a_caption_is_read_without_a_fault() {
        let caption = "في بغداد، العراق، ٢ يناير ٢٠٢١ in the holy city of Nájaf, on 2 January 2021. A - MAY 2: ,, 1 May 2020";
        for (start, _) in caption.char_indices() {
            let text = &caption[start..];
            if let Some(found) = stated_place(text) {
                assert!(text.get(found.start..found.end).is_some());
            }
        }
    }
}
