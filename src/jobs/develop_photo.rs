//! Makes a photo's ladder of renditions in a worker process.
//!
//! A fault of the photo refuses it at once. A worker that ran out of memory or time, or died, gets the photo once
//! more; the second such fault refuses the photo, so that there is no loop.

use std::path::Path;
use std::sync::Arc;

use darkroom::Recipe;
use darkroom::worker::{Answer, Developing, Durability, Printed, Request, WorkerFault};
use newsroom::focus::Focus;
use newsroom::id::PhotoId;
use newsroom::moment::Moment;
use newsroom::published::PixelSize;
use store::{
    AuditEntry, BlobKey, BlobName, By, Claim, Decision, Measured, Original, Photo, Rendition, StoreError, Tx,
    View,
};

use super::context::{Closing, Context, JobFault};
use super::files::{Files, ladder_name, recipe_name};
use super::press::finish;
use super::{Job, enqueue, shelve_changed};
use crate::app::App;

/// Attempts after which a photo that its worker does not survive is refused.
const ATTEMPTS: u32 = 2;

/// The newest drafts and published stories that are asked for the points that cuts keep. An older one that asks for
/// another point shows the whole picture.
const LOOKED_AT: u32 = 20;

/// How the job ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The renditions stand.
    Developed,
    /// The photo is refused, with a sentence.
    Refused {
        /// The photo's file name.
        name: String,
        /// Why.
        sentence: String,
    },
    /// There was nothing to do.
    Nothing,
}

/// Runs the job.
pub(super) async fn run(context: &Context, photo: PhotoId, claim: &Claim) -> Result<Outcome, JobFault> {
    let store = context.app.store();
    let found = store.view(async |view: &mut View| read(context, view, photo).await).await?;
    let Some(Found { kept, original, wanted }) = found else {
        store.act(async |tx: &mut Tx| finish(tx, claim).await).await?;
        return Ok(Outcome::Nothing);
    };
    if wanted.is_empty() {
        store.act(async |tx: &mut Tx| close(tx, context, photo, claim, None).await).await?;
        return Ok(Outcome::Nothing);
    }
    let folder = tempfile::Builder::new().prefix("develop-").tempdir_in(context.app.blobs().incoming())?;
    let recipes: Vec<Recipe> = wanted.iter().map(|(recipe, _)| *recipe).collect();
    match make(context, &BlobKey::Original(original.sha256), folder.path(), recipes).await {
        Ok(printed) => {
            let names = wanted.iter().map(|(_, name)| name);
            let renditions = keep_files(context, photo, names, folder.path(), &printed).await?;
            let made = Made { renditions: &renditions, printed: &printed };
            store.act(async |tx: &mut Tx| close(tx, context, photo, claim, Some(made)).await).await?;
            Ok(Outcome::Developed)
        }
        Err(JobFault::Worker(fault)) if refuses(&fault, claim) => {
            let sentence = fault.to_string();
            let decision = Decision { at: context.app.now(), reason: sentence.clone() };
            store.act(async |tx: &mut Tx| refuse(tx, context, photo, &decision, claim).await).await?;
            Ok(Outcome::Refused { name: kept.name, sentence })
        }
        Err(fault) => Err(JobFault::Photo { name: kept.name, fault: Box::new(fault) }),
    }
}

/// A photo, its newest original, and what is still to be made of it.
struct Found {
    kept: Photo,
    original: Original,
    wanted: Vec<(Recipe, BlobName)>,
}

/// `None` when there is no such photo, or it was withdrawn.
async fn read(context: &Context, view: &mut View, photo: PhotoId) -> Result<Option<Found>, JobFault> {
    let kept = view.photo(photo).await?.filter(|kept| kept.withdrawn.is_none());
    let original = view.originals_of(photo).await?.into_iter().next();
    let Some((kept, original)) = kept.zip(original) else { return Ok(None) };
    let mut wanted = Vec::new();
    for recipe in recipes(context, view, &kept).await? {
        let name = recipe_name(&recipe)?;
        if kept.developed_at.is_none() || view.renditions(photo, &name).await?.is_empty() {
            wanted.push((recipe, name));
        }
    }
    Ok(Some(Found { kept, original, wanted }))
}

