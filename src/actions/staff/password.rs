//! Passwords: argon2id (RFC 9106), with the parameters that OWASP's password storage cheat sheet gives first for argon2id
//! with 19 MiB: two passes, one lane.

use std::sync::{Arc, LazyLock};
use std::time::Duration;

use argon2::password_hash::{PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use newsroom::refusal::Refusal;
use store::StoreError;
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::app::App;

/// Characters of a password at least (NIST SP 800-63B section 5.1.1.2 asks for 8; what is only a password gets more).
const SHORTEST: usize = 12;
/// Bytes of a password at most: longer ones cost time and make nothing safer.
const LONGEST: usize = 1024;
const MEMORY_KIBIBYTES: u32 = 19 * 1024;
const PASSES: u32 = 2;

/// How long somebody waits for a place.
const PATIENCE: Duration = Duration::from_secs(5);
/// Hashes taken at once: each takes 19 MiB and some tens of milliseconds of one core, and anybody may ask for one.
static PLACES: Semaphore = Semaphore::const_new(2);

/// What stands for the password of an account that has none, so that nobody can tell by the time which accounts there are.
static NOBODYS: LazyLock<String> =
    LazyLock::new(|| hash(b"nobody has this password", &[7; 16]).unwrap_or_default());

fn hasher() -> Result<Argon2<'static>, argon2::Error> {
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(MEMORY_KIBIBYTES, PASSES, 1, None)?))
}

fn hash(password: &[u8], salt: &[u8; 16]) -> Option<String> {
    Some(hasher().ok()?.hash_password_with_salt(password, salt).ok()?.to_string())
}

/// Whether a new password will do.
pub(super) fn acceptable(password: &str, of: &[&str]) -> Result<(), Refusal> {
    let refusal = |code, sentence: &str| Err(Refusal::new(code, sentence).field("password"));
    if password.chars().count() < SHORTEST {
        return refusal(
            "password_short",
            "A password needs at least 12 characters; a sentence is a good one.",
        );
    }
    if password.len() > LONGEST {
        return refusal("password_long", "A password may have up to 1024 bytes.");
    }
    let plain = password.to_lowercase();
    if of.iter().any(|known| !known.is_empty() && plain == known.to_lowercase()) {
        return refusal("password_known", "A password must not be the name or the address of its account.");
    }
    Ok(())
}

/// The hash of a password, in the PHC string format.
///
/// # Errors
/// A fault where the machine has not the memory for it.
pub(super) async fn hashed(app: &App, password: &str) -> Result<String, StoreError> {
    let (password, salt) = (password.to_owned(), app.random::<16>());
    let _place = place().await?;
    let hashed = tokio::task::spawn_blocking(move || hash(password.as_bytes(), &salt)).await.ok().flatten();
    hashed.ok_or_else(|| StoreError::Fault(Arc::new(std::io::Error::other("a password could not be hashed"))))
}

/// Whether a password is the one that was hashed. Takes as long where nothing was.
///
/// # Errors
/// A fault where too many others wait to be let in.
pub(super) async fn matches(password: &str, hashed: Option<String>) -> Result<bool, StoreError> {
    let password: String = password.chars().take(LONGEST).collect();
    let _place = place().await?;
    let checked = tokio::task::spawn_blocking(move || {
        let there = hashed.is_some();
        let hashed = hashed.unwrap_or_else(|| NOBODYS.clone());
        let same =
            hasher().is_ok_and(|argon2| argon2.verify_password(password.as_bytes(), hashed.as_str()).is_ok());
        same && there
    });
    Ok(checked.await.unwrap_or(false))
}

/// A place among those whose password is looked at. Who waits longer than this is told to come again.
async fn place() -> Result<SemaphorePermit<'static>, StoreError> {
    let busy = || StoreError::Busy(Arc::new(std::io::Error::other("too many sign in at once")));
    tokio::time::timeout(PATIENCE, PLACES.acquire()).await.map_err(|_| busy())?.map_err(|_| busy())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_long_enough_and_no_name() {
        let code = |password: &str| {
            acceptable(password, &["Ana Berg Nilsen", "ana@desk.example"]).err().map(|one| one.code)
        };
        assert_eq!(code("a long sentence is good"), None);
        assert_eq!(code("الصور الجميلة"), None);
        assert_eq!(code("short"), Some("password_short"));
        assert_eq!(code("ANA berg nilsen"), Some("password_known"));
        assert_eq!(code(&"x".repeat(1025)), Some("password_long"));
    }

    #[tokio::test]
    async fn only_the_password_that_was_hashed_matches_and_none_matches_nobodys() {
        let hashed = hash(b"a long sentence is good", &[3; 16]).unwrap();
        assert!(hashed.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hashed}");
        assert!(matches("a long sentence is good", Some(hashed.clone())).await.unwrap());
        assert!(!matches("a long sentence is gooD", Some(hashed)).await.unwrap());
        assert!(!matches("nobody has this password", None).await.unwrap());
        assert!(!matches("anything", Some("not a hash".to_owned())).await.unwrap());
    }
}
