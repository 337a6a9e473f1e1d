//! What the site is called and how it is: an administrator's form. An empty field leaves the setting to `halftone.toml`.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use newsroom::colour::Colour;
use newsroom::staff::policy::Permission;
use newsroom::style::{DateForm, House, HouseStyle};
use store::View;

use super::forms::{Choice, Field, Own, Wrong};
use super::frame::{Frame, page};
use super::{Colleague, Form, Hindrance, Room};
use crate::actions::set_site::{SiteChange, Wish, printing_again, set_site};
use crate::config::{
    Config, Held, MachineUse, OWN_ACCENT, OWN_ACCENT_DARK, PlacedSection, STYLE_SETTINGS, style_settings,
};
use crate::texts::Texts;

/// The part of the desk.
pub const PART_OF_DESK: &str = "/desk/site";

/// What stands in the form, by the name of its field.
pub type Typed = BTreeMap<String, String>;

#[derive(Template)]
#[template(path = "desk/site.html")]
struct Site {
    frame: Frame,
    kept: bool,
    wrong: Option<String>,
    /// How many prints still show an older setting, while there are some.
    left: Option<String>,
    version: String,
    url: String,
    about: Vec<Field>,
    sections: Vec<Field>,
    colours: Vec<Field>,
    style: Vec<Field>,
    light: Colour,
    dark: Colour,
}

/// The form; with what was typed where somebody comes back from looking at it.
pub async fn site(
    State(room): State<Room>,
    colleague: Colleague,
    Query(asked): Query<Typed>,
) -> Result<Response, Hindrance> {
    let typed = asked.contains_key("version").then_some(&asked);
    shown(&room, &colleague, typed, (asked.contains_key("kept"), &Wrong::default())).await
}

/// Sets what the form says.
pub async fn save(
    State(room): State<Room>,
    _: Own,
    colleague: Colleague,
    Form(typed): Form<Typed>,
) -> Result<Response, Hindrance> {
    match set_site(&colleague.app, &colleague.who, &change(&typed)).await {
        Ok(_) => Ok(Redirect::to("/desk/site?kept=1").into_response()),
        Err(denied) => {
            let wrong = Wrong::of(&room, denied)?;
            shown(&room, &colleague, Some(&typed), (false, &wrong)).await
        }
    }
}

async fn shown(
    room: &Room,
    colleague: &Colleague,
    typed: Option<&Typed>,
    (kept, wrong): (bool, &Wrong),
) -> Result<Response, Hindrance> {
    let app = &colleague.app;
    colleague.who.may(Permission::ManageSite).map_err(|refusal| room.denied(&refusal.into()))?;
    let held = app.look_at_settings().await.map_err(|error| room.fault(&error))?;
    let left = printing_again(app).await.map_err(|error| room.fault(&error))?;
    let standing = app.store().view(async |view: &mut View| view.standing_sections().await);
    let standing = standing.await.map_err(|error| room.fault(&error))?;
    let head: Vec<String> = held.in_head(standing).into_iter().map(|(_, name)| name).collect();
    let frame = Frame::inside(room, colleague, "site", PART_OF_DESK);
    let as_held = written(&held);
    let fields = Fields { t: frame.t, typed: typed.unwrap_or(&as_held), wrong, file: app.config() };
    let (about, sections) = (fields.about(), fields.sections(&head.join(", ")));
    let (colours, style) = (fields.colours(), fields.style());
    let (light, dark) = held.accent.unwrap_or((OWN_ACCENT, OWN_ACCENT_DARK));
    let site = Site {
        kept,
        wrong: wrong.besides(&[&about, &sections, &colours, &style]),
        left: (left > 0).then(|| fields.t.count("site-left", left)),
        // Who was told that somebody was faster has seen what holds, and may go on from there.
        version: if wrong.has("stale_revision") { held.version.to_string() } else { fields.is("version") },
        url: held.site.url.clone(),
        about,
        sections,
        colours,
        style,
        light,
        dark,
        frame,
    };
    Ok(page(wrong.status(), &site))
}

