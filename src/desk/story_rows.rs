//! The rows of a story's form: each slide with its texts, its restrictions and what the checks say.

use newsroom::check::CheckOptions;
use newsroom::moment::Moment;
use newsroom::refusal::SlidePlace;
use newsroom::shown::{ShownSlide, ShownText, Standing};
use newsroom::slide::Slide;
use newsroom::story::StoryMoments;
use newsroom::style::HouseStyle;
use store::Photo;

use crate::actions::Draft;
use crate::actions::publish_story::check;
use crate::api::{SizeBody, previews};
use crate::config::WorkConfig;
use crate::texts::Texts;

/// A field of the form.
#[derive(Default)]
pub struct Field {
    /// Its name; that of a slide's is `s.`, the slide's id, a point, the field.
    pub name: String,
    pub label: String,
    pub value: String,
    /// Lines that it shows; 1 is a line of input.
    pub lines: u8,
    pub wrong: Option<String>,
    /// What somebody else made of it meanwhile.
    pub theirs: Option<String>,
}

/// A field of the story.
pub fn field(t: Texts, name: &str, value: &str, lines: u8) -> Field {
    let label = t.say(&format!("field-{name}"));
    Field { name: name.to_owned(), label, value: value.to_owned(), lines, wrong: None, theirs: None }
}

/// What a check says.
pub struct Finding {
    /// `red` stops publishing, `amber` asks.
    pub level: &'static str,
    pub code: &'static str,
    pub sentence: String,
    pub slide: Option<SlidePlace>,
    pub field: Option<&'static str>,
}

/// A restriction of a slide.
pub struct RestrictionRow {
    pub text: String,
    /// `uncleared`, `cleared`, `satisfied` or `note`.
    pub standing: &'static str,
}

/// A picture as the sheet shows it.
pub struct Thumb {
    pub address: String,
    pub width: u32,
    pub height: u32,
}

/// A slide.
pub struct SlideRow {
    pub id: String,
    pub number: usize,
    pub photo: Option<String>,
    /// Name of the photo's file.
    pub file: String,
    pub thumb: Option<Thumb>,
    /// Why there is no picture: `waiting`, `refused`, `withdrawn`, `to-come`.
    pub lack: Option<&'static str>,
    /// What is wrong with the photo, where it was refused or withdrawn.
    pub reason: Option<String>,
    pub caption: Field,
    pub alt: Field,
    pub more: Vec<Field>,
    /// How many of `more` say something.
    pub is_cover: bool,
    pub restrictions: Vec<RestrictionRow>,
    pub is_restricted: bool,
    pub desk_only: Vec<String>,
    pub findings: Vec<Finding>,
    /// What templates for many captions may take from the file, as JSON for the script.
    pub facts: String,
}

/// `draft`, `changed` since it was published, `published` or `withdrawn`.
pub fn state_of(moments: &StoryMoments) -> &'static str {
    match (moments.withdrawn, moments.published) {
        (Some(_), _) => "withdrawn",
        (None, None) => "draft",
        (None, Some(at)) if moments.changed > at => "changed",
        (None, Some(_)) => "published",
    }
}

/// What publishing would say of a draft now.
pub fn findings(draft: &Draft, style: HouseStyle, now: Moment) -> Vec<Finding> {
    let options = CheckOptions { style, ..CheckOptions::default() };
    let report = check(draft, &options, None, now);
    // An embargo is nothing to mend.
    let refusals = report.refusals.into_iter().filter(|one| one.code != "embargoed");
    let red = refusals.map(|one| Finding {
        level: "red",
        code: one.code,
        sentence: one.sentence,
        slide: one.slide,
        field: one.field,
    });
    let amber = report.warnings.into_iter().map(|one| Finding {
        level: "amber",
        code: one.code,
        sentence: one.sentence,
        slide: one.slide,
        field: one.field,
    });
    red.chain(amber).collect()
}

