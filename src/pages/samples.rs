//! Sample records for every template, and the sample pages as files for looking at.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use newsroom::id::{NoticeId, PhotoId, SlideId, StoryId};
use newsroom::moment::Moment;
use newsroom::notice::{Mention, Notice};
use newsroom::published::{Cuts, Picture, PixelSize, PublishedSlide, PublishedStory, ReaderStatus, Rights};
use newsroom::slug::Slug;
use newsroom::story::{CounterOffsets, Direction, ShownTime};

use super::list::{Card, ListInput};
use super::story::{Neighbours, StoryInput};
use super::{Assets, Counters, SectionLink, Site};

/// Public pictures by photo.
pub type Pictures = BTreeMap<PhotoId, Picture>;

/// Name of a sample photo, width and height of its largest rendition, mean colour.
const PHOTOS: [(&str, u32, u32, &str); 8] = [
    ("picos-de-europa", 2560, 1920, "#696b6d"),
    ("two-dogs", 1598, 2400, "#908c85"),
    ("nagasaki-boats", 1024, 819, "#958c7e"),
    ("dandelion", 2560, 1440, "#605834"),
    ("cat-in-motion", 1024, 510, "#8d816d"),
    ("eileen-collins", 512, 512, "#8e6a60"),
    ("fig", 2560, 1732, "#955e53"),
    ("hubble", 1000, 872, "#131413"),
];

const CAPTIONS: [(&str, &str); 8] = [
    (
        "A worn path climbs through pasture towards a rock wall with patches of snow in the Picos de Europa, Spain, on Saturday, 2 January 2021.",
        "Aitzol Berasategi",
    ),
    ("Two spaniels put their heads out of the side of a wooden building.", "Aitzol Berasategi"),
    (
        "Boatmen wait on a river in Nagasaki, Japan, about 1865. A large sailing vessel stands at the far bank, below the houses of the town.",
        "Felice Beato / Getty Museum",
    ),
    ("A dandelion seed head stands in low sunlight in a meadow.", "Clemens Engelhardt"),
    (
        "A house cat changes its gait through 24 numbered views on a plate from “Animal Locomotion”, the work Eadweard Muybridge publishes in 1887.",
        "E. J. Muybridge / Getty Museum",
    ),
    ("A handout picture provided by NASA shows astronaut Eileen Collins, commander of STS-93.", "NASA"),
    ("Half a fig lies in a red bowl on concrete in strong sunlight.", "Trevor “Freespace”"),
    (
        "About 5,500 galaxies fill a small patch of sky in the constellation Fornax.",
        "NASA, ESA and the HUDF09 Team",
    ),
];

/// A site with three sections, in a language.
pub fn site(language: &str) -> Site {
    Site {
        name: "The Halftone Post".to_owned(),
        url: "https://news.example".to_owned(),
        language: language.to_owned(),
        time_zone: TimeZone::UTC,
        sections: ["Photo", "World", "Science"].into_iter().filter_map(SectionLink::from_name).collect(),
        register_url: None,
        machine_use: super::MachineUse::NoTraining,
        accent: None,
        assets: Assets {
            css: "/a/page.0123456789abcdef.css".to_owned(),
            site_css: "/site.css".to_owned(),
            lightbox: "/a/lightbox.0123456789abcdef.js".to_owned(),
            icon: "/a/icon.0123456789abcdef.svg".to_owned(),
        },
    }
}

/// 2021-01-03T15:32Z.
pub fn moment() -> Moment {
    Moment::parse("2021-01-03T15:32:00Z").unwrap()
}

/// The photo of the slide at a place.
pub fn photo(place: u8) -> PhotoId {
    PhotoId::new(moment(), [place; 10])
}

/// The slide at a place, with caption and credit, its photo given.
pub fn slide(place: u8) -> PublishedSlide {
    let (caption, credit) = CAPTIONS[usize::from(place) % CAPTIONS.len()];
    PublishedSlide {
        id: SlideId::new([place, place / 32, 7, 20, 11]),
        photo: Some(photo(place)),
        caption: caption.to_owned(),
        credit: credit.to_owned(),
        alt: Some(format!("Sample picture number {place}")),
        long_description: None,
        place: None,
        date: None,
        language: None,
        statuses: Vec::new(),
        focus: None,
        cuts: Cuts::Allowed,
        rights: Rights::default(),
    }
}

