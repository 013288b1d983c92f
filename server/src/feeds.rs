//! Calendar feeds: gatherings as iCalendar (RFC 5545), for the calendar on a phone.
//!
//! Reading order: the three addresses, then [`calendar`] (one calendar of gatherings), then [`time_zones`], since the library
//! writes no VTIMEZONE and a calendar that meets an unknown zone falls back to its own. A series is one event with its rule, so
//! that the phone expands it. The online link is in no feed: calendars are copied about, and it is shown on the page of each session.

pub mod time_zones;

use crate::{passwords::hex_digest, pictures::routes::names_tag, prose};
use axum::{
    Extension,
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use domain::{
    community::Place,
    gatherings::{
        Gathering, Gatherings,
        calendar::{Exception, Standing},
        rule::{Ends, Rule},
        sessions::{self, Schedule},
    },
    outcome::Unavailable,
    time::{Clock, Timestamp},
    viewer::Viewer,
};
use icalendar::{Component, Event, EventLike, Property};
use std::{collections::BTreeMap, sync::Arc};
use time_zones::time_zone;

/// What the feeds are made from; given to the handlers as an extension.
#[derive(Clone)]
pub struct Feeds {
    /// The service for gatherings.
    pub gatherings: Gatherings,
    /// The service for the community's place: its name is the calendar's.
    pub place: Place,
    /// Where the community is, such as `https://lantern.example`, without a slash at the end.
    pub origin: String,
    /// Tells how far ahead zones are written out.
    pub clock: Arc<dyn Clock>,
}

/// Answers `GET /gatherings.ics`: the public gatherings, the same for whoever asks.
pub async fn public_feed(Extension(feeds): Extension<Arc<Feeds>>, headers: HeaderMap) -> Response {
    let made = async {
        let gatherings = feeds.gatherings.all(&Viewer::Visitor).await?;
        feeds.write(&gatherings).await.map(Some)
    };
    answer(made.await, "public, max-age=900", &headers)
}

/// Answers `GET /gatherings/{slug}.ics`: one gathering, as its viewer may see it. `slug` comes without `.ics`.
pub async fn series_feed(feeds: &Feeds, viewer: &Viewer, slug: &str, headers: &HeaderMap) -> Response {
    let caching = match viewer {
        Viewer::Visitor => "public, max-age=900",
        Viewer::Member(_) => "private, max-age=900",
    };
    let made = async {
        let Some(gathering) = feeds.gatherings.gathering(viewer, slug).await? else { return Ok(None) };
        feeds.write(&[gathering]).await.map(Some)
    };
    answer(made.await, caching, headers)
}

/// Answers `GET /calendar/{secret}.ics`: all that the owner of the secret may see. Whatever is wrong with an address is one 404.
pub async fn own_feed(Path(file): Path<String>, Extension(feeds): Extension<Arc<Feeds>>, headers: HeaderMap) -> Response {
    let made = async {
        let Some(secret) = file.strip_suffix(".ics") else { return Ok(None) };
        let Some(me) = feeds.gatherings.calendar_owner(secret).await? else { return Ok(None) };
        let gatherings = feeds.gatherings.all(&Viewer::Member(me)).await?;
        feeds.write(&gatherings).await.map(Some)
    };
    answer(made.await, "private, max-age=900", &headers)
}

impl Feeds {
    async fn write(&self, gatherings: &[Gathering]) -> Result<String, Unavailable> {
        let name = self.place.community().await?.map_or_else(|| "Porchlight".to_owned(), |community| community.name);
        calendar(&Feed { name: &name, origin: &self.origin, now: self.clock.now() }, gatherings)
    }
}

fn answer(made: Result<Option<String>, Unavailable>, caching: &'static str, headers: &HeaderMap) -> Response {
    let text = match made {
        Ok(Some(text)) => text,
        Ok(None) => return (StatusCode::NOT_FOUND, [(header::CACHE_CONTROL, "no-store")], "There is nothing here.").into_response(),
        Err(cause) => {
            tracing::error!(%cause, "a calendar feed could not be made");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    let tag = format!("\"{}\"", &hex_digest(text.as_bytes())[..32]);
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok()).is_some_and(|copies| names_tag(copies, &tag));
    let mut response = if known {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        ([(header::CONTENT_TYPE, "text/calendar; charset=utf-8"), (header::X_CONTENT_TYPE_OPTIONS, "nosniff")], text).into_response()
    };
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert(header::VARY, HeaderValue::from_static("Cookie"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    response
}

/// What a calendar is written for.
#[derive(Clone, Copy, Debug)]
pub struct Feed<'a> {
    /// What the calendar is called.
    pub name: &'a str,
    /// Where the community is.
    pub origin: &'a str,
    /// From when on zones are written ahead.
    pub now: Timestamp,
}

/// A calendar of gatherings.
pub fn calendar(feed: &Feed<'_>, gatherings: &[Gathering]) -> Result<String, Unavailable> {
    let mut gatherings: Vec<&Gathering> = gatherings.iter().collect();
    gatherings.sort_by_key(|gathering| gathering.id);
    let mut zones: BTreeMap<&str, (chrono_tz::Tz, Timestamp)> = BTreeMap::new();
    for schedule in gatherings.iter().flat_map(|gathering| gathering.schedules()).filter(|schedule| !is_utc(schedule)) {
        let starts_at = sessions::instant(schedule.first.and_time(schedule.time), &schedule.zone);
        let zone = zones.entry(schedule.zone.name()).or_insert_with(|| (schedule.zone.rules(), starts_at));
        zone.1 = zone.1.min(starts_at);
    }

    let mut text = String::from("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Porchlight//Gatherings//EN\r\nCALSCALE:GREGORIAN\r\n");
    for property in [
        Property::new("NAME", one_line(feed.name)),
        Property::new("X-WR-CALNAME", one_line(feed.name)),
        Property::new("REFRESH-INTERVAL", "PT1H").add_parameter("VALUE", "DURATION").done(),
        Property::new("X-PUBLISHED-TTL", "PT1H"),
    ] {
        // NAME (RFC 7986) is text that the library does not know as such.
        let property = if property.key() == "NAME" { Property::new("NAME", escaped(property.value())) } else { property };
        text.push_str(&written(property)?);
    }
    for (zone, first) in zones.into_values() {
        text.push_str(&time_zone(zone, first.into(), feed.now.into()));
    }
    for event in gatherings.into_iter().flat_map(|gathering| events(feed, gathering)) {
        let event = event.try_into_string();
        text.push_str(&event.map_err(|error| Unavailable(Box::new(error)))?);
    }
    text.push_str("END:VCALENDAR\r\n");
    Ok(text)
}

fn written(property: Property) -> Result<String, Unavailable> {
    property.try_into().map_err(|error: std::fmt::Error| Unavailable(Box::new(error)))
}

/// The events of a gathering: each of its rhythms is one with its rule, and beside it stands what single sessions have of their own.
fn events(feed: &Feed<'_>, gathering: &Gathering) -> Vec<Event> {
    let rhythms = gathering.schedules().enumerate().map(|(at, schedule)| {
        // The first one keeps the gathering's identity and each that follows it has its own, so that what was keeps the one that it had.
        let identity = if at == 0 { gathering.id.to_string() } else { format!("{}-{}", gathering.id, schedule.first) };
        rhythm_events(&Rhythmic { feed, gathering, identity }, schedule)
    });
    rhythms.flatten().collect()
}

/// A rhythm that is told of.
struct Rhythmic<'a> {
    feed: &'a Feed<'a>,
    gathering: &'a Gathering,
    /// Tells it from others in the calendar.
    identity: String,
}

fn rhythm_events(of: &Rhythmic<'_>, schedule: &Schedule) -> Vec<Event> {
    let gathering = of.gathering;
    let mut schedule = schedule.clone();
    let begin = schedule.first;
    if let Some(until) = quiet_until(of, &schedule) {
        schedule.rule.iter_mut().for_each(|rule| rule.ends = Ends::On(until));
        return rhythm_events_to(of, &schedule, false);
    }
    let Some(cancelled_from) = gathering.cancelled.as_ref().map(|cancelled| cancelled.at) else {
        return rhythm_events_to(of, &schedule, false);
    };
    // What is still to come is not there any more; where nothing ever was, calendars are told that it is cancelled.
    let last = sessions::all(&schedule).take_while(|session| session.starts_at < cancelled_from).last();
    match (last, &mut schedule.rule) {
        (None, _) if gathering.not_over(Timestamp(0)).next().is_none() => rhythm_events_to(of, &schedule, true),
        // Of a rhythm that never came to its first date, what took place all the same stands by itself.
        (None, _) => {
            let own = own_of(gathering, &schedule).filter(|own| gathering.session(own.date).is_some_and(|one| !gathering.is_off(&one)));
            let alone = |date: NaiveDate| Rhythmic { identity: format!("{}-{date}", of.identity), ..*of };
            own.map(|own| session_event(&alone(own.date), &schedule, own.date, false).done()).collect()
        }
        (Some(_), None) => rhythm_events_to(of, &schedule, false),
        (Some(last), Some(rule)) => {
            rule.ends = Ends::On(last.date.max(begin));
            rhythm_events_to(of, &schedule, false)
        }
    }
}

/// The last date of a series of which nobody knows whether it is still on: no calendar fills with what may never be. It is the next one from
/// when that was asked, and does not wander on with time: a calendar that changes says so by its SEQUENCE.
fn quiet_until(of: &Rhythmic<'_>, schedule: &Schedule) -> Option<NaiveDate> {
    let asked = of.gathering.quiet && of.gathering.cancelled.is_none() && schedule.first == of.gathering.schedule.first;
    let next = of.gathering.not_over(of.gathering.changed_at).next().filter(|_| asked)?;
    Some(next.date.max(schedule.first))
}

/// What single dates of a rhythm have of their own.
fn own_of<'a>(gathering: &'a Gathering, schedule: &Schedule) -> impl Iterator<Item = &'a Exception> {
    let first = schedule.first;
    gathering.exceptions.iter().filter(move |own| gathering.schedule_on(own.date).first == first)
}

