//! The persons whom a file names (R9).

use std::ops::Range;

use super::finding::{Desk, Finding};
use super::reading::Token;
use crate::words::words;

/// How alike (Jaro-Winkler) surnames and whole names are that are one name spelled twice.
const SAME_SURNAME: f64 = 0.85;
const SAME_NAME: f64 = 0.78;

/// A word of the caption as it is compared, and where it stands.
struct Folded {
    text: String,
    start: usize,
    end: usize,
}

pub(super) fn check(desk: &mut Desk<'_, '_>) {
    let Some(facts) = desk.checked.facts.filter(|facts| !facts.persons.is_empty()) else { return };
    let caption = folded(&desk.reading.tokens);
    for person in &facts.persons {
        let name = words(person);
        let surname: Vec<String> = name.last().into_iter().cloned().collect();
        if name.is_empty() || stands(&caption, &name) {
            continue;
        }
        let other = match stands(&caption, &surname) {
            true => match given_alike(&caption, &name) {
                Some(at) => Some(at),
                None => continue,
            },
            false => alike(&caption, &name),
        };
        let finding = match other {
            Some(at) => {
                let seen = desk.reading.slice(at.clone());
                let sentence = format!("The file spells \"{person}\", the caption \"{seen}\".");
                let finding = Finding::new("person_spelled_differently", "R9", sentence);
                finding.at(at.clone()).fix(at, person.trim())
            }
            None => {
                let sentence = format!("The file names \"{person}\", the caption does not.");
                Finding::new("person_missing", "R9", sentence)
            }
        };
        desk.warn(finding);
    }
}

/// The words of the caption, parted as [`words`] parts them.
fn folded(tokens: &[Token<'_>]) -> Vec<Folded> {
    let mut all = Vec::new();
    for token in tokens.iter().filter(|token| token.is_word()) {
        for part in token.text.split(['-', '\u{2010}', '\u{2011}', '.']) {
            let bare = part.strip_suffix("'s").or_else(|| part.strip_suffix("’s")).unwrap_or(part);
            let start = token.start + (part.as_ptr() as usize - token.text.as_ptr() as usize);
            let end = start + bare.len();
            if bare.bytes().all(|b| b.is_ascii_alphanumeric()) {
                all.push(Folded { text: bare.to_ascii_lowercase(), start, end });
            } else {
                all.extend(words(bare).into_iter().map(|text| Folded { text, start, end }));
            }
        }
    }
    all
}

fn stands(caption: &[Folded], wanted: &[String]) -> bool {
    !wanted.is_empty()
        && caption
            .windows(wanted.len())
            .any(|window| window.iter().zip(wanted).all(|(one, word)| one.text == *word))
}

/// Where the family name stands behind a given name that is nearly the file's (`Stefan` for `Stephen`).
fn given_alike(caption: &[Folded], name: &[String]) -> Option<Range<usize>> {
    let (surname, given) = (name.last()?, name.len().checked_sub(2).and_then(|at| name.get(at))?);
    let pair = caption.windows(2).find(|pair| {
        let [before, family] = pair else { return false };
        let (one, other) = (before.text.chars().next(), given.chars().next());
        family.text == *surname
            && before.text != *given
            && one == other
            && before.text.chars().count() > 2
            && strsim::jaro_winkler(&before.text, given) >= SAME_NAME
    })?;
    Some(pair.first()?.start..pair.last()?.end)
}

/// Where a name of as many words stands that is nearly this one.
fn alike(caption: &[Folded], name: &[String]) -> Option<Range<usize>> {
    let whole = name.join(" ");
    let window = caption.windows(name.len().max(1)).find(|window| {
        let surnames = window.last().zip(name.last());
        let joined = window.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
        surnames.is_some_and(|(one, other)| strsim::jaro_winkler(&one.text, other) >= SAME_SURNAME)
            && strsim::jaro_winkler(&joined, &whole) >= SAME_NAME
    })?;
    Some(window.first()?.start..window.last()?.end)
}
