//! What becomes of a gathering when it is changed: this session, this and all later ones, or the whole series.
//!
//! What is over stays as it was. Whoever answered a session goes along with it: to the same date where the new rule has it, else to
//! the nearest date within half a period, else the session is cancelled and they are told.

use super::{
    Gathering, NEXT_SESSIONS, NewGathering, PlanRefusal, Session,
    calendar::{Exception, Moved, Rhythm, Standing},
    clock::{RoomForm, RoomPlanRefusal},
    coming, read_minutes, read_time,
    rule::{Ends, Frequency, Rule, RuleRefusal},
    sessions::{self, Schedule},
};
use crate::{
    ids::GatheringId,
    outcome::AboutField,
    prose::{Prose, SafeUrl},
    text::{self, Field, TextRefusal},
    time::Timestamp,
};
use chrono::{Duration, NaiveDate};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The form for one session, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SessionForm {
    /// Its day, `yyyy-mm-dd`.
    pub date: String,
    /// Its wall-clock start, `hh:mm`.
    pub time: String,
    /// Minutes, 5 to a week.
    pub minutes: String,
    /// Where to go, up to 200 characters.
    pub place: String,
    /// Where to click, an http(s) address.
    pub link: String,
    /// What to look for at the door, up to 300 characters.
    pub door: String,
    /// What happens this time: Markdown, up to 2,000 characters; may be empty.
    pub markdown: String,
    /// What is set up for its room; `None` leaves that as it is.
    pub room: Option<RoomForm>,
    /// How often the session had been changed when the form was filled in.
    pub seen: i64,
}

/// Why a session was not changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum SessionRefusal {
    /// A field's text does not fit.
    #[error(transparent)]
    Text(#[from] TextRefusal),
    /// Not a date.
    #[error("On which day is it? Write the date as year-month-day, such as 2026-12-03.")]
    Date,
    /// Before now.
    #[error("That time is over. Choose one that is still to come.")]
    Past,
    /// Not a time.
    #[error("At what time does it begin? Write it as hours and minutes, such as 19:30.")]
    Time,
    /// Not 5 minutes to a week.
    #[error("How long it takes is a number of minutes, from 5 to 10080 (a week).")]
    Minutes,
    /// Not an http(s) address.
    #[error("The online link is an address that begins with https:// or http://.")]
    Link,
    /// Neither a place nor a link.
    #[error("Where is it? Write a place, an online link, or both.")]
    Nowhere,
    /// The room can't be set up so.
    #[error(transparent)]
    Room(#[from] RoomPlanRefusal),
    /// There is a session on that day.
    #[error("There is one on that day already. It can be changed on its own page.")]
    There,
    /// People have answered it.
    #[error("Somebody has answered that one already. Cancel it instead, and say why: then they are told.")]
    Answered,
    /// Somebody else changed it meanwhile.
    #[error(
        "Somebody changed this one while you were writing. What you wrote is still here; beside it you see what stands now. Save again to keep yours."
    )]
    Overtaken,
    /// It is over.
    #[error("That one is over. What was can't be changed any more.")]
    Over,
    /// Not there, or not theirs to change.
    #[error("That is not here any more.")]
    Gone,
}

impl AboutField for SessionRefusal {
    fn field(&self) -> Option<&str> {
        match self {
            Self::Text(reason) => reason.field(),
            Self::Date | Self::Past | Self::There => Some("date"),
            Self::Time => Some("time"),
            Self::Minutes => Some("minutes"),
            Self::Link => Some("link"),
            Self::Nowhere => Some("place"),
            Self::Room(reason) => reason.field(),
            Self::Answered | Self::Overtaken | Self::Over | Self::Gone => None,
        }
    }
}

/// What those who answered a session are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Told {
    /// It is at another time or in another place.
    Changed,
    /// It does not take place.
    Cancelled,
    /// It takes place after all.
    On,
}

/// One session, changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionChange {
    /// Which gathering's.
    pub gathering: GatheringId,
    /// How often the gathering had been changed when this was decided.
    pub seen: i64,
    /// What its date has of its own from now on.
    pub own: Exception,
    /// The session; where it was left out, the one that is not.
    pub session: Session,
    /// Until when it matters that it has something of its own: the later of its usual end and its own.
    pub until: Timestamp,
    /// When the gathering's last session ends.
    pub over_at: Timestamp,
    /// What those who answered are told.
    pub told: Option<Told>,
}

/// A series, changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeriesChange {
    /// Which gathering.
    pub gathering: GatheringId,
    /// How often it had been changed when this was decided.
    pub seen: i64,
    /// What it is from now on.
    pub new: NewGathering,
    /// When and where it was before.
    pub former: Vec<Rhythm>,
    /// From which date on sessions may be other ones.
    pub from: NaiveDate,
    /// What dates from then on have of their own, each with its session and until when it matters.
    pub exceptions: Vec<(Exception, Session, Timestamp)>,
    /// The dates from then on that people had answered when this was decided.
    pub answered: Vec<NaiveDate>,
    /// What becomes of their sessions.
    pub carried: Vec<Carried>,
    /// When the last session ends.
    pub over_at: Timestamp,
    /// The next session, to which those are asked who are named for the first time.
    pub next: Option<Session>,
}

/// What becomes of a session that people answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Carried {
    /// The date by which it was known.
    pub from: NaiveDate,
    /// The session that it is now; it is cancelled where no other fits.
    pub session: Session,
    /// What those who answered are told.
    pub told: Option<Told>,
}

impl SessionForm {
    /// The form filled in with a session as it is.
    pub fn of(gathering: &Gathering, date: NaiveDate) -> Self {
        let (at, (place, link)) = (gathering.wall_clock(date), gathering.place_on(date));
        let own = gathering.exception(date);
        Self {
            date: at.date.to_string(),
            time: at.time.format("%H:%M").to_string(),
            minutes: at.minutes.to_string(),
            place: place.to_owned(),
            link: link.to_owned(),
            door: gathering.door_on(date).to_owned(),
            markdown: own.map(|own| own.markdown.clone()).unwrap_or_default(),
            room: Some(RoomForm::of(gathering.room_on(date))),
            seen: own.map_or(0, |own| own.changes),
        }
    }