/// The ladder, and cuts around each point that a draft or a published story asks for.
async fn recipes(context: &Context, view: &mut View, photo: &Photo) -> Result<Vec<Recipe>, JobFault> {
    let own = Focus::of_facts(&photo.facts);
    let mut points: Vec<Option<Focus>> = Vec::new();
    for story in view.stories_with_photo(photo.id).await?.into_iter().rev().take(LOOKED_AT as usize) {
        let slides = view.story(story).await?.map_or(Vec::new(), |story| story.slides);
        let shown = slides.iter().filter(|slide| slide.photo == Some(photo.id));
        points.extend(shown.map(|slide| slide.focus.or(own)));
    }
    for story in view.newest_stories_showing(photo.id, LOOKED_AT).await? {
        let slides = view.publication(story).await?.map_or(Vec::new(), |one| one.record.slides);
        points.extend(slides.iter().filter(|slide| slide.photo == Some(photo.id)).map(|slide| slide.focus));
    }
    if points.is_empty() {
        points.push(own);
    }
    let config = &context.app.config().work;
    let mut recipes = vec![Files::Ladder.recipe(None, config)];
    let cuts = || Files::ALL.into_iter().filter(|files| files.are_cuts() && !files.come_later());
    for recipe in points.iter().flat_map(|point| cuts().map(|files| files.recipe(*point, config))) {
        if !recipes.contains(&recipe) {
            recipes.push(recipe);
        }
    }
    Ok(recipes)
}

/// Whether a fault is the photo's own: at once where its bytes are at fault, at the last attempt where its worker did
/// not survive it.
pub(super) fn refuses(fault: &WorkerFault, claim: &Claim) -> bool {
    match fault {
        WorkerFault::Input(_) => true,
        WorkerFault::OutOfMemory | WorkerFault::OutOfTime(_) | WorkerFault::Died { .. } => {
            claim.attempt >= ATTEMPTS
        }
        WorkerFault::Files { .. } | WorkerFault::Unreachable(_) => false,
    }
}

/// Has a worker make what the recipes ask for, as files of a folder.
pub(super) async fn make(
    context: &Context,
    original: &BlobKey,
    folder: &Path,
    recipes: Vec<Recipe>,
) -> Result<Printed, JobFault> {
    let found = context.app.blobs().open_file(original).await?;
    let source = found
        .ok_or_else(|| std::io::Error::new(std::io::ErrorKind::NotFound, "the original is not there"))?;
    let workers = Arc::clone(&context.workers);
    let deadline = context.app.config().work.deadline;
    let request = Request::Develop(Developing {
        recipes,
        folder: folder.to_path_buf(),
        stem: "rendition".to_owned(),
        durability: Durability::LeftToCaller,
    });
    let answer = tokio::task::spawn_blocking(move || workers.ask(&request, &source, None, deadline));
    match answer.await.map_err(std::io::Error::other)?? {
        Answer::Developed(printed) => Ok(printed),
        _ => Err(std::io::Error::other("the worker answered another question").into()),
    }
}

/// Moves the worker's files to where renditions are kept, each set under the name of its recipe.
pub(super) async fn keep_files(
    context: &Context,
    photo: PhotoId,
    names: impl Iterator<Item = &BlobName>,
    folder: &Path,
    printed: &Printed,
) -> Result<Vec<Rendition>, JobFault> {
    let mut kept = Vec::new();
    let mut made = Vec::new();
    for (name, file) in
        names.zip(&printed.sets).flat_map(|(name, set)| set.iter().map(move |file| (name, file)))
    {
        let rendition = Rendition {
            photo,
            name: name.clone(),
            size: PixelSize { width: file.width, height: file.height },
            bytes: file.bytes,
        };
        made.push((folder.join(&file.name), rendition.rendition_key()));
        kept.push(rendition);
    }
    context.app.blobs().move_in(made).await?;
    Ok(kept)
}

