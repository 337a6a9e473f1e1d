//! Every state that a draft had. A save writes one row: the story without its slides, the slides that it changed, and for each
//! slide in its order the revision whose row holds it. So a new caption costs the same in a story of three hundred slides,
//! and a state is read from as many rows as its slides were changed in.

use std::collections::{BTreeMap, BTreeSet};

use newsroom::id::{SlideId, StoryId};
use newsroom::moment::Moment;
use newsroom::slide::Slide;
use newsroom::story::Story;
use serde_json::Value as Json;

use crate::action::{Tx, View};
use crate::error::StoreError;
use crate::statement::statements;
use crate::value::{Row, as_json, binds};

/// Who changes a draft, when, and by what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct By<'a> {
    /// When.
    pub at: Moment,
    /// Who, as in the audit log.
    pub who: &'a str,
    /// What was done, as in the audit log.
    pub verb: &'a str,
}

/// A state that a draft had, in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// Its number.
    pub number: i64,
    /// When it was made.
    pub at: Moment,
    /// Who made it; `None` where it is older than what keeps them.
    pub who: Option<String>,
    /// By what; `None` where it is older than what keeps them.
    pub verb: Option<String>,
}

/// For each slide in its order the revision whose row holds it.
type Places = Vec<(SlideId, i64)>;

statements! { "revisions";
    ADD = "INSERT INTO revisions (story, revision, made_at, who, verb, head, places, slides)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    ONE = "SELECT head, places FROM revisions WHERE story = $1 AND revision = $2";
    PLACES = "SELECT places FROM revisions WHERE story = $1 AND revision = $2";
    SLIDES = "SELECT slides FROM revisions WHERE story = $1 AND revision = $2";
    BEFORE = "SELECT revision, made_at, who, verb FROM revisions
        WHERE story = $1 AND revision < $2 ORDER BY revision DESC LIMIT $3";
}

impl View {
    /// The states of a draft with a number below `before`, newest first, at most `limit`. The present one is always among them,
    /// those from before states were kept are not.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn revisions(
        &mut self,
        story: StoryId,
        before: i64,
        limit: u32,
    ) -> Result<Vec<Revision>, StoreError> {
        let rows = self.rows(BEFORE, binds![story, before, limit]).await?;
        let mut found: Vec<Revision> = rows.iter().map(revision).collect::<Result<_, _>>()?;
        if let Some((number, at)) = self.present_revision(story).await?
            && number < before
            && found.first().is_none_or(|newest| newest.number < number)
        {
            found.insert(0, Revision { number, at, who: None, verb: None });
            found.truncate(limit as usize);
        }
        Ok(found)
    }

    /// A draft as it stood at a revision. `None` where there is no such revision, or it was not kept.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn story_at(&mut self, id: StoryId, revision: i64) -> Result<Option<Story>, StoreError> {
        if self.present_revision(id).await?.is_some_and(|(present, _)| present == revision) {
            return self.story(id).await;
        }
        let Some(row) = self.row(ONE, binds![id, revision]).await? else { return Ok(None) };
        let (mut story, places): (Story, Places) = (row.json("head")?, row.json("places")?);
        let mut slides = BTreeMap::new();
        for from in places.iter().map(|(_, from)| *from).collect::<BTreeSet<i64>>() {
            let row = self.row(SLIDES, binds![id, from]).await?;
            let row = row.ok_or_else(|| gone(id, from))?;
            for slide in row.json::<Vec<Slide>>("slides")? {
                slides.insert((slide.id.clone(), from), slide);
            }
        }
        for place in places {
            story.slides.push(slides.remove(&place).ok_or_else(|| gone(id, place.1))?);
        }
        Ok(Some(story))
    }

    /// For each slide of a draft the revision whose row holds it; `None` where that state is not kept.
    pub(crate) async fn places(
        &mut self,
        story: StoryId,
        revision: i64,
    ) -> Result<Option<Places>, StoreError> {
        self.row(PLACES, binds![story, revision]).await?.map(|row| row.json("places")).transpose()
    }
}

impl Tx {
    /// Keeps the state that a draft has now where it is not kept yet: it is older than the table, or an older program made it.
    pub(crate) async fn keep_present(&mut self, id: StoryId, revision: i64) -> Result<Places, StoreError> {
        if let Some(places) = self.places(id, revision).await? {
            return Ok(places);
        }
        let Some(story) = self.story(id).await? else { return Ok(Places::new()) };
        let changed = story.slides.iter().map(|slide| slide.id.clone()).collect();
        self.add_revision(&story, Places::new(), &changed, None).await
    }

    /// Keeps the state that a draft has from now on, `story.revision` its number. `before` says where the slides lie that are
    /// not among the `changed` ones.
    pub(crate) async fn add_revision(
        &mut self,
        story: &Story,
        before: Places,
        changed: &BTreeSet<SlideId>,
        by: Option<&By<'_>>,
    ) -> Result<Places, StoreError> {
        let mut before: BTreeMap<SlideId, i64> = before.into_iter().collect();
        let (mut places, mut written) = (Places::new(), Vec::new());
        for slide in &story.slides {
            let from = before.remove(&slide.id).filter(|_| !changed.contains(&slide.id));
            if from.is_none() {
                written.push(short(slide)?);
            }
            places.push((slide.id.clone(), from.unwrap_or(story.revision)));
        }
        let head = Story { slides: Vec::new(), ..story.clone() };
        let values = binds![
            story.id,
            story.revision,
            by.map_or(story.moments.changed, |by| by.at),
            by.map(|by| by.who),
            by.map(|by| by.verb),
            as_json(&head)?,
            as_json(&places)?,
            as_json(&written)?,
        ];
        self.run(ADD, values).await?;
        Ok(places)
    }
}

/// A slide without the fields in which nothing stands, of which it has many.
fn short(slide: &Slide) -> Result<Json, StoreError> {
    let mut json = serde_json::to_value(slide).map_err(|cause| StoreError::fault(cause.to_string()))?;
    if let Json::Object(fields) = &mut json {
        fields.retain(|_, value| !value.is_null());
    }
    Ok(json)
}

fn gone(id: StoryId, revision: i64) -> StoreError {
    StoreError::fault(format!("revision {revision} of story {id} lacks a slide that a later one has"))
}

fn revision(row: &Row) -> Result<Revision, StoreError> {
    Ok(Revision {
        number: row.int("revision")?,
        at: row.moment("made_at")?,
        who: row.maybe_text("who")?,
        verb: row.maybe_text("verb")?,
    })
}
