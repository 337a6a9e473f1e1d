//! XML documents for machines: elements whose text is escaped and free of what no document may hold (R43).

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};

use super::marks::printable;

/// A document while it is written.
pub(super) type Xml = Writer<Vec<u8>>;

/// A whole document in UTF-8: its root, the root's attributes and what stands inside.
pub(super) fn document(
    root: &str,
    attributes: &[(&str, &str)],
    inner: impl FnOnce(&mut Xml) -> io::Result<()>,
) -> io::Result<String> {
    let mut xml = Writer::new(Vec::new());
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    xml.create_element(root).with_attributes(attributes.iter().copied()).write_inner_content(inner)?;
    String::from_utf8(xml.into_inner()).map_err(io::Error::other)
}

/// An element that holds others.
pub(super) fn element(
    xml: &mut Xml,
    name: &str,
    inner: impl FnOnce(&mut Xml) -> io::Result<()>,
) -> io::Result<()> {
    xml.create_element(name).write_inner_content(inner)?;
    Ok(())
}

/// An element that holds a text.
pub(super) fn text(xml: &mut Xml, name: &str, value: &str) -> io::Result<()> {
    xml.create_element(name).write_text_content(BytesText::new(&printable(value)))?;
    Ok(())
}
