//! The light edition of a story: its text first, then each photo as a link that says how much it will load. A page of
//! its own, printed beside the whole one.

use askama::Template;
use newsroom::published::{Picture, PublishedSlide};

use super::corrections::{CorrectionNote, corrections, updated};
use super::figure::{Album, Figure, written_alt};
use super::frame::{Frame, Tongue};
use super::marks::{MarkStyle, Marker, Note, Rules, printable};
use super::picture::{Stand, rendition};
use super::story::{StoryInput, kept, keys_of};
use super::times::TimeForms;
use super::{HTML, Page, PrintError, Site, address, body};
use crate::texts::Texts;

/// Long edge in pixels of the pictures that the light edition links to.
const LONG_EDGE: u32 = 640;

/// A photo as the light edition shows it: what the figure says, and a link in place of the picture.
struct LightFigure {
    figure: Figure,
    /// Address of the picture; `None` while it is to come.
    href: Option<String>,
    /// "Photo 4: Two spaniels (84 kB)".
    link: String,
}

#[derive(Template)]
#[template(path = "pages/light.html")]
struct LightPage<'a> {
    frame: Frame<'a>,
    section: String,
    time: TimeForms,
    unconfirmed: bool,
    updated: Option<TimeForms>,
    bylines: Vec<String>,
    dateline: Option<String>,
    /// Address of the whole page.
    whole: String,
    lede: Vec<String>,
    body: String,
    corrections: Vec<CorrectionNote>,
    notes: Vec<Note>,
    figures: Vec<LightFigure>,
}

/// Prints the light edition of a story, for [`address::light`]. Counters and neighbours are left to the whole page.
///
/// # Errors
/// [`PrintError::Template`] when the template stops, which no record causes.
pub fn print(site: &Site, input: &StoryInput<'_>) -> Result<Page, PrintError> {
    let story = input.story;
    let tongue = Tongue { language: &story.language, direction: story.direction };
    let mut frame = Frame::new(site, printable(story.headline.trim()), &tongue).in_section(&story.section);
    let texts = frame.texts;
    let rules = Rules { notices: input.notices, story: story.id, language: &story.language, at: input.at };
    let mut marker = Marker::new(rules, MarkStyle::Linked, texts);
    let album = Album { story, pictures: input.pictures, texts };
    let lede = marker.paragraphs(&story.lede);
    let body = body::html(&story.body, &mut marker);
    let numbered = story.slides.iter().zip(1..);
    let figures =
        numbered.map(|(slide, number)| figure(&album, slide, number, &mut marker)).collect::<Vec<_>>();
    let corrections = corrections(story, &mut marker, texts);
    let whole = address::story(&story.slug);
    // The whole page is what search engines keep and what is passed on.
    frame.head_of(whole.absolute(&site.url));
    frame.description = Some(marker.plain(&story.lede)).filter(|lede| !lede.is_empty());
    let mut keys = marker.keys();
    keys.extend(keys_of(story));
    let page = LightPage {
        section: printable(story.section.trim()),
        time: TimeForms::new(story.shown.at, texts),
        unconfirmed: story.shown.unconfirmed,
        updated: updated(story, texts),
        bylines: kept(&story.bylines),
        dateline: super::story::dateline(story),
        whole: whole.href(),
        lede,
        body,
        corrections,
        notes: marker.notes(),
        figures,
        frame,
    };
    let language = page.frame.language.clone();
    Ok(Page { content_type: HTML, language, body: page.render()?, keys })
}

fn figure(album: &Album<'_>, slide: &PublishedSlide, number: usize, marker: &mut Marker<'_>) -> LightFigure {
    let picture = slide.photo.and_then(|photo| album.pictures.get(&photo));
    let found = picture.and_then(|picture| link(picture, album.texts));
    let mut figure = album.figure(slide, number, Stand::Slide, marker);
    let name = written_alt(slide).or_else(|| figure.place.clone());
    let number = number.to_string();
    let name = match &name {
        // Isolated: the desk's words may run another way than the house's around them (R43).
        Some(name) => {
            let name = format!("\u{2068}{name}\u{2069}");
            album.texts.fill("light-photo", &[("number", &number), ("name", &name)])
        }
        None => figure.place_in_row.clone(),
    };
    // What is shown is a link, so nothing waits for a picture.
    figure.shot = None;
    match found {
        Some((href, Some(size))) => {
            let link = album.texts.fill("light-size", &[("name", &name), ("size", &size)]);
            LightFigure { figure, href: Some(href), link }
        }
        Some((href, None)) => LightFigure { figure, href: Some(href), link: name },
        None => LightFigure { figure, href: None, link: name },
    }
}

/// The address of the small rendition, and its size in words where it was counted.
fn link(picture: &Picture, texts: Texts) -> Option<(String, Option<String>)> {
    let large = |size: &newsroom::published::PixelSize| size.width.max(size.height) >= LONG_EDGE;
    let place = picture.sizes.iter().position(large).or_else(|| picture.sizes.len().checked_sub(1))?;
    let size = picture.sizes.get(place)?;
    let bytes = picture.bytes.get(place).filter(|_| picture.bytes.len() == picture.sizes.len());
    Some((rendition(picture, *size), bytes.map(|bytes| texts.count("kilobytes", bytes.div_ceil(1_000)))))
}

#[cfg(test)]
mod tests;
