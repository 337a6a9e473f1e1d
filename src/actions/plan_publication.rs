//! Plans that a story is published at a time, takes that back, and carries it out when the time has come.

use newsroom::id::StoryId;
use newsroom::moment::Moment;
use newsroom::plan::{Embargo, KeptRefusal, Plan, PlanFailure, PlannedHow};
use newsroom::refusal::Refusal;
use newsroom::staff::policy::Permission;
use store::{ActError, StoreError, Tx, View};

use super::audit::Deed;
use super::publish_story::{Drawn, HowToPublish, check_change, publish};
use super::staff::Draft as MailDraft;
use super::{Acted, Denied, Who, member_of, must_reach, no_such_story, refuse};
use crate::app::App;
use crate::jobs::About;

/// Seconds for which a plan whose time has come waits for photos that are being developed.
const PATIENCE: i64 = 600;

/// What was planned, with what decides about its time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// The plan.
    pub plan: Plan,
    /// The embargo, where the story is under one.
    pub embargo: Option<Embargo>,
}

/// Plans that a story is published at `at`, or when its embargo ends; the later one counts (R19). What stands then is published:
/// the draft may change until then. A plan that there was is replaced.
pub async fn plan_publication(
    app: &App,
    who: &Who,
    id: StoryId,
    at: Option<Moment>,
    how: PlannedHow,
) -> Result<Planned, Denied> {
    let deed = Deed { who, at: app.now(), verb: "plan_publication" };
    let planned = app.store().act(async |tx: &mut Tx| plan(tx, id, at, &how, &deed).await).await?;
    Ok(planned)
}

async fn plan(
    tx: &mut Tx,
    id: StoryId,
    at: Option<Moment>,
    how: &PlannedHow,
    deed: &Deed<'_>,
) -> Acted<Planned> {
    must_reach(tx, deed.who, Permission::Publish, id).await?;
    let Some(story) = tx.story(id).await? else { return refuse(no_such_story(&id.to_string())) };
    if story.moments.withdrawn.is_some() {
        let sentence = "The story is withdrawn. Undo the withdrawal with a reason before planning it.";
        return refuse(Refusal::new("story_withdrawn", sentence));
    }
    let before = tx.publication(id).await?;
    if let Some(wrong) = check_change(how.change.as_ref(), before.as_ref().map(|before| &before.record)) {
        return refuse(wrong);
    }
    let embargo = tx.embargo(id).await?.filter(|embargo| embargo.stands(deed.at));
    let Some(publish_at) = at.or(embargo.as_ref().map(|embargo| embargo.until)) else {
        let sentence =
            "Say when the story is to be published; it is under no embargo whose end could be meant.";
        return refuse(Refusal::new("time_missing", sentence).field("at"));
    };
    let plan = Plan {
        publish_at,
        planned_at: deed.at,
        planned_by: deed.who.as_str().to_owned(),
        how: how.clone(),
        failed: None,
    };
    if plan.due(embargo.as_ref()) <= deed.at {
        let sentence = "That time is past. Publish the story now, or plan it for later.";
        return refuse(Refusal::new("time_past", sentence).field("at"));
    }
    let was = tx.plan(id).await?;
    tx.put_plan(id, &plan).await?;
    let told = |plan: &Plan| serde_json::json!({ "publish_at": plan.publish_at.to_string(), "change": plan.how.change });
    deed.to_story(tx, id, was.as_ref().map(told), Some(told(&plan))).await?;
    Ok(Planned { plan, embargo })
}

/// Takes a plan back, also one whose time came in vain.
pub async fn cancel_plan(app: &App, who: &Who, id: StoryId) -> Result<(), Denied> {
    let deed = Deed { who, at: app.now(), verb: "cancel_plan" };
    app.store()
        .act(async |tx: &mut Tx| {
            must_reach(tx, deed.who, Permission::Publish, id).await?;
            let Some(plan) = tx.plan(id).await? else {
                return refuse(Refusal::new("no_plan", "The story is not planned."));
            };
            tx.take_plan(id).await?;
            let before = serde_json::json!({ "publish_at": plan.publish_at.to_string() });
            deed.to_story(tx, id, Some(before), None).await?;
            Ok(())
        })
        .await
        .map_err(Denied::from)
}

/// What became of a plan whose time has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CarriedOut {
    /// The story is published.
    Published,
    /// The checks refused. The plan says so, and whoever planned has a mail.
    Failed(Vec<Refusal>),
    /// It is not due, photos of it are being developed, or another process was first.
    Nothing,
}

