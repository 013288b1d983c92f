//! What the doors let through: forms as visitors and members send them, the codes in addresses, and what is shown to whom.

use crate::app::{Answer, Client, PASSWORD, TestApp};
use axum::http::{HeaderName, HeaderValue, Method, header};
use domain::{
    community::CommunityForm,
    invitations::InvitationForm,
    people::{Handle, Role},
};

/// A form as a browser without script sends it from a page of ours.
pub async fn without_script(client: &Client, page: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
    let mut request = client.form(path, fields);
    request.headers_mut().insert(header::ACCEPT, HeaderValue::from_static("text/html"));
    let from = format!("https://porchlight.example{page}");
    request.headers_mut().insert(header::REFERER, HeaderValue::from_str(&from).expect("a header"));
    client.send(request).await
}

/// As [`without_script`], as a form that may bring files; what is called `file` is one.
pub async fn with_files(client: &Client, page: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
    let mut request = client.request(Method::POST, path);
    let part = |(name, text): &(&str, &str)| {
        let file = if *name == "file" { "; filename=\"a.png\"" } else { "" };
        format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{text}\r\n")
    };
    let parts: Vec<String> = fields.iter().map(part).collect();
    let from = format!("https://porchlight.example{page}");
    for (name, value) in
        [(header::ACCEPT, "text/html"), (header::CONTENT_TYPE, "multipart/form-data; boundary=x"), (header::REFERER, &from)]
    {
        request.headers_mut().insert(name, HeaderValue::from_str(value).expect("a header"));
    }
    *request.body_mut() = format!("{}--x--\r\n", parts.concat()).into();
    client.send(request).await
}

#[tokio::test]
async fn every_dead_code_is_the_same_404() {
    let app = TestApp::start().await.founded().await;
    let founder = app.founder().await.me().await;
    let services = &app.front.services;
    let invite = async || {
        let form = InvitationForm { name: "Bo".into(), ..InvitationForm::default() };
        services.invitations.invite(&founder, &form).await.expect("an invitation")
    };
    let (revoked, used) = (invite().await, invite().await);
    services.invitations.revoke(&founder, revoked.id).await.expect("available");
    let join = [("code", used.code.as_str()), ("form[name]", "bo"), ("form[password]", PASSWORD), ("form[rules]", "read")];
    assert!(app.visitor().post("/api/join", &join).await.status < 400);
    let host = app.founder().await.viewer().await.host().expect("a host");
    let reset = services.sign_in.make_reset(&host, "bo").await.expect("a link");
    services.sign_in.reset(&reset, "another four words").await.expect("used");

    let visitor = app.visitor();
    let never = services.codes.new_code();
    let mut bodies = Vec::new();
    for address in [
        format!("/join/{}", revoked.code),
        format!("/join/{}", used.code),
        format!("/join/{never}"),
        format!("/reset/{reset}"),
        format!("/reset/{never}"),
        format!("/ask/{never}"),
        format!("/ask/{}", used.code),
        "/nowhere".to_owned(),
    ] {
        let answer = visitor.get(&address).await;
        assert_eq!(answer.status, 404, "{address}");
        bodies.push((answer.text(), answer.headers));
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "{bodies:?}");
}

#[tokio::test]
async fn a_newcomer_can_t_name_their_own_role() {
    let app = TestApp::start().await.founded().await;
    let founder = app.founder().await;
    let form = InvitationForm { name: "Zed".into(), ..InvitationForm::default() };
    let invitation = app.front.services.invitations.invite(&founder.me().await, &form).await.expect("an invitation");
    let fields = [
        ("code", invitation.code.as_str()),
        ("form[name]", "zed"),
        ("form[password]", PASSWORD),
        ("form[rules]", "read"),
        ("form[role]", "admin"),
        ("role", "admin"),
        ("form[at]", "1"),
        ("is_admin", "true"),
        ("member", "1"),
    ];
    let joined = app.visitor().post("/api/join", &fields).await;
    assert!(joined.status < 400, "{}", joined.text());
    let name = Handle::parse("zed").expect("a name");
    let zed = app.front.services.people.person(&founder.viewer().await, name.as_str()).await.expect("available").expect("joined");
    assert_eq!(zed.role, Role::Member);
}

#[tokio::test]
async fn what_can_t_be_read_is_told_and_is_no_failure_of_ours() {
    let app = TestApp::start().await.founded().await;
    let ana = app.member("ana").await;
    for (path, fields) in
        [("/api/posts/react", &[("post", "seven")][..]), ("/api/posts/take-back", &[]), ("/api/community/role", &[("role", "king")])]
    {
        let answer = ana.post(path, fields).await;
        assert_eq!(answer.status, 400, "{path} {}", answer.text());
        assert!(answer.text().contains("We could not read what arrived"), "{path} {}", answer.text());
    }
}