fn rhythm_events_to(of: &Rhythmic<'_>, schedule: &Schedule, cancelled: bool) -> Vec<Event> {
    let gathering = of.gathering;
    let until = quiet_until(of, schedule).unwrap_or(NaiveDate::MAX);
    let own: Vec<&Exception> = own_of(gathering, schedule).filter(|own| own.date <= until).collect();
    let alone = schedule.rule.is_none() && own.iter().all(|own| own.standing == Standing::Usual);
    if alone {
        return vec![session_event(of, schedule, schedule.first, cancelled).done()];
    }
    let mut series = series_event(of, schedule, cancelled);
    let mut others = Vec::new();
    for own in own {
        let usual = gathering.is_usual(own.date);
        let Some(session) = gathering.session(own.date).filter(|session| !gathering.is_off(session)) else {
            if usual {
                series.append_multi_property(wall_clock("EXDATE", schedule, own.date.and_time(schedule.time)));
            }
            continue;
        };
        if !usual {
            series.append_multi_property(wall_clock("RDATE", schedule, own.date.and_time(schedule.time)));
        }
        if own.is_one() {
            let mut event = session_event(of, schedule, session.date, false);
            event.append_property(wall_clock("RECURRENCE-ID", schedule, own.date.and_time(schedule.time)));
            others.push(event.done());
        }
    }
    [vec![series.done()], others].concat()
}

