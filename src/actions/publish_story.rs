//! Checks a draft strictly, freezes what readers will see, grants its photos, and asks for the print.

use newsroom::change::Change;
use newsroom::check::{
    AllowMissing, CheckOptions, CheckReport, CheckedSlide, FIELD_CHARS, PhotoState, check_for_publishing,
};
use newsroom::focus::Focus;
use newsroom::id::{PhotoId, SlideId, StoryId};
use newsroom::moment::Moment;
use newsroom::plan::Embargo;
use newsroom::published::{Correction, PublishedSlide, PublishedStory};
use newsroom::refusal::Refusal;
use newsroom::shown::rights;
use newsroom::staff::policy::Permission;
use newsroom::story::ShownTime;
use store::{ActError, Grant, Photo, Tx};

use super::audit::Deed;
use super::put_story::{keep, stale};
use super::{Acted, Denied, Draft, Who, load_draft, must_reach, no_such_story, refuse};
use crate::app::App;
use crate::config::WorkConfig;
use crate::jobs::{Job, ask_for_left, ask_for_print_as, enqueue, version_of};

/// How to publish.
#[derive(Debug, Clone, Default)]
pub struct HowToPublish {
    /// What may be missing.
    pub allow: AllowMissing,
    /// The time that readers see; else the draft's, else this moment.
    pub at: Option<Moment>,
    /// The revision of the draft that was looked at; another one is refused. Whichever it is when `None`.
    pub revision: Option<i64>,
    /// What an update is; nothing is told to readers of one that says nothing.
    pub change: Option<Change>,
}

/// Publishes a story, or says all that stands against it. Gives the record as frozen.
pub async fn publish_story(
    app: &App,
    who: &Who,
    id: StoryId,
    how: &HowToPublish,
) -> Result<PublishedStory, Denied> {
    let drawn = Drawn::new(app);
    let deed = Deed { who, at: app.now(), verb: "publish_story" };
    let record = app.store().act(async |tx: &mut Tx| publish(app, tx, id, how, &drawn, &deed).await).await?;
    Ok(record)
}

/// What the strict check says of a draft now, without publishing it.
pub fn check(draft: &Draft, options: &CheckOptions, at: Option<Moment>, now: Moment) -> CheckReport {
    let mut story = draft.story.clone();
    if let Some(at) = at {
        story.moments.shown = Some(ShownTime { at, unconfirmed: false });
    }
    let slides: Vec<CheckedSlide<'_>> = draft
        .story
        .slides
        .iter()
        .zip(&draft.shown)
        .enumerate()
        .map(|(index, (slide, shown))| {
            let photo = draft.photo(index);
            CheckedSlide { slide, shown, facts: photo.map(|photo| &photo.facts), photo: photo.map(state) }
        })
        .collect();
    let mut report = check_for_publishing(&story, &slides, now, options);
    if story.moments.withdrawn.is_some() {
        let sentence =
            "The story is withdrawn. Undo the withdrawal with a reason before publishing it again.";
        report.refusals.push(Refusal::new("story_withdrawn", sentence));
    }
    report.refusals.extend(draft.embargo.iter().filter(|embargo| embargo.stands(now)).map(Embargo::refusal));
    report
}

/// What stands against an update of this kind.
pub(super) fn check_change(change: Option<&Change>, before: Option<&PublishedStory>) -> Option<Refusal> {
    let Some(Change::Corrected(text)) = change else { return None };
    let refusal = |code, sentence: String| Refusal::new(code, sentence).field("correction").rule("R20");
    if before.is_none() {
        let sentence = "A correction is of what readers have; the story was never published.";
        return Some(refusal("nothing_to_correct", sentence.to_owned()));
    }
    if text.trim().is_empty() {
        let sentence = "A correction says what was wrong and what is right.";
        return Some(refusal("correction_empty", sentence.to_owned()));
    }
    let long = text.chars().count() > FIELD_CHARS;
    long.then(|| refusal("text_too_long", format!("A correction has {FIELD_CHARS} characters at most.")))
}

