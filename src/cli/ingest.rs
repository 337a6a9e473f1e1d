//! `halftone ingest`: takes photos and folders of photos into a story.

use newsroom::id::{PhotoId, StoryId};
use newsroom::refusal::Refusal;
use newsroom::story::Story;
use serde_json::json;
use store::View;

use super::args::IngestArgs;
use super::progress::Progress;
use super::report::{Outcome, name_of};
use super::session::{Ended, Session};
use super::similar::tell_alike;
use crate::actions::attach_originals::{Arrival, Became, attach_originals, give_up_arrival};
use crate::actions::create_story::{NewStory, create_story};
use crate::actions::draft_photos::{Drafted, Looked, Placing, draft_photos};
use crate::actions::find_story;
use crate::actions::take_in::{NotIn, Seen, bring_in_together, in_showing_order, look_at_all};
use crate::exchange::folder::{Found, counted, look_through};
use crate::jobs::kinds;
use crate::jobs::runner::Outcome as JobOutcome;

/// Photos that are copied at once and written down together.
const BATCH: usize = 16;

/// Photos that get their places in one transaction, which others wait for.
const DRAFTED_TOGETHER: usize = 500;

/// Counts for the closing line.
#[derive(Default)]
struct Tally {
    /// The photos that are new.
    came: Vec<PhotoId>,
    new: usize,
    updated: usize,
    known: usize,
    refused: usize,
}

pub async fn run(session: &Session, args: &IngestArgs) -> Result<Outcome, Ended> {
    let found = look_through(&args.paths);
    let mut tally = Tally::default();
    for (path, error) in &found.unreadable {
        refuse(session, path, &format!("It cannot be read: {error}."), &mut tally);
    }
    if let Some(counts) = counted(&found) {
        session.report.say(&format!("Left alone: {counts}."), json!({ "left_alone": found.left_alone }));
    }
    let seen = look(session, found, &mut tally).await?;
    if seen.is_empty() {
        let sentence = "No photo was found that could be taken in; JPEG, PNG, WebP and TIFF photos are.";
        let nothing = Refusal::new("no_photos", sentence);
        return Ok(session.report.refusals(&[nothing]));
    }
    let story = story(session, args).await?;
    let placed = draft(session, &story, in_showing_order(seen), args).await?;
    let photos = bring_all_in(session, placed, &mut tally).await?;
    let developed = develop(session, &tally).await?;
    tell_undevelopable(session, &photos, &mut tally).await?;
    tell_alike(session, &tally.came).await?;
    Ok(close(session, story, &tally).await?.max(developed))
}

/// Looks at every candidate; what is refused is said at once.
async fn look(session: &Session, found: Found, tally: &mut Tally) -> Result<Vec<Seen>, Ended> {
    let mut progress = Progress::new(session.report, "read", found.candidates.len());
    let answers =
        look_at_all(&session.context, found.candidates, || session.stopped(), || progress.one_more()).await;
    progress.finish();
    let mut seen = Vec::new();
    for (candidate, answer) in answers {
        match answer {
            Ok(one) => seen.push(one),
            Err(NotIn::Refused(sentence) | NotIn::NotYet(sentence)) => {
                refuse(session, &candidate.path, &sentence, tally)
            }
            Err(fault) => return Err(Ended::machine(&candidate.path.display().to_string(), fault)),
        }
    }
    Ok(seen)
}

fn refuse(session: &Session, path: &std::path::Path, sentence: &str, tally: &mut Tally) {
    tally.refused += 1;
    let refusal = Refusal::new("photo_refused", sentence).rule("R44");
    if session.report.is_json() {
        session.report.say("", json!({ "file": path.to_string_lossy(), "refused": refusal }));
    } else {
        session.report.complain(&format!("Refused: {}: {sentence}", name_of(path)));
    }
}

