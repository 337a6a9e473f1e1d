//! Months, neighbours and search.

use std::collections::BTreeSet;

use newsroom::search::{Query, words_of};
use store::{Decision, Listing, Month, NameOf, Part, Publication, Store, Tx, View};

use crate::samples::{BY, act, record, slug, story, story_id};
use crate::site::{on_both, second};

/// Three stories at the seconds 10, 20 and 30, findable.
async fn three(store: &Store) {
    for (number, headline) in [(1, "Rockets over the river"), (2, "The river rises"), (3, "A quiet day")] {
        act(store, async |tx: &mut Tx| {
            let mut published = record(number, "Photo", &[], &[], i64::from(number) * 10);
            published.headline = headline.to_owned();
            published.bylines = vec!["Ana María Ruiz".to_owned()];
            tx.insert_story(&story(number), &BY).await?;
            tx.put_publication(&published, 1, second(100)).await?;
            tx.put_search_words(published.id, &words_of(&published)).await
        })
        .await;
    }
}

fn ids(publications: &[Publication]) -> Vec<newsroom::id::StoryId> {
    publications.iter().map(|one| one.record.id).collect()
}

async fn found(site: &crate::site::Site, question: &str) -> Vec<newsroom::id::StoryId> {
    let words = Query::read(question, "en").unwrap().words;
    ids(&site.look(async |view: &mut View| view.search(&words, 9).await).await)
}

on_both! {
    async fn every_word_of_a_question_has_to_be_found_in_one_of_its_forms(site) {
        three(&site.store).await;
        assert_eq!(found(site, "river").await, [story_id(2), story_id(1)], "newest first");
        assert_eq!(found(site, "rivers rocket").await, [story_id(1)]);
        assert_eq!(found(site, "river quiet").await, []);
        assert_eq!(found(site, "nothing' OR '1'='1").await, []);
    }

    async fn a_withdrawn_story_is_not_found(site) {
        three(&site.store).await;
        let decision = Decision { at: second(200), reason: "killed".to_owned() };
        act(&site.store, async |tx: &mut Tx| tx.withdraw_publication(story_id(2), &decision).await).await;
        assert_eq!(found(site, "river").await, [story_id(1)]);
    }

    async fn words_that_a_story_lost_find_it_no_more(site) {
        three(&site.store).await;
        let words = BTreeSet::from(["rain".to_owned()]);
        act(&site.store, async |tx: &mut Tx| tx.put_search_words(story_id(1), &words).await).await;
        assert_eq!(found(site, "river").await, [story_id(2)]);
        assert_eq!(found(site, "rain").await, [story_id(1)]);
    }

    async fn a_question_without_words_or_with_too_many_finds_nothing(site) {
        three(&site.store).await;
        let many = vec![["river".to_owned(), "river".to_owned()]; 7];
        let (none, too_many) = site.look(async |view: &mut View| Ok((
            view.search(&[], 9).await?, view.search(&many, 9).await?,
        ))).await;
        assert_eq!((none, too_many), (vec![], vec![]));
    }

    async fn the_neighbours_of_a_place_in_time_are_the_next_older_and_the_next_newer_story(site) {
        three(&site.store).await;
        let near = async |shown, n| {
            let (older, newer) = site.look(async |view: &mut View| view.neighbours(second(shown), story_id(n)).await).await;
            (older.map(|one| one.record.id), newer.map(|one| one.record.id))
        };
        assert_eq!(near(20, 2).await, (Some(story_id(1)), Some(story_id(3))));
        assert_eq!(near(10, 1).await, (None, Some(story_id(2))));
        assert_eq!(near(30, 3).await, (Some(story_id(2)), None));
    }

    async fn a_month_is_counted_and_read_in_order_of_time(site) {
        three(&site.store).await;
        act(&site.store, async |tx: &mut Tx| {
            tx.count_month("1970-01", second(0), second(25)).await?;
            tx.count_month("1970-02", second(25), second(60)).await?;
            tx.count_month("1970-03", second(60), second(90)).await
        }).await;
        let (months, all, second_part, before) = site.look(async |view: &mut View| Ok((
            view.published_months().await?,
            view.published_between(second(0), second(25), 0, 9).await?,
            view.published_between(second(0), second(60), 1, 1).await?,
            view.count_before(second(0), second(20), story_id(2)).await?,
        ))).await;
        let month = |name: &str, stories| Month { name: name.to_owned(), stories };
        assert_eq!(months, [month("1970-02", 1), month("1970-01", 2)]);
        assert_eq!((ids(&all), ids(&second_part), before), (vec![story_id(1), story_id(2)], vec![story_id(2)], 1));
    }

    async fn a_part_of_a_month_keeps_its_newest_change(site) {
        act(&site.store, async |tx: &mut Tx| {
            tx.change_month_part("1970-02", 1, second(40)).await?;
            tx.change_month_part("1970-01", 2, second(20)).await?;
            tx.change_month_part("1970-01", 2, second(30)).await?;
            tx.change_month_part("1970-01", 2, second(10)).await
        }).await;
        let parts = site.look(async |view: &mut View| view.month_parts().await).await;
        let part = |month: &str, part, at| ((month.to_owned(), part), second(at));
        assert_eq!(parts.into_iter().collect::<Vec<_>>(), [part("1970-01", 2, 30), part("1970-02", 1, 40)]);
    }

    async fn an_author_has_a_list_and_a_name(site) {
        three(&site.store).await;
        let author = slug("Ana María Ruiz");
        let (listed, name) = site.look(async |view: &mut View| Ok((
            view.published(Listing::Byline(&author), Part::newest(2)).await?,
            view.published_name(NameOf::Byline, &author).await?,
        ))).await;
        assert_eq!(ids(&listed), [story_id(3), story_id(2)]);
        assert_eq!(name.as_deref(), Some("Ana María Ruiz"));
        let decision = Decision { at: second(200), reason: "killed".to_owned() };
        act(&site.store, async |tx: &mut Tx| tx.withdraw_publication(story_id(3), &decision).await).await;
        let left = site.look(async |view: &mut View| view.published(Listing::Byline(&author), Part::newest(9)).await).await;
        assert_eq!(ids(&left), [story_id(2), story_id(1)]);
    }
}
