//! Pages that need nothing of the place to be shown: what is said when a request is stopped at the gate, or when we fail.
//!
//! A browser that asks for a page gets one; everything else gets the sentence as plain text.

use crate::assets;
use app::fault::{Fault, Never, Told};
use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use leptos::server_fn::{ContentType, Encodes};

/// Says a sentence to whoever asked, as a page if they asked for one.
pub fn say(asked: &HeaderMap, status: StatusCode, sentence: &str) -> Response {
    if wants_page(asked) { page(status, title(status), sentence) } else { (status, sentence.to_owned()).into_response() }
}

/// That there is no such server function, or none for whoever asks: it says the same of both.
pub fn no_function(asked: &HeaderMap) -> Response {
    let fault = Fault::<Never>::NotYours;
    if wants_page(asked) {
        return page(StatusCode::NOT_FOUND, title(StatusCode::NOT_FOUND), &fault.to_string());
    }
    match Told::encode(&fault) {
        Ok(json) => (StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, Told::CONTENT_TYPE)], json).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Whether whoever asks is a browser that asks for a page.
pub fn wants_page(asked: &HeaderMap) -> bool {
    asked.get_all(header::ACCEPT).iter().any(|accept| accept.to_str().is_ok_and(|accept| accept.contains("text/html")))
}

/// A page with a title and a sentence.
pub fn page(status: StatusCode, title: &str, sentence: &str) -> Response {
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>{title}</title>\n\
         <link rel=\"stylesheet\" href=\"{style}\">\n<link rel=\"stylesheet\" href=\"/theme.css\">\n</head>\n\
         <body>\n<main>\n<h1>{title}</h1>\n<p>{sentence}</p>\n<p><a href=\"/\">Go to the front page</a></p>\n</main>\n</body>\n</html>\n",
        title = escaped(title),
        sentence = escaped(sentence),
        style = assets::STYLE,
    );
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static("default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
        ),
    ];
    (status, headers, html).into_response()
}

/// The page of a server that failed in a way that nobody foresaw.
pub fn failed() -> Response {
    let sentence = "Something went wrong on our side, and it has been noted. Please go back and try again in a moment.";
    page(StatusCode::INTERNAL_SERVER_ERROR, "That did not work", sentence)
}

fn title(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "There is nothing here",
        StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE => "One moment, please",
        _ => "That did not work",
    }
}

/// Text as it may stand in HTML, also in an attribute within double quotes.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
