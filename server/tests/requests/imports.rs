//! Bringing a calendar file along: what is read of files as people's programs write them and of those that nobody means well with, and
//! what happens before and after the yes.

use crate::{
    app::{Answer, Client, TestApp},
    doors::without_script,
    feeds::{Dice, changed, planned, shown},
};
use chrono::{Duration, Utc};
use domain::{
    gatherings::{
        Gathering, Session, Show,
        import::{Changed, Entry, Grounds, ImportRefusal, Line, Look, MOST_BYTES, Taken, Why, look},
        rule,
    },
    time::{Timestamp, Zone},
    timeline::{Audience, TimelineQuery},
    viewer::Viewer,
};
use proptest::prelude::*;
use server::import::read;
use std::collections::{BTreeMap, BTreeSet};

/// Wednesday 25 November 2026, 12:00 in UTC: when the files below were exported.
const EXPORTED: Timestamp = Timestamp(1_795_608_000_000);
const HERE: &str = "https://porchlight.example";

fn looked(file: &[u8]) -> Look {
    let zone = Zone::parse("Europe/Lisbon").expect("a zone");
    let calendar = read(file, HERE).expect("it can be read");
    look(&calendar, &Grounds { zone, audience: Audience::Community, here: BTreeSet::new(), twins: BTreeSet::new(), at: EXPORTED })
}

/// What becomes of the events of a file, by their titles.
fn by_title(look: &Look) -> BTreeMap<&str, Result<&Taken, String>> {
    fn becomes(line: &Line) -> (&str, Result<&Taken, String>) {
        (&line.title, line.becomes.as_ref().map(Box::as_ref).map_err(Why::to_string))
    }
    look.lines.iter().map(becomes).collect()
}

fn words(taken: &Taken) -> String {
    let schedule = &taken.new.schedule;
    format!("{}, {}, {} minutes, {}", rule::in_words(schedule), schedule.time.format("%R"), schedule.minutes, schedule.zone)
}

fn starts(taken: &Taken) -> Vec<String> {
    let one = |session: &Session| chrono::DateTime::<Utc>::from(session.starts_at).format("%F %R").to_string();
    taken.next.iter().map(one).collect()
}

fn changes(taken: &Taken) -> Vec<String> {
    taken.changed.iter().map(Changed::to_string).collect()
}

#[test]
fn a_calendar_as_google_exports_it() {
    let look = looked(include_bytes!("../calendars/google.ics"));
    assert_eq!((look.name.as_str(), look.people, look.reminders, look.files), ("Drawing circle", true, true, false));
    let lines = by_title(&look);
    assert_eq!(lines.len(), 4);
    let party = lines["Drawing party"].as_ref().expect("taken");
    assert_eq!(words(party), "every Thursday, 19:30, 120 minutes, Europe/Lisbon");
    assert_eq!(starts(party), ["2026-11-26 19:30", "2026-12-03 19:30", "2026-12-12 15:00"]);
    assert_eq!(party.new.place, "Ateliê da Rua das Flores 12, 2.º esq., 1200-195 Lisboa");
    assert_eq!(party.new.link, "https://meet.google.com/pqr-stuv-wxy");
    assert_eq!(party.new.markdown, "Bring paper, and something to draw with.\n\\- no experience needed\n\\- soup at nine");
    assert_eq!(
        changes(party),
        [
            "Its description was formatted; the words are taken.",
            "The link to its online meeting is taken out of its words: here it is shown to those who come.",
            "What is over stays behind: here it begins on 26 November 2026.",
        ]
    );
    let own: Vec<_> = party.own.iter().map(|(own, ..)| (own.date.to_string(), own.place.as_deref(), own.markdown.as_str())).collect();
    assert_eq!(own, [("2026-12-10".into(), Some("Jardim da Estrela"), "We draw outside this time."), ("2026-12-24".into(), None, "")]);
    let tiles = lines["Sketching the tiles"].as_ref().expect("taken");
    assert_eq!((words(tiles).as_str(), changes(tiles).len()), ("once, 14:00, 120 minutes, Europe/Lisbon", 0));
    let weekend = lines["A weekend of watercolours"].as_ref().expect("taken");
    assert_eq!(words(weekend), "once, 00:00, 2880 minutes, Europe/Lisbon");
    assert_eq!(lines["Summer opening"].as_ref().expect_err("over"), "It is over.");
}

