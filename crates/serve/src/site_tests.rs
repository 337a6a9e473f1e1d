use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::rig::{HTML, Rig, SlowKeep, Told, ask, finish, large, request, telling, wait};
use crate::tree::object_name;
use crate::{Keep, Key, Map, Printed, Site, Status, Tombstone};

fn slow(rig: &Rig, told: &Told) -> (Arc<SlowKeep>, Site) {
    let keep = Arc::new(SlowKeep { inner: rig.keep.clone(), reads: AtomicUsize::new(0), is_far: false });
    let site = Site::open(keep.clone(), keep.clone(), telling(told)).unwrap();
    keep.reads.store(0, Ordering::SeqCst);
    (keep, site)
}

#[test]
fn a_node_starts_from_snapshot_and_log_alone() {
    let rig = Rig::new();
    rig.page("/a", "first", 1);
    rig.writer.snapshot(&Map::default()).unwrap();
    rig.page("/a", "second", 2);
    rig.bury("/b", &Tombstone::Gone, 3);
    let node = rig.reopened();
    assert_eq!(node.applied(), 3);
    assert_eq!(ask(&node, "GET", "/a", &[]).unwrap().text(), "second");
    assert_eq!(ask(&node, "GET", "/b", &[]).unwrap().status, 410);
}

#[test]
fn a_node_catches_up_with_what_others_logged() {
    let rig = Rig::new();
    rig.page("/a", "a", 1);
    let node = rig.reopened();
    rig.page("/b", "b", 2);
    assert_eq!(node.mark("/b"), None);
    assert_eq!(node.catch_up().unwrap(), 2);
    assert_eq!(ask(&node, "GET", "/b", &[]).unwrap().text(), "b");
}

#[test]
fn a_node_that_slept_through_a_pruning_catches_up_from_the_snapshot() {
    let rig = Rig::new();
    rig.page("/a", "a", 1);
    let node = rig.reopened();
    rig.page("/b", "b", 2);
    rig.writer.snapshot(&Map::default()).unwrap();
    for listed in rig.keep.list("log/").unwrap() {
        rig.keep.delete(&listed.name).unwrap();
    }
    node.catch_up().unwrap();
    assert_eq!(node.map(), rig.site.map());
}

#[test]
fn a_torn_log_entry_is_told_and_the_others_count() {
    let rig = Rig::new();
    rig.page("/a", "a", 1);
    let torn = crate::tree::log_name((2, 0));
    rig.keep.put(&torn, b"").unwrap();
    let node = rig.reopened();
    assert_eq!(ask(&node, "GET", "/a", &[]).unwrap().status, 200);
    let told = rig.told.lock().unwrap();
    assert_eq!(told[0].0, torn);
}

#[test]
fn a_torn_object_is_told_and_answered_with_503_until_it_is_printed_again() {
    let rig = Rig::new();
    rig.page("/a", "whole", 1);
    let name = object_name(Key::of("/a"), 1);
    let mut bytes = rig.keep.get(&name).unwrap().unwrap().to_vec();
    *bytes.last_mut().unwrap() ^= 1;
    rig.keep.put(&name, &bytes).unwrap();
    let answer = rig.get("/a");
    assert_eq!((answer.status, answer.header("retry-after")), (503, "5"));
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(*rig.told.lock().unwrap(), [(name, "/a".to_owned(), "a body is damaged".to_owned())]);
    assert_eq!(rig.site.meters().damaged.get(), 1);
    rig.page("/a", "again", 2);
    assert_eq!(rig.get("/a").text(), "again");
}

#[test]
fn an_object_cut_anywhere_is_never_shown() {
    let rig = Rig::new();
    rig.page("/a", &"flood ".repeat(200), 1);
    let name = object_name(Key::of("/a"), 1);
    let whole = rig.keep.get(&name).unwrap().unwrap();
    for length in 0..whole.len() {
        rig.keep.put(&name, &whole[..length]).unwrap();
        assert_eq!(ask(&rig.reopened(), "GET", "/a", &[]).unwrap().status, 503, "cut at {length}");
    }
}

#[test]
fn a_torn_object_that_was_written_again_under_its_name_is_found_though_its_file_was_open() {
    let rig = Rig::new();
    rig.page("/a", "whole", 1);
    let name = object_name(Key::of("/a"), 1);
    let whole = rig.keep.get(&name).unwrap().unwrap();
    rig.keep.put(&name, b"torn").unwrap();
    let held = Arc::new(crate::FolderKeep::new(rig.folder.path()).with_open_files(8));
    let site = Site::open(held.clone(), held, telling(&rig.told)).unwrap();
    assert_eq!(ask(&site, "GET", "/a", &[]).unwrap().status, 503);
    rig.keep.put(&name, &whole).unwrap();
    assert_eq!(ask(&site, "GET", "/a", &[]).unwrap().text(), "whole");
}

