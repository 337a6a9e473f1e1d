//! The desk's pages: where somebody who works here is let in, and looks after how. Every form works without a script; a
//! passkey alone needs one, because only a script may ask the browser for it.

mod account;
mod assets;
mod audit;
mod browser;
mod compare;
mod door;
mod forms;
mod frame;
mod home;
mod jobs;
mod me;
mod needs;
mod notices;
mod photo;
mod photos;
mod preview;
mod proof;
mod publish;
mod publish_form;
mod revisions;
mod send;
mod shared;
mod site;
mod site_preview;
mod staff;
mod stories;
mod story;
mod story_form;
mod story_help;
mod story_rows;
mod system;
mod use_photos;
mod watched;
mod withdraw_photo;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequest, FromRequestParts};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use darkroom::worker::Keeper;
use hyper::header::{self, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Request, StatusCode};
use newsroom::moment::Moment;
use newsroom::staff::Account;
use serde::de::DeserializeOwned;
use serve::{Body, Visitor};
use store::{Session, StoreError};
use tower::ServiceExt as _;

use crate::actions::staff::sign_in::session_of;
use crate::actions::{Denied, Who};
use crate::allowance::{Gate, network};
use crate::app::{App, Records};
use crate::config::Held;
use crate::cookies::cookie;
use crate::telemetry::chain;
use crate::texts::Texts;
use frame::Frame;

/// Where the desk's pages lie.
pub const ROOT: &str = "/desk";

/// Bytes of a form at most.
const LONGEST_FORM: usize = 64 << 10;
/// Bytes of a story's form at most: 500 slides with all that may be written.
const LONGEST_STORY: usize = 8 << 20;
/// How long the whole of a form may take.
const FORM_TIME: Duration = Duration::from_secs(20);

/// What the desk's pages are made from. Cheap to clone.
#[derive(Clone)]
struct Room {
    records: Arc<Records>,
    gate: Arc<Gate>,
    workers: Arc<Keeper>,
}

/// The desk's pages as the server's live routes call them.
#[derive(Clone)]
pub struct Desk {
    router: Router,
}

impl Desk {
    /// The pages over these records.
    pub fn new(records: Arc<Records>, gate: Arc<Gate>, workers: Arc<Keeper>) -> Self {
        let room = Room { records, gate, workers };
        let router = Router::new()
            .route(ROOT, get(home::home))
            .route("/desk/sign-in", get(door::sign_in).post(door::try_to_sign_in))
            .route("/desk/sign-out", post(door::sign_out))
            .route("/desk/welcome", get(door::welcome).post(door::follow))
            .route("/desk/me", get(me::me))
            .route("/desk/stories", get(stories::list).post(stories::begin))
            .route(
                "/desk/stories/{id}",
                get(story::story).post(story::save).layer(DefaultBodyLimit::max(LONGEST_STORY)),
            )
            .route("/desk/stories/{id}/revisions", get(revisions::list))
            .route("/desk/stories/{id}/revisions/{number}", get(revisions::compare).post(revisions::restore))
            .route("/desk/body", post(story_help::body).layer(DefaultBodyLimit::max(LONGEST_STORY)))
            .route("/desk/known", get(story_help::known))
            .route("/desk/photos", get(photos::sheet))
            .route("/desk/photos/compare", get(compare::compare))
            .route("/desk/photos/use", post(use_photos::use_photos))
            .route("/desk/photos/send", post(send::send).layer(DefaultBodyLimit::disable()))
            .route("/desk/photos/{id}", get(photo::photo))
            .route("/desk/passkeys/{id}/rename", post(me::rename))
            .route("/desk/passkeys/{id}/remove", post(me::remove))
            .route("/desk/assets/{version}/{name}", get(assets::asset))
            .merge(around())
            .merge(going_out())
            .fallback(missing)
            .layer(DefaultBodyLimit::max(LONGEST_FORM))
            .with_state(room);
        Self { router }
    }

    /// Answers a request whose path begins with [`ROOT`].
    pub async fn answer(&self, request: Request<hyper::body::Incoming>) -> hyper::Response<Body> {
        let Ok(mut response) = self.router.clone().oneshot(request).await;
        let headers = response.headers_mut();
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        // A link that lets somebody in must not be told to another site.
        headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
        let policy = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' data: blob:; form-action 'self'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'";
        // A preview is a page of readers', with a policy like theirs.
        headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(HeaderValue::from_static(policy));
        response.map(|body| Body::live(http_body_util::BodyExt::map_err(body, Into::into)))
    }
}

