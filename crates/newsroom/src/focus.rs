//! The point of a picture that a cut must keep: set by the desk, or pointed out by the photo's own metadata.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::facts::{ImageRegion, PhotoFacts};

/// A point of the upright picture, in thousandths of its width from the left and of its height from the top, 0 to 1000.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "(u16, u16)", into = "(u16, u16)")]
pub struct Focus {
    x: u16,
    y: u16,
}

/// A text or pair of numbers that is no point of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected is a point of the picture as two shares, from the left and from the top, such as \"50% 33.3%\""
)]
pub struct NotAFocus;

impl Focus {
    /// The point at these thousandths.
    ///
    /// # Errors
    /// [`NotAFocus`] where it lies outside the picture.
    pub fn new(x: u16, y: u16) -> Result<Self, NotAFocus> {
        if x <= 1000 && y <= 1000 { Ok(Self { x, y }) } else { Err(NotAFocus) }
    }

    /// Thousandths from the left.
    pub fn x(self) -> u16 {
        self.x
    }

    /// Thousandths from the top.
    pub fn y(self) -> u16 {
        self.y
    }

    /// The middle of what the photo's metadata points out: the first region that says it may be cut to, else the first
    /// of any kind, as long as it lies in the picture.
    pub fn of_facts(facts: &PhotoFacts) -> Option<Self> {
        let cropping = facts.regions.iter().filter(|region| region.role.as_deref().is_some_and(is_crop_role));
        cropping.chain(&facts.regions).find_map(middle)
    }
}

/// The roles of IPTC's vocabulary that name what a cut is to keep.
fn is_crop_role(role: &str) -> bool {
    let role = role.rsplit('/').next().unwrap_or_default();
    matches!(role, "cropping" | "recomCropping" | "mainSubjectArea" | "areaOfInterest")
}

fn middle(region: &ImageRegion) -> Option<Focus> {
    let share = |from: f64, length: f64| {
        let middle = from + length / 2.0;
        // Also false for what is not a number.
        if !(0.0..=1.0).contains(&middle) {
            return None;
        }
        // Between 0 and 1000 by the check above.
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 1000")]
        Some((middle * 1000.0).round() as u16)
    };
    Focus::new(share(region.x, region.width)?, share(region.y, region.height)?).ok()
}

impl TryFrom<(u16, u16)> for Focus {
    type Error = NotAFocus;
    fn try_from((x, y): (u16, u16)) -> Result<Self, NotAFocus> {
        Self::new(x, y)
    }
}

impl From<Focus> for (u16, u16) {
    fn from(focus: Focus) -> Self {
        (focus.x, focus.y)
    }
}

impl fmt::Display for Focus {
    /// As shares in percent: `50% 33.3%`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = |thousandths: u16| match thousandths % 10 {
            0 => format!("{}%", thousandths / 10),
            tenth => format!("{}.{tenth}%", thousandths / 10),
        };
        write!(f, "{} {}", percent(self.x), percent(self.y))
    }
}

impl FromStr for Focus {
    type Err = NotAFocus;

    fn from_str(text: &str) -> Result<Self, NotAFocus> {
        let mut shares = text.split_whitespace().map(thousandths);
        match (shares.next().flatten(), shares.next().flatten(), shares.next()) {
            (Some(x), Some(y), None) => Self::new(x, y),
            _ => Err(NotAFocus),
        }
    }
}

/// `33.3%` as 333.
fn thousandths(share: &str) -> Option<u16> {
    let number = share.strip_suffix('%')?;
    let (whole, tenth) = number.split_once('.').unwrap_or((number, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(tenth) || tenth.len() > 1 {
        return None;
    }
    whole.parse::<u16>().ok()?.checked_mul(10)?.checked_add(tenth.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_focus_is_written_as_it_is_read() {
        for text in ["0% 0%", "50% 33.3%", "100% 100%", "7.5% 12%"] {
            assert_eq!(text.parse::<Focus>().unwrap().to_string(), text);
        }
    }

    #[test]
    fn what_lies_outside_or_is_no_point_is_refused() {
        for text in [
            "",
            "50%",
            "50 50",
            "101% 5%",
            "50% 50% 50%",
            "-1% 5%",
            "5.55% 5%",
            "65600% 1%",
            "x% y%",
            "5.% 5%",
        ] {
            assert_eq!(text.parse::<Focus>(), Err(NotAFocus), "{text}");
        }
        assert!(Focus::new(1001, 0).is_err());
        assert!(serde_json::from_str::<Focus>("[5,1001]").is_err());
    }

    #[test]
    fn the_metadata_points_at_the_middle_of_its_region() {
        let region = |x, y, role: Option<&str>| ImageRegion {
            x,
            y,
            width: 0.2,
            height: 0.1,
            name: None,
            role: role.map(str::to_owned),
        };
        let cropping = Some("http://cv.iptc.org/newscodes/imageregionrole/mainSubjectArea");
        let facts = |regions| PhotoFacts { regions, ..PhotoFacts::default() };
        assert_eq!(Focus::of_facts(&facts(vec![])), None);
        assert_eq!(Focus::of_facts(&facts(vec![region(0.1, 0.5, None)])), Focus::new(200, 550).ok());
        let both = facts(vec![region(0.1, 0.5, None), region(0.6, 0.2, cropping)]);
        assert_eq!(Focus::of_facts(&both), Focus::new(700, 250).ok());
        for wrong in [region(1.5, 0.2, None), region(f64::NAN, 0.2, None), region(-3.0, 0.2, None)] {
            assert_eq!(Focus::of_facts(&facts(vec![wrong])), None);
        }
    }
}
