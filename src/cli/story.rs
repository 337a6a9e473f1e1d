//! `halftone story …`, `stories` and `import capture`.

use std::io::Read;
use std::path::Path;

use newsroom::check::{CheckOptions, Warning};
use newsroom::credit::{ProposalSource, proposals};
use newsroom::refusal::{Refusal, Span};
use newsroom::shown::{ShownSlide, Standing};
use newsroom::slide::Slide;
use newsroom::story::Story;
use serde_json::json;
use store::{StoryLine, View};

use super::report::{Outcome, finding};
use super::revisions;
use super::session::{Ended, Session};
use crate::actions::import_capture::import_capture as import;
use crate::actions::publish_story::check as strict_check;
use crate::actions::put_story::put_story;
use crate::actions::{Draft, load_draft, no_such_story};
use crate::exchange::capture::{self, Fate, LimitReached, MAX_SLIDES};
use crate::exchange::story_file::{SlideText, StoryFile, file_differs, write};
use crate::exchange::text::{Encoding, NotText, decode, utf8};

/// Bytes of a text file that are read at most.
const TEXT_BYTES: u64 = 16 << 20;
/// Stories listed at once.
const PAGE: u32 = 500;

/// Loads a story's draft.
pub async fn draft(session: &Session, name: &str) -> Result<Draft, Ended> {
    let id = session.story(name).await?;
    let draft = session.app().store().view(async |view: &mut View| load_draft(view, id).await).await?;
    draft.ok_or_else(|| Ended::Refused(vec![no_such_story(name)]))
}

pub async fn get(session: &Session, name: &str, revision: Option<i64>) -> Result<Outcome, Ended> {
    let draft = match revision {
        Some(revision) => revisions::draft_at(session, name, revision).await?,
        None => draft(session, name).await?,
    };
    if session.report.is_json() {
        session
            .report
            .say("", json!({ "story": draft.story.id, "slug": draft.story.slug, "draft": draft.story }));
        return Ok(Outcome::Done);
    }
    let slides: Vec<SlideText<'_>> = draft
        .story
        .slides
        .iter()
        .zip(&draft.shown)
        .enumerate()
        .map(|(index, (slide, shown))| SlideText {
            slide,
            shown,
            file_name: draft.photo(index).map(|photo| photo.name.as_str()),
            remarks: remarks(&draft, slide, shown),
        })
        .collect();
    session.report.text(&write(&draft.story, &slides));
    Ok(Outcome::Done)
}

/// What the desk should see above a slide.
fn remarks(draft: &Draft, slide: &Slide, shown: &ShownSlide) -> Vec<String> {
    let mut remarks = Vec::new();
    if slide.photo.is_none() {
        remarks.push("The picture is still to come.".to_owned());
    }
    if let Some(id) = slide.proposed {
        let name = draft.photos.get(&id).map_or("", |photo| photo.name.as_str());
        remarks.push(format!("Proposed by its caption: {name}. To accept it, write photo = \"{id}\"."));
    }
    let photo = slide.photo.and_then(|id| draft.photos.get(&id));
    if let Some(decision) = photo.and_then(|photo| photo.withdrawn.as_ref()) {
        remarks.push(format!("Withdrawn on {}: {}", decision.at, decision.reason));
    }
    // One text may hold several restrictions; it is said once.
    for restriction in &shown.restrictions {
        let text = &restriction.restriction.source_text;
        let remark = match restriction.standing {
            Standing::Uncleared => format!("Restriction, not cleared: {text}"),
            Standing::Cleared => format!("Restriction, cleared: {text}"),
            Standing::Satisfied | Standing::Note => format!("Note: {text}"),
        };
        if !remarks.contains(&remark) {
            remarks.push(remark);
        }
    }
    remarks.extend(shown.desk_only.iter().map(|text| format!("For the desk only: {text}")));
    let Some(facts) = photo.map(|photo| &photo.facts) else { return remarks };
    let differing = file_differs(slide, shown, facts, &draft.story.language);
    remarks.extend(differing.into_iter().map(|(field, text)| format!("The file says ({field}): {text}")));
    if shown.credit.given().is_none() {
        remarks.extend(proposals(facts).into_iter().map(|proposal| {
            let source = match proposal.source {
                ProposalSource::Source => "Source",
                ProposalSource::Copyright => "Copyright",
            };
            format!("Proposed credit, from the file's {source}: {}", proposal.text)
        }));
    }
    if let Some(proposal) = facts.proposed_description.as_ref().filter(|_| shown.caption.text.is_empty()) {
        remarks.push(format!("The camera's description, not used as caption: {proposal}"));
    }
    remarks
}

