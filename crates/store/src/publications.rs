//! Publications: the frozen record of each published story, and the lists that readers see. Lists are in order of the
//! time that readers see, newest first, and are paged by the last entry's place, so that a page costs the same however
//! many stories there are and does not shift when a new one is published.

use std::collections::{BTreeMap, BTreeSet};

use newsroom::id::{PhotoId, StoryId};
use newsroom::moment::Moment;
use newsroom::published::PublishedStory;
use newsroom::slug::Slug;

use crate::action::{Tx, View};
use crate::error::StoreError;
use crate::photos::{Decision, decision};
use crate::statement::statements;
use crate::stories::last_id;
use crate::value::{Row, as_json, binds};

/// What publishing froze.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Publication {
    /// The record that pages, feeds and public files are made from.
    pub record: PublishedStory,
    /// The story's revision that was published.
    pub revision: i64,
    /// When it was published last.
    pub published_at: Moment,
    /// Why readers do not see it, where it was withdrawn.
    pub withdrawn: Option<Decision>,
}

impl Publication {
    /// Which publication this is.
    #[must_use]
    pub fn state(&self) -> PublicationState {
        let withdrawn = self.withdrawn.is_some();
        PublicationState { revision: self.revision, published_at: self.published_at, withdrawn }
    }
}

/// Tells one publication of a story from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicationState {
    /// See [`Publication::revision`].
    pub revision: i64,
    /// See [`Publication::published_at`].
    pub published_at: Moment,
    /// Whether it was withdrawn.
    pub withdrawn: bool,
}

/// A list of published stories.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listing<'a> {
    /// All of them.
    All,
    /// Those of a section, by the slug of its name.
    Section(&'a Slug),
    /// Those with a tag, by the slug of its name.
    Tag(&'a Slug),
    /// Those by an author, by the slug of the name.
    Byline(&'a Slug),
}

/// Which part of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Only entries after this one: the shown time and id of the last entry of the part before. `None` begins at the
    /// newest.
    pub after: Option<(Moment, StoryId)>,
    /// Only entries of this moment or later.
    pub since: Option<Moment>,
    /// At most this many.
    pub limit: u32,
}

impl Part {
    /// The newest `limit` entries.
    pub fn newest(limit: u32) -> Self {
        Self { after: None, since: None, limit }
    }
}

/// What a published name is the name of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameOf {
    /// A section.
    Section,
    /// A tag.
    Tag,
    /// An author.
    Byline,
}

impl NameOf {
    fn as_str(self) -> &'static str {
        match self {
            Self::Section => "section",
            Self::Tag => "tag",
            Self::Byline => "byline",
        }
    }
}

