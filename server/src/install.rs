//! What makes the place installable on a phone, and what browsers and robots ask for by name: the manifest, the service worker
//! with its page for when there is no network, icons, `robots.txt`.

use crate::{assets, front::Front, plain};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::community::palette;
use serde_json::json;

/// An icon may be cached for a day; its name does not change with its content.
const ONE_DAY: HeaderValue = HeaderValue::from_static("public, max-age=86400");

/// Serves `/manifest.webmanifest`.
pub async fn manifest(State(front): State<Front>, headers: HeaderMap) -> Response {
    let community = match front.community.now().await {
        Ok(community) => community,
        Err(cause) => {
            tracing::error!(cause = %cause.0, "the manifest could not be made");
            return plain::say(&headers, StatusCode::SERVICE_UNAVAILABLE, "This place can't answer just now.");
        }
    };
    let name = community.as_ref().map_or("Porchlight", |community| &community.name);
    let icon = |file: &str, sizes: &str, kind: &str, purpose: &str| {
        assets::icon(file).map(|src| json!({ "src": src, "sizes": sizes, "type": kind, "purpose": purpose }))
    };
    let icons: Vec<_> = [
        icon("favicon.svg", "any", "image/svg+xml", "any"),
        icon("icon-192.png", "192x192", "image/png", "any"),
        icon("icon-512.png", "512x512", "image/png", "any"),
        icon("icon-maskable-512.png", "512x512", "image/png", "maskable"),
    ]
    .into_iter()
    .flatten()
    .collect();
    let manifest = json!({
        "id": "/",
        "name": name,
        // Under an icon there is room for some twelve letters; the system shortens as it shortens every name.
        "short_name": name,
        "description": community.as_ref().map_or("", |community| &community.purpose),
        "lang": community.as_ref().map_or("en", |community| &community.language),
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": palette::LIGHT.paper.to_string(),
        "theme_color": community.as_ref().map_or(palette::FIRST_ACCENT, |community| community.palette().light.accent).to_string(),
        "icons": icons,
    });
    ([(header::CONTENT_TYPE, "application/manifest+json")], manifest.to_string()).into_response()
}

/// Serves `/service-worker.js`.
pub async fn service_worker() -> Response {
    let script = include_str!("install/service-worker.js").replace("BUILD_ID", assets::BUILD_ID).replace("STYLE", assets::STYLE);
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/javascript; charset=utf-8")),
        // The worker fetches what pages navigate to, under its own policy.
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; connect-src 'self'")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
    ];
    (headers, script).into_response()
}

/// Serves `/offline`, which the service worker keeps: it is the same for everybody.
pub async fn offline() -> Response {
    plain::page(
        StatusCode::OK,
        "You are offline",
        "This page needs a connection, and there is none just now. What you were writing is still where you left it. Try again when you are back.",
    )
}

/// Serves `/favicon.ico`, which some programs ask for whatever the page says. All of them read PNG.
pub async fn favicon(headers: HeaderMap) -> Response {
    icon(Path("icon-192.png".into()), headers).await
}

/// Serves `/icons/{name}`: the icons under names that stay.
pub async fn icon(Path(name): Path<String>, headers: HeaderMap) -> Response {
    match assets::icon(&name).and_then(assets::find) {
        Some(asset) => {
            let mut response = asset.answer(&headers);
            response.headers_mut().insert(header::CACHE_CONTROL, ONE_DAY);
            response
        }
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Serves `/robots.txt`: the front door may be found, the rest is for people.
pub async fn robots() -> &'static str {
    "User-agent: *\nAllow: /$\nAllow: /about\nAllow: /assets/\nAllow: /theme.css\nDisallow: /\n"
}
