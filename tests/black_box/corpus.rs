//! What strangers may send: every photo of the corpora, and every hostile file, meets what the corpora's list expects of
//! it, both in `inspect` and in `ingest`, beside a good photo that gets in (R40-R44).

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::site::{Said, TestSite, looks_into_the_folder, samples, shared};

/// The most memory that any process may take, in KiB.
const MOST_MEMORY: u64 = 512 << 10;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Expect {
    Accept,
    Refuse,
    Either,
}

/// Files of a part of the corpora that are to be tried, with what is expected of them.
fn rows(corpora: &Path, part: &str) -> Vec<(PathBuf, Expect)> {
    let list = std::fs::read_to_string(corpora.join("INDEX.tsv")).unwrap();
    let rows: Vec<(PathBuf, Expect)> = list
        .lines()
        .filter_map(|line| {
            let mut fields = line.split('\t');
            let file = fields.next().filter(|file| file.starts_with(part) && !file.ends_with(".tar.gz"))?;
            let expect = match (file, fields.nth(3)?) {
                // Until its decoder is built in, AVIF is refused by name.
                ("photos/formats/sunrise.avif", _) | (_, "refuse") => Expect::Refuse,
                (_, "accept") => Expect::Accept,
                (_, "either") => Expect::Either,
                _ => return None,
            };
            Some((corpora.join(file), expect))
        })
        .collect();
    assert!(rows.len() > 30, "{part} has rows: {}", rows.len());
    rows
}

fn corpora() -> Option<PathBuf> {
    shared().map(|folder| folder.join("corpora"))
}