#[test]
fn a_calendar_as_apple_exports_it() {
    let look = looked(include_bytes!("../calendars/apple.ics"));
    assert_eq!((look.name.as_str(), look.people, look.reminders), ("Choir", false, true));
    let lines = by_title(&look);
    let practice = lines["Probe – Kantorei"].as_ref().expect("taken");
    assert_eq!(words(practice), "on the first Tuesday and third Tuesday of each month, 20:00, 105 minutes, Europe/Berlin");
    assert_eq!(starts(practice), ["2026-12-15 19:00", "2027-01-19 19:00", "2027-02-02 19:00"]);
    assert_eq!(practice.new.place, "Gemeindehaus Kirchstraße 4 79098 Freiburg");
    assert_eq!((practice.new.link.as_str(), practice.new.markdown.as_str()), ("", "https://kantorei.example/proben"));
    let trip = lines["Chorfahrt"].as_ref().expect("taken");
    assert_eq!((words(trip).as_str(), trip.new.place.as_str()), ("once, 00:00, 2880 minutes, Europe/Berlin", "Not said yet"));
    let singing = lines["Adventssingen"].as_ref().expect("taken");
    assert_eq!(changes(singing), ["It named no time zone: it keeps to Berlin’s clock."]);
    assert_eq!(lines["Noten kopieren"].as_ref().expect_err("a task"), "It is a task, and not a date on which people meet.");
}

#[test]
fn a_calendar_as_outlook_exports_it() {
    let look = looked(include_bytes!("../calendars/outlook.ics"));
    let lines = by_title(&look);
    let meeting = lines["Allotment meeting"].as_ref().expect("taken");
    assert_eq!(words(meeting), "on the first Monday of each month, 18:00, 60 minutes, Europe/Berlin");
    assert_eq!(starts(meeting), ["2027-01-04 17:00", "2027-02-01 17:00", "2027-03-01 17:00"]);
    let room = "https://teams.microsoft.com/l/meetup-join/19%3ameeting_abc%40thread.v2/0?context=%7b%7d";
    assert_eq!((meeting.new.place.as_str(), meeting.new.link.as_str()), ("Shed by the gate; Microsoft Teams Meeting", room));
    assert!(!meeting.new.markdown.contains("teams.microsoft.com"), "{}", meeting.new.markdown);
    let dentist = lines["Dentist"].as_ref().expect("it could be");
    assert!(dentist.private && !meeting.private);
    let swap = lines["Seed swap"].as_ref().expect("taken");
    let unknown = "We don’t know its time zone, \u{201c}Customized Time Zone\u{201d}: it keeps to Lisbon’s clock. Please check the time.";
    assert_eq!(changes(swap), [unknown]);
}

#[test]
fn a_calendar_as_nextcloud_exports_it() {
    let look = looked(include_bytes!("../calendars/nextcloud.ics"));
    let lines = by_title(&look);
    let cafe = lines["Repair café"].as_ref().expect("taken");
    assert_eq!(words(cafe), "on the second Saturday of each month, until 12 June 2027, 14:00, 240 minutes, Europe/Paris");
    assert_eq!(starts(cafe), ["2026-12-12 13:00", "2026-12-19 09:00", "2027-01-09 13:00"]);
    assert!(cafe.next[2].cancelled);
    assert_eq!((cafe.new.place.as_str(), cafe.new.link.as_str()), ("", "https://meet.jit.si/RepairCafe"));
    assert_eq!(cafe.new.markdown, "Bring what is broken. \\*No\\* microwaves; we have had enough.");
    assert!(lines["Water the glue"].as_ref().expect_err("hourly").starts_with("It repeats more often than once a day."));
    assert_eq!(lines["What went wrong in May"].as_ref().expect_err("a note"), "It is a note, and not a date on which people meet.");
}

#[test]
fn a_calendar_as_meetup_exports_it() {
    let look = looked(include_bytes!("../calendars/meetup.ics"));
    assert_eq!(look.name, "Events - Lisbon Sketchers");
    let lines = by_title(&look);
    let walk = lines["Sketchwalk: Alfama #42"].as_ref().expect("taken");
    assert_eq!((words(walk).as_str(), changes(walk).len()), ("once, 10:30, 120 minutes, Europe/Lisbon", 0));
    assert_eq!((walk.new.link.as_str(), walk.new.markdown.matches("https://www.meetup.com").count()), ("", 1));
    assert_eq!(lines["Sketchwalk: rained off"].as_ref().expect_err("cancelled"), "It was cancelled.");
}

fn calendar(inside: &str) -> String {
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{inside}END:VCALENDAR\r\n")
}

fn event(lines: &str) -> String {
    format!(
        "BEGIN:VEVENT\r\nUID:1@example.org\r\nDTSTART;TZID=Europe/Lisbon:20261203T193000\r\nDURATION:PT90M\r\nLOCATION:Here\r\n{lines}END:VEVENT\r\n"
    )
}

