//! Whether our dates are those of an independent implementation: `agreement.py` beside this file asks Python's dateutil and zoneinfo
//! about every example of RFC 5545 and about thousands of random schedules, and here ours are held against what they say. What a
//! form takes, and how a rule reads in words, is no matter of this test.

#![expect(clippy::expect_used, reason = "a test that can't go on says so by panicking")]

use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc};
use domain::{
    gatherings::{
        rule::{Rule, RuleRefusal},
        sessions::{self, LAST_YEAR, Schedule},
    },
    time::Zone,
};
use serde::Deserialize;
use std::process::Command;

/// How many dates of a schedule the other implementation tells, at most.
const MOST: usize = 30;

/// The zone database in this program tells of no change of the clocks after this year, so that an instant may be an hour off.
const LAST_YEAR_OF_ZONES: i32 = 2099;

/// A schedule, and what the other implementation says about it.
#[derive(Debug, Deserialize)]
struct Told {
    name: String,
    first: NaiveDate,
    time: String,
    zone: String,
    rule: String,
    /// The dates on the wall calendar.
    dates: Vec<NaiveDate>,
    /// The instants at which the sessions of these dates start.
    starts: Vec<DateTime<Utc>>,
}

/// A date and when its session starts, as far as the zones are known.
type Start = (NaiveDate, Option<DateTime<Utc>>);

fn start(date: NaiveDate, at: DateTime<Utc>) -> Start {
    (date, Some(at).filter(|_| date.year() <= LAST_YEAR_OF_ZONES))
}

impl Told {
    fn theirs(&self) -> Vec<Start> {
        assert_eq!(self.dates.len(), self.starts.len(), "{self:?}");
        self.dates.iter().zip(&self.starts).map(|(date, at)| start(*date, *at)).collect()
    }

    fn ours(&self) -> Vec<Start> {
        let rule: Rule = self.rule.parse().expect(&self.rule);
        let mut schedule = Schedule {
            first: self.first,
            time: NaiveTime::parse_from_str(&self.time, "%H:%M").expect("a time"),
            minutes: 60,
            zone: Zone::parse(&self.zone).expect("a zone"),
            rule: Some(rule),
        };
        // A gathering's first date is a session, so the rule moves it there.
        let Some(first) = sessions::dates(&schedule).next() else { return Vec::new() };
        schedule.first = first;
        sessions::all(&schedule).take(MOST).map(|session| start(session.date, session.starts_at.into())).collect()
    }

    /// Where the two part, in words.
    fn difference(&self) -> Option<String> {
        let (theirs, ours) = (self.theirs(), self.ours());
        let at = (0..MOST).find(|at| theirs.get(*at) != ours.get(*at))?;
        let shown = |starts: &[Start]| match starts.get(at) {
            Some((date, Some(start))) => format!("{date} ({start})"),
            Some((date, None)) => date.to_string(),
            None => "none".to_owned(),
        };
        let Self { name, first, time, zone, rule, .. } = self;
        let (at, theirs, ours) = (at + 1, shown(&theirs), shown(&ours));
        Some(format!("{name}: {rule} from {first} {time} in {zone}: number {at} is {theirs} there and {ours} here"))
    }
}

/// What the other implementation says, a schedule a line.
fn told() -> Vec<Told> {
    let python = std::env::var_os("PORCHLIGHT_PYTHON")
        .expect("PORCHLIGHT_PYTHON is not set: it names a Python with dateutil, and scripts/test sets both up");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/agreement.py");
    let output = Command::new(python).arg(script).arg(LAST_YEAR.to_string()).output().expect("Python runs; scripts/setup python brings it");
    assert!(output.status.success(), "agreement.py failed: {}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("text");
    text.lines().map(|line| serde_json::from_str(line).expect(line)).collect()
}

#[test]
fn our_dates_are_those_of_an_independent_implementation() {
    let told = told();
    assert!(told.len() >= 10_030, "only {} schedules were compared", told.len());
    let differences: Vec<String> = told.iter().filter_map(Told::difference).collect();
    let shown = differences.iter().take(10).map(String::as_str).collect::<Vec<_>>().join("\n");
    assert!(differences.is_empty(), "{} of {} schedules differ:\n{shown}", differences.len(), told.len());
}

#[test]
fn a_rule_below_a_day_is_refused() {
    // The examples of RFC 5545 (3.8.5.3, and one of 3.3.10), and one of seconds, since it has none.
    for rule in [
        "FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T170000Z",
        "FREQ=MINUTELY;INTERVAL=15;COUNT=6",
        "FREQ=MINUTELY;INTERVAL=90;COUNT=4",
        "FREQ=DAILY;BYHOUR=9,10,11,12,13,14,15,16;BYMINUTE=0,20,40",
        "FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10,11,12,13,14,15,16",
        "FREQ=YEARLY;INTERVAL=2;BYMONTH=1;BYDAY=SU;BYHOUR=8,9;BYMINUTE=30",
        "FREQ=SECONDLY;INTERVAL=30",
    ] {
        assert_eq!(rule.parse::<Rule>(), Err(RuleRefusal::BelowADay), "{rule}");
    }
}
