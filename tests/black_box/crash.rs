//! Kill -9 at random moments, and a full disk: what was reported as done is kept, nothing is half, and the same command
//! ends well afterwards.
//!
//! The moments come from a seed that is printed; `HALFTONE_TEST_SEED` sets another one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::page::{Figure, slides};
use crate::site::{SMALL, Said, TestSite, looks_into_the_folder, samples, sha256};

const STORY: &str = "three-photographs";
const PAGE: &str = "/story/three-photographs";

/// SplitMix64, so that a seed gives the same moments everywhere.
struct Dice(u64);

impl Dice {
    fn new(test: &str) -> Self {
        let seed =
            std::env::var("HALFTONE_TEST_SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(20_261_122);
        println!("{test}: HALFTONE_TEST_SEED={seed}");
        Self(seed)
    }

    /// From 0 up to 1.
    fn roll(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) >> 11) as f64 / (1u64 << 53) as f64
    }
}

/// Moments to kill a command at, spread over the whole time that it takes: one random moment in each of `wanted` equal
/// parts of it. A command that had ended before its moment was quicker than measured, and its part is tried again.
struct Moments {
    dice: Dice,
    whole: Duration,
    wanted: u32,
    kills: u32,
    tries: u32,
}

impl Moments {
    fn new(dice: Dice, whole: Duration, wanted: u32) -> Self {
        Self { dice, whole, wanted, kills: 0, tries: 0 }
    }

    fn next(&mut self) -> Option<Duration> {
        self.tries += 1;
        assert!(
            self.tries < 5 * self.wanted,
            "{} kills of {} in {} tries",
            self.kills,
            self.wanted,
            self.tries
        );
        let part = (f64::from(self.kills) + self.dice.roll()) / f64::from(self.wanted);
        (self.kills < self.wanted).then(|| self.whole.mul_f64(part))
    }

    fn note(&mut self, said: &Said) {
        if was_killed(said) {
            self.kills += 1;
        } else {
            self.whole = self.whole.mul_f64(0.8);
        }
    }
}

/// A site whose jobs are given up for dead soon after their process died.
fn site() -> TestSite {
    TestSite::with_settings("[work]\nlease_seconds = 5\n")
}

