//! What of a gathering is told to whom: by page, by what the client asks for, and by calendar feed.

use crate::app::{Client, TestApp};
use axum::http::{HeaderValue, Method, header};
use chrono::Datelike;
use domain::{
    gatherings::{
        Answer, GatheringForm, RsvpForm,
        rule::{How, RepeatForm},
    },
    people::ProfileForm,
    time::Zone,
    timeline::Audience,
};

const ROOM: &str = "meet.example/back-room";

/// The Thursday after today, as a form says it.
fn next_thursday() -> String {
    let days = chrono::Utc::now().date_naive().iter_days().skip(1);
    days.into_iter().find(|day| day.weekday() == chrono::Weekday::Thu).expect("a Thursday").to_string()
}

/// A gathering that a member planned and another will come to; with the date of its next session.
async fn planned(app: &TestApp, host: &Client, title: &str, audience: Audience) -> (String, String) {
    let gatherings = &app.front.services.gatherings;
    let form = GatheringForm {
        title: title.into(),
        date: next_thursday(),
        time: "19:30".into(),
        repeat: RepeatForm { how: How::Weekly, ..RepeatForm::default() },
        place: "The kitchen".into(),
        link: format!("https://{ROOM}"),
        audience,
        announce: Some("yes".into()),
        ..GatheringForm::default()
    };
    let zone = Zone::parse("Europe/Lisbon").expect("a zone");
    let slug = gatherings.plan(&host.me().await, &form, &zone).await.expect("planned");
    let page = gatherings.page(&host.viewer().await, &slug).await.expect("available").expect("there");
    (slug, page.next[0].session.date.to_string())
}

#[tokio::test]
async fn a_series_says_where_it_comes_next_and_beside_later_sessions_where_those_are() {
    let app = TestApp::start().await.founded().await;
    let (ana, visitor) = (app.member("ana").await, app.visitor());
    let first: chrono::NaiveDate = next_thursday().parse().expect("a date");
    let form = GatheringForm {
        title: "Soup night".into(),
        date: first.to_string(),
        time: "19:30".into(),
        repeat: RepeatForm { how: How::Weekly, ..RepeatForm::default() },
        place: "The barn".into(),
        audience: Audience::Public,
        ..GatheringForm::default()
    };
    let (gatherings, me) = (&app.front.services.gatherings, ana.me().await);
    let slug = gatherings.plan(&me, &form, &Zone::parse("Europe/Lisbon").expect("a zone")).await.expect("planned");
    let before = visitor.get(&format!("/gatherings/{slug}")).await.text();
    assert_eq!(before.matches("The barn").count(), 1, "where it always is, is said once: {before}");
    let later = (first + chrono::Days::new(21)).to_string();
    let moved = GatheringForm { date: later.clone(), from: later, place: "The hall".into(), minutes: "240".into(), ..form };
    gatherings.change(&me, &slug, &moved).await.expect("changed");
    let series = visitor.get(&format!("/gatherings/{slug}")).await.text();
    assert!(series.contains("for an hour and a half") && !series.contains("four hours"), "{series}");
    let facts = series.split("<dl").nth(1).and_then(|rest| rest.split("</dl>").next()).expect("facts");
    assert!(facts.contains("The barn") && !facts.contains("The hall"), "{facts}");
    assert_eq!((series.matches("The barn").count(), series.matches("The hall").count()), (1, 5), "{series}");
}

