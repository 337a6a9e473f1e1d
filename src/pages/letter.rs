//! Letters: what a mail of the house says, in the site's language, as plain text.

use std::fmt;

use newsroom::moment::Moment;
use newsroom::staff::{EmailAddress, Role};
use serde::{Deserialize, Serialize};

use super::Site;
use super::times::TimeForms;
use crate::texts::Texts;

/// What a letter tells of. What lets somebody in stands in it, so it is never shown by [`fmt::Debug`].
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "about", rename_all = "snake_case")]
pub enum About {
    /// Somebody is invited.
    Invitation {
        /// As what.
        role: Role,
        /// Where they make their account.
        link: String,
        /// How long that is good.
        until: Moment,
    },
    /// A way back in.
    WayBackIn {
        /// Where a new password is set.
        link: String,
        /// How long that is good.
        until: Moment,
    },
    /// The account has another password.
    PasswordChanged,
    /// The account has a second factor.
    SecondFactorSet,
    /// The account has a second factor no more.
    SecondFactorRemoved,
    /// The account has one more passkey.
    PasskeyAdded {
        /// What its owner calls it.
        name: String,
    },
    /// The account has one passkey less.
    PasskeyRemoved {
        /// What its owner called it.
        name: String,
    },
    /// The account has another address. Told to both.
    AddressChanged {
        /// The new one.
        address: EmailAddress,
    },
    /// The account has another role.
    RoleChanged {
        /// The new one.
        role: Role,
    },
    /// The account lets nobody in any more.
    AccountEnded,
    /// A story was not published at its time.
    PlanFailed {
        /// Its headline.
        headline: String,
        /// Where the desk shows it.
        link: String,
        /// What stood against it.
        reasons: Vec<String>,
    },
    /// Something is wrong with the machine, or was and is good again.
    Machine {
        /// What is wrong and what to do, a sentence or two each.
        wrong: Vec<String>,
        /// What was found where it is good again.
        over: Vec<String>,
        /// Where the desk shows it.
        link: String,
    },
}

impl fmt::Debug for About {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Invitation { .. } => "Invitation",
            Self::WayBackIn { .. } => "WayBackIn",
            Self::PasswordChanged => "PasswordChanged",
            Self::SecondFactorSet => "SecondFactorSet",
            Self::SecondFactorRemoved => "SecondFactorRemoved",
            Self::PasskeyAdded { .. } => "PasskeyAdded",
            Self::PasskeyRemoved { .. } => "PasskeyRemoved",
            Self::AddressChanged { .. } => "AddressChanged",
            Self::RoleChanged { .. } => "RoleChanged",
            Self::AccountEnded => "AccountEnded",
            Self::PlanFailed { .. } => "PlanFailed",
            Self::Machine { .. } => "Machine",
        })
    }
}

/// A letter, ready to be put into an envelope.
#[derive(Clone, PartialEq, Eq)]
pub struct Letter {
    /// One line.
    pub subject: String,
    /// Paragraphs of plain text.
    pub text: String,
}

/// What a letter says that was asked for at this moment.
pub fn letter(site: &Site, about: &About, at: Moment) -> Letter {
    let texts = Texts::choose(&site.language, &site.language);
    // A line break in the site's name would be one in the subject.
    let name = site.name.split_whitespace().collect::<Vec<_>>().join(" ");
    let about_site = |key: &str| texts.fill(key, &[("site", &name)]);
    let until = |until: &Moment| texts.fill("mail-until", &[("time", &TimeForms::new(*until, texts).line)]);
    let time = TimeForms::new(at, texts).line;
    // What changed, what it is now, and what to do where that was not meant.
    let now = |key: &str, what: (&'static str, &str), end: &str| {
        vec![texts.fill(key, &[("site", &name), ("time", &time), what]), texts.say(end)]
    };
    let changed =
        |key: &str| vec![texts.fill(key, &[("site", &name), ("time", &time)]), texts.say("mail-not-you")];
    let (subject, paragraphs) = match about {
        About::Invitation { role, link, until: end } => {
            let role = texts.say(role_key(*role));
            let text = texts.fill("mail-invitation-text", &[("site", &name), ("role", &role)]);
            (about_site("mail-invitation-subject"), vec![text, link.clone(), until(end)])
        }
        About::WayBackIn { link, until: end } => {
            let rest = vec![link.clone(), until(end), texts.say("mail-back-unasked")];
            let text = vec![about_site("mail-back-text")];
            (about_site("mail-back-subject"), [text, rest].concat())
        }
        About::PasswordChanged => (about_site("mail-password-subject"), changed("mail-password-text")),
        About::SecondFactorSet => (about_site("mail-factor-set-subject"), changed("mail-factor-set-text")),
        About::SecondFactorRemoved => {
            (about_site("mail-factor-removed-subject"), changed("mail-factor-removed-text"))
        }
        About::PasskeyAdded { name: key } => {
            (about_site("mail-passkey-subject"), now("mail-passkey-text", ("key", key), "mail-not-you"))
        }
        About::PasskeyRemoved { name: key } => {
            let text = now("mail-passkey-removed-text", ("key", key), "mail-not-you");
            (about_site("mail-passkey-removed-subject"), text)
        }
        About::AddressChanged { address } => {
            let text = now("mail-address-text", ("address", address.as_str()), "mail-unexpected");
            (about_site("mail-address-subject"), text)
        }
        About::RoleChanged { role } => {
            let role = texts.say(role_key(*role));
            (about_site("mail-role-subject"), now("mail-role-text", ("role", &role), "mail-unexpected"))
        }
        About::AccountEnded => {
            let text = texts.fill("mail-ended-text", &[("site", &name), ("time", &time)]);
            (about_site("mail-ended-subject"), vec![text, texts.say("mail-unexpected")])
        }
        About::PlanFailed { headline, link, reasons } => {
            let headline = headline.split_whitespace().collect::<Vec<_>>().join(" ");
            let subject = texts.fill("mail-plan-failed-subject", &[("headline", &headline)]);
            let text = texts.fill("mail-plan-failed-text", &[("headline", &headline), ("time", &time)]);
            (subject, [vec![text], reasons.clone(), vec![link.clone()]].concat())
        }
        About::Machine { wrong, over, link } => {
            let told = |key: &str, found: &[String]| {
                let lead = texts.fill(key, &[("site", &name), ("time", &time)]);
                if found.is_empty() { Vec::new() } else { [vec![lead], found.to_vec()].concat() }
            };
            let subject = if wrong.is_empty() { "mail-machine-over-subject" } else { "mail-machine-subject" };
            let parts = [told("mail-machine-text", wrong), told("mail-machine-over-text", over)];
            (about_site(subject), [parts.concat(), vec![link.clone()]].concat())
        }
    };
    let sender = format!("{name}\n{}", site.url);
    Letter { subject, text: [paragraphs, vec![sender]].concat().join("\n\n") + "\n" }
}