pub async fn put(session: &Session, name: &str, file: Option<&Path>) -> Result<Outcome, Ended> {
    let bytes = read_bytes(file)?;
    let text = utf8(&bytes).map_err(|NotText { line, column }| {
        Ended::WrongUse(format!(
            "The story file cannot be read: line {line}, byte {column}: this is not UTF-8. Save the file as UTF-8."
        ))
    })?;
    let file = StoryFile::parse(text)
        .map_err(|error| Ended::WrongUse(format!("The story file cannot be read: {error}")))?;
    let id = session.story(name).await?;
    let story = put_story(session.app(), &session.who, id, &file).await?;
    session.print(&[]).await?;
    let sentence = format!("Kept \"{}\" ({}) as revision {}.", story.headline, story.slug, story.revision);
    session
        .report
        .say(&sentence, json!({ "story": story.id, "slug": story.slug, "revision": story.revision }));
    Ok(Outcome::Done)
}

/// The bytes of a text file; one that is too long is refused and never cut.
fn read_bytes(file: Option<&Path>) -> Result<Vec<u8>, Ended> {
    let mut bytes = Vec::new();
    let most = TEXT_BYTES + 1;
    let read = match file {
        Some(path) => std::fs::File::open(path).and_then(|file| file.take(most).read_to_end(&mut bytes)),
        None => std::io::stdin().lock().take(most).read_to_end(&mut bytes),
    };
    let name = file.map_or("standard input".to_owned(), |path| path.display().to_string());
    read.map_err(|error| Ended::WrongUse(format!("{name} cannot be read: {error}")))?;
    if bytes.len() as u64 > TEXT_BYTES {
        let sentence = format!("{name} is longer than 16 MB; a shorter text would be taken.");
        return Err(Ended::Refused(vec![Refusal::new("text_too_long", sentence).rule("R41")]));
    }
    Ok(bytes)
}

pub async fn check(session: &Session, name: &str) -> Result<Outcome, Ended> {
    let draft = draft(session, name).await?;
    let style = session.app().known().style.clone();
    let options = CheckOptions { style, ..CheckOptions::default() };
    let report = strict_check(&draft, &options, None, session.app().now());
    for warning in &report.warnings {
        if session.report.is_json() {
            session.report.say("", json!({ "doubtful": warning }));
        } else {
            let places: Vec<_> = warning.slide.iter().collect();
            let said = finding(&places, warning.field, &warning.sentence, warning.rule);
            let beside = in_words(&draft, warning);
            session.report.say(&format!("Doubtful: {said}{beside}"), ());
        }
    }
    let outcome = session.report.refusals(&report.refusals);
    if outcome == Outcome::Done {
        session.report.say(
            "Nothing stands against publishing.",
            json!({ "story": draft.story.id, "slug": draft.story.slug, "publishable": true }),
        );
    }
    Ok(outcome)
}

/// The words that a warning is about, and what would put them right.
fn in_words(draft: &Draft, warning: &Warning) -> String {
    let text = text_of(draft, warning);
    let Some(text) = text.filter(|text| !text.is_empty()) else { return String::new() };
    let cut = |span: Span| text.chars().skip(span.start).take(span.end - span.start).collect::<String>();
    let mut words = String::new();
    if let Some(seen) = warning.at.map(cut).filter(|seen| !seen.trim().is_empty())
        && !warning.sentence.contains(&seen)
    {
        words.push_str(&format!("\n    here: {}", shortened(&seen)));
    }
    if let Some(correction) = &warning.correction {
        // Some words around a sign say more than the sign.
        let (start, end) = (correction.at.start.saturating_sub(AROUND), correction.at.end + AROUND);
        let before = cut(Span { start, end: correction.at.start });
        let behind = cut(Span { start: correction.at.end, end });
        words.push_str(&format!("\n    write: {before}{}{behind}", correction.replacement));
    }
    words
}

/// Signs of a text that are shown around a correction.
const AROUND: usize = 24;

