//! Signing in and out, as browsers see it.

use crate::app::{Client, TestApp};
use app::request::Request as Asked;
use axum::{
    Extension, Router,
    http::{HeaderValue, Method, header},
    middleware,
    routing::post,
};
use domain::{
    outcome::{Error, Unavailable},
    sign_in::{PasswordRefusal, Passwords, SignIn, SignInRefusal, SignedIn},
    time::SystemClock,
    viewer::{Me, Viewer},
};
use server::{passwords::ArgonPasswords, session};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};
use tokio::sync::Notify;

/// The real recognition of who is asking, in front of what a sign-in can be asked to do.
fn door(app: &TestApp, signed_in: SignedIn) -> Router {
    Router::new()
        .route("/who", post(async |Extension(viewer): Extension<Viewer>| viewer.me().map_or("nobody".to_owned(), |me| me.name.to_string())))
        .route("/sign-in", post(async move |Extension(asked): Extension<Asked>| asked.cookie.begin(signed_in).await.expect("available")))
        .route("/sign-out", post(async |Extension(asked): Extension<Asked>| asked.cookie.end().await.expect("available")))
        .route(
            "/key",
            post(async |Extension(asked): Extension<Asked>| asked.cookie.keep_founding_key("key".into()).await.expect("available")),
        )
        .route("/which-key", post(async |Extension(asked): Extension<Asked>| asked.cookie.founding_key().await.unwrap_or_default()))
        .layer(middleware::from_fn_with_state(app.front.clone(), session::recognise))
}

async fn does(client: &Client, door: &Router, path: &str) -> String {
    let answer = client.send_through(door, client.request(Method::POST, path)).await;
    assert_eq!(answer.status, 200, "{path}");
    answer.text()
}

async fn signed_in_as(app: &TestApp, me: &Me) -> SignedIn {
    app.front.services.sign_in.sign_in(me.name.as_str(), crate::app::PASSWORD, "test").await.expect("the right password")
}

#[tokio::test]
async fn a_visitor_gets_no_cookie_for_looking() {
    let app = TestApp::start().await.founded().await;
    let visitor = app.visitor();
    assert!(visitor.get("/").await.headers.get(header::SET_COOKIE).is_none());
    assert_eq!(visitor.cookie(), None);
}

#[tokio::test]
async fn signing_in_gives_a_new_id_and_signing_out_takes_it_away() {
    let app = TestApp::start().await.founded().await;
    let ana = app.member("ana").await.me().await;
    let door = door(&app, signed_in_as(&app, &ana).await);
    let browser = app.visitor();

    does(&browser, &door, "/key").await;
    let as_visitor = browser.cookie().expect("a cookie that holds the key");
    assert_eq!(does(&browser, &door, "/who").await, "nobody");

    let answer = browser.send_through(&door, browser.request(Method::POST, "/sign-in")).await;
    let told = answer.header("set-cookie");
    assert!(told.starts_with("__Host-porchlight="), "{told}");
    for part in ["Path=/", "HttpOnly", "SameSite=Lax", "Secure", "Max-Age=5184000"] {
        assert!(told.split("; ").any(|p| p == part), "{part} in {told}");
    }
    assert!(!told.contains("Domain"), "{told}");
    let as_ana = browser.cookie().expect("a cookie");
    assert_ne!(as_visitor, as_ana, "an id from before the sign-in is worth nothing after it");
    assert_eq!(does(&browser, &door, "/who").await, "ana");
    assert_eq!(does(&browser, &door, "/which-key").await, "key", "what the browser had kept is still there");

    let answer = browser.send_through(&door, browser.request(Method::POST, "/sign-out")).await;
    let told = answer.header("set-cookie");
    assert!(told.contains("Max-Age=0") && told.contains("Secure"), "browsers take back such a cookie only if the answer is Secure: {told}");
    for stale in [as_visitor, as_ana] {
        let mut request = browser.request(Method::POST, "/who");
        request.headers_mut().insert(header::COOKIE, stale.parse().expect("a cookie"));
        assert_eq!(browser.send_through(&door, request).await.text(), "nobody");
    }
}

