//! A picture on a page: which renditions are offered, for which width, and the box that waits for it.
//!
//! `sizes` says how wide the style sheet shows a picture, and less on dense screens, so that nobody pulls a picture
//! beyond twice its shown size. The figures here and the widths in `assets/page.css` belong together.

use std::fmt::Write as _;

use newsroom::published::{Picture, PixelSize};

use super::Site;
use super::frame::Preview;

/// Where a picture stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stand {
    /// Across the head of a story.
    Cover,
    /// In a story's row, with its caption beside it on wide screens.
    Slide,
    /// The first card of a list.
    Lead,
    /// A card of a list, which shows the picture's cut of 3:2 where there is one.
    Card,
}

/// A width as CSS sees it: a share of the window, less its margins, and never more than a number of rem.
struct Width {
    share: u32,
    margins_rem: u32,
    most_rem: u32,
}

impl Stand {
    /// Largest height as a share of the window's, in hundredths (`svh` in the style sheet).
    fn height(self) -> u32 {
        match self {
            Self::Cover => 88,
            Self::Slide => 94,
            Self::Lead => 80,
            Self::Card => 52,
        }
    }

    /// From 80 em on.
    fn wide(self) -> Width {
        match self {
            Self::Cover => Width { share: 100, margins_rem: 26, most_rem: 75 },
            Self::Slide => Width { share: 100, margins_rem: 23, most_rem: 75 },
            Self::Lead => Width { share: 100, margins_rem: 28, most_rem: 70 },
            Self::Card => Width { share: 33, margins_rem: 4, most_rem: 30 },
        }
    }

    /// From 48 em on.
    fn middle(self) -> Width {
        match self {
            Self::Card => Width { share: 50, margins_rem: 4, most_rem: 38 },
            _ => Width { share: 100, margins_rem: 5, most_rem: 75 },
        }
    }
}

/// What a template needs of a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shot {
    /// Address of a rendition of middle size.
    pub src: String,
    /// Address of the largest rendition: where the picture leads.
    pub largest: String,
    /// Every rendition with its width.
    pub srcset: String,
    /// The same in AVIF; empty until they stand.
    pub avif: String,
    /// See the module.
    pub sizes: String,
    /// Width and height of the largest rendition.
    pub full: PixelSize,
    /// The mean colour, where it is one.
    pub colour: Option<String>,
    /// Class of what holds it: width through height in tenths, from which the style sheet takes the largest width
    /// for the window's height.
    pub shape: String,
    /// Its mean colour is dark, so that a text on it must be light.
    pub deep: bool,
}

impl Shot {
    /// A picture at its stand; `None` when the record has no rendition at all.
    pub fn new(picture: &Picture, stand: Stand) -> Option<Self> {
        let cut = stand == Stand::Card && !picture.cards.is_empty();
        let (name, sizes_there, avif) = match cut {
            true => ("card-", &picture.cards, &picture.cards_avif),
            false => ("", &picture.sizes, &picture.avif),
        };
        let full = *sizes_there.last()?;
        let middle = sizes_there.iter().find(|size| size.width >= 900).unwrap_or(&full);
        let colour = Colour::parse(&picture.colour);
        Some(Self {
            src: file(picture, name, *middle, "jpg"),
            largest: file(picture, name, full, "jpg"),
            srcset: srcset(picture, name, sizes_there, "jpg"),
            avif: srcset(picture, name, avif, "avif"),
            sizes: sizes(stand, full),
            full,
            colour: colour.map(|_| picture.colour.clone()),
            shape: format!("r{}", tenths(full)),
            deep: colour.is_some_and(Colour::is_deep),
        })
    }
}

/// Every file of a set with its width, as `srcset` takes them.
fn srcset(picture: &Picture, name: &str, sizes: &[PixelSize], ending: &str) -> String {
    let mut srcset = String::new();
    for size in sizes {
        let comma = if srcset.is_empty() { "" } else { ", " };
        // Writing to a String does not fail.
        let _ = write!(srcset, "{comma}{} {}w", file(picture, name, *size, ending), size.width);
    }
    srcset
}

/// Root-relative address of a file of a picture: `name` and `ending` say of which set.
fn file(picture: &Picture, name: &str, size: PixelSize, ending: &str) -> String {
    format!("{}/{name}{}.{ending}", picture.base, size.width)
}

