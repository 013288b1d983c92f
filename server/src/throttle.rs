//! How many forms an address may send without being signed in. (Failed sign-ins are counted by the domain besides.)
//!
//! Each address has a bucket that fills by the minute and from which each form takes one. Full buckets are forgotten, so the
//! memory is bounded by who was busy within the last minute.

use crate::address;
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::Instant,
};

/// Most addresses remembered. Past this, whoever knocks next waits: somebody has thousands of addresses and uses them all.
const MOST_ADDRESSES: usize = 20_000;

/// The buckets.
pub struct Throttle {
    a_minute: u32,
    buckets: Mutex<HashMap<IpAddr, Bucket>>,
}

struct Bucket {
    left: f64,
    at: Instant,
}

impl Throttle {
    /// So many a minute.
    pub fn new(a_minute: u32) -> Self {
        Self { a_minute, buckets: Mutex::default() }
    }

    /// Takes one, unless the address has none left.
    pub fn take(&self, from: IpAddr, now: Instant) -> bool {
        let full = f64::from(self.a_minute);
        let filled = |bucket: &Bucket| (bucket.left + now.saturating_duration_since(bucket.at).as_secs_f64() * full / 60.0).min(full);
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        let from = address::household(from);
        if buckets.len() >= MOST_ADDRESSES && !buckets.contains_key(&from) {
            buckets.retain(|_, bucket| filled(bucket) < full);
            if buckets.len() >= MOST_ADDRESSES {
                return false;
            }
        }
        let bucket = buckets.entry(from).or_insert(Bucket { left: full, at: now });
        bucket.left = filled(bucket);
        bucket.at = now;
        let may = bucket.left >= 1.0;
        if may {
            bucket.left -= 1.0;
        }
        may
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn an_address_that_has_sent_all_its_forms_waits_and_others_do_not() {
        let throttle = Throttle::new(30);
        let (busy, other) = (IpAddr::from([203, 0, 113, 9]), IpAddr::from([203, 0, 113, 10]));
        let now = Instant::now();
        assert!((0..30).all(|_| throttle.take(busy, now)));
        assert!(!throttle.take(busy, now));
        assert!(throttle.take(other, now));
        assert!(throttle.take(busy, now + Duration::from_secs(2)));
        assert!(!throttle.take(busy, now + Duration::from_secs(2)));
    }
}
