//! Links to drafts, and approvals.

use newsroom::approval::{Approval, LookedOver, Share};
use store::{Sha256, Tx, View};

use crate::samples::{BY, act, story, story_id};
use crate::site::{on_both, second};

fn share(name: &str, until: i64) -> Share {
    Share {
        name: name.to_owned(),
        made_by: "staff 1".to_owned(),
        made_at: second(until - 5),
        valid_until: second(until),
        revoked_at: None,
    }
}

fn approval(at: i64, who: &str) -> Approval {
    Approval {
        revision: 1,
        at: second(at),
        who: who.to_owned(),
        name: "A. Lawyer".to_owned(),
        of: LookedOver::Page,
        remark: "Good.".to_owned(),
    }
}

on_both! {
    async fn a_link_is_found_by_its_digest_listed_with_its_story_and_taken_back_once(site) {
        let (one, two) = (Sha256::of(b"1"), Sha256::of(b"2"));
        act(&site.store, async |tx: &mut Tx| {
            tx.insert_story(&story(1), &BY).await?;
            tx.insert_share(two, story_id(1), &share("Second", 20)).await?;
            tx.insert_share(one, story_id(1), &share("First", 10)).await
        }).await;
        let found = site.look(async |view: &mut View| view.shares(story_id(1), 9).await).await;
        assert_eq!(found, [(one, share("First", 10)), (two, share("Second", 20))]);
        act(&site.store, async |tx: &mut Tx| {
            assert!(tx.revoke_share(one, second(7)).await?);
            assert!(!tx.revoke_share(one, second(8)).await?);
            assert_eq!(tx.revoke_shares(story_id(1), second(9)).await?, 1);
            assert_eq!(tx.revoke_shares(story_id(1), second(9)).await?, 0);
            Ok(())
        }).await;
        let found = site.look(async |view: &mut View| {
            Ok((view.share(one).await?, view.share(Sha256::of(b"3")).await?))
        }).await;
        let taken = Share { revoked_at: Some(second(7)), ..share("First", 10) };
        assert_eq!(found, (Some((story_id(1), taken)), None));
    }

    async fn links_go_with_whoever_made_them_and_are_forgotten_some_time_after_their_end(site) {
        let (one, two, third) = (Sha256::of(b"1"), Sha256::of(b"2"), Sha256::of(b"3"));
        let of_other = Share { made_by: "staff 2".to_owned(), ..share("Third", 30) };
        act(&site.store, async |tx: &mut Tx| {
            tx.insert_story(&story(1), &BY).await?;
            tx.insert_share(one, story_id(1), &share("First", 10)).await?;
            tx.insert_share(two, story_id(1), &share("Second", 20)).await?;
            tx.insert_share(third, story_id(1), &of_other).await?;
            assert_eq!(tx.revoke_shares_by("staff 1", second(12)).await?, 1, "the first is over");
            assert_eq!(tx.forget_shares_before(second(15)).await?, 1);
            Ok(())
        }).await;
        let left = site.look(async |view: &mut View| view.shares(story_id(1), 9).await).await;
        let revoked = Share { revoked_at: Some(second(12)), ..share("Second", 20) };
        assert_eq!(left, [(two, revoked), (third, of_other)]);
    }

    async fn approvals_are_listed_newest_first(site) {
        act(&site.store, async |tx: &mut Tx| {
            tx.insert_story(&story(1), &BY).await?;
            tx.approve(story_id(1), &approval(3, "staff 1")).await?;
            tx.approve(story_id(1), &approval(4, "link 2")).await
        }).await;
        let found = site.look(async |view: &mut View| view.approvals(story_id(1), 9).await).await;
        assert_eq!(found, [approval(4, "link 2"), approval(3, "staff 1")]);
    }
}
