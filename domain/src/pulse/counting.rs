//! Counting: what happened in a month, as hours, as days on which people came, and as figures. Only of what all members may see.
//!
//! The clock counts the present month anew each quarter of an hour, and each of the months before about once a day. So what is shown
//! costs nothing to show, and what was taken back, or whoever was removed, is no longer in it within a day.

use super::{
    depth::{Figures, FirstWord, Said, talks},
    quiet::{Hours, hour_of, midnight, on_the_wall},
};
use crate::{
    ids::{GatheringId, MemberId},
    time::{Timestamp, Zone},
};
use chrono::{Datelike, Months, NaiveDate};
use std::collections::{BTreeMap, BTreeSet};

/// How many months are counted, the present one among them: a year, and what is left of the month in which it began.
pub const MONTHS: u32 = 13;
/// After how long a month that is over is counted again.
const AGAIN_AFTER_SECONDS: i64 = 20 * 3600;

/// What happened within a month.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Happened {
    /// Who wrote, and when.
    pub wrote: Vec<(MemberId, Timestamp)>,
    /// Who reacted, and when.
    pub reacted: Vec<(MemberId, Timestamp)>,
    /// Who answered a gathering, and when.
    pub answered: Vec<(MemberId, Timestamp)>,
    /// Who was at a session.
    pub came: Vec<(MemberId, GatheringId, NaiveDate)>,
    /// Whole threads in which somebody replied, up to the month's end.
    pub said: Vec<Said>,
    /// The first words of those who joined.
    pub first_words: Vec<FirstWord>,
}

/// What somebody did on a day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DayOf {
    /// They wrote.
    pub wrote: bool,
    /// They were at a session.
    pub came: bool,
}

/// What is kept of a month.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counted {
    /// In figures.
    pub figures: Figures,
    /// How much came in each of its hours.
    pub hours: Hours,
    /// On which days who came.
    pub days: BTreeMap<(MemberId, NaiveDate), DayOf>,
}

/// A month, by its first day, and its bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Month {
    /// Its first day.
    pub first: NaiveDate,
    /// The first day of the next.
    pub next: NaiveDate,
    /// When it begins.
    pub from: Timestamp,
    /// When the next one begins.
    pub until: Timestamp,
}

impl Month {
    /// The month in which a day is.
    pub fn of(day: NaiveDate, zone: &Zone) -> Self {
        let first = day.with_day(1).unwrap_or(day);
        let next = first.checked_add_months(Months::new(1)).unwrap_or(first);
        Self { first, next, from: midnight(first, zone), until: midnight(next, zone) }
    }

    /// The months that are counted, the present one first.
    pub fn counted(now: Timestamp, zone: &Zone) -> Vec<Self> {
        let today = on_the_wall(now, zone).date().with_day(1).unwrap_or_default();
        let months = (0..MONTHS).filter_map(|back| today.checked_sub_months(Months::new(back)));
        months.map(|first| Self::of(first, zone)).collect()
    }

    /// Whether it is to be counted, when it was last counted at an instant.
    pub fn is_due(&self, counted: Option<Timestamp>, now: Timestamp) -> bool {
        counted.is_none_or(|counted| counted < self.until || counted.plus_seconds(AGAIN_AFTER_SECONDS) <= now)
    }

    fn has(&self, at: Timestamp) -> bool {
        (self.from..self.until).contains(&at)
    }
}

