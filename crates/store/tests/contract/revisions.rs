//! Every state that a draft had can be read again.

use newsroom::story::Story;
use store::{By, Tx, View};

use crate::samples::{BY, act, full_story, photo, slide_id, story, story_id};
use crate::site::{Site, on_both, second};

async fn save(site: &Site, story: &mut Story) {
    let kept = act(&site.store, async |tx: &mut Tx| tx.save_story(story, &BY).await).await;
    assert_eq!(kept, store::Kept::As { revision: story.revision + 1 });
    story.revision += 1;
}

async fn at(site: &Site, revision: i64) -> Option<Story> {
    site.look(async |view: &mut View| view.story_at(story_id(1), revision).await).await
}

async fn numbers(site: &Site, before: i64, limit: u32) -> Vec<i64> {
    let found = site.look(async |view: &mut View| view.revisions(story_id(1), before, limit).await).await;
    found.iter().map(|one| one.number).collect()
}

on_both! {
    async fn each_revision_is_read_again_as_it_was_kept(site) {
        let mut story = full_story(1);
        act(&site.store, async |tx: &mut Tx| {
            tx.insert_photo(&photo(1)).await?;
            tx.insert_photo(&photo(2)).await?;
            tx.insert_story(&story, &BY).await
        }).await;
        let mut states = vec![story.clone()];
        story.headline = "Another".to_owned();
        save(site, &mut story).await;
        states.push(story.clone());
        story.slides[0].caption = Some("Mended".to_owned());
        story.slides.reverse();
        save(site, &mut story).await;
        states.push(story.clone());
        let taken_off = story.slides.remove(0);
        save(site, &mut story).await;
        states.push(story.clone());
        story.slides.push(taken_off);
        story.slides.push(newsroom::slide::Slide::empty(slide_id(7)));
        save(site, &mut story).await;
        states.push(story.clone());
        for state in states {
            assert_eq!(at(site, state.revision).await.as_ref(), Some(&state), "{}", state.revision);
        }
        assert_eq!((at(site, 0).await, at(site, 6).await), (None, None));
    }

    async fn revisions_are_listed_newest_first_with_who_made_them(site) {
        let mut story = story(1);
        act(&site.store, async |tx: &mut Tx| tx.insert_story(&story, &BY).await).await;
        for _ in 0..3 {
            save(site, &mut story).await;
        }
        let by = By { at: second(20), who: "staff 2", verb: "publish_story" };
        act(&site.store, async |tx: &mut Tx| tx.save_story(&story, &by).await).await;
        assert_eq!(numbers(site, i64::MAX, 2).await, [5, 4]);
        assert_eq!(numbers(site, 4, 9).await, [3, 2, 1]);
        let newest = site.look(async |view: &mut View| view.revisions(story_id(1), i64::MAX, 1).await).await;
        let found = (newest[0].at, newest[0].who.as_deref(), newest[0].verb.as_deref());
        assert_eq!(found, (second(20), Some("staff 2"), Some("publish_story")));
        assert_eq!(site.look(async |view: &mut View| view.revisions(story_id(9), i64::MAX, 9).await).await, []);
    }

    async fn what_an_older_program_kept_is_kept_before_it_is_changed(site) {
        let mut story = full_story(1);
        act(&site.store, async |tx: &mut Tx| {
            tx.insert_photo(&photo(1)).await?;
            tx.insert_photo(&photo(2)).await?;
            tx.insert_story(&story, &BY).await
        }).await;
        site.run_sql("DELETE FROM revisions").await;
        let before = story.clone();
        let listed = site.look(async |view: &mut View| view.revisions(story_id(1), i64::MAX, 9).await).await;
        assert_eq!((listed.len(), listed[0].number, listed[0].who.as_deref()), (1, 1, None));
        story.slides[1].caption = Some("Written by the new one".to_owned());
        save(site, &mut story).await;
        assert_eq!((at(site, 1).await, at(site, 2).await), (Some(before), Some(story.clone())));
        // Beside the new one an older one saves once more: that state is what is found.
        site.run_sql("UPDATE stories SET revision = 3, headline = 'By the older one'").await;
        (story.revision, story.headline) = (3, "By the older one".to_owned());
        let by_older = story.clone();
        story.headline = "By the new one".to_owned();
        save(site, &mut story).await;
        assert_eq!((at(site, 3).await, at(site, 4).await), (Some(by_older), Some(story)));
    }

    async fn a_new_caption_in_a_long_story_writes_one_slide(site) {
        let mut story = story(1);
        story.slides = (0..31).map(|n| {
            let caption = Some(format!("Caption {n}, and more than a word of it"));
            newsroom::slide::Slide { caption, ..newsroom::slide::Slide::empty(slide_id(n)) }
        }).collect();
        act(&site.store, async |tx: &mut Tx| tx.insert_story(&story, &BY).await).await;
        story.slides[3].caption = Some("Mended".to_owned());
        save(site, &mut story).await;
        let mended = story.clone();
        save(site, &mut story).await;
        site.run_sql("UPDATE revisions SET slides = 'more' WHERE revision > 1 AND slides LIKE '%Caption 1%'").await;
        assert_eq!(at(site, 2).await, Some(mended));
    }
}