#[tokio::test]
async fn a_calendar_is_added_to_apples_googles_and_outlooks_by_whoever_may_see_it() {
    let app = TestApp::start().await.founded().await;
    let (ana, visitor) = (app.member("ana").await, app.visitor());
    let (open, _) = planned(&app, &ana, "Soup & bread", Audience::Public).await;
    let (own, _) = planned(&app, &ana, "House meeting", Audience::Community).await;
    let host = app.front.origin.as_str().split_once("://").expect("an address").1;
    let escaped = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace("+", "%20").replace("%2F", "/");
    let ways = |page: &str, feed: &str, name: &str| {
        for way in [
            format!("href=\"webcal://{host}{feed}\""),
            format!("href=\"https://calendar.google.com/calendar/r?cid={}\"", escaped(&format!("webcal://{host}{feed}"))),
            format!(
                "href=\"https://outlook.live.com/calendar/0/addfromweb?url={}&amp;name={}\"",
                escaped(&format!("{}{feed}", app.front.origin.as_str())),
                escaped(name)
            ),
        ] {
            assert!(page.contains(&way), "{way}: {page}");
        }
    };
    for who in [&ana, &visitor] {
        let series = who.get(&format!("/gatherings/{open}")).await.text();
        assert!(series.contains(&format!("href=\"/gatherings/{open}/calendar\"")), "{series}");
        let page = who.get(&format!("/gatherings/{open}/calendar")).await.text();
        ways(&page, &format!("/gatherings/{open}.ics"), "Soup & bread");
        assert!(page.contains(&format!("href=\"/gatherings/{open}.ics\"")), "and the file itself: {page}");
        assert!(who.get("/gatherings").await.text().contains("href=\"/calendar\""));
        ways(&who.get("/calendar").await.text(), "/gatherings.ics", "Lantern Street");
    }
    assert!(visitor.get("/").await.text().contains("href=\"/calendar\""));
    let settings = ana.get("/settings/calendar").await.text();
    let secret = settings.split("/calendar/").nth(1).and_then(|rest| rest.split(".ics").next()).expect("an address");
    ways(&settings, &format!("/calendar/{secret}.ics"), "Lantern Street");
    // What is not public has no address of its own: it comes with the member's.
    let community = ana.get(&format!("/gatherings/{own}/calendar")).await.text();
    assert!(community.contains("href=\"/settings/calendar\"") && !community.contains("webcal:"), "{community}");
    let (hidden, nothing) =
        (visitor.get(&format!("/gatherings/{own}/calendar")).await, visitor.get("/gatherings/nothing-xx/calendar").await);
    assert_eq!((hidden.status, hidden.text().replace(&own, "nothing-xx")), (404, nothing.text()));
}

#[tokio::test]
async fn an_empty_list_and_an_empty_month_lead_to_what_is_coming() {
    let app = TestApp::start().await.founded().await;
    let (ana, bo) = (app.member("ana").await, app.member("bo").await);
    let (_, first) = planned(&app, &ana, "Soup night", Audience::Community).await;
    let begins: chrono::NaiveDate = first.parse().expect("a date");
    let month_before = (begins.with_day(1).expect("a day") - chrono::Days::new(1)).format("%Y-%m").to_string();
    let empty = bo.get(&format!("/gatherings?month={month_before}")).await.text();
    let next = format!("<a href=\"/gatherings?month={}\">{} {}<", &first[..7], begins.format("%B"), begins.year());
    assert!(empty.contains("Nothing is on this month.") && empty.contains("The next is in ") && empty.contains(&next), "{empty}");
    let long_ago = bo.get("/gatherings?month=2010-02").await.text();
    assert!(long_ago.contains("Nothing is on this month.") && long_ago.contains("See everything that is coming"), "{long_ago}");
    let on = bo.get(&format!("/gatherings?month={}", &first[..7])).await.text();
    assert!(on.contains("Soup night") && !on.contains("Nothing is on this month"), "{on}");
    for (show, says, leads_to) in [
        ("mine", "You have not said yes to anything yet.", "<a href=\"/gatherings\" class=\"button quiet\">See everything that is coming<"),
        ("hosted", "You host nothing yet.", "<a href=\"/gatherings/new\" rel=\"external\" class=\"button\">Plan one<"),
    ] {
        let list = bo.get(&format!("/gatherings?show={show}")).await.text();
        assert!(list.contains(says) && list.contains(leads_to), "{show}: {list}");
    }
    assert!(ana.get("/gatherings?show=hosted").await.text().contains("Soup night"));
}

#[tokio::test]
async fn a_session_says_what_happens_there_and_who_keeps_it() {
    let app = TestApp::start().await.founded().await;
    let (ana, visitor) = (app.member("ana").await, app.visitor());
    let form = GatheringForm {
        title: "Soup night".into(),
        markdown: "We **cook**.".into(),
        date: next_thursday(),
        time: "19:30".into(),
        place: "The barn".into(),
        audience: Audience::Public,
        ..GatheringForm::default()
    };
    let (gatherings, me) = (&app.front.services.gatherings, ana.me().await);
    let slug = gatherings.plan(&me, &form, &Zone::utc()).await.expect("planned");
    let own = domain::gatherings::changes::SessionForm {
        markdown: "This time with *dumplings*.".into(),
        ..domain::gatherings::changes::SessionForm::of(
            &gatherings.gathering(&ana.viewer().await, &slug).await.expect("available").expect("there"),
            form.date.parse().expect("a date"),
        )
    };
    gatherings.change_session(&me, &slug, &form.date, domain::gatherings::SessionWish::Change(&own)).await.expect("changed");
    for who in [&ana, &visitor] {
        let page = who.get(&format!("/gatherings/{slug}/{}", form.date)).await.text();
        let at = |said: &str| page.find(said).unwrap_or_else(|| panic!("{said}: {page}"));
        assert!(at("<em>dumplings</em>") < at("We <strong>cook</strong>."), "what is its own comes first");
        assert!(page.contains("Kept by") && page.contains(&me.display_name), "{page}");
    }
}

