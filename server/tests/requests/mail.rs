//! Mail, from what causes it to where it is read, and back by the links in it.

use crate::app::{Answer as Answered, Client, TestApp};
use axum::http::{HeaderValue, Method, header};
use base64::{Engine, engine::general_purpose::STANDARD};
use domain::{
    gatherings::{
        Answer, GatheringForm, RsvpForm, SessionWish,
        changes::SessionForm,
        coming::TermsForm,
        rule::{How, RepeatForm},
    },
    ids::LetterId,
    mail::{Delivered, Letter, NotCarried, address::MailAddress},
    time::{Timestamp, Zone},
};
use server::config::{MailConfig, MailSecurity, MailServer, Origin, SmtpConfig};
use std::{os::unix::fs::PermissionsExt, path::Path, time::Duration};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpListener, TcpStream},
    sync::mpsc,
};

/// A mail server: it takes all letters, but for those to mailboxes that are a number, which it answers with that.
struct Inbox {
    config: MailConfig,
    letters: mpsc::UnboundedReceiver<(String, String)>,
}

impl Inbox {
    async fn open() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let (sender, letters) = mpsc::unbounded_channel();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(converse(stream, sender.clone()));
            }
        });
        let config = MailConfig::Smtp(SmtpConfig {
            server: MailServer { host: "127.0.0.1".into(), port },
            security: MailSecurity::None,
            account: None,
            from: "porch@example.org".parse().expect("an address"),
        });
        Self { config, letters }
    }

    /// The next letter: the envelope's recipient, and the message.
    async fn next(&mut self) -> (String, String) {
        tokio::time::timeout(Duration::from_secs(10), self.letters.recv()).await.expect("a letter in time").expect("an open inbox")
    }
}

async fn converse(stream: TcpStream, letters: mpsc::UnboundedSender<(String, String)>) -> Option<()> {
    let (reading, mut writing) = stream.into_split();
    let mut lines = BufReader::new(reading);
    let mut to = String::new();
    writing.write_all(b"220 inbox ESMTP\r\n").await.ok()?;
    loop {
        let mut line = String::new();
        lines.read_line(&mut line).await.ok().filter(|read| *read > 0)?;
        let answer = match line.get(..4).unwrap_or_default().to_ascii_uppercase().as_str() {
            "EHLO" => "250 inbox".to_owned(),
            "RCPT" => {
                to = line.split(['<', '>']).nth(1)?.to_owned();
                // A mailbox is answered by what it is called: `550.5.1.1` by that code and that further one.
                let (code, further) = to.split('@').next()?.split_once('.').unwrap_or((to.split('@').next()?, ""));
                code.parse::<u16>().map_or_else(|_| "250 ok".to_owned(), |code| format!("{code} {further} no"))
            }
            "DATA" => {
                writing.write_all(b"354 go on\r\n").await.ok()?;
                let mut message = Vec::new();
                while !message.ends_with(b"\r\n.\r\n") {
                    message.push(lines.read_u8().await.ok()?);
                }
                letters.send((to.clone(), String::from_utf8(message).expect("plain"))).ok()?;
                "250 ok".to_owned()
            }
            "QUIT" => "221 bye".to_owned(),
            _ => "250 ok".to_owned(),
        };
        writing.write_all(format!("{answer}\r\n").as_bytes()).await.ok()?;
    }
}

/// Finds a header's value, unfolded and decoded.
type Header = Box<dyn Fn(&str) -> Option<String>>;

