//! The addresses of pictures: `GET /pictures/{id}/large.webp` and `…/small.webp`.

use super::{Opened, Pictures};
use axum::{
    Extension,
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{ids::PictureId, pictures::Size, viewer::Viewer};
use std::sync::Arc;

/// A picture never changes under its id, and stays in the viewer's own browser only.
const CACHING: HeaderValue = HeaderValue::from_static("private, max-age=31536000, immutable");

/// Answers `/pictures/{id}/{file}`. A picture that is not for this viewer is the same 404 as one that never was.
pub async fn picture(
    Path((id, file)): Path<(String, String)>,
    Extension(viewer): Extension<Viewer>,
    Extension(pictures): Extension<Arc<Pictures>>,
    headers: HeaderMap,
) -> Response {
    let size = [Size::Large, Size::Small].into_iter().find(|size| file.strip_suffix(".webp") == Some(size.word()));
    let (Ok(id), Some(size)) = (id.parse::<PictureId>(), size) else { return nothing_here() };
    let copies = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    match pictures.open(&viewer, id, size, copies).await {
        Ok(Some(Opened::Unchanged)) => (StatusCode::NOT_MODIFIED, [(header::CACHE_CONTROL, CACHING)]).into_response(),
        Ok(Some(Opened::File { bytes, tag })) => {
            let headers = [
                (header::CONTENT_TYPE, HeaderValue::from_static("image/webp")),
                (header::CACHE_CONTROL, CACHING),
                (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
                (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
            ];
            let mut response = (headers, bytes).into_response();
            if let Ok(tag) = HeaderValue::from_str(&tag) {
                response.headers_mut().insert(header::ETAG, tag);
            }
            response
        }
        Ok(None) => nothing_here(),
        Err(cause) => {
            tracing::error!(%cause, "a picture could not be opened");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn nothing_here() -> Response {
    (StatusCode::NOT_FOUND, [(header::CACHE_CONTROL, HeaderValue::from_static("no-store"))], "There is nothing here.").into_response()
}

/// Whether the value of an `If-None-Match` header names the tag (RFC 9110, 13.1.2: compared without the mark of weak tags).
pub fn names_tag(copies: &str, tag: &str) -> bool {
    copies.trim() == "*" || copies.split(',').any(|copy| copy.trim().trim_start_matches("W/") == tag)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pictures::tests::{me, pictures, png};
    use axum::{Router, routing::get};
    use axum_test::TestServer;

    fn server(pictures: Arc<Pictures>, viewer: Viewer) -> TestServer {
        TestServer::new(Router::new().route("/pictures/{id}/{file}", get(picture)).layer(Extension(viewer)).layer(Extension(pictures)))
    }

    #[tokio::test]
    async fn the_owner_sees_it_and_others_see_what_they_see_for_any_number() {
        let folder = tempfile::tempdir().expect("a folder");
        let pictures = Arc::new(pictures(folder.path()));
        let kept = pictures.take_in(&me(1), png(30, 30)).await.expect("taken in");
        let address = format!("/pictures/{}/small.webp", kept.id);

        let owner = server(pictures.clone(), Viewer::Member(me(1)));
        let shown = owner.get(&address).await;
        shown.assert_status_ok();
        assert_eq!(shown.header("content-type"), "image/webp");
        assert_eq!(shown.header("x-content-type-options"), "nosniff");
        assert_eq!(shown.header("cache-control"), "private, max-age=31536000, immutable");
        let again = owner.get(&address).add_header("if-none-match", shown.header("etag")).await;
        again.assert_status(StatusCode::NOT_MODIFIED);
        assert!(again.as_bytes().is_empty());

        let other = server(pictures, Viewer::Member(me(2)));
        let hidden = other.get(&address).add_header("if-none-match", "*").await;
        let never = other.get("/pictures/999/small.webp").await;
        hidden.assert_status_not_found();
        assert_eq!((hidden.text(), hidden.headers().clone()), (never.text(), never.headers().clone()));
        for odd in ["/pictures/x/small.webp", "/pictures/1/small", "/pictures/1/huge.webp", "/pictures/1/..%2flarge.webp"] {
            other.get(odd).await.assert_status_not_found();
        }
    }

    #[test]
    fn a_tag_is_found_in_a_list_of_tags() {
        assert!(names_tag("\"a\", W/\"b\"", "\"b\""));
        assert!(!names_tag("\"a\"", "\"b\""));
    }
}
