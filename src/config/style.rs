//! `[style]`: what the house asks of its captions (docs/checks.md).

use std::str::FromStr;

use newsroom::style::{House, HouseStyle};

use super::reading::{Fault, SectionReader};

/// The most sentences that can be asked for.
const MOST_SENTENCES: u64 = 20;

/// A setting that is either on or off.
struct Switch(bool);

impl Switch {
    const WORDS: &str = "\"on\" or \"off\"";
}

impl FromStr for Switch {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "on" => Ok(Self(true)),
            "off" => Ok(Self(false)),
            _ => Err(()),
        }
    }
}

/// The names of what can be set here.
pub const STYLE_SETTINGS: [&str; 9] =
    ["house", "sentences", "present_tense", "place", "country", "date", "date_form", "weekday", "worn_words"];

/// The same from settings that do not stand in the file, in the same words.
///
/// # Errors
/// All that is wrong with them.
pub fn style_of<'a>(settings: impl Iterator<Item = (&'a str, &'a str)>) -> Result<HouseStyle, Vec<Fault>> {
    let value = |key: &str, text: &str| match text.parse::<i64>() {
        Ok(number) if key == "sentences" => toml::Value::Integer(number),
        _ => toml::Value::String(text.to_owned()),
    };
    let table: toml::Table = settings.map(|(key, text)| (key.to_owned(), value(key, text))).collect();
    let mut file = toml::Table::from_iter([("style".to_owned(), toml::Value::Table(table))]);
    let mut section = SectionReader::take(&mut file, "style");
    let style = read(&mut section);
    let faults = section.finish();
    if faults.is_empty() { Ok(style) } else { Err(faults) }
}

/// The style in the words of the settings.
pub fn style_settings(style: &HouseStyle) -> [(&'static str, String); 9] {
    let switch = |on: bool| if on { "on" } else { "off" }.to_owned();
    [
        ("house", style.house.as_str().to_owned()),
        ("sentences", style.sentences.to_string()),
        ("present_tense", switch(style.present_tense)),
        ("place", switch(style.place)),
        ("country", switch(style.country)),
        ("date", switch(style.date)),
        ("date_form", style.date_form.as_str().to_owned()),
        ("weekday", switch(style.weekday)),
        ("worn_words", switch(style.worn_words)),
    ]
}

/// The style of the house that is named, with the switches that are set on their own.
pub(super) fn read(section: &mut SectionReader) -> HouseStyle {
    let names = House::ALL.map(|house| format!("\"{}\"", house.as_str())).join(", ");
    let house = HouseStyle::of(section.parsed("house", House::Plain, &format!("one of {names}")));
    let forms = "\"any\", \"month_short\" (Jan. 29, 2008), \"month_first\" (January 29, 2008) or \"day_first\" (29 January 2008)";
    let sentences = u64::try_from(house.sentences).unwrap_or(1);
    let sentences = section.number("sentences", sentences, 1, MOST_SENTENCES);
    HouseStyle {
        house: house.house,
        sentences: usize::try_from(sentences).unwrap_or(house.sentences),
        present_tense: section.parsed("present_tense", Switch(house.present_tense), Switch::WORDS).0,
        place: section.parsed("place", Switch(house.place), Switch::WORDS).0,
        country: section.parsed("country", Switch(house.country), Switch::WORDS).0,
        date: section.parsed("date", Switch(house.date), Switch::WORDS).0,
        weekday: section.parsed("weekday", Switch(house.weekday), Switch::WORDS).0,
        worn_words: section.parsed("worn_words", Switch(house.worn_words), Switch::WORDS).0,
        date_form: section.parsed("date_form", house.date_form, forms),
    }
}

#[cfg(test)]
mod tests {
    use newsroom::style::DateForm;

    use super::*;
    use crate::config::Config;

    fn style(text: &str) -> Result<HouseStyle, String> {
        let read = Config::parse(&format!("[style]\n{text}"));
        read.map(|config| config.style).map_err(|wrong| wrong.to_string())
    }

    #[test]
    fn a_house_gives_its_switches_and_each_can_be_set_on_its_own() {
        assert_eq!(style(""), Ok(HouseStyle::of(House::Plain)));
        assert_eq!(style("house = \"epa\""), Ok(HouseStyle::of(House::Epa)));
        let own = style("house = \"ap\"\nweekday = \"off\"\nsentences = 3\ndate_form = \"any\"");
        let ap = HouseStyle::of(House::Ap);
        assert_eq!(own, Ok(HouseStyle { weekday: false, sentences: 3, date_form: DateForm::Any, ..ap }));
    }

    #[test]
    fn a_style_is_read_back_from_its_own_words() {
        for house in House::ALL {
            let mut style = HouseStyle::of(house);
            style.weekday = !style.weekday;
            let words = style_settings(&style);
            assert_eq!(words.each_ref().map(|(name, _)| *name), STYLE_SETTINGS);
            let read = style_of(words.iter().map(|(name, text)| (*name, text.as_str())));
            assert_eq!(read, Ok(style));
        }
    }

    #[test]
    fn all_that_is_odd_is_told_at_once() {
        let wrong = style("house = \"dpa\"\nplace = true\ndate_form = \"us\"\nsentences = 0\ncolour = 1")
            .unwrap_err();
        for start in ["style.house", "style.place", "style.date_form", "style.sentences", "style.colour"] {
            assert!(wrong.contains(start), "{start} in {wrong}");
        }
    }
}
