//! Weeks, and whose they are.
//!
//! A week begins on its Monday, at the first instant that the community's clock has of that day, and lasts until the next one begins: 168
//! hours, or one more or less where the clocks change.

use crate::{
    hands::away::Away,
    ids::MemberId,
    time::{Timestamp, Zone},
};
use chrono::{Datelike, Days, NaiveDate, TimeDelta, TimeZone};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{
    collections::{BTreeMap, VecDeque},
    fmt,
    str::FromStr,
};

/// A week, by its Monday; written `yyyy-mm-dd`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Week(NaiveDate);

/// That is no Monday.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a week is written as its Monday")]
pub struct NoWeek;

impl Week {
    /// The week in which a date is.
    pub fn of(date: NaiveDate) -> Self {
        Self(date - Days::new(date.weekday().num_days_from_monday().into()))
    }
    /// The week that it is at an instant, on a zone's clock.
    pub fn at(at: Timestamp, zone: &Zone) -> Self {
        Self::of(date_at(at, zone))
    }
    /// The week that comes so many weeks later.
    pub fn plus(self, weeks: u32) -> Self {
        Self(self.0 + Days::new(7 * u64::from(weeks)))
    }
    /// Its Monday.
    pub fn first_day(self) -> NaiveDate {
        self.0
    }
    /// Its Sunday.
    pub fn last_day(self) -> NaiveDate {
        self.0 + Days::new(6)
    }
    /// When it begins on a zone's clock.
    pub fn begins(self, zone: &Zone) -> Timestamp {
        day_begins(self.0, zone)
    }
    /// Whether somebody who is away misses any of it.
    pub fn is_missed_by(self, away: &Away, zone: &Zone) -> bool {
        away.from < self.plus(1).begins(zone) && away.until > self.begins(zone)
    }
}

