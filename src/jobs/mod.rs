//! Jobs: one job a file. A job is a row, idempotent, claimed with a lease, and survives a kill (ARCHITECTURE.md,
//! invariant 9). Actions put them into the queue; [`runner`] takes them out.

pub mod develop_photo;
pub mod list;
pub mod mail_server;
pub mod print_lists;
pub mod purge_photo;
pub mod runner;
pub mod shelve_photos;

mod add_avif;
mod context;
mod files;
mod listed;
mod lost;
mod prepare_story;
mod press;
mod preview;
mod print_list;
mod print_mentions;
mod print_story;
mod public_files;
mod purge_cdn;
mod renew;
mod reprint_archive;
mod send_mail;
mod site;
mod stood_on;
mod story_grants;
mod story_read;
mod story_sheets;

use newsroom::id::{JobId, PhotoId, StoryId};
use newsroom::moment::Moment;
use newsroom::notice::Notice;
use serde::{Deserialize, Serialize};
use store::{NewJob, Sha256, StoreError, Tx};

pub use crate::pages::letter::About;
pub use context::{Context, JobFault, limits, workers};
pub use develop_photo::{ask_for_sizes, leave_drafts};
pub use files::ladder_name;
pub use list::List;
pub use press::PRINTER;
pub use preview::{Looked, Part, preview, preview_picture, preview_with};
pub use print_story::ask_for_print_as;
pub use public_files::{Public, version_of};
pub use reprint_archive::ask_for_archive;
pub use send_mail::{MAIL_FOLDER, Mail};
pub use shelve_photos::shelve_changed;
pub use site::{site_of, site_with_sections, without_withdrawn};
pub use stood_on::ask_for_left;

/// What there is to do. The form in the queue is JSON; an older form is kept readable as long as rows may hold it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "job", rename_all = "snake_case")]
pub enum Job {
    /// Make a photo's ladder of renditions.
    DevelopPhoto {
        /// Which.
        photo: PhotoId,
    },
    /// Make the public files of a draft's photos ahead, so that publishing mostly writes grants.
    PrepareStory {
        /// Which.
        story: StoryId,
    },
    /// Print a story's page, its redirects and its photos' grants, or their tombstones.
    PrintStory {
        /// Which.
        story: StoryId,
    },
    /// Print home, sections, feeds, the archive's months, the sitemaps' index, 404 and the assets.
    PrintLists,
    /// Print one list that a story stands on.
    PrintList {
        /// Which.
        list: List,
    },
    /// Print a story and what belongs to it again, after everything that somebody waits for.
    ReprintStory {
        /// Which.
        story: StoryId,
    },
    /// Print a list on which a story that was printed again stands, once after all of them.
    ReprintList {
        /// Which.
        list: List,
    },
    /// Print home, sections and feeds after stories were printed again, once after all of them.
    ReprintLists,
    /// Ask for all that was ever published to be printed again: a setting that stands on each page is another one.
    ReprintArchive,
    /// Print a story's page again because another came to stand beside it, or left.
    PrintNeighbour {
        /// Which.
        story: StoryId,
    },
    /// Print the stories that mention the term of a notice's rule that was added or removed.
    PrintMentions {
        /// The rule as it stands or stood.
        rule: Notice,
    },
    /// Add AVIF to the pictures of a published story.
    AddAvif {
        /// Which.
        story: StoryId,
    },
    /// Delete every rendition and public file of a photo that readers may no longer see.
    PurgePhoto {
        /// Which.
        photo: PhotoId,
    },
    /// Bring the photo library up to date with everything that changed.
    ShelvePhotos {
        /// One of the photos that the action which asks changed.
        photo: PhotoId,
    },
    /// Go through all photos that were there before the library, or before its rules changed.
    ShelveArchive,
    /// Tell the content network before the site that what it holds has to go.
    PurgeCdn {
        /// The key under which it holds that.
        key: String,
        /// The change that the processes which it asks again have to show.
        change: i64,
    },
    /// Send a mail.
    SendMail {
        /// Which.
        mail: Mail,
    },
}

impl Job {
    /// Its kind in the queue.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::DevelopPhoto { .. } => kinds::DEVELOP,
            Self::PrepareStory { .. } => kinds::PREPARE,
            Self::PrintStory { .. } => kinds::PRINT_STORY,
            Self::PrintLists => kinds::PRINT_LISTS,
            Self::PrintList { .. } => kinds::PRINT_LIST,
            Self::ReprintStory { .. } => kinds::REPRINT,
            Self::ReprintList { .. } => kinds::REPRINT_LIST,
            Self::ReprintLists => kinds::REPRINT_LISTS,
            Self::ReprintArchive => kinds::REPRINT_ARCHIVE,
            Self::PrintNeighbour { .. } => kinds::PRINT_NEIGHBOUR,
            Self::PrintMentions { .. } => kinds::PRINT_MENTIONS,
            Self::AddAvif { .. } => kinds::ADD_AVIF,
            Self::PurgePhoto { .. } => kinds::PURGE,
            Self::PurgeCdn { .. } => kinds::PURGE_CDN,
            Self::ShelvePhotos { .. } => kinds::SHELVE,
            Self::ShelveArchive => kinds::SHELVE_ARCHIVE,
            Self::SendMail { .. } => kinds::SEND_MAIL,
        }
    }

    fn about(&self) -> String {
        match self {
            Self::DevelopPhoto { photo } | Self::PurgePhoto { photo } | Self::ShelvePhotos { photo } => {
                photo.to_string()
            }
            Self::PrepareStory { story }
            | Self::PrintStory { story }
            | Self::ReprintStory { story }
            | Self::PrintNeighbour { story }
            | Self::AddAvif { story } => story.to_string(),
            Self::PrintList { list } | Self::ReprintList { list } => list.to_string(),
            Self::PrintLists | Self::ReprintLists | Self::ReprintArchive | Self::ShelveArchive => {
                "all".to_owned()
            }
            Self::PrintMentions { rule } => rule.id.to_string(),
            Self::PurgeCdn { key, .. } => key.clone(),
            Self::SendMail { mail } => mail.id.clone(),
        }
    }
}

