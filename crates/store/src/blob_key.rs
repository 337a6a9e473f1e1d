//! The names of blobs. The kind of a blob decides its folder and how durable it is when it is acknowledged.

use std::fmt;
use std::str::FromStr;

use newsroom::id::PhotoId;

use crate::hash::Sha256;

/// The name of one blob.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BlobKey {
    /// A file as it came, named by its bytes. Never changed, never served to readers.
    Original(Sha256),
    /// An .xmp file that came beside an original, named by its bytes.
    Sidecar(Sha256),
    /// A picture of the ladder without any metadata; private.
    Rendition {
        /// The photo.
        photo: PhotoId,
        /// The recipe's name.
        recipe: BlobName,
        /// Width in pixels.
        width: u32,
    },
    /// A picture of the ladder with its rights metadata (R5), for readers where a grant says so.
    PublicFile {
        /// The photo.
        photo: PhotoId,
        /// The version: which metadata and which renditions.
        version: BlobName,
        /// Width in pixels.
        width: u32,
    },
    /// An object of the printed tree; its name is the tree's own.
    Tree(TreeName),
}

/// What a blob is kept for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum BlobKind {
    /// See [`BlobKey::Original`].
    Original,
    /// See [`BlobKey::Sidecar`].
    Sidecar,
    /// See [`BlobKey::Rendition`].
    Rendition,
    /// See [`BlobKey::PublicFile`].
    PublicFile,
    /// See [`BlobKey::Tree`].
    Tree,
}

impl BlobKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Original, Self::Sidecar, Self::Rendition, Self::PublicFile, Self::Tree];

    /// The folder, or the prefix in an object store, without a slash.
    pub fn folder(self) -> &'static str {
        match self {
            Self::Original => "originals",
            Self::Sidecar => "sidecars",
            Self::Rendition => "renditions",
            Self::PublicFile => "public",
            Self::Tree => "tree",
        }
    }

    /// Whether a blob survives a power cut as soon as it is acknowledged. What came from outside must, and so must
    /// renditions, which are dear to make again. Public files and the tree are made again from those and from the
    /// records when their length or hash is wrong; they are atomic, which a killed process cannot spoil.
    pub(crate) fn durability(self) -> Durability {
        match self {
            Self::Original | Self::Sidecar | Self::Rendition => Durability::Synced,
            Self::PublicFile | Self::Tree => Durability::Atomic,
        }
    }
}

/// How safe a blob is when it is acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Durability {
    /// On the disk, with its name.
    Synced,
    /// Whole or not there, as long as the machine runs.
    Atomic,
}

/// A part of a blob's name: 1 to 64 of `a-z`, `0-9`, `-`, `_`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct BlobName(String);

/// An object's name in the printed tree: parts of `a-z`, `A-Z`, `0-9`, `-`, `_`, `.` with a slash between, no part
/// beginning with a dot, 200 bytes at most.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TreeName(String);

/// A text that does not name a blob.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" does not name a blob")]
pub struct NotABlobKey(pub String);

impl BlobName {
    /// The name, when the text is one.
    ///
    /// # Errors
    /// [`NotABlobKey`].
    pub fn parse(text: &str) -> Result<Self, NotABlobKey> {
        let fits = |b: u8| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_');
        if (1..=64).contains(&text.len()) && text.bytes().all(fits) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotABlobKey(text.to_owned()))
        }
    }

    /// The name's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TreeName {
    /// The name, when the text is one.
    ///
    /// # Errors
    /// [`NotABlobKey`].
    pub fn parse(text: &str) -> Result<Self, NotABlobKey> {
        let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.');
        let part = |part: &str| !part.is_empty() && !part.starts_with('.') && part.bytes().all(fits);
        if text.len() <= 200 && text.split('/').all(part) {
            Ok(Self(text.to_owned()))
        } else {
            Err(NotABlobKey(text.to_owned()))
        }
    }

    /// The name's text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for BlobName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for TreeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl BlobKey {
    /// What it is kept for.
    pub fn kind(&self) -> BlobKind {
        match self {
            Self::Original(_) => BlobKind::Original,
            Self::Sidecar(_) => BlobKind::Sidecar,
            Self::Rendition { .. } => BlobKind::Rendition,
            Self::PublicFile { .. } => BlobKind::PublicFile,
            Self::Tree(_) => BlobKind::Tree,
        }
    }
}

