//! What open pages hear.

use crate::app::{LiveEvent, Stream, TestApp};
use domain::{live::Hint, timeline::Audience};
use server::{assets, config::Limits};

async fn hint(stream: &mut Stream) -> (Hint, String) {
    let LiveEvent { event, id, data } = stream.next().await.expect("an event");
    assert_eq!(event, "hint");
    (serde_json::from_str(&data).expect("a hint"), id)
}

async fn hello(stream: &mut Stream) {
    let hello = stream.next().await.expect("an event");
    assert_eq!((hello.event.as_str(), hello.data.as_str()), ("hello", assets::BUILD_ID));
    assert!(!hello.id.is_empty(), "a stream that drops before its first hint knows where to go on");
}

#[tokio::test]
async fn a_visitor_hears_nothing() {
    let app = TestApp::start().await.founded().await;
    assert_eq!(app.visitor().get("/live").await.status, 401);
}

#[tokio::test]
async fn a_member_hears_of_a_post_within_a_second() {
    let app = TestApp::start().await.founded().await;
    let (ana, bo) = (app.member("ana").await, app.member("bo").await);
    let mut stream = bo.listens().await;
    assert_eq!(stream.headers["content-type"], "text/event-stream");
    assert_eq!(stream.headers["x-accel-buffering"], "no");
    assert!(stream.headers.get("content-encoding").is_none());
    hello(&mut stream).await;
    let post = ana.posts("Soup on Friday").await;
    assert_eq!(hint(&mut stream).await.0, Hint::Posted { post });
    let reply = ana.replies(post, "At seven").await;
    assert_eq!(hint(&mut stream).await.0, Hint::Replied { post: reply, thread: post });
}

#[tokio::test]
async fn a_member_hears_nothing_of_a_post_for_others() {
    let app = TestApp::start().await.founded().await;
    let (ana, bo, cy) = (app.member("ana").await, app.member("bo").await, app.member("cy").await);
    let (mut bo_hears, mut cy_hears) = (bo.listens().await, cy.listens().await);
    hello(&mut bo_hears).await;
    hello(&mut cy_hears).await;
    let secret = ana.posts_for("For Bo alone", Audience::Named, "bo").await;
    let open = ana.posts("For all").await;
    assert_eq!(hint(&mut cy_hears).await.0, Hint::Posted { post: open }, "the first that Cy hears of");
    let mut heard = Vec::new();
    while !heard.contains(&Hint::Posted { post: open }) {
        heard.push(hint(&mut bo_hears).await.0);
    }
    assert!(heard.contains(&Hint::Posted { post: secret }), "{heard:?}");
}

#[tokio::test]
async fn a_stream_that_dropped_hears_what_it_missed_and_nothing_twice() {
    let app = TestApp::start().await.founded().await;
    let (ana, bo) = (app.member("ana").await, app.member("bo").await);
    let mut stream = bo.listens().await;
    hello(&mut stream).await;
    ana.posts("one").await;
    let (_, last) = hint(&mut stream).await;
    drop(stream);
    let missed = [ana.posts("two").await, ana.posts("three").await];
    let mut stream = bo.listens_after(Some(&last)).await;
    hello(&mut stream).await;
    for post in missed {
        assert_eq!(hint(&mut stream).await.0, Hint::Posted { post });
    }
    let post = ana.posts("four").await;
    assert_eq!(hint(&mut stream).await.0, Hint::Posted { post });
}

#[tokio::test]
async fn a_stream_may_begin_where_its_page_was_made() {
    let app = TestApp::start().await.founded().await;
    let (ana, bo) = (app.member("ana").await, app.member("bo").await);
    let mut stream = bo.listens().await;
    hello(&mut stream).await;
    ana.posts("one").await;
    let (_, made_at) = hint(&mut stream).await;
    let post = ana.posts("between the page and its stream").await;
    assert_eq!(hint(&mut stream).await.0, Hint::Posted { post });
    let mut late = bo.listens_after(Some(&made_at)).await;
    hello(&mut late).await;
    assert_eq!(hint(&mut late).await.0, Hint::Posted { post });
}

#[tokio::test]
async fn a_stream_from_before_a_restart_hears_what_it_missed_too() {
    let app = TestApp::start().await.founded().await;
    let (ana, bo) = (app.member("ana").await, app.member("bo").await);
    let post = ana.posts("before").await;
    // Position 0 is older than anything the hub holds in memory.
    let mut stream = bo.listens_after(Some("0")).await;
    hello(&mut stream).await;
    let mut heard = Vec::new();
    while !heard.contains(&Hint::Posted { post }) {
        heard.push(hint(&mut stream).await.0);
    }
    let next = ana.posts("after").await;
    assert_eq!(hint(&mut stream).await.0, Hint::Posted { post: next });
}

#[tokio::test]
async fn signing_out_everywhere_ends_the_streams() {
    let app = TestApp::start().await.founded().await;
    let ana = app.member("ana").await;
    let mut stream = ana.listens().await;
    hello(&mut stream).await;
    app.front.services.sign_in.end_everywhere(&ana.me().await).await.expect("available");
    while let Some(event) = stream.next().await {
        assert_eq!(event.event, "hint");
    }
}

#[tokio::test]
async fn the_streams_end_when_the_server_closes() {
    let app = TestApp::start().await.founded().await;
    let mut stream = app.member("ana").await.listens().await;
    hello(&mut stream).await;
    app.front.closing.send_replace(true);
    assert_eq!(stream.next().await, None);
}

#[tokio::test]
async fn a_member_has_so_many_streams_and_no_more() {
    let app = TestApp::start_with(Limits { streams_of_one: 2, ..Limits::default() }).await.founded().await;
    let (ana, bo) = (app.member("ana").await, app.member("bo").await);
    let streams = [ana.listens().await, ana.listens().await];
    assert_eq!(ana.get("/live").await.status, 429);
    bo.listens().await;
    drop(streams);
    ana.listens().await;
}
