//! Who I am: account, password, second factor, sessions, tokens.

use std::net::IpAddr;

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use hyper::StatusCode;
use hyper::header::HeaderMap;
use newsroom::refusal::Refusal;
use newsroom::staff::Account;
use newsroom::staff::policy::{Permission, Reach, Scope};
use serde::{Deserialize, Serialize};
use store::{Session, StoreError, Token, View};
use utoipa::ToSchema;

use super::ask::{Caller, From, Json, Path, digest, etag, if_match};
use super::problem::{self, Problem};
use super::{Api, Page, made};
use crate::actions::staff::accounts::{AccountChange, change_account};
use crate::actions::staff::sign_in;
use crate::actions::staff::{second_factor, tokens};

/// A member of the staff.
#[derive(Debug, Serialize, ToSchema)]
pub struct AccountBody {
    id: String,
    address: String,
    name: String,
    /// `photographer`, `editor`, `moderator` or `administrator`.
    role: String,
    /// The name as the author of texts.
    byline: Option<String>,
    /// The credit of photos whose file has none.
    credit: Option<String>,
    /// The copyright notice of photos whose file has none.
    copyright: Option<String>,
    /// Grows with each change.
    revision: i64,
    /// When the account was made (RFC 3339).
    created: String,
    /// When the person left.
    left: Option<String>,
}

impl AccountBody {
    /// An account as it is told.
    pub fn of(account: &Account) -> Self {
        Self {
            id: account.id.to_string(),
            address: account.address.to_string(),
            name: account.name.clone(),
            role: account.role.to_string(),
            byline: account.signature.byline.clone(),
            credit: account.signature.credit.clone(),
            copyright: account.signature.copyright.clone(),
            revision: account.revision,
            created: account.created.to_string(),
            left: account.left.map(|at| at.to_string()),
        }
    }
}

/// Who asks, and what they may do.
#[derive(Debug, Serialize, ToSchema)]
pub struct MeBody {
    account: AccountBody,
    /// What may be done, and how far: `own` or `all`.
    may: Vec<MayBody>,
    /// Whether signing in needs a second factor.
    second_factor: bool,
    /// The scopes of the token that asks; nothing for a person.
    scopes: Option<Vec<String>>,
}

/// Something that may be done.
#[derive(Debug, Serialize, ToSchema)]
pub struct MayBody {
    /// In words: `publish or withdraw`.
    what: String,
    /// `own` or `all`.
    reach: String,
}

/// Tells who asks, and what they may do.
#[utoipa::path(get, path = "/me", tag = "me", responses((status = 200, body = MeBody), problem::Reading))]
pub async fn get(caller: Caller) -> Result<Response, Problem> {
    let may = Permission::ALL.into_iter().filter_map(|permission| {
        let reach = match caller.who.reach(permission) {
            Reach::Nothing => return None,
            Reach::Own => "own",
            Reach::All => "all",
        };
        Some(MayBody { what: permission.told().to_owned(), reach: reach.to_owned() })
    });
    let body = MeBody {
        account: AccountBody::of(&caller.account),
        may: may.collect(),
        second_factor: second_factor::has(&caller.app, &caller.account).await?,
        scopes: caller.who.scopes().map(|scopes| scopes.iter().map(ToString::to_string).collect()),
    };
    Ok((etag(caller.account.revision), axum::Json(body)).into_response())
}

/// What is to be changed of one's own account; what is left out stays, an empty text is none.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeMe {
    name: Option<String>,
    byline: Option<String>,
    credit: Option<String>,
    copyright: Option<String>,
}

/// Changes one's own name and signature.
#[utoipa::path(patch, path = "/me", tag = "me", request_body = ChangeMe,
    params(("If-Match" = Option<String>, Header, description = "The ETag that the change was made from")),
    responses((status = 200, body = AccountBody), problem::Writing))]
pub async fn change(
    caller: Caller,
    headers: HeaderMap,
    Json(body): Json<ChangeMe>,
) -> Result<Response, Problem> {
    caller.person()?;
    let change = AccountChange {
        revision: if_match(&headers)?,
        name: body.name,
        byline: body.byline,
        credit: body.credit,
        copyright: body.copyright,
        ..AccountChange::default()
    };
    let changed = change_account(&caller.app, &caller.who, caller.account.id, &change).await?;
    Ok((etag(changed.revision), axum::Json(AccountBody::of(&changed))).into_response())
}

