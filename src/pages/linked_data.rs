//! What search engines read of a page: JSON-LD in the words of schema.org (R21, R22), in one script element that no
//! browser runs.

use newsroom::published::{Picture, PublishedSlide, PublishedStory};
use serde::Serialize;

use super::address::Address;
use super::frame::Frame;
use super::marks::{Marker, printable};
use super::picture::{largest, social};
use super::story::{StoryInput, cover_place, kept};
use super::times::machine;
use super::{NameLink, Site, address};

const CONTEXT: &str = "https://schema.org";

/// An address of something that is told elsewhere on the page.
#[derive(Serialize)]
struct Reference {
    #[serde(rename = "@id")]
    id: String,
}

/// A person, an organisation or a site: what a name is enough for.
#[derive(Serialize)]
struct Named {
    #[serde(rename = "@type")]
    kind: &'static str,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

#[derive(Serialize)]
struct Crumb {
    #[serde(rename = "@type")]
    kind: &'static str,
    position: usize,
    name: String,
    item: String,
}

#[derive(Serialize)]
struct Crumbs {
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(rename = "itemListElement")]
    items: Vec<Crumb>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Collection {
    #[serde(rename = "@type")]
    kind: &'static str,
    url: String,
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    in_language: String,
    is_part_of: Named,
}

/// Licensable image metadata (R21).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Image {
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(rename = "@id")]
    id: String,
    content_url: String,
    width: u32,
    height: u32,
    #[serde(skip_serializing_if = "String::is_empty")]
    caption: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    creator: Vec<Named>,
    #[serde(skip_serializing_if = "String::is_empty")]
    credit_text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    copyright_notice: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    license: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    acquire_license_page: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    representative_of_page: Option<bool>,
    /// The story, on the page of the photo alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    is_part_of: Option<Reference>,
}

/// What was wrong, and when that was told (R20).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct CorrectionComment {
    #[serde(rename = "@type")]
    kind: &'static str,
    text: String,
    date_published: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Article {
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(rename = "@id")]
    id: String,
    main_entity_of_page: String,
    headline: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    in_language: String,
    article_section: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    keywords: Vec<String>,
    date_published: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_modified: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    correction: Vec<CorrectionComment>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    author: Vec<Named>,
    publisher: Named,
    is_part_of: Named,
    /// The cover's cut of 16:9 (R22).
    #[serde(skip_serializing_if = "Option::is_none")]
    thumbnail_url: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    image: Vec<Image>,
    #[serde(skip_serializing_if = "Option::is_none")]
    associated_media: Option<Reference>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Gallery {
    #[serde(rename = "@type")]
    kind: &'static str,
    #[serde(rename = "@id")]
    id: String,
    name: String,
    associated_media: Vec<Reference>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Thing {
    Collection(Collection),
    Crumbs(Crumbs),
    // The largest by far.
    Article(Box<Article>),
    Gallery(Gallery),
    Image(Box<Image>),
}

#[derive(Serialize)]
struct Graph {
    #[serde(rename = "@context")]
    context: &'static str,
    #[serde(rename = "@graph")]
    graph: Vec<Thing>,
}

/// The linked data of a list: what it is, and the way to it from home over the pages `above`. Nothing for a page
/// without an address of its own.
///
/// # Errors
/// The writer's, which no text causes.
pub(super) fn collection(frame: &Frame<'_>, above: &[(String, Address)]) -> serde_json::Result<String> {
    let Some(url) = frame.canonical.clone() else { return Ok(String::new()) };
    let site = frame.site;
    let mut graph = vec![Thing::Collection(Collection {
        kind: "CollectionPage",
        url: url.clone(),
        name: frame.title.clone(),
        description: frame.description.clone(),
        in_language: frame.language.clone(),
        is_part_of: web_site(site),
    })];
    if url != address::home().absolute(&site.url) {
        graph.push(Thing::Crumbs(crumbs(site, above, frame.title.clone(), url)));
    }
    written(graph)
}

/// The linked data of a story: the article with every photo's rights, the gallery of its photos, the way to it.
///
/// # Errors
/// The writer's, which no text causes.
pub(super) fn story(
    frame: &Frame<'_>,
    input: &StoryInput<'_>,
    marker: &mut Marker<'_>,
) -> serde_json::Result<String> {
    let (site, record) = (frame.site, input.story);
    let url = address::story(&record.slug).absolute(&site.url);
    let images = images(site, input, &url, marker);
    let gallery = (!images.is_empty()).then(|| Gallery {
        kind: "ImageGallery",
        id: format!("{url}#photos"),
        name: frame.title.clone(),
        associated_media: record_order(record, &images, &url),
    });
    let section = NameLink::from_name(&record.section);
    let above = section.map(|link| (printable(&link.name), address::section(&link.slug)));
    let mut graph = vec![Thing::Article(Box::new(Article {
        kind: "NewsArticle",
        id: article(&url),
        main_entity_of_page: url.clone(),
        headline: frame.title.clone(),
        description: frame.description.clone(),
        in_language: frame.language.clone(),
        article_section: printable(record.section.trim()),
        keywords: kept(&record.tags),
        date_published: machine(record.shown.at),
        date_modified: input.changed.map(machine),
        correction: corrections(record, marker),
        author: kept(&record.bylines).into_iter().map(|name| author(site, name)).collect(),
        publisher: Named {
            kind: "NewsMediaOrganization",
            name: printable(&site.name),
            url: Some(address::home().absolute(&site.url)),
        },
        is_part_of: web_site(site),
        thumbnail_url: cover(input).and_then(|picture| Some(social(site, picture)?.0)),
        associated_media: gallery.as_ref().map(|gallery| Reference { id: gallery.id.clone() }),
        image: images,
    }))];
    graph.extend(gallery.map(Thing::Gallery));
    graph.push(Thing::Crumbs(crumbs(site, above.as_slice(), frame.title.clone(), url)));
    written(graph)
}

/// The linked data of the page of one slide: its photo with its rights, under the name that it has in its story. Nothing
/// while the picture is to come.
///
/// # Errors
/// The writer's, which no text causes.
pub(super) fn slide(
    frame: &Frame<'_>,
    input: &StoryInput<'_>,
    slide: &PublishedSlide,
    caption: String,
) -> serde_json::Result<String> {
    let url = address::story(&input.story.slug).absolute(&frame.site.url);
    let picture = slide.photo.and_then(|photo| input.pictures.get(&photo));
    let Some(image) = picture.and_then(|picture| image(frame.site, slide, picture, &url)) else {
        return Ok(String::new());
    };
    let is_part_of = Some(Reference { id: article(&url) });
    let image = Image { caption, representative_of_page: Some(true), is_part_of, ..image };
    written(vec![Thing::Image(Box::new(image))])
}

fn corrections(record: &PublishedStory, marker: &mut Marker<'_>) -> Vec<CorrectionComment> {
    let comment = |correction: &newsroom::published::Correction| CorrectionComment {
        kind: "CorrectionComment",
        text: marker.plain(&correction.text),
        date_published: machine(correction.at),
    };
    record.corrections.iter().map(comment).collect()
}

/// The name of the article of a story.
fn article(url: &str) -> String {
    format!("{url}#content")
}

/// The public pictures of the cover.
fn cover<'a>(input: &StoryInput<'a>) -> Option<&'a Picture> {
    let slide = input.story.slides.get(cover_place(input.story)?)?;
    input.pictures.get(&slide.photo?)
}