/// The only event of a file.
fn only(file: &[u8]) -> domain::gatherings::import::ReadEvent {
    let calendar = read(file, HERE).expect("it can be read");
    match calendar.entries.as_slice() {
        [Entry::Event(event)] => event.as_ref().clone(),
        other => panic!("one event, not {other:?}"),
    }
}

#[test]
fn letters_are_read_however_they_are_written() {
    let text = calendar(&event("SUMMARY:Ateliê – größer 🖌\r\n"));
    let utf_16 = |to_bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(to_bytes).collect::<Vec<u8>>();
    let (little, big) = (utf_16(u16::to_le_bytes), utf_16(u16::to_be_bytes));
    let with = |mark: &[u8], text: &[u8]| [mark, text].concat();
    for file in [
        text.clone().into_bytes(),
        with(b"\xEF\xBB\xBF", text.as_bytes()),
        with(b"\xFF\xFE", &little),
        with(b"\xFE\xFF", &big),
        little,
        big,
        text.replace("\r\n", "\n").into_bytes(),
        text.replace("\r\n", "\r").into_bytes(),
        // A fold that goes right through a letter.
        text.as_bytes().iter().flat_map(|byte| if *byte == 0xAA { vec![b'\r', b'\n', b' ', *byte] } else { vec![*byte] }).collect(),
    ] {
        assert_eq!(only(&file).title, "Ateliê – größer 🖌", "{file:?}");
    }
    let windows = text.replace(" – größer 🖌", "").into_bytes();
    let windows: Vec<u8> = String::from_utf8(windows).expect("text").chars().map(|c| c as u8).collect();
    assert_eq!(only(&windows).title, "Ateliê");
}

#[test]
fn a_line_break_in_a_title_opens_no_new_line() {
    let folded = only(calendar(&event("SUMMARY:Soup\\nDTSTART:20300101T000000Z\\r\\nSTATUS:CAN\r\n CELLED\r\n")).as_bytes());
    assert_eq!(folded.title, "Soup\nDTSTART:20300101T000000Z\\r\nSTATUS:CANCELLED");
    assert!(!folded.cancelled);
    let look = looked(calendar(&event("SUMMARY:Soup\\nnight\u{2028}\r\n")).as_bytes());
    assert_eq!(look.lines[0].title, "Soup night");
    // One that is written as it is ends the title, and the rest is told of.
    let broken = only(calendar(&event("SUMMARY:Soup\r\nnight and stew\r\nSTATUS:CONFIRMED\r\n")).as_bytes());
    assert_eq!((broken.title.as_str(), broken.unreadable.as_slice()), ("Soup", &["night and stew".to_owned()][..]));
}

#[test]
fn what_stands_first_counts_and_what_is_hidden_in_something_else_does_not() {
    let twice = only(calendar(&event("DTSTART:20300101T000000Z\r\nSUMMARY:Soup\r\nSUMMARY:Stew\r\n")).as_bytes());
    assert_eq!(twice.title, "Soup");
    assert!(format!("{:?}", twice.starts).contains("2026-12-03"));
    let alarm = "BEGIN:VALARM\r\nSUMMARY:Wake up\r\nDESCRIPTION:Reminder\r\nTRIGGER:-PT15M\r\nEND:VALARM\r\nSUMMARY:Soup\r\n";
    let with_alarm = only(calendar(&event(alarm)).as_bytes());
    assert_eq!((with_alarm.title.as_str(), with_alarm.words.as_str(), with_alarm.reminders), ("Soup", "", true));
}

#[test]
fn no_name_or_address_of_anybody_is_read() {
    let people = "SUMMARY:Soup\r\nORGANIZER;CN=Perpetua:mailto:perpetua@example.org\r\nATTENDEE;CN=Perpetua:mailto:perpetua@example.org\r\nUID:perpetua@example.org\r\n";
    let read = read(calendar(&event(people)).as_bytes(), HERE).expect("read");
    let kept = serde_json::to_string(&read).expect("JSON");
    assert!(!kept.to_lowercase().contains("perpetua") && !kept.contains("1@example.org"), "{kept}");
    assert!(kept.contains("\"people\":true"), "{kept}");
}

#[test]
fn an_event_is_known_again_by_its_uid_else_by_what_it_says() {
    let key = |lines: &str| only(calendar(&event(lines)).as_bytes()).key;
    assert_eq!(key("SUMMARY:Soup\r\n"), key("SUMMARY:Stew\r\n"));
    let without = |lines: &str| only(calendar(&event(lines).replace("UID:1@example.org\r\n", "")).as_bytes()).key;
    assert_ne!(without("SUMMARY:Soup\r\n"), without("SUMMARY:Stew\r\n"));
    assert_eq!(without("SUMMARY:Soup\r\n"), without("SUMMARY:Soup\r\n"));
    assert!(key("").len() == 32 && key("").bytes().all(|byte| byte.is_ascii_alphanumeric()));
}

