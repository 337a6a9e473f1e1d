//! Photos, originals, renditions, public files and grants.

use newsroom::facts::PhotoFacts;
use newsroom::focus::Focus;
use newsroom::published::PixelSize;
use store::{Decision, Grant, Measured, Original, PhotoUpdate, Rendition, Sha256, Tx, View};

use crate::samples::{act, name, photo, photo_id};
use crate::site::{on_both, second};

fn original(bytes: &[u8], photo: u8, added: i64) -> Original {
    Original {
        sha256: Sha256::of(bytes),
        photo: photo_id(photo),
        bytes: bytes.len() as u64,
        media_type: "image/jpeg".to_owned(),
        added_at: second(added),
        name: "a.jpg".to_owned(),
        sidecar: None,
    }
}

fn rendition(recipe: &str, width: u32) -> Rendition {
    Rendition {
        photo: photo_id(1),
        name: name(recipe),
        size: PixelSize { width, height: width / 2 },
        bytes: u64::from(width) * 10,
    }
}

fn measured(fingerprint: u64) -> Measured {
    Measured { attention: Focus::new(0, 1000).unwrap(), fingerprint }
}

fn grant(photo: u8, token: &str) -> Grant {
    Grant {
        photo: photo_id(photo),
        token: token.to_owned(),
        version: name("v1"),
        granted_at: second(1),
        revoked_at: None,
    }
}

