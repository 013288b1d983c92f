//! The client's way in: takes over the page that the server rendered, and nothing else.

use leptos::{prelude::*, wasm_bindgen::JsCast, web_sys::HtmlElement};

/// Called by the page's script once the client has arrived.
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    let home = document().get_element_by_id("home").and_then(|home| home.dyn_into::<HtmlElement>().ok());
    if let (Some(home), Some(start)) = (home, app::home::start()) {
        leptos::mount::hydrate_from(home, move || view! { <app::home::Home start/> }).forget();
    }
}
