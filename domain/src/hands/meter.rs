//! The meter of a host's time: how long somebody spent at the desk in a week, for their own eyes.
//!
//! **The rule.** Between two steps of a host at the desk lies a pause, and a pause counts as long as it was, up to [`LONGEST_PAUSE`]: so
//! whoever reads a page and goes on is counted, and a page that stays open over lunch is three minutes. A pause belongs to the week in which
//! it began. Kept is a number of seconds a week, and nothing of what was looked at. Nobody but the host can ask for it; whoever turns it off
//! has nothing kept, and what was kept is forgotten.

use super::weeks::Week;
use crate::{
    ids::MemberId,
    outcome::Unavailable,
    time::{Clock, Timestamp, Zone},
    viewer::Host,
};
use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, Mutex, PoisonError},
};

/// How long a pause counts at most, in seconds: about as long as one reads and answers on one page.
pub const LONGEST_PAUSE: i64 = 180;
/// How long after a write the next one comes at the earliest, in seconds.
pub const WRITE_EVERY: i64 = 60;
/// What a week of hosting should take, in seconds: two hours are plenty.
pub const PLENTY: i64 = 2 * 3600;
/// How many hosts are remembered between their steps; past this all are forgotten, which loses each one pause.
const MOST_REMEMBERED: usize = 500;

/// How many seconds of a pause count.
pub fn counted(from: Timestamp, to: Timestamp) -> i64 {
    ((to.0 - from.0) / 1000).clamp(0, LONGEST_PAUSE)
}

/// What is known of a host between two writes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counting {
    last: Option<Timestamp>,
    written: Option<Timestamp>,
    waits: BTreeMap<Week, i64>,
}

impl Counting {
    /// Takes a step into account; what is to be written now, if a write is due.
    pub fn step(&mut self, now: Timestamp, zone: &Zone) -> Option<BTreeMap<Week, i64>> {
        let last = self.last.filter(|last| *last <= now).unwrap_or(now);
        let seconds = counted(last, now);
        if seconds > 0 {
            *self.waits.entry(Week::at(last, zone)).or_default() += seconds;
        }
        // What is less than a second waits for the rest of it.
        self.last = Some(if seconds < LONGEST_PAUSE { last.plus_seconds(seconds) } else { now });
        let due = self.written.is_none_or(|written| now >= written.plus_seconds(WRITE_EVERY));
        if !due || self.waits.is_empty() {
            return None;
        }
        self.written = Some(now);
        Some(std::mem::take(&mut self.waits))
    }

    /// What waits to be written of a week, in seconds.
    pub fn waits(&self, week: Week) -> i64 {
        self.waits.get(&week).copied().unwrap_or(0)
    }
}

/// What the meter needs kept.
#[async_trait::async_trait]
pub trait MeterStore: Send + Sync {
    /// Adds seconds to weeks of a host; in all no more than have passed since the last time, whichever process wrote it. `false` if they
    /// turned the meter off, or are no host any more: then nothing is kept.
    async fn add_time(&self, host: &Host, seconds: &BTreeMap<Week, i64>, now: Timestamp) -> Result<bool, Unavailable>;
    /// The host's own time in a week, in seconds; `None` if they turned the meter off.
    async fn my_time(&self, host: &Host, week: Week) -> Result<Option<i64>, Unavailable>;
    /// Turns the host's meter on, or off: then what was kept is forgotten.
    async fn turn_meter(&self, host: &Host, on: bool) -> Result<(), Unavailable>;
}

/// The service for the meter.
#[derive(Clone)]
pub struct Meter {
    store: Arc<dyn MeterStore>,
    clock: Arc<dyn Clock>,
    counting: Arc<Mutex<HashMap<MemberId, Counting>>>,
}

impl Meter {
    /// Over a store.
    pub fn new(store: Arc<dyn MeterStore>, clock: Arc<dyn Clock>) -> Self {
        Self { store, clock, counting: Arc::default() }
    }

    /// A host took a step at the desk.
    pub async fn step(&self, host: &Host, zone: &Zone) -> Result<(), Unavailable> {
        let now = self.clock.now();
        let due = {
            let mut all = self.counting.lock().unwrap_or_else(PoisonError::into_inner);
            if all.len() >= MOST_REMEMBERED && !all.contains_key(&host.me().id) {
                all.clear();
            }
            all.entry(host.me().id).or_default().step(now, zone)
        };
        match due {
            Some(seconds) => self.store.add_time(host, &seconds, now).await.map(drop),
            None => Ok(()),
        }
    }

