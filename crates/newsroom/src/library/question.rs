//! A question to the library as terms: words, each in one of its forms, and filters.

use jiff::civil::Date;

use super::{
    FREE, PROBLEMS, PUBLISHED, RESTRICTED, SOUND, UNUSED, USED, anywhere, counting_most, of_credit, of_date,
    of_owner, stars,
};
use crate::id::StaffId;
use crate::published::PixelSize;
use crate::search::{NotAQuery, Query};

/// The first and the last day that a filter knows; a photo has no earlier or later date.
const FIRST_DAY: Date = Date::constant(0, 1, 1);
const LAST_DAY: Date = Date::constant(9999, 12, 31);

/// Where a photo is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Usage {
    /// On a slide of any story, published or not.
    Used,
    /// On none.
    Unused,
    /// In a story that readers see.
    Published,
}

/// Whether there is any of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// At least one.
    Any,
    /// None.
    None,
}

/// How a picture stands, upright as it is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Orientation {
    /// Wider than high.
    Landscape,
    /// Higher than wide.
    Portrait,
    /// As wide as high.
    Square,
}

impl Orientation {
    /// Of an upright size.
    #[must_use]
    pub fn of(size: PixelSize) -> Self {
        match size.width.cmp(&size.height) {
            std::cmp::Ordering::Greater => Self::Landscape,
            std::cmp::Ordering::Less => Self::Portrait,
            std::cmp::Ordering::Equal => Self::Square,
        }
    }

    pub(super) fn term(self) -> &'static str {
        match self {
            Self::Landscape => "i:landscape",
            Self::Portrait => "i:portrait",
            Self::Square => "i:square",
        }
    }
}

/// A photographer's own rating (xmp:Rating).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stars {
    /// So many or more, 1 to 5; more than 5 is taken as 5.
    AtLeast(u8),
    /// None given.
    Unrated,
    /// Rejected (-1).
    Rejected,
}

/// What narrows a search or a list. Nothing is asked for where a field is `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Taken on this day or later. A date that is known in part only is in a span of days that holds all of it.
    pub from: Option<Date>,
    /// Taken on this day or earlier.
    pub until: Option<Date>,
    /// Words that stand in its credits, creators, source or sign-off: each of them, in any order.
    pub credit: Option<String>,
    /// Where it is used.
    pub usage: Option<Usage>,
    /// Restrictions that refuse publishing until somebody clears them or shows the credit (R10, R12).
    pub restrictions: Option<Presence>,
    /// Problems: of its metadata, or that keep it from being developed.
    pub problems: Option<Presence>,
    /// How it stands.
    pub orientation: Option<Orientation>,
    /// Its rating.
    pub stars: Option<Stars>,
    /// Whose it is.
    pub owner: Option<StaffId>,
}

/// A question as terms. A photo answers it that has, for each condition, at least one of its terms.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Question {
    /// What has to be met: any term of each.
    pub conditions: Vec<Vec<String>>,
    /// For each word of the query the terms that rank: a photo that has more of them comes earlier.
    pub ranks: Vec<Vec<String>>,
}

impl Question {
    /// What is asked by a query and a filter, either of which may be nothing.
    ///
    /// # Errors
    /// [`NotAQuery`] where the filter's credit holds no word, or too many.
    pub fn new(query: Option<&Query>, filter: &Filter) -> Result<Self, NotAQuery> {
        let words = query.map(|query| query.words.as_slice()).unwrap_or_default();
        let forms = |term: fn(&str) -> String| {
            let any = move |word: &[String; 2]| {
                let mut terms: Vec<String> = word.iter().map(|form| term(form)).collect();
                terms.dedup();
                terms
            };
            words.iter().map(any).collect::<Vec<_>>()
        };
        let mut conditions = forms(anywhere);
        if let Some(credit) = &filter.credit {
            // A name has no stem.
            let named = Query::read(credit, "")?;
            conditions.extend(named.words.iter().map(|[word, _]| vec![of_credit(word)]));
        }
        conditions.extend(filter.states().map(|state| vec![state.to_owned()]));
        conditions.extend(filter.stars.map(rated));
        conditions.extend(filter.owner.map(|owner| vec![of_owner(owner)]));
        if filter.from.is_some() || filter.until.is_some() {
            conditions.push(days(filter.from.unwrap_or(FIRST_DAY), filter.until.unwrap_or(LAST_DAY)));
        }
        Ok(Self { conditions, ranks: forms(counting_most) })
    }

    /// Whether every photo answers it.
    #[must_use]
    pub fn asks_nothing(&self) -> bool {
        self.conditions.is_empty()
    }
}

impl Filter {
    fn states(&self) -> impl Iterator<Item = &'static str> {
        let usage = self.usage.map(|usage| match usage {
            Usage::Used => USED,
            Usage::Unused => UNUSED,
            Usage::Published => PUBLISHED,
        });
        let either = |presence, any, none| match presence {
            Presence::Any => any,
            Presence::None => none,
        };
        let restrictions = self.restrictions.map(|presence| either(presence, RESTRICTED, FREE));
        let problems = self.problems.map(|presence| either(presence, PROBLEMS, SOUND));
        [usage, restrictions, problems, self.orientation.map(Orientation::term)].into_iter().flatten()
    }
}

fn rated(rating: Stars) -> Vec<String> {
    match rating {
        Stars::AtLeast(least) => (i8::try_from(least.clamp(1, 5)).unwrap_or(5)..=5).map(stars).collect(),
        Stars::Unrated => vec![stars(0)],
        Stars::Rejected => vec![stars(-1)],
    }
}

/// The fewest spans that together are the days from one to another, both included; none where the first is the later.
fn days(from: Date, until: Date) -> Vec<String> {
    let mut terms = Vec::new();
    let mut day = from.max(FIRST_DAY);
    let until = until.min(LAST_DAY);
    while day <= until {
        let (last, name) = longest_span(day, until);
        terms.push(of_date(&name));
        match last.tomorrow() {
            Ok(next) => day = next,
            Err(_) => break,
        }
    }
    terms
}

/// The longest span that begins with a day and does not pass another: its last day and its name.
fn longest_span(day: Date, until: Date) -> (Date, String) {
    let year = day.year();
    let name = format!("{year:04}");
    if day.month() == 1 && day.day() == 1 {
        for (years, digits) in [(100, 2), (10, 3), (1, 4)] {
            let last = Date::new(year + years - 1, 12, 31).unwrap_or(LAST_DAY);
            if year % years == 0 && last <= until {
                return (last, name.get(..digits).unwrap_or(&name).to_owned());
            }
        }
    }
    let last = day.last_of_month();
    if day.day() == 1 && last <= until {
        return (last, format!("{name}-{:02}", day.month()));
    }
    (day, format!("{name}-{:02}-{:02}", day.month(), day.day()))
}
