//! A folder into which others' programs drop photos: what lies there, photos with their sidecars, and what each is once it
//! has been left alone for long enough.
//!
//! Links are not followed: whoever may drop files there must not have others of the machine read.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use newsroom::moment::Moment;

use super::beneath;
use super::folder::{self, Candidate};

/// Where files go that were taken.
pub const TAKEN: &str = "_taken";
/// Where files go that were refused.
pub const REFUSED: &str = "_refused";
/// The file that tells what became of each file of a folder.
pub const REPORT: &str = "_report.txt";

/// Bytes of a path below the folder, as it is told.
const LONGEST_NAME: usize = 1000;
/// Files of one first folder, which is one sender's, that are seen at once.
const MOST_FILES: usize = 50_000;
/// How deep folders may lie in one another.
const MAX_DEPTH: usize = 32;
/// Ends of names under which programs write what is not finished: browsers, WinSCP, rsync, FileZilla, Syncthing, editors.
const UNFINISHED: [&str; 8] =
    [".part", ".partial", ".filepart", ".crdownload", ".tmp", ".temp", ".download", "~"];

/// A file as it stands: its length and when it was changed last.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// In bytes, its sidecar's with it.
    pub bytes: u64,
    /// The later of both.
    pub modified: Moment,
    /// Which files these are: device, number there, and when anything of them was changed last, which nobody can set.
    marks: Vec<(u64, u64, i64, i64)>,
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

/// What lies in a folder.
#[derive(Debug, Default)]
pub struct Lying {
    /// All that may be something to take, in natural order.
    pub files: Vec<Dropped>,
    /// What is passed over inside it, with the reason: folders that cannot be read, and paths that are too long.
    pub unreadable: Vec<(PathBuf, io::Error)>,
}

/// All that lies in a folder.
///
/// # Errors
/// When the folder itself cannot be read.
pub fn lying_in(folder: &Path) -> io::Result<Lying> {
    let (mut files, mut unreadable) = (BTreeMap::new(), Vec::new());
    let mut left = MOST_FILES;
    if let Err(error) = walk(folder, 0, (&mut files, &mut left), &mut unreadable) {
        if left > 0 {
            return Err(error);
        }
        unreadable.push((folder.to_owned(), error));
    }
    let mut used = BTreeSet::new();
    let mut dropped = Vec::with_capacity(files.len());
    for (path, stamp) in files.iter().filter(|(path, _)| !is_sidecar(path)) {
        let sidecar = folder::sidecar_names(path).find(|name| files.contains_key(name));
        let mut stamp = stamp.clone();
        let mut came = vec![path.clone()];
        if let Some((name, other)) = sidecar.as_ref().and_then(|name| files.get_key_value(name)) {
            stamp = both(stamp, other.clone());
            came.push(name.clone());
            used.insert(name.clone());
        }
        let name = told(path.strip_prefix(folder).unwrap_or(path));
        let candidate = Candidate { path: path.clone(), sidecar, beneath: Some(folder.to_owned()) };
        dropped.push(Dropped { name, candidate, came, stamp });
    }
    for (path, stamp) in files.iter().filter(|(path, _)| is_sidecar(path) && !used.contains(*path)) {
        let below = path.strip_prefix(folder).unwrap_or(path);
        let (photo, sidecar) = match taken_photo(folder, below) {
            Some(photo) => (photo, Some(path.clone())),
            None => (path.clone(), None),
        };
        let candidate = Candidate { path: photo, sidecar, beneath: Some(folder.to_owned()) };
        dropped.push(Dropped {
            name: told(below),
            candidate,
            came: vec![path.clone()],
            stamp: stamp.clone(),
        });
    }
    dropped.sort_by(|a, b| newsroom::order::natural(&a.name, &b.name));
    let (files, long): (Vec<_>, Vec<_>) = dropped.into_iter().partition(|one| one.name.len() <= LONGEST_NAME);
    let too_long = |one: Dropped| (one.candidate.path, io::Error::other("its path is too long"));
    unreadable.extend(long.into_iter().map(too_long));
    Ok(Lying { files, unreadable })
}

/// Whether what came still stands as it was seen: what was sent anew under the same name was not taken.
pub fn is_unchanged(file: &Dropped) -> bool {
    let now = file.came.iter().map(|path| fs::symlink_metadata(path).map(|meta| stamp(&meta)));
    let now: io::Result<Vec<Stamp>> = now.collect();
    now.ok().and_then(|stamps| stamps.into_iter().reduce(both)).as_ref() == Some(&file.stamp)
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
/// The system's; where a link stands in the way of either path, nothing is moved.
pub fn put_among(folder: &Path, file: &Path, kept: &str) -> io::Result<PathBuf> {
    let wanted = place_among(folder, file, kept);
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
        if beneath::move_file(folder, file, &place)? {
            return Ok(place);
        }
    }
    Err(io::Error::other("no name is left"))
}

fn walk(
    folder: &Path,
    depth: usize,
    (files, left): (&mut BTreeMap<PathBuf, Stamp>, &mut usize),
    unreadable: &mut Vec<(PathBuf, io::Error)>,
) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        // What goes while it is looked at was moved or is not finished; the next look finds it.
        let Ok(entry) = entry else { continue };
        let (name, Ok(kind)) = (entry.file_name(), entry.file_type()) else { continue };
        if name.as_bytes().starts_with(b".") {
            continue;
        }
        if kind.is_dir() && depth < MAX_DEPTH && name != TAKEN && name != REFUSED {
            // Each first folder, which is one sender's, has room of its own.
            let mut own = MOST_FILES;
            let left = if depth == 0 { &mut own } else { &mut *left };
            if let Err(error) = walk(&entry.path(), depth + 1, (files, left), unreadable) {
                unreadable.push((entry.path(), error));
            }
        } else if kind.is_file() && name != REPORT && !is_unfinished(&name) {
            let Ok(stamp) = entry.metadata().map(|meta| stamp(&meta)) else { continue };
            files.insert(entry.path(), stamp);
            *left = left.saturating_sub(1);
            if *left == 0 {
                return Err(io::Error::other(format!("more than {MOST_FILES} files lie there")));
            }
        }
    }
    Ok(())
}

