//! What readers would see of a slide now: the desk's texts, and where the desk typed nothing the file's, after the
//! firewall (R11). A published record is made from this and from nothing else.
//!
//! The desk's own caption goes through the firewall too, because editors paste captions with their sign-offs and
//! notes; text for editors never reaches readers, whoever typed it.

use serde::{Deserialize, Serialize};

use crate::caption::{CaptionReading, read_caption};
use crate::credit::{CreditSource, contains_credit, credit, mandatory_credits};
use crate::facts::{PartialDate, PhotoFacts};
use crate::published::{Cuts, ReaderStatus, Rights};
use crate::restriction::{Effect, Restriction, RestrictionKind, is_synthetic, restrictions_read};
use crate::slide::Slide;

/// Whose value is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The desk typed it, or decided for none.
    Desk,
    /// The photo's file has it.
    File,
    /// Nobody gave one.
    Missing,
}

/// A text as shown and whose it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShownText {
    /// The text; empty when there is none.
    pub text: String,
    /// Whose it is.
    pub origin: Origin,
}

impl ShownText {
    /// The text where there is one.
    pub fn given(&self) -> Option<&str> {
        (!self.text.is_empty()).then_some(self.text.as_str())
    }

    fn choose(desk: Option<&str>, file: Option<String>) -> Self {
        let file = file.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        match (desk, file) {
            (Some(text), _) => Self { text: text.trim().to_owned(), origin: Origin::Desk },
            (None, Some(text)) => Self { text, origin: Origin::File },
            (None, None) => Self { text: String::new(), origin: Origin::Missing },
        }
    }
}

/// How a restriction stands against publishing the slide.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It refuses publishing (R12).
    Uncleared,
    /// An editor cleared it for this slide.
    Cleared,
    /// The shown credit contains what it demands (R10).
    Satisfied,
    /// It is a note for the desk.
    Note,
}

/// A restriction and how it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShownRestriction {
    /// The restriction.
    pub restriction: Restriction,
    /// How it stands.
    pub standing: Standing,
}

/// What readers, and beside them the desk, would see of a slide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ShownSlide {
    /// Caption after the firewall (R11), without its sign-off.
    pub caption: ShownText,
    /// Credit (R10).
    pub credit: ShownText,
    /// Where the credit came from.
    pub credit_source: CreditSource,
    /// Alt text: the desk's, else the file's, which is a suggestion that an editor may confirm by typing it.
    pub alt: ShownText,
    /// Long description.
    pub long_description: ShownText,
    /// Place line.
    pub place: ShownText,
    /// Date line, ISO 8601, perhaps partial.
    pub date: ShownText,
    /// Language of the caption (BCP 47), where it is not the story's.
    pub language: Option<String>,
    /// What readers are told, sorted.
    pub statuses: Vec<ReaderStatus>,
    /// What restricts the photo.
    pub restrictions: Vec<ShownRestriction>,
    /// What only the desk sees: cut out of captions, and the Instructions.
    pub desk_only: Vec<String>,
}

impl ShownSlide {
    /// The restrictions that refuse publishing.
    pub fn uncleared(&self) -> impl Iterator<Item = &Restriction> {
        let open = self.restrictions.iter().filter(|shown| shown.standing == Standing::Uncleared);
        open.map(|shown| &shown.restriction)
    }

    /// Whether cuts of the picture may be shown. Clearing `NO CROPPING` lets the picture be published, not be cropped.
    pub fn cuts(&self) -> Cuts {
        let forbids = |shown: &ShownRestriction| shown.restriction.kind == RestrictionKind::NoCropping;
        if self.restrictions.iter().any(forbids) { Cuts::Forbidden } else { Cuts::Allowed }
    }
}

/// The values of a slide as readers would see them; `facts` are those of its photo, where it has one.
pub fn show(slide: &Slide, facts: Option<&PhotoFacts>, story_language: &str) -> ShownSlide {
    let none = PhotoFacts::default();
    let facts = facts.unwrap_or(&none);
    let raw = facts.description.as_deref().unwrap_or_default();
    let file = read_caption(raw);
    let desk = slide.caption.as_deref().map(read_caption);

    let desk_caption = desk.as_ref().map(|reading| reading.caption.as_str());
    let caption = ShownText::choose(desk_caption, Some(file.caption.clone()));
    let typed_signoff = desk.as_ref().and_then(|reading| reading.signoff.as_deref());
    let signoff = typed_signoff.or(file.signoff.as_deref());
    let credit = credit(slide.credit.as_deref(), signoff, facts);
    let credit_text =
        ShownText { text: credit.text, origin: credit_origin(credit.source, typed_signoff.is_some()) };
    ShownSlide {
        caption,
        alt: ShownText::choose(slide.alt.as_deref(), facts.alt_text.clone()),
        long_description: ShownText::choose(
            slide.long_description.as_deref(),
            facts.extended_description.clone(),
        ),
        place: ShownText::choose(slide.place.as_deref(), Some(place_line(facts))),
        date: ShownText::choose(slide.date.as_deref(), date_created(facts).map(|date| date.to_string())),
        language: other_language(slide.language.as_deref(), story_language),
        statuses: statuses(&file, desk.as_ref(), facts),
        restrictions: standings((slide, facts), (&file, desk.as_ref()), &credit_text.text),
        desk_only: desk_only(&file, desk.as_ref(), facts),
        credit: credit_text,
        credit_source: credit.source,
    }
}

