//! What an update changes of what readers have, and whether it is told to them as a correction (R20).

use serde::{Deserialize, Serialize};

use crate::published::{PublishedSlide, PublishedStory};
use crate::refusal::SlidePlace;

/// What an update of a published story is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// A typing mistake, a weekday, a better crop: nothing is said of it.
    Minor,
    /// A mistake of substance. The note stands on the page with its date.
    Corrected(String),
}

/// What of a story may be wrong in substance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangedPart {
    /// The headline.
    Headline,
    /// A slide's caption.
    Caption,
    /// A slide's credit.
    Credit,
    /// A slide's picture: another one, a new slide, or one that is gone.
    Picture,
}

impl ChangedPart {
    /// As it is told to programs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Headline => "headline",
            Self::Caption => "caption",
            Self::Credit => "credit",
            Self::Picture => "picture",
        }
    }
}

/// A difference between what readers have and what they would get.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// What differs.
    pub part: ChangedPart,
    /// The slide, by its place in the later record; one that is gone by its place in the earlier.
    pub slide: Option<SlidePlace>,
    /// What readers have; empty where they have no such slide. Of a picture its photo's id.
    pub before: String,
    /// What they would get; empty where the slide is gone.
    pub after: String,
}

/// What differs of headline, captions, credits and pictures: what a desk has to say of an update whether it corrects
/// something. First the headline, then the slides in their later order, then those that are gone.
pub fn differences(before: &PublishedStory, after: &PublishedStory) -> Vec<Difference> {
    let mut found = Vec::new();
    let mut note = |part, slide: Option<SlidePlace>, before: &str, after: &str| {
        if before != after {
            found.push(Difference { part, slide, before: before.to_owned(), after: after.to_owned() });
        }
    };
    note(ChangedPart::Headline, None, &before.headline, &after.headline);
    for (slide, number) in after.slides.iter().zip(1..) {
        let place = || Some(SlidePlace { id: slide.id.clone(), number });
        match before.slides.iter().find(|one| one.id == slide.id) {
            Some(was) => {
                note(ChangedPart::Caption, place(), &was.caption, &slide.caption);
                note(ChangedPart::Credit, place(), &was.credit, &slide.credit);
                note(ChangedPart::Picture, place(), &picture(was), &picture(slide));
            }
            None => note(ChangedPart::Picture, place(), "", &named(slide)),
        }
    }
    for (slide, number) in before.slides.iter().zip(1..) {
        if !after.slides.iter().any(|one| one.id == slide.id) {
            let place = Some(SlidePlace { id: slide.id.clone(), number });
            note(ChangedPart::Picture, place, &named(slide), "");
        }
    }
    found
}

/// Whether readers would see any difference, also one that is no correction: order, places, tags, the text.
pub fn is_the_same(before: &PublishedStory, after: &PublishedStory) -> bool {
    let with_its_corrections = PublishedStory { corrections: before.corrections.clone(), ..after.clone() };
    *before == with_its_corrections
}

fn picture(slide: &PublishedSlide) -> String {
    slide.photo.map(|photo| photo.to_string()).unwrap_or_default()
}

/// A slide that is new or gone, also one whose picture is still to come.
fn named(slide: &PublishedSlide) -> String {
    let picture = picture(slide);
    if picture.is_empty() { slide.id.to_string() } else { picture }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::{PhotoId, SlideId, StoryId};
    use crate::moment::Moment;
    use crate::published::{Correction, Cuts, Rights};
    use crate::slug::Slug;
    use crate::story::{CounterOffsets, Direction, ShownTime};

    fn slide(number: u8) -> PublishedSlide {
        PublishedSlide {
            id: SlideId::new([number; 5]),
            photo: Some(PhotoId::new(Moment::from_micros(0), [number; 10])),
            caption: format!("Caption {number}"),
            credit: format!("Credit {number}"),
            alt: None,
            long_description: None,
            place: None,
            date: None,
            language: None,
            statuses: vec![],
            rights: Rights::default(),
            focus: None,
            cuts: Cuts::Allowed,
        }
    }

    fn story(slides: Vec<PublishedSlide>) -> PublishedStory {
        PublishedStory {
            id: StoryId::new(Moment::from_micros(0), [1; 10]),
            slug: Slug::from_text("A story").unwrap(),
            short_code: "s1".to_owned(),
            section: "Photo".to_owned(),
            headline: "A story".to_owned(),
            lede: String::new(),
            body: String::new(),
            dateline: None,
            bylines: vec![],
            tags: vec![],
            cover: SlideId::new([1; 5]),
            language: "en".to_owned(),
            direction: Direction::Ltr,
            slides,
            first_published: Moment::from_micros(0),
            shown: ShownTime { at: Moment::from_micros(0), unconfirmed: false },
            offsets: CounterOffsets::default(),
            corrections: vec![],
        }
    }

    fn told(before: &PublishedStory, after: &PublishedStory) -> Vec<(ChangedPart, Option<usize>)> {
        let found = differences(before, after).into_iter();
        found.map(|one| (one.part, one.slide.map(|place| place.number))).collect()
    }

    #[test]
    fn headline_caption_credit_and_picture_are_told_with_the_place_of_the_slide() {
        let before = story(vec![slide(1), slide(2), slide(3)]);
        let mut after = before.clone();
        after.headline = "Another".to_owned();
        after.slides[1].caption = "Mended".to_owned();
        after.slides[2].credit = "Somebody else".to_owned();
        after.slides[2].photo = None;
        let expected = [
            (ChangedPart::Headline, None),
            (ChangedPart::Caption, Some(2)),
            (ChangedPart::Credit, Some(3)),
            (ChangedPart::Picture, Some(3)),
        ];
        assert_eq!(told(&before, &after), expected);
        let caption = &differences(&before, &after)[1];
        assert_eq!((caption.before.as_str(), caption.after.as_str()), ("Caption 2", "Mended"));
    }

    #[test]
    fn a_slide_that_comes_or_goes_is_a_change_of_picture_and_another_order_is_none() {
        let before = story(vec![slide(1), slide(2)]);
        let after = story(vec![slide(2), slide(3)]);
        let expected = [(ChangedPart::Picture, Some(2)), (ChangedPart::Picture, Some(1))];
        assert_eq!(told(&before, &after), expected);
        let turned = story(vec![slide(2), slide(1)]);
        assert_eq!(told(&before, &turned), []);
        assert!(!is_the_same(&before, &turned));
    }

    #[test]
    fn what_readers_were_told_before_is_no_difference() {
        let mut before = story(vec![slide(1)]);
        let at = Moment::from_micros(5);
        before.corrections = vec![Correction { at, text: "It was Tuesday.".to_owned() }];
        assert!(is_the_same(&before, &story(vec![slide(1)])));
    }

    #[test]
    fn a_record_from_before_corrections_has_none() {
        let mut json = serde_json::to_value(story(vec![])).unwrap();
        json.as_object_mut().unwrap().remove("corrections");
        assert_eq!(serde_json::from_value::<PublishedStory>(json).unwrap(), story(vec![]));
    }
}
