//! Photos: one picture each, however many originals with other metadata came for it.

use newsroom::facts::PhotoFacts;
use newsroom::focus::Focus;
use newsroom::id::PhotoId;
use newsroom::moment::Moment;
use newsroom::published::PixelSize;

use crate::action::{Tx, View};
use crate::error::StoreError;
use crate::statement::{Sql, statements};
use crate::value::{Row, Value, as_json, binds};

/// A decision against a photo or story: when, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// When.
    pub at: Moment,
    /// Why, in one plain sentence.
    pub reason: String,
}

/// A photo as the desk keeps it.
#[derive(Debug, Clone, PartialEq)]
pub struct Photo {
    /// Permanent.
    pub id: PhotoId,
    /// Names the picture data without its metadata; unique. The darkroom makes it.
    pub picture_hash: String,
    /// When its first original came in.
    pub created_at: Moment,
    /// The newest original's name, for the desk and for natural order; never published (R45).
    pub name: String,
    /// Where it stands by the time taken, in microseconds of the camera's or of universal time.
    pub taken_key: Option<i64>,
    /// Upright size in pixels.
    pub size: PixelSize,
    /// What the newest original's metadata says.
    pub facts: PhotoFacts,
    /// The darkroom's report on the metadata (sources, problems), as JSON.
    pub report: String,
    /// When its ladder of renditions stood.
    pub developed_at: Option<Moment>,
    /// Mean colour as `#rrggbb`.
    pub colour: Option<String>,
    /// What developing measured on it besides; `None` before, and for photos that an older release developed.
    pub measured: Option<Measured>,
    /// Why it cannot be developed, where it cannot.
    pub refused: Option<Decision>,
    /// Why it was withdrawn, where it was.
    pub withdrawn: Option<Decision>,
}

/// What developing measures on a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Measured {
    /// Where attention falls, for cuts without a point of the desk's or the file's.
    pub attention: Focus,
    /// Gradient hash: photos that differ in few bits look alike.
    pub fingerprint: u64,
}

impl Photo {
    /// Whether its ladder is to be made: it was not, and nothing stands against it.
    #[must_use]
    pub fn wants_development(&self) -> bool {
        self.developed_at.is_none() && self.refused.is_none() && self.withdrawn.is_none()
    }
}

/// What a newer original of the same picture says (ARCHITECTURE.md, invariant 5).
#[derive(Debug, Clone, PartialEq)]
pub struct PhotoUpdate {
    /// The newest original's name.
    pub name: String,
    /// See [`Photo::taken_key`].
    pub taken_key: Option<i64>,
    /// See [`Photo::facts`].
    pub facts: PhotoFacts,
    /// See [`Photo::report`].
    pub report: String,
}

/// Photos that are read by one statement.
const TOGETHER: usize = 16;

macro_rules! columns {
    () => {
        "id, picture_hash, created_at, name, taken_key, width, height, facts, report, developed_at, colour, \
         refused_at, refused_sentence, withdrawn_at, withdrawn_reason, attention_x, attention_y, fingerprint"
    };
}
pub(crate) use columns;

statements! { "photos";
    BY_ID = concat!("SELECT ", columns!(), " FROM photos WHERE id = $1");
    BY_IDS = concat!("SELECT ", columns!(), " FROM photos
        WHERE id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)");
    ID_OF_PICTURE = "SELECT id FROM photos WHERE picture_hash = $1";
    INSERT = concat!("INSERT INTO photos (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12,
        $13, $14, $15, $16, $17, $18) ON CONFLICT (picture_hash) DO NOTHING");
    UPDATE_FACTS = "UPDATE photos SET name = $2, taken_key = $3, facts = $4, report = $5 WHERE id = $1";
    DEVELOPED = "UPDATE photos SET developed_at = $2, colour = $3, refused_at = NULL, refused_sentence = NULL
        WHERE id = $1";
    MEASURED = "UPDATE photos SET attention_x = $2, attention_y = $3, fingerprint = $4 WHERE id = $1";
    UNDEVELOPED = "UPDATE photos SET developed_at = NULL WHERE id = $1";
    REFUSED = "UPDATE photos SET refused_at = $2, refused_sentence = $3 WHERE id = $1";
    NOT_REFUSED = "UPDATE photos SET refused_at = NULL, refused_sentence = NULL WHERE id = $1";
    WITHDRAWN = "UPDATE photos SET withdrawn_at = $2, withdrawn_reason = $3 WHERE id = $1";
    WITHOUT_ORIGINAL = "SELECT name FROM
        (SELECT id, name, refused_at FROM photos WHERE id < $1 ORDER BY id DESC LIMIT $2) AS newest
        WHERE refused_at IS NULL AND NOT EXISTS (SELECT 1 FROM originals WHERE originals.photo = newest.id)";
    AFTER = concat!("SELECT ", columns!(), " FROM photos WHERE id > $1 ORDER BY id LIMIT $2");
}

