//! The weekly letter: who writes it, what it may hold, and how it goes out once.

use crate::{
    app::{Client, TestApp},
    doors::without_script,
    mail::{from_elsewhere, gives_an_address, link, newest, read},
};
use domain::{
    community::CommunityForm,
    hosting::sentences::SentenceForm,
    people::{ProfileForm, Role},
    prose::Prose,
    time::Zone,
    timeline::{Audience, TimelineQuery},
    weekly::week::{Arrived, Week},
};
use proptest::prelude::*;
use server::prose::MarkdownProse;
use std::collections::BTreeSet;

const PAGE: &str = "/hosting/letter";
const KEEP: &str = "/api/hosting/letter/keep";
const SEND: &str = "/api/hosting/letter/send";
const DAY: &str = "/api/hosting/letter/day";

fn form<'a>(seen: &'a str, week: &'a str, then: &'a str) -> Vec<(&'static str, &'a str)> {
    vec![
        ("form[title]", "Our week"),
        ("form[opening]", "Dear all, it rained."),
        ("form[week]", week),
        ("form[closing]", "Good night."),
        ("form[seen]", seen),
        ("then", then),
    ]
}

/// Sends a form without script, and returns the page that one ends on.
async fn ends_on(who: &Client, page: &str, path: &str, fields: &[(&str, &str)]) -> (String, String) {
    let answer = without_script(who, page, path, fields).await;
    assert_eq!(answer.status, 303, "{path}: {}", answer.text());
    let address = answer.header("location").replace("https://porchlight.example", "");
    let shown = who.get(&address).await;
    assert_eq!(shown.status, 200, "{address}: {}", shown.text());
    (address, shown.text())
}

/// The letters that everybody reads on the timeline.
async fn letters(app: &TestApp, who: &Client) -> Vec<String> {
    let page = app.front.services.timeline.page(&who.viewer().await, &TimelineQuery::default()).await.expect("available");
    page.posts.into_iter().map(|post| post.html.as_str().to_owned()).filter(|html| html.contains("Our week")).collect()
}

async fn wants_it(app: &TestApp, who: &Client) {
    gives_an_address(app, who).await;
    let saved = who.post("/api/settings/mail/wishes", &[("reminders", "yes"), ("weekly", "yes")]).await;
    assert_eq!(saved.status, 200, "{}", saved.text());
}

fn files(app: &TestApp) -> usize {
    std::fs::read_dir(app.folder().join("mail")).map_or(0, |files| files.count())
}

#[tokio::test]
async fn the_week_is_filled_in_with_what_everybody_may_see_and_nothing_else() {
    let app = TestApp::start_idle().await.founded().await;
    let (host, bo, cy, di) = (app.founder().await, app.member("bo").await, app.member("cy").await, app.member("di").await);
    let empty = host.get(PAGE).await.text();
    assert!(empty.contains("Who arrived") && empty.contains("[Bo](/people/bo)"), "who came this week is there: {empty}");
    assert!(
        empty.contains("choose it in your settings") || empty.contains("Choose it in your settings"),
        "the first says how it comes by mail"
    );
    let loved = bo.posts("I drew the *pump*, @cy. I always draw the pump.").await;
    let secret = host.posts_for("A secret for Bo", Audience::Named, "bo cy").await;
    for who in [&cy, &di] {
        app.front.services.timeline.react(&who.me().await, loved, "❤️", true).await.expect("reacted");
        who.replies(loved, "Again?").await;
    }
    for who in [&bo, &cy] {
        who.replies(secret, "We know.").await;
    }
    let me = di.me().await;
    let profile = ProfileForm {
        display_name: "Di [the <b>tall</b>]".into(),
        line: "I fire a kiln.".into(),
        time_zone: "UTC".into(),
        ..ProfileForm::default()
    };
    app.front.services.people.change_profile(&me, &profile).await.expect("kept");
    // What a host says of somebody stands beside their name, and was not let stand for mail.
    let sentences = &app.front.services.hosting.sentences;
    sentences.propose(&host.viewer().await.host().expect("a host"), "di", "Tall, and never in the way.").await.expect("proposed");
    let stand = SentenceForm { answer: "stand".into(), seen: "Tall, and never in the way.".into(), ..SentenceForm::default() };
    sentences.answer(&di.me().await, &stand).await.expect("stands");
    let page = host.get(PAGE).await.text();
    for said in [
        format!("[“I drew the pump, cy. I always draw the pump.”](/posts/{loved})"),
        "[Di \\[the \\&lt;b\\&gt;tall\\&lt;/b\\&gt;\\]](/people/di): I fire a kiln.".to_owned(),
    ] {
        assert!(page.contains(&said), "{said}: {page}");
    }
    assert!(!page.contains("secret") && !page.contains("never in the way"), "{page}");
    assert_eq!(files(&app), 0, "nothing goes out by itself");
    assert_eq!(letters(&app, &bo).await.len(), 0);
}

