//! Blocking: what it does for whoever blocks, and that nobody else can tell, by any page, answer, hint or refusal.

use crate::{
    app::{Client, TestApp},
    doors::without_script,
};
use domain::{
    live::Hint,
    people::{ProfileForm, Role},
    timeline::Audience,
};

const BLOCK: &str = "/api/blocks/block";
const UNBLOCK: &str = "/api/blocks/unblock";
const INTRODUCE: &str = "/api/introductions/introduce";
const SETTINGS: &str = "/settings/blocks";

async fn blocks(who: &Client, name: &str) {
    assert_eq!(who.post(BLOCK, &[("name", name)]).await.status, 200);
}

async fn cares_about(app: &TestApp, who: &Client, interests: &str) {
    let me = who.me().await;
    let form = ProfileForm {
        display_name: me.display_name.clone(),
        line: format!("I am {}.", me.name),
        interests: interests.into(),
        time_zone: "UTC".into(),
        ..ProfileForm::default()
    };
    app.front.services.people.change_profile(&me, &form).await.expect("kept");
}

/// A page or an answer with its status; of a page what stands in it, without the letterhead, whose nonces are new each time.
async fn looks(who: &Client, address: &str) -> String {
    let answer = who.get(address).await;
    let text = answer.text();
    let main = text.split_once("<main").map_or(text.as_str(), |(_, main)| main.split("</main>").next().unwrap_or_default());
    format!("{} {main}", answer.status)
}

async fn all_looks(who: &Client, addresses: &[String]) -> Vec<(String, String)> {
    let mut looked = Vec::new();
    for address in addresses {
        looked.push((address.clone(), looks(who, address).await));
    }
    looked
}

/// With each number as one sign: ids and times are others in another place.
fn without_numbers(page: &str) -> String {
    let mut masked = String::new();
    for c in page.chars() {
        match c {
            '0'..='9' if masked.ends_with('#') => {}
            '0'..='9' => masked.push('#'),
            other => masked.push(other),
        }
    }
    masked
}

