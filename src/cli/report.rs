//! What a command says: sentences for people, or one JSON object a line for programs.

use std::io::Write;

use newsroom::refusal::Refusal;
use serde::Serialize;

/// How a command ended; each has its exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// All done: 0.
    Done,
    /// Something was refused: 1.
    Refused,
    /// Wrong use: 2.
    WrongUse,
    /// A fault of ours or of the machine: 3.
    Fault,
}

impl Outcome {
    /// The process's exit code.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Refused => 1,
            Self::WrongUse => 2,
            Self::Fault => 3,
        }
    }
}

/// Writes a command's answers to standard output, and its troubles to standard error.
#[derive(Debug, Clone, Copy)]
pub struct Report {
    json: bool,
}

impl Report {
    /// `json` as the command line has it.
    pub fn new(cli: &super::args::Cli) -> Self {
        Self { json: cli.json }
    }

    /// Whether programs read this.
    pub fn is_json(self) -> bool {
        self.json
    }

    /// Says one thing, as a sentence or as an object. A reader who went away (a closed pipe) is no fault.
    pub fn say(self, sentence: &str, object: impl Serialize) {
        let line =
            if self.json { serde_json::to_string(&object).unwrap_or_default() } else { harmless(sentence) };
        let mut out = std::io::stdout().lock();
        let _ = writeln!(out, "{line}").and_then(|()| out.flush());
    }

    /// Writes a text as it is, for commands whose answer is a text.
    pub fn text(self, text: &str) {
        let mut out = std::io::stdout().lock();
        let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    }

    /// Says refusals: to standard error for people, as objects with `"refused"` for programs.
    pub fn refusals(self, refusals: &[Refusal]) -> Outcome {
        for refusal in refusals {
            if self.json {
                self.say("", serde_json::json!({ "refused": refusal }));
            } else {
                self.complain(&refusal_line(refusal));
            }
        }
        if refusals.is_empty() { Outcome::Done } else { Outcome::Refused }
    }

    /// Says a sentence on standard error.
    pub fn complain(self, sentence: &str) {
        let _ = writeln!(std::io::stderr().lock(), "{}", harmless(sentence));
    }
}

/// A sentence that a terminal may be given: names and captions come from strangers, and may hold signs that move the
/// cursor, colour what follows or turn the line around (R43).
fn harmless(sentence: &str) -> String {
    let turns =
        |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let acts = |c: char| (c.is_control() && !matches!(c, '\n' | '\t')) || turns(c);
    sentence.chars().map(|c| if acts(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// A file's name inside a sentence: one line, whatever it holds.
pub fn name_of(path: &std::path::Path) -> String {
    path.display().to_string().replace(['\n', '\r'], "\u{fffd}")
}

/// `Slide 4 (7fk2x), credit: sentence [R10]`
fn refusal_line(refusal: &Refusal) -> String {
    let slide = refusal.slide.as_ref().map(|place| format!("Slide {} ({})", place.number, place.id));
    let place: Vec<String> = slide.into_iter().chain(refusal.field.map(str::to_owned)).collect();
    let rule = refusal.rule.map(|rule| format!(" [{rule}]")).unwrap_or_default();
    if place.is_empty() {
        format!("Refused: {}{rule}", refusal.sentence)
    } else {
        format!("Refused: {}: {}{rule}", place.join(", "), refusal.sentence)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_given_no_sign_that_acts() {
        assert_eq!(harmless("a\u{1b}[31mb\u{202e}c\u{7}"), "a\u{fffd}[31mb\u{fffd}c\u{fffd}");
        assert_eq!(harmless("two\nlines"), "two\nlines");
        assert_eq!(name_of(std::path::Path::new("a\nRefused: b")), "a\u{fffd}Refused: b");
    }
}
