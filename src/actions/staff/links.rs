//! Links that let a person in once: the first administrator, an invitation, a way back in.

use newsroom::moment::Moment;
use newsroom::refusal::Refusal;
use newsroom::staff::policy::Permission;
use newsroom::staff::{Account, EmailAddress, Role, Signature};
use store::{Link, Sha256, StoreError, Tx, View};

use super::super::audit::Deed;
use super::super::{Acted, Denied, Who, refuse};
use super::{Draft, Secret, password, standing, welcome_address};
use crate::app::App;
use crate::jobs::About;

/// How long a link is good, in seconds.
const LIFE: i64 = 3 * 24 * 3600;
/// The same for one that signs in.
const SIGN_IN_LIFE: i64 = 3600;

/// An invitation that nobody has followed yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invited {
    /// Of the link's secret.
    pub digest: Sha256,
    /// Whom it is for.
    pub address: EmailAddress,
    /// What they are to be.
    pub role: Role,
    /// The name of who invites; `None` for whoever may start the program on the machine.
    pub by: Option<String>,
    /// When they were invited.
    pub made: Moment,
    /// When it ends.
    pub until: Moment,
}

/// What a person says of themselves when they follow a link.
#[derive(Debug, Clone)]
pub struct Acceptance {
    /// Their address: needed where the link was made for nobody by name.
    pub address: Option<EmailAddress>,
    /// Their name: needed for a new account.
    pub name: Option<String>,
    /// Their new password.
    pub password: String,
}

/// A link to the first account, which is an administrator's. Of an earlier one nobody knows the secret any more but whoever wrote
/// it down, so that it is taken back. `None` where there is an account already.
///
/// # Errors
/// A fault of the store.
pub async fn link_for_first_account(app: &App) -> Result<Option<Secret>, Denied> {
    let secret = Secret::new(app);
    let who = Who::operator();
    let link = new_link(app, &who, &secret, None, Some(Role::Administrator));
    let deed = Deed { who: &who, at: app.now(), verb: "link_for_first_account" };
    let made = app
        .store()
        .act(async |tx: &mut Tx| {
            if tx.has_staff().await? {
                return Ok(false);
            }
            let taken_back = tx.take_back_links(None).await?;
            tx.insert_link(&link).await?;
            let after = serde_json::json!({ "role": link.role, "taken_back": taken_back });
            deed.note(tx, "invitation", "first account".to_owned(), None, Some(after)).await?;
            Ok(true)
        })
        .await
        .map_err(Denied::from)?;
    Ok(made.then_some(secret))
}

/// Invites somebody, by a mail as well; an earlier invitation to the same address is taken back.
///
/// # Errors
/// A refusal where the address has an account; a fault of the store.
pub async fn invite(app: &App, who: &Who, address: &EmailAddress, role: Role) -> Result<Secret, Denied> {
    who.may(Permission::ManageStaff)?;
    let secret = Secret::new(app);
    let link = new_link(app, who, &secret, Some(address.clone()), Some(role));
    let (deed, mail) = (Deed { who, at: app.now(), verb: "invite" }, Draft::new(app));
    let link_in_mail = welcome_address(&app.config().site.url, &secret);
    let about = About::Invitation { role, link: link_in_mail, until: link.valid_until };
    app.store()
        .act(async |tx: &mut Tx| {
            if tx.account_of(address).await?.is_some() {
                return refuse(address_taken(address));
            }
            tx.take_back_links(Some(address)).await?;
            tx.insert_link(&link).await?;
            let after = serde_json::json!({ "role": role });
            deed.note(tx, "invitation", address.to_string(), None, Some(after)).await?;
            mail.send(tx, address, about.clone()).await?;
            Ok(())
        })
        .await
        .map_err(Denied::from)?;
    Ok(secret)
}

/// The invitations that are open, those first that end first; `after` is the end and the digest of the last one of the page before.
///
/// # Errors
/// A refusal where they may not be seen; a fault of the store.
pub async fn invitations(
    app: &App,
    who: &Who,
    after: Option<(Moment, Sha256)>,
    limit: u32,
) -> Result<Vec<Invited>, Denied> {
    who.may(Permission::ManageStaff)?;
    let now = app.now();
    // What has ended meanwhile is left out of later pages too.
    let after = after.filter(|(end, _)| *end > now).map_or((now, None), |(end, digest)| (end, Some(digest)));
    let found = app.store().view(async |view: &mut View| {
        let mut found = Vec::new();
        for link in view.invitations_after(after, limit).await? {
            let (Some(address), Some(role)) = (link.address, link.role) else { continue };
            let by = match link.made_by {
                Some(maker) => view.account(maker).await?.map(|account| account.name),
                None => None,
            };
            let (digest, made, until) = (link.digest, link.made_at, link.valid_until);
            found.push(Invited { digest, address, role, by, made, until });
        }
        Ok::<_, StoreError>(found)
    });
    Ok(found.await?)
}

