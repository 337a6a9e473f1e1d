//! Prints one list that a story stands on: the page and feed of a tag, the page of an author, a part of a month of the
//! archive with its sitemap. Publishing in a large archive costs what it costs in a small one: a part holds 500 stories
//! at most, and what is published today lengthens the last one only.

use std::collections::{BTreeMap, BTreeSet};

use newsroom::id::PhotoId;
use newsroom::moment::Moment;
use newsroom::notice::Notice;
use newsroom::published::{Picture, PublishedStory};
use newsroom::slug::Slug;
use serve::Tombstone;
use store::{Claim, Listing, NameOf, StoreError, View};

use super::context::{Context, JobFault};
use super::list::List;
use super::listed::{IN_A_FEED, Listed, newest};
use super::press::{Sheet, press, reserve};
use super::print_lists::sheet;
use super::site;
use crate::pages::archive::{PartInput, Row, STORIES_IN_A_PART};
use crate::pages::feed::{Channel, FeedInput, FeedStory};
use crate::pages::list::{Card, ListInput};
use crate::pages::month::Month;
use crate::pages::sitemap::MapStory;
use crate::pages::{self, NameLink, PageKey, Site, address};

/// Runs the job.
pub(super) async fn run(context: &Context, list: &List, claim: &Claim) -> Result<(), JobFault> {
    let change = reserve(context).await?;
    let sheets = match list {
        List::Tag(slug) => named(context, NameOf::Tag, slug).await?,
        List::Byline(slug) => named(context, NameOf::Byline, slug).await?,
        List::Month(month, part) => month_part(context, *month, *part).await?,
    };
    press(context, change, sheets, claim).await
}

/// The page of a tag or an author, also where its last story was withdrawn: the address stays.
async fn named(context: &Context, of: NameOf, slug: &Slug) -> Result<Vec<Sheet>, JobFault> {
    let listing = if of == NameOf::Tag { Listing::Tag(slug) } else { Listing::Byline(slug) };
    let found = context
        .app
        .store()
        .view(async |view: &mut View| {
            let Some(name) = view.published_name(of, slug).await? else { return Ok(None) };
            let stories = newest(view, listing).await?;
            Ok::<_, JobFault>(Some((
                name,
                stories,
                site::site(context, view).await?,
                site::notices(view).await?,
            )))
        })
        .await?;
    let Some((name, stories, site, notices)) = found else { return Ok(Vec::new()) };
    let link = NameLink { name, slug: slug.clone() };
    let (at, cards) = (context.app.now(), stories.iter().map(Listed::card).collect::<Vec<Card<'_>>>());
    let input = ListInput { cards: &cards, notices: &notices, at };
    if of == NameOf::Byline {
        return Ok(vec![sheet(address::byline(slug).path(), &pages::list::byline(&site, &link, &input)?)]);
    }
    let page = pages::list::tag(&site, &link, &input)?;
    let feed = tag_feed(&site, &link, &stories, &notices, at)?;
    Ok(vec![sheet(address::tag(slug).path(), &page), sheet(address::tag_feed(slug).path(), &feed)])
}

fn tag_feed(
    site: &Site,
    link: &NameLink,
    stories: &[Listed],
    notices: &[Notice],
    at: Moment,
) -> Result<pages::Page, JobFault> {
    let entries: Vec<FeedStory<'_>> = stories.iter().take(IN_A_FEED as usize).map(Listed::entry).collect();
    Ok(pages::feed::rss(site, &Channel::Tag(link), &FeedInput { stories: &entries, notices, at })?)
}

/// A story of a part of a month.
struct InMonth {
    story: PublishedStory,
    pictures: BTreeMap<PhotoId, Picture>,
    changed: Moment,
}

/// What a part of a month is printed from, read at one moment.
struct PartRead {
    site: Site,
    stories: Vec<InMonth>,
    parts: u32,
    earlier: Option<Month>,
    later: Option<Month>,
}

async fn month_part(context: &Context, month: Month, part: u32) -> Result<Vec<Sheet>, JobFault> {
    let (page_at, map_at) = (address::month(month, part), address::month_sitemap(month, part));
    let read = context
        .app
        .store()
        .view(async |view: &mut View| read_part(context, view, month, part).await.map_err(JobFault::from))
        .await?;
    if read.stories.is_empty() && part > 1 {
        let gone = |at: &address::Address| Sheet::tombstone(at.path(), Tombstone::Missing);
        return Ok(vec![gone(&page_at), gone(&map_at)]);
    }
    let rows: Vec<Row<'_>> = read.stories.iter().map(row).collect();
    let (earlier, later) = (read.earlier, read.later);
    let input = PartInput { month, part, parts: read.parts, rows: &rows, earlier, later };
    let mut page = sheet(page_at.path(), &pages::archive::part(&read.site, &input)?);
    // By these a story that moves to another month, or is withdrawn, finds the part that it stood on.
    page.keys.extend(read.stories.iter().map(|one| PageKey::Story(one.story.id).to_string()));
    let stories: Vec<MapStory<'_>> = read.stories.iter().map(map_story).collect();
    let map = sheet(map_at.path(), &pages::sitemap::part(&read.site, month, &stories)?);
    Ok(vec![page, map])
}

fn row(one: &InMonth) -> Row<'_> {
    Row {
        slug: &one.story.slug,
        headline: &one.story.headline,
        language: &one.story.language,
        direction: one.story.direction,
        shown: one.story.shown.at,
        photos: one.story.slides.len(),
    }
}

