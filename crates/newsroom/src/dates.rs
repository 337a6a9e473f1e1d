//! Finds the dates that captions state (R6, R38), in the languages of the tables: English, German, French, Spanish,
//! Portuguese, Italian, Dutch, Russian, Ukrainian, Polish, Turkish and Arabic in the usages of Egypt, the Levant and
//! the Maghreb, with the digits of their scripts, and the forms of numbers that leave no doubt (ISO 8601,
//! `12.03.2022` with the day first). A form that can be read in two ways (`02/03/2021`) is not a date.

mod names;
mod read;
mod tokens;
mod weekdays;

use jiff::civil::{Date, Weekday};

use crate::facts::PartialDate;

pub(crate) use weekdays::weekday_name;

/// A date as a text states it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FoundDate {
    /// Where it begins, in bytes, its weekday included.
    pub start: usize,
    /// Where it ends, in bytes.
    pub end: usize,
    /// The year, where the text states one (R38: a date without is amber).
    pub year: Option<i16>,
    /// The month, 1 to 12.
    pub month: i8,
    /// The day, 1 to 31, where the text states one. It may not exist (31 February): see [`FoundDate::civil`].
    pub day: Option<i8>,
    /// The weekday named beside it.
    pub weekday: Option<Weekday>,
}

impl FoundDate {
    /// The date as far as it is stated; `None` without a year, or when there is no such day.
    pub fn partial(&self) -> Option<PartialDate> {
        let year = self.year?;
        let exists = self.day.is_none_or(|day| Date::new(year, self.month, day).is_ok());
        exists.then_some(PartialDate { year, month: Some(self.month), day: self.day })
    }

    /// The calendar day, when year, month and day are stated and there is such a day.
    pub fn civil(&self) -> Option<Date> {
        Date::new(self.year?, self.month, self.day?).ok()
    }

    /// The day does not exist in its month: `31 February 2021`, and `30 February` of any year.
    pub fn is_impossible(&self) -> bool {
        let leap = 2000;
        self.day.is_some_and(|day| Date::new(self.year.unwrap_or(leap), self.month, day).is_err())
    }
}

/// Every date in a text, in order. Takes any text and never fails.
pub fn find_dates(text: &str) -> Vec<FoundDate> {
    read::find(text)
}

/// Whether a word is the name of a month, or its abbreviation, in a language of the tables.
pub(crate) fn is_month_name(word: &str) -> bool {
    word.len() <= 64 && names::month(&names::fold(word)).is_some()
}

/// The date on which the caption says that its picture was made: the one with a place stated before it
/// (R6, R7: `in Baghdad, Iraq, 2 January 2021`), else the latest full date, because the other dates of a caption
/// tell of what came before; else the only date with a month and a year.
pub fn picture_date(caption: &str) -> Option<FoundDate> {
    picture_date_among(caption, &find_dates(caption))
}

/// The same, among dates that were found already.
pub(crate) fn picture_date_among(caption: &str, dates: &[FoundDate]) -> Option<FoundDate> {
    let full: Vec<&FoundDate> = dates.iter().filter(|date| date.civil().is_some()).collect();
    let mut placed = full.iter().filter(|date| crate::places::place_before(caption, date).is_some());
    let first_placed = placed.next();
    if let (Some(date), None) = (first_placed, placed.next()) {
        return Some(**date);
    }
    if let Some(latest) = full.iter().max_by_key(|date| date.civil()) {
        return Some(**latest);
    }
    let mut months = dates.iter().filter(|date| date.partial().is_some());
    months.next().filter(|_| months.next().is_none()).copied()
}

#[cfg(test)]
#[path = "dates/tests.rs"]
mod tests;