#[tokio::test]
async fn the_sign_in_form_works_without_script() {
    let app = TestApp::start().await.founded().await;
    app.member("ana").await;
    let browser = app.visitor();
    let fill_in = async |password: &str| {
        let mut request = browser.form("/api/sign-in", &[("name", "Ana"), ("password", password), ("next", "/people")]);
        request.headers_mut().insert(header::ACCEPT, HeaderValue::from_static("text/html"));
        request.headers_mut().insert(header::REFERER, HeaderValue::from_static("https://porchlight.example/sign-in?next=/people"));
        browser.send(request).await
    };
    let refused = fill_in("not the password").await;
    assert_eq!(refused.status, 303);
    assert!(refused.header("location").starts_with("/sign-in?next=/people&kept="), "{}", refused.header("location"));
    assert_eq!(browser.cookie(), None);

    let taken = fill_in(crate::app::PASSWORD).await;
    assert_eq!((taken.status, taken.header("location").as_str()), (303, "/people"));
    assert_eq!(browser.get("/people").await.status, 200);

    let out = browser.post("/api/sign-out", &[]).await;
    assert!(out.status < 400, "{}", out.text());
    assert_eq!(browser.cookie(), None);
    assert_eq!(browser.get("/people").await.status, 303, "to the sign-in");
}