#[tokio::test]
async fn whom_i_blocked_is_mine_to_read_and_to_take_back() {
    let app = TestApp::start().await.founded().await;
    let (bo, cy, di) = (app.member("bo").await, app.member("cy").await, app.member("di").await);
    let page = bo.get(SETTINGS).await.text();
    for said in ["Block somebody", "Nobody is told: not they, not the hosts, not the admins.", "talk to a host", "/people/house-host"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(!page.contains("Whom you blocked"));
    // From somebody's page, a link leads to the form with their name in it.
    assert!(bo.get("/people/cy").await.text().contains("/settings/blocks?who=cy"));
    assert!(!bo.get("/people/bo").await.text().contains("/settings/blocks?who"), "nobody blocks themselves");
    assert!(bo.get("/settings/blocks?who=cy").await.text().contains("value=\"cy\""));
    assert!(!bo.get("/settings/blocks?who=bo").await.text().contains("value=\"bo\""));

    let done = without_script(&bo, "/settings/blocks?who=cy", BLOCK, &[("name", "cy")]).await;
    assert_eq!((done.status, done.header("location")), (303, "/settings/blocks?done=blocked".into()));
    let page = bo.get("/settings/blocks?done=blocked").await.text();
    assert!(page.contains("Done. Nobody is told.") && page.contains("Whom you blocked") && page.contains("Take it back"), "{page}");
    blocks(&bo, "Di").await;
    blocks(&bo, "@di").await;
    assert_eq!(bo.get(SETTINGS).await.text().matches("Take it back").count(), 2);
    for other in [&cy, &di] {
        assert!(!other.get(SETTINGS).await.text().contains("Whom you blocked"));
        assert_eq!(other.post(UNBLOCK, &[("name", "cy")]).await.status, 200, "to take back what never was looks the same");
    }
    let back = without_script(&bo, SETTINGS, UNBLOCK, &[("name", "cy")]).await;
    assert_eq!(back.header("location"), "/settings/blocks?done=back");
    assert_eq!(bo.get(SETTINGS).await.text().matches("Take it back").count(), 1);
    let visitor = app.visitor();
    assert_eq!(visitor.get(SETTINGS).await.header("location"), "/sign-in?next=/settings/blocks");
    assert_eq!(visitor.post(BLOCK, &[("name", "cy")]).await.status, 401);
    assert!(!visitor.get("/people/cy").await.text().contains("who=cy"));
}

#[tokio::test]
async fn a_refused_block_says_why_and_keeps_what_was_typed() {
    let app = TestApp::start().await.founded().await;
    let bo = app.member("bo").await;
    for (typed, says) in [
        ("Robin", "Nobody here is called Robin, or more than one is."),
        ("", "Whom do you mean?"),
        ("bo", "That is you."),
        ("Bo", "That is you."),
    ] {
        let refused = bo.post(BLOCK, &[("name", typed)]).await;
        assert!(refused.status == 422 && refused.text().contains(says), "{says}: {}", refused.text());
    }
    let refused = without_script(&bo, SETTINGS, BLOCK, &[("name", "Robin")]).await;
    let page = bo.get(&refused.header("location")).await.text();
    assert!(page.contains("Nobody here is called Robin") && page.contains("value=\"Robin\""), "{page}");
}

#[tokio::test]
async fn nobody_else_can_tell_that_somebody_blocked_somebody() {
    let app = TestApp::start().await.founded().await;
    let (admin, bo, cy, di) = (app.founder().await, app.member("bo").await, app.member("cy").await, app.member("di").await);
    let host = app.member("ed").await;
    let as_admin = admin.viewer().await.admin().expect("an admin");
    app.front.services.people.change_role(&as_admin, "ed", Role::Host).await.expect("a host");
    cares_about(&app, &bo, "Kilns").await;
    cares_about(&app, &cy, "Chess").await;
    let theirs = cy.posts("The #kiln is hot, @bo.").await;
    let mine = bo.posts("Who has a #ladder?").await;
    let reply = cy.replies(mine, "I do.").await;
    bo.replies(theirs, "How hot?").await;
    di.replies(reply, "A long one?").await;
    let letter = cy.posts_for("For Bo and Di", Audience::Named, "bo, di").await;
    // Whatever a first look settles is settled.
    let of_hosts: Vec<String> = [
        "/",
        "/people",
        "/people/bo",
        "/people/cy",
        "/people?order=name",
        "/notifications",
        "/pulse",
        "/pulse/mine",
        "/settings",
        "/settings/blocks",
        "/welcome",
        "/hosting",
        "/hosting/people/bo",
        "/hosting/people/cy",
        "/hosting/newcomers",
        "/hosting/newcomers/bo",
        "/hosting/newcomers/cy",
        "/hosting/introductions",
        "/hosting/introductions/new?one=bo&other=cy",
        "/hosting/introductions/new?one=cy&other=bo",
        "/hosting/pulse",
        "/hosting/sparks",
        "/hosting/round",
        "/hosting/letter",
        "/hosting/hands",
        "/hosting/invitations",
        "/admin",
        "/admin/roles",
        "/admin/hand-over",
        "/api/page?address=%2F",
        "/api/page?address=%2Fpeople",
        "/api/page?address=%2Fpeople%2Fbo",
        "/api/page?address=%2Fpeople%2Fcy",
        "/api/page?address=%2Fnotifications",
        "/api/notifications/unread",
        "/api/complete/people?start=b",
        "/api/complete/people?start=c",
        "/api/complete/tags?start=k",
        "/api/complete/tags?start=l",
    ]
    .map(str::to_owned)
    .into_iter()
    .chain(
        [theirs, mine, reply, letter]
            .into_iter()
            .flat_map(|post| [format!("/posts/{post}"), format!("/api/page?address=%2Fposts%2F{post}")]),
    )
    .collect();
    let lookers = [&admin, &host, &cy, &di];
    for who in lookers {
        all_looks(who, &of_hosts).await;
    }
    let mut before = Vec::new();
    for who in lookers {
        before.push(all_looks(who, &of_hosts).await);
    }
    let not_there: Vec<&str> =
        before[0].iter().filter(|(_, page)| !page.starts_with("200 ")).map(|(address, _)| address.as_str()).collect();
    assert_eq!(not_there, [format!("/posts/{letter}")], "an admin reads all but what is for others");
    let (cy_hears, cy_unread) = (cy.get("/notifications").await.text().matches("<li").count(), cy.me().await.unread);
    blocks(&bo, "cy").await;
    for (who, before) in lookers.into_iter().zip(before) {
        for ((address, was), (_, is)) in before.into_iter().zip(all_looks(who, &of_hosts).await) {
            assert_eq!(was, is, "{address} for {}", who.me().await.name);
        }
    }
    assert_eq!((cy.get("/notifications").await.text().matches("<li").count(), cy.me().await.unread), (cy_hears, cy_unread));
    // Whatever the blocked one does is taken as ever.
    let said = [cy.posts("Hello @bo").await, cy.replies(mine, "Still there.").await, cy.posts_for("For you", Audience::Named, "bo").await];
    for post in said {
        assert_eq!(cy.get(&format!("/posts/{post}")).await.status, 200);
    }
    for (path, fields) in
        [("/api/posts/react", vec![("post", mine.to_string()), ("choice", "❤️".to_owned())]), (BLOCK, vec![("name", "bo".to_owned())])]
    {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(cy.post(path, &fields).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn a_pair_is_proposed_nowhere_whoever_of_the_two_blocked() {
    for (blocker, blocked) in [("bo", "cy"), ("cy", "bo")] {
        let app = TestApp::start().await.founded().await;
        let host = app.founder().await;
        let (bo, cy) = (app.member("bo").await, app.member("cy").await);
        cares_about(&app, &bo, "Kilns").await;
        cares_about(&app, &cy, "kilns").await;
        app.front.services.welcome.change_greets(&bo.me().await, true).await.expect("kept");
        let proposed = async || {
            let greeter = host.get("/hosting/newcomers/cy").await.text().contains("Both like");
            let pair = host.get("/hosting/introductions").await.text().contains("Both care about Kilns.");
            let to_cy = cy.get("/welcome").await.text().contains("You both like");
            let to_bo = bo.get("/welcome").await.text().contains("You both like");
            [greeter, pair, to_cy, to_bo]
        };
        assert_eq!(proposed().await, [true; 4]);
        let by = if blocker == "bo" { &bo } else { &cy };
        blocks(by, blocked).await;
        assert_eq!(proposed().await, [false; 4], "{blocker} blocked {blocked}");
        assert!(host.get("/hosting/introductions").await.text().contains("Nobody comes to mind."));
        // Whoever picks the two by hand reads what speaks for it, and is not refused.
        assert!(host.get("/hosting/introductions/new?one=bo&other=cy").await.text().contains("Both care about Kilns."));
        assert_eq!(host.post("/api/newcomers/ask-greeter", &[("name", "cy"), ("greeter", "bo")]).await.status, 200);
        assert_eq!(by.post(UNBLOCK, &[("name", blocked)]).await.status, 200);
        assert!(host.get("/hosting/introductions").await.text().contains("Both care about Kilns."), "taken back, it is as it was");
    }
}

/// What a host and the other of the two read of an introduction that the one would not have: since they blocked the other, or let it pass.
async fn passed(blocked: bool, wide: &str) -> Vec<String> {
    let app = TestApp::start().await.founded().await;
    let (host, bo, cy, di) = (app.founder().await, app.member("bo").await, app.member("cy").await, app.member("di").await);
    if blocked {
        blocks(&cy, "bo").await;
    }
    let form = [
        ("form[one]", "bo"),
        ("form[other]", "cy"),
        ("form[about_one]", "She fires a kiln."),
        ("form[about_other]", "He glazes what others fire."),
        ("form[why]", ""),
        ("wide", wide),
    ];
    let made = without_script(&host, "/hosting/introductions/new", INTRODUCE, &form).await;
    let led = bo.get("/notifications").await.text();
    let (_, led) = led.split_once("href=\"/introductions/").expect("bo is told");
    let post = led.split('"').next().expect("an id").to_owned();
    let (about, thread) = (format!("/introductions/{post}"), format!("/posts/{post}"));
    if blocked {
        assert!(!cy.get("/notifications").await.text().contains("introduces you to"));
        assert_eq!(cy.me().await.unread, 0);
        assert_eq!(cy.get(&thread).await.status, if wide == "thread" { 404 } else { 200 });
        if wide == "thread" {
            assert_eq!(cy.get(&about).await.status, 404);
            assert!(!cy.get("/").await.text().contains("fires a kiln"));
        }
    } else {
        assert_eq!(cy.post("/api/introductions/decline", &[("post", &post)]).await.status, 200);
    }
    let again = host.post(INTRODUCE, &form).await;
    let mut seen = vec![format!("{} {} {} {}", made.status, made.header("location"), again.status, again.text())];
    bo.replies(domain::ids::PostId(post.parse().expect("an id")), "Hello @cy").await;
    for who in [&host, &bo, &di] {
        for address in ["/", "/notifications", "/people/cy", "/hosting", "/hosting/introductions", "/hosting/newcomers", &about, &thread] {
            seen.push(without_numbers(&looks(who, address).await));
        }
        seen.push(without_numbers(&looks(who, &format!("/api/page?address=%2Fposts%2F{post}")).await));
    }
    seen
}

#[tokio::test]
async fn an_introduction_of_two_of_whom_one_blocked_the_other_looks_as_one_that_was_let_pass() {
    for wide in ["thread", "timeline"] {
        let (blocked, declined) = (passed(true, wide).await, passed(false, wide).await);
        assert_eq!(blocked.len(), declined.len());
        for (one, other) in blocked.iter().zip(&declined) {
            assert_eq!(one, other);
        }
        assert!(blocked.iter().any(|page| page.contains("glazes")));
    }
}

#[tokio::test]
async fn what_they_write_is_not_there_for_whoever_blocked_them_by_any_address() {
    let app = TestApp::start().await.founded().await;
    let (bo, cy, di) = (app.member("bo").await, app.member("cy").await, app.member("di").await);
    let mut hears = bo.listens().await;
    assert_eq!(hears.next().await.expect("an event").event, "hello");
    blocks(&bo, "cy").await;
    let mut hears_after = bo.listens().await;
    assert_eq!(hears_after.next().await.expect("an event").event, "hello");
    let theirs = cy.posts("The #kiln is hot, @bo.").await;
    let open = di.posts("What a day.").await;
    let first = cy.replies(open, "It was hot.").await;
    di.replies(first, "Indeed.").await;
    let letter = cy.posts_for("For you, hot", Audience::Named, "bo").await;
    let after = di.posts("And a night.").await;

    for address in [
        "/".to_owned(),
        "/people/cy".into(),
        "/notifications".into(),
        format!("/posts/{open}"),
        "/api/page?address=%2F".into(),
        format!("/api/page?address=%2Fposts%2F{open}"),
        "/api/complete/tags?start=ki".into(),
        "/?tag=kiln".into(),
    ] {
        let page = bo.get(&address).await;
        assert!(page.status == 200 && !page.text().contains("hot") && !page.text().contains("\"kiln\""), "{address}: {}", page.text());
    }
    for post in [theirs, letter] {
        for address in [format!("/posts/{post}"), format!("/posts/{post}/history"), format!("/posts/{post}?alone")] {
            assert_eq!(bo.get(&address).await.status, 404, "{address}");
        }
        let never = bo.get("/api/page?address=%2Fposts%2F99").await.text();
        assert_eq!(bo.get(&format!("/api/page?address=%2Fposts%2F{post}")).await.text(), never, "the same as what never was");
    }
    let thread = bo.get(&format!("/posts/{open}")).await.text();
    assert!(thread.contains("What stood here is gone.") && thread.contains("Indeed.") && thread.contains("One reply"), "{thread}");
    assert!(!thread.contains("/people/cy"), "an empty place leads to nobody");
    assert!(!bo.get("/api/complete/people?start=c").await.text().contains("cy"));
    assert_eq!((bo.me().await.unread, cy.get("/api/complete/people?start=b").await.text().contains("bo")), (0, true));
    // A page that is open counts new posts without asking for them.
    let mut heard = Vec::new();
    while !heard.contains(&Hint::Posted { post: after }) {
        let event = hears_after.next().await.expect("an event");
        heard.push(serde_json::from_str(&event.data).expect("a hint"));
    }
    assert!(heard.contains(&Hint::Posted { post: open }), "{heard:?}");
    assert!(!heard.contains(&Hint::Posted { post: theirs }) && !heard.contains(&Hint::Posted { post: letter }), "{heard:?}");
    // Everybody else reads it all.
    assert!(di.get("/").await.text().contains("kiln") && di.get(&format!("/posts/{open}")).await.text().contains("It was hot."));
    assert_eq!(bo.post(UNBLOCK, &[("name", "cy")]).await.status, 200);
    assert!(bo.get("/").await.text().contains("is hot") && bo.get(&format!("/posts/{letter}")).await.status == 200);
}

#[tokio::test]
async fn a_host_who_blocked_somebody_looks_after_them_all_the_same() {
    let app = TestApp::start().await.founded().await;
    let (host, cy) = (app.founder().await, app.member("cy").await);
    let post = cy.posts("Hello, I am new here.").await;
    let desk = [
        "/hosting",
        "/hosting/newcomers",
        "/hosting/newcomers/cy",
        "/hosting/people/cy",
        "/hosting/sparks",
        "/hosting/letter",
        "/hosting/pulse",
    ];
    let desk: Vec<String> = desk.map(str::to_owned).into_iter().chain([format!("/posts/{post}")]).collect();
    all_looks(&host, &desk).await;
    let before = all_looks(&host, &desk).await;
    blocks(&host, "cy").await;
    for ((address, was), (_, is)) in before.into_iter().zip(all_looks(&host, &desk).await) {
        assert_eq!(was, is, "{address}");
    }
    assert!(!host.get("/").await.text().contains("I am new here."), "on the timeline they do not read them");
    assert!(host.get(SETTINGS).await.text().contains("As a host you look after them, too"));
    host.replies(post, "Welcome, Cy.").await;
    assert!(cy.get("/notifications").await.text().contains("Welcome, Cy."));
}
