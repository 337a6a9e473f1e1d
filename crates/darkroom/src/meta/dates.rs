//! Dates as the three kinds of metadata write them.

use super::facts::{CameraTime, PartialDate};

/// A date with, perhaps, a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stated {
    /// The date.
    pub date: PartialDate,
    /// The moment, where a time is stated.
    pub time: Option<CameraTime>,
}

/// An XMP date (XMP part 1, 8.2.1.1; ISO 8601): `2021`, `2021-01`, `2021-01-02`, `2021-01-02T15:04`, with seconds,
/// fraction and offset as far as they are known.
pub(crate) fn iso(text: &str) -> Option<Stated> {
    let (day, time) = match text.trim().split_once(['T', ' ']) {
        Some((day, time)) => (day, Some(time)),
        None => (text.trim(), None),
    };
    let mut parts = day.split('-');
    let date = partial(parts.next()?, parts.next(), parts.next())?;
    if parts.next().is_some() {
        return None;
    }
    Some(Stated { date, time: time.and_then(|time| clock(date, time)) })
}

/// An EXIF date, `2021:01:02 15:04:05`, with the fraction and the offset that stand in tags of their own. Blanks and
/// zeros mean "not known" (Exif 2.3, 4.6.5).
pub(crate) fn exif(text: &str, fraction: Option<&str>, offset: Option<&str>) -> Option<Stated> {
    let text = text.trim();
    let (day, time) = text.split_once([' ', 'T']).unwrap_or((text, ""));
    let mut parts = day.split([':', '-', '/']);
    let date = partial(parts.next()?, parts.next(), parts.next())?;
    let mut time = clock(date, time);
    if let Some(time) = &mut time {
        if let Some(nanosecond) = fraction.and_then(nanoseconds) {
            time.nanosecond = nanosecond;
        }
        time.offset_minutes = time.offset_minutes.or_else(|| minutes_east(offset?.trim()));
    }
    Some(Stated { date, time })
}

/// An IIM date, CCYYMMDD, whose month and day may be 00, with its time, HHMMSS±HHMM (IIM 4.2, 2:55 and 2:60).
pub(crate) fn iim(day: &str, time: Option<&str>) -> Option<Stated> {
    let day: String = day.trim().chars().filter(|character| !matches!(character, '-' | ':' | '/')).collect();
    let date = partial(day.get(..4)?, day.get(4..6), day.get(6..8))?;
    Some(Stated { date, time: time.and_then(|time| compact_clock(date, time.trim())) })
}

fn partial(year: &str, month: Option<&str>, day: Option<&str>) -> Option<PartialDate> {
    let year: i16 = number(year, 4).filter(|year| *year > 0)?;
    let month: i8 = number_or_zero(month)?;
    let day: i8 = number_or_zero(day)?;
    if month == 0 {
        return Some(PartialDate { year, month: None, day: None });
    }
    let last = last_day(year, month)?;
    if day == 0 {
        return Some(PartialDate { year, month: Some(month), day: None });
    }
    (day <= last).then_some(PartialDate { year, month: Some(month), day: Some(day) })
}

/// Two digits; 0 when there are none or only blanks.
fn number_or_zero(text: Option<&str>) -> Option<i8> {
    match text.map(str::trim) {
        None | Some("") => Some(0),
        Some(text) => number(text, 2),
    }
}

/// A number of 1 to `most` digits and nothing else.
fn number<T: std::str::FromStr>(text: &str, most: usize) -> Option<T> {
    let digits = !text.is_empty() && text.len() <= most && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits { text.parse().ok() } else { None }
}

fn last_day(year: i16, month: i8) -> Option<i8> {
    let leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => Some(31),
        4 | 6 | 9 | 11 => Some(30),
        2 if leap => Some(29),
        2 => Some(28),
        _ => None,
    }
}

/// `15:04`, `15:04:05`, `15:04:05.25`, each with an offset or without.
fn clock(date: PartialDate, text: &str) -> Option<CameraTime> {
    let text = text.trim();
    let zone = text.find(['Z', 'z', '+', '-', '\u{2212}']).unwrap_or(text.len());
    let (time, zone) = text.split_at_checked(zone)?;
    let mut parts = time.trim().split(':');
    let hour = number(parts.next()?, 2)?;
    let minute = number(parts.next()?, 2)?;
    let (second, fraction) = match parts.next() {
        None => ("0", None),
        Some(part) => part.split_once(['.', ',']).map_or((part, None), |(whole, part)| (whole, Some(part))),
    };
    let nanosecond = fraction.and_then(nanoseconds).unwrap_or(0);
    time_on(date, [hour, minute, number(second, 2)?], nanosecond, minutes_east(zone))
}

