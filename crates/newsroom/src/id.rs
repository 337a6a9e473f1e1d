//! One id type a noun, so that a photo's id can never stand where a story's is meant.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::moment::Moment;

/// A text that is not an id of the kind asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{text}\" is not the id of a {noun}")]
pub struct NotAnId {
    /// What was given.
    pub text: String,
    /// The noun whose id was expected.
    pub noun: &'static str,
}

macro_rules! uuid_ids {
    ($($(#[$doc:meta])* $name:ident, $noun:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A version 7 id (RFC 9562 section 5.7) from a moment and ten random bytes, both handed in.
            pub fn new(at: Moment, random: [u8; 10]) -> Self {
                let millis = u64::try_from(at.as_micros().max(0) / 1000).unwrap_or(0);
                Self(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
            }

            /// The id as the database keeps it.
            pub fn from_uuid(uuid: Uuid) -> Self { Self(uuid) }

            /// The id as the database keeps it.
            pub fn as_uuid(self) -> Uuid { self.0 }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }

        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                Uuid::try_parse(text).map(Self).map_err(|_| NotAnId { text: text.to_owned(), noun: $noun })
            }
        }
    )*};
}

uuid_ids! {
    /// A story.
    StoryId, "story";
    /// A photo: one picture, however many originals with other metadata came for it.
    PhotoId, "photo";
    /// A notice rule (R34).
    NoticeId, "notice";
    /// A job in the queue.
    JobId, "job";
    /// A member of the staff.
    StaffId, "member of the staff";
    /// A token that a program signs its requests with.
    TokenId, "token";
    /// A passkey.
    PasskeyId, "passkey";
    /// A file that is being sent in pieces.
    UploadId, "upload";
}

/// The permanent short id of a slide inside its story, such as `7fk2x`; its anchor on the page is `p-7fk2x`.
/// Its shown number is its place, not its id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SlideId(String);

/// Letters and digits that cannot be mistaken for one another (Crockford's base 32, lower case).
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

impl SlideId {
    /// Five signs from five random bytes; the caller draws again when the story already has this id.
    pub fn new(random: [u8; 5]) -> Self {
        let sign = |byte: u8| ALPHABET.get(usize::from(byte & 31)).copied().unwrap_or(b'0');
        Self(random.iter().map(|byte| char::from(sign(*byte))).collect())
    }

    /// The id without the anchor's `p-`.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The fragment that names the slide on its page.
    pub fn anchor(&self) -> String {
        format!("p-{}", self.0)
    }
}

impl fmt::Display for SlideId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for SlideId {
    type Err = NotAnId;
    fn from_str(text: &str) -> Result<Self, NotAnId> {
        let id = text.strip_prefix("p-").unwrap_or(text);
        let known = (4..=8).contains(&id.len()) && id.bytes().all(|b| ALPHABET.contains(&b));
        if known { Ok(Self(id.to_owned())) } else { Err(NotAnId { text: text.to_owned(), noun: "slide" }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_later_moments_sort_later() {
        let early = StoryId::new(Moment::from_micros(1_000_000_000), [9; 10]);
        let late = StoryId::new(Moment::from_micros(2_000_000_000), [1; 10]);
        assert!(early < late);
        assert_eq!(early.to_string().parse::<StoryId>(), Ok(early));
    }

    #[test]
    fn a_slide_id_reads_with_and_without_its_anchor_prefix() {
        let id = SlideId::new([7, 15, 20, 2, 31]);
        assert_eq!(id.anchor().parse::<SlideId>(), Ok(id.clone()));
        assert_eq!(id.as_str().parse::<SlideId>(), Ok(id));
        assert!("p-Ol".parse::<SlideId>().is_err());
    }
}
