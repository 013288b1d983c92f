//! Taking a calendar file in: what of it becomes gatherings here, what of that is not as it was, and what can't be, and why.
//!
//! Reading order: what a file says ([`ReadCalendar`], made by the server's reader), then [`look`], which decides about each of its events
//! without keeping anything, then the service. Nothing of a file is kept before its sender has seen that and said yes; until then it
//! waits, for half an hour, for them alone. People, reminders and attached files are not taken along.

mod words;
mod zones;

use super::{
    Gathering, GatheringStore, LONGEST_MINUTES, NewGathering, Session,
    calendar::{Exception, Moved, Standing},
    coming::Terms,
    dates,
    rule::{Day, Ends, Frequency, Rule, RuleRefusal},
    sessions::{self, LAST_YEAR, Schedule},
    slug_of,
};
use crate::{
    outcome::{AboutField, Error, Unavailable},
    prose::{Prose, SafeHtml},
    text::{self, Field},
    time::{Clock, Timestamp, Zone},
    timeline::Audience,
    viewer::{Me, Viewer},
};
use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveDateTime, NaiveTime, Timelike, Utc};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::Arc,
};

/// Most bytes of a file: two thousand events with long descriptions, twice over.
pub const MOST_BYTES: usize = 2 * 1024 * 1024;
/// Most events of a file.
pub const MOST_EVENTS: usize = 2000;
/// Most events that are taken in at once, and most single dates of theirs: nobody else can write anything in the meantime.
pub const MOST_AT_A_TIME: usize = 200;
/// See [`MOST_AT_A_TIME`].
pub const MOST_DATES_AT_A_TIME: usize = 2000;
/// How long a file waits for its sender's yes, in seconds.
pub const WAITS_SECONDS: i64 = 30 * 60;
/// Most single dates that differ within one series, from now on.
pub const MOST_SINGLE_DATES: usize = 200;
/// How far ahead single dates are taken, in days: five years.
pub const SINGLES_AHEAD: i64 = 5 * 366;
/// How many of the next sessions are shown.
pub const SHOWN_SESSIONS: usize = 3;
/// How many characters of a description are shown.
const SHOWN_WORDS: usize = 160;
/// How many days all rules of a file may be tried on. A weekly one that has gone on for ten years and ends after a number of times takes
/// some 4,000; a file is made to cost more only on purpose.
const PATIENCE: i64 = 4_000_000;
/// Most days that one rule may be tried on.
const PATIENCE_WITH_ONE: i64 = 100_000;

/// What a calendar file says, as far as we could use it. No names or addresses of people are in it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReadCalendar {
    /// What it is called; may be empty.
    pub name: String,
    /// Its zone, as written; may be empty.
    pub zone: String,
    /// Zones that it describes, as it calls them, with the names that it says they go by elsewhere.
    pub zones: BTreeMap<String, String>,
    /// What is in it, in its order.
    pub entries: Vec<Entry>,
}

/// Something in a calendar file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Entry {
    /// An event.
    Event(Box<ReadEvent>),
    /// A task, by its title.
    Task(String),
    /// A note of a diary, by its title.
    Note(String),
    /// What begins on a line and can't be read, with how that line begins.
    Unreadable(usize, String),
    /// An event that the file breaks off in, by its title.
    BrokenOff(String),
}

/// An event of a calendar file. Texts are as long as they were, up to the reader's bounds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ReadEvent {
    /// By what it is known again: letters and digits made of its UID, or of what it says where it has none.
    pub key: String,
    /// It comes from a feed of this very place.
    pub ours: bool,
    /// Its title.
    pub title: String,
    /// What it is: plain text, or HTML.
    pub words: String,
    /// Where.
    pub place: String,
    /// An address about it.
    pub url: String,
    /// The address of its online meeting, where it says that it is one.
    pub room: String,
    /// When it begins.
    pub starts: Option<When>,
    /// When it ends.
    pub ends: Option<When>,
    /// How many minutes it takes, where it says that instead.
    pub minutes: Option<i64>,
    /// The rules by which it repeats.
    pub rules: Vec<String>,
    /// It has rules for what is left out, which calendars have given up.
    pub left_out_by_rule: bool,
    /// The dates that are left out.
    pub left_out: Vec<When>,
    /// The dates that are added.
    pub added: Vec<When>,
    /// There were more of both than are read.
    pub too_many_dates: bool,
    /// Which one of the series it stands for.
    pub instead_of: Option<When>,
    /// It stands for all later ones, too.
    pub and_later: bool,
    /// It was cancelled.
    pub cancelled: bool,
    /// It is marked as private.
    pub private: bool,
    /// People are invited to it.
    pub people: bool,
    /// It has reminders.
    pub reminders: bool,
    /// It has files.
    pub files: bool,
    /// Lines of it that can't be read.
    pub unreadable: Vec<String>,
}

/// When, as a calendar writes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum When {
    /// A whole day.
    Day(NaiveDate),
    /// A wall-clock time in a zone, as written; an empty one is wherever one is.
    Wall(NaiveDateTime, String),
    /// An instant.
    Utc(NaiveDateTime),
}

/// What a calendar file would become.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// What the calendar is called; may be empty.
    pub name: String,
    /// Each of its events, in its order.
    pub lines: Vec<Line>,
    /// Somebody is invited to one of those that can be taken.
    pub people: bool,
    /// One of those that can be taken has reminders.
    pub reminders: bool,
    /// One of those that can be taken has files.
    pub files: bool,
}

/// An event of a file, and what becomes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Its place in the file: by that a yes names it.
    pub at: usize,
    /// What it is called there; may be empty.
    pub title: String,
    /// The gathering that it becomes, or why it can't.
    pub becomes: Result<Box<Taken>, Why>,
}

/// A gathering out of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// By what it is known again.
    pub key: String,
    /// The gathering; its words are not rendered yet.
    pub new: NewGathering,
    /// What single dates have of their own, each with its session and until when it matters.
    pub own: Vec<(Exception, Session, Timestamp)>,
    /// The next sessions, up to [`SHOWN_SESSIONS`].
    pub next: Vec<Session>,
    /// What is not as it was in the file.
    pub changed: Vec<Changed>,
    /// It is marked as private in the file: whoever brings it along has to want it.
    pub private: bool,
    /// There is one of that title at that time here already: whoever brings it along has to want a second one.
    pub twin: bool,
}

/// What of an event is not as it was in its file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// It had no zone.
    NoZone(Zone),
    /// It had a zone that nobody knows.
    UnknownZone(String, Zone),
    /// It repeats on UTC's clock.
    KeepsUtc,
    /// It had a day and no time.
    AllDay,
    /// It did not say how long it takes.
    NoLength,
    /// It took longer than a week.
    LongerThanAWeek,
    /// It took less than five minutes.
    Short,
    /// It began before now, and here with a later session.
    BeginsLater(NaiveDate),
    /// It had no title.
    NoTitle,
    /// Its title was too long.
    LongTitle,
    /// Its description was too long.
    LongWords,
    /// Its place was too long.
    LongPlace,
    /// Its description was HTML.
    Formatted,
    /// It said neither where nor how.
    NoPlace,
    /// The link to its online meeting was among its words.
    LinkFound,
    /// It had a link that does not fit.
    LinkLost,
    /// It had a second session on a day.
    TwoOnOneDay(NaiveDate),
    /// It had single dates that differ, further ahead than is taken.
    FarDates,
    /// A change was meant for a session and all later ones.
    AndLater(NaiveDate),
    /// A line of it can't be read.
    Unreadable(String),
}

