//! `halftone site …`

use serde_json::json;

use super::args::{SetSiteArgs, Settable, SiteCommand};
use super::report::Outcome;
use super::session::{Ended, Session};
use crate::actions::set_site::{SiteChange, Wish, set_site};
use crate::config::{Held, PlacedSection, style_settings};

pub async fn run(session: &Session, command: &SiteCommand) -> Result<Outcome, Ended> {
    match command {
        SiteCommand::Get => {
            tell(session, &session.app().known());
            Ok(Outcome::Done)
        }
        SiteCommand::Set(args) => set(session, args).await,
    }
}

async fn set(session: &Session, args: &SetSiteArgs) -> Result<Outcome, Ended> {
    let held = set_site(session.app(), &session.who, &change(args)?).await?;
    let outcome = session.print(&[]).await?;
    let printed = outcome == Outcome::Done;
    let sentence = if printed {
        "Set; the pages that show it are printed again."
    } else {
        "Set; some pages that show it are NOT YET printed again: that is tried again in the background (halftone serve or work)."
    };
    session.report.say(sentence, json!({ "version": held.version, "printed": printed }));
    Ok(outcome)
}

/// What the words ask for.
fn change(args: &SetSiteArgs) -> Result<SiteChange, Ended> {
    let wish = |given: &Option<String>, what: Settable| match given {
        Some(text) => Wish::Is(text.clone()),
        None if args.unset.contains(&what) => Wish::File,
        None => Wish::Stays,
    };
    let placed = |in_head: bool| move |name: &String| PlacedSection { name: name.clone(), in_head };
    let sections = args.sections.iter().map(placed(true));
    let sections: Vec<_> = sections.chain(args.sections_beside.iter().map(placed(false))).collect();
    let mut style = Vec::new();
    for pair in &args.style {
        let Some((name, value)) = pair.split_once('=') else {
            let sentence =
                format!("\"{pair}\" is no setting of the style: write SETTING=VALUE, such as house=ap.");
            return Err(Ended::WrongUse(sentence));
        };
        style.push((name.trim().to_owned(), value.trim().to_owned()));
    }
    Ok(SiteChange {
        version: None,
        name: wish(&args.name, Settable::Name),
        language: wish(&args.language, Settable::Language),
        time_zone: wish(&args.time_zone, Settable::TimeZone),
        default_section: wish(&args.default_section, Settable::DefaultSection),
        machine_use: wish(&args.machine_use, Settable::MachineUse),
        sections: several(sections, args, Settable::Sections),
        style: several(style, args, Settable::Style),
        accent: wish(&args.accent, Settable::Accent),
        accent_dark: wish(&args.accent_dark, Settable::AccentDark),
    })
}

fn several<T>(given: Vec<T>, args: &SetSiteArgs, what: Settable) -> Wish<Vec<T>> {
    match given.is_empty() {
        false => Wish::Is(given),
        true if args.unset.contains(&what) => Wish::File,
        true => Wish::Stays,
    }
}

/// Tells each setting, and where it comes from.
fn tell(session: &Session, held: &Held) {
    let set = held.set.names();
    let placed = held.sections.iter().map(|one| match one.in_head {
        true => one.name.clone(),
        false => format!("{} (not in the head)", one.name),
    });
    let style = style_settings(&held.style).map(|(name, value)| format!("{name}={value}")).join(" ");
    let colour = |which: fn(&(newsroom::colour::Colour, newsroom::colour::Colour)) -> String| {
        held.accent.as_ref().map_or_else(|| "the program's own".to_owned(), which)
    };
    let told = [
        ("name", held.site.name.clone()),
        ("language", held.site.language.clone()),
        ("time_zone", held.site.time_zone.iana_name().unwrap_or("UTC").to_owned()),
        ("default_section", held.site.default_section.clone()),
        ("machine_use", held.site.machine_use.as_str().to_owned()),
        ("sections", placed.collect::<Vec<_>>().join(", ")),
        ("style", style),
        ("accent", colour(|(light, _)| light.to_string())),
        ("accent_dark", colour(|(_, dark)| dark.to_string())),
    ];
    for (name, value) in told {
        let at_desk = set.iter().any(|one| one == name);
        let from = if at_desk { "set at the desk" } else { "as halftone.toml says" };
        let sentence = format!("{name}: {value} ({from})");
        session.report.say(&sentence, json!({ "setting": name, "value": value, "set_at_desk": at_desk }));
    }
}
