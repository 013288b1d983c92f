//! Reading calendar files (iCalendar, RFC 5545) as people's programs write them, for [`domain::gatherings::import`].
//!
//! A file comes from anywhere, so it is read line by line within bounds of our own, once from its beginning to its end: what a line says
//! is the library's to parse, which lines belong together is ours. What can't be read is told and passed over; it takes nothing else
//! along. Of people, nothing is read but that there are some.

use crate::passwords::hex_digest;
use chrono::{NaiveDate, NaiveDateTime};
use domain::{
    gatherings::import::{self, Entry, Grounds, ImportRefusal, Look, MOST_BYTES, MOST_EVENTS, ReadCalendar, ReadEvent, Reckoner, When},
    outcome::{Error, OrRefuse, Unavailable},
};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use icalendar::parser::Property;
use std::borrow::Cow;

/// Reads files and reckons with them on threads of their own.
pub struct Aside {
    /// Where this place is found: events that come from its feeds are known as such.
    pub origin: String,
}

#[async_trait::async_trait]
impl Reckoner for Aside {
    async fn read(&self, file: Vec<u8>) -> Result<ReadCalendar, Error<ImportRefusal>> {
        let origin = self.origin.clone();
        aside(move || read(&file, &origin)).await?.or_refuse()
    }

    async fn look(&self, calendar: ReadCalendar, grounds: Grounds) -> Result<Look, Unavailable> {
        aside(move || import::look(&calendar, &grounds)).await
    }
}

async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Unavailable> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Unavailable(Box::new(error)))
}

/// How deep components may be within each other: a calendar has events, which have alarms.
const DEEPEST: usize = 8;
/// Most characters that are read of a title or a place: more than are kept, so that it is known that there were more.
const LONGEST_LINE: usize = 2000;
/// Most characters that are read of a description, for the same reason.
const LONGEST_WORDS: usize = 20_000;
/// Most dates that are read of one event, of each kind: those of some ten years, day by day.
const MOST_DATES: usize = 4000;
/// Most lines of one event that are told of where they can't be read.
const MOST_UNREADABLE: usize = 3;

/// Reads a calendar file. Events that come from the feeds of `origin` are known as such.
pub fn read(bytes: &[u8], origin: &str) -> Result<ReadCalendar, ImportRefusal> {
    if bytes.is_empty() {
        return Err(ImportRefusal::Nothing);
    }
    if bytes.len() > MOST_BYTES {
        return Err(ImportRefusal::TooLarge);
    }
    let text = as_utf_8(bytes);
    let host = origin.split("//").last().unwrap_or(origin);
    let mut reading = Reading { host: format!("@{host}"), ..Reading::default() };
    for (number, line) in unfolded(&text) {
        reading.line(number, &line)?;
    }
    reading.end()
}

/// A file in UTF-16 as UTF-8; others as they are, without the mark that some begin with.
fn as_utf_8(bytes: &[u8]) -> Cow<'_, [u8]> {
    let wide = match (Encoding::for_bom(bytes), bytes) {
        (Some((encoding, mark)), _) if encoding == UTF_8 => return Cow::Borrowed(&bytes[mark..]),
        (Some((encoding, _)), _) => encoding,
        // "BE", the first letters of every calendar.
        (None, [b'B', 0, b'E', 0, ..]) => UTF_16LE,
        (None, [0, b'B', 0, b'E', ..]) => UTF_16BE,
        _ => return Cow::Borrowed(bytes),
    };
    Cow::Owned(wide.decode(bytes).0.into_owned().into_bytes())
}

