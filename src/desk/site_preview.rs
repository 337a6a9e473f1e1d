//! How readers' pages would look with settings that nobody has set yet: nothing is stored, and the frames are told in their
//! addresses what to show.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use store::{Listing, Part, StoreError, View};

use super::forms::Wrong;
use super::frame::{Frame, page as filled};
use super::preview::{Look, PICTURES, shown};
use super::site::{PART_OF_DESK, Typed, change};
use super::{Colleague, Hindrance, Room};
use crate::actions::set_site::tried;
use crate::app::App;
use crate::config::Held;
use crate::jobs::{self, JobFault, Looked, preview_with, site_with_sections};
use crate::pages::list::{ListInput, home};
use crate::pages::{Page, Site};

/// How pages are looked at: the text of each, its classes and its query.
const LOOKS: [(&str, &str, Look); 4] = [
    ("look-phone-light", "phone", Look::Light),
    ("look-phone-dark", "phone dark", Look::Dark),
    ("look-wide-light", "wide", Look::Light),
    ("look-wide-dark", "wide dark", Look::Dark),
];

/// A frame.
struct Framed {
    name: String,
    classes: &'static str,
    address: String,
}

#[derive(Template)]
#[template(path = "desk/site_preview.html")]
struct Preview {
    frame: Frame,
    wrong: Option<String>,
    frames: Vec<Framed>,
    /// What was typed, to be sent or changed.
    typed: Typed,
    back: String,
}

/// The frames, and what was typed, to be saved or changed.
pub async fn frames(
    State(room): State<Room>,
    colleague: Colleague,
    Query(typed): Query<Typed>,
) -> Result<Response, Hindrance> {
    let wrong = match tried(&colleague.app, &colleague.who, &change(&typed)) {
        Ok(_) => Wrong::default(),
        Err(denied) => Wrong::of(&room, denied)?,
    };
    let frame = Frame::inside(&room, &colleague, "site-preview", PART_OF_DESK);
    let query: String = form_urlencoded::Serializer::new(String::new()).extend_pairs(&typed).finish();
    let one = |(name, classes, look): (&str, &'static str, Look)| Framed {
        name: frame.t.say(name),
        classes,
        address: format!("/desk/site/preview/page?{query}&as={}", look.as_str()),
    };
    let said = wrong.besides(&[]);
    let preview = Preview {
        frames: if said.is_none() { LOOKS.into_iter().map(one).collect() } else { Vec::new() },
        wrong: said,
        back: format!("{PART_OF_DESK}?{query}"),
        typed,
        frame,
    };
    Ok(filled(wrong.status(), &preview))
}

/// How to look at it.
#[derive(Deserialize)]
pub struct As {
    #[serde(rename = "as")]
    look: Look,
}

/// The page in a frame: the newest published story, or the first page while there is none.
pub async fn page(
    State(room): State<Room>,
    colleague: Colleague,
    Query(typed): Query<Typed>,
    Query(how): Query<As>,
) -> Result<Response, Hindrance> {
    let held =
        tried(&colleague.app, &colleague.who, &change(&typed)).map_err(|denied| room.denied(&denied))?;
    match made(&colleague.app, &held, how.look).await {
        Ok(page) => Ok(shown(page)),
        Err(fault) => Err(room.unmade(&fault)),
    }
}

async fn made(app: &App, held: &Held, look: Look) -> Result<Page, JobFault> {
    let colours = |site: &mut Site| site.assets.site_css = look.colours(held.accent);
    let newest = app.store().view(async |view: &mut View| {
        let newest = view.published(Listing::All, Part::newest(1)).await?.pop();
        Ok::<_, StoreError>((newest, site_with_sections(held, view).await?))
    });
    let (newest, mut site) = newest.await?;
    match newest {
        Some(publication) => {
            let looked = Looked { publication, pictures_at: PICTURES.to_owned() };
            preview_with(app, held, (looked, jobs::Part::Story), colours).await
        }
        None => {
            colours(&mut site);
            Ok(home(&site, &ListInput { cards: &[], notices: &[], at: app.now() })?)
        }
    }
}
