//! Which photos look like another: the same picture resized, recompressed or slightly cut, known by its fingerprint.

use newsroom::alike::Looks;
use newsroom::id::{PhotoId, StoryId};
use store::{StoreError, View};

use super::Denied;
use super::withdraw::no_such_photo;
use crate::app::App;

/// Changed fingerprints read at once.
const PAGE: u32 = 10_000;

/// Photos that are told of, the nearest.
const MOST: usize = 100;

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
    /// Bits in which the fingerprints differ, 0 to [`newsroom::alike::ALIKE`].
    pub distance: u32,
    /// Whether it came with the same caption.
    pub captions: Captions,
    /// Why it was withdrawn, where it was.
    pub withdrawn: Option<String>,
    /// The stories that have it, with their headlines.
    pub stories: Vec<(StoryId, String)>,
}

/// The photos that look like `photo`, the most alike first, at most a hundred. None for a photo that was never developed.
///
/// The process holds the fingerprints of all photos on shelf; what it or another process developed since is read first.
///
/// # Errors
/// A refusal when there is no such photo; a fault of the store.
pub async fn similar(app: &App, photo: PhotoId) -> Result<Vec<Similar>, Denied> {
    let one = app.store().view(async |view: &mut View| view.photo(photo).await).await?;
    let Some(one) = one else { return Err(Denied::Refused(vec![no_such_photo(photo)])) };
    let Some(measured) = one.measured else { return Ok(Vec::new()) };
    let near = {
        let mut looks = app.looks().lock().await;
        learn(app, &mut looks).await?;
        // Itself, too, is near.
        looks.near(measured.fingerprint, MOST + 1)
    };
    let numbers: Vec<u32> = near.iter().map(|(_, number)| *number).collect();
    let found = app
        .store()
        .view(async |view: &mut View| {
            let photos = view.photos_by_number(&numbers).await?;
            let mut similar = Vec::with_capacity(photos.len());
            for (distance, number) in near {
                let kept = photos.iter().find(|(other, kept)| *other == number && kept.id != photo);
                let Some((_, kept)) = kept else { continue };
                let same = kept.facts.description == one.facts.description;
                similar.push(Similar {
                    photo: kept.id,
                    distance,
                    captions: if same { Captions::Same } else { Captions::Different },
                    withdrawn: kept.withdrawn.as_ref().map(|decision| decision.reason.clone()),
                    stories: headlines(view, kept.id).await?,
                    name: kept.name.clone(),
                });
            }
            Ok::<_, StoreError>(similar)
        })
        .await?;
    Ok(found)
}

/// Reads the fingerprints that changed since they were read last.
async fn learn(app: &App, looks: &mut Looks) -> Result<(), StoreError> {
    loop {
        let since = looks.version();
        let changed = app.store().view(async |view: &mut View| view.prints_since(since, PAGE).await).await?;
        if changed.is_empty() {
            return Ok(());
        }
        for (number, print, version) in changed {
            looks.learn(number, print, version);
        }
    }
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