statements! { "publications";
    OF_STORY = "SELECT story, revision, published_at, withdrawn_at, withdrawn_reason, record FROM publications
        WHERE story = $1";
    STATE = "SELECT revision, published_at, withdrawn_at FROM publications WHERE story = $1";
    LIST_ALL = "SELECT story, revision, published_at, withdrawn_at, withdrawn_reason, record FROM publications
        WHERE listed_at >= $1 AND listed_at <= $2 AND (listed_at, story) < ($2, $3)
        ORDER BY listed_at DESC, story DESC LIMIT $4";
    LIST_SECTION = "SELECT story, revision, published_at, withdrawn_at, withdrawn_reason, record FROM publications
        WHERE section = $5 AND listed_at >= $1 AND listed_at <= $2 AND (listed_at, story) < ($2, $3)
        ORDER BY listed_at DESC, story DESC LIMIT $4";
    LIST_TAG = "SELECT p.story, p.revision, p.published_at, p.withdrawn_at, p.withdrawn_reason, p.record
        FROM publication_tags t JOIN publications p ON p.story = t.story
        WHERE t.tag = $5 AND t.listed_at >= $1 AND t.listed_at <= $2 AND (t.listed_at, t.story) < ($2, $3)
        ORDER BY t.listed_at DESC, t.story DESC LIMIT $4";
    LIST_BYLINE = "SELECT p.story, p.revision, p.published_at, p.withdrawn_at, p.withdrawn_reason, p.record
        FROM publication_bylines b JOIN publications p ON p.story = b.story
        WHERE b.byline = $5 AND b.listed_at >= $1 AND b.listed_at <= $2 AND (b.listed_at, b.story) < ($2, $3)
        ORDER BY b.listed_at DESC, b.story DESC LIMIT $4";
    SHOWING = "SELECT s.story FROM publication_photos s JOIN publications p ON p.story = s.story
        WHERE s.photo = $1 AND p.withdrawn_at IS NULL ORDER BY s.story";
    SHOWING_NEWEST = "SELECT s.story FROM publication_photos s JOIN publications p ON p.story = s.story
        WHERE s.photo = $1 AND p.withdrawn_at IS NULL ORDER BY s.story DESC LIMIT $2";
    NAME = "SELECT name FROM published_names WHERE kind = $1 AND slug = $2";
    NAMES = "SELECT slug, name FROM published_names WHERE kind = $1 ORDER BY slug";
    STANDING_SECTIONS = "SELECT slug, name FROM published_names WHERE kind = 'section' AND EXISTS
        (SELECT 1 FROM publications WHERE section = slug AND listed_at IS NOT NULL) ORDER BY slug";
    PUT = "INSERT INTO publications (story, revision, section, published_at, listed_at, withdrawn_at,
        withdrawn_reason, record) VALUES ($1, $2, $3, $4, $5, NULL, NULL, $6)
        ON CONFLICT (story) DO UPDATE SET revision = excluded.revision, section = excluded.section,
        published_at = excluded.published_at, listed_at = excluded.listed_at, withdrawn_at = NULL,
        withdrawn_reason = NULL, record = excluded.record";
    WITHDRAW = "UPDATE publications SET withdrawn_at = $2, withdrawn_reason = $3, listed_at = NULL WHERE story = $1";
    CLEAR_TAGS = "DELETE FROM publication_tags WHERE story = $1";
    ADD_TAG = "INSERT INTO publication_tags (tag, listed_at, story) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    CLEAR_PHOTOS = "DELETE FROM publication_photos WHERE story = $1";
    PHOTOS_OF = "SELECT photo FROM publication_photos WHERE story = $1";
    ADD_PHOTO = "INSERT INTO publication_photos (photo, story) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    CLEAR_BYLINES = "DELETE FROM publication_bylines WHERE story = $1";
    ADD_BYLINE = "INSERT INTO publication_bylines (byline, listed_at, story) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    PUT_NAME = "INSERT INTO published_names (kind, slug, name) VALUES ($1, $2, $3)
        ON CONFLICT (kind, slug) DO UPDATE SET name = excluded.name WHERE published_names.name <> excluded.name";
}

