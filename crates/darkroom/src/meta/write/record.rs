//! The rights metadata of a public file (R5), as plain values.

use serde::{Deserialize, Serialize};

use crate::meta::facts::Licensor;

/// What a public file says about its rights, field by field as in the newsroom's published record. Nothing else is
/// ever written into a public file (R5, R45).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RightsRecord {
    /// Creators, in order.
    pub creators: Vec<String>,
    /// The credit as shown.
    pub credit: String,
    /// Copyright notice.
    pub copyright: Option<String>,
    /// Usage terms.
    pub usage_terms: Option<String>,
    /// Web statement of rights, an address.
    pub web_statement: Option<String>,
    /// Licensors.
    pub licensors: Vec<Licensor>,
    /// The caption as published.
    pub description: String,
    /// The alt text as published.
    pub alt: Option<String>,
    /// Date, ISO 8601, perhaps partial. A time that stands behind it is not written (R5: date only).
    pub date_created: Option<String>,
    /// Digital source type, as its code (R28) or URI.
    pub digital_source_type: Option<String>,
    /// PLUS data mining, as its code (R29) or URI.
    pub data_mining: Option<String>,
    /// GUID of the source image.
    pub source_guid: Option<String>,
    /// Language of caption and alt text (BCP 47); empty when not known.
    pub language: String,
}
