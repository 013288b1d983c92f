//! Going away, and an admin who removes somebody: who may, what is said, and that nothing of theirs is had by any address or in any answer after.

use crate::app::{Answer, Client, PASSWORD, TestApp};
use domain::{people::Role, sign_in::MOST_FAILURES, timeline::Audience};

const LEAVE: &str = "/api/settings/leave";
const REMOVE: &str = "/api/admin/remove";

async fn becomes(app: &TestApp, client: &Client, role: Role) {
    let admin = app.founder().await.viewer().await.admin().expect("an admin");
    let name = client.me().await.name;
    app.front.services.people.change_role(&admin, name.as_str(), role).await.expect("changed");
}

/// Sends a form as a browser without script would, from a page.
async fn from_page(client: &Client, page: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
    let mut request = client.form(path, fields);
    request.headers_mut().insert("accept", "text/html".parse().expect("a header"));
    request.headers_mut().insert("referer", format!("https://porchlight.example{page}").parse().expect("a header"));
    client.send(request).await
}

/// A picture that can be taken in.
const PNG: &[u8] = include_bytes!("../../../docs/timeline.png");

#[tokio::test]
async fn somebody_leaves_with_their_password_and_is_signed_out_everywhere() {
    let app = TestApp::start_idle().await.founded().await;
    let bo = app.member("bo").await;
    bo.posts("I drew a ferry").await;
    assert!(bo.get("/people/bo").await.text().contains("I drew a ferry"));
    let phone = app.signed_in(app.front.services.sign_in.sign_in("bo", PASSWORD, "phone").await.expect("signs in")).await;
    let page = bo.get("/settings/leave").await.text();
    for says in ["What goes", "What stays", "Nobody is told", "/settings/export", "an empty place stands above their words", "Backups"] {
        assert!(page.contains(says), "{says}: {page}");
    }
    assert!(!page.contains("What you did here as a host"), "a member did nothing as a host");
    assert!(bo.get("/settings").await.text().contains("href=\"/settings/leave\""));
    let wrong = bo.post(LEAVE, &[("password", "some other words")]).await;
    assert!(wrong.status == 422 && wrong.text().contains("Your present password is not that one."), "{}", wrong.text());
    let refused = from_page(&bo, "/settings/leave", LEAVE, &[("password", "some other words")]).await;
    assert!(refused.status == 303 && refused.header("location").starts_with("/settings/leave"), "{refused:?}");
    assert!(bo.get(&refused.header("location")).await.text().contains("Your present password is not that one."));
    let left = from_page(&bo, "/settings/leave", LEAVE, &[("password", PASSWORD)]).await;
    assert_eq!((left.status, left.header("location").as_str()), (303, "/?done=left"));
    assert!(left.header("clear-site-data").contains("storage"));
    let door = bo.get("/?done=left").await.text();
    assert!(door.contains("Thank you for the time you were part of this") && door.contains("Would you like to come in?"), "{door}");
    assert!(!app.visitor().get("/").await.text().contains("You have left"));
    for browser in [&bo, &phone] {
        assert_eq!(browser.get("/people").await.status, 303, "signed out");
        assert_eq!(browser.post(LEAVE, &[("password", PASSWORD)]).await.status, 401);
    }
    assert!(app.front.services.sign_in.sign_in("bo", PASSWORD, "phone").await.is_err());
    // The name is free again: whoever has it next is somebody else.
    let other = app.member("bo").await;
    let page = other.get("/people/bo").await;
    assert!(page.status == 200 && !page.text().contains("I drew a ferry"), "{}", page.text());
}

#[tokio::test]
async fn a_wrong_password_is_counted_as_it_is_elsewhere() {
    let app = TestApp::start_idle().await.founded().await;
    let bo = app.member("bo").await;
    for _ in 0..MOST_FAILURES {
        assert_eq!(bo.post(LEAVE, &[("password", "some other words")]).await.status, 422);
    }
    let late = bo.post(LEAVE, &[("password", PASSWORD)]).await;
    assert!(late.status == 422 && late.text().contains("too many tries"), "{}", late.text());
    assert_eq!(bo.get("/settings/leave").await.status, 200, "bo is here");
}