/// The headers, and the text, decoded.
pub fn read(message: &str) -> (Header, String) {
    let (head, body) = message.split_once("\r\n\r\n").expect("a head and a body");
    let head = head.replace("\r\n ", " ");
    let header: Header = Box::new(move |name: &str| {
        let value = head.split("\r\n").find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))?;
        let words = value.split(' ').map(|word| match word.strip_prefix("=?utf-8?b?").and_then(|word| word.strip_suffix("?=")) {
            Some(encoded) => (true, String::from_utf8(STANDARD.decode(encoded).expect("base64")).expect("text")),
            None => (false, word.to_owned()),
        });
        // There is no space between two encoded words but within them.
        let mut before = true;
        Some(words.fold(String::new(), |text, (encoded, word)| {
            let space = if text.is_empty() || (before && encoded) { "" } else { " " };
            before = encoded;
            text + space + &word
        }))
    });
    // Of a letter that is text and a page, the text comes first.
    let kind = header("Content-Type").unwrap_or_default();
    if let Some(boundary) = kind.split("boundary=\"").nth(1).and_then(|rest| rest.split('"').next()) {
        let part =
            body.split(&format!("--{boundary}\r\n")).nth(1).expect("a part").split(&format!("\r\n--{boundary}")).next().expect("its end");
        let text = read(part).1;
        return (header, text);
    }
    let text = match header("Content-Transfer-Encoding").as_deref() {
        Some("base64") => STANDARD.decode(body.replace("\r\n", "").trim_end_matches('.')).expect("base64"),
        Some("quoted-printable") => {
            let joined = body.replace("=\r\n", "");
            let mut parts = joined.split('=');
            let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
            for part in parts {
                bytes.push(u8::from_str_radix(&part[..2], 16).expect("hexadecimal"));
                bytes.extend(part[2..].bytes());
            }
            bytes
        }
        _ => body.as_bytes().to_vec(),
    };
    (header, String::from_utf8(text).expect("text"))
}

/// What follows a part of an address in a letter.
pub fn link(text: &str, part: &str) -> String {
    let rest = text.split(part).nth(1).unwrap_or_else(|| panic!("no {part} in {text}"));
    rest.split(|c: char| c.is_whitespace() || c == '/').next().expect("a code").to_owned()
}

/// Delivers what is due, as the job does, and reads the newest letter in the folder.
pub async fn newest(app: &TestApp) -> String {
    while !matches!(app.front.services.mail.deliver(1.0).await.expect("available"), Delivered::Nothing) {}
    let mut files: Vec<_> =
        std::fs::read_dir(app.folder().join("mail")).expect("a folder").map(|file| file.expect("a file").path()).collect();
    files.sort();
    read(&std::fs::read_to_string(files.last().expect("a letter")).expect("text")).1
}

/// Has somebody give an address and confirm it by the letter.
pub async fn gives_an_address(app: &TestApp, member: &Client) {
    let me = member.me().await;
    let done = member.post("/api/settings/mail/address", &[("address", &format!("{}@example.org", me.name))]).await;
    assert!(done.status < 400, "{}", done.text());
    let code = link(&newest(app).await, "/mail/confirm/");
    assert_eq!(app.visitor().post(&format!("/mail/confirm/{code}"), &[]).await.status, 303);
}

/// A weekly gathering that somebody plans; its slug and its next date.
async fn planned(app: &TestApp, host: &Client, title: &str, terms: TermsForm) -> (String, String) {
    let gatherings = &app.front.services.gatherings;
    let tomorrow = chrono::Utc::now().date_naive() + chrono::Days::new(3);
    let form = GatheringForm {
        title: title.into(),
        date: tomorrow.to_string(),
        time: "19:30".into(),
        repeat: RepeatForm { how: How::Weekly, ..RepeatForm::default() },
        place: "The kitchen".into(),
        link: "https://meet.example/back-room".into(),
        terms,
        ..GatheringForm::default()
    };
    let slug = gatherings.plan(&host.me().await, &form, &Zone::parse("Europe/Lisbon").expect("a zone")).await.expect("planned");
    (slug, tomorrow.to_string())
}

async fn says(app: &TestApp, who: &Client, (slug, date): (&str, &str), answer: Answer, note: &str) {
    let form = RsvpForm { note: note.into(), ..RsvpForm::default() };
    app.front.services.gatherings.rsvp(&who.me().await, slug, date, answer, &form).await.expect("answered");
}

