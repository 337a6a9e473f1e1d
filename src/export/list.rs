//! What exports wrote into a folder: a list beside the files, a line for each thing of the printed tree, so that the
//! next export writes only what changed and never takes away what is not ours.
//!
//! The first line says what the list is; then one line each: key of the path, change, and as JSON the folder of its
//! files and each with name, bytes and hash. While an export runs it notes each place in a second file before it writes there; what was noted and is not in
//! the list is ours too, but what lies there is not known.

use std::collections::{HashMap, HashSet};
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Component, Path};

use serde::{Deserialize, Serialize};
use serve::Key;

/// The list.
pub(super) const LIST: &str = ".halftone-export.json";
/// The places of an export that is running or was cut short.
pub(super) const NOTED: &str = ".halftone-export.noted";
/// What is being written.
pub(super) const PART: &str = ".halftone-export.part";

/// Goes up when the same page gives other files.
const FORM: u32 = 1;

/// The first line of a list.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Head {
    halftone_export: u32,
    /// Scheme and host of the site: what some pages lead to.
    site: String,
}

/// A file: its place below the folder, its bytes, the hash of its content.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept(pub String, pub u64, pub String);

/// The files of one path of the tree, packed: an archive has millions of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Entry {
    /// The change that they show; 0 where they must be looked at again.
    pub change: u64,
    /// JSON: the folder that they share, and each with the rest of its place.
    packed: Box<str>,
}

impl Entry {
    /// The entry of these files.
    pub fn of(change: u64, files: &[Kept]) -> Self {
        let first = files.first().map_or("", |file| file.0.as_str());
        let shared = files.iter().fold(first, |shared, file| common(shared, &file.0));
        let folder = &shared[..shared.rfind('/').map_or(0, |slash| slash + 1)];
        let names =
            files.iter().map(|Kept(place, bytes, hash)| (&place[folder.len()..], bytes, hash.as_str()));
        let packed = serde_json::to_string(&(folder, names.collect::<Vec<_>>())).unwrap_or_default();
        Self { change, packed: packed.into_boxed_str() }
    }

    /// Its files.
    pub fn files(&self) -> Vec<Kept> {
        let (folder, mut files): (String, Vec<Kept>) = serde_json::from_str(&self.packed).unwrap_or_default();
        for file in &mut files {
            file.0.insert_str(0, &folder);
        }
        files
    }
}

/// What both texts begin with.
fn common<'a>(one: &'a str, other: &str) -> &'a str {
    let pairs = one.char_indices().zip(other.chars());
    let parting = pairs.into_iter().find(|((_, a), b)| a != b).map(|((at, _), _)| at);
    &one[..parting.unwrap_or(one.len().min(other.len()))]
}

/// What exports wrote.
pub(super) type Entries = HashMap<Key, Entry>;

/// Reads the list of a folder. `Ok(None)` where there is none; entries whose pages would be written otherwise now are
/// marked to be looked at again.
///
/// # Errors
/// What the system says; [`io::ErrorKind::InvalidData`] for a list that nobody of us wrote.
pub(super) fn read(folder: &Path, site: &str) -> io::Result<Option<Entries>> {
    let file = match File::open(folder.join(LIST)) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut lines = BufReader::new(file).lines();
    let head: Head = lines
        .next()
        .transpose()?
        .as_deref()
        .map(serde_json::from_str)
        .transpose()?
        .ok_or(io::ErrorKind::InvalidData)?;
    let current = head == Head { halftone_export: FORM, site: site.to_owned() };
    let mut entries = Entries::new();
    for line in lines {
        let line = line?;
        let mut parts = line.splitn(3, ' ');
        let key = parts.next().and_then(Key::from_hex).ok_or(io::ErrorKind::InvalidData)?;
        let change = parts.next().and_then(|change| change.parse().ok()).ok_or(io::ErrorKind::InvalidData)?;
        let entry = Entry {
            change: if current { change } else { 0 },
            packed: parts.next().unwrap_or_default().into(),
        };
        let files = entry.files();
        if files.is_empty() || !files.iter().all(|file| lies_inside(&file.0)) {
            return Err(io::ErrorKind::InvalidData.into());
        }
        entries.insert(key, entry);
    }
    Ok(Some(entries))
}

