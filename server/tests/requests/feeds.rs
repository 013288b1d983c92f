//! Our calendar feeds, read by an independent reader (`feeds.py`, over icalendar and recurring-ical-events): it must find the sessions
//! that our pages show, one by one, whatever was moved, left out, added, cancelled or changed from some session on.

use crate::app::TestApp;
use axum::http::{HeaderValue, Method, header};
use chrono::{DateTime, Datelike, Duration, NaiveDate, Utc};
use domain::{
    gatherings::{
        Gathering, GatheringForm, GatheringStore, SessionWish,
        changes::SessionForm,
        room::RoomStore,
        rule::{How, RepeatForm},
    },
    time::{Timestamp, Zone},
    timeline::Audience,
    viewer::{Me, Viewer},
};
use std::{
    collections::BTreeSet,
    io::Write,
    process::{Command, Stdio},
};

/// Rules of every frequency.
const RULES: [&str; 16] = [
    "",
    "FREQ=DAILY;INTERVAL=3",
    "FREQ=DAILY;BYMONTH=1,2,3",
    "FREQ=WEEKLY",
    "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,TH",
    "FREQ=WEEKLY;INTERVAL=3;WKST=SU;BYDAY=SU,TU",
    "FREQ=WEEKLY;BYDAY=TH;COUNT=40",
    "FREQ=MONTHLY",
    "FREQ=MONTHLY;BYDAY=1TU,3SA",
    "FREQ=MONTHLY;BYDAY=-1FR",
    "FREQ=MONTHLY;BYMONTHDAY=-1",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
    "FREQ=MONTHLY;INTERVAL=2;BYMONTHDAY=1,15;COUNT=9",
    "FREQ=YEARLY",
    "FREQ=YEARLY;BYDAY=20MO",
    "FREQ=YEARLY;BYMONTH=6,12;BYDAY=-1SU",
];
const ZONES: [&str; 7] =
    ["Europe/Lisbon", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"];
const TIMES: [&str; 5] = ["19:30", "02:30", "01:30", "00:00", "23:15"];

/// Numbers that are the same in every run (Knuth's multiplier).
pub struct Dice(pub u64);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len() as u64) as usize]
    }
}

/// A session as a calendar shows it: the gathering, start, end, place, and whether it is cancelled.
pub type Shown = (String, String, String, String, bool);

#[tokio::test]
async fn an_independent_reader_finds_the_same_sessions_in_the_feed() {
    let app = TestApp::start().await.founded().await;
    let (ana, visitor) = (app.member("ana").await, app.visitor());
    let (me, mut dice) = (ana.me().await, Dice(7));
    for number in 0..96 {
        let slug = if number % 4 < 3 { planned(&app, &me, &mut dice, number).await } else { begun(&app, &me, &mut dice, number).await };
        for _ in 0..dice.below(6) {
            changed(&app, &me, &mut dice, &slug).await;
        }
    }
    let (since, until) = (Utc::now().date_naive() - Duration::days(150), Utc::now().date_naive() + Duration::days(800));
    let feed = visitor.get("/gatherings.ics").await.text();
    let kept = app.front.services.gatherings.all(&Viewer::Visitor).await.expect("available");
    let midnight = |date: NaiveDate| Timestamp::from(date.and_hms_opt(0, 0, 0).expect("a time").and_utc());
    let ours: BTreeSet<Shown> = kept.iter().flat_map(|gathering| shown(gathering, midnight(since), midnight(until))).collect();
    assert!(ours.len() > 2000 && ours.iter().any(|(.., cancelled)| *cancelled), "{} sessions", ours.len());
    let with = |has: fn(&Gathering) -> bool| kept.iter().filter(|gathering| has(gathering)).count();
    assert!(with(|gathering| !gathering.former.is_empty()) > 3 && with(|gathering| gathering.cancelled.is_some()) > 3);
    let another_zone = |gathering: &Gathering| gathering.former.iter().any(|was| was.schedule.zone != gathering.schedule.zone);
    let began_long_ago =
        |gathering: &Gathering| gathering.schedules().any(|schedule| schedule.first < Utc::now().date_naive() - Duration::days(200));
    assert!(
        with(another_zone) > 3 && with(began_long_ago) > 3,
        "{} in another zone, {} long ago",
        with(another_zone),
        with(began_long_ago)
    );
    // Of what was cancelled altogether, a calendar that may hold it already is told that each session is; our pages show none.
    let off: BTreeSet<String> = kept.iter().filter(|g| g.cancelled.is_some()).map(|g| g.id.to_string()).collect();
    let shown = |sessions: BTreeSet<Shown>| sessions.into_iter().filter(|s| !(s.4 && off.contains(&s.0))).collect::<BTreeSet<_>>();
    let ours = shown(ours);
    let agree = |ours: &BTreeSet<Shown>, read: &BTreeSet<Shown>| {
        let differ: Vec<_> = ours.symmetric_difference(read).take(10).map(|session| (ours.contains(session), session)).collect();
        assert!(differ.is_empty(), "ours (true) and what was read (false) differ: {differ:#?}");
    };
    agree(&ours, &shown(read(&feed, since, until)));
    // Under names that the reader does not know, it goes by the zones' rules as we write them. A start that the clocks skip is then at the
    // offset after the gap for it, against RFC 5545 (3.3.5); where it knows the names, it is right about those, too.
    let skipped: BTreeSet<(String, i64)> = kept.iter().flat_map(|gathering| skipped(gathering, midnight(until))).collect();
    let told = |sessions: BTreeSet<Shown>| {
        let hour = |session: &Shown| DateTime::parse_from_rfc3339(&session.1).expect("an instant").timestamp() / 3600;
        let near = |session: &Shown| (0..2).any(|later| skipped.contains(&(session.0.clone(), hour(session) + later)));
        sessions.into_iter().filter(|session| !near(session)).collect::<BTreeSet<_>>()
    };
    let renamed = feed.replace("TZID=", "TZID=ours-").replace("TZID:", "TZID:ours-");
    let (ours_told, read_told) = (told(ours.clone()), told(shown(read(&renamed, since, until))));
    agree(&ours_told, &read_told);
    assert!(ours_told.len() * 100 > ours.len() * 99, "of {} sessions, {} were told", ours.len(), ours_told.len());
}

