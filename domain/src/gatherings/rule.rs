//! How a gathering repeats: the usual cases, kept as an RFC 5545 RRULE, and said in words.
//!
//! The kept text is the RRULE's value with one simplification: `UNTIL` is the last date, on the gathering's own calendar. The
//! feeds write it as the instant that RFC 5545 asks for.

use super::sessions::{LAST_YEAR, Schedule};
use crate::outcome::AboutField;
use chrono::{Datelike, NaiveDate, Weekday};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{fmt, str::FromStr};

/// Most that "every N days, weeks, months or years" can be.
pub const LARGEST_INTERVAL: u16 = 99;
/// Most sessions of a rule that ends after a number of them.
pub const LARGEST_COUNT: u32 = 1000;

/// The usual ways to repeat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// Not at all.
    #[default]
    Once,
    /// Every N days.
    Daily,
    /// Every N weeks on chosen days.
    Weekly,
    /// Every N months on the first date's day of the month; months without that day are left out.
    MonthlyByDate,
    /// Every N months on the first date's weekday as counted in the month (a fifth one means the last).
    MonthlyByWeekday,
    /// Every N years on the first date's day.
    Yearly,
}

/// The form's part on repeating, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RepeatForm {
    /// In which way.
    pub how: How,
    /// The N of "every N"; empty is 1.
    pub every: String,
    /// For weeks: the days as `mo`, `tu`, …; none is the first date's.
    pub days: Vec<String>,
    /// The last date, `yyyy-mm-dd`; empty is never.
    pub until: String,
}

/// Why a rule was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum RuleRefusal {
    /// Not a number from 1 to 99.
    #[error("How often it repeats is a number from 1 to {LARGEST_INTERVAL}.")]
    Every,
    /// Not a day of the week.
    #[error("Choose days of the week from Monday to Sunday.")]
    Day,
    /// Not a date, or before the first session.
    #[error("The last day is a date on or after the first session, such as 2027-06-30.")]
    Until,
    /// No date at all fits.
    #[error("Like that it would never happen. Please look at the dates again.")]
    Never,
    /// Kept text that is not a rule we keep.
    #[error("We can't read that rule.")]
    Unreadable,
}

impl AboutField for RuleRefusal {
    fn field(&self) -> Option<&str> {
        match self {
            Self::Every => Some("every"),
            // A rule that never falls on a date ends before it does.
            Self::Until | Self::Never => Some("until"),
            Self::Day | Self::Unreadable => None,
        }
    }
}

/// When a rule ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// Not at all.
    Never,
    /// With this date, on the gathering's calendar.
    On(NaiveDate),
    /// After this many sessions.
    After(u32),
}

/// On which days within its period a rule falls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Falls {
    /// Every N days.
    Daily,
    /// On these days of the week, Monday first.
    Weekly(Vec<Weekday>),
    /// On this day of the month, 1 to 31.
    DayOfMonth(u8),
    /// On the nth such weekday of the month: 1 to 4, or -1 for the last.
    WeekdayOfMonth(i8, Weekday),
    /// On the first date's day of the year.
    Yearly,
}

/// A rule. Its text (`Display`, `FromStr`, and on the wire) is an RRULE value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The N of "every N".
    pub every: u16,
    /// On which days.
    pub falls: Falls,
    /// Until when.
    pub ends: Ends,
}

impl RepeatForm {
    /// Checks the form; `first` is the first date.
    pub fn check(&self, first: NaiveDate) -> Result<Option<Rule>, RuleRefusal> {
        let falls = match self.how {
            How::Once => return Ok(None),
            How::Daily => Falls::Daily,
            How::Weekly => {
                let mut days =
                    self.days.iter().map(|day| weekday(&day.to_uppercase()).ok_or(RuleRefusal::Day)).collect::<Result<Vec<_>, _>>()?;
                if days.is_empty() {
                    days.push(first.weekday());
                }
                days.sort_by_key(Weekday::num_days_from_monday);
                days.dedup();
                Falls::Weekly(days)
            }
            How::MonthlyByDate => Falls::DayOfMonth(first.day() as u8),
            How::MonthlyByWeekday => {
                let nth = first.day().div_ceil(7) as i8;
                Falls::WeekdayOfMonth(if nth == 5 { -1 } else { nth }, first.weekday())
            }
            How::Yearly => Falls::Yearly,
        };
        let every = match self.every.trim() {
            "" => 1,
            every => every.parse().ok().filter(|n| (1..=LARGEST_INTERVAL).contains(n)).ok_or(RuleRefusal::Every)?,
        };
        let ends = match self.until.trim() {
            "" => Ends::Never,
            until => Ends::On(
                until.parse().ok().filter(|until: &NaiveDate| *until >= first && until.year() <= LAST_YEAR).ok_or(RuleRefusal::Until)?,
            ),
        };
        Ok(Some(Rule { every, falls, ends }))
    }

