//! The sign-off at a caption's end (R6-R8, R10): `(AP Photo/Name)`, `(Photo by Name / AFP)`, `REUTERS/Name`,
//! `EPA-EFE/NAME`, `Name/Org/Handout via REUTERS`, `(Name/Source via AP)`, `(Photo by Name/Getty Images)`, `Foto: Name`,
//! `Mandatory Credit: Name-Agency`, which is a demand too.

use std::ops::Range;

use super::desk;
use crate::credit::{MANDATORY, demanded};

/// A sign-off and where it stands.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Signoff {
    /// Where the caption before it ends: before other credits that stand beside it.
    pub(super) caption_end: usize,
    /// Where it begins, its bracket included.
    pub(super) start: usize,
    /// Behind its end.
    pub(super) past: usize,
    /// Its text without brackets and closing full stop.
    pub(super) credit: String,
    /// The words that demand it together with it: `Mandatory Credit: Name`.
    pub(super) demand: Option<String>,
}

/// Sources that sign with their name and a slash.
#[rustfmt::skip]
const AGENCIES: &[&str] = &[
    "AP", "AFP", "Reuters", "EPA", "EPA-EFE", "EFE", "Getty", "Getty Images", "Getty Images/AFP", "Xinhua", "TASS",
    "Sputnik", "RIA Novosti", "dpa", "picture alliance", "APA", "ANSA", "ANP", "Belga", "Keystone", "TT", "NTB", "Ritzau",
    "PA", "PA Wire", "PA Media", "PA Images", "Press Association", "UPI", "Bloomberg", "Anadolu", "Anadolu Agency", "AA",
    "Yonhap", "Kyodo", "Kyodo News", "Jiji", "CTK", "PAP", "MTI", "Lusa", "Tanjug", "BELTA", "UNIAN", "Ukrinform", "KCNA",
    "IRNA", "ISNA", "SANA", "WAFA", "WANA", "MAP", "NurPhoto", "SIPA", "SIPA USA", "Abaca", "ZUMA", "ZUMA Press",
    "Pool", "Pool Photo", "NASA", "ESA", "NOAA", "USGS", "The Canadian Press", "AAP", "AAP Image", "NZME", "Magnum",
    "Magnum Photos", "Redux", "VII", "Agence VU", "Imago", "IMAGO", "Alamy", "Shutterstock", "Rex", "Maxar", "Maxar Technologies",
    "Planet Labs", "The New York Times", "The Washington Post", "Los Angeles Times", "The Guardian", "EyeEm", "LaPresse",
];

/// Words that introduce a credit, at the beginning of a bracket, a line or the last sentence.
#[rustfmt::skip]
const LABELS: &[&str] = &[
    "AP Photo", "AFP PHOTO", "AFP Photo", "Photo by", "Photos by", "PHOTO BY", "Photograph by", "Photograph:", "Photo:",
    "PHOTO:", "Photo courtesy", "Courtesy of", "Courtesy:", "Picture by", "Picture:", "Image by", "Image:", "Image courtesy",
    "Credit:", "CREDIT:", "Photo credit:", "Foto:", "FOTO:", "Foto von", "Foto de", "Fotografía:", "Bild:", "Photo de",
    "Photo par", "Crédit photo", "Crédit :", "Crédit:", "Фото:", "تصوير:", "الصورة:", "Handout photo by", "Pool photo by",
    "Pool Photo by",
];

/// Marks that begin a sign-off without brackets.
const MARKS: &[&str] = &[
    "REUTERS/",
    "Reuters/",
    "REUTERS /",
    "EPA-EFE/",
    "EPA-EFE /",
    "EPA/",
    "AP Photo/",
    "AFP PHOTO",
    "AFP/",
    "Xinhua/",
];

/// Agencies that pass on what others made (`Name/Org/Handout via REUTERS`).
const VIA: &[&str] = &[
    "via REUTERS",
    "via Reuters",
    "via AP",
    "via AFP",
    "via EPA-EFE",
    "via EPA",
    "via Getty Images",
    "via Xinhua",
];

/// The longest credit in characters; what is longer is prose.
const LONGEST: usize = 200;