impl fmt::Display for Changed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = |date: &NaiveDate| date.format("%-d %B %Y").to_string();
        match self {
            Self::NoZone(zone) => write!(f, "It named no time zone: it keeps to {}’s clock.", zone.city()),
            Self::UnknownZone(written, zone) => {
                write!(
                    f,
                    "We don’t know its time zone, \u{201c}{written}\u{201d}: it keeps to {}’s clock. Please check the time.",
                    zone.city()
                )
            }
            Self::KeepsUtc => f.write_str("It is written on UTC’s clock, and keeps to that in summer and in winter."),
            Self::AllDay => f.write_str("It had no time of day: it begins at 00:00 and takes all day."),
            Self::NoLength => f.write_str("It did not say when it ends: it takes an hour and a half."),
            Self::LongerThanAWeek => f.write_str("It took more than a week: here it ends after one."),
            Self::Short => f.write_str("It took less than five minutes: here it takes five."),
            Self::BeginsLater(date) => write!(f, "What is over stays behind: here it begins on {}.", day(date)),
            Self::NoTitle => f.write_str("It had no title: here it is called \u{201c}Without a name\u{201d}."),
            Self::LongTitle => f.write_str("Its title is shortened to 100 characters, and stands in full in the description."),
            Self::LongWords => f.write_str("Its description is shortened to 10,000 characters."),
            Self::LongPlace => f.write_str("Its place is shortened to 200 characters, and stands in full in the description."),
            Self::Formatted => f.write_str("Its description was formatted; the words are taken."),
            Self::NoPlace => f.write_str("It did not say where: \u{201c}Not said yet\u{201d} stands there until you write it in."),
            Self::LinkFound => f.write_str("The link to its online meeting is taken out of its words: here it is shown to those who come."),
            Self::LinkLost => f.write_str("Its link is no address that we can use, and stays behind."),
            Self::TwoOnOneDay(date) => write!(f, "There is one a day here at most: a second one on {} stays behind.", day(date)),
            Self::FarDates => f.write_str("Single dates that differ are taken for the next five years; later ones are as the series says."),
            Self::AndLater(date) => {
                write!(f, "From {} on it was to be otherwise: that is taken for this one date. Please change the later ones.", day(date))
            }
            Self::Unreadable(line) => write!(f, "We could not read a line of it, which stays behind: \u{201c}{line}\u{201d}"),
        }
    }
}

/// Why an event can't be taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Why {
    /// Its gathering is here.
    #[error("It is here already.")]
    Here,
    /// It came from here.
    #[error("It comes from the calendar of this place, so it is here already.")]
    Ours,
    /// It was in the file before.
    #[error("It is in the file twice; the other one counts.")]
    Twice,
    /// All of it is over.
    #[error("It is over.")]
    Over,
    /// It was cancelled.
    #[error("It was cancelled.")]
    Cancelled,
    /// It has no date.
    #[error("It has no date that we could read.")]
    NoDate,
    /// It is after the last year.
    #[error("It is after the year {LAST_YEAR}, and our calendar ends there.")]
    TooLate,
    /// It repeats more often than once a day.
    #[error("It repeats more often than once a day. Here there is one session a day at most.")]
    BelowADay,
    /// Its rule can't be kept.
    #[error("We can’t keep the rule by which it repeats. {0}")]
    Rule(RuleRefusal),
    /// It has more than one rule.
    #[error("It repeats by more than one rule at once. Here it would be several gatherings: please plan them.")]
    Rules,
    /// Its rule never comes to a date.
    #[error("By its rule it never happens again.")]
    Never,
    /// Too many dates differ.
    #[error("More than {MOST_SINGLE_DATES} of its dates differ from its rule.")]
    TooManyDates,
    /// The file asks for more reckoning than we do.
    #[error("There are so many far-fetched rules in this file that we did not reckon this one out.")]
    FarFetched,
    /// A task.
    #[error("It is a task, and not a date on which people meet.")]
    Task,
    /// A note.
    #[error("It is a note, and not a date on which people meet.")]
    Note,
    /// Not readable.
    #[error("We could not read what begins on line {0}: \u{201c}{1}\u{201d}")]
    Unreadable(usize, String),
    /// The file ends within it.
    #[error("The file breaks off in the middle of it.")]
    BrokenOff,
}

/// Why a file was not read, or nothing of it was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum ImportRefusal {
    /// No file came.
    #[error("Choose the file that your calendar gave you. Its name ends in .ics.")]
    Nothing,
    /// More than [`MOST_BYTES`].
    #[error("That file is larger than 2 MB. Have your calendar export a part of it, such as the time from today on, and try again.")]
    TooLarge,
    /// More than [`MOST_EVENTS`].
    #[error(
        "There are more than {MOST_EVENTS} events in that file. Have your calendar export a part of it, such as the time from today on."
    )]
    TooMany,
    /// Not a calendar.
    #[error(
        "That is no calendar file. In your calendar, look for \u{201c}export\u{201d} and choose iCalendar; the file’s name ends in .ics, and in a .zip there may be several of them."
    )]
    NotACalendar,
    /// Things in things in things.
    #[error("That file is put together in a way that no calendar does, so we did not read it. Please export it once more.")]
    Nested,
    /// There is nothing in it.
    #[error("There is nothing in that calendar.")]
    Empty,
    /// The form did not arrive whole.
    #[error("That did not arrive whole. Please send it once more.")]
    Broken,
    /// It does not wait any more, or never did.
    #[error("That was more than half an hour ago, or another file was sent since. Send the file again.")]
    Gone,
    /// More than [`MOST_AT_A_TIME`] or [`MOST_DATES_AT_A_TIME`].
    #[error(
        "That is too much at a time: up to {MOST_AT_A_TIME} events can be taken in at once. Untick some, and take them in afterwards: the file waits for half an hour, and what is here already is passed over."
    )]
    TooManyTicked,
    /// Nothing was ticked.
    #[error("Nothing is ticked, so nothing was taken in. Tick what you want to bring along.")]
    NothingTicked,
}

impl AboutField for ImportRefusal {
    fn field(&self) -> Option<&str> {
        match self {
            Self::Nothing | Self::TooLarge | Self::TooMany | Self::NotACalendar | Self::Nested | Self::Empty => Some("file"),
            Self::Broken | Self::Gone | Self::TooManyTicked | Self::NothingTicked => None,
        }
    }
}

/// What is decided by.
#[derive(Clone, Debug)]
pub struct Grounds {
    /// The community's zone.
    pub zone: Zone,
    /// Who is to see what is taken.
    pub audience: Audience,
    /// The keys of what is here.
    pub here: BTreeSet<String>,
    /// What is here by its title, in small letters, and the starts of its next sessions.
    pub twins: BTreeSet<(String, Timestamp)>,
    /// Now.
    pub at: Timestamp,
}

/// The keys by which the events of a file are known again.
pub fn keys(calendar: &ReadCalendar) -> BTreeSet<String> {
    let mut keys = BTreeSet::new();
    for entry in &calendar.entries {
        if let Entry::Event(event) = entry {
            keys.insert(event.key.clone());
            keys.extend(event.instead_of.as_ref().map(|when| key_alone(event, when)));
        }
    }
    keys
}

/// The key of an event that stands for one of a series which is not in the file.
fn key_alone(event: &ReadEvent, when: &When) -> String {
    match when {
        When::Day(date) => format!("{}-{date}", event.key),
        When::Wall(at, _) | When::Utc(at) => format!("{}-{}", event.key, at.format("%Y-%m-%d-%H%M")),
    }
}

/// Decides what would become of each event of a file. Nothing is rendered and nothing kept.
pub fn look(calendar: &ReadCalendar, grounds: &Grounds) -> Look {
    let mut single: BTreeMap<&str, Vec<&ReadEvent>> = BTreeMap::new();
    let mut series: BTreeSet<&str> = BTreeSet::new();
    let events = || calendar.entries.iter().filter_map(|entry| if let Entry::Event(event) = entry { Some(event.as_ref()) } else { None });
    for event in events() {
        if event.instead_of.is_some() {
            single.entry(&event.key).or_default().push(event);
        } else {
            series.insert(&event.key);
        }
    }
    let mut look = Look { name: line(&calendar.name, 100).0, lines: Vec::new(), people: false, reminders: false, files: false };
    let (mut seen, mut patience) = (BTreeSet::new(), PATIENCE);
    for (at, entry) in calendar.entries.iter().enumerate() {
        let (title, becomes) = match entry {
            Entry::Task(title) => (title, Err(Why::Task)),
            Entry::Note(title) => (title, Err(Why::Note)),
            Entry::BrokenOff(title) => (title, Err(Why::BrokenOff)),
            Entry::Unreadable(number, text) => (&String::new(), Err(Why::Unreadable(*number, line(text, 60).0))),
            Entry::Event(event) => {
                let alone = event.instead_of.as_ref().filter(|_| !series.contains(event.key.as_str()));
                let key = match (&event.instead_of, alone) {
                    // It is told with its series.
                    (Some(_), None) => continue,
                    (_, Some(when)) => key_alone(event, when),
                    (None, None) => event.key.clone(),
                };
                let becomes = if event.ours {
                    Err(Why::Ours)
                } else if grounds.here.contains(&key) {
                    Err(Why::Here)
                } else if !seen.insert(key.clone()) {
                    Err(Why::Twice)
                } else {
                    let own = single.get(event.key.as_str()).filter(|_| alone.is_none()).map_or(&[][..], Vec::as_slice);
                    Deciding { calendar, grounds, event, own, changed: Vec::new(), patience: &mut patience }.decide(key)
                };
                let taken = becomes.is_ok();
                look.people |= taken && event.people;
                look.reminders |= taken && event.reminders;
                look.files |= taken && event.files;
                (&event.title, becomes)
            }
        };
        look.lines.push(Line { at, title: line(title, 100).0, becomes: becomes.map(Box::new) });
    }
    look
}

