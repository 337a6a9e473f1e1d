//! The site's Atom feed and the RSS feeds of site, sections and tags, both with Media RSS (R24): whole stories, every
//! photo with caption and credit. One reading of a story, two writers.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use askama::Template;
use newsroom::id::PhotoId;
use newsroom::moment::Moment;
use newsroom::notice::Notice;
use newsroom::published::{Picture, PublishedSlide, PublishedStory};
use newsroom::story::Direction;
use quick_xml::events::BytesText;

use super::corrections::{CorrectionNote, corrections};
use super::figure::{Alt, alt, statuses, tongue};
use super::frame::chrome;
use super::marks::{MarkStyle, Marker, Note, Rules, printable};
use super::picture::for_elsewhere;
use super::story::keys_of;
use super::xml::{Xml, text};
use super::{NameLink, Page, PageKey, PrintError, SectionLink, Site, address, body};
use crate::texts::Texts;

mod atom;
mod rss;

/// A story in the feed.
#[derive(Debug, Clone, Copy)]
pub struct FeedStory<'a> {
    /// The published record, withdrawn slides left out.
    pub story: &'a PublishedStory,
    /// Public pictures; slides without one are left out of the feed until their picture is there.
    pub pictures: &'a BTreeMap<PhotoId, Picture>,
    /// When it was last published: the entry's `updated`.
    pub updated: Moment,
}

/// What the feed is printed from.
#[derive(Debug, Clone, Copy)]
pub struct FeedInput<'a> {
    /// Newest first.
    pub stories: &'a [FeedStory<'a>],
    /// All notice rules; in the content of an entry the notes follow the text (R34).
    pub notices: &'a [Notice],
    /// The moment of the print: the feed's `updated` while it has no story.
    pub at: Moment,
}

/// Width in pixels of the pictures that the feed shows.
const PICTURE_WIDTH: u32 = 1200;

struct FeedFigure {
    address: String,
    width: u32,
    height: u32,
    alt: Alt,
    /// What readers are told of the picture (R11, R28).
    statuses: Vec<String>,
    caption: Vec<String>,
    /// See [`tongue`].
    tongue: String,
    credit: String,
}

/// The HTML inside an entry.
#[derive(Template)]
#[template(path = "partials/feed_content.html")]
struct Content {
    lede: Vec<String>,
    figures: Vec<FeedFigure>,
    body: String,
    corrections: Vec<CorrectionNote>,
    /// "Correction".
    correction: String,
    notes: Vec<Note>,
    language: String,
    direction: &'static str,
    /// `lang` and `dir` for texts of the house, where they are not in the story's language.
    chrome: String,
}

/// Prints the site's Atom feed (RFC 4287).
///
/// # Errors
/// [`PrintError`] when the template or the writer stops, which no record causes.
pub fn print(site: &Site, input: &FeedInput<'_>) -> Result<Page, PrintError> {
    atom::print(site, input)
}

/// What an RSS feed is about.
#[derive(Debug, Clone, Copy)]
pub enum Channel<'a> {
    /// The newest stories of the whole site.
    Site,
    /// Those of a section.
    Section(&'a SectionLink),
    /// Those with a tag.
    Tag(&'a NameLink),
}

/// Prints an RSS feed (RSS 2.0 with Media RSS 1.5.1); the stories in the input are those of its channel.
///
/// # Errors
/// [`PrintError`] when the template or the writer stops, which no record causes.
pub fn rss(site: &Site, channel: &Channel<'_>, input: &FeedInput<'_>) -> Result<Page, PrintError> {
    rss::print(site, channel, input)
}

impl FeedInput<'_> {
    /// When the newest of its stories changed; the moment of the print while there is none.
    fn updated(&self) -> Moment {
        self.stories.iter().map(|item| item.updated).max().unwrap_or(self.at)
    }
}

/// All entries; what their pages depend on goes into `keys`.
fn entries<'a>(
    site: &Site,
    input: &FeedInput<'a>,
    keys: &mut BTreeSet<PageKey>,
) -> Result<Vec<Entry<'a>>, PrintError> {
    let mut entries = Vec::with_capacity(input.stories.len());
    for item in input.stories {
        keys.extend(keys_of(item.story));
        entries.push(entry(site, input, item, keys)?);
    }
    Ok(entries)
}

