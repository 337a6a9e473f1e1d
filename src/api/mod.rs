//! The JSON API under `/api/v1`: what the desk, agencies' scripts and photographers ask for. It translates and calls an
//! action; who may do what is decided there. The description (OpenAPI 3.1) is made of the routes below.

mod again;
mod ask;
mod events;
mod invitations;
pub mod library;
pub mod live;
mod machinery;
mod me;
mod notices;
mod passkeys;
pub mod photos;
pub mod problem;
mod publishing;
pub mod renditions;
mod revisions;
mod sessions;
mod shares;
mod site;
mod staff;
mod stories;
mod story_body;
mod system;
mod upload_beside;
mod uploads;
mod viewer;
mod watched;

pub use renditions::{Previews, SizeBody, previews};

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::response::{Html, IntoResponse, Redirect, Response};
use darkroom::worker::Keeper;
use hyper::header::{self, HeaderValue};
use hyper::{Method, Request, StatusCode};
use newsroom::refusal::Refusal;
use serde::Serialize;
use serve::Body;
use store::StoreError;
use tokio::sync::Semaphore;
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
use crate::jobs::Context;
use problem::Problem;

/// Where the API lies.
pub const ROOT: &str = "/api/v1";

/// The page that describes it.
const VIEWER: &str = "/api/v1/";

/// Nothing that the API answers with runs anything; its one page has a style sheet.
const POLICY: &str =
    "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/// Those who listen to what happens, in one process, at most: each looks at the log a few times a second.
const LISTENERS: usize = 200;

/// What the API answers from. Cheap to clone.
#[derive(Clone)]
pub struct Api {
    records: Arc<Records>,
    gate: Arc<Gate>,
    /// Places for those who listen to what happens.
    listeners: Arc<Semaphore>,
    /// Those who look at what was sent.
    workers: Arc<Keeper>,
    /// Whether the site is reached by TLS, so that its cookies may say so.
    secure: bool,
}

impl Api {
    fn app(&self) -> Result<App, Problem> {
        self.records.app().ok_or_else(Problem::away)
    }

    /// What this caller's files are looked at with.
    fn context(&self, caller: &ask::Caller) -> Context {
        Context::with_workers(caller.app.clone(), self.workers.clone())
    }
}

/// The API as the server's live routes call it.
#[derive(Clone)]
pub struct Service {
    router: Router,
}

impl Service {
    /// The routes over these records.
    pub fn new(records: Arc<Records>, gate: Arc<Gate>, workers: Arc<Keeper>, site: &SiteConfig) -> Self {
        let api = Api {
            records,
            gate,
            listeners: Arc::new(Semaphore::new(LISTENERS)),
            workers,
            secure: site.url.starts_with("https://"),
        };
        let description = serde_json::to_value(description()).unwrap_or_default();
        let viewed = viewer::page(&description).unwrap_or_default();
        let description = bytes::Bytes::from(description.to_string());
        let once = axum::middleware::from_fn_with_state(api.clone(), again::once);
        let router = bare(people())
            .merge(bare(work()).route_layer(once))
            .merge(bare(sent()).route_layer(axum::middleware::from_fn(uploads::speak)))
            .route(
                &format!("{ROOT}/openapi.json"),
                axum::routing::get(move || described(description.clone())),
            )
            .route(&format!("{ROOT}/"), axum::routing::get(move || async move { Html(viewed.clone()) }))
            .route(&format!("{ROOT}/page.css"), axum::routing::get(viewer::style))
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
        let Ok(mut response) = self.router.clone().oneshot(overridden(request)).await;
        let headers = response.headers_mut();
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
        headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
        response.map(|body| Body::live(http_body_util::BodyExt::map_err(body, Into::into)))
    }
}

/// Senders behind proxies that know GET and POST only say in a field what they mean (tus 1.0, `X-HTTP-Method-Override`).
fn overridden(mut request: Request<hyper::body::Incoming>) -> Request<hyper::body::Incoming> {
    let sends = request.uri().path().starts_with(&format!("{ROOT}/uploads"));
    let meant = request.headers().get("x-http-method-override").map(HeaderValue::as_bytes);
    if let Some(Ok(meant)) = meant.filter(|_| sends).map(Method::from_bytes)
        && request.method() == Method::POST
        && [Method::PATCH, Method::DELETE, Method::HEAD].contains(&meant)
    {
        *request.method_mut() = meant;
    }
    request
}

async fn described(description: bytes::Bytes) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], description).into_response()
}