/// One line, shortened where it must be; and whether it was.
fn line(text: &str, most: usize) -> (String, bool) {
    // Bounds are not refused here but kept, so no text is too long.
    let whole = text::line(Field("", ""), text, usize::MAX).unwrap_or_default();
    shortened(whole, most)
}

fn shortened(whole: String, most: usize) -> (String, bool) {
    if whole.chars().count() <= most {
        return (whole, false);
    }
    let kept: String = whole.chars().take(most - 1).collect();
    (format!("{}…", kept.trim_end()), true)
}

/// A date that has something of its own.
struct Single<'a> {
    at: NaiveDateTime,
    minutes: u32,
    event: Option<&'a ReadEvent>,
}

/// The decision about one event.
struct Deciding<'a> {
    calendar: &'a ReadCalendar,
    grounds: &'a Grounds,
    event: &'a ReadEvent,
    /// The events that stand for one of it.
    own: &'a [&'a ReadEvent],
    changed: Vec<Changed>,
    patience: &'a mut i64,
}

impl Deciding<'_> {
    fn decide(mut self, key: String) -> Result<Taken, Why> {
        let event = self.event;
        if event.cancelled {
            return Err(Why::Cancelled);
        }
        let Some(starts) = &event.starts else { return Err(Why::NoDate) };
        if event.rules.len() > 1 || event.left_out_by_rule {
            return Err(Why::Rules);
        }
        let repeats = !event.rules.is_empty() || !event.added.is_empty();
        let zone = self.zone_of(starts, repeats);
        let at = self.local(starts, &zone);
        if !(1..=LAST_YEAR).contains(&at.year()) {
            return Err(Why::TooLate);
        }
        let minutes = self.minutes(event, starts);
        let rule = event.rules.first().map(|rule| read_rule(rule, at.time(), &zone)).transpose()?;
        let (schedule, mut specials) = self.dates(Rhythm { zone: zone.clone(), at, minutes, rule })?;

        let title = self.title();
        let (place, link, words) = self.where_and_what(event, true);
        let markdown = self.markdown(&title, words);
        let own = specials.iter_mut().map(|(date, special)| self.exception(&schedule, *date, special, (&place, &link))).collect::<Vec<_>>();
        let next = self.next(&schedule, &own)?;
        if next.is_empty() {
            return Err(Why::Over);
        }
        if starts_as_day(starts) {
            self.changed.push(Changed::AllDay);
        }
        if schedule.first > at.date() {
            let begins = DateTime::<Utc>::from(next[0].starts_at).with_timezone(&zone.rules());
            self.changed.push(Changed::BeginsLater(begins.date_naive()));
        }
        let unreadable = event.unreadable.iter().chain(self.own.iter().flat_map(|own| &own.unreadable));
        self.changed.extend(unreadable.take(3).map(|text| Changed::Unreadable(line(text, 60).0)));
        let new = NewGathering {
            slug: slug_of(&title.0),
            title: title.0,
            markdown,
            html: SafeHtml::default(),
            picture: None,
            alt: String::new(),
            schedule,
            without: Vec::new(),
            place,
            link,
            audience: self.grounds.audience,
            named: Vec::new(),
            cohosts: Vec::new(),
            terms: Terms::default(),
            room: Default::default(),
            announce: false,
            at: self.grounds.at,
        };
        let mut changed = self.changed;
        let mut said = Vec::new();
        changed.retain(|change| {
            !said.contains(change) && {
                said.push(change.clone());
                true
            }
        });
        let title = new.title.to_lowercase();
        let twin = next.iter().any(|session| self.grounds.twins.contains(&(title.clone(), session.starts_at)));
        Ok(Taken { key, new, own, next, changed, twin, private: event.private || self.own.iter().any(|own| own.private) })
    }

    /// The zone of the calendar, or the community's.
    fn usual_zone(&self) -> Zone {
        self.named(&self.calendar.zone).unwrap_or_else(|| self.grounds.zone.clone())
    }

    fn named(&self, written: &str) -> Option<Zone> {
        zones::named(written).or_else(|| zones::named(self.calendar.zones.get(written)?))
    }

    /// The zone on whose clock it is.
    fn zone_of(&mut self, starts: &When, repeats: bool) -> Zone {
        let usual = self.usual_zone();
        match starts {
            When::Day(_) => usual,
            When::Utc(_) if repeats && !zones::agree(&usual, &Zone::utc(), date_of(self.grounds.at)) => {
                self.changed.push(Changed::KeepsUtc);
                Zone::utc()
            }
            When::Utc(_) => usual,
            When::Wall(_, written) if written.is_empty() => {
                self.changed.push(Changed::NoZone(usual.clone()));
                usual
            }
            When::Wall(_, written) => self.named(written).unwrap_or_else(|| {
                self.changed.push(Changed::UnknownZone(line(written, 60).0, usual.clone()));
                usual
            }),
        }
    }

    /// When that is on the wall clock of a zone.
    fn local(&self, when: &When, zone: &Zone) -> NaiveDateTime {
        let minute = |at: NaiveDateTime| at.with_second(0).and_then(|at| at.with_nanosecond(0)).unwrap_or(at);
        match when {
            When::Day(date) => date.and_time(NaiveTime::MIN),
            When::Utc(at) => minute(DateTime::<Utc>::from_naive_utc_and_offset(*at, Utc).with_timezone(&zone.rules()).naive_local()),
            When::Wall(at, written) => match self.named(written).filter(|there| !written.is_empty() && there != zone) {
                None => minute(*at),
                Some(there) => {
                    let instant = DateTime::<Utc>::from(sessions::instant(*at, &there));
                    minute(instant.with_timezone(&zone.rules()).naive_local())
                }
            },
        }
    }

    fn instant(&self, when: &When) -> Timestamp {
        match when {
            When::Day(date) => date.and_time(NaiveTime::MIN).and_utc().into(),
            When::Utc(at) => at.and_utc().into(),
            When::Wall(at, written) => sessions::instant(*at, &self.named(written).unwrap_or_else(|| self.usual_zone())),
        }
    }

    /// How many minutes an event takes.
    fn minutes(&mut self, event: &ReadEvent, starts: &When) -> u32 {
        let whole_day = starts_as_day(starts);
        let told = match (&event.ends, event.minutes) {
            (Some(ends), _) => Some((self.instant(ends).0 - self.instant(starts).0) / 60_000),
            (None, told) => told,
        };
        let told = told.filter(|minutes| *minutes > 0).or(whole_day.then_some(24 * 60));
        let Some(minutes) = told else {
            self.changed.push(Changed::NoLength);
            return 90;
        };
        if minutes > i64::from(LONGEST_MINUTES) {
            self.changed.push(Changed::LongerThanAWeek);
            return LONGEST_MINUTES;
        }
        if minutes < 5 {
            self.changed.push(Changed::Short);
            return 5;
        }
        minutes as u32
    }

    /// Its title, and the whole of it where that is too long.
    fn title(&mut self) -> (String, Option<String>) {
        let whole = line(&self.event.title, usize::MAX).0;
        if whole.is_empty() {
            self.changed.push(Changed::NoTitle);
            return ("Without a name".to_owned(), None);
        }
        let (title, cut) = shortened(whole.clone(), 100);
        if cut {
            self.changed.push(Changed::LongTitle);
        }
        (title, cut.then_some(whole))
    }

    /// Where an event is, where to click, and what it says besides.
    fn where_and_what(&mut self, event: &ReadEvent, whole: bool) -> (String, String, String) {
        let mut words = event.words.clone();
        if words::is_html(&words) {
            self.changed.push(Changed::Formatted);
            words = words::plain(&words);
        }
        let mut place = line(&event.place, usize::MAX).0;
        let mut link = event.room.trim().to_owned();
        if !link.is_empty() && !words::is_link(&link) {
            let found = words::links(&link).next().map(str::to_owned);
            link = found.unwrap_or_default();
            if link.is_empty() {
                self.changed.push(Changed::LinkLost);
            }
        }
        if !link.is_empty() {
            link = words::followed(&link);
        }
        // A place that is a link, or has one to a room beside it.
        let in_place = words::links(&place).find(|found| *found == place || words::is_room(found)).map(str::to_owned);
        if let Some(found) = in_place {
            let rest = place.replace(&found, " ");
            let rest = rest.trim_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | '/' | '|' | '(' | ')' | '<' | '>' | '-'));
            place = line(rest, usize::MAX).0;
            if link.is_empty() {
                link = words::followed(&found);
            }
        }
        let url = event.url.trim();
        if words::is_link(url) {
            if link.is_empty() && (words::is_room(url) || place.is_empty() && whole) {
                link = words::followed(url);
            } else if link != url && !words.contains(url) {
                words = format!("{}\n\n{url}", words.trim_end());
            }
        }
        // Whoever may read of it is not always one who comes: a room stands nowhere but behind its door.
        let told: BTreeSet<String> =
            words::links(&words).filter(|found| words::is_room(found) || words::followed(found) == link).map(str::to_owned).collect();
        let first = words::links(&words).find(|found| told.contains(*found)).map(str::to_owned);
        if let Some(first) = first {
            self.changed.push(Changed::LinkFound);
            if link.is_empty() {
                link = words::followed(&first);
            }
            words = words::without_machine_lines(&words);
            // The longest first: one may be the beginning of another.
            for found in told.iter().rev() {
                words = words.replace(found.as_str(), "");
            }
        }
        let (kept, cut) = shortened(place.clone(), 200);
        if cut {
            self.changed.push(Changed::LongPlace);
            words = format!("{place}\n\n{words}");
        }
        if whole && kept.is_empty() && link.is_empty() {
            self.changed.push(Changed::NoPlace);
            return ("Not said yet".to_owned(), link, words);
        }
        (kept, link, words)
    }

    fn markdown(&mut self, title: &(String, Option<String>), words: String) -> String {
        let words = match &title.1 {
            Some(whole) => format!("{whole}\n\n{words}"),
            None => words,
        };
        let markdown = words::as_markdown(&text::lines(Field("", ""), &words, usize::MAX).unwrap_or_default());
        let (markdown, cut) = shortened(markdown, 10_000);
        if cut {
            self.changed.push(Changed::LongWords);
        }
        markdown
    }

    /// What a date has of its own, with its session and until when it matters; `None` of an event is one that was left out.
    fn exception(
        &mut self,
        schedule: &Schedule,
        date: NaiveDate,
        special: &(Standing, Option<Single<'_>>),
        usual_place: (&str, &str),
    ) -> (Exception, Session, Timestamp) {
        let usual = Moved { date, time: schedule.time, minutes: schedule.minutes };
        let session = |at: Moved| sessions::lasting(date, sessions::instant(at.date.and_time(at.time), &schedule.zone), at.minutes);
        let (standing, single) = special;
        let mut own = Exception { standing: *standing, changed_at: self.grounds.at, ..Exception::none(date) };
        let Some(single) = single else { return (own, session(usual), session(usual).ends_at) };
        let at = Moved { date: single.at.date(), time: single.at.time(), minutes: single.minutes };
        own.moved = Some(at).filter(|at| *at != usual);
        if let Some(event) = single.event {
            let (place, link, words) = self.where_and_what(event, false);
            own.place = Some(place).filter(|place| !place.is_empty() && place != usual_place.0);
            own.link = Some(link).filter(|link| !link.is_empty() && link != usual_place.1);
            own.online = own.link.as_ref().map(|_| true);
            let title = line(&event.title, usize::MAX).0;
            let title = Some(title).filter(|title| !title.is_empty() && *title != line(&self.event.title, usize::MAX).0);
            let words = Some(words).filter(|_| event.words.trim() != self.event.words.trim());
            let words = title.into_iter().chain(words).collect::<Vec<_>>().join("\n\n");
            let markdown = words::as_markdown(&text::lines(Field("", ""), &words, usize::MAX).unwrap_or_default());
            own.markdown = shortened(markdown, 2000).0;
            own.cancelled = event.cancelled.then(|| "It was cancelled in the calendar that it comes from.".to_owned());
            if event.and_later {
                self.changed.push(Changed::AndLater(date));
            }
        }
        let (usual, own_time) = (session(usual), session(at));
        let cancelled = own.cancelled.is_some();
        (own, Session { cancelled, ..own_time }, own_time.ends_at.max(usual.ends_at))
    }

    /// The next sessions.
    fn next(&mut self, schedule: &Schedule, own: &[(Exception, Session, Timestamp)]) -> Result<Vec<Session>, Why> {
        let now = self.grounds.at;
        let special: BTreeSet<NaiveDate> = own.iter().map(|(own, ..)| own.date).collect();
        let usual = |date: &NaiveDate| !special.contains(date);
        // It begins with one that is not over.
        let dates = match &schedule.rule {
            None => Some(schedule.first).filter(usual).into_iter().collect(),
            Some(rule) => {
                self.patient(rule, schedule.first, schedule.first, |dates| dates.filter(usual).take(SHOWN_SESSIONS).collect::<Vec<_>>())?
            }
        };
        let usual = dates.into_iter().map(|date| {
            let starts_at = sessions::instant(date.and_time(schedule.time), &schedule.zone);
            sessions::lasting(date, starts_at, schedule.minutes)
        });
        let others = own.iter().filter(|(own, ..)| own.standing != Standing::LeftOut).map(|(_, session, _)| *session);
        let mut next: Vec<Session> = usual.chain(others).filter(|session| session.ends_at > now).collect();
        next.sort_by_key(|session| (session.starts_at, session.date));
        next.truncate(SHOWN_SESSIONS);
        Ok(next)
    }
}

