//! Colleagues and invitations: an administrator's pages.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use hyper::StatusCode;
use newsroom::id::StaffId;
use newsroom::refusal::Refusal;
use newsroom::staff::policy::Permission;
use newsroom::staff::{Account, EmailAddress, Role};
use serde::Deserialize;
use store::{Sha256, View};

use super::forms::{Choice, Field, Kept, Own, Wrong};
use super::frame::{Frame, page};
use super::{Colleague, Form, Hindrance, Room};
use crate::actions::staff::accounts::{self, AccountChange, change_account};
use crate::actions::staff::links::{self, invitations, no_such_invitation, take_back_invitation};
use crate::actions::staff::{Secret, welcome_address};
use crate::texts::Texts;

/// Colleagues of one page of the list.
const PART: u32 = 100;

/// The part of the desk.
const PART_OF_DESK: &str = "/desk/staff";

/// A link that lets somebody in, shown this once.
struct Shown {
    address: String,
    link: String,
}

/// A colleague in the list.
struct Line {
    id: StaffId,
    name: String,
    address: String,
    role: String,
    left: Option<String>,
}

/// An invitation that nobody followed yet.
struct Invited {
    digest: Sha256,
    address: String,
    role: String,
    by: Option<String>,
    until: String,
}

#[derive(Template)]
#[template(path = "desk/staff.html")]
struct Staff {
    frame: Frame,
    kept: bool,
    wrong: Option<String>,
    shown: Option<Shown>,
    fields: Vec<Field>,
    lines: Vec<Line>,
    invited: Vec<Invited>,
    next: Option<StaffId>,
}

#[derive(Template)]
#[template(path = "desk/colleague.html")]
struct ColleaguePage {
    frame: Frame,
    kept: bool,
    wrong: Option<String>,
    shown: Option<Shown>,
    fields: Vec<Field>,
    id: StaffId,
    revision: i64,
    address: String,
    role: String,
    since: String,
    left: Option<String>,
}

#[derive(Template)]
#[template(path = "desk/leave.html")]
struct Leave {
    frame: Frame,
    wrong: Option<String>,
    id: StaffId,
    name: String,
}

/// Where a part of the list begins.
#[derive(Deserialize)]
pub struct After {
    #[serde(default)]
    after: String,
}

/// The staff, and who is invited.
pub async fn list(
    State(room): State<Room>,
    colleague: Colleague,
    Query(after): Query<After>,
    Query(kept): Query<Kept>,
) -> Result<Response, Hindrance> {
    let again = Again { after: after.after.parse().ok(), kept: kept.is_said(), ..Again::default() };
    shown(&room, &colleague, again).await
}

/// What the list shows besides.
#[derive(Default)]
struct Again {
    after: Option<StaffId>,
    kept: bool,
    wrong: Wrong,
    shown: Option<Shown>,
    typed: Invitation,
}

async fn shown(room: &Room, colleague: &Colleague, again: Again) -> Result<Response, Hindrance> {
    let (app, who) = (&colleague.app, &colleague.who);
    who.may(Permission::ManageStaff).map_err(|refusal| room.denied(&refusal.into()))?;
    let found = app.store().view(async |view: &mut View| view.accounts_after(again.after, PART).await).await;
    let found = found.map_err(|error| room.fault(&error))?;
    let open = invitations(app, who, None, PART).await.map_err(|denied| room.denied(&denied))?;
    let frame = Frame::inside(room, colleague, "staff", PART_OF_DESK);
    let (t, wrong) = (frame.t, &again.wrong);
    let role = if again.typed.role.is_empty() { "photographer" } else { &again.typed.role };
    let fields = vec![
        Field::new("invite", "address", "email", t.say("mail-address"))
            .value(&again.typed.address)
            .needed()
            .wrong(wrong),
        Field::new("invite", "role", "select", t.say("role")).choices(roles(t, role)).wrong(wrong),
    ];
    let line = |account: &Account| Line {
        id: account.id,
        name: account.name.clone(),
        address: account.address.to_string(),
        role: t.say(&format!("role-{}", account.role)),
        left: account.left.map(|at| room.told_time(at)),
    };
    let invited = open.into_iter().map(|one| Invited {
        digest: one.digest,
        address: one.address.to_string(),
        role: t.say(&format!("role-{}", one.role)),
        by: one.by,
        until: room.told_time(one.until),
    });
    let staff = Staff {
        kept: again.kept,
        wrong: wrong.besides(&[&fields]),
        shown: again.shown,
        fields,
        lines: found.iter().map(line).collect(),
        invited: invited.collect(),
        next: found.last().filter(|_| found.len() == PART as usize).map(|last| last.id),
        frame,
    };
    Ok(page(wrong.status(), &staff))
}

