//! What of a room and of a keepsake is told to whom, and who may do what there.

use crate::app::{Client, TestApp};
use domain::{
    gatherings::{
        GatheringForm,
        clock::{RoomForm, RoomKind},
        rule::{How, RepeatForm},
    },
    time::Zone,
    timeline::{Audience, ChosenPicture},
};

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
    let parts = ["clock", "here", "wall", "talk", "time", "nothing"].map(|part| format!("{page}/room/{part}"));
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

/// A small picture file.
fn png() -> bytes::Bytes {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let image = image::RgbImage::from_pixel(8, 8, image::Rgb([200, 120, 80]));
    image.write_to(&mut bytes, image::ImageFormat::Png).expect("written");
    bytes.into_inner().into()
}