/// Takes an invitation back: its link leads nowhere from now on.
///
/// # Errors
/// A refusal where there is no such invitation (any more); a fault of the store.
pub async fn take_back_invitation(app: &App, who: &Who, digest: Sha256) -> Result<(), Denied> {
    who.may(Permission::ManageStaff)?;
    let deed = Deed { who, at: app.now(), verb: "take_back_invitation" };
    app.store()
        .act(async |tx: &mut Tx| {
            let link = tx.link(digest).await?.filter(|link| link.valid_until > deed.at);
            let Some((address, role)) = link.and_then(|link| link.address.zip(link.role)) else {
                return refuse(no_such_invitation());
            };
            tx.take_link(digest).await?;
            let before = serde_json::json!({ "role": role });
            deed.note(tx, "invitation", address.to_string(), Some(before), None).await?;
            Ok(())
        })
        .await
        .map_err(Denied::from)
}

/// The refusal for an invitation that is not open.
pub fn no_such_invitation() -> Refusal {
    let sentence = "There is no such invitation: it was followed, taken back, or is older than three days.";
    Refusal::new("invitation_unknown", sentence)
}

/// A way back in for a person who is locked out, sent to them by a mail as well. Until it is followed nothing changes.
///
/// # Errors
/// A refusal where there is no such account; a fault of the store.
pub async fn link_back_in(app: &App, who: &Who, address: &EmailAddress) -> Result<Secret, Denied> {
    who.may(Permission::ManageStaff)?;
    let secret = Secret::new(app);
    let link = new_link(app, who, &secret, Some(address.clone()), None);
    let (deed, mail) = (Deed { who, at: app.now(), verb: "link_back_in" }, Draft::new(app));
    let link_in_mail = welcome_address(&app.config().site.url, &secret);
    let about = About::WayBackIn { link: link_in_mail, until: link.valid_until };
    app.store()
        .act(async |tx: &mut Tx| {
            let account = match tx.account_of(address).await? {
                Some(account) if account.left.is_none() => account,
                _ => return refuse(no_account_at(address)),
            };
            tx.take_back_links(Some(address)).await?;
            tx.insert_link(&Link { staff: Some(account.id), ..link.clone() }).await?;
            deed.note(tx, "staff", account.id.to_string(), None, None).await?;
            mail.send(tx, address, about.clone()).await?;
            Ok(())
        })
        .await
        .map_err(Denied::from)?;
    Ok(secret)
}

/// A link that signs an account in once, within an hour, and changes nothing of it: for whoever manages the staff, who could
/// set another password as well.
///
/// # Errors
/// A refusal where there is no such account, or where it has a second factor, which a link would pass by; a fault of the store.
pub async fn link_to_sign_in(app: &App, who: &Who, address: &EmailAddress) -> Result<Secret, Denied> {
    who.may(Permission::ManageStaff)?;
    let secret = Secret::new(app);
    let link = new_link(app, who, &secret, Some(address.clone()), None);
    let link = Link { signs_in: true, valid_until: link.made_at.plus_seconds(SIGN_IN_LIFE), ..link };
    let deed = Deed { who, at: app.now(), verb: "link_to_sign_in" };
    app.store()
        .act(async |tx: &mut Tx| {
            let account = match tx.account_of(address).await? {
                Some(account) if account.left.is_none() => account,
                _ => return refuse(no_account_at(address)),
            };
            if tx.secrets_of(account.id).await?.second_factor.is_some() {
                return refuse(second_factor_set());
            }
            tx.insert_link(&Link { staff: Some(account.id), ..link.clone() }).await?;
            deed.note(tx, "staff", account.id.to_string(), None, None).await?;
            Ok(())
        })
        .await
        .map_err(Denied::from)?;
    Ok(secret)
}

/// Follows a link that signs in; it leads nowhere then.
///
/// # Errors
/// A refusal of the link; a fault of the store.
pub async fn sign_in_by_link(app: &App, secret: &Secret) -> Result<Account, Denied> {
    let now = app.now();
    let taken = app.store().act(async |tx: &mut Tx| {
        let link = tx.link(secret.digest()).await?.filter(|link| link.signs_in && link.valid_until > now);
        let Some((digest, staff)) = link.and_then(|link| Some((link.digest, link.staff?))) else {
            return refuse(dead_link());
        };
        tx.take_link(digest).await?;
        if tx.secrets_of(staff).await?.second_factor.is_some() {
            return refuse(second_factor_set());
        }
        standing(tx, staff).await
    });
    Ok(taken.await?)
}

