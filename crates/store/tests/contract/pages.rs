//! The map of the printed tree and change numbers.

use std::collections::BTreeSet;
use std::time::Duration;

use store::{Page, Standing, Store, Tx, View};

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

    async fn what_stands_on_pages_leads_to_the_changes_that_brought_them(site) {
        record(&site.store, &[
            (page("/a", 5), keys(&["story:1"])), (page("/b", 6), keys(&["story:1", "site"])), (page("/c", 7), keys(&["site"])),
        ]).await;
        let found = site.look(async |view: &mut View| view.standing_for_key("story:1").await).await;
        let stands = |change| Standing { change, status: 200 };
        assert_eq!(found.into_iter().collect::<Vec<_>>(), [("/a".to_owned(), stands(5)), ("/b".to_owned(), stands(6))]);
    }

    async fn pages_that_are_recorded_together_are_recorded_as_each_alone_would_be(site) {
        let path = |n: usize| format!("/{n:02}");
        record(&site.store, &[(page(&path(3), 9), keys(&["newer"])), (page(&path(4), 1), keys(&["a", "b"]))]).await;
        let all: Vec<_> = (0..37).map(|n| (page(&path(n), 5), keys(&["b", if n % 2 == 0 { "even" } else { "odd" }]))).collect();
        let lent: Vec<_> = all.iter().map(|(page, keys)| (page, keys)).collect();
        act(&site.store, async |tx: &mut Tx| tx.record_pages(&lent).await).await;
        for (n, (page, keys)) in all.iter().enumerate().filter(|(n, _)| *n != 3) {
            let found = site.look(async |view: &mut View| Ok((
                view.page(&page.path).await?, view.page_keys(&page.path).await?,
            ))).await;
            assert_eq!(found, (Some(page.clone()), keys.clone()), "{n}");
        }
        let stayed = site.look(async |view: &mut View| Ok((
            view.page(&path(3)).await?, view.page_keys(&path(3)).await?,
        ))).await;
        assert_eq!(stayed, (Some(page(&path(3), 9)), keys(&["newer"])), "a late writer never wins");
    }

    async fn a_page_that_is_announced_is_found_by_its_key_and_yields_to_any_print(site) {
        record(&site.store, &[(page("/there", 5), keys(&["site"]))]).await;
        act(&site.store, async |tx: &mut Tx| {
            tx.announce_page("/there", "key-/there", "story:1", (second(9), 1)).await?;
            tx.announce_page("/new", "key-/new", "story:1", (second(9), 1)).await
        }).await;
        let (found, there) = site.look(async |view: &mut View| Ok((
            view.standing_for_key("story:1").await?, view.page("/there").await?,
        ))).await;
        let new = ("/new".to_owned(), Standing { change: 0, status: 404 });
        let old = ("/there".to_owned(), Standing { change: 5, status: 200 });
        assert_eq!(found.into_iter().collect::<Vec<_>>(), [new, old]);
        assert_eq!(there, Some(page("/there", 5)));
        assert_eq!(record(&site.store, &[(page("/new", 1), keys(&[]))]).await, [true]);
    }

    async fn what_stands_at_paths_is_found_however_many_there_are(site) {
        let path = |n: i64| format!("/\u{0645}/{n:02}?light");
        let pages: Vec<_> = (1..=40).map(|n| (page(&path(n), n), keys(&["site"]))).collect();
        record(&site.store, &pages).await;
        for asked in [0, 1, 16, 17, 40] {
            let wanted: Vec<String> = (1..=asked).map(path).collect();
            let mut asked_for: Vec<&str> = wanted.iter().map(String::as_str).collect();
            asked_for.push("/nothing");
            let found = site.look(async |view: &mut View| view.standing_at(&asked_for).await).await;
            let stands = (1..=asked).map(|change| (path(change), Standing { change, status: 200 }));
            assert_eq!(found.into_iter().collect::<Vec<_>>(), stands.collect::<Vec<_>>());
        }
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
