//! `[blobs]`: where originals, pictures and the printed site lie.

use std::fmt;

use super::reading::SectionReader;

/// Where the bytes lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlobsConfig {
    /// A bucket of an S3-compatible store; the data folder when not set.
    pub bucket: Option<BucketConfig>,
    /// Bytes of the disk that a serving process takes for what it has read from a bucket.
    pub cache_bytes: u64,
}

/// A bucket of an S3-compatible store.
#[derive(Clone, PartialEq, Eq)]
pub struct BucketConfig {
    /// Its name.
    pub name: String,
    /// What all names in it begin with, without slashes at the ends; empty for the whole bucket.
    pub prefix: String,
    /// The store's address; Amazon's own when not set.
    pub endpoint: Option<String>,
    /// The store's region.
    pub region: String,
    /// Who asks.
    pub access_key: String,
    /// The proof.
    pub secret_key: String,
}

impl fmt::Debug for BucketConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "s3://{}/{}", self.name, self.prefix)
    }
}

impl BlobsConfig {
    pub(super) fn read(section: &mut SectionReader) -> Self {
        let url = section.optional_text("url");
        let endpoint = set_or(section.optional_text("endpoint"), "AWS_ENDPOINT_URL");
        let region = set_or(section.optional_text("region"), "AWS_REGION");
        let access_key = set_or(section.optional_text("access_key"), "AWS_ACCESS_KEY_ID");
        let secret_key = set_or(section.optional_text("secret_key"), "AWS_SECRET_ACCESS_KEY");
        let region = region.unwrap_or_else(|| "us-east-1".to_owned());
        let cache_bytes = section.number("cache_megabytes", 10_240, 16, 10_000_000) << 20;
        if endpoint.as_deref().is_some_and(|at| !at.starts_with("https://") && !at.starts_with("http://")) {
            section.fault("endpoint", "must begin with \"https://\" or \"http://\"");
        }
        let bucket = url.and_then(|url| {
            let Some((name, prefix)) = parse(&url) else {
                section.fault(
                    "url",
                    "must be \"s3://BUCKET\" or \"s3://BUCKET/PREFIX\"; leave it out for the data folder",
                );
                return None;
            };
            if access_key.is_none() {
                section.fault("access_key", "is missing: set it here or in AWS_ACCESS_KEY_ID");
            }
            if secret_key.is_none() {
                section.fault("secret_key", "is missing: set it here or in AWS_SECRET_ACCESS_KEY");
            }
            let (access_key, secret_key) = (access_key?, secret_key?);
            Some(BucketConfig { name, prefix, endpoint, region, access_key, secret_key })
        });
        Self { bucket, cache_bytes }
    }
}

/// A setting, or the variable by which the store's other programs know it.
fn set_or(set: Option<String>, variable: &str) -> Option<String> {
    set.or_else(|| super::environment(variable)).filter(|text| !text.is_empty())
}

/// Bucket and prefix of `s3://bucket/prefix`.
fn parse(url: &str) -> Option<(String, String)> {
    let (name, prefix) = match url.strip_prefix("s3://")?.split_once('/') {
        Some((name, prefix)) => (name, prefix.trim_end_matches('/')),
        None => (url.strip_prefix("s3://")?, ""),
    };
    let fits = |part: &str| {
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
            && !part.starts_with('.')
    };
    let whole = prefix.is_empty() || prefix.split('/').all(fits);
    (fits(name) && whole).then(|| (name.to_owned(), prefix.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn a_bucket_may_be_shared_by_prefixes() {
        let read = |url| parse(url).map(|(name, prefix)| format!("{name} {prefix}"));
        assert_eq!(read("s3://desk").as_deref(), Some("desk "));
        assert_eq!(read("s3://desk/").as_deref(), Some("desk "));
        assert_eq!(read("s3://desk/a/b/").as_deref(), Some("desk a/b"));
        for wrong in ["desk", "s3://", "s3:///a", "s3://desk/a//b", "s3://desk/../x", "https://desk"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