#[test]
fn what_can_not_be_read_takes_nothing_else_along() {
    let soup = event("SUMMARY:Soup\r\n");
    let inside = format!("garbage\r\n{soup}END:VTODO\r\n{}BEGIN:X-THING\r\nSUMMARY:No\r\nEND:X-THING\r\n", soup.replace("1@", "2@"));
    let entries = read(calendar(&inside).as_bytes(), HERE).expect("read").entries;
    let kinds: Vec<&str> = entries
        .iter()
        .map(|entry| match entry {
            Entry::Event(_) => "event",
            Entry::Unreadable(..) => "unreadable",
            _ => "other",
        })
        .collect();
    assert_eq!(kinds, ["event", "unreadable", "event"]);
    let broken_off = calendar(&soup).replace("END:VEVENT\r\nEND:VCALENDAR\r\n", "");
    assert_eq!(read(broken_off.as_bytes(), HERE).expect("read").entries, [Entry::BrokenOff("Soup".into())]);
    let within = event("SUMMARY:Soup\r\nBEGIN:VEVENT\r\nSUMMARY:Stew\r\nEND:VEVENT\r\n");
    let entries = read(calendar(&within).as_bytes(), HERE).expect("read").entries;
    assert_eq!(entries.len(), 2);
    assert!(matches!(&entries[1], Entry::Event(event) if event.title == "Soup"), "{entries:?}");
}

#[test]
fn what_is_no_calendar_is_refused_in_a_sentence() {
    let refused = |file: &[u8]| read(file, HERE).expect_err("refused");
    assert_eq!(refused(b""), ImportRefusal::Nothing);
    assert_eq!(refused(&vec![b' '; MOST_BYTES + 1]), ImportRefusal::TooLarge);
    for file in [
        &b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..],
        b"<html><body>Sign in</body></html>",
        b"PK\x03\x04zip",
        b"a,b\n1,2\n",
        b"\0\0\0\0",
        b"BEGIN",
    ] {
        assert_eq!(refused(file), ImportRefusal::NotACalendar, "{file:?}");
    }
    assert_eq!(refused(calendar("").as_bytes()), ImportRefusal::Empty);
    assert_eq!(refused("BEGIN:VCALENDAR\r\n".repeat(9).as_bytes()), ImportRefusal::Nested);
    assert_eq!(refused(calendar(&"BEGIN:VEVENT\r\nEND:VEVENT\r\n".repeat(2001)).as_bytes()), ImportRefusal::TooMany);
    assert_eq!(read(calendar(&"BEGIN:VEVENT\r\nEND:VEVENT\r\n".repeat(2000)).as_bytes(), HERE).expect("read").entries.len(), 2000);
}

proptest! {
    #[test]
    fn what_a_description_says_is_shown_as_it_was(words in "([#>*_`~\\[\\]()!&;|=+.:0-9a-z\\\\ -]{0,12}\n?){0,6}") {
        let mut calendar = read(calendar(&event("SUMMARY:Soup\r\n")).as_bytes(), HERE).expect("it can be read");
        let [Entry::Event(soup)] = calendar.entries.as_mut_slice() else { panic!("one event") };
        soup.words = words.clone();
        let grounds = Grounds { zone: Zone::utc(), audience: Audience::Community, here: BTreeSet::new(), twins: BTreeSet::new(), at: EXPORTED };
        let taken = look(&calendar, &grounds).lines.remove(0).becomes.expect("it can be taken");
        let lines = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        prop_assert_eq!(lines(&server::prose::plain(&taken.new.markdown)), lines(&words), "{}", taken.new.markdown);
    }

    #[test]
    fn any_bytes_are_a_calendar_or_a_refusal(
        lines in proptest::collection::vec("(BEGIN|END|DTSTART|DTEND|RRULE|EXDATE|RECURRENCE-ID|DURATION|SUMMARY|LOCATION|X)(;TZID=[\"A-Za-z/:;,]{0,9})?:?\\PC{0,20}", 0..30),
        noise in proptest::collection::vec(any::<u8>(), 0..60),
    ) {
        let inside = calendar(&event(&format!("{}\r\n", lines.join("\r\n"))));
        for file in [inside.clone().into_bytes(), [inside.as_bytes(), &noise].concat(), noise] {
            if let Ok(calendar) = read(&file, HERE) {
                let zone = Zone::utc();
                look(&calendar, &Grounds { zone, audience: Audience::Community, here: BTreeSet::new(), twins: BTreeSet::new(), at: EXPORTED });
            }
        }
    }
}

