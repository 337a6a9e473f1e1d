//! Bringing back an earlier state of a draft.

use crate::id::PhotoId;
use crate::slide::Slide;
use crate::story::Story;

/// The draft `now` with what a desk had written and arranged `then`.
///
/// What others know the story by stays as it is: its slug, its moments, whether it is withdrawn. So does a decision about
/// publishing: a restriction that was cleared since stays cleared on a slide that still has that photo, and one that was cleared
/// then is not cleared again by bringing back a text (R12). A photo for which `stands` says no leaves its slide without a
/// picture, with the desk's texts; a withdrawn one comes back withdrawn, and the checks refuse it (R16).
pub fn restored(now: &Story, then: &Story, stands: impl Fn(PhotoId) -> bool) -> Story {
    let slide = |then: &Slide| {
        let photo = then.photo.filter(|photo| stands(*photo));
        let same = now.slides.iter().find(|slide| slide.id == then.id && slide.photo == photo);
        Slide {
            photo,
            proposed: then.proposed.filter(|photo| stands(*photo)),
            clearing: same.and_then(|slide| slide.clearing.clone()),
            focus: then.focus.filter(|_| photo.is_some()),
            ..then.clone()
        }
    };
    Story {
        section: then.section.clone(),
        headline: then.headline.clone(),
        lede: then.lede.clone(),
        body: then.body.clone(),
        dateline: then.dateline.clone(),
        bylines: then.bylines.clone(),
        tags: then.tags.clone(),
        cover: then.cover.clone(),
        language: then.language.clone(),
        direction: then.direction,
        slides: then.slides.iter().map(slide).collect(),
        ..now.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{SlideId, StoryId};
    use crate::moment::Moment;
    use crate::slide::Clearing;
    use crate::slug::Slug;
    use crate::story::{CounterOffsets, Direction, StoryMoments};

    fn photo(number: u8) -> PhotoId {
        PhotoId::new(Moment::from_micros(0), [number; 10])
    }

    fn slide(number: u8, caption: &str) -> Slide {
        let id = SlideId::new([number; 5]);
        Slide { photo: Some(photo(number)), caption: Some(caption.to_owned()), ..Slide::empty(id) }
    }

    fn cleared(slide: Slide, reason: &str) -> Slide {
        Slide { clearing: Some(Clearing::add(None, &[], reason, Moment::from_micros(1))), ..slide }
    }

    fn story(headline: &str, slides: Vec<Slide>) -> Story {
        Story {
            id: StoryId::new(Moment::from_micros(0), [1; 10]),
            slug: Slug::from_text(headline).unwrap(),
            short_code: "s1".to_owned(),
            revision: 1,
            section: "Photo".to_owned(),
            headline: headline.to_owned(),
            lede: String::new(),
            body: String::new(),
            dateline: None,
            bylines: vec![],
            tags: vec![],
            cover: None,
            language: "en".to_owned(),
            direction: Direction::Ltr,
            slides,
            moments: StoryMoments {
                created: Moment::from_micros(0),
                changed: Moment::from_micros(0),
                first_published: None,
                published: None,
                shown: None,
                withdrawn: None,
            },
            withdrawn_reason: None,
            offsets: CounterOffsets::default(),
            kept_lines: vec![],
        }
    }

    #[test]
    fn texts_and_order_come_back_while_address_and_moments_stay() {
        let then = story("As it was", vec![slide(1, "one"), slide(2, "two")]);
        let mut now = story("As it is", vec![slide(2, "changed")]);
        now.revision = 7;
        now.moments.published = Some(Moment::from_micros(5));
        let back = restored(&now, &then, |_| true);
        assert_eq!((&back.headline, &back.slides), (&then.headline, &then.slides));
        assert_eq!((&back.slug, back.revision, back.moments), (&now.slug, 7, now.moments));
    }

    #[test]
    fn a_photo_that_is_gone_leaves_the_desks_texts() {
        let then = story("As it was", vec![slide(1, "one"), slide(2, "two")]);
        let now = story("As it is", vec![]);
        let back = restored(&now, &then, |id| id == photo(2));
        assert_eq!((back.slides[0].photo, back.slides[1].photo), (None, Some(photo(2))));
        assert_eq!(back.slides[0].caption.as_deref(), Some("one"));
    }

    #[test]
    fn r12_a_text_that_comes_back_clears_nothing_and_takes_no_clearing_away() {
        let then = story("As it was", vec![cleared(slide(1, "one"), "then"), slide(2, "two")]);
        let now = story("As it is", vec![cleared(slide(2, "changed"), "since")]);
        let back = restored(&now, &then, |_| true);
        let reasons: Vec<Option<&str>> =
            back.slides.iter().map(|slide| Some(slide.clearing.as_ref()?.reason.as_str())).collect();
        assert_eq!(reasons, [None, Some("since")]);
    }
}
