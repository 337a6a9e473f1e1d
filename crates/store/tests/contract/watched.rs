//! Files of the watched folder.

use newsroom::id::StaffId;
use newsroom::moment::Moment;
use store::{Tx, View, WatchedFile, WatchedName, WatchedState};

use crate::samples::{act, photo, photo_id};
use crate::site::{on_both, second};
use crate::staff::{account, staff_id};

fn file(path: &str, bytes: u64, state: WatchedState, told: i64) -> WatchedFile {
    WatchedFile {
        name: WatchedName { path: path.to_owned(), bytes, modified_at: second(1) },
        state,
        sentence: (state == WatchedState::Waiting).then(|| "It is cut off.".to_owned()),
        photo: None,
        owner: None,
        told_at: second(told),
    }
}

on_both! {
    async fn a_file_that_grew_is_one_and_one_that_came_again_another(site) {
        act(&site.store, async |tx: &mut Tx| {
            tx.insert_photo(&photo(1)).await?;
            tx.tell_watched_file(&file("ana/a.jpg", 5, WatchedState::Waiting, 2)).await?;
            tx.tell_watched_file(&WatchedFile {
                photo: Some(photo_id(1)), ..file("ana/a.jpg", 9, WatchedState::Taken, 3)
            }).await?;
            tx.tell_watched_file(&file("ana/a.jpg", 7, WatchedState::Refused, 4)).await
        }).await;
        let found = site.look(async |view: &mut View| view.watched_files_in("ana", 9).await).await;
        let states: Vec<(u64, WatchedState)> = found.iter().map(|file| (file.name.bytes, file.state)).collect();
        assert_eq!(states, [(7, WatchedState::Refused), (9, WatchedState::Taken)]);
        assert_eq!(found[1].photo, Some(photo_id(1)));
        let (first, again) = (found[0].name.clone(), WatchedName { bytes: 5, ..found[0].name.clone() });
        let of = async |name: &WatchedName| site.look(async |view: &mut View| view.watched_file(name).await).await;
        assert_eq!((of(&first).await.as_ref(), of(&again).await), (Some(&found[0]), None));
        act(&site.store, async |tx: &mut Tx| tx.forget_watched_file(&first).await).await;
        assert_eq!(of(&first).await, None);
    }

    async fn files_are_told_newest_first_page_by_page_to_whose_they_are(site) {
        act(&site.store, async |tx: &mut Tx| {
            tx.insert_account(&account(1)).await?;
            for (path, told) in [("a.jpg", 3), ("b.jpg", 3), ("ana/c.jpg", 5), ("d.jpg", 1)] {
                let owner = path.starts_with("ana/").then(|| staff_id(1));
                tx.tell_watched_file(&WatchedFile { owner, ..file(path, 1, WatchedState::Waiting, told) }).await?;
            }
            Ok(())
        }).await;
        let page = async |owner: Option<StaffId>, from: (Moment, &str), limit| {
            let rows = site.look(async |view: &mut View| view.watched_files(owner, from, limit).await).await;
            rows.into_iter().map(|file| file.name.path).collect::<Vec<_>>()
        };
        let newest = (Moment::from_micros(i64::MAX), "");
        assert_eq!(page(None, newest, 2).await, ["ana/c.jpg", "b.jpg"]);
        assert_eq!(page(None, (second(3), "b.jpg"), 9).await, ["a.jpg", "d.jpg"]);
        assert_eq!(page(Some(staff_id(1)), newest, 9).await, ["ana/c.jpg"]);
        assert_eq!(page(Some(staff_id(2)), newest, 9).await, [""; 0]);
        let waiting = site.look(async |view: &mut View| view.watched_files_waiting("a.jpg", 2).await).await;
        assert_eq!(waiting.iter().map(|file| file.name.path.as_str()).collect::<Vec<_>>(), ["ana/c.jpg", "b.jpg"]);
        let old = async |before, after| {
            let rows = site.look(async |view: &mut View| view.watched_files_before(before, after, 9).await).await;
            rows.into_iter().map(|file| file.name.path).collect::<Vec<_>>()
        };
        let first = (Moment::from_micros(i64::MIN), "");
        assert_eq!(old(second(3), first).await, ["d.jpg"]);
        assert_eq!(old(second(4), (second(3), "a.jpg")).await, ["b.jpg"]);
    }
}
