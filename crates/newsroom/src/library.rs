//! The photo library: which texts belong to a photo, the terms by which it is found, and questions as terms.
//!
//! A term is a word or a property of a photo, written as a text without spaces: `a:rocket` is a word anywhere, `s:rocket`
//! one in a place that counts most, `c:fenwick` one of a credit, `d:2021-01` a time at which it was taken, `i:used` a
//! state. A question is nothing but terms, so that words and filters are answered in one way, on either database.

mod question;

use std::collections::BTreeSet;

use crate::caption::read_caption;
use crate::facts::{PartialDate, PhotoFacts};
use crate::id::StaffId;
use crate::published::PixelSize;
use crate::restriction::{Effect, restrictions};
use crate::search::{Pairs, Query, stemmer, words_in};
use crate::shown::date_created;
pub use question::{Filter, Orientation, Presence, Question, Stars, Usage};

/// Of the rules of this file. A change of the terms that are made takes the next number: all photos are shelved again.
pub const RULES: u32 = 1;

/// What a text of a photo is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// Headline or event.
    Headline,
    /// A person shown.
    Person,
    /// A place.
    Place,
    /// A keyword.
    Keyword,
    /// A caption: of the file, or the desk's on a slide.
    Caption,
    /// A credit, a creator or a source.
    Credit,
    /// The file's name.
    Name,
    /// An agency's own name of the picture: its title, its numbers.
    Reference,
}

impl Field {
    /// Whether a hit here is worth more than one in captions, credits and names of files.
    #[must_use]
    pub fn counts_most(self) -> bool {
        matches!(self, Self::Headline | Self::Person | Self::Place | Self::Keyword)
    }
}

/// The desk's own texts of a photo, on one slide.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct DeskTexts {
    /// See [`crate::slide::Slide::caption`].
    pub caption: Option<String>,
    /// See [`crate::slide::Slide::credit`].
    pub credit: Option<String>,
    /// See [`crate::slide::Slide::place`].
    pub place: Option<String>,
    /// The caption's language (BCP 47): the slide's, else the story's.
    pub language: String,
}

/// All of a photo by which it is found.
#[derive(Debug, Clone, PartialEq)]
pub struct Findable {
    /// The file's name.
    pub name: String,
    /// Upright size.
    pub size: PixelSize,
    /// What its metadata says.
    pub facts: PhotoFacts,
    /// Whether something is wrong: with its metadata, or so that it cannot be developed.
    pub has_problems: bool,
    /// The desk's texts, one for each slide that has the photo.
    pub slides: Vec<DeskTexts>,
    /// Whether readers see it in a published story.
    pub published: bool,
    /// Whose it is.
    pub owner: Option<StaffId>,
}

/// A text of a photo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundIn {
    /// What it is.
    pub field: Field,
    /// The text.
    pub text: String,
    /// Its language (BCP 47).
    pub language: String,
}

impl Findable {
    /// Every text of the photo, each once, those that count most first; `language` (BCP 47) is that of the site, for what
    /// came with the file.
    #[must_use]
    pub fn texts(&self, language: &str) -> Vec<FoundIn> {
        let facts = &self.facts;
        let mut texts: Vec<FoundIn> = Vec::new();
        let mut add = |field, text: &str, language: &str| {
            let text = text.trim();
            let known = texts.iter().any(|one| one.field == field && one.text == text);
            if !text.is_empty() && !known {
                texts.push(FoundIn { field, text: text.to_owned(), language: language.to_owned() });
            }
        };
        facts.headline.iter().chain(&facts.event).for_each(|text| add(Field::Headline, text, language));
        facts.persons.iter().for_each(|text| add(Field::Person, text, language));
        let places = [&facts.place].into_iter().chain(&facts.locations_shown).chain(&facts.location_created);
        places.for_each(|place| add(Field::Place, &place.line(), language));
        for slide in &self.slides {
            slide.place.iter().for_each(|text| add(Field::Place, text, &slide.language));
        }
        facts.keywords.iter().for_each(|text| add(Field::Keyword, text, language));
        for slide in &self.slides {
            slide.caption.iter().for_each(|text| add(Field::Caption, text, &slide.language));
        }
        facts.description.iter().for_each(|text| add(Field::Caption, text, language));
        for slide in &self.slides {
            slide.credit.iter().for_each(|text| add(Field::Credit, text, language));
        }
        for text in facts.credit_line.iter().chain(&facts.creators).chain(&facts.source) {
            add(Field::Credit, text, language);
        }
        add(Field::Name, &self.name, language);
        for text in facts.title.iter().chain(&facts.job_id).chain(&facts.supplier_image_id) {
            add(Field::Reference, text, language);
        }
        texts
    }