async fn moves(app: &TestApp, host: &Client, (slug, date): (&str, &str), time: &str, seen: i64) {
    let form = SessionForm {
        date: date.into(),
        time: time.into(),
        minutes: "90".into(),
        place: "The kitchen".into(),
        link: "https://meet.example/back-room".into(),
        door: String::new(),
        markdown: String::new(),
        seen,
        room: None,
    };
    app.front.services.gatherings.change_session(&host.me().await, slug, date, SessionWish::Change(&form)).await.expect("moved");
}

/// What somebody said to a session, and their note.
async fn said(app: &TestApp, who: &Client, (slug, date): (&str, &str)) -> Option<(Answer, String, bool)> {
    let page = app.front.services.gatherings.session(&who.viewer().await, slug, date).await.expect("available").expect("there");
    page.mine.map(|mine| (mine.answer, mine.note, mine.waiting))
}

/// A request as a mail provider or another place's page sends it.
pub async fn from_elsewhere(
    client: &Client,
    path: &str,
    content_type: &'static str,
    body: &'static str,
    site: Option<&'static str>,
) -> Answered {
    let mut request = client.request(Method::POST, path);
    request.headers_mut().remove("sec-fetch-site");
    if let Some(site) = site {
        request.headers_mut().insert("sec-fetch-site", HeaderValue::from_static(site));
        request.headers_mut().insert(header::ORIGIN, HeaderValue::from_static("null"));
    }
    request.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    *request.body_mut() = body.into();
    client.send(request).await
}

#[tokio::test]
async fn a_letter_reaches_a_mail_server_at_once_and_can_be_answered_from_there() {
    let mut inbox = Inbox::open().await;
    let app = TestApp::start_mailing(inbox.config.clone()).await.founded().await;
    let (ana, bo, visitor) = (app.member("ana").await, app.member("bo").await, app.visitor());
    assert!(bo.post("/api/settings/mail/address", &[("address", "bo@example.org")]).await.status < 400);
    let (to, message) = inbox.next().await;
    let (header, text) = read(&message);
    assert_eq!((to.as_str(), header("Subject").as_deref()), ("bo@example.org", Some("Is this your address? (Lantern Street)")));
    assert_eq!(header("List-Unsubscribe"), None, "there is nothing to end yet");
    let code = link(&text, "https://porchlight.example/mail/confirm/");
    assert_eq!(visitor.post(&format!("/mail/confirm/{code}"), &[]).await.status, 303);

    let (slug, date) = planned(&app, &ana, "Süppchen für łódź\r\nBcc: eve@example.org", TermsForm::default()).await;
    says(&app, &bo, (&slug, &date), Answer::Yes, "").await;
    moves(&app, &ana, (&slug, &date), "21:00", 0).await;
    let (to, message) = inbox.next().await;
    let (header, text) = read(&message);
    assert_eq!(to, "bo@example.org");
    let subject = header("Subject").expect("a subject");
    assert!(subject.starts_with("Changed: Süppchen für łódź Bcc: eve@example.org is on ") && subject.ends_with(" at 21:00"), "{subject}");
    assert_eq!(header("Bcc"), None);
    assert_eq!(header("From").as_deref(), Some("\"Lantern Street\" <porch@example.org>"));
    assert_eq!(header("To").as_deref(), Some("Bo <bo@example.org>"));
    assert_eq!(header("List-Unsubscribe-Post").as_deref(), Some("List-Unsubscribe=One-Click"));
    let secret = link(&text, "/unsubscribe/");
    assert_eq!(header("List-Unsubscribe"), Some(format!("<https://porchlight.example/unsubscribe/{secret}>")));
    assert!(header("Message-ID").is_some_and(|id| id.starts_with("<letter-") && id.ends_with("@porchlight.example>")));
    assert!(!text.contains("meet.example"), "{text}");
    let code = link(&text, "https://porchlight.example/answer/");
    assert_eq!(visitor.post(&format!("/answer/{code}"), &[("answer", "maybe")]).await.status, 303);
    assert_eq!(said(&app, &bo, (&slug, &date)).await.map(|said| said.0), Some(Answer::Maybe));
}

