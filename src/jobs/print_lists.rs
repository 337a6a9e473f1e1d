//! Prints what is not about one story: home, sections, the feed, the pages for 404 and 410, and the assets.

use std::collections::{BTreeMap, BTreeSet};

use newsroom::id::PhotoId;
use newsroom::notice::Notice;
use newsroom::published::{Picture, PublishedStory};
use serve::{GONE_PAGE, MISSING_PAGE, Policy, Printed, Status};
use store::{Claim, Listing, NameOf, Part, StoreError, View};

use super::context::{Context, JobFault};
use super::press::{PRINTER, Sheet, press, reserve};
use super::print_story::printed;
use super::site;
use crate::pages::feed::{FeedInput, FeedStory};
use crate::pages::list::{Card, ListInput};
use crate::pages::{self, Page, SectionLink, Site, address, assets};

/// Stories on home and on a section's page.
const ON_A_LIST: u32 = 24;
/// Stories in the feed.
const IN_THE_FEED: u32 = 15;

/// A published story with what a list shows of it.
struct Listed {
    story: PublishedStory,
    pictures: BTreeMap<PhotoId, Picture>,
    updated: newsroom::moment::Moment,
}

impl Listed {
    fn card(&self) -> Card<'_> {
        let cover = self.story.slides.iter().find(|slide| slide.id == self.story.cover);
        Card { story: &self.story, picture: cover.and_then(|slide| self.pictures.get(&slide.photo?)) }
    }
}

/// Everything that lists are printed from, read at one moment.
struct Lists {
    site: Site,
    notices: Vec<Notice>,
    newest: Vec<Listed>,
    feed: Vec<Listed>,
    sections: Vec<(SectionLink, Vec<Listed>)>,
}

/// Runs the job.
pub(super) async fn run(context: &Context, claim: &Claim) -> Result<(), JobFault> {
    let change = reserve(context).await?;
    let lists = context.app.store().view(async |view: &mut View| read(context, view).await).await?;
    let at = context.app.now();
    let mut sheets = asset_sheets(&lists.site);
    let cards: Vec<Card<'_>> = lists.newest.iter().map(Listed::card).collect();
    let input = ListInput { cards: &cards, notices: &lists.notices, at };
    sheets.push(sheet(address::HOME, &pages::list::home(&lists.site, &input)?));
    for (link, stories) in &lists.sections {
        let cards: Vec<Card<'_>> = stories.iter().map(Listed::card).collect();
        let input = ListInput { cards: &cards, notices: &lists.notices, at };
        sheets.push(sheet(
            address::section(&link.slug).path(),
            &pages::list::section(&lists.site, link, &input)?,
        ));
    }
    let entries: Vec<FeedStory<'_>> = lists
        .feed
        .iter()
        .map(|one| FeedStory { story: &one.story, pictures: &one.pictures, updated: one.updated })
        .collect();
    let feed =
        pages::feed::print(&lists.site, &FeedInput { stories: &entries, notices: &lists.notices, at })?;
    sheets.push(sheet(address::FEED, &feed));
    let missing = pages::plain::not_found(&lists.site)?;
    sheets.push(Sheet::page(
        MISSING_PAGE,
        printed(&missing, Status::NotFound).with_policy(Policy::Fault),
        keys(&missing),
    ));
    let gone = pages::plain::gone(&lists.site, &lists.site.language, None)?;
    sheets.push(Sheet::page(GONE_PAGE, printed(&gone, Status::Gone).with_policy(Policy::Fault), keys(&gone)));
    press(context, change, sheets, claim).await
}

fn sheet(path: &str, page: &Page) -> Sheet {
    Sheet::page(path, printed(page, Status::Ok), keys(page))
}

fn keys(page: &Page) -> BTreeSet<String> {
    page.keys.iter().map(ToString::to_string).collect()
}

fn asset_sheets(site: &Site) -> Vec<Sheet> {
    let sheet = |path: &str, kind: &str, bytes: &'static str, policy| {
        let printed = Printed::new(Status::Ok, kind, bytes.as_bytes(), PRINTER).with_policy(policy);
        Sheet::page(path, printed, BTreeSet::from([pages::PageKey::Site.to_string()]))
    };
    vec![
        sheet(&site.assets.css, "text/css; charset=utf-8", assets::PAGE_CSS, Policy::Hashed),
        sheet(&site.assets.site_css, "text/css; charset=utf-8", assets::SITE_CSS, Policy::Short),
        sheet(&site.assets.lightbox, "text/javascript; charset=utf-8", assets::LIGHTBOX_JS, Policy::Hashed),
        sheet(&site.assets.icon, "image/svg+xml", assets::ICON_SVG, Policy::Hashed),
    ]
}

async fn read(context: &Context, view: &mut View) -> Result<Lists, StoreError> {
    let site = site::site(context, view).await?;
    let newest = listed(view, Listing::All, ON_A_LIST, Pictures::Cover).await?;
    let feed = listed(view, Listing::All, IN_THE_FEED, Pictures::All).await?;
    // Also those that nothing leads to any more: their last story was withdrawn, or moved to another section.
    let ever = view.published_names(NameOf::Section).await?;
    let mut sections = Vec::with_capacity(ever.len());
    for (slug, name) in ever {
        let stories = listed(view, Listing::Section(&slug), ON_A_LIST, Pictures::Cover).await?;
        sections.push((SectionLink { name, slug }, stories));
    }
    Ok(Lists { notices: site::notices(view).await?, site, newest, feed, sections })
}

#[derive(Clone, Copy)]
enum Pictures {
    Cover,
    All,
}

async fn listed(
    view: &mut View,
    listing: Listing<'_>,
    limit: u32,
    wanted: Pictures,
) -> Result<Vec<Listed>, StoreError> {
    let mut stories = Vec::new();
    for publication in view.published(listing, Part::newest(limit)).await? {
        let updated = site::changed(view, &publication).await?;
        let Some(story) = site::without_withdrawn(view, publication.record).await? else { continue };
        let pictures = match wanted {
            Pictures::All => site::pictures(view, &story).await?,
            Pictures::Cover => cover(view, &story).await?,
        };
        stories.push(Listed { story, pictures, updated });
    }
    Ok(stories)
}

async fn cover(view: &mut View, story: &PublishedStory) -> Result<BTreeMap<PhotoId, Picture>, StoreError> {
    let slide = story.slides.iter().find(|slide| slide.id == story.cover);
    let Some(photo) = slide.and_then(|slide| slide.photo) else { return Ok(BTreeMap::new()) };
    Ok(site::picture(view, photo).await?.map(|picture| (photo, picture)).into_iter().collect())
}
