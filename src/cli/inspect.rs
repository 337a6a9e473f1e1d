//! `halftone inspect`: the facts of one photo, where each came from, what is wrong with it, what must not be published.

use std::fs::File;
use std::num::NonZeroUsize;
use std::path::Path;

use darkroom::Recipe;
use darkroom::meta::{CameraTime, PartialDate, Reading};
use darkroom::worker::{Answer, Developing, Durability, Inspected, Inspecting, Keeper, Request, WorkerFault};
use newsroom::refusal::Refusal;
use newsroom::shown::{ShownSlide, show};
use newsroom::slide::Slide;
use serde_json::{Value, json};

use super::args::InspectArgs;
use super::report::{Outcome, Report};
use super::session::Ended;
use crate::config::{Config, Place};
use crate::exchange::facts::{photo_facts, plain_date};
use crate::exchange::folder::look_through;
use crate::jobs::limits;

pub async fn run(place: &Place, args: &InspectArgs, report: Report) -> Result<Outcome, Ended> {
    let config = Config::read(place)?;
    let found = look_through(std::slice::from_ref(&args.file));
    let Some(candidate) = found.candidates.into_iter().next() else {
        return Err(Ended::WrongUse(format!("{} is not a file that can be read.", args.file.display())));
    };
    let open = |path: &Path| {
        File::open(path)
            .map_err(|error| Ended::WrongUse(format!("{} cannot be read: {error}.", path.display())))
    };
    let source = open(&candidate.path)?;
    let sidecar = candidate.sidecar.as_deref().map(open).transpose()?;
    let program =
        std::env::current_exe().map_err(|error| Ended::machine("this program cannot be found", error))?;
    let workers = Keeper::new(program, vec!["worker".into()], limits(&config), NonZeroUsize::MIN);
    let request = Request::Inspect(Inspecting { languages: vec![config.site.language.clone()] });
    let answer = workers.ask(&request, &source, sidecar.as_ref(), config.work.deadline);
    let inspected = match answer {
        Ok(Answer::Inspected(inspected)) => inspected,
        Ok(_) => {
            return Err(Ended::Fault("the worker answered another question".to_owned()));
        }
        Err(fault) => return refused(fault, report),
    };
    tell(&inspected, &config, report);
    // Only decoding tells whether the pixels are whole; nothing of it is kept.
    let folder = tempfile::tempdir()
        .map_err(|error| Ended::machine("no folder for trial renditions can be made", error))?;
    let request = Request::Develop(Developing {
        recipes: vec![Recipe::default()],
        folder: folder.path().to_path_buf(),
        stem: "trial".to_owned(),
        durability: Durability::LeftToCaller,
    });
    match workers.ask(&request, &source, None, config.work.deadline) {
        Ok(_) => {
            report.say("It would be taken in.", json!({ "accepted": true }));
            Ok(Outcome::Done)
        }
        Err(fault) => refused(fault, report),
    }
}

fn refused(fault: WorkerFault, report: Report) -> Result<Outcome, Ended> {
    match fault {
        WorkerFault::Files { .. } | WorkerFault::Unreachable(_) => {
            Err(Ended::machine("the photo cannot be read", fault))
        }
        fault => Ok(report.refusals(&[Refusal::new("photo_refused", fault.to_string()).rule("R44")])),
    }
}

fn tell(inspected: &Inspected, config: &Config, report: Report) {
    let reading = &inspected.reading;
    let facts = photo_facts(&reading.facts);
    let slide = Slide::empty(newsroom::id::SlideId::new([0; 5]));
    let shown = show(&slide, Some(&facts), &config.site.language);
    let (width, height) = inspected.upright;
    if report.is_json() {
        let object = json!({
            "kind": reading.kind, "width": width, "height": height,
            "facts": reading.facts, "problems": reading.problems, "must_not_be_published": reading.private,
            "readers_would_see": shown,
        });
        return report.say("", object);
    }
    report.say(&format!("{}, {width} x {height} pixels", capital(reading.kind.name())), ());
    tell_facts(reading, report);
    tell_shown(&shown, report);
    for problem in &reading.problems {
        report.say(&format!("Problem: {}", problem.sentence), ());
    }
    for found in &reading.private {
        let place = found.source.as_ref().map(|source| format!(" ({source})")).unwrap_or_default();
        let text = found.text.as_ref().map(|text| format!(": {text}")).unwrap_or_default();
        report.say(&format!("Never published: {}{place}{text}", found.kind.name()), ());
    }
}

