//! Phrases that say where: `in Baghdad, Iraq`, `near the holy city of Najaf`, `outside Wembley Stadium`.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::LazyLock;

use super::super::gazetteer::{is_country, is_people};
use super::super::reading::{Kind, Reading, Token};

/// A phrase of place, in bytes.
pub(super) struct Phrase {
    /// Where its name begins.
    pub(super) start: usize,
    pub(super) end: usize,
    /// From its preposition on.
    pub(super) whole: Range<usize>,
    /// It says of which country it is (`in the Iraqi capital`).
    pub(super) says_people: bool,
    /// Its preposition is one that settlements have.
    pub(super) is_settlement: bool,
    /// It is only near (`near Bakhmut`).
    pub(super) is_near: bool,
}

/// Prepositions that places follow.
#[rustfmt::skip]
static PREPOSITIONS: LazyLock<HashSet<&'static str>> = LazyLock::new(|| HashSet::from([
    "in", "at", "near", "outside", "inside", "around", "across", "along", "on", "over", "above", "off", "through", "throughout",
    "into", "toward", "towards", "to", "between", "beside", "beneath", "under", "behind", "beyond", "past", "via", "within",
    "from", "atop", "opposite", "aboard", "down", "up",
]));

/// What may stand between a preposition and the name.
#[rustfmt::skip]
static BETWEEN: LazyLock<HashSet<&'static str>> = LazyLock::new(|| HashSet::from([
    "the", "a", "an", "his", "her", "their", "its", "central", "downtown", "eastern", "northern", "southern", "western", "north",
    "south", "east", "west", "northeastern", "northwestern", "southeastern", "southwestern", "upper", "lower", "old", "new",
    "occupied", "capital", "city", "town", "village", "hometown", "province", "district", "suburb", "suburbs", "outskirts",
    "island", "region", "state", "county", "port", "neighborhood", "neighbourhood", "borough", "municipality", "department",
    "resort", "center", "centre", "heart", "streets", "of", "holy", "coastal", "border", "besieged", "flooded", "war-torn",
    "rural", "mountain", "historic", "nearby", "main", "industrial", "eastern-most", "area", "territory", "valley", "bay", "coast",
    "shore", "shores", "banks", "river", "lake", "mount", "front", "edge", "beach", "steps", "national", "country's", "nation's",
    "city's", "parts", "part", "top", "side", "foot", "entrance", "gates", "grounds", "village's", "township", "enclave", "home",
    "regional", "provincial", "quarter", "quarters", "streets", "neighbourhoods", "southern-most", "communities", "community", "ski", "medieval", "ancient", "tiny", "small", "remote",
]));

/// Capitalised words that name a time, a feast, a language or a body, and no place.
#[rustfmt::skip]
static NO_PLACES: LazyLock<HashSet<&'static str>> = LazyLock::new(|| HashSet::from([
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december", "jan",
    "feb", "mar", "apr", "jun", "jul", "aug", "sept", "sep", "oct", "nov", "dec", "monday", "tuesday", "wednesday", "thursday",
    "friday", "saturday", "sunday", "christmas", "easter", "ramadan", "eid", "hanukkah", "passover", "halloween", "thanksgiving",
    "diwali", "lent", "ashura", "islam", "christianity", "judaism", "arabic", "english", "french", "german", "spanish", "russian",
    "hebrew", "persian", "farsi", "chinese", "ukrainian", "president", "prime", "gen", "general", "mr", "mrs", "ms", "dr", "sen",
    "rep", "gov", "pope", "king", "queen", "prince", "princess", "congress", "covid-19", "nato", "isis", "daesh", "i", "group", "game",
    "set", "round", "day", "new-year's", "god", "allah", "jesus", "facebook", "twitter", "instagram", "tiktok", "youtube",
]));

/// Words in small letters that go on a name of place (`Wembley stadium`).
#[rustfmt::skip]
static GOES_ON: LazyLock<HashSet<&'static str>> = LazyLock::new(|| HashSet::from([
    "airport", "stadium", "square", "street", "avenue", "hospital", "university", "school", "park", "cemetery", "church", "mosque",
    "museum", "camp", "city", "province", "region", "district", "border", "river", "village", "town", "bridge", "station", "center",
    "centre", "prison", "port", "palace", "beach", "county", "state", "neighborhood", "neighbourhood", "suburb", "island", "islands",
    "airbase", "base", "checkpoint", "crossing", "arena", "market", "hotel", "theater", "theatre", "hall", "tower", "cathedral",
    "temple", "shrine", "governorate", "oblast", "valley", "lake", "coast", "forest", "road", "highway", "plaza", "refugee",
    "international", "railway", "metro", "parliament", "embassy", "consulate", "area", "headquarters", "factory", "plant", "zoo",
]));

/// Small words inside names of places.
#[rustfmt::skip]
static INNER: LazyLock<HashSet<&'static str>> = LazyLock::new(|| HashSet::from([
    "of", "the", "de", "del", "la", "las", "los", "le", "les", "do", "da", "dos", "di", "du", "sur", "am",
    "and", "upon",
]));

