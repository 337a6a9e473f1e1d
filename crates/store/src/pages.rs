//! The map of the printed tree: for each path the page that was printed last, the change that brought it, and the keys
//! of what stands on it (a story, a photo, a tag, a term, a setting).

use std::collections::{BTreeMap, BTreeSet};

use newsroom::moment::Moment;

use crate::action::{Tx, View};
use crate::error::StoreError;
use crate::statement::{Sql, statements};
use crate::value::{Row, Value, as_int, binds};

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

/// What stands at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// See [`Page::change`]; 0 where a page was announced and none was printed yet.
    pub change: i64,
    /// See [`Page::status`].
    pub status: u16,
}

macro_rules! columns {
    () => {
        "path, page_key, change_number, status, etag, printed_at, printer"
    };
}

/// A row yields to one of a higher change only; those that were written are told by their paths.
macro_rules! newer {
    () => {
        " ON CONFLICT (path) DO UPDATE SET page_key = excluded.page_key, change_number = excluded.change_number,
        status = excluded.status, etag = excluded.etag, printed_at = excluded.printed_at, printer = excluded.printer
        WHERE excluded.change_number > pages.change_number RETURNING path"
    };
}

macro_rules! standing {
    () => {
        "string_agg(CAST(p.change_number AS TEXT) || ' ' || CAST(p.status AS TEXT) || ' ' || p.path, '\n') AS standing"
    };
}

/// Pages that one statement writes down or looks for.
const TOGETHER: usize = 16;

statements! { "pages";
    BY_PATH = concat!("SELECT ", columns!(), " FROM pages WHERE path = $1");
    SINCE = concat!("SELECT ", columns!(), " FROM pages WHERE change_number > $1 ORDER BY change_number, path LIMIT $2");
    REST_OF_CHANGE = concat!("SELECT ", columns!(), " FROM pages WHERE change_number = $1 AND path > $2 ORDER BY path");
    OUTDATED = concat!("SELECT ", columns!(), " FROM pages WHERE printer < $1
        ORDER BY printer DESC, printed_at DESC, path DESC LIMIT $2");
    RECORD = concat!("INSERT INTO pages (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7)", newer!());
    /// As many pages as [`TOGETHER`] says: what a statement costs besides its work is most of its time.
    RECORD_TOGETHER = concat!("INSERT INTO pages (", columns!(), ") VALUES
        ($1, $2, $3, $4, $5, $6, $7), ($8, $9, $10, $11, $12, $13, $14),
        ($15, $16, $17, $18, $19, $20, $21), ($22, $23, $24, $25, $26, $27, $28),
        ($29, $30, $31, $32, $33, $34, $35), ($36, $37, $38, $39, $40, $41, $42),
        ($43, $44, $45, $46, $47, $48, $49), ($50, $51, $52, $53, $54, $55, $56),
        ($57, $58, $59, $60, $61, $62, $63), ($64, $65, $66, $67, $68, $69, $70),
        ($71, $72, $73, $74, $75, $76, $77), ($78, $79, $80, $81, $82, $83, $84),
        ($85, $86, $87, $88, $89, $90, $91), ($92, $93, $94, $95, $96, $97, $98),
        ($99, $100, $101, $102, $103, $104, $105), ($106, $107, $108, $109, $110, $111, $112)", newer!());
    ANNOUNCE = concat!("INSERT INTO pages (", columns!(), ") VALUES ($1, $2, 0, 404, '', $3, $4) ON CONFLICT DO NOTHING");
    KEYS_OF = "SELECT touched FROM page_keys WHERE path = $1 ORDER BY touched";
    KEYS_OF_TOGETHER = "SELECT path, string_agg(touched, ' ') AS keys FROM page_keys
        WHERE path IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) GROUP BY path";
    DROP_KEY = "DELETE FROM page_keys WHERE path = $1 AND touched = $2";
    ADD_KEY = "INSERT INTO page_keys (path, touched) VALUES ($1, $2) ON CONFLICT DO NOTHING";
    /// What stands at paths is one text, "change status path" a line.
    STANDING_FOR = concat!("SELECT ", standing!(), " FROM page_keys k JOIN pages p ON p.path = k.path WHERE k.touched = $1");
    STANDING_AT = concat!("SELECT ", standing!(), " FROM pages p
        WHERE p.path IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)");
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

    /// The pages on which this stands, by path.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn standing_for_key(&mut self, key: &str) -> Result<BTreeMap<String, Standing>, StoreError> {
        self.standing(STANDING_FOR, binds![key]).await
    }

    /// What stands at these paths; nothing of a path where nothing was ever printed.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn standing_at(&mut self, paths: &[&str]) -> Result<BTreeMap<String, Standing>, StoreError> {
        let mut all = BTreeMap::new();
        for some in paths.chunks(TOGETHER) {
            // Fewer paths than the statement has places repeat their last one.
            let padded = some.iter().chain(std::iter::repeat_n(some.last().unwrap_or(&""), TOGETHER));
            let values = padded.take(TOGETHER).map(|path| Value::from(*path)).collect();
            all.extend(self.standing(STANDING_AT, values).await?);
        }
        Ok(all)
    }

    async fn standing(
        &mut self,
        sql: Sql,
        values: Vec<Value>,
    ) -> Result<BTreeMap<String, Standing>, StoreError> {
        let row = self.row(sql, values).await?;
        let Some(row) = row.filter(|row| !matches!(row.maybe_text("standing"), Ok(None))) else {
            return Ok(BTreeMap::new());
        };
        row.parsed("standing", |text| text.lines().map(standing).collect())
    }
}

