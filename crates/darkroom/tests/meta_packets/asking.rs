//! Short questions to the reader.

use darkroom::meta::{Facts, PrivateKind, ProblemCode, Reading, read};

pub(crate) fn facts(bytes: &[u8]) -> Facts {
    read(bytes, None, &["en"]).facts
}

pub(crate) fn description(bytes: &[u8]) -> Option<String> {
    facts(bytes).description.map(|fact| fact.value)
}

pub(crate) fn codes(reading: &Reading) -> Vec<ProblemCode> {
    reading.problems.iter().map(|problem| problem.code).collect()
}

pub(crate) fn problems(bytes: &[u8]) -> Vec<ProblemCode> {
    codes(&read(bytes, None, &["en"]))
}

pub(crate) fn privates(bytes: &[u8]) -> Vec<PrivateKind> {
    read(bytes, None, &["en"]).private.iter().map(|finding| finding.kind).collect()
}
