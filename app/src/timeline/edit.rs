//! `/posts/{id}/edit`: change what I wrote, or take it back.

use super::{EditPost, TakeBack};
use crate::{
    chrome::PageTitle,
    forms::{SentForm, use_form},
    part::IntoPart,
    safe_html::TextArea,
};
use domain::{
    pictures::{LONGEST_ALT, Picture, Size},
    timeline::{Draft, LONGEST_POST, PostRefusal},
};
use leptos::prelude::*;

/// `/posts/{id}/edit`.
#[component]
pub fn EditView(
    /// The post.
    draft: Draft,
) -> impl IntoView {
    let form = use_form::<EditPost, PostRefusal>();
    let back = use_form::<TakeBack, PostRefusal>();
    let done = Callback::new(|_| ());
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
                <SentForm form done class="form">
    {view! {
                    <input type="hidden" name="post" value=id.to_string()/>
                    <input type="hidden" name="root" value=draft.root.to_string()/>
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
                }.part()}
    </SentForm>
                <section class="section" aria-labelledby="take-back">
                    <h2 id="take-back">"Take it back"</h2>
                    <p>"Your words, pictures and their earlier versions are deleted for good. If people have answered, their answers stay, below an empty place."</p>
                    <SentForm form=back done>
                        <input type="hidden" name="post" value=id.to_string()/>
                        <input type="hidden" name="root" value=draft.root.to_string()/>
                        <button class="button danger" type="submit">"Take it back"</button>
                    </SentForm>
                </section>
            </main>
        }
}