/// What a link is for. `None` for one that leads nowhere (any more).
///
/// # Errors
/// A fault of the store.
pub async fn link_of(app: &App, secret: &Secret) -> Result<Option<Link>, StoreError> {
    let now = app.now();
    let link = app.store().view(async |view: &mut View| view.link(secret.digest()).await).await?;
    Ok(link.filter(|link| link.valid_until > now))
}

/// Follows a link: makes the account that it invites to, or gives an account a new password, in place of what it was known
/// by, and ends its sessions. The link leads nowhere then.
///
/// # Errors
/// A refusal of the link, the name, the address or the password; a fault of the store.
pub async fn accept(app: &App, secret: &Secret, with: &Acceptance) -> Result<Account, Denied> {
    let Some(link) = link_of(app, secret).await?.filter(|link| !link.signs_in) else {
        return Err(dead_link().into());
    };
    let new = new_account(app, &link, with)?;
    let known = [
        new.as_ref().map_or("", |new| new.name.as_str()),
        link.address.as_ref().map_or("", EmailAddress::as_str),
    ];
    password::acceptable(&with.password, &known)?;
    let hash = password::hashed(app, &with.password).await?;
    let (at, mail) = (app.now(), Draft::new(app));
    let outcome = app
        .store()
        .act(async |tx: &mut Tx| {
            if !tx.take_link(link.digest).await? {
                return refuse(dead_link());
            }
            let account = match &new {
                Some(new) => admit(tx, &link, new).await?,
                None => {
                    let account = back_in(tx, &link, at).await?;
                    mail.send(tx, &account.address, About::PasswordChanged).await?;
                    account
                }
            };
            tx.set_password(account.id, Some(&hash)).await?;
            let who = Who::of(&account);
            let deed = Deed { who: &who, at, verb: "accept_link" };
            let after = serde_json::json!({ "address": account.address, "role": account.role });
            deed.note(tx, "staff", account.id.to_string(), None, Some(after)).await?;
            Ok(account)
        })
        .await;
    Ok(outcome?)
}

/// The account that a link makes. `None` where it lets one in that is there.
fn new_account(app: &App, link: &Link, with: &Acceptance) -> Result<Option<Account>, Denied> {
    let Some(role) = link.role else { return Ok(None) };
    let Some(address) = link.address.clone().or_else(|| with.address.clone()) else {
        return Err(Refusal::new("address_missing", "An account needs a mail address.")
            .field("address")
            .into());
    };
    let name = super::accounts::name_of(with.name.as_deref().unwrap_or_default())?;
    let created = app.now();
    // Whose photos these are is known of a photographer; what an editor sends is mostly somebody else's.
    let byline = (role == Role::Photographer).then(|| name.clone());
    let signature = Signature { byline, ..Signature::default() };
    Ok(Some(Account { id: app.staff_id(), address, name, role, signature, revision: 1, created, left: None }))
}

async fn admit(tx: &mut Tx, link: &Link, new: &Account) -> Acted<Account> {
    if link.address.is_none() && tx.has_staff().await? {
        return refuse(dead_link());
    }
    if tx.insert_account(new).await? { Ok(new.clone()) } else { refuse(address_taken(&new.address)) }
}

async fn back_in(tx: &mut Tx, link: &Link, at: Moment) -> Acted<Account> {
    let Some(id) = link.staff else { return refuse(dead_link()) };
    let account = standing(tx, id).await?;
    tx.set_second_factor(id, None).await?;
    tx.remove_passkeys(id).await?;
    tx.end_sessions(id, None).await?;
    tx.end_tokens(id, at).await?;
    Ok(account)
}

fn new_link(
    app: &App,
    who: &Who,
    secret: &Secret,
    address: Option<EmailAddress>,
    role: Option<Role>,
) -> Link {
    let made_at = app.now();
    let valid_until = made_at.plus_seconds(LIFE);
    Link {
        digest: secret.digest(),
        address,
        role,
        staff: None,
        made_by: who.member(),
        made_at,
        valid_until,
        signs_in: false,
    }
}

/// The refusal of a link that leads nowhere.
pub fn dead_link() -> Refusal {
    Refusal::new(
        "link_unknown",
        "This link leads nowhere: it was followed already, or it is older than three days. Ask for a new one.",
    )
}

fn second_factor_set() -> Refusal {
    let sentence = "The account has a second factor, which a link would pass by; sign in with both.";
    Refusal::new("second_factor_set", sentence)
}

fn no_account_at(address: &EmailAddress) -> Refusal {
    Refusal::new("staff_unknown", format!("No member of the staff has the address {address}."))
}

/// The refusal for an address that has an account.
pub(super) fn address_taken(address: &EmailAddress) -> Refusal {
    Refusal::new("address_taken", format!("The address {address} has an account already.")).field("address")
}
