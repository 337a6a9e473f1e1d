//! The grants of a story's photos, their public files made.

use std::collections::{BTreeMap, BTreeSet};

use newsroom::id::PhotoId;
use newsroom::published::PixelSize;
use serve::{Grant, Printed, Rendition};
use store::{ShownPhoto, View};

use super::context::{Context, JobFault};
use super::files::Files;
use super::press::{PRINTER, Sheet, What};
use super::public_files::{self, Lying, Made, Public};
use super::story_sheets::Found;
use super::{add_avif, renew};
use crate::pages::PageKey;

/// The grants of a story.
#[derive(Default)]
pub(super) struct Grants {
    pub sheets: Vec<Sheet>,
    pub lacks_avif: bool,
    /// Whether photos have other grants or files by now than those that were found.
    pub changed: bool,
    /// Photos that have files of other versions than the one granted, which is named.
    pub superseded: Vec<(PhotoId, String)>,
}

/// Public files by photo.
pub(super) type AllLying = BTreeMap<PhotoId, Vec<Lying>>;

/// The public files of the photos, each with whether it lies there.
pub(super) async fn lying(
    context: &Context,
    photos: impl Iterator<Item = &ShownPhoto>,
) -> Result<AllLying, JobFault> {
    // Stories that are printed together may show one photo.
    let photos: BTreeMap<PhotoId, &ShownPhoto> = photos.map(|photo| (photo.photo, photo)).collect();
    let files = photos.values().flat_map(|photo| photo.files.iter().cloned()).collect();
    let mut lying = AllLying::new();
    for file in public_files::lying(context, files).await? {
        lying.entry(file.0.photo).or_default().push(file);
    }
    Ok(lying)
}

/// What to do about public files that are not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    /// Make them.
    Make,
    /// Nothing: the story is printed another time.
    Decline,
}

/// The grants of all photos that the story may show, their public files made. A photo without renditions is left out:
/// its development was asked for, and asks for this print once more; until then the page says that it is to come.
/// `None` where files are missing that are not to be made.
pub(super) async fn of(
    context: &Context,
    found: &Found,
    lying: &AllLying,
    missing: Missing,
) -> Result<Option<Grants>, JobFault> {
    let work = &context.app.config().work;
    let story = &found.publication.record;
    let mut grants = Grants::default();
    for slide in &story.slides {
        let Some(photo) = slide.photo.and_then(|photo| found.photos.get(&photo)) else { continue };
        let Some(grant) = photo.grant.clone() else { continue };
        if photo.withdrawn_at.is_some() || photo.refused {
            continue;
        }
        let public = Public::from(slide);
        let before = grant.version.clone();
        let lying = lying.get(&photo.photo).map_or(&[][..], Vec::as_slice);
        let current = public_files::version_of(&public, work).as_ref() == Some(&before);
        if missing == Missing::Decline && !(current && public_files::stand(lying, &before, &public)) {
            return Ok(None);
        }
        let Some(grant) = renew::grant_of(context, story.id, &public, grant).await? else { continue };
        let what = (photo.photo, &grant.version);
        let made = public_files::ensure_beside(context, what, &public, photo.size, lying).await?;
        let Some(made) = made else { continue };
        grants.changed |= before != grant.version || made.iter().any(|(_, file)| !photo.files.contains(file));
        if photo.files.iter().any(|file| !public_files::is_of(file, &grant.version)) {
            grants.superseded.push((photo.photo, grant.version.as_str().to_owned()));
        }
        let sets: Vec<Files> = made.iter().map(|(files, _)| *files).collect();
        grants.lacks_avif |= lacks_more(context, photo.photo, &sets, &public).await?;
        grants.sheets.push(granted(photo.photo, grant, &made)?);
    }
    Ok(Some(grants))
}

/// The sheet of a grant.
fn granted(photo: PhotoId, grant: store::Grant, made: &[Made]) -> Result<Sheet, JobFault> {
    let renditions = made.iter().map(rendition).collect();
    let object = Grant { version: grant.version.to_string(), renditions };
    let key = PageKey::Photo(photo).to_string();
    let printed = Printed::grant(&object, PRINTER).map_err(std::io::Error::other)?.with_keys([key.as_str()]);
    Ok(Sheet {
        path: serve::grant_path(&grant.token),
        what: What::Grant { token: grant.token, printed },
        keys: BTreeSet::from([key]),
    })
}

fn rendition((files, file): &Made) -> Rendition {
    let PixelSize { width, .. } = file.size;
    Rendition {
        file: files.file_name(width),
        blob: file.public_key().to_string(),
        bytes: file.bytes,
        etag: format!("{}-{width}", file.name.as_str()),
    }
}

/// Whether AVIF is still to be made of a photo.
async fn lacks_more(
    context: &Context,
    photo: PhotoId,
    made: &[Files],
    public: &Public<'_>,
) -> Result<bool, JobFault> {
    let complete = public.sets().all(|files| made.contains(&files));
    if complete {
        return Ok(false);
    }
    let work = &context.app.config().work;
    let store = context.app.store();
    store.view(async |view: &mut View| add_avif::is_to_come(view, photo, made, public, work).await).await
}
