//! Folders as they come from cameras and agencies: photos in natural order with their `.xmp` sidecars; RAW files,
//! videos, sidecars without a photo and others only counted.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use darkroom::meta::{FileKind, kind};

use super::beneath;

/// How deep folders may lie in one another; a deeper one is reported, not entered.
const MAX_DEPTH: usize = 32;
/// Bytes that tell what a file is.
const HEAD: usize = 64 << 10;
/// What a sidecar is counted as where no photo uses it.
const SIDECAR: &str = "sidecar";

/// A file that is tried as a photo.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    /// The photo.
    pub path: PathBuf,
    /// Its sidecar, where one lies beside it.
    pub sidecar: Option<PathBuf>,
    /// The folder out of which no link may lead, where strangers may write there.
    pub beneath: Option<PathBuf>,
}

impl Candidate {
    /// Opens the photo.
    ///
    /// # Errors
    /// The system's.
    pub fn open_photo(&self) -> io::Result<File> {
        self.open(&self.path)
    }

    /// Opens the sidecar.
    ///
    /// # Errors
    /// The system's.
    pub fn open_sidecar(&self) -> io::Result<Option<File>> {
        self.sidecar.as_ref().map(|path| self.open(path)).transpose()
    }

    fn open(&self, path: &Path) -> io::Result<File> {
        match &self.beneath {
            Some(folder) => beneath::open_file(folder, path),
            None => File::open(path),
        }
    }
}

/// What was found under the paths given.
#[derive(Debug, Default)]
pub struct Found {
    /// Photos, and files that claim to be, in natural order.
    pub candidates: Vec<Candidate>,
    /// Files left alone, counted by what they are.
    pub left_alone: BTreeMap<&'static str, usize>,
    /// What could not be read, with the reason.
    pub unreadable: Vec<(PathBuf, io::Error)>,
}

/// Looks through files and folders. A file named by itself is always tried; inside folders what is no picture is
/// counted. Links to files are followed, links to folders are not, so that a circle cannot hold the search.
pub fn look_through(paths: &[PathBuf]) -> Found {
    let mut found = Found::default();
    for path in paths {
        match fs::metadata(path) {
            Ok(meta) if meta.is_dir() => look_into(path, 0, &mut found),
            Ok(meta) if meta.is_file() => {
                let (path, sidecar) = (path.clone(), sidecar_of(path));
                found.candidates.push(Candidate { path, sidecar, beneath: None });
            }
            Ok(_) => {
                found.unreadable.push((path.clone(), io::Error::other("it is neither a file nor a folder")))
            }
            Err(error) => found.unreadable.push((path.clone(), error)),
        }
    }
    found
}

/// `3 RAW files, 1 video` or nothing.
pub fn counted(found: &Found) -> Option<String> {
    let parts: Vec<String> = found
        .left_alone
        .iter()
        .map(|(what, count)| {
            let of_what = if *what == SIDECAR { " without a photo" } else { "" };
            format!("{count} {what}{}{of_what}", if *count == 1 { "" } else { "s" })
        })
        .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}

fn look_into(folder: &Path, depth: usize, found: &mut Found) {
    let mut entries = match fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>) {
        Ok(entries) => entries,
        Err(error) => return found.unreadable.push((folder.to_path_buf(), error)),
    };
    entries.sort_by(|a, b| {
        newsroom::order::natural(&a.file_name().to_string_lossy(), &b.file_name().to_string_lossy())
    });
    let (mut inner, mut sidecars) = (Vec::new(), Vec::new());
    for entry in entries {
        let path = entry.path();
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => inner.push(path),
            Ok(_) if fs::metadata(&path).is_ok_and(|meta| meta.is_file()) => {
                sort_in(path, found, &mut sidecars)
            }
            Ok(_) => count(found, "other file"),
            Err(error) => found.unreadable.push((path, error)),
        }
    }
    let used: BTreeSet<&Path> =
        found.candidates.iter().filter_map(|candidate| candidate.sidecar.as_deref()).collect();
    sidecars.retain(|path| !used.contains(path.as_path()));
    for _ in sidecars {
        count(found, SIDECAR);
    }
    for folder in inner {
        if depth < MAX_DEPTH {
            look_into(&folder, depth + 1, found);
        } else {
            found.unreadable.push((folder, io::Error::other("it lies too deep")));
        }
    }
}

