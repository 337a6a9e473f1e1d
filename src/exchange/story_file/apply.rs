//! Applies an edited text file to a story.

use std::collections::BTreeMap;

use newsroom::facts::PhotoFacts;
use newsroom::focus::Focus;
use newsroom::id::{PhotoId, SlideId};
use newsroom::moment::Moment;
use newsroom::refusal::Refusal;
use newsroom::shown::{ShownSlide, ShownText, show};
use newsroom::slide::Slide;
use newsroom::slug::Slug;
use newsroom::story::{Direction, ShownTime, Story};

use super::bounds::too_long;
use super::{SlideEntry, StoryFile};

/// Why a file cannot be applied: all that is wrong with it.
pub type FileFault = Vec<Refusal>;

/// What the file's entries may name slides and photos by.
pub struct SlideNames<'a> {
    /// The facts of each photo of the story, and of those that the file names.
    pub facts: &'a BTreeMap<PhotoId, PhotoFacts>,
    /// Original file name of each slide's photo.
    pub files: BTreeMap<String, SlideId>,
    /// Ids for new slides, as many as the file may need.
    pub fresh: Vec<SlideId>,
}

/// Changes `story` as the file says, or says all that is wrong with the file and changes nothing.
pub fn apply(file: &StoryFile, story: &mut Story, mut names: SlideNames<'_>) -> Result<(), FileFault> {
    let mut wrong = too_long(file, story);
    if !wrong.is_empty() {
        return Err(wrong);
    }
    let mut next = story.clone();
    check_origin(file, story, &mut wrong);
    apply_texts(file, &mut next);
    apply_checked(file, &mut next, &mut wrong);
    if let Some(entries) = &file.slide {
        next.slides =
            Slides { old: &story.slides, names: &mut names, language: &next.language, wrong: &mut wrong }
                .read(entries);
    }
    if !file.edits.is_empty() {
        let standing = next.slides.clone();
        next.slides =
            Slides { old: &standing, names: &mut names, language: &next.language, wrong: &mut wrong }
                .edit(&file.edits);
    }
    if let Some(cover) = &file.cover {
        next.cover = read_cover(cover, file, &next, &mut wrong);
    } else if next.cover.as_ref().is_some_and(|cover| !next.slides.iter().any(|slide| slide.id == *cover)) {
        next.cover = None;
    }
    if wrong.is_empty() {
        *story = next;
        Ok(())
    } else {
        Err(wrong)
    }
}

fn check_origin(file: &StoryFile, story: &Story, wrong: &mut Vec<Refusal>) {
    if file.story.as_ref().is_some_and(|id| *id != story.id.to_string()) {
        wrong.push(
            Refusal::new(
                "other_story",
                "This file was made from another story; its `story` line names which.",
            )
            .field("story"),
        );
    }
    if let Some(revision) = file.revision.filter(|revision| *revision != story.revision) {
        let sentence = format!(
            "The story has changed since this file was made (the file has revision {revision}, the story {}). \
             Get it again and put your changes into the new file.",
            story.revision
        );
        wrong.push(Refusal::new("stale_revision", sentence).field("revision"));
    }
}

