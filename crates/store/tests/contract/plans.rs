//! Embargoes and plans.

use newsroom::moment::Moment;
use newsroom::plan::{Embargo, KeptRefusal, Plan, PlanFailure, PlannedHow};
use store::{Tx, View};

use crate::samples::{BY, act, story, story_id};
use crate::site::{Site, on_both, second};

fn plan(at: i64) -> Plan {
    Plan {
        publish_at: second(at),
        planned_at: second(1),
        planned_by: "staff 1".to_owned(),
        how: PlannedHow { shown: Some(second(3)), ..PlannedHow::default() },
        failed: None,
    }
}

fn embargo(until: i64) -> Embargo {
    Embargo { until: second(until), set_at: second(2), set_by: "operator".to_owned() }
}

async fn by_time(site: &Site) -> Vec<(u8, Moment)> {
    let found = site.look(async |view: &mut View| view.plans_by_time(9).await).await;
    let number = |id| (1..9).find(|n| story_id(*n) == id).unwrap();
    found.into_iter().map(|(story, due)| (number(story), due)).collect()
}

on_both! {
    async fn plans_come_in_the_order_of_the_later_one_of_time_and_embargo(site) {
        act(&site.store, async |tx: &mut Tx| {
            for n in 1..=3 {
                tx.insert_story(&story(n), &BY).await?;
            }
            tx.set_embargo(story_id(1), &embargo(60)).await?;
            tx.put_plan(story_id(1), &plan(50)).await?;
            tx.put_plan(story_id(2), &plan(55)).await?;
            tx.put_plan(story_id(3), &plan(58)).await?;
            tx.set_embargo(story_id(2), &embargo(70)).await
        }).await;
        assert_eq!(by_time(site).await, [(3, second(58)), (1, second(60)), (2, second(70))]);
        act(&site.store, async |tx: &mut Tx| {
            assert!(tx.lift_embargo(story_id(1)).await?);
            assert!(!tx.lift_embargo(story_id(1)).await?);
            assert!(tx.take_plan(story_id(3)).await?);
            Ok(())
        }).await;
        assert_eq!(by_time(site).await, [(1, second(50)), (2, second(70))]);
        let found = site.look(async |view: &mut View| {
            Ok((view.plan(story_id(1)).await?, view.embargo(story_id(2)).await?, view.embargo(story_id(1)).await?))
        }).await;
        assert_eq!(found, (Some(plan(50)), Some(embargo(70)), None));
    }

    async fn a_plan_that_failed_is_due_no_more_until_it_is_made_again(site) {
        let refusal = KeptRefusal {
            code: "credit_missing".to_owned(), sentence: "No credit.".to_owned(), slide: None, field: None, rule: None,
        };
        let failure = PlanFailure { at: second(50), refusals: vec![refusal] };
        act(&site.store, async |tx: &mut Tx| {
            tx.insert_story(&story(1), &BY).await?;
            tx.put_plan(story_id(1), &plan(50)).await?;
            assert!(tx.fail_plan(story_id(1), &failure).await?);
            assert!(!tx.fail_plan(story_id(1), &failure).await?, "once");
            tx.set_embargo(story_id(1), &embargo(60)).await
        }).await;
        assert_eq!(by_time(site).await, []);
        let found = site.look(async |view: &mut View| view.plan(story_id(1)).await).await;
        assert_eq!(found.unwrap().failed, Some(failure));
        let in_vain = async || site.look(async |view: &mut View| view.failed_plans(9).await).await;
        assert_eq!(in_vain().await, [(story_id(1), second(50))]);
        act(&site.store, async |tx: &mut Tx| tx.put_plan(story_id(1), &plan(50)).await).await;
        assert_eq!(in_vain().await, []);
        assert_eq!(by_time(site).await, [(1, second(60))]);
    }
}
