//! `halftone notice …` (R34).

use newsroom::notice::Mention;
use serde_json::json;
use store::View;

use super::args::NoticeCommand;
use super::report::Outcome;
use super::session::{Ended, Session};
use crate::actions::edit_notice::{NewNotice, add_notice, remove_notice};

pub async fn run(session: &Session, command: &NoticeCommand) -> Result<Outcome, Ended> {
    match command {
        NoticeCommand::Add { term, text, variants, language, every_mention } => {
            let new = NewNotice {
                term: term.clone(),
                variants: variants.clone(),
                text: text.clone(),
                language: language.clone(),
                story: None,
                mention: if *every_mention { Mention::Every } else { Mention::First },
            };
            let id = add_notice(session.app(), &session.who, new).await?;
            let outcome = session.print(&[id.to_string()]).await?;
            let sentence = format!("Added the notice for \"{term}\" ({id}). {}", told(outcome));
            session
                .report
                .say(&sentence, json!({ "notice": id, "term": term, "printed": outcome == Outcome::Done }));
            Ok(outcome)
        }
        NoticeCommand::Remove { notice } => {
            remove_notice(session.app(), &session.who, notice).await?;
            let outcome = session.print(&[]).await?;
            let sentence = format!("Removed the notice \"{notice}\". {}", told(outcome));
            session.report.say(&sentence, json!({ "removed": notice, "printed": outcome == Outcome::Done }));
            Ok(outcome)
        }
        NoticeCommand::List => {
            let notices = session.app().store().view(async |view: &mut View| view.notices().await).await?;
            for notice in notices.into_iter().map(|kept| kept.notice) {
                let holds = notice.story.map(|id| format!(" (only in story {id})")).unwrap_or_default();
                let forms = if notice.variants.is_empty() {
                    String::new()
                } else {
                    format!(", also {}", notice.variants.join(", "))
                };
                let sentence = format!("{}  {}{forms}{holds}: {}", notice.id, notice.term, notice.text);
                let object = json!({
                    "notice": notice.id, "term": notice.term, "variants": notice.variants, "text": notice.text,
                    "language": notice.language, "story": notice.story, "mention": match notice.mention { Mention::First => "first", Mention::Every => "every" },
                });
                session.report.say(&sentence, object);
            }
            Ok(Outcome::Done)
        }
    }
}

/// What became of the stories that mention the term.
fn told(outcome: Outcome) -> &'static str {
    if outcome == Outcome::Done {
        "The published stories that mention it are printed again."
    } else {
        "Some published stories that mention it are NOT YET printed again; that is tried again in the background (halftone serve or work)."
    }
}
