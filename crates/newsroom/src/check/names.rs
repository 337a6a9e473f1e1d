//! One name spelled in two ways in a story (R9): `Soleimani` in nine captions, `Suleimani` in one.
//!
//! Two words are one name when they are nearly spelled and sound alike, and nothing says that two people are meant:
//! a different name before them, an ending that makes another word of it (`Iraq`, `Iraqi`), two spellings that are both
//! words of their own.

mod spelling;

use std::collections::{BTreeMap, HashSet};
use std::ops::Range;

use super::finding::Finding;
use super::gazetteer::{is_country, is_people};
use super::reading::{Reading, Text, Token};
use super::{CheckReport, CheckedSlide};
use crate::refusal::SlidePlace;
use crate::story::Story;
use spelling::{Likeness, likeness};

/// Where a name stands: which text, and its bytes there.
struct Mention {
    text: usize,
    at: Range<usize>,
}

/// A spelling with all its mentions and the names beside it.
#[derive(Default)]
struct Spelling<'t> {
    written: &'t str,
    mentions: Vec<Mention>,
    /// Names right before it (`Qasem`).
    before: HashSet<String>,
    /// Names right behind it (`Soleimani` behind `Qasem`).
    behind: HashSet<String>,
    /// It begins a sentence each time, so that it may be no name at all.
    begins_only: bool,
}

pub(super) fn check(
    story: &Story,
    slides: &[CheckedSlide<'_>],
    readings: &[Reading<'_>],
    report: &mut CheckReport,
) {
    let texts = [("headline", &story.headline), ("lede", &story.lede), ("body", &story.body)];
    let of_story: Vec<Reading<'_>> =
        texts.iter().map(|(_, text)| Reading::undated(text, &story.language)).collect();
    let all: Vec<&Reading<'_>> = of_story.iter().chain(readings).collect();
    let mut spellings: BTreeMap<String, Spelling<'_>> = BTreeMap::new();
    for (number, reading) in all.iter().enumerate() {
        collect(number, reading, &mut spellings);
    }
    let pairs = differing(&spellings);
    for (rare, usual) in pairs {
        let mut told: HashSet<usize> = HashSet::new();
        for mention in rare.mentions.iter().filter(|mention| told.insert(mention.text)) {
            let Some(reading) = all.get(mention.text) else { continue };
            let seen = reading.slice(mention.at.clone());
            let sentence =
                format!("The story spells this name \"{}\" elsewhere, here \"{seen}\".", usual.written);
            let finding = Finding::new("names_differ", "R9", sentence)
                .at(mention.at.clone())
                .fix(mention.at.clone(), cased(usual.written, seen));
            let warning = match mention.text.checked_sub(texts.len()) {
                Some(index) => {
                    let Some(checked) = slides.get(index) else { continue };
                    let place = SlidePlace { id: checked.slide.id.clone(), number: index + 1 };
                    finding.warning("caption", Some(place), &reading.desk)
                }
                None => {
                    let field = texts.get(mention.text).map_or("headline", |(field, _)| field);
                    finding.warning(field, None, &Text::plain(reading.text, reading.text))
                }
            };
            report.warnings.push(warning);
        }
    }
}

/// The usual spelling in the capitals of the place where it is put.
fn cased(usual: &str, seen: &str) -> String {
    if seen.chars().any(char::is_lowercase) { usual.to_owned() } else { usual.to_uppercase() }
}

/// The capitalised words of a text, by their small letters.
fn collect<'t>(number: usize, reading: &Reading<'t>, spellings: &mut BTreeMap<String, Spelling<'t>>) {
    let starts: HashSet<usize> = reading.sentences.iter().map(|sentence| sentence.start).collect();
    for (index, token) in reading.tokens.iter().enumerate() {
        let Some(name) = name_of(token).filter(|name| name.chars().count() >= 4) else { continue };
        let end = token.start + name.len();
        let key = name.to_lowercase().replace('’', "'");
        let beside = |at: Option<usize>, gap: fn(&Token<'_>, &Token<'_>) -> bool| {
            let near = reading.tokens.get(at?).filter(|near| gap(near, token))?;
            name_of(near).map(str::to_lowercase)
        };
        let close =
            |one: &Token<'_>, other: &Token<'_>| one.end + 1 == other.start || other.end + 1 == one.start;
        let spelling = spellings.entry(key).or_default();
        if spelling.mentions.is_empty() {
            spelling.written = name;
            spelling.begins_only = true;
        }
        spelling.begins_only &= starts.contains(&token.start);
        spelling
            .before
            .extend(beside(index.checked_sub(1), close).filter(|word| !TITLES.contains(&word.as_str())));
        if token.end == end {
            spelling.behind.extend(beside(Some(index + 1), close));
        }
        spelling.mentions.push(Mention { text: number, at: token.start..end });
    }
}

/// A capitalised word without its possessive ending.
fn name_of<'t>(token: &Token<'t>) -> Option<&'t str> {
    let text = token.text;
    let bare = text.strip_suffix("'s").or_else(|| text.strip_suffix("’s")).unwrap_or(text);
    let article = ["al-", "el-", "Al-", "El-"].iter().find_map(|article| bare.strip_prefix(article));
    let capital = token.is_capital() || article.is_some_and(|rest| rest.starts_with(char::is_uppercase));
    (token.is_word() && capital).then_some(bare)
}