impl View {
    /// What was published of a story last, also when it was withdrawn since.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn publication(&mut self, story: StoryId) -> Result<Option<Publication>, StoreError> {
        self.row(OF_STORY, binds![story]).await?.map(|row| publication(&row)).transpose()
    }

    /// Which of its publications stands, without the record.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn publication_state(
        &mut self,
        story: StoryId,
    ) -> Result<Option<PublicationState>, StoreError> {
        let row = self.row(STATE, binds![story]).await?;
        let state = |row: Row| {
            Ok(PublicationState {
                revision: row.int("revision")?,
                published_at: row.moment("published_at")?,
                withdrawn: row.maybe_moment("withdrawn_at")?.is_some(),
            })
        };
        row.map(state).transpose()
    }

    /// A part of a list of what readers see, newest first.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn published(
        &mut self,
        listing: Listing<'_>,
        part: Part,
    ) -> Result<Vec<Publication>, StoreError> {
        let since = part.since.unwrap_or(Moment::from_micros(i64::MIN));
        let (before, id) = part.after.unwrap_or((Moment::from_micros(i64::MAX), last_id()));
        let rows = match listing {
            Listing::All => self.rows(LIST_ALL, binds![since, before, id, part.limit]).await?,
            Listing::Section(slug) => {
                self.rows(LIST_SECTION, binds![since, before, id, part.limit, slug.as_str()]).await?
            }
            Listing::Tag(slug) => {
                self.rows(LIST_TAG, binds![since, before, id, part.limit, slug.as_str()]).await?
            }
            Listing::Byline(slug) => {
                self.rows(LIST_BYLINE, binds![since, before, id, part.limit, slug.as_str()]).await?
            }
        };
        rows.iter().map(publication).collect()
    }

    /// The published stories that show a photo.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn stories_showing(&mut self, photo: PhotoId) -> Result<Vec<StoryId>, StoreError> {
        let rows = self.rows(SHOWING, binds![photo]).await?;
        rows.iter().map(|row| row.id("story", StoryId::from_uuid)).collect()
    }

    /// The newest `limit` of the published stories that show a photo, the newest first.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn newest_stories_showing(
        &mut self,
        photo: PhotoId,
        limit: u32,
    ) -> Result<Vec<StoryId>, StoreError> {
        let rows = self.rows(SHOWING_NEWEST, binds![photo, limit]).await?;
        rows.iter().map(|row| row.id("story", StoryId::from_uuid)).collect()
    }

    /// The name of a section, tag or author as it was published last, by its slug.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn published_name(&mut self, of: NameOf, slug: &Slug) -> Result<Option<String>, StoreError> {
        let row = self.row(NAME, binds![of.as_str(), slug.as_str()]).await?;
        row.map(|row| row.text("name")).transpose()
    }

    /// The sections or tags that were ever published, as slug and name, by slug. One whose stories were all withdrawn
    /// is among them.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn published_names(&mut self, of: NameOf) -> Result<Vec<(Slug, String)>, StoreError> {
        let rows = self.rows(NAMES, binds![of.as_str()]).await?;
        rows.iter().map(|row| Ok((row.parsed("slug", Slug::parse)?, row.text("name")?))).collect()
    }

    /// The sections in which readers find a story now, as slug and name, by slug.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn standing_sections(&mut self) -> Result<Vec<(Slug, String)>, StoreError> {
        let rows = self.rows(STANDING_SECTIONS, binds![]).await?;
        rows.iter().map(|row| Ok((row.parsed("slug", Slug::parse)?, row.text("name")?))).collect()
    }
}

impl Tx {
    /// Keeps what was published in place of what was published before, and puts it into the lists. Publishing again
    /// the record that [`View::publication`] gives undoes a withdrawal.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn put_publication(
        &mut self,
        record: &PublishedStory,
        revision: i64,
        published_at: Moment,
    ) -> Result<(), StoreError> {
        let story = record.id;
        let shown = record.shown.at;
        let section = Slug::from_text(&record.section);
        let section_slug = section.as_ref().map_or("", Slug::as_str);
        let values = binds![story, revision, section_slug, published_at, shown, as_json(record)?];
        self.run(PUT, values).await?;
        if let Some(slug) = &section {
            self.put_name(NameOf::Section, slug, &record.section).await?;
        }
        self.run(CLEAR_TAGS, binds![story]).await?;
        for (slug, name) in &by_slug(&record.tags) {
            self.run(ADD_TAG, binds![slug.as_str(), shown, story]).await?;
            self.put_name(NameOf::Tag, slug, name).await?;
        }
        self.put_bylines(record).await?;
        self.unshelve_shown(story).await?;
        self.run(CLEAR_PHOTOS, binds![story]).await?;
        let photos: BTreeSet<PhotoId> = record.slides.iter().filter_map(|slide| slide.photo).collect();
        for photo in photos {
            self.run(ADD_PHOTO, binds![photo, story]).await?;
            self.unshelve(photo).await?;
        }
        Ok(())
    }

    /// Puts a story that readers see into the lists of its authors, and into no other author's.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn put_bylines(&mut self, record: &PublishedStory) -> Result<(), StoreError> {
        self.run(CLEAR_BYLINES, binds![record.id]).await?;
        for (slug, name) in &by_slug(&record.bylines) {
            self.run(ADD_BYLINE, binds![slug.as_str(), record.shown.at, record.id]).await?;
            self.put_name(NameOf::Byline, slug, name).await?;
        }
        Ok(())
    }

    /// Takes a published story out of every list. What was published stays readable for staff. `false` when it never
    /// was published.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn withdraw_publication(
        &mut self,
        story: StoryId,
        decision: &Decision,
    ) -> Result<bool, StoreError> {
        self.unshelve_shown(story).await?;
        self.run(CLEAR_TAGS, binds![story]).await?;
        self.run(CLEAR_BYLINES, binds![story]).await?;
        self.changes_any(WITHDRAW, binds![story, decision.at, &decision.reason]).await
    }

    /// Notes the photos of a publication as changed for the library.
    async fn unshelve_shown(&mut self, story: StoryId) -> Result<(), StoreError> {
        for row in self.rows(PHOTOS_OF, binds![story]).await? {
            self.unshelve(row.id("photo", PhotoId::from_uuid)?).await?;
        }
        Ok(())
    }

    async fn put_name(&mut self, of: NameOf, slug: &Slug, name: &str) -> Result<(), StoreError> {
        self.run(PUT_NAME, binds![of.as_str(), slug.as_str(), name]).await.map(|_| ())
    }
}

