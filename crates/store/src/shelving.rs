//! Keeps the photo library: which terms a photo has, and which photos a term.
//!
//! Whatever changes a photo, its slides or its publications notes it in `photos_to_shelve`, in its own transaction; a job
//! brings the library up to date. So nobody who comes with two hundred photos waits for some ten thousand words, and two
//! who come at the same time do not meet at a word that both have. The photos of an archive that was there before the
//! library, or before its rules changed, are gone through once, in the order of their coming, a part at a time.

use std::collections::{BTreeMap, BTreeSet};

use newsroom::id::{PhotoId, StaffId};
use newsroom::library::{DeskTexts, Findable, RULES};
use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::action::{Tx, View};
use crate::error::StoreError;
use crate::photos::{Photo, columns, photo};
use crate::postings::{Bits, place_of};
use crate::statement::statements;
use crate::value::{Value, binds};

/// Photos that are shelved in one transaction: some tens of milliseconds, for which other writers wait on SQLite.
pub const TOGETHER: u32 = 128;
/// Photos, or rows of postings, that are read or written by one statement.
const ROWS: usize = 16;
/// The setting that says how far the photos were gone through, and by which rules.
const PROGRESS: &str = "library.shelved";
const ALL_OF_THEM: &str = "all";

statements! { "photo_shelf";
    NEXT_IDS = "SELECT id FROM photos WHERE id > $1 ORDER BY id LIMIT $2";
    CHANGED = "SELECT photo FROM photos_to_shelve ORDER BY photo LIMIT $1";
    CHANGES = "INSERT INTO photos_to_shelve (photo) VALUES ($1) ON CONFLICT DO NOTHING";
    TOOK = "DELETE FROM photos_to_shelve WHERE photo = $1";
    HIGHEST = "SELECT (SELECT MAX(number) FROM photo_shelf) AS number, (SELECT MAX(version) FROM photo_shelf) AS version";
    /// Fewer photos than [`ROWS`] repeat the last one, here and below.
    PHOTOS = concat!("SELECT ", columns!(), " FROM photos
        WHERE id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)");
    AS_SHELVED = "SELECT photo, number, terms, gradient_hash FROM photo_shelf
        WHERE photo IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    SHOWN = "SELECT w.photo AS photo FROM publication_photos w JOIN publications p ON p.story = w.story
        WHERE p.withdrawn_at IS NULL
        AND w.photo IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    OWNERS = "SELECT id, owner FROM photos WHERE owner IS NOT NULL
        AND id IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    DESK_TEXTS = "SELECT photo, caption, credit, place, slides.language AS own, stories.language AS language
        FROM slides JOIN stories ON stories.id = slides.story
        WHERE slides.photo IN ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
    SHELVE = "INSERT INTO photo_shelf (photo, number, version, gradient_hash, terms) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (photo) DO UPDATE SET version = excluded.version, gradient_hash = excluded.gradient_hash,
        terms = excluded.terms";
    READ_POSTINGS = "SELECT term, photos FROM photo_postings WHERE block = $1
        AND term IN ($2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";
    WRITE_POSTING = "INSERT INTO photo_postings (term, block, photos) VALUES ($1, $2, $3)
        ON CONFLICT (term, block) DO UPDATE SET photos = excluded.photos";
    WRITE_POSTINGS = "INSERT INTO photo_postings (term, block, photos) VALUES
        ($1, $2, $3), ($4, $5, $6), ($7, $8, $9), ($10, $11, $12), ($13, $14, $15), ($16, $17, $18), ($19, $20, $21),
        ($22, $23, $24), ($25, $26, $27), ($28, $29, $30), ($31, $32, $33), ($34, $35, $36), ($37, $38, $39),
        ($40, $41, $42), ($43, $44, $45), ($46, $47, $48)
        ON CONFLICT (term, block) DO UPDATE SET photos = excluded.photos";
    DROP_POSTING = "DELETE FROM photo_postings WHERE term = $1 AND block = $2";
}

/// How far a step of shelving came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shelved {
    /// Photos of an archive that was there before are still to be gone through.
    Archive,
    /// Some photos that changed are still to be shelved.
    Changes,
    /// The library is up to date.
    All,
}

/// What is kept of a photo in the library.
struct OnShelf {
    number: u32,
    terms: BTreeSet<String>,
    print: Option<i64>,
}

/// The places whose terms change, by block and term: the place, and whether the photo has the term now.
type Changes = BTreeMap<u32, BTreeMap<String, Vec<(u32, bool)>>>;