#[tokio::test]
async fn a_letter_is_looked_at_and_goes_out_once_as_a_post_and_by_mail_to_those_who_want_it() {
    let app = TestApp::start_idle().await.founded().await;
    let (host, bo, cy) = (app.founder().await, app.member("bo").await, app.member("cy").await);
    wants_it(&app, &bo).await;
    gives_an_address(&app, &cy).await;
    let before = files(&app);
    let post = bo.posts("Soup at seven.").await;
    let week = format!("- [Soup](/posts/{post}) & <b>bread</b>\r\nBcc: eve@example.org");
    let (address, preview) = ends_on(&host, PAGE, KEEP, &form("0", &week, "look")).await;
    assert_eq!(address, "/hosting/letter/preview");
    for said in [
        "Dear all, it rained.",
        "Good night.",
        "It goes to one person who wants it by mail",
        "https://porchlight.example/posts/",
        "Send it",
    ] {
        assert!(preview.contains(said), "{said}: {preview}");
    }
    assert!(letters(&app, &bo).await.is_empty() && files(&app) == before, "nothing has gone out");
    let (address, page) = ends_on(&host, "/hosting/letter/preview", SEND, &[("seen", "1")]).await;
    assert_eq!(address, "/hosting/letter?done=sent");
    assert!(page.contains("It is out") && page.contains("by mail to one person, one still on its way"), "{page}");
    assert!(!page.contains("bo@example.org") && !page.contains("Dear all"), "to whom is told to nobody, and the draft begins anew");
    // Whoever presses twice has sent it once.
    assert_eq!(host.post(SEND, &[("seen", "1")]).await.status, 200);
    let stale = host.post(SEND, &[("seen", "7")]).await;
    assert!(stale.status == 422 && stale.text().contains("has changed since you looked at it"), "{}", stale.text());
    assert_eq!(letters(&app, &bo).await.len(), 1);
    let text = newest(&app).await;
    assert!(
        text.contains("Dear all, it rained.") && text.contains(&format!("Soup <https://porchlight.example/posts/{post}> & <b>bread</b>")),
        "{text}"
    );
    assert_eq!(files(&app), before + 1);
    let file =
        std::fs::read_dir(app.folder().join("mail")).expect("a folder").map(|file| file.expect("a file").path()).max().expect("a letter");
    let message = std::fs::read_to_string(file).expect("text");
    assert!(message.contains("multipart/alternative") && message.contains("To: Bo <bo@example.org>"), "{message}");
    assert!(!message.lines().take_while(|line| !line.trim().is_empty()).any(|line| line.starts_with("Bcc")), "{message}");
    assert!(host.get(PAGE).await.text().contains("by mail to one person<"), "nothing is on its way any more");
}

#[tokio::test]
async fn one_click_ends_the_letter_signed_out_and_tells_nobody_of_an_address() {
    let app = TestApp::start_idle().await.founded().await;
    let (host, bo, visitor) = (app.founder().await, app.member("bo").await, app.visitor());
    wants_it(&app, &bo).await;
    ends_on(&host, PAGE, KEEP, &form("0", "Soup.", "keep")).await;
    assert_eq!(host.post(SEND, &[("seen", "1")]).await.status, 200);
    let secret = link(&newest(&app).await, "/unsubscribe/");
    let path = format!("/unsubscribe/{secret}/letter");
    for _ in 0..2 {
        let page = visitor.get(&path).await;
        assert!(
            page.status == 200 && page.text().contains("No weekly letter any more?"),
            "following a link changes nothing: {}",
            page.text()
        );
        assert!(!page.text().contains("bo@") && !page.text().contains(">Bo<"), "{}", page.text());
        assert_eq!(page.header("referrer-policy"), "no-referrer");
    }
    let ended = from_elsewhere(&visitor, &path, "application/x-www-form-urlencoded", "List-Unsubscribe=One-Click", None).await;
    assert!(ended.status == 200 && ended.text().contains("It is not mailed to you"), "{}", ended.text());
    let settings = bo.get("/settings/notifications").await.text();
    let ticked =
        |name: &str| settings.split("<input").any(|input| input.contains(&format!("name=\"{name}\"")) && input.contains(" checked"));
    assert!(ticked("reminders") && !ticked("weekly"), "the rest is as it was: {settings}");
    let wrong = visitor.get("/unsubscribe/nobody-has-this-code/letter").await;
    assert_eq!((wrong.status, visitor.post("/unsubscribe/nobody-has-this-code/letter", &[]).await.status), (404, 404));
    ends_on(&host, PAGE, KEEP, &form("2", "More soup.", "keep")).await;
    let before = files(&app);
    assert_eq!(host.post(SEND, &[("seen", "3")]).await.status, 200);
    assert!(!newest(&app).await.contains("More soup.") && files(&app) == before);
}

