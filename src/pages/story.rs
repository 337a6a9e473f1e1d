//! The page of a story (R30-R36).

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;
use newsroom::id::{PhotoId, StoryId};
use newsroom::moment::Moment;
use newsroom::notice::Notice;
use newsroom::published::{Picture, PublishedStory};
use newsroom::slug::Slug;
use newsroom::story::Direction;

use super::address::{self, Address};
use super::corrections::{CorrectionNote, corrections, updated};
use super::figure::{self, Album, Figure};
use super::frame::{Frame, Tongue};
use super::marks::{MarkStyle, Marker, Note, Rules, printable};
use super::picture::{Stand, preview};
use super::times::{TimeForms, machine};
use super::{Counters, HTML, Page, PageKey, PrintError, Site, body, linked_data};

/// What a story's page is printed from.
#[derive(Debug, Clone, Copy)]
pub struct StoryInput<'a> {
    /// The published record. Slides whose photo was withdrawn are left out by the caller.
    pub story: &'a PublishedStory,
    /// Public pictures; a slide whose photo is not among them shows "picture to come".
    pub pictures: &'a BTreeMap<PhotoId, Picture>,
    /// All notice rules; those that hold for this story now are applied.
    pub notices: &'a [Notice],
    /// Printed values of the counters; `None` prints none.
    pub counters: Option<Counters>,
    /// The stories that its foot leads on to.
    pub neighbours: Neighbours<'a>,
    /// When what readers see of it changed last, where that was after its first publication.
    pub changed: Option<Moment>,
    /// The moment of the print, which decides about notices in force.
    pub at: Moment,
}

/// The stories before and after one, in order of their time.
#[derive(Debug, Clone, Copy, Default)]
pub struct Neighbours<'a> {
    /// The next older one.
    pub previous: Option<Neighbour<'a>>,
    /// The next younger one.
    pub next: Option<Neighbour<'a>>,
}

/// A story that another leads on to.
#[derive(Debug, Clone, Copy)]
pub struct Neighbour<'a> {
    /// Its id.
    pub story: StoryId,
    /// Its name in addresses.
    pub slug: &'a Slug,
    /// Headline.
    pub headline: &'a str,
    /// Language of the headline (BCP 47).
    pub language: &'a str,
    /// The way it runs.
    pub direction: Direction,
}

/// A link, or plain text where there is no address for it.
struct Named {
    name: String,
    href: Option<String>,
}

/// A neighbour as the template shows it.
struct Onward {
    rel: &'static str,
    /// "Previous story", "Next story".
    label: String,
    href: String,
    headline: String,
    /// `lang` and `dir`, where they are not the page's.
    tongue: String,
}

#[derive(Template)]
#[template(path = "pages/story.html")]
struct StoryPage<'a> {
    frame: Frame<'a>,
    section: Named,
    headline: String,
    bylines: Vec<Named>,
    /// Absolute addresses of the bylines' pages.
    authors: Vec<String>,
    dateline: Option<String>,
    time: TimeForms,
    unconfirmed: bool,
    /// When it was corrected last.
    updated: Option<TimeForms>,
    counters: Vec<String>,
    cover: Option<Figure>,
    lede: Vec<String>,
    figures: Vec<Figure>,
    photos_count: String,
    photos_link: String,
    body: String,
    corrections: Vec<CorrectionNote>,
    notes: Vec<Note>,
    tags: Vec<Named>,
    onward: Vec<Onward>,
    light: String,
    short: String,
    short_absolute: String,
    published: String,
    modified: Option<String>,
}

/// Prints a story's page.
///
/// # Errors
/// [`PrintError::Template`] when the template stops, which no record causes.
pub fn print(site: &Site, input: &StoryInput<'_>) -> Result<Page, PrintError> {
    let story = input.story;
    let tongue = Tongue { language: &story.language, direction: story.direction };
    let frame = Frame::new(site, printable(story.headline.trim()), &tongue).in_section(&story.section);
    let texts = frame.texts;
    let rules = Rules { notices: input.notices, story: story.id, language: &story.language, at: input.at };
    let mut marker = Marker::new(rules, MarkStyle::Linked, texts);
    let album = Album { story, pictures: input.pictures, texts };

    // In reading order: a first mention gets the mark.
    let cover = cover_place(story).and_then(|place| {
        let slide = story.slides.get(place)?;
        Some(album.figure(slide, place + 1, Stand::Cover, &mut marker))
    });
    let lede = marker.paragraphs(&story.lede);
    let numbered = story.slides.iter().zip(1..);
    let figures =
        numbered.map(|(slide, number)| album.figure(slide, number, Stand::Slide, &mut marker)).collect();
    let body = body::html(&story.body, &mut marker);
    let corrections = corrections(story, &mut marker, texts);

    let mut keys = marker.keys();
    keys.extend(keys_of(story));
    let Neighbours { previous, next } = input.neighbours;
    keys.extend(previous.iter().chain(&next).map(|one| PageKey::Neighbour(one.story)));
    let time = TimeForms::new(story.shown.at, texts);
    let page = StoryPage {
        section: section_link(site, &story.section),
        headline: frame.title.clone(),
        authors: authors(site, &story.bylines),
        bylines: linked(&story.bylines, address::byline),
        dateline: dateline(story),
        published: time.machine.clone(),
        modified: input.changed.map(machine),
        time,
        unconfirmed: story.shown.unconfirmed,
        updated: updated(story, texts),
        counters: input.counters.map(|counters| shown_counters(counters, &frame)).unwrap_or_default(),
        cover,
        lede,
        figures,
        photos_count: texts.count("photos-count", story.slides.len() as u64),
        photos_link: texts.place("photos-link", story.slides.len(), story.slides.len()),
        body,
        corrections,
        notes: marker.notes(),
        tags: linked(&story.tags, address::tag),
        onward: onward(&frame, input.neighbours),
        light: address::light(&story.slug).href(),
        short: address::short(&story.short_code).href(),
        short_absolute: address::short(&story.short_code).absolute(&site.url),
        frame: with_head(frame, input, &mut marker)?,
    };
    let language = page.frame.language.clone();
    Ok(Page { content_type: HTML, language, body: page.render()?, keys })
}

