//! What stands above the gallery: time, register link, section, headline, counts (R30, R31).

use super::captured::{Counters, Field};
use super::clock::{Dated, dated, is_register_link};
use super::counts::{Counts, counts};
use super::lines::Line;
use super::sheet::Sheet;
use super::tags::is_furniture;
use super::words::{PHOTO_SECTIONS, is_one_of};
use super::wrap::{Unit, ends_sentence};

use newsroom::facts::PartialDate;
use newsroom::moment::Moment;

/// What the lines around the story say.
#[derive(Debug, Default)]
pub(super) struct Header {
    /// The date for machines.
    pub machine_date: Option<PartialDate>,
    /// The time for readers.
    pub shown: Option<Moment>,
    /// The section.
    pub section: Option<String>,
    /// The headline.
    pub headline: Option<String>,
    /// The counts.
    pub counters: Option<Counters>,
}

/// A longer text is no headline, in characters.
const LONGEST_HEADLINE: usize = 250;
/// A longer text is no section, in characters.
const LONGEST_SECTION: usize = 30;
/// A section has no more words.
const MOST_SECTION_WORDS: usize = 3;

/// Reads the units above the gallery, claims the lines that it understands, and gives the units below the headline
/// that it left.
pub(super) fn read(sheet: &mut Sheet, units: &[Unit]) -> (Header, Vec<Unit>) {
    let mut header = Header::default();
    dates(sheet, units, &mut header);
    links_and_counts(sheet, units, &mut header);
    let open: Vec<&Unit> = units.iter().filter(|unit| sheet.is_open(unit)).collect();
    let Some(at) = headline(&open) else {
        return (header, open.into_iter().cloned().collect());
    };
    if let Some(unit) = open.get(at) {
        sheet.claim(unit, Field::Headline);
        header.headline = Some(unit.text.clone());
    }
    let above_is_dated = units.iter().take_while(|unit| Some(*unit) != open.get(at).copied()).any(|unit| !sheet.is_open(unit));
    if let Some(unit) = section(&open, at, above_is_dated) {
        sheet.claim(unit, Field::Section);
        header.section = Some(unit.text.clone());
    }
    (header, open.get(at + 1..).unwrap_or_default().iter().copied().cloned().collect())
}

/// Fields that a page may as well have below its gallery: time and named counts.
pub(super) fn read_foot(sheet: &mut Sheet, units: &[Unit], header: &mut Header) {
    if header.shown.is_none() && header.machine_date.is_none() {
        dates(sheet, units, header);
    }
    for unit in units {
        if is_register_link(&unit.text) {
            sheet.claim(unit, Field::RegisterLink);
        } else if header.counters.is_none()
            && let Some(Counts::Named(found)) = single(sheet, unit).and_then(|line| counts(&line.raw))
        {
            header.counters = Some(found);
            sheet.claim(unit, Field::Counters);
        }
    }
}

/// The first date and the first time that is not a later change's, else the first that is.
fn dates(sheet: &mut Sheet, units: &[Unit], header: &mut Header) {
    let read: Vec<(&Unit, Dated)> = units.iter().filter_map(|unit| Some((unit, dated(&unit.text)?))).collect();
    let is_time = |updated: bool| move |(_, found): &&(&Unit, Dated)| matches!(found, Dated::Time { updated: own, .. } if *own == updated);
    let time = read.iter().find(is_time(false)).or_else(|| read.iter().find(is_time(true)));
    if let Some((unit, Dated::Time { at, machine, .. })) = time {
        header.shown = Some(*at);
        header.machine_date = *machine;
        sheet.claim(unit, Field::ShownTime);
    }
    let is_day = |for_machines: bool| move |(_, found): &&(&Unit, Dated)| matches!(found, Dated::Day { machine, .. } if *machine == for_machines);
    let day = read.iter().find(is_day(true)).or_else(|| read.iter().find(is_day(false)));
    if let Some((unit, Dated::Day { date, .. })) = day {
        header.machine_date = Some(*date);
        sheet.claim(unit, Field::MachineDate);
    }
}

