//! Prints what is not about one story: home, sections, their feeds, the archive's months, the indexes for machines, the
//! pages for 404 and 410, and the assets.

use std::collections::BTreeSet;

use newsroom::moment::Moment;
use newsroom::notice::Notice;
use newsroom::published::PublishedStory;
use serve::{GONE_PAGE, MISSING_PAGE, Policy, Printed, Status};
use store::{Claim, Listing, Month as CountedMonth, NameOf, Part, StoreError, View};

use super::context::{Context, JobFault};
use super::listed::{IN_A_FEED, Listed, newest};
use super::press::{PRINTER, Sheet, press, reserve};
use super::print_list::parts;
use super::site;
use super::story_sheets::printed;
use crate::pages::archive::MonthCount;
use crate::pages::assets::Ground;
use crate::pages::feed::{Channel, FeedInput, FeedStory};
use crate::pages::list::{Card, ListInput};
use crate::pages::month::Month;
use crate::pages::sitemap::{MapPart, NEWS_SECONDS, NEWS_STORIES, NewsStory};
use crate::pages::{self, Page, SectionLink, Site, address, assets};

/// Everything that lists are printed from, read at one moment.
struct Lists {
    site: Site,
    notices: Vec<Notice>,
    newest: Vec<Listed>,
    sections: Vec<(SectionLink, Vec<Listed>)>,
    months: Vec<MonthCount>,
    maps: Vec<MapPart>,
    /// Of the last two days.
    news: Vec<PublishedStory>,
    at: Moment,
}

/// Runs the job.
pub(super) async fn run(context: &Context, claim: &Claim) -> Result<(), JobFault> {
    let change = reserve(context).await?;
    let at = context.app.now();
    let lists = context.app.store().view(async |view: &mut View| read(context, view, at).await).await?;
    let mut sheets = asset_sheets(&lists.site);
    sheets.extend(lists.home()?);
    for (link, stories) in &lists.sections {
        sheets.extend(lists.section(link, stories)?);
    }
    sheets.extend(lists.for_machines()?);
    sheets.push(sheet(address::ARCHIVE, &pages::archive::index(&lists.site, &lists.months)?));
    sheets.extend(reserved(&lists.site)?);
    press(context, change, sheets, claim).await
}

impl Lists {
    fn home(&self) -> Result<Vec<Sheet>, JobFault> {
        let page = pages::list::home(&self.site, &self.list(&cards(&self.newest)))?;
        let entries = entries(&self.newest);
        let input = FeedInput { stories: &entries, notices: &self.notices, at: self.at };
        let rss = pages::feed::rss(&self.site, &Channel::Site, &input)?;
        Ok(vec![
            sheet(address::HOME, &page),
            sheet(address::FEED, &pages::feed::print(&self.site, &input)?),
            sheet(address::FEED_RSS, &rss),
        ])
    }

    fn section(&self, link: &SectionLink, stories: &[Listed]) -> Result<Vec<Sheet>, JobFault> {
        let page = pages::list::section(&self.site, link, &self.list(&cards(stories)))?;
        let entries = entries(stories);
        let input = FeedInput { stories: &entries, notices: &self.notices, at: self.at };
        let feed = pages::feed::rss(&self.site, &Channel::Section(link), &input)?;
        Ok(vec![
            sheet(address::section(&link.slug).path(), &page),
            sheet(address::section_feed(&link.slug).path(), &feed),
        ])
    }

    fn list<'a>(&'a self, cards: &'a [Card<'a>]) -> ListInput<'a> {
        ListInput { cards, notices: &self.notices, at: self.at }
    }

    fn for_machines(&self) -> Result<Vec<Sheet>, JobFault> {
        let news: Vec<NewsStory<'_>> = self.news.iter().map(news_story).collect();
        Ok(vec![
            sheet(address::SITEMAP, &pages::sitemap::index(&self.site, &self.maps)?),
            sheet(address::SITEMAP_NEWS, &pages::sitemap::news(&self.site, &news, self.at)?),
            sheet(address::ROBOTS, &pages::machines::robots(&self.site)),
            sheet(address::TDM_POLICY, &pages::machines::tdm_policy(&self.site)),
        ])
    }
}

fn cards(stories: &[Listed]) -> Vec<Card<'_>> {
    stories.iter().map(Listed::card).collect()
}