/// What lies around photos and stories: one's own account, colleagues, notices, what was done and what works.
fn around() -> Router<Room> {
    Router::new()
        .route("/desk/me/name", get(account::name).post(account::change_name))
        .route("/desk/me/password", get(account::password).post(account::change_password))
        .route("/desk/me/second-factor", get(account::factor).post(account::set_factor))
        .route("/desk/me/sessions", get(account::sessions))
        .route("/desk/me/sessions/end-others", post(account::end_others))
        .route("/desk/me/sessions/{id}/end", post(account::end_session))
        .route("/desk/me/tokens", get(account::tokens).post(account::make_token))
        .route("/desk/me/tokens/{id}/end", post(account::end_token))
        .route("/desk/staff", get(staff::list).post(staff::invite))
        .route("/desk/staff/{id}", get(staff::colleague).post(staff::change))
        .route("/desk/staff/{id}/link", post(staff::link))
        .route("/desk/staff/{id}/leave", get(staff::ask_to_leave).post(staff::leave))
        .route("/desk/invitations/{digest}/take-back", post(staff::take_back))
        .route("/desk/notices", get(notices::list).post(notices::add))
        .route("/desk/notices/{id}/remove", post(notices::remove))
        .route("/desk/audit", get(audit::list))
        .route("/desk/jobs", get(jobs::list))
        .route("/desk/jobs/retry", post(jobs::retry))
        .route("/desk/system", get(system::system))
        .route("/desk/watched", get(watched::list))
        .route("/desk/site", get(site::site).post(site::save))
        .route("/desk/site/preview", get(site_preview::frames))
        .route("/desk/site/preview/page", get(site_preview::page))
}

/// How a story goes out, and what is taken away again.
fn going_out() -> Router<Room> {
    Router::new()
        .route("/desk/stories/{id}/publish", get(publish::publish).post(publish_form::act))
        .route("/desk/stories/{id}/proof", get(proof::proof).post(proof::sign))
        .route("/desk/stories/{id}/preview", get(preview::page))
        .route("/desk/pictures/{photo}/{version}/{file}", get(preview::picture))
        .route("/desk/preview/{name}", get(preview::colours))
        .route("/desk/shared/{secret}", get(shared::frame).post(shared::approve))
        .route("/desk/shared/{secret}/page", get(shared::preview))
        .route("/desk/shared/{secret}/pictures/{photo}/{version}/{file}", get(shared::picture))
        .route("/desk/photos/{id}/withdraw", get(withdraw_photo::ask).post(withdraw_photo::act))
}

async fn missing(axum::extract::State(room): axum::extract::State<Room>) -> Response {
    let frame = Frame::outside(&room, "not-here");
    frame.say(StatusCode::NOT_FOUND, &frame.t.say("no-such-page"))
}

