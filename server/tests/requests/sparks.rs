//! Sparks, and who waits for an answer: what hosts are shown, what members never hear of, and what is sent when nobody is there.

use crate::{
    app::{Client, TestApp},
    doors::without_script,
};
use chrono::{DateTime, NaiveTime, Timelike, Utc};
use domain::{
    ids::PostId,
    people::Role,
    prose::SafeHtml,
    sparks::coming::{ComingStore, NewComing},
    time::{Clock, SystemClock, Timestamp, Zone},
    timeline::{Audience, NewPost, TimelineStore},
    viewer::Host,
};

const ANSWER: &str = "/api/sparks/answer";
const SET_ASIDE: &str = "/api/sparks/set-aside";
const LIGHT: &str = "/api/sparks/light";
const CHANGE: &str = "/api/sparks/change";
const HOLD: &str = "/api/sparks/hold";
const KEEP: &str = "/api/sparks/prompts/keep";
const REMOVE: &str = "/api/sparks/prompts/remove";

/// A host of that name.
async fn host(app: &TestApp, name: &str) -> Client {
    let client = app.member(name).await;
    let admin = app.founder().await.viewer().await.admin().expect("an admin");
    app.front.services.people.change_role(&admin, name, Role::Host).await.expect("made a host");
    client
}

async fn as_host(client: &Client) -> Host {
    client.viewer().await.host().expect("a host")
}

/// Holds the only spark to come as it stands, and returns the page that one ends on.
async fn holds(app: &TestApp, by: &Client, hold: &str) -> String {
    let spark = app.front.services.sparks.coming(&as_host(by).await).await.expect("answers").remove(0);
    let (id, seen) = (spark.id.to_string(), spark.changes.to_string());
    without_script(by, "/hosting/sparks", HOLD, &[("id", &id), ("seen", &seen), ("hold", hold)]).await.header("location")
}

/// What somebody wrote so many hours ago.
async fn wrote(app: &TestApp, by: &Client, markdown: &str, hours: i64, audience: Audience) -> PostId {
    let post = NewPost {
        markdown: markdown.into(),
        html: SafeHtml::default(),
        note: None,
        audience,
        named: Vec::new(),
        pictures: Vec::new(),
        mentioned: Vec::new(),
        tags: Vec::new(),
        excerpt: markdown.into(),
        at: SystemClock.now().plus_seconds(-3600 * hours),
    };
    app.front.store.keep_post(&by.me().await, &post).await.expect("keeps")
}

/// A spark whose time was so many hours ago on the place's clock.
fn hours_ago(hours: i64, words: &[&str], weekly: bool) -> NewComing {
    let zone = Zone::parse("Europe/Lisbon").expect("a zone");
    let then = DateTime::<Utc>::from(SystemClock.now().plus_seconds(-3600 * hours)).with_timezone(&zone.rules()).naive_local();
    let time = NaiveTime::from_hms_opt(then.hour(), then.minute(), 0).expect("a time");
    NewComing { wordings: words.iter().map(|&words| words.to_owned()).collect(), prompt: None, date: then.date(), time, weekly }
}

fn spark<'a>(words: &'a str, when: &'a str, date: &'a str, time: &'a str) -> Vec<(&'static str, &'a str)> {
    vec![("form[words]", words), ("form[when]", when), ("form[date]", date), ("form[weekday]", "0"), ("form[time]", time)]
}

/// What stands in the main part of a page.
async fn shown(client: &Client, page: &str) -> String {
    let answer = client.get(page).await;
    assert_eq!(answer.status, 200, "{page}");
    let text = answer.text();
    let main = text.split_once("<main").map_or("", |(_, after)| after).split_once("</main>").map_or("", |(main, _)| main);
    main.to_owned()
}

