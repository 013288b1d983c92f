//! What somebody takes home: the file that comes through the door, what is in it, and whose words are not.

use crate::app::{Answer, Client, TestApp};
use domain::{
    gatherings::GatheringForm,
    people::Role,
    pictures::Size,
    time::{Clock, SystemClock, Zone},
    timeline::{Audience, ChosenPicture, EditForm, PostForm},
};
use serde_json::Value;
use server::pictures::Media;
use std::{
    collections::BTreeMap,
    io::{Cursor, Read},
};
use zip::ZipArchive;

const FILE: &str = "/settings/export.zip";

/// What lies in the file, by name; unpacked.
fn unpacked(answer: &Answer) -> BTreeMap<String, Vec<u8>> {
    assert_eq!(answer.status, 200, "{}", answer.text());
    let mut zip = ZipArchive::new(Cursor::new(answer.body.as_slice())).expect("a ZIP");
    let many = zip.len();
    let read = |at: usize| {
        let mut entry = zip.by_index(at).expect("an entry");
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes).expect("whole");
        (entry.name().expect("a name").into_owned(), bytes)
    };
    (0..many).map(read).collect()
}

/// What somebody takes home: all that lies in it, and `porchlight.json`.
async fn taken_home(who: &Client) -> (BTreeMap<String, Vec<u8>>, Value) {
    let entries = unpacked(&who.get(FILE).await);
    let json = serde_json::from_slice(&entries["porchlight.json"]).expect("JSON");
    (entries, json)
}

fn readme(entries: &BTreeMap<String, Vec<u8>>) -> String {
    String::from_utf8(entries["readme.html"].clone()).expect("UTF-8")
}

/// That words are in no entry, as they are or escaped.
fn nowhere(entries: &BTreeMap<String, Vec<u8>>, words: &str) {
    for (name, bytes) in entries {
        assert!(!bytes.windows(words.len()).any(|found| found == words.as_bytes()), "{words:?} is in {name}");
    }
}

fn png() -> bytes::Bytes {
    let mut bytes = Cursor::new(Vec::new());
    let image = image::RgbImage::from_pixel(8, 8, image::Rgb([200, 120, 80]));
    image.write_to(&mut bytes, image::ImageFormat::Png).expect("written");
    bytes.into_inner().into()
}

async fn host(app: &TestApp, name: &str) -> Client {
    let client = app.member(name).await;
    let admin = app.founder().await.viewer().await.admin().expect("an admin");
    app.front.services.people.change_role(&admin, name, Role::Host).await.expect("made a host");
    client
}

#[tokio::test]
async fn a_member_takes_home_what_they_wrote_with_its_pictures() {
    let app = TestApp::start().await.founded().await;
    let (ana, bo) = (app.member("ana").await, app.member("bo").await);
    let picture = app.front.pictures.take_in(&ana.me().await, png()).await.expect("taken in").id;
    let timeline = &app.front.services.timeline;
    let form = PostForm {
        markdown: "A *pot* of #soup, see [the hall](/gatherings)".into(),
        audience: Audience::Named,
        named: "@bo".into(),
        pictures: vec![ChosenPicture { id: picture, alt: "A \"red\" pot".into() }],
        ..PostForm::default()
    };
    let post = timeline.write(&ana.me().await, &form).await.expect("a post");
    let edit = EditForm { markdown: "Two *pots* of #soup, see [the hall](/gatherings)".into(), ..EditForm::default() };
    timeline.edit(&ana.me().await, post, &edit).await.expect("edited");
    let thread = bo.posts("Bo keeps bees").await;
    let reply = ana.replies(thread, "So do I").await;

    let answer = ana.get(FILE).await;
    assert_eq!(answer.header("content-type"), "application/zip");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("content-length"), answer.body.len().to_string());
    let day = Zone::parse("Europe/Lisbon").expect("a zone").date(SystemClock.now());
    let name = format!("lantern-street-{day}.zip");
    assert_eq!(answer.header("content-disposition"), format!("attachment; filename=\"{name}\"; filename*=UTF-8''{name}"));
    let entries = unpacked(&answer);
    let file = format!("pictures/{picture}.webp");
    assert_eq!(entries.keys().collect::<Vec<_>>(), [&file, "porchlight.json", "readme.html"]);

    let json: Value = serde_json::from_slice(&entries["porchlight.json"]).expect("JSON");
    assert_eq!((json["version"].as_u64(), json["community"]["name"].as_str()), (Some(1), Some("Lantern Street")));
    assert_eq!(json["community"]["address"], "https://porchlight.example");
    assert_eq!((json["profile"]["name"].as_str(), json["profile"]["display_name"].as_str()), (Some("ana"), Some("Ana")));
    assert!(
        chrono::DateTime::parse_from_rfc3339(json["made_at"].as_str().expect("text")).is_ok_and(|at| at.offset().local_minus_utc() == 0)
    );
    let (wrote, answered) = (&json["posts"][0], &json["posts"][1]);
    assert_eq!(wrote["markdown"], "Two *pots* of #soup, see [the hall](/gatherings)");
    assert_eq!(
        (&wrote["named"][0]["name"], &wrote["pictures"][0], &wrote["tags"][0]),
        (&"bo".into(), &file.as_str().into(), &"soup".into())
    );
    assert!(wrote["html"].as_str().expect("text").contains("<em>pots</em>") && wrote["edited_at"].is_string());
    assert!(wrote["earlier"][0]["html"].as_str().expect("text").contains("<em>pot</em>"));
    assert_eq!((&answered["address"], &answered["thread"]), (&format!("/posts/{reply}").into(), &format!("/posts/{thread}").into()));
    assert_eq!(json["pictures"][0]["alt"], "A \"red\" pot");
    nowhere(&entries, "keeps bees");

    let page = readme(&entries);
    for said in [
        "<em>pots</em>",
        &format!("src=\"{file}\""),
        "alt=\"A &quot;red&quot; pot\"",
        "href=\"https://porchlight.example/gatherings\"",
        &format!("href=\"https://porchlight.example/posts/{thread}\""),
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(!page.contains("<script") && !page.contains("href=\"/"), "{page}");
    // The picture is the one that is kept.
    let mine = app.front.services.export.of(&ana.me().await).await.expect("available");
    let kept = app.front.pictures.media().read(&Media::name(&mine.pictures[0].hash, Size::Large)).await.expect("available").expect("there");
    assert_eq!(entries[&file], kept);
}