/// `150405` with an offset or without.
fn compact_clock(date: PartialDate, text: &str) -> Option<CameraTime> {
    if text.contains(':') {
        return clock(date, text);
    }
    let hour = number(text.get(..2)?, 2)?;
    let minute = number(text.get(2..4)?, 2)?;
    let second = number(text.get(4..6).unwrap_or("0"), 2)?;
    time_on(date, [hour, minute, second], 0, minutes_east(text.get(6..).unwrap_or("")))
}

fn time_on(
    date: PartialDate,
    [hour, minute, second]: [i8; 3],
    nanosecond: i32,
    offset_minutes: Option<i16>,
) -> Option<CameraTime> {
    if hour > 23 || minute > 59 || second > 60 {
        return None;
    }
    Some(CameraTime {
        year: date.year,
        month: date.month?,
        day: date.day?,
        hour,
        minute,
        second: second.min(59),
        nanosecond,
        offset_minutes,
    })
}

/// A fraction's digits as nanoseconds.
fn nanoseconds(digits: &str) -> Option<i32> {
    let digits = digits.trim();
    if digits.is_empty() || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let nine: String = digits.chars().chain(std::iter::repeat('0')).take(9).collect();
    nine.parse().ok()
}

/// `Z`, `+05:30`, `-0800`, `+05`.
fn minutes_east(text: &str) -> Option<i16> {
    let text = text.trim();
    if text.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let sign = match text.chars().next()? {
        '+' => 1,
        '-' | '\u{2212}' => -1,
        _ => return None,
    };
    let digits: String = text.chars().skip(1).filter(|character| *character != ':').collect();
    let hours: i16 = number(digits.get(..2)?, 2)?;
    let minutes: i16 = match digits.get(2..)? {
        "" => 0,
        minutes => number(minutes, 2)?,
    };
    (hours < 24 && minutes < 60).then_some(sign * (hours * 60 + minutes))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i16, month: i8, day: i8) -> PartialDate {
        PartialDate { year, month: Some(month), day: Some(day) }
    }

    #[test]
    fn partial_dates_stay_partial() {
        assert_eq!(iso("2021").unwrap().date, PartialDate { year: 2021, month: None, day: None });
        assert_eq!(iso("2021-07").unwrap().date, PartialDate { year: 2021, month: Some(7), day: None });
        assert_eq!(
            iim("20210700", None).unwrap().date,
            PartialDate { year: 2021, month: Some(7), day: None }
        );
    }

    #[test]
    fn an_iso_moment_keeps_fraction_and_offset() {
        let time = iso("2021-01-02T15:04:05.25+05:30").unwrap().time.unwrap();
        assert_eq!((time.hour, time.minute, time.second), (15, 4, 5));
        assert_eq!((time.nanosecond, time.offset_minutes), (250_000_000, Some(330)));
    }

    #[test]
    fn a_time_without_a_zone_stays_one() {
        assert_eq!(iso("2021-01-02T15:04").unwrap().time.unwrap().offset_minutes, None);
        assert_eq!(iim("20210102", Some("150405")).unwrap().time.unwrap().offset_minutes, None);
    }

    #[test]
    fn an_iim_time_west_of_greenwich_is_negative() {
        assert_eq!(iim("20210102", Some("150405-0800")).unwrap().time.unwrap().offset_minutes, Some(-480));
    }

    #[test]
    fn exif_takes_fraction_and_offset_from_their_own_tags() {
        let time = exif("2021:01:02 15:04:05", Some("07 "), Some("-03:00")).unwrap().time.unwrap();
        assert_eq!((time.nanosecond, time.offset_minutes), (70_000_000, Some(-180)));
    }

    #[test]
    fn blanks_and_zeros_of_a_camera_without_a_clock_are_no_date() {
        assert_eq!(exif("0000:00:00 00:00:00", None, None), None);
        assert_eq!(exif("    :  :     :  :  ", None, None), None);
    }

    #[test]
    fn days_that_do_not_exist_are_no_date() {
        assert_eq!(iso("2021-02-29"), None);
        assert_eq!(iso("2020-02-29").unwrap().date, day(2020, 2, 29));
        assert_eq!(iso("2021-13-01"), None);
    }

    #[test]
    fn a_wrong_time_leaves_the_date() {
        assert_eq!(iso("2021-01-02T25:00"), Some(Stated { date: day(2021, 1, 2), time: None }));
    }
}
