//! Finds runs of lines that are marked alike and follow each other as a list's do.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::gallery::Search;
use super::lines::Line;
use super::markers::{Marker, Style};
use super::words::{CREDIT_LINES, begins_with_one_of};
use super::wrap::{continues_at, ends_sentence, starts_lower};

/// A mark's line and what belongs to it, before the text is put together.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    /// The line with the mark.
    pub mark: usize,
    /// The mark's number; 0 for a sign.
    pub number: u32,
    /// Lines of the caption, the mark's own among them when it has text.
    pub caption: Range<usize>,
}

/// A caption that spans more lines is not read on.
const LONGEST_CAPTION: usize = 40;
/// A run does not go on over more foreign lines than this.
const WIDEST_GAP: usize = 12;
/// A foreign line between two slides is an advertisement or a button, not longer than this, in characters.
const LONGEST_FOREIGN: usize = 60;
/// A shorter text that is no sentence is a word of a menu, in characters.
const SHORTEST_PHRASE: u64 = 40;

impl Search<'_> {
    /// The marked lines by style, each style's in order, the styles in order of their first line.
    pub(super) fn styles(&self) -> Vec<Vec<usize>> {
        let mut place: HashMap<&Style, usize> = HashMap::new();
        let mut styles: Vec<(u32, Vec<usize>)> = Vec::new();
        for (index, marker) in self.markers.iter().enumerate() {
            let Some(marker) = marker else { continue };
            let at = *place.entry(&marker.style).or_insert(styles.len());
            if at == styles.len() {
                styles.push((0, Vec::new()));
            }
            let Some((last, style)) = styles.get_mut(at) else { continue };
            if !self.is_inside_sentence(index, marker, *last) {
                *last = marker.number;
                style.push(index);
            }
        }
        styles.into_iter().map(|(_, style)| style).collect()
    }

    /// A dash or a year at the beginning of a wrapped line is no mark.
    fn is_inside_sentence(&self, index: usize, marker: &Marker, last: u32) -> bool {
        let above = index.checked_sub(1).and_then(|above| self.lines.get(above));
        let goes_on = match marker.style {
            Style::Sign(_) => starts_lower(self.own_text(index)),
            Style::Numbered(_) | Style::Counted(..) => marker.number != last.saturating_add(1),
        };
        goes_on
            && above.is_some_and(|above| !ends_sentence(&above.text))
            && continues_at(self.wrap, self.lines, index)
    }

    /// The runs of one style's lines.
    pub(super) fn runs(&self, starts: &[usize]) -> Vec<Vec<Entry>> {
        let above = self.captions_stand_above(starts);
        let mut runs: Vec<Vec<Entry>> = Vec::new();
        let mut captions: HashSet<&str> = HashSet::new();
        for (at, mark) in starts.iter().enumerate() {
            let limit = starts.get(at + 1).copied().unwrap_or(self.lines.len());
            let entry = if above { self.entry_above(*mark) } else { self.entry(*mark, limit) };
            let Some(entry) = entry else { continue };
            captions.insert(self.own_text(*mark));
            let follows = |last: &Entry| {
                // What repeats a caption is the cover's, and the gallery is over.
                let is_cover = captions.contains(self.text(self.gap(last, &entry).start));
                !is_cover && self.follows(last, &entry)
            };
            match runs.last_mut() {
                Some(run) if run.last().is_some_and(follows) => run.push(entry),
                _ => runs.push(vec![entry]),
            }
        }
        runs
    }

    /// Whether numbers that stand alone are set under their captions: they hang on the line above, not below.
    fn captions_stand_above(&self, starts: &[usize]) -> bool {
        let mut above = 0;
        let mut below = 0;
        for mark in starts.iter().filter(|mark| self.own_text(**mark).is_empty()) {
            let hangs = |index: usize| self.lines.get(index).is_some_and(|line| !line.after_gap);
            match (hangs(*mark), hangs(mark + 1)) {
                (true, false) => above += 1,
                (false, true) => below += 1,
                _ => {}
            }
        }
        above > below
    }

    pub(super) fn own_text(&self, mark: usize) -> &str {
        let marker = self.markers.get(mark).and_then(Option::as_ref);
        let line = self.lines.get(mark);
        line.zip(marker).and_then(|(line, marker)| line.text.get(marker.text_at..)).unwrap_or_default()
    }

    fn entry(&self, mark: usize, limit: usize) -> Option<Entry> {
        let marker = self.markers.get(mark)?.as_ref()?;
        let indent = self.lines.get(mark)?.indent;
        let first = if self.own_text(mark).is_empty() { mark + 1 } else { mark };
        let limit = limit.min(first + LONGEST_CAPTION);
        let mut end = (first + 1).min(limit.max(first));
        let is_deeper = |index: usize| {
            first == mark && self.lines.get(index).is_some_and(|line| !line.after_gap && line.indent > indent)
        };
        while end < limit && (continues_at(self.wrap, self.lines, end) || is_deeper(end)) {
            end += 1;
        }
        Some(Entry { mark, number: marker.number, caption: first..end })
    }

    fn entry_above(&self, mark: usize) -> Option<Entry> {
        let marker = self.markers.get(mark)?.as_ref()?;
        let mut first = mark.checked_sub(1)?;
        while first > 0 && mark - first < LONGEST_CAPTION && continues_at(self.wrap, self.lines, first) {
            first -= 1;
        }
        Some(Entry { mark, number: marker.number, caption: first..mark })
    }

    /// Whether `next` is the slide after `last`: its number is the next one, and only page furniture is between.
    fn follows(&self, last: &Entry, next: &Entry) -> bool {
        let is_signed =
            matches!(self.markers.get(next.mark), Some(Some(Marker { style: Style::Sign(_), .. })));
        if !is_signed && next.number != last.number.saturating_add(1) {
            return false;
        }
        let between = self.gap(last, next);
        if between.len() > WIDEST_GAP {
            return false;
        }
        if self.goes_on_in(last, next) {
            return true;
        }
        let texts = self.lines.get(between).unwrap_or_default();
        let foreign: Vec<&Line> = texts.iter().filter(|line| !is_credit(&line.text)).collect();
        if !is_signed {
            return foreign.len() <= 6;
        }
        let short = |line: &&Line| line.text.chars().take(LONGEST_FOREIGN + 1).count() <= LONGEST_FOREIGN;
        let is_apart = |entry: &Entry| self.lines.get(entry.mark).is_some_and(|line| line.after_gap);
        let is_set_off = !foreign.is_empty() || (is_apart(next) && !is_apart(last));
        foreign.len() <= 2 && foreign.iter().all(short) && (!is_set_off || self.are_alike(last, next))
    }

    /// Two entries that are set off from each other are still of one list when both are captions, or both are words
    /// of a menu.
    fn are_alike(&self, last: &Entry, next: &Entry) -> bool {
        let is_word = |entry: &Entry| {
            let end = entry.caption.end.checked_sub(1).map_or("", |end| self.text(end));
            !ends_sentence(end) && self.length(&entry.caption) < SHORTEST_PHRASE
        };
        is_word(last) == is_word(next)
    }

    /// Whether all that stands between two entries is the rest of the first one's caption: no empty line parts it
    /// from either, and it ends as a sentence does.
    pub(super) fn goes_on_in(&self, last: &Entry, next: &Entry) -> bool {
        let between = self.gap(last, next);
        let tight = |index: usize| self.lines.get(index).is_some_and(|line| !line.after_gap);
        let end = between.end.checked_sub(1).map_or("", |end| self.text(end));
        !between.is_empty()
            && (between.start..=between.end).all(tight)
            && ends_sentence(end)
            && end.contains(' ')
    }

    pub(super) fn gap(&self, last: &Entry, next: &Entry) -> Range<usize> {
        let end = next.mark.min(next.caption.start);
        last.caption.end.max(last.mark + 1).min(end)..end
    }
}

/// A credit that stands on a line of its own: in brackets, behind a word for it, or `AGENCY/Name` (R10).
pub(super) fn is_credit(text: &str) -> bool {
    const LONGEST: usize = 240;
    const LONGEST_NAME: usize = 80;
    if text.len() > LONGEST {
        return false;
    }
    let bracketed = text.starts_with('(') && text.trim_end_matches('.').ends_with(')');
    let is_joint = |(before, after): (&str, &str)| {
        before.ends_with(char::is_alphabetic) && after.starts_with(char::is_uppercase)
    };
    let signed =
        text.len() <= LONGEST_NAME && !ends_sentence(text) && text.split_once('/').is_some_and(is_joint);
    bracketed || signed || begins_with_one_of(CREDIT_LINES, &text.to_lowercase())
}
