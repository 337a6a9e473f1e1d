//! `halftone similar`: the photos that look like one.

use newsroom::id::PhotoId;
use newsroom::refusal::Refusal;
use serde_json::{Value, json};
use store::View;

use super::args::SimilarArgs;
use super::report::Outcome;
use super::session::{Ended, Session};
use crate::actions::photo_library::bring_up_to_date;
use crate::actions::similar::{Captions, Similar, similar};
use crate::jobs::kinds;

pub async fn run(session: &Session, args: &SimilarArgs) -> Result<Outcome, Ended> {
    let Ok(photo) = args.photo.parse() else {
        let sentence = format!("\"{}\" is no photo's id; `halftone story get STORY` shows them.", args.photo);
        return Ok(session.report.refusals(&[Refusal::new("no_such_photo", sentence)]));
    };
    if bring_up_to_date(session.app()).await? {
        session.work_and_wait(&[kinds::SHELVE, kinds::SHELVE_ARCHIVE], |_| {}).await?;
    }
    let found = similar(session.app(), photo).await?;
    for one in &found {
        session.report.say(&sentence(one), object(one));
    }
    if found.is_empty() {
        session.report.say("No other photo looks like it.", ());
    }
    Ok(Outcome::Done)
}

/// Says which of the photos that just came in look like one that was there before.
pub(super) async fn tell_alike(session: &Session, came: &[PhotoId]) -> Result<(), Ended> {
    if came.is_empty() || session.stopped() {
        return Ok(());
    }
    let app = session.app();
    for photo in came {
        // Ids are in order of coming: of two new ones the later looks like the earlier.
        for one in similar(app, *photo).await?.iter().filter(|one| one.photo < *photo) {
            let kept = app.store().view(async |view: &mut View| view.photo(*photo).await).await?;
            let name = kept.map_or_else(String::new, |kept| kept.name);
            let sentence = format!("{name} looks like a photo that is there: {}.", sentence(one));
            session.report.say(&sentence, json!({ "photo": photo, "looks_like": object(one) }));
        }
    }
    Ok(())
}

/// What is said of a photo that looks like another.
fn sentence(one: &Similar) -> String {
    let how = if one.distance == 0 { "the same picture" } else { "nearly the same picture" };
    let caption = match one.captions {
        Captions::Same => "the same caption",
        Captions::Different => "another caption",
    };
    let stories: Vec<String> = one.stories.iter().map(|(_, headline)| format!("\"{headline}\"")).collect();
    let stories =
        if stories.is_empty() { "in no story".to_owned() } else { format!("in {}", stories.join(", ")) };
    let withdrawn = one.withdrawn.as_ref().map_or(String::new(), |reason| format!("; WITHDRAWN: {reason}"));
    format!("{} ({}): {how} with {caption}, {stories}{withdrawn}", one.name, one.photo)
}

/// The same as JSON.
fn object(one: &Similar) -> Value {
    let caption = match one.captions {
        Captions::Same => "same",
        Captions::Different => "different",
    };
    let stories: Vec<Value> =
        one.stories.iter().map(|(id, headline)| json!({ "story": id, "headline": headline })).collect();
    json!({
        "photo": one.photo, "name": one.name, "distance": one.distance, "caption": caption,
        "withdrawn": one.withdrawn, "stories": stories,
    })
}
