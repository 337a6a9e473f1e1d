//! What readers see: frozen records and lists of them.

use newsroom::moment::Moment;
use newsroom::published::PixelSize;
use store::{Decision, Grant, Listing, NameOf, Part, Publication, Rendition, Store, Tx, View};

use crate::samples::{BY, act, name, photo, photo_id, record, slug, story, story_id};
use crate::site::{on_both, second};

/// Five published stories, shown at seconds 10 to 50; the even ones in section News, the first three tagged.
async fn five(store: &Store) {
    act(store, async |tx: &mut Tx| {
        tx.insert_photo(&photo(1)).await?;
        for n in 1..=5_u8 {
            tx.insert_story(&story(n), &BY).await?;
            let section = if n % 2 == 0 { "News & more" } else { "Photo" };
            let tags: &[&str] = if n <= 3 { &["Iraq", "World"] } else { &[] };
            let record = record(n, section, tags, if n == 4 { &[1] } else { &[] }, i64::from(n) * 10);
            tx.put_publication(&record, 1, second(100)).await?;
        }
        Ok(())
    })
    .await;
}

fn ids(publications: &[Publication]) -> Vec<newsroom::id::StoryId> {
    publications.iter().map(|publication| publication.record.id).collect()
}

on_both! {
    async fn a_publication_comes_back_as_it_was_frozen(site) {
        five(&site.store).await;
        let found = site.look(async |view: &mut View| view.publication(story_id(4)).await).await.unwrap();
        assert_eq!(found.record, record(4, "News & more", &[], &[1], 40));
        assert_eq!((found.revision, found.published_at, &found.withdrawn), (1, second(100), &None));
        let state = site.look(async |view: &mut View| view.publication_state(story_id(4)).await).await;
        assert_eq!(state, Some(found.state()));
        assert_eq!(site.look(async |view: &mut View| view.publication(story_id(9)).await).await, None);
    }

    async fn lists_are_newest_first_and_paged_without_gaps(site) {
        five(&site.store).await;
        let mut seen = Vec::new();
        let mut after: Option<(Moment, newsroom::id::StoryId)> = None;
        loop {
            let part = Part { after, since: None, limit: 2 };
            let page = site.look(async |view: &mut View| view.published(Listing::All, part).await).await;
            let Some(last) = page.last() else { break };
            after = Some((last.record.shown.at, last.record.id));
            seen.extend(ids(&page));
        }
        assert_eq!(seen, [5, 4, 3, 2, 1].map(story_id));
    }

    async fn stories_of_one_shown_time_are_paged_without_gaps(site) {
        act(&site.store, async |tx: &mut Tx| {
            for n in 1..=3_u8 {
                tx.insert_story(&story(n), &BY).await?;
                tx.put_publication(&record(n, "Photo", &["T"], &[], 10), 1, second(1)).await?;
            }
            Ok(())
        }).await;
        for listing in [Listing::All, Listing::Section(&slug("Photo")), Listing::Tag(&slug("T"))] {
            let mut seen = Vec::new();
            let mut after = None;
            for _ in 0..3 {
                let part = Part { after, since: None, limit: 1 };
                let page = site.look(async |view: &mut View| view.published(listing, part).await).await;
                after = Some((second(10), page[0].record.id));
                seen.extend(ids(&page));
            }
            assert_eq!(seen, [3, 2, 1].map(story_id));
        }
    }

    async fn a_section_or_tag_lists_its_own(site) {
        five(&site.store).await;
        let (news, iraq, none) = site.look(async |view: &mut View| Ok((
            view.published(Listing::Section(&slug("News & more")), Part::newest(9)).await?,
            view.published(Listing::Tag(&slug("iraq")), Part::newest(9)).await?,
            view.published(Listing::Tag(&slug("iran")), Part::newest(9)).await?,
        ))).await;
        assert_eq!(ids(&news), [4, 2].map(story_id));
        assert_eq!(ids(&iraq), [3, 2, 1].map(story_id));
        assert_eq!(ids(&none), []);
    }

    async fn a_month_is_a_part_of_a_list(site) {
        five(&site.store).await;
        let part = Part { after: Some((second(50), story_id(0))), since: Some(second(20)), limit: 9 };
        let found = site.look(async |view: &mut View| view.published(Listing::All, part).await).await;
        assert_eq!(ids(&found), [4, 3, 2].map(story_id));
    }

    async fn a_withdrawn_story_leaves_every_list_and_comes_back_when_published_again(site) {
        five(&site.store).await;
        let decision = Decision { at: second(60), reason: "killed".to_owned() };
        let known = act(&site.store, async |tx: &mut Tx| {
            Ok((
                tx.withdraw_publication(story_id(3), &decision).await?,
                tx.withdraw_publication(story_id(9), &decision).await?,
            ))
        }).await;
        assert_eq!(known, (true, false));
        let (all, tagged, kept) = site.look(async |view: &mut View| Ok((
            view.published(Listing::All, Part::newest(9)).await?,
            view.published(Listing::Tag(&slug("world")), Part::newest(9)).await?,
            view.publication(story_id(3)).await?.unwrap(),
        ))).await;
        assert_eq!((ids(&all), ids(&tagged)), ([5, 4, 2, 1].map(story_id).to_vec(), [2, 1].map(story_id).to_vec()));
        assert_eq!(kept.withdrawn, Some(decision));
        act(&site.store, async |tx: &mut Tx| tx.put_publication(&kept.record, kept.revision, second(70)).await).await;
        let (tagged, again) = site.look(async |view: &mut View| Ok((
            view.published(Listing::Tag(&slug("world")), Part::newest(9)).await?,
            view.publication(story_id(3)).await?.unwrap(),
        ))).await;
        assert_eq!((ids(&tagged), again.withdrawn), ([3, 2, 1].map(story_id).to_vec(), None));
    }

    async fn publishing_again_replaces_section_tags_and_photos(site) {
        five(&site.store).await;
        act(&site.store, async |tx: &mut Tx| {
            tx.put_publication(&record(4, "Photo", &["World"], &[], 40), 2, second(101)).await
        }).await;
        let (news, world, showing) = site.look(async |view: &mut View| Ok((
            view.published(Listing::Section(&slug("News & more")), Part::newest(9)).await?,
            view.published(Listing::Tag(&slug("World")), Part::newest(9)).await?,
            view.stories_showing(photo_id(1)).await?,
        ))).await;
        assert_eq!(ids(&news), [story_id(2)]);
        assert_eq!(ids(&world), [4, 3, 2, 1].map(story_id));
        assert_eq!(showing, []);
    }

    async fn a_photo_is_shown_only_by_stories_that_readers_see(site) {
        five(&site.store).await;
        let before = site.look(async |view: &mut View| view.stories_showing(photo_id(1)).await).await;
        let decision = Decision { at: second(60), reason: "killed".to_owned() };
        act(&site.store, async |tx: &mut Tx| tx.withdraw_publication(story_id(4), &decision).await).await;
        let after = site.look(async |view: &mut View| view.stories_showing(photo_id(1)).await).await;
        assert_eq!((before, after), (vec![story_id(4)], vec![]));
    }

    async fn names_of_sections_and_tags_are_kept_as_written(site) {
        five(&site.store).await;
        let (sections, tags) = site.look(async |view: &mut View| Ok((
            view.published_names(NameOf::Section).await?,
            view.published_names(NameOf::Tag).await?,
        ))).await;
        assert_eq!(sections, [(slug("news-more"), "News & more".to_owned()), (slug("photo"), "Photo".to_owned())]);
        assert_eq!(tags, [(slug("iraq"), "Iraq".to_owned()), (slug("world"), "World".to_owned())]);
    }

    async fn a_section_stands_while_readers_find_a_story_in_it(site) {
        five(&site.store).await;
        let standing = async || {
            let sections = site.look(async |view: &mut View| view.standing_sections().await).await;
            sections.into_iter().map(|(slug, _)| slug.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(standing().await, ["news-more", "photo"]);
        let decision = Decision { at: second(60), reason: "killed".to_owned() };
        for number in 1..=5 {
            act(&site.store, async |tx: &mut Tx| tx.withdraw_publication(story_id(number), &decision).await).await;
        }
        assert!(standing().await.is_empty());
    }

    async fn the_photos_of_a_story_come_with_their_grants_and_files_in_one_question(site) {
        let file = |photo, name_: &str, width| Rendition {
            photo: photo_id(photo), name: name(name_), size: PixelSize { width, height: 2 }, bytes: u64::from(width) * 7,
        };
        let grant = Grant {
            photo: photo_id(2), token: "tok".to_owned(), version: name("v2"), granted_at: second(1), revoked_at: None,
        };
        let decision = Decision { at: second(8), reason: "killed".to_owned() };
        act(&site.store, async |tx: &mut Tx| {
            for n in 1..=4 {
                tx.insert_photo(&photo(n)).await?;
            }
            tx.insert_story(&story(1), &BY).await?;
            tx.put_publication(&record(1, "Photo", &[], &[1, 2, 3], 10), 1, second(100)).await?;
            tx.mark_developed(photo_id(2), second(2), "#102030").await?;
            for width in [1000, 90] {
                tx.put_public_file(&file(2, "v2", width)).await?;
                tx.put_public_file(&file(2, "v1", width)).await?;
                tx.put_public_file(&file(4, "v1", width)).await?;
            }
            for n in [2, 3] {
                tx.put_grant(&Grant { photo: photo_id(n), token: if n == 2 { "tok" } else { "other" }.to_owned(), ..grant.clone() }).await?;
            }
            tx.revoke_grant(photo_id(3), second(9)).await?;
            tx.set_photo_withdrawn(photo_id(3), Some(&decision)).await
        }).await;
        let shown = site.look(async |view: &mut View| view.shown_photos(story_id(1)).await).await;
        assert_eq!(shown.keys().copied().collect::<Vec<_>>(), [1, 2, 3].map(photo_id));
        let (bare, whole, killed) = (&shown[&photo_id(1)], &shown[&photo_id(2)], &shown[&photo_id(3)]);
        assert_eq!((&bare.grant, bare.files.len(), &bare.colour, bare.withdrawn_at), (&None, 0, &None, None));
        assert_eq!(whole.files, [file(2, "v1", 90), file(2, "v1", 1000), file(2, "v2", 90), file(2, "v2", 1000)]);
        assert_eq!((whole.grant.as_ref(), whole.colour.as_deref(), whole.size), (Some(&grant), Some("#102030"), photo(2).size));
        assert_eq!((killed.withdrawn_at, &killed.grant, killed.refused), (Some(second(8)), &None, false));
    }
}
