//! `[alerts]`: who is told when the machine needs looking after, and from where on it does.

use newsroom::staff::EmailAddress;

use super::reading::SectionReader;

/// Who is told when the machine needs looking after, and from where on it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertsConfig {
    /// Who gets the mails; all administrators where nobody is named.
    pub to: Vec<EmailAddress>,
    /// Bytes under which too little of a disk is free.
    pub free_bytes: u64,
    /// Days after which the last backup is too old; `None` where backups are made by others.
    pub backup_days: Option<i64>,
    /// Minutes for which a job may be due before somebody should look.
    pub oldest_job_minutes: i64,
    /// Days before its end from which a certificate has to be renewed.
    pub certificate_days: i64,
}

impl AlertsConfig {
    pub(super) fn read(section: &mut SectionReader) -> Self {
        let mut to = Vec::new();
        for text in section.list::<String>("to", "mail addresses such as \"ana@example.org\"") {
            match EmailAddress::parse(&text) {
                Some(address) => to.push(address),
                None => section.fault("to", format!("names \"{text}\", which is no mail address")),
            }
        }
        let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        Self {
            to,
            free_bytes: section.number("free_gigabytes", 2, 0, 1 << 20) << 30,
            backup_days: Some(whole(section.number("backup_days", 7, 0, 3650))).filter(|days| *days > 0),
            oldest_job_minutes: whole(section.number("oldest_job_minutes", 30, 1, 100_000)),
            certificate_days: whole(section.number("certificate_days", 14, 0, 365)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn read(text: &str) -> Result<AlertsConfig, String> {
        let read = Config::parse(&format!("[alerts]\n{text}"));
        read.map(|config| config.alerts).map_err(|wrong| wrong.to_string())
    }

    #[test]
    fn nobody_is_named_and_everything_is_watched_where_nothing_is_said() {
        let alerts = read("").unwrap();
        assert_eq!((alerts.to.len(), alerts.free_bytes, alerts.backup_days), (0, 2 << 30, Some(7)));
        assert_eq!((alerts.oldest_job_minutes, alerts.certificate_days), (30, 14));
    }

    #[test]
    fn backups_that_others_make_are_not_watched() {
        assert_eq!(read("backup_days = 0").unwrap().backup_days, None);
    }

    #[test]
    fn what_is_odd_is_told() {
        for (text, says) in [
            ("to = [\"ana\"]", "names \"ana\", which is no mail address"),
            ("to = \"ana@a.example\"", "alerts.to must be a list"),
            ("oldest_job_minutes = 0", "alerts.oldest_job_minutes must be"),
        ] {
            let said = read(text).unwrap_err();
            assert!(said.contains(says), "{text}: {said}");
        }
    }
}
