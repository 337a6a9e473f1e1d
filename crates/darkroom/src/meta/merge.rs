//! One set of facts out of several (R2): sidecar first, then XMP, IIM and EXIF. What the others say instead is kept
//! beside the value and told.

use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization;

use super::facts::{CameraTime, Fact, Facts, ImageRegion, Licensor, Packet, PartialDate, Place, PlaceFacts};
use super::problem::{ProblemCode, Problems};

/// Merges facts that are given in the order of R2.
pub(crate) fn merge(sources: Vec<Facts>, problems: &mut Problems) -> Facts {
    let mut merged = Facts::default();
    for source in sources {
        Merging { problems }.all(&mut merged, source);
    }
    merged
}

/// Whether two values say the same for a reader. `first` is the one that R2 takes.
trait Agrees {
    fn agrees(first: &Self, other: &Fact<Self>) -> bool
    where
        Self: Sized;
}

struct Merging<'p> {
    problems: &'p mut Problems,
}

impl Merging<'_> {
    /// Takes `from` where `into` is missing; else keeps it beside it where it differs.
    fn one<T: Agrees>(&mut self, into: &mut Option<Fact<T>>, from: Option<Fact<T>>, field: &str) {
        let Some(from) = from else { return };
        let Some(into) = into else {
            *into = Some(from);
            return;
        };
        if !T::agrees(&into.value, &from) {
            let sentence = format!(
                "{} and {} differ; {} was taken.",
                into.source,
                from.source,
                into.source.packet.name()
            );
            self.problems.note_field(ProblemCode::ValuesDiffer, field, sentence);
            into.others.push((from.source, from.value));
            into.others.extend(from.others);
        }
    }

    fn all(&mut self, into: &mut Facts, from: Facts) {
        self.one(&mut into.description, from.description, "description");
        self.one(&mut into.proposed_description, from.proposed_description, "proposed_description");
        self.one(&mut into.headline, from.headline, "headline");
        self.one(&mut into.title, from.title, "title");
        self.one(&mut into.creators, from.creators, "creators");
        self.one(&mut into.job_title, from.job_title, "job_title");
        self.one(&mut into.credit_line, from.credit_line, "credit_line");
        self.one(&mut into.source, from.source, "source");
        self.one(&mut into.copyright, from.copyright, "copyright");
        self.one(&mut into.usage_terms, from.usage_terms, "usage_terms");
        self.one(&mut into.instructions, from.instructions, "instructions");
        self.one(&mut into.web_statement, from.web_statement, "web_statement");
        self.one(&mut into.licensors, from.licensors, "licensors");
        self.one(&mut into.copyright_owner, from.copyright_owner, "copyright_owner");
        self.one(&mut into.image_supplier, from.image_supplier, "image_supplier");
        self.one(&mut into.supplier_image_id, from.supplier_image_id, "supplier_image_id");
        self.one(&mut into.job_id, from.job_id, "job_id");
        self.one(&mut into.date_created, from.date_created, "date_created");
        self.time(&mut into.taken, from.taken);
        self.place(&mut into.place, from.place);
        self.one(&mut into.location_created, from.location_created, "location_created");
        self.one(&mut into.locations_shown, from.locations_shown, "locations_shown");
        self.one(&mut into.persons, from.persons, "persons");
        self.one(&mut into.event, from.event, "event");
        self.one(&mut into.keywords, from.keywords, "keywords");
        self.one(&mut into.description_writer, from.description_writer, "description_writer");
        self.one(&mut into.alt_text, from.alt_text, "alt_text");
        self.one(&mut into.extended_description, from.extended_description, "extended_description");
        self.one(&mut into.digital_source_type, from.digital_source_type, "digital_source_type");
        self.one(&mut into.data_mining, from.data_mining, "data_mining");
        self.one(&mut into.other_constraints, from.other_constraints, "other_constraints");
        self.one(&mut into.image_guid, from.image_guid, "image_guid");
        self.one(&mut into.regions, from.regions, "regions");
        self.one(&mut into.rating, from.rating, "rating");
        self.one(&mut into.label, from.label, "label");
        self.one(&mut into.color_class, from.color_class, "color_class");
        self.one(&mut into.urgency, from.urgency, "urgency");
        self.one(&mut into.camera, from.camera, "camera");
        self.one(&mut into.lens, from.lens, "lens");
        self.one(&mut into.exposure, from.exposure, "exposure");
        self.one(&mut into.orientation, from.orientation, "orientation");
    }

    fn place(&mut self, into: &mut PlaceFacts, from: PlaceFacts) {
        self.one(&mut into.sublocation, from.sublocation, "place.sublocation");
        self.one(&mut into.city, from.city, "place.city");
        self.one(&mut into.state, from.state, "place.state");
        self.one(&mut into.country, from.country, "place.country");
        self.one(&mut into.country_code, from.country_code, "place.country_code");
    }

    /// The fraction and the offset that only one of two equal moments states belong to both: IIM has no fractions,
    /// and pictures of one second are put in order by them.
    fn time(&mut self, into: &mut Option<Fact<CameraTime>>, from: Option<Fact<CameraTime>>) {
        if let (Some(into), Some(from)) = (into.as_mut(), from.as_ref())
            && CameraTime::agrees(&into.value, from)
            && seconds(into.value) == seconds(from.value)
        {
            if into.value.nanosecond == 0 {
                into.value.nanosecond = from.value.nanosecond;
            }
            into.value.offset_minutes = into.value.offset_minutes.or(from.value.offset_minutes);
        }
        self.one(into, from, "taken");
    }
}

