//! Sentences, private notes and rounds: who is told what by address and by answer.

use crate::app::{Answer, Client, TestApp};
use domain::{
    people::{ProfileForm, Role},
    timeline::Audience,
};

/// A host of that name.
async fn host(app: &TestApp, name: &str) -> Client {
    let client = app.member(name).await;
    let admin = app.founder().await.viewer().await.admin().expect("an admin");
    app.front.services.people.change_role(&admin, name, Role::Host).await.expect("made a host");
    client
}

/// Sends a form as a browser without script would, from a page.
async fn from_page(client: &Client, page: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
    let mut request = client.form(path, fields);
    request.headers_mut().insert("accept", "text/html".parse().expect("a header"));
    request.headers_mut().insert("referer", format!("https://porchlight.example{page}").parse().expect("a header"));
    client.send(request).await
}

/// Begins a round of the last week.
async fn begins(host: &Client) -> Answer {
    from_page(host, "/hosting/round", "/api/hosting/round/begin", &[("since", "week")]).await
}

/// The id of the round that goes on.
async fn going(app: &TestApp, host: &Client) -> domain::ids::RoundId {
    let host = host.viewer().await.host().expect("a host");
    app.front.services.hosting.rounds.going(&host).await.expect("answers").expect("one").id
}

/// Ends the round that goes on.
async fn ends(app: &TestApp, host: &Client) -> Answer {
    let round = going(app, host).await.to_string();
    assert!(host.get("/hosting/round").await.text().contains(&format!("name=\"round\" value=\"{round}\"")));
    from_page(host, "/hosting/round", "/api/hosting/round/end", &[("round", &round)]).await
}

const FOR_HOSTS: [(&str, &[(&str, &str)]); 11] = [
    ("/api/hosting/sentences/propose", &[("name", "bo"), ("words", "Draws boats.")]),
    ("/api/hosting/notes/keep", &[("name", "bo"), ("words", "Has a dog.")]),
    ("/api/hosting/notes/take-away", &[("note", "7"), ("name", "bo")]),
    ("/api/hosting/round/begin", &[("since", "week")]),
    ("/api/hosting/round/take", &[("name", "bo")]),
    ("/api/hosting/round/seen", &[("name", "bo")]),
    ("/api/hosting/round/leave", &[]),
    ("/api/hosting/round/end", &[("round", "7")]),
    ("/api/hosting/round/reply", &[("name", "bo"), ("post", "7"), ("markdown", "Hello.")]),
    ("/api/hosting/round/greet", &[("name", "bo"), ("markdown", "Hello.")]),
    ("/api/hosting/round/whos-here", &[("markdown", "Hello.")]),
];

#[tokio::test]
async fn for_a_member_there_is_nothing_of_hosting_at_any_address_or_in_any_answer() {
    let app = TestApp::start().await.founded().await;
    let (admin, bo, visitor) = (app.founder().await, app.member("bo").await, app.visitor());
    bo.posts("Who is in for soup?").await;
    assert_eq!(admin.post("/api/hosting/notes/keep", &[("name", "bo"), ("words", "Has a dog.")]).await.status, 200);
    assert_eq!(admin.post("/api/hosting/sentences/propose", &[("name", "bo"), ("words", "Draws boats.")]).await.status, 200);
    let begun = begins(&admin).await;
    assert_eq!(begun.header("location"), "/hosting/round/bo", "{}", begun.text());
    let round = going(&app, &admin).await;
    let cy = app.member("cy").await;
    let pages = [
        "/hosting/people/bo".to_owned(),
        "/hosting/round".into(),
        "/hosting/round/bo".into(),
        "/hosting/round/bo/card".into(),
        format!("/hosting/rounds/{round}"),
        format!("/hosting/rounds/{round}/whos-here"),
    ];
    for page in &pages {
        let (hidden, nothing) = (cy.get(page).await, cy.get("/hosting/nothing-of-the-kind").await);
        assert_eq!((hidden.status, hidden.text().replace(page, "/hosting/nothing-of-the-kind")), (404, nothing.text()), "{page}");
        assert_eq!(bo.get(page).await.status, 404, "{page}, also to whom it is about");
        let away = visitor.get(page).await;
        assert!(away.header("location").starts_with("/sign-in"), "{page}: {} {}", away.status, away.header("location"));
        assert_eq!(admin.get(page).await.status, 200, "{page}");
    }
    for (path, fields) in FOR_HOSTS {
        let refused = cy.post(path, fields).await;
        assert_eq!(refused.status, 404, "{path}: {}", refused.text());
        let other: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, if *value == "bo" { "nobody" } else { *value })).collect();
        assert_eq!(refused.text(), cy.post(path, &other).await.text(), "{path}, whoever is meant");
        assert_eq!(visitor.post(path, fields).await.status, 401, "{path}");
    }
    // What waits and what hosts noted stands on no page of others.
    for page in [
        "/people",
        "/people/bo",
        "/",
        "/notifications",
        "/settings/sentence",
        "/api/page?address=%2Fpeople%2Fbo",
        "/api/page?address=%2Fpeople",
    ] {
        let seen = cy.get(page).await.text();
        assert!(!seen.contains("boats") && !seen.contains("dog"), "{page}: {seen}");
    }
    assert!(!bo.get("/settings/sentence").await.text().contains("dog"));
}

