//! Weekdays beside dates, and without (R6, R9, R38).

use jiff::civil::{Date, Weekday};

use super::super::finding::{Desk, Finding};
use super::super::reading::{Reading, Token};
use super::{AHEAD, days_between, days_of_the_file, published_day};
use crate::dates::{FoundDate, weekday_name};
use crate::moment::Moment;

/// A picture at most this many days older than its story says its weekday (R6).
const RECENT_DAYS: i64 = 14;
/// A weekday without a date means a day of the week before the story.
const WEEK_BEFORE: i64 = 6;

/// A weekday that is not that of its date.
pub(super) fn disagrees(reading: &Reading<'_>, date: &FoundDate) -> Option<Finding> {
    let (day, named) = (date.civil()?, date.weekday?);
    let actual = day.weekday();
    if named == actual {
        return None;
    }
    let stated = reading.slice(date.start..date.end);
    let sentence =
        format!("\"{stated}\" names another weekday than the calendar, which has a {}.", name(actual));
    let finding = Finding::new("weekday_disagrees", "R38", sentence).at(date.start..date.end);
    // Whether the day or the weekday is wrong nobody knows, but the weekday is what the calendar can tell.
    let word = reading
        .tokens_in(&(date.start..date.end))
        .iter()
        .find(|token| token.low() == name(named).to_lowercase());
    Some(match word {
        Some(word) => finding.fix(word.start..word.end, name(actual)),
        None => finding,
    })
}

fn name(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

/// The weekdays of a caption outside its dates, each with its word.
fn alone<'r, 't>(reading: &'r Reading<'t>) -> impl Iterator<Item = (Weekday, usize, &'r Token<'t>)> {
    reading.tokens.iter().enumerate().filter_map(|(index, token)| {
        let word = token.is_word() && token.is_capital() && reading.date_at(token.start).is_none();
        let day = weekday_name(token.low()).filter(|_| word)?;
        Some((day, index, token))
    })
}

/// Without a date: `on Saturday` in a caption of a picture that the camera made on another day of the week before the
/// story.
pub(super) fn of_the_camera(desk: &Desk<'_, '_>, published: Moment) -> Option<Finding> {
    let reading = desk.reading;
    if !reading.dates.is_empty() {
        return None;
    }
    let days = days_of_the_file(desk);
    let day = *days.first()?;
    let age = days_between(day, published_day(published));
    if !(0..=WEEK_BEFORE).contains(&age) {
        return None;
    }
    let mut named = alone(reading).filter(|(_, index, _)| !is_of_another_day(reading, *index));
    let (weekday, _, word) = named.next()?;
    let others = named.any(|(other, ..)| is_one_of(&days, other));
    if is_one_of(&days, weekday) || others {
        return None;
    }
    let actual = name(day.weekday());
    let sentence = format!("\"{}\" is not the weekday of the picture by its file, a {actual}.", word.text);
    let at = word.start..word.end;
    Some(Finding::new("weekday_disagrees", "R9", sentence).at(at.clone()).fix(at, actual))
}

fn is_one_of(days: &[Date], weekday: Weekday) -> bool {
    days.iter().any(|day| day.weekday() == weekday)
}

/// `ahead of Sunday's vote`, `until Monday`, `last Friday`: not the picture's day.
fn is_of_another_day(reading: &Reading<'_>, index: usize) -> bool {
    let word = reading.tokens.get(index);
    let behind = reading.tokens.get(index + 1);
    let before: Vec<&str> =
        reading.tokens.iter().take(index).rev().take(4).map(|token| token.low()).collect();
    let qualified = before.first().is_some_and(|near| {
        [
            "last", "next", "previous", "since", "the", "every", "until", "black", "good", "easter", "palm",
            "ash", "super",
        ]
        .contains(near)
    });
    let owned = word.is_some_and(|word| word.low().ends_with("'s"))
        || behind.is_some_and(|next| next.low() == "night" && qualified);
    owned
        || qualified
        || before.iter().any(|word| AHEAD.contains(word) || ["following", "since"].contains(word))
}

/// No weekday in the caption of a picture of the two weeks before its story.
pub(super) fn missing(desk: &Desk<'_, '_>, published: Moment) -> Option<Finding> {
    let reading = desk.reading;
    let named = reading.dates.iter().any(|date| date.weekday.is_some())
        || reading.tokens.iter().any(|token| weekday_name(token.low().trim_end_matches("'s")).is_some());
    let stated = crate::dates::picture_date_among(reading.text, &reading.dates);
    let day = stated.and_then(|date| date.civil()).or_else(|| days_of_the_file(desk).first().copied())?;
    let age = days_between(day, published_day(published));
    if named || !(0..=RECENT_DAYS).contains(&age) {
        return None;
    }
    let actual = name(day.weekday());
    let sentence = format!("The picture is of the last two weeks; say its weekday, {actual}.");
    let finding = Finding::new("weekday_missing", "R6", sentence);
    Some(match stated {
        Some(date) => finding.at(date.start..date.end).fix(date.start..date.start, format!("{actual}, ")),
        None => finding,
    })
}
