//! `halftone staff`: who may sign in, from the machine itself.

use newsroom::refusal::Refusal;
use newsroom::staff::policy::Scope;
use newsroom::staff::{Account, EmailAddress, Role};
use serde_json::json;
use store::{StoreError, View};

use super::args::StaffCommand;
use super::report::Outcome;
use super::session::{Ended, Session};
use crate::actions::staff::accounts::{AccountChange, change_account, leave};
use crate::actions::staff::links::{
    Invited, invitations, invite, link_back_in, link_for_first_account, link_to_sign_in, no_such_invitation,
    take_back_invitation,
};
use crate::actions::staff::tokens::make_token;
use crate::actions::staff::{Secret, welcome_address};

/// Accounts read at once.
const PAGE: u32 = 500;

pub async fn run(session: &Session, command: &StaffCommand) -> Result<Outcome, Ended> {
    match command {
        StaffCommand::List => list(session).await,
        StaffCommand::Invite { address, role } => {
            let secret = invite(session.app(), &session.who, &parse(address)?, (*role).into()).await?;
            let what =
                format!("Give this to {address}, who also gets it by mail; it works once, within three days");
            Ok(tell_link(session, &secret, &what))
        }
        StaffCommand::Link { address: Some(address) } => {
            let secret = link_back_in(session.app(), &session.who, &parse(address)?).await?;
            let what = "With this, which also goes there by mail, a new password is set, and a second factor, passkeys, sessions and tokens end; it works once, within three days";
            Ok(tell_link(session, &secret, what))
        }
        StaffCommand::Link { address: None } => match link_for_first_account(session.app()).await? {
            Some(secret) => {
                Ok(tell_link(session, &secret, "The first administrator signs up here, within three days"))
            }
            None => Err(Ended::WrongUse(
                "There are accounts already: name the address of the one that is locked out.".to_owned(),
            )),
        },
        StaffCommand::SignIn { address } => {
            let secret = link_to_sign_in(session.app(), &session.who, &parse(address)?).await?;
            Ok(tell_link(session, &secret, "This signs in, once, within an hour"))
        }
        StaffCommand::Role { address, role } => {
            let account = account(session, address).await?;
            let change = AccountChange { role: Some((*role).into()), ..AccountChange::default() };
            let changed = change_account(session.app(), &session.who, account.id, &change).await?;
            session.report.say(&format!("{} is {} now.", changed.name, changed.role), told(&changed));
            Ok(Outcome::Done)
        }
        StaffCommand::Invitations { take_back: None } => list_invitations(session).await,
        StaffCommand::Invitations { take_back: Some(address) } => take_back(session, &parse(address)?).await,
        StaffCommand::Leave { address } => {
            let account = account(session, address).await?;
            leave(session.app(), &session.who, account.id).await?;
            let said =
                format!("{} is let in no more; sessions, tokens, passkeys and links ended.", account.name);
            session.report.say(&said, json!({ "left": account.id }));
            Ok(Outcome::Done)
        }
        StaffCommand::Token(args) => {
            let account = account(session, &args.address).await?;
            let scopes: Vec<Scope> = args.scopes.iter().map(|scope| (*scope).into()).collect();
            let (token, secret) =
                make_token(session.app(), &session.who, account.id, (&args.name, &scopes), args.days).await?;
            let object =
                json!({ "token": secret.reveal(), "id": token.id, "valid_until": token.valid_until });
            let said =
                format!("{}\nIt is shown this once, and ends on {}.", secret.reveal(), token.valid_until);
            session.report.say(&said, object);
            Ok(Outcome::Done)
        }
    }
}

async fn list(session: &Session) -> Result<Outcome, Ended> {
    let mut after = None;
    loop {
        let accounts = session
            .app()
            .store()
            .view(async |view: &mut View| view.accounts_after(after, PAGE).await)
            .await?;
        let Some(last) = accounts.last() else { return Ok(Outcome::Done) };
        after = Some(last.id);
        for account in &accounts {
            let left = account.left.map(|at| format!(", left on {at}")).unwrap_or_default();
            let said = format!("{}  {}  {}{left}", account.address, account.role, account.name);
            session.report.say(&said, told(account));
        }
    }
}

