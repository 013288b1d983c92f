//! A group moves in: what is shown to whom before and after the yes, and what nobody but a host is shown at all.

use crate::app::{Answer, Client, TestApp};
use axum::http::{HeaderValue, Method, header};
use domain::{
    mail::Delivered,
    rosters::{
        Party, PartyGuest, RosterStore,
        opening::{Opening, OpensFor},
    },
    time::{Clock, SystemClock},
};

/// Thirty people, three of whose lines are not right, and an empty one.
pub fn roster() -> String {
    let mut text = "Mail;Name;Interests;Line\r\n".to_owned();
    for at in 1..=27 {
        let mail = if at % 2 == 0 { format!("guest{at}@example.org") } else { String::new() };
        text += &format!("{mail};Guest{at} Souza;soup, birds;mends things\r\n");
    }
    text + "\r\nnobody@example.org;;;\r\n;Too;many;columns;here\r\n;Few\r\n"
}

async fn sends(by: &Client, fields: &[(&str, &str)], file: &[u8]) -> Answer {
    by.sends_file("/api/rosters/bring", "/hosting/invitations/roster", fields, ("roster.csv", file)).await
}

/// The page at which a brought roster stands.
async fn brings(by: &Client, text: &str) -> String {
    let sent = sends(by, &[("called", "Soup Night"), ("days", "14"), ("text", text)], b"").await;
    let page = sent.header("location");
    assert!(sent.status == 303 && page.starts_with("/hosting/invitations/roster?roster="), "{} {page} {}", sent.status, sent.text());
    page
}

async fn says_yes(by: &Client, page: &str) -> Answer {
    let code = page.split_once('=').expect("a code").1;
    let shown = by.get(page).await.text();
    let seen = shown.split("name=\"seen\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default().to_owned();
    by.post("/api/rosters/invite", &[("roster", code), ("seen", &seen)]).await
}

async fn party(app: &TestApp, host: &Client) -> (Party, Vec<PartyGuest>) {
    let (rosters, host) = (&app.front.services.rosters, host.viewer().await.host().expect("a host"));
    let newest = rosters.all(&host).await.expect("available").remove(0).id;
    rosters.one(&host, newest).await.expect("available").expect("there")
}

/// A form by which somebody joins.
fn joins<'a>(code: &'a str, name: &'a str) -> [(&'a str, &'a str); 5] {
    [
        ("code", code),
        ("form[name]", name),
        ("form[password]", crate::app::PASSWORD),
        ("form[display_name]", "Somebody"),
        ("form[rules]", "read"),
    ]
}

#[tokio::test]
async fn nobody_is_invited_before_the_yes_and_all_whose_lines_fit_after_it() {
    let app = TestApp::start_idle().await.founded().await;
    let (host, visitor) = (app.founder().await, app.visitor());
    assert!(host.get("/hosting/invitations").await.text().contains("href=\"/hosting/invitations/roster\""));
    let before = app.front.store.counts().await.expect("available");
    let page = brings(&host, &roster()).await;
    let shown = host.get(&page).await.text();
    for said in [
        "27 of 30 can be invited, and 3 are left out unless you mend them. Nothing is written yet.",
        "Line 29 is empty and was passed over.",
        "There is no name in it. Write one before the rest.",
        "It has 5 columns where 4 are expected.",
        "It has 2 of 4 columns.",
        "guest1-souza",
        "13 get a letter with their link, at once. For the other 14 there are cards to print.",
        "Invite these 27",
        "Guest27 Souza;soup, birds;mends things",
    ] {
        assert!(shown.contains(said), "{said}: {shown}");
    }
    let after = app.front.store.counts().await.expect("available");
    let grown: Vec<_> = before.iter().zip(&after).filter(|(before, after)| before != after).map(|(_, (table, _))| table.as_str()).collect();
    assert_eq!(grown, ["roster_drafts"], "what waits is all that is written");

    let said_yes = says_yes(&host, &page).await;
    let there = said_yes.header("location");
    assert!(said_yes.status == 200 && there.ends_with("?done=invited"), "{} {there}", said_yes.status);
    assert_eq!(says_yes(&host, &page).await.header("location"), there, "said twice, it is the same party");
    let (party, guests) = party(&app, &host).await;
    assert_eq!((party.size, party.open, party.called.as_str()), (27, 27, "Soup Night"));
    let cards = host.get(&there).await.text();
    assert_eq!(cards.matches("class=\"party-card\"").count(), 27);
    assert!(cards.contains(&format!("porchlight.example/join/{}", guests[0].code)) && cards.contains("QR code for"), "{cards}");
    assert!(host.get("/hosting").await.text().contains("None of the 27 from Soup Night is here yet."));
    assert!(host.get("/hosting/invitations").await.text().contains("None of the 27 from Soup Night is here yet."));

    let invited = visitor.get(&format!("/join/{}", guests[4].code)).await.text();
    for said in ["Guest5 Souza, come in", "value=\"guest5-souza\"", "mends things", "value=\"soup, birds\""] {
        assert!(invited.contains(said), "{said}: {invited}");
    }
    for others in ["guest4", "Guest4", "example.org"] {
        assert!(!invited.contains(others), "a link tells of nobody else: {others}");
    }
    // Somebody else can't take the name that is kept, and whoever it is kept for can take another.
    let taken = visitor.post("/api/join", &joins(&guests[3].code, "guest5-souza")).await;
    assert!(taken.status == 422 && taken.text().contains("NameTaken"), "{}", taken.text());
    assert_eq!(visitor.post("/api/join", &joins(&guests[4].code, "five")).await.status, 200);
    assert!(host.get("/hosting").await.text().contains("One of the 27 from Soup Night is here."));
    let next = app.visitor().get(&format!("/join/{}", guests[3].code)).await.text();
    assert!(next.contains("From Soup Night is here already: Somebody."), "{next}");
}