/// The photos that have a public picture, the cover first: search engines take the first for the article's own.
fn images(site: &Site, input: &StoryInput<'_>, url: &str, marker: &mut Marker<'_>) -> Vec<Image> {
    let cover = cover_place(input.story);
    let mut slides: Vec<(usize, &PublishedSlide)> = input.story.slides.iter().enumerate().collect();
    slides.sort_by_key(|(place, _)| (Some(*place) != cover, *place));
    let images = slides.into_iter().filter_map(|(place, slide)| {
        let picture = input.pictures.get(&slide.photo?)?;
        let mut image = image(site, slide, picture, url)?;
        image.caption = marker.plain(&slide.caption);
        image.representative_of_page = (Some(place) == cover).then_some(true);
        Some(image)
    });
    images.collect()
}

fn image(site: &Site, slide: &PublishedSlide, picture: &Picture, url: &str) -> Option<Image> {
    let (content_url, size) = largest(site, picture)?;
    let rights = &slide.rights;
    let creators = kept(&rights.creators).into_iter();
    Some(Image {
        kind: "ImageObject",
        id: format!("{url}#{}", slide.id.anchor()),
        content_url,
        width: size.width,
        height: size.height,
        caption: String::new(),
        creator: creators.map(|name| Named { kind: "Person", name, url: None }).collect(),
        credit_text: printable(slide.credit.trim()),
        copyright_notice: rights.copyright.as_deref().map(|text| printable(text.trim())),
        license: rights.web_statement.as_deref().and_then(web_address),
        acquire_license_page: rights.licensors.iter().find_map(|one| web_address(one.url.as_deref()?)),
        representative_of_page: None,
        is_part_of: None,
    })
}

/// The images in the order of the row.
fn record_order(record: &PublishedStory, images: &[Image], url: &str) -> Vec<Reference> {
    let ids = record.slides.iter().map(|slide| format!("{url}#{}", slide.id.anchor()));
    ids.filter(|id| images.iter().any(|image| image.id == *id)).map(|id| Reference { id }).collect()
}

/// An address of the web that came with a photo; others, such as a note typed into the field, are left out.
fn web_address(text: &str) -> Option<String> {
    let text = printable(text.trim());
    let known = ["https://", "http://"].iter().any(|scheme| text.starts_with(scheme));
    (known && !text.contains(char::is_whitespace)).then_some(text)
}

fn author(site: &Site, name: String) -> Named {
    let url = NameLink::from_name(&name).map(|link| address::byline(&link.slug).absolute(&site.url));
    Named { kind: "Person", name, url }
}

fn web_site(site: &Site) -> Named {
    let url = Some(address::home().absolute(&site.url));
    Named { kind: "WebSite", name: printable(&site.name), url }
}

fn crumbs(site: &Site, above: &[(String, Address)], name: String, url: String) -> Crumbs {
    let home = (printable(&site.name), address::home());
    let way = std::iter::once(&home).chain(above).map(|(name, at)| (name.clone(), at.absolute(&site.url)));
    let items = way.chain([(name, url)]).zip(1..).map(|((name, item), position)| Crumb {
        kind: "ListItem",
        position,
        name,
        item,
    });
    Crumbs { kind: "BreadcrumbList", items: items.collect() }
}

/// As JSON that no HTML ends or begins in: `<`, `>` and `&` stand as escapes (R43).
fn written(graph: Vec<Thing>) -> serde_json::Result<String> {
    let json = serde_json::to_string(&Graph { context: CONTEXT, graph })?;
    let mut safe = String::with_capacity(json.len() + 64);
    for c in json.chars() {
        match c {
            '<' => safe.push_str("\\u003c"),
            '>' => safe.push_str("\\u003e"),
            '&' => safe.push_str("\\u0026"),
            _ => safe.push(c),
        }
    }
    Ok(safe)
}

#[cfg(test)]
mod tests;
