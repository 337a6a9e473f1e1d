//! `[mail]`: by which server the house sends its mails.

use std::fmt;
use std::net::IpAddr;

use newsroom::staff::EmailAddress;

use super::reading::SectionReader;

/// How mails leave the house.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailConfig {
    /// The server that takes them; they are written into a folder when not set.
    pub server: Option<MailServer>,
    /// Whom they are from.
    pub from: EmailAddress,
}

/// A server that takes mails (RFC 6409).
#[derive(Clone, PartialEq, Eq)]
pub struct MailServer {
    /// Its name; its certificate has to be for this one.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is kept from others.
    pub tls: MailTls,
    /// User and password, where it asks for them.
    pub login: Option<(String, String)>,
}

/// How the connection to a mail server is kept from others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailTls {
    /// From the first byte (RFC 8314 section 3.3).
    Implicit,
    /// After STARTTLS, which the server must know (RFC 3207).
    StartTls,
    /// Not at all: to a server on this machine.
    None,
}

impl fmt::Debug for MailServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{} {:?}", self.host, self.port, self.tls)
    }
}

impl MailConfig {
    pub(super) fn read(section: &mut SectionReader) -> Self {
        let host = section.optional_text("host");
        let (tls, usual) = match section.text("tls", "implicit").as_str() {
            "implicit" => (MailTls::Implicit, 465),
            "starttls" => (MailTls::StartTls, 587),
            "none" => (MailTls::None, 25),
            other => {
                let expected = "expected is \"implicit\", \"starttls\" or \"none\"";
                section.fault("tls", format!("is \"{other}\"; {expected}"));
                (MailTls::Implicit, 465)
            }
        };
        let port = section.number("port", usual, 1, u64::from(u16::MAX));
        let user = section.optional_text("user");
        let password = section
            .optional_text("password")
            .or_else(|| super::environment("HALFTONE_MAIL_PASSWORD").filter(|_| user.is_some()))
            .filter(|password| !password.is_empty());
        let from = section.optional_text("from");
        if host.as_deref().is_some_and(|host| !is_host(host)) {
            section.fault("host", "must be a name such as \"mail.example.org\", or an address of a machine");
        }
        if tls == MailTls::None && host.as_deref().is_some_and(|host| !is_this_machine(host)) {
            section.fault("tls", "is \"none\": links that let somebody in would be sent for all to read; only a server on this machine may be reached so");
        }
        if user.is_some() != password.is_some() {
            let lacks = if user.is_some() { "password" } else { "user" };
            section.fault(lacks, "is missing: user and password go together");
        }
        if from.is_none() && host.is_some() {
            section
                .fault("from", "is missing: the address that mails are from, such as \"desk@example.org\"");
        }
        let address = match &from {
            None => EmailAddress::nobody(),
            Some(text) => EmailAddress::parse(text).unwrap_or_else(|| {
                section.fault("from", "must be a mail address such as \"desk@example.org\"");
                EmailAddress::nobody()
            }),
        };
        let port = u16::try_from(port).unwrap_or(465);
        let server = host.map(|host| MailServer { host, port, tls, login: user.zip(password) });
        Self { server, from: address }
    }
}

/// Whether a text may name a machine: letters, digits, dots, hyphens, or an IP address.
fn is_host(text: &str) -> bool {
    let name =
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte));
    name || text.parse::<IpAddr>().is_ok()
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn read(text: &str) -> Result<MailConfig, String> {
        Config::parse(&format!("[mail]\n{text}")).map(|config| config.mail).map_err(|wrong| wrong.to_string())
    }

    #[test]
    fn without_a_server_mails_are_from_this_machine() {
        let mail = read("").unwrap();
        assert_eq!((mail.server, mail.from.as_str()), (None, "halftone@localhost"));
    }

    #[test]
    fn the_usual_port_follows_from_how_the_connection_is_kept() {
        let server = |text: &str| {
            read(&format!("host = \"mail.a.example\"\nfrom = \"desk@a.example\"\n{text}"))
                .unwrap()
                .server
                .unwrap()
        };
        assert_eq!((server("").port, server("").tls), (465, MailTls::Implicit));
        assert_eq!(server("tls = \"starttls\"").port, 587);
        let own = server("port = 2525\nuser = \"desk\"\npassword = \"tops3cret\"");
        assert_eq!((own.port, own.login.as_ref().map(|(user, _)| user.as_str())), (2525, Some("desk")));
        assert!(!format!("{own:?}").contains("tops3cret"));
    }

    #[test]
    fn a_mail_is_never_sent_in_the_open() {
        let from = "from = \"desk@a.example\"\ntls = \"none\"\n";
        for host in ["localhost", "127.0.0.1", "127.1.2.3", "::1"] {
            assert!(read(&format!("{from}host = \"{host}\"")).is_ok(), "{host}");
        }
        for host in ["mail.a.example", "10.0.0.5", "localhost.a.example"] {
            assert!(
                read(&format!("{from}host = \"{host}\"")).unwrap_err().contains("for all to read"),
                "{host}"
            );
        }
    }

    #[test]
    fn what_is_missing_or_odd_is_told() {
        for (text, says) in [
            ("host = \"a.example\"", "mail.from is missing"),
            ("host = \"a b\"\nfrom = \"a@b.example\"", "mail.host must be"),
            ("host = \"a.example\"\nfrom = \"desk\"", "mail.from must be"),
            ("host = \"a.example\"\nfrom = \"a@b.example\\r\\nBcc: x@y.example\"", "mail.from must be"),
            ("user = \"desk\"", "mail.password is missing"),
            ("password = \"desk\"", "mail.user is missing"),
            ("tls = \"perhaps\"", "expected is"),
        ] {
            let said = read(text).unwrap_err();
            assert!(said.contains(says), "{text}: {said}");
        }
    }
}