#[tokio::test]
async fn the_last_admin_is_told_how_and_another_may_go() {
    let app = TestApp::start_idle().await.founded().await;
    let (founder, bo) = (app.founder().await, app.member("bo").await);
    let page = founder.get("/settings/leave").await.text();
    assert!(page.contains("You are the only admin") && page.contains("/admin/hand-over") && !page.contains("name=\"password\""), "{page}");
    let refused = founder.post(LEAVE, &[("password", PASSWORD)]).await;
    assert!(refused.status == 422 && refused.text().contains("You are the only admin"), "{}", refused.text());
    becomes(&app, &bo, Role::Admin).await;
    let page = founder.get("/settings/leave").await.text();
    assert!(page.contains("name=\"password\"") && page.contains("What you did here as a host"), "{page}");
    assert_eq!(founder.post(LEAVE, &[("password", PASSWORD)]).await.status, 200);
    assert!(bo.get("/settings/leave").await.text().contains("You are the only admin"));
    assert_eq!(bo.get("/rules").await.status, 200);
    assert_eq!(bo.get("/admin/rules").await.status, 200, "the rules stay, whoever made them");
}

#[tokio::test]
async fn an_admin_removes_somebody_who_is_gone_from_every_address() {
    let app = TestApp::start_idle().await.founded().await;
    let (founder, bo, cy) = (app.founder().await, app.member("bo").await, app.member("cy").await);
    let (post, answered) = (bo.posts("Bo fires a kiln").await, bo.posts("Who has clay?").await);
    let open = bo.posts_for("A kiln for everybody", Audience::Public, "").await;
    let reply = cy.replies(answered, "I do").await;
    let note = [("name", "bo"), ("words", "Has a shy dog.")];
    assert_eq!(founder.post("/api/hosting/notes/keep", &note).await.status, 200);
    let portrait = [("display_name", "Bo"), ("time_zone", "Europe/Lisbon"), ("line", "Draws boats.")];
    let kept = bo.sends_file("/api/settings/profile", "/settings", &portrait, ("bo.png", PNG)).await;
    assert_eq!(kept.status, 303, "{}", kept.text());
    let face = bo.me().await.picture.expect("a portrait");
    let calendar = app.front.services.gatherings.calendar_secret(&bo.me().await, "bos-own-secret-calendar").await.expect("available");
    let picture = format!("/pictures/{face}/small.webp");
    let addresses = [
        format!("/people/{}", "bo"),
        format!("/posts/{post}"),
        picture.clone(),
        "/hosting/people/bo".to_owned(),
        "/admin/remove/bo".to_owned(),
    ];
    for address in &addresses {
        assert_eq!(founder.get(address).await.status, 200, "{address}");
    }
    assert_eq!(app.visitor().get(&format!("/calendar/{calendar}.ics")).await.status, 200);
    assert!(app.visitor().get(&format!("/posts/{open}")).await.text().contains("A kiln for everybody"));
    let mut stream = bo.listens().await;

    let page = founder.get("/admin/remove/bo").await.text();
    for says in ["from ", "Lantern Street", "What goes", "What stays", "signed out everywhere", "Type bo"] {
        assert!(page.contains(says), "{says}: {page}");
    }
    let wrong = from_page(&founder, "/admin/remove/bo", REMOVE, &[("name", "bo"), ("typed", "cy")]).await;
    let again = founder.get(&wrong.header("location")).await.text();
    assert!(again.contains("That is not their name.") && again.contains("value=\"cy\""), "what was typed is kept: {again}");
    assert_eq!(bo.get("/people/bo").await.status, 200, "nothing has happened");
    let removed = from_page(&founder, "/admin/remove/bo", REMOVE, &[("name", "bo"), ("typed", "@Bo")]).await;
    assert_eq!((removed.status, removed.header("location").as_str()), (303, "/admin/roles?done=removed"));
    assert!(founder.get("/admin/roles?done=removed").await.text().contains("They are removed"));

    assert_eq!(bo.get("/people").await.status, 303, "signed out at once");
    while stream.next().await.is_some() {}
    for address in &addresses {
        assert_eq!(founder.get(address).await.status, 404, "{address}");
        assert_eq!(cy.get(address).await.status, 404, "{address}");
    }
    assert_eq!(app.visitor().get(&format!("/calendar/{calendar}.ics")).await.status, 404);
    assert_eq!(app.visitor().get(&format!("/posts/{open}")).await.status, app.visitor().get("/posts/7").await.status);
    for address in [
        "/",
        "/people",
        "/hosting",
        "/hosting/newcomers",
        "/hosting/round",
        "/hosting/invitations",
        "/notifications",
        "/admin/roles",
        "/gatherings",
    ] {
        for who in [&founder, &cy] {
            let page = who.get(address).await.text();
            for left in ["kiln", "shy dog", "Draws boats", "/people/bo\"", ">Bo<", &picture] {
                assert!(!page.contains(left), "{left} at {address}: {page}");
            }
        }
    }
    let completes = cy.get("/api/complete/people?start=b").await.text();
    assert!(!completes.contains("\"bo\""), "{completes}");
    let thread = cy.get(&format!("/posts/{answered}")).await;
    assert!(thread.status == 200 && thread.text().contains("What stood here is gone.") && thread.text().contains("I do"));
    for left in ["Who has clay?", "/people/bo", ">Bo<", "Bo:"] {
        assert!(!thread.text().contains(left), "{left}: {}", thread.text());
    }
    assert!(cy.get(&format!("/posts/{reply}")).await.text().contains("I do"));
    assert_eq!(founder.post(REMOVE, &[("name", "bo"), ("typed", "bo")]).await.status, 422, "there is nobody of that name");
}

