//! The body of a story: Markdown (CommonMark) in, sanitised HTML out.
//!
//! HTML inside the Markdown passes the sanitiser too; pictures are left out of bodies, because a picture without
//! its credit is never shown (R10, R14).

use std::collections::{BTreeMap, BTreeSet, HashSet};

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, TextMergeStream, html};

use super::marks::{Marker, printable};

/// What a body may hold.
const TAGS: [&str; 20] = [
    "p", "h3", "h4", "h5", "h6", "em", "strong", "a", "ul", "ol", "li", "blockquote", "code", "pre", "br", "hr",
    "sub", "sup", "s", "cite",
];

/// Blocks whose text may run either way, whatever the page does (R43).
const BLOCKS: [&str; 7] = ["p", "h3", "h4", "h5", "h6", "li", "blockquote"];

/// The HTML of a body; empty when there is none. Its headings begin at `h3`, below the page's own.
pub(super) fn html(markdown: &str, marker: &mut Marker<'_>) -> String {
    let source = printable(markdown);
    let options = Options::ENABLE_STRIKETHROUGH;
    let events: Vec<Event<'_>> = TextMergeStream::new(Parser::new_ext(&source, options)).collect();
    let levels = levels(&events);
    let mut depth = Depth::default();
    let marked = events.into_iter().filter_map(|event| depth.step(event, &levels, marker));
    let mut raw = String::with_capacity(source.len() * 2);
    html::push_html(&mut raw, marked);
    let clean = sanitiser().clean(&raw).to_string();
    marker.put_marks(clean.trim())
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
    for block in BLOCKS {
        builder.set_tag_attribute_value(block, "dir", "auto");
    }
    builder
}

/// The heading levels that a body uses, each with the one that it gets: the highest becomes `h3`, without gaps.
fn levels(events: &[Event<'_>]) -> BTreeMap<usize, HeadingLevel> {
    let used: BTreeSet<usize> = events
        .iter()
        .filter_map(|event| match event {
            Event::Start(Tag::Heading { level, .. }) => Some(*level as usize),
            _ => None,
        })
        .collect();
    let given = [HeadingLevel::H3, HeadingLevel::H4, HeadingLevel::H5, HeadingLevel::H6];
    let given = given.into_iter().chain(std::iter::repeat(HeadingLevel::H6));
    used.into_iter().zip(given).collect()
}

/// Where in a body the walk stands: inside links and code no mark is set, since a link cannot hold a link.
#[derive(Default)]
struct Depth {
    unmarked: usize,
}

impl Depth {
    fn step<'e>(
        &mut self,
        event: Event<'e>,
        levels: &BTreeMap<usize, HeadingLevel>,
        marker: &mut Marker<'_>,
    ) -> Option<Event<'e>> {
        let shifted = |level: HeadingLevel| levels.get(&(level as usize)).copied().unwrap_or(HeadingLevel::H6);
        Some(match event {
            Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => return None,
            Event::Start(Tag::Heading { level, .. }) => {
                Event::Start(Tag::Heading { level: shifted(level), id: None, classes: vec![], attrs: vec![] })
            }
            Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(shifted(level))),
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
}