fn starts_as_day(starts: &When) -> bool {
    matches!(starts, When::Day(_))
}

fn date_of(at: Timestamp) -> NaiveDate {
    DateTime::<Utc>::from(at).date_naive()
}

/// The rule of a file, for sessions at that time in that zone.
fn read_rule(text: &str, time: NaiveTime, zone: &Zone) -> Result<Rule, Why> {
    // Some calendars say the time once more, which changes nothing.
    let same = |part: &&str| {
        let Some((key, value)) = part.split_once('=') else { return true };
        let said = match key.trim().to_ascii_uppercase().as_str() {
            "BYHOUR" => time.hour(),
            "BYMINUTE" => time.minute(),
            "BYSECOND" => time.second(),
            _ => return true,
        };
        value.trim().parse() != Ok(said)
    };
    let rule = text.split(';').filter(same).collect::<Vec<_>>().join(";");
    let mut rule = Rule::typed(&rule, time, zone).map_err(|refusal| match refusal {
        RuleRefusal::BelowADay => Why::BelowADay,
        other => Why::Rule(other),
    })?;
    if matches!(rule.ends, Ends::On(until) if until.year() > LAST_YEAR) {
        rule.ends = Ends::Never;
    }
    // Outlook's way to say the first Monday is "of all Mondays, the first".
    if let ([day], Frequency::Monthly, true) = (rule.days.as_slice(), rule.frequency, rule.month_days.is_empty())
        && day.nth.is_none()
        && !rule.positions.is_empty()
        && rule.positions.iter().all(|at| (-5..=5).contains(at))
    {
        let weekday = day.weekday;
        rule.days = rule.positions.drain(..).map(|at| Day { nth: Some(at as i8), weekday }).collect();
    }
    Ok(rule)
}

/// When an event is, on its own clock.
struct Rhythm {
    zone: Zone,
    at: NaiveDateTime,
    minutes: u32,
    rule: Option<Rule>,
}

/// What single dates are, by the date by which they are known: left out, or at their own time.
type Specials<'a> = BTreeMap<NaiveDate, (Standing, Option<Single<'a>>)>;

