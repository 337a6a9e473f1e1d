//! What a story's pages are made from, read at one moment: by a print, and by a preview that shows what one would give.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use newsroom::id::PhotoId;
use newsroom::moment::Moment;
use newsroom::notice::Notice;
use newsroom::published::{Picture, PublishedStory};
use store::{Publication, StoreError, View};

use super::site;
use crate::pages::Counters;
use crate::pages::story::{Neighbour, Neighbours, StoryInput};

/// What readers see of a story.
pub(super) struct StoryRead {
    /// `None` when every photo of it was withdrawn.
    pub story: Option<PublishedStory>,
    pub pictures: BTreeMap<PhotoId, Picture>,
    pub notices: Arc<Vec<Notice>>,
    older: Option<PublishedStory>,
    newer: Option<PublishedStory>,
    changed: Option<Moment>,
    /// Photos that were withdrawn.
    pub withdrawn: BTreeSet<PhotoId>,
}

/// Reads what stands beside a publication whose pictures are these; `withdrawn` are its photos that readers may not see.
pub(super) async fn read(
    view: &mut View,
    publication: &Publication,
    withdrawn: BTreeMap<PhotoId, Moment>,
    pictures: BTreeMap<PhotoId, Picture>,
    notices: &Arc<Vec<Notice>>,
) -> Result<StoryRead, StoreError> {
    let record = &publication.record;
    let changed = withdrawn.values().copied().fold(publication.published_at, Moment::max);
    let (older, newer) = view.neighbours(record.shown.at, record.id).await?;
    Ok(StoryRead {
        story: site::without(record.clone(), |photo| withdrawn.contains_key(&photo)),
        pictures,
        notices: Arc::clone(notices),
        older: shown(view, older).await?,
        newer: shown(view, newer).await?,
        changed: Some(changed).filter(|changed| *changed > record.first_published),
        withdrawn: withdrawn.into_keys().collect(),
    })
}

/// A neighbour as readers see it; `None` where nothing is left of it, and until it is printed itself.
async fn shown(
    view: &mut View,
    publication: Option<Publication>,
) -> Result<Option<PublishedStory>, StoreError> {
    match publication {
        Some(publication) => site::readable(view, publication.record).await,
        None => Ok(None),
    }
}

impl StoryRead {
    pub fn input<'a>(&'a self, story: &'a PublishedStory, at: Moment) -> StoryInput<'a> {
        StoryInput {
            story,
            pictures: &self.pictures,
            notices: &self.notices,
            counters: Some(Counters { comments: story.offsets.comments, views: story.offsets.views }),
            neighbours: Neighbours {
                previous: self.older.as_ref().map(neighbour),
                next: self.newer.as_ref().map(neighbour),
            },
            changed: self.changed,
            at,
        }
    }
}

fn neighbour(story: &PublishedStory) -> Neighbour<'_> {
    Neighbour {
        story: story.id,
        slug: &story.slug,
        headline: &story.headline,
        language: &story.language,
        direction: story.direction,
    }
}