#[tokio::test]
async fn what_only_hosts_may_do_is_for_a_member_what_never_was_whatever_they_send() {
    let app = TestApp::start().await.founded().await;
    let (admin, bo) = (app.founder().await, app.member("bo").await);
    let told = |answer: Answer| (answer.status, answer.headers.get("content-type").cloned(), answer.text());
    let (never, no_page) = (told(bo.post("/api/never/was", &[]).await), told(from_page(&bo, "/", "/api/never/was", &[]).await));
    assert_eq!((never.0, no_page.0), (404, 404));
    let mut hidden = 0;
    // Whoever signs out is nobody any more; and what takes files is refused another form at the gate, whoever sends it (its own tests send it).
    let goes_on = |(path, method): &(&str, axum::http::Method)| {
        !path.contains("sign-out") && !["/api/archives/chat", "/api/rosters/bring"].contains(path) && *method == axum::http::Method::POST
    };
    for (path, _) in leptos::server_fn::axum::server_fn_paths().filter(goes_on) {
        let answer = told(bo.post(path, &[]).await);
        if app::shell::is_for_hosts(path) {
            hidden += 1;
            assert_eq!(answer, never, "{path}");
            assert_eq!(told(from_page(&bo, "/", path, &[]).await), no_page, "{path}");
            assert_ne!(told(admin.post(path, &[]).await), never, "{path} is for hosts");
        } else {
            assert_ne!(answer, never, "{path} is for hosts and does not say so before it is read");
        }
    }
    assert!(hidden > 40, "{hidden}");
}

#[tokio::test]
async fn the_desk_takes_as_many_statements_for_many_people_as_for_few() {
    let app = TestApp::start_idle().await.founded().await;
    let admin = app.founder().await;
    let come = async |names: &[&str]| {
        for name in names {
            let who = app.member(name).await;
            who.posts("Who is in for soup?").await;
            who.posts("I brought bread.").await;
        }
        app.front.services.pulse.count().await.expect("counts");
        begins(&admin).await;
    };
    let taken = async || {
        let mut taken = Vec::new();
        for page in [
            "/hosting",
            "/hosting/round",
            "/hosting/round/bo",
            "/hosting/newcomers",
            "/hosting/introductions",
            "/hosting/sparks",
            "/hosting/letter",
            "/hosting/pulse",
            "/hosting/hands",
            "/pulse",
        ] {
            // What is written down once a visit is no part of it.
            assert_eq!(admin.get(page).await.status, 200, "{page}");
            let before = app.front.store.queries();
            admin.get(page).await;
            taken.push((page, app.front.store.queries() - before));
        }
        taken
    };
    come(&["bo", "cy"]).await;
    let few = taken().await;
    ends(&app, &admin).await;
    come(&["di", "ed", "flo", "gus", "hal", "ida", "jo", "kim", "lou", "mo", "nia", "olu"]).await;
    assert_eq!(taken().await, few);
}