impl<'a> Deciding<'a> {
    /// The schedule from the next session on, and the dates that have something of their own.
    fn dates(&mut self, rhythm: Rhythm) -> Result<(Schedule, Specials<'a>), Why> {
        let Rhythm { zone, at, minutes, rule } = rhythm;
        let now = self.grounds.at;
        let over = |at: NaiveDateTime, minutes: u32| sessions::instant(at, &zone).plus_seconds(60 * i64::from(minutes)) <= now;
        let once = Schedule { first: at.date(), time: at.time(), minutes, zone: zone.clone(), rule: None };
        let event = self.event;
        if event.too_many_dates {
            return Err(Why::TooManyDates);
        }
        if rule.is_none() && event.added.is_empty() && self.own.is_empty() {
            return if over(at, minutes) { Err(Why::Over) } else { Ok((once, Specials::new())) };
        }
        let horizon = date_of(now) + Duration::days(SINGLES_AHEAD);

        // The dates that the file adds to its rule. The first one is a session whatever the rule says.
        let mut extra: BTreeMap<NaiveDate, Single<'a>> = BTreeMap::new();
        let first_by_rule = match &rule {
            Some(rule) => {
                let first = self.patient(rule, at.date(), at.date(), |dates| dates.next())?;
                first.filter(|first| *first == at.date())
            }
            None => None,
        };
        if first_by_rule.is_none() {
            extra.insert(at.date(), Single { at, minutes, event: None });
        }
        let mut far = false;
        for added in &event.added {
            let at = self.local(added, &zone);
            // A day without a time has the time of the others.
            let at = if starts_as_day(added) { at.date().and_time(once.time) } else { at };
            if at.date() > horizon {
                far = true;
            } else if !over(at, minutes) && extra.insert(at.date(), Single { at, minutes, event: None }).is_some_and(|twin| twin.at != at) {
                self.changed.push(Changed::TwoOnOneDay(at.date()));
            }
        }
        let mut left_out: BTreeSet<NaiveDate> = event.left_out.iter().map(|when| self.local(when, &zone).date()).collect();
        let mut instead: BTreeMap<NaiveDate, Single<'a>> = BTreeMap::new();
        for own in self.own {
            let Some(when) = &own.instead_of else { continue };
            let date = self.local(when, &zone).date();
            let starts = own.starts.as_ref().unwrap_or(when);
            let own_minutes = if own.ends.is_some() || own.minutes.is_some() { self.minutes(own, starts) } else { minutes };
            let own_at = self.local(starts, &zone);
            let own_at = if starts_as_day(starts) && !event.starts.as_ref().is_some_and(starts_as_day) {
                own_at.date().and_time(once.time)
            } else {
                own_at
            };
            if !(1..=LAST_YEAR).contains(&own_at.year()) || date > horizon {
                far = true;
                continue;
            }
            instead.insert(date, Single { at: own_at, minutes: own_minutes, event: Some(own) });
            left_out.remove(&date);
        }

        // From which of its sessions on the rule still matters.
        let mut begun: Option<(NaiveDate, Rule)> = None;
        if let Some(rule) = rule {
            let mut rule = rule;
            if first_by_rule.is_none()
                && let Ends::After(count) = &mut rule.ends
            {
                // The first one was counted, too.
                *count -= 1;
            }
            let lasting = |date: NaiveDate| date.and_time(once.time);
            let earliest = sessions::earliest(&once, now);
            let found =
                self.patient(&rule, at.date(), at.date().max(earliest), |dates| dates.find(|date| !over(lasting(*date), minutes)))?;
            if let Some(next) = found {
                if let Ends::After(count) = rule.ends {
                    let passed = self.patient(&rule, at.date(), at.date(), |dates| dates.take_while(|date| *date < next).count())?;
                    rule.ends = Ends::After(count - passed as u32);
                }
                begun = Some((next, rule));
            }
        }

        let mut specials = Specials::new();
        if let Some((next, rule)) = &begun {
            far |= left_out.iter().any(|date| *date > horizon);
            left_out.retain(|date| *date >= *next && *date <= horizon);
            let wanted = |date: &NaiveDate| left_out.contains(date) || instead.contains_key(date) || extra.contains_key(date);
            let last = left_out.iter().chain(instead.keys()).chain(extra.keys()).max().copied();
            let by_rule: BTreeSet<NaiveDate> = match last {
                Some(last) => self.patient(rule, *next, *next, |dates| dates.take_while(|date| *date <= last).filter(wanted).collect())?,
                None => BTreeSet::new(),
            };
            for date in left_out.iter().filter(|date| by_rule.contains(date) && !instead.contains_key(date)) {
                specials.insert(*date, (Standing::LeftOut, None));
            }
            for date in &by_rule {
                if let Some(twin) = extra.remove(date)
                    && twin.at != date.and_time(once.time)
                {
                    self.changed.push(Changed::TwoOnOneDay(*date));
                }
                if let Some(single) = instead.remove(date) {
                    specials.insert(*date, (Standing::Usual, Some(single)));
                }
            }
        }
        for date in &left_out {
            extra.remove(date);
        }
        extra.extend(instead);
        extra.retain(|_, single| !over(single.at, single.minutes));

        if far {
            self.changed.push(Changed::FarDates);
        }
        let schedule = match begun {
            Some((first, rule)) => Schedule { first, rule: Some(rule), ..once },
            None => {
                // Nothing goes on by a rule: it begins with the soonest of the single dates.
                let soonest =
                    extra.iter().min_by_key(|(date, single)| (single.at, **date)).map(|(date, single)| (*date, single.at, single.minutes));
                let Some((date, own_at, minutes)) = soonest else { return Err(Why::Over) };
                let schedule = Schedule { first: date, time: own_at.time(), minutes, ..once };
                if let Some(single) = extra.remove(&date)
                    && (single.event.is_some() || own_at.date() != date)
                {
                    specials.insert(date, (Standing::Usual, Some(single)));
                }
                schedule
            }
        };
        specials.extend(extra.into_iter().map(|(date, single)| (date, (Standing::Extra, Some(single)))));
        if specials.len() > MOST_SINGLE_DATES {
            return Err(Why::TooManyDates);
        }
        Ok((schedule, specials))
    }

    /// Has a rule's dates looked at, as far as the patience with the file and with one rule goes.
    fn patient<T>(&mut self, rule: &Rule, first: NaiveDate, from: NaiveDate, find: impl FnOnce(&mut dates::Dates) -> T) -> Result<T, Why> {
        let most = (*self.patience).min(PATIENCE_WITH_ONE);
        let mut dates = dates::dates(rule, first, from).patient(most);
        let found = find(&mut dates);
        *self.patience -= most - dates.patience_left();
        if dates.patience_left() < 0 { Err(Why::FarFetched) } else { Ok(found) }
    }
}

impl Taken {
    /// When its last session ends; the largest number if none is the last.
    pub fn over_at(&self) -> Timestamp {
        let (schedule, own) = (&self.new.schedule, &self.own);
        if matches!(schedule.rule, Some(Rule { ends: Ends::Never, .. })) {
            return Timestamp(i64::MAX);
        }
        let special: BTreeSet<NaiveDate> = own.iter().map(|(own, ..)| own.date).collect();
        let usual = sessions::last(schedule, |date| !special.contains(&date)).map(|session| session.ends_at);
        let others = own.iter().filter(|(own, ..)| own.standing != Standing::LeftOut).map(|(_, session, _)| session.ends_at);
        usual.into_iter().chain(others).max().unwrap_or(Timestamp(0))
    }

    /// How its description begins, in one line; empty where it has none.
    pub fn beginning(&self) -> String {
        words::beginning(&self.new.markdown, SHOWN_WORDS)
    }

    /// With its words rendered.
    pub fn rendered(mut self, prose: &dyn Prose) -> Self {
        self.new.html = prose.render(&self.new.markdown, &BTreeSet::new());
        for (own, ..) in &mut self.own {
            own.html = prose.render(&own.markdown, &BTreeSet::new());
        }
        self
    }
}

/// What imports need kept.
#[async_trait::async_trait]
pub trait ImportStore: Send + Sync {
    /// Keeps a file for its sender until an instant, under a code; and forgets those that wait in vain, and the oldest where there are
    /// many: a member has three at most.
    async fn keep_import(&self, me: &Me, code: &str, calendar: &ReadCalendar, at: Timestamp, until: Timestamp) -> Result<(), Unavailable>;
    /// The file of a code, for the one who sent it.
    async fn import(&self, me: &Me, code: &str, at: Timestamp) -> Result<Option<ReadCalendar>, Unavailable>;
    /// Forgets the files that do not wait any more.
    async fn forget_imports(&self, at: Timestamp) -> Result<(), Unavailable>;
    /// Which of these keys belong to gatherings that the viewer may see.
    async fn imported(&self, viewer: &Viewer, keys: &BTreeSet<String>) -> Result<BTreeSet<String>, Unavailable>;
    /// Keeps gatherings of the host's, all or none; those that came to be here meanwhile are passed over. Returns their slugs.
    async fn keep_imported(&self, host: &Me, taken: &[Taken]) -> Result<Vec<String>, Unavailable>;
}

/// Works with files away from those who answer requests: one can be made to take a tenth of a second on purpose.
#[async_trait::async_trait]
pub trait Reckoner: Send + Sync {
    /// Reads a calendar file.
    async fn read(&self, file: Vec<u8>) -> Result<ReadCalendar, Error<ImportRefusal>>;
    /// Does what [`look`] does.
    async fn look(&self, calendar: ReadCalendar, grounds: Grounds) -> Result<Look, Unavailable>;
}

/// The service for imports.
#[derive(Clone)]
pub struct Imports {
    store: Arc<dyn ImportStore>,
    kept: Arc<dyn GatheringStore>,
    reckoner: Arc<dyn Reckoner>,
    prose: Arc<dyn Prose>,
    clock: Arc<dyn Clock>,
}

