//! Which files a photo has, how they are made, and what they are called. Private ones lie under the name of their recipe,
//! public ones under the version of their grant.

use darkroom::{Encoding, Recipe, Set};
use newsroom::focus::Focus;
use store::{BlobName, NotABlobKey, Sha256};

use crate::config::WorkConfig;

/// A set of files of one photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Files {
    /// The whole picture in JPEG.
    Ladder,
    /// Cuts of 3:2 in JPEG, for lists.
    Cards,
    /// The cut for link previews.
    Social,
    /// The whole picture in AVIF.
    LadderAvif,
    /// Cuts of 3:2 in AVIF.
    CardsAvif,
}

impl Files {
    /// All of them, in the order in which they are made.
    pub(super) const ALL: [Self; 5] =
        [Self::Ladder, Self::Cards, Self::Social, Self::LadderAvif, Self::CardsAvif];

    /// Whether publishing does not wait for them (ARCHITECTURE.md, invariant 8).
    pub(super) fn come_later(self) -> bool {
        matches!(self, Self::LadderAvif | Self::CardsAvif)
    }

    /// How they are made; the focus matters for cuts.
    pub(super) fn recipe(self, focus: Option<Focus>, config: &WorkConfig) -> Recipe {
        let jpeg = Encoding::Jpeg { quality: config.jpeg_quality };
        let avif = Encoding::Avif { quality: config.avif_quality };
        let focus = focus.and_then(|focus| darkroom::Focus::new(focus.x(), focus.y()).ok());
        match self {
            Self::Ladder => Recipe::new(Set::Ladder, jpeg),
            Self::Cards => Recipe { focus, ..Recipe::new(Set::Cards, jpeg) },
            Self::Social => Recipe { focus, ..Recipe::new(Set::Social, jpeg) },
            Self::LadderAvif => Recipe::new(Set::Ladder, avif),
            Self::CardsAvif => Recipe { focus, ..Recipe::new(Set::Cards, avif) },
        }
    }

    /// Whether they show a part of the picture only.
    pub(super) fn are_cuts(self) -> bool {
        matches!(self, Self::Cards | Self::Social | Self::CardsAvif)
    }

    /// The name under which the public ones of a version are kept. That of the ladder is the version's own.
    pub(super) fn kept_as(self, version: &BlobName) -> Result<BlobName, NotABlobKey> {
        match self.suffix() {
            "" => Ok(version.clone()),
            suffix => BlobName::parse(&format!("{version}-{suffix}", version = version.as_str())),
        }
    }

    /// Whether public files are kept under this name as the ladder of a version, and not as one of its other sets.
    pub(super) fn is_a_version(name: &BlobName) -> bool {
        !name.as_str().contains('-')
    }

    fn suffix(self) -> &'static str {
        match self {
            Self::Ladder => "",
            Self::Cards => "card",
            Self::Social => "social",
            Self::LadderAvif => "avif",
            Self::CardsAvif => "card-avif",
        }
    }

    /// The last part of the public address of one of them.
    pub(super) fn file_name(self, width: u32) -> String {
        match self {
            Self::Ladder => format!("{width}.jpg"),
            Self::Cards => format!("card-{width}.jpg"),
            Self::Social => "social.jpg".to_owned(),
            Self::LadderAvif => format!("{width}.avif"),
            Self::CardsAvif => format!("card-{width}.avif"),
        }
    }
}

/// The name under which the files of a recipe are kept: changes with everything that decides their bytes.
pub(super) fn recipe_name(recipe: &Recipe) -> Result<BlobName, NotABlobKey> {
    short_name(&recipe.name())
}

/// A name for a blob from a longer text that stands for its content.
pub(super) fn short_name(text: &str) -> Result<BlobName, NotABlobKey> {
    let hash = Sha256::of(text.as_bytes()).to_string();
    BlobName::parse(hash.get(..16).unwrap_or(&hash))
}

/// The name under which the whole pictures in JPEG of each photo are kept, without metadata, as the settings have them made.
///
/// # Errors
/// [`NotABlobKey`], which no settings lead to.
pub fn ladder_name(config: &WorkConfig) -> Result<BlobName, NotABlobKey> {
    recipe_name(&Files::Ladder.recipe(None, config))
}
