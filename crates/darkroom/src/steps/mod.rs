//! The steps of developing, one file a step, in their order: sniff and header ([`crate::inspect`]), decode
//! ([`crate::decode`]), [`shrink`] to the largest rendition, [`colour`] to sRGB, [`orient`], [`ladder`]; of its smallest
//! picture [`attention`] and [`fingerprint`]; [`cut`], [`encode`]. Shrinking comes first because everything after it then
//! works on a fifth of the pixels.

#![deny(clippy::indexing_slicing, clippy::string_slice)]

pub mod attention;
pub mod colour;
pub mod cut;
pub mod encode;
pub mod fingerprint;
pub mod ladder;
pub mod orient;
pub mod shrink;
