//! A place for a test, and the people in it.
//!
//! ```ignore
//! let app = TestApp::start().await.founded().await;
//! let ana = app.member("ana").await;
//! assert_eq!(ana.get("/people").await.status, 200);
//! ```

use axum::{
    Router,
    body::{Body, BodyDataStream},
    http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header},
};
use domain::{
    ids::PostId,
    invitations::{InvitationForm, JoinForm},
    setup::PlaceForm,
    sign_in::SignedIn,
    timeline::{Audience, PostForm, ReplyForm},
    viewer::{Me, Viewer},
};
use futures::StreamExt;
use server::{
    compose,
    config::{Config, Limits, MailConfig, Origin},
    front::Front,
    passwords::ArgonPasswords,
    router,
};
use std::{
    sync::{Arc, Mutex},
    time::Duration,
};
use store::Store;
use tempfile::TempDir;
use tower::ServiceExt;

/// The password of everybody.
pub const PASSWORD: &str = "four words in a row";

/// A place.
pub struct TestApp {
    /// Its parts.
    pub front: Front,
    router: Router,
    founder: Option<SignedIn>,
    folder: Arc<TempDir>,
}

impl TestApp {
    /// A place that nobody has founded yet, as if people came by https.
    pub async fn start() -> Self {
        Self::start_with(Limits::default()).await
    }

    /// As [`TestApp::start`], with other limits.
    pub async fn start_with(limits: Limits) -> Self {
        Self::open(Arc::new(tempfile::tempdir().expect("a folder")), limits).await
    }

    /// As [`TestApp::start`], with a mail server.
    pub async fn start_mailing(mail: MailConfig) -> Self {
        let folder = Arc::new(tempfile::tempdir().expect("a folder"));
        let config = Config { mail, ..Config::for_testing(folder.path()) };
        let app = Self::idle(folder, config).await;
        compose::begin(&app.front);
        app
    }

    /// As [`TestApp::start`], where nothing is done beside the requests: what a job would do, the test does.
    pub async fn start_idle() -> Self {
        let folder = Arc::new(tempfile::tempdir().expect("a folder"));
        let config = Config::for_testing(folder.path());
        Self::idle(folder, config).await
    }

    async fn open(folder: Arc<TempDir>, limits: Limits) -> Self {
        let config = Config { limits, ..Config::for_testing(folder.path()) };
        let app = Self::idle(folder, config).await;
        compose::begin(&app.front);
        app
    }

    async fn idle(folder: Arc<TempDir>, config: Config) -> Self {
        let store = Store::open(&config.location()).await.expect("a database");
        let passwords = ArgonPasswords::for_testing().expect("passwords");
        let front = compose::front(store, config, Origin::for_testing(), passwords).await.expect("a front");
        Self { router: router::router(front.clone()), front, founder: None, folder }
    }

