//! The form of dates in English captions (R6-R8).

use std::ops::Range;

use super::super::finding::Finding;
use super::super::reading::{Kind, Reading};
use super::is_gettys;
use crate::dates::{FoundDate, weekday_name};
use crate::style::DateForm;

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// The months as the Associated Press writes them beside a day.
const SHORT: [&str; 12] =
    ["Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec."];

/// Dates in another form than the house's.
pub(super) fn check(reading: &Reading<'_>, form: DateForm, numbers: Option<Range<usize>>) -> Vec<Finding> {
    if form == DateForm::Any {
        return Vec::new();
    }
    let mut found: Vec<Finding> =
        reading.dates.iter().filter_map(|date| other_form(reading, date, form)).collect();
    if let Some(at) = numbers {
        let seen = reading.slice(at.clone());
        let sentence = format!("\"{seen}\" can be read in two ways; write the month as a word.");
        found.push(Finding::new("date_form", "R6, R7, R8", sentence).at(at));
    }
    found
}

fn other_form(reading: &Reading<'_>, date: &FoundDate, form: DateForm) -> Option<Finding> {
    let day = date.day?;
    let index = usize::try_from(date.month).ok()?.checked_sub(1)?;
    let (long, short) = (MONTHS.get(index)?, SHORT.get(index)?);
    if is_gettys(reading.text, date) {
        return None;
    }
    let at = without_weekday(reading, date);
    let stated = reading.slice(at.clone());
    let range =
        stated.contains(['–', '/']) && date.year.is_some() || stated.matches(char::is_numeric).count() > 6;
    let words = reading.tokens_in(&at).iter().any(|token| token.is_word());
    if range && words || is_part_of_range(reading, &at) {
        return None;
    }
    let year = date.year.map(|year| year.to_string());
    let asked = match (form, &year) {
        (DateForm::Any, _) => return None,
        (DateForm::MonthShort, Some(year)) => format!("{short} {day}, {year}"),
        (DateForm::MonthShort, None) => format!("{short} {day}"),
        (DateForm::MonthFirst, Some(year)) => format!("{long} {day}, {year}"),
        (DateForm::MonthFirst, None) => format!("{long} {day}"),
        (DateForm::DayFirst, Some(year)) => format!("{day} {long} {year}"),
        (DateForm::DayFirst, None) => format!("{day} {long}"),
    };
    let padded = format!("0{asked}");
    if stated == asked || (form == DateForm::DayFirst && day < 10 && stated == padded) {
        return None;
    }
    let sentence = format!("The date \"{stated}\" is written \"{asked}\" by the house's style.");
    Some(Finding::new("date_form", "R6, R7, R8", sentence).at(at.clone()).fix(at, asked))
}

/// The date without the weekday that it begins or ends with.
fn without_weekday(reading: &Reading<'_>, date: &FoundDate) -> Range<usize> {
    let all = date.start..date.end;
    let is_day = |word: &str| {
        weekday_name(word).is_some()
            || ["mon", "tue", "tues", "wed", "thu", "thur", "thurs", "fri", "sat", "sun"].contains(&word)
    };
    let mut own = reading
        .tokens_in(&all)
        .iter()
        .filter(|token| !matches!(token.kind, Kind::Sign(_)) && !is_day(token.low()) && token.low() != "the");
    let Some(first) = own.next() else { return all };
    let last = own.next_back().unwrap_or(first);
    first.start..last.end
}

/// `2-5 January 2021`, `January 1-2, 2021`: more days than one.
fn is_part_of_range(reading: &Reading<'_>, at: &Range<usize>) -> bool {
    let before = reading.slice(0..at.start).trim_end();
    let behind = reading.slice(at.end..reading.text.len()).trim_start();
    let dash = |text: Option<char>| text.is_some_and(|c| matches!(c, '-' | '–'));
    let inside = reading.slice(at.clone());
    let days = inside.split(['-', '–']).count() > 1 && inside.chars().any(char::is_alphabetic);
    let digits_before =
        before.trim_end_matches(['-', '–']).trim_end().ends_with(|c: char| c.is_ascii_digit());
    (dash(before.chars().next_back()) && digits_before)
        || (dash(behind.chars().next())
            && behind.trim_start_matches(['-', '–']).trim_start().starts_with(|c: char| c.is_ascii_digit()))
        || days
}

/// `02/03/2021`, which is the second of March to some and the third of February to others.
pub(super) fn ambiguous(reading: &Reading<'_>) -> Option<Range<usize>> {
    reading.tokens.windows(5).find_map(|window| {
        let [one, slash, two, again, year] = window else { return None };
        let small = |text: &str| text.len() <= 2 && text.bytes().all(|b| b.is_ascii_digit());
        let numbers = small(one.text) && small(two.text) && (year.text.len() == 4 || year.text.len() == 2);
        let figures = [one, two, year].iter().all(|token| token.kind == Kind::Number);
        let slashes = (slash.is('/') && again.is('/')) || (slash.is('-') && again.is('-'));
        let known = reading.date_at(one.start).is_some();
        (numbers && figures && slashes && !known).then_some(one.start..year.end)
    })
}