fn apply_texts(file: &StoryFile, story: &mut Story) {
    let set = |target: &mut String, text: &Option<String>| {
        if let Some(text) = text {
            *target = text.trim().to_owned();
        }
    };
    if let Some(headline) = &file.headline {
        story.headline = headline.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    set(&mut story.lede, &file.lede);
    set(&mut story.body, &file.body);
    if let Some(dateline) = &file.dateline {
        story.dateline = Some(dateline.trim().to_owned()).filter(|text| !text.is_empty());
    }
    let set_list = |target: &mut Vec<String>, items: &Option<Vec<String>>| {
        if let Some(items) = items {
            *target = distinct(items);
        }
    };
    set_list(&mut story.bylines, &file.bylines);
    set_list(&mut story.tags, &file.tags);
}

fn apply_checked(file: &StoryFile, story: &mut Story, wrong: &mut Vec<Refusal>) {
    if let Some(section) = &file.section {
        match Slug::from_text(section) {
            Some(_) => story.section = section.trim().to_owned(),
            None => wrong
                .push(Refusal::new("section_empty", "A section needs a letter or a digit.").field("section")),
        }
    }
    if let Some(slug) = &file.slug {
        match Slug::from_text(slug) {
            Some(slug) => story.slug = slug,
            None => wrong.push(Refusal::new("slug_empty", "A slug needs a letter or a digit.").field("slug")),
        }
    }
    if let Some(language) = &file.language {
        if crate::config::is_language_tag(language) {
            story.language.clone_from(language);
        } else {
            wrong.push(wrong_language(language));
        }
    }
    match file.direction.as_deref() {
        None => {}
        Some("ltr") => story.direction = Direction::Ltr,
        Some("rtl") => story.direction = Direction::Rtl,
        Some(_) => wrong
            .push(Refusal::new("direction_unknown", "A direction is \"ltr\" or \"rtl\".").field("direction")),
    }
    if let Some(shown) = &file.shown {
        match Moment::parse(shown) {
            Some(at) => story.moments.shown = Some(ShownTime { at, unconfirmed: false }),
            None => wrong.push(
                Refusal::new(
                    "time_unreadable",
                    format!("\"{shown}\" is no time; write it as 2021-01-03T15:32:00Z."),
                )
                .field("shown"),
            ),
        }
    }
}

fn wrong_language(language: &str) -> Refusal {
    Refusal::new(
        "language_unknown",
        format!("\"{language}\" is no language tag; write one such as \"en\" or \"pt-BR\"."),
    )
    .field("language")
}

fn read_cover(cover: &str, file: &StoryFile, story: &Story, wrong: &mut Vec<Refusal>) -> Option<SlideId> {
    if cover.is_empty() {
        return None;
    }
    let by_file = file.slide.iter().flatten().position(|entry| entry.file.as_deref() == Some(cover));
    let found = match by_file {
        Some(index) => story.slides.get(index),
        None => story.slides.iter().find(|slide| cover.parse::<SlideId>().is_ok_and(|id| id == slide.id)),
    };
    if found.is_none() {
        wrong.push(
            Refusal::new("cover_unknown", format!("\"{cover}\" names no slide of this story."))
                .field("cover"),
        );
    }
    found.map(|slide| slide.id.clone())
}

struct Slides<'a, 'n> {
    old: &'a [Slide],
    names: &'a mut SlideNames<'n>,
    language: &'a str,
    wrong: &'a mut Vec<Refusal>,
}

impl Slides<'_, '_> {
    /// The slides as they stand, with these changes.
    fn edit(mut self, edits: &[SlideEntry]) -> Vec<Slide> {
        let mut slides = self.old.to_vec();
        for (index, entry) in edits.iter().enumerate() {
            let id = entry.id.as_ref().and_then(|id| id.parse::<SlideId>().ok());
            let at = slides.iter().position(|slide| Some(&slide.id) == id.as_ref());
            match at.and_then(|at| Some((at, slides.get_mut(at)?))) {
                Some((at, slide)) => self.apply_entry(entry, slide, at + 1),
                None => self.unknown(index + 1, entry),
            }
        }
        slides
    }

    fn read(mut self, entries: &[SlideEntry]) -> Vec<Slide> {
        let mut slides: Vec<Slide> = Vec::with_capacity(entries.len());
        for (index, entry) in entries.iter().enumerate() {
            let Some(mut slide) = self.find(entry, index + 1) else { continue };
            if slides.iter().any(|other| other.id == slide.id) {
                self.refuse(
                    index + 1,
                    &slide.id,
                    "slide_twice",
                    "This slide stands in the file twice.",
                    "id",
                );
            }
            self.apply_entry(entry, &mut slide, index + 1);
            slides.push(slide);
        }
        slides
    }

    fn find(&mut self, entry: &SlideEntry, number: usize) -> Option<Slide> {
        let id = match (&entry.id, &entry.file) {
            (Some(id), _) => id.parse::<SlideId>().ok(),
            (None, Some(file)) => self.names.files.get(file).cloned(),
            (None, None) => return self.names.fresh.pop().map(Slide::empty),
        };
        let found = id.and_then(|id| self.old.iter().find(|slide| slide.id == id)).cloned();
        if found.is_none() {
            self.unknown(number, entry);
        }
        found
    }

    fn unknown(&mut self, number: usize, entry: &SlideEntry) {
        let name = entry.id.as_ref().or(entry.file.as_ref()).map_or("", String::as_str);
        let sentence = format!(
            "Slide {number} of the file, \"{name}\", is not in this story. Leave out id and file for a new slide."
        );
        self.wrong.push(Refusal::new("slide_unknown", sentence).field("id"));
    }

    fn apply_entry(&mut self, entry: &SlideEntry, slide: &mut Slide, number: usize) {
        // What the text file said of the slide, so with the photo that it had: a field that nobody touched stays, also
        // where the same file gives the slide its photo.
        let now = show(slide, slide.photo.and_then(|photo| self.names.facts.get(&photo)), self.language);
        if let Some(photo) = &entry.photo {
            self.set_photo(photo, slide, number);
        }
        let facts = slide.photo.and_then(|photo| self.names.facts.get(&photo));
        let file_values =
            show(&Slide { photo: slide.photo, ..Slide::empty(slide.id.clone()) }, facts, self.language);
        for (desk, text, of) in [
            (&mut slide.caption, &entry.caption, (|s| &s.caption) as fn(&ShownSlide) -> &ShownText),
            (&mut slide.credit, &entry.credit, |s| &s.credit),
            (&mut slide.alt, &entry.alt, |s| &s.alt),
            (&mut slide.long_description, &entry.long_description, |s| &s.long_description),
            (&mut slide.place, &entry.place, |s| &s.place),
            (&mut slide.date, &entry.date, |s| &s.date),
        ] {
            set(desk, text, &of(&file_values).text, &of(&now).text);
        }
        if let Some(language) =
            entry.language.as_ref().filter(|tag| !tag.is_empty() && !crate::config::is_language_tag(tag))
        {
            self.wrong.push(wrong_language(language).slide(&slide.id, number));
        }
        if let Some(language) = &entry.language {
            slide.language = Some(language.clone()).filter(|tag| !tag.is_empty());
        }
        if let Some(focus) = entry.focus.as_deref().map(str::trim) {
            self.set_focus(focus, slide, number);
        }
    }

    fn set_focus(&mut self, text: &str, slide: &mut Slide, number: usize) {
        match text.parse::<Focus>() {
            Ok(focus) => slide.focus = Some(focus),
            Err(_) if text.is_empty() => slide.focus = None,
            Err(wrong) => {
                let sentence = format!("\"{text}\" cannot be the focus: {wrong}.");
                self.wrong
                    .push(Refusal::new("focus_outside", sentence).slide(&slide.id, number).field("focus"));
            }
        }
    }

    fn set_photo(&mut self, text: &str, slide: &mut Slide, number: usize) {
        let photo = if text.is_empty() { None } else { text.parse::<PhotoId>().ok() };
        if !text.is_empty() && photo.is_none_or(|id| !self.names.facts.contains_key(&id)) {
            let id = slide.id.clone();
            self.refuse(number, &id, "photo_unknown", "No photo has this id.", "photo");
            return;
        }
        if slide.photo != photo {
            slide.clearing = None;
            slide.focus = None;
        }
        if slide.proposed == photo {
            slide.proposed = None;
        }
        slide.photo = photo;
    }

    fn refuse(
        &mut self,
        number: usize,
        id: &SlideId,
        code: &'static str,
        sentence: &str,
        field: &'static str,
    ) {
        self.wrong.push(Refusal::new(code, sentence).slide(id, number).field(field));
    }
}

/// Puts the file's text where the desk's is kept: unchanged stays, equal to the photo's own follows the photo.
fn set(desk: &mut Option<String>, text: &Option<String>, own: &str, now: &str) {
    let Some(text) = text.as_deref().map(str::trim) else { return };
    if text == own {
        *desk = None;
    } else if text != now {
        *desk = Some(text.to_owned());
    }
}

fn distinct(items: &[String]) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    for item in items.iter().map(|item| item.trim()).filter(|item| !item.is_empty()) {
        if !seen.iter().any(|one| one == item) {
            seen.push(item.to_owned());
        }
    }
    seen
}
