//! Ways to older stories: the months of the archive, a story's neighbours in time, and the words by which readers
//! search. What stands here follows the publications; a print writes it, so that a reprint mends it.

use std::collections::{BTreeMap, BTreeSet};

use newsroom::id::StoryId;
use newsroom::moment::Moment;

use crate::action::{Tx, View};
use crate::error::StoreError;
use crate::publications::{Publication, publication};
use crate::statement::statements;
use crate::value::{Value, as_int, binds};

/// A month of the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Month {
    /// Its name in addresses, `2026-11`.
    pub name: String,
    /// How many stories readers find in it.
    pub stories: u64,
}

/// The words that a question may have; see [`newsroom::search::MAX_WORDS`].
const WORDS: usize = newsroom::search::MAX_WORDS;

macro_rules! columns {
    () => {
        "story, revision, published_at, withdrawn_at, withdrawn_reason, record"
    };
}

statements! { "publications";
    BETWEEN = concat!("SELECT ", columns!(), " FROM publications WHERE listed_at >= $1 AND listed_at < $2
        ORDER BY listed_at, story LIMIT $3 OFFSET $4");
    COUNT_BETWEEN = "SELECT CAST(COUNT(*) AS BIGINT) AS stories FROM publications WHERE listed_at >= $1 AND listed_at < $2";
    BEFORE_IN = "SELECT CAST(COUNT(*) AS BIGINT) AS stories FROM publications
        WHERE listed_at >= $1 AND listed_at <= $2 AND (listed_at, story) < ($2, $3)";
    NEWER = concat!("SELECT ", columns!(), " FROM publications WHERE listed_at >= $1 AND (listed_at, story) > ($1, $2)
        ORDER BY listed_at, story LIMIT 1");
    OLDER = concat!("SELECT ", columns!(), " FROM publications WHERE listed_at <= $1 AND (listed_at, story) < ($1, $2)
        ORDER BY listed_at DESC, story DESC LIMIT 1");
    PUT_MONTH = "INSERT INTO published_months (month, stories) VALUES ($1, $2)
        ON CONFLICT (month) DO UPDATE SET stories = excluded.stories WHERE published_months.stories <> excluded.stories";
    MONTHS = "SELECT month, stories FROM published_months WHERE stories > 0 ORDER BY month DESC";
    PARTS = "SELECT month, part, changed_at FROM month_parts ORDER BY month, part";
    PART_CHANGED = "INSERT INTO month_parts (month, part, changed_at) VALUES ($1, $2, $3)
        ON CONFLICT (month, part) DO UPDATE SET changed_at = excluded.changed_at
        WHERE month_parts.changed_at < excluded.changed_at";
    /// One text, since a row for each of some hundred words costs more than the rest of a print's transaction.
    WORDS_OF = "SELECT string_agg(word, ' ') AS words FROM search_words WHERE story = $1";
    ADD_WORD = "INSERT INTO search_words (word, story) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    DROP_WORD = "DELETE FROM search_words WHERE word = $1 AND story = $2";
    /// A question of fewer words repeats its last one. What is sorted are moments and ids; whole records are read of those
    /// alone that are asked for.
    SEARCH = concat!("SELECT ", columns!(), " FROM publications WHERE story IN (
        SELECT story FROM publications WHERE listed_at IS NOT NULL AND story IN (
        SELECT story FROM search_words WHERE word IN ($1, $2)
        INTERSECT SELECT story FROM search_words WHERE word IN ($3, $4)
        INTERSECT SELECT story FROM search_words WHERE word IN ($5, $6)
        INTERSECT SELECT story FROM search_words WHERE word IN ($7, $8)
        INTERSECT SELECT story FROM search_words WHERE word IN ($9, $10)
        INTERSECT SELECT story FROM search_words WHERE word IN ($11, $12))
        ORDER BY listed_at DESC, story DESC LIMIT $13)
        ORDER BY listed_at DESC, story DESC");
}

impl View {
    /// What readers find between two moments, the second not included, oldest first: at most `limit` behind the first
    /// `skip`.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn published_between(
        &mut self,
        from: Moment,
        until: Moment,
        skip: u32,
        limit: u32,
    ) -> Result<Vec<Publication>, StoreError> {
        self.rows(BETWEEN, binds![from, until, limit, skip]).await?.iter().map(publication).collect()
    }

    /// How many stories readers find between two moments, the second not included.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn count_between(&mut self, from: Moment, until: Moment) -> Result<u64, StoreError> {
        self.one_count(COUNT_BETWEEN, binds![from, until]).await
    }

    /// How many stories stand between `from` and the place of a story that readers see at `shown`.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn count_before(
        &mut self,
        from: Moment,
        shown: Moment,
        story: StoryId,
    ) -> Result<u64, StoreError> {
        self.one_count(BEFORE_IN, binds![from, shown, story]).await
    }

    /// The stories beside the place of a story that readers see at `shown`: the next older and the next newer one.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn neighbours(
        &mut self,
        shown: Moment,
        story: StoryId,
    ) -> Result<(Option<Publication>, Option<Publication>), StoreError> {
        let older = self.row(OLDER, binds![shown, story]).await?;
        let newer = self.row(NEWER, binds![shown, story]).await?;
        Ok((older.map(|row| publication(&row)).transpose()?, newer.map(|row| publication(&row)).transpose()?))
    }

    /// The months in which readers find stories, newest first.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn published_months(&mut self) -> Result<Vec<Month>, StoreError> {
        let rows = self.rows(MONTHS, binds![]).await?;
        rows.iter()
            .map(|row| Ok(Month { name: row.text("month")?, stories: row.count("stories")? }))
            .collect()
    }

    /// When what stands on each part of a month changed last, by the month's name and the number of the part.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn month_parts(&mut self) -> Result<BTreeMap<(String, u32), Moment>, StoreError> {
        let rows = self.rows(PARTS, binds![]).await?;
        rows.iter()
            .map(|row| Ok(((row.text("month")?, row.count("part")?), row.moment("changed_at")?)))
            .collect()
    }

    /// The stories that readers see and that hold every word in one of its forms, newest first, at most `limit`; none
    /// for a question without a word or of more than [`newsroom::search::MAX_WORDS`].
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn search(
        &mut self,
        words: &[[String; 2]],
        limit: u32,
    ) -> Result<Vec<Publication>, StoreError> {
        let Some(last) = words.last().filter(|_| words.len() <= WORDS) else { return Ok(Vec::new()) };
        let slots = words.iter().chain(std::iter::repeat(last)).take(WORDS);
        let mut values: Vec<Value> = slots.flatten().map(Value::from).collect();
        values.push(Value::from(limit));
        self.rows(SEARCH, values).await?.iter().map(publication).collect()
    }

    async fn one_count(&mut self, sql: crate::statement::Sql, values: Vec<Value>) -> Result<u64, StoreError> {
        self.row(sql, values).await?.map_or(Ok(0), |row| row.count("stories"))
    }
}

