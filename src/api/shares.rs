//! Links to a draft for people without an account, and who approved it.

use axum::response::Response;
use hyper::StatusCode;
use newsroom::approval::{LookedOver, Share};
use newsroom::moment::Moment;
use serde::{Deserialize, Serialize};
use store::{Sha256, View};
use utoipa::ToSchema;

use super::ask::{Caller, Json, Path, digest};
use super::problem::{self, Problem};
use super::stories::{draft, parse};
use super::{Page, carried_out, made};
use crate::actions::approve::{Holds, Saying, Standing, approvals, approve, odd_looked_over};
use crate::actions::share_draft::{no_such_share, revoke_share, share_draft, shared_address};

/// Links that are listed at most: as many as a story may have.
const MOST: u32 = 500;

/// For whom a link is, and how long.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShareDraft {
    /// The person who gets it: an approval by the link is in this name.
    name: String,
    /// Days for which it is good, 1 to 30.
    #[serde(default = "three")]
    #[schema(minimum = 1, maximum = 30, default = 3)]
    days: i64,
}

fn three() -> i64 {
    3
}

/// A link.
#[derive(Debug, Serialize, ToSchema)]
pub struct ShareBody {
    /// Opens nothing.
    id: String,
    /// For whom it was made.
    name: String,
    made: String,
    /// By whom, as the audit log names them.
    made_by: String,
    /// When it ends.
    until: String,
    /// When it was taken back.
    revoked: Option<String>,
    /// Whether it leads anywhere now.
    good: bool,
}

impl ShareBody {
    fn of(digest: Sha256, share: &Share, now: Moment) -> Self {
        Self {
            id: digest.to_string(),
            name: share.name.clone(),
            made: share.made_at.to_string(),
            made_by: share.made_by.clone(),
            until: share.valid_until.to_string(),
            revoked: share.revoked_at.map(|at| at.to_string()),
            good: share.is_good(now),
        }
    }
}

/// A new link with its address, which is told once.
#[derive(Debug, Serialize, ToSchema)]
pub struct NewShareBody {
    #[serde(flatten)]
    share: ShareBody,
    /// Where the person sees the draft, as it stands then, and approves it.
    address: String,
}

/// Makes a link by which a named person without an account looks at the draft. While an embargo stands it shows nothing (R19).
#[utoipa::path(post, path = "/stories/{id}/shares", tag = "stories", request_body = ShareDraft,
    params(("id" = String, Path, description = "Of the story")),
    responses((status = 201, body = NewShareBody), problem::Writing))]
pub async fn share(
    caller: Caller,
    Path(id): Path<String>,
    Json(body): Json<ShareDraft>,
) -> Result<Response, Problem> {
    let story = parse(&id)?;
    let (app, who) = (caller.app.clone(), caller.who.clone());
    let shared =
        carried_out(async move || share_draft(&app, &who, story, &body.name, body.days).await).await?;
    let told = NewShareBody {
        share: ShareBody::of(shared.digest, &shared.share, caller.app.now()),
        address: shared_address(&caller.app.config().site.url, &shared.secret),
    };
    Ok(made(&format!("/stories/{story}/shares/{}", shared.digest), told))
}

/// Lists the links to a draft, also those that are over. Their addresses were told once and are not told again.
#[utoipa::path(get, path = "/stories/{id}/shares", tag = "stories", params(("id" = String, Path, description = "Of the story")),
    responses((status = 200, body = Page<ShareBody>), problem::Reading))]
pub async fn list(caller: Caller, Path(id): Path<String>) -> Result<axum::Json<Page<ShareBody>>, Problem> {
    let story = draft(&caller, parse(&id)?).await?.story.id;
    let found = caller.app.store().view(async |view: &mut View| view.shares(story, MOST).await).await?;
    let now = caller.app.now();
    let items = found.iter().map(|(digest, share)| ShareBody::of(*digest, share, now)).collect();
    Ok(axum::Json(Page { items, next: None }))
}

