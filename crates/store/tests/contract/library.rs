//! The photo library: what is found, in which order, by which words and filters; where a photo is used; fingerprints.

use newsroom::alike::Looks;
use newsroom::facts::{PartialDate, PhotoFacts, Place};
use newsroom::focus::Focus;
use newsroom::library::{Filter, Orientation, Presence, Question, Stars, Usage};
use newsroom::published::PixelSize;
use newsroom::search::Query;
use newsroom::slide::Slide;
use newsroom::story::Story;
use store::{Decision, Found, Measured, Photo, PhotoUpdate, Rank, Shelved, Store, Tx, View};

use crate::samples::{BY, act, photo, photo_id, record, slide_id, story, story_id};
use crate::site::{Site, on_both, second};

/// Brings the library up to date.
async fn shelve(store: &Store) {
    while act(store, async |tx: &mut Tx| tx.shelve("en").await).await != Shelved::All {}
}

/// No photo.
const NONE: [u8; 0] = [];

fn with(n: u8, change: impl FnOnce(&mut Photo)) -> Photo {
    let mut photo = photo(n);
    change(&mut photo);
    photo
}

fn text(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// Four photos, on shelf.
async fn four(store: &Store) {
    let photos = [
        with(1, |photo| {
            photo.facts.description = text("Volunteers carry paper lanterns over the river.");
            photo.facts.credit_line = text("Tideline Pictures");
            photo.facts.date_created = PartialDate::parse("2020-12-31");
            photo.facts.rating = Some(5);
        }),
        with(2, |photo| {
            photo.facts.headline = text("The river rises");
            photo.facts.description = text("Häuser am Fluss");
            photo.facts.creators = vec!["Nora Fenwick".to_owned()];
            photo.facts.date_created = PartialDate::parse("2021-01-02");
            photo.facts.instructions = text("NO SALES");
            photo.size = PixelSize { width: 400, height: 600 };
        }),
        with(3, |photo| {
            photo.facts.description = text("昨日東京特許許可局で");
            photo.facts.keywords = vec!["river".to_owned()];
            photo.report = "{\"problems\":[{\"code\":\"odd\"}]}".to_owned();
            photo.facts.rating = Some(3);
        }),
        with(4, |photo| {
            photo.facts.description = text("A quiet day at the river");
            photo.facts.place = Place { city: text("Whitby"), ..Place::default() };
            photo.facts.date_created = PartialDate::parse("2021-02");
        }),
    ];
    act(store, async |tx: &mut Tx| {
        for photo in &photos {
            tx.insert_photo(photo).await?;
        }
        Ok(())
    })
    .await;
    shelve(store).await;
}

async fn ask(site: &Site, words: &str, filter: &Filter, after: Option<Rank>, limit: u32) -> Found {
    let query = (!words.is_empty()).then(|| Query::read(words, "en").unwrap());
    let question = Question::new(query.as_ref(), filter).unwrap();
    site.look(async |view: &mut View| view.find_photos(&question, after, limit).await).await
}

/// The numbers of the sample photos that are found, in order.
fn numbers(found: &Found) -> Vec<u8> {
    let number = |id| (1..=9).find(|n| photo_id(*n) == id).unwrap();
    found.hits.iter().map(|hit| number(hit.photo.id)).collect()
}

async fn by_words(site: &Site, words: &str) -> Vec<u8> {
    numbers(&ask(site, words, &Filter::default(), None, 9).await)
}

async fn by_filter(site: &Site, filter: Filter) -> Vec<u8> {
    numbers(&ask(site, "", &filter, None, 9).await)
}

/// A draft whose first slide has a photo.
fn drafted(n: u8, photo: u8, change: impl FnOnce(&mut Slide)) -> Story {
    let mut slide = Slide { photo: Some(photo_id(photo)), ..Slide::empty(slide_id(1)) };
    change(&mut slide);
    Story { slides: vec![slide], ..story(n) }
}

async fn save(store: &Store, site: &Site, n: u8, change: impl Fn(&mut Story)) {
    let mut kept = site.look(async |view: &mut View| view.story(story_id(n)).await).await.unwrap();
    change(&mut kept);
    act(store, async |tx: &mut Tx| tx.save_story(&kept, &BY).await).await;
    shelve(store).await;
}

on_both! {
    async fn hits_in_headlines_names_places_and_keywords_come_first_and_of_equals_the_newest(site) {
        four(&site.store).await;
        assert_eq!(by_words(site, "river").await, [3, 2, 4, 1]);
        assert_eq!(by_words(site, "rivers lantern").await, [1]);
        assert_eq!(by_words(site, "river whitby").await, [4]);
        assert_eq!(by_words(site, "東京 river").await, [3]);
        assert_eq!(by_words(site, "river rocket").await, NONE);
        assert_eq!(by_words(site, "nothing' OR '1'='1").await, NONE);
    }

    async fn a_part_of_the_hits_begins_behind_the_last_one_of_the_part_before(site) {
        four(&site.store).await;
        let mut all = Vec::new();
        let mut after = None;
        loop {
            let part = ask(site, "river", &Filter::default(), after, 1).await;
            assert_eq!(part.total, 4, "whichever part is asked for");
            all.extend(numbers(&part));
            let Some(last) = part.hits.last() else { break };
            after = Some(last.rank);
        }
        assert_eq!(all, [3, 2, 4, 1]);
    }

    async fn filters_narrow_what_words_find(site) {
        four(&site.store).await;
        let day = |text: &str| text.parse().ok();
        let credit = |credit: &str| Filter { credit: text(credit), ..Filter::default() };
        assert_eq!(by_filter(site, credit("fenwick")).await, [2]);
        assert_eq!(by_filter(site, Filter { from: day("2021-01-01"), ..Filter::default() }).await, [4, 2]);
        assert_eq!(by_filter(site, Filter { until: day("2021-01-02"), ..Filter::default() }).await, [2, 1]);
        assert_eq!(by_filter(site, Filter { restrictions: Some(Presence::Any), ..Filter::default() }).await, [2]);
        assert_eq!(by_filter(site, Filter { problems: Some(Presence::Any), ..Filter::default() }).await, [3]);
        assert_eq!(by_filter(site, Filter { problems: Some(Presence::None), ..Filter::default() }).await, [4, 2, 1]);
        assert_eq!(by_filter(site, Filter { orientation: Some(Orientation::Portrait), ..Filter::default() }).await, [2]);
        assert_eq!(by_filter(site, Filter { stars: Some(Stars::AtLeast(3)), ..Filter::default() }).await, [3, 1]);
        assert_eq!(by_filter(site, Filter { stars: Some(Stars::Unrated), ..Filter::default() }).await, [4, 2]);
        let narrowed = Filter { stars: Some(Stars::AtLeast(5)), ..credit("tideline") };
        assert_eq!(numbers(&ask(site, "river", &narrowed, None, 9).await), [1]);
        assert_eq!(numbers(&ask(site, "whitby", &narrowed, None, 9).await), NONE);
    }

    async fn a_list_of_all_photos_needs_no_library_and_is_newest_first(site) {
        act(&site.store, async |tx: &mut Tx| {
            for n in [2, 3, 1] {
                tx.insert_photo(&photo(n)).await?;
            }
            Ok(())
        }).await;
        let (first, rest) = site.look(async |view: &mut View| Ok((
            view.newest_photos(None, 2).await?,
            view.newest_photos(Some((second(2), photo_id(2))), 2).await?,
        ))).await;
        assert_eq!((first, rest), (vec![photo(3), photo(2)], vec![photo(1)]));
    }

    async fn the_desk_s_texts_find_a_photo_as_long_as_a_slide_has_them(site) {
        four(&site.store).await;
        let typed = drafted(1, 1, |slide| {
            slide.caption = text("Ein Haus brennt");
            slide.credit = text("Quay Press");
            slide.place = text("Leeds");
            slide.language = text("de");
        });
        act(&site.store, async |tx: &mut Tx| tx.insert_story(&typed, &BY).await).await;
        shelve(&site.store).await;
        assert_eq!(by_words(site, "brennt quay").await, [1]);
        assert_eq!(by_words(site, "leeds").await, [1]);
        assert_eq!(by_filter(site, Filter { credit: text("quay"), ..Filter::default() }).await, [1]);
        save(&site.store, site, 1, |story| story.slides[0].caption = text("Der Fluss steigt")).await;
        assert_eq!((by_words(site, "brennt").await, by_words(site, "steigt").await), (vec![], vec![1]));
        save(&site.store, site, 1, |story| story.slides[0].photo = Some(photo_id(2))).await;
        assert_eq!(by_words(site, "steigt").await, [2]);
        save(&site.store, site, 1, |story| story.slides.clear()).await;
        assert_eq!(by_words(site, "steigt").await, NONE);
    }

    async fn new_metadata_of_a_photo_takes_the_place_of_the_old(site) {
        four(&site.store).await;
        let facts = PhotoFacts { description: text("A steam engine"), ..PhotoFacts::default() };
        let update = PhotoUpdate { name: "b.jpg".to_owned(), taken_key: None, facts, report: "{}".to_owned() };
        act(&site.store, async |tx: &mut Tx| tx.update_photo_facts(photo_id(2), &update).await).await;
        shelve(&site.store).await;
        assert_eq!((by_words(site, "fluss").await, by_words(site, "steam").await), (vec![], vec![2]));
        assert_eq!(by_filter(site, Filter { restrictions: Some(Presence::Any), ..Filter::default() }).await, NONE);
    }

    async fn a_photo_is_used_by_a_draft_and_published_while_readers_see_it(site) {
        four(&site.store).await;
        let usage = async |usage| by_filter(site, Filter { usage: Some(usage), ..Filter::default() }).await;
        assert_eq!((usage(Usage::Used).await, usage(Usage::Unused).await), (vec![], vec![4, 3, 2, 1]));
        act(&site.store, async |tx: &mut Tx| {
            tx.insert_story(&drafted(1, 2, |_| {}), &BY).await?;
            tx.insert_story(&drafted(2, 3, |_| {}), &BY).await?;
            tx.put_publication(&record(2, "News", &[], &[3], 5), 1, second(5)).await
        }).await;
        shelve(&site.store).await;
        assert_eq!((usage(Usage::Used).await, usage(Usage::Unused).await), (vec![3, 2], vec![4, 1]));
        assert_eq!(usage(Usage::Published).await, [3]);
        let decision = Decision { at: second(6), reason: "A test.".to_owned() };
        act(&site.store, async |tx: &mut Tx| tx.set_photo_withdrawn(photo_id(3), Some(&decision)).await).await;
        shelve(&site.store).await;
        assert_eq!(usage(Usage::Published).await, NONE);
        act(&site.store, async |tx: &mut Tx| tx.set_photo_withdrawn(photo_id(3), None).await).await;
        shelve(&site.store).await;
        assert_eq!(usage(Usage::Published).await, [3]);
        act(&site.store, async |tx: &mut Tx| tx.withdraw_publication(story_id(2), &decision).await).await;
        shelve(&site.store).await;
        assert_eq!((usage(Usage::Published).await, usage(Usage::Used).await), (vec![], vec![3, 2]));
    }

    async fn a_photo_tells_the_stories_that_have_it_their_slides_and_whether_readers_see_them(site) {
        four(&site.store).await;
        let decision = Decision { at: second(9), reason: "Killed.".to_owned() };
        let mut twice = drafted(1, 2, |_| {});
        twice.slides.push(Slide::empty(slide_id(7)));
        twice.slides.push(Slide { photo: Some(photo_id(2)), ..Slide::empty(slide_id(8)) });
        act(&site.store, async |tx: &mut Tx| {
            tx.insert_story(&twice, &BY).await?;
            tx.insert_story(&story(2), &BY).await?;
            tx.insert_story(&drafted(3, 2, |_| {}), &BY).await?;
            tx.put_publication(&record(2, "News", &[], &[1, 2], 5), 1, second(5)).await?;
            tx.put_publication(&record(3, "News", &[], &[2], 5), 1, second(6)).await?;
            tx.withdraw_publication(story_id(3), &decision).await
        }).await;
        let uses = site.look(async |view: &mut View| view.uses_of_photo(photo_id(2), 50).await).await;
        let told: Vec<_> = uses.iter().map(|one| {
            let drafted: Vec<u32> = one.drafted.iter().map(|(number, _)| *number).collect();
            let published = one.published.as_ref().map(|published| {
                let slides: Vec<u32> = published.slides.iter().map(|(number, _)| *number).collect();
                (published.at, slides, published.withdrawn.clone())
            });
            (one.story, one.headline.as_str(), drafted, published)
        }).collect();
        assert_eq!(told, [
            (story_id(3), "Headline 3", vec![1], Some((second(6), vec![1], Some(decision)))),
            (story_id(2), "Headline 2", vec![], Some((second(5), vec![2], None))),
            (story_id(1), "Headline 1", vec![1, 3], None),
        ]);
        assert_eq!(site.look(async |view: &mut View| view.uses_of_photo(photo_id(4), 50).await).await, []);
    }

    async fn an_archive_from_before_the_library_is_gone_through_in_the_order_of_its_coming(site) {
        four(&site.store).await;
        site.run_sql("DELETE FROM photo_shelf; DELETE FROM photo_postings; DELETE FROM settings").await;
        assert_eq!(by_words(site, "river").await, NONE);
        assert_eq!(site.look(async |view: &mut View| view.shelved().await).await, Shelved::Archive);
        shelve(&site.store).await;
        assert_eq!(site.look(async |view: &mut View| view.shelved().await).await, Shelved::All);
        assert_eq!(by_words(site, "river").await, [3, 2, 4, 1]);
    }

    async fn all_photos_are_gone_through_once_more_when_that_is_asked_for(site) {
        four(&site.store).await;
        assert_eq!(site.look(async |view: &mut View| view.shelved().await).await, Shelved::All);
        act(&site.store, async |tx: &mut Tx| tx.shelve_all_again().await).await;
        assert_eq!(site.look(async |view: &mut View| view.shelved().await).await, Shelved::Archive);
        shelve(&site.store).await;
        assert_eq!(by_words(site, "river").await, [3, 2, 4, 1]);
    }

    async fn a_photo_that_changed_is_asked_for_until_it_is_on_shelf(site) {
        four(&site.store).await;
        let changed = act(&site.store, async |tx: &mut Tx| {
            tx.insert_photo(&photo(5)).await?;
            tx.forget_refusal(photo_id(4)).await?;
            Ok((tx.take_unshelved(), tx.take_unshelved()))
        }).await;
        assert_eq!(changed, (Some(photo_id(4)), None), "once");
        assert_eq!(site.look(async |view: &mut View| view.shelved().await).await, Shelved::Changes);
        assert_eq!(by_words(site, "photo").await, NONE);
        shelve(&site.store).await;
        assert_eq!(by_words(site, "photo").await, [5]);
        assert_eq!(act(&site.store, async |tx: &mut Tx| Ok(tx.take_unshelved())).await, None);
    }

    async fn what_another_process_developed_is_learnt_by_its_version(site) {
        four(&site.store).await;
        let print = async |n, fingerprint| {
            let measured = Measured { attention: Focus::new(0, 0).unwrap(), fingerprint };
            act(&site.store, async |tx: &mut Tx| tx.set_measured(photo_id(n), measured).await).await;
            shelve(&site.store).await;
        };
        let mut looks = Looks::default();
        let mut learn = async || {
            loop {
                let since = looks.version();
                let changed = site.look(async |view: &mut View| view.prints_since(since, 2).await).await;
                if changed.is_empty() {
                    break looks.near(u64::MAX, 9);
                }
                changed.iter().for_each(|(number, print, version)| looks.learn(*number, *print, *version));
            }
        };
        assert_eq!(learn().await, []);
        print(4, u64::MAX).await;
        print(2, u64::MAX - 1).await;
        let near = learn().await;
        let ids = site.look(async |view: &mut View| {
            view.photos_by_number(&near.iter().map(|(_, number)| *number).collect::<Vec<_>>()).await
        }).await;
        assert_eq!(near.iter().map(|(bits, _)| *bits).collect::<Vec<_>>(), [0, 1]);
        assert_eq!(ids.iter().map(|(_, photo)| photo.id).collect::<Vec<_>>(), [photo_id(2), photo_id(4)]);
        print(4, 0).await;
        assert_eq!(learn().await.iter().map(|(bits, _)| *bits).collect::<Vec<_>>(), [1]);
    }

    async fn more_photos_than_a_block_or_a_step_holds_are_found_in_order(site) {
        let many = 700_u32;
        act(&site.store, async |tx: &mut Tx| {
            for n in 0..many {
                let at = second(i64::from(n));
                let id = newsroom::id::PhotoId::new(at, [0; 10]);
                let mut one = Photo { id, created_at: at, picture_hash: format!("{n:064x}"), ..photo(1) };
                one.facts.description = text(if n % 2 == 0 { "even river" } else { "odd river" });
                tx.insert_photo(&one).await?;
            }
            Ok(())
        }).await;
        shelve(&site.store).await;
        let found = ask(site, "odd river", &Filter::default(), None, 3).await;
        let numbers: Vec<u32> = found.hits.iter().map(|hit| hit.rank.number).collect();
        assert_eq!((found.total, numbers), (350, vec![699, 697, 695]));
    }
}
