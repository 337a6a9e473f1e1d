//! Sitemaps (sitemaps.org 0.9): an index, one for each part of a month of the archive with the pictures of its stories
//! (R23), and one of the news of the last two days.

use std::collections::BTreeSet;
use std::io;

use newsroom::moment::Moment;
use newsroom::published::Picture;
use newsroom::slug::Slug;

use super::address::{self, Address};
use super::month::Month;
use super::picture::largest;
use super::times::machine;
use super::xml::{Xml, document, element, text};
use super::{Page, PageKey, PrintError, Site, XML};

/// Pictures that search engines read of one page (R23); those beyond are left out.
pub const PICTURES_OF_A_PAGE: usize = 1_000;
/// Stories that search engines read of a sitemap of news (R23).
pub const NEWS_STORIES: usize = 1_000;
/// Seconds that a story stays in the sitemap of news: two days (R23).
pub const NEWS_SECONDS: i64 = 2 * 24 * 60 * 60;

/// A part of a month of the archive, as the index names it.
#[derive(Debug, Clone, Copy)]
pub struct MapPart {
    /// The month.
    pub month: Month,
    /// The part, from 1; the same stories as on that part of the archive.
    pub part: u32,
    /// When something on it changed last, or left it; `None` where that was not noted yet.
    pub changed: Option<Moment>,
}

/// A story in a sitemap.
#[derive(Debug, Clone)]
pub struct MapStory<'a> {
    /// Its name in addresses.
    pub slug: &'a Slug,
    /// When what readers see of it changed last.
    pub changed: Moment,
    /// Its photos' public pictures, in the order of the row.
    pub pictures: Vec<&'a Picture>,
}

/// A story in the sitemap of news.
#[derive(Debug, Clone, Copy)]
pub struct NewsStory<'a> {
    /// Its name in addresses.
    pub slug: &'a Slug,
    /// Headline.
    pub headline: &'a str,
    /// Language (BCP 47).
    pub language: &'a str,
    /// When it was first published.
    pub published: Moment,
}

const NAMESPACE: (&str, &str) = ("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9");
const IMAGES: (&str, &str) = ("xmlns:image", "http://www.google.com/schemas/sitemap-image/1.1");
const NEWS: (&str, &str) = ("xmlns:news", "http://www.google.com/schemas/sitemap-news/0.9");

/// Prints the index: the sitemap of news, then that of each part of each month. An index may name 50,000 of them.
///
/// # Errors
/// [`PrintError::Xml`] when the writer stops, which no record causes.
pub fn index(site: &Site, parts: &[MapPart]) -> Result<Page, PrintError> {
    let keys = BTreeSet::from([PageKey::Site, PageKey::Newest]);
    print(site, keys, "sitemapindex", &[NAMESPACE], |xml| {
        sitemap(xml, site, &address::news_sitemap(), None)?;
        parts.iter().try_for_each(|part| {
            sitemap(xml, site, &address::month_sitemap(part.month, part.part), part.changed)
        })
    })
}

/// Prints the sitemap of a part of a month. What it was made from is its month alone: a change of a story, or of a
/// photo in it, is a change of its month.
///
/// # Errors
/// [`PrintError::Xml`] when the writer stops, which no record causes.
pub fn part(site: &Site, month: Month, stories: &[MapStory<'_>]) -> Result<Page, PrintError> {
    let keys = BTreeSet::from([PageKey::Site, PageKey::Month(month.to_string())]);
    print(site, keys, "urlset", &[NAMESPACE, IMAGES], |xml| {
        stories.iter().try_for_each(|story| {
            element(xml, "url", |xml| {
                text(xml, "loc", &address::story(story.slug).absolute(&site.url))?;
                text(xml, "lastmod", &machine(story.changed))?;
                let pictures = story.pictures.iter().filter_map(|picture| largest(site, picture));
                pictures.take(PICTURES_OF_A_PAGE).try_for_each(|(address, _)| {
                    element(xml, "image:image", |xml| text(xml, "image:loc", &address))
                })
            })
        })
    })
}

/// Prints the sitemap of news at a moment. What is older than [`NEWS_SECONDS`] or stands beyond the
/// [`NEWS_STORIES`]th place is left out; `stories` newest first.
///
/// # Errors
/// [`PrintError::Xml`] when the writer stops, which no record causes.
pub fn news(site: &Site, stories: &[NewsStory<'_>], at: Moment) -> Result<Page, PrintError> {
    let keys = BTreeSet::from([PageKey::Site, PageKey::Newest]);
    let since = at.plus_seconds(-NEWS_SECONDS);
    print(site, keys, "urlset", &[NAMESPACE, NEWS], |xml| {
        let fresh = stories.iter().filter(|story| story.published >= since).take(NEWS_STORIES);
        fresh.into_iter().try_for_each(|story| {
            element(xml, "url", |xml| {
                text(xml, "loc", &address::story(story.slug).absolute(&site.url))?;
                element(xml, "news:news", |xml| {
                    element(xml, "news:publication", |xml| {
                        text(xml, "news:name", &site.name)?;
                        text(xml, "news:language", &news_language(story.language, &site.language))
                    })?;
                    text(xml, "news:publication_date", &machine(story.published))?;
                    text(xml, "news:title", story.headline.trim())
                })
            })
        })
    })
}

/// A language as the sitemap of news takes it: two or three letters, for Chinese with the place that tells its script.
fn news_language(language: &str, site_language: &str) -> String {
    let tag = if language.trim().is_empty() { site_language } else { language }.trim().to_ascii_lowercase();
    let mut parts = tag.split('-');
    let primary = parts.next().unwrap_or_default();
    if primary == "zh" {
        let traditional = parts.any(|part| matches!(part, "hant" | "tw" | "hk" | "mo"));
        return if traditional { "zh-tw" } else { "zh-cn" }.to_owned();
    }
    primary.to_owned()
}

fn sitemap(xml: &mut Xml, site: &Site, at: &Address, changed: Option<Moment>) -> io::Result<()> {
    element(xml, "sitemap", |xml| {
        text(xml, "loc", &at.absolute(&site.url))?;
        changed.map_or(Ok(()), |changed| text(xml, "lastmod", &machine(changed)))
    })
}

fn print(
    site: &Site,
    keys: BTreeSet<PageKey>,
    root: &str,
    namespaces: &[(&str, &str)],
    inner: impl FnOnce(&mut Xml) -> io::Result<()>,
) -> Result<Page, PrintError> {
    let body = document(root, namespaces, inner)?;
    Ok(Page { content_type: XML, language: site.language.clone(), body, keys })
}

#[cfg(test)]
mod tests;
