//! Adds AVIF to the pictures of a published story, one photo a run. Nothing waits for it: its runner takes it only when
//! nothing else is due, the newest publication first. When the last photo has its files, the story is printed once more.

use darkroom::Recipe;
use newsroom::id::{PhotoId, StoryId};
use newsroom::moment::Moment;
use store::{BlobKey, BlobName, Claim, Tx, View};

use super::context::{Context, JobFault};
use super::develop_photo::{keep_files, make};
use super::files::{Files, recipe_name};
use super::press::finish;
use super::public_files::{Public, taken_back};
use super::{Job, enqueue};
use crate::config::Avif;

/// What is still to be done.
enum Rest {
    /// The story is not shown, or never was published.
    Nothing,
    /// Every photo has its files.
    Print,
    /// A photo lacks some.
    Photo { photo: PhotoId, original: BlobKey, wanted: Vec<(Recipe, BlobName)>, published_at: Moment },
}

/// Runs the job.
pub(super) async fn run(context: &Context, story: StoryId, claim: &Claim) -> Result<(), JobFault> {
    let store = context.app.store();
    let rest = store.view(async |view: &mut View| read(context, view, story).await).await?;
    let now = context.app.now();
    let (photo, original, wanted, published_at) = match rest {
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
        Rest::Photo { photo, original, wanted, published_at } => (photo, original, wanted, published_at),
    };
    let folder = tempfile::Builder::new().prefix("develop-").tempdir_in(context.app.blobs().incoming())?;
    let recipes = wanted.iter().map(|(recipe, _)| *recipe).collect();
    let printed = make(context, &original, folder.path(), recipes).await?;
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
            Ok(enqueue(tx, &Job::AddAvif { story }, published_at.min(now)).await?)
        })
        .await?;
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
        let mut wanted = Vec::new();
        for files in Public::from(slide).sets().filter(|files| files.come_later()) {
            let recipe = files.recipe(slide.focus, &context.app.config().work);
            let name = recipe_name(&recipe)?;
            if view.renditions(photo, &name).await?.is_empty() {
                wanted.push((recipe, name));
            }
        }
        let original = view.originals_of(photo).await?.into_iter().next();
        if let Some(original) = original.filter(|_| !wanted.is_empty()) {
            let (original, published_at) = (BlobKey::Original(original.sha256), publication.published_at);
            return Ok(Rest::Photo { photo, original, wanted, published_at });
        }
    }
    Ok(Rest::Print)
}

/// Whether a photo has all that comes later.
pub(super) fn stands(made: &[Files], public: &Public<'_>) -> bool {
    public.sets().filter(|files| files.come_later()).all(|files| made.contains(&files))
}