impl Imports {
    /// Over a store of imports and one of gatherings.
    pub fn new(
        (store, kept): (Arc<dyn ImportStore>, Arc<dyn GatheringStore>),
        reckoner: Arc<dyn Reckoner>,
        prose: Arc<dyn Prose>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { store, kept, reckoner, prose, clock }
    }

    /// Reads a file and has it wait for its sender's yes, under a code of 128 bits or more.
    pub async fn wait(&self, me: &Me, code: &str, file: Vec<u8>) -> Result<(), Error<ImportRefusal>> {
        let calendar = self.reckoner.read(file).await?;
        let at = self.clock.now();
        Ok(self.store.keep_import(me, code, &calendar, at, at.plus_seconds(WAITS_SECONDS)).await?)
    }

    /// What a waiting file would become; `None` where it does not wait any more, or is somebody else's.
    pub async fn look(&self, me: &Me, code: &str, zone: &Zone, audience: Audience) -> Result<Option<Look>, Unavailable> {
        let at = self.clock.now();
        let Some(calendar) = self.store.import(me, code, at).await? else { return Ok(None) };
        let here = self.store.imported(&Viewer::Member(me.clone()), &keys(&calendar)).await?;
        let kept = self.kept.gatherings(&Viewer::Member(me.clone()), at).await?;
        let next = |gathering: &Gathering| {
            let title = gathering.title.to_lowercase();
            gathering.not_over(at).take(SHOWN_SESSIONS).map(move |session| (title.clone(), session.starts_at)).collect::<Vec<_>>()
        };
        let twins = kept.iter().flat_map(next).collect();
        self.reckoner.look(calendar, Grounds { zone: zone.clone(), audience, here, twins, at }).await.map(Some)
    }

    /// Takes those events of a waiting file in that are named by their places in it. Returns the slugs of what is new; where it is here
    /// already, because somebody said yes twice, that is none.
    pub async fn take(
        &self,
        me: &Me,
        code: &str,
        ticked: &BTreeSet<usize>,
        zone: &Zone,
        audience: Audience,
    ) -> Result<Vec<String>, Error<ImportRefusal>> {
        // Names can't be asked for here, and a file is for nobody in particular.
        let audience = if audience == Audience::Named { Audience::Community } else { audience };
        let look = self.look(me, code, zone, audience).await?.ok_or(Error::Refused(ImportRefusal::Gone))?;
        if ticked.is_empty() {
            return Err(Error::Refused(ImportRefusal::NothingTicked));
        }
        let ticked = look.lines.into_iter().filter(|line| ticked.contains(&line.at));
        let taken: Vec<Taken> = ticked.filter_map(|line| line.becomes.ok()).map(|taken| taken.rendered(self.prose.as_ref())).collect();
        let dates: usize = taken.iter().map(|taken| taken.own.len()).sum();
        if taken.len() > MOST_AT_A_TIME || dates > MOST_DATES_AT_A_TIME {
            return Err(Error::Refused(ImportRefusal::TooManyTicked));
        }
        Ok(self.store.keep_imported(me, &taken).await?)
    }

