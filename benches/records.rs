//! `records DATABASE actions|reads TASKS COUNT`: how many actions or looks of two statements the store does, as
//! `benches/records.py` has the databases' own clients do. DATABASE is a file or `postgres://…`.
//!
//! An action adds an entry to the audit and a job to the queue; a look asks for the last entry of a thing and for the change
//! number. Tells the seconds of all of them as JSON.

use std::io::{Write as _, stdout};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use anyhow::{Result, bail, ensure};
use futures_util::future::try_join_all;
use halftone::app::{Clock as _, SystemClock};
use newsroom::id::JobId;
use newsroom::moment::Moment;
use serde_json::json;
use store::{ActError, AuditEntry, Database, NewJob, Sha256, Store, StoreError, Tx, View};

/// Things that entries are about; each is asked for as often as any other.
const THINGS: u64 = 1000;

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let [database, what, tasks, count] = words.as_slice() else {
        bail!("records DATABASE actions|reads TASKS COUNT")
    };
    let database = match database.starts_with("postgres://") {
        true => Database::Postgres { url: database.clone() },
        false => Database::Sqlite { path: database.into() },
    };
    let (tasks, count) = (tasks.parse()?, count.parse()?);
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(async {
        let now = SystemClock.now();
        let store = Store::open(&database, now).await?;
        let next = AtomicU64::new(0);
        let begun = Instant::now();
        match what.as_str() {
            "actions" => try_join_all((0..tasks).map(|_| act(&store, &next, count, now))).await.map(drop)?,
            "reads" => try_join_all((0..tasks).map(|_| look(&store, &next, count))).await.map(drop)?,
            other => bail!("{other:?} is neither actions nor reads"),
        }
        let seconds = begun.elapsed().as_secs_f64();
        writeln!(stdout(), "{}", json!({ "seconds": seconds }))?;
        store.close().await;
        Ok(())
    })
}

fn thing(number: u64) -> String {
    format!("thing-{}", number.wrapping_mul(7919) % THINGS)
}

/// Takes numbers until there are as many as wanted.
async fn act(store: &Store, next: &AtomicU64, count: u64, now: Moment) -> Result<()> {
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= count {
            return Ok(());
        }
        let entry = AuditEntry {
            at: now,
            who: "bench".to_owned(),
            verb: "publish_story".to_owned(),
            noun: "story".to_owned(),
            noun_id: thing(number),
            before: None,
            after: Some(format!("{{\"number\":{number}}}")),
        };
        let dedupe = format!("bench:{}:{number}", now.as_micros());
        let mut id = [0; 10];
        id.iter_mut().zip(Sha256::of(dedupe.as_bytes()).as_bytes()).for_each(|(to, from)| *to = *from);
        let payload = format!("{{\"number\":{number}}}");
        let job =
            NewJob { id: JobId::new(now, id), kind: "bench".to_owned(), payload, dedupe, run_after: now };
        let done = store.act(async |tx: &mut Tx| {
            tx.add_audit(&entry).await?;
            tx.enqueue(&job).await?;
            Ok::<_, ActError<StoreError>>(())
        });
        done.await.map_err(|error| match error {
            ActError::Refused(fault) | ActError::Fault(fault) => fault,
        })?;
    }
}

async fn look(store: &Store, next: &AtomicU64, count: u64) -> Result<()> {
    loop {
        let number = next.fetch_add(1, Ordering::Relaxed);
        if number >= count {
            return Ok(());
        }
        let thing = thing(number);
        let entries = store
            .view(async |view: &mut View| {
                let entries = view.audit_before(i64::MAX, Some(("story", &thing)), 1).await?;
                view.current_change().await?;
                Ok::<_, StoreError>(entries)
            })
            .await?;
        ensure!(entries.len() == 1, "no entry of {thing}");
    }
}
