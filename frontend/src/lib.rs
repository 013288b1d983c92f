//! The client's way in: takes over the page that the server rendered, and nothing else.

use leptos::{prelude::document, wasm_bindgen::JsCast, web_sys::HtmlElement};

/// Called by the page's script once the client has arrived.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    if let Some(home) = document().get_element_by_id("home").and_then(|home| home.dyn_into::<HtmlElement>().ok()) {
        leptos::mount::hydrate_from(home, app::home::Home).forget();
    }
}
