//! Who asks: the address behind trusted proxies, and its shortened form for logs.

use std::fmt;
use std::net::{IpAddr, SocketAddr};

use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use ipnet::IpNet;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// Who asks. The server puts it into the extensions of requests to live routes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Visitor {
    /// The reader's own address, as far as it can be believed. For limits; logs take [`Self::network`].
    pub address: IpAddr,
    /// Whether a trusted proxy says that the reader came over TLS.
    pub secure: bool,
}

impl Visitor {
    /// Believes `X-Forwarded-For` and `X-Forwarded-Proto` only from `trusted` networks: the list is read from its end,
    /// and the first address that is not a trusted proxy is the reader.
    #[must_use]
    pub fn of(peer: SocketAddr, headers: &HeaderMap, trusted: &[IpNet]) -> Self {
        let lists = headers.get_all(FORWARDED_FOR).into_iter().map(HeaderValue::as_bytes);
        let visitor = Self::behind(peer, lists, trusted);
        let proto = headers.get(FORWARDED_PROTO).is_some_and(|proto| proto.as_bytes() == b"https");
        Self { secure: proto && trusts(trusted, peer.ip().to_canonical()), ..visitor }
    }

    /// As [`Self::of`], from the values of `X-Forwarded-For`.
    pub(crate) fn behind<'v>(
        peer: SocketAddr,
        lists: impl DoubleEndedIterator<Item = &'v [u8]>,
        trusted: &[IpNet],
    ) -> Self {
        let mut address = peer.ip().to_canonical();
        if trusts(trusted, address) {
            for hop in lists.rev().flat_map(|list| list.rsplit(|byte| *byte == b',')) {
                let Some(hop) = parse(hop) else { break };
                address = hop;
                if !trusts(trusted, hop) {
                    break;
                }
            }
        }
        Self { address, secure: false }
    }

    /// The shortened address.
    #[must_use]
    pub fn short_address(&self) -> ShortAddress {
        ShortAddress(self.address)
    }
}

fn trusts(trusted: &[IpNet], address: IpAddr) -> bool {
    trusted.iter().any(|net| net.contains(&address))
}

/// One address of a list; some proxies add a port.
fn parse(hop: &[u8]) -> Option<IpAddr> {
    let text = std::str::from_utf8(hop).ok()?.trim();
    let address = text.parse().ok().or_else(|| text.parse().ok().map(|socket: SocketAddr| socket.ip()));
    address.map(|address: IpAddr| address.to_canonical())
}

/// An address as logs may keep it: the first 24 bits of IPv4, the first 48 of IPv6. Shows itself as a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShortAddress(IpAddr);

impl fmt::Display for ShortAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bits = if self.0.is_ipv4() { 24 } else { 48 };
        match IpNet::new(self.0, bits) {
            Ok(network) => write!(f, "{}", network.trunc()),
            Err(_) => f.write_str("-"),
        }
    }
}

#[cfg(test)]
#[path = "visitor_tests.rs"]
mod tests;