/// Root-relative address of one rendition of the whole picture.
pub(super) fn rendition(picture: &Picture, size: PixelSize) -> String {
    file(picture, "", size, "jpg")
}

fn absolute(site: &Site, path: &str) -> String {
    format!("{}{path}", site.url.trim_end_matches('/'))
}

/// The rendition that others than browsers are shown (feeds, link previews): the smallest of at least `width`
/// pixels, else the largest; its absolute address and its size.
pub(super) fn for_elsewhere(site: &Site, picture: &Picture, width: u32) -> Option<(String, PixelSize)> {
    let size = picture.sizes.iter().find(|size| size.width >= width).or(picture.sizes.last())?;
    Some((absolute(site, &rendition(picture, *size)), *size))
}

/// The largest rendition of the whole picture: its absolute address and its size.
pub(super) fn largest(site: &Site, picture: &Picture) -> Option<(String, PixelSize)> {
    for_elsewhere(site, picture, u32::MAX)
}

/// The cut for link previews, where it stands: its absolute address and its size.
pub(super) fn social(site: &Site, picture: &Picture) -> Option<(String, PixelSize)> {
    picture.social.map(|size| (absolute(site, &format!("{}/social.jpg", picture.base)), size))
}

/// The picture of a link preview, with the alt text that the desk wrote.
pub(super) fn preview(site: &Site, picture: &Picture, alt: Option<String>) -> Option<Preview> {
    let (address, size) = social(site, picture).or_else(|| for_elsewhere(site, picture, 1200))?;
    Some(Preview { address, size, alt })
}

/// Width through height in tenths, 3 to 25.
fn tenths(size: PixelSize) -> u32 {
    let (width, height) = (u64::from(size.width), u64::from(size.height.max(1)));
    let rounded = (width * 20 / height).div_ceil(2);
    u32::try_from(rounded.clamp(3, 25)).unwrap_or(25)
}

/// The value of `sizes`. Browsers take the next larger rendition, which is up to one and a half times what they look
/// for; so on dense screens they are told a part of the width, and what they take stays within twice the width.
fn sizes(stand: Stand, size: PixelSize) -> String {
    let height = stand.height() * tenths(size) / 10;
    let (wide, middle) = (stand.wide(), stand.middle());
    let full = Width { share: 100, margins_rem: 0, most_rem: middle.most_rem.max(48) };
    let slots = [
        ("(min-resolution: 3.5dppx)", &full, 35),
        ("(min-resolution: 2.5dppx)", &full, 45),
        ("(min-resolution: 1.5dppx) and (min-width: 80em)", &wide, 67),
        ("(min-resolution: 1.5dppx) and (min-width: 48em)", &middle, 67),
        ("(min-resolution: 1.5dppx)", &full, 67),
        ("(min-width: 80em)", &wide, 100),
        ("(min-width: 48em)", &middle, 100),
        ("", &full, 100),
    ];
    let slots = slots.map(|(condition, width, percent)| {
        let part = |whole: u32| whole * percent / 100;
        let margins = match part(width.margins_rem) {
            0 => String::new(),
            margins => format!(" - {margins}rem"),
        };
        let (share, most, height) = (part(width.share), part(width.most_rem), part(height));
        format!("{condition} min({share}vw{margins}, {most}rem, {height}vh)").trim_start().to_owned()
    });
    slots.join(", ")
}

/// A colour of 24 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Colour([u8; 3]);

impl Colour {
    /// From `#rrggbb`.
    fn parse(text: &str) -> Option<Self> {
        let digits =
            text.strip_prefix('#').filter(|d| d.len() == 6 && d.bytes().all(|b| b.is_ascii_hexdigit()))?;
        let value = u32::from_str_radix(digits, 16).ok()?;
        let [_, red, green, blue] = value.to_be_bytes();
        Some(Self([red, green, blue]))
    }