impl View {
    /// A photo by its id.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn photo(&mut self, id: PhotoId) -> Result<Option<Photo>, StoreError> {
        self.row(BY_ID, binds![id]).await?.map(|row| photo(&row)).transpose()
    }

    /// Photos by their ids, sixteen a statement; those that there are, in no order.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn photos_by_ids(&mut self, ids: &[PhotoId]) -> Result<Vec<Photo>, StoreError> {
        let mut found = Vec::with_capacity(ids.len());
        for some in ids.chunks(TOGETHER) {
            // Fewer ids than the statement has places repeat their last one.
            let last = some.last().into_iter().flat_map(|last| std::iter::repeat_n(last, TOGETHER));
            let values = some.iter().chain(last).take(TOGETHER).map(|id| Value::from(*id)).collect();
            for row in self.rows(BY_IDS, values).await? {
                found.push(photo(&row)?);
            }
        }
        Ok(found)
    }

    /// The photo with this picture data.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn photo_id_of_picture(&mut self, picture_hash: &str) -> Result<Option<PhotoId>, StoreError> {
        let row = self.row(ID_OF_PICTURE, binds![picture_hash]).await?;
        row.map(|row| row.id("id", PhotoId::from_uuid)).transpose()
    }

    /// The names of those of the newest `newest` photos that have their places in drafts while none of their files is
    /// in.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn photos_without_original(&mut self, newest: u32) -> Result<Vec<String>, StoreError> {
        let last = PhotoId::from_uuid(uuid::Uuid::max());
        self.rows(WITHOUT_ORIGINAL, binds![last, newest]).await?.iter().map(|row| row.text("name")).collect()
    }

    /// Photos by id, which is by the moment they came in, at most `limit` after `after`.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn photos_after(
        &mut self,
        after: Option<PhotoId>,
        limit: u32,
    ) -> Result<Vec<Photo>, StoreError> {
        let after = after.unwrap_or(PhotoId::from_uuid(uuid::Uuid::nil()));
        self.rows(AFTER, binds![after, limit]).await?.iter().map(photo).collect()
    }
}

