//! placeholder
use leptos::prelude::*;
#[component] pub fn Home() -> impl IntoView { view! { <p>"hello"</p> } }
