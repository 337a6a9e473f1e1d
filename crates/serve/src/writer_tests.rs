use std::time::{Duration, SystemTime};

use super::{Pruned, Tombstone, WriteFault};
use crate::rig::{HTML, Rig};
use crate::tree::{log_name, object_name};
use crate::{Entry, Keep, Key, Kind, MISSING_PAGE, Map, PrintFault, Printed, Status, Torn};

const DAY: Duration = Duration::from_secs(86_400);

/// When everything written by now is more than a day old. Asked of the store, as the machine's clock is not.
fn much_later(rig: &Rig) -> SystemTime {
    let newest = ["log/", "map/", "pages/"].map(|prefix| rig.keep.list(prefix).unwrap());
    newest.into_iter().flatten().map(|listed| listed.written).max().unwrap() + 2 * DAY
}

fn names(rig: &Rig, prefix: &str) -> Vec<String> {
    rig.keep.list(prefix).unwrap().into_iter().map(|listed| listed.name).collect()
}

#[test]
fn a_path_that_nobody_could_ask_for_is_not_written() {
    let rig = Rig::new();
    let page = Printed::new(Status::Ok, HTML, "x", 1);
    for path in ["", "photo", "//", "/a/../b", "/cafe\u{301}", "/a\n", "missing/"] {
        let refused = rig.writer.put(path, &page, 1);
        assert!(matches!(refused, Err(WriteFault::Print(PrintFault::Path(_)))), "{path:?}");
    }
    assert_eq!(names(&rig, "pages/"), Vec::<String>::new());
    rig.writer.put(MISSING_PAGE, &page, 1).unwrap();
}

#[test]
fn a_change_that_is_out_of_range_is_not_written() {
    let rig = Rig::new();
    let refused = rig.writer.put("/a", &Printed::new(Status::Ok, HTML, "x", 1), 1 << 48);
    assert!(matches!(refused, Err(WriteFault::Print(PrintFault::Change(_)))));
    assert_eq!(names(&rig, "pages/"), Vec::<String>::new());
}

#[test]
fn an_object_can_be_read_back_by_path_and_change() {
    let rig = Rig::new();
    rig.page("/a", "first", 1);
    assert_eq!(rig.writer.get("/a", 1).unwrap().unwrap().unwrap().plain, "first");
    assert!(rig.writer.get("/a", 2).unwrap().is_none());
    let bytes = rig.keep.get(&object_name(Key::of("/a"), 1)).unwrap().unwrap();
    rig.keep.put(&object_name(Key::of("/b"), 1), &bytes).unwrap();
    assert_eq!(rig.writer.get("/b", 1).unwrap().unwrap(), Err(Torn::Path));
}

#[test]
fn who_goes_through_the_map_reads_each_object_with_its_path() {
    let rig = Rig::new();
    for path in ["/a", "/b"] {
        rig.writer.log(&[rig.page(path, path, 1)]).unwrap();
    }
    rig.writer.log(&[rig.bury("/b", &Tombstone::Gone, 2)]).unwrap();
    let map = rig.writer.read().unwrap().map;
    let mut found: Vec<_> = map.marks().filter(|(_, mark)| mark.kind() == Kind::Page).collect();
    let (key, mark) = found.pop().unwrap();
    let (path, printed) = rig.writer.object(key, mark.change()).unwrap().unwrap().unwrap();
    assert_eq!((found.len(), path.as_str(), &printed.plain[..]), (0, "/a", &b"/a"[..]));
    let bytes = rig.keep.get(&object_name(key, 1)).unwrap().unwrap();
    rig.keep.put(&object_name(Key::of("/c"), 1), &bytes).unwrap();
    assert_eq!(rig.writer.object(Key::of("/c"), 1).unwrap().unwrap(), Err(Torn::Path));
}

#[test]
fn two_jobs_that_print_for_one_change_both_stand_in_the_log() {
    let rig = Rig::new();
    rig.page("/a", "a", 4);
    rig.page("/b", "b", 4);
    let map = rig.writer.read().unwrap().map;
    assert_eq!((map.len(), map.highest()), (2, 4));
}

#[test]
fn snapshot_and_log_together_are_the_whole_map() {
    let rig = Rig::new();
    rig.page("/a", "a", 1);
    rig.writer.snapshot(&Map::default()).unwrap();
    rig.keep.delete(&names(&rig, "log/")[0]).unwrap();
    rig.bury("/b", &Tombstone::Gone, 2);
    let reading = rig.writer.read().unwrap();
    assert_eq!(reading.map, rig.site.map());
    assert_eq!(reading.torn, []);
}

