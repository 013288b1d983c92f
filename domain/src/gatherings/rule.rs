//! How a gathering repeats: the usual cases of the form, any rule of RFC 5545 from DAILY to YEARLY, and both said in words.
//!
//! The kept text is the RRULE's value (RFC 5545, 3.3.10) with one simplification: `UNTIL` is the last date, on the gathering's own
//! calendar. The feeds write it as the instant that RFC 5545 asks for. There are no parts below a day: a session's address is its
//! date, so there is one a day at most. Which dates a rule gives is in [`super::dates`].

use super::sessions::{LAST_YEAR, Schedule};
use crate::{outcome::AboutField, time::Zone};
use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, NaiveTime, Utc, Weekday};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{fmt, ops::RangeInclusive, str::FromStr};

/// Most that "every N days, weeks, months or years" can be.
pub const LARGEST_INTERVAL: u16 = 999;
/// Most sessions of a rule that ends after a number of them.
pub const LARGEST_COUNT: u32 = 1000;
/// Longest text of a rule, in characters: with room for a year's days one by one.
pub const LONGEST_RULE: usize = 2000;

/// Most days in a rule's BYDAY: as many as there are weeks in a year.
const MOST_DAYS: usize = 53;

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
    /// Every N months on weekdays as counted in the month.
    MonthlyByWeekday,
    /// Every N years on the first date's day.
    Yearly,
    /// As a typed RRULE says.
    Rule,
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
    /// For months by weekday: as `1tu`, `3sa`, `-1fr`; none is the first date's (a fifth one means the last).
    pub counted_days: Vec<String>,
    /// The last date, `yyyy-mm-dd`; empty is never.
    pub until: String,
    /// After how many sessions it ends; empty is never.
    pub count: String,
    /// For a typed rule: an RRULE's value, with or without its name.
    pub rule: String,
}

/// Why a rule was not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum RuleRefusal {
    /// Not a number from 1 to [`LARGEST_INTERVAL`].
    #[error("How often it repeats is a number from 1 to {LARGEST_INTERVAL}.")]
    Every,
    /// Not a day of the week.
    #[error("Choose days of the week from Monday to Sunday.")]
    Day,
    /// Not a date, or before the first session.
    #[error("The last day is a date on or after the first session, such as 2027-06-30.")]
    Until,
    /// Not a number from 1 to [`LARGEST_COUNT`].
    #[error("How many times it happens is a number from 1 to {LARGEST_COUNT}.")]
    Count,
    /// It ends in two ways.
    #[error("It ends on a last day or after a number of times. Please fill in one of the two.")]
    TwoEnds,
    /// No date at all fits.
    #[error("Like that it would never happen. Please look at the dates again.")]
    Never,
    /// It would be more often than once a day.
    #[error(
        "There is one session a day at most. FREQ is DAILY, WEEKLY, MONTHLY or YEARLY, and the rule has no BYHOUR, BYMINUTE or BYSECOND."
    )]
    BelowADay,
    /// It does not say how often.
    #[error("A rule says how often it is, such as FREQ=WEEKLY;BYDAY=TU,TH.")]
    NoFrequency,
    /// A part of it that we can't read.
    #[error("We can’t read \u{201c}{0}\u{201d} in the rule. It looks like FREQ=MONTHLY;BYDAY=1TU,3SA.")]
    Part(String),
    /// Two parts that don't go together; the sentence says which.
    #[error("{0}")]
    Misplaced(String),
}

impl RuleRefusal {
    /// The same reason, about the typed rule.
    pub fn of_the_rule(self) -> Self {
        if self.field() == Some("rule") { self } else { Self::Misplaced(self.to_string()) }
    }
}

impl AboutField for RuleRefusal {
    fn field(&self) -> Option<&str> {
        match self {
            Self::Every => Some("every"),
            // A rule that never falls on a date ends before it does.
            Self::Until | Self::Never => Some("until"),
            Self::Count | Self::TwoEnds => Some("count"),
            Self::BelowADay | Self::NoFrequency | Self::Part(_) | Self::Misplaced(_) => Some("rule"),
            Self::Day => None,
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

/// The period whose days a rule chooses from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frequency {
    /// Days.
    Daily,
    /// Weeks.
    Weekly,
    /// Months.
    Monthly,
    /// Years.
    Yearly,
}

/// A day of the week, or the nth one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// Which one of the month (or of the year), from 1; from its end, if negative. `None` is every one.
    pub nth: Option<i8>,
    /// The day.
    pub weekday: Weekday,
}

/// A rule. Its text (`Display`, `FromStr`, and on the wire) is an RRULE value. Lists are sorted and hold nothing twice; what is
/// empty does not narrow. Where no list says which days, they are the first date's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Of which period.
    pub frequency: Frequency,
    /// The N of "every N".
    pub every: u16,
    /// BYMONTH: 1 to 12.
    pub months: Vec<u8>,
    /// BYWEEKNO: 1 to 53, or from the year's end if negative; only of years, and with `days`.
    pub weeks: Vec<i8>,
    /// BYYEARDAY: 1 to 366, or from the year's end if negative; only of years.
    pub year_days: Vec<i16>,
    /// BYMONTHDAY: 1 to 31, or from the month's end if negative; not of weeks.
    pub month_days: Vec<i8>,
    /// BYDAY.
    pub days: Vec<Day>,
    /// BYSETPOS: which of the period's days, from 1; from the end, if negative.
    pub positions: Vec<i16>,
    /// WKST.
    pub week_starts: Weekday,
    /// Until when.
    pub ends: Ends,
}