/// A long quotation by its beginning.
fn shortened(text: &str) -> String {
    const MOST: usize = 120;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// The text that the places of a warning are in.
fn text_of<'d>(draft: &'d Draft, warning: &Warning) -> Option<&'d str> {
    let Some(place) = &warning.slide else {
        return match warning.field? {
            "headline" => Some(&draft.story.headline),
            "lede" => Some(&draft.story.lede),
            "body" => Some(&draft.story.body),
            _ => None,
        };
    };
    let index = place.number.checked_sub(1)?;
    let (slide, shown) = (draft.story.slides.get(index)?, draft.shown.get(index)?);
    match warning.field? {
        "caption" => Some(slide.caption.as_deref().unwrap_or(&shown.caption.text)),
        "alt" => Some(slide.alt.as_deref().unwrap_or(&shown.alt.text)),
        _ => None,
    }
}

pub async fn list(session: &Session) -> Result<Outcome, Ended> {
    let mut after: Option<StoryLine> = None;
    loop {
        let lines = session
            .app()
            .store()
            .view(async |view: &mut View| view.stories_by_change(after.as_ref(), PAGE).await)
            .await?;
        for line in &lines {
            let state = match line.moments {
                moments if moments.withdrawn.is_some() => "withdrawn",
                moments if moments.published.is_some() => "published",
                _ => "draft",
            };
            let sentence = format!("{state:<10} {:<40} {}", line.slug, line.headline);
            let object =
                json!({ "story": line.id, "slug": line.slug, "headline": line.headline, "state": state });
            session.report.say(&sentence, object);
        }
        match lines.into_iter().last() {
            Some(last) => after = Some(last),
            None => return Ok(Outcome::Done),
        }
    }
}

pub async fn import_capture(session: &Session, file: &Path) -> Result<Outcome, Ended> {
    let bytes = read_bytes(Some(file))?;
    let (text, encoding) = decode(&bytes);
    let captured = capture::read(&text);
    if captured.lines.is_empty() {
        let nothing = Refusal::new("capture_empty", "The file holds no text.");
        return Ok(session.report.refusals(&[nothing]));
    }
    let story = import(session.app(), &session.who, &captured).await?;
    for line in &captured.lines {
        let fate = match &line.fate {
            Fate::Field(field) => field.as_str(),
            Fate::NotUnderstood => "not understood, kept",
        };
        let start: String = line.text.chars().take(60).collect();
        let object = json!({ "line": line.number, "fate": fate, "text": line.text });
        session.report.say(&format!("line {:>4}  {fate:<22} {start}", line.number), object);
    }
    tell_doubts(session, &story, &captured, encoding);
    let sentence = format!(
        "Imported as the draft \"{}\" ({}), {} slides, pictures still to come.",
        story.headline,
        story.slug,
        story.slides.len()
    );
    let object = json!({
        "story": story.id, "slug": story.slug, "slides": story.slides.len(),
        "not_understood": story.kept_lines.len(), "same_caption": captured.duplicate_captions,
        "encoding": encoding, "limits": captured.limits, "unread_lines": captured.unread_lines,
    });
    session.report.say(&sentence, object);
    Ok(Outcome::Done)
}

fn tell_doubts(session: &Session, story: &Story, captured: &capture::Captured, encoding: Encoding) {
    if session.report.is_json() {
        return;
    }
    if encoding == Encoding::Windows1252 {
        let sentence =
            "The file is not UTF-8; it was read as Windows-1252. Look at the letters with accents. [R1]";
        session.report.say(sentence, ());
    }
    for limit in &captured.limits {
        session.report.say(&format!("{} [R41]", cut(*limit)), ());
    }
    for group in &captured.duplicate_captions {
        let numbers: Vec<String> = group.iter().map(|index| (index + 1).to_string()).collect();
        session
            .report
            .say(&format!("Doubtful: slides {} have the same caption. [R37]", numbers.join(" and ")), ());
    }
    if let Some(shown) = story.moments.shown {
        session.report.say(
            &format!("The time {} is unconfirmed: it may be the moment of the capture. [R30]", shown.at),
            (),
        );
    }
    if captured.unread_lines > 0 {
        session
            .report
            .say(&format!("{} lines after the first 20,000 were not read. [R41]", captured.unread_lines), ());
    }
}

/// What a limit has left out of a captured page.
fn cut(limit: LimitReached) -> String {
    match limit {
        LimitReached::LineCut { number } => {
            format!("Line {number} has more than 10,000 characters; the rest was left out.")
        }
        LimitReached::TextCut { number } => {
            format!(
                "The text that begins in line {number} has more than 10,000 characters; the rest was left out."
            )
        }
        LimitReached::SlidesLeftOut { slides } => {
            format!(
                "{slides} slides after the first {MAX_SLIDES} were left out; their lines are kept as not understood."
            )
        }
    }
}
