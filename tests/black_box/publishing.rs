//! What stands against publishing, what may be missing, and what readers can and cannot fetch.

use serde_json::Value;

use crate::exif_tool;
use crate::page::slides;
use crate::site::{SMALL, Said, TestSite, looks_into_the_folder};

/// The refusals of a command, as objects.
fn refusals(said: &Said) -> Vec<Value> {
    said.objects().into_iter().filter_map(|object| object.get("refused").cloned()).collect()
}

/// A draft with one photo whose file was changed first. `None` without ExifTool.
fn changed(tags: &[&str]) -> Option<TestSite> {
    if !exif_tool::installed() {
        return None;
    }
    let site = TestSite::new();
    let folder = site.folder_of("photos", &["rocket.jpg"]);
    exif_tool::change(&folder.join("rocket.jpg"), tags);
    site.does(&["ingest", folder.to_str().unwrap(), "--story", "Lift-off"]);
    Some(site)
}

#[test]
fn check_says_what_is_doubtful_with_its_words_and_what_to_write() {
    let site = TestSite::new();
    std::fs::write(site.data().join("halftone.toml"), "[style]\nhouse = \"reuters\"\n").unwrap();
    site.small_draft("Three photographs");
    let slide = site.draft("three-photographs")["slides"][1]["id"].as_str().unwrap().to_owned();
    let file = format!(
        "headline = \"Three photographs\"\n[[slide]]\nid = \"{slide}\"\ncaption = \"Crowds cheer in in Paris.\"\nalt = \"A crowd\"\n"
    );
    site.run_with_input(&["story", "put", "three-photographs"], &file).ends_with(0);
    let plain = site.run(&["check", "three-photographs"]).ends_with(0);
    for says in [
        format!("Doubtful: Slide 1 ({slide}), caption: \"in\" stands twice. [R9]"),
        "here: in in".to_owned(),
        "write: Crowds cheer in Paris.".to_owned(),
        "The caption does not say when the picture was made. [R6, R7]".to_owned(),
        "Nothing stands against publishing.".to_owned(),
    ] {
        assert!(plain.out.contains(&says), "{says} in {}", plain.out);
    }
    let told = site.json(&["check", "three-photographs"]).ends_with(0).objects();
    let twice = told.iter().find(|one| one["doubtful"]["code"] == "word_doubled").unwrap();
    assert_eq!(twice["doubtful"]["at"], serde_json::json!({ "start": 13, "end": 18 }));
    assert_eq!(twice["doubtful"]["correction"]["replacement"], "");
    let file = file.replace("alt = \"A crowd\"", "alt = \"\"");
    site.run_with_input(&["story", "put", "three-photographs"], &file).ends_with(0);
    let red = site.run(&["check", "three-photographs"]).ends_with(1);
    assert!(red.err.contains("The alternative text is missing"), "{}", red.err);
}

#[test]
fn a_photo_without_a_credit_is_refused_by_slide_field_and_rule_and_no_flag_overrules_it() {
    let Some(site) = changed(&exif_tool::NO_MAKER) else { return };
    for words in [&["publish", "lift-off"][..], &["publish", "lift-off", "--allow-missing", "alt,picture"]] {
        let said = site.json(words).ends_with(1);
        let refusal = refusals(&said).into_iter().find(|one| one["code"] == "credit_missing").unwrap();
        let slide = &site.draft("lift-off")["slides"][0]["id"];
        assert_eq!((&refusal["slide"]["id"], &refusal["slide"]["number"]), (slide, &Value::from(1)));
        assert_eq!((&refusal["field"], &refusal["rule"]), (&Value::from("credit"), &Value::from("R10")));
    }
    let plain = site.run(&["publish", "lift-off"]).ends_with(1);
    assert!(
        plain.err.contains("Slide 1 (") && plain.err.contains("credit") && plain.err.contains("[R10]"),
        "{}",
        plain.err
    );
    assert_eq!(site.serve().get("/story/lift-off").status, 404);
}

#[test]
fn a_photo_without_a_caption_is_refused() {
    let nothing = ["-XMP-dc:Description=", "-IPTC:Caption-Abstract=", "-EXIF:ImageDescription="];
    let Some(site) = changed(&nothing) else { return };
    let said = site.json(&["publish", "lift-off", "--allow-missing", "alt"]).ends_with(1);
    let codes: Vec<String> =
        refusals(&said).iter().map(|one| one["code"].as_str().unwrap().to_owned()).collect();
    assert_eq!(codes, ["caption_missing"]);
}

