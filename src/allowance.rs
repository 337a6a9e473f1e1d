//! How often somebody may ask: so many at once, and one more after each while.

use std::collections::HashMap;
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Mutex;
use std::time::Duration;

use newsroom::id::StaffId;
use tokio::time::Instant;

/// Askers that are remembered; beyond that the oldest questions are forgotten.
const REMEMBERED: usize = 10_000;

/// What each asker may still ask. Kept in the memory of one process.
#[derive(Debug)]
pub struct Allowance<K> {
    /// When the allowance of an asker is full again.
    full_at: Mutex<HashMap<K, Instant>>,
    at_once: u32,
    refill: Duration,
}

impl<K: Eq + Hash> Allowance<K> {
    /// So many at once; one more for each `refill`.
    pub fn new(at_once: u32, refill: Duration) -> Self {
        Self { full_at: Mutex::default(), at_once, refill }
    }

    /// Counts a question; the seconds to wait where it is one too many, at least 1.
    ///
    /// # Errors
    /// The seconds to wait.
    pub fn ask(&self, asker: K, now: Instant) -> Result<(), u64> {
        let Ok(mut full_at) = self.full_at.lock() else { return Ok(()) };
        if full_at.len() >= REMEMBERED {
            full_at.retain(|_, full| *full > now);
            if full_at.len() >= REMEMBERED {
                full_at.clear();
            }
        }
        let full = full_at.entry(asker).or_insert(now);
        let next = (*full).max(now) + self.refill;
        let most = now + self.refill * self.at_once;
        if next > most {
            return Err((next - most).as_secs().max(1));
        }
        *full = next;
        Ok(())
    }

    /// Whether the asker may ask once more, without counting it; the seconds to wait where not.
    ///
    /// # Errors
    /// The seconds to wait.
    pub fn look(&self, asker: &K, now: Instant) -> Result<(), u64> {
        let Ok(full_at) = self.full_at.lock() else { return Ok(()) };
        let next = full_at.get(asker).map_or(now, |full| (*full).max(now)) + self.refill;
        let most = now + self.refill * self.at_once;
        if next > most { Err((next - most).as_secs().max(1)) } else { Ok(()) }
    }
}

/// How often somebody may try to be let in, and ask once they are.
pub struct Gate {
    /// Those who hold up what lets nobody in, by address.
    strangers: Allowance<IpAddr>,
    /// Those who were let in.
    callers: Allowance<StaffId>,
    /// Tries to sign in, by account as it was typed and address.
    tries: Allowance<(String, IpAddr)>,
    /// Tries to sign in to an account from anywhere.
    tries_anywhere: Allowance<String>,
    /// Questions to passkeys, each of which is kept for some minutes, by address.
    ceremonies: Allowance<IpAddr>,
}

impl Default for Gate {
    fn default() -> Self {
        Self {
            strangers: Allowance::new(60, Duration::from_secs(1)),
            callers: Allowance::new(2000, Duration::from_millis(5)),
            tries: Allowance::new(10, Duration::from_secs(60)),
            tries_anywhere: Allowance::new(100, Duration::from_secs(30)),
            ceremonies: Allowance::new(30, Duration::from_secs(5)),
        }
    }
}

impl Gate {
    /// Counts a try to sign in to an account from an address.
    ///
    /// # Errors
    /// The seconds to wait.
    pub fn try_to_sign_in(&self, account: &str, from: IpAddr) -> Result<(), u64> {
        // No address is longer (RFC 5321), and what is kept here must not be what a stranger likes.
        let account: String = account.trim().to_lowercase().chars().take(254).collect();
        let now = Instant::now();
        // Counted before it is looked into: many tries at once are as many tries. Who tries one account again and again uses up
        // that account's, and not what others at the same address have.
        self.tries.ask((account.clone(), from), now)?;
        self.strangers.ask(from, now)?;
        self.tries_anywhere.ask(account, now)
    }

    /// Counts a question to a passkey for somebody at an address.
    ///
    /// # Errors
    /// The seconds to wait.
    pub fn begin_ceremony(&self, from: IpAddr) -> Result<(), u64> {
        let now = Instant::now();
        self.strangers.look(&from, now)?;
        self.ceremonies.ask(from, now)
    }

    /// Whether somebody at this address may hold up a secret.
    ///
    /// # Errors
    /// The seconds to wait.
    pub fn may_knock(&self, from: IpAddr) -> Result<(), u64> {
        self.strangers.look(&from, Instant::now())
    }

    /// Counts something that let nobody in.
    pub fn turned_away(&self, from: IpAddr) {
        let _ = self.strangers.ask(from, Instant::now());
    }

    /// Counts a request of somebody who was let in.
    ///
    /// # Errors
    /// The seconds to wait.
    pub fn asks(&self, caller: StaffId) -> Result<(), u64> {
        self.callers.ask(caller, Instant::now())
    }
}

/// Whom an address stands for: an IPv6 asker has a whole network of addresses (RFC 6177).
pub fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(v6) => Ipv6Addr::from(u128::from(v6) & !u128::from(u64::MAX)).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REFILL: Duration = Duration::from_secs(2);

    #[test]
    fn who_asks_too_often_waits_and_others_do_not() {
        let (questions, now) = (Allowance::new(12, REFILL), Instant::now());
        let asked = (0..15).filter(|_| questions.ask("one", now).is_ok()).count();
        assert_eq!(asked, 12);
        assert_eq!(questions.ask("one", now), Err(2));
        assert_eq!(questions.look(&"one", now), Err(2));
        assert_eq!(questions.ask("other", now), Ok(()));
        assert_eq!(questions.look(&"one", now + REFILL), Ok(()));
        assert_eq!(questions.ask("one", now + REFILL), Ok(()));
    }

    #[test]
    fn looking_counts_nothing() {
        let (questions, now) = (Allowance::new(1, REFILL), Instant::now());
        assert_eq!(questions.look(&"one", now), Ok(()));
        assert_eq!(questions.look(&"one", now), Ok(()));
        assert_eq!(questions.ask("one", now), Ok(()));
        assert!(questions.look(&"one", now).is_err());
    }

    #[test]
    fn a_network_of_ipv6_is_one_asker_and_memory_is_bounded() {
        let one = |host: u128| network(Ipv6Addr::from((0x2001_0db8 << 96) + host).into());
        assert_eq!(one(1), one(99));
        let (questions, now) = (Allowance::new(12, REFILL), Instant::now());
        for asker in 0..2 * REMEMBERED {
            let _ = questions.ask(asker, now);
        }
        assert!(questions.full_at.lock().unwrap().len() <= REMEMBERED);
    }
}