#[tokio::test]
async fn what_a_mail_server_says_of_a_mailbox_is_told_from_what_may_pass() {
    let inbox = Inbox::open().await;
    let carrier = server::mail::carrier(&inbox.config, "unused".into(), &Origin::for_testing()).expect("a carrier");
    let carry = async |mailbox: &str| {
        let to = MailAddress::parse(&format!("{mailbox}@example.org")).expect("an address");
        let (called, from, subject, text) = ("Bo".into(), "Porch".into(), "Soup".into(), "Soup.\n".into());
        carrier.carry(&Letter { id: LetterId(1), to, called, from, subject, text, html: None, unsubscribe: None, at: Timestamp(0) }).await
    };
    assert!(carry("bo").await.is_ok());
    assert!(matches!(carry("550.5.1.1").await, Err(NotCarried::Nobody(_))));
    // Neither is our own sender the fault of the mailbox.
    for passing in ["451", "421", "530", "554", "550", "553.5.7.1", "550.5.7.26"] {
        assert!(matches!(carry(passing).await, Err(NotCarried::NotNow(_))), "{passing}");
    }
    assert_eq!(carrier.lying().await.expect("knows"), None);
    drop(inbox);
}

#[tokio::test]
async fn without_a_mail_server_letters_are_files_for_whoever_keeps_the_place() {
    let app = TestApp::start_idle().await.founded().await;
    let (founder, bo) = (app.founder().await, app.member("bo").await);
    assert!(founder.get("/admin").await.text().contains("None lies there now."));
    gives_an_address(&app, &bo).await;
    let folder = app.folder().join("mail");
    let mode = |path: &Path| std::fs::metadata(path).expect("there").permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    for file in std::fs::read_dir(&folder).expect("a folder") {
        let path = file.expect("a file").path();
        assert_eq!((mode(&path), path.extension().and_then(|extension| extension.to_str())), (0o600, Some("eml")));
    }
    let says = founder.get("/admin").await.text();
    assert!(says.contains("No mail server is set up.") && says.contains("One lies there now."), "{says}");
    assert_eq!(bo.get("/admin").await.status, 404);
}

#[tokio::test]
async fn an_address_is_confirmed_by_a_button_and_not_by_following_a_link() {
    let app = TestApp::start_idle().await.founded().await;
    let (bo, visitor) = (app.member("bo").await, app.visitor());
    let refused = bo.post("/api/settings/mail/address", &[("address", "bo at home")]).await;
    assert!(refused.status == 422 && refused.text().contains("no address that we can write to"), "{}", refused.text());
    assert_eq!(visitor.post("/api/settings/mail/address", &[("address", "eve@example.org")]).await.status, 401);
    bo.post("/api/settings/mail/address", &[("address", "bo@example.org")]).await;
    assert!(bo.get("/settings/notifications").await.text().contains("We have written to"));
    let path = format!("/mail/confirm/{}", link(&newest(&app).await, "/mail/confirm/"));
    for _ in 0..2 {
        let page = visitor.get(&path).await;
        assert!(page.status == 200 && page.text().contains("bo@example.org") && page.text().contains("Yes, it is mine"), "{}", page.text());
        assert_eq!(page.header("referrer-policy"), "no-referrer");
    }
    assert!(!bo.get("/settings/notifications").await.text().contains("What comes by mail?"), "nobody has said so yet");
    assert_eq!(visitor.post(&path, &[]).await.status, 303);
    assert!(visitor.get(&path).await.text().contains("Thank you"));
    assert!(bo.get("/settings/notifications").await.text().contains("What comes by mail?"));
    bo.post("/api/settings/mail/forget", &[]).await;
    assert_eq!((visitor.get(&path).await.status, visitor.post(&path, &[]).await.status), (404, 404));
}

