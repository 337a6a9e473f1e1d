//! What pages load beside their pictures. Whoever prints the tree puts these under the addresses of
//! [`super::Assets`]: the hashed ones immutable, the house's colours with a short life, so that a new colour
//! reprints nothing.

/// The style sheet of all readers' pages (`text/css`), to be printed under a name with its hash.
pub const PAGE_CSS: &str = include_str!("../../assets/page.css");

/// The house's colours as custom properties (`text/css`), to be printed at `/site.css`.
pub const SITE_CSS: &str = include_str!("../../assets/site.css");

/// The lightbox of story pages (`text/javascript`, a module), to be printed under a name with its hash.
pub const LIGHTBOX_JS: &str = include_str!("../../assets/lightbox.js");

/// The icon of the site (`image/svg+xml`), to be printed under a name with its hash.
pub const ICON_SVG: &str = include_str!("../../assets/icon.svg");
