//! `halftone push`: photos of a laptop to a site elsewhere, over a network that breaks. The best come first, small previews
//! before all files; what was begun and cut short is found at the site by its hash, so that nothing is kept here.

mod pictures;
mod send;
mod site;

use std::collections::HashMap;
use std::io::Read as _;
use std::sync::Arc;
use std::time::Duration;

use newsroom::refusal::Refusal;
use serde::Deserialize;
use serde_json::json;

use super::args::PushArgs;
use super::progress::Progress;
use super::report::{Outcome, Report};
use super::session::Ended;
use super::stopping;
use crate::config::pushing_token;
use crate::exchange::folder::{Found, counted, look_through};
use pictures::{Lens, NotSeen, Picture, in_sending_order, look_at, shown};
use send::{Begun, HalfSent, NotSent, Sender};
use site::{Said, Site};

/// Bytes of a file with a token that are read.
const LONGEST_TOKEN: u64 = 1 << 10;

/// What came of the photos.
#[derive(Default)]
struct Tally {
    new: usize,
    known: usize,
    refused: usize,
    /// Those that are there, in the order in which they went: where they lie here, and the photos that they are.
    there: Vec<(String, String)>,
}

pub async fn run(args: &PushArgs, report: Report) -> Result<Outcome, Ended> {
    let patience = Duration::from_secs(args.patience);
    let site = Site::new(&args.to, &token(args)?, patience, (stopping::listen(), report))?;
    let found = look_through(&args.paths);
    let me = site.get("/me").await?;
    me.json::<serde_json::Value>()?;
    let story = match &args.story {
        Some(name) => Some(story_named(&site, name).await?),
        None => None,
    };
    let (lens, mut tally) = (Arc::new(Lens::new()?), Tally::default());
    let mut sender = Sender::new(site, Arc::clone(&lens), story);
    // Asked before a long look at the photos: a token that may not send is refused here.
    let half_sent = sender.half_sent().await?;
    let pictures = look(&lens, found, report, &mut tally).await?;
    if pictures.is_empty() {
        let sentence = "No photo was found that could be sent; JPEG, PNG, WebP and TIFF photos are.";
        return Ok(report.refusals(&[Refusal::new("no_photos", sentence)]));
    }
    let ended = push(&mut sender, (&pictures, &half_sent), report, &mut tally).await;
    let told = match ended {
        Ok(()) => tell_states(&sender.site, report, &tally.there).await,
        Err(none) => Err(none),
    };
    close(&sender, report, &tally);
    told?;
    Ok(if tally.refused > 0 { Outcome::Refused } else { Outcome::Done })
}

/// The token: of a file, of standard input, of the command line, or of the environment.
fn token(args: &PushArgs) -> Result<String, Ended> {
    let read = |mut from: Box<dyn std::io::Read>| {
        let mut text = String::new();
        from.by_ref().take(LONGEST_TOKEN).read_to_string(&mut text).map(|_| text)
    };
    let text = match (&args.token_file, &args.token) {
        (Some(path), _) => {
            let text = if path.as_os_str() == "-" {
                read(Box::new(std::io::stdin()))
            } else {
                std::fs::File::open(path).and_then(|file| read(Box::new(file)))
            };
            text.map_err(|error| Ended::WrongUse(format!("{} cannot be read: {error}.", shown(path))))?
        }
        (None, Some(token)) => token.clone(),
        (None, None) => pushing_token().unwrap_or_default(),
    };
    let text = text.trim();
    if text.is_empty() || !text.chars().all(|c| c.is_ascii_graphic()) {
        let sentence = "A token is needed: --token-file FILE (- for standard input), or the variable HALFTONE_TOKEN. An account makes it with the scopes photos and read.";
        return Err(Ended::WrongUse(sentence.to_owned()));
    }
    Ok(text.to_owned())
}

/// A story as the desk lists it.
#[derive(Deserialize)]
struct StoryLine {
    id: String,
    slug: String,
    headline: String,
}

#[derive(Deserialize)]
struct StoryLines {
    items: Vec<StoryLine>,
    next: Option<String>,
}

