//! Everything durable: the records (SQL), the job queue and the blobs.
//!
//! [`Store`] holds the records, in SQLite or PostgreSQL, with one SQL text for both: `$1` placeholders, BIGINT, text,
//! ids as 16 bytes, moments as microseconds, JSON as text, text compared by its bytes. A small own enum over the two
//! drivers (see `action.rs`) was chosen over sqlx's generics. SQL stands in the file of its noun, as constants; a test
//! prepares each of them on both databases and compares the two migration folders table by table.
//!
//! Writing goes through [`Store::act`], one transaction an action; reading through [`Store::view`]. [`Blobs`] keeps
//! the bytes: originals, renditions, public files, the printed tree and the pieces of uploads.

mod action;
mod answers;
mod audit;
mod backup;
mod blob_key;
mod blobs;
mod bucket;
mod changes;
mod check;
mod database;
mod database_file;
mod error;
mod files;
mod finding;
mod grants;
mod hash;
mod jobs;
mod last_backup;
mod library;
mod links;
mod migration;
mod moving;
mod nodes;
mod notices;
mod originals;
mod owners;
mod pages;
mod passkeys;
mod photos;
mod plans;
mod postings;
mod publications;
mod renditions;
mod restore;
mod revisions;
mod sessions;
mod settings;
mod shares;
mod shelving;
mod shown_pictures;
mod slides;
mod staff;
mod statement;
mod stories;
mod survey;
mod tokens;
mod uploads;
mod value;
mod watched;
mod writer;

pub use action::{Tx, View};
pub use answers::{KeptAnswer, KeyedAnswer};
pub use audit::{AuditEntry, AuditSought};
pub use backup::{BackupError, Copied, backup};
pub use blob_key::{BlobKey, BlobKind, BlobName, NotABlobKey, TreeName};
pub use blobs::{BlobEntry, Blobs, Incoming, TakeInError, TakenIn};
pub use bucket::{Bucket, BucketEntry, BucketPlace};
pub use check::DatabaseCheck;
pub use database::{Database, DatabaseKind, Store};
pub use error::{ActError, Cause, StoreError};
pub use finding::Month;
pub use grants::Grant;
pub use hash::{Hasher, NotASha256, Sha256};
pub use jobs::{AfterFailure, Claim, FailedJob, JobCount, NewJob};
pub use last_backup::LastBackup;
pub use library::{Found, Hit, PhotoUse, PublishedUse, Rank};
pub use links::Link;
pub use moving::{Brought, MoveFault, Moving, Step};
pub use nodes::{DiskSpace, Node, Role};
pub use notices::KeptNotice;
pub use originals::Original;
pub use pages::{Page, Standing};
pub use passkeys::{Ceremony, Passkey};
pub use photos::{Decision, Measured, Photo, PhotoUpdate};
pub use publications::{Listing, NameOf, Part, Publication, PublicationState};
pub use renditions::Rendition;
pub use restore::restore;
pub use revisions::{By, Revision};
pub use sessions::Session;
pub use shelving::Shelved;
pub use shown_pictures::ShownPhoto;
pub use staff::{KeptStaff, SecondFactor, Secrets};
pub use stories::{Kept, StoryLine};
pub use survey::{Asked, Survey, survey};
pub use tokens::Token;
pub use uploads::{
    AppendFault, AppendRefusal, Appending, Beside, Checksum, Durable, FinishRefusal, Finished, Finishing,
    Gathered, KeptUpload, NewUpload, Upload, UploadOutcome, UploadWriter,
};
pub use watched::{WatchedFile, WatchedName, WatchedState};
