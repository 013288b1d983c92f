//! Many hands: the rota, being away, one's own time; and handing the place over. Who may see what, by address and by answer.

use crate::app::{Client, PASSWORD, TestApp};
use domain::{
    hands::{
        HandsStore, Taking,
        meter::MeterStore,
        weeks::{Week, date_at},
    },
    people::Role,
    time::{Clock, SystemClock, Zone},
};
use std::collections::BTreeMap;

const TAKE: &str = "/api/hosting/weeks/take";
const AWAY: &str = "/api/settings/away";
const BEGIN: &str = "/api/hand-over/begin";
const ANSWER: &str = "/api/hand-over/answer";
const FINISH: &str = "/api/hand-over/finish";

/// The community's zone.
fn zone() -> Zone {
    Zone::parse("Europe/Lisbon").expect("a zone")
}

/// A week, so many after this one.
fn week(later: u32) -> Week {
    Week::at(SystemClock.now(), &zone()).plus(later)
}

/// Makes somebody what they are to be.
async fn becomes(app: &TestApp, name: &str, role: Role) {
    let admin = app.founder().await.viewer().await.admin().expect("an admin");
    app.front.services.people.change_role(&admin, name, role).await.expect("changed");
}

/// A new host.
async fn host(app: &TestApp, name: &str) -> Client {
    let client = app.member(name).await;
    becomes(app, name, Role::Host).await;
    client
}

/// Gives a host so many seconds of this week.
async fn gave(app: &TestApp, client: &Client, seconds: i64) {
    let host = client.viewer().await.host().expect("a host");
    assert!(app.front.store.add_time(&host, &BTreeMap::from([(week(0), seconds)]), SystemClock.now()).await.expect("kept"));
}

async fn role(client: &Client) -> Role {
    client.me().await.role
}

#[tokio::test]
async fn hosts_take_weeks_and_the_desk_says_whose_it_is() {
    let app = TestApp::start_idle().await.founded().await;
    let founder = app.founder().await;
    let alone = founder.get("/hosting/hands").await.text();
    assert!(alone.contains("You are the only host") && !alone.contains("other hosts"), "there are none: {alone}");
    assert!(founder.get("/admin/hand-over").await.text().contains("There is nobody yet to whom it could go."));
    assert!(!founder.get("/hosting").await.text().contains("Nobody has"), "who hosts alone needs no rota");
    let (bo, cy) = (host(&app, "bo").await, host(&app, "cy").await);
    assert!(founder.get("/hosting").await.text().contains("Nobody has a week yet."));
    assert_eq!(bo.post(TAKE, &[("week", &week(0).to_string())]).await.status, 200);
    assert_eq!(cy.post(TAKE, &[("week", &week(1).to_string())]).await.status, 200);
    let desk = founder.get("/hosting").await.text().replace(['\u{2068}', '\u{2069}'], "");
    assert!(desk.contains("This week is Bo’s; next week is Cy’s."), "{desk}");
    assert!(bo.get("/hosting").await.text().contains("This week is yours"));
    let refused = cy.post(TAKE, &[("week", &week(0).to_string())]).await;
    assert!(refused.status == 422 && refused.text().contains("Bo has that week by now."), "{}", refused.text());
    for (text, status) in [(week(40).to_string(), 422), ("2026-12-01".to_owned(), 400), ("soon".to_owned(), 400)] {
        assert_eq!(cy.post(TAKE, &[("week", &text)]).await.status, status, "{text}");
    }
}