#[tokio::test]
async fn a_post_that_nobody_answered_for_a_day_is_shown_to_hosts_and_answered_in_place() {
    let app = TestApp::start().await.founded().await;
    let (admin, bo) = (app.founder().await, app.member("bo").await);
    assert!(shown(&admin, "/hosting/sparks").await.contains("Nobody waits."));
    wrote(&app, &bo, "Does the kiln work yet?", 23, Audience::Community).await;
    assert!(!shown(&admin, "/hosting/sparks").await.contains("kiln"), "it is not a day old");
    let post = wrote(&app, &bo, "Who has a kiln?", 50, Audience::Community).await.to_string();
    let page = shown(&admin, "/hosting/sparks").await;
    for says in ["asked; nobody has answered for 2 days.", "Who has a kiln?", "Ask it for them", "It needs no answer"] {
        assert!(page.contains(says), "{says}: {page}");
    }
    assert!(shown(&admin, "/hosting").await.contains("Bo wrote something that nobody has answered for 2 days."));

    let refused = without_script(&admin, "/hosting/sparks", ANSWER, &[("post", &post), ("markdown", " ")]).await;
    let again = shown(&admin, &refused.header("location")).await;
    assert!(again.contains("There is nothing in it yet."), "{again}");
    let long = format!("Mine. {}", "x".repeat(10_001));
    let refused = without_script(&admin, "/hosting/sparks", ANSWER, &[("post", &post), ("markdown", &long)]).await;
    assert!(shown(&admin, &refused.header("location")).await.contains(&long), "what was typed is kept");
    let done = without_script(&admin, "/hosting/sparks", ANSWER, &[("post", &post), ("markdown", "I have one.")]).await;
    let after = shown(&admin, &done.header("location")).await;
    assert!(after.contains("Your answer is in its thread.") && after.contains("Nobody waits."), "{after}");
    assert!(bo.get(&format!("/posts/{post}")).await.text().contains("I have one."));
}

#[tokio::test]
async fn every_post_without_an_answer_is_found_however_long_ago_it_was_written() {
    let app = TestApp::start().await.founded().await;
    let (admin, bo) = (app.founder().await, app.member("bo").await);
    for number in 0..14 {
        wrote(&app, &bo, &format!("Kiln number {number}."), 24 * (20 + number), Audience::Community).await;
    }
    let kilns = |page: &str| (0..14).filter(|number| page.contains(&format!("Kiln number {number}."))).collect::<Vec<i64>>();
    let desk = shown(&admin, "/hosting/sparks").await;
    assert!(kilns(&desk).is_empty() && desk.contains("href=\"/hosting/sparks/unanswered\""), "{desk}");
    let first = shown(&admin, "/hosting/sparks/unanswered").await;
    assert_eq!(kilns(&first), (0..12).collect::<Vec<i64>>());
    let on = first.split("href=\"/hosting/sparks/unanswered?").nth(1).and_then(|rest| rest.split('"').next()).expect("a way on").to_owned();
    let second = shown(&admin, &format!("/hosting/sparks/unanswered?{on}")).await;
    assert!(kilns(&second) == [12, 13] && !second.contains("Those before"), "{second}");
    let post = second.split("name=\"post\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a post").to_owned();
    let page = format!("/hosting/sparks/unanswered?{on}");
    let long = format!("Mine. {}", "x".repeat(10_001));
    let refused = without_script(&admin, &page, ANSWER, &[("post", &post), ("markdown", &long)]).await;
    assert!(shown(&admin, &refused.header("location")).await.contains(&long), "what was typed is kept");
    without_script(&admin, &page, ANSWER, &[("post", &post), ("markdown", "Is it still for sale?")]).await;
    assert_eq!(kilns(&shown(&admin, &page).await), [13]);
    assert!(shown(&admin, "/hosting/sparks/unanswered?before=never").await.contains("Kiln number 0."));
}

#[tokio::test]
async fn an_answer_to_what_went_away_meanwhile_is_not_lost() {
    let app = TestApp::start().await.founded().await;
    let (admin, bo) = (app.founder().await, app.member("bo").await);
    let post = wrote(&app, &bo, "Who has a kiln?", 50, Audience::Community).await;
    assert!(app.front.services.timeline.take_back(&bo.me().await, post).await.expect("taken back"));
    let refused = without_script(&admin, "/hosting/sparks", ANSWER, &[("post", &post.to_string()), ("markdown", "I have one.")]).await;
    let page = shown(&admin, &refused.header("location")).await;
    assert!(page.contains("What you wrote:") && page.contains("I have one."), "{page}");
}

#[tokio::test]
async fn what_needs_no_answer_is_set_aside_for_all_hosts() {
    let app = TestApp::start().await.founded().await;
    let (admin, other, bo) = (app.founder().await, host(&app, "ana").await, app.member("bo").await);
    let post = wrote(&app, &bo, "Good night.", 50, Audience::Community).await.to_string();
    let done = without_script(&admin, "/hosting/sparks", SET_ASIDE, &[("post", &post)]).await;
    let page = shown(&admin, &done.header("location")).await;
    assert!(page.contains("It needs no answer. No host is shown it here any more.") && page.contains("Take that back"), "{page}");
    assert!(shown(&other, "/hosting/sparks").await.contains("Nobody waits."));
    assert!(!shown(&other, "/hosting").await.contains("Unanswered"));
    let back = without_script(&admin, "/hosting/sparks", SET_ASIDE, &[("post", &post), ("back", "true")]).await;
    assert!(shown(&admin, &back.header("location")).await.contains("Good night."));
}

