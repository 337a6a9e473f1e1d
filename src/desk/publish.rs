//! The page on which a story goes out: what stands against it, how readers will see it, when, and who looked it over.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use newsroom::change::differences;
use newsroom::id::StoryId;
use newsroom::staff::policy::{Permission, Reach};
use serde::Deserialize;
use store::{Publication, View};

use super::forms::{Choice, Field, Wrong};
use super::frame::{Frame, page};
use super::preview::drafted;
use super::publish_form::{Deed, Typed};
use super::story_rows::{Finding, findings, state_of};
use super::{Colleague, Hindrance, Room, stories};
use crate::actions::approve::{Holds, Standing, approvals};
use crate::actions::publish_story::{HowToPublish, freeze};
use crate::actions::{Denied, Draft, member_of};
use crate::api::carried_out;
use crate::api::live::{LiveBody, state_of as live_state};
use crate::texts::Texts;

/// Links that are shown at most.
const SHARES: u32 = 500;

#[derive(Template)]
#[template(path = "desk/publish.html")]
struct Publish {
    frame: Frame,
    id: StoryId,
    headline: String,
    revision: i64,
    state: &'static str,
    publishes: bool,
    kept: bool,
    /// What is wrong with none of the fields.
    wrong: Option<String>,
    red: Vec<Finding>,
    amber: Vec<Finding>,
    looks: Vec<Choice>,
    frames: Vec<Looking>,
    /// Numbers of the slides, where the page of one is looked at.
    numbers: Vec<usize>,
    number: usize,
    changes: Vec<Changed>,
    embargo: Option<String>,
    plan: Option<Planned>,
    allow_alt: bool,
    allow_picture: bool,
    going: Vec<Field>,
    until: Vec<Field>,
    lift: Vec<Field>,
    sharing: Vec<Field>,
    shared: Option<String>,
    shares: Vec<Shared>,
    approvals: Vec<Approved>,
    remark: Vec<Field>,
    reason: Vec<Field>,
    live: Option<LiveBody>,
    /// Whether it is to be followed how the story goes live.
    follows: bool,
}

/// A frame in which the page is looked at.
struct Looking {
    class: &'static str,
    label: String,
    /// How the preview is asked for.
    query: String,
}

/// What an update changes.
pub struct Changed {
    what: String,
    slide: Option<(usize, String)>,
    before: String,
    after: String,
}

/// A plan as it is told.
struct Planned {
    at: String,
    by: String,
    change: Option<String>,
    failed: Option<(String, Vec<String>)>,
}

/// A link as it is told.
struct Shared {
    id: String,
    name: String,
    until: String,
    good: bool,
}

/// An approval as it is told.
struct Approved {
    name: String,
    at: String,
    proof: bool,
    remark: String,
    changed: bool,
}

/// How the page is asked for.
#[derive(Default, Deserialize)]
pub struct Asked {
    #[serde(default)]
    look: String,
    #[serde(default)]
    slide: usize,
    #[serde(default)]
    kept: String,
    #[serde(default)]
    live: String,
}

/// How a page is looked at: its name, which is the class of its frame as well, and how the preview is asked for.
const LOOKS: [(&str, &str); 6] = [
    ("phone", "?as=light"),
    ("wide", "?as=light"),
    ("dark", "?as=dark"),
    ("rtl", "?as=rtl"),
    ("lean", "?as=light&part=light"),
    ("slide", "?as=light&part=slide&slide="),
];
/// All of the page's own looks beside each other.
const ALL: &str = "all";
const BESIDE_EACH_OTHER: usize = 4;