/// The id of the story with this id, this slug or, of all that the token sees, this headline; what names several is refused.
async fn story_named(site: &Site, name: &str) -> Result<String, Ended> {
    let name = name.trim();
    if name.parse::<newsroom::id::StoryId>().is_ok() {
        return Ok(name.to_owned());
    }
    let (mut after, mut headed) = (String::new(), Vec::new());
    loop {
        let page: StoryLines = site.get(&format!("/stories?limit=200{after}")).await?.json()?;
        for one in page.items {
            if one.slug == name {
                return Ok(one.id);
            }
            // A story that was changed meanwhile may be on two pages.
            if one.headline == name && headed.iter().all(|other: &StoryLine| other.id != one.id) {
                headed.push(one);
            }
        }
        match page.next {
            // A later page may have the slug.
            Some(next) => after = format!("&after={next}"),
            None => return only_one(name, &headed),
        }
    }
}

fn only_one(headline: &str, found: &[StoryLine]) -> Result<String, Ended> {
    let refusal = match found {
        [one] => return Ok(one.id.clone()),
        [] => {
            let sentence = format!("This token sees no story with the slug or headline \"{headline}\".");
            Refusal::new("story_unknown", sentence)
        }
        several => {
            let slugs: Vec<&str> = several.iter().map(|line| line.slug.as_str()).collect();
            let (count, slugs) = (several.len(), slugs.join(", "));
            let sentence =
                format!("{count} stories have the headline \"{headline}\"; name one by its slug: {slugs}.");
            Refusal::new("headline_ambiguous", sentence)
        }
    };
    Err(Ended::Refused(vec![refusal]))
}

/// Looks at all of them; what a site would refuse is said at once and not sent.
async fn look(
    lens: &Arc<Lens>,
    found: Found,
    report: Report,
    tally: &mut Tally,
) -> Result<Vec<Picture>, Ended> {
    for (path, error) in &found.unreadable {
        refuse(report, &shown(path), &unreadable(&error.to_string()), tally);
    }
    if let Some(counts) = counted(&found) {
        report.say(&format!("Left alone: {counts}."), json!({ "left_alone": found.left_alone }));
    }
    let mut progress = Progress::new(report, "read", found.candidates.len());
    let answers = look_at(lens, found.candidates, || progress.one_more()).await;
    progress.finish();
    let (mut seen, mut hashes) = (Vec::new(), HashMap::new());
    for (candidate, answer) in answers {
        let file = shown(&candidate.path);
        match answer {
            Ok(one) => match hashes.insert(one.picture.sha256.clone(), file.clone()) {
                None => seen.push(one),
                Some(first) => {
                    let object = json!({ "file": file, "same_as": first });
                    report.say(&format!("{file} is the same file as {first}."), object);
                }
            },
            Err(NotSeen::Refused(detail)) => refuse(report, &file, &photo_refused(detail), tally),
            Err(NotSeen::Fault(fault)) => return Err(Ended::machine(&file, fault)),
        }
    }
    Ok(in_sending_order(seen))
}

/// Announces all and sends what goes ahead of them, then their bytes.
async fn push(
    sender: &mut Sender,
    (pictures, half_sent): (&[Picture], &HalfSent),
    report: Report,
    tally: &mut Tally,
) -> Result<(), Ended> {
    let mut progress = Progress::new(report, "announced", pictures.len());
    let mut begun = Vec::with_capacity(pictures.len());
    for picture in pictures {
        let file = shown(&picture.candidate.path);
        match sender.begin(picture, half_sent).await {
            Ok(one) => begun.push((picture, file, one)),
            Err(NotSent::Refused(said)) => refuse(report, &file, &said, tally),
            Err(NotSent::NoAnswer(none)) => return Err(none.into()),
        }
        progress.one_more();
    }
    sender.send_last_previews().await?;
    progress.finish();
    let mut progress = Progress::new(report, "sent", begun.len());
    for (picture, file, mut one) in begun {
        if one == Begun::Later {
            // Those before it are there by now, and have made room.
            match sender.begin(picture, half_sent).await {
                Ok(now) => one = now,
                Err(NotSent::Refused(said)) => {
                    refuse(report, &file, &said, tally);
                    continue;
                }
                Err(NotSent::NoAnswer(none)) => return Err(none.into()),
            }
            sender.send_last_previews().await?;
        }
        match send_one(sender, picture, &one).await {
            Ok(photo) => arrived(report, (file, one), photo, tally),
            Err(NotSent::Refused(said)) => refuse(report, &file, &said, tally),
            Err(NotSent::NoAnswer(none)) => return Err(none.into()),
        }
        progress.one_more();
    }
    progress.finish();
    Ok(())
}

