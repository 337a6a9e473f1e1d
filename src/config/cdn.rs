//! `[cdn]`: the content network before the site, and how it is told what has to go.

use std::fmt;

use super::reading::SectionReader;

/// A content network that is purged by key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CdnConfig {
    /// In which header field it reads the keys.
    pub keys: CdnKeys,
    /// How it is told to purge one.
    pub purge: Purge,
}

/// The header field in which a content network reads the keys of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CdnKeys {
    /// `Surrogate-Key` (Fastly, Varnish).
    SurrogateKey,
    /// `Cache-Tag` (Cloudflare, Akamai, bunny).
    CacheTag,
}

/// How a content network is told to purge a key.
#[derive(Clone, PartialEq, Eq)]
pub enum Purge {
    /// By a POST.
    Request {
        /// Where to.
        url: String,
        /// A header field that says who asks: its name and its value.
        header: Option<(String, String)>,
    },
    /// By a program, which reads the key on its standard input.
    Command(Vec<String>),
}

impl fmt::Debug for Purge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            // An address and a command may hold a secret.
            Self::Request { .. } => f.write_str("POST"),
            Self::Command(_) => f.write_str("command"),
        }
    }
}

impl CdnConfig {
    /// `None` where no content network is purged by key.
    pub(super) fn read(section: &mut SectionReader) -> Option<Self> {
        let keys = match section.text("keys", "off").as_str() {
            "off" => None,
            "surrogate-key" => Some(CdnKeys::SurrogateKey),
            "cache-tag" => Some(CdnKeys::CacheTag),
            other => {
                let expected = "expected is \"off\", \"surrogate-key\" or \"cache-tag\"";
                section.fault("keys", format!("is \"{other}\"; {expected}"));
                None
            }
        };
        let url = section.optional_text("purge_url");
        let header = section
            .optional_text("purge_header")
            .or_else(|| super::environment("HALFTONE_CDN_PURGE_HEADER"))
            .filter(|header| !header.is_empty());
        let command: Vec<String> = section.list("purge_command", "a word of the command");
        if url.as_deref().is_some_and(|at| !at.starts_with("https://") && !at.starts_with("http://")) {
            section.fault("purge_url", "must begin with \"https://\" or \"http://\"");
        }
        let header = header.and_then(|line| {
            let field = line.split_once(':').map(|(name, value)| (name.trim(), value.trim()));
            let field = field.filter(|(name, value)| is_name(name) && !value.is_empty());
            if field.is_none() {
                section.fault("purge_header", "must be a header field such as \"Authorization: Bearer …\"");
            }
            field.map(|(name, value)| (name.to_owned(), value.to_owned()))
        });
        let purge = match (url, command.is_empty()) {
            (Some(url), true) => Some(Purge::Request { url, header }),
            (None, false) => Some(Purge::Command(command)),
            (Some(_), false) => {
                section.fault("purge_command", "stands beside purge_url: leave one of them out");
                None
            }
            (None, true) => None,
        };
        match (keys, purge) {
            (Some(keys), Some(purge)) => Some(Self { keys, purge }),
            (Some(_), None) => {
                let why = "pictures would stay in the network for a year after they were withdrawn";
                section.fault("keys", format!("needs purge_url or purge_command: {why}"));
                None
            }
            (None, Some(_)) => {
                section.fault("keys", "is \"off\": without keys nothing can be purged");
                None
            }
            (None, None) => None,
        }
    }
}

/// Whether a text may name a header field (RFC 9110, 5.1).
fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn read(text: &str) -> Result<Option<CdnConfig>, String> {
        Config::parse(&format!("[cdn]\n{text}")).map(|config| config.cdn).map_err(|wrong| wrong.to_string())
    }

    #[test]
    fn a_network_that_is_purged_by_key_has_to_be_told() {
        assert_eq!(read(""), Ok(None));
        let told =
            read("keys = \"cache-tag\"\npurge_url = \"https://a.b/c\"\npurge_header = \"X-Key: s: t\"");
        let header = Some(("X-Key".to_owned(), "s: t".to_owned()));
        let purge = Purge::Request { url: "https://a.b/c".to_owned(), header };
        assert_eq!(told, Ok(Some(CdnConfig { keys: CdnKeys::CacheTag, purge })));
        let wrong = [
            ("keys = \"surrogate-key\"", "for a year"),
            ("purge_command = [\"purge\"]", "without keys"),
            ("keys = \"tags\"", "expected is"),
            ("keys = \"cache-tag\"\npurge_url = \"a.b\"", "must begin with"),
            (
                "keys = \"cache-tag\"\npurge_url = \"http://a\"\npurge_command = [\"b\"]",
                "leave one of them out",
            ),
            (
                "keys = \"cache-tag\"\npurge_url = \"http://a\"\npurge_header = \"secret\"",
                "a header field such as",
            ),
        ];
        for (text, says) in wrong {
            let said = read(text).unwrap_err();
            assert!(said.contains(says), "{text}: {said}");
        }
    }
}
