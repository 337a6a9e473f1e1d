//! Clears the restrictions of one slide, with a reason that is kept (R12). Only the restrictions that stand against it
//! now: one that comes with a later file is refused again.

use newsroom::id::{SlideId, StoryId};
use newsroom::refusal::Refusal;
use newsroom::restriction::Restriction;
use newsroom::slide::Clearing;
use newsroom::staff::policy::Permission;
use store::Tx;

use super::audit::Deed;
use super::put_story::keep;
use super::{Acted, Denied, Who, load_draft, must_reach, no_such_story, refuse};
use crate::app::App;

/// Clears what stands against publishing this slide; gives the texts of the restrictions that it had, each
/// once.
pub async fn clear_restriction(
    app: &App,
    who: &Who,
    story: StoryId,
    slide: &SlideId,
    reason: &str,
) -> Result<Vec<String>, Denied> {
    let reason = reason.trim();
    if reason.is_empty() {
        return Err(Refusal::new("reason_missing", "A restriction is cleared with a reason only.")
            .rule("R12")
            .into());
    }
    let deed = Deed { who, at: app.now(), verb: "clear_restriction" };
    let texts = app.store().act(async |tx: &mut Tx| clear(tx, story, slide, reason, &deed).await).await?;
    Ok(texts)
}

async fn clear(
    tx: &mut Tx,
    id: StoryId,
    slide: &SlideId,
    reason: &str,
    deed: &Deed<'_>,
) -> Acted<Vec<String>> {
    must_reach(tx, deed.who, Permission::Publish, id).await?;
    let Some(draft) = load_draft(tx, id).await? else { return refuse(no_such_story(&id.to_string())) };
    let mut story = draft.story.clone();
    let Some(index) = story.slides.iter().position(|one| one.id == *slide) else {
        return refuse(Refusal::new("slide_unknown", format!("This story has no slide {slide}.")));
    };
    let open: Vec<Restriction> =
        draft.shown.get(index).iter().flat_map(|shown| shown.uncleared()).cloned().collect();
    if open.is_empty() {
        return refuse(
            Refusal::new("nothing_to_clear", "No restriction stands against this slide.")
                .slide(slide, index + 1)
                .rule("R12"),
        );
    }
    if let Some(one) = story.slides.get_mut(index) {
        one.clearing = Some(Clearing::add(one.clearing.take(), &open, reason, deed.at));
    }
    story.moments.changed = deed.at;
    keep(tx, &story, deed).await?;
    let mut texts: Vec<String> = open.into_iter().map(|found| found.source_text).collect();
    let mut said = std::collections::BTreeSet::new();
    texts.retain(|text| said.insert(text.clone()));
    let after = serde_json::json!({ "slide": slide, "restrictions": texts, "reason": reason });
    deed.to_story(tx, id, None, Some(after)).await?;
    Ok(texts)
}
