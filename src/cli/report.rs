//! What a command says: sentences for people, or one JSON object a line for programs.

use std::io::Write;

use newsroom::refusal::{Refusal, SlidePlace};
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

    /// Says refusals: to standard error for people, those that say the same of several slides in one line, as objects
    /// with `"refused"` for programs, one for each.
    pub fn refusals(self, refusals: &[Refusal]) -> Outcome {
        if self.json {
            for refusal in refusals {
                self.say("", serde_json::json!({ "refused": refusal }));
            }
        } else {
            for line in refusal_lines(refusals).into_iter().chain(ways_on(refusals)) {
                self.complain(&line);
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

/// `Refused: Slide 4 (7fk2x), credit: sentence [R10]`, one line for each sentence, in the order of the first of them.
fn refusal_lines(refusals: &[Refusal]) -> Vec<String> {
    let mut groups: Vec<(&Refusal, Vec<&SlidePlace>)> = Vec::new();
    for refusal in refusals {
        let same = |one: &Refusal| {
            let what = (one.code, &one.sentence, one.field, one.rule);
            what == (refusal.code, &refusal.sentence, refusal.field, refusal.rule)
        };
        let group = groups.iter_mut().find(|(first, places)| !places.is_empty() && same(first));
        match (group, &refusal.slide) {
            (Some((_, places)), Some(place)) => places.push(place),
            (_, place) => groups.push((refusal, place.iter().collect())),
        }
    }
    groups
        .into_iter()
        .map(|(refusal, places)| {
            let said = finding(&places, refusal.field, &refusal.sentence, refusal.rule);
            format!("Refused: {said}")
        })
        .collect()
}

/// The commands with which somebody goes on, each once: what a sentence says is said at the desk and to programs too.
fn ways_on(refusals: &[Refusal]) -> Vec<String> {
    let mut ways: Vec<String> = Vec::new();
    for refusal in refusals {
        let way = match (refusal.code, &refusal.slide) {
            ("alt_missing", _) => "To publish without it: --allow-missing alt".to_owned(),
            ("picture_missing", _) => "To publish without it: --allow-missing picture".to_owned(),
            ("restricted", Some(place)) => {
                format!("To clear slide {}: halftone clear STORY {} --reason TEXT", place.number, place.id)
            }
            _ => continue,
        };
        if !ways.contains(&way) {
            ways.push(way);
        }
    }
    ways
}

/// `Slide 4 (7fk2x), credit: sentence [R10]`, as far as each is known.
pub fn finding(places: &[&SlidePlace], field: Option<&str>, sentence: &str, rule: Option<&str>) -> String {
    let slide = match places {
        [] => None,
        [place] => Some(format!("Slide {} ({})", place.number, place.id)),
        several => Some(format!("Slides {}", numbers(several.iter().map(|place| place.number)))),
    };
    let place: Vec<String> = slide.into_iter().chain(field.map(str::to_owned)).collect();
    let place = if place.is_empty() { String::new() } else { format!("{}: ", place.join(", ")) };
    let rule = rule.map(|rule| format!(" [{rule}]")).unwrap_or_default();
    format!("{place}{sentence}{rule}")
}

/// `1 to 7, 9, 12 and 13`.
fn numbers(numbers: impl Iterator<Item = usize>) -> String {
    let mut runs: Vec<(usize, usize)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some((_, last)) if *last + 1 == number => *last = number,
            _ => runs.push((number, number)),
        }
    }
    let mut parts: Vec<String> = Vec::new();
    for (first, last) in runs {
        match last - first {
            0 => parts.push(first.to_string()),
            1 => parts.extend([first.to_string(), last.to_string()]),
            _ => parts.push(format!("{first} to {last}")),
        }
    }
    match parts.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        _ => parts.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use newsroom::id::SlideId;

    #[test]
    fn what_is_said_of_several_slides_is_one_line_with_their_numbers() {
        let id = SlideId::new([1; 5]);
        let missing = |number| {
            Refusal::new("picture_missing", "The picture is still to come.")
                .slide(&id, number)
                .field("photo")
                .rule("R32")
        };
        let alone =
            Refusal::new("alt_missing", "The alternative text is missing.").slide(&id, 2).field("alt");
        let story = Refusal::new("headline_missing", "The story has no headline.");
        let mut all = vec![story.clone(), story, missing(1), alone];
        all.extend([2, 3, 4, 6, 8, 9].map(missing));
        assert_eq!(
            refusal_lines(&all),
            [
                "Refused: The story has no headline.".to_owned(),
                "Refused: The story has no headline.".to_owned(),
                "Refused: Slides 1 to 4, 6, 8 and 9, photo: The picture is still to come. [R32]".to_owned(),
                format!("Refused: Slide 2 ({id}), alt: The alternative text is missing."),
            ]
        );
    }

    #[test]
    fn a_terminal_is_given_no_sign_that_acts() {
        assert_eq!(harmless("a\u{1b}[31mb\u{202e}c\u{7}"), "a\u{fffd}[31mb\u{fffd}c\u{fffd}");
        assert_eq!(harmless("two\nlines"), "two\nlines");
        assert_eq!(name_of(std::path::Path::new("a\nRefused: b")), "a\u{fffd}Refused: b");
    }
}
