//! The pulse: hosts read names, members figures and their own, and visitors nothing.

use crate::app::{Client, TestApp};
use domain::{
    ids::PostId,
    invitations::{InvitationForm, InvitationStore, NewMember},
    people::{Handle, ProfileForm, Role},
    pulse::{Pulse, quiet::hour_of},
    time::{Clock, SystemClock, Timestamp, Zone},
    timeline::{Audience, NewPost, TimelineStore},
};
use std::sync::Arc;
use store::Store;

struct At(Timestamp);

impl Clock for At {
    fn now(&self) -> Timestamp {
        self.0
    }
}

fn days_ago(days: i64) -> Timestamp {
    SystemClock.now().plus_days(-days)
}

fn text(words: &str, at: Timestamp) -> NewPost {
    NewPost {
        markdown: words.into(),
        html: domain::prose::SafeHtml::from_sanitizer(format!("<p>{words}</p>")),
        note: None,
        audience: Audience::Community,
        named: Vec::new(),
        pictures: Vec::new(),
        mentioned: Vec::new(),
        tags: Vec::new(),
        excerpt: words.into(),
        at,
    }
}

fn store(app: &TestApp) -> &Store {
    &app.front.store
}

async fn posts(app: &TestApp, who: &Client, words: &str, at: Timestamp) -> PostId {
    store(app).keep_post(&who.me().await, &text(words, at)).await.expect("keeps")
}

async fn replies(app: &TestApp, who: &Client, to: PostId, at: Timestamp) -> PostId {
    store(app).keep_reply(&who.me().await, to, &text("I do.", at)).await.expect("keeps")
}

/// What the clock does.
async fn counts(app: &TestApp) {
    let kept = Arc::new(store(app).clone());
    let now = SystemClock.now();
    Pulse::new((kept.clone(), kept.clone(), kept.clone()), kept, Arc::new(At(now))).count().await.expect("counts");
}

/// Somebody who used to come every other day, until three weeks ago.
async fn used_to_come(app: &TestApp, who: &Client) {
    for day in 0..7 {
        posts(app, who, "Here again.", days_ago(21 + 2 * day)).await;
    }
}

const LEAVE_BE: &str = "/api/pulse/leave-be";
const LOOK_OUT_FOR: &str = "/api/pulse/look-out-for";
const WRITE: &str = "/api/pulse/write";

