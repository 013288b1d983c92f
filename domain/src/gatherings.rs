//! Gatherings: a series that repeats by a rule, or a one-off; its sessions; and who says they will come.
//!
//! Reading order: [`rule`] (how it repeats: the usual cases, the RRULE underneath, the words), [`dates`] (which dates a rule gives),
//! [`sessions`] (from wall clock and zone to instants),
//! [`calendar`] (the sessions as they really are), [`changes`] and [`calling_off`] (what becomes of them),
//! [`coming`] (who says they come, and on which terms), [`announced`] (what the timeline shows of it), [`clock`], [`attendance`] and [`room`]
//! (what happens there, and who was there), [`bring`] and [`rota`] (what people bring, and who hosts which session), [`import`] (taking a
//! calendar file in), then here the types, what is kept, and the service.
//!
//! A gathering keeps its wall-clock start, its IANA zone and its RRULE. A session is one date of it, and its address is that
//! date; it becomes a row when something hangs on it.

pub mod announced;
pub mod attendance;
pub mod bring;
pub mod calendar;
pub mod calling_off;
pub mod changes;
pub mod clock;
pub mod coming;
pub mod dates;
pub mod import;
pub mod room;
pub mod rota;
pub mod rule;
pub mod sessions;

use crate::{
    ids::{GatheringId, MemberId, PictureId},
    outcome::{AboutField, Error, OrRefuse, Unavailable},
    people::{Byline, Handle, PeopleStore, all_known},
    pictures::{LONGEST_ALT, Picture},
    prose::{Prose, SafeHtml, SafeUrl},
    text::{self, Field, TextRefusal},
    time::{Clock, Timestamp, UnknownZone, Zone},
    timeline::{Audience, excerpt},
    viewer::{Me, Viewer},
};
use calendar::{Cancelled, Exception, Rhythm, Standing};
use calling_off::CallingOff;
use changes::{Reach, SeriesChange, SessionChange, SessionForm, SessionRefusal};
use chrono::{Datelike, NaiveDate, NaiveTime};
use clock::{RoomForm, RoomPlan, RoomPlanRefusal};
pub use coming::{NewRsvp, RsvpForm, RsvpRefusal};
use coming::{Reminder, Reminders, Terms, TermsForm, decide_rsvp};
use rule::{RepeatForm, RuleRefusal};
use serde::{Deserialize, Serialize};
use sessions::Schedule;
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// Longest session, in minutes: a week.
pub const LONGEST_MINUTES: u32 = 7 * 24 * 60;
/// How many coming sessions a gathering's page shows.
pub const NEXT_SESSIONS: usize = 8;
/// How many of its sessions that are over a gathering's page shows.
pub const PAST_SESSIONS: usize = 5;
/// How far the agenda looks ahead, in days.
pub const AGENDA_DAYS: i64 = 62;
/// Most sessions on the agenda; where there are so many, what comes after them is on the gatherings' own pages.
pub const AGENDA_MOST: usize = 100;
/// How many of those who come are named in a list of sessions.
pub const NAMED_COMING: usize = 3;

/// A gathering, as its viewer sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gathering {
    /// Its id.
    pub id: GatheringId,
    /// Its part of the address: `/gatherings/{slug}`. It does not change when the title does.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// What it is, as typed.
    pub markdown: String,
    /// What it is, as shown.
    pub html: SafeHtml,
    /// Its picture.
    pub picture: Option<Picture>,
    /// When it is: wall clock, zone, length, rule.
    pub schedule: Schedule,
    /// When and where it was before, the earliest first.
    pub former: Vec<Rhythm>,
    /// What single dates have of their own, in order.
    pub exceptions: Vec<Exception>,
    /// It was cancelled altogether.
    pub cancelled: Option<Cancelled>,
    /// Where to go, in words; empty if only online.
    pub place: String,
    /// It is (also) online, which visitors are told as well.
    pub online: bool,
    /// Where to click; shown to members only. Empty if only in person.
    pub link: String,
    /// Who may see it.
    pub audience: Audience,
    /// Who planned it.
    pub host: Byline,
    /// Who keeps it beside them.
    pub cohosts: Vec<Byline>,
    /// Where it is for named people: whom it names beside those who keep it.
    pub named: Vec<Byline>,
    /// On which terms one comes.
    pub terms: Terms,
    /// What is set up for the rooms of its sessions.
    pub room: RoomPlan,
    /// Nobody came the last times, and its host is asked whether it is still on.
    pub quiet: bool,
    /// How often it was changed since it was planned, or went quiet or on again (RFC 5545's SEQUENCE).
    pub changes: i64,
    /// When it was planned.
    pub planned_at: Timestamp,
    /// When that was last.
    pub changed_at: Timestamp,
    /// The viewer may change it.
    pub mine: bool,
}

/// Somebody's answer to a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// Will come.
    Yes,
    /// Might come.
    Maybe,
    /// Won't come.
    No,
}

impl Answer {
    /// All three.
    pub const ALL: [Self; 3] = [Self::Yes, Self::Maybe, Self::No];
    /// The word for it in records and forms.
    pub fn word(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::Maybe => "maybe",
            Self::No => "no",
        }
    }
    /// The answer of that word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|answer| answer.word() == word)
    }
}

/// An RSVP: what somebody says about a session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rsvp {
    /// Who.
    pub who: Byline,
    /// What they say.
    pub answer: Answer,
    /// Their note; may be empty.
    pub note: String,
    /// How many guests they bring.
    pub guests: u32,
    /// They would come, and there was no room.
    pub waiting: bool,
    /// They come each time.
    pub always: bool,
    /// Their own line about themselves, so that one knows whom one will meet; may be empty.
    pub line: String,
}

/// One session of a gathering.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Session {
    /// Its date on the gathering's own calendar: its identity and its address.
    pub date: NaiveDate,
    /// When it starts.
    pub starts_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
    /// It was cancelled by itself.
    pub cancelled: bool,
}

/// A session in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listed {
    /// The gathering's address part.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// The gathering's own zone.
    pub zone: Zone,
    /// Where, in words.
    pub place: String,
    /// It is (also) online.
    pub online: bool,
    /// The session.
    pub session: Session,
    /// The viewer's own answer.
    pub mine: Option<Answer>,
    /// The viewer waits for room.
    pub waiting: bool,
    /// How many come, with their guests.
    pub yes: u32,
    /// Up to [`NAMED_COMING`] of those who said yes, other than the viewer, by what they are called; none, for a visitor.
    pub names: Vec<String>,
}

/// What of a calendar is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Show {
    /// All of it.
    #[default]
    All,
    /// What the viewer said yes or maybe to.
    Mine,
    /// What the viewer keeps.
    Kept,
    /// What is at a place.
    InPerson,
    /// What is online.
    Online,
}

