//! `[watch]`: the folder into which others' programs drop photos, and whose those are.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use newsroom::staff::EmailAddress;

use super::reading::SectionReader;

/// Seconds.
const DAY: u64 = 86_400;

/// The watched folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WatchConfig {
    /// Where it lies; nothing is watched when not set.
    pub folder: Option<PathBuf>,
    /// How long a file must have been left alone to count as finished.
    pub settled: Duration,
    /// How long a file that ends early may be on its way before it is refused.
    pub unfinished: Duration,
    /// What becomes of a file that was dealt with.
    pub then: Then,
    /// By folder, with slashes below the watched one and `""` for itself: the account whose its photos are.
    pub accounts: BTreeMap<String, EmailAddress>,
    /// By folder: the story, by its slug or id, into which its photos go.
    pub stories: BTreeMap<String, String>,
}

/// What becomes of a file of the watched folder that was dealt with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// It is moved into a folder beside it that says what became of it.
    Move,
    /// It stays.
    Leave,
}

impl std::str::FromStr for Then {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "move" => Ok(Self::Move),
            "leave" => Ok(Self::Leave),
            _ => Err(()),
        }
    }
}

impl WatchConfig {
    pub(super) fn read(section: &mut SectionReader) -> Self {
        let folder = section.optional_text("folder").map(PathBuf::from);
        if folder.as_ref().is_some_and(|folder| !folder.is_absolute()) {
            section.fault("folder", "must be a whole path, which begins with a slash");
        }
        let settled = Duration::from_secs(section.number("settled_seconds", 5, 1, DAY));
        let unfinished = Duration::from_secs(section.number("unfinished_seconds", 600, 1, DAY));
        let then = section.parsed("then", Then::Move, "\"move\" or \"leave\"");
        let mut accounts = BTreeMap::new();
        for (folder, address) in section.texts("accounts") {
            match EmailAddress::parse(&address) {
                Some(address) => _ = accounts.insert(plain(&folder), address),
                None => section.fault("accounts", format!("names \"{address}\", which is no mail address")),
            }
        }
        let stories = section.texts("stories").into_iter();
        let stories = stories.map(|(folder, story)| (plain(&folder), story)).collect();
        Self { folder, settled, unfinished, then, accounts, stories }
    }

    /// What is set for a folder, or for the nearest one around it.
    pub fn nearest<'a, T>(set: &'a BTreeMap<String, T>, folder: &str) -> Option<&'a T> {
        let mut folder = folder;
        loop {
            if let Some(found) = set.get(folder) {
                return Some(found);
            }
            if folder.is_empty() {
                return None;
            }
            folder = folder.rsplit_once('/').map_or("", |(around, _)| around);
        }
    }
}

/// A folder as it is looked up: no slash at either end.
fn plain(folder: &str) -> String {
    folder.trim_matches('/').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn read(text: &str) -> Result<WatchConfig, String> {
        let read = Config::parse(&format!("[watch]\n{text}"));
        read.map(|config| config.watch).map_err(|wrong| wrong.to_string())
    }

    #[test]
    fn the_nearest_folder_around_a_file_says_whose_it_is() {
        let watch = read(
            "accounts = { \"\" = \"wire@a.example\", ana = \"ana@a.example\" }\n\
             stories = { \"ana/derby/\" = \"derby\" }",
        )
        .unwrap();
        let whose = |folder| WatchConfig::nearest(&watch.accounts, folder).map(EmailAddress::as_str);
        assert_eq!(whose(""), Some("wire@a.example"));
        assert_eq!(whose("reuters/today"), Some("wire@a.example"));
        assert_eq!(whose("ana/derby/second half"), Some("ana@a.example"));
        assert_eq!(whose("anais"), Some("wire@a.example"));
        let story = |folder| WatchConfig::nearest(&watch.stories, folder).map(String::as_str);
        assert_eq!((story("ana"), story("ana/derby/second half")), (None, Some("derby")));
    }

    #[test]
    fn what_is_odd_is_told() {
        for (text, says) in [
            ("folder = \"incoming\"", "watch.folder must be a whole path"),
            ("then = \"delete\"", "expected is \"move\" or \"leave\""),
            ("accounts = { ana = \"ana\" }", "no mail address"),
            ("accounts = { ana = 3 }", "watch.accounts"),
            ("stories = \"derby\"", "watch.stories must be"),
            ("settled_seconds = 0", "watch.settled_seconds must be"),
        ] {
            let said = read(text).unwrap_err();
            assert!(said.contains(says), "{text}: {said}");
        }
    }
}