#[tokio::test]
async fn an_undone_link_is_as_one_that_never_was() {
    let app = TestApp::start_idle().await.founded().await;
    let (host, visitor) = (app.founder().await, app.visitor());
    says_yes(&host, &brings(&host, &roster()).await).await;
    let (party, guests) = party(&app, &host).await;
    assert_eq!(visitor.post("/api/join", &joins(&guests[0].code, "one")).await.status, 200);
    let id = party.id.to_string();
    assert_eq!(host.post("/api/rosters/undo", &[("party", &id)]).await.status, 200);
    let shown = host.get(&format!("/hosting/invitations/roster/{id}")).await.text();
    assert!(shown.contains("The one from Soup Night is here.") && !shown.contains("class=\"party-card\""), "{shown}");
    let stranger = app.visitor();
    let undone = stranger.get(&format!("/join/{}", guests[1].code)).await;
    let never = stranger.get("/join/0123456789abcdefghjkmnpqrs").await;
    assert_eq!((undone.status, undone.text()), (404, never.text()));
    let refused = stranger.post("/api/join", &joins(&guests[1].code, "guest2-souza")).await;
    assert!(refused.status == 422 && refused.text().contains("DeadInvitation"), "{}", refused.text());
    assert!(!host.get("/hosting").await.text().contains("Soup Night"), "nobody is on their way any more");
}

#[tokio::test]
async fn to_whoever_is_no_host_there_is_no_roster_and_no_party() {
    let app = TestApp::start_idle().await.founded().await;
    let (host, ana, visitor) = (app.founder().await, app.member("ana").await, app.visitor());
    let page = brings(&host, &roster()).await;
    says_yes(&host, &page).await;
    let (party, guests) = party(&app, &host).await;
    let id = party.id.to_string();
    let waiting = brings(&host, &roster()).await;
    let (own, sheet) = (format!("/hosting/invitations/roster/{id}"), format!("/hosting/invitations/roster/{id}.csv"));
    let invitation = format!("/hosting/invitations/{}", guests[0].invitation);
    let never = ana.get("/hosting/invitations/roster/12").await;
    for address in ["/hosting/invitations/roster", &waiting, &own, &sheet, &invitation, "/hosting"] {
        let shown = ana.get(address).await;
        assert_eq!((shown.status, shown.text().contains("Souza")), (404, false), "{address}");
        assert_eq!(shown.text().len(), ana.get(&"x".repeat(address.len()).replacen('x', "/", 1)).await.text().len(), "{address}");
        assert!(!visitor.get(address).await.text().contains("Souza"), "{address}");
    }
    assert_eq!(never.status, 404);
    assert_eq!(ana.get("/hosting/invitations").await.text().matches("Soup Night").count(), 0);
    for party in [id.as_str(), "12"] {
        assert_eq!(ana.post("/api/rosters/undo", &[("party", party)]).await.status, 404);
    }
    assert_eq!(ana.post("/api/rosters/invite", &[("roster", waiting.split_once('=').expect("a code").1)]).await.status, 404);
    let mut request = ana.request(Method::POST, "/api/rosters/bring");
    request.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("multipart/form-data; boundary=xYx"));
    *request.body_mut() = "--xYx--\r\n".into();
    assert_eq!(ana.send(request).await.status, 404);
    assert_eq!(host.post("/api/rosters/undo", &[("party", "12")]).await.status, 404);
    assert_eq!(self::party(&app, &host).await.0.open, 27, "and nothing was done");
}

