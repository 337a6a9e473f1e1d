use crate::rig::{Answer, HTML, Rig, finish, large, request, wait};
use crate::{GONE_PAGE, MISSING_PAGE, Network, Policy, Printed, Status, Tombstone};

const SMALL: &str = "/i/tok/v2/small.jpg";
const LARGE: &str = "/i/tok/v2/large.jpg";

fn story() -> Printed {
    Printed::new(Status::Ok, HTML, "<p>A ferry crosses the river in flood.</p>\n".repeat(40), 1)
        .with_modified(1_609_688_000)
        .with_language("en")
        .with_keys(["story:1"])
}

fn with_story() -> Rig {
    let rig = Rig::new();
    rig.publish("/photo/flood", &story(), 1);
    rig
}

fn missing(rig: &Rig, method: &str, target: &str) -> Answer {
    let request = request(method, target, &[]);
    wait(async { finish(rig.site.missing(&request).await).await })
}

#[test]
fn a_page_comes_with_everything_that_a_browser_should_know() {
    let rig = with_story();
    let answer = rig.ask("GET", "/photo/flood?utm=1", &[("accept-encoding", "gzip, br")]).unwrap();
    let expected = [
        ("content-type", HTML),
        ("content-encoding", "br"),
        ("vary", "Accept-Encoding"),
        ("last-modified", "Sun, 03 Jan 2021 15:33:20 GMT"),
        ("content-language", "en"),
        ("cache-control", "public, max-age=0, s-maxage=15, must-revalidate"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "strict-origin-when-cross-origin"),
        ("cross-origin-resource-policy", "same-origin"),
        ("accept-ranges", ""),
        ("surrogate-key", ""),
    ];
    assert_eq!(answer.status, 200);
    for (name, value) in expected {
        assert_eq!(answer.header(name), value, "{name}");
    }
    assert_eq!(answer.header("etag"), format!("\"{}-br\"", story().hash));
    assert_eq!(answer.header("content-length"), answer.body.as_ref().unwrap().len().to_string());
}

#[test]
fn no_page_may_run_a_script_written_into_it() {
    let answer = with_story().get("/photo/flood");
    let policy = answer.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; "), "{policy}");
    assert!(!policy.contains("unsafe-inline") && !policy.contains("unsafe-eval"), "{policy}");
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
}

#[test]
fn each_coding_has_its_own_entity_tag_and_is_known_again() {
    let rig = with_story();
    for coding in ["br", "gzip", "identity"] {
        let accept = ("accept-encoding", coding);
        let tag = rig.ask("GET", "/photo/flood", &[accept]).unwrap().header("etag").to_owned();
        let again = rig.ask("GET", "/photo/flood", &[accept, ("if-none-match", &tag)]).unwrap();
        assert_eq!((again.status, again.header("etag")), (304, tag.as_str()));
        assert_eq!(again.body.as_deref().unwrap(), b"");
        for other in ["br", "gzip", "identity"].into_iter().filter(|other| *other != coding) {
            let headers = [("accept-encoding", other), ("if-none-match", tag.as_str())];
            assert_eq!(rig.ask("GET", "/photo/flood", &headers).unwrap().status, 200, "{coding} {other}");
        }
    }
}

#[test]
fn a_304_repeats_what_caches_need_and_nothing_about_the_body() {
    let rig = with_story();
    let answer = rig.ask("GET", "/photo/flood", &[("if-none-match", "*")]).unwrap();
    assert_eq!(answer.status, 304);
    for name in ["etag", "cache-control", "vary", "x-content-type-options"] {
        assert_ne!(answer.header(name), "", "{name}");
    }
    for name in ["content-length", "content-type", "content-encoding"] {
        assert_eq!(answer.header(name), "", "{name}");
    }
}