#[tokio::test]
async fn nobody_but_an_admin_removes_anybody() {
    let app = TestApp::start_idle().await.founded().await;
    let (founder, bo, cy) = (app.founder().await, app.member("bo").await, app.member("cy").await);
    becomes(&app, &bo, Role::Host).await;
    for who in [&bo, &cy] {
        for address in ["/admin/remove", "/admin/remove/cy", "/admin/remove/nobody-here"] {
            assert_eq!(who.get(address).await.status, 404, "{address}");
        }
        for name in ["cy", "nobody-here"] {
            assert_eq!(who.post(REMOVE, &[("name", name), ("typed", name)]).await.status, 403);
            assert_eq!(app.visitor().post(REMOVE, &[("name", name), ("typed", name)]).await.status, 401);
        }
        assert!(!who.get("/hosting/people/cy").await.text().contains("/admin/remove"));
    }
    assert_eq!(app.visitor().get("/settings/leave").await.status, 303);
    let me = founder.me().await.name.to_string();
    let yourself = founder.get(&format!("/admin/remove/{me}")).await.text();
    assert!(yourself.contains("Leaving is in your settings.") && !yourself.contains("name=\"typed\""), "{yourself}");
    assert_eq!(founder.post(REMOVE, &[("name", &me), ("typed", &me)]).await.status, 422);
    becomes(&app, &bo, Role::Admin).await;
    let admin = founder.get("/admin/remove/bo").await.text();
    assert!(admin.contains("make them a member first") && !admin.contains("name=\"typed\""), "{admin}");
    assert!(!founder.get("/hosting/people/bo").await.text().contains("/admin/remove"));
    let refused = founder.post(REMOVE, &[("name", "bo"), ("typed", "bo")]).await;
    assert!(refused.status == 422 && refused.text().contains("make them a member first"), "{}", refused.text());
    assert_eq!(founder.get("/admin/remove/nobody-here").await.status, 404);
    let asked = founder.get("/admin/remove?name=%40CY").await;
    assert_eq!(asked.header("location"), "/admin/remove/cy");
    assert!(founder.get("/admin/remove?name=zed").await.text().contains("There is nobody of that name here."));
    assert!(founder.get("/hosting/people/cy").await.text().contains("href=\"/admin/remove/cy\""));
}

