//! Settings that belong to the house and not to a machine: a name and a value each.

use crate::action::{Tx, View};
use crate::error::StoreError;
use crate::statement::statements;
use crate::value::binds;

statements! { "settings";
    GET = "SELECT value FROM settings WHERE name = $1";
    ALL = "SELECT name, value FROM settings ORDER BY name";
    SET = "INSERT INTO settings (name, value) VALUES ($1, $2)
        ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    CLEAR = "DELETE FROM settings WHERE name = $1";
}

impl View {
    /// One setting's value.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn setting(&mut self, name: &str) -> Result<Option<String>, StoreError> {
        self.row(GET, binds![name]).await?.map(|row| row.text("value")).transpose()
    }

    /// All settings as name and value, by name.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn settings(&mut self) -> Result<Vec<(String, String)>, StoreError> {
        let rows = self.rows(ALL, binds![]).await?;
        rows.iter().map(|row| Ok((row.text("name")?, row.text("value")?))).collect()
    }
}

impl Tx {
    /// Sets a setting, or clears it with `None`.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn set_setting(&mut self, name: &str, value: Option<&str>) -> Result<(), StoreError> {
        match value {
            Some(value) => self.run(SET, binds![name, value]).await?,
            None => self.run(CLEAR, binds![name]).await?,
        };
        Ok(())
    }
}
