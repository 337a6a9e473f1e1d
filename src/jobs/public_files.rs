//! Public files: the renditions with the rights metadata of a slide (R5), and nothing else.

use std::collections::BTreeSet;

use darkroom::meta::{Licensor, RightsRecord, mux_avif, mux_jpeg};
use newsroom::focus::Focus;
use newsroom::id::PhotoId;
use newsroom::published::{Cuts, PixelSize, PublishedSlide, Rights};
use store::{BlobName, Rendition, StoreError, Tx, View};

use super::context::{Context, JobFault};
use super::files::{Files, recipe_name, short_name};
use super::{Job, enqueue};
use crate::config::WorkConfig;

/// Changes when the same rights give other bytes.
const MUXER: u32 = 2;

/// What decides about the public files of a photo besides its picture.
#[derive(Debug, Clone, Copy)]
pub struct Public<'a> {
    /// What is put into each file.
    pub rights: &'a Rights,
    /// The point that cuts keep.
    pub focus: Option<Focus>,
    /// Whether there are cuts.
    pub cuts: Cuts,
}

impl<'a> From<&'a PublishedSlide> for Public<'a> {
    fn from(slide: &'a PublishedSlide) -> Self {
        Self { rights: &slide.rights, focus: slide.focus, cuts: slide.cuts }
    }
}

impl Public<'_> {
    /// The sets that readers may get.
    pub(super) fn sets(&self) -> impl Iterator<Item = Files> + use<> {
        let cuts = self.cuts;
        Files::ALL.into_iter().filter(move |files| cuts == Cuts::Allowed || !files.are_cuts())
    }
}

/// The version of a photo's public files: which rights metadata in which renditions.
pub fn version_of(public: &Public<'_>, config: &WorkConfig) -> Option<BlobName> {
    let recipes: Vec<String> = public.sets().map(|files| files.recipe(public.focus, config).name()).collect();
    let made_of = serde_json::to_string(&(MUXER, recipes, public.rights)).ok()?;
    short_name(&made_of).ok()
}

/// A public file, and the set that it belongs to.
pub(super) type Made = (Files, Rendition);

/// Makes the public files of a photo, where they do not lie there already. Gives them, set by set, smallest first;
/// `None` when the photo has no renditions (yet). Cuts that are not there yet are asked for and left out.
pub(super) async fn ensure(
    context: &Context,
    photo: PhotoId,
    public: &Public<'_>,
    upright: PixelSize,
) -> Result<Option<Vec<Made>>, JobFault> {
    let store = context.app.store();
    let files = store.view(async |view: &mut View| view.all_public_files(photo).await).await?;
    let lying = lying(context, files).await?;
    let Some(version) = version_of(public, &context.app.config().work) else { return Ok(None) };
    ensure_beside(context, (photo, &version), public, upright, &lying).await
}

/// The same where it is known which files the photo has, and of which version they are to be.
pub(super) async fn ensure_beside(
    context: &Context,
    (photo, version): (PhotoId, &BlobName),
    public: &Public<'_>,
    upright: PixelSize,
    lying: &[Lying],
) -> Result<Option<Vec<Made>>, JobFault> {
    let mut all = Vec::new();
    for files in public.sets() {
        let made = match standing(lying, &files.kept_as(version)?) {
            Some(standing) => Some(standing),
            None => make(context, photo, files, version, public, upright).await?,
        };
        match made {
            Some(made) => all.extend(made.into_iter().map(|file| (files, file))),
            None if files == Files::Ladder => {
                develop_again(context, photo).await?;
                return Ok(None);
            }
            None if files.come_later() => {}
            None => develop_more(context, photo).await?,
        }
    }
    Ok(Some(all))
}

/// A public file, and whether it lies there in full length.
pub(super) type Lying = (Rendition, bool);

/// Looks which public files lie there. One that was lost is made again, so that a reprint mends it.
pub(super) async fn lying(context: &Context, files: Vec<Rendition>) -> Result<Vec<Lying>, JobFault> {
    let keys = files.iter().map(Rendition::public_key).collect();
    let lengths = context.app.blobs().lengths(keys).await?;
    let whole = |(file, length): (Rendition, Option<u64>)| {
        let lies_there = length == Some(file.bytes);
        (file, lies_there)
    };
    Ok(files.into_iter().zip(lengths).map(whole).collect())
}