#[tokio::test]
async fn a_host_reads_who_has_not_been_here_for_a_while_and_what_to_do_about_it() {
    let app = TestApp::start_idle().await.founded().await;
    let (host, bo, cy) = (app.founder().await, app.member("bo").await, app.member("cy").await);
    let secret = "Nobody else may read this.";
    used_to_come(&app, &bo).await;
    let named = NewPost { audience: Audience::Named, named: vec![cy.me().await.id], ..text(secret, days_ago(30)) };
    store(&app).keep_post(&bo.me().await, &named).await.expect("keeps");
    counts(&app).await;
    let page = host.get("/hosting/pulse").await.text();
    for said in ["Used to come every other day", "Last wrote on", "/hosting/pulse/bo", "/hosting/people/bo#notes", "Leave them be"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(!page.contains(secret));
    let desk = host.get("/hosting").await.text();
    assert!(desk.contains("used to come, and has not for a while.") && desk.contains("/hosting/pulse#drifting"), "{desk}");
    // Nothing of it is told to anybody.
    assert!(!bo.get("/notifications").await.text().contains("while"));

    assert_eq!(host.post(LEAVE_BE, &[("name", "bo")]).await.status, 200);
    let page = host.get("/hosting/pulse?done=left-be").await.text();
    assert!(page.contains("They are left be for two months") && page.contains("Left be") && !page.contains("Used to come"), "{page}");
    assert!(!host.get("/hosting").await.text().contains("has not for a while"));
    assert_eq!(host.post(LOOK_OUT_FOR, &[("name", "bo")]).await.status, 200);
    assert!(host.get("/hosting/pulse").await.text().contains("Used to come every other day"));
    assert_eq!(host.post(LEAVE_BE, &[("name", "nobody")]).await.status, 200, "who is not here is left be anyway");
}

#[tokio::test]
async fn a_silence_where_it_is_usually_lively_stands_on_the_desk_until_somebody_speaks() {
    let app = TestApp::start_idle().await.founded().await;
    let host = app.founder().await;
    // Whoever was here first tells for how long the place has been there.
    let form = InvitationForm { name: "Bo".into(), ..InvitationForm::default() };
    let invitation = app.front.services.invitations.invite(&host.me().await, &form).await.expect("an invitation");
    let zone = Zone::utc();
    let profile = ProfileForm { display_name: "Bo".into(), time_zone: "UTC".into(), ..ProfileForm::default() }.check().expect("fits");
    let name = Handle::parse("bo").expect("a name");
    let member = NewMember { name, password_hash: String::new(), profile, role: Role::Member, at: days_ago(100) };
    let bo = app.signed_in(store(&app).join(&invitation.code, &member).await.expect("joins")).await;
    let is_quiet = async || {
        let (desk, pulse) = (host.get("/hosting").await.text(), host.get("/hosting/pulse").await.text());
        let on_desk = desk.contains("<p class=\"row-title\">Quiet</p>");
        let said = "there are usually 5 posts, replies and reactions. Since ";
        assert_eq!([desk.contains(said), desk.contains("Today, hour by hour"), pulse.contains(said)], [on_desk; 3], "{desk}");
        on_desk
    };
    assert!(!is_quiet().await, "nothing is usual yet");
    // The hours around this one, each a week and twelve weeks ago: whether the clocks were put back or forward since, the last one is among them.
    let this_hour = hour_of(SystemClock.now(), &zone);
    for week in 1..=12 {
        for hour in -2..=1 {
            for minute in 0..5 {
                let at = this_hour.plus_days(-7 * week).plus_seconds(3600 * hour + 60 * (3 + minute));
                posts(&app, &bo, "Who has a ladder?", at).await;
            }
        }
    }
    counts(&app).await;
    assert!(is_quiet().await);
    for _ in 0..3 {
        posts(&app, &bo, "I have one.", SystemClock.now()).await;
    }
    assert!(!is_quiet().await, "it is on the desk only as long as it matters");
    assert!(host.get("/hosting/pulse").await.text().contains("It is about as lively as it usually is at this time."));
}

#[tokio::test]
async fn a_host_writes_to_somebody_in_their_own_words_and_to_nobody_else() {
    let app = TestApp::start_idle().await.founded().await;
    let (host, bo, cy) = (app.founder().await, app.member("bo").await, app.member("cy").await);
    let form = host.get("/hosting/pulse/bo").await.text();
    assert!(form.contains("Hello Bo, ") && form.contains("you see them"), "{form}");
    let refused = host.post(WRITE, &[("name", "bo"), ("markdown", "  ")]).await;
    assert_eq!(refused.status, 422);
    assert_eq!(host.post(WRITE, &[("name", "bo"), ("markdown", "Hello Bo, how is the kiln?")]).await.status, 200);
    assert!(bo.get("/").await.text().contains("how is the kiln?"));
    assert!(!cy.get("/").await.text().contains("how is the kiln?"));
    for gone in ["/hosting/pulse/nobody", "/hosting/pulse/house-host", "/hosting/pulse/bo/more"] {
        assert_eq!(host.get(gone).await.status, 404, "{gone}");
    }
}

#[tokio::test]
async fn a_host_reads_whom_nobody_spoke_with_and_which_newcomers_waited() {
    let app = TestApp::start_idle().await.founded().await;
    let (host, bo, cy) = (app.founder().await, app.member("bo").await, app.member("cy").await);
    let hello = posts(&app, &bo, "Hello, I fire a kiln.", days_ago(3)).await;
    let ladder = posts(&app, &cy, "Who has a ladder?", days_ago(3)).await;
    let answered = replies(&app, &host, ladder, days_ago(3).plus_seconds(3600)).await;
    counts(&app).await;
    let page = host.get("/hosting/pulse").await.text();
    assert!(page.contains("nobody answered them") && page.contains(&format!("/posts/{hello}")), "{page}");
    assert!(page.contains("Hello, I fire a kiln.") && page.contains("and not answered yet."), "{page}");
    assert!(!page.contains(&format!("/posts/{ladder}")) && !page.contains(&format!("/posts/{answered}")), "{page}");
    replies(&app, &cy, hello, SystemClock.now()).await;
    let page = host.get("/hosting/pulse").await.text();
    assert!(page.contains("and answered on") && page.contains("Nobody in the last month, as far as you can see."), "{page}");
}

#[tokio::test]
async fn the_pulse_of_all_says_nothing_of_a_few_and_names_nobody() {
    let app = TestApp::start_idle().await.founded().await;
    let bo = app.member("bo").await;
    let early = bo.get("/pulse").await.text();
    assert!(early.contains("It is too early to say."), "{early}");
    let ladder = posts(&app, &bo, "Who has a ladder?", days_ago(1)).await;
    counts(&app).await;
    let page = bo.get("/pulse").await.text();
    assert!(page.contains("too few of us wrote") && page.contains("too few to say"), "{page}");
    let mut people = Vec::new();
    for name in ["cy", "di", "eve", "fay", "gil"] {
        let who = app.member(name).await;
        replies(&app, &who, ladder, days_ago(1).plus_seconds(60)).await;
        people.push(who);
    }
    replies(&app, &bo, ladder, days_ago(1).plus_seconds(600)).await;
    counts(&app).await;
    let page = people[0].get("/pulse").await.text();
    for said in
        ["role=\"img\"", "<title id=\"conversations-title\"", "The figures as a table", "one conversation went both ways", "/pulse/mine"]
    {
        assert!(page.contains(said), "{said}: {page}");
    }
    let main = page.split("<main").nth(1).and_then(|main| main.split("</main>").next()).expect("a page");
    for name in [">Bo", ">Cy", "/people/", "style="] {
        assert!(!main.contains(name), "{name}: {main}");
    }
    // It is found from where the place tells of itself, and by nobody who is not of it.
    assert!(bo.get("/about").await.text().contains("href=\"/pulse\"") && bo.get("/rules").await.text().contains("href=\"/pulse\""));
    assert!(!app.visitor().get("/about").await.text().contains("/pulse"));
}

#[tokio::test]
async fn each_reads_their_own_time_here_and_nobody_elses() {
    let app = TestApp::start_idle().await.founded().await;
    let (host, bo, cy, di) = (app.founder().await, app.member("bo").await, app.member("cy").await, app.member("di").await);
    let ladder = posts(&app, &bo, "Who has a ladder?", days_ago(2)).await;
    replies(&app, &cy, ladder, days_ago(2).plus_seconds(60)).await;
    replies(&app, &bo, ladder, days_ago(1)).await;
    let page = bo.get("/pulse/mine").await.text();
    assert!(page.contains("/people/cy") && page.contains("nobody else sees this page") && page.contains("today"), "{page}");
    assert!(cy.get("/pulse/mine").await.text().contains("/people/bo"));
    for other in [&host, &di] {
        let page = other.get("/pulse/mine").await.text();
        assert!(
            page.contains("Nobody in the last three months.") && !page.contains("/people/bo") && !page.contains("/people/cy"),
            "{page}"
        );
    }
    assert_eq!(bo.get("/pulse/cy").await.status, 404);
    assert!(bo.get("/settings").await.text().contains("/pulse/mine"));
}

#[tokio::test]
async fn hosts_pages_and_functions_are_not_there_for_members_and_nothing_is_for_visitors() {
    let app = TestApp::start_idle().await.founded().await;
    let (bo, cy) = (app.member("bo").await, app.member("cy").await);
    used_to_come(&app, &cy).await;
    counts(&app).await;
    for address in ["/hosting/pulse", "/hosting/pulse/cy", "/hosting/pulse/nobody"] {
        let page = bo.get(address).await;
        assert!(page.status == 404 && !page.text().contains("Used to come"), "{address}");
    }
    for (function, fields) in
        [(LEAVE_BE, &[("name", "cy")][..]), (LOOK_OUT_FOR, &[("name", "cy")]), (WRITE, &[("name", "cy"), ("markdown", "Hello.")])]
    {
        assert_eq!(bo.post(function, fields).await.status, 404, "{function}");
        assert_eq!(app.visitor().post(function, fields).await.status, 401, "{function}");
    }
    assert!(!cy.get("/").await.text().contains("Hello."));
    for address in ["/pulse", "/pulse/mine", "/hosting/pulse"] {
        assert_eq!(app.visitor().get(address).await.header("location"), format!("/sign-in?next={address}"));
    }
}