/// An entry, read from its story before anything is written.
struct Entry<'a> {
    item: FeedStory<'a>,
    href: String,
    summary: String,
    content: String,
    media: Vec<Media<'a>>,
}

/// A photo of an entry.
struct Media<'a> {
    slide: &'a PublishedSlide,
    address: String,
    width: u32,
    height: u32,
    caption: String,
}

fn entry<'a>(
    site: &Site,
    input: &FeedInput<'a>,
    item: &FeedStory<'a>,
    keys: &mut BTreeSet<PageKey>,
) -> Result<Entry<'a>, PrintError> {
    let story = item.story;
    let texts = Texts::choose(&story.language, &site.language);
    let rules = Rules { notices: input.notices, story: story.id, language: &story.language, at: input.at };
    let mut marker = Marker::new(rules, MarkStyle::Sign, texts);
    let mut content = Content {
        lede: marker.paragraphs(&story.lede),
        figures: Vec::new(),
        body: String::new(),
        corrections: Vec::new(),
        correction: texts.say("correction"),
        notes: Vec::new(),
        language: story.language.clone(),
        direction: story.direction.as_str(),
        chrome: chrome(&story.language, texts),
    };
    let mut media = Vec::new();
    for (slide, number) in story.slides.iter().zip(1..) {
        let picture = slide.photo.and_then(|photo| item.pictures.get(&photo));
        let Some((address, size)) = picture.and_then(|picture| for_elsewhere(site, picture, PICTURE_WIDTH))
        else {
            continue;
        };
        content.figures.push(FeedFigure {
            address: address.clone(),
            width: size.width,
            height: size.height,
            alt: alt(slide, &story.language, texts, || {
                texts.place("alt-missing", number, story.slides.len())
            }),
            statuses: statuses(slide, texts),
            caption: marker.paragraphs(&slide.caption),
            tongue: tongue(slide, &story.language),
            credit: printable(&slide.credit),
        });
        let caption = marker.plain(&slide.caption);
        media.push(Media { slide, address, width: size.width, height: size.height, caption });
    }
    content.body = body::html(&story.body, &mut marker);
    content.corrections = corrections(story, &mut marker, texts);
    content.notes = marker.notes();
    keys.extend(marker.keys());
    Ok(Entry {
        item: *item,
        href: address::story(&story.slug).absolute(&site.url),
        summary: marker.plain(&story.lede),
        content: content.render()?,
        media,
    })
}

impl Entry<'_> {
    /// The headline, isolated where it runs another way than its language usually does: feed readers set it
    /// among their own texts (R43).
    fn title(&self) -> String {
        let story = self.item.story;
        if Direction::of_language(&story.language) == story.direction {
            return story.headline.clone();
        }
        format!("\u{2068}{}\u{2069}", story.headline)
    }
}

impl Media<'_> {
    fn write(&self, xml: &mut Xml) -> io::Result<()> {
        let (width, height) = (self.width.to_string(), self.height.to_string());
        let attributes = [
            ("url", self.address.as_str()),
            ("type", "image/jpeg"),
            ("medium", "image"),
            ("width", &width),
            ("height", &height),
        ];
        xml.create_element("media:content").with_attributes(attributes).write_inner_content(|xml| {
            let caption = xml.create_element("media:description").with_attribute(("type", "plain"));
            caption.write_text_content(BytesText::new(&self.caption))?;
            let credit = xml.create_element("media:credit").with_attribute(("role", "photographer"));
            credit.write_text_content(BytesText::new(&printable(&self.slide.credit)))?;
            let rights = &self.slide.rights;
            if let Some(copyright) = &rights.copyright {
                text(xml, "media:copyright", copyright)?;
            }
            if let Some(address) = &rights.web_statement {
                let license = xml.create_element("media:license");
                let license =
                    license.with_attributes([("type", "text/html"), ("href", printable(address).as_str())]);
                let terms = rights.usage_terms.as_deref().unwrap_or(address);
                license.write_text_content(BytesText::new(&printable(terms)))?;
            } else if let Some(terms) = &rights.usage_terms {
                text(xml, "media:license", terms)?;
            }
            Ok(())
        })?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
