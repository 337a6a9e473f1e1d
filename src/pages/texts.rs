//! The texts of the house in the reader's language, from `locales/*.ftl` (Fluent).

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use newsroom::story::Direction;
use unic_langid::LanguageIdentifier;

/// Every locale that there is, the one that others fall back to first.
const LOCALES: [(&str, &str); 3] = [
    ("en", include_str!("../../locales/en.ftl")),
    ("de", include_str!("../../locales/de.ftl")),
    ("ar", include_str!("../../locales/ar.ftl")),
];

struct Locale {
    language: &'static str,
    bundle: FluentBundle<FluentResource>,
}

static BUNDLES: LazyLock<Vec<Locale>> = LazyLock::new(|| {
    LOCALES.iter().map(|(language, source)| Locale { language, bundle: bundle(language, source) }).collect()
});

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
pub(super) struct Texts {
    locale: Option<&'static Locale>,
}

impl Texts {
    /// The locale of the text's language if there is one, else of the site's, else the fallback.
    pub fn choose(language: &str, site_language: &str) -> Self {
        let locale = find(language).or_else(|| find(site_language)).or_else(|| BUNDLES.first());
        Self { locale }
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

    /// "Photo 4 of 15" and its kin: a place in a row, both from 1.
    pub fn place(self, key: &str, number: usize, of: usize) -> String {
        self.fill(key, &[("number", &number.to_string()), ("total", &of.to_string())])
    }

    /// The name of a month, 1 to 12, as it stands inside a date.
    pub fn month(self, month: i8) -> String {
        self.say(&format!("month-{month}"))
    }

    fn format(self, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        let own = self.locale.into_iter();
        for locale in own.chain(BUNDLES.first()) {
            let pattern = locale.bundle.get_message(key).and_then(|message| message.value());
            if let Some(pattern) = pattern {
                return locale.bundle.format_pattern(pattern, args, &mut Vec::new()).into_owned();
            }
        }
        key.to_owned()
    }
}

fn find(language: &str) -> Option<&'static Locale> {
    let primary = language.split(['-', '_']).next().unwrap_or_default();
    BUNDLES.iter().find(|locale| locale.language.eq_ignore_ascii_case(primary))
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
