//! Introductions: whom a host is proposed, what the two are told, and what nobody else is.

use crate::app::{Client, TestApp};
use domain::{people::ProfileForm, timeline::Audience};

async fn cares_about(app: &TestApp, who: &Client, interests: &str, town: &str) {
    let me = who.me().await;
    let form = ProfileForm {
        display_name: me.display_name.clone(),
        line: format!("I am {}.", me.name),
        interests: interests.into(),
        town: town.into(),
        time_zone: "UTC".into(),
        ..ProfileForm::default()
    };
    app.front.services.people.change_profile(&me, &form).await.expect("kept");
}

fn introduction<'a>(one: &'a str, other: &'a str, wide: &'a str) -> Vec<(&'static str, &'a str)> {
    vec![
        ("form[one]", one),
        ("form[other]", other),
        ("form[about_one]", "She fires a kiln."),
        ("form[about_other]", "He glazes what others fire."),
        ("form[why]", ""),
        ("wide", wide),
    ]
}

const INTRODUCE: &str = "/api/introductions/introduce";
const LEAVE_ALONE: &str = "/api/introductions/leave-alone";
const DECLINE: &str = "/api/introductions/decline";

/// The address of the introduction to which a member's notices lead.
async fn led_to(who: &Client) -> Option<String> {
    let page = who.get("/notifications").await.text();
    let (_, after) = page.split_once("href=\"/introductions/")?;
    after.split('"').next().map(|id| format!("/introductions/{id}"))
}

#[tokio::test]
async fn the_desk_proposes_two_with_its_evidence_until_a_host_says_otherwise() {
    let app = TestApp::start().await.founded().await;
    let (host, bo, cy) = (app.founder().await, app.member("bo").await, app.member("cy").await);
    assert!(host.get("/hosting/introductions").await.text().contains("Nobody comes to mind."));
    cares_about(&app, &bo, "Kilns, chess", "Porto").await;
    cares_about(&app, &cy, "kilns", "porto").await;
    bo.posts_for("A secret of the kiln", Audience::Named, "cy").await;
    cy.posts("Does anybody play chess?").await;
    let page = host.get("/hosting/introductions").await.text();
    for said in [
        "Cy asked about “chess”, which Bo says they care about or has written of.",
        "Both care about Kilns.",
        "Both live in Porto.",
        "/hosting/introductions/new?one=bo&amp;other=cy",
    ] {
        assert!(page.contains(said), "{said}: {page}");
    }
    assert!(!page.contains("secret"), "what a host may not see is no evidence");
    let form = host.get("/hosting/introductions/new?one=bo&other=cy").await.text();
    for said in ["Both care about Kilns.", "Who Bo is", "I am bo.", "I am cy."] {
        assert!(form.contains(said), "{said}: {form}");
    }
    let ids = [bo.me().await.id.to_string(), cy.me().await.id.to_string()];
    assert_eq!(host.post(LEAVE_ALONE, &[("one", &ids[1]), ("other", &ids[0])]).await.status, 200);
    assert!(host.get("/hosting/introductions").await.text().contains("Nobody comes to mind."));
    // Whom the desk does not propose, a host may introduce all the same.
    assert_eq!(host.post(INTRODUCE, &introduction("bo", "cy", "thread")).await.status, 200);
}

#[tokio::test]
async fn who_has_spoken_with_each_other_is_not_proposed() {
    let app = TestApp::start().await.founded().await;
    let (host, bo, cy) = (app.founder().await, app.member("bo").await, app.member("cy").await);
    cares_about(&app, &bo, "Kilns", "").await;
    cares_about(&app, &cy, "Kilns", "").await;
    assert!(host.get("/hosting/introductions").await.text().contains("Both care about Kilns."));
    cy.replies(bo.posts("What a day.").await, "It was!").await;
    let page = host.get("/hosting/introductions").await.text();
    assert!(page.contains("Nobody comes to mind.") && !page.contains("Kilns"), "{page}");
}

#[tokio::test]
async fn whoever_is_introduced_may_be_written_as_they_are_called_where_nobody_else_is_called_the_same() {
    let app = TestApp::start().await.founded().await;
    let (host, bo, cy, di) = (app.founder().await, app.member("bo").await, app.member("cy").await, app.member("di").await);
    let called = async |who: &Client, display_name: &str| {
        let form = ProfileForm { display_name: display_name.into(), time_zone: "UTC".into(), ..ProfileForm::default() };
        app.front.services.people.change_profile(&who.me().await, &form).await.expect("kept");
    };
    called(&bo, "Bo van Dam").await;
    called(&cy, "Robin").await;
    called(&di, "Robin").await;
    let refused = host.post(INTRODUCE, &introduction("Robin", "Bo van Dam", "thread")).await.text();
    assert!(refused.contains("Nobody here is called Robin, or more than one is."), "{refused}");
    assert_eq!(host.post(INTRODUCE, &introduction("cy", "bo van dam ", "thread")).await.status, 200);
    assert!(led_to(&bo).await.is_some() && led_to(&cy).await.is_some());
}

