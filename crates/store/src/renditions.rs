//! Renditions (the ladder without metadata, private) and public files (the same pictures with their rights metadata).

use std::collections::BTreeSet;

use newsroom::id::PhotoId;
use newsroom::moment::Moment;
use newsroom::published::PixelSize;

use crate::action::{Tx, View};
use crate::blob_key::{BlobKey, BlobName};
use crate::error::StoreError;
use crate::statement::statements;
use crate::value::{Row, as_int, binds};

/// One picture of a photo's ladder, private or public.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendition {
    /// The photo.
    pub photo: PhotoId,
    /// The recipe that made it; of a public file: the version of its metadata and recipe.
    pub name: BlobName,
    /// Size in pixels, upright.
    pub size: PixelSize,
    /// How many bytes it has: what tells a file that a power cut tore.
    pub bytes: u64,
}

impl Rendition {
    /// Where a private rendition lies.
    pub fn rendition_key(&self) -> BlobKey {
        BlobKey::Rendition { photo: self.photo, recipe: self.name.clone(), width: self.size.width }
    }

    /// Where a public file lies.
    pub fn public_key(&self) -> BlobKey {
        BlobKey::PublicFile { photo: self.photo, version: self.name.clone(), width: self.size.width }
    }
}

statements! { "renditions";
    RENDITIONS = "SELECT photo, recipe AS name, width, height, bytes FROM renditions
        WHERE photo = $1 AND recipe = $2 ORDER BY width";
    PUT_RENDITION = "INSERT INTO renditions (photo, recipe, width, height, blob, bytes) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (photo, recipe, width) DO UPDATE SET height = excluded.height, blob = excluded.blob,
        bytes = excluded.bytes";
    PUBLIC_FILES = "SELECT photo, version AS name, width, height, bytes FROM public_files
        WHERE photo = $1 AND version = $2 ORDER BY width";
    PUT_PUBLIC_FILE = "INSERT INTO public_files (photo, version, width, height, blob, bytes)
        VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (photo, version, width) DO UPDATE SET height = excluded.height, blob = excluded.blob,
        bytes = excluded.bytes";
    ALL_PUBLIC_FILES = "SELECT photo, version AS name, width, height, bytes FROM public_files
        WHERE photo = $1 ORDER BY version, width";
    REMOVE_PUBLIC_FILES = "DELETE FROM public_files WHERE photo = $1 AND version = $2";
    REMOVE_RENDITIONS = "DELETE FROM renditions WHERE photo = $1";
    FAILED_RENDITIONS = "SELECT recipe FROM failed_renditions WHERE photo = $1 ORDER BY recipe";
    PUT_FAILED = "INSERT INTO failed_renditions (photo, recipe, failed_at, sentence) VALUES ($1, $2, $3, $4)
        ON CONFLICT (photo, recipe) DO UPDATE SET failed_at = excluded.failed_at, sentence = excluded.sentence";
    REMOVE_FAILED = "DELETE FROM failed_renditions WHERE photo = $1";
    REMOVE_RENDITIONS_OF = "DELETE FROM renditions WHERE photo = $1 AND recipe = $2";
}

impl View {
    /// The renditions that a recipe made of a photo, smallest first.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn renditions(
        &mut self,
        photo: PhotoId,
        recipe: &BlobName,
    ) -> Result<Vec<Rendition>, StoreError> {
        self.rows(RENDITIONS, binds![photo, recipe.as_str()]).await?.iter().map(rendition).collect()
    }

    /// The recipes that failed on a photo: what they make is not waited for.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn failed_recipes(&mut self, photo: PhotoId) -> Result<BTreeSet<BlobName>, StoreError> {
        let rows = self.rows(FAILED_RENDITIONS, binds![photo]).await?;
        rows.iter().map(|row| row.parsed("recipe", |text| BlobName::parse(text).ok())).collect()
    }

    /// The public files of one version of a photo, smallest first.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn public_files(
        &mut self,
        photo: PhotoId,
        version: &BlobName,
    ) -> Result<Vec<Rendition>, StoreError> {
        self.rows(PUBLIC_FILES, binds![photo, version.as_str()]).await?.iter().map(rendition).collect()
    }

    /// The public files of every version of a photo, by version, smallest first.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn all_public_files(&mut self, photo: PhotoId) -> Result<Vec<Rendition>, StoreError> {
        self.rows(ALL_PUBLIC_FILES, binds![photo]).await?.iter().map(rendition).collect()
    }
}

impl Tx {
    /// Keeps a rendition's row, or replaces the one of the same photo, recipe and width.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn put_rendition(&mut self, rendition: &Rendition) -> Result<(), StoreError> {
        let values = values(rendition, &rendition.rendition_key());
        self.run(PUT_RENDITION, values).await.map(|_| ())
    }

    /// Keeps a public file's row, or replaces the one of the same photo, version and width.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn put_public_file(&mut self, file: &Rendition) -> Result<(), StoreError> {
        let values = values(file, &file.public_key());
        self.run(PUT_PUBLIC_FILE, values).await.map(|_| ())
    }

    /// Remembers that a recipe failed on a photo, and why in a sentence, until its renditions are removed.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn put_failed_recipe(
        &mut self,
        photo: PhotoId,
        recipe: &BlobName,
        at: Moment,
        sentence: &str,
    ) -> Result<(), StoreError> {
        self.run(PUT_FAILED, binds![photo, recipe.as_str(), at, sentence]).await.map(|_| ())
    }

    /// Forgets the renditions of a photo, whichever recipe made them or failed; the caller deletes the blobs. Gives how
    /// many there were.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn remove_renditions(&mut self, photo: PhotoId) -> Result<u64, StoreError> {
        self.run(REMOVE_FAILED, binds![photo]).await?;
        self.run(REMOVE_RENDITIONS, binds![photo]).await
    }

    /// Forgets the renditions that one recipe made of a photo; the caller deletes the blobs. Gives how many there were.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn remove_renditions_of(
        &mut self,
        photo: PhotoId,
        recipe: &BlobName,
    ) -> Result<u64, StoreError> {
        self.run(REMOVE_RENDITIONS_OF, binds![photo, recipe.as_str()]).await
    }

    /// Forgets the public files of one version; the caller deletes the blobs after the commit. Gives how many there
    /// were.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn remove_public_files(
        &mut self,
        photo: PhotoId,
        version: &BlobName,
    ) -> Result<u64, StoreError> {
        self.run(REMOVE_PUBLIC_FILES, binds![photo, version.as_str()]).await
    }
}

fn values(rendition: &Rendition, key: &BlobKey) -> Vec<crate::value::Value> {
    binds![
        rendition.photo,
        rendition.name.as_str(),
        rendition.size.width,
        rendition.size.height,
        key.to_string(),
        as_int(rendition.bytes),
    ]
}

fn rendition(row: &Row) -> Result<Rendition, StoreError> {
    Ok(Rendition {
        photo: row.id("photo", PhotoId::from_uuid)?,
        name: row.parsed("name", |text| BlobName::parse(text).ok())?,
        size: PixelSize { width: row.count("width")?, height: row.count("height")? },
        bytes: row.count("bytes")?,
    })
}
