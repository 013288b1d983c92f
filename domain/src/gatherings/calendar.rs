//! The sessions of a gathering as they really are: its rhythms one after the other, less what was left out, with what was moved,
//! cancelled or added.
//!
//! A session is known by its date for good, by which people answered it and by which its address goes: one that was moved keeps
//! the date that it was moved from (RFC 5545 calls it the RECURRENCE-ID).

use super::{
    Gathering, Session,
    clock::RoomPlan,
    coming::Terms,
    rule::{Ends, Rule},
    sessions::{self, LAST_YEAR, Schedule},
};
use crate::{prose::SafeHtml, time::Timestamp};
use chrono::{Datelike, NaiveDate, NaiveTime};
use serde::{Deserialize, Serialize};

/// When and where a gathering was before it was changed from some session on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rhythm {
    /// When; it ends before the next rhythm begins.
    pub schedule: Schedule,
    /// Where, in words.
    pub place: String,
    /// It was (also) online, which visitors are told as well.
    pub online: bool,
    /// Where to click; for members only.
    pub link: String,
    /// What to look for at the door; may be empty.
    pub door: String,
}

/// What one date of a gathering has of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exception {
    /// The date by which the session is known.
    pub date: NaiveDate,
    /// Whether there is a session, and by what.
    pub standing: Standing,
    /// Its own time, where it has one.
    pub moved: Option<Moved>,
    /// Why it does not take place.
    pub cancelled: Option<String>,
    /// Its own place.
    pub place: Option<String>,
    /// Whether it is (also) online, where it has a link of its own or none in place of the usual one.
    pub online: Option<bool>,
    /// Its own link; for members only.
    pub link: Option<String>,
    /// What to look for at the door, where that is not the usual.
    pub door: Option<String>,
    /// What happens this time, as typed; may be empty.
    pub markdown: String,
    /// What happens this time, as shown.
    pub html: SafeHtml,
    /// What is set up for its room, where that is not the usual.
    pub room: Option<RoomPlan>,
    /// How often it was changed by itself (RFC 5545's SEQUENCE).
    pub changes: i64,
    /// When it was last changed.
    pub changed_at: Timestamp,
}

/// Whether there is a session on a date, and by what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// As the rule says.
    #[default]
    Usual,
    /// The rule gives it, and it was left out.
    LeftOut,
    /// It was added to what the rule gives.
    Extra,
}

impl Standing {
    /// All three.
    pub const ALL: [Self; 3] = [Self::Usual, Self::LeftOut, Self::Extra];
    /// The word for it in records.
    pub fn word(self) -> &'static str {
        match self {
            Self::Usual => "usual",
            Self::LeftOut => "left-out",
            Self::Extra => "extra",
        }
    }
    /// The standing of that word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|standing| standing.word() == word)
    }
}

/// A time that one session has of its own, on the gathering's wall clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    /// The day.
    pub date: NaiveDate,
    /// The start.
    pub time: NaiveTime,
    /// How long it takes, in minutes.
    pub minutes: u32,
}

/// All sessions that will not take place, from an instant on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancelled {
    /// From when on.
    pub at: Timestamp,
    /// Why.
    pub why: String,
}

impl Exception {
    /// A date that has nothing of its own yet.
    pub fn none(date: NaiveDate) -> Self {
        Self {
            date,
            standing: Standing::Usual,
            moved: None,
            cancelled: None,
            place: None,
            online: None,
            link: None,
            door: None,
            markdown: String::new(),
            html: SafeHtml::default(),
            room: None,
            changes: 0,
            changed_at: Timestamp(0),
        }
    }

    /// Whether something was said of it, set up for it or said about where it is.
    pub fn has_words(&self) -> bool {
        let of_its_place = self.place.is_some() || self.link.is_some() || self.door.is_some();
        of_its_place || self.room.is_some() || !self.markdown.is_empty()
    }

    /// Whether calendars are told of it: it is not as the series says.
    pub fn is_one(&self) -> bool {
        self.standing != Standing::Usual
            || self.moved.is_some()
            || self.cancelled.is_some()
            || self.place.is_some()
            || self.link.is_some()
            || !self.markdown.is_empty()
    }
}

impl Gathering {
    /// Its schedules, the earliest first; the last is the present one.
    pub fn schedules(&self) -> impl Iterator<Item = &Schedule> {
        self.former.iter().map(|rhythm| &rhythm.schedule).chain([&self.schedule])
    }

    /// What a date has of its own.
    pub fn exception(&self, date: NaiveDate) -> Option<&Exception> {
        self.exceptions.binary_search_by_key(&date, |exception| exception.date).ok().map(|at| &self.exceptions[at])
    }

