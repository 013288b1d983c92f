//! A VTIMEZONE (RFC 5545, 3.6.5) for one IANA zone, made from the zone database that this program carries.
//!
//! Where the clocks change by a yearly rule ("the last Sunday of March"), the rule is written; where they do not (Morocco goes
//! by the moon), the changes of the years ahead are listed, and the feed, which is read again every hour, moves on with time.

use chrono::{DateTime, Datelike, Duration, NaiveDateTime, Offset, TimeZone, Utc, Weekday};
use chrono_tz::{OffsetComponents, OffsetName, Tz};
use std::fmt::Write as _;

/// How far ahead changes are listed where there is no rule, and looked at to find one, in years of 366 days.
const YEARS_AHEAD: i64 = 5;
/// Changes of the clocks are at least this far apart (Morocco's are a month), in days.
const STEP_DAYS: i64 = 5;

/// One change of the clocks.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Change {
    /// When.
    at: DateTime<Utc>,
    /// Seconds east of UTC until then.
    from: i32,
    /// Seconds east of UTC from then on.
    to: i32,
    /// Whether it is summer time from then on.
    summer: bool,
    /// The zone's abbreviation from then on.
    name: String,
}

/// "The nth such weekday of the month", at a time of day, from one offset to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Yearly {
    month: u32,
    /// 1 to 4, or -1 for the last.
    nth: i64,
    weekday: Weekday,
}

/// The zone's rules from shortly before `first` on, written out so that they hold for the years after `now`.
pub fn time_zone(zone: Tz, first: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let from = first - Duration::days(366);
    let changes = changes(zone, from, now.max(first) + Duration::days(366 * YEARS_AHEAD));
    let mut text = String::from("BEGIN:VTIMEZONE\r\n");
    line(&mut text, &format!("TZID:{}", zone.name()));

    let (before, summer, name) = at(zone, from);
    let begin = Change { at: from, from: before, to: before, summer, name };
    observance(&mut text, &begin, None);

    let rules: Vec<(usize, Yearly)> = rules(&changes);
    for (index, change) in changes.iter().enumerate() {
        // What a rule covers is said once, by the change with which the rule begins.
        let covered = rules.iter().any(|(begin, rule)| index > *begin && yearly(change).contains(rule));
        if !covered {
            observance(&mut text, change, rules.iter().find(|(begin, _)| *begin == index).map(|(_, rule)| *rule));
        }
    }
    text.push_str("END:VTIMEZONE\r\n");
    text
}

fn at(zone: Tz, at: DateTime<Utc>) -> (i32, bool, String) {
    let offset = zone.offset_from_utc_datetime(&at.naive_utc());
    let east = offset.fix().local_minus_utc();
    (east, offset.dst_offset() > Duration::zero(), offset.abbreviation().map_or_else(|| offset_text(east), str::to_owned))
}

fn changes(zone: Tz, from: DateTime<Utc>, until: DateTime<Utc>) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut early = from;
    while early < until {
        let late = early + Duration::days(STEP_DAYS);
        let (before, after) = (at(zone, early), at(zone, late));
        if before != after {
            let (mut low, mut high) = (early.timestamp(), late.timestamp());
            while high - low > 1 {
                let middle = low + (high - low) / 2;
                let there = DateTime::from_timestamp(middle, 0).unwrap_or(late);
                if at(zone, there) == before { low = middle } else { high = middle }
            }
            let there = DateTime::from_timestamp(high, 0).unwrap_or(late);
            let (to, summer, name) = at(zone, there);
            changes.push(Change { at: there, from: before.0, to, summer, name });
        }
        early = late;
    }
    changes
}

impl Change {
    /// The wall clock that is left, as RFC 5545 counts onsets.
    fn local(&self) -> NaiveDateTime {
        (self.at + Duration::seconds(i64::from(self.from))).naive_utc()
    }
    /// What two changes of one rule have in common beside their date.
    fn kind(&self) -> (i32, i32, bool, &str, chrono::NaiveTime) {
        (self.from, self.to, self.summer, &self.name, self.local().time())
    }
}

/// The rules that a single change could be an instance of.
fn yearly(change: &Change) -> Vec<Yearly> {
    let date = change.local().date();
    let rule = |nth| Yearly { month: date.month(), nth, weekday: date.weekday() };
    let last = (date + Duration::days(7)).month() != date.month();
    let nth = i64::from(date.day().div_ceil(7));
    (nth <= 4).then(|| rule(nth)).into_iter().chain(last.then(|| rule(-1))).collect()
}

