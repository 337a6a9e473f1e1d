//! Notes that somebody found a draft good: a colleague, or the person of a link.

use newsroom::approval::{Approval, LookedOver, shows_the_same};
use newsroom::id::StoryId;
use newsroom::refusal::Refusal;
use newsroom::staff::Account;
use newsroom::staff::policy::Permission;
use newsroom::story::Story;
use store::{StoreError, Tx, View};

use super::audit::Deed;
use super::put_story::stale;
use super::share_draft::{no_such_share, remark};
use super::staff::Secret;
use super::{Acted, Denied, Who, must_reach, no_such_story, refuse};
use crate::app::App;

/// Approvals that are told of a story at most.
const MOST: u32 = 500;

/// What somebody says who approves.
#[derive(Debug, Clone, Default)]
pub struct Saying {
    /// The revision that they looked at; another one is refused. Whichever it is when `None`.
    pub revision: Option<i64>,
    /// What they looked over.
    pub of: LookedOver,
    /// What else they say.
    pub remark: String,
}

/// A colleague approves a draft that they see.
pub async fn approve(
    app: &App,
    who: &Who,
    account: &Account,
    id: StoryId,
    saying: &Saying,
) -> Result<Approval, Denied> {
    let deed = Deed { who, at: app.now(), verb: "approve" };
    let said = Saying { remark: remark(&saying.remark)?, ..saying.clone() };
    let approved = app
        .store()
        .act(async |tx: &mut Tx| {
            must_reach(tx, deed.who, Permission::ReadStories, id).await?;
            keep(tx, id, &account.name, &said, &deed).await
        })
        .await?;
    Ok(approved)
}

/// The person of a link approves what they see through it.
pub async fn approve_by_link(app: &App, secret: &Secret, saying: &Saying) -> Result<Approval, Denied> {
    let digest = secret.digest();
    let who = Who::of_link(&digest.to_string());
    let deed = Deed { who: &who, at: app.now(), verb: "approve" };
    let said = Saying { remark: remark(&saying.remark)?, ..saying.clone() };
    let approved = app
        .store()
        .act(async |tx: &mut Tx| {
            let share = tx.share(digest).await?.filter(|(_, share)| share.is_good(deed.at));
            let Some((id, share)) = share else { return refuse(no_such_share()) };
            if let Some(embargo) = tx.embargo(id).await?.filter(|embargo| embargo.stands(deed.at)) {
                return refuse(embargo.refusal());
            }
            if tx.story(id).await?.is_none_or(|story| story.moments.withdrawn.is_some()) {
                return refuse(no_such_share());
            }
            keep(tx, id, &share.name, &said, &deed).await
        })
        .await?;
    Ok(approved)
}

async fn keep(tx: &mut Tx, id: StoryId, name: &str, saying: &Saying, deed: &Deed<'_>) -> Acted<Approval> {
    let Some(story) = tx.story(id).await? else { return refuse(no_such_story(&id.to_string())) };
    if saying.revision.is_some_and(|revision| revision != story.revision) {
        return refuse(stale());
    }
    let approval = Approval {
        revision: story.revision,
        at: deed.at,
        who: deed.who.as_str().to_owned(),
        name: name.to_owned(),
        of: saying.of,
        remark: saying.remark.clone(),
    };
    tx.approve(id, &approval).await?;
    let after = serde_json::json!({
        "revision": story.revision, "name": name, "of": saying.of, "remark": saying.remark,
    });
    deed.to_story(tx, id, None, Some(after)).await?;
    Ok(approval)
}

/// An approval, and whether what was approved still stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The approval.
    pub approval: Approval,
    /// Whether the draft shows the same since.
    pub holds: Holds,
}

/// Whether a draft changed since it was approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// It shows what was approved.
    Still,
    /// It was changed since.
    Changed,
}

/// Who approved a story, newest first, each with whether the draft changed since.
///
/// # Errors
/// A fault of the store.
pub async fn approvals(view: &mut View, now: &Story) -> Result<Vec<Standing>, StoreError> {
    let mut all = Vec::new();
    let mut known: Option<(i64, Holds)> = None;
    for approval in view.approvals(now.id, MOST).await? {
        let holds = match known {
            Some((revision, holds)) if revision == approval.revision => holds,
            _ => {
                let then = view.story_at(now.id, approval.revision).await?;
                let same = then.is_some_and(|then| shows_the_same(&then, now));
                if same { Holds::Still } else { Holds::Changed }
            }
        };
        known = Some((approval.revision, holds));
        all.push(Standing { approval, holds });
    }
    Ok(all)
}

/// The refusal for something that nobody looks over.
pub fn odd_looked_over(text: &str) -> Refusal {
    Refusal::new("of_wrong", format!("\"{text}\" is not looked over; there are page and proof.")).field("of")
}
