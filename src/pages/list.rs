//! Home, section and month pages: the newest stories as cards, older ones behind links to months.
//!
//! Pictures on cards are never cropped: they hang at their own shape (`NO CROPPING`, R12), and each has its
//! credit (R14).

use std::collections::BTreeSet;

use askama::Template;
use newsroom::moment::Moment;
use newsroom::notice::Notice;
use newsroom::published::{Picture, PublishedStory};
use newsroom::slug::Slug;

use super::figure::{alt, shape_class, status_key};
use super::frame::{Frame, Preview, chrome};
use super::marks::{MarkStyle, Marker, Rules, printable};
use super::picture::{Shot, Stand, for_elsewhere};
use super::story::cover_place;
use super::times::{day_in_words, machine, month_in_words};
use super::{HTML, Page, PageKey, PrintError, SectionLink, Site, address};

/// A story on a list.
#[derive(Debug, Clone, Copy)]
pub struct Card<'a> {
    /// The published record.
    pub story: &'a PublishedStory,
    /// The public pictures of its cover; `None` shows "picture to come".
    pub picture: Option<&'a Picture>,
}

/// A month that has a page of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonthLink {
    /// The year.
    pub year: i16,
    /// The month, 1 to 12.
    pub month: i8,
    /// How many stories its page shows.
    pub stories: u64,
}

/// What a list is printed from.
#[derive(Debug, Clone, Copy)]
pub struct ListInput<'a> {
    /// Newest first.
    pub cards: &'a [Card<'a>],
    /// Months with older stories, newest first; only those whose pages are printed.
    pub months: &'a [MonthLink],
    /// All notice rules: marks typed behind their terms are left out on cards (R34).
    pub notices: &'a [Notice],
    /// The moment of the print, which decides about notices in force.
    pub at: Moment,
}

/// A card as the template shows it. `language`, `direction`: of the story.
struct CardView {
    href: String,
    language: String,
    direction: &'static str,
    /// `lang` and `dir` for texts of the house, where they are not in the story's language.
    chrome: String,
    headline: String,
    lede: String,
    shot: Option<Shot>,
    /// See [`super::figure::shape_class`].
    shape: String,
    alt: String,
    credit: String,
    statuses: Vec<String>,
    day: String,
    machine: String,
    photos: String,
}

struct MonthView {
    href: String,
    name: String,
    stories: String,
}

#[derive(Template)]
#[template(path = "pages/list.html")]
struct ListPage<'a> {
    frame: Frame<'a>,
    heading: String,
    heading_shown: bool,
    cards: Vec<CardView>,
    months: Vec<MonthView>,
}

/// Prints the home page: the newest stories of the whole site.
///
/// # Errors
/// [`PrintError::Template`] when the template stops, which no record causes.
pub fn home(site: &Site, input: &ListInput<'_>) -> Result<Page, PrintError> {
    let mut frame = Frame::of_site(site, printable(&site.name));
    frame.canonical = Some(address::home().absolute(&site.url));
    let heading = frame.texts.say("newest");
    print(Plan { frame, heading, heading_shown: false, section: None, key: PageKey::Newest }, site, input)
}

/// Prints the page of a section: its newest stories.
///
/// # Errors
/// [`PrintError::Template`] when the template stops, which no record causes.
pub fn section(site: &Site, section: &SectionLink, input: &ListInput<'_>) -> Result<Page, PrintError> {
    let heading = printable(&section.name);
    let mut frame = Frame::of_site(site, heading.clone()).in_section(&section.name);
    frame.canonical = Some(address::section(&section.slug).absolute(&site.url));
    let key = PageKey::Section(section.slug.clone());
    print(Plan { frame, heading, heading_shown: true, section: Some(&section.slug), key }, site, input)
}

