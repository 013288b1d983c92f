//! Which dates a rule gives (RFC 5545, 3.3.10), by plain arithmetic on dates: no clock changes here.
//!
//! A rule goes from period to period (day, week, month, year). Of each it takes the days that fit every list, then those at the
//! chosen positions. Where it begins is only arithmetic, so that no date is far away.

use super::{
    rule::{Day, Ends, Frequency, Rule},
    sessions::LAST_YEAR,
};
use chrono::{Datelike, Duration, NaiveDate, Weekday};

/// The dates of a rule, in order, up to [`LAST_YEAR`].
#[derive(Clone, Debug)]
pub struct Dates {
    rule: Rule,
    first: NaiveDate,
    from: NaiveDate,
    /// How many of the rule's periods have been looked at since the first date's.
    period: i64,
    /// The dates of the latest period, and how many of them were given.
    found: Vec<NaiveDate>,
    given: usize,
    /// How many are still to come, where the rule says it.
    left: Option<u32>,
    /// How many more days may be tried.
    patience: i64,
}

/// The dates of a rule whose first date is `first`, from `from` on. However long the rule has gone on by then, the way there is
/// short; only a rule that ends after a number of sessions is counted from the first.
pub fn dates(rule: &Rule, first: NaiveDate, from: NaiveDate) -> Dates {
    let mut rule = rule.clone();
    if rule.weeks.is_empty() && rule.year_days.is_empty() && rule.month_days.is_empty() && rule.days.is_empty() {
        match rule.frequency {
            Frequency::Daily => {}
            Frequency::Weekly => rule.days.push(Day::every(first.weekday())),
            Frequency::Monthly => rule.month_days.push(first.day() as i8),
            Frequency::Yearly => {
                rule.month_days.push(first.day() as i8);
                if rule.months.is_empty() {
                    rule.months.push(first.month() as u8);
                }
            }
        }
    }
    let from = from.max(first);
    let (period, left) = match rule.ends {
        Ends::After(count) => (0, Some(count)),
        Ends::On(_) | Ends::Never => {
            let apart = match rule.frequency {
                Frequency::Daily => (from - first).num_days(),
                Frequency::Weekly => (week_start(from, rule.week_starts) - week_start(first, rule.week_starts)).num_weeks(),
                Frequency::Monthly => month_number(from) - month_number(first),
                Frequency::Yearly => i64::from(from.year() - first.year()),
            };
            (apart / i64::from(rule.every), None)
        }
    };
    Dates { rule, first, from, period, found: Vec::new(), given: 0, left, patience: i64::MAX }
}

impl Iterator for Dates {
    type Item = NaiveDate;

    fn next(&mut self) -> Option<NaiveDate> {
        loop {
            let Some(date) = self.found.get(self.given).copied() else {
                self.found.clear();
                self.given = 0;
                self.look()?;
                continue;
            };
            self.given += 1;
            if date < self.first {
                continue;
            }
            if date.year() > LAST_YEAR || matches!(self.rule.ends, Ends::On(until) if date > until) {
                return None;
            }
            if let Some(left) = &mut self.left {
                *left = left.checked_sub(1)?;
            }
            if date >= self.from {
                return Some(date);
            }
        }
    }
}

impl Dates {
    /// The same dates, ending when the rule has been tried on so many days: for rules that come from a file.
    pub(super) fn patient(mut self, days: i64) -> Self {
        self.patience = days;
        self
    }

    /// How many more days may be tried; below zero if that was why the dates ended.
    pub(super) fn patience_left(&self) -> i64 {
        self.patience
    }

    /// Finds the dates of the next period; `None` after the last.
    fn look(&mut self) -> Option<()> {
        self.patience -= match self.rule.frequency {
            Frequency::Daily => 1,
            Frequency::Weekly => 7,
            Frequency::Monthly => 31,
            Frequency::Yearly => 366,
        };
        if self.patience < 0 {
            return None;
        }
        let apart = self.period * i64::from(self.rule.every);
        self.period += 1;
        let rule = &self.rule;
        let begins = match rule.frequency {
            Frequency::Daily => self.first.checked_add_signed(Duration::try_days(apart)?)?,
            Frequency::Weekly => week_start(self.first, rule.week_starts).checked_add_signed(Duration::try_weeks(apart)?)?,
            Frequency::Monthly => {
                let month = month_number(self.first) + apart;
                NaiveDate::from_ymd_opt(i32::try_from(month.div_euclid(12)).ok()?, month.rem_euclid(12) as u32 + 1, 1)?
            }
            Frequency::Yearly => NaiveDate::from_ymd_opt(self.first.year() + i32::try_from(apart).ok()?, 1, 1)?,
        };
        if begins.year() > LAST_YEAR || matches!(rule.ends, Ends::On(until) if begins > until) {
            return None;
        }
        let found = &mut self.found;
        match rule.frequency {
            Frequency::Daily => found.extend(Some(begins).filter(|date| rule.fits(*date))),
            Frequency::Weekly => found.extend(begins.iter_days().take(7).filter(|date| rule.fits(*date))),
            Frequency::Monthly => rule.of_month(begins, found),
            Frequency::Yearly if rule.months.is_empty() && !rule.year_days.is_empty() => {
                let days = if begins.leap_year() { 366 } else { 365 };
                let dates = rule.year_days.iter().filter_map(|day| begins.with_ordinal(from_the_end(i32::from(*day), days)?));
                found.extend(dates.filter(|date| rule.fits(*date)));
                found.sort_unstable();
                found.dedup();
            }
            Frequency::Yearly if rule.months.is_empty() => {
                (1..=12).filter_map(|month| begins.with_month(month)).for_each(|month| rule.of_month(month, found))
            }
            Frequency::Yearly => {
                rule.months.iter().filter_map(|month| begins.with_month(u32::from(*month))).for_each(|month| rule.of_month(month, found));
            }
        }
        if !rule.positions.is_empty() {
            let count = found.len() as i32;
            let mut chosen: Vec<NaiveDate> =
                rule.positions.iter().filter_map(|at| found.get(from_the_end(i32::from(*at), count)? as usize - 1).copied()).collect();
            chosen.sort_unstable();
            chosen.dedup();
            *found = chosen;
        }
        Some(())
    }
}

