//! Checks of dates in captions (R9, R37, R38).

mod form;
mod weekday;

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};

use super::finding::{Desk, Finding};
use crate::dates::FoundDate;
use crate::facts::CameraTime;
use crate::moment::Moment;
use crate::published::ReaderStatus;
use crate::style::HouseStyle;

/// A photo this much older than its story is of the archive (R37).
const OLD_DAYS: i64 = 30;

/// Words that announce what is yet to come: a later date behind one of them is not the picture's.
#[rustfmt::skip]
pub(super) const AHEAD: &[&str] = &[
    "ahead", "before", "until", "till", "scheduled", "upcoming", "expected", "planned", "will", "due", "next", "future",
    "forthcoming", "vor", "bis", "geplant", "geplanten", "kommenden", "wird", "avant", "prévu", "prévue", "jusqu'au",
    "antes", "hasta", "prevista", "previsto", "até", "до", "перед", "запланированы", "قبل", "حتى", "المقرر", "المقررة",
];

pub(super) fn check(desk: &mut Desk<'_, '_>, published: Moment, style: &HouseStyle) {
    let reading = desk.reading;
    refuse_future(desk, published);
    for date in &reading.dates {
        let stated = reading.slice(date.start..date.end);
        if date.is_impossible() {
            let sentence = format!("\"{stated}\" is no day of the calendar.");
            desk.warn(Finding::new("no_such_day", "R38", sentence).at(date.start..date.end));
        }
        if let Some(finding) = weekday::disagrees(reading, date) {
            desk.warn(finding);
        }
        if date.year.is_none() && !is_gettys(reading.text, date) {
            let sentence = format!("\"{stated}\" has no year.");
            desk.warn(Finding::new("date_without_year", "R38", sentence).at(date.start..date.end));
        }
    }
    warn_against_facts(desk, published);
    warn_by_style(desk, published, style);
}

/// What the house asks of a caption's date.
fn warn_by_style(desk: &mut Desk<'_, '_>, published: Moment, style: &HouseStyle) {
    let reading = desk.reading;
    let numbers = form::ambiguous(reading);
    if style.date && reading.dates.is_empty() && numbers.is_none() {
        let sentence = "The caption does not say when the picture was made.";
        desk.warn(Finding::new("date_missing", "R6, R7", sentence));
    }
    if !reading.is_english() {
        return;
    }
    for finding in form::check(reading, style.date_form, numbers) {
        desk.warn(finding);
    }
    let found = weekday::of_the_camera(desk, published);
    let missing = if style.weekday { weekday::missing(desk, published) } else { None };
    for finding in found.into_iter().chain(missing) {
        desk.warn(finding);
    }
}

/// The dateline of Getty (`CITY, ST - MONTH D: ...`) is no fault (R38).
fn is_gettys(caption: &str, date: &FoundDate) -> bool {
    let head = caption.get(..date.start).unwrap_or_default().trim_end();
    head.ends_with(['-', '–', '—']) && !head.chars().any(char::is_lowercase)
}

/// A date after publication is refused where the caption gives it as the picture's own: with a place before it and no
/// such date up to publication, or as its only day that nothing announces. Else the caption tells of what is to come,
/// and the desk is told.
fn refuse_future(desk: &mut Desk<'_, '_>, published: Moment) {
    let (caption, dates) = (desk.reading.text, &desk.reading.dates);
    let last = latest_day(published);
    let days: Vec<(&FoundDate, Date)> = dates.iter().filter_map(|date| Some((date, date.civil()?))).collect();
    let Some((date, _)) = days.iter().max_by_key(|(_, day)| *day).filter(|(_, day)| *day > last) else {
        return;
    };
    let is_placed = |date: &FoundDate| crate::places::place_before(caption, date).is_some();
    let past: Vec<&FoundDate> = days.iter().filter(|(_, day)| *day <= last).map(|(date, _)| *date).collect();
    // The dateline of Getty says which of the days is the picture's.
    let of_dateline = dates
        .iter()
        .any(|other| is_gettys(caption, other) && (other.month, other.day) == (date.month, date.day));
    let own = if of_dateline {
        true
    } else if is_placed(date) {
        !past.iter().any(|date| is_placed(date))
    } else {
        past.is_empty() && !is_announced(caption, date)
    };
    let at = date.start..date.end;
    let stated = desk.reading.slice(at.clone());
    if own {
        let sentence = format!("The caption's date \"{stated}\" lies after publication; correct it.");
        desk.refuse_caption(Finding::new("caption_date_after_publication", "R38", sentence).at(at));
    } else {
        let sentence = format!("\"{stated}\" lies after publication; is it the day of the picture?");
        desk.warn(Finding::new("date_ahead", "R38", sentence).at(at));
    }
}

fn is_announced(caption: &str, date: &FoundDate) -> bool {
    let before = caption.get(..date.start).unwrap_or_default().to_lowercase();
    before.split(|c: char| !(c.is_alphanumeric() || c == '\'')).any(|word| AHEAD.contains(&word))
}

/// The day of a moment where the day begins first, at UTC+14 (R38).
fn latest_day(at: Moment) -> Date {
    let first = TimeZone::fixed(Offset::constant(14));
    at.as_timestamp().to_zoned(first).date()
}

fn warn_against_facts(desk: &mut Desk<'_, '_>, published: Moment) {
    let known = days_of_the_file(desk);
    let Some(day) = known.first().copied() else { return };
    let dates = &desk.reading.dates;
    let stated: Vec<(&FoundDate, Date)> =
        dates.iter().filter_map(|date| Some((date, date.civil()?))).collect();
    let near = |one: Date| known.iter().any(|other| days_between(one, *other).abs() <= 1);
    if let Some((first, _)) = stated.first()
        && !stated.iter().any(|(_, one)| near(*one))
    {
        let sentence = format!("No date in the caption is the day of the picture by its file, {day}.");
        desk.warn(Finding::new("caption_date_differs", "R9", sentence).at(first.start..first.end));
    }
    let archived = desk.checked.shown.statuses.contains(&ReaderStatus::File);
    let old = days_between(day, published_day(published)) > OLD_DAYS;
    if desk.reading.dates.is_empty() && !archived && old {
        let sentence = format!(
            "The picture is of {day}, more than 30 days before the story; say so with FILE or a date in the caption."
        );
        desk.warn(Finding::new("old_photo", "R37", sentence));
    }
}

/// The days that the file gives: Date Created, and the camera's.
fn days_of_the_file(desk: &Desk<'_, '_>) -> Vec<Date> {
    let Some(facts) = desk.checked.facts else { return Vec::new() };
    let created = facts.date_created.and_then(crate::facts::PartialDate::civil);
    let taken = facts.taken.map(CameraTime::day);
    created.into_iter().chain(taken).collect()
}

fn published_day(at: Moment) -> Date {
    at.as_timestamp().to_zoned(TimeZone::UTC).date()
}

fn days_between(from: Date, to: Date) -> i64 {
    from.until(to).map_or(i64::MAX, |span| i64::from(span.get_days()))
}

impl CameraTime {
    fn day(self) -> Date {
        self.local.date()
    }
}
