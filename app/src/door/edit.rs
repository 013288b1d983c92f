//! `/posts/{id}/edit`: change what I wrote, or take it back.

use super::{Asked, NoPage, Page, fields::Refused};
use crate::{
    chrome::PageTitle,
    forms::use_form,
    safe_html::TextArea,
    timeline::{EditPost, TakeBack},
};
use domain::{
    pictures::{LONGEST_ALT, Picture, Size},
    timeline::{LONGEST_POST, PostRefusal},
};
use leptos::prelude::*;

/// `/posts/{id}/edit`.
pub(super) async fn edit(asked: Asked, post: &str) -> Page {
    let (me, post) = (asked.me()?, post.parse().map_err(|_| NoPage::NotHere)?);
    let draft = asked.request.services.timeline.draft(&me, post).await?.ok_or(NoPage::NotHere)?;
    let form = use_form::<EditPost, PostRefusal>();
    let back = use_form::<TakeBack, PostRefusal>();
    let id = draft.id;
    let is_reply = draft.id != draft.root;
    Ok(view! {
            <PageTitle of="Edit"/>
            <main class="page narrow" id="page" tabindex="-1">
                <header class="page-head">
                    <p class="label"><a href=format!("/posts/{}", draft.root)>"Back to the thread"</a></p>
                    <h1>"Edit what you wrote"</h1>
                    <p class="lede">"Readers see that it was edited, and can look at what it said before."</p>
                </header>
                <Refused form/>
                <form class="form" method="post" action=form.address()>
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
                        <a class="button plain" href=format!("/posts/{}", draft.root)>"Never mind"</a>
                    </div>
                </form>
                <section class="section" aria-labelledby="take-back">
                    <h2 id="take-back">"Take it back"</h2>
                    <p>"Your words, pictures and their earlier versions are deleted for good. If people have answered, their answers stay, below an empty place."</p>
                    <Refused form=back/>
                    <form method="post" action=back.address()>
                        <input type="hidden" name="post" value=id.to_string()/>
                        <input type="hidden" name="root" value=draft.root.to_string()/>
                        <button class="button danger" type="submit">"Take it back"</button>
                    </form>
                </section>
            </main>
    }
    .into_any())
}