/// The addresses at which a gathering is told of.
fn addresses(slug: &str, date: &str) -> [String; 8] {
    [
        "/gatherings".into(),
        format!("/gatherings/{slug}"),
        format!("/gatherings/{slug}/{date}"),
        "/api/page?address=%2Fgatherings".into(),
        format!("/api/page?address=%2Fgatherings%2F{slug}"),
        format!("/api/page?address=%2Fgatherings%2F{slug}%2F{date}"),
        "/gatherings.ics".into(),
        format!("/gatherings/{slug}.ics"),
    ]
}

#[tokio::test]
async fn a_visitor_reads_of_a_public_gathering_neither_its_link_nor_who_comes() {
    let app = TestApp::start().await.founded().await;
    let (ana, guest, visitor) = (app.member("ana").await, app.member("perpetua").await, app.visitor());
    let (slug, date) = planned(&app, &ana, "Soup night", Audience::Public).await;
    let gatherings = &app.front.services.gatherings;
    gatherings
        .rsvp(&guest.me().await, &slug, &date, Answer::Yes, &RsvpForm { note: "with bread".into(), ..RsvpForm::default() })
        .await
        .expect("answered");
    for address in addresses(&slug, &date).into_iter().chain(["/".into()]) {
        let told = visitor.get(&address).await;
        assert_eq!(told.status, 200, "{address}");
        let text = told.text().replace("\r\n ", "");
        assert!(text.contains("Soup night"), "{address}: {text}");
        for secret in [ROOM, "erpetua", "with bread"] {
            assert!(!text.contains(secret), "{secret} at {address}: {text}");
        }
    }
    // The same addresses tell it all to a member: what a visitor misses was there to be told.
    let [agenda, series, session, .., feed] = addresses(&slug, &date);
    assert!(!guest.get(&session).await.text().contains(ROOM), "it is not yet time for the link");
    assert!(ana.get(&agenda).await.text().contains("Perpetua is coming."));
    assert!(ana.get(&series).await.text().contains(ROOM));
    let session = ana.get(&session).await.text();
    assert!([ROOM, "Perpetua", "with bread"].iter().all(|told| session.contains(told)), "{session}");
    for feed in [feed.as_str(), "/gatherings.ics"] {
        assert!(!ana.get(feed).await.text().replace("\r\n ", "").contains(ROOM), "calendars are copied about: the link stands on the page");
    }
}

#[tokio::test]
async fn a_gathering_of_the_community_is_for_a_visitor_the_same_as_none() {
    let app = TestApp::start().await.founded().await;
    let (ana, visitor) = (app.member("ana").await, app.visitor());
    let (slug, date) = planned(&app, &ana, "Soup night", Audience::Community).await;
    for (hidden, nothing) in addresses(&slug, &date).into_iter().zip(addresses("nothing-xx", &date)) {
        let (hidden, nothing) = (visitor.get(&hidden).await, visitor.get(&nothing).await);
        assert_eq!(hidden.status, nothing.status);
        assert_eq!(hidden.text().replace(&slug, "nothing-xx"), nothing.text());
        assert!(!hidden.text().contains("Soup"), "{}", hidden.text());
    }
    let [_, series, session, .., feed] = addresses(&slug, &date);
    for address in [series, session, feed] {
        assert_eq!((visitor.get(&address).await.status, ana.get(&address).await.status), (404, 200), "{address}");
    }
}

