//! Pages: hands each request to the app, which writes the document.

use crate::{assets, front::Front, plain};
use app::{
    request::Request as Asked,
    shell::{Assets, document, needs_sign_in, taken_over},
};
use axum::{
    body::Body,
    extract::{Request, State},
    http::request::Parts,
    response::{IntoResponse, Redirect, Response},
};
use leptos::prelude::provide_context;

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
    let path = request.uri().path().to_owned();
    let uri = request.uri().clone();
    let Some(asked) = request.extensions_mut().get_mut::<Asked>() else {
        tracing::error!("a page was asked for without knowing by whom");
        return plain::failed();
    };
    asked.kept = front.kept.find(&uri, asked.viewer.id());
    if asked.community.is_some()
        && let Some(address) = needs_sign_in(&path, &asked.viewer)
    {
        return Redirect::to(&address).into_response();
    }
    let alive = taken_over(ASSETS, asked, &path);
    let address = uri.path_and_query().map_or_else(|| path.clone(), ToString::to_string);
    let (parts, body) = request.into_parts();
    let provide = provide(&parts);
    let write = leptos_axum::render_app_async_with_context(provide, move || document(ASSETS, &address));
    let page = write(Request::from_parts(parts, body)).await;
    if alive { page } else { without_scripts(page).await }
}

/// The page without the scripts that the framework puts behind it for a client: nobody takes this page over.
async fn without_scripts(page: Response) -> Response {
    const END: &[u8] = b"</html>";
    let (parts, body) = page.into_parts();
    match axum::body::to_bytes(body, usize::MAX).await {
        Ok(whole) => {
            let end = whole.windows(END.len()).rposition(|bytes| bytes == END).map_or(whole.len(), |at| at + END.len());
            Response::from_parts(parts, Body::from(whole.slice(..end)))
        }
        Err(error) => {
            tracing::error!(%error, "a page broke off while it was written");
            plain::failed()
        }
    }
}