#[tokio::test]
async fn a_host_does_not_read_what_was_noted_about_them() {
    let app = TestApp::start().await.founded().await;
    let (admin, bo) = (app.founder().await, app.member("bo").await);
    assert_eq!(admin.post("/api/hosting/notes/keep", &[("name", "bo"), ("words", "Has a dog.")]).await.status, 200);
    let form = admin.get("/hosting/people/bo").await.text();
    assert!(form.contains("\u{2068}Bo\u{2069} does not, even as a host, and is not told.") && form.contains("Has a dog."), "{form}");
    let founder = admin.viewer().await.admin().expect("an admin");
    app.front.services.people.change_role(&founder, "bo", Role::Host).await.expect("made a host");
    let own = bo.get("/hosting/people/bo").await;
    assert!(own.status == 200 && !own.text().contains("dog") && !own.text().contains("Keep the note"), "{}", own.text());
}

#[tokio::test]
async fn a_sentence_is_seen_by_others_when_the_person_lets_it_stand_and_never_by_visitors() {
    let app = TestApp::start().await.founded().await;
    let (admin, bo, cy, visitor) = (app.founder().await, app.member("bo").await, app.member("cy").await, app.visitor());
    bo.posts_for("Public soup", Audience::Public, "").await;
    let form = admin.get("/hosting/people/bo").await.text();
    assert!(form.contains("is told, and sees it first. All members see it once they let it stand"), "{form}");
    assert!(form.contains("Only hosts read it."), "{form}");
    let propose = [("name", "bo"), ("words", "Draws boats.")];
    let sent = from_page(&admin, "/hosting/people/bo", "/api/hosting/sentences/propose", &propose).await;
    assert_eq!(sent.header("location"), "/hosting/people/bo?done=sentence");
    let notices = bo.get("/notifications").await.text();
    assert!(notices.contains("wrote a sentence about you") && notices.contains("href=\"/settings/sentence\""), "{notices}");
    let mine = bo.get("/settings/sentence").await.text();
    assert!(mine.contains("Draws boats.") && mine.contains("Let it stand"), "{mine}");
    assert!(!cy.get("/people/bo").await.text().contains("boats"));
    let stand = [("form[answer]", "stand"), ("form[seen]", "Draws boats.")];
    assert_eq!(
        from_page(&bo, "/settings/sentence", "/api/settings/sentence", &stand).await.header("location"),
        "/settings/sentence?done=stand"
    );
    for page in ["/people/bo", "/people"] {
        let seen = cy.get(page).await.text();
        assert!(seen.contains("says: “\u{2068}Draws boats.\u{2069}”"), "{page}: {seen}");
    }
    for page in ["/people", "/people/bo", "/", "/api/page?address=%2Fpeople%2Fbo", "/api/page?address=%2Fpeople"] {
        assert!(!visitor.get(page).await.text().contains("boats"), "{page}");
    }
    assert_eq!(bo.post("/api/settings/sentence", &[("form[answer]", "none")]).await.status, 200);
    assert!(!cy.get("/people/bo").await.text().contains("boats"));
    let none = admin.get("/hosting/people/bo").await.text();
    assert!(none.contains("They would rather have no sentence said of them.") && !none.contains("Propose it"), "{none}");
    let refused = admin.post("/api/hosting/sentences/propose", &propose).await;
    assert!(refused.status == 422 && refused.text().contains("WantsNone"), "{}", refused.text());
}

#[tokio::test]
async fn what_does_not_fit_is_refused_and_stays_in_its_field() {
    let app = TestApp::start().await.founded().await;
    let admin = app.founder().await;
    let bo = app.member("bo").await;
    let long = "a".repeat(161);
    let page = "/hosting/people/bo";
    let refused = from_page(&admin, page, "/api/hosting/sentences/propose", &[("name", "bo"), ("words", &long)]).await;
    let again = admin.get(&refused.header("location")).await.text();
    assert!(again.contains("161 characters, and there is room for 160") && again.contains(&long), "{again}");
    let refused = from_page(&admin, page, "/api/hosting/notes/keep", &[("name", "bo"), ("words", &"b".repeat(1001))]).await;
    let again = admin.get(&refused.header("location")).await.text();
    assert!(again.contains("there is room for 1000") && again.contains(&"b".repeat(1001)), "{again}");
    let reword = [("form[answer]", "reword"), ("form[words]", long.as_str())];
    assert_eq!(admin.post("/api/hosting/sentences/propose", &[("name", "bo"), ("words", "Draws.")]).await.status, 200);
    let refused = from_page(&bo, "/settings/sentence", "/api/settings/sentence", &reword).await;
    assert!(bo.get(&refused.header("location")).await.text().contains(&long));
    // Markup in any of them is text.
    let markup = "</textarea><script>alert(1)</script>";
    assert_eq!(admin.post("/api/hosting/notes/keep", &[("name", "bo"), ("words", markup)]).await.status, 200);
    assert!(!admin.get(page).await.text().contains("<script>"));
    let refused = admin.post("/api/hosting/sentences/propose", &[("name", "house-host"), ("words", "Kind.")]).await;
    assert!(refused.status == 422 && refused.text().contains("Yourself"), "{}", refused.text());
    assert!(admin.post("/api/hosting/notes/keep", &[("name", "nobody"), ("words", "x")]).await.text().contains("Nobody"));
}

