//! What pages load beside their pictures. Whoever prints the tree puts these under the addresses of
//! [`super::Assets`]: the hashed ones immutable, the house's colours with a short life, so that a new colour
//! reprints nothing.

use newsroom::colour::Colour;

/// The style sheet of all readers' pages (`text/css`), to be printed under a name with its hash.
pub const PAGE_CSS: &str = include_str!("../../assets/page.css");

/// The program's own colours as custom properties (`text/css`).
const SITE_CSS: &str = include_str!("../../assets/site.css");

/// The program's own colour in the light, as [`SITE_CSS`] has it.
const ACCENT: &str = "--accent: #93290f;";
/// The same in the dark.
const ACCENT_DARK: &str = "--accent: #f0a88f;";

/// The lightbox of story pages (`text/javascript`, a module), to be printed under a name with its hash.
pub const LIGHTBOX_JS: &str = include_str!("../../assets/lightbox.js");

/// The icon of the site (`image/svg+xml`), to be printed under a name with its hash.
pub const ICON_SVG: &str = include_str!("../../assets/icon.svg");

/// When the house's colours hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// As the reader's machine says.
    AsSet,
    /// The light ones always.
    Light,
    /// The dark ones always.
    Dark,
}

/// The house's colours as custom properties (`text/css`), to be printed at `/site.css`.
pub fn site_css(accent: Option<(Colour, Colour)>, ground: Ground) -> String {
    let css = match accent {
        None => SITE_CSS.to_owned(),
        Some((light, dark)) => SITE_CSS
            .replace(ACCENT, &format!("--accent: {light};"))
            .replace(ACCENT_DARK, &format!("--accent: {dark};")),
    };
    let always = |query: &str, scheme: &str| {
        let css = css.replace("(prefers-color-scheme: dark)", query);
        format!("{css}:root {{ color-scheme: {scheme}; }}\n")
    };
    match ground {
        Ground::AsSet => css,
        Ground::Light => always("not all", "light"),
        Ground::Dark => always("all", "dark"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colour_of_the_house_takes_the_place_of_the_program_s_own_on_both_grounds_and_not_on_paper() {
        let own = site_css(None, Ground::AsSet);
        assert!(own.contains(ACCENT) && own.contains(ACCENT_DARK));
        let colours = (Colour::new(0, 0x45, 0x8a), Colour::new(0x80, 0xb0, 0xf0));
        let set = site_css(Some(colours), Ground::AsSet);
        assert_eq!(set.matches("--accent: #00458a;").count(), 1);
        assert_eq!(set.matches("--accent: #80b0f0;").count(), 1);
        assert_eq!(set.matches("--accent:").count(), own.matches("--accent:").count());
        assert!(set.contains("--accent: #000;"), "the printer's");
    }

    #[test]
    fn colours_can_be_held_to_one_ground() {
        assert!(!site_css(None, Ground::Dark).contains("prefers-color-scheme"));
        assert!(site_css(None, Ground::Light).ends_with("color-scheme: light; }\n"));
    }
}
