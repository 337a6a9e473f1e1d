//! What the site is called and how it is.

use axum::response::{IntoResponse, Response};
use hyper::HeaderMap;
use newsroom::staff::policy::Permission;
use newsroom::style::HouseStyle;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ask::{Caller, Json, etag, if_match};
use super::problem::{self, Problem};
use crate::actions::set_site::{SiteChange, Wish, printing_again, set_site};
use crate::config::{Held, PlacedSection};

/// What holds of the site.
#[derive(Debug, Serialize, ToSchema)]
pub struct SiteBody {
    /// How often it was changed at the desk; the ETag.
    version: i64,
    /// Where readers reach it. Set in `halftone.toml` alone.
    url: String,
    name: String,
    /// Of pages without a story, and of stories where none is known (BCP 47).
    language: String,
    /// IANA name.
    time_zone: String,
    /// Section of a story for which none is given.
    default_section: String,
    /// What machines may do with what is published: `open`, `no-training` or `closed`.
    machine_use: String,
    /// Sections that have a place, in their order; others follow as stories have them.
    sections: Vec<SectionBody>,
    style: StyleBody,
    /// The colour of the house in the light (`#rrggbb`); nothing where it is the program's own.
    accent: Option<String>,
    /// The same in the dark.
    accent_dark: Option<String>,
    /// The names of what was set at the desk or here; `halftone.toml` holds for the rest.
    set: Vec<String>,
    /// How many prints of pages that show an older setting are still to come.
    printing_again: u64,
}

/// A section that has a place.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SectionBody {
    name: String,
    /// Whether the head of pages leads there, once a published story is in it.
    in_head: bool,
}

/// What the house asks of its captions.
#[derive(Debug, Serialize, ToSchema)]
pub struct StyleBody {
    /// `plain`, `ap`, `reuters`, `afp`, `epa` or `getty`.
    house: String,
    sentences: usize,
    present_tense: bool,
    place: bool,
    country: bool,
    date: bool,
    /// `any`, `month_short`, `month_first` or `day_first`.
    date_form: String,
    weekday: bool,
    worn_words: bool,
}

impl StyleBody {
    fn of(style: &HouseStyle) -> Self {
        Self {
            house: style.house.as_str().to_owned(),
            sentences: style.sentences,
            present_tense: style.present_tense,
            place: style.place,
            country: style.country,
            date: style.date,
            date_form: style.date_form.as_str().to_owned(),
            weekday: style.weekday,
            worn_words: style.worn_words,
        }
    }
}

impl SiteBody {
    fn of(held: &Held, printing_again: u64) -> Self {
        let section =
            |placed: &PlacedSection| SectionBody { name: placed.name.clone(), in_head: placed.in_head };
        Self {
            version: held.version,
            url: held.site.url.clone(),
            name: held.site.name.clone(),
            language: held.site.language.clone(),
            time_zone: held.site.time_zone.iana_name().unwrap_or("UTC").to_owned(),
            default_section: held.site.default_section.clone(),
            machine_use: held.site.machine_use.as_str().to_owned(),
            sections: held.sections.iter().map(section).collect(),
            style: StyleBody::of(&held.style),
            accent: held.accent.map(|(light, _)| light.to_string()),
            accent_dark: held.accent.map(|(_, dark)| dark.to_string()),
            set: held.set.names(),
            printing_again,
        }
    }
}

/// Tells what holds of the site.
#[utoipa::path(get, path = "/site", tag = "site", responses((status = 200, body = SiteBody), problem::Reading))]
pub async fn get(caller: Caller) -> Result<Response, Problem> {
    caller.who.may(Permission::ManageSite)?;
    let held = caller.app.look_at_settings().await?;
    answer(&caller, &held).await
}

async fn answer(caller: &Caller, held: &Held) -> Result<Response, Problem> {
    let left = printing_again(&caller.app).await?;
    Ok((etag(held.version), axum::Json(SiteBody::of(held, left))).into_response())
}

/// What is to be set. What is left out stays; what is null is again as `halftone.toml` says.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeSite {
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    name: Wish<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    language: Wish<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    time_zone: Wish<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    default_section: Wish<String>,
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    machine_use: Wish<String>,
    #[serde(default)]
    #[schema(value_type = Option<Vec<SectionBody>>)]
    sections: Wish<Vec<SectionBody>>,
    #[serde(default)]
    #[schema(value_type = Option<ChangeStyle>)]
    style: Wish<ChangeStyle>,
    /// `#rrggbb`, with a contrast of 4.5 to 1 to the light ground of pages.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    accent: Wish<String>,
    /// The same to the dark ground; the nearest shade of `accent` that has it where nothing is said.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    accent_dark: Wish<String>,
}

/// A house style: of the house, with the switches that are said on their own.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeStyle {
    /// The file's where none is said.
    house: Option<String>,
    sentences: Option<u64>,
    present_tense: Option<bool>,
    place: Option<bool>,
    country: Option<bool>,
    date: Option<bool>,
    date_form: Option<String>,
    weekday: Option<bool>,
    worn_words: Option<bool>,
}

impl ChangeStyle {
    /// In the words of the settings.
    fn settings(self) -> Vec<(String, String)> {
        let switch = |on: Option<bool>| on.map(|on| if on { "on" } else { "off" }.to_owned());
        let all = [
            ("house", self.house),
            ("sentences", self.sentences.map(|number| number.to_string())),
            ("present_tense", switch(self.present_tense)),
            ("place", switch(self.place)),
            ("country", switch(self.country)),
            ("date", switch(self.date)),
            ("date_form", self.date_form),
            ("weekday", switch(self.weekday)),
            ("worn_words", switch(self.worn_words)),
        ];
        all.into_iter().filter_map(|(name, text)| Some((name.to_owned(), text?))).collect()
    }
}

/// Sets what the site is called and how it is, for all processes. Pages that show it are printed again.
#[utoipa::path(patch, path = "/site", tag = "site", request_body = ChangeSite,
    params(("If-Match" = Option<String>, Header, description = "The ETag that the change was made from")),
    responses((status = 200, body = SiteBody), problem::Writing))]
pub async fn change(
    caller: Caller,
    headers: HeaderMap,
    Json(body): Json<ChangeSite>,
) -> Result<Response, Problem> {
    let placed = |one: SectionBody| PlacedSection { name: one.name, in_head: one.in_head };
    let change = SiteChange {
        version: if_match(&headers)?,
        name: body.name,
        language: body.language,
        time_zone: body.time_zone,
        default_section: body.default_section,
        machine_use: body.machine_use,
        sections: body.sections.map(|sections| sections.into_iter().map(placed).collect()),
        style: body.style.map(ChangeStyle::settings),
        accent: body.accent,
        accent_dark: body.accent_dark,
    };
    let held = set_site(&caller.app, &caller.who, &change).await?;
    answer(&caller, &held).await
}