/// The place of the cover in the row, from 0: the desk's choice, else the first slide.
pub(super) fn cover_place(story: &PublishedStory) -> Option<usize> {
    let chosen = story.slides.iter().position(|slide| slide.id == story.cover);
    chosen.or_else(|| (!story.slides.is_empty()).then_some(0))
}

/// What a story's texts and pictures come from.
pub(super) fn keys_of(story: &PublishedStory) -> BTreeSet<PageKey> {
    let mut keys = BTreeSet::from([PageKey::Story(story.id), PageKey::Site]);
    keys.extend(story.slides.iter().filter_map(|slide| slide.photo).map(PageKey::Photo));
    keys
}

/// The printable texts of a list, empty ones left out.
pub(super) fn kept(texts: &[String]) -> Vec<String> {
    texts.iter().map(|text| printable(text.trim())).filter(|text| !text.is_empty()).collect()
}

/// The dateline, where there is one.
pub(super) fn dateline(story: &PublishedStory) -> Option<String> {
    story.dateline.as_deref().map(|line| printable(line.trim())).filter(|line| !line.is_empty())
}

/// Names with the addresses of their pages.
fn linked(names: &[String], at: fn(&Slug) -> Address) -> Vec<Named> {
    let link = |name: String| {
        let href = Slug::from_text(&name).map(|slug| at(&slug).href());
        Named { name, href }
    };
    kept(names).into_iter().map(link).collect()
}

fn authors(site: &Site, bylines: &[String]) -> Vec<String> {
    let slugs = kept(bylines).into_iter().filter_map(|name| Slug::from_text(&name));
    slugs.map(|slug| address::byline(&slug).absolute(&site.url)).collect()
}

fn onward(frame: &Frame<'_>, neighbours: Neighbours<'_>) -> Vec<Onward> {
    let view = |rel, label: &str, one: Neighbour<'_>| Onward {
        rel,
        label: frame.texts.say(label),
        href: address::story(one.slug).href(),
        headline: printable(one.headline.trim()),
        tongue: frame.tongue(one.language, one.direction),
    };
    let previous = neighbours.previous.map(|one| view("prev", "story-previous", one));
    let next = neighbours.next.map(|one| view("next", "story-next", one));
    previous.into_iter().chain(next).collect()
}

fn section_link(site: &Site, section: &str) -> Named {
    let listed = site.sections.iter().find(|link| link.name == section).map(|link| link.slug.clone());
    let slug = listed.or_else(|| Slug::from_text(section));
    Named { name: printable(section), href: slug.map(|slug| address::section(&slug).href()) }
}

fn shown_counters(counters: Counters, frame: &Frame<'_>) -> Vec<String> {
    vec![frame.texts.count("comments", counters.comments), frame.texts.count("views", counters.views)]
}

/// Adds what search engines and link previews read.
fn with_head<'a>(
    mut frame: Frame<'a>,
    input: &StoryInput<'_>,
    marker: &mut Marker<'_>,
) -> Result<Frame<'a>, PrintError> {
    let (site, story) = (frame.site, input.story);
    frame.head_of(address::story(&story.slug).absolute(&site.url));
    frame.description = Some(marker.plain(&story.lede)).filter(|lede| !lede.is_empty());
    frame.preview = cover_place(story).and_then(|place| {
        let slide = story.slides.get(place)?;
        let picture = input.pictures.get(&slide.photo?)?;
        preview(site, picture, figure::written_alt(slide))
    });
    frame.linked_data = linked_data::story(&frame, input, marker)?;
    Ok(frame)
}

#[cfg(test)]
mod tests;
