//! `halftone story revisions|restore`: what a draft was.

use serde_json::json;
use store::View;

use super::report::Outcome;
use super::session::{Ended, Session};
use crate::actions::restore_revision::{no_such_revision, restore_revision};
use crate::actions::{Draft, load_draft_at};

/// Revisions listed at once.
const PAGE: u32 = 500;

/// A story's draft as it stood at a revision.
pub async fn draft_at(session: &Session, name: &str, revision: i64) -> Result<Draft, Ended> {
    let id = session.story(name).await?;
    let store = session.app().store();
    let draft = store.view(async |view: &mut View| load_draft_at(view, id, revision).await).await?;
    draft.ok_or_else(|| Ended::Refused(vec![no_such_revision(revision)]))
}

pub async fn list(session: &Session, name: &str) -> Result<Outcome, Ended> {
    let id = session.story(name).await?;
    let mut before = i64::MAX;
    loop {
        let page = session
            .app()
            .store()
            .view(async |view: &mut View| view.revisions(id, before, PAGE).await)
            .await?;
        for one in &page {
            let (verb, who) = (one.verb.as_deref().unwrap_or("-"), one.who.as_deref().unwrap_or("-"));
            let sentence = format!("{:>6}  {}  {verb:<18} {who}", one.number, one.at);
            let object = json!({
                "story": id, "revision": one.number, "at": one.at, "who": one.who, "verb": one.verb,
            });
            session.report.say(&sentence, object);
        }
        match page.last() {
            Some(last) => before = last.number,
            None => return Ok(Outcome::Done),
        }
    }
}

pub async fn restore(session: &Session, name: &str, revision: i64) -> Result<Outcome, Ended> {
    let id = session.story(name).await?;
    let back = restore_revision(session.app(), &session.who, id, revision, None).await?;
    session.print(&[]).await?;
    let story = &back.story;
    let mut sentence = format!(
        "\"{}\" ({}) is as it was at revision {revision}, now revision {}.",
        story.headline, story.slug, story.revision
    );
    if !back.without_photo.is_empty() {
        let slides: Vec<&str> = back.without_photo.iter().map(|id| id.as_str()).collect();
        let without =
            format!(" These slides came back without their photos, which are gone: {}.", slides.join(", "));
        sentence.push_str(&without);
    }
    session.report.say(
        &sentence,
        json!({
            "story": story.id, "slug": story.slug, "revision": story.revision, "restored": revision,
            "without_photo": back.without_photo,
        }),
    );
    Ok(Outcome::Done)
}