    /// The folder that holds everything.
    pub fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }

    /// The key of the founding link.
    pub async fn founding_key(&self) -> String {
        let services = &self.front.services;
        services.setup.key(&services.codes.new_code()).await.expect("available").expect("not founded yet")
    }

    /// Founds the community "Lantern Street", whose founder is called `host`.
    pub async fn founded(self) -> Self {
        let (app, key) = self.almost_founded().await;
        let setup = &app.front.services.setup;
        setup.gathering_done(&key).await.expect("a gathering, later");
        setup.finish(&key).await.expect("founded");
        app
    }

    /// As [`TestApp::founded`], up to the first gathering; and the key.
    pub async fn almost_founded(mut self) -> (Self, String) {
        let key = self.founding_key().await;
        let setup = &self.front.services.setup;
        let place = PlaceForm {
            name: "Lantern Street".into(),
            purpose: "Neighbours who draw".into(),
            time_zone: "Europe/Lisbon".into(),
            language: "en".into(),
            size_cap: "100".into(),
        };
        setup.place(&key, &place).await.expect("a place");
        let founder = setup.founder(&key, &join_form("house-host"), "Europe/Lisbon").await.expect("a founder");
        setup.looks(&key, "#a04028", "Come in.").await.expect("looks");
        setup.rules(&key, "Be kind.").await.expect("rules");
        self.founder = Some(founder);
        (self, key)
    }

    /// Somebody who is not signed in.
    pub fn visitor(&self) -> Client {
        Client { router: self.router.clone(), front: self.front.clone(), cookie: Arc::default(), signed_in: None }
    }

    /// The founder, signed in; an admin.
    pub async fn founder(&self) -> Client {
        self.signed_in(self.founder.expect("a founded place")).await
    }

    /// A new member of that name, invited by the founder and signed in.
    pub async fn member(&self, name: &str) -> Client {
        let admin = self.me(self.founder.expect("a founded place")).await;
        let form = InvitationForm { name: name.into(), ..InvitationForm::default() };
        let invitation = self.front.services.invitations.invite(&admin, &form).await.expect("an invitation");
        let joined = self.front.services.invitations.join(&invitation.code, &join_form(name), "Europe/Lisbon").await;
        self.signed_in(joined.expect("a new member")).await
    }

    /// A browser with a sign-in.
    pub async fn signed_in(&self, signed_in: SignedIn) -> Client {
        let cookie = self.front.sign_ins.begin(signed_in).await.expect("signed in");
        Client { cookie: Arc::new(Mutex::new(Some(cookie))), signed_in: Some(signed_in), ..self.visitor() }
    }

    /// Whoever a sign-in belongs to.
    pub async fn me(&self, signed_in: SignedIn) -> Me {
        self.front.services.sign_in.me(signed_in).await.expect("available").expect("a sign-in that holds")
    }
}

fn join_form(name: &str) -> JoinForm {
    JoinForm {
        name: name.into(),
        password: PASSWORD.into(),
        display_name: format!("{}{}", name[..1].to_uppercase(), &name[1..]),
        time_zone: "Europe/Lisbon".into(),
        rules: Some("on".into()),
        ..JoinForm::default()
    }
}

/// A browser: it keeps its cookie, and says of its requests what browsers say.
#[derive(Clone)]
pub struct Client {
    router: Router,
    front: Front,
    cookie: Arc<Mutex<Option<String>>>,
    signed_in: Option<SignedIn>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    /// The status, to be compared with a number.
    pub status: u16,
    /// The headers.
    pub headers: HeaderMap,
    /// The content, uncompressed.
    pub body: Vec<u8>,
}

impl Answer {
    /// The content as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
    /// A header's value; empty if it is not there.
    pub fn header(&self, name: &str) -> String {
        self.headers.get(name).map(|value| value.to_str().expect("text").to_owned()).unwrap_or_default()
    }
}

