//! A newcomer's way in, what hosts see of it, and greeting: who is shown what, by address and by answer.

use crate::{
    app::{Client, PASSWORD, TestApp},
    doors::without_script,
};
use domain::{
    gatherings::GatheringForm,
    invitations::{InvitationForm, NewMember},
    people::{Handle, Profile, Role},
    time::{Clock, SystemClock, Zone},
    timeline::{Audience, NewPost, TimelineStore},
    welcome::greeters::GreeterStore,
};

/// What somebody does without script on a page, and the page that they are led to.
async fn does(client: &Client, page: &str, path: &str, fields: &[(&str, &str)]) -> String {
    let answer = without_script(client, page, path, fields).await;
    let location = answer.header("location");
    assert!(answer.status == 303 && !location.contains("kept="), "{path}: {} {location}", answer.status);
    let led = client.get(&location).await;
    assert_eq!(led.status, 200, "{path} leads to {location}");
    led.text()
}

/// Which steps wait on a page.
fn waiting(page: &str) -> Vec<String> {
    let items = page.split("<li id=\"").skip(1).filter_map(|item| item.split_once('"'));
    items.filter(|(_, rest)| rest.starts_with(" class=\"path-step\"")).map(|(id, _)| id.to_owned()).collect()
}

/// A section of the board, with its cards.
fn stage(page: &str, number: usize) -> String {
    let (_, rest) = page.split_once(&format!("aria-labelledby=\"stage-{number}\"")).unwrap_or_else(|| panic!("no stage {number}: {page}"));
    rest.split("</section>").next().unwrap_or_default().to_owned()
}

async fn soup(app: &TestApp, host: &Client) -> (String, String) {
    let form = GatheringForm {
        title: "Soup".into(),
        date: chrono::DateTime::<chrono::Utc>::from(SystemClock.now().plus_days(3)).format("%Y-%m-%d").to_string(),
        time: "19:30".into(),
        minutes: "90".into(),
        place: "The hall".into(),
        ..GatheringForm::default()
    };
    let slug = app.front.services.gatherings.plan(&host.me().await, &form, &Zone::utc()).await.expect("planned");
    (slug, form.date)
}

/// A newcomer who said hello so many hours ago.
async fn said_hello(app: &TestApp, name: &str, hours: i64) -> Client {
    let store = &app.front.store;
    let at = SystemClock.now().plus_seconds(-3600 * hours);
    let founder = app.founder().await.me().await;
    let form = InvitationForm { name: name.into(), ..InvitationForm::default() };
    let invitation = app.front.services.invitations.invite(&founder, &form).await.expect("an invitation");
    let profile = Profile {
        display_name: name.into(),
        pronouns: String::new(),
        line: String::new(),
        town: String::new(),
        interests: Vec::new(),
        zone: Zone::utc(),
    };
    let member = NewMember { name: Handle::parse(name).expect("a name"), password_hash: String::new(), profile, role: Role::Member, at };
    let joined = domain::invitations::InvitationStore::join(store, &invitation.code, &member).await.expect("joins");
    let client = app.signed_in(joined).await;
    let post = NewPost {
        markdown: "Hello all".into(),
        html: Default::default(),
        note: None,
        audience: Audience::Community,
        named: Vec::new(),
        pictures: Vec::new(),
        mentioned: Vec::new(),
        tags: Vec::new(),
        excerpt: "Hello all".into(),
        at,
    };
    store.keep_post(&client.me().await, &post).await.expect("keeps");
    client
}