#[tokio::test]
async fn a_date_on_which_nothing_meets_is_not_there() {
    let app = TestApp::start().await.founded().await;
    let ana = app.member("ana").await;
    let (slug, _) = planned(&app, &ana, "Soup night", Audience::Public).await;
    for date in ["2026-01-02", "1990-01-04", "9999-12-31", "-9999-01-01", "262142-12-31", "yesterday"] {
        assert_eq!(ana.get(&format!("/gatherings/{slug}/{date}")).await.status, 404, "{date}");
        let fields = [("slug", slug.as_str()), ("date", date), ("answer", "yes")];
        assert_eq!(ana.post("/api/gatherings/rsvp", &fields).await.status, 422, "{date}");
    }
}

#[tokio::test]
async fn the_address_of_a_session_leads_to_it_also_when_it_is_on_another_day() {
    let app = TestApp::start().await.founded().await;
    let (ana, bo, visitor) = (app.member("ana").await, app.member("bo").await, app.visitor());
    let day = |days: u64| (chrono::Utc::now() + chrono::Days::new(days)).format("%Y-%m-%d").to_string();
    let weekly = |first: String, seen: i64| GatheringForm {
        title: "Long table".into(),
        date: first,
        time: "19:30".into(),
        minutes: "60".into(),
        time_zone: "UTC".into(),
        place: "The hall".into(),
        repeat: RepeatForm { how: How::Weekly, ..RepeatForm::default() },
        seen,
        ..GatheringForm::default()
    };
    let service = &app.front.services.gatherings;
    let slug = service.plan(&ana.me().await, &weekly(day(7), 0), &Zone::utc()).await.expect("planned");
    let (was, now) = (day(7), day(9));
    let yes = [("slug", slug.as_str()), ("date", was.as_str()), ("answer", "yes")];
    assert_eq!(bo.post("/api/gatherings/rsvp", &yes).await.status, 200);
    service.change(&ana.me().await, &slug, &weekly(now.clone(), 0)).await.expect("changed");
    let mut request = bo.request(Method::GET, &format!("/gatherings/{slug}/{was}"));
    request.headers_mut().insert(header::ACCEPT, HeaderValue::from_static("text/html"));
    let old = bo.send(request).await;
    assert_eq!((old.status, old.header("location")), (302, format!("/gatherings/{slug}/{now}")));
    assert_eq!(bo.get(&format!("/gatherings/{slug}/{now}")).await.status, 200);
    assert_eq!(visitor.get(&format!("/gatherings/{slug}/{was}")).await.status, 404, "it is the community\u{2019}s");
    assert_eq!(bo.get(&format!("/gatherings/{slug}/{}", day(8))).await.status, 404, "nothing was there");
}

#[tokio::test]
async fn when_something_is_and_on_whose_clock_is_said_wherever_it_is_met() {
    let app = TestApp::start().await.founded().await;
    let (ana, visitor) = (app.member("ana").await, app.visitor());
    let (slug, _) = planned(&app, &ana, "Soup night", Audience::Public).await;
    assert!(ana.get("/gatherings/new").await.text().contains("The time counts on Lisbon’s clock."));
    let announced = ana.get("/").await.text();
    let from: chrono::NaiveDate = next_thursday().parse().expect("a date");
    assert!(announced.contains(&format!("On the agenda: every Thursday, next on {}", from.format("Thursday %-d %B"))), "{announced}");
    assert!(announced.contains(", 19:30 in Lisbon."), "{announced}");
    let moved = ProfileForm { display_name: "Ana".into(), time_zone: "Asia/Tokyo".into(), ..ProfileForm::default() };
    app.front.services.people.change_profile(&ana.me().await, &moved).await.expect("moved");
    let series = ana.get(&format!("/gatherings/{slug}")).await.text();
    assert!(series.contains("19:30") && series.contains(" in Lisbon") && series.contains("for you Friday"), "{series}");
    assert!(visitor.get("/").await.text().contains("Thursday"), "the door names the day, and the month below the date");
}