#[tokio::test]
async fn weeks_are_shared_out_and_swapped_with_whoever_agrees() {
    let app = TestApp::start_idle().await.founded().await;
    let (founder, bo) = (app.founder().await, host(&app, "bo").await);
    let me = founder.me().await.name.to_string();
    let order = [("form[order][1]", "bo"), ("form[order][2]", me.as_str()), ("form[weeks]", "4")];
    assert_eq!(founder.post("/api/hosting/weeks/share", &order).await.status, 200);
    let (first, second) = (week(0).to_string(), week(1).to_string());
    let asks = [("mine", first.as_str()), ("theirs", second.as_str())];
    assert_eq!(founder.post("/api/hosting/weeks/ask-swap", &asks).await.status, 422, "bo has the first");
    assert_eq!(bo.post("/api/hosting/weeks/ask-swap", &asks).await.status, 200);
    assert!(founder.get("/hosting").await.text().contains("A swap"));
    assert!(founder.get("/notifications").await.text().contains("asks whether you would swap weeks"));
    assert_eq!(bo.post("/api/hosting/weeks/answer-swap", &[("mine", &first), ("agree", "yes")]).await.status, 422, "nobody asked bo");
    assert_eq!(founder.post("/api/hosting/weeks/answer-swap", &[("mine", &first), ("agree", "yes")]).await.status, 200);
    // A week that is over by now is no use to anybody.
    let (before, later) = (Week::at(SystemClock.now().plus_days(-7), &zone()), week(11));
    for (by, week) in [(&bo, before), (&founder, later)] {
        let by = by.viewer().await.host().expect("a host");
        app.front.store.take_week(&by, Taking { week, from: None, begun: false }).await.expect("takes");
    }
    app.front.store.ask_swap(&bo.viewer().await.host().expect("a host"), before, later, SystemClock.now()).await.expect("asks");
    let late = founder.post("/api/hosting/weeks/answer-swap", &[("mine", &before.to_string()), ("agree", "yes")]).await;
    assert!(late.status == 422 && late.text().contains("Changed"), "{}", late.text());
    assert!(founder.get("/hosting").await.text().contains("This week is yours; next week is"));
    let refused = founder.post("/api/hosting/weeks/share", &[("form[order][1]", "bo"), ("form[weeks]", "99")]).await;
    assert!(refused.status == 422 && refused.text().contains("from 1 to 12"), "{}", refused.text());
}

#[tokio::test]
async fn the_week_that_begins_is_told_once() {
    let app = TestApp::start_idle().await.founded().await;
    let (_founder, bo) = (app.founder().await, host(&app, "bo").await);
    let host = bo.viewer().await.host().expect("a host");
    let order = domain::hands::ShareForm { order: BTreeMap::from([("1".to_owned(), "bo".to_owned())]), weeks: "1".into() };
    let by = app.founder().await.viewer().await.host().expect("a host");
    assert_eq!(app.front.services.hands.share(&by, &order, &zone()).await.expect("shared"), 1);
    for _ in 0..3 {
        app.front.services.hands.begin_week().await.expect("told");
    }
    assert_eq!(bo.get("/notifications").await.text().matches("This week is yours as a host.").count(), 1);
    assert!(app.front.services.hands.give_back(&host, week(0)).await.expect("given back"));
}

#[tokio::test]
async fn who_is_away_is_told_to_hosts_and_to_nobody_else() {
    let app = TestApp::start_idle().await.founded().await;
    let (founder, bo, member) = (app.founder().await, host(&app, "bo").await, app.member("di").await);
    assert_eq!(bo.post(TAKE, &[("week", &week(1).to_string())]).await.status, 200);
    let (from, to) = (date_at(SystemClock.now(), &zone()), week(1).last_day());
    let away = [
        ("form[from]", from.to_string()),
        ("form[to]", to.to_string()),
        ("form[word]", "At the sea, gladly".to_owned()),
        ("desk", "yes".to_owned()),
    ];
    let away: Vec<(&str, &str)> = away.iter().map(|(name, value)| (*name, value.as_str())).collect();
    assert_eq!(bo.post(AWAY, &away).await.status, 200);
    for page in ["/hosting", "/hosting/hands", "/hosting/round"] {
        assert!(founder.get(page).await.text().contains("At the sea, gladly"), "{page}");
    }
    assert!(founder.get("/hosting").await.text().contains("A week is offered"));
    for page in ["/", "/people", "/people/bo", "/notifications", "/settings/greeting"] {
        let page = member.get(page).await.text();
        assert!(!page.contains("At the sea") && !page.contains("is away"), "{page}");
    }
    assert_eq!(founder.post(TAKE, &[("week", &week(1).to_string())]).await.status, 200);
    assert_eq!(bo.post("/api/settings/back", &[("desk", "yes")]).await.status, 200);
    assert!(!founder.get("/hosting/hands").await.text().contains("At the sea"));
    // Whoever neither hosts nor greets is away from nothing.
    let refused = member.post(AWAY, &away).await;
    assert!(refused.status == 422 && refused.text().contains("You neither host nor greet"), "{}", refused.text());
    let refused = bo.post(AWAY, &[("form[to]", "never"), ("form[word]", "a word")]).await;
    assert!(refused.status == 422 && refused.text().contains("Until which day are you away?"), "{}", refused.text());
}

