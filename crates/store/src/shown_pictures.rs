//! What readers may fetch of the photos of a published story, and which of its photos were withdrawn: each in one
//! question, since pages, lists and sitemaps ask it of hundreds of stories.

use std::collections::BTreeMap;

use newsroom::id::{PhotoId, StoryId};
use newsroom::moment::Moment;
use newsroom::published::PixelSize;

use crate::action::View;
use crate::blob_key::BlobName;
use crate::error::StoreError;
use crate::statement::statements;
use crate::value::binds;

/// The public files of a photo under its standing grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicPicture {
    /// The grant's token.
    pub token: String,
    /// The granted version.
    pub version: BlobName,
    /// Mean colour as `#rrggbb`.
    pub colour: Option<String>,
    /// Its files, of the granted version and of others that still lie there, by version, smallest first.
    pub files: Vec<PublicFile>,
}

/// One public file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicFile {
    /// The version that it was kept under.
    pub version: BlobName,
    /// Size in pixels.
    pub size: PixelSize,
    /// Length in bytes.
    pub bytes: u64,
}

statements! { "public_files";
    OF_STORY = "SELECT g.photo, g.token, g.version, o.colour, f.version AS name, f.width, f.height, f.bytes
        FROM publication_photos p JOIN grants g ON g.photo = p.photo JOIN photos o ON o.id = p.photo
        JOIN public_files f ON f.photo = p.photo
        WHERE p.story = $1 AND g.revoked_at IS NULL ORDER BY p.photo, f.version, f.width";
    WITHDRAWN_OF_STORY = "SELECT o.id, o.withdrawn_at FROM publication_photos p JOIN photos o ON o.id = p.photo
        WHERE p.story = $1 AND o.withdrawn_at IS NOT NULL ORDER BY o.id";
}

impl View {
    /// The public files of the photos of a published story that have a standing grant and at least one file.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn public_pictures(
        &mut self,
        story: StoryId,
    ) -> Result<BTreeMap<PhotoId, PublicPicture>, StoreError> {
        let mut pictures: BTreeMap<PhotoId, PublicPicture> = BTreeMap::new();
        for row in self.rows(OF_STORY, binds![story]).await? {
            let file = PublicFile {
                version: row.parsed("name", |text| BlobName::parse(text).ok())?,
                size: PixelSize { width: row.count("width")?, height: row.count("height")? },
                bytes: row.count("bytes")?,
            };
            let photo = row.id("photo", PhotoId::from_uuid)?;
            match pictures.get_mut(&photo) {
                Some(picture) => picture.files.push(file),
                None => {
                    let version = row.parsed("version", |text| BlobName::parse(text).ok())?;
                    let (token, colour) = (row.text("token")?, row.maybe_text("colour")?);
                    pictures.insert(photo, PublicPicture { token, version, colour, files: vec![file] });
                }
            }
        }
        Ok(pictures)
    }

    /// The photos of a published story that were withdrawn, and when.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn withdrawn_photos(
        &mut self,
        story: StoryId,
    ) -> Result<BTreeMap<PhotoId, Moment>, StoreError> {
        let rows = self.rows(WITHDRAWN_OF_STORY, binds![story]).await?;
        rows.iter().map(|row| Ok((row.id("id", PhotoId::from_uuid)?, row.moment("withdrawn_at")?))).collect()
    }
}
