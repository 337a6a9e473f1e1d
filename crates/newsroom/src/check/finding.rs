//! A finding on its way into the report: its place in the text as it is read here, and as the desk sees it.

use std::ops::Range;

use super::reading::{Reading, Text};
use super::{CheckReport, CheckedSlide, Warning};
use crate::refusal::{Correction, Refusal, SlidePlace};

/// What was found in a text, with its place in bytes of the text that readers see.
pub(super) struct Finding {
    pub(super) code: &'static str,
    pub(super) rule: &'static str,
    pub(super) sentence: String,
    pub(super) at: Option<Range<usize>>,
    pub(super) fix: Option<(Range<usize>, String)>,
}

impl Finding {
    pub(super) fn new(code: &'static str, rule: &'static str, sentence: impl Into<String>) -> Self {
        Self { code, rule, sentence: sentence.into(), at: None, fix: None }
    }

    /// The same, about this part of the text.
    pub(super) fn at(mut self, at: Range<usize>) -> Self {
        self.at = Some(at);
        self
    }

    /// The same, put right by writing this in place of that part.
    pub(super) fn fix(mut self, at: Range<usize>, replacement: impl Into<String>) -> Self {
        self.fix = Some((at, replacement.into()));
        self
    }

    /// As a warning about a field; `text` knows where the desk sees it.
    pub(super) fn warning(self, field: &'static str, slide: Option<SlidePlace>, text: &Text<'_>) -> Warning {
        let correction =
            self.fix.and_then(|(at, replacement)| Some(Correction { at: text.exactly(&at)?, replacement }));
        Warning {
            code: self.code,
            sentence: self.sentence,
            slide,
            field: Some(field),
            rule: Some(self.rule),
            at: self.at.map(|at| text.span(&at)),
            correction,
        }
    }
}

/// One slide and where its findings go.
pub(super) struct Desk<'s, 'a> {
    pub(super) checked: &'s CheckedSlide<'a>,
    pub(super) reading: &'s Reading<'s>,
    pub(super) number: usize,
    pub(super) report: &'s mut CheckReport,
}

impl Desk<'_, '_> {
    /// Where in the story it is.
    pub(super) fn place(&self) -> SlidePlace {
        SlidePlace { id: self.checked.slide.id.clone(), number: self.number }
    }

    /// Refuses publishing for the whole of a field.
    pub(super) fn refuse(
        &mut self,
        code: &'static str,
        field: &'static str,
        rule: Option<&'static str>,
        sentence: String,
    ) {
        let mut refusal =
            Refusal::new(code, sentence).slide(&self.checked.slide.id, self.number).field(field);
        refusal.rule = rule;
        self.report.refusals.push(refusal);
    }

    /// Refuses publishing for a part of the caption.
    pub(super) fn refuse_caption(&mut self, finding: Finding) {
        self.refuse(finding.code, "caption", Some(finding.rule), finding.sentence);
        let at = finding.at.map(|at| Box::new(self.reading.desk.span(&at)));
        if let Some(last) = self.report.refusals.last_mut() {
            last.at = at;
        }
    }

    /// Tells the desk something about the caption.
    pub(super) fn warn(&mut self, finding: Finding) {
        let warning = finding.warning("caption", Some(self.place()), &self.reading.desk);
        self.report.warnings.push(warning);
    }

    /// Tells the desk something about the alternative text.
    pub(super) fn warn_alt(&mut self, finding: Finding) {
        let shown = &self.checked.shown.alt.text;
        let text = Text::plain(shown, self.checked.slide.alt.as_deref().unwrap_or(shown));
        let warning = finding.warning("alt", Some(self.place()), &text);
        self.report.warnings.push(warning);
    }
}
