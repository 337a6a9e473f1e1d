//! A packet's properties as a tree of elements, bounded in depth and number (R41).

use std::borrow::Cow;

use quick_xml::XmlVersion;
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;

use super::names;
use crate::meta::bounds::{XMP_ATTRIBUTES, XMP_LEVELS, XMP_NAMESPACES, XMP_NODES};
use crate::meta::problem::{ProblemCode, Problems};

/// An element with its namespace's usual prefix.
#[derive(Debug, Default)]
pub(super) struct Element {
    /// Prefix, as in [`names`].
    pub space: &'static str,
    /// Local name.
    pub local: String,
    /// Attributes that are no namespace declarations.
    pub attributes: Vec<Attribute>,
    /// Children.
    pub children: Vec<Element>,
    /// Its own text.
    pub text: String,
}

/// An attribute.
#[derive(Debug)]
pub(super) struct Attribute {
    /// Prefix, as in [`names`].
    pub space: &'static str,
    /// Local name.
    pub local: String,
    /// Value.
    pub value: String,
}

impl Element {
    /// Whether it has this name.
    pub fn is(&self, space: &str, local: &str) -> bool {
        self.space == space && self.local == local
    }

    /// The value of an attribute.
    pub fn attribute(&self, space: &str, local: &str) -> Option<&str> {
        let found =
            self.attributes.iter().find(|attribute| attribute.space == space && attribute.local == local)?;
        Some(&found.value)
    }
}

/// The descriptions of a packet and of its extension.
#[derive(Debug, Default)]
pub(super) struct Tree {
    /// The `rdf:Description` elements in the order of the file.
    pub descriptions: Vec<Element>,
    nodes: usize,
}

/// Why reading a packet ended before its end.
enum Stop {
    Damaged,
    TooDeep,
    TooLarge,
}

impl Stop {
    fn note(&self, problems: &mut Problems) {
        match self {
            Self::Damaged => problems.note(
                ProblemCode::XmpDamaged,
                "The XMP packet is not well-formed; what stands before the fault was read.",
            ),
            Self::TooDeep => problems.note(
                ProblemCode::XmpTooDeep,
                format!(
                    "The XMP packet is nested deeper than {XMP_LEVELS} levels; what stands before was read."
                ),
            ),
            Self::TooLarge => problems.note(
                ProblemCode::XmpTooLarge,
                "The XMP packet has more elements than a photo needs; the first were read.",
            ),
        }
    }
}

impl Tree {
    /// Reads a packet's text. What stands before a fault is kept.
    pub fn read(&mut self, text: &str, problems: &mut Problems) {
        let mut reader = NsReader::from_str(text);
        reader.config_mut().allow_dangling_amp = true;
        reader.resolver_mut().set_max_namespace_bindings(XMP_NAMESPACES);
        let mut growth = Growth { tree: self, open: Vec::new(), depth: 0, passed_over: None };
        let stop = growth.grow(&mut reader, problems);
        growth.close_all();
        if let Err(stop) = stop {
            stop.note(problems);
        }
    }
}

/// A tree while it grows.
struct Growth<'t> {
    tree: &'t mut Tree,
    /// Elements whose end has not come, outermost first; those outside `rdf:RDF` are not kept.
    open: Vec<Element>,
    depth: usize,
    /// The depth of a property that is passed over.
    passed_over: Option<usize>,
}

