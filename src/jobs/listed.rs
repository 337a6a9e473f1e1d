//! Stories as lists and feeds show them.

use std::collections::BTreeMap;

use newsroom::id::PhotoId;
use newsroom::moment::Moment;
use newsroom::published::{Picture, PublishedStory};
use store::{Listing, Part, StoreError, View};

use super::site;
use crate::pages::feed::FeedStory;
use crate::pages::list::Card;

/// Stories on a list's page.
pub(super) const ON_A_LIST: u32 = 24;
/// Stories in a feed.
pub(super) const IN_A_FEED: u32 = 15;

/// A published story with what a list shows of it.
pub(super) struct Listed {
    pub story: PublishedStory,
    pub pictures: BTreeMap<PhotoId, Picture>,
    pub updated: Moment,
}

impl Listed {
    pub(super) fn card(&self) -> Card<'_> {
        let cover = self.story.slides.iter().find(|slide| slide.id == self.story.cover);
        Card { story: &self.story, picture: cover.and_then(|slide| self.pictures.get(&slide.photo?)) }
    }

    pub(super) fn entry(&self) -> FeedStory<'_> {
        FeedStory { story: &self.story, pictures: &self.pictures, updated: self.updated }
    }
}

/// The newest stories of a listing, for its page and its feed.
pub(super) async fn newest(view: &mut View, listing: Listing<'_>) -> Result<Vec<Listed>, StoreError> {
    let mut stories = Vec::new();
    for publication in view.published(listing, Part::newest(ON_A_LIST)).await? {
        let updated = site::changed(view, &publication).await?;
        let Some(story) = site::readable(view, publication.record).await? else { continue };
        let pictures = site::pictures(view, &story).await?;
        stories.push(Listed { story, pictures, updated });
    }
    Ok(stories)
}
