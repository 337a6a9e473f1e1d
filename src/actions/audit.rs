//! Entries of the audit log.

use newsroom::id::{PhotoId, StoryId};
use newsroom::moment::Moment;
use serde_json::Value;
use store::{AuditEntry, By, StoreError, Tx};

use super::Who;
use crate::jobs::shelve_changed;

/// What was done to what.
pub(super) struct Deed<'a> {
    /// Who did it.
    pub who: &'a Who,
    /// When.
    pub at: Moment,
    /// The verb, as the action's file is called.
    pub verb: &'static str,
}

impl Deed<'_> {
    /// The same for the revision of a draft that it makes.
    pub(super) fn by(&self) -> By<'_> {
        By { at: self.at, who: self.who.as_str(), verb: self.verb }
    }

    pub(super) async fn to_story(
        &self,
        tx: &mut Tx,
        id: StoryId,
        before: Option<Value>,
        after: Option<Value>,
    ) -> Result<(), StoreError> {
        self.note(tx, "story", id.to_string(), before, after).await
    }

    pub(super) async fn to_photo(
        &self,
        tx: &mut Tx,
        id: PhotoId,
        before: Option<Value>,
        after: Option<Value>,
    ) -> Result<(), StoreError> {
        self.note(tx, "photo", id.to_string(), before, after).await
    }

    pub(super) async fn note(
        &self,
        tx: &mut Tx,
        noun: &str,
        noun_id: String,
        before: Option<Value>,
        after: Option<Value>,
    ) -> Result<(), StoreError> {
        let entry = AuditEntry {
            at: self.at,
            who: self.who.as_str().to_owned(),
            verb: self.verb.to_owned(),
            noun: noun.to_owned(),
            noun_id,
            before: before.map(|value| value.to_string()),
            after: after.map(|value| value.to_string()),
        };
        tx.add_audit(&entry).await?;
        // An action notes its deed when it has done it: whatever it changed of photos, the library follows.
        shelve_changed(tx, self.at).await
    }
}
