use bytes::Bytes;
use sha2::{Digest, Sha256};

use super::{PrintFault, Printed, Status};
use crate::{Policy, Torn};

const HTML: &str = "text/html; charset=utf-8";

fn story() -> Printed {
    let body = "<p>A ferry crosses the river in flood.</p>\n".repeat(20);
    Printed::new(Status::Ok, HTML, body, 7)
        .with_policy(Policy::Page)
        .with_keys(["story:1", "photo:2"])
        .with_modified(1_609_688_000)
        .with_link("</site.css>; rel=preload; as=style")
        .with_language("en")
}

#[test]
fn what_was_printed_is_read_back() {
    let gone = Printed::new(Status::Gone, HTML, "<p>Withdrawn.</p>", 7);
    let moved = Printed::redirect(Status::PermanentRedirect, "/фото", 7);
    for printed in [story(), gone, moved] {
        let bytes = printed.encode("/photo/flood").unwrap();
        assert_eq!(Printed::decode(&bytes).unwrap(), ("/photo/flood".to_owned(), printed));
    }
}

/// A page whose plain body is large enough to be aligned.
fn long_story() -> Printed {
    Printed::new(Status::Ok, HTML, "<p>A ferry crosses the river in flood.</p>\n".repeat(700), 7)
}

#[test]
fn every_cut_is_seen() {
    for printed in [story(), long_story()] {
        let bytes = printed.encode("/photo/flood").unwrap();
        for length in 0..bytes.len() {
            assert!(Printed::decode(&bytes[..length]).is_err(), "cut at {length} of {}", bytes.len());
        }
    }
}

#[test]
fn every_changed_byte_is_seen() {
    for (printed, flips) in [(story(), &[0x01, 0x80, 0xff][..]), (long_story(), &[0x10])] {
        let mut bytes = printed.encode("/photo/flood").unwrap();
        for at in 0..bytes.len() {
            for flip in flips {
                bytes[at] ^= flip;
                assert!(Printed::decode(&bytes).is_err(), "byte {at} xor {flip:#x}");
                bytes[at] ^= flip;
            }
        }
        assert_eq!(Printed::decode(&bytes).unwrap().1, printed);
    }
}

#[test]
fn a_large_body_begins_where_a_page_of_memory_does() {
    let printed = long_story();
    let (bytes, reach) = printed.encode_with_reach("/photo/flood").unwrap();
    assert_eq!((bytes.len() - printed.plain.len()) % 4096, 0);
    assert_eq!(bytes[reach - printed.brotli.as_ref().unwrap().len()..reach], printed.brotli.unwrap());
}

#[test]
fn a_tail_of_zeros_as_a_power_cut_leaves_it_is_seen() {
    let whole = story().encode("/photo/flood").unwrap();
    for from in 0..whole.len() - 1 {
        let mut bytes = whole.clone();
        bytes[from..].fill(0);
        assert!(Printed::decode(&bytes).is_err(), "zeros from {from}");
    }
}

#[test]
fn something_behind_the_end_is_seen() {
    let mut bytes = story().encode("/photo/flood").unwrap();
    bytes.push(0);
    assert_eq!(Printed::decode(&bytes), Err(Torn::Long));
}

#[test]
fn text_is_compressed_and_comes_back_the_same() {
    let printed = story();
    let mut plain = Vec::new();
    let brotli = printed.brotli.clone().unwrap();
    brotli::BrotliDecompress(&mut &brotli[..], &mut plain).unwrap();
    assert_eq!(plain, printed.plain);
    let mut plain = Vec::new();
    let gzip = printed.gzip.clone().unwrap();
    std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&gzip[..]), &mut plain).unwrap();
    assert_eq!(plain, printed.plain);
}

#[test]
fn tiny_bodies_pictures_and_noise_stay_plain() {
    let noise: Vec<u8> = (0..64_u8).flat_map(|n| Sha256::digest([n])).collect();
    let words = "flood ".repeat(200);
    for (content_type, body) in [
        (HTML, Bytes::from_static(b"<p>short</p>")),
        ("image/jpeg", Bytes::from(words.clone())),
        ("font/woff2", Bytes::from(words)),
        ("text/plain", Bytes::from(noise)),
    ] {
        let printed = Printed::new(Status::Ok, content_type, body, 1);
        assert!(printed.brotli.is_none() && printed.gzip.is_none(), "{content_type}");
    }
}

#[test]
fn the_hash_follows_the_body_only() {
    assert_eq!(story().hash, story().with_language("de").hash);
    assert_ne!(story().hash, Printed::new(Status::Ok, HTML, "other", 7).hash);
    assert_eq!(story().hash.len(), 20);
}

#[test]
fn a_value_that_would_break_out_of_its_header_is_refused() {
    let broken = [
        story().with_link("</a>\r\nSet-Cookie: x"),
        story().with_language("ру"),
        story().with_language(""),
        story().with_keys(["a b"]),
        story().with_keys(["a,b"]),
        story().with_keys(["ключ"]),
        Printed::new(Status::Ok, "text/html\n", "x", 1),
    ];
    for printed in broken {
        assert!(matches!(printed.encode("/a"), Err(PrintFault::Header { .. })), "{printed:?}");
    }
}

#[test]
fn compressed_forms_are_taken_over_from_an_object_with_the_same_body_only() {
    let body = "<p>A ferry crosses the river in flood.</p>\n".repeat(40);
    let mut standing = Printed::new(Status::Ok, HTML, body.clone(), 6);
    // What no compressor of ours makes shows where it came from.
    standing.brotli = Some(bytes::Bytes::from_static(b"lent"));
    let again = Printed::unpressed(Status::Ok, HTML, body.clone(), 7);
    assert_eq!((&again.brotli, &again.gzip), (&None, &None));
    assert_eq!(again.clone().pressed(Some(&standing)).brotli.as_deref(), Some(b"lent".as_slice()));
    let fresh = Printed::new(Status::Ok, HTML, body.clone(), 7);
    assert_eq!(again.pressed(None), fresh);
    let other = Printed::unpressed(Status::Ok, HTML, body + "<p>More.</p>", 7).pressed(Some(&standing));
    assert!(other.brotli.is_some() && other.brotli != standing.brotli);
}