#[tokio::test]
async fn somebody_is_removed_in_the_middle_of_a_round_and_it_goes_on() {
    let app = TestApp::start_idle().await.founded().await;
    let (founder, bo, cy) = (app.founder().await, app.member("bo").await, app.member("cy").await);
    for who in [&bo, &cy] {
        who.posts("Hello, all").await;
    }
    from_page(&founder, "/hosting/round", "/api/hosting/round/begin", &[("since", "week")]).await;
    assert_eq!(founder.post("/api/hosting/round/take", &[("name", "bo")]).await.status, 200);
    assert_eq!(founder.get("/hosting/round/bo").await.status, 200);
    assert_eq!(founder.post(REMOVE, &[("name", "bo"), ("typed", "bo")]).await.status, 200);
    assert_eq!(founder.get("/hosting/round/bo/card").await.status, 404);
    assert_eq!(founder.get("/hosting/round/bo").await.header("location"), "/hosting/round", "the round shows where it stands");
    let gone = founder.post("/api/hosting/round/seen", &[("name", "bo")]).await;
    assert_eq!(gone.status, 422, "{}", gone.text());
    assert_eq!(founder.post("/api/hosting/round/reply", &[("name", "bo"), ("post", "7"), ("markdown", "Hello.")]).await.status, 422);
    let stands = founder.get("/hosting/round").await.text();
    assert!(stands.contains("/hosting/round/cy") && !stands.contains("/hosting/round/bo"), "{stands}");
    let seen = from_page(&founder, "/hosting/round/cy", "/api/hosting/round/seen", &[("name", "cy")]).await;
    let summary = founder.get(&seen.header("location")).await;
    assert!(summary.status == 200 && !summary.text().contains(">Bo<"), "{}", summary.text());
}

#[tokio::test]
async fn a_newcomer_whose_greeter_leaves_is_offered_another() {
    let app = TestApp::start_idle().await.founded().await;
    let (founder, bo, ed, new) = (app.founder().await, app.member("bo").await, app.member("ed").await, app.member("di").await);
    for greeter in [&bo, &ed] {
        assert_eq!(greeter.post("/api/settings/greeting", &[("greets", "yes")]).await.status, 200);
    }
    assert_eq!(founder.post("/api/newcomers/ask-greeter", &[("name", "di"), ("greeter", "bo")]).await.status, 200);
    assert_eq!(bo.post("/api/greeting/answer", &[("name", "di"), ("accept", "yes")]).await.status, 200);
    assert!(new.get("/welcome").await.text().contains(">Bo<"));
    assert_eq!(bo.post(LEAVE, &[("password", PASSWORD)]).await.status, 200);
    let welcome = new.get("/welcome").await;
    assert!(welcome.status == 200 && !welcome.text().contains(">Bo<"), "{}", welcome.text());
    assert!(new.get("/notifications").await.status == 200 && new.me().await.unread == 0);
    let page = founder.get("/hosting/newcomers/di").await.text();
    assert!(page.contains(">Ed<") && !page.contains(">Bo<"), "{page}");
    assert_eq!(founder.post("/api/newcomers/ask-greeter", &[("name", "di"), ("greeter", "ed")]).await.status, 200);
}

#[tokio::test]
async fn of_an_introduction_the_thread_remains_for_the_other() {
    let app = TestApp::start_idle().await.founded().await;
    let (founder, di, ed) = (app.founder().await, app.member("di").await, app.member("ed").await);
    let introduction = [
        ("form[one]", "di"),
        ("form[other]", "ed"),
        ("form[about_one]", "She fires a kiln."),
        ("form[about_other]", "He glazes."),
        ("wide", "thread"),
    ];
    assert_eq!(founder.post("/api/introductions/introduce", &introduction).await.status, 200);
    let told = di.get("/notifications").await.text();
    let (_, rest) = told.split_once("/introductions/").expect("a link");
    let post = rest.split('"').next().expect("an id").to_owned();
    assert_eq!(di.get(&format!("/introductions/{post}")).await.status, 200);
    assert_eq!(ed.post(LEAVE, &[("password", PASSWORD)]).await.status, 200);
    assert_eq!(di.get(&format!("/posts/{post}")).await.status, 200, "it is di's, too");
    assert_eq!(di.get(&format!("/introductions/{post}")).await.status, 404);
    let told = di.get("/notifications").await;
    assert!(told.status == 200 && !told.text().contains("introduces you"), "{}", told.text());
    assert_eq!(di.me().await.unread, 0);
    assert_eq!(founder.get("/hosting/introductions").await.status, 200);
}
