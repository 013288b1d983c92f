//! What gets past the gate, and what does not.

use crate::app::{Answer, Client, TestApp};
use axum::{
    body::Body,
    http::{HeaderName, HeaderValue, Method, header},
};
use futures::stream;
use server::{config::Limits, gate::MOST_FORM_BYTES};
use std::sync::Arc;
use tokio::sync::Notify;

/// A form, with what the browser says of it changed: an empty value takes the header away.
async fn form(client: &Client, said: &[(&'static str, &'static str)], body: impl Into<Body>) -> Answer {
    let mut request = client.request(Method::POST, "/api/no-such-function");
    request.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
    for (name, value) in said {
        let name = HeaderName::from_static(name);
        match *value {
            "" => drop(request.headers_mut().remove(name)),
            value => drop(request.headers_mut().insert(name, HeaderValue::from_static(value))),
        }
    }
    *request.body_mut() = body.into();
    client.send(request).await
}

#[tokio::test]
async fn a_form_from_another_place_is_refused() {
    let app = TestApp::start().await.founded().await;
    let ana = app.member("ana").await;
    for (said, status) in [
        (&[("sec-fetch-site", "cross-site")][..], 403),
        (&[("sec-fetch-site", "same-site")], 403),
        (&[("sec-fetch-site", ""), ("origin", "https://evil.example")], 403),
        (&[("sec-fetch-site", ""), ("origin", "null")], 403),
        (&[("sec-fetch-site", "")], 403),
        // There is no such function: the gate let it in.
        (&[("sec-fetch-site", ""), ("origin", "https://porchlight.example")], 404),
        (&[("sec-fetch-site", ""), ("referer", "https://porchlight.example/people")], 404),
        (&[], 404),
    ] {
        let answer = form(&ana, said, "a=b").await;
        assert_eq!(answer.status, status, "{said:?} {}", answer.text());
    }
    assert_eq!(form(&app.visitor(), &[("sec-fetch-site", "")], "a=b").await.status, 404, "a script that is not signed in");
}

#[tokio::test]
async fn server_functions_are_behind_the_gate_whatever_the_method() {
    let app = TestApp::start().await.founded().await;
    let ana = app.member("ana").await;
    for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::PATCH] {
        let mut request = ana.request(method.clone(), "/api/sign-out");
        request.headers_mut().insert("sec-fetch-site", HeaderValue::from_static("cross-site"));
        assert_eq!(ana.send(request).await.status, 403, "{method}");
    }
}

#[tokio::test]
async fn what_changes_something_is_not_done_by_asking_for_an_address() {
    let app = TestApp::start().await.founded().await;
    let ana = app.member("ana").await;
    assert_eq!(ana.get("/api/sign-out").await.status, 404);
    // Only somebody who is still signed in is let in here.
    ana.listens().await;
}

#[tokio::test]
async fn a_refusal_is_a_page_for_who_asked_for_one_and_a_sentence_for_others() {
    let app = TestApp::start().await.founded().await;
    let ana = app.member("ana").await;
    let sentence = form(&ana, &[("sec-fetch-site", "cross-site")], "").await;
    assert!(sentence.header("content-type").starts_with("text/plain"));
    let page = form(&ana, &[("sec-fetch-site", "cross-site"), ("accept", "text/html,*/*")], "").await;
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(page.text().contains(&sentence.text()), "{}", page.text());
}

#[tokio::test]
async fn what_is_not_a_form_of_ours_is_not_read() {
    let app = TestApp::start().await.founded().await;
    let ana = app.member("ana").await;
    for (kind, status) in [
        ("text/plain", 415),
        ("application/activity+json", 415),
        ("", 415),
        ("multipart/form-data; boundary=x", 415),
        ("application/json", 415),
        ("application/x-www-form-urlencoded; charset=utf-8", 404),
    ] {
        let answer = form(&ana, &[("content-type", kind)], "{}").await;
        assert_eq!(answer.status, status, "{kind}: {}", answer.text());
        assert_eq!(answer.text().contains("NotYours"), status != 415, "{kind}");
    }
}

#[tokio::test]
async fn each_function_that_there_is_reads_one_kind_of_form_and_fails_on_none() {
    let app = TestApp::start_with(Limits { visitor_posts_a_minute: 100_000, ..Limits::default() }).await.founded().await;
    let visitor = app.visitor();
    let functions: Vec<_> = leptos::server_fn::axum::server_fn_paths().filter(|(_, method)| *method == Method::POST).collect();
    assert!(functions.len() > 30, "{functions:?}");
    for (path, _) in functions {
        let mut taken = Vec::new();
        for kind in ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"] {
            let mut request = visitor.request(Method::POST, path);
            request.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
            *request.body_mut() = if kind.starts_with("multipart") { Body::from("--x--\r\n") } else { Body::empty() };
            let answer = visitor.send(request).await;
            assert!(answer.status < 500, "{path} {kind}: {} {}", answer.status, answer.text());
            taken.push(answer.status != 415);
        }
        assert_eq!(taken.iter().filter(|taken| **taken).count(), 1, "{path}");
    }
}

