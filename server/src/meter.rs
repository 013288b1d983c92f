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
    use crate::{front::Front, router::router};
    use app::request::Services;
    use axum::{
        body::Body,
        http::{HeaderValue, StatusCode},
    };
    use domain::{
        hands::{
            Hands,
            meter::{Meter, MeterStore},
            weeks::Week,
        },
        outcome::Unavailable,
        time::{Clock, Timestamp},
        viewer::Host,
    };
    use std::{
        collections::BTreeMap,
        sync::{
            Arc,
            atomic::{AtomicI64, Ordering},
        },
    };
    use tower::ServiceExt;

    /// What can't be written; and a clock on which each look is two minutes after the last.
    #[derive(Default)]
    struct Broken {
        looks: AtomicI64,
        writes: AtomicI64,
    }

    impl Clock for Broken {
        fn now(&self) -> Timestamp {
            Timestamp(1_795_721_400_000).plus_seconds(120 * self.looks.fetch_add(1, Ordering::Relaxed))
        }
    }

    #[async_trait::async_trait]
    impl MeterStore for Broken {
        async fn add_time(&self, _: &Host, _: &BTreeMap<Week, i64>, _: Timestamp) -> Result<bool, Unavailable> {
            self.writes.fetch_add(1, Ordering::Relaxed);
            Err(Unavailable::because("the disk is full"))
        }
        async fn my_time(&self, _: &Host, _: Week) -> Result<Option<i64>, Unavailable> {
            Ok(Some(0))
        }
        async fn turn_meter(&self, _: &Host, _: bool) -> Result<(), Unavailable> {
            Ok(())
        }
    }

    #[tokio::test]
    async fn a_desk_whose_time_can_not_be_written_is_shown_all_the_same() {
        let folder = tempfile::tempdir().expect("a folder");
        let broken = Arc::new(Broken::default());
        let front = Front::for_testing(folder.path()).await;
        let kept = Arc::new(front.store.clone());
        let meter = Meter::new(broken.clone(), broken.clone());
        let hands = Hands::new(kept.clone(), kept, meter, broken.clone());
        let front = front.with_services(|services| Services { hands, ..services });
        let cookie = front.founded_for_testing().await;
        let router = router(front);
        for page in ["/hosting", "/hosting/hands", "/hosting"] {
            let request = axum::http::Request::get(page).header(header::COOKIE, &cookie).body(Body::empty()).expect("a request");
            assert_eq!(router.clone().oneshot(request).await.expect("an answer").status(), StatusCode::OK, "{page}");
        }
        assert_eq!(broken.writes.load(Ordering::Relaxed), 2, "it was tried");
    }

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
