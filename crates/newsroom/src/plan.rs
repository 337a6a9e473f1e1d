//! When a story goes out: an embargo, before which nothing of it may be seen outside the house (R19), and a plan, by which it is
//! published without anybody there.

use serde::{Deserialize, Serialize};

use crate::change::Change;
use crate::check::AllowMissing;
use crate::moment::Moment;
use crate::refusal::{Refusal, SlidePlace};

/// A moment before which nothing of a story may be seen by readers, at any address (R19).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Embargo {
    /// That moment.
    pub until: Moment,
    /// When it was set.
    pub set_at: Moment,
    /// Who set it, as in the audit log.
    pub set_by: String,
}

impl Embargo {
    /// Whether it holds at a moment.
    pub fn stands(&self, at: Moment) -> bool {
        at < self.until
    }

    /// The refusal of what would show the story while it stands.
    pub fn refusal(&self) -> Refusal {
        let sentence = format!(
            "The story is under an embargo until {}. Plan it for then, or lift the embargo with a reason.",
            self.until
        );
        Refusal::new("embargoed", sentence).field("embargo").rule("R19")
    }
}

/// How a planned story is published.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlannedHow {
    /// What may be missing.
    pub allow: AllowMissing,
    /// The time that readers see; else the draft's, else the moment of publishing.
    pub shown: Option<Moment>,
    /// What the update is, where it is one.
    pub change: Option<Change>,
}

/// A story that is to be published at a time: as its draft stands then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// When, as it was planned. An embargo that ends later puts it off.
    pub publish_at: Moment,
    /// When that was decided.
    pub planned_at: Moment,
    /// Who decided, as in the audit log. It is published in their name.
    pub planned_by: String,
    /// How.
    pub how: PlannedHow,
    /// Why nothing was published, where its time came and the checks refused.
    pub failed: Option<PlanFailure>,
}

impl Plan {
    /// When it is published: the later one of its own time and the embargo's end.
    pub fn due(&self, embargo: Option<&Embargo>) -> Moment {
        embargo.map_or(self.publish_at, |embargo| embargo.until.max(self.publish_at))
    }
}

/// A plan whose time came in vain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanFailure {
    /// When.
    pub at: Moment,
    /// What stood against it.
    pub refusals: Vec<KeptRefusal>,
}

/// A refusal as it is kept, with its code as text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptRefusal {
    /// See [`Refusal::code`].
    pub code: String,
    /// See [`Refusal::sentence`].
    pub sentence: String,
    /// See [`Refusal::slide`].
    pub slide: Option<SlidePlace>,
    /// See [`Refusal::field`].
    pub field: Option<String>,
    /// See [`Refusal::rule`].
    pub rule: Option<String>,
}

impl From<&Refusal> for KeptRefusal {
    fn from(refusal: &Refusal) -> Self {
        Self {
            code: refusal.code.to_owned(),
            sentence: refusal.sentence.clone(),
            slide: refusal.slide.clone(),
            field: refusal.field.map(str::to_owned),
            rule: refusal.rule.map(str::to_owned),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(publish_at: i64) -> Plan {
        Plan {
            publish_at: Moment::from_micros(publish_at),
            planned_at: Moment::from_micros(1),
            planned_by: "operator".to_owned(),
            how: PlannedHow::default(),
            failed: None,
        }
    }

    fn embargo(until: i64) -> Embargo {
        let (until, set_at) = (Moment::from_micros(until), Moment::from_micros(1));
        Embargo { until, set_at, set_by: "operator".to_owned() }
    }

    #[test]
    fn r19_the_later_one_of_plan_and_embargo_counts() {
        let due = |plan: Plan, embargo: Option<Embargo>| plan.due(embargo.as_ref()).as_micros();
        assert_eq!(due(plan(50), None), 50);
        assert_eq!(due(plan(50), Some(embargo(40))), 50);
        assert_eq!(due(plan(50), Some(embargo(60))), 60);
    }

    #[test]
    fn an_embargo_ends_at_its_moment() {
        let stands = |at| embargo(60).stands(Moment::from_micros(at));
        assert_eq!((stands(59), stands(60)), (true, false));
    }

    #[test]
    fn what_a_plan_was_kept_with_is_read_again() {
        let how = PlannedHow {
            change: Some(Change::Corrected("It was Tuesday.".to_owned())),
            ..PlannedHow::default()
        };
        let kept = serde_json::to_string(&how).unwrap();
        assert_eq!(serde_json::from_str::<PlannedHow>(&kept).unwrap(), how);
        assert_eq!(serde_json::from_str::<PlannedHow>("{}").unwrap(), PlannedHow::default());
    }
}
