//! Quiet: the hours that just passed, against this community's own usual for that weekday and time.
//!
//! **The rule.** Of each clock hour it is known how many posts, replies and reactions people made that all members may see. The last whole
//! hour is held beside the same hour, on the same weekday, of the up to [`WEEKS`] weeks before; usual is what lies between the quarter of them
//! with the least and the quarter with the most. Where even the low end of that is less than [`LEAST`], an hour says nothing, and the last two
//! or three hours are held beside theirs. It is quiet when what came since those hours began (the present, unfinished hour counts as well) is
//! at most one part in [`PART`] of the low end. So nothing is ever said at night, when it is always quiet, nor where so little is usual that
//! nothing can be missed, nor of a place that has not lived through [`FEWEST_WEEKS`] such weeks.

use crate::{
    gatherings::sessions::instant,
    time::{Timestamp, Zone},
};
use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, Timelike, Utc};
use std::collections::BTreeMap;

/// From how many weeks back the usual is known, at most.
pub const WEEKS: usize = 12;
/// From how many at least.
pub const FEWEST_WEEKS: usize = 8;
/// The least that is usual where something can be missed.
pub const LEAST: u32 = 3;
/// At most one of how many parts of the usual's low end is quiet.
pub const PART: u32 = 3;
/// How many hours are looked at together, at most.
pub const LONGEST_STRETCH: u32 = 3;

/// How much came in each clock hour, by the instant at which the hour begins; of hours that are not in it, nothing came.
pub type Hours = BTreeMap<Timestamp, u32>;

/// What usually comes: between the quarter of weeks with the least and the quarter with the most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usual {
    /// The low end.
    pub low: u32,
    /// The high end; not less.
    pub high: u32,
}

impl Usual {
    /// Of what came in each of some weeks; `None` of none.
    fn of(mut weeks: Vec<u32>) -> Option<Self> {
        weeks.sort_unstable();
        let quarter = weeks.len() / 4;
        let (low, high) = (weeks.get(quarter)?, weeks.get(weeks.len() - 1 - quarter)?);
        Some(Self { low: *low, high: *high })
    }
}

/// It is quiet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quiet {
    /// Since when: the beginning of the hours that were held beside the usual.
    pub since: Timestamp,
    /// Their end, at the latest now.
    pub until: Timestamp,
    /// What usually comes in them.
    pub usual: Usual,
    /// What came since they began.
    pub came: u32,
}

/// One hour of a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hour {
    /// The hour on the wall, 0 to 23.
    pub hour: u32,
    /// What usually comes in it.
    pub usual: Usual,
    /// What came, where it has begun.
    pub came: Option<u32>,
}

/// An instant on the wall of a zone.
pub fn on_the_wall(at: Timestamp, zone: &Zone) -> NaiveDateTime {
    DateTime::<Utc>::from(at).with_timezone(&zone.rules()).naive_local()
}

/// The beginning of the clock hour in a zone.
pub fn hour_of(at: Timestamp, zone: &Zone) -> Timestamp {
    let wall = on_the_wall(at, zone);
    let into = i64::from(wall.minute() * 60 + wall.second()) * 1000 + at.0.rem_euclid(1000);
    Timestamp(at.0 - into)
}

/// The beginning of the day in a zone.
pub fn day_of(at: Timestamp, zone: &Zone) -> Timestamp {
    midnight(on_the_wall(at, zone).date(), zone)
}

/// When a date begins in a zone.
pub fn midnight(date: NaiveDate, zone: &Zone) -> Timestamp {
    instant(date.and_time(chrono::NaiveTime::MIN), zone)
}

/// How far back [`Hours`] are needed.
pub fn looks_back(now: Timestamp) -> Timestamp {
    now.plus_days(-7 * WEEKS as i64 - 2)
}

/// How much came from an instant to before another.
fn between(hours: &Hours, from: Timestamp, until: Timestamp) -> u32 {
    if from < until { hours.range(from..until).map(|(_, came)| came).sum() } else { 0 }
}

