//! Prints a story, or what stands in its place when it was withdrawn, and asks for the lists that it stands on.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;
use newsroom::id::StoryId;
use newsroom::moment::Moment;
use newsroom::published::PublishedStory;
use newsroom::search::words_of;
use newsroom::slug::Slug;
use store::{Claim, Publication, StoreError, Tx, View};

use super::context::{Closing, Context, JobFault};
use super::list::List;
use super::press::{self, Records, Sheet, finish, put_up, reserve};
use super::story_grants::Missing;
use super::story_sheets::{Found, Gathered, Shown, gather};
use super::{Job, enqueue, public_files, site, stood_on};
use crate::config::Avif;
use crate::pages::{PageKey, address};

/// Why a story is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Why {
    /// Something of it changed: readers see it at once, and its lists are printed next.
    Changed,
    /// All that was published is printed again: its lists come last, once, and not after each story of an archive.
    Archive,
    /// Another story came to stand beside it, or left: its own page leads there, what stands on lists of it is the same.
    Neighbour,
}

impl Why {
    fn list(self, list: List) -> Job {
        match self {
            Self::Changed | Self::Neighbour => Job::PrintList { list },
            Self::Archive => Job::ReprintList { list },
        }
    }

    fn lists(self) -> Job {
        match self {
            Self::Changed | Self::Neighbour => Job::PrintLists,
            Self::Archive => Job::ReprintLists,
        }
    }
}

/// Runs the job.
pub(super) async fn run(context: &Context, story: StoryId, claim: &Claim, why: Why) -> Result<(), JobFault> {
    let Some(printed) = print(context, story, why).await? else { return close(context, claim).await };
    let now = context.app.now();
    context
        .app
        .store()
        .act(async |tx: &mut Tx| {
            if why == Why::Neighbour {
                ask_for_avif(tx, &printed, now).await?;
                ask_for_neighbours(tx, &printed, now).await?;
                return press::close(tx, &printed.records, claim, None).await;
            }
            let zone = &context.app.held(tx).await?.site.time_zone;
            let lists = write_down(tx, &printed, zone, now).await?;
            ask_for(tx, why, lists, now).await?;
            if why == Why::Changed {
                press::ask_for_purge(context, tx, &PageKey::Story(story), &printed.records).await?;
            }
            // What lists and feeds show of it was made here: its public files, or their absence.
            press::close(tx, &printed.records, claim, Some(&(why.lists(), now))).await
        })
        .await?;
    Ok(())
}

/// Runs several jobs that print stories of the archive again, with one change number, one log entry and one
/// transaction for all of them. A fault of one is a fault of all, and where pictures have to be made first it does
/// nothing and gives `false`, since what is more urgent would wait for all of them: whoever called runs each alone then.
pub(super) async fn run_together(context: &Context, jobs: &[(StoryId, Claim)]) -> Result<bool, JobFault> {
    let change = reserve(context).await?;
    let found = context
        .app
        .store()
        .view(async |view: &mut View| {
            let mut found = Vec::with_capacity(jobs.len());
            for (story, _) in jobs {
                found.extend(read(view, *story).await?);
            }
            Ok::<_, JobFault>(found)
        })
        .await?;
    let Some(gathered) = gather(context, found, Missing::Decline).await? else { return Ok(false) };
    let (gathered, sheets) = made(move || make_all(gathered)).await?;
    let records = put_up(context, change, sheets).await?;
    let mut printed = Vec::with_capacity(gathered.len());
    for one in gathered {
        printed.push(ended(context, one, Vec::new()).await?);
    }
    let now = context.app.now();
    context
        .app
        .store()
        .act(async |tx: &mut Tx| {
            let zone = &context.app.held(tx).await?.site.time_zone;
            let mut lists = BTreeSet::new();
            for one in &printed {
                lists.extend(write_down(tx, one, zone, now).await?);
            }
            ask_for(tx, Why::Archive, lists, now).await?;
            for (_, claim) in jobs {
                finish(tx, claim).await?;
            }
            press::record_all(tx, &records).await?;
            Ok(enqueue(tx, &Why::Archive.lists(), now).await?)
        })
        .await?;
    // Apart from that long transaction, which would have to begin again whenever another print takes a number.
    reserve(context).await?;
    Ok(true)
}

