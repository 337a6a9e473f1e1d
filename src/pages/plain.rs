//! Pages without a record: 404, 410 and the body of a redirect.

use std::collections::BTreeSet;

use askama::Template;
use newsroom::story::Direction;

use super::frame::{Frame, Tongue};
use super::marks::printable;
use super::{HTML, Page, PageKey, PrintError, Site};

#[derive(Template)]
#[template(path = "pages/plain.html")]
struct PlainPage<'a> {
    frame: Frame<'a>,
    text: String,
    /// Words of the desk under the house's own.
    note: Option<String>,
}

#[derive(Template)]
#[template(path = "pages/redirect.html")]
struct RedirectPage<'a> {
    frame: Frame<'a>,
    to: &'a str,
    canonical: &'a str,
}

/// Prints the page for addresses that lead nowhere (404).
///
/// # Errors
/// [`PrintError::Template`] when the template stops, which no input causes.
pub fn not_found(site: &Site) -> Result<Page, PrintError> {
    let mut frame = Frame::of_site(site, String::new());
    frame.title = frame.texts.say("not-found-title");
    let text = frame.texts.say("not-found-text");
    finish(frame, text, None)
}

/// Prints the page for what was withdrawn (410), in the language (BCP 47) of what stood there. `note` is the public
/// sentence about the withdrawal (R20), where the desk gave one.
///
/// # Errors
/// [`PrintError::Template`] when the template stops, which no input causes.
pub fn gone(site: &Site, language: &str, note: Option<&str>) -> Result<Page, PrintError> {
    let tongue = Tongue { language, direction: Direction::of_language(language) };
    let mut frame = Frame::new(site, String::new(), &tongue);
    // Nothing here is in the story's own words, so the page is in the language of the house's text.
    frame.language = frame.texts.language().to_owned();
    frame.direction = frame.texts.direction().as_str();
    frame.chrome = String::new();
    frame.title = frame.texts.say("gone-title");
    let text = frame.texts.say("gone-text");
    finish(frame, text, note.map(|note| printable(note.trim())).filter(|note| !note.is_empty()))
}

/// Prints a redirect as a page, for where no answer of another status can be given: browsers follow it at once, others
/// find the link. `to` is the new address as a link carries it from here, `canonical` the whole one for search engines.
///
/// # Errors
/// [`PrintError::Template`] when the template stops, which no input causes.
pub fn redirect(site: &Site, to: &str, canonical: &str) -> Result<Page, PrintError> {
    let mut frame = Frame::of_site(site, String::new());
    frame.title = frame.texts.say("moved-title");
    let language = frame.language.clone();
    let body = RedirectPage { frame, to, canonical }.render()?;
    Ok(Page { content_type: HTML, language, body, keys: BTreeSet::from([PageKey::Site]) })
}

fn finish(frame: Frame<'_>, text: String, note: Option<String>) -> Result<Page, PrintError> {
    let language = frame.language.clone();
    let body = PlainPage { frame, text, note }.render()?;
    Ok(Page { content_type: HTML, language, body, keys: BTreeSet::from([PageKey::Site]) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::address;
    use crate::pages::dom::Node;
    use crate::pages::samples;

    fn tree(page: &Page) -> Node {
        let tree = Node::parse(&page.body);
        tree.check_page();
        tree
    }

    #[test]
    fn the_404_page_leads_home_and_stays_out_of_search() {
        let tree = tree(&not_found(&samples::site("en")).unwrap());
        assert_eq!(tree.all("h1")[0].text(), "There is no page here");
        assert!(tree.by_id("content").unwrap().all("a").iter().any(|a| a.attribute("href") == "/"));
        assert!(tree.all("meta").iter().any(|meta| meta.attribute("content") == "noindex"));
    }

    #[test]
    fn the_410_page_speaks_the_language_of_what_stood_there() {
        let page = gone(&samples::site("en"), "ar", Some("<i>Withdrawn</i>")).unwrap();
        let tree = tree(&page);
        let html = tree.all("html")[0];
        assert_eq!(
            (html.attribute("lang"), html.attribute("dir"), page.language.as_str()),
            ("ar", "rtl", "ar")
        );
        assert!(tree.by_id("content").unwrap().all("p").iter().any(|p| p.text() == "<i>Withdrawn</i>"));
    }

    #[test]
    fn a_410_page_without_a_locale_is_in_the_sites_language() {
        let page = gone(&samples::site("de"), "fa", None).unwrap();
        assert_eq!(tree(&page).all("html")[0].attribute("lang"), "de");
        assert_eq!(page.language, "de");
    }

    #[test]
    fn a_redirect_leads_on_by_itself_and_by_a_link() {
        let to = address::story(&samples::arabic_story().slug);
        let (href, whole) = (format!("../..{}/", to.href()), to.absolute("https://news.example"));
        let page = redirect(&samples::site("en"), &href, &whole).unwrap();
        let tree = tree(&page);
        assert_eq!(tree.all("a")[0].attribute("href"), href);
        assert_eq!(tree.all("link")[0].attribute("href"), whole);
        assert!(tree.all("meta").iter().any(|meta| meta.attribute("content") == format!("0; url={href}")));
        assert!(page.body.len() < 2_000);
    }
}