impl Tx {
    /// Writes down that a page is to come on which `key` stands, so that it is found by the key even where its print dies
    /// after readers saw it. A page that is there already only gets the key.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn announce_page(
        &mut self,
        path: &str,
        page_key: &str,
        key: &str,
        (at, printer): (Moment, u32),
    ) -> Result<(), StoreError> {
        self.run(ANNOUNCE, binds![path, page_key, at, printer]).await?;
        self.run(ADD_KEY, binds![path, key]).await.map(|_| ())
    }

    /// Records a printed page with the keys of what stands on it. `false` when the path has a page of the same or a
    /// higher change already: a late writer never wins, and nothing changes.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn record_page(&mut self, page: &Page, keys: &BTreeSet<String>) -> Result<bool, StoreError> {
        if self.row(RECORD, values(page)).await?.is_none() {
            return Ok(false);
        }
        let before = self.page_keys(&page.path).await?;
        self.replace_keys(&page.path, &before, keys).await?;
        Ok(true)
    }

    /// The same for several pages of which each has a path of its own.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn record_pages(&mut self, pages: &[(&Page, &BTreeSet<String>)]) -> Result<(), StoreError> {
        let (together, rest) = pages.as_chunks::<TOGETHER>();
        for pages in together {
            let all = pages.iter().flat_map(|(page, _)| values(page)).collect();
            let mut written = BTreeSet::new();
            for row in self.rows(RECORD_TOGETHER, all).await? {
                written.insert(row.text("path")?);
            }
            let paths = pages.iter().map(|(page, _)| Value::from(&page.path)).collect();
            let mut before: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
            for row in self.rows(KEYS_OF_TOGETHER, paths).await? {
                let keys = row.text("keys")?.split(' ').map(str::to_owned).collect();
                before.insert(row.text("path")?, keys);
            }
            for (page, keys) in pages.iter().filter(|(page, _)| written.contains(&page.path)) {
                self.replace_keys(&page.path, &before.remove(&page.path).unwrap_or_default(), keys).await?;
            }
        }
        for (page, keys) in rest {
            self.record_page(page, keys).await?;
        }
        Ok(())
    }

    async fn replace_keys(
        &mut self,
        path: &str,
        before: &BTreeSet<String>,
        keys: &BTreeSet<String>,
    ) -> Result<(), StoreError> {
        for gone in before.difference(keys) {
            self.run(DROP_KEY, binds![path, gone]).await?;
        }
        for new in keys.difference(before) {
            self.run(ADD_KEY, binds![path, new]).await?;
        }
        Ok(())
    }
}

fn values(page: &Page) -> Vec<Value> {
    binds![
        &page.path,
        &page.page_key,
        page.change,
        u32::from(page.status),
        &page.etag,
        page.printed_at,
        page.printer,
    ]
}

/// A line of what stands at paths.
fn standing(line: &str) -> Option<(String, Standing)> {
    let (change, rest) = line.split_once(' ')?;
    let (status, path) = rest.split_once(' ')?;
    Some((path.to_owned(), Standing { change: change.parse().ok()?, status: status.parse().ok()? }))
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
