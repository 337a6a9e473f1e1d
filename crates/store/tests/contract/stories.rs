//! Stories, their slides and their names.

use newsroom::slide::Slide;
use newsroom::slug::Slug;
use store::{Kept, StoryLine, Tx, View};

use crate::samples::{BY, act, full_story, photo, photo_id, slide_id, slug, story, story_id};
use crate::site::{on_both, second};

async fn with_photos(store: &store::Store) {
    act(store, async |tx: &mut Tx| {
        tx.insert_photo(&photo(1)).await?;
        tx.insert_photo(&photo(2)).await
    })
    .await;
}

on_both! {
    async fn a_story_comes_back_as_it_was_kept(site) {
        with_photos(&site.store).await;
        let story = full_story(1);
        let kept = act(&site.store, async |tx: &mut Tx| tx.insert_story(&story, &BY).await).await;
        assert_eq!(kept, Kept::As { revision: 1 });
        assert_eq!(site.look(async |view: &mut View| view.story(story.id).await).await, Some(story));
        assert_eq!(site.look(async |view: &mut View| view.story(story_id(9)).await).await, None);
    }

    async fn a_saved_story_grows_by_one_revision_and_an_older_one_is_stale(site) {
        let mut story = story(1);
        act(&site.store, async |tx: &mut Tx| tx.insert_story(&story, &BY).await).await;
        story.headline = "Other".to_owned();
        let first = act(&site.store, async |tx: &mut Tx| tx.save_story(&story, &BY).await).await;
        let again = act(&site.store, async |tx: &mut Tx| tx.save_story(&story, &BY).await).await;
        assert_eq!((first, again), (Kept::As { revision: 2 }, Kept::Stale { revision: 2 }));
        story.revision = 2;
        assert_eq!(site.look(async |view: &mut View| view.story(story.id).await).await, Some(story));
    }

    async fn a_story_that_is_not_there_cannot_be_saved(site) {
        let outcome = act(&site.store, async |tx: &mut Tx| tx.save_story(&story(1), &BY).await).await;
        assert_eq!(outcome, Kept::Stale { revision: 0 });
    }

    async fn a_slug_is_unique_among_present_and_old_ones(site) {
        let (mut first, mut other) = (story(1), story(2));
        act(&site.store, async |tx: &mut Tx| tx.insert_story(&first, &BY).await).await;
        other.slug = first.slug.clone();
        let taken = act(&site.store, async |tx: &mut Tx| tx.insert_story(&other, &BY).await).await;
        assert_eq!(taken, Kept::SlugTaken);
        first.slug = slug("renamed");
        act(&site.store, async |tx: &mut Tx| tx.save_story(&first, &BY).await).await;
        let still_taken = act(&site.store, async |tx: &mut Tx| tx.insert_story(&other, &BY).await).await;
        assert_eq!(still_taken, Kept::SlugTaken);
    }

    async fn a_short_code_is_unique_and_stays(site) {
        let (first, mut other) = (story(1), story(2));
        act(&site.store, async |tx: &mut Tx| tx.insert_story(&first, &BY).await).await;
        other.short_code = first.short_code.clone();
        let taken = act(&site.store, async |tx: &mut Tx| tx.insert_story(&other, &BY).await).await;
        assert_eq!(taken, Kept::ShortCodeTaken);
        assert_eq!(site.look(async |view: &mut View| view.story(other.id).await).await, None);
        let mut renamed = first.clone();
        renamed.short_code = "other".to_owned();
        let outcome = act(&site.store, async |tx: &mut Tx| tx.save_story(&renamed, &BY).await).await;
        assert_eq!(outcome, Kept::ShortCodeTaken);
    }

    async fn a_slug_that_was_left_still_leads_to_its_story(site) {
        let mut story = story(1);
        let first = story.slug.clone();
        act(&site.store, async |tx: &mut Tx| tx.insert_story(&story, &BY).await).await;
        story.slug = slug("renamed");
        act(&site.store, async |tx: &mut Tx| tx.save_story(&story, &BY).await).await;
        let (old, new, olds) = site.look(async |view: &mut View| Ok((
            view.story_id_of_old_slug(&first).await?,
            view.story_id_of_slug(&story.slug).await?,
            view.old_slugs(story.id).await?,
        ))).await;
        assert_eq!((old, new, olds), (Some(story.id), Some(story.id), vec![first]));
    }

    async fn a_story_may_take_its_own_old_slug_back(site) {
        let mut story = story(1);
        let first = story.slug.clone();
        act(&site.store, async |tx: &mut Tx| tx.insert_story(&story, &BY).await).await;
        for (revision, slug) in [(1, slug("renamed")), (2, first.clone())] {
            story.revision = revision;
            story.slug = slug;
            act(&site.store, async |tx: &mut Tx| tx.save_story(&story, &BY).await).await;
        }
        let (old, olds) = site.look(async |view: &mut View| Ok((
            view.story_id_of_old_slug(&first).await?,
            view.old_slugs(story.id).await?,
        ))).await;
        assert_eq!((old, olds), (None, vec![slug("renamed")]));
    }

    async fn a_story_is_found_by_short_code_and_exact_headline(site) {
        act(&site.store, async |tx: &mut Tx| {
            tx.insert_story(&story(1), &BY).await?;
            let mut twin = story(2);
            twin.headline = story(1).headline;
            tx.insert_story(&twin, &BY).await
        }).await;
        let (by_code, lines, none) = site.look(async |view: &mut View| Ok((
            view.story_id_of_short_code("s2").await?,
            view.stories_with_headline("Headline 1").await?,
            view.stories_with_headline("headline 1").await?,
        ))).await;
        let ids: Vec<_> = lines.iter().map(|line| line.id).collect();
        assert_eq!((by_code, ids, none), (Some(story_id(2)), vec![story_id(1), story_id(2)], vec![]));
    }

    async fn stories_are_paged_by_their_last_change_newest_first(site) {
        act(&site.store, async |tx: &mut Tx| {
            for n in 1..=5 {
                let mut story = story(n);
                story.moments.changed = second(i64::from(n / 2));
                tx.insert_story(&story, &BY).await?;
            }
            Ok(())
        }).await;
        let mut seen: Vec<StoryLine> = Vec::new();
        loop {
            let page = site.look(async |view: &mut View| view.stories_by_change(seen.last(), 2).await).await;
            if page.is_empty() {
                break;
            }
            seen.extend(page);
        }
        let ids: Vec<_> = seen.iter().map(|line| line.id).collect();
        assert_eq!(ids, [5, 4, 3, 2, 1].map(story_id));
    }

    async fn open_stories_are_those_that_readers_do_not_have_as_they_are_now(site) {
        act(&site.store, async |tx: &mut Tx| {
            for n in 1..=5 {
                let mut story = story(n);
                story.moments.changed = second(i64::from(n));
                story.moments.published = match n {
                    1 | 4 => None,
                    2 => Some(second(1)),
                    _ => Some(second(9)),
                };
                story.moments.withdrawn = (n == 4).then(|| second(9));
                tx.insert_story(&story, &BY).await?;
            }
            Ok(())
        }).await;
        let found = site.look(async |view: &mut View| {
            Ok((view.open_stories(None, 9).await?, view.open_stories(None, 1).await?, view.story_line(story_id(3)).await?))
        }).await;
        let ids = |lines: &[StoryLine]| lines.iter().map(|line| line.id).collect::<Vec<_>>();
        assert_eq!(ids(&found.0), [2, 1].map(story_id), "one changed since, and one draft");
        assert_eq!((ids(&found.1), found.2.unwrap().id), ([story_id(2)].to_vec(), story_id(3)));
    }

    async fn slides_follow_the_order_given_and_those_left_out_are_gone(site) {
        with_photos(&site.store).await;
        let mut story = full_story(1);
        act(&site.store, async |tx: &mut Tx| tx.insert_story(&story, &BY).await).await;
        story.slides.push(Slide::empty(slide_id(3)));
        story.slides.rotate_left(1);
        story.slides.pop();
        story.slides[0].caption = Some("new".to_owned());
        act(&site.store, async |tx: &mut Tx| tx.save_story(&story, &BY).await).await;
        let kept = site.look(async |view: &mut View| view.story(story.id).await).await.unwrap();
        assert_eq!(kept.slides, story.slides);
        assert_eq!(kept.slides.len(), 2);
    }

    async fn drafts_with_a_photo_are_found(site) {
        with_photos(&site.store).await;
        act(&site.store, async |tx: &mut Tx| tx.insert_story(&full_story(1), &BY).await).await;
        let (with, without) = site.look(async |view: &mut View| Ok((
            view.stories_with_photo(photo_id(1)).await?,
            view.stories_with_photo(photo_id(2)).await?,
        ))).await;
        assert_eq!((with, without), (vec![story_id(1)], vec![]), "a proposed photo is not one that it has");
    }

    async fn a_slug_of_eighty_characters_of_any_script_is_kept(site) {
        let mut story = story(1);
        story.slug = Slug::from_text(&"хаб".repeat(40)).unwrap();
        act(&site.store, async |tx: &mut Tx| tx.insert_story(&story, &BY).await).await;
        let found = site.look(async |view: &mut View| view.story_id_of_slug(&story.slug).await).await;
        assert_eq!(found, Some(story.id));
    }
}