/// Counts what happened in a month.
pub fn count(month: &Month, happened: &Happened, zone: &Zone, now: Timestamp) -> Counted {
    let mut counted = Counted::default();
    let of_month = |all: &[(MemberId, Timestamp)]| -> Vec<_> { all.iter().copied().filter(|(_, at)| month.has(*at)).collect() };
    let (wrote, reacted, answered) = (of_month(&happened.wrote), of_month(&happened.reacted), of_month(&happened.answered));
    for (_, at) in wrote.iter().chain(&reacted) {
        *counted.hours.entry(hour_of(*at, zone)).or_default() += 1;
    }
    let day = |at: Timestamp| on_the_wall(at, zone).date();
    for (who, at) in &wrote {
        counted.days.entry((*who, day(*at))).or_default().wrote = true;
    }
    for (who, at) in reacted.iter().chain(&answered) {
        counted.days.entry((*who, day(*at))).or_default();
    }
    let came: Vec<_> = happened.came.iter().filter(|(_, _, date)| (month.first..month.next).contains(date)).collect();
    for (who, _, date) in &came {
        counted.days.entry((*who, *date)).or_default().came = true;
    }
    let talks: Vec<_> = talks(&happened.said).into_iter().filter(|talk| month.has(talk.at)).collect();
    let writers: BTreeSet<MemberId> = wrote.iter().map(|(who, _)| *who).collect();
    let talkers: BTreeSet<MemberId> = talks.iter().flat_map(|talk| talk.pair.both()).collect();
    let in_time: Vec<bool> = happened.first_words.iter().filter_map(|first| first.in_time(now)).collect();
    counted.figures = Figures {
        wrote: writers.len() as u32,
        talked: writers.intersection(&talkers).count() as u32,
        conversations: talks.iter().map(|talk| talk.root).collect::<BTreeSet<_>>().len() as u32,
        newcomers: in_time.len() as u32,
        answered: in_time.iter().filter(|in_time| **in_time).count() as u32,
        sessions: came.iter().map(|(_, gathering, date)| (gathering, date)).collect::<BTreeSet<_>>().len() as u32,
        came: came.iter().map(|(who, _, _)| who).collect::<BTreeSet<_>>().len() as u32,
    };
    counted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::PostId;

    fn lisbon() -> Zone {
        Zone::parse("Europe/Lisbon").expect("a zone")
    }

    fn date(month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, month, day).expect("a date")
    }

    fn november() -> Month {
        Month::of(date(11, 26), &lisbon())
    }

    #[test]
    fn a_month_begins_and_ends_on_the_wall() {
        let october = Month::of(date(10, 31), &lisbon());
        assert_eq!((october.first, october.next), (date(10, 1), date(11, 1)));
        assert_eq!((october.until.0 - october.from.0) / 3_600_000, 31 * 24 + 1, "the clocks were put back");
        let counted = Month::counted(november().from, &lisbon());
        assert_eq!((counted.len(), counted[0].first, counted[12].first.to_string()), (13, date(11, 1), "2025-11-01".to_owned()));
    }

    #[test]
    fn the_present_month_is_always_due_and_the_others_each_day() {
        let (month, now) = (november(), november().until.plus_days(40));
        assert!(month.is_due(None, now));
        assert!(month.is_due(Some(month.until.plus_seconds(-900)), month.until.plus_seconds(1)), "it was counted before it was over");
        assert!(!month.is_due(Some(now.plus_seconds(-3600)), now));
        assert!(month.is_due(Some(now.plus_days(-1)), now));
    }

    #[test]
    fn what_happened_becomes_hours_days_and_figures() {
        let (ana, bo, cy) = (MemberId(1), MemberId(2), MemberId(3));
        let at = |day: u32, hour: i64| midnight(date(11, day), &lisbon()).plus_seconds(3600 * hour + 60);
        let said = |post: i64, author, answers, at| Said { root: PostId(1), post: PostId(post), author, answers, at };
        let happened = Happened {
            wrote: vec![(ana, at(1, 9)), (bo, at(1, 9)), (ana, at(2, 20)), (cy, november().until)],
            reacted: vec![(cy, at(1, 9))],
            answered: vec![(cy, at(3, 9))],
            came: vec![(cy, GatheringId(7), date(11, 5)), (bo, GatheringId(7), date(11, 5)), (bo, GatheringId(7), date(12, 5))],
            said: vec![said(1, ana, None, at(1, 9)), said(2, bo, Some(ana), at(1, 9)), said(3, ana, Some(bo), at(2, 20))],
            first_words: vec![
                FirstWord { at: at(1, 9), answered: Some(at(1, 10)) },
                FirstWord { at: at(1, 9), answered: None },
                FirstWord { at: at(30, 9), answered: None },
            ],
        };
        let counted = count(&november(), &happened, &lisbon(), at(30, 10));
        let figures = Figures { wrote: 2, talked: 2, conversations: 1, newcomers: 2, answered: 1, sessions: 1, came: 2 };
        assert_eq!(counted.figures, figures);
        assert_eq!(counted.hours.into_iter().collect::<Vec<_>>(), [(hour_of(at(1, 9), &lisbon()), 3), (hour_of(at(2, 20), &lisbon()), 1)]);
        let days: Vec<_> = counted.days.iter().map(|((who, day), did)| (who.0, day.day(), did.wrote, did.came)).collect();
        let expected = [(1, 1, true, false), (1, 2, true, false), (2, 1, true, false), (2, 5, false, true), (3, 1, false, false)];
        assert_eq!(days[..5], expected);
        assert_eq!(days[5..], [(3, 3, false, false), (3, 5, false, true)]);
    }
}
