//! The second factor by time (RFC 6238): six digits, thirty seconds, SHA-1, which is what all authenticators know.

use newsroom::moment::Moment;
use newsroom::refusal::Refusal;
use newsroom::staff::Account;
use store::{StoreError, Tx};
use totp_rs::{Algorithm, Builder, Secret as Shared, Totp};

use super::super::audit::Deed;
use super::super::{Denied, Who};
use super::Draft;
use super::sign_in::{must_know, wrong_code};
use crate::app::App;
use crate::jobs::About;

const STEP_SECONDS: i64 = 30;

/// A shared secret that is offered to a person; it counts once they have shown a code of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Base 32, to be typed.
    pub secret: String,
    /// The same as an address that authenticators read (otpauth://).
    pub address: String,
}

/// Offers a second factor. Nothing changes yet.
pub fn offer(app: &App, account: &Account) -> Offer {
    let secret = Shared::from(app.random::<20>().as_slice()).to_base32();
    let held = app.known();
    let site = &held.site.name;
    let label: String =
        form_urlencoded::byte_serialize(format!("{site}:{}", account.address).as_bytes()).collect();
    let issuer: String = form_urlencoded::byte_serialize(site.as_bytes()).collect();
    let (label, issuer) = (label.replace('+', "%20"), issuer.replace('+', "%20"));
    let address = format!("otpauth://totp/{label}?secret={secret}&issuer={issuer}");
    Offer { secret, address }
}

/// Takes a second factor that a person has shown a code of, or takes it away with `None`.
///
/// # Errors
/// A refusal of the password or the code; a fault of the store.
pub async fn set(
    app: &App,
    account: &Account,
    password: &str,
    factor: Option<(&str, &str)>,
) -> Result<(), Denied> {
    must_know(app, account, password).await?;
    let secret = match factor {
        None => None,
        Some((secret, code)) => {
            if totp(secret).is_none() {
                let sentence = "This is no secret of a second factor: take the one that was offered.";
                return Err(Refusal::new("second_factor_odd", sentence).field("secret").into());
            }
            let step = step_of(secret, code, app.now()).ok_or_else(wrong_code)?;
            Some((secret, step))
        }
    };
    let who = Who::of(account);
    let (deed, mail) = (Deed { who: &who, at: app.now(), verb: "set_second_factor" }, Draft::new(app));
    let about = if secret.is_some() { About::SecondFactorSet } else { About::SecondFactorRemoved };
    app.store()
        .act(async |tx: &mut Tx| {
            tx.set_second_factor(account.id, secret.map(|(secret, _)| secret)).await?;
            if let Some((_, step)) = secret {
                tx.take_second_factor_step(account.id, step).await?;
            }
            let after = serde_json::json!({ "second_factor": secret.is_some() });
            deed.note(tx, "staff", account.id.to_string(), None, Some(after)).await?;
            mail.send(tx, &account.address, about.clone()).await?;
            Ok(())
        })
        .await
        .map_err(Denied::from)
}

fn totp(secret: &str) -> Option<Totp> {
    let secret = Shared::try_from_base32(secret).ok()?;
    Builder::new().with_algorithm(Algorithm::SHA1).with_secret(secret).build().ok()
}

/// The step whose code this is: this one, the one before or the next, as clocks differ (RFC 6238 section 5.2).
pub(super) fn step_of(secret: &str, code: &str, now: Moment) -> Option<i64> {
    let totp = totp(secret)?;
    let code: String = code.chars().filter(char::is_ascii_digit).collect();
    let step = now.as_micros().div_euclid(1_000_000 * STEP_SECONDS);
    [step, step - 1, step + 1].into_iter().find(|step| {
        let second = u64::try_from(step * STEP_SECONDS).unwrap_or(0);
        equal(totp.generate(second).to_string().as_bytes(), code.as_bytes())
    })
}

/// Compares without telling by the time how far the two agree.
fn equal(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |odd, (a, b)| odd | (a ^ b)) == 0
}

/// Whether a person has a second factor.
///
/// # Errors
/// A fault of the store.
pub async fn has(app: &App, account: &Account) -> Result<bool, StoreError> {
    let secrets = app.store().view(async |view: &mut store::View| view.secrets_of(account.id).await).await?;
    Ok(secrets.second_factor.is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret of RFC 6238 appendix B, "12345678901234567890".
    const SECRET: &str = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ";

    #[test]
    fn codes_are_those_of_the_specification() {
        for (second, code) in [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924")] {
            let now = Moment::from_micros(second * 1_000_000);
            assert_eq!(step_of(SECRET, code, now), Some(second / 30), "{second}");
            assert_eq!(step_of(SECRET, &format!("{} {}", &code[..3], &code[3..]), now), Some(second / 30));
        }
    }

    #[test]
    fn a_code_is_good_one_step_before_and_after_its_own_and_no_further() {
        let at = |second: i64| step_of(SECRET, "287082", Moment::from_micros(second * 1_000_000));
        assert_eq!([at(0), at(30), at(89), at(90)], [Some(1), Some(1), Some(1), None]);
    }
}