#[tokio::test]
async fn a_member_without_the_right_is_not_told_to_sign_in() {
    let app = TestApp::start().await.founded().await;
    let ana = app.member("ana").await;
    // That there is a desk is for hosts to know.
    for (path, status) in [("/api/community/words", 403), ("/api/hosting/sign-in-help", 404), ("/api/community/logo/remove", 403)] {
        let answer = ana.post(path, &[]).await;
        assert_eq!(answer.status, status, "{path} {}", answer.text());
        assert!(answer.text().contains("for those who look after this place"), "{path} {}", answer.text());
        assert_eq!(app.visitor().post(path, &[]).await.status, 401, "{path}");
    }
}

#[tokio::test]
async fn who_was_signed_out_meanwhile_finds_what_they_wrote_after_signing_in() {
    let app = TestApp::start().await.founded().await;
    let ana = app.member("ana").await;
    app.front.services.sign_in.end_everywhere(&ana.me().await).await.expect("available");
    let typed = [("display_name", "Ana the Baker"), ("time_zone", "Europe/Lisbon")];
    let sent = with_files(&ana, "/settings", "/api/settings/profile", &typed).await;
    let address = sent.header("location");
    assert_eq!(sent.status, 303, "{}", sent.text());
    assert!(address.starts_with("/sign-in?next=/settings%3Fkept%3D") && address.contains("&kept="), "{address}");
    let door = ana.get(&address).await.text();
    assert!(door.contains("You are not signed in any more") && door.contains("What you wrote is kept"), "{door}");

    let next = door.split("name=\"next\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("the next page").to_owned();
    let next = next.replace("&amp;", "&");
    let taken = without_script(&ana, &address, "/api/sign-in", &[("name", "ana"), ("password", PASSWORD), ("next", &next)]).await;
    assert_eq!((taken.status, taken.header("location")), (303, next.clone()));
    let page = ana.get(&next).await.text();
    assert!(page.contains("Ana the Baker"), "{page}");
}

#[tokio::test]
async fn the_sign_in_leads_on_to_an_address_in_any_script() {
    let app = TestApp::start().await.founded().await;
    app.member("ana").await;
    let browser = app.visitor();
    let sent = browser.get("/people/%C3%A4nna").await;
    assert_eq!(sent.status, 303);
    let door = browser.get(&sent.header("location")).await.text();
    assert!(door.contains("value=\"/people/%C3%A4nna\""), "{}: {door}", sent.header("location"));
    let next = [("name", "ana"), ("password", PASSWORD), ("next", "/people/änna")];
    let taken = without_script(&browser, "/sign-in", "/api/sign-in", &next).await;
    assert_eq!(taken.header("location"), "/people/%C3%A4nna");
}

#[tokio::test]
async fn a_form_from_nowhere_goes_back_to_a_page_of_ours() {
    let app = TestApp::start().await.founded().await;
    let visitor = app.visitor();
    for referer in ["https://evil.example/x", "//evil.example", "https://porchlight.example@evil.example/", ""] {
        let mut request = visitor.form("/api/sign-in", &[("name", "ana"), ("password", "wrong")]);
        request.headers_mut().insert(header::ACCEPT, HeaderValue::from_static("text/html"));
        if !referer.is_empty() {
            request.headers_mut().insert(header::REFERER, HeaderValue::from_str(referer).expect("a header"));
        }
        let answer = visitor.send(request).await;
        assert_eq!(answer.status, 303, "{referer}");
        assert!(answer.header("location").starts_with("/?kept="), "{referer}: {}", answer.header("location"));
    }
}

#[tokio::test]
async fn nothing_that_an_address_says_went_wrong_is_shown() {
    let app = TestApp::start().await.founded().await;
    // "Call 555 at once", as the framework writes it.
    for page in ["/sign-in", "/"] {
        let answer = app.visitor().get(&format!("{page}?__path=%2Fapi%2Fsign-in&__err=Q2FsbCA1NTUgYXQgb25jZQ==")).await;
        assert_eq!(answer.status, 200);
        assert!(!answer.text().contains("555") && !answer.text().contains("Q2FsbCA"), "{page}");
    }
}

#[tokio::test]
async fn a_change_of_the_place_is_at_the_front_door_at_once() {
    let app = TestApp::start().await.founded().await;
    let (visitor, founder) = (app.visitor(), app.founder().await);
    let first = visitor.get("/").await;
    assert!(first.text().contains("Lantern Street"));
    let again = visitor.get("/").await;
    assert_eq!((&again.body, again.header("etag")), (&first.body, first.header("etag")), "it is held");
    let admin = founder.viewer().await.admin().expect("an admin");
    let change = CommunityForm {
        name: "Lantern Square".into(),
        purpose: "Neighbours".into(),
        size_cap: "100".into(),
        reactions: "🍲".into(),
        ..CommunityForm::default()
    };
    app.front.services.place.change(&admin, &change).await.expect("changed");
    let after = visitor.get("/").await;
    assert!(after.text().contains("Lantern Square") && !after.text().contains("Lantern Street"));
    assert_ne!(after.header("etag"), first.header("etag"));
}

#[tokio::test]
async fn a_member_never_gets_the_page_that_is_held_for_visitors() {
    let app = TestApp::start().await.founded().await;
    let ana = app.member("ana").await;
    let (shown_to_ana, shown_to_visitors) = (ana.get("/").await, app.visitor().get("/").await);
    assert_ne!(shown_to_visitors.header("etag"), "", "it is held");
    for page in ["/", "/rules", "/about"] {
        app.visitor().get(page).await;
        let mut request = ana.request(Method::GET, page);
        request.headers_mut().insert(header::IF_NONE_MATCH, HeaderValue::from_static("*"));
        let answer = ana.send(request).await;
        assert_eq!((answer.status, answer.header("etag").as_str()), (200, ""), "{page}");
        assert!(answer.header("cache-control").contains("no-store"), "{page}");
        assert!(answer.header("vary").contains("Cookie"), "{page}");
    }
    assert_eq!(app.visitor().get("/").await.body, shown_to_visitors.body, "and visitors never get hers");
    assert_ne!(shown_to_ana.body, shown_to_visitors.body);
}

#[tokio::test]
async fn a_visitor_s_page_lets_no_script_run() {
    let app = TestApp::start().await.founded().await;
    for page in ["/", "/rules", "/sign-in", "/gatherings", "/nowhere"] {
        let answer = app.visitor().get(page).await;
        let policy = answer.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'") && !policy.contains("script-src") && !policy.contains("nonce"),
            "{page}: {policy}"
        );
        assert!(!answer.text().contains("<script") && !answer.text().contains("nonce"), "{page}");
    }
}