/// The phrases of place of an English caption.
pub(super) fn phrases(reading: &Reading<'_>) -> Vec<Phrase> {
    let tokens = &reading.tokens;
    let mut found: Vec<Phrase> = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        let preposition = token.is_word() && PREPOSITIONS.contains(token.low()) && !is_inside(&found, token);
        if preposition && let Some(phrase) = phrase_behind(reading, index) {
            found.push(phrase);
        }
    }
    found.extend(named_with_country(reading));
    found
}

fn is_inside(found: &[Phrase], token: &Token<'_>) -> bool {
    found.last().is_some_and(|phrase| token.start < phrase.end)
}

/// The name behind the preposition at `index`.
fn phrase_behind(reading: &Reading<'_>, index: usize) -> Option<Phrase> {
    let tokens = &reading.tokens;
    let preposition = tokens.get(index)?;
    let mut at = index + 1;
    let mut says_people = false;
    while let Some(token) = tokens.get(at).filter(|_| at - index <= 9) {
        let people = token.is_capital() && is_people(token.low()) && !is_country(token.low());
        let comma = token.is(',') && tokens.get(at - 1).is_some_and(|before| before.low() == "capital");
        let capital_between = ["the", "old", "upper", "lower", "downtown"].contains(&token.low());
        let thing_of = GOES_ON.contains(token.low())
            && tokens.get(at + 1).is_some_and(|next| ["of", "in"].contains(&next.low()));
        let between = thing_of || BETWEEN.contains(token.low()) && (!token.is_capital() || capital_between);
        let owned = token.is_capital()
            && token.low().ends_with("'s")
            && tokens.get(at + 1).is_some_and(|next| BETWEEN.contains(next.low()));
        if owned {
            says_people |= token.low().strip_suffix("'s").is_some_and(is_country);
        }
        if !(people || comma || between || owned) {
            break;
        }
        says_people |= people;
        at += 1;
    }
    let first = tokens.get(at)?;
    if !is_name(reading, first) || is_adjective(tokens, at) {
        return None;
    }
    let end = end_of_names(reading, at);
    Some(Phrase {
        start: first.start,
        end,
        whole: preposition.start..end,
        says_people,
        is_settlement: ["in", "near", "outside"].contains(&preposition.low()),
        is_near: preposition.low() != "in",
    })
}

/// A capitalised word that may be a place's.
fn is_name(reading: &Reading<'_>, token: &Token<'_>) -> bool {
    let low = token.low().strip_suffix("'s").unwrap_or(token.low());
    let article = ["al-", "el-", "ad-", "as-", "ash-", "an-", "ar-", "at-", "az-"];
    let joined = article.iter().find_map(|article| token.text.strip_prefix(article));
    let capital = token.is_capital() || joined.is_some_and(|rest| rest.starts_with(char::is_uppercase));
    token.is_word() && capital && !NO_PLACES.contains(low) && reading.date_at(token.start).is_none()
}