#[tokio::test]
async fn whoever_joins_is_led_to_their_welcome_and_each_step_knows_by_itself_that_it_is_done() {
    let app = TestApp::start().await.founded().await;
    let (founder, visitor) = (app.founder().await, app.visitor());
    let (slug, date) = soup(&app, &founder).await;
    let form = InvitationForm { name: "Bo".into(), ..InvitationForm::default() };
    let code = app.front.services.invitations.invite(&founder.me().await, &form).await.expect("an invitation").code;
    let fields = [
        ("code", code.as_str()),
        ("form[name]", "bo"),
        ("form[password]", PASSWORD),
        ("form[display_name]", "Bo"),
        ("form[time_zone]", "Europe/Lisbon"),
        ("form[rules]", "read"),
    ];
    let joined = without_script(&visitor, &format!("/join/{code}"), "/api/join", &fields).await;
    assert_eq!((joined.status, joined.header("location")), (303, "/welcome".to_owned()));
    let page = visitor.get("/welcome").await.text();
    assert!(page.contains("Who looks forward to you") && page.contains("asked you to come"), "{page}");
    assert!(page.contains("You accepted the"), "they accepted the rules at the door");
    assert_eq!(waiting(&page), ["line", "interests", "hello", "gathering"]);
    assert!(!page.contains('%') && !page.contains("overdue"), "nothing is counted");

    let page = does(&visitor, "/welcome", "/api/welcome/line", &[("step", "line"), ("line", "Bakes, and reads maps")]).await;
    assert!(page.contains("Bakes, and reads maps"), "{page}");
    let page = does(&visitor, "/welcome", "/api/welcome/interests", &[("interests", "Bread, maps")]).await;
    assert!(page.contains("Bread, maps"), "{page}");
    let page = does(&visitor, "/welcome", "/api/welcome/hello", &[("markdown", "Hello, I am Bo.")]).await;
    assert!(page.contains("Said. They will see it"), "{page}");
    assert!(founder.get("/").await.text().contains("Hello, I am Bo."));
    let yes = [("slug", slug.as_str()), ("date", date.as_str()), ("answer", "yes"), ("step", "gathering")];
    let answered = without_script(&visitor, "/welcome", "/api/gatherings/rsvp", &yes).await;
    assert!(answered.header("location").starts_with("/welcome"), "{}", answered.header("location"));
    let page = visitor.get("/welcome").await.text();
    assert_eq!(waiting(&page), [] as [&str; 0]);
    assert!(page.contains("You know your way."), "{page}");
}

#[tokio::test]
async fn a_step_can_wait_and_the_whole_can_be_put_away_and_taken_up_again() {
    let app = TestApp::start().await.founded().await;
    let bo = app.member("bo").await;
    let page = does(&bo, "/welcome", "/api/welcome/later", &[("step", "line"), ("off", "yes"), ("line", "")]).await;
    assert!(!waiting(&page).contains(&"line".to_owned()) && page.contains("For later") && page.contains("Now is fine"), "{page}");
    let page = does(&bo, "/welcome", "/api/welcome/later", &[("step", "line")]).await;
    assert!(waiting(&page).contains(&"line".to_owned()) && !page.contains("For later"), "{page}");
    let away = without_script(&bo, "/welcome", "/api/welcome/away", &[("away", "yes")]).await;
    assert_eq!(away.header("location"), "/");
    assert!(waiting(&bo.get("/welcome").await.text()).is_empty());
    assert!(bo.get("/settings/greeting").await.text().contains("Take it up again"));
    let page = does(&bo, "/welcome", "/api/welcome/away", &[]).await;
    assert!(!waiting(&page).is_empty(), "{page}");
}

#[tokio::test]
async fn a_refused_step_keeps_what_was_typed_and_says_why() {
    let app = TestApp::start().await.founded().await;
    let bo = app.member("bo").await;
    let many = "a,b,c,d,e,f,g,h,i,j,k,l,m";
    for (path, field, typed, says) in [
        ("/api/welcome/line", "line", "x".repeat(201), "too long"),
        ("/api/welcome/interests", "interests", many.to_owned(), "That is a lot of interests"),
        ("/api/welcome/hello", "markdown", "y".repeat(10_001), "too long"),
    ] {
        let answer = without_script(&bo, "/welcome", path, &[(field, &typed)]).await;
        let page = bo.get(&answer.header("location")).await.text();
        assert!(page.contains(&typed) && page.contains(says) && page.contains("aria-invalid=\"true\""), "{path}: {page}");
    }
    assert_eq!(app.founder().await.get("/people/bo").await.text().matches("xxxx").count(), 0);
}

