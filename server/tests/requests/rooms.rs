//! What of a room and of a keepsake is told to whom, and who may do what there.

use crate::app::{Client, TestApp};
use axum::http::{HeaderValue, header};
use domain::{
    gatherings::{
        Answer, GatheringForm, Gatherings, RsvpForm, SessionWish,
        changes::SessionForm,
        clock::{RoomForm, RoomKind},
        coming::TermsForm,
        rule::{How, RepeatForm},
    },
    time::{Clock, SystemClock, Timestamp, Zone},
    timeline::{Audience, ChosenPicture},
};
use server::prose::MarkdownProse;
use std::sync::Arc;

/// A weekly drawing party that began some minutes ago and takes an hour; with its date.
async fn party(app: &TestApp, host: &Client, minutes_ago: i64, form: GatheringForm) -> (String, String) {
    let began = chrono::Utc::now() - chrono::Duration::minutes(minutes_ago);
    let form = GatheringForm {
        title: "Drawing party".into(),
        date: began.format("%Y-%m-%d").to_string(),
        time: began.format("%H:%M").to_string(),
        minutes: "60".into(),
        time_zone: "UTC".into(),
        repeat: RepeatForm { how: How::Weekly, ..RepeatForm::default() },
        room: RoomForm { kind: RoomKind::Rounds, prompts: "Hands\nA window".into(), ..RoomForm::default() },
        ..form
    };
    let slug = app.front.services.gatherings.plan(&host.me().await, &form, &Zone::utc()).await.expect("planned");
    (slug, form.date)
}

fn online(audience: Audience) -> GatheringForm {
    GatheringForm { link: "https://meet.example/draw".into(), audience, ..GatheringForm::default() }
}

/// All that may be asked of a room and a keepsake.
fn addresses(slug: &str, date: &str) -> Vec<String> {
    let page = format!("/gatherings/{slug}/{date}");
    let parts = ["head", "clock", "here", "wall", "wall?after=1&of=1", "talk", "time", "nothing"].map(|part| format!("{page}/room/{part}"));
    parts.into_iter().chain([page.clone(), format!("{page}/who"), format!("/gatherings/{slug}/who")]).collect()
}

/// Everything that can be done there: where it is sent, and with what beside the session.
const DEEDS: [(&str, &[(&str, &str)]); 8] = [
    ("/api/rooms/clock", &[("act", "start"), ("seen", "0")]),
    ("/api/rooms/here", &[]),
    ("/api/rooms/gone", &[]),
    ("/api/rooms/take-down", &[("picture", "1")]),
    ("/api/rooms/say", &[("text", "Hello")]),
    ("/api/rooms/was-there", &[("came", "true")]),
    ("/api/rooms/check", &[("form[others]", "Oma Lise")]),
    ("/api/rooms/note", &[("note", "A good evening.")]),
];

async fn deed(client: &Client, (path, fields): (&str, &[(&str, &str)]), (slug, date): (&str, &str)) -> crate::app::Answer {
    let all: Vec<(&str, &str)> = [("slug", slug), ("session", date)].into_iter().chain(fields.iter().copied()).collect();
    client.post(path, &all).await
}

