//! Drifting: somebody who used to come, and has not for a while.
//!
//! **The rule.** Somebody comes on a day when they do something that all members can see: write, react, answer a gathering, or be at one. That
//! they looked at pages is nobody's business and not known here. Whoever came on [`FEWEST_DAYS`] different days or more within a year has a
//! usual pause: the time from the first to the last of them, shared among the pauses between. They drift when they have been away for longer
//! than [`TIMES`] such pauses, and for [`FEWEST_AWAY`] days at least; and for [`MOST_AWAY`] at most, since after that they have gone, which is
//! theirs to do. It is for hosts alone, who decide for themselves what to make of it. Nobody is written to by itself.

use crate::{
    ids::{MemberId, PostId},
    people::Byline,
    time::Timestamp,
};
use chrono::NaiveDate;

/// On how many different days somebody came at least, of whom a rhythm is known.
pub const FEWEST_DAYS: i64 = 6;
/// For how many of their usual pauses somebody has been away who drifts.
pub const TIMES: i64 = 3;
/// For how many days, at least.
pub const FEWEST_AWAY: i64 = 10;
/// For how many days, at most.
pub const MOST_AWAY: i64 = 182;
/// How far back days count, in days.
pub const LOOKED_BACK: i64 = 365;
/// How many of those who drift are shown at once, who was here last first.
pub const MOST_SHOWN: usize = 24;
/// For how many days somebody is left be.
pub const LEFT_BE_DAYS: i64 = 60;

/// On which days somebody came, in short.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rhythm {
    /// On how many.
    pub days: i64,
    /// The first of them.
    pub first: NaiveDate,
    /// The last.
    pub last: NaiveDate,
}

impl Rhythm {
    /// For how many days somebody has been away.
    pub fn away(&self, today: NaiveDate) -> i64 {
        (today - self.last).num_days()
    }

    /// Whether they drift, by the rule above.
    pub fn drifts(&self, today: NaiveDate) -> bool {
        let (span, away) = ((self.last - self.first).num_days(), self.away(today));
        self.days >= FEWEST_DAYS && (FEWEST_AWAY..=MOST_AWAY).contains(&away) && away * (self.days - 1) > TIMES * span
    }

    /// The usual pause between two days, in days, rounded: 1 or more; `None` of who came on one day only.
    pub fn usual_pause(&self) -> Option<i64> {
        let (span, pauses) = ((self.last - self.first).num_days(), self.days - 1);
        (pauses > 0).then(|| ((2 * span + pauses) / (2 * pauses)).max(1))
    }

    /// `every 3 days`.
    pub fn in_words(&self) -> String {
        match self.usual_pause() {
            None => "once".to_owned(),
            Some(1) => "nearly every day".to_owned(),
            Some(2) => "every other day".to_owned(),
            Some(7) => "about once a week".to_owned(),
            Some(14) => "about every other week".to_owned(),
            Some(days) => format!("every {days} days"),
        }
    }

    /// As it is when they are known to have come on one more day.
    pub fn and_on(self, day: NaiveDate) -> Self {
        if day <= self.last { self } else { Self { days: self.days + 1, last: day, ..self } }
    }
}

/// Somebody who drifts, and what a host may know of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drifting {
    /// Who.
    pub who: Byline,
    /// How they used to come.
    pub rhythm: Rhythm,
    /// What they wrote last.
    pub wrote: Option<(PostId, Timestamp)>,
    /// The gathering at which they were last: its address part, its title, the session.
    pub was_at: Option<(String, String, NaiveDate)>,
    /// Whom they answered most in what they wrote lately, up to three.
    pub talks_with: Vec<Byline>,
}

/// Somebody who is left be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftBe {
    /// Who.
    pub who: Byline,
    /// Until when.
    pub until: Timestamp,
}

/// Those who drift, who was here last first; without those whom hosts leave be.
pub fn drifting(rhythms: Vec<(MemberId, Rhythm)>, today: NaiveDate) -> Vec<(MemberId, Rhythm)> {
    let mut drifting: Vec<_> = rhythms.into_iter().filter(|(_, rhythm)| rhythm.drifts(today)).collect();
    drifting.sort_by_key(|(id, rhythm)| (std::cmp::Reverse(rhythm.last), *id));
    drifting
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(number: i64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 1, 1).expect("a date") + chrono::Duration::days(number)
    }

    /// On so many days, so far apart, beginning with the first.
    fn every(apart: i64, days: i64) -> Rhythm {
        Rhythm { days, first: day(0), last: day(apart * (days - 1)) }
    }

    #[test]
    fn whoever_came_every_three_days_drifts_after_ten() {
        let rhythm = every(3, 6);
        assert!(!rhythm.drifts(rhythm.last + chrono::Duration::days(9)), "three pauses are nine days, and ten is the least");
        assert!(rhythm.drifts(rhythm.last + chrono::Duration::days(10)));
        assert!(rhythm.drifts(rhythm.last + chrono::Duration::days(182)));
        assert!(!rhythm.drifts(rhythm.last + chrono::Duration::days(183)), "they have gone");
        assert!(!every(3, 5).drifts(day(40)), "five days are no rhythm");
    }

    #[test]
    fn a_slow_rhythm_has_long_pauses() {
        let fortnightly = every(14, 8);
        assert!(!fortnightly.drifts(fortnightly.last + chrono::Duration::days(42)));
        assert!(fortnightly.drifts(fortnightly.last + chrono::Duration::days(43)));
    }

    #[test]
    fn a_rhythm_is_told_as_people_would_tell_it() {
        let said = [
            (1, "nearly every day"),
            (2, "every other day"),
            (3, "every 3 days"),
            (7, "about once a week"),
            (14, "about every other week"),
        ];
        for (apart, words) in said {
            assert_eq!(every(apart, 6).in_words(), words);
        }
        assert_eq!(Rhythm { days: 1, first: day(0), last: day(0) }.in_words(), "once");
    }

    #[test]
    fn those_who_were_here_last_come_first() {
        let all = vec![(MemberId(1), every(2, 6)), (MemberId(2), every(3, 6)), (MemberId(3), every(1, 5))];
        let found: Vec<i64> = drifting(all, day(40)).into_iter().map(|(id, _)| id.0).collect();
        assert_eq!(found, [2, 1]);
    }

    proptest! {
        #[test]
        fn whoever_comes_drifts_no_more(days in 1_i64..60, span in 0_i64..300, away in 0_i64..300) {
            let rhythm = Rhythm { days, first: day(0), last: day(span.max(days - 1)) };
            let today = rhythm.last + chrono::Duration::days(away);
            prop_assert!(!rhythm.and_on(today).drifts(today));
            prop_assert_eq!(rhythm.and_on(rhythm.first), rhythm);
            if rhythm.drifts(today) {
                prop_assert!((FEWEST_AWAY..=MOST_AWAY).contains(&away) && days >= FEWEST_DAYS);
                prop_assert!(away > TIMES * rhythm.usual_pause().unwrap_or_default() - TIMES, "longer than three pauses, as far as they are rounded");
            }
        }

        #[test]
        fn whoever_drifts_goes_on_drifting_until_they_come_or_have_gone(days in 6_i64..60, span in 59_i64..300, away in 0_i64..182) {
            let rhythm = Rhythm { days, first: day(0), last: day(span) };
            let on = |away: i64| rhythm.drifts(rhythm.last + chrono::Duration::days(away));
            prop_assert!(!on(away) || away == MOST_AWAY || on(away + 1));
        }
    }
}
