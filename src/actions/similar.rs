//! Which photos look like another: the same picture resized, recompressed or slightly cut, known by its fingerprint.

use darkroom::steps::fingerprint::distance;
use newsroom::id::{PhotoId, StoryId};
use store::{StoreError, View};

use super::Denied;
use super::withdraw::no_such_photo;
use crate::app::App;

/// Bits in which the fingerprints of two copies of one picture differ at most. Resized and recompressed copies differ
/// in up to 4, copies cut at the edges in a few more, other photographs in more than 20.
pub const ALIKE: u32 = 10;

/// Fingerprints read at once.
const PAGE: u32 = 5_000;

/// Whether two photos came with the same caption.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Captions {
    /// Word for word.
    Same,
    /// In any other way.
    Different,
}

/// A photo that looks like another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Similar {
    /// Which.
    pub photo: PhotoId,
    /// Its file's name.
    pub name: String,
    /// Bits in which the fingerprints differ, 0 to [`ALIKE`].
    pub distance: u32,
    /// Whether it came with the same caption.
    pub captions: Captions,
    /// Why it was withdrawn, where it was.
    pub withdrawn: Option<String>,
    /// The stories that have it, with their headlines.
    pub stories: Vec<(StoryId, String)>,
}

/// The fingerprints of all developed photos, by the moment they came in.
///
/// # Errors
/// A fault of the store.
pub async fn fingerprints(app: &App) -> Result<Vec<(PhotoId, u64)>, StoreError> {
    let mut all: Vec<(PhotoId, u64)> = Vec::new();
    loop {
        let after = all.last().map(|(photo, _)| *photo);
        let page =
            app.store().view(async |view: &mut View| view.fingerprints_after(after, PAGE).await).await?;
        if page.is_empty() {
            return Ok(all);
        }
        all.extend(page);
    }
}

/// The photos among `all` that look like `photo`, the most alike first. None for a photo that was never developed.
///
/// # Errors
/// A refusal when there is no such photo; a fault of the store.
pub async fn similar(app: &App, photo: PhotoId, all: &[(PhotoId, u64)]) -> Result<Vec<Similar>, Denied> {
    let found = app
        .store()
        .view(async |view: &mut View| {
            let Some(one) = view.photo(photo).await? else { return Ok(None) };
            let Some(measured) = one.measured else { return Ok(Some(Vec::new())) };
            let mut alike: Vec<(u32, PhotoId)> = all
                .iter()
                .map(|(other, print)| (distance(measured.fingerprint, *print), *other))
                .filter(|(bits, other)| *bits <= ALIKE && *other != photo)
                .collect();
            alike.sort_unstable();
            let mut similar = Vec::with_capacity(alike.len());
            for (distance, other) in alike {
                let Some(kept) = view.photo(other).await? else { continue };
                let same = kept.facts.description == one.facts.description;
                similar.push(Similar {
                    photo: other,
                    distance,
                    captions: if same { Captions::Same } else { Captions::Different },
                    withdrawn: kept.withdrawn.map(|decision| decision.reason),
                    stories: headlines(view, other).await?,
                    name: kept.name,
                });
            }
            Ok::<_, StoreError>(Some(similar))
        })
        .await?;
    found.ok_or_else(|| Denied::Refused(vec![no_such_photo(photo)]))
}

async fn headlines(view: &mut View, photo: PhotoId) -> Result<Vec<(StoryId, String)>, StoreError> {
    let mut headlines = Vec::new();
    for id in view.stories_with_photo(photo).await? {
        if let Some(story) = view.story(id).await? {
            headlines.push((id, story.headline));
        }
    }
    Ok(headlines)
}