/// The lines of a file, each with the number of its first: folded ones are one again (RFC 5545, 3.1). They are put together before
/// they are taken for text, since a fold may go right through a letter.
fn unfolded(text: &[u8]) -> impl Iterator<Item = (usize, Cow<'_, str>)> {
    // Where no line ends with a line feed, carriage returns end them.
    let end = if text.contains(&b'\n') { b'\n' } else { b'\r' };
    let mut pieces = text.split(move |byte| *byte == end).map(|piece| piece.strip_suffix(b"\r").unwrap_or(piece)).enumerate().peekable();
    std::iter::from_fn(move || {
        let (at, first) = pieces.next()?;
        let mut line = Cow::Borrowed(first);
        while let Some((_, more)) = pieces.next_if(|(_, next)| next.starts_with(b" ") || next.starts_with(b"\t")) {
            line.to_mut().extend_from_slice(&more[1..]);
        }
        Some((at + 1, line))
    })
    .map(|(number, line)| (number, in_letters(line)))
}

/// A line as text: in UTF-8, or as Windows wrote it in western Europe.
fn in_letters(line: Cow<'_, [u8]>) -> Cow<'_, str> {
    match line {
        Cow::Borrowed(line) => match std::str::from_utf8(line) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => WINDOWS_1252.decode_without_bom_handling(line).0,
        },
        Cow::Owned(line) => Cow::Owned(match String::from_utf8(line) {
            Ok(text) => text,
            Err(error) => WINDOWS_1252.decode_without_bom_handling(error.as_bytes()).0.into_owned(),
        }),
    }
}

/// A component that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Open {
    Calendar,
    Event,
    Task,
    Note,
    /// A zone, by the name that it has in this file.
    Zone(String),
    Alarm,
    /// One that says nothing for us, by its name.
    Other(String),
}

impl Open {
    fn of(name: &str) -> Self {
        match name {
            "VCALENDAR" => Self::Calendar,
            "VEVENT" => Self::Event,
            "VTODO" => Self::Task,
            "VJOURNAL" => Self::Note,
            "VTIMEZONE" => Self::Zone(String::new()),
            "VALARM" => Self::Alarm,
            other => Self::Other(other.chars().take(40).collect()),
        }
    }

    /// Whether `END:` with a name ends it.
    fn is_ended_by(&self, name: &str) -> bool {
        let ends = Self::of(name);
        match self {
            // One that stood where none may is known by its name alone.
            Self::Other(own) => own == name,
            Self::Zone(_) => matches!(ends, Self::Zone(_)),
            _ => ends == *self,
        }
    }
}

/// A file, as far as it is read.
#[derive(Default)]
struct Reading {
    /// What the UIDs of our own feeds end with.
    host: String,
    read: ReadCalendar,
    open: Vec<Open>,
    /// The event, task or note that is open.
    now: Current,
    /// There was a calendar.
    calendar: bool,
}

/// The event, task or note that is being read.
#[derive(Default)]
struct Current {
    event: ReadEvent,
    uid: String,
    /// What tells it from others where it has no UID.
    starts: String,
}

impl Reading {
    fn line(&mut self, number: usize, line: &str) -> Result<(), ImportRefusal> {
        if line.trim().is_empty() {
            return Ok(());
        }
        let Some((name, value)) = begin_or_end(line) else {
            self.property(number, line)?;
            return Ok(());
        };
        if name == "BEGIN" { self.begin(number, &value) } else { self.close(number, &value) }
    }

    fn begin(&mut self, number: usize, name: &str) -> Result<(), ImportRefusal> {
        let open = Open::of(name);
        self.calendar |= open == Open::Calendar;
        if self.open.len() >= DEEPEST {
            return Err(ImportRefusal::Nested);
        }
        let within = self.open.iter().any(|open| matches!(open, Open::Event | Open::Task | Open::Note));
        match open {
            Open::Event | Open::Task | Open::Note if within => {
                // Its lines belong to nothing.
                self.told(Entry::Unreadable(number, format!("BEGIN:{name}")))?;
                self.open.push(Open::Other(name.chars().take(40).collect()));
            }
            Open::Event | Open::Task | Open::Note => {
                self.now = Current::default();
                self.open.push(open);
            }
            Open::Alarm => {
                self.now.event.reminders = true;
                self.open.push(open);
            }
            other => self.open.push(other),
        }
        Ok(())
    }

