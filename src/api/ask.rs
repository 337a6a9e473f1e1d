//! Who asks, and what they ask with.

use std::net::IpAddr;
use std::time::Duration;

use axum::Json as AxumJson;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Path as AxumPath, Query as AxumQuery, Request};
use hyper::StatusCode;
use hyper::header::{self, HeaderMap, HeaderName};
use hyper::http::request::Parts;
use newsroom::refusal::Refusal;
use newsroom::staff::Account;
use newsroom::staff::policy::Asker;
use serde::de::DeserializeOwned;
use serve::Visitor;
use store::{Session, Sha256};
use tokio::time::timeout;

use super::Api;
use super::problem::Problem;
use crate::actions::Who;
use crate::actions::staff::Secret;
use crate::actions::staff::sign_in::session_of;
use crate::actions::staff::tokens::{PREFIX, token_of};
use crate::allowance::network;
use crate::app::App;
use crate::cookies::{Origin, cookie, own_origin};

/// Bytes of a JSON body at most.
pub const LONGEST_BODY: usize = 2 << 20;
/// How long the whole of a JSON body may take.
pub const BODY_TIME: Duration = Duration::from_secs(30);

/// The open records.
pub struct Open(pub App);

impl FromRequestParts<Api> for Open {
    type Rejection = Problem;
    async fn from_request_parts(_: &mut Parts, api: &Api) -> Result<Self, Problem> {
        api.app().map(Self)
    }
}

/// The address that a request came from, as far as it can be believed.
pub struct From(pub IpAddr);

impl FromRequestParts<Api> for From {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, _: &Api) -> Result<Self, Problem> {
        Ok(Self(address(parts)))
    }
}

fn address(parts: &Parts) -> IpAddr {
    let visitor = parts.extensions.get::<Visitor>();
    network(visitor.map_or(IpAddr::from([0, 0, 0, 0]), |visitor| visitor.address))
}

/// A member of the staff who asks, by a session or by a token.
pub struct Caller {
    /// The records.
    pub app: App,
    /// For actions.
    pub who: Who,
    /// The account.
    pub account: Account,
    /// The session; `None` for a token.
    pub session: Option<Session>,
}

impl Caller {
    /// Demands a person: what changes how an account is known is not for programs.
    pub fn person(&self) -> Result<&Session, Problem> {
        self.session.as_ref().ok_or_else(|| {
            Refusal::new("not_allowed", "This is for a person who has signed in, not for a token.").into()
        })
    }
}

impl FromRequestParts<Api> for Caller {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let app = api.app()?;
        let from = address(parts);
        let caller = match bearer(&parts.headers) {
            Some(token) => by_token(app, token).await?,
            None => by_session(app, parts, api.secure).await?,
        };
        let Some(caller) = caller else {
            let held = parts.headers.contains_key(header::AUTHORIZATION)
                || cookie(&parts.headers, api.secure).is_some();
            if held {
                // Nobody may try secrets at length; whoever shares the address and holds a good one is let in.
                api.gate.may_knock(from).map_err(|wait| Problem::too_often("address_rate", wait))?;
                api.gate.turned_away(from);
            }
            return Err(not_signed_in().into());
        };
        api.gate.asks(caller.account.id).map_err(|wait| Problem::too_often("account_rate", wait))?;
        Ok(caller)
    }
}

/// Whoever these fields let in now, also after a while.
pub async fn who_of(api: &Api, headers: &HeaderMap) -> Option<Who> {
    let app = api.app().ok()?;
    if let Some(token) = bearer(headers) {
        return by_token(app, token).await.ok()?.map(|caller| caller.who);
    }
    let secret = cookie(headers, api.secure)?;
    session_of(&app, &secret).await.ok()?.map(|(account, _)| Who::of(&account))
}

fn not_signed_in() -> Refusal {
    Refusal::new("not_signed_in", "Sign in, or send a token that is good: Authorization: Bearer halftone_...")
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let given = headers.get(header::AUTHORIZATION)?.to_str().unwrap_or_default();
    let (scheme, token) = given.split_once(' ').unwrap_or((given, ""));
    Some(if scheme.eq_ignore_ascii_case("bearer") { token.trim() } else { "" })
}

async fn by_token(app: App, token: &str) -> Result<Option<Caller>, Problem> {
    if !token.starts_with(PREFIX) {
        return Ok(None);
    }
    let Some((account, token)) = token_of(&app, &Secret::given(token)).await? else { return Ok(None) };
    let asker = Asker { staff: account.id, role: account.role, scopes: Some(token.scopes) };
    let who = Who::staff(asker, Some(token.id));
    Ok(Some(Caller { app, who, account, session: None }))
}

