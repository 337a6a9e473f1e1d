//! What is sent beside an upload before all of its own bytes are there: a small preview, and the .xmp file of the photo.
//! Each is one file or object in the upload's folder, under a name that is no piece's, so that it goes with the pieces.

use std::fs::File;
use std::io::Seek as _;

use newsroom::id::UploadId;

use super::pieces::folder_of;
use crate::blobs::{Blobs, Home, absent, blocking, of_io};
use crate::error::StoreError;
use crate::files::{self, CopyFault, Draft};

/// What may lie beside the pieces of an upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beside {
    /// A small picture of it.
    Preview,
    /// The .xmp file of the photo.
    Sidecar,
}

impl Beside {
    fn name(self, upload: UploadId) -> String {
        let name = match self {
            Self::Preview => "preview",
            Self::Sidecar => "sidecar",
        };
        format!("{}/{name}", folder_of(upload))
    }
}

impl Blobs {
    /// Keeps a file beside an upload, whole, in place of what lay there. When this answers, a power cut does not lose it. Of an
    /// upload that is gone it is swept as its pieces are.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn put_beside_upload(
        &self,
        upload: UploadId,
        what: Beside,
        mut file: File,
    ) -> Result<(), StoreError> {
        let incoming = self.inner.incoming.clone();
        let draft = blocking(move || {
            file.rewind().map_err(of_io)?;
            let mut draft = Draft::in_folder(&incoming).map_err(of_io)?;
            draft.fill(&mut file, u64::MAX).map_err(|fault| match fault {
                CopyFault::Source(error) | CopyFault::Target(error) => of_io(error),
                CopyFault::TooLong => StoreError::fault("a file beside an upload has no end"),
            })?;
            Ok::<_, StoreError>(draft)
        });
        let draft = draft.await?;
        let name = what.name(upload);
        match &self.inner.home {
            Home::Folder(folder) => {
                let to = folder.root.join(name);
                blocking(move || draft.publish(&to).map_err(of_io)).await
            }
            Home::Bucket(bucket) => bucket.put_file(&name, draft.path()).await,
        }
    }

    /// What lies beside an upload, as an open file, read from its beginning.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn open_beside_upload(
        &self,
        upload: UploadId,
        what: Beside,
    ) -> Result<Option<File>, StoreError> {
        let name = what.name(upload);
        let bucket = match &self.inner.home {
            Home::Folder(folder) => {
                let path = folder.root.join(name);
                return blocking(move || File::open(path).map(Some).or_else(absent).map_err(of_io)).await;
            }
            Home::Bucket(bucket) => bucket,
        };
        let folder = self.inner.incoming.clone();
        let copy = blocking(move || files::Unnamed::in_folder(&folder).map_err(of_io)).await?;
        if bucket.fetch(&name, copy.path()).await? {
            blocking(move || copy.open().map(Some).map_err(of_io)).await
        } else {
            Ok(None)
        }
    }
}
