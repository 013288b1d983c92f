//! Saying whether one comes, and on which terms: room and who waits for it, guests, until when to answer, and who is shown the link.
//!
//! A yes takes a seat for oneself and each guest. Where there is none, one waits. Whenever seats get free, those who wait move up in
//! the order in which they said yes; a party that does not fit is passed over and keeps its place.

use super::{
    Answer, Gathering, LONGEST_MINUTES, NEXT_SESSIONS, PlanRefusal, Rsvp, Session,
    changes::SeriesChange,
    sessions::{self, Schedule},
};
use crate::{
    ids::{GatheringId, MemberId},
    outcome::AboutField,
    text::{self, Field, TextRefusal},
    time::Timestamp,
};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Most seats that a gathering can have.
pub const MOST_SEATS: u32 = 10_000;
/// Most guests that one may bring.
pub const MOST_GUESTS: u32 = 5;
/// How long before a session its link is shown, in minutes, unless its host says otherwise.
pub const LINK_OPENS: u32 = 30;
/// The answer to "how long before is the link shown?" that means always: longer than any calendar of ours goes on, in minutes.
pub const LINK_ALWAYS: u32 = 100 * 366 * 24 * 60;

/// On which terms one comes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Terms {
    /// What to look for at the door; may be empty.
    pub door: String,
    /// How many minutes before a session those who come are shown the link, up to [`LINK_ALWAYS`].
    pub link_opens: u32,
    /// How many it has room for, 1 to [`MOST_SEATS`]; `None` is for all who come.
    pub capacity: Option<u32>,
    /// How many guests each may bring, up to [`MOST_GUESTS`].
    pub guests: u32,
    /// How many hours before a session one has to answer.
    pub answer_by: Option<u32>,
}

impl Default for Terms {
    fn default() -> Self {
        Self { door: String::new(), link_opens: LINK_OPENS, capacity: None, guests: 0, answer_by: None }
    }
}

/// The form's part on the terms, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct TermsForm {
    /// What to look for at the door, up to 300 characters.
    pub door: String,
    /// Minutes before; empty is [`LINK_OPENS`].
    pub link_opens: String,
    /// How many it has room for; empty is for all who come.
    pub capacity: String,
    /// How many guests each may bring; empty is none.
    pub guests: String,
    /// How many hours before one has to answer; empty is until it is over.
    pub answer_by: String,
}

/// What stands at the door, as a field; and its longest, in characters.
pub(super) const DOOR: Field = Field("door", "What to look for at the door");
/// See [`DOOR`].
pub(super) const LONGEST_DOOR: usize = 300;

impl TermsForm {
    /// Checks the form.
    pub fn check(&self) -> Result<Terms, PlanRefusal> {
        let number = |typed: &str, least: u32, most: u32, refusal: PlanRefusal| match typed.trim() {
            "" => Ok(None),
            typed => typed.parse().ok().filter(|n| (least..=most).contains(n)).map(Some).ok_or(refusal),
        };
        Ok(Terms {
            door: text::line(DOOR, &self.door, LONGEST_DOOR)?,
            link_opens: number(&self.link_opens, 0, LINK_ALWAYS, PlanRefusal::LinkOpens)?.unwrap_or(LINK_OPENS),
            capacity: number(&self.capacity, 1, MOST_SEATS, PlanRefusal::Capacity)?,
            guests: number(&self.guests, 0, MOST_GUESTS, PlanRefusal::Guests)?.unwrap_or(0),
            answer_by: number(&self.answer_by, 1, LONGEST_MINUTES / 60 * 5, PlanRefusal::AnswerBy)?,
        })
    }
}

/// The form for an answer, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RsvpForm {
    /// A word with it, up to 200 characters.
    pub note: String,
    /// How many guests come along; empty is none.
    pub guests: String,
    /// Any text where the form asks whether one comes each time.
    pub series: Option<String>,
    /// Any text when that is ticked.
    pub always: Option<String>,
    /// Any text where the form asks for neither a note nor guests: those of an earlier answer stay.
    pub keep: Option<String>,
}