/// Every sheet of these stories. The grant of a photo that several of them show is one sheet.
fn make_all(mut gathered: Vec<Gathered>) -> Result<(Vec<Gathered>, Vec<Sheet>), JobFault> {
    let mut sheets = BTreeMap::new();
    for one in &mut gathered {
        let all = one.first()?.into_iter().chain(one.beside()?);
        sheets.extend(all.map(|sheet| (sheet.path.clone(), sheet)));
    }
    Ok((gathered, sheets.into_values().collect()))
}

/// Writes down what was printed besides its pages; gives the lists that have to be printed now.
async fn write_down(
    tx: &mut Tx,
    printed: &PrintedStory,
    zone: &TimeZone,
    now: Moment,
) -> Result<BTreeSet<List>, StoreError> {
    ask_for_avif(tx, printed, now).await?;
    ask_for_neighbours(tx, printed, now).await?;
    index(tx, printed).await?;
    let lists = stood_on::lists(tx, &printed.publication, &printed.stood_on, zone).await?;
    stood_on::note_change(tx, &printed.publication, &lists).await?;
    Ok(lists)
}

async fn ask_for_avif(tx: &mut Tx, printed: &PrintedStory, now: Moment) -> Result<(), StoreError> {
    let Some(published_at) = printed.lacks_avif_since else { return Ok(()) };
    enqueue(tx, &Job::AddAvif { story: printed.publication.record.id }, published_at.min(now)).await
}

async fn ask_for(tx: &mut Tx, why: Why, lists: BTreeSet<List>, now: Moment) -> Result<(), StoreError> {
    for list in lists {
        enqueue(tx, &why.list(list), now).await?;
    }
    Ok(())
}

/// Asks for the stories beside one that readers see from now on, where it stands by now: before, their feet could not
/// lead to it.
async fn ask_for_neighbours(tx: &mut Tx, printed: &PrintedStory, now: Moment) -> Result<(), StoreError> {
    if printed.stood || !printed.stands {
        return Ok(());
    }
    let publication = tx.publication(printed.publication.record.id).await?;
    let Some(publication) = publication.filter(|publication| publication.withdrawn.is_none()) else {
        return Ok(());
    };
    let record = &publication.record;
    let (older, newer) = tx.neighbours(record.shown.at, record.id).await?;
    for beside in [older, newer].into_iter().flatten() {
        enqueue(tx, &Job::PrintNeighbour { story: beside.record.id }, now).await?;
    }
    Ok(())
}

/// Makes a story findable as it is published now, which may be later than what was printed: by its authors, and by the
/// words of what readers see of it; a withdrawn one by nothing.
async fn index(tx: &mut Tx, printed: &PrintedStory) -> Result<(), StoreError> {
    let PrintedStory { publication, shown, .. } = printed;
    let story = publication.record.id;
    let stands = tx.publication_state(story).await? == Some(publication.state());
    if let Some(shown) = shown
        && stands
        && tx.withdrawn_photos(story).await?.into_keys().collect::<BTreeSet<_>>() == shown.withdrawn
    {
        tx.put_bylines(&publication.record).await?;
        return tx.put_search_words(story, &shown.words).await;
    }
    let Some(publication) = tx.publication(story).await? else { return Ok(()) };
    if publication.withdrawn.is_some() {
        return tx.put_search_words(story, &BTreeSet::new()).await;
    }
    tx.put_bylines(&publication.record).await?;
    let shown = site::without_withdrawn(tx, publication.record).await?;
    tx.put_search_words(story, &shown.as_ref().map(words_of).unwrap_or_default()).await
}

