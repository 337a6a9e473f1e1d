//! The grant of a photo: the only thing that makes its pictures fetchable (ARCHITECTURE.md, invariant 4).

use serde::{Deserialize, Serialize};

/// What readers may fetch of one photo under one token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    /// The version of the files, a part of their addresses; older versions are sent on to this one.
    pub version: String,
    /// The files.
    pub renditions: Vec<Rendition>,
}

/// One picture file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rendition {
    /// The last part of its address: `1280.jpg`, `card-640.jpg`, `social.jpg`. Its ending names the format: `jpg`,
    /// `png`, `webp` or `avif`.
    pub file: String,
    /// The key under which [`crate::Blobs`] gives the bytes.
    pub blob: String,
    /// Length of the file in bytes.
    pub bytes: u64,
    /// Content hash without quotes, visible ASCII.
    pub etag: String,
}

impl Rendition {
    /// The media type that the file's ending names, or None for an ending that no rendition has.
    #[must_use]
    pub fn content_type(&self) -> Option<&'static str> {
        match self.file.rsplit_once('.')?.1 {
            "jpg" => Some("image/jpeg"),
            "png" => Some("image/png"),
            "webp" => Some("image/webp"),
            "avif" => Some("image/avif"),
            _ => None,
        }
    }
}

/// The path under which the grant of a token lies.
#[must_use]
pub fn grant_path(token: &str) -> String {
    format!("/i/{token}")
}

/// A picture's address taken apart: `/i/<token>/<version>/<file>`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct PictureAddress<'p> {
    /// `/i/<token>`
    pub grant: &'p str,
    pub version: &'p str,
    pub file: &'p str,
}

impl<'p> PictureAddress<'p> {
    /// None where the path has another shape.
    pub(crate) fn parse(path: &'p str) -> Option<Self> {
        let (token, rest) = path.strip_prefix("/i/")?.split_once('/')?;
        let (version, file) = rest.split_once('/')?;
        let whole = !token.is_empty() && !version.is_empty() && !file.is_empty() && !file.contains('/');
        whole.then(|| Self { grant: &path[.."/i/".len() + token.len()], version, file })
    }
}
