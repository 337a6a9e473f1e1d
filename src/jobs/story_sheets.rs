//! What a story is printed as: the grants of its photos, its page and light edition, the page of each slide, and the
//! addresses that lead to them; or, when it was withdrawn, what stands in their place.

use std::collections::{BTreeMap, BTreeSet};

use newsroom::id::{PhotoId, SlideId, StoryId};
use newsroom::moment::Moment;
use newsroom::notice::Notice;
use newsroom::published::{Picture, PixelSize, PublishedStory};
use newsroom::slug::Slug;
use serve::{Grant, Printed, Rendition, Status, Tombstone};
use store::{Publication, View};

use super::context::{Context, JobFault};
use super::files::Files;
use super::press::{PRINTER, Sheet, What};
use super::print_lists::sheet;
use super::public_files::{self, Made, Public};
use super::{add_avif, renew, site};
use crate::pages::story::{Neighbour, Neighbours, StoryInput};
use crate::pages::{self, Counters, Page, PageKey, Site, address};

/// The grants of all photos that the story may show, their public files made. A photo without renditions is left out:
/// its development was asked for, and asks for this print once more; until then the page says that it is to come.
async fn grants(context: &Context, story: &PublishedStory) -> Result<Grants, JobFault> {
    let mut sheets = Vec::new();
    let mut lacks_avif = false;
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
        let public = Public::from(slide);
        let Some(grant) = renew::grant_of(context, story.id, &public, grant).await? else { continue };
        let Some(made) = public_files::ensure(context, photo, &public, kept.size).await? else {
            continue;
        };
        let sets: Vec<Files> = made.iter().map(|(files, _)| *files).collect();
        lacks_avif |= lacks_more(context, photo, &sets, &public).await?;
        let renditions = made.iter().map(rendition).collect();
        let object = Grant { version: grant.version.to_string(), renditions };
        let printed =
            Printed::grant(&object, PRINTER).map_err(std::io::Error::other)?.with_keys([photo_key(photo)]);
        sheets.push(Sheet {
            path: serve::grant_path(&grant.token),
            what: What::Grant { photo, version: object.version, token: grant.token, printed },
            keys: BTreeSet::from([photo_key(photo)]),
        });
    }
    Ok(Grants { sheets, lacks_avif })
}

/// Whether AVIF is still to be made of a photo.
async fn lacks_more(
    context: &Context,
    photo: PhotoId,
    made: &[Files],
    public: &Public<'_>,
) -> Result<bool, JobFault> {
    let work = &context.app.config().work;
    let store = context.app.store();
    store.view(async |view: &mut View| add_avif::is_to_come(view, photo, made, public, work).await).await
}

/// The grants of a story.
struct Grants {
    sheets: Vec<Sheet>,
    lacks_avif: bool,
}

fn rendition((files, file): &Made) -> Rendition {
    let PixelSize { width, .. } = file.size;
    Rendition {
        file: files.file_name(width),
        blob: file.public_key().to_string(),
        bytes: file.bytes,
        etag: format!("{}-{width}", file.name.as_str()),
    }
}

fn photo_key(photo: PhotoId) -> String {
    PageKey::Photo(photo).to_string()
}

/// What a story is printed as, in two steps: readers of the story do not wait until the pages of its slides are made.
pub(super) struct StorySheets {
    /// Grants, the page, and the addresses that lead to it; or what stands in their place.
    pub first: Vec<Sheet>,
    /// What its other pages are made from; `None` where it has none.
    pub beside: Option<Beside>,
    /// Whether AVIF is to be added to one of its pictures.
    pub lacks_avif: bool,
}

