//! The firewall of captions (R11): what an agency wrote into a caption is parted into the caption that readers see,
//! the sign-off that becomes the credit (R10), the standing that readers are told, and text that is the desk's alone.
//!
//! Nothing is lost: each letter and digit of the raw text is in exactly one of caption, sign-off and desk-only text.

pub(crate) mod desk;
mod signoff;
mod status;

use std::ops::Range;

use crate::published::ReaderStatus;

/// What a raw caption holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CaptionReading {
    /// The caption, spaces tidied, paragraphs kept.
    pub caption: String,
    /// The credit found at the caption's end, without its brackets: `AP Photo/Jane Doe`, `Photo by Jane Doe / AFP`.
    pub signoff: Option<String>,
    /// The whole of `Mandatory Credit: Name / Agency`, where the sign-off was introduced by such a demand (R12).
    pub demanded_credit: Option<String>,
    /// What readers are told, sorted, each once.
    pub statuses: Vec<ReaderStatus>,
    /// What only the desk sees, in the order of the text: corrections, notes to editors, ids, what follows the
    /// sign-off.
    pub desk_only: Vec<String>,
}

/// Parts a raw caption (R11, R10, R36, R8). Reading a caption that was read gives it again.
pub fn read_caption(raw: &str) -> CaptionReading {
    let text = cleaned(raw);
    let (reading, _) = parted(&text);
    reading
}

/// Where the letters of a raw caption's reading stand in it: for each sign of `caption` that is no space, the number of
/// its code point in the raw text.
pub(crate) fn caption_places(raw: &str) -> Vec<usize> {
    let text = cleaned(raw);
    let (_, kept) = parted(&text);
    let solid = |c: &char| !c.is_whitespace() && !c.is_control();
    let mut places = raw.chars().enumerate().filter(|(_, c)| solid(c)).map(|(at, _)| at);
    let mut found = Vec::new();
    for (at, _) in text.char_indices().filter(|(_, c)| solid(c)) {
        let Some(place) = places.next() else { break };
        if kept.iter().any(|range| range.contains(&at)) {
            found.push(place);
        }
    }
    found
}

/// A cleaned caption's parts, and the bytes of it that became the caption.
fn parted(text: &str) -> (CaptionReading, Vec<Range<usize>>) {
    let mut desk = Cuts::default();
    let mut body = 0..text.len();

    body.end = desk::tail(text).unwrap_or(body.end);
    desk.cut(body.end..text.len());

    let signoff = signoff::find(slice(text, &body));
    if let Some(found) = &signoff {
        desk.cut(found.past..body.end);
        desk.cut(found.caption_end..found.start);
        body.end = found.caption_end;
    }
    while let Some(length) = desk::prefix(slice(text, &body)) {
        desk.cut(body.start..body.start + length);
        body.start += length;
    }
    for inside in desk::inside(slice(text, &body)) {
        desk.cut(body.start + inside.start..body.start + inside.end);
    }
    let kept = desk.rest_of(&body);
    let caption = tidied(&joined(kept.iter().map(|range| slice(text, range))));
    let desk_only = desk.texts(text);
    let (signoff, demanded_credit) = signoff.map(|found| (found.credit, found.demand)).unzip();
    let statuses = status::statuses(&caption, signoff.as_deref(), &desk_only);
    let demanded_credit = demanded_credit.flatten();
    (CaptionReading { caption, signoff, demanded_credit, statuses, desk_only }, kept)
}

/// What was kept, with blanks where something was cut out; none before a sign that belongs to the word before it.
fn joined<'t>(kept: impl Iterator<Item = &'t str>) -> String {
    let mut joined = String::new();
    for piece in kept {
        if piece.starts_with(['.', ',', ';', ':', ')', '!', '?']) {
            joined.truncate(joined.trim_end().len());
        } else {
            joined.push(' ');
        }
        joined.push_str(piece);
    }
    joined
}

fn slice<'t>(text: &'t str, range: &Range<usize>) -> &'t str {
    text.get(range.clone()).unwrap_or_default()
}

/// The ranges that are the desk's alone.
#[derive(Default)]
struct Cuts(Vec<Range<usize>>);

impl Cuts {
    fn cut(&mut self, range: Range<usize>) {
        if !range.is_empty() {
            self.0.push(range);
        }
    }

    fn texts(&mut self, text: &str) -> Vec<String> {
        self.0.sort_by_key(|range| range.start);
        let texts = self.0.iter().map(|range| slice(text, range).trim_matches(is_separator));
        let texts = texts
            .map(|text| if text.contains([')', ']']) { text } else { text.trim_start_matches(['(', '[']) });
        texts.filter(|text| text.chars().any(char::is_alphanumeric)).map(tidied).collect()
    }

    /// What stands between the cuts, within `body`.
    fn rest_of(&mut self, body: &Range<usize>) -> Vec<Range<usize>> {
        self.0.sort_by_key(|range| range.start);
        let mut rest = Vec::new();
        let mut from = body.start;
        for cut in self.0.iter().filter(|cut| cut.start >= body.start && cut.end <= body.end) {
            rest.push(from..cut.start.max(from));
            from = cut.end;
        }
        rest.push(from..body.end.max(from));
        rest
    }
}

/// Signs that join desk-only text to its neighbours and mean nothing alone.
fn is_separator(c: char) -> bool {
    c.is_whitespace() || matches!(c, '-' | '–' | '—' | '/' | '=' | '*' | ':' | ';' | '|' | '.' | ',')
}

/// Without control characters (R1) and with one form of line break.
fn cleaned(raw: &str) -> String {
    let text = raw.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}'], "\n");
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}

/// Single spaces inside lines, none around them, one blank line at most.
fn tidied(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        let words: Vec<&str> = line.split([' ', '\t']).filter(|word| !word.is_empty()).collect();
        let line = words.join(" ");
        let blank_before = lines.last().is_none_or(String::is_empty);
        if !(line.trim().is_empty() && blank_before) {
            lines.push(line.trim().to_owned());
        }
    }
    lines.join("\n").trim().to_owned()
}

#[cfg(test)]
#[path = "caption/tests.rs"]
mod tests;
