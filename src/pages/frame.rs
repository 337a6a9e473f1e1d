//! What stands around every page: head, masthead, footer.

use newsroom::published::PixelSize;
use newsroom::story::Direction;

use super::texts::Texts;
use super::{Site, address};

/// A link in the masthead.
pub(super) struct NavLink {
    pub name: String,
    pub href: String,
    /// The section of this page.
    pub current: bool,
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
    pub canonical: Option<String>,
    pub preview: Option<Preview>,
    pub sections: Vec<NavLink>,
    pub home: String,
    pub feed: String,
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
            preview: None,
            sections: sections(site),
            home: address::home().href(),
            feed: address::feed().href(),
        }
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

fn sections(site: &Site) -> Vec<NavLink> {
    let link = |section: &super::SectionLink| NavLink {
        name: section.name.clone(),
        href: address::section(&section.slug).href(),
        current: false,
    };
    site.sections.iter().map(link).collect()
}