    /// Whether white reads better on it than black: relative luminance (WCAG 2.2) under 0.179, where both have
    /// a contrast of 4.58.
    fn is_deep(self) -> bool {
        let linear = |channel: u8| {
            let c = f64::from(channel) / 255.0;
            if c <= 0.040_45 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) }
        };
        let [red, green, blue] = self.0;
        0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue) < 0.179
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(sizes: &[(u32, u32)]) -> Picture {
        let sizes = sizes.iter().map(|&(width, height)| PixelSize { width, height }).collect();
        Picture { base: "/i/tok/1".into(), sizes, colour: "#102030".into(), ..Picture::default() }
    }

    #[test]
    fn every_rendition_is_offered_with_its_own_width() {
        let shot = Shot::new(&picture(&[(213, 320), (427, 640), (1707, 2560)]), Stand::Slide).unwrap();
        assert_eq!(shot.srcset, "/i/tok/1/213.jpg 213w, /i/tok/1/427.jpg 427w, /i/tok/1/1707.jpg 1707w");
        assert_eq!(shot.src, "/i/tok/1/1707.jpg");
        assert_eq!(shot.largest, "/i/tok/1/1707.jpg");
        assert_eq!(shot.full, PixelSize { width: 1707, height: 2560 });
    }

    #[test]
    fn a_record_without_renditions_gives_no_picture() {
        assert_eq!(Shot::new(&picture(&[]), Stand::Card), None);
    }

    #[test]
    fn the_box_knows_its_shape_and_whether_its_colour_is_deep() {
        let shape = |w, h| Shot::new(&picture(&[(w, h)]), Stand::Slide).unwrap().shape;
        assert_eq!(shape(1500, 1000), "r15");
        assert_eq!(shape(1000, 1500), "r7");
        assert_eq!(shape(10_000, 1000), "r25");
        assert_eq!(shape(1, 65_500), "r3");
        let mut light = picture(&[(1500, 1000)]);
        assert!(Shot::new(&light, Stand::Slide).unwrap().deep);
        light.colour = "#f0e0d0".into();
        assert!(!Shot::new(&light, Stand::Slide).unwrap().deep);
    }

    #[test]
    fn a_colour_that_is_none_is_left_out() {
        for text in ["", "red", "#12", "#12345g", "\"/><script>", "#+12345", "#ééé"] {
            let mut odd = picture(&[(1500, 1000)]);
            odd.colour = text.into();
            assert_eq!(Shot::new(&odd, Stand::Slide).unwrap().colour, None, "{text}");
        }
    }

    /// What `sizes` promises at a window width and density, read as a browser does, for a window high enough.
    fn promised(sizes: &str, window: f64, density: f64) -> f64 {
        let slot = sizes.split("), ").find(|slot| {
            let number = |key: &str| slot.split(key).nth(1).map(leading);
            number("min-resolution: ").is_none_or(|least| density >= least)
                && number("min-width: ").is_none_or(|least| window >= least * 16.0)
        });
        let inner = slot.unwrap().split("min(").last().unwrap();
        let term = |term: &str| {
            let (first, less) = term.split_once(" - ").unwrap_or((term, "0rem"));
            let unit = |text: &str| leading(text) * if text.contains("vw") { window / 100.0 } else { 16.0 };
            unit(first) - unit(less)
        };
        inner.split(", ").filter(|text| !text.contains("vh")).map(term).fold(f64::MAX, f64::min)
    }

    fn leading(text: &str) -> f64 {
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        text[..end].parse().unwrap()
    }

    #[test]
    fn no_screen_pulls_a_slide_beyond_twice_its_shown_width_or_below_it() {
        let ladder = [(320, 213), (640, 427), (960, 640), (1280, 853), (1920, 1280), (2560, 1707)];
        let shot = Shot::new(&picture(&ladder), Stand::Slide).unwrap();
        for (window, density) in [
            (320.0, 2.0),
            (360.0, 3.0),
            (412.0, 2.625),
            (360.0, 4.0),
            (768.0, 2.0),
            (1024.0, 1.0),
            (1440.0, 2.0),
            (1600.0, 1.0),
        ] {
            let shown = promised(&shot.sizes, window, 1.0);
            let wanted = promised(&shot.sizes, window, density) * density;
            let taken =
                ladder.iter().map(|(width, _)| f64::from(*width)).find(|width| *width >= wanted).unwrap();
            assert!((1.0..=2.0).contains(&(taken / shown)), "{window} at {density}: {taken} for {shown}");
        }
    }
}
