//! Walks along a sentence and looks for its verb.

use std::ops::Range;

use super::super::reading::{Kind, Token};
use super::closed::{Closed, Number, class, is_uncounted, means_people, number};
use super::hints::{REPORTING, SHOWING, guessed};
use super::lexicon::forms;
use super::verbs::is_month;
use crate::dates::weekday_name;

/// What a sentence's verb says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) enum Verdict {
    /// It tells in the present.
    Present,
    /// It tells in the past; where its verb stands.
    Past(Range<usize>),
    /// It has none.
    Verbless,
    /// Nobody can be sure.
    Unsure,
}

/// What stood before a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Before {
    Start,
    Determiner,
    Adjective,
    Preposition,
    To,
    Noun,
    Comma,
    Conjunction,
    /// A form of a verb that may have an object.
    Participle,
    /// A participle that has its noun before it: `people displaced`.
    Passive,
    Subordinator,
}

/// A row of words about one noun.
#[derive(Debug, Clone, Copy)]
pub(super) struct Nouns {
    pub(super) number: Number,
    /// Behind a preposition or a verb: not the subject.
    pub(super) inside: bool,
    pub(super) article: bool,
    /// One thing without an article, which goes on (`air strikes`).
    pub(super) bare: bool,
}

/// A clause that waits for a verb of its own.
#[derive(Debug, Clone, Copy)]
pub(super) struct Waiting {
    pub(super) relative: bool,
    pub(super) subject: Option<Number>,
}

pub(super) struct Walk<'t, 's> {
    pub(super) tokens: &'s [&'s Token<'t>],
    pub(super) before: Before,
    pub(super) nouns: Option<Nouns>,
    /// Behind a preposition until a comma or a verb.
    pub(super) inside: bool,
    pub(super) subject: Option<Number>,
    pub(super) subject_open: bool,
    pub(super) waiting: Option<Waiting>,
    /// A past that may be a participle.
    pub(super) past: Option<Range<usize>>,
    /// A present that may be a noun.
    pub(super) doubtful: bool,
    /// The subject shows something: what its people did may be said by a participle (`photos of people gathered`).
    pub(super) shows: bool,
}