#[tokio::test]
async fn two_hosts_go_round_without_treading_on_each_other() {
    let app = TestApp::start().await.founded().await;
    let admin = app.founder().await;
    let (bo, cy) = (app.member("bo").await, app.member("cy").await);
    let kofi = host(&app, "kofi").await;
    let soup = bo.posts("Who is in for soup?").await;
    let desk = kofi.get("/hosting").await.text();
    assert!(desk.contains("Three people have been about") && desk.contains("Go round"), "{desk}");
    let start = kofi.get("/hosting/round").await.text();
    assert!(start.contains("The last seven days") && start.contains("three people"), "{start}");
    assert_eq!(begins(&admin).await.header("location"), "/hosting/round/bo");
    let card = admin.get("/hosting/round/bo").await.text();
    for said in ["Who is in for soup?", "nobody has answered", "No host has spoken to them yet.", "invitation", "0 of 3 seen", "Introduce"]
    {
        assert!(card.contains(said), "{said}: {card}");
    }
    assert!(card.contains("href=\"/hosting/introductions/new?one=bo&amp;card=bo\""), "{card}");
    // What one host has, the other skips.
    let held = kofi.get("/hosting/round/bo").await.text();
    assert!(
        held.contains("has this card. Go on with the next one.")
            && !held.contains("Seen, go on")
            && held.contains("href=\"/hosting/round/cy\""),
        "{held}"
    );
    assert_eq!(begins(&kofi).await.header("location"), "/hosting/round/cy");
    assert!(kofi.get("/hosting/round/cy").await.text().contains("Seen, go on"));
    let refused = kofi.post("/api/hosting/round/seen", &[("name", "bo")]).await;
    assert!(
        refused.status == 422 && refused.text().contains("House-host has Bo’s card by now, so it was not marked as seen."),
        "{}",
        refused.text()
    );
    let reply = [("name", "bo"), ("post", &soup.to_string()), ("markdown", "I am!")];
    let replied = from_page(&admin, "/hosting/round/bo", "/api/hosting/round/reply", &reply).await;
    assert_eq!(replied.header("location"), "/hosting/round/bo?done=reply");
    let card = admin.get("/hosting/round/bo?done=reply").await.text();
    assert!(
        card.contains("Your reply is sent.") && card.contains("You last spoke to them") && !card.contains("nobody has answered"),
        "{card}"
    );
    let greeted = from_page(&admin, "/hosting/round/bo", "/api/hosting/round/greet", &[("name", "bo"), ("markdown", "Hello Bo.")]).await;
    assert_eq!(greeted.header("location"), "/hosting/round/bo?done=greet");
    assert!(bo.get("/").await.text().contains("Hello Bo.") && !cy.get("/").await.text().contains("Hello Bo."));
    // Seen by one is seen for all; the last card ends the round.
    let seen = from_page(&admin, "/hosting/round/bo", "/api/hosting/round/seen", &[("name", "bo")]).await;
    assert_eq!(seen.header("location"), "/hosting/round/kofi", "cy’s card is kofi’s just now");
    let told = kofi.post("/api/hosting/round/take", &[("name", "cy")]).await.text();
    assert!(
        told.contains("[\"bo\",false]")
            && told.contains("[\"cy\",true]")
            && told.contains("[\"kofi\",false]")
            && told.contains("1 of 3 seen"),
        "{told}"
    );
    let last = from_page(&kofi, "/hosting/round/cy", "/api/hosting/round/seen", &[("name", "cy")]).await;
    assert_eq!(last.header("location"), "/hosting/round", "the one that is left is about kofi");
    let over = from_page(&admin, "/hosting/round/kofi", "/api/hosting/round/seen", &[("name", "kofi")]).await;
    let summary = admin.get(&over.header("location")).await.text();
    for said in ["Everybody has been seen.", "Three people seen", "you (2)", "Kofi (1)", "One person answered", "One person greeted"] {
        assert!(summary.contains(said), "{said}: {summary}");
    }
    assert_eq!(kofi.get("/hosting/round/cy").await.header("location"), "/hosting/round");
}