/// The story that is meant, or a new one.
async fn story(session: &Session, args: &IngestArgs) -> Result<Story, Ended> {
    let app = session.app();
    if let Some(id) = find_story(app.store(), &args.story).await? {
        let story = app.store().view(async |view: &mut View| view.story(id).await).await?;
        if let Some(story) = story {
            let sentence = format!("Into the story \"{}\" ({}).", story.headline, story.slug);
            session.report.say(&sentence, json!({ "story": story.id, "slug": story.slug, "new": false }));
            return Ok(story);
        }
    }
    let new = NewStory {
        headline: args.story.clone(),
        section: args.section.clone(),
        tags: args.tags.clone(),
        language: None,
    };
    let story = create_story(app, &session.who, new).await?;
    let sentence = format!("Into a new story, \"{}\" ({}).", story.headline, story.slug);
    session.report.say(&sentence, json!({ "story": story.id, "slug": story.slug, "new": true }));
    Ok(story)
}

/// A photo that has its place in the draft, and where its file lies.
#[derive(Clone)]
struct Placed {
    seen: Seen,
    drafted: Drafted,
}

/// Makes the draft stand: every photo's slide, with caption and credit, before the first file is copied.
async fn draft(
    session: &Session,
    story: &Story,
    seen: Vec<Seen>,
    args: &IngestArgs,
) -> Result<Vec<Placed>, Ended> {
    let placing = if args.by_order { Placing::ByOrder } else { Placing::ByCaption };
    let mut placed = Vec::with_capacity(seen.len());
    for batch in seen.chunks(DRAFTED_TOGETHER) {
        let looked: Vec<Looked> = batch.iter().map(|seen| seen.looked.clone()).collect();
        let drafted = draft_photos(session.app(), &session.who, story.id, &looked, placing).await?;
        let pairs = batch.iter().cloned().zip(drafted);
        placed.extend(pairs.map(|(seen, drafted)| Placed { seen, drafted }));
    }
    let sentence =
        format!("The draft stands: {} photos have their places. Their files follow.", placed.len());
    let object = json!({ "story": story.id, "slug": story.slug, "drafted": placed.len() });
    session.report.say(&sentence, object);
    Ok(placed)
}

async fn bring_all_in(
    session: &Session,
    placed: Vec<Placed>,
    tally: &mut Tally,
) -> Result<Vec<PhotoId>, Ended> {
    let mut photos = Vec::with_capacity(placed.len());
    let mut progress = Progress::new(session.report, "in", placed.len());
    for batch in placed.chunks(BATCH) {
        if session.stopped() {
            break;
        }
        let mut arrivals: Vec<Arrival> = Vec::with_capacity(batch.len());
        let mut came: Vec<&Placed> = Vec::with_capacity(batch.len());
        let copies = batch.iter().map(|one| (one.seen.clone(), one.drafted.photo)).collect();
        for (one, copied) in batch.iter().zip(bring_in_together(&session.context, copies).await) {
            let path = &one.seen.candidate.path;
            match copied {
                Ok(arrival) => {
                    arrivals.push(arrival);
                    came.push(one);
                }
                Err(NotIn::Refused(sentence) | NotIn::NotYet(sentence)) => {
                    give_up_arrival(session.app(), one.drafted.photo, &sentence).await?;
                    refuse(session, path, &sentence, tally);
                }
                Err(NotIn::Store(fault)) => return Err(fault.into()),
                Err(fault) => return Err(Ended::machine(&path.display().to_string(), fault)),
            }
        }
        let became = attach_originals(session.app(), &session.who, &arrivals).await?;
        for (one, became) in came.into_iter().zip(&became) {
            tell(session, one, became, tally).await?;
            photos.push(one.drafted.photo);
            progress.one_more();
        }
    }
    progress.finish();
    Ok(photos)
}

async fn tell(session: &Session, one: &Placed, became: &Became, tally: &mut Tally) -> Result<(), Ended> {
    let (path, photo, proposed) = (&one.seen.candidate.path, one.drafted.photo, &one.drafted.proposed);
    let mut object = json!({ "file": path.to_string_lossy(), "photo": photo, "proposed_for": proposed });
    match became {
        Became::New => {
            tally.new += 1;
            tally.came.push(photo);
            object["in"] = json!("new");
        }
        Became::Update { published_in, restricted } => {
            tally.updated += 1;
            object["in"] = json!("update");
            object["published_in"] = json!(published_in);
            object["restricted"] = json!(restricted);
            if !session.report.is_json() {
                tell_update(session, &name_of(path), published_in, restricted).await?;
            }
        }
        Became::Known => {
            tally.known += 1;
            object["in"] = json!("known");
        }
    }
    if session.report.is_json() {
        session.report.say("", object);
    } else if let Some(slide) = proposed {
        session.report.say(&format!("{} is proposed for slide {slide}.", name_of(path)), ());
    }
    Ok(())
}