async fn by_session(app: App, parts: &Parts, secure: bool) -> Result<Option<Caller>, Problem> {
    let Some(secret) = cookie(&parts.headers, secure) else { return Ok(None) };
    let Some((account, session)) = session_of(&app, &secret).await? else { return Ok(None) };
    own_origin(&parts.method, &parts.headers, Origin::MustBeSaid)?;
    let who = Who::of(&account);
    Ok(Some(Caller { app, who, account, session: Some(session) }))
}

/// A JSON body.
pub struct Json<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Api> for Json<T> {
    type Rejection = Problem;
    async fn from_request(request: Request, api: &Api) -> Result<Self, Problem> {
        match timeout(BODY_TIME, AxumJson::<T>::from_request(request, api)).await {
            Ok(Ok(AxumJson(body))) => Ok(Self(body)),
            Ok(Err(rejection)) => Err(unreadable(&rejection).into()),
            Err(_) => Err(too_slow().into()),
        }
    }
}

/// The refusal of a body that does not come.
pub fn too_slow() -> Refusal {
    Refusal::new("body_slow", "The body of the request took longer than 30 s.")
}

fn unreadable(rejection: &JsonRejection) -> Refusal {
    match rejection {
        JsonRejection::JsonDataError(error) => Refusal::new("body_wrong", said(&error.body_text())),
        JsonRejection::JsonSyntaxError(error) => Refusal::new("json_malformed", said(&error.body_text())),
        JsonRejection::MissingJsonContentType(_) => {
            Refusal::new("body_media_type", "Send the body as application/json.")
        }
        other if other.status() == StatusCode::PAYLOAD_TOO_LARGE => {
            Refusal::new("body_long", format!("A body may have up to {LONGEST_BODY} bytes."))
        }
        other => Refusal::new("json_malformed", said(&other.body_text())),
    }
}

/// A query.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<Api> for Query<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let read: Result<AxumQuery<T>, QueryRejection> = AxumQuery::from_request_parts(parts, api).await;
        read.map(|AxumQuery(query)| Self(query))
            .map_err(|rejection| Refusal::new("query_wrong", said(&rejection.body_text())).into())
    }
}

/// What stands in the path of an address, as text; what it names is looked up by the route.
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send> FromRequestParts<Api> for Path<T> {
    type Rejection = Problem;
    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        let read: Result<AxumPath<T>, PathRejection> = AxumPath::from_request_parts(parts, api).await;
        read.map(|AxumPath(path)| Self(path)).map_err(|_| no_route().into())
    }
}

/// The refusal for an address that leads nowhere.
pub fn no_route() -> Refusal {
    Refusal::new("route_unknown", "The API has no such address; what it has is described at /api/v1/.")
}

fn said(text: &str) -> String {
    let text = text.trim_end_matches('.');
    format!("{text}.")
}

/// The revision that a change was made from (RFC 9110 section 13.1.1). `None` where nothing is said, or any will do.
pub fn if_match(headers: &HeaderMap) -> Result<Option<i64>, Problem> {
    let Some(given) = headers.get(header::IF_MATCH) else { return Ok(None) };
    let text = given.to_str().unwrap_or_default().trim();
    if text == "*" {
        return Ok(None);
    }
    let revision =
        text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).and_then(|text| text.parse().ok());
    revision.map(Some).ok_or_else(|| {
        Refusal::new(
            "header_wrong",
            "If-Match names no revision: send the ETag of the answer that the change was made from.",
        )
        .into()
    })
}

/// The entity tag of a revision.
pub fn etag(revision: i64) -> [(HeaderName, String); 1] {
    [(header::ETAG, format!("\"{revision}\""))]
}

/// A digest that stands in an address; `None` for a text that is none.
pub fn digest(text: &str) -> Option<Sha256> {
    text.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        let lines = lines.iter().map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()));
        lines.collect()
    }

    #[test]
    fn a_token_is_read_whatever_the_scheme_is_called_in_and_another_scheme_lets_nobody_in() {
        assert_eq!(bearer(&headers(&[("authorization", "bearer halftone_x")])), Some("halftone_x"));
        assert_eq!(bearer(&headers(&[("authorization", "Basic YTpi")])), Some(""));
        assert_eq!(bearer(&HeaderMap::new()), None);
    }

    #[test]
    fn a_revision_is_read_from_if_match() {
        assert_eq!(if_match(&headers(&[("if-match", "\"7\"")])), Ok(Some(7)));
        assert_eq!(if_match(&headers(&[("if-match", "*")])), Ok(None));
        assert_eq!(if_match(&HeaderMap::new()), Ok(None));
        assert_eq!(if_match(&headers(&[("if-match", "\"abc\"")])).unwrap_err().told.status, 400);
    }
}