fn credit_origin(source: CreditSource, typed_signoff: bool) -> Origin {
    match source {
        CreditSource::Desk => Origin::Desk,
        CreditSource::Signoff if typed_signoff => Origin::Desk,
        CreditSource::Missing => Origin::Missing,
        _ => Origin::File,
    }
}

/// What the picture shows (IPTC Location Shown), else the older city and country fields.
fn place_line(facts: &PhotoFacts) -> String {
    let shown: Vec<String> = facts.locations_shown.iter().map(super::facts::Place::line).collect();
    let lines: Vec<&str> = shown.iter().map(String::as_str).filter(|line| !line.is_empty()).collect();
    if lines.is_empty() { facts.place.line() } else { lines.join("; ") }
}

/// Date Created, else the camera's own day.
pub(crate) fn date_created(facts: &PhotoFacts) -> Option<PartialDate> {
    facts.date_created.or_else(|| facts.taken.map(|taken| PartialDate::from_civil(taken.local.date())))
}

fn other_language(own: Option<&str>, story: &str) -> Option<String> {
    let own = own.map(str::trim).filter(|own| !own.is_empty())?;
    (!own.eq_ignore_ascii_case(story)).then(|| own.to_owned())
}

/// A handout stays one when the desk writes its caption anew, so the file's statuses stand beside the desk's.
fn statuses(file: &CaptionReading, desk: Option<&CaptionReading>, facts: &PhotoFacts) -> Vec<ReaderStatus> {
    let mut statuses = file.statuses.clone();
    statuses.extend(desk.into_iter().flat_map(|reading| reading.statuses.iter().copied()));
    if facts.digital_source_type.as_deref().is_some_and(is_synthetic) {
        statuses.push(ReaderStatus::Synthetic);
    }
    let given_out = [RestrictionKind::Handout, RestrictionKind::StorySpecific];
    if restrictions_read(facts, &CaptionReading::default()).iter().any(|one| given_out.contains(&one.kind)) {
        statuses.push(ReaderStatus::Handout);
    }
    statuses.sort_unstable();
    statuses.dedup();
    statuses
}

fn standings(
    (slide, facts): (&Slide, &PhotoFacts),
    (file, desk): (&CaptionReading, Option<&CaptionReading>),
    credit: &str,
) -> Vec<ShownRestriction> {
    let mut all = restrictions_read(facts, file);
    let typed = desk.map(|desk| restrictions_read(&PhotoFacts::default(), desk));
    for typed in typed.into_iter().flatten() {
        if !all.iter().any(|one| one.kind == typed.kind && one.source_text == typed.source_text) {
            all.push(typed);
        }
    }
    let standing = |restriction: &Restriction| match restriction.kind.effect() {
        Effect::Note => Standing::Note,
        Effect::DemandsCredit if is_satisfied(restriction, credit) => Standing::Satisfied,
        _ if slide.clearing.as_ref().is_some_and(|clearing| clearing.covers(restriction)) => {
            Standing::Cleared
        }
        Effect::DemandsCredit | Effect::Blocks => Standing::Uncleared,
    };
    all.into_iter()
        .map(|restriction| ShownRestriction { standing: standing(&restriction), restriction })
        .collect()
}

fn is_satisfied(restriction: &Restriction, credit: &str) -> bool {
    mandatory_credits(&restriction.source_text).iter().all(|demanded| contains_credit(credit, demanded))
}

fn desk_only(file: &CaptionReading, desk: Option<&CaptionReading>, facts: &PhotoFacts) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    let cut = file.desk_only.iter().chain(desk.into_iter().flat_map(|reading| &reading.desk_only));
    for text in cut.chain(&facts.instructions) {
        let text = text.trim();
        if !text.is_empty() && !texts.iter().any(|known| known == text) {
            texts.push(text.to_owned());
        }
    }
    texts
}

/// The rights metadata for the slide's public file (R5), from what is shown; `story_language` is that of the caption
/// when the slide has none of its own. Instructions, places and persons never go out (R11, R45).
pub fn rights(shown: &ShownSlide, facts: Option<&PhotoFacts>, story_language: &str) -> Rights {
    let none = PhotoFacts::default();
    let facts = facts.unwrap_or(&none);
    let date = PartialDate::parse(&shown.date.text).or_else(|| date_created(facts));
    Rights {
        creators: facts.creators.clone(),
        credit: shown.credit.text.clone(),
        copyright: facts.copyright.clone(),
        usage_terms: facts.usage_terms.clone(),
        web_statement: facts.web_statement.clone(),
        licensors: facts.licensors.clone(),
        description: shown.caption.text.clone(),
        alt: shown.alt.given().map(str::to_owned),
        date_created: date.map(|date| date.to_string()),
        digital_source_type: facts.digital_source_type.clone(),
        data_mining: facts.data_mining.clone(),
        source_guid: facts.image_guid.clone(),
        language: shown.language.clone().unwrap_or_else(|| story_language.to_owned()),
    }
}

#[cfg(test)]
#[path = "shown/tests.rs"]
mod tests;