#[tokio::test]
async fn for_a_member_there_is_nothing_of_sparks_at_any_address_or_in_any_answer() {
    let app = TestApp::start().await.founded().await;
    let (admin, bo, visitor) = (app.founder().await, app.member("bo").await, app.visitor());
    let post = wrote(&app, &bo, "Who has a kiln?", 50, Audience::Community).await.to_string();
    let tomorrow = (Utc::now() + chrono::Duration::days(2)).date_naive().to_string();
    assert_eq!(admin.post(LIGHT, &spark("A secret plan?", "day", &tomorrow, "09:00")).await.status, 200);
    assert_eq!(admin.post(KEEP, &[("form[words]", "A secret prompt?")]).await.status, 200);
    let coming = app.front.services.sparks.coming(&as_host(&admin).await).await.expect("answers")[0].id.to_string();
    let prompt = app.front.services.sparks.prompts(&as_host(&admin).await).await.expect("answers")[0].own.clone().expect("own").0;
    let pages = [
        "/hosting/sparks".to_owned(),
        "/hosting/sparks/new".into(),
        "/hosting/sparks/unanswered".into(),
        format!("/hosting/sparks/new?from=post-{post}"),
        "/hosting/sparks/prompts".into(),
        format!("/hosting/sparks/prompts/{prompt}"),
        format!("/hosting/sparks/{coming}"),
    ];
    for page in &pages {
        let (hidden, nothing) = (bo.get(page).await, bo.get("/hosting/nothing-of-the-kind").await);
        assert_eq!((hidden.status, nothing.status), (404, 404), "{page}");
        assert!(!hidden.text().contains("secret") && !hidden.text().contains("kiln"), "{page}");
        assert!(visitor.get(page).await.header("location").starts_with("/sign-in"), "{page}");
        assert_eq!(admin.get(page).await.status, 200, "{page}");
    }
    let id = prompt.to_string();
    let functions: [(&str, Vec<(&str, &str)>); 7] = [
        (ANSWER, vec![("post", &post), ("markdown", "Me.")]),
        (SET_ASIDE, vec![("post", &post)]),
        (LIGHT, spark("Mine?", "now", "", "")),
        (CHANGE, [vec![("id", coming.as_str())], spark("Mine?", "now", "", "")].concat()),
        (HOLD, vec![("id", &coming), ("hold", "stop")]),
        (KEEP, vec![("form[words]", "Mine?")]),
        (REMOVE, vec![("id", &id)]),
    ];
    for (path, fields) in functions {
        let refused = bo.post(path, &fields).await;
        assert_eq!(refused.status, 404, "{path}: {}", refused.text());
        assert!(!refused.text().contains("secret"), "{path}");
        assert_eq!(visitor.post(path, &fields).await.status, 401, "{path}");
    }
    let page = shown(&admin, "/hosting/sparks").await;
    assert!(page.contains("A secret plan?") && page.contains("Who has a kiln?"), "nothing of it was done");
    assert!(shown(&admin, "/hosting/sparks/prompts").await.contains("A secret prompt?"));
}

#[tokio::test]
async fn a_spark_that_is_refused_says_why_and_keeps_what_was_typed() {
    let app = TestApp::start().await.founded().await;
    let admin = app.founder().await;
    let from = "/hosting/sparks/new?when=weekly";
    for (form, says) in [
        (spark(" ", "now", "", ""), "What you ask is still empty."),
        (spark("Mine?", "day", "", "09:00"), "On which day? Choose one."),
        (spark("Mine?", "day", "2026-01-01", "09:00"), "That moment is not to come"),
        (spark("Mine?", "day", "2999-01-01", "09:00"), "That moment is not to come"),
        (spark("Mine?", "weekly", "", "nine"), "At what time? Write it as 09:00."),
    ] {
        let refused = without_script(&admin, from, LIGHT, &form).await;
        let page = shown(&admin, &refused.header("location")).await;
        assert!(page.contains(says), "{says}: {page}");
        assert!(form[0].1 == " " || page.contains("Mine?"), "{page}");
        assert!(page.contains(&format!("value=\"{}\" checked", form[1].1)), "{}: {page}", form[1].1);
    }
    let refused = without_script(
        &admin,
        "/hosting/sparks/prompts",
        KEEP,
        &[("form[words]", &"x".repeat(501)), ("form[kind]", "food"), ("form[mood]", "warm")],
    )
    .await;
    let page = shown(&admin, &refused.header("location")).await;
    assert!(page.contains(&"x".repeat(501)) && page.contains("is too long"), "{page}");
}

