//! Public files: the renditions with the rights metadata of a slide (R5), and nothing else.

use darkroom::meta::{Licensor, RightsRecord, mux_jpeg};
use newsroom::id::PhotoId;
use newsroom::published::{PixelSize, Rights};
use store::{BlobName, Rendition, Tx, View};

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
    store
        .act(async |tx: &mut Tx| {
            for file in &files {
                tx.put_public_file(file).await?;
            }
            Ok::<_, store::ActError<JobFault>>(())
        })
        .await?;
    Ok(Some(files))
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
