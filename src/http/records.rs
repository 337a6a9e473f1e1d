//! The records as live routes reach them: there while the background work has them open.

use std::sync::Mutex;

use crate::app::App;

/// The open records, where there are any.
#[derive(Default)]
pub struct Records {
    open: Mutex<Option<App>>,
}

impl Records {
    /// The application with its records, while they are open.
    pub(super) fn app(&self) -> Option<App> {
        self.open.lock().ok().and_then(|open| open.clone())
    }

    /// They are open, or away (`None`).
    pub fn set(&self, app: Option<App>) {
        if let Ok(mut open) = self.open.lock() {
            *open = app;
        }
    }
}
