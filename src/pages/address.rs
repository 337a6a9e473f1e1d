//! Where the pages are: the one place that knows the site's paths, to route by and to link with.

use std::fmt::Write as _;

use newsroom::slug::Slug;

/// Path of the home page.
pub const HOME: &str = "/";
/// Path of the site's Atom feed.
pub const FEED: &str = "/feed.atom";

/// The address of a page on the site.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address(String);

impl Address {
    /// The path as the printed tree keeps it: decoded, any script, beginning with a slash.
    pub fn path(&self) -> &str {
        &self.0
    }

    /// The path as a link carries it: UTF-8, percent-encoded (RFC 3986 section 2).
    pub fn href(&self) -> String {
        let mut href = String::with_capacity(self.0.len());
        for byte in self.0.bytes() {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'.' | b'_' | b'~') {
                href.push(char::from(byte));
            } else {
                // Writing to a String does not fail.
                let _ = write!(href, "%{byte:02X}");
            }
        }
        href
    }

    /// The whole address, from the site's scheme and host without a slash at the end.
    pub fn absolute(&self, site_url: &str) -> String {
        format!("{}{}", site_url.trim_end_matches('/'), self.href())
    }
}

/// The home page.
pub fn home() -> Address {
    Address(HOME.to_owned())
}

/// The site's Atom feed.
pub fn feed() -> Address {
    Address(FEED.to_owned())
}

/// A story.
pub fn story(slug: &Slug) -> Address {
    Address(format!("/story/{slug}"))
}

/// The short URL of a story, from its short code.
pub fn short(code: &str) -> Address {
    Address(format!("/s/{code}"))
}

/// The newest stories of a section.
pub fn section(slug: &Slug) -> Address {
    Address(format!("/section/{slug}"))
}

/// The stories of a month, of one section or of the whole site.
pub fn month(section: Option<&Slug>, year: i16, month: i8) -> Address {
    match section {
        Some(slug) => Address(format!("/section/{slug}/{year:04}/{month:02}")),
        None => Address(format!("/month/{year:04}/{month:02}")),
    }
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
    fn months_are_filed_under_the_site_or_a_section() {
        let photo = Slug::from_text("Photo").unwrap();
        assert_eq!(month(None, 2021, 1).path(), "/month/2021/01");
        assert_eq!(month(Some(&photo), 2021, 12).path(), "/section/photo/2021/12");
    }
}
