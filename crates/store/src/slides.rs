//! The slides of a story, in order.

use std::collections::{BTreeMap, BTreeSet};

use newsroom::id::{PhotoId, SlideId, StoryId};
use newsroom::slide::{Clearing, Slide};

use crate::action::{Tx, View};
use crate::error::StoreError;
use crate::photos::focus;
use crate::statement::statements;
use crate::value::{Row, as_json, binds};

statements! { "slides";
    OF_STORY = "SELECT id, place_in_story, photo, proposed, caption, alt, long_description, credit, place, taken_on,
        language, cleared_at, cleared_reason, cleared, focus_x, focus_y FROM slides WHERE story = $1 ORDER BY place_in_story, id";
    PUT = "INSERT INTO slides (story, id, place_in_story, photo, proposed, caption, alt, long_description, credit,
        place, taken_on, language, cleared_at, cleared_reason, cleared, focus_x, focus_y)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)
        ON CONFLICT (story, id) DO UPDATE SET place_in_story = excluded.place_in_story, photo = excluded.photo,
        proposed = excluded.proposed, caption = excluded.caption, alt = excluded.alt,
        long_description = excluded.long_description, credit = excluded.credit, place = excluded.place,
        taken_on = excluded.taken_on, language = excluded.language, cleared_at = excluded.cleared_at,
        cleared_reason = excluded.cleared_reason, cleared = excluded.cleared,
        focus_x = excluded.focus_x, focus_y = excluded.focus_y";
    REMOVE = "DELETE FROM slides WHERE story = $1 AND id = $2";
    WAITS_FOR_PHOTOS = "SELECT 1 AS waits FROM slides JOIN photos ON photos.id = slides.photo
        WHERE slides.story = $1 AND photos.developed_at IS NULL AND photos.refused_at IS NULL
        AND photos.withdrawn_at IS NULL LIMIT 1";
    STORIES_WITH_PHOTO = "SELECT DISTINCT story FROM slides WHERE photo = $1 ORDER BY story";
}

impl View {
    pub(crate) async fn slides_of(&mut self, story: StoryId) -> Result<Vec<Slide>, StoreError> {
        self.rows(OF_STORY, binds![story]).await?.iter().map(slide).collect()
    }

    /// The stories, published or not, with a slide that has this photo.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn stories_with_photo(&mut self, photo: PhotoId) -> Result<Vec<StoryId>, StoreError> {
        let rows = self.rows(STORIES_WITH_PHOTO, binds![photo]).await?;
        rows.iter().map(|row| row.id("story", StoryId::from_uuid)).collect()
    }

    /// Whether a slide of the story has a photo that is still to be developed.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn waits_for_photos(&mut self, story: StoryId) -> Result<bool, StoreError> {
        Ok(self.row(WAITS_FOR_PHOTOS, binds![story]).await?.is_some())
    }
}

impl Tx {
    /// Makes `slides` the slides of the story, in this order. Only what differs is written, so that a new caption
    /// costs the same in a story of one hundred slides. Gives those that are new or other than before.
    pub(crate) async fn replace_slides(
        &mut self,
        story: StoryId,
        slides: &[Slide],
    ) -> Result<BTreeSet<SlideId>, StoreError> {
        let rows = self.rows(OF_STORY, binds![story]).await?;
        let mut kept: BTreeMap<SlideId, (i64, Slide)> = BTreeMap::new();
        for row in &rows {
            let slide = slide(row)?;
            kept.insert(slide.id.clone(), (row.int("place_in_story")?, slide));
        }
        let mut changed = BTreeSet::new();
        for (place, slide) in (1_i64..).zip(slides) {
            let before = kept.remove(&slide.id);
            let was = before.as_ref().map(|(_, was)| was);
            if was != Some(slide) {
                changed.insert(slide.id.clone());
                for photo in was.and_then(|was| was.photo).into_iter().chain(slide.photo) {
                    self.unshelve(photo).await?;
                }
            }
            if before.is_none_or(|(was_at, was)| was_at != place || was != *slide) {
                self.put_slide(story, place, slide).await?;
            }
        }
        for (id, (_, gone)) in &kept {
            self.run(REMOVE, binds![story, id.as_str()]).await?;
            if let Some(photo) = gone.photo {
                self.unshelve(photo).await?;
            }
        }
        Ok(changed)
    }

    async fn put_slide(&mut self, story: StoryId, place: i64, slide: &Slide) -> Result<(), StoreError> {
        let values = binds![
            story,
            slide.id.as_str(),
            place,
            slide.photo,
            slide.proposed,
            slide.caption.clone(),
            slide.alt.clone(),
            slide.long_description.clone(),
            slide.credit.clone(),
            slide.place.clone(),
            slide.date.clone(),
            slide.language.clone(),
            slide.clearing.as_ref().map(|clearing| clearing.at),
            slide.clearing.as_ref().map(|clearing| clearing.reason.clone()),
            as_json(
                &slide.clearing.as_ref().map(|clearing| clearing.cleared.as_slice()).unwrap_or_default()
            )?,
            slide.focus.map(|focus| i64::from(focus.x())),
            slide.focus.map(|focus| i64::from(focus.y())),
        ];
        self.run(PUT, values).await.map(|_| ())
    }
}

pub(crate) fn slide_id(text: &str) -> Option<SlideId> {
    text.parse().ok()
}

fn slide(row: &Row) -> Result<Slide, StoreError> {
    let clearing = match row.maybe_moment("cleared_at")? {
        Some(at) => Some(Clearing { reason: row.text("cleared_reason")?, at, cleared: row.json("cleared")? }),
        None => None,
    };
    Ok(Slide {
        id: row.parsed("id", slide_id)?,
        photo: row.maybe_id("photo", PhotoId::from_uuid)?,
        proposed: row.maybe_id("proposed", PhotoId::from_uuid)?,
        caption: row.maybe_text("caption")?,
        alt: row.maybe_text("alt")?,
        long_description: row.maybe_text("long_description")?,
        credit: row.maybe_text("credit")?,
        place: row.maybe_text("place")?,
        date: row.maybe_text("taken_on")?,
        language: row.maybe_text("language")?,
        clearing,
        focus: focus(row, "focus_x", "focus_y")?,
    })
}
