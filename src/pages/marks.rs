//! Outside text as HTML: escaped, in paragraphs, with the marks of notices (R34, R43).

use std::collections::BTreeSet;

use newsroom::id::StoryId;
use newsroom::moment::Moment;
use newsroom::notice::{Foot, Mark, Notice, NoticeMarker, Span};
use newsroom::story::Direction;

use super::PageKey;
use crate::texts::Texts;

/// How a page shows the marks of its notices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MarkStyle {
    /// A link to the note at the foot.
    Linked,
    /// The sign alone, where the notes follow in the same text (feeds).
    Sign,
    /// None, typed ones removed: a text without a foot (cards, summaries).
    None,
}

/// The notices of one story at the moment of its print.
#[derive(Clone, Copy)]
pub(super) struct Rules<'a> {
    pub notices: &'a [Notice],
    pub story: StoryId,
    pub language: &'a str,
    pub at: Moment,
}

/// A note at the foot of a page.
pub(super) struct Note {
    /// Its anchor.
    pub id: String,
    pub sign: String,
    pub term: String,
    pub text: String,
    /// The way it runs: the desk's rules hold for stories in any language, and name none of their own.
    pub direction: &'static str,
    /// Anchors of its marks, in order.
    pub backs: Vec<String>,
}

/// Marks the texts of one page, in reading order.
pub(super) struct Marker<'a> {
    notices: &'a [Notice],
    marker: NoticeMarker<'a>,
    style: MarkStyle,
    texts: Texts,
    /// Marks of the body that wait behind a stand-in until the body is sanitised.
    waiting: Vec<Option<Mark>>,
}

/// What stands for a mark while the sanitiser runs. Both are noncharacters, which no outside text keeps.
const OPEN: char = '\u{fdd0}';
const CLOSE: char = '\u{fdd1}';

impl<'a> Marker<'a> {
    pub fn new(rules: Rules<'a>, style: MarkStyle, texts: Texts) -> Self {
        let marker = NoticeMarker::new(rules.notices, rules.story, rules.language, rules.at);
        Self { notices: rules.notices, marker, style, texts, waiting: Vec::new() }
    }

    /// Begins the next page of the same story: no term is mentioned on it yet.
    pub fn begin_page(&mut self) {
        self.marker.begin_page();
        self.waiting.clear();
    }

    /// A plain text as paragraphs of HTML, one a line.
    pub fn paragraphs(&mut self, text: &str) -> Vec<String> {
        paragraphs(text).map(|line| self.html(line)).collect()
    }

    /// A plain text in one line and without marks, for attributes and summaries. Not escaped.
    pub fn plain(&mut self, text: &str) -> String {
        let spans = self.marker.mark(&printable(text), Foot::NoFoot);
        let text: String = spans
            .into_iter()
            .map(|span| if let Span::Text(text) = span { text } else { String::new() })
            .collect();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// A plain text as HTML.
    fn html(&mut self, text: &str) -> String {
        let mut html = String::with_capacity(text.len() + 16);
        for span in self.marker.mark(text, self.foot()) {
            match span {
                Span::Text(text) => html.push_str(&escape(&text)),
                Span::Mark(mark) => html.push_str(&self.mark_html(&mark)),
            }
        }
        html
    }

    /// A plain text with a stand-in for each mark; [`Marker::put_marks`] sets the marks once the text is HTML.
    pub fn stand_ins(&mut self, text: &str) -> String {
        let mut out = String::with_capacity(text.len() + 8);
        for span in self.marker.mark(&printable(text), self.foot()) {
            match span {
                Span::Text(text) => out.push_str(&text),
                Span::Mark(mark) => {
                    out.push_str(&format!("{OPEN}{}{CLOSE}", self.waiting.len()));
                    self.waiting.push(Some(mark));
                }
            }
        }
        out
    }

    /// Puts the waiting marks in the place of their stand-ins, each once; a forged stand-in is dropped.
    pub fn put_marks(&mut self, html: &str) -> String {
        let mut out = String::with_capacity(html.len());
        let mut rest = html;
        while let Some((head, tail)) = rest.split_once(OPEN) {
            out.push_str(head);
            let (number, after) = tail.split_once(CLOSE).unwrap_or(("", tail));
            match number.parse::<usize>() {
                Ok(number) => {
                    let mark = self.waiting.get_mut(number).and_then(Option::take);
                    out.push_str(&mark.map(|mark| self.mark_html(&mark)).unwrap_or_default());
                    rest = after;
                }
                Err(_) => rest = tail,
            }
        }
        out.push_str(rest);
        out.replace(CLOSE, "")
    }

    /// The notes of the terms marked so far, in order of mention.
    pub fn notes(&self) -> Vec<Note> {
        let notes = self.marker.footnotes().into_iter().enumerate().map(|(place, note)| Note {
            id: format!("note-{}", place + 1),
            backs: (1..=note.references).map(|reference| anchor(&note.sign, reference)).collect(),
            sign: note.sign,
            direction: direction_of(&note.text).as_str(),
            term: printable(&note.term),
            text: printable(&note.text),
        });
        notes.collect()
    }

    /// The keys of the notices marked so far.
    pub fn keys(&self) -> BTreeSet<PageKey> {
        let marked = self.marker.footnotes();
        marked
            .iter()
            .filter_map(|note| self.notices.get(note.notice))
            .map(|notice| PageKey::Term(notice.id))
            .collect()
    }

    fn foot(&self) -> Foot {
        if self.style == MarkStyle::None { Foot::NoFoot } else { Foot::Foot }
    }

    fn mark_html(&self, mark: &Mark) -> String {
        if self.style == MarkStyle::Sign {
            return mark.sign.clone();
        }
        let term = self.notices.get(mark.notice).map_or("", |notice| notice.term.as_str());
        format!(
            "<a class=\"mark\" id=\"{}\" href=\"#note-{}\" role=\"doc-noteref\" lang=\"{}\" aria-label=\"{}\">{}</a>",
            anchor(&mark.sign, mark.reference),
            mark.sign.len(),
            self.texts.language(),
            escape(&self.texts.fill("notice-link", &[("term", term)])),
            mark.sign,
        )
    }
}

/// The anchor of a mark. The sign of the n-th note is n stars long.
fn anchor(sign: &str, reference: usize) -> String {
    format!("mark-{}-{reference}", sign.len())
}

/// The way a text runs whose language nobody named: that of most of its letters, since a text in Arabic may well begin
/// with a name in Latin letters.
fn direction_of(text: &str) -> Direction {
    let letters = || text.chars().filter(|c| c.is_alphabetic());
    let leftward = letters().filter(|c| runs_left(*c)).count();
    if leftward * 2 > letters().count() { Direction::Rtl } else { Direction::Ltr }
}

/// Whether a letter belongs to a script that runs from right to left (the ranges that Unicode keeps for them).
fn runs_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

/// Escapes a text for HTML's content and quoted attributes (R43); signs that no XML 1.0 or HTML document may
/// hold are dropped.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().filter(|c| is_printable(*c)) {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            _ => out.push(c),
        }
    }
    out
}

