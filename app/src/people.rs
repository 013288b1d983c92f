//! People: who is here, and one person's page.

pub mod list;
pub mod person;

use crate::part::IntoPart;
use domain::people::Role;
use leptos::prelude::*;

/// What somebody looks after, beside their name. Being a member needs no mark.
#[component]
fn RoleMark(
    /// What they may do.
    role: Role,
) -> impl IntoView {
    (role != Role::Member).then(|| view! { <span class="role">{role.word()}</span> })
}

/// What somebody cares about.
#[component]
fn Interests(
    /// In their own words.
    interests: Vec<String>,
) -> impl IntoView {
    (!interests.is_empty()).then(|| {
        view! {
            <ul class="chips">
                {interests.into_iter().map(|interest| view! { <li><span class="chip" dir="auto">{interest}</span></li> }).collect_view()}
            </ul>
        }
    })
}

/// What somebody says of themselves, or is said of them; nothing, where that is empty.
fn said(words: String, class: &'static str) -> Option<AnyView> {
    (!words.is_empty()).then(|| view! { <p class=class dir="auto">{words}</p> }.part())
}
