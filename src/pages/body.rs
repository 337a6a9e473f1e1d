//! The body of a story: Markdown (CommonMark) in, sanitised HTML out.
//!
//! HTML inside the Markdown passes the sanitiser too; pictures are left out of bodies, because a picture without
//! its credit is never shown (R10, R14).

use std::collections::HashSet;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, TextMergeStream, html};

use newsroom::id::StoryId;
use newsroom::moment::Moment;

use super::marks::{MarkStyle, Marker, Rules, printable};
use crate::texts::Texts;

/// What a body may hold.
const TAGS: [&str; 20] = [
    "p",
    "h3",
    "h4",
    "h5",
    "h6",
    "em",
    "strong",
    "a",
    "ul",
    "ol",
    "li",
    "blockquote",
    "code",
    "pre",
    "br",
    "hr",
    "sub",
    "sup",
    "s",
    "cite",
];

/// The HTML of a body; empty when there is none. Its headings begin at `h3`, below the page's own.
pub(super) fn html(markdown: &str, marker: &mut Marker<'_>) -> String {
    let source = printable(markdown);
    let options = Options::ENABLE_STRIKETHROUGH;
    let events = TextMergeStream::new(Parser::new_ext(&source, options));
    let mut place = Place::default();
    let marked = events.filter_map(|event| place.step(event, marker));
    let mut raw = String::with_capacity(source.len() * 2);
    html::push_html(&mut raw, marked);
    let clean = sanitiser().clean(&raw).to_string();
    marker.put_marks(clean.trim())
}

/// The HTML of a body as readers would see it, without the marks of notices.
pub fn shown(markdown: &str, at: Moment) -> String {
    let rules = Rules { notices: &[], story: StoryId::new(at, [0; 10]), language: "en", at };
    html(markdown, &mut Marker::new(rules, MarkStyle::None, Texts::choose("en", "en")))
}

fn sanitiser() -> ammonia::Builder<'static> {
    let mut builder = ammonia::Builder::empty();
    builder
        .tags(TAGS.into_iter().collect())
        .clean_content_tags(HashSet::from(["script", "style", "template", "svg", "math", "iframe", "object"]))
        .add_tag_attributes("a", ["href"])
        .add_tag_attributes("ol", ["start"])
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(ammonia::UrlRelative::PassThrough)
        .link_rel(Some("noopener noreferrer"));
    builder
}

/// Where in a body the walk stands.
#[derive(Default)]
struct Place {
    /// Links and code blocks around: no mark is set inside, since a link cannot hold a link.
    unmarked: usize,
    /// The written levels of the headings above, outermost first.
    outline: Vec<HeadingLevel>,
}

impl Place {
    fn step<'e>(&mut self, event: Event<'e>, marker: &mut Marker<'_>) -> Option<Event<'e>> {
        Some(match event {
            Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => return None,
            Event::Start(Tag::Heading { level, .. }) => {
                let level = self.enter(level);
                Event::Start(Tag::Heading { level, id: None, classes: vec![], attrs: vec![] })
            }
            Event::End(TagEnd::Heading(_)) => Event::End(TagEnd::Heading(self.level())),
            Event::Start(tag @ (Tag::Link { .. } | Tag::CodeBlock(_))) => {
                self.unmarked += 1;
                Event::Start(tag)
            }
            Event::End(tag @ (TagEnd::Link | TagEnd::CodeBlock)) => {
                self.unmarked = self.unmarked.saturating_sub(1);
                Event::End(tag)
            }
            Event::Text(text) if self.unmarked == 0 => Event::Text(marker.stand_ins(&text).into()),
            other => other,
        })
    }

    /// Goes to a heading: one level below the nearest above that was written higher, so that none is skipped.
    fn enter(&mut self, written: HeadingLevel) -> HeadingLevel {
        while self.outline.last().is_some_and(|above| *above >= written) {
            self.outline.pop();
        }
        self.outline.push(written);
        self.level()
    }

    /// The level on the page of the heading that the walk is in.
    fn level(&self) -> HeadingLevel {
        match self.outline.len() {
            0 | 1 => HeadingLevel::H3,
            2 => HeadingLevel::H4,
            3 => HeadingLevel::H5,
            _ => HeadingLevel::H6,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::dom::Node;
    use crate::pages::samples;

    fn body(markdown: &str) -> String {
        let notices = [samples::notice()];
        let story = samples::story(1);
        let rules = Rules { notices: &notices, story: story.id, language: "en", at: samples::moment() };
        let mut marker = Marker::new(rules, MarkStyle::Linked, Texts::choose("en", "en"));
        let html = html(markdown, &mut marker);
        Node::parse(&html);
        html
    }

    fn headings(markdown: &str) -> Vec<String> {
        let tree = Node::parse(&body(markdown));
        let headings = tree.descendants().into_iter().filter(|node| node.name.starts_with('h'));
        headings.map(|node| format!("{} {}", node.name, node.text())).collect()
    }

    #[test]
    fn headings_begin_below_the_pages_own_and_skip_no_level() {
        assert_eq!(headings("# a\n\n## b\n\n### c"), ["h3 a", "h4 b", "h5 c"]);
        assert_eq!(headings("## a\n\n#### b\n\n## c\n\n# d"), ["h3 a", "h4 b", "h3 c", "h3 d"]);
        assert_eq!(
            headings("# a\n\n## b\n\n### c\n\n#### d\n\n##### e"),
            ["h3 a", "h4 b", "h5 c", "h6 d", "h6 e"]
        );
    }

    #[test]
    fn scripts_handlers_styles_and_unknown_schemes_do_not_pass() {
        let html = body(
            "<script>alert(1)</script><p onclick=\"x()\" style=\"color:red\" id=\"content\" class=\"mark\">kept</p>\n\n\
             [a](javascript:alert(1)) [b](JaVaScRiPt:alert(1)) [c](data:text/html,x) <iframe src=//evil></iframe>",
        );
        for word in ["script", "onclick", "style", "alert", "data:", "iframe", "id=", "class="] {
            assert!(!html.contains(word), "{word} in {html}");
        }
        assert!(html.contains("kept"));
    }

    #[test]
    fn a_picture_without_its_credit_leaves_only_its_text() {
        let html = body("Before ![a flag](/i/x/1/640.jpg) <img src=\"/i/x\"> after");
        assert!(html.contains("a flag") && !html.contains("<img"), "{html}");
    }

    #[test]
    fn blocks_run_the_way_of_their_story_whatever_they_begin_with() {
        let html = body("NASA one\n\n> two\n\n- three <p dir=\"rtl\">four</p>");
        assert!(!html.contains("dir="), "{html}");
    }

    #[test]
    fn marks_are_set_in_text_but_not_in_links_or_code() {
        let html = body("Daesh & [Daesh](https://a.example/) and `Daesh`\n\n    Daesh");
        assert_eq!(html.matches("class=\"mark\"").count(), 1, "{html}");
        assert!(html.contains("Daesh<a class=\"mark\" id=\"mark-1-1\""), "{html}");
    }

    #[test]
    fn a_forged_stand_in_sets_no_mark_twice_and_leaves_no_trace() {
        let html = body("Daesh &#xFDD0;0&#xFDD1; \u{fdd0}0\u{fdd1} <p>&#xFDD0;0&#xFDD1;&#xFDD0;</p>");
        assert_eq!(html.matches("mark-1-1").count(), 1, "{html}");
        assert!(!html.contains(['\u{fdd0}', '\u{fdd1}']), "{html}");
    }

    #[test]
    fn an_empty_body_is_empty() {
        assert_eq!(body(" \n\n "), "");
    }
}