/// Runs a command and kills it with its workers after `moment`, if it has not ended by then.
fn killed_after(moment: Duration, site: &TestSite, words: &[&str]) -> Said {
    let plain = site.command(words);
    let mut command = Command::new("timeout");
    command.args(["-s", "KILL", &format!("{:.6}", moment.as_secs_f64().max(0.000_001))]);
    let output = command
        .arg(plain.get_program())
        .args(plain.get_args())
        .arg("--json")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    Said {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

fn was_killed(said: &Said) -> bool {
    // `timeout` is killed with its group, so there is no exit code, or it says 137.
    said.code == -1 || said.code == 137
}

/// How long a command takes when the machine does little else: the shortest of three runs.
fn time_of(mut run: impl FnMut()) -> Duration {
    let once = |_| {
        let begun = Instant::now();
        run();
        begun.elapsed()
    };
    (0..3).map(once).min().unwrap()
}

/// Each photo that was reported as in has its original, whole.
fn originals_of_reported_photos_are_whole(site: &TestSite, said: &Said, folder: &Path) -> usize {
    let originals: BTreeMap<String, PathBuf> = site
        .files("originals")
        .into_iter()
        .map(|file| (file.file_name().unwrap().to_str().unwrap().to_owned(), file))
        .collect();
    let mut reported = 0;
    // The last line may be cut off in its middle.
    for object in said.out.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok()) {
        if object["in"].is_string() {
            let hash = sha256(&folder.join(Path::new(object["file"].as_str().unwrap()).file_name().unwrap()));
            let original =
                originals.get(&hash).unwrap_or_else(|| panic!("reported as in, and lost: {object}"));
            assert_eq!(sha256(original), hash);
            reported += 1;
        }
    }
    reported
}

/// The page is whole and all its pictures answer, or it is not there. Gives its figures.
fn whole_or_absent(site: &TestSite) -> Option<Vec<Figure>> {
    let serving = site.serve();
    let answer = serving.get(PAGE);
    let figures = match answer.status {
        200 => {
            assert!(answer.text().trim_end().ends_with("</html>"));
            let figures = slides(&answer.text());
            assert_eq!(figures.len(), SMALL.len(), "no half story");
            for picture in figures.iter().flat_map(|figure| &figure.pictures) {
                let answer = serving.get(picture);
                assert!(
                    answer.status == 200 && answer.body.ends_with(&[0xff, 0xd9]),
                    "{picture}: {}",
                    answer.status
                );
            }
            Some(figures)
        }
        404 | 410 => None,
        status => panic!("{PAGE}: {status}"),
    };
    assert!([200, 404].contains(&serving.get("/").status));
    assert_eq!(serving.stop(), 0);
    figures
}

#[test]
fn ingest_survives_being_killed() {
    looks_into_the_folder();
    let dice = Dice::new("ingest");
    let words = |folder: &Path| {
        ["ingest", folder.to_str().unwrap(), "--story", "Three photographs"].map(str::to_owned)
    };
    let whole = time_of(|| {
        let measured = site();
        let folder = measured.folder_of("photos", &SMALL);
        measured.does(&words(&folder).each_ref().map(String::as_str));
    });
    let (mut interrupted, mut reported) = (0, 0);
    let mut moments = Moments::new(dice, whole, 18);
    while let Some(moment) = moments.next() {
        let site = site();
        let folder = site.folder_of("photos", &SMALL);
        let words = words(&folder);
        let words = words.each_ref().map(String::as_str);
        let said = killed_after(moment, &site, &words);
        moments.note(&said);
        reported += originals_of_reported_photos_are_whole(&site, &said, &folder);
        // A job works in a folder of its own; one that is left over was interrupted.
        interrupted += usize::from(
            folders(&site.data().join("incoming")).iter().any(|name| name.starts_with("develop-")),
        );
        let again = site.json(&words).ends_with(0);
        assert_eq!(originals_of_reported_photos_are_whole(&site, &again, &folder), SMALL.len());
        assert_eq!(
            site.draft(STORY)["slides"].as_array().unwrap().len(),
            SMALL.len(),
            "no photo twice, none missing"
        );
        site.does(&["publish", STORY, "--allow-missing", "alt"]);
        assert!(whole_or_absent(&site).is_some());
    }
    println!("ingest: {} kills in {whole:?}", moments.kills);
    println!("ingest: {interrupted} interrupted a job; {reported} photos were reported before a kill");
    assert!(interrupted > 0, "no kill interrupted a job");
}

fn folders(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().map(Result::unwrap);
    entries
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect()
}

#[test]
fn putting_a_story_back_survives_being_killed() {
    let dice = Dice::new("story put");
    let site = site();
    site.small_draft("Three photographs");
    let file = site.beside("edit.toml");
    let put = |number: u32| {
        std::fs::write(&file, format!("lede = \"Lede {number}.\"\nbody = \"Body {number}.\"\n")).unwrap()
    };
    let words = ["story", "put", STORY, file.to_str().unwrap()];
    put(0);
    let whole = time_of(|| drop(site.does(&words)));
    let (mut moments, mut number) = (Moments::new(dice, whole, 10), 0);
    while let Some(moment) = moments.next() {
        number += 1;
        put(number);
        moments.note(&killed_after(moment, &site, &words));
        let draft = site.draft(STORY);
        let texts = (draft["lede"].as_str().unwrap().to_owned(), draft["body"].as_str().unwrap().to_owned());
        let of = |number: u32| (format!("Lede {number}."), format!("Body {number}."));
        assert!(
            [of(number - 1), of(number)].contains(&texts),
            "the old texts or the new ones, not half: {texts:?}"
        );
        site.does(&words);
        assert_eq!(site.draft(STORY)["lede"], of(number).0);
    }
    println!("story put: {} kills in {whole:?}", moments.kills);
}

#[test]
fn publishing_survives_being_killed() {
    let dice = Dice::new("publish");
    let site = site();
    site.small_draft("Three photographs");
    let words = ["publish", STORY, "--allow-missing", "alt"];
    let caption = |number: u32| format!("Somebody bends to a camera on a lawn, take {number}.");
    // Each caption is new, so that each publication makes new public files.
    let change = |number: u32| {
        let draft = site.does(&["story", "get", STORY]).out;
        let (before, rest) = draft.split_once("caption = \"").unwrap();
        let after = format!("{before}caption = \"{}\"{}", caption(number), rest.split_once('"').unwrap().1);
        site.run_with_input(&["story", "put", STORY], &after).ends_with(0);
    };
    change(0);
    // Measured once: the next time its public files stand already.
    let begun = Instant::now();
    site.does(&words);
    let whole = begun.elapsed();
    let (mut moments, mut number) = (Moments::new(dice, whole, 16), 0);
    while let Some(moment) = moments.next() {
        number += 1;
        change(number);
        moments.note(&killed_after(moment, &site, &words));
        let figures = whole_or_absent(&site).expect("a page that was published stays");
        assert!(
            [caption(number - 1), caption(number)].contains(&figures[0].caption),
            "{:?}",
            figures[0].caption
        );
        site.does(&words);
        assert_eq!(whole_or_absent(&site).unwrap()[0].caption, caption(number));
    }
    println!("publish: {} kills in {whole:?}", moments.kills);
}

#[test]
fn withdrawing_survives_being_killed() {
    looks_into_the_folder();
    let dice = Dice::new("withdraw");
    let site = site();
    site.small_story("Three photographs");
    let words = ["withdraw", STORY, "--reason", "The source retracted it."];
    let undo = ["withdraw", STORY, "--undo", "--reason", "Once more."];
    let begun = Instant::now();
    site.does(&words);
    let whole = begun.elapsed();
    site.does(&undo);
    let mut moments = Moments::new(dice, whole, 14);
    while let Some(moment) = moments.next() {
        let pictures: Vec<String> =
            whole_or_absent(&site).unwrap().into_iter().flat_map(|figure| figure.pictures).collect();
        moments.note(&killed_after(moment, &site, &words));
        // Where the decision was kept before the kill, the same command says so; either way everything is gone now.
        let again = site.json(&words);
        assert!(again.code == 0 || again.code == 1 && again.out.contains("withdrawn_already"), "{again:?}");
        assert_eq!(site.files("public"), Vec::<PathBuf>::new(), "after {moment:?}");
        let serving = site.serve();
        for path in pictures.iter().map(String::as_str).chain([PAGE]) {
            assert_eq!(serving.get(path).status, 410, "{path} after {moment:?}");
        }
        drop(serving);
        assert_eq!(site.files("originals").len(), SMALL.len());
        site.does(&undo);
    }
    println!("withdraw: {} kills in {whole:?}", moments.kills);
}

/// A small disk, taken away at the end.
pub struct SmallDisk(PathBuf);

impl SmallDisk {
    pub fn mount(at: &Path, megabytes: u32) -> Option<Self> {
        std::fs::create_dir_all(at).unwrap();
        let mounted =
            mount(&["-t", "tmpfs", "-o", &format!("size={megabytes}m"), "tmpfs", at.to_str().unwrap()]);
        if !mounted {
            eprintln!("SKIPPED: this user may not mount a tmpfs, so no disk can be filled");
        }
        mounted.then(|| Self(at.to_path_buf()))
    }

    pub fn grow(&self, megabytes: u32) {
        assert!(mount(&["-o", &format!("remount,size={megabytes}m"), self.0.to_str().unwrap()]));
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

fn mount(words: &[&str]) -> bool {
    Command::new("mount").args(words).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

#[test]
fn a_full_disk_loses_nothing_and_the_same_command_goes_on_when_there_is_room() {
    looks_into_the_folder();
    for megabytes in [2, 6] {
        let site = TestSite::new();
        let Some(disk) = SmallDisk::mount(&site.data(), megabytes) else { return };
        let folder = samples();
        let words = ["ingest", folder.to_str().unwrap(), "--story", "Fourteen photographs"];
        let said = site.json(&words).ends_with(3);
        assert_eq!(
            said.err.lines().filter(|line| !line.starts_with('{')).count(),
            1,
            "one plain sentence: {}",
            said.err
        );
        assert!(said.err.contains("full") || said.err.contains("space"), "it names the cause: {}", said.err);
        originals_of_reported_photos_are_whole(&site, &said, &folder);
        disk.grow(64);
        let again = site.json(&words).ends_with(0);
        assert_eq!(originals_of_reported_photos_are_whole(&site, &again, &folder), 14, "of {megabytes} MB");
        assert_eq!(
            site.draft("fourteen-photographs")["slides"].as_array().unwrap().len(),
            14,
            "of {megabytes} MB"
        );
        site.does(&["publish", "fourteen-photographs", "--allow-missing", "alt"]);
        assert_eq!(slides(&site.serve().get("/story/fourteen-photographs").text()).len(), 14);
    }
}
