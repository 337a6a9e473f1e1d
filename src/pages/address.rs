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
        percent_encoded(&self.0)
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
}