#[tokio::test]
async fn what_stands_about_somebody_goes_home_and_what_hosts_note_is_nowhere() {
    let app = TestApp::start().await.founded().await;
    let (bo, cy) = (app.member("bo").await, host(&app, "cy").await);
    let propose = async |words: &str| {
        assert_eq!(cy.post("/api/hosting/sentences/propose", &[("name", "bo"), ("words", words)]).await.status, 200);
    };
    propose("Draws boats & ferries.").await;
    let stand = [("form[answer]", "stand"), ("form[seen]", "Draws boats & ferries.")];
    assert_eq!(bo.post("/api/settings/sentence", &stand).await.status, 200);
    propose("Draws the whole harbour.").await;
    assert_eq!(cy.post("/api/hosting/notes/keep", &[("name", "bo"), ("words", "Owes me a ladle.")]).await.status, 200);
    assert_eq!(bo.post("/api/settings/mail/address", &[("address", "bo@example.org")]).await.status, 200);
    cy.posts_for("Between the two of us", Audience::Named, "@house-host").await;
    let to_bo = cy.posts_for("For bo to read, not to keep", Audience::Named, "@bo").await;
    bo.replies(to_bo, "Thank you, I keep this").await;

    let (entries, json) = taken_home(&bo).await;
    assert_eq!(
        (&json["sentence"]["stands"]["words"], &json["sentence"]["stands"]["by"]["name"]),
        (&"Draws boats & ferries.".into(), &"cy".into())
    );
    assert_eq!(json["sentence"]["waits"]["words"], "Draws the whole harbour.");
    assert_eq!(json["mail"]["unconfirmed"], "bo@example.org");
    assert_eq!((json["posts"].as_array().map(Vec::len), &json["posts"][0]["thread"]), (Some(1), &format!("/posts/{to_bo}").into()));
    let page = readme(&entries);
    for said in
        ["What stands about you", "Draws boats &amp; ferries.", "What waits for your yes", "Draws the whole harbour.", "I keep this"]
    {
        assert!(page.contains(said), "{said}: {page}");
    }
    for never in ["ladle", "two of us", "to read, not to keep", "argon2", "password"] {
        nowhere(&entries, never);
    }
    // Nor does the host take it home who noted it, or what somebody else's sentence is.
    let (entries, json) = taken_home(&cy).await;
    assert_eq!(json["sentence"]["stands"], Value::Null);
    for never in ["ladle", "ferries", "I keep this"] {
        nowhere(&entries, never);
    }
}

#[tokio::test]
async fn whatever_somebody_wrote_is_text_in_the_readme() {
    let app = TestApp::start().await.founded().await;
    let bo = app.member("bo").await;
    let evil = "<script>alert(1)</script>\"><img src=x onerror=alert(2)>";
    let profile = domain::people::ProfileForm {
        display_name: "<script>bo</script>".into(),
        line: evil.into(),
        town: "<script>".into(),
        interests: "</style><script>".into(),
        time_zone: "UTC".into(),
        ..Default::default()
    };
    app.front.services.people.change_profile(&bo.me().await, &profile).await.expect("kept");
    bo.posts(&format!("{evil}\n\n[a](javascript:alert(3))")).await;
    let begins = chrono::Utc::now() + chrono::Duration::hours(48);
    let gathering = GatheringForm {
        title: "<script>soup</script>".into(),
        markdown: evil.into(),
        date: begins.format("%Y-%m-%d").to_string(),
        time: "19:30".into(),
        minutes: "60".into(),
        time_zone: "UTC".into(),
        place: evil.into(),
        audience: Audience::Community,
        ..GatheringForm::default()
    };
    app.front.services.gatherings.plan(&bo.me().await, &gathering, &Zone::utc()).await.expect("planned");
    let (entries, json) = taken_home(&bo).await;
    let page = readme(&entries);
    assert!(page.contains("&lt;script&gt;bo&lt;/script&gt;") && page.contains("&lt;script&gt;soup"), "{page}");
    for never in ["<script", "<img src=x", "href=\"javascript"] {
        assert!(!page.contains(never), "{never}: {page}");
    }
    assert_eq!(page.matches("</style>").count(), 1);
    assert!(page.contains("http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';"), "and browsers are told to run nothing");
    assert_eq!(json["gatherings"][0]["title"], "<script>soup</script>");
}