impl RepeatForm {
    /// Checks the form. `first` is the first date; the time and the zone of the gathering say what the end of a typed rule means.
    pub fn check(&self, first: NaiveDate, time: NaiveTime, zone: &Zone) -> Result<Option<Rule>, RuleRefusal> {
        let every = match self.every.trim() {
            "" => 1,
            every => every.parse().ok().filter(|n| (1..=LARGEST_INTERVAL).contains(n)).ok_or(RuleRefusal::Every)?,
        };
        let mut rule = match self.how {
            How::Once => return Ok(None),
            // Whatever is wrong with what was typed is wrong there.
            How::Rule => Rule::typed(&self.rule, time, zone).map_err(RuleRefusal::of_the_rule)?,
            How::Daily => Rule::new(Frequency::Daily),
            How::Weekly => {
                let days = self.days.iter().map(|day| weekday(&day.to_uppercase()).ok_or(RuleRefusal::Day));
                let mut days = days.map(|day| day.map(Day::every)).collect::<Result<Vec<_>, _>>()?;
                if days.is_empty() {
                    days.push(Day::every(first.weekday()));
                }
                Rule { days, ..Rule::new(Frequency::Weekly) }
            }
            How::MonthlyByDate => Rule { month_days: vec![first.day() as i8], ..Rule::new(Frequency::Monthly) },
            How::MonthlyByWeekday => {
                let days = self.counted_days.iter().map(|day| day.to_uppercase().parse().map_err(|()| RuleRefusal::Day));
                let mut days = days.collect::<Result<Vec<Day>, _>>()?;
                if days.iter().any(|day| day.nth.is_none()) {
                    return Err(RuleRefusal::Day);
                }
                if days.is_empty() {
                    let nth = first.day().div_ceil(7) as i8;
                    days.push(Day { nth: Some(if nth == 5 { -1 } else { nth }), weekday: first.weekday() });
                }
                Rule { days, ..Rule::new(Frequency::Monthly) }
            }
            How::Yearly => Rule::new(Frequency::Yearly),
        };
        if self.how != How::Rule {
            rule.every = every;
        }
        let until = match self.until.trim() {
            "" => None,
            until => Some(Ends::On(until.parse().map_err(|_| RuleRefusal::Until)?)),
        };
        let count = match self.count.trim() {
            "" => None,
            count => Some(Ends::After(within(count, 1..=LARGEST_COUNT).ok_or(RuleRefusal::Count)?)),
        };
        rule.ends = match (until, count, rule.ends) {
            (Some(_), Some(_), _) => return Err(RuleRefusal::TwoEnds),
            (None, None, ends) => ends,
            (Some(ends), None, _) | (None, Some(ends), _) => ends,
        };
        if let Ends::On(until) = rule.ends
            && (until < first || until.year() > LAST_YEAR)
        {
            return Err(RuleRefusal::Until);
        }
        rule.tidy()?;
        Ok(Some(rule))
    }