#[tokio::test]
async fn the_table_of_links_is_safe_to_open_in_a_spreadsheet() {
    let app = TestApp::start_idle().await.founded().await;
    let host = app.founder().await;
    let page = brings(&host, "=HYPERLINK(\"x\") Souza\n+Ana\n@bo <bo@example.org>\n-Cy\nDi \"the cook\"\n").await;
    assert!(host.get(&page).await.text().contains("begins as a formula does. It is taken as plain text."));
    says_yes(&host, &page).await;
    let (party, guests) = party(&app, &host).await;
    let sheet = host.get(&format!("/hosting/invitations/roster/{}.csv", party.id)).await;
    assert_eq!((sheet.status, sheet.header("content-type").as_str()), (200, "text/csv; charset=utf-8"));
    let text = sheet.text();
    assert!(
        text.contains(&format!("\"Di \"\"the cook\"\"\",\"di-the-cook\",\"\",\"https://porchlight.example/join/{}\"\r\n", guests[4].code)),
        "{text}"
    );
    assert!(text.contains("\"'=HYPERLINK(\"\"x\"\") Souza\"") && text.contains("\"'+Ana\"") && text.contains("\"'-Cy\""), "{text}");
}

#[tokio::test]
async fn what_is_no_roster_is_refused_in_a_sentence_and_what_was_typed_stays() {
    let app = TestApp::start_idle().await.founded().await;
    let host = app.founder().await;
    let zip = b"PK\x03\x04\0\0".as_slice();
    let large = "Ana Souza, who mends things\n".repeat(360_000);
    let many = "Ana\n".repeat(100_000);
    let five = "Ana\nBo\nCy\nDi\nEd";
    for (called, days, text, file, said) in [
        ("Choir", "30", "", b"".as_slice(), "There is nobody in it yet."),
        ("Choir", "30", "", zip, "That is no text that we can read."),
        ("Choir", "30", "Ana\nBo", b"", "It has 2 of the 5 lines that make a roster."),
        ("Choir", "30", "", large.as_bytes(), "That is more than 1 MB"),
        ("Choir", "30", large.as_str(), b"", "That is more than 1 MB"),
        ("Choir", "30", many.as_str(), b"", "It has 100000 lines, and there is room for 1000."),
        ("", "30", five, b"", "What the party is called is still empty."),
        ("Choir", "lots", five, b"", "How long the links work is a number of days from 1 to 365."),
    ] {
        let sent = sends(&host, &[("called", called), ("days", days), ("text", text)], file).await;
        let back = sent.header("location");
        assert!(sent.status == 303 && back.contains("kept="), "{said}: {} {back} {}", sent.status, sent.text());
        let shown = host.get(&back).await.text();
        assert!(shown.contains(said), "{said}: {shown}");
        assert!(called.is_empty() || shown.contains("value=\"Choir\""), "{said}");
        assert!(!text.ends_with("Ed") || shown.contains("Cy\nDi\nEd"), "{said}: {shown}");
    }
    let gone = host.get("/hosting/invitations/roster?roster=never").await;
    assert!(gone.status == 404 && gone.text().contains("the roster waits no more"), "{}", gone.text());
    let never = host.post("/api/rosters/invite", &[("roster", "never")]).await;
    assert!(never.status == 422 && never.text().contains("Gone"), "{}", never.text());
}

