//! A story as the API tells it, and a change as the API takes it.

use newsroom::shown::{ShownRestriction, ShownSlide, ShownText};
use newsroom::slide::Slide;
use serde::{Deserialize, Serialize};
use store::{Photo, StoryLine};
use utoipa::ToSchema;

use super::publishing::{EmbargoBody, PlanBody};
use crate::actions::Draft;
use crate::exchange::story_file::{SlideEntry, StoryFile};

/// A story in a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct StoryLineBody {
    id: String,
    slug: String,
    section: String,
    /// Empty while a draft has none.
    headline: String,
    revision: i64,
    created: String,
    changed: String,
    /// When it was published last.
    published: Option<String>,
    withdrawn: Option<String>,
}

impl StoryLineBody {
    /// A line of the desk's list.
    pub fn of(line: &StoryLine) -> Self {
        Self {
            id: line.id.to_string(),
            slug: line.slug.to_string(),
            section: line.section.clone(),
            headline: line.headline.clone(),
            revision: line.revision,
            created: line.moments.created.to_string(),
            changed: line.moments.changed.to_string(),
            published: line.moments.published.map(|at| at.to_string()),
            withdrawn: line.moments.withdrawn.map(|at| at.to_string()),
        }
    }
}

/// A story, whole.
#[derive(Debug, Serialize, ToSchema)]
pub struct StoryBody {
    id: String,
    slug: String,
    /// The name in the short address.
    short_code: String,
    /// Grows by one with each change; also the ETag.
    pub revision: i64,
    section: String,
    /// Empty while a draft has none.
    headline: String,
    lede: String,
    /// Markdown (CommonMark).
    body: String,
    dateline: Option<String>,
    bylines: Vec<String>,
    tags: Vec<String>,
    /// The slide whose photo is the cover; the first slide where nothing stands.
    cover: Option<String>,
    /// BCP 47.
    language: String,
    /// `ltr` or `rtl`.
    direction: String,
    /// In order of showing.
    slides: Vec<SlideBody>,
    created: String,
    changed: String,
    first_published: Option<String>,
    published: Option<String>,
    /// The time that readers see.
    shown: Option<String>,
    withdrawn: Option<String>,
    withdrawn_reason: Option<String>,
    /// When it is to be published by itself, or was to be in vain.
    planned: Option<PlanBody>,
    /// Until when nothing of it may be seen outside the house.
    embargo: Option<EmbargoBody>,
}

/// A slide.
#[derive(Debug, Serialize, ToSchema)]
pub struct SlideBody {
    id: String,
    /// Its place in the story, from 1.
    number: usize,
    photo: Option<String>,
    /// A photo that is proposed for this slide by its caption.
    proposed: Option<String>,
    /// The name of the photo's file.
    file: Option<String>,
    caption: TextBody,
    alt: TextBody,
    long_description: TextBody,
    credit: TextBody,
    place: TextBody,
    /// ISO 8601, perhaps partial.
    date: TextBody,
    /// Language of the caption, where it is not the story's.
    language: Option<String>,
    /// The point that cuts keep (`50% 33.3%`).
    focus: Option<String>,
    restrictions: Vec<RestrictionBody>,
    /// What only the desk sees.
    desk_only: Vec<String>,
}

/// A text as readers would see it, and whose it is.
#[derive(Debug, Serialize, ToSchema)]
pub struct TextBody {
    /// Empty where there is none.
    text: String,
    /// `desk`, `file` or `missing`.
    origin: String,
}

/// A restriction, and how it stands.
#[derive(Debug, Serialize, ToSchema)]
pub struct RestrictionBody {
    /// Such as `not_for_publication`.
    kind: String,
    /// The sentence that it was read from.
    text: String,
    /// `uncleared` (refuses publishing), `cleared`, `satisfied` or `note`.
    standing: String,
}