fn role_key(role: Role) -> &'static str {
    match role {
        Role::Photographer => "role-photographer",
        Role::Editor => "role-editor",
        Role::Moderator => "role-moderator",
        Role::Administrator => "role-administrator",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pages::samples;

    const AT: Moment = Moment::from_micros(1_609_687_920_000_000);
    const LINK: &str = "https://photos.example/desk/welcome?link=5ec4e7";

    fn site(name: &str, language: &str) -> Site {
        Site { name: name.to_owned(), ..samples::site(language) }
    }

    #[test]
    fn an_invitation_says_as_what_where_and_until_when() {
        let about = About::Invitation { role: Role::Editor, link: LINK.to_owned(), until: AT };
        let letter = letter(&site("The Daily", "en"), &about, AT);
        assert_eq!(letter.subject, "Your invitation to The Daily");
        let lines: Vec<&str> = letter.text.lines().collect();
        assert!(lines.contains(&LINK), "the link stands on a line of its own: {lines:?}");
        assert!(letter.text.contains("as an editor"), "{}", letter.text);
        assert!(letter.text.contains("15:32 GMT 03 January 2021"), "{}", letter.text);
        assert!(!format!("{about:?}").contains("5ec4e7"));
    }

    #[test]
    fn a_letter_is_in_the_sites_language() {
        for (language, word) in [("de-AT", "Passwort"), ("ar", "كلمة"), ("tlh", "password")] {
            let letter = letter(&site("D", language), &About::PasswordChanged, AT);
            assert!(letter.subject.contains(word), "{language}: {}", letter.subject);
        }
    }

    #[test]
    fn what_an_account_is_now_stands_in_its_letter_in_each_language() {
        let address = EmailAddress::parse("ana@new.example").unwrap();
        for (language, role) in [("en", "a moderator"), ("de", "Moderation"), ("ar", "مشرف")] {
            let said = |about: &About| letter(&site("D", language), about, AT);
            let moved = said(&About::AddressChanged { address: address.clone() });
            assert!(moved.text.contains("ana@new.example"), "{language}: {}", moved.text);
            let other = said(&About::RoleChanged { role: Role::Moderator });
            assert!(other.text.contains(role), "{language}: {}", other.text);
            let removed = said(&About::PasskeyRemoved { name: "My phone".to_owned() });
            assert!(removed.text.contains("My phone"), "{language}: {}", removed.text);
            let subjects = [moved, other, removed, said(&About::AccountEnded)].map(|letter| letter.subject);
            assert_eq!(subjects.iter().collect::<std::collections::BTreeSet<_>>().len(), 4, "{subjects:?}");
        }
    }

    #[test]
    fn what_is_wrong_with_the_machine_leads_and_what_is_good_again_follows() {
        let about = |wrong: &[&str], over: &[&str]| About::Machine {
            wrong: wrong.iter().map(|text| (*text).to_owned()).collect(),
            over: over.iter().map(|text| (*text).to_owned()).collect(),
            link: LINK.to_owned(),
        };
        for language in ["en", "de", "ar"] {
            let said = |about| letter(&site("D", language), &about, AT);
            let both = said(about(&["The disk is full."], &["The queue is empty."]));
            let place = |text: &str| both.text.find(text).unwrap();
            assert!(place("The disk is full.") < place("The queue is empty."), "{}", both.text);
            let over = said(about(&[], &["The queue is empty."]));
            assert_ne!(both.subject, over.subject, "{language}");
            assert_eq!(both.text.lines().count(), over.text.lines().count() + 4, "{language}: {}", over.text);
        }
    }

    #[test]
    fn a_subject_is_one_line_whatever_the_site_is_called() {
        let about = About::WayBackIn { link: LINK.to_owned(), until: AT };
        let letter = letter(&site("A\r\nBcc: x@y.example", "en"), &about, AT);
        assert_eq!(letter.subject, "Your way back in to A Bcc: x@y.example");
    }
}