impl Show {
    /// All choices.
    pub const ALL: [Self; 5] = [Self::All, Self::Mine, Self::Kept, Self::InPerson, Self::Online];
    /// The word for it in an address.
    pub fn word(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Mine => "mine",
            Self::Kept => "hosted",
            Self::InPerson => "in-person",
            Self::Online => "online",
        }
    }
    /// The choice of that word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|show| show.word() == word)
    }
    /// What it is called.
    pub fn in_words(self) -> &'static str {
        match self {
            Self::All => "Everything",
            Self::Mine => "I come",
            Self::Kept => "I host",
            Self::InPerson => "In person",
            Self::Online => "Online",
        }
    }
    /// It is about the viewer.
    pub fn is_for_members(self) -> bool {
        matches!(self, Self::Mine | Self::Kept)
    }
    /// Whether it shows a session; `kept` is whether the viewer keeps its gathering.
    pub fn shows(self, listed: &Listed, kept: bool) -> bool {
        match self {
            Self::All => true,
            Self::Mine => listed.mine.is_some_and(|mine| mine != Answer::No),
            Self::Kept => kept,
            Self::InPerson => !listed.place.is_empty(),
            Self::Online => listed.online || listed.place.is_empty(),
        }
    }
}

/// What a schedule that is being typed would give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// When, which may begin later than was typed.
    pub schedule: Schedule,
    /// How often, in words.
    pub repeats: String,
    /// The next sessions, up to [`NEXT_SESSIONS`]; those that are left out are among them.
    pub next: Vec<PreviewedSession>,
}

/// A session of a schedule that is being typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreviewedSession {
    /// The session.
    pub session: Session,
    /// The clocks skip its start.
    pub skipped_hour: bool,
    /// It is to be left out.
    pub left_out: bool,
}

/// What is coming.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agenda {
    /// The sessions of the next [`AGENDA_DAYS`], soonest first, up to [`AGENDA_MOST`]; one that is on now is among them.
    pub soon: Vec<Listed>,
    /// The next session of each gathering that has none among those, soonest first.
    pub later: Vec<Listed>,
}

/// A gathering's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GatheringPage {
    /// The gathering.
    pub gathering: Gathering,
    /// When and where it is at present: the rhythm of what comes next, of which there may be a later one already.
    pub rhythm: Rhythm,
    /// How often that is, in words: `every second Thursday`.
    pub repeats: String,
    /// When the next session is that has its usual time.
    pub usual: Option<Timestamp>,
    /// The coming sessions, up to [`NEXT_SESSIONS`].
    pub next: Vec<Listed>,
    /// Where nothing is coming: the last session.
    pub last: Option<Listed>,
    /// Of one that repeats, the sessions that took place, up to [`PAST_SESSIONS`], the latest first, each with what is left of it.
    pub past: Vec<(Session, Left)>,
    /// The one that took place before those.
    pub earlier: Option<Session>,
}

/// What is left of a session, as far as its viewer may see it: to visitors, what was published.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    /// Its date on the gathering's own calendar.
    pub date: NaiveDate,
    /// The host's note; may be empty.
    pub note: SafeHtml,
    /// How many pictures hang on its wall.
    pub pictures: u32,
}

impl Left {
    /// It in a few words: how the note begins, else how many pictures there are; `None` where nothing is left.
    pub fn in_words(&self) -> Option<String> {
        let note = Some(excerpt(&self.note.first_line())).filter(|line| !line.is_empty());
        note.or(match self.pictures {
            0 => None,
            1 => Some("1 picture".to_owned()),
            many => Some(format!("{many} pictures")),
        })
    }
}

/// A session's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionPage {
    /// The gathering.
    pub gathering: Gathering,
    /// How often, in words.
    pub repeats: String,
    /// The session.
    pub session: Session,
    /// The wall-clock start does not exist that night (the clocks skip it); `starts_at` is what RFC 5545 makes of it.
    pub skipped_hour: bool,
    /// Why it was cancelled.
    pub cancelled: Option<String>,
    /// When it would usually be, where it was moved.
    pub moved_from: Option<Timestamp>,
    /// What it has of its own. (Its place and link are the gathering's on this page.)
    pub own: Option<Exception>,
    /// It is over.
    pub over: bool,
    /// Who answered, yes first; nobody, for a visitor.
    pub rsvps: Vec<Rsvp>,
    /// The viewer's own answer.
    pub mine: Option<Rsvp>,
    /// The link, for those who are shown it now.
    pub link: Option<String>,
    /// From when on those who come are shown the link, where it is (also) online and that is still to come.
    pub link_from: Option<Timestamp>,
    /// Until when to answer, if its host needs to know.
    pub answer_by: Option<Timestamp>,
    /// It is too late for a yes.
    pub late: bool,
    /// The viewer comes each time.
    pub always: bool,
    /// How many seats are left; `None` where there is room for all who come.
    pub room: Option<u32>,
    /// The next session that takes place, other than this one.
    pub next: Option<Session>,
    /// The sessions that took or take place right before and right after it.
    pub beside: (Option<Session>, Option<Session>),
}

/// The form for a gathering, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GatheringForm {
    /// 1 to 100 characters.
    pub title: String,
    /// Markdown, up to 10,000 characters; may be empty.
    pub markdown: String,
    /// The first date, `yyyy-mm-dd`.
    pub date: String,
    /// The wall-clock start, `hh:mm`.
    pub time: String,
    /// Minutes, 5 to a week; empty is 90.
    pub minutes: String,
    /// An IANA name; empty takes the community's.
    pub time_zone: String,
    /// How it repeats.
    pub repeat: RepeatForm,
    /// Dates to leave out, `yyyy-mm-dd`; for a new one.
    pub without: Vec<String>,
    /// Where to go, up to 200 characters.
    pub place: String,
    /// Where to click, an http(s) address.
    pub link: String,
    /// Who may see it.
    pub audience: Audience,
    /// For named people: their names, as `@ana @bo` or `ana, bo`.
    pub named: String,
    /// Who keeps it beside its planner: their names.
    pub cohosts: String,
    /// On which terms one comes.
    pub terms: TermsForm,
    /// What is set up for the rooms of its sessions.
    pub room: RoomForm,
    /// An uploaded picture.
    pub picture: Option<PictureId>,
    /// What the picture shows, for those who can't see it; may be empty.
    pub alt: String,
    /// Any text when the picture that is there is to be taken away; a new one takes its place all the same.
    pub without_picture: Option<String>,
    /// Any text when "tell everybody on the timeline" is ticked.
    pub announce: Option<String>,
    /// From which session on it is another one, `yyyy-mm-dd`; empty is the whole series. For a change.
    pub from: String,
    /// How often it had been changed when the form was filled in. For a change.
    pub seen: i64,
}

