//! Notice rules (R34): a term, and the note that is printed where it is mentioned. A removed rule is kept with the
//! moment of its removal.

use newsroom::id::{NoticeId, StoryId};
use newsroom::moment::Moment;
use newsroom::notice::{Mention, Notice};

use crate::action::{Tx, View};
use crate::error::StoreError;
use crate::statement::statements;
use crate::value::{Row, as_json, binds};

/// A notice rule with its life in the database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptNotice {
    /// The rule.
    pub notice: Notice,
    /// When it was made.
    pub created_at: Moment,
    /// When it was removed.
    pub removed_at: Option<Moment>,
}

macro_rules! columns {
    () => {
        "id, term, variants, text, language, story, mention, created_at, valid_from, valid_until, removed_at"
    };
}

statements! { "notices";
    BY_ID = concat!("SELECT ", columns!(), " FROM notices WHERE id = $1");
    STANDING = concat!("SELECT ", columns!(), " FROM notices WHERE removed_at IS NULL ORDER BY id");
    FOR_STORY = concat!("SELECT ", columns!(), " FROM notices
        WHERE removed_at IS NULL AND (story IS NULL OR story = $1) ORDER BY id");
    INSERT = concat!("INSERT INTO notices (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
        ON CONFLICT (id) DO NOTHING");
    REMOVE = "UPDATE notices SET removed_at = $2 WHERE id = $1 AND removed_at IS NULL";
}

impl View {
    /// A notice by its id, also a removed one.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn notice(&mut self, id: NoticeId) -> Result<Option<KeptNotice>, StoreError> {
        self.row(BY_ID, binds![id]).await?.map(|row| notice(&row)).transpose()
    }

    /// All notices that are not removed, oldest first.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn notices(&mut self) -> Result<Vec<KeptNotice>, StoreError> {
        self.rows(STANDING, binds![]).await?.iter().map(notice).collect()
    }

    /// The notices that a page of this story is printed with: the house's and its own, oldest first.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn notices_for(&mut self, story: StoryId) -> Result<Vec<KeptNotice>, StoreError> {
        self.rows(FOR_STORY, binds![story]).await?.iter().map(notice).collect()
    }
}

impl Tx {
    /// Keeps a new notice. `false` when there is one with this id.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn insert_notice(&mut self, notice: &Notice, created_at: Moment) -> Result<bool, StoreError> {
        let values = binds![
            notice.id,
            &notice.term,
            as_json(&notice.variants)?,
            &notice.text,
            notice.language.clone(),
            notice.story,
            mention_word(notice.mention),
            created_at,
            notice.from,
            notice.until,
            None::<Moment>,
        ];
        self.changes_any(INSERT, values).await
    }

    /// Removes a notice. `false` when it is not there or was removed before.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn remove_notice(&mut self, id: NoticeId, at: Moment) -> Result<bool, StoreError> {
        self.changes_any(REMOVE, binds![id, at]).await
    }
}

fn mention_word(mention: Mention) -> &'static str {
    match mention {
        Mention::First => "first",
        Mention::Every => "every",
    }
}

fn mention(word: &str) -> Option<Mention> {
    [Mention::First, Mention::Every].into_iter().find(|mention| mention_word(*mention) == word)
}

fn notice(row: &Row) -> Result<KeptNotice, StoreError> {
    let notice = Notice {
        id: row.id("id", NoticeId::from_uuid)?,
        term: row.text("term")?,
        variants: row.json("variants")?,
        text: row.text("text")?,
        language: row.maybe_text("language")?,
        story: row.maybe_id("story", StoryId::from_uuid)?,
        mention: row.parsed("mention", mention)?,
        from: row.maybe_moment("valid_from")?,
        until: row.maybe_moment("valid_until")?,
    };
    Ok(KeptNotice {
        notice,
        created_at: row.moment("created_at")?,
        removed_at: row.maybe_moment("removed_at")?,
    })
}