#[test]
fn a_photo_without_an_alternative_text_is_refused_unless_that_is_allowed() {
    let Some(site) = changed(&["-XMP-iptcCore:AltTextAccessibility="]) else { return };
    let said = site.json(&["publish", "lift-off"]).ends_with(1);
    let refusal = &refusals(&said)[0];
    assert_eq!(
        (&refusal["code"], &refusal["field"], &refusal["slide"]["number"]),
        (&"alt_missing".into(), &"alt".into(), &1.into())
    );
    site.run(&["publish", "lift-off", "--allow-missing", "picture"]).ends_with(1);
    site.run(&["publish", "lift-off", "--allow-missing", "alt"]).ends_with(0);
    let figures = slides(&site.serve().get("/story/lift-off").text());
    assert!(
        !figures[0].alt.is_empty() && figures[0].alt != figures[0].caption,
        "1.1.1: never the caption, never nothing"
    );
    assert!(!figures[0].alt.contains("rocket.jpg"), "never the file's name");
}

#[test]
fn a_restriction_is_refused_quoting_its_text_until_it_is_cleared_with_a_reason() {
    let Some(site) = changed(&["-XMP-photoshop:Instructions=NO SALES. Hold for the desk."]) else { return };
    let said = site.json(&["publish", "lift-off", "--allow-missing", "alt"]).ends_with(1);
    let refusal = &refusals(&said)[0];
    assert_eq!((&refusal["code"], &refusal["rule"]), (&"restricted".into(), &"R12".into()));
    assert!(refusal["sentence"].as_str().unwrap().contains("NO SALES"), "{refusal}");
    let slide = site.draft("lift-off")["slides"][0]["id"].as_str().unwrap().to_owned();
    site.run(&["clear", "lift-off", &slide, "--reason", " "]).ends_with(1);
    site.run(&["clear", "lift-off", &slide, "--reason", "Rights bought on 3 March"]).ends_with(0);
    site.run(&["publish", "lift-off", "--allow-missing", "alt"]).ends_with(0);
    let html = site.serve().get("/story/lift-off").text();
    assert!(
        !html.contains("NO SALES") && !html.contains("Hold for the desk"),
        "instructions are the desk's only"
    );
}

#[test]
fn everything_that_stands_against_publishing_is_said_at_once() {
    let mut tags = exif_tool::NO_MAKER.to_vec();
    tags.extend(["-XMP-iptcCore:AltTextAccessibility=", "-XMP-photoshop:Instructions=NOT FOR PUBLICATION"]);
    let Some(site) = changed(&tags) else { return };
    let said = site.json(&["publish", "lift-off"]).ends_with(1);
    let mut codes: Vec<String> =
        refusals(&said).iter().map(|one| one["code"].as_str().unwrap().to_owned()).collect();
    codes.sort();
    assert_eq!(codes, ["alt_missing", "credit_missing", "restricted"]);
}

#[test]
fn a_photo_that_is_not_published_cannot_be_fetched() {
    looks_into_the_folder();
    let site = TestSite::new();
    site.small_draft("Three photographs");
    let serving = site.serve();
    let mut asked = 0;
    for part in ["originals", "renditions", "public", "sidecars", "incoming"] {
        for file in site.files(part) {
            let inside = file.strip_prefix(site.data()).unwrap().to_str().unwrap().to_owned();
            let name = inside.split_once('/').unwrap().1.to_owned();
            for path in [
                format!("/{inside}"),
                format!("/i/{name}"),
                format!("/i/{name}.jpg"),
                format!("/i/../{inside}"),
                format!("/a/../{inside}"),
            ] {
                let answer = serving.get(&path);
                assert!([400, 404].contains(&answer.status), "{path}: {}", answer.status);
                asked += 1;
            }
        }
    }
    assert!(asked > 15, "there are originals and renditions to ask for: {asked}");
    for path in [
        "/story/three-photographs",
        "/halftone.db",
        "/halftone.toml",
        "/i/",
        "/i/../halftone.db",
        "/%2e%2e/halftone.db",
    ] {
        assert!([400, 404].contains(&serving.get(path).status), "{path}");
    }
}

