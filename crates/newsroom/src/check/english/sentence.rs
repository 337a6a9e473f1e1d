//! Walks along a sentence and looks for its verb.

use std::ops::Range;

use super::super::reading::{Kind, Token};
use super::closed::{Closed, Number, class, is_uncounted, number};
use super::lexicon::{Forms, forms};
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
enum Before {
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
    Subordinator,
}

/// A row of words about one noun.
#[derive(Debug, Clone, Copy)]
struct Nouns {
    number: Number,
    /// Behind a preposition or a verb: not the subject.
    inside: bool,
    article: bool,
    /// One thing without an article, which goes on (`air strikes`).
    bare: bool,
}

/// A clause that waits for a verb of its own.
#[derive(Debug, Clone, Copy)]
struct Waiting {
    relative: bool,
    subject: Option<Number>,
}

struct Walk<'t, 's> {
    tokens: &'s [&'s Token<'t>],
    before: Before,
    nouns: Option<Nouns>,
    /// Behind a preposition until a comma or a verb.
    inside: bool,
    subject: Option<Number>,
    subject_open: bool,
    waiting: Option<Waiting>,
    /// A past that may be a participle.
    past: Option<Range<usize>>,
    /// A present that may be a noun.
    doubtful: bool,
}

/// Judges the words of one sentence, dates and brackets left out by the caller or not.
pub(in super::super) fn judge(tokens: &[Token<'_>]) -> Verdict {
    let seen = without_asides(tokens);
    let letters: usize = seen.iter().filter(|token| token.is_word()).count();
    let shouted = seen.iter().filter(|token| token.is_word() && token.text.len() > 2 && !token.text.chars().any(char::is_lowercase));
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
    };
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
fn without_asides<'t, 's>(tokens: &'s [Token<'t>]) -> Vec<&'s Token<'t>> {
    let mut seen = Vec::with_capacity(tokens.len());
    let mut closing: Option<char> = None;
    for (index, token) in tokens.iter().enumerate() {
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
    fn low(&self, index: usize) -> &str {
        self.tokens.get(index).map_or("", |token| token.low.as_str())
    }

    fn step(&mut self, index: usize) -> Option<Verdict> {
        let token = *self.tokens.get(index)?;
        match token.kind {
            Kind::Sign(',' | ';' | '-' | '–' | '—') => self.pause(),
            Kind::Sign(':') => self.restart(),
            Kind::Sign(_) => {}
            Kind::Number => self.determiner(),
            Kind::Word => return self.word(index, token),
        }
        None
    }

    fn pause(&mut self) {
        self.end_nouns();
        self.inside = false;
        self.waiting = None;
        self.before = Before::Comma;
    }

    fn restart(&mut self) {
        self.pause();
        self.before = Before::Start;
        self.subject = None;
        self.subject_open = true;
    }

    fn end_nouns(&mut self) {
        if self.nouns.take().is_some_and(|nouns| !nouns.inside) {
            self.subject_open = false;
        }
    }

    fn determiner(&mut self) {
        self.end_nouns();
        self.begin(Number::One, true);
        self.before = Before::Determiner;
    }

    fn begin(&mut self, number: Number, article: bool) {
        let inside = self.inside || (self.before == Before::Participle);
        self.nouns = Some(Nouns { number, inside, article, bare: false });
    }

    fn word(&mut self, index: usize, token: &Token<'_>) -> Option<Verdict> {
        let low = token.low.as_str();
        let initial = index == 0 || self.before == Before::Start;
        let time = weekday_name(low).is_some() || is_month(self, index, token);
        let name = token.is_capital() && !initial && token.text.len() > 1;
        if time {
            self.end_nouns();
            self.before = Before::Comma;
            return None;
        }
        if low.ends_with("'s") && !matches!(class(low), Some(Closed::Present)) {
            self.determiner();
            return None;
        }
        if !name && let Some(closed) = class(low) && let Some(step) = self.closed(index, closed) {
            return step;
        }
        if !name && let Some(verb) = forms(low).or_else(|| guessed(low)) {
            return self.verb(index, verb);
        }
        self.noun(index, if name { None } else { Some(low) });
        None
    }

    /// A word of a closed class. `None` where it is better read as a noun or a verb here.
    #[expect(clippy::option_option, reason = "the outer says whether the word was read, the inner what it decides")]
    fn closed(&mut self, index: usize, closed: Closed) -> Option<Option<Verdict>> {
        match closed {
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
                self.nouns = None;
                self.before = Before::Conjunction;
            }
            Closed::Subordinator => {
                self.end_nouns();
                self.inside = false;
                self.waiting = Some(Waiting { relative: false, subject: None });
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
            Closed::Adjective if forms(self.low(index)).is_some_and(|verb| !verb.past_or_participle) && self.before == Before::Noun => {
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

    /// `is`, or `was` with its place.
    fn auxiliary(&mut self, index: usize, past: Option<Range<usize>>) -> Option<Verdict> {
        // `the can`, `in May`
        if matches!(self.before, Before::Determiner) && !["is", "are", "was", "were", "has", "have"].contains(&self.low(index)) {
            self.noun(index, Some("it"));
            return None;
        }
        if self.waiting.take().is_some() {
            self.end_nouns();
            self.before = Before::Participle;
            return None;
        }
        Some(past.map_or(Verdict::Present, Verdict::Past))
    }

    /// A word that may be a form of a verb.
    fn verb(&mut self, index: usize, verb: Forms) -> Option<Verdict> {
        let at = self.tokens.get(index).map(|token| token.start..token.end)?;
        let blocked = matches!(self.before, Before::Determiner | Before::Preposition | Before::To)
            || (self.before == Before::Start && !verb.past);
        if self.before == Before::To && verb.base {
            self.before = Before::Participle;
            return None;
        }
        if verb.ing && !verb.base && !verb.third {
            self.participle(index);
            return None;
        }
        if (verb.base || verb.third) && !blocked && let Some(verdict) = self.present(index, verb) {
            return verdict;
        }
        if verb.past && !blocked && self.before != Before::Adjective {
            if self.waiting.take().is_some() {
                self.end_nouns();
                self.before = Before::Participle;
                return None;
            }
            return Some(Verdict::Past(at));
        }
        if verb.past_or_participle && !blocked {
            return self.past_or_participle(index, verb, at);
        }
        if verb.participle && self.before == Before::Noun {
            self.end_nouns();
            self.before = Before::Participle;
            return None;
        }
        self.noun(index, Some(self.tokens.get(index).map_or("", |token| token.low.as_str()).to_owned().as_str()));
        None
    }

    /// A present form. `None` where it is read as a noun.
    #[expect(clippy::option_option, reason = "the outer says whether the word was read, the inner what it decides")]
    fn present(&mut self, index: usize, verb: Forms) -> Option<Option<Verdict>> {
        let wanted = match (verb.base, verb.third) {
            (true, false) => Number::Many,
            (false, true) => Number::One,
            _ => Number::Either,
        };
        if let Some(waiting) = self.waiting {
            let agrees = waiting.relative || waiting.subject.is_some_and(|subject| subject.agrees(wanted));
            let follows = matches!(self.before, Before::Noun | Before::Subordinator | Before::Comma | Before::Conjunction);
            if agrees && follows && (!verb.noun || waiting.relative || self.ends_subject(wanted)) {
                self.waiting = None;
                self.end_nouns();
                self.before = Before::Participle;
                return Some(None);
            }
        }
        let subject = self.subject?;
        if !verb.noun {
            return Some(Some(Verdict::Present));
        }
        if !subject.agrees(wanted) || matches!(self.before, Before::Adjective | Before::Participle | Before::Subordinator) {
            return None;
        }
        let nouns = self.nouns;
        match (self.before, nouns) {
            (Before::Noun, Some(nouns)) if !nouns.inside => {
                if nouns.bare && wanted == Number::One {
                    return None;
                }
                Some(Some(Verdict::Present))
            }
            (Before::Noun, Some(nouns)) if nouns.bare => None,
            // `Supporters of the president rally`, or the president's rally: a verb if something follows that verbs have.
            (Before::Noun, _) | (Before::Comma, None) => {
                self.doubtful = true;
                if self.past.is_none() && self.before == Before::Comma && self.has_object(index) {
                    return Some(Some(Verdict::Present));
                }
                None
            }
            _ => None,
        }
    }

    /// Whether the words before are a subject of that number that ends here.
    fn ends_subject(&self, wanted: Number) -> bool {
        self.before == Before::Noun
            && self.nouns.is_some_and(|nouns| nouns.number.agrees(wanted) && !(nouns.bare && wanted == Number::One))
    }

    /// `marched`, `held`: a past behind its subject, unless it needs an object and has none.
    fn past_or_participle(&mut self, index: usize, verb: Forms, at: Range<usize>) -> Option<Verdict> {
        if let Some(waiting) = self.waiting {
            if self.before == Before::Noun || waiting.relative {
                self.waiting = None;
            }
            if self.before == Before::Subordinator {
                self.waiting = None;
            }
            self.participle(index);
            return None;
        }
        if verb.base && self.subject.is_some_and(|subject| subject.agrees(Number::Many)) && self.before == Before::Noun {
            return Some(Verdict::Present);
        }
        let behind_noun = self.before == Before::Noun;
        if !behind_noun || self.subject.is_none() {
            if self.before == Before::Adjective || !behind_noun && self.has_noun(index) {
                self.before = Before::Adjective;
            } else {
                self.participle(index);
            }
            return None;
        }
        let inside = self.nouns.is_some_and(|nouns| nouns.inside);
        let object = self.has_object(index) && !NAMING.contains(&self.low(index));
        let by = ["by", "as"].contains(&self.low(index + 1));
        if REPORTING.contains(&self.low(index)) && !inside {
            return Some(Verdict::Past(at));
        }
        let tells = object || (verb.intransitive && !inside && !by && !self.is_last(index));
        if tells && self.past.is_none() {
            self.past = Some(at);
        } else if verb.intransitive && inside && !by {
            self.doubtful = true;
        }
        self.participle(index);
        None
    }

    fn is_last(&self, index: usize) -> bool {
        self.tokens.get(index + 1).is_none_or(|token| token.is('.')) && self.tokens.len() < 4
    }

    /// Behind a participle its object may follow, which is no subject.
    fn participle(&mut self, index: usize) {
        // "the meeting", "a burning car"
        if matches!(self.before, Before::Determiner | Before::Adjective) {
            self.before = if self.has_noun(index) { Before::Adjective } else { Before::Noun };
            return;
        }
        // A word in -ing at the beginning may be the subject.
        if self.before == Before::Start {
            self.noun(index, Some("it"));
            return;
        }
        self.end_nouns();
        if self.before == Before::Subordinator {
            self.waiting = None;
        }
        self.before = Before::Participle;
    }

    /// Whether an object begins behind the word: an article, a pronoun, a name, a noun; not a time.
    fn has_object(&self, index: usize) -> bool {
        let next = (index + 1..self.tokens.len()).find(|at| !matches!(class(self.low(*at)), Some(Closed::Adverb)));
        let Some(token) = next.and_then(|at| self.tokens.get(at)) else { return false };
        let at = next.unwrap_or_default();
        if !token.is_word() {
            return token.kind == Kind::Number && !self.names_time(at + 1);
        }
        let low = token.low.as_str();
        if self.names_time(at) || self.names_time(at + 1) {
            return false;
        }
        match class(low) {
            Some(Closed::Determiner | Closed::Adjective | Closed::Pronoun(_)) => true,
            Some(_) => false,
            None => true,
        }
    }

    fn names_time(&self, index: usize) -> bool {
        let Some(token) = self.tokens.get(index) else { return false };
        weekday_name(&token.low).is_some()
            || is_month(self, index, token)
            || ["last", "next", "earlier", "late", "early", "days", "day", "weeks", "week", "hours", "hour", "months", "years", "year", "this", "shortly", "time", "times"]
                .contains(&token.low.as_str())
    }

    /// Whether a noun follows at once: the word before it is an adjective then.
    fn has_noun(&self, index: usize) -> bool {
        let Some(next) = self.tokens.get(index + 1) else { return false };
        next.is_word() && class(&next.low).is_none_or(|class| class == Closed::Adjective)
    }

    /// Anything else is a noun.
    fn noun(&mut self, index: usize, common: Option<&str>) {
        let _ = index;
        let meant = match common {
            Some(word) => number(word),
            // Names that end with an s may be many (`Iraqis`) or one (`Jones`).
            None => match self.tokens.get(index).map_or(Number::One, |token| number(&token.low)) {
                Number::Many => Number::Either,
                other => other,
            },
        };
        let behind = self.before == Before::Noun || self.before == Before::Adjective || self.before == Before::Determiner;
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

    fn end_nouns_before(&mut self, first: bool) {
        if !first {
            self.end_nouns();
        }
    }

    /// Tells the subject, or that of a waiting clause, how many it is.
    fn count(&mut self, number: Number) {
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

/// What is said behind these may well be in the present.
const REPORTING: &[&str] = &["said", "told", "thought", "believed"];

/// Verbs whose participle is followed by a name: `a man named Jones`.
const NAMING: &[&str] = &["named", "called", "dubbed", "nicknamed", "titled", "entitled", "labelled", "labeled", "marked", "considered", "aged"];

/// `May 2`, `2 March`: a month beside a figure, or any that is a name.
fn is_month(walk: &Walk<'_, '_>, index: usize, token: &Token<'_>) -> bool {
    let beside = [index.checked_sub(1), Some(index + 1), Some(index + 2)].into_iter().flatten();
    let figure = beside.filter_map(|at| walk.tokens.get(at)).any(|near| near.kind == Kind::Number);
    token.is_capital() && figure && crate::dates::is_month_name(&token.low)
}

/// A word in -ed or -ing that the lexicon does not have.
fn guessed(word: &str) -> Option<Forms> {
    const NO_VERBS: &[&str] = &[
        "hundred", "kindred", "sacred", "wicked", "naked", "wooded", "speed", "breed", "seed", "weed", "need", "shed", "bed", "red", "sled", "crowded",
        "morning", "evening", "king", "ring", "wing", "spring", "string", "thing", "building", "ceiling", "sibling", "duckling", "wedding", "something",
        "nothing", "everything", "anything", "outing", "pudding", "viking", "clothing", "beijing", "parking", "housing", "railing", "ping", "aged",
    ];
    let plain = word.len() > 4 && !word.contains('-') && !NO_VERBS.contains(&word);
    if plain && word.ends_with("ing") {
        return Some(Forms { ing: true, ..Forms::default() });
    }
    (plain && word.ends_with("ed")).then(|| Forms { past_or_participle: true, intransitive: true, ..Forms::default() })
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