/// How much came in so many hours from a time on the wall, in each of the weeks before that the place has lived through.
fn weeks_before(hours: &Hours, zone: &Zone, place_since: Timestamp, wall: NaiveDateTime, length: u32) -> Vec<u32> {
    let weeks = (1..=WEEKS as u64).filter_map(|week| wall.checked_sub_days(Days::new(7 * week)));
    let begins = weeks.map(|wall| instant(wall, zone)).take_while(|begins| *begins >= place_since);
    begins.map(|begins| between(hours, begins, begins.plus_seconds(3600 * i64::from(length)))).collect()
}

/// Whether it is quiet, by the rule above; the place has been there since `place_since`.
pub fn quiet(hours: &Hours, zone: &Zone, place_since: Timestamp, now: Timestamp) -> Option<Quiet> {
    let until = hour_of(now, zone);
    for length in 1..=LONGEST_STRETCH {
        let since = until.plus_seconds(-3600 * i64::from(length));
        let weeks = weeks_before(hours, zone, place_since, on_the_wall(since, zone), length);
        if weeks.len() < FEWEST_WEEKS {
            return None;
        }
        let usual = Usual::of(weeks)?;
        if usual.low >= LEAST {
            let came = between(hours, since, now.plus_seconds(1));
            return (came * PART <= usual.low).then_some(Quiet { since, until, usual, came });
        }
    }
    None
}