    /// Decides what becomes of the session of a date; `prose` renders what happens this time.
    pub fn check(
        &self,
        gathering: &Gathering,
        date: NaiveDate,
        prose: &dyn Prose,
        now: Timestamp,
    ) -> Result<SessionChange, SessionRefusal> {
        let before = changeable(gathering, date, now)?;
        let own = own_now(gathering, date, now);
        if self.seen != own.changes - 1 {
            return Err(SessionRefusal::Overtaken);
        }
        let at = self.read_time()?;
        let place = text::line(Field("place", "The place"), &self.place, 200)?;
        let link = text::line(Field("link", "The online link"), &self.link, 500)?;
        let door = text::line(coming::DOOR, &self.door, coming::LONGEST_DOOR)?;
        let markdown = text::lines(Field("markdown", "What happens this time"), &self.markdown, 2000)?;
        if !link.is_empty() && SafeUrl::try_from(link.clone()).is_err() {
            return Err(SessionRefusal::Link);
        }
        if place.is_empty() && link.is_empty() {
            return Err(SessionRefusal::Nowhere);
        }
        let room = self.room.as_ref().map(RoomForm::check).transpose()?;
        let (was_at, was_in) = (gathering.wall_clock(date), gathering.place_on(date));
        // Whoever was told that it is cancelled need not know when it would have been.
        let another = was_at != at || was_in != (place.as_str(), link.as_str());
        let told = (another && own.cancelled.is_none()).then_some(Told::Changed);
        let (usual_place, usual_link) = gathering.usual_place_on(date);
        let own = Exception {
            moved: Some(at).filter(|at| *at != gathering.usual_clock(date)),
            place: Some(place).filter(|place| place != usual_place),
            online: Some(!link.is_empty()).filter(|_| link != usual_link),
            link: Some(link).filter(|link| link != usual_link),
            door: Some(door).filter(|door| door != gathering.usual_door_on(date)),
            html: prose.render(&markdown, &BTreeSet::new()),
            markdown,
            room: room.map_or_else(|| own.room.clone(), |room| Some(room).filter(|room| *room != gathering.room)),
            ..own
        };
        let change = SessionChange::of(gathering, own, told);
        // One that goes on now may still be given another end.
        let begins_late = change.session.starts_at == before.starts_at || change.session.starts_at > now;
        if begins_late && change.session.ends_at > now { Ok(change) } else { Err(SessionRefusal::Past) }
    }

    fn read_time(&self) -> Result<Moved, SessionRefusal> {
        Ok(Moved {
            date: super::read_date(&self.date).ok_or(SessionRefusal::Date)?,
            time: read_time(&self.time).ok_or(SessionRefusal::Time)?,
            minutes: read_minutes(&self.minutes).ok_or(SessionRefusal::Minutes)?,
        })
    }
}

impl SessionChange {
    fn of(gathering: &Gathering, own: Exception, told: Option<Told>) -> Self {
        let mut after = gathering.clone();
        after.put(own.clone());
        let (session, until) = after.own_time(&own);
        Self { gathering: gathering.id, seen: gathering.changes, own, session, until, over_at: after.over_at(), told }
    }
}

/// A session that may be changed.
fn changeable(gathering: &Gathering, date: NaiveDate, now: Timestamp) -> Result<Session, SessionRefusal> {
    let session = gathering.session(date).filter(|session| !gathering.is_off(session)).ok_or(SessionRefusal::Gone)?;
    if session.ends_at <= now { Err(SessionRefusal::Over) } else { Ok(session) }
}

/// What a date has of its own, about to be changed once more.
fn own_now(gathering: &Gathering, date: NaiveDate, now: Timestamp) -> Exception {
    let own = gathering.exception(date).cloned().unwrap_or_else(|| Exception::none(date));
    Exception { changes: own.changes + 1, changed_at: now, ..own }
}

/// Leaves a date out. (The store refuses where somebody has answered.)
pub fn leave_out(gathering: &Gathering, date: NaiveDate, now: Timestamp) -> Result<SessionChange, SessionRefusal> {
    changeable(gathering, date, now)?;
    Ok(SessionChange::of(gathering, Exception { standing: Standing::LeftOut, ..own_now(gathering, date, now) }, None))
}

/// Takes a date that was left out in again.
pub fn take_in(gathering: &Gathering, date: NaiveDate, now: Timestamp) -> Result<SessionChange, SessionRefusal> {
    let left_out = gathering.exception(date).is_some_and(|own| own.standing == Standing::LeftOut);
    if !left_out {
        return Err(SessionRefusal::Gone);
    }
    let standing = if gathering.is_usual(date) { Standing::Usual } else { Standing::Extra };
    let change = SessionChange::of(gathering, Exception { standing, ..own_now(gathering, date, now) }, None);
    if change.session.ends_at > now { Ok(change) } else { Err(SessionRefusal::Over) }
}

/// Adds a session that the rule does not give.
pub fn add(gathering: &Gathering, form: &SessionForm, now: Timestamp) -> Result<SessionChange, SessionRefusal> {
    let at = form.read_time()?;
    if gathering.session(at.date).is_some() {
        return Err(SessionRefusal::There);
    }
    let standing = if gathering.is_usual(at.date) { Standing::Usual } else { Standing::Extra };
    let own = Exception {
        standing,
        moved: Some(at).filter(|at| *at != gathering.usual_clock(at.date)),
        cancelled: None,
        ..own_now(gathering, at.date, now)
    };
    let change = SessionChange::of(gathering, own, None);
    if change.session.starts_at <= now {
        return Err(SessionRefusal::Past);
    }
    // Where all that is still to come was cancelled, nothing is added to it.
    if gathering.cancelled.is_some() { Err(SessionRefusal::Gone) } else { Ok(change) }
}

/// Cancels a session, or lets it take place after all where nothing says why it does not.
pub fn cancel(gathering: &Gathering, date: NaiveDate, why: Option<&str>, now: Timestamp) -> Result<SessionChange, SessionRefusal> {
    changeable(gathering, date, now)?;
    let cancelled = why.map(|why| text::needed_line(WHY, why, 300)).transpose()?;
    let own = own_now(gathering, date, now);
    if own.cancelled.is_some() == cancelled.is_some() {
        return Err(SessionRefusal::Overtaken);
    }
    let told = if cancelled.is_some() { Told::Cancelled } else { Told::On };
    Ok(SessionChange::of(gathering, Exception { cancelled, ..own }, Some(told)))
}

pub(super) const WHY: Field = Field("why", "Why it is cancelled");

/// How much of a series is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// All of it. What is over stays as it was.
    Whole,
    /// The session of a date and all later ones.
    From(NaiveDate),
}

/// The day after the last session that has begun: what is on is not taken from under those who are there.
fn first_open_date(gathering: &Gathering, now: Timestamp) -> Option<NaiveDate> {
    let begun = gathering.not_over(Timestamp(0)).take_while(|session| session.starts_at <= now);
    // One that was brought forward does not close the days before its own.
    let by_now = |date: &NaiveDate| gathering.exception(*date).is_none() || gathering.usual_start(*date).is_none_or(|usual| usual <= now);
    begun.map(|session| session.date).filter(by_now).max().and_then(|date| date.succ_opt())
}

/// How a series goes on once it is changed.
struct Course {
    /// From which date on sessions may be other ones.
    from: NaiveDate,
    /// When and where it was before the present rhythm.
    former: Vec<Rhythm>,
    /// The present one.
    present: Rhythm,
}