    /// The rhythm that a date belongs to; `None` is the present one.
    pub fn rhythm(&self, date: NaiveDate) -> Option<&Rhythm> {
        if date >= self.schedule.first {
            return None;
        }
        self.former.iter().rev().find(|rhythm| rhythm.schedule.first <= date).or(self.former.first())
    }

    /// The schedule that a date belongs to.
    pub fn schedule_on(&self, date: NaiveDate) -> &Schedule {
        self.rhythm(date).map_or(&self.schedule, |rhythm| &rhythm.schedule)
    }

    /// Where the session of a date would be, and where to click, if it had nothing of its own.
    pub fn usual_place_on(&self, date: NaiveDate) -> (&str, &str) {
        self.rhythm(date).map_or((&self.place, &self.link), |rhythm| (&rhythm.place, &rhythm.link))
    }

    /// Where the session of a date is, and where to click.
    pub fn place_on(&self, date: NaiveDate) -> (&str, &str) {
        let (place, link) = self.usual_place_on(date);
        let own = self.exception(date);
        let place = own.and_then(|own| own.place.as_deref()).unwrap_or(place);
        let link = own.and_then(|own| own.link.as_deref()).unwrap_or(link);
        (place, link)
    }

    /// What to look for at the door on a date, if it had nothing of its own.
    pub fn usual_door_on(&self, date: NaiveDate) -> &str {
        self.rhythm(date).map_or(&self.terms.door, |rhythm| &rhythm.door)
    }

    /// What to look for at the door on a date.
    pub fn door_on(&self, date: NaiveDate) -> &str {
        self.exception(date).and_then(|own| own.door.as_deref()).unwrap_or_else(|| self.usual_door_on(date))
    }

    /// What is set up for the room of a date's session.
    pub fn room_on(&self, date: NaiveDate) -> &RoomPlan {
        self.exception(date).and_then(|own| own.room.as_ref()).unwrap_or(&self.room)
    }

    /// The gathering as its session of a date has it: with the place, the door and the link of that session.
    pub fn as_on(&self, date: NaiveDate) -> Self {
        let (place, link) = self.place_on(date);
        let (place, link) = (place.to_owned(), link.to_owned());
        let terms = Terms { door: self.door_on(date).to_owned(), ..self.terms.clone() };
        Self { online: self.online_on(date), place, link, terms, ..self.clone() }
    }

    /// When the session of a date would be if it had no time of its own; `None` where the rule gives none.
    pub fn usual_start(&self, date: NaiveDate) -> Option<Timestamp> {
        sessions::on(self.schedule_on(date), date).map(|session| session.starts_at)
    }

    /// Whether the session of a date is (also) online.
    pub fn online_on(&self, date: NaiveDate) -> bool {
        let usual = self.rhythm(date).map_or(self.online, |rhythm| rhythm.online);
        self.exception(date).and_then(|own| own.online).unwrap_or(usual)
    }

    /// Whether the rule gives a date.
    pub fn is_usual(&self, date: NaiveDate) -> bool {
        self.usual_start(date).is_some()
    }

    /// The session of a date, if there is one; also where it was cancelled.
    pub fn session(&self, date: NaiveDate) -> Option<Session> {
        let session = match self.exception(date) {
            Some(own) => self.special(own),
            None => sessions::on(self.schedule_on(date), date),
        };
        session.map(|session| Session { cancelled: session.cancelled || self.is_off(&session), ..session })
    }

    /// Why a session does not take place: it was cancelled by itself, or all that is still to come was.
    pub fn why_cancelled(&self, session: &Session) -> Option<&str> {
        let off = self.cancelled.as_ref().filter(|_| self.is_off(session)).map(|cancelled| cancelled.why.as_str());
        self.exception(session.date).and_then(|own| own.cancelled.as_deref()).or(off)
    }

    /// The sessions that are not over at `now`, soonest first; also those that were cancelled by themselves, but none that was cancelled
    /// with all that was still to come.
    pub fn not_over(&self, now: Timestamp) -> impl Iterator<Item = Session> {
        let usual = self.schedules().flat_map(move |schedule| sessions::not_over(schedule, now));
        let mut usual = usual.filter(|session| self.exception(session.date).is_none()).peekable();
        let mut special: Vec<Session> = self.exceptions.iter().filter_map(|own| self.special(own)).collect();
        special.retain(|session| session.ends_at > now);
        special.sort_by_key(|session| (session.starts_at, session.date));
        let mut special = special.into_iter().peekable();
        let merged = std::iter::from_fn(move || match (usual.peek(), special.peek()) {
            (Some(one), Some(other)) if other.starts_at < one.starts_at => special.next(),
            (Some(_), _) => usual.next(),
            (None, _) => special.next(),
        });
        merged.take_while(|session| !self.is_off(session))
    }

