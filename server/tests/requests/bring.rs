//! What of lists and the rota is told to whom, and who may do what there.

use crate::app::{Answer, Client, TestApp};
use domain::{
    gatherings::{
        GatheringForm,
        bring::BringStore,
        rota::NewTurn,
        rule::{How, RepeatForm},
    },
    time::Zone,
    timeline::Audience,
};

/// A weekly evening that begins in so many hours; with its date.
async fn supper(app: &TestApp, host: &Client, hours: i64, form: GatheringForm) -> (String, String) {
    let begins = chrono::Utc::now() + chrono::Duration::hours(hours);
    let form = GatheringForm {
        title: "Long table".into(),
        date: begins.format("%Y-%m-%d").to_string(),
        time: begins.format("%H:%M").to_string(),
        minutes: "60".into(),
        time_zone: "UTC".into(),
        place: "The hall".into(),
        repeat: RepeatForm { how: How::Weekly, ..RepeatForm::default() },
        ..form
    };
    let slug = app.front.services.gatherings.plan(&host.me().await, &form, &Zone::utc()).await.expect("planned");
    (slug, form.date)
}

fn kept_by_bo(audience: Audience) -> GatheringForm {
    GatheringForm { cohosts: "@bo".into(), audience, ..GatheringForm::default() }
}

const LIST: (&str, &[(&str, &str)]) = ("/api/bring/list", &[("form[things]", "bread\n2 salads"), ("form[seen]", "")]);
const TAKE: (&str, &[(&str, &str)]) = ("/api/bring/take", &[("thing", "bread"), ("many", "1")]);
const ROTA: (&str, &[(&str, &str)]) = ("/api/bring/rota", &[("in_turns", "yes")]);

async fn deed(client: &Client, (path, fields): (&str, &[(&str, &str)]), (slug, date): (&str, &str)) -> Answer {
    let all: Vec<(&str, &str)> = [("slug", slug), ("session", date)].into_iter().chain(fields.iter().copied()).collect();
    client.post(path, &all).await
}

#[tokio::test]
async fn a_list_is_written_by_those_who_keep_it_and_taken_from_by_members() {
    let app = TestApp::start().await.founded().await;
    let (ana, bo, cy) = (app.member("ana").await, app.member("bo").await, app.member("cy").await);
    let (slug, date) = supper(&app, &ana, 48, kept_by_bo(Audience::Public)).await;
    let (session, address) = ((slug.as_str(), date.as_str()), format!("/gatherings/{slug}/{date}"));
    let bring = format!("{address}/bring");
    assert!(ana.get(&format!("{address}/edit")).await.text().contains(&format!("href=\"{bring}\"")));
    // As long as there is no list, there is no page but for those who can write one.
    assert_eq!((ana.get(&bring).await.status, bo.get(&bring).await.status, cy.get(&bring).await.status), (200, 200, 404));
    assert!(!cy.get(&address).await.text().contains("What to bring"));
    assert_eq!((deed(&cy, LIST, session).await.status, deed(&bo, LIST, session).await.status), (422, 200));
    let seen = cy.get(&bring).await.text();
    assert!(seen.contains("2 needed") && !seen.contains("Keep the list"), "{seen}");
    assert_eq!(deed(&cy, TAKE, session).await.status, 200);
    let refused = deed(&ana, TAKE, session).await;
    assert!(refused.status == 422 && refused.text().contains("bread"), "{}", refused.text());
    let page = cy.get(&address).await.text();
    for said in ["To bring", "bread (Cy), 2 salads still open", "What to bring"] {
        assert!(page.contains(said), "{said}: {page}");
    }
    // A list that somebody else changed meanwhile is not lost.
    let overtaken = deed(&ana, LIST, session).await;
    assert!(overtaken.status == 422 && overtaken.text().contains("Overtaken"), "{}", overtaken.text());
    let once = [("form[things]", "olives"), ("form[seen]", "bread\r\n2 salads"), ("form[once]", "yes")];
    assert_eq!(deed(&ana, (LIST.0, &once), session).await.status, 200);
    assert!(cy.get(&address).await.text().contains("olives still open, also: bread (Cy)"));
    assert_eq!(deed(&ana, (LIST.0, &[("form[usual]", "yes")]), session).await.status, 200);
    // Whoever says no gives back what they took.
    let no = [("slug", slug.as_str()), ("date", date.as_str()), ("answer", "no")];
    assert_eq!(cy.post("/api/gatherings/rsvp", &no).await.status, 200);
    assert!(cy.get(&address).await.text().contains("bread still open, 2 salads still open"));
}

