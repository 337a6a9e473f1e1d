//! One verb a file: permission, state change, audit entry and follow-up jobs in one transaction (ARCHITECTURE.md,
//! invariant 9). The command line, the desk and the API call the same ones.

pub mod alert;
pub mod approve;
pub mod attach_originals;
pub mod check_texts;
pub mod clear_restriction;
pub mod create_story;
pub mod draft_photos;
pub mod edit_notice;
pub mod embargo;
pub mod fetch_original;
pub mod import_capture;
pub mod leave_out_position;
pub mod look_at_upload;
pub mod note_backup;
pub mod photo_library;
pub mod plan_publication;
pub mod publish_story;
pub mod put_story;
pub mod receive_upload;
pub mod receive_whole;
pub mod reprint;
pub mod restore_revision;
pub mod retry_job;
pub mod send_beside;
pub mod set_site;
pub mod share_draft;
pub mod similar;
pub mod staff;
pub mod take_dropped;
pub mod take_in;
pub mod upload_metadata;
pub mod withdraw;

mod audit;
mod draft;
mod merge;
mod sign;
mod who;

pub use draft::{Draft, find_story, load_draft, load_draft_at, no_such_story};
pub use who::{Who, member_of};

use newsroom::id::StoryId;
use newsroom::refusal::Refusal;
use newsroom::staff::policy::{Permission, Reach};
use store::{ActError, StoreError, Tx};

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

/// Undoes the transaction unless this person may do this to that story. A story that they may not even see is none to them.
async fn must_reach(tx: &mut Tx, who: &Who, permission: Permission, story: StoryId) -> Acted<()> {
    let owner = tx.owner_of_story(story).await?;
    if !who.reaches(Permission::ReadStories, owner) && who.reach(Permission::ReadStories) > Reach::Nothing {
        return refuse(no_such_story(&story.to_string()));
    }
    who.may_with(permission, owner).or_else(refuse)
}

/// Undoes the transaction with one refusal.
fn refuse<T>(refusal: Refusal) -> Acted<T> {
    Err(ActError::Refused(vec![refusal]))
}