#[tokio::test]
async fn new_rules_are_accepted_as_they_were_read() {
    let app = TestApp::start().await.founded().await;
    let (founder, bo) = (app.founder().await, app.member("bo").await);
    assert!(!waiting(&bo.get("/welcome").await.text()).contains(&"rules".to_owned()));
    let admin = founder.viewer().await.admin().expect("an admin");
    app.front.services.place.change_rules(&admin, "Be kind, and bring soup.").await.expect("kept");
    let page = bo.get("/welcome").await.text();
    assert!(waiting(&page).contains(&"rules".to_owned()) && page.contains("bring soup"), "{page}");
    let page = does(&bo, "/welcome", "/api/welcome/rules", &[("version", "1")]).await;
    assert!(waiting(&page).contains(&"rules".to_owned()), "those before are not these");
    let page = does(&bo, "/welcome", "/api/welcome/rules", &[("version", "99")]).await;
    assert!(!waiting(&page).contains(&"rules".to_owned()), "{page}");
    app.front.services.place.change_rules(&admin, "Be kind, and bring bread.").await.expect("kept");
    assert!(waiting(&bo.get("/welcome").await.text()).contains(&"rules".to_owned()), "none that are still to come were accepted");
}

#[tokio::test]
async fn an_admin_sets_the_path_up() {
    let app = TestApp::start().await.founded().await;
    let (founder, bo) = (app.founder().await, app.member("bo").await);
    let page = founder.get("/admin/welcome").await.text();
    assert!(page.contains("What brought you here?") && page.matches(" checked").count() == 7, "{page}");
    let fields = [
        ("form[steps][hello]", "yes"),
        ("form[first]", "What do you cook?"),
        ("form[second]", ""),
        ("form[third]", ""),
        ("form[within]", "48"),
    ];
    let page = does(&founder, "/admin/welcome", "/api/welcome/path", &fields).await;
    assert!(page.contains("Saved.") && page.contains("What do you cook?") && page.matches(" checked").count() == 1, "{page}");
    let page = bo.get("/welcome").await.text();
    assert_eq!(waiting(&page), ["hello"]);
    assert!(page.contains("What do you cook?") && !page.contains("What brought you here?"), "{page}");

    let wrong = [("form[within]", "soon"), ("form[first]", "Kept?")];
    let answer = without_script(&founder, "/admin/welcome", "/api/welcome/path", &wrong).await;
    let page = founder.get(&answer.header("location")).await.text();
    assert!(
        page.contains("a number of hours from 1 to 168") && page.contains("value=\"Kept?\"") && page.contains("value=\"soon\""),
        "{page}"
    );
    assert_eq!(bo.get("/admin/welcome").await.status, 404);
    assert_eq!(bo.post("/api/welcome/path", &fields).await.status, 403);
}

#[tokio::test]
async fn visitors_are_asked_to_sign_in_before_their_welcome() {
    let app = TestApp::start().await.founded().await;
    for path in ["/welcome", "/welcome/greeting", "/settings/greeting", "/hosting/newcomers"] {
        let answer = app.visitor().get(path).await;
        assert!(answer.header("location").starts_with("/sign-in"), "{path}: {} {}", answer.status, answer.header("location"));
    }
    for path in ["rules", "line", "interests", "hello", "later", "away", "path"] {
        let fields = [("version", "1"), ("step", "line"), ("markdown", "Hello"), ("line", "x"), ("interests", "x")];
        let answer = app.visitor().post(&format!("/api/welcome/{path}"), &fields).await;
        assert_eq!(answer.status, 401, "{path}");
    }
}

