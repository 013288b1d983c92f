//! Depth: conversations in which both sides spoke, newcomers who were answered, and gatherings with their core.
//!
//! **The rules.** Somebody *answers* another by replying to what they wrote. Two people have *spoken with each other* when one answered the
//! other in a thread, and the other wrote in that thread again, after it; that happens when they come back. A thread in which two did is a
//! *conversation* of that day. A newcomer is *answered within a day* when somebody answers the first thing they wrote here, or comes back to
//! the thread in which they answered, within 24 hours. Of a gathering's last sessions at which anybody is known to have been, up to
//! [`LOOKED_AT`], its *core* came to half or more; a series of fewer than [`FEWEST_SESSIONS`] has none yet. What was taken back was never said.

use crate::{
    gatherings::attendance::LOOKED_AT,
    ids::{MemberId, PostId},
    introductions::Pair,
    people::Byline,
    time::Timestamp,
};
use chrono::NaiveDate;
use std::collections::{BTreeMap, BTreeSet};

/// Fewest sessions that a series with a core has had.
pub const FEWEST_SESSIONS: usize = 3;
/// How far back sessions count, in days.
pub const SESSIONS_DAYS: i64 = 182;
/// For how many days a series may have paused that still meets.
pub const PAUSED_DAYS: i64 = 60;
/// How far back it is looked for people whom nobody spoke with, in days.
pub const SPOKEN_DAYS: i64 = 30;
/// For how many days after joining it is looked at whether a newcomer was answered.
pub const NEW_DAYS: i64 = 30;
/// Within how many hours a newcomer should be answered.
pub const ANSWERED_HOURS: i64 = 24;
/// How far back one's own conversations are told, in days.
pub const MINE_DAYS: i64 = 90;
/// How many people at least stand behind a number that all members may see.
pub const FEWEST_TOLD: u32 = 5;

/// Something that was said in a thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said {
    /// The thread.
    pub root: PostId,
    /// What was said; what was said later has a higher id.
    pub post: PostId,
    /// By whom.
    pub author: MemberId,
    /// Whom it answers: who wrote what it replies to, where that still stands.
    pub answers: Option<MemberId>,
    /// When.
    pub at: Timestamp,
}

/// That two people have spoken with each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Talk {
    /// In which thread.
    pub root: PostId,
    /// Who.
    pub pair: Pair,
    /// When the one came back.
    pub at: Timestamp,
}

/// When people spoke with each other: each time that somebody comes back to a thread, with all who had answered them there. `said` is whole
/// threads, each in its order.
pub fn talks(said: &[Said]) -> Vec<Talk> {
    let mut talks = Vec::new();
    let mut answered: BTreeMap<(PostId, MemberId), BTreeSet<MemberId>> = BTreeMap::new();
    for one in said {
        for by in answered.get(&(one.root, one.author)).into_iter().flatten() {
            talks.extend(Pair::of(one.author, *by).map(|pair| Talk { root: one.root, pair, at: one.at }));
        }
        if let Some(whom) = one.answers.filter(|whom| *whom != one.author) {
            answered.entry((one.root, whom)).or_default().insert(one.author);
        }
    }
    talks
}

/// A newcomer's first word, and what came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FirstWord {
    /// When.
    pub at: Timestamp,
    /// When somebody first answered it.
    pub answered: Option<Timestamp>,
}

impl FirstWord {
    /// Whether it was answered within a day; `None` as long as it still can be.
    pub fn in_time(&self, now: Timestamp) -> Option<bool> {
        let until = self.at.plus_seconds(3600 * ANSWERED_HOURS);
        match self.answered {
            Some(answered) if answered <= until => Some(true),
            _ => (until < now).then_some(false),
        }
    }
}

/// A series, and who came to its last sessions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Series {
    /// Its address part.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// Who came to which session.
    pub came: Vec<(MemberId, NaiveDate)>,
}

impl Series {
    /// The last sessions, the latest first.
    fn sessions(&self) -> Vec<NaiveDate> {
        let dates: BTreeSet<NaiveDate> = self.came.iter().map(|(_, date)| *date).collect();
        dates.into_iter().rev().take(LOOKED_AT).collect()
    }