#[tokio::test]
async fn an_introduction_from_a_card_leads_back_to_it_and_counts_in_the_round() {
    let app = TestApp::start().await.founded().await;
    let (admin, kofi) = (app.founder().await, host(&app, "kofi").await);
    for name in ["bo", "cy", "di"] {
        app.member(name).await;
    }
    let edda = app.member("edda").await;
    begins(&admin).await;
    admin.get("/hosting/round/bo").await;
    admin.post("/api/hosting/round/leave", &[]).await;
    let page = "/hosting/introductions/new?one=bo&card=bo";
    let form = admin.get(page).await.text();
    for said in ["type=\"hidden\" name=\"card\" value=\"bo\"", "href=\"/hosting/round/bo\" class=\"button plain\"", "Back to the card"] {
        assert!(form.contains(said), "{said}: {form}");
    }
    assert!(kofi.get("/hosting/round/bo").await.text().contains("has this card"), "whoever introduces from a card has it meanwhile");
    let path = "/api/introductions/introduce";
    let introduction = |one: &'static str, other: &'static str, card: &'static str| {
        [("form[one]", one), ("form[other]", other), ("form[about_one]", "Fires."), ("form[about_other]", "Glazes."), ("card", card)]
    };
    let refused = from_page(&admin, page, path, &introduction("bo", "nobody", "bo")).await.header("location");
    let again = admin.get(&refused).await.text();
    assert!(
        again.contains("Nobody here is called nobody, or more than one is.") && again.contains("name=\"card\" value=\"bo\""),
        "{refused}: {again}"
    );
    let done = from_page(&admin, page, path, &introduction("bo", "cy", "bo")).await;
    assert_eq!(done.header("location"), "/hosting/round/bo?done=introduced");
    assert!(admin.get("/hosting/round/bo?done=introduced").await.text().contains("They are introduced, and both are told."));
    // Whoever is written as they are called is introduced from their card as well.
    let called = ProfileForm { display_name: "Edda Lind".into(), time_zone: "UTC".into(), ..ProfileForm::default() };
    app.front.services.people.change_profile(&edda.me().await, &called).await.expect("kept");
    let by_what_they_are_called = from_page(&admin, page, path, &introduction("Edda Lind", "cy", "edda")).await;
    assert_eq!(by_what_they_are_called.header("location"), "/hosting/round/edda?done=introduced");
    // On the card of one who is none of the two, nobody was introduced; and what is no name leads nowhere else.
    let others = from_page(&admin, page, path, &introduction("cy", "di", "bo")).await;
    assert_eq!(others.header("location"), "/hosting/round/bo?done=introduced");
    let astray = from_page(&admin, page, path, &introduction("bo", "di", "//evil.example/x")).await;
    assert_eq!(astray.header("location"), "/hosting/introductions?done=introduced");
    let plain = admin.get("/hosting/introductions/new?one=bo&card=//evil.example").await.text();
    assert!(!plain.contains("evil") && plain.contains("href=\"/hosting/introductions\" class=\"button plain\""), "{plain}");
    let summary = ends(&app, &admin).await.header("location");
    let summary = admin.get(&summary).await.text();
    assert!(summary.contains("Two people introduced to somebody"), "{summary}");
}

