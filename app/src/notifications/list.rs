//! The page of notifications.
use leptos::prelude::*;

/// `/notifications`.
#[component]
pub fn NotificationsView() -> impl IntoView {}
