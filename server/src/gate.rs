//! In front of everything that changes something: what did not come from our own pages, or not in a form that we read, goes no
//! further. And behind it: where an answer sends the browser, it sends it within the place.
//!
//! Browsers say of each request whether a page of the same origin sent it (`Sec-Fetch-Site`), or at least which origin it came
//! from. Server functions are behind the gate whatever their method, since the framework guards none of them.

use crate::{front::Front, plain};
use axum::{
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    middleware::Next,
    response::Response,
};
use domain::{pictures::MOST_UPLOAD_BYTES, timeline::MOST_PICTURES};
use futures::{StreamExt, stream};
use std::{io, time::Duration};

/// Most bytes of a form without files: 10,000 characters of four bytes each, escaped threefold for the way, and room for the rest.
pub const MOST_FORM_BYTES: usize = 256 * 1024;
/// Most bytes of a form with files: a post's pictures, and its text.
pub const MOST_FILES_BYTES: usize = MOST_PICTURES * MOST_UPLOAD_BYTES + 1024 * 1024;
/// How long a form without files may take to arrive: 256 KiB in 20 seconds is 13 kB/s.
const FORM_PATIENCE: Duration = Duration::from_secs(20);
/// How long nothing may arrive of a form with files.
const FILES_PATIENCE: Duration = Duration::from_secs(20);

/// Stops what did not come from our own pages, or not in a form that we read.
pub async fn guard(State(front): State<Front>, request: Request, next: Next) -> Response {
    let changes = !matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if !changes && !request.uri().path().starts_with("/api/") {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let refuse = |(status, sentence)| plain::say(&parts.headers, status, sentence);
    if !from_here(&parts.headers, front.origin.as_str(), front.sign_ins.sends_cookie(&parts.headers)) {
        return refuse((
            StatusCode::FORBIDDEN,
            "This request did not come from this place's own pages, so nothing was done. Open the page here and try again.",
        ));
    }
    let body = if changes { take_body(&parts.headers, body).await } else { Ok(Body::empty()) };
    match body {
        Ok(body) => next.run(Request::from_parts(parts, body)).await,
        Err(refusal) => refuse(refusal),
    }
}

/// Whether a page of ours sent the request. What a browser says in `Sec-Fetch-Site` it says of itself and no page can change; where
/// it is not said (plain http in a home network, old browsers), the origin or the referring page must be ours. Somebody who
/// is not signed in and says nothing (a script, `curl`) has nothing that could be misused.
fn from_here(headers: &HeaderMap, origin: &str, signed_in: bool) -> bool {
    let text = |name: header::HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("unreadable"));
    if let Some(site) = headers.get("sec-fetch-site") {
        return matches!(site.as_bytes(), b"same-origin" | b"none");
    }
    if let Some(sent_by) = text(header::ORIGIN) {
        return sent_by == origin;
    }
    if let Some(page) = text(header::REFERER) {
        return page.strip_prefix(origin).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    }
    !signed_in
}

type Refusal = (StatusCode, &'static str);

/// Lets in only what we read, and only as much of it.
async fn take_body(headers: &HeaderMap, body: Body) -> Result<Body, Refusal> {
    let too_large = (StatusCode::PAYLOAD_TOO_LARGE, "That is more than we can take in at once. Please send less.");
    let told_length = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()).and_then(|v| v.parse::<usize>().ok());
    let content_type = headers.get(header::CONTENT_TYPE).map(|value| value.to_str().unwrap_or_default());
    let (kind, parameters) = content_type.map_or(("", ""), |value| value.split_once(';').unwrap_or((value, "")));
    match kind.trim().to_ascii_lowercase().as_str() {
        "application/x-www-form-urlencoded" | "application/json" => {
            if told_length.is_some_and(|length| length > MOST_FORM_BYTES) {
                return Err(too_large);
            }
            // Read whole before anything begins, so that whoever sends slowly holds up nothing but their own connection.
            match tokio::time::timeout(FORM_PATIENCE, axum::body::to_bytes(body, MOST_FORM_BYTES)).await {
                Ok(Ok(bytes)) => Ok(Body::from(bytes)),
                // More than the limit or a broken connection: in the second case nobody is there to read the answer.
                Ok(Err(_)) => Err(too_large),
                Err(_) => Err((StatusCode::REQUEST_TIMEOUT, "What you sent did not arrive in time. Please try again.")),
            }
        }
        "multipart/form-data" => {
            // Without a boundary the framework's own reader would panic.
            let boundary =
                parameters.split(';').filter_map(|p| p.trim().split_once('=')).find(|(name, _)| name.eq_ignore_ascii_case("boundary"));
            if boundary.is_none_or(|(_, value)| value.trim_matches('"').is_empty()) {
                return Err((StatusCode::BAD_REQUEST, "The form arrived broken. Please load the page again and send it once more."));
            }
            if told_length.is_some_and(|length| length > MOST_FILES_BYTES) {
                return Err(too_large);
            }
            Ok(bounded(body, MOST_FILES_BYTES, FILES_PATIENCE))
        }
        "" if told_length == Some(0) => Ok(Body::empty()),
        _ => Err((StatusCode::UNSUPPORTED_MEDIA_TYPE, "What was sent is not a form of ours, so nothing was done.")),
    }
}

