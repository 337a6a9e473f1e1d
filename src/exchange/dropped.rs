//! A folder into which others' programs drop photos: what lies there, photos with their sidecars, and what each is once it
//! has been left alone for long enough.
//!
//! Links are not followed: whoever may drop files there must not have others of the machine read.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use newsroom::moment::Moment;

use super::folder::{self, Candidate};

/// Where files go that were taken.
pub const TAKEN: &str = "_taken";
/// Where files go that were refused.
pub const REFUSED: &str = "_refused";
/// The file that tells what became of each file of a folder.
pub const REPORT: &str = "_report.txt";

/// How deep folders may lie in one another.
const MAX_DEPTH: usize = 32;
/// Ends of names under which programs write what is not finished: browsers, WinSCP, rsync, FileZilla, Syncthing, editors.
const UNFINISHED: [&str; 8] =
    [".part", ".partial", ".filepart", ".crdownload", ".tmp", ".temp", ".download", "~"];

/// A file as it stands: its length and when it was changed last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stamp {
    /// In bytes, its sidecar's with it.
    pub bytes: u64,
    /// The later of both.
    pub modified: Moment,
}

/// A photo or another file, and its sidecar.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dropped {
    /// Its path below the folder, as it is told: bytes that are no text stand as `%` and two hexadecimal digits.
    pub name: String,
    /// Where it lies, and its sidecar.
    pub candidate: Candidate,
    /// The files that came now: one of the two alone where the sidecar came after its photo was taken.
    pub came: Vec<PathBuf>,
    /// How they stand.
    pub stamp: Stamp,
}

/// All that lies in a folder and may be something to take, by path.
///
/// # Errors
/// When the folder itself cannot be read; one inside it that cannot is passed over.
pub fn lying_in(folder: &Path) -> io::Result<Vec<Dropped>> {
    let mut files = BTreeMap::new();
    walk(folder, 0, &mut files)?;
    let mut used = BTreeSet::new();
    let mut dropped = Vec::with_capacity(files.len());
    for (path, stamp) in files.iter().filter(|(path, _)| !is_sidecar(path)) {
        let sidecar = folder::sidecar_names(path).find(|name| files.contains_key(name));
        let mut stamp = *stamp;
        let mut came = vec![path.clone()];
        if let Some((name, other)) = sidecar.as_ref().and_then(|name| files.get_key_value(name)) {
            stamp = both(stamp, *other);
            came.push(name.clone());
            used.insert(name.clone());
        }
        let name = told(path.strip_prefix(folder).unwrap_or(path));
        dropped.push(Dropped { name, candidate: Candidate { path: path.clone(), sidecar }, came, stamp });
    }
    for (path, stamp) in files.iter().filter(|(path, _)| is_sidecar(path) && !used.contains(*path)) {
        let below = path.strip_prefix(folder).unwrap_or(path);
        let candidate = match taken_photo(folder, below) {
            Some(photo) => Candidate { path: photo, sidecar: Some(path.clone()) },
            None => Candidate { path: path.clone(), sidecar: None },
        };
        dropped.push(Dropped { name: told(below), candidate, came: vec![path.clone()], stamp: *stamp });
    }
    dropped.sort_by(|a, b| newsroom::order::natural(&a.name, &b.name));
    Ok(dropped)
}

/// Where a file of the folder goes that was dealt with: into a folder of this name in the first folder of its path, which is
/// its sender's, under the same path below that.
pub fn place_among(folder: &Path, file: &Path, kept: &str) -> PathBuf {
    let below = file.strip_prefix(folder).unwrap_or(file);
    let mut parts = below.components();
    match (below.components().count(), parts.next()) {
        (2.., Some(first)) => folder.join(first).join(kept).join(parts.as_path()),
        _ => folder.join(kept).join(below),
    }
}

/// Moves a file to [`place_among`], without taking the place of another.
///
/// # Errors
/// The system's.
pub fn put_among(folder: &Path, file: &Path, kept: &str) -> io::Result<PathBuf> {
    let wanted = place_among(folder, file, kept);
    if let Some(parent) = wanted.parent() {
        fs::create_dir_all(parent)?;
        // A link in its place would have files of the machine's put where its sender likes.
        if !parent.canonicalize()?.starts_with(folder.canonicalize()?) {
            return Err(io::Error::other(format!("{} leads out of the folder", parent.display())));
        }
    }
    let stem = wanted.file_stem().unwrap_or_default().to_os_string();
    for turn in 1_u32.. {
        let mut place = wanted.clone();
        if turn > 1 {
            let mut name = stem.clone();
            name.push(format!(" ({turn})"));
            if let Some(extension) = wanted.extension() {
                name.push(".");
                name.push(extension);
            }
            place.set_file_name(name);
        }
        // A second name never takes another's place, as a rename would; two processes meet here as well.
        match fs::hard_link(file, &place) {
            Ok(()) => {
                fs::remove_file(file)?;
                return Ok(place);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            // Not every file system has second names (FAT, some shares).
            Err(_) if !place.exists() => {
                fs::rename(file, &place)?;
                return Ok(place);
            }
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::other("no name is left"))
}

fn walk(folder: &Path, depth: usize, files: &mut BTreeMap<PathBuf, Stamp>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        // What goes while it is looked at was moved or is not finished; the next look finds it.
        let Ok(entry) = entry else { continue };
        let (name, Ok(kind)) = (entry.file_name(), entry.file_type()) else { continue };
        if name.as_bytes().starts_with(b".") {
            continue;
        }
        if kind.is_dir() && depth < MAX_DEPTH && name != TAKEN && name != REFUSED {
            if let Err(error) = walk(&entry.path(), depth + 1, files) {
                tracing::warn!(folder = %entry.path().display(), %error, "a folder inside the watched one cannot be read");
            }
        } else if kind.is_file() && name != REPORT && !is_unfinished(&name) {
            let Ok(stamp) = entry.metadata().map(|meta| stamp(&meta)) else { continue };
            files.insert(entry.path(), stamp);
        }
    }
    Ok(())
}

fn stamp(meta: &Metadata) -> Stamp {
    let since = meta.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    let micros = i64::try_from(since.as_micros()).unwrap_or_default();
    Stamp { bytes: meta.len(), modified: Moment::from_micros(micros) }
}

fn both(photo: Stamp, sidecar: Stamp) -> Stamp {
    Stamp { bytes: photo.bytes + sidecar.bytes, modified: photo.modified.max(sidecar.modified) }
}

fn is_sidecar(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("xmp"))
}

