use std::time::{Duration, UNIX_EPOCH};

use super::{DateLine, Parsed, Plain, parse};

const SIMPLE: &str = "GET /photo/flood?a=b HTTP/1.1\r\nHost: x\r\n\r\n";

#[test]
fn a_plain_read_is_taken_with_what_matters_to_it() {
    let text = "HEAD /a HTTP/1.1\r\nhost: x\r\nCookie: y\r\nAccept-Encoding: br\r\nX-Forwarded-For: ::1\r\n\
         Connection: Keep-Alive\r\n\r\nGET /b";
    let expected = Plain {
        end: text.len() - "GET /b".len(),
        head_only: true,
        target: "/a",
        accept_encoding: Some(b"br"),
        forwarded_for: Some(b"::1"),
    };
    assert_eq!(parse(text.as_bytes()), Parsed::Plain(expected));
}

#[test]
fn every_beginning_of_a_request_waits_for_its_end() {
    for length in 0..SIMPLE.len() {
        assert_eq!(parse(&SIMPLE.as_bytes()[..length]), Parsed::Unfinished, "{length}");
    }
    assert!(matches!(parse(SIMPLE.as_bytes()), Parsed::Plain(_)));
}

#[test]
fn whatever_asks_for_more_goes_elsewhere() {
    let fields = [
        "Range: bytes=0-1",
        "if-none-match: *",
        "If-Modified-Since: x",
        "If-Match: x",
        "If-Range: x",
        "If-Unmodified-Since: x",
        "Connection: close",
        "Connection: upgrade",
        "Upgrade: websocket",
        "Expect: 100-continue",
        "Content-Length: 0",
        "Content-Length: 5",
        "Transfer-Encoding: chunked",
        "Host: y",
        "Accept-Encoding: br\r\nAccept-Encoding: gzip",
        "X-Forwarded-For: a\r\nX-Forwarded-For: b",
        "no colon",
        " folded: line",
    ];
    for field in fields {
        let text = SIMPLE.replace("\r\n\r\n", &format!("\r\n{field}\r\n\r\n"));
        assert_eq!(parse(text.as_bytes()), Parsed::Elsewhere, "{field}");
    }
}

#[test]
fn other_methods_versions_and_targets_go_elsewhere() {
    let lines = [
        "POST /photo/flood HTTP/1.1",
        "get /photo/flood HTTP/1.1",
        "GET /photo/flood HTTP/1.0",
        "GET /photo/flood HTTP/2.0",
        "GET http://x/photo/flood HTTP/1.1",
        "GET * HTTP/1.1",
        "GET /photo/\u{444} HTTP/1.1",
        "GET /photo/<b> HTTP/1.1",
        "GET /photo flood HTTP/1.1",
        "\u{16}\u{3}\u{1}",
    ];
    for line in lines {
        let text = format!("{line}\r\nHost: x\r\n\r\n");
        assert_eq!(parse(text.as_bytes()), Parsed::Elsewhere, "{line}");
    }
    assert_eq!(parse(b"GET /photo/flood HTTP/1.1\r\n\r\n"), Parsed::Elsewhere, "no host");
}

#[test]
fn the_date_follows_the_clock() {
    let mut date = DateLine::default();
    let moment = UNIX_EPOCH + Duration::from_secs(1_609_688_000);
    let expected = b"date: Sun, 03 Jan 2021 15:33:20 GMT\r\n\r\n";
    assert_eq!(date.at(moment), expected);
    assert_eq!(date.at(moment + Duration::from_millis(999)), expected);
    assert_eq!(date.at(moment + Duration::from_secs(1)), b"date: Sun, 03 Jan 2021 15:33:21 GMT\r\n\r\n");
}
