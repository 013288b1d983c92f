//! Minting ids: `(milliseconds since 2020) << 20 | 20 bits`, so that the order of ids is the order of time.
//!
//! They are minted from the time of the thing itself, so that what is entered later with an earlier date (a demonstration, an
//! import) sorts into its place. Two processes may mint the same one; whoever inserts second mints again.

use domain::time::Timestamp;
use std::sync::{Mutex, PoisonError};

/// 2020-01-01T00:00:00Z, in milliseconds since 1970: no community is older, and ids last until the year 2298.
const BEGINNING: i64 = 1_577_836_800_000;
const LOW_BITS: u32 = 20;

/// What the ids of all that happened after an instant are higher than.
pub(crate) fn before(at: Timestamp) -> i64 {
    (at.0 - BEGINNING).max(0) << LOW_BITS
}

/// When what has an id happened.
pub(crate) fn at(id: i64) -> Timestamp {
    Timestamp((id >> LOW_BITS) + BEGINNING)
}

/// Mints ids; one for a process.
#[derive(Default)]
pub(crate) struct Ids {
    last: Mutex<(i64, i64)>,
}

impl Ids {
    /// An id for what happened `at`, and higher than `floor`. Within this process each is higher than those before it, unless
    /// its time is earlier than theirs.
    pub fn mint(&self, at: Timestamp, floor: i64) -> i64 {
        // Ids begin at 1 ms, so that 0 is nobody's and a wrong clock can't make a negative one.
        let moment = (at.0 - BEGINNING).max(1).max(floor >> LOW_BITS);
        // The first of a millisecond takes the lower half of the bits, which leaves room for half a million after it.
        let fresh = (moment << LOW_BITS) | fastrand::i64(0..1 << (LOW_BITS - 1));
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        let (last_moment, last_id) = *last;
        // Several that are dated back before one floor must not all be the next number after it.
        let fresh = if fresh > floor { fresh } else { floor + 1 + fastrand::i64(0..1 << (LOW_BITS - 2)) };
        let id = if moment < last_moment { fresh } else { fresh.max(last_id + 1) };
        if moment >= last_moment {
            *last = (moment, id);
        }
        id
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_one_instant_rise_and_keep_their_place_in_time() {
        let ids = Ids::default();
        let now = Timestamp(BEGINNING + 5_000);
        let many: Vec<i64> = (0..10_000).map(|_| ids.mint(now, 0)).collect();
        assert!(many.is_sorted_by(|a, b| a < b));
        assert!(many.iter().all(|id| id >> LOW_BITS == 5_000));
    }

    #[test]
    fn what_is_dated_back_sorts_into_its_place() {
        let ids = Ids::default();
        let now = ids.mint(Timestamp(BEGINNING + 5_000), 0);
        let earlier = ids.mint(Timestamp(BEGINNING + 4_000), 0);
        let later = ids.mint(Timestamp(BEGINNING + 5_000), 0);
        assert!(earlier < now && now < later);
    }

    #[test]
    fn a_reply_dated_before_its_thread_still_sorts_behind_it() {
        let ids = Ids::default();
        let root = ids.mint(Timestamp(BEGINNING + 5_000), 0);
        assert!(ids.mint(Timestamp(BEGINNING + 1_000), root) > root);
    }

    #[test]
    fn replies_dated_before_their_thread_do_not_all_get_one_id() {
        let ids = Ids::default();
        let root = ids.mint(Timestamp(BEGINNING + 5_000), 0);
        ids.mint(Timestamp(BEGINNING + 9_000), 0);
        let replies: std::collections::BTreeSet<i64> = (0..20).map(|_| ids.mint(Timestamp(BEGINNING + 1_000), root)).collect();
        assert!(replies.len() > 15 && replies.iter().all(|reply| *reply > root));
    }

    #[test]
    fn an_id_is_positive_whatever_the_clock_says() {
        assert!(Ids::default().mint(Timestamp(-1), 0) > 0);
    }
}
