//! Ceremonies of Web Authentication: an authenticator makes a passkey, or shows that it holds one. What was asked is kept in
//! the records, so that any process may take the answer; it is taken once, within five minutes.
//!
//! The random bytes of the question are webauthn-rs's own, which has no way to be handed them.

use newsroom::id::StaffId;
use newsroom::refusal::Refusal;
use newsroom::staff::Account;
use serde_json::Value;
use store::{Ceremony, Passkey, StoreError, Tx, View};
use webauthn_rs::prelude::{
    CredentialID, DiscoverableAuthentication, Passkey as Key, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Url, Webauthn, WebauthnBuilder, WebauthnError,
};

use super::super::audit::Deed;
use super::super::{Denied, Who};
use super::Secret;
use crate::app::App;

/// How long a ceremony may take, in seconds.
const LIFE: i64 = 300;

/// A question to an authenticator.
#[derive(Debug, Clone)]
pub struct Question {
    /// By which its answer is taken.
    pub ceremony: Secret,
    /// What the browser asks the authenticator (`publicKey` of `navigator.credentials`), bytes as base64url.
    pub options: Value,
}

/// An answer of an authenticator, as a browser hands it over.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Of the question.
    pub ceremony: Secret,
    /// The credential (`PublicKeyCredential.toJSON`).
    pub credential: Value,
}

/// A passkey that was shown, and what is to be known of its key from now on.
pub(super) struct Shown {
    pub(super) account: Account,
    pub(super) passkey: Passkey,
    pub(super) key: String,
}

/// The site as authenticators know it.
fn relying_party(app: &App) -> Result<Webauthn, Refusal> {
    let held = app.known();
    let site = &held.site;
    let origin = Url::parse(&site.url).ok();
    let built = origin.as_ref().and_then(|origin| {
        // An address of numbers has no domain, and browsers know no passkeys there.
        let builder = WebauthnBuilder::new(origin.domain()?, origin).ok()?;
        builder.rp_name(&site.name).build().ok()
    });
    let sentence = "Passkeys need a site with a name: site.url has to be https://NAME, or http://localhost.";
    built.ok_or_else(|| Refusal::new("passkeys_impossible", sentence))
}

/// Asks for a passkey that is to be made for this person; one that an authenticator finds by itself, and guards.
pub(super) async fn ask_to_make(app: &App, account: &Account, known: &[Passkey]) -> Result<Question, Denied> {
    let known: Vec<CredentialID> =
        known.iter().filter_map(|one| Some(read::<Key>(&one.key)?.cred_id().clone())).collect();
    let party = relying_party(app)?;
    let asked = party.start_passkey_registration(
        account.id.as_uuid(),
        account.address.as_str(),
        &account.name,
        Some(known),
    );
    let (asked, state) = asked.map_err(|error| impossible(&error))?;
    let mut options = options(&asked)?;
    if let Some(wanted) = options.get_mut("authenticatorSelection").and_then(Value::as_object_mut) {
        wanted.insert("residentKey".to_owned(), Value::from("required"));
        wanted.insert("requireResidentKey".to_owned(), Value::from(true));
    }
    begin(app, Some(account.id), kept(&state)?, options).await
}

/// Takes the answer: the passkey that was made for this person. The ceremony is over, whatever comes of it.
pub(super) async fn made(app: &App, account: &Account, answer: &Answer) -> Result<(String, String), Denied> {
    let ceremony = take(app, &answer.ceremony).await?;
    if ceremony.staff != Some(account.id) {
        return Err(unknown().into());
    }
    let state: PasskeyRegistration = read(&ceremony.state).ok_or_else(unknown)?;
    let credential: RegisterPublicKeyCredential =
        serde_json::from_value(answer.credential.clone()).map_err(|_| odd())?;
    let key = relying_party(app)?.finish_passkey_registration(&credential, &state);
    let key = key.map_err(|error| {
        tracing::info!(%error, "a passkey that was made was refused");
        odd()
    })?;
    Ok((hexadecimal(key.cred_id()), kept(&key)?))
}

/// Asks whoever it is to show a passkey.
///
/// # Errors
/// A refusal where the site can have no passkeys; a fault of the store.
pub async fn ask_to_show(app: &App) -> Result<Question, Denied> {
    let party = relying_party(app)?;
    let (asked, state) = party.start_discoverable_authentication().map_err(|error| impossible(&error))?;
    begin(app, None, kept(&state)?, options(&asked)?).await
}