    /// The host's own time in this week, in seconds; `None` if they turned the meter off.
    pub async fn mine(&self, host: &Host, zone: &Zone) -> Result<Option<i64>, Unavailable> {
        let week = Week::at(self.clock.now(), zone);
        let kept = self.store.my_time(host, week).await?;
        let all = self.counting.lock().unwrap_or_else(PoisonError::into_inner);
        let waits = all.get(&host.me().id).map_or(0, |counting| counting.waits(week));
        Ok(kept.map(|kept| kept + waits))
    }

    /// Turns the host's meter on or off.
    pub async fn turn(&self, host: &Host, on: bool) -> Result<(), Unavailable> {
        self.counting.lock().unwrap_or_else(PoisonError::into_inner).remove(&host.me().id);
        self.store.turn_meter(host, on).await
    }
}

/// How long, in words and whole minutes: `1 hour 20 minutes`; `None` for less than a minute.
pub fn in_words(seconds: i64) -> Option<String> {
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    let said = |many: i64, what: &str| match many {
        0 => None,
        1 => Some(format!("1 {what}")),
        many => Some(format!("{many} {what}s")),
    };
    match (said(hours, "hour"), said(minutes, "minute")) {
        (Some(hours), Some(minutes)) => Some(format!("{hours} {minutes}")),
        (hours, minutes) => hours.or(minutes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Monday 30 November 2026, 00:00 UTC.
    const MONDAY: Timestamp = Timestamp(1_795_996_800_000);

    fn steps(at: &[i64]) -> (Counting, BTreeMap<Week, i64>, Vec<i64>) {
        let (mut counting, mut written, mut writes) = (Counting::default(), BTreeMap::new(), Vec::new());
        for at in at {
            if let Some(due) = counting.step(MONDAY.plus_seconds(*at), &Zone::utc()) {
                writes.push(*at);
                for (week, seconds) in due {
                    *written.entry(week).or_insert(0) += seconds;
                }
            }
        }
        (counting, written, writes)
    }

    #[test]
    fn a_pause_counts_up_to_three_minutes() {
        let week = Week::at(MONDAY, &Zone::utc());
        let (counting, written, writes) = steps(&[0, 50, 100, 1000, 90_000]);
        assert_eq!(writes, [50, 1000, 90_000]);
        assert_eq!((written[&week], counting.waits(week)), (50 + 50 + 180 + 180, 0));
    }

    #[test]
    fn a_pause_belongs_to_the_week_in_which_it_began() {
        let (_, written, _) = steps(&[-100, 20, 60]);
        let this = Week::at(MONDAY, &Zone::utc());
        let before = Week::at(MONDAY.plus_days(-1), &Zone::utc());
        assert_eq!(written.get(&before), Some(&120));
        assert_eq!(written.get(&this), None, "it waits for the next minute");
    }

    #[test]
    fn steps_of_less_than_a_second_add_up() {
        let mut counting = Counting::default();
        for step in 0..=100 {
            counting.step(Timestamp(MONDAY.0 + 300 * step), &Zone::utc());
        }
        let week = Week::at(MONDAY, &Zone::utc());
        // The first second was written at once.
        assert_eq!(counting.waits(week), 29);
    }

    #[test]
    fn time_is_said_in_hours_and_minutes() {
        let said = [30, 60, 150, 3600, 4800, 9660].map(|seconds| in_words(seconds).unwrap_or_default());
        assert_eq!(said, ["", "1 minute", "2 minutes", "1 hour", "1 hour 20 minutes", "2 hours 41 minutes"]);
    }

    proptest! {
        #[test]
        fn what_counts_is_never_more_than_has_passed_and_no_write_comes_within_a_minute_of_another(
            pauses in proptest::collection::vec(0_i64..400, 1..60)
        ) {
            let at: Vec<i64> = pauses.iter().scan(0, |at, pause| { *at += pause; Some(*at) }).collect();
            let (counting, written, writes) = steps(&at);
            let all = written.values().sum::<i64>() + counting.waits.values().sum::<i64>();
            let each: i64 = at.windows(2).map(|two| (two[1] - two[0]).min(LONGEST_PAUSE)).sum();
            prop_assert_eq!(all, each);
            prop_assert!(writes.windows(2).all(|two| two[1] - two[0] >= WRITE_EVERY));
        }
    }
}
