//! The document around a page, as the server writes it.
//!
//! Whoever is signed in gets, on the pages of [`crate::home`], the client that takes the page over. Everybody else, and every
//! other page, gets a plain document: no script (but for a form that shows what it would give while one types), and nothing
//! serialized for one.

use crate::{
    door::{door, hosting, month, room},
    here::Here,
    home::{self, Home, START, Start},
    icons::SPRITE,
    request::Request,
    safe_html::escape,
};
use axum::http::{HeaderName, HeaderValue, header};
use domain::viewer::Viewer;
use leptos::{nonce::Nonce, prelude::*};
use serde::Serialize;

/// What the server has built in: addresses of the stylesheet and the client.
#[derive(Clone, Copy, Debug)]
pub struct Assets {
    /// The stylesheet's address.
    pub style: &'static str,
    /// The addresses of the client's script and WASM, if the server carries a client.
    pub client: Option<(&'static str, &'static str)>,
    /// Tells one build from another.
    pub build: &'static str,
}

/// The name of the page that is being written: its parts say it, and it is needed before them.
#[derive(Clone, Copy)]
struct Name(StoredValue<String>);

/// The script that the page which is being written brings along, if it is one of [`crate::door`] that does.
#[derive(Clone, Copy)]
struct Aid(StoredValue<&'static str>);

/// Has the page that is being written bring a small script along. It must do without, too.
pub(crate) fn aid(script: &'static str) {
    if let Some(Aid(kept)) = use_context() {
        kept.set_value(script);
    }
}

/// Names the page that is being written.
pub(crate) fn name(name: String) {
    if let Some(Name(kept)) = use_context() {
        kept.set_value(name);
    }
}

/// The whole document for a request's address. What it shows is loaded first and then written in one go: nothing in a page waits, so
/// nothing in it runs twice.
pub async fn document(assets: Assets, path: &str, query: &str) -> String {
    provide_context(Name(StoredValue::new(String::new())));
    provide_context(Aid(StoredValue::new("")));
    let request = expect_context::<Request>();
    let signed_in = request.viewer.me().is_some();
    if let Some(part) = room::part(&request, path, query).await {
        protect(None, signed_in);
        return part;
    }
    if let Some(part) = hosting::round::part(&request, path).await {
        protect(None, signed_in);
        return part;
    }
    let is_home = request.community.is_some() && home::has(path) && (signed_in || path != "/") && !month::is_asked_for(path, query);
    // Where that can't be known, the page says that we failed.
    let at_home = is_home && !room::stands_at(&request, path).await.unwrap_or(false);
    let client = assets.client.filter(|_| at_home && signed_in);
    let here = request.community.as_ref().map(|community| Here::of(community, &request.viewer));
    let mut start_json = None;
    let body = match here {
        Some(here) if at_home => {
            let address = if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
            let page = home::load(address.clone()).await;
            let start = Start { here, address, heard: request.heard, kept: request.kept.as_deref().cloned(), page };
            if client.is_some() {
                start_json = as_json(&start);
            }
            view! { <Home start/> }.to_html()
        }
        here => door(here, request.clone(), path, query).await.to_html(),
    };
    let aid = use_context::<Aid>().map(|Aid(aid)| aid.get_value()).filter(|aid| !aid.is_empty());
    let nonce = (client.is_some() || aid.is_some()).then(|| Nonce::new().to_string());
    protect(nonce.as_deref(), signed_in);
    let (style, build) = (assets.style, assets.build);
    let theme = request.community.as_ref().map_or(0, |community| community.revision);
    let name = use_context::<Name>().map(|Name(name)| escape(&name.get_value())).unwrap_or_default();
    let (mut loads, mut starts) = (String::new(), String::new());
    if let Some((aid, nonce)) = aid.zip(nonce.as_deref()) {
        loads = format!(r#"<script type="module" nonce="{nonce}">{aid}</script>"#);
    }
    if let Some((((script, wasm), nonce), start)) = client.zip(nonce).zip(start_json) {
        let starter = starter(script, wasm);
        loads = format!(
            r#"<link rel="modulepreload" href="{script}" nonce="{nonce}"><link rel="preload" href="{wasm}" as="fetch" type="application/wasm" crossorigin="anonymous"><script type="module" nonce="{nonce}">{starter}</script>"#
        );
        starts = format!(r#"<script type="application/json" id="{START}">{start}</script>"#);
    }
    // The words of the frame are English; what people wrote says its own language and finds its own direction.
    [
        r#"<!DOCTYPE html><html lang="en" dir="ltr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"><meta name="color-scheme" content="light dark">"#,
        &format!(r#"<meta name="build" content="{build}"><title>{name}</title><link rel="stylesheet" href="{style}"><link rel="stylesheet" href="/theme.css?v={theme}">"#),
        r#"<link rel="icon" href="/icons/favicon.svg" type="image/svg+xml"><link rel="apple-touch-icon" href="/icons/apple-touch-icon.png"><link rel="manifest" href="/manifest.webmanifest">"#,
        &loads,
        r#"</head><body><div id="home">"#,
        &body,
        "</div>",
        &starts,
        r#"<div id="icons">"#,
        SPRITE,
        "</div></body></html>",
    ]
    .concat()
}

/// As JSON that can stand in a document: no markup can begin or end in it.
fn as_json(start: &impl Serialize) -> Option<String> {
    match serde_json::to_string(start) {
        Ok(json) => Some(json.replace('<', "\\u003c")),
        Err(error) => {
            tracing::error!(%error, "what a page starts with could not be written");
            None
        }
    }
}

fn starter(script: &str, wasm: &str) -> String {
    format!(
        "import start, {{ hydrate }} from {script:?};\
         start({{ module_or_path: {wasm:?} }}).then(() => hydrate());\
         navigator.serviceWorker?.register('/service-worker.js');"
    )
}

/// The page's own protection: which script may run is known only here, where the nonce is. Without one, none may.
fn protect(nonce: Option<&str>, signed_in: bool) {
    let Some(response) = use_context::<leptos_axum::ResponseOptions>() else { return };
    let script = nonce.map(|nonce| format!("script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; ")).unwrap_or_default();
    let policy = format!(
        "default-src 'none'; {script}style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; \
         manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
    }
    let keep = if signed_in { "private, no-store" } else { "private, no-cache" };
    response.insert_header(header::CACHE_CONTROL, HeaderValue::from_static(keep));
    response.insert_header(HeaderName::from_static("vary"), HeaderValue::from_static("Cookie, Accept-Encoding"));
}

/// Where a visitor is sent who asks for a page that is for members: to the sign-in, and from there back.
pub fn needs_sign_in(path: &str, viewer: &Viewer) -> Option<String> {
    const FOR_MEMBERS: [&str; 10] = [
        "/people",
        "/notifications",
        "/settings",
        "/welcome",
        "/hosting",
        "/pulse",
        "/introductions",
        "/admin",
        "/gatherings/new",
        "/gatherings/import",
    ];
    let inside = |root: &str| path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    (viewer.me().is_none() && FOR_MEMBERS.into_iter().any(inside)).then(|| format!("/sign-in?next={}", crate::address::encoded(path)))
}

/// Whether a server function, by its address, is for hosts alone: for others it is what never was, before anything of what they send is
/// read. (Each of them asks for the host all the same.)
pub fn is_for_hosts(address: &str) -> bool {
    const FOR_HOSTS: [&str; 12] = [
        "archives/ask",
        "archives/chat",
        "archives/throw-away",
        "asks/decline",
        "asks/welcome",
        "hosting/",
        "introductions/introduce",
        "introductions/leave-alone",
        "newcomers/",
        "pulse/",
        "rosters/",
        "sparks/",
    ];
    address.strip_prefix("/api/").is_some_and(|name| FOR_HOSTS.into_iter().any(|of_hosts| name.starts_with(of_hosts)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_page_starts_with_ends_where_the_program_ends_it() {
        let typed = "</script><script>alert(1)</script><!-- <![CDATA[ \u{2028} \\u003c";
        let json = as_json(&vec![typed]).expect("JSON");
        assert!(!json.contains('<'), "{json}");
        assert_eq!(serde_json::from_str::<Vec<String>>(&json).expect("read"), [typed], "and the client reads what was typed");
    }
}