/// Files of about so many bytes that are made to cost something.
pub fn hostile(bytes: usize) -> Vec<(&'static str, Vec<u8>)> {
    let repeated = |part: &str, within: fn(&str) -> String| {
        let room = bytes.saturating_sub(within("").len());
        within(&part.repeat(room / part.len())).into_bytes()
    };
    let many = |lines: &str| {
        let count = (bytes / (lines.len() + 100)).min(1999);
        let one = |at: usize| event(lines).replace("1@example.org", &format!("{at}@example.org"));
        calendar(&(0..count).map(one).collect::<String>()).into_bytes()
    };
    vec![
        ("one long line", repeated("x", |text| calendar(&event(&format!("SUMMARY:{text}\r\n"))))),
        ("folds", repeated("\r\n x", |text| calendar(&event(&format!("SUMMARY:{text}\r\n"))))),
        ("parameters", repeated(";a=\"b\"", |text| calendar(&event(&format!("SUMMARY{text}:x\r\n"))))),
        ("parameters without an end", repeated(";a=\"", |text| calendar(&event(&format!("SUMMARY{text}:x\r\n"))))),
        ("quotes", repeated("\"", |text| calendar(&event(&format!("SUMMARY;X={text}:x\r\n"))))),
        ("lists of quotes", repeated("\"b\",", |text| calendar(&event(&format!("SUMMARY;X={text}:x\r\n"))))),
        ("backslashes", repeated("\\", |text| calendar(&event(&format!("DESCRIPTION:{text}\r\n"))))),
        ("tags", repeated("<b", |text| calendar(&event(&format!("DESCRIPTION:<p>{text}\r\n"))))),
        ("less than", repeated("<", |text| calendar(&event(&format!("DESCRIPTION:<p>{text}\r\n"))))),
        ("links", repeated("https://zoom.us/j/1 ", |text| calendar(&event(&format!("DESCRIPTION:{text}\r\n"))))),
        (
            "left out",
            repeated("20261203T193000,", |text| calendar(&event(&format!("RRULE:FREQ=DAILY\r\nEXDATE:{text}20261203T193000\r\n")))),
        ),
        ("what is no property", repeated("x\r\n", |text| calendar(&event(text)))),
        ("properties that say nothing", repeated("X:\r\n", |text| calendar(&event(text)))),
        ("empty lines", repeated("\r\n", |text| calendar(&event(text)))),
        ("components", repeated("BEGIN:X\r\nEND:X\r\n", |text| calendar(&format!("{}{text}", event(""))))),
        ("names", repeated("x", |text| calendar(&format!("{}BEGIN:{text}\r\n", event(""))))),
        (
            "zones",
            repeated("BEGIN:VTIMEZONE\r\nTZID:a\r\nX-LIC-LOCATION:b\r\nEND:VTIMEZONE\r\n", |text| {
                calendar(&format!("{text}{}", event("")))
            }),
        ),
        ("no line feed", repeated("\r", |text| calendar(&event(text)).replace('\n', ""))),
        ("zeros", vec![0; bytes]),
        ("no letters", repeated("\u{FF}\u{FE}", |text| calendar(&event(&format!("SUMMARY:{text}\r\n"))))),
        ("many rules", many("RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30\r\n")),
        ("many counts", many("RRULE:FREQ=WEEKLY;COUNT=1000\r\n")),
        ("many far dates", many("RRULE:FREQ=DAILY\r\nEXDATE;TZID=Europe/Lisbon:20311203T193000\r\n")),
        ("many rules that never come", many("RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=29;BYDAY=MO;UNTIL=20991231T000000Z\r\n")),
        ("many descriptions", many(&format!("DESCRIPTION:{}\r\n", "<a href=\"https://a.example\">x</a>".repeat(25)))),
    ]
}

#[test]
fn files_that_nobody_means_well_with_are_read_or_refused() {
    for (what, file) in hostile(200_000) {
        assert!(file.len() <= MOST_BYTES, "{what}: {}", file.len());
        match read(&file, HERE) {
            Ok(calendar) => {
                let look = looked(&file);
                assert!(!look.lines.is_empty() && look.lines.len() <= calendar.entries.len(), "{what}");
            }
            Err(refusal) => assert!(matches!(refusal, ImportRefusal::NotACalendar | ImportRefusal::Empty), "{what}: {refusal}"),
        }
    }
}

/// Sends a file as the page does, without script.
async fn sends(by: &Client, file: &[u8]) -> Answer {
    by.sends_file("/api/gatherings/import/read", "/gatherings/import", &[], ("calendar.ics", file)).await
}