/// The name by which serde knows a simple value.
pub(super) fn word(value: impl Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

impl TextBody {
    fn of(shown: &ShownText) -> Self {
        Self { text: shown.text.clone(), origin: word(shown.origin) }
    }
}

impl RestrictionBody {
    /// A restriction of a slide.
    pub fn of(shown: &ShownRestriction) -> Self {
        Self {
            kind: word(shown.restriction.kind),
            text: shown.restriction.source_text.clone(),
            standing: word(shown.standing),
        }
    }
}

impl SlideBody {
    fn of(number: usize, slide: &Slide, shown: &ShownSlide, photo: Option<&Photo>) -> Self {
        Self {
            id: slide.id.to_string(),
            number,
            photo: slide.photo.map(|id| id.to_string()),
            proposed: slide.proposed.map(|id| id.to_string()),
            file: photo.map(|photo| photo.name.clone()),
            caption: TextBody::of(&shown.caption),
            alt: TextBody::of(&shown.alt),
            long_description: TextBody::of(&shown.long_description),
            credit: TextBody::of(&shown.credit),
            place: TextBody::of(&shown.place),
            date: TextBody::of(&shown.date),
            language: shown.language.clone(),
            focus: slide.focus.map(|focus| focus.to_string()),
            restrictions: shown.restrictions.iter().map(RestrictionBody::of).collect(),
            desk_only: shown.desk_only.clone(),
        }
    }
}

impl StoryBody {
    /// A draft as it stands.
    pub fn of(draft: &Draft) -> Self {
        let story = &draft.story;
        let slides = story.slides.iter().zip(&draft.shown).enumerate();
        let moments = &story.moments;
        Self {
            id: story.id.to_string(),
            slug: story.slug.to_string(),
            short_code: story.short_code.clone(),
            revision: story.revision,
            section: story.section.clone(),
            headline: story.headline.clone(),
            lede: story.lede.clone(),
            body: story.body.clone(),
            dateline: story.dateline.clone(),
            bylines: story.bylines.clone(),
            tags: story.tags.clone(),
            cover: story.cover.as_ref().map(ToString::to_string),
            language: story.language.clone(),
            direction: story.direction.as_str().to_owned(),
            slides: slides
                .map(|(index, (slide, shown))| SlideBody::of(index + 1, slide, shown, draft.photo(index)))
                .collect(),
            created: moments.created.to_string(),
            changed: moments.changed.to_string(),
            first_published: moments.first_published.map(|at| at.to_string()),
            published: moments.published.map(|at| at.to_string()),
            shown: moments.shown.map(|shown| shown.at.to_string()),
            withdrawn: moments.withdrawn.map(|at| at.to_string()),
            withdrawn_reason: story.withdrawn_reason.clone(),
            planned: draft.plan.as_ref().map(|plan| PlanBody::of(plan, draft.embargo.as_ref())),
            embargo: draft.embargo.as_ref().map(EmbargoBody::of),
        }
    }
}

/// A change of a story: what is left out stays. `slides`, where it is given, are all slides in their new order.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeStory {
    headline: Option<String>,
    section: Option<String>,
    /// The name in addresses; the old one becomes a redirect.
    slug: Option<String>,
    /// BCP 47.
    language: Option<String>,
    /// `ltr` or `rtl`.
    direction: Option<String>,
    dateline: Option<String>,
    bylines: Option<Vec<String>>,
    tags: Option<Vec<String>>,
    /// A slide's id.
    cover: Option<String>,
    /// The time that readers see (RFC 3339).
    shown: Option<String>,
    lede: Option<String>,
    /// Markdown (CommonMark).
    body: Option<String>,
    slides: Option<Vec<ChangeSlide>>,
    /// Slides that change where they are, each with its id: the others, and the order, stay.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    edits: Vec<ChangeSlide>,
}

/// A slide of a change: with an `id` that slide, without one a new slide. A text that equals the one of the photo's file keeps
/// following the file.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeSlide {
    id: Option<String>,
    /// The photo's id; an empty text takes the photo off the slide.
    photo: Option<String>,
    caption: Option<String>,
    alt: Option<String>,
    long_description: Option<String>,
    credit: Option<String>,
    place: Option<String>,
    /// ISO 8601, perhaps partial.
    date: Option<String>,
    language: Option<String>,
    /// The point that cuts keep, from the left and from the top: `50% 33.3%`.
    focus: Option<String>,
}

impl ChangeStory {
    /// As the action takes it, made from this revision.
    pub fn into_file(self, revision: Option<i64>) -> StoryFile {
        StoryFile {
            story: None,
            revision,
            headline: self.headline,
            section: self.section,
            slug: self.slug,
            language: self.language,
            direction: self.direction,
            dateline: self.dateline,
            bylines: self.bylines,
            tags: self.tags,
            cover: self.cover,
            shown: self.shown,
            lede: self.lede,
            body: self.body,
            slide: self.slides.map(|slides| slides.into_iter().map(ChangeSlide::into_entry).collect()),
            edits: self.edits.into_iter().map(ChangeSlide::into_entry).collect(),
        }
    }
}

/// The texts of a story that somebody is typing; what is left out is as the draft has it.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TypedStory {
    headline: Option<String>,
    section: Option<String>,
    /// BCP 47.
    language: Option<String>,
    dateline: Option<String>,
    lede: Option<String>,
    /// Markdown (CommonMark).
    body: Option<String>,
    /// A slide's id.
    cover: Option<String>,
    /// The time that readers see (RFC 3339).
    shown: Option<String>,
}

impl TypedStory {
    /// As a change takes it, with some slides of the story.
    pub fn into_file(self, slides: Vec<ChangeSlide>) -> StoryFile {
        StoryFile {
            headline: self.headline,
            section: self.section,
            language: self.language,
            dateline: self.dateline,
            lede: self.lede,
            body: self.body,
            cover: self.cover,
            shown: self.shown,
            edits: slides.into_iter().map(ChangeSlide::into_entry).collect(),
            ..StoryFile::default()
        }
    }
}

impl ChangeSlide {
    fn into_entry(self) -> SlideEntry {
        SlideEntry {
            id: self.id,
            file: None,
            photo: self.photo,
            caption: self.caption,
            alt: self.alt,
            long_description: self.long_description,
            credit: self.credit,
            place: self.place,
            date: self.date,
            language: self.language,
            focus: self.focus,
        }
    }
}
