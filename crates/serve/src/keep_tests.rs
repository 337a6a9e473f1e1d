use std::fs;
use std::time::Duration;

use tempfile::TempDir;

use super::{Blobs, FolderKeep, Keep};

fn keep() -> (TempDir, FolderKeep) {
    let folder = TempDir::new().unwrap();
    let keep = FolderKeep::new(folder.path().join("tree"));
    (folder, keep)
}

#[test]
fn what_was_put_is_given_whole_and_in_parts() {
    let (_folder, keep) = keep();
    keep.put("log/1", b"0123456789").unwrap();
    assert_eq!(keep.get("log/1").unwrap().unwrap(), "0123456789");
    assert_eq!(Keep::read(&keep, "log/1", 0, 4).unwrap().unwrap(), "0123");
    assert_eq!(Keep::read(&keep, "log/1", 8, 4).unwrap().unwrap(), "89");
    assert_eq!(Blobs::read(&keep, "log/1", 20, 4).unwrap().unwrap(), "");
    assert_eq!(Blobs::read(&keep, "log/1", 2, 1 << 40).unwrap().unwrap(), "23456789");
}

#[test]
fn what_is_not_there_is_no_error() {
    let (_folder, keep) = keep();
    assert_eq!(keep.get("log/1").unwrap(), None);
    assert_eq!(keep.list("log/").unwrap(), []);
    keep.delete("log/1").unwrap();
    keep.put("log", b"a file where a folder was looked for").unwrap();
    assert_eq!(keep.get("log/1").unwrap(), None);
}

#[test]
fn a_listing_goes_down_into_folders_in_order() {
    let (_folder, keep) = keep();
    for name in ["pages/b/2", "pages/a/1", "pages/c", "map/1"] {
        keep.put(name, b"x").unwrap();
    }
    let names: Vec<String> = keep.list("pages/").unwrap().into_iter().map(|listed| listed.name).collect();
    assert_eq!(names, ["pages/a/1", "pages/b/2", "pages/c"]);
    keep.delete("pages/a/1").unwrap();
    assert_eq!(keep.list("pages/").unwrap().len(), 2);
}

#[test]
fn names_after_a_name_are_those_that_come_after_it() {
    let (_folder, keep) = keep();
    let all = ["log/1/10", "log/1/11", "log/2/20", "log/2/21", "log/3/30"];
    for name in all {
        keep.put(name, b"x").unwrap();
    }
    for after in
        ["", "log/", "log/1/10", "log/1/105", "log/2/", "log/2/21", "log/25", "log/3/30", "log/4/", "m"]
    {
        let expected: Vec<&str> = all.into_iter().filter(|name| *name > after).collect();
        assert_eq!(keep.names_after("log/", after).unwrap(), expected, "{after}");
    }
}

#[test]
fn an_open_file_is_left_when_its_name_is_written_or_deleted() {
    let (folder, keep) = keep();
    let keep = keep.with_open_files(8);
    keep.put("log/1", b"first").unwrap();
    assert_eq!(keep.get("log/1").unwrap().unwrap(), "first");
    keep.put("log/1", b"second").unwrap();
    assert_eq!(keep.get("log/1").unwrap().unwrap(), "second");
    fs::remove_file(folder.path().join("tree/log/1")).unwrap();
    assert_eq!(keep.get("log/1").unwrap().unwrap(), "second", "it was still open");
    keep.forget("log/1");
    assert_eq!(keep.get("log/1").unwrap(), None);
    keep.put("log/1", b"third").unwrap();
    keep.delete("log/1").unwrap();
    assert_eq!(keep.get("log/1").unwrap(), None);
}

#[test]
fn no_more_files_stay_open_than_allowed() {
    let (folder, keep) = keep();
    let keep = keep.with_open_files(16);
    for number in 0..200 {
        keep.put(&format!("log/{number}"), b"x").unwrap();
        keep.get(&format!("log/{number}")).unwrap();
    }
    let inside =
        |link: &fs::DirEntry| fs::read_link(link.path()).is_ok_and(|to| to.starts_with(folder.path()));
    let open = fs::read_dir("/proc/self/fd").unwrap().filter(|link| link.as_ref().is_ok_and(inside)).count();
    assert!((1..=16).contains(&open), "{open}");
}

fn left_behind(folder: &TempDir) -> usize {
    fs::read_dir(folder.path().join("tree/unfinished")).unwrap().count()
}

#[test]
fn putting_leaves_nothing_else_behind() {
    let (folder, keep) = keep();
    keep.put("log/1", b"first").unwrap();
    keep.put("log/1", b"second").unwrap();
    assert_eq!(keep.get("log/1").unwrap().unwrap(), "second");
    assert_eq!(keep.list("log/").unwrap().len(), 1);
    assert_eq!(left_behind(&folder), 0);
}

#[test]
fn a_failed_put_keeps_the_old_object_and_removes_its_own_file() {
    let (folder, keep) = keep();
    keep.put("log/1/inside", b"x").unwrap();
    assert!(keep.put("log/1", b"a folder is in the way").is_err());
    assert_eq!(left_behind(&folder), 0);
    assert_eq!(keep.get("log/1/inside").unwrap().unwrap(), "x");
}

#[test]
fn what_a_killed_writer_left_is_passed_by_and_swept_away_when_it_is_old() {
    let (folder, keep) = keep();
    keep.put("log/1", b"x").unwrap();
    let stale: Vec<_> = (0..50).map(|n| format!("tree/unfinished/{}-{n}", std::process::id())).collect();
    for name in &stale {
        fs::File::create(folder.path().join(name)).unwrap();
    }
    keep.put("log/2", b"y").unwrap();
    assert_eq!(keep.get("log/2").unwrap().unwrap(), "y");
    let written = keep.list("unfinished/").unwrap()[0].written;
    assert_eq!(keep.sweep(written - Duration::from_secs(1)).unwrap(), 0);
    assert_eq!(keep.sweep(written + Duration::from_secs(3600)).unwrap(), 50);
    assert_eq!(left_behind(&folder), 0);
    assert_eq!(keep.list("log/").unwrap().len(), 2);
}

#[test]
fn no_name_leads_out_of_the_folder() {
    let (folder, keep) = keep();
    fs::File::create(folder.path().join("secret")).unwrap();
    for name in
        ["../secret", "log/../../secret", "/etc/passwd", "", "log//1", "./x", ".hidden", "a\\b", "a\0b"]
    {
        assert!(keep.get(name).is_err(), "{name:?}");
        assert!(keep.put(name, b"x").is_err(), "{name:?}");
        assert!(keep.delete(name).is_err(), "{name:?}");
    }
}