/// Judges the words of one sentence, dates and brackets left out by the caller or not.
pub(in super::super) fn judge(tokens: &[&Token<'_>]) -> Verdict {
    let seen = without_asides(tokens);
    let letters: usize = seen.iter().filter(|token| token.is_word()).count();
    let shouted = seen.iter().filter(|token| {
        token.is_word() && token.text.len() > 2 && !token.text.chars().any(char::is_lowercase)
    });
    if letters == 0 || shouted.count() * 2 > letters {
        return Verdict::Unsure;
    }
    let mut walk = Walk {
        tokens: &seen,
        before: Before::Start,
        nouns: None,
        inside: false,
        subject: None,
        subject_open: true,
        waiting: None,
        past: None,
        doubtful: false,
        shows: false,
    };
    // `"It was the best day," says a runner.`
    let quoted = tokens.first().is_some_and(|token| token.is('"') || token.is('“'));
    if quoted && let Some(verb) = seen.iter().find(|token| token.is_word()) {
        let form = forms(verb.low()).unwrap_or_default();
        if form.third {
            return Verdict::Present;
        }
        if REPORTING.contains(&verb.low()) {
            return Verdict::Past(verb.start..verb.end);
        }
    }
    for index in 0..seen.len() {
        if let Some(verdict) = walk.step(index) {
            return verdict;
        }
    }
    match (walk.past, walk.doubtful) {
        (Some(at), _) => Verdict::Past(at),
        (None, true) => Verdict::Unsure,
        (None, false) => Verdict::Verbless,
    }
}

/// The tokens outside quotation marks and brackets: what they hold says nothing of the sentence.
fn without_asides<'t, 's>(tokens: &[&'s Token<'t>]) -> Vec<&'s Token<'t>> {
    let mut seen = Vec::with_capacity(tokens.len());
    let mut closing: Option<char> = None;
    for (index, token) in tokens.iter().copied().enumerate() {
        if let Kind::Sign(sign) = token.kind {
            if closing.is_some() {
                if closing == Some(sign) {
                    closing = None;
                }
                continue;
            }
            let close = match sign {
                '(' => Some(')'),
                '[' => Some(']'),
                '"' => Some('"'),
                '“' => Some('”'),
                _ => None,
            };
            let closed = close.filter(|close| tokens.iter().skip(index + 1).any(|token| token.is(*close)));
            if closed.is_some() {
                closing = closed;
                continue;
            }
        }
        if closing.is_none() {
            seen.push(token);
        }
    }
    seen
}

impl Walk<'_, '_> {
    pub(super) fn low(&self, index: usize) -> &str {
        self.tokens.get(index).map_or("", |token| token.low())
    }

    pub(super) fn step(&mut self, index: usize) -> Option<Verdict> {
        let token = *self.tokens.get(index)?;
        match token.kind {
            Kind::Sign(',' | ';' | '-' | '–' | '—') => self.pause(),
            Kind::Sign(':') => self.restart(),
            Kind::Sign('(' | ')' | '[' | ']') => self.before = Before::Comma,
            Kind::Sign(_) => {}
            Kind::Number => self.determiner(),
            Kind::Word => return self.word(index, token),
        }
        None
    }

    pub(super) fn pause(&mut self) {
        self.end_nouns();
        self.inside = false;
        self.waiting = None;
        self.before = Before::Comma;
    }

    pub(super) fn restart(&mut self) {
        self.pause();
        self.before = Before::Start;
        self.subject = None;
        self.subject_open = true;
    }

    pub(super) fn end_nouns(&mut self) {
        if self.nouns.take().is_some_and(|nouns| !nouns.inside) {
            self.subject_open = false;
        }
    }

    pub(super) fn determiner(&mut self) {
        self.end_nouns();
        self.begin(Number::One, true);
        self.before = Before::Determiner;
    }

    pub(super) fn begin(&mut self, number: Number, article: bool) {
        let inside = self.inside || (self.before == Before::Participle);
        self.nouns = Some(Nouns { number, inside, article, bare: false });
    }

    pub(super) fn word(&mut self, index: usize, token: &Token<'_>) -> Option<Verdict> {
        let low = token.low();
        let initial = index == 0 || self.before == Before::Start;
        let time = weekday_name(low).is_some() || is_month(self, index, token);
        let shouted = token.text.len() > 2 && !token.text.chars().any(char::is_lowercase);
        let name = token.is_capital() && (!initial || shouted) && token.text.len() > 1;
        if time {
            self.end_nouns();
            self.before = Before::Comma;
            return None;
        }
        if low.ends_with("'s") && !matches!(class(low), Some(Closed::Present)) {
            self.determiner();
            return None;
        }
        // Who stands where says nothing of what they do.
        if self.before == Before::Comma
            && ["left", "right", "center", "centre", "front", "back"].contains(&low)
        {
            return None;
        }
        // `A horse-drawn gilded coach`
        if !name && low.contains('-') && self.before == Before::Determiner && self.has_noun(index) {
            self.before = Before::Adjective;
            return None;
        }
        if self.before == Before::Determiner
            && means_people(low)
            && self.low(index.wrapping_sub(1)) == "the"
            && !self.has_plain_noun(index)
        {
            self.noun(index, Some("people"));
            return None;
        }
        if low == "left" && self.before == Before::Noun && self.subject.is_some() && self.has_object(index) {
            return Some(Verdict::Past(token.start..token.end));
        }
        if !name
            && let Some(closed) = class(low)
            && let Some(step) = self.closed(index, closed)
        {
            return step;
        }
        if !name && let Some(verb) = forms(low).or_else(|| guessed(low)) {
            return self.verb(index, verb);
        }
        self.noun(index, if name { None } else { Some(low) });
        None
    }

    /// A word of a closed class. `None` where it is better read as a noun or a verb here.
    #[expect(
        clippy::option_option,
        reason = "the outer says whether the word was read, the inner what it decides"
    )]
    pub(super) fn closed(&mut self, index: usize, closed: Closed) -> Option<Option<Verdict>> {
        match closed {
            Closed::Determiner if self.low(index + 1) == "of" => {
                self.count(Number::Either);
                self.before = Before::Noun;
            }
            Closed::Determiner => self.determiner(),
            Closed::Preposition => {
                self.end_nouns();
                self.inside = true;
                self.before = Before::Preposition;
            }
            Closed::To => {
                self.end_nouns();
                self.inside = true;
                self.before = Before::To;
            }
            Closed::Conjunction => {
                if self.nouns.is_some_and(|nouns| !nouns.inside) || !self.subject_open {
                    self.subject = self.subject.map(|_| Number::Either);
                }
                if self.nouns.take().is_some_and(|nouns| !nouns.inside) {
                    self.subject_open = false;
                }
                self.before = Before::Conjunction;
            }
            Closed::Subordinator
                if self.low(index) == "as" && matches!(self.before, Before::Participle | Before::Passive) =>
            {
                self.end_nouns();
                self.inside = true;
                self.before = Before::Preposition;
            }
            Closed::Subordinator => {
                self.end_nouns();
                self.inside = false;
                self.waiting = Some(Waiting { relative: false, subject: None });
                // `What remains of a pier stretches into the sea`: the clause is the subject.
                if self.low(index) == "what" && self.subject.is_none() {
                    self.waiting = Some(Waiting { relative: true, subject: None });
                    self.subject = Some(Number::Either);
                }
                self.before = Before::Subordinator;
            }
            Closed::Relative => {
                self.end_nouns();
                self.waiting = Some(Waiting { relative: true, subject: None });
                self.before = Before::Subordinator;
            }
            Closed::Pronoun(number) => {
                if self.before == Before::Preposition || self.before == Before::Participle {
                    self.noun(index, Some("it"));
                } else {
                    self.inside = false;
                    self.count(number);
                }
                self.before = Before::Noun;
            }
            Closed::Present => return Some(self.auxiliary(index, None)),
            Closed::Past => {
                let at = self.tokens.get(index).map(|token| token.start..token.end);
                return Some(self.auxiliary(index, at));
            }
            Closed::Adverb | Closed::Other => {}
            Closed::Adjective if forms(self.low(index)).is_some() && self.before == Before::Noun => {
                return None;
            }
            Closed::Adjective => {
                if self.nouns.is_none() {
                    self.begin(Number::One, false);
                }
                self.before = Before::Adjective;
            }
        }
        Some(None)
    }

    /// Anything else is a noun.
    pub(super) fn noun(&mut self, index: usize, common: Option<&str>) {
        if self.before == Before::Noun
            && let Some(word) = common
        {
            self.doubt(index, word);
        }
        if !self.inside && self.subject.is_none() && common.is_some_and(|word| SHOWING.contains(&word)) {
            self.shows = true;
        }
        let meant = match common {
            Some(word) => number(word),
            // Names that end with an s may be many (`Iraqis`) or one (`Jones`).
            None => match self.tokens.get(index).map_or(Number::One, |token| number(token.low())) {
                Number::Many => Number::Either,
                other => other,
            },
        };
        let behind = self.before == Before::Noun
            || self.before == Before::Adjective
            || self.before == Before::Determiner;
        if self.nouns.is_none() || !behind {
            let first = self.before == Before::Start;
            self.end_nouns_before(first);
            self.begin(meant, false);
        }
        let bare = common.is_some_and(|word| !is_uncounted(word)) && meant == Number::One;
        if let Some(nouns) = &mut self.nouns {
            nouns.number = meant;
            nouns.bare = bare && !nouns.article;
        }
        self.count(meant);
        self.before = Before::Noun;
    }

    /// A word that the lexicon does not have, behind a noun: what stands behind it tells whether it may be a verb.
    pub(super) fn doubt(&mut self, index: usize, word: &str) {
        if forms(word).is_some() || word == "it" {
            return;
        }
        let (third, plain) = (word.ends_with('s'), !word.ends_with('s'));
        let agent = [
            "ers", "ors", "ents", "ants", "ists", "ians", "ees", "ions", "ities", "ists", "mates", "women",
            "men",
        ];
        let agrees = match self.subject {
            Some(Number::One) => third && !agent.iter().any(|end| word.ends_with(end)),
            Some(Number::Many) => plain,
            Some(Number::Either) => !agent.iter().any(|end| word.ends_with(end)),
            None => false,
        };
        let inside = self.nouns.is_some_and(|nouns| nouns.inside);
        let bare = self.nouns.is_some_and(|nouns| nouns.bare || nouns.inside);
        let before = index.checked_sub(1).and_then(|at| self.tokens.get(at));
        let named = before.is_some_and(|before| before.is_capital()) && plain;
        let behind =
            matches!(class(self.low(index + 1)), Some(Closed::Preposition | Closed::To | Closed::Adverb));
        if agrees
            && (self.has_article(index)
                || (behind && !bare)
                || ((named || !inside) && self.has_object(index)))
        {
            self.doubtful = true;
        }
    }

    pub(super) fn end_nouns_before(&mut self, first: bool) {
        if !first {
            self.end_nouns();
        }
    }

    /// Tells the subject, or that of a waiting clause, how many it is.
    pub(super) fn count(&mut self, number: Number) {
        let inside = self.nouns.is_some_and(|nouns| nouns.inside);
        if inside {
            return;
        }
        if let Some(waiting) = &mut self.waiting {
            waiting.subject = Some(number);
        } else if self.subject_open || self.subject.is_none() {
            self.subject = Some(number);
        } else if self.before == Before::Conjunction {
            self.subject = Some(Number::Either);
        }
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