fn entries(stories: &[Listed]) -> Vec<FeedStory<'_>> {
    stories.iter().take(IN_A_FEED as usize).map(Listed::entry).collect()
}

fn news_story(story: &PublishedStory) -> NewsStory<'_> {
    NewsStory {
        slug: &story.slug,
        headline: &story.headline,
        language: &story.language,
        published: story.first_published,
    }
}

/// The pages that are shown with 404 and 410.
fn reserved(site: &Site) -> Result<Vec<Sheet>, JobFault> {
    let missing = pages::plain::not_found(site)?;
    let gone = pages::plain::gone(site, &site.language, None)?;
    let sheet = |name: &str, page: &Page, status| {
        Sheet::page(name, printed(page, status).with_policy(Policy::Fault), keys(page))
    };
    Ok(vec![sheet(MISSING_PAGE, &missing, Status::NotFound), sheet(GONE_PAGE, &gone, Status::Gone)])
}

/// A page of a list as a sheet.
pub(super) fn sheet(path: &str, page: &Page) -> Sheet {
    Sheet::page(path, printed(page, Status::Ok), keys(page))
}

fn keys(page: &Page) -> BTreeSet<String> {
    page.keys.iter().map(ToString::to_string).collect()
}

fn asset_sheets(site: &Site) -> Vec<Sheet> {
    let sheet = |path: &str, kind: &str, bytes: &str, policy| {
        let printed = Printed::new(Status::Ok, kind, bytes.to_owned(), PRINTER).with_policy(policy);
        Sheet::page(path, printed, BTreeSet::from([pages::PageKey::Site.to_string()]))
    };
    let colours = assets::site_css(site.accent, Ground::AsSet);
    vec![
        sheet(&site.assets.css, "text/css; charset=utf-8", assets::PAGE_CSS, Policy::Hashed),
        sheet(&site.assets.site_css, "text/css; charset=utf-8", &colours, Policy::Short),
        sheet(&site.assets.lightbox, "text/javascript; charset=utf-8", assets::LIGHTBOX_JS, Policy::Hashed),
        sheet(&site.assets.icon, "image/svg+xml", assets::ICON_SVG, Policy::Hashed),
    ]
}

async fn read(context: &Context, view: &mut View, at: Moment) -> Result<Lists, StoreError> {
    let stories = newest(view, Listing::All).await?;
    // Also those that nothing leads to any more: their last story was withdrawn, or moved to another section.
    let ever = view.published_names(NameOf::Section).await?;
    let mut sections = Vec::with_capacity(ever.len());
    for (slug, name) in ever {
        let stories = newest(view, Listing::Section(&slug)).await?;
        sections.push((SectionLink { name, slug }, stories));
    }
    let counted = view.published_months().await?;
    Ok(Lists {
        notices: site::notices(view).await?,
        site: site::site(context, view).await?,
        newest: stories,
        sections,
        months: counted.iter().filter_map(month_count).collect(),
        maps: maps(view, &counted).await?,
        news: news(view, at).await?,
        at,
    })
}

fn month_count(counted: &CountedMonth) -> Option<MonthCount> {
    Month::parse(&counted.name).map(|month| MonthCount { month, stories: counted.stories })
}

/// The parts of the sitemap, with the change that the prints of their stories noted.
async fn maps(view: &mut View, months: &[CountedMonth]) -> Result<Vec<MapPart>, StoreError> {
    let changes = view.month_parts().await?;
    let mut maps = Vec::new();
    for MonthCount { month, stories } in months.iter().filter_map(month_count) {
        for part in 1..=parts(stories) {
            let changed = changes.get(&(month.to_string(), part)).copied();
            maps.push(MapPart { month, part, changed });
        }
    }
    Ok(maps)
}

/// The stories that news search may still read of: those that readers see since two days.
async fn news(view: &mut View, at: Moment) -> Result<Vec<PublishedStory>, StoreError> {
    let limit = u32::try_from(NEWS_STORIES).unwrap_or(u32::MAX);
    let part = Part { since: Some(at.plus_seconds(-NEWS_SECONDS)), ..Part::newest(limit) };
    let mut news = Vec::new();
    for publication in view.published(Listing::All, part).await? {
        news.extend(site::readable(view, publication.record).await?);
    }
    Ok(news)
}
