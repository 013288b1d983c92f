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

const ASSETS: Assets = Assets { style: assets::STYLE, client: assets::CLIENT, build: assets::BUILD_ID };

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
        None => write(request).await.into_response(),
    }
}

async fn public_page(front: &Front, address: &'static str, request: Request) -> Response {
    let (commit, asked) = (*front.store.committed().borrow(), request.headers().clone());
    if let Some(page) = front.public_pages.find(address, commit) {
        return page.answer(&asked);
    }
    let (status, headers, Html(html)) = write(request).await;
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
async fn write(request: Request) -> (StatusCode, HeaderMap, Html<String>) {
    let (parts, _) = request.into_parts();
    let (path, query) = (parts.uri.path().to_owned(), parts.uri.query().unwrap_or_default().to_owned());
    let options = ResponseOptions::default();
    let owner = Owner::new();
    let written = owner.with(|| {
        provide(&parts)();
        provide_context(options.clone());
        provide_context(parts);
        ScopedFuture::new(async move { document(ASSETS, &path, &query).await })
    });
    let html = Html(written.await);
    let mut options = options.0.write().unwrap_or_else(PoisonError::into_inner);
    (options.status.unwrap_or(StatusCode::OK), std::mem::take(&mut options.headers), html)
}
