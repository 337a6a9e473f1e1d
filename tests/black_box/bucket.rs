//! The same way with the bytes in a bucket, on one machine and on two.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::machinery::Garage;
use crate::page::slides;
use crate::servers::{Database, bucket};
use crate::site::{TestSite, files_below, looks_into_the_folder};

const PAGE: &str = "/story/three-photographs";

/// A site in a part of the tests' bucket, with what else is set.
fn site(prefix: &str, more: &str) -> Option<TestSite> {
    Some(TestSite::in_folder_with(&format!("{}{more}[work]\navif = \"off\"\n", bucket(prefix)?)))
}

/// What lies in the data folder beside records, settings and folders that are empty.
fn bytes_here(site: &TestSite) -> Vec<String> {
    let kinds = ["originals", "sidecars", "renditions", "public", "tree", "incoming"];
    kinds.iter().flat_map(|kind| site.files(kind)).map(|file| file.display().to_string()).collect()
}

/// The pictures that serving processes of this folder hold on their disk.
fn cached_pictures(site: &TestSite) -> usize {
    let held = files_below(&site.data().join("cache"));
    held.iter().filter(|file| file.components().any(|part| part.as_os_str() == "public")).count()
}

#[test]
fn photos_become_a_story_that_is_published_served_withdrawn_and_brought_back() {
    let Some(site) = site("way", "") else { return };
    site.small_story("Three photographs");
    assert_eq!(bytes_here(&site), Vec::<String>::new());
    let serving = site.serve();
    let before = slides(&serving.get_until(PAGE, |answer| answer.status == 200).text());
    assert_eq!(before.len(), 3);
    for picture in before.iter().flat_map(|figure| &figure.pictures) {
        let (first, second) = (serving.get(picture), serving.get(picture));
        assert_eq!((first.status, second.status), (200, 200), "{picture}");
        assert!(!first.body.is_empty() && first.body == second.body, "{picture}");
    }
    assert!(cached_pictures(&site) > 0, "what was read lies on this disk");
    site.does(&["withdraw", "three-photographs", "--reason", "The source retracted it."]);
    serving.get_until(PAGE, |answer| answer.status == 410);
    for picture in before.iter().flat_map(|figure| &figure.pictures) {
        serving.get_until(picture, |answer| answer.status == 410);
    }
    assert_eq!(cached_pictures(&site), 0, "what was withdrawn lies on no disk");
    site.does(&["withdraw", "three-photographs", "--undo", "--reason", "The source was wrong."]);
    serving.get_until(PAGE, |answer| answer.status == 200);
    site.does(&["doctor"]);
    assert_eq!(serving.stop(), 0);
    assert_eq!(files_below(&site.data().join("cache")), Vec::<std::path::PathBuf>::new());
}

#[test]
fn what_one_machine_publishes_and_withdraws_another_shows_within_a_second() {
    let Some(database) = Database::new("two_machines") else { return };
    let more = database.settings();
    let Some((desk, front)) = site("two", &more).zip(site("two", &more)) else { return };
    desk.small_draft("Three photographs");
    let serving = front.serve_with(&["--no-work"]);
    assert_eq!(serving.get(PAGE).status, 404);
    desk.does(&["publish", "Three photographs", "--allow-missing", "alt"]);
    let published = Instant::now();
    let page = serving.get_until(PAGE, |answer| answer.status == 200);
    assert!(published.elapsed() < Duration::from_secs(1), "{:?}", published.elapsed());
    let pictures: Vec<String> = slides(&page.text()).into_iter().flat_map(|figure| figure.pictures).collect();
    assert!(pictures.iter().all(|picture| serving.get(picture).status == 200));
    desk.does(&["withdraw", "three-photographs", "--reason", "The source retracted it."]);
    let withdrawn = Instant::now();
    serving.get_until(PAGE, |answer| answer.status == 410);
    assert!(withdrawn.elapsed() < Duration::from_secs(1), "{:?}", withdrawn.elapsed());
    assert!(pictures.iter().all(|picture| serving.get(picture).status == 410));
    assert_eq!(cached_pictures(&front), 0);
}

