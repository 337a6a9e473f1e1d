//! `[style]`: what the house asks of its captions (docs/checks.md).

use std::str::FromStr;

use newsroom::style::{House, HouseStyle};

use super::reading::SectionReader;

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
    fn all_that_is_odd_is_told_at_once() {
        let wrong = style("house = \"dpa\"\nplace = true\ndate_form = \"us\"\nsentences = 0\ncolour = 1")
            .unwrap_err();
        for start in ["style.house", "style.place", "style.date_form", "style.sentences", "style.colour"] {
            assert!(wrong.contains(start), "{start} in {wrong}");
        }
    }
}
