//! The page of one slide: the photo big, its caption and credit, and the ways into its story. It is small, because every
//! photo of the archive has one.
//!
//! Link previews keep the slide's own address and show its own picture; search engines are told that the story is
//! where it belongs.

use std::collections::BTreeSet;

use askama::Template;
use newsroom::published::PublishedSlide;

use super::address::{self, Address};
use super::figure::{Album, Figure, written_alt};
use super::frame::{Frame, Tongue};
use super::marks::{MarkStyle, Marker, Note, Rules, printable};
use super::picture::{Stand, preview};
use super::story::StoryInput;
use super::{HTML, Page, PageKey, PrintError, Site};

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
    let slides = &input.story.slides;
    let pages = slides.iter().enumerate().map(|(place, slide)| {
        let at =
            |place: Option<usize>| Some(address::slide(&input.story.slug, &slides.get(place?)?.id).href());
        let turns = [at(place.checked_sub(1)), at(place.checked_add(1))];
        let own = address::slide(&input.story.slug, &slide.id);
        let page = one(site, input, (slide, place + 1), turns, &own)?;
        Ok((own, page))
    });
    pages.collect()
}

/// The page of the slide at a number (from 1); `turns`: to the slides before and behind it.
fn one(
    site: &Site,
    input: &StoryInput<'_>,
    (slide, number): (&PublishedSlide, usize),
    turns: [Option<String>; 2],
    own: &Address,
) -> Result<Page, PrintError> {
    let story = input.story;
    let tongue = Tongue { language: &story.language, direction: story.direction };
    let mut frame = Frame::new(site, String::new(), &tongue);
    let rules = Rules { notices: input.notices, story: story.id, language: &story.language, at: input.at };
    let mut marker = Marker::new(rules, MarkStyle::Linked, frame.texts);
    let album = Album {
        pictures: input.pictures,
        texts: frame.texts,
        language: &story.language,
        total: story.slides.len(),
    };
    let figure = album.figure(slide, number, Stand::Cover, &mut marker);
    let headline = printable(story.headline.trim());
    frame.title = format!("{headline} · {}", figure.place_in_row);
    let whole = address::story(&story.slug);
    frame.head_of(whole.absolute(&site.url));
    frame.own = Some(own.absolute(&site.url));
    frame.description = described(&marker.plain(&slide.caption), &figure.credit, &frame);
    let picture = slide.photo.and_then(|photo| input.pictures.get(&photo));
    frame.preview = picture.and_then(|picture| preview(site, picture, written_alt(slide)));
    let mut keys = marker.keys();
    keys.extend(BTreeSet::from([PageKey::Story(story.id)]));
    keys.extend(slide.photo.map(PageKey::Photo));
    let [previous, next] = turns;
    let page = SlidePage {
        story: format!("{}#{}", whole.href(), slide.id.anchor()),
        headline,
        previous,
        next,
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