impl Tx {
    /// Keeps a new photo. `false` when there is one with this picture data, which is then left as it is.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn insert_photo(&mut self, photo: &Photo) -> Result<bool, StoreError> {
        let values = binds![
            photo.id,
            &photo.picture_hash,
            photo.created_at,
            &photo.name,
            photo.taken_key,
            photo.size.width,
            photo.size.height,
            as_json(&photo.facts)?,
            &photo.report,
            photo.developed_at,
            photo.colour.clone(),
            photo.refused.as_ref().map(|decision| decision.at),
            photo.refused.as_ref().map(|decision| decision.reason.clone()),
            photo.withdrawn.as_ref().map(|decision| decision.at),
            photo.withdrawn.as_ref().map(|decision| decision.reason.clone()),
            photo.measured.map(|measured| i64::from(measured.attention.x())),
            photo.measured.map(|measured| i64::from(measured.attention.y())),
            photo.measured.map(|measured| measured.fingerprint.cast_signed()),
        ];
        let kept = self.changes_any(INSERT, values).await?;
        if kept {
            self.unshelve(photo.id).await?;
        }
        Ok(kept)
    }

    /// Takes over what a newer original of the same picture says. `false` when the photo is not there.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn update_photo_facts(
        &mut self,
        id: PhotoId,
        update: &PhotoUpdate,
    ) -> Result<bool, StoreError> {
        let values = binds![id, &update.name, update.taken_key, as_json(&update.facts)?, &update.report];
        self.changes_photo(id, UPDATE_FACTS, values).await
    }

    /// Marks a photo as developed, with its mean colour as `#rrggbb`; an earlier refusal is over. `false` when the
    /// photo is not there.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn mark_developed(
        &mut self,
        id: PhotoId,
        at: Moment,
        colour: &str,
    ) -> Result<bool, StoreError> {
        self.changes_photo(id, DEVELOPED, binds![id, at, colour]).await
    }

    /// Keeps what was measured on a photo. `false` when the photo is not there.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn set_measured(&mut self, id: PhotoId, measured: Measured) -> Result<bool, StoreError> {
        let Measured { attention, fingerprint } = measured;
        let (x, y) = (u32::from(attention.x()), u32::from(attention.y()));
        self.changes_photo(id, MEASURED, binds![id, x, y, fingerprint.cast_signed()]).await
    }

    /// Marks a photo as one whose renditions are gone and have to be made again. `false` when it is not there.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn mark_undeveloped(&mut self, id: PhotoId) -> Result<bool, StoreError> {
        self.changes_any(UNDEVELOPED, binds![id]).await
    }

    /// Marks a photo as one that cannot be developed, and why. `false` when it is not there.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn mark_refused(&mut self, id: PhotoId, decision: &Decision) -> Result<bool, StoreError> {
        self.changes_photo(id, REFUSED, binds![id, decision.at, &decision.reason]).await
    }

    /// Forgets that a photo could not be developed, so that it is tried once more. `false` when it is not there.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn forget_refusal(&mut self, id: PhotoId) -> Result<bool, StoreError> {
        self.changes_photo(id, NOT_REFUSED, binds![id]).await
    }

    /// Marks a photo as withdrawn, or undoes that with `None`. `false` when the photo is not there.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn set_photo_withdrawn(
        &mut self,
        id: PhotoId,
        decision: Option<&Decision>,
    ) -> Result<bool, StoreError> {
        let values = binds![
            id,
            decision.map(|decision| decision.at),
            decision.map(|decision| decision.reason.clone())
        ];
        self.changes_photo(id, WITHDRAWN, values).await
    }

    /// Changes what the library tells of a photo. `false` when it is not there.
    async fn changes_photo(&mut self, id: PhotoId, sql: Sql, values: Vec<Value>) -> Result<bool, StoreError> {
        let changed = self.changes_any(sql, values).await?;
        if changed {
            self.unshelve(id).await?;
        }
        Ok(changed)
    }
}

/// A moment and a reason that stand in two columns.
pub(crate) fn decision(row: &Row, at: &str, reason: &str) -> Result<Option<Decision>, StoreError> {
    match row.maybe_moment(at)? {
        Some(at) => Ok(Some(Decision { at, reason: row.text(reason)? })),
        None => Ok(None),
    }
}

fn measured(row: &Row) -> Result<Option<Measured>, StoreError> {
    let fingerprint = row.maybe_int("fingerprint")?;
    let attention = focus(row, "attention_x", "attention_y")?;
    Ok(attention
        .zip(fingerprint)
        .map(|(attention, fingerprint)| Measured { attention, fingerprint: fingerprint.cast_unsigned() }))
}

/// A point of a picture that stands in two columns.
pub(crate) fn focus(row: &Row, x: &str, y: &str) -> Result<Option<Focus>, StoreError> {
    if row.maybe_int(x)?.is_none() || row.maybe_int(y)?.is_none() {
        return Ok(None);
    }
    Focus::new(row.count(x)?, row.count(y)?).map(Some).map_err(|cause| row.corrupt(x, cause))
}

pub(crate) fn photo(row: &Row) -> Result<Photo, StoreError> {
    Ok(Photo {
        id: row.id("id", PhotoId::from_uuid)?,
        picture_hash: row.text("picture_hash")?,
        created_at: row.moment("created_at")?,
        name: row.text("name")?,
        taken_key: row.maybe_int("taken_key")?,
        size: PixelSize { width: row.count("width")?, height: row.count("height")? },
        facts: row.json("facts")?,
        report: row.text("report")?,
        developed_at: row.maybe_moment("developed_at")?,
        colour: row.maybe_text("colour")?,
        measured: measured(row)?,
        refused: decision(row, "refused_at", "refused_sentence")?,
        withdrawn: decision(row, "withdrawn_at", "withdrawn_reason")?,
    })
}
