//! How fast rules become sessions, what an agenda costs among many series with years behind them, and what their feed costs. In this
//! process, on the domain, the store and the router themselves.

use crate::{
    Told, open,
    rows::{ask, median, unavailable},
    table::{Table, whole},
    told,
};
use axum::{
    body::Body,
    http::{Request, header},
};
use chrono::{Days, Utc};
use domain::{
    community::palette::FIRST_ACCENT,
    gatherings::{
        Answer, GatheringForm, GatheringStore, NewGathering, NewRsvp,
        coming::Terms,
        import,
        rule::{How, RepeatForm},
        sessions::{self, Schedule},
    },
    invitations::{InvitationStore, Invited, NewInvitation, NewMember},
    people::{Handle, Profile, Role},
    prose::SafeHtml,
    setup::{NewPlace, SetupStore, Step},
    sign_in::{SignInStore, SignedIn},
    time::{Clock, SystemClock, Timestamp, Zone},
    timeline::Audience,
    viewer::{Me, Viewer},
};
use server::{
    compose,
    config::{Config, Origin},
    passwords::ArgonPasswords,
    router,
};
use std::{
    path::Path,
    time::{Duration, Instant},
};
use store::Store;
use tower::ServiceExt;

/// How many series there are, how long they have gone on, and every how manyeth of their sessions was answered.
const SERIES: usize = 300;
const YEARS: u64 = 5;
const ANSWERED: usize = 4;
/// How many days a month is.
const MONTH: u64 = 31;
/// How often each query is timed.
const TIMES: usize = 200;

