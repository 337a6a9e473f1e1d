//! A story at the desk: its texts, and its slides in order, as one form that works without a script.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use hyper::StatusCode;
use newsroom::id::{SlideId, StoryId};
use newsroom::refusal::Refusal;
use newsroom::staff::policy::{Permission, Reach};
use serde::Deserialize;
use store::View;

use super::forms::Own;
use super::frame::{Frame, page};
use super::story_form::{self, Deed, Typed};
use super::story_rows::{Field, Finding, SlideRow, field, findings, rows, state_of};
use super::{Colleague, Hindrance, Room, stories};
use crate::actions::clear_restriction::clear_restriction;
use crate::actions::put_story::{merge_story, put_story};
use crate::actions::{Denied, Draft, load_draft, load_draft_at, no_such_story};

#[derive(Template)]
#[template(path = "desk/story.html")]
struct StoryPage {
    frame: Frame,
    id: StoryId,
    revision: i64,
    state: &'static str,
    /// Whether whoever looks may change it.
    writes: bool,
    publishes: bool,
    saved: bool,
    /// What stands against what was typed, and belongs to no field.
    wrong: Vec<String>,
    /// Whether something typed was changed by somebody else too.
    is_conflict: bool,
    headline: Field,
    lede: Field,
    body: Field,
    about: Vec<Field>,
    direction: &'static str,
    red: usize,
    amber: usize,
    findings: Vec<Finding>,
    slides: Vec<SlideRow>,
}

/// What the page says on top.
#[derive(Deserialize)]
pub struct Said {
    #[serde(default)]
    saved: String,
}

/// The story.
pub async fn story(
    State(room): State<Room>,
    colleague: Colleague,
    Path(id): Path<String>,
    Query(said): Query<Said>,
) -> Result<Response, Hindrance> {
    let draft = draft_for(&room, &colleague, &id).await?;
    let notes = Notes { saved: !said.saved.is_empty(), ..Notes::default() };
    Ok(shown(&room, &colleague, &draft, StatusCode::OK, &notes))
}

/// A draft that this person may see.
pub async fn draft_for(room: &Room, colleague: &Colleague, id: &str) -> Result<Draft, Hindrance> {
    let missing = || room.denied(&no_such_story(id).into());
    let id: StoryId = id.parse().map_err(|_| missing())?;
    colleague.who.may(Permission::ReadStories).map_err(|refusal| room.denied(&refusal.into()))?;
    let found = colleague.app.store().view(async |view: &mut View| {
        let owner = view.owner_of_story(id).await?;
        if !colleague.who.reaches(Permission::ReadStories, owner) {
            return Ok(None);
        }
        load_draft(view, id).await
    });
    found.await.map_err(|error| room.fault(&error))?.ok_or_else(missing)
}

/// What is to be said beside the draft.
#[derive(Default)]
struct Notes {
    saved: bool,
    /// What was typed and is not kept, by the name of its field.
    typed: BTreeMap<String, String>,
    refusals: Vec<Refusal>,
}

impl Notes {
    /// What stands against a field.
    fn wrong(&self, name: &str) -> Option<String> {
        let of = |refusal: &&Refusal| {
            refusal.code != "stale_revision" && name_of(refusal).as_deref() == Some(name)
        };
        self.refusals.iter().find(of).map(|refusal| refusal.sentence.clone())
    }

    /// Puts into a field what was typed, beside what it is now where somebody else changed it.
    fn apply(&self, mut field: Field) -> Field {
        field.wrong = self.wrong(&field.name);
        if let Some(typed) = self.typed.get(&field.name).filter(|typed| **typed != field.value) {
            let both = self.refusals.iter().any(|refusal| {
                refusal.code == "stale_revision" && name_of(refusal).as_deref() == Some(&field.name)
            });
            field.theirs = both.then(|| field.value.clone());
            field.value.clone_from(typed);
        }
        field
    }
}

/// The name in the form of what a refusal is about.
fn name_of(refusal: &Refusal) -> Option<String> {
    let field = refusal.field?;
    Some(match &refusal.slide {
        Some(place) => format!("s.{}.{field}", place.id),
        None => field.to_owned(),
    })
}

