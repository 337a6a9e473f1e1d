//! What every action and job is given: built once, read by everyone.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use newsroom::id::{JobId, NoticeId, PhotoId, SlideId, StoryId};
use newsroom::moment::Moment;

use crate::config::Config;

/// Tells the time (ARCHITECTURE.md, invariant 12).
pub trait Clock: Send + Sync {
    /// This moment.
    fn now(&self) -> Moment;
}

/// The machine's clock.
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one home of the system clock")]
    fn now(&self) -> Moment {
        Moment::from_timestamp(jiff::Timestamp::now())
    }
}

/// Gives random bytes.
pub trait Chance: Send + Sync {
    /// Fills the bytes.
    fn fill(&self, bytes: &mut [u8]);
}

/// The machine's random source.
pub struct SystemChance;

impl Chance for SystemChance {
    #[expect(clippy::disallowed_methods, reason = "the one home of the random source")]
    fn fill(&self, bytes: &mut [u8]) {
        // Linux's getrandom fails only before the pool is seeded at boot or on a kernel without the call; an id or
        // a token from zeros would be worse than ending.
        if getrandom::fill(bytes).is_err() {
            std::process::abort();
        }
    }
}
