//! The Atom writer (RFC 4287).

use std::collections::BTreeSet;
use std::io;

use quick_xml::events::BytesText;

use super::{Entry, FeedInput, entries};
use crate::pages::marks::printable;
use crate::pages::story::kept;
use crate::pages::times::machine;
use crate::pages::xml::{Xml, document, text};
use crate::pages::{ATOM, Page, PageKey, PrintError, Site, address};

/// Prints the site's feed.
///
/// # Errors
/// [`PrintError`] when the template or the writer stops, which no record causes.
pub(super) fn print(site: &Site, input: &FeedInput<'_>) -> Result<Page, PrintError> {
    let mut keys = BTreeSet::from([PageKey::Site, PageKey::Newest]);
    let entries = entries(site, input, &mut keys)?;
    let namespaces = [
        ("xmlns", "http://www.w3.org/2005/Atom"),
        ("xmlns:media", "http://search.yahoo.com/mrss/"),
        ("xml:lang", site.language.as_str()),
    ];
    let body = document("feed", &namespaces, |xml| {
        let home = address::home().absolute(&site.url);
        text(xml, "id", &home)?;
        text(xml, "title", &site.name)?;
        text(xml, "updated", &machine(input.updated()))?;
        link(xml, "self", ATOM_TYPE, &address::feed().absolute(&site.url))?;
        link(xml, "alternate", "text/html", &home)?;
        author(xml, &site.name)?;
        entries.iter().try_for_each(|entry| entry.write_atom(xml))
    })?;
    Ok(Page { content_type: ATOM, language: site.language.clone(), body, keys })
}

/// The feed's type in its own links, without parameters.
const ATOM_TYPE: &str = "application/atom+xml";

impl Entry<'_> {
    fn write_atom(&self, xml: &mut Xml) -> io::Result<()> {
        let story = self.item.story;
        let language = ("xml:lang", story.language.as_str());
        xml.create_element("entry").with_attribute(language).write_inner_content(|xml| {
            text(xml, "id", &format!("urn:uuid:{}", story.id))?;
            text(xml, "title", &self.title())?;
            text(xml, "published", &machine(story.shown.at))?;
            text(xml, "updated", &machine(self.item.updated))?;
            link(xml, "alternate", "text/html", &self.href)?;
            kept(&story.bylines).iter().try_for_each(|name| author(xml, name))?;
            for term in std::iter::once(&story.section).chain(&story.tags) {
                xml.create_element("category")
                    .with_attribute(("term", printable(term).as_str()))
                    .write_empty()?;
            }
            if !self.summary.is_empty() {
                text(xml, "summary", &self.summary)?;
            }
            let html = xml.create_element("content").with_attribute(("type", "html"));
            html.write_text_content(BytesText::new(&self.content))?;
            self.media.iter().try_for_each(|media| media.write(xml))
        })?;
        Ok(())
    }
}

fn link(xml: &mut Xml, rel: &str, kind: &str, href: &str) -> io::Result<()> {
    xml.create_element("link")
        .with_attributes([("rel", rel), ("type", kind), ("href", href)])
        .write_empty()?;
    Ok(())
}

fn author(xml: &mut Xml, name: &str) -> io::Result<()> {
    xml.create_element("author").write_inner_content(|xml| text(xml, "name", name))?;
    Ok(())
}