impl View {
    /// All of photos by which they are found, as it is now, one for each.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn findable(&mut self, photos: &[Photo]) -> Result<Vec<Findable>, StoreError> {
        let mut all = Vec::with_capacity(photos.len());
        for some in photos.chunks(ROWS) {
            let ids: Vec<PhotoId> = some.iter().map(|photo| photo.id).collect();
            let mut shown: BTreeSet<PhotoId> = BTreeSet::new();
            for row in self.rows(SHOWN, slots(&ids)).await? {
                shown.insert(row.id("photo", PhotoId::from_uuid)?);
            }
            let mut owners: BTreeMap<PhotoId, StaffId> = BTreeMap::new();
            for row in self.rows(OWNERS, slots(&ids)).await? {
                owners.insert(row.id("id", PhotoId::from_uuid)?, row.id("owner", StaffId::from_uuid)?);
            }
            let mut texts: BTreeMap<PhotoId, Vec<DeskTexts>> = BTreeMap::new();
            for row in self.rows(DESK_TEXTS, slots(&ids)).await? {
                texts.entry(row.id("photo", PhotoId::from_uuid)?).or_default().push(DeskTexts {
                    caption: row.maybe_text("caption")?,
                    credit: row.maybe_text("credit")?,
                    place: row.maybe_text("place")?,
                    language: row.maybe_text("own")?.map_or_else(|| row.text("language"), Ok)?,
                });
            }
            all.extend(some.iter().map(|photo| {
                let mut slides = texts.remove(&photo.id).unwrap_or_default();
                // Rows come in no order that both databases have.
                slides.sort();
                Findable {
                    has_problems: photo.refused.is_some() || reports_problems(&photo.report),
                    published: shown.contains(&photo.id) && photo.withdrawn.is_none(),
                    name: photo.name.clone(),
                    size: photo.size,
                    facts: photo.facts.clone(),
                    slides,
                    owner: owners.get(&photo.id).copied(),
                }
            }));
        }
        Ok(all)
    }

    async fn as_shelved(&mut self, ids: &[PhotoId]) -> Result<BTreeMap<PhotoId, OnShelf>, StoreError> {
        let mut kept = BTreeMap::new();
        for some in ids.chunks(ROWS) {
            for row in self.rows(AS_SHELVED, slots(some)).await? {
                let on_shelf = OnShelf {
                    number: row.count("number")?,
                    terms: row.text("terms")?.split_ascii_whitespace().map(str::to_owned).collect(),
                    print: row.maybe_int("gradient_hash")?,
                };
                kept.insert(row.id("photo", PhotoId::from_uuid)?, on_shelf);
            }
        }
        Ok(kept)
    }

    /// Up to which photo the archive was gone through; `None` when that is done.
    async fn still_to_walk(&mut self) -> Result<Option<PhotoId>, StoreError> {
        let first = PhotoId::from_uuid(uuid::Uuid::nil());
        let Some(progress) = self.setting(PROGRESS).await? else { return Ok(Some(first)) };
        match progress.split_once(' ') {
            Some((rules, ALL_OF_THEM)) if rules == RULES.to_string() => Ok(None),
            Some((rules, id)) if rules == RULES.to_string() => Ok(Some(id.parse().unwrap_or(first))),
            _ => Ok(Some(first)),
        }
    }

    /// How far the library is.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn shelved(&mut self) -> Result<Shelved, StoreError> {
        if self.still_to_walk().await?.is_some() {
            return Ok(Shelved::Archive);
        }
        let changed = self.row(CHANGED, binds![1_i64]).await?;
        Ok(if changed.is_some() { Shelved::Changes } else { Shelved::All })
    }
}

impl Tx {
    /// Notes that a photo, a slide of it or a publication that shows it changed.
    pub(crate) async fn unshelve(&mut self, photo: PhotoId) -> Result<(), StoreError> {
        if self.hints.unshelved.insert(photo) {
            self.run(CHANGES, binds![photo]).await?;
        }
        Ok(())
    }

    /// A photo that this action changed, where it changed any, so that the library has to be brought up to date. It is
    /// told once: whoever brings it up to date takes all that changed.
    pub fn take_unshelved(&mut self) -> Option<PhotoId> {
        let first = self.hints.unshelved.first().copied()?;
        (!std::mem::replace(&mut self.hints.unshelved_told, true)).then_some(first)
    }

