//! Checks of dates in captions (R9, R37, R38).

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};

use super::SlideDesk;
use crate::dates::{FoundDate, find_dates};
use crate::facts::CameraTime;
use crate::moment::Moment;
use crate::published::ReaderStatus;

/// A photo this much older than its story is of the archive (R37).
const OLD_DAYS: i64 = 30;

/// Words that announce what is yet to come: a later date behind one of them is not the picture's.
#[rustfmt::skip]
const AHEAD: &[&str] = &[
    "ahead", "before", "until", "till", "scheduled", "upcoming", "expected", "planned", "will", "due", "next", "future",
    "forthcoming", "vor", "bis", "geplant", "geplanten", "kommenden", "wird", "avant", "prévu", "prévue", "jusqu'au",
    "antes", "hasta", "prevista", "previsto", "até", "до", "перед", "запланированы", "قبل", "حتى", "المقرر", "المقررة",
];

pub(super) fn check(desk: &mut SlideDesk<'_, '_, '_>, published: Moment) {
    let caption = desk.checked.shown.caption.text.clone();
    let dates = find_dates(&caption);
    refuse_future(desk, &caption, &dates, published);
    for date in &dates {
        let stated = caption.get(date.start..date.end).unwrap_or_default();
        if date.is_impossible() {
            let sentence = format!("\"{stated}\" is no day of the calendar.");
            desk.warn("no_such_day", "caption", "R38", sentence);
        }
        warn_weekday(desk, date, stated);
        if date.year.is_none() && !is_gettys(&caption, date) {
            let sentence = format!("\"{stated}\" has no year.");
            desk.warn("date_without_year", "caption", "R38", sentence);
        }
    }
    warn_against_facts(desk, &dates, published);
}

fn warn_weekday(desk: &mut SlideDesk<'_, '_, '_>, date: &FoundDate, stated: &str) {
    let (Some(day), Some(named)) = (date.civil(), date.weekday) else { return };
    let actual = day.weekday();
    if named != actual {
        let sentence =
            format!("\"{stated}\" names another weekday than the calendar, which has a {}.", name(actual));
        desk.warn("weekday_disagrees", "caption", "R38", sentence);
    }
}

fn name(weekday: jiff::civil::Weekday) -> &'static str {
    use jiff::civil::Weekday;
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

/// The dateline of Getty (`CITY, ST - MONTH D: ...`) is no fault (R38).
fn is_gettys(caption: &str, date: &FoundDate) -> bool {
    let head = caption.get(..date.start).unwrap_or_default().trim_end();
    head.ends_with(['-', '–', '—']) && !head.chars().any(char::is_lowercase)
}

/// A date after publication is refused where the caption gives it as the picture's own: with a place before it and no
/// such date up to publication, or as its only day that nothing announces. Else the caption tells of what is to come,
/// and the desk is told.
fn refuse_future(desk: &mut SlideDesk<'_, '_, '_>, caption: &str, dates: &[FoundDate], published: Moment) {
    let last = latest_day(published);
    let days: Vec<(&FoundDate, Date)> = dates.iter().filter_map(|date| Some((date, date.civil()?))).collect();
    let Some((date, _)) = days.iter().max_by_key(|(_, day)| *day).filter(|(_, day)| *day > last) else {
        return;
    };
    let is_placed = |date: &FoundDate| crate::places::place_before(caption, date).is_some();
    let past: Vec<&FoundDate> = days.iter().filter(|(_, day)| *day <= last).map(|(date, _)| *date).collect();
    let own = if is_placed(date) {
        !past.iter().any(|date| is_placed(date))
    } else {
        past.is_empty() && !is_announced(caption, date)
    };
    let stated = caption.get(date.start..date.end).unwrap_or_default();
    if own {
        let sentence = format!("The caption's date \"{stated}\" lies after publication; correct it.");
        desk.refuse("caption_date_after_publication", "caption", Some("R38"), sentence);
    } else {
        let sentence = format!("\"{stated}\" lies after publication; is it the day of the picture?");
        desk.warn("date_ahead", "caption", "R38", sentence);
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

fn warn_against_facts(desk: &mut SlideDesk<'_, '_, '_>, dates: &[FoundDate], published: Moment) {
    let Some(facts) = desk.checked.facts else { return };
    let created = facts.date_created.and_then(crate::facts::PartialDate::civil);
    let taken = facts.taken.map(CameraTime::day);
    let known: Vec<Date> = created.into_iter().chain(taken).collect();
    let Some(day) = known.first().copied() else { return };
    let stated: Vec<Date> = dates.iter().filter_map(FoundDate::civil).collect();
    let near = |one: Date| known.iter().any(|other| days_between(one, *other).abs() <= 1);
    if !stated.is_empty() && !stated.iter().any(|one| near(*one)) {
        let sentence = format!("No date in the caption is the day of the picture by its file, {day}.");
        desk.warn("caption_date_differs", "caption", "R9", sentence);
    }
    let archived = desk.checked.shown.statuses.contains(&ReaderStatus::File);
    if dates.is_empty() && !archived && days_between(day, published_day(published)) > OLD_DAYS {
        let sentence = format!(
            "The picture is of {day}, more than 30 days before the story; say so with FILE or a date in the caption."
        );
        desk.warn("old_photo", "caption", "R37", sentence);
    }
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