#[tokio::test]
async fn a_spark_that_is_sent_is_a_post_like_all_others() {
    let app = TestApp::start().await.founded().await;
    let (admin, bo) = (app.founder().await, app.member("bo").await);
    let mut live = bo.listens().await;
    let form = [spark("What are you *making*, @bo?", "now", "", ""), vec![("form[prompt]", "making-now")]].concat();
    let sent = without_script(&admin, "/hosting/sparks/new", LIGHT, &form).await;
    let address = sent.header("location");
    assert!(address.starts_with("/posts/"), "{address}");
    loop {
        if live.next().await.expect("an event").data.contains("osted") {
            break;
        }
    }
    let page = bo.get(&address).await.text();
    assert!(page.contains("What are you <em>making</em>"), "{page}");
    assert!(!page.to_lowercase().contains("spark"), "nothing marks it: {page}");
    assert!(bo.get("/notifications").await.text().contains("mentioned you"));
    let id = PostId(address.trim_start_matches("/posts/").parse().expect("an id"));
    let cy = app.member("cy").await;
    let first = bo.replies(id, "Soup.").await;
    cy.replies(first, "Which?").await;
    let page = shown(&admin, "/hosting/sparks").await;
    for says in ["You asked on", "Two people answered. Two others fell to talking."] {
        assert!(page.contains(says), "{says}: {page}");
    }
    let prompts = shown(&admin, "/hosting/sparks/prompts?kind=making&mood=warm").await;
    assert!(prompts.contains("by House-host, two answered."), "{prompts}");
    let last = prompts.rfind("What are you making this week?").expect("listed");
    assert!(prompts.find("What did you last make for somebody else?").expect("listed") < last, "what was asked lately comes last");
    assert!(!prompts.contains("What is in the pot tonight?"));
    assert!(app.front.services.timeline.take_back(&admin.me().await, id).await.expect("taken back"));
    assert!(shown(&admin, "/hosting/sparks").await.contains("It was taken back since, and its words are gone."));
}

#[tokio::test]
async fn what_is_to_come_is_everybodys_to_see_and_its_authors_to_reword() {
    let app = TestApp::start().await.founded().await;
    let (admin, other) = (app.founder().await, host(&app, "ana").await);
    assert_eq!(without_script(&admin, "/hosting/sparks/new", LIGHT, &spark("First?\nSecond?", "weekly", "", "09:00")).await.status, 303);
    let id = app.front.services.sparks.coming(&as_host(&admin).await).await.expect("answers")[0].id.to_string();
    let theirs = shown(&other, "/hosting/sparks").await;
    for says in
        ["House-host", "each Monday at 09:00, next on", "First?", "Then one more, in turn", "Pause it", "Leave the next one out", "Stop it"]
    {
        assert!(theirs.contains(says), "{says}: {theirs}");
    }
    let address = format!("/hosting/sparks/{id}");
    assert!(!theirs.contains(&format!("href=\"{address}\"")));
    assert_eq!(other.get(&address).await.status, 404, "nobody rewords what another says");
    let mine = shown(&admin, &address).await;
    assert!(mine.contains("First?\nSecond?") && mine.contains("value=\"weekly\" checked"), "{mine}");
    let change = [vec![("id", id.as_str())], spark("Anew?", "weekly", "", "10:30")].concat();
    let refused = other.post(CHANGE, &change).await;
    assert!(refused.status == 422 && refused.text().contains("not to come any more"), "{}", refused.text());
    assert_eq!(without_script(&admin, &address, CHANGE, &change).await.status, 303);
    assert!(shown(&other, "/hosting/sparks").await.contains("each Monday at 10:30"));

    assert_eq!(holds(&app, &other, "pause").await, "/hosting/sparks?done=paused#coming");
    let rests = shown(&admin, "/hosting/sparks").await;
    assert!(rests.contains("it rests, since Ana paused it") && rests.contains("Let it go on"), "{rests}");
    assert!(!shown(&other, "/hosting/sparks").await.contains("Let it go on"));
    assert_eq!(holds(&app, &other, "go-on").await, "/hosting/sparks?done=changed#coming");
    assert!(shown(&admin, "/hosting/sparks").await.contains("it rests"), "it goes on by its author alone");
    assert!(shown(&admin, &address).await.contains("goes on resting when you keep this"));
    assert_eq!(without_script(&admin, &address, CHANGE, &change).await.status, 303);
    assert!(shown(&admin, "/hosting/sparks").await.contains("it rests"), "what was reworded goes on resting");
    holds(&app, &admin, "go-on").await;
    assert!(shown(&admin, "/hosting/sparks").await.contains("next on"));
    let stop = [("id", id.as_str()), ("seen", "1"), ("hold", "stop")];
    let stale = without_script(&other, "/hosting/sparks", HOLD, &stop).await;
    assert!(shown(&other, &stale.header("location")).await.contains("It has changed since you looked at it, so nothing was done."));
    holds(&app, &other, "stop").await;
    assert!(shown(&admin, "/hosting").await.contains("A spark of House-host’s was not sent."));
    assert!(!shown(&other, "/hosting").await.contains("was not sent."), "whoever stopped it knows");
    let page = shown(&admin, "/hosting/sparks").await;
    assert!(page.contains("Ana stopped it on") && page.contains("Send it after all"), "{page}");
    let late = without_script(&admin, &address, CHANGE, &change).await;
    assert!(shown(&admin, &late.header("location")).await.contains("Anew?"), "what was typed is kept");
}

