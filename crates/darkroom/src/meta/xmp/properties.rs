//! The properties that are read, as XMP has them.

use std::ops::RangeInclusive;

use super::Setting;
use super::regions;
use super::tree::Tree;
use super::values::Value;
use crate::meta::bounds::{KEYWORDS, LIST_ENTRIES};
use crate::meta::dates::{self, Stated};
use crate::meta::facts::{Fact, Facts, Licensor, Place};
use crate::meta::merge::without_repetitions;
use crate::meta::problem::{ProblemCode, Problems};
use crate::meta::text::Texts;

/// Reads all properties.
pub(super) fn facts(tree: &Tree, setting: Setting<'_>, problems: &mut Problems) -> Facts {
    let mut reader = Reader { tree, setting, problems };
    let mut facts = Facts {
        description: reader.localised("dc:description", "description"),
        headline: reader.text("photoshop:Headline", "headline"),
        title: reader.localised("dc:title", "title"),
        creators: reader.list("dc:creator", "creators"),
        job_title: reader.text("photoshop:AuthorsPosition", "job_title"),
        credit_line: reader.text("photoshop:Credit", "credit_line"),
        source: reader.text("photoshop:Source", "source"),
        copyright: reader.localised("dc:rights", "copyright"),
        usage_terms: reader.localised("xmpRights:UsageTerms", "usage_terms"),
        instructions: reader.text("photoshop:Instructions", "instructions"),
        web_statement: reader.text("xmpRights:WebStatement", "web_statement"),
        job_id: reader.text("photoshop:TransmissionReference", "job_id"),
        keywords: reader.list("dc:subject", "keywords"),
        description_writer: reader.text("photoshop:CaptionWriter", "description_writer"),
        alt_text: reader.localised("Iptc4xmpCore:AltTextAccessibility", "alt_text"),
        extended_description: reader.localised("Iptc4xmpCore:ExtDescrAccessibility", "extended_description"),
        event: reader.localised("Iptc4xmpExt:Event", "event"),
        digital_source_type: reader.code("Iptc4xmpExt:DigitalSourceType", "digital_source_type"),
        image_guid: reader.text("Iptc4xmpExt:DigImageGUID", "image_guid"),
        persons: reader.persons(),
        regions: regions::read(tree, setting, reader.problems),
        rating: reader.rating(),
        label: reader.text("xmp:Label", "label"),
        color_class: reader.number("photomechanic:ColorClass", "color_class", 0..=8),
        urgency: reader.number("photoshop:Urgency", "urgency", 1..=8),
        ..Facts::default()
    };
    reader.plus(&mut facts);
    reader.places(&mut facts);
    reader.dates(&mut facts);
    facts
}

struct Reader<'a, 'p> {
    tree: &'a Tree,
    setting: Setting<'a>,
    problems: &'p mut Problems,
}

impl Reader<'_, '_> {
    fn clean(&mut self, text: &str, field: &str) -> Option<String> {
        Texts::new(self.problems).clean(text, field)
    }

    fn fact<T>(&self, value: T, property: &'static str) -> Fact<T> {
        Fact::new(value, self.setting.packet, property)
    }

    fn text(&mut self, property: &'static str, field: &str) -> Option<Fact<String>> {
        let text =
            self.tree.values(property).filter_map(Value::text).find_map(|text| self.clean(text, field))?;
        Some(self.fact(text, property))
    }

    /// A language alternative (R2).
    fn localised(&mut self, property: &'static str, field: &str) -> Option<Fact<String>> {
        let text = self.tree.values(property).find_map(|value| self.best(value, field))?;
        Some(self.fact(text, property))
    }

    fn best(&mut self, value: Value<'_>, field: &str) -> Option<String> {
        let texts = value.alternatives(self.setting.languages);
        texts.into_iter().find_map(|text| self.clean(text, field))
    }

    /// A value of a controlled vocabulary: what follows the last slash of its URI.
    fn code(&mut self, property: &'static str, field: &str) -> Option<Fact<String>> {
        let mut fact = self.text(property, field)?;
        if let Some((start, code)) = fact.value.trim_end_matches('/').rsplit_once('/')
            && start.contains("://")
        {
            fact.value = code.to_owned();
        }
        Some(fact)
    }

    fn list(&mut self, property: &'static str, field: &'static str) -> Option<Fact<Vec<String>>> {
        let entries: Vec<Value<'_>> = self.tree.values(property).flat_map(Value::entries).collect();
        let entries = self.bounded(entries, field);
        let texts = entries.into_iter().filter_map(|entry| self.clean(entry.text()?, field)).collect();
        let list = without_repetitions(texts);
        (!list.is_empty()).then(|| self.fact(list, property))
    }

    /// The first entries of a list, as many as are kept.
    fn bounded<T>(&mut self, mut entries: Vec<T>, field: &'static str) -> Vec<T> {
        let (most, code) = match field {
            "keywords" => (KEYWORDS, ProblemCode::TooManyKeywords),
            _ => (LIST_ENTRIES, ProblemCode::TooManyEntries),
        };
        if entries.len() > most {
            entries.truncate(most);
            let sentence = format!("There are more than {most} entries; the first {most} were kept.");
            self.problems.note_field(code, field, sentence);
        }
        entries
    }