#[tokio::test]
async fn an_introduction_is_told_to_the_two_and_read_by_nobody_else() {
    let app = TestApp::start().await.founded().await;
    let (host, bo, cy, di) = (app.founder().await, app.member("bo").await, app.member("cy").await, app.member("di").await);
    assert_eq!(host.post(INTRODUCE, &introduction("@bo", "cy", "thread")).await.status, 200);
    let address = led_to(&bo).await.expect("told");
    assert_eq!(led_to(&cy).await.as_deref(), Some(address.as_str()));
    assert_eq!(led_to(&di).await, None);
    let page = bo.get(&address).await.text();
    for said in ["introduces you to", "Cy", "He glazes what others fire.", "Say hello", "I’d rather not"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    let thread = address.replace("/introductions/", "/posts/");
    assert_eq!([bo.get(&thread).await.status, cy.get(&thread).await.status, di.get(&thread).await.status], [200, 200, 404]);
    assert_eq!([di.get(&address).await.status, host.get(&address).await.status], [404, 404], "it is a page for the two");
    assert!(!di.get("/").await.text().contains("fires a kiln"));
    assert!(page.contains("reads this thread with you two; other hosts know that you were introduced, and no more."), "{page}");
    // On the timeline, all read it; the page of the two is theirs.
    assert_eq!(host.post(INTRODUCE, &introduction("bo", "di", "timeline")).await.status, 200);
    assert!(cy.get("/").await.text().contains("fires a kiln"));
    let open = led_to(&di).await.expect("told");
    assert_eq!([cy.get(&open).await.status, di.get(&open).await.status], [404, 200]);
    assert!(di.get(&open).await.text().contains("Everybody here reads this thread."));
    let visitor = app.visitor();
    assert_eq!(visitor.get(&open).await.header("location"), format!("/sign-in?next={open}"));
}

#[tokio::test]
async fn who_would_rather_not_is_told_of_by_nobody_and_to_nobody() {
    let app = TestApp::start().await.founded().await;
    let (host, bo, cy, di) = (app.founder().await, app.member("bo").await, app.member("cy").await, app.member("di").await);
    assert_eq!(host.post(INTRODUCE, &introduction("bo", "cy", "thread")).await.status, 200);
    let address = led_to(&bo).await.expect("told");
    let post = address.trim_start_matches("/introductions/").to_owned();
    let seen =
        async || (cy.get(&address).await.text(), cy.get("/notifications").await.text(), host.get("/hosting/introductions").await.text());
    let before = seen().await;
    assert_eq!(bo.post(DECLINE, &[("post", &post)]).await.status, 200);
    assert_eq!(di.post(DECLINE, &[("post", &post)]).await.status, 200, "to say it of others changes nothing, and tells nothing");
    assert!(bo.get(&address).await.text().contains("You would rather not."));
    let says = |page: &str| page.split("<main").nth(1).and_then(|main| main.split("</main>").next()).map(str::to_owned);
    let after = seen().await;
    assert!(says(&before.0).is_some_and(|page| page.contains("glazes")));
    assert_eq!((says(&before.0), says(&before.2)), (says(&after.0), says(&after.2)));
    assert_eq!(cy.get("/notifications").await.text().matches("introduces you to").count(), before.1.matches("introduces you to").count());
}

#[tokio::test]
async fn a_refused_introduction_says_why_and_keeps_what_was_typed() {
    let app = TestApp::start().await.founded().await;
    let (host, _bo, _cy) = (app.founder().await, app.member("bo").await, app.member("cy").await);
    let me = host.me().await.name.to_string();
    for (one, other, says) in [
        ("bo", "bo", "they are one person"),
        ("bo", "nobody-here", "Nobody here is called nobody-here, or more than one is."),
        ("", "bo", "Whom do you mean? Write the name"),
        ("bo", me.as_str(), "You are one of the two."),
    ] {
        let refused = host.post(INTRODUCE, &introduction(one, other, "thread")).await;
        assert!(refused.status == 422 && refused.text().contains(says), "{says}: {}", refused.text());
    }
    let mut long = introduction("bo", "cy", "thread");
    let words = "x".repeat(301);
    long[2].1 = &words;
    assert_eq!(host.post(INTRODUCE, &long).await.status, 422);
    long[2].1 = " ";
    assert_eq!(host.post(INTRODUCE, &long).await.status, 422, "who they are has to be said");
    assert_eq!(host.post(INTRODUCE, &introduction("bo", "cy", "thread")).await.status, 200);
    let again = host.post(INTRODUCE, &introduction("cy", "bo", "timeline")).await;
    assert!(again.status == 422 && again.text().contains("introduced these two already"), "{}", again.text());
}

#[tokio::test]
async fn the_desk_is_not_there_for_members() {
    let app = TestApp::start().await.founded().await;
    let (bo, cy) = (app.member("bo").await, app.member("cy").await);
    for address in
        ["/hosting/introductions", "/hosting/introductions/new", "/hosting/introductions/new?one=cy&other=bo", "/introductions/1"]
    {
        assert_eq!(bo.get(address).await.status, 404, "{address}");
    }
    let ids = [bo.me().await.id.to_string(), cy.me().await.id.to_string()];
    assert_eq!(bo.post(INTRODUCE, &introduction("bo", "cy", "thread")).await.status, 404);
    assert_eq!(bo.post(LEAVE_ALONE, &[("one", &ids[0]), ("other", &ids[1])]).await.status, 404);
    assert_eq!(led_to(&cy).await, None);
}