/// Why a gathering was not planned or changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum PlanRefusal {
    /// A field's text does not fit.
    #[error(transparent)]
    Text(#[from] TextRefusal),
    /// Not a date.
    #[error("On which day does it begin? Write the date as year-month-day, such as 2026-12-03.")]
    Date,
    /// Before today.
    #[error("That day is over. Choose the day on which it is next.")]
    Past,
    /// Not a time.
    #[error("At what time does it begin? Write it as hours and minutes, such as 19:30.")]
    Time,
    /// Not 5 minutes to a week.
    #[error("How long it takes is a number of minutes, from 5 to 10080 (a week).")]
    Minutes,
    /// No such zone.
    #[error(transparent)]
    Zone(#[from] UnknownZone),
    /// The rule can't be kept.
    #[error(transparent)]
    Rule(#[from] RuleRefusal),
    /// Not an http(s) address.
    #[error("The online link is an address that begins with https:// or http://.")]
    Link,
    /// Neither a place nor a link.
    #[error("Where is it? Write a place, an online link, or both.")]
    Nowhere,
    /// For named people, but nobody named.
    #[error("For whom is it? Name them, such as @ana, or choose everybody here.")]
    NobodyNamed,
    /// A named person who is not here.
    #[error("Nobody here is called {name}. Names are those after the @, such as @ana.")]
    Unknown {
        /// Which field names them: `named` or `cohosts`.
        field: String,
        /// What was written.
        name: String,
    },
    /// Not a number of seats.
    #[error("How many it has room for is a number from 1 to {}, or nothing.", coming::MOST_SEATS)]
    Capacity,
    /// Not a number of guests.
    #[error("How many guests each may bring is a number from 0 to {}.", coming::MOST_GUESTS)]
    Guests,
    /// Not a number of hours.
    #[error("Until when to answer is a number of hours before it begins, or nothing.")]
    AnswerBy,
    /// Not a number of minutes.
    #[error("When the link is shown is a number of minutes before it begins.")]
    LinkOpens,
    /// The room can't be set up so.
    #[error(transparent)]
    Room(#[from] RoomPlanRefusal),
    /// A picture that is not the planner's.
    #[error("The picture did not arrive. Please add it again.")]
    PictureGone,
    /// It was for named people, and something was said, answered, shown or written down among them.
    #[error(
        "What was said, answered and hung up there was for those who were named, and stays among them. Plan another one for everybody."
    )]
    AmongThem,
    /// It was only to be shown what it would give.
    #[error("Nothing is on the agenda yet. Below are the dates that this would give.")]
    OnlyLooked,
    /// Somebody else changed it meanwhile.
    #[error(
        "Somebody changed this while you were writing. What you wrote is still here; beside it you see what stands now. Save again to keep yours."
    )]
    Overtaken,
    /// Not there, or not theirs to change.
    #[error("That is not here any more.")]
    Gone,
}

impl AboutField for PlanRefusal {
    fn field(&self) -> Option<&str> {
        match self {
            Self::Text(reason) => reason.field(),
            Self::Date | Self::Past => Some("date"),
            Self::Time => Some("time"),
            Self::Minutes => Some("minutes"),
            Self::Zone(_) => Some("time_zone"),
            Self::Rule(reason) => reason.field(),
            Self::Link => Some("link"),
            Self::Nowhere => Some("place"),
            Self::PictureGone => Some("picture"),
            Self::NobodyNamed => Some("named"),
            Self::AmongThem => Some("audience"),
            Self::Unknown { field, .. } => Some(field),
            Self::Capacity => Some("capacity"),
            Self::Guests => Some("guests"),
            Self::AnswerBy => Some("answer_by"),
            Self::LinkOpens => Some("link_opens"),
            Self::Room(reason) => reason.field(),
            Self::OnlyLooked | Self::Overtaken | Self::Gone => None,
        }
    }
}

/// A gathering that may be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewGathering {
    /// What its slug is made from, if it is new; `store` adds a number where it is taken.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// As typed.
    pub markdown: String,
    /// As shown.
    pub html: SafeHtml,
    /// Its picture.
    pub picture: Option<PictureId>,
    /// What the picture shows; may be empty.
    pub alt: String,
    /// When it is.
    pub schedule: Schedule,
    /// Dates to leave out, if it is new.
    pub without: Vec<NaiveDate>,
    /// Where to go.
    pub place: String,
    /// Where to click.
    pub link: String,
    /// Who may see it.
    pub audience: Audience,
    /// For named people: whom it names, without those who keep it.
    pub named: Vec<MemberId>,
    /// Who keeps it beside its planner.
    pub cohosts: Vec<MemberId>,
    /// On which terms one comes.
    pub terms: Terms,
    /// What is set up for the rooms of its sessions.
    pub room: RoomPlan,
    /// Keep a post that announces it, too.
    pub announce: bool,
    /// When it was planned or changed.
    pub at: Timestamp,
}

impl GatheringForm {
    /// How much of a series it changes.
    fn reach(&self) -> Result<Reach, PlanRefusal> {
        match self.from.trim() {
            "" => Ok(Reach::Whole),
            from => read_date(from).map(Reach::From).ok_or(PlanRefusal::Date),
        }
    }

    /// The form's part on when it is.
    pub fn schedule(&self, community_zone: &Zone) -> Result<Schedule, PlanRefusal> {
        let first = read_date(&self.date).ok_or(PlanRefusal::Date)?;
        let time = read_time(&self.time).ok_or(PlanRefusal::Time)?;
        let minutes = read_minutes(&self.minutes).ok_or(PlanRefusal::Minutes)?;
        let zone = if self.time_zone.trim().is_empty() { community_zone.clone() } else { Zone::parse(&self.time_zone)? };
        let rule = self.repeat.check(first, time, &zone)?;
        let mut schedule = Schedule { first, time, minutes, zone, rule };
        // A calendar takes the first date as a session even where the rule has none that day; so the series begins where both agree.
        let never = if self.repeat.how == rule::How::Rule { RuleRefusal::Never.of_the_rule() } else { RuleRefusal::Never };
        schedule.first = sessions::dates(&schedule).next().ok_or(PlanRefusal::Rule(never))?;
        Ok(schedule)
    }

    /// Checks the form; `prose` renders the description. Who is named in it is found by the service.
    pub fn check(&self, community_zone: &Zone, prose: &dyn Prose, at: Timestamp) -> Result<NewGathering, PlanRefusal> {
        let title = text::needed_line(Field("title", "The title"), &self.title, 100)?;
        let markdown = text::lines(Field("markdown", "What it is"), &self.markdown, 10_000)?;
        let schedule = self.schedule(community_zone)?;
        let place = text::line(Field("place", "The place"), &self.place, 200)?;
        let link = text::line(Field("link", "The online link"), &self.link, 500)?;
        let alt = text::line(Field("alt", "What the picture shows"), &self.alt, LONGEST_ALT)?;
        if !link.is_empty() && SafeUrl::try_from(link.clone()).is_err() {
            return Err(PlanRefusal::Link);
        }
        if place.is_empty() && link.is_empty() {
            return Err(PlanRefusal::Nowhere);
        }
        let terms = self.terms.check()?;
        let room = self.room.check()?;
        let without = self.without.iter().filter_map(|date| read_date(date)).collect();
        Ok(NewGathering {
            slug: slug_of(&title),
            html: prose.render(&markdown, &BTreeSet::new()),
            title,
            markdown,
            picture: self.picture,
            alt,
            schedule,
            without,
            place,
            link,
            audience: self.audience,
            named: Vec::new(),
            cohosts: Vec::new(),
            terms,
            room,
            announce: self.announce.is_some(),
            at,
        })
    }
}

/// A date as a form gives it. A form knows no year before the web and none that calendars can't hold.
fn read_date(text: &str) -> Option<NaiveDate> {
    let date = NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").ok()?;
    (1990..=sessions::LAST_YEAR).contains(&date.year()).then_some(date)
}

/// A time as a form gives it.
fn read_time(text: &str) -> Option<NaiveTime> {
    let text = text.trim();
    NaiveTime::parse_from_str(text, "%H:%M").or_else(|_| NaiveTime::parse_from_str(text, "%H:%M:%S")).ok()
}

/// How long a session takes, in minutes; an hour and a half where a form leaves it open.
fn read_minutes(text: &str) -> Option<u32> {
    match text.trim() {
        "" => Some(90),
        minutes => minutes.parse().ok().filter(|minutes| (5..=LONGEST_MINUTES).contains(minutes)),
    }
}