/// What a published story is printed as; `others` are the paths on which it stood before.
pub(super) async fn published(
    context: &Context,
    publication: Publication,
    old_slugs: &[Slug],
    others: &BTreeSet<String>,
) -> Result<StorySheets, JobFault> {
    let Grants { sheets: mut first, lacks_avif } = grants(context, &publication.record).await?;
    let (read, at) = (read(context, publication).await?, context.app.now());
    let (old_slugs, others) = (old_slugs.to_vec(), others.clone());
    let (read, own) = made(move || {
        let own = own(&read, at, &old_slugs, &others)?;
        Ok((read, own))
    })
    .await?;
    first.extend(own);
    Ok(StorySheets { first, beside: Some(Beside { read, at }), lacks_avif })
}

/// Pages are made, and compressed, apart from the task in which other jobs wait for their turn.
async fn made<T: Send + 'static>(
    make: impl FnOnce() -> Result<T, JobFault> + Send + 'static,
) -> Result<T, JobFault> {
    tokio::task::spawn_blocking(make).await.map_err(std::io::Error::other)?
}

/// The page of a story, and the addresses that lead to it.
fn own(
    read: &StoryRead,
    at: Moment,
    old_slugs: &[Slug],
    others: &BTreeSet<String>,
) -> Result<Vec<Sheet>, JobFault> {
    let path = address::story(&read.slug);
    let Some(story) = &read.story else {
        // Every photo of it was withdrawn: nothing is left to show.
        let gone = pages::plain::gone(&read.site, &read.site.language, None)?;
        let mut sheets =
            vec![Sheet::tombstone(path.path(), Tombstone::Farewell(printed(&gone, Status::Gone)))];
        sheets.extend(no_more(&read.slug, &[], others));
        about(read.id, &mut sheets);
        return Ok(sheets);
    };
    // No date: a withdrawn picture or a new notice prints the page again within the second, and a cache that asks by
    // date would keep what was taken away. The entity tag changes with the bytes.
    let mut sheets = vec![sheet(path.path(), &pages::story::print(&read.site, &read.input(story, at))?)];
    let redirect = Printed::redirect(Status::MovedPermanently, &path.href(), PRINTER);
    let leads_here = |path: &str| Sheet::tombstone(path, Tombstone::Redirect(redirect.clone()));
    sheets.push(leads_here(address::short(&story.short_code).path()));
    for slug in old_slugs.iter().filter(|slug| **slug != story.slug) {
        sheets.push(leads_here(address::story(slug).path()));
    }
    Ok(sheets)
}

/// What the pages beside a story's own are made from: the same that its own shows.
pub(super) struct Beside {
    read: StoryRead,
    at: Moment,
}

impl Beside {
    /// The light edition and the pages of the slides; `others` are the paths on which the story stood before.
    pub async fn sheets(self, others: BTreeSet<String>) -> Result<Vec<Sheet>, JobFault> {
        made(move || self.make(&others)).await
    }

    fn make(&self, others: &BTreeSet<String>) -> Result<Vec<Sheet>, JobFault> {
        let Some(story) = &self.read.story else { return Ok(Vec::new()) };
        let input = self.read.input(story, self.at);
        let light = pages::light::print(&self.read.site, &input)?;
        let mut sheets = vec![sheet(address::light(&story.slug).path(), &light)];
        for (at, page) in pages::slide::print(&self.read.site, &input)? {
            sheets.push(sheet(at.path(), &page));
        }
        let slides: Vec<&SlideId> = story.slides.iter().map(|slide| &slide.id).collect();
        sheets.extend(no_more(&story.slug, &slides, others));
        about(story.id, &mut sheets);
        Ok(sheets)
    }
}

/// What is found damaged is printed again by what it is about, tombstones too.
fn about(story: StoryId, sheets: &mut [Sheet]) {
    for sheet in sheets {
        sheet.keys.insert(PageKey::Story(story).to_string());
    }
}

