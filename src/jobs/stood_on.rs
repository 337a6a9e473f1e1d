//! The lists on which a story stands, or stood: those of its tags and authors, and its part of its month.

use std::collections::BTreeSet;

use jiff::tz::TimeZone;
use newsroom::moment::Moment;
use newsroom::published::PublishedStory;
use newsroom::slug::Slug;
use store::{Publication, StoreError, Tx};

use super::list::List;
use super::print_list::{part_of, parts};
use super::{Job, enqueue, site};
use crate::pages::month::Month;

/// The lists that have to be printed when a story was: those on which it stands now and those of the paths on which it
/// stood before, with the parts of its month behind its own, where stories move up or down.
pub(super) async fn lists(
    tx: &mut Tx,
    publication: &Publication,
    stood_on: &BTreeSet<String>,
    zone: &TimeZone,
) -> Result<BTreeSet<List>, StoreError> {
    let Publication { record, withdrawn, .. } = publication;
    let mut lists: BTreeSet<List> = stood_on.iter().filter_map(|path| List::at(path)).collect();
    lists.extend(named(record));
    let here = Month::of(record.shown.at, zone);
    let months =
        lists.iter().filter_map(|list| if let List::Month(month, _) = list { Some(*month) } else { None });
    let months: BTreeSet<Month> = months.chain([here]).collect();
    for month in months {
        let InMonth { part, last } = counted(tx, month, record, zone).await?;
        let now = List::Month(month, if month == here { part } else { last });
        let stood = lists.iter().filter(|list| matches!(list, List::Month(m, _) if *m == month)).cloned();
        let stood: Vec<List> = stood.collect();
        if month == here && withdrawn.is_none() && stood == [now.clone()] {
            continue;
        }
        // It came, went or moved: what stands behind it moves too, perhaps out of a last part.
        let first = stood.iter().chain([&now]).min().cloned();
        if let Some(List::Month(_, first)) = first {
            lists.extend((first..=last.saturating_add(1)).map(|part| List::Month(month, part)));
        }
    }
    Ok(lists)
}

/// Notes for the parts among the lists when something on them changed: the story, which stands on them, left them or
/// moved what stands there.
pub(super) async fn note_change(
    tx: &mut Tx,
    publication: &Publication,
    lists: &BTreeSet<List>,
) -> Result<(), StoreError> {
    let changed = site::changed(tx, publication).await?;
    let changed = publication.withdrawn.as_ref().map_or(changed, |withdrawn| changed.max(withdrawn.at));
    for list in lists {
        if let List::Month(month, part) = list {
            tx.change_month_part(&month.to_string(), *part, changed).await?;
        }
    }
    Ok(())
}

/// Asks for the lists that a story left when it was published again, in the transaction of that. A print of one of them
/// that runs now has read the story on it and not written that down yet, so that the story's own print does not know of
/// it; asked for here, it is printed once more.
///
/// # Errors
/// A fault of the store.
pub async fn ask_for_left(
    tx: &mut Tx,
    before: &PublishedStory,
    now: &PublishedStory,
    zone: &TimeZone,
    at: Moment,
) -> Result<(), StoreError> {
    let stands: BTreeSet<List> = named(now).collect();
    let mut left: BTreeSet<List> = named(before).filter(|list| !stands.contains(list)).collect();
    if before.shown.at != now.shown.at {
        let month = Month::of(before.shown.at, zone);
        let InMonth { part, last } = counted(tx, month, before, zone).await?;
        left.extend((part..=last.saturating_add(1)).map(|part| List::Month(month, part)));
    }
    for list in left {
        enqueue(tx, &Job::PrintList { list }, at).await?;
    }
    Ok(())
}

/// The lists of a story's tags and authors.
fn named(story: &PublishedStory) -> impl Iterator<Item = List> {
    let tags = story.tags.iter().filter_map(|tag| Slug::from_text(tag)).map(List::Tag);
    tags.chain(story.bylines.iter().filter_map(|name| Slug::from_text(name)).map(List::Byline))
}

/// Where a story stands in a month.
struct InMonth {
    /// The part that it stands on, or would stand on.
    part: u32,
    /// The month's last part.
    last: u32,
}

/// Counts a month anew.
async fn counted(
    tx: &mut Tx,
    month: Month,
    story: &PublishedStory,
    zone: &TimeZone,
) -> Result<InMonth, StoreError> {
    let (from, until) = (month.begins(zone), month.next().begins(zone));
    tx.count_month(&month.to_string(), from, until).await?;
    let last = parts(tx.count_between(from, until).await?);
    let before = tx.count_before(from, story.shown.at, story.id).await?;
    Ok(InMonth { part: part_of(before), last })
}
