//! The server that takes the house's mails (RFC 6409), reached by SMTP.

use std::time::Duration;

use lettre::message::Message;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor};

use crate::config::{MailConfig, MailServer, MailTls};

/// How long a connection may take to come about.
const CONNECTING: Duration = Duration::from_secs(20);
/// How long the whole of it may take. A server that says nothing for so long after the last line may have taken the mail
/// (RFC 5321 section 4.5.3.2.6 gives it ten minutes), and will get it twice; its `Message-ID` is the same then.
const SENDING: Duration = Duration::from_secs(120);
/// How long a look may take.
const LOOKING: Duration = Duration::from_secs(15);
/// Signs of an answer that are kept.
const LONGEST_ANSWER: usize = 300;
/// Hexadecimal digits in a row that may be a secret.
const SECRET_DIGITS: usize = 32;

/// Why a mail was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotTaken {
    /// What happened, in a sentence without a full stop. What may be a secret is left out: servers quote mails.
    pub sentence: String,
    /// Whether trying again would end the same.
    pub for_good: bool,
}

impl NotTaken {
    fn after(time: Duration) -> Self {
        let sentence = format!("the mail server did not answer within {} seconds", time.as_secs());
        Self { sentence, for_good: false }
    }
}

impl From<Error> for NotTaken {
    fn from(error: Error) -> Self {
        // 53x says that the server does not know us, which is no fault of the mail (RFC 4954 section 6).
        let stranger = error.status().is_some_and(|code| {
            let code = code.to_string();
            code.starts_with("53")
        });
        let for_good = error.is_permanent() && !stranger;
        Self { sentence: without_secrets(&error.to_string()), for_good }
    }
}

/// Hands a mail over.
pub(super) async fn hand_over(
    mail: &MailConfig,
    server: &MailServer,
    message: Message,
) -> Result<(), NotTaken> {
    let transport = transport(mail, server)?;
    let sent = tokio::time::timeout(SENDING, transport.send(message)).await;
    sent.map_err(|_| NotTaken::after(SENDING))?.map(|_| ()).map_err(NotTaken::from)
}

/// Whether the server answers, proves by its certificate that it is the one, and knows us. No mail is sent.
///
/// # Errors
/// What stands against it.
pub async fn try_out(mail: &MailConfig, server: &MailServer) -> Result<(), NotTaken> {
    let transport = transport(mail, server)?;
    let tried = tokio::time::timeout(LOOKING, transport.test_connection()).await;
    match tried.map_err(|_| NotTaken::after(LOOKING))?? {
        true => Ok(()),
        false => {
            Err(NotTaken { sentence: "the mail server ended the connection".to_owned(), for_good: false })
        }
    }
}

fn transport(mail: &MailConfig, server: &MailServer) -> Result<AsyncSmtpTransport<Tokio1Executor>, NotTaken> {
    let certified = || TlsParameters::new_rustls(server.host.clone());
    let tls = match server.tls {
        MailTls::Implicit => Tls::Wrapper(certified()?),
        MailTls::StartTls => Tls::Required(certified()?),
        MailTls::None => Tls::None,
    };
    let domain = idna::domain_to_ascii(mail.from.domain()).unwrap_or_else(|_| "localhost".to_owned());
    let builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&server.host)
        .port(server.port)
        .hello_name(ClientId::Domain(domain))
        .timeout(Some(CONNECTING))
        .tls(tls);
    let login = server.login.clone().map(|(user, password)| Credentials::new(user, password));
    Ok(match login {
        Some(login) => builder.credentials(login).build(),
        None => builder.build(),
    })
}

/// The beginning of what a server said, on one line, without anything that looks like the secret of a link.
fn without_secrets(said: &str) -> String {
    let line: Vec<char> = said.split_whitespace().collect::<Vec<_>>().join(" ").chars().collect();
    let kept = line.chunk_by(|one, next| one.is_ascii_hexdigit() == next.is_ascii_hexdigit()).map(|run| {
        let secret = run.len() >= SECRET_DIGITS && run.iter().all(char::is_ascii_hexdigit);
        if secret { "…".to_owned() } else { run.iter().collect() }
    });
    kept.collect::<String>().chars().take(LONGEST_ANSWER).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_quotes_of_a_mail_does_not_tell_its_secret() {
        let secret = "5ec4e75ec4e75ec4e75ec4e75ec4e75ec4e75ec4e75ec4e75ec4e75ec4e7ffff";
        let said =
            without_secrets(&format!("554 5.7.1 blocked:\r\nhttps://a.example/w?link={secret} (face)"));
        assert_eq!(said, "554 5.7.1 blocked: https://a.example/w?link=… (face)");
        assert_eq!(without_secrets(&"long ".repeat(1000)).chars().count(), LONGEST_ANSWER);
    }
}
