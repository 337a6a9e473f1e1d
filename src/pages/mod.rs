//! Printed bytes: stories, their slides and light editions, lists, the archive, the search page, feeds, sitemaps and
//! what else machines read, the 404 and 410 pages and redirects.
//!
//! Pure functions from records to bytes: no store, no clock, no I/O. What a page depends on is named in
//! [`Page::keys`], so that a change finds its pages by data (ARCHITECTURE.md, "What a change touches").

use std::collections::BTreeSet;
use std::fmt;

use jiff::tz::TimeZone;
use newsroom::colour::Colour;
use newsroom::id::{NoticeId, PhotoId, StoryId};
use newsroom::slug::Slug;

pub mod address;
pub mod archive;
pub mod assets;
pub mod body;
pub mod feed;
pub mod letter;
pub mod light;
pub mod list;
pub mod machines;
pub mod month;
pub mod plain;
pub mod search;
pub mod sitemap;
pub mod slide;
pub mod story;

mod corrections;
#[cfg(test)]
mod dom;
mod figure;
mod frame;
mod linked_data;
mod marks;
mod picture;
#[cfg(test)]
pub mod samples;
mod times;
mod xml;

/// What every page knows of the site that prints it.
#[derive(Debug, Clone)]
pub struct Site {
    /// The name in the masthead and in titles.
    pub name: String,
    /// Scheme and host of absolute addresses, without a slash at the end: `https://news.example`.
    pub url: String,
    /// Language of the site (BCP 47); texts of the house are in the story's language where there is a locale for it.
    pub language: String,
    /// The zone whose days stand on cards; a story's own line is in UTC (R30).
    pub time_zone: TimeZone,
    /// The sections in the masthead, in order.
    pub sections: Vec<SectionLink>,
    /// Root-relative address of the registration; `None` says at its place that it opens later (R31).
    pub register_url: Option<String>,
    /// What machines may do with what the site publishes (R29).
    pub machine_use: MachineUse,
    /// The colour of the house on the light and on the dark ground, where it has one of its own.
    pub accent: Option<(Colour, Colour)>,
    /// Addresses of the style sheets, the script and the icon.
    pub assets: Assets,
}

/// What machines may do with what a site publishes (R29). `robots.txt`, the policy on text and data mining and a field
/// in the head of each page say the same.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum MachineUse {
    /// Everything.
    Open,
    /// Search engines and link previews are welcome; whoever trains models is refused, by name where it has one.
    #[default]
    NoTraining,
    /// Every machine is asked to stay away, search engines too.
    Closed,
}

/// Root-relative addresses of what a page loads beside its pictures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assets {
    /// [`assets::PAGE_CSS`] under a name with its hash: `/a/page.<hash>.css`.
    pub css: String,
    /// The house's colours, [`assets::SITE_CSS`], under a fixed name with a short life: `/site.css`.
    pub site_css: String,
    /// [`assets::LIGHTBOX_JS`] under a name with its hash: `/a/lightbox.<hash>.js`.
    pub lightbox: String,
    /// [`assets::ICON_SVG`] under a name with its hash: `/a/icon.<hash>.svg`.
    pub icon: String,
}

/// A section of the site.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SectionLink {
    /// As readers see it, such as `Photo`.
    pub name: String,
    /// Its name in addresses.
    pub slug: Slug,
}

impl SectionLink {
    /// A section from its name; `None` when the name holds no letter or digit.
    pub fn from_name(name: &str) -> Option<Self> {
        Slug::from_text(name).map(|slug| Self { name: name.to_owned(), slug })
    }
}

/// A tag or a byline, which has a page of its own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct NameLink {
    /// As readers see it.
    pub name: String,
    /// Its name in addresses.
    pub slug: Slug,
}

impl NameLink {
    /// From a name; `None` when the name holds no letter or digit.
    pub fn from_name(name: &str) -> Option<Self> {
        Slug::from_text(name).map(|slug| Self { name: name.to_owned(), slug })
    }
}

/// A finished page: the bytes of its plain coding, and what it was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page {
    /// The value of `Content-Type`.
    pub content_type: &'static str,
    /// Language of its main text (BCP 47), for `Content-Language`.
    pub language: String,
    /// UTF-8.
    pub body: String,
    /// What it was made from; a change of one of these asks for a new print.
    pub keys: BTreeSet<PageKey>,
}

/// `Content-Type` of HTML pages.
pub const HTML: &str = "text/html; charset=utf-8";
/// `Content-Type` of the Atom feed (RFC 4287).
pub const ATOM: &str = "application/atom+xml; charset=utf-8";
/// `Content-Type` of RSS 2.0 feeds.
pub const RSS: &str = "application/rss+xml; charset=utf-8";
/// `Content-Type` of sitemaps.
pub const XML: &str = "application/xml; charset=utf-8";
/// `Content-Type` of `robots.txt`.
pub const TEXT: &str = "text/plain; charset=utf-8";
/// `Content-Type` of the policy on text and data mining.
pub const JSON: &str = "application/json";

/// Something a page was made from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PageKey {
    /// The published record of a story.
    Story(StoryId),
    /// A photo's public pictures.
    Photo(PhotoId),
    /// What a section holds.
    Section(Slug),
    /// What a tag holds.
    Tag(Slug),
    /// What a byline holds.
    Byline(Slug),
    /// What was published in a month, in the form of [`month::Month`]: `2021-01`.
    Month(String),
    /// Address, headline and language of a story that a page leads on to.
    Neighbour(StoryId),
    /// The newest stories of the whole site.
    Newest,
    /// A notice rule that left a mark (R34).
    Term(NoticeId),
    /// The site's name, address, language, sections or assets.
    Site,
}

impl fmt::Display for PageKey {
    /// The form in which the store keeps it: `story:<id>`, `photo:<id>`, `section:<slug>` ...
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Story(id) => write!(f, "story:{id}"),
            Self::Photo(id) => write!(f, "photo:{id}"),
            Self::Section(slug) => write!(f, "section:{}", address::percent_encoded(slug.as_str())),
            Self::Tag(slug) => write!(f, "tag:{}", address::percent_encoded(slug.as_str())),
            Self::Byline(slug) => write!(f, "byline:{}", address::percent_encoded(slug.as_str())),
            Self::Month(month) => write!(f, "month:{month}"),
            Self::Neighbour(id) => write!(f, "neighbour:{id}"),
            Self::Newest => f.write_str("newest"),
            Self::Term(id) => write!(f, "term:{id}"),
            Self::Site => f.write_str("site"),
        }
    }
}

/// The numbers printed beside a headline (R31).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counters {
    /// Comments, imported ones included.
    pub comments: u64,
    /// Views, imported ones included.
    pub views: u64,
}

/// A page that could not be printed: a fault of the templates, never of a record.
#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    /// The template engine stopped.
    #[error("a page template could not be filled: {0}")]
    Template(#[from] askama::Error),
    /// A feed or a sitemap could not be written.
    #[error("a feed or a sitemap could not be written: {0}")]
    Xml(#[from] std::io::Error),
    /// What machines read of a page could not be written.
    #[error("linked data could not be written: {0}")]
    LinkedData(#[from] serde_json::Error),
}