#[tokio::test]
async fn of_a_button_that_is_pressed_twice_one_week_is_left_out_and_one_post_is_made() {
    let app = TestApp::start().await.founded().await;
    let (admin, bo) = (app.founder().await, app.member("bo").await);
    for _ in 0..2 {
        assert_eq!(admin.post(LIGHT, &spark("What are you making?", "now", "", "")).await.status, 200);
        assert_eq!(admin.post(LIGHT, &spark("Each week?", "weekly", "", "09:00")).await.status, 200);
    }
    assert_eq!(bo.get("/").await.text().matches("<p>What are you making?</p>").count(), 1);
    let coming = async || app.front.services.sparks.coming(&as_host(&admin).await).await.expect("answers");
    let first = coming().await;
    assert_eq!(first.len(), 1);
    let id = first[0].id.to_string();
    let page = shown(&admin, "/hosting/sparks").await;
    let (_, seen) = page.split_once("name=\"seen\" value=\"").expect("the form says what was seen");
    let skip = [("id", id.as_str()), ("seen", seen.split('"').next().expect("a number")), ("hold", "skip")];
    let [once, twice] = [admin.post(HOLD, &skip).await.status, admin.post(HOLD, &skip).await.status];
    assert_eq!([once, twice], [200, 200]);
    assert_eq!((coming().await[0].new.date - first[0].new.date).num_days(), 7);
}

#[tokio::test]
async fn a_spark_is_sent_when_its_time_has_come_and_its_author_is_a_host() {
    let app = TestApp::start_idle().await.founded().await;
    let (admin, ana, bo) = (app.founder().await, host(&app, "ana").await, app.member("bo").await);
    let sparks = &app.front.services.sparks;
    let plan = async |by: &Client, new: NewComing| {
        app.front.store.plan(&as_host(by).await, &new, Timestamp(1_793_620_800_000)).await.expect("plans");
    };
    plan(&admin, hours_ago(1, &["Is it morning?", "Is it Monday?"], true)).await;
    plan(&admin, hours_ago(5, &["Still good?"], false)).await;
    plan(&admin, hours_ago(7, &["Too late?"], false)).await;
    plan(&ana, hours_ago(1, &["In whose name?"], true)).await;
    let boss = admin.viewer().await.admin().expect("an admin");
    app.front.services.people.change_role(&boss, "ana", Role::Member).await.expect("a member");
    let (one, two) = tokio::join!(sparks.send_due(), sparks.send_due());
    one.and(two).expect("sends");
    sparks.send_due().await.expect("sends");

    let timeline = bo.get("/").await.text();
    assert_eq!([timeline.matches("<p>Is it morning?</p>").count(), timeline.matches("<p>Still good?</p>").count()], [1, 1]);
    assert!(!timeline.contains("Too late?") && !timeline.contains("In whose name?"));
    let page = shown(&admin, "/hosting/sparks").await;
    for says in [
        "Is it Monday?",
        "this place was not running when its time came",
        "Ana is no host any more, so it comes no more.",
        "Say it yourself",
    ] {
        assert!(page.contains(says), "{says}: {page}");
    }
    assert!(shown(&admin, "/hosting").await.contains("was not sent."));
    assert_eq!(sparks.coming(&as_host(&admin).await).await.expect("answers").len(), 1, "the weekly one of a host");
}