    /// Every term by which the photo is found; `language` as for [`Findable::texts`].
    #[must_use]
    pub fn terms(&self, language: &str) -> BTreeSet<String> {
        let mut terms = BTreeSet::new();
        for found in self.texts(language) {
            let stemmer = stemmer(&found.language);
            for word in words_in(&found.text, stemmer.as_ref(), Pairs::All) {
                for form in &word.forms {
                    terms.insert(anywhere(form));
                    if found.field.counts_most() {
                        terms.insert(counting_most(form));
                    }
                }
                if found.field == Field::Credit {
                    terms.extend(word.forms.first().map(|form| of_credit(form)));
                }
            }
        }
        let signoff = read_caption(self.facts.description.as_deref().unwrap_or_default()).signoff;
        for word in words_in(&signoff.unwrap_or_default(), None, Pairs::All) {
            terms.extend(word.forms.first().map(|form| of_credit(form)));
        }
        terms.extend(date_created(&self.facts).into_iter().flat_map(dates));
        terms.extend(self.states().map(str::to_owned));
        terms.insert(stars(self.facts.rating.unwrap_or(0)));
        terms.extend(self.owner.map(of_owner));
        terms
    }

    /// Whether a restriction refuses publishing until somebody clears it or shows the credit (R10, R12).
    #[must_use]
    pub fn is_restricted(&self) -> bool {
        let raw = self.facts.description.as_deref().unwrap_or_default();
        restrictions(&self.facts, raw).iter().any(|one| one.kind.effect() != Effect::Note)
    }

    fn states(&self) -> impl Iterator<Item = &'static str> {
        let orientation = Orientation::of(self.size);
        [
            Some(if self.slides.is_empty() { UNUSED } else { USED }),
            self.published.then_some(PUBLISHED),
            Some(if self.is_restricted() { RESTRICTED } else { FREE }),
            Some(if self.has_problems { PROBLEMS } else { SOUND }),
            Some(orientation.term()),
        ]
        .into_iter()
        .flatten()
    }

    /// The texts in which a question's words stand, those that count most first, each with its marks: see
    /// [`Query::marks`].
    #[must_use]
    pub fn hits(&self, query: &Query, language: &str) -> Vec<(FoundIn, Vec<std::ops::Range<usize>>)> {
        let texts = self.texts(language).into_iter();
        let marked = texts.map(|found| {
            let marks = query.marks(&found.text, &found.language);
            (found, marks)
        });
        marked.filter(|(_, marks)| !marks.is_empty()).collect()
    }
}

const USED: &str = "i:used";
const UNUSED: &str = "i:unused";
const PUBLISHED: &str = "i:published";
const RESTRICTED: &str = "i:restricted";
const FREE: &str = "i:free";
const PROBLEMS: &str = "i:problems";
const SOUND: &str = "i:sound";

fn anywhere(word: &str) -> String {
    format!("a:{word}")
}

fn counting_most(word: &str) -> String {
    format!("s:{word}")
}

fn of_credit(word: &str) -> String {
    format!("c:{word}")
}

fn of_owner(owner: StaffId) -> String {
    format!("o:{owner}")
}

fn stars(rating: i8) -> String {
    format!("i:stars{}", rating.clamp(-1, 5))
}

/// A date as far as it goes, and the spans of time that hold it: century, decade, year, month, day.
fn dates(date: PartialDate) -> Vec<String> {
    let year = format!("{:04}", date.year);
    let mut terms: Vec<String> =
        [2, 3, 4].into_iter().filter_map(|digits| year.get(..digits)).map(of_date).collect();
    if date.month.is_some() {
        terms.push(of_date(&PartialDate { day: None, ..date }.to_string()));
        terms.extend(date.day.map(|_| of_date(&date.to_string())));
    }
    terms
}

fn of_date(date: &str) -> String {
    format!("d:{date}")
}

#[cfg(test)]
mod tests;
