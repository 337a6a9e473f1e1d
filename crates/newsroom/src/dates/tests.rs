use super::*;

/// Year, month, day and ISO weekday of the only date in a text.
fn only(text: &str) -> (i16, i8, i8, i8) {
    let found = find_dates(text);
    assert_eq!(found.len(), 1, "{text}: {found:?}");
    let date = found[0];
    let weekday = date.weekday.map_or(0, Weekday::to_monday_one_offset);
    (date.year.unwrap_or(0), date.month, date.day.unwrap_or(0), weekday)
}

fn stated(text: &str) -> &str {
    let date = find_dates(text)[0];
    &text[date.start..date.end]
}

#[test]
fn reads_english_captions_of_all_agencies() {
    for (text, expected) in [
        ("in Baghdad, Iraq, 2 January 2021.", (2021, 1, 2, 0)),
        ("in Sioux City, Iowa, Tuesday, Jan. 29, 2008. (AP Photo/X)", (2008, 1, 29, 2)),
        ("on Saturday, 2 January 2021, for the anniversary", (2021, 1, 2, 6)),
        ("City, Country, August 12, 2025. REUTERS/Jane Doe", (2025, 8, 12, 0)),
        ("City, Region, Country, 01 September 2021. EPA-EFE/NAME", (2021, 9, 1, 0)),
        ("on January 2nd, 2021", (2021, 1, 2, 0)),
        ("on the 2nd of January 2021", (2021, 1, 2, 0)),
        ("Sept. 3 2019", (2019, 9, 3, 0)),
        ("BAGHDAD, IRAQ - JANUARY 02: People", (0, 1, 2, 0)),
        ("January 1-2, 2021", (2021, 1, 2, 0)),
        ("2-Jan-2021", (2021, 1, 2, 0)),
        ("on 2 January 2021 (Saturday)", (2021, 1, 2, 6)),
        ("in March 2021", (2021, 3, 0, 0)),
        ("2021-01-02T15:32:00Z", (2021, 1, 2, 0)),
    ] {
        assert_eq!(only(text), expected, "{text}");
    }
}

#[test]
fn reads_the_other_languages() {
    for (text, expected) in [
        ("am Samstag, 12. März 2022, in Berlin", (2022, 3, 12, 6)),
        ("am 12.03.2022 in Berlin", (2022, 3, 12, 0)),
        ("Samstag, den 2. Jänner 2021", (2021, 1, 2, 6)),
        ("à Paris, le samedi 2 janvier 2021", (2021, 1, 2, 6)),
        ("le 1er août 2020", (2020, 8, 1, 0)),
        ("en Madrid, el sábado 2 de enero de 2021", (2021, 1, 2, 6)),
        ("na segunda-feira, 4 de janeiro de 2021", (2021, 1, 4, 1)),
        ("1º de março de 2021", (2021, 3, 1, 0)),
        ("в Москве, суббота, 2 января 2021 года", (2021, 1, 2, 6)),
        ("2 січня 2021 року", (2021, 1, 2, 0)),
        ("في بغداد، العراق، السبت ٢ يناير ٢٠٢١", (2021, 1, 2, 6)),
        ("في بيروت، 2 كانون الثاني 2021", (2021, 1, 2, 0)),
        ("2 كانون الثاني/يناير 2021", (2021, 1, 2, 0)),
        ("٣ تشرين الأول (أكتوبر) ٢٠٢٣", (2023, 10, 3, 0)),
        ("يوم 5 أوت 2022", (2022, 8, 5, 0)),
        ("٢/١/٢٠٢١", (2021, 1, 2, 0)),
        ("2021年1月2日在北京", (2021, 1, 2, 0)),
    ] {
        assert_eq!(only(text), expected, "{text}");
    }
}

#[test]
fn finds_nothing_where_a_reading_is_a_guess() {
    for text in [
        "on 02/03/2021",
        "2 out of 3 people",
        "they may 2 days later march 3 miles",
        "a crowd of 3,000 March on the city",
        "version 1.2.10 of 2020",
        "in 2021",
        "at 10:30 May is here",
        "2021-13-02",
        "31.02.2021",
        "",
    ] {
        assert_eq!(find_dates(text), [], "{text}");
    }
}

#[test]
fn a_date_without_a_year_is_found_and_has_no_year() {
    for text in ["on Jan. 2", "am 2. Januar,", "le 2 janvier", "Saturday, May 2."] {
        assert_eq!(find_dates(text).first().map(|date| date.year), Some(None), "{text}");
        assert_eq!(find_dates(text)[0].partial(), None);
    }
}

#[test]
fn a_day_that_does_not_exist_is_found_but_is_no_date() {
    let date = find_dates("on 31 February 2021")[0];
    assert!(date.is_impossible() && date.partial().is_none());
    assert!(!find_dates("on 29 February")[0].is_impossible());
}

#[test]
fn positions_are_bytes_of_the_text_with_the_weekday_inside() {
    assert_eq!(stated("in Iowa, Tuesday, Jan. 29, 2008. More"), "Tuesday, Jan. 29, 2008");
    assert_eq!(stated("بغداد، السبت ٢ يناير ٢٠٢١."), "السبت ٢ يناير ٢٠٢١");
    assert_eq!(stated("in Köln, 12. März 2022"), "12. März 2022");
}

#[test]
fn the_picture_date_has_the_place_before_it_else_is_the_latest() {
    let day = |text: &str| picture_date(text).and_then(|date| date.civil()).map(|date| date.to_string());
    let placed = "A man mourns in Kerman, Iran, 2 January 2020, ahead of the vote on 5 May 2024.";
    assert_eq!(day(placed).as_deref(), Some("2020-01-02"));
    let later = "Mourners, 2 January 2021, a year after his killing on 3 January 2020.";
    assert_eq!(day(later).as_deref(), Some("2021-01-02"));
    assert_eq!(day("No date at all"), None);
}

#[test]
fn any_cut_of_any_text_is_read_without_a_fault() {
    let text = "Tuesday, Jan. 29, 2008 ٢ كانون الثاني/يناير ٢٠٢١ 2021年1月2日 1er de de de 99999999999999 \u{301}\u{202e}12.\u{feff}3.2022 (";
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    for start in &starts {
        for end in &starts {
            for date in text.get(*start..*end).map(find_dates).unwrap_or_default() {
                assert!(text[*start..*end].get(date.start..date.end).is_some());
            }
        }
    }
}
