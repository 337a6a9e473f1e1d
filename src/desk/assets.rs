//! The desk's style sheet and modules, under a name that changes with them: a browser keeps them for good, and never mixes
//! those of two versions.

use std::sync::LazyLock;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use hyper::StatusCode;
use hyper::header::{self, HeaderMap, HeaderValue};

use super::Room;
use crate::texts::Texts;

macro_rules! assets {
    ($($name:literal),+ $(,)?) => {
        /// Name and text of each.
        const ASSETS: &[(&str, &str)] = &[$(($name, include_str!(concat!("../../assets/desk/", $name)))),+];
    };
}

assets![
    "desk.css",
    "story.css",
    "ask.js",
    "bulk.js",
    "checks.js",
    "conflict.js",
    "draft.js",
    "enter.js",
    "focus.js",
    "keys.js",
    "passkeys.js",
    "revision.js",
    "slides.js",
    "story.js",
    "writing.js",
    "photos.css",
    "wire.js",
    "uploads.css",
    "uploads.js",
    "photo.js",
    "compare.js",
    "publish.css",
    "live.js",
];

/// The module of texts, which is made of the locale.
const WORDS: &str = "words.js";

const KEPT: &str = "public, max-age=31536000, immutable";

/// A file in the forms that browsers take.
struct Pressed {
    plain: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
}

impl Pressed {
    fn of(name: &str, text: &str) -> Self {
        let (brotli, gzip) = serve::press(media_type(name), text.as_bytes());
        Self { plain: Bytes::copy_from_slice(text.as_bytes()), brotli, gzip }
    }
}

static PRESSED: LazyLock<Vec<(&str, Pressed)>> =
    LazyLock::new(|| ASSETS.iter().map(|(name, text)| (*name, Pressed::of(name, text))).collect());

/// The folder of all of them, in this language: part of their addresses.
pub fn folder(texts: Texts) -> String {
    static OF_FILES: LazyLock<store::Sha256> = LazyLock::new(|| {
        let all: String = ASSETS.iter().flat_map(|(name, text)| [*name, *text]).collect();
        store::Sha256::of(all.as_bytes())
    });
    let words = store::Sha256::of(words(texts).as_bytes());
    let both = store::Sha256::of(format!("{}{words}", *OF_FILES).as_bytes()).to_string();
    format!("/desk/assets/{}", both.get(..16).unwrap_or_default())
}

fn media_type(name: &str) -> &'static str {
    if name.ends_with(".css") { "text/css; charset=utf-8" } else { "text/javascript; charset=utf-8" }
}

/// The texts that scripts say, as a module.
fn words(texts: Texts) -> String {
    let said: serde_json::Map<String, serde_json::Value> =
        texts.for_scripts().into_iter().map(|(name, pattern)| (name.to_owned(), pattern.into())).collect();
    format!("export default {};\n", serde_json::Value::Object(said))
}

/// A file of the desk's. Its folder says of which version; another version's is not there.
pub async fn asset(
    State(room): State<Room>,
    headers: HeaderMap,
    Path((version, name)): Path<(String, String)>,
) -> Response {
    let texts = room.texts();
    if !folder(texts).ends_with(&format!("/{version}")) {
        return StatusCode::NOT_FOUND.into_response();
    }
    if name == WORDS {
        return sent(&headers, &name, &Pressed::of(WORDS, &words(texts)));
    }
    match PRESSED.iter().find(|(known, _)| *known == name) {
        Some((name, pressed)) => sent(&headers, name, pressed),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn sent(headers: &HeaderMap, name: &str, pressed: &Pressed) -> Response {
    let taken = |coding: &str| {
        let list = headers.get(header::ACCEPT_ENCODING).and_then(|list| list.to_str().ok());
        list.is_some_and(|list| list.split(',').any(|one| one.trim() == coding))
    };
    let (body, coding) = match (&pressed.brotli, &pressed.gzip) {
        (Some(brotli), _) if taken("br") => (brotli, Some("br")),
        (_, Some(gzip)) if taken("gzip") => (gzip, Some("gzip")),
        _ => (&pressed.plain, None),
    };
    let fields = [
        (header::CONTENT_TYPE, media_type(name)),
        (header::CACHE_CONTROL, KEPT),
        (header::VARY, "Accept-Encoding"),
    ];
    let mut response = (fields, body.clone()).into_response();
    if let Some(coding) = coding {
        response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_scripts_styles_and_texts_of_the_desk_weigh_at_most_80_kilobytes_compressed() {
        let words = Pressed::of(WORDS, &words(Texts::of_desk("en")));
        let gzip = |one: &Pressed| one.gzip.as_ref().unwrap_or(&one.plain).len();
        let all = PRESSED.iter().map(|(_, one)| gzip(one)).sum::<usize>() + gzip(&words);
        assert!((10_000..=80_000).contains(&all), "{all} bytes by gzip, which is the larger one");
    }
}