    /// The form filled in with a kept rule.
    pub fn of(rule: Option<&Rule>) -> Self {
        let Some(rule) = rule else { return Self::default() };
        let (how, days) = match &rule.falls {
            Falls::Daily => (How::Daily, Vec::new()),
            Falls::Weekly(days) => (How::Weekly, days.iter().map(|day| code(*day).to_lowercase()).collect()),
            Falls::DayOfMonth(_) => (How::MonthlyByDate, Vec::new()),
            Falls::WeekdayOfMonth(..) => (How::MonthlyByWeekday, Vec::new()),
            Falls::Yearly => (How::Yearly, Vec::new()),
        };
        let until = match rule.ends {
            Ends::On(date) => date.to_string(),
            Ends::Never | Ends::After(_) => String::new(),
        };
        Self { how, every: rule.every.to_string(), days, until }
    }
}

const CODES: [(&str, Weekday, &str); 7] = [
    ("MO", Weekday::Mon, "Monday"),
    ("TU", Weekday::Tue, "Tuesday"),
    ("WE", Weekday::Wed, "Wednesday"),
    ("TH", Weekday::Thu, "Thursday"),
    ("FR", Weekday::Fri, "Friday"),
    ("SA", Weekday::Sat, "Saturday"),
    ("SU", Weekday::Sun, "Sunday"),
];

fn weekday(code: &str) -> Option<Weekday> {
    CODES.iter().find(|(c, ..)| *c == code).map(|(_, day, _)| *day)
}

fn code(day: Weekday) -> &'static str {
    CODES[day.num_days_from_monday() as usize].0
}

fn day_name(day: Weekday) -> &'static str {
    CODES[day.num_days_from_monday() as usize].2
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (frequency, by) = match &self.falls {
            Falls::Daily => ("DAILY", String::new()),
            Falls::Weekly(days) => ("WEEKLY", format!(";BYDAY={}", days.iter().map(|day| code(*day)).collect::<Vec<_>>().join(","))),
            Falls::DayOfMonth(day) => ("MONTHLY", format!(";BYMONTHDAY={day}")),
            Falls::WeekdayOfMonth(nth, day) => ("MONTHLY", format!(";BYDAY={nth}{}", code(*day))),
            Falls::Yearly => ("YEARLY", String::new()),
        };
        write!(f, "FREQ={frequency}")?;
        if self.every != 1 {
            write!(f, ";INTERVAL={}", self.every)?;
        }
        f.write_str(&by)?;
        match self.ends {
            Ends::Never => Ok(()),
            Ends::On(date) => write!(f, ";UNTIL={}", date.format("%Y%m%d")),
            Ends::After(count) => write!(f, ";COUNT={count}"),
        }
    }
}

impl FromStr for Rule {
    type Err = RuleRefusal;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut frequency = "";
        let (mut every, mut by_day, mut by_month_day, mut ends) = (1, None, None, Ends::Never);
        for part in text.split(';') {
            let (key, value) = part.split_once('=').ok_or(RuleRefusal::Unreadable)?;
            match key {
                "FREQ" => frequency = value,
                "INTERVAL" => every = value.parse().ok().filter(|n| (1..=LARGEST_INTERVAL).contains(n)).ok_or(RuleRefusal::Every)?,
                "BYDAY" => by_day = Some(value),
                "BYMONTHDAY" => by_month_day = Some(value.parse().ok().filter(|d| (1..=31).contains(d)).ok_or(RuleRefusal::Unreadable)?),
                "UNTIL" => ends = Ends::On(NaiveDate::parse_from_str(value, "%Y%m%d").map_err(|_| RuleRefusal::Until)?),
                "COUNT" => {
                    ends = Ends::After(value.parse().ok().filter(|n| (1..=LARGEST_COUNT).contains(n)).ok_or(RuleRefusal::Unreadable)?)
                }
                _ => return Err(RuleRefusal::Unreadable),
            }
        }
        let falls = match (frequency, by_day, by_month_day) {
            ("DAILY", None, None) => Falls::Daily,
            ("WEEKLY", Some(days), None) => {
                Falls::Weekly(days.split(',').map(|day| weekday(day).ok_or(RuleRefusal::Unreadable)).collect::<Result<_, _>>()?)
            }
            ("MONTHLY", None, Some(day)) => Falls::DayOfMonth(day),
            ("MONTHLY", Some(day), None) => {
                let at = day.len().checked_sub(2).filter(|at| day.is_char_boundary(*at)).ok_or(RuleRefusal::Unreadable)?;
                let (nth, day) = day.split_at(at);
                let nth = nth.parse().ok().filter(|n| matches!(n, -1 | 1..=4)).ok_or(RuleRefusal::Unreadable)?;
                Falls::WeekdayOfMonth(nth, weekday(day).ok_or(RuleRefusal::Unreadable)?)
            }
            ("YEARLY", None, None) => Falls::Yearly,
            _ => return Err(RuleRefusal::Unreadable),
        };
        Ok(Self { every, falls, ends })
    }
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Rule {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(de::Error::custom)
    }
}

