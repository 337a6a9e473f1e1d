//! Publishing: now, at a time and under an embargo, and what an update changes.

use hyper::StatusCode;
use hyper::header::HeaderMap;
use newsroom::change::{Change, differences, is_the_same};
use newsroom::check::{AllowMissing, Missing};
use newsroom::id::StoryId;
use newsroom::moment::Moment;
use newsroom::plan::{Embargo, KeptRefusal, Plan, PlannedHow};
use newsroom::refusal::Refusal;
use serde::{Deserialize, Serialize};
use store::{Publication, View};
use utoipa::ToSchema;

use super::ask::{Caller, Json, Path, if_match};
use super::carried_out;
use super::problem::{self, Problem, Reason};
use super::stories::{Because, draft, parse};
use crate::actions::embargo::{lift_embargo, set_embargo};
use crate::actions::plan_publication::{cancel_plan, plan_publication};
use crate::actions::publish_story::{HowToPublish, freeze, publish_story};
use crate::pages::address;

/// How to publish.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Publish {
    /// The time that readers see (RFC 3339); this moment, or the draft's, where it is left out.
    at: Option<String>,
    /// What may be missing: `alt`, `picture`.
    allow_missing: Vec<String>,
    /// `minor` says of an update that nothing of it is told to readers, as where nothing is said.
    change: Option<String>,
    /// Says of an update what was wrong and what is right: the note stands on the page, with its date (R20).
    correction: Option<String>,
}

/// What was published.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublishedBody {
    id: String,
    slug: String,
    /// Where readers find it, within a moment.
    address: String,
    slides: usize,
}

/// Publishes a story. What stands against it is told whole; while an embargo stands, it is refused (R19).
#[utoipa::path(post, path = "/stories/{id}/publish", tag = "stories", request_body = Publish,
    params(("id" = String, Path, description = "Of the story"),
        ("If-Match" = Option<String>, Header, description = "The ETag of the draft that was looked at"),
        ("Idempotency-Key" = Option<String>, Header, description = "The same key with the same request does nothing twice")),
    responses((status = 200, body = PublishedBody), problem::Writing))]
pub async fn publish(
    caller: Caller,
    headers: HeaderMap,
    Path(id): Path<String>,
    Json(body): Json<Publish>,
) -> Result<axum::Json<PublishedBody>, Problem> {
    let at = body.at.as_deref().map(|text| moment("at", text)).transpose()?;
    let (allow, change) = (allowed(&body.allow_missing)?, changed(body.change, body.correction)?);
    let (how, story) = (HowToPublish { allow, at, revision: if_match(&headers)?, change }, parse(&id)?);
    let (app, who) = (caller.app.clone(), caller.who.clone());
    let record = carried_out(async move || publish_story(&app, &who, story, &how).await).await?;
    Ok(axum::Json(PublishedBody {
        id: record.id.to_string(),
        slug: record.slug.to_string(),
        address: address::story(&record.slug).absolute(&caller.app.config().site.url),
        slides: record.slides.len(),
    }))
}

fn allowed(missing: &[String]) -> Result<AllowMissing, Problem> {
    let mut allow = AllowMissing::default();
    for what in missing {
        match what.as_str() {
            "alt" => allow.alt = Missing::Allow,
            "picture" => allow.picture = Missing::Allow,
            other => {
                let sentence =
                    format!("\"{other}\" is nothing that may be missing; there are alt and picture.");
                return Err(Refusal::new("missing_wrong", sentence).field("allow_missing").into());
            }
        }
    }
    Ok(allow)
}

fn changed(change: Option<String>, correction: Option<String>) -> Result<Option<Change>, Problem> {
    match (change.as_deref(), correction) {
        (None, None) => Ok(None),
        (None, Some(text)) => Ok(Some(Change::Corrected(text))),
        (Some("minor"), None) => Ok(Some(Change::Minor)),
        (Some(_), _) => {
            let sentence = "change is minor, or left out where there is a correction.";
            Err(Refusal::new("change_wrong", sentence).field("change").rule("R20").into())
        }
    }
}

fn moment(field: &'static str, text: &str) -> Result<Moment, Problem> {
    Moment::parse(text).ok_or_else(|| {
        let sentence = format!("\"{text}\" is no time; write it as 2021-01-03T15:32:00Z.");
        Refusal::new("time_wrong", sentence).field(field).into()
    })
}

