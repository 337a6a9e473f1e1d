//! The job queue.

use std::collections::BTreeSet;

use store::{AfterFailure, Claim, JobCount, Store, Tx, View};

use crate::samples::{act, job};
use crate::site::{on_both, second};

async fn claim(store: &Store, now: i64) -> Option<Claim> {
    store.claim_job(&["print", "develop"], "w", second(now), 30).await.unwrap()
}

async fn enqueue(store: &Store, job: &store::NewJob) {
    act(store, async |tx: &mut Tx| tx.enqueue(job).await).await;
}

async fn finish(store: &Store, claim: &Claim) -> bool {
    act(store, async |tx: &mut Tx| tx.finish_job(claim).await).await
}

on_both! {
    async fn of_a_kind_the_newest_can_be_claimed_first(site) {
        act(&site.store, async |tx: &mut Tx| {
            tx.enqueue(&job(1, "develop", "a", 10)).await?;
            tx.enqueue(&job(2, "develop", "b", 30)).await?;
            tx.enqueue(&job(3, "develop", "c", 20)).await?;
            tx.enqueue(&job(4, "develop", "later", 90)).await
        }).await;
        let mut claimed = Vec::new();
        while let Some(claim) = site.store.claim_newest_job("develop", "w", second(50), 30).await.unwrap() {
            claimed.push(claim.dedupe);
        }
        assert_eq!(claimed, ["b", "c", "a"]);
        enqueue(&site.store, &job(5, "develop", "d", 40)).await;
        enqueue(&site.store, &job(6, "develop", "e", 45)).await;
        let preferred = act(&site.store, async |tx: &mut Tx| Ok((
            tx.prefer_job("d", second(49)).await?, tx.prefer_job("later", second(50)).await?, tx.prefer_job("a", second(50)).await?,
        ))).await;
        assert_eq!(preferred, (true, false, false), "what waits for its time, and what runs, stays");
        let first = site.store.claim_newest_job("develop", "w", second(50), 30).await.unwrap().unwrap();
        assert_eq!(first.dedupe, "d");
        let second_ = site.store.claim_newest_job("develop", "w", second(50), 30).await.unwrap().unwrap();
        assert_eq!(second_.dedupe, "e");
        let due = site.look(async |view: &mut View| Ok((
            view.is_any_due(&["develop"], second(50)).await?, view.is_any_due(&["print", "develop"], second(95)).await?,
        ))).await;
        assert_eq!(due, (false, true));
    }

    async fn the_job_that_is_due_longest_is_told_of_the_kinds_that_are_asked_for(site) {
        act(&site.store, async |tx: &mut Tx| {
            tx.enqueue(&job(1, "avif", "a", 1)).await?;
            tx.enqueue(&job(2, "develop", "b", 30)).await?;
            tx.enqueue(&job(3, "print", "c", 20)).await?;
            tx.enqueue(&job(4, "print", "later", 90)).await
        }).await;
        let oldest = async |now: i64| {
            site.look(async |view: &mut View| view.oldest_due(&["develop", "print"], second(now)).await).await
        };
        assert_eq!((oldest(10).await, oldest(50).await), (None, Some(second(20))));
        claim(&site.store, 50).await.unwrap();
        assert_eq!(oldest(50).await, Some(second(30)), "what runs does not wait");
    }

    async fn a_job_runs_once_and_is_gone_when_finished(site) {
        enqueue(&site.store, &job(1, "develop", "a", 0)).await;
        let claimed = claim(&site.store, 0).await.unwrap();
        assert_eq!((claimed.kind.as_str(), claimed.dedupe.as_str(), claimed.attempt), ("develop", "a", 1));
        assert_eq!(claimed.payload, "{\"n\":1}");
        assert_eq!(claim(&site.store, 0).await, None);
        assert!(finish(&site.store, &claimed).await);
        assert!(!finish(&site.store, &claimed).await);
        assert_eq!(site.look(async |view: &mut View| view.job_counts(second(0)).await).await, []);
    }

    async fn kinds_are_served_in_the_order_asked_and_jobs_in_the_order_due(site) {
        enqueue(&site.store, &job(1, "develop", "a", 0)).await;
        enqueue(&site.store, &job(2, "print", "b", 5)).await;
        enqueue(&site.store, &job(3, "print", "c", 4)).await;
        enqueue(&site.store, &job(4, "purge", "d", 0)).await;
        let mut order = Vec::new();
        while let Some(claimed) = claim(&site.store, 9).await {
            order.push(claimed.dedupe);
        }
        assert_eq!(order, ["c", "b", "a"]);
    }

    async fn several_jobs_of_a_kind_are_claimed_at_once_and_no_more_than_asked_for(site) {
        for (n, due) in [(1, 3), (2, 1), (3, 2), (4, 0), (5, 90)] {
            enqueue(&site.store, &job(n, "reprint", &n.to_string(), due)).await;
        }
        enqueue(&site.store, &job(9, "print", "p", 50)).await;
        let at_most = |kind: &str| if kind == "reprint" { 3 } else { 1 };
        let mut taken = Vec::new();
        loop {
            let claims = site.store.claim_jobs(&["print", "reprint"], at_most, "w", second(60), 30).await.unwrap();
            let mut of: Vec<String> = claims.iter().map(|claim| claim.dedupe.clone()).collect();
            of.sort();
            if of.is_empty() {
                break;
            }
            taken.push(of.join(" "));
        }
        assert_eq!(taken, ["p", "2 3 4", "1"], "each once; what is not due waits");
    }

    async fn a_job_waits_for_its_moment(site) {
        enqueue(&site.store, &job(1, "print", "a", 10)).await;
        assert_eq!(claim(&site.store, 9).await, None);
        assert!(claim(&site.store, 10).await.is_some());
    }

    async fn a_waiting_job_that_is_enqueued_again_is_one_job_with_the_newer_payload(site) {
        enqueue(&site.store, &job(1, "print", "a", 5)).await;
        enqueue(&site.store, &job(2, "print", "a", 90)).await;
        let claimed = claim(&site.store, 5).await.unwrap();
        assert_eq!(claimed.payload, "{\"n\":2}", "at the earlier moment");
        assert!(finish(&site.store, &claimed).await);
        assert_eq!(claim(&site.store, 99).await, None);
    }

    async fn a_running_job_that_is_enqueued_again_runs_once_more_afterwards(site) {
        enqueue(&site.store, &job(1, "print", "a", 0)).await;
        let first = claim(&site.store, 0).await.unwrap();
        enqueue(&site.store, &job(2, "print", "a", 7)).await;
        enqueue(&site.store, &job(3, "print", "a", 3)).await;
        assert_eq!(claim(&site.store, 9).await, None, "it runs");
        assert!(finish(&site.store, &first).await);
        assert_eq!(claim(&site.store, 2).await, None);
        let again = claim(&site.store, 3).await.unwrap();
        assert_eq!((again.payload.as_str(), again.attempt), ("{\"n\":3}", 1));
        assert!(finish(&site.store, &again).await);
        assert_eq!(claim(&site.store, 99).await, None);
    }

    async fn a_lease_that_ran_out_is_claimed_by_another_and_the_first_cannot_finish(site) {
        enqueue(&site.store, &job(1, "print", "a", 0)).await;
        let dead = claim(&site.store, 0).await.unwrap();
        assert_eq!(claim(&site.store, 29).await, None);
        let next = claim(&site.store, 30).await.unwrap();
        assert_eq!(next.attempt, 2);
        let late = act(&site.store, async |tx: &mut Tx| {
            Ok((
                tx.finish_job(&dead).await?,
                tx.extend_lease(&dead, second(99)).await?,
                tx.release_job(&dead).await?,
                tx.fail_job(&dead, second(31), 3, "late").await?,
            ))
        }).await;
        assert_eq!(late, (false, false, false, AfterFailure::NotOurs));
        assert!(finish(&site.store, &next).await);
    }

    async fn a_lease_can_be_lengthened(site) {
        enqueue(&site.store, &job(1, "print", "a", 0)).await;
        let claimed = claim(&site.store, 0).await.unwrap();
        assert!(act(&site.store, async |tx: &mut Tx| tx.extend_lease(&claimed, second(60)).await).await);
        assert_eq!(claim(&site.store, 59).await, None);
        assert!(claim(&site.store, 60).await.is_some());
    }

    async fn a_failed_attempt_waits_longer_each_time_and_then_the_job_is_given_up(site) {
        enqueue(&site.store, &job(1, "print", "a", 0)).await;
        let mut now = 0;
        for (attempt, wait) in [(1, 1), (2, 2)] {
            let claimed = claim(&site.store, now).await.unwrap();
            let after = act(&site.store, async |tx: &mut Tx| tx.fail_job(&claimed, second(now), 3, "no").await).await;
            assert_eq!((claimed.attempt, after), (attempt, AfterFailure::RetryAt(second(now + wait))));
            assert_eq!(claim(&site.store, now).await, None);
            now += wait;
        }
        let claimed = claim(&site.store, now).await.unwrap();
        let after = act(&site.store, async |tx: &mut Tx| tx.fail_job(&claimed, second(now), 3, "why").await).await;
        assert_eq!(after, AfterFailure::GivenUp);
        assert_eq!(claim(&site.store, 9999).await, None);
        let failed = site.look(async |view: &mut View| view.failed_jobs(9).await).await;
        assert_eq!((failed.len(), failed[0].last_error.as_str(), failed[0].failed_at), (1, "why", Some(second(now))));
        enqueue(&site.store, &job(2, "print", "a", 9999)).await;
        assert_eq!(claim(&site.store, 9999).await.map(|claim| claim.attempt), Some(1));
    }

    async fn a_job_that_failed_after_it_was_enqueued_again_starts_afresh(site) {
        enqueue(&site.store, &job(1, "print", "a", 0)).await;
        let claimed = claim(&site.store, 0).await.unwrap();
        enqueue(&site.store, &job(2, "print", "a", 4)).await;
        let after = act(&site.store, async |tx: &mut Tx| tx.fail_job(&claimed, second(1), 1, "no").await).await;
        assert_eq!(after, AfterFailure::RetryAt(second(4)));
        assert_eq!(claim(&site.store, 4).await.map(|claim| (claim.attempt, claim.payload)), Some((1, "{\"n\":2}".to_owned())));
    }

    async fn a_released_job_is_as_if_it_had_not_been_claimed(site) {
        enqueue(&site.store, &job(1, "print", "a", 0)).await;
        let claimed = claim(&site.store, 0).await.unwrap();
        assert!(act(&site.store, async |tx: &mut Tx| tx.release_job(&claimed).await).await);
        assert_eq!(claim(&site.store, 0).await.map(|claim| claim.attempt), Some(1));
    }

    async fn a_job_that_is_put_off_waits_for_its_moment_and_says_why(site) {
        enqueue(&site.store, &job(1, "mail", "a", 0)).await;
        let claimed = site.store.claim_job(&["mail"], "w", second(0), 30).await.unwrap().unwrap();
        let after = act(&site.store, async |tx: &mut Tx| tx.put_off_job(&claimed, second(500), "refused").await).await;
        assert_eq!(after, AfterFailure::RetryAt(second(500)));
        let failed = site.look(async |view: &mut View| view.failed_jobs(9).await).await;
        assert_eq!((failed[0].last_error.as_str(), failed[0].failed_at), ("refused", None));
        let due = async |at| site.store.claim_job(&["mail"], "w", second(at), 30).await.unwrap();
        assert_eq!(due(499).await, None);
        assert!(due(500).await.is_some());
        let after = act(&site.store, async |tx: &mut Tx| tx.put_off_job(&claimed, second(900), "late").await).await;
        assert_eq!(after, AfterFailure::NotOurs);
    }

    async fn a_cancelled_job_is_gone_and_its_worker_learns_so(site) {
        enqueue(&site.store, &job(1, "print", "a", 0)).await;
        let claimed = claim(&site.store, 0).await.unwrap();
        let cancelled = act(&site.store, async |tx: &mut Tx| {
            Ok((tx.cancel_job("a").await?, tx.cancel_job("a").await?))
        }).await;
        assert_eq!((cancelled, finish(&site.store, &claimed).await), ((true, false), false));
    }

    async fn jobs_are_counted_by_kind(site) {
        for (n, key) in [(1, "a"), (2, "b"), (3, "c")] {
            enqueue(&site.store, &job(n, "print", key, 0)).await;
        }
        claim(&site.store, 0).await.unwrap();
        let failed = claim(&site.store, 0).await.unwrap();
        act(&site.store, async |tx: &mut Tx| tx.fail_job(&failed, second(0), 1, "no").await).await;
        let (now, later) = site.look(async |view: &mut View| Ok((
            view.job_counts(second(1)).await?,
            view.job_counts(second(30)).await?,
        ))).await;
        let count = |waiting, running| [JobCount { kind: "print".to_owned(), waiting, running, failed: 1 }];
        assert_eq!((now.as_slice(), later.as_slice()), (count(1, 1).as_slice(), count(2, 0).as_slice()));
    }

    async fn workers_that_race_never_share_a_job(site) {
        act(&site.store, async |tx: &mut Tx| {
            for n in 0..40 {
                tx.enqueue(&job(n, "print", &format!("k{n}"), 0)).await?;
            }
            Ok(())
        }).await;
        let mut workers = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let store = Store::open(&site.database, second(0)).await.unwrap();
            workers.spawn(async move {
                let mut mine = Vec::new();
                while let Some(claimed) = claim(&store, 1).await {
                    mine.push(claimed.dedupe);
                }
                store.close().await;
                mine
            });
        }
        let all: Vec<String> = workers.join_all().await.into_iter().flatten().collect();
        let distinct: BTreeSet<&String> = all.iter().collect();
        assert_eq!((all.len(), distinct.len()), (40, 40));
    }

    async fn a_worker_of_this_process_hears_of_a_new_job(site) {
        let mut hints = site.store.job_hints();
        hints.mark_unchanged();
        let refused: Result<(), store::ActError<()>> = site.store.act(async |tx: &mut Tx| {
            tx.enqueue(&job(1, "print", "a", 0)).await?;
            Err(store::ActError::Refused(()))
        }).await;
        assert!(refused.is_err() && !hints.has_changed().unwrap());
        enqueue(&site.store, &job(1, "print", "a", 0)).await;
        assert!(hints.has_changed().unwrap());
    }
}
