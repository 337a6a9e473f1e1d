//! Gives a member of the staff the file of a photo as it came, and writes down who got it (ARCHITECTURE.md, invariant 5).

use std::fs::File;

use newsroom::id::PhotoId;
use newsroom::staff::policy::Permission;
use store::{BlobKey, Original, StoreError, Tx};

use super::audit::Deed;
use super::withdraw::no_such_photo;
use super::{Denied, Who, refuse};
use crate::app::App;

/// A file that was given out.
#[derive(Debug)]
pub struct Fetched {
    /// Its name when it came.
    pub name: String,
    /// Its length.
    pub bytes: u64,
    /// The file, open.
    pub file: File,
}

/// Opens the newest file of a photo.
///
/// # Errors
/// A refusal where there is no such photo, or its file did not come yet; a fault of the store, also where it is lost.
pub async fn fetch_original(app: &App, who: &Who, id: PhotoId) -> Result<Fetched, Denied> {
    who.may(Permission::ReadOriginals)?;
    let deed = Deed { who, at: app.now(), verb: "fetch_original" };
    let newest: Original = app
        .store()
        .act(async |tx: &mut Tx| {
            if !deed.who.reaches(Permission::ReadOriginals, tx.owner_of_photo(id).await?) {
                return refuse(no_such_photo(id));
            }
            let newest = tx.originals_of(id).await?.into_iter().next();
            let Some(newest) = newest else { return refuse(no_such_photo(id)) };
            let after = serde_json::json!({ "original": newest.sha256 });
            deed.note(tx, "photo", id.to_string(), None, Some(after)).await?;
            Ok(newest)
        })
        .await
        .map_err(Denied::from)?;
    match app.blobs().open_file(&BlobKey::Original(newest.sha256)).await? {
        Some(file) => Ok(Fetched { name: newest.name, bytes: newest.bytes, file }),
        None => {
            let lost = std::io::Error::new(std::io::ErrorKind::NotFound, "the original of a photo is lost");
            Err(StoreError::Fault(std::sync::Arc::new(lost)).into())
        }
    }
}
