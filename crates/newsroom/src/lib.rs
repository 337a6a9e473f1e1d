//! The nouns and rules of a newsroom: ids, stories, slides, photo facts, captions, credits,
//! restrictions, notices and the checks before publishing.
//!
//! Nothing here reads a file, a socket or a clock: time, ids and randomness are handed in
//! (ARCHITECTURE.md, invariant 12). Rules carry the number of the newsroom convention they follow (R1 ...).

pub mod alike;
pub mod approval;
pub mod bounds;
pub mod caption;
pub mod change;
pub mod check;
pub mod colour;
pub mod credit;
pub mod dates;
pub mod facts;
pub mod focus;
pub mod id;
pub mod library;
pub mod matching;
pub mod moment;
pub mod notice;
pub mod order;
pub mod places;
pub mod plan;
pub mod published;
pub mod refusal;
pub mod restriction;
pub mod revision;
pub mod search;
pub mod sentences;
pub mod shown;
pub mod slide;
pub mod slug;
pub mod staff;
pub mod story;
pub mod style;
mod words;
