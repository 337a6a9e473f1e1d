//! What a photo's own metadata says, as plain values after the merge of R1-R3. Where each value came from, and
//! what was wrong, is the darkroom's report; the rules here need the values only.

use std::fmt;

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

/// When a camera says a picture was taken. Without an offset it stays a local time (ARCHITECTURE.md, invariant 12).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CameraTime {
    /// The camera's wall clock, with its fraction of a second.
    pub local: DateTime,
    /// Offset from UTC in minutes, where the file states one.
    pub offset_minutes: Option<i16>,
}

/// A date that may be partial, as IPTC's Date Created allows (`2021`, `2021-01`, `2021-01-02`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PartialDate {
    /// The year.
    pub year: i16,
    /// The month, 1 to 12.
    pub month: Option<i8>,
    /// The day, 1 to 31; only with a month.
    pub day: Option<i8>,
}

impl PartialDate {
    /// A whole day.
    pub fn from_civil(date: Date) -> Self {
        Self { year: date.year(), month: Some(date.month()), day: Some(date.day()) }
    }

    /// From ISO 8601 as IPTC allows it: `2021`, `2021-01`, `2021-01-02`, a time behind it passed over. `None` when
    /// the text is not one or there is no such day.
    pub fn parse(text: &str) -> Option<Self> {
        let date = text.trim().split(['T', ' ']).next()?;
        let mut parts = date.split('-');
        let number = |part: &str, digits: usize| {
            let known = part.len() == digits && part.bytes().all(|b| b.is_ascii_digit());
            known.then(|| part.parse::<i16>().ok()).flatten()
        };
        let year = number(parts.next()?, 4)?;
        let small =
            |part: Option<&str>| part.map(|part| number(part, 2).and_then(|value| i8::try_from(value).ok()));
        let (month, day) = (small(parts.next()), small(parts.next()));
        let whole = Self { year, month: month.flatten(), day: day.flatten() };
        let understood = parts.next().is_none() && month != Some(None) && day != Some(None);
        (understood && Date::new(year, whole.month.unwrap_or(1), whole.day.unwrap_or(1)).is_ok())
            .then_some(whole)
    }

    /// The calendar day, where it is whole and there is such a day.
    pub fn civil(self) -> Option<Date> {
        Date::new(self.year, self.month?, self.day?).ok()
    }
}

impl fmt::Display for PartialDate {
    /// ISO 8601, as far as it goes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        let Some(month) = self.month else { return Ok(()) };
        write!(f, "-{month:02}")?;
        let Some(day) = self.day else { return Ok(()) };
        write!(f, "-{day:02}")
    }
}

/// A place as IPTC's location structures and the older city, state and country fields give it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Place {
    /// Sublocation or location name.
    pub sublocation: Option<String>,
    /// City.
    pub city: Option<String>,
    /// Province or state.
    pub state: Option<String>,
    /// Country name.
    pub country: Option<String>,
    /// ISO country code.
    pub country_code: Option<String>,
}

impl Place {
    /// `City, State, Country` with what is there; empty when nothing is.
    pub fn line(&self) -> String {
        let parts = [&self.sublocation, &self.city, &self.state, &self.country];
        let mut seen: Vec<&str> = Vec::new();
        for part in parts.into_iter().flatten() {
            if !seen.contains(&part.as_str()) {
                seen.push(part);
            }
        }
        seen.join(", ")
    }
}

/// A licensor (PLUS): who sells rights, and where.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Licensor {
    /// Name.
    pub name: Option<String>,
    /// Address of the page where rights are acquired.
    pub url: Option<String>,
}

/// A part of the picture that the metadata points out (IPTC Image Region), in shares of width and height.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ImageRegion {
    /// Left edge or centre, 0 to 1.
    pub x: f64,
    /// Upper edge or centre, 0 to 1.
    pub y: f64,
    /// Width, 0 to 1.
    pub width: f64,
    /// Height, 0 to 1.
    pub height: f64,
    /// Name of what it shows.
    pub name: Option<String>,
    /// Role, as a URI or code.
    pub role: Option<String>,
}

