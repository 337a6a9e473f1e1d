//! Every property that is read from a photo, with the place that it came from, after the merge of R1-R3.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// Which packet a value stood in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Packet {
    /// The `.xmp` file beside the photo.
    Sidecar,
    /// XMP within the photo.
    Xmp,
    /// IPTC-IIM within the photo.
    Iim,
    /// EXIF within the photo.
    Exif,
}

impl Packet {
    /// Its name for a person: `sidecar`, `XMP`, `IIM`, `EXIF`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Sidecar => "sidecar",
            Self::Xmp => "XMP",
            Self::Iim => "IIM",
            Self::Exif => "EXIF",
        }
    }
}

/// Where a value stood.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Source {
    /// The packet.
    pub packet: Packet,
    /// The property's own name there: `dc:description`, `2:120`, `ImageDescription`.
    pub property: Cow<'static, str>,
}

impl std::fmt::Display for Source {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{} {}", self.packet.name(), self.property)
    }
}

/// A value, where it came from, and what other places say instead.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fact<T> {
    /// The value that R2 takes.
    pub value: T,
    /// Where it stood.
    pub source: Source,
    /// Differing values of other packets, in the order of R2. Empty where all agree.
    pub others: Vec<(Source, T)>,
}

impl<T> Fact<T> {
    /// A value that only one place states.
    pub fn new(value: T, packet: Packet, property: impl Into<Cow<'static, str>>) -> Self {
        Self { value, source: Source { packet, property: property.into() }, others: Vec::new() }
    }
}

/// A date that may be partial, as IPTC's Date Created allows (`2021`, `2021-01`, `2021-01-02`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct PartialDate {
    /// The year, 1 to 9999.
    pub year: i16,
    /// The month, 1 to 12.
    pub month: Option<i8>,
    /// The day, 1 to 31 and within its month; only with a month.
    pub day: Option<i8>,
}

/// When a camera says a picture was taken: a wall clock, which stays one unless an offset is known.
/// Every value is in range, so that a calendar type takes it as it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct CameraTime {
    /// The year, 1 to 9999.
    pub year: i16,
    /// The month, 1 to 12.
    pub month: i8,
    /// The day, within its month.
    pub day: i8,
    /// The hour, 0 to 23.
    pub hour: i8,
    /// The minute, 0 to 59.
    pub minute: i8,
    /// The second, 0 to 59 (a leap second is read as 59).
    pub second: i8,
    /// The fraction of the second in nanoseconds, 0 to 999,999,999.
    pub nanosecond: i32,
    /// Offset from UTC in minutes, east positive, where the file states one; -1439 to 1439.
    pub offset_minutes: Option<i16>,
}

/// A place (IPTC location structure).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Place {
    /// Sublocation, else the location's name.
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

/// The older place fields, each with its own source.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlaceFacts {
    /// Sublocation: `Iptc4xmpCore:Location`, 2:92.
    pub sublocation: Option<Fact<String>>,
    /// City: `photoshop:City`, 2:90.
    pub city: Option<Fact<String>>,
    /// Province or state: `photoshop:State`, 2:95.
    pub state: Option<Fact<String>>,
    /// Country: `photoshop:Country`, 2:101.
    pub country: Option<Fact<String>>,
    /// Country code: `Iptc4xmpCore:CountryCode`, 2:100.
    pub country_code: Option<Fact<String>>,
}

/// A licensor (PLUS).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Licensor {
    /// Name.
    pub name: Option<String>,
    /// Address of the page where rights are acquired.
    pub url: Option<String>,
}

/// A part of the picture that the metadata points out, as the box around it in shares of width and height.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ImageRegion {
    /// Left edge, 0 to 1.
    pub x: f64,
    /// Upper edge, 0 to 1.
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