/// A text without the signs that no document may hold.
pub(super) fn printable(text: &str) -> String {
    text.chars().filter(|c| is_printable(*c)).collect()
}

/// Whether XML 1.0 (section 2.2) and HTML allow the sign in a document.
fn is_printable(c: char) -> bool {
    let noncharacter = matches!(c, '\u{fdd0}'..='\u{fdef}') || u32::from(c) & 0xfffe == 0xfffe;
    matches!(c, '\t' | '\n') || !(c.is_control() || noncharacter)
}

/// The paragraphs of a plain text: line by line, empty lines left out.
pub(super) fn paragraphs(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::samples;

    fn marker(notices: &[Notice], style: MarkStyle) -> Marker<'_> {
        let story = samples::story(1).id;
        let rules = Rules { notices, story, language: "en", at: samples::moment() };
        Marker::new(rules, style, Texts::choose("en", "en"))
    }

    #[test]
    fn a_text_without_a_foot_loses_typed_marks() {
        let notices = [samples::notice()];
        let mut marker = marker(&notices, MarkStyle::None);
        assert_eq!(marker.paragraphs("Against Daesh* there."), ["Against Daesh there."]);
        assert_eq!(marker.plain(" Against\n Daesh*. "), "Against Daesh.");
        assert!(marker.notes().is_empty());
    }

    #[test]
    fn each_page_of_a_story_begins_its_notes_anew() {
        let notices = [samples::notice()];
        let mut marker = marker(&notices, MarkStyle::Linked);
        let first = marker.paragraphs("Daesh");
        marker.begin_page();
        assert!(marker.notes().is_empty() && marker.keys().is_empty());
        assert_eq!(marker.paragraphs("Daesh"), first);
        assert_eq!(marker.notes()[0].backs, ["mark-1-1"]);
    }

    #[test]
    fn a_feed_gets_the_sign_alone_and_the_note() {
        let notices = [samples::notice()];
        let mut marker = marker(&notices, MarkStyle::Sign);
        assert_eq!(marker.paragraphs("Daesh & co"), ["Daesh* &amp; co"]);
        assert_eq!(marker.notes().len(), 1);
    }

    #[test]
    fn the_name_of_a_notice_is_escaped_in_its_links() {
        let mut notice = samples::notice();
        notice.term = "\"><b>".to_owned();
        notice.variants = vec!["Daesh".to_owned()];
        let notices = [notice];
        let html = marker(&notices, MarkStyle::Linked).paragraphs("Daesh").concat();
        assert!(html.contains("aria-label=\"Note on &quot;&gt;&lt;b&gt;\""), "{html}");
    }

    #[test]
    fn a_note_runs_the_way_of_most_of_its_letters() {
        let notes = [
            ("Daesh (داعش) is banned.", "ltr"),
            ("Daesh تنظيم محظور في بلدان كثيرة.", "rtl"),
            ("داعش تنظيم محظور.", "rtl"),
            ("דאעש הוא ארגון.", "rtl"),
        ];
        for (text, direction) in notes {
            let notices = [Notice { text: text.to_owned(), ..samples::notice() }];
            let mut marker = marker(&notices, MarkStyle::Linked);
            marker.paragraphs("Daesh");
            assert_eq!(marker.notes()[0].direction, direction, "{text}");
        }
    }

    #[test]
    fn each_line_is_a_paragraph_and_signs_that_no_document_holds_are_dropped() {
        let mut marker = marker(&[], MarkStyle::Linked);
        assert_eq!(marker.paragraphs(" a\u{0}\u{fffe}<\r\n\n \n'b'\u{1f}"), ["a&lt;", "&#39;b&#39;"]);
    }
}
