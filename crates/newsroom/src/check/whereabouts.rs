//! Where a picture was made, as its caption says it (R6-R9): whether it does, whether with a country, whether it is the
//! place of the file.

mod phrases;

use std::ops::Range;

use super::english::{Verdict, judge};
use super::finding::{Desk, Finding};
use super::gazetteer::{any_name, is_code, is_country, is_dateline_city};
use super::reading::{Reading, Token};
use crate::facts::{PhotoFacts, Place};
use crate::places::{StatedPlace, place_before};
use crate::style::{House, HouseStyle};
use crate::words::{contain, words};
use phrases::{Phrase, phrases};

pub(super) fn check(desk: &mut Desk<'_, '_>, style: &HouseStyle) {
    let reading = desk.reading;
    let facts = desk.checked.facts;
    let wanted = style.place || style.country;
    if !wanted && facts.is_none() {
        return;
    }
    let stated = reading.dates.iter().find_map(|date| place_before(reading.text, date));
    let found = if reading.is_english() { phrases(reading) } else { Vec::new() };
    let mut findings = Vec::new();
    if style.place && !says_where(reading, stated.as_ref(), &found, facts) {
        let sentence = "The caption does not say where the picture was made.";
        findings.push(Finding::new("place_missing", "R6", sentence));
    }
    if style.country && reading.is_english() {
        findings.extend(country_missing(reading, stated.as_ref(), &found, (style.house, facts)));
    }
    if let Some(facts) = facts {
        findings.extend(place_differs(reading, stated.as_ref(), &found, facts));
    }
    for finding in findings {
        desk.warn(finding);
    }
}

fn says_where(
    reading: &Reading<'_>,
    stated: Option<&StatedPlace>,
    found: &[Phrase],
    facts: Option<&PhotoFacts>,
) -> bool {
    stated.is_some()
        || !found.is_empty()
        || phrases::dateline(reading).is_some()
        || facts
            .is_some_and(|facts| file_names(facts).iter().any(|name| contain(reading.folded(), &words(name))))
        || (!reading.is_english() && phrases::likely_in_other_languages(reading))
}

/// A place without country or state; the one before the date, else the first behind `in` or `near`.
fn country_missing(
    reading: &Reading<'_>,
    stated: Option<&StatedPlace>,
    found: &[Phrase],
    (house, facts): (House, Option<&PhotoFacts>),
) -> Option<Finding> {
    let place: Range<usize> = match stated {
        Some(stated) => stated.start..stated.end,
        None => {
            let first = found.iter().find(|phrase| phrase.is_settlement)?;
            first.start..first.end
        }
    };
    let alone = |range: &Range<usize>| house == House::Ap && says(reading, range, is_dateline_city);
    let mut all = found.iter().map(|phrase| phrase.whole.clone()).chain([place.clone()]);
    if all.any(|range| has_country(reading, &range) || alone(&range)) {
        return None;
    }
    // `in the Iraqi capital, Baghdad`
    if found.iter().any(|phrase| phrase.says_people) {
        return None;
    }
    let country = facts.and_then(|facts| country_of(facts));
    if country.is_some_and(|country| contain(reading.folded(), &words(country))) {
        return None;
    }
    let seen = reading.slice(place.clone());
    let sentence = format!("\"{seen}\" is named without its country or state.");
    let mut finding = Finding::new("country_missing", "R6, R7", sentence).at(place.clone());
    if let Some(country) = country {
        let closed = reading.slice(place.end..reading.text.len()).starts_with([',', '.', ';', ':', ')']);
        let comma = if closed { "" } else { "," };
        finding = finding.fix(place.end..place.end, format!(", {country}{comma}"));
    }
    Some(finding)
}

/// Whether a country or a state is named there.
fn has_country(reading: &Reading<'_>, range: &Range<usize>) -> bool {
    let code = reading.tokens_in(range).iter().any(|token| is_code(token.text));
    code || says(reading, range, is_country)
}

fn says(reading: &Reading<'_>, range: &Range<usize>, test: fn(&str) -> bool) -> bool {
    let inside: Vec<&str> = reading
        .tokens_in(range)
        .iter()
        .filter(|token| token.is_word())
        .map(|token| token.low().strip_suffix("'s").unwrap_or(token.low()))
        .collect();
    any_name(&inside, test)
}

fn country_of(facts: &PhotoFacts) -> Option<&str> {
    all_places(facts)
        .filter_map(|place| place.country.as_deref())
        .map(str::trim)
        .find(|country| !country.is_empty())
}

fn all_places(facts: &PhotoFacts) -> impl Iterator<Item = &Place> {
    facts.locations_shown.iter().chain(&facts.location_created).chain([&facts.place])
}

fn file_names(facts: &PhotoFacts) -> Vec<&String> {
    all_places(facts).flat_map(names_of).filter(|name| !words(name).is_empty()).collect()
}

