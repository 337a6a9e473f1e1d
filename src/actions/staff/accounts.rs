//! Changes of accounts.

use newsroom::id::StaffId;
use newsroom::refusal::Refusal;
use newsroom::staff::policy::Permission;
use newsroom::staff::{Account, EmailAddress, Role};
use store::{KeptStaff, Tx};

use super::super::audit::Deed;
use super::super::{Acted, Denied, Who, refuse};
use super::links::address_taken;
use super::{Draft, no_such_account, standing};
use crate::app::App;
use crate::jobs::About;

/// Characters of a name, a byline, a credit or a copyright notice at most.
const LONGEST: usize = 200;

/// What is to be changed of an account; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct AccountChange {
    /// The revision that the change was made from.
    pub revision: Option<i64>,
    /// The name.
    pub name: Option<String>,
    /// The address. An administrator's to change.
    pub address: Option<EmailAddress>,
    /// The role. An administrator's to change.
    pub role: Option<Role>,
    /// The byline; empty to have none.
    pub byline: Option<String>,
    /// The credit; empty to have none.
    pub credit: Option<String>,
    /// The copyright notice; empty to have none.
    pub copyright: Option<String>,
}

/// Changes an account: one's own name and signature, or as an administrator anybody's. Its owner is told by mail of another
/// role and of another address, of that at both: the old one is where somebody reads who did not want it.
///
/// # Errors
/// A refusal; a fault of the store.
pub async fn change_account(
    app: &App,
    who: &Who,
    id: StaffId,
    change: &AccountChange,
) -> Result<Account, Denied> {
    if who.member() != Some(id) || change.address.is_some() || change.role.is_some() {
        who.may(Permission::ManageStaff)?;
    }
    let deed = Deed { who, at: app.now(), verb: "change_account" };
    let mails = [(); 3].map(|()| Draft::new(app));
    let outcome = app
        .store()
        .act(async |tx: &mut Tx| {
            let before = standing(tx, id).await?;
            if change.revision.is_some_and(|revision| revision != before.revision) {
                return refuse(stale());
            }
            let after = changed(&before, change).or_else(refuse)?;
            if before.role == Role::Administrator && after.role != Role::Administrator {
                somebody_is_left(tx, id).await?;
                // A link whose secret they know would give back what they lost.
                tx.take_back_links_by(id).await?;
            }
            if before.address != after.address {
                tx.take_back_links(Some(&before.address)).await?;
            }
            let kept = keep(tx, &after).await?;
            tell_owner(tx, &before, &kept, &mails).await?;
            let (before, after) = (told(&before), told(&kept));
            deed.note(tx, "staff", id.to_string(), Some(before), Some(after)).await?;
            Ok(kept)
        })
        .await;
    Ok(outcome?)
}

async fn tell_owner(tx: &mut Tx, before: &Account, after: &Account, mails: &[Draft; 3]) -> Acted<()> {
    let [to_old, to_new, of_role] = mails;
    if before.address != after.address {
        for (mail, to) in [(to_old, &before.address), (to_new, &after.address)] {
            mail.send(tx, to, About::AddressChanged { address: after.address.clone() }).await?;
        }
    }
    if before.role != after.role {
        of_role.send(tx, &after.address, About::RoleChanged { role: after.role }).await?;
    }
    Ok(())
}

/// Lets somebody in no more: sessions, tokens, passkeys and links end, those that they made for others too, and they are told by
/// mail. The account stays as a name in the audit log.
///
/// # Errors
/// A refusal; a fault of the store.
pub async fn leave(app: &App, who: &Who, id: StaffId) -> Result<(), Denied> {
    who.may(Permission::ManageStaff)?;
    let (deed, mail) = (Deed { who, at: app.now(), verb: "leave" }, Draft::new(app));
    app.store()
        .act(async |tx: &mut Tx| {
            let account = standing(tx, id).await?;
            if account.role == Role::Administrator {
                somebody_is_left(tx, id).await?;
            }
            tx.end_sessions(id, None).await?;
            tx.end_tokens(id, deed.at).await?;
            tx.take_back_links(Some(&account.address)).await?;
            let taken_back = tx.take_back_links_by(id).await?;
            let shares = tx.revoke_shares_by(Who::of(&account).as_str(), deed.at).await?;
            tx.set_password(id, None).await?;
            tx.set_second_factor(id, None).await?;
            tx.remove_passkeys(id).await?;
            keep(tx, &Account { left: Some(deed.at), ..account.clone() }).await?;
            let after = (taken_back + shares > 0)
                .then(|| serde_json::json!({ "links_taken_back": taken_back, "shares_revoked": shares }));
            deed.note(tx, "staff", id.to_string(), Some(told(&account)), after).await?;
            mail.send(tx, &account.address, About::AccountEnded).await?;
            Ok(())
        })
        .await
        .map_err(Denied::from)
}

async fn keep(tx: &mut Tx, account: &Account) -> Acted<Account> {
    match tx.save_account(account).await? {
        KeptStaff::As { revision } => Ok(Account { revision, ..account.clone() }),
        KeptStaff::AddressTaken => refuse(address_taken(&account.address)),
        KeptStaff::Stale { revision: 0 } => refuse(no_such_account(account.id)),
        KeptStaff::Stale { .. } => refuse(stale()),
    }
}

/// A house without an administrator could let nobody in any more.
async fn somebody_is_left(tx: &mut Tx, but: StaffId) -> Acted<()> {
    if tx.administrators().await?.iter().any(|one| *one != but) {
        return Ok(());
    }
    refuse(Refusal::new("last_administrator", "This is the only administrator: make another one first."))
}

fn changed(before: &Account, change: &AccountChange) -> Result<Account, Refusal> {
    let mut after = before.clone();
    if let Some(name) = &change.name {
        after.name = name_of(name)?;
    }
    if let Some(address) = &change.address {
        after.address = address.clone();
    }
    if let Some(role) = change.role {
        after.role = role;
    }
    let signature = &mut after.signature;
    let lines = [
        ("byline", &change.byline, &mut signature.byline),
        ("credit", &change.credit, &mut signature.credit),
        ("copyright", &change.copyright, &mut signature.copyright),
    ];
    for (field, new, kept) in lines {
        if let Some(new) = new {
            *kept = line(new, field)?;
        }
    }
    Ok(after)
}

/// A person's name: one line that says something.
pub(super) fn name_of(text: &str) -> Result<String, Refusal> {
    line(text, "name")?.ok_or_else(|| Refusal::new("name_missing", "An account needs a name.").field("name"))
}

/// One line; `None` where it is empty.
fn line(text: &str, field: &'static str) -> Result<Option<String>, Refusal> {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() > LONGEST {
        return Err(
            Refusal::new("text_long", format!("This may have up to {LONGEST} characters.")).field(field)
        );
    }
    if line.chars().any(char::is_control) {
        return Err(Refusal::new("text_odd", "This holds signs that no name has.").field(field));
    }
    Ok((!line.is_empty()).then_some(line))
}

fn told(account: &Account) -> serde_json::Value {
    serde_json::json!({
        "address": account.address, "name": account.name, "role": account.role, "signature": account.signature,
    })
}

fn stale() -> Refusal {
    Refusal::new("stale_revision", "The account has changed meanwhile. Get it again and repeat your change.")
}