#[tokio::test]
async fn a_greeter_says_that_they_are_away_among_their_settings_and_is_not_proposed() {
    let app = TestApp::start_idle().await.founded().await;
    let (founder, bo, _new) = (app.founder().await, app.member("bo").await, app.member("di").await);
    assert_eq!(bo.post("/api/settings/greeting", &[("greets", "yes")]).await.status, 200);
    assert!(founder.get("/hosting/newcomers/di").await.text().contains("looks after nobody now"));
    assert!(bo.get("/settings/greeting").await.text().contains("Away for a while"));
    let to = week(2).last_day().to_string();
    assert_eq!(bo.post(AWAY, &[("form[to]", &to)]).await.status, 200);
    assert!(!founder.get("/hosting/newcomers/di").await.text().contains("looks after nobody now"));
    assert_eq!(founder.post("/api/newcomers/ask-greeter", &[("name", "di"), ("greeter", "bo")]).await.status, 422);
    assert_eq!(bo.post("/api/settings/back", &[]).await.status, 200);
    assert_eq!(founder.post("/api/newcomers/ask-greeter", &[("name", "di"), ("greeter", "bo")]).await.status, 200);
}

#[tokio::test]
async fn a_newcomer_is_told_who_would_show_them_round_until_they_have_seen_it() {
    let app = TestApp::start_idle().await.founded().await;
    let (founder, bo, new) = (app.founder().await, app.member("bo").await, app.member("di").await);
    assert_eq!(bo.post("/api/settings/greeting", &[("greets", "yes")]).await.status, 200);
    assert_eq!(founder.post("/api/newcomers/ask-greeter", &[("name", "di"), ("greeter", "bo")]).await.status, 200);
    assert_eq!(new.me().await.unread, 0);
    assert_eq!(bo.post("/api/greeting/answer", &[("name", "di"), ("accept", "yes")]).await.status, 200);
    assert_eq!(new.me().await.unread, 1);
    assert!(new.get("/welcome").await.text().contains("Bo"));
    assert_eq!(new.me().await.unread, 0, "their welcome has shown it");
    assert!(new.get("/notifications").await.text().contains("would like to show you round"));
}

#[tokio::test]
async fn a_hosts_time_is_read_by_that_host_alone() {
    let app = TestApp::start_idle().await.founded().await;
    let (founder, bo, cy, member) = (app.founder().await, host(&app, "bo").await, host(&app, "cy").await, app.member("di").await);
    gave(&app, &bo, 4800).await;
    gave(&app, &cy, 2 * 3600 + 41 * 60).await;
    assert!(bo.get("/hosting").await.text().contains("You gave 1 hour 20 minutes this week. Two hours are plenty."));
    let desk = cy.get("/hosting").await.text();
    assert!(desk.contains("You gave 2 hours 41 minutes this week.") && desk.contains("the others could take some of it"), "{desk}");
    let pages = [
        "/hosting",
        "/hosting/hands",
        "/hosting/round",
        "/hosting/people/bo",
        "/people/bo",
        "/people",
        "/admin",
        "/admin/roles",
        "/admin/hand-over",
    ];
    for address in pages {
        for who in [&founder, &member] {
            let page = who.get(address).await.text();
            assert!(!page.contains("1 hour 20") && !page.contains("2 hours 41"), "{address}: {page}");
        }
    }
    assert!(!cy.get("/hosting/hands").await.text().contains("1 hour 20"));
    // Turned off, nothing is said and nothing kept.
    assert_eq!(bo.post("/api/hosting/meter", &[]).await.status, 200);
    assert!(!bo.get("/hosting").await.text().contains("Two hours are plenty"));
    assert!(bo.get("/hosting/hands").await.text().contains("It is not counted, and nothing of it is kept."));
    assert_eq!(bo.post("/api/hosting/meter", &[("on", "yes")]).await.status, 200);
    assert!(bo.get("/hosting").await.text().contains("You have just begun this week."));
}

