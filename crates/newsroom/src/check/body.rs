//! What a story's body owes those who do not see it: headings in their order, links that say where they lead
//! (WCAG 1.3.1, 2.4.4). Bodies are Markdown (CommonMark).

use std::ops::Range;

use super::CheckReport;
use super::finding::Finding;
use super::reading::Text;
use crate::story::Story;

pub(super) fn check(story: &Story, report: &mut CheckReport) {
    let body = story.body.as_str();
    let mut found = headings(body);
    found.extend(links(body));
    let text = Text::plain(body, body);
    report.warnings.extend(found.into_iter().map(|finding| finding.warning("body", None, &text)));
}

/// The lines of a text that are no code, with where they begin.
fn lines(body: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let mut fence: Option<&str> = None;
    let mut at = 0;
    for line in body.split_inclusive('\n') {
        let bare = line.trim_start();
        let mark = ["```", "~~~"].into_iter().find(|mark| bare.starts_with(mark));
        match (fence, mark) {
            (None, Some(mark)) => fence = Some(mark),
            (Some(open), Some(mark)) if open == mark => fence = None,
            (None, None) if line.len() - bare.len() < 4 => found.push((at, line.trim_end())),
            _ => {}
        }
        at += line.len();
    }
    found
}

/// The headings with their levels: `## Words`, and words that are underlined by `===` or `---`.
fn outline(body: &str) -> Vec<(usize, Range<usize>)> {
    let mut found = Vec::new();
    let mut above: Option<(usize, &str)> = None;
    for (at, line) in lines(body) {
        let bare = line.trim_start();
        let start = at + line.len() - bare.len();
        let level = bare.len() - bare.trim_start_matches('#').len();
        let behind = bare.get(level..).unwrap_or_default();
        let underline = ["=", "-"]
            .iter()
            .position(|sign| !bare.is_empty() && bare.trim_end_matches(*sign).is_empty() && bare.len() >= 2);
        if (1..=6).contains(&level) && (behind.is_empty() || behind.starts_with([' ', '\t'])) {
            found.push((level, start..at + line.len()));
            above = None;
        } else if let (Some(number), Some((first, words))) = (underline, above) {
            found.push((number + 1, first..first + words.len()));
            above = None;
        } else {
            let prose = !bare.is_empty() && !bare.starts_with(['>', '-', '*', '+', '|']);
            above = prose.then_some((at, line));
        }
    }
    found
}

/// The headline is the first level, so that the body's begin with the second and go down one by one.
fn headings(body: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut last = 1;
    for (level, at) in outline(body) {
        let sentence = if level == 1 {
            Some("The heading is of the level of the headline; write it with \"##\".".to_owned())
        } else if level > last + 1 {
            Some(format!("The heading is of level {level} and follows one of level {last}; leave none out."))
        } else {
            None
        };
        if let Some(sentence) = sentence {
            found.push(Finding::new("heading_order", "WCAG 1.3.1", sentence).at(at));
        }
        last = level.max(1);
    }
    found
}

/// What a link must not be called alone, in the languages of most desks.
#[rustfmt::skip]
const SAYS_NOTHING: &[&str] = &[
    "here", "click here", "click", "link", "this link", "this", "read more", "more", "see here", "this page", "source", "read here",
    "hier", "hier klicken", "klicken sie hier", "mehr", "weiterlesen", "ici", "cliquez ici", "lien", "lire la suite", "en savoir plus",
    "aquí", "haga clic aquí", "enlace", "leer más", "aqui", "clique aqui", "qui", "clicca qui", "тут", "здесь", "ссылка", "هنا",
];

fn links(body: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    for (line_at, line) in lines(body) {
        for (middle, _) in line.match_indices("](") {
            let Some(open) = opening(line, middle) else { continue };
            if line.get(..open).is_some_and(|head| head.ends_with('!')) {
                continue;
            }
            let words = line.get(open + 1..middle).unwrap_or_default();
            let end =
                line.get(middle..).and_then(|rest| rest.find(')')).map_or(line.len(), |end| middle + end + 1);
            if says_nothing(words) {
                found.push(unnamed(words, line_at + open..line_at + end));
            }
        }
        for (open, _) in line.match_indices("<http") {
            let Some(close) = line.get(open..).and_then(|rest| rest.find('>')) else { continue };
            let words = line.get(open + 1..open + close).unwrap_or_default();
            found.push(unnamed(words, line_at + open..line_at + open + close + 1));
        }
    }
    found
}

/// The bracket that the one at `middle` closes.
fn opening(line: &str, middle: usize) -> Option<usize> {
    let mut depth = 0;
    for (at, c) in line.get(..middle)?.char_indices().rev() {
        match c {
            ']' => depth += 1,
            '[' if depth == 0 => return Some(at),
            '[' => depth -= 1,
            _ => {}
        }
    }
    None
}

fn says_nothing(words: &str) -> bool {
    let bare =
        words.trim().trim_matches(|c: char| matches!(c, '*' | '_' | '`' | '.' | '…' | '»' | '>' | ':' | ' '));
    let low = bare.to_lowercase();
    let address = (low.starts_with("http://") || low.starts_with("https://") || low.starts_with("www."))
        && !low.contains(char::is_whitespace);
    address || low.is_empty() || SAYS_NOTHING.contains(&low.as_str())
}

fn unnamed(words: &str, at: Range<usize>) -> Finding {
    let sentence = format!("The link \"{words}\" does not say where it leads; name that.");
    Finding::new("link_unnamed", "WCAG 2.4.4", sentence).at(at)
}