/// Prints the page of a month, of one section or of the whole site.
///
/// # Errors
/// [`PrintError::Template`] when the template stops, which no record causes.
pub fn month(
    site: &Site,
    section: Option<&SectionLink>,
    (year, month): (i16, i8),
    input: &ListInput<'_>,
) -> Result<Page, PrintError> {
    let mut frame = Frame::of_site(site, String::new());
    let words = month_in_words(year, month, frame.texts);
    frame.title = section.map_or(words.clone(), |section| format!("{}, {words}", printable(&section.name)));
    let slug = section.map(|section| &section.slug);
    frame.canonical = Some(address::month(slug, year, month).absolute(&site.url));
    if let Some(section) = section {
        frame = frame.in_section(&section.name);
    }
    let key = PageKey::Month(year, month, slug.cloned());
    let heading = frame.title.clone();
    print(Plan { frame, heading, heading_shown: true, section: slug, key }, site, input)
}

/// What differs between the kinds of lists.
struct Plan<'a> {
    frame: Frame<'a>,
    heading: String,
    heading_shown: bool,
    section: Option<&'a Slug>,
    key: PageKey,
}

fn print(plan: Plan<'_>, site: &Site, input: &ListInput<'_>) -> Result<Page, PrintError> {
    let mut frame = plan.frame;
    frame.preview = input.cards.iter().find_map(|card| preview(site, card, &frame));
    let cards = input.cards.iter().enumerate();
    let cards = cards.map(|(place, card)| {
        let stand = if place == 0 { Stand::Lead } else { Stand::Card };
        view(site, card, stand, input, &frame)
    });
    let cards = cards.collect();
    let months = input.months.iter().map(|link| MonthView {
        href: address::month(plan.section, link.year, link.month).href(),
        name: month_in_words(link.year, link.month, frame.texts),
        stories: frame.texts.count("stories-count", link.stories),
    });
    let months = months.collect();
    let mut keys = BTreeSet::from([PageKey::Site, plan.key]);
    for card in input.cards {
        keys.insert(PageKey::Story(card.story.id));
        let cover = cover_place(card.story).and_then(|place| card.story.slides.get(place)?.photo);
        keys.extend(cover.map(PageKey::Photo));
    }
    let language = frame.language.clone();
    let page = ListPage { frame, heading: plan.heading, heading_shown: plan.heading_shown, cards, months };
    Ok(Page { content_type: HTML, language, body: page.render()?, keys })
}

fn view(site: &Site, card: &Card<'_>, stand: Stand, input: &ListInput<'_>, frame: &Frame<'_>) -> CardView {
    let story = card.story;
    let texts = frame.texts;
    let rules = Rules { notices: input.notices, story: story.id, language: &story.language, at: input.at };
    let mut marker = Marker::new(rules, MarkStyle::None, texts);
    let total = story.slides.len();
    let cover = cover_place(story).and_then(|place| Some((place, story.slides.get(place)?)));
    let shown = story.shown.at;
    let shot = card.picture.and_then(|picture| Shot::new(picture, stand));
    let day = shown.as_timestamp().to_zoned(site.time_zone.clone()).date();
    CardView {
        href: address::story(&story.slug).href(),
        language: story.language.clone(),
        direction: story.direction.as_str(),
        chrome: chrome(&story.language, texts),
        headline: printable(story.headline.trim()),
        lede: marker.plain(&story.lede),
        shape: shape_class(shot.as_ref()),
        shot,
        alt: cover.map(|(place, slide)| alt(slide, place + 1, total, texts)).unwrap_or_default(),
        credit: cover.map(|(_, slide)| printable(slide.credit.trim())).unwrap_or_default(),
        statuses: cover
            .map(|(_, slide)| slide.statuses.iter().map(|status| texts.say(status_key(*status))).collect())
            .unwrap_or_default(),
        day: day_in_words(day, texts),
        machine: machine(shown),
        photos: texts.count("photos-count", total as u64),
    }
}

fn preview(site: &Site, card: &Card<'_>, frame: &Frame<'_>) -> Option<Preview> {
    let place = cover_place(card.story)?;
    let slide = card.story.slides.get(place)?;
    let (address, size) = for_elsewhere(site, card.picture?, 1200)?;
    Some(Preview { address, size, alt: alt(slide, place + 1, card.story.slides.len(), frame.texts) })
}

#[cfg(test)]
mod tests;