/// A story of as many slides as asked for, in English.
pub fn story(slides: u8) -> PublishedStory {
    let mut slides: Vec<PublishedSlide> = (0..slides).map(slide).collect();
    for (place, slide) in slides.iter_mut().enumerate() {
        match place % 8 {
            0 => {
                slide.place = Some("Picos de Europa, Spain".to_owned());
                slide.date = Some("2021-01-02".to_owned());
            }
            2 => slide.date = Some("1865".to_owned()),
            3 => slide.alt = None,
            5 => slide.statuses = vec![ReaderStatus::File, ReaderStatus::Handout],
            7 => {
                slide.long_description = Some(
                    "Against black, thousands of specks and discs of light.\n\nThe largest show spiral arms."
                        .to_owned(),
                )
            }
            _ => {}
        }
    }
    PublishedStory {
        id: StoryId::new(moment(), [1; 10]),
        slug: Slug::from_text("A century and a half of looking").unwrap(),
        short_code: "q7x".to_owned(),
        section: "Photo".to_owned(),
        headline: "A century and a half of looking".to_owned(),
        lede: "From a river in Nagasaki to the far end of the universe: pictures that people made because they wanted to see, kept by those who thought that others might want to. Some name Daesh only to test the notes.".to_owned(),
        body: BODY.to_owned(),
        dateline: Some("MADRID, 3 January".to_owned()),
        bylines: vec!["Ana Ruiz".to_owned(), "J. Smith".to_owned()],
        tags: ["Photography", "Archive", "Spain", "NASA"].map(str::to_owned).to_vec(),
        cover: slides.first().map_or_else(|| SlideId::new([0; 5]), |slide| slide.id.clone()),
        language: "en".to_owned(),
        direction: Direction::Ltr,
        slides,
        first_published: moment(),
        shown: ShownTime { at: moment(), unconfirmed: false },
        offsets: CounterOffsets { comments: 0, views: 110 },
        corrections: Vec::new(),
    }
}

const BODY: &str = "\
The oldest picture here was made with a wooden box and a plate of glass, the newest with a telescope that left the ground. Between them lie the names of *people* who stood still long enough.

## What was kept

