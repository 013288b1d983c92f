//! `/posts/{id}/edit`: change what I wrote, or take it back.

use super::{EditPost, TakeBack, load_draft};
use crate::{
    chrome::{PageTitle, loaded},
    fault::FaultNote,
    forms::use_form_with,
    safe_html::TextArea,
};
use domain::{
    ids::PostId,
    pictures::{LONGEST_ALT, Picture, Size},
    timeline::{Draft, LONGEST_POST, PostRefusal},
};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

/// `/posts/{id}/edit`.
#[component]
pub fn EditView() -> impl IntoView {
    let params = use_params_map();
    let post = Memo::new(move |_| params.read().get("id").and_then(|id| id.parse::<PostId>().ok()));
    let draft = Resource::new_blocking(
        move || post.get(),
        |post| async move {
            match post {
                Some(post) => load_draft(post).await,
                None => Ok(None),
            }
        },
    );
    view! {
        <Suspense fallback=|| view! { <p class="loading" role="status">"One moment …"</p> }>
            {move || Suspend::new(async move { loaded(draft.await, |draft| view! { <Whole draft/> }) })}
        </Suspense>
    }
}

#[component]
fn Whole(draft: Draft) -> impl IntoView {
    let (edit, back) = (ServerAction::<EditPost>::new(), ServerAction::<TakeBack>::new());
    let form = use_form_with::<EditPost, PostRefusal>(move || edit.value().get().and_then(Result::err));
    let back_fault = Signal::derive(move || back.value().get().and_then(Result::err));
    let id = draft.id;
    let is_reply = draft.id != draft.root;
    view! {
        <PageTitle of="Edit"/>
        <main class="page narrow" id="page" tabindex="-1">
            <header class="page-head">
                <p class="label"><a href=format!("/posts/{}", draft.root)>"Back to the thread"</a></p>
                <h1>"Edit what you wrote"</h1>
                <p class="lede">"Readers see that it was edited, and can look at what it said before."</p>
            </header>
            <FaultNote fault=form.fault()/>
            <ActionForm action=edit attr:class="form">
                <input type="hidden" name="post" value=id.to_string()/>
                <div class="field">
                    <label for="markdown">"Your text"</label>
                    <TextArea id="markdown" name="form[markdown]" text=form.value("form[markdown]", &draft.markdown) rows=8 most=LONGEST_POST/>
                </div>
                {(!is_reply).then(|| view! {
                    <div class="field">
                        <label for="note">"Content note "<span class="field-optional">"if it needs one"</span></label>
                        <input id="note" name="form[note]" type="text" dir="auto" maxlength="140" value=form.value("form[note]", &draft.note)/>
                    </div>
                })}
                {draft.pictures.iter().enumerate().map(|(at, picture)| {
                    let (alt_id, name) = (format!("alt-{at}"), format!("form[pictures][{at}][alt]"));
                    let value = form.value(&name, &picture.alt);
                    view! {
                        <div class="composer-picture">
                            <img src=Picture::address(picture.id, Size::Small) width=picture.width height=picture.height alt=""/>
                            <input type="hidden" name=format!("form[pictures][{at}][id]") value=picture.id.to_string()/>
                            <div class="field">
                                <label for=alt_id.clone()>"What does it show?"</label>
                                <input id=alt_id name=name type="text" dir="auto" maxlength=LONGEST_ALT value=value/>
                            </div>
                        </div>
                    }
                }).collect_view()}
                <div class="actions">
                    <button class="button" type="submit">"Save"</button>
                    <a class="button plain" href=format!("/posts/{}", draft.root)>"Leave it"</a>
                </div>
            </ActionForm>
            <section class="section" aria-labelledby="take-back">
                <h2 id="take-back">"Take it back"</h2>
                <p>"Your words, pictures and their earlier versions are deleted for good. If people have answered, their answers stay, below an empty place."</p>
                <FaultNote fault=back_fault/>
                <ActionForm action=back>
                    <input type="hidden" name="post" value=id.to_string()/>
                    <button class="button danger" type="submit">"Take it back"</button>
                </ActionForm>
            </section>
        </main>
    }
}
