//! Times as readers and machines see them (R30).

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use newsroom::moment::Moment;

use crate::texts::Texts;

/// A moment in the two forms of R30.
pub(super) struct TimeForms {
    /// `2021-01-03`, in UTC.
    pub day: String,
    /// `2021-01-03T15:32:00Z`, for `<time datetime>` and feeds.
    pub machine: String,
    /// `15:32 GMT 03 January 2021`.
    pub line: String,
}

impl TimeForms {
    /// The forms of a moment, in UTC whatever the site's zone is.
    pub fn new(at: Moment, texts: Texts) -> Self {
        let utc = at.as_timestamp().to_zoned(TimeZone::UTC);
        let line = texts.fill(
            "time-line",
            &[
                ("time", &format!("{:02}:{:02}", utc.hour(), utc.minute())),
                ("day", &format!("{:02}", utc.day())),
                ("month", &texts.month(utc.month())),
                ("year", &utc.year().to_string()),
            ],
        );
        Self { day: utc.date().to_string(), machine: machine(at), line }
    }
}

/// RFC 3339 in UTC, to the second.
pub(super) fn machine(at: Moment) -> String {
    Timestamp::from_second(at.as_timestamp().as_second()).unwrap_or(Timestamp::UNIX_EPOCH).to_string()
}

/// A day in words, `2 January 2021`.
pub(super) fn day_in_words(day: Date, texts: Texts) -> String {
    texts.fill(
        "date-day",
        &[
            ("day", &day.day().to_string()),
            ("month", &texts.month(day.month())),
            ("year", &day.year().to_string()),
        ],
    )
}

/// A month in words, `January 2021`.
pub(super) fn month_in_words(year: i16, month: i8, texts: Texts) -> String {
    texts.fill("date-month", &[("month", &texts.month(month)), ("year", &year.to_string())])
}

/// A slide's date: what `<time datetime>` gets, where the text is a date at all, and what readers see.
pub(super) struct SlideDate {
    /// ISO 8601, partial where the text was; `None` when it is no date that HTML knows.
    pub machine: Option<String>,
    /// In words; the text itself when it is no date.
    pub words: String,
}

impl SlideDate {
    /// Reads `2021`, `2021-01`, `2021-01-02` and anything longer that begins with a day.
    pub fn read(text: &str, texts: Texts) -> Self {
        let text = text.trim();
        let known = |machine: &str, words: String| Self { machine: Some(machine.to_owned()), words };
        let head = text.get(..10).unwrap_or(text);
        if let Ok(day) = head.parse::<Date>()
            && (text.len() == 10 || text.get(10..11).is_some_and(|sign| sign == "T" || sign == " "))
        {
            return known(head, day_in_words(day, texts));
        }
        match text.split_once('-') {
            Some((year, month)) => {
                if let (Some(y), Some(m)) = (digits(year, 4), digits(month, 2))
                    && let Ok(m) = i8::try_from(m)
                    && (1..=12).contains(&m)
                {
                    return known(text, month_in_words(y, m, texts));
                }
            }
            None if digits(text, 4).is_some() => return known(text, text.to_owned()),
            None => {}
        }
        Self { machine: None, words: text.to_owned() }
    }
}

fn digits(text: &str, len: usize) -> Option<i16> {
    let all = text.len() == len && text.bytes().all(|b| b.is_ascii_digit());
    if all { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(language: &str) -> TimeForms {
        let at = Moment::parse("2021-01-03T18:32:59.5+03:00").unwrap();
        TimeForms::new(at, Texts::choose(language, "en"))
    }

    #[test]
    fn a_time_has_a_machine_date_and_a_line_in_utc() {
        let en = forms("en");
        assert_eq!(en.day, "2021-01-03");
        assert_eq!(en.machine, "2021-01-03T15:32:59Z");
        assert_eq!(en.line, "15:32 GMT 03 January 2021");
    }

    #[test]
    fn months_are_named_in_the_language_of_the_page() {
        assert!(forms("de").line.contains("Januar 2021"), "{}", forms("de").line);
        assert!(forms("ar").line.contains("يناير"), "{}", forms("ar").line);
    }

    #[test]
    fn a_slides_date_may_be_partial_and_keeps_what_it_does_not_know() {
        let read = |text| {
            let date = SlideDate::read(text, Texts::choose("en", "en"));
            (date.machine, date.words)
        };
        let known = |machine: &str, words: &str| (Some(machine.to_owned()), words.to_owned());
        assert_eq!(read("2021-01-02"), known("2021-01-02", "2 January 2021"));
        assert_eq!(read("2021-01-02T10:00:00+03:00"), known("2021-01-02", "2 January 2021"));
        assert_eq!(read("2021-01"), known("2021-01", "January 2021"));
        assert_eq!(read("1943"), known("1943", "1943"));
        assert_eq!(read("2021-13"), (None, "2021-13".to_owned()));
        assert_eq!(read("about 1943"), (None, "about 1943".to_owned()));
        assert_eq!(read("2021-01-02ff"), (None, "2021-01-02ff".to_owned()));
    }
}