fn names_of(place: &Place) -> impl Iterator<Item = &String> {
    [&place.sublocation, &place.city, &place.state, &place.country].into_iter().flatten()
}

/// The place that the caption states against the places of the facts. A city of the file wants a name that the caption
/// has; a caption that says less (`in northern Iraq`) or more (`at a stadium`) than the file agrees with it.
fn place_differs(
    reading: &Reading<'_>,
    stated: Option<&StatedPlace>,
    found: &[Phrase],
    facts: &PhotoFacts,
) -> Option<Finding> {
    let names = file_names(facts);
    let stands = |name: &&String| contain(reading.folded(), &words(name));
    let exact: Vec<&String> =
        all_places(facts).flat_map(|place| [&place.sublocation, &place.city]).flatten().collect();
    if names.is_empty() || exact.iter().any(stands) {
        return None;
    }
    let place = match stated {
        Some(stated) => stated.start..stated.end,
        None => {
            let settlement = found.iter().find(|phrase| phrase.is_settlement)?;
            settlement.start..settlement.end
        }
    };
    let agrees = names.iter().any(stands);
    if agrees && (exact.is_empty() || !is_settlement(reading, &place, found)) {
        return None;
    }
    let first = reading.slice(place.clone()).split([',', '،', '.']).next().unwrap_or_default();
    if agrees
        && (is_country(&first.to_lowercase())
            || names.iter().any(|name| contain(&words(first), &words(name))))
    {
        return None;
    }
    let known = names.iter().map(|name| name.as_str()).collect::<Vec<_>>().join(", ");
    let line = stated.map_or_else(|| reading.slice(place.clone()), |stated| stated.line.as_str());
    let sentence = format!("The caption says \"{line}\", the file says \"{known}\".");
    Some(Finding::new("place_differs", "R9", sentence).at(place))
}

/// Whether a place stands behind `in`, so that it is a city or the like; a stadium or a bridge says nothing of the city.
fn is_settlement(reading: &Reading<'_>, place: &Range<usize>, found: &[Phrase]) -> bool {
    let first = reading.slice(place.clone()).split(',').next().unwrap_or_default();
    let venue = phrases::names_a_venue(first);
    let dateline = reading.tokens.first().is_some_and(|token| token.start == place.start);
    let inside =
        found.iter().any(|phrase| phrase.is_settlement && !phrase.is_near && phrase.start == place.start);
    !venue && (inside || dateline)
}

/// `, Germany.`, without a date: what is left of a place.
fn is_country_alone(rest: &[Token<'_>]) -> bool {
    let words: Vec<&str> = rest.iter().filter(|token| token.is_word()).map(|token| token.low()).collect();
    let signs = rest.iter().all(|token| token.is_capital() || token.is(',') || token.is('.'));
    signs && is_country(&words.join(" "))
}

/// `at Baghdad Airport. Iraq, 2 January 2021.`: a full stop behind a place, then one name and the date. Two names with a
/// date are the way of Reuters and EPA to say where.
pub(super) fn stop_for_comma(reading: &Reading<'_>) -> Option<Finding> {
    for pair in reading.sentences.windows(2) {
        let [first, second] = pair else { continue };
        let inside = reading.tokens_in(second);
        let name = inside.iter().take_while(|token| token.is_word() && token.is_capital()).count();
        let words: Vec<&str> = inside.iter().take(name).map(|token| token.low()).collect();
        let country = any_name(&words, is_country);
        let rest = inside.get(name..).unwrap_or_default();
        let comma = usize::from(rest.first().is_some_and(|token| token.is(',')));
        let link = usize::from(rest.get(comma).is_some_and(|token| token.low() == "on"));
        let behind = rest.get(comma + link);
        let dated = behind.is_some_and(|token| reading.date_at(token.start).is_some());
        let ended = rest.iter().all(|token| token.is('.')) || is_country_alone(rest);
        // `the hospital of Les Cayes. Haiti, after the quake.`
        let verbless = || comma == 1 && judge(&rest.iter().collect::<Vec<_>>()) == Verdict::Verbless;
        let place = (1..=4).contains(&name)
            && (dated || ((country || is_country_alone(rest)) && (ended || verbless())));
        let before = reading.tokens_in(first);
        let stop = before.last().filter(|token| token.is('.'));
        let cut = phrases::ends_with_place(before.get(..before.len().saturating_sub(1)).unwrap_or_default());
        if let (true, true, Some(stop)) = (place, cut, stop) {
            let sentence = "A full stop cuts the place apart; a comma belongs there.";
            let finding = Finding::new("stop_for_comma", "R9", sentence);
            return Some(finding.at(stop.start..stop.end).fix(stop.start..stop.end, ","));
        }
    }
    None
}