    /// The form filled in with a kept rule, for a gathering whose first date is `first`.
    pub fn of(rule: Option<&Rule>, first: NaiveDate) -> Self {
        let Some(rule) = rule else { return Self::default() };
        let codes = |days: &[Day]| days.iter().map(|day| day.to_string().to_lowercase()).collect::<Vec<_>>();
        let (until, count) = match rule.ends {
            Ends::On(date) => (date.to_string(), String::new()),
            Ends::After(count) => (String::new(), count.to_string()),
            Ends::Never => (String::new(), String::new()),
        };
        let usual = Self { every: rule.every.to_string(), until, count, ..Self::default() };
        let forms = [
            Self { how: How::Daily, ..usual.clone() },
            Self { how: How::Weekly, ..usual.clone() },
            Self { how: How::Weekly, days: codes(&rule.days), ..usual.clone() },
            Self { how: How::MonthlyByDate, ..usual.clone() },
            Self { how: How::MonthlyByWeekday, ..usual.clone() },
            Self { how: How::MonthlyByWeekday, counted_days: codes(&rule.days), ..usual.clone() },
            Self { how: How::Yearly, ..usual.clone() },
        ];
        // The usual way that says the same, else the rule itself.
        let same = |form: &Self| form.check(first, NaiveTime::MIN, &Zone::utc()).is_ok_and(|checked| checked.as_ref() == Some(rule));
        let endless = Rule { ends: Ends::Never, ..rule.clone() };
        forms.into_iter().find(same).unwrap_or(Self { how: How::Rule, rule: endless.to_string(), every: String::new(), ..usual })
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

/// The number that a text is, if it is within bounds.
fn within<N: FromStr + PartialOrd>(text: &str, bounds: RangeInclusive<N>) -> Option<N> {
    text.parse().ok().filter(|number| bounds.contains(number))
}

/// The numbers of a list from 1 to `most`, or from -1 to -`most` where they may count from the end.
fn numbers<N: FromStr + Into<i32> + Copy>(list: &str, most: i32, from_the_end: bool) -> Option<Vec<N>> {
    let fits = |number: &N| {
        let number: i32 = (*number).into();
        (1..=most).contains(&number) || from_the_end && (-most..=-1).contains(&number)
    };
    list.split(',').map(|number| number.parse().ok().filter(fits)).collect()
}

impl Day {
    /// Every such day.
    pub fn every(weekday: Weekday) -> Self {
        Self { nth: None, weekday }
    }
    /// First those counted from the beginning, then those from the end.
    fn order(&self) -> (i8, u32) {
        let nth = self.nth.unwrap_or(0);
        (if nth < 0 { i8::MAX + nth } else { nth }, self.weekday.num_days_from_monday())
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(nth) = self.nth {
            write!(f, "{nth}")?;
        }
        f.write_str(code(self.weekday))
    }
}

impl FromStr for Day {
    type Err = ();
    fn from_str(text: &str) -> Result<Self, ()> {
        let at = text.len().checked_sub(2).filter(|at| text.is_char_boundary(*at)).ok_or(())?;
        let (nth, day) = text.split_at(at);
        let nth = if nth.is_empty() { None } else { Some(within(nth, -53..=53).filter(|nth| *nth != 0).ok_or(())?) };
        Ok(Self { nth, weekday: weekday(day).ok_or(())? })
    }
}

impl Rule {
    /// Every such period, on the first date's day of it.
    pub fn new(frequency: Frequency) -> Self {
        Self {
            frequency,
            every: 1,
            months: Vec::new(),
            weeks: Vec::new(),
            year_days: Vec::new(),
            month_days: Vec::new(),
            days: Vec::new(),
            positions: Vec::new(),
            week_starts: Weekday::Mon,
            ends: Ends::Never,
        }
    }

    /// The rule of a calendar or of somebody's hand: with or without its name, in small letters too, and with an end that is an
    /// instant or a wall-clock time (RFC 5545, 3.3.10) rather than a date. `time` and `zone` are those of its sessions.
    pub fn typed(text: &str, time: NaiveTime, zone: &Zone) -> Result<Self, RuleRefusal> {
        let typed = text.trim();
        let text = typed.to_ascii_uppercase();
        let text = text.strip_prefix("RRULE:").unwrap_or(&text).trim_end_matches(';');
        if text.is_empty() {
            return Err(RuleRefusal::NoFrequency);
        }
        if text.chars().count() > LONGEST_RULE {
            return Err(RuleRefusal::Part(text.chars().take(40).collect()));
        }
        let parts: Vec<String> = text.split(';').map(|part| until_as_date(part.trim(), time, zone)).collect();
        parts.join(";").parse().map_err(|refusal| match refusal {
            // In the letters in which it was typed.
            RuleRefusal::Part(part) => {
                let at = typed.to_ascii_uppercase().find(&part);
                RuleRefusal::Part(at.and_then(|at| typed.get(at..at + part.len())).map_or(part, str::to_owned))
            }
            other => other,
        })
    }

    /// Sorts the lists, and refuses parts that don't go together.
    fn tidy(&mut self) -> Result<(), RuleRefusal> {
        // Those counted from the end come last.
        fn sorted<N: Ord + Default + Copy>(list: &mut Vec<N>) {
            list.sort_unstable_by_key(|number| (*number < N::default(), *number));
            list.dedup();
        }
        sorted(&mut self.months);
        sorted(&mut self.weeks);
        sorted(&mut self.year_days);
        sorted(&mut self.month_days);
        sorted(&mut self.positions);
        self.days.sort_by_key(Day::order);
        self.days.dedup();
        let misplaced = |sentence: &str| Err(RuleRefusal::Misplaced(sentence.to_owned()));
        let yearly = self.frequency == Frequency::Yearly;
        let counted = self.days.iter().filter_map(|day| day.nth).map(i8::unsigned_abs).max().unwrap_or(0);
        if self.frequency == Frequency::Weekly && !self.month_days.is_empty() {
            return misplaced("BYMONTHDAY does not go with FREQ=WEEKLY: days of a week are named with BYDAY.");
        }
        if !yearly && !self.year_days.is_empty() {
            return misplaced("BYYEARDAY goes with FREQ=YEARLY only.");
        }
        if !self.weeks.is_empty() && (!yearly || self.days.is_empty()) {
            return misplaced("BYWEEKNO goes with FREQ=YEARLY, and with BYDAY to say on which day of the week.");
        }
        let most = match self.frequency {
            Frequency::Daily | Frequency::Weekly => 0,
            Frequency::Yearly if !self.weeks.is_empty() => 0,
            Frequency::Yearly if self.months.is_empty() => 53,
            Frequency::Monthly | Frequency::Yearly => 5,
        };
        if counted > most {
            return misplaced("A counted day such as 2TU goes with FREQ=MONTHLY (up to the fifth) or FREQ=YEARLY, and not with BYWEEKNO.");
        }
        let narrowed = !(self.months.is_empty()
            && self.weeks.is_empty()
            && self.year_days.is_empty()
            && self.month_days.is_empty()
            && self.days.is_empty());
        if !self.positions.is_empty() && !narrowed {
            return misplaced("BYSETPOS chooses among the days of another part, such as BYDAY.");
        }
        Ok(())
    }
}

/// A part of a typed rule with its end as a date: the last one on which a session starts by then.
fn until_as_date(part: &str, time: NaiveTime, zone: &Zone) -> String {
    let Some(until) = part.strip_prefix("UNTIL=") else { return part.to_owned() };
    let (written, utc) = until.strip_suffix('Z').map_or((until, false), |written| (written, true));
    let Ok(at) = NaiveDateTime::parse_from_str(written, "%Y%m%dT%H%M%S") else { return part.to_owned() };
    let there = if utc { DateTime::<Utc>::from_naive_utc_and_offset(at, Utc).with_timezone(&zone.rules()).naive_local() } else { at };
    let last = if there.time() >= time { Some(there.date()) } else { there.date().pred_opt() };
    last.map_or_else(|| part.to_owned(), |last| format!("UNTIL={}", last.format("%Y%m%d")))
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fn part<N: fmt::Display>(f: &mut fmt::Formatter<'_>, key: &str, list: &[N]) -> fmt::Result {
            for (at, one) in list.iter().enumerate() {
                if at == 0 { write!(f, ";{key}={one}")? } else { write!(f, ",{one}")? }
            }
            Ok(())
        }
        let frequency = match self.frequency {
            Frequency::Daily => "DAILY",
            Frequency::Weekly => "WEEKLY",
            Frequency::Monthly => "MONTHLY",
            Frequency::Yearly => "YEARLY",
        };
        write!(f, "FREQ={frequency}")?;
        if self.every != 1 {
            write!(f, ";INTERVAL={}", self.every)?;
        }
        part(f, "BYMONTH", &self.months)?;
        part(f, "BYWEEKNO", &self.weeks)?;
        part(f, "BYYEARDAY", &self.year_days)?;
        part(f, "BYMONTHDAY", &self.month_days)?;
        part(f, "BYDAY", &self.days)?;
        part(f, "BYSETPOS", &self.positions)?;
        if self.week_starts != Weekday::Mon {
            write!(f, ";WKST={}", code(self.week_starts))?;
        }
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
        let mut frequency = None;
        let mut rule = Self::new(Frequency::Daily);
        let mut keys: Vec<&str> = Vec::new();
        for part in text.split(';') {
            let unreadable = || RuleRefusal::Part(part.chars().take(40).collect());
            let (key, value) = part.split_once('=').ok_or_else(unreadable)?;
            if keys.contains(&key) {
                return Err(unreadable());
            }
            keys.push(key);
            match key {
                "FREQ" => {
                    frequency = Some(match value {
                        "DAILY" => Frequency::Daily,
                        "WEEKLY" => Frequency::Weekly,
                        "MONTHLY" => Frequency::Monthly,
                        "YEARLY" => Frequency::Yearly,
                        "HOURLY" | "MINUTELY" | "SECONDLY" => return Err(RuleRefusal::BelowADay),
                        _ => return Err(unreadable()),
                    });
                }
                "INTERVAL" => rule.every = within(value, 1..=LARGEST_INTERVAL).ok_or(RuleRefusal::Every)?,
                "BYMONTH" => rule.months = numbers(value, 12, false).ok_or_else(unreadable)?,
                "BYWEEKNO" => rule.weeks = numbers(value, 53, true).ok_or_else(unreadable)?,
                "BYYEARDAY" => rule.year_days = numbers(value, 366, true).ok_or_else(unreadable)?,
                "BYMONTHDAY" => rule.month_days = numbers(value, 31, true).ok_or_else(unreadable)?,
                "BYDAY" => {
                    rule.days = value.split(',').map(str::parse).collect::<Result<_, _>>().map_err(|()| unreadable())?;
                    if rule.days.len() > MOST_DAYS {
                        return Err(unreadable());
                    }
                }
                "BYSETPOS" => rule.positions = numbers(value, 366, true).ok_or_else(unreadable)?,
                "WKST" => rule.week_starts = weekday(value).ok_or_else(unreadable)?,
                "BYHOUR" | "BYMINUTE" | "BYSECOND" => return Err(RuleRefusal::BelowADay),
                "UNTIL" | "COUNT" if rule.ends != Ends::Never => return Err(RuleRefusal::TwoEnds),
                "UNTIL" => rule.ends = Ends::On(NaiveDate::parse_from_str(value, "%Y%m%d").map_err(|_| RuleRefusal::Until)?),
                "COUNT" => rule.ends = Ends::After(within(value, 1..=LARGEST_COUNT).ok_or(RuleRefusal::Count)?),
                _ => return Err(unreadable()),
            }
        }
        rule.frequency = frequency.ok_or(RuleRefusal::NoFrequency)?;
        rule.tidy()?;
        Ok(rule)
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
    let often = often(rule, schedule.first);
    match rule.ends {
        Ends::Never => often,
        Ends::On(date) => format!("{often}, until {}", date.format("%-d %B %Y")),
        Ends::After(1) => format!("{often}, one time"),
        Ends::After(count) => format!("{often}, {count} times"),
    }
}

fn often(rule: &Rule, first: NaiveDate) -> String {
    let every = |one: &str, many: &str| match rule.every {
        1 => format!("every {one}"),
        2 => format!("every second {one}"),
        3 => format!("every third {one}"),
        n => format!("every {n} {many}"),
    };
    let months = listed(rule.months.iter().map(|month| month_name(*month)).collect(), "and");
    let in_months = if months.is_empty() { String::new() } else { format!(" in {months}") };
    let dates = rule.month_days.iter().map(|day| month_day(*day)).collect::<Vec<_>>();
    let names = rule.days.iter().map(|day| day_name(day.weekday).to_owned()).collect::<Vec<_>>();
    let weekday = match rule.days.as_slice() {
        [] => first.weekday(),
        [day, ..] => day.weekday,
    };
    let chosen = |set: String| match rule.positions.as_slice() {
        [] => format!("on {set}"),
        positions => format!("on the {} of {set}", listed(positions.iter().map(|n| counted(i32::from(*n))).collect(), "and")),
    };
    match rule.frequency {
        Frequency::Daily => {
            let that = match (listed(names, "or"), listed(dates, "or")) {
                (days, dates) if days.is_empty() && dates.is_empty() => String::new(),
                (days, dates) if dates.is_empty() => format!(" that is a {days}"),
                (days, dates) if days.is_empty() => format!(" that is the {dates} of a month"),
                (days, dates) => format!(" that is a {days} and the {dates} of a month"),
            };
            every("day", "days") + &that + &in_months
        }
        Frequency::Weekly if rule.every <= 3 && rule.days.len() <= 1 => every(day_name(weekday), "") + &in_months,
        Frequency::Weekly => {
            let names = if names.is_empty() { vec![day_name(weekday).to_owned()] } else { names };
            format!("{} {}{in_months}", every("week", "weeks"), chosen(listed(names, "and")))
        }
        Frequency::Yearly
            if rule.year_days.is_empty()
                && rule.weeks.is_empty()
                && rule.days.is_empty()
                && rule.month_days.is_empty()
                && rule.positions.is_empty() =>
        {
            let month = if months.is_empty() { month_name(first.month() as u8) } else { months };
            format!("{} on {} {month}", every("year", "years"), first.day())
        }
        Frequency::Monthly | Frequency::Yearly => {
            let yearly = rule.frequency == Frequency::Yearly;
            let counted_day = |day: &Day| match day.nth {
                Some(nth) => format!("{} {}", counted(i32::from(nth)), day_name(day.weekday)),
                None => format!("every {}", day_name(day.weekday)),
            };
            let all_counted = rule.days.iter().all(|day| day.nth.is_some());
            let days = listed(rule.days.iter().map(counted_day).collect(), "and");
            let year_days = listed(rule.year_days.iter().map(|day| year_day(*day)).collect(), "and");
            let set = match (days.is_empty(), dates.is_empty()) {
                _ if !year_days.is_empty() => {
                    let also = [(listed(names, "or"), "a "), (listed(dates, "or"), "the ")].into_iter().filter(|(of, _)| !of.is_empty());
                    also.fold(format!("the {year_days}"), |set, (of, article)| format!("{set}, if that is {article}{of},"))
                }
                (true, true) => format!("the {}", ordinal(first.day())),
                (true, false) => format!("the {}", listed(dates, "and")),
                (false, false) => {
                    let weeks = listed(rule.weeks.iter().map(|week| week_name(*week)).collect(), "or");
                    let within = if weeks.is_empty() { String::new() } else { format!(" in {weeks}") };
                    format!("{} that is the {}{within}", if all_counted { format!("the {days}") } else { days }, listed(dates, "or"))
                }
                (false, true) if !rule.weeks.is_empty() => {
                    let weeks = rule.weeks.iter().map(|week| week_name(*week)).collect();
                    format!("{} of {}", listed(names, "and"), listed(weeks, "and"))
                }
                (false, true) if is_working_week(&rule.days) => {
                    if rule.positions.is_empty() { "every weekday" } else { "the weekdays" }.to_owned()
                }
                (false, true) if !rule.positions.is_empty() && rule.days.iter().all(|day| day.nth.is_none()) => {
                    format!("the {}", listed(names.iter().map(|name| format!("{name}s")).collect(), "and"))
                }
                (false, true) if all_counted => format!("the {days}"),
                (false, true) => days,
            };
            let period = match (yearly, months.is_empty()) {
                (false, true) if rule.every == 1 => "of each month".to_owned(),
                (false, true) => format!("of {}", every("month", "months")),
                (false, false) if rule.every == 1 => format!("of {months}"),
                (false, false) => format!("of {}, if that is {months}", every("month", "months")),
                (true, true) if rule.every == 1 => "of each year".to_owned(),
                (true, true) => format!("of {}", every("year", "years")),
                (true, false) if rule.every == 1 => format!("of {months} each year"),
                (true, false) => format!("of {months}, {}", every("year", "years")),
            };
            format!("{} {period}", chosen(set))
        }
    }
}

fn is_working_week(days: &[Day]) -> bool {
    days.len() == 5 && days.iter().zip(CODES).all(|(day, (_, weekday, _))| *day == Day::every(weekday))
}

fn month_name(month: u8) -> String {
    NaiveDate::from_ymd_opt(2000, u32::from(month), 1).map(|date| date.format("%B").to_string()).unwrap_or_default()
}

/// `1st`, `last day`, `third to last day`.
fn month_day(day: i8) -> String {
    if day > 0 { ordinal(day as u32) } else { format!("{} day", counted(i32::from(day))) }
}

fn year_day(day: i16) -> String {
    if day > 0 { format!("{} day", ordinal(day as u32)) } else { format!("{} day", counted(i32::from(day))) }
}

fn week_name(week: i8) -> String {
    if week > 0 { format!("week {week}") } else { format!("the {} week", counted(i32::from(week))) }
}

/// `first`, `12th`; from the end `last`, `second to last`.
fn counted(nth: i32) -> String {
    let name = |n: u32| match n {
        1 => "first".to_owned(),
        2 => "second".to_owned(),
        3 => "third".to_owned(),
        4 => "fourth".to_owned(),
        5 => "fifth".to_owned(),
        n => ordinal(n),
    };
    match nth {
        -1 => "last".to_owned(),
        ..0 => format!("{} to last", name(nth.unsigned_abs())),
        _ => name(nth as u32),
    }
}

fn listed(names: Vec<String>, word: &str) -> String {
    match names.as_slice() {
        [all @ .., before, last] => all.iter().map(|name| format!("{name}, ")).collect::<String>() + &format!("{before} {word} {last}"),
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
        let rule = form.check(first, NaiveTime::MIN, &Zone::utc()).expect("fits");
        in_words(&Schedule { first, rule, ..Schedule::for_testing() })
    }

    #[test]
    fn every_second_thursday_is_said_and_kept() {
        let form = RepeatForm { how: How::Weekly, every: "2".into(), ..RepeatForm::default() };
        assert_eq!(words(&form, "2026-12-03"), "every second Thursday");
        assert_eq!(
            form.check(date("2026-12-03"), NaiveTime::MIN, &Zone::utc()).expect("fits").map(|r| r.to_string()).as_deref(),
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
        assert_eq!(form.check(date("2026-12-03"), NaiveTime::MIN, &Zone::utc()), Err(RuleRefusal::Until));
    }

    #[test]
    fn several_weekdays_of_a_month_are_counted() {
        let form = RepeatForm { how: How::MonthlyByWeekday, counted_days: vec!["3sa".into(), "1tu".into()], ..RepeatForm::default() };
        assert_eq!(words(&form, "2026-12-01"), "on the first Tuesday and third Saturday of each month");
    }

    #[test]
    fn a_typed_rule_is_explained() {
        for (rule, says) in [
            ("rrule:freq=daily;interval=10;count=5", "every 10 days, 5 times"),
            ("FREQ=DAILY;BYMONTH=1;UNTIL=20300131T140000Z", "every day in January, until 31 January 2030"),
            ("FREQ=WEEKLY;INTERVAL=2;WKST=SU;BYDAY=MO,WE,FR", "every second week on Monday, Wednesday and Friday"),
            ("FREQ=MONTHLY;BYDAY=-2MO", "on the second to last Monday of each month"),
            ("FREQ=MONTHLY;BYMONTHDAY=1,-1", "on the 1st and last day of each month"),
            ("FREQ=MONTHLY;INTERVAL=18;BYMONTHDAY=10,11", "on the 10th and 11th of every 18 months"),
            ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "on every Friday that is the 13th of each month"),
            ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "on the last of the weekdays of each month"),
            ("FREQ=MONTHLY;BYDAY=TU,WE,TH;BYSETPOS=3", "on the third of the Tuesdays, Wednesdays and Thursdays of each month"),
            ("FREQ=YEARLY;INTERVAL=3;BYYEARDAY=1,100,200", "on the 1st day, 100th day and 200th day of every third year"),
            ("FREQ=YEARLY;BYDAY=20MO", "on the 20th Monday of each year"),
            ("FREQ=YEARLY;BYMONTH=6,7;BYSETPOS=1", "on the first of the 3rd of June and July each year"),
            ("FREQ=YEARLY;BYYEARDAY=1,100;BYDAY=MO", "on the 1st day and 100th day, if that is a Monday, of each year"),
            ("FREQ=MONTHLY;BYDAY=1MO,3WE;BYSETPOS=-1", "on the last of the first Monday and third Wednesday of each month"),
            ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "on Monday of week 20 of each year"),
            ("FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8", "on every Thursday of June, July and August each year"),
            (
                "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
                "on every Tuesday that is the 2nd, 3rd, 4th, 5th, 6th, 7th or 8th of November, every 4 years",
            ),
        ] {
            assert_eq!(words(&RepeatForm { how: How::Rule, rule: rule.into(), ..RepeatForm::default() }, "2026-12-03"), says);
        }
    }

