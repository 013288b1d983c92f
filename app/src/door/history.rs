//! `/posts/{id}/history`: what an edited post said before.

use super::{Asked, NoPage, Page};
use crate::{chrome::PageTitle, safe_html::Prose, when::When};
use domain::ids::PostId;
use leptos::prelude::*;

/// `/posts/{id}/history`: its states, the present one first.
pub(super) async fn history(asked: Asked, post: &str) -> Page {
    let post: PostId = post.parse().map_err(|_| NoPage::NotHere)?;
    let states = asked.request.services.timeline.history(&asked.request.viewer, post).await?.ok_or(NoPage::NotHere)?;
    let first = states.len().saturating_sub(1);
    Ok(view! {
                        <PageTitle of="Earlier versions"/>
                        <main class="page" id="page" tabindex="-1">
                            <header class="page-head">
                                <p class="label"><a href=format!("/posts/{post}")>"Back to the thread"</a></p>
                                <h1>"How it was edited"</h1>
                            </header>
                            <ol class="edits">
                                {states.into_iter().enumerate().map(|(at, state)| view! {
                                    <li class="edit">
                                        <p class="label"><When at=state.at/>" "{if at == first { "first written" } else if at == 0 { "as it stands now" } else { "edited" }}</p>
                                        {state.note.map(|note| view! { <p class="quiet" dir="auto">"Content note: "{note}</p> })}
                                        <Prose html=state.html/>
                                    </li>
                                }).collect_view()}
                            </ol>
                        </main>
    }
    .into_any())
}