/// The slides of a draft, in order.
pub fn rows(draft: &Draft, t: Texts, work: &WorkConfig, found: Vec<Finding>) -> Vec<SlideRow> {
    let story = &draft.story;
    let cover = story.cover.clone().or_else(|| story.slides.first().map(|slide| slide.id.clone()));
    let mut rows: Vec<SlideRow> = Vec::with_capacity(story.slides.len());
    for (index, (slide, shown)) in story.slides.iter().zip(&draft.shown).enumerate() {
        let photo = draft.photo(index);
        let mut row = row(t, slide, shown, photo, work);
        row.number = index + 1;
        row.is_cover = cover.as_ref() == Some(&slide.id);
        rows.push(row);
    }
    for one in found {
        let at = one.slide.as_ref().and_then(|place| place.number.checked_sub(1));
        if let Some(row) = at.and_then(|at| rows.get_mut(at)) {
            row.findings.push(one);
        }
    }
    rows
}

fn row(t: Texts, slide: &Slide, shown: &ShownSlide, photo: Option<&Photo>, work: &WorkConfig) -> SlideRow {
    let id = slide.id.to_string();
    // What the desk typed stands as it was typed, what comes from the file as readers would see it.
    let text = |name: &str, own: &Option<String>, shown: &ShownText, lines| {
        let value = own.as_ref().unwrap_or(&shown.text);
        Field { name: format!("s.{id}.{name}"), ..field(t, name, value, lines) }
    };
    let more = vec![
        text("credit", &slide.credit, &shown.credit, 1),
        text("place", &slide.place, &shown.place, 1),
        text("date", &slide.date, &shown.date, 1),
        text("long_description", &slide.long_description, &shown.long_description, 3),
        Field {
            name: format!("s.{id}.language"),
            ..field(t, "caption-language", slide.language.as_deref().unwrap_or_default(), 1)
        },
        Field {
            name: format!("s.{id}.focus"),
            ..field(t, "focus", &slide.focus.map(|focus| focus.to_string()).unwrap_or_default(), 1)
        },
    ];
    let (lack, reason) = lack(photo);
    let sizes = photo.map(|photo| previews(photo, work));
    let restrictions = shown.restrictions.iter().map(|one| RestrictionRow {
        text: one.restriction.source_text.clone(),
        standing: match one.standing {
            Standing::Uncleared => "uncleared",
            Standing::Cleared => "cleared",
            Standing::Satisfied => "satisfied",
            Standing::Note => "note",
        },
    });
    SlideRow {
        number: 0,
        photo: slide.photo.map(|id| id.to_string()),
        file: photo.map(|photo| photo.name.clone()).unwrap_or_default(),
        thumb: sizes.and_then(|sizes| sizes.small).map(thumb),
        lack,
        reason,
        caption: text("caption", &slide.caption, &shown.caption, 4),
        alt: text("alt", &slide.alt, &shown.alt, 2),
        more,
        is_cover: false,
        is_restricted: shown.uncleared().next().is_some(),
        restrictions: restrictions.collect(),
        desk_only: shown.desk_only.clone(),
        findings: Vec::new(),
        facts: photo.map(facts).unwrap_or_else(|| "{}".to_owned()),
        id,
    }
}

fn thumb(small: SizeBody) -> Thumb {
    Thumb { address: small.address, width: small.width, height: small.height }
}

fn lack(photo: Option<&Photo>) -> (Option<&'static str>, Option<String>) {
    let Some(photo) = photo else { return (Some("to-come"), None) };
    if let Some(decision) = &photo.withdrawn {
        return (Some("withdrawn"), Some(decision.reason.clone()));
    }
    if let Some(decision) = &photo.refused {
        return (Some("refused"), Some(decision.reason.clone()));
    }
    (photo.developed_at.is_none().then_some("waiting"), None)
}

fn facts(photo: &Photo) -> String {
    let facts = &photo.facts;
    let place = &facts.place;
    let known = serde_json::json!({
        "file": photo.name,
        "headline": facts.headline,
        "person": facts.persons.join(", "),
        "event": facts.event,
        "city": place.city,
        "state": place.state,
        "country": place.country,
        "creator": facts.creators.first(),
        "credit": facts.credit_line,
        "source": facts.source,
        "date": facts.date_created.map(|date| date.to_string()),
    });
    known.to_string()
}
