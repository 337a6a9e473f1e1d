//! What a rule says no with.

use serde::{Deserialize, Serialize};

use crate::id::SlideId;

/// Where in a story something is wrong.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlidePlace {
    /// The slide's permanent id.
    pub id: SlideId,
    /// Its place in the story, from 1.
    pub number: usize,
}

/// A stretch of a field's text, in Unicode code points; of a slide's own text where the desk wrote one, else of the text
/// that readers see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Span {
    /// Where it begins.
    pub start: usize,
    /// Where it ends; the same as the beginning where something is lacking.
    pub end: usize,
}

/// What would put a text right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Correction {
    /// What is replaced.
    pub at: Span,
    /// What comes in its place; empty to take it away.
    pub replacement: String,
}

/// One reason against an action: a stable code for programs and one plain sentence for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Refusal {
    /// Stable, lower case with underscores: `credit_missing`.
    pub code: &'static str,
    /// One plain sentence: what is wrong and what would be accepted.
    pub sentence: String,
    /// The slide concerned.
    pub slide: Option<SlidePlace>,
    /// The field concerned, by its name in the story file (`caption`, `credit`).
    pub field: Option<&'static str>,
    /// The newsroom rule behind it (`R10`).
    pub rule: Option<&'static str>,
    /// What of the field's text it is about, where it is a part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub at: Option<Box<Span>>,
}

impl Refusal {
    /// A refusal that concerns no single slide or field.
    pub fn new(code: &'static str, sentence: impl Into<String>) -> Self {
        Self { code, sentence: sentence.into(), slide: None, field: None, rule: None, at: None }
    }

    /// The same, about a field.
    #[must_use]
    pub fn field(mut self, field: &'static str) -> Self {
        self.field = Some(field);
        self
    }

    /// The same, by a rule.
    #[must_use]
    pub fn rule(mut self, rule: &'static str) -> Self {
        self.rule = Some(rule);
        self
    }

    /// The same, about a slide.
    #[must_use]
    pub fn slide(mut self, id: &SlideId, number: usize) -> Self {
        self.slide = Some(SlidePlace { id: id.clone(), number });
        self
    }
}
