//! The links of a printed page, made to work wherever its file lies. Only attributes inside tags are looked at: a text
//! that looks like one stays as it is.

use super::place::{Lead, Stand};

/// The link to the search page as our templates write it.
const SEARCH: &str = "<a href=\"/search\">";

/// The page with its links relative to its file. The link to the search page goes with its words; a link of the desk
/// to a search keeps its words alone.
pub(super) fn relinked(html: &str, stand: &Stand<'_>) -> String {
    let mut out = String::with_capacity(html.len() + html.len() / 8);
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        let (tag, behind) = rest[at..].split_at(tag_length(&rest[at..]));
        rest = behind;
        if tag == SEARCH {
            rest = behind.split_once("</a>").map_or(behind, |(_, behind)| behind);
            continue;
        }
        push_tag(&mut out, tag, stand);
        if tag.starts_with("<script") {
            // Inside, "<" begins no tag.
            let (inside, behind) = rest.split_at(rest.find("</script").unwrap_or(rest.len()));
            out.push_str(inside);
            rest = behind;
        }
    }
    out.push_str(rest);
    out
}

/// Bytes up to the end of the tag that the text begins with; a ">" inside quotation marks does not end it.
fn tag_length(text: &str) -> usize {
    let mut quoted = false;
    let end = text.bytes().position(|byte| {
        quoted ^= byte == b'"';
        byte == b'>' && !quoted
    });
    end.map_or(text.len(), |end| end + 1)
}

fn push_tag(out: &mut String, tag: &str, stand: &Stand<'_>) {
    let mut rest = tag;
    while let Some((before, after)) = rest.split_once("=\"") {
        let Some((value, behind)) = after.split_once('"') else { break };
        let name = before.rsplit([' ', '\n']).next().unwrap_or_default();
        let lead = match name {
            "href" | "src" => stand.lead(value),
            "srcset" => Lead::To(srcset(value, stand)),
            _ => Lead::Same,
        };
        match lead {
            Lead::Same => out.extend([before, "=\"", value, "\""]),
            Lead::To(to) => out.extend([before, "=\"", to.as_str(), "\""]),
            Lead::Nowhere => out.push_str(before[..before.len() - name.len()].trim_end()),
        }
        rest = behind;
    }
    out.push_str(rest);
}

/// Each address with its width, as our templates write them: `address 640w, address 960w`.
fn srcset(value: &str, stand: &Stand<'_>) -> String {
    let candidates = value.split(", ").map(|candidate| {
        let (address, width) = candidate.split_once(' ').unwrap_or((candidate, ""));
        match stand.lead(address) {
            Lead::To(to) => format!("{to} {width}"),
            Lead::Same | Lead::Nowhere => candidate.to_owned(),
        }
    });
    candidates.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at_story(html: &str) -> String {
        relinked(html, &Stand::new("/story/x", "story/x/index.html", "https://news.example"))
    }

    #[test]
    fn links_scripts_and_every_picture_of_a_set_are_relative() {
        assert_eq!(
            at_story("<a class=\"b\" href=\"/tag/y\">y</a>"),
            "<a class=\"b\" href=\"../../tag/y/\">y</a>"
        );
        assert_eq!(
            at_story("<img src=\"/i/t/v/1.jpg\" srcset=\"/i/t/v/1.jpg 1w, /i/t/v/2.jpg 2w\" alt=\"/i\">"),
            "<img src=\"../../i/t/v/1.jpg\" srcset=\"../../i/t/v/1.jpg 1w, ../../i/t/v/2.jpg 2w\" alt=\"/i\">"
        );
        assert_eq!(
            at_story("<script type=\"module\" src=\"/a/l.js\"></script>"),
            "<script type=\"module\" src=\"../../a/l.js\"></script>"
        );
    }

    #[test]
    fn texts_values_and_data_that_look_like_links_stay() {
        for text in [
            "<p>type <code>a href=\"/x\" b</code></p>",
            "<p title=\"a > b href=/x\">c href=\"/y\"</p>",
            "<script type=\"application/ld+json\">{\"a\":\"<a href=\"/x\">\"}</script>",
            "<meta property=\"og:url\" content=\"/x\">",
        ] {
            assert_eq!(at_story(text), text);
        }
    }

    #[test]
    fn search_is_left_out_and_a_link_of_the_desk_to_a_search_keeps_its_words() {
        assert_eq!(at_story("<p>a <a href=\"/search\">Search</a> b</p>"), "<p>a  b</p>");
        assert_eq!(
            at_story("<p><a href=\"/search?q=a\" rel=\"noopener\">all of a</a></p>"),
            "<p><a rel=\"noopener\">all of a</a></p>"
        );
    }

    #[test]
    fn a_page_that_is_cut_short_is_given_back_as_it_is() {
        for cut in ["<p", "<a href=\"/x", "text <a href=", "<script>x", "a < b"] {
            assert_eq!(at_story(cut), cut);
        }
    }
}
