//! Who was there: a fact of its own, as against who said they would come; and what follows from it for a host.
//!
//! **The rule.** Of the last [`LOOKED_AT`] sessions that are over and at which anybody is known to have been, somebody came to some. Whoever came to more than half of them,
//! and to three or more, is a **regular**; whoever came once is a **drop-in**; everybody in between is **occasional**. It is for
//! hosts alone, so that they notice who is missed, and it is said in words: nobody has a score, and a session missed breaks nothing.

use super::{Gathering, Session};
use crate::{
    ids::MemberId,
    outcome::AboutField,
    people::Byline,
    text::{self, Field, TextRefusal},
    time::Timestamp,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// How many of the last sessions are looked at.
pub const LOOKED_AT: usize = 8;
/// Fewest sessions that make somebody a regular.
pub const REGULARLY: usize = 3;
/// How many sessions in a row somebody who used to come has missed before a host is told.
pub const MISSED: usize = 3;
/// Most people without an account that a session's list can name.
pub const MOST_NAMES: usize = 100;

/// By whom it is known that somebody was there. A later one goes before an earlier one: what one says oneself stands against the room and
/// the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KnownBy {
    /// They were in the room.
    Room,
    /// A host ticked them off.
    Host,
    /// They said so themselves.
    Themselves,
}

impl KnownBy {
    /// All three.
    pub const ALL: [Self; 3] = [Self::Room, Self::Host, Self::Themselves];
    /// The number for it in records; a higher one goes before a lower one.
    pub fn rank(self) -> i64 {
        self as i64
    }
}

/// Whether somebody was at a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attendance {
    /// Who.
    pub who: Byline,
    /// They were there; `false` is said of somebody of whom it had been thought.
    pub came: bool,
    /// By whom it is known.
    pub known_by: KnownBy,
}

/// How often somebody comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Nearly always.
    Regular,
    /// Every couple of sessions.
    Occasional,
    /// Once.
    DropIn,
}

impl Kind {
    /// What hosts call them.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Regular => "Regulars",
            Self::Occasional => "Now and then",
            Self::DropIn => "Dropped in",
        }
    }
}

/// At which of the last sessions somebody was, the latest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record(pub Vec<bool>);

impl Record {
    /// How many.
    pub fn came(&self) -> usize {
        self.0.iter().filter(|came| **came).count()
    }

    /// How many of the latest in a row they missed.
    pub fn missed(&self) -> usize {
        self.0.iter().take_while(|came| !**came).count()
    }

    /// How often they come, by the rule above; `None` for who never did.
    pub fn kind(&self) -> Option<Kind> {
        match self.came() {
            0 => None,
            came if came >= REGULARLY && 2 * came > self.0.len() => Some(Kind::Regular),
            1 => Some(Kind::DropIn),
            _ => Some(Kind::Occasional),
        }
    }

    /// Somebody who used to come, and is missed.
    pub fn is_missed(&self) -> bool {
        self.missed() >= MISSED && self.came() >= REGULARLY
    }

    /// `Came to 6 of the last 8, and missed the last 3.`
    pub fn in_words(&self) -> String {
        let (came, all) = (self.came(), self.0.len());
        let came = match (came, all) {
            (1, 1) => "Came to the one there was".to_owned(),
            (came, all) if came == all => format!("Came to all of the last {all}"),
            (came, all) => format!("Came to {came} of the last {all}"),
        };
        match self.missed() {
            0 => format!("{came}."),
            1 => format!("{came}, and missed the last one."),
            missed => format!("{came}, and missed the last {missed}."),
        }
    }
}

/// Somebody who came to some of the last sessions, for a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comer {
    /// Who.
    pub who: Byline,
    /// To which they came.
    pub record: Record,
}