    #[test]
    fn what_is_no_rule_is_refused_with_what_to_do() {
        let refused = |rule: &str| Rule::typed(rule, NaiveTime::MIN, &Zone::utc()).expect_err("refused").to_string();
        for below in ["FREQ=SECONDLY", "FREQ=MINUTELY;INTERVAL=90", "FREQ=DAILY;BYHOUR=9,10;BYMINUTE=0"] {
            assert!(refused(below).starts_with("There is one session a day at most."), "{below}");
        }
        assert!(refused("FREQ=DAILY;COUNT=1000000").ends_with("from 1 to 1000."));
        assert!(refused("freq=weekly;byday=Xx").contains("\u{201c}byday=Xx\u{201d}"));
        assert!(refused("BYDAY=MO").contains("FREQ=WEEKLY"));
        assert!(refused("").contains("FREQ=WEEKLY"));
        assert!(refused("FREQ=WEEKLY;COUNT=3;UNTIL=20270101").contains("one of the two"));
        assert!(refused("FREQ=WEEKLY;BYMONTHDAY=3").contains("BYDAY"));
        assert!(refused("FREQ=MONTHLY;BYDAY=6MO").contains("up to the fifth"));
    }

    #[test]
    fn the_end_of_a_typed_rule_is_the_day_of_its_last_start() {
        let lisbon = Zone::parse("Europe/Lisbon").expect("a zone");
        let at = |until: &str| {
            let time = NaiveTime::from_hms_opt(19, 30, 0).expect("a time");
            Rule::typed(&format!("FREQ=DAILY;UNTIL={until}"), time, &lisbon).expect("a rule").ends
        };
        // Half past seven in Lisbon's summer is half past six in UTC.
        assert_eq!(at("20270701T183000Z"), Ends::On(date("2027-07-01")));
        assert_eq!(at("20270701T182959Z"), Ends::On(date("2027-06-30")));
        assert_eq!(at("20270701T193000"), Ends::On(date("2027-07-01")));
        assert_eq!(at("20270701"), Ends::On(date("2027-07-01")));
    }

