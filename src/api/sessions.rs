//! Signing in and out, and links that let somebody in once.

use axum::response::{IntoResponse, Response};
use hyper::header::{self, HeaderMap};
use hyper::{Method, StatusCode};
use newsroom::refusal::Refusal;
use newsroom::staff::EmailAddress;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Api;
use super::ask::{Caller, From, Json, Open};
use super::me::AccountBody;
use super::problem::{self, Problem};
use crate::actions::staff::Secret;
use crate::actions::staff::links::{Acceptance, accept, dead_link, link_of};
use crate::actions::staff::sign_in::{self, Credentials, SESSION_LIFE, SignedIn, let_in};
use crate::cookies::{Origin, own_origin, set_cookie};

/// What somebody shows who wants to be let in.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// Mail address.
    #[schema(example = "ana@house.example")]
    address: String,
    /// Password.
    password: String,
    /// The six digits of the second factor, where the account has one.
    code: Option<String>,
}

/// Signs in. The answer sets the cookie of a session, which is good for fourteen days after its last use.
#[utoipa::path(post, path = "/session", tag = "sign-in", request_body = SignIn, security(()),
    responses((status = 200, body = AccountBody), problem::Open))]
pub async fn sign_in(
    axum::extract::State(api): axum::extract::State<Api>,
    Open(app): Open,
    From(from): From,
    headers: HeaderMap,
    Json(body): Json<SignIn>,
) -> Result<Response, Problem> {
    own_origin(&Method::POST, &headers, Origin::MayBeSilent)?;
    api.gate.try_to_sign_in(&body.address, from).map_err(|wait| Problem::too_often("address_rate", wait))?;
    let with = Credentials { address: body.address, password: body.password, code: body.code };
    match sign_in::sign_in(&app, &with, agent(&headers)).await {
        Ok(signed_in) => Ok(welcomed(&api, &signed_in)),
        Err(denied) => {
            tracing::warn!(%from, "somebody was not let in");
            Err(denied.into())
        }
    }
}

/// Signs out: the session is over.
#[utoipa::path(delete, path = "/session", tag = "sign-in", responses((status = 204), problem::Writing))]
pub async fn sign_out(
    axum::extract::State(api): axum::extract::State<Api>,
    caller: Caller,
) -> Result<Response, Problem> {
    let session = caller.person()?.digest;
    sign_in::end_session(&caller.app, &caller.who, caller.account.id, session).await?;
    let cookie = set_cookie(api.secure, None);
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, cookie)]).into_response())
}

/// What a link is for.
#[derive(Debug, Serialize, ToSchema)]
pub struct LinkBody {
    /// Whom it was made for; nothing for the first account.
    address: Option<String>,
    /// The role of the account that it makes; nothing where it is a way back in.
    role: Option<String>,
    /// Until when it is good (RFC 3339).
    valid_until: String,
}

/// A link that somebody holds.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Held {
    /// What stands behind `link=` in its address. It stands in a body, because addresses are logged.
    link: String,
}

/// Tells what a link is for.
#[utoipa::path(post, path = "/links/look", tag = "sign-in", security(()), request_body = Held,
    responses((status = 200, body = LinkBody), problem::Open))]
pub async fn link(Open(app): Open, Json(held): Json<Held>) -> Result<axum::Json<LinkBody>, Problem> {
    match link_of(&app, &Secret::given(&held.link)).await? {
        Some(link) => Ok(axum::Json(LinkBody {
            address: link.address.map(String::from),
            role: link.role.map(|role| role.to_string()),
            valid_until: link.valid_until.to_string(),
        })),
        None => Err(dead_link().into()),
    }
}

/// What somebody says of themselves when they follow a link.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Follow {
    /// What stands behind `link=` in its address.
    link: String,
    /// Mail address: needed for the first account only.
    address: Option<String>,
    /// Name: needed for a new account.
    name: Option<String>,
    /// New password, at least 12 characters.
    password: String,
}

/// Follows a link: makes the account, or gives it a new password, and signs in.
#[utoipa::path(post, path = "/links", tag = "sign-in", security(()), request_body = Follow,
    responses((status = 200, body = AccountBody), problem::Open))]
pub async fn follow(
    axum::extract::State(api): axum::extract::State<Api>,
    Open(app): Open,
    headers: HeaderMap,
    Json(body): Json<Follow>,
) -> Result<Response, Problem> {
    own_origin(&Method::POST, &headers, Origin::MayBeSilent)?;
    let with = Acceptance {
        address: body.address.as_deref().map(address).transpose()?,
        name: body.name,
        password: body.password,
    };
    let account = accept(&app, &Secret::given(&body.link), &with).await?;
    Ok(welcomed(&api, &let_in(&app, account, agent(&headers)).await?))
}

/// The answer to somebody who was let in.
pub(super) fn welcomed(api: &Api, signed_in: &SignedIn) -> Response {
    let cookie = set_cookie(api.secure, Some((&signed_in.secret, SESSION_LIFE)));
    ([(header::SET_COOKIE, cookie)], axum::Json(AccountBody::of(&signed_in.account))).into_response()
}

/// What a browser calls itself.
pub(super) fn agent(headers: &HeaderMap) -> &str {
    headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default()
}

/// A mail address that somebody typed.
pub(super) fn address(text: &str) -> Result<EmailAddress, Problem> {
    EmailAddress::parse(text).ok_or_else(|| {
        Refusal::new("address_wrong", format!("\"{text}\" is not a mail address.")).field("address").into()
    })
}
