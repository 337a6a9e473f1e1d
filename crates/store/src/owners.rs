//! Whose a draft or a photo is. It belongs to whoever began or sent it; to nobody what came in on the machine itself.

use newsroom::id::{PhotoId, StaffId, StoryId};

use crate::action::{Tx, View};
use crate::error::StoreError;
use crate::statement::statements;
use crate::value::binds;

statements! { "owners";
    OF_STORY = "SELECT owner FROM stories WHERE id = $1";
    OF_PHOTO = "SELECT owner FROM photos WHERE id = $1";
    OWN_STORY = "UPDATE stories SET owner = $2 WHERE id = $1";
    OWN_PHOTO = "UPDATE photos SET owner = $2 WHERE id = $1 AND owner IS NULL";
}

impl View {
    /// Whose draft a story is. `None` where it is nobody's, and where there is no such story.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn owner_of_story(&mut self, id: StoryId) -> Result<Option<StaffId>, StoreError> {
        let row = self.row(OF_STORY, binds![id]).await?;
        Ok(row.map(|row| row.maybe_id("owner", StaffId::from_uuid)).transpose()?.flatten())
    }

    /// Whose photo it is. `None` where it is nobody's, and where there is no such photo.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn owner_of_photo(&mut self, id: PhotoId) -> Result<Option<StaffId>, StoreError> {
        let row = self.row(OF_PHOTO, binds![id]).await?;
        Ok(row.map(|row| row.maybe_id("owner", StaffId::from_uuid)).transpose()?.flatten())
    }
}

impl Tx {
    /// Gives a story to a member of the staff.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn own_story(&mut self, id: StoryId, owner: StaffId) -> Result<(), StoreError> {
        self.run(OWN_STORY, binds![id, owner]).await.map(|_| ())
    }

    /// Gives a photo that is nobody's to a member of the staff; whose it is already stays.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn own_photo(&mut self, id: PhotoId, owner: StaffId) -> Result<(), StoreError> {
        self.run(OWN_PHOTO, binds![id, owner]).await.map(|_| ())
    }
}