#[tokio::test]
async fn for_members_there_are_no_weeks() {
    let app = TestApp::start_idle().await.founded().await;
    let member = app.member("di").await;
    host(&app, "bo").await;
    assert_eq!(member.get("/hosting/hands").await.status, 404);
    let (first, second) = (week(0).to_string(), week(1).to_string());
    for (address, fields) in [
        (TAKE, vec![("week", first.as_str())]),
        ("/api/hosting/weeks/give-back", vec![("week", first.as_str())]),
        ("/api/hosting/weeks/share", vec![("form[order][1]", "di"), ("form[weeks]", "4")]),
        ("/api/hosting/weeks/ask-swap", vec![("mine", first.as_str()), ("theirs", second.as_str())]),
        ("/api/hosting/weeks/answer-swap", vec![("mine", first.as_str()), ("agree", "yes")]),
        ("/api/hosting/weeks/unask-swap", vec![("mine", first.as_str())]),
        ("/api/hosting/meter", vec![("on", "yes")]),
    ] {
        assert_eq!(member.post(address, &fields).await.status, 404, "{address}");
        assert_eq!(app.visitor().post(address, &fields).await.status, 401, "{address}");
    }
}

#[tokio::test]
async fn other_hosts_see_that_two_were_introduced_and_not_what_was_said() {
    let app = TestApp::start_idle().await.founded().await;
    let (founder, bo, _di, _ed) = (app.founder().await, host(&app, "bo").await, app.member("di").await, app.member("ed").await);
    let introduction = [
        ("form[one]", "di"),
        ("form[other]", "ed"),
        ("form[about_one]", "She fires a secret kiln."),
        ("form[about_other]", "He glazes."),
        ("wide", "thread"),
    ];
    assert_eq!(founder.post("/api/introductions/introduce", &introduction).await.status, 200);
    let page = bo.get("/hosting/introductions").await.text();
    assert!(page.contains("By other hosts, among themselves"), "{page}");
    let (_, fact) = page.split_once("By other hosts, among themselves").expect("there");
    for said in ["Di", "Ed", "House-host"] {
        assert!(fact.contains(said), "{said}: {fact}");
    }
    for kept in ["kiln", "glazes", "has written", "/posts/"] {
        assert!(!page.contains(kept), "{kept}: {page}");
    }
    assert!(bo.get("/hosting/introductions/new?one=ed&other=di").await.text().contains("introduced these two already"));
    assert!(!founder.get("/hosting/introductions").await.text().contains("By other hosts"));
    assert_eq!(app.member("flo").await.get("/hosting/introductions").await.status, 404);
}

#[tokio::test]
async fn an_introduction_begins_with_the_sentence_that_somebody_let_stand() {
    let app = TestApp::start_idle().await.founded().await;
    let (founder, di, _ed) = (app.founder().await, app.member("di").await, app.member("ed").await);
    let form = "/hosting/introductions/new?one=di&other=ed";
    let propose = [("name", "di"), ("words", "Hears what is wrong with a bicycle.")];
    assert_eq!(founder.post("/api/hosting/sentences/propose", &propose).await.status, 200);
    assert!(!founder.get(form).await.text().contains("Hears what is wrong"), "it waits for what she says");
    let stand = [("form[answer]", "stand"), ("form[seen]", "Hears what is wrong with a bicycle.")];
    assert_eq!(di.post("/api/settings/sentence", &stand).await.status, 200);
    assert!(founder.get(form).await.text().contains("Hears what is wrong with a bicycle.</textarea>"));
    assert_eq!(di.post("/api/settings/sentence", &[("form[answer]", "hide")]).await.status, 200);
    assert!(!founder.get(form).await.text().contains("Hears what is wrong"));
}