/// What was set, as it stands in the form.
fn written(held: &Held) -> Typed {
    let set = &held.set;
    let names = |in_head: bool| {
        let placed = set.sections.iter().flatten().filter(|placed| placed.in_head == in_head);
        placed.map(|placed| placed.name.as_str()).collect::<Vec<_>>().join("\n")
    };
    let colour = |set: Option<Colour>| set.map(|colour| colour.to_string());
    let mut typed: Typed = [
        ("version", Some(held.version.to_string())),
        ("name", set.name.clone()),
        ("language", set.language.clone()),
        ("time_zone", set.time_zone.clone()),
        ("default_section", set.default_section.clone()),
        ("machine_use", set.machine_use.map(|what| what.as_str().to_owned())),
        ("sections", Some(names(true))),
        ("sections_beside", Some(names(false))),
        ("accent", colour(set.accent)),
        ("accent_dark", colour(set.accent_dark)),
    ]
    .into_iter()
    .filter_map(|(name, text)| Some((name.to_owned(), text?)))
    .collect();
    if let Some(style) = &set.style {
        let house = style_settings(&HouseStyle::of(style.house));
        let own = style_settings(style).into_iter().zip(house);
        // What is as the house has it stays empty, so that another house brings its own.
        let own = own.filter(|(own, house)| own.0 == "house" || own.1 != house.1);
        typed.extend(own.map(|((name, text), _)| (name.to_owned(), text)));
    }
    typed
}

/// What the form asks for.
pub fn change(typed: &Typed) -> SiteChange {
    let text = |name: &str| typed.get(name).map_or("", |text| text.trim());
    let wish = |name: &str| match text(name) {
        "" => Wish::File,
        text => Wish::Is(text.to_owned()),
    };
    let placed = |name: &str, in_head: bool| -> Vec<PlacedSection> {
        let names = text(name).lines().map(str::trim).filter(|name| !name.is_empty());
        names.map(|name| PlacedSection { name: name.to_owned(), in_head }).collect()
    };
    let sections = [placed("sections", true), placed("sections_beside", false)].concat();
    let style: Vec<(String, String)> = STYLE_SETTINGS
        .into_iter()
        .filter(|name| !text(name).is_empty())
        .map(|name| (name.to_owned(), text(name).to_owned()))
        .collect();
    SiteChange {
        // What is no number is no version that anybody was shown.
        version: Some(text("version").parse().unwrap_or(-1)),
        name: wish("name"),
        language: wish("language"),
        time_zone: wish("time_zone"),
        default_section: wish("default_section"),
        machine_use: wish("machine_use"),
        sections: if sections.is_empty() { Wish::File } else { Wish::Is(sections) },
        style: if style.is_empty() { Wish::File } else { Wish::Is(style) },
        accent: wish("accent"),
        accent_dark: wish("accent_dark"),
    }
}

/// Makes the fields of the form.
struct Fields<'a> {
    t: Texts,
    typed: &'a Typed,
    wrong: &'a Wrong,
    file: &'a Config,
}

