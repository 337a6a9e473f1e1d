//! Home, section, tag and byline pages: the newest stories as cards.
//!
//! The first card shows the whole picture. The others show its cut of 3:2 where there is one, else the whole: what must
//! not be cropped (`NO CROPPING`, R12) has none. Each has its credit (R14).

use std::collections::BTreeSet;

use askama::Template;
use newsroom::moment::Moment;
use newsroom::notice::Notice;
use newsroom::published::{Picture, PublishedStory};

use super::address::{self, Address};
use super::figure::{Alt, alt, shape_class, statuses, written_alt};
use super::frame::{Frame, Preview, chrome};
use super::marks::{MarkStyle, Marker, Rules, printable};
use super::picture::{self, Shot, Stand};
use super::story::cover_place;
use super::times::{day_in_words, machine};
use super::{HTML, NameLink, Page, PageKey, PrintError, SectionLink, Site, linked_data};

/// A story on a list.
#[derive(Debug, Clone, Copy)]
pub struct Card<'a> {
    /// The published record.
    pub story: &'a PublishedStory,
    /// The public pictures of its cover; `None` shows "picture to come".
    pub picture: Option<&'a Picture>,
}

/// What a list is printed from.
#[derive(Debug, Clone, Copy)]
pub struct ListInput<'a> {
    /// Newest first.
    pub cards: &'a [Card<'a>],
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
    alt: Alt,
    credit: String,
    statuses: Vec<String>,
    day: String,
    machine: String,
    photos: String,
}

#[derive(Template)]
#[template(path = "pages/list.html")]
struct ListPage<'a> {
    frame: Frame<'a>,
    heading: String,
    heading_shown: bool,
    /// What the list holds, above a name that does not say it: "Topic", "By".
    kicker: Option<String>,
    cards: Vec<CardView>,
}

/// Prints the home page: the newest stories of the whole site.
///
/// # Errors
/// [`PrintError::Template`] when the template stops, which no record causes.
pub fn home(site: &Site, input: &ListInput<'_>) -> Result<Page, PrintError> {
    let mut frame = Frame::of_site(site, printable(&site.name));
    frame.head_of(address::home().absolute(&site.url));
    let heading = frame.texts.say("newest");
    print(Plan { frame, heading, heading_shown: false, kicker: None, key: PageKey::Newest }, input)
}

/// Prints the page of a section: its newest stories.
///
/// # Errors
/// [`PrintError`] when the template or the writer stops, which no record causes.
pub fn section(site: &Site, section: &SectionLink, input: &ListInput<'_>) -> Result<Page, PrintError> {
    let heading = printable(&section.name);
    let mut frame = Frame::of_site(site, heading.clone()).in_section(&section.name);
    frame.head_of(address::section(&section.slug).absolute(&site.url));
    frame.with_feed(address::section_feed(&section.slug).href());
    let key = PageKey::Section(section.slug.clone());
    print(Plan { frame, heading, heading_shown: true, kicker: None, key }, input)
}

/// Prints the page of a tag: its newest stories (R35).
///
/// # Errors
/// [`PrintError`] when the template or the writer stops, which no record causes.
pub fn tag(site: &Site, tag: &NameLink, input: &ListInput<'_>) -> Result<Page, PrintError> {
    let mut plan = of_name(site, tag, &address::tag(&tag.slug), PageKey::Tag(tag.slug.clone()));
    plan.kicker = Some(plan.frame.texts.say("tag"));
    plan.frame.with_feed(address::tag_feed(&tag.slug).href());
    print(plan, input)
}

/// Prints the page of a byline: its newest stories.
///
/// # Errors
/// [`PrintError`] when the template or the writer stops, which no record causes.
pub fn byline(site: &Site, byline: &NameLink, input: &ListInput<'_>) -> Result<Page, PrintError> {
    let mut plan =
        of_name(site, byline, &address::byline(&byline.slug), PageKey::Byline(byline.slug.clone()));
    plan.kicker = Some(plan.frame.texts.say("by"));
    print(plan, input)
}

fn of_name<'a>(site: &'a Site, name: &NameLink, at: &Address, key: PageKey) -> Plan<'a> {
    let heading = printable(&name.name);
    let mut frame = Frame::of_site(site, heading.clone());
    frame.head_of(at.absolute(&site.url));
    Plan { frame, heading, heading_shown: true, kicker: None, key }
}

/// What differs between the kinds of lists.
struct Plan<'a> {
    frame: Frame<'a>,
    heading: String,
    heading_shown: bool,
    kicker: Option<String>,
    key: PageKey,
}

fn print(plan: Plan<'_>, input: &ListInput<'_>) -> Result<Page, PrintError> {
    let mut frame = plan.frame;
    let site = frame.site;
    let name = frame.full_title();
    frame.description = Some(frame.texts.fill("list-description", &[("name", &name)]));
    frame.preview = input.cards.iter().find_map(|card| preview(site, card));
    frame.linked_data = linked_data::collection(&frame, &[])?;
    let cards = input.cards.iter().enumerate();
    let cards = cards.map(|(place, card)| {
        let stand = if place == 0 { Stand::Lead } else { Stand::Card };
        view(site, card, stand, input, &frame)
    });
    let cards = cards.collect();
    let mut keys = BTreeSet::from([PageKey::Site, plan.key]);
    for card in input.cards {
        keys.insert(PageKey::Story(card.story.id));
        let cover = cover_place(card.story).and_then(|place| card.story.slides.get(place)?.photo);
        keys.extend(cover.map(PageKey::Photo));
    }
    let language = frame.language.clone();
    let (heading, heading_shown, kicker) = (plan.heading, plan.heading_shown, plan.kicker);
    let page = ListPage { frame, heading, heading_shown, kicker, cards };
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
        alt: cover
            .map(|(place, slide)| {
                alt(slide, &story.language, texts, || texts.place("alt-card", place + 1, total))
            })
            .unwrap_or_default(),
        credit: cover.map(|(_, slide)| printable(slide.credit.trim())).unwrap_or_default(),
        statuses: cover.map(|(_, slide)| statuses(slide, texts)).unwrap_or_default(),
        day: day_in_words(day, texts),
        machine: machine(shown),
        photos: texts.count("photos-count", total as u64),
    }
}

fn preview(site: &Site, card: &Card<'_>) -> Option<Preview> {
    let place = cover_place(card.story)?;
    let slide = card.story.slides.get(place)?;
    picture::preview(site, card.picture?, written_alt(slide))
}

#[cfg(test)]
mod tests;