fn state(photo: &Photo) -> PhotoState {
    if photo.withdrawn.is_some() {
        PhotoState::Withdrawn
    } else if let Some(refused) = &photo.refused {
        PhotoState::Refused(refused.reason.trim_end_matches('.').to_owned())
    } else if photo.developed_at.is_none() {
        PhotoState::Waiting
    } else {
        PhotoState::Developed
    }
}

/// Random things drawn before the transaction, which may run more than once.
pub(super) struct Drawn {
    tokens: Vec<String>,
}

impl Drawn {
    pub(super) fn new(app: &App) -> Self {
        Self { tokens: (0..MAX_SLIDES).map(|_| app.token::<16>()).collect() }
    }
}

/// Asks for the print of a story; the lists follow it.
pub(super) async fn ask_for_print(tx: &mut Tx, story: StoryId, at: Moment) -> Acted<()> {
    Ok(enqueue(tx, &Job::PrintStory { story }, at).await?)
}

/// Asks for the prints of the stories that stand beside this one in time: their feet lead to it, or no longer do.
pub(super) async fn ask_for_neighbours(tx: &mut Tx, story: &PublishedStory, at: Moment) -> Acted<()> {
    let (older, newer) = tx.neighbours(story.shown.at, story.id).await?;
    for beside in [older, newer].into_iter().flatten() {
        enqueue(tx, &Job::PrintNeighbour { story: beside.record.id }, at).await?;
    }
    Ok(())
}

/// Slides that a published story may have.
const MAX_SLIDES: usize = 500;

pub(super) async fn publish(
    app: &App,
    tx: &mut Tx,
    id: StoryId,
    how: &HowToPublish,
    drawn: &Drawn,
    deed: &Deed<'_>,
) -> Acted<PublishedStory> {
    must_reach(tx, deed.who, Permission::Publish, id).await?;
    let Some(draft) = load_draft(tx, id).await? else { return refuse(no_such_story(&id.to_string())) };
    if how.revision.is_some_and(|revision| revision != draft.story.revision) {
        return refuse(stale());
    }
    let (before, held) = (tx.publication(id).await?, app.held(tx).await?);
    let options = CheckOptions { allow: how.allow, style: held.style.clone() };
    let mut refusals = check(&draft, &options, how.at, deed.at).refusals;
    refusals.extend(check_change(how.change.as_ref(), before.as_ref().map(|before| &before.record)));
    if how.at.is_some_and(|at| at > deed.at) {
        refusals.push(
            Refusal::new("time_in_future", "The time that readers see lies in the future.").field("shown"),
        );
    }
    if !refusals.is_empty() {
        return Err(ActError::Refused(refusals));
    }
    let record = freeze(&draft, how, before.as_ref().map(|before| &before.record), deed.at);
    if record.slides.is_empty() {
        return refuse(Refusal::new("no_slide", "A story needs at least one slide."));
    }
    let mut story = draft.story.clone();
    story.moments.first_published = Some(record.first_published);
    story.moments.published = Some(deed.at);
    story.moments.shown = Some(record.shown);
    let revision = keep(tx, &story, deed).await?;
    tx.put_publication(&record, revision, deed.at).await?;
    grant(tx, &record, drawn, &app.config().work, deed.at).await?;
    if let Some(before) = before {
        revoke_unshown(tx, &before.record, deed.at).await?;
        ask_for_left(tx, &before.record, &record, &held.site.time_zone, deed.at).await?;
        ask_for_neighbours(tx, &before.record, deed.at).await?;
    }
    ask_for_neighbours(tx, &record, deed.at).await?;
    ask_for_print_as(tx, &record, deed.at).await?;
    // What was planned is done, or overtaken.
    tx.take_plan(id).await?;
    let mut after = serde_json::json!({ "slug": record.slug, "slides": record.slides.len() });
    if let Some(change) = &how.change {
        after["change"] = serde_json::json!(change);
    }
    deed.to_story(tx, id, None, Some(after)).await?;
    Ok(record)
}