/// Carries out a story's plan, if its time has come: publishes it in the name of whoever planned it. Several processes may try.
pub async fn carry_out(app: &App, id: StoryId) -> Result<CarriedOut, Denied> {
    let (now, drawn) = (app.now(), Drawn::new(app));
    let carried = app
        .store()
        .act(async |tx: &mut Tx| {
            let Some(plan) = due(tx, id, now).await? else { return Ok(CarriedOut::Nothing) };
            let who = planner(tx, &plan).await?;
            let PlannedHow { allow, shown, change } = plan.how.clone();
            let how = HowToPublish { allow, at: shown, revision: None, change };
            let deed = Deed { who: &who, at: now, verb: "publish_story" };
            publish(app, tx, id, &how, &drawn, &deed).await?;
            let after = serde_json::json!({ "publish_at": plan.publish_at.to_string() });
            Deed { verb: "carry_out_plan", ..deed }.to_story(tx, id, None, Some(after)).await?;
            Ok(CarriedOut::Published)
        })
        .await;
    match carried {
        Ok(carried) => Ok(carried),
        Err(ActError::Fault(fault)) => Err(fault.into()),
        Err(ActError::Refused(refusals)) => {
            let planned = app.store().view(async |view: &mut View| {
                let embargo = view.embargo(id).await?;
                Ok::<_, StoreError>(view.plan(id).await?.map(|plan| plan.due(embargo.as_ref())))
            });
            match planned.await? {
                Some(since) if develops_still(&refusals, since, now) => Ok(CarriedOut::Nothing),
                _ => fail(app, id, refusals, now).await,
            }
        }
    }
}

/// Whether nothing stands against a plan but photos that came late and are being developed: then it waits for them a while.
fn develops_still(refusals: &[Refusal], since: Moment, now: Moment) -> bool {
    now < since.plus_seconds(PATIENCE) && refusals.iter().all(|one| one.code == "photo_not_developed")
}

/// The plan of a story where it is due.
async fn due(tx: &mut Tx, id: StoryId, now: Moment) -> Result<Option<Plan>, StoreError> {
    let Some(plan) = tx.plan(id).await?.filter(|plan| plan.failed.is_none()) else { return Ok(None) };
    let embargo = tx.embargo(id).await?;
    Ok(Some(plan).filter(|plan| plan.due(embargo.as_ref()) <= now))
}

/// Whoever planned, with what they may do today; the program's operator where it was planned on the machine.
async fn planner(tx: &mut Tx, plan: &Plan) -> Acted<Who> {
    let Some(staff) = member_of(&plan.planned_by) else { return Ok(Who::operator()) };
    match tx.account(staff).await? {
        Some(account) if account.left.is_none() => Ok(Who::of(&account)),
        _ => refuse(Refusal::new("planner_left", "The account that planned the publication was ended.")),
    }
}

/// Notes that a plan's time came in vain, once, and tells whoever planned it.
async fn fail(app: &App, id: StoryId, refusals: Vec<Refusal>, now: Moment) -> Result<CarriedOut, Denied> {
    let failure = PlanFailure { at: now, refusals: refusals.iter().map(KeptRefusal::from).collect() };
    let mail = MailDraft::new(app);
    let link = format!("{}/desk/stories/{id}/publish", app.config().site.url.trim_end_matches('/'));
    let failed = app
        .store()
        .act(async |tx: &mut Tx| {
            let (Some(plan), Some(story)) = (due(tx, id, now).await?, tx.story(id).await?) else {
                return Ok(false);
            };
            tx.fail_plan(id, &failure).await?;
            let codes: Vec<&str> = refusals.iter().map(|refusal| refusal.code).collect();
            let who = Who::planning();
            let deed = Deed { who: &who, at: now, verb: "fail_plan" };
            let after = serde_json::json!({ "planned_by": plan.planned_by, "refusals": codes });
            deed.to_story(tx, id, None, Some(after)).await?;
            let planner = match member_of(&plan.planned_by) {
                Some(staff) => tx.account(staff).await?.filter(|account| account.left.is_none()),
                None => None,
            };
            if let Some(planner) = planner {
                let reasons = refusals.iter().map(said).collect();
                let about = About::PlanFailed { headline: story.headline, link: link.clone(), reasons };
                mail.send(tx, &planner.address, about).await?;
            }
            Ok(true)
        })
        .await
        .map_err(Denied::from)?;
    Ok(if failed { CarriedOut::Failed(refusals) } else { CarriedOut::Nothing })
}

/// A refusal in a mail, with the number of its slide.
fn said(refusal: &Refusal) -> String {
    match &refusal.slide {
        Some(place) => format!("{}: {}", place.number, refusal.sentence),
        None => refusal.sentence.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_plan_waits_for_photos_that_are_developed_but_not_for_good_and_for_nothing_else() {
        let refusal = |code| Refusal::new(code, "No.");
        let (waiting, missing) = (refusal("photo_not_developed"), refusal("caption_missing"));
        let (since, late) = (Moment::from_micros(0), Moment::from_micros(PATIENCE * 1_000_000));
        assert!(develops_still(&[waiting.clone(), waiting.clone()], since, since));
        assert!(!develops_still(&[waiting.clone(), missing], since, since));
        assert!(!develops_still(&[waiting], since, late));
    }
}
