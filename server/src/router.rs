//! Which address is answered by what, and what stands in front of it.
//!
//! Two kinds: what is the same for everybody (assets, the theme, the health checks) takes no sign-in and no gate; everything else
//! passes, in this order, the gate, the recognition of who is asking, and the guard over redirects. What letters lead to stands between: it
//! is known by the code in its address, and nobody's cookie is looked at. All take a place for each
//! request. Around both: the headers, and the net that catches a panic.

use crate::{
    assets, export, feeds, forms, front::Front, gate, headers, install, letters, live, meter, pages, pictures, plain, ready, rosters,
    session, theme,
};
use app::{request::Request as Asked, shell::is_for_hosts};
use axum::{
    Extension, Router,
    extract::{Path, Request, State},
    http::{HeaderValue, Method, StatusCode, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{any, get},
};
use leptos::server_fn::axum::server_fn_paths;
use std::{any::Any, collections::HashSet, sync::LazyLock, time::Duration};
use tower_http::{CompressionLevel, catch_panic::CatchPanicLayer, compression::CompressionLayer};

/// How long an answer may take before it begins; uploads over a slow line are the longest.
const PATIENCE: Duration = Duration::from_secs(300);
/// Brotli's level for what is written for one person. Level 1 takes 91 µs for 20 kB, level 11 takes 21 ms.
const QUICK: CompressionLevel = CompressionLevel::Precise(1);

/// The whole place as one service.
pub fn router(front: Front) -> Router {
    // The framework's spawner is set up by this call alone (or by a dependency on its crate); there are no routes to find.
    _ = leptos_axum::generate_route_list(|| ());
    let pages = Router::new()
        .route(
            "/api/{*function}",
            any(server_function)
                .layer(middleware::from_fn_with_state(front.clone(), forms::without_script))
                .layer(middleware::from_fn(for_whom)),
        )
        .route("/gatherings/{file}", get(gathering_or_feed))
        .route("/hosting/invitations/roster/{file}", get(rosters::party_or_sheet))
        .fallback_service(get(pages::page).with_state(front.clone()))
        .layer(middleware::from_fn(meter::measure))
        .layer(CompressionLayer::new().no_gzip().no_deflate().no_zstd().quality(QUICK))
        .layer(middleware::from_fn_with_state(front.clone(), gate::redirect_within));

    let personal = Router::new()
        .route("/live", get(live::stream))
        .route("/pictures/{id}/{file}", get(pictures::routes::picture))
        .route("/gatherings.ics", get(feeds::public_feed))
        .route("/calendar/{file}", get(feeds::own_feed))
        .route("/settings/export.zip", get(export::download))
        .merge(pages)
        .layer(Extension(front.pictures.clone()))
        .layer(Extension(front.feeds.clone()))
        .layer(middleware::from_fn_with_state(front.clone(), session::recognise))
        .layer(middleware::from_fn_with_state(front.clone(), in_its_place))
        // A form that is still on its way takes no place.
        .layer(middleware::from_fn_with_state(front.clone(), gate::guard));

    let by_code = letters::routes()
        .layer(middleware::from_fn_with_state(front.clone(), session::recognise))
        .layer(middleware::from_fn_with_state(front.clone(), in_its_place))
        .layer(middleware::from_fn_with_state(front.clone(), gate::by_code))
        .layer(middleware::from_fn(letters::quietly));

    let same_for_all = Router::new()
        .route("/assets/{name}", get(assets::serve))
        .route("/icons/{name}", get(install::icon))
        .route("/theme.css", get(theme::serve))
        .route("/manifest.webmanifest", get(install::manifest))
        .route("/service-worker.js", get(install::service_worker))
        .route("/offline", get(install::offline))
        .route("/favicon.ico", get(install::favicon))
        .route("/robots.txt", get(install::robots))
        .layer(middleware::from_fn_with_state(front.clone(), in_its_place));

    let all = Router::new()
        .merge(personal)
        .merge(by_code)
        .merge(same_for_all)
        // Whoever watches over the machine is answered also when the place is full.
        .route("/livez", get(ready::live))
        .route("/readyz", get(ready::ready));
    outermost(all, front)
}

/// What stands around everything.
fn outermost(all: Router<Front>, front: Front) -> Router {
    all.layer(CatchPanicLayer::custom(caught))
        // The page of a panic carries them too.
        .layer(middleware::from_fn_with_state(front.clone(), headers::complete))
        .with_state(front)
}

/// Calls a server function. The gate is in front of this address whatever the method.
async fn server_function(request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let provide = pages::provide(&parts);
    leptos_axum::handle_server_fns_with_context(provide, Request::from_parts(parts, body)).await.into_response()
}

/// Lets those call a server function for whom there is one.
async fn for_whom(Extension(asked): Extension<Asked>, request: Request, next: Next) -> Response {
    static FUNCTIONS: LazyLock<HashSet<(&str, Method)>> = LazyLock::new(|| server_fn_paths().collect());
    let address = request.uri().path();
    let is_there = FUNCTIONS.contains(&(address, request.method().clone()));
    let is_hidden = is_for_hosts(address) && asked.viewer.me().is_some() && asked.viewer.host().is_none();
    if is_there && !is_hidden { next.run(request).await } else { plain::no_function(request.headers()) }
}

/// One gathering: its feed, if the address ends so, else its page.
async fn gathering_or_feed(
    State(front): State<Front>,
    Path(file): Path<String>,
    Extension(asked): Extension<Asked>,
    request: Request,
) -> Response {
    match file.strip_suffix(".ics") {
        Some(slug) => feeds::series_feed(&front.feeds, &asked.viewer, slug, request.headers()).await,
        None => pages::page(State(front), request).await,
    }
}

/// Gives each request a place, and asks to come back when all are taken or when an answer takes for ever.
async fn in_its_place(State(front): State<Front>, request: Request, next: Next) -> Response {
    let asked = request.headers().clone();
    let full = || {
        let mut full = plain::say(&asked, StatusCode::SERVICE_UNAVAILABLE, "Many people are here at once. Please try again in a moment.");
        full.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
        full
    };
    let Ok(_place) = front.room.clone().try_acquire_owned() else { return full() };
    match tokio::time::timeout(PATIENCE, next.run(request)).await {
        Ok(response) => response,
        Err(_) => {
            tracing::error!("an answer took too long and was broken off");
            full()
        }
    }
}

fn caught(panic: Box<dyn Any + Send + 'static>) -> Response {
    let said = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    tracing::error!(said = said.unwrap_or("nothing"), "a request ended in a panic");
    plain::failed()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::Body;
    use tower::ServiceExt;

    async fn panics() -> &'static str {
        panic!("a secret of the program")
    }

    #[tokio::test]
    async fn a_panic_is_a_plain_page_with_all_that_every_answer_says() {
        let folder = tempfile::tempdir().expect("a folder");
        let front = Front::for_testing(folder.path()).await;
        let routes = Router::new().route("/panics", get(panics));
        let response =
            outermost(routes, front).oneshot(Request::get("/panics").body(Body::empty()).expect("a request")).await.expect("an answer");
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        for (name, part) in [
            ("content-type", "text/html"),
            ("content-security-policy", "default-src 'none'"),
            ("x-content-type-options", "nosniff"),
            ("cache-control", "no-cache"),
            ("strict-transport-security", "max-age"),
        ] {
            assert!(response.headers()[name].to_str().expect("text").contains(part), "{name}");
        }
        let body = axum::body::to_bytes(response.into_body(), 100_000).await.expect("a body");
        let page = String::from_utf8_lossy(&body);
        assert!(page.contains("Something went wrong on our side") && !page.contains("secret"), "{page}");
    }
}