#[test]
fn a_lost_object_and_one_printed_for_another_path_are_damage_too() {
    let rig = Rig::new();
    rig.page("/a", "a", 1);
    rig.page("/b", "b", 1);
    let (a, b) = (object_name(Key::of("/a"), 1), object_name(Key::of("/b"), 1));
    rig.keep.put(&b, &rig.keep.get(&a).unwrap().unwrap()).unwrap();
    rig.keep.delete(&a).unwrap();
    assert_eq!(rig.get("/a").status, 503);
    assert_eq!(rig.get("/b").status, 503);
    let causes: Vec<String> = rig.told.lock().unwrap().iter().map(|told| told.2.clone()).collect();
    assert_eq!(causes, ["it is not there", "it was printed for another path"]);
}

#[test]
fn the_second_reader_is_served_from_memory() {
    let rig = Rig::new();
    rig.page("/a", "a", 1);
    rig.get("/a");
    rig.keep.delete(&object_name(Key::of("/a"), 1)).unwrap();
    assert_eq!(rig.get("/a").text(), "a");
    let meters = rig.site.meters();
    assert_eq!((meters.hits.get(), meters.misses.get()), (1, 1));
}

#[test]
fn memory_stays_within_its_bound() {
    let rig = Rig::with(|options| options.cache_bytes = 200_000);
    for number in 0..100 {
        let path = format!("/{number}");
        rig.publish(&path, &Printed::new(Status::Ok, "image/png", vec![7; 20_000], 1), 1);
        assert_eq!(rig.get(&path).body.unwrap().len(), 20_000);
    }
    assert!(rig.site.memory.weight() <= 200_000, "{}", rig.site.memory.weight());
    assert!(rig.site.memory.weight() >= 100_000, "{}", rig.site.memory.weight());
}

#[test]
fn a_page_larger_than_the_cache_is_served_all_the_same() {
    let rig = Rig::with(|options| options.cache_bytes = 1000);
    rig.page("/a", &"flood ".repeat(10_000), 1);
    assert_eq!(rig.get("/a").text().len(), 60_000);
}

#[test]
fn many_readers_of_one_page_cause_one_read_of_a_slow_store() {
    let rig = Rig::new();
    rig.page("/a", "a", 1);
    let (keep, site) = slow(&rig, &rig.told);
    let request = request("GET", "/a", &[]);
    wait(async {
        let ask = || async { finish(site.answer(&request).await.unwrap()).await.status };
        let statuses = tokio::join!(ask(), ask(), ask(), ask(), ask());
        assert_eq!(statuses, (200, 200, 200, 200, 200));
    });
    assert_eq!(keep.reads.load(Ordering::SeqCst), 1);
}

#[test]
fn every_coding_of_an_object_is_read_in_at_most_two_reads() {
    let rig = Rig::new();
    let text: String = (0..4000).map(|n| format!("{} ", n * n)).collect();
    rig.publish("/a", &Printed::new(Status::Ok, HTML, text.clone(), 1), 1);
    let (keep, site) = slow(&rig, &rig.told);
    for (coding, reads) in [("br", 1), ("gzip", 2), ("identity", 2)] {
        keep.reads.store(0, Ordering::SeqCst);
        let answer = ask(&site, "GET", "/a", &[("accept-encoding", coding)]).unwrap();
        assert_eq!(answer.header("content-encoding"), if coding == "identity" { "" } else { coding });
        assert_eq!(keep.reads.load(Ordering::SeqCst), reads, "{coding}");
    }
    assert_eq!(ask(&site, "GET", "/a", &[]).unwrap().text(), text);
}

#[test]
fn pictures_come_from_a_slow_store_whole() {
    let rig = Rig::new();
    rig.grant(1);
    let (_, site) = slow(&rig, &rig.told);
    assert_eq!(ask(&site, "GET", "/i/tok/v2/small.jpg", &[]).unwrap().text(), "0123456789");
    let large = ask(&site, "GET", "/i/tok/v2/large.jpg", &[]).unwrap();
    assert_eq!(large.body.unwrap(), crate::rig::large());
}

#[test]
fn a_picture_that_turns_out_shorter_while_it_is_sent_is_broken_off() {
    let rig = Rig::new();
    rig.grant(1);
    std::fs::OpenOptions::new()
        .write(true)
        .open(rig.folder.path().join("pictures/large"))
        .and_then(|file| file.set_len(200_000))
        .unwrap();
    let (_, site) = slow(&rig, &rig.told);
    assert!(ask(&site, "GET", "/i/tok/v2/large.jpg", &[]).unwrap().body.is_err());
}

