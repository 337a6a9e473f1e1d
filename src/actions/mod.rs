//! One verb a file: permission, state change, audit entry and follow-up jobs in one transaction (ARCHITECTURE.md,
//! invariant 9). The command line, and later the desk and the API, call the same ones.

pub mod attach_originals;
pub mod clear_restriction;
pub mod create_story;
pub mod draft_photos;
pub mod edit_notice;
pub mod import_capture;
pub mod photo_library;
pub mod publish_story;
pub mod put_story;
pub mod reprint;
pub mod similar;
pub mod take_in;
pub mod withdraw;

mod audit;
mod draft;

pub use audit::Who;
pub use draft::{Draft, find_story, load_draft, no_such_story};

use newsroom::refusal::Refusal;
use store::{ActError, StoreError};

/// Why an action did nothing.
#[derive(Debug, thiserror::Error)]
pub enum Denied {
    /// By a rule: all that stands against it, for the person who asked.
    #[error("refused")]
    Refused(Vec<Refusal>),
    /// By a fault of ours or of the machine, for the log.
    #[error(transparent)]
    Fault(#[from] StoreError),
}

impl From<Refusal> for Denied {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(vec![refusal])
    }
}

impl From<Vec<Refusal>> for Denied {
    fn from(refusals: Vec<Refusal>) -> Self {
        Self::Refused(refusals)
    }
}

impl From<ActError<Vec<Refusal>>> for Denied {
    fn from(error: ActError<Vec<Refusal>>) -> Self {
        match error {
            ActError::Refused(refusals) => Self::Refused(refusals),
            ActError::Fault(fault) => Self::Fault(fault),
        }
    }
}

/// How an action's transaction ends.
type Acted<T> = Result<T, ActError<Vec<Refusal>>>;

/// Undoes the transaction with one refusal.
fn refuse<T>(refusal: Refusal) -> Acted<T> {
    Err(ActError::Refused(vec![refusal]))
}