#[tokio::test]
async fn a_host_writes_to_those_who_come_and_where_they_choose_so_to_those_who_cannot_as_well() {
    let app = TestApp::start().await.founded().await;
    let [ana, bo, cy] = [app.member("ana").await, app.member("bo").await, app.member("cy").await];
    let (slug, date) = planned(&app, &ana, "Soup night", Audience::Community).await;
    let form = async || ana.get(&format!("/gatherings/{slug}/{date}/edit")).await.text();
    let answers = async |who: &Client, answer| {
        let form = RsvpForm::default();
        app.front.services.gatherings.rsvp(&who.me().await, &slug, &date, answer, &form).await.expect("answered");
    };
    // The post that it became, and who reads it.
    let writes = async |all: Option<&str>| {
        let mut fields = vec![("slug", slug.as_str()), ("session", date.as_str()), ("text", "The bell is broken.")];
        fields.extend(all.map(|all| ("all", all)));
        let mut request = ana.form("/api/gatherings/write", &fields);
        request.headers_mut().insert(header::ACCEPT, HeaderValue::from_static("text/html"));
        let sent = ana.send(request).await;
        assert!(sent.header("location").starts_with("/posts/"), "{sent:?}");
        let post = sent.header("location");
        [bo.get(&post).await.status, cy.get(&post).await.status]
    };
    assert!(!form().await.contains("Write to those who answered"), "nobody has");
    answers(&cy, Answer::No).await;
    assert!(form().await.contains(r#"<input type="hidden" name="all" value="yes""#), "there is nobody else to write to");
    assert_eq!(writes(Some("yes")).await, [404, 200]);
    answers(&bo, Answer::Yes).await;
    assert!(form().await.contains("Everyone who answered, also those who can’t come"));
    assert_eq!([writes(None).await, writes(Some("")).await, writes(Some("yes")).await], [[200, 404], [200, 404], [200, 200]]);
    answers(&cy, Answer::Maybe).await;
    let all_come = form().await;
    assert!(
        all_come.contains("Write to those who answered") && !all_come.contains("also those who can’t come"),
        "there is nothing to choose"
    );
}

/// The post that announces the one gathering, as it is read at the head of a timeline.
fn card(page: &str) -> &str {
    let from = page.find("<p class=\"post-gathering-when\"").expect("a card");
    let to = page[from..].find("<footer").map_or(page.len(), |end| from + end);
    &page[from..to]
}

#[tokio::test]
async fn a_session_is_answered_on_the_card_without_script_and_one_is_back_at_the_post() {
    let app = TestApp::start().await.founded().await;
    let (ana, bo) = (app.member("ana").await, app.member("bo").await);
    let (slug, date) = planned(&app, &ana, "Soup night", Audience::Public).await;
    let page = bo.get("/").await.text();
    let (ask, post) = (card(&page), page.split("<article id=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a post"));
    for (answer, says) in [("yes", "Yes"), ("maybe", "Maybe"), ("no", "Not this time")] {
        assert!(ask.contains(&format!("name=\"answer\" value=\"{answer}\" class=\"button quiet\">{says}<")), "{ask}");
    }
    for (name, value) in [("slug", slug.as_str()), ("date", &date), ("back_to", post), ("form[keep]", "yes")] {
        assert!(ask.contains(&format!("name=\"{name}\" value=\"{value}\"")), "{name}: {ask}");
    }
    let answers = async |answer: &str, from: &str| {
        let fields = [("slug", slug.as_str()), ("date", &date), ("back_to", post), ("form[keep]", "yes"), ("answer", answer)];
        let mut request = bo.form("/api/gatherings/rsvp", &fields);
        request.headers_mut().insert(header::ACCEPT, HeaderValue::from_static("text/html"));
        let from = HeaderValue::from_str(&format!("{}{from}", app.front.origin.as_str())).expect("an address");
        request.headers_mut().insert(header::REFERER, from);
        bo.send(request).await
    };
    let answered = answers("yes", "/?before=99999999999999&kept=old").await;
    assert_eq!((answered.status, answered.header("location")), (303, format!("/?before=99999999999999#{post}")));
    assert_eq!(answers("yes", "/").await.header("location"), format!("/#{post}"));
    let said = bo.get("/").await.text();
    assert!(
        card(&said).contains("You are coming.") && card(&said).contains(">Change it<") && !card(&said).contains("<form"),
        "{}",
        card(&said)
    );
    assert!(card(&ana.get("/").await.text()).contains("Will you come?"), "what one says is one’s own");
    let visitor = app.visitor().get(&format!("/posts/{}", &post[1..])).await.text();
    assert!(
        card(&visitor).contains("next on") && !card(&visitor).contains("<form") && !card(&visitor).contains("coming"),
        "{}",
        card(&visitor)
    );

    // What is refused is said on the card itself, and stays with the one who said it.
    let cancel = [("slug", slug.as_str()), ("session", &date), ("wish", "cancel"), ("why", "No kitchen.")];
    ana.post("/api/gatherings/wish", &cancel).await;
    let refused = answers("maybe", "/").await;
    let location = refused.header("location");
    assert!(refused.status == 303 && location.starts_with("/?kept=") && location.ends_with(&format!("#{post}")), "{location}");
    assert!(card(&bo.get("/").await.text()).contains("That one is cancelled."));
}

#[tokio::test]
async fn an_answer_that_was_refused_is_said_beside_the_buttons_of_its_own_card() {
    let app = TestApp::start().await.founded().await;
    let (ana, bo) = (app.member("ana").await, app.member("bo").await);
    let (stew, _) = planned(&app, &ana, "Stew night", Audience::Public).await;
    planned(&app, &ana, "Soup night", Audience::Public).await;
    let page = bo.get("/").await.text();
    let post = page.split("<article id=\"").nth(2).and_then(|rest| rest.split('"').next()).expect("a second post");
    let mut request =
        bo.form("/api/gatherings/rsvp", &[("slug", stew.as_str()), ("date", "1999-01-01"), ("back_to", post), ("answer", "yes")]);
    request.headers_mut().insert(header::ACCEPT, HeaderValue::from_static("text/html"));
    let location = bo.send(request).await.header("location");
    let shown = bo.get(location.split('#').next().expect("an address")).await.text();
    let cards: Vec<&str> = shown.split("<p class=\"post-gathering-when\"").skip(1).collect();
    let says: Vec<bool> = cards.iter().map(|card| card.contains("There is no session on that day.")).collect();
    assert_eq!(says[..2], [false, true], "{shown}");
}

#[tokio::test]
async fn a_timeline_that_announces_takes_at_most_four_statements() {
    let app = TestApp::start().await.founded().await;
    let (ana, bo) = (app.member("ana").await, app.member("bo").await);
    for title in ["Soup night", "Stew night", "Bread night"] {
        planned(&app, &ana, title, Audience::Community).await;
    }
    // What is written down once a visit is no part of it; and the hub polls beside the requests, so the smallest of some tries is the truth.
    let mut fewest = u64::MAX;
    for _ in 0..5 {
        let before = app.front.store.queries();
        bo.get("/").await;
        fewest = fewest.min(app.front.store.queries() - before);
    }
    assert!(fewest <= 4, "{fewest}");
}

/// Sends the form of a gathering, with a picture if there is one.
async fn send(client: &Client, path: &str, fields: &[(&str, &str)], picture: Option<&[u8]>) -> crate::app::Answer {
    client.send(sent(path, client, fields, picture)).await
}

/// The form, as it is sent.
fn sent(path: &str, client: &Client, fields: &[(&str, &str)], picture: Option<&[u8]>) -> axum::http::Request<axum::body::Body> {
    let mut body = Vec::new();
    let usual =
        [("title", "Soup night"), ("date", &next_thursday()), ("time", "19:30"), ("often", "week"), ("at", "place"), ("place", "Here")];
    for (name, value) in usual.iter().chain(fields) {
        body.extend(format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").bytes());
    }
    if let Some(picture) = picture {
        body.extend(b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n");
        body.extend(picture.iter().chain(b"\r\n"));
    }
    body.extend(b"--x--\r\n");
    let mut request = client.request(Method::POST, path);
    request.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("multipart/form-data; boundary=x"));
    *request.body_mut() = body.into();
    request
}

#[tokio::test]
async fn the_picture_of_a_gathering_is_described_and_can_be_taken_away() {
    let app = TestApp::start().await.founded().await;
    let ana = app.member("ana").await;
    let mut picture = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(64, 48).write_to(&mut picture, image::ImageFormat::Png).expect("encoded");
    let page = async || ana.get("/gatherings/soup-night").await.text();

    send(&ana, "/api/gatherings/plan", &[("alt", "Bowls on a long table")], Some(picture.get_ref())).await;
    assert!(page().await.contains("alt=\"Bowls on a long table\""), "{}", page().await);
    send(&ana, "/api/gatherings/change", &[("slug", "soup-night"), ("alt", "Five bowls")], None).await;
    assert!(page().await.contains("alt=\"Five bowls\""), "what is not sent again stays");
    assert!(ana.get("/gatherings/soup-night/edit").await.text().contains("Five bowls"));
    send(&ana, "/api/gatherings/change", &[("slug", "soup-night"), ("seen", "1"), ("without_picture", "yes")], None).await;
    assert!(!page().await.contains("gathering-picture"), "{}", page().await);
}

/// Sends a refused form without script, and reads the page that one is led back to.
async fn led_back(app: &TestApp, client: &Client, mut request: axum::http::Request<axum::body::Body>, page: &str) -> String {
    request.headers_mut().insert(header::ACCEPT, HeaderValue::from_static("text/html"));
    let from = HeaderValue::from_str(&format!("{}{page}", app.front.origin.as_str())).expect("an address");
    request.headers_mut().insert(header::REFERER, from);
    let location = client.send(request).await.header("location");
    let path = location.split_once(app.front.origin.as_str()).map_or(location.as_str(), |(_, path)| path);
    client.get(path).await.text()
}

#[tokio::test]
async fn the_second_of_two_who_save_at_once_is_shown_all_that_the_first_changed() {
    let app = TestApp::start().await.founded().await;
    let (ana, founder) = (app.member("ana").await, app.founder().await);
    let mut picture = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(64, 48).write_to(&mut picture, image::ImageFormat::Png).expect("encoded");
    send(&ana, "/api/gatherings/plan", &[], None).await;
    let edit = "/gatherings/soup-night/edit";
    let change = [("slug", "soup-night"), ("seen", "0")];
    let room = [
        ("room_kind", "rounds"),
        ("room_prompts", "Hands\r\nA window"),
        ("room_rounds", "3"),
        ("room_minutes", "12"),
        ("room_rest", "4"),
        ("room_opening", "Any pen will do."),
        ("link_opens", "60"),
        ("alt", "Bowls on a long table"),
    ];
    let all: Vec<_> = change.into_iter().chain(room).collect();
    assert!(send(&founder, "/api/gatherings/change", &all, Some(picture.get_ref())).await.status < 400);
    let untouched =
        [("room_kind", "table"), ("room_prompts", ""), ("room_rounds", ""), ("link_opens", "30"), ("alt", ""), ("picture_seen", "")];
    let second: Vec<_> = change.into_iter().chain(untouched).collect();
    let told = led_back(&app, &ana, sent("/api/gatherings/change", &ana, &second, None), edit).await;
    let stands = |told: &str, said: &str| assert!(told.contains(&format!("<strong dir=\"auto\">{said}<")), "{said}: {told}");
    for said in ["an hour before", "Hands\nA window", "3", "12", "4", "Any pen will do.", "Bowls on a long table"] {
        stands(&told, said);
    }
    assert!(told.contains("Now it is <strong>Rounds") && told.contains("Now it has <strong>another picture"), "{told}");

    // The same of one session.
    let page = app.front.services.gatherings.page(&ana.viewer().await, "soup-night").await.expect("available").expect("there");
    let date = page.next[0].session.date.to_string();
    let one = |room: &[(&'static str, &'static str)]| {
        let own = [("slug", "soup-night"), ("session", &date), ("form[date]", &date), ("form[time]", "19:30"), ("form[minutes]", "90")];
        let own = own.into_iter().chain([("form[place]", "Here"), ("form[link]", ""), ("form[markdown]", ""), ("form[seen]", "0")]);
        own.chain(room.iter().copied()).map(|(name, value)| (name.to_owned(), value.to_owned())).collect::<Vec<_>>()
    };
    let form = |client: &Client, room: &[(&'static str, &'static str)]| {
        let fields = one(room);
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        client.form("/api/gatherings/session", &fields)
    };
    let silence = [("form[room][kind]", "silence"), ("form[room][silence]", "25"), ("form[room][opening]", "Sit as you like.")];
    assert!(founder.send(form(&founder, &silence)).await.status < 400);
    let rounds = [("form[room][kind]", "rounds"), ("form[room][prompts]", "Hands"), ("form[room][opening]", "")];
    let told = led_back(&app, &ana, form(&ana, &rounds), &format!("/gatherings/soup-night/{date}/edit")).await;
    for said in ["25", "Sit as you like.", "nothing"] {
        stands(&told, said);
    }
    assert!(told.contains("Now it is <strong>A silence"), "{told}");
}

#[tokio::test]
async fn a_gathering_for_named_people_is_for_other_members_the_same_as_none() {
    let app = TestApp::start().await.founded().await;
    let (ana, bo, cy) = (app.member("ana").await, app.member("bo").await, app.member("cy").await);
    let fields = [("audience", "named"), ("named", "@bo"), ("announce", "yes")];
    send(&ana, "/api/gatherings/plan", &fields, None).await;
    let planned = app.front.services.gatherings.all(&ana.viewer().await).await.expect("available").remove(0).slug;
    assert!(planned.starts_with("soup-night-") && planned.len() > "soup-night-2".len(), "its address can't be guessed: {planned}");
    let series = format!("/gatherings/{planned}");
    let date = next_thursday();
    let addresses = |slug: &str| {
        let mut all = addresses(slug, &date).to_vec();
        all.extend([format!("/gatherings/{slug}/edit"), format!("/gatherings/{slug}/{date}/edit"), "/gatherings?month".into(), "/".into()]);
        all.push(format!("/gatherings/new/dates?slug={slug}&date={date}&time=19:30&often=week"));
        all
    };
    assert_eq!((ana.get(&series).await.status, bo.get(&series).await.status), (200, 200));
    assert!(bo.get("/notifications").await.text().contains("asks you to come to"));
    for (hidden, nothing) in addresses(&planned).into_iter().zip(addresses("nothing-x")) {
        let (hidden, nothing) = (cy.get(&hidden).await, cy.get(&nothing).await);
        assert_eq!(hidden.status, nothing.status);
        assert!(!hidden.text().contains("Soup night"), "{}", hidden.text());
    }
    for (path, field) in [
        ("/api/gatherings/rsvp", ("answer", "yes")),
        ("/api/gatherings/wish", ("wish", "leave-out")),
        ("/api/gatherings/write", ("text", "Hello?")),
    ] {
        let answer = async |slug: &str| {
            let answer = cy.post(path, &[("slug", slug), ("date", date.as_str()), ("session", date.as_str()), field]).await;
            (answer.status, answer.text())
        };
        let (hidden, nothing) = (answer(&planned).await, answer("nothing-x").await);
        assert_eq!((hidden.0, &hidden), (422, &nothing), "{path}");
    }
    assert!(cy.get("/notifications").await.text().contains("Nothing"), "and she was told nothing");
}

#[tokio::test]
async fn single_sessions_are_changed_by_those_who_keep_the_gathering() {
    let app = TestApp::start().await.founded().await;
    let (ana, bo) = (app.member("ana").await, app.member("bo").await);
    send(&ana, "/api/gatherings/plan", &[("cohosts", "@bo")], None).await;
    let cy = app.member("cy").await;
    let date = next_thursday();
    let cancel = [("slug", "soup-night"), ("session", date.as_str()), ("wish", "cancel"), ("why", "No kitchen.")];
    assert_eq!(cy.post("/api/gatherings/wish", &cancel).await.status, 422);
    assert_eq!(app.visitor().post("/api/gatherings/wish", &cancel).await.status, 401);
    let session = format!("/gatherings/soup-night/{date}");
    assert!(!cy.get(&session).await.text().contains("No kitchen."));
    let done = bo.post("/api/gatherings/wish", &cancel).await.status;
    assert!((200..400).contains(&done), "a co-host may: {done}");
    assert!(cy.get(&session).await.text().contains("No kitchen."));
    let answer = [("slug", "soup-night"), ("date", date.as_str()), ("answer", "yes")];
    let answer = cy.post("/api/gatherings/rsvp", &answer).await;
    assert_eq!(answer.status, 422);
    assert!(answer.text().contains("That one was cancelled."), "{}", answer.text());
}

#[tokio::test]
async fn what_is_no_rule_is_said_while_it_is_typed() {
    let app = TestApp::start().await.founded().await;
    let (ana, visitor) = (app.member("ana").await, app.visitor());
    let dates = |rule: &str| format!("/gatherings/new/dates?date=2027-01-01&time=19:30&often=own&unit=rule&rule={rule}");
    assert_eq!(visitor.get(&dates("FREQ=DAILY")).await.status, 303);
    for (rule, says) in [
        ("FREQ=SECONDLY", "There is one session a day at most."),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "Like that it would never happen."),
        ("FREQ=DAILY;COUNT=1000000", "from 1 to 1000"),
        ("FREQ=DAILY;BYMONTHDAY=31;BYMONTH=2", "Like that it would never happen."),
        ("FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "On the last of the weekdays of each month"),
    ] {
        let told = ana.get(&dates(rule)).await;
        assert_eq!(told.status, 200);
        assert!(told.text().contains(says), "{rule}: {}", told.text());
    }
}
