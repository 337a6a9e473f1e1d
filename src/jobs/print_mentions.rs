//! Asks for the print of every published story that mentions a notice's term, after the rule was added or removed.
//!
//! It looks after the rule was decided upon, so a story that is published meanwhile is printed with the rule, or found
//! here. Running twice asks twice for the same rows of the queue.

use newsroom::notice::Notice;
use newsroom::published::PublishedStory;
use store::{Claim, Listing, Part, Tx, View};

use super::context::{Context, JobFault};
use super::press::finish;
use super::{Job, enqueue};

/// Stories read at once while looking for the term.
const PAGE: u32 = 200;

/// Runs the job. A new term has left no trace in any index, so the records are read through, part by part; rules change
/// rarely.
pub(super) async fn run(context: &Context, rule: &Notice, claim: &Claim) -> Result<(), JobFault> {
    let store = context.app.store();
    let mut part = Part::newest(PAGE);
    loop {
        let page = store
            .view(async |view: &mut View| view.published(Listing::All, part).await.map_err(JobFault::from))
            .await?;
        let Some(last) = page.last() else { break };
        part.after = Some((last.record.shown.at, last.record.id));
        let now = context.app.now();
        let mentioning = page.iter().filter(|one| mentions(&one.record, rule));
        let stories: Vec<_> = mentioning.map(|one| one.record.id).collect();
        store
            .act(async |tx: &mut Tx| {
                for story in &stories {
                    enqueue(tx, &Job::PrintStory { story: *story }, now).await?;
                }
                Ok::<_, store::ActError<JobFault>>(())
            })
            .await?;
    }
    store.act(async |tx: &mut Tx| finish(tx, claim).await).await?;
    Ok(())
}

fn mentions(story: &PublishedStory, rule: &Notice) -> bool {
    let captions = story.slides.iter().map(|slide| slide.caption.as_str());
    let corrections = story.corrections.iter().map(|correction| correction.text.as_str());
    [story.headline.as_str(), &story.lede, &story.body]
        .into_iter()
        .chain(captions)
        .chain(corrections)
        .any(|text| rule.is_mentioned_in(text))
}
