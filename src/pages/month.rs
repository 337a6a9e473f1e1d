//! Months, by which the archive and the sitemaps are cut.

use std::fmt;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use newsroom::moment::Moment;

/// A month of the calendar, as the site's zone counts days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    /// 0 to 9999.
    year: i16,
    /// 1 to 12.
    month: i8,
}

impl Month {
    /// The month of a moment, in a zone.
    pub fn of(at: Moment, zone: &TimeZone) -> Self {
        let day = at.as_timestamp().to_zoned(zone.clone()).date();
        Self { year: day.year().max(0), month: day.month() }
    }

    /// From the form that [`fmt::Display`] gives, `2021-01`; `None` when the text is not one.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        let digits = |text: &str, len| text.len() == len && text.bytes().all(|b| b.is_ascii_digit());
        if !digits(year, 4) || !digits(month, 2) {
            return None;
        }
        let (year, month) = (year.parse().ok()?, month.parse().ok()?);
        Date::new(year, month, 1).ok().map(|_| Self { year, month })
    }

    /// Its year, 0 to 9999.
    pub fn year(self) -> i16 {
        self.year
    }

    /// Its number in the year, 1 to 12.
    pub fn number(self) -> i8 {
        self.month
    }

    /// The moment at which it begins in a zone.
    pub fn begins(self, zone: &TimeZone) -> Moment {
        let first = Date::new(self.year, self.month, 1).ok();
        let midnight = first.and_then(|day| day.to_zoned(zone.clone()).ok());
        Moment::from_timestamp(midnight.map(|midnight| midnight.timestamp()).unwrap_or_default())
    }

    /// The month after it.
    #[must_use]
    pub fn next(self) -> Self {
        match self.month {
            12 => Self { year: self.year.saturating_add(1), month: 1 },
            month => Self { month: month + 1, ..self },
        }
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_belongs_to_the_month_that_its_zone_is_in() {
        let at = Moment::parse("2021-01-31T23:30:00Z").unwrap();
        assert_eq!(Month::of(at, &TimeZone::UTC).to_string(), "2021-01");
        assert_eq!(Month::of(at, &TimeZone::get("Europe/Madrid").unwrap()).to_string(), "2021-02");
    }

    #[test]
    fn a_month_runs_from_its_first_midnight_to_that_of_the_next() {
        let zone = TimeZone::get("Europe/Madrid").unwrap();
        let december = Month::parse("2020-12").unwrap();
        assert_eq!(december.begins(&zone), Moment::parse("2020-11-30T23:00:00Z").unwrap());
        assert_eq!(december.next().to_string(), "2021-01");
        let last = december.next().begins(&zone).plus_seconds(-1);
        assert_eq!(Month::of(last, &zone), december);
    }

    #[test]
    fn only_a_year_and_a_month_are_a_month() {
        for text in ["", "2021", "2021-13", "2021-00", "21-01", "2021-1", "+021-01", "2021-01-01", "2021-٠١"]
        {
            assert_eq!(Month::parse(text), None, "{text}");
        }
    }
}
