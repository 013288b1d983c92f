//! People.
use leptos::prelude::*;

/// `/people`.
#[component]
pub fn PeopleView() -> impl IntoView {}
/// `/people/{name}`.
#[component]
pub fn PersonView() -> impl IntoView {}
