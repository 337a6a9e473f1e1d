//! Sets what the site is called and how it is, over what `halftone.toml` says (docs/settings.md).

use std::sync::Arc;

use jiff::tz::TimeZone;
use newsroom::bounds;
use newsroom::colour::{Colour, LEAST_CONTRAST};
use newsroom::refusal::Refusal;
use newsroom::slug::Slug;
use newsroom::staff::policy::Permission;
use newsroom::style::HouseStyle;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};
use store::{StoreError, Tx, View};

use super::audit::Deed;
use super::{Denied, Who, refuse};
use crate::app::{App, DESK_SETTINGS};
use crate::config::{
    Config, DARK_GROUNDS, DeskSettings, Held, KeptSettings, LIGHT_GROUNDS, MachineUse, PlacedSection,
    STYLE_SETTINGS, is_language_tag, style_of,
};
use crate::jobs::{Job, enqueue, kinds};

/// Characters of a site's name at most.
const LONGEST_NAME: usize = 100;
/// Sections that have a place at most.
const MOST_SECTIONS: usize = 50;

/// What is to become of one setting.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Wish<T> {
    /// It stays as it is.
    #[default]
    Stays,
    /// What the file says holds again.
    File,
    /// It is set to this.
    Is(T),
}

/// Nothing (`null`) is the file's; what is left out has to be said to stay by `#[serde(default)]`.
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Wish<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Option::deserialize(from)?.map_or(Self::File, Self::Is))
    }
}

impl<T> Wish<T> {
    /// The same of what is made of a value.
    pub fn map<U>(self, make: impl FnOnce(T) -> U) -> Wish<U> {
        match self {
            Self::Stays => Wish::Stays,
            Self::File => Wish::File,
            Self::Is(value) => Wish::Is(make(value)),
        }
    }
}

impl<T: Clone> Wish<T> {
    fn grant(&self, setting: &mut Option<T>) {
        match self {
            Self::Stays => {}
            Self::File => *setting = None,
            Self::Is(value) => *setting = Some(value.clone()),
        }
    }
}

/// What is to be set, as somebody wrote it.
#[derive(Debug, Clone, Default)]
pub struct SiteChange {
    /// The version that it was made from; whichever it is when `None`.
    pub version: Option<i64>,
    /// The name.
    pub name: Wish<String>,
    /// The language.
    pub language: Wish<String>,
    /// The time zone.
    pub time_zone: Wish<String>,
    /// The section of a story for which none is given.
    pub default_section: Wish<String>,
    /// What machines may do.
    pub machine_use: Wish<String>,
    /// The sections in their order.
    pub sections: Wish<Vec<PlacedSection>>,
    /// The house style, in the words of `[style]`.
    pub style: Wish<Vec<(String, String)>>,
    /// The colour of the house.
    pub accent: Wish<String>,
    /// The same on the dark ground.
    pub accent_dark: Wish<String>,
}

/// Sets what is to be set, for all processes; readers' pages follow where it stands on them. Gives what holds then.
///
/// # Errors
/// Refusals, each with its field; `stale_revision` where somebody else changed the settings since that version; a fault of
/// the store.
pub async fn set_site(app: &App, who: &Who, change: &SiteChange) -> Result<Arc<Held>, Denied> {
    who.may(Permission::ManageSite)?;
    let wishes = Wishes::read(change, app.config())?;
    let deed = Deed { who, at: app.now(), verb: "set_site" };
    app.store()
        .act(async |tx: &mut Tx| {
            let before = app.held(tx).await?;
            if change.version.is_some_and(|version| version != before.version) {
                let sentence = "Somebody else has changed the site meanwhile; look at it again.";
                return refuse(Refusal::new("stale_revision", sentence));
            }
            let kept = KeptSettings { version: before.version + 1, set: wishes.granted(&before.set) };
            if kept.set == before.set {
                return Ok(());
            }
            let text = serde_json::to_string(&kept).map_err(|error| StoreError::fault(error.to_string()))?;
            tx.set_setting(DESK_SETTINGS, Some(&text)).await?;
            let (was, is) = changed(&before.set, &kept.set);
            deed.note(tx, "site", "site".to_owned(), Some(was), Some(is)).await?;
            follow_up(tx, &before, &Held::of(app.config(), kept), &deed).await?;
            tx.next_change().await?;
            Ok(())
        })
        .await
        .map_err(Denied::from)?;
    Ok(app.look_at_settings().await?)
}