fn roles(t: Texts, chosen: &str) -> Vec<Choice> {
    let one =
        |role: Role| Choice::new(role.as_str(), t.say(&format!("role-{role}")), role.as_str() == chosen);
    Role::ALL.into_iter().map(one).collect()
}

/// Who is to be invited.
#[derive(Default, Deserialize)]
pub struct Invitation {
    address: String,
    role: String,
}

fn address(text: &str) -> Result<EmailAddress, Refusal> {
    let wrong = || Refusal::new("address_wrong", "This is no mail address.").field("address");
    EmailAddress::parse(text.trim()).ok_or_else(wrong)
}

fn role(text: &str) -> Result<Role, Refusal> {
    Role::parse(text).ok_or_else(|| Refusal::new("role_wrong", "There is no such role.").field("role"))
}

fn let_in(room: &Room, address: &EmailAddress, secret: &Secret) -> Shown {
    Shown { address: address.to_string(), link: welcome_address(&room.held().site.url, secret) }
}

/// Invites somebody: a mail goes out, and the link is shown once.
pub async fn invite(
    State(room): State<Room>,
    _: Own,
    colleague: Colleague,
    Form(typed): Form<Invitation>,
) -> Result<Response, Hindrance> {
    let read = address(&typed.address).and_then(|address| Ok((address, role(&typed.role)?)));
    let (address, role) = match read {
        Ok(read) => read,
        Err(refusal) => {
            let again = Again { wrong: Wrong::one(refusal), typed, ..Again::default() };
            return shown(&room, &colleague, again).await;
        }
    };
    let again = match links::invite(&colleague.app, &colleague.who, &address, role).await {
        Ok(secret) => Again { shown: Some(let_in(&room, &address, &secret)), ..Again::default() },
        Err(denied) => Again { wrong: Wrong::of(&room, denied)?, typed, ..Again::default() },
    };
    shown(&room, &colleague, again).await
}

/// Takes an invitation back.
pub async fn take_back(
    State(room): State<Room>,
    _: Own,
    colleague: Colleague,
    Path(digest): Path<String>,
) -> Result<Response, Hindrance> {
    let done = match digest.parse() {
        Ok(digest) => take_back_invitation(&colleague.app, &colleague.who, digest).await,
        Err(_) => Err(no_such_invitation().into()),
    };
    match done {
        Ok(()) => Ok(Redirect::to("/desk/staff?kept=1").into_response()),
        Err(denied) => {
            let wrong = Wrong::of(&room, denied)?;
            shown(&room, &colleague, Again { wrong, ..Again::default() }).await
        }
    }
}

/// One colleague.
pub async fn colleague(
    State(room): State<Room>,
    colleague: Colleague,
    Path(id): Path<String>,
    Query(kept): Query<Kept>,
) -> Result<Response, Hindrance> {
    let account = account(&room, &colleague, &id).await?;
    Ok(told(&room, &colleague, &account, (kept.is_said(), Wrong::default(), None)))
}

async fn account(room: &Room, colleague: &Colleague, id: &str) -> Result<Account, Hindrance> {
    colleague.who.may(Permission::ManageStaff).map_err(|refusal| room.denied(&refusal.into()))?;
    let missing = || {
        let sentence = room.texts().say("no-such-page");
        Hindrance::refused(room, StatusCode::NOT_FOUND, "not-here", sentence)
    };
    let id: StaffId = id.parse().map_err(|_| missing())?;
    let found = colleague.app.store().view(async |view: &mut View| view.account(id).await).await;
    found.map_err(|error| room.fault(&error))?.ok_or_else(missing)
}

