//! Exports that are killed, stopped or find no room, and the next one.

use std::process::Stdio;

use crate::crash::SmallDisk;
use crate::export::{content, exported, followed, published};
use crate::site::{files_below, terminate};

#[test]
fn an_export_that_is_killed_leaves_whole_files_and_the_next_goes_on() {
    let site = published();
    let (whole, to) = (site.beside("whole"), site.beside("static"));
    exported(&site, &whole);
    let wanted = content(&whole);
    for at_least in [1, 20, 60] {
        let mut child = site
            .command(&["export", to.to_str().unwrap()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        while child.try_wait().unwrap().is_none() && files_below(&to).len() < at_least {
            std::thread::yield_now();
        }
        let _ = child.kill();
        child.wait().unwrap();
        for (file, bytes) in content(&to) {
            assert_eq!(wanted.get(&file), Some(&bytes), "{}", file.display());
        }
    }
    exported(&site, &to);
    assert_eq!(content(&to), wanted);
    assert_eq!(exported(&site, &to), (0, wanted.len() as u64, 0));
}

#[test]
fn a_full_disk_leaves_whole_files_and_the_same_command_goes_on_when_there_is_room() {
    let site = published();
    let (whole, to) = (site.beside("whole"), site.beside("static"));
    exported(&site, &whole);
    let wanted = content(&whole);
    let Some(disk) = SmallDisk::mount(&to, 1) else { return };
    let said = site.run(&["export", to.to_str().unwrap()]).ends_with(3);
    assert!(said.err.contains("space"), "it names the cause: {}", said.err);
    let part = content(&to);
    assert!(!part.is_empty() && part.iter().all(|(file, bytes)| wanted.get(file) == Some(bytes)));
    disk.grow(64);
    exported(&site, &to);
    assert_eq!(content(&to), wanted, "copies, since another disk takes no second name");
    assert_eq!(exported(&site, &to).0, 0);
}

#[test]
fn an_export_that_is_asked_to_stop_says_so_and_the_next_goes_on() {
    let site = published();
    let to = site.beside("static");
    let mut child = site.command(&["export", to.to_str().unwrap()]).stderr(Stdio::piped()).spawn().unwrap();
    while child.try_wait().unwrap().is_none() && files_below(&to).len() < 4 {
        std::thread::yield_now();
    }
    terminate(&child);
    let ended = child.wait_with_output().unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    // It may have been done before it was asked.
    let done = ended.status.code() == Some(0) && to.join("index.html").is_file();
    assert!(done || ended.status.code() == Some(3) && said.contains("goes on"), "{:?}: {said}", ended.status);
    exported(&site, &to);
    followed(&to);
}

#[test]
fn two_exports_do_not_write_to_one_folder_at_once() {
    let site = published();
    let to = site.beside("static");
    exported(&site, &to);
    let other = std::fs::File::open(&to).unwrap();
    other.lock().unwrap();
    let said = site.run(&["export", to.to_str().unwrap()]).ends_with(3);
    assert!(said.err.contains("another export is writing"), "{}", said.err);
    drop(other);
    exported(&site, &to);
}

#[test]
fn what_was_withdrawn_after_an_export_was_killed_does_not_stay() {
    let site = published();
    let to = site.beside("static");
    let mut child = site
        .command(&["export", to.to_str().unwrap()])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    while child.try_wait().unwrap().is_none() && files_below(&to.join("i")).is_empty() {
        std::thread::yield_now();
    }
    let _ = child.kill();
    child.wait().unwrap();
    for story in ["three-photographs", "фото-ночи", "صور-القاهرة"] {
        site.does(&["withdraw", story, "--reason", "killed"]);
    }
    exported(&site, &to);
    assert!(!to.join("i").exists(), "{:?}", files_below(&to.join("i")));
}

#[test]
fn folders_that_a_killed_export_made_for_a_file_it_never_wrote_do_not_stay() {
    let site = published();
    let to = site.beside("static");
    exported(&site, &to);
    std::fs::write(to.join(".halftone-export.noted"), "\"i/killed/here/640.jpg\"\n").unwrap();
    std::fs::create_dir_all(to.join("i/killed")).unwrap();
    assert_eq!(exported(&site, &to).2, 0, "no file is removed");
    assert!(!to.join("i/killed").exists() && to.join("i").is_dir());
}
