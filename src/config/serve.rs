//! `[serve]`: listening and answering.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use ipnet::IpNet;

use super::reading::SectionReader;

/// Whether a line is written for each answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessLines {
    /// To standard output, as JSON, with shortened addresses.
    On,
    /// Not at all.
    Off,
}

impl std::str::FromStr for AccessLines {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "on" => Ok(Self::On),
            "off" => Ok(Self::Off),
            _ => Err(()),
        }
    }
}

/// The settings of the serving process.
#[derive(Debug, Clone, PartialEq)]
pub struct ServeConfig {
    /// Address for readers.
    pub listen: SocketAddr,
    /// Address for metrics; none are given when it is not set.
    pub metrics_listen: Option<SocketAddr>,
    /// Proxies whose forwarded addresses are believed.
    pub trusted_proxies: Vec<IpNet>,
    /// Memory for printed pages and small pictures, in bytes.
    pub cache_bytes: u64,
    /// Threads that answer; as many as the machine has cores when 0.
    pub threads: usize,
    /// Connections at once.
    pub connections: usize,
    /// The access log.
    pub access_log: AccessLines,
}

impl ServeConfig {
    pub(super) fn read(section: &mut SectionReader) -> Self {
        let here = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 8080);
        let expected = "an address and a port such as \"127.0.0.1:8080\"";
        let metrics = section.optional_text("metrics_listen");
        Self {
            listen: section.parsed("listen", here, expected),
            metrics_listen: metrics.and_then(|text| match text.parse() {
                Ok(address) => Some(address),
                Err(_) => {
                    section.fault("metrics_listen", format!("is \"{text}\"; expected is {expected}"));
                    None
                }
            }),
            trusted_proxies: section
                .list("trusted_proxies", "a network such as \"10.0.0.0/8\" or \"::1/128\""),
            cache_bytes: section.number("cache_bytes", 24 << 20, 1 << 20, 64 << 30),
            threads: usize::try_from(section.number("threads", 0, 0, 256)).unwrap_or(0),
            connections: usize::try_from(section.number("connections", 10_000, 16, 1_000_000))
                .unwrap_or(10_000),
            access_log: section.parsed("access_log", AccessLines::Off, "\"on\" or \"off\""),
        }
    }
}
