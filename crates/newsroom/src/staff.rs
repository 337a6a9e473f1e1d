//! The staff: who works here, what each may do ([`policy`]), and what an account gives to photos
//! ([`signing`]).

pub mod policy;
pub mod signing;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::id::StaffId;
use crate::moment::Moment;

/// Characters of a mail address at most (RFC 5321 section 4.5.3.1.3, without the angle brackets).
const LONGEST_ADDRESS: usize = 254;

/// A mail address by which a person is known: one `@`, a domain with a dot or `localhost`, no spaces and no control
/// characters. Kept in lower case: no house tells `Ana@` from `ana@`, and two accounts that differ in case only are
/// one person's mistake or another's attack.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct EmailAddress(String);

/// A text that is no mail address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not a mail address")]
pub struct NotAnAddress(pub String);

impl EmailAddress {
    /// Reads an address; `None` where the text is none.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase();
        let (local, domain) = text.split_once('@')?;
        let odd =
            |c: char| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | '"' | ',' | ';' | '\\');
        let named = domain == "localhost" || domain.split('.').count() > 1;
        let labels = domain.split('.').all(|label| {
            !label.is_empty()
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        });
        let sound = !local.is_empty() && !text.chars().any(odd) && named && labels;
        (sound && text.len() <= LONGEST_ADDRESS).then_some(Self(text))
    }

    /// An address of this machine, where nobody reads.
    pub fn nobody() -> Self {
        Self("halftone@localhost".to_owned())
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands behind the `@`.
    pub fn domain(&self) -> &str {
        self.0.split_once('@').map_or("", |(_, domain)| domain)
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for EmailAddress {
    type Error = NotAnAddress;
    fn try_from(text: String) -> Result<Self, NotAnAddress> {
        Self::parse(&text).ok_or(NotAnAddress(text))
    }
}

impl From<EmailAddress> for String {
    fn from(address: EmailAddress) -> Self {
        address.0
    }
}

/// What a person is at the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Sends photos and writes drafts; sees and changes their own only.
    Photographer,
    /// Sees and changes all photos and stories, publishes and withdraws.
    Editor,
    /// Looks after what readers write; sees what readers see and what stands behind it.
    Moderator,
    /// All of it, and the staff.
    Administrator,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Photographer, Self::Editor, Self::Moderator, Self::Administrator];

    /// As it is kept and told.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Photographer => "photographer",
            Self::Editor => "editor",
            Self::Moderator => "moderator",
            Self::Administrator => "administrator",
        }
    }

    /// The role of this name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What stands for an account where a photo's file says nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signature {
    /// The name as the creator of photos, and as the author of texts.
    pub byline: Option<String>,
    /// The credit of photos.
    pub credit: Option<String>,
    /// The copyright notice of photos.
    pub copyright: Option<String>,
}

/// A member of the staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Permanent.
    pub id: StaffId,
    /// Unique.
    pub address: EmailAddress,
    /// The name as colleagues read it.
    pub name: String,
    /// What the person is.
    pub role: Role,
    /// What stands where a file says nothing.
    pub signature: Signature,
    /// Grows by one with each change.
    pub revision: i64,
    /// When the account was made.
    pub created: Moment,
    /// When the person left: the account stays as a name in the audit log, and lets nobody in.
    pub left: Option<Moment>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_kept_in_lower_case_and_what_is_none_is_refused() {
        assert_eq!(EmailAddress::parse(" Ana.Berg@Desk.Example ").unwrap().as_str(), "ana.berg@desk.example");
        assert!(EmailAddress::parse("ana@localhost").is_some());
        assert!(EmailAddress::parse("ana@münchen.example").is_some());
        for text in
            ["", "ana", "@desk.example", "ana@", "ana@desk", "a na@desk.example", "a@b@c.example", "a@b..c"]
        {
            assert_eq!(EmailAddress::parse(text), None, "{text}");
        }
        for text in [
            "a@-b.example",
            "ana@desk.example\nBcc: x@y.example",
            "\"a\"@desk.example",
            "a@b.example,c@d.example",
        ] {
            assert_eq!(EmailAddress::parse(text), None, "{text}");
        }
        assert_eq!(EmailAddress::parse(&format!("{}@desk.example", "a".repeat(250))), None);
    }

    #[test]
    fn a_role_is_read_by_the_name_it_is_told_by() {
        for role in Role::ALL {
            assert_eq!(Role::parse(role.as_str()), Some(role));
            assert_eq!(serde_json::to_value(role).unwrap(), role.as_str());
        }
        assert_eq!(Role::parse("owner"), None);
    }
}
