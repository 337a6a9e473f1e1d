//! Prints a story, or what stands in its place when it was withdrawn, and asks for the lists that it stands on.

use std::collections::BTreeSet;

use newsroom::id::{PhotoId, StoryId};
use newsroom::moment::Moment;
use newsroom::published::PublishedStory;
use newsroom::search::words_of;
use newsroom::slug::Slug;
use store::{Claim, Publication, StoreError, Tx, View};

use super::context::{Closing, Context, JobFault};
use super::list::List;
use super::press::{self, Records, Sheet, finish, put_up, reserve};
use super::print_list::{part_of, parts};
use super::story_sheets::{StorySheets, farewell, published};
use super::{Job, enqueue, public_files, site};
use crate::config::{Avif, SiteConfig};
use crate::pages::month::Month;
use crate::pages::{PageKey, address};

/// Runs the job.
pub(super) async fn run(context: &Context, story: StoryId, claim: &Claim) -> Result<(), JobFault> {
    let Some(printed) = print(context, story).await? else { return close(context, claim).await };
    let (now, zone) = (context.app.now(), &context.app.config().site);
    context
        .app
        .store()
        .act(async |tx: &mut Tx| {
            index(tx, story).await?;
            if let Some(published_at) = printed.lacks_avif_since {
                enqueue(tx, &Job::AddAvif { story }, published_at.min(now)).await?;
            }
            for list in lists(tx, &printed, zone).await? {
                enqueue(tx, &Job::PrintList { list }, now).await?;
            }
            // What lists and feeds show of it was made here: its public files, or their absence.
            press::close(tx, &printed.records, claim, Some(&(Job::PrintLists, now))).await
        })
        .await?;
    Ok(())
}

/// Makes a story findable as it is published now, which may be later than what was printed: by its authors, and by the
/// words of what readers see of it; a withdrawn one by nothing.
async fn index(tx: &mut Tx, story: StoryId) -> Result<(), StoreError> {
    let Some(publication) = tx.publication(story).await? else { return Ok(()) };
    if publication.withdrawn.is_some() {
        return tx.put_search_words(story, &BTreeSet::new()).await;
    }
    tx.put_bylines(&publication.record).await?;
    let shown = site::without_withdrawn(tx, publication.record).await?;
    tx.put_search_words(story, &shown.as_ref().map(words_of).unwrap_or_default()).await
}

/// Prints the story alone: what stands on lists of it has not changed.
pub(super) async fn again(context: &Context, story: StoryId, claim: &Claim) -> Result<(), JobFault> {
    let Some(printed) = print(context, story).await? else { return close(context, claim).await };
    let store = context.app.store();
    store.act(async |tx: &mut Tx| press::close(tx, &printed.records, claim, None).await).await?;
    Ok(())
}

/// What was printed.
struct PrintedStory {
    publication: Publication,
    records: Records,
    /// The paths on which the story stood before.
    stood_on: BTreeSet<String>,
    /// When it was published, where AVIF is to be added to one of its pictures.
    lacks_avif_since: Option<Moment>,
}

/// `None` when it never was published.
async fn print(context: &Context, story: StoryId) -> Result<Option<PrintedStory>, JobFault> {
    let change = reserve(context).await?;
    let found = context.app.store().view(async |view: &mut View| read(view, story).await).await?;
    let Some((publication, old_slugs, stood_on)) = found else { return Ok(None) };
    let sheets = if publication.withdrawn.is_some() {
        farewell(context, &publication.record, &old_slugs, &stood_on).await?
    } else {
        published(context, publication.clone(), &old_slugs, &stood_on).await?
    };
    let StorySheets { first, beside, lacks_avif } = sheets;
    let wanted = lacks_avif && context.app.config().work.avif == Avif::On;
    let granted: Vec<(PhotoId, String)> = first.iter().filter_map(Sheet::granted).collect();
    let mut records = put_up(context, change, first).await?;
    if let Some(beside) = beside {
        let sheets = beside.sheets(stood_on.clone()).await?;
        records.extend(put_up(context, change, sheets).await?);
    }
    for (photo, version) in &granted {
        public_files::delete_superseded(context, *photo, version).await?;
    }
    let lacks_avif_since = wanted.then_some(publication.published_at);
    Ok(Some(PrintedStory { publication, records, stood_on, lacks_avif_since }))
}

/// A publication, the slugs that it left, and the paths on which it stands.
type Found = (Publication, Vec<Slug>, BTreeSet<String>);

async fn read(view: &mut View, story: StoryId) -> Result<Option<Found>, JobFault> {
    let Some(publication) = view.publication(story).await? else { return Ok(None) };
    let old_slugs = view.old_slugs(story).await?;
    let mut stood_on = view.paths_for_keys(&[PageKey::Story(story).to_string()]).await?;
    // Also what the records do not know of: a print that died after readers saw its pages wrote nothing down.
    stood_on.extend(own_paths(&publication.record, &old_slugs));
    Ok(Some((publication, old_slugs, stood_on)))
}

/// The light edition and the slides of a story, under its slug and those that it left.
fn own_paths(record: &PublishedStory, old_slugs: &[Slug]) -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    for slug in old_slugs.iter().chain([&record.slug]) {
        paths.insert(address::light(slug).path().to_owned());
        paths.extend(record.slides.iter().map(|slide| address::slide(slug, &slide.id).path().to_owned()));
    }
    paths
}

/// The lists on which a story stands, or stood: those of its tags and authors, and its part of its month; with the parts
/// behind that, where stories move up or down.
async fn lists(tx: &mut Tx, printed: &PrintedStory, site: &SiteConfig) -> Result<BTreeSet<List>, StoreError> {
    let Publication { record, withdrawn, .. } = &printed.publication;
    let mut lists: BTreeSet<List> = printed.stood_on.iter().filter_map(|path| List::at(path)).collect();
    lists.extend(record.tags.iter().filter_map(|tag| Slug::from_text(tag)).map(List::Tag));
    lists.extend(record.bylines.iter().filter_map(|name| Slug::from_text(name)).map(List::Byline));
    let here = Month::of(record.shown.at, &site.time_zone);
    let months =
        lists.iter().filter_map(|list| if let List::Month(month, _) = list { Some(*month) } else { None });
    let months: BTreeSet<Month> = months.chain([here]).collect();
    for month in months {
        let (from, until) = (month.begins(&site.time_zone), month.next().begins(&site.time_zone));
        tx.count_month(&month.to_string(), from, until).await?;
        let last = parts(tx.count_between(from, until).await?);
        let before = tx.count_before(from, record.shown.at, record.id).await?;
        let now = List::Month(month, if month == here { part_of(before) } else { last });
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

async fn close(context: &Context, claim: &Claim) -> Result<(), JobFault> {
    let finished: Closing<()> = context.app.store().act(async |tx: &mut Tx| finish(tx, claim).await).await;
    Ok(finished?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::samples;

    #[test]
    fn a_storys_own_paths_are_known_without_the_records() {
        let story = samples::story(2);
        let old = Slug::from_text("Older").unwrap();
        let paths = own_paths(&story, std::slice::from_ref(&old));
        let slide = &story.slides[1].id;
        for slug in [&old, &story.slug] {
            assert!(paths.contains(&format!("/story/{slug}?light")), "{paths:?}");
            assert!(paths.contains(&format!("/story/{slug}/photo/{slide}")), "{paths:?}");
        }
        assert_eq!(paths.len(), 6);
    }
}