/// What all events of a gathering say alike.
fn common(of: &Rhythmic<'_>, words: &[String], place: &str, cancelled: bool) -> Event {
    let (feed, gathering) = (of.feed, of.gathering);
    let slug = prose::percent_encoded(&gathering.slug);
    let address = format!("{}/gatherings/{slug}", feed.origin);
    let host = feed.origin.split("//").last().unwrap_or(feed.origin);
    let lines = words.iter().map(String::as_str).filter(|words| !words.is_empty()).chain([address.as_str()]);
    let description = lines.collect::<Vec<_>>().join("\n\n");
    let location = if place.is_empty() { "Online" } else { place };
    let mut event = Event::new();
    event
        .uid(&format!("gathering-{}@{host}", of.identity))
        .summary(&one_line(&gathering.title))
        .description(&clean(&description))
        .location(&one_line(location))
        .append_property(Property::new("URL", &address))
        .append_property(Property::new("DTSTAMP", instant(gathering.changed_at)))
        .append_property(Property::new("CREATED", instant(gathering.planned_at)))
        .append_property(Property::new("LAST-MODIFIED", instant(gathering.changed_at)))
        .append_property(Property::new("SEQUENCE", gathering.changes.to_string()));
    if cancelled {
        event.append_property(Property::new("STATUS", "CANCELLED"));
    }
    event
}

