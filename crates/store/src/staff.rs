//! The staff: accounts, and the secrets by which each is known. An account is never deleted, because the audit log names it;
//! who left is let in no more.

use newsroom::id::StaffId;
use newsroom::staff::{Account, EmailAddress, Role, Signature};

use crate::action::{Tx, View};
use crate::error::StoreError;
use crate::statement::statements;
use crate::value::{Row, binds};

/// By what a person is known, beside passkeys.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Secrets {
    /// Of the password, argon2id in the PHC string format.
    pub password: Option<String>,
    /// The second factor, once it has been confirmed.
    pub second_factor: Option<SecondFactor>,
}

/// A second factor by time (RFC 6238).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecondFactor {
    /// The shared secret, base 32.
    pub secret: String,
    /// The last step of thirty seconds whose code was taken: no code is taken twice.
    pub last_step: i64,
}

/// What became of an account that was to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeptStaff {
    /// It is kept, with this revision.
    As {
        /// The new revision.
        revision: i64,
    },
    /// It was made from an older revision than the one kept, or the account is not there (then `revision` is 0).
    Stale {
        /// The revision that is kept.
        revision: i64,
    },
    /// Another account has this address.
    AddressTaken,
}

macro_rules! columns {
    () => {
        "id, address, name, role, byline, credit, copyright, revision, created_at, left_at"
    };
}

statements! { "staff";
    BY_ID = concat!("SELECT ", columns!(), " FROM staff WHERE id = $1");
    BY_ADDRESS = concat!("SELECT ", columns!(), " FROM staff WHERE address = $1");
    /// Counts no further than it must.
    ANY = "SELECT id FROM staff LIMIT 1";
    ADMINISTRATORS = "SELECT id FROM staff WHERE role = 'administrator' AND left_at IS NULL ORDER BY id";
    PAGE = concat!("SELECT ", columns!(), " FROM staff WHERE id > $1 ORDER BY id LIMIT $2");
    INSERT = concat!("INSERT INTO staff (", columns!(), ", password, second_factor, second_factor_step)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, NULL, NULL, 0) ON CONFLICT DO NOTHING");
    UPDATE = "UPDATE staff SET address = $2, name = $3, role = $4, byline = $5, credit = $6, copyright = $7,
        left_at = $8, revision = revision + 1 WHERE id = $1 AND revision = $9";
    ADDRESS_OF_OTHER = "SELECT id FROM staff WHERE address = $1 AND id <> $2";
    SECRETS = "SELECT id, password, second_factor, second_factor_step FROM staff WHERE id = $1";
    SET_PASSWORD = "UPDATE staff SET password = $2 WHERE id = $1";
    SET_SECOND_FACTOR = "UPDATE staff SET second_factor = $2, second_factor_step = 0 WHERE id = $1";
    TAKE_STEP = "UPDATE staff SET second_factor_step = $2 WHERE id = $1 AND second_factor_step < $2";
}

impl View {
    /// An account by its id, also of one who left.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn account(&mut self, id: StaffId) -> Result<Option<Account>, StoreError> {
        self.row(BY_ID, binds![id]).await?.map(|row| account(&row)).transpose()
    }

    /// An account by its address, also of one who left.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn account_of(&mut self, address: &EmailAddress) -> Result<Option<Account>, StoreError> {
        self.row(BY_ADDRESS, binds![address.as_str()]).await?.map(|row| account(&row)).transpose()
    }

    /// Whether there is any account.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn has_staff(&mut self) -> Result<bool, StoreError> {
        Ok(self.row(ANY, binds![]).await?.is_some())
    }

    /// Those who may manage the staff and have not left.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn administrators(&mut self) -> Result<Vec<StaffId>, StoreError> {
        let rows = self.rows(ADMINISTRATORS, binds![]).await?;
        rows.iter().map(|row| row.id("id", StaffId::from_uuid)).collect()
    }

    /// At most so many accounts after one, in the order in which they were made; from the first with `None`.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn accounts_after(
        &mut self,
        after: Option<StaffId>,
        limit: u32,
    ) -> Result<Vec<Account>, StoreError> {
        let after = after.unwrap_or_else(|| StaffId::from_uuid(uuid::Uuid::nil()));
        self.rows(PAGE, binds![after, limit]).await?.iter().map(account).collect()
    }

    /// By what a person is known; nothing for an account that is not there.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn secrets_of(&mut self, id: StaffId) -> Result<Secrets, StoreError> {
        let Some(row) = self.row(SECRETS, binds![id]).await? else { return Ok(Secrets::default()) };
        let last_step = row.int("second_factor_step")?;
        let second_factor = row.maybe_text("second_factor")?.map(|secret| SecondFactor { secret, last_step });
        Ok(Secrets { password: row.maybe_text("password")?, second_factor })
    }
}

impl Tx {
    /// Keeps a new account, without secrets. `false` when its address or its id is taken.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn insert_account(&mut self, new: &Account) -> Result<bool, StoreError> {
        let values = binds![
            new.id,
            new.address.as_str(),
            &new.name,
            new.role.as_str(),
            new.signature.byline.clone(),
            new.signature.credit.clone(),
            new.signature.copyright.clone(),
            new.revision,
            new.created,
            new.left,
        ];
        self.changes_any(INSERT, values).await
    }

    /// Keeps what changed of an account; its id and when it was made do not.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn save_account(&mut self, changed: &Account) -> Result<KeptStaff, StoreError> {
        let address = changed.address.as_str();
        if self.row(ADDRESS_OF_OTHER, binds![address, changed.id]).await?.is_some() {
            return Ok(KeptStaff::AddressTaken);
        }
        let values = binds![
            changed.id,
            address,
            &changed.name,
            changed.role.as_str(),
            changed.signature.byline.clone(),
            changed.signature.credit.clone(),
            changed.signature.copyright.clone(),
            changed.left,
            changed.revision,
        ];
        if self.changes_any(UPDATE, values).await? {
            return Ok(KeptStaff::As { revision: changed.revision + 1 });
        }
        let revision = self.account(changed.id).await?.map_or(0, |kept| kept.revision);
        Ok(KeptStaff::Stale { revision })
    }

    /// Sets the hash of a password, or takes it away.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn set_password(&mut self, id: StaffId, hash: Option<&str>) -> Result<(), StoreError> {
        self.run(SET_PASSWORD, binds![id, hash.map(str::to_owned)]).await.map(|_| ())
    }

    /// Sets the secret of the second factor, or takes it away.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn set_second_factor(&mut self, id: StaffId, secret: Option<&str>) -> Result<(), StoreError> {
        self.run(SET_SECOND_FACTOR, binds![id, secret.map(str::to_owned)]).await.map(|_| ())
    }

    /// Takes the code of a step. `false` when one of this step, or of a later one, was taken before.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn take_second_factor_step(&mut self, id: StaffId, step: i64) -> Result<bool, StoreError> {
        self.changes_any(TAKE_STEP, binds![id, step]).await
    }
}

fn account(row: &Row) -> Result<Account, StoreError> {
    Ok(Account {
        id: row.id("id", StaffId::from_uuid)?,
        address: row.parsed("address", EmailAddress::parse)?,
        name: row.text("name")?,
        role: row.parsed("role", Role::parse)?,
        signature: Signature {
            byline: row.maybe_text("byline")?,
            credit: row.maybe_text("credit")?,
            copyright: row.maybe_text("copyright")?,
        },
        revision: row.int("revision")?,
        created: row.moment("created_at")?,
        left: row.maybe_moment("left_at")?,
    })
}