/// What stands where the story's light edition and slides stood before and do not stand now: the way to where they
/// are, or nothing more.
fn no_more<'a>(
    slug: &'a Slug,
    slides: &'a [&SlideId],
    others: &'a BTreeSet<String>,
) -> impl Iterator<Item = Sheet> + use<'a> {
    others.iter().filter_map(move |path| {
        let now = match part_of_story(path)? {
            Part::Light => (!slides.is_empty()).then(|| address::light(slug)),
            Part::Slide(id) => slides.contains(&&id).then(|| address::slide(slug, &id)),
        };
        let Some(now) = now else { return Some(Sheet::tombstone(path.as_str(), Tombstone::Gone)) };
        let moved = || Printed::redirect(Status::MovedPermanently, &now.href(), PRINTER);
        (now.path() != path).then(|| Sheet::tombstone(path.as_str(), Tombstone::Redirect(moved())))
    })
}

/// A page of a story beside its own.
enum Part {
    Light,
    Slide(SlideId),
}

fn part_of_story(path: &str) -> Option<Part> {
    let rest = path.strip_prefix("/story/")?;
    if rest.ends_with("?light") {
        return Some(Part::Light);
    }
    let (_, slide) = rest.split_once("/photo/")?;
    slide.parse().ok().map(Part::Slide)
}

/// Everything that a story is printed from, read at one moment.
struct StoryRead {
    site: Site,
    id: StoryId,
    slug: Slug,
    /// `None` when every photo of it was withdrawn.
    story: Option<PublishedStory>,
    pictures: BTreeMap<PhotoId, Picture>,
    notices: Vec<Notice>,
    older: Option<PublishedStory>,
    newer: Option<PublishedStory>,
    changed: Option<Moment>,
}

async fn read(context: &Context, publication: Publication) -> Result<StoryRead, JobFault> {
    let store = context.app.store();
    store
        .view(async |view: &mut View| {
            let changed = site::changed(view, &publication).await?;
            let record = publication.record;
            let (id, slug, first) = (record.id, record.slug.clone(), record.first_published);
            let (older, newer) = view.neighbours(record.shown.at, record.id).await?;
            Ok(StoryRead {
                site: site::site(context, view).await?,
                id,
                slug,
                pictures: site::pictures(view, &record).await?,
                story: site::without_withdrawn(view, record).await?,
                notices: site::notices(view).await?,
                older: shown(view, older).await?,
                newer: shown(view, newer).await?,
                changed: Some(changed).filter(|changed| *changed > first),
            })
        })
        .await
}

/// A neighbour as readers see it; `None` where nothing is left of it.
async fn shown(
    view: &mut View,
    publication: Option<Publication>,
) -> Result<Option<PublishedStory>, store::StoreError> {
    match publication {
        Some(publication) => site::without_withdrawn(view, publication.record).await,
        None => Ok(None),
    }
}

impl StoryRead {
    fn input<'a>(&'a self, story: &'a PublishedStory, at: Moment) -> StoryInput<'a> {
        StoryInput {
            story,
            pictures: &self.pictures,
            notices: &self.notices,
            counters: Some(Counters { comments: story.offsets.comments, views: story.offsets.views }),
            neighbours: Neighbours {
                previous: self.older.as_ref().map(neighbour),
                next: self.newer.as_ref().map(neighbour),
            },
            changed: self.changed,
            at,
        }
    }
}

fn neighbour(story: &PublishedStory) -> Neighbour<'_> {
    Neighbour {
        story: story.id,
        slug: &story.slug,
        headline: &story.headline,
        language: &story.language,
        direction: story.direction,
    }
}

/// What stands where a withdrawn story stood; `others` are the paths on which it stood before.
pub(super) async fn farewell(
    context: &Context,
    story: &PublishedStory,
    old_slugs: &[Slug],
    others: &BTreeSet<String>,
) -> Result<StorySheets, JobFault> {
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
    sheets.extend(no_more(&story.slug, &[], others));
    about(story.id, &mut sheets);
    Ok(StorySheets { first: sheets, beside: None, lacks_avif: false })
}

/// A page as the tree keeps it.
pub(super) fn printed(page: &Page, status: Status) -> Printed {
    Printed::new(status, page.content_type, page.body.clone(), PRINTER)
        .with_language(page.language.clone())
        .with_keys(page.keys.iter().map(ToString::to_string))
}