#[tokio::test]
async fn the_board_says_what_waits_and_what_to_do_and_moves_by_facts() {
    let app = TestApp::start().await.founded().await;
    let founder = app.founder().await;
    let (bo, di) = (said_hello(&app, "bo", 26).await, said_hello(&app, "di", 2).await);
    let form = InvitationForm { name: "Ngozi".into(), ..InvitationForm::default() };
    app.front.services.invitations.invite(&founder.me().await, &form).await.expect("an invitation");
    let desk = founder.get("/hosting").await.text();
    assert!(desk.contains("A hello waits for an answer. Two newcomers came since you last looked."), "{desk}");
    let page = founder.get("/hosting/newcomers").await.text();
    assert!(page.contains("This hello has gone unanswered for 26 hours."), "{page}");
    assert_eq!(page.matches("gone unanswered").count(), 1, "di's is not late");
    assert!(stage(&page, 0).contains("Ngozi") && stage(&page, 0).contains("Send it again"), "{page}");
    let said = stage(&page, 2);
    assert!(said.contains(">bo<") && said.contains(">di<") && said.find(">bo<") < said.find(">di<"), "what is late comes first: {said}");
    assert!(said.contains("Answer it"), "{said}");
    let desk = founder.get("/hosting").await.text();
    assert!(desk.contains("A hello waits for an answer.") && !desk.contains("newcomers came"), "{desk}");

    let hello = said.split("/posts/").nth(1).and_then(|rest| rest.split('"').next()).expect("a way to the hello").to_owned();
    let answer = founder.replies(hello.parse().expect("a post"), "Welcome!").await;
    let page = founder.get("/hosting/newcomers").await.text();
    assert!(stage(&page, 3).contains(">bo<") && !page.contains("gone unanswered") && stage(&page, 3).contains("Offer a greeter"), "{page}");
    bo.replies(answer, "Thank you!").await;
    let page = founder.get("/hosting/newcomers").await.text();
    assert!(stage(&page, 4).contains(">bo<") && stage(&page, 3).contains("Nobody just now"), "{page}");
    assert!(!founder.get("/hosting").await.text().contains("hello waits"));

    let page = does(&founder, "/hosting/newcomers", "/api/newcomers/aside", &[("name", "di"), ("aside", "yes")]).await;
    assert!(!stage(&page, 2).contains(">di<") && page.contains("They know their way") && page.contains("Back on the board"), "{page}");
    let page = does(&founder, "/hosting/newcomers", "/api/newcomers/aside", &[("name", "di")]).await;
    assert!(stage(&page, 2).contains(">di<"), "{page}");
    let page = does(&founder, "/hosting/newcomers/di", "/api/newcomers/greet", &[("name", "di"), ("markdown", "Come to soup?")]).await;
    assert!(page.contains("Your words are on their way"), "{page}");
    assert!(di.get("/").await.text().contains("Come to soup?") && !bo.get("/").await.text().contains("Come to soup?"));
}

#[tokio::test]
async fn a_hello_has_waited_too_long_by_the_communitys_own_limit() {
    let app = TestApp::start().await.founded().await;
    let founder = app.founder().await;
    said_hello(&app, "bo", 26).await;
    said_hello(&app, "di", 5).await;
    let late = async |within: &str| {
        let fields = [("form[steps][hello]", "yes"), ("form[first]", "What do you cook?"), ("form[within]", within)];
        does(&founder, "/admin/welcome", "/api/welcome/path", &fields).await;
        let page = founder.get("/hosting/newcomers").await.text();
        [26, 5].map(|hours| page.contains(&format!("This hello has gone unanswered for {hours} hours.")))
    };
    assert_eq!(late("48").await, [false, false]);
    assert!(!founder.get("/hosting").await.text().contains("hello waits"));
    assert_eq!(late("4").await, [true, true]);
    assert!(founder.get("/hosting").await.text().contains("Two hellos wait for an answer."));
    assert_eq!(late("24").await, [true, false]);
}