/// What would hold with a change, which is not made.
///
/// # Errors
/// Refusals, each with its field.
pub fn tried(app: &App, who: &Who, change: &SiteChange) -> Result<Held, Denied> {
    who.may(Permission::ManageSite)?;
    let (wishes, known) = (Wishes::read(change, app.config())?, app.known());
    let set = wishes.granted(&known.set);
    Ok(Held::of(app.config(), KeptSettings { version: known.version, set }))
}

/// How many jobs of an archive that is printed again are still to be done.
///
/// # Errors
/// A fault of the store.
pub async fn printing_again(app: &App) -> Result<u64, StoreError> {
    let now = app.now();
    let counts = app.store().view(async |view: &mut View| view.job_counts(now).await).await?;
    let of_reprints = counts.iter().filter(|count| kinds::OF_REPRINTS.contains(&count.kind.as_str()));
    Ok(of_reprints.map(|count| count.waiting + count.running).sum())
}

/// Asks for what has to be made anew.
async fn follow_up(tx: &mut Tx, before: &Held, after: &Held, deed: &Deed<'_>) -> Result<(), StoreError> {
    if after.site.language != before.site.language {
        tx.shelve_all_again().await?;
        enqueue(tx, &Job::ShelveArchive, deed.at).await?;
    }
    if !after.prints_as(before) {
        enqueue(tx, &Job::ReprintArchive, deed.at).await?;
    }
    if !after.prints_as(before) || after.accent != before.accent {
        // Home, and the sheet with the colours, which no page has to be printed again for.
        enqueue(tx, &Job::PrintLists, deed.at).await?;
    }
    Ok(())
}

/// The settings that differ, as they were and as they are.
fn changed(before: &DeskSettings, after: &DeskSettings) -> (Value, Value) {
    let fields = |set: &DeskSettings| match serde_json::to_value(set) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    };
    let (before, after) = (fields(before), fields(after));
    let other = |these: &Map<String, Value>, those: &Map<String, Value>| -> Map<String, Value> {
        let differs = these.iter().filter(|(name, value)| those.get(*name) != Some(*value));
        differs.map(|(name, value)| (name.clone(), value.clone())).collect()
    };
    (Value::Object(other(&before, &after)), Value::Object(other(&after, &before)))
}

/// What is to be set, read.
struct Wishes {
    name: Wish<String>,
    language: Wish<String>,
    time_zone: Wish<String>,
    default_section: Wish<String>,
    machine_use: Wish<MachineUse>,
    sections: Wish<Vec<PlacedSection>>,
    style: Wish<HouseStyle>,
    accent: Wish<Colour>,
    accent_dark: Wish<Colour>,
}

impl Wishes {
    /// Reads a change.
    ///
    /// # Errors
    /// All that is wrong with it.
    fn read(change: &SiteChange, config: &Config) -> Result<Self, Vec<Refusal>> {
        let mut wrong = Vec::new();
        let wishes = Self {
            name: read(&change.name, &mut wrong, |text| name(text)),
            language: read(&change.language, &mut wrong, |text| language(text)),
            time_zone: read(&change.time_zone, &mut wrong, |text| time_zone(text)),
            default_section: read(&change.default_section, &mut wrong, |text| {
                section(text, "default_section")
            }),
            machine_use: read(&change.machine_use, &mut wrong, |text| machine_use(text)),
            sections: read(&change.sections, &mut wrong, |placed| sections(placed)),
            style: read(&change.style, &mut wrong, |settings| style(settings, config)),
            accent: read(&change.accent, &mut wrong, |text| {
                colour(text, "accent", &LIGHT_GROUNDS, Colour::darkened_for)
            }),
            accent_dark: read(&change.accent_dark, &mut wrong, |text| {
                colour(text, "accent_dark", &DARK_GROUNDS, Colour::lightened_for)
            }),
        };
        if wrong.is_empty() { Ok(wishes) } else { Err(wrong) }
    }

