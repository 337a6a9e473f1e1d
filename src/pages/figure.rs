//! A slide as its figure shows it: picture or quiet placeholder, caption, credit, place and date, status.

use std::collections::BTreeMap;

use newsroom::id::PhotoId;
use newsroom::published::{Picture, PublishedSlide, PublishedStory, ReaderStatus};
use newsroom::story::Direction;

use super::address;
use super::frame::chrome;
use super::marks::{Marker, escape, printable};
use super::picture::{Shot, Stand};
use super::times::SlideDate;
use crate::texts::Texts;

/// What every figure of one page is made with.
pub(super) struct Album<'a> {
    pub story: &'a PublishedStory,
    pub pictures: &'a BTreeMap<PhotoId, Picture>,
    pub texts: Texts,
}

/// What is said of a picture to those who do not see it.
#[derive(Default)]
pub(super) struct Alt {
    pub text: String,
    /// `lang` and `dir`, where they are not those of the text around: of the slide's language where the desk wrote it,
    /// else of the house's.
    pub tongue: String,
}

/// One figure.
pub(super) struct Figure {
    /// Permanent anchor (`p-7fk2x`).
    pub anchor: String,
    /// Address of the slide's own page.
    pub own: String,
    /// "Photo 4 of 15".
    pub place_in_row: String,
    /// `None` for a picture still to come.
    pub shot: Option<Shot>,
    /// See [`shape_class`].
    pub shape: String,
    pub alt: Alt,
    /// Paragraphs of HTML.
    pub caption: Vec<String>,
    /// Of caption and long description: see [`tongue`].
    pub tongue: String,
    pub credit: String,
    pub place: Option<String>,
    pub date: Option<SlideDate>,
    pub statuses: Vec<String>,
    /// "Description of photo 4".
    pub long_title: String,
    /// Paragraphs of plain text.
    pub long_description: Vec<String>,
}

impl Album<'_> {
    /// The figure of the slide at `number` (from 1).
    pub fn figure(
        &self,
        slide: &PublishedSlide,
        number: usize,
        stand: Stand,
        marker: &mut Marker<'_>,
    ) -> Figure {
        let picture = slide.photo.and_then(|photo| self.pictures.get(&photo));
        let shot = picture.and_then(|picture| Shot::new(picture, stand));
        let (language, total) = (self.story.language.as_str(), self.story.slides.len());
        let missing = || self.texts.place("alt-missing", number, total);
        Figure {
            anchor: slide.id.anchor(),
            own: address::slide(&self.story.slug, &slide.id).href(),
            place_in_row: self.texts.place("photo-place", number, total),
            shape: shape_class(shot.as_ref()),
            shot,
            alt: alt(slide, language, self.texts, missing),
            caption: marker.paragraphs(&slide.caption),
            tongue: tongue(slide, language),
            credit: printable(slide.credit.trim()),
            place: filled(slide.place.as_deref()),
            date: filled(slide.date.as_deref()).map(|text| SlideDate::read(&text, self.texts)),
            statuses: statuses(slide, self.texts),
            long_title: self.texts.place("long-description", number, total),
            long_description: lines(slide.long_description.as_deref().unwrap_or_default()),
        }
    }
}

/// The class of what holds a picture: its shape, or `empty` where the picture is still to come.
pub(super) fn shape_class(shot: Option<&Shot>) -> String {
    shot.map_or_else(|| "empty".to_owned(), |shot| shot.shape.clone())
}

/// `lang` and `dir` for a slide's own texts inside a text in `language`; nothing where the slide has no language of its
/// own: then it runs the way of its story, whatever its first letter is.
pub(super) fn tongue(slide: &PublishedSlide, language: &str) -> String {
    let own = slide.language.as_deref().map(str::trim).filter(|own| !own.is_empty());
    let Some(own) = own.filter(|own| !own.eq_ignore_ascii_case(language)) else { return String::new() };
    format!(" lang=\"{}\" dir=\"{}\"", escape(own), Direction::of_language(own).as_str())
}

/// The alt text that the desk wrote.
pub(super) fn written_alt(slide: &PublishedSlide) -> Option<String> {
    slide.alt.as_deref().map(|text| printable(text.trim())).filter(|text| !text.is_empty())
}

/// The alt text of a slide inside a text in `language`. For a missing one the house speaks: where the picture stands,
/// never the caption itself, a file name or nothing (WCAG 1.1.1).
pub(super) fn alt(
    slide: &PublishedSlide,
    language: &str,
    texts: Texts,
    missing: impl FnOnce() -> String,
) -> Alt {
    match written_alt(slide) {
        Some(text) => Alt { text, tongue: tongue(slide, language) },
        None => Alt { text: missing(), tongue: chrome(language, texts) },
    }
}

/// What readers are told of a picture, in words (R11, R28).
pub(super) fn statuses(slide: &PublishedSlide, texts: Texts) -> Vec<String> {
    slide.statuses.iter().map(|status| texts.say(status_key(*status))).collect()
}

fn status_key(status: ReaderStatus) -> &'static str {
    match status {
        ReaderStatus::File => "status-file",
        ReaderStatus::Handout => "status-handout",
        ReaderStatus::Posed => "status-posed",
        ReaderStatus::Unverified => "status-unverified",
        ReaderStatus::Graphic => "status-graphic",
        ReaderStatus::Synthetic => "status-synthetic",
    }
}

fn filled(text: Option<&str>) -> Option<String> {
    text.map(|text| printable(text.trim())).filter(|text| !text.is_empty())
}

fn lines(text: &str) -> Vec<String> {
    super::marks::paragraphs(text).map(printable).collect()
}
