//! Shares a draft with a named person who has no account, takes that back, and looks through a link (R19: not while an embargo
//! stands).

use newsroom::approval::{SHARE_DAYS, Share};
use newsroom::bounds;
use newsroom::id::StoryId;
use newsroom::plan::Embargo;
use newsroom::refusal::Refusal;
use newsroom::staff::policy::Permission;
use store::{Sha256, StoreError, Tx, View};

use super::audit::Deed;
use super::staff::Secret;
use super::{Acted, Denied, Draft, Who, load_draft, must_reach, refuse};
use crate::app::App;

/// Seconds of a day.
const DAY: i64 = 24 * 3600;
/// Characters of a name at most.
const NAME_CHARS: usize = 200;
/// Links that a story may have, those that are over among them.
const MOST: u32 = 500;

/// A new link: its secret is told once.
#[derive(Debug, Clone)]
pub struct Shared {
    /// What opens it.
    pub secret: Secret,
    /// What is kept of it.
    pub digest: Sha256,
    /// For whom, and until when.
    pub share: Share,
}

/// Where a link leads.
pub fn shared_address(site: &str, secret: &Secret) -> String {
    format!("{}/desk/shared/{}", site.trim_end_matches('/'), secret.reveal())
}

/// Makes a link for a named person, good for so many days.
pub async fn share_draft(app: &App, who: &Who, id: StoryId, name: &str, days: i64) -> Result<Shared, Denied> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() || name.chars().count() > NAME_CHARS {
        let sentence = format!("A link is for a person with a name of up to {NAME_CHARS} characters.");
        return Err(Refusal::new("name_missing", sentence).field("name").into());
    }
    if !SHARE_DAYS.contains(&days) {
        let sentence = format!("A link is good for {} to {} days.", SHARE_DAYS.start(), SHARE_DAYS.end());
        return Err(Refusal::new("days_wrong", sentence).field("days").into());
    }
    let secret = Secret::new(app);
    let deed = Deed { who, at: app.now(), verb: "share_draft" };
    let share = Share {
        name,
        made_by: who.as_str().to_owned(),
        made_at: deed.at,
        valid_until: deed.at.plus_seconds(days * DAY),
        revoked_at: None,
    };
    let digest = secret.digest();
    app.store().act(async |tx: &mut Tx| keep(tx, id, digest, &share, &deed).await).await?;
    Ok(Shared { secret, digest, share })
}

async fn keep(tx: &mut Tx, id: StoryId, digest: Sha256, share: &Share, deed: &Deed<'_>) -> Acted<()> {
    must_reach(tx, deed.who, Permission::Publish, id).await?;
    let Some(story) = tx.story(id).await? else { return refuse(super::no_such_story(&id.to_string())) };
    if story.moments.withdrawn.is_some() {
        let sentence = "The story is withdrawn; nobody is shown it.";
        return refuse(Refusal::new("story_withdrawn", sentence).rule("R18"));
    }
    if tx.shares(id, MOST).await?.len() >= MOST as usize {
        return refuse(Refusal::new("too_many", format!("A story has {MOST} links at most.")));
    }
    tx.insert_share(digest, id, share).await?;
    let after = serde_json::json!({
        "share": digest.to_string(), "name": share.name, "until": share.valid_until.to_string(),
    });
    deed.to_story(tx, id, None, Some(after)).await?;
    Ok(())
}

/// Takes a link back: it leads nowhere from now on.
pub async fn revoke_share(app: &App, who: &Who, id: StoryId, digest: Sha256) -> Result<(), Denied> {
    let deed = Deed { who, at: app.now(), verb: "revoke_share" };
    app.store()
        .act(async |tx: &mut Tx| {
            must_reach(tx, deed.who, Permission::Publish, id).await?;
            let share =
                tx.share(digest).await?.filter(|(story, share)| *story == id && share.is_good(deed.at));
            let Some((_, share)) = share else { return refuse(no_such_share()) };
            tx.revoke_share(digest, deed.at).await?;
            let before = serde_json::json!({ "share": digest.to_string(), "name": share.name });
            deed.to_story(tx, id, Some(before), None).await?;
            Ok(())
        })
        .await
        .map_err(Denied::from)
}

/// What somebody sees who follows a link.
#[derive(Debug)]
pub enum Through {
    /// The draft as it stands, and the link.
    Draft(Box<(Draft, Share)>),
    /// The story is under an embargo: nothing of it, not its name either.
    Embargoed(Embargo),
}

/// Looks through a link. `None` where it leads nowhere: there is none, it ended or was taken back, or the story is withdrawn.
///
/// # Errors
/// A fault of the store.
pub async fn look_through(app: &App, secret: &Secret) -> Result<Option<Through>, StoreError> {
    let (digest, now) = (secret.digest(), app.now());
    app.store()
        .view(async |view: &mut View| {
            let Some((story, share)) = view.share(digest).await?.filter(|(_, share)| share.is_good(now))
            else {
                return Ok(None);
            };
            let Some(draft) = load_draft(view, story).await? else { return Ok(None) };
            if draft.story.moments.withdrawn.is_some() {
                return Ok(None);
            }
            match &draft.embargo {
                Some(embargo) if embargo.stands(now) => Ok(Some(Through::Embargoed(embargo.clone()))),
                _ => Ok(Some(Through::Draft(Box::new((draft, share))))),
            }
        })
        .await
}

/// The refusal for a link that leads nowhere.
pub fn no_such_share() -> Refusal {
    Refusal::new("share_unknown", "This link leads nowhere: it ended, was taken back, or never was.")
}

/// A remark that is not too long.
pub(super) fn remark(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    bounds::text("remark", text).map_or(Ok(text.to_owned()), Err)
}