/// The body, broken off when it grows larger than `most` or when nothing arrives for as long as `patience`.
fn bounded(body: Body, most: usize, patience: Duration) -> Body {
    let begun = (body.into_data_stream(), most, false);
    Body::from_stream(stream::unfold(begun, move |(mut chunks, left, broken)| async move {
        if broken {
            return None;
        }
        let fault = |kind: io::ErrorKind| io::Error::from(kind);
        let chunk: Result<Bytes, io::Error> = match tokio::time::timeout(patience, chunks.next()).await {
            Ok(None) => return None,
            Ok(Some(Ok(chunk))) if chunk.len() <= left => Ok(chunk),
            Ok(Some(Ok(_))) => Err(fault(io::ErrorKind::FileTooLarge)),
            Ok(Some(Err(error))) => Err(io::Error::other(error)),
            Err(_) => Err(fault(io::ErrorKind::TimedOut)),
        };
        let left = left - chunk.as_ref().map_or(0, Bytes::len);
        let broken = chunk.is_err();
        Some((chunk, (chunks, left, broken)))
    }))
}

/// Keeps a redirect within the place, whatever it was made of: the framework sends a form that came without script back to the
/// `Referer`, which is the sender's word.
pub async fn redirect_within(State(front): State<Front>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if let Some(location) = response.headers().get(header::LOCATION) {
        let within = location.to_str().ok().and_then(|location| local(location, front.origin.as_str()));
        let within = within.and_then(|path| HeaderValue::from_str(&path).ok()).unwrap_or(HeaderValue::from_static("/"));
        response.headers_mut().insert(header::LOCATION, within);
    }
    response
}

/// The path and query of a location, if it is one of this place. `//evil` and `/\evil` are other places to a browser.
pub fn local(location: &str, origin: &str) -> Option<String> {
    let path = location.strip_prefix(origin).filter(|rest| rest.is_empty() || rest.starts_with(['/', '?'])).unwrap_or(location);
    let path = if path.is_empty() { "/" } else { path };
    let plain = path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    let rooted = path.starts_with('/') && !path.starts_with("//");
    let uri: Uri = path.parse().ok()?;
    (plain && rooted && uri.authority().is_none()).then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: &str = "https://porch.example";

    fn passes(signed_in: bool, said: &[(&'static str, &'static str)]) -> bool {
        let headers = said.iter().map(|(name, value)| (header::HeaderName::from_static(name), HeaderValue::from_static(value))).collect();
        from_here(&headers, HERE, signed_in)
    }

    #[test]
    fn what_the_browser_says_of_itself_comes_first() {
        assert!(passes(true, &[("sec-fetch-site", "same-origin"), ("origin", "https://old.name.example")]));
        assert!(passes(true, &[("sec-fetch-site", "none")]));
        assert!(!passes(false, &[("sec-fetch-site", "cross-site"), ("origin", HERE)]));
        assert!(!passes(true, &[("sec-fetch-site", "same-site")]));
    }

    #[test]
    fn else_the_origin_or_the_referring_page_must_be_ours() {
        assert!(passes(true, &[("origin", HERE)]));
        assert!(!passes(true, &[("origin", "null"), ("referer", "https://porch.example/")]));
        assert!(passes(true, &[("referer", "https://porch.example/people")]));
        assert!(!passes(true, &[("referer", "https://porch.example.evil/")]));
    }

    #[test]
    fn only_a_visitor_may_say_nothing() {
        assert!(passes(false, &[]));
        assert!(!passes(true, &[]));
    }

    #[test]
    fn a_redirect_stays_within_the_place() {
        assert_eq!(local("https://porch.example/posts/1?x=2", HERE), Some("/posts/1?x=2".into()));
        assert_eq!(local("/people", HERE), Some("/people".into()));
        assert_eq!(local("https://porch.example", HERE), Some("/".into()));
        for evil in [
            "//evil.example",
            "/\\evil.example",
            "https://evil.example/",
            "https://porch.example.evil/",
            "javascript:alert(1)",
            "/a\r\nb",
            "people",
        ] {
            assert_eq!(local(evil, HERE), None, "{evil}");
        }
    }
}
