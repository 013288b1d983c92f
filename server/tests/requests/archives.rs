//! Words from before: a host brings a chat, each decides about their own, and nobody reads anybody else's.

use crate::app::{Answer, Client, TestApp};
use axum::http::{HeaderValue, header};

const CHAT: &str = "03/03/2024, 19:45 - Marco created group \"Soup Night\"\n\
                    03/03/2024, 19:46 - Bo ☕: who brings bread?\n\
                    13/03/2024, 20:02 - Cy: I do, *promise*\n\
                    13/03/2024, 20:05 - Bo ☕: <Media omitted>\n\
                    14/03/2024, 07:00 - Bo ☕: @cy thank you #bread\n\
                    02/04/2024, 07:00 - Bo ☕: that stays between us\n";

async fn brings(by: &Client, file: &[u8]) -> Answer {
    by.sends_file("/api/archives/chat", "/hosting/invitations/chats", &[("called", "Soup Night")], ("_chat.txt", file)).await
}

/// The number of a chat that was brought.
async fn brought(by: &Client) -> String {
    let sent = brings(by, CHAT.as_bytes()).await;
    let page = sent.header("location");
    assert_eq!(sent.status, 303, "{}", sent.text());
    page.trim_start_matches("/hosting/invitations/chats/").trim_end_matches("?done=read").to_owned()
}

#[tokio::test]
async fn each_decides_about_their_own_words_and_nobody_reads_anybody_elses() {
    let app = TestApp::start_idle().await.founded().await;
    let (host, bo, cy, visitor) = (app.founder().await, app.member("bo").await, app.member("cy").await, app.visitor());
    let chat = brought(&host).await;
    let page = format!("/hosting/invitations/chats/{chat}");
    let shown = host.get(&page).await.text();
    for said in [
        "Bo ☕",
        "Three messages.",
        "One message.",
        "from 3 March 2024 to 2 April 2024",
        "1 picture or file",
        "value=\"bo\"",
        "value=\"cy\"",
    ] {
        assert!(shown.contains(said), "{said}: {shown}");
    }
    assert!(!shown.contains("bread") && !shown.contains("promise"), "hosts read none of it");
    let asked = host.post("/api/archives/ask", &[("chat", &chat), ("who[0]", "@bo"), ("who[1]", "cy")]).await;
    assert_eq!(asked.header("location"), format!("{page}?done=asked"));
    assert!(bo.get("/notifications").await.text().contains("brought an old chat along"));

    let mine = format!("/settings/archives/{chat}");
    let before = bo.get(&mine).await.text();
    assert!(
        before.contains("somebody called Bo ☕ wrote three messages") && !before.contains("bread"),
        "not before they say that it is them"
    );
    let words = bo.get(&format!("{mine}?show=words")).await.text();
    assert!(words.contains("who brings bread?") && words.contains("that stays between us") && !words.contains("promise"));
    assert!(
        !before.contains("Yes, bring them along") && words.contains("Yes, bring them along"),
        "nobody says yes to what they have not seen"
    );
    // What is ticked counts, whichever button is pressed.
    let ticks = [("archive", chat.as_str()), ("shown[0]", "0"), ("shown[1]", "2"), ("from", "0")];
    let left =
        async |more: &[(&str, &str)]| bo.post("/api/archives/leave-out", &ticks.iter().chain(more).copied().collect::<Vec<_>>()).await;
    let on = left(&[("out[0]", "0"), ("then", "3")]).await;
    assert_eq!(on.header("location"), format!("{mine}?show=words&from=3&done=left-out"), "{}", on.text());
    assert!(bo.get(&mine).await.text().contains("One of them you leave out."));
    assert!(left(&[]).await.header("location").ends_with("from=0&done=left-out"));
    assert!(!bo.get(&mine).await.text().contains("you leave out"));
    let yes = [("archive", chat.as_str()), ("shown[0]", "0"), ("shown[1]", "3"), ("out[0]", "3"), ("says", "yes")];
    let yes = bo.post("/api/archives/leave-out", &yes).await;
    assert_eq!(yes.header("location"), format!("{mine}?done=yes"));
    assert!(bo.get(&mine).await.text().contains("Two messages of yours came along"));
    let timeline = cy.get("/").await.text();
    assert!(timeline.contains("From our chat “Soup Night”, March 2024.") && !timeline.contains("April 2024"), "{timeline}");
    let mut ids = timeline.split("/posts/").skip(1).filter_map(|rest| rest.split(|c: char| !c.is_ascii_digit()).next());
    let thread = ids.find(|id| !id.is_empty()).expect("a thread").to_owned();
    let thread = cy.get(&format!("/posts/{thread}")).await.text();
    for said in ["who brings bread?", "@cy thank you"] {
        assert!(thread.contains(said), "{said}: {thread}");
    }
    assert!(!thread.contains("between us"));
    assert!(!thread.contains("promise"), "whoever has not answered has not said yes");
    assert!(!cy.get("/notifications").await.text().contains("mentioned you"), "nobody is told");
    assert!(!visitor.get("/").await.text().contains("Soup Night”"));

    let no = cy.post("/api/archives/answer", &[("archive", &chat), ("says", "no")]).await;
    assert_eq!(no.header("location"), "/settings/archives?done=no");
    assert_eq!(cy.get(&mine).await.status, 404, "nothing of theirs is left");
    assert!(host.get(&page).await.text().contains("Cy is asked."), "whoever says no is not told on");
    bo.post("/api/archives/answer", &[("archive", &chat), ("says", "no")]).await;
    app.front.services.archives.keep_up().await.expect("available");
    assert!(!cy.get("/").await.text().contains("Soup Night"), "a month of which nothing is left goes with it");
}

