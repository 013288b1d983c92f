//! `/settings/leave`: going away; and `/admin/remove/{name}`: an admin removes somebody. Both say beforehand what goes and what stays.

use super::{
    Asked, NoPage, Page, admin,
    fields::{Field, Refused},
    settings,
};
use crate::{
    chrome::Face,
    forms::use_form,
    here::here,
    leaving::{Leave, RemoveMember},
};
use domain::{
    leaving::{LeaveRefusal, RemoveRefusal, may_remove},
    people::{Handle, PeopleOrder, Person, Role},
    sign_in::LONGEST_PASSWORD,
};
use leptos::prelude::*;

/// What goes, and what stays, in one sentence each.
fn lists(goes: Vec<&'static str>, stays: Vec<&'static str>) -> impl IntoView {
    let items = |items: Vec<&'static str>| items.into_iter().map(|item| view! { <li>{item}</li> }).collect_view();
    view! {
        <section class="section" aria-labelledby="goes">
            <h2 id="goes">"What goes"</h2>
            <div class="prose"><ul>{items(goes)}</ul></div>
            <p>"It is deleted at once, and not only hidden: nobody can bring it back."</p>
        </section>
        <section class="section" aria-labelledby="stays">
            <h2 id="stays">"What stays"</h2>
            <div class="prose"><ul>{items(stays)}</ul></div>
        </section>
    }
}

/// `/settings/leave`.
pub(super) async fn leave(asked: Asked) -> Page {
    let me = asked.me()?;
    let last_admin = asked.request.services.leaving.is_last_admin(&me).await?;
    let form = use_form::<Leave, LeaveRefusal>();
    let place = here().name.clone();
    let goes = vec![
        "Everything you wrote: posts, replies, and words from before that you let come along. Your pictures, too.",
        "Your page, your sentence, and what hosts noted about you.",
        "What you answered, what you said you would bring, your turns, and your reactions.",
        "Your place in introductions, your notices, your mail address, and letters that are on their way to you.",
        "Invitations you made, as far as they would still let somebody in. Whoever came by one stays.",
    ];
    let mut stays = vec![
        "What others wrote, also where they name you. Where somebody answered you, an empty place stands above their words.",
        "Gatherings you keep. They go on with whoever keeps them with you, else with an admin, until somebody else takes them. What is only for \
         people you named goes on with one of them.",
        "Backups that were made before, until newer ones take their place; and letters that were sent.",
    ];
    if me.role >= Role::Host {
        stays.push(
            "What you did here as a host, without your name: what you said and noted of others, prompts, rosters, rules. What you planned to \
             send as a spark goes.",
        );
    }
    Ok(view! {
        <main class="page" id="page" tabindex="-1">
            {settings::head("/settings/leave")}
            <p class="lede">"You can go whenever you like, and nobody asks why. This is what happens then, so that nothing of it surprises you."</p>
            {lists(goes, stays)}
            <section class="section" aria-labelledby="before">
                <h2 id="before">"Before you go"</h2>
                <p>"Take along what is yours: "<a href="/settings/export">"your words and pictures, as files"</a>"."</p>
                <p>"Nobody is told that you left. If you would like to say goodbye, write it before: it goes with the rest, but they will have read it."</p>
            </section>
            <section class="section" aria-labelledby="leave">
                <h2 id="leave">"Leave "<bdi>{place}</bdi></h2>
                {if last_admin {
                    view! {
                        <div class="note">
                            <p>{LeaveRefusal::LastAdmin.to_string()}</p>
                            <p class="actions">
                                <a class="button quiet" href="/admin/roles">"Make somebody an admin"</a>
                                <a class="button quiet" href="/admin/hand-over">"Hand the place over"</a>
                            </p>
                        </div>
                    }
                    .into_any()
                } else {
                    view! {
                        <Refused form/>
                        <form class="form" method="post" action=form.address()>
                            <input class="visually-hidden" type="text" autocomplete="username" readonly=true tabindex="-1" aria-label="Your name" value=me.name.to_string()/>
                            <Field id="password" label="Your password" hint="So that it is surely you. Then you are signed out everywhere." error=form.error("password")>
                                <input id="password" name="password" type="password" autocomplete="current-password" required=true maxlength=LONGEST_PASSWORD/>
                            </Field>
                            <div class="actions">
                                <button class="button danger" type="submit">"Delete everything of mine, and leave"</button>
                                <a class="button plain" href="/">"Stay"</a>
                            </div>
                        </form>
                    }
                    .into_any()
                }}
            </section>
        </main>
    }
    .into_any())
}

