//! The map of the printed tree: for each path the page that was printed last, the change that brought it, and the keys
//! of what stands on it (a story, a photo, a tag, a term, a setting).

use std::collections::BTreeSet;

use newsroom::moment::Moment;

use crate::action::{Tx, View};
use crate::error::StoreError;
use crate::statement::statements;
use crate::value::{Row, as_int, binds};

/// A printed page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// Its address: root-relative, decoded.
    pub path: String,
    /// Its key in the tree.
    pub page_key: String,
    /// The change that brought it, from [`Tx::next_change`]; names the object in the tree.
    pub change: i64,
    /// HTTP status: 200, 301, 404, 410.
    pub status: u16,
    /// Content hash.
    pub etag: String,
    /// When it was printed.
    pub printed_at: Moment,
    /// The version of the printer.
    pub printer: u32,
}

macro_rules! columns {
    () => {
        "path, page_key, change_number, status, etag, printed_at, printer"
    };
}

statements! { "pages";
    BY_PATH = concat!("SELECT ", columns!(), " FROM pages WHERE path = $1");
    SINCE = concat!("SELECT ", columns!(), " FROM pages WHERE change_number > $1 ORDER BY change_number, path LIMIT $2");
    REST_OF_CHANGE = concat!("SELECT ", columns!(), " FROM pages WHERE change_number = $1 AND path > $2 ORDER BY path");
    OUTDATED = concat!("SELECT ", columns!(), " FROM pages WHERE printer < $1
        ORDER BY printer DESC, printed_at DESC, path DESC LIMIT $2");
    RECORD = concat!("INSERT INTO pages (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (path) DO UPDATE SET page_key = excluded.page_key, change_number = excluded.change_number,
        status = excluded.status, etag = excluded.etag, printed_at = excluded.printed_at, printer = excluded.printer
        WHERE excluded.change_number > pages.change_number");
    KEYS_OF = "SELECT touched FROM page_keys WHERE path = $1 ORDER BY touched";
    DROP_KEY = "DELETE FROM page_keys WHERE path = $1 AND touched = $2";
    ADD_KEY = "INSERT INTO page_keys (path, touched) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    PATHS_FOR = "SELECT path FROM page_keys WHERE touched = $1 ORDER BY path";
}

impl View {
    /// What stands at a path, printed pages, redirects and tombstones alike.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn page(&mut self, path: &str) -> Result<Option<Page>, StoreError> {
        self.row(BY_PATH, binds![path]).await?.map(|row| page(&row)).transpose()
    }

    /// The pages of the changes after `change`, in order of change: about `limit`, but a change is never cut in two,
    /// so that the next call can go on after the last page's change. Only the newest page of each path is known.
    ///
    /// Whoever follows the changes with this misses a page that is recorded later under an older number: take the
    /// number in the action that records the page, or follow the tree's own log.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn pages_since(&mut self, change: i64, limit: u32) -> Result<Vec<Page>, StoreError> {
        let rows = self.rows(SINCE, binds![change, limit]).await?;
        let mut pages: Vec<Page> = rows.iter().map(page).collect::<Result<_, _>>()?;
        if let Some(last) = pages.last()
            && as_int(pages.len() as u64) >= i64::from(limit)
        {
            let rest = self.rows(REST_OF_CHANGE, binds![last.change, &last.path]).await?;
            for row in &rest {
                pages.push(page(row)?);
            }
        }
        Ok(pages)
    }

    /// Pages that an older printer made, newest first, at most `limit`.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn pages_of_older_printers(
        &mut self,
        printer: u32,
        limit: u32,
    ) -> Result<Vec<Page>, StoreError> {
        self.rows(OUTDATED, binds![printer, limit]).await?.iter().map(page).collect()
    }

    /// The keys of what stands on a page.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn page_keys(&mut self, path: &str) -> Result<BTreeSet<String>, StoreError> {
        self.rows(KEYS_OF, binds![path]).await?.iter().map(|row| row.text("touched")).collect()
    }

    /// The paths of the pages on which any of these stands.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn paths_for_keys(&mut self, keys: &[impl AsRef<str>]) -> Result<BTreeSet<String>, StoreError> {
        let mut paths = BTreeSet::new();
        for key in keys {
            for row in self.rows(PATHS_FOR, binds![key.as_ref()]).await? {
                paths.insert(row.text("path")?);
            }
        }
        Ok(paths)
    }
}

impl Tx {
    /// Records a printed page with the keys of what stands on it. `false` when the path has a page of the same or a
    /// higher change already: a late writer never wins, and nothing changes.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn record_page(&mut self, page: &Page, keys: &BTreeSet<String>) -> Result<bool, StoreError> {
        let values = binds![
            &page.path,
            &page.page_key,
            page.change,
            u32::from(page.status),
            &page.etag,
            page.printed_at,
            page.printer,
        ];
        if !self.changes_any(RECORD, values).await? {
            return Ok(false);
        }
        let before = self.page_keys(&page.path).await?;
        for gone in before.difference(keys) {
            self.run(DROP_KEY, binds![&page.path, gone]).await?;
        }
        for new in keys.difference(&before) {
            self.run(ADD_KEY, binds![&page.path, new]).await?;
        }
        Ok(true)
    }
}

fn page(row: &Row) -> Result<Page, StoreError> {
    Ok(Page {
        path: row.text("path")?,
        page_key: row.text("page_key")?,
        change: row.int("change_number")?,
        status: row.count("status")?,
        etag: row.text("etag")?,
        printed_at: row.moment("printed_at")?,
        printer: row.count("printer")?,
    })
}