    fn close(&mut self, number: usize, name: &str) -> Result<(), ImportRefusal> {
        // What was not closed within it ends with it.
        let Some(at) = self.open.iter().rposition(|open| open.is_ended_by(name)) else {
            return self.told(Entry::Unreadable(number, format!("END:{name}")));
        };
        for open in self.open.split_off(at).into_iter().rev() {
            if matches!(open, Open::Event | Open::Task | Open::Note) {
                let entry = self.finished(&open);
                self.told(entry)?;
            }
        }
        Ok(())
    }

    /// The event, task or note that is done.
    fn finished(&mut self, open: &Open) -> Entry {
        let Current { mut event, uid, starts } = std::mem::take(&mut self.now);
        match open {
            Open::Task => return Entry::Task(event.title),
            Open::Note => return Entry::Note(event.title),
            _ => {}
        }
        event.ours = uid.starts_with("gathering-") && uid.ends_with(&self.host);
        let known_by = if uid.is_empty() { format!("{}\n{starts}", event.title) } else { uid };
        event.key = hex_digest(known_by.as_bytes())[..32].to_owned();
        Entry::Event(Box::new(event))
    }

    fn told(&mut self, entry: Entry) -> Result<(), ImportRefusal> {
        if self.read.entries.len() >= MOST_EVENTS {
            return Err(ImportRefusal::TooMany);
        }
        self.read.entries.push(entry);
        Ok(())
    }

    fn property(&mut self, number: usize, line: &str) -> Result<(), ImportRefusal> {
        match self.open.last_mut() {
            Some(Open::Event | Open::Task | Open::Note) => {
                let Some((name, property)) = parsed(line) else {
                    let unreadable = &mut self.now.event.unreadable;
                    if unreadable.len() < MOST_UNREADABLE {
                        unreadable.push(line.chars().take(100).collect());
                    }
                    return Ok(());
                };
                if let Some(property) = property {
                    self.now.say(&name, &property);
                }
            }
            Some(Open::Calendar) => {
                if let Some((name, Some(property))) = parsed(line) {
                    let value = short(property.val.clone().unescape_text().as_str(), LONGEST_LINE);
                    match name.as_str() {
                        "X-WR-CALNAME" => self.read.name = value,
                        "NAME" if self.read.name.is_empty() => self.read.name = value,
                        "X-WR-TIMEZONE" => self.read.zone = value,
                        "TIMEZONE-ID" if self.read.zone.is_empty() => self.read.zone = value,
                        _ => {}
                    }
                }
            }
            Some(Open::Zone(id)) => {
                if let Some((name, Some(property))) = parsed(line) {
                    let value = short(property.val.as_str(), 200);
                    match name.as_str() {
                        "TZID" => *id = value,
                        "X-LIC-LOCATION" if self.read.zones.len() < MOST_EVENTS => {
                            self.read.zones.insert(id.clone(), value);
                        }
                        _ => {}
                    }
                }
            }
            Some(Open::Alarm | Open::Other(_)) => {}
            // Before any calendar there is nothing that we would miss; after one, there should be nothing.
            None if self.calendar => self.told(Entry::Unreadable(number, line.chars().take(100).collect()))?,
            None => {}
        }
        Ok(())
    }

    fn end(mut self) -> Result<ReadCalendar, ImportRefusal> {
        if !self.calendar {
            return Err(ImportRefusal::NotACalendar);
        }
        if self.open.iter().any(|open| matches!(open, Open::Event | Open::Task | Open::Note)) {
            let title = std::mem::take(&mut self.now.event.title);
            self.told(Entry::BrokenOff(title))?;
        }
        if self.read.entries.is_empty() { Err(ImportRefusal::Empty) } else { Ok(self.read) }
    }
}

/// `BEGIN` or `END` in capitals, with the name of its component.
fn begin_or_end(line: &str) -> Option<(&'static str, String)> {
    let (key, value) = line.split_once(':')?;
    let key = ["BEGIN", "END"].into_iter().find(|name| key.trim().eq_ignore_ascii_case(name))?;
    Some((key, value.trim().to_ascii_uppercase()))
}