#[tokio::test]
async fn all_mail_ends_by_one_request_of_a_mail_provider() {
    let app = TestApp::start_idle().await.founded().await;
    let (ana, bo, visitor) = (app.member("ana").await, app.member("bo").await, app.visitor());
    gives_an_address(&app, &bo).await;
    let (slug, date) = planned(&app, &ana, "Soup", TermsForm::default()).await;
    says(&app, &bo, (&slug, &date), Answer::Yes, "").await;
    moves(&app, &ana, (&slug, &date), "21:00", 0).await;
    let path = format!("/unsubscribe/{}", link(&newest(&app).await, "/unsubscribe/"));
    let wishes = async || app.front.services.mail.settings(&bo.me().await).await.expect("available").wishes;
    assert!(visitor.get(&path).await.text().contains("End all mail"));
    assert!(wishes().await.changes, "looking changes nothing");
    let (form, files) = ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x");
    let multipart = "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n";
    for (kind, body, site) in [(form, "List-Unsubscribe=One-Click", None), (files, multipart, None), (form, "", Some("cross-site"))] {
        bo.post("/api/settings/mail/wishes", &[("reminders", "yes"), ("changes", "yes")]).await;
        assert!(wishes().await.reminders && wishes().await.changes);
        let done = from_elsewhere(&visitor, &path, kind, body, site).await;
        assert!(done.status == 200 && done.text().contains("sends you nothing by mail"), "{} {}", done.status, done.text());
        assert!(!wishes().await.reminders && !wishes().await.changes);
    }
    moves(&app, &ana, (&slug, &date), "18:00", 1).await;
    assert!(!newest(&app).await.contains("18:00"));
    let elsewhere = from_elsewhere(&visitor, "/api/settings/mail/forget", form, "", Some("cross-site")).await;
    assert_eq!(elsewhere.status, 403, "nothing else is done so");
}