/// Runs a command and demands that no process of it took too much memory; says aloud where that cannot be measured.
fn run_measured(site: &TestSite, words: &[&str]) -> Said {
    let time = Path::new("/usr/bin/time");
    if !time.exists() {
        eprintln!(
            "SKIPPED: /usr/bin/time is not installed, so the memory of worker processes is not measured"
        );
        return site.json(words);
    }
    let plain = site.command(words);
    let note = site.beside("memory");
    let mut command = Command::new(time);
    command
        .args(["-q", "-f", "%M", "-o", note.to_str().unwrap()])
        .arg(plain.get_program())
        .args(plain.get_args())
        .arg("--json");
    let output = command.output().unwrap();
    let kib: u64 = std::fs::read_to_string(&note).unwrap().trim().parse().unwrap();
    assert!(kib < MOST_MEMORY, "{words:?} took {kib} KiB");
    Said {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// The one sentence of a refusal, which must be plain.
#[track_caller]
fn plain_sentence(refused: &serde_json::Value) -> String {
    let sentence = refused["sentence"].as_str().unwrap_or_else(|| panic!("a sentence: {refused}"));
    assert!(sentence.ends_with('.') && !sentence.contains('\n'), "one line with a full stop: {sentence:?}");
    assert!(sentence.starts_with(char::is_uppercase) && sentence.len() < 300, "a sentence: {sentence:?}");
    let words = ["accepted", "JPEG, PNG, WebP and TIFF photos are", "supported"];
    assert!(words.iter().any(|word| sentence.contains(word)), "it names what is accepted: {sentence:?}");
    for leak in ["Error", "panicked", "Os {", "::", "unwrap"] {
        assert!(!sentence.contains(leak), "no words of a programmer: {sentence:?}");
    }
    sentence.to_owned()
}

/// What `inspect` says: `None` accepted, else the sentence of the refusal.
#[track_caller]
fn inspect(site: &TestSite, file: &Path) -> Option<String> {
    let said = run_measured(site, &["inspect", file.to_str().unwrap()]);
    match said.code {
        0 => {
            assert!(said.objects().iter().any(|object| object["accepted"] == true), "{}", file.display());
            None
        }
        1 => Some(plain_sentence(&said.object("refused")["refused"])),
        code => panic!("{}: exit {code}: {} {}", file.display(), said.out, said.err),
    }
}

#[track_caller]
fn meets(file: &Path, expect: Expect, refused: Option<&String>) {
    match expect {
        Expect::Accept => assert_eq!(refused, None, "{}", file.display()),
        Expect::Refuse => assert!(refused.is_some(), "{} is accepted", file.display()),
        Expect::Either => {}
    }
}

fn inspect_all(part: &str) {
    let Some(corpora) = corpora() else { return };
    let site = TestSite::new();
    for (file, expect) in rows(&corpora, part) {
        let refused = inspect(&site, &file);
        meets(&file, expect, refused.as_ref());
        if refused.is_some() {
            assert_eq!(inspect(&site, &file), refused, "{}: the same on every run", file.display());
        }
    }
}

/// Ingests files with a good photo among them. Gives, by file, the sentence of its refusal or `None` where it is in.
#[track_caller]
fn ingest(site: &TestSite, files: &[PathBuf]) -> BTreeMap<PathBuf, Option<String>> {
    let good = samples().join("rocket.jpg");
    let mut words = vec!["ingest", "--story", "Strangers"];
    words.extend(files.iter().map(|file| file.to_str().unwrap()));
    words.insert(3 + files.len() / 2, good.to_str().unwrap());
    let said = run_measured(site, &words);
    let mut became: BTreeMap<PathBuf, Option<String>> = BTreeMap::new();
    for object in said.objects() {
        let Some(name) = object["file"].as_str() else { continue };
        // A photo that decoding refused is named by its file name alone.
        let Some(file) = files.iter().chain([&good]).find(|file| file.ends_with(name)) else {
            panic!("a file of the batch: {name}")
        };
        let sentence = object.get("refused").map(plain_sentence);
        became
            .entry(file.clone())
            .and_modify(|known| *known = known.take().or(sentence.clone()))
            .or_insert(sentence);
    }
    assert_eq!(became.remove(&good), Some(None), "the good photo of the batch is in: {}", said.err);
    let refused = became.values().filter(|sentence| sentence.is_some()).count();
    assert_eq!(said.code, i32::from(refused > 0), "{}", said.err);
    assert_eq!(became.len(), files.len(), "each file is accounted for");
    became
}

fn ingest_all(part: &str) {
    let Some(corpora) = corpora() else { return };
    let mut folders: BTreeMap<PathBuf, Vec<(PathBuf, Expect)>> = BTreeMap::new();
    for (file, expect) in rows(&corpora, part) {
        folders.entry(file.parent().unwrap().to_path_buf()).or_default().push((file, expect));
    }
    for rows in folders.values() {
        let site = TestSite::new();
        let files: Vec<PathBuf> = rows.iter().map(|(file, _)| file.clone()).collect();
        let became = ingest(&site, &files);
        for (file, expect) in rows {
            meets(file, *expect, became[file].as_ref());
        }
        let again = ingest(&site, &files);
        assert_eq!(again, became, "the same on every run");
    }
}

#[test]
fn inspect_meets_what_is_expected_of_every_photo() {
    looks_into_the_folder();
    inspect_all("photos/");
}

#[test]
fn inspect_meets_what_is_expected_of_every_hostile_file() {
    looks_into_the_folder();
    inspect_all("hostile/");
}

#[test]
fn ingest_meets_what_is_expected_of_every_photo() {
    looks_into_the_folder();
    ingest_all("photos/");
}

#[test]
fn ingest_meets_what_is_expected_of_every_hostile_file() {
    looks_into_the_folder();
    ingest_all("hostile/");
}

#[test]
fn inspect_and_ingest_bear_every_file_of_a_fuzzer_and_agree_on_it() {
    looks_into_the_folder();
    let Some(corpora) = corpora() else { return };
    let site = TestSite::new();
    let folder = site.beside("fuzz");
    std::fs::create_dir_all(&folder).unwrap();
    let archive = corpora.join("hostile/fuzz/afl-jpeg-edges.tar.gz");
    let unpacked = Command::new("tar").arg("-xzf").arg(archive).arg("-C").arg(&folder).status().unwrap();
    assert!(unpacked.success());
    let mut files = crate::site::files_below(&folder);
    files.retain(|file| file.is_file());
    assert!(files.len() > 50);
    let became = ingest(&site, &files);
    for (file, refused) in became {
        assert_eq!(inspect(&site, &file), refused, "{}", file.display());
    }
}

#[test]
fn a_good_photo_gets_in_under_every_name() {
    looks_into_the_folder();
    let Some(corpora) = corpora() else { return };
    let site = TestSite::new();
    let folder = site.beside("names");
    std::fs::create_dir_all(&folder).unwrap();
    let lists = crate::site::files_below(&corpora.join("hostile/names"));
    let mut made = BTreeSet::new();
    for list in lists {
        let bytes = std::fs::read(list).unwrap();
        for line in String::from_utf8_lossy(&bytes).lines() {
            // The file system itself takes neither a slash nor an empty name.
            for name in
                [line.replace(['/', '\0'], "_"), format!("photo{}.jpg", line.replace(['/', '\0'], "_"))]
            {
                if !["", ".", ".."].contains(&name.as_str())
                    && std::fs::copy(samples().join("rocket.jpg"), folder.join(&name)).is_ok()
                {
                    made.insert(name);
                }
            }
        }
    }
    assert!(made.len() > 100, "{}", made.len());
    let files: Vec<PathBuf> = made.iter().map(|name| folder.join(name)).collect();
    let became = ingest(&site, &files);
    assert!(became.values().all(Option::is_none), "{became:?}");
    let site = TestSite::new();
    let last = folder.join(made.iter().next_back().unwrap());
    site.does(&["ingest", last.to_str().unwrap(), "--story", "Named"]);
    site.does(&["publish", "named", "--allow-missing", "alt"]);
    assert_eq!(site.serve().get("/story/named").status, 200);
}
