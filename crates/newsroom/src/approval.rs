//! Looking over what is not published yet: links for people without an account, and who approved what.

use serde::{Deserialize, Serialize};

use crate::moment::Moment;
use crate::story::Story;

/// Days for which a link may be good.
pub const SHARE_DAYS: std::ops::RangeInclusive<i64> = 1..=30;

/// A link by which a named person without an account looks at a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// Whom it was made for.
    pub name: String,
    /// Who made it, as in the audit log.
    pub made_by: String,
    /// When.
    pub made_at: Moment,
    /// When it ends.
    pub valid_until: Moment,
    /// When it was taken back.
    pub revoked_at: Option<Moment>,
}

impl Share {
    /// Whether it leads anywhere at a moment.
    pub fn is_good(&self, at: Moment) -> bool {
        self.revoked_at.is_none() && at < self.valid_until
    }
}

/// What was looked over.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LookedOver {
    /// The page as readers will see it.
    #[default]
    Page,
    /// The proof sheet: every caption and credit, read aloud.
    Proof,
}

impl LookedOver {
    /// As it is kept and told.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Page => "page",
            Self::Proof => "proof",
        }
    }

    /// The one of this name.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Page, Self::Proof].into_iter().find(|one| one.as_str() == text)
    }
}

/// Somebody found a draft good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Approval {
    /// The revision that they looked at.
    pub revision: i64,
    /// When.
    pub at: Moment,
    /// Who, as in the audit log: an account, or a link.
    pub who: String,
    /// Their name, as it was then.
    pub name: String,
    /// What they looked over.
    pub of: LookedOver,
    /// What they said; may be empty.
    pub remark: String,
}

/// Whether two states of a draft show readers the same: publishing alone changes nothing of it.
pub fn shows_the_same(a: &Story, b: &Story) -> bool {
    let with_moments_of_b = Story {
        revision: b.revision,
        moments: b.moments,
        withdrawn_reason: b.withdrawn_reason.clone(),
        kept_lines: b.kept_lines.clone(),
        ..a.clone()
    };
    with_moments_of_b == *b
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_good_until_it_ends_or_is_taken_back() {
        let at = Moment::from_micros;
        let share = Share {
            name: "A. Lawyer".to_owned(),
            made_by: "operator".to_owned(),
            made_at: at(1),
            valid_until: at(9),
            revoked_at: None,
        };
        assert!(share.is_good(at(8)) && !share.is_good(at(9)));
        assert!(!Share { revoked_at: Some(at(3)), ..share }.is_good(at(4)));
    }

    #[test]
    fn what_was_looked_over_is_read_as_it_is_kept() {
        for one in [LookedOver::Page, LookedOver::Proof] {
            assert_eq!(LookedOver::parse(one.as_str()), Some(one));
        }
        assert_eq!(LookedOver::parse("all"), None);
    }
}
