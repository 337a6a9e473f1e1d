//! Whether a word that may be a verb is the sentence's verb, by what stands beside it.

use std::ops::Range;

use super::super::reading::{Kind, Token};
use super::closed::{Closed, Number, class};
use super::hints::{ACTORS, COMPOUNDS, NAMING, REPORTING, guessed};
use super::lexicon::{Forms, forms};
use super::sentence::{Before, Verdict, Walk};
use crate::dates::weekday_name;

impl Walk<'_, '_> {
    /// `is`, or `was` with its place.
    pub(super) fn auxiliary(&mut self, index: usize, past: Option<Range<usize>>) -> Option<Verdict> {
        // `the can`, `in May`
        if matches!(self.before, Before::Determiner)
            && !["is", "are", "was", "were", "has", "have"].contains(&self.low(index))
        {
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
    pub(super) fn verb(&mut self, index: usize, verb: Forms) -> Option<Verdict> {
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
        if (verb.base || verb.third)
            && !blocked
            && let Some(verdict) = self.present(index, verb)
        {
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
            self.before = Before::Passive;
            return None;
        }
        self.noun(index, Some(self.tokens.get(index).map_or("", |token| token.low()).to_owned().as_str()));
        None
    }

    /// A present form. `None` where it is read as a noun.
    #[expect(
        clippy::option_option,
        reason = "the outer says whether the word was read, the inner what it decides"
    )]
    pub(super) fn present(&mut self, index: usize, verb: Forms) -> Option<Option<Verdict>> {
        let wanted = match (verb.base, verb.third) {
            (true, false) => Number::Many,
            (false, true) => Number::One,
            _ => Number::Either,
        };
        if let Some(waiting) = self.waiting {
            let agrees = waiting.relative || waiting.subject.is_some_and(|subject| subject.agrees(wanted));
            let follows = matches!(
                self.before,
                Before::Noun | Before::Subordinator | Before::Comma | Before::Conjunction
            );
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
        if self.before == Before::Passive && subject.agrees(wanted) && wanted != Number::Either {
            return Some(Some(Verdict::Present));
        }
        // Behind a noun and before an article there is nothing but a verb.
        let told = self.before == Before::Noun && subject.agrees(wanted) && self.has_article(index);
        if told {
            return Some(Some(Verdict::Present));
        }
        if !subject.agrees(wanted)
            || matches!(self.before, Before::Adjective | Before::Participle | Before::Subordinator)
        {
            return None;
        }
        let nouns = self.nouns;
        match (self.before, nouns) {
            (Before::Noun, Some(nouns)) if !nouns.inside => {
                if nouns.bare && wanted == Number::One {
                    self.doubtful |= !self.is_compound(index);
                    return None;
                }
                Some(Some(Verdict::Present))
            }
            (Before::Noun, Some(nouns)) if nouns.bare => None,
            (Before::Noun, Some(nouns))
                if nouns.article && self.compounds(index) && !self.has_object(index) =>
            {
                None
            }
            // `Supporters of the president rally`, or the president's rally: a verb if something follows that verbs have.
            (Before::Noun, _) | (Before::Comma, None) => {
                self.doubtful = true;
                if self.before == Before::Comma && self.has_object(index) {
                    return Some(Some(Verdict::Present));
                }
                None
            }
            _ => None,
        }
    }

    /// A word of [`COMPOUNDS`], or more of them.
    fn is_compound(&self, index: usize) -> bool {
        let word = self.low(index);
        let one =
            ["es", "s"].iter().find_map(|end| word.strip_suffix(end).filter(|one| COMPOUNDS.contains(one)));
        COMPOUNDS.contains(&word) || one.is_some()
    }

    /// `the front line`, `a heat wave`: a noun that others are put before; people and bodies act themselves.
    pub(super) fn compounds(&self, index: usize) -> bool {
        let before = index.checked_sub(1).and_then(|at| self.tokens.get(at));
        // `an Apple store`
        let one_of_them = index.checked_sub(2).is_some_and(|at| ["a", "an"].contains(&self.low(at)));
        let acts = before.is_some_and(|before| {
            let low = before.low();
            let people = ["er", "or", "ist", "ian", "ant", "man", "men", "woman", "women", "ers", "ors"]
                .iter()
                .any(|end| low.ends_with(end));
            before.is_capital() && !one_of_them
                || ACTORS.contains(&low)
                || people
                    && !["water", "river", "power", "winter", "summer", "tower", "border"].contains(&low)
        });
        self.is_compound(index) && !acts
    }

    /// Whether the words before are a subject of that number that ends here.
    pub(super) fn ends_subject(&self, wanted: Number) -> bool {
        self.before == Before::Noun
            && self
                .nouns
                .is_some_and(|nouns| nouns.number.agrees(wanted) && !(nouns.bare && wanted == Number::One))
    }

    /// `marched`, `held`: a past behind its subject, unless it needs an object and has none.
    pub(super) fn past_or_participle(
        &mut self,
        index: usize,
        verb: Forms,
        at: Range<usize>,
    ) -> Option<Verdict> {
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
        if verb.base
            && self.subject.is_some_and(|subject| subject.agrees(Number::Many))
            && self.before == Before::Noun
        {
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
        let low = self.low(index);
        let object = self.has_object(index) && !self.verb_follows(index) && !NAMING.contains(&low);
        let by = ["by", "as"].contains(&self.low(index + 1));
        if REPORTING.contains(&low) && !inside {
            return Some(Verdict::Past(at));
        }
        let own = verb.intransitive && !by && !self.is_last(index);
        if (object || own && !(inside && self.shows)) && self.past.is_none() {
            self.past = Some(at);
        } else if own {
            self.doubtful = true;
        }
        self.participle(index);
        if self.before == Before::Participle && !object {
            self.before = Before::Passive;
        }
        None
    }

    pub(super) fn is_last(&self, index: usize) -> bool {
        self.tokens.get(index + 1).is_none_or(|token| token.is('.')) && self.tokens.len() < 4
    }

    /// Behind a participle its object may follow, which is no subject.
    pub(super) fn participle(&mut self, index: usize) {
        // "the meeting", "a burning car"
        if matches!(self.before, Before::Determiner | Before::Adjective) {
            let verb_behind = forms(self.low(index + 1)).is_some_and(|verb| verb.base || verb.third)
                && self.has_article(index + 1);
            self.before = if self.has_noun(index) && !verb_behind { Before::Adjective } else { Before::Noun };
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
    pub(super) fn has_object(&self, index: usize) -> bool {
        let particles = ["out", "up", "off", "away", "down"];
        let skipped = |at: &usize| {
            let low = self.low(*at);
            !matches!(class(low), Some(Closed::Adverb)) && !particles.contains(&low)
        };
        let next = (index + 1..self.tokens.len()).find(skipped);
        let Some(token) = next.and_then(|at| self.tokens.get(at)) else { return false };
        let at = next.unwrap_or_default();
        if !token.is_word() {
            return token.kind == Kind::Number && !self.names_time(at + 1);
        }
        let low = token.low();
        if low == "at" && self.low(at + 1) == "least" {
            return true;
        }
        if self.names_time(at) || self.names_time(at + 1) {
            return false;
        }
        match class(low) {
            Some(Closed::Determiner | Closed::Adjective | Closed::Pronoun(_)) => true,
            Some(_) => false,
            None => true,
        }
    }

    /// `with his hands raised walks toward`: what follows is the verb rather than an object.
    fn verb_follows(&self, index: usize) -> bool {
        let verb = forms(self.low(index + 1)).is_some_and(|verb| verb.third || verb.base);
        let name = self.tokens.get(index + 1).is_some_and(|token| token.is_capital());
        let linked =
            matches!(class(self.low(index + 2)), Some(Closed::Preposition | Closed::To | Closed::Determiner));
        verb && linked && !name
    }

    pub(super) fn has_article(&self, index: usize) -> bool {
        let low = self.low(index + 1);
        matches!(class(low), Some(Closed::Determiner)) || ["him", "them", "away", "up", "out"].contains(&low)
    }

    /// Whether a word that is surely a noun follows.
    pub(super) fn has_plain_noun(&self, index: usize) -> bool {
        self.has_noun(index) && forms(self.low(index + 1)).is_none() && guessed(self.low(index + 1)).is_none()
    }

    pub(super) fn names_time(&self, index: usize) -> bool {
        let Some(token) = self.tokens.get(index) else { return false };
        weekday_name(token.low()).is_some()
            || is_month(self, index, token)
            || [
                "last", "next", "earlier", "late", "early", "days", "day", "weeks", "week", "hours", "hour",
                "months", "years", "year", "this", "shortly", "time", "times",
            ]
            .contains(&token.low())
    }

    /// Whether a noun follows at once: the word before it is an adjective then.
    pub(super) fn has_noun(&self, index: usize) -> bool {
        let Some(next) = self.tokens.get(index + 1) else { return false };
        next.is_word() && class(next.low()).is_none_or(|class| class == Closed::Adjective)
    }
}

/// `May 2`, `2 March`: a month beside a figure, or any that is a name.
pub(super) fn is_month(walk: &Walk<'_, '_>, index: usize, token: &Token<'_>) -> bool {
    let beside = [index.checked_sub(1), Some(index + 1), Some(index + 2)].into_iter().flatten();
    let figure = beside.filter_map(|at| walk.tokens.get(at)).any(|near| near.kind == Kind::Number);
    token.is_capital() && figure && crate::dates::is_month_name(token.low())
}
