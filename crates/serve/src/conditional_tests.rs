use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};

use super::{Wanted, http_date, not_modified, precondition_failed, wanted};

const PRINTED: i64 = 1_609_688_000;

fn etag() -> HeaderValue {
    HeaderValue::from_static("\"abc-br\"")
}

fn headers(fields: &[(HeaderName, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in fields {
        headers.append(name, HeaderValue::from_str(value).unwrap());
    }
    headers
}

fn same(fields: &[(HeaderName, &str)]) -> bool {
    not_modified(&headers(fields), &etag(), Some(PRINTED))
}

#[test]
fn an_entity_tag_is_known_again_weak_or_in_a_list() {
    let known =
        ["\"abc-br\"", "W/\"abc-br\"", "*", "\"x\", \"abc-br\"", "\"x\",W/\"abc-br\" ", " \"abc-br\""];
    for tags in known {
        assert!(same(&[(header::IF_NONE_MATCH, tags)]), "{tags}");
    }
    for tags in ["\"abc\"", "\"abc-gz\"", "abc-br", "\"\"", "", "w/\"abc-br\""] {
        assert!(!same(&[(header::IF_NONE_MATCH, tags)]), "{tags}");
    }
    assert!(same(&[(header::IF_NONE_MATCH, "\"x\""), (header::IF_NONE_MATCH, "\"abc-br\"")]));
}

#[test]
fn a_date_counts_only_without_an_entity_tag() {
    let at = http_date(PRINTED).unwrap();
    let before = http_date(PRINTED - 1).unwrap();
    assert!(same(&[(header::IF_MODIFIED_SINCE, &at)]));
    assert!(!same(&[(header::IF_MODIFIED_SINCE, &before)]));
    assert!(!same(&[(header::IF_MODIFIED_SINCE, "yesterday")]));
    assert!(!same(&[(header::IF_NONE_MATCH, "\"x\""), (header::IF_MODIFIED_SINCE, &at)]));
    assert!(!not_modified(&headers(&[(header::IF_MODIFIED_SINCE, &at)]), &etag(), None));
}

fn failed(fields: &[(HeaderName, &str)]) -> bool {
    precondition_failed(&headers(fields), &etag(), Some(PRINTED))
}

#[test]
fn a_state_that_is_asked_for_is_compared_strongly() {
    for tags in ["\"abc-br\"", "*", "\"x\", \"abc-br\"", " \"abc-br\""] {
        assert!(!failed(&[(header::IF_MATCH, tags)]), "{tags}");
    }
    for tags in ["\"abc-gz\"", "W/\"abc-br\"", "\"x\", W/\"abc-br\"", "abc-br", ""] {
        assert!(failed(&[(header::IF_MATCH, tags)]), "{tags}");
    }
    assert!(!failed(&[(header::IF_MATCH, "\"x\""), (header::IF_MATCH, "\"abc-br\"")]));
    assert!(!failed(&[]));
}

#[test]
fn a_date_of_no_change_counts_only_where_it_can_be_compared() {
    let at = http_date(PRINTED).unwrap();
    let before = http_date(PRINTED - 1).unwrap();
    assert!(failed(&[(header::IF_UNMODIFIED_SINCE, &before)]));
    assert!(!failed(&[(header::IF_UNMODIFIED_SINCE, &at)]));
    assert!(!failed(&[(header::IF_UNMODIFIED_SINCE, "yesterday")]));
    assert!(!failed(&[(header::IF_MATCH, "*"), (header::IF_UNMODIFIED_SINCE, &before)]));
    assert!(!precondition_failed(&headers(&[(header::IF_UNMODIFIED_SINCE, &before)]), &etag(), None));
}

#[test]
fn ranges_are_cut_to_the_body() {
    let part = |first, last| Wanted::Part { first, last };
    let table = [
        ("bytes=0-0", part(0, 0)),
        ("bytes=0-99", part(0, 99)),
        ("bytes=10-", part(10, 99)),
        ("bytes=10-500", part(10, 99)),
        ("bytes=-5", part(95, 99)),
        ("bytes=-500", part(0, 99)),
        ("Bytes=99-99", part(99, 99)),
        ("bytes=1-99999999999999999999999", part(1, 99)),
        ("bytes=100-", Wanted::Nothing),
        ("bytes=99999999999999999999999-", Wanted::Nothing),
        ("bytes=-0", Wanted::Nothing),
        ("bytes=5-4", Wanted::Whole),
        ("bytes=0-1,5-6", Wanted::Whole),
        ("bytes=", Wanted::Whole),
        ("bytes=-", Wanted::Whole),
        ("bytes=a-b", Wanted::Whole),
        ("bytes=--5", Wanted::Whole),
        ("bytes=+1-2", Wanted::Whole),
        ("lines=0-1", Wanted::Whole),
        ("0-1", Wanted::Whole),
    ];
    for (range, expected) in table {
        assert_eq!(wanted(&headers(&[(header::RANGE, range)]), 100, &etag(), None), expected, "{range}");
    }
    assert_eq!(wanted(&HeaderMap::new(), 100, &etag(), None), Wanted::Whole);
}

#[test]
fn an_empty_body_has_no_range() {
    for range in ["bytes=0-", "bytes=-5", "bytes=0-0"] {
        let found = wanted(&headers(&[(header::RANGE, range)]), 0, &etag(), None);
        assert_eq!(found, Wanted::Nothing, "{range}");
    }
}

#[test]
fn a_range_of_another_version_gives_the_whole() {
    let at = http_date(PRINTED).unwrap();
    let later = http_date(PRINTED + 1).unwrap();
    let table = [
        ("\"abc-br\"", true),
        ("\"other\"", false),
        ("W/\"abc-br\"", false),
        (at.as_str(), true),
        (later.as_str(), false),
    ];
    for (condition, part) in table {
        let headers = headers(&[(header::RANGE, "bytes=0-1"), (header::IF_RANGE, condition)]);
        let found = wanted(&headers, 100, &etag(), Some(PRINTED));
        assert_eq!(found != Wanted::Whole, part, "{condition}");
    }
}
