//! Pages that need nothing of the place to be shown: what is said when a request is stopped at the gate, or when we fail.
//!
//! A browser that asks for a page gets one; everything else gets the sentence as plain text.

use crate::assets;
use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

/// Says a sentence to whoever asked, as a page if they asked for one.
pub fn say(asked: &HeaderMap, status: StatusCode, sentence: &str) -> Response {
    let wants_page = asked.get_all(header::ACCEPT).iter().any(|accept| accept.to_str().is_ok_and(|accept| accept.contains("text/html")));
    if wants_page { page(status, title(status), sentence) } else { (status, sentence.to_owned()).into_response() }
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

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