    /// Has all photos gone through once more: the site has another language, and its words other stems.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn shelve_all_again(&mut self) -> Result<(), StoreError> {
        self.set_setting(PROGRESS, None).await
    }

    /// Brings the library up to date by one step of at most [`TOGETHER`] photos. `language` (BCP 47) is that of the site,
    /// for words that came with files.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn shelve(&mut self, language: &str) -> Result<Shelved, StoreError> {
        let limit = TOGETHER as usize;
        let Some(after) = self.still_to_walk().await? else {
            let rows = self.rows(CHANGED, binds![TOGETHER]).await?;
            let ids = rows.iter().map(|row| row.id("photo", PhotoId::from_uuid));
            let ids = ids.collect::<Result<Vec<_>, _>>()?;
            self.shelve_photos(&ids, language).await?;
            return Ok(if ids.len() == limit { Shelved::Changes } else { Shelved::All });
        };
        let rows = self.rows(NEXT_IDS, binds![after, TOGETHER]).await?;
        let ids = rows.iter().map(|row| row.id("id", PhotoId::from_uuid));
        let ids = ids.collect::<Result<Vec<_>, _>>()?;
        self.shelve_photos(&ids, language).await?;
        let last = ids.last().filter(|_| ids.len() == limit).map(ToString::to_string);
        let progress = format!("{RULES} {}", last.as_deref().unwrap_or(ALL_OF_THEM));
        self.set_setting(PROGRESS, Some(&progress)).await?;
        Ok(if last.is_some() { Shelved::Archive } else { Shelved::Changes })
    }

    async fn shelve_photos(&mut self, ids: &[PhotoId], language: &str) -> Result<(), StoreError> {
        let mut photos = Vec::with_capacity(ids.len());
        for some in ids.chunks(ROWS) {
            for row in self.rows(PHOTOS, slots(some)).await? {
                photos.push(photo(&row)?);
            }
        }
        photos.sort_by_key(|photo| (photo.created_at, photo.id));
        let (mut number, version) = match self.row(HIGHEST, binds![]).await? {
            Some(row) if row.maybe_int("number")?.is_some() => {
                (row.count::<u32>("number")? + 1, row.int("version")? + 1)
            }
            _ => (0, 1),
        };
        let mut on_shelf = self.as_shelved(ids).await?;
        let mut changes = Changes::new();
        for (photo, findable) in photos.iter().zip(self.findable(&photos).await?) {
            let before = on_shelf.remove(&photo.id);
            let print = photo.measured.map(|measured| measured.fingerprint.cast_signed());
            let terms = findable.terms(language);
            if before.as_ref().is_some_and(|before| before.terms == terms && before.print == print) {
                continue;
            }
            let before = before.unwrap_or_else(|| {
                number += 1;
                OnShelf { number: number - 1, terms: BTreeSet::new(), print: None }
            });
            let own = before.number;
            let (block, place) = place_of(own);
            let changed = changes.entry(block).or_default();
            for gone in before.terms.difference(&terms) {
                changed.entry(gone.clone()).or_default().push((place, false));
            }
            for new in terms.difference(&before.terms) {
                changed.entry(new.clone()).or_default().push((place, true));
            }
            let terms = terms.into_iter().collect::<Vec<_>>().join(" ");
            self.run(SHELVE, binds![photo.id, own, version, print, terms]).await?;
        }
        for (block, terms) in changes {
            self.change_postings(block, &terms).await?;
        }
        for id in ids {
            self.run(TOOK, binds![*id]).await?;
        }
        Ok(())
    }

    async fn change_postings(
        &mut self,
        block: u32,
        changes: &BTreeMap<String, Vec<(u32, bool)>>,
    ) -> Result<(), StoreError> {
        let all: Vec<(&String, &Vec<(u32, bool)>)> = changes.iter().collect();
        let mut written: Vec<Value> = Vec::new();
        for some in all.chunks(ROWS) {
            let Some((last, _)) = some.last() else { continue };
            let slots = some.iter().map(|(term, _)| *term).chain(std::iter::repeat(*last)).take(ROWS);
            let values = std::iter::once(Value::from(block)).chain(slots.map(Value::from)).collect();
            let mut kept: BTreeMap<String, Bits> = BTreeMap::new();
            for row in self.rows(READ_POSTINGS, values).await? {
                let bits = Bits::parse(&row.text("photos")?).map_err(|cause| row.corrupt("photos", cause))?;
                kept.insert(row.text("term")?, bits);
            }
            for (term, places) in some {
                let mut bits = kept.remove(*term).unwrap_or_else(Bits::none);
                places.iter().for_each(|(place, there)| bits.set(*place, *there));
                if bits.is_none() {
                    self.run(DROP_POSTING, binds![*term, block]).await?;
                } else {
                    written.extend(binds![*term, block, bits.to_text()]);
                }
            }
            if written.len() >= 3 * ROWS {
                let rest = written.split_off(3 * ROWS);
                self.run(WRITE_POSTINGS, std::mem::replace(&mut written, rest)).await?;
            }
        }
        for row in written.chunks(3) {
            self.run(WRITE_POSTING, row.to_vec()).await?;
        }
        Ok(())
    }
}

/// The values of a statement that asks for as many photos as [`ROWS`] says.
fn slots(ids: &[PhotoId]) -> Vec<Value> {
    let last = ids.last().into_iter().cycle();
    ids.iter().chain(last).take(ROWS).map(|id| Value::from(*id)).collect()
}

/// Whether the darkroom's report lists a problem.
fn reports_problems(report: &str) -> bool {
    #[derive(Deserialize)]
    struct Report {
        #[serde(default)]
        problems: Vec<IgnoredAny>,
    }
    serde_json::from_str::<Report>(report).is_ok_and(|report| !report.problems.is_empty())
}
