//! What stands above the gallery: time, register link, section, headline, counts (R30, R31).

use super::captured::{Counters, Field};
use super::clock::{Dated, dated, is_register_link};
use super::counts::{Counts, counts, lone};
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
    let at = headline(&open);
    if let Some(unit) = at.and_then(|at| open.get(at)) {
        sheet.claim(unit, Field::Headline);
        header.headline = Some(unit.text.clone());
    }
    let dated_until =
        units.iter().rposition(|unit| dated(&unit.text).is_some() || is_register_link(&unit.text));
    let is_under_date = |unit: &Unit| {
        dated_until.and_then(|at| units.get(at)).is_some_and(|last| last.lines.end <= unit.lines.start)
    };
    if let Some(unit) = section(&open, at, is_under_date) {
        sheet.claim(unit, Field::Section);
        header.section = Some(unit.text.clone());
    }
    let below = at.map_or(0, |at| at + 1);
    (header, open.get(below..).unwrap_or_default().iter().copied().cloned().collect())
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
    let read = units.iter().filter_map(|unit| Some((unit, dated(&unit.text)?)));
    let mut times: Vec<(&Unit, Moment, Option<PartialDate>, bool)> = Vec::new();
    let mut days: Vec<(&Unit, PartialDate, bool)> = Vec::new();
    for (unit, found) in read {
        match found {
            Dated::Time { at, updated, machine } => times.push((unit, at, machine, updated)),
            Dated::Day { date, machine } => days.push((unit, date, machine)),
        }
    }
    times.sort_by_key(|(.., updated)| *updated);
    if let Some((unit, at, machine, _)) = times.first() {
        header.shown = Some(*at);
        header.machine_date = *machine;
        sheet.claim(unit, Field::ShownTime);
    } else {
        split_time(sheet, units, header);
    }
    days.retain(|(unit, ..)| sheet.is_open(unit));
    days.sort_by_key(|(.., machine)| !machine);
    if let Some((unit, date, _)) = days.first() {
        header.machine_date = Some(*date);
        sheet.claim(unit, Field::MachineDate);
    }
}

/// A time on the line beside its date.
fn split_time(sheet: &mut Sheet, units: &[Unit], header: &mut Header) {
    let is_day = |unit: &Unit| matches!(dated(&unit.text), Some(Dated::Day { machine: false, .. }));
    for pair in units.windows(2) {
        let [above, below] = pair else { continue };
        if !(is_day(above) || is_day(below)) {
            continue;
        }
        if let Some(Dated::Time { at, .. }) = dated(&format!("{} {}", above.text, below.text)) {
            header.shown = Some(at);
            sheet.claim(above, Field::ShownTime);
            sheet.claim(below, Field::ShownTime);
            return;
        }
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
    if header.counters.is_none() {
        split_counts(sheet, units, header);
    }
}

/// Two numbers on two lines are comments and views as two on one line are; one, or three, are not understood (R31).
fn split_counts(sheet: &mut Sheet, units: &[Unit], header: &mut Header) {
    let number = |unit: &Unit| {
        let line = single(sheet, unit).filter(|_| sheet.is_open(unit))?;
        lone(&line.raw)
    };
    let numbers: Vec<(usize, u64)> =
        units.iter().enumerate().filter_map(|(at, unit)| Some((at, number(unit)?))).collect();
    if let [(first, comments), (second, views)] = numbers.as_slice()
        && *second == first + 1
    {
        header.counters = Some(Counters { comments: Some(*comments), views: Some(*views) });
        for unit in units.get(*first..=*second).unwrap_or_default() {
            sheet.claim(unit, Field::Counters);
        }
    }
}

fn fits_beside(found: Counters, own: Counters) -> bool {
    let clash = |a: Option<u64>, b: Option<u64>| a.is_some() && b.is_some();
    !clash(found.comments, own.comments) && !clash(found.views, own.views)
}

/// The unit's line, when it is only one.
fn single<'a>(sheet: &'a Sheet, unit: &Unit) -> Option<&'a Line> {
    (unit.lines.len() == 1).then(|| sheet.lines.get(unit.lines.start))?
}

/// The headline: the longest text that is not a paragraph, below the photo section's name if the page has one there.
/// Where a page repeats it with its own name (`Headline - The Paper`), the text that the other begins with.
fn headline(open: &[&Unit]) -> Option<usize> {
    let from = open.iter().position(|unit| is_photo_section(&unit.text)).map_or(0, |section| section + 1);
    longest(open, from).or_else(|| longest(open, 0))
}

fn longest(open: &[&Unit], from: usize) -> Option<usize> {
    let mut best: Option<(usize, &str)> = None;
    for (at, unit) in open.iter().enumerate().skip(from).filter(|(_, unit)| may_be_headline(&unit.text)) {
        let text = unit.text.as_str();
        let is_better = best.is_none_or(|(_, held)| {
            let begins = |longer: &str, shorter: &str| {
                shorter.chars().count() >= LEAST_REPEATED && longer.starts_with(shorter)
            };
            begins(held, text) || (text.chars().count() > held.chars().count() && !begins(text, held))
        });
        if is_better {
            best = Some((at, text));
        }
    }
    best.map(|(at, _)| at)
}

fn may_be_headline(text: &str) -> bool {
    let short = text.chars().take(LONGEST_HEADLINE + 1).count() <= LONGEST_HEADLINE;
    short && has_letters(text) && !is_paragraph(text) && !is_furniture(text) && !is_photo_section(text)
}

/// A text at the beginning of a longer one is a repeated headline only from this length on, in characters.
const LEAST_REPEATED: usize = 16;

/// The section: a word that galleries are filed under; else the short line nearest above the headline, where the
/// page's date or link stands above that, for otherwise it is as likely the name of the site.
fn section<'a>(
    open: &[&'a Unit],
    headline: Option<usize>,
    is_under_date: impl Fn(&Unit) -> bool,
) -> Option<&'a Unit> {
    if let Some(unit) = open.iter().find(|unit| is_photo_section(&unit.text)) {
        return Some(unit);
    }
    let unit = open.get(headline?.checked_sub(1)?)?;
    let short =
        unit.text.chars().count() <= LONGEST_SECTION && unit.text.split(' ').count() <= MOST_SECTION_WORDS;
    let plain =
        has_letters(&unit.text) && !ends_sentence(&unit.text) && !unit.text.chars().any(char::is_numeric);
    (short && plain && !is_furniture(&unit.text) && is_under_date(unit)).then_some(*unit)
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
