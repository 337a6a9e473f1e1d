//! The lines that state when a page was published (R30): a date for machines, a time for readers.

use jiff::civil::{Date, Time};
use jiff::tz::Offset;
use newsroom::dates::find_dates;
use newsroom::facts::PartialDate;
use newsroom::moment::Moment;

use super::lines::western_digits;
use super::words::{DATE_LABELS, REGISTER, UPDATED, ZONES, is_one_of};

/// What a line says of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dated {
    /// A date alone; `machine` when it is written for machines.
    Day {
        /// The date.
        date: PartialDate,
        /// In ISO 8601.
        machine: bool,
    },
    /// A date and a time of day.
    Time {
        /// The moment.
        at: Moment,
        /// The line says that it is the time of a later change.
        updated: bool,
        /// The date, when the line writes both for machines (`2021-01-03T15:32:00Z`).
        machine: Option<PartialDate>,
    },
}

/// A longer line tells a story, in characters.
const LONGEST: usize = 100;
/// More words than this around date and time tell a story as well.
const MOST_WORDS: usize = 3;

/// Reads a line that is a date, or a date and a time, with hardly anything else.
pub(super) fn dated(text: &str) -> Option<Dated> {
    if text.chars().take(LONGEST + 1).count() > LONGEST {
        return None;
    }
    let text = apart(&western_digits(text));
    let iso = iso_date(&text);
    let clock = clock(&text);
    let found = iso.or_else(|| {
        let dates = find_dates(&text);
        dates.iter().find_map(|date| Some((date.civil()?, date.start, date.end)))
    });
    let (date, start, end) = found?;
    let day = PartialDate { year: date.year(), month: Some(date.month()), day: Some(date.day()) };
    let cuts = [(start, end), clock.map_or((0, 0), |clock| (clock.start, clock.end))];
    let rest = without(&text, cuts);
    let Some(clock) = clock else {
        let machine = iso.is_some();
        return is_about_time(&rest).then_some(Dated::Day { date: day, machine });
    };
    let words = rest.split_whitespace().filter(|word| !is_label(word)).count();
    if words > MOST_WORDS {
        return None;
    }
    let at = moment(date, clock, &text)?;
    let lower = rest.to_lowercase();
    let updated = UPDATED.iter().any(|word| lower.trim_start().starts_with(word));
    let machine = iso.filter(|(_, _, end)| text.get(*end..).is_some_and(|rest| rest.starts_with('T')));
    Some(Dated::Time { at, updated, machine: machine.map(|_| day) })
}

/// Whether a line is nothing but a link to register or sign in.
pub(super) fn is_register_link(text: &str) -> bool {
    const LONGEST: usize = 60;
    text.chars().take(LONGEST + 1).count() <= LONGEST && links_and_labels(text) == Some(Links::Some)
}

/// Whether what is left of a line beside its date is only labels and links.
fn is_about_time(rest: &str) -> bool {
    links_and_labels(rest).is_some()
}

/// Whether a text of nothing but links to register and labels has a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Links {
    None,
    Some,
}

/// `None` when the text has any other word.
fn links_and_labels(text: &str) -> Option<Links> {
    /// The most words that a link's text has in the table.
    const LONGEST_LINK: usize = 3;
    let text = words_only(&text.to_lowercase());
    let words: Vec<&str> = text.split_whitespace().collect();
    let mut rest = words.as_slice();
    let mut links = Links::None;
    while let Some((word, others)) = rest.split_first() {
        let lengths = (1..=rest.len().min(LONGEST_LINK)).rev();
        let is_link =
            |length: &usize| rest.get(..*length).is_some_and(|words| is_one_of(REGISTER, &words.join(" ")));
        if let Some(length) = lengths.into_iter().find(is_link) {
            links = Links::Some;
            rest = rest.get(length..)?;
        } else if is_label(word) {
            rest = others;
        } else {
            return None;
        }
    }
    Some(links)
}

/// Letters, digits and apostrophes; each other run as one space.
fn words_only(text: &str) -> String {
    let kept = |c: char| c.is_alphanumeric() || matches!(c, '\'' | '-' | '\u{64b}'..='\u{652}');
    let spaced: String = text
        .chars()
        .map(|c| {
            if c == '’' {
                '\''
            } else if kept(c) {
                c
            } else {
                ' '
            }
        })
        .collect();
    super::lines::tidy(&spaced)
}

fn is_label(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    word.is_empty() || is_one_of(DATE_LABELS, &word) || zone_of(&word).is_some()
}