/// Why a page could not be given.
enum Hindrance {
    /// Nobody is signed in: the page to sign in, which leads on to where somebody wanted to go.
    SignIn {
        /// That page.
        to: String,
    },
    /// Said on a page: its status, its name and what it says.
    Said(Box<(Room, StatusCode, &'static str, String)>),
}

impl Hindrance {
    fn sign_in() -> Self {
        Self::SignIn { to: String::new() }
    }

    /// What a refusal says.
    fn refused(room: &Room, status: StatusCode, title: &'static str, sentence: impl Into<String>) -> Self {
        Self::Said(Box::new((room.clone(), status, title, sentence.into())))
    }
}

impl IntoResponse for Hindrance {
    fn into_response(self) -> Response {
        match self {
            Self::SignIn { to } if to.is_empty() || to == ROOT => {
                Redirect::to("/desk/sign-in").into_response()
            }
            Self::SignIn { to } => {
                let to: String = form_urlencoded::byte_serialize(to.as_bytes()).collect();
                Redirect::to(&format!("/desk/sign-in?to={to}")).into_response()
            }
            Self::Said(said) => {
                let (room, status, title, sentence) = *said;
                let mut page = Frame::outside(&room, title).say(status, &sentence);
                if status == StatusCode::SERVICE_UNAVAILABLE {
                    page.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
                }
                page
            }
        }
    }
}

impl Room {
    fn app(&self) -> Result<App, Hindrance> {
        let away = || {
            let sentence = self.texts().say("records-away");
            Hindrance::refused(self, StatusCode::SERVICE_UNAVAILABLE, "not-now", sentence)
        };
        self.records.app().ok_or_else(away)
    }

    /// What holds of the site.
    fn held(&self) -> Arc<Held> {
        self.records.held()
    }

    /// A moment as the desk tells it, in its time zone: `2021-01-03 15:32`.
    fn told_time(&self, at: Moment) -> String {
        at.as_timestamp().to_zoned(self.held().site.time_zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
    }

    /// The desk's texts.
    fn texts(&self) -> Texts {
        Texts::of_desk(&self.held().site.language)
    }

    /// Notes a fault.
    fn fault(&self, error: &StoreError) -> Hindrance {
        tracing::error!(error = %chain(error), "a page of the desk could not be made");
        let sentence = self.texts().say("went-wrong");
        Hindrance::refused(self, StatusCode::INTERNAL_SERVER_ERROR, "fault", sentence)
    }

    /// Why an action did nothing, as a page.
    fn denied(&self, denied: &Denied) -> Hindrance {
        match denied {
            Denied::Fault(error) => self.fault(error),
            Denied::Refused(refusals) => {
                let said: Vec<&str> = refusals.iter().map(|one| one.sentence.as_str()).collect();
                let status = match refusals.first().map(|one| one.code) {
                    Some("not_allowed") => StatusCode::FORBIDDEN,
                    Some(code) if code.ends_with("_unknown") => StatusCode::NOT_FOUND,
                    _ => StatusCode::UNPROCESSABLE_ENTITY,
                };
                Hindrance::refused(self, status, "not-done", said.join(" "))
            }
        }
    }
}

/// Somebody who is signed in.
struct Colleague {
    app: App,
    who: Who,
    account: Account,
    session: Session,
}

impl FromRequestParts<Room> for Colleague {
    type Rejection = Hindrance;
    async fn from_request_parts(parts: &mut Parts, room: &Room) -> Result<Self, Hindrance> {
        let app = room.app()?;
        let secure = room.held().site.url.starts_with("https://");
        let to =
            if parts.method.is_safe() { parts.uri.path_and_query().map(ToString::to_string) } else { None };
        let outside = || Hindrance::SignIn { to: to.unwrap_or_default() };
        let Some(secret) = cookie(&parts.headers, secure) else { return Err(outside()) };
        match session_of(&app, &secret).await {
            Ok(Some((account, session))) => Ok(Self { app, who: Who::of(&account), account, session }),
            Ok(None) => Err(outside()),
            Err(error) => Err(room.fault(&error)),
        }
    }
}

/// A form, all of which has to come soon: a sender who does not go on must not keep a place among the readers'.
struct Form<T>(T);

impl<T: DeserializeOwned> FromRequest<Room> for Form<T> {
    type Rejection = Response;
    async fn from_request(request: axum::extract::Request, room: &Room) -> Result<Self, Response> {
        let say = |status, text: &str| {
            let frame = Frame::outside(room, "once-more");
            frame.say(status, &frame.t.say(text))
        };
        match tokio::time::timeout(FORM_TIME, axum::Form::<T>::from_request(request, room)).await {
            Ok(Ok(axum::Form(form))) => Ok(Self(form)),
            Ok(Err(_)) => Err(say(StatusCode::UNPROCESSABLE_ENTITY, "form-odd")),
            Err(_) => Err(say(StatusCode::REQUEST_TIMEOUT, "form-late")),
        }
    }
}

/// The network that a request came from.
struct From(std::net::IpAddr);

impl FromRequestParts<Room> for From {
    type Rejection = std::convert::Infallible;
    async fn from_request_parts(parts: &mut Parts, _: &Room) -> Result<Self, Self::Rejection> {
        let visitor = parts.extensions.get::<Visitor>();
        Ok(Self(network(visitor.map_or(std::net::IpAddr::from([0, 0, 0, 0]), |visitor| visitor.address))))
    }
}
