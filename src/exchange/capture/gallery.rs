//! Finds the gallery: the page's longest run of lines that are marked alike (R32).

use std::ops::Range;

use newsroom::dates::{find_dates, picture_date};

use super::lines::{Line, limited};
use super::markers::{Marker, Style, marker};
use super::notices::MOST_NOTICES;
use super::runs::{Entry, is_credit};
use super::wrap::{Wrap, append, join};

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

/// The page as the search sees it.
pub(super) struct Search<'a> {
    /// The page's lines.
    pub lines: &'a [Line],
    /// The mark of each.
    pub markers: &'a [Option<Marker>],
    /// How its paragraphs are broken.
    pub wrap: Wrap,
}

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

    /// How much of a gallery a run is: numbers of a whole say it themselves, else its text counts.
    fn weight(&self, run: &[Entry]) -> u64 {
        let rest = |next: Option<&Entry>, entry: &Entry| match next {
            Some(next) if self.goes_on_in(entry, next) => self.length(&self.gap(entry, next)),
            _ => 0,
        };
        let texts = run.iter().enumerate();
        let texts = texts.map(|(at, entry)| self.length(&entry.caption) + rest(run.get(at + 1), entry));
        let texts = texts.filter(|length| *length > 0);
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

    /// Characters in a range of lines.
    pub(super) fn length(&self, range: &Range<usize>) -> u64 {
        let lines = self.lines.get(range.clone()).unwrap_or_default();
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

    /// The text of a line.
    pub(super) fn text(&self, index: usize) -> &str {
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
