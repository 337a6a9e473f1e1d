//! Photo bytes in, facts and renditions out. No network, no database, no async.
//!
//! [`inspect`] reads what a file says about its picture without decoding it; [`develop`] makes the renditions; both
//! refuse with one plain sentence ([`InputFault`]). [`worker`] runs them in a child process that may die without harm.

mod avif;
mod decode;
mod develop;
mod encodes;
mod fault;
mod glance;
mod header;
mod limits;
pub mod meta;
mod pixels;
mod recipe;
pub mod steps;
mod walk;
pub mod worker;

pub use develop::{Decoded, Developed, Rendition, RenditionFile, decode, develop};
pub use fault::{InputFault, Note};
pub use glance::{Embedded, Glance, cut_out, glance};
pub use header::{Format, Header, inspect};
pub use limits::Limits;
pub use pixels::{ColourTags, Layout, Pixels, Samples, Scratch, Srgb};
pub use recipe::{CARDS, Encoding, Focus, FocusOutside, LADDER, Recipe, SOCIAL, Set};
