//! The XMP packet of a public file (R5).

use super::record::RightsRecord;
use crate::meta::text::cut;

const HEAD: &str = concat!(
    "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>",
    "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\">",
    "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\">",
    "<rdf:Description rdf:about=\"\"",
    " xmlns:dc=\"http://purl.org/dc/elements/1.1/\"",
    " xmlns:photoshop=\"http://ns.adobe.com/photoshop/1.0/\"",
    " xmlns:xmpRights=\"http://ns.adobe.com/xap/1.0/rights/\"",
    " xmlns:Iptc4xmpCore=\"http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/\"",
    " xmlns:Iptc4xmpExt=\"http://iptc.org/std/Iptc4xmpExt/2008-02-29/\"",
    " xmlns:plus=\"http://ns.useplus.org/ldf/xmp/1.0/\">",
);
const FOOT: &str = "</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end=\"r\"?>";

/// Where the codes of R28 and R29 become addresses.
const SOURCE_TYPES: &str = "http://cv.iptc.org/newscodes/digitalsourcetype/";
const DATA_MINING: &str = "http://ns.useplus.org/ldf/vocab/";

/// The XMP packet of a public file: UTF-8, read-only, without padding. `largest` is width and height in pixels of the
/// largest picture that is published (Max Avail Width and Height).
pub fn xmp_packet(rights: &RightsRecord, largest: (u32, u32)) -> Vec<u8> {
    packet(rights, largest, usize::MAX)
}

/// The packet with its long texts (caption, alt text, usage terms) cut to at most `text` bytes each. Creators, credit
/// and copyright are never cut.
pub(super) fn packet(rights: &RightsRecord, largest: (u32, u32), text: usize) -> Vec<u8> {
    let mut xmp = Writer { text: HEAD.to_owned() };
    xmp.array("dc:creator", "Seq", rights.creators.iter().map(String::as_str));
    xmp.simple("photoshop:Credit", Some(&rights.credit));
    xmp.localised("dc:rights", rights.copyright.as_deref(), "");
    xmp.localised("xmpRights:UsageTerms", rights.usage_terms.as_deref().map(|terms| cut(terms, text)), "");
    xmp.simple("xmpRights:WebStatement", rights.web_statement.as_deref());
    xmp.licensors(rights);
    xmp.localised("dc:description", Some(cut(&rights.description, text)), &rights.language);
    xmp.localised("Iptc4xmpCore:AltTextAccessibility", rights.alt.as_deref().map(|alt| cut(alt, text)), "");
    xmp.simple("photoshop:DateCreated", rights.date_created.as_deref().map(date_only));
    let source_type = rights.digital_source_type.as_deref().map(|code| address(SOURCE_TYPES, code));
    xmp.simple("Iptc4xmpExt:DigitalSourceType", source_type.as_deref());
    let mining = rights.data_mining.as_deref().map(|code| address(DATA_MINING, code));
    xmp.simple("plus:DataMining", mining.as_deref());
    xmp.simple("Iptc4xmpExt:MaxAvailWidth", Some(&largest.0.to_string()));
    xmp.simple("Iptc4xmpExt:MaxAvailHeight", Some(&largest.1.to_string()));
    xmp.simple("Iptc4xmpExt:DigImageGUID", rights.source_guid.as_deref());
    xmp.text.push_str(FOOT);
    xmp.text.into_bytes()
}

/// A date without the time behind it (R5).
fn date_only(date: &str) -> &str {
    date.split(['T', ' ']).next().unwrap_or_default()
}

/// A code as an address of its vocabulary; an address stays as it is.
fn address(vocabulary: &str, code: &str) -> String {
    if code.contains("://") { code.to_owned() } else { format!("{vocabulary}{code}") }
}

struct Writer {
    text: String,
}

impl Writer {
    fn simple(&mut self, property: &str, value: Option<&str>) {
        if let Some(value) = filled(value) {
            self.element(property, value);
        }
    }

    fn element(&mut self, name: &str, value: &str) {
        self.text.push_str(&format!("<{name}>"));
        self.escaped(value);
        self.text.push_str(&format!("</{name}>"));
    }

    fn array<'a>(&mut self, property: &str, kind: &str, values: impl Iterator<Item = &'a str>) {
        let values: Vec<&str> = values.filter_map(|value| filled(Some(value))).collect();
        if values.is_empty() {
            return;
        }
        self.text.push_str(&format!("<{property}><rdf:{kind}>"));
        for value in values {
            self.element("rdf:li", value);
        }
        self.text.push_str(&format!("</rdf:{kind}></{property}>"));
    }

    /// A language alternative: the default, and the same in its language where that is known.
    fn localised(&mut self, property: &str, value: Option<&str>, language: &str) {
        let Some(value) = filled(value) else { return };
        self.text.push_str(&format!("<{property}><rdf:Alt>"));
        self.alternative("x-default", value);
        if is_language(language) {
            self.alternative(language, value);
        }
        self.text.push_str(&format!("</rdf:Alt></{property}>"));
    }

    fn alternative(&mut self, language: &str, value: &str) {
        self.text.push_str(&format!("<rdf:li xml:lang=\"{language}\">"));
        self.escaped(value);
        self.text.push_str("</rdf:li>");
    }

    fn licensors(&mut self, rights: &RightsRecord) {
        let named: Vec<_> = rights
            .licensors
            .iter()
            .map(|licensor| (filled(licensor.name.as_deref()), filled(licensor.url.as_deref())))
            .filter(|licensor| *licensor != (None, None))
            .collect();
        if named.is_empty() {
            return;
        }
        self.text.push_str("<plus:Licensor><rdf:Seq>");
        for (name, url) in named {
            self.text.push_str("<rdf:li rdf:parseType=\"Resource\">");
            self.simple("plus:LicensorName", name);
            self.simple("plus:LicensorURL", url);
            self.text.push_str("</rdf:li>");
        }
        self.text.push_str("</rdf:Seq></plus:Licensor>");
    }

    /// A text in XML: markup escaped, and what XML 1.0 cannot hold left out.
    fn escaped(&mut self, text: &str) {
        for character in text.chars() {
            match character {
                '&' => self.text.push_str("&amp;"),
                '<' => self.text.push_str("&lt;"),
                '>' => self.text.push_str("&gt;"),
                '"' => self.text.push_str("&quot;"),
                '\'' => self.text.push_str("&apos;"),
                // A parser would turn it into a line feed.
                '\r' => self.text.push_str("&#xD;"),
                '\n' | '\t' => self.text.push(character),
                '\u{fffe}' | '\u{ffff}' => {}
                control if control < ' ' => {}
                character => self.text.push(character),
            }
        }
    }
}

fn filled(value: Option<&str>) -> Option<&str> {
    value.map(str::trim).filter(|value| !value.is_empty())
}

/// Whether it has the form of a BCP 47 tag. It stands unescaped in an attribute.
fn is_language(language: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    !language.is_empty() && language.len() <= 35 && language.bytes().all(allowed)
}
