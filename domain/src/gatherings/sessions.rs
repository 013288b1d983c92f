//! From a schedule to its sessions: dates by the rule, instants by wall clock and zone.
//!
//! Wall-clock time is kept over daylight saving. RFC 5545 (3.3.5) says what a local time means that the clocks skip (the offset
//! before the gap) or pass twice (the first of the two); so it is done here.

use super::{
    Session,
    rule::{Ends, Falls, Rule},
};
use crate::time::{Timestamp, Zone};
use chrono::{DateTime, Datelike, Duration, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone, Utc};
use recurrence::{Frequency, NWeekday, RRule, Tz};
use serde::{Deserialize, Serialize};

/// The last year that a calendar of ours knows; so a rule without end has one, and an address can't ask for a walk to the year 9999.
pub const LAST_YEAR: i32 = 2200;

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

/// All dates of a schedule, in order, up to [`LAST_YEAR`].
pub fn dates(schedule: &Schedule) -> impl Iterator<Item = NaiveDate> + Send + use<> {
    dates_from(schedule, schedule.first)
}

/// The dates of a schedule from `from` on, in order. However long the rule has gone on by then, few are passed over to get there.
pub fn dates_from(schedule: &Schedule, from: NaiveDate) -> impl Iterator<Item = NaiveDate> + Send + use<> {
    expanded(schedule, from).skip_while(move |date| *date < from).take_while(|date| date.year() <= LAST_YEAR)
}

/// The dates of a schedule from shortly before `from` on.
fn expanded(schedule: &Schedule, from: NaiveDate) -> Box<dyn Iterator<Item = NaiveDate> + Send> {
    let Some(rule) = &schedule.rule else { return Box::new(std::iter::once(schedule.first)) };
    if from.year() > LAST_YEAR {
        return Box::new(std::iter::empty());
    }
    // Dates alone are expanded, as midnights in UTC: there no clock changes.
    let midnight = |date: NaiveDate| Tz::Tz(chrono_tz::UTC).from_utc_datetime(&date.and_time(NaiveTime::MIN));
    match to_library(rule, midnight).build(midnight(period(schedule.first, rule, from))) {
        Ok(set) => Box::new((&set).into_iter().map(|at| at.date_naive())),
        // What the library can't build it would never let happen; the form's check then says so.
        Err(_) => Box::new(std::iter::empty()),
    }
}

/// Where the rule's last period up to `from` begins: from there on the rule has the same dates as from its first date on. A rule
/// that ends after a number of sessions is counted from the first.
fn period(first: NaiveDate, rule: &Rule, from: NaiveDate) -> NaiveDate {
    if from <= first || matches!(rule.ends, Ends::After(_)) {
        return first;
    }
    let every = i64::from(rule.every);
    let begin = match &rule.falls {
        Falls::Daily => first + Duration::days((from - first).num_days() / every * every),
        Falls::Weekly(_) => {
            let monday = first - Duration::days(i64::from(first.weekday().num_days_from_monday()));
            monday + Duration::weeks((from - monday).num_weeks() / every * every)
        }
        Falls::DayOfMonth(_) | Falls::WeekdayOfMonth(..) => {
            let months = |date: NaiveDate| i64::from(date.year()) * 12 + i64::from(date.month0());
            let begin = months(first) + (months(from) - months(first)) / every * every;
            NaiveDate::from_ymd_opt((begin / 12) as i32, (begin % 12) as u32 + 1, 1).unwrap_or(first)
        }
        // The 29th of February waits for a year that has one.
        Falls::Yearly => {
            let times = i64::from(from.year() - first.year()) / every;
            (0..=times).rev().find_map(|times| first.with_year(first.year() + (times * every) as i32)).unwrap_or(first)
        }
    };
    begin.max(first)
}

/// All sessions of a schedule, in order.
pub fn all(schedule: &Schedule) -> impl Iterator<Item = Session> + use<'_> {
    dates(schedule).map(|date| at(schedule, date))
}

