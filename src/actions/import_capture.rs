//! Makes a draft of a captured page: its pictures still to come, its time unconfirmed (R30), its notices in force for
//! this story until an administrator makes rules of them (R34).

use newsroom::id::{NoticeId, SlideId};
use newsroom::notice::Mention;
use newsroom::slide::Slide;
use newsroom::slug::Slug;
use newsroom::story::{CounterOffsets, Story};
use store::Tx;

use super::audit::Deed;
use super::create_story::{NewStory, blank, insert_new};
use super::edit_notice::{NewNotice, rule};
use super::{Denied, Who};
use crate::app::App;
use crate::exchange::capture::{Captured, Fate};

/// Keeps the draft that a captured page makes.
pub async fn import_capture(app: &App, who: &Who, captured: &Captured) -> Result<Story, Denied> {
    let story = draft(app, captured)?;
    let notices: Vec<NoticeId> = captured.notices.iter().map(|_| app.notice_id()).collect();
    let codes: Vec<String> = (0..8).map(|_| app.token::<4>()).collect();
    let deed = Deed { who, at: app.now(), verb: "import_capture" };
    let kept_story = app
        .store()
        .act(async |tx: &mut Tx| {
            let story = insert_new(tx, &story, &codes, &deed).await?;
            for (id, found) in notices.iter().zip(&captured.notices) {
                let new = NewNotice {
                    term: found.term.clone(),
                    variants: found.variants.clone(),
                    text: found.text.clone(),
                    language: None,
                    story: Some(story.id),
                    mention: Mention::First,
                };
                tx.insert_notice(&rule(*id, &new), deed.at).await?;
            }
            Ok(story)
        })
        .await?;
    Ok(kept_story)
}

fn draft(app: &App, captured: &Captured) -> Result<Story, Denied> {
    let language = (captured.language != "und").then(|| captured.language.to_owned());
    let section = captured.section.clone().filter(|section| Slug::from_text(section).is_some());
    let headline = captured.headline.clone().unwrap_or_default();
    let mut story = blank(app, NewStory { headline, section, tags: captured.tags.clone(), language })?;
    story.direction = captured.direction;
    story.moments.shown = captured.shown;
    story.lede = captured.lede.clone().unwrap_or_default();
    // What was plain text on the page stays plain: a sign that Markdown would read is escaped.
    story.body =
        captured.body.iter().map(|paragraph| plain_in_markdown(paragraph)).collect::<Vec<_>>().join("\n\n");
    story.offsets = captured.counters.map_or(CounterOffsets::default(), |counts| CounterOffsets {
        comments: counts.comments.unwrap_or(0),
        views: counts.views.unwrap_or(0),
    });
    let mut ids: Vec<SlideId> = Vec::with_capacity(captured.slides.len());
    for slide in &captured.slides {
        let id = app.slide_id(&ids);
        ids.push(id.clone());
        story.slides.push(Slide {
            caption: Some(slide.caption.clone()),
            place: slide.place.clone(),
            date: slide.date.map(|date| date.to_string()),
            ..Slide::empty(id)
        });
    }
    story.cover = captured.cover_slide.and_then(|index| ids.get(index).cloned());
    let kept_lines = captured.lines.iter().filter(|line| line.fate == Fate::NotUnderstood);
    story.kept_lines = kept_lines.map(|line| line.text.clone()).collect();
    Ok(story)
}

/// Escapes what CommonMark would take for markup (section 2.4: any ASCII punctuation may be escaped).
fn plain_in_markdown(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for (at, c) in text.char_indices() {
        let starts_a_block = at == 0 && matches!(c, '#' | '>' | '-' | '+' | '=' | '~');
        if starts_a_block || matches!(c, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '&' | '!' | '|') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    // `1. ` and `1) ` begin a list only at the very beginning.
    let digits = escaped.bytes().take_while(u8::is_ascii_digit).count();
    if digits > 0 && escaped.get(digits..).is_some_and(|rest| rest.starts_with(['.', ')'])) {
        escaped.insert(digits, '\\');
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::plain_in_markdown;

    #[test]
    fn a_plain_paragraph_reads_the_same_after_markdown() {
        for text in [
            "1. not a list",
            "# not a heading",
            "a * b _c_ [d](e) <f> & `g` \\ !",
            "12) x",
            "- dash",
            "| a | b",
        ] {
            let mut html = String::new();
            pulldown_cmark::html::push_html(&mut html, pulldown_cmark::Parser::new(&plain_in_markdown(text)));
            let plain = html.trim().trim_start_matches("<p>").trim_end_matches("</p>").to_owned();
            let read =
                plain.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&");
            assert_eq!(read, text);
        }
    }
}
