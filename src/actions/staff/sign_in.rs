//! Signing in and out, and whom a session belongs to.

use newsroom::id::StaffId;
use newsroom::moment::Moment;
use newsroom::refusal::Refusal;
use newsroom::staff::{Account, EmailAddress};
use store::{Passkey, SecondFactor, Secrets, Session, Sha256, StoreError, Tx, View};

use super::super::audit::Deed;
use super::super::{Denied, Who, refuse};
use super::{Draft, Secret, passkeys, password, second_factor, standing};
use crate::app::App;
use crate::jobs::About;

/// How long a session is good after its last use, in seconds.
pub const SESSION_LIFE: i64 = 14 * 24 * 3600;
/// How often the use of a session or a token is written down, in seconds.
pub(super) const NOTED_EVERY: i64 = 300;
/// Characters that are kept of what a browser calls itself.
const LONGEST_AGENT: usize = 120;

/// What somebody shows who wants to be let in.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// Their address, as they typed it.
    pub address: String,
    /// Their password.
    pub password: String,
    /// The code of their second factor.
    pub code: Option<String>,
}

/// Somebody who was let in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Who.
    pub account: Account,
    /// What their browser holds from now on.
    pub secret: Secret,
}

/// Lets somebody in by their password, and the code of their second factor where they have one. Whether there is such an
/// account cannot be told from the answer, nor from the time that it takes.
///
/// # Errors
/// A refusal; a fault of the store.
pub async fn sign_in(app: &App, with: &Credentials, agent: &str) -> Result<SignedIn, Denied> {
    let address = EmailAddress::parse(&with.address);
    let known = app
        .store()
        .view(async |view: &mut View| {
            let Some(address) = &address else { return Ok(None) };
            let Some(account) = view.account_of(address).await? else { return Ok(None) };
            let secrets = view.secrets_of(account.id).await?;
            Ok::<_, StoreError>(Some((account, secrets)))
        })
        .await?;
    let known = known.filter(|(account, _)| account.left.is_none());
    let hash = known.as_ref().and_then(|(_, secrets)| secrets.password.clone());
    let right = password::matches(&with.password, hash).await?;
    let Some((account, secrets)) = known.filter(|_| right) else { return Err(unknown().into()) };
    let step = match &secrets.second_factor {
        None => None,
        Some(factor) => Some(step_of(factor, with.code.as_deref(), app.now())?),
    };
    begin(app, account, By::Password(&secrets, step), agent).await
}

/// By what somebody is let in.
#[derive(Clone, Copy)]
pub(super) enum By<'a> {
    /// A password by the secrets that were read, which must be so still, and the step of the second factor's code where
    /// there is one.
    Password(&'a Secrets, Option<i64>),
    /// A passkey as it was read, and what is known of its key since.
    Passkey(&'a Passkey, &'a str),
    /// A link that was followed.
    Link,
}

/// The step whose code somebody typed.
fn step_of(factor: &SecondFactor, code: Option<&str>, now: Moment) -> Result<i64, Refusal> {
    let Some(code) = code.map(str::trim).filter(|code| !code.is_empty()) else {
        return Err(Refusal::new(
            "second_factor_missing",
            "Type the six digits that your authenticator shows.",
        )
        .field("code"));
    };
    second_factor::step_of(&factor.secret, code, now).ok_or_else(wrong_code)
}

/// Begins a session.
pub(super) async fn begin(app: &App, account: Account, by: By<'_>, agent: &str) -> Result<SignedIn, Denied> {
    let secret = Secret::new(app);
    let at = app.now();
    let session = Session {
        digest: secret.digest(),
        staff: account.id,
        agent: agent.chars().filter(|c| !c.is_control()).take(LONGEST_AGENT).collect(),
        started_at: at,
        seen_at: at,
        valid_until: at.plus_seconds(SESSION_LIFE),
    };
    let who = Who::of(&account);
    let deed = Deed { who: &who, at, verb: "sign_in" };
    app.store()
        .act(async |tx: &mut Tx| {
            if let By::Password(known, step) = by {
                let now = tx.secrets_of(account.id).await?;
                let factor = |secrets: &Secrets| secrets.second_factor.as_ref().map(|one| one.secret.clone());
                if now.password != known.password || factor(&now) != factor(known) {
                    return refuse(unknown());
                }
                if let Some(step) = step
                    && !tx.take_second_factor_step(account.id, step).await?
                {
                    return refuse(wrong_code());
                }
            }
            standing(tx, account.id).await?;
            let after = match by {
                By::Passkey(read, key) if !tx.use_passkey(read, key, at).await? => {
                    return refuse(passkeys::no_such_passkey());
                }
                By::Passkey(read, _) => Some(serde_json::json!({ "passkey": read.id })),
                By::Password(..) | By::Link => None,
            };
            tx.insert_session(&session).await?;
            deed.note(tx, "staff", account.id.to_string(), None, after).await?;
            Ok(())
        })
        .await
        .map_err(Denied::from)?;
    Ok(SignedIn { account, secret })
}

/// Begins a session for somebody who has just followed a link.
///
/// # Errors
/// A fault of the store.
pub async fn let_in(app: &App, account: Account, agent: &str) -> Result<SignedIn, Denied> {
    begin(app, account, By::Link, agent).await
}

