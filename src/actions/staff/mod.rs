//! The staff: who is let in, by what, and as what.

pub mod accounts;
pub mod ceremonies;
pub mod links;
pub mod passkeys;
pub mod second_factor;
pub mod sign_in;
pub mod tokens;

mod password;

use newsroom::id::StaffId;
use newsroom::moment::Moment;
use newsroom::refusal::Refusal;
use newsroom::staff::{Account, EmailAddress};
use store::{Sha256, StoreError, Tx};

use super::{Acted, refuse};
use crate::app::App;
use crate::jobs::{About, Job, Mail, enqueue};

/// What lets somebody in: given to them once, and kept as its SHA-256 only.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl Secret {
    /// A new one of 256 random bits, as 64 hexadecimal digits.
    pub(super) fn new(app: &App) -> Self {
        Self(app.token::<32>())
    }

    /// A secret that somebody holds up.
    pub fn given(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// The text to be handed over.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is kept of it.
    pub fn digest(&self) -> Sha256 {
        Sha256::of(self.0.as_bytes())
    }
}

/// Where somebody follows a link. Its secret stands in the query, which no log of ours holds.
pub fn welcome_address(site: &str, secret: &Secret) -> String {
    format!("{}/desk/welcome?link={}", site.trim_end_matches('/'), secret.reveal())
}

/// A mail that is asked for now. Made before the transaction that puts it into the queue, so that it stays one mail when
/// that is tried again.
pub(super) struct Draft {
    id: String,
    at: Moment,
}

impl Draft {
    pub(super) fn new(app: &App) -> Self {
        Self { id: app.token::<16>(), at: app.now() }
    }

    /// One of several mails that are asked for at once.
    pub(super) fn numbered(&self, number: usize) -> Self {
        Self { id: format!("{}-{number}", self.id), at: self.at }
    }

    /// Puts the mail into the queue.
    pub(super) async fn send(&self, tx: &mut Tx, to: &EmailAddress, about: About) -> Result<(), StoreError> {
        let mail = Mail { id: self.id.clone(), to: to.clone(), about, at: self.at };
        enqueue(tx, &Job::SendMail { mail }, self.at).await
    }
}

/// An account that is there and has not left.
async fn standing(tx: &mut Tx, id: StaffId) -> Acted<Account> {
    match tx.account(id).await? {
        Some(account) if account.left.is_none() => Ok(account),
        _ => refuse(no_such_account(id)),
    }
}

/// The refusal for an id that no account has.
pub fn no_such_account(id: StaffId) -> Refusal {
    Refusal::new("staff_unknown", format!("No member of the staff has the id {id}."))
}