fn told(
    room: &Room,
    colleague: &Colleague,
    account: &Account,
    (kept, wrong, shown): (bool, Wrong, Option<Shown>),
) -> Response {
    let mut frame = Frame::inside(room, colleague, "staff", PART_OF_DESK);
    frame.title = account.name.clone();
    let t = frame.t;
    let fields = vec![
        Field::new("account", "name", "text", t.say("name")).value(&account.name).needed().wrong(&wrong),
        Field::new("account", "address", "email", t.say("mail-address"))
            .value(account.address.as_str())
            .needed()
            .wrong(&wrong),
        Field::new("account", "role", "select", t.say("role"))
            .choices(roles(t, account.role.as_str()))
            .wrong(&wrong),
    ];
    let told = ColleaguePage {
        frame,
        kept,
        wrong: wrong.besides(&[&fields]),
        shown,
        fields,
        id: account.id,
        revision: account.revision,
        address: account.address.to_string(),
        role: t.say(&format!("role-{}", account.role)),
        since: room.told_time(account.created),
        left: account.left.map(|at| room.told_time(at)),
    };
    page(wrong.status(), &told)
}

/// An account as it is to be.
#[derive(Deserialize)]
pub struct Changed {
    revision: i64,
    name: String,
    address: String,
    role: String,
}

/// Changes a colleague's account.
pub async fn change(
    State(room): State<Room>,
    _: Own,
    colleague: Colleague,
    Path(id): Path<String>,
    Form(typed): Form<Changed>,
) -> Result<Response, Hindrance> {
    let before = account(&room, &colleague, &id).await?;
    let read = address(&typed.address).and_then(|address| Ok((address, role(&typed.role)?)));
    let wrong = match read {
        Err(refusal) => Wrong::one(refusal),
        Ok((address, role)) => {
            let change = AccountChange {
                revision: Some(typed.revision),
                name: Some(typed.name.clone()),
                address: Some(address),
                role: Some(role),
                ..AccountChange::default()
            };
            match change_account(&colleague.app, &colleague.who, before.id, &change).await {
                Ok(_) => return Ok(Redirect::to(&format!("/desk/staff/{id}?kept=1")).into_response()),
                Err(denied) => Wrong::of(&room, denied)?,
            }
        }
    };
    let typed_role = Role::parse(&typed.role).unwrap_or(before.role);
    let typed = Account { name: typed.name, role: typed_role, ..before };
    Ok(told(&room, &colleague, &typed, (false, wrong, None)))
}

/// Makes a way back in: a mail goes out, and the link is shown once.
pub async fn link(
    State(room): State<Room>,
    _: Own,
    colleague: Colleague,
    Path(id): Path<String>,
) -> Result<Response, Hindrance> {
    let account = account(&room, &colleague, &id).await?;
    let (wrong, shown) = match links::link_back_in(&colleague.app, &colleague.who, &account.address).await {
        Ok(secret) => (Wrong::default(), Some(let_in(&room, &account.address, &secret))),
        Err(denied) => (Wrong::of(&room, denied)?, None),
    };
    Ok(told(&room, &colleague, &account, (false, wrong, shown)))
}

/// Asks once whether somebody leaves: what ends then does not come back.
pub async fn ask_to_leave(
    State(room): State<Room>,
    colleague: Colleague,
    Path(id): Path<String>,
) -> Result<Response, Hindrance> {
    let account = account(&room, &colleague, &id).await?;
    Ok(asked(&room, &colleague, &account, &Wrong::default()))
}

fn asked(room: &Room, colleague: &Colleague, account: &Account, wrong: &Wrong) -> Response {
    let frame = Frame::inside(room, colleague, "leaves", PART_OF_DESK);
    let leave = Leave { frame, wrong: wrong.besides(&[]), id: account.id, name: account.name.clone() };
    page(wrong.status(), &leave)
}

/// Lets somebody in no more.
pub async fn leave(
    State(room): State<Room>,
    _: Own,
    colleague: Colleague,
    Path(id): Path<String>,
) -> Result<Response, Hindrance> {
    let account = account(&room, &colleague, &id).await?;
    match accounts::leave(&colleague.app, &colleague.who, account.id).await {
        Ok(()) => Ok(Redirect::to("/desk/staff?kept=1").into_response()),
        Err(denied) => Ok(asked(&room, &colleague, &account, &Wrong::of(&room, denied)?)),
    }
}
