//! Greeting: `/welcome/greeting`, where a greeter sees whom they were asked for; and `/settings/greeting`, where one says that one
//! would like to greet.

use super::{
    Asked, Page,
    fields::{Done, Field, Refused},
    hands::AwayForms,
    settings::head,
};
use crate::{
    chrome::{Face, PageTitle},
    forms::{FormState, use_form},
    safe_html::TextArea,
    welcome::{AnswerGreeting, ChangeGreeting, PutPathAway, WriteToNewcomer},
};
use domain::{
    people::Byline,
    timeline::{LONGEST_POST, PostRefusal},
    viewer::Me,
    welcome::{greeters::Greeting, meeting::listed},
};
use leptos::{prelude::*, server_fn::ServerFn};

/// `/settings/greeting`.
pub(super) async fn settings(asked: Asked) -> Page {
    let me = asked.me()?;
    let welcome = &asked.request.services.welcome;
    let zone = asked.community()?.zone.clone();
    let gone = asked.request.services.hands.my_away(&me).await?;
    let is_host = asked.request.viewer.host().is_some();
    let (greets, away) = (welcome.greets(&me).await?, welcome.mine(&me).await?.facts.put_away);
    Ok(view! {
        <main class="page" id="page" tabindex="-1">
            {head("/settings/greeting")}
            <Done
                done=asked.query.get("done")
                says=&[
                    ("greets", "Thank you. A host may ask you when somebody comes who would like you."),
                    ("away", "Go well. It ends by itself."),
                    ("back", "Good that you are here."),
                    ("not", "Saved. You are not asked any more; whom you greet now stays with you."),
                ]
            />
            <section class="section" aria-labelledby="greet">
                <h2 id="greet">"Greeting newcomers"</h2>
                <p>
                    "A greeter writes to somebody who is new, answers their questions, and sits beside them the first time. It takes a letter or two a week, \
                    three newcomers at most at a time, and each time you are asked you may pass without a word."
                </p>
                {greets.then(|| view! { <p>"You greet. "<a href="/welcome/greeting">"See whom you were asked for"</a></p> })}
                <form method="post" action=ChangeGreeting::url()>
                    {(!greets).then(|| view! { <input type="hidden" name="greets" value="yes"/> })}
                    <div class="actions">
                        <button class=if greets { "button quiet" } else { "button" } type="submit">
                            {if greets { "Don’t ask me any more" } else { "I would like to greet" }}
                        </button>
                    </div>
                </form>
            </section>
            {(greets && !is_host).then(|| view! {
                <section class="section" aria-labelledby="away">
                    <h2 id="away">"Away for a while"</h2>
                    <AwayForms mine=gone zone desk=false/>
                </section>
            })}
            <section class="section" aria-labelledby="own">
                <h2 id="own">"Your own welcome"</h2>
                {if away {
                    view! {
                        <p>"You put it away, since you know your way."</p>
                        <form method="post" action=PutPathAway::url()><div class="actions"><button class="button quiet" type="submit">"Take it up again"</button></div></form>
                    }
                    .into_any()
                } else {
                    view! {
                        <p>"People to meet, and what one does in the first weeks."</p>
                        <p class="actions"><a class="button quiet" href="/welcome">"To your welcome"</a></p>
                    }
                    .into_any()
                }}
            </section>
        </main>
    }
    .into_any())
}

/// `/welcome/greeting`. Whoever was asked for nobody and does not greet finds the way to do so.
pub(super) async fn mine(asked: Asked) -> Page {
    let me = asked.me()?;
    let greetings = asked.request.services.welcome.greetings(&me).await?;
    let nobody = greetings.is_empty();
    let greets = asked.request.services.welcome.greets(&me).await?;
    Ok(view! {
        <PageTitle of="Greeting"/>
        <main class="page" id="page" tabindex="-1">
            <header class="page-head">
                <h1>"Greeting"</h1>
                <p class="lede">"Whom you were asked to show round. Whom you say yes to reads of it on their welcome; nobody else but the hosts."</p>
            </header>
            <Done
                done=asked.query.get("done")
                says=&[
                    ("accepted", "They read on their welcome that you will show them round. Now say hello."),
                    ("passed", "That is fine. Nobody is told."),
                    ("gone", "That is not here any more."),
                ]
            />
            <ul class="rows">{greetings.into_iter().map(|greeting| view! { <One greeting me=me.clone()/> }).collect_view()}</ul>
            {nobody.then(|| view! {
                <div class="empty">
                    <p class="empty-title">"Nobody waits for you."</p>
                    <p>{if greets { "When a host thinks of you for somebody, you are told among your notices." } else { "If you would like to show newcomers round, say so." }}</p>
                    <p class="actions"><a class="button quiet" href="/settings/greeting">{if greets { "Your settings for it" } else { "I would like to greet" }}</a></p>
                </div>
            })}
        </main>
    }
    .into_any())
}

/// Writing to a newcomer, for them alone; to the function of the form.
#[component]
pub(super) fn WriteTo(form: FormState, who: Byline, label: &'static str, hint: &'static str, text: String) -> impl IntoView {
    let id = format!("write-{}", who.name);
    view! {
        <Refused form/>
        <form class="form" method="post" action=form.address()>
            <input type="hidden" name="name" value=who.name.to_string()/>
            <Field id=id.clone() label hint error=form.error("markdown")>
                <TextArea id name="markdown" text=form.value("markdown", &text) rows=5 required=true most=LONGEST_POST/>
            </Field>
            <div class="actions"><button class="button" type="submit"><span>"Write to "<bdi>{who.display_name}</bdi></span></button></div>
        </form>
    }
}

/// One newcomer whom the member was asked for.
#[component]
fn One(greeting: Greeting, me: Me) -> impl IntoView {
    let Greeting { newcomer, accepted, shared, spoken } = greeting.clone();
    let (name, called) = (newcomer.who.name.to_string(), newcomer.who.display_name.clone());
    let form = use_form::<WriteToNewcomer, PostRefusal>().about("name", &name);
    let (label, text) = if spoken { ("Write to them again", String::new()) } else { ("A line to start with", greeting.starting_line(&me)) };
    let hint = "Only the two of you see it. Change it until it sounds like you.";
    let writes = accepted.then(|| view! { <WriteTo form who=newcomer.who.clone() label hint text/> });
    let pass = if accepted { "Give it back" } else { "Pass" };
    let answer = view! {
        <form method="post" action=AnswerGreeting::url()>
            <input type="hidden" name="name" value=name.clone()/>
            <div class="actions">
                {(!accepted).then(|| view! { <button class="button" type="submit" name="accept" value="yes">"Yes, gladly"<span class="visually-hidden">{format!(" ({called})")}</span></button> })}
                <button class="button plain" type="submit">{pass}<span class="visually-hidden">{format!(" ({called})")}</span></button>
            </div>
        </form>
    };
    view! {
        <li class="greeting-one">
            <div class="meeting">
                <Face who=newcomer.who.clone()/>
                <div>
                    <h2 class="meeting-name"><a href=format!("/people/{name}") dir="auto">{called.clone()}</a></h2>
                    {(!newcomer.line.is_empty()).then(|| view! { <p class="sentence" dir="auto">{newcomer.line.clone()}</p> })}
                    {(!shared.is_empty()).then(|| view! { <p class="quiet">"You both like "<bdi>{listed(&shared)}</bdi>"."</p> })}
                    {newcomer.invited_by.clone().map(|who| view! { <p class="quiet">"Invited by "<bdi>{who.display_name}</bdi>"."</p> })}
                </div>
            </div>
            {writes}
            {answer}
        </li>
    }
}