/// The caption's sign-off: the last one in brackets, or the first one without, whichever begins earlier.
pub(super) fn find(text: &str) -> Option<Signoff> {
    let bracketed = bracketed(text);
    let inside = bracketed.as_ref().map_or(text.len()..text.len(), |found| found.start..found.past);
    let plain = [marked(text, &inside), labelled(text)].into_iter().flatten().min_by_key(|found| found.start);
    let open = [mandatory(text), plain].into_iter().flatten().min_by_key(|found| found.caption_end);
    let open = open.or_else(|| via(text));
    match (bracketed, open) {
        (Some(one), Some(other)) => {
            let demanded = other.demand.is_some() && other.caption_end <= one.start;
            Some(if one.start <= other.start && !demanded { one } else { other })
        }
        (one, other) => one.or(other),
    }
}

fn bracketed(text: &str) -> Option<Signoff> {
    let groups = brackets(text);
    let last = groups.iter().rposition(|group| credit_in(text, group).is_some())?;
    let group = groups.get(last)?;
    // `(Photo by Name / AFP) (Photo by Name/AFP via Getty Images)`: the last one is the sign-off.
    let mut caption_end = group.start;
    for other in groups.get(..last)?.iter().rev() {
        let apart = text.get(other.end..caption_end)?.chars().any(char::is_alphanumeric);
        if apart || credit_in(text, other).is_none() {
            break;
        }
        caption_end = other.start;
    }
    Some(Signoff {
        caption_end,
        start: group.start,
        past: group.end,
        credit: credit_in(text, group)?,
        demand: None,
    })
}

fn credit_in(text: &str, group: &Range<usize>) -> Option<String> {
    let content = text.get(group.start + 1..group.end - 1)?.trim();
    let last = !text.get(group.end..)?.chars().any(char::is_alphanumeric);
    is_credit(content, last).then(|| closed(content))
}

/// Outermost `( ... )` and `[ ... ]`, brackets included.
fn brackets(text: &str) -> Vec<Range<usize>> {
    let mut pairs: Vec<Range<usize>> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for (at, c) in text.char_indices() {
        match c {
            '(' | '[' => open.push(at),
            ')' | ']' => {
                if let Some(start) = open.pop() {
                    // Those inside are of no account; one that is never closed swallows nothing.
                    pairs.retain(|pair| pair.start < start);
                    pairs.push(start..at + 1);
                }
            }
            _ => {}
        }
    }
    pairs
}

/// Whether the text in brackets is a credit. `(C)`, `(L)`, `(PMF)` are none.
fn is_credit(content: &str, last: bool) -> bool {
    if content.chars().count() > LONGEST || !content.chars().any(char::is_alphabetic) {
        return false;
    }
    let labelled = LABELS.iter().any(|label| starts_with(content, label));
    let passed_on = VIA.iter().any(|via| ends_with(content.trim_end_matches('.'), via));
    let parts: Vec<&str> = content.split(['/', ',']).map(str::trim).collect();
    let signed = parts.len() > 1
        && parts.iter().any(|part| AGENCIES.iter().any(|agency| part.eq_ignore_ascii_case(agency)))
        && content.contains('/');
    let agency = last && ["AP", "AFP", "Reuters", "REUTERS", "Xinhua", "dpa", "TASS"].contains(&content);
    labelled || passed_on || signed || agency
}

