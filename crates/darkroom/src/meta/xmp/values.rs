//! RDF's ways to write a value (ISO 16684-1, 7.4 to 7.9): as attribute or element, array, structure in three forms,
//! language alternative, with qualifiers.

use super::tree::{Attribute, Element, Tree};

/// A property's or field's value as it stands.
#[derive(Debug, Clone, Copy)]
pub(super) enum Value<'a> {
    /// In an attribute.
    Attribute(&'a str),
    /// In an element.
    Element(&'a Element),
}

impl Tree {
    /// All values of a property, `prefix:name`, in the order of the file.
    pub fn values<'a>(&'a self, property: &'a str) -> impl Iterator<Item = Value<'a>> {
        self.descriptions.iter().flat_map(move |description| fields(description, property))
    }
}

/// The fields of a structure with this name, `prefix:name`. A structure's fields are its element's attributes and
/// children, or those of an `rdf:Description` within it.
fn fields<'a>(element: &'a Element, property: &'a str) -> impl Iterator<Item = Value<'a>> {
    let (space, local) = property.split_once(':').unwrap_or(("", property));
    let inner = element.children.iter().filter(|child| child.is("rdf", "Description"));
    std::iter::once(element).chain(inner).flat_map(move |holder| {
        let named = move |attribute: &&Attribute| attribute.space == space && attribute.local == local;
        let attributes =
            holder.attributes.iter().filter(named).map(|attribute| Value::Attribute(&attribute.value));
        let children = holder.children.iter().filter(move |child| child.is(space, local)).map(Value::Element);
        attributes.chain(children)
    })
}

/// The entries of an array.
fn array(element: &Element) -> Option<&Element> {
    element
        .children
        .iter()
        .find(|child| child.space == "rdf" && matches!(&*child.local, "Alt" | "Bag" | "Seq"))
}

impl<'a> Value<'a> {
    /// The value as a text: a resource's address, an array's first entry, the plain text.
    pub fn text(self) -> Option<&'a str> {
        match self {
            Self::Attribute(text) => Some(text),
            Self::Element(element) => text_of(element),
        }
    }

    /// The entries of an array; a single value counts as one entry.
    pub fn entries(self) -> Vec<Self> {
        match self {
            Self::Attribute(_) => vec![self],
            Self::Element(element) => match array(element) {
                Some(array) => {
                    array.children.iter().filter(|child| child.is("rdf", "li")).map(Value::Element).collect()
                }
                None => vec![self],
            },
        }
    }

    /// The first value of a structure's field.
    pub fn field(self, property: &'a str) -> Option<Value<'a>> {
        self.fields(property).next()
    }

    /// All values of a structure's field.
    pub fn fields(self, property: &'a str) -> impl Iterator<Item = Value<'a>> {
        let element = match self {
            Self::Attribute(_) => None,
            Self::Element(element) => Some(element),
        };
        element.into_iter().flat_map(move |element| fields(element, property))
    }

    /// The texts of a language alternative in the order of R2: x-default, the site's languages, the others.
    pub fn alternatives(self, languages: &[&str]) -> Vec<&'a str> {
        let mut ranked: Vec<(usize, &'a str)> = self
            .entries()
            .into_iter()
            .filter_map(|entry| Some((rank(entry.language(), languages), entry.text()?)))
            .collect();
        // The sort is stable, so that the first of equals stays first.
        ranked.sort_by_key(|(rank, _)| *rank);
        ranked.into_iter().map(|(_, text)| text).collect()
    }

    fn language(self) -> Option<&'a str> {
        match self {
            Self::Attribute(_) => None,
            Self::Element(element) => element.attribute("xml", "lang"),
        }
    }
}

fn rank(language: Option<&str>, languages: &[&str]) -> usize {
    let Some(language) = language else { return usize::MAX };
    if language.eq_ignore_ascii_case("x-default") {
        return 0;
    }
    let whole = languages.iter().position(|wanted| wanted.eq_ignore_ascii_case(language));
    let primary = |tag: &str| tag.split(['-', '_']).next().map(str::to_ascii_lowercase);
    let near = || languages.iter().position(|wanted| primary(wanted) == primary(language));
    // The exact language of any choice stands before a neighbour of it.
    match whole {
        Some(place) => place.saturating_add(1),
        None => near().map_or(usize::MAX, |place| place.saturating_add(1 + languages.len())),
    }
}

fn text_of(element: &Element) -> Option<&str> {
    let resource = element.attribute("rdf", "resource").or_else(|| element.attribute("", "resource"));
    if let Some(address) = resource {
        return Some(address);
    }
    if let Some(value) = fields(element, "rdf:value").next() {
        return value.text();
    }
    if let Some(array) = array(element) {
        let mut entries = array.children.iter().filter(|child| child.is("rdf", "li"));
        return entries.find_map(text_of);
    }
    element.children.is_empty().then_some(element.text.as_str()).filter(|text| !text.trim().is_empty())
}
