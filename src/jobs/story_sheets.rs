//! What a story is printed as: the grants of its photos, its page and light edition, the page of each slide, and the
//! addresses that lead to them; or, when it was withdrawn, what stands in their place.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use newsroom::id::{PhotoId, SlideId, StoryId};
use newsroom::moment::Moment;
use newsroom::notice::Notice;
use newsroom::search::words_of;
use newsroom::slug::Slug;
use serve::{Printed, Status, Tombstone};
use store::{Publication, ShownPhoto, View};

use super::context::{Context, JobFault};
use super::press::{AlreadyThere, PRINTER, Sheet};
use super::print_lists::sheet;
use super::site;
use super::story_grants::{self, Grants, Missing};
use super::story_read::{self, StoryRead};
use crate::pages::address::Address;
use crate::pages::{self, Page, PageKey, Site, address};

/// A publication with where it stands, as the print found it.
pub(super) struct Found {
    pub publication: Publication,
    /// The slugs that it left.
    pub old_slugs: Vec<Slug>,
    /// The photos that it shows.
    pub photos: BTreeMap<PhotoId, ShownPhoto>,
    /// The pages that the records know of.
    pub standing: AlreadyThere,
    /// The paths on which it stands, or may stand.
    pub others: BTreeSet<String>,
}

/// Everything that a story is printed from, its public files made. Readers of the story do not wait until the pages of
/// its slides are made: these are sheets of their own.
pub(super) struct Gathered {
    found: Found,
    grants: Vec<Sheet>,
    site: Arc<Site>,
    /// `None` when the story was withdrawn.
    read: Option<StoryRead>,
    shown: Option<Shown>,
    at: Moment,
    /// Whether AVIF is to be added to one of its pictures.
    pub lacks_avif: bool,
    /// Photos whose files of older versions go once this is printed, and the version that stays.
    pub superseded: Vec<(PhotoId, String)>,
}

/// What readers see of a story.
pub(super) struct Shown {
    /// The words by which it is found.
    pub words: BTreeSet<String>,
    /// Its photos that were withdrawn.
    pub withdrawn: BTreeSet<PhotoId>,
}

/// Reads what stories are printed from, and makes the public files that are not there: of several stories in little
/// more time than of one. `None` where some are not there and are not to be made.
pub(super) async fn gather(
    context: &Context,
    found: Vec<Found>,
    missing: Missing,
) -> Result<Option<Vec<Gathered>>, JobFault> {
    let all = found.iter().flat_map(|one| one.photos.values());
    let lying = story_grants::lying(context, all).await?;
    let mut granted = Vec::with_capacity(found.len());
    for one in found {
        let grants = match one.publication.withdrawn {
            Some(_) => None,
            None => {
                let Some(grants) = story_grants::of(context, &one, &lying, missing).await? else {
                    return Ok(None);
                };
                Some(grants)
            }
        };
        granted.push((one, grants));
    }
    let store = context.app.store();
    store.view(async |view: &mut View| read_all(context, view, granted).await).await.map(Some)
}

async fn read_all(
    context: &Context,
    view: &mut View,
    granted: Vec<(Found, Option<Grants>)>,
) -> Result<Vec<Gathered>, JobFault> {
    let (site, notices) = (site::site(context, view).await?, site::notices(view).await?);
    let (site, notices, at) = (Arc::new(site), Arc::new(notices), context.app.now());
    let mut all = Vec::with_capacity(granted.len());
    for (found, grants) in granted {
        let mut read = None;
        if let Some(grants) = &grants {
            read = Some(read_found(view, &found, grants.changed, &notices).await?);
        }
        let Grants { sheets: grants, lacks_avif, superseded, .. } = grants.unwrap_or_default();
        let site = Arc::clone(&site);
        all.push(Gathered { found, grants, site, read, shown: None, at, lacks_avif, superseded });
    }
    Ok(all)
}

/// `changed` says that its photos have other grants or files by now than those that were found.
async fn read_found(
    view: &mut View,
    found: &Found,
    changed: bool,
    notices: &Arc<Vec<Notice>>,
) -> Result<StoryRead, JobFault> {
    let Found { publication, photos, .. } = found;
    let photos = if changed { &view.shown_photos(publication.record.id).await? } else { photos };
    let withdrawn = photos.iter().filter_map(|(photo, shown)| Some((*photo, shown.withdrawn_at?))).collect();
    let pictures = site::pictures_of(photos);
    Ok(story_read::read(view, publication, withdrawn, pictures, notices).await?)
}

