//! Colleagues: an administrator's routes.

use axum::response::{IntoResponse, Response};
use hyper::StatusCode;
use hyper::header::HeaderMap;
use newsroom::id::StaffId;
use newsroom::refusal::Refusal;
use newsroom::staff::policy::Permission;
use newsroom::staff::{Account, Role};
use serde::{Deserialize, Serialize};
use store::View;
use utoipa::{IntoParams, ToSchema};

use super::Page;
use super::ask::{Caller, Json, Path, Query, etag, if_match};
use super::me::AccountBody;
use super::problem::{self, Problem};
use super::sessions::address;
use crate::actions::staff::accounts::{self, AccountChange, change_account};
use crate::actions::staff::links;
use crate::actions::staff::{no_such_account, welcome_address};

/// Which part of a list.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// How many, 1 to 200.
    #[serde(default = "fifty")]
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: u32,
    /// `next` of the page before.
    after: Option<String>,
}

fn fifty() -> u32 {
    50
}

impl Part {
    /// How many, within bounds.
    pub fn limit(&self) -> Result<u32, Problem> {
        if (1..=200).contains(&self.limit) {
            return Ok(self.limit);
        }
        Err(Refusal::new("query_wrong", "limit is 1 to 200.").field("limit").into())
    }

    /// What the page before ended with.
    pub fn after(&self) -> Option<&str> {
        self.after.as_deref()
    }
}

/// The refusal for an `after` that no page gave.
pub fn odd_after() -> Problem {
    Refusal::new("query_wrong", "after is what a page before gave as next.").field("after").into()
}

/// Lists the staff, also those who left, oldest first.
#[utoipa::path(get, path = "/staff", tag = "staff", params(Part),
    responses((status = 200, body = Page<AccountBody>), problem::Reading))]
pub async fn list(
    caller: Caller,
    Query(part): Query<Part>,
) -> Result<axum::Json<Page<AccountBody>>, Problem> {
    caller.who.may(Permission::ManageStaff)?;
    let limit = part.limit()?;
    let after = part.after().map(str::parse::<StaffId>).transpose().map_err(|_| odd_after())?;
    let found =
        caller.app.store().view(async |view: &mut View| view.accounts_after(after, limit).await).await?;
    let full = found.len() == limit as usize;
    let next = found.last().filter(|_| full).map(|last| last.id.to_string());
    Ok(axum::Json(Page { items: found.iter().map(AccountBody::of).collect(), next }))
}

/// Somebody who is invited.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Invitation {
    #[schema(example = "ana@house.example")]
    address: String,
    /// `photographer`, `editor`, `moderator` or `administrator`.
    role: String,
}

/// A link that lets somebody in once.
#[derive(Debug, Serialize, ToSchema)]
pub struct LetIn {
    /// Whom it is for.
    address: String,
    /// Good once, for three days. Told this once.
    link: String,
}

/// Invites somebody. An earlier invitation to the same address is taken back.
#[utoipa::path(post, path = "/staff", tag = "staff", request_body = Invitation,
    responses((status = 201, body = LetIn), problem::Writing))]
pub async fn invite(caller: Caller, Json(body): Json<Invitation>) -> Result<Response, Problem> {
    // A token must not let anybody in further than itself.
    caller.who.may(Permission::ManageStaff)?;
    caller.person()?;
    let (address, role) = (address(&body.address)?, role(&body.role)?);
    let secret = links::invite(&caller.app, &caller.who, &address, role).await?;
    let link = welcome_address(&caller.app.config().site.url, &secret);
    Ok((StatusCode::CREATED, axum::Json(LetIn { address: address.to_string(), link })).into_response())
}

/// Tells of one member of the staff.
#[utoipa::path(get, path = "/staff/{id}", tag = "staff", params(("id" = String, Path, description = "Of the account")),
    responses((status = 200, body = AccountBody), problem::Reading))]
pub async fn get(caller: Caller, Path(id): Path<String>) -> Result<Response, Problem> {
    caller.who.may(Permission::ManageStaff)?;
    let account = account(&caller, &id).await?;
    Ok((etag(account.revision), axum::Json(AccountBody::of(&account))).into_response())
}

/// What is to be changed of an account; what is left out stays, an empty text is none.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeAccount {
    address: Option<String>,
    name: Option<String>,
    /// `photographer`, `editor`, `moderator` or `administrator`.
    role: Option<String>,
    byline: Option<String>,
    credit: Option<String>,
    copyright: Option<String>,
}

/// Changes an account.
#[utoipa::path(patch, path = "/staff/{id}", tag = "staff", request_body = ChangeAccount,
    params(("id" = String, Path, description = "Of the account"),
        ("If-Match" = Option<String>, Header, description = "The ETag that the change was made from")),
    responses((status = 200, body = AccountBody), problem::Writing))]
pub async fn change(
    caller: Caller,
    headers: HeaderMap,
    Path(id): Path<String>,
    Json(body): Json<ChangeAccount>,
) -> Result<Response, Problem> {
    caller.who.may(Permission::ManageStaff)?;
    let change = AccountChange {
        revision: if_match(&headers)?,
        address: body.address.as_deref().map(address).transpose()?,
        role: body.role.as_deref().map(role).transpose()?,
        name: body.name,
        byline: body.byline,
        credit: body.credit,
        copyright: body.copyright,
    };
    let changed = change_account(&caller.app, &caller.who, parse(&id)?, &change).await?;
    Ok((etag(changed.revision), axum::Json(AccountBody::of(&changed))).into_response())
}

/// Lets somebody in no more: sessions, tokens, passkeys and links end; the name stays in the audit log.
#[utoipa::path(delete, path = "/staff/{id}", tag = "staff", params(("id" = String, Path, description = "Of the account")),
    responses((status = 204), problem::Writing))]
pub async fn leave(caller: Caller, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    caller.who.may(Permission::ManageStaff)?;
    accounts::leave(&caller.app, &caller.who, parse(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes a way back in for somebody who is locked out: with it a new password is set, and the second factor, passkeys
/// and all sessions end.
#[utoipa::path(post, path = "/staff/{id}/link", tag = "staff", params(("id" = String, Path, description = "Of the account")),
    responses((status = 201, body = LetIn), problem::Writing))]
pub async fn link(caller: Caller, Path(id): Path<String>) -> Result<Response, Problem> {
    caller.who.may(Permission::ManageStaff)?;
    caller.person()?;
    let account = account(&caller, &id).await?;
    let secret = links::link_back_in(&caller.app, &caller.who, &account.address).await?;
    let link = welcome_address(&caller.app.config().site.url, &secret);
    Ok((StatusCode::CREATED, axum::Json(LetIn { address: account.address.to_string(), link }))
        .into_response())
}

async fn account(caller: &Caller, id: &str) -> Result<Account, Problem> {
    let id = parse(id)?;
    let found = caller.app.store().view(async |view: &mut View| view.account(id).await).await?;
    found.ok_or_else(|| no_such_account(id).into())
}

fn parse(id: &str) -> Result<StaffId, Problem> {
    id.parse().map_err(|_| Refusal::new("staff_unknown", "No member of the staff has this id.").into())
}

fn role(text: &str) -> Result<Role, Problem> {
    Role::parse(text).ok_or_else(|| {
        let known: Vec<&str> = Role::ALL.iter().map(|role| role.as_str()).collect();
        let sentence = format!("\"{text}\" is no role; there are {}.", known.join(", "));
        Refusal::new("role_wrong", sentence).field("role").into()
    })
}
