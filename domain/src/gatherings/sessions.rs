//! From a schedule to its sessions: dates by the rule, instants by wall clock and zone.
//!
//! Wall-clock time is kept over daylight saving. RFC 5545 (3.3.5) says what a local time means that the clocks skip (the offset
//! before the gap) or pass twice (the first of the two); so it is done here.

use super::{
    Session,
    rule::{Ends, Falls, Rule},
};
use crate::time::{Timestamp, Zone};
use chrono::{DateTime, Duration, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone, Utc};
use recurrence::{Frequency, NWeekday, RRule, Tz};
use serde::{Deserialize, Serialize};

/// When a gathering is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// The first date; it is a session.
    pub first: NaiveDate,
    /// The wall-clock start.
    pub time: NaiveTime,
    /// How long a session takes, in minutes.
    pub minutes: u32,
    /// The zone of the wall clock.
    pub zone: Zone,
    /// How it repeats; `None` is once.
    pub rule: Option<Rule>,
}

impl Schedule {
    /// One session, for tests of what a test does not care about.
    #[doc(hidden)]
    pub fn for_testing() -> Self {
        let first = NaiveDate::default();
        Self { first, time: NaiveTime::default(), minutes: 90, zone: Zone::utc(), rule: None }
    }
}

/// All dates of a schedule, in order; without end if its rule has none.
pub fn dates(schedule: &Schedule) -> Box<dyn Iterator<Item = NaiveDate> + Send> {
    let Some(rule) = &schedule.rule else { return Box::new(std::iter::once(schedule.first)) };
    // Dates alone are expanded, as midnights in UTC: there no clock changes.
    let midnight = |date: NaiveDate| Tz::Tz(chrono_tz::UTC).from_utc_datetime(&date.and_time(NaiveTime::MIN));
    match to_library(rule, midnight).build(midnight(schedule.first)) {
        Ok(set) => Box::new((&set).into_iter().map(|at| at.date_naive())),
        // What the library can't build it would never let happen; the form's check then says so.
        Err(_) => Box::new(std::iter::empty()),
    }
}

/// All sessions of a schedule, in order.
pub fn all(schedule: &Schedule) -> impl Iterator<Item = Session> + use<'_> {
    dates(schedule).map(|date| at(schedule, date))
}

/// The sessions that are not over at `now`, soonest first.
pub fn not_over(schedule: &Schedule, now: Timestamp) -> impl Iterator<Item = Session> + use<'_> {
    // Two days are more than any zone's distance from UTC: earlier dates need no look at the zone.
    let safe = DateTime::<Utc>::from(now).date_naive() - Duration::days(2) - Duration::minutes(i64::from(schedule.minutes));
    dates(schedule).skip_while(move |date| *date < safe).map(|date| at(schedule, date)).skip_while(move |session| session.ends_at <= now)
}

/// The session on a date, if there is one.
pub fn on(schedule: &Schedule, date: NaiveDate) -> Option<Session> {
    dates(schedule).take_while(|d| *d <= date).find(|d| *d == date).map(|date| at(schedule, date))
}

/// Whether the clocks skip the wall-clock start on that date.
pub fn skipped(schedule: &Schedule, date: NaiveDate) -> bool {
    matches!(schedule.zone.rules().from_local_datetime(&date.and_time(schedule.time)), MappedLocalTime::None)
}

fn at(schedule: &Schedule, date: NaiveDate) -> Session {
    let starts_at = instant(date.and_time(schedule.time), &schedule.zone);
    Session { date, starts_at, ends_at: starts_at.plus_seconds(60 * i64::from(schedule.minutes)) }
}

/// The instant of a wall-clock time in a zone.
pub fn instant(local: NaiveDateTime, zone: &Zone) -> Timestamp {
    let rules = zone.rules();
    match rules.from_local_datetime(&local) {
        MappedLocalTime::Single(at) | MappedLocalTime::Ambiguous(at, _) => at.with_timezone(&Utc).into(),
        MappedLocalTime::None => {
            // The offset before the gap is that of the last local time that exists; the longest gap on record is a day (Samoa, 2011).
            let before =
                (1..=200).find_map(|quarter| rules.offset_from_local_datetime(&(local - Duration::minutes(15 * quarter))).earliest());
            let offset = before.map_or(0, |offset| offset.fix().local_minus_utc());
            (local - Duration::seconds(i64::from(offset))).and_utc().into()
        }
    }
}

