//! The page of one slide: the photo big, its caption and credit, and the ways into its story. It is small, because every
//! photo of the archive has one.
//!
//! Link previews keep the slide's own address and show its own picture; search engines are told that the story is
//! where it belongs.

use askama::Template;
use newsroom::published::PublishedSlide;

use super::address::{self, Address};
use super::figure::{Album, Figure, written_alt};
use super::frame::{Frame, Tongue};
use super::marks::{MarkStyle, Marker, Note, Rules, printable};
use super::picture::{Stand, preview};
use super::story::StoryInput;
use super::{HTML, Page, PageKey, PrintError, Site, linked_data};
use crate::texts::Texts;

#[derive(Template)]
#[template(path = "pages/slide.html")]
struct SlidePage<'a> {
    frame: Frame<'a>,
    figure: Figure,
    /// The slide in its story.
    story: String,
    headline: String,
    previous: Option<String>,
    next: Option<String>,
    notes: Vec<Note>,
}

/// Prints the pages of all slides of a story, in the order of the row, each with its address. Neighbours and counters
/// of the input stand on none of them. The pages are printed together with their story's, which carries the keys for
/// the site.
///
/// # Errors
/// [`PrintError::Template`] when the template stops, which no record causes.
pub fn print(site: &Site, input: &StoryInput<'_>) -> Result<Vec<(Address, Page)>, PrintError> {
    let story = input.story;
    let texts = Texts::choose(&story.language, &site.language);
    let rules = Rules { notices: input.notices, story: story.id, language: &story.language, at: input.at };
    // One for all pages: what it makes of the notices is the larger part of the work on a small page.
    let mut marker = Marker::new(rules, MarkStyle::Linked, texts);
    let place = |place: Option<usize>| Some(address::slide(&story.slug, &story.slides.get(place?)?.id));
    let pages = story.slides.iter().enumerate().map(|(at, slide)| {
        let row = Row {
            number: at + 1,
            own: address::slide(&story.slug, &slide.id),
            previous: place(at.checked_sub(1)),
            next: place(at.checked_add(1)),
        };
        marker.begin_page();
        let page = one(site, input, slide, &row, &mut marker)?;
        Ok((row.own, page))
    });
    pages.collect()
}

/// Where a slide stands.
struct Row {
    /// From 1.
    number: usize,
    own: Address,
    previous: Option<Address>,
    next: Option<Address>,
}

fn one(
    site: &Site,
    input: &StoryInput<'_>,
    slide: &PublishedSlide,
    row: &Row,
    marker: &mut Marker<'_>,
) -> Result<Page, PrintError> {
    let story = input.story;
    let tongue = Tongue { language: &story.language, direction: story.direction };
    let mut frame = Frame::new(site, String::new(), &tongue);
    let album = Album { story, pictures: input.pictures, texts: frame.texts };
    let figure = album.figure(slide, row.number, Stand::Cover, marker);
    let headline = printable(story.headline.trim());
    frame.title = format!("{headline} · {}", figure.place_in_row);
    let whole = address::story(&story.slug);
    frame.head_of(whole.absolute(&site.url));
    frame.own = Some(row.own.absolute(&site.url));
    let caption = marker.plain(&slide.caption);
    frame.description = described(&caption, &figure.credit, &frame);
    let picture = slide.photo.and_then(|photo| input.pictures.get(&photo));
    frame.preview = picture.and_then(|picture| preview(site, picture, written_alt(slide)));
    frame.linked_data = linked_data::slide(&frame, input, slide, caption)?;
    let mut keys = marker.keys();
    keys.insert(PageKey::Story(story.id));
    keys.extend(slide.photo.map(PageKey::Photo));
    let page = SlidePage {
        story: format!("{}#{}", whole.href(), slide.id.anchor()),
        headline,
        previous: row.previous.as_ref().map(Address::href),
        next: row.next.as_ref().map(Address::href),
        notes: marker.notes(),
        figure,
        frame,
    };
    let language = page.frame.language.clone();
    Ok(Page { content_type: HTML, language, body: page.render()?, keys })
}

/// The caption with its credit, which stands wherever the picture does (R10, R14).
fn described(caption: &str, credit: &str, frame: &Frame<'_>) -> Option<String> {
    let credit = match credit {
        "" => String::new(),
        credit => format!("{} {credit}", frame.texts.say("credit")),
    };
    let both = format!("{caption} {credit}");
    Some(both.trim().to_owned()).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests;
