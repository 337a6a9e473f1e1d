//! Notices (R34): house or legal rules kept in one place and applied when a page is printed. A term in lede, body or
//! caption carries a mark whose note stands at the foot of the story; nobody types it.

mod matcher;

use serde::{Deserialize, Serialize};

use crate::id::{NoticeId, StoryId};
use crate::moment::Moment;
use matcher::Matcher;

/// Which mentions of a term carry its mark.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Mention {
    /// The first on the page.
    #[default]
    First,
    /// Every one.
    Every,
}

/// A notice rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// Permanent.
    pub id: NoticeId,
    /// The term, such as `Daesh`.
    pub term: String,
    /// Its other names and its inflections, given as data (`ISIS`, `IS`, `Islamic State`, `داعش`). One that is all
    /// capitals matches in exact case only.
    pub variants: Vec<String>,
    /// The note, without a mark.
    pub text: String,
    /// Language it applies to (BCP 47; `en` also applies to `en-GB`); `None`: every language.
    pub language: Option<String>,
    /// The only story it holds for: one found by an import, until an administrator makes it a rule.
    pub story: Option<StoryId>,
    /// Which mentions are marked.
    pub mention: Mention,
    /// In force from this moment on.
    pub from: Option<Moment>,
    /// In force until before this moment.
    pub until: Option<Moment>,
}

impl Notice {
    /// Whether the rule holds for a story in a language at a moment.
    pub fn holds(&self, story: StoryId, language: &str, at: Moment) -> bool {
        let here = self.story.is_none_or(|only| only == story);
        let spoken = self.language.as_deref().is_none_or(|own| covers_language(own, language));
        let begun = self.from.is_none_or(|from| from <= at);
        let over = self.until.is_some_and(|until| until <= at);
        here && spoken && begun && !over
    }

    /// Whether a text mentions the term: such stories are reprinted when the rule changes.
    pub fn is_mentioned_in(&self, text: &str) -> bool {
        !Matcher::new([(0, self)]).find(text).is_empty()
    }
}

fn covers_language(own: &str, language: &str) -> bool {
    let (own, language) = (own.to_ascii_lowercase(), language.to_ascii_lowercase());
    language == own || language.strip_prefix(&own).is_some_and(|rest| rest.starts_with('-'))
}

/// Whether the text being marked stands on a page with a foot for the notes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Foot {
    /// Lede, body and captions of a story page.
    Foot,
    /// Cards, feeds, social cards, JSON-LD: marks are left out, typed ones too.
    NoFoot,
}

/// A piece of a marked text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Span {
    /// Text as it was.
    Text(String),
    /// A mark right behind the term.
    Mark(Mark),
}

/// A mark: a named link to its note and the place that the note links back to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The notice, as its place in the slice given to [`NoticeMarker::new`].
    pub notice: usize,
    /// `*`, `**`, `***` ... in order of first mention.
    pub sign: String,
    /// Which mark of this notice it is on this page, from 1: makes its anchor unique.
    pub reference: usize,
}

/// A note at the foot of the story.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Footnote {
    /// The notice, as its place in the slice given to [`NoticeMarker::new`].
    pub notice: usize,
    /// The sign of its marks.
    pub sign: String,
    /// The term.
    pub term: String,
    /// The note. Terms inside it are not marked.
    pub text: String,
    /// How many marks point to it, at least 1.
    pub references: usize,
}

/// Marks the texts of one page, in reading order.
#[derive(Debug)]
pub struct NoticeMarker<'a> {
    notices: &'a [Notice],
    matcher: Matcher,
    /// Notices in order of first mention, with the number of their marks.
    mentioned: Vec<(usize, usize)>,
}

impl<'a> NoticeMarker<'a> {
    /// A marker for one page of a story: of all `notices` those that hold for the story, language and moment.
    pub fn new(notices: &'a [Notice], story: StoryId, language: &str, at: Moment) -> Self {
        let holding = notices.iter().enumerate().filter(|(_, notice)| notice.holds(story, language, at));
        Self { notices, matcher: Matcher::new(holding), mentioned: Vec::new() }
    }

    /// Forgets what was mentioned: the marker of the next page of the same story at the same moment. What was made of the
    /// notices for matching is kept, which is the larger part of the work on a short page.
    pub fn begin_page(&mut self) {
        self.mentioned.clear();
    }

    /// Splits a plain text into text and marks. The longest variant wins where two begin together. Marks that were
    /// typed behind the term (`Daesh*`) are removed in any case, because the rule prints its own.
    pub fn mark(&mut self, text: &str, foot: Foot) -> Vec<Span> {
        let mut spans = Vec::new();
        let mut open = String::new();
        let mut done = 0;
        for found in self.matcher.find(text) {
            open.push_str(text.get(done..found.end).unwrap_or_default());
            done = found.end + typed_mark(text, found.start, found.end);
            if foot == Foot::Foot
                && let Some(mark) = self.next_mark(found.notice)
            {
                spans.push(Span::Text(std::mem::take(&mut open)));
                spans.push(Span::Mark(mark));
            }
        }
        open.push_str(text.get(done..).unwrap_or_default());
        if !open.is_empty() {
            spans.push(Span::Text(open));
        }
        spans
    }

    /// The notes of the terms marked so far, in order of mention.
    pub fn footnotes(&self) -> Vec<Footnote> {
        let numbered = self.mentioned.iter().enumerate();
        let notes = numbered.filter_map(|(place, (index, references))| {
            let notice = self.notices.get(*index)?;
            let text = notice.text.trim_start_matches(|c: char| c == '*' || c.is_whitespace()).to_owned();
            let term = notice.term.clone();
            Some(Footnote { notice: *index, sign: sign(place), term, text, references: *references })
        });
        notes.collect()
    }

    fn next_mark(&mut self, notice: usize) -> Option<Mark> {
        let every = self.notices.get(notice)?.mention == Mention::Every;
        let known = self.mentioned.iter().position(|(index, _)| *index == notice);
        let place = known.unwrap_or(self.mentioned.len());
        if known.is_none() {
            self.mentioned.push((notice, 0));
        } else if !every {
            return None;
        }
        let (_, references) = self.mentioned.get_mut(place)?;
        *references += 1;
        Some(Mark { notice, sign: sign(place), reference: *references })
    }
}

fn sign(place: usize) -> String {
    "*".repeat(place + 1)
}

/// The length of a mark typed right behind a term. `*Daesh*` is emphasis, not a mark.
fn typed_mark(text: &str, start: usize, end: usize) -> usize {
    let emphasised = text.get(..start).is_some_and(|head| head.ends_with('*'));
    let rest = text.get(end..).unwrap_or_default();
    let mark = rest.len() - rest.trim_start_matches(['*', '†', '‡']).len();
    if emphasised { 0 } else { mark }
}

#[cfg(test)]
#[path = "notice/tests.rs"]
mod tests;
