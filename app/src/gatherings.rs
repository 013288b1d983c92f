//! Gatherings.
use leptos::prelude::*;

/// `/gatherings`.
#[component]
pub fn GatheringsView() -> impl IntoView {}
/// `/gatherings/{slug}`.
#[component]
pub fn GatheringView() -> impl IntoView {}
/// `/gatherings/{slug}/{date}`.
#[component]
pub fn SessionView() -> impl IntoView {}
