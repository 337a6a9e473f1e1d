//! `halftone photos`: searching and listing the photo library, and where a photo is used.

use jiff::civil::Date;
use newsroom::library::{Filter, Orientation, Presence, Stars, Usage};
use newsroom::refusal::Refusal;
use newsroom::search::marked;
use serde_json::{Value, json};
use store::PhotoUse;

use super::args::{PhotosArgs, Standing};
use super::report::Outcome;
use super::session::{Ended, Session};
use crate::actions::photo_library::{Asked, Cursor, Line, Texts, bring_up_to_date, find_photos, photo_uses};
use crate::jobs::kinds;

/// Characters of a caption in a list.
const SHOWN: usize = 80;

pub async fn run(session: &Session, args: &PhotosArgs) -> Result<Outcome, Ended> {
    if let Some(photo) = &args.uses {
        return uses(session, photo).await;
    }
    let after = args.after.as_deref().map(str::parse::<Cursor>).transpose();
    let after =
        after.map_err(|fault| Ended::WrongUse(format!("--after takes what a list said last: {fault}.")))?;
    let asked = Asked {
        words: args.query.join(" "),
        filter: filter(args)?,
        after,
        limit: args.limit,
        texts: Texts::All,
    };
    if bring_up_to_date(session.app()).await? {
        session.work_and_wait(&[kinds::SHELVE, kinds::SHELVE_ARCHIVE], |_| {}).await?;
    }
    let answer = find_photos(session.app(), &asked).await?;
    for line in &answer.lines {
        session.report.say(&sentence(line), object(line));
    }
    let total = answer.total.map_or(String::new(), |total| format!("{total} photos in all. "));
    let next = answer.next.map(|next| next.to_string());
    let said = match &next {
        Some(next) => format!("{total}More of them: --after {next}"),
        None if answer.lines.is_empty() => "No photo.".to_owned(),
        None => format!("{total}That is the last of them."),
    };
    session.report.say(&said, json!({ "total": answer.total, "next": next }));
    Ok(Outcome::Done)
}

fn filter(args: &PhotosArgs) -> Result<Filter, Ended> {
    let usage = match (args.used, args.unused, args.published) {
        (true, ..) => Some(Usage::Used),
        (_, true, _) => Some(Usage::Unused),
        (_, _, true) => Some(Usage::Published),
        _ => None,
    };
    let stars = args.rating.map(|rating| match u8::try_from(rating) {
        Ok(0) => Stars::Unrated,
        Ok(least) => Stars::AtLeast(least),
        Err(_) => Stars::Rejected,
    });
    Ok(Filter {
        from: args.from.as_deref().map(day).transpose()?,
        until: args.to.as_deref().map(day).transpose()?,
        credit: args.credit.clone(),
        usage,
        restrictions: args.restricted.then_some(Presence::Any),
        problems: args.problems.then_some(Presence::Any),
        orientation: args.orientation.map(|standing| match standing {
            Standing::Landscape => Orientation::Landscape,
            Standing::Portrait => Orientation::Portrait,
            Standing::Square => Orientation::Square,
        }),
        stars,
        owner: None,
    })
}

fn day(text: &str) -> Result<Date, Ended> {
    text.parse()
        .map_err(|_| Ended::WrongUse(format!("\"{text}\" is no day; expected is one such as 2021-01-02.")))
}

/// A photo in one line: its first text with a hit, else its caption, and what is to be known of it.
fn sentence(line: &Line) -> String {
    let text = match line.hits.first() {
        Some((found, marks)) => {
            let pieces = marked(&found.text, marks).into_iter();
            pieces.map(|(piece, hit)| if hit { format!("[{piece}]") } else { piece.to_owned() }).collect()
        }
        None => line.caption.clone(),
    };
    let text: String = text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(SHOWN).collect();
    let credit = if line.credit.is_empty() { String::new() } else { format!(" ({})", line.credit) };
    let findable = &line.findable;
    let mut states: Vec<String> = Vec::new();
    states.push(if findable.slides.is_empty() { "unused" } else { "used" }.to_owned());
    states.extend(findable.published.then(|| "published".to_owned()));
    states.extend(findable.facts.rating.map(|rating| format!("rating {rating}")));
    states.extend(findable.is_restricted().then(|| "RESTRICTED".to_owned()));
    states.extend(findable.has_problems.then(|| "problems".to_owned()));
    let withdrawn = line.photo.withdrawn.as_ref();
    states.extend(withdrawn.map(|decision| format!("WITHDRAWN: {}", decision.reason)));
    format!("{}  {:<24} {text}{credit}; {}", line.photo.id, line.photo.name, states.join(", "))
}

fn object(line: &Line) -> Value {
    let hits: Vec<Value> = line
        .hits
        .iter()
        .map(|(found, marks)| {
            let pieces = marked(&found.text, marks).into_iter();
            let pieces: Vec<Value> =
                pieces.map(|(piece, hit)| json!({ "text": piece, "hit": hit })).collect();
            json!({ "field": found.field, "pieces": pieces })
        })
        .collect();
    let (photo, findable) = (&line.photo, &line.findable);
    json!({
        "photo": photo.id, "name": photo.name, "came": photo.created_at, "width": photo.size.width,
        "height": photo.size.height, "caption": line.caption, "credit": line.credit,
        "rating": findable.facts.rating, "used": !findable.slides.is_empty(), "published": findable.published,
        "restricted": findable.is_restricted(), "problems": findable.has_problems,
        "withdrawn": photo.withdrawn.as_ref().map(|decision| &decision.reason), "hits": hits,
    })
}

async fn uses(session: &Session, photo: &str) -> Result<Outcome, Ended> {
    let Ok(id) = photo.parse() else {
        let sentence = format!("\"{photo}\" is no photo's id; `halftone photos` shows them.");
        return Ok(session.report.refusals(&[Refusal::new("no_such_photo", sentence)]));
    };
    let (_, uses) = photo_uses(session.app(), id).await?;
    for one in &uses {
        tell_use(session, one);
    }
    if uses.is_empty() {
        session.report.say("It is in no story.", ());
    }
    Ok(Outcome::Done)
}

fn tell_use(session: &Session, one: &PhotoUse) {
    let numbers = |slides: &[(u32, newsroom::id::SlideId)]| {
        let numbers: Vec<String> = slides.iter().map(|(number, _)| number.to_string()).collect();
        numbers.join(", ")
    };
    let mut places = Vec::new();
    if !one.drafted.is_empty() {
        places.push(format!("slide {} of the draft", numbers(&one.drafted)));
    }
    if let Some(published) = &one.published {
        let state = match &published.withdrawn {
            Some(decision) => format!("WITHDRAWN: {}", decision.reason),
            None => format!("published at {}", published.at),
        };
        places.push(format!("slide {} as {state}", numbers(&published.slides)));
    }
    let slides = |slides: &[(u32, newsroom::id::SlideId)]| -> Vec<Value> {
        slides.iter().map(|(number, id)| json!({ "number": number, "slide": id })).collect()
    };
    let published = one.published.as_ref().map(|published| {
        json!({
            "at": published.at, "slides": slides(&published.slides),
            "withdrawn": published.withdrawn.as_ref().map(|decision| &decision.reason),
        })
    });
    session.report.say(
        &format!("{} \"{}\": {}", one.story, one.headline, places.join("; ")),
        json!({ "story": one.story, "headline": one.headline, "draft": slides(&one.drafted), "published": published }),
    );
}
