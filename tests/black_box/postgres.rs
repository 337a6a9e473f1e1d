//! The same way with the records in PostgreSQL.

use crate::page::slides;
use crate::servers::{Database, PostgresSite, bucket};
use crate::site::{TestSite, looks_into_the_folder};

#[test]
fn photos_become_a_story_that_is_published_served_withdrawn_and_brought_back() {
    let Some(postgres) = PostgresSite::new("way") else { return };
    let (site, path) = (&postgres.site, "/story/three-photographs");
    site.small_story("Three photographs");
    assert!(site.files("").iter().all(|file| !file.ends_with("halftone.db")), "no SQLite beside it");
    let serving = site.serve();
    let before = slides(&serving.get_until(path, |answer| answer.status == 200).text());
    assert_eq!(before.len(), 3);
    site.does(&["withdraw", "three-photographs", "--reason", "The source retracted it."]);
    serving.get_until(path, |answer| answer.status == 410);
    for picture in before.iter().flat_map(|figure| &figure.pictures) {
        serving.get_until(picture, |answer| answer.status == 410);
    }
    site.does(&["withdraw", "three-photographs", "--undo", "--reason", "The source was wrong."]);
    serving.get_until(path, |answer| answer.status == 200);
}

#[test]
fn pages_are_answered_without_the_server_of_the_records() {
    let Some(postgres) = PostgresSite::new("away") else { return };
    let site = &postgres.site;
    site.small_story("Three photographs");
    let settings = std::fs::read_to_string(site.data().join("halftone.toml")).unwrap();
    std::fs::write(
        site.data().join("halftone.toml"),
        settings.replace(&postgres.database.name, "no_such_database"),
    )
    .unwrap();
    let serving = site.serve();
    assert_eq!(serving.get("/story/three-photographs").status, 200);
    serving.get_until("/readyz", |answer| answer.status == 503);
    assert_eq!(serving.get("/healthz").status, 200);
}

/// The server's clock is put forward for one database: its own function is found before the system's.
#[test]
fn a_clock_that_is_off_by_an_hour_is_found_by_the_doctor_and_nothing_is_started() {
    let Some(postgres) = PostgresSite::new("clock") else { return };
    let site = &postgres.site;
    site.small_story("Three photographs");
    postgres.database.run(
        "CREATE FUNCTION clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE
         AS 'SELECT pg_catalog.clock_timestamp() + interval ''1 hour'''",
    );
    let name = &postgres.database.name;
    postgres.database.run(&format!("ALTER DATABASE {name} SET search_path = public, pg_catalog"));
    let said = site.run(&["doctor"]).ends_with(1).out;
    assert!(said.contains("seconds behind that of the database server: set the clocks"), "{said}");
    site.run(&["publish", "three-photographs"]).ends_with(3);
    // Readers are answered all the same.
    assert_eq!(site.serve().get("/story/three-photographs").status, 200);
}

#[test]
fn a_wrong_password_a_missing_database_and_a_missing_server_are_told_from_each_other() {
    let Some(postgres) = PostgresSite::new("doors") else { return };
    let site = &postgres.site;
    site.does(&["stories"]);
    let file = site.data().join("halftone.toml");
    let settings = std::fs::read_to_string(&file).unwrap();
    let (scheme, rest) = settings.split_once("://").unwrap();
    let (user, at) = rest.split_once('@').unwrap();
    for (wrong, says) in [
        (settings.replace(&postgres.database.name, "no_such_database"), "no_such_database"),
        (format!("{scheme}://halftone:wrong@{at}"), "password authentication failed"),
        (format!("{scheme}://{user}@127.0.0.1:1/nothing\"\n"), "refused"),
    ] {
        std::fs::write(&file, wrong).unwrap();
        let said = site.run(&["doctor"]).ends_with(1).out;
        assert!(said.contains("the database cannot be reached or opened"), "{said}");
        assert!(said.contains(says), "{says}: {said}");
    }
}

#[test]
fn a_site_on_servers_is_backed_up_while_it_serves_restored_into_a_folder_and_moved_to_other_servers() {
    let Some(postgres) = PostgresSite::new("backup") else { return };
    let Some(other) = Database::new("restored") else { return };
    let Some((blobs, new_blobs)) = bucket("backed-up").zip(bucket("restored")) else { return };
    looks_into_the_folder();
    let site = &postgres.site;
    let file = site.data().join("halftone.toml");
    let settings = format!("{}{blobs}[work]\navif = \"off\"\n", postgres.database.settings());
    std::fs::write(&file, &settings).unwrap();
    site.small_story("Three photographs");
    site.does(&["notice", "add", "NASA", "--text", "NASA is an agency of the United States."]);
    let serving = site.serve();
    let page = serving.get_until("/story/three-photographs", |answer| answer.text().contains("an agency of"));
    let backup = site.beside("backup");
    let said = site.json(&["backup", backup.to_str().unwrap()]).ends_with(0).object("files");
    assert!(said["files"].as_u64().unwrap() > 10, "{said}");
    assert_eq!(serving.stop(), 0);

    let restored = TestSite::as_it_comes();
    let said = restored.does(&["restore", backup.to_str().unwrap()]);
    assert!(said.err.contains("halftone.toml.backed-up"), "{said:?}");
    assert_eq!(std::fs::read_to_string(restored.data().join("halftone.toml.backed-up")).unwrap(), settings);
    let text = |site: &TestSite| site.serve().get("/story/three-photographs").text();
    assert_eq!(slides(&text(&restored)).len(), slides(&page.text()).len());
    assert!(text(&restored).contains("an agency of"));
    restored.does(&["doctor"]);

    let anew = TestSite::in_folder_with(&format!("{}{new_blobs}", other.settings()));
    let (from, to) = (restored.data(), anew.data());
    anew.does(&["move", "--from", from.to_str().unwrap(), "--to", to.to_str().unwrap()]);
    assert_eq!(text(&anew), text(&restored));
    anew.does(&["doctor"]);
    anew.does(&["withdraw", "three-photographs", "--reason", "A test."]);
}