fn to_library(rule: &Rule, midnight: impl Fn(NaiveDate) -> DateTime<Tz>) -> RRule<recurrence::Unvalidated> {
    let built = match &rule.falls {
        Falls::Daily => RRule::new(Frequency::Daily),
        Falls::Weekly(days) => RRule::new(Frequency::Weekly).by_weekday(days.iter().map(|day| NWeekday::Every(*day)).collect()),
        Falls::DayOfMonth(day) => RRule::new(Frequency::Monthly).by_month_day(vec![*day as i8]),
        Falls::WeekdayOfMonth(nth, day) => RRule::new(Frequency::Monthly).by_weekday(vec![NWeekday::Nth(i16::from(*nth), *day)]),
        Falls::Yearly => RRule::new(Frequency::Yearly),
    };
    let built = built.interval(rule.every);
    match rule.ends {
        Ends::Never => built,
        Ends::On(date) => built.until(midnight(date)),
        Ends::After(count) => built.count(count),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn schedule(first: &str, time: &str, zone: &str, rule: &str) -> Schedule {
        Schedule {
            first: first.parse().expect("a date"),
            time: NaiveTime::parse_from_str(time, "%H:%M").expect("a time"),
            minutes: 90,
            zone: Zone::parse(zone).expect("a zone"),
            rule: Some(rule.parse().expect("a rule")),
        }
    }

    fn utc(at: Timestamp) -> String {
        DateTime::<Utc>::from(at).format("%F %R").to_string()
    }

    #[test]
    fn wall_clock_time_is_kept_over_daylight_saving() {
        let starts: Vec<_> = all(&schedule("2026-10-15", "19:30", "Europe/Lisbon", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TH;COUNT=2"))
            .map(|s| utc(s.starts_at))
            .collect();
        assert_eq!(starts, ["2026-10-15 18:30", "2026-10-29 19:30"]);
    }

    #[test]
    fn a_start_that_the_clocks_skip_has_the_offset_before_the_gap() {
        let schedule = schedule("2027-03-28", "02:30", "Europe/Berlin", "FREQ=DAILY;COUNT=1");
        assert_eq!(all(&schedule).map(|s| utc(s.starts_at)).collect::<Vec<_>>(), ["2027-03-28 01:30"]);
        assert!(skipped(&schedule, schedule.first));
    }

    #[test]
    fn a_start_that_comes_twice_is_the_first_of_the_two() {
        let schedule = schedule("2026-10-25", "02:30", "Europe/Berlin", "FREQ=DAILY;COUNT=1");
        assert_eq!(all(&schedule).map(|s| utc(s.starts_at)).collect::<Vec<_>>(), ["2026-10-25 00:30"]);
    }

    #[test]
    fn months_without_the_day_are_left_out() {
        let dates: Vec<_> =
            dates(&schedule("2026-01-31", "19:30", "UTC", "FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3")).map(|d| d.to_string()).collect();
        assert_eq!(dates, ["2026-01-31", "2026-03-31", "2026-05-31"]);
    }

    #[test]
    fn the_last_day_is_still_a_session() {
        let dates: Vec<_> = dates(&schedule("2026-12-03", "19:30", "Europe/Lisbon", "FREQ=WEEKLY;BYDAY=TH;UNTIL=20261217"))
            .map(|d| d.to_string())
            .collect();
        assert_eq!(dates, ["2026-12-03", "2026-12-10", "2026-12-17"]);
    }

    #[test]
    fn a_session_that_is_on_now_is_not_over() {
        let schedule = schedule("2026-12-03", "19:30", "Europe/Lisbon", "FREQ=WEEKLY;BYDAY=TH");
        let during = all(&schedule).nth(1).expect("a second session").starts_at.plus_seconds(60);
        assert_eq!(not_over(&schedule, during).next().map(|s| s.date.to_string()).as_deref(), Some("2026-12-10"));
    }

    proptest! {
        #[test]
        fn every_session_is_found_by_its_date(days in 1u16..20, weeks in any::<bool>(), nth in 0usize..40) {
            let rule = if weeks { format!("FREQ=WEEKLY;INTERVAL={days};BYDAY=SU") } else { format!("FREQ=DAILY;INTERVAL={days}") };
            let schedule = schedule("2026-10-25", "01:30", "America/New_York", &rule);
            let session = all(&schedule).nth(nth).expect("without end");
            prop_assert_eq!(on(&schedule, session.date), Some(session));
            prop_assert_eq!(not_over(&schedule, session.starts_at).next(), Some(session));
        }
    }
}