/// Sends what is lacking of a file. Gives the photo that it became, where that is known yet.
async fn send_one(sender: &mut Sender, picture: &Picture, begun: &Begun) -> Result<Option<String>, NotSent> {
    match begun {
        Begun::At { upload, offset } => {
            sender.send(picture, upload, *offset).await?;
            sender.became(upload).await
        }
        Begun::Known { upload } => sender.became(upload).await,
        Begun::Later => {
            let detail = "The site takes no more files of this account now; the same command goes on later.";
            Err(Said { code: "uploads_many".to_owned(), detail: detail.to_owned() }.into())
        }
    }
}

fn arrived(report: Report, (file, begun): (String, Begun), photo: Option<String>, tally: &mut Tally) {
    let known = matches!(begun, Begun::Known { .. });
    let word = if known { "known" } else { "new" };
    if known {
        tally.known += 1;
    } else {
        tally.new += 1;
    }
    if report.is_json() {
        report.say("", json!({ "file": file, "in": word, "photo": photo }));
    }
    match photo {
        Some(photo) => tally.there.push((file, photo)),
        None => report.complain(&format!("{file} is received and waits to be taken in.")),
    }
}

/// A photo as far as it matters here.
#[derive(Deserialize)]
struct PhotoState {
    state: String,
    reason: Option<String>,
    stories: Vec<String>,
    drafted: bool,
    addresses: Vec<String>,
}

#[derive(Deserialize)]
struct StoryState {
    slug: String,
}

/// Says how each photo stands: received, in a story, published. A token that may not see photos is told nothing more.
async fn tell_states(site: &Site, report: Report, there: &[(String, String)]) -> Result<(), Ended> {
    let mut slugs: HashMap<String, String> = HashMap::new();
    for (file, photo) in there {
        let Ok(found) = site.get(&format!("/photos/{photo}")).await?.json::<PhotoState>() else {
            let object = json!({ "file": file, "photo": photo, "state": "received" });
            report.say(&format!("{file}: received."), object);
            continue;
        };
        let mut stories = Vec::with_capacity(found.stories.len());
        for id in &found.stories {
            if !slugs.contains_key(id) {
                let story = site.get(&format!("/stories/{id}")).await?.json::<StoryState>();
                // One that is gone by now has no name.
                slugs.insert(id.clone(), story.map(|story| story.slug).unwrap_or_default());
            }
            stories.extend(slugs.get(id).filter(|slug| !slug.is_empty()).cloned());
        }
        let (state, sentence) = standing(&found, &stories);
        let object = json!({
            "file": file, "photo": photo, "state": state, "reason": found.reason,
            "stories": stories, "addresses": found.addresses,
        });
        report.say(&format!("{file}: {sentence}"), object);
    }
    Ok(())
}

/// How a photo stands, for programs and for people.
fn standing<'a>(found: &'a PhotoState, stories: &[String]) -> (&'a str, String) {
    match found.state.as_str() {
        taken_away @ ("refused" | "withdrawn") => {
            (taken_away, format!("{taken_away}. {}", found.reason.as_deref().unwrap_or_default()))
        }
        _ if !found.addresses.is_empty() => {
            ("published", format!("published, {}", found.addresses.join(", ")))
        }
        _ if !stories.is_empty() => ("draft", format!("in the draft of {}.", stories.join(", "))),
        _ if found.drafted => ("draft", "in a draft of the desk's.".to_owned()),
        _ => ("received", "received.".to_owned()),
    }
}

fn close(sender: &Sender, report: Report, tally: &Tally) {
    let sentence = format!(
        "{} sent, {} known, {} refused; {} bytes of photos went to {}.",
        tally.new,
        tally.known,
        tally.refused,
        sender.sent,
        sender.site.address()
    );
    let object = json!({
        "to": sender.site.address(), "new": tally.new, "known": tally.known, "refused": tally.refused,
        "bytes_sent": sender.sent, "stopped": sender.site.stopped(),
    });
    report.say(&sentence, object);
}

fn refuse(report: Report, file: &str, said: &Said, tally: &mut Tally) {
    tally.refused += 1;
    if report.is_json() {
        let refused = json!({ "code": said.code, "sentence": said.detail });
        report.say("", json!({ "file": file, "refused": refused }));
    } else {
        report.complain(&format!("Refused: {file}: {}", said.detail));
    }
}

fn photo_refused(detail: String) -> Said {
    Said { code: "photo_refused".to_owned(), detail }
}

fn unreadable(error: &str) -> Said {
    photo_refused(format!("It cannot be read: {error}."))
}
