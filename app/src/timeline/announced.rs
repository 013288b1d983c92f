//! The card of a gathering on the post that announces it: when it is next, and saying whether one comes.

use super::{now, page::read_on, post::Shown};
use crate::{
    forms::{SentForm, use_form},
    gatherings::{SendRsvp, session::label},
    icons::Icon,
    part::IntoPart,
};
use domain::{
    gatherings::{Answer, RsvpRefusal},
    timeline::Announced,
};
use leptos::prelude::*;

/// The card.
#[component]
pub(super) fn AnnouncedCard(
    /// The gathering.
    gathering: Announced,
    /// The post.
    shown: Shown,
) -> impl IntoView {
    let Announced { slug, title, when, said, answered, date, .. } = gathering;
    let address = format!("/gatherings/{slug}");
    let session = format!("{address}/{}", date.as_deref().unwrap_or_default());
    view! {
        <p class="post-gathering-when">{when}</p>
        <p class="post-gathering">
            <a class="button quiet" href=address><Icon name="gatherings"/>" "<span dir="auto">{title}</span></a>
        </p>
        <div role="status">{said.map(|said| view! {
            <p class="post-gathering-mine">
                <span class="occasion-mine">{said}</span>
                {answered.then(|| view! { " "<a href=session>"Change it"</a> })}
            </p>
        })}</div>
        {date.filter(|_| !answered).map(|date| view! { <Answers slug date shown/> })}
    }
}

/// The three ways of saying whether one comes.
#[component]
fn Answers(slug: String, date: String, shown: Shown) -> impl IntoView {
    let id = shown.id;
    let part = format!("p{id}");
    let form = use_form::<SendRsvp, RsvpRefusal>().about("back_to", &part);
    let done = Callback::new(move |_| {
        leptos::task::spawn_local(async move {
            if let Ok(post) = now(id).await {
                shown.post.try_set(post);
                // The button that had the focus is gone.
                read_on(id);
            }
        });
    });
    view! {
        <SentForm form done class="post-gathering-answers">
            {view! {
                <input type="hidden" name="slug" value=slug/>
                <input type="hidden" name="date" value=date/>
                <input type="hidden" name="form[keep]" value="yes"/>
                <input type="hidden" name="back_to" value=part/>
                <fieldset>
                    <legend>"Will you come?"</legend>
                    {Answer::ALL.into_iter().map(|answer| view! {
                        <button class="button quiet" type="submit" name="answer" value=answer.word()>{label(answer)}</button>
                    }).collect_view()}
                </fieldset>
            }.part()}
        </SentForm>
    }
}
