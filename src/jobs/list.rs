//! The lists that a story stands on besides home and its section, each printed by a job of its own.

use std::fmt;
use std::str::FromStr;

use newsroom::slug::Slug;
use serde::{Deserialize, Serialize};

use crate::pages::address;
use crate::pages::month::Month;

/// A list.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum List {
    /// The stories with a tag, and their feed.
    Tag(Slug),
    /// The stories by an author.
    Byline(Slug),
    /// A part of a month of the archive, from 1, and its sitemap.
    Month(Month, u32),
}

/// A text that names no list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" names no list")]
pub struct NotAList(String);

impl List {
    /// The list whose page stands at a path, if one does.
    pub fn at(path: &str) -> Option<Self> {
        let (kind, rest) = path.strip_prefix('/')?.split_once('/')?;
        let list = match (kind, rest.split_once('/')) {
            ("tag", None) => Self::Tag(Slug::parse(rest)?),
            ("by", None) => Self::Byline(Slug::parse(rest)?),
            ("archive", None) => Self::Month(Month::parse(rest)?, 1),
            ("archive", Some((month, part))) => Self::Month(Month::parse(month)?, part.parse().ok()?),
            _ => return None,
        };
        Some(list)
    }

    /// The list whose print makes what stands at a path: its page, its feed or its sitemap.
    pub fn that_makes(path: &str) -> Option<Self> {
        match path.strip_prefix("/sitemap/").and_then(|rest| rest.strip_suffix(".xml")) {
            Some(month) => Self::at(&format!("/archive/{month}")),
            None => Self::at(path.strip_suffix("/feed.rss").unwrap_or(path)),
        }
    }

    /// Where its page stands.
    pub fn address(&self) -> address::Address {
        match self {
            Self::Tag(slug) => address::tag(slug),
            Self::Byline(slug) => address::byline(slug),
            Self::Month(month, part) => address::month(*month, *part),
        }
    }
}

impl fmt::Display for List {
    /// The path of its page, which names it in the queue.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.address().path())
    }
}

impl FromStr for List {
    type Err = NotAList;
    fn from_str(text: &str) -> Result<Self, NotAList> {
        Self::at(text).ok_or_else(|| NotAList(text.to_owned()))
    }
}

impl TryFrom<String> for List {
    type Error = NotAList;
    fn try_from(text: String) -> Result<Self, NotAList> {
        text.parse()
    }
}

impl From<List> for String {
    fn from(list: List) -> Self {
        list.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_named_by_the_path_of_its_page() {
        for path in ["/tag/наводнение", "/by/ana-ruiz", "/archive/2026-11", "/archive/2026-11/3"] {
            assert_eq!(List::at(path).unwrap().to_string(), path);
            let json = serde_json::to_string(&List::at(path).unwrap()).unwrap();
            assert_eq!(serde_json::from_str::<List>(&json).unwrap(), List::at(path).unwrap());
        }
    }

    #[test]
    fn feeds_and_sitemaps_are_made_with_the_page_of_their_list() {
        let month = Month::parse("2026-11").unwrap();
        for part in [1, 3] {
            let list = List::Month(month, part);
            assert_eq!(List::that_makes(address::month_sitemap(month, part).path()), Some(list.clone()));
            assert_eq!(List::that_makes(list.address().path()), Some(list));
        }
        let tag = Slug::parse("flood").unwrap();
        assert_eq!(List::that_makes(address::tag_feed(&tag).path()), Some(List::Tag(tag)));
        for path in
            ["/", "/feed.rss", "/sitemap.xml", "/sitemap-news.xml", "/section/photo/feed.rss", "/story/a"]
        {
            assert_eq!(List::that_makes(path), None, "{path}");
        }
    }

    #[test]
    fn other_paths_name_none() {
        for path in [
            "/",
            "/tag/A",
            "/tag/a/feed.rss",
            "/archive",
            "/archive/2026-13",
            "/archive/2026-11/x",
            "/story/a",
        ] {
            assert_eq!(List::at(path), None, "{path}");
        }
    }
}