/// `REUTERS/Jane Doe`, `EPA-EFE/JANE DOE`, `AFP PHOTO / JANE DOE`, not inside the bracket given.
fn marked(text: &str, bracket: &Range<usize>) -> Option<Signoff> {
    let begins =
        text.char_indices().filter(|(at, c)| matches!(c, 'R' | 'E' | 'A' | 'X') && !bracket.contains(at));
    let mut places: Vec<(usize, &str)> = begins
        .flat_map(|(at, _)| {
            let rest = text.get(at..).unwrap_or_default();
            MARKS.iter().filter(move |mark| rest.starts_with(**mark)).map(move |mark| (at, *mark))
        })
        .collect();
    places.sort_by_key(|(at, mark)| (*at, std::cmp::Reverse(mark.len())));
    let mut found = places.into_iter().filter_map(|(at, mark)| {
        let before = text.get(..at)?;
        if before.ends_with(|c: char| c.is_alphanumeric() || c == '/') {
            return None;
        }
        let past = name_end(text, at + mark.len())?;
        let credit = closed(text.get(at..past)?);
        Some(Signoff { caption_end: at, start: at, past, credit, demand: None })
    });
    let first = found.next()?;
    // `in a photo by REUTERS/Jane Doe, hang from a cable`: the sentence goes on, and the sign-off comes later.
    let goes_on = |one: &Signoff| {
        let behind = text.get(one.past..).unwrap_or_default().strip_prefix(',');
        behind.is_some_and(|rest| rest.trim_start().starts_with(char::is_lowercase))
    };
    if !goes_on(&first) {
        return Some(first);
    }
    Some(found.find(|one| !goes_on(one)).unwrap_or(first))
}

/// Where the names behind a mark end; `None` when prose goes on there.
fn name_end(text: &str, from: usize) -> Option<usize> {
    let mut end = from;
    let mut named = false;
    let mut rest = text.get(from..)?;
    for _ in 0..16 {
        let word_at = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let body = rest.get(word_at..)?;
        let length = body.find(char::is_whitespace).unwrap_or(body.len());
        let word = body.get(..length)?;
        if word.is_empty() || desk::opens_at(body) || word.starts_with(['(', '[', '=']) {
            break;
        }
        let bare = word.trim_end_matches([',', '.', ';']);
        if !is_name_word(bare) {
            let prose = bare.chars().next().is_some_and(char::is_lowercase);
            return (!prose && named).then_some(end);
        }
        named |= bare.chars().any(char::is_alphabetic);
        end = text.len() - rest.len() + word_at + bare.len();
        let initial = bare.chars().count() <= 2 || matches!(bare, "Jr" | "Sr" | "St" | "Dr" | "Sgt" | "Cpl");
        if word.len() > bare.len() && !(initial && word.ends_with('.')) {
            break;
        }
        rest = body.get(length..)?;
    }
    named.then_some(end)
}

fn is_name_word(word: &str) -> bool {
    let small = [
        "de", "da", "di", "del", "der", "van", "von", "den", "bin", "al", "el", "la", "le", "via", "for",
        "of", "the", "and", "dos", "ter", "ben",
    ];
    let capital = word.chars().find(|c| c.is_alphabetic()).is_some_and(|c| !c.is_lowercase());
    let joiner = !word.is_empty() && word.chars().all(|c| matches!(c, '/' | '-' | '–' | '&' | '|'));
    capital
        || joiner
        || small.contains(&word)
        || word.contains('/')
        || word.starts_with("al-")
        || word.starts_with("el-")
}

/// `Name/Org/Handout via REUTERS` without brackets: from the beginning of its sentence.
fn via(text: &str) -> Option<Signoff> {
    let places = VIA.iter().flat_map(|via| text.match_indices(via));
    let (at, mark) = places.max_by_key(|(at, via)| (*at, via.len()))?;
    let past = at + mark.len();
    if text.get(past..)?.starts_with(|c: char| c.is_alphanumeric() || c == '-') {
        return None;
    }
    let start = sentence_start(text.get(..at)?);
    let credit = text.get(start..past)?;
    let names = credit.contains('/') || credit.contains("andout") || credit.contains("ourtesy");
    let capital = credit.chars().next().is_some_and(|c| !c.is_lowercase());
    let short = credit.chars().count() <= LONGEST;
    let outside = credit.matches('(').count() == credit.matches(')').count();
    (names && capital && short && outside).then(|| Signoff {
        caption_end: start,
        start,
        past,
        credit: closed(credit),
        demand: None,
    })
}