/// Makes the record that readers will see, also of a draft that may not be published. `before` is what they have.
pub fn freeze(
    draft: &Draft,
    how: &HowToPublish,
    before: Option<&PublishedStory>,
    now: Moment,
) -> PublishedStory {
    let story = &draft.story;
    let slides: Vec<PublishedSlide> = story
        .slides
        .iter()
        .zip(&draft.shown)
        .enumerate()
        .map(|(index, (slide, shown))| {
            let facts = draft.photo(index).map(|photo| &photo.facts);
            PublishedSlide {
                id: slide.id.clone(),
                photo: slide.photo,
                caption: shown.caption.text.clone(),
                credit: shown.credit.text.clone(),
                alt: shown.alt.given().map(str::to_owned),
                long_description: shown.long_description.given().map(str::to_owned),
                place: shown.place.given().map(str::to_owned),
                date: shown.date.given().map(str::to_owned),
                language: shown.language.clone(),
                statuses: shown.statuses.clone(),
                rights: rights(shown, facts, &story.language),
                focus: slide.focus.or_else(|| facts.and_then(Focus::of_facts)),
                cuts: shown.cuts(),
            }
        })
        .collect();
    let cover = story.cover.clone().or_else(|| slides.first().map(|slide| slide.id.clone()));
    let mut corrections = before.map(|before| before.corrections.clone()).unwrap_or_default();
    if let Some(Change::Corrected(text)) = &how.change {
        corrections.push(Correction { at: now, text: text.trim().to_owned() });
    }
    let shown = match how.at {
        Some(at) => ShownTime { at, unconfirmed: false },
        None => story.moments.shown.unwrap_or(ShownTime { at: now, unconfirmed: false }),
    };
    PublishedStory {
        id: story.id,
        slug: story.slug.clone(),
        short_code: story.short_code.clone(),
        section: story.section.clone(),
        headline: story.headline.clone(),
        lede: story.lede.clone(),
        body: story.body.clone(),
        dateline: story.dateline.clone(),
        bylines: story.bylines.clone(),
        tags: story.tags.clone(),
        // A draft without slides has no cover, and is shown without one.
        cover: cover.unwrap_or_else(|| SlideId::new([0; 5])),
        language: story.language.clone(),
        direction: story.direction,
        slides,
        first_published: story.moments.first_published.unwrap_or(now),
        shown,
        offsets: story.offsets,
        corrections,
    }
}

/// Gives each photo of the record its grant: the token it has, or a new one where it has none or its was revoked.
pub(super) async fn grant(
    tx: &mut Tx,
    record: &PublishedStory,
    drawn: &Drawn,
    work: &WorkConfig,
    at: Moment,
) -> Acted<()> {
    let mut tokens = drawn.tokens.iter();
    for slide in &record.slides {
        let Some(photo) = slide.photo else { continue };
        let Some(version) = version_of(&slide.into(), work) else { continue };
        let standing = tx.grant(photo).await?.filter(|grant| grant.revoked_at.is_none());
        let token = match standing {
            Some(grant) => grant.token,
            None => match tokens.next() {
                Some(token) => token.clone(),
                None => return refuse(too_many_slides()),
            },
        };
        tx.put_grant(&Grant { photo, token, version, granted_at: at, revoked_at: None }).await?;
    }
    Ok(())
}

fn too_many_slides() -> Refusal {
    Refusal::new("too_many_slides", "A story may have up to 500 slides; divide it.")
}

/// Takes back the grants of photos that the story showed before and that no published story shows now.
pub(super) async fn revoke_unshown(tx: &mut Tx, before: &PublishedStory, at: Moment) -> Acted<()> {
    let photos: Vec<PhotoId> = before.slides.iter().filter_map(|slide| slide.photo).collect();
    for photo in photos {
        if tx.stories_showing(photo).await?.is_empty() && tx.revoke_grant(photo, at).await? {
            enqueue(tx, &Job::PurgePhoto { photo }, at).await?;
        }
    }
    Ok(())
}