    fn granted(&self, before: &DeskSettings) -> DeskSettings {
        let mut set = before.clone();
        self.name.grant(&mut set.name);
        self.language.grant(&mut set.language);
        self.time_zone.grant(&mut set.time_zone);
        self.default_section.grant(&mut set.default_section);
        self.machine_use.grant(&mut set.machine_use);
        self.sections.grant(&mut set.sections);
        self.style.grant(&mut set.style);
        self.accent.grant(&mut set.accent);
        self.accent_dark.grant(&mut set.accent_dark);
        set
    }
}

fn read<T, U>(
    wish: &Wish<T>,
    wrong: &mut Vec<Refusal>,
    read: impl FnOnce(&T) -> Result<U, Vec<Refusal>>,
) -> Wish<U> {
    match wish {
        Wish::Stays => Wish::Stays,
        Wish::File => Wish::File,
        Wish::Is(value) => match read(value) {
            Ok(value) => Wish::Is(value),
            Err(refusals) => {
                wrong.extend(refusals);
                Wish::Stays
            }
        },
    }
}

fn one(code: &'static str, field: &'static str, sentence: impl Into<String>) -> Vec<Refusal> {
    vec![Refusal::new(code, sentence).field(field)]
}

fn name(text: &str) -> Result<String, Vec<Refusal>> {
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        let sentence = format!("A site's name has 1 to {LONGEST_NAME} characters.");
        return Err(one("site_name_odd", "name", sentence));
    }
    Ok(name)
}

fn language(text: &str) -> Result<String, Vec<Refusal>> {
    let text = text.trim();
    if is_language_tag(text) {
        return Ok(text.to_owned());
    }
    let sentence = format!("\"{text}\" is no language; write it as en, de or ar (BCP 47).");
    Err(one("language_odd", "language", sentence))
}

fn time_zone(text: &str) -> Result<String, Vec<Refusal>> {
    let text = text.trim();
    if TimeZone::get(text).is_ok() {
        return Ok(text.to_owned());
    }
    let sentence = format!("\"{text}\" is no time zone; write its IANA name, such as Europe/Berlin or UTC.");
    Err(one("time_zone_odd", "time_zone", sentence))
}

fn section(text: &str, field: &'static str) -> Result<String, Vec<Refusal>> {
    let name = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if Slug::from_text(&name).is_none() {
        return Err(one("section_empty", field, "A section needs a letter or a digit."));
    }
    match bounds::text(field, &name) {
        Some(refusal) => Err(vec![refusal]),
        None => Ok(name),
    }
}

fn machine_use(text: &str) -> Result<MachineUse, Vec<Refusal>> {
    text.parse().map_err(|()| {
        let sentence = "Machines may do one of these: open, no-training or closed.";
        one("machine_use_odd", "machine_use", sentence)
    })
}

fn sections(placed: &[PlacedSection]) -> Result<Vec<PlacedSection>, Vec<Refusal>> {
    if placed.len() > MOST_SECTIONS {
        let sentence = format!("{MOST_SECTIONS} sections may have a place.");
        return Err(one("sections_many", "sections", sentence));
    }
    let mut slugs = Vec::new();
    let mut read = Vec::new();
    for one_of in placed {
        let name = section(&one_of.name, "sections")?;
        let slug = Slug::from_text(&name);
        if slugs.contains(&slug) {
            let sentence = format!("\"{name}\" stands there twice; one place is enough.");
            return Err(one("section_twice", "sections", sentence));
        }
        slugs.push(slug);
        read.push(PlacedSection { name, in_head: one_of.in_head });
    }
    Ok(read)
}

/// The style that these settings make; of the file's house where they name none.
fn style(settings: &[(String, String)], config: &Config) -> Result<HouseStyle, Vec<Refusal>> {
    let house =
        (!settings.iter().any(|(key, _)| key == "house")).then(|| ("house", config.style.house.as_str()));
    let settings = settings.iter().map(|(key, text)| (key.as_str(), text.as_str()));
    style_of(house.into_iter().chain(settings)).map_err(|faults| {
        let refusal = |fault: &crate::config::Fault| {
            let field = STYLE_SETTINGS.into_iter().find(|known| *known == fault.key()).unwrap_or("style");
            Refusal::new("style_odd", format!("\"{}\" {}.", fault.key(), fault.sentence())).field(field)
        };
        faults.iter().map(refusal).collect()
    })
}