/// All invitations that are open.
async fn open_invitations(session: &Session) -> Result<Vec<Invited>, Ended> {
    let mut all: Vec<Invited> = Vec::new();
    loop {
        let after = all.last().map(|last| (last.until, last.digest));
        let page = invitations(session.app(), &session.who, after, PAGE).await?;
        let full = page.len() == PAGE as usize;
        all.extend(page);
        if !full {
            return Ok(all);
        }
    }
}

async fn list_invitations(session: &Session) -> Result<Outcome, Ended> {
    for one in open_invitations(session).await? {
        let by = one.by.as_deref().unwrap_or("the operator");
        let said = format!("{}  {}  until {}, by {by}", one.address, one.role, one.until);
        let object = json!({
            "address": one.address, "role": one.role, "by": one.by, "made": one.made, "until": one.until,
        });
        session.report.say(&said, object);
    }
    Ok(Outcome::Done)
}

async fn take_back(session: &Session, address: &EmailAddress) -> Result<Outcome, Ended> {
    let all = open_invitations(session).await?;
    let Some(one) = all.iter().find(|one| one.address == *address) else {
        return Err(Ended::Refused(vec![no_such_invitation()]));
    };
    take_back_invitation(session.app(), &session.who, one.digest).await?;
    let said = format!("The invitation to {address} was taken back; its link leads nowhere.");
    session.report.say(&said, json!({ "taken_back": address }));
    Ok(Outcome::Done)
}

fn tell_link(session: &Session, secret: &Secret, what: &str) -> Outcome {
    let address = welcome_address(&session.app().config().site.url, secret);
    session.report.say(&format!("{what}:\n{address}"), json!({ "link": address }));
    Outcome::Done
}

fn told(account: &Account) -> serde_json::Value {
    json!({
        "id": account.id, "address": account.address, "name": account.name, "role": account.role, "left": account.left,
    })
}

fn parse(address: &str) -> Result<EmailAddress, Ended> {
    EmailAddress::parse(address)
        .ok_or_else(|| Ended::WrongUse(format!("\"{address}\" is not a mail address.")))
}

async fn account(session: &Session, address: &str) -> Result<Account, Ended> {
    let address = parse(address)?;
    let found = session
        .app()
        .store()
        .view(async |view: &mut View| view.account_of(&address).await)
        .await
        .map_err(|error: StoreError| Ended::from(error))?;
    found.filter(|account| account.left.is_none()).ok_or_else(|| {
        let sentence = format!("No member of the staff has the address {address}.");
        Ended::Refused(vec![Refusal::new("staff_unknown", sentence)])
    })
}

/// A role as it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum TypedRole {
    /// Sends photos and writes drafts, and sees their own only
    Photographer,
    /// Sees and changes all photos and stories, publishes and withdraws
    Editor,
    /// Looks after what readers write
    Moderator,
    /// All of it, and the staff
    Administrator,
}

impl From<TypedRole> for Role {
    fn from(typed: TypedRole) -> Self {
        match typed {
            TypedRole::Photographer => Self::Photographer,
            TypedRole::Editor => Self::Editor,
            TypedRole::Moderator => Self::Moderator,
            TypedRole::Administrator => Self::Administrator,
        }
    }
}

/// A scope as it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum TypedScope {
    /// See stories, photos, notices, jobs and processes
    Read,
    /// Send photos
    Photos,
    /// Write stories
    Stories,
    /// Publish and withdraw
    Publish,
    /// Fetch originals
    Originals,
    /// Change notices
    Notices,
    /// See the audit log, manage the staff, have jobs tried again
    Admin,
}

impl From<TypedScope> for Scope {
    fn from(typed: TypedScope) -> Self {
        match typed {
            TypedScope::Read => Self::Read,
            TypedScope::Photos => Self::Photos,
            TypedScope::Stories => Self::Stories,
            TypedScope::Publish => Self::Publish,
            TypedScope::Originals => Self::Originals,
            TypedScope::Notices => Self::Notices,
            TypedScope::Admin => Self::Admin,
        }
    }
}