#[tokio::test]
async fn a_sign_out_wins_over_a_slow_request() {
    let app = TestApp::start().await.founded().await;
    let ana = app.member("ana").await;
    let (begun, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let slow = {
        let (begun, go_on) = (begun.clone(), go_on.clone());
        async move |Extension(asked): Extension<Asked>| {
            asked.cookie.keep_founding_key("first".into()).await.expect("available");
            begun.notify_one();
            go_on.notified().await;
            asked.cookie.keep_founding_key("second".into()).await.expect("available");
        }
    };
    let door = door(&app, signed_in_as(&app, &ana.me().await).await)
        .merge(Router::new().route("/slow", post(slow)).layer(middleware::from_fn_with_state(app.front.clone(), session::recognise)));
    let cookie = ana.cookie().expect("signed in");

    let slow_one = {
        let (ana, door) = (ana.clone(), door.clone());
        tokio::spawn(async move { ana.send_through(&door, ana.request(Method::POST, "/slow")).await })
    };
    begun.notified().await;
    does(&ana, &door, "/sign-out").await;
    go_on.notify_one();
    slow_one.await.expect("an answer");

    let mut request = ana.request(Method::POST, "/who");
    request.headers_mut().insert(header::COOKIE, cookie.parse().expect("a cookie"));
    assert_eq!(ana.send_through(&door, request).await.text(), "nobody");
}

#[tokio::test]
async fn signing_out_everywhere_ends_every_sign_in_at_once() {
    let app = TestApp::start().await.founded().await;
    let ana = app.member("ana").await;
    let me = ana.me().await;
    let signed_in = signed_in_as(&app, &me).await;
    let door = door(&app, signed_in);
    let other = app.signed_in(signed_in).await;
    assert_eq!((does(&ana, &door, "/who").await, does(&other, &door, "/who").await), ("ana".into(), "ana".into()));
    app.front.services.sign_in.end_everywhere(&me).await.expect("available");
    assert_eq!((does(&ana, &door, "/who").await, does(&other, &door, "/who").await), ("nobody".into(), "nobody".into()));
    assert_eq!(ana.cookie(), None, "the browser is told to forget its cookie");
}

#[tokio::test]
async fn a_late_answer_to_an_old_cookie_takes_no_newer_one_away() {
    let app = TestApp::start().await.founded().await;
    let ana = app.member("ana").await;
    let door = door(&app, signed_in_as(&app, &ana.me().await).await);
    let old = ana.cookie().expect("signed in");
    does(&ana, &door, "/sign-in").await;
    let newer = ana.cookie().expect("signed in again");
    assert_ne!(old, newer);
    let mut late = ana.request(Method::POST, "/who");
    late.headers_mut().insert(header::COOKIE, old.parse().expect("a cookie"));
    let answer = ana.send_through(&door, late).await;
    assert_eq!((answer.text().as_str(), answer.header("set-cookie").as_str()), ("nobody", ""));
    assert_eq!(does(&ana, &door, "/who").await, "ana");
}

#[tokio::test]
async fn ten_wrong_tries_close_a_name_however_it_is_written() {
    let app = TestApp::start().await.founded().await;
    app.member("ana").await;
    let sign_in = &app.front.services.sign_in;
    let ways = ["ana", "@ana", "@@ana", " Ana ", "ANA", "@ANA", "ana ", "@@@ana", "aNa", "@Ana"];
    for (number, way) in ways.into_iter().enumerate() {
        let refused = sign_in.sign_in(way, "wrong", &format!("203.0.113.{number}")).await;
        assert!(matches!(refused, Err(Error::Refused(SignInRefusal::Mismatch))), "{way}: {refused:?}");
    }
    for way in ["ana", "@@@@ana"] {
        let refused = sign_in.sign_in(way, crate::app::PASSWORD, "198.51.100.1").await;
        assert!(matches!(refused, Err(Error::Refused(SignInRefusal::TooManyTries))), "{way}: {refused:?}");
    }
}

#[tokio::test]
async fn of_many_wrong_tries_at_once_ten_are_told_that_they_are_wrong() {
    let app = TestApp::start().await.founded().await;
    let ana = app.member("ana").await.me().await;
    let sign_in = &app.front.services.sign_in;
    let tries = (0..40).map(|number| async move { sign_in.sign_in("ana", "wrong", &format!("203.0.113.{number}")).await });
    let told = futures::future::join_all(tries).await;
    let mismatches = told.iter().filter(|told| matches!(told, Err(Error::Refused(SignInRefusal::Mismatch)))).count();
    assert_eq!(mismatches, 10);
    let ana = &ana;
    let changes = (0..40).map(|_| async move { sign_in.change_password(ana, "wrong", "four other words").await });
    let told = futures::future::join_all(changes).await;
    let wrong = told.iter().filter(|told| matches!(told, Err(Error::Refused(PasswordRefusal::PresentIsWrong)))).count();
    assert_eq!(wrong, 10);
}

/// Counts how often a password is compared.
struct Counting {
    passwords: ArgonPasswords,
    compared: AtomicUsize,
}

#[async_trait::async_trait]
impl Passwords for Counting {
    async fn hash(&self, password: &str) -> Result<String, Unavailable> {
        self.passwords.hash(password).await
    }
    async fn matches(&self, password: &str, hash: Option<&str>) -> Result<bool, Unavailable> {
        self.compared.fetch_add(1, Ordering::Relaxed);
        self.passwords.matches(password, hash).await
    }
}

#[tokio::test]
async fn an_unknown_name_takes_as_much_work_as_a_known_one() {
    let app = TestApp::start().await.founded().await;
    app.member("ana").await;
    let passwords = Arc::new(Counting { passwords: ArgonPasswords::for_testing().expect("passwords"), compared: AtomicUsize::new(0) });
    let store = Arc::new(app.front.store.clone());
    let sign_in = SignIn::new(store, passwords.clone(), app.front.services.codes.clone(), Arc::new(SystemClock));
    for (number, name) in ["ana", "nobody", "no name at all", ""].into_iter().enumerate() {
        let refused = sign_in.sign_in(name, "wrong", "203.0.113.9").await;
        assert!(matches!(refused, Err(Error::Refused(SignInRefusal::Mismatch))), "{name}: {refused:?}");
        assert_eq!(passwords.compared.load(Ordering::Relaxed), number + 1, "{name}");
    }
}

#[tokio::test]
async fn a_cookie_that_nobody_gave_is_a_visitor_s() {
    let app = TestApp::start().await.founded().await;
    for odd in ["__Host-porchlight=", "__Host-porchlight=AAAAAAAAAAAAAAAAAAAAAA", "__Host-porchlight=%00; x", "porchlight=x"] {
        let visitor = app.visitor();
        let mut request = visitor.request(Method::GET, "/live");
        request.headers_mut().insert(header::COOKIE, odd.parse().expect("a header"));
        assert_eq!(visitor.send(request).await.status, 401, "{odd}");
    }
}

#[tokio::test]
async fn knowing_who_asks_takes_two_queries_at_most() {
    let app = TestApp::start().await.founded().await;
    let ana = app.member("ana").await;
    let door = door(&app, signed_in_as(&app, &ana.me().await).await);
    does(&ana, &door, "/who").await;
    // The hub polls beside the requests, so the smallest of some tries is the truth.
    let mut fewest = u64::MAX;
    for _ in 0..5 {
        let before = app.front.store.queries();
        does(&ana, &door, "/who").await;
        fewest = fewest.min(app.front.store.queries() - before);
    }
    assert!(fewest <= 2, "{fewest} queries");
}