/// Why an answer was not taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum RsvpRefusal {
    /// The note is too long.
    #[error(transparent)]
    Text(#[from] TextRefusal),
    /// More guests than one may bring.
    #[error("{}", guests_in_words(*.most))]
    Guests {
        /// How many one may bring.
        most: u32,
    },
    /// It is too late for a yes.
    #[error("Answers were needed earlier. Write to whoever keeps it: there may still be a way.")]
    Late,
    /// There is no such session for this viewer.
    #[error("There is no session on that day.")]
    Gone,
    /// It is over.
    #[error("That one is over. If there is a next one, this page says when.")]
    Over,
    /// It was cancelled.
    #[error("That one was cancelled. Above, it says why.")]
    Cancelled,
}

fn guests_in_words(most: u32) -> String {
    match most {
        0 => "There is only room for you yourself this time.".to_owned(),
        1 => "You can bring one guest.".to_owned(),
        most => format!("You can bring up to {most} guests."),
    }
}

// The note is the one field of its form that can be wrong in a way of its own.
impl AboutField for RsvpRefusal {}

/// An answer that may be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRsvp {
    /// To which gathering.
    pub gathering: GatheringId,
    /// How often the gathering had been changed when this was decided.
    pub seen: i64,
    /// To which session.
    pub session: Session,
    /// What.
    pub answer: Answer,
    /// The note; may be empty.
    pub note: String,
    /// How many guests come along.
    pub guests: u32,
    /// From now on they come each time, or no longer; `None` leaves that as it is.
    pub always: Option<bool>,
    /// The sessions some weeks ahead, to which a standing answer is one.
    pub coming: Vec<Session>,
    /// When.
    pub at: Timestamp,
}

/// Decides whether a session may be answered so now by somebody who answered `before` or did not.
pub fn decide_rsvp(
    gathering: &Gathering,
    date: NaiveDate,
    (answer, guests): (Answer, u32),
    before: Option<&Rsvp>,
    now: Timestamp,
) -> Result<Session, RsvpRefusal> {
    let most = gathering.terms.guests;
    // Who can't come after all may say so at any time; and who comes, that they bring fewer, or something else about it.
    let no_more = answer == Answer::No || before.is_some_and(|before| before.answer == answer && guests <= before.guests);
    match gathering.session(date).ok_or(RsvpRefusal::Gone)? {
        session if session.ends_at <= now => Err(RsvpRefusal::Over),
        session if session.cancelled => Err(RsvpRefusal::Cancelled),
        session if !no_more && answer_by(gathering, &session).is_some_and(|by| by <= now) => Err(RsvpRefusal::Late),
        _ if answer == Answer::Yes && guests > most => Err(RsvpRefusal::Guests { most }),
        session => Ok(session),
    }
}

/// The note and the guests of somebody's earlier answer, for one that is given where neither is asked for: a word that was said
/// is not lost by a press of a button. No more guests than one may bring by now.
pub fn kept(earlier: Option<&Rsvp>, terms: &Terms) -> (String, u32) {
    earlier.map_or_else(Default::default, |earlier| (earlier.note.clone(), earlier.guests.min(terms.guests)))
}

/// Until when a session is to be answered, if its host needs to know.
pub fn answer_by(gathering: &Gathering, session: &Session) -> Option<Timestamp> {
    gathering.terms.answer_by.map(|hours| session.starts_at.plus_seconds(-3600 * i64::from(hours)))
}

/// From when on those who come are shown the link of a session.
pub fn link_from(gathering: &Gathering, session: &Session) -> Timestamp {
    session.starts_at.plus_seconds(-60 * i64::from(gathering.terms.link_opens))
}

