//! Prints a story: its page, its short and older addresses, the grants of its photos; or, when it was withdrawn, what
//! stands in their place.

use std::collections::BTreeSet;

use newsroom::id::{PhotoId, StoryId};
use newsroom::published::{PixelSize, PublishedStory};
use newsroom::slug::Slug;
use serve::{Grant, Printed, Rendition, Status, Tombstone};
use store::{Claim, Publication, Tx, View};

use super::context::{Context, JobFault};
use super::press::{self, PRINTER, Sheet, What, finish, put_up, reserve};
use super::{Job, public_files, site};
use crate::pages::{self, Counters, Page, address};

/// Runs the job.
pub(super) async fn run(context: &Context, story: StoryId, claim: &Claim) -> Result<(), JobFault> {
    let change = reserve(context).await?;
    let store = context.app.store();
    let found = store
        .view(async |view: &mut View| {
            let publication = view.publication(story).await?;
            let old_slugs = view.old_slugs(story).await?;
            Ok::<_, JobFault>(publication.map(|publication| (publication, old_slugs)))
        })
        .await?;
    let Some((publication, old_slugs)) = found else { return close(context, claim).await };
    let sheets = if publication.withdrawn.is_some() {
        farewell(context, &publication.record, &old_slugs).await?
    } else {
        let mut sheets = grants(context, &publication.record).await?;
        sheets.extend(page(context, publication, &old_slugs).await?);
        sheets
    };
    let granted: Vec<(PhotoId, String)> = sheets.iter().filter_map(Sheet::granted).collect();
    let records = put_up(context, change, sheets).await?;
    for (photo, version) in &granted {
        public_files::delete_superseded(context, *photo, version).await?;
    }
    // What lists and the feed show of it was made here: its public files, or their absence.
    let next = (Job::PrintLists, context.app.now());
    store.act(async |tx: &mut Tx| press::close(tx, &records, claim, Some(&next)).await).await?;
    Ok(())
}

async fn close(context: &Context, claim: &Claim) -> Result<(), JobFault> {
    context.app.store().act(async |tx: &mut Tx| finish(tx, claim).await).await?;
    Ok(())
}

/// The grants of all photos that the story may show, their public files made. A photo without renditions is left out:
/// its development was asked for, and asks for this print once more; until then the page says that it is to come.
async fn grants(context: &Context, story: &PublishedStory) -> Result<Vec<Sheet>, JobFault> {
    let quality = context.app.config().work.jpeg_quality;
    let mut sheets = Vec::new();
    for slide in &story.slides {
        let Some(photo) = slide.photo else { continue };
        let (kept, grant) = context
            .app
            .store()
            .view(async |view: &mut View| {
                Ok::<_, JobFault>((view.photo(photo).await?, view.grant(photo).await?))
            })
            .await?;
        let Some(kept) = kept.filter(|photo| photo.withdrawn.is_none() && photo.refused.is_none()) else {
            continue;
        };
        let Some(grant) = grant.filter(|grant| grant.revoked_at.is_none()) else { continue };
        // Another story that shows the photo was published later, with its own caption, or the quality was set anew:
        // the grant's files are those of that publication, and stay.
        if public_files::version_of(&slide.rights, quality).as_ref() != Some(&grant.version) {
            continue;
        }
        let Some(files) = public_files::ensure(context, photo, &slide.rights, kept.size).await? else {
            continue;
        };
        let renditions = files.iter().map(|file| rendition(file, grant.version.as_str())).collect();
        let object = Grant { version: grant.version.to_string(), renditions };
        let printed =
            Printed::grant(&object, PRINTER).map_err(std::io::Error::other)?.with_keys([photo_key(photo)]);
        sheets.push(Sheet {
            path: serve::grant_path(&grant.token),
            what: What::Grant { photo, version: object.version, token: grant.token, printed },
            keys: BTreeSet::from([photo_key(photo)]),
        });
    }
    Ok(sheets)
}