/// With a space where a word and a digit meet (`GMT03`), because pages lose the spaces between their parts. A letter
/// between digits (`14h05`, `2021-01-03T15:32`) is no word.
fn apart(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len() + 8);
    let mut before = (' ', ' ');
    for c in text.chars() {
        if c.is_ascii_digit() && before.1.is_alphabetic() && !before.0.is_ascii_digit() {
            spaced.push(' ');
        }
        spaced.push(c);
        before = (before.1, c);
    }
    spaced
}

/// The first date in ISO 8601, and where it stands.
fn iso_date(text: &str) -> Option<(Date, usize, usize)> {
    let bytes = text.as_bytes();
    let shape = |window: &[u8]| {
        window
            .iter()
            .enumerate()
            .all(|(at, b)| if matches!(at, 4 | 7) { *b == b'-' } else { b.is_ascii_digit() })
    };
    let start = bytes.windows(10).position(shape)?;
    let before = start.checked_sub(1).and_then(|before| bytes.get(before));
    let after = bytes.get(start + 10);
    if before.is_some_and(u8::is_ascii_digit) || after.is_some_and(|b| b.is_ascii_digit() || *b == b'-') {
        return None;
    }
    let date = text.get(start..start + 10)?.parse().ok()?;
    Some((date, start, start + 10))
}

/// A time of day and where it stands, in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Clock {
    time: Time,
    start: usize,
    end: usize,
}

/// The first time of day: `15:32`, `15:32:10`, `14h05`, `14.05 Uhr`, `2:05 p.m.`.
fn clock(text: &str) -> Option<Clock> {
    let is_border = |at: usize| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        before.is_none_or(|c| !(c.is_ascii_digit() || matches!(c, '.' | ':' | '-' | '/' | '+')))
    };
    let digits = text.match_indices(|c: char| c.is_ascii_digit()).map(|(at, _)| at);
    digits.filter(|at| is_border(*at)).find_map(|at| clock_at(text, at))
}

fn clock_at(text: &str, start: usize) -> Option<Clock> {
    let (hour, rest) = two_digits(text.get(start..)?)?;
    let sign = rest.chars().next()?;
    let (minute, mut rest) = two_digits(rest.get(sign.len_utf8()..)?)?;
    let is_dot = sign == '.' && rest.trim_start().to_lowercase().starts_with("uhr");
    if !(matches!(sign, ':' | 'h' | 'H' | '：') || is_dot) || rest.starts_with(|c: char| c.is_ascii_digit())
    {
        return None;
    }
    let mut second = 0;
    if let Some((value, after)) = rest.strip_prefix(':').and_then(two_digits) {
        (second, rest) = (value, after);
    }
    if let Some(fraction) =
        rest.strip_prefix('.').filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
    {
        rest = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
    }
    let (half, rest) = half_of_day(rest);
    let hour = match half {
        Some(Half::Before) if hour == 12 => 0,
        Some(Half::After) if hour < 12 => hour + 12,
        _ => hour,
    };
    let time = Time::new(hour, minute, second.min(59), 0).ok()?;
    Some(Clock { time, start, end: text.len() - rest.len() })
}

