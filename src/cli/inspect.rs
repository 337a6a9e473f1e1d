//! `halftone inspect`: the facts of one photo, where each came from, what is wrong with it, what must not be published.

use std::fs::File;
use std::num::NonZeroUsize;
use std::path::Path;

use darkroom::Recipe;
use darkroom::meta::Reading;
use darkroom::worker::{Answer, Developing, Durability, Inspected, Inspecting, Keeper, Request, WorkerFault};
use newsroom::refusal::Refusal;
use newsroom::shown::{ShownSlide, show};
use newsroom::slide::Slide;
use serde_json::{Value, json};

use super::args::InspectArgs;
use super::report::{Outcome, Report};
use super::session::Ended;
use crate::config::Config;
use crate::exchange::facts::photo_facts;
use crate::exchange::folder::look_through;
use crate::jobs::limits;

pub async fn run(data: &Path, args: &InspectArgs, report: Report) -> Result<Outcome, Ended> {
    let config = Config::read(data)?;
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
        Ok(Answer::Developed(_)) => {
            return Err(Ended::Fault("the worker answered another question".to_owned()));
        }
        Err(fault) => return refused(fault, report),
    };
    tell(&inspected, &config, report);
    // Only decoding tells whether the pixels are whole; nothing of it is kept.
    let folder = tempfile::tempdir()
        .map_err(|error| Ended::machine("no folder for trial renditions can be made", error))?;
    let request = Request::Develop(Developing {
        recipe: Recipe::default(),
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

/// A value for a person: texts as they are, lists with commas, records as `key: value`.
fn plain(value: &Value) -> String {
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

fn tell_shown(shown: &ShownSlide, report: Report) {
    report.say(&format!("Readers would see:       {} / {}", shown.caption.text, shown.credit.text), ());
    for restriction in &shown.restrictions {
        report.say(&format!("Restriction:             {}", restriction.restriction.source_text), ());
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