/// What is read of an event, a calendar or a zone.
const READ: [&str; 28] = [
    "UID",
    "SUMMARY",
    "DESCRIPTION",
    "LOCATION",
    "URL",
    "CONFERENCE",
    "X-GOOGLE-CONFERENCE",
    "X-MICROSOFT-SKYPETEAMSMEETINGURL",
    "X-MICROSOFT-ONLINEMEETINGJOINURL",
    "DTSTART",
    "DTEND",
    "DURATION",
    "RRULE",
    "EXRULE",
    "EXDATE",
    "RDATE",
    "RECURRENCE-ID",
    "STATUS",
    "CLASS",
    "ATTENDEE",
    "ORGANIZER",
    "ATTACH",
    "X-WR-CALNAME",
    "NAME",
    "X-WR-TIMEZONE",
    "TIMEZONE-ID",
    "TZID",
    "X-LIC-LOCATION",
];

/// A line's name in capitals, and what it says if that is something we read; `None` where it is no line of a calendar.
fn parsed(line: &str) -> Option<(String, Option<Property<'_>>)> {
    let name = line.split([':', ';']).next().filter(|name| name.len() < line.len())?;
    let well_formed = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    if !well_formed {
        return None;
    }
    // Apple writes names of groups before some: `item1.URL`.
    let known = name.rsplit('.').next().unwrap_or(name).to_ascii_uppercase();
    if !READ.contains(&known.as_str()) {
        return Some((known, None));
    }
    let whole = Property::try_from(line).ok()?;
    // The library knows what is text by names in capitals.
    let property = if known == name { whole } else { Property { val: whole.val.unescape_text(), ..whole } };
    Some((known, Some(property)))
}

