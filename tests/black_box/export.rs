//! The site as plain files: what a static host makes of them.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};

use crate::page::{attributes, between};
use crate::site::{TestSite, files_below, looks_into_the_folder};

const PREFIX: &str = "/deep/prefix/";

/// A site with three stories in three scripts, of which one moved, with authors, tags and neighbours.
pub fn published() -> TestSite {
    let site = TestSite::new();
    for headline in ["Three photographs", "Фото дня"] {
        site.small_draft(headline);
    }
    let other = site.folder_of("other", &["allium.jpg"]);
    site.does(&["ingest", other.to_str().unwrap(), "--story", "صور القاهرة"]);
    site.edit("three-photographs", |text| {
        text.replace("bylines = []", "bylines = [\"Ana María Ruiz\"]")
            .replace("tags = []", "tags = [\"Вода & ветер\"]")
    })
    .ends_with(0);
    for story in ["three-photographs", "фото-дня", "صور-القاهرة"] {
        site.does(&["publish", story, "--allow-missing", "alt"]);
    }
    site.edit("фото-дня", |text| text.replace("slug = \"фото-дня\"", "slug = \"фото-ночи\"")).ends_with(0);
    site.does(&["publish", "фото-ночи", "--allow-missing", "alt"]);
    site
}

/// Exports, and gives how many files were written, the same, and removed.
#[track_caller]
pub fn exported(site: &TestSite, to: &Path) -> (u64, u64, u64) {
    let said = site.json(&["export", to.to_str().unwrap()]).ends_with(0).object("exported");
    assert_eq!(said["whole"], true);
    let count = |key: &str| said[key].as_u64().unwrap();
    (count("written"), count("same"), count("removed"))
}

/// Every file of an export with its bytes, without the export's own notes.
pub fn content(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let files = files_below(folder).into_iter();
    let files =
        files.map(|file| (file.strip_prefix(folder).unwrap().to_path_buf(), std::fs::read(&file).unwrap()));
    files.filter(|(name, _)| !name.to_str().unwrap().starts_with(".halftone-export")).collect()
}

/// A static host as they all are: a folder's address with a slash is its `index.html`, percent-encoding is undone,
/// what is not there is `404.html`.
struct StaticHost {
    address: String,
}

impl StaticHost {
    fn of(folder: &Path) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, folder) = (listener.local_addr().unwrap().to_string(), folder.to_path_buf());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                answer(&folder, &mut stream.unwrap());
            }
        });
        Self { address }
    }

    /// Status and body.
    fn get(&self, path: &str) -> (u16, Vec<u8>) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(stream, "GET {path} HTTP/1.0\r\n\r\n").unwrap();
        let mut bytes = Vec::new();
        std::io::Read::read_to_end(&mut stream, &mut bytes).unwrap();
        let head = bytes.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let status = std::str::from_utf8(&bytes[9..12]).unwrap().parse().unwrap();
        (status, bytes[head + 4..].to_vec())
    }
}

fn answer(folder: &Path, stream: &mut TcpStream) {
    let mut line = String::new();
    BufReader::new(&*stream).read_line(&mut line).unwrap();
    let path = line.split(' ').nth(1).unwrap().split('?').next().unwrap();
    let mut file = path.strip_prefix(PREFIX).map(|inside| folder.join(decoded(inside)));
    if path.ends_with('/') {
        file = file.map(|file| file.join("index.html"));
    }
    let found = file.filter(|file| file.is_file()).map(|file| std::fs::read(file).unwrap());
    let (status, body) = match found {
        Some(body) => ("200 OK", body),
        None => ("404 Not Found", std::fs::read(folder.join("404.html")).unwrap()),
    };
    write!(stream, "HTTP/1.0 {status}\r\n\r\n").unwrap();
    stream.write_all(&body).unwrap();
}