    /// Its core and of how many sessions, by the rule above; `None` of one that has none yet, or does not meet any more.
    pub fn core(&self, today: NaiveDate) -> Option<(Vec<MemberId>, usize)> {
        let sessions = self.sessions();
        let meets = sessions.len() >= FEWEST_SESSIONS && sessions.first().is_some_and(|last| (today - *last).num_days() <= PAUSED_DAYS);
        let mut often: BTreeMap<MemberId, BTreeSet<NaiveDate>> = BTreeMap::new();
        for (who, date) in self.came.iter().filter(|(_, date)| sessions.contains(date)) {
            often.entry(*who).or_default().insert(*date);
        }
        let core = often.into_iter().filter(|(_, dates)| 2 * dates.len() >= sessions.len()).map(|(who, _)| who).collect();
        meets.then_some((core, sessions.len()))
    }
}

/// A series and its core, by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Core {
    /// Its address part.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// Who came to half or more of its last sessions.
    pub who: Vec<Byline>,
    /// Of how many.
    pub sessions: usize,
}

/// Somebody whom nobody spoke with lately, though they were here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unspoken {
    /// Who.
    pub who: Byline,
    /// What they wrote last in that time, and when.
    pub wrote: Option<(PostId, Timestamp)>,
}

/// A newcomer who was not answered within a day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unanswered {
    /// Who.
    pub who: Byline,
    /// Their first word.
    pub post: PostId,
    /// How it begins.
    pub excerpt: String,
    /// What came of it.
    pub first: FirstWord,
}

/// A month in figures: of what all members may see.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// How many people wrote.
    pub wrote: u32,
    /// How many of them spoke with somebody.
    pub talked: u32,
    /// In how many threads people spoke with each other.
    pub conversations: u32,
    /// How many of those who joined in it have said something, and could be answered for a day.
    pub newcomers: u32,
    /// How many of these were answered within a day.
    pub answered: u32,
    /// At how many sessions anybody is known to have been.
    pub sessions: u32,
    /// How many people were at one or more.
    pub came: u32,
}

/// So many of so many people, as all may be told it: never so that it says something of fewer than [`FEWEST_TOLD`], neither of those who are
/// counted nor of the rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Share {
    /// Too few to say.
    TooFew,
    /// All of them.
    All(u32),
    /// Nearly all of them.
    NearlyAll(u32),
    /// So many of them.
    Some {
        /// How many.
        of_them: u32,
        /// Of how many.
        all: u32,
    },
}

impl Share {
    /// So many of so many.
    pub fn of(of_them: u32, all: u32) -> Self {
        match all.saturating_sub(of_them) {
            _ if of_them < FEWEST_TOLD => Self::TooFew,
            0 => Self::All(all),
            1..FEWEST_TOLD => Self::NearlyAll(all),
            _ => Self::Some { of_them, all },
        }
    }
}

