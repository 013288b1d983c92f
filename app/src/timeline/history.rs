//! `/posts/{id}/history`: what an edited post said before.

use super::load_history;
use crate::{
    chrome::{PageTitle, loaded},
    safe_html::Prose,
    when::When,
};
use domain::ids::PostId;
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// `/posts/{id}/history`.
#[component]
pub fn HistoryView() -> impl IntoView {
    let params = use_params_map();
    let post = Memo::new(move |_| params.read().get("id").and_then(|id| id.parse::<PostId>().ok()));
    let history = Resource::new_blocking(
        move || post.get(),
        |post| async move {
            match post {
                Some(post) => Ok(load_history(post).await?.map(|states| (post, states))),
                None => Ok(None),
            }
        },
    );
    view! {
        <Suspense fallback=|| view! { <p class="loading" role="status">"One moment …"</p> }>
            {move || Suspend::new(async move {
                loaded(history.await, |(post, states)| {
                    let first = states.len().saturating_sub(1);
                    view! {
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
                })
            })}
        </Suspense>
    }
}