/// The sessions that are not over at `now`, soonest first.
pub fn not_over(schedule: &Schedule, now: Timestamp) -> impl Iterator<Item = Session> + use<'_> {
    // Two days are more than any zone's distance from UTC: earlier dates need no look at the zone.
    let safe = DateTime::<Utc>::from(now).date_naive() - Duration::days(2) - Duration::minutes(i64::from(schedule.minutes));
    dates_from(schedule, safe).map(|date| at(schedule, date)).skip_while(move |session| session.ends_at <= now)
}

/// The session on a date, if there is one.
pub fn on(schedule: &Schedule, date: NaiveDate) -> Option<Session> {
    dates_from(schedule, date).next().filter(|next| *next == date).map(|date| at(schedule, date))
}

/// The last session of a schedule; `None` if its rule never ends.
pub fn last(schedule: &Schedule) -> Option<Session> {
    let from = match &schedule.rule {
        Some(Rule { ends: Ends::Never, .. }) => return None,
        // A rule for the 29th of February meets it again after at most eight of its years.
        Some(Rule { ends: Ends::On(until), every, .. }) => schedule.first.max(*until - Duration::days(9 * 366 * i64::from(*every))),
        Some(Rule { ends: Ends::After(_), .. }) | None => schedule.first,
    };
    dates_from(schedule, from).last().map(|date| at(schedule, date))
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
    use crate::gatherings::rule::{How, RepeatForm};
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

    #[test]
    fn no_calendar_goes_on_after_the_last_year() {
        let daily = schedule("2026-12-03", "19:30", "Europe/Lisbon", "FREQ=DAILY");
        let date = |text: &str| text.parse::<NaiveDate>().expect("a date");
        assert!(on(&daily, date("2200-12-31")).is_some());
        for late in ["2201-01-01", "9999-12-31"] {
            assert_eq!(on(&daily, date(late)), None);
        }
        assert_eq!(on(&daily, NaiveDate::MAX), None);
        assert_eq!(on(&daily, NaiveDate::MIN), None);
        assert_eq!(dates_from(&daily, date("2200-12-24")).count(), 8);
    }

    /// A schedule as the form makes one, and a date on which somebody looks.
    fn any_schedule() -> impl Strategy<Value = (Schedule, NaiveDate)> {
        let how =
            prop_oneof![Just(How::Daily), Just(How::Weekly), Just(How::MonthlyByDate), Just(How::MonthlyByWeekday), Just(How::Yearly)];
        let day = proptest::sample::select(vec!["mo", "tu", "we", "th", "fr", "sa", "su"]);
        let begin = NaiveDate::from_ymd_opt(2019, 12, 1).expect("a date");
        let leap = NaiveDate::from_ymd_opt(2024, 2, 29).expect("a date");
        let first = prop_oneof![9 => (0i64..2000).prop_map(move |days| begin + Duration::days(days)), 1 => Just(leap)];
        let until = proptest::option::of(0i64..6000);
        (how, 1u16..30, proptest::collection::vec(day, 0..4), first, until, -40i64..6000).prop_map(
            |(how, every, days, first, until, look)| {
                let form = RepeatForm {
                    how,
                    every: every.to_string(),
                    days: days.into_iter().map(str::to_owned).collect(),
                    until: until.map(|days| (first + Duration::days(days)).to_string()).unwrap_or_default(),
                };
                let rule = form.check(first).expect("a rule");
                (Schedule { first, rule, ..Schedule::for_testing() }, first + Duration::days(look))
            },
        )
    }

    proptest! {
        #[test]
        fn looking_ahead_finds_what_a_walk_from_the_first_date_finds((schedule, look) in any_schedule()) {
            let walked: Vec<_> = dates(&schedule).skip_while(|date| *date < look).take(5).collect();
            prop_assert_eq!(dates_from(&schedule, look).take(5).collect::<Vec<_>>(), walked.clone());
            prop_assert_eq!(on(&schedule, look).is_some(), walked.first() == Some(&look));
            let ends = schedule.rule.as_ref().is_some_and(|rule| rule.ends != Ends::Never);
            prop_assert_eq!(last(&schedule).map(|session| session.date), ends.then(|| dates(&schedule).last()).flatten());
        }

        #[test]
        fn few_dates_are_passed_over_on_the_way_ahead((schedule, look) in any_schedule()) {
            prop_assert!(expanded(&schedule, look).take_while(|date| *date < look).take(8).count() <= 7);
        }

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