fn colour(
    text: &str,
    field: &'static str,
    grounds: &[Colour],
    nearest: impl Fn(Colour, &[Colour]) -> Colour,
) -> Result<Colour, Vec<Refusal>> {
    let text = text.trim();
    let Ok(colour) = text.parse::<Colour>() else {
        let sentence =
            format!("\"{text}\" is no colour; write # and six hexadecimal digits, such as #93290f.");
        return Err(one("colour_odd", field, sentence));
    };
    if colour.is_readable_on(grounds) {
        return Ok(colour);
    }
    let contrast = grounds.iter().map(|ground| colour.contrast(*ground)).fold(f64::MAX, f64::min);
    // Rounded down: a contrast that is told as 4.5 must be one.
    let contrast = (contrast * 10.0).floor() / 10.0;
    let sentence = format!(
        "{colour} has a contrast of {contrast:.1} to 1 with the ground of the pages, and {LEAST_CONTRAST} is needed to be read (WCAG AA). The nearest shade that has it: {}.",
        nearest(colour, grounds)
    );
    Err(one("colour_unreadable", field, sentence))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(change: &SiteChange) -> Vec<(&'static str, Option<&'static str>)> {
        let wrong = Wishes::read(change, &Config::parse("").unwrap()).err().unwrap_or_default();
        wrong.iter().map(|refusal| (refusal.code, refusal.field)).collect()
    }

    fn is(text: &str) -> Wish<String> {
        Wish::Is(text.to_owned())
    }

    #[test]
    fn all_that_is_wrong_is_told_at_once_each_beside_its_field() {
        let twice = ["World", "world"].map(|name| PlacedSection { name: name.to_owned(), in_head: true });
        let wrong = SiteChange {
            name: is(" "),
            language: is("English!"),
            time_zone: is("Mars/Olympus"),
            default_section: is("…"),
            machine_use: is("some"),
            sections: Wish::Is(twice.to_vec()),
            style: Wish::Is(vec![("weekday".to_owned(), "maybe".to_owned())]),
            accent: is("#ffcc00"),
            accent_dark: is("red"),
            version: None,
        };
        let fields: Vec<&str> = refused(&wrong).into_iter().filter_map(|(_, field)| field).collect();
        let expected = [
            "name",
            "language",
            "time_zone",
            "default_section",
            "machine_use",
            "sections",
            "weekday",
            "accent",
            "accent_dark",
        ];
        assert_eq!(fields, expected);
    }

    #[test]
    fn the_nearest_shade_that_is_offered_is_taken() {
        let sentence = |accent: &str| {
            let change = SiteChange { accent: is(accent), ..SiteChange::default() };
            Wishes::read(&change, &Config::parse("").unwrap()).err().map(|wrong| wrong[0].sentence.clone())
        };
        let said = sentence("#ffcc00").unwrap();
        let offered = said.rsplit(": ").next().unwrap().trim_end_matches('.').to_owned();
        assert_eq!(sentence(&offered), None, "{said}");
    }

    #[test]
    fn a_switch_alone_stands_on_the_house_of_the_file() {
        let config = Config::parse("[style]\nhouse = \"ap\"").unwrap();
        let read = style(&[("weekday".to_owned(), "off".to_owned())], &config).unwrap();
        assert_eq!(read, HouseStyle { weekday: false, ..config.style });
    }

    #[test]
    fn the_audit_log_has_what_differs_alone() {
        let before = DeskSettings { name: Some("A".to_owned()), ..DeskSettings::default() };
        let after = DeskSettings { language: Some("de".to_owned()), ..before.clone() };
        let (was, is) = changed(&before, &after);
        assert_eq!((was, is), (serde_json::json!({}), serde_json::json!({ "language": "de" })));
    }
}