impl Rule {
    /// Adds the dates of the month that begins on a date.
    fn of_month(&self, begins: NaiveDate, found: &mut Vec<NaiveDate>) {
        if self.month_days.is_empty() {
            found.extend(begins.iter_days().take_while(|date| date.month() == begins.month()).filter(|date| self.fits(*date)));
            return;
        }
        let length = i32::from(begins.num_days_in_month());
        let before = found.len();
        let dates = self.month_days.iter().filter_map(|day| begins.with_day(from_the_end(i32::from(*day), length)?));
        found.extend(dates.filter(|date| self.fits(*date)));
        // A month's last day may be named twice, and days from its end come after those from its beginning.
        if self.month_days.len() > 1 {
            found[before..].sort_unstable();
            found.dedup();
        }
    }

    /// Whether a date fits every list.
    fn fits(&self, date: NaiveDate) -> bool {
        (self.days.is_empty() || self.days.iter().any(|day| self.is_day(*day, date)))
            && (self.months.is_empty() || self.months.contains(&(date.month() as u8)))
            && (self.month_days.is_empty() || {
                let (day, length) = (date.day() as i8, date.num_days_in_month() as i8);
                self.month_days.iter().any(|wanted| *wanted == day || *wanted == day - length - 1)
            })
            && (self.year_days.is_empty() || {
                let (day, length) = (date.ordinal() as i16, if date.leap_year() { 366 } else { 365 });
                self.year_days.iter().any(|wanted| *wanted == day || *wanted == day - length - 1)
            })
            && (self.weeks.is_empty() || {
                let (week, of) = week_number(date, self.week_starts);
                self.weeks.iter().any(|wanted| *wanted == week || *wanted == week - of - 1)
            })
    }

    fn is_day(&self, day: Day, date: NaiveDate) -> bool {
        if day.weekday != date.weekday() {
            return false;
        }
        let Some(nth) = day.nth else { return true };
        let in_year = self.frequency == Frequency::Yearly && self.months.is_empty();
        let (at, length) = if in_year {
            (date.ordinal() as i32, if date.leap_year() { 366 } else { 365 })
        } else {
            (date.day() as i32, i32::from(date.num_days_in_month()))
        };
        i32::from(nth) == if nth > 0 { (at - 1) / 7 + 1 } else { -((length - at) / 7 + 1) }
    }
}

/// A place counted from 1, where negative ones are counted from the end of so many; `None` if there is no such place.
fn from_the_end(nth: i32, count: i32) -> Option<u32> {
    let at = if nth < 0 { count + 1 + nth } else { nth };
    (1..=count).contains(&at).then_some(at as u32)
}

fn month_number(date: NaiveDate) -> i64 {
    i64::from(date.year()) * 12 + i64::from(date.month0())
}

fn week_start(date: NaiveDate, starts: Weekday) -> NaiveDate {
    date - Duration::days(i64::from(date.weekday().days_since(starts)))
}

/// The number of a date's week, and how many weeks the year has that the week counts to: the first is the one that has at least
/// four days of its year (RFC 5545, 3.3.10; ISO 8601 where weeks start on Monday).
fn week_number(date: NaiveDate, starts: Weekday) -> (i8, i8) {
    let number = |date: NaiveDate| {
        let fourth = week_start(date, starts) + Duration::days(3);
        ((fourth.ordinal0() / 7) as i8 + 1, fourth.year())
    };
    let (week, year) = number(date);
    // The 28th of December is always in the last week.
    let last = NaiveDate::from_ymd_opt(year, 12, 28).map_or(52, |date| number(date).0);
    (week, last)
}
