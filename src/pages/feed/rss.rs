//! The RSS writer (RSS 2.0 with the content and Dublin Core modules).

use std::collections::BTreeSet;
use std::io;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use newsroom::moment::Moment;
use quick_xml::events::BytesText;

use super::{Channel, Entry, FeedInput, entries};
use crate::pages::address::{self, Address};
use crate::pages::marks::escape;
use crate::pages::story::kept;
use crate::pages::xml::{Xml, document, element, text};
use crate::pages::{Page, PageKey, PrintError, RSS, Site};
use crate::texts::Texts;

/// What a channel is called and where it stands.
struct Head {
    title: String,
    /// The page that it follows.
    page: Address,
    own: Address,
    key: PageKey,
}

/// Prints a feed.
///
/// # Errors
/// [`PrintError`] when the template or the writer stops, which no record causes.
pub(super) fn print(site: &Site, channel: &Channel<'_>, input: &FeedInput<'_>) -> Result<Page, PrintError> {
    let Head { title, page, own, key } = head(site, channel);
    let mut keys = BTreeSet::from([PageKey::Site, key]);
    let entries = entries(site, input, &mut keys)?;
    let namespaces = [
        ("version", "2.0"),
        ("xmlns:atom", "http://www.w3.org/2005/Atom"),
        ("xmlns:content", "http://purl.org/rss/1.0/modules/content/"),
        ("xmlns:dc", "http://purl.org/dc/elements/1.1/"),
        ("xmlns:media", "http://search.yahoo.com/mrss/"),
    ];
    let texts = Texts::choose(&site.language, &site.language);
    let about = texts.fill("list-description", &[("name", &title)]);
    let body = document("rss", &namespaces, |xml| {
        element(xml, "channel", |xml| {
            text(xml, "title", &title)?;
            text(xml, "link", &page.absolute(&site.url))?;
            text(xml, "description", &about)?;
            text(xml, "language", &site.language)?;
            text(xml, "lastBuildDate", &in_mail_form(input.updated()))?;
            let own = own.absolute(&site.url);
            xml.create_element("atom:link")
                .with_attributes([("rel", "self"), ("type", "application/rss+xml"), ("href", own.as_str())])
                .write_empty()?;
            entries.iter().try_for_each(|entry| entry.write_rss(xml))
        })
    })?;
    Ok(Page { content_type: RSS, language: site.language.clone(), body, keys })
}

fn head(site: &Site, channel: &Channel<'_>) -> Head {
    let (name, page, own, key) = match channel {
        Channel::Site => {
            let (page, own) = (address::home(), address::feed_rss());
            return Head { title: site.name.clone(), page, own, key: PageKey::Newest };
        }
        Channel::Section(link) => {
            let key = PageKey::Section(link.slug.clone());
            (&link.name, address::section(&link.slug), address::section_feed(&link.slug), key)
        }
        Channel::Tag(link) => {
            let key = PageKey::Tag(link.slug.clone());
            (&link.name, address::tag(&link.slug), address::tag_feed(&link.slug), key)
        }
    };
    Head { title: format!("{name} · {}", site.name), page, own, key }
}

impl Entry<'_> {
    fn write_rss(&self, xml: &mut Xml) -> io::Result<()> {
        let story = self.item.story;
        element(xml, "item", |xml| {
            text(xml, "title", &self.title())?;
            text(xml, "link", &self.href)?;
            xml.create_element("guid")
                .with_attribute(("isPermaLink", "false"))
                .write_text_content(BytesText::new(&format!("urn:uuid:{}", story.id)))?;
            text(xml, "pubDate", &in_mail_form(story.shown.at))?;
            kept(&story.bylines).iter().try_for_each(|name| text(xml, "dc:creator", name))?;
            for term in std::iter::once(&story.section).chain(&story.tags) {
                text(xml, "category", term)?;
            }
            if !self.summary.is_empty() {
                // Feed readers take a description for HTML.
                text(xml, "description", &escape(&self.summary))?;
            }
            text(xml, "content:encoded", &self.content)?;
            self.media.iter().try_for_each(|media| media.write(xml))
        })
    }
}

/// A moment as RSS writes it, `Sun, 03 Jan 2021 15:32:00 GMT`; one that the form does not know becomes the epoch.
fn in_mail_form(at: Moment) -> String {
    let printed = |at: &Timestamp| DateTimePrinter::new().timestamp_to_rfc9110_string(at);
    printed(&at.as_timestamp()).or_else(|_| printed(&Timestamp::UNIX_EPOCH)).unwrap_or_default()
}