/// The day of an instant, hour by hour, beside the usual; empty for a place that is too young to have one.
pub fn day(hours: &Hours, zone: &Zone, place_since: Timestamp, now: Timestamp) -> Vec<Hour> {
    let today = on_the_wall(now, zone).date();
    let of = |hour: u32| {
        let wall = today.and_hms_opt(hour, 0, 0)?;
        let weeks = weeks_before(hours, zone, place_since, wall, 1);
        if weeks.len() < FEWEST_WEEKS {
            return None;
        }
        let begins = instant(wall, zone);
        let came = (begins <= now).then(|| between(hours, begins, begins.plus_seconds(3600)));
        Some(Hour { hour, usual: Usual::of(weeks)?, came })
    };
    (0..24).map(of).collect::<Option<Vec<_>>>().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn lisbon() -> Zone {
        Zone::parse("Europe/Lisbon").expect("a zone")
    }

    fn at(wall: &str) -> Timestamp {
        instant(NaiveDateTime::parse_from_str(wall, "%Y-%m-%d %H:%M").expect("a time"), &lisbon())
    }

    /// Thursday 26 November 2026; the clocks were put back on 25 October.
    fn now() -> Timestamp {
        at("2026-11-26 17:20")
    }

    fn long_ago() -> Timestamp {
        at("2025-01-01 00:00")
    }

    /// So much came in the hour of each of the twelve Thursdays before.
    fn thursdays(hours: &mut Hours, hour: u32, came: [u32; 12]) {
        for (week, came) in came.into_iter().enumerate() {
            let date = NaiveDate::from_ymd_opt(2026, 11, 26).expect("a date") - chrono::Duration::weeks(week as i64 + 1);
            *hours.entry(instant(date.and_hms_opt(hour, 0, 0).expect("a time"), &lisbon())).or_default() += came;
        }
    }

    const LIVELY: [u32; 12] = [6, 7, 9, 10, 8, 6, 6, 12, 10, 5, 9, 3];

    #[test]
    fn an_hour_far_below_the_usual_is_quiet_and_says_what_is_usual() {
        let mut hours = Hours::new();
        thursdays(&mut hours, 16, LIVELY);
        hours.insert(at("2026-11-26 16:00"), 1);
        let quiet = quiet(&hours, &lisbon(), long_ago(), now()).expect("quiet");
        assert_eq!(quiet.usual, Usual { low: 6, high: 9 });
        assert_eq!((quiet.since, quiet.until, quiet.came), (at("2026-11-26 16:00"), at("2026-11-26 17:00"), 1));
    }

    #[test]
    fn what_came_in_the_present_hour_counts_in_favour() {
        let mut hours = Hours::new();
        thursdays(&mut hours, 16, LIVELY);
        hours.insert(at("2026-11-26 17:00"), 3);
        assert_eq!(quiet(&hours, &lisbon(), long_ago(), now()), None);
    }

    #[test]
    fn where_an_hour_says_nothing_three_together_may() {
        let mut hours = Hours::new();
        for hour in [14, 15, 16] {
            thursdays(&mut hours, hour, [1; 12]);
        }
        let quiet = quiet(&hours, &lisbon(), long_ago(), now()).expect("quiet");
        assert_eq!((quiet.since, quiet.usual), (at("2026-11-26 14:00"), Usual { low: 3, high: 3 }));
    }

    #[test]
    fn nothing_is_said_where_little_is_usual_at_night_or_of_a_young_place() {
        let mut hours = Hours::new();
        thursdays(&mut hours, 16, [2, 1, 0, 2, 1, 0, 0, 2, 1, 0, 9, 9]);
        assert_eq!(quiet(&hours, &lisbon(), long_ago(), now()), None, "hardly anything is usual");
        thursdays(&mut hours, 16, LIVELY);
        assert!(quiet(&hours, &lisbon(), long_ago(), now()).is_some());
        assert_eq!(quiet(&hours, &lisbon(), long_ago(), at("2026-11-27 03:20")), None, "at night it is always quiet");
        assert_eq!(quiet(&hours, &lisbon(), at("2026-10-02 00:00"), now()), None, "seven Thursdays are too few");
        assert!(quiet(&hours, &lisbon(), at("2026-10-01 00:00"), now()).is_some());
    }

    #[test]
    fn a_day_is_told_hour_by_hour_up_to_now() {
        let mut hours = Hours::new();
        thursdays(&mut hours, 16, LIVELY);
        hours.insert(at("2026-11-26 16:00"), 4);
        let day = day(&hours, &lisbon(), long_ago(), now());
        assert_eq!(day.len(), 24);
        assert_eq!((day[16].usual, day[16].came), (Usual { low: 6, high: 9 }, Some(4)));
        assert_eq!((day[17].came, day[18].came), (Some(0), None));
        assert!(super::day(&hours, &lisbon(), at("2026-10-15 00:00"), now()).is_empty());
    }

    #[test]
    fn an_hour_begins_on_the_half_where_the_zone_does() {
        let kolkata = Zone::parse("Asia/Kolkata").expect("a zone");
        assert_eq!(hour_of(at("2026-11-26 17:20"), &kolkata), at("2026-11-26 16:30"));
        assert_eq!(hour_of(Timestamp(now().0 + 1), &lisbon()), at("2026-11-26 17:00"));
    }

    proptest! {
        // Each goes through a quarter of a year, hour by hour.
        #![proptest_config(ProptestConfig::with_cases(48))]

        /// Whatever came in the weeks before and today.
        #[test]
        fn more_never_makes_it_quiet(came in prop::collection::vec((0_i64..24 * 7 * 13, 0_u32..9), 0..400), more in 0_i64..3 * 3600) {
            let mut hours = Hours::new();
            for (back, came) in came {
                *hours.entry(hour_of(now().plus_seconds(-3600 * back), &lisbon())).or_default() += came;
            }
            let before = quiet(&hours, &lisbon(), long_ago(), now());
            if let Some(quiet) = before {
                prop_assert!(quiet.usual.low >= LEAST && quiet.usual.low <= quiet.usual.high && quiet.came < quiet.usual.low);
                prop_assert!(quiet.since < quiet.until && quiet.until <= now());
            }
            *hours.entry(hour_of(now().plus_seconds(-more), &lisbon())).or_default() += 1;
            prop_assert!(before.is_some() || quiet(&hours, &lisbon(), long_ago(), now()).is_none());
            prop_assert_eq!(quiet(&hours, &lisbon(), now().plus_days(-7 * FEWEST_WEEKS as i64), now()), None);
        }

        /// A day like all others is never quiet.
        #[test]
        fn the_usual_is_never_quiet(each_hour in prop::collection::vec(0_u32..20, 24 * 7)) {
            let mut hours = Hours::new();
            let mut at = hour_of(now(), &lisbon());
            while at > now().plus_days(-7 * 13) {
                let wall = on_the_wall(at, &lisbon());
                let hour = chrono::Datelike::weekday(&wall).num_days_from_monday() * 24 + wall.hour();
                hours.insert(at, each_hour[hour as usize]);
                at = at.plus_seconds(-3600);
            }
            prop_assert_eq!(quiet(&hours, &lisbon(), long_ago(), now()), None);
        }
    }
}
