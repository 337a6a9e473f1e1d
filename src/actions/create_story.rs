//! Begins a draft.

use newsroom::bounds;
use newsroom::refusal::Refusal;
use newsroom::slug::Slug;
use newsroom::staff::policy::Permission;
use newsroom::story::{CounterOffsets, Direction, Story, StoryMoments};
use store::{Kept, Tx};

use super::audit::Deed;
use super::{Acted, Denied, Who, refuse};
use crate::app::App;
use crate::config::is_language_tag;

/// What a new story begins with.
#[derive(Debug, Clone, Default)]
pub struct NewStory {
    /// Its headline; its slug is made of it.
    pub headline: String,
    /// Its section; the site's default when not given.
    pub section: Option<String>,
    /// Its tags.
    pub tags: Vec<String>,
    /// Its language; the site's when not given.
    pub language: Option<String>,
}

/// How often a taken slug or short code is met with another one.
const DRAWS: u32 = 200;

/// Begins a draft and gives it as it was kept.
pub async fn create_story(app: &App, who: &Who, new: NewStory) -> Result<Story, Denied> {
    who.may(Permission::WriteStories)?;
    let story = blank(app, new)?;
    let codes: Vec<String> = (0..8).map(|_| app.token::<4>()).collect();
    let deed = Deed { who, at: app.now(), verb: "create_story" };
    let kept = app.store().act(async |tx: &mut Tx| insert_new(tx, &story, &codes, &deed).await).await?;
    Ok(kept)
}

/// An unkept draft.
pub(super) fn blank(app: &App, new: NewStory) -> Result<Story, Denied> {
    let too_long = bounds::text("headline", &new.headline).into_iter().chain(bounds::list("tags", &new.tags));
    let too_long: Vec<Refusal> = too_long.collect();
    if !too_long.is_empty() {
        return Err(too_long.into());
    }
    let held = app.known();
    let site = &held.site;
    let section = new.section.unwrap_or_else(|| site.default_section.clone());
    if Slug::from_text(&section).is_none() {
        return Err(Refusal::new("section_empty", "A section needs a letter or a digit.")
            .field("section")
            .into());
    }
    if let Some(refusal) = bounds::text("section", &section) {
        return Err(refusal.into());
    }
    let language = new.language.unwrap_or_else(|| site.language.clone());
    if !is_language_tag(&language) {
        let sentence = format!("\"{language}\" is no language; write it as en, de or ar (BCP 47).");
        return Err(Refusal::new("language_unknown", sentence).field("language").into());
    }
    let headline = new.headline.split_whitespace().collect::<Vec<_>>().join(" ");
    let slug = Slug::from_text(&headline).or_else(|| Slug::from_text("story"));
    let Some(slug) = slug else {
        return Err(Refusal::new("headline_empty", "A headline needs a letter or a digit.")
            .field("headline")
            .into());
    };
    let now = app.now();
    Ok(Story {
        id: app.story_id(),
        slug,
        short_code: app.token::<4>(),
        revision: 1,
        section,
        headline,
        lede: String::new(),
        body: String::new(),
        dateline: None,
        bylines: Vec::new(),
        tags: new.tags,
        cover: None,
        direction: Direction::of_language(&language),
        language,
        slides: Vec::new(),
        moments: StoryMoments {
            created: now,
            changed: now,
            first_published: None,
            published: None,
            shown: None,
            withdrawn: None,
        },
        withdrawn_reason: None,
        offsets: CounterOffsets::default(),
        kept_lines: Vec::new(),
    })
}

/// Keeps a new story under a free slug and short code.
pub(super) async fn insert_new(
    tx: &mut Tx,
    story: &Story,
    codes: &[String],
    deed: &Deed<'_>,
) -> Acted<Story> {
    let mut story = story.clone();
    let slug = story.slug.clone();
    let mut codes = codes.iter();
    for number in 2..DRAWS {
        match tx.insert_story(&story, &deed.by()).await? {
            Kept::As { revision } => {
                story.revision = revision;
                if let Some(owner) = deed.who.member() {
                    tx.own_story(story.id, owner).await?;
                }
                note(tx, deed, &story).await?;
                return Ok(story);
            }
            Kept::SlugTaken => story.slug = slug.numbered(number),
            Kept::ShortCodeTaken => match codes.next() {
                Some(code) => story.short_code.clone_from(code),
                None => break,
            },
            Kept::Stale { .. } => break,
        }
    }
    refuse(
        Refusal::new(
            "slug_taken",
            format!("Too many stories are called \"{slug}\"; choose another headline."),
        )
        .field("headline"),
    )
}

async fn note(tx: &mut Tx, deed: &Deed<'_>, story: &Story) -> Acted<()> {
    let after =
        serde_json::json!({ "slug": story.slug, "headline": story.headline, "slides": story.slides.len() });
    deed.to_story(tx, story.id, None, Some(after)).await?;
    Ok(())
}