/// The two rules by which the clocks change from now on, each with the index of the change it begins with; none where the
/// last years of `changes` do not follow two such rules.
fn rules(changes: &[Change]) -> Vec<(usize, Yearly)> {
    // The last four years are enough to tell a rule: in four years the date of an nth weekday moves.
    let ahead = 2 * (YEARS_AHEAD as usize - 1);
    if changes.len() < ahead {
        return Vec::new();
    }
    let mut rules = Vec::new();
    for last in [changes.len() - 2, changes.len() - 1] {
        let series: Vec<usize> = (0..=last).rev().step_by(2).collect();
        let follows = |rule: &Yearly, index: usize, later: usize| {
            let (change, next) = (&changes[index], &changes[later]);
            yearly(change).contains(rule) && change.kind() == next.kind() && change.local().year() + 1 == next.local().year()
        };
        let found = yearly(&changes[last])
            .into_iter()
            .map(|rule| {
                let length = series.windows(2).take_while(|pair| follows(&rule, pair[1], pair[0])).count();
                (series[length], length, rule)
            })
            .max_by_key(|(_, length, _)| *length);
        match found {
            Some((begin, length, rule)) if length + 1 >= ahead / 2 => rules.push((begin, rule)),
            _ => return Vec::new(),
        }
    }
    rules
}

fn observance(text: &mut String, change: &Change, rule: Option<Yearly>) {
    let kind = if change.summer { "DAYLIGHT" } else { "STANDARD" };
    line(text, &format!("BEGIN:{kind}"));
    line(text, &format!("DTSTART:{}", change.local().format("%Y%m%dT%H%M%S")));
    line(text, &format!("TZOFFSETFROM:{}", offset_text(change.from)));
    line(text, &format!("TZOFFSETTO:{}", offset_text(change.to)));
    line(text, &format!("TZNAME:{}", change.name));
    if let Some(Yearly { month, nth, weekday }) = rule {
        let day = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"][weekday.num_days_from_monday() as usize];
        line(text, &format!("RRULE:FREQ=YEARLY;BYMONTH={month};BYDAY={nth}{day}"));
    }
    line(text, &format!("END:{kind}"));
}

fn line(text: &mut String, line: &str) {
    // Writing into a string does not fail.
    let _ = write!(text, "{line}\r\n");
}

fn offset_text(east: i32) -> String {
    let (sign, east) = if east < 0 { ('-', -east) } else { ('+', east) };
    let (hours, minutes, seconds) = (east / 3600, east / 60 % 60, east % 60);
    if seconds == 0 { format!("{sign}{hours:02}{minutes:02}") } else { format!("{sign}{hours:02}{minutes:02}{seconds:02}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(zone: &str, first: &str) -> String {
        let date = |text: &str| text.parse::<DateTime<Utc>>().expect("an instant");
        time_zone(zone.parse().expect("a zone"), date(first), date("2026-11-23T12:00:00Z"))
    }

    #[test]
    fn lisbon_changes_by_two_rules() {
        let text = written("Europe/Lisbon", "2026-12-03T19:30:00Z");
        assert!(
            text.contains("TZOFFSETFROM:+0000\r\nTZOFFSETTO:+0100\r\nTZNAME:WEST\r\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n"),
            "{text}"
        );
        assert!(
            text.contains("TZOFFSETFROM:+0100\r\nTZOFFSETTO:+0000\r\nTZNAME:WET\r\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n"),
            "{text}"
        );
        assert_eq!(text.matches("BEGIN:STANDARD").count() + text.matches("BEGIN:DAYLIGHT").count(), 3, "{text}");
    }

    #[test]
    fn new_york_changes_on_the_second_and_the_first_sunday() {
        let text = written("America/New_York", "2026-12-03T19:30:00Z");
        assert!(text.contains("BYMONTH=3;BYDAY=2SU") && text.contains("BYMONTH=11;BYDAY=1SU"), "{text}");
    }

    #[test]
    fn a_rule_that_changed_is_listed_until_it_did() {
        // Until 2006 New York began summer on the first Sunday of April.
        let text = written("America/New_York", "2005-06-01T12:00:00Z");
        assert!(text.contains("DTSTART:20060402T020000\r\nTZOFFSETFROM:-0500\r\nTZOFFSETTO:-0400\r\nTZNAME:EDT\r\nEND"), "{text}");
        assert!(text.contains("DTSTART:20070311T020000\r\nTZOFFSETFROM:-0500\r\nTZOFFSETTO:-0400\r\nTZNAME:EDT\r\nRRULE"), "{text}");
    }

    #[test]
    fn a_zone_without_changes_has_one_observance() {
        let text = written("Asia/Kolkata", "2026-12-03T19:30:00Z");
        assert_eq!(text.matches("BEGIN:STANDARD").count(), 1);
        assert!(text.contains("TZOFFSETTO:+0530\r\nTZNAME:IST\r\n"), "{text}");
    }

    #[test]
    fn changes_by_the_moon_are_listed() {
        let text = written("Africa/Casablanca", "2026-12-03T19:30:00Z");
        assert!(!text.contains("RRULE"), "{text}");
        assert!(text.matches("DTSTART").count() > 8, "{text}");
    }

    #[test]
    fn every_zone_can_be_written_in_short_lines() {
        for zone in chrono_tz::TZ_VARIANTS {
            let text = written(zone.name(), "2026-01-01T00:00:00Z");
            assert!(text.split("\r\n").all(|line| line.len() <= 75 && line.is_ascii()), "{text}");
        }
    }
}
