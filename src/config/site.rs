//! `[site]`: what the site is called and where it stands.

use jiff::tz::TimeZone;
use newsroom::slug::Slug;
use serde::{Deserialize, Serialize};

use super::reading::SectionReader;

/// What machines may do with what the site publishes (R29).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MachineUse {
    /// Everything.
    Open,
    /// Search engines and link previews are welcome; whoever trains models is refused.
    #[default]
    NoTraining,
    /// Every machine is asked to stay away, search engines too.
    Closed,
}

impl MachineUse {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Open, Self::NoTraining, Self::Closed];

    /// As it is set and told.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::NoTraining => "no-training",
            Self::Closed => "closed",
        }
    }
}

impl std::str::FromStr for MachineUse {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|one| one.as_str() == text).ok_or(())
    }
}

/// The site's settings.
#[derive(Debug, Clone, PartialEq)]
pub struct SiteConfig {
    /// Shown in the head of each page and in feeds.
    pub name: String,
    /// Where readers reach the site, without a slash at the end; absolute links are made from it.
    pub url: String,
    /// Language of pages that have no story (BCP 47), and of stories where none is known.
    pub language: String,
    /// Time zone in which the desk works and readers are told the time (IANA name).
    pub time_zone: TimeZone,
    /// Section of a story for which none is given.
    pub default_section: String,
    /// What machines may do with what the site publishes.
    pub machine_use: MachineUse,
}

impl SiteConfig {
    pub(super) fn read(section: &mut SectionReader) -> Self {
        let name = section.text("name", "Halftone");
        if name.trim().is_empty() {
            section.fault("name", "must not be empty");
        }
        let url = section.text("url", "http://127.0.0.1:8080").trim_end_matches('/').to_owned();
        let host = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
        if !host.is_some_and(|rest| !rest.is_empty() && !rest.contains(['/', '?', '#', ' ', '"', '<'])) {
            section.fault("url", format!("is \"{url}\"; expected is an address such as \"https://photos.example.org\" without a path"));
        }
        let zone = section.text("time_zone", "UTC");
        let time_zone = TimeZone::get(&zone).unwrap_or_else(|_| {
            section.fault(
                "time_zone",
                format!("is \"{zone}\"; expected is an IANA name such as \"Europe/Berlin\""),
            );
            TimeZone::UTC
        });
        let language = section.text("language", "en");
        if !is_language_tag(&language) {
            section.fault(
                "language",
                format!("is \"{language}\"; expected is a BCP 47 tag such as \"en\" or \"pt-BR\""),
            );
        }
        let default_section = section.text("default_section", "Photo");
        if Slug::from_text(&default_section).is_none() {
            section.fault("default_section", "must hold a letter or a digit");
        }
        let uses = "\"open\", \"no-training\" or \"closed\"";
        let machine_use = section.parsed("machine_use", MachineUse::default(), uses);
        Self { name, url, language, time_zone, default_section, machine_use }
    }
}

/// Whether a text has the shape of a language tag (RFC 5646 section 2.1, without checking the registry).
pub fn is_language_tag(tag: &str) -> bool {
    tag.split('-').enumerate().all(|(n, part)| {
        let length = if n == 0 { 2..=3 } else { 2..=8 };
        length.contains(&part.len())
            && part.bytes().all(|b| if n == 0 { b.is_ascii_alphabetic() } else { b.is_ascii_alphanumeric() })
    })
}