/// What a newer file of a photo means for readers: it says so where they see the older one, or may not see it at all.
async fn tell_update(
    session: &Session,
    name: &str,
    published_in: &[StoryId],
    restricted: &[String],
) -> Result<(), Ended> {
    session.report.say(&format!("{name} brings new facts for a photo that was there."), ());
    for text in restricted {
        session.report.complain(&format!("Restricted from now on: {name}: {text} [R12]"));
    }
    for id in published_in {
        let story = session.app().store().view(async |view: &mut View| view.story(*id).await).await?;
        let Some(story) = story else { continue };
        let sentence = format!(
            "Readers still see it as it was in \"{}\": halftone story check {}, then publish, or withdraw {}.",
            story.headline, story.slug, story.slug
        );
        session.report.complain(&sentence);
    }
    Ok(())
}

/// Says which of the photos could not be developed, whichever process found that out.
async fn tell_undevelopable(session: &Session, photos: &[PhotoId], tally: &mut Tally) -> Result<(), Ended> {
    for id in photos {
        let photo = session.app().store().view(async |view: &mut View| view.photo(*id).await).await?;
        if let Some((name, decision)) = photo.and_then(|photo| Some((photo.name, photo.refused?))) {
            refuse(session, std::path::Path::new(&name), &decision.reason, tally);
        }
    }
    Ok(())
}

async fn develop(session: &Session, tally: &Tally) -> Result<Outcome, Ended> {
    if session.stopped() {
        return Ok(Outcome::Done);
    }
    let mut progress = Progress::new(session.report, "developed", tally.new + tally.updated + tally.known);
    let mut failed = Vec::new();
    session
        .work_and_wait(&[kinds::SHELVE, kinds::DEVELOP, kinds::PREPARE], |ended| match ended.outcome {
            JobOutcome::Failed { sentence, again } => failed.push((sentence, again)),
            JobOutcome::Done if ended.kind == kinds::DEVELOP => progress.one_more(),
            JobOutcome::Done | JobOutcome::PhotoRefused { .. } => {}
        })
        .await?;
    progress.finish();
    for (sentence, again) in &failed {
        let next = if *again {
            "it is in, and is tried again in the background or by the next command"
        } else {
            "it is in, and was given up; send it again to have it tried once more"
        };
        session.report.complain(&format!("Not developed: {sentence}; {next}."));
    }
    Ok(if failed.is_empty() { Outcome::Done } else { Outcome::Fault })
}

async fn close(session: &Session, story: Story, tally: &Tally) -> Result<Outcome, Ended> {
    let now = session
        .app()
        .store()
        .view(async |view: &mut View| view.story(story.id).await)
        .await?
        .unwrap_or(story);
    let sentence = format!(
        "{} in ({} new, {} updated, {} known), {} refused. The draft \"{}\" has {} slides: halftone story get {}",
        tally.new + tally.updated + tally.known,
        tally.new,
        tally.updated,
        tally.known,
        tally.refused,
        now.headline,
        now.slides.len(),
        now.slug
    );
    let object = json!({
        "story": now.id, "slug": now.slug, "slides": now.slides.len(),
        "new": tally.new, "updated": tally.updated, "known": tally.known, "refused": tally.refused,
        "stopped": session.stopped(),
    });
    session.report.say(&sentence, object);
    if session.stopped() {
        session.report.complain("Stopped. The same command goes on where it stopped.");
        return Ok(Outcome::Fault);
    }
    Ok(if tally.refused > 0 { Outcome::Refused } else { Outcome::Done })
}
