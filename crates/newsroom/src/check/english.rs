//! A small judgement of English sentences: whether one has a verb that tells, and whether it tells in the past.
//!
//! There is no statistics in it, because captions have little grammar: a subject, a verb, phrases of place and time. A
//! lexicon gives the forms of some hundreds of verbs and says which of them are nouns as well; closed classes and the
//! words beside a word decide. Where they do not, nothing is said.

mod closed;
mod hints;
mod lexicon;
mod sentence;
mod verbs;

pub(super) use sentence::{Verdict, judge};
