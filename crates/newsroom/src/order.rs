//! The order in which photos are shown: by the time they were taken, where only the day is known by that, then by name as
//! people sort names.

use std::cmp::{Ordering, Reverse};

use jiff::civil::{Date, Time};

use crate::facts::{CameraTime, PartialDate, PhotoFacts};

/// A photo as it arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival<'a> {
    /// File name, perhaps with folders.
    pub name: &'a str,
    /// When it was taken, where its file says so.
    pub taken: Option<CameraTime>,
    /// The day, month or year, where its file tells no time.
    pub date: Option<PartialDate>,
}

impl<'a> Arrival<'a> {
    /// A photo with what its file says.
    pub fn of(name: &'a str, facts: &PhotoFacts) -> Self {
        Self { name, taken: facts.taken, date: facts.date_created }
    }
}

/// The places of `photos` in their order of showing: by capture time with its fraction of a second, then by natural
/// name order. A photo with a date alone stands at the beginning of its day, month or year, one without any comes last.
/// Times are compared as points in time when all of them state their offset from UTC, else by the cameras' own clocks.
pub fn showing_order(photos: &[Arrival<'_>]) -> Vec<usize> {
    let absolute = photos.iter().filter_map(|photo| photo.taken).all(|taken| taken.offset_minutes.is_some());
    let mut order: Vec<(usize, &Arrival<'_>)> = photos.iter().enumerate().collect();
    order.sort_by(|(_, a), (_, b)| {
        let times = match (place_in_time(a, absolute), place_in_time(b, absolute)) {
            (Some(a), Some(b)) => a.cmp(&b),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        };
        times.then_with(|| natural(a.name, b.name))
    });
    order.into_iter().map(|(index, _)| index).collect()
}

/// When a photo goes to the desk, by what its photographer marked: the best first, those without a mark later, rejected ones last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rank {
    tier: Tier,
    stars: Reverse<i8>,
    class: u8,
    urgency: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Tier {
    Marked,
    Plain,
    Rejected,
}

/// Behind the classes of Photo Mechanic, of which the first is the best: a label of any colour, then nothing.
const LABELLED: u8 = 9;
const UNCLASSED: u8 = 10;
/// Behind the least urgent.
const UNSAID: u8 = 9;

impl Rank {
    /// By stars, then by colour class or label, then by urgency.
    pub fn of(facts: &PhotoFacts) -> Self {
        let stars = facts.rating.unwrap_or(0);
        let label = facts.label.as_deref().is_some_and(|label| !label.trim().is_empty());
        let class = facts.color_class.filter(|class| (1..=8).contains(class));
        let class = class.unwrap_or(if label { LABELLED } else { UNCLASSED });
        let tier = match stars {
            ..=-1 => Tier::Rejected,
            0 if class == UNCLASSED => Tier::Plain,
            _ => Tier::Marked,
        };
        let urgency = facts.urgency.filter(|urgency| (1..=8).contains(urgency)).unwrap_or(UNSAID);
        Self { tier, stars: Reverse(stars), class, urgency }
    }
}

fn place_in_time(photo: &Arrival<'_>, absolute: bool) -> Option<i128> {
    let began = |date: PartialDate| {
        let day = Date::new(date.year, date.month.unwrap_or(1), date.day.unwrap_or(1)).ok()?;
        Some(instant(CameraTime { local: day.to_datetime(Time::midnight()), offset_minutes: None }, false))
    };
    photo.taken.map(|taken| instant(taken, absolute)).or_else(|| photo.date.and_then(began))
}

/// Nanoseconds of the civil time line, moved to UTC when `absolute`.
fn instant(taken: CameraTime, absolute: bool) -> i128 {
    let day =
        jiff::civil::date(1970, 1, 1).until(taken.local.date()).map_or(0, |span| i128::from(span.get_days()));
    let time = taken.local.time();
    let seconds = i128::from(time.hour()) * 3600 + i128::from(time.minute()) * 60 + i128::from(time.second());
    let offset = if absolute { i128::from(taken.offset_minutes.unwrap_or(0)) * 60 } else { 0 };
    (day * 86_400 + seconds - offset) * 1_000_000_000 + i128::from(time.subsec_nanosecond())
}

/// Natural order of names: numbers by value (`IMG_9` before `IMG_10`), letters without case, folder by folder; names
/// that differ by case or leading zeros only, by their signs.
pub fn natural(a: &str, b: &str) -> Ordering {
    let folders = a.split(['/', '\\']).zip(b.split(['/', '\\']));
    let first = folders.map(|(a, b)| natural_part(a, b)).find(|order| order.is_ne());
    let depth = a.split(['/', '\\']).count().cmp(&b.split(['/', '\\']).count());
    first.unwrap_or(depth).then_with(|| a.cmp(b))
}

fn natural_part(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a, b);
    loop {
        let (one, other) = (a.chars().next(), b.chars().next());
        let (Some(one), Some(other)) = (one, other) else { return one.is_some().cmp(&other.is_some()) };
        if one.is_ascii_digit() && other.is_ascii_digit() {
            let (number, rest) = digits(a);
            let (other_number, other_rest) = digits(b);
            let order = number.len().cmp(&other_number.len()).then_with(|| number.cmp(other_number));
            if order.is_ne() {
                return order;
            }
            (a, b) = (rest, other_rest);
        } else {
            let order = one.to_lowercase().cmp(other.to_lowercase());
            if order.is_ne() {
                return order;
            }
            a = a.get(one.len_utf8()..).unwrap_or_default();
            b = b.get(other.len_utf8()..).unwrap_or_default();
        }
    }
}

/// The number at the beginning, without leading zeros, and what follows it.
fn digits(text: &str) -> (&str, &str) {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    (number.trim_start_matches('0'), rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn taken(hour: i8, nanos: i32, offset_minutes: Option<i16>) -> Option<CameraTime> {
        Some(CameraTime { local: date(2021, 1, 2).at(hour, 0, 0, nanos), offset_minutes })
    }

    fn order(photos: &[(&'static str, Option<CameraTime>)]) -> Vec<&'static str> {
        let arrivals: Vec<Arrival<'_>> =
            photos.iter().map(|(name, taken)| Arrival { name, taken: *taken, date: None }).collect();
        showing_order(&arrivals).into_iter().map(|index| photos[index].0).collect()
    }

    #[test]
    fn photos_of_one_second_stand_by_their_fraction() {
        let photos = [("a", taken(9, 700, None)), ("b", taken(9, 20, None)), ("c", taken(8, 900, None))];
        assert_eq!(order(&photos), ["c", "b", "a"]);
    }

    #[test]
    fn offsets_count_only_when_every_time_has_one() {
        let (kyiv, paris) = (taken(10, 0, Some(120)), taken(9, 30, Some(60)));
        assert_eq!(order(&[("paris", paris), ("kyiv", kyiv)]), ["kyiv", "paris"]);
        assert_eq!(
            order(&[("paris", paris), ("kyiv", kyiv), ("local", taken(7, 0, None))]),
            ["local", "paris", "kyiv"]
        );
    }

    #[test]
    fn photos_without_a_time_come_last_by_name() {
        let photos = [("IMG_10.jpg", None), ("img_9.jpg", None), ("z.jpg", taken(9, 0, None))];
        assert_eq!(order(&photos), ["z.jpg", "img_9.jpg", "IMG_10.jpg"]);
    }

    #[test]
    fn a_photo_with_a_day_alone_stands_at_the_beginning_of_its_day() {
        let dated = |name, text| Arrival { name, taken: None, date: PartialDate::parse(text) };
        let timed = |name, taken| Arrival { name, taken, date: PartialDate::parse("2021-01-02") };
        let photos = [
            timed("nine", taken(9, 0, Some(60))),
            dated("same day", "2021-01-02"),
            dated("day after", "2021-01-03"),
            dated("year before", "2020"),
            Arrival { name: "nothing known", taken: None, date: None },
        ];
        let order: Vec<&str> = showing_order(&photos).into_iter().map(|index| photos[index].name).collect();
        assert_eq!(order, ["year before", "same day", "nine", "day after", "nothing known"]);
    }

    #[test]
    fn names_sort_as_people_sort_them() {
        let mut names = ["a10", "a9", "A2", "a002b", "b/1", "a/10", "a/9", "99999999999999999999999", "100"];
        names.sort_by(|a, b| natural(a, b));
        assert_eq!(
            names,
            ["100", "99999999999999999999999", "a/9", "a/10", "A2", "a002b", "a9", "a10", "b/1"]
        );
    }

    #[test]
    fn the_best_go_first_and_rejected_ones_last() {
        let photo = |rating, color_class, label: Option<&str>, urgency| PhotoFacts {
            rating,
            color_class,
            label: label.map(str::to_owned),
            urgency,
            ..PhotoFacts::default()
        };
        let in_order = [
            photo(Some(5), None, None, None),
            photo(Some(3), Some(1), None, None),
            photo(Some(3), None, None, Some(1)),
            photo(Some(3), None, None, None),
            photo(None, Some(1), Some("Red"), None),
            photo(Some(0), Some(8), None, None),
            photo(None, Some(0), Some("Red"), None),
            photo(None, None, None, Some(2)),
            photo(Some(0), Some(0), Some(" "), None),
            photo(Some(-1), Some(1), Some("Red"), Some(1)),
        ];
        for (place, pair) in in_order.windows(2).enumerate() {
            assert!(Rank::of(&pair[0]) < Rank::of(&pair[1]), "{place}");
        }
        assert_eq!(Rank::of(&in_order[8]), Rank::of(&PhotoFacts::default()));
    }
}