fn map_story(one: &InMonth) -> MapStory<'_> {
    let photos = one.story.slides.iter().filter_map(|slide| slide.photo);
    let mut seen = BTreeSet::new();
    let pictures = photos.filter(|photo| seen.insert(*photo)).filter_map(|photo| one.pictures.get(&photo));
    MapStory { slug: &one.story.slug, changed: one.changed, pictures: pictures.collect() }
}

async fn read_part(
    context: &Context,
    view: &mut View,
    month: Month,
    part: u32,
) -> Result<PartRead, StoreError> {
    let held = context.app.held(view).await?;
    let zone = &held.site.time_zone;
    let (from, until) = (month.begins(zone), month.next().begins(zone));
    let in_a_part = u32::try_from(STORIES_IN_A_PART).unwrap_or(u32::MAX);
    let skip = in_a_part.saturating_mul(part.saturating_sub(1));
    let mut stories = Vec::new();
    for publication in view.published_between(from, until, skip, in_a_part).await? {
        let changed = site::changed(view, &publication).await?;
        let Some(story) = site::readable(view, publication.record).await? else { continue };
        let pictures = site::pictures(view, &story).await?;
        stories.push(InMonth { story, pictures, changed });
    }
    let count = view.count_between(from, until).await?;
    let months = view.published_months().await?;
    let mut months: Vec<Month> = months.iter().filter_map(|one| Month::parse(&one.name)).collect();
    months.sort_unstable();
    let earlier = months.iter().rev().find(|one| **one < month).copied();
    let later = months.iter().find(|one| **one > month).copied();
    let site = site::site_with_sections(&held, view).await?;
    Ok(PartRead { site, stories, parts: parts(count), earlier, later })
}

/// The part on which a story stands that has so many stories of its month before it.
pub(super) fn part_of(before: u64) -> u32 {
    u32::try_from(before / STORIES_IN_A_PART as u64).unwrap_or(u32::MAX).saturating_add(1)
}

/// Parts of a month of so many stories; one also where there is none.
pub(super) fn parts(stories: u64) -> u32 {
    let parts = stories.div_ceil(STORIES_IN_A_PART as u64).max(1);
    u32::try_from(parts).unwrap_or(u32::MAX)
}
