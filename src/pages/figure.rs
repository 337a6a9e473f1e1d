//! A slide as its figure shows it: picture or quiet placeholder, caption, credit, place and date, status.

use std::collections::BTreeMap;

use newsroom::id::PhotoId;
use newsroom::published::{Picture, PublishedSlide, ReaderStatus};

use super::marks::{Marker, printable};
use super::picture::{Shot, Stand};
use super::texts::Texts;
use super::times::SlideDate;

/// What every figure of one page is made with.
pub(super) struct Album<'a> {
    pub pictures: &'a BTreeMap<PhotoId, Picture>,
    pub texts: Texts,
    pub total: usize,
}

/// One figure.
pub(super) struct Figure {
    /// Permanent anchor (`p-7fk2x`).
    pub anchor: String,
    /// "Photo 4 of 15".
    pub place_in_row: String,
    /// `None` for a picture still to come.
    pub shot: Option<Shot>,
    /// See [`shape_class`].
    pub shape: String,
    pub alt: String,
    /// Paragraphs of HTML.
    pub caption: Vec<String>,
    /// Where it is not the story's.
    pub language: Option<String>,
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
        Figure {
            anchor: slide.id.anchor(),
            place_in_row: self.texts.place("photo-place", number, self.total),
            shape: shape_class(shot.as_ref()),
            shot,
            alt: alt(slide, number, self.total, self.texts),
            caption: marker.paragraphs(&slide.caption),
            language: slide.language.clone().filter(|tag| !tag.is_empty()),
            credit: printable(slide.credit.trim()),
            place: filled(slide.place.as_deref()),
            date: filled(slide.date.as_deref()).map(|text| SlideDate::read(&text, self.texts)),
            statuses: slide.statuses.iter().map(|status| self.texts.say(status_key(*status))).collect(),
            long_title: self.texts.place("long-description", number, self.total),
            long_description: lines(slide.long_description.as_deref().unwrap_or_default()),
        }
    }
}

/// The class of what holds a picture: its shape, or `empty` where the picture is still to come.
pub(super) fn shape_class(shot: Option<&Shot>) -> String {
    shot.map_or_else(|| "empty".to_owned(), |shot| shot.shape.clone())
}

/// The alt text of a slide. A missing one says where the picture stands and that the caption describes it: never
/// the caption itself, a file name or nothing (WCAG 1.1.1).
pub(super) fn alt(slide: &PublishedSlide, number: usize, total: usize, texts: Texts) -> String {
    let own = slide.alt.as_deref().map(|text| printable(text.trim())).filter(|text| !text.is_empty());
    own.unwrap_or_else(|| texts.place("alt-missing", number, total))
}

/// The message that names a status to readers (R11).
pub(super) fn status_key(status: ReaderStatus) -> &'static str {
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
