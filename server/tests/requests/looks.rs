//! What is the same for everybody: the theme, the assets, what makes the place installable; and the headers of every answer.

use crate::app::TestApp;
use axum::http::{HeaderValue, Method, header};
use domain::community::palette::FIRST_ACCENT;
use server::assets;

#[tokio::test]
async fn the_theme_follows_the_accent_at_once() {
    let app = TestApp::start().await.founded().await;
    let (visitor, admin) = (app.visitor(), app.founder().await.viewer().await.admin().expect("the founder is an admin"));
    let revision = app.front.community.now().await.expect("available").expect("founded").revision;
    let before = visitor.get(&format!("/theme.css?v={revision}")).await;
    assert!(before.text().starts_with(":root{--accent:#a04028;--on-accent:#ffffff;"), "{}", before.text());
    assert!(before.header("cache-control").contains("immutable"));

    app.front.services.place.change_accent(&admin, "#204060").await.expect("a readable colour");
    let after = visitor.get(&format!("/theme.css?v={revision}")).await;
    assert!(after.text().starts_with(":root{--accent:#204060;"), "{}", after.text());
    assert_eq!(after.header("cache-control"), "no-cache", "an old revision is not kept");

    let mut again = visitor.request(Method::GET, "/theme.css");
    again.headers_mut().insert(header::IF_NONE_MATCH, HeaderValue::from_str(&after.header("etag")).expect("a tag"));
    assert_eq!(visitor.send(again).await.status, 304);
}

#[tokio::test]
async fn before_the_founding_there_is_a_theme_too() {
    let app = TestApp::start().await;
    let theme = app.visitor().get("/theme.css?v=0").await;
    assert!(theme.text().contains(&FIRST_ACCENT.to_string()), "{}", theme.text());
    assert_eq!(theme.header("cache-control"), "no-cache");
}

#[tokio::test]
async fn assets_come_compressed_and_may_be_kept_for_ever() {
    let app = TestApp::start().await;
    let visitor = app.visitor();
    let plain = visitor.get(assets::STYLE).await;
    assert_eq!((plain.status, plain.header("content-type").as_str()), (200, "text/css; charset=utf-8"));
    assert_eq!(plain.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(plain.header("content-encoding"), "");

    let mut request = visitor.request(Method::GET, assets::STYLE);
    request.headers_mut().insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip, deflate, br"));
    let packed = visitor.send(request).await;
    assert_eq!(packed.header("content-encoding"), "br");
    assert!(packed.body.len() * 2 < plain.body.len(), "{} of {}", packed.body.len(), plain.body.len());

    let mut request = visitor.request(Method::GET, assets::STYLE);
    request.headers_mut().insert(header::IF_NONE_MATCH, HeaderValue::from_str(&plain.header("etag")).expect("a tag"));
    let kept = visitor.send(request).await;
    assert_eq!((kept.status, kept.body.len()), (304, 0));
    assert_eq!(visitor.get("/assets/porchlight.0000.css").await.status, 404);
    assert_eq!(visitor.get("/assets/..%2f..%2fCargo.toml").await.status, 404);
}

#[tokio::test]
async fn the_stylesheet_holds_every_rule_of_the_source_in_order() {
    let style = app_style().await;
    let at = |text: &str| style.find(text).unwrap_or_else(|| panic!("{text} is not there"));
    assert!(at("@layer tokens,base") < at("@media print"));
    assert!(!style.contains("/*"), "comments stay at home");
}

async fn app_style() -> String {
    TestApp::start().await.visitor().get(assets::STYLE).await.text()
}

#[tokio::test]
async fn the_manifest_carries_the_community_s_name_and_colour() {
    let app = TestApp::start().await.founded().await;
    let manifest = app.visitor().get("/manifest.webmanifest").await;
    assert_eq!(manifest.header("content-type"), "application/manifest+json");
    let manifest: serde_json::Value = serde_json::from_str(&manifest.text()).expect("JSON");
    assert_eq!((&manifest["name"], &manifest["theme_color"]), (&"Lantern Street".into(), &"#a04028".into()));
    for icon in manifest["icons"].as_array().expect("icons") {
        let answer = app.visitor().get(icon["src"].as_str().expect("an address")).await;
        assert_eq!((answer.status, answer.header("content-type").as_str()), (200, icon["type"].as_str().expect("a type")));
    }
    assert_eq!(manifest["icons"].as_array().map(Vec::len), Some(4));
}

#[tokio::test]
async fn the_service_worker_keeps_the_offline_page_and_its_stylesheet() {
    let app = TestApp::start().await;
    let worker = app.visitor().get("/service-worker.js").await;
    assert!(worker.header("content-type").starts_with("text/javascript"));
    assert!(worker.header("content-security-policy").contains("connect-src 'self'"));
    assert!(worker.text().contains(assets::STYLE) && worker.text().contains(assets::BUILD_ID));
    let offline = app.visitor().get("/offline").await;
    assert_eq!(offline.status, 200);
    assert!(offline.text().contains("You are offline") && offline.text().contains(assets::STYLE));
}

#[tokio::test]
async fn what_is_asked_for_by_name_is_there() {
    let app = TestApp::start().await;
    for (path, kind) in [("/favicon.ico", "image/png"), ("/robots.txt", "text/plain"), ("/icons/favicon.svg", "image/svg+xml")] {
        let answer = app.visitor().get(path).await;
        assert_eq!(answer.status, 200, "{path}");
        assert!(answer.header("content-type").starts_with(kind), "{path}");
        assert!(answer.headers.get(header::SET_COOKIE).is_none(), "{path}");
    }
}

#[tokio::test]
async fn every_answer_says_what_the_browser_may_do_with_it() {
    let app = TestApp::start().await.founded().await;
    let ana = app.member("ana").await;
    for path in [
        "/",
        "/people",
        "/theme.css",
        "/manifest.webmanifest",
        "/livez",
        "/gatherings.ics",
        "/pictures/1/small.webp",
        "/api/nothing",
        "/nowhere",
    ] {
        let answer = ana.get(path).await;
        for (header, part) in [
            ("content-security-policy", "default-src 'none'"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
            ("permissions-policy", "geolocation=()"),
            ("cross-origin-opener-policy", "same-origin"),
            ("strict-transport-security", "max-age=63072000"),
        ] {
            assert!(answer.header(header).contains(part), "{path}: {header} is {:?}", answer.header(header));
        }
        assert!(!answer.header("cache-control").is_empty(), "{path}");
    }
    assert!(ana.get("/").await.header("cache-control").contains("no-store"), "what a member sees stays in no cache");
}
