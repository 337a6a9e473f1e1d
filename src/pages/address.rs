//! Where the pages are: the one place that knows the site's paths, to route by and to link with.

use std::fmt::Write as _;

use newsroom::id::SlideId;
use newsroom::slug::Slug;

use super::month::Month;

/// Path of the home page.
pub const HOME: &str = "/";
/// Path of the site's Atom feed.
pub const FEED: &str = "/feed.atom";
/// Path of the site's RSS feed.
pub const FEED_RSS: &str = "/feed.rss";
/// Path of the archive's list of months.
pub const ARCHIVE: &str = "/archive";
/// Path of the search page; a query stands behind it as `?q=`.
pub const SEARCH: &str = "/search";
/// Path of the index of sitemaps.
pub const SITEMAP: &str = "/sitemap.xml";
/// Path of the sitemap of the last two days' news.
pub const SITEMAP_NEWS: &str = "/sitemap-news.xml";
/// Path of the rules for robots (RFC 9309).
pub const ROBOTS: &str = "/robots.txt";
/// Path of the policy on text and data mining (TDM Reservation Protocol).
pub const TDM_POLICY: &str = "/.well-known/tdmrep.json";

/// The address of a page on the site.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address(String);

impl Address {
    /// The path as the printed tree keeps it: decoded, any script, beginning with a slash.
    pub fn path(&self) -> &str {
        &self.0
    }

    /// The path as a link carries it: UTF-8, percent-encoded (RFC 3986 section 2). The question mark of a light edition
    /// stays one; no slug holds another.
    pub fn href(&self) -> String {
        match self.0.split_once('?') {
            Some((path, query)) => format!("{}?{query}", percent_encoded(path)),
            None => percent_encoded(&self.0),
        }
    }

    /// The whole address, from the site's scheme and host without a slash at the end.
    pub fn absolute(&self, site_url: &str) -> String {
        format!("{}{}", site_url.trim_end_matches('/'), self.href())
    }
}

/// A path or a part of one in ASCII: UTF-8, percent-encoded, slashes as they are.
pub fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            // Writing to a String does not fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

/// Whether a path is that of a story, its light edition or one of its slides.
pub fn is_of_a_story(path: &str) -> bool {
    path.starts_with("/story/")
}

/// The home page.
pub fn home() -> Address {
    Address(HOME.to_owned())
}

/// The site's Atom feed.
pub fn feed() -> Address {
    Address(FEED.to_owned())
}

/// The site's RSS feed.
pub fn feed_rss() -> Address {
    Address(FEED_RSS.to_owned())
}

/// A story.
pub fn story(slug: &Slug) -> Address {
    Address(format!("/story/{slug}"))
}

/// The light edition of a story. The printed tree keeps it under exactly this path, question mark included.
pub fn light(slug: &Slug) -> Address {
    Address(format!("/story/{slug}?light"))
}

/// The page of one slide of a story.
pub fn slide(slug: &Slug, slide: &SlideId) -> Address {
    Address(format!("/story/{slug}/photo/{slide}"))
}

/// The short URL of a story, from its short code.
pub fn short(code: &str) -> Address {
    Address(format!("/s/{code}"))
}

/// The newest stories of a section.
pub fn section(slug: &Slug) -> Address {
    Address(format!("/section/{slug}"))
}

/// The RSS feed of a section.
pub fn section_feed(slug: &Slug) -> Address {
    Address(format!("/section/{slug}/feed.rss"))
}

/// The newest stories with a tag.
pub fn tag(slug: &Slug) -> Address {
    Address(format!("/tag/{slug}"))
}

/// The RSS feed of a tag.
pub fn tag_feed(slug: &Slug) -> Address {
    Address(format!("/tag/{slug}/feed.rss"))
}

/// The newest stories with a byline.
pub fn byline(slug: &Slug) -> Address {
    Address(format!("/by/{slug}"))
}

/// The months of the archive.
pub fn archive() -> Address {
    Address(ARCHIVE.to_owned())
}

/// A part of a month of the archive, from 1.
pub fn month(month: Month, part: u32) -> Address {
    Address(if part <= 1 { format!("/archive/{month}") } else { format!("/archive/{month}/{part}") })
}

/// The search page.
pub fn search() -> Address {
    Address(SEARCH.to_owned())
}

/// The index of sitemaps.
pub fn sitemap() -> Address {
    Address(SITEMAP.to_owned())
}

/// The sitemap of what stands on a part of a month of the archive, from 1.
pub fn month_sitemap(month: Month, part: u32) -> Address {
    Address(if part <= 1 { format!("/sitemap/{month}.xml") } else { format!("/sitemap/{month}/{part}.xml") })
}

/// The sitemap of the last two days' news.
pub fn news_sitemap() -> Address {
    Address(SITEMAP_NEWS.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_keeps_its_script_and_a_link_is_percent_encoded() {
        let slug = Slug::from_text("Фото дня").unwrap();
        let address = story(&slug);
        assert_eq!(address.path(), "/story/фото-дня");
        assert_eq!(address.href(), "/story/%D1%84%D0%BE%D1%82%D0%BE-%D0%B4%D0%BD%D1%8F");
        assert_eq!(
            address.absolute("https://news.example/"),
            format!("https://news.example{}", address.href())
        );
    }

    #[test]
    fn a_light_edition_keeps_its_question_mark_and_no_slug_holds_one() {
        let slug = Slug::from_text("Wer? Ärzte").unwrap();
        assert_eq!(light(&slug).path(), "/story/wer-ärzte?light");
        assert_eq!(light(&slug).href(), "/story/wer-%C3%A4rzte?light");
    }

    #[test]
    fn the_first_part_of_a_month_has_no_number() {
        let may = Month::parse("2021-05").unwrap();
        assert_eq!(
            [month(may, 1), month(may, 2)].map(|a| a.href()),
            ["/archive/2021-05", "/archive/2021-05/2"]
        );
        let maps = [month_sitemap(may, 1), month_sitemap(may, 2)].map(|a| a.href());
        assert_eq!(maps, ["/sitemap/2021-05.xml", "/sitemap/2021-05/2.xml"]);
    }
}