/// The address part made of a title: lower-case letters and digits of any script with hyphens between, up to 48 characters.
/// What the site itself uses below `/gatherings` gets a hyphen and a word after it.
pub fn slug_of(title: &str) -> String {
    let mut slug = String::new();
    for c in title.to_lowercase().chars() {
        if c.is_alphanumeric() {
            slug.push(c);
        } else if !slug.ends_with('-') && !slug.is_empty() {
            slug.push('-');
        }
    }
    let slug: String = slug.chars().take(48).collect();
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() || ["new", "import"].contains(&slug) {
        format!("{slug}-gathering").trim_start_matches('-').to_owned()
    } else {
        slug.to_owned()
    }
}

/// Answers kept for a session, in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// The gathering.
    pub gathering: GatheringId,
    /// The session.
    pub date: NaiveDate,
    /// How many come, with their guests.
    pub yes: u32,
    /// What the viewer said.
    pub mine: Option<Answer>,
    /// The viewer waits for room.
    pub waiting: bool,
    /// Up to [`NAMED_COMING`] of those who said yes, other than the viewer, by what they are called.
    pub names: Vec<String>,
}

/// What gatherings need kept.
#[async_trait::async_trait]
pub trait GatheringStore: Send + Sync {
    /// All that the viewer may see and that may still have sessions after `since`, in no particular order; without their descriptions,
    /// those of single dates, and pictures, which no list shows.
    async fn gatherings(&self, viewer: &Viewer, since: Timestamp) -> Result<Vec<Gathering>, Unavailable>;
    /// As [`GatheringStore::gatherings`], with all there is to them and all that single dates ever had of their own: for calendars, which
    /// are told of a series from its first date on.
    async fn calendar(&self, viewer: &Viewer, since: Timestamp) -> Result<Vec<Gathering>, Unavailable>;
    /// One by its slug.
    async fn gathering(&self, viewer: &Viewer, slug: &str) -> Result<Option<Gathering>, Unavailable>;
    /// Answers to sessions from one date to another, both included, of gatherings that the viewer may see; for a visitor, none.
    async fn tallies(&self, viewer: &Viewer, dates: (NaiveDate, NaiveDate)) -> Result<Vec<Tally>, Unavailable>;
    /// Those of some gatherings that the viewer may see, as in [`GatheringStore::gatherings`], in no particular order; of one that is
    /// over at `now`, with all that single dates ever had of their own. Each with what was said of its sessions that are not over at
    /// `now`: by the viewer, and how many come, without names; for a visitor, nothing.
    async fn announced(
        &self,
        viewer: &Viewer,
        gatherings: &[GatheringId],
        now: Timestamp,
    ) -> Result<Vec<(Gathering, Vec<Tally>)>, Unavailable>;
    /// Who answered a session; for a visitor, nobody.
    async fn rsvps(&self, viewer: &Viewer, gathering: GatheringId, date: NaiveDate) -> Result<Vec<Rsvp>, Unavailable>;
    /// What is left of sessions of a gathering, of those of which anything is, in no particular order. One query.
    async fn left(&self, viewer: &Viewer, gathering: GatheringId, dates: &[NaiveDate]) -> Result<Vec<Left>, Unavailable>;
    /// Who brings something to a session; for a visitor, nobody.
    async fn bringing(&self, viewer: &Viewer, gathering: GatheringId, date: NaiveDate) -> Result<Vec<MemberId>, Unavailable>;
    /// Keeps a gathering, with the post that announces it if wanted. Returns the slug. Refuses `PictureGone`.
    async fn keep_gathering(&self, host: &Me, gathering: &NewGathering) -> Result<String, Error<PlanRefusal>>;
    /// The dates of a gathering, from one on, that somebody answered, or to which somebody brings something.
    async fn answered(&self, gathering: GatheringId, from: NaiveDate) -> Result<Vec<NaiveDate>, Unavailable>;
    /// By which date a session is known that was known by another one before its series changed; `None` where there was none, or not for
    /// this viewer.
    async fn moved_to(&self, viewer: &Viewer, slug: &str, was: NaiveDate) -> Result<Option<NaiveDate>, Unavailable>;
    /// The dates of a gathering for which something was set (whose turn it is, or a list of its own), or of which somebody was told.
    async fn set_up(&self, gathering: GatheringId) -> Result<Vec<NaiveDate>, Unavailable>;
    /// Keeps a change of a series that the member may change (its planner, or a host), and tells those who answered. Refuses
    /// `Gone` and `PictureGone`, and `Overtaken` where the gathering or its answers are not those any more on which it was decided.
    async fn save_gathering(&self, by: &Me, change: &SeriesChange) -> Result<(), Error<PlanRefusal>>;
    /// Keeps a change of one session, and tells those who answered it. Refuses `Gone`, `Overtaken` where the gathering is not the
    /// one any more on which it was decided, and `Answered` where a session would be left out that somebody answered.
    async fn save_session(&self, by: &Me, change: &SessionChange) -> Result<(), Error<SessionRefusal>>;
    /// Keeps that all that is still to come of a gathering is cancelled, or takes place after all, and tells those who answered or come
    /// each time. What goes on is not asked about soon. Refuses `Gone`, and `Overtaken` where it was changed since it was looked at.
    async fn cancel_gathering(&self, by: &Me, change: &CallingOff) -> Result<(), Error<SessionRefusal>>;
    /// Keeps somebody's answer in place of an earlier one, with a seat if there is room, else waiting for one; has those who wait
    /// move up where seats got free, and tells them and the planner. False where the gathering was changed since it was looked at.
    async fn record_rsvp(&self, me: &Me, answer: &NewRsvp) -> Result<bool, Unavailable>;
    /// Notifies those whom a reminder is for who said yes or maybe, or that they bring something, early enough, to a session that begins
    /// between two instants; each once, however often and by however many processes this is done.
    async fn remind(&self, reminder: Reminder, between: (Timestamp, Timestamp), at: Timestamp) -> Result<(), Unavailable>;
    /// Which reminders a member wants.
    async fn reminders(&self, me: &Me) -> Result<Reminders, Unavailable>;
    /// Keeps which reminders a member wants.
    async fn save_reminders(&self, me: &Me, reminders: Reminders) -> Result<(), Unavailable>;
    /// The gatherings that may still have sessions after `since` and to which somebody comes each time, for [`Gatherings::keep_up`]: nobody
    /// is shown them, and they are as in lists.
    async fn with_standing_answers(&self, since: Timestamp) -> Result<Vec<Gathering>, Unavailable>;
    /// Makes standing answers answers to these sessions of a gathering, where there are none yet; not where it was changed since it
    /// was looked at: `seen` times by then.
    async fn keep_up(&self, gathering: GatheringId, seen: i64, coming: &[Session], at: Timestamp) -> Result<(), Unavailable>;
    /// Whether a member comes each time.
    async fn comes_each_time(&self, me: &Me, gathering: GatheringId) -> Result<bool, Unavailable>;
    /// The secret of the member's own calendar address, made of `fresh` if there was none.
    async fn calendar_secret(&self, me: &Me, fresh: &str) -> Result<String, Unavailable>;
    /// Puts a new secret in place of the old one.
    async fn renew_calendar_secret(&self, me: &Me, fresh: &str) -> Result<(), Unavailable>;
    /// Whose calendar a secret is.
    async fn calendar_owner(&self, secret: &str) -> Result<Option<Me>, Unavailable>;
}