/// The description of the API, as OpenAPI 3.1.
fn description() -> OpenApi {
    let routes = OpenApiRouter::<Api>::with_openapi(about());
    named(routes.nest(ROOT, people().merge(work()).merge(sent())).split_for_parts().1)
}

/// Names each operation by its method and path: no two have the same name, as programs that write clients expect (OpenAPI 3.1,
/// section 4.8.10).
fn named(mut description: OpenApi) -> OpenApi {
    for (path, item) in &mut description.paths.paths {
        let below = path.strip_prefix(ROOT).unwrap_or(path);
        let words: String = below.chars().filter(|sign| !['{', '}'].contains(sign)).collect();
        let words = words.replace(['/', '-'], "_");
        let operations = [
            ("get", &mut item.get),
            ("put", &mut item.put),
            ("post", &mut item.post),
            ("delete", &mut item.delete),
            ("patch", &mut item.patch),
            ("head", &mut item.head),
            ("options", &mut item.options),
        ];
        for (method, operation) in operations {
            if let Some(operation) = operation {
                operation.operation_id = Some(format!("{method}{words}"));
            }
        }
    }
    description
}

/// Routes without their description.
fn bare(routes: OpenApiRouter<Api>) -> Router<Api> {
    OpenApiRouter::new().nest(ROOT, routes).split_for_parts().0
}

/// Who is let in. Some of these answers hold a secret, so that none of them is kept to be given again.
fn people() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(sessions::sign_in, sessions::sign_out))
        .routes(routes!(sessions::link))
        .routes(routes!(sessions::follow))
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
        .routes(routes!(invitations::list))
        .routes(routes!(invitations::take_back))
        .routes(routes!(shares::list, shares::share))
        .routes(routes!(shares::revoke))
}

/// What is sent, by a protocol of its own.
fn sent() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(uploads::abilities, uploads::list, uploads::create))
        .routes(routes!(uploads::offset, uploads::get, uploads::send, uploads::give_up))
        .routes(routes!(upload_beside::preview, upload_beside::send_preview))
        .routes(routes!(upload_beside::send_sidecar))
}

/// What is worked on. The same request with the same key is carried out once.
fn work() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(stories::list, stories::create))
        .routes(routes!(stories::get, stories::change))
        .routes(routes!(stories::check, stories::check_texts))
        .routes(routes!(publishing::changes))
        .routes(routes!(publishing::publish))
        .routes(routes!(live::live))
        .routes(routes!(publishing::plan, publishing::cancel))
        .routes(routes!(publishing::embargo, publishing::lift))
        .routes(routes!(stories::withdraw))
        .routes(routes!(stories::restore))
        .routes(routes!(stories::clear))
        .routes(routes!(shares::list_approvals, shares::approve_draft))
        .routes(routes!(revisions::list))
        .routes(routes!(revisions::get))
        .routes(routes!(revisions::restore))
        .routes(routes!(library::find))
        .routes(routes!(photos::uses))
        .routes(routes!(photos::alike))
        .routes(routes!(photos::original))
        .routes(routes!(photos::get))
        .routes(routes!(renditions::list))
        .routes(routes!(renditions::get))
        .routes(routes!(photos::withdraw))
        .routes(routes!(photos::restore))
        .routes(routes!(notices::list, notices::add))
        .routes(routes!(notices::remove))
        .routes(routes!(watched::list))
        .routes(routes!(events::listen))
        .routes(routes!(machinery::jobs))
        .routes(routes!(machinery::retry))
        .routes(routes!(machinery::nodes))
        .routes(routes!(system::system))
        .routes(routes!(machinery::audit))
        .routes(routes!(site::get, site::change))
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

/// Actions that are carried out at once on threads of their own, of the 512 that there are.
static PLACES: Semaphore = Semaphore::const_new(64);

/// Carries out an action on a thread beside the others: of some actions' futures the compiler (1.95) cannot show that they may
/// go from thread to thread while they wait, as those of a route must.
pub async fn carried_out<T: Send + 'static>(
    act: impl AsyncFnOnce() -> Result<T, Denied> + Send + 'static,
) -> Result<T, Denied> {
    // What runs there waits for threads of the same pool, so that these must never take all of them.
    let Ok(place) = PLACES.acquire().await else { return Err(Denied::Refused(Vec::new())) };
    let here = tokio::runtime::Handle::current();
    let done = tokio::task::spawn_blocking(move || {
        let _place = place;
        here.block_on(act())
    });
    let done = done.await;
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