#[tokio::test]
async fn the_board_says_of_each_what_to_do_next_and_how_long_they_have_stood_there() {
    let app = TestApp::start().await.founded().await;
    let founder = app.founder().await;
    let (bo, ev) = (said_hello(&app, "bo", 50).await, app.member("ev").await);
    soup(&app, &founder).await;
    // Between pieces of text the server leaves marks for the client.
    let board = async || founder.get("/hosting/newcomers").await.text().replace("<!>", "");
    let page = board().await;
    let joined = stage(&page, 1);
    for said in ["href=\"/hosting/newcomers/ev#greet\"", ">Greet them<", "For less than an hour"] {
        assert!(joined.contains(said), "{said}: {joined}");
    }
    assert!(stage(&page, 2).contains("For 2 days"), "{page}");
    let hello = stage(&page, 2).split("/posts/").nth(1).and_then(|rest| rest.split('"').next()).expect("a way to the hello").to_owned();
    let answer = ev.replies(hello.parse().expect("a post"), "Welcome!").await;
    bo.replies(answer, "Thank you!").await;
    let met = stage(&board().await, 4);
    assert!(met.contains("href=\"/hosting/newcomers/bo?to=next#greet\"") && met.contains(">Invite them to Soup<"), "{met}");
}

#[tokio::test]
async fn an_invitation_to_what_is_next_is_begun_for_the_host() {
    let app = TestApp::start().await.founded().await;
    let founder = app.founder().await;
    app.member("bo").await;
    let (slug, date) = soup(&app, &founder).await;
    let page = founder.get("/hosting/newcomers/bo?to=next").await.text();
    assert!(page.contains("Dear Bo, Soup is on") && page.contains(&format!("/gatherings/{slug}/{date}")), "{page}");
    assert!(!founder.get("/hosting/newcomers/bo").await.text().contains("Dear Bo"));
}

#[tokio::test]
async fn the_board_is_for_hosts_by_address_and_by_answer() {
    let app = TestApp::start().await.founded().await;
    let (founder, bo, cy) = (app.founder().await, said_hello(&app, "bo", 30).await, app.member("cy").await);
    for client in [&bo, &cy] {
        let nothing = client.get("/hosting/nothing").await;
        for path in ["/hosting/newcomers", "/hosting/newcomers/bo", "/hosting/newcomers/nobody", "/hosting"] {
            let hidden = client.get(path).await;
            assert_eq!((hidden.status, hidden.text()), (404, nothing.text()), "{path}");
        }
        for path in ["aside", "greet", "ask-greeter", "unask-greeter"] {
            let ask = async |name| {
                let fields = [("name", name), ("aside", "yes"), ("markdown", "Hello"), ("greeter", "cy")];
                let answer = client.post(&format!("/api/newcomers/{path}"), &fields).await;
                (answer.status, answer.text())
            };
            assert_eq!((ask("bo").await.0, ask("bo").await), (404, ask("nobody").await), "{path}");
        }
    }
    // Whoever is late is not told, wherever they look.
    for path in ["/", "/welcome", "/people/bo", "/notifications", "/settings", "/settings/greeting", "/welcome/greeting"] {
        let page = bo.get(path).await.text();
        for word in ["unanswered", "overdue", "Was answered", "Said hello", "26 hours", "30 hours"] {
            assert!(!page.contains(word), "{path} says {word}");
        }
    }
    assert_eq!(founder.get("/hosting/newcomers/nobody").await.status, 404);
    assert_eq!(founder.get("/hosting/newcomers/house-host").await.status, 404, "who keeps the place is no newcomer");
}