/// How often, in words, such as `every second Thursday` or `on the last Friday of each month, until 30 June 2027`.
pub fn in_words(schedule: &Schedule) -> String {
    let Some(rule) = &schedule.rule else { return "once".into() };
    let every = |one: &str, many: &str| match rule.every {
        1 => format!("every {one}"),
        2 => format!("every second {one}"),
        3 => format!("every third {one}"),
        n => format!("every {n} {many}"),
    };
    let month = match rule.every {
        1 => "of each month".to_owned(),
        _ => format!("of {}", every("month", "months")),
    };
    let often = match &rule.falls {
        Falls::Daily => every("day", "days"),
        Falls::Weekly(days) if rule.every <= 3 && days.len() == 1 => every(day_name(days[0]), ""),
        Falls::Weekly(days) => {
            format!("{} on {}", every("week", "weeks"), listed(&days.iter().map(|day| day_name(*day)).collect::<Vec<_>>()))
        }
        Falls::DayOfMonth(day) => format!("on the {} {month}", ordinal(u32::from(*day))),
        Falls::WeekdayOfMonth(-1, day) => format!("on the last {} {month}", day_name(*day)),
        Falls::WeekdayOfMonth(nth, day) => {
            let nth = ["first", "second", "third", "fourth"].get((*nth - 1).max(0) as usize).unwrap_or(&"last");
            format!("on the {nth} {} {month}", day_name(*day))
        }
        Falls::Yearly => format!("{} on {}", every("year", "years"), schedule.first.format("%-d %B")),
    };
    match rule.ends {
        Ends::Never => often,
        Ends::On(date) => format!("{often}, until {}", date.format("%-d %B %Y")),
        Ends::After(1) => format!("{often}, one time"),
        Ends::After(count) => format!("{often}, {count} times"),
    }
}

fn listed(names: &[&str]) -> String {
    match names {
        [all @ .., before, last] => all.iter().map(|name| format!("{name}, ")).collect::<String>() + before + " and " + last,
        _ => names.concat(),
    }
}

fn ordinal(n: u32) -> String {
    let ending = match (n % 10, n % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{n}{ending}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn words(form: &RepeatForm, first: &str) -> String {
        let first = date(first);
        let rule = form.check(first).expect("fits");
        in_words(&Schedule { first, rule, ..Schedule::for_testing() })
    }

    #[test]
    fn every_second_thursday_is_said_and_kept() {
        let form = RepeatForm { how: How::Weekly, every: "2".into(), ..RepeatForm::default() };
        assert_eq!(words(&form, "2026-12-03"), "every second Thursday");
        assert_eq!(
            form.check(date("2026-12-03")).expect("fits").map(|r| r.to_string()).as_deref(),
            Some("FREQ=WEEKLY;INTERVAL=2;BYDAY=TH")
        );
    }

    #[test]
    fn a_fifth_weekday_means_the_last() {
        let form = RepeatForm { how: How::MonthlyByWeekday, ..RepeatForm::default() };
        assert_eq!(words(&form, "2026-01-30"), "on the last Friday of each month");
    }

    #[test]
    fn several_days_are_listed_from_monday() {
        let form = RepeatForm {
            how: How::Weekly,
            days: vec!["su".into(), "mo".into(), "we".into()],
            until: "2027-06-30".into(),
            ..RepeatForm::default()
        };
        assert_eq!(words(&form, "2026-12-03"), "every week on Monday, Wednesday and Sunday, until 30 June 2027");
    }

    #[test]
    fn an_end_before_the_beginning_is_refused() {
        let form = RepeatForm { how: How::Daily, until: "2026-12-02".into(), ..RepeatForm::default() };
        assert_eq!(form.check(date("2026-12-03")), Err(RuleRefusal::Until));
    }

    fn any_rule() -> impl Strategy<Value = Rule> {
        let day = (0u8..7).prop_map(|n| Weekday::try_from(n).expect("a weekday"));
        let falls = prop_oneof![
            Just(Falls::Daily),
            proptest::collection::vec(day.clone(), 1..7).prop_map(Falls::Weekly),
            (1u8..=31).prop_map(Falls::DayOfMonth),
            (prop_oneof![Just(-1i8), 1i8..=4], day).prop_map(|(nth, day)| Falls::WeekdayOfMonth(nth, day)),
            Just(Falls::Yearly),
        ];
        let ends = prop_oneof![
            Just(Ends::Never),
            (0i64..60_000).prop_map(|n| Ends::On(date("1995-01-01") + chrono::Duration::days(n))),
            (1u32..=LARGEST_COUNT).prop_map(Ends::After),
        ];
        (1..=LARGEST_INTERVAL, falls, ends).prop_map(|(every, falls, ends)| Rule { every, falls, ends })
    }

    proptest! {
        #[test]
        fn a_rule_read_back_is_the_rule_written(rule in any_rule()) {
            prop_assert_eq!(rule.to_string().parse(), Ok(rule));
        }

        #[test]
        fn any_text_is_a_rule_or_a_refusal(text in "\\PC{0,40}") {
            let _ = text.parse::<Rule>();
        }
    }
}