/// What a photo's metadata says, field by field as in the newsroom's photo facts. Missing is `None`; a list that is
/// there is never empty.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Facts {
    /// Description / Caption-Abstract: the caption before the firewall (R11). Never from EXIF (R3).
    pub description: Option<Fact<String>>,
    /// EXIF ImageDescription: a proposal only (R3); texts that cameras write themselves are dropped.
    pub proposed_description: Option<Fact<String>>,
    /// The photo's headline, not the story's.
    pub headline: Option<Fact<String>>,
    /// Title / Object Name: an agency's slug.
    pub title: Option<Fact<String>>,
    /// Creators, in order.
    pub creators: Option<Fact<Vec<String>>>,
    /// Creator's job title.
    pub job_title: Option<Fact<String>>,
    /// Credit line.
    pub credit_line: Option<Fact<String>>,
    /// Source in the supply chain.
    pub source: Option<Fact<String>>,
    /// Copyright notice.
    pub copyright: Option<Fact<String>>,
    /// Rights usage terms.
    pub usage_terms: Option<Fact<String>>,
    /// Instructions: desk only (R11).
    pub instructions: Option<Fact<String>>,
    /// Web statement of rights, an address.
    pub web_statement: Option<Fact<String>>,
    /// Licensors.
    pub licensors: Option<Fact<Vec<Licensor>>>,
    /// Copyright owner; several are joined with `; `.
    pub copyright_owner: Option<Fact<String>>,
    /// Image supplier.
    pub image_supplier: Option<Fact<String>>,
    /// The supplier's id of the image.
    pub supplier_image_id: Option<Fact<String>>,
    /// Job id / Original Transmission Reference.
    pub job_id: Option<Fact<String>>,
    /// Date created, perhaps partial.
    pub date_created: Option<Fact<PartialDate>>,
    /// Time taken: from Date Created with a time, else EXIF with sub-seconds; fractions and offset that only EXIF
    /// states are added to the same second.
    pub taken: Option<Fact<CameraTime>>,
    /// The older sublocation, city, state and country fields.
    pub place: PlaceFacts,
    /// Where the camera stood.
    pub location_created: Option<Fact<Place>>,
    /// What the picture shows.
    pub locations_shown: Option<Fact<Vec<Place>>>,
    /// Persons shown.
    pub persons: Option<Fact<Vec<String>>>,
    /// Event.
    pub event: Option<Fact<String>>,
    /// Keywords, without repetitions.
    pub keywords: Option<Fact<Vec<String>>>,
    /// Description writer: desk only.
    pub description_writer: Option<Fact<String>>,
    /// Alt text: a suggestion.
    pub alt_text: Option<Fact<String>>,
    /// Extended description.
    pub extended_description: Option<Fact<String>>,
    /// Digital source type, as its code (R28).
    pub digital_source_type: Option<Fact<String>>,
    /// PLUS data mining, as its code (R29).
    pub data_mining: Option<Fact<String>>,
    /// PLUS other constraints.
    pub other_constraints: Option<Fact<String>>,
    /// Digital image GUID.
    pub image_guid: Option<Fact<String>>,
    /// Image regions.
    pub regions: Option<Fact<Vec<ImageRegion>>>,
    /// Rating, 0 to 5 (-1: rejected).
    pub rating: Option<Fact<i8>>,
    /// A label as the program calls it, mostly a colour (xmp:Label).
    pub label: Option<Fact<String>>,
    /// Photo Mechanic's colour class, 0 (none) to 8 (photomechanic:ColorClass).
    pub color_class: Option<Fact<u8>>,
    /// Urgency, 1 (most urgent) to 8 (photoshop:Urgency, IIM 2:10).
    pub urgency: Option<Fact<u8>>,
    /// Make and model of the camera.
    pub camera: Option<Fact<String>>,
    /// Model of the lens.
    pub lens: Option<Fact<String>>,
    /// Exposure time, aperture, sensitivity and focal length, as far as they are stated: `1/1000 s, f/4, ISO 800, 200 mm`.
    pub exposure: Option<Fact<String>>,
    /// EXIF Orientation, always 1 to 8. `None` means upright (1).
    pub orientation: Option<Fact<u8>>,
}