#[test]
fn a_date_is_enough_to_be_told_that_nothing_changed() {
    let rig = with_story();
    let since = |date| rig.ask("GET", "/photo/flood", &[("if-modified-since", date)]).unwrap().status;
    assert_eq!(since("Sun, 03 Jan 2021 15:33:20 GMT"), 304);
    assert_eq!(since("Sun, 03 Jan 2021 15:33:19 GMT"), 200);
}

#[test]
fn a_part_is_given_of_the_plain_coding_only() {
    let rig = with_story();
    let part = rig.ask("GET", "/photo/flood", &[("range", "bytes=3-9")]).unwrap();
    assert_eq!((part.status, part.text()), (206, "A ferry"));
    let length = story().plain.len();
    assert_eq!(part.header("content-range"), format!("bytes 3-9/{length}"));
    assert_eq!(part.header("content-length"), "7");
    let packed = [("range", "bytes=3-9"), ("accept-encoding", "br")];
    assert_eq!(rig.ask("GET", "/photo/flood", &packed).unwrap().status, 200);
}

#[test]
fn a_part_of_a_page_that_lies_in_its_file_is_the_same_part() {
    let rig = Rig::new();
    rig.publish("/large", &Printed::new(Status::Ok, "image/png", large(), 1), 1);
    for (range, first, last) in
        [("bytes=0-0", 0, 0), ("bytes=-1", 299_999, 299_999), ("bytes=7-250000", 7, 250_000)]
    {
        let part = rig.ask("GET", "/large", &[("range", range)]).unwrap();
        assert_eq!((part.status, &part.body.unwrap()[..]), (206, &large()[first..=last]), "{range}");
    }
}

#[test]
fn a_range_behind_the_end_is_416_and_several_ranges_are_the_whole() {
    let rig = with_story();
    let answer = rig.ask("GET", "/photo/flood", &[("range", "bytes=99999-")]).unwrap();
    assert_eq!(answer.status, 416);
    assert_eq!(answer.header("content-range"), format!("bytes */{}", story().plain.len()));
    assert_eq!(answer.header("cache-control"), "no-store", "another range may be there");
    assert_eq!(rig.ask("GET", "/photo/flood", &[("range", "bytes=0-1,3-4")]).unwrap().status, 200);
}

#[test]
fn a_condition_is_looked_at_before_a_range() {
    let rig = with_story();
    let headers = [("range", "bytes=0-1"), ("if-none-match", "*")];
    assert_eq!(rig.ask("GET", "/photo/flood", &headers).unwrap().status, 304);
    let headers = [("range", "bytes=0-1"), ("if-range", "\"other\"")];
    assert_eq!(rig.ask("GET", "/photo/flood", &headers).unwrap().status, 200);
}

#[test]
fn head_says_what_get_would_without_the_body() {
    let rig = with_story();
    rig.grant(2);
    for target in ["/photo/flood", SMALL, LARGE] {
        let (get, head) = (rig.get(target), rig.ask("HEAD", target, &[]).unwrap());
        assert_eq!(head.response.headers(), get.response.headers(), "{target}");
        assert_eq!(head.body.as_deref().unwrap(), b"");
    }
}

#[test]
fn what_is_in_the_tree_can_only_be_read() {
    let rig = with_story();
    rig.grant(2);
    for target in ["/photo/flood", SMALL, "/i/unknown/v/x.jpg"] {
        for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"] {
            let answer = rig.ask(method, target, &[]).unwrap();
            assert_eq!((answer.status, answer.header("allow")), (405, "GET, HEAD"), "{method} {target}");
            assert_eq!(answer.header("cache-control"), "no-store", "{method} {target}");
        }
    }
}

#[test]
fn what_is_not_in_the_tree_is_left_to_the_live_routes() {
    let rig = with_story();
    for target in
        ["/desk", "/", "/photo/floods", "//photo/flood", "/photo/../photo/flood", "/i/tok", "/missing"]
    {
        assert!(rig.ask("GET", target, &[]).is_none(), "{target}");
    }
    assert!(rig.ask("POST", "/desk/login", &[]).is_none());
}