#[tokio::test]
async fn signing_out_has_the_browser_forget_what_it_kept() {
    let app = TestApp::start().await.founded().await;
    for (path, page, next) in
        [("/api/sign-out", "/people", "/"), ("/api/settings/sign-out-everywhere", "/settings/sign-in", "/sign-in?done=everywhere")]
    {
        let name = if next == "/" { "ana" } else { "bo" };
        let answer = without_script(&app.member(name).await, page, path, &[]).await;
        assert_eq!((answer.status, answer.header("location").as_str()), (303, next));
        assert_eq!(answer.header("clear-site-data"), "\"cache\", \"storage\"", "{path}");
        assert!(answer.headers.get(HeaderName::from_static("set-cookie")).is_some(), "{path}");
    }
}

#[tokio::test]
async fn the_last_steps_of_founding_make_one_thing_each_when_pressed_twice() {
    let (app, key) = TestApp::start().await.almost_founded().await;
    let browser = app.founder().await;
    assert_eq!(browser.get(&format!("/setup?key={key}")).await.header("location"), "/setup");

    let unfit = browser.post("/api/setup/gathering", &[("form[title]", "Drawing")]).await;
    assert_eq!(unfit.status, 422, "{}", unfit.text());
    let gathering = [
        ("form[title]", "Drawing"),
        ("form[date]", "2030-01-03"),
        ("form[time]", "19:30"),
        ("form[at]", "place"),
        ("form[place]", "Kitchen"),
    ];
    let invitation = [("kind", "person"), ("form[name]", "Bo")];
    for (path, fields) in [("/api/setup/gathering", &gathering[..]), ("/api/setup/invitation", &invitation)] {
        for _ in 0..2 {
            let answer = browser.post(path, fields).await;
            assert!(answer.status < 400, "{path} {}", answer.text());
            assert!(answer.header("location").starts_with("/setup"), "{path} {}", answer.header("location"));
        }
    }
    assert_eq!(app.front.services.invitations.list(&browser.me().await).await.expect("available").len(), 1);
    let counts = app.front.store.counts().await.expect("available");
    assert!(counts.contains(&("gatherings".into(), 1)), "{counts:?}");
    assert_eq!(app.front.store.problems().await.expect("available"), Vec::<String>::new());
}
