use super::{Asked, Key, address, asked, canonical, path_of};

fn path(text: &str) -> Asked<'_> {
    Asked::Path(text.into())
}

#[test]
fn slugs_of_every_script_are_found_encoded_or_not() {
    assert_eq!(asked("/фото/наводнение"), path("/фото/наводнение"));
    assert_eq!(asked("/%D1%84%D0%BE%D1%82%D0%BE"), path("/фото"));
    assert_eq!(asked("/%d1%84%d0%be%d1%82%d0%be"), path("/фото"));
    assert_eq!(asked("/%E5%86%99%E7%9C%9F/%D8%B5%D9%88%D8%B1%D8%A9"), path("/写真/صورة"));
    assert_eq!(asked("/a%20b"), path("/a b"));
}

#[test]
fn decomposed_letters_find_the_composed_slug() {
    assert_eq!(asked("/cafe\u{301}"), path("/caf\u{e9}"));
    assert_eq!(asked("/cafe%CC%81"), path("/caf\u{e9}"));
}

#[test]
fn broken_encodings_are_malformed() {
    for raw in ["/%", "/%4", "/%zz", "/%+1", "/%ff", "/%C3%28", "/%00", "/a%0d%0ab", "/%7f", "/%ed%a0%80"] {
        assert_eq!(asked(raw), Asked::Malformed, "{raw}");
    }
}

#[test]
fn paths_that_no_tree_holds_are_elsewhere() {
    let odd =
        ["", "*", "a", "//", "//host/a", "/a//b", "/..", "/a/../b", "/a/.", "/./a", "/%2e%2e/a", "/a%2Fb"];
    for raw in odd.into_iter().chain(["/a\\b", "/%5C", "/..%2f..%2fetc/passwd", "/a/%2E%2E/%2e%2e/b"]) {
        assert_eq!(asked(raw), Asked::Elsewhere, "{raw}");
    }
    assert_eq!(asked(&format!("/{}", "a".repeat(4096))), Asked::Elsewhere);
}

#[test]
fn the_root_and_a_trailing_slash_are_paths() {
    assert_eq!(asked("/"), path("/"));
    assert_eq!(asked("/photo/"), path("/photo/"));
    assert_eq!(asked("/a...b/..c"), path("/a...b/..c"));
}

#[test]
fn only_canonical_text_is_its_own_canonical_form() {
    assert_eq!(canonical("/caf\u{e9}").as_deref(), Some("/caf\u{e9}"));
    assert_eq!(canonical("/cafe\u{301}").as_deref(), Some("/caf\u{e9}"));
    assert_eq!(canonical("/a\u{1}"), None);
}

#[test]
fn a_key_survives_its_hexadecimal_form() {
    let key = Key::of("/photo/flood");
    assert_eq!(Key::from_hex(&key.to_string()), Some(key));
    assert_eq!(Key::from_hex("+0000000000000000000000000000001"), None);
    assert_eq!(Key::from_hex("00"), None);
    assert_ne!(key, Key::of("/photo/flood/"));
}

#[test]
fn an_address_may_stand_in_a_header_and_finds_its_path_again() {
    assert_eq!(address("/фото a<b>"), "/%D1%84%D0%BE%D1%82%D0%BE%20a%3Cb%3E");
    assert_eq!(asked(&address("/фото a<b>")), path("/фото a<b>"));
    assert_eq!(address("https://example.org/a?b=%20&c#d"), "https://example.org/a?b=%20&c#d");
    assert_eq!(address("/a\r\nSet-Cookie: x"), "/a%0D%0ASet-Cookie:%20x");
}

#[test]
fn an_address_leads_to_the_path_of_its_page_or_edition() {
    assert_eq!(path_of("/story/%D1%84").as_deref(), Some("/story/ф"));
    assert_eq!(path_of("/story/%D1%84?light").as_deref(), Some("/story/ф?light"));
    assert_eq!(path_of("/a%2Fb"), None);
    assert_eq!(path_of("https://a.example/"), None);
}