/// `Mandatory Credit: Name-Agency` behind the caption, in any case, with nothing but text for the desk behind it.
fn mandatory(text: &str) -> Option<Signoff> {
    let places = text.char_indices().map(|(at, _)| at);
    let places = places.filter(|at| {
        text.get(*at..*at + MANDATORY.len()).is_some_and(|it| it.eq_ignore_ascii_case(MANDATORY))
    });
    places.filter(|at| stands_apart(text, *at)).find_map(|at| {
        let rest = text.get(at + MANDATORY.len()..)?;
        let rest = rest.strip_prefix(['S', 's']).unwrap_or(rest);
        if !rest.trim_start().starts_with([':', '-', '–', '—', '=', '"', '“', '«']) {
            return None;
        }
        let bracket = text.get(..at)?.trim_end().strip_suffix(['(', '[']).map(str::len);
        let inside = bracket.and_then(|_| rest.find([')', ']'])).and_then(|end| rest.get(..end));
        let named = demanded(inside.unwrap_or(rest));
        let credit = closed(named);
        if !credit.chars().any(char::is_alphabetic) || credit.chars().count() > LONGEST {
            return None;
        }
        let start = named.as_ptr() as usize - text.as_ptr() as usize;
        let past = start + named.len();
        let behind =
            text.get(past..)?.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '(' && c != '[');
        let quote =
            text.get(past..)?.chars().next().filter(|c| matches!(c, '"' | '”' | '»' | '“' | '\'' | '’'));
        let demand = text.get(at..past + quote.map_or(0, char::len_utf8))?.to_owned();
        let caption_end = bracket.unwrap_or(at);
        (behind.is_empty() || desk::opens_at(behind)).then_some(Signoff {
            caption_end,
            start,
            past,
            credit,
            demand: Some(demand),
        })
    })
}

/// Whether a demand begins here: at the beginning of a sentence, line or bracket, or behind a dash that ends prose; not
/// inside restrictions that run on in capitals.
fn stands_apart(text: &str, at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    let line = before.trim_end_matches([' ', '\t']);
    match line.chars().next_back() {
        None => true,
        Some('-' | '–' | '—' | '/' | '|' | ',' | ';') => {
            let word =
                line.trim_end_matches(|c: char| !c.is_alphanumeric()).rsplit(char::is_whitespace).next();
            word.is_some_and(|word| word.chars().any(char::is_lowercase))
        }
        Some(last) => !last.is_alphanumeric(),
    }
}

/// `Photo by Name/Getty Images`, `Foto: Name/dpa` as the last sentence or line.
fn labelled(text: &str) -> Option<Signoff> {
    let end = text.trim_end().len();
    let line = text.get(..end)?.rfind('\n').map_or(0, |at| at + 1);
    let sentence = sentence_start(text.get(..end)?);
    [sentence, line].into_iter().find_map(|start| {
        let raw = text.get(start..end)?;
        let start = start + raw.len() - raw.trim_start().len();
        let credit = raw.trim();
        let label = LABELS.iter().any(|label| starts_with(credit, label));
        let short =
            label && credit.chars().count() <= LONGEST && crate::sentences::sentences(credit).len() == 1;
        let credit = closed(credit);
        (short && label).then_some(Signoff { caption_end: start, start, past: end, credit, demand: None })
    })
}

fn sentence_start(text: &str) -> usize {
    let sentence = crate::sentences::last_start(text);
    let line = text.rfind('\n').map_or(0, |at| at + 1);
    let start = sentence.max(line);
    let rest = text.get(start..).unwrap_or_default();
    start + rest.len() - rest.trim_start().len()
}

fn starts_with(text: &str, label: &str) -> bool {
    let open = label.ends_with(char::is_alphanumeric);
    text.strip_prefix(label).is_some_and(|rest| !(open && rest.starts_with(char::is_alphanumeric)))
}

fn ends_with(text: &str, label: &str) -> bool {
    text.strip_suffix(label).is_some_and(|head| head.ends_with([' ', '/']))
}

/// Single spaces, without the full stop at the end (but for an initial or `Jr.`) and without a lonely `Credit:`.
fn closed(credit: &str) -> String {
    let line = credit.split_whitespace().collect::<Vec<_>>().join(" ");
    let stopped = line.strip_suffix('.').filter(|head| !head.ends_with(" Jr") && !head.ends_with(" Sr"));
    let text = stopped.unwrap_or(&line).trim_end_matches([',', ';']);
    text.to_owned()
}