/// The gathering and the hours in which sessions of it begin whose start on the wall clock the clocks skip.
fn skipped(gathering: &Gathering, until: Timestamp) -> Vec<(String, i64)> {
    let sessions = gathering.not_over(Timestamp(0)).take_while(|session| session.starts_at < until);
    let skipped = sessions.filter(|session| gathering.skipped_hour(session.date));
    skipped.map(|session| (gathering.id.to_string(), DateTime::<Utc>::from(session.starts_at).timestamp() / 3600)).collect()
}

#[tokio::test]
async fn a_feed_that_is_known_is_not_sent_again_until_something_changes() {
    let app = TestApp::start().await.founded().await;
    let (ana, visitor) = (app.member("ana").await, app.visitor());
    let (me, gatherings) = (ana.me().await, &app.front.services.gatherings);
    let slug = planned(&app, &me, &mut Dice(1), 3).await;
    let secret = gatherings.calendar_secret(&me, "an-address-that-nobody-guesses").await.expect("available");
    let addresses = ["/gatherings.ics".to_owned(), format!("/gatherings/{slug}.ics"), format!("/calendar/{secret}.ics")];
    let asks = async |address: &str, known: &str| {
        let mut request = visitor.request(Method::GET, address);
        request.headers_mut().insert(header::IF_NONE_MATCH, HeaderValue::from_str(known).expect("text"));
        visitor.send(request).await
    };
    let mut tags = Vec::new();
    for address in &addresses {
        let feed = visitor.get(address).await;
        assert_eq!((feed.status, feed.text().contains("SEQUENCE:0")), (200, true), "{address}");
        let tag = feed.header("etag");
        for known in [tag.clone(), format!("\"another\", W/{tag}")] {
            let again = asks(address, &known).await;
            assert_eq!((again.status, again.body.len(), again.header("etag")), (304, 0, tag.clone()), "{address} with {known}");
        }
        tags.push(tag);
    }
    let kept = gatherings.gathering(&Viewer::Member(me.clone()), &slug).await.expect("available").expect("there");
    let next = kept.not_over(Utc::now().into()).next().expect("a session");
    let call_off = async || gatherings.change_session(&me, &slug, &next.date.to_string(), SessionWish::Cancel("Ana is ill.")).await;
    call_off().await.expect("cancelled");
    for sequence in ["SEQUENCE:1", "SEQUENCE:2", "SEQUENCE:3"] {
        for (address, tag) in addresses.iter().zip(&mut tags) {
            let feed = asks(address, tag).await;
            assert_eq!((feed.status, feed.text().contains(sequence)), (200, true), "{address}: {sequence}");
            assert_ne!(*tag, feed.header("etag"));
            *tag = feed.header("etag");
            assert_eq!(asks(address, tag).await.status, 304);
        }
        // Nobody knows whether it is still on; then its host says so.
        match sequence {
            "SEQUENCE:1" => app.front.store.ask_if_on(kept.id, next, Utc::now().into()).await.expect("asks"),
            _ => app.front.store.keep_on(kept.id, Utc::now().into()).await.expect("goes on"),
        }
    }
}

pub async fn planned(app: &TestApp, me: &Me, dice: &mut Dice, number: usize) -> String {
    let first = Utc::now().date_naive() + Duration::days(1 + dice.below(60) as i64);
    let form = form(dice, &format!("Soup {number}"), first, RULES[number % RULES.len()]);
    app.front.services.gatherings.plan(me, &form, &Zone::utc()).await.expect("planned")
}