on_both! {
    async fn a_photo_comes_back_as_it_was_kept(site) {
        let mut kept = photo(1);
        kept.refused = Some(Decision { at: second(3), reason: "truncated".to_owned() });
        kept.withdrawn = Some(Decision { at: second(4), reason: "killed".to_owned() });
        kept.developed_at = Some(second(2));
        kept.colour = Some("#aabbcc".to_owned());
        kept.measured = Some(measured(u64::MAX - 1));
        assert!(act(&site.store, async |tx: &mut Tx| tx.insert_photo(&kept).await).await);
        let found = site.look(async |view: &mut View| view.photo(kept.id).await).await;
        assert_eq!(found, Some(kept));
    }

    async fn the_same_picture_is_one_photo(site) {
        let mut twin = photo(2);
        twin.picture_hash = photo(1).picture_hash;
        let kept = act(&site.store, async |tx: &mut Tx| {
            Ok((tx.insert_photo(&photo(1)).await?, tx.insert_photo(&twin).await?))
        }).await;
        assert_eq!(kept, (true, false));
        let id = site.look(async |view: &mut View| view.photo_id_of_picture(&twin.picture_hash).await).await;
        assert_eq!(id, Some(photo_id(1)));
    }

    async fn mended_metadata_updates_the_photo_and_nothing_else(site) {
        let facts = PhotoFacts { headline: Some("mended".to_owned()), ..PhotoFacts::default() };
        let update = PhotoUpdate {
            name: "b.jpg".to_owned(),
            taken_key: None,
            facts: facts.clone(),
            report: "{}".to_owned(),
        };
        let there = act(&site.store, async |tx: &mut Tx| {
            tx.insert_photo(&photo(1)).await?;
            Ok((
                tx.update_photo_facts(photo_id(1), &update).await?,
                tx.update_photo_facts(photo_id(2), &update).await?,
            ))
        }).await;
        assert_eq!(there, (true, false));
        let found = site.look(async |view: &mut View| view.photo(photo_id(1)).await).await.unwrap();
        let mut expected = photo(1);
        (expected.name, expected.taken_key, expected.facts, expected.report) =
            ("b.jpg".to_owned(), None, facts, "{}".to_owned());
        assert_eq!(found, expected);
    }

    async fn a_developed_photo_is_no_longer_refused(site) {
        let decision = Decision { at: second(1), reason: "out of memory".to_owned() };
        act(&site.store, async |tx: &mut Tx| {
            tx.insert_photo(&photo(1)).await?;
            tx.mark_refused(photo_id(1), &decision).await
        }).await;
        let refused = site.look(async |view: &mut View| view.photo(photo_id(1)).await).await.unwrap();
        assert_eq!(refused.refused, Some(decision));
        act(&site.store, async |tx: &mut Tx| tx.mark_developed(photo_id(1), second(2), "#102030").await).await;
        let developed = site.look(async |view: &mut View| view.photo(photo_id(1)).await).await.unwrap();
        assert_eq!((developed.refused, developed.developed_at), (None, Some(second(2))));
    }

    async fn a_photo_whose_renditions_are_gone_is_to_be_developed_again(site) {
        let there = act(&site.store, async |tx: &mut Tx| {
            tx.insert_photo(&photo(1)).await?;
            tx.mark_developed(photo_id(1), second(2), "#102030").await?;
            Ok((tx.mark_undeveloped(photo_id(1)).await?, tx.mark_undeveloped(photo_id(2)).await?))
        }).await;
        let found = site.look(async |view: &mut View| view.photo(photo_id(1)).await).await.unwrap();
        assert_eq!((there, found.developed_at), ((true, false), None));
    }

    async fn a_photo_s_withdrawal_can_be_undone(site) {
        let decision = Decision { at: second(1), reason: "killed".to_owned() };
        act(&site.store, async |tx: &mut Tx| {
            tx.insert_photo(&photo(1)).await?;
            tx.set_photo_withdrawn(photo_id(1), Some(&decision)).await
        }).await;
        let there = site.look(async |view: &mut View| view.photo(photo_id(1)).await).await.unwrap();
        assert_eq!(there.withdrawn, Some(decision));
        act(&site.store, async |tx: &mut Tx| tx.set_photo_withdrawn(photo_id(1), None).await).await;
        assert_eq!(site.look(async |view: &mut View| view.photo(photo_id(1)).await).await, Some(photo(1)));
    }

    async fn photos_are_walked_in_the_order_of_their_coming(site) {
        act(&site.store, async |tx: &mut Tx| {
            for n in [3, 1, 2] {
                tx.insert_photo(&photo(n)).await?;
            }
            Ok(())
        }).await;
        let (first, rest) = site.look(async |view: &mut View| Ok((
            view.photos_after(None, 2).await?,
            view.photos_after(Some(photo_id(2)), 2).await?,
        ))).await;
        assert_eq!((first, rest), (vec![photo(1), photo(2)], vec![photo(3)]));
    }

    async fn the_same_bytes_again_change_nothing_and_the_newest_original_is_first(site) {
        let (old, new) = (original(b"old", 1, 1), original(b"new", 1, 2));
        let mut again = old.clone();
        again.name = "other name.jpg".to_owned();
        let kept = act(&site.store, async |tx: &mut Tx| {
            tx.insert_photo(&photo(1)).await?;
            Ok((tx.insert_original(&old).await?, tx.insert_original(&new).await?, tx.insert_original(&again).await?))
        }).await;
        assert_eq!(kept, (true, true, false));
        let (all, one) = site.look(async |view: &mut View| Ok((
            view.originals_of(photo_id(1)).await?,
            view.original(old.sha256).await?,
        ))).await;
        assert_eq!((all, one), (vec![new, old.clone()], Some(old)));
    }

    async fn a_sidecar_may_come_later(site) {
        let mut kept = original(b"raw", 1, 1);
        act(&site.store, async |tx: &mut Tx| {
            tx.insert_photo(&photo(1)).await?;
            tx.insert_original(&kept).await
        }).await;
        kept.sidecar = Some(Sha256::of(b"xmp"));
        let set = act(&site.store, async |tx: &mut Tx| tx.set_sidecar(kept.sha256, kept.sidecar).await).await;
        let walked = site.look(async |view: &mut View| view.originals_after(None, 10).await).await;
        assert_eq!((set, walked), (true, vec![kept]));
    }

    async fn renditions_are_kept_by_recipe_and_replaced_by_width(site) {
        let mut smaller = rendition("r1", 320);
        act(&site.store, async |tx: &mut Tx| {
            tx.insert_photo(&photo(1)).await?;
            tx.put_rendition(&rendition("r1", 640)).await?;
            tx.put_rendition(&rendition("r1", 320)).await?;
            tx.put_rendition(&rendition("r2", 320)).await
        }).await;
        smaller.bytes = 7;
        act(&site.store, async |tx: &mut Tx| tx.put_rendition(&smaller).await).await;
        let found = site.look(async |view: &mut View| view.renditions(photo_id(1), &name("r1")).await).await;
        assert_eq!(found, [smaller, rendition("r1", 640)]);
        let removed = act(&site.store, async |tx: &mut Tx| tx.remove_renditions(photo_id(1)).await).await;
        let left = site.look(async |view: &mut View| view.renditions(photo_id(1), &name("r2")).await).await;
        assert_eq!((removed, left), (3, vec![]), "whichever recipe made them");
    }

    async fn a_recipe_that_failed_is_remembered_until_the_renditions_go(site) {
        act(&site.store, async |tx: &mut Tx| {
            tx.insert_photo(&photo(1)).await?;
            tx.put_failed_recipe(photo_id(1), &name("r2"), second(1), "Too large.").await?;
            tx.put_failed_recipe(photo_id(1), &name("r1"), second(1), "Too large.").await?;
            tx.put_failed_recipe(photo_id(1), &name("r1"), second(2), "Too slow.").await
        }).await;
        let failed = site.look(async |view: &mut View| view.failed_recipes(photo_id(1)).await).await;
        assert_eq!(failed.into_iter().collect::<Vec<_>>(), [name("r1"), name("r2")]);
        let removed = act(&site.store, async |tx: &mut Tx| tx.remove_renditions(photo_id(1)).await).await;
        let left = site.look(async |view: &mut View| view.failed_recipes(photo_id(1)).await).await;
        assert_eq!((removed, left.len()), (0, 0));
    }

    async fn public_files_are_kept_by_version(site) {
        act(&site.store, async |tx: &mut Tx| {
            tx.insert_photo(&photo(1)).await?;
            tx.put_public_file(&rendition("v2", 640)).await?;
            tx.put_public_file(&rendition("v1", 640)).await
        }).await;
        let (one, all) = site.look(async |view: &mut View| Ok((
            view.public_files(photo_id(1), &name("v2")).await?,
            view.all_public_files(photo_id(1)).await?,
        ))).await;
        assert_eq!(one, [rendition("v2", 640)]);
        assert_eq!(all, [rendition("v1", 640), rendition("v2", 640)]);
        let gone = act(&site.store, async |tx: &mut Tx| tx.remove_public_files(photo_id(1), &name("v1")).await).await;
        let left = site.look(async |view: &mut View| view.all_public_files(photo_id(1)).await).await;
        assert_eq!((gone, left.len()), (1, 1));
    }

    async fn a_revoked_token_never_stands_again(site) {
        act(&site.store, async |tx: &mut Tx| {
            tx.insert_photo(&photo(1)).await?;
            tx.put_grant(&grant(1, "abc")).await
        }).await;
        let revoked = act(&site.store, async |tx: &mut Tx| {
            Ok((tx.revoke_grant(photo_id(1), second(2)).await?, tx.revoke_grant(photo_id(1), second(3)).await?))
        }).await;
        assert_eq!(revoked, (true, false));
        let found = site.look(async |view: &mut View| view.grant_of_token("abc").await).await.unwrap();
        assert_eq!(found.revoked_at, Some(second(2)));
        let again = act(&site.store, async |tx: &mut Tx| {
            Ok((tx.put_grant(&grant(1, "abc")).await?, tx.put_grant(&grant(1, "def")).await?))
        }).await;
        let stands = site.look(async |view: &mut View| view.grant(photo_id(1)).await).await;
        assert_eq!((again, stands), ((false, true), Some(grant(1, "def"))));
    }

    async fn a_standing_grant_moves_to_the_next_version_under_its_token(site) {
        let mut next = grant(1, "abc");
        next.version = name("v2");
        let put = act(&site.store, async |tx: &mut Tx| {
            tx.insert_photo(&photo(1)).await?;
            Ok((tx.put_grant(&grant(1, "abc")).await?, tx.put_grant(&next).await?))
        }).await;
        let stands = site.look(async |view: &mut View| view.grant(photo_id(1)).await).await;
        assert_eq!((put, stands), ((true, true), Some(next)));
    }
}
