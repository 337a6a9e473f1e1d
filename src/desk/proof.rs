//! The proof sheet: every caption and credit as readers will see them, large, to be read aloud and signed.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use newsroom::approval::LookedOver;
use newsroom::id::StoryId;
use serde::Deserialize;

use super::forms::{Field, Kept, Own, Wrong};
use super::frame::{Frame, page};
use super::preview::drafted;
use super::{Colleague, Form, Hindrance, Room, stories};
use crate::actions::Draft;
use crate::actions::approve::{Saying, approve};
use crate::api::carried_out;
use crate::api::renditions::{SizeBody, previews};

#[derive(Template)]
#[template(path = "desk/proof.html")]
struct Proof {
    frame: Frame,
    id: StoryId,
    site: String,
    headline: String,
    lede: String,
    revision: i64,
    /// When the sheet was made.
    at: String,
    language: String,
    direction: &'static str,
    kept: bool,
    wrong: Option<String>,
    name: String,
    fields: Vec<Field>,
    lines: Vec<Line>,
}

/// A slide on the sheet.
struct Line {
    id: String,
    number: usize,
    picture: Option<SizeBody>,
    caption: String,
    credit: String,
    place: String,
    date: String,
    alt: String,
}

/// The sheet.
pub async fn proof(
    State(room): State<Room>,
    colleague: Colleague,
    Path(id): Path<String>,
    Query(kept): Query<Kept>,
) -> Result<Response, Hindrance> {
    let (draft, _) = drafted(&room, &colleague, &id).await?;
    Ok(shown(&room, &colleague, &draft, kept.is_said(), (&Wrong::default(), "")))
}

fn shown(
    room: &Room,
    colleague: &Colleague,
    draft: &Draft,
    kept: bool,
    (wrong, remark): (&Wrong, &str),
) -> Response {
    let frame = Frame::inside(room, colleague, "proof", stories::PART_OF_DESK);
    let remark = Field::new("sign", "remark", "area", frame.t.say("remark")).value(remark).wrong(wrong);
    let fields = vec![remark];
    let work = &colleague.app.config().work;
    let lines = draft.story.slides.iter().zip(&draft.shown).enumerate().map(|(index, (slide, shown))| Line {
        id: slide.id.to_string(),
        number: index + 1,
        picture: draft.photo(index).and_then(|photo| previews(photo, work).small),
        caption: shown.caption.text.clone(),
        credit: shown.credit.text.clone(),
        place: shown.place.text.clone(),
        date: shown.date.text.clone(),
        alt: shown.alt.text.clone(),
    });
    let proof = Proof {
        id: draft.story.id,
        site: room.held().site.name.clone(),
        headline: draft.story.headline.clone(),
        lede: draft.story.lede.clone(),
        revision: draft.story.revision,
        at: room.told_time(colleague.app.now()),
        language: draft.story.language.clone(),
        direction: draft.story.direction.as_str(),
        kept,
        wrong: wrong.besides(&[&fields]),
        name: colleague.account.name.clone(),
        lines: lines.collect(),
        fields,
        frame,
    };
    page(wrong.status(), &proof)
}

/// What is signed.
#[derive(Deserialize)]
pub struct Signed {
    revision: i64,
    #[serde(default)]
    remark: String,
}

/// Signs the sheet in the name of whoever is here.
pub async fn sign(
    State(room): State<Room>,
    _: Own,
    colleague: Colleague,
    Path(id): Path<String>,
    Form(typed): Form<Signed>,
) -> Result<Response, Hindrance> {
    let (draft, _) = drafted(&room, &colleague, &id).await?;
    let story = draft.story.id;
    let saying =
        Saying { revision: Some(typed.revision), of: LookedOver::Proof, remark: typed.remark.clone() };
    let (app, who, account) = (colleague.app.clone(), colleague.who.clone(), colleague.account.clone());
    match carried_out(async move || approve(&app, &who, &account, story, &saying).await).await {
        Ok(_) => Ok(Redirect::to(&format!("/desk/stories/{story}/proof?kept=1")).into_response()),
        Err(denied) => {
            let wrong = Wrong::of(&room, denied)?;
            Ok(shown(&room, &colleague, &draft, false, (&wrong, &typed.remark)))
        }
    }
}
