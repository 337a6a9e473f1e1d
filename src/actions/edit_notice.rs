//! Adds and removes notice rules (R34); the published stories that mention the term are printed again.

use newsroom::bounds;
use newsroom::id::{NoticeId, StoryId};
use newsroom::notice::{Mention, Notice};
use newsroom::refusal::Refusal;
use newsroom::staff::policy::Permission;
use store::{KeptNotice, Tx, View};

use super::audit::Deed;
use super::{Denied, Who, refuse};
use crate::app::App;
use crate::config::is_language_tag;
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

/// Adds a rule. Gives its id.
pub async fn add_notice(app: &App, who: &Who, new: NewNotice) -> Result<NoticeId, Denied> {
    who.may(Permission::WriteNotices)?;
    if new.term.trim().is_empty() || new.text.trim().is_empty() {
        return Err(Refusal::new("notice_empty", "A notice needs a term and a text.").rule("R34").into());
    }
    let mut wrong: Vec<Refusal> = bounds::text("term", &new.term).into_iter().collect();
    wrong.extend(bounds::text("text", &new.text));
    wrong.extend(bounds::list("variants", &new.variants));
    if let Some(language) = new.language.as_ref().filter(|language| !is_language_tag(language)) {
        let sentence = format!("\"{language}\" is no language; write it as en, de or ar (BCP 47).");
        wrong.push(Refusal::new("language_unknown", sentence).field("language"));
    }
    if !wrong.is_empty() {
        return Err(wrong.into());
    }
    let deed = Deed { who, at: app.now(), verb: "add_notice" };
    let rule = rule(app.notice_id(), &new);
    let print = Job::PrintMentions { rule: rule.clone() };
    app.store()
        .act(async |tx: &mut Tx| {
            let standing = tx.notices().await?;
            if standing.iter().any(|one| same_scope(&one.notice, &rule)) {
                let sentence = format!("A notice for \"{}\" is there already; remove it first.", rule.term);
                return refuse(Refusal::new("notice_there", sentence).rule("R34"));
            }
            tx.insert_notice(&rule, deed.at).await?;
            enqueue(tx, &print, deed.at).await?;
            let after = serde_json::json!({ "term": rule.term, "text": rule.text });
            deed.note(tx, "notice", rule.id.to_string(), None, Some(after)).await?;
            Ok(())
        })
        .await
        .map_err(Denied::from)?;
    Ok(rule.id)
}

/// Removes a rule by its id or its term.
pub async fn remove_notice(app: &App, who: &Who, name: &str) -> Result<(), Denied> {
    who.may(Permission::WriteNotices)?;
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
    let print = Job::PrintMentions { rule: kept.notice.clone() };
    app.store()
        .act(async |tx: &mut Tx| {
            if !tx.remove_notice(kept.notice.id, deed.at).await? {
                return refuse(Refusal::new("notice_unknown", "The notice was removed meanwhile."));
            }
            enqueue(tx, &print, deed.at).await?;
            let before = serde_json::json!({ "term": kept.notice.term, "text": kept.notice.text });
            deed.note(tx, "notice", kept.notice.id.to_string(), Some(before), None).await?;
            Ok(())
        })
        .await
        .map_err(Denied::from)?;
    Ok(())
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