/// `/admin/remove`: whom. It leads on to the page about them.
pub(super) async fn choose(asked: Asked) -> Page {
    asked.admin()?;
    let typed = asked.query.get("name").to_owned();
    let services = &asked.request.services;
    let mut error = None;
    if !typed.is_empty() {
        if let Ok(name) = Handle::parse(&typed)
            && services.people.person(&asked.request.viewer, name.as_str()).await?.is_some()
        {
            leptos_axum::redirect(&format!("/admin/remove/{name}"));
            return Ok(().into_any());
        }
        error = Some(RemoveRefusal::Nobody.to_string());
    }
    let everyone = services.people.everyone(&asked.request.viewer, PeopleOrder::Name).await?;
    let names = everyone
        .into_iter()
        .filter(|person| person.role != Role::Admin)
        .map(|person| view! { <option value=person.who.name.to_string()>{person.who.display_name}</option> })
        .collect_view();
    Ok(view! {
        <main class="page" id="page" tabindex="-1">
            {admin::head("/admin/roles")}
            <section class="section" aria-labelledby="whom">
                <h2 id="whom">"Whom does it concern?"</h2>
                <p>"On the next page stands what happens then. Nothing is done before you say so there."</p>
                <form class="form" method="get" action="/admin/remove">
                    <Field id="name" label="Name" hint="The short one, after the @." error>
                        <input
                            id="name" name="name" type="text" list="names" autocomplete="off" autocapitalize="none" spellcheck="false" required=true
                            maxlength="31" value=typed
                        />
                    </Field>
                    <datalist id="names">{names}</datalist>
                    <div class="actions"><button class="button" type="submit">"Go on"</button></div>
                </form>
            </section>
        </main>
    }
    .into_any())
}

/// `/admin/remove/{name}`.
pub(super) async fn remove(asked: Asked, name: &str) -> Page {
    let admin = asked.admin()?;
    let name = Handle::parse(name).map_err(|_| NoPage::NotHere)?;
    let person = asked.request.services.people.person(&asked.request.viewer, name.as_str()).await?.ok_or(NoPage::NotHere)?;
    let may = may_remove(&admin, &person);
    let place = here().name.clone();
    let called = person.who.display_name.clone();
    Ok(view! {
        <main class="page" id="page" tabindex="-1">
            {admin::head("/admin/roles")}
            <section class="section" aria-labelledby="remove">
                <h2 id="remove">"Remove "<bdi>{called}</bdi>" from "<bdi>{place}</bdi></h2>
                <p class="hand-to"><Face who=person.who.clone() class="face small"/><span class="handle">"@"{name.to_string()}</span></p>
                {match may {
                    Err(reason) => view! {
                        <div class="note">
                            <p>{reason.to_string()}</p>
                            <p class="actions">
                                {if reason == RemoveRefusal::Yourself {
                                    view! { <a class="button quiet" href="/settings/leave">"Leave"</a> }
                                } else {
                                    view! { <a class="button quiet" href="/admin/roles">"Roles"</a> }
                                }}
                            </p>
                        </div>
                    }
                    .into_any(),
                    Ok(()) => view! { <RemoveForm person/> }.into_any(),
                }}
            </section>
        </main>
    }
    .into_any())
}

/// What happens, and the form.
#[component]
fn RemoveForm(person: Person) -> impl IntoView {
    let form = use_form::<RemoveMember, RemoveRefusal>();
    let name = person.who.name.to_string();
    let called = person.who.display_name;
    let goes = vec![
        "Everything they wrote: posts, replies, and words from before that they let come along. Their pictures, too.",
        "Their page, their sentence, and what hosts noted about them.",
        "What they answered, what they said they would bring, their turns, and their reactions. Whoever waited for a seat moves up.",
        "Their place in introductions, their notices, their mail address, and letters that are on their way to them.",
        "Invitations they made, as far as they would still let somebody in. Whoever came by one stays.",
    ];
    let mut stays = vec![
        "What others wrote, also where they name them. Where somebody answered, an empty place stands above their words.",
        "Gatherings they keep. They go on with whoever keeps them with them, else with an admin, until somebody else takes them. What is only for \
         people they named goes on with one of them.",
        "Backups that were made before, until newer ones take their place; and letters that were sent.",
    ];
    if person.role >= Role::Host {
        stays.push("What they did here as a host, without their name: what they said and noted of others, prompts, rosters, rules.");
    }
    view! {
        <p>"They are signed out everywhere at once, and can’t sign in again. Nobody is told, not even they: it is kinder if you do that yourself, before."</p>
        <p>"If they know a link that still lets people in, they could come back by it. "<a href="/hosting/invitations">"Look at the open invitations"</a></p>
        {lists(goes, stays)}
        <section class="section" aria-labelledby="sure">
            <h2 id="sure">"If you are sure"</h2>
            <p>"They would have liked to take along what is theirs; that they can only while they are here."</p>
            <Refused form/>
            <form class="form" method="post" action=form.address()>
                <input type="hidden" name="name" value=name.clone()/>
                <Field id="typed" label="Their name" hint=format!("Type {name}, so that it is surely them whom you mean.") error=form.error("typed")>
                    <input
                        id="typed" name="typed" type="text" autocomplete="off" autocapitalize="none" spellcheck="false" required=true maxlength="31"
                        value=form.value("typed", "")
                    />
                </Field>
                <div class="actions">
                    <button class="button danger" type="submit">"Remove "<bdi>{called}</bdi></button>
                    <a class="button plain" href="/admin/roles">"Leave everything as it is"</a>
                </div>
            </form>
        </section>
    }
}