#[tokio::test]
async fn to_a_visitor_there_is_nothing_to_bring_and_nobody_whose_turn_it_is() {
    let app = TestApp::start().await.founded().await;
    let (ana, bo, visitor) = (app.member("ana").await, app.member("bo").await, app.visitor());
    let (slug, date) = supper(&app, &ana, 48, kept_by_bo(Audience::Public)).await;
    let (session, address) = ((slug.as_str(), date.as_str()), format!("/gatherings/{slug}/{date}"));
    let before = visitor.get(&address).await.text().len();
    deed(&ana, LIST, session).await;
    deed(&bo, TAKE, session).await;
    assert_eq!(deed(&ana, ROTA, session).await.status, 200);
    assert!(bo.get(&address).await.text().contains("Hosted by"));
    let page = visitor.get(&address).await;
    assert_eq!((page.status, page.text().len()), (200, before), "{}", page.text());
    for secret in ["bread", "Hosted by", "What to bring", ">Bo"] {
        assert!(!page.text().contains(secret), "{secret}: {}", page.text());
    }
    let (hidden, nothing) =
        (visitor.get(&format!("{address}/bring")).await, visitor.get(&format!("/gatherings/none-xx/{date}/bring")).await);
    assert_eq!((hidden.status, hidden.text().replace(&slug, "none-xx")), (404, nothing.text()));
    for one in [LIST, TAKE, ROTA] {
        assert_eq!(deed(&visitor, one, session).await.status, 401, "{one:?}");
    }
}

#[tokio::test]
async fn of_a_gathering_for_named_people_others_get_what_they_get_for_nothing_at_all() {
    let app = TestApp::start().await.founded().await;
    let (ana, bo, cy, di) = (app.member("ana").await, app.member("bo").await, app.member("cy").await, app.member("di").await);
    let form = GatheringForm { named: "@cy".into(), ..kept_by_bo(Audience::Named) };
    let (slug, date) = supper(&app, &ana, 48, form).await;
    let session = (slug.as_str(), date.as_str());
    assert_eq!((deed(&bo, LIST, session).await.status, deed(&cy, TAKE, session).await.status), (200, 200));
    let address = format!("/gatherings/{slug}/{date}/bring");
    assert_eq!(cy.get(&address).await.status, 200);
    for client in [&di, &app.visitor()] {
        let (hidden, nothing) = (client.get(&address).await, client.get(&address.replace(&slug, "none-xx")).await);
        assert_eq!((hidden.status, hidden.text().replace(&slug, "none-xx")), (nothing.status, nothing.text()));
        assert!(!hidden.text().contains("bread"));
    }
    for one in [LIST, TAKE, ROTA, (TAKE.0, &[("thing", "bread"), ("many", "0")])] {
        let (hidden, nothing) = (deed(&di, one, session).await, deed(&di, one, ("none-xx", &date)).await);
        assert_eq!((hidden.status, hidden.text()), (422, nothing.text()), "{one:?}");
    }
    assert!(cy.get(&format!("/gatherings/{slug}/{date}")).await.text().contains("bread (Cy)"));
}

