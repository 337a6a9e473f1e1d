//! SQL as constants. A statement can only be made by the `statements!` macro, which also lists it, so that a test
//! (and `halftone doctor`) prepares every one of them on either database.

/// One SQL text for both databases, with `$1` placeholders.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Sql {
    /// The table that its rows come from, for faults that name it.
    pub(crate) table: &'static str,
    /// The constant's name.
    pub(crate) name: &'static str,
    /// The text.
    pub(crate) text: &'static str,
}

/// `statements! { "table"; NAME = "SELECT ..."; }`: the constants, and `STATEMENTS`, the list of them.
macro_rules! statements {
    ($table:literal; $($(#[$doc:meta])* $name:ident = $text:expr;)*) => {
        $($(#[$doc])* const $name: $crate::statement::Sql =
            $crate::statement::Sql { table: $table, name: stringify!($name), text: $text };)*
        /// Every statement of this file.
        pub(crate) const STATEMENTS: &[$crate::statement::Sql] = &[$($name),*];
    };
}
pub(crate) use statements;

/// Every statement of the crate that runs on both databases.
pub(crate) fn all() -> impl Iterator<Item = Sql> {
    [
        crate::answers::STATEMENTS,
        crate::audit::STATEMENTS,
        crate::changes::STATEMENTS,
        crate::finding::STATEMENTS,
        crate::grants::STATEMENTS,
        crate::jobs::STATEMENTS,
        crate::links::STATEMENTS,
        crate::library::STATEMENTS,
        crate::nodes::STATEMENTS,
        crate::notices::STATEMENTS,
        crate::originals::STATEMENTS,
        crate::owners::STATEMENTS,
        crate::pages::STATEMENTS,
        crate::passkeys::STATEMENTS,
        crate::photos::STATEMENTS,
        crate::plans::STATEMENTS,
        crate::publications::STATEMENTS,
        crate::renditions::STATEMENTS,
        crate::revisions::STATEMENTS,
        crate::sessions::STATEMENTS,
        crate::settings::STATEMENTS,
        crate::shares::STATEMENTS,
        crate::shelving::STATEMENTS,
        crate::shown_pictures::STATEMENTS,
        crate::slides::STATEMENTS,
        crate::staff::STATEMENTS,
        crate::stories::STATEMENTS,
        crate::survey::STATEMENTS,
        crate::tokens::STATEMENTS,
        crate::uploads::records::STATEMENTS,
        crate::uploads::pieces::STATEMENTS,
        crate::watched::STATEMENTS,
    ]
    .into_iter()
    .flatten()
    .copied()
}

#[cfg(test)]
mod tests {
    use sqlx::{AssertSqlSafe, Row as _};

    use super::*;
    use crate::database::{Database, Pools, Store};

    /// Statements that look at every row of a table, or sort, and may: those tables stay small, or the question is a
    /// person's, or what is sorted are the slides of one story.
    const WALKS: &[(&str, &str)] = &[
        // A month a row.
        ("publications", "MONTHS"),
        // A row for each month, and one more for each 500 stories.
        ("publications", "PARTS"),
        // Each word's stories are read through to find those with all words.
        ("publications", "SEARCH"),
        ("jobs", "COUNTS"),
        ("jobs", "FAILED"),
        ("nodes", "SINCE"),
        ("nodes", "FORGET_BEFORE"),
        ("notices", "STANDING"),
        ("notices", "FOR_STORY"),
        // The rows that are handed in.
        ("pages", "RECORD_TOGETHER"),
        // Walks as many of the newest photos as it is asked for, which an index gives.
        ("photos", "WITHOUT_ORIGINAL"),
        ("settings", "ALL"),
        // As many of the photos that wait as it is asked for, the first of the key.
        ("photo_shelf", "CHANGED"),
        // The last of two indexes.
        ("photo_shelf", "HIGHEST"),
        // The rows that are handed in.
        ("photo_shelf", "WRITE_POSTINGS"),
        // What is sorted are the photos of one story.
        ("public_files", "OF_STORY"),
        ("public_files", "WITHDRAWN_OF_STORY"),
        ("slides", "OF_STORY"),
        // Colleagues, of whom a house has some hundreds.
        ("staff", "ANY"),
        ("staff", "ADMINISTRATORS"),
        ("schema_migrations", "APPLIED"),
        ("schema_migrations", "UNDER_WAY"),
    ];

    #[tokio::test]
    async fn no_statement_walks_a_table_that_grows_with_the_archive() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::Sqlite { path: folder.path().join("records.sqlite") };
        let store = Store::open(&database, newsroom::moment::Moment::from_micros(0)).await.unwrap();
        let Pools::Sqlite(pools) = &store.inner.pools else { panic!("opened as SQLite") };
        let mut walks = Vec::new();
        for sql in all() {
            let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {}", sql.text));
            let plan = sqlx::query(explain).fetch_all(&pools.readers).await.unwrap();
            let steps: Vec<String> = plan.iter().map(|step| step.get("detail")).collect();
            if steps.iter().any(|step| step.starts_with("SCAN") || step.contains("TEMP B-TREE")) {
                walks.push((sql.table, sql.name));
            }
        }
        assert_eq!(walks, WALKS);
        store.close().await;
    }
}
