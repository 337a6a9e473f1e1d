//! Photos become slides of a story, after a look at what was used with other words already.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use hyper::StatusCode;
use newsroom::id::{PhotoId, StoryId};
use newsroom::staff::policy::{Permission, Reach};
use newsroom::story::Story;
use store::{Photo, StoreError, View};

use super::forms::Own;
use super::frame::{Frame, page};
use super::photo::Used;
use super::{Colleague, Form, Hindrance, Room, compare, photos};
use crate::actions::create_story::{NewStory, create_story};
use crate::actions::no_such_story;
use crate::actions::photo_library::photo_uses_for;
use crate::actions::put_story::put_story;
use crate::actions::similar::{Captions, similar};
use crate::api::renditions::{SizeBody, previews};
use crate::exchange::story_file::{SlideEntry, StoryFile};

#[derive(Template)]
#[template(path = "desk/use_photos.html")]
struct Alike {
    frame: Frame,
    pairs: Vec<Pair>,
    /// The form as it came.
    fields: Vec<(String, String)>,
    back: String,
}

/// A photo, and another that looks like it and was used.
struct Pair {
    chosen: Side,
    used: Side,
    uses: Vec<Used>,
}

impl Pair {
    /// Both, with what each is.
    fn sides(&self) -> [(&'static str, &Side); 2] {
        [("chosen-now", &self.chosen), ("there-already", &self.used)]
    }
}

struct Side {
    id: PhotoId,
    name: String,
    caption: String,
    picture: Option<SizeBody>,
    withdrawn: Option<String>,
}

impl Side {
    fn of(photo: &Photo, colleague: &Colleague) -> Self {
        Self {
            id: photo.id,
            name: photo.name.clone(),
            caption: photo.facts.description.clone().unwrap_or_default(),
            picture: previews(photo, &colleague.app.config().work).small,
            withdrawn: photo.withdrawn.as_ref().map(|decision| decision.reason.clone()),
        }
    }
}

/// What a form says under a name.
fn said<'a>(fields: &'a [(String, String)], name: &str) -> &'a str {
    fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.trim())
}

/// Puts the photos into the story, or asks first.
pub async fn use_photos(
    State(room): State<Room>,
    _: Own,
    colleague: Colleague,
    Form(fields): Form<Vec<(String, String)>>,
) -> Result<Response, Hindrance> {
    colleague.who.may(Permission::WriteStories).map_err(|refusal| room.denied(&refusal.into()))?;
    let refused = |text: &str| {
        let sentence = room.texts().say(text);
        Hindrance::refused(&room, StatusCode::UNPROCESSABLE_ENTITY, "not-done", sentence)
    };
    let chosen = compare::seen(&room, &colleague, &compare::chosen(&fields)).await?;
    if chosen.is_empty() {
        return Err(refused("choose-photos"));
    }
    let slide = said(&fields, "slide");
    if !slide.is_empty() && chosen.len() != 1 {
        return Err(refused("choose-one"));
    }
    if said(&fields, "story").is_empty() && said(&fields, "headline").is_empty() {
        return Err(refused("headline-missing"));
    }
    if said(&fields, "sure").is_empty() {
        let pairs = pairs(&room, &colleague, &chosen).await?;
        if !pairs.is_empty() {
            let frame = Frame::inside(&room, &colleague, "used-before", photos::PART_OF_DESK);
            let mut back = photos::PART_OF_DESK.to_owned();
            if !said(&fields, "story").is_empty() {
                back = format!("{back}?story={}", said(&fields, "story"));
            }
            return Ok(page(StatusCode::OK, &Alike { frame, pairs, fields, back }));
        }
    }
    let story = story_of(&room, &colleague, &fields).await?;
    let file = with_photos(&story, slide, &chosen);
    put_story(&colleague.app, &colleague.who, story.id, &file)
        .await
        .map_err(|denied| room.denied(&denied))?;
    let anchor = if slide.is_empty() { String::new() } else { format!("#slide-{slide}") };
    Ok(Redirect::to(&format!("/desk/stories/{}{anchor}", story.id)).into_response())
}

/// The story that is meant, or a new one.
async fn story_of(
    room: &Room,
    colleague: &Colleague,
    fields: &[(String, String)],
) -> Result<Story, Hindrance> {
    let named = said(fields, "story");
    if named.is_empty() {
        let new = NewStory { headline: said(fields, "headline").to_owned(), ..NewStory::default() };
        return create_story(&colleague.app, &colleague.who, new)
            .await
            .map_err(|denied| room.denied(&denied));
    }
    let unknown = || room.denied(&no_such_story(named).into());
    let id: StoryId = named.parse().map_err(|_| unknown())?;
    let who = &colleague.who;
    let found = colleague.app.store().view(async |view: &mut View| {
        let reached = who.reaches(Permission::WriteStories, view.owner_of_story(id).await?);
        if reached { view.story(id).await } else { Ok::<_, StoreError>(None) }
    });
    found.await.map_err(|error| room.fault(&error))?.ok_or_else(unknown)
}

/// The story with the photos behind its slides, or with one of them on this slide.
fn with_photos(story: &Story, slide: &str, chosen: &[Photo]) -> StoryFile {
    let mut entries: Vec<SlideEntry> = story
        .slides
        .iter()
        .map(|one| {
            let id = one.id.to_string();
            let replaced = chosen.first().filter(|_| id == slide).map(|photo| photo.id.to_string());
            SlideEntry { id: Some(id), photo: replaced, ..SlideEntry::default() }
        })
        .collect();
    if slide.is_empty() {
        let new = chosen
            .iter()
            .map(|photo| SlideEntry { photo: Some(photo.id.to_string()), ..SlideEntry::default() });
        entries.extend(new);
    }
    StoryFile { revision: Some(story.revision), slide: Some(entries), ..StoryFile::default() }
}

/// What looks like the chosen photos and stands in stories with another caption. Only whoever sees all photos is told.
async fn pairs(room: &Room, colleague: &Colleague, chosen: &[Photo]) -> Result<Vec<Pair>, Hindrance> {
    let mut pairs = Vec::new();
    if colleague.who.reach(Permission::ReadPhotos) != Reach::All {
        return Ok(pairs);
    }
    let app = &colleague.app;
    for photo in chosen {
        let found = similar(app, photo.id).await.map_err(|denied| room.denied(&denied))?;
        let other = |one: &&crate::actions::similar::Similar| {
            one.captions == Captions::Different && (!one.stories.is_empty() || one.withdrawn.is_some())
        };
        for one in found.iter().filter(other) {
            let (kept, uses) = photo_uses_for(app, &colleague.who, one.photo)
                .await
                .map_err(|denied| room.denied(&denied))?;
            pairs.push(Pair {
                chosen: Side::of(photo, colleague),
                used: Side::of(&kept, colleague),
                uses: uses.iter().map(|one| Used::of(one, room)).collect(),
            });
        }
    }
    Ok(pairs)
}