impl Fields<'_> {
    fn is(&self, name: &str) -> String {
        self.typed.get(name).cloned().unwrap_or_default()
    }

    fn field(&self, name: &'static str, kind: &'static str, label: &str) -> Field {
        Field::new("site", name, kind, self.t.say(label)).value(self.is(name)).wrong(self.wrong)
    }

    /// A field of which the file says something.
    fn over(&self, name: &'static str, label: &str, hint: Option<&str>, file: &str) -> Field {
        let says = self.t.with("file-says", "value", file);
        let hint = hint.map_or_else(|| says.clone(), |hint| format!("{} {says}", self.t.say(hint)));
        self.field(name, "text", label).hint(hint)
    }

    /// One of several, or what the first, empty one says.
    fn one_of(
        &self,
        name: &'static str,
        label: &str,
        first: String,
        rest: impl Iterator<Item = (&'static str, String)>,
    ) -> Field {
        let chosen = self.is(name);
        let choice = |(value, label): (&str, String)| Choice::new(value, label, value == chosen);
        let all: Vec<Choice> = [("", first)].into_iter().chain(rest).map(choice).collect();
        self.field(name, "select", label).choices(all)
    }

    fn about(&self) -> Vec<Field> {
        let (t, file) = (self.t, &self.file.site);
        let told = |what: MachineUse| t.say(&format!("machine-use-{}", what.as_str()));
        let uses = MachineUse::ALL.into_iter().map(|what| (what.as_str(), told(what)));
        let as_file = t.with("as-file-says", "value", &told(file.machine_use));
        let zone = file.time_zone.iana_name().unwrap_or("UTC");
        vec![
            self.over("name", "site-name", None, &file.name),
            self.over("language", "site-language", Some("site-language-hint"), &file.language),
            self.over("time_zone", "site-time-zone", Some("site-time-zone-hint"), zone),
            self.one_of("machine_use", "site-machine-use", as_file, uses),
        ]
    }

    fn sections(&self, now: &str) -> Vec<Field> {
        let none = self.t.say("none-yet");
        let now = if now.is_empty() { &none } else { now };
        vec![
            self.over("default_section", "site-default-section", None, &self.file.site.default_section),
            self.field("sections", "area", "site-sections-head").hint(self.t.with(
                "site-sections-head-hint",
                "sections",
                now,
            )),
            self.field("sections_beside", "area", "site-sections-beside")
                .hint(self.t.say("site-sections-beside-hint")),
        ]
    }

    fn colours(&self) -> Vec<Field> {
        vec![
            self.field("accent", "text", "site-accent").hint(self.t.say("site-accent-hint")),
            self.field("accent_dark", "text", "site-accent-dark").hint(self.t.say("site-accent-dark-hint")),
        ]
    }

    fn style(&self) -> Vec<Field> {
        let t = self.t;
        let house = |house: House| t.say(&format!("house-{}", house.as_str()));
        let houses = House::ALL.into_iter().map(|one| (one.as_str(), house(one)));
        let as_file = t.with("as-file-says", "value", &house(self.file.style.house));
        let forms = DateForm::ALL.map(|form| (form.as_str(), t.say(&format!("form-{}", form.as_str()))));
        let own = || t.say("as-the-house");
        let switch = |name: &'static str, label: &str| {
            let answers = [("on", t.say("switch-on")), ("off", t.say("switch-off"))];
            self.one_of(name, label, own(), answers.into_iter())
        };
        vec![
            self.one_of("house", "site-house", as_file, houses),
            self.field("sentences", "number", "site-sentences").hint(t.say("site-sentences-hint")),
            switch("present_tense", "site-present-tense"),
            switch("place", "site-place"),
            switch("country", "site-country"),
            switch("date", "site-date"),
            self.one_of("date_form", "site-date-form", own(), forms.into_iter()),
            switch("weekday", "site-weekday"),
            switch("worn_words", "site-worn-words"),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::KeptSettings;

    #[test]
    fn a_form_that_is_sent_as_it_came_asks_for_what_is_set_already() {
        let text = r##"{"version":4,"set":{"name":"Silver","machine_use":"closed","accent":"#00458a",
            "sections":[{"name":"World","in_head":true},{"name":"Archive","in_head":false}],
            "style":{"house":"ap","weekday":false,"sentences":3,"place":true,"country":true,"date":true,
            "date_form":"month_short","present_tense":true,"worn_words":false}}}"##;
        let kept: KeptSettings = serde_json::from_str(text).unwrap();
        let held = Held::of(&Config::parse("").unwrap(), kept);
        let typed = written(&held);
        assert_eq!((typed["weekday"].as_str(), typed.get("place")), ("off", None));
        let asked = change(&typed);
        assert_eq!((asked.version, &asked.language), (Some(4), &Wish::File));
        assert_eq!(asked.sections, Wish::Is(held.set.sections.clone().unwrap()));
        let Wish::Is(style) = asked.style else { panic!("no style") };
        let style = crate::config::style_of(style.iter().map(|(name, text)| (name.as_str(), text.as_str())));
        assert_eq!(style, Ok(held.style));
        assert_eq!(
            change(&written(&Held::of(&Config::parse("").unwrap(), KeptSettings::default()))).style,
            Wish::File
        );
    }
}