#[tokio::test]
async fn a_visitor_is_led_to_the_sign_in_as_from_any_page_of_settings() {
    let app = TestApp::start().await.founded().await;
    let visitor = app.visitor();
    let (page, file) = (visitor.get("/settings/export").await, visitor.get(FILE).await);
    for answer in [&page, &file] {
        assert_eq!((answer.status, answer.header("location").as_str()), (303, "/sign-in?next=/settings/export"));
    }
    let shown = app.member("bo").await.get("/settings/export").await;
    assert_eq!(shown.status, 200);
    let shown = shown.text();
    assert!(shown.contains("action=\"/settings/export.zip\"") && !shown.contains("your weeks, your sparks"), "{shown}");
    assert!(app.founder().await.get("/settings/export").await.text().contains("your weeks, your sparks"));
}

#[tokio::test]
async fn a_picture_whose_file_is_missing_is_left_out_and_nothing_stays_on_the_disk() {
    let app = TestApp::start().await.founded().await;
    let bo = app.member("bo").await;
    let picture = app.front.pictures.take_in(&bo.me().await, png()).await.expect("taken in").id;
    let form =
        PostForm { markdown: "Look".into(), pictures: vec![ChosenPicture { id: picture, alt: String::new() }], ..PostForm::default() };
    app.front.services.timeline.write(&bo.me().await, &form).await.expect("a post");
    let lying = || {
        let mut found: Vec<_> =
            std::fs::read_dir(app.folder()).expect("a folder").map(|entry| entry.expect("an entry").file_name()).collect();
        found.sort();
        found
    };
    let before = lying();
    let (entries, json) = taken_home(&bo).await;
    assert_eq!((entries.len(), json["pictures"].as_array().map(Vec::len)), (3, Some(1)));
    assert_eq!(lying(), before);
    let name =
        app.front.pictures.media().names().await.expect("listed").into_iter().find(|name| name.ends_with("large.webp")).expect("a file");
    std::fs::remove_file(app.front.config.media.folder.join(name)).expect("removed");
    let (entries, json) = taken_home(&bo).await;
    assert_eq!(
        (entries.len(), &json["pictures"], &json["posts"][0]["pictures"]),
        (2, &Value::Array(Vec::new()), &Value::Array(Vec::new()))
    );
    assert!(!readme(&entries).contains("<img"));
}

#[tokio::test]
async fn one_file_at_a_time_is_on_its_way_to_somebody() {
    use tower::ServiceExt;
    let app = TestApp::start().await.founded().await;
    let bo = app.member("bo").await;
    // More than fits into what is read ahead of whoever downloads.
    let noise = image::RgbImage::from_fn(900, 900, |x, y| {
        let mixed = (x * 7919 + y * 104_729).wrapping_mul(2_654_435_761) >> 8;
        image::Rgb([mixed as u8, (mixed >> 8) as u8, (mixed >> 16) as u8])
    });
    let mut bytes = Cursor::new(Vec::new());
    noise.write_to(&mut bytes, image::ImageFormat::Png).expect("written");
    app.front.pictures.take_in(&bo.me().await, bytes.into_inner().into()).await.expect("taken in");
    let request = bo.request(axum::http::Method::GET, FILE);
    let slow = server::router::router(app.front.clone()).oneshot(request).await.expect("an answer");
    assert_eq!(slow.status(), 200);
    let second = bo.get(FILE).await;
    assert_eq!((second.status, second.header("retry-after").as_str()), (503, "10"));
    assert!(second.text().contains("Your file is on its way already"), "{}", second.text());
    assert_eq!(app.member("cy").await.get(FILE).await.status, 200, "others have theirs");
    let whole = axum::body::to_bytes(slow.into_body(), usize::MAX).await.expect("whole");
    assert!(ZipArchive::new(Cursor::new(whole)).is_ok());
    // The place is free once the last piece is taken.
    let again = tokio::time::timeout(std::time::Duration::from_secs(5), async {
        while bo.get(FILE).await.status != 200 {
            tokio::task::yield_now().await;
        }
    });
    assert!(again.await.is_ok());
}
