//! From a schedule to its sessions: dates by the rule, instants by wall clock and zone.
//!
//! Wall-clock time is kept over daylight saving. RFC 5545 (3.3.5) says what a local time means that the clocks skip (the offset
//! before the gap) or pass twice (the first of the two); so it is done here.

use super::{
    Session, dates,
    rule::{Ends, Rule},
};
use crate::time::{Timestamp, Zone};
use chrono::{DateTime, Datelike, Duration, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, Offset, TimeZone, Utc};
use serde::{Deserialize, Serialize};

/// The last year that a calendar of ours knows: the zone database that this program carries has no clock changes after it. So a rule
/// without end has one, and an address can’t ask for a walk to the year 9999.
pub const LAST_YEAR: i32 = 2099;

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

/// The dates of a schedule from `from` on, in order. However long the rule has gone on by then, the way there is short.
pub fn dates_from(schedule: &Schedule, from: NaiveDate) -> impl Iterator<Item = NaiveDate> + Send + use<> {
    let one = schedule.rule.is_none().then_some(schedule.first).filter(|date| *date >= from && date.year() <= LAST_YEAR);
    let many = schedule.rule.as_ref().map(|rule| dates::dates(rule, schedule.first, from));
    one.into_iter().chain(many.into_iter().flatten())
}

/// All sessions of a schedule, in order.
pub fn all(schedule: &Schedule) -> impl Iterator<Item = Session> + use<> {
    from(schedule, schedule.first)
}

/// The sessions of a schedule from a date on, in order.
pub fn from(schedule: &Schedule, from: NaiveDate) -> impl Iterator<Item = Session> + use<> {
    let (time, minutes, rules) = (schedule.time, schedule.minutes, schedule.zone.rules());
    dates_from(schedule, from).map(move |date| lasting(date, instant_by(&rules, date.and_time(time)), minutes))
}

/// The sessions that are not over at `now`, soonest first.
pub fn not_over(schedule: &Schedule, now: Timestamp) -> impl Iterator<Item = Session> + use<> {
    from(schedule, earliest(schedule, now)).skip_while(move |session| session.ends_at <= now)
}

/// The earliest date that a session can have which is not over at `now`: two days are more than any zone's distance from UTC.
pub(super) fn earliest(schedule: &Schedule, now: Timestamp) -> NaiveDate {
    DateTime::<Utc>::from(now).date_naive() - Duration::days(2) - Duration::minutes(i64::from(schedule.minutes))
}

/// The session on a date, if there is one.
pub fn on(schedule: &Schedule, date: NaiveDate) -> Option<Session> {
    dates_from(schedule, date).next().filter(|next| *next == date).map(|date| at(schedule, date))
}

/// The last session of a schedule on a date that counts; of one that never ends, the last that our calendar has. Where a rule ends with
/// a date, the way there is short.
pub fn last(schedule: &Schedule, counts: impl Fn(NaiveDate) -> bool) -> Option<Session> {
    let until = match &schedule.rule {
        Some(Rule { ends: Ends::On(until), .. }) => Some(*until),
        Some(Rule { ends: Ends::Never, .. }) => NaiveDate::from_ymd_opt(LAST_YEAR, 12, 31),
        _ => None,
    };
    // The last month, the last year, the last ten, and all.
    let from = until.into_iter().flat_map(|until| [31, 400, 4000].map(|days| until - Duration::days(days)));
    let from = from.filter(|from| *from > schedule.first).chain([schedule.first]);
    from.into_iter().find_map(|from| dates_from(schedule, from).filter(|date| counts(*date)).last()).map(|date| at(schedule, date))
}

/// Whether the clocks skip the wall-clock start on that date.
pub fn skipped(schedule: &Schedule, date: NaiveDate) -> bool {
    matches!(schedule.zone.rules().from_local_datetime(&date.and_time(schedule.time)), MappedLocalTime::None)
}

fn at(schedule: &Schedule, date: NaiveDate) -> Session {
    lasting(date, instant(date.and_time(schedule.time), &schedule.zone), schedule.minutes)
}

/// The session of a date.
pub(super) fn lasting(date: NaiveDate, starts_at: Timestamp, minutes: u32) -> Session {
    Session { date, starts_at, ends_at: starts_at.plus_seconds(60 * i64::from(minutes)), cancelled: false }
}

/// The instant of a wall-clock time in a zone.
pub fn instant(local: NaiveDateTime, zone: &Zone) -> Timestamp {
    instant_by(&zone.rules(), local)
}

fn instant_by(rules: &chrono_tz::Tz, local: NaiveDateTime) -> Timestamp {
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
        assert!(on(&daily, date("2099-12-31")).is_some());
        for late in ["2100-01-01", "9999-12-31"] {
            assert_eq!(on(&daily, date(late)), None);
        }
        assert_eq!(on(&daily, NaiveDate::MAX), None);
        assert_eq!(on(&daily, NaiveDate::MIN), None);
        assert_eq!(dates_from(&daily, date("2099-12-24")).count(), 8);
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
                    ..RepeatForm::default()
                };
                let rule = form.check(first, NaiveTime::MIN, &Zone::utc()).expect("a rule");
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
        }

        #[test]
        fn the_last_session_is_that_of_a_walk((schedule, without) in any_schedule()) {
            let counts = |date: NaiveDate| date != without && date.day() != 7;
            let walked = all(&schedule).filter(|session| counts(session.date)).last();
            prop_assert_eq!(last(&schedule, counts), walked);
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
