//! Where a path of the printed tree lies among the files of an export, and how a page leads from there to another.

use serve::MISSING_PAGE;

/// The file that static hosts answer with where nothing lies.
const MISSING_FILE: &str = "404.html";

/// The file that static hosts answer with for the address of its folder.
const INDEX: &str = "index.html";

/// The light edition, as the query of an address names it.
const LIGHT: &str = "light";

/// The file of a path, from the export's folder: `/story/x` lies in `story/x/index.html`, its light edition in
/// `story/x/light/index.html`, `/feed.atom` in `feed.atom`. `None` for what no reader can ask for.
///
/// A last part with a full stop is a file's name: no slug holds one.
pub(super) fn file_of(path: &str) -> Option<String> {
    if path == MISSING_PAGE {
        return Some(MISSING_FILE.to_owned());
    }
    let inner = path.strip_prefix('/')?;
    let (folder, edition) = inner.split_once('?').map_or((inner, ""), |(folder, edition)| (folder, edition));
    if edition.is_empty() && names_a_file(folder) {
        return Some(folder.to_owned());
    }
    let parts = [folder.trim_end_matches('/'), edition, INDEX].into_iter().filter(|part| !part.is_empty());
    Some(parts.collect::<Vec<_>>().join("/"))
}

fn names_a_file(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|last| last.contains('.'))
}

/// Where a link leads.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Lead {
    /// Where it led before: into its own page, or to another site.
    Same,
    /// To this address.
    To(String),
    /// To what only a serving process answers.
    Nowhere,
}

/// The page from which links lead.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stand<'a> {
    /// Folders between the page's file and the export's folder.
    depth: usize,
    /// Folders above the page's live address.
    live_depth: usize,
    /// Scheme and host, where the page is shown at any depth and so can only lead to whole addresses.
    whole: Option<&'a str>,
}

impl<'a> Stand<'a> {
    /// The page with this path, in this file; `site_url` is the scheme and host of the site.
    pub fn new(path: &str, file: &str, site_url: &'a str) -> Self {
        let live = path.split('?').next().unwrap_or_default();
        Self {
            depth: file.matches('/').count(),
            live_depth: live.matches('/').count().saturating_sub(1),
            whole: (path == MISSING_PAGE).then_some(site_url),
        }
    }

    /// Where an address leads that stands on the page, as it is written in an attribute.
    pub fn lead(&self, address: &str) -> Lead {
        let own = address.is_empty() || address.starts_with(['#', '?']) || address.starts_with("//");
        if own || has_scheme(address) {
            return Lead::Same;
        }
        let from_root = address.strip_prefix('/');
        let rest = from_root.unwrap_or(address);
        let (rest, fragment) = rest.split_at(fragment_at(rest));
        let (path, query) = rest.split_once('?').map_or((rest, None), |(path, query)| (path, Some(query)));
        if from_root.is_some() && path == "search" {
            return Lead::Nowhere;
        }
        if let Some(url) = self.whole {
            return if from_root.is_some() { Lead::To(format!("{url}{address}")) } else { Lead::Same };
        }
        let climb =
            if from_root.is_some() { self.depth } else { self.depth - self.live_depth.min(self.depth) };
        let mut to = if climb == 0 { "./".to_owned() } else { "../".repeat(climb) };
        to.push_str(path);
        if !(path.is_empty() || path.ends_with('/') || names_a_file(path)) {
            to.push('/');
        }
        match query {
            Some(LIGHT) if path.starts_with("story/") => to.push_str("light/"),
            Some(query) => to.extend(["?", query]),
            None => {}
        }
        to.push_str(fragment);
        Lead::To(to)
    }
}

/// Whether an address names its scheme (RFC 3986 section 3.1), such as `https:` and `mailto:`.
fn has_scheme(address: &str) -> bool {
    address.find([':', '/', '?', '#']).is_some_and(|at| address[at..].starts_with(':'))
}

/// Where the fragment begins; a number sign behind an ampersand belongs to a character reference of HTML.
fn fragment_at(address: &str) -> usize {
    let mut signs = address.match_indices('#').map(|(at, _)| at);
    signs.find(|at| !address[..*at].ends_with('&')).unwrap_or(address.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_lie_in_folders_of_their_own_and_files_under_their_names() {
        let of = |path| file_of(path).unwrap_or_default();
        assert_eq!(of("/"), "index.html");
        assert_eq!(of("/story/фото-дня"), "story/фото-дня/index.html");
        assert_eq!(of("/story/x?light"), "story/x/light/index.html");
        assert_eq!(of("/story/x/photo/7fk2x"), "story/x/photo/7fk2x/index.html");
        assert_eq!(of("/tag/x/feed.rss"), "tag/x/feed.rss");
        assert_eq!(of("/.well-known/tdmrep.json"), ".well-known/tdmrep.json");
        assert_eq!(of("missing"), "404.html");
        assert_eq!(file_of("gone"), None);
    }

    fn lead(path: &str, address: &str) -> String {
        let file = file_of(path).unwrap();
        match Stand::new(path, &file, "https://news.example").lead(address) {
            Lead::To(to) => to,
            Lead::Same => "same".to_owned(),
            Lead::Nowhere => "nowhere".to_owned(),
        }
    }

    #[test]
    fn addresses_from_the_root_become_relative_to_the_page() {
        assert_eq!(lead("/story/x", "/"), "../../");
        assert_eq!(lead("/", "/"), "./");
        assert_eq!(lead("/", "/section/photo"), "./section/photo/");
        assert_eq!(lead("/story/x", "/story/%D1%84"), "../../story/%D1%84/");
        assert_eq!(lead("/story/x", "/story/y?light"), "../../story/y/light/");
        assert_eq!(lead("/story/x?light", "/i/t/v/640.jpg"), "../../../i/t/v/640.jpg");
        assert_eq!(lead("/story/x/photo/p", "/story/x#p-p"), "../../../../story/x/#p-p");
        assert_eq!(lead("/story/x", "/a?b=1&#38;c=2#d"), "../../a/?b=1&#38;c=2#d");
    }

    #[test]
    fn what_the_desk_wrote_relative_to_the_live_address_leads_to_the_same_page() {
        assert_eq!(lead("/story/x", "y"), "../y/");
        assert_eq!(lead("/story/x?light", "y#a"), "../../y/#a");
        assert_eq!(lead("/", "archive"), "./archive/");
    }

    #[test]
    fn what_leads_elsewhere_or_into_the_page_stays() {
        for address in ["#note-1", "https://a.example/b", "mailto:a@b.example", "//a.example", "?light", ""] {
            assert_eq!(lead("/story/x", address), "same", "{address}");
        }
    }

    #[test]
    fn search_is_answered_by_a_serving_process_only() {
        assert_eq!(lead("/story/x", "/search"), "nowhere");
        assert_eq!(lead("missing", "/search?q=a"), "nowhere");
        assert_eq!(lead("/story/x", "/searching"), "../../searching/");
    }

    #[test]
    fn the_404_page_is_shown_at_any_depth_and_leads_to_whole_addresses() {
        assert_eq!(lead("missing", "/a/page.0.css"), "https://news.example/a/page.0.css");
        assert_eq!(lead("missing", "#content"), "same");
    }
}