/// What developing made.
#[derive(Clone, Copy)]
struct Made<'a> {
    renditions: &'a [Rendition],
    printed: &'a Printed,
}

async fn close(
    tx: &mut Tx,
    context: &Context,
    photo: PhotoId,
    claim: &Claim,
    made: Option<Made<'_>>,
) -> Closing<()> {
    let now = context.app.now();
    if let Some(Made { renditions, printed }) = made {
        for rendition in renditions {
            tx.put_rendition(rendition).await?;
        }
        tx.mark_developed(photo, now, &printed.colour).await?;
        tx.add_audit(&AuditEntry {
            at: now,
            who: "halftone".to_owned(),
            verb: "develop_photo".to_owned(),
            noun: "photo".to_owned(),
            noun_id: photo.to_string(),
            before: None,
            after: None,
        })
        .await?;
        if let Ok(attention) = Focus::new(printed.attention.x(), printed.attention.y()) {
            tx.set_measured(photo, Measured { attention, fingerprint: printed.fingerprint }).await?;
        }
    }
    if tx.photo(photo).await?.is_some_and(|photo| photo.withdrawn.is_some()) {
        // Withdrawn while it was developed, after its files had gone: they go again.
        enqueue(tx, &Job::PurgePhoto { photo }, now).await?;
    }
    for story in tx.stories_with_photo(photo).await? {
        // The last photo of a story asks, so that two hundred photos are not looked at two hundred times.
        if !tx.waits_for_photos(story).await? {
            enqueue(tx, &Job::PrepareStory { story }, now).await?;
        }
    }
    ask_for_prints(tx, context, photo).await?;
    shelve_changed(tx, now).await?;
    finish(tx, claim).await
}

/// The published stories that show the photo wait for its renditions.
async fn ask_for_prints(tx: &mut Tx, context: &Context, photo: PhotoId) -> Closing<()> {
    for story in tx.stories_showing(photo).await? {
        enqueue(tx, &Job::PrintStory { story }, context.app.now()).await?;
    }
    Ok(())
}

async fn refuse(
    tx: &mut Tx,
    context: &Context,
    photo: PhotoId,
    decision: &Decision,
    claim: &Claim,
) -> Closing<()> {
    tx.mark_refused(photo, decision).await?;
    leave_drafts(tx, photo, decision.at).await?;
    ask_for_prints(tx, context, photo).await?;
    shelve_changed(tx, decision.at).await?;
    finish(tx, claim).await
}

/// Has the sizes of a photo made that it lacks: other settings made those that it has, or a file is lost.
pub async fn ask_for_sizes(app: &App, photo: PhotoId) -> Result<(), StoreError> {
    let (now, recipe) = (app.now(), ladder_name(&app.config().work));
    app.store()
        .write(async |tx: &mut Tx| {
            if let Some(recipe) = &recipe {
                // Whoever makes files looks at the records.
                tx.remove_renditions_of(photo, recipe).await?;
            }
            enqueue(tx, &Job::DevelopPhoto { photo }, now).await
        })
        .await
}

/// Takes the slides of a photo that cannot be shown out of the drafts, but for those on which the desk has worked.
pub async fn leave_drafts(tx: &mut Tx, photo: PhotoId, now: Moment) -> Result<(), StoreError> {
    for id in tx.stories_with_photo(photo).await? {
        let Some(mut story) = tx.story(id).await? else { continue };
        let before = story.slides.len();
        let untouched = |slide: &newsroom::slide::Slide| {
            slide.photo == Some(photo)
                && slide.caption.is_none()
                && slide.credit.is_none()
                && slide.alt.is_none()
        };
        story.slides.retain(|slide| !untouched(slide));
        if story.slides.len() != before {
            story.moments.changed = now;
            let by = By { at: now, who: "halftone", verb: "leave_drafts" };
            tx.save_story(&story, &by).await?;
        }
    }
    Ok(())
}
