//! Restrictions that come with a photo (R12): known wordings of Instructions, Usage Terms, PLUS constraints and
//! the caption become kinds, and the source text is kept, because a refusal quotes it.
//!
//! | Kind | Wording, such as | Effect, and why |
//! |---|---|---|
//! | not for publication | `NOT FOR PUBLICATION` | blocks |
//! | no sales, no resales | `NO SALES`, `NO RESALES` | blocks: only the desk knows whether stories are sold on |
//! | outlets | `MAGS OUT`, `TV OUT`, `ONLINE OUT` | blocks: only the desk knows which of them it is |
//! | territory | `GERMANY OUT`, `NO COMMERCIAL OR EDITORIAL SALES IN UK` | blocks: the web has no borders |
//! | one time use, clients only, no licensing, no archives, no cropping | as named | blocks: a published story stays, and its cards are cropped |
//! | third party | `THIS IMAGE HAS BEEN SUPPLIED BY A THIRD PARTY` | blocks: the agency vouches for nothing |
//! | advisory | `ADVISORY` | blocks: the agency asks an editor to look first |
//! | story-specific handout | `HONS`, `may only be used for 14 days` | blocks: only the desk knows whether its days are over (R13) |
//! | generative model | `trainedAlgorithmicMedia` | blocks (R28) |
//! | mandatory credit | `MANDATORY CREDIT "..."` | blocks until the shown credit contains it (R10) |
//! | editorial use only | `EDITORIAL USE ONLY`, `NO MARKETING NO ADVERTISING CAMPAIGNS`, `DISTRIBUTED AS A SERVICE TO CLIENTS` | a note: a story is editorial use |
//! | handout | `HANDOUT`, `HOGP` | a status for readers (R36), no restriction |
//!
//! Blocks means: publishing is refused, quoting the text, until an editor clears it with a stored reason.

mod wordings;

use serde::{Deserialize, Serialize};

use crate::caption::{CaptionReading, read_caption};
use crate::credit::mandatory_credits;
use crate::facts::PhotoFacts;
use crate::words::words;

/// What a restriction restricts; the table of this module says with which effect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RestrictionKind {
    /// `NOT FOR PUBLICATION`.
    NotForPublication,
    /// `NO SALES`, `NO RESALES`.
    NoSales,
    /// `NO COMMERCIAL USE`, `NO COMMERCIAL OR EDITORIAL SALES IN ...`.
    NoCommercial,
    /// `MAGS OUT`, `TV OUT`, `ONLINE OUT`.
    OutletOut,
    /// `GERMANY OUT`.
    CountryOut,
    /// `ONE TIME USE`.
    OneTimeUse,
    /// `CLIENTS ONLY`.
    ClientsOnly,
    /// `NO LICENSING`.
    NoLicensing,
    /// `NO ARCHIVES`, `No Archiving`.
    NoArchives,
    /// `NO CROPPING`.
    NoCropping,
    /// Supplied by a third party.
    ThirdParty,
    /// `ADVISORY`.
    Advisory,
    /// Story-specific handout, 14 days (R13).
    StorySpecific,
    /// Made by a generative model (R28).
    Synthetic,
    /// `MANDATORY CREDIT`.
    MandatoryCredit,
    /// `EDITORIAL USE ONLY` and what follows from it.
    EditorialUseOnly,
    /// `HANDOUT`, `HOGP`.
    Handout,
}

/// What a restriction does to publishing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// Refuses publishing until an editor clears the slide (R12).
    Blocks,
    /// Refuses publishing until the shown credit contains what is demanded, or an editor clears the slide (R10).
    DemandsCredit,
    /// Is shown to the desk.
    Note,
}

impl RestrictionKind {
    /// The effect of the kind, as the table of this module has it.
    pub fn effect(self) -> Effect {
        match self {
            Self::MandatoryCredit => Effect::DemandsCredit,
            Self::EditorialUseOnly | Self::Handout => Effect::Note,
            _ => Effect::Blocks,
        }
    }
}

