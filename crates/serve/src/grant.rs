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

impl Grant {
    /// What is shown in place of a file that is not granted: of a picture in AVIF the same in JPEG, of a cut the whole
    /// picture. Pages that were printed, and kept by caches, before a cut was made anew go on naming what it was.
    pub(crate) fn stand_in(&self, file: &str) -> Option<&Rendition> {
        let (stem, ending) = file.rsplit_once('.')?;
        let jpegs = || self.renditions.iter().filter_map(|one| Some((one.file.strip_suffix(".jpg")?, one)));
        if ending == "avif"
            && let Some((_, same)) = jpegs().find(|(name, _)| *name == stem)
        {
            return Some(same);
        }
        let width: u32 = match stem {
            "social" => SOCIAL_WIDTH,
            _ => stem.strip_prefix("card-")?.parse().ok()?,
        };
        let whole = jpegs().filter_map(|(name, one)| Some((name.parse::<u32>().ok()?, one)));
        // The next wider one, else the widest.
        let nearest = whole.min_by_key(|(wide, _)| (*wide < width, wide.abs_diff(width)));
        nearest.map(|(_, one)| one)
    }
}

/// Pixels that link previews look for.
const SOCIAL_WIDTH: u32 = 1200;

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

#[cfg(test)]
mod tests {
    use super::*;

    fn granted(files: &[&str]) -> Grant {
        let rendition = |file: &&str| Rendition {
            file: (*file).to_owned(),
            blob: String::new(),
            bytes: 0,
            etag: String::new(),
        };
        Grant { version: "v2".to_owned(), renditions: files.iter().map(rendition).collect() }
    }

    #[test]
    fn a_file_that_is_not_granted_is_stood_in_for_by_what_shows_most_nearly_the_same() {
        let whole = ["320.jpg", "640.jpg", "1280.jpg", "320.avif"];
        let with_cuts = granted(&[&whole[..], &["card-320.jpg", "social.jpg"]].concat());
        let without = granted(&whole);
        let stand_in = |grant: &Grant, file: &str| grant.stand_in(file).map(|one| one.file.clone());
        for (file, cut, uncut) in [
            ("640.avif", Some("640.jpg"), Some("640.jpg")),
            ("card-320.avif", Some("card-320.jpg"), Some("320.jpg")),
            ("card-640.avif", Some("640.jpg"), Some("640.jpg")),
            ("card-960.jpg", Some("1280.jpg"), Some("1280.jpg")),
            ("card-4000.jpg", Some("1280.jpg"), Some("1280.jpg")),
            ("social.jpg", Some("1280.jpg"), Some("1280.jpg")),
            ("777.jpg", None, None),
            ("777.avif", None, None),
            ("card-.jpg", None, None),
            ("card-x.avif", None, None),
            ("jpg", None, None),
        ] {
            let named = |found: Option<&str>| found.map(str::to_owned);
            assert_eq!(stand_in(&without, file), named(uncut), "{file}");
            assert_eq!(stand_in(&with_cuts, file), named(cut), "{file}");
        }
        assert_eq!(stand_in(&granted(&["320.avif"]), "card-320.jpg"), None, "no picture that all can show");
    }
}
