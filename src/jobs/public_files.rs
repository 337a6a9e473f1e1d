//! Public files: the renditions with the rights metadata of a slide (R5), and nothing else.

use std::collections::BTreeSet;

use darkroom::meta::{Licensor, RightsRecord, mux_jpeg};
use newsroom::id::PhotoId;
use newsroom::published::{PixelSize, Rights};
use store::{BlobName, Rendition, StoreError, Tx, View};

use super::context::{Context, JobFault, recipe, recipe_name, short_name};
use super::{Job, enqueue};

/// Changes when the same rights give other bytes.
const MUXER: u32 = 1;

/// The version of a photo's public files: which rights metadata in which renditions.
pub fn version_of(rights: &Rights, jpeg_quality: u8) -> Option<BlobName> {
    let made_of = serde_json::to_string(&(MUXER, recipe(jpeg_quality).name(), rights)).ok()?;
    short_name(&made_of).ok()
}

/// Makes the public files of a photo for these rights, where they do not lie there already. Gives them, smallest
/// first; `None` when the photo has no renditions (yet).
pub(super) async fn ensure(
    context: &Context,
    photo: PhotoId,
    rights: &Rights,
    upright: PixelSize,
) -> Result<Option<Vec<Rendition>>, JobFault> {
    let quality = context.app.config().work.jpeg_quality;
    let Some(version) = version_of(rights, quality) else { return Ok(None) };
    let recipe = recipe_name(quality)?;
    let store = context.app.store();
    let standing = store.view(async |view: &mut View| view.public_files(photo, &version).await).await?;
    if !standing.is_empty() && lie_there(context, &standing).await? {
        return Ok(Some(standing));
    }
    let renditions = store.view(async |view: &mut View| view.renditions(photo, &recipe).await).await?;
    if renditions.is_empty() {
        develop_again(context, photo).await?;
        return Ok(None);
    }
    let record = rights_record(rights);
    let mut files = Vec::with_capacity(renditions.len());
    for rendition in renditions {
        let Some(plain) = context.app.blobs().get(&rendition.rendition_key()).await? else {
            develop_again(context, photo).await?;
            return Ok(None);
        };
        let public = mux_jpeg(&plain, &record, (upright.width, upright.height))?;
        let file = Rendition { name: version.clone(), bytes: public.len() as u64, ..rendition };
        context.app.blobs().put(&file.public_key(), public.into()).await?;
        files.push(file);
    }
    let now = context.app.now();
    store
        .act(async |tx: &mut Tx| {
            for file in &files {
                tx.put_public_file(file).await?;
            }
            if taken_back(tx, photo).await? {
                // While they were made, and after the files before them had gone.
                enqueue(tx, &Job::PurgePhoto { photo }, now).await?;
            }
            Ok::<_, store::ActError<JobFault>>(())
        })
        .await?;
    Ok(Some(files))
}

/// Whether the photo was taken from readers, and not given back: it has no public files then.
pub(super) async fn taken_back(view: &mut View, photo: PhotoId) -> Result<bool, StoreError> {
    let revoked = view.grant(photo).await?.is_some_and(|grant| grant.revoked_at.is_some());
    Ok(revoked || view.photo(photo).await?.is_some_and(|photo| photo.withdrawn.is_some()))
}

/// Deletes the public files of a photo that are of no version which readers get: files first, so that a kill in between
/// leaves rows by which the rest is found. Readers who come with the address of one are sent on to the granted version,
/// which is `printed`; where another was granted meanwhile, its print deletes.
pub(super) async fn delete_superseded(
    context: &Context,
    photo: PhotoId,
    printed: &str,
) -> Result<(), JobFault> {
    let store = context.app.store();
    let superseded = store.view(async |view: &mut View| superseded(view, photo, printed).await).await?;
    for file in &superseded {
        context.app.blobs().delete(&file.public_key()).await?;
    }
    let versions: BTreeSet<&BlobName> = superseded.iter().map(|file| &file.name).collect();
    if versions.is_empty() {
        return Ok(());
    }
    store
        .act(async |tx: &mut Tx| {
            for version in &versions {
                tx.remove_public_files(photo, version).await?;
            }
            Ok::<_, store::ActError<JobFault>>(())
        })
        .await?;
    Ok(())
}

async fn superseded(view: &mut View, photo: PhotoId, printed: &str) -> Result<Vec<Rendition>, JobFault> {
    let granted = view.grant(photo).await?.map(|grant| grant.version);
    if granted.is_none_or(|granted| granted.as_str() != printed) {
        return Ok(Vec::new());
    }
    let mut files = view.all_public_files(photo).await?;
    files.retain(|file| file.name.as_str() != printed);
    Ok(files)
}

/// The renditions are not there, or one of them is lost: the photo is developed (again), and its stories are printed
/// then.
async fn develop_again(context: &Context, photo: PhotoId) -> Result<(), JobFault> {
    let now = context.app.now();
    context
        .app
        .store()
        .act(async |tx: &mut Tx| {
            tx.remove_renditions(photo).await?;
            tx.mark_undeveloped(photo).await?;
            enqueue(tx, &Job::DevelopPhoto { photo }, now).await?;
            Ok::<_, store::ActError<JobFault>>(())
        })
        .await?;
    Ok(())
}

/// Whether all files are kept in full length; one that was lost is made again, so that a reprint mends it.
async fn lie_there(context: &Context, files: &[Rendition]) -> Result<bool, JobFault> {
    for file in files {
        if context.app.blobs().length(&file.public_key()).await? != Some(file.bytes) {
            return Ok(false);
        }
    }
    Ok(true)
}

fn rights_record(rights: &Rights) -> RightsRecord {
    RightsRecord {
        creators: rights.creators.clone(),
        credit: rights.credit.clone(),
        copyright: rights.copyright.clone(),
        usage_terms: rights.usage_terms.clone(),
        web_statement: rights.web_statement.clone(),
        licensors: rights
            .licensors
            .iter()
            .map(|licensor| Licensor { name: licensor.name.clone(), url: licensor.url.clone() })
            .collect(),
        description: rights.description.clone(),
        alt: rights.alt.clone(),
        date_created: rights.date_created.clone(),
        digital_source_type: rights.digital_source_type.clone(),
        data_mining: rights.data_mining.clone(),
        source_guid: rights.source_guid.clone(),
        language: rights.language.clone(),
    }
}
