//! What a sender says of a file in `Upload-Metadata` (tus 1.0, "Creation"): keys, and perhaps values in base 64.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use store::Sha256;

/// The key of the hash of all bytes, in hexadecimal.
pub const SHA256: &str = "sha256";
/// The key of the hash of the .xmp file that is sent with it, in hexadecimal.
pub const SIDECAR: &str = "sidecar";

/// The key of what is to be left out of a file before it is kept: [`POSITION`].
pub const LEAVE_OUT: &str = "leave_out";
/// Where the photo was taken.
pub const POSITION: &str = "position";

/// The pairs, in their order; `None` where the text has none that can be read.
pub fn pairs(metadata: &str) -> Option<Vec<(String, String)>> {
    let mut read = Vec::new();
    for pair in metadata.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
        let (key, value) = pair.split_once(' ').unwrap_or((pair, ""));
        let value = STANDARD.decode(value.trim()).ok()?;
        read.push((key.to_owned(), String::from_utf8(value).ok()?));
    }
    Some(read)
}

/// The pairs as one text.
pub fn written<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let pairs = pairs.into_iter().map(|(key, value)| format!("{key} {}", STANDARD.encode(value)));
    pairs.collect::<Vec<_>>().join(",")
}

/// The hash under this key; `None` where none is said.
///
/// # Errors
/// What stands there instead of a hash.
pub fn hash(pairs: &[(String, String)], key: &str) -> Result<Option<Sha256>, String> {
    let said = pairs.iter().find(|(name, value)| name == key && !value.is_empty());
    said.map(|(_, value)| value.parse().map_err(|_| value.clone())).transpose()
}

/// The hash that all bytes of an announced file are to have.
pub fn announced_hash(metadata: &str) -> Option<Sha256> {
    hash(&pairs(metadata)?, SHA256).ok().flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn metadata_is_read_and_odd_metadata_refused() {
        let read = pairs("filename cGhvdG8uanBn, story , is_confidential").unwrap();
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        assert_eq!(read, [pair("filename", "photo.jpg"), pair("story", ""), pair("is_confidential", "")]);
        assert!(pairs("filename !!!").is_none());
        assert!(pairs("filename /w==").is_none(), "no UTF-8");
        assert_eq!(pairs("").unwrap(), []);
    }

    #[test]
    fn what_is_written_is_read_again_and_what_is_none_is_told_apart() {
        let text = written([("filename", "Über Doel.jpg"), ("empty", "")]);
        let read = pairs(&text).unwrap();
        assert_eq!(read[0], ("filename".to_owned(), "Über Doel.jpg".to_owned()));
        assert_eq!(read[1], ("empty".to_owned(), String::new()));
        let hash_of = |value: &str| hash(&[(SHA256.to_owned(), value.to_owned())], SHA256);
        let known = "ab".repeat(32);
        assert_eq!(hash_of(&known).unwrap().unwrap().to_string(), known);
        assert_eq!((hash_of(""), hash_of("ab")), (Ok(None), Err("ab".to_owned())));
        assert_eq!(announced_hash(&written([(SHA256, known.as_str())])).unwrap().to_string(), known);
    }
}
