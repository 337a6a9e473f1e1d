//! How long browsers and content networks may keep what they got.

/// The life of a printed object in caches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Policy {
    /// Pages and feeds: asked again each time, a content network may keep them for fifteen seconds.
    #[default]
    Page,
    /// Pictures: an hour in browsers; a year in a content network that can be purged by key.
    Picture,
    /// CSS, scripts and fonts whose address holds their hash: a year, never asked again.
    Hashed,
    /// What changes rarely but must follow soon, such as the house's colours: one minute.
    Short,
    /// Answers that say "not here": ten seconds, so that a story published a moment later is found.
    Fault,
}

impl Policy {
    /// What stands for it in an object.
    pub(crate) const fn number(self) -> u8 {
        match self {
            Self::Page => 0,
            Self::Picture => 1,
            Self::Hashed => 2,
            Self::Short => 3,
            Self::Fault => 4,
        }
    }

    pub(crate) const fn from_number(number: u8) -> Option<Self> {
        match number {
            0 => Some(Self::Page),
            1 => Some(Self::Picture),
            2 => Some(Self::Hashed),
            3 => Some(Self::Short),
            4 => Some(Self::Fault),
            _ => None,
        }
    }

    /// The value of `Cache-Control`.
    pub(crate) const fn browsers(self) -> &'static str {
        match self {
            Self::Page => "public, max-age=0, s-maxage=15, must-revalidate",
            Self::Picture => "public, max-age=3600",
            Self::Hashed => "public, max-age=31536000, immutable",
            Self::Short => "public, max-age=60",
            Self::Fault => "public, max-age=10",
        }
    }

    /// The life in a content network that is purged by key, where it differs from that in browsers.
    pub(crate) const fn networks(self) -> Option<&'static str> {
        match self {
            Self::Picture => Some("public, max-age=31536000"),
            Self::Page | Self::Hashed | Self::Short | Self::Fault => None,
        }
    }
}

/// Which content network stands before the site and is purged by key. Without one, no keys are sent (they would cost
/// every reader a kilobyte a page) and nothing may be kept for longer than a browser keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Network {
    /// None that is purged by key.
    #[default]
    Direct,
    /// One that reads `Surrogate-Key` and `Surrogate-Control` (Fastly, Varnish with xkey).
    SurrogateKey,
    /// One that reads `Cache-Tag` and `CDN-Cache-Control` (RFC 9213; Cloudflare, Akamai, bunny).
    CacheTag,
}
