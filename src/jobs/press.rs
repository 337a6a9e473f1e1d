//! The press: writes what a job printed into the tree, makes it known, and writes it down.
//!
//! A print takes its change number *before* it reads what it prints. So of two prints of one path the one with the
//! higher number read the later state, and the tree's rule that the highest number wins can never bring a withdrawn
//! page back (ARCHITECTURE.md, "Printed tree"). Objects come first, then the tree's log, which makes them visible all at
//! once, then the records and the end of the job in one transaction; a print that dies in between is printed again.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use newsroom::moment::Moment;
use serve::{Entry, Key, Printed, Tombstone, TreeWriter, WriteFault};
use store::{ActError, Claim, Page, Standing, StoreError, Tx, View};

use super::context::{Closing, Context, JobFault};
use super::{Job, enqueue};
use crate::pages::PageKey;

/// The version of the templates; a higher one reprints what lower ones printed.
pub const PRINTER: u32 = 2;

/// Objects on their way to a store that is far, at once.
const LANES: usize = 8;

/// Something for one path.
pub(super) struct Sheet {
    pub path: String,
    pub what: What,
    /// What it was made from; see the store's `page_keys`.
    pub keys: BTreeSet<String>,
}

/// What a path becomes.
pub(super) enum What {
    /// A page, feed or asset.
    Page(Printed),
    /// A photo's grant; the path is that of its token.
    Grant {
        /// Of its address.
        token: String,
        printed: Printed,
    },
    /// Taken away.
    Tombstone(Tombstone),
}

impl Sheet {
    pub(super) fn page(path: impl Into<String>, printed: Printed, keys: BTreeSet<String>) -> Self {
        Self { path: path.into(), what: What::Page(printed), keys }
    }

    pub(super) fn tombstone(path: impl Into<String>, tombstone: Tombstone) -> Self {
        Self { path: path.into(), what: What::Tombstone(tombstone), keys: BTreeSet::new() }
    }

    fn status(&self) -> u16 {
        match &self.what {
            What::Page(printed) => printed.status.number(),
            What::Grant { .. } => 200,
            What::Tombstone(Tombstone::Missing) => 404,
            What::Tombstone(Tombstone::Gone) => 410,
            What::Tombstone(Tombstone::Farewell(printed) | Tombstone::Redirect(printed)) => {
                printed.status.number()
            }
        }
    }

    fn etag(&self) -> &str {
        match &self.what {
            What::Page(printed) | What::Grant { printed, .. } => &printed.hash,
            What::Tombstone(Tombstone::Farewell(printed) | Tombstone::Redirect(printed)) => &printed.hash,
            What::Tombstone(_) => "",
        }
    }
}

/// Writes down, in the transaction that publishes a story, which pages it will have: one that a print puts up before it
/// dies is found by the next, also where that one's story lacks the slide.
pub(super) async fn announce(
    tx: &mut Tx,
    paths: impl IntoIterator<Item = String>,
    key: &PageKey,
    at: Moment,
) -> Result<(), StoreError> {
    let key = key.to_string();
    for path in paths {
        tx.announce_page(&path, &Key::of(&path).to_string(), &key, (at, PRINTER)).await?;
    }
    Ok(())
}

/// Takes the number of a print that begins now.
pub(super) async fn reserve(context: &Context) -> Result<i64, JobFault> {
    let number = context
        .app
        .store()
        .act(async |tx: &mut Tx| Ok::<_, ActError<JobFault>>(tx.next_change().await?))
        .await?;
    Ok(number)
}

/// What was printed, for the records.
pub(super) type Records = Vec<(Page, BTreeSet<String>)>;

/// Prints the sheets of one change and ends the job.
pub(super) async fn press(
    context: &Context,
    change: i64,
    sheets: Vec<Sheet>,
    claim: &Claim,
) -> Result<(), JobFault> {
    let records = put_up(context, change, sheets).await?;
    context.app.store().act(async |tx: &mut Tx| close(tx, &records, claim, None).await).await?;
    Ok(())
}

/// What stands already, by path.
pub(super) type AlreadyThere = BTreeMap<String, Standing>;