#[tokio::test]
async fn a_session_is_answered_from_a_letter_by_whoever_has_it_and_for_nobody_else() {
    let app = TestApp::start_idle().await.founded().await;
    let (ana, bo, cy, visitor) = (app.member("ana").await, app.member("bo").await, app.member("cyrill").await, app.visitor());
    gives_an_address(&app, &bo).await;
    let (slug, date) = planned(&app, &ana, "Soup night", TermsForm { capacity: "1".into(), ..TermsForm::default() }).await;
    let session = (slug.as_str(), date.as_str());
    says(&app, &bo, session, Answer::Maybe, "with bread").await;
    says(&app, &cy, session, Answer::Yes, "").await;
    moves(&app, &ana, session, "21:00", 0).await;
    let letter = newest(&app).await;
    let path = format!("/answer/{}", link(&letter, "/answer/"));

    // Looking at it, by whatever link, changes nothing and shows nothing of others.
    for way in ["", "/yes", "/maybe", "/no", "?done=said", "/yes?answer=yes"] {
        let page = visitor.get(&format!("{path}{way}")).await;
        let text = page.text();
        assert_eq!(
            (page.status, page.header("cache-control").as_str(), page.header("x-robots-tag").as_str()),
            (200, "private, no-store", "noindex, nofollow")
        );
        assert_eq!(page.header("referrer-policy"), "no-referrer");
        for shown in ["Soup night", "21:00", "Yes, I’ll come", "Maybe", "Not this time", "This answers for "] {
            assert!(text.contains(shown), "{shown} {text}");
        }
        assert!(
            !text.contains("Cyrill") && !text.contains("meet.example") && !text.contains("with bread") && !text.contains("<script"),
            "{text}"
        );
    }
    assert_eq!(said(&app, &bo, session).await, Some((Answer::Maybe, "with bread".into(), false)));
    assert_eq!(visitor.get(&format!("{path}/perhaps")).await.status, 404);

    // It is full: one waits. Somebody else who is signed in where the letter is opened answers for its reader, not for themselves.
    let done = cy.post(&path, &[("answer", "yes")]).await;
    assert_eq!((done.status, done.header("location"), done.header("set-cookie")), (303, format!("{path}?done=said"), String::new()));
    assert_eq!(said(&app, &bo, session).await, Some((Answer::Yes, "with bread".into(), true)));
    assert_eq!(said(&app, &cy, session).await.map(|said| said.0), Some(Answer::Yes));
    let page = cy.get(&format!("{path}?done=said")).await.text();
    assert!(page.contains("There is no room yet") && page.contains("Sign in"), "nobody is signed in on that page: {page}");
    let unread = from_elsewhere(&visitor, &path, "application/x-www-form-urlencoded", "answer=perhaps", Some("cross-site")).await;
    assert_eq!(unread.status, 400);
    assert_eq!(from_elsewhere(&visitor, &path, "application/x-www-form-urlencoded", "answer=no", Some("cross-site")).await.status, 303);
    assert_eq!(said(&app, &bo, session).await.map(|said| said.0), Some(Answer::No));

    // Cancelled: it says so, and takes nothing.
    let gatherings = &app.front.services.gatherings;
    gatherings.change_session(&ana.me().await, &slug, &date, SessionWish::Cancel("No kitchen.")).await.expect("cancelled");
    let page = visitor.get(&path).await.text();
    assert!(page.contains("This one is cancelled.") && page.contains("No kitchen.") && !page.contains("Yes, I’ll come"), "{page}");
    assert_eq!(visitor.post(&path, &[("answer", "yes")]).await.header("location"), format!("{path}?done=not"));
    assert_eq!(said(&app, &bo, session).await.map(|said| said.0), Some(Answer::No));

    app.front.services.sign_in.end_everywhere(&bo.me().await).await.expect("ended");
    assert_eq!((visitor.get(&path).await.status, visitor.post(&path, &[("answer", "yes")]).await.status), (404, 404));
}

#[tokio::test]
async fn with_an_answer_by_letter_a_word_and_guests_can_be_said_and_what_is_left_out_stays() {
    let app = TestApp::start_idle().await.founded().await;
    let (ana, bo, visitor) = (app.member("ana").await, app.member("bo").await, app.visitor());
    gives_an_address(&app, &bo).await;
    let (slug, date) = planned(&app, &ana, "Soup", TermsForm { guests: "2".into(), ..TermsForm::default() }).await;
    let session = (slug.as_str(), date.as_str());
    let form = RsvpForm { note: "with bread".into(), guests: "1".into(), ..RsvpForm::default() };
    app.front.services.gatherings.rsvp(&bo.me().await, &slug, &date, Answer::Yes, &form).await.expect("answered");
    moves(&app, &ana, session, "21:00", 0).await;
    let path = format!("/answer/{}", link(&newest(&app).await, "/answer/"));
    let kept = async || {
        let page = app.front.services.gatherings.session(&bo.viewer().await, &slug, &date).await.expect("available").expect("there");
        page.mine.map(|mine| (mine.answer, mine.note, mine.guests)).expect("answered")
    };
    let page = visitor.get(&path).await.text();
    assert!(page.contains("What you wrote before stays") && !page.contains("with bread"), "{page}");
    assert!(page.contains("<option value=\"1\" selected>one guest") && !page.contains("3 guests"), "{page}");
    for (fields, then) in [
        (&[("answer", "yes")] as &[_], (Answer::Yes, "with bread", 1)),
        (&[("answer", "yes"), ("note", " "), ("guests", "2")], (Answer::Yes, "with bread", 2)),
        (&[("answer", "yes"), ("note", "with a\r\ncake"), ("guests", "0")], (Answer::Yes, "with a cake", 0)),
        (&[("answer", "maybe"), ("note", ""), ("guests", "2")], (Answer::Maybe, "with a cake", 0)),
    ] {
        assert_eq!(visitor.post(&path, fields).await.header("location"), format!("{path}?done=said"), "{fields:?}");
        assert_eq!(kept().await, (then.0, then.1.to_owned(), then.2), "{fields:?}");
    }
    let long = "x".repeat(201);
    for (fields, says) in [
        ([("answer", "yes"), ("guests", "3")], "You can bring up to 2 guests."),
        ([("answer", "yes"), ("note", long.as_str())], "A word with it can be up to 200 characters long."),
    ] {
        let refused = visitor.post(&path, &fields).await;
        assert!(visitor.get(&refused.header("location")).await.text().contains(says), "{says}");
        assert_eq!(kept().await, (Answer::Maybe, "with a cake".to_owned(), 0));
    }
}