#[tokio::test]
async fn what_a_host_may_not_see_is_on_no_card() {
    let app = TestApp::start().await.founded().await;
    let admin = app.founder().await;
    let (bo, _cy) = (app.member("bo").await, app.member("cy").await);
    let kofi = host(&app, "kofi").await;
    bo.posts_for("A secret for cy", Audience::Named, "@cy").await;
    bo.posts_for("A word to kofi", Audience::Named, "@kofi").await;
    begins(&admin).await;
    let card = admin.get("/hosting/round/bo/card").await.text();
    assert!(!card.contains("A secret") && !card.contains("A word to kofi"), "{card}");
    let card = kofi.get("/hosting/round/bo/card").await.text();
    assert!(!card.contains("A secret") && card.contains("A word to kofi") && card.contains(", for you alone"), "{card}");
    bo.posts("A word to all").await;
    bo.posts_for("A word to two", Audience::Named, "@kofi @cy").await;
    let card = kofi.get("/hosting/round/bo/card").await.text().replace("<!>", "");
    assert_eq!((card.matches(", for you alone").count(), card.matches(", for named people").count()), (1, 1), "{card}");
    // The words are text, and the time is the link; the key that replies stands where it does.
    assert!(card.contains("<p dir=\"auto\">A word to two</p>"), "{card}");
    assert_eq!((card.matches("<kbd>r</kbd>").count(), card.matches("Reply<").count()), (1, 3), "{card}");
}

#[tokio::test]
async fn the_draft_is_sent_by_the_host_and_by_nobody_else() {
    let app = TestApp::start().await.founded().await;
    let (admin, bo, cy) = (app.founder().await, app.member("bo").await, app.member("cy").await);
    for (client, name) in [(&bo, "bo"), (&cy, "cy")] {
        let words = format!("Is {name}.");
        assert_eq!(admin.post("/api/hosting/sentences/propose", &[("name", name), ("words", &words)]).await.status, 200);
        if name == "bo" {
            assert_eq!(client.post("/api/settings/sentence", &[("form[answer]", "stand"), ("form[seen]", &words)]).await.status, 200);
        }
    }
    begins(&admin).await;
    let ended = ends(&app, &admin).await.header("location");
    let summary = admin.get(&ended).await.text();
    assert!(summary.contains("0 of 2 seen. The others will be there the next time they are about."), "{summary}");
    let draft = admin.get(&format!("{ended}/whos-here")).await.text();
    assert!(draft.contains("@bo: Is bo.") && !draft.contains("@cy"), "{draft}");
    assert!(!bo.get("/").await.text().contains("Is bo."), "nothing is sent by itself");
    let refused = from_page(&admin, &format!("{ended}/whos-here"), "/api/hosting/round/whos-here", &[("markdown", " ")]).await;
    assert!(admin.get(&refused.header("location")).await.text().contains("There is nothing in it yet."));
    let sent =
        from_page(&admin, &format!("{ended}/whos-here"), "/api/hosting/round/whos-here", &[("markdown", "Here are @bo: Is bo.")]).await;
    assert!(sent.header("location").starts_with("/posts/"), "{}", sent.header("location"));
    let timeline = cy.get("/").await.text();
    assert!(timeline.contains("Here are") && timeline.contains("House-host"), "{timeline}");
}

#[tokio::test]
async fn a_deed_counts_for_whoever_wrote_what_was_answered_and_for_each_person_once() {
    let app = TestApp::start().await.founded().await;
    let (admin, bo, cy) = (app.founder().await, app.member("bo").await, app.member("cy").await);
    let kofi = host(&app, "kofi").await;
    let soup = bo.posts("Who is in for soup?").await.to_string();
    cy.posts("I have bread.").await;
    begins(&admin).await;
    // What the form says of whose card it stands on decides nothing.
    for (by, name) in [(&admin, "cy"), (&kofi, "bo")] {
        assert_eq!(by.post("/api/hosting/round/reply", &[("name", name), ("post", &soup), ("markdown", "I am!")]).await.status, 200);
    }
    let summary = admin.get(&ends(&app, &admin).await.header("location")).await.text();
    assert!(summary.contains("One person answered") && summary.contains("you (1)") && summary.contains("Kofi (1)"), "{summary}");
}

#[tokio::test]
async fn without_anybody_about_there_is_no_round() {
    let app = TestApp::start().await.founded().await;
    let admin = app.founder().await;
    let start = admin.get("/hosting/round").await.text();
    assert!(start.contains("It has been quiet this week.") && !start.contains("type=\"radio\""), "{start}");
    let refused = admin.post("/api/hosting/round/begin", &[("since", "week")]).await;
    assert!(refused.status == 422 && refused.text().contains("Nobody has been about since then."), "{}", refused.text());
    assert!(!admin.get("/hosting").await.text().contains("Go round"));
    assert_eq!(admin.get("/hosting/rounds/7").await.status, 404);
    assert_eq!(admin.get("/hosting/people/nobody").await.status, 404);
}
