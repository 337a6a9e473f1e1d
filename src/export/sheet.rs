//! The files that one thing of the printed tree becomes.

use serve::{Grant, Key, Kind, Map, Mark, Printed, Rendition, path_of};
use sha2::{Digest, Sha256};

use super::links::relinked;
use super::list::{Kept, lies_inside};
use super::place::{Lead, Stand, file_of};
use super::{ExportFault, Source};
use crate::pages;

/// Redirects that lead to each other before the page is given up.
const TURNS: u32 = 8;

/// What a path becomes.
pub(super) enum Sheet {
    /// These files.
    Files(Vec<(Kept, Content)>),
    /// Nothing: it is not for readers, or leads to what is gone.
    Nothing,
    /// What lies in the tree cannot be read.
    Damaged,
}

/// What a file holds.
pub(super) enum Content {
    Bytes(Vec<u8>),
    /// The picture under this key.
    Picture(String),
}

/// Reads what the map names and makes it into files.
///
/// # Errors
/// [`ExportFault`] for a tree that cannot be read, or a page that cannot be made.
pub(super) fn sheet(source: &Source<'_>, map: &Map, key: Key, mark: Mark) -> Result<Sheet, ExportFault> {
    let Some((path, printed)) = read(source, key, mark)? else { return Ok(Sheet::Damaged) };
    if mark.kind() == Kind::Grant {
        return Ok(pictures(&path, &printed));
    }
    let Some(file) = file_of(&path).filter(|file| lies_inside(file)) else { return Ok(Sheet::Nothing) };
    let stand = Stand::new(&path, &file, &source.site.url);
    let bytes = if mark.kind() == Kind::Redirect {
        match redirect(source, map, &stand, &printed)? {
            Some(page) if file.ends_with(".html") => page.into_bytes(),
            _ => return Ok(Sheet::Nothing),
        }
    } else if printed.content_type == pages::HTML {
        let Ok(html) = std::str::from_utf8(&printed.plain) else { return Ok(Sheet::Damaged) };
        relinked(html, &stand).into_bytes()
    } else {
        printed.plain.to_vec()
    };
    let kept = Kept(file, bytes.len() as u64, hash(&bytes));
    Ok(Sheet::Files(vec![(kept, Content::Bytes(bytes))]))
}

fn read(source: &Source<'_>, key: Key, mark: Mark) -> Result<Option<(String, Printed)>, ExportFault> {
    let read = source.tree.object(key, mark.change());
    Ok(read.map_err(|error| ExportFault::at(source.data, error))?.and_then(Result::ok))
}

fn pictures(path: &str, printed: &Printed) -> Sheet {
    let Ok(grant) = serde_json::from_slice::<Grant>(&printed.plain) else { return Sheet::Damaged };
    let Grant { version, renditions } = grant;
    let file = |rendition: Rendition| {
        let place = format!("{}/{version}/{}", path.trim_start_matches('/'), rendition.file);
        let inside = lies_inside(&place) && lies_inside(&rendition.blob);
        let from = Content::Picture(rendition.blob.clone());
        // Its version is a part of its place, and tells its content.
        inside.then_some((Kept(place, rendition.bytes, String::new()), from))
    };
    Sheet::Files(renditions.into_iter().filter_map(file).collect())
}

/// A redirect as a page; `None` where what it leads to is gone.
fn redirect(
    source: &Source<'_>,
    map: &Map,
    stand: &Stand<'_>,
    printed: &Printed,
) -> Result<Option<String>, ExportFault> {
    let Some(location) = printed.location.as_deref().filter(|location| !location.is_empty()) else {
        return Ok(None);
    };
    if location.starts_with('/') && !leads_to_a_page(source, map, location)? {
        return Ok(None);
    }
    let page = match stand.lead(location) {
        Lead::To(to) => pages::plain::redirect(source.site, &to, &format!("{}{location}", source.site.url))?,
        Lead::Same => pages::plain::redirect(source.site, location, location)?,
        Lead::Nowhere => return Ok(None),
    };
    Ok(Some(page.body))
}

fn leads_to_a_page(source: &Source<'_>, map: &Map, location: &str) -> Result<bool, ExportFault> {
    let mut location = location.to_owned();
    for _ in 0..TURNS {
        let Some(key) = path_of(&location).map(|path| Key::of(&path)) else { return Ok(false) };
        let Some(mark) = map.get(&key) else { return Ok(false) };
        if mark.kind() != Kind::Redirect {
            return Ok(mark.kind() == Kind::Page);
        }
        let next = read(source, key, mark)?.and_then(|(_, printed)| printed.location);
        let Some(next) = next else { return Ok(false) };
        location = next;
    }
    Ok(false)
}

/// Eighty bits of SHA-256: enough to tell two versions of one file apart.
fn hash(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().take(10).map(|byte| format!("{byte:02x}")).collect()
}
