//! A printed page as a tree, for tests. Stricter than a browser: an element left open, a wrong end tag, an unknown
//! entity or an attribute given twice fails the test that reads the page.

use std::collections::{BTreeMap, BTreeSet};

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};

/// Elements without an end tag (HTML section 13.1.2).
const VOID: [&str; 7] = ["meta", "link", "img", "br", "hr", "input", "source"];

/// An element.
#[derive(Debug, Default)]
pub struct Node {
    /// Its name; the tree itself has none.
    pub name: String,
    /// Its attributes, unescaped.
    pub attributes: BTreeMap<String, String>,
    /// What it holds, in order.
    pub children: Vec<Child>,
}

/// What an element holds.
#[derive(Debug)]
pub enum Child {
    /// An element.
    Element(Node),
    /// Text, unescaped.
    Text(String),
}

impl Node {
    /// Reads a page or a feed.
    pub fn parse(source: &str) -> Self {
        let mut reader = Reader::from_str(source);
        // Void elements have no end tag; that the others are closed in order is checked below.
        reader.config_mut().check_end_names = false;
        reader.config_mut().allow_unmatched_ends = true;
        // A feed's `link` has one.
        let void: &[&str] = if source.starts_with("<?xml") { &[] } else { &VOID };
        let mut open = vec![Self::default()];
        loop {
            match reader.read_event().unwrap_or_else(|fault| panic!("{fault} in {source}")) {
                Event::Start(start) => {
                    let node = element(&start);
                    if void.contains(&node.name.as_str()) { put(&mut open, node) } else { open.push(node) }
                }
                Event::Empty(start) => put(&mut open, element(&start)),
                Event::End(end) => {
                    let node = open.pop().unwrap();
                    assert_eq!(node.name, end.name().0, "the end tag belongs to another element");
                    put(&mut open, node);
                }
                Event::Text(text) => put_text(&mut open, &unescape(&text).unwrap()),
                Event::GeneralRef(name) => put_text(&mut open, &entity(&name)),
                Event::DocType(_) | Event::Decl(_) => {}
                Event::Eof => break,
                other => panic!("{other:?} does not belong into a page"),
            }
        }
        assert_eq!(open.len(), 1, "<{}> is left open", open.last().unwrap().name);
        open.pop().unwrap()
    }

    /// Every element below, in document order.
    pub fn descendants(&self) -> Vec<&Node> {
        let mut all = Vec::new();
        for child in &self.children {
            if let Child::Element(node) = child {
                all.push(node);
                all.extend(node.descendants());
            }
        }
        all
    }

    /// The elements below with a name, in document order.
    pub fn all(&self, name: &str) -> Vec<&Node> {
        self.descendants().into_iter().filter(|node| node.name == name).collect()
    }

    /// The elements below with a class, in document order.
    pub fn classed(&self, class: &str) -> Vec<&Node> {
        let has = |node: &&Node| node.attribute("class").split(' ').any(|one| one == class);
        self.descendants().into_iter().filter(has).collect()
    }

    /// The element below with an id.
    pub fn by_id(&self, id: &str) -> Option<&Node> {
        self.descendants().into_iter().find(|node| node.attribute("id") == id)
    }

    /// The value of an attribute; empty when it is not there.
    pub fn attribute(&self, name: &str) -> &str {
        self.attributes.get(name).map_or("", String::as_str)
    }

    /// What it tells machines in JSON-LD: the things of its graph.
    pub fn linked_data(&self) -> Vec<serde_json::Value> {
        let mut scripts = self.all("script");
        scripts.retain(|script| script.attribute("type") == "application/ld+json");
        let [script] = scripts.as_slice() else { panic!("{} scripts", scripts.len()) };
        let data: serde_json::Value = serde_json::from_str(&script.raw_text()).unwrap();
        assert_eq!(data["@context"], "https://schema.org");
        data["@graph"].as_array().unwrap().clone()
    }

    /// Its whole text, with white space as a browser shows it.
    pub fn text(&self) -> String {
        self.raw_text().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn raw_text(&self) -> String {
        let parts = self.children.iter().map(|child| match child {
            Child::Element(node) => node.raw_text(),
            Child::Text(text) => text.clone(),
        });
        parts.collect()
    }

    /// What must hold on every page: ids once, links inside the page lead somewhere, pictures have an alt text and
    /// their size, headings skip no level, there is one `h1`, and no inline script that runs and no inline style stands
    /// anywhere.
    pub fn check_page(&self) {
        let mut ids = BTreeSet::new();
        for node in self.descendants() {
            let id = node.attribute("id");
            assert!(id.is_empty() || ids.insert(id), "the id {id} stands twice");
            if node.attribute("type") == "application/ld+json" {
                serde_json::from_str::<serde_json::Value>(&node.raw_text()).unwrap();
            } else if node.name == "script" {
                let ours = node.attribute("src").starts_with("/a/") && node.text().is_empty();
                assert!(ours, "a script that is not a file of ours: {node:?}");
            }
            for attribute in node.attributes.keys() {
                assert!(attribute != "style" && !attribute.starts_with("on"), "{attribute} on {node:?}");
            }
        }
        for link in self.all("a") {
            let href = link.attribute("href");
            assert!(!href.is_empty() && !href.to_ascii_lowercase().contains("javascript:"), "{link:?}");
            if let Some(id) = href.strip_prefix('#') {
                assert!(ids.contains(id), "#{id} leads nowhere");
            }
            let named = !link.text().is_empty() || !link.attribute("aria-label").is_empty();
            // A picture has an alternative text; see below.
            assert!(named || !link.all("img").is_empty(), "{link:?}");
        }
        for image in self.all("img") {
            assert!(!image.attribute("alt").trim().is_empty(), "{image:?}");
            assert!(image.attribute("width").parse::<u32>().unwrap() > 0);
            assert!(image.attribute("height").parse::<u32>().unwrap() > 0);
        }
        let mut above = 0;
        for node in self.descendants() {
            let Some(level) = node.name.strip_prefix('h').and_then(|level| level.parse::<u8>().ok()) else {
                continue;
            };
            assert!(level <= above + 1, "h{level} follows h{above}");
            assert!(!node.text().is_empty());
            above = level;
        }
        assert_eq!(self.all("h1").len(), 1);
    }
}

fn element(start: &BytesStart<'_>) -> Node {
    let mut attributes = BTreeMap::new();
    for attribute in start.html_attributes() {
        let attribute = attribute.unwrap();
        assert!(!attribute.value.contains('<'), "{attribute:?}");
        let value = unescape(&attribute.value).unwrap().into_owned();
        assert_eq!(attributes.insert(attribute.key.0.to_owned(), value), None, "{attribute:?} stands twice");
    }
    Node { name: start.name().0.to_owned(), attributes, children: Vec::new() }
}

fn put(open: &mut [Node], node: Node) {
    open.last_mut().unwrap().children.push(Child::Element(node));
}

fn put_text(open: &mut [Node], text: &str) {
    open.last_mut().unwrap().children.push(Child::Text(text.to_owned()));
}

fn entity(name: &str) -> String {
    if name == "nbsp" { "\u{a0}".to_owned() } else { unescape(&format!("&{name};")).unwrap().into_owned() }
}