#[test]
fn a_large_page_stays_in_its_file_and_counts_as_read_from_there() {
    let rig = Rig::new();
    rig.publish("/large", &Printed::new(Status::Ok, "image/png", large(), 1), 1);
    assert_eq!(rig.get("/large").body.unwrap(), large());
    assert_eq!(rig.get("/large").body.unwrap(), large());
    assert!(rig.site.memory.weight() < 100_000, "{}", rig.site.memory.weight());
    let meters = rig.site.meters();
    assert_eq!((meters.hits.get(), meters.misses.get()), (0, 2));
}

#[test]
fn a_large_page_with_one_wrong_byte_is_never_shown() {
    let rig = Rig::new();
    rig.publish("/large", &Printed::new(Status::Ok, "image/png", large(), 1), 1);
    let name = object_name(Key::of("/large"), 1);
    let mut bytes = rig.keep.get(&name).unwrap().unwrap().to_vec();
    bytes[150_000] ^= 1;
    rig.keep.put(&name, &bytes).unwrap();
    assert_eq!(rig.get("/large").status, 503);
}

/// Files of the rig's folder that are open.
fn open_files(rig: &Rig) -> usize {
    let inside = |link: &std::fs::DirEntry| {
        std::fs::read_link(link.path()).is_ok_and(|to| to.starts_with(rig.folder.path()))
    };
    let links = std::fs::read_dir("/proc/self/fd").unwrap();
    links.filter(|link| link.as_ref().is_ok_and(inside)).count()
}

#[test]
fn no_more_files_are_open_than_allowed() {
    let rig = Rig::with(|options| options.open_files = 16);
    for number in 0..60 {
        let path = format!("/{number}");
        rig.publish(&path, &Printed::new(Status::Ok, "image/png", large(), 1), 1);
        assert_eq!(rig.get(&path).status, 200);
    }
    assert!((4..=16).contains(&open_files(&rig)), "{}", open_files(&rig));
    rig.site.let_go();
    assert_eq!(open_files(&rig), 0);
}

#[test]
fn nothing_of_what_was_withdrawn_or_replaced_stays_in_memory_or_open() {
    let rig = Rig::new();
    rig.grant(1);
    rig.publish("/large", &Printed::new(Status::Ok, "image/png", large(), 1), 1);
    for target in ["/i/tok/v2/small.jpg", "/i/tok/v2/large.jpg", "/large"] {
        assert_eq!(rig.get(target).status, 200);
    }
    assert_eq!(open_files(&rig), 2);
    rig.bury("/i/tok", &Tombstone::Gone, 2);
    rig.page("/large", "smaller", 2);
    assert_eq!((open_files(&rig), rig.site.memory.len()), (0, 0));
}

#[test]
fn a_store_that_fails_is_told_and_asked_again() {
    let rig = Rig::new();
    rig.page("/a", "a", 1);
    let name = object_name(Key::of("/a"), 1);
    let bytes = rig.keep.get(&name).unwrap().unwrap();
    rig.keep.delete(&name).unwrap();
    rig.keep.put(&format!("{name}/in-the-way"), b"").unwrap();
    assert_eq!(rig.get("/a").status, 503);
    assert!(rig.told.lock().unwrap()[0].2.starts_with("it cannot be read"));
    std::fs::remove_dir_all(rig.folder.path().join(&name)).unwrap();
    rig.keep.put(&name, &bytes).unwrap();
    assert_eq!(rig.get("/a").text(), "a");
}

/// Both readers are tasks of one thread: if the second waited for the first on it, neither would ever be answered.
#[test]
fn a_reader_of_what_has_just_come_does_not_hold_up_the_one_who_fetched_it() {
    let rig = Rig::new();
    rig.page("/a", "text", 1);
    let keep = SlowKeep { inner: rig.keep.clone(), reads: AtomicUsize::new(0), is_far: true };
    let keep = Arc::new(keep);
    let site = Site::open(keep.clone(), rig.keep.clone(), telling(&rig.told)).unwrap();
    keep.reads.store(0, Ordering::SeqCst);
    let asked = request("GET", "/a", &[]);
    let (first, second) = wait(async {
        let second = async {
            while keep.reads.load(Ordering::SeqCst) == 0 {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            finish(site.answer(&asked).await.unwrap()).await
        };
        let first = async { finish(site.answer(&asked).await.unwrap()).await };
        tokio::join!(first, second)
    });
    assert_eq!((first.text(), second.text()), ("text", "text"));
}
