//! Weekdays that stand without a date.

use jiff::civil::Weekday;

use super::names;

/// The weekday that a word names by its full name, in a language of the tables.
pub(crate) fn weekday_name(word: &str) -> Option<Weekday> {
    // "sun" and "sat" are words, "среда" and the like are rarely anything else.
    let long = word.chars().count() > 5 || !word.is_ascii();
    let folded = (long && word.len() <= 64).then(|| names::fold(word))?;
    Weekday::from_monday_one_offset(names::weekday(&folded)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_names_count_and_short_ones_do_not() {
        assert_eq!(weekday_name("Monday"), Some(Weekday::Monday));
        assert_eq!(weekday_name("среда"), Some(Weekday::Wednesday));
        assert_eq!(weekday_name("Sun"), None);
        assert_eq!(weekday_name("January"), None);
    }
}