/// What was printed.
struct PrintedStory {
    publication: Publication,
    records: Records,
    /// The paths on which the story stood before.
    stood_on: BTreeSet<String>,
    /// Whether readers had its own page before.
    stood: bool,
    /// Whether they have it now.
    stands: bool,
    /// When it was published, where AVIF is to be added to one of its pictures.
    lacks_avif_since: Option<Moment>,
    /// What readers see of it; `None` where it was withdrawn.
    shown: Option<Shown>,
}

/// `None` when it never was published.
async fn print(context: &Context, story: StoryId, why: Why) -> Result<Option<PrintedStory>, JobFault> {
    let change = reserve(context).await?;
    let found = context.app.store().view(async |view: &mut View| read(view, story).await).await?;
    let Some(found) = found else { return Ok(None) };
    let Some(mut gathered) = gather(context, vec![found], Missing::Make).await?.and_then(|mut one| one.pop())
    else {
        return Ok(None);
    };
    let (mut gathered, first) = made(move || {
        let first = gathered.first()?;
        Ok((gathered, first))
    })
    .await?;
    let mut records = put_up(context, change, first).await?;
    if why == Why::Changed {
        // Who watches the count looks at the tree now, and not when all else of this print is written down.
        reserve(context).await?;
    }
    if why != Why::Neighbour {
        let beside;
        (gathered, beside) = made(move || {
            let beside = gathered.beside()?;
            Ok((gathered, beside))
        })
        .await?;
        records.extend(put_up(context, change, beside).await?);
    }
    ended(context, gathered, records).await.map(Some)
}

/// Takes away what the print leaves behind, once it stands.
async fn ended(context: &Context, gathered: Gathered, records: Records) -> Result<PrintedStory, JobFault> {
    for (photo, version) in &gathered.superseded {
        public_files::delete_superseded(context, *photo, version).await?;
    }
    let wanted = gathered.lacks_avif && context.app.config().work.avif == Avif::On;
    let stands = gathered.has_page();
    let (Found { publication, others, standing, .. }, shown) = gathered.into_printed();
    let lacks_avif_since = wanted.then_some(publication.published_at);
    let own = standing.get(address::story(&publication.record.slug).path());
    let stood = own.is_some_and(|page| page.status == 200);
    Ok(PrintedStory { publication, records, stood_on: others, stood, stands, lacks_avif_since, shown })
}

/// Pages are made, and compressed, apart from the task in which other jobs wait for their turn.
async fn made<T: Send + 'static>(
    make: impl FnOnce() -> Result<T, JobFault> + Send + 'static,
) -> Result<T, JobFault> {
    tokio::task::spawn_blocking(make).await.map_err(std::io::Error::other)?
}

async fn read(view: &mut View, story: StoryId) -> Result<Option<Found>, JobFault> {
    let Some(publication) = view.publication(story).await? else { return Ok(None) };
    let old_slugs = view.old_slugs(story).await?;
    let photos = view.shown_photos(story).await?;
    let standing = view.standing_for_key(&PageKey::Story(story).to_string()).await?;
    // Also what the records do not know of: a print that died after readers saw its pages wrote nothing down.
    let others = standing.keys().cloned().chain(own_paths(&publication.record, &old_slugs)).collect();
    Ok(Some(Found { publication, old_slugs, photos, standing, others }))
}

/// Puts the print of a story into the queue, in the transaction that publishes it as `record`.
///
/// # Errors
/// A fault of the store.
pub async fn ask_for_print_as(tx: &mut Tx, record: &PublishedStory, at: Moment) -> Result<(), StoreError> {
    press::announce(tx, own_paths(record, &[]), &PageKey::Story(record.id), at).await?;
    enqueue(tx, &Job::PrintStory { story: record.id }, at).await
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