/// A file with a weekly gathering from next week on, a single one, and one that is over.
fn file() -> Vec<u8> {
    let day = |days: i64| (Utc::now().date_naive() + Duration::days(days)).format("%Y%m%d").to_string();
    let one = |uid: &str, title: &str, on: i64, more: &str| {
        format!(
            "BEGIN:VEVENT\r\nUID:{uid}\r\nSUMMARY:{title}\r\nDTSTART;TZID=Europe/Lisbon:{}T193000\r\nDURATION:PT2H\r\nLOCATION:The kitchen\r\n{more}END:VEVENT\r\n",
            day(on)
        )
    };
    let all = [
        one("soup", "Soup night", 7, "RRULE:FREQ=WEEKLY\r\nDESCRIPTION:Bring a *bowl*.\r\n"),
        one("walk", "Sunday walk", 10, ""),
        one("past", "Long ago", -400, ""),
        one("hidden", "My dentist", 3, "CLASS:PRIVATE\r\n"),
    ];
    calendar(&all.concat()).into_bytes()
}

async fn titles(app: &TestApp, viewer: &Viewer) -> BTreeSet<String> {
    let gatherings = app.front.services.gatherings.all(viewer).await.expect("available");
    gatherings.into_iter().map(|gathering| gathering.title).collect()
}

async fn takes(by: &Client, page: &str, file: &str, ticked: &[&str], audience: &str) -> Answer {
    let ticked = ticked.iter().map(|at| ("take[]", *at));
    let fields: Vec<(&str, &str)> = [("file", file), ("audience", audience)].into_iter().chain(ticked).collect();
    without_script(by, page, "/api/gatherings/import/take", &fields).await
}

#[tokio::test]
async fn nothing_is_on_the_agenda_before_the_yes_and_all_that_was_ticked_after_it() {
    let app = TestApp::start().await.founded().await;
    let ana = app.member("ana").await;
    assert!(ana.get("/gatherings/new").await.text().contains("href=\"/gatherings/import\""));
    assert!(ana.get("/gatherings/import").await.text().contains("nothing is on the agenda before you say yes"));
    let sent = sends(&ana, &file()).await;
    let page = sent.header("location");
    assert!(sent.status == 303 && page.starts_with("/gatherings/import?file="), "{} {page}", sent.status);
    let preview = ana.get(&page).await;
    let text = preview.text();
    assert_eq!(preview.status, 200);
    for told in [
        "Soup night",
        "Sunday walk",
        "Long ago",
        "It is over.",
        "As it is (2)",
        "Not quite as it was (1)",
        "Stays behind (1)",
        "marked as private",
    ] {
        assert!(text.contains(told), "{told}: {text}");
    }
    assert_eq!(text.matches(" checked").count(), 3, "two lines, and the audience: {text}");
    let viewer = ana.viewer().await;
    assert_eq!(titles(&app, &viewer).await, BTreeSet::new(), "nothing is kept before the yes");

    let code = page.split('=').nth(1).expect("a code").to_owned();
    let nothing = takes(&ana, &page, &code, &[], "community").await;
    let again = ana.get(&nothing.header("location")).await.text();
    assert!(again.contains("Nothing is ticked") && again.contains("Soup night"), "{again}");
    let taken = takes(&ana, &page, &code, &["0", "1", "2", "77"], "community").await;
    assert_eq!((taken.status, taken.header("location").as_str()), (303, "/gatherings/import?taken=2"));
    let done = ana.get("/gatherings/import?taken=2").await.text();
    assert!(done.contains("Two gatherings are on the agenda") && done.contains("href=\"/gatherings?show=hosted\""), "{done}");
    assert_eq!(titles(&app, &viewer).await, ["Soup night".to_owned(), "Sunday walk".to_owned()].into());
    assert_eq!(titles(&app, &Viewer::Visitor).await, BTreeSet::new());
    let soup = app.front.services.gatherings.page(&viewer, "soup-night").await.expect("available").expect("there");
    assert_eq!((soup.repeats.starts_with("every "), soup.gathering.html.as_str().trim()), (true, "<p>Bring a *bowl*.</p>"));
    let posts = app.front.services.timeline.page(&viewer, &TimelineQuery::default()).await.expect("available").posts;
    assert!(posts.is_empty(), "nothing is announced");

    // Whoever presses twice has it once, and whoever sends the file again is told so.
    assert_eq!(takes(&ana, &page, &code, &["0", "1"], "community").await.header("location"), "/gatherings/import?taken=0");
    assert!(ana.get("/gatherings/import?taken=0").await.text().contains("All of that is here already"));
    assert_eq!(app.front.services.gatherings.all(&viewer).await.expect("available").len(), 2);
    let again = sends(&ana, &file()).await.header("location");
    let text = ana.get(&again).await.text();
    assert_eq!(text.matches("It is here already.").count(), 2, "{text}");
    let code = again.split('=').nth(1).expect("a code").to_owned();
    let taken = takes(&ana, &again, &code, &["0", "3"], "public").await;
    assert_eq!(taken.header("location"), "/gatherings/my-dentist", "one leads to its own page");
    // What another calendar calls the same at the same time is a second one only for those who want it.
    let other = String::from_utf8(file()).expect("text").replace("UID:soup", "UID:elsewhere").replace("Soup night", "SOUP night");
    let text = ana.get(&sends(&ana, other.as_bytes()).await.header("location")).await.text();
    assert_eq!(text.matches("There is one of that name here at that time already").count(), 1, "{text}");
    assert_eq!(text.matches(" checked").count(), 1, "the audience: {text}");
    assert_eq!(titles(&app, &Viewer::Visitor).await, ["My dentist".to_owned()].into());
}