/// Words before a name that say nothing of who it is.
#[rustfmt::skip]
const TITLES: &[&str] = &[
    "general", "gen", "president", "minister", "prime", "king", "queen", "prince", "princess", "pope", "mr", "mrs", "ms", "dr", "sen", "senator", "rep", "gov",
    "governor", "mayor", "chancellor", "ayatollah", "sheikh", "imam", "colonel", "col", "captain", "capt", "major", "maj", "lt", "lieutenant", "sgt", "sir", "lady",
    "lord", "saint", "st", "the", "a", "an", "late", "commander", "leader", "supreme", "in", "on", "at", "of", "vice", "foreign", "secretary", "judge", "justice", "coach",
    "officer", "father", "sister", "brother", "mother", "bishop", "archbishop", "cardinal", "rabbi", "admiral", "marshal", "from", "for", "and", "near",
];

/// Pairs of spellings of one name: the rarer first.
fn differing<'s, 't>(
    spellings: &'s BTreeMap<String, Spelling<'t>>,
) -> Vec<(&'s Spelling<'t>, &'s Spelling<'t>)> {
    let mut found = Vec::new();
    let mut by_sound: BTreeMap<char, Vec<(&String, &Spelling<'t>)>> = BTreeMap::new();
    for (key, spelling) in spellings {
        let Some(first) = spelling::first_sound(key) else { continue };
        by_sound.entry(first).or_default().push((key, spelling));
    }
    for alike in by_sound.values() {
        for (index, (one_key, one)) in alike.iter().enumerate() {
            for (other_key, other) in alike.iter().skip(index + 1) {
                if is_one_name((one_key, one), (other_key, other)) {
                    let first = |spelling: &Spelling<'_>| {
                        spelling.mentions.first().map(|mention| (mention.text, mention.at.start))
                    };
                    // The rarer is told; of equals the one that comes later.
                    let rank = |spelling: &Spelling<'_>| {
                        (spelling.mentions.len(), std::cmp::Reverse(first(spelling)))
                    };
                    found.push(if rank(one) < rank(other) { (*one, *other) } else { (*other, *one) });
                }
            }
        }
    }
    found
}

fn is_one_name((one_key, one): (&str, &Spelling<'_>), (other_key, other): (&str, &Spelling<'_>)) -> bool {
    let likeness = likeness(one_key, other_key);
    if likeness == Likeness::Other || one.begins_only && other.begins_only {
        return false;
    }
    let known = |word: &str| is_country(word) || is_people(word);
    if known(one_key) || known(other_key) {
        return false;
    }
    let shared_before =
        one.before.intersection(&other.before).next().is_some() || alike_beside(&one.before, &other.before);
    let shared_behind =
        one.behind.intersection(&other.behind).next().is_some() || alike_beside(&one.behind, &other.behind);
    // Two names before them say that two people are meant.
    let two_people = !one.before.is_empty() && !other.before.is_empty() && !shared_before;
    let two_families = !one.behind.is_empty() && !other.behind.is_empty() && !shared_behind;
    if two_people || two_families {
        return false;
    }
    let beside = shared_before || shared_behind;
    let unsure = one.begins_only || other.begins_only;
    match likeness {
        Likeness::Same => true,
        Likeness::Sound => {
            beside || (!unsure && one_key.chars().count() >= 6 && other_key.chars().count() >= 6)
        }
        Likeness::Near => beside,
        Likeness::Other => false,
    }
}

/// Names beside that are themselves two spellings of one.
fn alike_beside(one: &HashSet<String>, other: &HashSet<String>) -> bool {
    one.iter()
        .any(|one| other.iter().any(|other| matches!(likeness(one, other), Likeness::Same | Likeness::Sound)))
}

#[cfg(test)]
#[path = "names/tests.rs"]
mod tests;
