//! The archive: its months, and each month in parts that never shift. A part holds its stories in order of time from
//! the month's beginning, so that what is published later only ever lengthens the last part.

use std::collections::BTreeSet;

use askama::Template;
use jiff::civil::Date;
use newsroom::moment::Moment;
use newsroom::slug::Slug;
use newsroom::story::Direction;

use super::frame::{Frame, chrome};
use super::linked_data;
use super::marks::printable;
use super::month::Month;
use super::times::{day_in_words, machine, month_in_words};
use super::{HTML, Page, PageKey, PrintError, Site, address};

/// Stories that one part of a month holds; the last part may hold fewer.
pub const STORIES_IN_A_PART: usize = 500;

/// A month that holds stories.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonthCount {
    /// The month.
    pub month: Month,
    /// Published stories in it, at least 1.
    pub stories: u64,
}

/// A story in a month.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    /// Its name in addresses.
    pub slug: &'a Slug,
    /// Headline.
    pub headline: &'a str,
    /// Language of the headline (BCP 47).
    pub language: &'a str,
    /// The way it runs.
    pub direction: Direction,
    /// The time by which the month is ordered.
    pub shown: Moment,
    /// Number of photos that it shows.
    pub photos: usize,
}

/// What a part of a month is printed from.
#[derive(Debug, Clone, Copy)]
pub struct PartInput<'a> {
    /// The month.
    pub month: Month,
    /// The part, from 1.
    pub part: u32,
    /// Parts that the month has; at least `part`.
    pub parts: u32,
    /// The part's stories, oldest first; at most [`STORIES_IN_A_PART`].
    pub rows: &'a [Row<'a>],
    /// The nearest earlier month that holds stories.
    pub earlier: Option<Month>,
    /// The nearest later month that holds stories.
    pub later: Option<Month>,
}

/// A year of the index.
struct Year {
    year: i16,
    months: Vec<MonthView>,
}

struct MonthView {
    href: String,
    name: String,
    stories: String,
}

#[derive(Template)]
#[template(path = "pages/archive.html")]
struct IndexPage<'a> {
    frame: Frame<'a>,
    years: Vec<Year>,
}

/// The stories of one day.
struct Day {
    machine: String,
    words: String,
    rows: Vec<RowView>,
}

struct RowView {
    href: String,
    /// `lang` and `dir`, where they are not the page's.
    tongue: String,
    /// `lang` and `dir` for texts of the house inside.
    chrome: String,
    headline: String,
    machine: String,
    /// `15:32`, in the site's zone.
    clock: String,
    photos: String,
}

/// A link to another part or month.
struct Turn {
    rel: &'static str,
    href: String,
    name: String,
}

#[derive(Template)]
#[template(path = "pages/month.html")]
struct MonthPage<'a> {
    frame: Frame<'a>,
    heading: String,
    /// "Part 2 of 3".
    place: Option<String>,
    archive: String,
    days: Vec<Day>,
    parts: Vec<Turn>,
    months: Vec<Turn>,
}

/// Prints the months of the archive; `months` newest first.
///
/// # Errors
/// [`PrintError`] when the template or the writer stops, which no record causes.
pub fn index(site: &Site, months: &[MonthCount]) -> Result<Page, PrintError> {
    let mut frame = Frame::of_site(site, String::new());
    let texts = frame.texts;
    frame.title = texts.say("archive");
    frame.description = Some(texts.fill("archive-description", &[("name", &printable(&site.name))]));
    frame.head_of(address::archive().absolute(&site.url));
    frame.linked_data = linked_data::collection(&frame, &[])?;
    let mut years: Vec<Year> = Vec::new();
    for count in months {
        let month = count.month;
        let view = MonthView {
            href: address::month(month, 1).href(),
            name: texts.say(&format!("month-{}", month.number())),
            stories: texts.count("stories-count", count.stories),
        };
        match years.last_mut().filter(|last| last.year == month.year()) {
            Some(last) => last.months.push(view),
            None => years.push(Year { year: month.year(), months: vec![view] }),
        }
    }
    let keys = BTreeSet::from([PageKey::Site, PageKey::Newest]);
    let language = frame.language.clone();
    Ok(Page { content_type: HTML, language, body: IndexPage { frame, years }.render()?, keys })
}

/// Prints a part of a month.
///
/// # Errors
/// [`PrintError`] when the template or the writer stops, which no record causes.
pub fn part(site: &Site, input: &PartInput<'_>) -> Result<Page, PrintError> {
    let mut frame = Frame::of_site(site, String::new());
    let texts = frame.texts;
    let (this, of) = (input.part.to_string(), input.parts.max(input.part).to_string());
    let heading = month_in_words(input.month.year(), input.month.number(), texts);
    let place = (input.parts > 1).then(|| texts.fill("part-place", &[("number", &this), ("total", &of)]));
    frame.title = match &place {
        Some(place) => format!("{heading} · {place}"),
        None => heading.clone(),
    };
    frame.description = Some(texts.fill("list-archive", &[("month", &frame.title), ("name", &site.name)]));
    frame.head_of(address::month(input.month, input.part).absolute(&site.url));
    let above = [(texts.say("archive"), address::archive())];
    frame.linked_data = linked_data::collection(&frame, &above)?;
    let page = MonthPage {
        heading,
        place,
        archive: address::archive().href(),
        days: days(site, input, &frame),
        parts: parts(input, &frame),
        months: months(input, &frame),
        frame,
    };
    let keys = BTreeSet::from([PageKey::Site, PageKey::Month(input.month.to_string())]);
    let language = page.frame.language.clone();
    Ok(Page { content_type: HTML, language, body: page.render()?, keys })
}

fn days(site: &Site, input: &PartInput<'_>, frame: &Frame<'_>) -> Vec<Day> {
    let texts = frame.texts;
    let mut days: Vec<(Date, Day)> = Vec::new();
    for row in input.rows {
        let local = row.shown.as_timestamp().to_zoned(site.time_zone.clone());
        let view = RowView {
            href: address::story(row.slug).href(),
            tongue: frame.tongue(row.language, row.direction),
            chrome: chrome(row.language, texts),
            headline: printable(row.headline.trim()),
            machine: machine(row.shown),
            clock: format!("{:02}:{:02}", local.hour(), local.minute()),
            photos: texts.count("photos-count", row.photos as u64),
        };
        match days.last_mut().filter(|(date, _)| *date == local.date()) {
            Some((_, day)) => day.rows.push(view),
            None => {
                let words = day_in_words(local.date(), texts);
                let day = Day { machine: local.date().to_string(), words, rows: vec![view] };
                days.push((local.date(), day));
            }
        }
    }
    days.into_iter().map(|(_, day)| day).collect()
}

fn parts(input: &PartInput<'_>, frame: &Frame<'_>) -> Vec<Turn> {
    let texts = frame.texts;
    let turn = |rel, part: u32, name| Turn { rel, href: address::month(input.month, part).href(), name };
    let mut turns = Vec::new();
    if input.part > 1 {
        turns.push(turn("prev", input.part - 1, texts.say("part-previous")));
    }
    if input.part < input.parts {
        turns.push(turn("next", input.part + 1, texts.say("part-next")));
    }
    turns
}

fn months(input: &PartInput<'_>, frame: &Frame<'_>) -> Vec<Turn> {
    let turn = |rel, month: Month| Turn {
        rel,
        href: address::month(month, 1).href(),
        name: month_in_words(month.year(), month.number(), frame.texts),
    };
    let both = [input.earlier.map(|month| turn("prev", month)), input.later.map(|month| turn("next", month))];
    both.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests;