/// Names by slug; of two with one slug the first stands.
fn by_slug(names: &[String]) -> BTreeMap<Slug, &str> {
    let mut all = BTreeMap::new();
    for name in names {
        if let Some(slug) = Slug::from_text(name) {
            all.entry(slug).or_insert(name.as_str());
        }
    }
    all
}

pub(crate) fn publication(row: &Row) -> Result<Publication, StoreError> {
    Ok(Publication {
        record: row.json("record")?,
        revision: row.int("revision")?,
        published_at: row.moment("published_at")?,
        withdrawn: decision(row, "withdrawn_at", "withdrawn_reason")?,
    })
}

#[cfg(test)]
mod tests {
    use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _};

    use super::*;
    use crate::migration::migrate_postgres;

    /// On an empty table PostgreSQL would rather read it through; so reading through and sorting are switched off, and
    /// a plan that still does either has no index to use. (SQLite's plans: `statement.rs`.)
    #[tokio::test]
    async fn lists_are_read_in_the_order_of_an_index_on_postgresql() {
        #[expect(clippy::disallowed_methods, reason = "tests find their server through the environment")]
        let Ok(url) = std::env::var("HALFTONE_TEST_POSTGRES") else {
            eprintln!("SKIPPED: HALFTONE_TEST_POSTGRES is not set");
            return;
        };
        let mut connection = PgConnection::connect(&url).await.unwrap();
        let schema = format!("plans_{}", std::process::id());
        let prepare = format!(
            "DROP SCHEMA IF EXISTS {schema} CASCADE; CREATE SCHEMA {schema}; SET search_path TO {schema};
             SET enable_seqscan = off; SET enable_bitmapscan = off; SET enable_sort = off"
        );
        sqlx::raw_sql(AssertSqlSafe(prepare)).execute(&mut connection).await.unwrap();
        migrate_postgres(&mut connection, Moment::from_micros(0)).await.unwrap();
        for list in [LIST_ALL, LIST_SECTION, LIST_TAG, LIST_BYLINE] {
            let explain = AssertSqlSafe(format!("EXPLAIN {}", list.text));
            let mut query = sqlx::query(explain).bind(0_i64).bind(1_i64).bind(uuid::Uuid::max()).bind(20_i64);
            if list.text.contains("$5") {
                query = query.bind("photo");
            }
            let rows = query.fetch_all(&mut connection).await.unwrap();
            let plan: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
            let walks = plan.iter().any(|step| step.contains("Seq Scan") || step.contains("Sort"));
            assert!(!walks, "{}:\n{}", list.name, plan.join("\n"));
        }
        let drop = format!("DROP SCHEMA {schema} CASCADE");
        sqlx::raw_sql(AssertSqlSafe(drop)).execute(&mut connection).await.unwrap();
    }
}
