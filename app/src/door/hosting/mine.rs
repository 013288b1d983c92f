//! `/settings/sentence`: what hosts say of me, and what I say to that.

use crate::{
    chrome::Face,
    door::{
        Asked, Page,
        fields::{Done, Field, Refused},
        settings,
        words::day,
    },
    forms::use_form,
    here::here,
    hosting::AnswerSentence,
};
use domain::hosting::sentences::{LONGEST_SENTENCE, Sentence, SentenceRefusal};
use leptos::prelude::*;

const DONE: [(&str, &str); 6] = [
    ("stand", "It stands now. The others see it beside your name."),
    ("reword", "Your words stand now. The others see them beside your name."),
    ("decline", "It is gone. Only you and the hosts had seen it."),
    ("hide", "It is not shown any more."),
    ("none", "None is shown, and none will be written. You can change your mind here."),
    ("some", "Hosts can write one again. You will see it before anybody else here does."),
];

/// `/settings/sentence`.
pub(in crate::door) async fn page(asked: Asked) -> Page {
    let me = asked.me()?;
    let about = asked.request.services.hosting.sentences.about_me(&me).await?;
    let form = use_form::<AnswerSentence, SentenceRefusal>();
    let own = about.stands.as_ref().and_then(|stands| stands.by.as_ref()).is_some_and(|by| by.id == me.id);
    let seen = about.waits.as_ref().map(|waits| waits.words.clone()).unwrap_or_default();
    let begins = about.waits.as_ref().or(about.stands.as_ref()).map(|sentence| sentence.words.clone()).unwrap_or_default();
    let nothing = about.stands.is_none() && about.waits.is_none();
    let hidden = |answer: &'static str| view! { <input type="hidden" name="form[answer]" value=answer/> };
    let address = form.address();
    Ok(view! {
        <main class="page" id="page" tabindex="-1">
            {settings::head("/settings/sentence")}
            <p class="lede">"A host may say in one sentence who you are, so that others find you. You see it first, and it is shown only if you let it stand."</p>
            <Done done=asked.query.get("done") says=&DONE/>
            <Refused form/>
            {about.waits.map(|waits| view! {
                <section class="section" aria-labelledby="waits">
                    <h2 id="waits">"Waits for you"</h2>
                    <Said sentence=waits mine=false/>
                    <p class="quiet">"So far only you and the hosts can see it."</p>
                    <div class="actions">
                        <form method="post" action=address>
                            {hidden("stand")}
                            <input type="hidden" name="form[seen]" value=seen.clone()/>
                            <button class="button" type="submit">"Let it stand"</button>
                        </form>
                        <form method="post" action=address>
                            {hidden("decline")}
                            <input type="hidden" name="form[seen]" value=seen.clone()/>
                            <button class="button quiet" type="submit">"Rather not"</button>
                        </form>
                    </div>
                </section>
            })}
            {about.stands.map(|stands| view! {
                <section class="section" aria-labelledby="stands">
                    <h2 id="stands">"What the others see"</h2>
                    <Said sentence=stands mine=own/>
                    <form method="post" action=address>
                        {hidden("hide")}
                        <button class="button quiet" type="submit">"Hide it"</button>
                    </form>
                </section>
            })}
            {if about.wants_none {
                view! {
                    <section class="section" aria-labelledby="none">
                        <h2 id="none">"You want none"</h2>
                        <p>"Hosts see that, and can’t write one."</p>
                        <form method="post" action=address>
                            {hidden("some")}
                            <button class="button quiet" type="submit">"Let hosts write one after all"</button>
                        </form>
                    </section>
                }
                .into_any()
            } else {
                view! {
                    {nothing.then(|| view! {
                        <div class="empty">
                            <p class="empty-title">"Nobody has written one yet."</p>
                            <p>"When a host does, it will say so in your notices. Your own line is on "<a href="/settings">"your page"</a>"."</p>
                        </div>
                    })}
                    {(!nothing).then(|| view! {
                        <section class="section" aria-labelledby="reword">
                            <h2 id="reword">"In your own words"</h2>
                            <form class="form" method="post" action=address>
                                {hidden("reword")}
                                <Field
                                    id="words" label="What it should say" error=form.error("words")
                                    hint="It will stand as your own words, for all members to see; visitors never do."
                                >
                                    <input
                                        id="words" name="form[words]" type="text" dir="auto" autocomplete="off" required=true
                                        maxlength=LONGEST_SENTENCE value=form.value("form[words]", &begins)
                                    />
                                </Field>
                                <div class="actions"><button class="button" type="submit">"Let my words stand"</button></div>
                            </form>
                        </section>
                    })}
                    <section class="section" aria-labelledby="none">
                        <h2 id="none">"Rather none at all?"</h2>
                        <p>"Then nothing is shown, no host can write one, and nobody will ask you again."</p>
                        <form method="post" action=address>
                            {hidden("none")}
                            <button class="button plain" type="submit">"I want none"</button>
                        </form>
                    </section>
                }
                .into_any()
            }}
        </main>
    }
    .into_any())
}

/// A sentence, and whose words it is.
#[component]
fn Said(sentence: Sentence, mine: bool) -> impl IntoView {
    let since = day(sentence.at, here().zone());
    view! {
        <figure class="said-by">
            <blockquote dir="auto">{sentence.words}</blockquote>
            <figcaption>
                {match sentence.by {
                    _ if mine => view! { "Your own words, since " }.into_any(),
                    Some(by) => view! { <Face who=by.clone() class="face small"/><bdi>{by.display_name}</bdi>", " }.into_any(),
                    None => view! { "A host, " }.into_any(),
                }}
                {since}
            </figcaption>
        </figure>
    }
}
