//! What letters lead to: answering a session, ending all mail, confirming an address. Who may is who knows the code in the address, signed
//! in or not. Following a link shows a page and changes nothing, since mail is read by machines, too; its button does.
//!
//! Whatever is wrong with a code, it is the same page that is not here.

use crate::{front::Front, gate::MOST_FORM_BYTES, pages, plain};
use axum::{
    Router,
    body::Body,
    extract::{Path, Request, State},
    http::{HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
    routing::get,
};
use domain::{
    gatherings::{Answer, RsvpRefusal},
    mail::SaidWith,
    outcome::{Error, Unavailable},
};

/// Whether that is an address by which mail is ended.
pub fn ends_mail(path: &str) -> bool {
    path.starts_with("/unsubscribe/")
}

/// The addresses in letters.
pub fn routes() -> Router<Front> {
    Router::new()
        .route("/answer/{code}", get(pages::page).post(answer))
        // The way that a letter offers: the page has that answer's button before the others.
        .route("/answer/{code}/{answer}", get(pages::page))
        .route("/unsubscribe/{code}", get(pages::page).post(unsubscribe))
        .route("/unsubscribe/{code}/letter", get(pages::page).post(unsubscribe_weekly))
        .route("/mail/confirm/{code}", get(pages::page).post(confirm))
}

/// Has nobody keep these pages, list them, or tell others their addresses.
pub async fn quietly(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    headers.insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex, nofollow"));
    response
}

async fn answer(State(front): State<Front>, Path(code): Path<String>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    // The gate has read it whole and bounded it.
    let form = axum::body::to_bytes(body, MOST_FORM_BYTES).await.unwrap_or_default();
    let field = |name: &str| form_urlencoded::parse(&form).find(|(field, _)| field == name).map(|(_, text)| text.into_owned());
    let said = field("answer").and_then(|word| Answer::from_word(&word));
    let with = SaidWith { note: field("note").unwrap_or_default(), guests: field("guests") };
    let Some(said) = said else {
        let sentence = "We could not read what arrived, so nothing was done. Open the link in the letter, and try once more.";
        return plain::say(&parts.headers, StatusCode::BAD_REQUEST, sentence);
    };
    match front.services.mail.answer(&code, said, &with).await {
        Ok(()) => see(&format!("/answer/{code}?done=said")),
        Err(Error::Refused(RsvpRefusal::Gone | RsvpRefusal::Over)) => {
            pages::page(State(front), Request::from_parts(parts, Body::empty())).await
        }
        // The page says why.
        Err(Error::Refused(RsvpRefusal::Guests { .. })) => see(&format!("/answer/{code}?done=guests")),
        Err(Error::Refused(RsvpRefusal::Text(_))) => see(&format!("/answer/{code}?done=note")),
        Err(Error::Refused(_)) => see(&format!("/answer/{code}?done=not")),
        Err(Error::Unavailable(cause)) => failed(&cause),
    }
}

async fn unsubscribe(State(front): State<Front>, Path(secret): Path<String>, request: Request) -> Response {
    match front.services.mail.unsubscribe(&secret).await {
        // Mail providers follow no redirect (RFC 8058): what stands there by now is the answer.
        Ok(_) => pages::page(State(front), request).await,
        Err(cause) => failed(&cause),
    }
}

async fn unsubscribe_weekly(State(front): State<Front>, Path(secret): Path<String>, request: Request) -> Response {
    match front.services.mail.unsubscribe_weekly(&secret).await {
        Ok(_) => pages::page(State(front), request).await,
        Err(cause) => failed(&cause),
    }
}

async fn confirm(State(front): State<Front>, Path(code): Path<String>, request: Request) -> Response {
    match front.services.mail.confirm(&code).await {
        Ok(true) => see(&format!("/mail/confirm/{code}")),
        Ok(false) => pages::page(State(front), request).await,
        Err(cause) => failed(&cause),
    }
}

fn failed(cause: &Unavailable) -> Response {
    tracing::error!(cause = %cause.0, "could not do what a letter leads to");
    plain::failed()
}

fn see(address: &str) -> Response {
    let location = HeaderValue::from_str(address).unwrap_or(HeaderValue::from_static("/"));
    (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response()
}
