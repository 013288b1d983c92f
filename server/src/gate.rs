//! In front of everything that changes something: what did not come from our own pages, or not in a form that we read, goes no
//! further. And behind it: where an answer sends the browser, it sends it within the place.
//!
//! Browsers say of each request whether a page of the same origin sent it (`Sec-Fetch-Site`), or at least which origin it came
//! from. Server functions are behind the gate whatever their method, since the framework guards none of them.

use crate::{address, front::Front, plain};
use app::uploads::takes_files;
use axum::{
    body::{Body, Bytes},
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header},
    middleware::Next,
    response::Response,
};
use domain::{pictures::MOST_UPLOAD_BYTES, timeline::MOST_PICTURES};
use futures::{StreamExt, stream};
use std::{
    io,
    sync::{Arc, OnceLock},
    time::Duration,
};

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
    let asked = parts.headers.clone();
    let refuse = |(status, sentence)| plain::say(&asked, status, sentence);
    if !from_here(&asked, front.origin.as_str(), front.sign_ins.sends_cookie(&asked)) {
        return refuse((
            StatusCode::FORBIDDEN,
            "This request did not come from this place's own pages, so nothing was done. Open the page here and try again.",
        ));
    }
    if !changes {
        return next.run(Request::from_parts(parts, Body::empty())).await;
    }
    let content = match Content::of(&asked, parts.uri.path()) {
        Ok(content) => content,
        Err(refusal) => return refuse(refusal),
    };
    let peer = parts.extensions.get::<address::Peer>().copied().unwrap_or_default();
    let Some(on_its_way) = front.arriving.begin(address::asking(peer, &asked, &front.proxies)) else { return a_lot_at_once(&asked) };
    match content {
        Content::Nothing => next.run(Request::from_parts(parts, Body::empty())).await,
        Content::Form => match whole(body).await {
            Ok(body) => {
                drop(on_its_way);
                next.run(Request::from_parts(parts, body)).await
            }
            Err(refusal) => refuse(refusal),
        },
        Content::Files => {
            let broken_off = Arc::new(OnceLock::new());
            let body = bounded(body, MOST_FILES_BYTES, FILES_PATIENCE, broken_off.clone());
            let response = next.run(Request::from_parts(parts, body)).await;
            // The function saw a form that breaks off, and did nothing. Here it is known why.
            broken_off.get().map_or(response, |refusal| refuse(*refusal))
        }
    }
}

/// In front of what is done by a code in its address and by nothing else. Whoever knows the code may send it from anywhere: a mail
/// provider that ends somebody's mail for them says nothing of itself, and browsers say little of a page that tells no referrer. So that
/// nobody's sign-in can be misused, none is taken along.
pub async fn by_code(State(front): State<Front>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    parts.headers.remove(header::COOKIE);
    if matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return next.run(Request::from_parts(parts, Body::empty())).await;
    }
    let asked = parts.headers.clone();
    let peer = parts.extensions.get::<address::Peer>().copied().unwrap_or_default();
    let Some(on_its_way) = front.arriving.begin(address::asking(peer, &asked, &front.proxies)) else { return a_lot_at_once(&asked) };
    match whole(body).await {
        Ok(body) => {
            drop(on_its_way);
            next.run(Request::from_parts(parts, body)).await
        }
        Err((status, sentence)) => plain::say(&asked, status, sentence),
    }
}

fn a_lot_at_once(asked: &HeaderMap) -> Response {
    let mut wait = plain::say(asked, StatusCode::TOO_MANY_REQUESTS, "That was a lot at once. Please try again in a moment.");
    wait.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    wait
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

const TOO_LARGE: Refusal = (StatusCode::PAYLOAD_TOO_LARGE, "That is more than we can take in at once. Please send less.");
const TOO_SLOW: Refusal = (StatusCode::REQUEST_TIMEOUT, "What you sent did not arrive in time. Please try again.");

/// What is in a request that changes something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Content {
    Nothing,
    /// A form without files.
    Form,
    /// A form with files.
    Files,
}

impl Content {
    /// By what the request says of itself, and what is read at its address: nothing else is let in, and not more of it.
    fn of(headers: &HeaderMap, path: &str) -> Result<Self, Refusal> {
        let not_ours = (StatusCode::UNSUPPORTED_MEDIA_TYPE, "What was sent is not a form of ours, so nothing was done.");
        let told_length = headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()).and_then(|v| v.parse::<usize>().ok());
        let content_type = headers.get(header::CONTENT_TYPE).map(|value| value.to_str().unwrap_or("unreadable"));
        let kind = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let (content, most) = match (kind.as_str(), takes_files(path)) {
            ("application/x-www-form-urlencoded", false) => (Self::Form, MOST_FORM_BYTES),
            ("multipart/form-data", true) => (Self::Files, MOST_FILES_BYTES),
            ("", false) if told_length == Some(0) => (Self::Nothing, 0),
            _ => return Err(not_ours),
        };
        if told_length.is_some_and(|length| length > most) {
            return Err(TOO_LARGE);
        }
        // Where this reader finds no boundary, the framework's own would panic.
        let boundary = content_type.and_then(|kind| multer::parse_boundary(kind).ok()).filter(|boundary| !boundary.is_empty());
        if content == Self::Files && boundary.is_none() {
            return Err((StatusCode::BAD_REQUEST, "The form arrived broken. Please load the page again and send it once more."));
        }
        Ok(content)
    }
}