#[tokio::test]
async fn so_much_is_taken_in_at_once_that_others_can_write_meanwhile() {
    let app = TestApp::start().await.founded().await;
    let ana = app.member("ana").await;
    let events: String = (0..201)
        .map(|at| {
            let starts = format!("20400105T{:02}{:02}00Z", at / 60, at % 60);
            format!("BEGIN:VEVENT\r\nUID:{at}\r\nSUMMARY:Yoga\r\nDTSTART:{starts}\r\nDURATION:PT60M\r\nLOCATION:Here\r\nEND:VEVENT\r\n")
        })
        .collect();
    let page = sends(&ana, calendar(&events).as_bytes()).await.header("location");
    let code = page.split('=').nth(1).expect("a code").to_owned();
    let all: Vec<String> = (0..201).map(|at| at.to_string()).collect();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    let refused = takes(&ana, &page, &code, &all, "community").await;
    assert!(ana.get(&refused.header("location")).await.text().contains("That is too much at a time"));
    assert_eq!(app.front.services.gatherings.all(&ana.viewer().await).await.expect("available").len(), 0);
    assert_eq!(takes(&ana, &page, &code, &all[..200], "community").await.header("location"), "/gatherings/import?taken=200");
    // The rest can be taken in afterwards; what is here is passed over.
    takes(&ana, &page, &code, &all[150..], "community").await;
    let kept = app.front.services.gatherings.all(&ana.viewer().await).await.expect("available");
    let slugs: BTreeSet<String> = kept.into_iter().map(|gathering| gathering.slug).collect();
    assert_eq!((slugs.len(), slugs.contains("yoga"), slugs.contains("yoga-201")), (201, true, true));
}

#[tokio::test]
async fn a_file_waits_for_its_sender_alone() {
    let app = TestApp::start().await.founded().await;
    let (ana, bo, visitor) = (app.member("ana").await, app.member("bo").await, app.visitor());
    let page = sends(&ana, &file()).await.header("location");
    let code = page.split('=').nth(1).expect("a code").to_owned();
    let never = format!("/gatherings/import?file={}", app.front.services.codes.new_code());
    let gone = "That was more than half an hour ago";
    let (others, nothing) = (bo.get(&page).await, bo.get(&never).await);
    assert_eq!((others.status, nothing.status), (404, 404));
    assert!(others.text().contains(gone) && !others.text().contains("Soup"), "{}", others.text());
    assert_eq!(others.text(), nothing.text(), "as one that there never was");
    let taken = takes(&bo, &page, &code, &["0"], "community").await;
    assert!(bo.get(&taken.header("location")).await.text().contains(gone));
    assert_eq!(titles(&app, &bo.viewer().await).await, BTreeSet::new());
    for path in ["/gatherings/import", page.as_str()] {
        let led = visitor.get(path).await;
        assert!(led.status == 303 && led.header("location").starts_with("/sign-in?next="), "{path}: {}", led.status);
    }
    let sent = sends(&visitor, &file()).await;
    assert!(sent.header("location").starts_with("/sign-in?next="), "{}", sent.header("location"));
    // A member has three that wait; the oldest goes.
    for _ in 0..3 {
        assert_eq!(ana.get(&page).await.status, 200);
        sends(&ana, &file()).await;
    }
    assert_eq!(ana.get(&page).await.status, 404);
}

#[tokio::test]
async fn a_file_that_can_not_be_read_is_refused_at_its_field() {
    let app = TestApp::start().await.founded().await;
    let ana = app.member("ana").await;
    let large = vec![b'x'; 10 * 1024 * 1024];
    for (file, sentence) in [
        (&b""[..], "Choose the file that your calendar gave you."),
        (b"<html></html>", "That is no calendar file."),
        (&large, "That file is larger than 2 MB."),
        (&vec![b'x'; MOST_BYTES + 1], "That file is larger than 2 MB."),
        (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "There is nothing in that calendar."),
    ] {
        let sent = sends(&ana, file).await;
        let back = sent.header("location");
        assert!(sent.status == 303 && back.starts_with("/gatherings/import?kept="), "{sentence}: {} {back}", sent.status);
        let page = ana.get(&back).await.text();
        assert!(page.contains(sentence) && page.contains("aria-invalid=\"true\""), "{sentence}: {page}");
    }
}