fn two_digits(text: &str) -> Option<(i8, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at_checked(end)?;
    (1..=2).contains(&end).then(|| digits.parse().ok())?.map(|value| (value, rest))
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Half {
    Before,
    After,
}

/// `a.m.`, `PM`, `ص`, `م`.
fn half_of_day(rest: &str) -> (Option<Half>, &str) {
    let text = rest.trim_start();
    for (name, half) in [
        ("a.m.", Half::Before),
        ("am", Half::Before),
        ("ص", Half::Before),
        ("صباحا", Half::Before),
        ("p.m.", Half::After),
        ("pm", Half::After),
        ("م", Half::After),
        ("مساء", Half::After),
    ] {
        let Some(head) = text.get(..name.len()) else { continue };
        let after = text.get(name.len()..).unwrap_or_default();
        if head.to_lowercase() == name && !after.starts_with(char::is_alphabetic) {
            return (Some(half), after);
        }
    }
    (None, rest)
}

/// The moment of a date and a time in the zone that the text names, else in UTC (R30).
fn moment(date: Date, clock: Clock, text: &str) -> Option<Moment> {
    let zone = text.get(clock.end..).and_then(offset_after).or_else(|| named_zone(text)).unwrap_or(0);
    let offset = Offset::from_seconds(zone.checked_mul(60)?).ok()?;
    let at = offset.to_timestamp(date.to_datetime(clock.time)).ok()?;
    Some(Moment::from_timestamp(at))
}

/// The offset in minutes that stands right after the time: `+03:00`, `GMT+3`, `UTC-0500`, `Z`.
fn offset_after(rest: &str) -> Option<i32> {
    let rest = rest.trim_start().trim_start_matches(['(']);
    let signed = rest.strip_prefix("GMT").or_else(|| rest.strip_prefix("UTC")).unwrap_or(rest);
    let sign = match signed.chars().next()? {
        '+' => 1,
        '-' | '−' => -1,
        _ => return None,
    };
    let digits: String = signed.chars().skip(1).take_while(|c| c.is_ascii_digit() || *c == ':').collect();
    let (hours, minutes) = match digits.split_once(':') {
        Some((hours, minutes)) => (hours.parse::<i32>().ok()?, minutes.parse::<i32>().ok()?),
        None if digits.len() == 4 => (digits.get(..2)?.parse().ok()?, digits.get(2..)?.parse().ok()?),
        None => (digits.parse::<i32>().ok()?, 0),
    };
    (hours <= 14 && minutes < 60).then(|| sign * (hours * 60 + minutes))
}

/// The offset of the first zone that the text names.
fn named_zone(text: &str) -> Option<i32> {
    text.split(|c: char| !c.is_alphabetic()).find_map(|word| zone_of(&word.to_lowercase()))
}

fn zone_of(word: &str) -> Option<i32> {
    ZONES.iter().find(|(name, _)| *name == word).map(|(_, minutes)| *minutes)
}

/// The text without two stretches of it.
fn without(text: &str, mut cuts: [(usize, usize); 2]) -> String {
    cuts.sort_unstable();
    let [(first, first_end), (second, second_end)] = cuts;
    let parts = [
        text.get(..first),
        text.get(first_end..second.max(first_end)),
        text.get(second_end.max(first_end)..),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> Option<String> {
        match dated(text) {
            Some(Dated::Time { at, .. }) => Some(at.to_string()),
            _ => None,
        }
    }

    #[test]
    fn a_date_and_a_time_are_read_in_the_forms_of_many_pages() {
        for text in [
            "15:32 GMT03 January 2021",
            "15:32 GMT 03.01.2021",
            "Published 15:32, 3 Jan 2021",
            "January 3, 2021 at 3:32 p.m.",
            "3 janvier 2021 à 15h32",
            "03.01.2021, 15.32 Uhr",
            "03.01.2021, 16:32 MEZ",
            "18:32 МСК, 3 января 2021",
            "3 января 2021, 15:32",
            "2021-01-03T15:32:00Z",
            "2021-01-03T18:32:00.250+03:00",
            "2021-01-03 10:32 EST",
            "15:32 GMT 03.01.2021 (updated: 17:00 GMT 04.01.2021)",
            "3 يناير 2021، 15:32 غرينتش",
            "٣ يناير ٢٠٢١، ١٥:٣٢",
        ] {
            assert_eq!(time(text).as_deref(), Some("2021-01-03T15:32:00Z"), "{text}");
        }
    }

    #[test]
    fn a_sentence_with_a_time_is_no_time_line() {
        assert_eq!(dated("The race began at 15:32 on 3 January 2021 with all of the boats"), None);
    }

    #[test]
    fn a_date_alone_is_a_day_and_says_whether_it_is_for_machines() {
        let day = PartialDate { year: 2021, month: Some(1), day: Some(3) };
        assert_eq!(dated("date 2021-01-03 Register"), Some(Dated::Day { date: day, machine: true }));
        assert_eq!(dated("3 January 2021"), Some(Dated::Day { date: day, machine: false }));
        assert_eq!(dated("2021-01-03-17 Register"), None);
        assert_eq!(dated("2021-02-30"), None);
        assert_eq!(dated("The winter of 3 January 2021"), None);
    }

    #[test]
    fn an_update_is_told_from_the_publication() {
        assert!(matches!(dated("Updated 15:32, 3 Jan 2021"), Some(Dated::Time { updated: true, .. })));
        assert!(matches!(dated("Published 15:32, 3 Jan 2021"), Some(Dated::Time { updated: false, .. })));
    }

    #[test]
    fn links_to_register_are_known_in_other_languages() {
        for text in [
            "Register",
            "Sign in | Register",
            "Log in or sign up",
            "Войти / Регистрация",
            "تسجيل الدخول",
            "S’inscrire",
        ] {
            assert!(is_register_link(text), "{text}");
        }
        for text in ["Register of ships", "", "|", "Photo", "Date"] {
            assert!(!is_register_link(text), "{text}");
        }
    }
}
