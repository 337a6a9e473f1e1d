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
use super::story_sheets::{StorySheets, farewell, published};
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
    let (now, zone) = (context.app.now(), &context.app.config().site.time_zone);
    context
        .app
        .store()
        .act(async |tx: &mut Tx| {
            if let Some(published_at) = printed.lacks_avif_since {
                enqueue(tx, &Job::AddAvif { story }, published_at.min(now)).await?;
            }
            if why == Why::Neighbour {
                return press::close(tx, &printed.records, claim, None).await;
            }
            index(tx, story).await?;
            let lists = stood_on::lists(tx, &printed.publication, &printed.stood_on, zone).await?;
            stood_on::note_change(tx, &printed.publication, &lists).await?;
            for list in lists {
                enqueue(tx, &why.list(list), now).await?;
            }
            // What lists and feeds show of it was made here: its public files, or their absence.
            press::close(tx, &printed.records, claim, Some(&(why.lists(), now))).await
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
async fn print(context: &Context, story: StoryId, why: Why) -> Result<Option<PrintedStory>, JobFault> {
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
    if why == Why::Changed {
        // Who watches the count looks at the tree now, and not when all else of this print is written down.
        reserve(context).await?;
    }
    if let Some(beside) = beside.filter(|_| why != Why::Neighbour) {
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