/// The page.
pub async fn publish(
    State(room): State<Room>,
    colleague: Colleague,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, Hindrance> {
    let (draft, before) = drafted(&room, &colleague, &id).await?;
    let said = Said::default();
    shown(&room, &colleague, (&draft, before.as_ref()), &asked, said).await
}

/// What is said beside what stands.
#[derive(Default)]
pub struct Said {
    /// What was typed and is not kept.
    pub typed: Typed,
    /// What is wrong with it.
    pub wrong: Wrong,
    /// The address of a new link.
    pub shared: Option<String>,
}

/// Everything that is read for the page beside the draft.
struct Beside {
    shares: Vec<Shared>,
    approvals: Vec<Standing>,
    live: LiveBody,
    planner: Option<String>,
}

async fn beside(room: &Room, colleague: &Colleague, draft: &Draft) -> Result<Beside, Hindrance> {
    let (app, story, now) = (colleague.app.clone(), draft.story.clone(), colleague.app.now());
    let planner = draft.plan.as_ref().map(|plan| plan.planned_by.clone());
    let told = room.clone();
    let found = carried_out(async move || {
        let found = app.store().view(async |view: &mut View| {
            let shares = view.shares(story.id, SHARES).await?.into_iter().map(|(digest, share)| Shared {
                id: digest.to_string(),
                until: told.told_time(share.valid_until),
                good: share.is_good(now),
                name: share.name,
            });
            let planner = match planner.as_deref().and_then(member_of) {
                Some(staff) => view.account(staff).await?.map(|account| account.name),
                None => planner.clone(),
            };
            Ok(Beside {
                shares: shares.collect(),
                approvals: approvals(view, &story).await?,
                live: live_state(view, story.id, now).await?,
                planner,
            })
        });
        found.await.map_err(Denied::Fault)
    });
    found.await.map_err(|denied| room.denied(&denied))
}

/// The page with what is to be said.
pub async fn shown(
    room: &Room,
    colleague: &Colleague,
    (draft, before): (&Draft, Option<&Publication>),
    asked: &Asked,
    said: Said,
) -> Result<Response, Hindrance> {
    let frame = Frame::inside(room, colleague, "publish", stories::PART_OF_DESK);
    let (t, now) = (frame.t, colleague.app.now());
    let found = beside(room, colleague, draft).await?;
    let (red, amber) = findings(draft, colleague.app.known().style.clone(), now)
        .into_iter()
        .partition::<Vec<Finding>, _>(|one| one.level == "red");
    let (look, frames) = looked_at(t, asked);
    let names = LOOKS.iter().map(|(name, _)| *name).chain([ALL]);
    let looks = names.map(|name| Choice::new(name, t.say(&format!("look-{name}")), name == look));
    let slides = if look == "slide" { draft.story.slides.len() } else { 0 };
    let had = before.filter(|before| before.withdrawn.is_none());
    let changes = had.map(|had| changed(t, draft, had, now)).unwrap_or_default();
    let forms = Forms { t, said: &said, update: had.is_some(), asks: !changes.is_empty() };
    let (going, until, lift) = (forms.going(), forms.until(), forms.reason(Deed::Lift));
    let (sharing, remark) = (forms.sharing(), forms.remark());
    let reason = forms.reason(if had.is_some() { Deed::Withdraw } else { Deed::Restore });
    let embargo = draft.embargo.as_ref().filter(|embargo| embargo.stands(now));
    let publish = Publish {
        id: draft.story.id,
        headline: draft.story.headline.clone(),
        revision: draft.story.revision,
        state: state_of(&draft.story.moments),
        publishes: colleague.who.reach(Permission::Publish) > Reach::Nothing,
        kept: !asked.kept.is_empty(),
        wrong: said.wrong.besides(&[&going, &until, &lift, &sharing, &remark, &reason]),
        red,
        amber,
        looks: looks.collect(),
        frames,
        numbers: (1..=slides).collect(),
        number: asked.slide.max(1),
        changes,
        embargo: embargo.map(|embargo| room.told_time(embargo.until)),
        plan: planned(room, draft, found.planner),
        allow_alt: said.typed.allow_alt.is_some(),
        allow_picture: said.typed.allow_picture.is_some(),
        going,
        until,
        lift,
        sharing,
        shares: found.shares,
        approvals: found.approvals.iter().map(|one| approved(room, one)).collect(),
        remark,
        reason,
        live: found.live.published.is_some().then_some(found.live),
        follows: !asked.live.is_empty(),
        frame,
        shared: said.shared,
    };
    Ok(page(said.wrong.status(), &publish))
}

/// The frames that are asked for, and under which name.
fn looked_at(t: Texts, asked: &Asked) -> (&'static str, Vec<Looking>) {
    let frame = |(name, query): (&'static str, &str)| Looking {
        class: name,
        label: t.say(&format!("look-{name}")),
        query: if name == "slide" { format!("{query}{}", asked.slide.max(1)) } else { query.to_owned() },
    };
    if asked.look == ALL {
        return (ALL, LOOKS.into_iter().take(BESIDE_EACH_OTHER).map(frame).collect());
    }
    let one = LOOKS.into_iter().find(|(name, _)| *name == asked.look).unwrap_or(("phone", "?as=light"));
    (one.0, vec![frame(one)])
}

/// What an update changes of headline, captions, credits and pictures: then it has to be said what it is (R20).
pub fn changed(t: Texts, draft: &Draft, had: &Publication, now: newsroom::moment::Moment) -> Vec<Changed> {
    let after = freeze(draft, &HowToPublish::default(), Some(&had.record), now);
    let one = |found: newsroom::change::Difference| Changed {
        what: t.say(&format!("part-{}", found.part.as_str())),
        slide: found.slide.map(|place| (place.number, place.id.to_string())),
        before: found.before,
        after: found.after,
    };
    differences(&had.record, &after).into_iter().map(one).collect()
}

fn planned(room: &Room, draft: &Draft, planner: Option<String>) -> Option<Planned> {
    let plan = draft.plan.as_ref()?;
    let change = match &plan.how.change {
        Some(newsroom::change::Change::Corrected(text)) => Some(text.clone()),
        Some(newsroom::change::Change::Minor) | None => None,
    };
    let failed = plan.failed.as_ref().map(|failed| {
        let reasons = failed.refusals.iter().map(|one| one.sentence.clone()).collect();
        (room.told_time(failed.at), reasons)
    });
    let at = room.told_time(plan.due(draft.embargo.as_ref()));
    Some(Planned { at, by: planner.unwrap_or_default(), change, failed })
}

fn approved(room: &Room, one: &Standing) -> Approved {
    Approved {
        name: one.approval.name.clone(),
        at: room.told_time(one.approval.at),
        proof: one.approval.of == newsroom::approval::LookedOver::Proof,
        remark: one.approval.remark.clone(),
        changed: one.holds == Holds::Changed,
    }
}

/// The forms of the page, with what was typed.
struct Forms<'a> {
    t: Texts,
    said: &'a Said,
    /// Whether readers have the story already.
    update: bool,
    /// Whether it has to be said what the update is.
    asks: bool,
}