/// The set that is kept under this name; `None` where it was never made, or one of its files is lost.
fn standing(lying: &[Lying], name: &BlobName) -> Option<Vec<Rendition>> {
    let set = || lying.iter().filter(|(file, _)| file.name == *name);
    (set().next().is_some() && set().all(|(_, lies_there)| *lies_there))
        .then(|| set().map(|(file, _)| file.clone()).collect())
}

/// Whether all that publishing waits for lies there.
pub(super) fn stand(lying: &[Lying], version: &BlobName, public: &Public<'_>) -> bool {
    let mut sets = public.sets().filter(|set| !set.come_later());
    sets.all(|set| set.kept_as(version).is_ok_and(|name| standing(lying, &name).is_some()))
}

/// Makes one set; `None` where its renditions are not there, or one of them is lost.
async fn make(
    context: &Context,
    photo: PhotoId,
    files: Files,
    version: &BlobName,
    public: &Public<'_>,
    upright: PixelSize,
) -> Result<Option<Vec<Rendition>>, JobFault> {
    let name = files.kept_as(version)?;
    let recipe = recipe_name(&files.recipe(public.focus, &context.app.config().work))?;
    let store = context.app.store();
    let renditions = store.view(async |view: &mut View| view.renditions(photo, &recipe).await).await?;
    if renditions.is_empty() {
        return Ok(None);
    }
    let record = rights_record(public.rights);
    let mut made = Vec::with_capacity(renditions.len());
    for rendition in renditions {
        let Some(plain) = context.app.blobs().get(&rendition.rendition_key()).await? else {
            forget(context, photo, &recipe).await?;
            return Ok(None);
        };
        let largest = (upright.width, upright.height);
        let muxed = match files.come_later() {
            true => mux_avif(&plain, &record, largest)?,
            false => mux_jpeg(&plain, &record, largest)?,
        };
        let file = Rendition { name: name.clone(), bytes: muxed.len() as u64, ..rendition };
        context.app.blobs().put(&file.public_key(), muxed.into()).await?;
        made.push(file);
    }
    write_down(context, photo, &made).await?;
    Ok(Some(made))
}

/// Forgets a set of which a file is lost, so that it is made again: whoever makes files looks at the records.
async fn forget(context: &Context, photo: PhotoId, recipe: &BlobName) -> Result<(), JobFault> {
    let store = context.app.store();
    store
        .act(async |tx: &mut Tx| {
            tx.remove_renditions_of(photo, recipe).await?;
            Ok::<_, store::ActError<JobFault>>(())
        })
        .await?;
    Ok(())
}

async fn write_down(context: &Context, photo: PhotoId, files: &[Rendition]) -> Result<(), JobFault> {
    let now = context.app.now();
    context
        .app
        .store()
        .act(async |tx: &mut Tx| {
            for file in files {
                tx.put_public_file(file).await?;
            }
            if taken_back(tx, photo).await? {
                // While they were made, and after the files before them had gone.
                enqueue(tx, &Job::PurgePhoto { photo }, now).await?;
            }
            Ok::<_, store::ActError<JobFault>>(())
        })
        .await?;
    Ok(())
}

/// Asks for what the photo lacks besides its ladder; its stories are printed then.
async fn develop_more(context: &Context, photo: PhotoId) -> Result<(), JobFault> {
    let now = context.app.now();
    let store = context.app.store();
    store
        .act(async |tx: &mut Tx| {
            enqueue(tx, &Job::DevelopPhoto { photo }, now).await?;
            Ok::<_, store::ActError<JobFault>>(())
        })
        .await?;
    Ok(())
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
    let Some(granted) = granted.filter(|granted| granted.as_str() == printed) else { return Ok(Vec::new()) };
    let mut files = view.all_public_files(photo).await?;
    files.retain(|file| !is_of(file, &granted));
    Ok(files)
}

/// Whether a file belongs to a version.
pub(super) fn is_of(file: &Rendition, version: &BlobName) -> bool {
    Files::ALL.iter().any(|set| set.kept_as(version).is_ok_and(|name| name == file.name))
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