#[tokio::test]
async fn a_broken_boundary_is_told_and_is_no_panic() {
    let app = TestApp::start().await.founded().await;
    let ana = app.member("ana").await;
    for (kind, status) in [
        ("multipart/form-data", 400),
        ("multipart/form-data; boundary=", 400),
        ("multipart/form-data; boundary=x y", 400),
        ("application/x-www-form-urlencoded", 415),
    ] {
        let mut request = ana.request(Method::POST, "/api/posts/write");
        request.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(kind));
        assert_eq!(ana.send(request).await.status, status, "{kind}");
    }
}

#[tokio::test]
async fn forms_that_are_slow_to_arrive_hold_up_nobody_else() {
    let app = TestApp::start_with(Limits { at_once: 1, arriving_of_one: 2, ..Limits::default() }).await.founded().await;
    let begun = Arc::new(Notify::new());
    let slow = || {
        let (visitor, begun) = (app.visitor(), begun.clone());
        let body = stream::once(async move {
            begun.notify_one();
            std::future::pending::<Result<Vec<u8>, std::io::Error>>().await
        });
        tokio::spawn(async move { form(&visitor, &[], Body::from_stream(body)).await })
    };
    let mut waiting = Vec::new();
    for _ in 0..2 {
        waiting.push(slow());
        begun.notified().await;
    }
    assert_eq!(app.visitor().get("/").await.status, 200, "the one place is free");
    let third = form(&app.visitor(), &[], "a=b").await;
    assert_eq!((third.status, third.header("retry-after")), (429, "5".into()));
    for one in waiting {
        one.abort();
    }
}

#[tokio::test]
async fn a_form_that_is_too_large_is_refused() {
    let app = TestApp::start().await.founded().await;
    let ana = app.member("ana").await;
    assert_eq!(form(&ana, &[], "a".repeat(MOST_FORM_BYTES)).await.status, 404);
    assert_eq!(form(&ana, &[], "a".repeat(MOST_FORM_BYTES + 1)).await.status, 413);
    assert_eq!(form(&ana, &[("content-length", "999999999")], "a").await.status, 413);
}

#[tokio::test]
async fn a_visitor_who_sends_many_forms_is_asked_to_wait_and_a_member_is_not() {
    let app = TestApp::start_with(Limits { visitor_posts_a_minute: 3, ..Limits::default() }).await.founded().await;
    let (ana, visitor) = (app.member("ana").await, app.visitor());
    for _ in 0..3 {
        assert_eq!(form(&visitor, &[], "").await.status, 404);
    }
    let wait = form(&visitor, &[], "").await;
    assert_eq!((wait.status, wait.header("retry-after")), (429, "60".into()));
    assert_eq!(form(&ana, &[], "").await.status, 404);
    // A provider ends the mail of many from one address, and does not come back.
    assert_eq!(visitor.post("/unsubscribe/nobodys", &[]).await.status, 404);
    assert_eq!(visitor.post("/mail/confirm/nobodys", &[]).await.status, 429);
}

#[tokio::test]
async fn when_the_place_is_full_the_next_is_asked_to_come_back() {
    let app = TestApp::start_with(Limits { at_once: 0, ..Limits::default() }).await;
    let full = app.visitor().get("/").await;
    assert_eq!((full.status, full.header("retry-after")), (503, "2".into()));
    assert_eq!(app.visitor().get("/livez").await.status, 200, "whoever watches over the machine is still answered");
}

#[tokio::test]
async fn an_upload_needs_somebody_who_is_signed_in_and_a_picture() {
    let app = TestApp::start().await.founded().await;
    let ana = app.member("ana").await;
    let upload = async |client: &Client, content: &str| {
        let mut request = client.request(Method::POST, "/api/pictures/upload");
        request.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("multipart/form-data; boundary=x"));
        *request.body_mut() =
            format!("--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.png\"\r\n\r\n{content}\r\n--x--\r\n").into();
        client.send(request).await
    };
    let refused = upload(&app.visitor(), "?").await;
    assert_eq!(refused.status, 401);
    assert!(refused.text().contains("\"You are not signed in"), "{}", refused.text());
    let unreadable = upload(&ana, "<svg/>").await;
    assert_eq!(unreadable.status, 422);
    assert!(unreadable.text().contains("We can't read that file as a picture"), "{}", unreadable.text());
    assert!(upload(&ana, "").await.text().contains("No picture arrived"));
}