/// The kinds of jobs, as the queue names them.
pub mod kinds {
    /// See [`super::Job::PrintStory`].
    pub const PRINT_STORY: &str = "print_story";
    /// See [`super::Job::PrintLists`].
    pub const PRINT_LISTS: &str = "print_lists";
    /// See [`super::Job::PrintList`].
    pub const PRINT_LIST: &str = "print_list";
    /// See [`super::Job::ReprintStory`].
    pub const REPRINT: &str = "reprint_story";
    /// See [`super::Job::ReprintList`].
    pub const REPRINT_LIST: &str = "reprint_list";
    /// See [`super::Job::ReprintLists`].
    pub const REPRINT_LISTS: &str = "reprint_lists";
    /// See [`super::Job::ReprintArchive`].
    pub const REPRINT_ARCHIVE: &str = "reprint_archive";
    /// See [`super::Job::PrintNeighbour`].
    pub const PRINT_NEIGHBOUR: &str = "print_neighbour";
    /// See [`super::Job::PrintMentions`].
    pub const PRINT_MENTIONS: &str = "print_mentions";
    /// See [`super::Job::PurgePhoto`].
    pub const PURGE: &str = "purge_photo";
    /// See [`super::Job::PurgeCdn`].
    pub const PURGE_CDN: &str = "purge_cdn";
    /// See [`super::Job::ShelvePhotos`].
    pub const SHELVE: &str = "shelve_photos";
    /// See [`super::Job::DevelopPhoto`].
    pub const DEVELOP: &str = "develop_photo";
    /// See [`super::Job::PrepareStory`].
    pub const PREPARE: &str = "prepare_story";

    /// See [`super::Job::AddAvif`].
    pub const ADD_AVIF: &str = "add_avif";
    /// See [`super::Job::ShelveArchive`].
    pub const SHELVE_ARCHIVE: &str = "shelve_archive";
    /// See [`super::Job::SendMail`]. It has a runner of its own: a mail server that does not answer holds nothing up.
    pub const SEND_MAIL: &str = "send_mail";

    /// All that somebody waits for, the most urgent first: what must go, then what readers see, then what comes.
    pub const ALL: [&str; 14] = [
        PURGE,
        PURGE_CDN,
        PRINT_STORY,
        PRINT_LISTS,
        PRINT_MENTIONS,
        PRINT_LIST,
        PRINT_NEIGHBOUR,
        SHELVE,
        DEVELOP,
        PREPARE,
        REPRINT_ARCHIVE,
        REPRINT,
        REPRINT_LIST,
        REPRINT_LISTS,
    ];
    /// What readers see, or see no more, wherever they get it from.
    pub const PRINTING: [&str; 11] = [
        PURGE,
        PURGE_CDN,
        PRINT_STORY,
        PRINT_LISTS,
        PRINT_MENTIONS,
        PRINT_LIST,
        PRINT_NEIGHBOUR,
        REPRINT_ARCHIVE,
        REPRINT,
        REPRINT_LIST,
        REPRINT_LISTS,
    ];
    /// What an archive that is printed again consists of.
    pub const OF_REPRINTS: [&str; 4] = [REPRINT_ARCHIVE, REPRINT, REPRINT_LIST, REPRINT_LISTS];
}

/// What names a job in the queue.
fn dedupe(job: &Job) -> String {
    format!("{}:{}", job.kind(), job.about())
}

/// Has the AVIF of these stories made before that of others, the first of them first, where it is still to be made.
///
/// # Errors
/// A fault of the store.
pub async fn prefer_avif_of(tx: &mut Tx, stories: &[StoryId], now: Moment) -> Result<(), StoreError> {
    for (place, story) in (0..).zip(stories) {
        let job = Job::AddAvif { story: *story };
        tx.prefer_job(&dedupe(&job), Moment::from_micros(now.as_micros().saturating_sub(place))).await?;
    }
    Ok(())
}

/// Puts a job into the queue, in the transaction of the change that asks for it. The queue keeps one row a kind and
/// thing; the row's id is made of both, so that an action that is tried again asks for the same row.
pub async fn enqueue(tx: &mut Tx, job: &Job, run_after: Moment) -> Result<(), StoreError> {
    let payload = serde_json::to_string(job).unwrap_or_default();
    let dedupe = dedupe(job);
    let mut id = [0; 10];
    for (byte, hashed) in id.iter_mut().zip(Sha256::of(dedupe.as_bytes()).as_bytes()) {
        *byte = *hashed;
    }
    let id = JobId::new(Moment::from_micros(0), id);
    tx.enqueue(&NewJob { id, kind: job.kind().to_owned(), payload, dedupe, run_after }).await
}
