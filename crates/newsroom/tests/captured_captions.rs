//! The rules on the captions of a real photo story, as a captured page has them. The page is not part of the project:
//! `HALFTONE_SHARED` names the folder that holds it, and without it the tests are reported as skipped.

use std::path::Path;
use std::{fs, io};

use newsroom::caption::read_caption;
use newsroom::dates::picture_date;
use newsroom::places::stated_place;

/// The bulleted captions of every captured page; none when the folder is not named.
#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn captions() -> io::Result<Vec<String>> {
    #[expect(clippy::disallowed_methods, reason = "a test's own switch, no configuration of the product")]
    let Some(shared) = std::env::var_os("HALFTONE_SHARED") else {
        eprintln!("SKIPPED: HALFTONE_SHARED is not set");
        return Ok(Vec::new());
    };
    let mut captions = Vec::new();
    for entry in fs::read_dir(Path::new(&shared).join("seed"))? {
        let text = fs::read_to_string(entry?.path())?;
        captions.extend(text.lines().filter_map(|line| line.trim().strip_prefix("• ")).map(str::to_owned));
    }
    assert!(captions.len() >= 15, "{} captions", captions.len());
    Ok(captions)
}

#[test]
fn r11_captions_without_signs_for_editors_pass_the_firewall_unchanged() {
    for caption in captions().unwrap() {
        let reading = read_caption(&caption);
        assert_eq!(
            (reading.caption.as_str(), reading.signoff, reading.desk_only.len()),
            (caption.as_str(), None, 0)
        );
    }
}

#[test]
fn each_caption_states_its_day() {
    for caption in captions().unwrap() {
        let day = picture_date(&caption).and_then(|date| date.partial()).unwrap().to_string();
        assert!(["2021-01-01", "2021-01-02"].contains(&day.as_str()), "{caption}: {day}");
    }
}

#[test]
fn the_place_before_the_date_is_read() {
    let known = [
        "Baghdad, Iraq",
        "Sanaa, Yemen",
        "Baghdad's International Airport",
        "Najaf",
        "Baghdad Airport, Baghdad",
        "Kerman, Iran",
        "Iraq",
    ];
    for caption in captions().unwrap() {
        let place = stated_place(&caption).map(|place| place.line);
        assert!(place.as_deref().is_some_and(|line| known.contains(&line)), "{caption}: {place:?}");
    }
}
