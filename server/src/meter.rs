//! Where a host's steps at the desk are noticed: at its pages, and at what is sent from them. How they are counted is said in
//! [`domain::hands::meter`].

use app::request::Request as Asked;
use axum::{
    extract::Request,
    http::{HeaderMap, Uri, header},
    middleware::Next,
    response::Response,
};

/// By this the script of a round says now and then that its card is open still: nobody's step.
const RENEWS: &str = "/api/hosting/round/take";

/// Counts a step of a host at the desk. Whatever comes of that, the page is answered.
pub async fn measure(request: Request, next: Next) -> Response {
    if let Some(asked) = request.extensions().get::<Asked>()
        && let (Some(host), Some(community)) = (asked.viewer.host(), &asked.community)
        && is_step(request.uri().path(), request.headers())
        && let Err(cause) = asked.services.hands.meter.step(&host, &community.zone).await
    {
        tracing::warn!(cause = %cause.0, "the time of a host was not counted");
    }
    next.run(request).await
}

/// Whether a request is a step at the desk: a page of it, or something that was sent from one.
fn is_step(path: &str, headers: &HeaderMap) -> bool {
    let at_the_desk = |path: &str| path.strip_prefix("/hosting").is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    if !path.starts_with("/api/") {
        return at_the_desk(path);
    }
    let from = headers.get(header::REFERER).and_then(|from| from.to_str().ok()).and_then(|from| from.parse::<Uri>().ok());
    path != RENEWS && from.is_some_and(|from| at_the_desk(from.path()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn a_step_is_a_page_of_the_desk_or_what_is_sent_from_one() {
        let from = |referer: &'static str| HeaderMap::from_iter([(header::REFERER, HeaderValue::from_static(referer))]);
        let none = HeaderMap::new();
        for path in ["/hosting", "/hosting/round", "/hosting/people/bo"] {
            assert!(is_step(path, &none), "{path}");
        }
        for path in ["/", "/hostings", "/people", "/api/posts/write", "/api/hosting/meter"] {
            assert!(!is_step(path, &none), "{path}");
        }
        assert!(is_step("/api/introductions/introduce", &from("https://porch.example/hosting/introductions/new?one=bo")));
        assert!(!is_step("/api/posts/write", &from("https://porch.example/")));
        assert!(!is_step(RENEWS, &from("https://porch.example/hosting/round/bo")), "a tab that is only open is no step");
    }
}