    /// Forgets the files that do not wait any more; done every now and then.
    pub async fn forget(&self) -> Result<(), Unavailable> {
        self.store.forget_imports(self.clock.now()).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Wednesday 25 November 2026, 12:00 in UTC.
    const NOW: Timestamp = Timestamp(1_795_608_000_000);

    fn wall(at: &str, zone: &str) -> When {
        When::Wall(NaiveDateTime::parse_from_str(at, "%Y-%m-%d %H:%M").expect("a time"), zone.into())
    }

    fn utc(at: &str) -> When {
        When::Utc(NaiveDateTime::parse_from_str(at, "%Y-%m-%d %H:%M").expect("a time"))
    }

    fn date(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    /// An hour and a half on Thursday 3 December in Lisbon, at the kitchen.
    fn soup() -> ReadEvent {
        ReadEvent {
            key: "soup".into(),
            title: "Soup".into(),
            words: "Bring a bowl.".into(),
            place: "The kitchen".into(),
            starts: Some(wall("2026-12-03 19:30", "Europe/Lisbon")),
            minutes: Some(90),
            ..ReadEvent::default()
        }
    }

    fn weekly(rule: &str) -> ReadEvent {
        ReadEvent { rules: vec![rule.into()], ..soup() }
    }

    fn looked(calendar: &ReadCalendar, here: &[&str]) -> Look {
        let here = here.iter().map(|key| (*key).to_owned()).collect();
        look(calendar, &Grounds { zone: lisbon(), audience: Audience::Community, here, twins: BTreeSet::new(), at: NOW })
    }

    fn lisbon() -> Zone {
        Zone::parse("Europe/Lisbon").expect("a zone")
    }

    fn of(events: Vec<ReadEvent>) -> ReadCalendar {
        ReadCalendar { entries: events.into_iter().map(|event| Entry::Event(Box::new(event))).collect(), ..ReadCalendar::default() }
    }

    /// What becomes of the first event of a file.
    fn becomes(events: Vec<ReadEvent>) -> Result<Taken, Why> {
        looked(&of(events), &[]).lines.remove(0).becomes.map(|taken| *taken)
    }

    fn taken(events: Vec<ReadEvent>) -> Taken {
        becomes(events).expect("it can be taken")
    }

    fn changed(event: ReadEvent) -> Vec<String> {
        taken(vec![event]).changed.iter().map(Changed::to_string).collect()
    }

    fn starts(taken: &Taken) -> Vec<String> {
        taken.next.iter().map(|session| DateTime::<Utc>::from(session.starts_at).format("%F %R").to_string()).collect()
    }

    #[test]
    fn what_says_all_that_we_ask_is_taken_as_it_is() {
        let soup = taken(vec![soup()]);
        assert_eq!(soup.changed, []);
        assert_eq!(
            (soup.new.title.as_str(), soup.new.place.as_str(), soup.new.markdown.as_str()),
            ("Soup", "The kitchen", "Bring a bowl.")
        );
        let schedule = Schedule {
            first: date("2026-12-03"),
            time: NaiveTime::from_hms_opt(19, 30, 0).expect("a time"),
            minutes: 90,
            zone: lisbon(),
            rule: None,
        };
        assert_eq!((&soup.new.schedule, soup.new.announce), (&schedule, false));
        assert_eq!(starts(&soup), ["2026-12-03 19:30"]);
        assert_eq!(soup.over_at(), soup.next[0].ends_at);
        let weekly = taken(vec![weekly("FREQ=WEEKLY;BYDAY=TH")]);
        assert_eq!((weekly.changed.as_slice(), weekly.over_at()), (&[][..], Timestamp(i64::MAX)));
        assert_eq!(starts(&weekly), ["2026-12-03 19:30", "2026-12-10 19:30", "2026-12-17 19:30"]);
    }

    #[test]
    fn what_is_not_as_it_was_is_said() {
        let cases: [(ReadEvent, &[&str]); 15] = [
            (ReadEvent { starts: Some(wall("2026-12-03 19:30", "")), ..soup() }, &["It named no time zone: it keeps to Lisbon’s clock."]),
            (
                ReadEvent { starts: Some(wall("2026-12-03 19:30", "Mars")), ..soup() },
                &["We don’t know its time zone, \u{201c}Mars\u{201d}: it keeps to Lisbon’s clock. Please check the time."],
            ),
            (
                ReadEvent { starts: Some(utc("2026-12-03 19:30")), rules: vec!["FREQ=WEEKLY".into()], ..soup() },
                &["It is written on UTC’s clock, and keeps to that in summer and in winter."],
            ),
            (ReadEvent { starts: Some(utc("2026-12-03 19:30")), ..soup() }, &[]),
            (
                ReadEvent { starts: Some(When::Day(date("2026-12-03"))), minutes: None, ..soup() },
                &["It had no time of day: it begins at 00:00 and takes all day."],
            ),
            (ReadEvent { minutes: None, ..soup() }, &["It did not say when it ends: it takes an hour and a half."]),
            (ReadEvent { minutes: Some(2), ..soup() }, &["It took less than five minutes: here it takes five."]),
            (
                ReadEvent { ends: Some(wall("2026-12-30 19:30", "Europe/Lisbon")), ..soup() },
                &["It took more than a week: here it ends after one."],
            ),
            (ReadEvent { title: " ".into(), ..soup() }, &["It had no title: here it is called \u{201c}Without a name\u{201d}."]),
            (
                ReadEvent { title: "x".repeat(101), ..soup() },
                &["Its title is shortened to 100 characters, and stands in full in the description."],
            ),
            (ReadEvent { words: "x".repeat(10_001), ..soup() }, &["Its description is shortened to 10,000 characters."]),
            (
                ReadEvent { place: "x".repeat(201), ..soup() },
                &["Its place is shortened to 200 characters, and stands in full in the description."],
            ),
            (ReadEvent { words: "<p>Bring <b>a bowl</b>.</p>".into(), ..soup() }, &["Its description was formatted; the words are taken."]),
            (
                ReadEvent { place: String::new(), ..soup() },
                &["It did not say where: \u{201c}Not said yet\u{201d} stands there until you write it in."],
            ),
            (
                ReadEvent { starts: Some(wall("2021-03-04 19:30", "Europe/Lisbon")), ..weekly("FREQ=WEEKLY") },
                &["What is over stays behind: here it begins on 26 November 2026."],
            ),
        ];
        for (event, sentences) in cases {
            assert_eq!(changed(event.clone()), sentences, "{event:?}");
        }
    }

    #[test]
    fn what_can_not_be_says_why() {
        let over = wall("2026-11-24 19:30", "Europe/Lisbon");
        let cases = [
            (ReadEvent { starts: Some(over.clone()), ..soup() }, "It is over."),
            (ReadEvent { starts: Some(over.clone()), ..weekly("FREQ=WEEKLY;COUNT=1") }, "It is over."),
            (ReadEvent { starts: Some(over), ..weekly("FREQ=WEEKLY;UNTIL=20261124T193000Z") }, "It is over."),
            (ReadEvent { cancelled: true, ..soup() }, "It was cancelled."),
            (ReadEvent { starts: None, ..soup() }, "It has no date that we could read."),
            (ReadEvent { ours: true, ..soup() }, "It comes from the calendar of this place, so it is here already."),
            (ReadEvent { starts: Some(wall("2105-01-01 19:30", "")), ..soup() }, "It is after the year 2099, and our calendar ends there."),
            (weekly("FREQ=HOURLY"), "It repeats more often than once a day. Here there is one session a day at most."),
            (weekly("FREQ=DAILY;BYHOUR=9,18"), "It repeats more often than once a day. Here there is one session a day at most."),
            (
                weekly("FREQ=DAILY;COUNT=5000"),
                "We can’t keep the rule by which it repeats. How many times it happens is a number from 1 to 1000.",
            ),
            (
                weekly("FREQ=LUNAR"),
                "We can’t keep the rule by which it repeats. We can’t read \u{201c}FREQ=LUNAR\u{201d} in the rule. It looks like FREQ=MONTHLY;BYDAY=1TU,3SA.",
            ),
            (
                ReadEvent { rules: vec!["FREQ=DAILY".into(), "FREQ=WEEKLY".into()], ..soup() },
                "It repeats by more than one rule at once. Here it would be several gatherings: please plan them.",
            ),
            (ReadEvent { too_many_dates: true, ..weekly("FREQ=DAILY") }, "More than 200 of its dates differ from its rule."),
        ];
        for (event, sentence) in cases {
            assert_eq!(becomes(vec![event.clone()]).expect_err("it can't be").to_string(), sentence, "{event:?}");
        }
        let entries = vec![
            Entry::Task("Buy leeks".into()),
            Entry::Note("A day".into()),
            Entry::Unreadable(7, "SUMMARY".into()),
            Entry::BrokenOff("Soup".into()),
        ];
        let lines = looked(&ReadCalendar { entries, ..ReadCalendar::default() }, &[]).lines;
        let why: Vec<String> = lines.into_iter().map(|line| line.becomes.expect_err("it can't be").to_string()).collect();
        assert_eq!(
            why,
            [
                "It is a task, and not a date on which people meet.",
                "It is a note, and not a date on which people meet.",
                "We could not read what begins on line 7: \u{201c}SUMMARY\u{201d}",
                "The file breaks off in the middle of it.",
            ]
        );
    }

    #[test]
    fn what_is_here_or_twice_in_the_file_is_not_taken_again() {
        let calendar = of(vec![soup(), soup(), ReadEvent { key: "stew".into(), ..soup() }]);
        let becomes = |here: &[&str]| looked(&calendar, here).lines.into_iter().map(|line| line.becomes.err()).collect::<Vec<_>>();
        assert_eq!(becomes(&[]), [None, Some(Why::Twice), None]);
        assert_eq!(becomes(&["stew"]), [None, Some(Why::Twice), Some(Why::Here)]);
        assert_eq!(keys(&calendar), BTreeSet::from(["soup".to_owned(), "stew".to_owned()]));
    }

    #[test]
    fn a_zone_is_found_by_any_of_its_names() {
        let zones = BTreeMap::from([("My zone".to_owned(), "America/New_York".to_owned())]);
        let zone_of = |written: &str, calendar: &str| {
            let calendar = ReadCalendar {
                zone: calendar.into(),
                zones: zones.clone(),
                ..of(vec![ReadEvent { starts: Some(wall("2026-12-03 19:30", written)), ..soup() }])
            };
            let line = looked(&calendar, &[]).lines.remove(0);
            line.becomes.expect("taken").new.schedule.zone.to_string()
        };
        assert_eq!(zone_of("W. Europe Standard Time", ""), "Europe/Berlin");
        assert_eq!(zone_of("/freeassociation.sourceforge.net/Asia/Tokyo", ""), "Asia/Tokyo");
        assert_eq!(zone_of("My zone", "Europe/Paris"), "America/New_York");
        assert_eq!(zone_of("", "Europe/Paris"), "Europe/Paris");
        assert_eq!(zone_of("", "nowhere"), "Europe/Lisbon");
    }

    #[test]
    fn an_instant_is_told_on_the_clock_of_the_calendar() {
        let mut calendar = of(vec![ReadEvent { starts: Some(utc("2026-12-03 23:30")), ..soup() }]);
        calendar.zone = "Asia/Tokyo".into();
        let schedule = looked(&calendar, &[]).lines.remove(0).becomes.expect("taken").new.schedule;
        assert_eq!((schedule.first, schedule.time.to_string()), (date("2026-12-04"), "08:30:00".into()));
    }

    #[test]
    fn a_series_that_has_gone_on_for_long_begins_with_its_next_session_and_keeps_its_beat() {
        for (rule, next) in [
            // From Thursday 4 March 2021: 26 November 2026 is 299 weeks later.
            ("FREQ=WEEKLY", ["2026-11-26", "2026-12-03", "2026-12-10"]),
            ("FREQ=WEEKLY;INTERVAL=2", ["2026-12-03", "2026-12-17", "2026-12-31"]),
            ("FREQ=WEEKLY;COUNT=301", ["2026-11-26", "2026-12-03", ""]),
            ("FREQ=MONTHLY", ["2026-12-04", "2027-01-04", "2027-02-04"]),
            ("FREQ=DAILY;INTERVAL=100", ["2026-12-03", "2027-03-13", "2027-06-21"]),
            ("FREQ=YEARLY", ["2027-03-04", "2028-03-04", "2029-03-04"]),
        ] {
            let event = ReadEvent { starts: Some(wall("2021-03-04 19:30", "Europe/Lisbon")), ..weekly(rule) };
            let taken = taken(vec![event]);
            let found: Vec<String> = taken.next.iter().map(|session| session.date.to_string()).collect();
            assert_eq!(found, next.into_iter().filter(|date| !date.is_empty()).collect::<Vec<_>>(), "{rule}");
            assert_eq!(taken.new.schedule.first.to_string(), next[0], "{rule}");
        }
    }

    #[test]
    fn single_dates_are_left_out_added_moved_and_cancelled() {
        let series = ReadEvent {
            left_out: vec![wall("2026-12-10 19:30", "Europe/Lisbon"), utc("2026-12-24 19:30"), When::Day(date("2026-12-31"))],
            added: vec![wall("2026-12-05 11:00", "Europe/Lisbon")],
            ..weekly("FREQ=WEEKLY;COUNT=6")
        };
        let moved = ReadEvent {
            instead_of: Some(wall("2026-12-17 19:30", "Europe/Lisbon")),
            starts: Some(wall("2026-12-18 21:00", "Europe/Berlin")),
            minutes: Some(30),
            place: "The attic".into(),
            words: "Stew this time.".into(),
            ..soup()
        };
        let cancelled = ReadEvent {
            instead_of: Some(wall("2027-01-07 19:30", "Europe/Lisbon")),
            starts: Some(wall("2027-01-07 19:30", "Europe/Lisbon")),
            cancelled: true,
            ..soup()
        };
        let taken = taken(vec![series, moved, cancelled]);
        assert_eq!(taken.changed, []);
        assert_eq!(starts(&taken), ["2026-12-03 19:30", "2026-12-05 11:00", "2026-12-18 20:00"]);
        let own = |day: &str| taken.own.iter().map(|(own, ..)| own).find(|own| own.date == date(day)).expect("it has something of its own");
        for day in ["2026-12-10", "2026-12-24", "2026-12-31"] {
            assert_eq!(own(day).standing, Standing::LeftOut, "{day}");
        }
        assert_eq!((own("2026-12-05").standing, own("2026-12-05").place.as_deref()), (Standing::Extra, None));
        let moved = own("2026-12-17");
        let time = NaiveTime::from_hms_opt(20, 0, 0).expect("a time");
        assert_eq!(moved.moved, Some(Moved { date: date("2026-12-18"), time, minutes: 30 }));
        assert_eq!(
            (moved.place.as_deref(), moved.markdown.as_str(), moved.standing),
            (Some("The attic"), "Stew this time.", Standing::Usual)
        );
        assert_eq!(own("2027-01-07").cancelled.as_deref(), Some("It was cancelled in the calendar that it comes from."));
        assert_eq!(taken.own.len(), 6);
        let last = taken.own.iter().find(|(own, ..)| own.date == date("2027-01-07")).expect("the last one");
        assert_eq!(taken.over_at(), last.1.ends_at);
    }

    #[test]
    fn one_that_stands_for_a_session_of_a_series_that_is_not_in_the_file_is_one_by_itself() {
        let of_series = |day: &str| {
            let at = wall(&format!("{day} 19:30"), "Europe/Lisbon");
            ReadEvent { instead_of: Some(at.clone()), starts: Some(at), ..soup() }
        };
        let calendar = of(vec![of_series("2026-12-03"), of_series("2026-12-10")]);
        let keys: Vec<String> = looked(&calendar, &[]).lines.into_iter().map(|line| line.becomes.expect("taken").key).collect();
        assert_eq!(keys, ["soup-2026-12-03-1930", "soup-2026-12-10-1930"]);
        assert!(keys.iter().all(|key| super::keys(&calendar).contains(key)));
    }

    #[test]
    fn what_is_left_of_a_series_that_has_ended_is_its_single_dates() {
        let series = ReadEvent { starts: Some(wall("2026-10-01 19:30", "Europe/Lisbon")), ..weekly("FREQ=WEEKLY;COUNT=4") };
        let moved = ReadEvent {
            instead_of: Some(wall("2026-10-15 19:30", "Europe/Lisbon")),
            starts: Some(wall("2026-12-15 18:00", "Europe/Lisbon")),
            ..soup()
        };
        let taken = taken(vec![series, moved]);
        assert_eq!(starts(&taken), ["2026-12-15 18:00"]);
        assert_eq!(taken.over_at(), taken.next[0].ends_at);
    }

    #[test]
    fn the_first_date_is_a_session_whatever_the_rule_says() {
        // A Tuesday, and every Thursday after it: three in all.
        let event = ReadEvent { starts: Some(wall("2026-12-01 19:30", "Europe/Lisbon")), ..weekly("FREQ=WEEKLY;BYDAY=TH;COUNT=3") };
        assert_eq!(starts(&taken(vec![event])), ["2026-12-01 19:30", "2026-12-03 19:30", "2026-12-10 19:30"]);
    }

    #[test]
    fn where_it_is_and_where_to_click_are_told_apart() {
        let room = "https://meet.google.com/abc-defg-hij";
        let page = "https://www.meetup.com/soup/events/1/";
        let case = |place: &str, url: &str, room: &str, words: &str| {
            let event = ReadEvent { place: place.into(), url: url.into(), room: room.into(), words: words.into(), ..soup() };
            let new = taken(vec![event]).new;
            (new.place, new.link, new.markdown)
        };
        let told = |place: &str, link: &str, words: &str| (place.to_owned(), link.to_owned(), words.to_owned());
        assert_eq!(case("The kitchen", "", room, "Soup."), told("The kitchen", room, "Soup."));
        assert_eq!(case(room, "", "", "Soup."), told("", room, "Soup."));
        assert_eq!(case(&format!("The kitchen; {room}"), "", "", "Soup."), told("The kitchen", room, "Soup."));
        assert_eq!(case("The kitchen", page, "", "Soup."), told("The kitchen", "", &format!("Soup.\n\n{page}")));
        assert_eq!(case("", page, "", "Soup."), told("", page, "Soup."));
        assert_eq!(case("The kitchen", "", "", &format!("Join: {room}\nSoup.")), told("The kitchen", room, "Join:\nSoup."));
        assert_eq!(case("The kitchen", "javascript:alert(1)", "javascript:alert(1)", "Soup."), told("The kitchen", "", "Soup."));
    }

    #[test]
    fn what_is_private_there_is_known_to_be_so() {
        assert!(taken(vec![ReadEvent { private: true, ..soup() }]).private);
    }

    #[test]
    fn people_reminders_and_files_are_told_of_where_something_is_taken() {
        let with = ReadEvent { people: true, reminders: true, files: true, ..soup() };
        let look = looked(&of(vec![with.clone()]), &[]);
        assert!(look.people && look.reminders && look.files);
        let look = looked(&of(vec![ReadEvent { cancelled: true, ..with }]), &[]);
        assert!(!(look.people || look.reminders || look.files));
    }

    #[test]
    fn far_fetched_rules_are_not_reckoned_out_for_ever() {
        let never =
            ReadEvent { starts: Some(wall("2026-12-03 19:30", "Europe/Lisbon")), ..weekly("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30;BYDAY=MO") };
        let old = ReadEvent { starts: Some(wall("0001-01-01 19:30", "UTC")), ..weekly("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=9") };
        let many = (0..MOST_EVENTS).map(|at| ReadEvent { key: at.to_string(), ..if at % 2 == 0 { never.clone() } else { old.clone() } });
        let lines = looked(&of(many.collect()), &[]).lines;
        assert!(lines.iter().filter(|line| line.becomes == Err(Why::FarFetched)).count() > MOST_EVENTS / 2);
    }

    proptest! {
        #[test]
        fn any_event_can_be_decided_about(
            at in prop_oneof![
                (-900_000i64..900_000).prop_map(|days| When::Day(date("2026-11-25") + Duration::days(days))),
                (-90_000_000i64..90_000_000, "[A-Z]{0,3}|Europe/Paris").prop_map(|(minutes, zone)| {
                    When::Wall(date("2026-11-25").and_time(NaiveTime::MIN) + Duration::minutes(minutes), zone)
                }),
                (-1_000i64..1_000).prop_map(|hours| When::Utc(date("2026-11-25").and_time(NaiveTime::MIN) + Duration::hours(hours))),
            ],
            length in proptest::option::of(-20_000i64..20_000),
            rule in proptest::option::of("FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY|X)(;INTERVAL=[0-9]{1,2})?(;COUNT=[0-9]{1,2})?(;BYDAY=(MO|1TU|-1FR))?"),
            singles in proptest::collection::vec((-40i64..400, -3i64..3, 0u8..3), 0..6),
            words in "\\PC{0,60}",
        ) {
            let base = match &at { When::Day(date) => date.and_time(NaiveTime::MIN), When::Wall(at, _) | When::Utc(at) => *at };
            let moved = |days: i64, hours: i64| {
                let by = base + Duration::days(days) + Duration::hours(hours);
                match &at { When::Day(_) => When::Day(by.date()), When::Wall(_, zone) => When::Wall(by, zone.clone()), When::Utc(_) => When::Utc(by) }
            };
            let mut series = ReadEvent { starts: Some(at.clone()), minutes: length, rules: rule.into_iter().collect(), title: words.clone(), words, ..soup() };
            let mut all = Vec::new();
            for (days, hours, kind) in singles {
                match kind {
                    0 => series.left_out.push(moved(days, 0)),
                    1 => series.added.push(moved(days, hours)),
                    _ => all.push(ReadEvent { instead_of: Some(moved(days, 0)), starts: Some(moved(days + 1, hours)), ..soup() }),
                }
            }
            all.insert(0, series);
            if let Ok(taken) = becomes(all) {
                prop_assert!(taken.next[0].ends_at > NOW && taken.over_at() >= taken.next[0].ends_at);
                prop_assert!(taken.own.iter().all(|(own, session, until)| own.date == session.date && *until >= session.ends_at));
                prop_assert!((5..=LONGEST_MINUTES).contains(&taken.new.schedule.minutes));
                prop_assert!(taken.new.title.chars().count() <= 100 && !taken.new.title.is_empty());
            }
        }
    }
}
