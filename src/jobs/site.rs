//! What every page of this site is printed with, and the public pictures of photos.

use std::collections::BTreeMap;

use newsroom::id::PhotoId;
use newsroom::moment::Moment;
use newsroom::notice::Notice;
use newsroom::published::{Picture, PublishedStory};
use store::{Publication, Sha256, StoreError, View};

use super::context::Context;
use crate::pages::{Assets, SectionLink, Site, assets};

/// The site as its settings and published sections make it.
pub(super) async fn site(context: &Context, view: &mut View) -> Result<Site, StoreError> {
    let set = &context.app.config().site;
    let sections = view.standing_sections().await?;
    Ok(Site {
        name: set.name.clone(),
        url: set.url.clone(),
        language: set.language.clone(),
        time_zone: set.time_zone.clone(),
        sections: sections.into_iter().map(|(slug, name)| SectionLink { name, slug }).collect(),
        register_url: None,
        assets: addresses(),
    })
}

/// The notice rules that stand.
pub(super) async fn notices(view: &mut View) -> Result<Vec<Notice>, StoreError> {
    Ok(view.notices().await?.into_iter().map(|kept| kept.notice).collect())
}

/// Addresses of the assets; the hashed ones change with their bytes.
pub(super) fn addresses() -> Assets {
    Assets {
        css: hashed("page", assets::PAGE_CSS, "css"),
        site_css: "/site.css".to_owned(),
        lightbox: hashed("lightbox", assets::LIGHTBOX_JS, "js"),
        icon: hashed("icon", assets::ICON_SVG, "svg"),
    }
}

fn hashed(name: &str, bytes: &str, ending: &str) -> String {
    let hash = Sha256::of(bytes.as_bytes()).to_string();
    format!("/a/{name}.{}.{ending}", hash.get(..12).unwrap_or(&hash))
}

/// The public pictures of a photo: those of its standing grant. `None` while it has none.
pub(super) async fn picture(view: &mut View, photo: PhotoId) -> Result<Option<Picture>, StoreError> {
    let Some(grant) = view.grant(photo).await?.filter(|grant| grant.revoked_at.is_none()) else {
        return Ok(None);
    };
    let files = view.public_files(photo, &grant.version).await?;
    let kept = view.photo(photo).await?;
    let (false, Some(kept)) = (files.is_empty(), kept) else { return Ok(None) };
    Ok(Some(Picture {
        base: format!("{}/{}", serve::grant_path(&grant.token), grant.version),
        sizes: files.iter().map(|file| file.size).collect(),
        colour: kept.colour.unwrap_or_else(|| "#808080".to_owned()),
    }))
}

/// The public pictures of all photos of a story.
pub(super) async fn pictures(
    view: &mut View,
    story: &PublishedStory,
) -> Result<BTreeMap<PhotoId, Picture>, StoreError> {
    let mut pictures = BTreeMap::new();
    for photo in story.slides.iter().filter_map(|slide| slide.photo) {
        if let Some(picture) = picture(view, photo).await? {
            pictures.insert(photo, picture);
        }
    }
    Ok(pictures)
}

/// When what readers see of a story changed last: its publication, or the withdrawal of a photo that it showed.
pub(super) async fn changed(view: &mut View, publication: &Publication) -> Result<Moment, StoreError> {
    let mut changed = publication.published_at;
    for photo in publication.record.slides.iter().filter_map(|slide| slide.photo) {
        let withdrawn = view.photo(photo).await?.and_then(|photo| photo.withdrawn);
        changed = withdrawn.map_or(changed, |decision| changed.max(decision.at));
    }
    Ok(changed)
}

/// Leaves out the slides whose photo was withdrawn, and chooses another cover when its photo was. `None` when no slide
/// is left.
pub(super) async fn without_withdrawn(
    view: &mut View,
    mut story: PublishedStory,
) -> Result<Option<PublishedStory>, StoreError> {
    let mut shown = Vec::with_capacity(story.slides.len());
    for slide in story.slides {
        let withdrawn = match slide.photo {
            Some(photo) => view.photo(photo).await?.is_some_and(|photo| photo.withdrawn.is_some()),
            None => false,
        };
        if !withdrawn {
            shown.push(slide);
        }
    }
    let Some(first) = shown.first() else { return Ok(None) };
    if !shown.iter().any(|slide| slide.id == story.cover) {
        story.cover = first.id.clone();
    }
    story.slides = shown;
    Ok(Some(story))
}