#[test]
fn a_malformed_address_is_left_to_live_routes_and_is_400_where_they_know_none() {
    let rig = with_story();
    assert!(rig.ask("GET", "/photo/%zz", &[]).is_none());
    let answer = missing(&rig, "GET", "/photo/%zz");
    assert_eq!((answer.status, answer.header("x-content-type-options")), (400, "nosniff"));
}

#[test]
fn every_script_finds_its_page_encoded_or_not() {
    let rig = Rig::new();
    rig.page("/фото/паводок", "ru", 1);
    rig.page("/caf\u{e9}", "fr", 1);
    assert_eq!(rig.get("/%D1%84%D0%BE%D1%82%D0%BE/%D0%BF%D0%B0%D0%B2%D0%BE%D0%B4%D0%BE%D0%BA").text(), "ru");
    assert_eq!(rig.get("/cafe%CC%81").text(), "fr");
}

#[test]
fn the_other_form_of_a_path_is_one_redirect_away() {
    let rig = with_story();
    rig.page("/photo/", "section", 1);
    rig.page("/фото", "ru", 1);
    let table = [
        ("/photo/flood/?a=b", "/photo/flood?a=b"),
        ("/photo", "/photo/"),
        ("/%D1%84%D0%BE%D1%82%D0%BE/", "/%D1%84%D0%BE%D1%82%D0%BE"),
    ];
    for (asked, found) in table {
        let answer = rig.get(asked);
        assert_eq!((answer.status, answer.header("location")), (308, found), "{asked}");
    }
    assert!(rig.ask("POST", "/photo", &[]).is_none());
}

#[test]
fn the_other_form_of_a_path_is_found_after_its_page_moved_or_was_withdrawn() {
    let rig = with_story();
    let moved = Printed::redirect(Status::MovedPermanently, "/photo/high-water", 1);
    let farewell = Printed::new(Status::Gone, HTML, "<h1>Withdrawn</h1>", 1);
    for tombstone in [Tombstone::Redirect(moved), Tombstone::Gone, Tombstone::Farewell(farewell)] {
        rig.bury("/photo/flood", &tombstone, 2);
        let answer = rig.get("/photo/flood/");
        assert_eq!((answer.status, answer.header("location")), (308, "/photo/flood"), "{tombstone:?}");
    }
    rig.bury("/photo/flood", &Tombstone::Missing, 3);
    assert!(rig.ask("GET", "/photo/flood/", &[]).is_none());
}

#[test]
fn another_state_than_the_one_asked_for_is_412_before_anything_else() {
    let rig = with_story();
    rig.grant(2);
    let tag = rig.get("/photo/flood").header("etag").to_owned();
    let weak = format!("W/{tag}");
    let ask = |headers: &[(&str, &str)]| rig.ask("GET", "/photo/flood", headers).unwrap();
    for failing in [
        ("if-match", "\"other\""),
        ("if-match", &weak),
        ("if-unmodified-since", "Sun, 03 Jan 2021 15:33:19 GMT"),
    ] {
        let answer = ask(&[failing, ("if-none-match", &tag), ("range", "bytes=0-1")]);
        assert_eq!((answer.status, answer.header("cache-control")), (412, "no-store"), "{failing:?}");
    }
    assert_eq!(ask(&[("if-match", &tag)]).status, 200);
    assert_eq!(ask(&[("if-match", &tag), ("if-none-match", &tag)]).status, 304);
    assert_eq!(ask(&[("if-match", &tag), ("range", "bytes=0-1")]).status, 206);
    assert_eq!(rig.ask("GET", SMALL, &[("if-match", "\"other\"")]).unwrap().status, 412);
    assert_eq!(rig.ask("HEAD", "/photo/flood", &[("if-match", "\"other\"")]).unwrap().status, 412);
}