/// An old password and a new one.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    old: String,
    /// At least 12 characters.
    new: String,
}

/// Changes one's own password; all other sessions end.
#[utoipa::path(put, path = "/me/password", tag = "me", request_body = ChangePassword,
    responses((status = 204), problem::Writing))]
pub async fn password(
    State(api): State<Api>,
    caller: Caller,
    From(from): From,
    Json(body): Json<ChangePassword>,
) -> Result<StatusCode, Problem> {
    let session = caller.person()?.digest;
    counted(&api, &caller, from)?;
    sign_in::change_password(&caller.app, &caller.account, (&body.old, &body.new), Some(session)).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Who holds somebody's session must not search for their password with it.
pub(super) fn counted(api: &Api, caller: &Caller, from: IpAddr) -> Result<(), Problem> {
    let address = caller.account.address.as_str();
    api.gate.try_to_sign_in(address, from).map_err(|wait| Problem::too_often("address_rate", wait))
}

/// A shared secret that is offered.
#[derive(Debug, Serialize, ToSchema)]
pub struct OfferBody {
    /// Base 32, to be typed into an authenticator.
    secret: String,
    /// The same as an address that authenticators read.
    #[schema(example = "otpauth://totp/...")]
    address: String,
}

/// Offers a second factor. It counts once a code of it was shown.
#[utoipa::path(post, path = "/me/second-factor", tag = "me", responses((status = 200, body = OfferBody), problem::Writing))]
pub async fn offer_second_factor(caller: Caller) -> Result<axum::Json<OfferBody>, Problem> {
    caller.person()?;
    let offer = second_factor::offer(&caller.app, &caller.account);
    Ok(axum::Json(OfferBody { secret: offer.secret, address: offer.address }))
}

/// The second factor that somebody wants, or none.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetSecondFactor {
    /// One's password.
    password: String,
    /// The secret that was offered; left out to do without a second factor.
    secret: Option<String>,
    /// The six digits that the authenticator shows for it.
    code: Option<String>,
}

/// Takes the second factor that was offered, or does without one.
#[utoipa::path(put, path = "/me/second-factor", tag = "me", request_body = SetSecondFactor,
    responses((status = 204), problem::Writing))]
pub async fn set_second_factor(
    State(api): State<Api>,
    caller: Caller,
    From(from): From,
    Json(body): Json<SetSecondFactor>,
) -> Result<StatusCode, Problem> {
    caller.person()?;
    counted(&api, &caller, from)?;
    let factor = body.secret.as_deref().map(|secret| (secret, body.code.as_deref().unwrap_or_default()));
    second_factor::set(&caller.app, &caller.account, &body.password, factor).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A session.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionBody {
    /// By which it can be ended; lets nobody in.
    id: String,
    /// What the browser calls itself.
    agent: String,
    started: String,
    /// To some minutes.
    seen: String,
    valid_until: String,
    /// Whether it is the one that asks.
    this: bool,
}

/// Lists one's own sessions.
#[utoipa::path(get, path = "/me/sessions", tag = "me", responses((status = 200, body = Page<SessionBody>), problem::Reading))]
pub async fn sessions(caller: Caller) -> Result<axum::Json<Page<SessionBody>>, Problem> {
    let this = caller.person()?.digest;
    let (id, now) = (caller.account.id, caller.app.now());
    let found: Vec<Session> =
        caller.app.store().view(async |view: &mut View| view.sessions_of(id).await).await?;
    let items = found.iter().filter(|session| session.valid_until > now).map(|session| SessionBody {
        id: session.digest.to_string(),
        agent: session.agent.clone(),
        started: session.started_at.to_string(),
        seen: session.seen_at.to_string(),
        valid_until: session.valid_until.to_string(),
        this: session.digest == this,
    });
    Ok(axum::Json(Page { items: items.collect(), next: None }))
}

/// Ends one of one's own sessions.
#[utoipa::path(delete, path = "/me/sessions/{id}", tag = "me", params(("id" = String, Path, description = "Of the session")),
    responses((status = 204), problem::Writing))]