#[tokio::test]
async fn proposals_show_their_evidence_and_open_the_form_with_a_draft() {
    let app = TestApp::start().await.founded().await;
    let (admin, bo, cy, di) = (app.founder().await, app.member("bo").await, app.member("cy").await, app.member("di").await);
    let root = wrote(&app, &bo, "A kiln", 24 * 6, Audience::Community).await;
    for (by, words, hours) in [(&cy, "Lovely.", 24 * 6 - 1), (&di, "Who fires it, and when?", 24 * 5)] {
        let reply = NewPost {
            markdown: words.into(),
            html: SafeHtml::default(),
            note: None,
            audience: Audience::Community,
            named: Vec::new(),
            pictures: Vec::new(),
            mentioned: Vec::new(),
            tags: Vec::new(),
            excerpt: words.into(),
            at: SystemClock.now().plus_seconds(-3600 * hours),
        };
        app.front.store.keep_reply(&by.me().await, root, &reply).await.expect("keeps");
    }
    let page = shown(&admin, "/hosting/sparks").await;
    assert!(
        page.contains("Three people talked, and it ended on") && page.contains("with what Di asked: “Who fires it, and when?”"),
        "{page}"
    );
    let (_, after) = page.split_once("/hosting/sparks/new?from=paused-").expect("a way on");
    let key = after.split('"').next().expect("a key");
    let form = shown(&admin, &format!("/hosting/sparks/new?from=paused-{key}")).await;
    assert!(form.contains("@di asked: “Who fires it, and when?”") && form.contains(&format!("(/posts/{root})")), "{form}");
    assert!(form.contains("Three people talked"), "its evidence stands there, too");
    let question = wrote(&app, &bo, "Who has clay?", 50, Audience::Community).await;
    let form = shown(&admin, &format!("/hosting/sparks/new?from=post-{question}")).await;
    assert!(form.contains("@bo asked: “Who has clay?”"), "{form}");
    assert!(!shown(&admin, "/hosting/sparks/new?from=post-7").await.contains("asked"), "what is not there makes no draft");
    let prompt = shown(&admin, "/hosting/sparks/new?prompt=bread").await;
    assert!(prompt.contains("Where does your bread come from?") && prompt.contains("value=\"bread\""), "{prompt}");
}

#[tokio::test]
async fn hosts_keep_prompts_of_their_own_for_all_of_them() {
    let app = TestApp::start().await.founded().await;
    let (admin, other) = (app.founder().await, host(&app, "ana").await);
    let keep = [("form[words]", "Tea or coffee?"), ("form[kind]", "food"), ("form[mood]", "lively")];
    assert_eq!(
        without_script(&admin, "/hosting/sparks/prompts", KEEP, &keep).await.header("location"),
        "/hosting/sparks/prompts?done=kept"
    );
    let page = shown(&other, "/hosting/sparks/prompts?kind=food&mood=lively").await;
    assert!(page.contains("Tea or coffee?") && page.contains("kept by House-host"), "{page}");
    assert!(
        page.find("Tea or coffee?").expect("there") < page.find("Who has too much of something?").expect("there"),
        "one’s own come first"
    );
    let (_, after) = page.split_once("href=\"/hosting/sparks/prompts/").expect("a way to reword it");
    let id = after.split('"').next().expect("an id");
    let address = format!("/hosting/sparks/prompts/{id}");
    assert!(shown(&other, &address).await.contains("Tea or coffee?"));
    let reword = [("id", id), ("form[words]", "Tea?"), ("form[kind]", "food"), ("form[mood]", "light")];
    assert_eq!(without_script(&other, &address, KEEP, &reword).await.status, 303);
    assert!(shown(&admin, "/hosting/sparks/prompts?mood=light").await.contains("Tea?"));
    assert_eq!(
        without_script(&admin, "/hosting/sparks/prompts", REMOVE, &[("id", id)]).await.header("location"),
        "/hosting/sparks/prompts?done=removed"
    );
    assert_eq!(other.get(&address).await.status, 404);
    let gone = without_script(&other, &address, KEEP, &reword).await;
    let page = shown(&other, &gone.header("location")).await;
    assert!(page.contains("Somebody took this prompt away meanwhile.") && page.contains("Tea?") && !page.contains("name=\"id\""), "{page}");
}
