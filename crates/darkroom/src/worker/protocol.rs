//! What parent and child say to each other.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::develop::RenditionFile;
use crate::fault::{InputFault, Note};
use crate::glance::Glance;
use crate::header::Header;
use crate::limits::Limits;
use crate::meta::{Patch, Reading};
use crate::recipe::{Focus, Recipe};

/// The first message, before any request.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct Hello {
    pub limits: Limits,
}

/// What the child is asked to do with a photo.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "ask", rename_all = "snake_case")]
pub enum Request {
    /// Read header and facts; no pixel is decoded, a photo of 8 MB takes a few milliseconds.
    Inspect(Inspecting),
    /// Read what the beginning of a file tells, whose rest need not be there.
    Glance(Glancing),
    /// Make the renditions.
    Develop(Developing),
    /// Find what to write into the file, and into the sidecar where one is passed, so that they say their position no more.
    LeaveOutPosition,
}

/// What [`Request::Inspect`] needs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Inspecting {
    /// Languages in which texts are wanted, best first, as BCP 47 tags (R2).
    pub languages: Vec<String>,
}

/// What [`Request::Glance`] needs.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Glancing {
    /// Languages in which texts are wanted, best first, as BCP 47 tags (R2).
    pub languages: Vec<String>,
    /// Bytes that are read at most; what lies beyond is not looked at.
    pub at_most: u64,
}

/// What [`Request::Develop`] needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Developing {
    /// What to make, all from one decode.
    pub recipes: Vec<Recipe>,
    /// An existing folder. Names in it are temporary: the caller moves the files to their places.
    pub folder: PathBuf,
    /// Beginning of the files' names (`{stem}-{place of the recipe, from 0}-{width}x{height}.{jpg or avif}`); a file of
    /// such a name must not exist.
    pub stem: String,
    /// Whether the files are synced before the answer.
    pub durability: Durability,
}

/// Who makes written files durable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Durability {
    /// The child syncs each file; the folder itself is left to the caller, who renames anyway.
    Synced,
    /// Nothing is synced: the caller does, or can make the files again.
    LeftToCaller,
}

/// What comes of a request.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Answer {
    /// To [`Request::Inspect`].
    Inspected(Box<Inspected>),
    /// To [`Request::Glance`].
    Glanced(Box<Glance>),
    /// To [`Request::Develop`].
    Developed(Printed),
    /// To [`Request::LeaveOutPosition`].
    WithoutPosition {
        /// What to write into the file; nothing where it says no position.
        patches: Vec<Patch>,
        /// The same for the sidecar.
        sidecar: Vec<Patch>,
    },
}

/// Facts of a photo.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Inspected {
    /// What the container says about the picture.
    pub header: Header,
    /// Width and height in pixels, standing upright.
    pub upright: (u32, u32),
    /// Its metadata, merged with the sidecar's.
    pub reading: Reading,
}

/// A developed photo whose renditions lie in the folder of the request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Printed {
    /// What the container says about the picture.
    pub header: Header,
    /// Width and height of the original in pixels, standing upright.
    pub upright: (u32, u32),
    /// For each recipe, in the order asked for, its files, large to small.
    pub sets: Vec<Vec<RenditionFile>>,
    /// Mean colour, `#rrggbb`.
    pub colour: String,
    /// The point that draws attention ([`steps::attention`](crate::steps::attention)).
    pub attention: Focus,
    /// By which copies of the picture are known ([`steps::fingerprint`](crate::steps::fingerprint)).
    pub fingerprint: u64,
    /// What was put right or left out on the way.
    pub notes: Vec<Note>,
}

/// An answer as it crosses the socket.
#[derive(Debug, Serialize, Deserialize)]
#[serde(tag = "reply", rename_all = "snake_case")]
pub(super) enum Reply {
    Done {
        answer: Answer,
    },
    Refused {
        fault: InputFault,
    },
    /// The source cannot be read, or a rendition not written.
    Files {
        reason: String,
        no_space: bool,
    },
}
