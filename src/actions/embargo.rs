//! Puts a story under an embargo, and lifts it (R19): nothing of the story is seen outside the house before its end.

use newsroom::id::StoryId;
use newsroom::moment::Moment;
use newsroom::plan::Embargo;
use newsroom::refusal::Refusal;
use newsroom::staff::policy::Permission;
use store::Tx;

use super::audit::Deed;
use super::{Acted, Denied, Who, must_reach, no_such_story, refuse};
use crate::app::App;

/// Puts a story under an embargo, or makes the one that it has longer. Whoever writes a story may: it opens nothing.
pub async fn set_embargo(app: &App, who: &Who, id: StoryId, until: Moment) -> Result<Embargo, Denied> {
    let deed = Deed { who, at: app.now(), verb: "set_embargo" };
    let set = app.store().act(async |tx: &mut Tx| set(tx, id, until, &deed).await).await?;
    Ok(set)
}

async fn set(tx: &mut Tx, id: StoryId, until: Moment, deed: &Deed<'_>) -> Acted<Embargo> {
    must_reach(tx, deed.who, Permission::WriteStories, id).await?;
    let Some(story) = tx.story(id).await? else { return refuse(no_such_story(&id.to_string())) };
    let wrong = |code, sentence: String| refuse(Refusal::new(code, sentence).field("until").rule("R19"));
    if until <= deed.at {
        return wrong("time_past", "An embargo ends in the future.".to_owned());
    }
    if story.moments.published.is_some() && story.moments.withdrawn.is_none() {
        let sentence = "Readers have the story already. Withdraw it before it comes under an embargo.";
        return wrong("published_already", sentence.to_owned());
    }
    let before = tx.embargo(id).await?.filter(|before| before.stands(deed.at));
    if let Some(before) = before.as_ref().filter(|before| until < before.until) {
        let sentence = format!("The embargo stands until {}. Ending it earlier is lifting it.", before.until);
        return wrong("embargo_shortened", sentence);
    }
    let embargo = Embargo { until, set_at: deed.at, set_by: deed.who.as_str().to_owned() };
    tx.set_embargo(id, &embargo).await?;
    let told = |embargo: &Embargo| serde_json::json!({ "until": embargo.until.to_string() });
    deed.to_story(tx, id, before.as_ref().map(told), Some(told(&embargo))).await?;
    Ok(embargo)
}

/// Ends an embargo before its time, with a reason that is kept. A plan whose own time has come is carried out then.
pub async fn lift_embargo(app: &App, who: &Who, id: StoryId, reason: &str) -> Result<(), Denied> {
    let reason = reason.trim();
    if reason.is_empty() {
        let refusal = Refusal::new("reason_missing", "An embargo is lifted with a reason only.");
        return Err(refusal.field("reason").rule("R19").into());
    }
    let deed = Deed { who, at: app.now(), verb: "lift_embargo" };
    app.store()
        .act(async |tx: &mut Tx| {
            must_reach(tx, deed.who, Permission::Publish, id).await?;
            let Some(before) = tx.embargo(id).await?.filter(|embargo| embargo.stands(deed.at)) else {
                return refuse(Refusal::new("no_embargo", "The story is under no embargo.").rule("R19"));
            };
            tx.lift_embargo(id).await?;
            let before = serde_json::json!({ "until": before.until.to_string() });
            deed.to_story(tx, id, Some(before), Some(serde_json::json!({ "reason": reason }))).await?;
            Ok(())
        })
        .await
        .map_err(Denied::from)
}
