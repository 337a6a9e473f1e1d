//! Facts as lines for a person: `halftone inspect` and the desk show them.

use serde::Serialize;

use super::facts::{CameraTime, Fact, Facts, ImageRegion, Licensor, PartialDate, Place, Source};

/// A fact as text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Listed {
    /// The field of [`Facts`]: `description`, `place.city`.
    pub field: &'static str,
    /// Its value.
    pub value: String,
    /// Where it stood.
    pub source: Source,
    /// What other places say instead.
    pub others: Vec<(Source, String)>,
}

impl Facts {
    /// All facts that are there, in the order of [`Facts`].
    pub fn listed(&self) -> Vec<Listed> {
        let place = &self.place;
        let lines = [
            line("description", &self.description),
            line("proposed_description", &self.proposed_description),
            line("headline", &self.headline),
            line("title", &self.title),
            line("creators", &self.creators),
            line("job_title", &self.job_title),
            line("credit_line", &self.credit_line),
            line("source", &self.source),
            line("copyright", &self.copyright),
            line("usage_terms", &self.usage_terms),
            line("instructions", &self.instructions),
            line("web_statement", &self.web_statement),
            line("licensors", &self.licensors),
            line("copyright_owner", &self.copyright_owner),
            line("image_supplier", &self.image_supplier),
            line("supplier_image_id", &self.supplier_image_id),
            line("job_id", &self.job_id),
            line("date_created", &self.date_created),
            line("taken", &self.taken),
            line("place.sublocation", &place.sublocation),
            line("place.city", &place.city),
            line("place.state", &place.state),
            line("place.country", &place.country),
            line("place.country_code", &place.country_code),
            line("location_created", &self.location_created),
            line("locations_shown", &self.locations_shown),
            line("persons", &self.persons),
            line("event", &self.event),
            line("keywords", &self.keywords),
            line("description_writer", &self.description_writer),
            line("alt_text", &self.alt_text),
            line("extended_description", &self.extended_description),
            line("digital_source_type", &self.digital_source_type),
            line("data_mining", &self.data_mining),
            line("other_constraints", &self.other_constraints),
            line("image_guid", &self.image_guid),
            line("regions", &self.regions),
            line("rating", &self.rating),
            line("label", &self.label),
            line("color_class", &self.color_class),
            line("urgency", &self.urgency),
            line("camera", &self.camera),
            line("lens", &self.lens),
            line("exposure", &self.exposure),
            line("orientation", &self.orientation),
        ];
        lines.into_iter().flatten().collect()
    }
}

fn line<T: Shown>(field: &'static str, fact: &Option<Fact<T>>) -> Option<Listed> {
    let fact = fact.as_ref()?;
    let others = fact.others.iter().map(|(source, value)| (source.clone(), value.shown())).collect();
    Some(Listed { field, value: fact.value.shown(), source: fact.source.clone(), others })
}

/// A value as a person reads it.
trait Shown {
    fn shown(&self) -> String;
}

impl<T: Shown> Shown for Vec<T> {
    fn shown(&self) -> String {
        self.iter().map(Shown::shown).collect::<Vec<_>>().join("; ")
    }
}

impl Shown for String {
    fn shown(&self) -> String {
        self.clone()
    }
}

impl Shown for u8 {
    fn shown(&self) -> String {
        self.to_string()
    }
}

impl Shown for i8 {
    fn shown(&self) -> String {
        self.to_string()
    }
}

impl Shown for PartialDate {
    fn shown(&self) -> String {
        let month = self.month.map_or(String::new(), |month| format!("-{month:02}"));
        let day = self.day.map_or(String::new(), |day| format!("-{day:02}"));
        format!("{:04}{month}{day}", self.year)
    }
}

impl Shown for CameraTime {
    /// ISO 8601 with the fraction and the offset as far as they are known.
    fn shown(&self) -> String {
        let Self { year, month, day, hour, minute, second, .. } = self;
        let fraction = match self.nanosecond {
            0 => String::new(),
            nanosecond => format!(".{}", format!("{nanosecond:09}").trim_end_matches('0')),
        };
        let offset = self.offset_minutes.map_or(String::new(), |minutes| {
            let sign = if minutes < 0 { '-' } else { '+' };
            let minutes = minutes.unsigned_abs();
            format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
        });
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{fraction}{offset}")
    }
}

impl Shown for Place {
    fn shown(&self) -> String {
        let parts = [&self.sublocation, &self.city, &self.state, &self.country, &self.country_code];
        parts.into_iter().flatten().cloned().collect::<Vec<_>>().join(", ")
    }
}

impl Shown for Licensor {
    fn shown(&self) -> String {
        [&self.name, &self.url].into_iter().flatten().cloned().collect::<Vec<_>>().join(" ")
    }
}

impl Shown for ImageRegion {
    /// Name, role, and the box in percent of width and height.
    fn shown(&self) -> String {
        let percent = |share: f64| format!("{:.1}%", share * 100.0);
        let [x, y, width, height] = [self.x, self.y, self.width, self.height].map(percent);
        let words = [&self.name, &self.role].into_iter().flatten().cloned();
        words.chain([format!("at {x} {y}, {width} x {height}")]).collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meta::facts::Packet;

    #[test]
    fn a_moment_is_shown_as_far_as_it_is_known() {
        let mut time = CameraTime {
            year: 2021,
            month: 1,
            day: 2,
            hour: 3,
            minute: 4,
            second: 5,
            nanosecond: 0,
            offset_minutes: None,
        };
        assert_eq!(time.shown(), "2021-01-02T03:04:05");
        time.nanosecond = 70_000_000;
        time.offset_minutes = Some(-210);
        assert_eq!(time.shown(), "2021-01-02T03:04:05.07-03:30");
    }

    #[test]
    fn facts_that_are_not_there_have_no_line() {
        assert_eq!(Facts::default().listed(), []);
        let title = Some(Fact::new("Slug".to_owned(), Packet::Iim, "2:05"));
        let lines = Facts { title, ..Facts::default() }.listed();
        assert_eq!((lines[0].field, lines[0].value.as_str(), lines.len()), ("title", "Slug", 1));
    }
}
