//! A story with its photos, and finding the story that somebody means.

use std::collections::{BTreeMap, BTreeSet};

use newsroom::facts::PhotoFacts;
use newsroom::id::{PhotoId, StoryId};
use newsroom::plan::{Embargo, Plan};
use newsroom::refusal::Refusal;
use newsroom::shown::{ShownSlide, show};
use newsroom::slug::Slug;
use newsroom::staff::policy::Permission;
use newsroom::story::Story;
use store::{Photo, Store, StoreError, StoryLine, View};

use super::{Denied, Who};

/// A story as the desk sees it: with its photos, and with what readers would see of each slide.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The story.
    pub story: Story,
    /// Its photos and those proposed for its slides.
    pub photos: BTreeMap<PhotoId, Photo>,
    /// Beside `story.slides`, one for one.
    pub shown: Vec<ShownSlide>,
    /// Until when nothing of it may be seen outside the house, also where that is over.
    pub embargo: Option<Embargo>,
    /// When it is to be published by itself.
    pub plan: Option<Plan>,
}

impl Draft {
    /// The photo of a slide.
    pub fn photo(&self, index: usize) -> Option<&Photo> {
        self.story.slides.get(index)?.photo.and_then(|id| self.photos.get(&id))
    }

    /// An earlier state as this reader may see it: slides whose photos they do not reach, and that no longer stand in the draft,
    /// are without them, as when they bring it back.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn as_seen_by(mut self, view: &mut View, who: &Who) -> Result<Self, StoreError> {
        let now = view.story(self.story.id).await?;
        let stands: BTreeSet<PhotoId> = now.iter().flat_map(photos_of).collect();
        let mut hidden = BTreeSet::new();
        for photo in photos_of(&self.story).filter(|photo| !stands.contains(photo)) {
            if !who.reaches(Permission::ReadPhotos, view.owner_of_photo(photo).await?) {
                hidden.insert(photo);
            }
        }
        if hidden.is_empty() {
            return Ok(self);
        }
        for slide in &mut self.story.slides {
            slide.photo = slide.photo.filter(|photo| !hidden.contains(photo));
            slide.proposed = slide.proposed.filter(|photo| !hidden.contains(photo));
        }
        drafted(view, self.story).await
    }

    /// The facts of all its photos.
    pub fn facts(&self) -> BTreeMap<PhotoId, PhotoFacts> {
        self.photos.iter().map(|(id, photo)| (*id, photo.facts.clone())).collect()
    }
}

/// Loads a story with its photos. `None` when there is no such story.
pub async fn load_draft(view: &mut View, id: StoryId) -> Result<Option<Draft>, StoreError> {
    match view.story(id).await? {
        Some(story) => drafted(view, story).await.map(Some),
        None => Ok(None),
    }
}

/// A draft as it stood at a revision, with its photos and what their files say now, for whom reaches all of them; for others see
/// [`Draft::as_seen_by`]. `None` when there is no such revision.
pub async fn load_draft_at(view: &mut View, id: StoryId, revision: i64) -> Result<Option<Draft>, StoreError> {
    match view.story_at(id, revision).await? {
        Some(story) => drafted(view, story).await.map(Some),
        None => Ok(None),
    }
}

/// Photos of a story's slides, and those proposed for them.
fn photos_of(story: &Story) -> impl Iterator<Item = PhotoId> {
    story.slides.iter().flat_map(|slide| [slide.photo, slide.proposed]).flatten()
}

async fn drafted(view: &mut View, story: Story) -> Result<Draft, StoreError> {
    let mut photos = BTreeMap::new();
    let wanted: Vec<PhotoId> = photos_of(&story).collect();
    for kept in view.photos_by_ids(&wanted).await? {
        photos.insert(kept.id, kept);
    }
    let shown = story
        .slides
        .iter()
        .map(|slide| {
            show(slide, slide.photo.and_then(|id| photos.get(&id)).map(|photo| &photo.facts), &story.language)
        })
        .collect();
    let (embargo, plan) = (view.embargo(story.id).await?, view.plan(story.id).await?);
    Ok(Draft { story, photos, shown, embargo, plan })
}

/// Finds the story that a person means by its id, its slug (also an older one), its short code or its exact headline.
/// `None` when there is none; refused when the headline names several.
pub async fn find_story(store: &Store, name: &str) -> Result<Option<StoryId>, Denied> {
    let name = name.trim();
    store
        .view(async |view: &mut View| {
            if let Ok(id) = name.parse::<StoryId>() {
                return Ok(view.story(id).await?.map(|story| story.id));
            }
            if let Some(slug) = Slug::parse(name) {
                if let Some(id) = view.story_id_of_slug(&slug).await? {
                    return Ok(Some(id));
                }
                if let Some(id) = view.story_id_of_old_slug(&slug).await? {
                    return Ok(Some(id));
                }
            }
            if let Some(id) = view.story_id_of_short_code(name).await? {
                return Ok(Some(id));
            }
            only_one(name, &view.stories_with_headline(name).await?)
        })
        .await
}

fn only_one(headline: &str, found: &[StoryLine]) -> Result<Option<StoryId>, Denied> {
    match found {
        [] => Ok(None),
        [one] => Ok(Some(one.id)),
        several => {
            let slugs: Vec<&str> = several.iter().map(|line| line.slug.as_str()).collect();
            let sentence = format!(
                "{} stories have the headline \"{headline}\"; name one by its slug: {}.",
                several.len(),
                slugs.join(", ")
            );
            Err(Refusal::new("headline_ambiguous", sentence).into())
        }
    }
}

/// The refusal for a name that no story has.
pub fn no_such_story(name: &str) -> Refusal {
    Refusal::new("story_unknown", format!("No story has the id, slug or headline \"{name}\"."))
}
