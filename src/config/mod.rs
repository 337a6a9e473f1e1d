//! Configuration: one file a section, each with its defaults and its validation. All faults are reported together.
//!
//! It is read from `halftone.toml` in the data folder; a missing file means the defaults. What each setting does
//! is told in docs/settings.md, which a test holds against this folder.

mod alerts;
mod blobs;
mod cdn;
mod database;
mod held;
mod limits;
mod mail;
mod reading;
mod serve;
mod site;
mod style;
mod watch;
mod work;

use std::path::PathBuf;

use newsroom::style::HouseStyle;

pub use alerts::AlertsConfig;
pub use blobs::{BlobsConfig, BucketConfig};
pub use cdn::{CdnConfig, CdnKeys, Purge};
pub use database::DatabaseConfig;
pub use held::{
    DARK_GROUNDS, DeskSettings, Held, KeptSettings, LIGHT_GROUNDS, OWN_ACCENT, OWN_ACCENT_DARK, PlacedSection,
};
pub use limits::LimitsConfig;
pub use mail::{MailConfig, MailServer, MailTls};
pub use reading::Fault;
use reading::SectionReader;
pub use serve::{AccessLines, ServeConfig};
pub use site::{MachineUse, SiteConfig, is_language_tag};
pub use style::{STYLE_SETTINGS, style_of, style_settings};
pub use watch::{Then, WatchConfig};
pub use work::{Avif, WorkConfig};

/// The configuration's file name inside the data folder.
pub const FILE_NAME: &str = "halftone.toml";

/// Where a site is: its folder on this machine, and what the command line says of the rest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// The data folder.
    pub data: PathBuf,
    /// In place of `database.url`.
    pub database: Option<String>,
    /// In place of `blobs.url`.
    pub blobs: Option<String>,
}

/// A variable of the environment; secrets may stand there rather than in a file.
#[expect(clippy::disallowed_methods, reason = "the one home of the environment")]
fn environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// The token with which photos are pushed to a site elsewhere, where the environment has one.
pub fn pushing_token() -> Option<String> {
    environment("HALFTONE_TOKEN")
}

/// Everything that can be set.
#[derive(Debug, Clone, PartialEq)]
pub struct Config {
    /// What the site is called and where it stands. The desk may say otherwise of all but its address: what holds is
    /// [`Held`].
    pub site: SiteConfig,
    /// Listening and answering.
    pub serve: ServeConfig,
    /// Developing pictures and running jobs.
    pub work: WorkConfig,
    /// What is too large (R41).
    pub limits: LimitsConfig,
    /// Where the records lie.
    pub database: DatabaseConfig,
    /// Where originals, pictures and the printed site lie.
    pub blobs: BlobsConfig,
    /// The content network before the site, where one is purged by key.
    pub cdn: Option<CdnConfig>,
    /// How mails leave the house.
    pub mail: MailConfig,
    /// The folder into which others' programs drop photos.
    pub watch: WatchConfig,
    /// What the house asks of its captions. The desk may say otherwise: what holds is [`Held`].
    pub style: HouseStyle,
    /// Who is told when the machine needs looking after.
    pub alerts: AlertsConfig,
}

/// All that is wrong with a configuration, one plain sentence each.
#[derive(Debug, thiserror::Error)]
#[error("the configuration has {} fault(s):\n{}", faults.len(), faults.iter().map(|f| format!("- {f}")).collect::<Vec<_>>().join("\n"))]
pub struct WrongConfig {
    /// The faults, in the order of the file's sections.
    pub faults: Vec<Fault>,
}

impl Config {
    /// Reads a place's configuration file, or takes the defaults where there is none; what the place itself says of
    /// its parts comes first.
    pub fn read(place: &Place) -> Result<Self, WrongConfig> {
        let file = place.data.join(FILE_NAME);
        match std::fs::read_to_string(&file) {
            Ok(text) => Self::parse_at(&text, place),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Self::parse_at("", place),
            Err(error) => {
                Err(WrongConfig { faults: vec![Fault::new(FILE_NAME, format!("cannot be read: {error}"))] })
            }
        }
    }

    /// Reads a configuration text; an empty one gives the defaults.
    pub fn parse(text: &str) -> Result<Self, WrongConfig> {
        Self::parse_at(text, &Place::default())
    }

    fn parse_at(text: &str, place: &Place) -> Result<Self, WrongConfig> {
        let mut table: toml::Table = match text.parse() {
            Ok(table) => table,
            Err(error) => {
                return Err(WrongConfig {
                    faults: vec![Fault::new(FILE_NAME, format!("is not TOML: {error}"))],
                });
            }
        };
        for (section, url) in [("database", &place.database), ("blobs", &place.blobs)] {
            let Some(url) = url else { continue };
            let there = table.entry(section).or_insert_with(|| toml::Value::Table(toml::Table::new()));
            if let Some(there) = there.as_table_mut() {
                there.insert("url".to_owned(), toml::Value::String(url.clone()));
            }
        }
        let mut faults = Vec::new();
        let mut section = |name: &'static str| SectionReader::take(&mut table, name);
        let (mut site, mut serve, mut work) = (section("site"), section("serve"), section("work"));
        let (mut limits, mut database, mut blobs) =
            (section("limits"), section("database"), section("blobs"));
        let (mut cdn, mut mail) = (section("cdn"), section("mail"));
        let (mut watch, mut style, mut alerts) = (section("watch"), section("style"), section("alerts"));
        let config = Self {
            site: SiteConfig::read(&mut site),
            serve: ServeConfig::read(&mut serve),
            work: WorkConfig::read(&mut work),
            limits: LimitsConfig::read(&mut limits),
            database: DatabaseConfig::read(&mut database),
            blobs: BlobsConfig::read(&mut blobs),
            cdn: CdnConfig::read(&mut cdn),
            mail: MailConfig::read(&mut mail),
            watch: WatchConfig::read(&mut watch),
            style: style::read(&mut style),
            alerts: AlertsConfig::read(&mut alerts),
        };
        for section in [site, serve, work, limits, database, blobs, cdn, mail, watch, style, alerts] {
            faults.extend(section.finish());
        }
        faults.extend(table.keys().map(|name| Fault::new(name, "is not a section of this file".to_owned())));
        if faults.is_empty() { Ok(config) } else { Err(WrongConfig { faults }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_file_gives_the_defaults() {
        let config = Config::parse("").unwrap();
        assert_eq!(config.serve.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(config.site.name, "Halftone");
    }

    #[test]
    fn all_faults_are_reported_at_once() {
        let wrong = Config::parse(
            "[site]\nname = 3\nurl = \"ftp://x\"\ncolour = \"red\"\n[serve]\nlisten = \"here\"\n\
             trusted_proxies = [\"10.0.0.0/8\", \"everyone\"]\n[work]\nworkers = -1\n[sevre]\n",
        )
        .unwrap_err();
        let faults: Vec<String> = wrong.faults.iter().map(ToString::to_string).collect();
        for start in [
            "site.name",
            "site.url",
            "site.colour",
            "serve.listen",
            "serve.trusted_proxies",
            "work.workers",
            "sevre",
        ] {
            assert!(faults.iter().any(|f| f.starts_with(start)), "{start} in {faults:?}");
        }
        assert_eq!(faults.len(), 7, "{faults:?}");
    }

    #[test]
    fn an_unknown_time_zone_is_a_fault_and_a_known_one_is_not() {
        assert!(Config::parse("[site]\ntime_zone = \"Mars/Olympus\"").is_err());
        assert!(Config::parse("[site]\ntime_zone = \"Europe/Berlin\"").is_ok());
    }
}
