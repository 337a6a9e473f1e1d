//! `halftone publish`, `withdraw` and `clear`.

use newsroom::change::Change;
use newsroom::check::{AllowMissing, Missing as Missed};
use newsroom::id::{PhotoId, SlideId, StoryId};
use newsroom::moment::Moment;
use newsroom::plan::PlannedHow;
use newsroom::refusal::Refusal;
use serde_json::json;
use store::View;

use super::args::{ClearArgs, Missing, PublishArgs, WithdrawArgs};
use super::report::Outcome;
use super::session::{Ended, Session};
use crate::actions::clear_restriction::clear_restriction;
use crate::actions::embargo::{lift_embargo, set_embargo};
use crate::actions::plan_publication::{cancel_plan, plan_publication};
use crate::actions::publish_story::{HowToPublish, publish_story};
use crate::actions::withdraw::{Touched, restore_photo, restore_story, withdraw_photo, withdraw_story};
use crate::jobs::kinds;
use crate::pages::address;

pub async fn run(session: &Session, args: &PublishArgs) -> Result<Outcome, Ended> {
    let (app, who) = (session.app(), &session.who);
    let id = session.story(&args.story).await?;
    if args.cancel {
        cancel_plan(app, who, id).await?;
        session.report.say("Not planned any more.", json!({ "story": id, "planned": null }));
        return Ok(Outcome::Done);
    }
    let allow = |what| if args.allow_missing.contains(&what) { Missed::Allow } else { Missed::Refuse };
    let allow = AllowMissing { alt: allow(Missing::Alt), picture: allow(Missing::Picture) };
    let change = match &args.correction {
        Some(text) => Some(Change::Corrected(text.clone())),
        None => args.minor.then_some(Change::Minor),
    };
    let (at, plan, embargo) = (time(&args.at)?, time(&args.plan)?, time(&args.embargo)?);
    if let Some(reason) = &args.lift {
        lift_embargo(app, who, id, reason).await?;
        session.report.say("The embargo is lifted.", json!({ "story": id, "embargo": null }));
    }
    if plan.is_some() || embargo.is_some() {
        if let Some(until) = embargo {
            set_embargo(app, who, id, until).await?;
        }
        let how = PlannedHow { allow, shown: at, change };
        return planned(session, id, plan, how).await;
    }
    publish(session, id, &HowToPublish { allow, at, revision: None, change }).await
}

fn time(text: &Option<String>) -> Result<Option<Moment>, Ended> {
    let Some(text) = text else { return Ok(None) };
    let moment = Moment::parse(text)
        .ok_or_else(|| Ended::WrongUse(format!("\"{text}\" is no time; write it as 2021-01-03T15:32:00Z.")));
    moment.map(Some)
}

async fn planned(
    session: &Session,
    id: StoryId,
    at: Option<Moment>,
    how: PlannedHow,
) -> Result<Outcome, Ended> {
    let planned = plan_publication(session.app(), &session.who, id, at, how).await?;
    let at = planned.plan.due(planned.embargo.as_ref());
    let sentence = format!("Planned for {at}. halftone serve, or work, publishes it then.");
    let embargo = planned.embargo.map(|embargo| embargo.until.to_string());
    let object = json!({ "story": id, "planned": at.to_string(), "embargo": embargo });
    session.report.say(&sentence, object);
    Ok(Outcome::Done)
}

async fn publish(session: &Session, id: StoryId, how: &HowToPublish) -> Result<Outcome, Ended> {
    // Photos that came in a moment ago may still wait for their renditions.
    session.work_and_wait(&[kinds::DEVELOP], |_| {}).await?;
    let record = publish_story(session.app(), &session.who, id, how).await?;
    let outcome = session.print(&[record.id.to_string()]).await?;
    let address = address::story(&record.slug).absolute(&session.app().config().site.url);
    let printed = outcome == Outcome::Done;
    let sentence = if printed {
        format!("Published \"{}\": {address}", record.headline)
    } else {
        format!(
            "Decided, but NOT YET printed whole: \"{}\": {address}. {TRIED_AGAIN} halftone reprint {}",
            record.headline, record.slug
        )
    };
    let object = json!({
        "story": record.id, "slug": record.slug, "address": address, "path": address::story(&record.slug).href(),
        "slides": record.slides.len(), "printed": printed,
    });
    session.report.say(&sentence, object);
    Ok(outcome)
}

/// What happens to a print that failed, and what a person can do.
const TRIED_AGAIN: &str = "Mend the cause that was named above; it is tried again in the background, or run:";

pub async fn withdraw(session: &Session, args: &WithdrawArgs) -> Result<Outcome, Ended> {
    let decided = decide(session, args).await;
    // Printed also where the decision was refused because it stands already: the process that took it may have died
    // before it was carried out.
    let about = decided.as_ref().map(Touched::ids).unwrap_or_default();
    let outcome = session.print_and_purge(&about).await?;
    tell(session, &decided?, args.undo, outcome).await?;
    Ok(outcome)
}

async fn decide(session: &Session, args: &WithdrawArgs) -> Result<Touched, Ended> {
    let (app, who) = (session.app(), &session.who);
    Ok(match photo(session, &args.what).await? {
        Some(photo) if args.undo => restore_photo(app, who, photo, &args.reason).await?,
        Some(photo) => withdraw_photo(app, who, photo, &args.reason).await?,
        None => {
            let story = session.story(&args.what).await?;
            if args.undo {
                restore_story(app, who, story, &args.reason).await?
            } else {
                withdraw_story(app, who, story, &args.reason).await?
            }
        }
    })
}

async fn photo(session: &Session, what: &str) -> Result<Option<PhotoId>, Ended> {
    let Ok(id) = what.parse::<PhotoId>() else { return Ok(None) };
    let found = session.app().store().view(async |view: &mut View| view.photo(id).await).await?;
    Ok(found.map(|photo| photo.id))
}

async fn tell(session: &Session, touched: &Touched, undone: bool, printed: Outcome) -> Result<(), Ended> {
    let verb = if undone { "brought back" } else { "withdrawn" };
    let printed = printed == Outcome::Done;
    for id in &touched.stories {
        let story = session.app().store().view(async |view: &mut View| view.story(*id).await).await?;
        if let Some(story) = story {
            let sentence = if printed {
                format!("Printed again: \"{}\" ({}).", story.headline, story.slug)
            } else {
                format!(
                    "Decided, but NOT YET carried out: readers may still see \"{}\" as it was. {TRIED_AGAIN} halftone reprint {}",
                    story.headline, story.slug
                )
            };
            session
                .report
                .say(&sentence, json!({ "story": story.id, "slug": story.slug, "printed": printed }));
        }
    }
    let state = if printed { "" } else { " once that is done" };
    let sentence = format!("{} photo(s) {verb}{state}. The originals are kept.", touched.photos.len());
    session.report.say(
        &sentence,
        json!({ "photos": touched.photos, verb.replace(' ', "_"): true, "printed": printed }),
    );
    Ok(())
}

pub async fn clear(session: &Session, args: &ClearArgs) -> Result<Outcome, Ended> {
    let story = session.story(&args.story).await?;
    let slide: SlideId = args.slide.parse().map_err(|error: newsroom::id::NotAnId| {
        Ended::Refused(vec![Refusal::new("slide_unknown", format!("{error}."))])
    })?;
    let texts = clear_restriction(session.app(), &session.who, story, &slide, &args.reason).await?;
    for text in texts {
        session
            .report
            .say(&format!("Cleared for slide {slide}: {text}"), json!({ "slide": slide, "cleared": text }));
    }
    Ok(Outcome::Done)
}
