//! Passkeys: the public halves of keys by which a person is known (Web Authentication), and the ceremonies under way in
//! which one is made or shown. A ceremony is kept here, so that any process may end it, and taken once.

use newsroom::id::{PasskeyId, StaffId};
use newsroom::moment::Moment;

use crate::action::{Tx, View};
use crate::error::StoreError;
use crate::hash::Sha256;
use crate::statement::statements;
use crate::value::{Row, binds};

/// A passkey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passkey {
    /// Its name in lists; lets nobody in.
    pub id: PasskeyId,
    /// Whose it is.
    pub staff: StaffId,
    /// The name by which its authenticator knows it, base64url.
    pub credential: String,
    /// What its owner calls it.
    pub name: String,
    /// The public key and its counter, as JSON of whoever checks them.
    pub key: String,
    /// When it was made.
    pub made_at: Moment,
    /// When it was used last.
    pub used_at: Option<Moment>,
}

/// A ceremony under way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ceremony {
    /// Of the secret by which it is ended.
    pub digest: Sha256,
    /// Who makes a passkey; `None` where somebody is to be let in.
    pub staff: Option<StaffId>,
    /// What was asked, as JSON of whoever checks the answer.
    pub state: String,
    /// When it ends.
    pub valid_until: Moment,
}

macro_rules! columns {
    () => {
        "id, staff, credential, name, public_key, made_at, used_at"
    };
}

statements! { "passkeys";
    BY_CREDENTIAL = concat!("SELECT ", columns!(), " FROM passkeys WHERE credential = $1");
    OF_STAFF = concat!("SELECT ", columns!(), " FROM passkeys WHERE staff = $1 ORDER BY made_at, id");
    INSERT = concat!("INSERT INTO passkeys (", columns!(), ") VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING");
    RENAME = "UPDATE passkeys SET name = $3 WHERE id = $1 AND staff = $2";
    /// Not where another process has taken a later answer of it meanwhile.
    USED = "UPDATE passkeys SET public_key = $3, used_at = $4 WHERE id = $1 AND public_key = $2";
    REMOVE = "DELETE FROM passkeys WHERE id = $1 AND staff = $2";
    REMOVE_ALL = "DELETE FROM passkeys WHERE staff = $1";
    BEGIN = "INSERT INTO ceremonies (digest, staff, state, valid_until) VALUES ($1, $2, $3, $4)";
    TAKE = "DELETE FROM ceremonies WHERE digest = $1 RETURNING digest, staff, state, valid_until";
    END_BEFORE = "DELETE FROM ceremonies WHERE valid_until <= $1";
}

impl View {
    /// The passkey that an authenticator knows by this name.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn passkey(&mut self, credential: &str) -> Result<Option<Passkey>, StoreError> {
        self.row(BY_CREDENTIAL, binds![credential]).await?.map(|row| passkey(&row)).transpose()
    }

    /// A person's passkeys, oldest first.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn passkeys_of(&mut self, staff: StaffId) -> Result<Vec<Passkey>, StoreError> {
        self.rows(OF_STAFF, binds![staff]).await?.iter().map(passkey).collect()
    }
}

impl Tx {
    /// Keeps a new passkey. `false` when there is one that its authenticator knows by the same name.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn insert_passkey(&mut self, new: &Passkey) -> Result<bool, StoreError> {
        let values =
            binds![new.id, new.staff, &new.credential, &new.name, &new.key, new.made_at, new.used_at,];
        self.changes_any(INSERT, values).await
    }

    /// Gives a passkey of this person another name. `false` when they have no such one.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn rename_passkey(
        &mut self,
        staff: StaffId,
        id: PasskeyId,
        name: &str,
    ) -> Result<bool, StoreError> {
        self.changes_any(RENAME, binds![id, staff, name]).await
    }

    /// Notes that a passkey was used, and what is known of its key since. `false` when that has changed since it was read,
    /// or the passkey is gone.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn use_passkey(&mut self, read: &Passkey, key: &str, at: Moment) -> Result<bool, StoreError> {
        self.changes_any(USED, binds![read.id, &read.key, key, at]).await
    }

    /// Removes a passkey of this person. `false` when they have no such one.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn remove_passkey(&mut self, staff: StaffId, id: PasskeyId) -> Result<bool, StoreError> {
        self.changes_any(REMOVE, binds![id, staff]).await
    }

    /// Removes all passkeys of a person; gives how many.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn remove_passkeys(&mut self, staff: StaffId) -> Result<u64, StoreError> {
        self.run(REMOVE_ALL, binds![staff]).await
    }

    /// Keeps a ceremony that begins.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn begin_ceremony(&mut self, new: &Ceremony) -> Result<(), StoreError> {
        let values = binds![new.digest.to_string(), new.staff, &new.state, new.valid_until];
        self.run(BEGIN, values).await.map(|_| ())
    }

    /// Takes a ceremony, also one that is over: it is gone from now on.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn take_ceremony(&mut self, digest: Sha256) -> Result<Option<Ceremony>, StoreError> {
        let Some(row) = self.row(TAKE, binds![digest.to_string()]).await? else { return Ok(None) };
        Ok(Some(Ceremony {
            digest: row.parsed("digest", |text| text.parse().ok())?,
            staff: row.maybe_id("staff", StaffId::from_uuid)?,
            state: row.text("state")?,
            valid_until: row.moment("valid_until")?,
        }))
    }

    /// Forgets ceremonies that are over; gives how many.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn forget_ceremonies_before(&mut self, moment: Moment) -> Result<u64, StoreError> {
        self.run(END_BEFORE, binds![moment]).await
    }
}

fn passkey(row: &Row) -> Result<Passkey, StoreError> {
    Ok(Passkey {
        id: row.id("id", PasskeyId::from_uuid)?,
        staff: row.id("staff", StaffId::from_uuid)?,
        credential: row.text("credential")?,
        name: row.text("name")?,
        key: row.text("public_key")?,
        made_at: row.moment("made_at")?,
        used_at: row.maybe_moment("used_at")?,
    })
}
