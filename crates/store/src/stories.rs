//! Stories as the desk keeps them, with their old slugs. Slides are kept beside them in `slides.rs` and come and go
//! with the story.

use newsroom::id::{SlideId, StaffId, StoryId};
use newsroom::moment::Moment;
use newsroom::slug::Slug;
use newsroom::story::{CounterOffsets, Direction, ShownTime, Story, StoryMoments};

use crate::action::{Tx, View};
use crate::error::StoreError;
use crate::revisions::By;
use crate::slides;
use crate::statement::statements;
use crate::value::{Row, Value, as_int, as_json, binds};

/// What became of a story that was to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// It is kept, with this revision.
    As {
        /// The new revision.
        revision: i64,
    },
    /// It was made from an older revision than the one kept, or the story is not there (then `revision` is 0).
    Stale {
        /// The revision that is kept.
        revision: i64,
    },
    /// Another story has, or had, this slug.
    SlugTaken,
    /// Another story has this short code (or, on insert, this id).
    ShortCodeTaken,
}

/// A story in a list of the desk, without its texts and slides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoryLine {
    /// Its id.
    pub id: StoryId,
    /// Its slug.
    pub slug: Slug,
    /// Its section.
    pub section: String,
    /// Its headline; may be empty.
    pub headline: String,
    /// Its revision.
    pub revision: i64,
    /// Its moments.
    pub moments: StoryMoments,
}

macro_rules! columns {
    () => {
        "id, slug, short_code, revision, section, headline, lede, body, dateline, bylines, tags, cover, language, \
         direction, created_at, changed_at, first_published_at, published_at, shown_at, shown_unconfirmed, \
         withdrawn_at, withdrawn_reason, comments_offset, views_offset, kept_lines"
    };
}
macro_rules! line_columns {
    () => {
        "id, slug, revision, section, headline, created_at, changed_at, first_published_at, published_at, shown_at, \
         shown_unconfirmed, withdrawn_at"
    };
}