/// Takes the answer: whose passkey it is. The ceremony is over, whatever comes of it. A passkey whose counter has not gone
/// on may be a copy (Web Authentication, level 2, section 7.2, step 21): it is refused, and the audit log says so.
pub(super) async fn shown(app: &App, answer: &Answer) -> Result<Shown, Denied> {
    let ceremony = take(app, &answer.ceremony).await?;
    if ceremony.staff.is_some() {
        return Err(unknown().into());
    }
    let state: DiscoverableAuthentication = read(&ceremony.state).ok_or_else(unknown)?;
    let credential: PublicKeyCredential =
        serde_json::from_value(answer.credential.clone()).map_err(|_| odd())?;
    let party = relying_party(app)?;
    let (owner, name) =
        party.identify_discoverable_authentication(&credential).map_err(|error| refused(&error))?;
    let (owner, name) = (StaffId::from_uuid(owner), hexadecimal(name));
    let found = app
        .store()
        .view(async |view: &mut View| {
            let Some(passkey) = view.passkey(&name).await? else { return Ok(None) };
            let account = view.account(passkey.staff).await?;
            Ok::<_, StoreError>(account.map(|account| (account, passkey)))
        })
        .await?;
    let found = found.filter(|(account, _)| account.id == owner && account.left.is_none());
    let (account, passkey) = found.ok_or_else(nobodys)?;
    let mut key: Key = read(&passkey.key).ok_or_else(nobodys)?;
    match party.finish_discoverable_authentication_v2(&credential, state, &key) {
        Ok(result) if result.user_verified() => {
            key.update_credential(&result);
            Ok(Shown { account, key: kept(&key)?, passkey })
        }
        Ok(_) => Err(refused(&WebauthnError::UserNotVerified).into()),
        Err(WebauthnError::CredentialPossibleCompromise) => {
            note_copy(app, &account, &passkey).await?;
            Err(refused(&WebauthnError::CredentialPossibleCompromise).into())
        }
        Err(error) => Err(refused(&error).into()),
    }
}

async fn note_copy(app: &App, account: &Account, passkey: &Passkey) -> Result<(), StoreError> {
    let who = Who::of(account);
    let deed = Deed { who: &who, at: app.now(), verb: "refuse_passkey" };
    let after =
        serde_json::json!({ "name": passkey.name, "why": "its counter went back: it may have been copied" });
    tracing::warn!(staff = %account.id, passkey = %passkey.id, "the counter of a passkey went back; it may have been copied");
    app.store()
        .write(async |tx: &mut Tx| {
            deed.note(tx, "passkey", passkey.id.to_string(), None, Some(after.clone())).await
        })
        .await
}

async fn begin(app: &App, staff: Option<StaffId>, state: String, options: Value) -> Result<Question, Denied> {
    let (secret, now) = (Secret::new(app), app.now());
    let ceremony = Ceremony { digest: secret.digest(), staff, state, valid_until: now.plus_seconds(LIFE) };
    app.store()
        .write(async |tx: &mut Tx| {
            // Anybody may begin one: what is over goes at once.
            tx.forget_ceremonies_before(now).await?;
            tx.begin_ceremony(&ceremony).await
        })
        .await?;
    Ok(Question { ceremony: secret, options })
}

/// Takes a ceremony in a transaction of its own: an answer that is refused has used it up.
async fn take(app: &App, secret: &Secret) -> Result<Ceremony, Denied> {
    let (digest, now) = (secret.digest(), app.now());
    let taken = app.store().write(async |tx: &mut Tx| tx.take_ceremony(digest).await).await?;
    taken.filter(|ceremony| ceremony.valid_until > now).ok_or_else(|| unknown().into())
}

/// The options as browsers take them; nothing that would have one ask while the person types.
fn options(asked: &impl serde::Serialize) -> Result<Value, StoreError> {
    let mut asked = serde_json::to_value(asked).map_err(fault)?;
    Ok(asked.get_mut("publicKey").map(Value::take).unwrap_or_default())
}

fn kept(state: &impl serde::Serialize) -> Result<String, StoreError> {
    serde_json::to_string(state).map_err(fault)
}

fn fault(error: serde_json::Error) -> StoreError {
    StoreError::Fault(std::sync::Arc::new(error))
}

fn read<T: serde::de::DeserializeOwned>(text: &str) -> Option<T> {
    serde_json::from_str(text).ok()
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn impossible(error: &WebauthnError) -> Refusal {
    tracing::warn!(%error, "a passkey could not be asked for");
    Refusal::new("passkeys_impossible", "Passkeys cannot be had here now.")
}

fn unknown() -> Refusal {
    let sentence = "This was ended already, or began more than five minutes ago: begin again.";
    Refusal::new("ceremony_unknown", sentence)
}

fn odd() -> Refusal {
    Refusal::new("passkey_odd", "This is no answer of an authenticator to this question of this site.")
        .field("credential")
}

fn nobodys() -> Refusal {
    Refusal::new("passkey_refused", "This passkey lets nobody in here (any more).")
}

/// Why exactly is for the log: whoever forges an answer is not told how to do better.
fn refused(error: &WebauthnError) -> Refusal {
    tracing::info!(%error, "the answer of an authenticator was refused");
    Refusal::new(
        "passkey_refused",
        "This passkey was refused: its answer is not right for this site and this question.",
    )
}