fn is_unfinished(name: &OsStr) -> bool {
    let name = name.to_string_lossy().to_ascii_lowercase();
    UNFINISHED.iter().any(|end| name.ends_with(end))
}

/// The photo of a sidecar that came after it, and after it was taken.
fn taken_photo(folder: &Path, sidecar: &Path) -> Option<PathBuf> {
    let place = place_among(folder, &folder.join(sidecar), TAKEN);
    let mut beside: Vec<PathBuf> =
        fs::read_dir(place.parent()?).ok()?.filter_map(|entry| Some(entry.ok()?.path())).collect();
    beside.sort();
    beside.into_iter().find(|photo| {
        !is_sidecar(photo) && photo.is_file() && folder::sidecar_names(photo).any(|name| name == place)
    })
}

/// A path as a text: bytes that are no text as `%` and two hexadecimal digits.
fn told(path: &Path) -> String {
    let mut text = String::new();
    for chunk in path.as_os_str().as_bytes().utf8_chunks() {
        // Signs that act have no place in a report or on a page.
        for sign in chunk.valid().chars() {
            text.push(if sign.is_control() { '\u{fffd}' } else { sign });
        }
        for byte in chunk.invalid() {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "test files need no durability")]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        lying_in(folder).unwrap().into_iter().map(|one| one.name).collect()
    }

    #[test]
    fn what_is_not_finished_or_not_somebodys_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str| {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, b"x").unwrap();
        };
        for name in [
            "a.jpg",
            "ana/IMG_10.jpg",
            "ana/IMG_9.jpg",
            "ana/b.jpg.filepart",
            "ana/.in.c.jpg.",
            "ana/d.JPG.Part",
            "ana/_taken/e.jpg",
            "_refused/f.jpg",
            "ana/_report.txt",
            ".trash/g.jpg",
        ] {
            put(name);
        }
        std::os::unix::fs::symlink("/etc/hostname", folder.path().join("ana/link.jpg")).unwrap();
        std::os::unix::fs::symlink("/etc", folder.path().join("ana/etc")).unwrap();
        assert_eq!(names(folder.path()), ["a.jpg", "ana/IMG_9.jpg", "ana/IMG_10.jpg"]);
    }

    #[test]
    fn a_name_that_is_no_text_is_told_and_another_one() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join(OsStr::from_bytes(b"M\xfcller\n.jpg")), b"x").unwrap();
        assert_eq!(names(folder.path()), ["M%FCller\u{fffd}.jpg"]);
    }

    #[test]
    fn a_sidecar_changes_how_its_photo_stands_and_finds_it_where_it_was_moved() {
        let folder = tempfile::tempdir().unwrap();
        let photo = folder.path().join("ana/IMG_1.jpg");
        fs::create_dir(folder.path().join("ana")).unwrap();
        fs::write(&photo, b"photo").unwrap();
        let alone = lying_in(folder.path()).unwrap();
        fs::write(folder.path().join("ana/IMG_1.xmp"), b"sidecar").unwrap();
        let with = lying_in(folder.path()).unwrap();
        assert_eq!((alone[0].stamp.bytes, with.len(), with[0].stamp.bytes), (5, 1, 12));
        assert!(with[0].candidate.sidecar.is_some());

        let moved = put_among(folder.path(), &photo, TAKEN).unwrap();
        assert_eq!(moved, folder.path().join("ana/_taken/IMG_1.jpg"));
        let late = lying_in(folder.path()).unwrap();
        assert_eq!((late.len(), late[0].name.as_str()), (1, "ana/IMG_1.xmp"));
        assert_eq!(late[0].candidate.path, moved);
        assert_eq!(late[0].came, [folder.path().join("ana/IMG_1.xmp")]);
    }

    #[test]
    fn nothing_takes_anothers_place() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.jpg");
        let mut places = Vec::new();
        for text in ["one", "two", "three"] {
            fs::write(&file, text).unwrap();
            places.push(put_among(folder.path(), &file, REFUSED).unwrap());
        }
        let read: Vec<String> = places.iter().map(|place| fs::read_to_string(place).unwrap()).collect();
        assert_eq!(read, ["one", "two", "three"]);
        assert_eq!(places[2], folder.path().join("_refused/a (3).jpg"));
        assert!(!file.exists());
    }

    #[test]
    fn a_link_in_place_of_the_folder_leads_nothing_out() {
        let (folder, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        std::os::unix::fs::symlink(elsewhere.path(), folder.path().join(TAKEN)).unwrap();
        let file = folder.path().join("a.jpg");
        fs::write(&file, "one").unwrap();
        assert!(put_among(folder.path(), &file, TAKEN).is_err());
        assert!(file.exists() && fs::read_dir(elsewhere.path()).unwrap().next().is_none());
    }
}
