//! What the page of a story would be: made as its print makes it, from a record that is published to nobody, with pictures
//! that only those get who may see the draft. No job: nothing is kept of it.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use newsroom::id::PhotoId;
use newsroom::published::{Cuts, Picture, PublishedSlide, PublishedStory};
use store::{BlobName, Photo, Publication, Rendition, StoreError, View};

use super::context::JobFault;
use super::files::{Files, recipe_name};
use super::{site, story_read};
use crate::app::App;
use crate::config::{Held, WorkConfig};
use crate::pages::{self, Page, Site};

/// A record to be looked at, and where its pictures lie.
#[derive(Debug, Clone)]
pub struct Looked {
    /// The record, with the moment of its publication where it is what readers have.
    pub publication: Publication,
    /// Root-relative, without a slash at the end. Below it a picture lies by its photo, its version and its file's name.
    pub pictures_at: String,
}

/// One of the pages that a story is printed as.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Part {
    /// Its own page.
    #[default]
    Story,
    /// The light edition of that.
    Light,
    /// The page of a slide, by its number from 1; the story's own where there is none.
    Slide(usize),
}

/// The page that a print of this record would give, but for the addresses of its pictures. A photo without sizes, or one that was
/// withdrawn or refused, is one that is to come.
///
/// # Errors
/// A fault of the store; a template that stops.
pub async fn preview(
    app: &App,
    looked: Looked,
    part: Part,
    alter: impl FnOnce(&mut Site),
) -> Result<Page, JobFault> {
    let held = app.look_at_settings().await?;
    preview_with(app, &held, (looked, part), alter).await
}

/// The same with settings that may not hold yet.
///
/// # Errors
/// A fault of the store; a template that stops.
pub async fn preview_with(
    app: &App,
    held: &Held,
    (looked, part): (Looked, Part),
    alter: impl FnOnce(&mut Site),
) -> Result<Page, JobFault> {
    let config = app.config();
    let (mut site, read) = app
        .store()
        .view(async |view: &mut View| {
            let record = &looked.publication.record;
            let pictures = pictures(view, record, &looked.pictures_at, &config.work).await?;
            let notices = Arc::new(site::notices(view).await?);
            // What was withdrawn stays in the row: the desk sees that something is missing there.
            let withdrawn = BTreeMap::new();
            let read = story_read::read(view, &looked.publication, withdrawn, pictures, &notices).await?;
            Ok::<_, JobFault>((site::site_with_sections(held, view).await?, read))
        })
        .await?;
    alter(&mut site);
    let at = app.now();
    let made = tokio::task::spawn_blocking(move || {
        let story = read.story.as_ref().unwrap_or(&looked.publication.record);
        let input = read.input(story, at);
        let slide = match part {
            Part::Light => return pages::light::print(&site, &input),
            Part::Slide(number) => number.checked_sub(1).filter(|at| *at < story.slides.len()),
            Part::Story => None,
        };
        let mut slides = if slide.is_some() { pages::slide::print(&site, &input)? } else { Vec::new() };
        match slide {
            Some(at) => Ok(slides.swap_remove(at).1),
            None => pages::story::print(&site, &input),
        }
    });
    Ok(made.await.map_err(std::io::Error::other)??)
}

async fn pictures(
    view: &mut View,
    record: &PublishedStory,
    lie_at: &str,
    work: &WorkConfig,
) -> Result<BTreeMap<PhotoId, Picture>, JobFault> {
    let mut all = BTreeMap::new();
    for slide in &record.slides {
        let Some(photo) = slide.photo else { continue };
        if let Some(kept) = view.photo(photo).await?.filter(is_shown)
            && let Some(picture) = picture(view, &kept, slide, lie_at, work).await?
        {
            all.insert(photo, picture);
        }
    }
    Ok(all)
}

fn is_shown(photo: &Photo) -> bool {
    photo.developed_at.is_some() && photo.withdrawn.is_none() && photo.refused.is_none()
}

async fn picture(
    view: &mut View,
    photo: &Photo,
    slide: &PublishedSlide,
    lie_at: &str,
    work: &WorkConfig,
) -> Result<Option<Picture>, JobFault> {
    let ladder = recipe_name(&Files::Ladder.recipe(None, work))?;
    let sizes = view.renditions(photo.id, &ladder).await?;
    if sizes.is_empty() {
        return Ok(None);
    }
    let cut = recipe_name(&Files::Social.recipe(slide.focus, work))?;
    let social = match slide.cuts {
        Cuts::Allowed => view.renditions(photo.id, &cut).await?.pop(),
        Cuts::Forbidden => None,
    };
    let version = match &social {
        Some(_) => format!("{}-{}", ladder.as_str(), cut.as_str()),
        None => ladder.as_str().to_owned(),
    };
    Ok(Some(Picture {
        base: format!("{lie_at}/{}/{version}", photo.id),
        bytes: sizes.iter().map(|size| size.bytes).collect(),
        sizes: sizes.iter().map(|size| size.size).collect(),
        social: social.map(|social| social.size),
        colour: photo.colour.clone().unwrap_or_else(|| "#808080".to_owned()),
        ..Picture::default()
    }))
}

/// A picture of a preview, by the last three parts of its address. `None` where there is none, or its photo may not be seen.
///
/// # Errors
/// A fault of the store.
pub async fn preview_picture(
    app: &App,
    photo: PhotoId,
    version: &str,
    file: &str,
) -> Result<Option<Bytes>, StoreError> {
    let found = app
        .store()
        .view(async |view: &mut View| {
            if !view.photo(photo).await?.is_some_and(|photo| is_shown(&photo)) {
                return Ok(None);
            }
            let (ladder, cut) = version.split_once('-').unwrap_or((version, ""));
            let (recipe, width) = match file.strip_suffix(".jpg") {
                Some("social") => (cut, None),
                Some(width) => (ladder, width.parse::<u32>().ok()),
                None => return Ok(None),
            };
            let Ok(recipe) = BlobName::parse(recipe) else { return Ok(None) };
            let files = view.renditions(photo, &recipe).await?;
            let named = |one: &Rendition| match width {
                Some(width) => one.size.width == width,
                None => file == "social.jpg",
            };
            Ok::<_, StoreError>(files.into_iter().find(named))
        })
        .await?;
    match found {
        Some(file) => app.blobs().get(&file.rendition_key()).await,
        None => Ok(None),
    }
}