fn sort_in(path: PathBuf, found: &mut Found, sidecars: &mut Vec<PathBuf>) {
    let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    if name.starts_with('.') {
        return count(found, "hidden file");
    }
    let extension = extension(&path);
    match File::open(&path).and_then(head) {
        Err(error) => found.unreadable.push((path, error)),
        Ok(head) => match left_alone(kind(&head), &extension) {
            Some(SIDECAR) => sidecars.push(path),
            Some(what) => count(found, what),
            None => {
                let sidecar = sidecar_of(&path);
                found.candidates.push(Candidate { path, sidecar, beneath: None });
            }
        },
    }
}

/// What a file inside a folder is counted as, or `None` when it is tried as a photo: a picture by its content, or
/// one by its name, so that a page of HTML called `.jpg` is refused aloud and not passed over.
fn left_alone(kind: FileKind, extension: &str) -> Option<&'static str> {
    const RAW: [&str; 16] = [
        "nef", "cr2", "cr3", "arw", "dng", "raf", "orf", "rw2", "pef", "srw", "nrw", "crw", "raw", "3fr",
        "iiq", "x3f",
    ];
    const PICTURES: [&str; 12] =
        ["jpg", "jpeg", "jpe", "png", "webp", "tif", "tiff", "avif", "heic", "heif", "gif", "svg"];
    if RAW.contains(&extension) || kind == FileKind::Raw {
        return Some("RAW file");
    }
    if PICTURES.contains(&extension) {
        return None;
    }
    match kind {
        FileKind::Video => Some("video"),
        FileKind::Xmp => Some(SIDECAR),
        _ if extension == "xmp" => Some(SIDECAR),
        FileKind::Pdf | FileKind::Html | FileKind::Xml | FileKind::Text | FileKind::Archive => {
            Some("other file")
        }
        FileKind::Empty | FileKind::Unknown => Some("other file"),
        _ => None,
    }
}

fn count(found: &mut Found, what: &'static str) {
    *found.left_alone.entry(what).or_default() += 1;
}

fn extension(path: &Path) -> String {
    path.extension().map(|extension| extension.to_string_lossy().to_ascii_lowercase()).unwrap_or_default()
}

fn head(file: File) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.take(HEAD as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// `photo.xmp` (Adobe) or `photo.jpg.xmp` (darktable), whatever the case of its extension.
fn sidecar_of(photo: &Path) -> Option<PathBuf> {
    sidecar_names(photo).find(|path| path.is_file())
}

/// The paths that a photo's sidecar may have.
pub(super) fn sidecar_names(photo: &Path) -> impl Iterator<Item = PathBuf> {
    let bases = [photo.file_name(), photo.file_stem()].into_iter().flatten();
    let names = bases.flat_map(|base| {
        ["xmp", "XMP"].map(|extension| {
            let mut name = base.to_os_string();
            name.push(".");
            name.push(extension);
            photo.with_file_name(name)
        })
    });
    names.collect::<Vec<_>>().into_iter()
}

/// What a file that lies in a folder is, other than a photo or something that claims to be one.
///
/// # Errors
/// The system's, when it cannot be read.
pub fn other_than_photo(candidate: &Candidate) -> io::Result<Option<&'static str>> {
    let head = head(candidate.open_photo()?)?;
    Ok(left_alone(kind(&head), &extension(&candidate.path)))
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "test files need no durability")]
mod tests {
    use super::*;

    const JPEG: &[u8] = &[0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xd9];

    #[test]
    fn takes_photos_in_natural_order_with_their_sidecars_and_counts_the_rest() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
        for name in ["IMG_10.jpg", "IMG_9.jpg", "IMG_1.JPG"] {
            file(name, JPEG);
        }
        file("IMG_9.xmp", b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>");
        file("IMG_7.xmp", b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>");
        file("IMG_9.NEF", b"II*\0");
        file("notes.txt", b"call the desk");
        file(".DS_Store", b"x");
        file("page.jpg", b"<html>");
        fs::create_dir(folder.path().join("more")).unwrap();
        file("more/photo", JPEG);

        let found = look_through(&[folder.path().to_path_buf()]);
        let names: Vec<_> =
            found.candidates.iter().map(|c| c.path.file_name().unwrap().to_str().unwrap()).collect();
        assert_eq!(names, ["IMG_1.JPG", "IMG_9.jpg", "IMG_10.jpg", "page.jpg", "photo"]);
        assert_eq!(found.candidates[1].sidecar.as_ref().unwrap().file_name().unwrap(), "IMG_9.xmp");
        assert_eq!(
            counted(&found).unwrap(),
            "1 RAW file, 1 hidden file, 1 other file, 1 sidecar without a photo"
        );
    }

    #[test]
    fn reports_what_cannot_be_read_and_goes_on() {
        let found = look_through(&[PathBuf::from("/nonexistent/folder"), PathBuf::from("/dev/null")]);
        assert_eq!(found.unreadable.len(), 2);
    }
}
