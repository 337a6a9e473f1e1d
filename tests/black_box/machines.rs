//! What machines read of pages, feeds and sitemaps, through readers that others wrote (R21-R24).

use std::path::Path;
use std::process::Command;

use crate::page::slides;
use crate::site::TestSite;

/// A variable that ./dev sets, or `None` after saying aloud that the test is skipped.
fn variable(name: &str) -> Option<String> {
    let found = std::env::var(name).ok();
    if found.is_none() {
        eprintln!("SKIPPED: {name} is not set; run this test through ./dev test");
    }
    found
}

#[test]
fn readers_that_others_wrote_understand_pages_feeds_and_sitemaps() {
    let (Some(python), Some(shared)) = (variable("HALFTONE_PYTHON"), variable("HALFTONE_SHARED")) else {
        return;
    };
    let site = TestSite::new();
    site.small_draft("Three photographs");
    site.edit("three-photographs", |text| {
        text.replace("tags = []", "tags = [\"Space & time\"]")
            .replace("lede = \"\"", "lede = \"Three <of> them & more.\"")
    })
    .ends_with(0);
    site.does(&["publish", "three-photographs", "--allow-missing", "alt"]);
    let serving = site.serve();
    let html = serving.get("/story/three-photographs").text();
    let slide = format!("/story/three-photographs/photo/{}", slides(&html)[0].slide);
    let index = serving.get("/sitemap.xml").text();
    let month = index.split(":8080/sitemap/").nth(1).and_then(|rest| rest.split('<').next()).unwrap();
    let folder = site.beside("fetched");
    std::fs::create_dir_all(&folder).unwrap();
    for (name, path) in [
        ("story.html", "/story/three-photographs"),
        ("slide.html", &slide),
        ("feed.atom", "/feed.atom"),
        ("feed.rss", "/feed.rss"),
        ("tag.rss", "/tag/space-time/feed.rss"),
        ("sitemap.xml", "/sitemap.xml"),
        ("month.xml", &format!("/sitemap/{month}")),
        ("news.xml", "/sitemap-news.xml"),
    ] {
        let answer = serving.get(path);
        assert_eq!(answer.status, 200, "{path}");
        std::fs::write(folder.join(name), &answer.body).unwrap();
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/machines.py");
    let schemas = Path::new(&shared).join("corpora/schemas");
    let said = Command::new(python)
        .args([script.as_os_str(), folder.as_os_str(), "http://127.0.0.1:8080".as_ref(), schemas.as_os_str()])
        .output()
        .unwrap();
    let (out, err) = (String::from_utf8_lossy(&said.stdout), String::from_utf8_lossy(&said.stderr));
    assert!(said.status.success(), "{out}{err}");
}