/// Those who answered a session.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WhoAnswered {
    /// Those who come or might; also those who said no more than what they bring.
    pub come: Vec<MemberId>,
    /// Those who can't.
    pub not: Vec<MemberId>,
}

/// What is to become of a session.
#[derive(Clone, Copy, Debug)]
pub enum SessionWish<'a> {
    /// It is as the form says.
    Change(&'a SessionForm),
    /// It is added, on the form's date.
    Add(&'a SessionForm),
    /// It is left out.
    LeaveOut,
    /// It was left out, and is there again.
    TakeIn,
    /// It is cancelled, for a reason.
    Cancel(&'a str),
    /// It was cancelled, and takes place after all.
    TakePlace,
}

/// The service for gatherings.
#[derive(Clone)]
pub struct Gatherings {
    store: Arc<dyn GatheringStore>,
    people: Arc<dyn PeopleStore>,
    prose: Arc<dyn Prose>,
    clock: Arc<dyn Clock>,
}

impl Gatherings {
    /// Over a store of gatherings and one of people.
    pub fn new(store: Arc<dyn GatheringStore>, people: Arc<dyn PeopleStore>, prose: Arc<dyn Prose>, clock: Arc<dyn Clock>) -> Self {
        Self { store, people, prose, clock }
    }

    /// What is coming, as far as it is shown.
    pub async fn agenda(&self, viewer: &Viewer, show: Show) -> Result<Agenda, Unavailable> {
        let now = self.clock.now();
        let mut gatherings = self.store.gatherings(viewer, now).await?;
        if show == Show::Kept {
            gatherings.retain(|gathering| gathering.is_kept_by(viewer));
        }
        let coming = coming_of(&gatherings, now);
        let tallies = self.tallies(viewer, dates_of(coming.iter().flat_map(|(_, sessions)| sessions))).await?;
        Ok(agenda(&coming, &tallies, show, now))
    }

    /// The answers to sessions between two dates; none, if there are no such sessions.
    async fn tallies(&self, viewer: &Viewer, dates: Option<(NaiveDate, NaiveDate)>) -> Result<Tallies, Unavailable> {
        let Some(dates) = dates else { return Ok(Tallies::new()) };
        let tallies = self.store.tallies(viewer, dates).await?;
        Ok(tallies.into_iter().map(|tally| ((tally.gathering, tally.date), tally)).collect())
    }

    /// The sessions that begin between two instants, soonest first, as far as they are shown.
    pub async fn between(&self, viewer: &Viewer, from: Timestamp, until: Timestamp, show: Show) -> Result<Vec<Listed>, Unavailable> {
        let (gatherings, now) = (self.store.gatherings(viewer, from).await?, self.clock.now());
        let mut sessions = Vec::new();
        for gathering in &gatherings {
            let begun = gathering.not_over(from).skip_while(|session| session.starts_at < from);
            let begun = begun.take_while(|session| session.starts_at < until);
            // Of what may be over, there is the next one and no more.
            let next = gathering.not_over(now).next().filter(|_| gathering.quiet);
            let shown = begun.filter(|session| next.is_none_or(|next| session.starts_at <= next.starts_at));
            sessions.extend(shown.map(|session| (gathering, session)));
        }
        let tallies = self.tallies(viewer, dates_of(sessions.iter().map(|(_, session)| session))).await?;
        let shown = sessions.into_iter().filter_map(|(gathering, session)| {
            let listed = list(gathering, session, &tallies);
            show.shows(&listed, gathering.is_kept_by(viewer)).then_some(listed)
        });
        Ok(in_order(shown.collect()))
    }

    /// Every gathering that the viewer may see, for calendar feeds.
    pub async fn all(&self, viewer: &Viewer) -> Result<Vec<Gathering>, Unavailable> {
        self.store.calendar(viewer, self.clock.now().plus_days(-366)).await
    }

    /// One gathering, for its calendar feed or form.
    pub async fn gathering(&self, viewer: &Viewer, slug: &str) -> Result<Option<Gathering>, Unavailable> {
        self.store.gathering(viewer, slug).await
    }

    /// A gathering's page.
    pub async fn page(&self, viewer: &Viewer, slug: &str) -> Result<Option<GatheringPage>, Unavailable> {
        let Some(gathering) = self.store.gathering(viewer, slug).await? else { return Ok(None) };
        let now = self.clock.now();
        let next: Vec<Session> = gathering.not_over(now).take(NEXT_SESSIONS).collect();
        let last = if next.is_empty() { gathering.last_session() } else { None };
        let tallies = self.tallies(viewer, dates_of(next.iter().chain(&last))).await?;
        let listed = |session| list(&gathering, session, &tallies);
        let (next, last) = (next.into_iter().map(listed).collect(), last.map(listed));
        let rhythm = gathering.present_rhythm(now);
        let repeats = gathering.schedule.rule.is_some() || !gathering.former.is_empty();
        let mut past = if repeats { gathering.last_over(now, PAST_SESSIONS + 1) } else { Vec::new() };
        let earlier = if past.len() > PAST_SESSIONS { past.pop() } else { None };
        let dates: Vec<NaiveDate> = past.iter().map(|session| session.date).collect();
        let left = if dates.is_empty() { Vec::new() } else { self.store.left(viewer, gathering.id, &dates).await? };
        let left = |session: Session| (session, left.iter().find(|left| left.date == session.date).cloned().unwrap_or_default());
        Ok(Some(GatheringPage {
            past: past.into_iter().map(left).collect(),
            earlier,
            repeats: rule::in_words(&rhythm.schedule),
            rhythm,
            usual: gathering.next_usual(now),
            next,
            last,
            gathering,
        }))
    }

    /// A session's page.
    pub async fn session(&self, viewer: &Viewer, slug: &str, date: &str) -> Result<Option<SessionPage>, Unavailable> {
        let Ok(date) = NaiveDate::parse_from_str(date, "%Y-%m-%d") else { return Ok(None) };
        let Some(gathering) = self.store.gathering(viewer, slug).await? else { return Ok(None) };
        let Some(session) = gathering.session(date) else { return Ok(None) };
        let rsvps = self.store.rsvps(viewer, gathering.id, date).await?;
        let mine = viewer.id().and_then(|me| rsvps.iter().find(|rsvp| rsvp.who.id == me).cloned());
        let now = self.clock.now();
        let taken: u32 = rsvps.iter().filter(|rsvp| rsvp.answer == Answer::Yes && !rsvp.waiting).map(|rsvp| 1 + rsvp.guests).sum();
        let (answer_by, opens) = (coming::answer_by(&gathering, &session), coming::link_from(&gathering, &session));
        let comes = mine.as_ref().is_some_and(|mine| mine.answer != Answer::No && !mine.waiting);
        let online = Some(gathering.place_on(date).1.to_owned()).filter(|link| !link.is_empty());
        let shown = gathering.mine || comes && opens <= now;
        let always = match (&mine, viewer.me()) {
            (Some(mine), _) => mine.always,
            (None, Some(me)) if gathering.schedule.rule.is_some() => self.store.comes_each_time(me, gathering.id).await?,
            _ => false,
        };
        let other = |session: &Session| session.date != date && !session.cancelled;
        let next = gathering.not_over(now).find(other);
        let before = gathering.last_over(session.starts_at, 1).into_iter().find(other);
        let after = gathering.not_over(session.ends_at).find(|one| other(one) && one.starts_at > session.starts_at);
        Ok(Some(SessionPage {
            next,
            beside: (before, after),
            always,
            link: online.clone().filter(|_| shown && session.ends_at > now),
            link_from: online.map(|_| opens).filter(|opens| !shown && *opens > now),
            late: answer_by.is_some_and(|by| by <= now),
            answer_by,
            room: gathering.terms.capacity.map(|capacity| capacity.saturating_sub(taken)),
            repeats: rule::in_words(&gathering.schedule),
            skipped_hour: gathering.skipped_hour(date),
            over: session.ends_at <= now,
            cancelled: gathering.why_cancelled(&session).map(str::to_owned),
            moved_from: gathering.usual_start(date).filter(|usual| *usual != session.starts_at),
            own: gathering.exception(date).cloned(),
            gathering: gathering.as_on(date),
            session,
            rsvps,
            mine,
        }))
    }

    /// The date by which a session is known now that was known by another one before.
    pub async fn moved_to(&self, viewer: &Viewer, slug: &str, was: &str) -> Result<Option<NaiveDate>, Unavailable> {
        match read_date(was) {
            Some(was) => self.store.moved_to(viewer, slug, was).await,
            None => Ok(None),
        }
    }

    /// Those who answered a session, for whoever keeps the gathering.
    pub async fn who_answered(&self, me: &Me, slug: &str, date: &str) -> Result<WhoAnswered, Error<SessionRefusal>> {
        let gone = || Error::Refused(SessionRefusal::Gone);
        let (gathering, date) = (self.theirs(me, slug).await?.ok_or_else(gone)?, read_date(date).ok_or_else(gone)?);
        let viewer = Viewer::Member(me.clone());
        let rsvps = self.store.rsvps(&viewer, gathering.id, date).await?;
        // Whoever brings something means to come, also where they did not say so.
        let bringing = self.store.bringing(&viewer, gathering.id, date).await?;
        // Of one for named people, nobody else hears, whatever they once said.
        let named: BTreeSet<MemberId> = gathering.keepers().chain(&gathering.named).map(|who| who.id).collect();
        let hears = |who: &MemberId| gathering.audience != Audience::Named || named.contains(who);
        let (no, yes): (Vec<&Rsvp>, Vec<&Rsvp>) = rsvps.iter().partition(|rsvp| rsvp.answer == Answer::No);
        let not: Vec<MemberId> = no.into_iter().map(|rsvp| rsvp.who.id).filter(hears).collect();
        let mut come: Vec<MemberId> = yes.into_iter().map(|rsvp| rsvp.who.id).filter(hears).collect();
        for who in bringing.into_iter().filter(hears) {
            if !come.contains(&who) && !not.contains(&who) {
                come.push(who);
            }
        }
        Ok(WhoAnswered { come, not })
    }

    /// Plans a gathering; returns its slug.
    pub async fn plan(&self, me: &Me, form: &GatheringForm, community_zone: &Zone) -> Result<String, Error<PlanRefusal>> {
        let new = self.ready(form, community_zone).or_refuse()?;
        self.store.keep_gathering(me, &self.with_people(me.id, new, form).await?).await
    }

    /// A gathering with those whom a form names, but its planner.
    async fn with_people(&self, planner: MemberId, new: NewGathering, form: &GatheringForm) -> Result<NewGathering, Error<PlanRefusal>> {
        let cohosts = self.members(Field("cohosts", ""), &form.cohosts).await?;
        let cohosts: Vec<MemberId> = cohosts.into_iter().filter(|member| *member != planner).collect();
        if form.audience != Audience::Named {
            return Ok(NewGathering { cohosts, ..new });
        }
        let named = self.members(Field("named", ""), &form.named).await?;
        let named: Vec<MemberId> = named.into_iter().filter(|member| *member != planner && !cohosts.contains(member)).collect();
        if named.is_empty() && cohosts.is_empty() {
            return Err(Error::Refused(PlanRefusal::NobodyNamed));
        }
        Ok(NewGathering { named, cohosts, ..new })
    }

    /// The members whom a field names.
    async fn members(&self, field: Field, typed: &str) -> Result<Vec<MemberId>, Error<PlanRefusal>> {
        let unknown = |name: &str| Error::Refused(PlanRefusal::Unknown { field: field.0.into(), name: name.chars().take(40).collect() });
        let names = Handle::listed(typed).map_err(|word| unknown(&word))?;
        all_known(self.people.as_ref(), &names).await?.map_err(|name| unknown(name.as_str()))
    }

    /// The gathering that a form wishes for, to be kept.
    pub(crate) fn ready(&self, form: &GatheringForm, community_zone: &Zone) -> Result<NewGathering, PlanRefusal> {
        let now = self.clock.now();
        let gathering = form.check(community_zone, self.prose.as_ref(), now)?;
        let Schedule { first, time, zone, .. } = &gathering.schedule;
        // Mostly it is a mistyped year. One that began today may still be told of.
        if sessions::instant(first.and_time(*time), zone).plus_days(1) < now {
            return Err(PlanRefusal::Past);
        }
        Ok(gathering)
    }

    /// What a form's part on when would give, while it is being typed: of a new gathering, or of one that is `kept` and would be changed.
    pub fn preview(&self, form: &GatheringForm, kept: Option<&Gathering>, community_zone: &Zone) -> Result<Preview, PlanRefusal> {
        let (schedule, now) = (form.schedule(community_zone)?, self.clock.now());
        let repeats = rule::in_words(&schedule);
        let Some(kept) = kept else {
            let left_out: BTreeSet<NaiveDate> = form.without.iter().filter_map(|date| read_date(date)).collect();
            let next = sessions::not_over(&schedule, now).take(NEXT_SESSIONS).map(|session| PreviewedSession {
                session,
                skipped_hour: sessions::skipped(&schedule, session.date),
                left_out: left_out.contains(&session.date),
            });
            return Ok(Preview { next: next.collect(), repeats, schedule });
        };
        let mut after = kept.looked_at(schedule.clone(), form.reach()?, now)?;
        // Dates that are left out are shown as such.
        after.exceptions.retain(|own| own.standing != Standing::LeftOut);
        let next = after.not_over(now).take(NEXT_SESSIONS).map(|session| PreviewedSession {
            session,
            skipped_hour: after.skipped_hour(session.date),
            left_out: false,
        });
        Ok(Preview { next: next.collect(), repeats, schedule })
    }

    /// Changes a gathering that the member planned, or any for a host.
    pub async fn change(&self, me: &Me, slug: &str, form: &GatheringForm) -> Result<(), Error<PlanRefusal>> {
        let Some(gathering) = self.theirs(me, slug).await? else { return Err(Error::Refused(PlanRefusal::Gone)) };
        let mut new = form.check(&gathering.schedule.zone, self.prose.as_ref(), self.clock.now()).or_refuse()?;
        if form.seen != gathering.changes {
            return Err(Error::Refused(PlanRefusal::Overtaken));
        }
        let reach = form.reach().or_refuse()?;
        if new.picture.is_none() && form.without_picture.is_none() {
            new.picture = gathering.picture.as_ref().map(|picture| picture.id);
        }
        let new = self.with_people(gathering.host.id, new, form).await?;
        let answered = self.store.answered(gathering.id, NaiveDate::MIN).await?;
        let set_up = self.store.set_up(gathering.id).await?;
        self.store.save_gathering(me, &SeriesChange::decide_with(&gathering, new, reach, &answered, &set_up).or_refuse()?).await
    }

    /// Changes one session of a gathering that the member planned, or of any for a host.
    pub async fn change_session(&self, me: &Me, slug: &str, date: &str, wish: SessionWish<'_>) -> Result<(), Error<SessionRefusal>> {
        let Some(gathering) = self.theirs(me, slug).await? else { return Err(Error::Refused(SessionRefusal::Gone)) };
        let (now, date) = (self.clock.now(), read_date(date).ok_or(Error::Refused(SessionRefusal::Gone)));
        let change = match wish {
            SessionWish::Change(form) => form.check(&gathering, date?, self.prose.as_ref(), now),
            SessionWish::Add(form) => changes::add(&gathering, form, now),
            SessionWish::LeaveOut => changes::leave_out(&gathering, date?, now),
            SessionWish::TakeIn => changes::take_in(&gathering, date?, now),
            SessionWish::Cancel(why) => changes::cancel(&gathering, date?, Some(why), now),
            SessionWish::TakePlace => changes::cancel(&gathering, date?, None, now),
        };
        self.store.save_session(me, &change.or_refuse()?).await
    }

    /// Cancels all that is still to come of a gathering that the member planned, or of any for a host; without a reason it goes on.
    pub async fn cancel(&self, me: &Me, slug: &str, why: Option<&str>) -> Result<(), Error<SessionRefusal>> {
        let Some(gathering) = self.theirs(me, slug).await? else { return Err(Error::Refused(SessionRefusal::Gone)) };
        self.store.cancel_gathering(me, &CallingOff::decide(&gathering, why, self.clock.now()).or_refuse()?).await
    }

    /// A gathering that the member may change.
    async fn theirs(&self, me: &Me, slug: &str) -> Result<Option<Gathering>, Unavailable> {
        let gathering = self.store.gathering(&Viewer::Member(me.clone()), slug).await?;
        Ok(gathering.filter(|gathering| gathering.mine))
    }

    /// Answers a session.
    pub async fn rsvp(&self, me: &Me, slug: &str, date: &str, answer: Answer, form: &RsvpForm) -> Result<(), Error<RsvpRefusal>> {
        let note = text::line(Field("note", "Your note"), &form.note, 200).map_err(|r| Error::Refused(r.into()))?;
        let date = read_date(date).ok_or(Error::Refused(RsvpRefusal::Gone))?;
        // What is no number is more than anybody may bring.
        let guests = if form.guests.trim().is_empty() { 0 } else { form.guests.trim().parse().unwrap_or(u32::MAX) };
        let viewer = Viewer::Member(me.clone());
        // Whoever changes the gathering at the same moment comes first; then it is looked at once more.
        for _ in 0..5 {
            let Some(gathering) = self.store.gathering(&viewer, slug).await? else { return Err(Error::Refused(RsvpRefusal::Gone)) };
            let at = self.clock.now();
            let rsvps = self.store.rsvps(&viewer, gathering.id, date).await?;
            let before = rsvps.iter().find(|rsvp| rsvp.who.id == me.id);
            let (note, guests) = match form.keep {
                Some(_) => coming::kept(before, &gathering.terms),
                None => (note.clone(), guests),
            };
            let guests = if answer == Answer::Yes { guests } else { 0 };
            let session = decide_rsvp(&gathering, date, (answer, guests), before, at).or_refuse()?;
            let always = form.series.as_ref().filter(|_| gathering.schedule.rule.is_some()).map(|_| form.always.is_some());
            let new = NewRsvp {
                gathering: gathering.id,
                seen: gathering.changes,
                session,
                answer,
                note,
                guests,
                always,
                coming: some_weeks(&gathering, at),
                at,
            };
            if self.store.record_rsvp(me, &new).await? {
                return Ok(());
            }
        }
        Err(Unavailable::because("a gathering was changed five times while somebody answered it").into())
    }

    /// Reminds of the sessions that begin in a day and in an hour; done every minute or so.
    pub async fn remind(&self) -> Result<(), Unavailable> {
        let at = self.clock.now();
        for reminder in Reminder::ALL {
            self.store.remind(reminder, reminder.due(at), at).await?;
        }
        Ok(())
    }

    /// Which reminders a member wants.
    pub async fn reminders(&self, me: &Me) -> Result<Reminders, Unavailable> {
        self.store.reminders(me).await
    }

    /// Keeps which reminders a member wants.
    pub async fn save_reminders(&self, me: &Me, reminders: Reminders) -> Result<(), Unavailable> {
        self.store.save_reminders(me, reminders).await
    }

    /// Has those who come each time answer the sessions some weeks ahead, where they have not; done every now and then.
    pub async fn keep_up(&self) -> Result<(), Unavailable> {
        let at = self.clock.now();
        for gathering in self.store.with_standing_answers(at).await? {
            self.store.keep_up(gathering.id, gathering.changes, &some_weeks(&gathering, at), at).await?;
        }
        Ok(())
    }

    /// The secret of the member's own calendar address.
    pub async fn calendar_secret(&self, me: &Me, fresh: &str) -> Result<String, Unavailable> {
        self.store.calendar_secret(me, fresh).await
    }

    /// Makes the old calendar address stop working.
    pub async fn renew_calendar_secret(&self, me: &Me, fresh: &str) -> Result<(), Unavailable> {
        self.store.renew_calendar_secret(me, fresh).await
    }

    /// On whose behalf a calendar address is read.
    pub async fn calendar_owner(&self, secret: &str) -> Result<Option<Me>, Unavailable> {
        self.store.calendar_owner(secret).await
    }
}

/// The sessions for which a standing answer is made an answer: those of the agenda that still may be answered.
fn some_weeks(gathering: &Gathering, now: Timestamp) -> Vec<Session> {
    let until = now.plus_days(AGENDA_DAYS);
    let soon = gathering.not_over(now).take_while(|session| session.starts_at <= until);
    let open = |session: &Session| coming::answer_by(gathering, session).is_none_or(|by| by > now);
    soon.filter(|session| session.starts_at > now && !session.cancelled && open(session)).collect()
}

/// The first and the last of the dates by which sessions are known. (One that was moved may be known by a date long ago.)
fn dates_of<'a>(sessions: impl Iterator<Item = &'a Session>) -> Option<(NaiveDate, NaiveDate)> {
    let one = |session: &Session| (session.date, session.date);
    sessions.map(one).reduce(|(first, last), (date, _)| (first.min(date), last.max(date)))
}

impl Gathering {
    /// Its planner and its co-hosts.
    fn keepers(&self) -> impl Iterator<Item = &Byline> {
        [&self.host].into_iter().chain(&self.cohosts)
    }

    /// The rhythm of what comes next; where nothing does, the last one.
    fn present_rhythm(&self, now: Timestamp) -> Rhythm {
        let schedule = self.open_schedules(now).first().map_or_else(|| self.schedule.clone(), |schedule| (*schedule).clone());
        let (place, link) = self.usual_place_on(schedule.first);
        let online = self.rhythm(schedule.first).map_or(self.online, |rhythm| rhythm.online);
        let door = self.usual_door_on(schedule.first).to_owned();
        Rhythm { place: place.to_owned(), online, link: link.to_owned(), door, schedule }
    }

    /// Whether the viewer is one of them.
    fn is_kept_by(&self, viewer: &Viewer) -> bool {
        viewer.id().is_some_and(|me| self.keepers().any(|who| who.id == me))
    }
}

/// Tallies by their sessions: an agenda has thousands of both.
type Tallies = BTreeMap<(GatheringId, NaiveDate), Tally>;

fn list(gathering: &Gathering, session: Session, tallies: &Tallies) -> Listed {
    let tally = tallies.get(&(gathering.id, session.date));
    let (place, _) = gathering.place_on(session.date);
    Listed {
        slug: gathering.slug.clone(),
        title: gathering.title.clone(),
        zone: gathering.schedule.zone.clone(),
        online: gathering.online_on(session.date),
        place: place.to_owned(),
        session,
        mine: tally.and_then(|tally| tally.mine),
        waiting: tally.is_some_and(|tally| tally.waiting),
        yes: tally.map_or(0, |tally| tally.yes),
        names: tally.map(|tally| tally.names.clone()).unwrap_or_default(),
    }
}

/// The sessions of each gathering in the next [`AGENDA_DAYS`]; where there are none, its next one.
fn coming_of(gatherings: &[Gathering], now: Timestamp) -> Vec<(&Gathering, Vec<Session>)> {
    let until = now.plus_days(AGENDA_DAYS);
    let sessions = |gathering: &Gathering| {
        let sessions = gathering.not_over(now).enumerate().take_while(|(at, session)| *at == 0 || session.starts_at <= until);
        sessions.map(|(_, session)| session).collect()
    };
    gatherings.iter().map(|gathering| (gathering, sessions(gathering))).collect()
}

fn in_order(mut listed: Vec<Listed>) -> Vec<Listed> {
    listed.sort_by(|a, b| (a.session.starts_at, &a.title).cmp(&(b.session.starts_at, &b.title)));
    listed
}

fn agenda(coming: &[(&Gathering, Vec<Session>)], tallies: &Tallies, show: Show, now: Timestamp) -> Agenda {
    let until = now.plus_days(AGENDA_DAYS);
    let listed =
        |gathering: &Gathering, session: &Session| Some(list(gathering, *session, tallies)).filter(|listed| show.shows(listed, true));
    let soon = coming.iter().flat_map(|(gathering, sessions)| {
        let soon = sessions.iter().filter(|session| session.starts_at <= until);
        // Of what may be over, there is the next one and no more.
        soon.filter_map(|session| listed(gathering, session)).take(if gathering.quiet { 1 } else { AGENDA_MOST })
    });
    let mut soon = in_order(soon.collect());
    soon.truncate(AGENDA_MOST);
    let shown: BTreeSet<&str> = soon.iter().map(|listed| listed.slug.as_str()).collect();
    let others = coming.iter().filter(|(gathering, _)| !shown.contains(gathering.slug.as_str()));
    let later = others.filter_map(|(gathering, sessions)| listed(gathering, sessions.first()?));
    let later = in_order(later.collect());
    Agenda { soon, later }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(super) const NOW: Timestamp = Timestamp(1_796_000_000_000);

    pub(super) fn gathering(slug: &str, first: &str, rule: &str) -> Gathering {
        let first = first.parse().expect("a date");
        Gathering {
            id: GatheringId(1),
            slug: slug.into(),
            title: slug.into(),
            markdown: String::new(),
            html: SafeHtml::default(),
            picture: None,
            schedule: Schedule { first, rule: rule.parse().ok(), ..Schedule::for_testing() },
            former: Vec::new(),
            exceptions: Vec::new(),
            cancelled: None,
            place: "here".into(),
            online: false,
            link: String::new(),
            audience: Audience::Community,
            host: Byline { id: MemberId(1), name: Handle::parse("ana").expect("a name"), display_name: "Ana".into(), picture: None },
            cohosts: Vec::new(),
            named: Vec::new(),
            terms: Terms::default(),
            room: RoomPlan::default(),
            quiet: false,
            changes: 0,
            planned_at: NOW,
            changed_at: NOW,
            mine: false,
        }
    }

    /// What a gathering becomes, if it is only elsewhere or at another time.
    pub(super) fn new_gathering(schedule: Schedule, place: &str) -> NewGathering {
        NewGathering {
            slug: String::new(),
            title: "soup".into(),
            markdown: String::new(),
            html: SafeHtml::default(),
            picture: None,
            alt: String::new(),
            schedule,
            without: Vec::new(),
            place: place.into(),
            link: String::new(),
            audience: Audience::Community,
            named: Vec::new(),
            cohosts: Vec::new(),
            terms: Terms::default(),
            room: RoomPlan::default(),
            announce: false,
            at: NOW,
        }
    }

    fn slugs(listed: &[Listed]) -> Vec<&str> {
        listed.iter().map(|listed| listed.slug.as_str()).collect()
    }

    #[test]
    fn a_gathering_that_comes_once_a_year_is_found_on_the_agenda() {
        let kept = [
            gathering("summer", "2026-08-01", "FREQ=YEARLY"),
            gathering("spring", "2027-04-01", ""),
            gathering("drawing", "2026-11-26", "FREQ=WEEKLY;INTERVAL=4;BYDAY=TH"),
            gathering("past", "2026-11-01", ""),
        ];
        let agenda = agenda(&coming_of(&kept, NOW), &Tallies::new(), Show::All, NOW);
        assert_eq!(slugs(&agenda.soon), ["drawing", "drawing"]);
        assert_eq!(slugs(&agenda.later), ["spring", "summer"]);
        assert_eq!(agenda.later[1].session.date.to_string(), "2027-08-01");
    }

    #[test]
    fn as_long_as_sessions_of_the_former_rhythm_come_that_is_the_present_one() {
        let old = gathering("drawing", "2026-11-26", "FREQ=WEEKLY;BYDAY=TH;UNTIL=20261211");
        let former = Rhythm {
            schedule: old.schedule.clone(),
            place: "The barn".into(),
            online: false,
            link: String::new(),
            door: "The red one".into(),
        };
        let kept =
            Gathering { former: vec![former.clone()], place: "The hall".into(), online: true, ..gathering("drawing", "2026-12-18", "") };
        let kept = Gathering { schedule: Schedule { minutes: 240, ..kept.schedule.clone() }, ..kept };
        let at = |date: &str| kept.present_rhythm(old.session(date.parse().expect("a date")).map_or(NOW, |session| session.ends_at));
        assert_eq!(at("2026-12-03"), former);
        let later = at("2026-12-10");
        assert_eq!((later.place.as_str(), later.online, later.schedule.minutes), ("The hall", true, 240));
    }

    #[test]
    fn an_agenda_that_is_cut_still_names_every_gathering() {
        let kept = [
            gathering("sunrise", "2026-11-01", "FREQ=DAILY"),
            gathering("sunset", "2026-11-01", "FREQ=DAILY"),
            gathering("new-year", "2027-01-20", ""),
        ];
        let agenda = agenda(&coming_of(&kept, NOW), &Tallies::new(), Show::All, NOW);
        assert_eq!((agenda.soon.len(), slugs(&agenda.later)), (AGENDA_MOST, vec!["new-year"]));
    }
}
