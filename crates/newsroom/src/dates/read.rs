//! The grammar of dates over words and numbers.

use jiff::civil::{Date, Weekday};

use super::FoundDate;
use super::names::{self, AFTER_WEEKDAY, LINKS, MonthName, ORDINALS};
use super::tokens::{Kind, Token, tokens};

/// Years that a photograph's caption can mean; other numbers of four digits are not years.
const YEARS: std::ops::RangeInclusive<u32> = 1800..=2199;

/// A date at some token, without its weekday.
struct Parts {
    /// Index of its first token.
    first: usize,
    /// Index behind its last token.
    past: usize,
    year: Option<i16>,
    month: i8,
    day: Option<i8>,
}

pub(super) fn find(text: &str) -> Vec<FoundDate> {
    let reader = Reader { text, tokens: tokens(text) };
    let mut found = Vec::new();
    let mut at = 0;
    while at < reader.tokens.len() {
        match reader.date_at(at) {
            Some(parts) => {
                at = parts.past.max(at + 1);
                found.extend(reader.with_weekday(&parts));
            }
            None => at += 1,
        }
    }
    found
}

struct Reader<'a> {
    text: &'a str,
    tokens: Vec<Token>,
}

impl Reader<'_> {
    fn date_at(&self, at: usize) -> Option<Parts> {
        self.year_first(at)
            .or_else(|| self.day_first_numbers(at))
            .or_else(|| self.day_month(at))
            .or_else(|| self.month_day(at))
            .or_else(|| self.month_year(at))
    }

    fn slice(&self, start: usize, end: usize) -> &str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// What lies between a token and the next, without spaces and direction marks.
    fn gap(&self, at: usize) -> Option<&str> {
        let raw = self.raw_gap(at)?;
        Some(raw.trim_matches(|c: char| c.is_whitespace() || is_direction_mark(c)))
    }

    fn raw_gap(&self, at: usize) -> Option<&str> {
        let (token, next) = (self.tokens.get(at)?, self.tokens.get(at + 1)?);
        Some(self.slice(token.end, next.start))
    }

    fn gap_is(&self, at: usize, allowed: &[&str]) -> bool {
        self.gap(at).is_some_and(|gap| allowed.contains(&gap))
    }

    fn word(&self, at: usize) -> Option<&str> {
        let token = self.tokens.get(at).filter(|token| token.kind == Kind::Word)?;
        Some(self.slice(token.start, token.end))
    }

    fn folded(&self, at: usize) -> Option<String> {
        // No name in the tables is longer, and folding a page-long word for each token would cost its square.
        self.word(at).filter(|word| word.len() <= 64).map(names::fold)
    }

    /// A number of one to `most` digits that is no part of a longer figure such as `3,000` or `4.5`.
    fn number(&self, at: usize, most: usize) -> Option<u32> {
        match self.tokens.get(at)?.kind {
            Kind::Number { digits, value, .. } if digits <= most => Some(value),
            _ => None,
        }
    }

    fn year(&self, at: usize) -> Option<i16> {
        let four = matches!(self.tokens.get(at)?.kind, Kind::Number { digits: 4, .. });
        let value = self.number(at, 4).filter(|value| four && YEARS.contains(value))?;
        i16::try_from(value).ok()
    }

    fn small(&self, at: usize, range: std::ops::RangeInclusive<u32>) -> Option<i8> {
        let value = self.number(at, 2).filter(|value| range.contains(value))?;
        i8::try_from(value).ok()
    }

    /// `2021-01-02`, `2021/01/02`, `2021.01.02`, `2021年1月2日`, `2021년 1월 2일`.
    fn year_first(&self, at: usize) -> Option<Parts> {
        let year = self.year(at)?;
        if self.word(at + 1).is_some_and(|unit| unit == "年" || unit == "년") {
            let month = self.small(at + 2, 1..=12)?;
            let day = self.small(at + 4, 1..=31)?;
            let units = self.word(at + 3).is_some_and(|unit| unit == "月" || unit == "월")
                && self.word(at + 5).is_some_and(|unit| unit == "日" || unit == "일");
            return units.then_some(Parts {
                first: at,
                past: at + 6,
                year: Some(year),
                month,
                day: Some(day),
            });
        }
        let gap = self.raw_gap(at).filter(|gap| ["-", "/", "."].contains(gap))?;
        let (month, day) = (self.small(at + 1, 1..=12)?, self.small(at + 2, 1..=31)?);
        let same = self.raw_gap(at + 1) == Some(gap);
        let real = Date::new(year, month, day).is_ok();
        (same && real).then_some(Parts { first: at, past: at + 3, year: Some(year), month, day: Some(day) })
    }

    /// `12.03.2022` day first; with slashes or hyphens only where the order is certain: one number over 12, both
    /// the same, or digits of a script whose languages all put the day first.
    fn day_first_numbers(&self, at: usize) -> Option<Parts> {
        let gap = self.gap(at).filter(|gap| [".", "/", "-"].contains(gap))?;
        let (one, two) = (self.small(at, 1..=31)?, self.small(at + 1, 1..=31)?);
        let year = self.year(at + 2).filter(|_| self.gap(at + 1) == Some(gap))?;
        let foreign = matches!(self.tokens.get(at)?.kind, Kind::Number { ascii: false, .. });
        let day_first = gap == "." || foreign || one > 12 || one == two;
        let (day, month) = if day_first { (one, two) } else { (two, one) };
        let certain = day_first || two > 12;
        let real = Date::new(year, month, day).is_ok();
        (certain && real).then_some(Parts {
            first: at,
            past: at + 3,
            year: Some(year),
            month,
            day: Some(day),
        })
    }

    /// `2 January 2021`, `12. März 2022`, `2 de enero de 2021`, `1er janvier`, `2 كانون الثاني/يناير 2021`.
    fn day_month(&self, at: usize) -> Option<Parts> {
        let day = self.small(at, 1..=31).filter(|_| !self.inside_a_figure(at))?;
        let mut next = at + 1;
        if self.raw_gap(at) == Some("") || self.raw_gap(at) == Some("-") {
            let ordinal = self.folded(next).is_some_and(|word| ORDINALS.contains(&word.as_str()));
            next += usize::from(ordinal);
        }
        if !self.gap_is(next - 1, &["", ".", "-", "/", "°", "º"]) {
            return None;
        }
        next = self.skip_link(next);
        let (month, past) = self.month_at(next)?;
        let (year, past) = match self.year_behind(past, &["", ",", ".", ".,", "-", "/", "،"]) {
            Some((year, past)) => (Some(year), past),
            None => (None, past),
        };
        let certain = year.is_some() || self.certain_without_year(next, past, month);
        certain.then_some(Parts { first: at, past, year, month: month.number, day: Some(day) })
    }

    /// `Jan. 29, 2008`, `January 2nd, 2021`, `January 1-2, 2021` (the last day).
    fn month_day(&self, at: usize) -> Option<Parts> {
        let (month, next) = self.month_at(at)?;
        let spaced = self.gap_is(next - 1, &["", "."]);
        let mut day = self.small(next, 1..=31).filter(|_| spaced && !self.inside_a_figure(next))?;
        let mut past = next + 1;
        let ordinal = self.raw_gap(next) == Some("")
            && self.folded(past).is_some_and(|word| ORDINALS.contains(&word.as_str()));
        past += usize::from(ordinal);
        if self.gap_is(past - 1, &["-", "–"])
            && let Some(last) = self.small(past, 1..=31)
        {
            (day, past) = (last, past + 1);
        }
        let year = self.year_behind(past, &["", ",", ".,", "،"]);
        let certain = year.is_some() || self.certain_without_year(at, next, month) && self.is_capital(at);
        let (year, past) = year.map_or((None, past), |(year, past)| (Some(year), past));
        certain.then_some(Parts { first: at, past, year, month: month.number, day: Some(day) })
    }

    /// `January 2021`, `marzo de 2021`.
    fn month_year(&self, at: usize) -> Option<Parts> {
        let (month, past) = self.month_at(at)?;
        let likely = !month.wants_capital || self.is_capital(at);
        let (year, past) = self.year_behind(past, &["", ",", ".", "،"]).filter(|_| likely)?;
        Some(Parts { first: at, past, year: Some(year), month: month.number, day: None })
    }

    /// A month's name of one or two words, perhaps with the same month's other name behind a slash.
    fn month_at(&self, at: usize) -> Option<(MonthName, usize)> {
        let one = self.folded(at).filter(|word| names::begins_month(word))?;
        let two =
            self.folded(at + 1).filter(|_| self.gap(at) == Some("")).map(|next| format!("{one} {next}"));
        let long = two.and_then(|name| names::month(&name)).map(|month| (month, at + 2));
        let (month, past) = long.or_else(|| names::month(&one).map(|month| (month, at + 1)))?;
        if self.gap_is(past - 1, &["/", "("]) {
            let other = self.month_at(past).filter(|(other, _)| other.number == month.number);
            return Some((month, other.map_or(past, |(_, past)| past)));
        }
        Some((month, past))
    }

    /// A year at `past` or behind one linking word, when the gap before it is one of `gaps`.
    fn year_behind(&self, past: usize, gaps: &[&str]) -> Option<(i16, usize)> {
        let behind_bracket = self.gap_is(past - 1, &[")"]) && self.year(past).is_some();
        if !behind_bracket && !self.gap_is(past - 1, gaps) {
            return None;
        }
        let at = self.skip_link(past);
        let year = self.year(at)?;
        Some((year, at + 1))
    }

    fn skip_link(&self, at: usize) -> usize {
        let link = self.folded(at).is_some_and(|word| LINKS.contains(&word.as_str()));
        let tight = self.gap_is(at, &["", "'", "’"]);
        at + usize::from(link && tight)
    }

    /// `3,000`, `4.5`, `10:30`: the number belongs to a longer figure.
    fn inside_a_figure(&self, at: usize) -> bool {
        let glued = |at: usize| {
            let numbers = [at, at + 1].iter().all(|at| {
                self.tokens.get(*at).is_some_and(|token| matches!(token.kind, Kind::Number { .. }))
            });
            numbers && self.raw_gap(at).is_some_and(|gap| [",", ".", ":"].contains(&gap))
        };
        let before = at.checked_sub(1).is_some_and(glued);
        before || (glued(at) && self.year(at + 1).is_none())
    }

    /// Without a year `2 may` or `march 2` are words, `2 May` and `2 janvier` are dates.
    fn certain_without_year(&self, at: usize, past: usize, month: MonthName) -> bool {
        let stop =
            past.checked_sub(1).and_then(|last| self.raw_gap(last)).is_some_and(|gap| gap.starts_with('.'));
        let capital = self.is_capital(at);
        if month.short { capital || stop } else { !month.wants_capital || capital }
    }

    fn is_capital(&self, at: usize) -> bool {
        self.word(at).and_then(|word| word.chars().next()).is_some_and(char::is_uppercase)
    }

    /// The weekday right before the date, or in brackets behind it.
    fn with_weekday(&self, parts: &Parts) -> Option<FoundDate> {
        let last = parts.past.checked_sub(1)?;
        let mut start = self.tokens.get(parts.first)?.start;
        let mut end = self.tokens.get(last)?.end;
        let mut named = None;
        if let Some((day, from)) = self.weekday_before(parts.first) {
            named = Some(day);
            start = self.tokens.get(from)?.start;
        } else if self.gap_is(last, &["("])
            && let Some(day) = self.folded(parts.past).and_then(|word| names::weekday(&word))
        {
            named = Some(day);
            end = self.tokens.get(parts.past)?.end;
        }
        let weekday = named.and_then(|day| Weekday::from_monday_one_offset(day).ok());
        Some(FoundDate { start, end, year: parts.year, month: parts.month, day: parts.day, weekday })
    }

    fn weekday_before(&self, first: usize) -> Option<(i8, usize)> {
        let gaps = ["", ",", ".", ".,", "،", "("];
        let mut at = first.checked_sub(1).filter(|at| self.gap_is(*at, &gaps))?;
        let filler = self.folded(at).is_some_and(|word| AFTER_WEEKDAY.contains(&word.as_str()));
        if filler {
            at = at.checked_sub(1).filter(|at| self.gap_is(*at, &gaps))?;
        }
        let folded = self.folded(at)?;
        // "sat 2 January" and "sun" are words; the short names count with a capital only.
        let short = folded.len() <= 5 && folded.is_ascii();
        let day = names::weekday(&folded).filter(|_| !short || self.is_capital(at) || folded.len() == 5)?;
        Some((day, at))
    }
}

fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
