//! The texts of the house in a person's language, from `locales/` (Fluent): one set for what readers see, one for the desk.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use newsroom::story::Direction;
use unic_langid::LanguageIdentifier;

/// Every locale of readers' pages, the one that others fall back to first.
const LOCALES: [(&str, &str); 3] = [
    ("en", include_str!("../locales/en.ftl")),
    ("de", include_str!("../locales/de.ftl")),
    ("ar", include_str!("../locales/ar.ftl")),
];

/// Every locale of the desk.
const DESK_LOCALES: [(&str, &str); 1] = [(
    "en",
    concat!(
        include_str!("../locales/desk/en/story.ftl"),
        include_str!("../locales/desk/en/photos.ftl"),
        include_str!("../locales/desk/en/around.ftl"),
        include_str!("../locales/desk/en/publish.ftl"),
        include_str!("../locales/desk/en/site.ftl"),
    ),
)];

/// What a script on the desk may say begins with this; the names are without it there.
const OF_SCRIPTS: &str = "js-";

struct Locale {
    language: &'static str,
    source: &'static str,
    bundle: FluentBundle<FluentResource>,
}

static BUNDLES: LazyLock<Vec<Locale>> = LazyLock::new(|| locales(&LOCALES));
static DESK_BUNDLES: LazyLock<Vec<Locale>> = LazyLock::new(|| locales(&DESK_LOCALES));

fn locales(sources: &[(&'static str, &'static str)]) -> Vec<Locale> {
    let whole = |(language, source): &(&'static str, &'static str)| Locale {
        language,
        source,
        bundle: bundle(language, source),
    };
    sources.iter().map(whole).collect()
}

fn bundle(language: &str, source: &str) -> FluentBundle<FluentResource> {
    let tag: LanguageIdentifier = language.parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![tag]);
    // Fluent's own isolation signs would stand in alt texts and titles; HTML isolates with bdi and dir instead.
    bundle.set_use_isolating(false);
    // A faulty message is left out here and found by the tests below; the others still speak.
    let resource = match FluentResource::try_new(source.to_owned()) {
        Ok(resource) | Err((resource, _)) => resource,
    };
    bundle.add_resource_overriding(resource);
    bundle
}

/// The texts of one page, in one language.
#[derive(Clone, Copy)]
pub struct Texts {
    locale: Option<&'static Locale>,
    fallback: Option<&'static Locale>,
}

impl Texts {
    /// The locale of the text's language if there is one, else of the site's, else the fallback.
    pub fn choose(language: &str, site_language: &str) -> Self {
        Self::among(&BUNDLES, language, site_language)
    }

    /// The desk's texts in a language; in English where there is no locale for it.
    pub fn of_desk(language: &str) -> Self {
        Self::among(&DESK_BUNDLES, language, language)
    }

    fn among(locales: &'static [Locale], language: &str, other: &str) -> Self {
        let fallback = locales.first();
        Self { locale: find(locales, language).or_else(|| find(locales, other)).or(fallback), fallback }
    }

    /// What a script may say, by its names there: patterns whose variables stand as `{ $name }`.
    pub fn for_scripts(self) -> Vec<(&'static str, &'static str)> {
        let lines = self.locale.into_iter().flat_map(|locale| locale.source.lines());
        lines.filter_map(|line| line.strip_prefix(OF_SCRIPTS)?.split_once(" = ")).collect()
    }