/// Takes a link back: it leads nowhere from now on.
#[utoipa::path(delete, path = "/stories/{id}/shares/{share}", tag = "stories",
    params(("id" = String, Path, description = "Of the story"), ("share" = String, Path, description = "Of the link")),
    responses((status = 204, description = "It leads nowhere"), problem::Writing))]
pub async fn revoke(
    caller: Caller,
    Path((id, share)): Path<(String, String)>,
) -> Result<StatusCode, Problem> {
    let story = parse(&id)?;
    let share = digest(&share);
    let done = carried_out(async move || match share {
        Some(share) => revoke_share(&caller.app, &caller.who, story, share).await,
        // Whoever may not is told so, also where there is no such link.
        None => {
            caller.who.may(newsroom::staff::policy::Permission::Publish)?;
            Err(no_such_share().into())
        }
    });
    done.await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Somebody found a draft good.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApprovalBody {
    /// The revision that they looked at.
    revision: i64,
    at: String,
    /// Who, as the audit log names them: `staff` and an id, or `link` and the id of the link.
    who: String,
    /// Their name: of an account as it was then, of a link as it was made for.
    name: String,
    /// What they looked over: the `page` as readers will see it, or the `proof` of all captions and credits.
    of: String,
    /// What they said.
    remark: String,
    /// Whether the draft was changed since; publishing alone changes nothing of it.
    changed_since: bool,
}

impl ApprovalBody {
    fn of(standing: &Standing) -> Self {
        let approval = &standing.approval;
        Self {
            revision: approval.revision,
            at: approval.at.to_string(),
            who: approval.who.clone(),
            name: approval.name.clone(),
            of: approval.of.as_str().to_owned(),
            remark: approval.remark.clone(),
            changed_since: standing.holds == Holds::Changed,
        }
    }
}

/// Lists who approved a draft, newest first, and whether it changed since.
#[utoipa::path(get, path = "/stories/{id}/approvals", tag = "stories", params(("id" = String, Path, description = "Of the story")),
    responses((status = 200, body = Page<ApprovalBody>), problem::Reading))]
pub async fn list_approvals(
    caller: Caller,
    Path(id): Path<String>,
) -> Result<axum::Json<Page<ApprovalBody>>, Problem> {
    let story = draft(&caller, parse(&id)?).await?.story;
    let app = caller.app.clone();
    let found = carried_out(async move || {
        let found = app.store().view(async |view: &mut View| approvals(view, &story).await).await;
        Ok(found?)
    });
    Ok(axum::Json(Page { items: found.await?.iter().map(ApprovalBody::of).collect(), next: None }))
}

/// What somebody says who approves.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Approve {
    /// The revision that was looked at; another one is refused. Whichever it is where it is left out.
    revision: Option<i64>,
    /// What was looked over: `page` (where it is left out) or `proof`.
    of: Option<String>,
    remark: String,
}

/// Approves a draft, in the name of whoever asks: a person, and no program.
#[utoipa::path(post, path = "/stories/{id}/approvals", tag = "stories", request_body = Approve,
    params(("id" = String, Path, description = "Of the story")),
    responses((status = 200, body = ApprovalBody), problem::Writing))]
pub async fn approve_draft(
    caller: Caller,
    Path(id): Path<String>,
    Json(body): Json<Approve>,
) -> Result<axum::Json<ApprovalBody>, Problem> {
    caller.person()?;
    let of = match body.of.as_deref() {
        None => LookedOver::Page,
        Some(text) => LookedOver::parse(text).ok_or_else(|| odd_looked_over(text))?,
    };
    let (story, saying) = (parse(&id)?, Saying { revision: body.revision, of, remark: body.remark });
    let approved =
        carried_out(async move || approve(&caller.app, &caller.who, &caller.account, story, &saying).await);
    let approval = approved.await?;
    Ok(axum::Json(ApprovalBody::of(&Standing { approval, holds: Holds::Still })))
}