    /// Entries of an array of structures, turned into values; empty ones are left out.
    fn structures<T>(
        &mut self,
        property: &'static str,
        field: &'static str,
        read: impl Fn(&mut Self, Value<'_>) -> Option<T>,
    ) -> Option<Fact<Vec<T>>> {
        let entries: Vec<Value<'_>> = self.tree.values(property).flat_map(Value::entries).collect();
        let entries = self.bounded(entries, field);
        let list: Vec<T> = entries.into_iter().filter_map(|entry| read(self, entry)).collect();
        (!list.is_empty()).then(|| self.fact(list, property))
    }

    /// A field of a structure; its language alternative where it is one.
    fn part(&mut self, entry: Value<'_>, property: &str, field: &str) -> Option<String> {
        entry.fields(property).find_map(|value| self.best(value, field))
    }

    /// Persons by name, and those with details (`PersonInImageWDetails`), each once.
    fn persons(&mut self) -> Option<Fact<Vec<String>>> {
        let plain = self.list("Iptc4xmpExt:PersonInImage", "persons");
        let detailed = self.structures("Iptc4xmpExt:PersonInImageWDetails", "persons", |reader, entry| {
            reader.part(entry, "Iptc4xmpExt:PersonName", "persons")
        });
        let Some(mut plain) = plain else { return detailed };
        plain.value.extend(detailed.map(|fact| fact.value).unwrap_or_default());
        plain.value = without_repetitions(plain.value);
        Some(plain)
    }

    /// Properties of the PLUS vocabulary.
    fn plus(&mut self, facts: &mut Facts) {
        facts.data_mining = self.code("plus:DataMining", "data_mining");
        facts.other_constraints = self.localised("plus:OtherConstraints", "other_constraints");
        facts.supplier_image_id = self.text("plus:ImageSupplierImageID", "supplier_image_id");
        facts.licensors = self.structures("plus:Licensor", "licensors", |reader, entry| {
            let name = reader.part(entry, "plus:LicensorName", "licensors");
            let url = reader.part(entry, "plus:LicensorURL", "licensors");
            (name.is_some() || url.is_some()).then_some(Licensor { name, url })
        });
        facts.copyright_owner =
            self.names("plus:CopyrightOwner", "plus:CopyrightOwnerName", "copyright_owner");
        facts.image_supplier = self.names("plus:ImageSupplier", "plus:ImageSupplierName", "image_supplier");
    }

    /// The names of an array of structures in one text.
    fn names(
        &mut self,
        property: &'static str,
        name: &'static str,
        field: &'static str,
    ) -> Option<Fact<String>> {
        let names = self.structures(property, field, |reader, entry| reader.part(entry, name, field))?;
        Some(self.fact(names.value.join("; "), property))
    }

    fn places(&mut self, facts: &mut Facts) {
        facts.place.sublocation = self.text("Iptc4xmpCore:Location", "place.sublocation");
        facts.place.city = self.text("photoshop:City", "place.city");
        facts.place.state = self.text("photoshop:State", "place.state");
        facts.place.country = self.text("photoshop:Country", "place.country");
        facts.place.country_code = self.text("Iptc4xmpCore:CountryCode", "place.country_code");
        facts.locations_shown =
            self.structures("Iptc4xmpExt:LocationShown", "locations_shown", |reader, entry| {
                reader.place(entry, "locations_shown")
            });
        let created = self.structures("Iptc4xmpExt:LocationCreated", "location_created", |reader, entry| {
            reader.place(entry, "location_created")
        });
        facts.location_created = created
            .and_then(|fact| fact.value.into_iter().next())
            .map(|place| self.fact(place, "Iptc4xmpExt:LocationCreated"));
    }

    fn place(&mut self, entry: Value<'_>, field: &str) -> Option<Place> {
        let place = Place {
            sublocation: self
                .part(entry, "Iptc4xmpExt:Sublocation", field)
                .or_else(|| self.part(entry, "Iptc4xmpExt:LocationName", field)),
            city: self.part(entry, "Iptc4xmpExt:City", field),
            state: self.part(entry, "Iptc4xmpExt:ProvinceState", field),
            country: self.part(entry, "Iptc4xmpExt:CountryName", field),
            country_code: self.part(entry, "Iptc4xmpExt:CountryCode", field),
        };
        (place != Place::default()).then_some(place)
    }

    fn number(
        &mut self,
        property: &'static str,
        field: &str,
        within: RangeInclusive<u8>,
    ) -> Option<Fact<u8>> {
        let text = self.text(property, field)?;
        let number = text.value.trim().parse().ok().filter(|number| within.contains(number))?;
        Some(self.fact(number, property))
    }

    fn rating(&mut self) -> Option<Fact<i8>> {
        let text = self.text("xmp:Rating", "rating")?;
        // Some programs write "3.0".
        let stars = text.value.split('.').next()?.parse().ok().filter(|stars| (-1..=5).contains(stars))?;
        Some(self.fact(stars, "xmp:Rating"))
    }

    fn dates(&mut self, facts: &mut Facts) {
        let created = self.date("photoshop:DateCreated", "date_created");
        let original = self.date("exif:DateTimeOriginal", "taken");
        let date = created.clone().or_else(|| original.clone());
        facts.date_created =
            date.map(|fact| Fact { value: fact.value.date, source: fact.source, others: Vec::new() });
        facts.taken = [created, original]
            .into_iter()
            .flatten()
            .find_map(|fact| Some(Fact { value: fact.value.time?, source: fact.source, others: Vec::new() }));
    }

    fn date(&mut self, property: &'static str, field: &str) -> Option<Fact<Stated>> {
        let text = self.text(property, field)?;
        let Some(stated) = dates::iso(&text.value) else {
            // Zeros mean "not known".
            if text.value.contains(|character: char| !matches!(character, '0' | '-' | ':' | 'T' | ' ')) {
                let sentence =
                    format!("{:?} in {property} is no date.", crate::meta::text::cut(&text.value, 80));
                self.problems.note_field(ProblemCode::XmpDate, field, sentence);
            }
            return None;
        };
        Some(self.fact(stated, property))
    }
}