fn decoded(path: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next().unwrap(), rest.next().unwrap()];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// The address that a link on a page leads to, as a browser resolves it; `None` for one that leaves the site or stays
/// on the page.
fn resolved(page: &str, link: &str) -> Option<String> {
    if link.is_empty() || link.starts_with('#') || link.contains("://") {
        return None;
    }
    assert!(!link.starts_with('/'), "{link} on {page} works under no prefix");
    let mut parts: Vec<&str> = page.split('/').collect();
    parts.pop();
    for part in link.split('#').next().unwrap().split('/') {
        match part {
            "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

/// Everything that a page leads to, loads or sends its readers on to.
fn links(page: &str, html: &str) -> BTreeSet<String> {
    let sets = attributes(html, "srcset");
    let sets =
        sets.iter().flat_map(|set| set.split(", ")).map(|one| one.split(' ').next().unwrap().to_owned());
    let refresh = between(html, "content=\"0; url=", "\"").map(str::to_owned);
    let links =
        attributes(html, "href").into_iter().chain(attributes(html, "src")).chain(sets).chain(refresh);
    links.filter_map(|link| resolved(page, &link)).collect()
}

/// Follows every link of every page of an export, and gives the addresses that they lead to.
pub fn followed(folder: &Path) -> BTreeSet<String> {
    let host = StaticHost::of(folder);
    let pages = files_below(folder).into_iter().filter_map(|file| {
        let place = file.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
        place.strip_suffix("index.html").map(|folder| format!("{PREFIX}{folder}"))
    });
    let mut all = BTreeSet::new();
    for page in pages {
        // The pages' own addresses are written here as their folders are called, so a link may be a mixture.
        let (status, body) = host.get(&encoded(&page));
        assert_eq!(status, 200, "{page}");
        for link in links(&encoded(&page), &String::from_utf8(body).unwrap()) {
            assert_eq!(host.get(&link).0, 200, "{link} on {page}");
            all.insert(link);
        }
    }
    all
}

fn encoded(path: &str) -> String {
    let sign = |byte: u8| match byte {
        b' '..=b'~' => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    path.bytes().map(sign).collect()
}

#[test]
fn every_link_and_picture_works_under_any_prefix() {
    let site = published();
    let to = site.beside("static");
    let (written, ..) = exported(&site, &to);
    assert_eq!(written, content(&to).len() as u64);
    let links = followed(&to);
    for wanted in [
        "",
        "story/three-photographs/",
        "story/three-photographs/light/",
        "story/%D1%84%D0%BE%D1%82%D0%BE-%D0%BD%D0%BE%D1%87%D0%B8/",
        "by/ana-mar%C3%ADa-ruiz/",
        "tag/%D0%B2%D0%BE%D0%B4%D0%B0-%D0%B2%D0%B5%D1%82%D0%B5%D1%80/",
        "archive/",
        "feed.atom",
        "section/photo/feed.rss",
    ] {
        assert!(links.contains(&format!("{PREFIX}{wanted}")), "{wanted} in {links:?}");
    }
    let ending = |ending: &str| links.iter().filter(|link| link.ends_with(ending)).count();
    assert!(ending(".jpg") > 4 && ending(".css") == 2 && ending(".js") == 1 && ending(".svg") == 1);
    for place in ["story/صور-القاهرة/index.html", "sitemap.xml", "robots.txt", ".well-known/tdmrep.json"]
    {
        assert!(to.join(place).is_file(), "{place}");
    }
    assert!(!content(&to).keys().any(|file| file.to_str().unwrap().contains('?')));
}

#[test]
fn no_page_leads_to_search() {
    let site = published();
    let to = site.beside("static");
    exported(&site, &to);
    for (file, bytes) in content(&to) {
        let Ok(html) = String::from_utf8(bytes) else { continue };
        assert!(!html.contains("/search\"") && !html.contains("<form"), "{}", file.display());
    }
    assert!(!to.join("search").exists());
}

#[test]
fn the_404_page_works_at_any_depth_and_an_old_address_leads_on() {
    let site = TestSite::with_settings("[site]\nurl = \"https://news.example\"\n[work]\navif = \"off\"\n");
    site.small_story("Three photographs");
    site.edit("three-photographs", |text| text.replace("slug = \"three-photographs\"", "slug = \"two\""))
        .ends_with(0);
    site.does(&["publish", "two", "--allow-missing", "alt"]);
    let to = site.beside("static");
    exported(&site, &to);
    let missing = std::fs::read_to_string(to.join("404.html")).unwrap();
    let links = attributes(&missing, "href");
    assert!(
        links.iter().all(|link| link.starts_with("https://news.example/") || link.starts_with('#')),
        "{links:?}"
    );
    let moved = std::fs::read_to_string(to.join("story/three-photographs/index.html")).unwrap();
    assert!(moved.contains("<link rel=\"canonical\" href=\"https://news.example/story/two\">"), "{moved}");
    assert!(moved.contains("content=\"0; url=../../story/two/\""), "{moved}");
    let story = std::fs::read_to_string(to.join("story/two/index.html")).unwrap();
    assert!(story.contains("<link rel=\"canonical\" href=\"https://news.example/story/two\">"));
    assert!(std::fs::read_to_string(to.join("feed.atom")).unwrap().contains("https://news.example/i/"));
}

#[test]
fn a_second_export_writes_nothing_and_mends_what_was_lost() {
    let site = published();
    let to = site.beside("static");
    let (written, ..) = exported(&site, &to);
    let before = content(&to);
    assert_eq!(exported(&site, &to), (0, written, 0));
    let (first, last) = (before.keys().next().unwrap(), before.keys().last().unwrap());
    std::fs::remove_file(to.join(first)).unwrap();
    std::fs::write(to.join(last), "cut").unwrap();
    assert_eq!(exported(&site, &to), (2, written - 2, 0));
    assert_eq!(content(&to), before);
}

#[test]
fn a_reprint_that_changes_nothing_writes_nothing() {
    let site = published();
    let to = site.beside("static");
    let (written, ..) = exported(&site, &to);
    site.does(&["reprint", "three-photographs"]);
    let (rewritten, same, removed) = exported(&site, &to);
    assert_eq!((rewritten + same, removed), (written, 0));
    let changed_by_time = content(&to).keys().filter(|file| file.ends_with("feed.atom")).count() as u64;
    assert!(rewritten <= changed_by_time, "{rewritten} files were written again");
}

#[test]
fn what_is_withdrawn_goes_with_everything_that_leads_to_it_and_nothing_else_goes() {
    let site = published();
    let to = site.beside("static");
    exported(&site, &to);
    let foreign = ["CNAME", "story/фото-ночи/notes.txt"];
    for file in foreign {
        std::fs::write(to.join(file), "mine").unwrap();
    }
    let pictures = content(&to).keys().filter(|file| file.starts_with("i")).count();
    site.does(&["withdraw", "three-photographs", "--reason", "killed"]);
    site.does(&["withdraw", "фото-ночи", "--reason", "killed"]);
    let (_, _, removed) = exported(&site, &to);
    let left = content(&to);
    assert!(removed > 10, "{removed}");
    assert!(!to.join("story/three-photographs").exists() && !to.join("story/фото-дня").exists());
    assert!(left.keys().filter(|file| file.starts_with("i")).count() < pictures);
    for (file, bytes) in &left {
        let text = String::from_utf8_lossy(bytes);
        assert!(!text.contains("/story/three-photographs"), "{}", file.display());
    }
    for file in foreign {
        assert_eq!(std::fs::read_to_string(to.join(file)).unwrap(), "mine");
    }
    assert!(!to.join("story/фото-ночи/index.html").exists());
    followed(&to);
}

#[test]
fn texts_that_look_like_links_stay_as_they_were_written() {
    let site = TestSite::new();
    let headline = "Type <a href=\"/x\"> or \" src=\"/y\" srcset=\"/z 1w\" & go";
    site.small_draft(headline);
    site.edit(headline, |text| {
        text.replace(
            "body = \"\"",
            "body = 'He wrote ` href=\"/code\" src=\"/code\"` and a href=\"/plain\" [here](/archive).'",
        )
    })
    .ends_with(0);
    site.does(&["publish", headline, "--allow-missing", "alt"]);
    let to = site.beside("static");
    exported(&site, &to);
    let serving = site.serve();
    let story = content(&to).into_keys().find(|file| file.starts_with("story")).unwrap();
    let slug = story.components().nth(1).unwrap().as_os_str().to_str().unwrap().to_owned();
    let live = serving.get(&format!("/story/{slug}")).text();
    let copy = std::fs::read_to_string(to.join("story").join(&slug).join("index.html")).unwrap();
    for text in ["<h1>", "<p class=\"byline\">", "<title>"] {
        let end = text.replace('<', "</").split(' ').next().unwrap().to_owned();
        assert_eq!(between(&live, text, &end), between(&copy, text, &end), "{text}");
    }
    assert!(copy.contains("a href=\"/plain\" <a href=\"../../archive/\""), "{copy}");
    assert!(copy.contains(" href=\"/code\" src=\"/code\"</code>"), "{copy}");
    assert!(!copy.contains("\"../../x") && !copy.contains("\"../../y") && !copy.contains("\"../../z"));
}

#[test]
fn a_folder_that_is_none_of_ours_is_refused_and_nothing_happens() {
    let site = TestSite::new();
    let empty = site.beside("nothing");
    let said = site.run(&["export", empty.to_str().unwrap()]).ends_with(2);
    assert!(said.err.contains("nothing was published") && !empty.exists(), "{}", said.err);
    site.small_story("Three photographs");
    let full = site.folder_of("full", &["rocket.jpg"]);
    let file = full.join("rocket.jpg");
    let inside = site.data().join("static");
    let around = site.beside("");
    let link = site.beside("link");
    std::os::unix::fs::symlink(site.data(), &link).unwrap();
    for (to, says) in [
        (&full, "is not empty"),
        (&file, "is not a folder"),
        (&inside, "lie in each other"),
        (&site.data(), "lie in each other"),
        (&around, "lie in each other"),
        (&link.join("deep/static"), "lie in each other"),
    ] {
        let said = site.run(&["export", to.to_str().unwrap()]).ends_with(2);
        assert!(said.err.contains(says) && said.err.lines().count() == 1, "{}", said.err);
    }
    assert!(!inside.exists() && files_below(&full) == [file]);
}

#[test]
fn what_is_in_the_way_stays_and_the_rest_is_exported() {
    let site = published();
    let to = site.beside("static");
    exported(&site, &to);
    let place = to.join("story/three-photographs/index.html");
    std::fs::remove_file(&place).unwrap();
    std::fs::create_dir(&place).unwrap();
    std::fs::write(place.join("mine"), "mine").unwrap();
    let said = site.run(&["export", to.to_str().unwrap()]).ends_with(1);
    assert!(said.err.contains("story/three-photographs/index.html is in the way"), "{}", said.err);
    assert_eq!(std::fs::read_to_string(place.join("mine")).unwrap(), "mine");
    std::fs::remove_dir_all(&place).unwrap();
    assert_eq!(exported(&site, &to).0, 1);
}

#[test]
fn a_site_is_exported_while_its_records_are_away() {
    looks_into_the_folder();
    let site = published();
    let to = site.beside("static");
    std::fs::rename(site.data().join("halftone.db"), site.beside("away.db")).unwrap();
    exported(&site, &to);
    assert!(to.join("story/three-photographs/index.html").is_file());
    assert!(!site.data().join("halftone.db").exists());
}

#[test]
fn a_damaged_page_is_named_and_stays_as_it_was_exported() {
    looks_into_the_folder();
    let site = published();
    let to = site.beside("static");
    exported(&site, &to);
    let page = to.join("archive/index.html");
    let before = std::fs::read(&page).unwrap();
    site.does(&["reprint", "--all"]);
    for object in site.files("tree/pages") {
        let bytes = std::fs::read(&object).unwrap();
        std::fs::write(&object, &bytes[..bytes.len() / 2]).unwrap();
    }
    let said = site.run(&["export", to.to_str().unwrap()]).ends_with(3);
    assert!(said.err.contains("archive/index.html is damaged"), "{}", said.err);
    assert_eq!(std::fs::read(&page).unwrap(), before);
}

#[test]
fn pictures_are_the_public_files_and_no_original_is_among_them() {
    looks_into_the_folder();
    let site = published();
    let to = site.beside("static");
    exported(&site, &to);
    let public: BTreeSet<Vec<u8>> =
        site.files("public").iter().map(|file| std::fs::read(file).unwrap()).collect();
    let originals: BTreeSet<Vec<u8>> =
        site.files("originals").iter().map(|file| std::fs::read(file).unwrap()).collect();
    let all = content(&to);
    let pictures: BTreeSet<&Vec<u8>> =
        all.iter().filter(|(file, _)| file.starts_with("i")).map(|(_, bytes)| bytes).collect();
    assert!(pictures.len() > 4 && pictures.iter().all(|bytes| public.contains(*bytes)));
    assert!(all.values().all(|bytes| !originals.contains(bytes)));
}