#[tokio::test]
async fn each_who_has_an_address_gets_one_letter_and_nobody_whose_invitation_was_taken_back() {
    let app = TestApp::start_idle().await.founded().await;
    let host = app.founder().await;
    says_yes(&host, &brings(&host, &roster()).await).await;
    let (soup, guests) = party(&app, &host).await;
    let with_mail: Vec<&PartyGuest> = guests.iter().filter(|guest| guest.mail.is_some()).collect();
    let taken_back = with_mail[2].invitation.to_string();
    let takes_back = [("invitation", taken_back.as_str()), ("party", &soup.id.to_string())];
    let back = host.post("/api/invitations/take-back", &takes_back).await.header("location");
    assert_eq!(back, format!("/hosting/invitations/roster/{}?done=taken-back", soup.id));
    assert!(host.get(&back).await.text().contains("That link opens nothing any more, and the name is free again."));
    let mut sent = 0;
    while let Delivered::Sent = app.front.services.rosters.deliver(1.0).await.expect("available") {
        sent += 1;
    }
    assert_eq!((with_mail.len(), sent), (13, 12));
    let mut letters = Vec::new();
    for file in std::fs::read_dir(app.folder().join("mail")).expect("a folder") {
        letters.push(std::fs::read_to_string(file.expect("a file").path()).expect("text"));
    }
    assert_eq!(letters.len(), 12);
    for guest in &with_mail {
        let to = guest.mail.as_ref().expect("an address").as_str();
        let about: Vec<_> = letters.iter().filter(|letter| letter.contains(to)).collect();
        assert_eq!(about.len(), usize::from(guest.invitation.to_string() != taken_back), "{to}");
        let others = guests.iter().filter(|other| other.code != guest.code);
        for letter in about {
            assert!(others.clone().all(|other| !letter.contains(&other.code)), "only their own link: {letter}");
        }
    }
    let shown = host.get(&format!("/hosting/invitations/roster/{}", party(&app, &host).await.0.id)).await.text();
    assert!(shown.contains("was written to at guest2@example.org") && shown.contains("the link works no more"), "{shown}");
}

