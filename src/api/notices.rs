//! Notices that are printed with certain terms (R34).

use axum::response::Response;
use hyper::StatusCode;
use newsroom::notice::{Mention, Notice};
use newsroom::refusal::Refusal;
use newsroom::staff::policy::Permission;
use serde::{Deserialize, Serialize};
use store::View;
use utoipa::ToSchema;

use super::ask::{Caller, Json, Path};
use super::problem::{self, Problem};
use super::{Page, made, stories};
use crate::actions::edit_notice::{NewNotice, add_notice, remove_notice};

/// A notice.
#[derive(Debug, Serialize, ToSchema)]
pub struct NoticeBody {
    id: String,
    /// The term that carries the mark.
    term: String,
    /// Its other forms.
    variants: Vec<String>,
    /// The note at the foot.
    text: String,
    /// Only in stories of this language (BCP 47).
    language: Option<String>,
    /// Only in this story.
    story: Option<String>,
    /// Whether each mention carries the mark, not only the first.
    every_mention: bool,
}

impl NoticeBody {
    fn of(notice: &Notice) -> Self {
        Self {
            id: notice.id.to_string(),
            term: notice.term.clone(),
            variants: notice.variants.clone(),
            text: notice.text.clone(),
            language: notice.language.clone(),
            story: notice.story.map(|id| id.to_string()),
            every_mention: notice.mention == Mention::Every,
        }
    }
}

/// Lists the notices, oldest first.
#[utoipa::path(get, path = "/notices", tag = "notices", responses((status = 200, body = Page<NoticeBody>), problem::Reading))]
pub async fn list(caller: Caller) -> Result<axum::Json<Page<NoticeBody>>, Problem> {
    caller.who.may(Permission::ReadNotices)?;
    let found = caller.app.store().view(async |view: &mut View| view.notices().await).await?;
    Ok(axum::Json(Page {
        items: found.iter().map(|kept| NoticeBody::of(&kept.notice)).collect(),
        next: None,
    }))
}

/// A notice to be made.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AddNotice {
    /// The term that carries the mark.
    term: String,
    /// Its other forms; all capitals match in exact case only.
    #[serde(default)]
    variants: Vec<String>,
    /// The note at the foot.
    text: String,
    /// Only in stories of this language (BCP 47).
    language: Option<String>,
    /// Only in this story.
    story: Option<String>,
    /// Whether each mention carries the mark, not only the first.
    #[serde(default)]
    every_mention: bool,
}

/// What was made.
#[derive(Debug, Serialize, ToSchema)]
pub struct MadeBody {
    id: String,
}

/// Makes a notice; the published stories that mention its term are printed again.
#[utoipa::path(post, path = "/notices", tag = "notices", request_body = AddNotice,
    params(("Idempotency-Key" = Option<String>, Header, description = "The same key with the same request does nothing twice")),
    responses((status = 201, body = MadeBody), problem::Writing))]
pub async fn add(caller: Caller, Json(body): Json<AddNotice>) -> Result<Response, Problem> {
    let new = NewNotice {
        term: body.term,
        variants: body.variants,
        text: body.text,
        language: body.language,
        story: body.story.as_deref().map(stories::parse).transpose()?,
        mention: if body.every_mention { Mention::Every } else { Mention::First },
    };
    let id = add_notice(&caller.app, &caller.who, new).await?;
    Ok(made("/notices", MadeBody { id: id.to_string() }))
}

/// Removes a notice; the published stories that mention its term are printed again.
#[utoipa::path(delete, path = "/notices/{id}", tag = "notices", params(("id" = String, Path, description = "Of the notice")),
    responses((status = 204), problem::Writing))]
pub async fn remove(caller: Caller, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    if id.parse::<newsroom::id::NoticeId>().is_err() {
        return Err(Refusal::new("notice_unknown", "No notice has this id.").into());
    }
    remove_notice(&caller.app, &caller.who, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}
