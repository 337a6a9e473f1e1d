//! What a reader's eyes find in a printed page: figures with their captions and credits, in order.

/// One figure of a story page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// The slide's id, from its anchor; empty for the cover.
    pub slide: String,
    pub caption: String,
    pub credit: String,
    pub alt: String,
    /// The picture in all its widths; empty where it is still to come.
    pub pictures: Vec<String>,
}

/// The cover of a story page.
pub fn cover(html: &str) -> Option<Figure> {
    let start = html.find("<figure class=\"cover\"")?;
    Some(figure("", between(&html[start..], "<figure", "</figure>")?))
}

/// The slides of a story page, in its order: each list item of the photos holds one figure.
pub fn slides(html: &str) -> Vec<Figure> {
    let Some(photos) = html.find("id=\"photos\"").and_then(|start| between(&html[start..], "<ol>", "</ol>"))
    else {
        return Vec::new();
    };
    photos
        .split("<li id=\"p-")
        .skip(1)
        .map(|item| {
            assert_eq!(item.matches("<figure").count(), 1, "one figure a slide: {item}");
            let id = item.split('"').next().unwrap();
            figure(id, between(item, "<figure", "</figure>").unwrap())
        })
        .collect()
}

fn figure(id: &str, html: &str) -> Figure {
    let caption: Vec<String> = html
        .split("<p class=\"caption\"")
        .skip(1)
        .map(|part| text(&without_marks(part.split_once('>').unwrap().1.split("</p>").next().unwrap())))
        .collect();
    let credit =
        between(html, "<p class=\"credit\">", "</p>").and_then(|credit| between(credit, "<bdi>", "</bdi>"));
    // Of the picture itself, in JPEG; a source of another format may stand before it.
    let picture = html.find("<img").map_or("", |start| &html[start..]);
    let pictures = attribute(picture, "srcset").unwrap_or_default();
    Figure {
        slide: id.to_owned(),
        caption: caption.join("\n"),
        credit: credit.map(text).unwrap_or_default(),
        alt: attribute(html, "alt").unwrap_or_default(),
        pictures: pictures
            .split(", ")
            .filter_map(|one| one.split(' ').next())
            .filter(|one| !one.is_empty())
            .map(str::to_owned)
            .collect(),
    }
}

/// A text without the marks that lead to notices (R34).
pub fn without_marks(html: &str) -> String {
    let mut parts = html.split("<a class=\"mark\"");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, part| all + part.split_once("</a>").unwrap().1)
}

/// What stands between two marks, the first of each.
pub fn between<'a>(html: &'a str, start: &str, end: &str) -> Option<&'a str> {
    let rest = &html[html.find(start)? + start.len()..];
    Some(&rest[..rest.find(end)?])
}

/// The first value of an attribute.
pub fn attribute(html: &str, name: &str) -> Option<String> {
    between(html, &format!(" {name}=\""), "\"").map(unescape)
}

/// All values of an attribute, in order.
pub fn attributes(html: &str, name: &str) -> Vec<String> {
    html.split(&format!(" {name}=\""))
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .map(unescape)
        .collect()
}

/// The text of a piece of HTML: tags gone, references resolved.
pub fn text(html: &str) -> String {
    let mut plain = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' if inside => inside = false,
            c if !inside => plain.push(c),
            _ => {}
        }
    }
    unescape(&plain).trim().to_owned()
}

fn unescape(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        plain.push_str(&rest[..start]);
        let end =
            start + rest[start..].find(';').unwrap_or_else(|| panic!("an unfinished reference: {text}"));
        plain.push(match &rest[start + 1..end] {
            "amp" => '&',
            "lt" => '<',
            "gt" => '>',
            "quot" => '"',
            "apos" => '\'',
            "nbsp" => '\u{a0}',
            number => {
                let number =
                    number.strip_prefix('#').unwrap_or_else(|| panic!("an unknown reference: {number}"));
                let code = number
                    .strip_prefix('x')
                    .map_or_else(|| number.parse(), |hex| u32::from_str_radix(hex, 16));
                char::from_u32(code.unwrap()).unwrap()
            }
        });
        rest = &rest[end + 1..];
    }
    plain.push_str(rest);
    plain
}