#[test]
fn a_snapshot_holds_what_only_another_process_has_logged() {
    let rig = Rig::new();
    rig.page("/a", "a", 1);
    let stale = rig.site.map();
    rig.page("/b", "b", 2);
    assert_eq!(rig.writer.snapshot(&stale).unwrap(), 2);
    let bytes = rig.keep.get("map/00000000000000000002").unwrap().unwrap();
    assert_eq!(Map::decode(&bytes).unwrap(), rig.site.map());
}

#[test]
fn a_damaged_snapshot_is_told_and_the_one_before_it_is_taken() {
    let rig = Rig::new();
    rig.page("/a", "a", 1);
    rig.writer.snapshot(&Map::default()).unwrap();
    rig.keep.put("map/00000000000000000009", b"HTm1 torn").unwrap();
    names(&rig, "log/").iter().for_each(|name| rig.keep.delete(name).unwrap());
    let reading = rig.writer.read().unwrap();
    assert_eq!(reading.map, rig.site.map());
    assert_eq!(reading.torn[0].0, "map/00000000000000000009");
}

#[test]
fn pruning_takes_what_a_settled_snapshot_has_left_behind() {
    let rig = Rig::new();
    rig.page("/a", "first", 1);
    rig.page("/b", "stays", 2);
    rig.writer.snapshot(&Map::default()).unwrap();
    rig.page("/a", "second", 3);
    rig.page("/c", "withdrawn", 4);
    rig.bury("/c", &Tombstone::Gone, 5);
    rig.writer.snapshot(&Map::default()).unwrap();
    let pruned = rig.writer.prune(much_later(&rig), DAY).unwrap();
    assert_eq!(pruned, Pruned { objects: 2, logs: 5, maps: 1, unfinished: 0 });
    let reopened = rig.reopened();
    assert_eq!(reopened.map(), rig.site.map());
    assert_eq!(crate::rig::ask(&reopened, "GET", "/a", &[]).unwrap().text(), "second");
    assert_eq!(crate::rig::ask(&reopened, "GET", "/b", &[]).unwrap().text(), "stays");
    assert_eq!(crate::rig::ask(&reopened, "GET", "/c", &[]).unwrap().status, 410);
}

#[test]
fn nothing_is_pruned_before_its_grace_ends() {
    let rig = Rig::new();
    rig.page("/a", "first", 1);
    rig.page("/a", "second", 2);
    rig.writer.snapshot(&Map::default()).unwrap();
    let soon = much_later(&rig) - 2 * DAY;
    assert_eq!(rig.writer.prune(soon, DAY).unwrap(), Pruned::default());
}

#[test]
fn what_a_killed_writer_left_is_pruned_without_a_snapshot_too() {
    let rig = Rig::new();
    rig.page("/a", "first", 1);
    std::fs::File::create(rig.folder.path().join("unfinished/1-1")).unwrap();
    assert_eq!(
        rig.writer.prune(much_later(&rig), DAY).unwrap(),
        Pruned { unfinished: 1, ..Pruned::default() }
    );
}

#[test]
fn without_a_snapshot_nothing_is_pruned() {
    let rig = Rig::new();
    rig.page("/a", "first", 1);
    rig.page("/a", "second", 2);
    assert_eq!(rig.writer.prune(much_later(&rig), DAY).unwrap(), Pruned::default());
}

#[test]
fn a_log_entry_that_came_after_its_snapshot_stays() {
    let rig = Rig::new();
    rig.page("/a", "a", 9);
    rig.writer.snapshot(&Map::default()).unwrap();
    rig.page("/late", "late", 3);
    let pruned = rig.writer.prune(much_later(&rig), DAY).unwrap();
    assert_eq!(pruned, Pruned { objects: 0, logs: 1, maps: 0, unfinished: 0 });
    assert_eq!(rig.reopened().mark("/late").unwrap().kind(), Kind::Page);
}

