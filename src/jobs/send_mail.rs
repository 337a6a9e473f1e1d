//! Sends a mail, or writes it into a folder where no server is set. It is sent at least once: a process that is killed
//! between the server's answer and the end of the job sends it again, under the same `Message-ID`, so that both can be
//! known for one. What stands in it (the secret of a link among it) is in the job alone, and goes with it.

use std::time::{Duration, SystemTime};

use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Body, Mailbox, Message};
use lettre::{Address, address::AddressError};
use newsroom::moment::Moment;
use newsroom::staff::EmailAddress;
use serde::{Deserialize, Serialize};
use store::{Claim, Tx};

use super::context::{Context, JobFault};
use super::mail_server::{NotTaken, hand_over};
use super::press::finish;
use super::site_of;
use crate::app::keep_file;
use crate::config::Held;
use crate::pages::letter::{About, letter};

/// Seconds for which a mail is tried: as long as a link is good.
const TRIED_FOR: i64 = 3 * 24 * 3600;

/// Octets of a line at most, with some to spare.
const LONGEST_LINE: usize = 990;

/// The folder inside the data folder where mails lie that no server takes.
pub const MAIL_FOLDER: &str = "mail";

/// A mail to be sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mail {
    /// Unique.
    pub id: String,
    /// Whom it is for.
    pub to: EmailAddress,
    /// What it tells.
    pub about: About,
    /// When it was asked for.
    pub at: Moment,
}

impl Mail {
    /// Until when it is tried.
    pub fn tried_until(&self) -> Moment {
        self.at.plus_seconds(TRIED_FOR)
    }
}

/// Runs the job.
pub(super) async fn run(context: &Context, mail: &Mail, claim: &Claim) -> Result<(), JobFault> {
    let app = &context.app;
    if app.now() > mail.tried_until() {
        tracing::error!(to = %mail.to, about = ?mail.about, "a mail could not be sent within three days; it is given up");
    } else {
        let set = &app.config().mail;
        let held = app.look_at_settings().await?;
        let message = message(context, &held, mail, claim).map_err(|fault| not_taken(mail, fault))?;
        match &set.server {
            Some(server) => {
                hand_over(set, server, message).await.map_err(|fault| not_taken(mail, fault))?;
                tracing::info!(to = %mail.to, about = ?mail.about, "a mail was handed to the mail server");
            }
            None => {
                let folder = app.data().join(MAIL_FOLDER);
                let file = folder.join(format!("{}.eml", claim.id));
                let (bytes, kept) = (message.formatted(), file.clone());
                let written = tokio::task::spawn_blocking(move || {
                    std::fs::create_dir_all(&folder)?;
                    keep_file(&kept, &bytes)
                });
                written.await.map_err(std::io::Error::other).flatten()?;
                tracing::warn!(to = %mail.to, about = ?mail.about, file = %file.display(), "no mail server is set (mail.host); the mail was written into a file");
            }
        }
    }
    app.store().act(async |tx: &mut Tx| finish(tx, claim).await).await?;
    Ok(())
}

fn not_taken(mail: &Mail, fault: NotTaken) -> JobFault {
    let wait_until = fault.for_good.then(|| mail.tried_until());
    JobFault::Mail { to: mail.to.to_string(), sentence: fault.sentence, wait_until }
}

/// The mail as it is sent (RFC 5322): the same bytes on each try.
fn message(context: &Context, held: &Held, mail: &Mail, claim: &Claim) -> Result<Message, NotTaken> {
    let config = context.app.config();
    let site = site_of(held);
    let letter = letter(&site, &mail.about, mail.at);
    let odd =
        |why: String| NotTaken { sentence: format!("the mail cannot be written: {why}"), for_good: true };
    let address = |of: &EmailAddress| address(of).map_err(|error| odd(error.to_string()));
    let from = address(&config.mail.from)?;
    let id = format!("<{}@{}>", claim.id, from.domain());
    let micros = u64::try_from(mail.at.as_micros()).unwrap_or(0);
    // Nobody's answering machine is to answer (RFC 3834 section 5).
    let by_itself =
        HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned());
    Message::builder()
        .from(Mailbox::new(Some(one_line(&site.name)), from))
        .to(Mailbox::new(None, address(&mail.to)?))
        .subject(letter.subject)
        .message_id(Some(id))
        .date(SystemTime::UNIX_EPOCH + Duration::from_micros(micros))
        .raw_header(by_itself)
        .header(ContentType::TEXT_PLAIN)
        .body(body(letter.text))
        .map_err(|error| odd(error.to_string()))
}

/// The text as it is where every server takes that (RFC 5321 section 4.5.3.1.6), so that a link can be read off a file.
fn body(text: String) -> Body {
    let plain = |sign: char| sign == '\n' || (sign.is_ascii() && !sign.is_ascii_control());
    if text.chars().all(plain) && text.lines().all(|line| line.len() < LONGEST_LINE) {
        let bytes = text.replace('\n', "\r\n").into_bytes();
        return Body::dangerous_pre_encoded(bytes, ContentTransferEncoding::SevenBit);
    }
    Body::new(text)
}

/// An address with its domain in the letters that every server knows (RFC 5891).
fn address(of: &EmailAddress) -> Result<Address, AddressError> {
    let domain = idna::domain_to_ascii(of.domain()).map_err(|_| AddressError::InvalidDomain)?;
    let local = of.as_str().strip_suffix(of.domain()).and_then(|local| local.strip_suffix('@'));
    Address::new(local.unwrap_or_default(), domain)
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_domain_of_any_letters_is_one_that_every_server_knows() {
        let read = |text| address(&EmailAddress::parse(text).unwrap()).map(|address| address.to_string());
        assert_eq!(read("ana@münchen.example").unwrap(), "ana@xn--mnchen-3ya.example");
        assert_eq!(read("ana.berg@desk.example").unwrap(), "ana.berg@desk.example");
        assert_eq!(read("halftone@localhost").unwrap(), "halftone@localhost");
    }

    #[test]
    fn a_mail_is_kept_as_it_was_asked_for_and_shows_no_secret() {
        let about = About::WayBackIn {
            link: "https://a.example/w?link=5ec4e7".to_owned(),
            until: Moment::from_micros(5),
        };
        let to = EmailAddress::parse("ana@desk.example").unwrap();
        let mail = Mail { id: "1".to_owned(), to, about, at: Moment::from_micros(4) };
        let kept = serde_json::to_string(&mail).unwrap();
        assert_eq!(serde_json::from_str::<Mail>(&kept).unwrap(), mail);
        assert!(!format!("{mail:?}").contains("5ec4e7"));
    }
}