#[test]
fn a_photo_that_leaves_a_story_can_no_longer_be_fetched() {
    let site = TestSite::new();
    site.small_story("Three photographs");
    let serving = site.serve();
    let before = slides(&serving.get("/story/three-photographs").text());
    site.edit("three-photographs", |text| {
        let parts: Vec<&str> = text.split("[[slide]]").collect();
        [parts[0], parts[1], parts[3]].join("[[slide]]")
    })
    .ends_with(0);
    site.does(&["publish", "three-photographs", "--allow-missing", "alt"]);
    serving.get_until("/story/three-photographs", |answer| slides(&answer.text()).len() == 2);
    for picture in &before[1].pictures {
        let answer = serving.get_until(picture, |answer| answer.status != 200);
        assert!([404, 410].contains(&answer.status), "{picture}: {}", answer.status);
    }
    for picture in before[0].pictures.iter().chain(&before[2].pictures) {
        assert_eq!(serving.get(picture).status, 200, "{picture}");
    }
}

#[test]
fn publishing_again_keeps_the_addresses_of_pictures_of_which_nothing_changed() {
    let site = TestSite::new();
    site.small_story("Three photographs");
    let before = slides(&site.serve().get("/story/three-photographs").text());
    site.does(&["publish", "three-photographs", "--allow-missing", "alt"]);
    assert_eq!(slides(&site.serve().get("/story/three-photographs").text()), before);
}

#[test]
fn a_changed_caption_gives_its_picture_a_new_address_and_the_old_one_leads_there() {
    let site = TestSite::new();
    site.small_story("Three photographs");
    let serving = site.serve();
    let before = slides(&serving.get("/story/three-photographs").text());
    let (old, new) = (&before[1].caption, "An astronaut poses for an undated portrait in an orange suit.");
    site.edit("three-photographs", |text| text.replace(old.as_str(), new)).ends_with(0);
    site.does(&["publish", "three-photographs", "--allow-missing", "alt"]);
    let answer =
        serving.get_until("/story/three-photographs", |answer| slides(&answer.text())[1].caption == new);
    let after = slides(&answer.text());
    assert_eq!((&after[0], &after[2]), (&before[0], &before[2]));
    assert_eq!(after[1].pictures.len(), before[1].pictures.len());
    for (old, new) in before[1].pictures.iter().zip(&after[1].pictures) {
        assert_ne!(old, new);
        let answer = serving.get_until(old, |answer| answer.status != 200);
        assert!([301, 302, 307, 308].contains(&answer.status), "{old}: {}", answer.status);
        assert_eq!(answer.header("location"), Some(new.as_str()));
        assert_eq!(serving.get(new).status, 200);
    }
}

#[test]
fn a_section_in_any_script_has_its_page_and_holds_up_nothing() {
    let site = TestSite::new();
    let folder = site.folder_of("photos", &SMALL);
    let words = [
        "ingest",
        folder.to_str().unwrap(),
        "--story",
        "Three photographs",
        "--section",
        "\u{635}\u{648}\u{631}",
    ];
    site.does(&words);
    site.does(&["publish", "three-photographs", "--allow-missing", "alt"]);
    let serving = site.serve();
    for path in ["/", "/section/%D8%B5%D9%88%D8%B1"] {
        serving.get_until(path, |answer| answer.status == 200 && answer.text().contains("Three photographs"));
    }
    site.does(&["withdraw", "three-photographs", "--reason", "killed"]);
    serving.get_until("/", |answer| !answer.text().contains("Three photographs"));
}

#[test]
fn only_sections_with_a_story_are_in_the_navigation() {
    let site = TestSite::new();
    let folder = site.folder_of("photos", &SMALL);
    site.does(&["ingest", folder.to_str().unwrap(), "--story", "Three photographs", "--section", "Phtoo"]);
    site.does(&["publish", "three-photographs", "--allow-missing", "alt"]);
    site.edit("three-photographs", |text| text.replace("\"Phtoo\"", "\"Photo\"")).ends_with(0);
    site.does(&["publish", "three-photographs", "--allow-missing", "alt"]);
    let serving = site.serve();
    let home = serving.get_until("/", |answer| answer.status == 200).text();
    assert!(home.contains("/section/photo") && !home.contains("phtoo"), "{home}");
    assert!(!serving.get("/section/phtoo").text().contains("Three photographs"));
}