/// The session of which those are told who come each time, where sessions become other ones than they were by a schedule, place and link,
/// also so far ahead that nobody has answered them yet: the first that begins at a time when there was none, or is elsewhere. `None` where
/// all of the next stay as they were.
pub fn first_other(change: &SeriesChange, was: &Schedule, (place, link): (&str, &str)) -> Option<Session> {
    let (new, now) = (&change.new, change.new.at);
    let own = |date: NaiveDate| change.exceptions.iter().any(|(own, ..)| own.date == date);
    let next = |schedule: &Schedule| -> Vec<Session> {
        let from = sessions::from(schedule, change.from.max(sessions::earliest(schedule, now)));
        from.filter(|session| session.starts_at > now && !own(session.date)).take(NEXT_SESSIONS).collect()
    };
    let (before, after) = (next(was), next(&new.schedule));
    let starts = |sessions: &[Session]| sessions.iter().map(|session| session.starts_at).collect::<Vec<_>>();
    let (elsewhere, before) = ((new.place.as_str(), new.link.as_str()) != (place, link), starts(&before));
    if !elsewhere && before == starts(&after) {
        return None;
    }
    // Where there are fewer than before, each of them was there, and the first stands for all.
    let known = |session: &&Session| before.last().is_none_or(|last| session.starts_at <= *last);
    let other = after.iter().take_while(known).find(|session| elsewhere || !before.contains(&session.starts_at));
    other.or(after.first()).copied()
}

/// When one is reminded of a session that one said yes or maybe to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reminder {
    /// A day before.
    Day,
    /// An hour before.
    Hour,
}

impl Reminder {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Day, Self::Hour];
    /// The word for it in records and notifications.
    pub fn word(self) -> &'static str {
        match self {
            Self::Day => "tomorrow",
            Self::Hour => "soon",
        }
    }
    /// How long before, in seconds.
    pub fn ahead(self) -> i64 {
        match self {
            Self::Day => 86_400,
            Self::Hour => 3600,
        }
    }
    /// Between which starts sessions are of which one is reminded now; the later reminder takes the place of an earlier one that
    /// was not given in time.
    pub fn due(self, now: Timestamp) -> (Timestamp, Timestamp) {
        let from = if self == Self::Day { now.plus_seconds(Self::Hour.ahead()) } else { now };
        (from, now.plus_seconds(self.ahead()))
    }
}

/// Which reminders somebody wants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reminders {
    /// A day and an hour before.
    #[default]
    Both,
    /// A day before.
    Day,
    /// An hour before.
    Hour,
    /// None.
    None,
}

impl Reminders {
    /// All choices.
    pub const ALL: [Self; 4] = [Self::Both, Self::Day, Self::Hour, Self::None];
    /// The word for it in records and forms.
    pub fn word(self) -> &'static str {
        match self {
            Self::Both => "both",
            Self::Day => "day",
            Self::Hour => "hour",
            Self::None => "none",
        }
    }
    /// The choice of that word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reminders| reminders.word() == word)
    }
    /// Whether it holds a reminder.
    pub fn hold(self, reminder: Reminder) -> bool {
        match self {
            Self::Both => true,
            Self::Day => reminder == Reminder::Day,
            Self::Hour => reminder == Reminder::Hour,
            Self::None => false,
        }
    }
}

/// Whether a party finds room beside those who have a seat.
pub fn has_room(capacity: Option<u32>, taken: u32, party: u32) -> bool {
    capacity.is_none_or(|capacity| taken.saturating_add(party) <= capacity)
}