impl Forms<'_> {
    /// A field of the form that does this, with what is wrong with it where that was sent.
    fn field(&self, deed: Deed, name: &'static str, kind: &'static str, label: &str) -> Field {
        let field = Field::new(deed.as_str(), name, kind, self.t.say(label));
        if deed.form() == self.said.typed.deed.form() { field.wrong(&self.said.wrong) } else { field }
    }

    fn going(&self) -> Vec<Field> {
        let (t, typed) = (self.t, &self.said.typed);
        let mut fields = Vec::new();
        if self.update {
            let choice = |value: &str, label: &str| Choice::new(value, t.say(label), typed.change == value);
            let nothing = self.asks.then(|| choice("", "change-choose"));
            let choices = [choice("minor", "change-minor"), choice("correction", "change-correction")];
            let change = self.field(Deed::Now, "change", "select", "change-is");
            fields.push(change.choices(nothing.into_iter().chain(choices)));
            let correction = self.field(Deed::Now, "correction", "area", "correction-text");
            fields.push(correction.hint(t.say("correction-hint")).value(&typed.correction));
        }
        let at = self.field(Deed::Now, "at", "datetime-local", "plan-at").value(&typed.at);
        fields.push(at.hint(t.say("plan-hint")));
        fields
    }

    fn until(&self) -> Vec<Field> {
        let until = self.field(Deed::Embargo, "until", "datetime-local", "embargo-until");
        vec![until.value(&self.said.typed.until).needed()]
    }

    /// The reason for what is not done without one.
    fn reason(&self, deed: Deed) -> Vec<Field> {
        let mine = deed == self.said.typed.deed;
        let reason = self.field(deed, "reason", "text", "because");
        vec![reason.value(if mine { &self.said.typed.reason } else { "" }).needed()]
    }

    fn sharing(&self) -> Vec<Field> {
        let typed = &self.said.typed;
        let days = if typed.days.is_empty() { "3" } else { &typed.days };
        vec![
            self.field(Deed::Share, "name", "text", "share-name").value(&typed.name).needed(),
            self.field(Deed::Share, "days", "number", "share-days").value(days).needed(),
        ]
    }

    fn remark(&self) -> Vec<Field> {
        vec![self.field(Deed::Approve, "remark", "area", "remark").value(&self.said.typed.remark)]
    }
}