#[tokio::test]
async fn a_rota_is_kept_by_those_whose_turn_it_can_be() {
    let app = TestApp::start().await.founded().await;
    let (ana, bo, cy) = (app.member("ana").await, app.member("bo").await, app.member("cy").await);
    let (slug, date) = supper(&app, &ana, 48, kept_by_bo(Audience::Community)).await;
    let (session, address) = ((slug.as_str(), date.as_str()), format!("/gatherings/{slug}/{date}"));
    let edit = ana.get(&format!("/gatherings/{slug}/edit")).await.text();
    assert!(edit.contains("Whose turn is it?") && edit.matches("form[dates][").count() == 8, "{edit}");
    let (bos, cys) = (bo.me().await.id.to_string(), cy.me().await.id.to_string());
    let keep = async |client: &Client, seen: &str, host: &str| {
        let fields = [("form[dates][0]", date.as_str()), ("form[hosts][0]", host), ("form[seen][0]", seen)];
        deed(client, (ROTA.0, &fields), session).await
    };
    assert_eq!((keep(&cy, "", &cys).await.status, deed(&cy, ROTA, session).await.status), (422, 422));
    let refused = keep(&ana, "", &cys).await;
    assert!(refused.status == 422 && refused.text().contains("NotAKeeper"), "{}", refused.text());
    assert_eq!(keep(&bo, "", &bos).await.status, 200);
    let page = cy.get(&address).await.text();
    assert!(page.contains("Hosted by") && page.contains("Bo"), "{page}");
    // Whose turn it is hears who comes.
    let yes = [("slug", slug.as_str()), ("date", date.as_str()), ("answer", "yes")];
    assert_eq!(cy.post("/api/gatherings/rsvp", &yes).await.status, 200);
    assert!(bo.get("/notifications").await.text().contains(&address) && !ana.get("/notifications").await.text().contains(&address));
    let anas = ana.me().await.id.to_string();
    let overtaken = keep(&ana, "", &anas).await;
    assert!(overtaken.status == 422 && overtaken.text().contains("Overtaken"), "{}", overtaken.text());
    assert_eq!(keep(&ana, &bos, "").await.status, 200);
    assert!(!cy.get(&address).await.text().contains("Hosted by"));
    // In turns, the planner begins.
    assert_eq!(deed(&bo, ROTA, session).await.status, 200);
    let edit = ana.get(&format!("/gatherings/{slug}/edit")).await.text();
    for keeper in [anas, bos] {
        assert_eq!(edit.matches(&format!("<option selected value=\"{keeper}\"")).count(), 4, "{edit}");
    }
}

#[tokio::test]
async fn the_note_of_a_keepsake_is_from_whoever_hosted_it_and_visitors_are_not_told_who_else_keeps_it() {
    let app = TestApp::start().await.founded().await;
    let (ana, bo, cy, visitor) = (app.member("ana").await, app.member("bo").await, app.member("cy").await, app.visitor());
    for (hours, mine) in [(-3, false), (-3, true), (0, false)] {
        let (slug, date) = supper(&app, &ana, hours, kept_by_bo(Audience::Public)).await;
        let (session, address) = ((slug.as_str(), date.as_str()), format!("/gatherings/{slug}/{date}"));
        let kept = app.front.services.gatherings.gathering(&ana.viewer().await, &slug).await.expect("answers").expect("there");
        let first = kept.session(kept.schedule.first).expect("a session");
        let host = if mine { ana.me().await.id } else { bo.me().await.id };
        assert!(app.front.store.keep_rota(kept.id, 0, &[NewTurn { session: first, was: None, host: Some(host) }]).await.expect("keeps"));
        if hours == 0 {
            // While it goes on, its room says who hosts it, and leads to what is to be brought.
            assert_eq!(deed(&ana, LIST, session).await.status, 200);
            let room = cy.get(&address).await.text();
            assert!(room.contains("<dt>Hosted by<!></dt><dd dir=\"auto\">Bo<") && room.contains("What to bring"), "{room}");
            continue;
        }
        let publish = [("note", "A warm evening."), ("publish", "yes")];
        assert_eq!(deed(&bo, ("/api/rooms/note", &publish), session).await.status, 200);
        let (member, other) = (cy.get(&address).await.text(), visitor.get(&address).await.text());
        let from = if mine { "From <bdi>Ana" } else { "From <bdi>Bo" };
        assert!(member.contains(from) && other.contains("A warm evening."), "{member}");
        assert_eq!((other.contains("From <bdi>Ana"), other.contains("<bdi>Bo")), (mine, false), "{other}");
        // What was brought is over.
        assert_eq!((cy.get(&format!("{address}/bring")).await.status, deed(&ana, LIST, session).await.status), (404, 422));
    }
}