/// One that began up to eight years ago.
async fn begun(app: &TestApp, me: &Me, dice: &mut Dice, number: usize) -> String {
    let first = Utc::now().date_naive() - Duration::days(200 + dice.below(2700) as i64);
    let form = form(dice, &format!("Soup {number}"), first, RULES[number / 4 % RULES.len()]);
    let new = form.check(&Zone::utc(), &server::prose::MarkdownProse, Utc::now().into()).expect("may be");
    app.front.store.keep_gathering(me, &new).await.expect("kept")
}

fn form(dice: &mut Dice, title: &str, first: NaiveDate, rule: &str) -> GatheringForm {
    let how = if rule.is_empty() { How::Once } else { How::Rule };
    GatheringForm {
        title: title.into(),
        date: first.to_string(),
        time: dice.one(&TIMES).into(),
        minutes: (30 + 15 * dice.below(10)).to_string(),
        time_zone: dice.one(&ZONES).into(),
        repeat: RepeatForm { how, rule: rule.into(), ..RepeatForm::default() },
        place: dice.one(&["The kitchen", "The attic", "Hall 3, second door; left"]).into(),
        audience: Audience::Public,
        ..GatheringForm::default()
    }
}

/// Changes a gathering in one of the ways there are; what may not be is not done.
pub async fn changed(app: &TestApp, me: &Me, dice: &mut Dice, slug: &str) {
    let gatherings = &app.front.services.gatherings;
    let gathering = gatherings.gathering(&Viewer::Member(me.clone()), slug).await.expect("available").expect("there");
    let Some(session) = gathering.not_over(Utc::now().into()).nth(dice.below(9) as usize) else { return };
    let date = session.date.to_string();
    let near = (session.date + Duration::days(dice.below(9) as i64 - 4)).to_string();
    let own = SessionForm::of(&gathering, session.date);
    let wish = async |wish| drop(gatherings.change_session(me, slug, &date, wish).await);
    match dice.below(12) {
        0..=2 => wish(SessionWish::Change(&SessionForm { date: near, time: dice.one(&TIMES).into(), ..own })).await,
        3 => wish(SessionWish::Change(&SessionForm { place: "By the water".into(), ..own })).await,
        4 | 5 => wish(SessionWish::LeaveOut).await,
        6 | 7 => wish(SessionWish::Add(&SessionForm { date: near, time: dice.one(&TIMES).into(), ..own })).await,
        8 => wish(SessionWish::Cancel("Ana is ill.")).await,
        9 => drop(gatherings.cancel(me, slug, Some("We move.")).await),
        _ => {
            let rule = RULES[dice.below(RULES.len() as u64) as usize];
            let form = form(dice, &gathering.title, session.date, rule);
            let from = if dice.below(2) == 0 { date } else { String::new() };
            // In the zone where it is, or in another one.
            let zone = gathering.schedule.zone.name().to_owned();
            let time_zone = if dice.below(3) == 0 { zone } else { form.time_zone.clone() };
            drop(gatherings.change(me, slug, &GatheringForm { from, time_zone, seen: gathering.changes, ..form }).await);
        }
    }
}

/// The sessions of a gathering that begin between two instants.
pub fn shown(gathering: &Gathering, from: Timestamp, until: Timestamp) -> Vec<Shown> {
    let late = DateTime::<Utc>::from(until).year() + 2;
    let sessions = gathering.not_over(Timestamp(0)).take_while(|session| session.date.year() < late);
    let within = sessions.filter(|session| (from..until).contains(&session.starts_at));
    let one = |at: Timestamp| DateTime::<Utc>::from(at).format("%Y-%m-%dT%H:%M:%SZ").to_string();
    within
        .map(|session| {
            let place = gathering.place_on(session.date).0.to_owned();
            (gathering.id.to_string(), one(session.starts_at), one(session.ends_at), place, session.cancelled)
        })
        .collect()
}

/// What the independent reader finds in a calendar.
fn read(calendar: &str, from: NaiveDate, until: NaiveDate) -> BTreeSet<Shown> {
    let python = std::env::var("PORCHLIGHT_PYTHON").expect("PORCHLIGHT_PYTHON names a Python; scripts/test sets it up");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/feeds.py");
    let mut child = Command::new(python)
        .args([script, &from.to_string(), &until.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("Python starts");
    child.stdin.take().expect("an input").write_all(calendar.as_bytes()).expect("written");
    let output = child.wait_with_output().expect("it ends");
    assert!(output.status.success(), "the reader could not read it");
    let text = String::from_utf8(output.stdout).expect("text");
    let session = |line: &str| {
        let session: serde_json::Value = serde_json::from_str(line).expect("JSON");
        let field = |name: &str| session[name].as_str().unwrap_or_default().to_owned();
        let id = field("uid").trim_start_matches("gathering-").split(['-', '@']).next().unwrap_or_default().to_owned();
        (id, field("start"), field("end"), field("location"), field("status") == "CANCELLED")
    };
    text.lines().map(session).collect()
}