    fn any_rule() -> impl Strategy<Value = Rule> {
        let weekday = || (0u8..7).prop_map(|n| Weekday::try_from(n).expect("a weekday"));
        let days = |most: i8| {
            let nth = prop_oneof![Just(None), (1..=most.max(1)).prop_map(Some), (1..=most.max(1)).prop_map(|n| Some(-n))];
            proptest::collection::vec((nth, weekday()), 0..6).prop_map(move |days| {
                days.into_iter().map(|(nth, weekday)| Day { nth: nth.filter(|_| most > 0), weekday }).collect::<Vec<_>>()
            })
        };
        fn some<N: fmt::Debug + Clone + 'static>(one: impl Strategy<Value = N> + 'static) -> impl Strategy<Value = Vec<N>> {
            prop_oneof![3 => Just(Vec::new()).boxed(), 1 => proptest::collection::vec(one, 1..4).boxed()]
        }
        let month_days = || some(prop_oneof![1i8..=31, -31i8..=-1]);
        let shape = prop_oneof![
            (days(0), month_days()).prop_map(|(days, month_days)| Rule { days, month_days, ..Rule::new(Frequency::Daily) }),
            days(0).prop_map(|days| Rule { days, ..Rule::new(Frequency::Weekly) }),
            (days(5), month_days()).prop_map(|(days, month_days)| Rule { days, month_days, ..Rule::new(Frequency::Monthly) }),
            (days(5), month_days(), some(prop_oneof![1i16..=366, -366i16..=-1])).prop_map(|(days, month_days, year_days)| Rule {
                days,
                month_days,
                year_days,
                ..Rule::new(Frequency::Yearly)
            }),
            (days(0), some(prop_oneof![1i8..=53, -53i8..=-1])).prop_map(|(days, weeks)| Rule {
                weeks: if days.is_empty() { Vec::new() } else { weeks },
                days,
                ..Rule::new(Frequency::Yearly)
            }),
        ];
        let ends = prop_oneof![
            Just(Ends::Never),
            (0i64..60_000).prop_map(|n| Ends::On(date("1995-01-01") + chrono::Duration::days(n))),
            (1u32..=LARGEST_COUNT).prop_map(Ends::After),
        ];
        (1..=LARGEST_INTERVAL, some(1u8..=12), shape, some(prop_oneof![1i16..=366, -366i16..=-1]), weekday(), ends).prop_map(
            |(every, months, shape, positions, week_starts, ends)| {
                let narrow = !(months.is_empty() && shape == Rule::new(shape.frequency));
                let positions = if narrow { positions } else { Vec::new() };
                let mut rule = Rule { every, months, positions, week_starts, ends, ..shape };
                rule.tidy().expect("parts that go together");
                rule
            },
        )
    }

    proptest! {
        #[test]
        fn a_rule_read_back_is_the_rule_written(rule in any_rule()) {
            prop_assert_eq!(rule.to_string().parse(), Ok(rule));
        }

        #[test]
        fn any_text_is_a_rule_or_a_refusal(text in "\\PC{0,40}") {
            let _ = Rule::typed(&text, NaiveTime::MIN, &Zone::utc());
        }

        #[test]
        fn a_form_filled_in_with_a_rule_says_that_rule(rule in any_rule()) {
            let first = super::super::dates::dates(&rule, date("2027-01-01"), date("2027-01-01")).next();
            if let Some(first) = first.filter(|first| !matches!(rule.ends, Ends::On(until) if until.year() > LAST_YEAR || until < *first)) {
                let again = RepeatForm::of(Some(&rule), first).check(first, NaiveTime::MIN, &Zone::utc());
                prop_assert_eq!(again, Ok(Some(rule)));
            }
        }

        #[test]
        fn every_rule_is_said_in_words(rule in any_rule()) {
            let words = in_words(&Schedule { first: date("2027-01-01"), rule: Some(rule), ..Schedule::for_testing() });
            prop_assert!(!words.contains("  ") && !words.ends_with(' ') && words.starts_with("on ") | words.starts_with("every "), "{}", words);
        }
    }
}
