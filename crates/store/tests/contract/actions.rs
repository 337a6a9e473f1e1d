//! One transaction, one action.

use std::future::Future as _;

use store::{ActError, Kept, Store, StoreError, Tx, View};

use crate::samples::{BY, act, job, story, story_id};
use crate::site::{on_both, second};

/// Adds one to a number that is kept as a setting, the way a careless action would: read, then write.
async fn count_up(store: &Store, name: &str) -> Result<(), ActError<()>> {
    store
        .act(async |tx: &mut Tx| {
            let number: i64 = tx.setting(name).await?.map_or(0, |text| text.parse().unwrap());
            tx.set_setting(name, Some(&(number + 1).to_string())).await?;
            Ok(())
        })
        .await
}

/// Actions that lose five races in a row are told to try again, which callers may.
async fn count_up_until_it_counts(store: &Store, name: &str) {
    loop {
        match count_up(store, name).await {
            Ok(()) => return,
            Err(ActError::Fault(StoreError::Conflict(_))) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
}

on_both! {
    async fn a_refusal_undoes_the_whole_action(site) {
        let outcome: Result<(), _> = site.store.act(async |tx: &mut Tx| {
            tx.insert_story(&story(1), &BY).await?;
            tx.enqueue(&job(1, "print", "a", 0)).await?;
            Err(ActError::Refused("no"))
        }).await;
        assert!(matches!(outcome, Err(ActError::Refused("no"))));
        let (story, jobs) = site.look(async |view: &mut View| Ok((
            view.story(story_id(1)).await?,
            view.job_counts(second(0)).await?,
        ))).await;
        assert_eq!((story, jobs), (None, vec![]));
    }

    async fn an_action_sees_what_it_has_done(site) {
        let seen = act(&site.store, async |tx: &mut Tx| {
            tx.set_setting("a", Some("1")).await?;
            tx.setting("a").await
        }).await;
        assert_eq!(seen.as_deref(), Some("1"));
    }

    async fn a_view_stays_at_its_moment(site) {
        let (before, after) = site.look(async |view: &mut View| {
            let before = view.setting("a").await?;
            act(&site.store, async |tx: &mut Tx| tx.set_setting("a", Some("1")).await).await;
            Ok((before, view.setting("a").await?))
        }).await;
        assert_eq!((before, after), (None, None));
    }

    async fn a_statement_that_failed_undoes_the_action_whatever_it_answers(site) {
        let mut broken = story(1);
        broken.slides = vec![newsroom::slide::Slide::empty(crate::samples::slide_id(1))];
        broken.slides[0].photo = Some(crate::samples::photo_id(77));
        let outcome: Result<(), ActError<()>> = site.store.act(async |tx: &mut Tx| {
            tx.set_setting("a", Some("1")).await?;
            // A photo that is not there: the foreign key says no, and the action looks away.
            let failed = tx.insert_story(&broken, &BY).await;
            assert!(failed.is_err());
            assert!(tx.set_setting("b", Some("2")).await.is_err(), "nothing runs after a fault");
            Ok(())
        }).await;
        assert!(matches!(outcome, Err(ActError::Fault(StoreError::Fault(_)))), "{outcome:?}");
        assert_eq!(site.look(async |view: &mut View| view.settings().await).await, []);
    }

    async fn a_text_with_nul_is_refused_by_both_databases(site) {
        let outcome: Result<(), ActError<()>> =
            site.store.act(async |tx: &mut Tx| Ok(tx.set_setting("a", Some("x\0y")).await?)).await;
        assert!(matches!(outcome, Err(ActError::Fault(StoreError::NulInText))), "{outcome:?}");
    }

    async fn two_handles_on_one_database_lose_no_update(site) {
        let mut counters = tokio::task::JoinSet::new();
        for _ in 0..2 {
            let handle = Store::open(&site.database, second(0)).await.unwrap();
            for _ in 0..2 {
                let handle = handle.clone();
                counters.spawn(async move {
                    for _ in 0..25 {
                        count_up_until_it_counts(&handle, "n").await;
                    }
                });
            }
        }
        counters.join_all().await;
        let counted = site.look(async |view: &mut View| view.setting("n").await).await;
        assert_eq!(counted.as_deref(), Some("100"));
    }

    async fn workers_that_publish_at_once_all_get_a_number_of_their_own(site) {
        let mut workers = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let store = site.store.clone();
            workers.spawn(async move {
                let mut mine = Vec::new();
                for _ in 0..20 {
                    mine.push(act(&store, async |tx: &mut Tx| {
                        tx.set_setting("a", Some("b")).await?;
                        tx.next_change().await
                    }).await);
                }
                mine
            });
        }
        let mut numbers: Vec<i64> = workers.join_all().await.into_iter().flatten().collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=160).collect::<Vec<i64>>());
    }

    async fn actions_that_race_for_a_slug_give_it_to_one(site) {
        let mut racers = tokio::task::JoinSet::new();
        for n in 1..=6 {
            let store = site.store.clone();
            racers.spawn(async move {
                let mut draft = story(n);
                draft.slug = crate::samples::slug("the one");
                loop {
                    let outcome: Result<Kept, ActError<()>> =
                        store.act(async |tx: &mut Tx| Ok(tx.insert_story(&draft, &BY).await?)).await;
                    match outcome {
                        Ok(kept) => return kept,
                        Err(ActError::Fault(StoreError::Conflict(_))) => {}
                        Err(other) => panic!("{other:?}"),
                    }
                }
            });
        }
        let kept = racers.join_all().await;
        let won = kept.iter().filter(|kept| **kept == Kept::As { revision: 1 }).count();
        let lost = kept.iter().filter(|kept| **kept == Kept::SlugTaken).count();
        assert_eq!((won, lost), (1, 5));
    }

    async fn an_action_whose_caller_went_away_is_undone(site) {
        let (reached, waits) = tokio::sync::oneshot::channel::<()>();
        let store = site.store.clone();
        let reached = std::sync::Arc::new(std::sync::Mutex::new(Some(reached)));
        let mut caller = tokio::task::JoinSet::new();
        caller.spawn(async move {
            let outcome: Result<(), ActError<()>> = store.act(async |tx: &mut Tx| {
                tx.set_setting("a", Some("1")).await?;
                if let Some(reached) = reached.lock().unwrap().take() {
                    reached.send(()).unwrap();
                }
                std::future::pending::<()>().await;
                Ok(())
            }).await;
            outcome
        });
        waits.await.unwrap();
        caller.abort_all();
        assert!(caller.join_next().await.unwrap().unwrap_err().is_cancelled());
        act(&site.store, async |tx: &mut Tx| tx.set_setting("b", Some("2")).await).await;
        let all = site.look(async |view: &mut View| view.settings().await).await;
        assert_eq!(all, [("b".to_owned(), "2".to_owned())]);
    }

    async fn actions_given_up_at_any_point_leave_nothing_half_done(site) {
        let mut callers = tokio::task::JoinSet::new();
        for n in 0..60_u32 {
            let store = site.store.clone();
            callers.spawn(async move {
                let work = async {
                    let outcome: Result<(), ActError<()>> = store.act(async |tx: &mut Tx| {
                        for part in ["a", "b", "c"] {
                            tx.set_setting(&format!("{n}-{part}"), Some("there")).await?;
                        }
                        Ok(())
                    }).await;
                    outcome.is_ok()
                };
                let mut work = std::pin::pin!(work);
                // The nth caller goes away after the nth time that it was woken; the last ones stay.
                let patience = if n < 50 { n } else { u32::MAX };
                let mut woken = 0;
                std::future::poll_fn(move |context| match work.as_mut().poll(context) {
                    std::task::Poll::Pending if woken == patience => std::task::Poll::Ready(false),
                    outcome => {
                        woken += 1;
                        outcome
                    }
                })
                .await
            });
        }
        callers.join_all().await;
        let all = site.look(async |view: &mut View| view.settings().await).await;
        let mut parts = std::collections::BTreeMap::new();
        for (name, _) in all {
            let (caller, _) = name.split_once('-').unwrap();
            *parts.entry(caller.to_owned()).or_insert(0) += 1;
        }
        assert!(parts.values().all(|parts| *parts == 3), "{parts:?}");
        assert!((50..60_u32).all(|n| parts.contains_key(&n.to_string())), "the last callers stayed: {parts:?}");
        act(&site.store, async |tx: &mut Tx| tx.set_setting("after", Some("works")).await).await;
    }

    async fn a_closed_store_says_so(site) {
        let other = Store::open(&site.database, second(0)).await.unwrap();
        other.close().await;
        let outcome = count_up(&other, "n").await;
        assert!(matches!(outcome, Err(ActError::Fault(StoreError::Unavailable(_)))), "{outcome:?}");
        let looked: Result<_, StoreError> = other.view(async |view: &mut View| view.settings().await).await;
        assert!(matches!(looked, Err(StoreError::Unavailable(_))), "{looked:?}");
        let number = other.current_change().await;
        assert!(matches!(number, Err(StoreError::Unavailable(_))), "{number:?}");
    }
}