    /// The last sessions that are over and were not cancelled, up to `most`, the latest first.
    pub fn last_over(&self, now: Timestamp, most: usize) -> Vec<Session> {
        let begun = self.schedules().map(|schedule| schedule.first).min().unwrap_or_default();
        // Mostly they are found in the last weeks; of what is rare, years are looked through.
        for days in [60, 400, 3000, 40_000] {
            let over = self.not_over(now.plus_days(-days)).take_while(|session| session.starts_at < now);
            let mut last: Vec<Session> = over.filter(|session| session.ends_at <= now && !session.cancelled).collect();
            let all = chrono::DateTime::<chrono::Utc>::from(now.plus_days(-days)).date_naive() < begun;
            if last.len() >= most || all {
                last.reverse();
                last.truncate(most);
                return last;
            }
        }
        Vec::new()
    }

    /// The last session; `None` if there is always another one, or none at all.
    pub fn last_session(&self) -> Option<Session> {
        let sessions = (!self.is_endless()).then(|| self.not_over(Timestamp(0)));
        sessions.into_iter().flatten().max_by_key(|session| session.ends_at)
    }

    /// When there is nothing more to tell of it: the last session ends, or it was cancelled. The largest number if none is the last.
    pub fn over_at(&self) -> Timestamp {
        if self.is_endless() {
            return Timestamp(i64::MAX);
        }
        let last = self.last_session().map(|session| session.ends_at);
        last.max(self.cancelled.as_ref().map(|cancelled| cancelled.at)).unwrap_or(Timestamp(0))
    }

    /// Those of its schedules that are not over at `now`, the earliest first; where all are, the present one.
    pub fn open_schedules(&self, now: Timestamp) -> Vec<&Schedule> {
        let open: Vec<&Schedule> = self.schedules().filter(|schedule| sessions::not_over(schedule, now).next().is_some()).collect();
        if open.is_empty() { vec![&self.schedule] } else { open }
    }

    /// When the next session is that has its usual time.
    pub fn next_usual(&self, now: Timestamp) -> Option<Timestamp> {
        self.open_schedules(now).first().and_then(|schedule| sessions::not_over(schedule, now).next()).map(|session| session.starts_at)
    }

    /// Whether the clocks skip a session's start.
    pub fn skipped_hour(&self, date: NaiveDate) -> bool {
        let schedule = self.schedule_on(date);
        match self.exception(date).and_then(|own| own.moved) {
            Some(moved) => sessions::skipped(&Schedule { time: moved.time, ..schedule.clone() }, moved.date),
            None => sessions::skipped(schedule, date),
        }
    }

    /// The wall clock that a session of a date has by its rhythm.
    pub fn usual_clock(&self, date: NaiveDate) -> Moved {
        let schedule = self.schedule_on(date);
        Moved { date, time: schedule.time, minutes: schedule.minutes }
    }

    /// The wall clock of a session: what it has of its own, or its rhythm's.
    pub fn wall_clock(&self, date: NaiveDate) -> Moved {
        self.exception(date).and_then(|own| own.moved).unwrap_or_else(|| self.usual_clock(date))
    }

    fn is_endless(&self) -> bool {
        self.cancelled.is_none() && matches!(self.schedule.rule, Some(Rule { ends: Ends::Never, .. }))
    }

    /// Whether a session was cancelled with all that was still to come.
    pub fn is_off(&self, session: &Session) -> bool {
        self.cancelled.as_ref().is_some_and(|cancelled| session.starts_at >= cancelled.at)
    }

    /// The session of a date that has something of its own.
    fn special(&self, own: &Exception) -> Option<Session> {
        let there = match own.standing {
            Standing::LeftOut => false,
            Standing::Extra => own.date.year() <= LAST_YEAR,
            Standing::Usual => self.is_usual(own.date),
        };
        there.then(|| self.own_time(own).0)
    }

    /// The session of a date that has something of its own, and the later of its usual end and its own.
    pub(super) fn own_time(&self, own: &Exception) -> (Session, Timestamp) {
        let (zone, usual) = (&self.schedule_on(own.date).zone, self.usual_clock(own.date));
        let session = |at: Moved| {
            let starts_at = sessions::instant(at.date.and_time(at.time), zone);
            Session { cancelled: own.cancelled.is_some(), ..sessions::lasting(own.date, starts_at, at.minutes) }
        };
        let own = session(own.moved.unwrap_or(usual));
        (own, own.ends_at.max(session(usual).ends_at))
    }
}
