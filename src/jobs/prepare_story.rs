//! Makes the public files of a draft's photos ahead, from the draft's record, so that publishing mostly writes grants.

use newsroom::focus::Focus;
use newsroom::id::StoryId;
use newsroom::shown::{rights, show};
use store::{Claim, Tx, View};

use super::context::{Context, JobFault};
use super::press::finish;
use super::public_files::{self, Public};

/// Runs the job.
pub(super) async fn run(context: &Context, story: StoryId, claim: &Claim) -> Result<(), JobFault> {
    let store = context.app.store();
    let story = store.view(async |view: &mut View| view.story(story).await).await?;
    for (slide, language) in
        story.iter().flat_map(|story| story.slides.iter().map(move |slide| (slide, &story.language)))
    {
        let Some(id) = slide.photo else { continue };
        let kept = store
            .view(async |view: &mut View| {
                // What was taken back gets its files when it is published again.
                let taken_back = public_files::taken_back(view, id).await?;
                Ok::<_, JobFault>(view.photo(id).await?.filter(|_| !taken_back))
            })
            .await?;
        let Some(photo) = kept else { continue };
        if photo.developed_at.is_some() {
            let shown = show(slide, Some(&photo.facts), language);
            let rights = rights(&shown, Some(&photo.facts), language);
            let focus = slide.focus.or_else(|| Focus::of_facts(&photo.facts));
            let public = Public { rights: &rights, focus, cuts: shown.cuts() };
            public_files::ensure(context, id, &public, photo.size).await?;
        }
    }
    store.act(async |tx: &mut Tx| finish(tx, claim).await).await?;
    Ok(())
}
