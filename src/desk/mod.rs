//! The desk's pages: where somebody who works here is let in, and looks after how. Every form works without a script; a
//! passkey alone needs one, because only a script may ask the browser for it.

mod door;
mod frame;
mod home;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequest, FromRequestParts};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use hyper::header::{self, HeaderValue};
use hyper::http::request::Parts;
use hyper::{Request, StatusCode};
use newsroom::staff::Account;
use serde::de::DeserializeOwned;
use serve::{Body, Visitor};
use store::{Session, StoreError};
use tower::ServiceExt as _;

use crate::actions::Who;
use crate::actions::staff::sign_in::session_of;
use crate::allowance::{Gate, network};
use crate::app::{App, Records};
use crate::config::SiteConfig;
use crate::cookies::cookie;
use crate::telemetry::chain;
use frame::Frame;

/// Where the desk's pages lie.
pub const ROOT: &str = "/desk";

/// Bytes of a form at most.
const LONGEST_FORM: usize = 64 << 10;
/// How long the whole of a form may take.
const FORM_TIME: Duration = Duration::from_secs(20);

/// What the desk's pages are made from. Cheap to clone.
#[derive(Clone)]
struct Room {
    records: Arc<Records>,
    gate: Arc<Gate>,
    site: Arc<SiteConfig>,
}

/// The desk's pages as the server's live routes call them.
#[derive(Clone)]
pub struct Desk {
    router: Router,
}

impl Desk {
    /// The pages over these records.
    pub fn new(records: Arc<Records>, gate: Arc<Gate>, site: &SiteConfig) -> Self {
        let room = Room { records, gate, site: Arc::new(site.clone()) };
        let router = Router::new()
            .route(ROOT, get(home::home))
            .route("/desk/sign-in", get(door::sign_in).post(door::try_to_sign_in))
            .route("/desk/sign-out", post(door::sign_out))
            .route("/desk/welcome", get(door::welcome).post(door::follow))
            .route("/desk/passkeys/{id}/rename", post(home::rename))
            .route("/desk/passkeys/{id}/remove", post(home::remove))
            .route("/desk/desk.css", get(frame::style))
            .route("/desk/passkeys.js", get(frame::script))
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
        let policy = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
        response.map(|body| Body::live(http_body_util::BodyExt::map_err(body, Into::into)))
    }
}

async fn missing(axum::extract::State(room): axum::extract::State<Room>) -> Response {
    let frame = Frame::of(&room.site, "Not here");
    frame.say(StatusCode::NOT_FOUND, "The desk has no such page.")
}

/// Why a page could not be given.
enum Hindrance {
    /// Nobody is signed in: the page to sign in.
    SignIn,
    /// The records cannot be reached.
    Away(Arc<SiteConfig>),
    /// A fault of ours.
    Fault(Arc<SiteConfig>),
}

impl IntoResponse for Hindrance {
    fn into_response(self) -> Response {
        match self {
            Self::SignIn => Redirect::to("/desk/sign-in").into_response(),
            Self::Away(site) => {
                let sentence =
                    "The records cannot be reached now; nothing was changed. Try again in a few seconds.";
                let mut page = Frame::of(&site, "Not now").say(StatusCode::SERVICE_UNAVAILABLE, sentence);
                page.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
                page
            }
            Self::Fault(site) => {
                let sentence = "Something went wrong here, and it has been noted.";
                Frame::of(&site, "A fault").say(StatusCode::INTERNAL_SERVER_ERROR, sentence)
            }
        }
    }
}

impl Room {
    fn app(&self) -> Result<App, Hindrance> {
        self.records.app().ok_or_else(|| Hindrance::Away(Arc::clone(&self.site)))
    }

    /// Notes a fault.
    fn fault(&self, error: &StoreError) -> Hindrance {
        tracing::error!(error = %chain(error), "a page of the desk could not be made");
        Hindrance::Fault(Arc::clone(&self.site))
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
        let secure = room.site.url.starts_with("https://");
        let Some(secret) = cookie(&parts.headers, secure) else { return Err(Hindrance::SignIn) };
        match session_of(&app, &secret).await {
            Ok(Some((account, session))) => Ok(Self { app, who: Who::of(&account), account, session }),
            Ok(None) => Err(Hindrance::SignIn),
            Err(error) => Err(room.fault(&error)),
        }
    }
}

/// A form, all of which has to come soon: a sender who does not go on must not keep a place among the readers'.
struct Form<T>(T);

impl<T: DeserializeOwned> FromRequest<Room> for Form<T> {
    type Rejection = Response;
    async fn from_request(request: axum::extract::Request, room: &Room) -> Result<Self, Response> {
        let say = |status, sentence| Frame::of(&room.site, "Once more").say(status, sentence);
        match tokio::time::timeout(FORM_TIME, axum::Form::<T>::from_request(request, room)).await {
            Ok(Ok(axum::Form(form))) => Ok(Self(form)),
            Ok(Err(_)) => {
                Err(say(StatusCode::UNPROCESSABLE_ENTITY, "The form did not come as it was filled in."))
            }
            Err(_) => Err(say(StatusCode::REQUEST_TIMEOUT, "The form took too long to come.")),
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
