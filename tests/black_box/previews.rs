//! The preview of a draft is the page that readers would get, made by what prints it.

use serde_json::json;

use crate::client::{Client, person, ready};
use crate::page::slides;
use crate::site::{Serving, TestSite};

const PAGE: &str = "/story/three-pictures";

fn story(eve: &Client) -> String {
    eve.get("/stories?limit=1").is(200).json()["items"][0]["id"].as_str().unwrap().to_owned()
}

/// A page with every picture's address cut down to the name of its file.
fn without_addresses(page: &str, begin: &str) -> String {
    let mut parts = page.split(begin);
    let mut out = parts.next().unwrap().to_owned();
    for part in parts {
        let mut names = part.splitn(3, '/');
        let (_, _, rest) = (names.next(), names.next(), names.next().unwrap());
        out.push_str("PICTURE/");
        out.push_str(rest);
    }
    out
}

fn with_a_neighbour_and_a_notice(site: &TestSite) -> (Serving, Client, String) {
    site.small_story("Three pictures");
    let folder = site.folder_of("more", &["rocket.jpg"]);
    site.does(&["ingest", folder.to_str().unwrap(), "--story", "Lift-off"]);
    site.does(&["publish", "lift-off", "--allow-missing", "alt"]);
    site.does(&["notice", "add", "NASA", "--text", "A note on the term."]);
    let serving = ready(site);
    let eve = person(site, &serving, "eve", "editor");
    let id = eve.get("/stories").is(200).json()["items"]
        .as_array()
        .unwrap()
        .iter()
        .find(|one| one["slug"] == "three-pictures")
        .unwrap()["id"]
        .as_str()
        .unwrap()
        .to_owned();
    (serving, eve, id)
}

#[test]
fn the_preview_of_what_readers_have_differs_from_their_page_in_the_addresses_of_pictures_only() {
    let site = TestSite::new();
    let (serving, eve, id) = with_a_neighbour_and_a_notice(&site);
    let printed = serving.get_until(PAGE, |answer| {
        answer.text().contains("A note on the term.") && answer.text().contains("/story/lift-off")
    });
    let path = format!("/desk/stories/{id}/preview");
    let preview = eve.desk(&path, None).is(200);
    assert_eq!(
        without_addresses(&preview.text(), "/desk/pictures/"),
        without_addresses(&printed.text(), "/i/"),
        "nothing else"
    );
    let slide =
        eve.get(&format!("/stories/{id}")).is(200).json()["slides"][2]["id"].as_str().unwrap().to_owned();
    for (part, page) in
        [("light", format!("{PAGE}?light")), ("slide&slide=3", format!("{PAGE}/photo/{slide}"))]
    {
        let preview = eve.desk(&format!("{path}?part={part}"), None).is(200).text();
        let printed = serving.get_until(&page, |answer| answer.text().contains("A note on the term.")).text();
        // The files of the light edition are told with their sizes, and those of readers carry rights besides.
        let told = |page: &str, begin: &str| {
            without_addresses(page, begin).chars().filter(|c| !c.is_ascii_digit()).collect::<String>()
        };
        assert_eq!(told(&preview, "/desk/pictures/"), told(&printed, "/i/"), "{part}");
    }
    assert_eq!(preview.header("x-robots-tag"), Some("noindex"));
    assert_eq!(preview.header("cache-control"), Some("no-store"));
    let policy = preview.header("content-security-policy").unwrap();
    let readers = printed.header("content-security-policy").unwrap();
    assert_eq!(policy.replace("frame-ancestors 'self'", "frame-ancestors 'none'"), readers);
    for figure in slides(&preview.text()) {
        assert!(figure.pictures.len() > 1);
        for picture in &figure.pictures {
            let bytes = eve.desk(picture, None).is(200);
            assert_eq!(bytes.header("content-type"), Some("image/jpeg"));
            assert!(bytes.header("cache-control").unwrap().starts_with("private"));
            assert_eq!(serving.get(picture).status, 303, "not for readers");
        }
    }
    let social =
        preview.text().split("og:image\" content=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let social = format!("/desk/{}", social.split_once("/desk/").unwrap().1);
    eve.desk(&social, None).is(200);
    // A correction that is published is the same in both again.
    eve.patch(&format!("/stories/{id}"), &json!({ "lede": "Another lede." })).is(200);
    let publish = json!({ "allow_missing": ["alt"], "correction": "The lede was wrong." });
    eve.post(&format!("/stories/{id}/publish"), &publish).is(200);
    let printed = serving.get_until(PAGE, |answer| answer.text().contains("The lede was wrong."));
    assert_eq!(
        without_addresses(&eve.desk(&path, None).is(200).text(), "/desk/pictures/"),
        without_addresses(&printed.text(), "/i/")
    );
}

#[test]
fn a_draft_that_may_not_be_published_is_shown_with_what_it_lacks() {
    let site = TestSite::new();
    site.small_draft("Three pictures");
    let serving = ready(&site);
    let eve = person(&site, &serving, "eve", "editor");
    let id = story(&eve);
    let change = json!({ "headline": "", "slides": [{ "caption": "" }, { "caption": "To come." }] });
    eve.patch(&format!("/stories/{id}"), &change).is(200);
    let path = format!("/desk/stories/{id}/preview");
    let page = eve.desk(&path, None).is(200).text();
    assert!(page.contains("Picture to come") && page.contains("To come."), "{page}");
    eve.patch(&format!("/stories/{id}"), &json!({ "slides": [] })).is(200);
    eve.desk(&path, None).is(200);
    assert_eq!(serving.get(PAGE).status, 404, "readers see nothing of it");
}

#[test]
fn a_preview_is_looked_at_in_the_dark_and_from_right_to_left() {
    let site = TestSite::new();
    site.small_draft("Three pictures");
    let serving = ready(&site);
    let eve = person(&site, &serving, "eve", "editor");
    let path = format!("/desk/stories/{}/preview", story(&eve));
    let rtl = eve.desk(&format!("{path}?as=rtl"), None).is(200).text();
    assert!(rtl.contains("<html lang=\"en\" dir=\"rtl\">"), "{rtl}");
    let dark = eve.desk(&format!("{path}?as=dark"), None).is(200).text();
    assert!(dark.contains("href=\"/desk/preview/dark.css\""), "{dark}");
    let css = eve.desk("/desk/preview/dark.css", None).is(200);
    assert!(css.header("content-type").unwrap().starts_with("text/css"));
    assert!(css.text().contains("@media all") && css.text().contains("color-scheme: dark"));
}

#[test]
fn a_preview_is_for_those_who_see_the_draft() {
    let site = TestSite::new();
    site.small_draft("Three pictures");
    let serving = ready(&site);
    let eve = person(&site, &serving, "eve", "editor");
    let path = format!("/desk/stories/{}/preview", story(&eve));
    let picture = slides(&eve.desk(&path, None).is(200).text())[0].pictures[0].clone();
    Client::stranger(&serving).desk(&path, None).is(303);
    let ana = person(&site, &serving, "ana", "photographer");
    ana.desk(&path, None).is(404);
    ana.desk(&picture, None).is(404);
    let photo = picture.split('/').nth(3).unwrap();
    eve.desk(&picture, None).is(200);
    eve.post(&format!("/photos/{photo}/withdraw"), &json!({ "reason": "A test." })).is(200);
    eve.desk(&picture, None).is(404);
    assert!(slides(&eve.desk(&path, None).is(200).text())[0].pictures.is_empty(), "R16: nobody sees it");
}
