//! One photo: large, with all that is known of it, what stands against it, and where it is used.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Response;
use hyper::StatusCode;
use newsroom::id::PhotoId;
use newsroom::restriction::{Effect, restrictions};
use newsroom::staff::policy::{Permission, Reach};
use store::{Photo, PhotoUse};

use super::frame::{Frame, page};
use super::{Colleague, Hindrance, Room, compare, photos};
use crate::actions::photo_library::photo_uses_for;
use crate::actions::similar::{Captions, Similar, similar};
use crate::actions::withdraw::no_such_photo;
use crate::api::photos::state;
use crate::api::renditions::{SizeBody, previews};

/// Photos that look alike that are shown.
const ALIKE: usize = 12;

#[derive(Template)]
#[template(path = "desk/photo.html")]
struct Shown {
    frame: Frame,
    id: PhotoId,
    name: String,
    standing: &'static str,
    reason: String,
    caption: String,
    picture: Option<SizeBody>,
    groups: Vec<Group>,
    problems: Vec<String>,
    restrictions: Vec<Restricted>,
    uses: Vec<Used>,
    alike: Vec<Alike>,
    originals: bool,
    writes: bool,
    withdraws: bool,
}

/// Facts that belong together.
struct Group {
    name: &'static str,
    facts: Vec<(&'static str, String)>,
}

/// A restriction as it is told.
struct Restricted {
    kind: String,
    text: String,
    /// Whether it refuses publishing.
    blocks: bool,
}

/// A story that has the photo.
pub struct Used {
    pub story: String,
    /// Empty while it has none.
    pub headline: String,
    /// Its slides by number and id.
    pub slides: Vec<(u32, String)>,
    pub published: Option<String>,
    pub withdrawn: Option<String>,
}

/// Another photo that looks like this one.
struct Alike {
    id: PhotoId,
    name: String,
    caption: String,
    same: bool,
    withdrawn: Option<String>,
    picture: Option<SizeBody>,
    headlines: Vec<(String, String)>,
}

impl Used {
    /// A use as it is told.
    pub fn of(one: &PhotoUse, room: &Room) -> Self {
        let slides = one.drafted.iter().map(|(number, id)| (*number, id.to_string()));
        let shown = one.published.as_ref();
        Self {
            story: one.story.to_string(),
            headline: one.headline.clone(),
            slides: slides.collect(),
            published: shown.filter(|shown| shown.withdrawn.is_none()).map(|shown| room.told_time(shown.at)),
            withdrawn: shown.and_then(|shown| Some(shown.withdrawn.as_ref()?.reason.clone())),
        }
    }
}

/// The page.
pub async fn photo(
    State(room): State<Room>,
    colleague: Colleague,
    Path(id): Path<String>,
) -> Result<Response, Hindrance> {
    let who = &colleague.who;
    who.may(Permission::ReadPhotos).map_err(|refusal| room.denied(&refusal.into()))?;
    let unknown = || {
        let sentence = room.texts().say("no-such-page");
        Hindrance::refused(&room, StatusCode::NOT_FOUND, "not-here", sentence)
    };
    let id: PhotoId = id.parse().map_err(|_| unknown())?;
    let Some(photo) = compare::seen(&room, &colleague, &[id]).await?.pop() else {
        return Err(room.denied(&no_such_photo(id).into()));
    };
    let app = &colleague.app;
    let (_, uses) = photo_uses_for(app, who, id).await.map_err(|denied| room.denied(&denied))?;
    let alike = if who.reach(Permission::ReadPhotos) == Reach::All {
        similar(app, id).await.map_err(|denied| room.denied(&denied))?
    } else {
        Vec::new()
    };
    let (standing, reason) = state(&photo);
    let shown = Shown {
        frame: Frame {
            title: photo.name.clone(),
            ..Frame::inside(&room, &colleague, "photos", photos::PART_OF_DESK)
        },
        id,
        standing,
        reason: reason.unwrap_or_default().to_owned(),
        caption: photo.facts.description.clone().unwrap_or_default(),
        picture: previews(&photo, &app.config().work).large,
        groups: groups(&photo, room.told_time(photo.created_at)),
        problems: problems(&photo),
        restrictions: restricted(&photo),
        uses: uses.iter().map(|one| Used::of(one, &room)).collect(),
        alike: looking_alike(&room, &colleague, alike).await?,
        originals: who.reach(Permission::ReadOriginals) > Reach::Nothing,
        writes: who.reach(Permission::WriteStories) > Reach::Nothing,
        withdraws: who.reach(Permission::Publish) > Reach::Nothing,
        name: photo.name,
    };
    Ok(page(StatusCode::OK, &shown))
}

async fn looking_alike(
    room: &Room,
    colleague: &Colleague,
    found: Vec<Similar>,
) -> Result<Vec<Alike>, Hindrance> {
    let ids: Vec<PhotoId> = found.iter().take(ALIKE).map(|one| one.photo).collect();
    let kept = compare::seen(room, colleague, &ids).await?;
    let work = &colleague.app.config().work;
    let alike = found.into_iter().filter_map(|one| {
        let photo = kept.iter().find(|photo| photo.id == one.photo)?;
        Some(Alike {
            id: one.photo,
            caption: photo.facts.description.clone().unwrap_or_default(),
            same: one.captions == Captions::Same,
            withdrawn: one.withdrawn,
            picture: previews(photo, work).small,
            headlines: one.stories.into_iter().map(|(id, headline)| (id.to_string(), headline)).collect(),
            name: one.name,
        })
    });
    Ok(alike.collect())
}

fn restricted(photo: &Photo) -> Vec<Restricted> {
    let raw = photo.facts.description.as_deref().unwrap_or_default();
    let found = restrictions(&photo.facts, raw).into_iter();
    let told = found.map(|one| {
        let kind = serde_json::to_value(one.kind).ok();
        let kind = kind.as_ref().and_then(|kind| kind.as_str()).unwrap_or_default().replace('_', " ");
        Restricted { kind, blocks: one.kind.effect() != Effect::Note, text: one.source_text }
    });
    told.collect()
}

/// The sentences of the darkroom's report.
fn problems(photo: &Photo) -> Vec<String> {
    let report: serde_json::Value = serde_json::from_str(&photo.report).unwrap_or_default();
    let problems = report.get("problems").and_then(|problems| problems.as_array()).cloned();
    let sentences = problems.unwrap_or_default().into_iter();
    sentences.filter_map(|one| Some(one.get("sentence")?.as_str()?.to_owned())).collect()
}

/// What the file says, in groups; empty ones are left out.
fn groups(photo: &Photo, came: String) -> Vec<Group> {
    let facts = &photo.facts;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let list = |list: &[String]| list.join(", ");
    let places: Vec<String> = facts.locations_shown.iter().map(newsroom::facts::Place::line).collect();
    let created = facts.location_created.as_ref().map(newsroom::facts::Place::line);
    let taken = facts.taken.map(|taken| taken.local.strftime("%Y-%m-%d %H:%M:%S").to_string());
    let date = facts.date_created.map(|date| date.to_string());
    let class = facts.color_class.filter(|class| *class > 0).map(|class| class.to_string());
    let rating = facts.rating.filter(|rating| *rating != 0).map(|rating| rating.to_string());
    let licensors: Vec<String> = facts.licensors.iter().filter_map(|one| one.name.clone()).collect();
    let all = [
        (
            "facts-what",
            vec![
                ("fact-headline", text(&facts.headline)),
                ("fact-event", text(&facts.event)),
                ("fact-keywords", list(&facts.keywords)),
                ("fact-alt", text(&facts.alt_text)),
                ("fact-title", text(&facts.title)),
                ("fact-job", text(&facts.job_id)),
            ],
        ),
        (
            "facts-who",
            vec![
                ("fact-persons", list(&facts.persons)),
                ("fact-creator", list(&facts.creators)),
                ("fact-position", text(&facts.job_title)),
                ("fact-writer", text(&facts.description_writer)),
            ],
        ),
        (
            "facts-where",
            vec![
                ("fact-place", facts.place.line()),
                ("fact-shown", places.join("; ")),
                ("fact-stood", text(&created)),
            ],
        ),
        ("facts-when", vec![("fact-taken", text(&taken)), ("fact-date", text(&date)), ("fact-came", came)]),
        (
            "facts-rights",
            vec![
                ("credit", text(&facts.credit_line)),
                ("fact-source", text(&facts.source)),
                ("fact-copyright", text(&facts.copyright)),
                ("fact-terms", text(&facts.usage_terms)),
                ("fact-instructions", text(&facts.instructions)),
                ("fact-constraints", text(&facts.other_constraints)),
                ("fact-licensors", licensors.join(", ")),
                ("fact-supplier", text(&facts.image_supplier)),
            ],
        ),
        (
            "facts-file",
            vec![
                ("fact-name", photo.name.clone()),
                ("fact-pixels", format!("{} × {}", photo.size.width, photo.size.height)),
                ("rating", text(&rating)),
                ("fact-label", text(&facts.label)),
                ("fact-class", text(&class)),
                ("fact-camera", text(&facts.camera)),
                ("fact-lens", text(&facts.lens)),
                ("fact-exposure", text(&facts.exposure)),
                ("fact-digital", text(&facts.digital_source_type)),
            ],
        ),
    ];
    let full = all.into_iter().map(|(name, facts)| Group {
        name,
        facts: facts.into_iter().filter(|(_, text)| !text.trim().is_empty()).collect(),
    });
    full.filter(|group: &Group| !group.facts.is_empty()).collect()
}