/// What readers would see differently.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChangesBody {
    /// When what readers have was published last; nothing where they have nothing.
    published: Option<String>,
    /// Whether publishing the draft would show them anything else, also what is no correction: a text, an order, a tag.
    differs: bool,
    /// What differs of headline, captions, credits and pictures: whether one of them corrects a mistake is the desk's to say (R20).
    changes: Vec<ChangeBody>,
    /// The corrections that readers have on the page.
    corrections: Vec<CorrectionBody>,
}

/// One difference.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChangeBody {
    /// `headline`, `caption`, `credit` or `picture`.
    part: String,
    /// The slide's id.
    slide: Option<String>,
    /// Its place in the draft, from 1; of a slide that is gone, its place on the page.
    slide_number: Option<usize>,
    /// What readers have, of a picture its photo; empty where they have no such slide.
    before: String,
    /// What they would get; empty where the slide is gone.
    after: String,
}

/// What was corrected.
#[derive(Debug, Serialize, ToSchema)]
pub struct CorrectionBody {
    at: String,
    text: String,
}

/// Tells what readers would see differently from what is published, if the draft were published now.
#[utoipa::path(get, path = "/stories/{id}/changes", tag = "stories", params(("id" = String, Path, description = "Of the story")),
    responses((status = 200, body = ChangesBody), problem::Reading))]
pub async fn changes(caller: Caller, Path(id): Path<String>) -> Result<axum::Json<ChangesBody>, Problem> {
    let draft = draft(&caller, parse(&id)?).await?;
    let story = draft.story.id;
    let before: Option<Publication> =
        caller.app.store().view(async |view: &mut View| view.publication(story).await).await?;
    let Some(before) = before.filter(|before| before.withdrawn.is_none()) else {
        let nothing =
            ChangesBody { published: None, differs: true, changes: Vec::new(), corrections: Vec::new() };
        return Ok(axum::Json(nothing));
    };
    let after = freeze(&draft, &HowToPublish::default(), Some(&before.record), caller.app.now());
    let changes = differences(&before.record, &after).into_iter().map(|one| ChangeBody {
        part: one.part.as_str().to_owned(),
        slide: one.slide.as_ref().map(|place| place.id.to_string()),
        slide_number: one.slide.map(|place| place.number),
        before: one.before,
        after: one.after,
    });
    let corrections = before.record.corrections.iter();
    let corrections =
        corrections.map(|one| CorrectionBody { at: one.at.to_string(), text: one.text.clone() });
    Ok(axum::Json(ChangesBody {
        published: Some(before.published_at.to_string()),
        differs: !is_the_same(&before.record, &after),
        changes: changes.collect(),
        corrections: corrections.collect(),
    }))
}

/// When to publish.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct PlanPublication {
    /// The time (RFC 3339); the end of the embargo where it is left out. The later one of both counts (R19).
    at: Option<String>,
    /// The time that readers see; that of the publication, or the draft's, where it is left out.
    shown: Option<String>,
    /// What may be missing: `alt`, `picture`.
    allow_missing: Vec<String>,
    /// See publishing.
    change: Option<String>,
    /// See publishing.
    correction: Option<String>,
}

/// A story that is to be published at a time.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanBody {
    /// When it will be: the later one of `publish_at` and the end of the embargo.
    at: String,
    /// When it was planned for.
    publish_at: String,
    /// When that was decided.
    planned: String,
    /// Who decided, as the audit log names them; it is published in their name.
    planned_by: String,
    /// What the update is: `minor` or `correction`; nothing where nothing was said.
    change: Option<String>,
    /// The correction.
    correction: Option<String>,
    /// Why nothing was published, where the time came and the checks refused.
    failed: Option<PlanFailureBody>,
}

/// A plan whose time came in vain.
#[derive(Debug, Serialize, ToSchema)]
pub struct PlanFailureBody {
    at: String,
    reasons: Vec<Reason>,
}

impl PlanBody {
    /// A plan as it is told, beside the story's embargo.
    pub fn of(plan: &Plan, embargo: Option<&Embargo>) -> Self {
        let (change, correction) = match &plan.how.change {
            None => (None, None),
            Some(Change::Minor) => (Some("minor".to_owned()), None),
            Some(Change::Corrected(text)) => (Some("correction".to_owned()), Some(text.clone())),
        };
        let failed = plan.failed.as_ref().map(|failed| PlanFailureBody {
            at: failed.at.to_string(),
            reasons: failed.refusals.iter().map(kept).collect(),
        });
        Self {
            at: plan.due(embargo).to_string(),
            publish_at: plan.publish_at.to_string(),
            planned: plan.planned_at.to_string(),
            planned_by: plan.planned_by.clone(),
            change,
            correction,
            failed,
        }
    }
}