#[tokio::test]
async fn the_place_changes_hands_in_three_steps() {
    let app = TestApp::start_idle().await.founded().await;
    let (founder, bo, cy) = (app.founder().await, app.member("bo").await, app.member("cy").await);
    let giver = founder.me().await.name.to_string();
    assert_eq!(bo.get("/settings/hand-over").await.status, 404, "nothing is offered");
    assert_eq!(founder.post(FINISH, &[("to", "bo"), ("password", PASSWORD)]).await.status, 422, "nothing has begun");
    assert_eq!(founder.post(BEGIN, &[("form[name]", "bo"), ("form[becomes]", "host")]).await.status, 200);
    assert!(bo.get("/notifications").await.text().contains("would hand the place to you"));
    let offer = bo.get("/settings/hand-over").await.text();
    for says in ["You would be an admin", "If you’d rather not, nobody is told.", "a host"] {
        assert!(offer.contains(says), "{says}: {offer}");
    }
    let folder = app.folder().display().to_string();
    assert!(!offer.contains(&folder), "where it is kept is for admins");
    assert_eq!(cy.get("/settings/hand-over").await.status, 404);
    assert_eq!(founder.post(FINISH, &[("to", "bo"), ("password", PASSWORD)]).await.status, 422, "nobody has accepted");
    assert_eq!(cy.post(ANSWER, &[("giver", &giver), ("accept", "yes")]).await.status, 200);
    assert!(founder.get("/admin/hand-over").await.text().contains("is asked"), "what is not theirs changes nothing");
    assert_eq!(bo.post(ANSWER, &[("giver", &giver), ("accept", "yes")]).await.status, 200);
    assert_eq!((role(&founder).await, role(&bo).await), (Role::Admin, Role::Member), "until the last step nothing changes");
    let page = founder.get("/admin/hand-over").await.text();
    assert!(page.contains("would do it") && page.contains(&folder), "{page}");
    let wrong = founder.post(FINISH, &[("to", "bo"), ("password", "some other words")]).await;
    assert!(wrong.status == 422 && wrong.text().contains("Your present password is not that one."), "{}", wrong.text());
    assert_eq!(founder.post(FINISH, &[("to", "cy"), ("password", PASSWORD)]).await.status, 422, "somebody else than was seen");
    assert_eq!(founder.post(FINISH, &[("to", "bo"), ("password", PASSWORD)]).await.status, 200);
    assert_eq!((role(&founder).await, role(&bo).await), (Role::Host, Role::Admin));
    assert_eq!(founder.get("/admin/hand-over").await.status, 404);
    assert_eq!(founder.get("/hosting").await.status, 200);
    assert!(bo.get("/admin/hand-over").await.text().contains("What an admin here should know"));
    assert!(bo.get("/notifications").await.text().contains("has handed the place to you"));
}

#[tokio::test]
async fn nobody_but_an_admin_begins_finishes_or_stops_it() {
    let app = TestApp::start_idle().await.founded().await;
    let (founder, bo, member) = (app.founder().await, host(&app, "bo").await, app.member("di").await);
    let giver = founder.me().await.name.to_string();
    assert_eq!(founder.post(BEGIN, &[("form[name]", "di"), ("form[becomes]", "member")]).await.status, 200);
    assert_eq!(member.post(ANSWER, &[("giver", &giver), ("accept", "yes")]).await.status, 200);
    for who in [&bo, &member] {
        assert_eq!(who.get("/admin/hand-over").await.status, 404);
        for (address, fields) in [
            (BEGIN, vec![("form[name]", "di"), ("form[becomes]", "member")]),
            (FINISH, vec![("to", "di"), ("password", PASSWORD)]),
            ("/api/hand-over/take-back", vec![]),
        ] {
            assert_eq!(who.post(address, &fields).await.status, 403, "{address}");
            assert_eq!(app.visitor().post(address, &fields).await.status, 401, "{address}");
        }
    }
    assert_eq!((role(&founder).await, role(&member).await), (Role::Admin, Role::Member));
    assert_eq!(founder.post("/api/hand-over/take-back", &[]).await.status, 200);
    assert_eq!(member.get("/settings/hand-over").await.status, 404);
    assert_eq!(founder.post(FINISH, &[("to", "di"), ("password", PASSWORD)]).await.status, 422);
}

#[tokio::test]
async fn that_somebody_would_rather_not_shows_nowhere() {
    let app = TestApp::start_idle().await.founded().await;
    let (founder, bo) = (app.founder().await, app.member("bo").await);
    let giver = founder.me().await.name.to_string();
    assert_eq!(founder.post(BEGIN, &[("form[name]", "bo"), ("form[becomes]", "host")]).await.status, 200);
    let before = (founder.get("/admin/hand-over").await.text(), founder.me().await.unread);
    assert_eq!(bo.post(ANSWER, &[("giver", &giver)]).await.status, 200);
    assert_eq!((founder.get("/admin/hand-over").await.text(), founder.me().await.unread), before);
    for (name, becomes, says) in [
        ("nobody-here", "host", "There is nobody of that name here."),
        (giver.as_str(), "host", "That is you."),
        ("bo", "keeper", "Choose what you will be yourself"),
    ] {
        let refused = founder.post(BEGIN, &[("form[name]", name), ("form[becomes]", becomes)]).await;
        assert!(refused.status == 422 && refused.text().contains(says), "{says}: {}", refused.text());
    }
}
