//! `/settings/blocks`: whom I blocked, what that does, and taking it back.

use super::{
    Asked, Page,
    fields::{Done, Field, Refused},
    settings::head,
    words,
};
use crate::{
    blocks::{Block, Unblock},
    chrome::Face,
    forms::use_form,
    here::here,
};
use domain::{
    blocks::{BlockRefusal, Blocked},
    people::{Byline, PeopleOrder, Person, Role},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/settings/blocks`, and `/settings/blocks?who={name}` from somebody's page.
pub(super) async fn page(asked: Asked) -> Page {
    let me = asked.me()?;
    let services = &asked.request.services;
    let blocked = services.blocks.mine(&me).await?;
    let others = |person: &Person| person.who.id != me.id && !blocked.iter().any(|blocked| blocked.who.id == person.who.id);
    let everyone = services.people.everyone(&asked.request.viewer, PeopleOrder::Name).await?;
    let everyone: Vec<Person> = everyone.into_iter().filter(others).collect();
    let who = everyone.iter().find(|person| person.who.name.as_str() == asked.query.get("who")).map(|person| person.who.clone());
    let hosts = everyone.iter().filter(|person| person.role >= Role::Host).map(|person| person.who.clone()).collect();
    let names = everyone.into_iter().map(|person| (person.who.name.to_string(), person.who.display_name)).collect();
    let looks_after = asked.request.viewer.host().is_some();
    Ok(view! {
        <main class="page" id="page" tabindex="-1">
            {head("/settings/blocks")}
            <Done
                done=asked.query.get("done")
                says=&[
                    ("blocked", "Done. Nobody is told."),
                    ("back", "Taken back. What they wrote is there again; nobody is told."),
                ]
            />
            {(!blocked.is_empty()).then(|| view! {
                <section class="section" aria-labelledby="blocked">
                    <h2 id="blocked">"Whom you blocked"</h2>
                    <ul class="rows">{blocked.into_iter().map(|one| view! { <One one/> }).collect_view()}</ul>
                </section>
            })}
            <Choose who names/>
            <WhatItDoes looks_after/>
            <TalkTo hosts/>
        </main>
    }
    .into_any())
}

/// Somebody whom I blocked.
#[component]
fn One(one: Blocked) -> impl IntoView {
    let Blocked { who, at } = one;
    view! {
        <li class="row">
            <div class="row-what">
                <p class="row-title two">
                    <a class="two-one" href=format!("/people/{}", who.name)><Face who=who.clone() class="face small"/><bdi>{who.display_name.clone()}</bdi></a>
                </p>
                <p class="quiet">"Since "{words::day(at, here().zone())}</p>
            </div>
            <form method="post" action=Unblock::url()>
                <input type="hidden" name="name" value=who.name.to_string()/>
                <button class="button quiet" type="submit">"Take it back"<span class="visually-hidden">{format!(" ({})", who.display_name)}</span></button>
            </form>
        </li>
    }
}

/// Blocking somebody: whoever's page one comes from, or by name.
#[component]
fn Choose(who: Option<Byline>, names: Vec<(String, String)>) -> impl IntoView {
    let form = use_form::<Block, BlockRefusal>();
    let typed = form.value("name", &who.as_ref().map(|who| who.name.to_string()).unwrap_or_default());
    let names = names.into_iter().map(|(name, shown)| view! { <option value=name>{shown}</option> }).collect_view();
    let face = who.map(|who| view! { <p class="two-one"><Face who=who.clone() class="face small"/><bdi>{who.display_name}</bdi></p> });
    view! {
        <section class="section" aria-labelledby="block">
            <h2 id="block">"Block somebody"</h2>
            <p>
                "When you would rather not read somebody here, nor be brought together with them. You need no reason, and can take it back at any time. \
                Nobody is told: not they, not the hosts, not the admins."
            </p>
            <Refused form/>
            <form class="form" method="post" action=form.address()>
                {face}
                <Field id="name" label="Whom" hint="The name after the @, or what they are called." error=form.error("name")>
                    <input
                        id="name" name="name" type="text" dir="auto" list="everyone" autocomplete="off" autocapitalize="none" spellcheck="false" required=true
                        maxlength="60" value=typed
                    />
                </Field>
                <datalist id="everyone">{names}</datalist>
                <div class="actions"><button class="button" type="submit">"Block them"</button></div>
            </form>
        </section>
    }
}

/// What holds for whoever blocks somebody, and what does not.
#[component]
fn WhatItDoes(looks_after: bool) -> impl IntoView {
    view! {
        <section class="section" aria-labelledby="does">
            <h2 id="does">"What it does"</h2>
            <div class="prose"><ul>
                <li>
                    "What they write is not there for you: neither their posts with all that was said to them, nor their replies elsewhere. Where others \
                    answered one of those, you see an empty place. What they wrote as a host is among it, such as a weekly letter that they sent."
                </li>
                <li>
                    "You hear of nothing that they do: not when they mention or answer you, write to you by name, react, or say that they come. What you heard of \
                    it before is gone from your notices."
                </li>
                <li>
                    "You are not proposed to each other: not for an introduction, not for greeting somebody new, not among people to meet. A host who does not \
                    know may introduce you all the same. You are not told of it then, and to them it looks as if you had let it pass."
                </li>
            </ul></div>
        </section>
        <section class="section" aria-labelledby="stays">
            <h2 id="stays">"What stays as it was"</h2>
            <div class="prose"><ul>
                <li>"For them, everything: they read what you write for everybody, may answer it, and see nothing that is different."</li>
                <li>
                    "Gatherings: they stand in the calendar whoever hosts them (only the post that announces one of theirs is not there for you), and who comes, \
                    who is there and what is said in a room is the same for all."
                </li>
                <li>
                    "What you have to know reaches you whoever does it: that you are asked to an evening, that it is moved or called off, that a host wrote a \
                    sentence about you, or what those who look after the place ask of you."
                </li>
                <li>"Their name and face stand in lists of people and under reactions, and what others quote of them stays."</li>
                {looks_after.then(|| view! {
                    <li>"As a host you look after them, too: on the desk and in threads that you open, you read them as before, and may answer."</li>
                })}
            </ul></div>
            <p class="quiet">"No page shows it to anybody but you. Whoever runs the machine on which this place lives could find it there in the records."</p>
        </section>
    }
}

/// To whom to speak where something is wrong.
#[component]
fn TalkTo(hosts: Vec<Byline>) -> impl IntoView {
    let names = hosts.into_iter().map(|who| {
        view! { <li><a class="two-one" href=format!("/people/{}", who.name)><Face who=who.clone() class="face small"/><bdi>{who.display_name}</bdi></a></li> }
    });
    let names: Vec<_> = names.collect();
    let nobody = names.is_empty();
    view! {
        <section class="section" aria-labelledby="wrong">
            <h2 id="wrong">"If something is wrong"</h2>
            <p>
                "Blocking is for your own peace, and changes nothing for anybody else. If somebody treats you or others badly, talk to a host: that is what \
                they are there for. "{(!nobody).then_some("You may write to one of them by name.")}
            </p>
            <ul class="two">{names}</ul>
        </section>
    }
}