#[tokio::test]
async fn a_room_is_there_for_members_and_says_what_is_on_also_without_script() {
    let app = TestApp::start().await.founded().await;
    let (ana, bo, visitor) = (app.member("ana").await, app.member("bo").await, app.visitor());
    let (slug, date) = party(&app, &ana, 5, online(Audience::Public)).await;
    let page = format!("/gatherings/{slug}/{date}");
    let before = bo.get(&page).await.text();
    for said in ["2 rounds of 10 minutes.", "Hands", "A window", "Nothing hangs here yet", "Nobody has said anything here yet"] {
        assert!(before.contains(said), "{said}: {before}");
    }
    assert!(!before.contains("Begin the first round"), "that is its host's");
    assert!(ana.get(&page).await.text().contains("Begin the first round"));
    assert_eq!(deed(&ana, DEEDS[0], (&slug, &date)).await.status, 200);
    let during = bo.get(&page).await.text();
    assert!(during.contains("Round 1 of 2") && during.contains("until "), "{during}");
    // To a visitor, the page of a public session goes on as it was: when and where, and no room.
    let seen = visitor.get(&page).await;
    assert_eq!(seen.status, 200);
    for secret in ["Round 1", "Hands", "The wall", "Here now", "meet.example"] {
        assert!(!seen.text().contains(secret), "{secret}: {}", seen.text());
    }
    // What the client asks for is answered by: go there yourself.
    assert_eq!(bo.get(&format!("/api/page?address=%2Fgatherings%2F{slug}%2F{date}")).await.text(), r#""Elsewhere""#);
}

#[tokio::test]
async fn nobody_but_those_named_finds_a_room_for_named_people_or_does_anything_there() {
    let app = TestApp::start().await.founded().await;
    let (ana, bo, cy, visitor) = (app.member("ana").await, app.member("bo").await, app.member("cy").await, app.visitor());
    for minutes_ago in [5, 200] {
        let (slug, date) = party(&app, &ana, minutes_ago, GatheringForm { named: "@bo".into(), ..online(Audience::Named) }).await;
        app.front.services.rooms.say(&bo.me().await, (&slug, &date), "The cake is here.").await.expect("said");
        assert!(bo.get(&format!("/gatherings/{slug}/{date}")).await.text().contains("The cake is here."));
        for client in [&cy, &visitor] {
            for (hidden, nothing) in addresses(&slug, &date).into_iter().zip(addresses("nothing-xx", &date)) {
                let (hidden, nothing) = (client.get(&hidden).await, client.get(&nothing).await);
                let told = |answer: &crate::app::Answer| {
                    // The clock of the server is the only thing that differs from one moment to the next.
                    answer.text().replace(&slug, "nothing-xx").chars().filter(|c| !c.is_ascii_digit()).collect::<String>()
                };
                assert_eq!((hidden.status, told(&hidden)), (nothing.status, told(&nothing)));
                assert!(!hidden.text().contains("Drawing") && !hidden.text().contains("cake"));
            }
        }
        for one in DEEDS {
            let (hidden, nothing) = (deed(&cy, one, (&slug, &date)).await, deed(&cy, one, ("nothing-xx", &date)).await);
            assert_eq!((hidden.status, hidden.text()), (nothing.status, nothing.text()), "{one:?}");
            assert_eq!((hidden.status, deed(&visitor, one, (&slug, &date)).await.status), (422, 401), "{one:?}");
        }
    }
}

#[tokio::test]
async fn what_hosts_know_and_do_is_nobody_elses() {
    let app = TestApp::start().await.founded().await;
    let (ana, bo) = (app.member("ana").await, app.member("bo").await);
    let (slug, date) = party(&app, &ana, 200, online(Audience::Community)).await;
    let session = (slug.as_str(), date.as_str());
    for own in [format!("/gatherings/{slug}/who"), format!("/gatherings/{slug}/{date}/who")] {
        let nowhere = own.replace(&slug, "nothing-xx");
        assert_eq!((ana.get(&own).await.status, bo.get(&own).await.status), (200, 404));
        assert_eq!(bo.get(&own).await.text().replace(&slug, "nothing-xx"), bo.get(&nowhere).await.text());
    }
    for one in [DEEDS[0], DEEDS[6], DEEDS[7]] {
        assert_eq!(deed(&bo, one, session).await.status, 422, "{one:?}");
    }
    assert_eq!(deed(&bo, DEEDS[5], session).await.status, 200, "that he was there, he says himself");
    let listed = ("/api/rooms/check", &[("form[others]", "Oma Lise\n@bo\n@nobody-here")] as &[_]);
    assert_eq!(deed(&ana, listed, session).await.status, 200);
    let kept = bo.get(&format!("/gatherings/{slug}/{date}")).await.text();
    for said in ["Oma Lise", "@nobody-here", "You were there.", "I wasn’t there"] {
        assert!(kept.contains(said), "{said}: {kept}");
    }
    let known = ana.get(&format!("/gatherings/{slug}/who")).await.text();
    assert!(known.contains("Came to the one there was."), "{known}");
    for everybodys in [format!("/gatherings/{slug}/{date}"), format!("/gatherings/{slug}"), "/people/bo".into(), "/people".into()] {
        assert!(!bo.get(&everybodys).await.text().contains("Came to"), "{everybodys}");
    }
}

#[tokio::test]
async fn of_a_published_keepsake_a_visitor_sees_the_note_and_the_pictures_of_those_who_agreed() {
    let app = TestApp::start().await.founded().await;
    let (ana, bo, visitor) = (app.member("ana").await, app.member("bo").await, app.visitor());
    let (slug, date) = party(&app, &ana, 200, online(Audience::Public)).await;
    let (session, rooms) = ((slug.as_str(), date.as_str()), &app.front.services.rooms);
    let mut pictures = Vec::new();
    for (who, alt) in [(&ana, "A hand, drawn twice"), (&bo, "A window at night")] {
        let taken = app.front.pictures.take_in(&who.me().await, png()).await.expect("taken in").id;
        rooms.hang_up(&who.me().await, session, &[ChosenPicture { id: taken, alt: alt.into() }]).await.expect("hangs");
        pictures.push(taken);
    }
    rooms.say(&bo.me().await, session, "My window has a cat.").await.expect("said");
    let note = ("/api/rooms/note", &[("note", "We drew **hands**."), ("publish", "yes")] as &[_]);
    assert_eq!(deed(&ana, note, session).await.status, 200);
    rooms.agree(&ana.me().await, session, pictures[0], true).await.expect("agreed");
    assert_eq!(deed(&ana, ("/api/rooms/agree", &[("picture", &pictures[1].to_string()), ("agreed", "true")]), session).await.status, 422);
    let page = format!("/gatherings/{slug}/{date}");
    let (seen, all) = (visitor.get(&page).await.text(), bo.get(&page).await.text());
    for public in ["We drew <strong>hands</strong>.", "A hand, drawn twice"] {
        assert!(seen.contains(public) && all.contains(public), "{public}: {seen}");
    }
    for own in ["A window at night", "My window has a cat.", "Who was there", "/people/", ">Bo<"] {
        assert!(all.contains(own) && !seen.contains(own), "{own}: {seen}");
    }
    let file = |at: usize| format!("/pictures/{}/small.webp", pictures[at]);
    assert_eq!((visitor.get(&file(0)).await.status, visitor.get(&file(1)).await.status, bo.get(&file(0)).await.status), (200, 404, 200));
    assert_eq!(deed(&ana, ("/api/rooms/note", &[("note", "We drew hands.")]), session).await.status, 200);
    assert!(!visitor.get(&page).await.text().contains("hands"), "what is no longer published is gone");
    assert_eq!(visitor.get(&file(0)).await.status, 404);
}

#[tokio::test]
async fn a_keepsake_of_the_community_can_not_be_published() {
    let app = TestApp::start().await.founded().await;
    let (ana, visitor) = (app.member("ana").await, app.visitor());
    let (slug, date) = party(&app, &ana, 200, online(Audience::Community)).await;
    let note = ("/api/rooms/note", &[("note", "We drew hands."), ("publish", "yes")] as &[_]);
    assert_eq!(deed(&ana, note, (&slug, &date)).await.status, 200);
    assert_eq!(visitor.get(&format!("/gatherings/{slug}/{date}")).await.status, 404);
}

#[tokio::test]
async fn being_in_the_room_is_being_there_only_where_there_is_no_other_place() {
    let app = TestApp::start().await.founded().await;
    let (ana, bo) = (app.member("ana").await, app.member("bo").await);
    for (form, counts) in
        [(online(Audience::Community), true), (GatheringForm { place: "The hall".into(), ..GatheringForm::default() }, false)]
    {
        let (slug, date) = party(&app, &ana, 5, form).await;
        assert_eq!(deed(&bo, DEEDS[1], (&slug, &date)).await.status, 200);
        let page = ana.get(&format!("/gatherings/{slug}/{date}")).await.text();
        assert!(page.contains("Bo"), "he is here");
        let counted = bo.get(&format!("/gatherings/{slug}/{date}")).await.text().contains("You are counted among those who are there.");
        assert_eq!(counted, counts);
    }
}

#[tokio::test]
async fn a_room_that_is_not_open_takes_nothing() {
    let app = TestApp::start().await.founded().await;
    let (ana, bo) = (app.member("ana").await, app.member("bo").await);
    let (slug, date) = party(&app, &ana, -45, online(Audience::Community)).await;
    let session = (slug.as_str(), date.as_str());
    for (one, sentence) in [
        (DEEDS[0], "The room is not open now."),
        (DEEDS[1], "The room is not open now."),
        (DEEDS[5], "It has not begun yet."),
        (DEEDS[6], "It has not begun yet."),
        (DEEDS[7], "The room is not open now."),
    ] {
        let refused = deed(&ana, one, session).await;
        assert!(refused.status == 422 && refused.text().contains(sentence), "{one:?}: {}", refused.text());
    }
    assert_eq!(deed(&bo, DEEDS[4], session).await.status, 422);
    assert!(bo.get(&format!("/gatherings/{slug}/{date}")).await.text().contains("Will you come?"), "it is still to be answered");
}

/// Changes the one session of a party by itself.
async fn changed(app: &TestApp, host: &Client, (slug, date): (&str, &str), change: impl FnOnce(&mut SessionForm)) {
    let kept = app.front.services.gatherings.gathering(&host.viewer().await, slug).await.expect("answers").expect("there");
    let mut form = SessionForm::of(&kept, date.parse().expect("a date"));
    change(&mut form);
    app.front.services.gatherings.change_session(&host.me().await, slug, date, SessionWish::Change(&form)).await.expect("changed");
}

#[tokio::test]
async fn whoever_is_on_the_way_reads_in_the_room_where_it_is_what_to_look_for_and_what_happens_this_time() {
    let app = TestApp::start().await.founded().await;
    let (ana, bo) = (app.member("ana").await, app.member("bo").await);
    let terms = TermsForm { door: "The blue lamp; ring twice".into(), capacity: "12".into(), ..TermsForm::default() };
    let form = GatheringForm { place: "The hall, second floor".into(), terms, ..GatheringForm::default() };
    let (slug, date) = party(&app, &ana, -25, form).await;
    changed(&app, &ana, (&slug, &date), |form| form.markdown = "Bring a *bowl*.".into()).await;
    let page = format!("/gatherings/{slug}/{date}");
    for told in [bo.get(&page).await.text(), bo.get(&format!("{page}/room/head")).await.text()] {
        for said in
            ["The hall, second floor", "At the door", "The blue lamp; ring twice", "Bring a <em>bowl</em>.", "There is room for 12 more."]
        {
            assert!(told.contains(said), "{said}: {told}");
        }
    }
    let room = bo.get(&page).await.text();
    let at = |said: &str| room.find(said).unwrap_or_else(|| panic!("{said}: {room}"));
    assert!(at("The hall, second floor") < at("id=\"clock\""), "the place comes before what happens there");
}

#[tokio::test]
async fn whoever_can_not_come_after_all_says_so_in_the_room_and_the_one_who_waits_moves_up() {
    let app = TestApp::start().await.founded().await;
    let (ana, bo, cy) = (app.member("ana").await, app.member("bo").await, app.member("cy").await);
    let terms = TermsForm { capacity: "1".into(), ..TermsForm::default() };
    let (slug, date) = party(&app, &ana, -20, GatheringForm { place: "The hall".into(), terms, ..GatheringForm::default() }).await;
    let page = format!("/gatherings/{slug}/{date}");
    let note = RsvpForm { note: "with a cold".into(), ..RsvpForm::default() };
    for who in [&bo, &cy] {
        assert!(who.get(&page).await.text().contains("Say whether you come"));
        app.front.services.gatherings.rsvp(&who.me().await, &slug, &date, Answer::Yes, &note).await.expect("said");
    }
    let (comes, waits) = (bo.get(&page).await.text(), cy.get(&page).await.text());
    assert!(comes.contains("You said yes. Change my answer") && comes.contains("value=\"with a cold\""), "{comes}");
    assert!(waits.contains("You wait for room. Change my answer") && waits.contains("You are on the waiting list"), "{waits}");
    // Without script: one is back in the room.
    let mut form = bo.form("/api/gatherings/rsvp", &[("slug", &slug), ("date", &date), ("answer", "no")]);
    form.headers_mut().insert(header::ACCEPT, HeaderValue::from_static("text/html"));
    let from = HeaderValue::from_str(&format!("{}{page}", app.front.origin.as_str())).expect("an address");
    form.headers_mut().insert(header::REFERER, from);
    let answered = bo.send(form).await;
    let back = answered.header("location");
    assert!(matches!(answered.status, 302 | 303) && back.trim_end_matches('?').ends_with(&page), "{back}");
    assert!(bo.get(&page).await.text().contains("You said not this time. Change my answer"));
    let up = cy.get(&format!("{page}/room/head")).await.text();
    assert!(up.contains("You said yes. Change my answer") && !up.contains("waiting list"), "{up}");
}

#[tokio::test]
async fn the_head_of_an_open_room_has_the_link_when_it_is_time_and_as_it_is_by_then() {
    let app = TestApp::start().await.founded().await;
    let (ana, bo, cy) = (app.member("ana").await, app.member("bo").await, app.member("cy").await);
    let terms = TermsForm { link_opens: "10".into(), ..TermsForm::default() };
    for (minutes_ago, open) in [(-20, false), (-5, true)] {
        let (slug, date) = party(&app, &ana, minutes_ago, GatheringForm { terms: terms.clone(), ..online(Audience::Community) }).await;
        app.front.services.gatherings.rsvp(&bo.me().await, &slug, &date, Answer::Yes, &RsvpForm::default()).await.expect("said");
        let page = format!("/gatherings/{slug}/{date}");
        let head = async |who: &Client| who.get(&format!("{page}/room/head")).await.text();
        let told = head(&bo).await;
        assert_eq!((told.contains("meet.example/draw"), told.contains("data-opens=\"")), (open, !open), "{told}");
        assert_eq!(told.contains("Those who come find the link here from"), !open, "{told}");
        changed(&app, &ana, (&slug, &date), |form| form.link = "https://other.example/draw".into()).await;
        let told = head(&bo).await;
        assert_eq!((told.contains("meet.example"), told.contains("https://other.example/draw")), (false, open), "{told}");
        assert!(!head(&cy).await.contains("example"), "who does not come is not told it");
    }
}

/// A clock that stands.
struct At(Timestamp);

impl Clock for At {
    fn now(&self) -> Timestamp {
        self.0
    }
}

#[tokio::test]
async fn what_took_place_is_found_from_the_series_and_leads_to_the_ones_beside_it() {
    let app = TestApp::start().await.founded().await;
    let (ana, bo, visitor) = (app.member("ana").await, app.member("bo").await, app.visitor());
    let (slug, last) = party(&app, &ana, 200, online(Audience::Public)).await;
    let weeks_ago = |weeks: u64| (last.parse::<chrono::NaiveDate>().expect("a date") - chrono::Days::new(1 + 7 * weeks)).to_string();
    let series = format!("/gatherings/{slug}");
    let before = async |who: &Client| {
        let page = who.get(&series).await.text();
        page.split("id=\"before\"").nth(1).and_then(|rest| rest.split("</section>").next()).unwrap_or_default().to_owned()
    };
    let told = before(&bo).await;
    assert!(told.contains(&format!("{series}/{last}")) && !told.contains("Earlier ones"), "{told}");
    let session = (slug.as_str(), last.as_str());
    let taken = app.front.pictures.take_in(&bo.me().await, png()).await.expect("taken in").id;
    let picture = ChosenPicture { id: taken, alt: String::new() };
    app.front.services.rooms.hang_up(&bo.me().await, session, &[picture]).await.expect("hangs");
    assert!(before(&bo).await.contains("1 picture") && !before(&visitor).await.contains("picture"));
    let note: (&str, &[(&str, &str)]) = ("/api/rooms/note", &[("note", "We drew **hands**.\n\nThen cake.")]);
    assert_eq!(deed(&ana, note, session).await.status, 200);
    assert!(before(&bo).await.contains("We drew hands.") && !before(&visitor).await.contains("hands"), "it is not published");
    let published: (&str, &[(&str, &str)]) = ("/api/rooms/note", &[("note", "We drew **hands**."), ("publish", "yes")]);
    assert_eq!(deed(&ana, published, session).await.status, 200);
    assert!(before(&visitor).await.contains("We drew hands."));
    // One that has been for long: of its sessions the last five, and the way to those before.
    let store = Arc::new(app.front.store.clone());
    let then = Arc::new(At(SystemClock.now().plus_days(-60)));
    let planned_then = Gatherings::new(store.clone(), store, Arc::new(MarkdownProse), then);
    let form = GatheringForm {
        title: "Pens".into(),
        date: weeks_ago(8),
        time: "12:00".into(),
        minutes: "5".into(),
        repeat: RepeatForm { how: How::Weekly, ..RepeatForm::default() },
        ..online(Audience::Public)
    };
    let slug = planned_then.plan(&ana.me().await, &form, &Zone::utc()).await.expect("planned");
    let series = format!("/gatherings/{slug}");
    let page = bo.get(&series).await.text();
    let listed: Vec<bool> = (0..8).map(|ago| page.contains(&format!("<a href=\"{series}/{}\"", weeks_ago(ago)))).collect();
    assert_eq!(listed, [true, true, true, true, true, false, false, false], "{page}");
    assert!(page.contains(&format!("href=\"/gatherings?month={}\"", &weeks_ago(5)[..7])), "{page}");
    let keepsake = visitor.get(&format!("{series}/{}", weeks_ago(3))).await.text();
    let (earlier, later) =
        (format!("rel=\"prev\" href=\"{series}/{}\"", weeks_ago(4)), format!("rel=\"next\" href=\"{series}/{}\"", weeks_ago(2)));
    assert!(keepsake.contains(&earlier) && keepsake.contains(&later), "{keepsake}");
}

#[tokio::test]
async fn what_was_cancelled_after_people_met_says_why_and_keeps_what_was_left_of_it() {
    let app = TestApp::start().await.founded().await;
    let (ana, bo, visitor) = (app.member("ana").await, app.member("bo").await, app.visitor());
    let cancel: (&str, &[(&str, &str)]) = ("/api/gatherings/wish", &[("wish", "cancel"), ("why", "The heating broke.")]);
    for met in [true, false] {
        let (slug, date) = party(&app, &ana, 20, online(Audience::Public)).await;
        let (session, page) = ((slug.as_str(), date.as_str()), format!("/gatherings/{slug}/{date}"));
        if met {
            assert_eq!(deed(&bo, DEEDS[4], session).await.status, 200);
        }
        assert_eq!(deed(&ana, cancel, session).await.status, 200);
        let (told, host) = (bo.get(&page).await.text(), ana.get(&page).await.text());
        assert!(
            told.contains("This one is cancelled") && told.contains("The heating broke.") && !told.contains("This one is over"),
            "{told}"
        );
        for holds in ["find the link here", "Add to your calendar"] {
            assert!(!told.contains(holds), "{holds}: {told}");
        }
        let next = date.parse::<chrono::NaiveDate>().expect("a date") + chrono::Days::new(7);
        assert!(told.contains("The next is on <a") && told.contains(&format!("/gatherings/{slug}/{next}")), "{told}");
        assert_eq!((told.contains("What was said"), told.contains(">Hello</p>")), (met, met), "{told}");
        for invites in ["Say it", "Hang", "The wall", "Will you come?", "Nothing hangs here yet", "Who was there"] {
            assert!(!told.contains(invites), "{invites}: {told}");
        }
        assert!(host.contains(&format!("{page}/edit")), "whoever keeps it can still have it take place");
        let seen = visitor.get(&page).await;
        assert!(seen.status == 200 && seen.text().contains("The heating broke.") && !seen.text().contains("Hello"), "{}", seen.text());
        assert_eq!(deed(&bo, DEEDS[4], session).await.status, 422);
    }
}

/// A small picture file.
fn png() -> bytes::Bytes {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let image = image::RgbImage::from_pixel(8, 8, image::Rgb([200, 120, 80]));
    image.write_to(&mut bytes, image::ImageFormat::Png).expect("written");
    bytes.into_inner().into()
}
