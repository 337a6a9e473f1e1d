//! The preview: the page that readers would get of a draft, made by what prints it, and its pictures.

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use hyper::StatusCode;
use hyper::header::{self, HeaderName};
use newsroom::colour::Colour;
use newsroom::id::{PhotoId, StoryId};
use newsroom::staff::policy::Permission;
use newsroom::story::Direction;
use serde::Deserialize;
use store::{Publication, StoreError, View};

use super::{Colleague, Hindrance, Room};
use crate::actions::publish_story::{HowToPublish, freeze};
use crate::actions::withdraw::no_such_photo;
use crate::actions::{Denied, Draft, load_draft, no_such_story};
use crate::api::carried_out;
use crate::app::App;
use crate::jobs::{JobFault, Looked, Part, preview, preview_picture};
use crate::pages::assets::{Ground, site_css};
use crate::pages::{Page, Site};
use crate::telemetry::chain;

/// Where pictures of previews lie for the staff.
pub const PICTURES: &str = "/desk/pictures";

/// What readers' pages may load (the same as theirs), in a frame of the desk.
const POLICY: &str = "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; connect-src 'self'; \
                      font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'";

/// A picture's name says what made it, and the same name is never given to other bytes.
const KEPT: &str = "private, max-age=86400, immutable";

/// How a page is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Look {
    /// In the light, whatever the machine says.
    Light,
    /// In the dark.
    Dark,
    /// From right to left, to see whether anything stands in the way of that.
    Rtl,
}

impl Look {
    /// As an address says it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
            Self::Rtl => "rtl",
        }
    }

    /// Where the house's colours are, held to this ground; these, where some are tried.
    pub fn colours(self, tried: Option<(Colour, Colour)>) -> String {
        let ground = if self == Self::Dark { "dark" } else { "light" };
        let digits = |colour: Colour| colour.to_string().replace('#', "%23");
        let tried = tried.map(|(light, dark)| format!("?light={}&dark={}", digits(light), digits(dark)));
        format!("/desk/preview/{ground}.css{}", tried.unwrap_or_default())
    }
}

/// How to look at it, and at which of its pages; as the machine is set, where nothing is said.
#[derive(Default, Deserialize)]
pub struct As {
    #[serde(rename = "as")]
    look: Option<Look>,
    #[serde(default)]
    part: String,
    slide: Option<usize>,
}

impl As {
    fn part(&self) -> Part {
        match (self.part.as_str(), self.slide) {
            ("light", _) => Part::Light,
            ("slide", number) => Part::Slide(number.unwrap_or(1)),
            _ => Part::Story,
        }
    }
}

/// A draft that a colleague may see, with what readers have of it.
pub async fn drafted(
    room: &Room,
    colleague: &Colleague,
    id: &str,
) -> Result<(Draft, Option<Publication>), Hindrance> {
    let (app, who, name) = (colleague.app.clone(), colleague.who.clone(), id.to_owned());
    let found = carried_out(async move || {
        let id: StoryId = name.parse().map_err(|_| no_such_story(&name))?;
        who.may(Permission::ReadStories)?;
        let found = app.store().view(async |view: &mut View| {
            if !who.reaches(Permission::ReadStories, view.owner_of_story(id).await?) {
                return Ok(None);
            }
            let Some(draft) = load_draft(view, id).await? else { return Ok(None) };
            Ok::<_, StoreError>(Some((draft, view.publication(id).await?)))
        });
        let found = found.await.map_err(Denied::from)?;
        found.ok_or_else(|| no_such_story(&name).into())
    });
    found.await.map_err(|denied| room.denied(&denied))
}

