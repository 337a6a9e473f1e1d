//! What the page for publishing is told to do.

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use jiff::civil::DateTime;
use newsroom::change::Change;
use newsroom::check::{AllowMissing, Missing};
use newsroom::id::StoryId;
use newsroom::moment::Moment;
use newsroom::plan::PlannedHow;
use newsroom::refusal::Refusal;
use serde::Deserialize;

use super::forms::{Own, Wrong};
use super::preview::drafted;
use super::publish::{Asked, Said, changed, shown};
use super::{Colleague, Form, Hindrance, Room};
use crate::actions::Denied;
use crate::actions::approve::{Saying, approve};
use crate::actions::embargo::{lift_embargo, set_embargo};
use crate::actions::plan_publication::{cancel_plan, plan_publication};
use crate::actions::publish_story::{HowToPublish, publish_story};
use crate::actions::share_draft::{no_such_share, revoke_share, share_draft, shared_address};
use crate::actions::withdraw::{restore_story, withdraw_story};
use crate::api::carried_out;

/// What is to be done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Deed {
    /// Publish now.
    #[default]
    Now,
    /// Publish at a time.
    Plan,
    /// Take the plan back.
    Cancel,
    /// Put under an embargo.
    Embargo,
    /// Lift the embargo.
    Lift,
    /// Make a link.
    Share,
    /// Take a link back.
    Revoke,
    /// Approve.
    Approve,
    /// Take away from readers.
    Withdraw,
    /// Bring back.
    Restore,
}

impl Deed {
    /// As the form sends it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Now => "now",
            Self::Plan => "plan",
            Self::Cancel => "cancel",
            Self::Embargo => "embargo",
            Self::Lift => "lift",
            Self::Share => "share",
            Self::Revoke => "revoke",
            Self::Approve => "approve",
            Self::Withdraw => "withdraw",
            Self::Restore => "restore",
        }
    }

    /// The deed by which its form is called: publishing now and at a time are two buttons of one.
    pub fn form(self) -> Self {
        if self == Self::Plan { Self::Now } else { self }
    }
}

/// What was sent.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    pub deed: Deed,
    pub revision: Option<i64>,
    pub allow_alt: Option<String>,
    pub allow_picture: Option<String>,
    pub change: String,
    pub correction: String,
    pub at: String,
    pub until: String,
    pub reason: String,
    pub name: String,
    pub days: String,
    pub share: String,
    pub remark: String,
}

/// What came of it.
enum Done {
    /// It is done.
    Kept,
    /// It is done, and goes live.
    GoesLive,
    /// A new link has this address.
    Shared(String),
}

/// Does what the page is told to.
pub async fn act(
    State(room): State<Room>,
    _: Own,
    colleague: Colleague,
    Path(id): Path<String>,
    Form(typed): Form<Typed>,
) -> Result<Response, Hindrance> {
    let (draft, before) = drafted(&room, &colleague, &id).await?;
    let story = draft.story.id;
    let had = before.filter(|before| before.withdrawn.is_none());
    let asks = had.is_some_and(|had| !changed(room.texts(), &draft, &had, colleague.app.now()).is_empty());
    let going = matches!(typed.deed, Deed::Now | Deed::Plan);
    let done = if asks && going && typed.change.is_empty() {
        Err(change_missing().into())
    } else {
        done(&room, &colleague, story, &typed).await
    };
    let said = match done {
        Ok(Done::Kept) => return Ok(back(story, "kept=1")),
        Ok(Done::GoesLive) => return Ok(back(story, "kept=1&live=1")),
        Ok(Done::Shared(address)) => Said { shared: Some(address), ..Said::default() },
        Err(denied) => Said { wrong: Wrong::of(&room, denied)?, typed, shared: None },
    };
    // What was done has changed what stands.
    let (draft, before) = drafted(&room, &colleague, &id).await?;
    shown(&room, &colleague, (&draft, before.as_ref()), &Asked::default(), said).await
}

fn back(story: StoryId, said: &str) -> Response {
    Redirect::to(&format!("/desk/stories/{story}/publish?{said}")).into_response()
}