impl Course {
    /// Decides it: `new` is the rhythm that the form says.
    fn of(gathering: &Gathering, new: &Rhythm, reach: Reach, now: Timestamp) -> Result<Self, PlanRefusal> {
        let rhythms: Vec<Rhythm> = gathering.former.iter().cloned().chain([gathering.present()]).collect();
        let present = gathering.present();
        // What goes on just once is itself: another end or another place concerns those who are there.
        let itself = Schedule { minutes: new.schedule.minutes, ..present.schedule.clone() } == new.schedule;
        let open = if rhythms.len() == 1 && present.schedule.rule.is_none() && itself { None } else { first_open_date(gathering, now) };
        let from = match reach {
            Reach::From(date) => first_day(gathering, &new.schedule, date).max(open.unwrap_or(NaiveDate::MIN)),
            Reach::Whole => {
                open.unwrap_or_else(|| rhythms.iter().map(|rhythm| rhythm.schedule.first).fold(new.schedule.first, NaiveDate::min))
            }
        };
        let mut former: Vec<Rhythm> = rhythms.iter().filter_map(|rhythm| ended_before(rhythm.clone(), from)).collect();
        if let Reach::From(date) = reach {
            let at = rhythms.iter().rposition(|rhythm| rhythm.schedule.first <= date).unwrap_or(0);
            let shown = gathering.begun_with(date).schedule;
            if at + 1 < rhythms.len() && new.schedule.rule == shown.rule && sessions::dates(&shown).next() == Some(new.schedule.first) {
                // Nothing is said of how often it is: later rhythms follow as they did, as far as something is another one now.
                former.extend(rhythms[at..].iter().filter_map(|rhythm| changed_along(rhythm, from, &rhythms[at], new)));
                let present = former.pop().ok_or(PlanRefusal::Past)?;
                return Ok(Self { from, former, present });
            }
        }
        if reach == Reach::Whole {
            // An earlier rhythm that is not over yet changes along with the whole, up to where the present one begins.
            let along = gathering.former.iter().filter_map(|rhythm| changed_along(rhythm, from, &present, new));
            former.pop_if(|last| last.schedule.first == present.schedule.first);
            former.extend(along.filter_map(|rhythm| ended_before(rhythm, new.schedule.first)));
            former.extend(ended_before(present.clone(), from));
        }
        let same_place = (&new.place, &new.link, &new.door) == (&present.place, &present.link, &present.door);
        if new.schedule == present.schedule && (same_place || from <= present.schedule.first) {
            former.pop_if(|last| last.schedule.first == present.schedule.first);
            return Ok(Self { from, former, present: new.clone() });
        }
        // Where something was, nothing is added to what was.
        let ahead = sessions::not_over(&new.schedule, now).find(|session| session.starts_at > now).map(|session| session.date);
        let begins = ahead.filter(|_| open.is_some()).map_or(from, |date| date.max(from));
        let present = Rhythm { schedule: begun_at(new.schedule.clone(), begins)?, ..new.clone() };
        Ok(Self { from, former, present })
    }

    /// The gathering on this course, without what single dates have of their own from its beginning on.
    fn taken_by(&self, gathering: &Gathering) -> Gathering {
        let Rhythm { schedule, place, online, link, door } = self.present.clone();
        let terms = coming::Terms { door, ..gathering.terms.clone() };
        let exceptions = gathering.exceptions.iter().filter(|own| own.date < self.from).cloned().collect();
        Gathering { schedule, place, online, link, terms, former: self.former.clone(), exceptions, ..gathering.clone() }
    }
}

/// The first day of a change from a session on: that of the session, or an earlier one that its host chose, after the session before.
fn first_day(gathering: &Gathering, new: &Schedule, date: NaiveDate) -> NaiveDate {
    let usual = gathering.schedules().filter_map(|schedule| sessions::dates(schedule).take_while(|other| *other < date).last());
    let added = gathering.exceptions.iter().filter(|own| own.standing == Standing::Extra && own.date < date).map(|own| own.date);
    let after = usual.chain(added).max().and_then(|before| before.succ_opt()).unwrap_or(NaiveDate::MIN);
    new.first.max(after).min(date)
}

impl SeriesChange {
    /// Decides what becomes of a series; `answered` are the dates that people answered.
    pub fn decide(gathering: &Gathering, new: NewGathering, reach: Reach, answered: &[NaiveDate]) -> Result<Self, PlanRefusal> {
        Self::decide_with(gathering, new, reach, answered, &[])
    }

    /// As [`SeriesChange::decide`]; `set_up` are dates for which something was set that concerns nobody else. It goes along where it can.
    pub fn decide_with(
        gathering: &Gathering,
        mut new: NewGathering,
        reach: Reach,
        answered: &[NaiveDate],
        set_up: &[NaiveDate],
    ) -> Result<Self, PlanRefusal> {
        let at = new.at;
        let (schedule, place, link, door) = (new.schedule.clone(), new.place.clone(), new.link.clone(), new.terms.door.clone());
        let course = Course::of(gathering, &Rhythm { schedule, place, online: !link.is_empty(), link, door }, reach, at)?;
        let mut after = course.taken_by(gathering);
        let Course { from, former, present } = course;
        Rhythm { schedule: new.schedule, place: new.place, link: new.link, door: new.terms.door, .. } = present;
        let answered: Vec<NaiveDate> = answered.iter().copied().filter(|date| *date >= from).collect();
        keep_singles(gathering, &mut after, from, at);
        let mut taken: BTreeSet<NaiveDate> = answered.iter().copied().filter(|date| after.session(*date).is_some()).collect();
        let mut carried = Vec::new();
        for date in &answered {
            let date = *date;
            let Some(before) = gathering.session(date) else { continue };
            let to = if taken.contains(&date) { date } else { nearest(gathering, &after, date, &taken).unwrap_or(date) };
            taken.insert(to);
            bring_along(gathering, &mut after, (date, to), at);
            if after.session(to).is_none() {
                let why = Some("It does not meet on that day any more.".to_owned());
                let own = gathering.exception(date).cloned().unwrap_or_else(|| Exception::none(date));
                after.put(Exception { standing: Standing::Extra, cancelled: why, changes: own.changes + 1, changed_at: at, ..own });
            }
            let Some(session) = after.session(to) else { continue };
            let told = match () {
                () if before.cancelled && session.cancelled => None,
                () if before.cancelled => Some(Told::On),
                () if session.cancelled => Some(Told::Cancelled),
                () if session.starts_at != before.starts_at || gathering.place_on(date) != after.place_on(to) => Some(Told::Changed),
                () => None,
            };
            carried.push(Carried { from: date, session, told });
        }
        let words = gathering.exceptions.iter().filter(|own| own.has_words()).map(|own| own.date);
        let set_up: BTreeSet<NaiveDate> = set_up.iter().copied().chain(words).collect();
        let (stays, goes): (Vec<NaiveDate>, Vec<NaiveDate>) =
            set_up.iter().filter(|date| **date >= from && !answered.contains(date)).partition(|date| after.session(**date).is_some());
        taken.extend(stays);
        for date in &goes {
            let to = gathering.session(*date).and_then(|_| nearest(gathering, &after, *date, &taken));
            if let Some(session) = to.and_then(|to| after.session(to)) {
                taken.insert(session.date);
                bring_along(gathering, &mut after, (*date, session.date), at);
                carried.push(Carried { from: *date, session, told: None });
            }
        }
        let exceptions = after.exceptions.iter().filter(|own| own.date >= from);
        let exceptions =
            exceptions.map(|own| (own.clone(), after.own_time(own))).map(|(own, (session, until))| (own, session, until)).collect();
        let (seen, over_at, next) = (gathering.changes, after.over_at(), after.not_over(at).next());
        Ok(Self { gathering: gathering.id, seen, new, former, from, exceptions, answered, carried, over_at, next })
    }
}

