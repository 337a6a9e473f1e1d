use std::net::SocketAddr;

use hyper::header::{HeaderMap, HeaderValue};
use ipnet::IpNet;

use super::Visitor;

fn visitor(peer: &str, lists: &[&'static str]) -> Visitor {
    let trusted: Vec<IpNet> = vec!["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()];
    let mut headers = HeaderMap::new();
    for list in lists {
        headers.append("x-forwarded-for", HeaderValue::from_static(list));
    }
    headers.append("x-forwarded-proto", HeaderValue::from_static("https"));
    let peer: SocketAddr = peer.parse().unwrap();
    Visitor::of(peer, &headers, &trusted)
}

#[test]
fn strangers_are_not_believed() {
    let visitor = visitor("203.0.113.9:1", &["198.51.100.7"]);
    assert_eq!(visitor.address.to_string(), "203.0.113.9");
    assert!(!visitor.secure);
}

#[test]
fn behind_trusted_proxies_the_last_stranger_is_the_reader() {
    let table: [(&[&str], &str); 8] = [
        (&["198.51.100.7"], "198.51.100.7"),
        (&["1.2.3.4, 198.51.100.7"], "198.51.100.7"),
        (&["1.2.3.4, 198.51.100.7, 10.1.1.1"], "198.51.100.7"),
        (&["1.2.3.4", "198.51.100.7", "10.9.9.9"], "198.51.100.7"),
        (&["198.51.100.7:4711"], "198.51.100.7"),
        (&["[2001:db8::1]:4711"], "2001:db8::1"),
        (&["unknown"], "10.0.0.1"),
        (&[], "10.0.0.1"),
    ];
    for (lists, expected) in table {
        let visitor = visitor("10.0.0.1:1", lists);
        assert_eq!(visitor.address.to_string(), expected, "{lists:?}");
        assert!(visitor.secure);
    }
}

#[test]
fn an_address_written_as_ipv6_is_the_same_proxy() {
    assert_eq!(visitor("[::ffff:10.0.0.1]:1", &["198.51.100.7"]).address.to_string(), "198.51.100.7");
}

#[test]
fn logs_get_a_network_and_not_a_person() {
    assert_eq!(visitor("203.0.113.9:1", &[]).short_address().to_string(), "203.0.113.0/24");
    assert_eq!(visitor("[2001:db8:1:2::3]:1", &[]).short_address().to_string(), "2001:db8:1::/48");
}