/// Who of those who wait, in their order and each with how many they are, moves up.
pub fn moved_up(capacity: Option<u32>, mut taken: u32, waiting: &[(MemberId, u32)]) -> Vec<MemberId> {
    let fits = |(_, party): &&(MemberId, u32)| {
        let fits = has_room(capacity, taken, *party);
        taken += if fits { *party } else { 0 };
        fits
    };
    waiting.iter().filter(fits).map(|(member, _)| *member).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn who_waits_moves_up_in_order_and_a_party_that_does_not_fit_keeps_its_place() {
        let waiting = [(MemberId(1), 3), (MemberId(2), 1), (MemberId(3), 1), (MemberId(4), 1)];
        assert_eq!(moved_up(Some(10), 8, &waiting), [MemberId(2), MemberId(3)]);
        assert_eq!(moved_up(Some(10), 7, &waiting), [MemberId(1)]);
        assert_eq!(moved_up(None, 7, &waiting).len(), 4);
    }

    #[test]
    fn those_who_come_each_time_hear_of_the_first_session_that_is_another_one() {
        use crate::gatherings::{changes::Reach, tests::gathering};
        let (first, now) = ("2026-12-03", crate::gatherings::tests::NOW);
        let new = |rule: &str, first: &str, place: &str| {
            let was = gathering("soup", first, rule);
            let new = crate::gatherings::tests::new_gathering(was.schedule, place);
            crate::gatherings::NewGathering { at: now, ..new }
        };
        let monthly = "FREQ=MONTHLY;BYMONTHDAY=3";
        let told = |new: crate::gatherings::NewGathering, reach: Reach| {
            let was = gathering("soup", first, monthly);
            let change = SeriesChange::decide(&was, new, reach, &[]).expect("may be");
            first_other(&change, &was.schedule, (&was.place, &was.link)).map(|session| session.date.to_string())
        };
        let from = |date: &str| Reach::From(date.parse().expect("a date"));
        assert_eq!(told(new(monthly, first, "here"), Reach::Whole), None);
        assert_eq!(told(new(monthly, "2027-06-03", "here"), from("2027-06-03")), None, "from some date on it is what it was");
        assert_eq!(told(new(monthly, first, "there"), Reach::Whole).as_deref(), Some("2026-12-03"));
        assert_eq!(told(new(monthly, "2027-06-03", "there"), from("2027-06-03")).as_deref(), Some("2027-06-03"));
        assert_eq!(told(new("FREQ=MONTHLY;BYMONTHDAY=3,4", first, "here"), Reach::Whole).as_deref(), Some("2026-12-04"));
        assert_eq!(
            told(new("FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=3", first, "here"), Reach::Whole).as_deref(),
            Some("2026-12-03"),
            "there are fewer"
        );
    }

    #[test]
    fn one_is_reminded_a_day_before_and_an_hour_before_but_not_of_both_at_once() {
        let now = Timestamp(0);
        let due = |minutes: i64| {
            let starts = now.plus_seconds(60 * minutes);
            let is_due = |reminder: &Reminder| {
                let (from, until) = reminder.due(now);
                from < starts && starts <= until
            };
            Reminder::ALL.into_iter().filter(is_due).collect::<Vec<_>>()
        };
        assert_eq!(due(25 * 60), []);
        assert_eq!(due(24 * 60), [Reminder::Day]);
        assert_eq!(due(61), [Reminder::Day]);
        assert_eq!(due(60), [Reminder::Hour]);
        assert_eq!(due(0), []);
    }

    #[test]
    fn terms_are_numbers_within_bounds_or_left_open() {
        assert_eq!(TermsForm::default().check(), Ok(Terms::default()));
        let with = |field: fn(&mut TermsForm) -> &mut String, typed: &str| {
            let mut form = TermsForm::default();
            *field(&mut form) = typed.to_owned();
            form.check()
        };
        assert_eq!(with(|form| &mut form.capacity, "12").map(|terms| terms.capacity), Ok(Some(12)));
        for (field, typed, refusal) in [
            ((|form| &mut form.capacity) as fn(&mut TermsForm) -> &mut String, "0", PlanRefusal::Capacity),
            (|form| &mut form.capacity, "many", PlanRefusal::Capacity),
            (|form| &mut form.guests, "6", PlanRefusal::Guests),
            (|form| &mut form.answer_by, "-1", PlanRefusal::AnswerBy),
            (|form| &mut form.link_opens, "soon", PlanRefusal::LinkOpens),
        ] {
            assert_eq!(with(field, typed), Err(refusal), "{typed}");
        }
    }

    proptest! {
        #[test]
        fn never_more_come_than_there_is_room_for(capacity in 1u32..20, taken in 0u32..20, parties in proptest::collection::vec(1u32..4, 0..12)) {
            let waiting: Vec<_> = parties.iter().enumerate().map(|(at, party)| (MemberId(at as i64), *party)).collect();
            let up = moved_up(Some(capacity), taken, &waiting);
            let seats: u32 = waiting.iter().filter(|(member, _)| up.contains(member)).map(|(_, party)| party).sum();
            prop_assert!(up.is_empty() || taken + seats <= capacity);
            // Nobody who would still fit is left waiting.
            prop_assert!(waiting.iter().all(|(member, party)| up.contains(member) || !has_room(Some(capacity), taken + seats, *party)));
        }
    }
}