#[tokio::test]
async fn before_the_opening_day_the_early_ones_see_each_other_and_on_it_the_first_thread_is_there() {
    let app = TestApp::start_idle().await.founded().await;
    let (host, ana) = (app.founder().await, app.member("ana").await);
    says_yes(&host, &brings(&host, &roster()).await).await;
    let (party, guests) = party(&app, &host).await;
    let id = party.id.to_string();
    let day = (chrono::Utc::now().date_naive() + chrono::Duration::days(3)).to_string();
    let form = |day: &str, words: &str| {
        [("party", id.clone()), ("form[day]", day.to_owned()), ("form[time]", "18:00".to_owned()), ("form[words]", words.to_owned())]
    };
    let sends = async |by: &Client, fields: [(&str, String); 4]| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, text)| (*name, text.as_str())).collect();
        by.post("/api/rosters/opening", &fields).await
    };
    assert_eq!(sends(&ana, form(&day, "Come in.")).await.status, 404, "for hosts");
    assert_eq!(ana.post("/api/rosters/call-off", &[("party", &id)]).await.status, 404);
    for (day, words, said) in [("2020-01-01", "Come in.", "NotToCome"), ("", "Come in.", "When"), (day.as_str(), " ", "Empty")] {
        let refused = sends(&host, form(day, words)).await;
        assert!(refused.status == 422 && refused.text().contains(said), "{said}: {}", refused.text());
    }
    assert_eq!(sends(&host, form(&day, "Come in, @ana, all of you.")).await.status, 200);
    let shown = host.get(&format!("/hosting/invitations/roster/{id}")).await.text();
    assert!(shown.contains("Come in, @ana, all of you.") && shown.contains("Change it"), "{shown}");
    // The links work for two weeks.
    let end_before = async || host.get(&format!("/hosting/invitations/roster/{id}")).await.text().contains("before the place opens");
    assert!(!end_before().await);
    let late = (chrono::Utc::now().date_naive() + chrono::Duration::days(20)).to_string();
    assert_eq!(sends(&host, form(&late, "Come in, @ana, all of you.")).await.status, 200);
    assert!(end_before().await);
    assert_eq!(sends(&host, form(&day, "Come in, @ana, all of you.")).await.status, 200);

    // A first one may come with it: one that is planned and for all, or a new one from the opening on.
    let with = async |more: &[(&str, &str)]| {
        let fields = form(&day, "Come in, @ana, all of you.");
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, text)| (*name, text.as_str())).chain(more.iter().copied()).collect();
        host.post("/api/rosters/opening", &fields).await
    };
    let before = (chrono::Utc::now().date_naive() + chrono::Duration::days(2)).to_string();
    let songs = [("form[title]", "Songs"), ("form[place]", "The hall")];
    for (more, said) in [
        (vec![("form[planned]", "nothing-such")], "NoSuch"),
        (vec![songs[0]], "Nowhere"),
        (vec![songs[1]], "Missing"),
        (vec![songs[0], songs[1], ("form[planned]", "soup")], "Both"),
        (vec![songs[0], songs[1], ("form[first_day]", before.as_str())], "BeforeOpening"),
    ] {
        let refused = with(&more).await;
        assert!(refused.status == 422 && refused.text().contains(said), "{said}: {}", refused.text());
    }
    assert_eq!(with(&songs).await.status, 200);
    assert!(host.get(&format!("/hosting/invitations/roster/{id}")).await.text().contains("value=\"Songs\""));
    assert!(!ana.get("/gatherings").await.text().contains("Songs"), "not before its day");

    // Whoever is early is led to those who are, too.
    let (one, two) = (app.visitor(), app.visitor());
    assert_eq!(one.post("/api/join", &joins(&guests[0].code, "one")).await.header("location"), "/party");
    assert_eq!(two.post("/api/join", &joins(&guests[1].code, "two")).await.header("location"), "/party");
    let early = one.get("/party").await.text();
    assert!(early.contains("2 of the 27 from Soup Night are here.") && early.contains("18:00"), "{early}");
    assert!(early.contains("href=\"/people/two\"") && !early.contains("Guest3") && !early.contains("example.org"), "not who has not come");
    assert_eq!((ana.get("/party").await.status, app.visitor().get("/party").await.text().contains("Soup Night")), (404, false));
    let welcome = one.get("/welcome").await.text();
    assert!(
        welcome.contains("2 of the 27 from Soup Night are here.") && welcome.contains("href=\"/party\""),
        "and finds the way again: {welcome}"
    );
    assert!(!ana.get("/welcome").await.text().contains("Soup Night"));
    // Where it opens for everybody, whoever is of no party finds it beside their welcome.
    let fields = form(&day, "Come in, @ana, all of you.");
    let everybody: Vec<(&str, &str)> =
        fields.iter().map(|(name, text)| (*name, text.as_str())).chain([("form[whom]", "everybody")]).chain(songs).collect();
    assert_eq!(host.post("/api/rosters/opening", &everybody).await.status, 200);
    let alone = app.visitor();
    let by_hand = domain::invitations::InvitationForm { name: "Alone".into(), ..domain::invitations::InvitationForm::default() };
    let by_hand = app.front.services.invitations.invite(&host.me().await, &by_hand).await.expect("an invitation");
    assert_eq!(alone.post("/api/join", &joins(&by_hand.code, "alone")).await.header("location"), "/welcome");
    assert!(alone.get("/welcome").await.text().contains("href=\"/party\""));
    let coming = alone.get("/party").await.text();
    assert!(coming.contains("Soup Night") && coming.contains("More are coming") && !coming.contains("You are early"), "{coming}");
    assert_eq!(with(&songs).await.status, 200);

    // Its day has come.
    let viewer = host.viewer().await.host().expect("a host");
    let opening = party_opening(&app, &host).await;
    let past = Opening { at: opening.at.plus_days(-9), ..opening };
    assert!(app.front.store.save_opening(&viewer, party.id, Some(&past)).await.expect("available"));
    for _ in 0..2 {
        app.front.services.rosters.open().await.expect("available");
    }
    let notices = one.get("/notifications").await.text();
    assert_eq!(notices.matches("opened the place").count(), two.get("/notifications").await.text().matches("opened the place").count());
    assert!(notices.contains("opened the place. Here is the first thread"), "{notices}");
    assert!(!ana.get("/notifications").await.text().contains("opened the place"), "it was not hers, though she is named");
    let timeline = ana.get("/").await.text();
    assert!(timeline.contains("all of you.") && timeline.contains("House-host"), "{timeline}");
    assert!(timeline.contains("Songs") && ana.get("/gatherings").await.text().contains("Songs"), "{timeline}");
    assert_eq!(one.get("/party").await.status, 404);
    assert!(host.get(&format!("/hosting/invitations/roster/{id}")).await.text().contains("The place opened on"));
    let late = sends(&host, form(&day, "Again.")).await;
    assert!(late.status == 422 && late.text().contains("Opened"), "{}", late.text());
}

#[tokio::test]
async fn an_opening_that_can_not_be_opened_keeps_no_other_closed() {
    let app = TestApp::start_idle().await.founded().await;
    let host = app.founder().await;
    let me = host.viewer().await.host().expect("a host");
    for words in ["", "Come in, all of you."] {
        says_yes(&host, &brings(&host, "Ana Li\nBo Li\nCy Li\nDi Li\nEd Li\n").await).await;
        let party = party(&app, &host).await.0.id;
        let at = SystemClock.now().plus_days(-1);
        let opening = Opening { at, whom: OpensFor::Party, words: words.into(), first: None, done: false };
        assert!(app.front.store.save_opening(&me, party, Some(&opening)).await.expect("available"));
    }
    assert!(app.front.services.rosters.open().await.is_err(), "and whoever keeps the place reads of it in the log");
    assert!(host.get("/").await.text().contains("Come in, all of you."));
}

async fn party_opening(app: &TestApp, host: &Client) -> Opening {
    party(app, host).await.0.opening.expect("an opening day")
}