/// `in US airstrikes`: a country's name or people before a thing.
fn is_adjective(tokens: &[Token<'_>], at: usize) -> bool {
    let (Some(token), Some(next)) = (tokens.get(at), tokens.get(at + 1)) else { return false };
    let bare = token.low().trim_end_matches("'s");
    let of_country =
        is_people(bare) || ["us", "u.s", "uk", "u.k", "eu", "un", "u.n", "nato", "usa"].contains(&bare);
    let stop = next.is('.') && tokens.get(at + 2).is_some_and(|word| word.is_word() && !word.is_capital());
    let thing = next.is_word() && !next.is_capital();
    let word = if stop { tokens.get(at + 2) } else { Some(next) };
    let linking = word.is_some_and(|word| {
        GOES_ON.contains(word.low())
            || PREPOSITIONS.contains(word.low())
            || [
                "and", "as", "during", "after", "before", "while", "for", "by", "with", "is", "are", "has",
                "that", "where", "when", "amid", "against", "or", "but", "who", "which",
            ]
            .contains(&word.low())
    });
    let capital_thing = next.is_capital() && is_people(bare) && !is_country(bare);
    of_country && ((thing || stop) && !linking || capital_thing && !GOES_ON.contains(next.low()))
}

/// Where a name ends, with what follows its commas: `Baghdad Airport, Baghdad, Iraq`.
fn end_of_names(reading: &Reading<'_>, from: usize) -> usize {
    let tokens = &reading.tokens;
    let mut end = tokens.get(from).map_or(0, |token| token.end);
    let mut at = from + 1;
    while let Some(token) = tokens.get(at) {
        let next = tokens.get(at + 1);
        if is_name(reading, token) || (token.is_word() && GOES_ON.contains(token.low())) {
            end = token.end;
        } else if INNER.contains(token.low()) {
            let follows = tokens.iter().skip(at + 1).take(2).find(|token| !INNER.contains(token.low()));
            if !follows.is_some_and(|token| is_name(reading, token)) {
                break;
            }
        } else if token.is(',') {
            // A comma too many is another finding.
            if next.is_some_and(|next| next.is(',')) {
                at += 1;
                continue;
            }
            if !next.is_some_and(|next| is_name(reading, next)) {
                break;
            }
        } else if token.is('.') {
            // The full stop of an abbreviation (`Wash.`), or of the initials of one (`D.C.`).
            let goes_on = reading.sentences.iter().all(|sentence| sentence.end != token.end);
            if !goes_on {
                break;
            }
        } else {
            let inner = matches!(token.kind, Kind::Sign('(' | ')' | '-' | '–'));
            if !inner || !next.is_some_and(|next| is_name(reading, next)) {
                break;
            }
        }
        at += 1;
    }
    end
}

/// `Residents of Kyiv, Ukraine`: a name with its country behind a comma says where, whatever stands before it.
fn named_with_country(reading: &Reading<'_>) -> Option<Phrase> {
    reading.tokens.windows(3).find_map(|window| {
        let [name, comma, country] = window else { return None };
        let both =
            (is_name(reading, name) || name.is(']') || name.is(',')) && comma.is(',') && country.is_capital();
        (both && is_country(country.low()) && !is_people(name.low())).then_some(Phrase {
            start: name.start,
            end: country.end,
            whole: name.start..country.end,
            says_people: false,
            is_settlement: false,
            is_near: false,
        })
    })
}

/// A dateline in capitals at the beginning: `BAGHDAD, Iraq (AP) —`, `LONDON - `.
pub(super) fn dateline(reading: &Reading<'_>) -> Option<Range<usize>> {
    let first = reading.tokens.first()?;
    let shouted =
        first.is_word() && first.text.chars().count() > 2 && !first.text.chars().any(char::is_lowercase);
    let file = ["file", "files", "topshot", "tpx", "corrects"].contains(&first.low());
    let closing = reading
        .tokens
        .iter()
        .take(10)
        .find(|token| matches!(token.kind, Kind::Sign('-' | '–' | '—' | '(')))?;
    (shouted && !file).then_some(first.start..closing.start)
}

/// Prepositions of place in the languages whose captions are read; a capital behind them is likely a place.
const OTHERS: &[&str] = &[
    "in",
    "im",
    "bei",
    "am",
    "an",
    "vor",
    "nach",
    "nahe",
    "aus",
    "auf",
    "à",
    "au",
    "aux",
    "en",
    "dans",
    "près",
    "de",
    "sur",
    "cerca",
    "a",
    "nel",
    "nella",
    "presso",
    "em",
    "no",
    "na",
    "nos",
    "nas",
    "te",
    "bij",
    "op",
    "w",
    "we",
    "pod",
    "koło",
    "в",
    "во",
    "на",
    "под",
    "у",
    "около",
    "біля",
    "i",
    "på",
    "ved",
    "nära",
];

/// Whether a text of another language is likely to say where: no alarm where nobody can be sure.
pub(super) fn likely_in_other_languages(reading: &Reading<'_>) -> bool {
    let caseless = reading.text.chars().any(|c| c.is_alphabetic() && !c.is_lowercase() && !c.is_uppercase());
    caseless
        || reading.tokens.windows(3).any(|window| {
            let [one, next, third] = window else { return false };
            let article =
                ["der", "dem", "den", "la", "le", "les", "el", "los", "il", "the", "het", "de", "l", "du"];
            let name = next.is_capital() || (article.contains(&next.low()) && third.is_capital());
            one.is_word() && OTHERS.contains(&one.low()) && name && reading.date_at(next.start).is_none()
        })
}

/// Whether a name is a stadium's or the like (`Baghdad Airport`), by its words.
pub(super) fn names_a_venue(name: &str) -> bool {
    name.split(|c: char| !c.is_alphanumeric()).any(|word| {
        let low = word.to_lowercase();
        GOES_ON.contains(low.as_str())
            && !["city", "town", "village", "island", "islands", "port"].contains(&low.as_str())
    })
}

/// Whether words end with a place: a name behind a preposition of place, at most six words back.
pub(super) fn ends_with_place(tokens: &[Token<'_>]) -> bool {
    let mut names = 0;
    for token in tokens.iter().rev().take(8) {
        let low = token.low();
        if token.is_word() && (token.is_capital() || low.starts_with("al-")) || token.is(',') && names > 0 {
            names += usize::from(token.is_word());
        } else if names > 0
            && ["in", "at", "near", "outside", "inside", "around", "across", "of"].contains(&low)
        {
            return true;
        } else if names > 0 && (BETWEEN.contains(low) || GOES_ON.contains(low))
            || names == 0 && GOES_ON.contains(low)
        {
            names += usize::from(names == 0);
        } else {
            return false;
        }
    }
    false
}