/// Every property that Halftone reads from a photo (IPTC Photo Metadata Standard 2025.1), merged (R1-R3). Missing is `None` or empty.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PhotoFacts {
    /// Description / Caption-Abstract: the caption before the firewall (R11).
    pub description: Option<String>,
    /// EXIF ImageDescription: a proposal only, never the caption by itself (R3).
    pub proposed_description: Option<String>,
    /// The photo's headline, not the story's.
    pub headline: Option<String>,
    /// Title / Object Name: an agency's slug; never shown as a caption (R3).
    pub title: Option<String>,
    /// Creators, in order.
    pub creators: Vec<String>,
    /// Creator's job title: STAFF, STRINGER, HOGP, HONS (R13).
    pub job_title: Option<String>,
    /// Credit line: text that must be shown.
    pub credit_line: Option<String>,
    /// Source in the supply chain.
    pub source: Option<String>,
    /// Copyright notice.
    pub copyright: Option<String>,
    /// Rights usage terms.
    pub usage_terms: Option<String>,
    /// Instructions: desk only, never published (R11).
    pub instructions: Option<String>,
    /// Web statement of rights, an address.
    pub web_statement: Option<String>,
    /// Licensors, up to three.
    pub licensors: Vec<Licensor>,
    /// Copyright owner.
    pub copyright_owner: Option<String>,
    /// Image supplier.
    pub image_supplier: Option<String>,
    /// The supplier's id of the image: a key for kills.
    pub supplier_image_id: Option<String>,
    /// Job id / Original Transmission Reference: a key for kills and corrections.
    pub job_id: Option<String>,
    /// Date created, perhaps partial.
    pub date_created: Option<PartialDate>,
    /// Time taken: from Date Created with a time, else EXIF with sub-seconds.
    pub taken: Option<CameraTime>,
    /// The older city, state, country fields.
    pub place: Place,
    /// Where the camera stood.
    pub location_created: Option<Place>,
    /// What the picture shows.
    pub locations_shown: Vec<Place>,
    /// Persons shown.
    pub persons: Vec<String>,
    /// Event.
    pub event: Option<String>,
    /// Keywords: tag suggestions.
    pub keywords: Vec<String>,
    /// Description writer: desk only.
    pub description_writer: Option<String>,
    /// Alt text: a suggestion that the desk confirms.
    pub alt_text: Option<String>,
    /// Extended description, for a long description block.
    pub extended_description: Option<String>,
    /// Digital source type, as its code (`digitalCapture`, `trainedAlgorithmicMedia`; R28).
    pub digital_source_type: Option<String>,
    /// PLUS data mining, as its code (`DMI-PROHIBITED`; R29).
    pub data_mining: Option<String>,
    /// PLUS other constraints.
    pub other_constraints: Option<String>,
    /// Digital image GUID.
    pub image_guid: Option<String>,
    /// Image regions.
    pub regions: Vec<ImageRegion>,
    /// `Rating`, 0 to 5 (-1: rejected).
    pub rating: Option<i8>,
    /// A label as the photographer's program calls it, mostly a colour (xmp:Label).
    pub label: Option<String>,
    /// Photo Mechanic's colour class, 0 (none) to 8.
    pub color_class: Option<u8>,
    /// Urgency, 1 (most urgent) to 8.
    pub urgency: Option<u8>,
    /// Make and model of the camera.
    pub camera: Option<String>,
    /// Model of the lens.
    pub lens: Option<String>,
    /// `1/1000 s, f/4, ISO 800, 200 mm`, as far as the file says it.
    pub exposure: Option<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_partial_date_is_read_and_written_as_far_as_it_goes() {
        for text in ["2021", "2021-01", "2021-01-02"] {
            assert_eq!(PartialDate::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(PartialDate::parse("2021-01-02T15:32:00+03:00").unwrap().to_string(), "2021-01-02");
        for text in ["", "21", "2021-13", "2021-02-30", "2021-01-02-03", "2021-1", "2 January 2021", "2021-"]
        {
            assert_eq!(PartialDate::parse(text), None, "{text}");
        }
    }
}