impl Client {
    /// Asks for a page or a file.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    /// Sends a form as a page of ours would.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(self.form(path, fields)).await
    }

    /// Sends a form that brings a file, as the page at `from` would.
    pub async fn sends_file(&self, path: &str, from: &str, fields: &[(&str, &str)], (name, file): (&str, &[u8])) -> Answer {
        let mut request = self.request(Method::POST, path);
        let from = format!("https://porchlight.example{from}");
        for (name, value) in
            [(header::ACCEPT, "text/html"), (header::CONTENT_TYPE, "multipart/form-data; boundary=xYx"), (header::REFERER, &from)]
        {
            request.headers_mut().insert(name, HeaderValue::from_str(value).expect("a header"));
        }
        let mut body = Vec::new();
        for (name, text) in fields {
            body.extend(format!("--xYx\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{text}\r\n").into_bytes());
        }
        let head = format!("--xYx\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n");
        body.extend(format!("{head}Content-Type: application/octet-stream\r\n\r\n").into_bytes());
        body.extend(file);
        body.extend(b"\r\n--xYx--\r\n");
        *request.body_mut() = body.into();
        self.send(request).await
    }

    /// A form that may still be changed before it is sent.
    pub fn form(&self, path: &str, fields: &[(&str, &str)]) -> Request<Body> {
        let mut request = self.request(Method::POST, path);
        let body: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
        request.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        *request.body_mut() = body.join("&").into();
        request
    }

    /// A request that may still be changed before it is sent; with the cookie, and as from a page of ours.
    pub fn request(&self, method: Method, path: &str) -> Request<Body> {
        let mut request = Request::builder().method(method).uri(path).header("sec-fetch-site", "same-origin");
        if let Some(cookie) = self.cookie() {
            request = request.header(header::COOKIE, cookie);
        }
        request.body(Body::empty()).expect("a request")
    }

    /// Sends a request, and keeps the cookie that comes back.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        self.send_through(&self.router, request).await
    }

    /// As [`Client::send`], through another router.
    pub async fn send_through(&self, router: &Router, request: Request<Body>) -> Answer {
        let response = router.clone().oneshot(request).await.expect("an answer");
        for told in response.headers().get_all(header::SET_COOKIE) {
            let told = told.to_str().expect("text");
            let pair = told.split(';').next().expect("a pair").to_owned();
            *self.cookie.lock().expect("not poisoned") = (!told.contains("Max-Age=0")).then_some(pair);
        }
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
        Answer { status: parts.status.as_u16(), headers: parts.headers, body: body.into() }
    }

    /// What the browser sends as `Cookie`.
    pub fn cookie(&self) -> Option<String> {
        self.cookie.lock().expect("not poisoned").clone()
    }

    /// The member whose browser it is.
    pub async fn me(&self) -> Me {
        let signed_in = self.signed_in.expect("a member");
        self.front.services.sign_in.me(signed_in).await.expect("available").expect("a sign-in that holds")
    }

    /// The member as a viewer.
    pub async fn viewer(&self) -> Viewer {
        Viewer::Member(self.me().await)
    }

    /// Writes a post for the community.
    pub async fn posts(&self, markdown: &str) -> PostId {
        self.posts_for(markdown, Audience::Community, "").await
    }

    /// Writes a post for an audience.
    pub async fn posts_for(&self, markdown: &str, audience: Audience, named: &str) -> PostId {
        let form = PostForm { markdown: markdown.into(), audience, named: named.into(), ..PostForm::default() };
        self.front.services.timeline.write(&self.me().await, &form).await.expect("a post")
    }

    /// Answers a post.
    pub async fn replies(&self, to: PostId, markdown: &str) -> PostId {
        let form = ReplyForm { markdown: markdown.into(), ..ReplyForm::default() };
        self.front.services.timeline.reply(&self.me().await, to, &form).await.expect("a reply")
    }

    /// Opens the live stream; panics if it is refused.
    pub async fn listens(&self) -> Stream {
        self.listens_after(None).await
    }

    /// As [`Client::listens`], as a browser that comes back after that event.
    pub async fn listens_after(&self, last: Option<&str>) -> Stream {
        let mut request = self.request(Method::GET, "/live");
        if let Some(last) = last {
            request.headers_mut().insert(HeaderName::from_static("last-event-id"), HeaderValue::from_str(last).expect("text"));
        }
        let response = self.router.clone().oneshot(request).await.expect("an answer");
        assert_eq!(response.status(), StatusCode::OK);
        Stream { headers: response.headers().clone(), chunks: response.into_body().into_data_stream(), text: String::new() }
    }
}

/// One event of a live stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LiveEvent {
    pub event: String,
    pub id: String,
    pub data: String,
}

/// An open live stream.
pub struct Stream {
    pub headers: HeaderMap,
    chunks: BodyDataStream,
    text: String,
}

impl Stream {
    /// The next event; `None` at the end. Waits a little more than the second that an event may take.
    pub async fn next(&mut self) -> Option<LiveEvent> {
        loop {
            if let Some((event, rest)) = self.text.split_once("\n\n") {
                let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim().to_owned();
                let found = LiveEvent { event: field("event:"), id: field("id:"), data: field("data:") };
                self.text = rest.to_owned();
                if found.event.is_empty() {
                    continue;
                }
                return Some(found);
            }
            let chunk = tokio::time::timeout(Duration::from_millis(1500), self.chunks.next()).await.expect("an event within a second");
            self.text.push_str(std::str::from_utf8(&chunk?.expect("a whole stream")).expect("text"));
        }
    }
}

fn encoded(value: &str) -> String {
    value.bytes().map(|byte| if byte.is_ascii_alphanumeric() { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