async fn done(room: &Room, colleague: &Colleague, story: StoryId, typed: &Typed) -> Result<Done, Denied> {
    let (app, who, account) = (colleague.app.clone(), colleague.who.clone(), colleague.account.clone());
    let (typed, room) = (typed.clone(), room.clone());
    carried_out(async move || {
        let (app, who) = (&app, &who);
        match typed.deed {
            Deed::Now => {
                let how = HowToPublish {
                    allow: typed.allow(),
                    at: None,
                    revision: typed.revision,
                    change: typed.change(),
                };
                publish_story(app, who, story, &how).await?;
                return Ok(Done::GoesLive);
            }
            Deed::Plan => {
                let how = PlannedHow { allow: typed.allow(), shown: None, change: typed.change() };
                let at = if typed.at.is_empty() { None } else { Some(room.moment("at", &typed.at)?) };
                plan_publication(app, who, story, at, how).await?;
            }
            Deed::Cancel => cancel_plan(app, who, story).await?,
            Deed::Embargo => {
                set_embargo(app, who, story, room.moment("until", &typed.until)?).await?;
            }
            Deed::Lift => lift_embargo(app, who, story, &typed.reason).await?,
            Deed::Share => {
                let days = typed.days.trim().parse().unwrap_or(0);
                let shared = share_draft(app, who, story, &typed.name, days).await?;
                return Ok(Done::Shared(shared_address(&app.config().site.url, &shared.secret)));
            }
            Deed::Revoke => {
                let share = typed.share.parse().map_err(|_| no_such_share())?;
                revoke_share(app, who, story, share).await?;
            }
            Deed::Approve => {
                let saying =
                    Saying { revision: typed.revision, remark: typed.remark.clone(), ..Saying::default() };
                approve(app, who, &account, story, &saying).await?;
            }
            Deed::Withdraw => {
                withdraw_story(app, who, story, &typed.reason).await.map_err(about_reason)?;
                return Ok(Done::GoesLive);
            }
            Deed::Restore => {
                restore_story(app, who, story, &typed.reason).await.map_err(about_reason)?;
                return Ok(Done::GoesLive);
            }
        }
        Ok(Done::Kept)
    })
    .await
}

/// A missing reason is told beside its field.
pub fn about_reason(denied: Denied) -> Denied {
    let place = |one: Refusal| if one.code == "reason_missing" { one.field("reason") } else { one };
    match denied {
        Denied::Refused(refusals) => Denied::Refused(refusals.into_iter().map(place).collect()),
        fault @ Denied::Fault(_) => fault,
    }
}

impl Typed {
    fn allow(&self) -> AllowMissing {
        let allowed = |typed: &Option<String>| if typed.is_some() { Missing::Allow } else { Missing::Refuse };
        AllowMissing { alt: allowed(&self.allow_alt), picture: allowed(&self.allow_picture) }
    }

    /// What an update is.
    fn change(&self) -> Option<Change> {
        match self.change.as_str() {
            "correction" => Some(Change::Corrected(self.correction.clone())),
            "minor" => Some(Change::Minor),
            _ => None,
        }
    }
}

/// The refusal of an update of which nobody said what it is.
fn change_missing() -> Refusal {
    let sentence = "Say whether this corrects a mistake, or is minor.";
    Refusal::new("change_missing", sentence).field("change").rule("R20")
}

impl Room {
    /// A moment as a form has it, in the desk's time zone: `2021-01-03T15:32`.
    fn moment(&self, field: &'static str, text: &str) -> Result<Moment, Refusal> {
        let read = text.trim().parse::<DateTime>().ok();
        let zoned = read.and_then(|at| at.to_zoned(self.held().site.time_zone.clone()).ok());
        zoned.map(|at| Moment::from_timestamp(at.timestamp())).ok_or_else(|| {
            let sentence = format!("\"{text}\" is no time; write it as 2021-01-03T15:32.");
            Refusal::new("time_wrong", sentence).field(field)
        })
    }
}
