//! `/`: the community's timeline, in time order and with an end.

use super::{
    composer::{Composer, Writing},
    post::{Place, PostView, Shown},
    timeline_at,
};
use crate::{
    address::encoded,
    chrome::{PageTitle, capital},
    here::here,
    live::on_hint,
    part::IntoPart,
    when::local,
};
use domain::{
    ids::PostId,
    live::Hint,
    timeline::{TimelinePage, TimelineQuery},
};
use leptos::{prelude::*, web_sys};
use wasm_bindgen::JsCast;

/// Moves the focus to a post that was just put on the page or has changed, without moving the page.
pub(super) fn read_on(post: PostId) {
    request_animation_frame(move || {
        let element = document().get_element_by_id(&format!("p{post}")).and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
        if let Some(element) = element {
            let quietly = web_sys::FocusOptions::new();
            quietly.set_prevent_scroll(true);
            _ = element.focus_with_options(&quietly);
        }
    });
}

/// Where one writes a post. It looks the same to all, until a form is shown again.
fn composer(sent: Callback<PostId>) -> AnyView {
    let make = move || view! { <Composer writing=Writing::Post sent/> };
    #[cfg(feature = "ssr")]
    if !crate::forms::any_is_kept() {
        static COMPOSERS: crate::again::Again<(String, bool)> = crate::again::Again::new();
        let here = here();
        return COMPOSERS.part((here.name.clone(), here.me().is_some()), make);
    }
    make().part()
}

/// `/`, and `/?before=…`, and `/?tag=…`.
#[component]
pub fn TimelineView(
    /// The posts.
    page: TimelinePage,
    /// What was asked for.
    query: TimelineQuery,
) -> impl IntoView {
    let words = here().words.clone();
    let tag = query.tag.clone();
    let head = query.before.is_none() && tag.is_none();
    let seen = page.seen;
    let before = RwSignal::new(page.before);
    let fresh = RwSignal::new(Vec::<PostId>::new());
    let tag_in_address = StoredValue::new(tag.as_deref().map(|tag| format!("&tag={}", encoded(tag))).unwrap_or_default());
    let earlier_address = move |from: PostId| format!("/?before={from}{}", tag_in_address.get_value());
    // Whether what stands above this page, on the one before it, is new.
    let new_above = query.before.zip(seen).is_some_and(|(before, seen)| before > seen);
    let posts = RwSignal::new(page.posts.into_iter().map(Shown::new).collect::<Vec<_>>());
    // The line stands above the newest post that had been read, below what is new; with nothing new there is none.
    let seen = seen.filter(|_| tag.is_none());
    let below_line = move |post: PostId| {
        posts.with_untracked(|all| {
            let read = all.iter().map(|shown| shown.id).find(|id| seen.is_some_and(|seen| *id <= seen));
            read == Some(post) && (new_above || all.first().is_some_and(|newest| newest.id > post))
        })
    };
    let oldest_at = move || posts.with(|all| all.last().and_then(|shown| shown.post.with(|post| post.as_ref().map(|post| post.at))));

    // What is new is counted, and shown when asked for: the page does not jump under the reader.
    let show_fresh = move || {
        let newest = posts.with_untracked(|all| all.first().map(|shown| shown.id));
        leptos::task::spawn_local(async move {
            if let Ok(page) = timeline_at(format!("/?after={}", newest.unwrap_or(PostId(0)))).await {
                posts.try_update(|all| {
                    let known: Vec<PostId> = all.iter().map(|shown| shown.id).collect();
                    let new = page.posts.into_iter().filter(|post| !known.contains(&post.id)).map(Shown::new).collect::<Vec<_>>();
                    all.splice(0..0, new);
                });
                fresh.try_set(Vec::new());
                // The button that had the focus is gone: it goes on where reading does.
                if let Some(first) = posts.try_with_untracked(|all| all.first().map(|shown| shown.id)).flatten() {
                    read_on(first);
                }
            }
        });
    };
    on_hint(move |hint| {
        if let Hint::Posted { post } = hint
            && head
            && !posts.with_untracked(|all| all.iter().any(|shown| shown.id == post))
        {
            fresh.try_update(|new| {
                if !new.contains(&post) {
                    new.push(post);
                }
            });
        }
    });
    let sent = Callback::new(move |_: PostId| show_fresh());
    let load_earlier = move |event: leptos::ev::MouseEvent| {
        let Some(from) = before.get_untracked() else { return };
        event.prevent_default();
        leptos::task::spawn_local(async move {
            if let Ok(page) = timeline_at(earlier_address(from)).await {
                let first = page.posts.first().map(|post| post.id);
                posts.try_update(|all| all.extend(page.posts.into_iter().map(Shown::new)));
                before.try_set(page.before);
                if let Some(first) = first {
                    read_on(first);
                }
            }
        });
    };
    let (post_word, posts_word) = (StoredValue::new(words.post), StoredValue::new(words.posts));
    view! {
        <PageTitle of=""/>
        <main class="page" id="page" tabindex="-1">
            {match tag {
                None => view! { <h1 class="visually-hidden">"Timeline"</h1> }.part(),
                Some(tag) => view! {
                    <header class="page-head">
                        <p class="label"><a href="/">"Timeline"</a></p>
                        <h1 dir="auto">"#"{tag}</h1>
                    </header>
                }.part(),
            }}
            {head.then(|| composer(sent))}
            <div role="status">{move || {
                let count = fresh.with(Vec::len);
                (count > 0).then(|| {
                    let word = if count == 1 { post_word.get_value() } else { posts_word.get_value() };
                    view! { <p class="fresh"><button class="button" type="button" on:click=move |_| show_fresh()>{count}" new "{word}</button></p> }
                })
            }}</div>
            <section class="timeline" aria-label=capital(&posts_word.get_value())>
                <For each=move || posts.get() key=|shown| shown.id let:shown>
                    {below_line(shown.id).then(|| view! { <p class="since"><span>"New above, read below"</span></p> })}
                    <PostView shown place=Place::Timeline/>
                </For>
            </section>
            {move || posts.with(Vec::is_empty).then(|| if head {
                view! {
                    <div class="empty">
                        <p class="empty-title">"It is quiet here so far."</p>
                        <p>"Somebody has to say the first word. What are you looking forward to this week?"</p>
                    </div>
                }.part()
            } else {
                view! { <div class="empty"><p class="empty-title">"Nothing here."</p><p class="actions"><a class="button" href="/">"To the timeline"</a></p></div> }.part()
            })}
            {move || match before.get() {
                Some(from) => {
                    view! { <p class="earlier"><a class="button quiet" href=earlier_address(from) on:click=load_earlier>"Earlier"</a></p> }.part()
                }
                None if posts.with(Vec::is_empty) => ().part(),
                None => view! {
                    <div class="caught-up">
                        <p class="caught-up-title">"You're all caught up."</p>
                        {oldest_at().map(|at| {
                            let first = local(at, here().zone());
                            view! { <p>{format!("That is everything, back to the first word on {} {}.", first.date(), first.year)}</p> }
                        })}
                    </div>
                }.part(),
            }}
        </main>
    }
}
