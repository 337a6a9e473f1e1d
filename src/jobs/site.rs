//! What every page of this site is printed with, and the public pictures of photos.

use std::collections::BTreeMap;

use newsroom::id::PhotoId;
use newsroom::moment::Moment;
use newsroom::notice::Notice;
use newsroom::published::{Picture, PixelSize, PublishedStory};
use store::{BlobName, Publication, Sha256, ShownPhoto, StoreError, View};

use super::context::Context;
use super::files::Files;
use crate::config::{Held, MachineUse};
use crate::pages::{self, Assets, SectionLink, Site, address, assets};

/// The site as its settings and published sections make it.
pub(super) async fn site(context: &Context, view: &mut View) -> Result<Site, StoreError> {
    let held = context.app.held(view).await?;
    site_with_sections(&held, view).await
}

/// The site as these settings and published sections make it.
///
/// # Errors
/// A fault of the store.
pub async fn site_with_sections(held: &Held, view: &mut View) -> Result<Site, StoreError> {
    let sections = held.in_head(view.standing_sections().await?);
    let sections = sections.into_iter().map(|(slug, name)| SectionLink { name, slug });
    Ok(Site { sections: sections.collect(), ..site_of(held) })
}

/// The site as its settings alone make it, without sections in its masthead.
pub fn site_of(held: &Held) -> Site {
    let set = &held.site;
    Site {
        name: set.name.clone(),
        url: set.url.clone(),
        language: set.language.clone(),
        time_zone: set.time_zone.clone(),
        sections: Vec::new(),
        register_url: None,
        machine_use: match set.machine_use {
            MachineUse::Open => pages::MachineUse::Open,
            MachineUse::NoTraining => pages::MachineUse::NoTraining,
            MachineUse::Closed => pages::MachineUse::Closed,
        },
        accent: held.accent,
        assets: addresses(),
    }
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

/// The public pictures of the photos of a published story, from their standing grants.
pub(super) async fn pictures(
    view: &mut View,
    story: &PublishedStory,
) -> Result<BTreeMap<PhotoId, Picture>, StoreError> {
    Ok(pictures_of(&view.shown_photos(story.id).await?))
}

/// The same of photos that were read already.
pub(super) fn pictures_of(photos: &BTreeMap<PhotoId, ShownPhoto>) -> BTreeMap<PhotoId, Picture> {
    photos.iter().filter_map(|(photo, shown)| Some((*photo, as_printed(shown)?))).collect()
}

/// The files of the granted version, as pages name them. While they are being made, those of the version before: its
/// addresses lead on to the granted one as soon as that stands. `None` without a grant, and while there is no ladder.
fn as_printed(photo: &ShownPhoto) -> Option<Picture> {
    let grant = photo.grant.as_ref()?;
    let files = |version: &BlobName, set: Files| {
        let name = set.kept_as(version).ok();
        photo.files.iter().filter(move |file| Some(&file.name) == name.as_ref()).collect::<Vec<_>>()
    };
    let stands = |version: &BlobName| !files(version, Files::Ladder).is_empty();
    let before = || photo.files.iter().map(|file| &file.name).find(|version| Files::is_a_version(version));
    let version = Some(&grant.version).filter(|version| stands(version)).or_else(before)?;
    let sizes = |set: Files| files(version, set).iter().map(|file| file.size).collect::<Vec<PixelSize>>();
    Some(Picture {
        base: format!("{}/{}", serve::grant_path(&grant.token), version.as_str()),
        sizes: sizes(Files::Ladder),
        bytes: files(version, Files::Ladder).iter().map(|file| file.bytes).collect(),
        avif: sizes(Files::LadderAvif),
        cards: sizes(Files::Cards),
        cards_avif: sizes(Files::CardsAvif),
        social: sizes(Files::Social).pop(),
        colour: photo.colour.clone().unwrap_or_else(|| "#808080".to_owned()),
    })
}

/// When what readers see of a story changed last: its publication, or the withdrawal of a photo that it showed.
pub(super) async fn changed(view: &mut View, publication: &Publication) -> Result<Moment, StoreError> {
    let withdrawn = view.withdrawn_photos(publication.record.id).await?;
    Ok(withdrawn.into_values().fold(publication.published_at, Moment::max))
}

/// A published story as readers see it. `None` when no slide of it is left, and until its page is printed: a list that
/// is printed while the story's own print still makes its pictures would lead to what is not there.
pub(super) async fn readable(
    view: &mut View,
    record: PublishedStory,
) -> Result<Option<PublishedStory>, StoreError> {
    let printed = view.page(address::story(&record.slug).path()).await?;
    if printed.is_none_or(|page| page.status != 200) {
        return Ok(None);
    }
    without_withdrawn(view, record).await
}

/// Leaves out the slides whose photo was withdrawn, and chooses another cover when its photo was. `None` when no slide
/// is left.
///
/// # Errors
/// A fault of the store.
pub async fn without_withdrawn(
    view: &mut View,
    story: PublishedStory,
) -> Result<Option<PublishedStory>, StoreError> {
    let withdrawn = view.withdrawn_photos(story.id).await?;
    Ok(without(story, |photo| withdrawn.contains_key(&photo)))
}

/// The same with photos of which it is known whether they were withdrawn.
pub(super) fn without(
    mut story: PublishedStory,
    is_withdrawn: impl Fn(PhotoId) -> bool,
) -> Option<PublishedStory> {
    story.slides.retain(|slide| !slide.photo.is_some_and(&is_withdrawn));
    let first = story.slides.first()?;
    if !story.slides.iter().any(|slide| slide.id == story.cover) {
        story.cover = first.id.clone();
    }
    Some(story)
}

#[cfg(test)]
mod tests {
    use newsroom::moment::Moment;
    use store::{Grant, Rendition};

    use super::*;

    fn picture(granted: &str, versions: &[&str]) -> ShownPhoto {
        let photo = PhotoId::new(Moment::from_micros(0), [0; 10]);
        let name = |text: &str| BlobName::parse(text).unwrap();
        let size = PixelSize { width: 320, height: 213 };
        let file = |version: &&str| Rendition { photo, name: name(version), size, bytes: 9 };
        let granted_at = Moment::from_micros(1);
        ShownPhoto {
            photo,
            size,
            colour: None,
            withdrawn_at: None,
            refused: false,
            grant: Some(Grant {
                photo,
                token: "tok".to_owned(),
                version: name(granted),
                granted_at,
                revoked_at: None,
            }),
            files: versions.iter().map(file).collect(),
        }
    }

    #[test]
    fn pictures_are_those_of_the_granted_version() {
        let printed = as_printed(&picture("b", &["a", "a-avif", "b", "b-card"])).unwrap();
        assert_eq!((printed.base.as_str(), printed.avif.len(), printed.cards.len()), ("/i/tok/b", 0, 1));
    }

    #[test]
    fn while_a_version_is_made_the_one_before_is_shown() {
        let printed = as_printed(&picture("b", &["a", "a-avif", "b-card"])).unwrap();
        assert_eq!((printed.base.as_str(), printed.avif.len(), printed.cards.len()), ("/i/tok/a", 1, 0));
        assert_eq!(as_printed(&picture("b", &["a-avif", "b-card"])), None);
    }
}
