//! What stands around every page: head, masthead, footer.

use newsroom::published::PixelSize;
use newsroom::story::Direction;

use super::marks::escape;
use super::{MachineUse, Site, address};
use crate::texts::Texts;

/// A link in the masthead.
pub(super) struct NavLink {
    pub name: String,
    pub href: String,
    /// The section of this page.
    pub current: bool,
}

/// A feed that a page leads feed readers to.
pub(super) struct FeedLink {
    /// Its type, without parameters.
    pub kind: &'static str,
    pub title: String,
    pub href: String,
}

/// The picture of a link preview (Open Graph).
pub(super) struct Preview {
    pub address: String,
    pub size: PixelSize,
    /// What the desk wrote. The house's stand-in leads to a caption, and none stands beside a preview.
    pub alt: Option<String>,
}

/// The main text of a page: its language and the way it runs.
pub(super) struct Tongue<'a> {
    pub language: &'a str,
    pub direction: Direction,
}

/// Everything that `templates/pages/base.html` shows.
pub(super) struct Frame<'a> {
    pub site: &'a Site,
    pub texts: Texts,
    pub language: String,
    pub direction: &'static str,
    /// `lang` and `dir` for texts of the house, where they are not in the page's language.
    pub chrome: String,
    /// Title without the site's name.
    pub title: String,
    pub description: Option<String>,
    /// The address that search engines are to keep; without one they are asked to leave the page out.
    pub canonical: Option<String>,
    /// The page's own address, for link previews.
    pub own: Option<String>,
    /// Language and territory of link previews (`en_US`), where the territory is known.
    pub locale: Option<String>,
    pub preview: Option<Preview>,
    /// JSON-LD; empty for none.
    pub linked_data: String,
    /// What robots may do with a page that has a canonical address.
    pub robots: &'static str,
    /// Text and data mining is reserved (R29).
    pub mining_reserved: bool,
    pub sections: Vec<NavLink>,
    pub home: String,
    pub feeds: Vec<FeedLink>,
    pub feed: String,
    pub archive: String,
    pub search: String,
}

impl<'a> Frame<'a> {
    /// The frame of a page in the site's own language.
    pub fn of_site(site: &'a Site, title: String) -> Self {
        let direction = Direction::of_language(&site.language);
        Self::new(site, title, &Tongue { language: &site.language, direction })
    }

    /// The frame of a page whose main text has a language of its own.
    pub fn new(site: &'a Site, title: String, tongue: &Tongue<'_>) -> Self {
        let language = if tongue.language.is_empty() { &site.language } else { tongue.language };
        let texts = Texts::choose(language, &site.language);
        Self {
            site,
            texts,
            language: language.to_owned(),
            direction: tongue.direction.as_str(),
            chrome: chrome(language, texts),
            title,
            description: None,
            canonical: None,
            own: None,
            locale: locale(language),
            preview: None,
            linked_data: String::new(),
            robots: if site.machine_use == MachineUse::Closed {
                "noindex"
            } else {
                "max-image-preview:large"
            },
            mining_reserved: site.machine_use != MachineUse::Open,
            sections: sections(site),
            home: address::home().href(),
            feeds: vec![
                FeedLink {
                    kind: "application/atom+xml",
                    title: site.name.clone(),
                    href: address::feed().href(),
                },
                FeedLink {
                    kind: "application/rss+xml",
                    title: site.name.clone(),
                    href: address::feed_rss().href(),
                },
            ],
            feed: address::feed().href(),
            archive: address::archive().href(),
            search: address::search().href(),
        }
    }

    /// Gives the page an address of its own, which search engines and link previews keep.
    pub fn head_of(&mut self, address: String) {
        self.own = Some(address.clone());
        self.canonical = Some(address);
    }

    /// Leads to an RSS feed of what this page lists, before those of the site.
    pub fn with_feed(&mut self, href: String) {
        let title = self.full_title();
        self.feeds.insert(0, FeedLink { kind: "application/rss+xml", title, href });
    }

    /// `lang` and `dir` for a text of another story on this page; nothing where both are the page's.
    pub fn tongue(&self, language: &str, direction: Direction) -> String {
        if language == self.language && direction.as_str() == self.direction {
            return String::new();
        }
        format!(" lang=\"{}\" dir=\"{}\"", escape(language), direction.as_str())
    }

    /// Marks the section that this page belongs to.
    pub fn in_section(mut self, name: &str) -> Self {
        for link in &mut self.sections {
            link.current = link.name == name;
        }
        self
    }

    /// The title with the site's name behind it.
    pub fn full_title(&self) -> String {
        if self.title.is_empty() || self.title == self.site.name {
            return self.site.name.clone();
        }
        format!("{} · {}", self.title, self.site.name)
    }
}

/// `lang` and `dir` for texts of the house inside a text in `language`; nothing where they are in the same.
pub(super) fn chrome(language: &str, texts: Texts) -> String {
    let primary = language.split('-').next().unwrap_or_default();
    if primary.eq_ignore_ascii_case(texts.language()) {
        return String::new();
    }
    format!(" lang=\"{}\" dir=\"{}\"", texts.language(), texts.direction().as_str())
}

/// What Open Graph calls a locale: language and territory. A tag that names no territory gets the one that link
/// previews know its language by.
fn locale(language: &str) -> Option<String> {
    const USUAL: [(&str, &str); 14] = [
        ("ar", "AR"),
        ("de", "DE"),
        ("en", "US"),
        ("es", "ES"),
        ("fa", "IR"),
        ("fr", "FR"),
        ("he", "IL"),
        ("it", "IT"),
        ("nl", "NL"),
        ("pl", "PL"),
        ("pt", "PT"),
        ("ru", "RU"),
        ("tr", "TR"),
        ("uk", "UA"),
    ];
    let mut parts = language.split('-');
    let primary = parts.next()?.to_ascii_lowercase();
    let written = parts.find(|part| part.len() == 2 && part.bytes().all(|b| b.is_ascii_alphabetic()));
    let usual = || USUAL.iter().find(|(known, _)| *known == primary).map(|(_, territory)| *territory);
    let territory = written.or_else(usual)?.to_ascii_uppercase();
    Some(format!("{primary}_{territory}"))
}

fn sections(site: &Site) -> Vec<NavLink> {
    let link = |section: &super::SectionLink| NavLink {
        name: section.name.clone(),
        href: address::section(&section.slug).href(),
        current: false,
    };
    site.sections.iter().map(link).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_has_the_territory_of_the_tag_or_the_usual_one() {
        let known = ["en", "pt-BR", "zh-Hant-TW", "ar", "de-at"].map(|tag| locale(tag).unwrap_or_default());
        assert_eq!(known, ["en_US", "pt_BR", "zh_TW", "ar_AR", "de_AT"]);
        for unknown in ["tlh", "", "sr-Latn", "de-1996-x"] {
            assert!(locale(unknown).is_none_or(|locale| locale == "de_DE"), "{unknown}");
        }
    }
}