/// Writes the sheets of one change into the tree, where readers see them from now on. What stands already with the same
/// bytes, or with the same body, is taken over.
pub(super) async fn put_up(context: &Context, change: i64, sheets: Vec<Sheet>) -> Result<Records, JobFault> {
    let printed_at = context.app.now();
    let records =
        sheets.iter().map(|sheet| (record(sheet, change, printed_at), sheet.keys.clone())).collect();
    let paths: Vec<&str> = sheets.iter().map(|sheet| sheet.path.as_str()).collect();
    let stands = context.app.store().view(async |view: &mut View| view.standing_at(&paths).await).await?;
    let tree = context.app.tree().clone();
    let number = u64::try_from(change).unwrap_or(0);
    let written = tokio::task::spawn_blocking(move || tree.log(&put_all(&tree, sheets, &stands, number)?));
    written.await.map_err(std::io::Error::other)??;
    Ok(records)
}

/// Puts the objects of all sheets; to a store that is far several at once, since each waits for its answer.
fn put_all(
    tree: &TreeWriter,
    sheets: Vec<Sheet>,
    stands: &AlreadyThere,
    number: u64,
) -> Result<Vec<Entry>, WriteFault> {
    let put = |sheets: Vec<Sheet>| {
        sheets.into_iter().map(|sheet| put(tree, sheet, stands, number)).collect::<Result<Vec<_>, _>>()
    };
    if !tree.is_far() || sheets.len() < 2 {
        return put(sheets);
    }
    let each = sheets.len().div_ceil(LANES);
    let mut left = sheets;
    std::thread::scope(|scope| {
        let mut lanes = Vec::new();
        while !left.is_empty() {
            let some: Vec<Sheet> = left.drain(..each.min(left.len())).collect();
            lanes.push(scope.spawn(|| put(some)));
        }
        let mut entries = Vec::new();
        for lane in lanes {
            let done = lane.join().map_err(|_| io::Error::other("an object could not be written"))?;
            entries.extend(done?);
        }
        Ok(entries)
    })
}

fn put(tree: &TreeWriter, sheet: Sheet, stands: &AlreadyThere, number: u64) -> Result<Entry, WriteFault> {
    let Sheet { path, what, .. } = sheet;
    let before = stands.get(&path).and_then(|stands| u64::try_from(stands.change).ok());
    match what {
        What::Page(printed) => tree.put_over(&path, printed, number, before),
        What::Grant { token, printed, .. } => tree.put_grant_over(&token, printed, number, before),
        What::Tombstone(Tombstone::Farewell(printed)) => {
            tree.tombstone(&path, &Tombstone::Farewell(printed.pressed(None)), number)
        }
        What::Tombstone(tombstone) => tree.tombstone(&path, &tombstone, number),
    }
}

fn record(sheet: &Sheet, change: i64, printed_at: Moment) -> Page {
    Page {
        path: sheet.path.clone(),
        page_key: Key::of(&sheet.path).to_string(),
        change,
        status: sheet.status(),
        etag: sheet.etag().to_owned(),
        printed_at,
        printer: PRINTER,
    }
}

/// Writes down what was put up and ends the job.
pub(super) async fn close(
    tx: &mut Tx,
    records: &Records,
    claim: &Claim,
    next: Option<&(Job, Moment)>,
) -> Closing<()> {
    finish(tx, claim).await?;
    if let Some((job, now)) = next {
        enqueue(tx, job, *now).await?;
    }
    record_all(tx, records).await?;
    // The count moves once more, after the log stands, so that whoever watches it looks at the tree now.
    tx.next_change().await?;
    Ok(())
}

/// Writes down what was put up.
pub(super) async fn record_all(tx: &mut Tx, records: &Records) -> Closing<()> {
    // Stories that are printed together may show one photo: of a path the last one counts.
    let pages: BTreeMap<&str, _> =
        records.iter().map(|(page, keys)| (page.path.as_str(), (page, keys))).collect();
    Ok(tx.record_pages(&pages.into_values().collect::<Vec<_>>()).await?)
}

/// Has the content network before the site, where there is one, forget what it holds under a key, since these were printed.
pub(super) async fn ask_for_purge(
    context: &Context,
    tx: &mut Tx,
    key: &PageKey,
    records: &Records,
) -> Result<(), StoreError> {
    if context.app.config().cdn.is_none() || records.is_empty() {
        return Ok(());
    }
    // Who has read the tree since this number was there has read what these are.
    let change = tx.next_change().await?;
    enqueue(tx, &Job::PurgeCdn { key: key.to_string(), change }, context.app.now()).await
}

/// Ends the job, or undoes the transaction when another worker has it.
pub(super) async fn finish(tx: &mut Tx, claim: &Claim) -> Closing<()> {
    if tx.finish_job(claim).await? { Ok(()) } else { Err(ActError::Refused(JobFault::LeaseLost)) }
}
