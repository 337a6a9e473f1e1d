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
    /// Of whom: the name without a token, so that what a person's tokens did is theirs.
    pub who: String,
    /// What was done.
    pub verb: String,
    /// To which kind of thing.
    pub noun: String,
    /// To which one of that kind; without a kind it says nothing.
    pub noun_id: String,
}

/// The columns of an entry, and what narrows down what an index gave.
macro_rules! sought {
    ($by:literal) => {
        concat!(
            "SELECT id, at, who, verb, noun, noun_id, state_before, state_after FROM audit WHERE ",
            $by,
            " AND ($2 = '' OR substr(who, 1, 42) = $2) AND ($3 = '' OR verb = $3) AND ($4 = '' OR noun = $4)
              AND ($5 = '' OR noun_id = $5) AND id < $6 ORDER BY id DESC LIMIT $7"
        )
    };
}

statements! { "audit";
    ADD = "INSERT INTO audit (at, who, verb, noun, noun_id, state_before, state_after)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    OF = "SELECT id, at, who, verb, noun, noun_id, state_before, state_after FROM audit
        WHERE noun = $1 AND noun_id = $2 AND id < $3 ORDER BY id DESC LIMIT $4";
    AFTER = "SELECT id, at, who, verb, noun, noun_id, state_before, state_after FROM audit
        WHERE id > $1 ORDER BY id LIMIT $2";
    /// 42 characters are `staff ` and an id: a name without its token. Migration 15 has the same in an index.
    BY_WHOM = sought!("substr(who, 1, 42) = $1");
    BY_VERB = sought!("verb = $1");
    BY_NOUN = sought!("noun = $1");
    BY_THING = sought!("noun = $1 AND noun_id = $5");
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
        let noun_id = if noun.is_empty() { "" } else { noun_id };
        // What is rarest as a rule leads: its index is read, and the rest narrows that down.
        let (by, first) = match (who.as_str(), verb.as_str(), noun.as_str(), noun_id) {
            ("", "", "", _) => return self.audit_before(before, None, limit).await,
            (_, _, noun, id) if !id.is_empty() => (BY_THING, noun),
            ("", "", noun, _) => (BY_NOUN, noun),
            ("", verb, _, _) => (BY_VERB, verb),
            (who, _, _, _) => (BY_WHOM, who),
        };
        let rows = self.rows(by, binds![first, who, verb, noun, noun_id, before, limit]).await?;
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