const RULES: [(&str, &str); 4] = [
    ("every Thursday", "FREQ=WEEKLY;BYDAY=TH"),
    ("every second week on Tuesday and Thursday", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH"),
    ("on the first Tuesday and third Saturday of each month", "FREQ=MONTHLY;BYDAY=1TU,3SA"),
    ("on the last weekday of each month", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"),
];

fn schedule(rule: &str) -> Told<Schedule> {
    let first = Utc::now().date_naive() - Days::new(YEARS * 365);
    let time = chrono::NaiveTime::from_hms_opt(19, 30, 0).unwrap_or_default();
    let zone = Zone::parse("Europe/Lisbon").map_err(told("No zone"))?;
    let mut schedule = Schedule { first, time, minutes: 90, zone, rule: Some(rule.parse().map_err(told("No rule"))?) };
    schedule.first = sessions::dates(&schedule).next().unwrap_or(first);
    Ok(schedule)
}

/// How many sessions a second rules become.
pub fn expanding() -> Told<Table> {
    let mut table =
        Table::new("Sessions a second, from a rule to instants in a zone with daylight saving", &["", "sessions a second", "target"]);
    for (words, rule) in RULES {
        let schedule = schedule(rule)?;
        let (begun, mut count) = (Instant::now(), 0_u64);
        while count < 300_000 {
            count += sessions::all(&schedule).count() as u64;
        }
        let a_second = count as f64 / begun.elapsed().as_secs_f64();
        table.row(words, [whole(a_second as u64), "> 1,000,000".to_owned()]);
    }
    Ok(table)
}

/// Rules that are written to keep a machine busy, and what they are.
const HOSTILE: [(&str, &str); 5] = [
    ("never: 30 February", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"),
    ("hardly ever: a 29 February that is a Monday, every seventh year", "FREQ=YEARLY;INTERVAL=7;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO"),
    ("a million times", "FREQ=DAILY;COUNT=1000000"),
    ("every second", "FREQ=SECONDLY"),
    ("each day of the year by name, and none of them", "FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYMONTHDAY=1,2,3,4,5,6,7;BYSETPOS=366"),
];

/// How long a form with such a rule takes to be answered, with its dates or with a refusal.
pub fn hostile() -> Told<Table> {
    let mut table = Table::new("A form with a hostile rule: its next dates, or a refusal", &["", "ms", "target", ""]);
    for (words, rule) in HOSTILE {
        let begun = Instant::now();
        let form = GatheringForm {
            title: "A rule".into(),
            date: "2026-01-05".into(),
            time: "02:30".into(),
            repeat: RepeatForm { how: How::Rule, rule: rule.into(), ..RepeatForm::default() },
            ..GatheringForm::default()
        };
        let answered = form.schedule(&Zone::utc()).map(|schedule| sessions::not_over(&schedule, SystemClock.now()).take(8).count());
        let took = begun.elapsed().as_secs_f64() * 1000.0;
        let said = answered.map_or_else(|_| "refused".to_owned(), |dates| format!("{dates} dates"));
        table.row(words, [format!("{took:.2}"), "< 200".to_owned(), said]);
    }
    Ok(table)
}

/// Events of which as many as fit into a file ask for the most reckoning.
const HOSTILE_EVENTS: [(&str, &str); 4] = [
    ("rules that never come", "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO;UNTIL=20991231T000000Z\r\n"),
    ("rules that go on a thousand times", "RRULE:FREQ=WEEKLY;COUNT=1000\r\n"),
    ("single dates far ahead", "RRULE:FREQ=DAILY\r\nEXDATE;TZID=Europe/Lisbon:20311203T193000\r\n"),
    ("links to rooms in their words", "DESCRIPTION:{links}\r\n"),
];

/// How long a calendar file takes that is as large as may be and asks for much: to be read, and to be decided about.
pub fn hostile_files() -> Told<Table> {
    let mut table = Table::new("A hostile calendar file of 2 MB", &["", "to read, ms", "to decide, ms", "both", "target", ""]);
    for (words, lines) in HOSTILE_EVENTS {
        let lines = lines.replace("{links}", &"https://zoom.us/j/1 ".repeat(40));
        let one = |at: usize| {
            format!(
                "BEGIN:VEVENT\r\nUID:{at}\r\nSUMMARY:Soup\r\nDTSTART;TZID=Europe/Lisbon:20100101T193000\r\nDURATION:PT90M\r\n{lines}END:VEVENT\r\n"
            )
        };
        let count = (import::MOST_BYTES / one(1000).len()).min(import::MOST_EVENTS - 1);
        let file = format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{}END:VCALENDAR\r\n", (0..count).map(one).collect::<String>());
        let begun = Instant::now();
        let calendar =
            server::import::read(file.as_bytes(), "http://127.0.0.1:3000").map_err(|refused| format!("It is not read: {refused}"))?;
        let read = begun.elapsed();
        let grounds = import::Grounds {
            zone: Zone::utc(),
            audience: Audience::Community,
            here: Default::default(),
            twins: Default::default(),
            at: SystemClock.now(),
        };
        let look = import::look(&calendar, &grounds);
        let both = begun.elapsed();
        let ms = |time: Duration| format!("{:.0}", time.as_secs_f64() * 1000.0);
        let said = format!("{} of {count} can be taken", look.lines.iter().filter(|line| line.becomes.is_ok()).count());
        table.row(words, [ms(read), ms(both - read), ms(both), "< 200".to_owned(), said]);
    }
    Ok(table)
}

/// A month's agenda and the public feed among many series, in a place of their own within a folder, which has nothing else.
pub async fn agenda(folder: &Path) -> Told<Table> {
    let folder = folder.join("calendars");
    std::fs::create_dir_all(&folder).map_err(told("No folder for the calendars"))?;
    let store = open(&folder).await?;
    let [signed_in, other] = found(&store).await?;
    let passwords = ArgonPasswords::new().map_err(unavailable)?;
    let origin: Origin = "http://127.0.0.1:3000".parse().map_err(told("No origin"))?;
    let front = compose::front(store.clone(), Config::for_testing(&folder), origin, passwords).await.map_err(unavailable)?;
    let cookie = front.sign_ins.begin(signed_in).await.map_err(unavailable)?;
    let me = who(&store, signed_in).await?;
    let (viewer, other) = (Viewer::Member(me.clone()), who(&store, other).await?);
    eprintln!("Keeping {SERIES} series with {YEARS} years behind them …");
    for number in 0..SERIES {
        keep_series(&store, [&me, &other], number).await?;
    }
    let (now, today) = (SystemClock.now(), Utc::now().date_naive());
    let mut reads = Vec::new();
    let (mut queries, mut answers) = (0, 0);
    for _ in 0..TIMES {
        let (before, begun) = (store.queries(), Instant::now());
        let series = store.gatherings(&viewer, now).await.map_err(unavailable)?.len();
        answers = store.tallies(&viewer, (today, today + Days::new(MONTH))).await.map_err(unavailable)?.len();
        reads.push(begun.elapsed());
        queries = store.queries() - before;
        if series != SERIES {
            return Err(format!("There are {series} series and not {SERIES}."));
        }
    }
    let app = router::router(front);
    let mut pages = [Vec::new(), Vec::new()];
    for _ in 0..20 {
        for (address, times) in ["/gatherings", "/gatherings?month="].into_iter().zip(&mut pages) {
            let begun = Instant::now();
            ask(&app, address, Some(&cookie)).await?;
            times.push(begun.elapsed());
        }
    }
    let [list, month] = pages;
    let (mut cold, mut again, mut bytes) = (Vec::new(), Vec::new(), 0);
    for _ in 0..20 {
        let (took, tag, length) = feed(&app, None).await?;
        cold.push(took);
        bytes = length;
        again.push(feed(&app, Some(&tag)).await?.0);
    }
    let millis = |times: Vec<Duration>| format!("{:.2}", median(times).as_secs_f64() * 1e3);
    let mut table = Table::new(&format!("Among {SERIES} series with {YEARS} years behind them; ms, medians"), &["", "ms", "target"]);
    table.row(&format!("a month's agenda, its queries ({queries})"), [millis(reads), "< 5".to_owned()]);
    table.row("a month, as a page", [millis(month), String::new()]);
    table.row("the agenda, as a page", [millis(list), String::new()]);
    table.row(&format!("the public feed ({} kB)", bytes / 1000), [millis(cold), "< 50".to_owned()]);
    table.row("the public feed, unchanged (304)", [millis(again), String::new()]);
    table.note(format!("Every {ANSWERED}th session was answered; in that month, {answers} of them."));
    store.close().await;
    Ok(table)
}

/// Founds a place with two members. Nobody signs in to it by a password.
async fn found(store: &Store) -> Told<[SignedIn; 2]> {
    let (key, at) = ("key", SystemClock.now());
    let zone = Zone::parse("Europe/Lisbon").map_err(told("No zone"))?;
    let place = NewPlace {
        name: "Lantern Street".into(),
        purpose: "Drawing".into(),
        zone: zone.clone(),
        language: "en".into(),
        size_cap: 50,
        reactions: vec!["🍲".into()],
        accent: FIRST_ACCENT,
    };
    let member = |name: &str, role| {
        let (pronouns, line, interests) = (String::new(), String::new(), Vec::new());
        let profile = Profile { display_name: name.to_owned(), pronouns, line, town: String::new(), interests, zone: zone.clone() };
        let name = Handle::parse(name).map_err(told("No name"))?;
        Told::Ok(NewMember { name, password_hash: String::new(), profile, role, at })
    };
    store.key(key).await.map_err(unavailable)?;
    store.save_place(key, &place).await.map_err(unavailable)?;
    let ana = store.save_founder(key, &member("ana", Role::Admin)?).await.map_err(unavailable)?.ok_or("The place has a founder.")?;
    for step in [Step::Looks, Step::Rules] {
        store.pass(key, step).await.map_err(unavailable)?;
    }
    if !store.finish(key).await.map_err(unavailable)? {
        return Err("The place was not founded.".to_owned());
    }
    let invited = Invited::Group { label: "Everyone".into(), uses: 1 };
    let invitation = NewInvitation { code: "everyone".into(), invited, at, expires_at: at.plus_days(1) };
    let by = who(store, ana).await?;
    store.keep_invitation(&by, &invitation).await.map_err(|refused| format!("Nobody can be invited: {refused:?}"))?;
    let bo = store.join(&invitation.code, &member("bo", Role::Member)?).await.map_err(|refused| format!("Nobody joined: {refused:?}"))?;
    Ok([ana, bo])
}

async fn who(store: &Store, signed_in: SignedIn) -> Told<Me> {
    store.me(signed_in).await.map_err(unavailable)?.ok_or_else(|| "A member is not there.".to_owned())
}

/// Keeps a series of the first one's, whose sessions both answered in turns.
async fn keep_series(store: &Store, members: [&Me; 2], number: usize) -> Told<()> {
    let schedule = schedule(RULES[number % RULES.len()].1)?;
    let at = Timestamp(SystemClock.now().0 - 1000);
    let new = NewGathering {
        slug: format!("bench-{number}"),
        title: format!("Drawing at number {number}"),
        markdown: "Bring **anything** that leaves a mark.".into(),
        html: SafeHtml::from_sanitizer("<p>Bring <strong>anything</strong> that leaves a mark.</p>".into()),
        picture: None,
        alt: String::new(),
        schedule: schedule.clone(),
        without: Vec::new(),
        place: "The hall with the blue door".into(),
        link: String::new(),
        audience: Audience::Public,
        named: Vec::new(),
        cohosts: Vec::new(),
        terms: Terms::default(),
        room: Default::default(),
        announce: false,
        at,
    };
    let slug = store.keep_gathering(members[0], &new).await.map_err(|refused| format!("A series was not kept: {refused:?}"))?;
    let kept = store.gathering(&Viewer::Member(members[0].clone()), &slug).await.map_err(unavailable)?.ok_or("A series is not there.")?;
    let until = at.plus_days(60);
    let answered = sessions::all(&schedule).take_while(|session| session.starts_at < until).step_by(ANSWERED);
    for (session, me) in answered.zip(members.into_iter().cycle()) {
        let answer = NewRsvp {
            gathering: kept.id,
            seen: kept.changes,
            session,
            answer: Answer::Yes,
            note: String::new(),
            guests: 0,
            always: None,
            coming: Vec::new(),
            at,
        };
        store.record_rsvp(me, &answer).await.map_err(unavailable)?;
    }
    Ok(())
}

/// Asks for the public feed: how long it took, its tag, and its length.
async fn feed(app: &axum::Router, known: Option<&str>) -> Told<(Duration, String, usize)> {
    let mut request = Request::get("/gatherings.ics");
    if let Some(tag) = known {
        request = request.header(header::IF_NONE_MATCH, tag);
    }
    let request = request.body(Body::empty()).map_err(told("No request"))?;
    let begun = Instant::now();
    let Ok(response) = app.clone().oneshot(request).await;
    let (status, tag) =
        (response.status().as_u16(), response.headers().get(header::ETAG).and_then(|tag| tag.to_str().ok()).map(str::to_owned));
    let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.map_err(told("The feed broke off"))?;
    let took = begun.elapsed();
    let wanted = if known.is_some() { 304 } else { 200 };
    if status != wanted {
        return Err(format!("The feed was answered with {status} and not with {wanted}."));
    }
    Ok((took, tag.unwrap_or_default(), body.len()))
}
