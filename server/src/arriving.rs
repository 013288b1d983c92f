//! How many requests with something in them are on their way at once: whoever sends slowly, or opens many connections and sends
//! nothing, holds up nobody else.
//!
//! A form takes its place among the answers only when it is here; until then it counts here alone, under its household.

use crate::address;
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

/// What is on its way.
pub struct Arriving {
    most_of_one: usize,
    most: usize,
    now: Mutex<Now>,
}

#[derive(Default)]
struct Now {
    all: usize,
    of_one: HashMap<IpAddr, usize>,
}

/// One that is on its way, until it is dropped.
pub struct OnItsWay {
    among: Arc<Arriving>,
    from: IpAddr,
}

impl Arriving {
    /// At most so many of one household, and so many of all.
    pub fn new(most_of_one: usize, most: usize) -> Self {
        Self { most_of_one, most, now: Mutex::default() }
    }

    /// One more from that address, unless there are as many as may be.
    pub fn begin(self: &Arc<Self>, from: IpAddr) -> Option<OnItsWay> {
        let from = address::household(from);
        let mut now = self.now.lock().unwrap_or_else(PoisonError::into_inner);
        let of_one = now.of_one.get(&from).copied().unwrap_or_default();
        if now.all >= self.most || of_one >= self.most_of_one {
            return None;
        }
        now.all += 1;
        now.of_one.insert(from, of_one + 1);
        Some(OnItsWay { among: self.clone(), from })
    }
}

impl Drop for OnItsWay {
    fn drop(&mut self) {
        let mut now = self.among.now.lock().unwrap_or_else(PoisonError::into_inner);
        now.all -= 1;
        match now.of_one.get_mut(&self.from) {
            Some(of_one) if *of_one > 1 => *of_one -= 1,
            _ => drop(now.of_one.remove(&self.from)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_household_that_sends_much_at_once_takes_nothing_from_others() {
        let arriving = Arc::new(Arriving::new(2, 3));
        let (busy, other) = (IpAddr::from([203, 0, 113, 9]), IpAddr::from([203, 0, 113, 10]));
        let (one, _two) = (arriving.begin(busy), arriving.begin(busy));
        assert!(one.is_some() && arriving.begin(busy).is_none());
        let third = arriving.begin(other);
        assert!(third.is_some() && arriving.begin(other).is_none(), "all together are three");
        drop(one);
        assert!(arriving.begin(busy).is_some());
    }
}
