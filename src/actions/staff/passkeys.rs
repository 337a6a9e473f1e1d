//! Passkeys: making one, letting somebody in by one, and what their owner does with them.

use newsroom::id::PasskeyId;
use newsroom::refusal::Refusal;
use newsroom::staff::Account;
use store::{Passkey, StoreError, Tx, View};

use super::super::audit::Deed;
use super::super::{Denied, Who, refuse};
use super::ceremonies::{Answer, Question, ask_to_make, made, shown};
use super::sign_in::{By, SignedIn, begin, must_know};
use super::{Draft, accounts, standing};
use crate::app::App;
use crate::jobs::About;

/// Passkeys of a person at most.
const MOST: usize = 20;

/// How a person who is in shows once more that it is them.
#[derive(Debug, Clone)]
pub enum Proof {
    /// By their password.
    Password(String),
    /// By a passkey that they have.
    Passkey(Answer),
}

/// Begins to make a passkey.
///
/// # Errors
/// A refusal of the proof, or where there are too many; a fault of the store.
pub async fn begin_to_make(app: &App, account: &Account, proof: &Proof) -> Result<Question, Denied> {
    match proof {
        Proof::Password(password) => must_know(app, account, password).await?,
        Proof::Passkey(answer) => {
            let shown = shown(app, answer).await?;
            if shown.account.id != account.id {
                return Err(Refusal::new("passkey_refused", "This is another person's passkey.").into());
            }
            note_use(app, &shown.passkey, &shown.key).await?;
        }
    }
    let known = of(app, account).await?;
    if known.len() >= MOST {
        return Err(too_many().into());
    }
    ask_to_make(app, account, &known).await
}

/// Takes the passkey that was made; its owner is told by mail.
///
/// # Errors
/// A refusal of the answer or the name, or where there are too many by now; a fault of the store.
pub async fn make(app: &App, account: &Account, name: &str, answer: &Answer) -> Result<Passkey, Denied> {
    let name = accounts::name_of(name)?;
    let (credential, key) = made(app, account, answer).await?;
    let (made_at, id) = (app.now(), app.passkey_id());
    let passkey = Passkey { id, staff: account.id, credential, name, key, made_at, used_at: None };
    let (who, mail) = (Who::of(account), Draft::new(app));
    let deed = Deed { who: &who, at: made_at, verb: "make_passkey" };
    app.store()
        .act(async |tx: &mut Tx| {
            standing(tx, account.id).await?;
            // Several may have been begun before the last that there is room for was made.
            if tx.passkeys_of(account.id).await?.len() >= MOST {
                return refuse(too_many());
            }
            if !tx.insert_passkey(&passkey).await? {
                return refuse(Refusal::new("passkey_taken", "This passkey is known here already."));
            }
            let after = serde_json::json!({ "name": passkey.name, "staff": account.id });
            deed.note(tx, "passkey", passkey.id.to_string(), None, Some(after)).await?;
            mail.send(tx, &account.address, About::PasskeyAdded { name: passkey.name.clone() }).await?;
            Ok(())
        })
        .await
        .map_err(Denied::from)?;
    Ok(passkey)
}

/// Lets somebody in by a passkey, which is two factors in one: its authenticator has asked who they are.
///
/// # Errors
/// A refusal of the answer; a fault of the store.
pub async fn sign_in(app: &App, answer: &Answer, agent: &str) -> Result<SignedIn, Denied> {
    let shown = shown(app, answer).await?;
    begin(app, shown.account, By::Passkey(&shown.passkey, &shown.key), agent).await
}

/// A person's passkeys, oldest first.
///
/// # Errors
/// A fault of the store.
pub async fn of(app: &App, account: &Account) -> Result<Vec<Passkey>, StoreError> {
    app.store().view(async |view: &mut View| view.passkeys_of(account.id).await).await
}

/// Gives a passkey of one's own another name.
///
/// # Errors
/// A refusal of the name, or where one has no such passkey; a fault of the store.
pub async fn rename(app: &App, account: &Account, id: PasskeyId, name: &str) -> Result<(), Denied> {
    let name = accounts::name_of(name)?;
    let who = Who::of(account);
    let deed = Deed { who: &who, at: app.now(), verb: "rename_passkey" };
    app.store()
        .act(async |tx: &mut Tx| {
            if !tx.rename_passkey(account.id, id, &name).await? {
                return refuse(no_such_passkey());
            }
            let after = serde_json::json!({ "name": name });
            deed.note(tx, "passkey", id.to_string(), None, Some(after)).await?;
            Ok(())
        })
        .await
        .map_err(Denied::from)
}

/// Removes a passkey of one's own: it lets nobody in any more. Its owner is told by mail.
///
/// # Errors
/// A refusal where one has no such passkey; a fault of the store.
pub async fn remove(app: &App, account: &Account, id: PasskeyId) -> Result<(), Denied> {
    let who = Who::of(account);
    let (deed, mail) = (Deed { who: &who, at: app.now(), verb: "remove_passkey" }, Draft::new(app));
    app.store()
        .act(async |tx: &mut Tx| {
            let known = tx.passkeys_of(account.id).await?;
            let Some(passkey) = known.into_iter().find(|passkey| passkey.id == id) else {
                return refuse(no_such_passkey());
            };
            tx.remove_passkey(account.id, id).await?;
            let before = serde_json::json!({ "name": passkey.name });
            deed.note(tx, "passkey", id.to_string(), Some(before), None).await?;
            let account = standing(tx, account.id).await?;
            mail.send(tx, &account.address, About::PasskeyRemoved { name: passkey.name }).await?;
            Ok(())
        })
        .await
        .map_err(Denied::from)
}

async fn note_use(app: &App, passkey: &Passkey, key: &str) -> Result<(), Denied> {
    let at = app.now();
    let noted = app.store().write(async |tx: &mut Tx| tx.use_passkey(passkey, key, at).await).await?;
    if noted { Ok(()) } else { Err(no_such_passkey().into()) }
}

fn too_many() -> Refusal {
    Refusal::new("passkeys_many", format!("You have {MOST} passkeys: remove one first."))
}

/// The refusal for a passkey that a person has not.
pub fn no_such_passkey() -> Refusal {
    Refusal::new("passkey_unknown", "You have no passkey of this name.")
}