/// A restriction and the words that make it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Restriction {
    /// What it restricts.
    pub kind: RestrictionKind,
    /// The sentence it was read from, as it stands, at most 300 characters.
    pub source_text: String,
    /// The field it was read from: `instructions`, `usage_terms`, `other_constraints`, `caption`, `job_title`,
    /// `digital_source_type`.
    pub field: &'static str,
}

/// Every restriction of a photo: of its facts, and of its caption as it came, before the firewall.
///
/// Fields that are the desk's are read in any case; of the caption's readable part only capitals count, because
/// `online` and `one time` are words there.
pub fn restrictions(facts: &PhotoFacts, raw_caption: &str) -> Vec<Restriction> {
    restrictions_read(facts, &read_caption(raw_caption))
}

/// The same, of a caption that was read already.
pub(crate) fn restrictions_read(facts: &PhotoFacts, caption: &CaptionReading) -> Vec<Restriction> {
    let mut found = Vec::new();
    let fields = [
        ("instructions", &facts.instructions),
        ("usage_terms", &facts.usage_terms),
        ("other_constraints", &facts.other_constraints),
    ];
    for (field, text) in fields {
        wordings::read(text.as_deref().unwrap_or_default(), wordings::Case::Any, field, &mut found);
    }
    if let Some(demand) = &caption.demanded_credit {
        let kind = RestrictionKind::MandatoryCredit;
        found.push(Restriction { kind, source_text: demand.clone(), field: "caption" });
    }
    for text in caption.desk_only.iter().filter(|text| !is_told(text, caption.demanded_credit.as_deref())) {
        wordings::read(text, wordings::Case::Any, "caption", &mut found);
    }
    let signoff = caption.signoff.as_deref().unwrap_or_default();
    for text in [caption.caption.as_str(), signoff] {
        wordings::read(text, wordings::Case::Capitals, "caption", &mut found);
    }
    found.extend(of_job_title(facts));
    found.extend(of_source_type(facts));
    found.sort_by_key(|restriction| restriction.kind);
    found.dedup_by(|one, other| one.kind == other.kind && one.source_text == other.source_text);
    found
}

/// The bare words `Mandatory Credit`, whose demand was read with the sign-off that they introduce.
fn is_told(desk_only: &str, demand: Option<&str>) -> bool {
    let demand = demand.map(words).unwrap_or_default();
    !demand.is_empty() && demand.starts_with(&words(desk_only)) && mandatory_credits(desk_only).is_empty()
}

/// AP's codes for handouts (R13).
fn of_job_title(facts: &PhotoFacts) -> Option<Restriction> {
    let title = facts.job_title.as_deref()?;
    let has =
        |code: &str| title.split(|c: char| !c.is_alphanumeric()).any(|word| word.eq_ignore_ascii_case(code));
    let kind = if has("HONS") {
        RestrictionKind::StorySpecific
    } else if has("HOGP") || has("HO") {
        RestrictionKind::Handout
    } else {
        return None;
    };
    Some(Restriction { kind, source_text: title.to_owned(), field: "job_title" })
}

/// Whether a digital source type code names the work of a generative model (R28).
pub fn is_synthetic(code: &str) -> bool {
    let code = code.rsplit('/').next().unwrap_or(code);
    ["trainedAlgorithmicMedia", "compositeWithTrainedAlgorithmicMedia", "compositeSynthetic"].contains(&code)
}

fn of_source_type(facts: &PhotoFacts) -> Option<Restriction> {
    let code = facts.digital_source_type.as_deref()?;
    let blocked = code.rsplit('/').next() == Some("trainedAlgorithmicMedia");
    blocked.then(|| Restriction {
        kind: RestrictionKind::Synthetic,
        source_text: code.to_owned(),
        field: "digital_source_type",
    })
}

#[cfg(test)]
#[path = "restriction/tests.rs"]
mod tests;