/// Writes the list in place of the one before, whole and durable.
///
/// # Errors
/// What the system says.
pub(super) fn write<'a>(
    folder: &Path,
    site: &str,
    entries: impl Iterator<Item = (&'a Key, &'a Entry)>,
) -> io::Result<()> {
    let part = folder.join(PART);
    let mut out = BufWriter::new(File::create(&part)?);
    serde_json::to_writer(&mut out, &Head { halftone_export: FORM, site: site.to_owned() })?;
    out.write_all(b"\n")?;
    for (key, Entry { change, packed }) in entries {
        writeln!(out, "{key} {change} {packed}")?;
    }
    out.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
    fs::rename(&part, folder.join(LIST))?;
    File::open(folder)?.sync_all()
}

/// The places that an export which was cut short noted; the last line may be cut too, and stands for nothing then.
///
/// # Errors
/// What the system says.
pub(super) fn noted(folder: &Path) -> io::Result<HashSet<String>> {
    let bytes = match fs::read(folder.join(NOTED)) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(HashSet::new()),
        Err(error) => return Err(error),
    };
    let lines = bytes.split_inclusive(|byte| *byte == b'\n').filter_map(|line| line.strip_suffix(b"\n"));
    let places = lines.filter_map(|line| serde_json::from_slice::<String>(line).ok());
    Ok(places.filter(|place| lies_inside(place)).collect())
}

/// Whether a place is a path below the folder: what is read from a file decides what is removed.
pub(super) fn lies_inside(place: &str) -> bool {
    let mut parts = Path::new(place).components();
    !place.is_empty() && parts.all(|part| matches!(part, Component::Normal(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entries() -> Entries {
        let file = |place: &str| Kept(place.to_owned(), 7, "ab".to_owned());
        let page = Entry::of(3, &[file("story/фото/index.html")]);
        let grant = Entry::of(9, &[file("i/t/v/1.jpg"), file("i/t/v/2.jpg")]);
        Entries::from([(Key::of("/story/фото"), page), (Key::of("/i/t"), grant)])
    }

    #[test]
    fn a_list_is_read_back_and_looked_at_again_for_another_site() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(read(folder.path(), "https://a.example").unwrap(), None);
        write(folder.path(), "https://a.example", entries().iter()).unwrap();
        assert_eq!(read(folder.path(), "https://a.example").unwrap(), Some(entries()));
        let other = read(folder.path(), "https://b.example").unwrap().unwrap();
        assert!(other.values().all(|entry| entry.change == 0 && !entry.files().is_empty()));
    }

    #[test]
    fn packed_files_keep_their_places() {
        let file = |place: &str| Kept(place.to_owned(), 1, "ab".to_owned());
        for places in [&["a.css"][..], &["i/t/v/1.jpg", "i/t/v/10.jpg"], &["a/b", "ab/c"], &["я/а", "я/б"]]
        {
            let files: Vec<Kept> = places.iter().map(|place| file(place)).collect();
            assert_eq!(Entry::of(1, &files).files(), files);
        }
    }

    #[test]
    fn a_list_that_names_what_lies_outside_or_is_cut_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        for place in ["../x", "/etc/x", "a/../../x", ""] {
            let file = Kept(place.to_owned(), 1, String::new());
            let bad = Entries::from([(Key::of("/x"), Entry::of(1, &[file]))]);
            write(folder.path(), "", bad.iter()).unwrap();
            assert!(read(folder.path(), "").is_err(), "{place}");
        }
        write(folder.path(), "", entries().iter()).unwrap();
        let whole = fs::read(folder.path().join(LIST)).unwrap();
        File::create(folder.path().join(LIST)).unwrap().write_all(&whole[..whole.len() - 5]).unwrap();
        assert!(read(folder.path(), "").is_err());
    }

    #[test]
    fn a_noted_place_counts_when_its_line_is_whole_and_lies_inside() {
        let folder = tempfile::tempdir().unwrap();
        let text = "\"a/index.html\"\n\"../b\"\n\"c/index.ht";
        File::create(folder.path().join(NOTED)).unwrap().write_all(text.as_bytes()).unwrap();
        assert_eq!(noted(folder.path()).unwrap(), HashSet::from(["a/index.html".to_owned()]));
    }
}