#[test]
fn a_condition_on_what_was_withdrawn_changes_nothing() {
    let rig = with_story();
    let own = Printed::new(Status::Gone, HTML, "<h1>This story was withdrawn</h1>", 1);
    rig.bury("/photo/flood", &Tombstone::Farewell(own), 2);
    assert_eq!(rig.ask("GET", "/photo/flood", &[("if-match", "\"other\"")]).unwrap().status, 410);
}

#[test]
fn what_is_missing_gets_the_sites_own_page_with_404() {
    let rig = with_story();
    assert_eq!(missing(&rig, "GET", "/nothing").status, 404);
    rig.publish(MISSING_PAGE, &Printed::new(Status::NotFound, HTML, "<h1>Not here</h1>", 1), 2);
    let answer = missing(&rig, "GET", "/nothing");
    assert_eq!((answer.status, answer.text()), (404, "<h1>Not here</h1>"));
    assert_eq!(answer.header("cache-control"), "public, max-age=10");
    assert_eq!(answer.header("etag"), "");
    assert_eq!(missing(&rig, "HEAD", "/nothing").header("content-length"), "17");
}

#[test]
fn what_was_withdrawn_is_410_with_the_best_page_there_is() {
    let rig = with_story();
    rig.bury("/photo/flood", &Tombstone::Gone, 2);
    assert_eq!(rig.get("/photo/flood").status, 410);
    rig.publish(GONE_PAGE, &Printed::new(Status::Gone, HTML, "<h1>Withdrawn</h1>", 1), 3);
    let answer = rig.get("/photo/flood");
    assert_eq!((answer.status, answer.text()), (410, "<h1>Withdrawn</h1>"));
    let own = Printed::new(Status::Gone, HTML, "<h1>This story was withdrawn</h1>", 1);
    rig.bury("/photo/flood", &Tombstone::Farewell(own), 4);
    let answer = rig.ask("GET", "/photo/flood", &[("if-none-match", "*"), ("range", "bytes=0-1")]).unwrap();
    assert_eq!((answer.status, answer.text()), (410, "<h1>This story was withdrawn</h1>"));
}

#[test]
fn an_old_slug_is_sent_on() {
    let rig = with_story();
    let moved = Printed::redirect(Status::MovedPermanently, "/photo/наводнение", 1);
    rig.bury("/photo/flood", &Tombstone::Redirect(moved), 2);
    let answer = rig.get("/photo/flood");
    assert_eq!(answer.status, 301);
    assert!(answer.header("location").starts_with("/photo/%D0%BD"), "{}", answer.header("location"));
}

#[test]
fn a_page_taken_back_to_missing_is_left_to_the_live_routes() {
    let rig = with_story();
    rig.bury("/photo/flood", &Tombstone::Missing, 2);
    assert!(rig.ask("GET", "/photo/flood", &[]).is_none());
}

#[test]
fn a_granted_picture_is_given_small_or_large_whole_or_in_part() {
    let rig = Rig::new();
    rig.grant(1);
    let small = rig.get(SMALL);
    assert_eq!((small.status, small.text()), (200, "0123456789"));
    assert_eq!((small.header("content-type"), small.header("etag")), ("image/jpeg", "\"small-hash\""));
    assert_eq!(small.header("cache-control"), "public, max-age=3600");
    assert_eq!(small.header("cross-origin-resource-policy"), "cross-origin");
    assert_eq!(rig.get(LARGE).body.unwrap(), large());
    let part = rig.ask("GET", SMALL, &[("range", "bytes=-3")]).unwrap();
    assert_eq!((part.status, part.text()), (206, "789"));
    let part = rig.ask("GET", LARGE, &[("range", "bytes=100000-299998")]).unwrap();
    assert_eq!(part.status, 206);
    assert_eq!(part.body.unwrap(), large()[100_000..=299_998]);
    assert_eq!(rig.ask("GET", LARGE, &[("if-none-match", "\"large-hash\"")]).unwrap().status, 304);
    assert_eq!(rig.ask("GET", LARGE, &[("range", "bytes=300000-")]).unwrap().status, 416);
}

