//! The wordings of restrictions, as data, and how they are found.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use super::{Restriction, RestrictionKind};
use RestrictionKind as Kind;

/// Whether small letters count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Case {
    /// Text for editors.
    Any,
    /// Text for readers: only capitals are an order.
    Capitals,
}

/// Words in a row; `|` parts alternatives of one word, `?` marks a word that may be missing.
#[rustfmt::skip]
const WORDINGS: &[(Kind, &str)] = &[
    (Kind::NotForPublication, "NOT FOR PUBLICATION"),
    (Kind::NotForPublication, "NOT FOR USE"),
    (Kind::NoSales, "NO SALES|SALE"),
    (Kind::NoSales, "NO RESALES|RESALE"),
    (Kind::NoSales, "NO RE SALES|SALE"),
    (Kind::NoSales, "NO THIRD PARTY SALES"),
    (Kind::NoSales, "NOT FOR SALE|RESALE"),
    (Kind::NoCommercial, "NO COMMERCIAL"),
    (Kind::NoCommercial, "NOT FOR COMMERCIAL"),
    (Kind::NoCommercial, "NON COMMERCIAL USE"),
    (Kind::OutletOut, "MAGS|MAGAZINES|MAGAZINE|TV|TELEVISION|ONLINE|INTERNET|WEB|TABLOIDS|NEWSPAPERS OUT"),
    (Kind::OutletOut, "NO ONLINE|INTERNET|WEB|TV|MAGS|MAGAZINES|MOBILE USE?"),
    (Kind::OneTimeUse, "ONE TIME USE"),
    (Kind::OneTimeUse, "SINGLE USE ONLY?"),
    (Kind::ClientsOnly, "CLIENTS|SUBSCRIBERS|MEMBERS ONLY"),
    (Kind::NoLicensing, "NO LICENSING|LICENCING|LICENSES"),
    (Kind::NoArchives, "NO ARCHIVES|ARCHIVE|ARCHIVING|ARCHIVAL|STORAGE"),
    (Kind::NoCropping, "NO CROPPING|CROPS|CROP"),
    (Kind::NoCropping, "DO NOT CROP"),
    (Kind::ThirdParty, "BY A THIRD PARTY"),
    (Kind::ThirdParty, "NO THIRD PARTY USE|RIGHTS"),
    (Kind::Advisory, "ADVISORY"),
    (Kind::StorySpecific, "ONLY BE USED FOR 14 DAYS"),
    (Kind::StorySpecific, "14 DAYS FROM THE? TIME OF TRANSMISSION"),
    (Kind::StorySpecific, "HONS"),
    (Kind::MandatoryCredit, "MANDATORY CREDIT|CREDITS"),
    (Kind::EditorialUseOnly, "EDITORIAL USE ONLY"),
    (Kind::EditorialUseOnly, "RESTRICTED TO EDITORIAL USE"),
    (Kind::EditorialUseOnly, "NO MARKETING"),
    (Kind::EditorialUseOnly, "NO ADVERTISING|ADVERTISEMENTS"),
    (Kind::EditorialUseOnly, "DISTRIBUTED AS A SERVICE TO CLIENTS"),
    (Kind::Handout, "HANDOUT"),
];

/// Words before `OUT` that make no territory of it (`SOLD OUT`, `SEE CUT OUT`).
const NO_TERRITORY: &[&str] = &[
    "SOLD", "FIND", "CARRY", "CHECK", "CUT", "TIME", "WATCH", "POINT", "LOOK", "BLACK", "WORK", "TRY", "GO",
    "GET", "RUN", "COME", "IN", "IS", "AND", "WAY", "TURN", "TAKE", "DROP", "KEEP", "STAY", "BREAK", "RULED",
    "RULE", "MOVE", "PULL", "PULLED", "VOTE", "VOTED", "WALK", "THEM", "HIM", "IT", "US", "THROW",
];

/// The words that a wording may begin with: most words of a text are none of them.
static FIRST_WORDS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| {
    let firsts = WORDINGS.iter().filter_map(|(_, wording)| wording.split(' ').next());
    firsts.flat_map(|first| first.trim_end_matches('?').split('|')).collect()
});

struct Word<'t> {
    text: &'t str,
    upper: String,
    start: usize,
    end: usize,
}