/// The most bytes that IIM keeps of a field (IPTC Photo Metadata TechReference), by the dataset's name.
fn iim_limit(property: &str) -> usize {
    match property {
        "2:120" => 2_000,
        "2:105" | "2:40" => 256,
        "2:116" => 128,
        "2:05" | "2:25" | "2:101" => 64,
        _ => 32,
    }
}

/// A text as it is compared: composed, and with any white space as one blank.
fn compared(text: &str) -> String {
    let composed: String = text.nfc().collect();
    composed.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether `other` is what IIM's byte limit left of `first` (R2: a long caption is not cut to its copy). Programs cut
/// by bytes of whatever charset they wrote, so only the length is a hint.
fn is_cut(first: &str, other: &str, limit: usize) -> bool {
    let shorter = other.chars().count().saturating_add(4);
    first.len() > limit && first.starts_with(other.trim_end()) && shorter.saturating_mul(4) >= limit
}

fn texts_agree(first: &str, other: &str, packet: Packet, property: &str) -> bool {
    let (first, other) = (compared(first), compared(other));
    first == other || (packet == Packet::Iim && is_cut(&first, &other, iim_limit(property)))
}

impl Agrees for String {
    fn agrees(first: &Self, other: &Fact<Self>) -> bool {
        texts_agree(first, &other.value, other.source.packet, &other.source.property)
    }
}

impl Agrees for Vec<String> {
    fn agrees(first: &Self, other: &Fact<Self>) -> bool {
        let source = &other.source;
        first.len() == other.value.len()
            && first
                .iter()
                .zip(&other.value)
                .all(|(first, other)| texts_agree(first, other, source.packet, &source.property))
    }
}

impl Agrees for PartialDate {
    /// A date that is less exact says nothing else.
    fn agrees(first: &Self, other: &Fact<Self>) -> bool {
        let other = other.value;
        let same = |a: Option<i8>, b: Option<i8>| a.is_none() || b.is_none() || a == b;
        first.year == other.year && same(first.month, other.month) && same(first.day, other.day)
    }
}

impl Agrees for CameraTime {
    /// Two moments with offsets are compared as moments, else as wall clocks; to the second, or to the minute where
    /// one of them has no seconds.
    fn agrees(first: &Self, other: &Fact<Self>) -> bool {
        let other = other.value;
        let offsets = match (first.offset_minutes, other.offset_minutes) {
            (Some(first), Some(other)) => i64::from(first) - i64::from(other),
            _ => 0,
        };
        let apart = seconds(*first) - seconds(other) - offsets * 60;
        apart == 0 || (first.second == 0 || other.second == 0) && apart.abs() < 60
    }
}

/// Seconds of a wall clock since 1 March of year 0, in the proleptic Gregorian calendar.
fn seconds(time: CameraTime) -> i64 {
    let (year, month) = (i64::from(time.year), i64::from(time.month));
    // Years that begin in March have the leap day at their end.
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = year * 365 + year.div_euclid(4) - year.div_euclid(100)
        + year.div_euclid(400)
        + (month * 153 + 2) / 5
        + i64::from(time.day);
    days * 86_400 + i64::from(time.hour) * 3_600 + i64::from(time.minute) * 60 + i64::from(time.second)
}

/// Values that only XMP states: they agree when they are equal.
macro_rules! agrees_when_equal {
    ($($of:ty),+) => {
        $(impl Agrees for $of {
            fn agrees(first: &Self, other: &Fact<Self>) -> bool {
                *first == other.value
            }
        })+
    };
}

agrees_when_equal!(Place, Vec<Place>, Vec<Licensor>, Vec<ImageRegion>, i8, u8);

/// Whether any value of `merged` was contradicted by IIM.
pub(crate) fn iim_differs(merged: &Facts) -> bool {
    let mut others = merged.listed().into_iter().flat_map(|line| line.others);
    others.any(|(source, _)| source.packet == Packet::Iim)
}

/// A list with each entry once, in the order of its first appearance.
pub(crate) fn without_repetitions(list: Vec<String>) -> Vec<String> {
    let mut seen = HashSet::new();
    list.into_iter().filter(|entry| seen.insert(entry.clone())).collect()
}