impl Tx {
    /// Counts what readers find between two moments, the second not included, as the month of this name.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn count_month(&mut self, name: &str, from: Moment, until: Moment) -> Result<(), StoreError> {
        let stories = self.count_between(from, until).await?;
        self.run(PUT_MONTH, binds![name, as_int(stories)]).await.map(|_| ())
    }

    /// Notes when something on a part of a month changed, was added or left; an earlier moment changes nothing.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn change_month_part(&mut self, month: &str, part: u32, at: Moment) -> Result<(), StoreError> {
        self.run(PART_CHANGED, binds![month, part, at]).await.map(|_| ())
    }

    /// Makes these the words by which a published story is found; none makes it unfindable.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn put_search_words(
        &mut self,
        story: StoryId,
        words: &BTreeSet<String>,
    ) -> Result<(), StoreError> {
        let row = self.row(WORDS_OF, binds![story]).await?;
        let before = row.map(|row| row.maybe_text("words")).transpose()?.flatten().unwrap_or_default();
        let before: BTreeSet<&str> = before.split_ascii_whitespace().collect();
        for gone in before.iter().filter(|word| !words.contains(**word)) {
            self.run(DROP_WORD, binds![*gone, story]).await?;
        }
        for new in words.iter().filter(|word| !before.contains(word.as_str())) {
            self.run(ADD_WORD, binds![new, story]).await?;
        }
        Ok(())
    }
}