/// Whose session it is. `None` for one that is over, or was never there.
///
/// # Errors
/// A fault of the store.
pub async fn session_of(app: &App, secret: &Secret) -> Result<Option<(Account, Session)>, StoreError> {
    let now = app.now();
    let found = app
        .store()
        .view(async |view: &mut View| {
            let Some(session) = view.session(secret.digest()).await? else { return Ok(None) };
            let account = view.account(session.staff).await?;
            Ok::<_, StoreError>(account.map(|account| (account, session)))
        })
        .await?;
    let good = |(account, session): &(Account, Session)| account.left.is_none() && session.valid_until > now;
    let Some((account, session)) = found.filter(good) else { return Ok(None) };
    if now > session.seen_at.plus_seconds(NOTED_EVERY) {
        let until = now.plus_seconds(SESSION_LIFE);
        app.store().write(async |tx: &mut Tx| tx.see_session(session.digest, now, until).await).await?;
    }
    Ok(Some((account, session)))
}

/// Ends one session of this person.
///
/// # Errors
/// A refusal where they have none of this name; a fault of the store.
pub async fn end_session(app: &App, who: &Who, staff: StaffId, session: Sha256) -> Result<(), Denied> {
    let deed = Deed { who, at: app.now(), verb: "end_session" };
    app.store()
        .act(async |tx: &mut Tx| {
            if !tx.end_session(staff, session).await? {
                return refuse(Refusal::new("session_unknown", "You have no session of this name."));
            }
            deed.note(tx, "staff", staff.to_string(), None, None).await?;
            Ok(())
        })
        .await
        .map_err(Denied::from)
}

/// Gives a person who knows their password another one, and ends their other sessions.
///
/// # Errors
/// A refusal; a fault of the store.
pub async fn change_password(
    app: &App,
    account: &Account,
    (old, new): (&str, &str),
    session: Option<Sha256>,
) -> Result<(), Denied> {
    must_know(app, account, old).await?;
    password::acceptable(new, &[&account.name, account.address.as_str()])?;
    let hash = password::hashed(app, new).await?;
    let who = Who::of(account);
    let (deed, mail) = (Deed { who: &who, at: app.now(), verb: "change_password" }, Draft::new(app));
    app.store()
        .act(async |tx: &mut Tx| {
            tx.set_password(account.id, Some(&hash)).await?;
            tx.end_sessions(account.id, session).await?;
            deed.note(tx, "staff", account.id.to_string(), None, None).await?;
            mail.send(tx, &account.address, About::PasswordChanged).await?;
            Ok(())
        })
        .await
        .map_err(Denied::from)
}

/// Demands the password of somebody who is in already, before what would keep them or others out.
pub(super) async fn must_know(app: &App, account: &Account, typed: &str) -> Result<(), Denied> {
    let secrets = app.store().view(async |view: &mut View| view.secrets_of(account.id).await).await?;
    if password::matches(typed, secrets.password).await? {
        return Ok(());
    }
    Err(Refusal::new("password_wrong", "This is not your password.").field("password").into())
}

fn unknown() -> Refusal {
    Refusal::new("sign_in_failed", "No account has this address and this password.")
}

pub(super) fn wrong_code() -> Refusal {
    Refusal::new(
        "second_factor_wrong",
        "This code is not, or no longer, the one that your authenticator shows.",
    )
    .field("code")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::actions::staff::links::{Acceptance, accept, link_for_first_account};
    use crate::config::Config;

    const TRIES: usize = 200;

    /// What the threads of this process have computed so far (`proc_pid_schedstat`): what else the machine does is not in it.
    fn computed() -> Duration {
        let threads = std::fs::read_dir("/proc/self/task").unwrap().filter_map(Result::ok);
        let times = threads.filter_map(|thread| {
            let told = std::fs::read_to_string(thread.path().join("schedstat")).ok()?;
            told.split(' ').next()?.parse::<u64>().ok()
        });
        Duration::from_nanos(times.sum())
    }

    async fn try_with(app: &App, address: &str) -> Duration {
        let with = Credentials {
            address: address.to_owned(),
            password: "not the password of anybody".to_owned(),
            code: None,
        };
        let begun = computed();
        let denied = sign_in(app, &with, "").await.err();
        assert!(matches!(denied, Some(Denied::Refused(refusals)) if refusals[0].code == "sign_in_failed"));
        // A thread that ends takes its time along: that is one odd try of four hundred.
        computed().saturating_sub(begun)
    }

    fn median(mut times: Vec<Duration>) -> f64 {
        times.sort_unstable();
        times[times.len() / 2].as_secs_f64()
    }

    /// The tries take turns, and in turn the first place, so that whatever slows the processor weighs on both alike.
    #[tokio::test]
    async fn whether_there_is_an_account_cannot_be_told_by_the_time() {
        let folder = tempfile::tempdir().unwrap();
        let app = App::open(folder.path(), Config::parse("").unwrap()).await.unwrap();
        let secret = link_for_first_account(&app).await.unwrap().unwrap();
        let with = Acceptance {
            address: EmailAddress::parse("ana@house.example"),
            name: Some("Ana".to_owned()),
            password: "a long sentence is good".to_owned(),
        };
        accept(&app, &secret, &with).await.unwrap();
        let addresses = ["ana@house.example", "nobody@house.example"];
        let mut times = [Vec::new(), Vec::new()];
        // What is made on first use is made before.
        for address in addresses {
            try_with(&app, address).await;
        }
        for turn in 0..TRIES {
            for place in [turn % 2, 1 - turn % 2] {
                let time = try_with(&app, addresses[place]).await;
                times[place].push(time);
            }
        }
        let [known, unknown] = times.map(median);
        assert!(known > 0.001, "a password is not hashed in {known} s");
        let apart = (known - unknown).abs() / known.min(unknown);
        assert!(apart < 0.05, "{known} s with an account, {unknown} s without: {:.1} % apart", apart * 100.0);
        app.store().close().await;
    }
}