statements! { "stories";
    BY_ID = concat!("SELECT ", columns!(), " FROM stories WHERE id = $1");
    ID_OF_SLUG = "SELECT id FROM stories WHERE slug = $1";
    ID_OF_SHORT_CODE = "SELECT id FROM stories WHERE short_code = $1";
    ID_OF_OLD_SLUG = "SELECT story FROM old_slugs WHERE slug = $1";
    WITH_HEADLINE = concat!("SELECT ", line_columns!(), " FROM stories WHERE headline = $1 ORDER BY id");
    NEWEST = concat!("SELECT ", line_columns!(), " FROM stories
        WHERE changed_at <= $1 AND (changed_at, id) < ($1, $2) ORDER BY changed_at DESC, id DESC LIMIT $3");
    NEWEST_OF_OWNER = concat!("SELECT ", line_columns!(), " FROM stories
        WHERE owner = $4 AND changed_at <= $1 AND (changed_at, id) < ($1, $2) ORDER BY changed_at DESC, id DESC LIMIT $3");
    /// The condition is that of an index (migration 15).
    OPEN = concat!("SELECT ", line_columns!(), " FROM stories
        WHERE withdrawn_at IS NULL AND (published_at IS NULL OR published_at < changed_at)
        AND changed_at <= $1 ORDER BY changed_at DESC, id DESC LIMIT $2");
    OPEN_OF_OWNER = concat!("SELECT ", line_columns!(), " FROM stories
        WHERE owner = $3 AND withdrawn_at IS NULL AND (published_at IS NULL OR published_at < changed_at)
        AND changed_at <= $1 ORDER BY changed_at DESC, id DESC LIMIT $2");
    LINE = concat!("SELECT ", line_columns!(), " FROM stories WHERE id = $1");
    INSERT = concat!("INSERT INTO stories (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,
        $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25) ON CONFLICT DO NOTHING");
    UPDATE = "UPDATE stories SET slug = $2, revision = $4 + 1, section = $5, headline = $6, lede = $7, body = $8,
        dateline = $9, bylines = $10, tags = $11, cover = $12, language = $13, direction = $14, changed_at = $16,
        first_published_at = $17, published_at = $18, shown_at = $19, shown_unconfirmed = $20, withdrawn_at = $21,
        withdrawn_reason = $22, comments_offset = $23, views_offset = $24, kept_lines = $25
        WHERE id = $1 AND revision = $4 AND short_code = $3 AND created_at = $15";
    NAMES = "SELECT slug, revision, short_code, language FROM stories WHERE id = $1";
    PRESENT = "SELECT revision, changed_at FROM stories WHERE id = $1";
    LEAVE_SLUG = "INSERT INTO old_slugs (slug, story, left_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    TAKE_BACK_SLUG = "DELETE FROM old_slugs WHERE slug = $1 AND story = $2";
    OLD_SLUGS = "SELECT slug FROM old_slugs WHERE story = $1 ORDER BY slug";
}

impl View {
    /// A story by its id, whole.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn story(&mut self, id: StoryId) -> Result<Option<Story>, StoreError> {
        let Some(row) = self.row(BY_ID, binds![id]).await? else { return Ok(None) };
        let slides = self.slides_of(id).await?;
        story(&row, slides).map(Some)
    }

    /// The id of the story that has this slug now.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn story_id_of_slug(&mut self, slug: &Slug) -> Result<Option<StoryId>, StoreError> {
        let row = self.row(ID_OF_SLUG, binds![slug.as_str()]).await?;
        row.map(|row| row.id("id", StoryId::from_uuid)).transpose()
    }

    /// The id of the story that had this slug before, and left it.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn story_id_of_old_slug(&mut self, slug: &Slug) -> Result<Option<StoryId>, StoreError> {
        let row = self.row(ID_OF_OLD_SLUG, binds![slug.as_str()]).await?;
        row.map(|row| row.id("story", StoryId::from_uuid)).transpose()
    }

    /// The id of the story with this short code.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn story_id_of_short_code(&mut self, code: &str) -> Result<Option<StoryId>, StoreError> {
        let row = self.row(ID_OF_SHORT_CODE, binds![code]).await?;
        row.map(|row| row.id("id", StoryId::from_uuid)).transpose()
    }

    /// The stories with exactly this headline, oldest first.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn stories_with_headline(&mut self, headline: &str) -> Result<Vec<StoryLine>, StoreError> {
        self.rows(WITH_HEADLINE, binds![headline]).await?.iter().map(line).collect()
    }

    /// Stories by their last change, newest first, at most `limit`; `after` is the last line of the page before.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn stories_by_change(
        &mut self,
        after: Option<&StoryLine>,
        limit: u32,
    ) -> Result<Vec<StoryLine>, StoreError> {
        let (changed, id) =
            after.map_or((Moment::from_micros(i64::MAX), last_id()), |line| (line.moments.changed, line.id));
        self.rows(NEWEST, binds![changed, id, limit]).await?.iter().map(line).collect()
    }

    /// The same, of one owner's or of all stories; `after` is the last change and the id of the last line of the page before.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn stories_page(
        &mut self,
        owner: Option<StaffId>,
        after: Option<(Moment, StoryId)>,
        limit: u32,
    ) -> Result<Vec<StoryLine>, StoreError> {
        let (changed, id) = after.unwrap_or_else(|| (Moment::from_micros(i64::MAX), last_id()));
        let rows = match owner {
            None => self.rows(NEWEST, binds![changed, id, limit]).await?,
            Some(owner) => self.rows(NEWEST_OF_OWNER, binds![changed, id, limit, owner]).await?,
        };
        rows.iter().map(line).collect()
    }

    /// The stories of one owner, or all, that readers do not have, or not as they are now, by their last change, newest first;
    /// at most `limit`.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn open_stories(
        &mut self,
        owner: Option<StaffId>,
        limit: u32,
    ) -> Result<Vec<StoryLine>, StoreError> {
        let newest = Moment::from_micros(i64::MAX);
        let rows = match owner {
            None => self.rows(OPEN, binds![newest, limit]).await?,
            Some(owner) => self.rows(OPEN_OF_OWNER, binds![newest, limit, owner]).await?,
        };
        rows.iter().map(line).collect()
    }

    /// A story as a list has it.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn story_line(&mut self, id: StoryId) -> Result<Option<StoryLine>, StoreError> {
        self.row(LINE, binds![id]).await?.map(|row| line(&row)).transpose()
    }

    /// The number of a story's present state, and when its draft was changed last.
    pub(crate) async fn present_revision(
        &mut self,
        id: StoryId,
    ) -> Result<Option<(i64, Moment)>, StoreError> {
        let row = self.row(PRESENT, binds![id]).await?;
        row.map(|row| Ok((row.int("revision")?, row.moment("changed_at")?))).transpose()
    }

    /// The slugs that a story had before its present one: their addresses are redirects.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn old_slugs(&mut self, story: StoryId) -> Result<Vec<Slug>, StoreError> {
        let rows = self.rows(OLD_SLUGS, binds![story]).await?;
        rows.iter().map(|row| row.parsed("slug", Slug::parse)).collect()
    }
}

impl Tx {
    /// Keeps a new story with its slides, as revision 1 whatever its `revision` says; it is the first of those that can be read
    /// again ([`View::story_at`]).
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn insert_story(&mut self, story: &Story, by: &By<'_>) -> Result<Kept, StoreError> {
        if self.slug_is_taken(&story.slug, story.id).await? {
            return Ok(Kept::SlugTaken);
        }
        if !self.changes_any(INSERT, values(story, 1)?).await? {
            return Ok(Kept::ShortCodeTaken);
        }
        let changed = self.replace_slides(story.id, &story.slides).await?;
        self.add_revision(&Story { revision: 1, ..story.clone() }, Vec::new(), &changed, Some(by)).await?;
        Ok(Kept::As { revision: 1 })
    }

