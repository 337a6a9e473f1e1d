//! Tokens with which programs ask.

use newsroom::id::{StaffId, TokenId};
use newsroom::refusal::Refusal;
use newsroom::staff::Account;
use newsroom::staff::policy::Scope;
use store::{StoreError, Token, Tx, View};

use super::super::audit::Deed;
use super::super::{Denied, Who, refuse};
use super::sign_in::NOTED_EVERY;
use super::{Secret, standing};
use crate::app::App;

/// With this every token begins, so that one is known for what it is where it does not belong.
pub const PREFIX: &str = "halftone_";
/// Days that a token may be good at most.
pub const LONGEST_LIFE: i64 = 366;
/// Characters of a token's name at most.
const LONGEST_NAME: usize = 100;

/// Makes a token for a member of the staff.
///
/// # Errors
/// A refusal; a fault of the store.
pub async fn make_token(
    app: &App,
    who: &Who,
    staff: StaffId,
    (name, scopes): (&str, &[Scope]),
    days: i64,
) -> Result<(Token, Secret), Denied> {
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        let sentence =
            format!("A token needs a name of up to {LONGEST_NAME} characters, which says where it is used.");
        return Err(Refusal::new("token_name", sentence).field("name").into());
    }
    if scopes.is_empty() {
        return Err(Refusal::new("token_scopes", "A token without a scope could do nothing.")
            .field("scopes")
            .into());
    }
    if !(1..=LONGEST_LIFE).contains(&days) {
        let sentence = format!("A token is good for 1 to {LONGEST_LIFE} days.");
        return Err(Refusal::new("token_days", sentence).field("days").into());
    }
    let secret = Secret(format!("{PREFIX}{}", app.token::<32>()));
    let made_at = app.now();
    let mut scopes = scopes.to_vec();
    scopes.sort_unstable();
    scopes.dedup();
    let token = Token {
        id: app.token_id(),
        digest: secret.digest(),
        staff,
        name,
        scopes,
        made_at,
        valid_until: made_at.plus_seconds(days * 24 * 3600),
        used_at: None,
        ended_at: None,
    };
    let deed = Deed { who, at: made_at, verb: "make_token" };
    app.store()
        .act(async |tx: &mut Tx| {
            standing(tx, staff).await?;
            tx.insert_token(&token).await?;
            let after = serde_json::json!({ "name": token.name, "scopes": token.scopes, "staff": staff });
            deed.note(tx, "token", token.id.to_string(), None, Some(after)).await?;
            Ok(())
        })
        .await
        .map_err(Denied::from)?;
    Ok((token, secret))
}

/// Takes a token back.
///
/// # Errors
/// A refusal where this person has no such token that is good; a fault of the store.
pub async fn end_token(app: &App, who: &Who, staff: StaffId, token: TokenId) -> Result<(), Denied> {
    let deed = Deed { who, at: app.now(), verb: "end_token" };
    app.store()
        .act(async |tx: &mut Tx| {
            if !tx.end_token(staff, token, deed.at).await? {
                return refuse(Refusal::new("token_unknown", "You have no token of this name that is good."));
            }
            deed.note(tx, "token", token.to_string(), None, None).await?;
            Ok(())
        })
        .await
        .map_err(Denied::from)
}

/// Whose token it is. `None` for one that is over, or was never there.
///
/// # Errors
/// A fault of the store.
pub async fn token_of(app: &App, secret: &Secret) -> Result<Option<(Account, Token)>, StoreError> {
    let now = app.now();
    let found = app
        .store()
        .view(async |view: &mut View| {
            let Some(token) = view.token(secret.digest()).await? else { return Ok(None) };
            let account = view.account(token.staff).await?;
            Ok::<_, StoreError>(account.map(|account| (account, token)))
        })
        .await?;
    let good = |(account, token): &(Account, Token)| {
        account.left.is_none() && token.ended_at.is_none() && token.valid_until > now
    };
    let Some((account, token)) = found.filter(good) else { return Ok(None) };
    if token.used_at.is_none_or(|used| now > used.plus_seconds(NOTED_EVERY)) {
        app.store().write(async |tx: &mut Tx| tx.use_token(token.id, now).await).await?;
    }
    Ok(Some((account, token)))
}
