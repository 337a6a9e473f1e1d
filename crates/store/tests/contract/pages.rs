//! The map of the printed tree and change numbers.

use std::collections::BTreeSet;
use std::time::Duration;

use store::{Page, Store, Tx, View};

use crate::samples::act;
use crate::site::{on_both, second};

fn page(path: &str, change: i64) -> Page {
    Page {
        path: path.to_owned(),
        page_key: format!("key-{path}"),
        change,
        status: 200,
        etag: format!("etag-{change}"),
        printed_at: second(change),
        printer: 1,
    }
}

fn keys(keys: &[&str]) -> BTreeSet<String> {
    keys.iter().map(|key| (*key).to_owned()).collect()
}

async fn record(store: &Store, pages: &[(Page, BTreeSet<String>)]) -> Vec<bool> {
    act(store, async |tx: &mut Tx| {
        let mut newest = Vec::new();
        for (page, keys) in pages {
            newest.push(tx.record_page(page, keys).await?);
        }
        Ok(newest)
    })
    .await
}

on_both! {
    async fn a_page_comes_back_as_it_was_recorded(site) {
        let mut gone = page("/فيديو/قصة", 3);
        gone.status = 410;
        assert_eq!(record(&site.store, &[(gone.clone(), keys(&["story:1", "tag:x"]))]).await, [true]);
        let (found, touched) = site.look(async |view: &mut View| Ok((
            view.page(&gone.path).await?,
            view.page_keys(&gone.path).await?,
        ))).await;
        assert_eq!((found, touched), (Some(gone), keys(&["story:1", "tag:x"])));
    }

    async fn a_late_writer_never_wins(site) {
        record(&site.store, &[(page("/a", 5), keys(&["new"]))]).await;
        let late = record(&site.store, &[(page("/a", 4), keys(&["old"])), (page("/a", 5), keys(&["same"]))]).await;
        let (found, touched) = site.look(async |view: &mut View| {
            Ok((view.page("/a").await?, view.page_keys("/a").await?))
        }).await;
        assert_eq!((late, found, touched), (vec![false, false], Some(page("/a", 5)), keys(&["new"])));
    }

    async fn what_stands_on_pages_leads_to_their_paths(site) {
        record(&site.store, &[
            (page("/a", 1), keys(&["story:1", "photo:1"])),
            (page("/", 1), keys(&["story:1", "story:2"])),
            (page("/b", 1), keys(&["story:2"])),
        ]).await;
        record(&site.store, &[(page("/a", 2), keys(&["story:1", "photo:2"]))]).await;
        let (story, both, old_photo, none) = site.look(async |view: &mut View| Ok((
            view.paths_for_keys(&["story:1"]).await?,
            view.paths_for_keys(&["photo:2", "story:2"]).await?,
            view.paths_for_keys(&["photo:1"]).await?,
            view.paths_for_keys(&[""; 0]).await?,
        ))).await;
        assert_eq!((story, both), (keys(&["/", "/a"]), keys(&["/", "/a", "/b"])));
        assert_eq!((old_photo, none), (keys(&[]), keys(&[])));
    }

    async fn a_change_is_never_cut_in_two(site) {
        record(&site.store, &[
            (page("/a", 1), keys(&[])), (page("/b", 2), keys(&[])), (page("/c", 2), keys(&[])),
            (page("/d", 2), keys(&[])), (page("/e", 3), keys(&[])),
        ]).await;
        let (first, rest) = site.look(async |view: &mut View| Ok((
            view.pages_since(0, 2).await?,
            view.pages_since(2, 2).await?,
        ))).await;
        let paths = |pages: &[Page]| pages.iter().map(|page| page.path.clone()).collect::<Vec<_>>();
        assert_eq!((paths(&first), paths(&rest)), (
            vec!["/a".to_owned(), "/b".to_owned(), "/c".to_owned(), "/d".to_owned()],
            vec!["/e".to_owned()],
        ));
    }

    async fn pages_of_an_older_printer_are_found_newest_first(site) {
        let mut today = page("/new", 9);
        today.printer = 2;
        record(&site.store, &[(page("/a", 1), keys(&[])), (page("/b", 2), keys(&[])), (today, keys(&[]))]).await;
        let found = site.look(async |view: &mut View| view.pages_of_older_printers(2, 9).await).await;
        assert_eq!(found, [page("/b", 2), page("/a", 1)]);
    }

    async fn change_numbers_count_committed_changes_only(site) {
        assert_eq!(site.store.current_change().await.unwrap(), 0);
        let first = act(&site.store, async |tx: &mut Tx| tx.next_change().await).await;
        let undone: Result<(), store::ActError<i64>> =
            site.store.act(async |tx: &mut Tx| Err(store::ActError::Refused(tx.next_change().await?))).await;
        let third = act(&site.store, async |tx: &mut Tx| tx.next_change().await).await;
        assert!(matches!(undone, Err(store::ActError::Refused(2))));
        assert_eq!((first, third, site.store.current_change().await.unwrap()), (1, 2, 2));
        assert_eq!(site.look(async |view: &mut View| view.current_change().await).await, 2);
    }

    async fn a_change_of_another_handle_is_seen(site) {
        let other = Store::open(&site.database, second(1)).await.unwrap();
        assert_eq!(other.current_change().await.unwrap(), 0);
        let (seen, made) = tokio::join!(
            other.wait_for_change(0, Duration::from_millis(20)),
            act(&site.store, async |tx: &mut Tx| tx.next_change().await),
        );
        assert_eq!((seen.unwrap(), made), (1, 1));
        other.close().await;
    }

    async fn a_change_of_the_same_handle_is_seen_without_waiting_for_the_next_look(site) {
        let (seen, made) = tokio::join!(
            tokio::time::timeout(Duration::from_secs(60), site.store.wait_for_change(0, Duration::from_secs(3600))),
            act(&site.store, async |tx: &mut Tx| tx.next_change().await),
        );
        assert_eq!((seen.unwrap().unwrap(), made), (1, 1));
    }
}