fn short(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

/// A parameter of a property.
fn parameter<'a>(property: &'a Property<'_>, name: &str) -> Option<&'a str> {
    let found = property.params.iter().find(|parameter| parameter.key.as_str().eq_ignore_ascii_case(name))?;
    found.val.as_ref().map(|value| value.as_str())
}

impl Current {
    /// Takes in what a line says. Where two say the same thing, the first one counts.
    fn say(&mut self, name: &str, property: &Property<'_>) {
        let value = property.val.as_str();
        let first = |into: &mut String, value: String| {
            if into.is_empty() {
                *into = value;
            }
        };
        let event = &mut self.event;
        match name {
            "UID" => first(&mut self.uid, short(value.trim(), LONGEST_LINE)),
            "SUMMARY" => first(&mut event.title, short(value, LONGEST_LINE)),
            "DESCRIPTION" => first(&mut event.words, short(value, LONGEST_WORDS)),
            "LOCATION" => first(&mut event.place, short(value, LONGEST_LINE)),
            "URL" => first(&mut event.url, short(value.trim(), LONGEST_LINE)),
            "CONFERENCE" if value.starts_with("tel:") => {}
            "CONFERENCE" | "X-GOOGLE-CONFERENCE" | "X-MICROSOFT-SKYPETEAMSMEETINGURL" | "X-MICROSOFT-ONLINEMEETINGJOINURL" => {
                first(&mut event.room, short(value.trim(), LONGEST_LINE));
            }
            "DTSTART" => {
                first(&mut self.starts, short(value.trim(), 40));
                self.when(property, |event, when| event.starts = event.starts.take().or(Some(when)));
            }
            "DTEND" => self.when(property, |event, when| event.ends = event.ends.take().or(Some(when))),
            "RECURRENCE-ID" => {
                event.and_later = parameter(property, "RANGE").is_some_and(|range| range.eq_ignore_ascii_case("THISANDFUTURE"));
                self.when(property, |event, when| event.instead_of = event.instead_of.take().or(Some(when)));
            }
            "DURATION" => match minutes(value) {
                Some(minutes) => event.minutes = event.minutes.or(Some(minutes)),
                None => self.unreadable(property),
            },
            // Two that say the same are one.
            "RRULE" if event.rules.iter().any(|rule| rule == value.trim()) => {}
            "RRULE" if event.rules.len() < 2 => event.rules.push(short(value.trim(), LONGEST_WORDS)),
            "EXRULE" => event.left_out_by_rule = true,
            "EXDATE" | "RDATE" => self.dates(name, property),
            "STATUS" => event.cancelled = value.trim().eq_ignore_ascii_case("CANCELLED"),
            "CLASS" => event.private = !value.trim().eq_ignore_ascii_case("PUBLIC"),
            "ATTENDEE" | "ORGANIZER" => event.people = true,
            "ATTACH" => event.files = true,
            _ => {}
        }
    }

    fn when(&mut self, property: &Property<'_>, put: impl FnOnce(&mut ReadEvent, When)) {
        match read_when(property.val.as_str(), parameter(property, "TZID")) {
            Some(when) => put(&mut self.event, when),
            None => self.unreadable(property),
        }
    }

    fn dates(&mut self, name: &str, property: &Property<'_>) {
        let zone = parameter(property, "TZID");
        for one in property.val.as_str().split(',') {
            // Of a period (RFC 5545, 3.3.9), its beginning; it is as long as the others.
            let starts = one.split('/').next().unwrap_or(one);
            let into = if name == "EXDATE" { &mut self.event.left_out } else { &mut self.event.added };
            if into.len() >= MOST_DATES {
                self.event.too_many_dates = true;
                return;
            }
            match read_when(starts, zone) {
                Some(when) => into.push(when),
                None => return self.unreadable(property),
            }
        }
    }

    fn unreadable(&mut self, property: &Property<'_>) {
        if self.event.unreadable.len() < MOST_UNREADABLE {
            let line = format!("{}:{}", property.name.as_str(), short(property.val.as_str(), 60));
            self.event.unreadable.push(line);
        }
    }
}

/// When, as calendars write it (RFC 5545, 3.3.4 and 3.3.5); with dashes and colons too, as some do.
fn read_when(text: &str, zone: Option<&str>) -> Option<When> {
    let text = text.trim();
    if text.len() > 40 {
        return None;
    }
    let text: String = text.chars().filter(|c| !matches!(c, '-' | ':')).collect();
    let date = |text: &str| NaiveDate::parse_from_str(text, "%Y%m%d").ok().filter(|_| text.len() == 8);
    let Some((day, time)) = text.split_once(['T', 't']) else { return date(&text).map(When::Day) };
    let (time, utc) = time.strip_suffix(['Z', 'z']).map_or((time, false), |time| (time, true));
    // A leap second begins the next minute.
    let time =
        if let Some(before) = time.strip_suffix("60").filter(|before| before.len() == 4) { format!("{before}59") } else { time.to_owned() };
    let time = if time.len() == 4 { format!("{time}00") } else { time };
    let at = NaiveDateTime::parse_from_str(&format!("{day}T{time}"), "%Y%m%dT%H%M%S").ok().filter(|_| day.len() == 8 && time.len() == 6)?;
    let zone = zone.map(|zone| short(zone.trim(), 200)).unwrap_or_default();
    Some(if utc { When::Utc(at) } else { When::Wall(at, zone) })
}

/// How many minutes a duration has (RFC 5545, 3.3.6): `PT90M`, `P1DT2H`, `P1W`. Seconds are left out.
fn minutes(text: &str) -> Option<i64> {
    let text = text.trim().to_ascii_uppercase();
    let (sign, rest) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(&text)),
    };
    let rest = rest.strip_prefix('P')?;
    let (mut total, mut number, mut in_time) = (0_i64, String::new(), false);
    for c in rest.chars() {
        if c.is_ascii_digit() && number.len() < 9 {
            number.push(c);
            continue;
        }
        if c == 'T' && number.is_empty() && !in_time {
            in_time = true;
            continue;
        }
        let count: i64 = std::mem::take(&mut number).parse().ok()?;
        total += match (c, in_time) {
            ('W', false) => count * 7 * 24 * 60,
            ('D', false) => count * 24 * 60,
            ('H', true) => count * 60,
            ('M', true) => count,
            ('S', true) => count / 60,
            _ => return None,
        };
    }
    number.is_empty().then_some(sign * total)
}
