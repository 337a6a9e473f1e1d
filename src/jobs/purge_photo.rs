//! Takes every public file of a photo away, and its renditions where the photo or all its stories were withdrawn: the
//! tombstone of its grant first, so that nobody is sent to a file that goes. The original stays (R18).

use std::collections::BTreeSet;

use newsroom::id::PhotoId;
use serve::Tombstone;
use store::{BlobName, Claim, Rendition, Tx, View};

use super::context::{Closing, Context, JobFault, recipe_name};
use super::press::{Sheet, finish, press, reserve};

/// Runs the job.
pub(super) async fn run(context: &Context, photo: PhotoId, claim: &Claim) -> Result<(), JobFault> {
    let change = reserve(context).await?;
    let store = context.app.store();
    let grant = store.view(async |view: &mut View| view.grant(photo).await).await?;
    let Some(grant) = grant.filter(|grant| grant.revoked_at.is_some()) else {
        // It was published again meanwhile, or never.
        store.act(async |tx: &mut Tx| finish(tx, claim).await).await?;
        return Ok(());
    };
    let recipe = recipe_name(context.app.config().work.jpeg_quality)?;
    let tombstone = Sheet::tombstone(serve::grant_path(&grant.token), Tombstone::Gone);
    bury(context, change, &grant.token).await?;
    let gone = store.act(async |tx: &mut Tx| forget(tx, photo, &recipe).await).await?;
    for key in
        gone.public.iter().map(Rendition::public_key).chain(gone.private.iter().map(Rendition::rendition_key))
    {
        context.app.blobs().delete(&key).await?;
    }
    press(context, change, vec![tombstone], claim, None).await
}

/// Lets the tree know that the grant is gone before any of its files goes; the press writes the same once more, and
/// down in the records.
async fn bury(context: &Context, change: i64, token: &str) -> Result<(), JobFault> {
    let (tree, path) = (context.app.tree().clone(), serve::grant_path(token));
    let number = u64::try_from(change).unwrap_or(0);
    let buried = tokio::task::spawn_blocking(move || {
        let entry = tree.tombstone(&path, &Tombstone::Gone, number)?;
        tree.log(&[entry])
    });
    Ok(buried.await.map_err(std::io::Error::other)??)
}

struct Gone {
    public: Vec<Rendition>,
    private: Vec<Rendition>,
}

/// Forgets the rows of files that are about to go, so that nothing counts on them.
async fn forget(tx: &mut Tx, photo: PhotoId, recipe: &BlobName) -> Closing<Gone> {
    let public = tx.all_public_files(photo).await?;
    let versions: BTreeSet<&BlobName> = public.iter().map(|file| &file.name).collect();
    for version in versions {
        tx.remove_public_files(photo, version).await?;
    }
    let mut private = Vec::new();
    if !wanted(tx, photo).await? {
        private = tx.renditions(photo, recipe).await?;
        tx.remove_renditions(photo, recipe).await?;
        tx.mark_undeveloped(photo).await?;
    }
    Ok(Gone { public, private })
}

/// Whether a draft that is not withdrawn has the photo, and the photo itself is not withdrawn.
async fn wanted(tx: &mut Tx, photo: PhotoId) -> Result<bool, store::StoreError> {
    if tx.photo(photo).await?.is_none_or(|photo| photo.withdrawn.is_some()) {
        return Ok(false);
    }
    for story in tx.stories_with_photo(photo).await? {
        if tx.story(story).await?.is_some_and(|story| story.moments.withdrawn.is_none()) {
            return Ok(true);
        }
    }
    Ok(false)
}