fn shown(room: &Room, colleague: &Colleague, draft: &Draft, status: StatusCode, notes: &Notes) -> Response {
    let story = &draft.story;
    let frame = Frame::inside(room, colleague, "story", stories::PART_OF_DESK);
    let t = frame.t;
    let found = findings(draft, colleague.app.known().style.clone(), colleague.app.now());
    let count = |level| found.iter().filter(|one| one.level == level).count();
    let (red, amber) = (count("red"), count("amber"));
    let (of_slides, of_story): (Vec<Finding>, Vec<Finding>) =
        found.into_iter().partition(|one| one.slide.is_some());
    let mut slides = rows(draft, t, &colleague.app.config().work, of_slides);
    for row in &mut slides {
        row.caption = notes.apply(std::mem::take(&mut row.caption));
        row.alt = notes.apply(std::mem::take(&mut row.alt));
        row.more = std::mem::take(&mut row.more).into_iter().map(|field| notes.apply(field)).collect();
    }
    let text = |name: &str, value: &str, lines| notes.apply(field(t, name, value, lines));
    let about = [
        ("section", story.section.clone(), 1),
        ("slug", story.slug.to_string(), 1),
        ("dateline", story.dateline.clone().unwrap_or_default(), 1),
        ("bylines", story.bylines.join("\n"), 2),
        ("tags", story.tags.join(", "), 2),
        ("language", story.language.clone(), 1),
    ];
    let placed: Vec<String> = slides
        .iter()
        .flat_map(|row| row.more.iter().chain([&row.caption, &row.alt]))
        .chain([&text("headline", "", 1)])
        .map(|field| field.name.clone())
        .collect();
    let of_form =
        ["lede", "body", "section", "slug", "dateline", "bylines", "tags", "language", "direction", "cover"];
    let is_placed = |name: &str| of_form.contains(&name) || placed.iter().any(|placed| placed == name);
    let loose = notes.refusals.iter().filter(|one| !name_of(one).is_some_and(|name| is_placed(&name)));
    let story_page = StoryPage {
        id: story.id,
        revision: story.revision,
        state: state_of(&story.moments),
        writes: colleague.who.reach(Permission::WriteStories) > Reach::Nothing,
        publishes: colleague.who.reach(Permission::Publish) > Reach::Nothing,
        saved: notes.saved,
        wrong: loose.map(|refusal| refusal.sentence.clone()).collect(),
        is_conflict: notes.refusals.iter().any(|refusal| refusal.code == "stale_revision"),
        headline: text("headline", &story.headline, 2),
        lede: text("lede", &story.lede, 4),
        body: text("body", &story.body, 14),
        about: about.iter().map(|(name, value, lines)| text(name, value, *lines)).collect(),
        direction: story.direction.as_str(),
        red,
        amber,
        findings: of_story,
        slides,
        frame,
    };
    page(status, &story_page)
}

/// Saves what was typed, and does what its button says.
pub async fn save(
    State(room): State<Room>,
    _: Own,
    colleague: Colleague,
    Path(id): Path<String>,
    Typed(pairs): Typed,
) -> Result<Response, Hindrance> {
    let draft = draft_for(&room, &colleague, &id).await?;
    let story = draft.story.id;
    let form = story_form::Form::read(pairs);
    // What was typed is told from what stood there by the state that the page was made from.
    let base = if form.revision == draft.story.revision {
        draft.clone()
    } else {
        let then = colleague
            .app
            .store()
            .view(async |view: &mut View| load_draft_at(view, story, form.revision).await);
        then.await.map_err(|error| room.fault(&error))?.unwrap_or_else(|| draft.clone())
    };
    let before = rows(&base, room.texts(), &colleague.app.config().work, Vec::new());
    let (file, typed) = form.file(&base.story, &before, &draft.story);
    let kept = match file.slide {
        // A new order is made of the slides that the page showed; where these are others now nobody guesses.
        Some(_) => put_story(&colleague.app, &colleague.who, story, &file).await,
        None => merge_story(&colleague.app, &colleague.who, story, &file).await,
    };
    let done = match kept {
        Ok(_) => clear(&colleague, story, &form).await,
        Err(denied) => Err(denied),
    };
    match done {
        Ok(()) => {
            let place = form.slide().map_or_else(String::new, |slide| format!("#slide-{slide}"));
            Ok(Redirect::to(&format!("/desk/stories/{story}?saved=1{place}")).into_response())
        }
        Err(Denied::Fault(error)) => Err(room.fault(&error)),
        Err(Denied::Refused(refusals)) => {
            // It may have changed a moment ago.
            let draft = draft_for(&room, &colleague, &id).await?;
            let notes = Notes { saved: false, typed, refusals };
            Ok(shown(&room, &colleague, &draft, StatusCode::UNPROCESSABLE_ENTITY, &notes))
        }
    }
}

/// Clears a restriction where its button was used (R12).
async fn clear(colleague: &Colleague, story: StoryId, form: &story_form::Form) -> Result<(), Denied> {
    let Some(Deed::Clear(slide)) = &form.deed else { return Ok(()) };
    let reason = form.value(&format!("s.{slide}.reason"));
    let slide: SlideId = slide.parse().map_err(|_| no_such_story(slide))?;
    let cleared = clear_restriction(&colleague.app, &colleague.who, story, &slide, reason).await;
    cleared.map(|_| ()).map_err(|denied| match denied {
        Denied::Refused(refusals) => {
            let placed = refusals.into_iter().map(|one| one.slide(&slide, 0).field("reason"));
            Denied::Refused(placed.collect())
        }
        fault => fault,
    })
}
