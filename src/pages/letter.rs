//! Letters: what a mail of the house says, in the site's language, as plain text.

use std::fmt;

use newsroom::moment::Moment;
use newsroom::staff::Role;
use serde::{Deserialize, Serialize};

use super::Site;
use super::texts::Texts;
use super::times::TimeForms;

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
    let changed = |key: &str| {
        let time = TimeForms::new(at, texts).line;
        vec![texts.fill(key, &[("site", &name), ("time", &time)]), texts.say("mail-not-you")]
    };
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
            let time = TimeForms::new(at, texts).line;
            let variables = [("site", name.as_str()), ("key", key.as_str()), ("time", time.as_str())];
            let text = texts.fill("mail-passkey-text", &variables);
            (about_site("mail-passkey-subject"), vec![text, texts.say("mail-not-you")])
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
    fn a_subject_is_one_line_whatever_the_site_is_called() {
        let about = About::WayBackIn { link: LINK.to_owned(), until: AT };
        let letter = letter(&site("A\r\nBcc: x@y.example", "en"), &about, AT);
        assert_eq!(letter.subject, "Your way back in to A Bcc: x@y.example");
    }
}