#[tokio::test]
async fn a_greeter_is_asked_accepts_and_writes_and_the_newcomer_reads_who_it_is() {
    let app = TestApp::start().await.founded().await;
    let (founder, bo, cy, di) = (app.founder().await, app.member("bo").await, app.member("cy").await, app.member("di").await);
    assert!(founder.get("/hosting/newcomers/bo").await.text().contains("Nobody can be asked just now"));
    for client in [&cy, &di] {
        let page = does(client, "/settings/greeting", "/api/settings/greeting", &[("greets", "yes")]).await;
        assert!(page.contains("Thank you. A host may ask you"), "{page}");
    }
    for client in [&bo, &cy] {
        does(client, "/welcome", "/api/welcome/interests", &[("interests", "maps")]).await;
    }
    let page = founder.get("/hosting/newcomers/bo").await.text();
    assert!(page.contains("Both like maps; looks after nobody now.") && page.find("people/cy") < page.find("people/di"), "{page}");
    let page = does(&founder, "/hosting/newcomers/bo", "/api/newcomers/ask-greeter", &[("name", "bo"), ("greeter", "cy")]).await;
    assert!(page.contains("was asked to show them round"), "{page}");
    assert!(!bo.get("/welcome").await.text().contains("show you round"), "until they said yes");
    let told = cy.get("/notifications").await.text();
    assert!(told.contains("is new here. Would you show them round?") && told.contains("/welcome/greeting"), "{told}");
    let again = founder.post("/api/newcomers/ask-greeter", &[("name", "bo"), ("greeter", "di")]).await;
    assert!(again.status == 422 && again.text().contains("asked to greet them already"), "{}", again.text());

    let page = does(&cy, "/welcome/greeting", "/api/greeting/answer", &[("name", "bo"), ("accept", "yes")]).await;
    assert!(page.contains("Hello Bo, I am Cy") && page.contains("you like maps"), "{page}");
    let page = bo.get("/welcome").await.text();
    assert!(page.contains("will show you round") && waiting(&page).contains(&"greeter".to_owned()), "{page}");
    assert!(founder.get("/hosting/newcomers").await.text().contains("shows them round"));
    let page = does(&cy, "/welcome/greeting", "/api/greeting/write", &[("name", "bo"), ("markdown", "Hello Bo!")]).await;
    assert!(page.contains("Hello Bo!"), "{page}");
    assert!(bo.get("/").await.text().contains("Hello Bo!") && !di.get("/").await.text().contains("Hello Bo!"));
    assert!(!cy.get("/welcome/greeting").await.text().contains("I am Cy"), "the beginning was made");
}

#[tokio::test]
async fn a_greeter_passes_without_a_word_and_sees_only_whom_they_were_asked_for() {
    let app = TestApp::start().await.founded().await;
    let (founder, bo, cy, di) = (app.founder().await, app.member("bo").await, app.member("cy").await, app.member("di").await);
    for client in [&cy, &di] {
        app.front.store.save_greets(&client.me().await, true).await.expect("keeps");
    }
    let welcome = &app.front.services.welcome;
    let host = founder.viewer().await.host().expect("a host");
    welcome.ask_greeter(&host, "bo", "cy").await.expect("asks");
    // What is new on it is not new any more the second time.
    founder.get("/notifications").await;
    let read = founder.get("/notifications").await.text();
    assert!(!di.get("/welcome/greeting").await.text().contains("people/bo"));
    // Whom one was not asked for is as whoever is not there.
    for path in ["answer", "write"] {
        let try_it = async |name| {
            let answer = di.post(&format!("/api/greeting/{path}"), &[("name", name), ("accept", "yes"), ("markdown", "Hello")]).await;
            (answer.status, answer.header("location"), answer.text())
        };
        assert_eq!(try_it("bo").await, try_it("nobody").await, "{path}");
    }
    let page = does(&cy, "/welcome/greeting", "/api/greeting/answer", &[("name", "bo")]).await;
    assert!(page.contains("Nobody is told.") && page.contains("Nobody waits for you."), "{page}");
    assert_eq!(founder.get("/notifications").await.text(), read, "nobody was told");
    let page = founder.get("/hosting/newcomers/bo").await.text();
    assert!(!page.contains("people/cy") && page.contains("people/di") && !page.contains("passed"), "{page}");
    assert!(!bo.get("/welcome").await.text().contains("show you round"));
}