/// A number that says something of so many people; `None` where they are too few to say.
pub fn told(number: u32, people: u32) -> Option<u32> {
    (people >= FEWEST_TOLD).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn said(root: i64, lines: &[(i64, Option<i64>)]) -> Vec<Said> {
        let one = |(number, (author, answers)): (usize, &(i64, Option<i64>))| Said {
            root: PostId(root),
            post: PostId(root + number as i64),
            author: MemberId(*author),
            answers: answers.map(MemberId),
            at: Timestamp(root + number as i64),
        };
        lines.iter().enumerate().map(one).collect()
    }

    fn pair(one: i64, other: i64) -> Pair {
        Pair::of(MemberId(one), MemberId(other)).expect("two people")
    }

    #[test]
    fn two_have_spoken_when_the_one_comes_back_after_the_others_answer() {
        assert_eq!(talks(&said(10, &[(1, None), (2, Some(1))])), [], "an answer that nobody came back to");
        let came_back = talks(&said(10, &[(1, None), (2, Some(1)), (1, Some(2))]));
        assert_eq!(came_back, [Talk { root: PostId(10), pair: pair(1, 2), at: Timestamp(12) }]);
        let to_the_thread = talks(&said(10, &[(1, None), (2, Some(1)), (1, Some(1))]));
        assert_eq!(to_the_thread.len(), 1, "most people answer at the end of a thread");
        assert_eq!(talks(&said(10, &[(1, None), (1, Some(1)), (1, Some(1))])), [], "nobody speaks with themselves");
        assert_eq!(talks(&said(10, &[(1, None), (2, None), (1, None)])), [], "whoever answers nobody");
    }

    #[test]
    fn a_first_word_is_answered_in_time_or_not_or_not_yet() {
        let first =
            |answered: Option<i64>| FirstWord { at: Timestamp(0), answered: answered.map(|hours| Timestamp(0).plus_seconds(3600 * hours)) };
        let now = Timestamp(0).plus_days(3);
        assert_eq!([first(Some(24)), first(Some(25)), first(None)].map(|first| first.in_time(now)), [Some(true), Some(false), Some(false)]);
        assert_eq!(first(None).in_time(Timestamp(0).plus_seconds(3600)), None);
    }

    fn date(day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, day).expect("a date")
    }

    fn series(came: &[(i64, u32)]) -> Series {
        let came = came.iter().map(|(who, day)| (MemberId(*who), date(*day))).collect();
        Series { slug: "soup".into(), title: "Soup".into(), came }
    }

    #[test]
    fn a_core_came_to_half_or_more() {
        let soup = series(&[(1, 1), (1, 8), (1, 15), (1, 22), (2, 8), (2, 22), (3, 15)]);
        assert_eq!(soup.core(date(26)), Some((vec![MemberId(1), MemberId(2)], 4)));
        assert_eq!(series(&[(1, 1), (1, 8)]).core(date(26)), None, "two evenings are no series yet");
        let over = soup.core(date(22) + chrono::Duration::days(PAUSED_DAYS + 1));
        assert_eq!(over, None, "what does not meet any more has no core");
    }

    #[test]
    fn a_core_is_of_the_last_sessions() {
        let mut came: Vec<(i64, u32)> = (1..=8).map(|day| (1, day)).collect();
        came.extend((9..=16).map(|day| (2, day)));
        assert_eq!(series(&came).core(date(16)), Some((vec![MemberId(2)], LOOKED_AT)));
    }

    /// As [`talks`], by going through everything that was said before.
    fn naive(said: &[Said]) -> BTreeSet<Talk> {
        let mut talks = BTreeSet::new();
        for back in said {
            for answer in said {
                let before = answer.root == back.root && answer.post < back.post;
                if before && answer.answers == Some(back.author) && answer.author != back.author {
                    talks.extend(Pair::of(back.author, answer.author).map(|pair| Talk { root: back.root, pair, at: back.at }));
                }
            }
        }
        talks
    }

    proptest! {
        #[test]
        fn talks_are_what_the_rule_says(lines in prop::collection::vec((1_i64..5, prop::option::of(1_i64..5)), 0..30), cut in 0_usize..30) {
            let cut = cut.min(lines.len());
            let (one, other) = (said(100, &lines[..cut]), said(200, &lines[cut..]));
            let all: Vec<Said> = one.into_iter().chain(other).collect();
            let found = talks(&all);
            prop_assert_eq!(found.iter().copied().collect::<BTreeSet<_>>(), naive(&all));
        }

        #[test]
        fn a_share_tells_nothing_of_few(all in 0_u32..40, of_them in 0_u32..40) {
            prop_assume!(of_them <= all);
            match Share::of(of_them, all) {
                Share::TooFew => prop_assert!(of_them < FEWEST_TOLD),
                Share::All(told) => prop_assert!(told == all && of_them == all && all >= FEWEST_TOLD),
                Share::NearlyAll(told) => prop_assert!(told == all && of_them < all),
                Share::Some { of_them, all } => prop_assert!(of_them >= FEWEST_TOLD && all - of_them >= FEWEST_TOLD),
            }
        }
    }
}