#[tokio::test]
async fn of_two_hosts_neither_loses_a_word() {
    let app = TestApp::start().await.founded().await;
    let (host, bo) = (app.founder().await, app.member("bo").await);
    let admin = host.viewer().await.admin().expect("an admin");
    app.front.services.people.change_role(&admin, "bo", Role::Host).await.expect("a host");
    ends_on(&host, PAGE, KEEP, &form("0", "The first host’s words.", "keep")).await;
    let (address, page) = ends_on(&bo, PAGE, KEEP, &form("0", "The other host’s words.", "look")).await;
    assert!(address.starts_with("/hosting/letter?kept="), "{address}");
    for said in [
        "Another host kept the letter while you were writing",
        "The first host’s words.",
        "The other host’s words.",
        "name=\"form[seen]\" value=\"1\"",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let (_, preview) = ends_on(&bo, PAGE, KEEP, &form("1", "Both.", "look")).await;
    assert!(!preview.contains("who kept it last"), "{preview}");
    let preview = host.get("/hosting/letter/preview").await.text();
    assert!(preview.contains("Bo<!></bdi> who kept it last: see that it says what you would say."), "{preview}");
    assert!(host.get(PAGE).await.text().contains("Bo kept it at"));
    // Starting again keeps what stands until it is kept.
    let (address, page) = ends_on(&host, PAGE, KEEP, &form("2", "My own week.", "again")).await;
    assert_eq!(address, "/hosting/letter?again=yes");
    for said in ["[Bo](/people/bo)", "What stood there", "My own week.", "Dear all, it rained."] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(host.get(PAGE).await.text().contains("My own week."), "nothing was lost");
}

#[tokio::test]
async fn a_refused_letter_says_why_and_keeps_what_was_typed() {
    let app = TestApp::start().await.founded().await;
    let (host, bo) = (app.founder().await, app.member("bo").await);
    let long = "x".repeat(10_000);
    let (_, page) = ends_on(&host, PAGE, KEEP, &form("0", &long, "keep")).await;
    assert!(page.contains("The letter is too long: 10048 characters") && page.contains(&long), "{}", page.len());
    let mut untitled = form("0", "Soup.", "keep");
    untitled[0].1 = " ";
    let (_, page) = ends_on(&host, PAGE, KEEP, &untitled).await;
    assert!(page.contains("The title is still empty") && page.contains("Soup."), "{page}");
    let nothing = [("form[title]", "Our week"), ("form[seen]", "0"), ("then", "look")];
    let (_, page) = ends_on(&host, PAGE, KEEP, &nothing).await;
    assert!(page.contains("There is nothing in it yet but a title"), "{page}");
    let secret = host.posts_for("For Bo", Audience::Named, "bo").await;
    let leads = format!("[psst](/posts/{secret})");
    let (_, page) = ends_on(&host, PAGE, KEEP, &form("1", &leads, "look")).await;
    assert!(page.contains(&format!("It leads to /posts/{secret}")) && page.contains(&leads), "{page}");
    assert!(!page.contains("What is kept"), "what one kept oneself is nobody else's");
    let refused = host.post(SEND, &[("seen", "2")]).await;
    assert!(refused.status == 422 && refused.text().contains("not for everybody here"), "{}", refused.text());
    assert!(letters(&app, &bo).await.is_empty());
    assert!(host.get("/hosting/letter/preview").await.text().contains("It leads to"), "nor is it shown as ready to go");
    // Another host may have put in what this one does not see either.
    let (_, page) = ends_on(&host, PAGE, KEEP, &form("2", "[psst](/gatherings/surprise)", "look")).await;
    assert!(page.contains("It leads to /gatherings/surprise"), "{page}");
}

#[tokio::test]
async fn the_desk_asks_for_a_letter_on_its_day_if_something_happened() {
    let app = TestApp::start().await.founded().await;
    let host = app.founder().await;
    let admin = host.viewer().await.admin().expect("an admin");
    let place = CommunityForm {
        name: "Lantern Street".into(),
        purpose: "Neighbours who draw".into(),
        time_zone: "UTC".into(),
        size_cap: "100".into(),
        reactions: "❤️".into(),
        ..CommunityForm::default()
    };
    app.front.services.place.change(&admin, &place).await.expect("kept");
    let today = chrono::Datelike::weekday(&chrono::Utc::now().date_naive()).num_days_from_monday();
    let says = async |day: u32| {
        assert_eq!(host.post(DAY, &[("day", &day.to_string())]).await.status, 200);
        host.get("/hosting").await.text()
    };
    app.member("bo").await;
    assert!(says(today).await.contains("enough for a letter."));
    // Midnight may pass while this runs; three days off it is no other's turn either way.
    assert!(!says((today + 3) % 7).await.contains("enough for a letter."));
    assert!(host.get(PAGE).await.text().contains("Due on "));
    says(today).await;
    ends_on(&host, PAGE, KEEP, &form("0", "Soup.", "keep")).await;
    assert!(host.get("/hosting").await.text().contains("A draft is begun. You kept it at"));
    assert_eq!(host.post(SEND, &[("seen", "1")]).await.status, 200);
    assert!(!host.get("/hosting").await.text().contains("A draft is begun."));
    assert_eq!(host.post(DAY, &[("day", "9")]).await.status, 200, "a day that there is not changes nothing");
}

#[tokio::test]
async fn the_letter_is_not_there_for_members() {
    let app = TestApp::start().await.founded().await;
    let (host, bo) = (app.founder().await, app.member("bo").await);
    ends_on(&host, PAGE, KEEP, &form("0", "Soup.", "keep")).await;
    for address in [PAGE, "/hosting/letter?again=yes", "/hosting/letter/preview"] {
        assert_eq!(bo.get(address).await.status, 404, "{address}");
        assert_eq!(app.visitor().get(address).await.status, 303, "{address}");
    }
    let asked =
        [bo.post(KEEP, &form("1", "Mine.", "keep")).await, bo.post(SEND, &[("seen", "1")]).await, bo.post(DAY, &[("day", "1")]).await];
    assert_eq!(asked.each_ref().map(|answer| answer.status), [404; 3]);
    assert!(asked[0].text() == asked[1].text() && asked[1].text() == asked[2].text(), "whatever is asked, the same");
    assert!(host.get(PAGE).await.text().contains("Soup.") && letters(&app, &bo).await.is_empty());
    assert!(!bo.get("/settings/notifications").await.text().contains("/hosting/letter"));
}

#[test]
fn a_message_of_the_folder_is_read_as_mail_programs_read_it() {
    let (header, text) = read("Subject: Our week\r\n\r\nSoup.");
    assert_eq!((header("Subject").as_deref(), text.as_str()), (Some("Our week"), "Soup."));
}

proptest! {
    // What somebody is called, and says of themselves, stands in a letter as they wrote it, whatever Markdown makes of such marks.
    #[test]
    fn names_with_markup_stay_names(name in "[a-z*_`~<>&\\[\\]()!#\\\\|-]{1,20}", line in "([a-z*_`~<>&\\[\\]()!\\\\|.-]{1,8} ?){0,5}") {
        prop_assume!(!name.trim().is_empty());
        let who = domain::people::Byline {
            id: domain::ids::MemberId(1),
            name: domain::people::Handle::parse("bo").expect("a name"),
            display_name: name.clone(),
            picture: None,
        };
        let markdown = Week { arrived: vec![Arrived { who, line: line.clone() }], ..Week::default() }.in_words(&Zone::utc());
        let html = MarkdownProse.render(&markdown, &BTreeSet::new());
        let escaped = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let shown = name.replace('#', "");
        let said = if line.trim().is_empty() { String::new() } else { format!(": {}", escaped(&line.split_whitespace().collect::<Vec<_>>().join(" "))) };
        let plain = html.as_str().replace('#', "");
        prop_assert!(plain.contains(&format!("<li><a href=\"/people/bo\">{}</a>{}</li>", escaped(&shown), said)), "{} {}", markdown, plain);
    }
}