/// Every fact by its name, with its source and with what other places say instead.
fn tell_facts(reading: &Reading, report: Report) {
    let Ok(Value::Object(facts)) = serde_json::to_value(&reading.facts) else { return };
    for (name, fact) in facts {
        if name == "place" {
            for (part, fact) in fact.as_object().into_iter().flatten() {
                tell_fact(part, fact, report);
            }
        } else {
            tell_fact(&name, &fact, report);
        }
    }
}

fn tell_fact(name: &str, fact: &Value, report: Report) {
    if fact.is_null() {
        return;
    }
    let source = |value: &Value| {
        let part = |key: &str| value.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
        format!("{} {}", part("packet"), part("property"))
    };
    report.say(
        &format!("{:<24} {}  [{}]", name.replace('_', " "), plain(&fact["value"]), source(&fact["source"])),
        (),
    );
    for other in fact["others"].as_array().into_iter().flatten() {
        report.say(&format!("{:<24} {}  [{}]", "  but", plain(&other[1]), source(&other[0])), ());
    }
}

/// A value for a person: texts as they are, lists with commas, dates and times in the form of ISO 8601, other records as
/// `key: value`.
fn plain(value: &Value) -> String {
    if let Ok(time) = serde_json::from_value::<CameraTime>(value.clone()) {
        return moment_of(time);
    }
    if let Ok(date) = serde_json::from_value::<PartialDate>(value.clone()) {
        return plain_date(date).to_string();
    }
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        Value::Object(fields) => {
            let fields = fields.iter().filter(|(_, value)| !value.is_null());
            fields.map(|(key, value)| format!("{key}: {}", plain(value))).collect::<Vec<_>>().join(" ")
        }
        other => other.to_string(),
    }
}

/// `2026-11-17 14:00:00.2 +01:00`; without an offset where the file states none.
fn moment_of(time: CameraTime) -> String {
    let day = plain_date(PartialDate { year: time.year, month: Some(time.month), day: Some(time.day) });
    let mut text = format!("{day} {:02}:{:02}:{:02}", time.hour, time.minute, time.second);
    if time.nanosecond != 0 {
        let digits = format!("{:09}", time.nanosecond);
        text.push_str(&format!(".{}", digits.trim_end_matches('0')));
    }
    if let Some(offset) = time.offset_minutes {
        let (sign, minutes) = (if offset < 0 { '-' } else { '+' }, offset.unsigned_abs());
        text.push_str(&format!(" {sign}{:02}:{:02}", minutes / 60, minutes % 60));
    }
    text
}

fn tell_shown(shown: &ShownSlide, report: Report) {
    let caption = shown.caption.given().unwrap_or("no caption");
    let credit = shown.credit.given().unwrap_or("no credit");
    report.say(&format!("Readers would see:       {caption} / {credit}"), ());
    // One text may hold several restrictions; it is said once.
    let mut said: Vec<&str> = Vec::new();
    for restriction in &shown.restrictions {
        let text = restriction.restriction.source_text.as_str();
        if !said.contains(&text) {
            report.say(&format!("Restriction:             {text}"), ());
            said.push(text);
        }
    }
    for text in &shown.desk_only {
        report.say(&format!("For the desk only:       {text}"), ());
    }
}

fn capital(name: &str) -> String {
    let name = name.trim_start_matches("a ").trim_start_matches("an ");
    let mut chars = name.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_times_are_printed_as_people_write_them() {
        let time = json!({
            "year": 2026, "month": 11, "day": 17, "hour": 14, "minute": 0, "second": 0,
            "nanosecond": 200_000_000, "offset_minutes": 60
        });
        assert_eq!(plain(&time), "2026-11-17 14:00:00.2 +01:00");
        let west = json!({
            "year": 2026, "month": 1, "day": 2, "hour": 3, "minute": 4, "second": 5,
            "nanosecond": 0, "offset_minutes": -210
        });
        assert_eq!(plain(&west), "2026-01-02 03:04:05 -03:30");
        assert_eq!(plain(&json!({ "year": 2026, "month": 11, "day": null })), "2026-11");
        assert_eq!(plain(&json!({ "name": "Jane Doe", "url": null })), "name: Jane Doe");
        assert_eq!(plain(&json!(["a", "b"])), "a, b");
    }
}
