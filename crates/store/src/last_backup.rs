//! When the last backup ended, what it holds and where it was put: noted in the records once it is whole.

use newsroom::moment::Moment;
use serde::{Deserialize, Serialize};

use crate::action::{Tx, View};
use crate::error::StoreError;
use crate::value::as_json;

/// The name in the settings.
const SETTING: &str = "backup.last";

/// A backup that ended well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastBackup {
    /// The moment of the records in it.
    pub at: Moment,
    /// The folder on the machine that made it.
    pub to: String,
    /// Files, the records among them.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
}

impl View {
    /// The last backup that ended well; `None` where none did, or its note cannot be read.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn last_backup(&mut self) -> Result<Option<LastBackup>, StoreError> {
        Ok(self.setting(SETTING).await?.and_then(|text| serde_json::from_str(&text).ok()))
    }
}

impl Tx {
    /// Notes a backup in place of the one before it.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn note_backup(&mut self, backup: &LastBackup) -> Result<(), StoreError> {
        self.set_setting(SETTING, Some(&as_json(backup)?)).await
    }
}
