//! The JSON API under `/api/v1`: what the desk, agencies' scripts and photographers ask for. It translates and calls an
//! action; who may do what is decided there. The description (OpenAPI 3.1) is made of the routes below.

mod again;
mod ask;
mod machinery;
mod me;
mod notices;
mod passkeys;
mod photos;
mod problem;
mod sessions;
mod staff;
mod stories;
mod story_body;
mod viewer;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::{Html, IntoResponse, Redirect, Response};
use hyper::header::{self, HeaderValue};
use hyper::{Request, StatusCode};
use newsroom::refusal::Refusal;
use serde::Serialize;
use serve::Body;
use store::StoreError;
use tower::ServiceExt as _;
use utoipa::ToSchema;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{InfoBuilder, OpenApi, OpenApiBuilder};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::actions::Denied;
use crate::allowance::Gate;
use crate::app::{App, Records};
use crate::config::SiteConfig;
use problem::Problem;

/// Where the API lies.
pub const ROOT: &str = "/api/v1";

/// The page that describes it.
const VIEWER: &str = "/api/v1/";

/// Nothing that the API answers with runs anything; its one page has a style sheet.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// What the API answers from. Cheap to clone.
#[derive(Clone)]
pub struct Api {
    records: Arc<Records>,
    gate: Arc<Gate>,
    /// Whether the site is reached by TLS, so that its cookies may say so.
    secure: bool,
}

impl Api {
    fn app(&self) -> Result<App, Problem> {
        self.records.app().ok_or_else(Problem::away)
    }
}

/// The API as the server's live routes call it.
#[derive(Clone)]
pub struct Service {
    router: Router,
}

impl Service {
    /// The routes over these records.
    pub fn new(records: Arc<Records>, gate: Arc<Gate>, site: &SiteConfig) -> Self {
        let api = Api { records, gate, secure: site.url.starts_with("https://") };
        let description = serde_json::to_value(description()).unwrap_or_default();
        let viewed = viewer::page(&description).unwrap_or_default();
        let description = bytes::Bytes::from(description.to_string());
        let once = axum::middleware::from_fn_with_state(api.clone(), again::once);
        let router = bare(people())
            .merge(bare(work()).route_layer(once))
            .route(
                &format!("{ROOT}/openapi.json"),
                axum::routing::get(move || described(description.clone())),
            )
            .route(&format!("{ROOT}/"), axum::routing::get(move || async move { Html(viewed.clone()) }))
            .route(ROOT, axum::routing::get(async || Redirect::permanent(VIEWER)))
            .fallback(async || Problem::from(ask::no_route()))
            .method_not_allowed_fallback(async || {
                Problem::from(Refusal::new(
                    "method_unknown",
                    "This address is not for that method; Allow says for which.",
                ))
            })
            .layer(DefaultBodyLimit::max(ask::LONGEST_BODY))
            .with_state(api);
        Self { router }
    }

    /// Answers a request whose path begins with [`ROOT`].
    pub async fn answer(&self, request: Request<hyper::body::Incoming>) -> hyper::Response<Body> {
        let Ok(response) = self.router.clone().oneshot(request).await;
        let mut response = response;
        let headers = response.headers_mut();
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
        response.map(|body| Body::live(http_body_util::BodyExt::map_err(body, Into::into)))
    }
}

async fn described(description: bytes::Bytes) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], description).into_response()
}

/// The description of the API, as OpenAPI 3.1.
fn description() -> OpenApi {
    OpenApiRouter::<Api>::with_openapi(about()).nest(ROOT, people().merge(work())).split_for_parts().1
}

/// Routes without their description.
fn bare(routes: OpenApiRouter<Api>) -> Router<Api> {
    OpenApiRouter::new().nest(ROOT, routes).split_for_parts().0
}

/// Who is let in. Some of these answers hold a secret, so that none of them is kept to be given again.
fn people() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(sessions::sign_in, sessions::sign_out))
        .routes(routes!(sessions::link, sessions::follow))
        .routes(routes!(passkeys::ask, passkeys::sign_in))
        .routes(routes!(me::get, me::change))
        .routes(routes!(me::password))
        .routes(routes!(me::offer_second_factor, me::set_second_factor))
        .routes(routes!(me::sessions))
        .routes(routes!(me::end_session))
        .routes(routes!(me::tokens, me::make_token))
        .routes(routes!(passkeys::list, passkeys::begin, passkeys::make))
        .routes(routes!(passkeys::rename, passkeys::remove))
        .routes(routes!(me::end_token))
        .routes(routes!(staff::list, staff::invite))
        .routes(routes!(staff::get, staff::change, staff::leave))
        .routes(routes!(staff::link))
}

/// What is worked on. The same request with the same key is carried out once.
fn work() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(stories::list, stories::create))
        .routes(routes!(stories::get, stories::change))
        .routes(routes!(stories::check))
        .routes(routes!(stories::publish))
        .routes(routes!(stories::withdraw))
        .routes(routes!(stories::restore))
        .routes(routes!(stories::clear))
        .routes(routes!(photos::get))
        .routes(routes!(photos::withdraw))
        .routes(routes!(photos::restore))
        .routes(routes!(notices::list, notices::add))
        .routes(routes!(notices::remove))
        .routes(routes!(machinery::jobs))
        .routes(routes!(machinery::retry))
        .routes(routes!(machinery::nodes))
        .routes(routes!(machinery::audit))
}

fn about() -> OpenApi {
    let info = InfoBuilder::new()
        .title("Halftone")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "The photo desk of a newsroom. Every change goes through the same actions as the command line's.",
        ))
        .license(Some(utoipa::openapi::License::new("Apache-2.0")))
        .build();
    let token = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
    let session = ApiKey::Cookie(ApiKeyValue::new("halftone"));
    let components = utoipa::openapi::ComponentsBuilder::new()
        .schema_from::<problem::ProblemBody>()
        .schema_from::<problem::Reason>()
        .security_scheme("token", SecurityScheme::Http(token))
        .security_scheme("session", SecurityScheme::ApiKey(session))
        .build();
    OpenApiBuilder::new().info(info).components(Some(components)).build()
}

/// Carries out an action on a thread beside the others: of some actions' futures the compiler (1.95) cannot show that they may
/// go from thread to thread while they wait, as those of a route must.
async fn carried_out<T: Send + 'static>(
    act: impl AsyncFnOnce() -> Result<T, Denied> + Send + 'static,
) -> Result<T, Denied> {
    let here = tokio::runtime::Handle::current();
    let done = tokio::task::spawn_blocking(move || here.block_on(act())).await;
    done.unwrap_or_else(|broken| Err(Denied::Fault(StoreError::Fault(Arc::new(broken)))))
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T: ToSchema> {
    /// At most as many as were asked for.
    pub items: Vec<T>,
    /// What to send as `after` for the next page; nothing on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}

/// Something that was made, with its address.
fn made<T: Serialize>(location: &str, body: T) -> Response {
    let address = format!("{ROOT}{location}");
    (StatusCode::CREATED, [(header::LOCATION, address)], axum::Json(body)).into_response()
}
