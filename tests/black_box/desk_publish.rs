//! Publishing at the desk, in a browser without scripts: what stands against it, now and later, and taking it back.

use crate::client::{Client, person, ready};
use crate::door::is_sound;
use crate::site::{Answer, Serving, TestSite};

const PAGE: &str = "/story/three-pictures";

/// A form, as a browser writes it.
fn form(fields: &[(&str, &str)]) -> String {
    let encoded =
        |text: &str| text.replace('%', "%25").replace('&', "%26").replace(' ', "+").replace(':', "%3A");
    fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect::<Vec<_>>().join("&")
}

/// A draft of three pictures, and its path on the desk.
fn draft(site: &TestSite) -> (Serving, Client, String) {
    site.small_draft("Three pictures");
    let serving = ready(site);
    let eve = person(site, &serving, "eve", "editor");
    let story = eve.get("/stories?limit=1").is(200).json()["items"][0]["id"].as_str().unwrap().to_owned();
    (serving, eve, story)
}

/// The number that stands in the page's form.
fn revision(page: &Answer) -> String {
    page.text().split("name=\"revision\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
}

#[test]
fn a_story_is_published_corrected_and_taken_back_by_forms() {
    let site = TestSite::new();
    let (serving, eve, story) = draft(&site);
    let path = format!("/desk/stories/{story}/publish");
    let page = eve.desk(&path, None).is(200);
    is_sound(&page);
    let text = page.text();
    assert!(
        text.contains("alternative text") && text.contains(&format!("/desk/stories/{story}#slide-")),
        "{text}"
    );
    assert!(text.contains(&format!("src=\"/desk/stories/{story}/preview?as=light\"")));
    let refused = eve.desk(&path, Some(&form(&[("deed", "now"), ("revision", &revision(&page))]))).is(422);
    is_sound(&refused);
    assert_eq!(serving.get(PAGE).status, 404);
    let now = [("deed", "now"), ("revision", &revision(&page)), ("allow_alt", "1")];
    let done = eve.desk(&path, Some(&form(&now))).is(303);
    let live = eve.desk(done.header("location").unwrap(), None).is(200);
    is_sound(&live);
    assert!(live.text().contains("id=\"live\""));
    serving.get_until(PAGE, |answer| answer.status == 200);

    // An update that changes a caption has to say what it is.
    site.edit("three-pictures", |text| text.replacen("caption = \"", "caption = \"Mended: ", 1)).ends_with(0);
    let page = eve.desk(&path, None).is(200);
    is_sound(&page);
    assert!(page.text().contains("<ins>Mended: "), "{}", page.text());
    let revision = revision(&page);
    let update = [("deed", "now"), ("revision", revision.as_str()), ("allow_alt", "1")];
    let asked = eve.desk(&path, Some(&form(&update))).is(422);
    assert!(
        asked.text().contains("Say whether this corrects a mistake") && asked.text().contains("aria-invalid")
    );
    is_sound(&asked);
    let correction =
        [update.as_slice(), &[("change", "correction"), ("correction", "It was Tuesday.")]].concat();
    eve.desk(&path, Some(&form(&correction))).is(303);
    serving.get_until(PAGE, |answer| answer.text().contains("It was Tuesday."));

    let taken = |reason: &str| eve.desk(&path, Some(&form(&[("deed", "withdraw"), ("reason", reason)])));
    assert!(taken(" ").is(422).text().contains("needs a reason"));
    taken("The agency asks.").is(303);
    serving.get_until(PAGE, |answer| answer.status == 410);
    is_sound(&eve.desk(&path, None).is(200));
    eve.desk(&path, Some(&form(&[("deed", "restore"), ("reason", "A mistake.")]))).is(303);
    serving.get_until(PAGE, |answer| answer.status == 200);
    let foreign = eve.with("Sec-Fetch-Site", "cross-site");
    let _ = foreign.desk(&path, Some(&form(&[("deed", "withdraw"), ("reason", "x")])));
    assert_eq!(serving.get(PAGE).status, 200, "a foreign page changes nothing");
}

#[test]
fn embargo_plan_link_and_approval_are_set_and_taken_back_by_forms() {
    let site = TestSite::new();
    let (_serving, eve, story) = draft(&site);
    let path = format!("/desk/stories/{story}/publish");
    let act = |fields: &[(&str, &str)]| eve.desk(&path, Some(&form(fields)));
    assert!(act(&[("deed", "embargo"), ("until", "noon")]).is(422).text().contains("is no time"));
    act(&[("deed", "embargo"), ("until", "2100-01-03T15:32")]).is(303);
    let page = eve.desk(&path, None).is(200);
    is_sound(&page);
    assert!(page.text().contains("Under an embargo until 2100-01-03 15:32"), "{}", page.text());
    assert!(!page.text().contains("value=\"now\""), "nobody is tempted");
    act(&[("deed", "plan"), ("at", "2099-01-03T15:32")]).is(303);
    let page = eve.desk(&path, None).is(200);
    is_sound(&page);
    assert!(page.text().contains("Is published on 2100-01-03 15:32"), "the later one: {}", page.text());
    act(&[("deed", "cancel")]).is(303);
    act(&[("deed", "lift"), ("reason", "It is out.")]).is(303);
    let shared = act(&[("deed", "share"), ("name", "Lena Law"), ("days", "2")]).is(200);
    is_sound(&shared);
    let address = shared.text().split("/desk/shared/").nth(1).unwrap()[..64].to_owned();
    eve.desk(&format!("/desk/shared/{address}"), None).is(200);
    let share = shared.text().split("name=\"share\" value=\"").nth(1).unwrap()[..64].to_owned();
    act(&[("deed", "revoke"), ("share", &share)]).is(303);
    eve.desk(&format!("/desk/shared/{address}"), None).is(404);
    let revision = revision(&eve.desk(&path, None));
    act(&[("deed", "approve"), ("revision", &revision), ("remark", "Fine.")]).is(303);
    let page = eve.desk(&path, None).is(200).text();
    assert!(page.contains("Fine.") && page.contains("as it is now"), "{page}");
    for look in ["phone", "wide", "dark", "rtl", "lean", "slide", "slide&slide=2", "all"] {
        is_sound(&eve.desk(&format!("{path}?look={look}"), None).is(200));
    }
}

#[test]
fn the_proof_sheet_has_every_caption_and_credit_and_is_signed() {
    let site = TestSite::new();
    let (serving, eve, story) = draft(&site);
    let path = format!("/desk/stories/{story}/proof");
    let sheet = eve.desk(&path, None).is(200);
    is_sound(&sheet);
    let told = eve.get(&format!("/stories/{story}")).is(200).json();
    for slide in told["slides"].as_array().unwrap() {
        let credit = slide["credit"]["text"].as_str().unwrap();
        assert!(sheet.text().contains(credit), "{credit}");
    }
    assert_eq!(sheet.text().matches("class=\"caption\"").count(), 3);
    let mo = person(&site, &serving, "mo", "moderator");
    let signed = form(&[("revision", &revision(&sheet)), ("remark", "Read aloud.")]);
    mo.desk(&path, Some(&signed)).is(303);
    mo.desk(&path, Some(&form(&[("revision", "0")]))).is(422);
    let page = mo.desk(&format!("/desk/stories/{story}/publish"), None).is(200);
    is_sound(&page);
    assert!(page.text().contains("Read aloud.") && !page.text().contains("value=\"now\""), "{}", page.text());
    let ana = person(&site, &serving, "ana", "photographer");
    ana.desk(&path, None).is(404);
    ana.desk(&format!("/desk/stories/{story}/publish"), None).is(404);
}

#[test]
fn a_photo_is_withdrawn_everywhere_with_a_reason_after_its_uses_were_shown() {
    let site = TestSite::new();
    let (serving, eve, story) = draft(&site);
    site.does(&["publish", "three-pictures", "--allow-missing", "alt"]);
    serving.get_until(PAGE, |answer| answer.status == 200);
    let photo = eve.get(&format!("/stories/{story}")).is(200).json()["slides"][0]["photo"]
        .as_str()
        .unwrap()
        .to_owned();
    let path = format!("/desk/photos/{photo}/withdraw");
    assert!(eve.desk(&format!("/desk/photos/{photo}"), None).is(200).text().contains(&path));
    let ask = eve.desk(&path, None).is(200);
    is_sound(&ask);
    assert!(ask.text().contains("Readers see it in 1 story.") && ask.text().contains("Three pictures"));
    let wrong = eve.desk(&path, Some("reason=+")).is(422);
    is_sound(&wrong);
    assert!(wrong.text().contains("aria-invalid"), "{}", wrong.text());
    eve.desk(&path, Some("reason=The+agency+kills+it.")).is(303);
    serving.get_until(PAGE, |answer| crate::page::slides(&answer.text()).len() == 2);
    is_sound(&eve.desk(&path, None).is(200));
    eve.desk(&path, Some("reason=A+mistake.&undo=1")).is(303);
    serving.get_until(PAGE, |answer| crate::page::slides(&answer.text()).len() == 3);
    person(&site, &serving, "mo", "moderator").desk(&path, None).is(403);
}
