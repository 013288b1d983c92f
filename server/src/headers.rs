//! What every answer says beside its content: what the browser may do with it, and who may keep it.
//!
//! A handler that knows better says so itself (the pages with their nonce, the assets with their long life); what it left open
//! is filled in here, strictest first.

use crate::front::Front;
use axum::{
    extract::{Request, State},
    http::{HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

/// For all that is not a page: nothing may be loaded, framed or sent from it.
const NOTHING: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// What no page of ours uses.
const PERMISSIONS: &str = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()";
/// Two years, which is what the browsers' own lists ask for.
const ALWAYS_HTTPS: &str = "max-age=63072000";

/// Fills in what an answer does not say itself.
pub async fn complete(State(front): State<Front>, request: Request, next: Next) -> Response {
    // Whoever sends our cookie may be shown what is theirs; a visitor sees what every visitor sees.
    let personal = front.sign_ins.sends_cookie(request.headers());
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let personal = personal || headers.contains_key(header::SET_COOKIE);
    let mut or = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    or(header::CONTENT_SECURITY_POLICY, NOTHING);
    or(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    or(header::REFERRER_POLICY, "same-origin");
    or(HeaderName::from_static("permissions-policy"), PERMISSIONS);
    or(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    or(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    or(header::CACHE_CONTROL, if personal { "private, no-store" } else { "no-cache" });
    if front.origin.is_https() {
        or(header::STRICT_TRANSPORT_SECURITY, ALWAYS_HTTPS);
    }
    response
}
