//! Pages: hands each request to the app, which writes the document.

use crate::{assets, forms::Sender, front::Front, plain, public_pages};
use app::{
    request::Request as Asked,
    shell::{Assets, document, needs_sign_in},
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::{Html, IntoResponse, Redirect, Response},
};
use leptos::{
    prelude::{Owner, provide_context},
    reactive::computed::ScopedFuture,
};
use leptos_axum::ResponseOptions;
use std::sync::PoisonError;

/// What this build has built in.
pub const ASSETS: Assets = Assets { style: assets::STYLE, client: assets::CLIENT, build: assets::BUILD_ID };

/// Provides what a server function or page needs.
pub fn provide(parts: &Parts) -> impl Fn() + Clone + Send + Sync + 'static {
    let asked = parts.extensions.get::<Asked>().cloned();
    move || {
        if let Some(asked) = asked.clone() {
            provide_context(asked);
        }
    }
}

/// A page.
pub async fn page(State(front): State<Front>, mut request: Request) -> Response {
    let uri = request.uri().clone();
    let sends_cookie = front.sign_ins.sends_cookie(request.headers());
    let Some(asked) = request.extensions_mut().get_mut::<Asked>() else {
        tracing::error!("a page was asked for without knowing by whom");
        return plain::failed();
    };
    asked.kept = front.kept.find(&uri, &Sender::of(asked));
    if asked.community.is_some()
        && let Some(address) = needs_sign_in(uri.path(), &asked.viewer)
    {
        return Redirect::to(&address).into_response();
    }
    // What every visitor is shown alike: nobody who may be somebody, and nothing that was asked for besides.
    let alike = asked.community.is_some() && !sends_cookie && uri.query().is_none();
    match public_pages::address(uri.path()).filter(|_| alike) {
        Some(address) => public_page(&front, address, request).await,
        None => write(front.assets, request).await.into_response(),
    }
}

async fn public_page(front: &Front, address: &'static str, request: Request) -> Response {
    let (commit, asked) = (*front.store.committed().borrow(), request.headers().clone());
    if let Some(page) = front.public_pages.find(address, commit) {
        return page.answer(&asked);
    }
    let (status, headers, Html(html)) = write(front.assets, request).await;
    if status != StatusCode::OK {
        return (status, headers, Html(html)).into_response();
    }
    let mut whole = headers;
    whole.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    match public_pages::Page::of(whole, html) {
        Ok(page) => {
            front.public_pages.hold(address, commit, page.clone());
            page.answer(&asked)
        }
        Err(error) => {
            tracing::error!(%error, "a page could not be compressed");
            plain::failed()
        }
    }
}

/// Writes a page for the one who asks.
async fn write(assets: Assets, request: Request) -> (StatusCode, HeaderMap, Html<String>) {
    let (parts, _) = request.into_parts();
    let (path, query) = (parts.uri.path().to_owned(), parts.uri.query().unwrap_or_default().to_owned());
    let options = ResponseOptions::default();
    let owner = Owner::new();
    let written = owner.with(|| {
        provide(&parts)();
        provide_context(options.clone());
        provide_context(parts);
        ScopedFuture::new(async move { document(assets, &path, &query).await })
    });
    let html = Html(written.await);
    let mut options = options.0.write().unwrap_or_else(PoisonError::into_inner);
    (options.status.unwrap_or(StatusCode::OK), std::mem::take(&mut options.headers), html)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::router::router;
    use axum::{Router, body::Body};
    use tower::ServiceExt;

    async fn policy(router: &Router, page: &str, cookie: &str) -> (String, String) {
        let request = Request::get(page).header(header::COOKIE, cookie).body(Body::empty()).expect("a request");
        let response = router.clone().oneshot(request).await.expect("an answer");
        let policy = response.headers()[header::CONTENT_SECURITY_POLICY].to_str().expect("text").to_owned();
        let body = axum::body::to_bytes(response.into_body(), 1_000_000).await.expect("a body");
        (policy, String::from_utf8_lossy(&body).into_owned())
    }

    /// What a browser shows on the tab: everything up to the end tag, since nothing in a title is markup.
    fn title(document: &str) -> &str {
        document.split("<title>").nth(1).and_then(|rest| rest.split("</title>").next()).unwrap_or_default()
    }

    #[tokio::test]
    async fn each_document_has_a_nonce_of_its_own_and_those_of_visitors_have_none() {
        let folder = tempfile::tempdir().expect("a folder");
        let client = Some(("/assets/client.js", "/assets/client.wasm"));
        let front = Front::for_testing(folder.path()).await.with_assets(Assets { client, ..ASSETS });
        let cookie = front.founded_for_testing().await;
        let router = router(front);

        let mut nonces = Vec::new();
        for page in ["/people", "/people", "/"] {
            let (policy, document) = policy(&router, page, &cookie).await;
            let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).expect("a nonce").to_owned();
            assert!(nonce.len() >= 22, "128 bits or more: {nonce}");
            assert!(!policy.contains("unsafe-inline"), "{policy}");
            assert_eq!(document.matches("<script type=\"module\"").count(), 1);
            assert!(document.contains(&format!("nonce=\"{nonce}\"")), "{document}");
            assert!(title(&document).ends_with("Lantern Street") && !title(&document).contains('<'), "{}", title(&document));
            nonces.push(nonce);
        }
        nonces.sort();
        nonces.dedup();
        assert_eq!(nonces.len(), 3);
        for (page, cookie) in [("/", ""), ("/rules", ""), ("/nowhere", ""), ("/settings", cookie.as_str())] {
            let (policy, document) = policy(&router, page, cookie).await;
            assert!(!policy.contains("nonce") && !policy.contains("script-src"), "{page}: {policy}");
            assert!(!document.contains("<script"), "{page}");
            assert!(title(&document).ends_with("Lantern Street") && !title(&document).contains('<'), "{page}: {}", title(&document));
        }
    }
}