/// Who came to the last sessions, for a host: those who are missed first, then by how often they come, then by what they are called.
pub fn comers(dates: &[NaiveDate], came: Vec<(NaiveDate, Byline)>) -> Vec<Comer> {
    let mut all: Vec<Comer> = Vec::new();
    for (date, who) in came {
        let Some(at) = dates.iter().position(|one| *one == date) else { continue };
        let known = all.iter().position(|comer| comer.who.id == who.id).unwrap_or_else(|| {
            all.push(Comer { who, record: Record(vec![false; dates.len()]) });
            all.len() - 1
        });
        all[known].record.0[at] = true;
    }
    all.sort_by_cached_key(|comer| (!comer.record.is_missed(), comer.record.kind(), comer.who.display_name.to_lowercase(), comer.who.id));
    all
}

/// How many sessions in a row nobody came to before a host is asked whether it is still on.
pub const UNATTENDED: usize = 2;

/// Whether a host is to be asked if a series without an end is still on: nobody but its host came to the last [`UNATTENDED`] sessions since
/// `since`, or says that they come to a later one. `last_sign` is the date of the last session of which somebody said, did or left
/// something. Returns the last session.
pub fn is_it_still_on(gathering: &Gathering, last_sign: Option<NaiveDate>, since: Timestamp, now: Timestamp) -> Option<Session> {
    let last = gathering.last_over(now, UNATTENDED);
    let first = last.last().filter(|_| last.len() == UNATTENDED)?;
    let attended = last_sign.is_some_and(|sign| sign >= first.date);
    (first.starts_at >= since && !attended).then(|| last[0])
}

/// One's own: a session at which one was, or was thought to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MyAttendance {
    /// The gathering's address part.
    pub slug: String,
    /// Its title; `None` where it is for named people and one is not among them any more.
    pub title: Option<String>,
    /// The session.
    pub date: NaiveDate,
    /// When it began.
    pub starts_at: Timestamp,
    /// One was there.
    pub came: bool,
    /// By whom it is known.
    pub known_by: KnownBy,
}

/// A host's check list, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CheckForm {
    /// Those on the list.
    pub listed: Vec<MemberId>,
    /// Those of them who were there.
    pub came: Vec<MemberId>,
    /// Who else was there and has no account here: names, one a line.
    pub others: String,
}

/// Why attendance was not kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum AttendanceRefusal {
    /// A name is too long.
    #[error(transparent)]
    Text(#[from] TextRefusal),
    /// More than [`MOST_NAMES`].
    #[error("That is more than {MOST_NAMES} names. Write down those whom you want to remember.")]
    TooMany,
    /// It has not begun.
    #[error("It has not begun yet. Who was there can be said once it has.")]
    Early,
    /// No such session, or not theirs to say.
    #[error("That is not here any more.")]
    Gone,
}

impl AboutField for AttendanceRefusal {
    fn field(&self) -> Option<&str> {
        match self {
            Self::Text(reason) => reason.field(),
            Self::TooMany => Some("others"),
            Self::Early | Self::Gone => None,
        }
    }
}