fn rendition(file: &store::Rendition, version: &str) -> Rendition {
    let PixelSize { width, .. } = file.size;
    Rendition {
        file: format!("{width}.jpg"),
        blob: file.public_key().to_string(),
        bytes: file.bytes,
        etag: format!("{version}-{width}"),
    }
}

fn photo_key(photo: PhotoId) -> String {
    pages::PageKey::Photo(photo).to_string()
}

async fn page(
    context: &Context,
    publication: Publication,
    old_slugs: &[Slug],
) -> Result<Vec<Sheet>, JobFault> {
    let at = context.app.now();
    let record = publication.record;
    let (short, path) = (address::short(&record.short_code), address::story(&record.slug));
    let input = context
        .app
        .store()
        .view(async |view: &mut View| {
            let site = site::site(context, view).await?;
            let story = site::without_withdrawn(view, record).await?;
            let pictures = match &story {
                Some(story) => site::pictures(view, story).await?,
                None => Default::default(),
            };
            Ok::<_, JobFault>((site, story, pictures, site::notices(view).await?))
        })
        .await?;
    let (site, story, pictures, notices) = input;
    let Some(story) = story else {
        // Every photo of it was withdrawn: nothing is left to show.
        let gone = pages::plain::gone(&site, &site.language, None)?;
        return Ok(vec![Sheet::tombstone(path.path(), Tombstone::Farewell(printed(&gone, Status::Gone)))]);
    };
    let counters = Counters { comments: story.offsets.comments, views: story.offsets.views };
    let input = pages::story::StoryInput {
        story: &story,
        pictures: &pictures,
        notices: &notices,
        counters: Some(counters),
        neighbours: Default::default(),
        changed: None,
        at,
    };
    let page = pages::story::print(&site, &input)?;
    let keys = page.keys.iter().map(ToString::to_string).collect();
    // No date: a withdrawn picture or a new notice prints the page again within the second, and a cache that asks by
    // date would keep what was taken away. The entity tag changes with the bytes.
    let mut sheets = vec![Sheet::page(path.path(), printed(&page, Status::Ok), keys)];
    let redirect = Printed::redirect(Status::MovedPermanently, &path.href(), PRINTER);
    sheets.push(Sheet::tombstone(short.path(), Tombstone::Redirect(redirect.clone())));
    for slug in old_slugs.iter().filter(|slug| **slug != story.slug) {
        sheets.push(Sheet::tombstone(address::story(slug).path(), Tombstone::Redirect(redirect.clone())));
    }
    Ok(sheets)
}

/// What stands where a withdrawn story stood.
async fn farewell(
    context: &Context,
    story: &PublishedStory,
    old_slugs: &[Slug],
) -> Result<Vec<Sheet>, JobFault> {
    let site = context.app.store().view(async |view: &mut View| site::site(context, view).await).await?;
    let gone = printed(&pages::plain::gone(&site, &story.language, None)?, Status::Gone);
    let story_at = address::story(&story.slug);
    let mut sheets = vec![
        Sheet::tombstone(story_at.path(), Tombstone::Farewell(gone)),
        Sheet::tombstone(address::short(&story.short_code).path(), Tombstone::Gone),
    ];
    for slug in old_slugs.iter().filter(|slug| **slug != story.slug) {
        sheets.push(Sheet::tombstone(address::story(slug).path(), Tombstone::Gone));
    }
    // What is found damaged is printed again by what it is about.
    for sheet in &mut sheets {
        sheet.keys.insert(pages::PageKey::Story(story.id).to_string());
    }
    Ok(sheets)
}

/// A page as the tree keeps it.
pub(super) fn printed(page: &Page, status: Status) -> Printed {
    Printed::new(status, page.content_type, page.body.clone(), PRINTER)
        .with_language(page.language.clone())
        .with_keys(page.keys.iter().map(ToString::to_string))
}