/// A form, read whole before anything begins, so that whoever sends slowly holds up nothing but their own connection.
async fn whole(body: Body) -> Result<Body, Refusal> {
    match tokio::time::timeout(FORM_PATIENCE, axum::body::to_bytes(body, MOST_FORM_BYTES)).await {
        Ok(Ok(bytes)) => Ok(Body::from(bytes)),
        // More than the limit or a broken connection: in the second case nobody is there to read the answer.
        Ok(Err(_)) => Err(TOO_LARGE),
        Err(_) => Err(TOO_SLOW),
    }
}

/// The body, broken off when it grows larger than `most` or when nothing arrives for as long as `patience`; why is put into
/// `broken_off`.
fn bounded(body: Body, most: usize, patience: Duration, broken_off: Arc<OnceLock<Refusal>>) -> Body {
    let begun = (body.into_data_stream(), most, false);
    Body::from_stream(stream::unfold(begun, move |(mut chunks, left, broken)| {
        let broken_off = broken_off.clone();
        async move {
            if broken {
                return None;
            }
            let fault = |refusal: Refusal, kind: io::ErrorKind| {
                _ = broken_off.set(refusal);
                io::Error::from(kind)
            };
            let chunk: Result<Bytes, io::Error> = match tokio::time::timeout(patience, chunks.next()).await {
                Ok(None) => return None,
                Ok(Some(Ok(chunk))) if chunk.len() <= left => Ok(chunk),
                Ok(Some(Ok(_))) => Err(fault(TOO_LARGE, io::ErrorKind::FileTooLarge)),
                Ok(Some(Err(error))) => Err(io::Error::other(error)),
                Err(_) => Err(fault(TOO_SLOW, io::ErrorKind::TimedOut)),
            };
            let left = left - chunk.as_ref().map_or(0, Bytes::len);
            let broken = chunk.is_err();
            Some((chunk, (chunks, left, broken)))
        }
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

    fn content(kind: &'static str, path: &str) -> Result<Content, u16> {
        let headers = [(header::CONTENT_TYPE, HeaderValue::from_static(kind))].into_iter().collect();
        Content::of(&headers, path).map_err(|(status, _)| status.as_u16())
    }

    #[test]
    fn each_function_is_sent_the_one_kind_of_form_that_it_reads() {
        let (form, files) = ("application/x-www-form-urlencoded", "multipart/form-data; boundary=x");
        assert_eq!((content(form, "/api/join"), content(files, "/api/join")), (Ok(Content::Form), Err(415)));
        assert_eq!((content(form, "/api/posts/write"), content(files, "/api/posts/write")), (Err(415), Ok(Content::Files)));
        assert_eq!(content("application/json", "/api/join"), Err(415));
    }

    #[test]
    fn a_boundary_that_the_reader_does_not_find_is_refused() {
        for kind in ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=x y", "multipart/form-data;x"]
        {
            assert_eq!(content(kind, "/api/posts/write"), Err(400), "{kind}");
        }
        assert_eq!(content("multipart/form-data; boundary=\"x y\"", "/api/posts/write"), Ok(Content::Files));
    }

    #[tokio::test(start_paused = true)]
    async fn a_form_that_never_arrives_is_not_waited_for() {
        let never = Body::from_stream(stream::pending::<Result<Bytes, io::Error>>());
        assert_eq!(whole(never).await.map(drop), Err(TOO_SLOW));
        let never = Body::from_stream(stream::pending::<Result<Bytes, io::Error>>());
        let broken_off = Arc::new(OnceLock::new());
        let read = axum::body::to_bytes(bounded(never, 9, FILES_PATIENCE, broken_off.clone()), 9).await;
        assert!(read.is_err());
        assert_eq!(broken_off.get(), Some(&TOO_SLOW));
    }

    #[tokio::test]
    async fn files_that_nobody_said_the_length_of_are_broken_off_where_they_are_too_large() {
        let read = async |most: usize| {
            let chunks = stream::iter([Ok::<_, io::Error>("12345"), Ok("67890"), Ok("!")]);
            let broken_off = Arc::new(OnceLock::new());
            let body = bounded(Body::from_stream(chunks), most, FILES_PATIENCE, broken_off.clone());
            let read = axum::body::to_bytes(body, 99).await.ok().map(|bytes| bytes.len());
            (read, broken_off.get().copied())
        };
        assert_eq!(read(11).await, (Some(11), None));
        assert_eq!(read(10).await, (None, Some(TOO_LARGE)));
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