/// Reads a field's text and adds what it restricts.
pub(super) fn read(text: &str, case: Case, field: &'static str, found: &mut Vec<Restriction>) {
    let words = words(text);
    let sentences = crate::sentences::sentences(text);
    for (at, first) in words.iter().enumerate() {
        let opens = FIRST_WORDS.contains(first.upper.as_str());
        if !opens && words.get(at + 1).is_none_or(|next| next.text != "OUT") {
            continue;
        }
        let wordings = WORDINGS.iter().filter_map(|(kind, wording)| Some((*kind, fit(&words, at, wording)?)));
        let territory = territory(&words, at).map(|past| (Kind::CountryOut, past));
        for (kind, past) in wordings.chain(territory) {
            let Some(run) = words.get(at..past) else { continue };
            let shouted = run.iter().all(|word| !word.text.chars().any(char::is_lowercase));
            if case == Case::Capitals && !shouted {
                continue;
            }
            let Some((first, last)) = run.first().zip(run.last()) else { continue };
            let source_text = sentence(text, &sentences, first.start, last.end);
            if !found.iter().any(|known| known.kind == kind && known.source_text == source_text) {
                found.push(Restriction { kind, source_text, field });
            }
        }
    }
}

fn words(text: &str) -> Vec<Word<'_>> {
    let mut words = Vec::new();
    let mut start = None;
    for (at, c) in text.char_indices().chain([(text.len(), ' ')]) {
        match (c.is_alphanumeric(), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                let word = text.get(from..at).unwrap_or_default();
                words.push(Word { text: word, upper: word.to_uppercase(), start: from, end: at });
                start = None;
            }
            _ => {}
        }
    }
    words
}

/// Where a wording that begins at a word ends.
fn fit(words: &[Word<'_>], at: usize, wording: &str) -> Option<usize> {
    let mut next = at;
    for wanted in wording.split(' ') {
        let (optional, wanted) = wanted.strip_suffix('?').map_or((false, wanted), |wanted| (true, wanted));
        let here = words.get(next).is_some_and(|word| wanted.split('|').any(|one| one == word.upper));
        if here {
            next += 1;
        } else if !optional {
            return None;
        }
    }
    Some(next)
}

/// `GERMANY OUT`, `AUSTRALIA AND NEW ZEALAND OUT`, `GER OUT`: capitals only, so that no verb is meant.
fn territory(words: &[Word<'_>], at: usize) -> Option<usize> {
    let (name, out) = (words.get(at)?, words.get(at + 1)?);
    let outlet = [
        "MAGS",
        "MAGAZINES",
        "MAGAZINE",
        "TV",
        "TELEVISION",
        "ONLINE",
        "INTERNET",
        "WEB",
        "TABLOIDS",
        "NEWSPAPERS",
    ];
    let is_name = name.text.chars().all(char::is_uppercase) && name.text.chars().count() > 1;
    let other = NO_TERRITORY.contains(&name.text) && name.text != "US" || outlet.contains(&name.text);
    (out.text == "OUT" && is_name && !other).then_some(at + 2)
}

/// The sentence or line around a wording, at most 300 characters.
fn sentence(text: &str, sentences: &[Range<usize>], start: usize, end: usize) -> String {
    let around = sentences.iter().find(|range| range.start <= start && end <= range.end).cloned();
    let whole = around.and_then(|range| text.get(range)).or_else(|| text.get(start..end)).unwrap_or_default();
    let offset = whole.as_ptr() as usize - text.as_ptr() as usize;
    let line_start =
        whole.get(..start.saturating_sub(offset)).and_then(|head| head.rfind('\n')).map_or(0, |at| at + 1);
    let line_end =
        whole.get(end.saturating_sub(offset)..).and_then(|tail| tail.find('\n')).map(|at| at + end - offset);
    let line = whole.get(line_start..line_end.unwrap_or(whole.len())).unwrap_or(whole).trim();
    if line.chars().count() <= 300 {
        return line.to_owned();
    }
    let wording = text.get(start..end).unwrap_or_default();
    let behind: String = text.get(end..).unwrap_or_default().chars().take(200).collect();
    format!("{wording}{behind}…").chars().take(300).collect()
}
