//! The pages that need no client.
use crate::here::Here;
use leptos::prelude::*;

/// These pages.
#[component]
pub fn Door(
    /// The surroundings; `None` until the community is founded.
    here: Option<Here>,
    /// The path.
    path: String,
) -> impl IntoView {
    _ = (here, path);
}