fn kept(refusal: &KeptRefusal) -> Reason {
    Reason {
        code: refusal.code.clone(),
        detail: refusal.sentence.clone(),
        field: refusal.field.clone(),
        slide: refusal.slide.as_ref().map(|place| place.id.to_string()),
        slide_number: refusal.slide.as_ref().map(|place| place.number),
        rule: refusal.rule.clone(),
        at: None,
        correction: None,
    }
}

/// Plans that the draft is published at a time, as it stands then, in place of a plan that there was. What the checks refuse at
/// that time is not published; the story tells it as `planned.failed`.
#[utoipa::path(put, path = "/stories/{id}/plan", tag = "stories", request_body = PlanPublication,
    params(("id" = String, Path, description = "Of the story")),
    responses((status = 200, body = PlanBody), problem::Writing))]
pub async fn plan(
    caller: Caller,
    Path(id): Path<String>,
    Json(body): Json<PlanPublication>,
) -> Result<axum::Json<PlanBody>, Problem> {
    let at = body.at.as_deref().map(|text| moment("at", text)).transpose()?;
    let how = PlannedHow {
        allow: allowed(&body.allow_missing)?,
        shown: body.shown.as_deref().map(|text| moment("shown", text)).transpose()?,
        change: changed(body.change, body.correction)?,
    };
    let story: StoryId = parse(&id)?;
    let planned = carried_out(async move || plan_publication(&caller.app, &caller.who, story, at, how).await);
    let planned = planned.await?;
    Ok(axum::Json(PlanBody::of(&planned.plan, planned.embargo.as_ref())))
}

/// Takes a plan back.
#[utoipa::path(delete, path = "/stories/{id}/plan", tag = "stories", params(("id" = String, Path, description = "Of the story")),
    responses((status = 204, description = "It is not planned any more"), problem::Writing))]
pub async fn cancel(caller: Caller, Path(id): Path<String>) -> Result<StatusCode, Problem> {
    let story = parse(&id)?;
    carried_out(async move || cancel_plan(&caller.app, &caller.who, story).await).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Until when nothing of a story may be seen.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetEmbargo {
    /// That moment (RFC 3339). It may be made later, and earlier only by lifting the embargo.
    until: String,
}

/// An embargo.
#[derive(Debug, Serialize, ToSchema)]
pub struct EmbargoBody {
    /// When it ends; an embargo that is over is told too.
    until: String,
    /// When it was set.
    set: String,
    /// By whom, as the audit log names them.
    set_by: String,
}

impl EmbargoBody {
    /// An embargo as it is told.
    pub fn of(embargo: &Embargo) -> Self {
        Self {
            until: embargo.until.to_string(),
            set: embargo.set_at.to_string(),
            set_by: embargo.set_by.clone(),
        }
    }
}

/// Puts a story that readers do not have under an embargo: until then publishing it is refused (R19).
#[utoipa::path(put, path = "/stories/{id}/embargo", tag = "stories", request_body = SetEmbargo,
    params(("id" = String, Path, description = "Of the story")),
    responses((status = 200, body = EmbargoBody), problem::Writing))]
pub async fn embargo(
    caller: Caller,
    Path(id): Path<String>,
    Json(body): Json<SetEmbargo>,
) -> Result<axum::Json<EmbargoBody>, Problem> {
    let (story, until) = (parse(&id)?, moment("until", &body.until)?);
    let set = carried_out(async move || set_embargo(&caller.app, &caller.who, story, until).await).await?;
    Ok(axum::Json(EmbargoBody::of(&set)))
}

/// Lifts an embargo before its end, with a reason. A plan whose own time has come is carried out then.
#[utoipa::path(delete, path = "/stories/{id}/embargo", tag = "stories", request_body = Because,
    params(("id" = String, Path, description = "Of the story")),
    responses((status = 204, description = "It is lifted"), problem::Writing))]
pub async fn lift(
    caller: Caller,
    Path(id): Path<String>,
    Json(body): Json<Because>,
) -> Result<StatusCode, Problem> {
    let story = parse(&id)?;
    carried_out(async move || lift_embargo(&caller.app, &caller.who, story, &body.reason).await).await?;
    Ok(StatusCode::NO_CONTENT)
}