#[tokio::test]
async fn whatever_is_wrong_with_a_code_it_is_the_same_page_that_is_not_here() {
    let app = TestApp::start_idle().await.founded().await;
    let (bo, visitor) = (app.member("bo").await, app.visitor());
    gives_an_address(&app, &bo).await;
    let nowhere = visitor.get("/nowhere").await.text();
    for path in ["/answer/x", "/answer/x/yes", "/unsubscribe/x", "/mail/confirm/x", "/answer/%2F%00", "/unsubscribe/'", "/mail/confirm/%F0"]
    {
        let page = visitor.get(path).await;
        assert!(page.status == 404 || page.status == 400, "{path} {}", page.status);
        if page.status == 404 {
            assert_eq!(page.text(), nowhere, "{path}");
        }
    }
    for path in ["/answer/x", "/unsubscribe/x", "/mail/confirm/x"] {
        let page = visitor.post(path, &[("answer", "yes")]).await;
        assert_eq!((page.status, page.text()), (404, nowhere.clone()), "{path}");
    }
}

#[tokio::test]
async fn whoever_is_too_late_for_a_yes_can_still_say_no() {
    let app = TestApp::start_idle().await.founded().await;
    let (ana, bo, visitor) = (app.member("ana").await, app.member("bo").await, app.visitor());
    gives_an_address(&app, &bo).await;
    let (slug, date) = planned(&app, &ana, "Soup", TermsForm { answer_by: "1".into(), ..TermsForm::default() }).await;
    let session = (slug.as_str(), date.as_str());
    says(&app, &bo, session, Answer::Maybe, "").await;
    moves(&app, &ana, session, "21:00", 0).await;
    let path = format!("/answer/{}", link(&newest(&app).await, "/answer/"));
    let seen = app.front.services.gatherings.gathering(&ana.viewer().await, &slug).await.expect("available").expect("there").changes;
    let form = GatheringForm {
        title: "Soup".into(),
        date: date.clone(),
        time: "19:30".into(),
        repeat: RepeatForm { how: How::Weekly, ..RepeatForm::default() },
        place: "The kitchen".into(),
        // Four days before.
        terms: TermsForm { answer_by: "96".into(), ..TermsForm::default() },
        seen,
        ..GatheringForm::default()
    };
    app.front.services.gatherings.change(&ana.me().await, &slug, &form).await.expect("changed");
    let page = visitor.get(&format!("{path}/yes")).await.text();
    assert!(page.contains("It is too late to say yes.") && !page.contains("Yes, I’ll come") && page.contains("Not this time"), "{page}");
    assert_eq!(visitor.post(&path, &[("answer", "yes")]).await.header("location"), format!("{path}?done=not"));
    assert_eq!(said(&app, &bo, session).await.map(|said| said.0), Some(Answer::Maybe));
    assert_eq!(visitor.post(&path, &[("answer", "no")]).await.status, 303);
    assert_eq!(said(&app, &bo, session).await.map(|said| said.0), Some(Answer::No));
}