impl Growth<'_> {
    fn grow(&mut self, reader: &mut NsReader<&[u8]>, problems: &mut Problems) -> Result<(), Stop> {
        loop {
            match reader.read_event().map_err(|_| Stop::Damaged)? {
                Event::Start(start) => self.start(reader, &start, problems)?,
                Event::Empty(start) => {
                    self.start(reader, &start, problems)?;
                    self.end();
                }
                Event::End(_) => self.end(),
                Event::Text(text) => self.text(&text.xml10_content()),
                Event::CData(text) => self.text(&text.xml10_content()),
                Event::GeneralRef(reference) => match resolved(&reference) {
                    Some(text) => self.text(&text),
                    None => note_entity(problems),
                },
                Event::DocType(_) => note_entity(problems),
                Event::Eof if self.depth > 0 => return Err(Stop::Damaged),
                Event::Eof => return Ok(()),
                Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            }
        }
    }

    fn start(
        &mut self,
        reader: &NsReader<&[u8]>,
        start: &BytesStart<'_>,
        problems: &mut Problems,
    ) -> Result<(), Stop> {
        self.depth = self.depth.saturating_add(1);
        if self.depth > XMP_LEVELS {
            return Err(Stop::TooDeep);
        }
        if self.passed_over.is_some() {
            return Ok(());
        }
        let (space, local) = reader.resolver().resolve_element(start.name());
        let (space, local) = (known(&space), local.as_ref());
        let is_property = self.open.len() == 2;
        if (self.open.is_empty() && (space, local) != ("rdf", "RDF"))
            || (is_property && !names::is_read(space, local))
        {
            // Outside rdf:RDF only the depth counts; a property that is not read is passed over with all in it.
            self.passed_over = is_property.then_some(self.depth);
            return Ok(());
        }
        let attributes = self.attributes(reader, start, problems)?;
        self.tree.nodes = self.tree.nodes.saturating_add(attributes.len()).saturating_add(1);
        if self.tree.nodes > XMP_NODES {
            return Err(Stop::TooLarge);
        }
        self.open.push(Element { space, local: local.to_owned(), attributes, ..Element::default() });
        Ok(())
    }

    fn attributes(
        &self,
        reader: &NsReader<&[u8]>,
        start: &BytesStart<'_>,
        problems: &mut Problems,
    ) -> Result<Vec<Attribute>, Stop> {
        let mut list = Vec::new();
        // The check for double attributes costs the square of their number; the first one counts anyhow.
        for attribute in start.attributes().with_checks(false) {
            let attribute = attribute.map_err(|_| Stop::Damaged)?;
            if attribute.key.as_namespace_binding().is_some() {
                continue;
            }
            let (space, local) = reader.resolver().resolve_attribute(attribute.key);
            let (space, local) = (known(&space), local.as_ref());
            let is_rdf = matches!(local, "resource" | "parseType" | "value");
            if space == names::OTHER && !is_rdf {
                continue;
            }
            let Ok(value) = attribute.normalized_value(XmlVersion::Implicit1_0) else {
                note_entity(problems);
                continue;
            };
            list.push(Attribute { space, local: local.to_owned(), value: value.into_owned() });
            if list.len() > XMP_ATTRIBUTES {
                return Err(Stop::TooLarge);
            }
        }
        Ok(list)
    }

    fn text(&mut self, text: &str) {
        if self.passed_over.is_none()
            && let Some(element) = self.open.last_mut()
        {
            element.text.push_str(text);
        }
    }

    fn end(&mut self) {
        let depth = self.depth;
        self.depth = self.depth.saturating_sub(1);
        match self.passed_over {
            Some(start) if start == depth => self.passed_over = None,
            Some(_) => {}
            None => self.close(),
        }
    }

    /// Hangs the innermost open element where it belongs.
    fn close(&mut self) {
        let Some(element) = self.open.pop() else { return };
        match self.open.len() {
            0 => {}
            1 => self.tree.descriptions.push(element),
            _ => {
                if let Some(parent) = self.open.last_mut() {
                    parent.children.push(element);
                }
            }
        }
    }

    fn close_all(&mut self) {
        while !self.open.is_empty() {
            self.close();
        }
    }
}

fn known(space: &ResolveResult<'_>) -> &'static str {
    match space {
        ResolveResult::Bound(uri) => names::space(uri.0),
        ResolveResult::Unbound | ResolveResult::Unknown(_) => names::OTHER,
    }
}

fn resolved(reference: &BytesRef<'_>) -> Option<Cow<'static, str>> {
    match reference.resolve_char_ref() {
        Ok(Some(character)) => Some(Cow::Owned(character.to_string())),
        Ok(None) => resolve_predefined_entity(reference).map(Cow::Borrowed),
        Err(_) => None,
    }
}

fn note_entity(problems: &mut Problems) {
    problems.note(
        ProblemCode::XmpEntity,
        "The XMP packet has a document type or an entity of its own, which are never read.",
    );
}
