//! Halftone from outside: the real binary on a data folder of its own, and a reader on the other side. Nothing here
//! knows how it works inside.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "the helpers of these tests end a test that cannot go on")]
#![expect(clippy::disallowed_methods, reason = "tests read the environment and make files that need no durability")]

mod exif_tool;
mod first_light;
mod page;
mod publishing;
mod public_files;
mod site;
mod updates;
mod withdraw;