impl Gathered {
    /// Whether readers have a page of it once this is printed.
    pub fn has_page(&self) -> bool {
        self.read.as_ref().is_some_and(|read| read.story.is_some())
    }

    /// What was found, when all of it is printed, with what readers see of it, which [`Self::beside`] has looked through.
    pub fn into_printed(self) -> (Found, Option<Shown>) {
        (self.found, self.shown)
    }

    /// Grants, the page, and the addresses that lead to it; or what stands in their place. The grants are in the first
    /// answer only.
    pub fn first(&mut self) -> Result<Vec<Sheet>, JobFault> {
        let mut sheets = std::mem::take(&mut self.grants);
        sheets.extend(match &self.read {
            Some(read) => self.own(read)?,
            None => self.farewell()?,
        });
        Ok(sheets)
    }

    /// The light edition and the pages of the slides; none where the story has no page.
    pub fn beside(&mut self) -> Result<Vec<Sheet>, JobFault> {
        self.shown = self.read.as_ref().map(|read| Shown {
            words: read.story.as_ref().map(words_of).unwrap_or_default(),
            withdrawn: read.withdrawn.clone(),
        });
        let Some((read, story)) = self.read.as_ref().and_then(|read| Some((read, read.story.as_ref()?)))
        else {
            return Ok(Vec::new());
        };
        let input = read.input(story, self.at);
        let light = pages::light::print(&self.site, &input)?;
        let mut sheets = vec![sheet(address::light(&story.slug).path(), &light)];
        for (at, page) in pages::slide::print(&self.site, &input)? {
            sheets.push(sheet(at.path(), &page));
        }
        let slides: Vec<&SlideId> = story.slides.iter().map(|slide| &slide.id).collect();
        sheets.extend(no_more(&story.slug, &slides, &self.found.others));
        about(story.id, &mut sheets);
        Ok(sheets)
    }

    /// The page of a story, and the addresses that lead to it.
    fn own(&self, read: &StoryRead) -> Result<Vec<Sheet>, JobFault> {
        let record = &self.found.publication.record;
        let path = address::story(&record.slug);
        let Some(story) = &read.story else {
            // Every photo of it was withdrawn: nothing is left to show.
            let gone = pages::plain::gone(&self.site, &self.site.language, None)?;
            let mut sheets =
                vec![Sheet::tombstone(path.path(), Tombstone::Farewell(printed(&gone, Status::Gone)))];
            sheets.extend(no_more(&record.slug, &[], &self.found.others));
            about(record.id, &mut sheets);
            return Ok(sheets);
        };
        // No date: a withdrawn picture or a new notice prints the page again within the second, and a cache that asks by
        // date would keep what was taken away. The entity tag changes with the bytes.
        let page = pages::story::print(&self.site, &read.input(story, self.at))?;
        let redirect = Printed::redirect(Status::MovedPermanently, &path.href(), PRINTER);
        let mut sheets = vec![sheet(path.path(), &page)];
        sheets.extend(self.leading_here().map(|path| {
            let redirect = Tombstone::Redirect(redirect.clone());
            Sheet::tombstone(path.path(), redirect)
        }));
        Ok(sheets)
    }

    /// What stands where a withdrawn story stood.
    fn farewell(&self) -> Result<Vec<Sheet>, JobFault> {
        let record = &self.found.publication.record;
        let gone = printed(&pages::plain::gone(&self.site, &record.language, None)?, Status::Gone);
        let story_at = address::story(&record.slug);
        let mut sheets = vec![Sheet::tombstone(story_at.path(), Tombstone::Farewell(gone))];
        sheets.extend(self.leading_here().map(|path| Sheet::tombstone(path.path(), Tombstone::Gone)));
        sheets.extend(no_more(&record.slug, &[], &self.found.others));
        about(record.id, &mut sheets);
        Ok(sheets)
    }

    /// The short address, and those under slugs that the story left.
    fn leading_here(&self) -> impl Iterator<Item = Address> {
        let record = &self.found.publication.record;
        let old_slugs = self.found.old_slugs.iter().filter(|slug| **slug != record.slug);
        [address::short(&record.short_code)].into_iter().chain(old_slugs.map(address::story))
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

/// A page as the tree keeps it, not compressed yet: the press does that.
pub(super) fn printed(page: &Page, status: Status) -> Printed {
    Printed::unpressed(status, page.content_type, page.body.clone(), PRINTER)
        .with_language(page.language.clone())
        .with_keys(page.keys.iter().map(ToString::to_string))
}