fn series_event(of: &Rhythmic<'_>, schedule: &Schedule, cancelled: bool) -> Event {
    let place = of.gathering.rhythm(schedule.first).map_or(&of.gathering.place, |was| &was.place);
    let mut event = common(of, &[prose::plain(&of.gathering.markdown)], place, cancelled);
    event.append_property(Property::new("DURATION", format!("PT{}M", schedule.minutes))).append_property(wall_clock(
        "DTSTART",
        schedule,
        schedule.first.and_time(schedule.time),
    ));
    if let Some(rule) = &schedule.rule {
        event.append_property(Property::new("RRULE", rule_text(schedule, rule)));
    }
    event
}

/// A session as it is, by what it has of its own.
fn session_event(of: &Rhythmic<'_>, schedule: &Schedule, date: NaiveDate, cancelled: bool) -> Event {
    let (gathering, at) = (of.gathering, of.gathering.wall_clock(date));
    let own = gathering.exception(date);
    let why = own.and_then(|own| own.cancelled.clone());
    let own_words = own.map(|own| prose::plain(&own.markdown)).unwrap_or_default();
    let cancelled = cancelled || why.is_some();
    let words = [why.unwrap_or_default(), own_words, prose::plain(&gathering.markdown)];
    let mut event = common(of, &words, gathering.place_on(date).0, cancelled);
    event.append_property(Property::new("DURATION", format!("PT{}M", at.minutes))).append_property(wall_clock(
        "DTSTART",
        schedule,
        at.date.and_time(at.time),
    ));
    event
}

fn is_utc(schedule: &Schedule) -> bool {
    matches!(schedule.zone.rules(), chrono_tz::UTC | chrono_tz::Etc::UTC)
}

/// A time on the gathering's wall clock.
fn wall_clock(name: &str, schedule: &Schedule, at: NaiveDateTime) -> Property {
    let local = at.format("%Y%m%dT%H%M%S");
    if is_utc(schedule) {
        return Property::new(name, format!("{local}Z"));
    }
    Property::new(name, local.to_string()).add_parameter("TZID", schedule.zone.rules().name()).done()
}

/// The rule with its end as RFC 5545 (3.3.10) asks for it: an instant in UTC, that of the last start.
fn rule_text(schedule: &Schedule, rule: &Rule) -> String {
    let text = rule.to_string();
    let Ends::On(date) = rule.ends else { return text };
    let until = instant(sessions::instant(date.and_time(schedule.time), &schedule.zone));
    text.split(';')
        .map(|part| if part.starts_with("UNTIL=") { format!("UNTIL={until}") } else { part.to_owned() })
        .collect::<Vec<_>>()
        .join(";")
}

fn instant(at: Timestamp) -> String {
    DateTime::<Utc>::from(at).format("%Y%m%dT%H%M%SZ").to_string()
}

/// The library escapes line feeds; a lone carriage return or another control character ends a line for some readers.
fn clean(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || *c == '\n').collect()
}

fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace(',', "\\,").replace(';', "\\;")
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use domain::{
        gatherings::calendar::{Cancelled, Rhythm},
        ids::{GatheringId, MemberId},
        people::{Byline, Handle},
        prose::SafeHtml,
        time::Zone,
        timeline::Audience,
    };

    pub(crate) fn gathering(zone: &str, rule: Option<&str>) -> Gathering {
        let at = Timestamp(1_795_000_000_000);
        Gathering {
            id: GatheringId(42),
            slug: "drawing-party".into(),
            title: "Drawing party".into(),
            markdown: "Bring **anything** that draws.".into(),
            html: SafeHtml::default(),
            picture: None,
            schedule: Schedule {
                first: "2026-12-03".parse().expect("a date"),
                time: "19:30:00".parse().expect("a time"),
                minutes: 90,
                zone: Zone::parse(zone).expect("a zone"),
                rule: rule.map(|rule| rule.parse().expect("a rule")),
            },
            former: Vec::new(),
            exceptions: Vec::new(),
            cancelled: None,
            place: String::new(),
            online: true,
            link: "https://meet.example/secret-room".into(),
            audience: Audience::Public,
            host: Byline { id: MemberId(1), name: Handle::parse("ana").expect("a name"), display_name: "Ana".into(), picture: None },
            cohosts: Vec::new(),
            named: Vec::new(),
            terms: Default::default(),
            room: Default::default(),
            quiet: false,
            changes: 3,
            planned_at: at,
            changed_at: at,
            mine: false,
        }
    }

    fn written(gatherings: &[Gathering]) -> String {
        let feed = Feed { name: "Lantern, Street; we", origin: "https://lantern.example", now: Timestamp(1_795_000_000_000) };
        calendar(&feed, gatherings).expect("written")
    }

    fn unfolded(text: &str) -> String {
        text.replace("\r\n ", "")
    }

    #[test]
    fn a_series_is_one_event_with_its_rule_in_its_zone() {
        let text = unfolded(&written(&[gathering("Europe/Lisbon", Some("FREQ=WEEKLY;INTERVAL=2;BYDAY=TH;UNTIL=20270701"))]));
        for line in [
            "DTSTART;TZID=Europe/Lisbon:20261203T193000",
            "DURATION:PT90M",
            // Half past seven in Lisbon's summer is half past six in UTC.
            "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TH;UNTIL=20270701T183000Z",
            "UID:gathering-42@lantern.example",
            "SEQUENCE:3",
            "URL:https://lantern.example/gatherings/drawing-party",
            "DTSTAMP:20261118T110640Z",
            "TZID:Europe/Lisbon",
            "X-WR-CALNAME:Lantern\\, Street\\; we",
            "NAME:Lantern\\, Street\\; we",
        ] {
            assert!(text.lines().any(|l| l == line), "{line} in\n{text}");
        }
        assert_eq!(text.matches("BEGIN:VEVENT").count(), 1);
    }

    #[test]
    fn a_series_of_which_nobody_knows_whether_it_is_still_on_fills_no_calendar() {
        let mut quiet = gathering("Europe/Lisbon", Some("FREQ=WEEKLY;BYDAY=TH"));
        quiet.quiet = true;
        quiet.exceptions = vec![Exception { standing: Standing::LeftOut, ..Exception::none("2026-12-17".parse().expect("a date")) }];
        let text = unfolded(&written(&[quiet]));
        assert!(text.contains("RRULE:FREQ=WEEKLY;BYDAY=TH;UNTIL=20261203T193000Z\r\n") && !text.contains("EXDATE"), "{text}");
    }

    #[test]
    fn a_calendar_does_not_change_by_itself_while_nobody_knows_whether_a_series_is_still_on() {
        let mut quiet = gathering("Europe/Lisbon", Some("FREQ=WEEKLY;BYDAY=TH"));
        quiet.quiet = true;
        let in_a_month = Feed { name: "Lantern", origin: "https://lantern.example", now: quiet.changed_at.plus_days(40) };
        let text = unfolded(&calendar(&in_a_month, &[quiet]).expect("written"));
        assert!(text.contains(";UNTIL=20261203T193000Z\r\n"), "{text}");
    }

    #[test]
    fn what_was_before_a_series_changed_keeps_its_identity() {
        let before = gathering("Europe/Lisbon", Some("FREQ=WEEKLY;BYDAY=TH"));
        let mut after = before.clone();
        let mut was = before.schedule.clone();
        was.rule = "FREQ=WEEKLY;BYDAY=TH;UNTIL=20261217".parse().ok();
        after.former = vec![Rhythm { schedule: was, place: String::new(), online: true, link: String::new(), door: String::new() }];
        after.schedule.first = "2026-12-25".parse().expect("a date");
        after.schedule.rule = "FREQ=WEEKLY;BYDAY=FR".parse().ok();
        let text = unfolded(&written(&[after]));
        let lines: Vec<&str> = text.lines().filter(|line| line.starts_with("UID:") || line.starts_with("DTSTART;TZID")).collect();
        let expected = [
            "UID:gathering-42@lantern.example",
            "DTSTART;TZID=Europe/Lisbon:20261203T193000",
            "UID:gathering-42-2026-12-25@lantern.example",
            "DTSTART;TZID=Europe/Lisbon:20261225T193000",
        ];
        assert!(expected.iter().all(|line| lines.contains(line)) && lines.len() == 4, "{lines:?}");
        assert!(unfolded(&written(&[before])).contains("UID:gathering-42@lantern.example\r\n"));
    }

    #[test]
    fn what_took_place_of_a_rhythm_that_was_called_off_before_it_began_stands_by_itself() {
        let mut off = gathering("Europe/Lisbon", Some("FREQ=WEEKLY;BYDAY=TH"));
        let at = sessions::instant("2026-12-02T12:00:00".parse().expect("a time"), &off.schedule.zone);
        off.cancelled = Some(Cancelled { at, why: "We moved away.".into() });
        off.exceptions = vec![Exception { standing: Standing::Extra, ..Exception::none("2026-12-01".parse().expect("a date")) }];
        let text = unfolded(&written(&[off]));
        assert_eq!(text.matches("BEGIN:VEVENT").count(), 1, "{text}");
        for line in ["DTSTART;TZID=Europe/Lisbon:20261201T193000", "UID:gathering-42-2026-12-01@lantern.example"] {
            assert!(text.lines().any(|l| l == line), "{line} in\n{text}");
        }
    }

    #[test]
    fn a_gathering_in_utc_needs_no_zone() {
        let text = written(&[gathering("Etc/UTC", None)]);
        assert!(text.contains("DTSTART:20261203T193000Z\r\n") && !text.contains("VTIMEZONE"), "{text}");
    }

    #[test]
    fn the_online_link_is_in_no_calendar() {
        let text = unfolded(&written(&[gathering("Europe/Lisbon", None)]));
        assert!(!text.contains("secret-room") && text.contains("LOCATION:Online"), "{text}");
    }

    #[test]
    fn a_line_break_in_a_title_opens_no_property() {
        let mut odd = gathering("Europe/Lisbon", None);
        odd.title = "Soup\r\nATTACH:https://evil.example\rX-A:1\nEND:VEVENT".into();
        odd.place = "Kitchen\r\nBEGIN:VALARM".into();
        odd.markdown = "one\r\nBEGIN:VALARM\rEND:VEVENT\u{85}X".into();
        let text = written(&[odd]);
        assert!(text.replace("\r\n", "").bytes().all(|byte| byte != b'\r' && byte != b'\n'), "every line ends in CRLF");
        for begun in ["ATTACH", "X-A", "BEGIN:VALARM"] {
            assert!(!unfolded(&text).lines().any(|line| line.starts_with(begun)), "{begun} in\n{text}");
        }
        assert_eq!(unfolded(&text).lines().filter(|line| *line == "END:VEVENT").count(), 1);
    }

    #[test]
    fn no_line_is_longer_than_75_octets() {
        let mut long = gathering("America/Argentina/ComodRivadavia", None);
        long.title = "Zeichnen für alle 🎨 рисуем вместе 描画 ".repeat(20);
        long.markdown = "öäü ".repeat(600) + &"\u{2003}".repeat(200);
        let text = written(&[long]);
        for line in text.split("\r\n") {
            assert!(line.len() <= 75, "{} octets: {line}", line.len());
        }
    }

    #[test]
    fn what_is_folded_unfolds_to_what_was_written() {
        let mut long = gathering("Europe/Lisbon", None);
        long.title = "Zeichnen für alle 🎨 рисуем вместе 描画 ".repeat(9).trim().to_owned();
        let text = unfolded(&written(&[long.clone()]));
        assert!(text.contains(&format!("SUMMARY:{}\r\n", long.title)), "{text}");
    }

    #[test]
    fn text_is_escaped_once_and_a_rule_is_not() {
        let mut odd = gathering("Europe/Lisbon", Some("FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE"));
        odd.title = r"Soup, bread; a\b".into();
        odd.place = "Rua da Lanterna 12, Lisboa".into();
        odd.markdown = "one, two\n\nthree; four".into();
        let text = unfolded(&written(&[odd]));
        for line in [
            r"SUMMARY:Soup\, bread\; a\\b",
            r"LOCATION:Rua da Lanterna 12\, Lisboa",
            r"DESCRIPTION:one\, two\n\nthree\; four\n\nhttps://lantern.example/gatherings/drawing-party",
            "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE",
        ] {
            assert!(text.lines().any(|l| l == line), "{line} in\n{text}");
        }
    }

    #[test]
    fn a_changed_gathering_is_the_same_event_with_a_higher_sequence() {
        let before = gathering("Europe/Lisbon", Some("FREQ=WEEKLY;BYDAY=TH"));
        let mut after = Gathering { title: "Painting party".into(), changes: 4, ..before.clone() };
        after.schedule = gathering("Asia/Tokyo", Some("FREQ=YEARLY")).schedule;
        after.changed_at = after.changed_at.plus_days(1);
        let line = |text: &str, name: &str| text.lines().find(|line| line.starts_with(name)).map(str::to_owned).expect("there");
        let [before, after] = [before, after].map(|gathering| unfolded(&written(&[gathering])));
        assert_eq!(line(&before, "UID:"), line(&after, "UID:"));
        assert_eq!([line(&before, "SEQUENCE:"), line(&after, "SEQUENCE:")], ["SEQUENCE:3", "SEQUENCE:4"]);
        assert!(line(&before, "LAST-MODIFIED:") < line(&after, "LAST-MODIFIED:"));
        assert_eq!(line(&before, "CREATED:"), line(&after, "CREATED:"));
    }

    #[test]
    fn every_zone_that_an_event_names_is_in_its_calendar_once_and_before_it() {
        let gatherings = ["Europe/Lisbon", "Asia/Tokyo", "Europe/Lisbon"].map(|zone| gathering(zone, Some("FREQ=WEEKLY;BYDAY=TH")));
        let text = written(&gatherings);
        let events = text.find("BEGIN:VEVENT").expect("events");
        for zone in ["Europe/Lisbon", "Asia/Tokyo"] {
            assert_eq!(text.matches(&format!("\r\nTZID:{zone}\r\n")).count(), 1, "{zone}");
            assert!(text.find(&format!("\r\nTZID:{zone}\r\n")).is_some_and(|at| at < events), "{zone}");
        }
        for needed in ["VERSION:2.0", "PRODID:", "UID:", "DTSTAMP:", "DTSTART;TZID="] {
            assert!(text.contains(&format!("\r\n{needed}")), "{needed}");
        }
        assert!(text.starts_with("BEGIN:VCALENDAR\r\n") && text.ends_with("END:VCALENDAR\r\n"));
    }

    #[test]
    fn a_title_in_any_script_makes_an_address_in_ascii() {
        let mut soup = gathering("Europe/Kyiv", None);
        soup.slug = "суп".into();
        let text = unfolded(&written(&[soup]));
        assert!(text.contains("URL:https://lantern.example/gatherings/%D1%81%D1%83%D0%BF\r\n"), "{text}");
    }

    /// Writes a calendar where a reader that is not ours can be pointed at it: `PORCHLIGHT_ICS=/tmp/x.ics cargo nextest run a_calendar_for_other_readers`.
    #[test]
    fn a_calendar_for_other_readers_has_every_kind_of_rule() {
        let zones = [
            "Europe/Lisbon",
            "America/New_York",
            "Australia/Sydney",
            "Asia/Kolkata",
            "Africa/Casablanca",
            "America/Santiago",
            "Asia/Jerusalem",
        ];
        let rules = ["FREQ=WEEKLY;BYDAY=TH", "FREQ=MONTHLY;BYDAY=1TH", "FREQ=DAILY;INTERVAL=5", "FREQ=YEARLY", "FREQ=MONTHLY;BYMONTHDAY=3"];
        let gatherings: Vec<Gathering> = zones
            .iter()
            .flat_map(|zone| rules.iter().map(move |rule| (*zone, *rule)))
            .enumerate()
            .map(|(at, (zone, rule))| Gathering {
                id: GatheringId(at as i64),
                title: format!("{zone} {rule}"),
                ..gathering(zone, Some(rule))
            })
            .collect();
        let text = written(&gatherings);
        assert_eq!(text.matches("BEGIN:VEVENT").count(), zones.len() * rules.len());
        assert_eq!(text.matches("BEGIN:VTIMEZONE").count(), zones.len());
        if let Ok(path) = std::env::var("PORCHLIGHT_ICS") {
            let starts: String = gatherings
                .iter()
                .flat_map(|g| sessions::all(&g.schedule).take(60).map(|s| format!("{} {}\n", g.id, instant(s.starts_at))))
                .collect();
            std::fs::write(format!("{path}.starts"), starts).expect("written");
            std::fs::write(path, text).expect("written");
        }
    }
}
