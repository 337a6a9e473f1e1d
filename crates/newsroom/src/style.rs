//! House styles: what a newsroom asks of its captions beside what every caption owes its readers (R6-R8). A house's
//! name gives the switches of its agency; each can be set on its own.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Whose style the switches begin with.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum House {
    /// No agency's: the present tense and two sentences, and nothing else.
    #[default]
    Plain,
    /// Associated Press (R6).
    Ap,
    /// Reuters (R7).
    Reuters,
    /// Agence France-Presse (R8).
    Afp,
    /// European Pressphoto Agency (R8).
    Epa,
    /// Getty Images (R38).
    Getty,
}

impl House {
    /// Every house, in the order of the documentation.
    pub const ALL: [Self; 6] = [Self::Plain, Self::Ap, Self::Reuters, Self::Afp, Self::Epa, Self::Getty];

    /// The name in settings: `ap`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Ap => "ap",
            Self::Reuters => "reuters",
            Self::Afp => "afp",
            Self::Epa => "epa",
            Self::Getty => "getty",
        }
    }
}

impl FromStr for House {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|house| house.as_str() == text).ok_or(())
    }
}

/// How a date stands in an English caption.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateForm {
    /// In any form.
    #[default]
    Any,
    /// `Jan. 29, 2008`: the Associated Press abbreviates seven months and no other (R6).
    MonthShort,
    /// `January 29, 2008`.
    MonthFirst,
    /// `29 January 2008`, a day below ten with or without a 0 (R8).
    DayFirst,
}

impl DateForm {
    /// Every form.
    pub const ALL: [Self; 4] = [Self::Any, Self::MonthShort, Self::MonthFirst, Self::DayFirst];

    /// The name in settings: `month_short`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::MonthShort => "month_short",
            Self::MonthFirst => "month_first",
            Self::DayFirst => "day_first",
        }
    }
}

impl FromStr for DateForm {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|form| form.as_str() == text).ok_or(())
    }
}

/// What is asked of captions. `HouseStyle::of` gives a house's; each field may be set on its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HouseStyle {
    /// The house that it began with; of the Associated Press are the cities that need no country.
    pub house: House,
    /// The first sentence tells in the present (R6, R7).
    pub present_tense: bool,
    /// Sentences at most.
    pub sentences: usize,
    /// The caption says where.
    pub place: bool,
    /// A place says its country, or its state in the United States, Canada and Australia.
    pub country: bool,
    /// The caption says when.
    pub date: bool,
    /// A picture of the two weeks before its story says its weekday (R6).
    pub weekday: bool,
    /// The form of dates.
    pub date_form: DateForm,
    /// Words that say nothing are told (R7).
    pub worn_words: bool,
}

impl HouseStyle {
    /// The style of a house.
    pub fn of(house: House) -> Self {
        let plain = house == House::Plain;
        Self {
            house,
            present_tense: true,
            sentences: 2,
            place: !plain,
            country: !plain && house != House::Afp,
            date: !plain,
            weekday: house == House::Ap,
            date_form: match house {
                House::Plain => DateForm::Any,
                House::Ap => DateForm::MonthShort,
                House::Reuters | House::Afp | House::Getty => DateForm::MonthFirst,
                House::Epa => DateForm::DayFirst,
            },
            worn_words: house == House::Reuters,
        }
    }
}

impl Default for HouseStyle {
    fn default() -> Self {
        Self::of(House::Plain)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_house_is_known_by_its_name() {
        for house in House::ALL {
            let name = serde_json::to_value(house).unwrap();
            assert_eq!(name, house.as_str());
            assert_eq!(house.as_str().parse(), Ok(house));
            assert_eq!(HouseStyle::of(house).house, house);
        }
    }

    #[test]
    fn a_style_that_says_nothing_is_plain() {
        assert_eq!(serde_json::from_str::<HouseStyle>("{}").unwrap(), HouseStyle::of(House::Plain));
    }

    #[test]
    fn the_associated_press_asks_for_the_weekday_and_reuters_against_worn_words() {
        let asks = House::ALL.map(|house| {
            let style = HouseStyle::of(house);
            (style.weekday, style.worn_words, style.country)
        });
        assert_eq!(
            asks,
            [
                (false, false, false),
                (true, false, true),
                (false, true, true),
                (false, false, false),
                (false, false, true),
                (false, false, true)
            ]
        );
    }
}