/// A page of a draft, as it would be published now, its pictures below `pictures_at`.
pub async fn made(
    app: &App,
    draft: &Draft,
    before: Option<&Publication>,
    how: &As,
    pictures_at: &str,
) -> Result<Page, JobFault> {
    let (now, look) = (app.now(), how.look);
    let mut record = freeze(draft, &HowToPublish::default(), before.map(|before| &before.record), now);
    // What readers have already changed when it was published.
    let published_at = before.filter(|before| before.record == record).map_or(now, |one| one.published_at);
    if look == Some(Look::Rtl) {
        record.direction = Direction::Rtl;
    }
    let publication = Publication { record, revision: draft.story.revision, published_at, withdrawn: None };
    let looked = Looked { publication, pictures_at: pictures_at.to_owned() };
    let colours = |site: &mut Site| match look {
        Some(look @ (Look::Light | Look::Dark)) => site.assets.site_css = look.colours(None),
        Some(Look::Rtl) | None => {}
    };
    preview(app, looked, how.part(), colours).await
}

/// A page as a preview: kept nowhere, and found by nobody.
pub fn shown(page: Page) -> Response {
    let fields = [
        (header::CONTENT_TYPE, page.content_type.to_owned()),
        (header::CONTENT_LANGUAGE, page.language),
        (header::CACHE_CONTROL, "no-store".to_owned()),
        (header::CONTENT_SECURITY_POLICY, POLICY.to_owned()),
        (HeaderName::from_static("x-robots-tag"), "noindex".to_owned()),
    ];
    (fields, page.body).into_response()
}

/// The page that readers would get.
pub async fn page(
    State(room): State<Room>,
    colleague: Colleague,
    Path(id): Path<String>,
    Query(how): Query<As>,
) -> Result<Response, Hindrance> {
    let (draft, before) = drafted(&room, &colleague, &id).await?;
    let page = made(&colleague.app, &draft, before.as_ref(), &how, PICTURES).await;
    page.map(shown).map_err(|fault| room.unmade(&fault))
}

impl Room {
    /// Notes that a preview could not be made.
    pub fn unmade(&self, fault: &JobFault) -> Hindrance {
        tracing::error!(error = %chain(fault), "a preview could not be made");
        let sentence = self.texts().say("went-wrong");
        Hindrance::refused(self, StatusCode::INTERNAL_SERVER_ERROR, "fault", sentence)
    }
}

/// A picture of a preview, for who may see its photo.
pub async fn picture(
    State(room): State<Room>,
    colleague: Colleague,
    Path((photo, version, file)): Path<(String, String, String)>,
) -> Result<Response, Hindrance> {
    let Ok(id) = photo.parse::<PhotoId>() else { return Ok(StatusCode::NOT_FOUND.into_response()) };
    let (app, who) = (&colleague.app, &colleague.who);
    let owner = app.store().view(async |view: &mut View| view.owner_of_photo(id).await).await;
    let owner = owner.map_err(|error| room.fault(&error))?;
    if !who.reaches(Permission::ReadPhotos, owner) {
        return Err(room.denied(&no_such_photo(id).into()));
    }
    let bytes = preview_picture(app, id, &version, &file).await.map_err(|error| room.fault(&error))?;
    Ok(sent(bytes))
}

/// The bytes of a picture that a browser may keep for itself.
pub fn sent(bytes: Option<bytes::Bytes>) -> Response {
    let fields =
        [(header::CONTENT_TYPE, "image/jpeg"), (header::CACHE_CONTROL, KEPT), (header::VARY, "Cookie")];
    match bytes {
        Some(bytes) => (fields, bytes).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Colours that are looked at before they hold.
#[derive(Deserialize)]
pub struct Tried {
    light: Option<Colour>,
    dark: Option<Colour>,
}

/// The house's colours as they are in the light, or in the dark.
pub async fn colours(
    State(room): State<Room>,
    Path(name): Path<String>,
    Query(tried): Query<Tried>,
) -> Response {
    let ground = match name.as_str() {
        "light.css" => Ground::Light,
        "dark.css" => Ground::Dark,
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    let accent = tried.light.zip(tried.dark).or_else(|| room.held().accent);
    let css = site_css(accent, ground);
    ([(header::CONTENT_TYPE, "text/css; charset=utf-8"), (header::CACHE_CONTROL, "no-store")], css)
        .into_response()
}