#[tokio::test]
async fn no_gathering_has_the_address_of_the_page() {
    let app = TestApp::start().await.founded().await;
    let ana = app.member("ana").await;
    let file =
        calendar(&event("SUMMARY:Import\r\n").replace("20261203T", &format!("{}T", (Utc::now() + Duration::days(9)).format("%Y%m%d"))));
    let page = sends(&ana, file.as_bytes()).await.header("location");
    let code = page.split('=').nth(1).expect("a code").to_owned();
    assert_eq!(takes(&ana, &page, &code, &["0"], "").await.header("location"), "/gatherings/import-gathering");
}

#[tokio::test]
async fn our_own_feed_is_known_as_such() {
    let app = TestApp::start().await.founded().await;
    let ana = app.member("ana").await;
    planned(&app, &ana.me().await, &mut Dice(3), 3).await;
    let feed = ana.get("/gatherings.ics").await.body;
    let page = sends(&ana, &feed).await.header("location");
    let text = ana.get(&page).await.text();
    assert!(text.contains("It comes from the calendar of this place") && text.contains("None of it can be taken in"), "{text}");
}

#[tokio::test]
async fn what_a_feed_of_ours_says_becomes_the_same_sessions_elsewhere() {
    let (app, other) = (TestApp::start().await.founded().await, TestApp::start().await.founded().await);
    let (ana, bo) = (app.member("ana").await, other.member("bo").await);
    let (me, mut dice) = (ana.me().await, Dice(11));
    for number in 0..64 {
        let slug = planned(&app, &me, &mut dice, number).await;
        for _ in 0..number % 6 {
            changed(&app, &me, &mut dice, &slug).await;
        }
    }
    let feed = ana.get("/gatherings.ics").await.text().replace("\r\n ", "").replace("@porchlight.example", "@elsewhere.example");
    let page = sends(&bo, feed.as_bytes()).await.header("location");
    let code = page.split('=').nth(1).expect("a code").to_owned();
    let zone = Zone::parse("Europe/Lisbon").expect("a zone");
    let imports = &other.front.services.imports;
    let look = imports.look(&bo.me().await, &code, &zone, Audience::Public).await.expect("available").expect("it waits");
    let behind: BTreeSet<String> = look.lines.iter().filter_map(|line| line.becomes.as_ref().err()).map(Why::to_string).collect();
    assert!(behind.iter().all(|why| ["It is over.", "It was cancelled."].contains(&why.as_str())), "{behind:?}");
    let all: BTreeSet<usize> = look.lines.iter().map(|line| line.at).collect();
    let taken = imports.take(&bo.me().await, &code, &all, &zone, Audience::Public).await.expect("taken");
    assert!(taken.len() > 50, "{}", taken.len());

    let now = Timestamp::from(Utc::now());
    let (from, until) = (now.plus_seconds(60), now.plus_days(400));
    let sessions = |gatherings: Vec<Gathering>| {
        let one = |gathering: &Gathering| {
            shown(gathering, from, until).into_iter().map(|(_, starts, ends, place, off)| (starts, ends, place, off)).collect::<Vec<_>>()
        };
        let mut all: Vec<_> =
            gatherings.iter().flat_map(|gathering| one(gathering).into_iter().map(|session| (gathering.title.clone(), session))).collect();
        all.sort();
        all
    };
    let ours = sessions(app.front.services.gatherings.all(&Viewer::Visitor).await.expect("available"));
    let theirs = sessions(other.front.services.gatherings.all(&Viewer::Visitor).await.expect("available"));
    assert!(ours.len() > 1000 && ours.iter().any(|(_, session)| session.3), "{} sessions", ours.len());
    let (one, two): (BTreeSet<_>, BTreeSet<_>) = (ours.iter().collect(), theirs.iter().collect());
    let differ: Vec<_> = one.symmetric_difference(&two).take(10).map(|session| (one.contains(session), session)).collect();
    assert!(differ.is_empty(), "those of the feed (true) and those that were taken in (false) differ: {differ:#?}");
    assert_eq!(ours.len(), theirs.len());
    // And what is found there is also on the agenda, as any other.
    let agenda = other.front.services.gatherings.agenda(&bo.viewer().await, Show::All).await.expect("available");
    assert!(!agenda.soon.is_empty());
}
