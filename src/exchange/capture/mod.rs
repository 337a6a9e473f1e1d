//! A photo story's page as plain text, as a text extractor left it, read into a draft (`import capture`).
//!
//! The reading goes by the page's shape, not by its words: a run of lines that are marked alike is the gallery;
//! short lines above it are time, link, section, headline and counts; a line that repeats a slide's caption is the
//! cover's; paragraphs are lede and body; one that begins with a mark is a notice; a line of short pieces between
//! commas is the tags. Every non-empty line is accounted for once: its field, or *not understood* and kept.
//!
//! The text may be anything (R40-R43): the work grows with its length and no faster, and limits hold (R41).

#![deny(clippy::indexing_slicing, clippy::string_slice)]

mod captured;
mod clock;
mod counts;
mod effort;
mod gallery;
mod header;
mod language;
mod lines;
mod markers;
mod notices;
mod prose;
mod runs;
mod sheet;
mod tags;
#[rustfmt::skip]
mod words;
mod wrap;

#[cfg(test)]
mod tests;

use std::collections::HashMap;

use newsroom::dates::picture_date;
use newsroom::places::{place_before, stated_place};
use newsroom::story::ShownTime;

pub use captured::{
    Captured, CapturedNotice, CapturedSlide, Counters, Fate, Field, LimitReached, LineReport, MAX_SLIDES,
};

use gallery::{Gallery, Item, Search};
use notices::{MOST_NOTICES, Mark, Places, leading_mark, without_marks};
use prose::{Captions, Prose};
use sheet::Sheet;
use wrap::{Unit, Wrap};

/// Reads a page. Takes any text (see [`crate::exchange::text`] for bytes that are not UTF-8) and never fails: what it does not
/// understand is in [`Captured::lines`].
pub fn read(text: &str) -> Captured {
    let (lines, unread_lines) = lines::split(text);
    let mut limits: Vec<LimitReached> = Vec::new();
    limits.extend(
        lines.iter().filter(|line| line.cut).map(|line| LimitReached::LineCut { number: line.number }),
    );
    let markers: Vec<_> = lines.iter().map(|line| markers::marker(&line.text)).collect();
    let wrap = Wrap::of(&lines, &markers);
    let mut gallery = find_gallery(&lines, &markers, wrap);
    let mut sheet = Sheet::new(lines);
    limits.extend(keep_slides(&sheet, &mut gallery));
    part_from_cover(&sheet, &mut gallery);
    claim_gallery(&mut sheet, &gallery);

    let captions = Captions::new(gallery.items.iter().map(|item| item.text.as_str()));
    let above = prose::paragraphs(&sheet, wrap, 0..gallery.lines.start, &captions);
    let below = prose::paragraphs(&sheet, wrap, gallery.lines.end..sheet.lines.len(), &captions);
    let cover_slide = claim_cover(&mut sheet, below.iter().chain(&above), &captions);
    claim_numbers(&mut sheet, &markers, gallery.items.len());
    let (mut header, rest) = header::read(&mut sheet, &above);
    header::read_foot(&mut sheet, &below, &mut header);
    let around: Vec<Unit> = rest.into_iter().chain(below).collect();
    let prose = prose::read(&mut sheet, &around);
    limits.extend(texts_cut(&sheet, &prose));
    let mut draft = Draft::new(header.headline.take(), &gallery, &prose);
    draft.take_notices(&mut sheet, &prose.notes);

    let slides: Vec<CapturedSlide> = draft.captions.into_iter().map(slide).collect();
    let texts = || {
        slides.iter().map(|slide| &slide.caption).chain(&draft.lede).chain(&draft.body).chain(&draft.headline)
    };
    Captured {
        language: language::language(texts().map(String::as_str)),
        direction: language::direction(texts().map(String::as_str)),
        duplicate_captions: duplicates(&slides),
        machine_date: header.machine_date,
        shown: header.shown.map(|at| ShownTime { at, unconfirmed: true }),
        section: header.section,
        counters: header.counters,
        cover_slide,
        tags: prose.tags,
        headline: draft.headline,
        lede: draft.lede,
        body: draft.body,
        notices: draft.notices,
        slides,
        lines: sheet.report(),
        unread_lines,
        limits,
    }
}

/// The page's gallery; one without slides, after the last line, where it has none.
fn find_gallery(lines: &[lines::Line], markers: &[Option<markers::Marker>], wrap: Wrap) -> Gallery {
    let mut places = Places::default();
    lines.iter().for_each(|line| places.add(&line.text));
    let search = Search { lines, markers, wrap };
    let found = search.gallery(|line| places.is_note(&line.text));
    found.unwrap_or(Gallery { lines: lines.len()..lines.len(), items: Vec::new() })
}

/// Drops slides over the limit, and gives what was cut.
fn keep_slides(sheet: &Sheet, gallery: &mut Gallery) -> Vec<LimitReached> {
    let over = gallery.items.len().saturating_sub(MAX_SLIDES);
    gallery.items.truncate(MAX_SLIDES);
    let is_cut = |item: &&Item| item.cut;
    let first = |item: &Item| item.lines.first().map_or(0, |line| sheet.number(*line));
    let cut = gallery.items.iter().filter(is_cut).map(|item| LimitReached::TextCut { number: first(item) });
    let left_out = (over > 0).then_some(LimitReached::SlidesLeftOut { slides: over });
    cut.chain(left_out).collect()
}