Archives keep what somebody once thought worth the room. Daesh destroyed several; [the lists](https://archive.example/lists) are long.

- plates
- prints
- tapes

> We did not know then what it would be for.

# And what was not

The rest is gone.";

/// An Arabic story of three slides; one caption is in English.
pub fn arabic_story() -> PublishedStory {
    let mut story = story(3);
    let captions = [
        "أشخاص يلوّحون بالأعلام خلال الذكرى السنوية الأولى في بغداد، العراق، 2 يناير 2021.",
        "امرأة تحمل صورة في مطار بغداد (AP) في 2 يناير 2021.",
    ];
    for (slide, caption) in story.slides.iter_mut().zip(captions) {
        slide.caption = caption.to_owned();
        slide.place = Some("بغداد، العراق".to_owned());
        slide.date = Some("2021-01-02".to_owned());
    }
    story.slides[2].language = Some("en".to_owned());
    story.headline = "إحياء الذكرى السنوية الأولى في بغداد وصنعاء".to_owned();
    story.slug = Slug::from_text(&story.headline).unwrap();
    story.section = "صور".to_owned();
    story.lede = "تجمّع الآلاف في بغداد وصنعاء وبيروت لإحياء الذكرى، ورفعوا صورًا ولافتات.".to_owned();
    story.body =
        "بدأ التجمّع صباح يوم السبت واستمر حتى المساء، بحسب وكالة Reuters.\n\nوقال شهود إن الطرق أُغلقت."
            .to_owned();
    story.dateline = None;
    story.bylines = vec!["ليلى حداد".to_owned(), "NASA".to_owned()];
    story.tags = ["الشرق الأوسط", "العراق", "US"].map(str::to_owned).to_vec();
    story.language = "ar".to_owned();
    story.direction = Direction::Rtl;
    story
}

/// Public pictures of every slide of a story.
pub fn pictures(story: &PublishedStory) -> Pictures {
    let photos = story.slides.iter().filter_map(|slide| slide.photo);
    photos.zip(PHOTOS.iter().cycle()).map(|(id, sample)| (id, picture(*sample))).collect()
}

fn picture((name, width, height, colour): (&str, u32, u32, &str)) -> Picture {
    let long = width.max(height);
    let rungs = [320, 640, 960, 1280, 1920, 2560].into_iter().filter(|rung| *rung < long);
    let at = |length: u32, rung: u32| (f64::from(length) * f64::from(rung) / f64::from(long)).round() as u32;
    let size = |rung| PixelSize { width: at(width, rung), height: at(height, rung) };
    let sizes: Vec<PixelSize> = rungs.map(size).chain([PixelSize { width, height }]).collect();
    let cut = |rung| PixelSize { width: rung, height: rung * 2 / 3 };
    let cards: Vec<PixelSize> =
        [320, 640, 960, 1280].into_iter().filter(|rung| *rung <= width).map(cut).collect();
    Picture {
        base: format!("/i/{name}/1"),
        bytes: sizes.iter().map(|size| u64::from(size.width) * u64::from(size.height) / 6).collect(),
        avif: sizes.clone(),
        sizes,
        cards_avif: cards.clone(),
        cards,
        social: Some(PixelSize { width: 1200, height: 675 }).filter(|_| width >= 1200),
        colour: colour.to_owned(),
    }
}

/// The rule for `Daesh`, every mention marked.
pub fn notice() -> Notice {
    Notice {
        id: NoticeId::new(moment(), [3; 10]),
        term: "Daesh".to_owned(),
        variants: vec!["ISIS".to_owned(), "IS".to_owned()],
        text: "Daesh (also known as ISIS/ISIL/IS/Islamic State) is a terrorist organisation banned in Russia and many other countries".to_owned(),
        language: None,
        story: None,
        mention: Mention::Every,
        from: None,
        until: None,
    }
}

/// What a story's page is printed from, with counters.
pub fn input<'a>(story: &'a PublishedStory, pictures: &'a Pictures, notices: &'a [Notice]) -> StoryInput<'a> {
    let counters = Some(Counters { comments: story.offsets.comments, views: story.offsets.views });
    StoryInput {
        story,
        pictures,
        notices,
        counters,
        neighbours: Neighbours::default(),
        changed: None,
        at: moment(),
    }
}

/// What a list is printed from.
pub fn list<'a>(cards: &'a [Card<'a>], notices: &'a [Notice]) -> ListInput<'a> {
    ListInput { cards, notices, at: moment() }
}

/// Seven stories whose covers differ, newest first.
pub fn stories() -> Vec<PublishedStory> {
    let headlines = [
        "A century and a half of looking",
        "Two spaniels who would rather be outside",
        "On the river at Nagasaki",
        "The meadow at six in the morning, and what a photographer finds there when nobody has mown it for two years",
        "How a cat walks",
        "Collins takes command",
        "Fig",
    ];
    let numbered = headlines.into_iter().zip(0_u8..);
    numbered
        .map(|(headline, place)| {
            let mut one = story(8);
            one.id = StoryId::new(moment(), [place + 40; 10]);
            one.headline = headline.to_owned();
            one.slug = Slug::from_text(headline).unwrap();
            one.cover = one.slides[usize::from(place)].id.clone();
            one
        })
        .collect()
}

/// One card for each story, in order.
pub fn cards<'a>(stories: &'a [PublishedStory], pictures: &'a Pictures) -> Vec<Card<'a>> {
    let cover = |story: &PublishedStory| story.slides.iter().find(|slide| slide.id == story.cover)?.photo;
    stories
        .iter()
        .map(|story| Card { story, picture: cover(story).and_then(|id| pictures.get(&id)) })
        .collect()
}