    /// The language of these texts.
    pub fn language(self) -> &'static str {
        self.locale.map_or("en", |locale| locale.language)
    }

    /// The way these texts run.
    pub fn direction(self) -> Direction {
        Direction::of_language(self.language())
    }

    /// A text without variables.
    pub fn say(self, key: &str) -> String {
        self.format(key, None)
    }

    /// A text about a number: `$count` chooses the plural form, `$shown` is the number as it is written.
    pub fn count(self, key: &str, count: u64) -> String {
        let mut args = FluentArgs::new();
        args.set("count", count);
        args.set("shown", grouped(count, &self.say("digit-group")));
        self.format(key, Some(&args))
    }

    /// A text with variables.
    pub fn fill(self, key: &str, variables: &[(&'static str, &str)]) -> String {
        let mut args = FluentArgs::new();
        for (name, value) in variables {
            args.set(*name, (*value).to_owned());
        }
        self.format(key, Some(&args))
    }

    /// A text with one variable.
    pub fn with(self, key: &str, name: &'static str, value: &(impl std::fmt::Display + ?Sized)) -> String {
        self.fill(key, &[(name, &value.to_string())])
    }

    /// "Photo 4 of 15" and its kin: a place in a row, both from 1.
    pub fn place(self, key: &str, number: usize, of: usize) -> String {
        self.fill(key, &[("number", &number.to_string()), ("total", &of.to_string())])
    }

    /// The name of a month, 1 to 12, as it stands inside a date.
    pub fn month(self, month: i8) -> String {
        self.say(&format!("month-{month}"))
    }

    fn format(self, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        for locale in [self.locale, self.fallback].into_iter().flatten() {
            let pattern = locale.bundle.get_message(key).and_then(|message| message.value());
            if let Some(pattern) = pattern {
                return locale.bundle.format_pattern(pattern, args, &mut Vec::new()).into_owned();
            }
        }
        key.to_owned()
    }
}

fn find(locales: &'static [Locale], language: &str) -> Option<&'static Locale> {
    let primary = language.split(['-', '_']).next().unwrap_or_default();
    locales.iter().find(|locale| locale.language.eq_ignore_ascii_case(primary))
}

/// A number with its digits in groups of three; four digits stay together.
fn grouped(number: u64, sign: &str) -> String {
    let digits = number.to_string();
    if digits.len() < 5 {
        return digits;
    }
    let mut out = String::with_capacity(digits.len() + digits.len() / 3 * sign.len());
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push_str(sign);
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::{Path, PathBuf};

    use super::*;

    fn messages(source: &str) -> BTreeSet<String> {
        let names = source.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
        names.filter_map(|line| line.split_once(" =")).map(|(name, _)| name.to_owned()).collect()
    }

    fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { sources(&path, found) } else { found.push(path) }
        }
    }

    #[test]
    fn every_locale_is_whole_and_well_formed() {
        let measure = messages(LOCALES[0].1);
        for (language, source) in LOCALES {
            assert_eq!(messages(source), measure, "{language}");
            let faults = FluentResource::try_new(source.to_owned()).err().map(|(_, faults)| faults);
            assert!(faults.is_none(), "{language}: {faults:?}");
            let bundle = bundle(language, source);
            assert!(measure.iter().all(|name| bundle.has_message(name)), "{language}");
        }
    }

    #[test]
    fn every_locale_uses_the_same_variables() {
        let variables = |source: &str, name: &str| -> BTreeSet<String> {
            let start = source.split(&format!("\n{name} =")).nth(1).unwrap_or_default();
            let own = start.split("\n").enumerate();
            let own = own
                .take_while(|(line, text)| *line == 0 || text.starts_with([' ', '}']))
                .map(|(_, text)| text);
            let own = own.collect::<Vec<_>>().join("\n");
            let names = own.split('$').skip(1).map(|rest| rest.split([' ', '}']).next().unwrap().to_owned());
            names.filter(|name| name != "shown").collect()
        };
        for name in messages(LOCALES[0].1) {
            for (language, source) in LOCALES {
                assert_eq!(variables(source, &name), variables(LOCALES[0].1, &name), "{name} in {language}");
            }
        }
    }

    #[test]
    fn every_text_that_pages_ask_for_is_there_and_none_is_left_over() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut files = Vec::new();
        for folder in ["src/pages", "templates/pages", "templates/partials"] {
            sources(&root.join(folder), &mut files);
        }
        let code: String = files.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect();
        let known = messages(LOCALES[0].1);
        for call in [".say(\"", ".count(\"", ".fill(\"", ".place(\"", "=> \"status-"] {
            let prefix = if call.starts_with('=') { "status-" } else { "" };
            for rest in code.split(call).skip(1) {
                // This very list of calls is followed by a comma or a bracket, not by a name.
                let name = format!("{prefix}{}", rest.split('"').next().unwrap());
                let written = name.chars().all(|c| c.is_ascii_lowercase() || c == '-');
                assert!(!written || known.contains(&name), "{name} is not in locales/en.ftl");
            }
        }
        for name in known {
            let used =
                name.starts_with("month-") || name == "digit-group" || code.contains(&format!("\"{name}\""));
            assert!(used, "{name} is used nowhere");
        }
    }

    #[test]
    fn every_text_of_the_desk_is_asked_for_and_there() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut files = Vec::new();
        for folder in ["src/desk", "templates/desk", "assets/desk"] {
            sources(&root.join(folder), &mut files);
        }
        let code: String = files.iter().map(|path| std::fs::read_to_string(path).unwrap()).collect();
        let known = messages(DESK_LOCALES[0].1);
        for call in [".say(\"", ".count(\"", ".fill(\"", ".place(\"", ".with(\"", "say('", "texts::say(\""] {
            let prefix = if call == "say('" { OF_SCRIPTS } else { "" };
            for rest in code.split(call).skip(1) {
                let name = format!("{prefix}{}", rest.split(['"', '\'']).next().unwrap());
                assert!(known.contains(&name), "{name} is not in locales/desk/en/");
            }
        }
        for name in &known {
            let asked = match name.strip_prefix(OF_SCRIPTS) {
                Some(bare) => code.contains(&format!("'{bare}'")),
                None => code.contains(&format!("\"{name}\"")) || is_of_a_kind(name),
            };
            assert!(asked, "{name} is used nowhere");
        }
        for (name, pattern) in Texts::of_desk("en").for_scripts() {
            assert!(!pattern.contains("->"), "{name}: a script chooses no plural");
        }
    }

    /// Texts that are asked for by a value: `role-` with the name of a role.
    fn is_of_a_kind(name: &str) -> bool {
        if name == "digit-group" {
            return true; // Asked for by every count, above.
        }
        [
            "month-",
            "role-",
            "state-",
            "restriction-",
            "verb-",
            "noun-",
            "kind-",
            "look-",
            "part-",
            "scope-",
            "field-",
            "lack-",
            "mark-",
            "photo-",
            "file-",
            "fact-",
            "judged-",
            "need-",
            "house-",
            "form-",
            "machine-use-",
        ]
        .iter()
        .any(|kind| name.starts_with(kind))
    }

    #[test]
    fn counts_have_the_plural_of_their_language() {
        let comments = |language: &str, count| Texts::choose(language, "en").count("comments", count);
        let en = [comments("en", 0), comments("en-GB", 1), comments("en", 2)];
        assert_eq!(en, ["0 comments", "1 comment", "2 comments"]);
        assert_eq!([comments("de", 1), comments("de-AT", 12_345)], ["1 Kommentar", "12.345 Kommentare"]);
        let ar = [0, 1, 2, 3, 10, 11, 99, 100].map(|count| comments("ar", count));
        let expected = [
            "0 تعليق",
            "تعليق واحد",
            "تعليقان",
            "3 تعليقات",
            "10 تعليقات",
            "11 تعليقًا",
            "99 تعليقًا",
            "100 تعليق",
        ];
        assert_eq!(ar, expected);
    }

    #[test]
    fn a_language_without_a_locale_falls_back_to_the_sites_and_then_to_english() {
        assert_eq!(Texts::choose("fa", "de").language(), "de");
        assert_eq!(Texts::choose("fa", "tlh").language(), "en");
        assert_eq!(Texts::choose("", "").say("tags"), "Tags");
    }
}