impl fmt::Display for Week {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Week {
    type Err = NoWeek;
    fn from_str(text: &str) -> Result<Self, NoWeek> {
        let date: NaiveDate = text.parse().map_err(|_| NoWeek)?;
        // Beyond these no week of ours is, and arithmetic on dates has an end.
        let sound = (2000..=2200).contains(&date.year()) && text.len() == 10;
        Some(Self::of(date)).filter(|week| week.0 == date && sound).ok_or(NoWeek)
    }
}

impl Serialize for Week {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Week {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(d)?;
        text.parse().map_err(de::Error::custom)
    }
}

/// The date that a zone's clock shows at an instant.
pub fn date_at(at: Timestamp, zone: &Zone) -> NaiveDate {
    chrono::DateTime::<chrono::Utc>::from(at).with_timezone(&zone.rules()).date_naive()
}

/// The first instant of a day on a zone's clock. Where a clock change leaves midnight out, that is the first there is after it.
pub fn day_begins(date: NaiveDate, zone: &Zone) -> Timestamp {
    let midnight = date.and_time(chrono::NaiveTime::MIN);
    // A zone may leave out a whole day (Samoa did once): a quarter of an hour at a time finds where it goes on.
    let goes_on = (0..=200).find_map(|step| zone.rules().from_local_datetime(&(midnight + TimeDelta::minutes(15 * step))).earliest());
    goes_on.map_or_else(|| Timestamp::from(midnight.and_utc()), |at| Timestamp::from(at.with_timezone(&chrono::Utc)))
}

/// Shares out weeks that nobody has, in an order that goes round: each week goes to whoever's turn it is; somebody who misses it keeps their
/// turn for the next. Whoever has a week already has had their turn with it. A week that all would miss stays nobody's.
pub fn share_out(
    order: &[MemberId],
    weeks: impl IntoIterator<Item = Week>,
    taken: &BTreeMap<Week, MemberId>,
    misses: impl Fn(MemberId, Week) -> bool,
) -> Vec<(Week, MemberId)> {
    let mut turns: VecDeque<MemberId> = VecDeque::new();
    for member in order {
        if !turns.contains(member) {
            turns.push_back(*member);
        }
    }
    let mut shared = Vec::new();
    for week in weeks {
        let next = match taken.get(&week) {
            Some(holder) => turns.iter().position(|member| member == holder),
            None => turns.iter().position(|member| !misses(*member, week)),
        };
        let Some(member) = next.and_then(|at| turns.remove(at)) else { continue };
        if !taken.contains_key(&week) {
            shared.push((week, member));
        }
        turns.push_back(member);
    }
    shared
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn zone(name: &str) -> Zone {
        Zone::parse(name).expect("a zone")
    }

    fn week(text: &str) -> Week {
        text.parse().expect("a Monday")
    }

    #[test]
    fn a_week_begins_on_monday_on_the_communitys_clock() {
        // Monday 30 November 2026, 00:00 in Lisbon is Sunday still in New York.
        let at = week("2026-11-30").begins(&zone("Europe/Lisbon"));
        assert_eq!(at, Timestamp(1_795_996_800_000));
        assert_eq!(Week::at(at, &zone("Europe/Lisbon")), week("2026-11-30"));
        assert_eq!(Week::at(at.plus_seconds(-1), &zone("Europe/Lisbon")), week("2026-11-23"));
        assert_eq!(Week::at(at, &zone("America/New_York")), week("2026-11-23"));
        assert_eq!(week("2026-11-30").last_day().to_string(), "2026-12-06");
    }

    #[test]
    fn what_is_no_monday_is_no_week() {
        for text in ["2026-12-01", "2026-11-30 ", "", "monday", "1999-12-27", "2201-01-05", "+2026-11-30"] {
            assert_eq!(text.parse::<Week>(), Err(NoWeek), "{text}");
        }
    }

    #[test]
    fn a_week_in_which_the_clocks_change_is_an_hour_longer_or_shorter() {
        let hours = |text: &str| {
            let zone = zone("Europe/Lisbon");
            (week(text).plus(1).begins(&zone).0 - week(text).begins(&zone).0) / 3_600_000
        };
        assert_eq!((hours("2026-10-19"), hours("2026-03-23"), hours("2026-11-23")), (169, 167, 168));
    }

    #[test]
    fn a_day_whose_midnight_is_left_out_begins_after_it() {
        // In Beirut the clocks went from 00:00 to 01:00 on 30 March 2025; in Samoa 30 December 2011 was left out.
        let beirut = day_begins("2025-03-30".parse().expect("a date"), &zone("Asia/Beirut"));
        assert_eq!(beirut, Timestamp(1_743_285_600_000));
        assert_eq!(date_at(beirut, &zone("Asia/Beirut")).to_string(), "2025-03-30");
        let apia = day_begins("2011-12-30".parse().expect("a date"), &zone("Pacific/Apia"));
        assert_eq!(date_at(apia, &zone("Pacific/Apia")).to_string(), "2011-12-31");
    }

    #[test]
    fn whoever_misses_a_week_has_the_next_one() {
        let weeks: Vec<Week> = (0..5).map(|n| week("2026-11-30").plus(n)).collect();
        let shared = share_out(&[MemberId(1), MemberId(2), MemberId(3)], weeks.clone(), &BTreeMap::new(), |member, week| {
            member == MemberId(2) && week == weeks[1]
        });
        assert_eq!(shared.iter().map(|(_, member)| member.0).collect::<Vec<_>>(), [1, 3, 2, 1, 3]);
    }

    #[test]
    fn what_somebody_has_already_stays_theirs_and_was_their_turn() {
        let weeks: Vec<Week> = (0..4).map(|n| week("2026-11-30").plus(n)).collect();
        let taken = BTreeMap::from([(weeks[0], MemberId(2)), (weeks[2], MemberId(9))]);
        let shared = share_out(&[MemberId(2), MemberId(1)], weeks.clone(), &taken, |_, _| false);
        assert_eq!(shared, [(weeks[1], MemberId(1)), (weeks[3], MemberId(2))]);
    }

    proptest! {
        #[test]
        fn every_instant_is_in_the_week_that_has_begun_and_not_ended(
            at in 946_684_800_000_i64..4_102_444_800_000, zone in proptest::sample::select(vec!["Europe/Lisbon", "America/St_Johns", "Pacific/Apia", "Asia/Beirut", "UTC"])
        ) {
            let (at, zone) = (Timestamp(at), Zone::parse(zone).expect("a zone"));
            let week = Week::at(at, &zone);
            prop_assert!(week.begins(&zone) <= at && at < week.plus(1).begins(&zone));
            prop_assert_eq!(week.to_string().parse(), Ok(week));
        }

        #[test]
        fn nobody_has_two_weeks_more_than_another_and_each_free_week_is_shared_once(hosts in 1_i64..6, many in 0_u32..30) {
            let order: Vec<MemberId> = (1..=hosts).map(MemberId).collect();
            let weeks: Vec<Week> = (0..many).map(|n| Week::of("2026-11-30".parse().expect("a date")).plus(n)).collect();
            let shared = share_out(&order, weeks.clone(), &BTreeMap::new(), |_, _| false);
            prop_assert_eq!(shared.iter().map(|(week, _)| *week).collect::<Vec<_>>(), weeks);
            let counts: Vec<usize> = order.iter().map(|host| shared.iter().filter(|(_, member)| member == host).count()).collect();
            let (least, most) = (counts.iter().min().copied().unwrap_or(0), counts.iter().max().copied().unwrap_or(0));
            prop_assert!(most - least <= 1);
        }

        #[test]
        fn nobody_is_given_a_week_that_they_miss_or_that_somebody_has(
            misses in proptest::collection::btree_set((1_i64..5, 0_u32..12), 0..20), taken in proptest::collection::btree_map(0_u32..12, 1_i64..7, 0..8)
        ) {
            let first = Week::of("2026-11-30".parse().expect("a date"));
            let order: Vec<MemberId> = (1..5).map(MemberId).collect();
            let taken: BTreeMap<Week, MemberId> = taken.into_iter().map(|(week, member)| (first.plus(week), MemberId(member))).collect();
            let missed = |member: MemberId, week: Week| misses.iter().any(|(who, which)| *who == member.0 && first.plus(*which) == week);
            for (week, member) in share_out(&order, (0..12).map(|n| first.plus(n)), &taken, missed) {
                prop_assert!(!missed(member, week) && !taken.contains_key(&week) && order.contains(&member));
            }
        }
    }
}
