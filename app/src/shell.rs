//! The document around a page, as the server writes it.
//!
//! Whoever is signed in gets, on the pages of [`crate::home`], the client that takes the page over. Everybody else, and every
//! other page, gets a plain document: no script, and nothing serialized for one.

use crate::{
    door::Door,
    here::Here,
    home::{Home, Start},
    icons::SPRITE,
    request::Request,
};
use axum::http::{HeaderName, HeaderValue, header};
use domain::viewer::Viewer;
use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::{MetaTags, provide_meta_context};

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

/// Whether the client takes over the page at a path: a page of [`crate::home`], for somebody who is signed in.
pub fn taken_over(assets: Assets, request: &Request, path: &str) -> bool {
    assets.client.is_some() && request.community.is_some() && request.viewer.me().is_some() && crate::home::has(path)
}

/// The whole document for a request's address (path and query).
pub fn document(assets: Assets, address: &str) -> impl IntoView + use<> {
    let path = address.split('?').next().unwrap_or("/");
    provide_meta_context();
    let request = expect_context::<Request>();
    let signed_in = request.viewer.me().is_some();
    let at_home = request.community.is_some() && crate::home::has(path) && (signed_in || path != "/");
    let client = assets.client.filter(|_| taken_over(assets, &request, path));
    if client.is_none()
        && let Some(shared) = Owner::current_shared_context()
    {
        // Nobody will take this page over, so nothing is serialized for it.
        shared.set_is_hydrating(false);
    }
    let nonce = use_nonce().map(|nonce| nonce.to_string()).unwrap_or_default();
    protect(&nonce, signed_in);
    let language = request.community.as_ref().map_or_else(|| "en".to_owned(), |community| community.language.clone());
    let direction = if reads_from_the_right(&language) { "rtl" } else { "ltr" };
    let theme = format!("/theme.css?v={}", request.community.as_ref().map_or(0, |community| community.revision));
    let here = request.community.as_ref().map(|community| Here::of(community, &request.viewer));
    let (path, address) = (path.to_owned(), address.to_owned());
    view! {
        <!DOCTYPE html>
        <html lang=language dir=direction>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="build" content=assets.build/>
                <link rel="stylesheet" href=assets.style/>
                <link rel="stylesheet" href=theme/>
                <link rel="icon" href="/icons/favicon.svg" type="image/svg+xml"/>
                <link rel="apple-touch-icon" href="/icons/apple-touch-icon.png"/>
                <link rel="manifest" href="/manifest.webmanifest"/>
                {client.map(|(script, wasm)| view! {
                    <link rel="modulepreload" href=script nonce=nonce.clone()/>
                    <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="anonymous"/>
                    <script type="module" nonce=nonce.clone()>{starter(script, wasm)}</script>
                })}
                <MetaTags/>
            </head>
            <body>
                <div id="home">
                    {match here {
                        Some(here) if at_home => {
                            provide_context(Start { here, address: address.clone(), heard: request.heard });
                            view! { <Home/> }.into_any()
                        }
                        here => view! { <Door here=here path=path/> }.into_any(),
                    }}
                </div>
                <Sprite/>
            </body>
        </html>
    }
}

#[component]
fn Sprite() -> impl IntoView {
    view! { <crate::safe_html::OwnMarkup markup=SPRITE.to_owned() class="visually-hidden"/> }
}

fn starter(script: &str, wasm: &str) -> String {
    format!(
        "import start, {{ hydrate }} from {script:?};\
         start({{ module_or_path: {wasm:?} }}).then(() => hydrate());\
         navigator.serviceWorker?.register('/service-worker.js');"
    )
}

/// Languages written from right to left, by their tags' first parts.
fn reads_from_the_right(language: &str) -> bool {
    let first = language.split('-').next().unwrap_or_default().to_ascii_lowercase();
    matches!(first.as_str(), "ar" | "arc" | "ckb" | "dv" | "fa" | "he" | "ks" | "ps" | "sd" | "ug" | "ur" | "yi")
}

/// The page's own protection: which scripts may run is known only here, where the nonce is.
fn protect(nonce: &str, signed_in: bool) {
    let Some(response) = use_context::<leptos_axum::ResponseOptions>() else { return };
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; \
         connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
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
    const FOR_MEMBERS: [&str; 6] = ["/people", "/notifications", "/settings", "/hosting", "/admin", "/gatherings/new"];
    let inside = |root: &str| path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    (viewer.me().is_none() && FOR_MEMBERS.into_iter().any(inside)).then(|| format!("/sign-in?next={path}"))
}