#[test]
fn an_older_version_of_a_picture_is_sent_on_to_the_granted_one() {
    let rig = Rig::new();
    rig.grant(1);
    let answer = rig.get("/i/tok/v1/small.jpg");
    assert_eq!((answer.status, answer.header("location")), (307, SMALL));
    assert_eq!(rig.get("/i/tok/v1/other.jpg").status, 404);
}

#[test]
fn without_a_grant_there_is_no_picture() {
    let rig = Rig::new();
    assert_eq!(rig.get(SMALL).status, 404);
    rig.grant(1);
    for target in ["/i/tok/v2/original.jpg", "/i/tok", "/i/other/v2/small.jpg", "/i/tok/v2/..%2f..%2fsecret"]
    {
        assert!(rig.ask("GET", target, &[]).is_none_or(|answer| answer.status == 404), "{target}");
    }
    rig.bury("/i/tok", &Tombstone::Gone, 2);
    for target in [SMALL, LARGE, "/i/tok/v1/small.jpg", "/i/tok"] {
        assert_eq!(rig.get(target).status, 410, "{target}");
    }
}

#[test]
fn a_lost_or_changed_picture_is_told_and_503() {
    let rig = Rig::new();
    rig.grant(1);
    std::fs::remove_file(rig.folder.path().join("pictures/large")).unwrap();
    std::fs::remove_file(rig.folder.path().join("pictures/small")).unwrap();
    assert_eq!((rig.get(LARGE).status, rig.get(SMALL).status), (503, 503));
    let told = rig.told.lock().unwrap();
    assert_eq!((told[0].0.as_str(), told[1].0.as_str()), ("pictures/large", "pictures/small"));
}

#[test]
fn a_picture_that_another_process_withdrew_a_moment_ago_is_gone_and_not_damaged() {
    let rig = Rig::new();
    rig.grant(1);
    let entry = rig.writer.tombstone(&crate::grant_path("tok"), &Tombstone::Gone, 2).unwrap();
    rig.writer.log(&[entry]).unwrap();
    std::fs::remove_file(rig.folder.path().join("pictures/small")).unwrap();
    assert_eq!(rig.get(SMALL).status, 410);
    assert!(rig.told.lock().unwrap().is_empty());
}

#[test]
fn a_picture_that_is_not_as_long_as_granted_is_told_and_503() {
    for length in [200_000, 300_001] {
        let rig = Rig::new();
        rig.grant(1);
        let file = std::fs::OpenOptions::new().write(true).open(rig.folder.path().join("pictures/large"));
        file.and_then(|file| file.set_len(length)).unwrap();
        assert_eq!(rig.get(LARGE).status, 503, "{length}");
    }
}

#[test]
fn keys_to_purge_by_are_sent_to_the_network_that_reads_them() {
    for (network, keys, life) in [
        (Network::SurrogateKey, "surrogate-key", "surrogate-control"),
        (Network::CacheTag, "cache-tag", "cdn-cache-control"),
    ] {
        let rig = Rig::with(|options| options.network = network);
        rig.publish("/photo/flood", &story().with_keys(["story:1", "photo:7"]), 1);
        rig.grant(2);
        let joined = if network == Network::CacheTag { "story:1,photo:7" } else { "story:1 photo:7" };
        assert_eq!(rig.get("/photo/flood").header(keys), joined);
        let picture = rig.get(SMALL);
        assert_eq!((picture.header(keys), picture.header(life)), ("photo:7", "public, max-age=31536000"));
    }
}

#[test]
fn hashed_assets_are_never_asked_for_again() {
    let rig = Rig::new();
    let css = Printed::new(Status::Ok, "text/css; charset=utf-8", "a{}", 1).with_policy(Policy::Hashed);
    rig.publish("/a/site.0a1b2c.css", &css, 1);
    let answer = rig.get("/a/site.0a1b2c.css");
    assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(answer.header("vary"), "");
    assert_eq!(answer.header("content-security-policy"), "");
}
