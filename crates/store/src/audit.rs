//! The audit: who did what to which noun, with its state before and after. Entries are only ever added.

use newsroom::moment::Moment;

use crate::action::{Tx, View};
use crate::error::StoreError;
use crate::statement::statements;
use crate::value::{Row, binds};

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEntry {
    /// When.
    pub at: Moment,
    /// Who: a person's name, or the program that acted by itself.
    pub who: String,
    /// What was done: `publish`, `withdraw`.
    pub verb: String,
    /// To which kind of thing: `story`, `photo`.
    pub noun: String,
    /// To which one.
    pub noun_id: String,
    /// Its state before, as JSON; `None` when it was not there.
    pub before: Option<String>,
    /// Its state after, as JSON; `None` when it is gone.
    pub after: Option<String>,
}

/// Which entries are looked for; what is empty is any.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuditSought {
    /// Of whom: the beginning of the name, so that a person's tokens are theirs.
    pub who: String,
    /// What was done.
    pub verb: String,
    /// To which kind of thing.
    pub noun: String,
    /// To which one.
    pub noun_id: String,
}

statements! { "audit";
    ADD = "INSERT INTO audit (at, who, verb, noun, noun_id, state_before, state_after)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    OF = "SELECT id, at, who, verb, noun, noun_id, state_before, state_after FROM audit
        WHERE noun = $1 AND noun_id = $2 AND id < $3 ORDER BY id DESC LIMIT $4";
    AFTER = "SELECT id, at, who, verb, noun, noun_id, state_before, state_after FROM audit
        WHERE id > $1 ORDER BY id LIMIT $2";
    SOUGHT = "SELECT id, at, who, verb, noun, noun_id, state_before, state_after FROM audit
        WHERE id < $1 AND ($2 = '' OR substr(who, 1, length($2)) = $2) AND ($3 = '' OR verb = $3)
        AND ($4 = '' OR noun = $4) AND ($5 = '' OR noun_id = $5) ORDER BY id DESC LIMIT $6";
    BEFORE = "SELECT id, at, who, verb, noun, noun_id, state_before, state_after FROM audit
        WHERE id < $1 ORDER BY id DESC LIMIT $2";
}

fn entry(row: &Row) -> Result<AuditEntry, StoreError> {
    Ok(AuditEntry {
        at: row.moment("at")?,
        who: row.text("who")?,
        verb: row.text("verb")?,
        noun: row.text("noun")?,
        noun_id: row.text("noun_id")?,
        before: row.maybe_text("state_before")?,
        after: row.maybe_text("state_after")?,
    })
}

impl View {
    /// At most `limit` entries with a number above `after`, oldest first, each with its number.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn audit_after(
        &mut self,
        after: i64,
        limit: u32,
    ) -> Result<Vec<(i64, AuditEntry)>, StoreError> {
        let rows = self.rows(AFTER, binds![after, limit]).await?;
        rows.iter().map(|row| Ok((row.int("id")?, entry(row)?))).collect()
    }

    /// At most `limit` entries with a number below `before`, newest first, each with its number; of one thing (its kind and
    /// its id), or of all.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn audit_before(
        &mut self,
        before: i64,
        of: Option<(&str, &str)>,
        limit: u32,
    ) -> Result<Vec<(i64, AuditEntry)>, StoreError> {
        let rows = match of {
            Some((noun, id)) => self.rows(OF, binds![noun, id, before, limit]).await?,
            None => self.rows(BEFORE, binds![before, limit]).await?,
        };
        rows.iter().map(|row| Ok((row.int("id")?, entry(row)?))).collect()
    }

    /// At most `limit` entries with a number below `before` of those that are sought, newest first, each with its number.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn audit_sought(
        &mut self,
        before: i64,
        sought: &AuditSought,
        limit: u32,
    ) -> Result<Vec<(i64, AuditEntry)>, StoreError> {
        let AuditSought { who, verb, noun, noun_id } = sought;
        // One thing and everything have an index each; only what is left is read through.
        let rows = match (who.is_empty() && verb.is_empty(), noun.is_empty(), noun_id.is_empty()) {
            (true, true, true) => self.rows(BEFORE, binds![before, limit]).await?,
            (true, false, false) => self.rows(OF, binds![noun, noun_id, before, limit]).await?,
            _ => self.rows(SOUGHT, binds![before, who, verb, noun, noun_id, limit]).await?,
        };
        rows.iter().map(|row| Ok((row.int("id")?, entry(row)?))).collect()
    }
}

impl Tx {
    /// Adds an entry.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn add_audit(&mut self, entry: &AuditEntry) -> Result<(), StoreError> {
        let values = binds![
            entry.at,
            &entry.who,
            &entry.verb,
            &entry.noun,
            &entry.noun_id,
            entry.before.clone(),
            entry.after.clone(),
        ];
        self.run(ADD, values).await.map(|_| ())
    }
}
