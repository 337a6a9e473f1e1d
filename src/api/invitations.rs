//! Invitations that nobody has followed yet: an administrator's routes.

use hyper::StatusCode;
use newsroom::moment::Moment;
use serde::Serialize;
use store::Sha256;
use utoipa::ToSchema;

use super::Page;
use super::ask::{Caller, Path, Query, digest};
use super::problem::{self, Problem};
use super::staff::{Part, odd_after};
use crate::actions::staff::links::{Invited, invitations, no_such_invitation, take_back_invitation};

/// An invitation that is open.
#[derive(Debug, Serialize, ToSchema)]
pub struct InvitationBody {
    /// Lets nobody in.
    id: String,
    /// Whom it is for.
    address: String,
    /// What they are to be.
    role: String,
    /// The name of who invites; nothing for one that was made on the machine itself.
    by: Option<String>,
    made: String,
    /// When it ends.
    until: String,
}

impl InvitationBody {
    fn of(invited: &Invited) -> Self {
        Self {
            id: invited.digest.to_string(),
            address: invited.address.to_string(),
            role: invited.role.to_string(),
            by: invited.by.clone(),
            made: invited.made.to_string(),
            until: invited.until.to_string(),
        }
    }
}

/// Lists the invitations that are open, those first that end first. Their links were told once and are not told again.
#[utoipa::path(get, path = "/invitations", tag = "staff", params(Part),
    responses((status = 200, body = Page<InvitationBody>), problem::Reading))]
pub async fn list(
    caller: Caller,
    Query(part): Query<Part>,
) -> Result<axum::Json<Page<InvitationBody>>, Problem> {
    let limit = part.limit()?;
    let after = part.after().map(place).transpose()?;
    let found = invitations(&caller.app, &caller.who, after, limit).await?;
    let full = found.len() == limit as usize;
    let next =
        found.last().filter(|_| full).map(|last| format!("{}.{}", last.until.as_micros(), last.digest));
    Ok(axum::Json(Page { items: found.iter().map(InvitationBody::of).collect(), next }))
}

/// Where a page of the list ended: the end of the last invitation, a point, its id.
fn place(text: &str) -> Result<(Moment, Sha256), Problem> {
    let (end, id) = text.split_once('.').ok_or_else(odd_after)?;
    let end = end.parse().map(Moment::from_micros).map_err(|_| odd_after())?;
    Ok((end, digest(id).ok_or_else(odd_after)?))
}

/// Takes an invitation back: its link leads nowhere from now on.
#[utoipa::path(delete, path = "/invitations/{id}", tag = "staff", params(("id" = String, Path, description = "Of the invitation")),
    responses((status = 204), problem::Writing))]
pub async fn take_back(caller: Caller, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    caller.who.may(newsroom::staff::policy::Permission::ManageStaff)?;
    let id = digest(&id).ok_or_else(no_such_invitation)?;
    take_back_invitation(&caller.app, &caller.who, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
