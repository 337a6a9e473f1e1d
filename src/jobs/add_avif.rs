//! Adds AVIF to the pictures of a published story, one photo a run. Nothing waits for it: its runner takes it only when
//! nothing else is due, the newest publication first. When the last photo has its files, the story is printed once more.
//!
//! A photo whose AVIF cannot be made stays without. That is written down by the names of its recipes, so that neither the
//! other photos nor the next print wait for it; an encoder with another name tries again.

use darkroom::Recipe;
use newsroom::id::{PhotoId, StoryId};
use newsroom::moment::Moment;
use store::{BlobKey, BlobName, Claim, Tx, View};

use super::context::{Context, JobFault};
use super::develop_photo::{keep_files, make, refuses};
use super::files::{Files, recipe_name};
use super::press::finish;
use super::public_files::{Public, taken_back};
use super::{Job, enqueue};
use crate::config::{Avif, WorkConfig};

/// What is still to be done.
enum Rest {
    /// The story is not shown, or never was published.
    Nothing,
    /// Every photo has its files.
    Print,
    /// A photo lacks some.
    Photo(Lacking),
}

/// A photo that lacks files.
struct Lacking {
    photo: PhotoId,
    /// Its file name.
    name: String,
    original: BlobKey,
    wanted: Vec<(Recipe, BlobName)>,
    published_at: Moment,
}

/// Runs the job.
pub(super) async fn run(context: &Context, story: StoryId, claim: &Claim) -> Result<(), JobFault> {
    let store = context.app.store();
    let rest = store.view(async |view: &mut View| read(context, view, story).await).await?;
    let now = context.app.now();
    let lacking = match rest {
        Rest::Nothing => {
            store.act(async |tx: &mut Tx| finish(tx, claim).await).await?;
            return Ok(());
        }
        Rest::Print => {
            store
                .act(async |tx: &mut Tx| {
                    enqueue(tx, &Job::PrintStory { story }, now).await?;
                    finish(tx, claim).await
                })
                .await?;
            return Ok(());
        }
        Rest::Photo(lacking) => lacking,
    };
    let Lacking { photo, name: _, original, wanted, published_at } = &lacking;
    let photo = *photo;
    let folder = tempfile::Builder::new().prefix("develop-").tempdir_in(context.app.blobs().incoming())?;
    let recipes = wanted.iter().map(|(recipe, _)| *recipe).collect();
    let printed = match make(context, original, folder.path(), recipes).await {
        Ok(printed) => printed,
        Err(JobFault::Worker(fault)) if refuses(&fault, claim) => {
            return pass_over(context, story, &lacking, &fault.to_string(), claim).await;
        }
        Err(fault) => return Err(fault),
    };
    let names = wanted.iter().map(|(_, name)| name);
    let renditions = keep_files(context, photo, names, folder.path(), &printed).await?;
    store
        .act(async |tx: &mut Tx| {
            for rendition in &renditions {
                tx.put_rendition(rendition).await?;
            }
            if taken_back(tx, photo).await? {
                // While they were made, and after its other files had gone: these go too.
                enqueue(tx, &Job::PurgePhoto { photo }, now).await?;
            }
            finish(tx, claim).await?;
            Ok(enqueue(tx, &Job::AddAvif { story }, next(*published_at, claim, now)).await?)
        })
        .await?;
    Ok(())
}

/// The moment of the next photo's job: that of the publication, or the later one to which the story was preferred.
fn next(published_at: Moment, claim: &Claim, now: Moment) -> Moment {
    published_at.max(claim.run_after).min(now)
}

/// Leaves a photo without, and goes on with the next.
async fn pass_over(
    context: &Context,
    story: StoryId,
    lacking: &Lacking,
    sentence: &str,
    claim: &Claim,
) -> Result<(), JobFault> {
    let now = context.app.now();
    context
        .app
        .store()
        .act(async |tx: &mut Tx| {
            for (_, recipe) in &lacking.wanted {
                tx.put_failed_recipe(lacking.photo, recipe, now, sentence).await?;
            }
            finish(tx, claim).await?;
            Ok(enqueue(tx, &Job::AddAvif { story }, next(lacking.published_at, claim, now)).await?)
        })
        .await?;
    tracing::warn!(photo = %lacking.photo, name = %lacking.name, error = %sentence,
        "no AVIF can be made of a photo; readers go on getting its JPEGs");
    Ok(())
}

async fn read(context: &Context, view: &mut View, story: StoryId) -> Result<Rest, JobFault> {
    let Some(publication) = view.publication(story).await? else { return Ok(Rest::Nothing) };
    if publication.withdrawn.is_some() || context.app.config().work.avif == Avif::Off {
        return Ok(Rest::Nothing);
    }
    for slide in &publication.record.slides {
        let Some(photo) = slide.photo else { continue };
        let Some(kept) = view.photo(photo).await? else { continue };
        if kept.developed_at.is_none() || kept.withdrawn.is_some() {
            continue;
        }
        let failed = view.failed_recipes(photo).await?;
        let mut wanted = Vec::new();
        for files in Public::from(slide).sets().filter(|files| files.come_later()) {
            let recipe = files.recipe(slide.focus, &context.app.config().work);
            let name = recipe_name(&recipe)?;
            if !failed.contains(&name) && view.renditions(photo, &name).await?.is_empty() {
                wanted.push((recipe, name));
            }
        }
        let original = view.originals_of(photo).await?.into_iter().next();
        if let Some(original) = original.filter(|_| !wanted.is_empty()) {
            let (original, published_at) = (BlobKey::Original(original.sha256), publication.published_at);
            return Ok(Rest::Photo(Lacking { photo, name: kept.name, original, wanted, published_at }));
        }
    }
    Ok(Rest::Print)
}

/// Whether something that comes later is still to be made of a photo: what failed is not.
pub(super) async fn is_to_come(
    view: &mut View,
    photo: PhotoId,
    made: &[Files],
    public: &Public<'_>,
    work: &WorkConfig,
) -> Result<bool, JobFault> {
    let missing = public.sets().filter(|files| files.come_later() && !made.contains(files));
    let missing: Vec<Files> = missing.collect();
    if missing.is_empty() {
        return Ok(false);
    }
    let failed = view.failed_recipes(photo).await?;
    for files in missing {
        if !failed.contains(&recipe_name(&files.recipe(public.focus, work))?) {
            return Ok(true);
        }
    }
    Ok(false)
}