    /// Keeps a changed story with its slides. `story.revision` is the revision it was made from; the kept one is one
    /// higher, and can be read again ([`View::story_at`]) whatever is saved later. A slug that it leaves becomes an old slug. Id,
    /// short code and the moment of creation stay.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn save_story(&mut self, story: &Story, by: &By<'_>) -> Result<Kept, StoreError> {
        let Some(kept) = self.row(NAMES, binds![story.id]).await? else {
            return Ok(Kept::Stale { revision: 0 });
        };
        let revision = kept.int("revision")?;
        if revision != story.revision {
            return Ok(Kept::Stale { revision });
        }
        if kept.text("short_code")? != story.short_code {
            return Ok(Kept::ShortCodeTaken);
        }
        let old_slug = kept.text("slug")?;
        if old_slug != story.slug.as_str() {
            if self.slug_is_taken(&story.slug, story.id).await? {
                return Ok(Kept::SlugTaken);
            }
            self.run(TAKE_BACK_SLUG, binds![story.slug.as_str(), story.id]).await?;
            self.run(LEAVE_SLUG, binds![&old_slug, story.id, story.moments.changed]).await?;
        }
        let places = self.keep_present(story.id, revision).await?;
        if !self.changes_any(UPDATE, values(story, story.revision)?).await? {
            return Err(StoreError::fault("a story's moment of creation was changed, which nothing may do"));
        }
        let changed = self.replace_slides(story.id, &story.slides).await?;
        let next = Story { revision: revision + 1, ..story.clone() };
        self.add_revision(&next, places, &changed, Some(by)).await?;
        if kept.text("language")? != story.language {
            for photo in story.slides.iter().filter_map(|slide| slide.photo) {
                self.unshelve(photo).await?;
            }
        }
        Ok(Kept::As { revision: next.revision })
    }

    async fn slug_is_taken(&mut self, slug: &Slug, by_other_than: StoryId) -> Result<bool, StoreError> {
        let now = self.story_id_of_slug(slug).await?;
        let before = self.story_id_of_old_slug(slug).await?;
        Ok(now.into_iter().chain(before).any(|story| story != by_other_than))
    }
}

/// The id after every other one, where a list begins at its newest end.
pub(crate) fn last_id() -> StoryId {
    StoryId::from_uuid(uuid::Uuid::max())
}

fn values(story: &Story, revision: i64) -> Result<Vec<Value>, StoreError> {
    let moments = &story.moments;
    Ok(binds![
        story.id,
        story.slug.as_str(),
        &story.short_code,
        revision,
        &story.section,
        &story.headline,
        &story.lede,
        &story.body,
        story.dateline.clone(),
        as_json(&story.bylines)?,
        as_json(&story.tags)?,
        story.cover.as_ref().map(SlideId::as_str),
        &story.language,
        story.direction.as_str(),
        moments.created,
        moments.changed,
        moments.first_published,
        moments.published,
        moments.shown.map(|shown| shown.at),
        i64::from(moments.shown.is_some_and(|shown| shown.unconfirmed)),
        moments.withdrawn,
        story.withdrawn_reason.clone(),
        as_int(story.offsets.comments),
        as_int(story.offsets.views),
        as_json(&story.kept_lines)?,
    ])
}

fn story(row: &Row, slides: Vec<newsroom::slide::Slide>) -> Result<Story, StoreError> {
    let cover = row.maybe_text("cover")?;
    Ok(Story {
        id: row.id("id", StoryId::from_uuid)?,
        slug: row.parsed("slug", Slug::parse)?,
        short_code: row.text("short_code")?,
        revision: row.int("revision")?,
        section: row.text("section")?,
        headline: row.text("headline")?,
        lede: row.text("lede")?,
        body: row.text("body")?,
        dateline: row.maybe_text("dateline")?,
        bylines: row.json("bylines")?,
        tags: row.json("tags")?,
        cover: cover.map(|_| row.parsed("cover", slides::slide_id)).transpose()?,
        language: row.text("language")?,
        direction: row.parsed("direction", direction)?,
        slides,
        moments: moments(row)?,
        withdrawn_reason: row.maybe_text("withdrawn_reason")?,
        offsets: CounterOffsets {
            comments: row.count("comments_offset")?,
            views: row.count("views_offset")?,
        },
        kept_lines: row.json("kept_lines")?,
    })
}

fn line(row: &Row) -> Result<StoryLine, StoreError> {
    Ok(StoryLine {
        id: row.id("id", StoryId::from_uuid)?,
        slug: row.parsed("slug", Slug::parse)?,
        section: row.text("section")?,
        headline: row.text("headline")?,
        revision: row.int("revision")?,
        moments: moments(row)?,
    })
}

fn moments(row: &Row) -> Result<StoryMoments, StoreError> {
    let unconfirmed = row.int("shown_unconfirmed")? != 0;
    Ok(StoryMoments {
        created: row.moment("created_at")?,
        changed: row.moment("changed_at")?,
        first_published: row.maybe_moment("first_published_at")?,
        published: row.maybe_moment("published_at")?,
        shown: row.maybe_moment("shown_at")?.map(|at| ShownTime { at, unconfirmed }),
        withdrawn: row.maybe_moment("withdrawn_at")?,
    })
}

fn direction(text: &str) -> Option<Direction> {
    [Direction::Ltr, Direction::Rtl].into_iter().find(|direction| direction.as_str() == text)
}