impl CheckForm {
    /// The names of those without an account: each once, in order.
    pub fn names(&self) -> Result<Vec<String>, AttendanceRefusal> {
        let mut names: Vec<String> = Vec::new();
        for line in self.others.lines().filter(|line| !line.trim().is_empty()) {
            let name = text::line(Field("others", "A name"), line, 60)?;
            if !names.contains(&name) {
                names.push(name);
            }
        }
        if names.len() > MOST_NAMES { Err(AttendanceRefusal::TooMany) } else { Ok(names) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::people::Handle;

    /// `x` came, `.` did not; the latest first.
    fn record(marks: &str) -> Record {
        Record(marks.chars().map(|mark| mark == 'x').collect())
    }

    #[test]
    fn regulars_came_to_more_than_half_and_to_three_or_more() {
        for (marks, kind) in [
            ("xxxxxxxx", Some(Kind::Regular)),
            ("x.x.xx.x", Some(Kind::Regular)),
            ("x.x.x.x.", Some(Kind::Occasional)),
            ("...x....", Some(Kind::DropIn)),
            ("........", None),
            ("xxx", Some(Kind::Regular)),
            ("xx", Some(Kind::Occasional)),
            ("x", Some(Kind::DropIn)),
            ("", None),
        ] {
            assert_eq!(record(marks).kind(), kind, "{marks}");
        }
    }

    #[test]
    fn what_a_host_reads_is_for_care() {
        assert_eq!(record("...xxxxx").in_words(), "Came to 5 of the last 8, and missed the last 3.");
        assert_eq!(record(".xxx").in_words(), "Came to 3 of the last 4, and missed the last one.");
        assert_eq!(record("xxxx").in_words(), "Came to all of the last 4.");
        assert_eq!(record("x").in_words(), "Came to the one there was.");
        assert!(record("...xxx").is_missed() && !record("..xxxx").is_missed() && !record("...x").is_missed());
    }

    #[test]
    fn those_who_are_missed_stand_first_and_a_date_that_is_not_looked_at_counts_for_nobody() {
        let dates: Vec<NaiveDate> = (1..=6).rev().map(|day| NaiveDate::from_ymd_opt(2026, 11, day).expect("a date")).collect();
        let who = |id: i64, name: &str| Byline {
            id: MemberId(id),
            name: Handle::parse(&name.to_lowercase()).expect("a name"),
            display_name: name.into(),
            picture: None,
        };
        let on = |day: u32, id: i64, name: &str| (NaiveDate::from_ymd_opt(2026, 11, day).expect("a date"), who(id, name));
        let mut came: Vec<_> = (1..=6).map(|day| on(day, 1, "Bo")).collect();
        came.extend((1..=3).map(|day| on(day, 2, "Ana")));
        came.push(on(6, 3, "Cem"));
        came.push((NaiveDate::from_ymd_opt(2020, 1, 1).expect("a date"), who(4, "Dov")));
        let found = comers(&dates, came);
        let said: Vec<_> = found.iter().map(|comer| (comer.who.display_name.as_str(), comer.record.kind())).collect();
        assert_eq!(said, [("Ana", Some(Kind::Occasional)), ("Bo", Some(Kind::Regular)), ("Cem", Some(Kind::DropIn))]);
    }

    #[test]
    fn a_name_is_written_down_once() {
        let form = CheckForm { others: " Oma Lise \n\nMr. Petersen\nOma Lise".into(), ..CheckForm::default() };
        assert_eq!(form.names(), Ok(vec!["Oma Lise".to_owned(), "Mr. Petersen".to_owned()]));
        let many = CheckForm { others: (0..101).map(|n| format!("Name {n}\n")).collect(), ..CheckForm::default() };
        assert_eq!(many.names(), Err(AttendanceRefusal::TooMany));
    }

    #[test]
    fn a_host_is_asked_after_two_sessions_in_a_row_to_which_nobody_came() {
        use crate::gatherings::tests::{NOW, gathering};
        // It is Wednesday 30 November; the Thursdays before are the 17th and the 24th.
        let thursdays = gathering("soup", "2026-11-05", "FREQ=WEEKLY;BYDAY=TH");
        let (never, now) = (Timestamp(0), NOW);
        let last = thursdays.last_over(now, 3);
        assert_eq!(last.len(), 3);
        assert!(last.is_sorted_by(|a, b| a.starts_at > b.starts_at) && last[0].ends_at <= now);
        assert_eq!(is_it_still_on(&thursdays, None, never, now), Some(last[0]));
        assert_eq!(is_it_still_on(&thursdays, Some(last[2].date), never, now), Some(last[0]), "what was before was before");
        assert_eq!(is_it_still_on(&thursdays, Some(last[1].date), never, now), None, "somebody was at the last but one");
        assert_eq!(is_it_still_on(&thursdays, Some(now_date(now)), never, now), None, "somebody says that they come");
        assert_eq!(is_it_still_on(&thursdays, None, last[0].starts_at, now), None, "its host has just said that it is");
        let young = gathering("soup", &last[0].date.to_string(), "FREQ=WEEKLY");
        assert_eq!(is_it_still_on(&young, None, never, now), None, "there was only one");
    }

    fn now_date(now: Timestamp) -> NaiveDate {
        chrono::DateTime::<chrono::Utc>::from(now.plus_days(9)).date_naive()
    }
}