/// Keeps what single dates have of their own, from a date on, as far as that fits into a series as it is now.
fn keep_singles(gathering: &Gathering, after: &mut Gathering, from: NaiveDate, at: Timestamp) {
    for own in gathering.exceptions.iter().filter(|own| own.date >= from) {
        let usual = after.is_usual(own.date);
        if gathering.session(own.date).is_some_and(|session| session.starts_at <= at) {
            // It was brought forward and has begun: it stays where it was.
            let standing = if usual { own.standing } else { Standing::Extra };
            after.put(Exception { standing, moved: Some(gathering.wall_clock(own.date)), ..own.clone() });
            continue;
        }
        match own.standing {
            Standing::Extra => after.put(Exception { standing: if usual { Standing::Usual } else { Standing::Extra }, ..own.clone() }),
            Standing::Usual | Standing::LeftOut if usual => after.put(own.clone()),
            Standing::Usual | Standing::LeftOut => {}
        }
    }
}

/// Gives a date the words, the room and the place that another one had of its own and that it takes the place of.
fn bring_along(gathering: &Gathering, after: &mut Gathering, (was, date): (NaiveDate, NaiveDate), at: Timestamp) {
    let Some(own) = gathering.exception(was).filter(|own| was != date && own.has_words()) else { return };
    let standing = if after.is_usual(date) { Standing::Usual } else { Standing::Extra };
    after.put(Exception { date, standing, moved: None, cancelled: None, changes: own.changes + 1, changed_at: at, ..own.clone() });
}

impl NewGathering {
    /// The sessions that it leaves out from the beginning.
    pub fn left_out(&self) -> Vec<Session> {
        let without: BTreeSet<NaiveDate> = self.without.iter().copied().collect();
        // No more are ticked than are shown; a walk for each of many would take its time.
        without.into_iter().take(NEXT_SESSIONS).filter_map(|date| sessions::on(&self.schedule, date)).collect()
    }

    /// When the last session ends; the largest number if none is the last.
    pub fn over_at(&self) -> Timestamp {
        if matches!(self.schedule.rule, Some(Rule { ends: Ends::Never, .. })) {
            return Timestamp(i64::MAX);
        }
        let last = sessions::last(&self.schedule, |date| !self.without.contains(&date));
        last.map_or(Timestamp(0), |session| session.ends_at)
    }
}

impl Gathering {
    /// What becomes of it by another schedule, but for those who answered; for looking at before it is kept.
    pub fn looked_at(&self, schedule: Schedule, reach: Reach, now: Timestamp) -> Result<Self, PlanRefusal> {
        let shown = match reach {
            Reach::Whole => self.present(),
            Reach::From(date) => self.begun_with(date).present(),
        };
        let course = Course::of(self, &Rhythm { schedule, ..shown }, reach, now)?;
        let mut after = course.taken_by(self);
        keep_singles(self, &mut after, course.from, now);
        Ok(after)
    }

    /// It as if it began with one of its sessions: what a form begins with that changes it from there on. Its end is that of the series,
    /// also where another rhythm follows.
    pub fn begun_with(&self, from: NaiveDate) -> Self {
        let mut schedule = self.schedule_on(from).clone();
        if let Ok(begun) = begun_at(schedule.clone(), from) {
            schedule = begun;
        }
        if let (Some(rule), true) = (&mut schedule.rule, from < self.schedule.first) {
            let last = sessions::last(&self.schedule, |_| true).map(|session| session.date);
            let endless = matches!(self.schedule.rule, Some(Rule { ends: Ends::Never, .. }));
            rule.ends = last.filter(|_| !endless).map_or(Ends::Never, Ends::On);
        }
        Self { schedule: Schedule { first: from, ..schedule }, ..self.as_on(from) }
    }

    /// When and where it is now.
    fn present(&self) -> Rhythm {
        let (schedule, place, link, door) = (self.schedule.clone(), self.place.clone(), self.link.clone(), self.terms.door.clone());
        Rhythm { schedule, place, online: self.online, link, door }
    }

    /// Puts what a date has of its own in place of what it had.
    fn put(&mut self, own: Exception) {
        match self.exceptions.binary_search_by_key(&own.date, |exception| exception.date) {
            Ok(at) => self.exceptions[at] = own,
            Err(at) => self.exceptions.insert(at, own),
        }
    }
}

/// A rhythm as far as it went before a date; `None` where it had not begun.
fn ended_before(mut rhythm: Rhythm, date: NaiveDate) -> Option<Rhythm> {
    let last = sessions::dates(&rhythm.schedule).take_while(|session| *session < date).last()?;
    if let Some(rule) = &mut rhythm.schedule.rule {
        rule.ends = Ends::On(last);
    }
    Some(rhythm)
}

/// What remains of a rhythm from a date on, with what a change makes another one than it is in the present.
fn changed_along(rhythm: &Rhythm, from: NaiveDate, present: &Rhythm, new: &Rhythm) -> Option<Rhythm> {
    let mut schedule = begun_at(rhythm.schedule.clone(), from).ok()?;
    if new.schedule.time != present.schedule.time {
        schedule.time = new.schedule.time;
    }
    if new.schedule.minutes != present.schedule.minutes {
        schedule.minutes = new.schedule.minutes;
    }
    if new.schedule.zone != present.schedule.zone {
        schedule.zone = new.schedule.zone.clone();
    }
    let place = if new.place == present.place { &rhythm.place } else { &new.place };
    let link = if new.link == present.link { &rhythm.link } else { &new.link };
    let door = if new.door == present.door { &rhythm.door } else { &new.door };
    Some(Rhythm { schedule, place: place.clone(), online: !link.is_empty(), link: link.clone(), door: door.clone() })
}

/// A schedule from a date on: what it would have had before is over, and counts.
fn begun_at(mut schedule: Schedule, date: NaiveDate) -> Result<Schedule, PlanRefusal> {
    let passed = sessions::dates(&schedule).take_while(|session| *session < date).count() as u32;
    let first = sessions::dates_from(&schedule, date).next().ok_or(PlanRefusal::Past)?;
    if let Some(Rule { ends: Ends::After(count), .. }) = &mut schedule.rule {
        *count = count.checked_sub(passed).filter(|left| *left > 0).ok_or(PlanRefusal::Rule(RuleRefusal::Never))?;
    }
    schedule.first = first;
    Ok(schedule)
}

