//! The photos of a published story as its pages need them: their state, their standing grants and the public files that
//! lie there, each story in one question and each photo in one row, since pages, lists and sitemaps ask it of hundreds of
//! stories.

use std::collections::BTreeMap;

use newsroom::id::{PhotoId, StoryId};
use newsroom::moment::Moment;
use newsroom::published::PixelSize;

use crate::action::View;
use crate::blob_key::BlobName;
use crate::error::StoreError;
use crate::grants::Grant;
use crate::renditions::Rendition;
use crate::statement::statements;
use crate::value::{Row, binds};

/// A photo that a published story shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownPhoto {
    /// Which.
    pub photo: PhotoId,
    /// Size in pixels, upright.
    pub size: PixelSize,
    /// Mean colour as `#rrggbb`.
    pub colour: Option<String>,
    /// When it was withdrawn.
    pub withdrawn_at: Option<Moment>,
    /// Whether it cannot be developed.
    pub refused: bool,
    /// Its grant, where one stands.
    pub grant: Option<Grant>,
    /// Its public files, of the granted version and of others that still lie there, by version, smallest first.
    pub files: Vec<Rendition>,
}

statements! { "public_files";
    /// The files of a photo as one text, "version width height bytes" divided by commas: a row each would cost most of
    /// the time of a print.
    OF_STORY = "SELECT o.id, o.width, o.height, o.colour, o.withdrawn_at, o.refused_at,
        g.token, g.version, g.granted_at, g.revoked_at,
        (SELECT string_agg(f.version || ' ' || CAST(f.width AS TEXT) || ' ' || CAST(f.height AS TEXT) || ' '
            || CAST(f.bytes AS TEXT), ',') FROM public_files f WHERE f.photo = o.id) AS files
        FROM publication_photos p JOIN photos o ON o.id = p.photo LEFT JOIN grants g ON g.photo = p.photo
        WHERE p.story = $1 ORDER BY o.id";
    WITHDRAWN_OF_STORY = "SELECT o.id, o.withdrawn_at FROM publication_photos p JOIN photos o ON o.id = p.photo
        WHERE p.story = $1 AND o.withdrawn_at IS NOT NULL ORDER BY o.id";
}

impl View {
    /// The photos that a story shows as it was published last, those that were withdrawn since among them.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn shown_photos(
        &mut self,
        story: StoryId,
    ) -> Result<BTreeMap<PhotoId, ShownPhoto>, StoreError> {
        let rows = self.rows(OF_STORY, binds![story]).await?;
        rows.iter().map(|row| shown(row).map(|shown| (shown.photo, shown))).collect()
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

fn shown(row: &Row) -> Result<ShownPhoto, StoreError> {
    let photo = row.id("id", PhotoId::from_uuid)?;
    let grant = match (row.maybe_text("token")?, row.maybe_moment("revoked_at")?) {
        (Some(token), None) => Some(Grant {
            photo,
            token,
            version: row.parsed("version", |text| BlobName::parse(text).ok())?,
            granted_at: row.moment("granted_at")?,
            revoked_at: None,
        }),
        _ => None,
    };
    Ok(ShownPhoto {
        photo,
        size: PixelSize { width: row.count("width")?, height: row.count("height")? },
        colour: row.maybe_text("colour")?,
        withdrawn_at: row.maybe_moment("withdrawn_at")?,
        refused: row.maybe_moment("refused_at")?.is_some(),
        grant,
        files: match row.maybe_text("files")? {
            Some(_) => row.parsed("files", |text| files(photo, text))?,
            None => Vec::new(),
        },
    })
}

/// The files of a photo as the question gives them; `None` where they are not of that form.
fn files(photo: PhotoId, text: &str) -> Option<Vec<Rendition>> {
    let file = |text: &str| {
        let mut parts = text.split(' ');
        let name = BlobName::parse(parts.next()?).ok()?;
        let mut number = || parts.next()?.parse::<u64>().ok();
        let (width, height, bytes) = (number()?, number()?, number()?);
        let size = PixelSize { width: u32::try_from(width).ok()?, height: u32::try_from(height).ok()? };
        Some(Rendition { photo, name, size, bytes })
    };
    let mut files = text.split(',').map(file).collect::<Option<Vec<_>>>()?;
    files.sort_unstable_by(|a, b| (&a.name, a.size.width).cmp(&(&b.name, b.size.width)));
    Some(files)
}