#[test]
fn two_sites_never_share_a_part_of_a_bucket() {
    let Some((ours, theirs)) = site("shared", "").zip(site("shared", "")) else { return };
    ours.small_story("Three photographs");
    let said = theirs.run(&["stories"]).ends_with(3);
    assert!(said.err.contains("belongs to another site"), "{}", said.err);
    let said = theirs.run(&["doctor"]).ends_with(1);
    assert!(said.out.contains("blobs.url"), "{}", said.out);
    ours.does(&["doctor"]);
}

#[test]
fn doctor_says_what_is_wrong_with_a_bucket() {
    let Some(site) = site("wrong", "") else { return };
    let file = site.data().join("halftone.toml");
    let right = fs::read_to_string(&file).unwrap();
    let key = right.lines().find(|line| line.starts_with("secret_key")).unwrap();
    for (wrong, says) in [
        (right.replace("s3://halftone/", "s3://nothing-here/"), "no such bucket"),
        (right.replace(key, "secret_key = \"0000\""), "key is wrong"),
        (right.replace("region = \"garage\"", "region = \"mars\""), "blobs.region"),
        (right.replace("s3://halftone/", "halftone/"), "blobs.url must be"),
        (right.replace(key, ""), "AWS_SECRET_ACCESS_KEY"),
    ] {
        fs::write(&file, wrong).unwrap();
        let said = site.run(&["doctor"]).ends_with(1);
        assert!(said.out.contains(says), "{says}: {}", said.out);
    }
    fs::write(&file, right).unwrap();
    site.does(&["doctor"]);
}

#[test]
fn a_key_that_may_only_read_is_told_and_nothing_is_changed() {
    let Some(garage) = Garage::start() else { return };
    let site = TestSite::in_folder_with(&garage.settings());
    site.does(&["stories"]);
    fs::write(site.data().join("halftone.toml"), garage.settings_to_read()).unwrap();
    let folder = site.folder_of("photos", &["rocket.jpg"]);
    let said = site.run(&["doctor"]).ends_with(1).out;
    assert!(said.contains("read, write, list and delete in this bucket"), "{said}");
    let said = site.run(&["ingest", folder.to_str().unwrap(), "--story", "Rocket"]).ends_with(3);
    assert!(said.err.contains("read, write, list and delete in this bucket"), "{said:?}");
    // It goes on where it stopped, once the key may write.
    fs::write(site.data().join("halftone.toml"), garage.settings()).unwrap();
    site.does(&["ingest", folder.to_str().unwrap(), "--story", "Rocket"]);
    site.does(&["doctor"]);
}

#[test]
fn a_site_in_a_bucket_is_exported_backed_up_and_restored() {
    looks_into_the_folder();
    let Some(site) = site("copies", "") else { return };
    site.small_story("Three photographs");
    let (export, backup) = (site.beside("export"), site.beside("backup"));
    site.does(&["export", export.to_str().unwrap()]);
    let pictures = |folder: &Path| {
        files_below(folder).iter().filter(|file| file.extension().is_some_and(|kind| kind == "jpg")).count()
    };
    assert!(pictures(&export) >= 3);
    let again = site.json(&["export", export.to_str().unwrap()]).ends_with(0).object("exported");
    assert_eq!(again["written"], 0, "{again}");
    site.does(&["backup", backup.to_str().unwrap()]);
    let restored = TestSite::as_it_comes();
    restored.does(&["restore", backup.to_str().unwrap()]);
    let serving = restored.serve();
    let page = serving.get_until(PAGE, |answer| answer.status == 200);
    assert!(
        slides(&page.text())
            .iter()
            .flat_map(|slide| &slide.pictures)
            .all(|picture| serving.get(picture).status == 200)
    );
}

#[test]
fn a_bucket_is_named_on_the_command_line_as_well() {
    let Some(site) = site("named", "") else { return };
    let file = site.data().join("halftone.toml");
    let settings = fs::read_to_string(&file).unwrap();
    let url = settings.lines().find(|line| line.starts_with("url")).unwrap().to_owned();
    fs::write(&file, settings.replace(&url, "")).unwrap();
    let url = url.split('"').nth(1).unwrap();
    let folder = site.folder_of("photos", &["rocket.jpg"]);
    site.does(&["ingest", folder.to_str().unwrap(), "--story", "Rocket", "--blobs", url]);
    assert_eq!(bytes_here(&site), Vec::<String>::new());
}
