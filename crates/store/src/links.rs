//! Links that let a person in once: an invitation, or a way back in. The secret in a link is not kept, only its SHA-256;
//! a link that was followed is gone.

use newsroom::id::StaffId;
use newsroom::moment::Moment;
use newsroom::staff::{EmailAddress, Role};

use crate::action::{Tx, View};
use crate::error::StoreError;
use crate::hash::Sha256;
use crate::statement::statements;
use crate::value::{Row, binds};

/// A link that was not followed yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Of its secret.
    pub digest: Sha256,
    /// Whom it was made for; `None` where whoever starts the program makes the first account.
    pub address: Option<EmailAddress>,
    /// The role of the account that it makes; `None` where it lets an account in that is there.
    pub role: Option<Role>,
    /// The account that it lets in.
    pub staff: Option<StaffId>,
    /// Who made it; `None` where it was made on the machine itself.
    pub made_by: Option<StaffId>,
    /// When it was made.
    pub made_at: Moment,
    /// When it ends.
    pub valid_until: Moment,
    /// Whether it signs the account in and sets no password.
    pub signs_in: bool,
}

statements! { "links";
    BY_DIGEST = "SELECT digest, address, role, staff, made_by, made_at, valid_until, signs_in FROM links WHERE digest = $1";
    TO_ADDRESS = "SELECT digest, address, role, staff, made_by, made_at, valid_until, signs_in FROM links
        WHERE address = $1 ORDER BY digest";
    INSERT = "INSERT INTO links (digest, address, role, staff, made_by, made_at, valid_until, signs_in)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    TAKE = "DELETE FROM links WHERE digest = $1";
    END_TO = "DELETE FROM links WHERE address = $1";
    END_BY = "DELETE FROM links WHERE made_by = $1";
    INVITATIONS = "SELECT digest, address, role, staff, made_by, made_at, valid_until, signs_in FROM links
        WHERE valid_until >= $1 AND (valid_until, digest) > ($1, $2) AND role IS NOT NULL AND address <> ''
        ORDER BY valid_until, digest LIMIT $3";
    END_BEFORE = "DELETE FROM links WHERE valid_until <= $1";
}

impl View {
    /// The link of this secret's digest, also one that is over.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn link(&mut self, digest: Sha256) -> Result<Option<Link>, StoreError> {
        self.row(BY_DIGEST, binds![digest.to_string()]).await?.map(|row| link(&row)).transpose()
    }

    /// The links that were made for an address, or for whoever makes the first account.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn links_to(&mut self, address: Option<&EmailAddress>) -> Result<Vec<Link>, StoreError> {
        self.rows(TO_ADDRESS, binds![word(address)]).await?.iter().map(link).collect()
    }

    /// Invitations by their end, at most `limit`: those that end after a moment, and of those that end at it the ones with a
    /// greater digest, where one is given.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn invitations_after(
        &mut self,
        (end, digest): (Moment, Option<Sha256>),
        limit: u32,
    ) -> Result<Vec<Link>, StoreError> {
        // No digest comes after this one.
        let digest = digest.map_or("g".to_owned(), |digest| digest.to_string());
        self.rows(INVITATIONS, binds![end, digest, limit]).await?.iter().map(link).collect()
    }
}

impl Tx {
    /// Keeps a new link.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn insert_link(&mut self, new: &Link) -> Result<(), StoreError> {
        let values = binds![
            new.digest.to_string(),
            word(new.address.as_ref()),
            new.role.map(|role| role.as_str().to_owned()),
            new.staff,
            new.made_by,
            new.made_at,
            new.valid_until,
            i64::from(new.signs_in),
        ];
        self.run(INSERT, values).await.map(|_| ())
    }

    /// Takes a link: it leads nowhere from now on. `false` when it was taken before.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn take_link(&mut self, digest: Sha256) -> Result<bool, StoreError> {
        self.changes_any(TAKE, binds![digest.to_string()]).await
    }

    /// Takes back all links to an address, or those for the first account; gives how many.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn take_back_links(&mut self, address: Option<&EmailAddress>) -> Result<u64, StoreError> {
        self.run(END_TO, binds![word(address)]).await
    }

    /// Takes back all links that a member of the staff made; gives how many.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn take_back_links_by(&mut self, maker: StaffId) -> Result<u64, StoreError> {
        self.run(END_BY, binds![maker]).await
    }

    /// Forgets links that are over; gives how many.
    ///
    /// # Errors
    /// A fault of the store.
    pub async fn forget_links_before(&mut self, moment: Moment) -> Result<u64, StoreError> {
        self.run(END_BEFORE, binds![moment]).await
    }
}

/// An address as it is kept; nothing for the first account.
fn word(address: Option<&EmailAddress>) -> &str {
    address.map_or("", EmailAddress::as_str)
}

fn link(row: &Row) -> Result<Link, StoreError> {
    let address = row.text("address")?;
    let role = row.maybe_text("role")?;
    Ok(Link {
        digest: row.parsed("digest", |text| text.parse().ok())?,
        address: if address.is_empty() { None } else { Some(row.parsed("address", EmailAddress::parse)?) },
        role: role.map(|_| row.parsed("role", Role::parse)).transpose()?,
        staff: row.maybe_id("staff", StaffId::from_uuid)?,
        made_by: row.maybe_id("made_by", StaffId::from_uuid)?,
        made_at: row.moment("made_at")?,
        valid_until: row.moment("valid_until")?,
        signs_in: row.int("signs_in")? != 0,
    })
}
