//! Adds and removes notice rules (R34); the published stories that mention the term are printed again.

use newsroom::id::{NoticeId, StoryId};
use newsroom::moment::Moment;
use newsroom::notice::{Mention, Notice};
use newsroom::published::PublishedStory;
use newsroom::refusal::Refusal;
use store::{KeptNotice, Listing, Part, Tx, View};

use super::audit::Deed;
use super::{Acted, Denied, Who, refuse};
use crate::app::App;
use crate::jobs::{Job, enqueue};

/// A rule to be added.
#[derive(Debug, Clone)]
pub struct NewNotice {
    /// The term.
    pub term: String,
    /// Its other forms.
    pub variants: Vec<String>,
    /// The note at the foot.
    pub text: String,
    /// Only in stories of this language.
    pub language: Option<String>,
    /// Only in this story.
    pub story: Option<StoryId>,
    /// Which mentions carry the mark.
    pub mention: Mention,
}

/// Stories read at once while looking for a term.
const PAGE: u32 = 200;

/// Adds a rule. Gives its id and the stories that are printed again.
pub async fn add_notice(app: &App, who: &Who, new: NewNotice) -> Result<(NoticeId, Vec<StoryId>), Denied> {
    if new.term.trim().is_empty() || new.text.trim().is_empty() {
        return Err(Refusal::new("notice_empty", "A notice needs a term and a text.").rule("R34").into());
    }
    let deed = Deed { who, at: app.now(), verb: "add_notice" };
    let rule = rule(app.notice_id(), &new);
    let stories = mentioning(app, &rule).await?;
    app.store()
        .act(async |tx: &mut Tx| {
            let standing = tx.notices().await?;
            if standing.iter().any(|one| same_scope(&one.notice, &rule)) {
                let sentence = format!("A notice for \"{}\" is there already; remove it first.", rule.term);
                return refuse(Refusal::new("notice_there", sentence).rule("R34"));
            }
            tx.insert_notice(&rule, deed.at).await?;
            print_again(tx, &stories, deed.at).await?;
            let after = serde_json::json!({ "term": rule.term, "text": rule.text });
            deed.note(tx, "notice", rule.id.to_string(), None, Some(after)).await?;
            Ok(())
        })
        .await
        .map_err(Denied::from)?;
    Ok((rule.id, stories))
}

/// Removes a rule by its id or its term. Gives the stories that are printed again.
pub async fn remove_notice(app: &App, who: &Who, name: &str) -> Result<Vec<StoryId>, Denied> {
    let found = app.store().view(async |view: &mut View| view.notices().await.map_err(Denied::from)).await?;
    let named: Vec<&KeptNotice> =
        found.iter().filter(|one| one.notice.id.to_string() == name || one.notice.term == name).collect();
    let [kept] = named.as_slice() else {
        let sentence = match named.len() {
            0 => format!("No notice has the id or term \"{name}\"."),
            several => format!("{several} notices have the term \"{name}\"; name one by its id."),
        };
        return Err(Refusal::new("notice_unknown", sentence).rule("R34").into());
    };
    let deed = Deed { who, at: app.now(), verb: "remove_notice" };
    let stories = mentioning(app, &kept.notice).await?;
    app.store()
        .act(async |tx: &mut Tx| {
            if !tx.remove_notice(kept.notice.id, deed.at).await? {
                return refuse(Refusal::new("notice_unknown", "The notice was removed meanwhile."));
            }
            print_again(tx, &stories, deed.at).await?;
            let before = serde_json::json!({ "term": kept.notice.term, "text": kept.notice.text });
            deed.note(tx, "notice", kept.notice.id.to_string(), Some(before), None).await?;
            Ok(())
        })
        .await
        .map_err(Denied::from)?;
    Ok(stories)
}

async fn print_again(tx: &mut Tx, stories: &[StoryId], at: Moment) -> Acted<()> {
    for story in stories {
        enqueue(tx, &Job::PrintStory { story: *story }, at).await?;
    }
    Ok(())
}

/// The published stories that mention the rule's term. A new term has left no trace in any index, so the records are
/// read through, page by page; rules change rarely.
async fn mentioning(app: &App, rule: &Notice) -> Result<Vec<StoryId>, Denied> {
    let mut found = Vec::new();
    let mut part = Part::newest(PAGE);
    loop {
        let page = app
            .store()
            .view(async |view: &mut View| view.published(Listing::All, part).await.map_err(Denied::from))
            .await?;
        let Some(last) = page.last() else { return Ok(found) };
        part.after = Some((last.record.shown.at, last.record.id));
        found.extend(page.iter().filter(|one| mentions(&one.record, rule)).map(|one| one.record.id));
    }
}

fn mentions(story: &PublishedStory, rule: &Notice) -> bool {
    let captions = story.slides.iter().map(|slide| slide.caption.as_str());
    [story.headline.as_str(), &story.lede, &story.body]
        .into_iter()
        .chain(captions)
        .any(|text| rule.is_mentioned_in(text))
}

fn same_scope(a: &Notice, b: &Notice) -> bool {
    a.term == b.term && a.language == b.language && a.story == b.story
}

/// The rule that a new notice makes.
pub(super) fn rule(id: NoticeId, new: &NewNotice) -> Notice {
    Notice {
        id,
        term: new.term.trim().to_owned(),
        variants: new.variants.clone(),
        text: new.text.trim().to_owned(),
        language: new.language.clone(),
        story: new.story,
        mention: new.mention,
        from: None,
        until: None,
    }
}
