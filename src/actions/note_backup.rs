//! Notes that a backup is whole, so that its age can be told.

use newsroom::staff::policy::Permission;
use store::{LastBackup, Tx};

use super::audit::Deed;
use super::{Denied, Who};
use crate::app::App;

/// Notes a backup in place of the one before it.
///
/// # Errors
/// A refusal for who may not see how the machine is; a fault of the store.
pub async fn note_backup(app: &App, who: &Who, backup: &LastBackup) -> Result<(), Denied> {
    who.may(Permission::ReadSystem)?;
    let deed = Deed { who, at: app.now(), verb: "note_backup" };
    app.store()
        .act(async |tx: &mut Tx| {
            tx.note_backup(backup).await?;
            let after = serde_json::json!({ "files": backup.files, "bytes": backup.bytes });
            deed.note(tx, "backup", backup.to.clone(), None, Some(after)).await?;
            Ok(())
        })
        .await
        .map_err(Denied::from)
}