/// Ends the last slide where the cover's caption begins: a wrapped page may leave nothing between the two.
fn part_from_cover(sheet: &Sheet, gallery: &mut Gallery) {
    let Some((last, others)) = gallery.items.split_last_mut() else { return };
    let Some(first) = last.lines.first().copied() else { return };
    let captions = Captions::new(others.iter().map(|item| item.text.as_str()));
    for line in last.lines.iter().copied().skip(1) {
        let own = wrap::join(&sheet.lines, first..line).text;
        let own = own.get(last.text_at..).unwrap_or_default().to_owned();
        let repeats_own =
            Captions::new([own.as_str()].into_iter()).at(sheet, line, gallery.lines.end).is_some();
        if repeats_own || captions.at(sheet, line, gallery.lines.end).is_some() {
            last.lines.retain(|kept| *kept < line);
            last.text = own;
            gallery.lines.end = line;
            return;
        }
    }
}

fn claim_gallery(sheet: &mut Sheet, gallery: &Gallery) {
    for item in &gallery.items {
        for line in &item.lines {
            sheet.claim_line(*line, Field::Slide);
        }
        if let Some(number) = item.number_line {
            sheet.claim_line(number, Field::SlideNumber);
        }
    }
}

/// Takes the first unit that repeats a slide's caption for the cover's.
fn claim_cover<'a>(
    sheet: &mut Sheet,
    units: impl Iterator<Item = &'a Unit>,
    captions: &Captions,
) -> Option<usize> {
    for unit in units {
        if let Some(slide) = captions.slide(&unit.text) {
            sheet.claim(unit, Field::CoverCaption);
            return Some(slide);
        }
    }
    None
}

/// Takes numbers of a whole that stand alone (`Photo 1 of 8` beside a picture) for what they are.
fn claim_numbers(sheet: &mut Sheet, markers: &[Option<markers::Marker>], slides: usize) {
    for (index, marker) in markers.iter().enumerate() {
        let Some(marker) = marker else { continue };
        let alone = sheet.lines.get(index).is_some_and(|line| line.text.len() == marker.text_at);
        if alone && marker.is_number_of(slides) {
            sheet.claim_line(index, Field::SlideNumber);
        }
    }
}

fn texts_cut(sheet: &Sheet, prose: &Prose) -> Vec<LimitReached> {
    let units = prose.lede.iter().chain(&prose.body).chain(&prose.notes).filter(|unit| unit.cut);
    units.map(|unit| LimitReached::TextCut { number: sheet.number(unit.lines.start) }).collect()
}

/// The texts in which notices are looked for and their marks removed.
struct Draft {
    headline: Option<String>,
    captions: Vec<String>,
    lede: Option<String>,
    body: Vec<String>,
    notices: Vec<CapturedNotice>,
}

impl Draft {
    fn new(headline: Option<String>, gallery: &Gallery, prose: &Prose) -> Self {
        Self {
            headline,
            captions: gallery.items.iter().map(|item| item.text.clone()).collect(),
            lede: prose.lede.as_ref().map(|unit| unit.text.clone()),
            body: prose.body.iter().map(|unit| unit.text.clone()).collect(),
            notices: Vec::new(),
        }
    }

    fn texts(&self) -> impl Iterator<Item = &String> {
        self.headline.iter().chain(&self.lede).chain(&self.body).chain(&self.captions)
    }

    /// Makes notices of the notes whose term the texts name, and removes their typed marks from the texts (R34).
    fn take_notices(&mut self, sheet: &mut Sheet, notes: &[Unit]) {
        let mut places = Places::default();
        self.texts().for_each(|text| places.add(text));
        let texts: Vec<&str> = self.texts().map(String::as_str).collect();
        let mut printed: Vec<Mark> = Vec::new();
        let mut notices = Vec::new();
        for unit in notes.iter().take(MOST_NOTICES) {
            let Some((mark, note)) = leading_mark(&unit.text) else { continue };
            let Some(notice) = places.notice(mark, note, &texts) else { continue };
            sheet.claim(unit, Field::Notice);
            printed.push(mark);
            notices.push(notice);
        }
        self.notices = notices;
        let texts =
            self.headline.iter_mut().chain(&mut self.lede).chain(&mut self.body).chain(&mut self.captions);
        for text in texts {
            *text = without_marks(text, &printed);
        }
    }
}

fn slide(caption: String) -> CapturedSlide {
    let found = picture_date(&caption);
    let place = match &found {
        Some(date) => place_before(&caption, date),
        None => stated_place(&caption),
    };
    CapturedSlide {
        date: found.and_then(|date| date.partial()),
        place: place.map(|place| place.line),
        caption,
    }
}

/// Groups of slides with the same caption (R37), in order of the first of each.
fn duplicates(slides: &[CapturedSlide]) -> Vec<Vec<usize>> {
    let mut groups: HashMap<String, Vec<usize>> = HashMap::new();
    for (at, slide) in slides.iter().enumerate() {
        groups.entry(prose::key(&slide.caption)).or_default().push(at);
    }
    let mut groups: Vec<Vec<usize>> = groups.into_values().filter(|group| group.len() > 1).collect();
    groups.sort_unstable();
    groups
}