#[tokio::test]
async fn whoever_is_no_host_finds_no_chats_and_no_other_persons_words() {
    let app = TestApp::start_idle().await.founded().await;
    let (host, bo, cy) = (app.founder().await, app.member("bo").await, app.member("cy").await);
    let chat = brought(&host).await;
    host.post("/api/archives/ask", &[("chat", &chat), ("who[0]", "bo")]).await;
    for address in ["/hosting/invitations/chats".to_owned(), format!("/hosting/invitations/chats/{chat}")] {
        let shown = bo.get(&address).await;
        assert_eq!((shown.status, shown.text().contains("Soup Night")), (404, false), "{address}");
    }
    let mut request = bo.form("/api/archives/chat", &[]);
    request.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("multipart/form-data; boundary=xYx"));
    assert_eq!(bo.send(request).await.status, 404);
    let refused = brings(&bo, CHAT.as_bytes()).await;
    assert_eq!((refused.status, refused.text().contains("chat")), (404, false), "without a script, too");
    for (path, fields) in [
        ("/api/archives/ask", vec![("chat", chat.as_str()), ("who[0]", "bo")]),
        ("/api/archives/throw-away", vec![("chat", chat.as_str())]),
    ] {
        assert_eq!(bo.post(path, &fields).await.status, 404, "{path}");
    }
    assert_eq!(cy.get(&format!("/settings/archives/{chat}?show=words")).await.status, 404);
    for says in ["yes", "no", "not-me", "perhaps"] {
        let answered = cy.post("/api/archives/answer", &[("archive", &chat), ("says", says)]).await;
        assert!(
            answered.header("location").is_empty() || !answered.header("location").contains("done"),
            "{says}: {}",
            answered.header("location")
        );
    }
    assert_eq!(host.get(&format!("/settings/archives/{chat}?show=words")).await.status, 404, "hosts read none of it either");
    assert!(bo.get(&format!("/settings/archives/{chat}")).await.text().contains("somebody called Bo ☕"));
}