fn stamp(meta: &Metadata) -> Stamp {
    let since = meta.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok()).unwrap_or_default();
    let micros = i64::try_from(since.as_micros()).unwrap_or_default();
    let mark = (meta.dev(), meta.ino(), meta.ctime(), meta.ctime_nsec());
    Stamp { bytes: meta.len(), modified: Moment::from_micros(micros), marks: vec![mark] }
}

fn both(photo: Stamp, sidecar: Stamp) -> Stamp {
    Stamp {
        bytes: photo.bytes + sidecar.bytes,
        modified: photo.modified.max(sidecar.modified),
        marks: [photo.marks, sidecar.marks].concat(),
    }
}

fn is_sidecar(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("xmp"))
}

fn is_unfinished(name: &OsStr) -> bool {
    let name = name.to_string_lossy().to_ascii_lowercase();
    UNFINISHED.iter().any(|end| name.ends_with(end))
}

/// The photo of a sidecar that came after it, and after it was taken: of several of one name the one that was taken last.
fn taken_photo(folder: &Path, sidecar: &Path) -> Option<PathBuf> {
    let place = place_among(folder, &folder.join(sidecar), TAKEN);
    let parent = place.parent()?;
    // A link in place of a folder leads to what is somebody else's; one in place of a file is passed over below.
    let below = parent.strip_prefix(folder).ok()?;
    if parent.canonicalize().ok()? != folder.canonicalize().ok()?.join(below) {
        return None;
    }
    let entries = fs::read_dir(parent).ok()?.filter_map(Result::ok);
    let files = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()));
    let photos = files.map(|entry| entry.path()).filter(|path| !is_sidecar(path)).filter_map(|photo| {
        let (turn, name) = turn_of(&photo);
        folder::sidecar_names(&name).any(|name| name == place).then_some((turn, photo))
    });
    photos.max().map(|(_, photo)| photo)
}

/// How often a name had been used when a file was moved under it, and that name: `a (2).jpg` is the second `a.jpg`.
fn turn_of(path: &Path) -> (u32, PathBuf) {
    let stem = path.file_stem().and_then(OsStr::to_str).unwrap_or_default();
    let cut = stem.strip_suffix(')').and_then(|stem| stem.rsplit_once(" ("));
    let Some((name, turn)) = cut.and_then(|(name, turn)| Some((name, turn.parse().ok()?))) else {
        return (1, path.to_path_buf());
    };
    let extension = path.extension().map(|extension| format!(".{}", extension.to_string_lossy()));
    (turn, path.with_file_name(format!("{name}{}", extension.unwrap_or_default())))
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
        lying_in(folder).unwrap().files.into_iter().map(|one| one.name).collect()
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
        let alone = lying_in(folder.path()).unwrap().files;
        fs::write(folder.path().join("ana/IMG_1.xmp"), b"sidecar").unwrap();
        let with = lying_in(folder.path()).unwrap().files;
        assert_eq!((alone[0].stamp.bytes, with.len(), with[0].stamp.bytes), (5, 1, 12));
        assert!(with[0].candidate.sidecar.is_some());

        let moved = put_among(folder.path(), &photo, TAKEN).unwrap();
        assert_eq!(moved, folder.path().join("ana/_taken/IMG_1.jpg"));
        let late = lying_in(folder.path()).unwrap().files;
        assert_eq!((late.len(), late[0].name.as_str()), (1, "ana/IMG_1.xmp"));
        assert_eq!(late[0].candidate.path, moved);
        assert_eq!(late[0].came, [folder.path().join("ana/IMG_1.xmp")]);
        // The camera counted round, and the sidecar is the second photo's.
        fs::write(&photo, b"another").unwrap();
        fs::rename(folder.path().join("ana/IMG_1.xmp"), folder.path().join("ana/.IMG_1.xmp")).unwrap();
        let second = put_among(folder.path(), &photo, TAKEN).unwrap();
        fs::rename(folder.path().join("ana/.IMG_1.xmp"), folder.path().join("ana/IMG_1.xmp")).unwrap();
        assert_eq!(lying_in(folder.path()).unwrap().files[0].candidate.path, second);
    }

    #[test]
    fn what_was_sent_anew_is_not_what_was_seen() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jpg");
        fs::write(&path, b"one").unwrap();
        let seen = lying_in(folder.path()).unwrap().files;
        assert!(is_unchanged(&seen[0]));
        fs::write(&path, b"another").unwrap();
        assert!(!is_unchanged(&seen[0]));
        fs::remove_file(&path).unwrap();
        assert!(!is_unchanged(&seen[0]));
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
        fs::write(elsewhere.path().join("b.jpg"), "somebody's").unwrap();
        fs::write(folder.path().join("b.xmp"), "sidecar").unwrap();
        let lying = lying_in(folder.path()).unwrap().files;
        assert!(lying.iter().all(|one| one.candidate.path.starts_with(folder.path())), "{lying:?}");
        assert_eq!(lying[1].candidate.sidecar, None, "{lying:?}");
        assert!(put_among(folder.path(), &file, TAKEN).is_err());
        assert!(file.exists() && fs::read_dir(elsewhere.path()).unwrap().count() == 1);
    }
}
