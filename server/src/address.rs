//! Where a request comes from: the address at the other end, or what a proxy that we trust says of it.
//!
//! Anybody can write an `X-Forwarded-For` header. Only what a configured proxy added to it is believed, from the right to the
//! left, up to the first address that is not one of our proxies.

use crate::config::Network;
use axum::http::HeaderMap;
use std::net::{IpAddr, Ipv4Addr};

/// The address at the other end of the connection, put on each request by the listener.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer(pub IpAddr);

impl Default for Peer {
    fn default() -> Self {
        Self(IpAddr::V4(Ipv4Addr::UNSPECIFIED))
    }
}

/// The address that asks.
pub fn asking(peer: Peer, headers: &HeaderMap, proxies: &[Network]) -> IpAddr {
    let trusted = |address: IpAddr| proxies.iter().any(|network| network.holds(address));
    let mut asking = peer.0.to_canonical();
    let told: Vec<&str> = headers.get_all("x-forwarded-for").iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(',')).collect();
    for hop in told.iter().rev() {
        if !trusted(asking) {
            break;
        }
        let Ok(hop) = hop.trim().parse::<IpAddr>() else { break };
        asking = hop.to_canonical();
    }
    asking
}

/// Under what an address is counted. Whoever has an IPv6 address has 2^64 of them, so those count together.
pub fn household(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6([a, b, c, d, 0, 0, 0, 0].into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asks(peer: &str, forwarded: &[&str], proxies: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().expect("a header"));
        }
        let proxies: Vec<Network> = proxies.iter().map(|p| p.parse().expect("a network")).collect();
        asking(Peer(peer.parse().expect("an address")), &headers, &proxies).to_string()
    }

    #[test]
    fn a_stranger_s_word_for_its_address_is_not_taken() {
        assert_eq!(asks("203.0.113.9", &["198.51.100.1"], &["127.0.0.1"]), "203.0.113.9");
    }

    #[test]
    fn a_trusted_proxy_names_who_asked_it_and_nothing_before_that_counts() {
        assert_eq!(asks("127.0.0.1", &["198.51.100.1, 203.0.113.9"], &["127.0.0.1"]), "203.0.113.9");
        assert_eq!(asks("127.0.0.1", &["198.51.100.1", "203.0.113.9, 10.0.0.2"], &["127.0.0.1", "10.0.0.0/8"]), "203.0.113.9");
    }

    #[test]
    fn what_is_no_address_is_left_out() {
        assert_eq!(asks("127.0.0.1", &["unknown"], &["127.0.0.1"]), "127.0.0.1");
    }

    #[test]
    fn addresses_of_one_household_count_together() {
        let of = |text: &str| household(text.parse().expect("an address"));
        assert_eq!(of("2001:db8::1"), of("2001:db8::ffff:1"));
        assert_ne!(of("2001:db8::1"), of("2001:db8:0:1::1"));
    }
}
