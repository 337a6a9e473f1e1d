//! `[database]`: where the records lie.

use super::reading::SectionReader;

/// The database's settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseConfig {
    /// `postgres://…` for PostgreSQL; SQLite in the data folder when not set.
    pub url: Option<String>,
}

impl DatabaseConfig {
    pub(super) fn read(section: &mut SectionReader) -> Self {
        let url = section.optional_text("url");
        let known = url
            .as_deref()
            .is_none_or(|url| url.starts_with("postgres://") || url.starts_with("postgresql://"));
        if !known {
            section
                .fault("url", "must begin with \"postgres://\"; leave it out for SQLite in the data folder");
        }
        Self { url }
    }
}