#[test]
fn a_log_entry_that_comes_long_after_later_ones_is_found_by_one_of_the_next_looks() {
    let rig = Rig::new();
    rig.page("/a", "a", 5000);
    let node = rig.reopened();
    rig.page("/late", "late", 3);
    let looks = (0..super::SHORT_LOOKS).take_while(|_| {
        node.catch_up().unwrap();
        node.mark("/late").is_none()
    });
    assert!(looks.count() < super::SHORT_LOOKS as usize);
    assert_eq!(node.mark("/late").unwrap().change(), 3);
}

#[test]
fn a_log_entry_that_comes_a_little_late_is_found_by_the_next_look() {
    let rig = Rig::new();
    rig.page("/a", "a", 5000);
    let node = rig.reopened();
    rig.page("/late", "late", 4900);
    node.catch_up().unwrap();
    assert_eq!(node.mark("/late").unwrap().change(), 4900);
}

#[test]
fn an_idle_trees_snapshot_is_not_written_again() {
    let rig = Rig::new();
    rig.page("/a", "a", 1);
    rig.writer.snapshot(&Map::default()).unwrap();
    let before = rig.keep.list("map/").unwrap();
    rig.writer.snapshot(&rig.site.map()).unwrap();
    assert_eq!(rig.keep.list("map/").unwrap(), before);
}

#[test]
fn a_log_entry_says_its_paths_in_plain_text() {
    let rig = Rig::new();
    let entry: Entry = rig.page("/фото", "a", 1);
    let name = &names(&rig, "log/")[0];
    let bytes = rig.keep.get(name).unwrap().unwrap();
    assert_eq!(*name, log_name((entry.change, crc32fast::hash(&bytes))));
    assert!(String::from_utf8_lossy(&bytes).contains("\"path\":\"/фото\""));
}

#[test]
fn what_stands_with_the_same_bytes_gets_a_second_name_and_loses_none() {
    let rig = Rig::new();
    let body = "<p>A ferry crosses the river in flood.</p>\n".repeat(40);
    let page = |text: &str| Printed::unpressed(Status::Ok, HTML, text.to_owned(), 1);
    let first = rig.writer.put_over("/a", page(&body), 1, None).unwrap();
    assert_eq!(
        rig.writer.get("/a", 1).unwrap().unwrap().unwrap(),
        Printed::new(Status::Ok, HTML, body.clone(), 1)
    );
    let again = rig.writer.put_over("/a", page(&body), 2, Some(1)).unwrap();
    assert_eq!((again.codings, again.reach, again.change), (first.codings, first.reach, 2));
    let file = |change| rig.folder.path().join(object_name(Key::of("/a"), change));
    let inode = |change| std::os::unix::fs::MetadataExt::ino(&std::fs::metadata(file(change)).unwrap());
    assert_eq!(inode(1), inode(2));
    std::fs::remove_file(file(1)).unwrap();
    assert_eq!(rig.writer.get("/a", 2).unwrap().unwrap().unwrap().plain, body);
    rig.writer.put_over("/a", page("<p>Another.</p>"), 3, Some(2)).unwrap();
    assert_eq!(rig.writer.get("/a", 3).unwrap().unwrap().unwrap().plain, "<p>Another.</p>");
    assert_eq!(rig.writer.get("/a", 2).unwrap().unwrap().unwrap().plain, body);
}

#[test]
fn a_torn_object_lends_nothing_to_the_next() {
    let rig = Rig::new();
    let body = "<p>A ferry crosses the river in flood.</p>\n".repeat(40);
    let page = || Printed::unpressed(Status::Ok, HTML, body.clone(), 1);
    rig.writer.put_over("/a", page(), 1, None).unwrap();
    let mut bytes = rig.keep.get(&object_name(Key::of("/a"), 1)).unwrap().unwrap().to_vec();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    rig.keep.put(&object_name(Key::of("/a"), 1), &bytes).unwrap();
    rig.writer.put_over("/a", page(), 2, Some(1)).unwrap();
    let there = rig.writer.get("/a", 2).unwrap().unwrap().unwrap();
    assert_eq!(there, Printed::new(Status::Ok, HTML, body, 1));
}

#[test]
fn an_object_that_is_written_twice_under_one_change_is_whole_and_the_later_one() {
    let rig = Rig::new();
    for text in ["<p>First.</p>", "<p>Second.</p>"] {
        rig.writer.put("/a", &Printed::new(Status::Ok, HTML, text, 1), 1).unwrap();
    }
    assert_eq!(rig.writer.get("/a", 1).unwrap().unwrap().unwrap().plain, "<p>Second.</p>");
}
