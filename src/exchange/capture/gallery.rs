//! Finds the gallery: the page's longest run of lines that are marked alike (R32).

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use newsroom::dates::{find_dates, picture_date};

use super::lines::{Line, limited};
use super::markers::{Marker, Style, marker};
use super::notices::MOST_NOTICES;
use super::words::{CREDIT_LINES, begins_with_one_of};
use super::wrap::{Wrap, append, continues_at, ends_sentence, join, starts_lower};

/// A slide as it stands on the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Item {
    /// The line with the mark, when it holds nothing else.
    pub number_line: Option<usize>,
    /// The lines of the caption.
    pub lines: Vec<usize>,
    /// The caption.
    pub text: String,
    /// Where the caption begins in its first line, in bytes: after the mark.
    pub text_at: usize,
    /// The caption passed the limit of a field.
    pub cut: bool,
}

/// The gallery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Gallery {
    /// Its lines, those between slides included.
    pub lines: Range<usize>,
    /// Its slides in order.
    pub items: Vec<Item>,
}

/// A mark's line and what belongs to it, before the text is put together.
#[derive(Debug, Clone)]
struct Entry {
    mark: usize,
    number: u32,
    /// Lines of the caption, the mark's own among them when it has text.
    caption: Range<usize>,
}

/// The page as the search sees it.
pub(super) struct Search<'a> {
    /// The page's lines.
    pub lines: &'a [Line],
    /// The mark of each.
    pub markers: &'a [Option<Marker>],
    /// How its paragraphs are broken.
    pub wrap: Wrap,
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
    /// The gallery, if the page has one. `is_note` says of a line that it is a notice, whose mark may be the
    /// gallery's sign as well.
    pub fn gallery(&self, is_note: impl Fn(&Line) -> bool) -> Option<Gallery> {
        let mut best: Option<(u64, Vec<Entry>)> = None;
        for starts in self.styles() {
            for mut run in self.runs(&starts) {
                let is_notice = |entry: &&Entry| self.lines.get(entry.mark).is_some_and(&is_note);
                let notices = run.iter().rev().take(MOST_NOTICES).take_while(is_notice).count();
                run.truncate(run.len() - notices);
                let weight = self.weight(&run);
                if weight > best.as_ref().map_or(0, |(weight, _)| *weight) {
                    best = Some((weight, run));
                }
            }
        }
        best.map(|(_, run)| self.collect(&run)).or_else(|| self.unmarked())
    }

    /// The marked lines by style, each style's in order, the styles in order of their first line.
    fn styles(&self) -> Vec<Vec<usize>> {
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
    fn runs(&self, starts: &[usize]) -> Vec<Vec<Entry>> {
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

    fn own_text(&self, mark: usize) -> &str {
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
            !ends_sentence(end) && self.length(entry) < SHORTEST_PHRASE
        };
        is_word(last) == is_word(next)
    }

    /// Whether all that stands between two entries is the rest of the first one's caption: no empty line parts it
    /// from either, and it ends as a sentence does.
    fn goes_on_in(&self, last: &Entry, next: &Entry) -> bool {
        let between = self.gap(last, next);
        let tight = |index: usize| self.lines.get(index).is_some_and(|line| !line.after_gap);
        let end = between.end.checked_sub(1).map_or("", |end| self.text(end));
        !between.is_empty()
            && (between.start..=between.end).all(tight)
            && ends_sentence(end)
            && end.contains(' ')
    }

    fn gap(&self, last: &Entry, next: &Entry) -> Range<usize> {
        let end = next.mark.min(next.caption.start);
        last.caption.end.max(last.mark + 1).min(end)..end
    }

    /// How much of a gallery a run is: numbers of a whole say it themselves, else its text counts.
    fn weight(&self, run: &[Entry]) -> u64 {
        let texts = run.iter().map(|entry| self.length(entry)).filter(|length| *length > 0);
        let (count, total) = texts.fold((0_u64, 0_u64), |(count, sum), length| (count + 1, sum + length));
        let Some(marker) = run.first().and_then(|first| self.markers.get(first.mark)?.as_ref()) else {
            return 0;
        };
        let alone = run.first().is_some_and(|first| self.own_text(first.mark).is_empty());
        let least = match &marker.style {
            // Digits on lines of their own may be anything; three in order are hardly chance.
            Style::Numbered(words) if words.is_empty() && alone => 3,
            Style::Sign(_) if marker.is_bullet() => 1,
            _ => 2,
        };
        if count < least || total < count * 12 {
            return 0;
        }
        if marker.is_counted() { total.saturating_add(1 << 40) } else { total }
    }

    fn length(&self, entry: &Entry) -> u64 {
        let lines = self.lines.get(entry.caption.clone()).unwrap_or_default();
        let length = lines.iter().map(|line| line.text.chars().count()).sum::<usize>();
        super::effort::spend(length);
        length as u64
    }

    fn collect(&self, run: &[Entry]) -> Gallery {
        let mut items: Vec<Item> = Vec::new();
        let mut start = self.lines.len();
        let mut end = 0;
        let last_rest = self.usual_rest(run);
        for (at, entry) in run.iter().enumerate() {
            let mut item = self.item(entry);
            if item.text.is_empty() {
                continue;
            }
            start = start.min(entry.mark).min(entry.caption.start);
            let from = entry.caption.end.max(entry.mark + 1);
            let next = run.get(at + 1);
            let until = next.map_or(self.lines.len(), |next| self.gap(entry, next).end);
            let rest = match next {
                Some(next) if self.goes_on_in(entry, next) => until - from,
                Some(_) => 0,
                None => last_rest,
            };
            for index in from..until {
                if !self.belongs_to(index, index < from + rest) {
                    break;
                }
                self.add_line(&mut item, index);
            }
            end = end.max(from).max(item.lines.last().map_or(0, |last| last + 1));
            items.push(item);
        }
        Gallery { lines: start..end, items }
    }

    /// How many lines each caption but the last has below its first paragraph, when all have the same number: then
    /// the last has so many too.
    fn usual_rest(&self, run: &[Entry]) -> usize {
        let mut rests = run.windows(2).map(|pair| match pair {
            [last, next] if self.goes_on_in(last, next) => self.gap(last, next).len(),
            _ => 0,
        });
        let first = rests.next().unwrap_or(0);
        if rests.all(|rest| rest == first) { first } else { 0 }
    }

    fn item(&self, entry: &Entry) -> Item {
        let alone = !entry.caption.contains(&entry.mark);
        let first = self.text(entry.caption.start);
        // A caption under a number of a whole may have a bullet as well.
        let own = marker(first).filter(|marker| !alone || marker.is_bullet());
        let text_at = own.map_or(0, |marker| marker.text_at);
        let mut text = first.get(text_at..).unwrap_or_default().to_owned();
        for index in entry.caption.clone().skip(1) {
            append(&mut text, self.text(index));
        }
        let (text, cut) = limited(text);
        let lines = entry.caption.clone().collect();
        Item { number_line: alone.then_some(entry.mark), lines, text, text_at, cut }
    }

    fn text(&self, index: usize) -> &str {
        self.lines.get(index).map_or("", |line| line.text.as_str())
    }

    /// Whether a line right under a caption is more of it, or its credit.
    fn belongs_to(&self, index: usize, is_rest: bool) -> bool {
        self.lines.get(index).is_some_and(|line| !line.after_gap && (is_rest || is_credit(&line.text)))
    }

    fn add_line(&self, item: &mut Item, index: usize) {
        append(&mut item.text, self.text(index));
        let (text, cut) = limited(std::mem::take(&mut item.text));
        item.text = text;
        item.cut |= cut;
        item.lines.push(index);
    }

    /// A gallery without marks: three paragraphs or more in a row, each of which ends with the date of a picture.
    fn unmarked(&self) -> Option<Gallery> {
        const FEWEST: usize = 3;
        const MOST: usize = 2_000;
        let units = self.wrap.paragraphs(self.lines, 0..self.lines.len());
        let mut best: &[super::wrap::Unit] = &[];
        let units = units.get(..units.len().min(MOST)).unwrap_or_default();
        for run in units.chunk_by(|a, b| is_caption(&a.text) && is_caption(&b.text)) {
            if run.len() > best.len().max(FEWEST - 1) {
                best = run;
            }
        }
        let lines = best.first()?.lines.start..best.last()?.lines.end;
        let item = |unit: &super::wrap::Unit| {
            let unit = join(self.lines, unit.lines.clone());
            Item {
                number_line: None,
                lines: unit.lines.collect(),
                text: unit.text,
                text_at: 0,
                cut: unit.cut,
            }
        };
        Some(Gallery { lines, items: best.iter().map(item).collect() })
    }
}

/// A credit that stands on a line of its own: in brackets, behind a word for it, or `AGENCY/Name` (R10).
fn is_credit(text: &str) -> bool {
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

/// A sentence that ends with a full date, as agencies' captions do (R6-R8).
fn is_caption(text: &str) -> bool {
    if !(40..=2_000).contains(&text.len()) || picture_date(text).and_then(|date| date.civil()).is_none() {
        return false;
    }
    find_dates(text).iter().any(|date| {
        let after = text.get(date.end..).unwrap_or_default().trim_start();
        date.civil().is_some() && (after.is_empty() || after.starts_with(['.', '(']))
    })
}