impl fmt::Display for BlobKey {
    /// The path below the blobs' root, as rows and grants hold it. Names by hash lie in 256 folders by their first
    /// two digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let folder = self.kind().folder();
        match self {
            Self::Original(sha256) | Self::Sidecar(sha256) => {
                write!(f, "{folder}/{:02x}/{sha256}", sha256.as_bytes()[0])
            }
            Self::Rendition { photo, recipe: name, width }
            | Self::PublicFile { photo, version: name, width } => {
                write!(f, "{folder}/{photo}/{name}/{width}")
            }
            Self::Tree(name) => write!(f, "{folder}/{name}"),
        }
    }
}

impl FromStr for BlobKey {
    type Err = NotABlobKey;

    fn from_str(text: &str) -> Result<Self, NotABlobKey> {
        let not = || NotABlobKey(text.to_owned());
        let (folder, rest) = text.split_once('/').ok_or_else(not)?;
        let kind = BlobKind::ALL.into_iter().find(|kind| kind.folder() == folder).ok_or_else(not)?;
        let parts: Vec<&str> = rest.split('/').collect();
        let key = match (kind, parts.as_slice()) {
            (BlobKind::Original, [_, sha256]) => Self::Original(sha256.parse().map_err(|_| not())?),
            (BlobKind::Sidecar, [_, sha256]) => Self::Sidecar(sha256.parse().map_err(|_| not())?),
            (BlobKind::Rendition, [photo, recipe, width]) => Self::Rendition {
                photo: photo.parse().map_err(|_| not())?,
                recipe: BlobName::parse(recipe)?,
                width: width.parse().map_err(|_| not())?,
            },
            (BlobKind::PublicFile, [photo, version, width]) => Self::PublicFile {
                photo: photo.parse().map_err(|_| not())?,
                version: BlobName::parse(version)?,
                width: width.parse().map_err(|_| not())?,
            },
            (BlobKind::Tree, _) => Self::Tree(TreeName::parse(rest)?),
            _ => return Err(not()),
        };
        // One name a blob: `+7`, upper-case ids or a wrong folder of a hash would be second names.
        if key.to_string() == text { Ok(key) } else { Err(not()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use newsroom::moment::Moment;

    #[test]
    fn every_kind_of_key_reads_back_from_its_text() {
        let photo = PhotoId::new(Moment::from_micros(5_000_000), [3; 10]);
        let name = BlobName::parse("jpeg-1").unwrap();
        for key in [
            BlobKey::Original(Sha256::of(b"a")),
            BlobKey::Sidecar(Sha256::of(b"b")),
            BlobKey::Rendition { photo, recipe: name.clone(), width: 640 },
            BlobKey::PublicFile { photo, version: name, width: 2560 },
            BlobKey::Tree(TreeName::parse("pages/ab12/77").unwrap()),
        ] {
            assert_eq!(key.to_string().parse(), Ok(key.clone()));
        }
    }

    #[test]
    fn no_text_names_a_file_outside_its_folder_or_a_blob_by_a_second_name() {
        let hash = Sha256::of(b"a");
        for text in [
            "tree/../originals/x",
            "tree//x",
            "tree/.hidden",
            "tree/",
            "originals/zz/00",
            &format!("originals/00/{hash}"),
            "renditions/018f0000-0000-7000-8000-000000000000/jpeg/+640",
            "renditions/018F0000-0000-7000-8000-000000000000/jpeg/640",
            "public/018f0000-0000-7000-8000-000000000000/../640",
            "elsewhere/x",
            "originals",
        ] {
            assert!(text.parse::<BlobKey>().is_err(), "{text}");
        }
    }
}