fn links_and_counts(sheet: &mut Sheet, units: &[Unit], header: &mut Header) {
    for unit in units {
        if !sheet.is_open(unit) {
            continue;
        }
        if is_register_link(&unit.text) {
            sheet.claim(unit, Field::RegisterLink);
            continue;
        }
        let Some(found) = single(sheet, unit).and_then(|line| counts(&line.raw)) else { continue };
        match (found, &mut header.counters) {
            (Counts::Bare(found) | Counts::Named(found), empty @ None) => *empty = Some(found),
            // Named counts may stand on two lines.
            (Counts::Named(found), Some(own)) if fits_beside(found, *own) => {
                own.comments = own.comments.or(found.comments);
                own.views = own.views.or(found.views);
            }
            _ => continue,
        }
        sheet.claim(unit, Field::Counters);
    }
}

fn fits_beside(found: Counters, own: Counters) -> bool {
    !(found.comments.is_some() && own.comments.is_some()) && !(found.views.is_some() && own.views.is_some())
}

/// The unit's line, when it is only one.
fn single<'a>(sheet: &'a Sheet, unit: &Unit) -> Option<&'a Line> {
    (unit.lines.len() == 1).then(|| sheet.lines.get(unit.lines.start))?
}

/// The headline: the longest text that is not a paragraph. Where a page repeats it with its own name (`Headline -
/// The Paper`), the text that the other begins with.
fn headline(open: &[&Unit]) -> Option<usize> {
    let mut best: Option<(usize, usize)> = None;
    for (at, unit) in open.iter().enumerate() {
        let length = unit.text.chars().take(LONGEST_HEADLINE + 1).count();
        let photo_section = is_photo_section(&unit.text);
        if length > LONGEST_HEADLINE || is_paragraph(&unit.text) || is_furniture(&unit.text) || photo_section || !has_letters(&unit.text) {
            continue;
        }
        let is_better = best.is_none_or(|(best, longest)| {
            let held = open.get(best).map_or("", |unit| unit.text.as_str());
            let repeats = length >= LEAST_REPEATED && held.starts_with(unit.text.as_str());
            let repeated = longest >= LEAST_REPEATED && unit.text.starts_with(held);
            repeats || (length > longest && !repeated)
        });
        if is_better {
            best = Some((at, length));
        }
    }
    best.map(|(at, _)| at)
}

/// A text at the beginning of a longer one is a repeated headline only from this length on, in characters.
const LEAST_REPEATED: usize = 16;

/// The section: a word that galleries are filed under; else the short line nearest above the headline, where the
/// page's own lines (date, link) stand above that, for otherwise it is as likely the name of the site.
fn section<'a>(open: &[&'a Unit], headline: usize, above_is_dated: bool) -> Option<&'a Unit> {
    if let Some(unit) = open.iter().find(|unit| is_photo_section(&unit.text)) {
        return Some(unit);
    }
    let unit = open.get(headline.checked_sub(1)?)?;
    let short = unit.text.chars().count() <= LONGEST_SECTION && unit.text.split(' ').count() <= MOST_SECTION_WORDS;
    let plain = has_letters(&unit.text) && !ends_sentence(&unit.text) && !unit.text.chars().any(char::is_numeric);
    (above_is_dated && short && plain && !is_furniture(&unit.text)).then_some(*unit)
}

fn is_photo_section(text: &str) -> bool {
    text.len() <= 4 * LONGEST_SECTION && is_one_of(PHOTO_SECTIONS, &text.to_lowercase())
}

fn has_letters(text: &str) -> bool {
    text.chars().any(char::is_alphabetic)
}

/// A text that ends as a paragraph of prose does; a headline may ask or shout.
fn is_paragraph(text: &str) -> bool {
    ends_sentence(text) && !text.ends_with(['?', '!', '؟', '…'])
}
