//! What a process says of itself in the records, so that `halftone nodes` can tell who is there.

use newsroom::moment::Moment;
use store::{ActError, Node, Role, StoreError, Tx};

use crate::app::App;
use crate::machine::{disks, name};

/// Seconds after which a process looks at its disks again.
const DISKS_LOOKED_AT: i64 = 30;

/// By what a process is known, also after it has opened the records again.
#[derive(Debug, Clone)]
pub(super) struct Identity {
    id: String,
    started_at: Moment,
}

impl Identity {
    /// Of a process that opens the records for the first time.
    pub fn new(app: &App) -> Self {
        Self { id: format!("{}-{}", std::process::id(), app.token::<4>()), started_at: app.now() }
    }
}

/// The row of this process.
pub(super) struct Presence {
    app: App,
    node: Node,
    said: bool,
    /// When the disks were looked at last.
    looked_at: Option<Moment>,
}

impl Presence {
    /// Not written down yet.
    pub fn new(app: App, role: Role, identity: Identity) -> Self {
        let Identity { id, started_at } = identity;
        let node = Node {
            id,
            started_at,
            seen_at: started_at,
            role,
            applied_change: -1,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            machine: name(),
            disks: Vec::new(),
        };
        Self { app, node, said: false, looked_at: None }
    }

    /// Writes down which change this process shows, when that is new or a second has passed.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn say(&mut self, applied: i64) -> Result<(), StoreError> {
        let (node, now) = (&mut self.node, self.app.now());
        if self.said && node.applied_change == applied && now < node.seen_at.plus_seconds(1) {
            return Ok(());
        }
        (node.applied_change, node.seen_at) = (applied, now);
        if self.looked_at.is_none_or(|looked| looked.plus_seconds(DISKS_LOOKED_AT) <= now) {
            let data = self.app.data().to_owned();
            // A disk that does not answer holds up a thread beside the others.
            node.disks = tokio::task::spawn_blocking(move || disks(&data)).await.unwrap_or_default();
            self.looked_at = Some(now);
        }
        let row = node.clone();
        let saved = self.app.store().act(async |tx: &mut Tx| Ok(tx.save_node(&row).await?)).await;
        saved.map_err(|error| match error {
            ActError::Refused(fault) | ActError::Fault(fault) => fault,
        })?;
        self.said = true;
        Ok(())
    }

    /// Takes the row away.
    pub async fn leave(self) {
        let (store, id) = (self.app.store(), &self.node.id);
        let left =
            store.act(async |tx: &mut Tx| Ok::<_, ActError<StoreError>>(tx.forget_node(id).await?)).await;
        if left.is_err() {
            tracing::warn!("this process's row could not be taken away; it grows old by itself");
        }
    }
}
