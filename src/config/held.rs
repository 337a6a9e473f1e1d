//! What holds of the site: what the file says, and over it, field by field, what an administrator set at the desk.

use jiff::tz::TimeZone;
use newsroom::colour::Colour;
use newsroom::slug::Slug;
use newsroom::style::HouseStyle;
use serde::{Deserialize, Serialize};

use super::{Config, MachineUse, SiteConfig};

/// A section as the desk places it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlacedSection {
    /// As readers see it.
    pub name: String,
    /// Whether the head of pages leads there.
    pub in_head: bool,
}

/// What was set at the desk; the file holds for what is `None`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DeskSettings {
    /// In place of `site.name`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// In place of `site.language`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// In place of `site.time_zone`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub time_zone: Option<String>,
    /// In place of `site.default_section`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_section: Option<String>,
    /// In place of `site.machine_use`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub machine_use: Option<MachineUse>,
    /// The sections in their order; others follow as stories have them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sections: Option<Vec<PlacedSection>>,
    /// In place of all of `[style]`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub style: Option<HouseStyle>,
    /// The colour of the house on the light ground.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accent: Option<Colour>,
    /// The same on the dark ground; the nearest shade that can be read there where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accent_dark: Option<Colour>,
}

impl DeskSettings {
    /// The names of what is set.
    pub fn names(&self) -> Vec<String> {
        match serde_json::to_value(self) {
            Ok(serde_json::Value::Object(fields)) => fields.into_iter().map(|(name, _)| name).collect(),
            _ => Vec::new(),
        }
    }
}

/// What the desk set, as the records keep it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct KeptSettings {
    /// How often it was changed.
    pub version: i64,
    /// What was set.
    pub set: DeskSettings,
}

/// The grounds of readers' pages in the light, as `assets/site.css` has them.
pub const LIGHT_GROUNDS: [Colour; 2] = [Colour::new(0xfd, 0xfc, 0xfa), Colour::new(0xf2, 0xee, 0xe7)];
/// The same in the dark.
pub const DARK_GROUNDS: [Colour; 2] = [Colour::new(0x14, 0x13, 0x11), Colour::new(0x1f, 0x1d, 0x1a)];

/// The program's own colour in the light.
pub const OWN_ACCENT: Colour = Colour::new(0x93, 0x29, 0x0f);
/// The same in the dark.
pub const OWN_ACCENT_DARK: Colour = Colour::new(0xf0, 0xa8, 0x8f);

/// What holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    /// How often the desk changed it.
    pub version: i64,
    /// What the site is called and where it stands.
    pub site: SiteConfig,
    /// Sections that have a place; others follow as stories have them.
    pub sections: Vec<PlacedSection>,
    /// What the house asks of its captions.
    pub style: HouseStyle,
    /// The colour of the house, on the light and on the dark ground; the program's own where nothing is said.
    pub accent: Option<(Colour, Colour)>,
    /// What of this was set at the desk.
    pub set: DeskSettings,
}

/// The colours that are set, or follow from one that is.
fn accent(set: &DeskSettings) -> Option<(Colour, Colour)> {
    match (set.accent, set.accent_dark) {
        (None, None) => None,
        (Some(light), None) => Some((light, light.lightened_for(&DARK_GROUNDS))),
        (light, Some(dark)) => Some((light.unwrap_or(OWN_ACCENT), dark)),
    }
}

impl Held {
    /// What the file says, with what the records keep over it.
    pub fn of(config: &Config, kept: KeptSettings) -> Self {
        let KeptSettings { version, set } = kept;
        let file = &config.site;
        let or = |set: &Option<String>, file: &str| set.clone().unwrap_or_else(|| file.to_owned());
        let zone = set.time_zone.as_deref().and_then(|name| TimeZone::get(name).ok());
        let site = SiteConfig {
            name: or(&set.name, &file.name),
            url: file.url.clone(),
            language: or(&set.language, &file.language),
            time_zone: zone.unwrap_or_else(|| file.time_zone.clone()),
            default_section: or(&set.default_section, &file.default_section),
            machine_use: set.machine_use.unwrap_or(file.machine_use),
        };
        Self {
            version,
            site,
            sections: set.sections.clone().unwrap_or_default(),
            style: set.style.clone().unwrap_or_else(|| config.style.clone()),
            accent: accent(&set),
            set,
        }
    }

    /// Whether readers' pages are other ones with these settings.
    pub fn prints_as(&self, other: &Self) -> bool {
        self.site.name == other.site.name
            && self.site.language == other.site.language
            && self.site.time_zone == other.site.time_zone
            && self.site.machine_use == other.site.machine_use
            && self.sections == other.sections
    }

    /// The sections of the head of pages, of these that stand: the ones that have a place first, in their order.
    pub fn in_head(&self, mut standing: Vec<(Slug, String)>) -> Vec<(Slug, String)> {
        let mut head = Vec::new();
        for placed in &self.sections {
            let Some(slug) = Slug::from_text(&placed.name) else { continue };
            let Some(at) = standing.iter().position(|(standing, _)| *standing == slug) else { continue };
            let section = standing.remove(at);
            if placed.in_head {
                head.push(section);
            }
        }
        head.extend(standing);
        head
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(text: &str) -> KeptSettings {
        serde_json::from_str(text).unwrap()
    }

    #[test]
    fn what_the_desk_set_goes_over_the_file_field_by_field() {
        let file = "[site]\nname = \"Grain\"\nlanguage = \"de\"\n[style]\nhouse = \"ap\"\nweekday = \"off\"";
        let config = Config::parse(file).unwrap();
        let bare = Held::of(&config, KeptSettings::default());
        assert_eq!((&bare.site, &bare.style), (&config.site, &config.style));
        let set = kept(
            r#"{"version":2,"set":{"name":"Silver","time_zone":"Europe/Berlin","machine_use":"closed","later":1}}"#,
        );
        let held = Held::of(&config, set);
        assert_eq!((held.version, held.site.name.as_str(), held.site.language.as_str()), (2, "Silver", "de"));
        assert_eq!(held.site.machine_use, MachineUse::Closed);
        assert_eq!(held.site.time_zone.iana_name(), Some("Europe/Berlin"));
        assert_eq!(held.style, config.style);
        assert!(!held.prints_as(&bare));
    }

    #[test]
    fn the_head_has_the_sections_that_stand_in_the_order_of_the_desk_and_the_others_behind() {
        let placed = r#"{"version":1,"set":{"sections":[{"name":"World","in_head":true},
            {"name":"Archive","in_head":false},{"name":"To come","in_head":true}]}}"#;
        let held = Held::of(&Config::parse("").unwrap(), kept(placed));
        let standing =
            ["Archive", "Photo", "World"].map(|name| (Slug::from_text(name).unwrap(), name.to_owned()));
        let names: Vec<String> = held.in_head(standing.to_vec()).into_iter().map(|(_, name)| name).collect();
        assert_eq!(names, ["World", "Photo"]);
    }

    #[test]
    fn a_colour_of_the_house_has_a_shade_for_the_dark_that_can_be_read_there() {
        let held = |text| Held::of(&Config::parse("").unwrap(), kept(text)).accent;
        let (light, dark) = held(r##"{"version":1,"set":{"accent":"#00458a"}}"##).unwrap();
        assert_eq!(light.to_string(), "#00458a");
        assert!(dark.is_readable_on(&DARK_GROUNDS) && !light.is_readable_on(&DARK_GROUNDS));
        assert_eq!(held(r#"{"version":0,"set":{}}"#), None);
    }
}