#[tokio::test]
async fn another_host_does_not_read_words_by_saying_that_they_are_theirs() {
    let app = TestApp::start_idle().await.founded().await;
    let (host, bo, cy) = (app.founder().await, app.member("bo").await, app.member("cy").await);
    assert_eq!(host.post("/api/community/role", &[("name", "cy"), ("role", "host")]).await.status, 200);
    let chat = brought(&host).await;
    let page = format!("/hosting/invitations/chats/{chat}");
    // Once it is to be chosen from; and once it is thought of for who speaks.
    let thought_of = async |by: &Client| by.get(&page).await.text().matches("value=\"cy\"").count();
    assert_eq!((thought_of(&host).await, thought_of(&cy).await), (2, 1));
    let claims = cy.post("/api/archives/ask", &[("chat", &chat), ("who[0]", "cy"), ("who[1]", "")]).await;
    assert!(claims.status == 422 && claims.text().contains("NotYours"), "{}", claims.text());
    assert_eq!(cy.get(&format!("/settings/archives/{chat}?show=words")).await.status, 404);
    let asked = cy.post("/api/archives/ask", &[("chat", &chat), ("who[0]", "bo"), ("who[1]", "")]).await;
    assert_eq!(asked.status, 200, "who the others are they may say: {}", asked.text());
    assert!(bo.get("/notifications").await.text().contains("brought an old chat along"));
    // Whoever brought it says that they are; from then on it stands in the form that the other sends.
    for by in [&host, &cy] {
        assert_eq!(by.post("/api/archives/ask", &[("chat", &chat), ("who[0]", "bo"), ("who[1]", "cy")]).await.status, 200);
    }
    for says in ["", "perhaps"] {
        assert_ne!(cy.post("/api/archives/answer", &[("archive", &chat), ("says", says)]).await.status, 200, "{says}");
    }
    assert!(cy.get(&format!("/settings/archives/{chat}?show=words")).await.text().contains("I do, *promise*"), "it is theirs still");
}

#[tokio::test]
async fn a_file_that_is_none_and_a_name_that_is_nobodys_are_refused_in_a_sentence() {
    let app = TestApp::start_idle().await.founded().await;
    let host = app.founder().await;
    for (file, sentence) in [
        (b"Dear diary".as_slice(), "We find no messages in that."),
        (b"", "No file came along."),
        (b"PK\x03\x04 and so on", "We find no messages in that."),
        ("1/2/2015, 19:46 - Bo: long ago".as_bytes(), "We find no messages in that."),
    ] {
        let refused = brings(&host, file).await;
        let shown = host.get(&refused.header("location")).await.text();
        assert!(shown.contains(sentence) && shown.contains("value=\"Soup Night\""), "{sentence}: {shown}");
    }
    let chat = brought(&host).await;
    let refused = host.post("/api/archives/ask", &[("chat", &chat), ("who[0]", "nobody"), ("who[1]", "")]).await;
    assert_ne!(refused.status, 303, "{}", refused.header("location"));
    assert!(refused.text().contains("Nobody here has the name nobody."), "{}", refused.text());
}

#[tokio::test]
async fn what_somebody_posted_elsewhere_is_their_own_to_bring() {
    let app = TestApp::start_idle().await.founded().await;
    let (bo, cy) = (app.member("bo").await, app.member("cy").await);
    let outbox = r#"{"orderedItems":[{"type":"Create","actor":"https://example.social/users/bo","object":{"id":"1","type":"Note","published":"2024-03-12T19:45:00Z","to":["https://www.w3.org/ns/activitystreams#Public"],"cc":[],"content":"<p>Soup &amp; <b>bread</b> for @cy</p>"}}]}"#;
    let sent = bo.sends_file("/api/archives/posts", "/settings/archives", &[], ("outbox.json", outbox.as_bytes())).await;
    let page = sent.header("location");
    let shown = bo.get(&page).await.text();
    assert!(shown.contains("What you posted as bo@example.social") && shown.contains("Soup &amp; bread for @cy"), "{page}: {shown}");
    assert!(!cy.get("/").await.text().contains("Soup &amp; bread"), "not before the yes");
    let archive = page.trim_start_matches("/settings/archives/").split('?').next().expect("an id").to_owned();
    assert_eq!(cy.get(&format!("/settings/archives/{archive}")).await.status, 404);
    bo.post("/api/archives/answer", &[("archive", &archive), ("says", "yes")]).await;
    assert!(cy.get("/").await.text().contains("Soup &amp; bread for @cy"));
    assert!(!cy.get("/notifications").await.text().contains("mentioned you"));
    let refused = bo.sends_file("/api/archives/posts", "/settings/archives", &[], ("outbox.json", b"{}")).await;
    assert!(bo.get(&refused.header("location")).await.text().contains("We find no posts in that."));
}
