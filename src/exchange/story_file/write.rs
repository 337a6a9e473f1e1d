//! Writes a story's text file.

use std::fmt::Write;

use newsroom::facts::PhotoFacts;
use newsroom::shown::{Origin, ShownSlide, show};
use newsroom::slide::Slide;
use newsroom::story::Story;
use toml_edit::Value;

/// What the file says of one slide.
pub struct SlideText<'a> {
    /// The slide as the desk keeps it.
    pub slide: &'a Slide,
    /// What readers would see of it.
    pub shown: &'a ShownSlide,
    /// The photo's original file name, for the desk's eyes.
    pub file_name: Option<&'a str>,
    /// Remarks that stand above the slide as comments: desk-only texts, restrictions, proposals.
    pub remarks: Vec<String>,
}

/// The text file of a story.
pub fn write(story: &Story, slides: &[SlideText<'_>]) -> String {
    let mut file = String::new();
    comment(&mut file, "Edit this file and put it back: halftone story put STORY FILE");
    comment(
        &mut file,
        "A field that is left out stays as it is. The slides below, in this order, become the story's slides.",
    );
    field(&mut file, "story", &story.id.to_string());
    let _ = writeln!(file, "revision = {}", story.revision);
    file.push('\n');
    field(&mut file, "headline", &story.headline);
    field(&mut file, "section", &story.section);
    field(&mut file, "slug", story.slug.as_str());
    field(&mut file, "language", &story.language);
    field(&mut file, "direction", story.direction.as_str());
    field(&mut file, "dateline", story.dateline.as_deref().unwrap_or_default());
    list(&mut file, "bylines", &story.bylines);
    list(&mut file, "tags", &story.tags);
    field(&mut file, "cover", story.cover.as_ref().map(ToString::to_string).unwrap_or_default().as_str());
    if let Some(shown) = story.moments.shown {
        let line = format!("shown = {}", Value::from(shown.at.to_string()));
        if shown.unconfirmed {
            comment(
                &mut file,
                "The time came with an import and is not confirmed. Take the next line's # away to confirm it.",
            );
            comment(&mut file, &line);
        } else {
            let _ = writeln!(file, "{line}");
        }
    }
    field(&mut file, "lede", &story.lede);
    field(&mut file, "body", &story.body);
    for line in &story.kept_lines {
        comment(&mut file, &format!("Not understood by the import: {line}"));
    }
    for (index, slide) in slides.iter().enumerate() {
        write_slide(&mut file, index + 1, slide);
    }
    file
}

fn write_slide(file: &mut String, number: usize, text: &SlideText<'_>) {
    let shown = text.shown;
    file.push('\n');
    comment(
        file,
        &format!("Photo {number}{}", text.file_name.map(|name| format!(": {name}")).unwrap_or_default()),
    );
    for remark in &text.remarks {
        comment(file, remark);
    }
    file.push_str("[[slide]]\n");
    field(file, "id", text.slide.id.as_str());
    field(file, "photo", text.slide.photo.map(|photo| photo.to_string()).unwrap_or_default().as_str());
    field(file, "caption", &shown.caption.text);
    field(file, "alt", &shown.alt.text);
    field(file, "long_description", &shown.long_description.text);
    field(file, "credit", &shown.credit.text);
    field(file, "place", &shown.place.text);
    field(file, "date", &shown.date.text);
    field(file, "language", shown.language.as_deref().unwrap_or_default());
    // Empty: the point of the file's metadata, else a measured one.
    field(file, "focus", text.slide.focus.map(|focus| focus.to_string()).unwrap_or_default().as_str());
}

/// The fields of a slide where the desk's text stands and the photo's file has another one, with the file's text
/// (ARCHITECTURE.md, invariant 5: an update of the file does not change them, and must be seen).
pub fn file_differs(
    slide: &Slide,
    shown: &ShownSlide,
    facts: &PhotoFacts,
    language: &str,
) -> Vec<(&'static str, String)> {
    let untouched = Slide { photo: slide.photo, ..Slide::empty(slide.id.clone()) };
    let file = show(&untouched, Some(facts), language);
    [
        ("caption", &shown.caption, &file.caption),
        ("alt", &shown.alt, &file.alt),
        ("long description", &shown.long_description, &file.long_description),
        ("credit", &shown.credit, &file.credit),
        ("place", &shown.place, &file.place),
        ("date", &shown.date, &file.date),
    ]
    .into_iter()
    .filter(|(_, desk, file)| desk.origin == Origin::Desk && desk.text != file.text)
    .filter_map(|(key, _, file)| Some((key, file.given()?.to_owned())))
    .collect()
}

fn comment(file: &mut String, text: &str) {
    for line in text.lines() {
        let line: String = line.chars().filter(|c| !c.is_control() || *c == '\t').collect();
        let _ = writeln!(file, "# {line}");
    }
}

fn field(file: &mut String, key: &str, text: &str) {
    let _ = writeln!(file, "{key} = {}", Value::from(text));
}

fn list(file: &mut String, key: &str, items: &[String]) {
    let array: toml_edit::Array = items.iter().collect();
    let _ = writeln!(file, "{key} = {}", Value::from(array));
}