/// The session of the changed series to which those go who answered one that it does not have: the nearest that is nobody else's,
/// not further than half a period.
fn nearest(before: &Gathering, after: &Gathering, date: NaiveDate, taken: &BTreeSet<NaiveDate>) -> Option<NaiveDate> {
    let period = |schedule: &Schedule| match schedule.rule.as_ref().map(|rule| rule.frequency) {
        Some(Frequency::Daily) => 0,
        Some(Frequency::Weekly) => 3,
        Some(Frequency::Monthly) => 15,
        // One that does not repeat is looked for anywhere.
        Some(Frequency::Yearly) => 180,
        None => 20_000,
    };
    let reach = Duration::days(period(before.schedule_on(date)).min(period(&after.schedule)));
    let (earliest, latest) = (date.checked_sub_signed(reach)?, date.checked_add_signed(reach)?);
    let near = sessions::dates_from(&after.schedule, earliest).take_while(|other| *other <= latest);
    near.filter(|other| !taken.contains(other) && after.exception(*other).is_none()).min_by_key(|other| (*other - date).num_days().abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ids::MemberId,
        people::{Byline, Handle},
        prose::SafeHtml,
        time::Zone,
        timeline::Audience,
    };
    use chrono::{NaiveTime, Weekday};
    use proptest::prelude::*;

    /// Shows text as it is.
    struct Plain;

    impl Prose for Plain {
        fn render(&self, markdown: &str, _: &BTreeSet<Handle>) -> SafeHtml {
            SafeHtml::from_sanitizer(markdown.to_owned())
        }
    }

    fn date(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    /// Noon on a date in UTC.
    fn noon(text: &str) -> Timestamp {
        sessions::instant(date(text).and_hms_opt(12, 0, 0).expect("a time"), &Zone::utc())
    }

    fn schedule(first: &str, time: &str, rule: &str) -> Schedule {
        let time = NaiveTime::parse_from_str(time, "%H:%M").expect("a time");
        let zone = Zone::parse("Europe/Lisbon").expect("a zone");
        Schedule { first: date(first), time, minutes: 90, zone, rule: (!rule.is_empty()).then(|| rule.parse().expect("a rule")) }
    }

    fn gathering(schedule: Schedule) -> Gathering {
        Gathering {
            id: GatheringId(1),
            slug: "soup".into(),
            title: "Soup".into(),
            markdown: String::new(),
            html: SafeHtml::default(),
            picture: None,
            schedule,
            former: Vec::new(),
            exceptions: Vec::new(),
            cancelled: None,
            place: "The kitchen".into(),
            online: false,
            link: String::new(),
            audience: Audience::Community,
            host: Byline { id: MemberId(1), name: Handle::parse("ana").expect("a name"), display_name: "Ana".into(), picture: None },
            cohosts: Vec::new(),
            named: Vec::new(),
            terms: super::super::coming::Terms::default(),
            room: Default::default(),
            quiet: false,
            changes: 0,
            planned_at: Timestamp(0),
            changed_at: Timestamp(0),
            mine: true,
        }
    }

    fn new(schedule: Schedule, now: &str) -> NewGathering {
        NewGathering {
            slug: "soup".into(),
            title: "Soup".into(),
            markdown: String::new(),
            html: SafeHtml::default(),
            picture: None,
            alt: String::new(),
            schedule,
            without: Vec::new(),
            place: "The kitchen".into(),
            link: String::new(),
            audience: Audience::Community,
            named: Vec::new(),
            cohosts: Vec::new(),
            terms: super::super::coming::Terms::default(),
            room: Default::default(),
            announce: false,
            at: noon(now),
        }
    }

    /// The gathering that a change makes of one.
    fn after(before: &Gathering, change: &SeriesChange) -> Gathering {
        let mut exceptions: Vec<Exception> = before.exceptions.iter().filter(|own| own.date < change.from).cloned().collect();
        exceptions.extend(change.exceptions.iter().map(|(own, ..)| own.clone()));
        let (schedule, place) = (change.new.schedule.clone(), change.new.place.clone());
        Gathering { schedule, place, former: change.former.clone(), exceptions, ..before.clone() }
    }

    fn days(gathering: &Gathering, from: &str, count: usize) -> Vec<String> {
        let sessions = gathering.not_over(noon(from)).take(count);
        sessions.map(|session| format!("{}{}", session.date.format("%m-%d"), if session.cancelled { "x" } else { "" })).collect()
    }

    fn thursdays() -> Gathering {
        gathering(schedule("2026-12-03", "19:30", "FREQ=WEEKLY;BYDAY=TH"))
    }

    fn with(mut gathering: Gathering, change: Result<SessionChange, SessionRefusal>) -> Gathering {
        gathering.put(change.expect("may be").own);
        gathering
    }

    #[test]
    fn a_moved_session_stands_where_it_is_now_and_keeps_its_address() {
        let form = SessionForm { date: "2026-12-16".into(), ..SessionForm::of(&thursdays(), date("2026-12-10")) };
        let change = form.check(&thursdays(), date("2026-12-10"), &Plain, noon("2026-12-01"));
        assert_eq!(change.as_ref().map(|change| change.told), Ok(Some(Told::Changed)));
        let soup = with(thursdays(), change);
        assert_eq!(days(&soup, "2026-12-01", 4), ["12-03", "12-10", "12-17", "12-24"]);
        let moved = soup.session(date("2026-12-10")).expect("there");
        assert_eq!(moved.starts_at, noon("2026-12-16").plus_seconds(7 * 3600 + 1800));
        let later = SessionForm { date: "2026-12-18".into(), ..SessionForm::of(&soup, date("2026-12-10")) };
        assert_eq!(
            days(&with(soup.clone(), later.check(&soup, date("2026-12-10"), &Plain, noon("2026-12-01"))), "2026-12-01", 4),
            ["12-03", "12-17", "12-10", "12-24"]
        );
    }

    #[test]
    fn a_session_put_back_to_its_usual_time_has_nothing_of_its_own() {
        let usual = SessionForm::of(&thursdays(), date("2026-12-10"));
        let moved = SessionForm { time: "20:00".into(), place: "The attic".into(), ..usual.clone() };
        let soup = with(thursdays(), moved.check(&thursdays(), date("2026-12-10"), &Plain, noon("2026-12-01")));
        let back = SessionForm { seen: 1, ..usual }.check(&soup, date("2026-12-10"), &Plain, noon("2026-12-01")).expect("may be");
        assert!(!back.own.is_one() && back.own.changes == 2 && back.told == Some(Told::Changed), "{back:?}");
    }

    #[test]
    fn a_date_is_left_out_taken_in_again_and_one_is_added() {
        let now = noon("2026-12-01");
        let soup = with(thursdays(), leave_out(&thursdays(), date("2026-12-24"), now));
        assert_eq!(days(&soup, "2026-12-15", 3), ["12-17", "12-31", "01-07"]);
        assert_eq!(soup.session(date("2026-12-24")), None);
        let soup = with(soup.clone(), take_in(&soup, date("2026-12-24"), now));
        assert_eq!(days(&soup, "2026-12-15", 3), ["12-17", "12-24", "12-31"]);
        let extra = SessionForm { date: "2026-12-20".into(), time: "11:00".into(), ..SessionForm::default() };
        let soup = with(soup.clone(), add(&soup, &extra, now));
        assert_eq!(days(&soup, "2026-12-15", 3), ["12-17", "12-20", "12-24"]);
        assert_eq!(add(&soup, &extra, now).map(|_| ()), Err(SessionRefusal::There));
        assert_eq!(add(&soup, &SessionForm { date: "2026-11-20".into(), ..extra }, now).map(|_| ()), Err(SessionRefusal::Past));
    }

    #[test]
    fn what_is_over_can_not_be_changed() {
        let now = noon("2026-12-11");
        let form = SessionForm::of(&thursdays(), date("2026-12-10"));
        assert_eq!(form.check(&thursdays(), date("2026-12-10"), &Plain, now).map(|_| ()), Err(SessionRefusal::Over));
        assert_eq!(leave_out(&thursdays(), date("2026-12-10"), now).map(|_| ()), Err(SessionRefusal::Over));
        let into_the_past = SessionForm { date: "2026-12-10".into(), ..SessionForm::of(&thursdays(), date("2026-12-17")) };
        assert_eq!(into_the_past.check(&thursdays(), date("2026-12-17"), &Plain, now).map(|_| ()), Err(SessionRefusal::Past));
    }

    #[test]
    fn this_and_all_later_ones_leave_the_earlier_as_they_were() {
        let tuesday =
            NewGathering { place: "The boathouse".into(), ..new(schedule("2026-12-15", "18:00", "FREQ=WEEKLY;BYDAY=TU"), "2026-12-01") };
        let change = SeriesChange::decide(&thursdays(), tuesday, Reach::From(date("2026-12-17")), &[]).expect("may be");
        let soup = after(&thursdays(), &change);
        // Its host wants it to begin on the Tuesday before that Thursday.
        assert_eq!(days(&soup, "2026-12-01", 4), ["12-03", "12-10", "12-15", "12-22"]);
        assert_eq!((soup.place_on(date("2026-12-10")).0, soup.place_on(date("2026-12-15")).0), ("The kitchen", "The boathouse"));
        assert_eq!(soup.schedule_on(date("2026-12-10")).time.to_string(), "19:30:00");
    }

    #[test]
    fn a_change_of_the_whole_series_does_not_rewrite_what_is_over() {
        let friday = new(schedule("2026-12-03", "20:00", "FREQ=WEEKLY;BYDAY=FR"), "2026-12-12");
        let change = SeriesChange::decide(&thursdays(), friday, Reach::Whole, &[]).expect("may be");
        let soup = after(&thursdays(), &change);
        assert_eq!(days(&soup, "2026-12-01", 4), ["12-03", "12-10", "12-18", "12-25"]);
    }

    #[test]
    fn a_change_of_the_whole_series_changes_earlier_rhythms_that_are_not_over_along_with_it() {
        let tuesdays = new(schedule("2026-12-15", "18:00", "FREQ=WEEKLY;BYDAY=TU"), "2026-12-01");
        let split = SeriesChange::decide(&thursdays(), tuesdays, Reach::From(date("2026-12-17")), &[]).expect("may be");
        let soup = after(&thursdays(), &split);
        let later = NewGathering {
            place: "The boathouse".into(),
            ..new(Schedule { time: soup.schedule.time + Duration::hours(1), ..soup.schedule.clone() }, "2026-12-04")
        };
        let soup = after(&soup, &SeriesChange::decide(&soup, later, Reach::Whole, &[date("2026-12-10")]).expect("may be"));
        assert_eq!(days(&soup, "2026-12-01", 4), ["12-03", "12-10", "12-15", "12-22"]);
        let at = |day: &str| (soup.wall_clock(date(day)).time.format("%H:%M").to_string(), soup.place_on(date(day)).0.to_owned());
        assert_eq!(at("2026-12-03"), ("19:30".into(), "The kitchen".into()), "what is over stays");
        assert_eq!(at("2026-12-10"), ("19:00".into(), "The boathouse".into()));
        assert_eq!(at("2026-12-22"), ("19:00".into(), "The boathouse".into()));
        let words: Vec<_> = soup.open_schedules(noon("2026-12-04")).into_iter().map(super::super::rule::in_words).collect();
        assert_eq!(words, ["every Thursday, until 10 December 2026", "every Tuesday"]);
    }

    #[test]
    fn a_last_day_for_the_whole_series_leaves_its_earlier_rhythm() {
        let tuesdays = new(schedule("2026-12-15", "18:00", "FREQ=WEEKLY;BYDAY=TU"), "2026-12-01");
        let split = SeriesChange::decide(&thursdays(), tuesdays, Reach::From(date("2026-12-17")), &[]).expect("may be");
        let soup = after(&thursdays(), &split);
        let mut ends = soup.schedule.clone();
        ends.rule = "FREQ=WEEKLY;BYDAY=TU;UNTIL=20261229".parse().ok();
        let change = SeriesChange::decide(&soup, new(ends, "2026-12-01"), Reach::Whole, &[date("2026-12-10")]).expect("may be");
        assert_eq!(days(&after(&soup, &change), "2026-12-01", 9), ["12-03", "12-10", "12-15", "12-22", "12-29"]);
        assert_eq!(change.carried[0].told, None);
    }

    /// Thursdays until 10 December, and Tuesdays in the boathouse from 15 December on.
    fn thursdays_then_tuesdays() -> Gathering {
        let tuesdays =
            NewGathering { place: "The boathouse".into(), ..new(schedule("2026-12-15", "18:00", "FREQ=WEEKLY;BYDAY=TU"), "2026-12-01") };
        let split = SeriesChange::decide(&thursdays(), tuesdays, Reach::From(date("2026-12-17")), &[]).expect("may be");
        after(&thursdays(), &split)
    }

    #[test]
    fn a_change_from_an_earlier_rhythm_on_leaves_the_later_one_its_days_and_changes_it_along() {
        let soup = thursdays_then_tuesdays();
        let shown = soup.begun_with(date("2026-12-10"));
        assert_eq!(super::super::rule::in_words(&shown.schedule), "every Thursday", "its end is that of the series");
        let change = |schedule: Schedule, place: &str| {
            let new = NewGathering { place: place.into(), ..new(schedule, "2026-12-04") };
            let answered = [date("2026-12-10"), date("2026-12-15")];
            SeriesChange::decide(&soup, new, Reach::From(date("2026-12-10")), &answered).expect("may be")
        };
        let attic = change(shown.schedule.clone(), "The attic");
        let now = after(&soup, &attic);
        assert_eq!(days(&now, "2026-12-01", 4), ["12-03", "12-10", "12-15", "12-22"]);
        let places = ["2026-12-03", "2026-12-10", "2026-12-15"].map(|day| now.place_on(date(day)).0.to_owned());
        assert_eq!(places, ["The kitchen", "The attic", "The attic"]);
        assert_eq!(attic.carried.iter().map(|carried| carried.told).collect::<Vec<_>>(), [Some(Told::Changed); 2]);
        let later = Schedule { time: NaiveTime::from_hms_opt(20, 0, 0).expect("a time"), ..shown.schedule.clone() };
        let now = after(&soup, &change(later, "The kitchen"));
        let at = |day: &str| (now.wall_clock(date(day)).time.format("%H:%M").to_string(), now.place_on(date(day)).0.to_owned());
        assert_eq!(at("2026-12-10"), ("20:00".into(), "The kitchen".into()));
        assert_eq!(at("2026-12-15"), ("20:00".into(), "The boathouse".into()), "what is not another one stays");
        // Whoever says how often it is from there on means it.
        let fridays = schedule("2026-12-11", "19:30", "FREQ=WEEKLY;BYDAY=FR");
        assert_eq!(days(&after(&soup, &change(fridays, "The kitchen")), "2026-12-01", 4), ["12-03", "12-11", "12-18", "12-25"]);
    }

    #[test]
    fn another_first_day_for_the_whole_series_leaves_an_earlier_rhythm_up_to_it() {
        let soup = thursdays_then_tuesdays();
        let whole = |first: &str| {
            let new = NewGathering { place: "The boathouse".into(), ..new(schedule(first, "18:00", "FREQ=WEEKLY;BYDAY=TU"), "2026-12-01") };
            days(&after(&soup, &SeriesChange::decide(&soup, new, Reach::Whole, &[]).expect("may be")), "2026-12-01", 4)
        };
        assert_eq!(whole("2026-12-22"), ["12-03", "12-10", "12-22", "12-29"]);
        assert_eq!(whole("2026-12-08"), ["12-03", "12-08", "12-15", "12-22"]);
    }

    #[test]
    fn a_session_that_is_on_stays_as_it_is_when_its_series_is_changed() {
        let on = schedule("2026-12-03", "11:00", "FREQ=WEEKLY;BYDAY=TH");
        let soup = gathering(Schedule { zone: Zone::utc(), minutes: 120, ..on });
        for (reach, day, time) in [(Reach::Whole, "FR", "11:00"), (Reach::From(date("2026-12-10")), "TH", "09:00")] {
            let rule = format!("FREQ=WEEKLY;BYDAY={day}");
            let wish = Schedule { zone: Zone::utc(), minutes: 120, ..schedule("2026-12-10", time, &rule) };
            let change =
                SeriesChange::decide(&soup, new(wish, "2026-12-10"), reach, &[date("2026-12-10"), date("2026-12-17")]).expect("may be");
            let now = after(&soup, &change);
            assert_eq!(now.session(date("2026-12-10")), soup.session(date("2026-12-10")));
            assert!(change.carried.iter().all(|carried| carried.from == date("2026-12-17")), "{:?}", change.carried);
        }
        // What goes on just once may still take longer or be next door.
        let once = gathering(Schedule { rule: None, ..soup.schedule.clone() });
        let longer = Schedule { minutes: 180, first: date("2026-12-03"), ..once.schedule.clone() };
        let next_door = NewGathering { place: "Next door".into(), ..new(longer, "2026-12-03") };
        let change = SeriesChange::decide(&once, next_door, Reach::Whole, &[date("2026-12-03")]).expect("may be");
        let now = after(&once, &change);
        assert_eq!((now.wall_clock(date("2026-12-03")).minutes, now.place_on(date("2026-12-03")).0), (180, "Next door"));
    }

    #[test]
    fn what_a_date_has_of_its_own_goes_along_to_the_day_that_takes_its_place() {
        let form = SessionForm {
            markdown: "Bring ink.".into(),
            place: "The attic".into(),
            time: "20:00".into(),
            ..SessionForm::of(&thursdays(), date("2026-12-10"))
        };
        let soup = with(thursdays(), form.check(&thursdays(), date("2026-12-10"), &Plain, noon("2026-12-01")));
        for answered in [&[][..], &[date("2026-12-10")]] {
            let fridays = new(schedule("2026-12-04", "19:30", "FREQ=WEEKLY;BYDAY=FR"), "2026-12-01");
            let now = after(&soup, &SeriesChange::decide(&soup, fridays, Reach::Whole, answered).expect("may be"));
            let own = now.exception(date("2026-12-11")).expect("it has something of its own");
            assert_eq!((own.markdown.as_str(), now.place_on(date("2026-12-11")).0), ("Bring ink.", "The attic"));
            assert_eq!(now.wall_clock(date("2026-12-11")).time.to_string(), "19:30:00", "when it is says the series");
            assert_eq!(days(&now, "2026-12-01", 3), ["12-04", "12-11", "12-18"]);
        }
    }

    #[test]
    fn what_is_looked_at_is_what_is_kept() {
        let soup = thursdays_then_tuesdays();
        let shown = soup.begun_with(date("2026-12-10")).schedule;
        for (wish, reach) in [
            (shown, Reach::From(date("2026-12-10"))),
            (schedule("2026-12-13", "18:00", "FREQ=WEEKLY;BYDAY=SU"), Reach::From(date("2026-12-15"))),
            (schedule("2026-12-22", "18:00", "FREQ=WEEKLY;BYDAY=TU"), Reach::Whole),
        ] {
            let kept = after(&soup, &SeriesChange::decide(&soup, new(wish.clone(), "2026-12-04"), reach, &[]).expect("may be"));
            let looked = soup.looked_at(wish, reach, noon("2026-12-04")).expect("may be");
            assert_eq!(days(&looked, "2026-12-01", 8), days(&kept, "2026-12-01", 8));
        }
    }

    #[test]
    fn nobody_is_told_when_a_cancelled_one_would_have_been() {
        let now = noon("2026-12-01");
        let soup = with(thursdays(), cancel(&thursdays(), date("2026-12-10"), Some("Ill."), now));
        let form = SessionForm { time: "21:00".into(), ..SessionForm::of(&soup, date("2026-12-10")) };
        assert_eq!(form.check(&soup, date("2026-12-10"), &Plain, now).expect("may be").told, None);
    }

    #[test]
    fn another_place_for_the_whole_series_is_not_where_it_was_before() {
        let boathouse = NewGathering { place: "The boathouse".into(), ..new(thursdays().schedule, "2026-12-12") };
        let soup = after(&thursdays(), &SeriesChange::decide(&thursdays(), boathouse, Reach::Whole, &[]).expect("may be"));
        assert_eq!((soup.place_on(date("2026-12-10")).0, soup.place_on(date("2026-12-17")).0), ("The kitchen", "The boathouse"));
        assert_eq!(days(&soup, "2026-12-01", 4), ["12-03", "12-10", "12-17", "12-24"]);
    }

    #[test]
    fn one_that_was_brought_forward_does_not_keep_those_before_it_from_being_changed() {
        let form = SessionForm { date: "2026-12-12".into(), ..SessionForm::of(&thursdays(), date("2026-12-24")) };
        let soup = with(thursdays(), form.check(&thursdays(), date("2026-12-24"), &Plain, noon("2026-12-01")));
        let later = Schedule { time: NaiveTime::from_hms_opt(20, 0, 0).expect("a time"), ..soup.schedule.clone() };
        let change = SeriesChange::decide(&soup, new(later, "2026-12-14"), Reach::Whole, &[date("2026-12-17")]).expect("may be");
        let after = after(&soup, &change);
        assert_eq!(after.wall_clock(date("2026-12-17")).time.to_string(), "20:00:00");
        assert_eq!(after.session(date("2026-12-24")), soup.session(date("2026-12-24")), "what is over stays where it was");
    }

    #[test]
    fn who_answered_what_was_cancelled_is_told_that_they_now_have_one() {
        let soup = with(thursdays(), cancel(&thursdays(), date("2026-12-10"), Some("Ill."), noon("2026-12-01")));
        let friday = new(schedule("2026-12-04", "19:30", "FREQ=WEEKLY;BYDAY=FR"), "2026-12-01");
        let change = SeriesChange::decide(&soup, friday, Reach::Whole, &[date("2026-12-10")]).expect("may be");
        assert_eq!((change.carried[0].session.date, change.carried[0].told), (date("2026-12-11"), Some(Told::On)));
    }

    #[test]
    fn a_series_that_ends_after_some_times_counts_those_that_were() {
        let before = gathering(schedule("2026-12-03", "19:30", "FREQ=WEEKLY;BYDAY=TH;COUNT=5"));
        let later = new(schedule("2026-12-03", "20:00", "FREQ=WEEKLY;BYDAY=TH;COUNT=5"), "2026-12-12");
        let soup = after(&before, &SeriesChange::decide(&before, later, Reach::Whole, &[]).expect("may be"));
        assert_eq!(days(&soup, "2026-12-01", 9), ["12-03", "12-10", "12-17", "12-24", "12-31"]);
    }

    #[test]
    fn who_answered_goes_along_to_the_nearest_session_or_is_told_that_there_is_none() {
        let every_second = new(schedule("2026-12-04", "19:30", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR"), "2026-12-01");
        let answered = [date("2026-12-10"), date("2026-12-17")];
        let change = SeriesChange::decide(&thursdays(), every_second, Reach::Whole, &answered).expect("may be");
        let told: Vec<_> =
            change.carried.iter().map(|c| (c.from.to_string(), c.session.date.to_string(), c.session.cancelled, c.told)).collect();
        assert_eq!(
            told,
            [
                ("2026-12-10".to_owned(), "2026-12-10".to_owned(), true, Some(Told::Cancelled)),
                ("2026-12-17".to_owned(), "2026-12-18".to_owned(), false, Some(Told::Changed)),
            ]
        );
        assert_eq!(days(&after(&thursdays(), &change), "2026-12-01", 3), ["12-04", "12-10x", "12-18"]);
    }

    #[test]
    fn a_cancelled_series_keeps_what_was() {
        let off = super::super::calendar::Cancelled { at: noon("2026-12-12"), why: "No kitchen.".into() };
        let soup = Gathering { cancelled: Some(off), ..thursdays() };
        assert_eq!(days(&soup, "2026-12-01", 9), ["12-03", "12-10"]);
        assert_eq!(soup.last_session(), soup.session(date("2026-12-10")));
        assert_eq!(soup.over_at(), noon("2026-12-12"), "for a while calendars are still told");
        let off = soup.session(date("2026-12-17")).expect("its page stays");
        assert_eq!((off.cancelled, soup.why_cancelled(&off)), (true, Some("No kitchen.")));
    }

    /// A gathering through which many changes went.
    fn any_changes() -> impl Strategy<Value = (Gathering, Vec<Gathering>)> {
        let one = (0u8..6, 0i64..60, -9i64..9, 0u32..24, any::<bool>());
        (0u8..7, 1u16..3, proptest::collection::vec(one, 0..12)).prop_map(|(day, every, wishes)| {
            let weekday = Weekday::try_from(day).expect("a weekday");
            let rule = Rule { every, days: vec![super::super::rule::Day::every(weekday)], ..Rule::new(Frequency::Weekly) };
            let mut soup = gathering(schedule("2026-12-03", "19:30", ""));
            soup.schedule.first = super::super::dates::dates(&rule, date("2026-12-01"), date("2026-12-01")).next().expect("a date");
            soup.schedule.rule = Some(rule);
            let mut states = vec![soup.clone()];
            for (what, nth, by, hour, flag) in wishes {
                let now = noon("2026-12-20");
                let Some(session) = soup.not_over(now).nth(nth as usize % 9) else { continue };
                let at = session.date;
                let form = SessionForm {
                    date: (at + Duration::days(by)).to_string(),
                    time: format!("{hour:02}:30"),
                    ..SessionForm::of(&soup, at)
                };
                let changed = match what {
                    0 | 1 => form.check(&soup, at, &Plain, now),
                    2 => leave_out(&soup, at, now),
                    3 => add(&soup, &form, now),
                    4 => cancel(&soup, at, flag.then_some("Because."), now),
                    _ => {
                        let shifted =
                            Schedule { first: at + Duration::days(by), rule: soup.schedule.rule.clone(), ..soup.schedule.clone() };
                        let Some(first) = sessions::dates(&shifted).next() else { continue };
                        let reach = if flag { Reach::Whole } else { Reach::From(at) };
                        let answered: Vec<NaiveDate> = soup.not_over(now).take(5).map(|session| session.date).collect();
                        let mut answered = answered;
                        answered.sort_unstable();
                        if let Ok(change) = SeriesChange::decide(&soup, new(Schedule { first, ..shifted }, "2026-12-20"), reach, &answered)
                        {
                            soup = after(&soup, &change);
                            soup.changes += 1;
                            states.push(soup.clone());
                        }
                        continue;
                    }
                };
                if let Ok(change) = changed {
                    soup.put(change.own);
                    soup.changes += 1;
                    states.push(soup.clone());
                }
            }
            (soup, states)
        })
    }

    proptest! {
        #[test]
        fn however_it_was_changed_its_sessions_are_in_order_and_found_by_their_dates((soup, _) in any_changes()) {
            let all: Vec<Session> = soup.not_over(Timestamp(0)).take(40).collect();
            prop_assert!(all.windows(2).all(|pair| pair[0].starts_at <= pair[1].starts_at), "{:?}", all);
            let dates: BTreeSet<NaiveDate> = all.iter().map(|session| session.date).collect();
            prop_assert_eq!(dates.len(), all.len());
            for session in &all {
                prop_assert_eq!(soup.session(session.date), Some(*session));
                prop_assert_eq!(soup.not_over(session.starts_at).find(|other| other.date == session.date), Some(*session));
            }
        }

        #[test]
        fn however_it_was_changed_what_has_begun_stays_as_it_was((_, states) in any_changes()) {
            let past = |soup: &Gathering| soup.not_over(Timestamp(0)).take_while(|s| s.starts_at <= noon("2026-12-20")).collect::<Vec<_>>();
            for state in &states {
                prop_assert_eq!(past(state), past(&states[0]));
            }
        }
    }
}