pub async fn end_session(caller: Caller, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    caller.person()?;
    let unknown = || Refusal::new("session_unknown", "You have no session of this name.");
    let session = digest(&id).ok_or_else(unknown)?;
    sign_in::end_session(&caller.app, &caller.who, caller.account.id, session).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A token.
#[derive(Debug, Serialize, ToSchema)]
pub struct TokenBody {
    /// By which it can be ended; lets nobody in.
    id: String,
    /// Where it is used.
    name: String,
    /// What it is for.
    scopes: Vec<String>,
    made: String,
    valid_until: String,
    /// To some minutes.
    used: Option<String>,
    /// When it was taken back.
    ended: Option<String>,
    /// The token itself, told this once.
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
}

impl TokenBody {
    fn of(token: &Token, secret: Option<&str>) -> Self {
        Self {
            id: token.id.to_string(),
            name: token.name.clone(),
            scopes: token.scopes.iter().map(ToString::to_string).collect(),
            made: token.made_at.to_string(),
            valid_until: token.valid_until.to_string(),
            used: token.used_at.map(|at| at.to_string()),
            ended: token.ended_at.map(|at| at.to_string()),
            token: secret.map(str::to_owned),
        }
    }
}

/// Lists one's own tokens, also those that are over.
#[utoipa::path(get, path = "/me/tokens", tag = "me", responses((status = 200, body = Page<TokenBody>), problem::Reading))]
pub async fn tokens(caller: Caller) -> Result<axum::Json<Page<TokenBody>>, Problem> {
    caller.person()?;
    let id = caller.account.id;
    let found: Result<_, StoreError> =
        caller.app.store().view(async |view: &mut View| view.tokens_of(id).await).await;
    Ok(axum::Json(Page {
        items: found?.iter().map(|token| TokenBody::of(token, None)).collect(),
        next: None,
    }))
}

/// A token that is to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewToken {
    /// Where it is used.
    #[schema(example = "Wire of the agency")]
    name: String,
    /// What it is for: `read`, `photos`, `stories`, `publish`, `originals`, `notices`, `admin`.
    scopes: Vec<String>,
    /// Days that it is good, 1 to 366.
    #[serde(default = "ninety")]
    days: i64,
}

fn ninety() -> i64 {
    90
}

/// Makes a token in one's own name.
#[utoipa::path(post, path = "/me/tokens", tag = "me", request_body = NewToken,
    responses((status = 201, body = TokenBody), problem::Writing))]
pub async fn make_token(caller: Caller, Json(body): Json<NewToken>) -> Result<Response, Problem> {
    caller.person()?;
    let scopes: Result<Vec<Scope>, Problem> = body.scopes.iter().map(|scope| read_scope(scope)).collect();
    let scopes = scopes?;
    let wanted = (body.name.as_str(), scopes.as_slice());
    let (token, secret) =
        tokens::make_token(&caller.app, &caller.who, caller.account.id, wanted, body.days).await?;
    Ok(made("/me/tokens", TokenBody::of(&token, Some(secret.reveal()))))
}

fn read_scope(text: &str) -> Result<Scope, Problem> {
    Scope::parse(text).ok_or_else(|| {
        let known: Vec<&str> = Scope::ALL.iter().map(|scope| scope.as_str()).collect();
        let sentence = format!("\"{text}\" is no scope; there are {}.", known.join(", "));
        Refusal::new("token_scopes", sentence).field("scopes").into()
    })
}

/// Takes one of one's own tokens back.
#[utoipa::path(delete, path = "/me/tokens/{id}", tag = "me", params(("id" = String, Path, description = "Of the token")),
    responses((status = 204), problem::Writing))]
pub async fn end_token(caller: Caller, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    caller.person()?;
    let token = id
        .parse()
        .map_err(|_| Refusal::new("token_unknown", "You have no token of this name that is good."))?;
    tokens::end_token(&caller.app, &caller.who, caller.account.id, token).await?;
    Ok(StatusCode::NO_CONTENT)
}
